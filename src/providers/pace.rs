//! How often a reply is read. What comes faster than anybody reads is taken together, so that a reply costs by the time it
//! takes and not by the token; and where many replies are read at once, pieces that come more slowly go in pairs.

use std::{
    sync::{
        LazyLock,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::time::{Instant, sleep_until};

/// How long after words of a reply it is read again, if not much comes.
const PAUSE: Duration = Duration::from_millis(40);

/// The same if more than [`FAST`] pieces a second come: nobody sees the difference, and it costs half as much.
pub(super) const PAUSE_FAST: Duration = Duration::from_millis(100);

/// Pieces in a second.
const FAST: f64 = 30.0;

/// How long a piece waits at the most for the next where [`MANY`] replies are read, if the next is likely to come meanwhile.
const HOLD: Duration = Duration::from_millis(72);

/// Pieces in a second, of which two fall into [`HOLD`], though it ends at the beat before.
const PAIRED: f64 = 19.0;

/// Replies are read again at the beats of a common clock: a thread that is woken for one of them reads all that are due, and
/// who follows them is woken once as well.
const BEAT: Duration = Duration::from_millis(20);

/// Replies that are read at once by this process.
pub(super) const MANY: usize = 100;

static REPLIES: AtomicUsize = AtomicUsize::new(0);

/// When the clock of the beats began.
static BEGAN: LazyLock<Instant> = LazyLock::new(Instant::now);

/// The pace of one reply. It is counted among those that are read until it is dropped.
pub(super) struct Pace {
    /// Pieces in a second, of late.
    rate: f64,
    /// When words were read last, if any were.
    last_read: Option<Instant>,
    /// When more is read, if words have just come.
    next_read: Option<Instant>,
}

impl Pace {
    /// Of a reply that begins. Its first words wait for nothing.
    pub fn new() -> Self {
        REPLIES.fetch_add(1, Ordering::Relaxed);
        Self { rate: 0.0, last_read: None, next_read: None }
    }

    /// Whether words have come.
    pub fn has_begun(&self) -> bool {
        self.last_read.is_some()
    }

    /// Waits until it is time to look for more.
    pub async fn wait(&mut self) {
        if let Some(next_read) = self.next_read.take() {
            sleep_until(next_read).await;
        }
    }

    /// Lets more come to what has just come, where that is worth it.
    pub async fn hold(&self) {
        if holds(self.rate, REPLIES.load(Ordering::Relaxed)) {
            sleep_until(*BEGAN + beat(Instant::now() + HOLD - *BEGAN)).await;
        }
    }

    /// So many pieces were read at once. How fast they come is known from the second time on. Where there is more to be read,
    /// it is read at once: a reply may come as fast as it likes.
    pub fn took(&mut self, pieces: usize, has_more: bool) {
        if pieces == 0 {
            self.next_read = None;
            return;
        }
        let now = Instant::now();
        if let Some(last_read) = self.last_read.replace(now) {
            let rate = pieces as f64 / (now - last_read).as_secs_f64().max(0.001);
            self.rate = f64::midpoint(self.rate, rate);
        }
        // What was held has waited enough.
        let is_held = holds(self.rate, REPLIES.load(Ordering::Relaxed));
        self.next_read = (!is_held && !has_more).then(|| *BEGAN + beat(now + pause(self.rate) - *BEGAN));
    }
}

impl Drop for Pace {
    fn drop(&mut self) {
        REPLIES.fetch_sub(1, Ordering::Relaxed);
    }
}

fn pause(rate: f64) -> Duration {
    if rate > FAST { PAUSE_FAST } else { PAUSE }
}

/// The last beat up to that time.
fn beat(time: Duration) -> Duration {
    let whole = time.as_millis() / BEAT.as_millis() * BEAT.as_millis();
    u64::try_from(whole).map_or(time, Duration::from_millis)
}

fn holds(rate: f64, replies: usize) -> bool {
    replies >= MANY && rate > PAIRED && rate <= FAST
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_soon_after_each_other_is_read_together() {
        let of = |millis| beat(Duration::from_millis(millis)).as_millis();
        assert_eq!([of(0), of(19), of(20), of(39), of(1045)], [0, 0, 20, 20, 1040]);
    }

    #[tokio::test]
    async fn how_fast_words_come_is_not_told_from_the_first() {
        let mut pace = Pace::new();
        pace.took(0, false);
        assert!(!pace.has_begun() && pace.next_read.is_none());
        pace.took(1, false);
        assert!(pace.has_begun());
        let due = |pace: &Pace| pace.next_read.unwrap() - Instant::now();
        assert!(due(&pace) <= PAUSE, "{:?}", due(&pace));
        for _ in 0..2 {
            pace.wait().await;
            pace.took(10, false);
        }
        assert!(due(&pace) > PAUSE, "{:?}", due(&pace));
        pace.took(100, true);
        assert!(pace.next_read.is_none());
    }

    #[test]
    fn each_rate_has_its_pause() {
        for (rate, replies, paused, held) in [
            (0.0, 1, 40, false),
            (20.0, 99, 40, false),
            (50.0, 1, 100, false),
            (5.0, 1000, 40, false),
            (16.0, 1000, 40, false),
            (20.0, 100, 40, true),
            (30.0, 1000, 40, true),
            (31.0, 1000, 100, false),
        ] {
            assert_eq!(pause(rate), Duration::from_millis(paused), "{rate}");
            assert_eq!(holds(rate, replies), held, "{rate} of {replies}");
        }
    }
}
