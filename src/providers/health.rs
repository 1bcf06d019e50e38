//! Which providers are left out for a while, because they keep failing. Per process, and forgotten at a restart.
//!
//! Three attempts in a row that fail leave a provider out for [`FIRST`], each further one for twice as long, at most
//! [`LONGEST`]; a refused key or an empty balance does so at once. When the time is over, one call tries it again while
//! the others still pass it by; its success heals it, its failure leaves it out for longer.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

use super::{ProviderError, ProviderErrorKind};

/// So many failures in a row leave a provider out.
const FAILURES: u32 = 3;
/// How long it is left out the first time.
const FIRST: Duration = Duration::from_secs(10);
/// How long it is left out at most.
const LONGEST: Duration = Duration::from_secs(300);
/// How long the others wait for the one call that tries it again. A call that came to no end by then is forgotten.
const TRIAL: Duration = Duration::from_secs(30);

/// How a provider stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// Why: what its last failure was.
    pub why: ProviderErrorKind,
    /// For how long still.
    pub remaining: Duration,
}

#[derive(Clone, Copy, Debug)]
struct Standing {
    failures: u32,
    why: ProviderErrorKind,
    /// Nobody asks it before. Past: whoever comes next tries it.
    until: Option<Instant>,
}

/// How the providers stand.
#[derive(Debug, Default)]
pub struct Health {
    standings: Mutex<HashMap<&'static str, Standing>>,
}

impl Health {
    /// Whether a call may go to this provider now. Of one that was left out until now, the first who asks may try it.
    pub fn admit(&self, provider: &str, now: Instant) -> bool {
        let mut standings = self.standings.lock().unwrap_or_else(PoisonError::into_inner);
        match standings.get_mut(provider) {
            Some(Standing { until: Some(until), .. }) if *until > now => false,
            Some(Standing { until: Some(until), .. }) => {
                *until = now + TRIAL;
                true
            }
            _ => true,
        }
    }

    /// Whether it is left out now, and why.
    pub fn left_out(&self, provider: &str, now: Instant) -> Option<LeftOut> {
        let standings = self.standings.lock().unwrap_or_else(PoisonError::into_inner);
        let standing = standings.get(provider)?;
        let remaining = standing.until?.checked_duration_since(now).filter(|remaining| !remaining.is_zero())?;
        Some(LeftOut { why: standing.why, remaining })
    }

    /// What its last failure was, if nothing went well since.
    pub fn last_failure(&self, provider: &str) -> Option<ProviderErrorKind> {
        let standings = self.standings.lock().unwrap_or_else(PoisonError::into_inner);
        standings.get(provider).map(|standing| standing.why)
    }

    /// It answered: whatever was, is over.
    pub fn succeeded(&self, provider: &str) {
        self.standings.lock().unwrap_or_else(PoisonError::into_inner).remove(provider);
    }

