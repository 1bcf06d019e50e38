//! Passwords: what is accepted, how they are hashed, and that guessing them stays dear.
//!
//! bcrypt reads at most 72 bytes and many of its implementations stop at a NUL byte, so the password is first brought
//! to 44 plain ASCII bytes: base64 of HMAC-SHA256 under a fixed label. Nothing is cut off silently, and the label keeps
//! plain SHA-256 digests that leaked elsewhere from being tried in place of passwords ("password shucking").
//! The label is public; it is no pepper.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;
use tokio::sync::Semaphore;

use crate::error::{Code, Error, Refusal, Result};

/// Characters of a password at least: the floor of NIST SP 800-63B (§ 3.1.1, passwords); the rate limit on sign-ins
/// makes it hold. There are no rules about kinds of characters, as that document advises.
pub const SHORTEST: usize = 8;

/// Bytes of a password at most: enough for any sentence, too few to make hashing costly.
pub const LONGEST: usize = 1024;

/// 2^12 rounds: about a quarter of a second. Builds for tests, which sign thousands of people in, take a sixteenth of that.
const COST: u32 = if cfg!(debug_assertions) { 8 } else { 12 };

/// How many are hashed at once, at most; each takes a whole processor.
const RUNNING: usize = 2;

/// How many more may wait. Beyond them the answer is no: whoever waits longer has given up.
const WAITING: usize = 64;

/// Changing it voids every password.
const LABEL: &[u8] = b"sayso/1/password";

/// The rest of a hash, after its cost, that no password is known to have; of the same work as a real one.
const NOBODY: &str = "$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW";

/// Refuses what cannot be a new password.
pub fn check(password: &SecretString) -> Result<()> {
    let password = password.expose_secret();
    let refusal = || Refusal::new(Code::InvalidPayload).about("password");
    if password.chars().count() < SHORTEST {
        return Err(refusal().saying("password-too-short").with("minimum", SHORTEST).into());
    }
    if password.len() > LONGEST {
        return Err(refusal().saying("password-too-long").with("maximum", LONGEST).into());
    }
    Ok(())
}

/// Hashes and verifies, a few at a time. Clones share the queue.
#[derive(Clone)]
pub struct Passwords {
    cost: u32,
    /// One permit for each that runs or waits; whoever finds none is refused.
    places: Arc<Semaphore>,
    /// One permit for each that runs.
    running: Arc<Semaphore>,
    /// How often bcrypt was run.
    runs: Arc<AtomicU64>,
}

impl Default for Passwords {
    fn default() -> Self {
        Self::with(COST, RUNNING, WAITING)
    }
}

impl Passwords {
    /// The queue of the server; make one and clone it.
    pub fn new() -> Self {
        Self::default()
    }

    fn with(cost: u32, running: usize, waiting: usize) -> Self {
        Self {
            cost,
            places: Arc::new(Semaphore::new(running + waiting)),
            running: Arc::new(Semaphore::new(running)),
            runs: Arc::default(),
        }
    }

    /// The hash to store (60 ASCII characters, `$2b$12$…`) of a password that passed [`check`]; what would not pass is refused
    /// here as well. `rate_limited` if too many wait.
    pub async fn hash(&self, password: SecretString) -> Result<String> {
        check(&password)?;
        let cost = self.cost;
        self.queued(move || bcrypt::non_truncating_hash(prepared(&password), cost)).await
    }

    /// Whether the password is the one of the hash. `None`, for an address that nobody has or that has no password,
    /// takes the same work and is never right: the time of an answer does not tell who has an account.
    /// `rate_limited` if too many wait.
    pub async fn verify(&self, hash: Option<&str>, password: SecretString) -> Result<bool> {
        let known = hash.is_some();
        let hash = hash.map_or_else(|| format!("$2b${:02}{NOBODY}", self.cost), str::to_owned);
        // A longer one is nobody's, but costs as much.
        let acceptable = password.expose_secret().len() <= LONGEST;
        let same = self.queued(move || bcrypt::non_truncating_verify(prepared(&password), &hash)).await?;
        Ok(same & known & acceptable)
    }

    /// How often bcrypt was run since the start.
    pub fn runs(&self) -> u64 {
        self.runs.load(Ordering::Relaxed)
    }

