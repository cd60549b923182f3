//! Addresses that open one file for a while, signed by the server.
//!
//! Whoever has the address has the file, until it expires; no key is needed. The signature covers what is
//! done, where, under which name and until when, so no part of an address can be changed.

use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::moment::Moment;

/// Signs addresses with a secret that all servers of one store share.
#[derive(Clone)]
pub struct Signer {
    secret: Vec<u8>,
}

/// What is done with a file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Deed {
    /// It is read.
    Get,
    /// Its bytes are sent here.
    Put,
}

impl Deed {
    const fn word(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Put => "PUT",
        }
    }
}

impl Signer {
    /// A signer with this secret.
    pub fn new(secret: impl Into<Vec<u8>>) -> Self {
        Self { secret: secret.into() }
    }

    /// The query that makes `path` an address for `deed` from `now` on: `expires=…&signature=…`.
    pub fn query(&self, deed: Deed, path: &str, now: Moment, lives: Duration) -> String {
        // Rounded up, so that no address works shorter than it should.
        let expires = now.after(lives).after(Duration::from_millis(999)).seconds();
        format!("expires={expires}&signature={}", self.signature(deed, path, expires))
    }

    /// Whether an address was signed here and is still good.
    pub fn is_good(&self, deed: Deed, path: &str, expires: i64, signature: &str, now: Moment) -> bool {
        let Some(given) = from_hex(signature) else { return false };
        // Compares in constant time.
        self.mac(deed, path, expires).verify_slice(&given).is_ok() && now.seconds() < expires
    }

    fn signature(&self, deed: Deed, path: &str, expires: i64) -> String {
        to_hex(&self.mac(deed, path, expires).finalize().into_bytes())
    }

    fn mac(&self, deed: Deed, path: &str, expires: i64) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.secret).expect("any length of secret is taken");
        // No path holds a line break, so the parts cannot run into each other.
        mac.update(format!("{}\n{expires}\n{path}", deed.word()).as_bytes());
        mac
    }
}

/// Lower-case hexadecimal digits.
pub fn to_hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a string takes everything");
        text
    })
}

/// The bytes of hexadecimal digits; `None` for anything else.
pub fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let bytes = text.as_bytes();
    if !bytes.len().is_multiple_of(2) {
        return None;
    }
    bytes.chunks_exact(2).map(|pair| Some(digit(pair[0])? << 4 | digit(pair[1])?)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_opens_what_it_names_until_it_expires() {
        let signer = Signer::new("secret");
        let now = Moment::from_millis(1_000_500);
        let query = signer.query(Deed::Get, "/files/a", now, Duration::from_secs(60));
        let (expires, signature) = query.split_once("&signature=").unwrap();
        assert_eq!(expires, "expires=1061");
        let good = |deed, path, expires, now| signer.is_good(deed, path, expires, signature, now);
        assert!(good(Deed::Get, "/files/a", 1061, now));
        assert!(!good(Deed::Put, "/files/a", 1061, now));
        assert!(!good(Deed::Get, "/files/b", 1061, now));
        assert!(!good(Deed::Get, "/files/a", 1062, now));
        assert!(!good(Deed::Get, "/files/a", 1061, now.after(Duration::from_secs(61))));
        assert!(!Signer::new("other").is_good(Deed::Get, "/files/a", 1061, signature, now));
        for wrong in ["", "0", "zz", &signature[2..]] {
            assert!(!signer.is_good(Deed::Get, "/files/a", 1061, wrong, now), "{wrong}");
        }
    }

    #[test]
    fn hexadecimal_goes_both_ways() {
        assert_eq!(to_hex(&[0, 255, 16]), "00ff10");
        assert_eq!(from_hex("00FF10"), Some(vec![0, 255, 16]));
        assert_eq!(from_hex("+f"), None);
    }
}
