//! Where a request comes from, past the proxies that we trust.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use actix_web::{FromRequest, HttpMessage, HttpRequest, dev::Payload, http::header::HeaderMap};

use super::error::HttpError;
use crate::{config::Network, error::Error};

/// The headers by which a proxy shows itself.
const FORWARDING: [&str; 6] =
    ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-forwarded-port", "x-real-ip"];

/// Who calls. Made by [`super::request_id::trace`] and kept with the request; an extractor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// The nearest address that is no trusted proxy; an IPv4 address is never written as IPv6.
    pub address: IpAddr,
    /// Whether the browser's side of the connection is https, as far as a trusted proxy says so.
    pub secure: bool,
    /// The host that was asked for, with its port if it has one; empty if there was none, or more than one.
    pub host: String,
    /// Someone on this very machine: a loopback connection that no proxy forwarded. A proxy on this machine that
    /// sets no header at all would make everybody local; the README says which to set.
    pub is_loopback_direct: bool,
}

impl Client {
    /// Who calls over a connection from `peer`, asking for `host`.
    ///
    /// Each proxy appends to `X-Forwarded-For` whom it got the request from, so that only the right end is known to
    /// be true: it is read from right to left for as long as trusted proxies stand there, and the first other address
    /// is the client. What lies left of it, anybody can write. `Forwarded` (RFC 7239) is read only if there is no
    /// `X-Forwarded-For`: proxies that set the one pass the other on unread.
    pub fn of(peer: Option<SocketAddr>, host: &str, headers: &HeaderMap, proxies: &[Network]) -> Self {
        let peer = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.ip().to_canonical());
        let forwarded = FORWARDING.iter().any(|name| headers.contains_key(*name));
        let mut client = Self {
            address: peer,
            secure: false,
            host: host.to_ascii_lowercase(),
            is_loopback_direct: peer.is_loopback() && !forwarded,
        };
        let trusted = |address| proxies.iter().any(|network| network.contains(address));
        if !trusted(peer) {
            return client;
        }
        let hops = if headers.contains_key("x-forwarded-for") {
            let named = |name| elements(headers, name, ',');
            Hops {
                addresses: named("x-forwarded-for"),
                schemes: named("x-forwarded-proto"),
                hosts: named("x-forwarded-host"),
            }
        } else {
            Hops::from_forwarded(headers)
        };
        // How many hops from the right the client's own stands.
        let mut depth = 0;
        for (index, text) in hops.addresses.iter().rev().enumerate() {
            // `unknown` and hidden names end the walk: the proxy that wrote them is as far as one can see.
            let Some(address) = node(text) else { break };
            client.address = address;
            depth = index;
            if !trusted(address) {
                break;
            }
        }
        if let Some(scheme) = at_depth(&hops.schemes, depth) {
            client.secure = scheme.eq_ignore_ascii_case("https");
        }
        if let Some(host) = at_depth(&hops.hosts, depth) {
            client.host = host.to_ascii_lowercase();
        }
        client
    }

    /// Who calls by this request.
    pub fn of_request(request: &HttpRequest, proxies: &[Network]) -> Self {
        Self::of(request.peer_addr(), &requested_host(request), request.headers(), proxies)
    }
}

impl FromRequest for Client {
    type Error = HttpError;
    type Future = std::future::Ready<Result<Self, HttpError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let client = request.extensions().get::<Self>().cloned();
        std::future::ready(client.ok_or_else(|| HttpError(Error::internal("no request_id::trace around this address"))))
    }
}

/// The host in the request line (HTTP/2, or an absolute address, where it wins by RFC 9112 § 3.2.2), else `Host`.
fn requested_host(request: &HttpRequest) -> String {
    if let Some(authority) = request.uri().authority() {
        return authority.as_str().to_owned();
    }
    let mut hosts = request.headers().get_all("host");
    match (hosts.next(), hosts.next()) {
        (Some(host), None) => host.to_str().unwrap_or_default().to_owned(),
        _ => String::new(),
    }
}

/// What proxies said, each list from left (far) to right (near).
struct Hops {
    addresses: Vec<String>,
    schemes: Vec<String>,
    hosts: Vec<String>,
}

impl Hops {
    fn from_forwarded(headers: &HeaderMap) -> Self {
        let mut hops = Self { addresses: Vec::new(), schemes: Vec::new(), hosts: Vec::new() };
        for element in elements(headers, "forwarded", ',') {
            let parameter = |name: &str| {
                let pairs = element.split(';').filter_map(|pair| pair.split_once('='));
                let mut values = pairs.filter(|(key, _)| key.trim().eq_ignore_ascii_case(name));
                values.next().map(|(_, value)| value.trim().trim_matches('"').to_owned()).unwrap_or_default()
            };
            hops.addresses.push(parameter("for"));
            hops.schemes.push(parameter("proto"));
            hops.hosts.push(parameter("host"));
        }
        hops
    }
}

/// The elements of a list header over all its lines. No address, scheme or host that we take has a comma in it, so
/// that quoted strings need no better reader.
fn elements(headers: &HeaderMap, name: &str, separator: char) -> Vec<String> {
    let lines = headers.get_all(name).map(|value| value.to_str().unwrap_or_default());
    lines.flat_map(|line| line.split(separator)).map(|part| part.trim().to_owned()).collect()
}

