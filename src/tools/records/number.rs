//! Numbers that are kept as they are written: those that an integer of 64 bits or a double holds to the digit. All
//! others are refused where they come in, since the first change of such a document would write them otherwise.

use serde_json::Number;

use super::value::integer;

/// The most characters of a number that are told.
const TOLD: usize = 60;

/// A decimal number: its digits without zeros at either end, and the power of ten that the last of them stands for.
#[derive(Debug, PartialEq, Eq)]
struct Decimal {
    is_negative: bool,
    digits: String,
    exponent: i64,
}

impl Decimal {
    /// Reads a number as JSON writes it; `None` if its exponent is out of all bounds.
    fn of(text: &str) -> Option<Self> {
        let (is_negative, text) = text.strip_prefix('-').map_or((false, text), |text| (true, text));
        let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all = format!("{whole}{fraction}");
        let digits = all.trim_end_matches('0');
        let moved = i64::try_from(all.len() - digits.len()).ok()? - i64::try_from(fraction.len()).ok()?;
        let exponent = exponent.parse::<i64>().ok()?.checked_add(moved)?;
        let digits = digits.trim_start_matches('0').to_owned();
        // Zero has no last digit.
        let exponent = if digits.is_empty() { i64::MAX } else { exponent };
        Some(Self { is_negative, digits, exponent })
    }

    /// How many times `10^exponent` it is; `None` if that is too much to reckon with.
    fn times(&self, exponent: i64) -> Option<i128> {
        if self.digits.is_empty() {
            return Some(0);
        }
        let places = u32::try_from(self.exponent.checked_sub(exponent)?).ok()?;
        let times = self.digits.parse::<i128>().ok()?.checked_mul(10_i128.checked_pow(places)?)?;
        Some(if self.is_negative { -times } else { times })
    }
}

/// Whether a number, as JSON writes it, is kept to the digit.
pub fn holds(text: &str) -> bool {
    if text.parse::<i64>().is_ok() || text.parse::<u64>().is_ok() {
        return true;
    }
    // By the parser that reads what is stored, and as it will be written: of two shortest ways the standard library may
    // take the other.
    let written = serde_json::from_str::<f64>(text).ok().and_then(|double| serde_json::to_string(&double).ok());
    let written = written.and_then(|written| Decimal::of(&written));
    written.is_some() && written == Decimal::of(text)
}

/// Whether all numbers of a JSON text are kept to the digit; `Err` names the first that is not.
pub fn check(text: &str) -> Result<(), String> {
    let mut rest = text;
    while let Some(begin) = rest.find(|letter: char| matches!(letter, '"' | '-' | '0'..='9')) {
        let (_, from) = rest.split_at(begin);
        let (token, after) = from.split_at(end(from));
        if !token.starts_with('"') && !holds(token) {
            let mut shown: String = token.chars().take(TOLD).collect();
            if shown.len() < token.len() {
                shown.push('…');
            }
            return Err(format!("The number {shown} would lose digits. Give it as a string, in quotes."));
        }
        rest = after;
    }
    Ok(())
}

/// Where the string or the number ends that a text begins with.
fn end(text: &str) -> usize {
    if !text.starts_with('"') {
        return text.find(|letter| !matches!(letter, '0'..='9' | '+' | '-' | '.' | 'e' | 'E')).unwrap_or(text.len());
    }
    let mut is_escaped = false;
    for (place, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'"' => return place + 1,
            _ => {}
        }
    }
    text.len()
}

