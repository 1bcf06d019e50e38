//! Texts into types: sizes, rates, lists, addresses. Each gives `None` for what it does not accept.

use std::{net::IpAddr, num::NonZeroU32, path::PathBuf, time::Duration};

use secrecy::SecretString;
use url::{Host, Url};

use super::{DatabaseUrl, Network, Origin, PublicUrl, Rate};

/// `true`/`false` and their usual spellings.
pub(super) fn boolean(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" | "on" => Some(true),
        "false" | "0" | "no" | "off" => Some(false),
        _ => None,
    }
}

/// Digits only; `u32::from_str` would take a `+` as well.
pub(super) fn number(text: &str) -> Option<u32> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

/// A count that is at least one.
pub(super) fn count(text: &str) -> Option<NonZeroU32> {
    NonZeroU32::new(number(text)?)
}

/// Bytes: `65536`, `64kb`, `1mb`, `1gb`; a kilobyte has 1,024. Zero is refused: it would refuse every request.
pub(super) fn size(text: &str) -> Option<u64> {
    let text = text.to_ascii_lowercase();
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (amount, unit) = text.split_at_checked(digits)?;
    let factor: u64 = match unit.trim_start() {
        "" | "b" => 1,
        "k" | "kb" | "kib" => 1 << 10,
        "m" | "mb" | "mib" => 1 << 20,
        "g" | "gb" | "gib" => 1 << 30,
        _ => return None,
    };
    let bytes = amount.parse::<u64>().ok()?.checked_mul(factor)?;
    // Sizes are also stored and compared as `i64`.
    (bytes > 0 && i64::try_from(bytes).is_ok()).then_some(bytes)
}

/// `10/min`: how many in which time.
pub(super) fn rate(text: &str) -> Option<Rate> {
    let (amount, unit) = text.split_once('/')?;
    let seconds = match unit.trim().to_ascii_lowercase().as_str() {
        "s" | "sec" | "second" => 1,
        "m" | "min" | "minute" => 60,
        "h" | "hour" => 3600,
        "d" | "day" => 86_400,
        _ => return None,
    };
    Some(Rate { count: count(amount.trim())?, per: Duration::from_secs(seconds) })
}

/// Seconds that a tool may take by itself; every run is ended after `TOOL_TIMEOUT`.
pub(super) fn tool_seconds(text: &str) -> Option<Duration> {
    let seconds = number(text).filter(|seconds| (1..=100).contains(seconds))?;
    Some(Duration::from_secs(seconds.into()))
}

/// The items of a comma list, blanks around them dropped; an empty item is refused.
pub(super) fn list<T>(text: &str, parse: impl Fn(&str) -> Option<T>) -> Option<Vec<T>> {
    text.split(',').map(|item| parse(item.trim())).collect()
}

/// An http(s) address without credentials, query and fragment.
pub(super) fn web_address(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let plain = matches!(url.scheme(), "http" | "https")
        && url.has_host()
        && url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none();
    plain.then_some(url)
}

/// An http(s) origin: an address without a path.
pub(super) fn origin(text: &str) -> Option<Origin> {
    let url = web_address(text)?;
    (url.path() == "/").then(|| Origin(url.origin().ascii_serialization()))
}

/// `PUBLIC_URL`: an origin and the path under which Sayso is served. A path may hold only what needs no escaping
/// anywhere, since it stands in every address of every page.
pub(super) fn public_url(text: &str) -> Option<PublicUrl> {
    let url = web_address(text)?;
    let prefix = url.path().trim_end_matches('/');
    let plain = prefix.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/-_.~".contains(&byte));
    let host = url.host_str()?.to_owned();
    (plain && !prefix.contains("//")).then(|| PublicUrl {
        secure: url.scheme() == "https",
        authority: url.port().map_or_else(|| host.clone(), |port| format!("{host}:{port}")),
        origin: Origin(url.origin().ascii_serialization()),
        prefix: prefix.to_owned(),
    })
}

/// Something one can listen on: an address or a host's name.
pub(super) fn host(text: &str) -> Option<String> {
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    if let Ok(address) = bare.parse::<IpAddr>() {
        return Some(address.to_string());
    }
    match Host::parse(text).ok()? {
        // `Host` reads "1" and "0x7f.1" as addresses; whoever wrote that meant something else.
        Host::Domain(name) => Some(name),
        Host::Ipv4(_) | Host::Ipv6(_) => None,
    }
}

/// `127.0.0.1`, `10.0.0.0/8`, `fd00::/8`.
pub(super) fn network(text: &str) -> Option<Network> {
    let (address, bits) = match text.split_once('/') {
        Some((address, bits)) => (address, Some(bits)),
        None => (text, None),
    };
    let address: IpAddr = address.parse().ok()?;
    let widest = if address.is_ipv4() { 32 } else { 128 };
    let bits = match bits {
        Some(bits) => u8::try_from(number(bits)?).ok().filter(|bits| *bits <= widest)?,
        None => widest,
    };
    Network::new(address, bits)
}

/// `sqlite:PATH` or `postgres://…`. Nothing else: a mistyped scheme must never become the name of a new, empty file.
pub(super) fn database(text: &str) -> Option<DatabaseUrl> {
    if let Some(path) = text.strip_prefix("sqlite:") {
        // sqlite:///var/x.db is the absolute path, sqlite://x.db the relative one, as other tools have it.
        let path = path.strip_prefix("//").unwrap_or(path);
        // SQLite itself reads `file:` and `:memory:` in another way, and a `?` would begin parameters.
        let plain = !path.is_empty() && !path.starts_with([':', '?']) && !path.starts_with("file:");
        return (plain && !path.contains(['?', '\0'])).then(|| DatabaseUrl::Sqlite(PathBuf::from(path)));
    }
    let postgres = text.starts_with("postgres://") || text.starts_with("postgresql://");
    let config = text.parse::<tokio_postgres::Config>().ok().filter(|_| postgres)?;
    (!config.get_hosts().is_empty()).then(|| DatabaseUrl::Postgres(SecretString::from(text)))
}

/// `LOG_LEVEL`: a level or directives for an `EnvFilter`. That filter itself would read the mistyped `inof` as the
/// name of a module to be logged in full.
pub(super) fn log_level(text: &str) -> Option<String> {
    let level = |word: &str| {
        ["off", "error", "warn", "info", "debug", "trace"].contains(&word.trim().to_ascii_lowercase().as_str())
    };
    let known = text.split(',').all(|part| level(part) || part.split_once('=').is_some_and(|(_, word)| level(word)));
    let valid = known && tracing_subscriber::EnvFilter::try_new(text).is_ok();
    valid.then(|| text.to_ascii_lowercase())
}

/// A tenant's short name: 1 to 63 small letters, digits and inner hyphens.
pub(super) fn slug(text: &str) -> Option<String> {
    let good = (1..=63).contains(&text.len())
        && !text.starts_with('-')
        && !text.ends_with('-')
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    good.then(|| text.to_owned())
}

/// A key that is to be sent in a header: visible ASCII.
pub(super) fn header_safe(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// The name of a model: no blanks or control characters, since it stands in addresses and lists.
pub(super) fn model(text: &str) -> Option<String> {
    let good = text.len() <= 200 && !text.chars().any(|c| c.is_whitespace() || c.is_control());
    good.then(|| text.to_owned())
}
