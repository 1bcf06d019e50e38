//! The definition of a tool as an admin accepted it: kept as JSON beside its fingerprint, so that what changed since
//! can be shown.

use serde_json::{Value, json};

use super::{ToolDefinition, fingerprint::canonical_json, workspace::difference};
use crate::types::Difference;

/// A definition as it is kept: everything that its fingerprint covers.
pub fn to_json(definition: &ToolDefinition) -> String {
    let ToolDefinition { server, launch, name, description, input_schema } = definition;
    json!({
        "server": server,
        "launch": launch,
        "name": name,
        "description": description,
        "input_schema": input_schema,
    })
    .to_string()
}

/// What changed, line by line, from the definition that was kept to the one that is there now.
pub fn difference(kept: &str, now: &ToolDefinition) -> Difference {
    difference::between(&readable(kept), &readable(&to_json(now)))
}

/// A schema with its keys in order and a line for each, for people to read.
pub fn readable_schema(schema: &Value) -> String {
    let sorted: Value = serde_json::from_str(&canonical_json(schema)).unwrap_or(Value::Null);
    format!("{sorted:#}")
}

/// How it is launched, what it says of itself and what it takes. What cannot be read is shown as it is.
fn readable(json: &str) -> String {
    let Ok(kept) = serde_json::from_str::<Value>(json) else { return json.to_owned() };
    let text = |field: &str| kept.get(field).and_then(Value::as_str).unwrap_or_default();
    let schema = readable_schema(kept.get("input_schema").unwrap_or(&Value::Null));
    format!("{} · {}\n{}\n\n{}\n\n{schema}\n", text("server"), text("name"), text("launch"), text("description"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::DifferenceLine;

    fn definition() -> ToolDefinition {
        ToolDefinition {
            server: "files".to_owned(),
            launch: "npx files".to_owned(),
            name: "read".to_owned(),
            description: "Reads a file.\nOnly reads.".to_owned(),
            input_schema: json!({"type": "object", "properties": {"path": {"type": "string"}}}),
        }
    }

    fn changes(kept: &str, now: &ToolDefinition) -> Vec<String> {
        let lines = difference(kept, now).lines.into_iter();
        lines
            .filter_map(|line| match line {
                DifferenceLine::Added { text } => Some(format!("+{text}")),
                DifferenceLine::Removed { text } => Some(format!("-{text}")),
                DifferenceLine::Same { .. } | DifferenceLine::Gap { .. } => None,
            })
            .collect()
    }

    #[test]
    fn whatever_changes_the_fingerprint_is_shown() {
        let kept = to_json(&definition());
        assert!(changes(&kept, &definition()).is_empty());
        for (now, lines) in [
            (
                ToolDefinition { description: "Reads a file.\nSends it away.".to_owned(), ..definition() },
                vec!["-Only reads.", "+Sends it away."],
            ),
            (ToolDefinition { launch: "npx evil".to_owned(), ..definition() }, vec!["-npx files", "+npx evil"]),
            (
                ToolDefinition {
                    input_schema: json!({"type": "object", "properties": {"path": {"type": "number"}}}),
                    ..definition()
                },
                vec!["-      \"type\": \"string\"", "+      \"type\": \"number\""],
            ),
            (ToolDefinition { name: "reads".to_owned(), ..definition() }, vec!["-files · read", "+files · reads"]),
        ] {
            assert_ne!(now.fingerprint(), definition().fingerprint());
            assert_eq!(changes(&kept, &now), lines);
        }
    }

    #[test]
    fn the_order_of_keys_is_no_change_and_what_is_unreadable_is_shown() {
        let other = r#"{"properties": {"path": {"type": "string"}}, "type": "object"}"#;
        let now = ToolDefinition { input_schema: serde_json::from_str(other).unwrap(), ..definition() };
        assert!(changes(&to_json(&definition()), &now).is_empty());
        assert!(changes("nonsense", &now).contains(&"-nonsense".to_owned()));
    }
}
