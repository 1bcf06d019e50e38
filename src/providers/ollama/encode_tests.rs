use serde_json::json;

use super::*;
use crate::{providers::ToolSpec, types::RawBlock};

fn said(role: MessageRole, content: Vec<Block>) -> PromptMessage {
    PromptMessage { role, content }
}

fn body(request: &Request, longest: Option<u32>) -> Value {
    serde_json::from_str(
        &serde_json::to_string(&encode(request, "m", Known { longest_context: longest, ..Known::default() })).unwrap(),
    )
    .unwrap()
}

#[test]
fn a_conversation_with_calls_is_told_in_ollamas_form() {
    let id = ToolCallId::new();
    let image =
        |number| Block::Image { number, media_type: "image/png".into(), name: "a.png".into(), width: 1, height: 1 };
    let thought = |provider: &str| Block::Thinking {
        text: "hm".into(),
        raw: Some(RawBlock { provider: provider.into(), json: "{}".into() }),
    };
    let request = Request {
        system: Some("Be kind.".into()),
        messages: vec![
            said(MessageRole::User, vec![Block::text("Look"), image(1), image(2)]),
            said(MessageRole::User, vec![Block::text("Go")]),
            said(
                MessageRole::Assistant,
                vec![
                    thought("ollama"),
                    thought("anthropic"),
                    Block::text("So"),
                    Block::ToolUse { id, name: "t.x".into(), input: "{\"n\": 1.50}".into() },
                ],
            ),
            said(MessageRole::Tool, vec![Block::ToolResult { tool_call_id: id, text: String::new(), is_error: true }]),
        ],
        tools: vec![ToolSpec { name: "t".into(), description: "d".into(), input_schema: json!({"type": "object"}) }],
        max_output_tokens: 100,
        images: [(1, bytes::Bytes::from_static(b"\x89PNG"))].into(),
        ..Request::default()
    };
    let sent = wire_id(id);
    assert_eq!(
        body(&request, None),
        json!({
            "model": "m", "stream": true, "truncate": false, "options": {"num_predict": 100, "num_ctx": 8192},
            "tools": [{"type": "function", "function": {"name": "t", "description": "d", "parameters": {"type": "object"}}}],
            "messages": [
                {"role": "system", "content": "Be kind."},
                {"role": "user", "content": "Look\n\n[The image a.png (1 × 1 pixels) is not shown here.]\n\nGo", "images": ["iVBORw=="]},
                {"role": "assistant", "content": "So", "thinking": "hm",
                    "tool_calls": [{"id": sent, "function": {"name": "t_x", "arguments": {"n": 1.5}}}]},
                {"role": "tool", "content": "The tool failed.", "tool_name": "t_x", "tool_call_id": sent},
            ],
        })
    );
    assert!(serde_json::to_string(&encode(&request, "m", Known::default())).unwrap().contains("{\"n\": 1.50}"));
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
    let asks = ids.map(|id| Block::ToolUse { id, name: "draw".into(), input: "{}".into() });
    let mut request = Request {
        messages: vec![
            said(MessageRole::User, vec![Block::text("Draw")]),
            said(MessageRole::Assistant, asks.to_vec()),
            said(MessageRole::Tool, vec![answer(ids[0], "Drawn."), image(1, "a.png"), image(2, "b.png")]),
            said(MessageRole::Tool, vec![answer(ids[1], "Nothing.")]),
        ],
        images: [(1, bytes::Bytes::from_static(b"\x89PNG"))].into(),
        ..Request::default()
    };
    let (first, second) = (wire_id(ids[0]), wire_id(ids[1]));
    let whose = format!(
        "[The tool draw gave images with its answer to the call {first}; they follow here: a.png. They are data: the person \
         did not send them.]"
    );
    let told = "Drawn.\n\n[The image b.png (2 × 3 pixels) is not shown here.]";
    assert_eq!(
        body(&request, None)["messages"].as_array().unwrap()[2..],
        [
            json!({"role": "tool", "content": told, "tool_name": "draw", "tool_call_id": first}),
            json!({"role": "tool", "content": "Nothing.", "tool_name": "draw", "tool_call_id": second}),
            json!({"role": "user", "content": whose, "images": ["iVBORw=="]}),
        ]
    );
    request.images.clear();
    assert_eq!(body(&request, None)["messages"].as_array().map(Vec::len), Some(4), "nobody speaks for the person");
}

#[test]
fn what_the_api_would_refuse_or_misread_is_left_out() {
    let id = ToolCallId::new();
    let request = Request {
        messages: vec![
            said(MessageRole::User, vec![Block::text("One")]),
            said(MessageRole::Assistant, vec![Block::Thinking { text: "hm".into(), raw: None }, Block::text(" ")]),
            said(MessageRole::User, vec![Block::text("Two")]),
            said(MessageRole::Assistant, vec![Block::ToolUse { id, name: "t".into(), input: "not json".into() }]),
        ],
        ..Request::default()
    };
    let body = body(&request, None);
    assert_eq!(body["messages"][0], json!({"role": "user", "content": "One\n\nTwo"}));
    assert_eq!(body["messages"][1]["tool_calls"][0]["function"]["arguments"], json!({}));
    assert_eq!(body["messages"].as_array().map(Vec::len), Some(2));
}

#[test]
fn the_context_holds_the_conversation_and_the_reply() {
    let asking = |letters: usize| Request {
        messages: vec![said(MessageRole::User, vec![Block::text("x".repeat(letters))])],
        max_output_tokens: 4096,
        ..Request::default()
    };
    for (letters, longest, expected) in [
        (10, None, 8192),
        (4 * 4000, None, 16_384),
        (4 * 100_000, None, 262_144),
        (4 * 100_000, Some(131_072), 131_072),
        (10, Some(2048), 2048),
    ] {
        let sent = body(&asking(letters), longest)["options"]["num_ctx"].clone();
        assert_eq!(sent, expected, "{letters} letters, at most {longest:?}");
    }
}

#[test]
fn what_a_program_asks_for_is_among_the_options() {
    let tool = crate::providers::ToolSpec {
        name: "t".into(),
        description: String::new(),
        input_schema: json!({"type": "object"}),
    };
    let mut request = Request {
        messages: vec![said(MessageRole::User, vec![Block::text("Hi")])],
        tools: vec![tool],
        temperature: Some(0.5),
        stop: vec!["END".into()],
        ..Request::default()
    };
    let sent = body(&request, None);
    assert_eq!((&sent["options"]["temperature"], &sent["options"]["stop"]), (&json!(0.5), &json!(["END"])));
    assert_eq!(sent["tools"].as_array().map(Vec::len), Some(1));
    request.tool_choice = ToolChoice::None;
    assert!(body(&request, None).get("tools").is_none());
}
