//! Every recording gives what the official client makes of it, however its bytes are cut.

use proptest::prelude::*;
use sayso::providers::{
    ModelEvent, ProviderError, ProviderErrorKind, Reply, ReplyBuilder,
    anthropic::{Decoder, decode_error},
    transport::Decode,
};
use serde_json::Value;

use super::{ERRORS, STREAMS, assert_is};
use crate::shared::{Recording, recordings};

type Outcome = (Vec<ModelEvent>, Option<ProviderError>);

fn decode<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> Outcome {
    let (mut decoder, mut events) = (Decoder::new(), Vec::new());
    for piece in pieces {
        if let Err(error) = decoder.push(piece, &mut events) {
            return (events, Some(error));
        }
    }
    let error = decoder.finish(&mut events).err();
    (events, error)
}

fn reply(events: &[ModelEvent]) -> Reply {
    let mut builder = ReplyBuilder::new();
    events.iter().for_each(|event| builder.push(event));
    builder.finish()
}

fn streams(test: &str) -> Vec<Recording> {
    let mut all = recordings("anthropic", test, STREAMS);
    all.retain(|recording| recording.status == 200);
    all
}

/// The kind that an `error.type` of the official client stands for.
pub fn kind_of(expected: &Value) -> ProviderErrorKind {
    match (expected["error_type"].as_str(), expected["http_status"].as_u64()) {
        (Some("authentication_error"), _) => ProviderErrorKind::Unauthorized,
        (Some("rate_limit_error"), _) => ProviderErrorKind::RateLimited,
        (Some("overloaded_error"), _) => ProviderErrorKind::Overloaded,
        (Some("api_error"), _) | (None, Some(500..)) => ProviderErrorKind::Unavailable,
        (Some("invalid_request_error" | "not_found_error"), _) => ProviderErrorKind::InvalidResponse,
        other => panic!("no kind for {other:?}"),
    }
}

pub fn assert_outcome(reply: &Reply, error: Option<&ProviderError>, expected: &Value, context: &str) {
    let Some(message) = expected["message"].as_str() else {
        assert_eq!(error, None, "{context}");
        return assert_is(reply, expected, context);
    };
    let error = error.unwrap_or_else(|| panic!("{context} did not fail"));
    assert_eq!(error.kind, kind_of(expected), "{context}: {error}");
    // Of an HTML page only its text is kept.
    let message = if message.starts_with('<') { "502 Bad Gateway" } else { message };
    assert!(error.message.contains(message), "{context}: {error}");
    if let partial @ Value::Object(_) = &expected["partial"] {
        assert_is(reply, partial, context);
    }
}

#[test]
fn every_recording_gives_what_the_official_client_gives() {
    for recording in streams("recorded replies") {
        let (events, error) = decode([recording.body.as_slice()]);
        assert_outcome(&reply(&events), error.as_ref(), &recording.expected, &recording.name);
        let numbers: Vec<_> = events.iter().filter_map(block_of).collect();
        assert!(numbers.windows(2).all(|pair| pair[1] <= pair[0] + 1), "{}: {numbers:?}", recording.name);
        assert!(numbers.first().is_none_or(|first| *first == 0), "{}", recording.name);
        let empty = events.iter().any(|event| {
            matches!(event, ModelEvent::Text { text, .. } | ModelEvent::Thinking { text, .. } if text.is_empty())
        });
        assert!(!empty, "{}", recording.name);
    }
}

fn block_of(event: &ModelEvent) -> Option<u32> {
    match event {
        ModelEvent::Text { block, .. }
        | ModelEvent::Thinking { block, .. }
        | ModelEvent::ToolCall { block, .. }
        | ModelEvent::ToolInput { block, .. }
        | ModelEvent::Raw { block, .. }
        | ModelEvent::BlockEnd { block } => Some(*block),
        ModelEvent::Model(_) | ModelEvent::Usage(_) | ModelEvent::Stop(_) => None,
    }
}

#[test]
fn every_recorded_error_has_its_kind() {
    for recording in recordings("anthropic", "recorded errors", ERRORS) {
        if recording.status != 200 {
            let error = decode_error(recording.status, &Default::default(), &recording.body);
            assert_outcome(&Reply::default(), Some(&error), &recording.expected, &recording.name);
        }
    }
}

