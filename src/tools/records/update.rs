//! Updates: what becomes of a document, in the customary operators.

use serde_json::{Map, Number, Value};

use super::{
    document::{self, ID},
    number::add,
    value::{Path, depth, place},
};

/// What an update may be made of; told to whoever uses something else.
pub const OPERATORS: &str = "$set, $unset and $inc";

/// The most changes of an update.
const MAX_CHANGES: usize = 100;

/// How many places beyond its end a list may be set.
const MAX_BEYOND: usize = 1000;

/// An update that was read.
#[derive(Clone, Debug)]
pub struct Update {
    changes: Vec<(Path, Change)>,
}

#[derive(Clone, Debug)]
enum Change {
    Set(Value),
    Unset,
    Increase(Number),
}

impl Update {
    /// Reads an update; `Err` says what is wrong with it.
    pub fn parse(update: &Map<String, Value>) -> Result<Self, String> {
        let mut changes: Vec<(Path, Change)> = Vec::new();
        for (operator, fields) in update {
            let make: fn(&str, &Value) -> Result<Change, String> = match operator.as_str() {
                "$set" => set,
                "$unset" => |_, _| Ok(Change::Unset),
                "$inc" => increase,
                other => {
                    let shown: String = other.chars().take(40).collect();
                    let what = if other.starts_with('$') { "operator" } else { "way to replace a whole document by" };
                    return Err(format!("There is no {what} {shown} here. An update is made of {OPERATORS}."));
                }
            };
            let fields = fields.as_object().ok_or_else(|| format!("{operator} takes an object of fields."))?;
            for (path, value) in fields {
                let path = Path::parse(path)?;
                if let Some((other, _)) = changes.iter().find(|(other, _)| other.overlaps(&path)) {
                    let (one, other) = (path.as_str(), other.as_str());
                    return Err(format!("`{one}` and `{other}` would be changed at once, and one lies in the other."));
                }
                if matches!(path.steps().first(), Some(&ID)) {
                    return Err("The `_id` of a document cannot be changed.".to_owned());
                }
                let change = make(path.as_str(), value)?;
                changes.push((path, change));
            }
        }
        match changes.len() {
            0 => Err(format!("The update changes nothing. It is made of {OPERATORS}, each with fields.")),
            1..=MAX_CHANGES => Ok(Self { changes }),
            _ => Err(format!("The update has more than {MAX_CHANGES} changes.")),
        }
    }

    /// Changes a document; `Err` says why it cannot be, and then the document is to be forgotten.
    pub fn apply(&self, document: &mut Value) -> Result<(), String> {
        for (path, change) in &self.changes {
            match change {
                Change::Set(value) => set_at(document, path, value.clone())?,
                Change::Unset => unset_at(document, &path.steps()),
                Change::Increase(by) => {
                    let sum = match at(document, &path.steps()) {
                        None => by.clone(),
                        Some(Value::Number(number)) => add(number, by).ok_or_else(|| {
                            format!("`{}` would become too large a number, or lose digits.", path.as_str())
                        })?,
                        Some(_) => return Err(format!("`{}` is no number, so $inc cannot add to it.", path.as_str())),
                    };
                    set_at(document, path, Value::Number(sum))?;
                }
            }
        }
        if depth(document) > document::MAX_DEPTH {
            return Err(format!("A document would be nested deeper than {} levels.", document::MAX_DEPTH));
        }
        Ok(())
    }
}

fn set(path: &str, value: &Value) -> Result<Change, String> {
    document::check_names(value).map_err(|why| format!("`{path}` cannot be set: {why}"))?;
    Ok(Change::Set(value.clone()))
}

fn increase(path: &str, value: &Value) -> Result<Change, String> {
    match value {
        Value::Number(by) => Ok(Change::Increase(by.clone())),
        _ => Err(format!("$inc takes a number for `{path}`.")),
    }
}

/// What is at a path without going into the items of lists, as updates see it.
fn at<'a>(value: &'a Value, steps: &[&str]) -> Option<&'a Value> {
    let Some((step, rest)) = steps.split_first() else { return Some(value) };
    let inner = match value {
        Value::Object(object) => object.get(*step),
        Value::Array(items) => place(step).and_then(|place| items.get(place)),
        _ => None,
    };
    at(inner?, rest)
}

/// Sets what is at a path, and makes the objects on the way that are missing.
pub fn set_at(document: &mut Value, path: &Path, value: Value) -> Result<(), String> {
    let mut here = document;
    let steps = path.steps();
    for (left, step) in (0..steps.len()).rev().zip(steps) {
        let missing = if left == 0 { Value::Null } else { Value::Object(Map::new()) };
        here = match here {
            Value::Object(object) => object.entry(step).or_insert(missing),
            Value::Array(items) => {
                let place = place(step)
                    .filter(|place| *place <= items.len() + MAX_BEYOND)
                    .ok_or_else(|| format!("`{}` cannot be set: `{step}` is no place in the list.", path.as_str()))?;
                if place >= items.len() {
                    items.resize(place, Value::Null);
                    items.push(missing);
                }
                items.get_mut(place).ok_or("a place in a list is missing")?
            }
            other => {
                return Err(format!(
                    "`{}` cannot be set: there is {} where `{step}` would be.",
                    path.as_str(),
                    if other.is_null() { "null" } else { "a value without fields" }
                ));
            }
        };
    }
    *here = value;
    Ok(())
}

/// Takes away what is at a path: a field goes, an item of a list becomes null.
fn unset_at(value: &mut Value, steps: &[&str]) {
    let Some((step, rest)) = steps.split_first() else { return };
    match value {
        Value::Object(object) if rest.is_empty() => {
            object.shift_remove(*step);
        }
        Value::Object(object) => {
            if let Some(inner) = object.get_mut(*step) {
                unset_at(inner, rest);
            }
        }
        Value::Array(items) => {
            if let Some(item) = place(step).and_then(|place| items.get_mut(place)) {
                if rest.is_empty() { *item = Value::Null } else { unset_at(item, rest) }
            }
        }
        _ => {}
    }
}
