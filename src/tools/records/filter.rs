//! Filters: which documents are meant, in the customary operators.

use std::cmp::Ordering;

use regex::{Regex, RegexBuilder};
use serde_json::{Map, Value};

use super::value::{Path, comparable, compare, equal};

/// What a filter may be made of; told to whoever uses something else.
pub const OPERATORS: &str = "$eq, $ne, $gt, $gte, $lt, $lte, $in, $regex (with $options i, m, s, x), $not and $exists \
    on fields; $and and $or around filters";

/// The most conditions of a filter, so that one look at a document has a bound.
const MAX_CONDITIONS: usize = 100;

/// The most values of an `$in`.
const MAX_IN: usize = 1000;

/// The most bytes that a regular expression may take when it is made ready.
const REGEX_BYTES: usize = 1 << 20;

/// The deepest nesting of a regular expression.
const REGEX_DEPTH: u32 = 50;

/// A filter that was read.
#[derive(Clone, Debug)]
pub struct Filter {
    all: Vec<Clause>,
}

#[derive(Clone, Debug)]
enum Clause {
    Field(Path, Vec<Test>),
    And(Vec<Filter>),
    Or(Vec<Filter>),
}

#[derive(Clone, Debug)]
enum Test {
    Equal(Value),
    Unequal(Value),
    Order(fn(Ordering) -> bool, Value),
    In(Vec<Value>),
    Regex(Regex),
    Exists(bool),
    Not(Vec<Test>),
}

impl Filter {
    /// Reads a filter; `Err` says what is wrong with it.
    pub fn parse(filter: &Map<String, Value>) -> Result<Self, String> {
        Self::read(filter, &mut 0)
    }

    fn read(filter: &Map<String, Value>, conditions: &mut usize) -> Result<Self, String> {
        let mut all = Vec::with_capacity(filter.len());
        for (key, value) in filter {
            *conditions += 1;
            if *conditions > MAX_CONDITIONS {
                return Err(format!("The filter has more than {MAX_CONDITIONS} conditions."));
            }
            all.push(match key.as_str() {
                "$and" => Clause::And(Self::several(key, value, conditions)?),
                "$or" => Clause::Or(Self::several(key, value, conditions)?),
                operator if operator.starts_with('$') => return Err(unknown(operator)),
                path => Clause::Field(Path::parse(path)?, tests(path, value, conditions)?),
            });
        }
        Ok(Self { all })
    }

    fn several(operator: &str, value: &Value, conditions: &mut usize) -> Result<Vec<Self>, String> {
        let wrong = || format!("{operator} takes a list of filters, at least one.");
        let filters = value.as_array().filter(|filters| !filters.is_empty()).ok_or_else(wrong)?;
        filters.iter().map(|filter| Self::read(filter.as_object().ok_or_else(wrong)?, conditions)).collect()
    }

    /// Whether a document is meant.
    pub fn matches(&self, document: &Value) -> bool {
        self.all.iter().all(|clause| match clause {
            Clause::Field(path, tests) => {
                let found = path.values(document);
                tests.iter().all(|test| test.passes(&found))
            }
            Clause::And(filters) => filters.iter().all(|filter| filter.matches(document)),
            Clause::Or(filters) => filters.iter().any(|filter| filter.matches(document)),
        })
    }

    /// The values that a document must have to be meant: what an upsert begins with.
    pub fn equalities(&self) -> Vec<(&Path, &Value)> {
        let mut found = Vec::new();
        for clause in &self.all {
            match clause {
                Clause::Field(path, tests) => found.extend(tests.iter().filter_map(|test| match test {
                    Test::Equal(value) => Some((path, value)),
                    _ => None,
                })),
                Clause::And(filters) => found.extend(filters.iter().flat_map(Self::equalities)),
                // One alternative is none.
                Clause::Or(filters) => {
                    if let [filter] = filters.as_slice() {
                        found.extend(filter.equalities());
                    }
                }
            }
        }
        found
    }
}

fn unknown(operator: &str) -> String {
    let shown: String = operator.chars().take(40).collect();
    format!("There is no operator {shown} here. There are {OPERATORS}.")
}

/// The tests that a field's value in a filter stands for.
fn tests(path: &str, value: &Value, conditions: &mut usize) -> Result<Vec<Test>, String> {
    match value {
        Value::Object(object) if object.keys().any(|key| key.starts_with('$')) => operators(path, object, conditions),
        literal => {
            refuse_operators(path, literal)?;
            Ok(vec![Test::Equal(literal.clone())])
        }
    }
}

