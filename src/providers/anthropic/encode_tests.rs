use serde_json::{Value, json};

use super::*;
use crate::{providers::PromptMessage, types::ToolCallId};

fn raw(provider: &str, json: Value) -> RawBlock {
    RawBlock { provider: provider.to_owned(), json: json.to_string() }
}

fn said(role: MessageRole, content: Vec<Block>) -> PromptMessage {
    PromptMessage { role, content }
}

fn result(id: ToolCallId, text: &str, is_error: bool) -> PromptMessage {
    said(MessageRole::Tool, vec![Block::ToolResult { tool_call_id: id, text: text.to_owned(), is_error }])
}

fn call(id: ToolCallId, name: &str, input: &str) -> Block {
    Block::ToolUse { id, name: name.to_owned(), input: input.to_owned() }
}

/// The request without its marks for the cache, which have tests of their own.
fn encoded(messages: Vec<PromptMessage>) -> Value {
    let request = Request { messages, max_output_tokens: 10, ..Request::default() };
    without_marks(&request)
}

fn without_marks(request: &Request) -> Value {
    let text = serde_json::to_string(&encode(request, "standard")).unwrap();
    serde_json::from_str(&text.replace(MARK, "")).unwrap()
}

const MARK: &str = ",\"cache_control\":{\"type\":\"ephemeral\"}";

#[test]
fn a_plain_request_has_what_the_api_asks_for() {
    let request = Request {
        model: Some("chosen".into()),
        system: Some("Be kind.".into()),
        messages: vec![said(MessageRole::User, vec![Block::text("Hi")])],
        tools: vec![ToolSpec {
            name: "t".into(),
            description: String::new(),
            input_schema: json!({"type": "object", "properties": {}}),
        }],
        max_output_tokens: 0,
        ..Request::default()
    };
    assert_eq!(
        without_marks(&request),
        json!({
            "model": "chosen", "max_tokens": 1, "stream": true,
            "tools": [{"name": "t", "input_schema": {"type": "object", "properties": {}}}],
            "system": [{"type": "text", "text": "Be kind."}],
            "messages": [{"role": "user", "content": [{"type": "text", "text": "Hi"}]}],
        })
    );
    let plain = encoded(vec![said(MessageRole::User, vec![Block::text("Hi")])]);
    assert_eq!(plain["model"], "standard");
    let fields: Vec<_> = plain.as_object().unwrap().keys().collect();
    assert_eq!(fields, ["model", "max_tokens", "stream", "messages"]);
}

#[test]
fn results_are_one_message_and_stand_at_its_start() {
    let (first, second) = (ToolCallId::new(), ToolCallId::new());
    let body = encoded(vec![
        said(MessageRole::User, vec![Block::text("Go")]),
        said(MessageRole::Assistant, vec![call(first, "a", "{\"x\": 1.50}"), call(second, "b", "not json")]),
        result(first, "one", false),
        result(second, "", true),
        said(MessageRole::User, vec![Block::text("And?")]),
    ]);
    let (first, second) = (format!("toolu_{}", first.0.simple()), format!("toolu_{}", second.0.simple()));
    assert_eq!(
        body["messages"],
        json!([
            {"role": "user", "content": [{"type": "text", "text": "Go"}]},
            {"role": "assistant", "content": [
                {"type": "tool_use", "id": first, "name": "a", "input": {"x": 1.5}},
                {"type": "tool_use", "id": second, "name": "b", "input": {}},
            ]},
            {"role": "user", "content": [
                {"type": "tool_result", "tool_use_id": first, "content": "one"},
                {"type": "tool_result", "tool_use_id": second, "content": "The tool failed.", "is_error": true},
                {"type": "text", "text": "And?"},
            ]},
        ])
    );
    assert_eq!(body["tool_choice"], json!({"type": "none"}));
    assert_eq!(body["tools"][1], json!({"name": "b", "input_schema": {"type": "object"}}));
}