/// The sum to the digit; `None` if that is no number that is kept so. Whole numbers stay whole.
pub fn add(one: &Number, other: &Number) -> Option<Number> {
    if let (Some(one), Some(other)) = (integer(one), integer(other)) {
        let sum = one.checked_add(other)?;
        return i64::try_from(sum).map(Number::from).or_else(|_| u64::try_from(sum).map(Number::from)).ok();
    }
    let (one, other) = (Decimal::of(&one.to_string())?, Decimal::of(&other.to_string())?);
    let exponent = one.exponent.min(other.exponent);
    let sum = match one.times(exponent)?.checked_add(other.times(exponent)?)? {
        0 => "0.0".to_owned(),
        sum => format!("{sum}e{exponent}"),
    };
    if !holds(&sum) {
        return None;
    }
    Number::from_f64(serde_json::from_str(&sum).ok()?)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn numbers_that_would_lose_digits_are_not_held() {
        for (text, held) in [
            ("0", true),
            ("-0", true),
            ("-0.0", true),
            ("0e5", true),
            ("1.50", true),
            ("1e2", true),
            ("1E+2", true),
            ("19.99", true),
            ("-19.9900", true),
            ("0.1", true),
            ("0.30000000000000004", true),
            ("9007199254740993", true),
            ("9007199254740993.0", false),
            ("-9223372036854775808", true),
            ("-9223372036854775809", false),
            ("18446744073709551615", true),
            ("18446744073709551616", false),
            ("100000000000000000000", true),
            ("1e22", true),
            ("1.7976931348623157e308", true),
            ("1.79769313486231571e308", false),
            ("1e309", false),
            ("5e-324", true),
            ("1e-400", false),
            ("0.1000000000000000000001", false),
            ("19.990000000000000000001", false),
            ("12345678901234567890123", false),
            ("1e99999999999999999999", false),
        ] {
            assert_eq!(holds(text), held, "{text}");
        }
    }

    #[test]
    fn the_first_number_that_would_lose_digits_is_named() {
        for good in [
            "{}",
            r#"{"a":[1,-2.5,true,null,{"b":1e3}]}"#,
            r#"{"12345678901234567890123":"12345678901234567890123"}"#,
            r#"{"a":"\"19.990000000000000000001\\","é":"\\"}"#,
        ] {
            assert_eq!(check(good), Ok(()), "{good}");
        }
        for (text, named) in [
            (r#"{"n":12345678901234567890123,"m":0.1000000000000000000001}"#, "The number 12345678901234567890123 "),
            (r#"{"s":"\\","l":[1,{"p":19.990000000000000000001}]}"#, "The number 19.990000000000000000001 "),
            (&format!("{{\"n\":{}}}", "7".repeat(500)), &format!("The number {}… ", "7".repeat(60))),
        ] {
            let words = check(text).unwrap_err();
            assert!(words.starts_with(named) && words.contains("as a string"), "{words}");
        }
    }

    #[test]
    fn sums_are_those_of_the_digits() {
        for (one, other, sum) in [
            (json!(0.1), json!(0.2), Some("0.3")),
            (json!(19.99), json!(0.01), Some("20.0")),
            (json!(1), json!(0.5), Some("1.5")),
            (json!(1.5), json!(-1.5), Some("0.0")),
            (json!(0.0), json!(1e300), Some("1e+300")),
            (json!(0.0), json!(0), Some("0.0")),
            (json!(u64::MAX), json!(-1), Some("18446744073709551614")),
            (json!(u64::MAX), json!(1), None),
            (json!(i64::MIN), json!(-1), None),
            (json!(9_007_199_254_740_993_u64), json!(0.5), None),
            (json!(1e300), json!(1), None),
            (json!(1e16), json!(0.001), None),
            (json!(1.7e308), json!(1.7e308), None),
        ] {
            let (Value::Number(one), Value::Number(other)) = (&one, &other) else { panic!("no numbers") };
            assert_eq!(add(one, other).map(|sum| sum.to_string()).as_deref(), sum, "{one} and {other}");
            assert_eq!(add(one, other), add(other, one), "{one} and {other}");
        }
    }

    proptest! {
        #[test]
        fn what_was_written_here_is_held(double in any::<f64>(), whole in any::<i64>()) {
            for value in [json!(double), json!(whole)] {
                prop_assert_eq!(check(&value.to_string()), Ok(()));
                prop_assert_eq!(serde_json::from_str::<Value>(&value.to_string()).unwrap(), value);
            }
        }

        #[test]
        fn no_text_breaks_it(text in any::<String>()) {
            let _ = check(&text);
        }
    }
}
