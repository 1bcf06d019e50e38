//! Documents: JSON objects with an `_id`, kept as they were written.

use serde_json::{Map, Value};
use uuid::Uuid;

use super::number;
use crate::{models::record::NewRecord, tools::Arguments};

/// The field that names a document.
pub const ID: &str = "_id";

/// The deepest nesting of objects and lists in a document, itself included.
pub const MAX_DEPTH: usize = 60;

/// The most bytes of a document.
pub const MAX_BYTES: usize = 512 * 1024;

/// The most bytes of an `_id`.
const MAX_ID_BYTES: usize = 200;

/// A document on its way into a collection.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// Its `_id`.
    pub id: String,
    /// The whole of it as text; numbers as they were written.
    pub text: String,
    /// The same as a value.
    pub value: Value,
    /// Whether it came without an `_id` and was given one here.
    is_named_here: bool,
}

impl Document {
    /// Reads a document as it was written, and gives it an `_id` if it has none. `Err` says what is wrong.
    pub fn parse(text: &str) -> Result<Self, String> {
        if !text.trim_start().starts_with('{') {
            return Err("It is no JSON object.".to_owned());
        }
        let read = Arguments::parse(text).map_err(|error| {
            // What is wrong there, without the words about arguments.
            let why = error.message.split_once("accepted: ").map_or(error.message.as_str(), |(_, why)| why);
            format!("It cannot be read: {why}")
        })?;
        let value = read.value();
        let object = value.as_object().ok_or("It is no JSON object.")?;
        number::check(read.as_str())?;
        if let Some(id) = object.get(ID) {
            let id = checked_id(id)?;
            return Self::checked(id, read.as_str().to_owned(), value.clone(), false);
        }
        let id = Uuid::now_v7().to_string();
        let mut whole = Map::with_capacity(object.len() + 1);
        whole.insert(ID.to_owned(), Value::String(id.clone()));
        whole.extend(object.iter().map(|(key, value)| (key.clone(), value.clone())));
        let separator = if object.is_empty() { "" } else { "," };
        let inside = read.as_str().strip_prefix('{').ok_or("It is no JSON object.")?;
        let text = format!("{{\"{ID}\":\"{id}\"{separator}{inside}");
        Self::checked(id, text, Value::Object(whole), true)
    }

    /// As the table takes it, under an `_id` that follows from what is in it where it came without one.
    pub fn record_named_by(&self, name: impl FnOnce(&str) -> Uuid) -> NewRecord {
        let given = format!("{{\"{ID}\":\"{}\"", self.id);
        match self.text.strip_prefix(&given).filter(|_| self.is_named_here) {
            Some(rest) => {
                let id = name(rest).to_string();
                NewRecord { document: format!("{{\"{ID}\":\"{id}\"{rest}"), id }
            }
            None => self.record(),
        }
    }

    /// A document that was made here.
    pub fn of(value: Value) -> Result<Self, String> {
        Self::parse(&value.to_string())
    }

    fn checked(id: String, text: String, value: Value, is_named_here: bool) -> Result<Self, String> {
        check_names(&value)?;
        if text.len() > MAX_BYTES {
            return Err(format!("It has {} bytes; the most is {MAX_BYTES}.", text.len()));
        }
        if super::value::depth(&value) > MAX_DEPTH {
            return Err(format!("It is nested deeper than {MAX_DEPTH} levels."));
        }
        Ok(Self { id, text, value, is_named_here })
    }

    /// As the table takes it.
    pub fn record(&self) -> NewRecord {
        NewRecord { id: self.id.clone(), document: self.text.clone() }
    }
}

fn checked_id(id: &Value) -> Result<String, String> {
    match id {
        Value::String(id) if id.is_empty() || id.len() > MAX_ID_BYTES || id.contains(char::is_control) => {
            Err(format!("Its _id must have 1 to {MAX_ID_BYTES} bytes and no control characters."))
        }
        Value::String(id) => Ok(id.clone()),
        _ => Err("Its _id must be a string; without one, it gets one.".to_owned()),
    }
}

/// Whether all fields can be named in filters and updates.
pub fn check_names(value: &Value) -> Result<(), String> {
    match value {
        Value::Object(object) => object.iter().try_for_each(|(key, value)| {
            if key.is_empty() || key.starts_with('$') || key.contains('.') {
                let shown: String = key.chars().take(40).collect();
                return Err(format!("A field cannot be named {shown:?}: not empty, no $ first, no dot."));
            }
            check_names(value)
        }),
        Value::Array(items) => items.iter().try_for_each(check_names),
        _ => Ok(()),
    }
}

/// Whether this may name a collection: a letter, then up to 63 letters, digits, `_` and `-`.
pub fn is_collection(name: &str) -> bool {
    name.len() <= 64
        && name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-')
}
