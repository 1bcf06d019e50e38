//! Tokens that say when they were made: `Z` and the microsecond of the bench in seven digits of base 36. They pass
//! through JSON, Markdown and HTML as they are, so that whoever reads bytes finds them without parsing anything.

use std::{
    sync::LazyLock,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";

/// How long a stamp is.
pub const LENGTH: usize = 8;

/// Names the microsecond at which the bench began to the roles that it starts: theirs is the same clock. Seven digits last
/// for 21 hours from there.
pub const BEGAN_VARIABLE: &str = "SAYSO_BENCH_BEGAN";

static BEGAN: LazyLock<u64> = LazyLock::new(|| match std::env::var(BEGAN_VARIABLE) {
    Ok(began) => began.parse().unwrap(),
    Err(_) => microseconds(SystemTime::now().duration_since(UNIX_EPOCH).unwrap()),
});

/// When the bench began, in microseconds of Unix time.
pub fn began() -> u64 {
    *BEGAN
}

/// The microsecond of now, as stamps count it.
pub fn now() -> u64 {
    microseconds(SystemTime::now().duration_since(UNIX_EPOCH).unwrap()).saturating_sub(began())
}

fn microseconds(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap()
}

/// A stamp of that time.
pub fn write(mut time: u64) -> String {
    let mut digits = [b'Z'; LENGTH];
    for digit in digits[1..].iter_mut().rev() {
        *digit = DIGITS[usize::try_from(time % 36).unwrap()];
        time /= 36;
    }
    String::from_utf8(digits.to_vec()).unwrap()
}

fn read(digits: &[u8]) -> Option<u64> {
    let value = |digit: &u8| DIGITS.iter().position(|known| known == digit);
    digits.iter().try_fold(0, |time, digit| Some(time * 36 + value(digit)? as u64))
}

/// Finds the stamps in a stream of bytes. A page is sent its open block again and again: what is not newer than the newest
/// stamp so far was seen.
#[derive(Default)]
pub struct Scanner {
    newest: u64,
    /// The end of the last bytes, in which a stamp may have begun.
    rest: Vec<u8>,
}

impl Scanner {
    /// Takes more bytes; `found` is told each new stamp.
    pub fn scan(&mut self, bytes: &[u8], mut found: impl FnMut(u64)) {
        let joined;
        let all = if self.rest.is_empty() {
            bytes
        } else {
            self.rest.extend_from_slice(bytes);
            joined = std::mem::take(&mut self.rest);
            &joined
        };
        for place in memchr::memchr_iter(b'Z', all) {
            let Some((end, digits)) = all.get(place + 1..=place + LENGTH).and_then(<[u8]>::split_last) else {
                self.rest = all[place..].to_vec();
                break;
            };
            // What goes on is some other word: a key in a form, say.
            let stamp = read(digits).filter(|stamp| *stamp > self.newest && b" *<".contains(end));
            if let Some(stamp) = stamp {
                self.newest = stamp;
                found(stamp);
            }
        }
    }
}
