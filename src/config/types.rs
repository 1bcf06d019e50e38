//! What settings are parsed into.

use std::{fmt, net::IpAddr, num::NonZeroU32, path::PathBuf, time::Duration};

use secrecy::SecretString;
use url::Url;

/// Which database, by `DATABASE_URL`.
#[derive(Clone, Debug)]
pub enum DatabaseUrl {
    /// A file; its directory is made if it is missing.
    Sqlite(PathBuf),
    /// A `postgres://` address, with its password.
    Postgres(SecretString),
}

/// Which model API answers, by `MODEL_PROVIDER`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ProviderChoice {
    /// The first that is configured of Anthropic, OpenAI and Ollama; else the demo.
    #[default]
    Auto,
    /// Anthropic Messages.
    Anthropic,
    /// OpenAI Chat Completions.
    OpenAi,
    /// Ollama's own chat.
    Ollama,
    /// The built-in demonstration, which needs no network.
    Demo,
}

/// A model API with keys: Anthropic's, OpenAI's and those that speak as they do.
#[derive(Clone, Debug)]
pub struct HostedApi {
    /// Absent only where `…_BASE_URL` was set: a server of one's own may need none.
    pub key: Option<SecretString>,
    /// Where it is; the official address if not set. Ends as it was written, with or without a slash.
    pub base_url: Url,
    /// The model for those who ask for none.
    pub model: String,
}

/// An Ollama server.
#[derive(Clone, Debug)]
pub struct OllamaApi {
    /// Where it is.
    pub url: Url,
    /// The model for those who ask for none; without it, the first that the server lists.
    pub model: Option<String>,
}

/// How browsers reach Sayso, by `PUBLIC_URL`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl {
    /// `https://chat.example`
    pub origin: Origin,
    /// As a `Host` header spells it: without the scheme's own port.
    pub authority: String,
    /// Whether it is https.
    pub secure: bool,
    /// The path before every address: empty, or `/chat` without a slash at its end.
    pub prefix: String,
}

/// An http(s) origin as browsers spell it: small letters, without the scheme's own port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin(pub(super) String);

impl Origin {
    /// As an `Origin` header spells it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whose pages may open sockets with a token, by `WS_ALLOWED_ORIGINS`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum AllowedOrigins {
    /// Only Sayso's own.
    #[default]
    Home,
    /// Those named here, and Sayso's own.
    These(Vec<Origin>),
    /// `*`: everyone's.
    Any,
}

/// Addresses with a common beginning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    bits: u8,
}

impl Network {
    /// `bits` of `address` count; `None` if it has fewer.
    pub fn new(address: IpAddr, bits: u8) -> Option<Self> {
        // ::ffff:10.0.0.0/104 and 10.0.0.0/8 are the same network.
        let (address, bits) = match (address, address.to_canonical()) {
            (IpAddr::V6(_), canonical @ IpAddr::V4(_)) => (canonical, bits.checked_sub(96)?),
            (address, _) => (address, bits),
        };
        let widest = if address.is_ipv4() { 32 } else { 128 };
        (bits <= widest).then_some(Self { address, bits })
    }

    /// Whether `other` lies in it; an IPv4 address written as IPv6 is the IPv4 address.
    pub fn contains(&self, other: IpAddr) -> bool {
        let differ = match (self.address, other.to_canonical()) {
            (IpAddr::V4(own), IpAddr::V4(other)) => u128::from(own.to_bits() ^ other.to_bits()) << 96,
            (IpAddr::V6(own), IpAddr::V6(other)) => own.to_bits() ^ other.to_bits(),
            _ => return false,
        };
        differ.leading_zeros() >= u32::from(self.bits)
    }
}

/// How often in which time: `10/min`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// So many at once,
    pub count: NonZeroU32,
    /// and as many again, evenly, in this time.
    pub per: Duration,
}

/// How the log is written, by `LOG_FORMAT`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// Lines for people.
    Pretty,
    /// One JSON object a line.
    Json,
}
