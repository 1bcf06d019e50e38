//! Whether arguments fit the schema of their tool.

use serde_json::Value;

use super::{Arguments, ToolError};

/// The most faults that are told at once; the model mends those and learns of the rest then.
const MAX_FAULTS: usize = 5;

/// The most characters of one fault: a schema is a stranger's text and may be long.
const MAX_FAULT_CHARACTERS: usize = 300;

/// How often a pattern may try another way to match before it counts as not matching. A schema comes from a
/// stranger: one pattern must not hold a processor.
const PATTERN_STEPS: usize = 100_000;

/// A JSON Schema, made ready once. Nothing outside of it is ever fetched, neither by address nor from a disk.
pub struct Schema {
    validator: jsonschema::Validator,
}

impl Schema {
    /// Makes a schema ready. A schema that is none, or that refers to something outside of itself, is an error of
    /// the tool: `tool_error`.
    pub fn compile(schema: &Value) -> Result<Self, ToolError> {
        jsonschema::options()
            .offline()
            .with_pattern_options(jsonschema::PatternOptions::fancy_regex().backtrack_limit(PATTERN_STEPS))
            .build(schema)
            .map(|validator| Self { validator })
            .map_err(|error| {
                let why = shortened(&error.masked().to_string());
                ToolError::new("tool_error", format!("The tool cannot be used: its schema is wrong ({why})."))
            })
    }

    /// Whether the arguments fit. `Err` has the code `invalid_payload` and says what does not fit, and where;
    /// values are not repeated.
    ///
    /// It does not wait for anything, but a schema made for it (references that double at each step) keeps a
    /// processor busy for as long as it likes. For a stranger's schema call it where a thread may block, and with a
    /// limit of time.
    pub fn check(&self, arguments: &Arguments) -> Result<(), ToolError> {
        let faults = self.faults(arguments.value(), "the arguments");
        if faults.is_empty() {
            return Ok(());
        }
        Err(ToolError::new("invalid_payload", format!("The arguments do not fit the tool. {}.", faults.join("; "))))
    }

    /// What of a value does not fit, and where: the first few faults. `whole` names the value itself. The same is to be
    /// minded as of [`Schema::check`].
    pub fn faults(&self, value: &Value, whole: &str) -> Vec<String> {
        self.validator
            .iter_errors(value)
            .take(MAX_FAULTS)
            .map(|error| {
                let place = error.instance_path().as_str();
                let place = if place.is_empty() { whole } else { place };
                shortened(&format!("{place}: {}", error.masked()))
            })
            .collect()
    }
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(MAX_FAULT_CHARACTERS) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn check(schema: Value, arguments: &str) -> Result<(), ToolError> {
        Schema::compile(&schema)?.check(&Arguments::parse(arguments).unwrap())
    }

    #[test]
    fn says_what_does_not_fit_and_where() {
        let schema = || {
            json!({"type": "object", "required": ["path"], "additionalProperties": false,
                "properties": {"path": {"type": "string", "maxLength": 8}, "lines": {"items": {"type": "integer"}}}})
        };
        assert_eq!(check(schema(), r#"{"path":"a"}"#), Ok(()));
        for (arguments, says) in [
            ("{}", "\"path\" is a required property"),
            (r#"{"path":1}"#, "/path: value is not of type \"string\""),
            (r#"{"path":"a","other":1}"#, "'other' was unexpected"),
            (r#"{"path":"a","lines":[1,"2"]}"#, "/lines/1"),
        ] {
            let error = check(schema(), arguments).unwrap_err();
            assert_eq!(error.code, "invalid_payload");
            assert!(error.message.contains(says), "{} does not say {says}", error.message);
        }
    }

    #[test]
    fn words_stay_short_and_do_not_repeat_values() {
        let long = "s3cret".repeat(10_000);
        let text = json!({ "a": long, "b": long, "c": long, "d": long, "e": long, "f": long }).to_string();
        let error = check(json!({"additionalProperties": {"type": "integer"}}), &text).unwrap_err();
        assert!(!error.message.contains("s3cret") && error.message.len() < 2000, "{}", error.message);
        let error = check(json!({"maxProperties": 0, "required": ["x".repeat(10_000)]}), &text).unwrap_err();
        assert!(error.message.len() < 2000, "{} bytes", error.message.len());
    }

    #[test]
    fn a_bad_schema_is_an_error_of_the_tool() {
        for schema in [
            json!({"type": "objct"}),
            json!({"properties": 3}),
            json!({"pattern": "("}),
            json!({"$ref": "#/nowhere"}),
            json!([]),
            json!({"$ref": "http://127.0.0.1:1/schema.json"}),
            json!({"$ref": "https://example.com/schema.json"}),
            json!({"$ref": "file:///etc/passwd"}),
            json!({"properties": {"a": {"$ref": "other.json#/a"}}}),
            json!({"$schema": "https://example.com/own-dialect"}),
        ] {
            assert_eq!(check(schema.clone(), "{}").unwrap_err().code, "tool_error", "{schema}");
        }
    }

    #[test]
    fn a_schema_may_refer_to_itself() {
        let tree = json!({"$defs": {"node": {"type": "object", "properties": {"next": {"$ref": "#/$defs/node"}}}},
            "$ref": "#/$defs/node"});
        assert_eq!(check(tree.clone(), r#"{"next":{"next":{}}}"#), Ok(()));
        assert!(check(tree, r#"{"next":{"next":1}}"#).is_err());
    }

    /// The schema that is its own definition has no end to read; it must neither hang nor overflow the stack.
    #[test]
    fn a_schema_that_goes_in_circles_ends() {
        for schema in [
            json!({"$ref": "#"}),
            json!({"allOf": [{"$ref": "#"}]}),
            json!({"anyOf": [{"$ref": "#"}]}),
            json!({"oneOf": [{"$ref": "#"}, {"type": "string"}]}),
            json!({"not": {"$ref": "#"}}),
            json!({"if": {"$ref": "#"}, "then": {"$ref": "#"}, "else": {"$ref": "#"}}),
            json!({"dependentSchemas": {"a": {"$ref": "#"}}}),
            json!({"$dynamicAnchor": "a", "allOf": [{"$dynamicRef": "#a"}], "unevaluatedProperties": false}),
            json!({"$recursiveAnchor": true, "$schema": "https://json-schema.org/draft/2019-09/schema",
                "anyOf": [{"$recursiveRef": "#"}], "unevaluatedProperties": false}),
            json!({"anyOf": [{"$ref": "#"}], "unevaluatedProperties": false}),
            json!({"$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}, "$ref": "#/$defs/a"}),
        ] {
            let _ = check(schema, r#"{"a":1}"#);
        }
    }

    #[test]
    fn a_pattern_that_explodes_ends() {
        let schema = json!({"properties": {"a": {"pattern": "^(?=(a+)+$)(a|a)*\\1b$"}}});
        let text = json!({"a": "a".repeat(5000)}).to_string();
        let started = std::time::Instant::now();
        assert!(check(schema, &text).is_err());
        assert!(started.elapsed().as_secs() < 10, "{:?}", started.elapsed());
    }
}
