//! Which addresses of the network a request of a tool may be for.
//!
//! The attack meant is the server that is made to ask where only it can ask: itself, its neighbours, the cloud's
//! metadata. All that is not plainly the public internet is refused, also when it is wrapped in an IPv6 address.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Who can be reached at an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// Anybody on the internet.
    Public,
    /// This machine or a network around it: only where an operator allows it.
    Private,
    /// Nobody whom a tool has any business with: metadata of clouds, link-local, multicast, unassigned addresses.
    Never,
}

/// Decides about an address.
pub type Judge = fn(IpAddr) -> Reach;

/// Metadata and host services of clouds that would pass for public or private addresses (those in `169.254.0.0/16`
/// and `192.0.0.0/24` are refused with their networks).
const METADATA: [IpAddr; 3] = [
    IpAddr::V4(Ipv4Addr::new(100, 100, 100, 200)),
    IpAddr::V4(Ipv4Addr::new(168, 63, 129, 16)),
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0x0ec2, 0, 0, 0, 0, 0, 0x0254)),
];

/// By the registries of special addresses of IANA (RFC 6890 and what was added to it).
pub fn judge(address: IpAddr) -> Reach {
    if METADATA.contains(&address) {
        return Reach::Never;
    }
    match address {
        IpAddr::V4(address) => judge_v4(address),
        IpAddr::V6(address) => judge_v6(address),
    }
}

fn judge_v4(address: Ipv4Addr) -> Reach {
    match address.octets() {
        // This host on this network: Linux connects 0.0.0.0 to itself. Link-local, metadata among it.
        [0, ..] | [169, 254, ..] => Reach::Never,
        [10 | 127, ..] | [192, 168, ..] => Reach::Private,
        [172, second, ..] if (16..32).contains(&second) => Reach::Private,
        // Shared by a provider's customers (RFC 6598); benchmarks, used by VPNs for made-up answers.
        [100, second, ..] if (64..128).contains(&second) => Reach::Private,
        [198, 18 | 19, ..] => Reach::Private,
        // Protocol assignments, documentation, the former relays of 6to4.
        [192, 0, 0 | 2, _] | [198, 51, 100, _] | [203, 0, 113, _] | [192, 88, 99, _] => Reach::Never,
        // Multicast, unassigned, broadcast.
        [224..=255, ..] => Reach::Never,
        _ => Reach::Public,
    }
}

