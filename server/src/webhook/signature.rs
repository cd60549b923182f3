//! The signature that every delivery carries.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::moment::Moment;
use crate::sign::to_hex;

/// The header, in small letters as HTTP takes it.
pub const SIGNATURE: &str = "framelane-signature";
/// What secrets begin with.
const PREFIX: &str = "whsec_";
/// Random bytes of a secret.
const SECRET_BYTES: usize = 32;

/// A secret for a workspace.
///
/// # Errors
/// When the system gives no random numbers.
pub fn new_secret() -> Result<String, getrandom::Error> {
    let mut bytes = [0; SECRET_BYTES];
    getrandom::fill(&mut bytes)?;
    Ok(format!("{PREFIX}{}", to_hex(&bytes)))
}

/// The value of the header for a body that is sent now: `t=…,v1=…`. The key is the whole secret as it is
/// shown, its first letters included.
pub fn signature(secret: &str, now: Moment, body: &str) -> String {
    let time = now.seconds();
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("any length of secret is taken");
    mac.update(format!("{time}.").as_bytes());
    mac.update(body.as_bytes());
    format!("t={time},v1={}", to_hex(&mac.finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_that_of_the_contract() {
        // The same from another program:
        // printf '1782900009.{"id":"evt_1"}' | openssl dgst -sha256 -hmac whsec_test
        expect_test::expect![[
            r#"t=1782900009,v1=b27d2cafbf859eaba0faa0f1adcaee50214840873961c605d945c95e332b3773"#
        ]]
        .assert_eq(&signature(
            "whsec_test",
            Moment::from_millis(1_782_900_009_999),
            r#"{"id":"evt_1"}"#,
        ));
    }

    #[test]
    fn secrets_are_long_and_differ() {
        let (one, other) = (new_secret().unwrap(), new_secret().unwrap());
        assert_ne!(one, other);
        assert_eq!((one.len(), &one[..6]), (70, "whsec_"));
    }
}
