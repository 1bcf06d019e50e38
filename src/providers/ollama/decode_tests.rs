use serde_json::json;

use super::*;
use crate::providers::{Reply, ReplyBlock, ReplyBuilder};

fn read(text: &str) -> (Reply, Option<ProviderErrorKind>) {
    let (mut decoder, mut events) = (Decoder::new(), Vec::new());
    let pushed = decoder.push(text.as_bytes(), &mut events);
    let error = pushed.and_then(|()| decoder.finish(&mut events)).err().map(|error| error.kind);
    let mut builder = ReplyBuilder::new();
    events.iter().for_each(|event| builder.push(event));
    (builder.finish(), error)
}

fn lines(lines: &[Value]) -> String {
    lines.iter().map(|line| format!("{line}\n")).collect()
}

fn said(message: Value) -> Value {
    json!({"model": "m", "message": message, "done": false})
}

#[test]
fn thinking_text_and_calls_are_told_apart() {
    let (reply, error) = read(&lines(&[
        said(json!({"role": "assistant", "thinking": "h"})),
        said(json!({"thinking": "m", "content": ""})),
        said(json!({"content": "Yes"})),
        said(json!({"tool_calls": [
            {"function": {"name": "a", "arguments": {"x": 1}}},
            {"id": "b1", "function": {"name": "b", "arguments": "{}"}},
            {"function": {"name": "c"}},
        ]})),
        json!({"done": true, "done_reason": "stop", "prompt_eval_count": 5, "eval_count": 7}),
    ]));
    assert_eq!((error, reply.text().as_str(), reply.stop_reason.as_deref()), (None, "Yes", Some("stop")));
    let usage = reply.usage.unwrap();
    assert_eq!((usage.input_tokens, usage.output_tokens, usage.estimated), (5, 7, false));
    assert!(matches!(&reply.content[0], ReplyBlock::Thinking { text, raw: Some(_) } if text == "hm"));
    let calls: Vec<_> = reply
        .content
        .iter()
        .filter_map(|block| match block {
            ReplyBlock::ToolCall { provider_id, name, input, whole: true } => {
                Some((provider_id.as_deref(), name.as_str(), input.as_str()))
            }
            _ => None,
        })
        .collect();
    assert_eq!(calls, [(None, "a", "{\"x\":1}"), (Some("b1"), "b", "{}"), (None, "c", "{}")]);
}

#[test]
fn a_stray_end_of_thinking_is_no_text() {
    let (reply, _) = read(&lines(&[
        said(json!({"content": "Reasons.\n"})),
        said(json!({"content": "</think>"})),
        said(json!({"content": "\n\nYes"})),
        json!({"done": true}),
    ]));
    assert_eq!(reply.text(), "Reasons.\n\n\nYes");
}

#[test]
fn what_is_not_counted_is_not_known() {
    for counts in [json!({}), json!({"eval_count": 7}), json!({"prompt_eval_count": 0, "eval_count": 7})] {
        let mut last = json!({"message": {"content": "Hi"}, "done": true});
        last.as_object_mut().unwrap().extend(counts.as_object().unwrap().clone());
        let (reply, error) = read(&lines(&[last]));
        assert_eq!((error, reply.usage), (None, None), "{counts}");
    }
}

#[test]
fn the_end_and_errors_are_known() {
    let text = said(json!({"content": "Hi"}));
    let table = [
        (lines(std::slice::from_ref(&text)), Some(ProviderErrorKind::Interrupted)),
        (lines(std::slice::from_ref(&text)) + "{\"mess", Some(ProviderErrorKind::Interrupted)),
        (lines(&[text.clone(), json!({"error": "the runner has died"})]), Some(ProviderErrorKind::Unavailable)),
        (
            lines(&[text.clone(), json!({"error": "exceeds the context length"})]),
            Some(ProviderErrorKind::ContextTooLong),
        ),
        (lines(&[text, json!("odd")]), Some(ProviderErrorKind::InvalidResponse)),
        ("no json".to_owned(), Some(ProviderErrorKind::InvalidResponse)),
        ("{\"odd\": 1}\n".to_owned(), Some(ProviderErrorKind::InvalidResponse)),
        ("{\"message\": {\"content\": \"Hi\"}, \"done\": true}".to_owned(), None),
    ];
    for (text, kind) in table {
        assert_eq!(read(&text).1, kind, "{text}");
    }
}
