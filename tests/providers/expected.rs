//! What each recording stands for: what the official clients make of it, and where we differ.

use sayso::providers::{ProviderError, ProviderErrorKind, Reply, ReplyBlock};
use serde_json::{Value, json};

use crate::{api::Api, shared::Recording};

/// A recording, what is expected instead, and why.
type Difference = (&'static str, fn(&mut Value), &'static str);

/// Where our reading differs from the official client's: the recording, what is expected instead, and why.
const DIFFERENCES: &[Difference] = &[
    (
        "openai/null-finish-snowflake",
        |expected| expected["stop_reason"] = json!("stop"),
        "the server never gives a reason, but ends with [DONE]: the reply is whole, and the reason can be seen",
    ),
    (
        "openai/tool-id-repeated-kimi",
        |expected| expected["stop_reason"] = json!("tool_calls"),
        "as before: no reason, but [DONE] after a call",
    ),
    (
        "openai/xai-grok4-tool",
        |expected| expected["output_tokens"] = json!(26 + 235),
        "xAI counts 235 tokens that were thought beside the 26 that were written; both are paid for, as its sum says",
    ),
    (
        "ollama/text-qwen3-utf8",
        |expected| expected["text"] = json!(expected["text"].as_str().unwrap().replacen("</think>", "", 1)),
        "a stray end of thinking is no text",
    ),
    (
        "ollama/tool-thinking-qwen3",
        |expected| expected["tool_calls"][0]["id"] = json!("call_REDACTED_1"),
        "the server gives the call an id, which the official client does not know yet",
    ),
];

/// The kind of each recorded error.
const KINDS: &[(&str, ProviderErrorKind)] = {
    use ProviderErrorKind::*;
    &[
        ("anthropic/err-400-effort", InvalidResponse),
        ("anthropic/err-400-schema-type", InvalidResponse),
        ("anthropic/err-401", Unauthorized),
        ("anthropic/err-404-model", InvalidResponse),
        ("anthropic/err-429-rate-limit", RateLimited),
        ("anthropic/err-502-html", Unavailable),
        ("anthropic/err-529-overloaded", Overloaded),
        ("anthropic/mid-error-in-tool-input", Unavailable),
        ("anthropic/mid-error-overloaded", Overloaded),
        ("openai/err-400-groq-tool-failed", InvalidResponse),
        ("openai/err-400-mistral-flat", InvalidResponse),
        ("openai/err-401-llamacpp", Unauthorized),
        ("openai/err-401-mistral-detail", Unauthorized),
        ("openai/err-401-openai", Unauthorized),
        ("openai/err-402-openrouter-credits", Balance),
        ("openai/err-429-openrouter", RateLimited),
        ("openai/err-429-quota", Balance),
        ("openai/err-503-vllm-plain", Unavailable),
        ("openai/err-context-deepseek", ContextTooLong),
        ("openai/err-context-llamacpp", ContextTooLong),
        ("openai/err-context-ollama-cloud", ContextTooLong),
        ("openai/mid-error-groq", InvalidResponse),
        ("ollama/err-404-model", InvalidResponse),
    ]
};

/// Checks what came of a recording: the reply, or the error with what had come before it.
pub fn assert_outcome(api: Api, recording: &Recording, reply: &Reply, error: Option<&ProviderError>) {
    let context = format!("{}/{}", api.name(), recording.name);
    let Some(message) = recording.expected["message"].as_str() else {
        assert_eq!(error, None, "{context}");
        return assert_is(api, recording, reply);
    };
    let error = error.unwrap_or_else(|| panic!("{context} did not fail"));
    let kind = KINDS.iter().find(|(name, _)| *name == context).unwrap_or_else(|| panic!("{context} has no kind")).1;
    assert_eq!(error.kind, kind, "{context}: {error}");
    // Of an HTML page only its text is kept.
    let message = if message.starts_with('<') { "502 Bad Gateway" } else { message };
    assert!(error.message.contains(message), "{context}: {error}");
    if let partial @ Value::Object(_) = &recording.expected["partial"] {
        compare(reply, partial.clone(), &context);
    }
}

/// Checks a whole reply against what the official client made of the same bytes.
pub fn assert_is(api: Api, recording: &Recording, reply: &Reply) {
    let context = format!("{}/{}", api.name(), recording.name);
    let mut expected = recording.expected.clone();
    for (name, differs, _) in DIFFERENCES {
        if *name == context {
            differs(&mut expected);
            assert_ne!(expected, recording.expected, "{context} does not differ any more");
        }
    }
    compare(reply, expected, &context);
}

fn compare(reply: &Reply, mut expected: Value, context: &str) {
    let mut calls = Vec::new();
    let mut thinking = String::new();
    let mut kinds = Vec::new();
    for block in &reply.content {
        kinds.push(match block {
            ReplyBlock::Text { .. } => "text".to_owned(),
            ReplyBlock::Thinking { text, .. } => {
                thinking.push_str(text);
                "thinking".to_owned()
            }
            ReplyBlock::ToolCall { provider_id, name, input, whole } => {
                // The official clients complete a half input by guessing; ours leaves it as it came.
                let input = if *whole { serde_json::from_str(input).unwrap() } else { Value::from("half") };
                calls.push(json!({"id": provider_id, "name": name, "input": input}));
                "tool_use".to_owned()
            }
            ReplyBlock::Opaque { raw } => {
                serde_json::from_str::<Value>(raw).unwrap()["type"].as_str().unwrap().to_owned()
            }
        });
    }
    for (call, expected) in calls.iter().zip(expected["tool_calls"].as_array_mut().unwrap()) {
        if call["input"] == "half" {
            assert!(
                matches!(reply.stop_reason.as_deref(), None | Some("length" | "max_tokens")),
                "half a call in {context}"
            );
            expected["input"] = Value::from("half");
        }
    }
    assert_eq!(reply.text(), expected["text"].as_str().unwrap(), "text of {context}");
    assert_eq!(thinking, expected["thinking"].as_str().unwrap(), "thinking of {context}");
    assert_eq!(Value::from(calls), expected["tool_calls"], "calls of {context}");
    if let kinds_expected @ Value::Array(_) = &expected["block_types"] {
        assert_eq!(json!(kinds), *kinds_expected, "blocks of {context}");
    }
    assert_eq!(json!(reply.stop_reason), expected["stop_reason"], "stop reason of {context}");
    assert!(reply.model.is_some() || reply.content.is_empty(), "model of {context}");
    let Some(output) = expected["output_tokens"].as_i64() else {
        // Nothing was reported: the caller counts an estimate, which says so.
        return assert_eq!(reply.usage, None, "usage of {context}");
    };
    let usage = reply.usage.unwrap_or_default();
    let count = |name: &str| expected[name].as_i64().unwrap_or_default();
    assert_eq!(usage.input_tokens, count("input_tokens") + count("cache_read") + count("cache_write"), "{context}");
    assert_eq!(usage.output_tokens, output, "output tokens of {context}");
    assert!(!usage.estimated, "{context}");
    if expected["cache_read"].is_i64() {
        assert_eq!(usage.cached_tokens, count("cache_read"), "cached tokens of {context}");
    }
}