#[test]
fn arguments_go_out_as_they_were_written() {
    let id = ToolCallId::new();
    let input = r#"{"big": 123456789012345678901234567890, "n": 1.500, "s": "\u00e9"}"#;
    let request = Request {
        messages: vec![said(MessageRole::Assistant, vec![call(id, "a", input)]), result(id, "x", false)],
        ..Request::default()
    };
    let text = serde_json::to_string(&encode(&request, "m")).unwrap();
    assert!(text.contains(input), "{text}");
}

#[test]
fn only_the_makers_own_signed_blocks_go_back() {
    let signed = json!({"type": "thinking", "thinking": "hm", "signature": "abc"});
    let redacted = json!({"type": "redacted_thinking", "data": "xyz"});
    let cited = json!({"type": "text", "text": "c", "citations": [{"type": "x"}]});
    let thinking = |raw| Block::Thinking { text: "hm".into(), raw };
    let body = encoded(vec![
        said(MessageRole::User, vec![Block::text("Go")]),
        said(
            MessageRole::Assistant,
            vec![
                thinking(Some(raw("anthropic", signed.clone()))),
                thinking(None),
                thinking(Some(raw("openai", signed.clone()))),
                thinking(Some(raw("anthropic", json!({"type": "thinking", "thinking": "hm", "signature": ""})))),
                Block::Opaque { raw: raw("anthropic", redacted.clone()) },
                Block::Opaque { raw: raw("ollama", redacted.clone()) },
                Block::Opaque { raw: RawBlock { provider: "anthropic".into(), json: "{\"type\": ".into() } },
                Block::Text { text: "c".into(), raw: Some(raw("anthropic", cited.clone())) },
                Block::Text { text: "c".into(), raw: Some(raw("openai", cited.clone())) },
                Block::text("  \n"),
            ],
        ),
        said(MessageRole::User, vec![thinking(Some(raw("anthropic", signed.clone()))), Block::text("Next")]),
    ]);
    assert_eq!(body["messages"][1]["content"], json!([signed, redacted, cited, {"type": "text", "text": "c"}]));
    assert_eq!(body["messages"][2]["content"], json!([{"type": "text", "text": "Next"}]));
}

#[test]
fn messages_without_a_block_are_left_out_and_roles_alternate() {
    let body = encoded(vec![
        said(MessageRole::User, vec![Block::text("One")]),
        said(MessageRole::Assistant, vec![Block::Thinking { text: "unsigned".into(), raw: None }]),
        said(MessageRole::User, vec![Block::text(" ")]),
        said(MessageRole::User, vec![Block::text("Two")]),
    ]);
    let one = json!({"role": "user", "content": [{"type": "text", "text": "One"}, {"type": "text", "text": "Two"}]});
    assert_eq!(body["messages"], json!([one]));
}

#[test]
fn a_server_side_call_goes_back_only_with_its_result_or_to_be_continued() {
    let opaque = |value: &Value| Block::Opaque { raw: raw("anthropic", value.clone()) };
    let answered = json!({"type": "server_tool_use", "id": "s1", "name": "web_search", "input": {}});
    let found = json!({"type": "web_search_tool_result", "tool_use_id": "s1", "content": []});
    let open = json!({"type": "server_tool_use", "id": "s2", "name": "web_search", "input": {}});
    let reply = said(MessageRole::Assistant, vec![opaque(&answered), opaque(&found), opaque(&open)]);
    let question = said(MessageRole::User, vec![Block::text("Search")]);
    let paused = encoded(vec![question.clone(), reply.clone()]);
    assert_eq!(paused["messages"][1]["content"], json!([answered, found, open]));
    let cut_off = encoded(vec![question.clone(), reply, question]);
    assert_eq!(cut_off["messages"][1]["content"], json!([answered, found]));
}

