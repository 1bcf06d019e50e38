//! The Messages API.

mod faults;
mod recorded;
mod scripts;

use futures_util::StreamExt;
use sayso::{
    providers::{
        PromptMessage, Provider, ProviderError, Reply, ReplyBlock, ReplyBuilder, Request, Timeouts,
        anthropic::Anthropic, http_client,
    },
    types::{Block, MessageRole},
};
use serde_json::{Value, json};

pub const KEY: &str = "sk-ant-test-0123456789";

/// How many recordings there were when this was written.
pub const RECORDINGS: usize = STREAMS + ERRORS;
pub const STREAMS: usize = 47;
pub const ERRORS: usize = 7;

pub fn provider(url: &str, timeouts: Timeouts) -> Anthropic {
    Anthropic::new(http_client(timeouts).unwrap(), url, KEY.into(), "unused".into())
}

pub fn asking(model: &str) -> Request {
    Request {
        model: Some(model.to_owned()),
        messages: vec![PromptMessage { role: MessageRole::User, content: vec![Block::text("Hello")] }],
        max_output_tokens: 1000,
        ..Request::default()
    }
}

/// What came of a reply, and how it failed if it did.
pub async fn ask(provider: &Anthropic, request: &Request) -> (Reply, Option<ProviderError>) {
    let mut builder = ReplyBuilder::new();
    let mut failed = None;
    match provider.stream(request).await {
        Err(error) => failed = Some(error),
        Ok(mut stream) => {
            while let Some(event) = stream.next().await {
                assert!(failed.is_none(), "something came after an error");
                match event {
                    Ok(event) => builder.push(&event),
                    Err(error) => failed = Some(error),
                }
            }
        }
    }
    if let Some(error) = &failed {
        assert!(!format!("{error} {error:?}").contains(KEY), "{error}");
    }
    (builder.so_far(), failed)
}

/// Checks a reply against what the official client made of the same bytes.
pub fn assert_is(reply: &Reply, expected: &Value, context: &str) {
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
                // The official client completes a half input by guessing; ours leaves it as it came.
                let input = if *whole { serde_json::from_str(input).unwrap() } else { Value::from("half") };
                calls.push(json!({"id": provider_id, "name": name, "input": input}));
                "tool_use".to_owned()
            }
            ReplyBlock::Opaque { raw } => {
                serde_json::from_str::<Value>(raw).unwrap()["type"].as_str().unwrap().to_owned()
            }
        });
    }
    let mut expected_calls = expected["tool_calls"].clone();
    for (call, expected) in calls.iter().zip(expected_calls.as_array_mut().unwrap()) {
        if call["input"] == "half" {
            expected["input"] = Value::from("half");
        }
    }
    assert_eq!(reply.text(), expected["text"].as_str().unwrap(), "text of {context}");
    assert_eq!(thinking, expected["thinking"].as_str().unwrap(), "thinking of {context}");
    assert_eq!(Value::from(calls), expected_calls, "calls of {context}");
    assert_eq!(json!(kinds), expected["block_types"], "blocks of {context}");
    assert_eq!(json!(reply.stop_reason), expected["stop_reason"], "stop reason of {context}");
    let usage = reply.usage.unwrap_or_default();
    let count = |name: &str| expected[name].as_i64().unwrap();
    let input = count("input_tokens") + count("cache_read") + count("cache_write");
    assert_eq!(usage.input_tokens, input, "input tokens of {context}");
    assert_eq!(usage.cached_tokens, count("cache_read"), "cached tokens of {context}");
    assert_eq!(usage.output_tokens, count("output_tokens"), "output tokens of {context}");
    assert!(!usage.estimated && (reply.model.is_some() || reply.content.is_empty()), "model of {context}");
}
