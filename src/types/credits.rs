//! Credits: integers of a millionth of a credit; no floating point touches money.

use std::fmt;

use serde::{Deserialize, Serialize};

/// An amount in millionths of a credit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Credits(pub i64);

impl Credits {
    /// Millionths in one credit.
    pub const ONE: i64 = 1_000_000;

    /// The price of `tokens` at `per_thousand` credits per 1,000 tokens, rounded up to the next millionth;
    /// a sum beyond the range of `i64` stays at its end.
    pub fn for_tokens(tokens: i64, per_thousand: Credits) -> Self {
        let exact = i128::from(tokens.max(0)) * i128::from(per_thousand.0.max(0));
        Self(i64::try_from(exact.div_euclid(1000) + i128::from(exact % 1000 != 0)).unwrap_or(i64::MAX))
    }
}

impl std::ops::Add for Credits {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

/// An exact decimal without trailing zeros: `1.25`, `0`, `-0.000001`.
impl fmt::Display for Credits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (sign, value) = (if self.0 < 0 { "-" } else { "" }, self.0.unsigned_abs());
        let (whole, part) = (value / Self::ONE.unsigned_abs(), value % Self::ONE.unsigned_abs());
        if part == 0 {
            return write!(f, "{sign}{whole}");
        }
        let part = format!("{part:06}");
        write!(f, "{sign}{whole}.{}", part.trim_end_matches('0'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_are_rounded_up_and_written_exactly() {
        for (tokens, per_thousand, price) in
            [(0, 5, 0), (1, 1, 1), (1000, 7, 7), (1001, 7, 8), (-5, 7, 0), (i64::MAX, i64::MAX, i64::MAX)]
        {
            assert_eq!(Credits::for_tokens(tokens, Credits(per_thousand)), Credits(price), "{tokens} × {per_thousand}");
        }
        for (credits, text) in [(0, "0"), (1_250_000, "1.25"), (-1, "-0.000001"), (3_000_000, "3")] {
            assert_eq!(Credits(credits).to_string(), text);
        }
    }
}