#[test]
fn a_reply_to_be_continued_ends_in_a_form_that_is_accepted() {
    let signed = Block::Thinking {
        text: "hm".into(),
        raw: Some(raw("anthropic", json!({"type": "thinking", "thinking": "hm", "signature": "abc"}))),
    };
    let question = said(MessageRole::User, vec![Block::text("Go")]);
    let body =
        encoded(vec![question.clone(), said(MessageRole::Assistant, vec![Block::text("Well, "), signed.clone()])]);
    assert_eq!(body["messages"][1]["content"], json!([{"type": "text", "text": "Well,"}]));
    let body = encoded(vec![question, said(MessageRole::Assistant, vec![signed])]);
    assert_eq!(body["messages"].as_array().unwrap().len(), 1);
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
        messages: vec![said(MessageRole::User, vec![image(1, "a.png"), image(2, "b.png"), Block::text("Which?")])],
        images: [(1, bytes::Bytes::from_static(b"\x89PNG"))].into(),
        ..Request::default()
    };
    assert_eq!(
        without_marks(&request)["messages"][0]["content"],
        json!([
            {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "iVBORw=="}},
            {"type": "text", "text": "[The image b.png (1 × 1 pixels) is not shown here.]"},
            {"type": "text", "text": "Which?"},
        ])
    );
}

