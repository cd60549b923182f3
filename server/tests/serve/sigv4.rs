//! Signatures as S3 checks them, written from its description: AWS Signature, version 4.

use std::collections::BTreeMap;

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

const ALGORITHM: &str = "AWS4-HMAC-SHA256";

/// What a signature was made with.
pub struct Secrets<'a> {
    pub key_id: &'a str,
    pub secret: &'a str,
}

/// Why a request is not from who it says.
pub type Refusal = String;

impl Secrets<'_> {
    /// Looks at the signature of a request: the one in its address, or the one in its head.
    ///
    /// # Errors
    /// When there is none, or it is not made with the secret, for this request.
    pub fn check(
        &self,
        method: &str,
        target: &str,
        headers: &BTreeMap<String, String>,
    ) -> Result<(), Refusal> {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let mut pairs: Vec<(&str, &str)> = query
            .split('&')
            .filter(|pair| !pair.is_empty())
            .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
            .collect();
        pairs.sort_unstable();
        let of_query = |name: &str| pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| *value);
        let given = match (of_query("X-Amz-Signature"), headers.get("authorization")) {
            (Some(signature), _) => Given {
                credential: of_query("X-Amz-Credential").unwrap_or_default().replace("%2F", "/"),
                signed: of_query("X-Amz-SignedHeaders").unwrap_or_default().replace("%3B", ";"),
                signature: signature.to_owned(),
                time: of_query("X-Amz-Date").unwrap_or_default().to_owned(),
                content: "UNSIGNED-PAYLOAD".to_owned(),
            },
            (None, Some(header)) => Given::read(header, headers)?,
            (None, None) => return Err("it is not signed".to_owned()),
        };
        pairs.retain(|(name, _)| *name != "X-Amz-Signature");
        let query: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut lines = format!("{method}\n{path}\n{}\n", query.join("&"));
        for name in given.signed.split(';') {
            let value = headers.get(name).ok_or_else(|| format!("`{name}` is signed and not there"))?;
            lines.push_str(&format!("{name}:{value}\n"));
        }
        lines.push_str(&format!("\n{}\n{}", given.signed, given.content));
        if !given.signed.split(';').any(|name| name == "host") {
            return Err("the host is not signed".to_owned());
        }
        let scope = given.credential.strip_prefix(&format!("{}/", self.key_id)).ok_or("another key")?;
        let text =
            format!("{ALGORITHM}\n{}\n{scope}\n{}", given.time, hex(&Sha256::digest(lines.as_bytes())));
        let steps = scope.split('/');
        let first = format!("AWS4{}", self.secret).into_bytes();
        let key = steps.fold(first, |key, step| sign(&key, step));
        match hex(&sign(&key, &text)) == given.signature {
            true => Ok(()),
            false => Err(format!("the signature is of something else than\n{lines}")),
        }
    }
}

/// What a request says of its signature.
struct Given {
    credential: String,
    signed: String,
    signature: String,
    time: String,
    content: String,
}

impl Given {
    fn read(header: &str, headers: &BTreeMap<String, String>) -> Result<Self, Refusal> {
        let rest = header.strip_prefix(ALGORITHM).ok_or("another algorithm")?;
        let part = |name: &str| {
            let found = rest.split(',').find_map(|part| part.trim().strip_prefix(name)?.strip_prefix('='));
            found.map(str::to_owned).ok_or_else(|| format!("there is no {name}"))
        };
        let of_head = |name: &str| headers.get(name).cloned().ok_or_else(|| format!("there is no {name}"));
        Ok(Self {
            credential: part("Credential")?,
            signed: part("SignedHeaders")?,
            signature: part("Signature")?,
            time: of_head("x-amz-date")?,
            content: of_head("x-amz-content-sha256")?,
        })
    }
}

fn sign(key: &[u8], text: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn the_example_of_the_description_is_right() {
    // "GET Object" of Amazon's page on signing by the header.
    let headers = [
        ("host", "examplebucket.s3.amazonaws.com"),
        ("range", "bytes=0-9"),
        ("x-amz-content-sha256", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("x-amz-date", "20130524T000000Z"),
        (
            "authorization",
            "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, \
             SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, \
             Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
        ),
    ];
    let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    let secrets =
        Secrets { key_id: "AKIAIOSFODNN7EXAMPLE", secret: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY" };
    assert_eq!(secrets.check("GET", "/test.txt", &headers), Ok(()));
    assert!(secrets.check("GET", "/other.txt", &headers).is_err());
}
