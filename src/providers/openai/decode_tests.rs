use serde_json::json;

use super::*;
use crate::{
    providers::{Reply, ReplyBlock, ReplyBuilder},
    types::Usage,
};

/// The reply of a stream, or of a whole text.
fn read(text: &str) -> (Reply, Option<ProviderErrorKind>) {
    let (mut decoder, mut events) = (Decoder::new(), Vec::new());
    let pushed = decoder.push(text.as_bytes(), &mut events);
    let error = pushed.and_then(|()| decoder.finish(&mut events)).err().map(|error| error.kind);
    let mut builder = ReplyBuilder::new();
    events.iter().for_each(|event| builder.push(event));
    (builder.finish(), error)
}

fn stream(chunks: &[Value], end: &str) -> String {
    chunks.iter().map(|chunk| format!("data: {chunk}\n\n")).collect::<String>() + end
}

fn delta(delta: Value) -> Value {
    json!({"model": "m", "choices": [{"index": 0, "delta": delta, "finish_reason": null}]})
}

#[test]
fn a_chunk_of_text_says_the_same_however_it_is_read() {
    let usual = |more: &str| format!("{{\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1{more}");
    let choice = |delta: &str| format!(",\"choices\":[{{\"index\":0,\"delta\":{delta},\"finish_reason\":null}}]}}");
    // Each as it is, and with a field that nobody knows, which takes the other way.
    for delta in [
        r#"{"content":"Hello"}"#,
        r#"{"role":"assistant","content":"","refusal":null}"#,
        r#"{"content":"\"\n\u00e4\ud83d\ude00\\"}"#,
        r#"{"content":"<think>a</think>b"}"#,
        r#"{"content":"\ud83d"}"#,
        r#"{"content":null,"reasoning":"hm"}"#,
        r#"{"content":[{"type":"text","text":"part"}]}"#,
        r#"{"refusal":"No."}"#,
    ] {
        let both = ["", ",\"nobody\":\"knows\""].map(|odd| {
            let chunk = usual(odd) + &format!(",\"model\":\"m\"{}", choice(delta));
            let text = format!("data: {chunk}\n\ndata: {chunk}\n\ndata: {}\n\ndata: [DONE]\n\n", finish("stop"));
            let (mut decoder, mut events) = (Decoder::new(), Vec::new());
            decoder.push(text.as_bytes(), &mut events).unwrap();
            events
        });
        assert_eq!(both[0], both[1], "{delta}");
        assert!(both[0].len() > 1, "{delta}");
    }
    // What looks like text and is none.
    for odd in [
        r#"{"object":"error","choices":[{"index":0,"delta":{"content":"x"}}]}"#,
        r#"{"error":{"message":"x"},"choices":[{"index":0,"delta":{"content":"x"}}]}"#,
    ] {
        assert!(Decoder::new().push(format!("data: {odd}\n\n").as_bytes(), &mut Vec::new()).is_err(), "{odd}");
    }
    let other = r#"{"choices":[{"index":1,"delta":{"content":"not the first"}}]}"#;
    let mut events = Vec::new();
    Decoder::new().push(format!("data: {other}\n\n").as_bytes(), &mut events).unwrap();
    assert!(events.is_empty(), "{events:?}");
}

fn finish(reason: &str) -> Value {
    json!({"choices": [{"index": 0, "delta": {}, "finish_reason": reason}]})
}

fn calls(fragments: &[Value]) -> Vec<(Option<String>, String, String, bool)> {
    let mut chunks: Vec<_> = fragments.iter().map(|fragment| delta(json!({"tool_calls": [fragment]}))).collect();
    chunks.push(finish("tool_calls"));
    let (reply, error) = read(&stream(&chunks, "data: [DONE]\n\n"));
    assert_eq!(error, None);
    let call = |block| match block {
        ReplyBlock::ToolCall { provider_id, name, input, whole } => (provider_id, name, input, whole),
        other => panic!("{other:?}"),
    };
    reply.content.into_iter().map(call).collect()
}

fn whole(id: &str, name: &str, input: &str) -> (Option<String>, String, String, bool) {
    (Some(id.to_owned()).filter(|id| !id.is_empty()), name.to_owned(), input.to_owned(), true)
}

