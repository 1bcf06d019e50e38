//! How values compare, and how paths lead to them: as in MongoDB, over JSON.

use std::cmp::Ordering;

use serde_json::{Map, Number, Value};

/// The order of kinds: null (and what is missing), numbers, strings, objects, lists, booleans.
fn kind(value: &Value) -> u8 {
    match value {
        Value::Null => 0,
        Value::Number(_) => 1,
        Value::String(_) => 2,
        Value::Object(_) => 3,
        Value::Array(_) => 4,
        Value::Bool(_) => 5,
    }
}

/// The order of all values: by kind, then by value. Objects compare entry by entry in their own order: `{a, b}` and
/// `{b, a}` differ.
pub fn compare(one: &Value, other: &Value) -> Ordering {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => compare_numbers(one, other),
        (Value::String(one), Value::String(other)) => one.as_bytes().cmp(other.as_bytes()),
        (Value::Bool(one), Value::Bool(other)) => one.cmp(other),
        (Value::Array(one), Value::Array(other)) => {
            let differ = one.iter().zip(other).map(|(one, other)| compare(one, other));
            differ.into_iter().find(|order| order.is_ne()).unwrap_or_else(|| one.len().cmp(&other.len()))
        }
        (Value::Object(one), Value::Object(other)) => compare_objects(one, other),
        _ => kind(one).cmp(&kind(other)),
    }
}

fn compare_objects(one: &Map<String, Value>, other: &Map<String, Value>) -> Ordering {
    let entries = one.iter().zip(other).map(|((key, value), (other_key, other_value))| {
        kind(value)
            .cmp(&kind(other_value))
            .then_with(|| key.as_bytes().cmp(other_key.as_bytes()))
            .then_with(|| compare(value, other_value))
    });
    entries.into_iter().find(|order| order.is_ne()).unwrap_or_else(|| one.len().cmp(&other.len()))
}

/// Exact also where a number is too large for a double.
fn compare_numbers(one: &Number, other: &Number) -> Ordering {
    match (integer(one), integer(other)) {
        (Some(one), Some(other)) => one.cmp(&other),
        (Some(one), None) => compare_mixed(one, float(other)),
        (None, Some(other)) => compare_mixed(other, float(one)).reverse(),
        (None, None) => float(one).partial_cmp(&float(other)).unwrap_or(Ordering::Equal),
    }
}

/// The number, if it is written as a whole one.
pub fn integer(number: &Number) -> Option<i128> {
    number.as_i64().map(i128::from).or_else(|| number.as_u64().map(i128::from))
}

/// The number as a double; JSON has no NaN.
pub fn float(number: &Number) -> f64 {
    number.as_f64().unwrap_or_default()
}

/// `integer` is within 64 bits and a sign.
#[allow(clippy::cast_possible_truncation, reason = "a double below 2^65 without its fraction is a whole number")]
fn compare_mixed(integer: i128, float: f64) -> Ordering {
    const BEYOND: f64 = 36_893_488_147_419_103_232.0;
    if float >= BEYOND {
        return Ordering::Less;
    }
    if float <= -BEYOND {
        return Ordering::Greater;
    }
    let whole = float.trunc();
    integer.cmp(&(whole as i128)).then_with(|| 0.0_f64.partial_cmp(&(float - whole)).unwrap_or(Ordering::Equal))
}

/// Whether two values are equal as filters see it: `1` and `1.0` are.
pub fn equal(one: &Value, other: &Value) -> bool {
    compare(one, other).is_eq()
}

/// Whether `$gt` and its like compare these at all: values of one kind do.
pub fn comparable(one: &Value, other: &Value) -> bool {
    kind(one) == kind(other)
}

/// A dotted path: `address.city`, `items.0.name`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Path {
    text: String,
}

impl Path {
    /// The most steps of a path.
    pub const MAX_STEPS: usize = 32;

    /// Reads a path; `Err` says what is wrong.
    pub fn parse(text: &str) -> Result<Self, String> {
        let shown: String = text.chars().take(80).collect();
        if text.split('.').any(str::is_empty) {
            return Err(format!("`{shown}` is no path of fields: it has an empty part."));
        }
        if text.split('.').any(|step| step.starts_with('$')) {
            return Err(format!("`{shown}` is no path of fields: names of fields do not begin with $."));
        }
        if text.split('.').count() > Self::MAX_STEPS {
            return Err(format!("`{shown}` is too long a path: the most is {} fields.", Self::MAX_STEPS));
        }
        Ok(Self { text: text.to_owned() })
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Its steps.
    pub fn steps(&self) -> Vec<&str> {
        self.text.split('.').collect()
    }

    /// Whether one of the two leads through the other.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.text.split('.').zip(other.text.split('.')).all(|(one, other)| one == other)
    }

    /// What it leads to: each object in a list on the way is gone into, and a number is also a place in a list.
    /// `None` stands for an object, or a value that is no list, in which the next field is missing.
    pub fn values<'a>(&self, document: &'a Value) -> Vec<Option<&'a Value>> {
        let mut found = Vec::new();
        follow(document, &self.steps(), &mut found);
        found
    }
}

fn follow<'a>(value: &'a Value, steps: &[&str], found: &mut Vec<Option<&'a Value>>) {
    let Some((step, rest)) = steps.split_first() else {
        found.push(Some(value));
        return;
    };
    match value {
        Value::Object(object) => match object.get(*step) {
            Some(value) => follow(value, rest, found),
            None => found.push(None),
        },
        Value::Array(items) => {
            for item in items.iter().filter(|item| item.is_object()) {
                follow(item, steps, found);
            }
            // A list within a list is entered by its place alone.
            if let Some(item) = place(step).and_then(|place| items.get(place))
                && (rest.is_empty() || item.is_object() || item.is_array())
            {
                follow(item, rest, found);
            }
        }
        _ => found.push(None),
    }
}

/// A step as a place in a list: digits without a leading zero.
pub fn place(step: &str) -> Option<usize> {
    let digits = !step.is_empty() && step.bytes().all(|byte| byte.is_ascii_digit());
    if digits && (step == "0" || !step.starts_with('0')) { step.parse().ok() } else { None }
}

/// How deep objects and lists stand in one another; a scalar has none.
pub fn depth(value: &Value) -> usize {
    // No document is deeper than a parser lets it be.
    match value {
        Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        Value::Object(object) => 1 + object.values().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}