fn judge_v6(address: Ipv6Addr) -> Reach {
    let bits = address.to_bits();
    // An IPv4 address whose last bit stands that far from the right.
    let inner = |right: u32| judge(IpAddr::V4(Ipv4Addr::from_bits((bits >> right) as u32)));
    match address.segments() {
        [0, 0, 0, 0, 0, 0, 0, 1] => Reach::Private,
        // IPv4-mapped: the system itself connects to the address inside.
        [0, 0, 0, 0, 0, 0xffff, ..] => inner(0),
        // NAT64 (RFC 6052) connects to the address inside; the other prefix is a network's own (RFC 8215).
        [0x64, 0xff9b, 0, 0, 0, 0, ..] => inner(0),
        [0x64, 0xff9b, 1, ..] => inner(0).max(Reach::Private),
        [0xfc00..=0xfdff, ..] => Reach::Private,
        // Teredo: the server's address, and the client's with all bits turned.
        [0x2001, 0, ..] => {
            let client = judge(IpAddr::V4(Ipv4Addr::from_bits(!(bits as u32))));
            inner(64).max(client)
        }
        // Protocol assignments (ORCHID, benchmarks) and documentation.
        [0x2001, 0..=0x1ff | 0xdb8, ..] | [0x3fff, 0..=0x0fff, ..] => Reach::Never,
        // 6to4.
        [0x2002, ..] => inner(80),
        // ISATAP carries an address of a network in its last half.
        [0x2000..=0x3fff, _, _, _, 0 | 0x200, 0x5efe, ..] => inner(0),
        [0x2000..=0x3fff, ..] => Reach::Public,
        // IPv4-compatible, link-local, site-local, multicast, unspecified, and all that nobody has been given yet.
        _ => Reach::Never,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn addresses_are_judged_by_who_can_be_reached_there() {
        let table: &[(Reach, &[&str])] = &[
            (
                Reach::Public,
                &[
                    "1.1.1.1",
                    "93.184.215.14",
                    "172.15.255.255",
                    "172.32.0.1",
                    "100.63.255.255",
                    "100.128.0.1",
                    "192.0.1.1",
                    "198.17.0.1",
                    "198.20.0.1",
                    "223.255.255.255",
                    "2606:4700:4700::1111",
                    "2a00:1450:4001:82a::200e",
                    "::ffff:1.1.1.1",
                    "64:ff9b::101:101",
                    "2002:101:101::1",
                ],
            ),
            (
                Reach::Private,
                &[
                    "10.0.0.1",
                    "127.0.0.1",
                    "127.255.255.254",
                    "172.16.0.1",
                    "172.31.255.255",
                    "192.168.1.1",
                    "100.64.0.1",
                    "100.127.255.255",
                    "198.18.0.1",
                    "::1",
                    "fc00::1",
                    "fd12:3456::1",
                    "::ffff:127.0.0.1",
                    "::ffff:7f00:1",
                    "::ffff:10.1.2.3",
                    "64:ff9b::7f00:1",
                    "64:ff9b::10.0.0.1",
                    "64:ff9b:1::1.1.1.1",
                    "2002:7f00:1::1",
                    "2002:c0a8:101::",
                    "2001:0:101:101:0:0:80ff:fffe",
                    "2606:4700::5efe:127.0.0.1",
                ],
            ),
            (
                Reach::Never,
                &[
                    "0.0.0.0",
                    "0.1.2.3",
                    "169.254.169.254",
                    "169.254.0.1",
                    "100.100.100.200",
                    "168.63.129.16",
                    "192.0.0.192",
                    "192.0.2.1",
                    "198.51.100.7",
                    "203.0.113.9",
                    "192.88.99.1",
                    "224.0.0.1",
                    "239.255.255.255",
                    "240.0.0.1",
                    "255.255.255.255",
                    "::",
                    "::127.0.0.1",
                    "::1.1.1.1",
                    "fe80::1",
                    "fec0::1",
                    "ff02::1",
                    "fd00:ec2::254",
                    "::ffff:169.254.169.254",
                    "::ffff:100.100.100.200",
                    "64:ff9b::a9fe:a9fe",
                    "2002:a9fe:a9fe::1",
                    "2001:db8::1",
                    "3fff::1",
                    "2001:20::1",
                    "100::1",
                    "5f00::1",
                ],
            ),
        ];
        for (reach, addresses) in table {
            for address in *addresses {
                assert_eq!(judge(address.parse().unwrap()), *reach, "{address}");
            }
        }
    }

    /// Each way to wrap an IPv4 address into an IPv6 one that some system unwraps.
    fn wrapped(address: Ipv4Addr) -> Vec<Ipv6Addr> {
        let bits = u128::from(address.to_bits());
        vec![
            address.to_ipv6_mapped(),
            address.to_ipv6_compatible(),
            Ipv6Addr::from_bits((0x64_ff9b_u128 << 96) | bits),
            Ipv6Addr::from_bits((0x64_ff9b_0001_u128 << 80) | bits),
            Ipv6Addr::from_bits((0x2002_u128 << 112) | (bits << 80) | 1),
            Ipv6Addr::from_bits((0x2001_u128 << 112) | (0x0101_0101 << 64) | u128::from(!address.to_bits())),
            Ipv6Addr::from_bits((0x2001_u128 << 112) | (bits << 64) | u128::from(!0x0101_0101_u32)),
            Ipv6Addr::from_bits((0x2606_4700_u128 << 96) | (0x5efe_u128 << 32) | bits),
        ]
    }

    proptest! {
        #[test]
        fn nothing_gets_more_open_by_being_wrapped(bits in any::<u32>()) {
            let address = Ipv4Addr::from_bits(bits);
            for wrapped in wrapped(address) {
                prop_assert!(judge(wrapped.into()) >= judge(address.into()), "{} in {}", address, wrapped);
            }
        }

        /// What the standard library knows of an address, said in its words.
        #[test]
        fn public_ipv4_is_none_of_the_special_ones(first in any::<u8>(), rest in any::<[u8; 3]>()) {
            let address = Ipv4Addr::new(first, rest[0], rest[1], rest[2]);
            if judge(address.into()) == Reach::Public {
                prop_assert!(!address.is_private() && !address.is_loopback() && !address.is_link_local());
                prop_assert!(!address.is_multicast() && !address.is_broadcast() && !address.is_documentation());
                prop_assert!(first != 0 && first < 224);
            }
        }

        #[test]
        fn public_ipv6_is_global_unicast_or_leads_to_public_ipv4(bits in any::<u128>(), shift in 0_u32..128) {
            // Shifted, so that addresses with many leading zeros are among them.
            let address = Ipv6Addr::from_bits(bits >> shift);
            if judge(address.into()) == Reach::Public {
                let global = address.segments()[0] & 0xe000 == 0x2000;
                let inner = Ipv4Addr::from_bits(address.to_bits() as u32);
                let leads_out = judge(inner.into()) == Reach::Public;
                prop_assert!(global || leads_out, "{}", address);
                prop_assert!(!address.is_loopback() && !address.is_multicast() && !address.is_unspecified());
                prop_assert!(!address.is_unique_local() && !address.is_unicast_link_local());
            }
        }
    }
}