#[test]
fn calls_are_put_together_from_any_fragments() {
    let function = |name: Value, arguments: Value| json!({"name": name, "arguments": arguments});
    let fragment = |index: Value, id: Value, name: Value, arguments: Value| json!({"index": index, "id": id, "type": "function", "function": function(name, arguments)});
    let null = Value::Null;
    // Indexes that skip, fragments that alternate.
    let mixed = calls(&[
        fragment(json!(1), json!("a"), json!("one"), json!("")),
        fragment(json!(4), json!("b"), json!("two"), json!("{\"y\"")),
        json!({"index": 1, "function": {"arguments": "{\"x\":1}"}}),
        json!({"index": 4, "function": {"arguments": ":2}"}}),
    ]);
    assert_eq!(mixed, [whole("a", "one", "{\"x\":1}"), whole("b", "two", "{\"y\":2}")]);
    // Id and name repeated; arguments missing, null, an object.
    let repeated = calls(&[
        json!({"index": 0, "id": "0", "function": {"name": "t"}}),
        fragment(json!(0), json!("0"), json!("t"), null.clone()),
        fragment(json!(0), json!("0"), json!("t"), json!("{}")),
    ]);
    assert_eq!(repeated, [whole("0", "t", "{}")]);
    assert_eq!(calls(&[fragment(json!(0), json!("a"), json!("t"), json!({"x": 1}))]), [whole("a", "t", "{\"x\":1}")]);
    // Every call numbered 0, and none numbered at all.
    let zeros = calls(&[
        fragment(json!(0), json!("a"), json!("one"), json!("{}")),
        fragment(json!(0), json!("b"), json!("two"), json!("{}")),
    ]);
    assert_eq!(zeros, [whole("a", "one", "{}"), whole("b", "two", "{}")]);
    let bare = calls(&[
        json!({"id": "a", "function": {"name": "one", "arguments": "{"}}),
        json!({"function": {"arguments": "}"}}),
        json!({"function": {"name": "two", "arguments": "{}"}}),
    ]);
    assert_eq!(bare, [whole("a", "one", "{}"), whole("", "two", "{}")]);
    // The same id anew in each fragment of one call without a name.
    let restless = calls(&[
        fragment(json!(0), json!("a1"), json!("t"), json!("{")),
        fragment(json!(0), json!("a2"), null.clone(), json!("}")),
    ]);
    assert_eq!(restless, [whole("a1", "t", "{}")]);
    // The name after the arguments, and never.
    let late = calls(&[
        json!({"index": 0, "id": "a", "function": {"arguments": "{"}}),
        json!({"index": 0, "function": {"name": "t", "arguments": "}"}}),
        json!({"index": 1, "id": "b", "function": {"arguments": "{}"}}),
    ]);
    assert_eq!(late, [whole("a", "t", "{}"), whole("b", "", "{}")]);
}

#[test]
fn a_call_that_the_limit_cut_is_not_whole() {
    let call = |arguments: &str| {
        let call = json!({"index": 0, "id": "a", "function": {"name": "t", "arguments": arguments}});
        let text = stream(&[delta(json!({"tool_calls": [call]})), finish("length")], "data: [DONE]\n\n");
        let (reply, error) = read(&text);
        assert_eq!((error, reply.stop_reason.as_deref()), (None, Some("length")));
        matches!(reply.content.as_slice(), [ReplyBlock::ToolCall { whole: true, .. }])
    };
    assert!(!call("") && !call("{\"x\"") && call("{\"x\":1}"));
}

