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

/// The most values of all `$in` of a filter.
const MAX_IN: usize = 1000;

/// The most regular expressions of a filter.
const MAX_REGEX: usize = 20;

/// The most bytes of a regular expression as it is written.
const PATTERN_BYTES: usize = 16 * 1024;

/// The most bytes that all regular expressions of a filter may take together when they are made ready.
const REGEX_BYTES: usize = 1 << 20;

/// The size that is first tried for one.
const SMALL_REGEX: usize = 4 * 1024;

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

/// What the rest of a filter may still cost.
struct Budget {
    conditions: usize,
    values: usize,
    expressions: usize,
    bytes: usize,
}

impl Budget {
    fn condition(&mut self) -> Result<(), String> {
        let left = self.conditions.checked_sub(1);
        self.conditions = left.ok_or_else(|| format!("The filter has more than {MAX_CONDITIONS} conditions."))?;
        Ok(())
    }

    fn values(&mut self, count: usize) -> Result<(), String> {
        let left = self.values.checked_sub(count);
        self.values = left.ok_or_else(|| format!("$in takes at most {MAX_IN} values, all in a filter together."))?;
        Ok(())
    }

    /// Makes an expression ready. It counts by the first of some sizes, each twice the one before, that it fits in.
    fn expression(&mut self, mut builder: RegexBuilder) -> Result<Regex, String> {
        let left = self.expressions.checked_sub(1);
        self.expressions = left.ok_or_else(|| format!("The filter has more than {MAX_REGEX} $regex."))?;
        let mut size = SMALL_REGEX.min(self.bytes);
        loop {
            let why = match builder.size_limit(size).build() {
                Ok(regex) => {
                    self.bytes -= size;
                    return Ok(regex);
                }
                Err(regex::Error::CompiledTooBig(_)) if size < self.bytes => {
                    size = size.saturating_mul(2).min(self.bytes);
                    continue;
                }
                Err(regex::Error::CompiledTooBig(_)) => "it is too large, by itself or with the others".to_owned(),
                Err(error) => error.to_string().lines().last().unwrap_or_default().trim().to_owned(),
            };
            let words = "Look-around and back-references are not supported.";
            return Err(format!("The $regex cannot be used: {why}. {words}"));
        }
    }
}

impl Filter {
    /// Reads a filter; `Err` says what is wrong with it.
    pub fn parse(filter: &Map<String, Value>) -> Result<Self, String> {
        let budget =
            &mut Budget { conditions: MAX_CONDITIONS, values: MAX_IN, expressions: MAX_REGEX, bytes: REGEX_BYTES };
        Self::read(filter, budget)
    }

    fn read(filter: &Map<String, Value>, budget: &mut Budget) -> Result<Self, String> {
        let mut all = Vec::with_capacity(filter.len());
        for (key, value) in filter {
            budget.condition()?;
            all.push(match key.as_str() {
                "$and" => Clause::And(Self::several(key, value, budget)?),
                "$or" => Clause::Or(Self::several(key, value, budget)?),
                operator if operator.starts_with('$') => return Err(unknown(operator)),
                path => Clause::Field(Path::parse(path)?, tests(path, value, budget)?),
            });
        }
        Ok(Self { all })
    }

    fn several(operator: &str, value: &Value, budget: &mut Budget) -> Result<Vec<Self>, String> {
        let wrong = || format!("{operator} takes a list of filters, at least one.");
        let filters = value.as_array().filter(|filters| !filters.is_empty()).ok_or_else(wrong)?;
        filters.iter().map(|filter| Self::read(filter.as_object().ok_or_else(wrong)?, budget)).collect()
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
fn tests(path: &str, value: &Value, budget: &mut Budget) -> Result<Vec<Test>, String> {
    match value {
        Value::Object(object) if object.keys().any(|key| key.starts_with('$')) => operators(path, object, budget),
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

fn operators(path: &str, object: &Map<String, Value>, budget: &mut Budget) -> Result<Vec<Test>, String> {
    let mut tests = Vec::with_capacity(object.len());
    for (operator, value) in object {
        budget.condition()?;
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
                Some(values) => {
                    budget.values(values.len())?;
                    Test::In(values.clone())
                }
                None => return Err("$in takes a list of values.".to_owned()),
            },
            "$exists" => match value {
                Value::Bool(exists) => Test::Exists(*exists),
                _ => return Err("$exists takes true or false.".to_owned()),
            },
            "$regex" => Test::Regex(expression(value, object.get("$options"), budget)?),
            "$options" if object.contains_key("$regex") => continue,
            "$options" => return Err("$options stands beside a $regex.".to_owned()),
            "$not" => match value {
                Value::Object(inner) if !inner.is_empty() && inner.keys().all(|key| key.starts_with('$')) => {
                    Test::Not(operators(path, inner, budget)?)
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
fn expression(pattern: &Value, options: Option<&Value>, budget: &mut Budget) -> Result<Regex, String> {
    let pattern = pattern.as_str().ok_or("$regex takes a string.")?;
    let options = match options {
        None => "",
        Some(options) => options.as_str().ok_or("$options takes a string.")?,
    };
    if pattern.len() > PATTERN_BYTES {
        return Err(format!("$regex takes at most {PATTERN_BYTES} bytes."));
    }
    let mut builder = RegexBuilder::new(pattern);
    builder.dfa_size_limit(REGEX_BYTES).nest_limit(REGEX_DEPTH);
    for option in options.chars() {
        match option {
            'i' => builder.case_insensitive(true),
            'm' => builder.multi_line(true),
            's' => builder.dot_matches_new_line(true),
            'x' => builder.ignore_whitespace(true),
            other => return Err(format!("$options knows i, m, s and x, not {other:?}.")),
        };
    }
    budget.expression(builder)
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
