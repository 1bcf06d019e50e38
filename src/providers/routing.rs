//! Who is asked, and what follows when it fails before its first token. Pure: the loop with its waits stands where
//! every model call is made.
//!
//! Bounds: [`ATTEMPTS`] a provider; no wait longer than [`LONGEST_WAIT`], or [`LONGEST_WAIT_BESIDE_OTHERS`] while
//! another provider is left to ask; nothing is tried again at the same provider once [`RETRY_WITHIN`] has gone by since
//! it was first asked. An attempt has [`FIRST_TOKEN`] until its first token, or [`FIRST_TOKEN_BESIDE_OTHERS`]; a reply
//! that has begun may be silent for [`SILENCE`].

use std::{sync::Arc, time::Duration};

use super::{Provider, ProviderError, ProviderErrorKind};

/// The most attempts at one provider in one call.
pub const ATTEMPTS: u32 = 3;
/// The longest wait before a provider is tried again, where no other is left: what is asked beyond it, the person waits
/// for, not the call.
pub const LONGEST_WAIT: Duration = Duration::from_secs(20);
/// The longest wait before a provider is tried again, where another one could answer meanwhile.
pub const LONGEST_WAIT_BESIDE_OTHERS: Duration = Duration::from_secs(3);
/// How long after its first attempt a provider may be tried again.
pub const RETRY_WITHIN: Duration = Duration::from_secs(45);
/// How long a provider may take until its first token, whatever else it sends to keep the connection open.
pub const FIRST_TOKEN: Duration = Duration::from_secs(300);
/// The same, where another one could answer meanwhile.
pub const FIRST_TOKEN_BESIDE_OTHERS: Duration = Duration::from_secs(60);
/// How long nothing may come of a reply that has begun.
pub const SILENCE: Duration = Duration::from_secs(300);
/// The wait before the second attempt where the server names none; it triples with each.
const FIRST_WAIT: Duration = Duration::from_millis(300);

/// A provider that may answer a call, and with which model.
#[derive(Clone)]
pub struct Candidate {
    /// The provider.
    pub provider: Arc<dyn Provider>,
    /// The model's name there; the provider's configured one without.
    pub model: Option<String>,
}

impl Candidate {
    /// The name of the model that is asked for.
    pub fn model(&self) -> &str {
        self.model.as_deref().unwrap_or(self.provider.model())
    }
}

impl std::fmt::Debug for Candidate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.provider.name(), self.model())
    }
}

/// What follows a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// The same provider once more, after a wait.
    Retry(Duration),
    /// The next provider, now.
    GoOn,
    /// The call has failed.
    Fail,
}

/// What follows when an attempt failed before its first token.
///
/// `attempt` counts from 1, `elapsed` since this provider was first asked in this call, `has_other` says whether
/// another provider is left, `jitter` is random from 0 to 1.
pub fn next(error: &ProviderError, attempt: u32, elapsed: Duration, has_other: bool, jitter: f64) -> Next {
    let give_up = if has_other { Next::GoOn } else { Next::Fail };
    match error.kind {
        // Every provider would be sent the same.
        ProviderErrorKind::ContextTooLong => return Next::Fail,
        // What one refuses or answers with nonsense, another may understand; the same one never will.
        ProviderErrorKind::InvalidResponse | ProviderErrorKind::Unauthorized | ProviderErrorKind::Balance => {
            return give_up;
        }
        ProviderErrorKind::RateLimited
        | ProviderErrorKind::Unavailable
        | ProviderErrorKind::Overloaded
        | ProviderErrorKind::Interrupted => {}
    }
    let wait = match error.retry_after {
        // A little later than asked, each caller at another moment.
        Some(asked) => asked.saturating_add(FIRST_WAIT.mul_f64(jitter.clamp(0.0, 1.0))),
        None => FIRST_WAIT
            .saturating_mul(3_u32.saturating_pow(attempt.saturating_sub(1)))
            .mul_f64(0.5 + 0.5 * jitter.clamp(0.0, 1.0)),
    };
    let longest = if has_other { LONGEST_WAIT_BESIDE_OTHERS } else { LONGEST_WAIT };
    let too_long = error.retry_after.unwrap_or(wait) > longest || elapsed.saturating_add(wait) > RETRY_WITHIN;
    if attempt >= ATTEMPTS || too_long { give_up } else { Next::Retry(wait) }
}