#[test]
fn text_thinking_and_refusals_come_in_every_form() {
    let part = |kind: &str, value: Value| json!({"type": kind, kind: value});
    let chunks = [
        json!({"model": "", "choices": []}),
        delta(json!({"role": "assistant", "content": null, "reasoning_content": "a", "reasoning": "a"})),
        delta(json!({"reasoning": "b", "content": ""})),
        delta(json!({"content": [part("thinking", json!([{"type": "text", "text": "c"}])), part("odd", json!("x"))]})),
        delta(json!({"content": [part("thinking", json!("d")), part("text", json!("e"))]})),
        delta(json!({"content": "f", "tool_calls": null})),
        delta(json!({"refusal": "No."})),
        json!({"choices": [{"index": 1, "delta": {"content": "other"}, "finish_reason": "length"}]}),
        finish("stop"),
        json!({"choices": [], "usage": {"prompt_tokens": 3, "completion_tokens": 4}}),
    ];
    let (reply, error) = read(&stream(&chunks, ""));
    assert_eq!((error, reply.text().as_str(), reply.stop_reason.as_deref()), (None, "efNo.", Some("stop")));
    let thinking: Vec<_> = reply
        .content
        .iter()
        .filter_map(|block| match block {
            ReplyBlock::Thinking { text, raw } => Some((text.as_str(), raw.as_deref())),
            _ => None,
        })
        .collect();
    let expected = [("a", Some("{\"reasoning_content\":\"a\"}")), ("b", Some("{\"reasoning\":\"b\"}")), ("cd", None)];
    assert_eq!(thinking, expected);
    assert_eq!(reply.usage, Some(Usage { input_tokens: 3, output_tokens: 4, ..Usage::default() }));
    let (tagged, _) = read(&stream(
        &[delta(json!({"content": "<think>hm"})), delta(json!({"content": "</think>Yes"})), finish("stop")],
        "",
    ));
    assert_eq!(tagged.text(), "Yes");
    assert!(matches!(&tagged.content[0], ReplyBlock::Thinking { text, raw: None } if text == "hm"));
}

#[test]
fn a_whole_answer_is_read_as_well() {
    let message = json!({"role": "assistant", "content": "Hello", "reasoning_content": "hm", "tool_calls": [
        {"id": "a", "type": "function", "function": {"name": "t", "arguments": "{\"x\":1}"}}]});
    let usage = json!({"prompt_tokens": 3, "completion_tokens": 4, "prompt_tokens_details": {"cached_tokens": 2}});
    let answer =
        json!({"model": "m", "choices": [{"message": message, "finish_reason": "tool_calls"}], "usage": usage});
    let (reply, error) = read(&format!("{answer:#}"));
    assert_eq!((error, reply.text().as_str(), reply.model.as_deref()), (None, "Hello", Some("m")));
    assert_eq!(reply.usage.map(|usage| (usage.input_tokens, usage.cached_tokens)), Some((3, 2)));
    assert!(matches!(reply.content.last(), Some(ReplyBlock::ToolCall { whole: true, .. })));
    // Beside a delta a `message` repeats what has come.
    let repeated = json!({"choices": [{"delta": {"content": "b"}, "message": {"content": "ab"}}]});
    let (reply, _) = read(&stream(&[delta(json!({"content": "a"})), repeated, finish("stop")], ""));
    assert_eq!(reply.text(), "ab");
}

#[test]
fn the_end_is_known_in_every_form() {
    let text = delta(json!({"content": "Hi"}));
    let done = "data: [DONE]\n\n";
    let table: [(String, Option<ProviderErrorKind>, Option<&str>); 9] = [
        (stream(&[text.clone(), finish("stop"), finish("stop")], done), None, Some("stop")),
        (stream(&[text.clone(), finish("stop")], ""), None, Some("stop")),
        (stream(std::slice::from_ref(&text), done), None, Some("stop")),
        (stream(std::slice::from_ref(&text), ""), Some(ProviderErrorKind::Interrupted), None),
        (stream(std::slice::from_ref(&text), ": bye\n\n"), Some(ProviderErrorKind::Interrupted), None),
        (done.to_owned(), Some(ProviderErrorKind::InvalidResponse), None),
        ("data: {\"error\": {\"code\": 429}}\n\n".to_owned(), Some(ProviderErrorKind::RateLimited), None),
        (
            stream(&[text], "event: error\ndata: {\"message\":\"overloaded\"}\n\n"),
            Some(ProviderErrorKind::Overloaded),
            None,
        ),
        ("{\"odd\": 1}".to_owned(), Some(ProviderErrorKind::InvalidResponse), None),
    ];
    for (text, kind, reason) in table {
        let (reply, error) = read(&text);
        assert_eq!((error, reply.stop_reason.as_deref()), (kind, reason), "{text}");
    }
}