    /// An attempt failed before its first token. A request that was refused as invalid says nothing of the provider.
    pub fn failed(&self, provider: &'static str, error: &ProviderError, now: Instant) {
        let at_once = match error.kind {
            // Who counts the tokens of a request has taken the key.
            ProviderErrorKind::ContextTooLong => return self.succeeded(provider),
            ProviderErrorKind::InvalidResponse => return,
            ProviderErrorKind::Unauthorized | ProviderErrorKind::Balance => true,
            ProviderErrorKind::RateLimited
            | ProviderErrorKind::Unavailable
            | ProviderErrorKind::Overloaded
            | ProviderErrorKind::Interrupted => false,
        };
        let mut standings = self.standings.lock().unwrap_or_else(PoisonError::into_inner);
        let standing = standings.entry(provider).or_insert(Standing { failures: 0, why: error.kind, until: None });
        standing.failures = standing.failures.saturating_add(1);
        if at_once {
            standing.failures = standing.failures.max(FAILURES);
        }
        standing.why = error.kind;
        if let Some(doublings) = standing.failures.checked_sub(FAILURES) {
            let pause = FIRST.saturating_mul(2_u32.saturating_pow(doublings)).min(LONGEST);
            let asked = error.retry_after.unwrap_or_default().min(LONGEST);
            standing.until = Some(now + pause.max(asked));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: &str = "anthropic";

    fn fault(kind: ProviderErrorKind) -> ProviderError {
        ProviderError::new(kind, NAME, "x")
    }

    fn seconds(count: u64) -> Duration {
        Duration::from_secs(count)
    }

    #[test]
    fn who_keeps_failing_is_left_out_for_longer_and_longer_and_one_success_heals() {
        let (health, overloaded) = (Health::default(), fault(ProviderErrorKind::Overloaded));
        let mut now = Instant::now();
        for _ in 0..2 {
            health.failed(NAME, &overloaded, now);
            assert!(health.admit(NAME, now) && health.left_out(NAME, now).is_none());
        }
        for pause in [10, 20, 40, 80, 160, 300, 300] {
            health.failed(NAME, &overloaded, now);
            assert_eq!(
                health.left_out(NAME, now),
                Some(LeftOut { why: ProviderErrorKind::Overloaded, remaining: seconds(pause) })
            );
            assert!(!health.admit(NAME, now + seconds(pause) - Duration::from_millis(1)));
            now += seconds(pause);
            assert_eq!(health.left_out(NAME, now), None, "ready to be tried");
            assert!(health.admit(NAME, now), "it is tried again after {pause} s");
            assert!(!health.admit(NAME, now), "by one call alone");
            assert!(!health.admit(NAME, now + TRIAL - seconds(1)));
        }
        health.succeeded(NAME);
        assert!(health.admit(NAME, now) && health.admit(NAME, now));
        assert_eq!(health.last_failure(NAME), None);
        health.failed(NAME, &overloaded, now);
        assert!(health.admit(NAME, now), "the count begins anew");
    }

    #[test]
    fn a_trial_that_came_to_no_end_is_forgotten() {
        let (health, now) = (Health::default(), Instant::now());
        health.failed(NAME, &fault(ProviderErrorKind::Unauthorized), now);
        assert!(!health.admit(NAME, now));
        assert!(health.admit(NAME, now + FIRST));
        assert!(health.admit(NAME, now + FIRST + TRIAL));
    }

    #[test]
    fn a_refused_key_and_an_empty_balance_count_at_once_and_the_requests_own_faults_never() {
        let now = Instant::now();
        for (kind, left_out) in [
            (ProviderErrorKind::Unauthorized, true),
            (ProviderErrorKind::Balance, true),
            (ProviderErrorKind::RateLimited, false),
            (ProviderErrorKind::Unavailable, false),
            (ProviderErrorKind::Overloaded, false),
            (ProviderErrorKind::Interrupted, false),
            (ProviderErrorKind::ContextTooLong, false),
            (ProviderErrorKind::InvalidResponse, false),
        ] {
            let health = Health::default();
            health.failed(NAME, &fault(kind), now);
            assert_eq!(health.left_out(NAME, now).is_some(), left_out, "{kind:?}");
        }
        let health = Health::default();
        health.failed(NAME, &fault(ProviderErrorKind::Unauthorized), now);
        health.failed(NAME, &fault(ProviderErrorKind::ContextTooLong), now);
        assert!(health.admit(NAME, now), "who reads a request has taken the key");
    }

    #[test]
    fn a_longer_wait_that_the_server_asks_for_is_kept_within_the_bound() {
        for (asked, kept) in [(1, 10), (60, 60), (86_400, 300)] {
            let (health, now) = (Health::default(), Instant::now());
            let mut limited = fault(ProviderErrorKind::RateLimited);
            limited.retry_after = Some(seconds(asked));
            (0..3).for_each(|_| health.failed(NAME, &limited, now));
            assert_eq!(health.left_out(NAME, now).map(|left_out| left_out.remaining), Some(seconds(kept)));
        }
    }
}
