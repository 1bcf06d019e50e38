//! How long a provider asks to wait, in each form in which servers say so.

use std::time::Duration;

use chrono::{DateTime, Utc};
use reqwest::header::HeaderMap;

/// The longest wait a provider may ask for; more is taken as this.
pub(super) const MAX_RETRY_AFTER: Duration = Duration::from_secs(24 * 60 * 60);

/// How long the provider asks to wait: `retry-after-ms`, or `retry-after` in seconds or as a date.
pub fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let asked = text(headers, "retry-after-ms").and_then(|text| seconds(text, 0.001)).or_else(|| {
        let text = text(headers, "retry-after")?;
        seconds(text, 1.0).or_else(|| {
            let until = DateTime::parse_from_rfc2822(text).ok()?.with_timezone(&Utc);
            Some((until - Utc::now()).to_std().unwrap_or_default())
        })
    });
    asked.map(|wait| wait.min(MAX_RETRY_AFTER))
}

/// How long to wait after a limit of requests or tokens was reached: `retry-after`; else what the error says
/// (“Please try again in 1m12.5s”); else when the limit that is used up starts anew (`x-ratelimit-reset-requests`,
/// `x-ratelimit-reset-tokens`, as durations, and OpenRouter's `x-ratelimit-reset`, a time).
pub fn wait(headers: &HeaderMap, words: &str) -> Option<Duration> {
    let used_up = |what: &str| {
        let remaining = text(headers, &format!("x-ratelimit-remaining-{what}"))?;
        let reset = text(headers, &format!("x-ratelimit-reset-{what}"))?;
        remaining.parse::<f64>().is_ok_and(|left| left <= 0.0).then(|| duration(reset)).flatten()
    };
    retry_after(headers)
        .or_else(|| told(words))
        .or_else(|| used_up("requests").max(used_up("tokens")))
        .or_else(|| until(text(headers, "x-ratelimit-reset")?))
        .map(|wait| wait.min(MAX_RETRY_AFTER))
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok().map(str::trim)
}

fn seconds(text: &str, unit: f64) -> Option<Duration> {
    let seconds = text.parse::<f64>().ok()? * unit;
    (seconds.is_finite() && seconds >= 0.0).then(|| Duration::from_secs_f64(seconds.min(1e6)))
}

/// `20s`, `6m0s`, `2m59.56s`, `348ms`, `1h2m3s`, or seconds without a unit.
fn duration(text: &str) -> Option<Duration> {
    if let Some(whole) = seconds(text, 1.0) {
        return Some(whole);
    }
    let (mut rest, mut sum) = (text, Duration::ZERO);
    while !rest.is_empty() {
        let digits = rest.find(|character: char| !character.is_ascii_digit() && character != '.')?;
        let (number, after) = rest.split_at_checked(digits)?;
        let letters = after.find(|character: char| !character.is_ascii_alphabetic()).unwrap_or(after.len());
        let (unit, after) = after.split_at_checked(letters)?;
        let unit = match unit {
            "ms" => 0.001,
            "s" | "sec" | "second" | "seconds" => 1.0,
            "m" | "min" | "minute" | "minutes" => 60.0,
            "h" => 3600.0,
            "d" => 86400.0,
            _ => return None,
        };
        sum = sum.saturating_add(seconds(number, unit)?);
        rest = after;
    }
    (!text.is_empty()).then_some(sum)
}

/// What stands after “try again in” or “retry in”.
fn told(words: &str) -> Option<Duration> {
    let words = words.to_ascii_lowercase();
    let after = ["try again in ", "retry in ", "retry after "].iter().find_map(|phrase| words.split_once(phrase))?.1;
    let mut parts = after.split_whitespace();
    let first = parts.next()?.trim_end_matches(['.', ',', ';', '!', ')']);
    let unit = parts.next().map(|unit| unit.trim_matches(|character: char| !character.is_ascii_alphabetic()));
    match unit {
        // “20 seconds”, “1 minute”
        Some(unit) if first.parse::<f64>().is_ok() => duration(&format!("{first}{unit}")).or_else(|| duration(first)),
        _ => duration(first),
    }
}

