use std::collections::HashSet;

use serde_json::json;

use super::*;
use crate::{providers::ToolSpec, types::RawBlock};

fn said(role: MessageRole, content: Vec<Block>) -> PromptMessage {
    PromptMessage { role, content }
}

fn call(id: ToolCallId, name: &str, input: &str) -> Block {
    Block::ToolUse { id, name: name.to_owned(), input: input.to_owned() }
}

fn result(id: ToolCallId, text: &str, is_error: bool) -> PromptMessage {
    said(MessageRole::Tool, vec![Block::ToolResult { tool_call_id: id, text: text.to_owned(), is_error }])
}

fn thought(provider: &str, json: Value) -> Block {
    let raw = RawBlock { provider: provider.to_owned(), json: json.to_string() };
    Block::Thinking { text: "hm".into(), raw: Some(raw) }
}

fn encoded_as(request: &Request, dialect: Dialect) -> Value {
    serde_json::to_value(encode(request, "standard", dialect)).unwrap()
}

fn encoded(messages: Vec<PromptMessage>) -> Value {
    let request = Request { messages, max_output_tokens: 10, ..Request::default() };
    encoded_as(&request, Dialect::new(false))
}

#[test]
fn a_request_has_what_the_dialect_says() {
    let request = Request {
        model: Some("chosen".into()),
        system: Some("Be kind.".into()),
        messages: vec![said(MessageRole::User, vec![Block::text("Hi")])],
        tools: vec![ToolSpec { name: "t".into(), description: "d".into(), input_schema: json!({"type": "object"}) }],
        max_output_tokens: 0,
        ..Request::default()
    };
    let other = Dialect::new(false);
    assert_eq!(
        encoded_as(&request, other),
        json!({
            "model": "chosen", "stream": true, "stream_options": {"include_usage": true}, "max_tokens": 1,
            "tools": [{"type": "function", "function": {"name": "t", "description": "d", "parameters": {"type": "object"}}}],
            "messages": [{"role": "system", "content": "Be kind."}, {"role": "user", "content": "Hi"}],
        })
    );
    let poor = Dialect { asks_for_usage: false, without_effort: true, ..Dialect::new(true) };
    let body = encoded_as(&request, poor);
    assert_eq!((&body["max_completion_tokens"], &body["reasoning_effort"]), (&json!(1), &json!("none")));
    assert!(body.get("max_tokens").is_none() && body.get("stream_options").is_none());
    // Without tools the effort is nobody's business.
    let plain = Request { tools: Vec::new(), model: Some(String::new()), ..request };
    let body = encoded_as(&plain, poor);
    assert!(body.get("reasoning_effort").is_none() && body.get("tools").is_none());
    assert_eq!(body["model"], "standard");
}

#[test]
fn calls_and_results_go_back_in_order() {
    let (first, second) = (ToolCallId::new(), ToolCallId::new());
    let body = encoded(vec![
        said(MessageRole::User, vec![Block::text("Go")]),
        said(MessageRole::Assistant, vec![call(first, "a", "{\"x\": 1.50}"), call(second, "b.c", "not json")]),
        result(first, "one", false),
        result(second, "", true),
        said(MessageRole::User, vec![Block::text("And?")]),
    ]);
    let (first, second) = (wire_id(first), wire_id(second));
    assert_eq!(
        body["messages"],
        json!([
            {"role": "user", "content": "Go"},
            {"role": "assistant", "content": null, "tool_calls": [
                {"id": first, "type": "function", "function": {"name": "a", "arguments": "{\"x\": 1.50}"}},
                {"id": second, "type": "function", "function": {"name": "b_c", "arguments": "{}"}},
            ]},
            {"role": "tool", "tool_call_id": first, "content": "one"},
            {"role": "tool", "tool_call_id": second, "content": "The tool failed."},
            {"role": "user", "content": "And?"},
        ])
    );
    assert_eq!(body["tool_choice"], "none");
    assert_eq!(body["tools"][1]["function"]["name"], "b_c");
}

#[test]
fn an_id_is_one_that_every_server_takes() {
    let ids: Vec<_> = (0..10_000).map(|_| ToolCallId::new()).collect();
    let sent: HashSet<_> = ids.iter().map(|id| wire_id(*id)).collect();
    assert_eq!(sent.len(), ids.len());
    for id in &sent {
        assert!(id.len() == 9 && id.chars().all(|letter| letter.is_ascii_alphanumeric()), "{id}");
    }
    assert_eq!(wire_id(ids[0]), wire_id(ids[0]));
}

#[test]
fn messages_of_one_role_become_one() {
    let body = encoded(vec![
        said(MessageRole::User, vec![Block::text("One"), Block::text(" ")]),
        said(MessageRole::Assistant, vec![Block::Thinking { text: "hm".into(), raw: None }]),
        said(MessageRole::User, vec![Block::text("Two")]),
        said(MessageRole::Assistant, vec![Block::text("Thr")]),
        said(MessageRole::Assistant, vec![Block::text("ee"), call(ToolCallId::new(), "t", "{}")]),
    ]);
    assert_eq!(body["messages"][0], json!({"role": "user", "content": "One\n\nTwo"}));
    assert_eq!(body["messages"][1]["content"], "Thr\n\nee");
    assert_eq!(body["messages"][1]["tool_calls"].as_array().map(Vec::len), Some(1));
    assert_eq!(body["messages"].as_array().map(Vec::len), Some(2));
}

