//! Which addresses belong to everybody.
//!
//! The list is one of what may be reached: whatever is not plainly an address on the open internet is
//! refused. The ranges are those of the registries of special addresses (RFC 6890 and what was added to
//! them), and two addresses of clouds that lie outside them.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use serde::{Deserialize, Deserializer, de};

/// IPv4 addresses that are not on the open internet: what they are for, and the network.
const NOT_OPEN_V4: &[(&str, [u8; 4], u8)] = &[
    ("this network", [0, 0, 0, 0], 8),
    ("a private network", [10, 0, 0, 0], 8),
    ("a provider's inner network", [100, 64, 0, 0], 10),
    ("this machine", [127, 0, 0, 0], 8),
    ("a link-local network", [169, 254, 0, 0], 16),
    ("a private network", [172, 16, 0, 0], 12),
    // Azure's address for its guests, metadata included.
    ("a cloud's own service", [168, 63, 129, 16], 32),
    ("a protocol's own network", [192, 0, 0, 0], 24),
    ("an example", [192, 0, 2, 0], 24),
    ("a protocol's own network", [192, 31, 196, 0], 24),
    ("a protocol's own network", [192, 52, 193, 0], 24),
    ("a relay", [192, 88, 99, 0], 24),
    ("a private network", [192, 168, 0, 0], 16),
    ("a protocol's own network", [192, 175, 48, 0], 24),
    ("a network for measurements", [198, 18, 0, 0], 15),
    ("an example", [198, 51, 100, 0], 24),
    ("an example", [203, 0, 113, 0], 24),
    ("a group of machines", [224, 0, 0, 0], 4),
    ("a reserved network", [240, 0, 0, 0], 4),
];

/// The only IPv6 addresses that are given to machines on the open internet.
const OPEN_V6: (Ipv6Addr, u8) = (Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3);

/// What among those is for something else.
const NOT_OPEN_V6: &[(&str, [u16; 3], u8)] = &[
    // Teredo, benchmarks, ORCHID and others; each leads somewhere that its text does not say.
    ("a protocol's own network", [0x2001, 0, 0], 23),
    ("an example", [0x2001, 0xdb8, 0], 32),
    ("a relay to an IPv4 address", [0x2002, 0, 0], 16),
    ("a protocol's own network", [0x2620, 0x4f, 0x8000], 48),
    ("an example", [0x3fff, 0, 0], 20),
];

/// Why an address is not on the open internet; `None` if it is.
pub fn not_open(address: IpAddr) -> Option<&'static str> {
    match address {
        IpAddr::V4(address) => NOT_OPEN_V4
            .iter()
            .find(|(_, network, bits)| holds_v4(Ipv4Addr::from(*network), *bits, address))
            .map(|(what, ..)| *what),
        IpAddr::V6(address) if address.is_loopback() => Some("this machine"),
        IpAddr::V6(address) if address.is_multicast() => Some("a group of machines"),
        // Also what wraps an IPv4 address: mapped, compatible, translated.
        IpAddr::V6(address) if !holds_v6(OPEN_V6.0, OPEN_V6.1, address) => Some("not on the open internet"),
        IpAddr::V6(address) => NOT_OPEN_V6
            .iter()
            .find(|(_, [a, b, c], bits)| holds_v6(Ipv6Addr::new(*a, *b, *c, 0, 0, 0, 0, 0), *bits, address))
            .map(|(what, ..)| *what),
    }
}

fn holds_v4(network: Ipv4Addr, bits: u8, address: Ipv4Addr) -> bool {
    let mask = u32::MAX.checked_shl(32 - u32::from(bits)).unwrap_or(0);
    network.to_bits() & mask == address.to_bits() & mask
}

fn holds_v6(network: Ipv6Addr, bits: u8, address: Ipv6Addr) -> bool {
    let mask = u128::MAX.checked_shl(128 - u32::from(bits)).unwrap_or(0);
    network.to_bits() & mask == address.to_bits() & mask
}

