//! How often somebody may sign in or write.
//!
//! Each instance counts for itself: with several, a person has as many times the rate. What must hold over all of them
//! (budgets, fair shares) is counted in the database.

use std::{
    net::{IpAddr, Ipv6Addr},
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use governor::{
    Quota, RateLimiter,
    clock::{Clock, DefaultClock},
    middleware::NoOpMiddleware,
    state::keyed::DashMapStateStore,
};
use sha2::{Digest, Sha256};

use crate::{
    config::{Rate, Settings},
    error::{Code, Refusal, Result},
    types::UserId,
};

/// The argument of a `rate_limited` refusal that says in how many seconds to come back; also for its words.
pub const RETRY_AFTER: &str = "retry_after";

/// Keys that are remembered one by one. Beyond them strangers share [`SHARED`] places, so that someone with a great
/// many addresses can neither fill the memory nor shut out everybody at once.
const REMEMBERED: usize = 50_000;
const SHARED: u64 = 4096;

/// After so many questions, what has fully recovered is forgotten.
const SWEEP_EVERY: u32 = 1024;

/// The limits of this instance.
pub struct Limits<C: Clock + Clone = DefaultClock> {
    addresses: Keyed<C>,
    accounts: Keyed<C>,
    guests: Keyed<C>,
    people: Keyed<C>,
}

impl Limits {
    /// By `RATE_LOGIN` and `RATE_MESSAGES`.
    pub fn new(settings: &Settings) -> Self {
        Self::with_clock(settings, &DefaultClock::default())
    }
}

impl<C: Clock + Clone> Limits<C> {
    fn with_clock(settings: &Settings, clock: &C) -> Self {
        Self {
            addresses: Keyed::new(settings.rate_login, clock.clone(), REMEMBERED),
            accounts: Keyed::new(settings.rate_login, clock.clone(), REMEMBERED),
            guests: Keyed::new(settings.rate_login, clock.clone(), REMEMBERED),
            people: Keyed::new(settings.rate_messages, clock.clone(), REMEMBERED),
        }
    }

    /// Counts an attempt to sign in, or to use any other secret that can be guessed. `account` is what was typed;
    /// whether it exists plays no part. The address is asked first: who is over its limit there does not also use
    /// up the account of somebody else.
    pub fn sign_in(&self, address: IpAddr, account: &str) -> Result<()> {
        self.addresses.check(&address_key(address))?;
        self.accounts.check(account.trim().to_lowercase().as_bytes())
    }

    /// Counts somebody who comes in without an account.
    pub fn guest(&self, address: IpAddr) -> Result<()> {
        self.guests.check(&address_key(address))
    }

    /// Counts a message of a person, over all doors.
    pub fn message(&self, person: UserId) -> Result<()> {
        self.people.check(person.0.as_bytes())
    }
}

/// Who holds one IPv6 address holds all of its /64 (RFC 4291 § 2.5.1): they are counted as one.
fn address_key(address: IpAddr) -> Vec<u8> {
    match address.to_canonical() {
        IpAddr::V4(address) => address.octets().to_vec(),
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX)).octets().to_vec(),
    }
}

/// What is counted: a digest, so that a key of a megabyte takes no more room than another.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Key {
    One([u8; 32]),
    Shared(u64),
}

struct Keyed<C: Clock + Clone> {
    limiter: RateLimiter<Key, DashMapStateStore<Key>, C, NoOpMiddleware<C::Instant>>,
    clock: C,
    remembered: usize,
    asked: AtomicU32,
}

impl<C: Clock + Clone> Keyed<C> {
    fn new(rate: Rate, clock: C, remembered: usize) -> Self {
        let each =
            rate.per.checked_div(rate.count.get()).filter(|each| !each.is_zero()).unwrap_or(Duration::from_nanos(1));
        let quota = Quota::with_period(each).unwrap_or_else(|| Quota::per_second(rate.count)).allow_burst(rate.count);
        let limiter = RateLimiter::dashmap_with_clock(quota, clock.clone());
        Self { limiter, clock, remembered, asked: AtomicU32::new(0) }
    }