/// A moment in milliseconds or seconds since 1970.
fn until(text: &str) -> Option<Duration> {
    let number = text.parse::<i64>().ok()?;
    // Less than this is a number of seconds to wait; seconds since 1970 have ten digits, milliseconds thirteen.
    let moment = match number {
        ..0 => return None,
        0..1_000_000_000 => return seconds(text, 1.0),
        1_000_000_000..100_000_000_000 => DateTime::from_timestamp(number, 0)?,
        _ => DateTime::from_timestamp_millis(number)?,
    };
    Some((moment - Utc::now()).to_std().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    #[test]
    fn a_wait_is_read_in_each_form() {
        let wait = |name: &'static str, value: &str| retry_after(&headers(&[(name, value)]));
        assert_eq!(wait("retry-after", "3"), Some(Duration::from_secs(3)));
        assert_eq!(wait("retry-after", " 0.5 "), Some(Duration::from_millis(500)));
        assert_eq!(wait("retry-after-ms", "250"), Some(Duration::from_millis(250)));
        assert_eq!(wait("retry-after", "Fri, 31 Dec 1999 23:59:59 GMT"), Some(Duration::ZERO));
        let later = (Utc::now() + chrono::Duration::seconds(90)).to_rfc2822();
        assert!(wait("retry-after", &later).is_some_and(|wait| (80..=90).contains(&wait.as_secs())));
        for wrong in ["", "soon", "-1", "NaN", "inf"] {
            assert_eq!(wait("retry-after", wrong), None, "{wrong}");
        }
        assert_eq!(wait("retry-after", "1e300"), Some(MAX_RETRY_AFTER));
    }

    #[test]
    fn a_limit_says_when_it_ends() {
        let seconds =
            |pairs: &[(&'static str, &str)], words: &str| wait(&headers(pairs), words).map(|wait| wait.as_secs_f64());
        assert_eq!(seconds(&[], "Limit 3, Used 3. Please try again in 20s. Visit"), Some(20.0));
        assert_eq!(seconds(&[], "Please try again in 1m12.5s."), Some(72.5));
        assert_eq!(seconds(&[], "Please try again in 348ms."), Some(0.348));
        assert_eq!(seconds(&[], "Please retry in 23.5s."), Some(23.5));
        assert_eq!(seconds(&[], "Rate limit reached, try again in 2 minutes."), Some(120.0));
        assert_eq!(seconds(&[], "Retry after 7 seconds"), Some(7.0));
        assert_eq!(seconds(&[], "Retry after 7"), Some(7.0));
        assert_eq!(seconds(&[], "try again in a while"), None);
        assert_eq!(seconds(&[], "try again in "), None);
        let limits = [
            ("x-ratelimit-remaining-requests", "0"),
            ("x-ratelimit-reset-requests", "6m0s"),
            ("x-ratelimit-remaining-tokens", "1200"),
            ("x-ratelimit-reset-tokens", "2m59.56s"),
        ];
        assert_eq!(seconds(&limits, ""), Some(360.0));
        assert_eq!(seconds(&limits, "try again in 20s"), Some(20.0));
        assert_eq!(seconds(&[("retry-after", "2"), limits[0], limits[1]], "try again in 20s"), Some(2.0));
        assert_eq!(seconds(&limits[2..], ""), None);
        let soon = (Utc::now().timestamp_millis() + 60_000).to_string();
        assert!(seconds(&[("x-ratelimit-reset", &soon)], "").is_some_and(|wait| (50.0..=60.0).contains(&wait)));
        assert_eq!(seconds(&[("x-ratelimit-reset", "12")], ""), Some(12.0));
        assert_eq!(seconds(&[("x-ratelimit-reset", "1000000000")], ""), Some(0.0));
        for wrong in ["", "1x", "x", "1..2s", "-3s"] {
            assert_eq!(duration(wrong), None, "{wrong}");
        }
    }
}
