//! How far a person's say-so reaches when it is given beforehand: grants always have a count, an end and a bound.

use std::{fmt, str::FromStr, time::Duration};

use percent_encoding::percent_decode_str;
use serde::{Deserialize, Serialize};

use super::GrantId;

/// The most calls a grant may be for.
pub const GRANT_MAX_COUNT: u32 = 50;

/// The longest a grant may last: 24 hours.
pub const GRANT_MAX_TIME: Duration = Duration::from_secs(24 * 3600);

/// How long a grant lasts if nothing is said of it: an hour.
const GRANT_TIME: Duration = Duration::from_secs(3600);

/// What calls a grant covers, of the one tool that it is for.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "kind", content = "value", rename_all = "snake_case")]
pub enum Bound {
    /// Only calls with exactly the arguments that were approved. What tools have that declare nothing else.
    Same,
    /// Whatever lies below this folder of the workspace; without `/` at its end.
    Below(String),
    /// This origin: scheme, host and port, as in `https://example.org`.
    Host(String),
}

impl Bound {
    /// Whether a person who names a bound means this one. A host may be named without its scheme.
    pub fn is_meant_by(&self, wanted: &Bound) -> bool {
        match (self, wanted) {
            (Self::Host(origin), Self::Host(name)) => {
                origin == name || origin.split_once("://").is_some_and(|(_, host)| host == name)
            }
            (one, other) => one == other,
        }
    }
}

/// By what a call runs that nobody was asked about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum Authority {
    /// The tenant's rule for the tool, pinned to its fingerprint.
    Rule,
    /// A grant of the person.
    Grant {
        /// Which.
        id: GrantId,
        /// What it covers.
        bound: Bound,
        /// Which of its calls this was, from 1.
        used: i32,
        /// How many it was given for.
        count: i32,
    },
}

/// What a grant covers beside its bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GrantScope {
    /// The conversation in which it was given.
    Conversation,
    /// All conversations of the person in the tenant.
    Person,
}

/// What a person wants remembered with an approval: `count=N`, `for=1h`, `below=PATH`, `host=NAME`,
/// `scope=conversation` or `person`, in any order, joined by blanks; values may be percent-encoded. Without `below` and
/// `host` it is for the same arguments; it lasts an hour in the conversation unless it says otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remember {
    /// For how many more calls; 1 to [`GRANT_MAX_COUNT`].
    pub count: u32,
    /// For how long; at most [`GRANT_MAX_TIME`].
    pub time: Duration,
    /// For which.
    pub bound: Bound,
    /// Where.
    pub scope: GrantScope,
}

/// It is none of what [`Remember`] reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotToRemember;

impl fmt::Display for NotToRemember {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a count of 1 to 50, a time of at most 24h, and at most one of below and host")
    }
}

impl FromStr for Remember {
    type Err = NotToRemember;

    fn from_str(text: &str) -> Result<Self, NotToRemember> {
        let (mut count, mut time, mut bound, mut scope) = (None, None, None, None);
        for pair in text.split_whitespace() {
            let (key, value) = pair.split_once('=').ok_or(NotToRemember)?;
            let value = percent_decode_str(value).decode_utf8().map_err(|_| NotToRemember)?.into_owned();
            // Each at most once: of two counts nobody could say which was meant.
            match key {
                "count" => once(&mut count, value.parse().map_err(|_| NotToRemember)?)?,
                "for" => once(&mut time, duration(&value)?)?,
                "below" => once(&mut bound, Bound::Below(value.trim_end_matches('/').to_owned()))?,
                "host" => once(&mut bound, Bound::Host(value))?,
                "scope" if value == "conversation" => once(&mut scope, GrantScope::Conversation)?,
                "scope" if value == "person" => once(&mut scope, GrantScope::Person)?,
                _ => return Err(NotToRemember),
            }
        }
        let count = count.filter(|count| (1..=GRANT_MAX_COUNT).contains(count)).ok_or(NotToRemember)?;
        let time = time.unwrap_or(GRANT_TIME);
        if time.is_zero() || time > GRANT_MAX_TIME {
            return Err(NotToRemember);
        }
        let (bound, scope) = (bound.unwrap_or(Bound::Same), scope.unwrap_or(GrantScope::Conversation));
        Ok(Self { count, time, bound, scope })
    }
}

fn once<T>(place: &mut Option<T>, value: T) -> Result<(), NotToRemember> {
    match place.replace(value) {
        None => Ok(()),
        Some(_) => Err(NotToRemember),
    }
}

/// `30s`, `15m`, `1h`.
fn duration(text: &str) -> Result<Duration, NotToRemember> {
    let unit = text.chars().last().ok_or(NotToRemember)?;
    let seconds = match unit {
        's' => 1,
        'm' => 60,
        'h' => 3600,
        _ => return Err(NotToRemember),
    };
    let number: u64 = text.trim_end_matches(unit).parse().map_err(|_| NotToRemember)?;
    number.checked_mul(seconds).map(Duration::from_secs).ok_or(NotToRemember)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_to_be_remembered() {
        let hour = Duration::from_secs(3600);
        let of = |count, time, bound, scope| Ok(Remember { count, time, bound, scope });
        let here = GrantScope::Conversation;
        for (text, read) in [
            ("count=5", of(5, hour, Bound::Same, here)),
            ("count=5 for=15m", of(5, hour / 4, Bound::Same, here)),
            ("for=24h  count=50 scope=person", of(50, hour * 24, Bound::Same, GrantScope::Person)),
            ("count=1 below=notes/", of(1, hour, Bound::Below("notes".into()), here)),
            ("count=1 below=my%20notes", of(1, hour, Bound::Below("my notes".into()), here)),
            ("count=1 host=example.org:8443", of(1, hour, Bound::Host("example.org:8443".into()), here)),
            // What is encoded is a value, whatever it looks like.
            ("count=1 below=a%20scope=person", of(1, hour, Bound::Below("a scope=person".into()), here)),
        ] {
            assert_eq!(text.parse(), read, "{text}");
        }
        for wrong in [
            "",
            "for=1h",
            "count=0",
            "count=51",
            "count=-1",
            "count=x",
            "count=5 count=5",
            "count=5 for=25h",
            "count=5 for=0s",
            "count=5 for=1d",
            "count=5 for=h",
            "count=5 for=",
            "count=5 for=99999999999999999999h",
            "count=5 below=a host=b",
            "count=5 scope=tenant",
            "count=5 always",
            "count=5 forever=1",
            "count=5 below=%ff",
            "count=5 below=my notes",
        ] {
            assert_eq!(wrong.parse::<Remember>(), Err(NotToRemember), "{wrong}");
        }
    }

    #[test]
    fn a_host_may_be_named_without_its_scheme() {
        let offered = Bound::Host("https://example.org".into());
        assert!(offered.is_meant_by(&Bound::Host("example.org".into())));
        assert!(offered.is_meant_by(&offered));
        for other in ["http://example.org", "example.org:443", "example.com", "org", ""] {
            assert!(!offered.is_meant_by(&Bound::Host(other.into())), "{other}");
        }
        assert!(!Bound::Below("a".into()).is_meant_by(&Bound::Below("a/b".into())));
        assert!(!Bound::Below("a".into()).is_meant_by(&Bound::Same));
    }
}