    fn check(&self, key: &[u8]) -> Result<()> {
        if self.asked.fetch_add(1, Ordering::Relaxed) % SWEEP_EVERY == SWEEP_EVERY - 1 {
            self.limiter.retain_recent();
            self.limiter.shrink_to_fit();
        }
        let digest: [u8; 32] = Sha256::digest(key).into();
        let key = if self.limiter.len() < self.remembered {
            Key::One(digest)
        } else {
            let first = digest.first_chunk().copied().map_or(0, u64::from_le_bytes);
            Key::Shared(first % SHARED)
        };
        self.limiter.check_key(&key).map_err(|not_until| {
            let wait = not_until.wait_time_from(self.clock.now());
            // Rounded up: who comes back on time must not be refused again.
            let seconds = (wait.as_secs() + u64::from(wait.subsec_nanos() > 0)).max(1);
            Refusal::new(Code::RateLimited).with(RETRY_AFTER, seconds).into()
        })
    }
}

#[cfg(test)]
mod tests {
    use governor::clock::FakeRelativeClock;

    use super::*;
    use crate::error::Error;

    fn limits(login: &str) -> (Limits<FakeRelativeClock>, FakeRelativeClock) {
        let clock = FakeRelativeClock::default();
        let settings = Settings::read(|name| (name == "RATE_LOGIN").then(|| login.to_owned()), None).unwrap();
        (Limits::with_clock(&settings, &clock), clock)
    }

    fn wait(result: Result<()>) -> Option<String> {
        match result {
            Ok(()) => None,
            Err(Error::Refused(refusal)) => {
                assert_eq!(refusal.code, Code::RateLimited);
                refusal.arguments.iter().find(|(name, _)| *name == RETRY_AFTER).map(|(_, value)| value.clone())
            }
            Err(error) => panic!("{error}"),
        }
    }

    #[test]
    fn an_address_has_its_rate_and_gets_it_back() {
        let (limits, clock) = limits("3/min");
        let address: IpAddr = "203.0.113.9".parse().unwrap();
        for account in ["a", "b", "c"] {
            assert_eq!(wait(limits.sign_in(address, account)), None);
        }
        assert_eq!(wait(limits.sign_in(address, "d")).as_deref(), Some("20"));
        assert_eq!(wait(limits.sign_in("203.0.113.10".parse().unwrap(), "d")), None);
        clock.advance(Duration::from_millis(19_500));
        assert_eq!(wait(limits.sign_in(address, "d")).as_deref(), Some("1"));
        clock.advance(Duration::from_millis(500));
        assert_eq!(wait(limits.sign_in(address, "d")), None);
    }

    #[test]
    fn an_account_is_guarded_over_many_addresses() {
        let (limits, _) = limits("2/min");
        let from = |last: u8| IpAddr::from([198, 51, 100, last]);
        assert_eq!(wait(limits.sign_in(from(1), "ada@example.org")), None);
        assert_eq!(wait(limits.sign_in(from(2), " Ada@Example.org")), None);
        assert!(wait(limits.sign_in(from(3), "ada@example.org")).is_some());
        assert_eq!(wait(limits.sign_in(from(3), "bob@example.org")), None);
    }

    #[test]
    fn a_network_of_64_bits_counts_as_one() {
        let key = |text: &str| address_key(text.parse().unwrap());
        assert_eq!(key("2001:db8::1"), key("2001:db8::ffff:1:2:3"));
        assert_ne!(key("2001:db8::1"), key("2001:db8:0:1::1"));
        assert_eq!(key("::ffff:192.0.2.1"), key("192.0.2.1"));
        assert_ne!(key("192.0.2.1"), key("192.0.2.2"));
    }

    #[test]
    fn memory_is_bounded_and_what_recovered_is_forgotten() {
        let clock = FakeRelativeClock::default();
        let settings = Settings::read(|_| None::<String>, None).unwrap();
        let keyed = Keyed::new(settings.rate_login, clock.clone(), 100);
        for number in 0..20_000_u32 {
            let _ = keyed.check(&number.to_le_bytes());
        }
        assert!(keyed.limiter.len() <= 100 + 4096, "{}", keyed.limiter.len());
        clock.advance(Duration::from_secs(3600));
        for _ in 0..SWEEP_EVERY {
            let _ = keyed.check(b"one");
        }
        // Before the sweep "one" shared a place, after it has one of its own.
        assert!(keyed.limiter.len() <= 2, "{}", keyed.limiter.len());
    }

    #[test]
    fn people_write_at_their_own_rate() {
        let (limits, _) = limits("1/min");
        let (one, other) = (UserId::new(), UserId::new());
        for _ in 0..30 {
            assert_eq!(wait(limits.message(one)), None);
        }
        assert_eq!(wait(limits.message(one)).as_deref(), Some("2"));
        assert_eq!(wait(limits.message(other)), None);
    }
}