/// A value to compare with has no operators in it: what looks like one would silently match nothing.
fn refuse_operators(path: &str, value: &Value) -> Result<(), String> {
    match value {
        Value::Object(object) => object.iter().try_for_each(|(key, value)| {
            if key.starts_with('$') {
                return Err(format!(
                    "{key} stands inside of a value for `{path}`. Name the inner field by a dotted path instead, such \
                     as {{\"{path}.field\": {{\"{key}\": …}}}}."
                ));
            }
            refuse_operators(path, value)
        }),
        Value::Array(items) => items.iter().try_for_each(|item| refuse_operators(path, item)),
        _ => Ok(()),
    }
}

fn operators(path: &str, object: &Map<String, Value>, conditions: &mut usize) -> Result<Vec<Test>, String> {
    let mut tests = Vec::with_capacity(object.len());
    for (operator, value) in object {
        *conditions += 1;
        if *conditions > MAX_CONDITIONS {
            return Err(format!("The filter has more than {MAX_CONDITIONS} conditions."));
        }
        if operator != "$not" {
            refuse_operators(path, value)?;
        }
        tests.push(match operator.as_str() {
            "$eq" => Test::Equal(value.clone()),
            "$ne" => Test::Unequal(value.clone()),
            "$gt" => Test::Order(Ordering::is_gt, value.clone()),
            "$gte" => Test::Order(Ordering::is_ge, value.clone()),
            "$lt" => Test::Order(Ordering::is_lt, value.clone()),
            "$lte" => Test::Order(Ordering::is_le, value.clone()),
            "$in" => match value.as_array() {
                Some(values) if values.len() <= MAX_IN => Test::In(values.clone()),
                Some(_) => return Err(format!("$in takes at most {MAX_IN} values.")),
                None => return Err("$in takes a list of values.".to_owned()),
            },
            "$exists" => match value {
                Value::Bool(exists) => Test::Exists(*exists),
                _ => return Err("$exists takes true or false.".to_owned()),
            },
            "$regex" => Test::Regex(expression(value, object.get("$options"))?),
            "$options" if object.contains_key("$regex") => continue,
            "$options" => return Err("$options stands beside a $regex.".to_owned()),
            "$not" => match value {
                Value::Object(inner) if !inner.is_empty() && inner.keys().all(|key| key.starts_with('$')) => {
                    Test::Not(operators(path, inner, conditions)?)
                }
                _ => return Err("$not takes an object of operators, such as {\"$gt\": 5}.".to_owned()),
            },
            operator if operator.starts_with('$') => return Err(unknown(operator)),
            field => return Err(format!("`{path}` mixes operators with the field `{field}`.")),
        });
    }
    Ok(tests)
}

/// A regular expression that takes time in proportion to the text, whatever it is.
fn expression(pattern: &Value, options: Option<&Value>) -> Result<Regex, String> {
    let pattern = pattern.as_str().ok_or("$regex takes a string.")?;
    let options = match options {
        None => "",
        Some(options) => options.as_str().ok_or("$options takes a string.")?,
    };
    let mut builder = RegexBuilder::new(pattern);
    builder.size_limit(REGEX_BYTES).dfa_size_limit(REGEX_BYTES).nest_limit(REGEX_DEPTH);
    for option in options.chars() {
        match option {
            'i' => builder.case_insensitive(true),
            'm' => builder.multi_line(true),
            's' => builder.dot_matches_new_line(true),
            'x' => builder.ignore_whitespace(true),
            other => return Err(format!("$options knows i, m, s and x, not {other:?}.")),
        };
    }
    builder.build().map_err(|error| {
        let why = match &error {
            regex::Error::CompiledTooBig(_) => "it is too large".to_owned(),
            error => error.to_string().lines().last().unwrap_or_default().trim().to_owned(),
        };
        format!("The $regex cannot be used: {why}. Look-around and back-references are not supported.")
    })
}

impl Test {
    /// Whether what a path leads to passes. A list passes as a whole or by one of its items; what is missing counts as
    /// null.
    fn passes(&self, found: &[Option<&Value>]) -> bool {
        match self {
            Self::Equal(value) => any(found, |found| equal(found, value)),
            Self::Unequal(value) => !any(found, |found| equal(found, value)),
            Self::Order(holds, value) => any(found, |found| comparable(found, value) && holds(compare(found, value))),
            Self::In(values) => any(found, |found| values.iter().any(|value| equal(found, value))),
            Self::Regex(regex) => any(found, |found| found.as_str().is_some_and(|text| regex.is_match(text))),
            Self::Exists(exists) => found.iter().any(Option::is_some) == *exists,
            Self::Not(tests) => !tests.iter().all(|test| test.passes(found)),
        }
    }
}

/// Whether any value passes, an item of a list among them.
fn any(found: &[Option<&Value>], passes: impl Fn(&Value) -> bool) -> bool {
    found.iter().any(|found| match found {
        None => passes(&Value::Null),
        Some(list @ Value::Array(items)) => items.iter().any(&passes) || passes(list),
        Some(value) => passes(value),
    })
}
