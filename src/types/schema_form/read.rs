//! Reading a schema.

use serde_json::{Map, Value};

use super::{Choice, Field, FieldKind, TextFormat, TextRule};

/// The most properties that become fields; a schema with more gets one box for all.
const MAX_FIELDS: usize = 100;
/// The most choices that are offered one by one.
const MAX_CHOICES: usize = 200;

fn properties(schema: &Value) -> Option<&Map<String, Value>> {
    let open = schema.get("additionalProperties").is_none_or(|more| *more != Value::Bool(false));
    match schema.get("properties").and_then(Value::as_object) {
        Some(properties) if properties.is_empty() && open => None,
        Some(properties) if properties.len() <= MAX_FIELDS => Some(properties),
        _ => None,
    }
}

pub(super) fn fields(schema: &Value, kind: fn(&Value) -> FieldKind) -> Option<Vec<Field>> {
    let required = |name: &str| {
        let names = schema.get("required").and_then(Value::as_array);
        names.is_some_and(|names| names.iter().any(|known| known == name))
    };
    let field = |(name, property): (&String, &Value)| {
        let kind = kind(property);
        Field {
            name: name.clone(),
            title: text(property, "title"),
            description: text(property, "description"),
            preset: preset(property, &kind),
            kind,
            is_required: required(name),
        }
    };
    Some(properties(schema)?.iter().map(field).collect())
}

fn text(property: &Value, key: &str) -> String {
    property.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// Of a tool's argument: its rules are the tool's, which looks at them itself. What it would take for an argument that is
/// left out is not written down for it.
pub(super) fn plain(property: &Value) -> FieldKind {
    if let Some(choices) = listed(property) {
        return FieldKind::Choice(choices);
    }
    match property.get("type").and_then(Value::as_str) {
        Some("string") => FieldKind::Text(TextRule::default()),
        Some("number" | "integer") => FieldKind::Number { is_whole: false, least: None, most: None },
        Some("boolean") => FieldKind::Boolean,
        _ => FieldKind::Json,
    }
}

/// Of a question, whose answer nobody else looks at before it is sent.
pub(super) fn ruled(property: &Value) -> FieldKind {
    if let Some(choices) = titled(property, "oneOf").or_else(|| listed(property)) {
        return FieldKind::Choice(choices);
    }
    let number = |key: &str| property.get(key).and_then(Value::as_f64);
    let count = |key: &str| property.get(key).and_then(Value::as_u64).and_then(|count| usize::try_from(count).ok());
    match property.get("type").and_then(Value::as_str) {
        Some("string") => FieldKind::Text(TextRule {
            format: TextFormat::parse(property.get("format").and_then(Value::as_str)),
            least: count("minLength").unwrap_or(0),
            most: count("maxLength"),
        }),
        Some(kind @ ("number" | "integer")) => {
            FieldKind::Number { is_whole: kind == "integer", least: number("minimum"), most: number("maximum") }
        }
        Some("boolean") => FieldKind::Boolean,
        Some("array") => {
            let items = property.get("items");
            let choices = items
                .and_then(|items| titled(items, "anyOf").or_else(|| titled(items, "oneOf")).or_else(|| listed(items)));
            match choices {
                Some(choices) => FieldKind::Several {
                    least: count("minItems").unwrap_or(0),
                    most: count("maxItems").unwrap_or(choices.len()),
                    choices,
                },
                None => FieldKind::Json,
            }
        }
        _ => FieldKind::Json,
    }
}

/// `enum`, with the names that older servers give beside.
fn listed(property: &Value) -> Option<Vec<Choice>> {
    let values = property.get("enum").and_then(Value::as_array).filter(|all| all.len() <= MAX_CHOICES)?;
    let names = property.get("enumNames").and_then(Value::as_array).filter(|names| names.len() == values.len());
    let choice = |(place, value): (usize, &Value)| {
        let name = names.and_then(|names| names.get(place)).and_then(Value::as_str);
        choice(value, name)
    };
    Some(values.iter().enumerate().map(choice).collect())
}

/// Choices each with a title.
fn titled(property: &Value, key: &str) -> Option<Vec<Choice>> {
    let all = property.get(key).and_then(Value::as_array).filter(|all| !all.is_empty() && all.len() <= MAX_CHOICES)?;
    all.iter().map(|one| Some(choice(one.get("const")?, one.get("title").and_then(Value::as_str)))).collect()
}

/// Without a name it is shown as what is sent.
fn choice(value: &Value, name: Option<&str>) -> Choice {
    let sent = value.to_string();
    let shown = name.filter(|name| !name.trim().is_empty()).or_else(|| value.as_str()).unwrap_or(&sent).to_owned();
    Choice { value: sent, shown }
}

fn preset(property: &Value, kind: &FieldKind) -> Vec<String> {
    let Some(preset) = property.get("default") else { return Vec::new() };
    match (kind, preset) {
        (FieldKind::Text(_), Value::String(text)) => vec![text.clone()],
        (FieldKind::Number { .. }, Value::Number(number)) => vec![number.to_string()],
        (FieldKind::Boolean, Value::Bool(yes)) => vec![yes.to_string()],
        (FieldKind::Choice(choices), value) => {
            let value = value.to_string();
            choices.iter().any(|choice| choice.value == value).then_some(value).into_iter().collect()
        }
        (FieldKind::Several { choices, .. }, Value::Array(values)) => {
            let values: Vec<String> = values.iter().map(Value::to_string).collect();
            choices.iter().map(|choice| choice.value.clone()).filter(|value| values.contains(value)).collect()
        }
        (FieldKind::Json, value) => vec![value.to_string()],
        _ => Vec::new(),
    }
}
