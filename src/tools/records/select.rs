//! The order in which documents are given, and which of their fields.

use std::cmp::Ordering;

use serde_json::{Map, Value};

use super::{
    document::ID,
    value::{Path, compare},
};

/// The most fields to sort by.
const MAX_SORT: usize = 8;

/// The most fields of a projection.
const MAX_FIELDS: usize = 100;

/// An order.
#[derive(Clone, Debug, Default)]
pub struct Sort {
    keys: Vec<(Path, bool)>,
}

/// What a document is sorted by: for each key, its value; `None` is an empty list, which comes before null.
pub type SortKey = Vec<Option<Value>>;

impl Sort {
    /// Reads `{"field": 1, "other": -1}`; `Err` says what is wrong with it.
    pub fn parse(sort: &Map<String, Value>) -> Result<Self, String> {
        if sort.len() > MAX_SORT {
            return Err(format!("`sort` takes at most {MAX_SORT} fields."));
        }
        let key = |(path, direction): (&String, &Value)| {
            let descends = match direction.as_f64() {
                Some(1.0) => false,
                Some(-1.0) => true,
                _ => return Err(format!("`sort` takes 1 or -1 for `{path}`.")),
            };
            Ok((Path::parse(path)?, descends))
        };
        Ok(Self { keys: sort.iter().map(key).collect::<Result<_, String>>()? })
    }

    /// Whether it leaves the order as it is.
    pub fn is_natural(&self) -> bool {
        self.keys.is_empty()
    }

    /// What a document is sorted by. Of a list its least item counts, or its greatest where the order descends.
    pub fn key(&self, document: &Value) -> SortKey {
        let key = |(path, descends): &(Path, bool)| {
            let mut candidates: Vec<Option<&Value>> = Vec::new();
            for found in path.values(document) {
                match found {
                    None => candidates.push(Some(&Value::Null)),
                    Some(Value::Array(items)) if items.is_empty() => candidates.push(None),
                    Some(Value::Array(items)) => candidates.extend(items.iter().map(Some)),
                    Some(value) => candidates.push(Some(value)),
                }
            }
            let order = |one: &Option<&Value>, other: &Option<&Value>| compare_keys(*one, *other);
            let chosen =
                if *descends { candidates.into_iter().max_by(order) } else { candidates.into_iter().min_by(order) };
            // A list of values without fields leads nowhere: the field is missing.
            chosen.map_or(Some(Value::Null), |chosen| chosen.cloned())
        };
        self.keys.iter().map(key).collect()
    }

    /// The order of two documents by their keys.
    pub fn compare(&self, one: &SortKey, other: &SortKey) -> Ordering {
        let orders = self.keys.iter().zip(one.iter().zip(other)).map(|((_, descends), (one, other))| {
            let order = compare_keys(one.as_ref(), other.as_ref());
            if *descends { order.reverse() } else { order }
        });
        orders.into_iter().find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
    }
}

fn compare_keys(one: Option<&Value>, other: Option<&Value>) -> Ordering {
    match (one, other) {
        (Some(one), Some(other)) => compare(one, other),
        (one, other) => one.is_some().cmp(&other.is_some()),
    }
}

/// Which fields are given.
#[derive(Clone, Debug, Default)]
pub struct Projection {
    fields: Vec<(Path, bool)>,
    /// Whether only what is named is given.
    includes: bool,
    without_id: bool,
}

impl Projection {
    /// Reads `{"field": 1}` or `{"field": 0}`; `Err` says what is wrong with it.
    pub fn parse(projection: &Map<String, Value>) -> Result<Self, String> {
        if projection.len() > MAX_FIELDS {
            return Err(format!("`projection` takes at most {MAX_FIELDS} fields."));
        }
        let mut read = Self::default();
        let mut id = None;
        for (path, value) in projection {
            let wanted = match value {
                Value::Bool(wanted) => *wanted,
                value if value.as_f64() == Some(1.0) => true,
                value if value.as_f64() == Some(0.0) => false,
                _ => return Err(format!("`projection` takes 1 or 0 for `{path}`.")),
            };
            if path == ID {
                id = Some(wanted);
                continue;
            }
            let path = Path::parse(path)?;
            if let Some((other, _)) = read.fields.iter().find(|(other, _)| other.overlaps(&path)) {
                return Err(format!(
                    "`projection` names `{}` and `{}`, of which one lies in the other.",
                    path.as_str(),
                    other.as_str()
                ));
            }
            read.fields.push((path, wanted));
        }
        let wanted = read.fields.iter().filter(|(_, wanted)| *wanted).count();
        if wanted > 0 && wanted < read.fields.len() {
            return Err("`projection` names fields to give or fields to leave out, not both; but for `_id`.".to_owned());
        }
        read.includes = wanted > 0 || (read.fields.is_empty() && id == Some(true));
        read.without_id = id == Some(false);
        Ok(read)
    }

    /// Whether it gives documents whole.
    pub fn is_whole(&self) -> bool {
        self.fields.is_empty() && !self.includes && !self.without_id
    }

    /// What is given of a document; fields keep their order.
    pub fn apply(&self, document: &Value) -> Value {
        let Value::Object(object) = document else { return document.clone() };
        let paths: Vec<Vec<&str>> = self.fields.iter().map(|(path, _)| path.steps()).collect();
        let paths: Vec<&[&str]> = paths.iter().map(Vec::as_slice).collect();
        let mut given = if self.includes { included(object, &paths) } else { excluded(object, &paths) };
        match object.get(ID) {
            Some(_) if self.without_id => {
                given.shift_remove(ID);
            }
            Some(id) if !given.contains_key(ID) => {
                given.shift_insert(0, ID.to_owned(), id.clone());
            }
            _ => {}
        }
        Value::Object(given)
    }
}

/// The paths that lead into this field, without their first step; `None` if one ends at it.
fn inside<'a>(paths: &[&'a [&'a str]], key: &str) -> Option<Vec<&'a [&'a str]>> {
    let mut rest = Vec::new();
    for path in paths {
        match path.split_first() {
            Some((first, [])) if *first == key => return None,
            Some((first, more)) if *first == key => rest.push(more),
            _ => {}
        }
    }
    Some(rest)
}

fn included(object: &Map<String, Value>, paths: &[&[&str]]) -> Map<String, Value> {
    fn of(value: &Value, paths: &[&[&str]]) -> Option<Value> {
        match value {
            Value::Object(object) => Some(Value::Object(included(object, paths))),
            // In a list, what has no fields is left out.
            Value::Array(items) => Some(items.iter().filter_map(|item| of(item, paths)).collect()),
            _ => None,
        }
    }
    let entry = |(key, value): (&String, &Value)| match inside(paths, key) {
        None => Some((key.clone(), value.clone())),
        Some(rest) if rest.is_empty() => None,
        Some(rest) => of(value, &rest).map(|value| (key.clone(), value)),
    };
    object.iter().filter_map(entry).collect()
}

fn excluded(object: &Map<String, Value>, paths: &[&[&str]]) -> Map<String, Value> {
    fn of(value: &Value, paths: &[&[&str]]) -> Value {
        match value {
            Value::Object(object) => Value::Object(excluded(object, paths)),
            Value::Array(items) => items.iter().map(|item| of(item, paths)).collect(),
            value => value.clone(),
        }
    }
    let entry = |(key, value): (&String, &Value)| {
        let rest = inside(paths, key)?;
        let value = if rest.is_empty() { value.clone() } else { of(value, &rest) };
        Some((key.clone(), value))
    };
    object.iter().filter_map(entry).collect()
}
