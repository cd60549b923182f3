//! What an address of a caller may be, before anything is connected to.

use std::net::IpAddr;

use serde::Deserialize;
use url::{Host, Url};

use super::address::{self, Network};

/// Longest address, in bytes: that of the contract.
const MAX_URL_BYTES: usize = 2083;
/// The port of addresses that begin with `https`.
const HTTPS_PORT: u16 = 443;
/// The port of those that begin with `http`.
const HTTP_PORT: u16 = 80;
/// Most bytes of one file: those of the contract.
const MAX_BYTES: u64 = 5 << 30;
/// Ends of names that mean something on this network alone.
const NEAR: &[&str] = &["localhost", "local", "internal", "home.arpa", "lan", "intranet", "corp", "home"];

/// What the operator says of addresses elsewhere: the settings under `[outside]`.
#[derive(Clone, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Rules {
    /// Networks that may be reached although they are not on the open internet.
    pub networks: Vec<Network>,
    /// Whether addresses may begin with `http://`, and so be read and changed on the way.
    pub plain_http: bool,
    /// Ports beside 443, and 80 for plain HTTP.
    pub ports: Vec<u16>,
    /// Most bytes of one file; 5 GiB unless it is said.
    pub max_bytes: Option<u64>,
}

/// Why an address is refused, in words that follow it.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Refusal {
    /// It is no address.
    #[error("is no address")]
    NoAddress,
    /// It begins with something else than `https`.
    #[error("begins with `{0}:`; only https is fetched from here")]
    Scheme(String),
    /// It carries a user or a password.
    #[error("carries a user name; an address that is signed works without")]
    User,
    /// It names a port that is not open.
    #[error("names port {0}, to which nothing is sent from here")]
    Port(u16),
    /// Its host means something on this network alone.
    #[error("names `{0}`, which is not a name of the open internet")]
    Near(String),
    /// Its host is an address that is not on the open internet.
    #[error("leads to {0}, and this server goes only to the open internet")]
    Address(&'static str),
    /// It leads from one address to the next too often.
    #[error("is forwarded more than {0} times")]
    Forwarded(usize),
}

impl Rules {
    /// These rules, and those of `below` where these say nothing.
    #[must_use]
    pub fn over(self, below: Self) -> Self {
        Self {
            networks: if self.networks.is_empty() { below.networks } else { self.networks },
            plain_http: self.plain_http || below.plain_http,
            ports: if self.ports.is_empty() { below.ports } else { self.ports },
            max_bytes: self.max_bytes.or(below.max_bytes),
        }
    }

    /// Most bytes of one file.
    pub fn max_bytes(&self) -> u64 {
        self.max_bytes.unwrap_or(MAX_BYTES)
    }

    /// The address that a text is, if it may be gone to. A name in it still has to be looked up, and what
    /// comes out to be asked of [`Self::admits`].
    ///
    /// # Errors
    /// The first reason against it.
    pub fn target(&self, text: &str) -> Result<Url, Refusal> {
        // A backslash ends the host for some readers and not for others.
        if text.len() > MAX_URL_BYTES
            || text.chars().any(|letter| letter.is_control() || matches!(letter, ' ' | '\\'))
        {
            return Err(Refusal::NoAddress);
        }
        let mut url = Url::parse(text).map_err(|_| Refusal::NoAddress)?;
        match url.scheme() {
            "https" => {}
            "http" if self.plain_http => {}
            scheme => return Err(Refusal::Scheme(scheme.to_owned())),
        }
        if !url.username().is_empty() || url.password().is_some() || has_user(text) {
            return Err(Refusal::User);
        }
        let port = url.port_or_known_default().unwrap_or(HTTPS_PORT);
        let is_usual = port == HTTPS_PORT || port == HTTP_PORT && self.plain_http;
        if !is_usual && !self.ports.contains(&port) {
            return Err(Refusal::Port(port));
        }
        match url.host() {
            None => return Err(Refusal::NoAddress),
            Some(Host::Ipv4(address)) => self.admits(address.into())?,
            Some(Host::Ipv6(address)) => self.admits(address.into())?,
            Some(Host::Domain(name)) => self.names(name)?,
        }
        // Stays here: it means nothing to the other side.
        url.set_fragment(None);
        Ok(url)
    }

    /// Whether an address may be connected to.
    ///
    /// # Errors
    /// What it is instead.
    pub fn admits(&self, address: IpAddr) -> Result<(), Refusal> {
        match address::not_open(address) {
            Some(what) if !self.networks.iter().any(|network| network.holds(address)) => {
                Err(Refusal::Address(what))
            }
            _ => Ok(()),
        }
    }

    fn names(&self, name: &str) -> Result<(), Refusal> {
        // An operator who opens a network may have names in it.
        if !self.networks.is_empty() {
            return Ok(());
        }
        let plain = name.strip_suffix('.').unwrap_or(name);
        let is_near = !plain.contains('.')
            || NEAR.iter().any(|end| plain.strip_suffix(end).is_some_and(|rest| rest.ends_with('.')));
        if is_near { Err(Refusal::Near(plain.to_owned())) } else { Ok(()) }
    }
}

/// Whether there is an `@` where a user would end, also where the user is empty.
fn has_user(text: &str) -> bool {
    let rest = text.split_once("//").map_or(text, |(_, rest)| rest);
    rest.split(['/', '\\', '?', '#']).next().is_some_and(|authority| authority.contains('@'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_gone_to() {
        let rules = Rules::default();
        for good in [
            "https://example.org/a.mp4",
            "HTTPS://EXAMPLE.ORG:443/a",
            "https://8.8.8.8/",
            "https://[2606:4700::1111]/x?y=@z",
            "https://bücher.example/ü",
            "https://example.org./a#part",
        ] {
            assert!(rules.target(good).is_ok(), "{good}: {:?}", rules.target(good));
        }
        assert_eq!(rules.target("https://example.org/#a").unwrap().as_str(), "https://example.org/");
    }

    #[test]
    fn every_reason_is_said() {
        let rules = Rules::default();
        let said: Vec<String> = [
            "example.org",
            "ftp://example.org/",
            "http://example.org/",
            "https://a:b@example.org/",
            "https://example.org:22/",
            "https://localhost/",
            "https://127.1/",
        ]
        .iter()
        .map(|text| format!("{text} {}", rules.target(text).unwrap_err()))
        .collect();
        expect_test::expect![[r#"
            example.org is no address
            ftp://example.org/ begins with `ftp:`; only https is fetched from here
            http://example.org/ begins with `http:`; only https is fetched from here
            https://a:b@example.org/ carries a user name; an address that is signed works without
            https://example.org:22/ names port 22, to which nothing is sent from here
            https://localhost/ names `localhost`, which is not a name of the open internet
            https://127.1/ leads to this machine, and this server goes only to the open internet"#]]
        .assert_eq(&said.join("\n"));
    }

    #[test]
    fn an_operator_opens_what_they_name_and_nothing_else() {
        let rules = Rules {
            networks: vec!["10.0.0.0/8".parse().unwrap()],
            plain_http: true,
            ports: vec![9000],
            max_bytes: None,
        };
        assert!(rules.target("http://10.1.2.3:9000/a").is_ok());
        assert!(rules.target("http://storage:9000/a").is_ok());
        assert_eq!(rules.target("http://10.1.2.3:9001/"), Err(Refusal::Port(9001)));
        assert_eq!(rules.target("https://127.0.0.1/"), Err(Refusal::Address("this machine")));
        assert_eq!(
            rules.admits("169.254.169.254".parse().unwrap()),
            Err(Refusal::Address("a link-local network"))
        );
    }
}