/// What was said at that depth from the right; a shorter list was set anew by a trusted proxy on the way.
fn at_depth(list: &[String], depth: usize) -> Option<&str> {
    let index = list.len().checked_sub(1)?.saturating_sub(depth);
    list.get(index).map(String::as_str).filter(|text| !text.is_empty())
}

/// `192.0.2.1`, `192.0.2.1:4711`, `2001:db8::1`, `[2001:db8::1]`, `[2001:db8::1]:4711`.
fn node(text: &str) -> Option<IpAddr> {
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    let address = bare.parse().or_else(|_| text.parse::<SocketAddr>().map(|socket| socket.ip()));
    address.ok().map(|address: IpAddr| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{HeaderName, HeaderValue};

    use super::*;

    fn client(peer: &str, headers: &[(&str, &str)]) -> Client {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(name.parse::<HeaderName>().unwrap(), HeaderValue::from_str(value).unwrap());
        }
        let network = |address: &str, bits| Network::new(address.parse().unwrap(), bits).unwrap();
        let proxies = [network("10.0.0.0", 8), network("fd00::", 8)];
        Client::of(Some(SocketAddr::new(peer.parse().unwrap(), 1)), "Home:8080", &map, &proxies)
    }

    #[test]
    fn the_client_is_the_first_stranger_from_the_right() {
        const XFF: &str = "X-Forwarded-For";
        for (peer, headers, expected) in [
            ("203.0.113.9", &[][..], "203.0.113.9"),
            ("203.0.113.9", &[(XFF, "1.2.3.4")], "203.0.113.9"),
            ("::ffff:203.0.113.9", &[(XFF, "1.2.3.4")], "203.0.113.9"),
            ("10.0.0.1", &[], "10.0.0.1"),
            ("10.0.0.1", &[(XFF, "1.2.3.4")], "1.2.3.4"),
            ("::ffff:10.0.0.1", &[(XFF, "1.2.3.4")], "1.2.3.4"),
            ("10.0.0.1", &[(XFF, "6.6.6.6, 1.2.3.4, 10.9.9.9")], "1.2.3.4"),
            ("10.0.0.1", &[(XFF, "6.6.6.6"), (XFF, "1.2.3.4")], "1.2.3.4"),
            ("10.0.0.1", &[(XFF, "10.0.0.3, 10.0.0.2")], "10.0.0.3"),
            ("10.0.0.1", &[(XFF, "6.6.6.6, unknown, 10.0.0.2")], "10.0.0.2"),
            ("10.0.0.1", &[(XFF, "6.6.6.6, ")], "10.0.0.1"),
            ("10.0.0.1", &[(XFF, "1.2.3.4:5678")], "1.2.3.4"),
            ("fd00::1", &[(XFF, "[2001:db8::7]:443")], "2001:db8::7"),
            ("10.0.0.1", &[("Forwarded", "for=6.6.6.6, for=1.2.3.4;proto=https;by=10.0.0.1")], "1.2.3.4"),
            ("10.0.0.1", &[("Forwarded", "For=\"[2001:db8::7]:4711\"")], "2001:db8::7"),
            ("10.0.0.1", &[("Forwarded", "for=_hidden")], "10.0.0.1"),
            ("10.0.0.1", &[(XFF, "1.2.3.4"), ("Forwarded", "for=6.6.6.6")], "1.2.3.4"),
        ] {
            assert_eq!(client(peer, headers).address.to_string(), expected, "{peer} {headers:?}");
        }
    }

    #[test]
    fn loopback_is_local_only_without_a_proxy() {
        assert!(client("127.0.0.1", &[]).is_loopback_direct);
        assert!(client("::1", &[]).is_loopback_direct);
        assert!(client("::ffff:127.0.0.1", &[]).is_loopback_direct);
        assert!(!client("203.0.113.9", &[]).is_loopback_direct);
        for name in FORWARDING {
            assert!(!client("127.0.0.1", &[(name, "127.0.0.1")]).is_loopback_direct, "{name}");
        }
    }

    #[test]
    fn scheme_and_host_are_believed_from_trusted_proxies_only() {
        let said =
            [("X-Forwarded-For", "1.2.3.4"), ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "Chat.Example")];
        let through = client("10.0.0.1", &said);
        assert_eq!((through.secure, through.host.as_str()), (true, "chat.example"));
        let stranger = client("203.0.113.9", &said);
        assert_eq!((stranger.secure, stranger.host.as_str()), (false, "home:8080"));
        // Two proxies: https outside, http between them; what the client itself wrote stands left and counts for nothing.
        let chain = client(
            "10.0.0.1",
            &[
                ("X-Forwarded-For", "6.6.6.6, 1.2.3.4, 10.0.0.2"),
                ("X-Forwarded-Proto", "http, https, http"),
                ("X-Forwarded-Host", "evil.example, chat.example, inner"),
            ],
        );
        assert_eq!((chain.secure, chain.host.as_str()), (true, "chat.example"));
        let rfc = client("10.0.0.1", &[("Forwarded", "for=1.2.3.4;proto=https;host=chat.example:444")]);
        assert_eq!((rfc.secure, rfc.host.as_str()), (true, "chat.example:444"));
    }
}
