//! A tool's schema as the fields of a form, and what was typed in them as arguments.
//!
//! The schema is a stranger's: whatever is not plain in it becomes a box for JSON, and what was typed is put together as
//! text, so that a number runs as it was written.

use serde::de::IgnoredAny;
use serde_json::{Map, Value};

use crate::render::html::servers::{FieldKind, FieldView};

/// The most arguments that become fields; a tool with more gets one box for all.
const MAX_FIELDS: usize = 100;
/// The most choices that are offered one by one.
const MAX_CHOICES: usize = 200;

/// What was typed.
#[derive(Debug, Default)]
pub(super) struct Typed {
    fields: Vec<(String, String)>,
    arguments: Option<String>,
}

impl Typed {
    /// Names and values in one order, or everything as JSON.
    pub fn new(names: Vec<String>, values: Vec<String>, arguments: Option<String>) -> Self {
        Self { fields: names.into_iter().zip(values).collect(), arguments }
    }

    /// Everything as JSON.
    pub fn arguments(&self) -> Option<&str> {
        self.arguments.as_deref()
    }

    fn of(&self, name: &str) -> &str {
        self.fields.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }
}

/// Nothing yet.
pub(super) static NOTHING: Typed = Typed { fields: Vec::new(), arguments: None };

/// What is wrong with an argument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Wrong {
    /// It must be there.
    Missing(String),
    /// It is no number.
    NoNumber(String),
    /// It is no JSON, or not one of the choices.
    NoJson(String),
}

impl Wrong {
    /// Whether it is about this argument.
    pub fn is_about(&self, field: &str) -> bool {
        let (Self::Missing(name) | Self::NoNumber(name) | Self::NoJson(name)) = self;
        name == field
    }

    /// The key of its words.
    pub fn key(&self) -> &'static str {
        match self {
            Self::Missing(_) => "servers-field-missing",
            Self::NoNumber(_) => "servers-field-no-number",
            Self::NoJson(_) => "servers-field-no-json",
        }
    }
}

fn properties(schema: &Value) -> Option<&Map<String, Value>> {
    let open = schema.get("additionalProperties").is_none_or(|more| *more != Value::Bool(false));
    match schema.get("properties").and_then(Value::as_object) {
        Some(properties) if properties.is_empty() && open => None,
        Some(properties) if properties.len() <= MAX_FIELDS => Some(properties),
        _ => None,
    }
}

/// The fields of a tool's arguments with what was typed; none where they are better typed as one JSON text.
pub(super) fn fields(schema: &Value, typed: &Typed) -> Option<Vec<FieldView>> {
    let required = |name: &str| {
        let names = schema.get("required").and_then(Value::as_array);
        names.is_some_and(|names| names.iter().any(|known| known == name))
    };
    let view = |(name, property): (&String, &Value)| FieldView {
        name: name.clone(),
        kind: kind(property),
        description: property.get("description").and_then(Value::as_str).unwrap_or_default().to_owned(),
        is_required: required(name),
        value: typed.of(name).to_owned(),
        error: None,
    };
    Some(properties(schema)?.iter().map(view).collect())
}

fn kind(property: &Value) -> FieldKind {
    if let Some(choices) = property.get("enum").and_then(Value::as_array).filter(|all| all.len() <= MAX_CHOICES) {
        return FieldKind::Choice(choices.iter().map(Value::to_string).collect());
    }
    match property.get("type").and_then(Value::as_str) {
        Some("string") => FieldKind::Text,
        Some("number" | "integer") => FieldKind::Number,
        Some("boolean") => FieldKind::Boolean,
        _ => FieldKind::Json,
    }
}