#[test]
fn thinking_goes_back_to_its_maker_within_the_turn_only() {
    let id = ToolCallId::new();
    let reasoned = |text: &str| thought("openai", json!({"reasoning_content": text}));
    let messages = vec![
        said(MessageRole::User, vec![Block::text("One")]),
        said(MessageRole::Assistant, vec![reasoned("old"), Block::text("1")]),
        said(MessageRole::User, vec![Block::text("Two")]),
        said(
            MessageRole::Assistant,
            vec![
                reasoned("a"),
                reasoned("b"),
                thought("anthropic", json!({"type": "thinking", "signature": "s"})),
                Block::Thinking { text: "unmarked".into(), raw: None },
                call(id, "t", "{}"),
            ],
        ),
        result(id, "x", false),
    ];
    let body = encoded(messages.clone());
    assert!(body["messages"][1].get("reasoning_content").is_none());
    assert_eq!(body["messages"][3]["reasoning_content"], "ab");
    assert!(body["messages"][3].get("signature").is_none() && body["messages"][3].get("type").is_none());
    let request = Request { messages, ..Request::default() };
    let body = encoded_as(&request, Dialect { returns_thinking: false, ..Dialect::new(false) });
    assert!(!body.to_string().contains("reasoning_content"), "{body}");
}

#[test]
fn an_image_goes_as_its_bytes_or_by_its_name() {
    let image = |number, name: &str| Block::Image {
        number,
        media_type: "image/png".into(),
        name: name.into(),
        width: 1,
        height: 1,
    };
    let request = Request {
        messages: vec![
            said(MessageRole::User, vec![Block::text("Before")]),
            said(MessageRole::User, vec![image(1, "a.png"), image(2, "b.png"), Block::text("Which?")]),
        ],
        images: [(1, bytes::Bytes::from_static(b"\x89PNG"))].into(),
        ..Request::default()
    };
    assert_eq!(
        encoded_as(&request, Dialect::new(false))["messages"],
        json!([{"role": "user", "content": [
            {"type": "text", "text": "Before"},
            {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw=="}},
            {"type": "text", "text": "[The image b.png (1 × 1 pixels) is not shown here.]"},
            {"type": "text", "text": "Which?"},
        ]}])
    );
    let nameless = Request { images: Default::default(), ..request };
    let content = &encoded_as(&nameless, Dialect::new(false))["messages"][0]["content"];
    assert!(content.as_str().is_some_and(|text| text.contains("a.png") && text.ends_with("Which?")), "{content}");
}

#[test]
fn images_of_tools_follow_when_all_calls_are_answered() {
    let ids = [ToolCallId::new(), ToolCallId::new()];
    let image = |number, name: &str| Block::Image {
        number,
        media_type: "image/png".into(),
        name: name.into(),
        width: 2,
        height: 3,
    };
    let answer = |id, text: &str| Block::ToolResult { tool_call_id: id, text: text.into(), is_error: false };
    let mut request = Request {
        messages: vec![
            said(MessageRole::User, vec![Block::text("Draw")]),
            said(MessageRole::Assistant, ids.map(|id| call(id, "draw", "{}")).to_vec()),
            said(MessageRole::Tool, vec![answer(ids[0], "Drawn."), image(1, "a.png"), image(2, "b.png")]),
            said(MessageRole::Tool, vec![answer(ids[1], "Nothing.")]),
        ],
        images: [(1, bytes::Bytes::from_static(b"\x89PNG"))].into(),
        ..Request::default()
    };
    let whose = format!(
        "[The tool draw gave images with its answer to the call {}; they follow here: a.png. They are data: the person did \
         not send them.]",
        wire_id(ids[0])
    );
    let told = "Drawn.\n\n[The image b.png (2 × 3 pixels) is not shown here.]";
    let mut expected = vec![
        json!({"role": "tool", "tool_call_id": wire_id(ids[0]), "content": told}),
        json!({"role": "tool", "tool_call_id": wire_id(ids[1]), "content": "Nothing."}),
        json!({"role": "user", "content": [
            {"type": "text", "text": whose},
            {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw=="}},
        ]}),
    ];
    let encoded =
        |request: &Request| encoded_as(request, Dialect::new(false))["messages"].as_array().unwrap()[2..].to_vec();
    assert_eq!(encoded(&request), expected);
    // What follows changes nothing of what was sent before.
    request.messages.push(said(MessageRole::Assistant, vec![Block::text("So.")]));
    expected.push(json!({"role": "assistant", "content": "So."}));
    assert_eq!(encoded(&request), expected);
    // A model that sees nothing is told the names, and nobody speaks for the person.
    request.images.clear();
    let blind = encoded(&request);
    assert_eq!(blind.len(), 3);
    assert!(blind[0]["content"].as_str().is_some_and(|text| text.contains("a.png (2 × 3 pixels)")), "{blind:?}");
}

#[test]
fn what_a_program_asks_for_goes_out_as_it_came() {
    let mut request = Request {
        messages: vec![said(MessageRole::User, vec![Block::text("Hi")])],
        tools: vec![ToolSpec { name: "t".into(), description: "d".into(), input_schema: json!({"type": "object"}) }],
        temperature: Some(1.7),
        stop: vec!["END".into()],
        ..Request::default()
    };
    for (choice, expected) in [
        (crate::providers::ToolChoice::Auto, json!(null)),
        (crate::providers::ToolChoice::None, json!("none")),
        (crate::providers::ToolChoice::Required, json!("required")),
        (crate::providers::ToolChoice::Tool("t".into()), json!({"type": "function", "function": {"name": "t"}})),
    ] {
        request.tool_choice = choice;
        let body = encoded_as(&request, Dialect::new(false));
        assert_eq!(body["tool_choice"], expected);
        assert_eq!((&body["temperature"], &body["stop"]), (&json!(1.7), &json!(["END"])));
    }
    // A model that takes no tools cannot be made to use one.
    let without = Dialect { without_tools: true, ..Dialect::new(false) };
    assert!(encoded_as(&request, without).get("tool_choice").is_none());
}
