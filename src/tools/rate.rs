//! How often a person's tools may run, each tool by itself. Each instance counts for itself.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use governor::{
    DefaultKeyedRateLimiter, Quota, RateLimiter,
    clock::{Clock as _, DefaultClock},
};

use super::ToolError;
use crate::{config::Rate, types::UserId};

/// After so many questions, what has fully recovered is forgotten.
const SWEEP_EVERY: u32 = 1024;

/// The counts of all people and tools. Cheap to clone. Its size is bounded by the people who used a tool of late.
#[derive(Clone)]
pub struct Rates {
    inner: Arc<Inner>,
}

struct Inner {
    limiter: DefaultKeyedRateLimiter<(UserId, Arc<str>)>,
    clock: DefaultClock,
    asked: AtomicU32,
}

impl Rates {
    /// By `RATE_TOOLS`.
    pub fn new(rate: Rate) -> Self {
        let each = rate.per.checked_div(rate.count.get()).filter(|each| !each.is_zero());
        let quota = Quota::with_period(each.unwrap_or(Duration::from_nanos(1)))
            .unwrap_or_else(|| Quota::per_second(rate.count))
            .allow_burst(rate.count);
        let clock = DefaultClock::default();
        let limiter = RateLimiter::dashmap_with_clock(quota, clock.clone());
        Self { inner: Arc::new(Inner { limiter, clock, asked: AtomicU32::new(0) }) }
    }

    /// Counts a run of the tool for the person.
    ///
    /// # Errors
    /// `rate_limited`, with the time after which it may run again.
    pub fn count(&self, person: UserId, tool: &Arc<str>) -> Result<(), ToolError> {
        if self.inner.asked.fetch_add(1, Ordering::Relaxed) % SWEEP_EVERY == SWEEP_EVERY - 1 {
            self.inner.limiter.retain_recent();
            self.inner.limiter.shrink_to_fit();
        }
        self.inner.limiter.check_key(&(person, Arc::clone(tool))).map_err(|not_until| {
            let wait = not_until.wait_time_from(self.inner.clock.now());
            // Rounded up: who comes back on time must not be refused again.
            let seconds = (wait.as_secs() + u64::from(wait.subsec_nanos() > 0)).max(1);
            ToolError::new("rate_limited", format!("{tool} ran too often of late. It may run again in {seconds} s."))
        })
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU32;

    use super::*;

    #[test]
    fn each_person_has_a_rate_for_each_tool() {
        let rates = Rates::new(Rate { count: NonZeroU32::new(2).unwrap(), per: Duration::from_secs(3600) });
        let (one, other) = (UserId::new(), UserId::new());
        let (fetch, search): (Arc<str>, Arc<str>) = ("fetch_url".into(), "web_search".into());
        rates.count(one, &fetch).unwrap();
        rates.count(one, &fetch).unwrap();
        let error = rates.count(one, &fetch).unwrap_err();
        assert_eq!(error.code, "rate_limited");
        assert!(error.message.contains("1800 s") || error.message.contains("1799 s"), "{}", error.message);
        rates.count(one, &search).unwrap();
        rates.count(other, &fetch).unwrap();
    }
}