    /// Runs on a thread that may block. The permits go with the work, not with the caller: a caller who leaves does
    /// not make room while the processor is still busy for it.
    async fn queued<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> bcrypt::BcryptResult<T> + Send + 'static,
    ) -> Result<T> {
        let place = Arc::clone(&self.places).try_acquire_owned().map_err(|_| Error::from(Code::RateLimited))?;
        let turn = Arc::clone(&self.running).acquire_owned().await.map_err(Error::internal)?;
        let runs = Arc::clone(&self.runs);
        let task = tokio::task::spawn_blocking(move || {
            runs.fetch_add(1, Ordering::Relaxed);
            let result = work();
            drop((turn, place));
            result
        });
        task.await.map_err(Error::internal)?.map_err(Error::internal)
    }
}

/// The 44 bytes that bcrypt gets.
fn prepared(password: &SecretString) -> String {
    // Only a fixed-size key can have a wrong length, and HMAC's has any.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(LABEL) else { unreachable!("HMAC takes keys of any length") };
    mac.update(password.expose_secret().as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cheap() -> Passwords {
        Passwords::with(4, 2, 2)
    }

    fn secret(text: impl Into<String>) -> SecretString {
        SecretString::from(text.into())
    }

    #[tokio::test]
    async fn a_password_opens_its_own_hash_only() {
        let passwords = cheap();
        let hash = passwords.hash(secret("correct horse")).await.unwrap();
        assert!(hash.starts_with("$2b$04$") && hash.len() == 60, "{hash}");
        assert_ne!(hash, passwords.hash(secret("correct horse")).await.unwrap(), "salted");
        assert!(passwords.verify(Some(&hash), secret("correct horse")).await.unwrap());
        for wrong in ["Correct horse", "correct horse ", "correct hors", ""] {
            assert!(!passwords.verify(Some(&hash), secret(wrong)).await.unwrap(), "{wrong}");
        }
    }

    #[tokio::test]
    async fn nothing_is_cut_off() {
        let passwords = cheap();
        for (own, other) in
            [("x".repeat(72) + "a", "x".repeat(72) + "b"), ("before\0after".into(), "before\0afte!".into())]
        {
            let hash = passwords.hash(secret(&own)).await.unwrap();
            assert!(passwords.verify(Some(&hash), secret(own)).await.unwrap());
            assert!(!passwords.verify(Some(&hash), secret(other)).await.unwrap());
        }
    }

    #[tokio::test]
    async fn an_unknown_address_costs_as_much_work() {
        let passwords = cheap();
        assert!(!passwords.verify(None, secret("correct horse")).await.unwrap());
        assert_eq!(passwords.runs(), 1);
        assert!(!passwords.verify(None, secret("x".repeat(LONGEST + 1))).await.unwrap());
        assert_eq!(passwords.runs(), 2);
        let real: bcrypt::HashParts = format!("$2b${COST:02}{NOBODY}").parse().unwrap();
        assert_eq!(real.get_cost(), COST);
    }

    #[tokio::test]
    async fn a_damaged_hash_is_a_fault_and_not_a_wrong_password() {
        let error = cheap().verify(Some("$2b$"), secret("correct horse")).await.unwrap_err();
        assert_eq!(error.code(), None);
    }

    #[tokio::test]
    async fn beyond_the_queue_the_answer_is_no() {
        let passwords = cheap();
        let busy = Arc::clone(&passwords.running).acquire_many_owned(2).await.unwrap();
        let waiting: Vec<_> = (0..4)
            .map(|_| {
                let passwords = passwords.clone();
                tokio::spawn(async move { passwords.verify(None, secret("x")).await })
            })
            .collect();
        while passwords.places.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        let refused = passwords.verify(None, secret("x")).await.unwrap_err();
        assert_eq!((refused.code(), passwords.runs()), (Some(Code::RateLimited), 0));
        drop(busy);
        for task in waiting {
            assert!(!task.await.unwrap().unwrap());
        }
        assert_eq!((passwords.runs(), passwords.places.available_permits()), (4, 4));
    }

    #[test]
    fn new_passwords_are_neither_short_nor_endless() {
        for good in ["12345678", "ééééé éé", &"x".repeat(LONGEST)] {
            assert!(check(&secret(good)).is_ok(), "{good}");
        }
        for bad in ["", "1234567", "ééééééé", &"x".repeat(LONGEST + 1)] {
            assert_eq!(check(&secret(bad)).unwrap_err().code(), Some(Code::InvalidPayload), "{bad}");
        }
    }
}