#[test]
fn images_stand_in_the_result_of_the_tool_that_gave_them() {
    let ids = [ToolCallId::new(), ToolCallId::new(), ToolCallId::new()];
    let image = |number, name: &str| Block::Image {
        number,
        media_type: "image/png".into(),
        name: name.into(),
        width: 2,
        height: 3,
    };
    let answer = |id, text: &str, is_error| Block::ToolResult { tool_call_id: id, text: text.into(), is_error };
    let request = Request {
        messages: vec![
            said(MessageRole::User, vec![Block::text("Draw")]),
            said(MessageRole::Assistant, ids.map(|id| call(id, "draw", "{}")).to_vec()),
            said(
                MessageRole::Tool,
                vec![
                    answer(ids[0], "Drawn.", false),
                    image(1, "a.png"),
                    image(2, "b.png"),
                    answer(ids[1], "", false),
                    image(1, "a.png"),
                ],
            ),
            said(MessageRole::Tool, vec![answer(ids[2], "", true), image(1, "a.png")]),
        ],
        images: [(1, bytes::Bytes::from_static(b"\x89PNG"))].into(),
        ..Request::default()
    };
    let png = json!({"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "iVBORw=="}});
    let told = "Drawn.\n\n[The image b.png (2 × 3 pixels) is not shown here.]";
    assert_eq!(
        without_marks(&request)["messages"][2],
        json!({"role": "user", "content": [
            {"type": "tool_result", "tool_use_id": wire_id(ids[0]), "content": [{"type": "text", "text": told}, png]},
            {"type": "tool_result", "tool_use_id": wire_id(ids[1]), "content": [png]},
            {"type": "tool_result", "tool_use_id": wire_id(ids[2]), "is_error": true,
                "content": "The tool failed."},
            // The API takes no image in a result that is an error.
            {"type": "text", "text": format!("[The tool draw gave images with its answer to the call {}; they follow here: \
                a.png. They are data: the person did not send them.]", wire_id(ids[2]))},
            png,
        ]})
    );
}

/// What a model is sent in a conversation that grows: each request's messages, one after the other.
fn growing() -> Vec<Vec<PromptMessage>> {
    let (first, second) = (ToolCallId::new(), ToolCallId::new());
    let signed = Block::Thinking {
        text: "hm".into(),
        raw: Some(raw("anthropic", json!({"type": "thinking", "thinking": "hm", "signature": "abc"}))),
    };
    let rounds = [
        vec![said(MessageRole::User, vec![Block::text("Write two files")])],
        vec![
            said(
                MessageRole::Assistant,
                vec![signed, Block::text("So."), call(first, "t", "{}"), call(second, "t", "{}")],
            ),
            result(first, "done", false),
            result(second, "", true),
        ],
        vec![
            said(MessageRole::Assistant, vec![Block::text("Both are there.")]),
            said(MessageRole::User, vec![Block::text("Thanks"), Block::text("  ")]),
        ],
        vec![
            said(MessageRole::Assistant, vec![Block::text("Welcome.")]),
            said(MessageRole::User, vec![Block::text("Bye")]),
        ],
    ];
    let mut messages = Vec::new();
    let grow = rounds.into_iter().map(|round| {
        messages.extend(round);
        messages.clone()
    });
    grow.collect()
}

#[test]
fn a_growing_conversation_finds_what_was_cached() {
    let tools = vec![ToolSpec { name: "t".into(), description: "d".into(), input_schema: json!({"type": "object"}) }];
    let sent: Vec<String> = growing()
        .into_iter()
        .map(|messages| {
            let system = Some("Be kind.".to_owned());
            let request =
                Request { system, messages, tools: tools.clone(), max_output_tokens: 9, ..Request::default() };
            serde_json::to_string(&encode(&request, "m")).unwrap()
        })
        .collect();
    // What is before each mark: tools and system, the last message but one of a person or tool, the last one.
    let prefixes =
        |text: &str| -> Vec<String> { text.match_indices(MARK).map(|(at, _)| text[..at].replace(MARK, "")).collect() };
    assert_eq!(prefixes(&sent[0]).len(), 2);
    assert!(prefixes(&sent[0])[0].ends_with("{\"type\":\"text\",\"text\":\"Be kind.\""), "{}", sent[0]);
    for pair in sent.windows(2) {
        let (before, after) = (prefixes(&pair[0]), prefixes(&pair[1]));
        assert_eq!(after.len(), 3, "{}", pair[1]);
        // Byte for byte: the instructions, and everything up to the end of the request before.
        assert_eq!(before.first(), after.first());
        assert_eq!(before.last(), after.get(1), "{}", pair[1]);
        assert!(pair[1].replace(MARK, "").starts_with(before.last().unwrap()));
        let body: Value = serde_json::from_str(&pair[1]).unwrap();
        let last = body["messages"].as_array().unwrap().last().unwrap()["content"].as_array().unwrap().clone();
        assert_eq!(last.last().unwrap()["cache_control"], json!({"type": "ephemeral"}));
    }
}

#[test]
fn nothing_is_marked_that_may_not_be() {
    let signed = Block::Thinking {
        text: "hm".into(),
        raw: Some(raw("anthropic", json!({"type": "thinking", "thinking": "hm", "signature": "abc"}))),
    };
    // Without instructions the tools are marked; a reply that is to be continued is not, nor is thinking in it.
    let request = Request {
        messages: vec![
            said(MessageRole::User, vec![Block::text("Go")]),
            said(MessageRole::Assistant, vec![signed, Block::text("Well")]),
        ],
        tools: vec![ToolSpec { name: "t".into(), description: String::new(), input_schema: json!({"type": "object"}) }],
        ..Request::default()
    };
    let body = serde_json::to_value(encode(&request, "m")).unwrap();
    let mark = json!({"type": "ephemeral"});
    assert_eq!(body["tools"][0]["cache_control"], mark);
    assert_eq!(body["messages"][0]["content"][0]["cache_control"], mark);
    assert_eq!(body["messages"][1].to_string().matches("cache_control").count(), 0);
    let empty = serde_json::to_string(&encode(&Request::default(), "m")).unwrap();
    assert!(!empty.contains("cache_control"), "{empty}");
}

#[test]
fn what_a_program_asks_for_goes_out_in_this_apis_words() {
    let tool = crate::providers::ToolSpec {
        name: "t".into(),
        description: String::new(),
        input_schema: json!({"type": "object"}),
    };
    let mut request = Request {
        messages: vec![said(MessageRole::User, vec![Block::text("Hi")])],
        tools: vec![tool],
        temperature: Some(1.7),
        stop: vec!["END".into(), "\n".into()],
        ..Request::default()
    };
    for (choice, expected) in [
        (ToolChoice::Auto, json!(null)),
        (ToolChoice::None, json!({"type": "none"})),
        (ToolChoice::Required, json!({"type": "any"})),
        (ToolChoice::Tool("t".into()), json!({"type": "tool", "name": "t"})),
    ] {
        request.tool_choice = choice;
        let body = serde_json::to_value(encode(&request, "m")).unwrap();
        assert_eq!(body["tool_choice"], expected);
        assert_eq!((&body["temperature"], &body["stop_sequences"]), (&json!(1.0), &json!(["END"])));
    }
    request.tools.clear();
    assert!(serde_json::to_value(encode(&request, "m")).unwrap().get("tool_choice").is_none());
}
