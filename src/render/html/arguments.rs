//! The arguments of a call as a person reads them: one labelled part for each key, as it was written. Nothing is read
//! into numbers and written again: what is shown has the very digits that run.

use std::collections::HashSet;

use askama::Template;
use serde_json::value::RawValue;

use super::{PageContext, conversation::draw, visible::visible};
use crate::types::ToolCallId;

/// Values longer than this many characters are folded.
const LONG: usize = 600;
/// Values of more lines than these are folded.
const LINES: usize = 12;
/// How deep lines are indented at most: what a model nests without end must not grow without end.
const DEEP: usize = 12;

/// One key and its value, made visible.
#[derive(Debug, PartialEq)]
struct Part {
    name: String,
    /// A text as itself, anything else as indented JSON.
    value: String,
    characters: usize,
    lines: usize,
}

impl Part {
    fn new(name: &str, value: &str) -> Self {
        let (characters, lines) = (value.chars().count(), value.lines().count());
        Self { name: visible(name), value: visible(value), characters, lines }
    }

    fn is_long(&self) -> bool {
        self.characters > LONG || self.lines > LINES
    }
}

/// `tool_calls/arguments.html`
#[derive(Template)]
#[template(path = "tool_calls/arguments.html")]
struct Parts<'a> {
    ctx: &'a PageContext,
    call: ToolCallId,
    /// What tells these arguments from others of the same call.
    which: &'a str,
    /// Nothing where the text could not be taken apart.
    parts: Option<Vec<Part>>,
    raw: String,
    is_unfolded: bool,
}

/// The arguments of a call as HTML, each part readable; the text itself where it cannot be taken apart.
pub(super) fn arguments(ctx: &PageContext, call: ToolCallId, which: &str, text: &str, is_unfolded: bool) -> String {
    draw(&Parts { ctx, call, which, parts: taken_apart(text), raw: visible(text), is_unfolded })
}

fn taken_apart(text: &str) -> Option<Vec<Part>> {
    let members = members(text)?;
    let part = |(name, value): &(String, &str)| match serde_json::from_str::<String>(value) {
        Ok(words) => Part::new(name, &words),
        Err(_) => Part::new(name, &indented(value)),
    };
    Some(members.iter().map(part).collect())
}

/// The keys of an object with their values as written, in their order. `None` for what is no object, or has a key
/// twice.
fn members(text: &str) -> Option<Vec<(String, &str)>> {
    // Read once for its form; where a value begins and ends is then found by brackets and quotes alone.
    let raw = serde_json::from_str::<&RawValue>(text).ok()?.get();
    let inside = raw.strip_prefix('{')?.strip_suffix('}')?;
    let mut members = Vec::new();
    let mut seen = HashSet::new();
    for member in split(inside, ',').filter(|member| !member.trim().is_empty()) {
        let key = split(member, ':').next()?;
        let value = member.strip_prefix(key)?.strip_prefix(':')?.trim();
        let key: String = serde_json::from_str(key.trim()).ok()?;
        if !seen.insert(key.clone()) {
            return None;
        }
        members.push((key, value));
    }
    Some(members)
}

/// The pieces of JSON between marks that stand in no text, object or list.
fn split(json: &str, mark: char) -> impl Iterator<Item = &str> {
    let mut reader = Reader::default();
    json.split(move |character| reader.is_outside(character) && character == mark)
}

/// Goes through JSON and knows where it is.
#[derive(Default)]
struct Reader {
    depth: usize,
    is_text: bool,
    is_escaped: bool,
}