/// What was typed, as the text of the arguments.
///
/// # Errors
/// What is wrong with which of them.
pub(super) fn composed(schema: &Value, typed: &Typed) -> Result<String, Wrong> {
    let Some(fields) = fields(schema, typed) else { return Ok(typed.arguments().unwrap_or("{}").to_owned()) };
    let mut members = Vec::new();
    for field in fields {
        let text = match field.kind {
            FieldKind::Text => field.value.replace("\r\n", "\n"),
            _ => field.value.trim().to_owned(),
        };
        if text.is_empty() {
            match field.kind {
                // An empty text is one too, where one must be.
                FieldKind::Text if field.is_required => {}
                _ if field.is_required => return Err(Wrong::Missing(field.name)),
                _ => continue,
            }
        }
        let is_number = || serde_json::from_str::<serde_json::Number>(&text).is_ok();
        let is_json = || serde_json::from_str::<IgnoredAny>(&text).is_ok();
        let value = match &field.kind {
            FieldKind::Text => Value::String(text).to_string(),
            FieldKind::Number if is_number() => text,
            FieldKind::Number => return Err(Wrong::NoNumber(field.name)),
            FieldKind::Choice(choices) if !choices.contains(&text) => return Err(Wrong::NoJson(field.name)),
            FieldKind::Boolean if text != "true" && text != "false" => return Err(Wrong::NoJson(field.name)),
            FieldKind::Json if !is_json() => return Err(Wrong::NoJson(field.name)),
            FieldKind::Choice(_) | FieldKind::Boolean | FieldKind::Json => text,
        };
        members.push(format!("{}:{value}", Value::String(field.name)));
    }
    Ok(format!("{{{}}}", members.join(",")))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn schema() -> Value {
        json!({
            "type": "object",
            "required": ["text", "n"],
            "properties": {
                "text": {"type": "string", "description": "What?"},
                "n": {"type": "number"},
                "yes": {"type": "boolean"},
                "one": {"enum": ["a", 2, null]},
                "list": {"type": "array", "items": {"type": "string"}},
                "either": {"type": ["string", "number"]},
            },
        })
    }

    fn typed(pairs: &[(&str, &str)]) -> Typed {
        let (names, values) = pairs.iter().map(|(name, value)| (name.to_string(), value.to_string())).unzip();
        Typed::new(names, values, None)
    }

    #[test]
    fn a_schema_becomes_fields_and_what_is_typed_arguments() {
        let kinds: Vec<_> = fields(&schema(), &NOTHING).unwrap().into_iter().map(|field| field.kind).collect();
        let choices = ["\"a\"", "2", "null"].map(str::to_owned).to_vec();
        use FieldKind::{Boolean, Choice, Json, Number, Text};
        assert_eq!(kinds, [Text, Number, Boolean, Choice(choices), Json, Json]);
        for (pairs, expected) in [
            (&[("text", "a\r\n\"b"), ("n", " 1.50 ")][..], Ok(r#"{"text":"a\n\"b","n":1.50}"#)),
            (&[("text", ""), ("n", "12345678901234567890123")], Ok(r#"{"text":"","n":12345678901234567890123}"#)),
            (
                &[("text", "x"), ("n", "1"), ("yes", "false"), ("one", "\"a\""), ("list", "[\"a\"]"), ("either", "2")],
                Ok(r#"{"text":"x","n":1,"yes":false,"one":"a","list":["a"],"either":2}"#),
            ),
            (&[("text", "x"), ("n", "")], Err(Wrong::Missing("n".to_owned()))),
            (&[("text", "x"), ("n", "1,5")], Err(Wrong::NoNumber("n".to_owned()))),
            (&[("text", "x"), ("n", "1}")], Err(Wrong::NoNumber("n".to_owned()))),
            (&[("text", "x"), ("n", "1"), ("list", "[")], Err(Wrong::NoJson("list".to_owned()))),
            (&[("text", "x"), ("n", "1"), ("list", "1,\"b\":2")], Err(Wrong::NoJson("list".to_owned()))),
            (&[("text", "x"), ("n", "1"), ("one", "3")], Err(Wrong::NoJson("one".to_owned()))),
            (&[("text", "x"), ("n", "1"), ("yes", "1")], Err(Wrong::NoJson("yes".to_owned()))),
        ] {
            assert_eq!(composed(&schema(), &typed(pairs)), expected.map(str::to_owned), "{pairs:?}");
        }
    }

    #[test]
    fn what_has_no_plain_fields_is_typed_as_json() {
        let one = |text: &str| Typed::new(Vec::new(), Vec::new(), Some(text.to_owned()));
        for schema in [json!({"type": "object"}), json!({"properties": {}}), json!({"properties": 3}), json!(true)] {
            assert!(fields(&schema, &NOTHING).is_none(), "{schema}");
            assert_eq!(composed(&schema, &one("{\"a\": 1.0}")).unwrap(), "{\"a\": 1.0}");
        }
        let none = json!({"properties": {}, "additionalProperties": false});
        assert_eq!(fields(&none, &NOTHING).map(|fields| fields.len()), Some(0));
        assert_eq!(composed(&none, &one("{\"a\": 1}")).unwrap(), "{}");
    }
}
