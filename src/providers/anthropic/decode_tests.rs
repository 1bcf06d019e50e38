//! What the recordings do not show: oddities of gateways, and bytes that nobody meant.

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::providers::{Reply, ReplyBlock, ReplyBuilder};

fn decoded(events: &[Value]) -> (Reply, Option<ProviderError>) {
    let (mut decoder, mut out) = (Decoder::new(), Vec::new());
    let text: String = events.iter().map(|event| format!("data: {event}\n\n")).collect();
    let mut error = decoder.push(text.as_bytes(), &mut out).err();
    if error.is_none() {
        error = decoder.finish(&mut out).err();
    }
    let mut builder = ReplyBuilder::new();
    out.iter().for_each(|event| builder.push(event));
    (builder.finish(), error)
}

/// A whole reply with these events in it.
fn reply(events: &[Value]) -> Reply {
    let mut all = vec![json!({"type": "message_start", "message": {"model": "m"}})];
    all.extend_from_slice(events);
    all.push(json!({"type": "message_stop"}));
    let (reply, error) = decoded(&all);
    assert_eq!(error, None);
    reply
}

fn start(index: u64, block: Value) -> Value {
    json!({"type": "content_block_start", "index": index, "content_block": block})
}

fn delta(index: u64, delta: Value) -> Value {
    json!({"type": "content_block_delta", "index": index, "delta": delta})
}

fn stop(index: u64) -> Value {
    json!({"type": "content_block_stop", "index": index})
}

#[test]
fn thinking_without_words_is_kept_for_its_signature() {
    let reply = reply(&[
        start(0, json!({"type": "thinking", "thinking": "", "signature": ""})),
        delta(0, json!({"type": "signature_delta", "signature": "abc"})),
        stop(0),
        start(1, json!({"type": "thinking", "thinking": "unsigned"})),
        stop(1),
    ]);
    let signed = r#"{"type":"thinking","thinking":"","signature":"abc"}"#;
    assert_eq!(
        reply.content,
        [
            ReplyBlock::Thinking { text: String::new(), raw: Some(signed.to_owned()) },
            ReplyBlock::Thinking { text: "unsigned".to_owned(), raw: None },
        ]
    );
}

