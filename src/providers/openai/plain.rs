//! The chunk that nearly every token of a reply comes in, read without making a tree of it: one choice with more text,
//! and nothing else that says anything. Whatever is otherwise in any way is left to the decoder of everything.

use std::borrow::Cow;

use serde::{Deserialize, de::IgnoredAny};

/// A chunk of text.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "fields that may be there, and say nothing")]
pub(super) struct Plain<'a> {
    #[serde(borrow)]
    pub(super) model: Option<Cow<'a, str>>,
    #[serde(borrow)]
    choices: (Choice<'a>,),
    #[serde(borrow)]
    object: Option<Cow<'a, str>>,
    id: Option<IgnoredAny>,
    created: Option<IgnoredAny>,
    system_fingerprint: Option<IgnoredAny>,
    service_tier: Option<IgnoredAny>,
    obfuscation: Option<IgnoredAny>,
    provider: Option<IgnoredAny>,
    /// Null until the end, if it is asked for.
    usage: Option<()>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "fields that may be there, and say nothing")]
struct Choice<'a> {
    index: Option<u64>,
    #[serde(borrow)]
    delta: Delta<'a>,
    logprobs: Option<()>,
    finish_reason: Option<()>,
    native_finish_reason: Option<()>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "fields that may be there, and say nothing")]
struct Delta<'a> {
    role: Option<IgnoredAny>,
    #[serde(borrow)]
    content: Cow<'a, str>,
    refusal: Option<()>,
    tool_calls: Option<()>,
    function_call: Option<()>,
    reasoning: Option<()>,
    reasoning_content: Option<()>,
}

impl<'a> Plain<'a> {
    /// The chunk, if it is one.
    pub(super) fn read(data: &'a str) -> Option<Self> {
        let plain: Self = serde_json::from_str(data).ok()?;
        let is_first = plain.choices.0.index.unwrap_or_default() == 0;
        (is_first && plain.object.as_deref() != Some("error")).then_some(plain)
    }

    /// More text.
    pub(super) fn content(&self) -> &str {
        &self.choices.0.delta.content
    }
}

/// What stood before and after the text of the last chunk. Most chunks of a reply differ from the one before in their text
/// alone, and are read by comparing bytes.
#[derive(Clone, Debug, Default)]
pub(super) struct Mould {
    before: String,
    after: String,
}

impl Mould {
    /// The text of a chunk that differs from the last one in nothing else. The same bytes before it, of which the last opens a
    /// string, and the same after it, of which the first closes it, make the same chunk of it as long as nothing between
    /// them ends the string, escapes, or may not stand in one.
    pub(super) fn text<'a>(&self, data: &'a str) -> Option<&'a str> {
        let text = data.strip_prefix(&self.before)?.strip_suffix(&self.after)?;
        let is_plain = |byte: u8| byte >= b' ' && byte != b'"' && byte != b'\\';
        (!self.before.is_empty() && text.bytes().all(is_plain)).then_some(text)
    }

    /// Remembers a chunk, unless its text had to be unescaped.
    pub(super) fn remember(&mut self, data: &str, plain: &Plain<'_>) {
        let (before, after) = Self::around(data, plain).unwrap_or_default();
        self.before.clear();
        self.before.push_str(before);
        self.after.clear();
        self.after.push_str(after);
    }

    fn around<'a>(data: &'a str, plain: &Plain<'_>) -> Option<(&'a str, &'a str)> {
        let Cow::Borrowed(content) = plain.choices.0.delta.content else { return None };
        // It is a part of the data; where, its address says.
        let begins = content.as_ptr().addr().checked_sub(data.as_ptr().addr())?;
        let (before, rest) = data.split_at_checked(begins)?;
        let after = rest.strip_prefix(content)?;
        (before.ends_with('"') && after.starts_with('"')).then_some((before, after))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const CHUNK: &str = r#"{"id":"a \"content\":\"","model":"m","choices":[{"index":0,"delta":{"content":"Hello"}}]}"#;

    fn mould(data: &str) -> Mould {
        let mut mould = Mould::default();
        mould.remember(data, &Plain::read(data).unwrap());
        mould
    }

    #[test]
    fn only_the_text_may_differ() {
        let mould = mould(CHUNK);
        for (data, text) in [
            (CHUNK.to_owned(), Some("Hello")),
            (CHUNK.replace("Hello", ""), Some("")),
            (CHUNK.replace("Hello", "a longer text, ü, 日本"), Some("a longer text, ü, 日本")),
            (CHUNK.replace("Hello", "line\\n"), None),
            (CHUNK.replace("Hello", "line\n"), None),
            (CHUNK.replace("Hello", r#"x"},"finish_reason":null,"delta":{"content":"y"#), None),
            (CHUNK.replace(r#""m""#, r#""n""#), None),
            (CHUNK.replace("}]}", r#"},{}]}"#), None),
            (CHUNK.replace(r#""Hello""#, "null"), None),
            (String::new(), None),
        ] {
            assert_eq!(mould.text(&data), text, "{data}");
        }
        assert_eq!(Mould::default().text("anything"), None);
    }

    #[test]
    fn an_escaped_text_is_no_mould() {
        assert_eq!(mould(&CHUNK.replace("Hello", "line\\n")).text(CHUNK), None);
        assert_eq!(mould(&CHUNK.replace("Hello", "")).text(CHUNK), Some("Hello"));
    }

    proptest! {
        /// Whatever it gives is what reading the chunk gives.
        #[test]
        fn it_reads_what_the_parser_reads(text in r#"[ -~"\\{}\n\u{80}-\u{ff}]{0,12}"#, raw in any::<bool>()) {
            let inside = if raw { text } else { serde_json::to_string(&text).unwrap().trim_matches('"').to_owned() };
            let data = CHUNK.replace("Hello", &inside);
            if let Some(text) = mould(CHUNK).text(&data) {
                let plain = Plain::read(&data).unwrap();
                prop_assert_eq!(plain.content(), text);
            }
        }
    }
}