impl Reader {
    /// Takes the next character; whether it stands in no text, object or list.
    fn is_outside(&mut self, character: char) -> bool {
        if self.is_text {
            self.is_text = self.is_escaped || character != '"';
            self.is_escaped = !self.is_escaped && character == '\\';
            return false;
        }
        match character {
            '"' => self.is_text = true,
            '{' | '[' => self.depth += 1,
            '}' | ']' => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
        self.depth == 0
    }
}

/// JSON with a line for each value; texts, numbers and their order stay as they are.
pub(super) fn indented(json: &str) -> String {
    let mut lines = String::with_capacity(json.len() * 2);
    let mut reader = Reader::default();
    let mut characters = json.chars().filter(|character| *character != '\r').peekable();
    let mut depth = 0_usize;
    let line = |lines: &mut String, depth: usize| lines.extend(["\n", &"  ".repeat(depth.min(DEEP))]);
    while let Some(character) = characters.next() {
        let is_text = reader.is_text;
        reader.is_outside(character);
        match character {
            _ if is_text => lines.push(character),
            ' ' | '\t' | '\n' => {}
            '{' | '[' => {
                lines.push(character);
                while characters.next_if(|next| matches!(next, ' ' | '\t' | '\n')).is_some() {}
                if let Some(end) = characters.next_if(|next| matches!(next, '}' | ']')) {
                    reader.is_outside(end);
                    lines.push(end);
                } else {
                    depth += 1;
                    line(&mut lines, depth);
                }
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                line(&mut lines, depth);
                lines.push(character);
            }
            ',' => {
                lines.push(character);
                line(&mut lines, depth);
            }
            ':' => lines.push_str(": "),
            other => lines.push(other),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::i18n::Locale;

    fn shown(text: &str) -> Option<Vec<(String, String)>> {
        taken_apart(text).map(|parts| parts.into_iter().map(|part| (part.name, part.value)).collect())
    }

    fn drawn(text: &str) -> String {
        let ctx = PageContext {
            locale: Locale::English,
            viewer: None,
            csrf: String::new(),
            prefix: String::new(),
            version: String::new(),
            waiting: 0,
        };
        arguments(&ctx, ToolCallId::new(), "argument", text, false)
    }

    #[test]
    fn each_key_is_a_part_in_the_order_and_with_the_digits_it_was_written() {
        let text = r#" { "z" : 1.10 , "a":"one\ntwo", "big":123456789012345678901234567890, "e":1E+2,
            "list":[1.0,{"b":"x,]}\"","c":[]}], "none":null, "":"", "t\u0061il":true} "#;
        let parts = shown(text).unwrap();
        let parts: Vec<_> = parts.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let list = "[\n  1.0,\n  {\n    &quot;b&quot;: &quot;x,]}\\&quot;&quot;,\n    &quot;c&quot;: []\n  }\n]";
        assert_eq!(
            parts,
            [
                ("z", "1.10"),
                ("a", "one\ntwo"),
                ("big", "123456789012345678901234567890"),
                ("e", "1E+2"),
                ("list", list),
                ("none", "null"),
                ("", ""),
                ("tail", "true"),
            ]
        );
        assert_eq!(shown("{}"), Some(Vec::new()));
        assert_eq!(shown("{ }"), Some(Vec::new()));
    }

    #[test]
    fn what_cannot_be_taken_apart_is_shown_as_it_is() {
        for text in ["", "{", "[1]", "\"a\"", r#"{"a":1,"a":2}"#, r#"{"a":1,"\u0061":2}"#, "{a:1}", "</pre><b>"] {
            assert_eq!(shown(text), None, "{text}");
            assert!(drawn(text).contains(&visible(text)), "{text}");
        }
        let deep = "{\"a\":".repeat(1000) + "1" + &"}".repeat(1000);
        assert!(drawn(&deep).contains("&quot;a&quot;"));
    }

    #[test]
    fn nothing_hides_in_keys_and_values_and_what_is_long_is_folded_and_there() {
        let html = drawn("{\"p\u{202E}ath\":\"a\\u200bb\",\"o\":{\"k\":\"x\u{2066}y\"}}");
        for seen in ["\\u202E", "\\u200B", "\\u2066"] {
            assert!(html.contains(&format!("<span class=\"code-point\">{seen}</span>")), "{seen}: {html}");
        }
        assert!(!html.contains("<details"), "{html}");
        for long in ["x".repeat(601), "a\\n".repeat(13)] {
            let html = drawn(&format!("{{\"script\":\"{long}\"}}"));
            assert!(html.contains("<details") && !html.contains(" open"), "{html}");
            assert!(html.contains(&long.replace("\\n", "\n")), "{html}");
        }
    }

    proptest! {
        #[test]
        fn indenting_changes_blanks_alone(value in any_value()) {
            let text = value.to_string();
            let read: serde_json::Value = serde_json::from_str(&indented(&text)).unwrap();
            prop_assert_eq!(read, value);
            let solid = |text: &str| text.split_whitespace().collect::<String>();
            prop_assert_eq!(solid(&indented(&text)), solid(&text));
        }
    }

    fn any_value() -> impl Strategy<Value = serde_json::Value> {
        use serde_json::Value;
        let scalar = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            "[ -~\u{e9}]{0,8}".prop_map(Value::from),
        ];
        scalar.prop_recursive(4, 32, 5, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
                proptest::collection::hash_map("[ -~]{0,4}", inner, 0..5)
                    .prop_map(|object| Value::Object(object.into_iter().collect())),
            ]
        })
    }
}
