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