/// A range of addresses, as `10.0.0.0/8`, `fd00::/8`, or one address.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Network {
    address: IpAddr,
    bits: u8,
}

impl Network {
    /// Whether an address lies in it. An IPv4 address that is wrapped in an IPv6 one does not.
    pub fn holds(&self, address: IpAddr) -> bool {
        match (self.address, address) {
            (IpAddr::V4(network), IpAddr::V4(address)) => holds_v4(network, self.bits, address),
            (IpAddr::V6(network), IpAddr::V6(address)) => holds_v6(network, self.bits, address),
            _ => false,
        }
    }
}

/// What is no range of addresses.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("`{0}` is no range of addresses such as 10.0.0.0/8")]
pub struct NoNetwork(String);

impl FromStr for Network {
    type Err = NoNetwork;

    fn from_str(text: &str) -> Result<Self, NoNetwork> {
        let wrong = || NoNetwork(text.to_owned());
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits.parse::<u8>().map_err(|_| wrong())?)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| wrong())?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.unwrap_or(most);
        if bits > most {
            return Err(wrong());
        }
        Ok(Self { address, bits })
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.bits)
    }
}

impl<'de> Deserialize<'de> for Network {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_open(address: &str) -> bool {
        not_open(address.parse().unwrap()).is_none()
    }

    #[test]
    fn the_ends_of_every_range_are_where_they_should_be() {
        for (_, network, bits) in NOT_OPEN_V4 {
            let first = Ipv4Addr::from(*network).to_bits();
            let last = first | u32::MAX.checked_shr(u32::from(*bits)).unwrap_or(0);
            for inside in [first, last, first + (last - first) / 2] {
                assert!(not_open(Ipv4Addr::from_bits(inside).into()).is_some());
            }
        }
        for outside in [
            "1.0.0.0",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "126.255.255.255",
            "128.0.0.0",
            "169.253.255.255",
            "169.255.0.0",
            "172.15.255.255",
            "172.32.0.0",
            "192.0.1.0",
            "192.0.3.0",
            "192.167.255.255",
            "192.169.0.0",
            "198.17.255.255",
            "198.20.0.0",
            "198.51.99.255",
            "203.0.112.255",
            "203.0.114.0",
            "223.255.255.255",
            "168.63.129.15",
            "8.8.8.8",
        ] {
            assert!(is_open(outside), "{outside}");
        }
    }

    #[test]
    fn only_global_unicast_is_open_among_the_long_ones() {
        for open in ["2606:4700::1111", "2a00:1450:4001::1", "2001:4860:4860::8888", "2001:200::1"] {
            assert!(is_open(open), "{open}");
        }
        for closed in [
            "::",
            "::1",
            "::7f00:1",
            "::ffff:8.8.8.8",
            "::ffff:127.0.0.1",
            "64:ff9b::7f00:1",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:1ff::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "3fff:fff::1",
            "5f00::1",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "febf::1",
            "fec0::1",
            "ff02::1",
            "1fff::1",
            "4000::1",
        ] {
            assert!(!is_open(closed), "{closed}");
        }
    }

    #[test]
    fn ranges_are_read_and_hold_what_they_say() {
        let network: Network = "10.1.0.0/16".parse().unwrap();
        assert!(network.holds("10.1.255.255".parse().unwrap()));
        assert!(!network.holds("10.2.0.0".parse().unwrap()));
        assert!(!network.holds("::ffff:10.1.0.1".parse().unwrap()));
        assert_eq!("::1".parse::<Network>().unwrap().to_string(), "::1/128");
        assert!("0.0.0.0/0".parse::<Network>().unwrap().holds("8.8.8.8".parse().unwrap()));
        for wrong in ["", "10.0.0.0/33", "::1/129", "10.0.0/8", "10.0.0.0/", "example.org/8", "10.0.0.0/-1"] {
            assert!(wrong.parse::<Network>().is_err(), "{wrong}");
        }
    }
}
