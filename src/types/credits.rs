//! Credits: integers of a millionth of a credit; no floating point touches money.

use std::{fmt, str::FromStr};

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

/// The text was no amount of credits.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("an amount of credits has digits, and after a point at most six more")]
pub struct InvalidCredits;

/// An exact decimal, such as `3` or `0.075`: no sign, no exponent.
impl FromStr for Credits {
    type Err = InvalidCredits;

    fn from_str(text: &str) -> Result<Self, InvalidCredits> {
        let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(whole) || !digits(part) || part.len() > 6 {
            return Err(InvalidCredits);
        }
        let whole: i64 = whole.parse().map_err(|_| InvalidCredits)?;
        let part: i64 = format!("{part:0<6}").parse().map_err(|_| InvalidCredits)?;
        whole.checked_mul(Self::ONE).and_then(|whole| whole.checked_add(part)).map(Self).ok_or(InvalidCredits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_exactly() {
        for (text, credits) in
            [("3", 3_000_000), ("0.075", 75_000), ("1.000001", 1_000_001), ("0", 0), ("00.5", 500_000)]
        {
            assert_eq!(text.parse(), Ok(Credits(credits)), "{text}");
        }
        for wrong in ["", "-1", "+1", "1e3", ".5", "5.", "0.0000001", "inf", "nan", "1,5", " 1", "9223372036855"] {
            assert_eq!(wrong.parse::<Credits>(), Err(InvalidCredits), "{wrong}");
        }
    }

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