#[test]
fn single_bytes_give_the_same() {
    for recording in streams("replies byte by byte") {
        assert!(decode(recording.body.chunks(1)) == decode([recording.body.as_slice()]), "{}", recording.name);
    }
}

#[test]
fn a_cut_at_every_byte_gives_the_same() {
    for Recording { name, body, .. } in streams("replies cut at every byte") {
        let whole = decode([body.as_slice()]);
        if body.len() < 1300 {
            for cut in 0..=body.len() {
                let (head, tail) = body.split_at(cut);
                assert!(decode([head, tail]) == whole, "{name} cut at {cut}");
            }
            continue;
        }
        // Of a longer one each event is cut at every byte, from the state before it; a very long event at its ends and at some.
        let mut before = Decoder::new();
        let mut start = 0;
        while start < body.len() {
            let rest = &body[start..];
            let end = rest.windows(2).position(|pair| pair == b"\n\n").map_or(rest.len(), |at| at + 2);
            let event = &rest[..end];
            let mut after = before.clone();
            let mut expected = Vec::new();
            let pushed = after.push(event, &mut expected);
            let is_far = |cut: usize| end > 2000 && cut > 64 && cut + 64 < end;
            let step = (end / 50).max(1);
            for cut in (0..=end).filter(|cut| !is_far(*cut) || cut.is_multiple_of(step)) {
                let (mut decoder, mut events) = (before.clone(), Vec::new());
                let (head, tail) = event.split_at(cut);
                let both = decoder.push(head, &mut events).and_then(|()| decoder.push(tail, &mut events));
                assert!(both == pushed && events == expected, "{name} cut at {}", start + cut);
            }
            before = after;
            start += end;
        }
    }
}

#[test]
fn every_dialect_of_line_ends_gives_the_same() {
    for Recording { name, body, .. } in streams("line ends") {
        let whole = decode([body.as_slice()]);
        let text = String::from_utf8(body).unwrap();
        let without_end = text.trim_end();
        for other in
            [text.replace('\n', "\r\n"), text.replace('\n', "\r"), format!("\u{feff}{text}"), without_end.into()]
        {
            assert!(decode([other.as_bytes()]) == whole, "{name}");
            assert!(decode(other.as_bytes().chunks(7)) == whole, "{name}");
        }
    }
}

#[test]
fn a_reply_cut_off_anywhere_says_so_and_keeps_what_came() {
    for Recording { name, body, .. } in streams("replies cut off") {
        let (events, error) = decode([body.as_slice()]);
        if error.is_some() {
            continue;
        }
        // The reason is the last thing that must have come.
        let reason = body.windows(15).rposition(|part| part == b"\"message_delta\"").unwrap();
        let full = reply(&events);
        let step = (reason / 60).max(1);
        for cut in (1..reason).step_by(step) {
            let (events, error) = decode([&body[..cut]]);
            assert_eq!(error.map(|error| error.kind), Some(ProviderErrorKind::Interrupted), "{name} cut at {cut}");
            let partial = reply(&events);
            assert!(full.text().starts_with(&partial.text()), "{name} cut at {cut}");
            assert!(partial.without_halves().content.len() <= full.content.len(), "{name} cut at {cut}");
        }
    }
}

#[test]
fn any_cuts_give_the_same() {
    let recordings = streams("replies cut at random");
    if recordings.is_empty() {
        return;
    }
    let small: Vec<_> = recordings.iter().filter(|recording| recording.body.len() < 30_000).collect();
    let whole: Vec<_> = small.iter().map(|recording| decode([recording.body.as_slice()])).collect();
    let strategy = (0..small.len(), proptest::collection::vec(1usize..200, 1..40));
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(128));
    let ran = runner.run(&strategy, |(index, sizes)| {
        let (mut pieces, mut rest) = (Vec::new(), small[index].body.as_slice());
        for size in sizes.iter().cycle() {
            let (piece, after) = rest.split_at((*size).min(rest.len()));
            pieces.push(piece);
            rest = after;
            if rest.is_empty() {
                break;
            }
        }
        prop_assert!(decode(pieces) == whole[index], "{}", small[index].name);
        Ok(())
    });
    ran.unwrap();
}