/// The wait that a provider names in its words alone: “try again in 20s”, “retry after 1m30s”, “in 2.5 seconds”.
pub fn wait_in_words(words: &str) -> Option<Duration> {
    let words = words.to_ascii_lowercase();
    let begins = ["try again in ", "retry in ", "retry after ", "wait ", "available in "];
    let rest = begins.iter().find_map(|begin| Some(words.split_once(begin)?.1))?;
    let (mut rest, mut total) = (rest.trim_start(), None);
    // Number and unit, as often as they follow one another.
    while let Some(length) = rest.find(|c: char| !c.is_ascii_digit() && c != '.').filter(|length| *length > 0) {
        let (number, after) = rest.split_at_checked(length)?;
        let after = after.trim_start();
        let unit = after.get(..after.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(after.len()))?;
        let seconds = match unit {
            "ms" | "millisecond" | "milliseconds" => 0.001,
            "s" | "sec" | "secs" | "second" | "seconds" => 1.0,
            "m" | "min" | "mins" | "minute" | "minutes" => 60.0,
            "h" | "hour" | "hours" => 3600.0,
            _ => break,
        };
        let wait = Duration::try_from_secs_f64(number.parse::<f64>().ok()? * seconds).ok()?;
        total = Some(total.unwrap_or(Duration::ZERO).saturating_add(wait));
        rest = after.get(unit.len()..)?.trim_start_matches([' ', ',']);
        rest = rest.strip_prefix("and ").unwrap_or(rest);
    }
    total.filter(|total: &Duration| *total <= Duration::from_secs(24 * 60 * 60))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ProviderErrorKind::*;

    const S: fn(u64) -> Duration = Duration::from_secs;
    const MS: fn(u64) -> Duration = Duration::from_millis;

    #[test]
    fn what_follows_a_failure() {
        let table = [
            // kind, retry_after, attempt, elapsed, has_other, what follows
            (Overloaded, None, 1, S(0), false, Next::Retry(MS(300))),
            (Overloaded, None, 2, S(1), false, Next::Retry(MS(900))),
            (Overloaded, None, 3, S(2), false, Next::Fail),
            (Overloaded, None, 1, S(0), true, Next::Retry(MS(300))),
            (Overloaded, None, 3, S(2), true, Next::GoOn),
            (Unavailable, None, 1, S(0), true, Next::Retry(MS(300))),
            (Interrupted, None, 1, S(0), true, Next::Retry(MS(300))),
            (RateLimited, Some(S(2)), 1, S(0), false, Next::Retry(MS(2300))),
            (RateLimited, Some(S(2)), 1, S(0), true, Next::Retry(MS(2300))),
            (RateLimited, Some(S(3)), 1, S(0), true, Next::Retry(MS(3300))),
            (RateLimited, Some(S(4)), 1, S(0), true, Next::GoOn),
            (RateLimited, Some(S(4)), 1, S(0), false, Next::Retry(MS(4300))),
            (RateLimited, Some(S(20)), 1, S(0), false, Next::Retry(MS(20_300))),
            (RateLimited, Some(S(21)), 1, S(0), false, Next::Fail),
            (RateLimited, Some(Duration::MAX), 1, S(0), false, Next::Fail),
            (RateLimited, Some(S(20)), 2, S(30), false, Next::Fail),
            (Unavailable, None, 1, S(300), false, Next::Fail),
            (Unavailable, None, 1, S(300), true, Next::GoOn),
            (Unauthorized, None, 1, S(0), true, Next::GoOn),
            (Unauthorized, None, 1, S(0), false, Next::Fail),
            (Balance, Some(S(1)), 1, S(0), true, Next::GoOn),
            (Balance, None, 1, S(0), false, Next::Fail),
            (ContextTooLong, None, 1, S(0), true, Next::Fail),
            (InvalidResponse, None, 1, S(0), true, Next::GoOn),
            (InvalidResponse, None, 1, S(0), false, Next::Fail),
        ];
        for (kind, retry_after, attempt, elapsed, has_other, follows) in table {
            let error = ProviderError { retry_after, ..ProviderError::new(kind, "x", "") };
            let found = next(&error, attempt, elapsed, has_other, 1.0);
            assert_eq!(found, follows, "{kind:?} {retry_after:?} {attempt} {elapsed:?} {has_other}");
        }
    }

    #[test]
    fn jitter_spreads_the_waits_within_their_bounds() {
        let error = ProviderError::new(Overloaded, "x", "");
        assert_eq!(next(&error, 1, S(0), false, 0.0), Next::Retry(MS(150)));
        assert_eq!(next(&error, 1, S(0), false, 7.0), Next::Retry(MS(300)));
        let asked = ProviderError { retry_after: Some(S(1)), ..error };
        assert_eq!(next(&asked, 1, S(0), false, 0.0), Next::Retry(S(1)), "never sooner than asked");
    }

    #[test]
    fn a_wait_is_found_in_words() {
        for (words, wait) in [
            ("Rate limit reached for x. Please try again in 20s. Visit y", Some(S(20))),
            ("Please try again in 1m30.5s.", Some(MS(90_500))),
            ("please TRY AGAIN in 250ms", Some(MS(250))),
            ("Please retry after 7 seconds", Some(S(7))),
            ("try again in 2 minutes and 3 seconds", Some(S(123))),
            ("try again in 6h, 1m", Some(S(6 * 3600 + 60))),
            ("try again in 20", None),
            ("try again in a moment", None),
            ("try again in 999h", None),
            ("try again in 1.2.3s", None),
            ("wait 5 apples", None),
            ("Overloaded", None),
            ("", None),
        ] {
            assert_eq!(wait_in_words(words), wait, "{words}");
        }
    }
}
