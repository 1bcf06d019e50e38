//! The definition of a tool as an admin accepted it: kept as JSON beside its fingerprint, so that what changed since
//! can be shown.

use serde_json::{Value, json};

use super::{ToolDefinition, fingerprint::canonical_json, workspace::difference};
use crate::types::Difference;

/// A definition as it is kept: everything that its fingerprint covers.
pub fn to_json(definition: &ToolDefinition) -> String {
    let ToolDefinition { server, launch, name, description, input_schema, beside } = definition;
    json!({
        "server": server,
        "launch": launch,
        "name": name,
        "description": description,
        "input_schema": input_schema,
        "beside": beside,
    })
    .to_string()
}

/// What changed, line by line, from the definition that was kept to the one that is there now.
pub fn difference(kept: &str, now: &ToolDefinition) -> Difference {
    difference::between(&readable(kept), &readable(&to_json(now)))
}

/// The same for those who may not see how the operators launch the server, since a command line may hold secrets: they
/// see that it changed, not from what to what.
pub fn difference_without_launch(kept: &str, now: &ToolDefinition) -> Difference {
    let launched = |json: &str, words: &str| match serde_json::from_str::<Value>(json) {
        Ok(mut definition) => {
            if let Some(launch) = definition.get_mut("launch") {
                *launch = words.into();
            }
            readable(&definition.to_string())
        }
        Err(_) => String::new(),
    };
    let of = |json: &str| Some(serde_json::from_str::<Value>(json).ok()?.get("launch")?.as_str()?.to_owned());
    let is_same = of(kept).as_deref() == Some(now.launch.as_str());
    let (before, after) =
        if is_same { ("…", "…") } else { ("… (as it was launched)", "… (launched otherwise)") };
    difference::between(&launched(kept, before), &launched(&to_json(now), after))
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
    let beside: String = kept.get("beside").and_then(Value::as_array).into_iter().flatten().map(said).collect();
    format!(
        "{} · {}\n{}\n\n{}\n\n{schema}\n{beside}",
        text("server"),
        text("name"),
        text("launch"),
        text("description")
    )
}

/// A label and what is said under it; JSON a line for each key.
fn said(pair: &Value) -> String {
    let text = |at: usize| pair.get(at).and_then(Value::as_str).unwrap_or_default();
    let said = match serde_json::from_str::<Value>(text(1)) {
        Ok(schema @ Value::Object(_)) => readable_schema(&schema),
        _ => text(1).to_owned(),
    };
    format!("{}: {said}\n", text(0))
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
            beside: vec![("title", "Read".to_owned())],
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
            (
                ToolDefinition { beside: vec![("title", "Reads".to_owned())], ..definition() },
                vec!["-title: Read", "+title: Reads"],
            ),
        ] {
            assert_ne!(now.fingerprint(), definition().fingerprint());
            assert_eq!(changes(&kept, &now), lines);
        }
    }

    #[test]
    fn a_command_line_can_be_kept_from_the_difference() {
        let kept = to_json(&definition());
        let told = |now: &ToolDefinition| format!("{:?}", difference_without_launch(&kept, now));
        let other = ToolDefinition { launch: "npx s3cret".to_owned(), ..definition() };
        assert!(told(&other).contains("launched otherwise"), "{}", told(&other));
        assert!(!told(&other).contains("s3cret") && !told(&other).contains("npx files"), "{}", told(&other));
        let other = ToolDefinition { description: "Else.".to_owned(), ..definition() };
        assert!(told(&other).contains("Else.") && !told(&other).contains("otherwise"), "{}", told(&other));
    }

    #[test]
    fn the_order_of_keys_is_no_change_and_what_is_unreadable_is_shown() {
        let other = r#"{"properties": {"path": {"type": "string"}}, "type": "object"}"#;
        let now = ToolDefinition { input_schema: serde_json::from_str(other).unwrap(), ..definition() };
        assert!(changes(&to_json(&definition()), &now).is_empty());
        assert!(changes("nonsense", &now).contains(&"-nonsense".to_owned()));
    }
}