#[test]
fn blocks_and_events_that_nobody_knows_are_kept_or_passed_over() {
    let reply = reply(&[
        json!({"type": "vortex", "index": 0}),
        json!({"no": "type"}),
        start(0, json!({"type": "compaction", "content": null})),
        delta(0, json!({"type": "compaction_delta", "content": "all"})),
        delta(0, json!({"type": "compaction_delta", "content": " of it"})),
        stop(0),
        start(1, json!({"type": "server_tool_use", "id": "s", "name": "n", "input": {}})),
        delta(1, json!({"type": "input_json_delta", "partial_json": "{\"a\":"})),
        delta(1, json!({"type": "input_json_delta", "partial_json": "1}"})),
        stop(1),
        start(2, json!({"type": "text", "text": ""})),
        delta(2, json!({"type": "sparkle_delta", "sparkle": 1})),
        delta(2, json!({"type": "text_delta", "text": "Hi"})),
        stop(2),
        stop(9),
    ]);
    assert_eq!(
        reply.content,
        [
            ReplyBlock::Opaque { raw: r#"{"type":"compaction","content":"all of it"}"#.to_owned() },
            ReplyBlock::Opaque { raw: r#"{"type":"server_tool_use","id":"s","name":"n","input":{"a":1}}"#.to_owned() },
            ReplyBlock::Text { text: "Hi".to_owned(), raw: None },
        ]
    );
}

#[test]
fn citations_go_with_their_text_without_what_the_api_refuses() {
    let reply = reply(&[
        start(0, json!({"type": "text", "text": "", "citations": []})),
        delta(0, json!({"type": "citations_delta", "citation": {"type": "x", "file_id": null, "title": null}})),
        delta(0, json!({"type": "text_delta", "text": "Cited"})),
        stop(0),
    ]);
    let raw = r#"{"type":"text","text":"Cited","citations":[{"type":"x","title":null}]}"#;
    assert_eq!(reply.content, [ReplyBlock::Text { text: "Cited".to_owned(), raw: Some(raw.to_owned()) }]);
}

#[test]
fn dialects_of_gateways_are_understood() {
    let reply = reply(&[
        // No start, no stop.
        delta(0, json!({"type": "text_delta", "text": "a"})),
        // The whole input at once, an index used again.
        start(0, json!({"type": "tool_use", "id": "t", "name": "n", "input": {"a": 1}})),
        delta(0, json!({"type": "input_json_delta", "partial_json": null})),
        start(0, json!({"type": "tool_use", "id": "", "name": "m"})),
        json!({"type": "message_delta", "delta": {"stop_reason": null}, "usage": null}),
        json!({"type": "message_delta", "delta": {}, "usage": {"input_tokens": null, "output_tokens": 3}}),
    ]);
    let call = |id: Option<&str>, name: &str, input: &str| ReplyBlock::ToolCall {
        provider_id: id.map(str::to_owned),
        name: name.to_owned(),
        input: input.to_owned(),
        whole: true,
    };
    assert_eq!(
        reply.content,
        [
            ReplyBlock::Text { text: "a".to_owned(), raw: None },
            call(Some("t"), "n", r#"{"a":1}"#),
            call(None, "m", "{}"),
        ]
    );
    assert_eq!(reply.stop_reason.as_deref(), Some("tool_use"));
    assert_eq!(reply.usage.map(|usage| usage.output_tokens), Some(3));
}

#[test]
fn the_type_may_stand_in_the_event_field_alone() {
    let (mut decoder, mut out) = (Decoder::new(), Vec::new());
    let text = "event: content_block_delta\ndata: {\"delta\":{\"type\":\"text_delta\",\"text\":\"Hi\"}}\n\n\
                event: message_stop\ndata: {}\n\nevent: data\ndata: [DONE]\n\n";
    decoder.push(text.as_bytes(), &mut out).unwrap();
    assert!(decoder.is_done() && out.contains(&ModelEvent::Text { block: 0, text: "Hi".to_owned() }));
}

#[test]
fn a_missing_last_event_is_forgiven_after_a_reason() {
    let text = delta(0, json!({"type": "text_delta", "text": "Hi"}));
    let reason = json!({"type": "message_delta", "delta": {"stop_reason": "end_turn"}});
    let (reply, error) = decoded(&[text.clone(), stop(0), reason.clone()]);
    assert_eq!((reply.stop_reason.as_deref(), error), (Some("end_turn"), None));
    for events in [&[text.clone(), stop(0)][..], &[text, reason]] {
        let (reply, error) = decoded(events);
        assert_eq!(error.map(|error| error.kind), Some(ProviderErrorKind::Interrupted));
        assert_eq!((reply.text().as_str(), reply.stop_reason), ("Hi", None));
    }
}

#[test]
fn gateways_that_report_zero_report_nothing() {
    let zero = json!({"input_tokens": 0, "output_tokens": 0, "cache_read_input_tokens": null});
    let (mut usage, mut out) = (ReportedUsage::default(), Vec::new());
    usage.report(Some(&zero), &mut out);
    usage.report(None, &mut out);
    assert!(out.is_empty());
    let first = json!({"input_tokens": 3, "cache_read_input_tokens": 5, "cache_creation_input_tokens": 7});
    usage.report(Some(&first), &mut out);
    usage.report(Some(&json!({"output_tokens": 11, "input_tokens": 0})), &mut out);
    let [.., ModelEvent::Usage(last)] = out.as_slice() else { panic!("{out:?}") };
    assert_eq!((last.input_tokens, last.cached_tokens, last.output_tokens), (15, 5, 11));
}

proptest! {
    #[test]
    fn nothing_that_a_server_sends_breaks_it(
        events in proptest::collection::vec((
            prop_oneof![
                Just("message_start"), Just("content_block_start"), Just("content_block_delta"), Just("error"),
                Just("content_block_stop"), Just("message_delta"), Just("message_stop"), Just("ping"), Just("x"),
            ],
            0u64..3,
            prop_oneof![
                Just("text"), Just("thinking"), Just("tool_use"), Just("text_delta"), Just("thinking_delta"),
                Just("signature_delta"), Just("input_json_delta"), Just("citations_delta"), Just("x"),
            ],
            prop_oneof![
                Just(json!(null)), Just(json!("text")), Just(json!("{\"a\":1}")), Just(json!(7)), Just(json!({"a": []})),
            ],
        ), 0..30),
        cut in 0usize..2000,
    ) {
        let events: String = events
            .iter()
            .map(|(kind, index, part, value)| {
                let block = json!({
                    "type": part, "text": value, "thinking": value, "signature": value, "partial_json": value,
                    "citation": value, "citations": value, "id": value, "name": value, "input": value,
                    "stop_reason": value, "message": value,
                });
                let event = json!({
                    "type": kind, "index": index, "content_block": block, "delta": block, "message": block,
                    "usage": {"input_tokens": value, "output_tokens": value},
                });
                format!("data: {event}\n\n")
            })
            .collect();
        let bytes = &events.as_bytes()[..cut.min(events.len())];
        let (mut decoder, mut out, mut builder) = (Decoder::new(), Vec::new(), ReplyBuilder::new());
        let _ = decoder.push(bytes, &mut out).and_then(|()| decoder.finish(&mut out));
        out.iter().for_each(|event| builder.push(event));
        let _ = builder.cut_off().into_content(NAME);
    }

    #[test]
    fn any_bytes_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        for mut decoder in [Decoder::new(), Decoder::whole()] {
            let mut out = Vec::new();
            let _ = decoder.push(&bytes, &mut out).and_then(|()| decoder.finish(&mut out));
        }
    }
}
