//! Every recording gives what the official client makes of it, however its bytes are cut.

use proptest::prelude::*;
use sayso::providers::{ModelEvent, ProviderError, ProviderErrorKind, Reply, ReplyBuilder};

use crate::{
    api::Api,
    each_api,
    expected::assert_outcome,
    shared::{Recording, recordings},
};

type Outcome = (Vec<ModelEvent>, Option<ProviderError>);

fn decode<'a>(api: Api, pieces: impl IntoIterator<Item = &'a [u8]>) -> Outcome {
    let (mut decoder, mut events) = (api.decoder(), Vec::new());
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

fn streams(api: Api, test: &str) -> Vec<Recording> {
    let mut all = recordings(api.name(), &format!("{test} of {}", api.name()), api.recordings().0);
    all.retain(|recording| recording.status == 200);
    all
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

each_api! {
    fn every_recording_gives_what_the_official_client_gives(api) {
        for recording in streams(api, "recorded replies") {
            let (events, error) = decode(api, [recording.body.as_slice()]);
            assert_outcome(api, &recording, &reply(&events), error.as_ref());
            // Blocks begin in order, without gaps.
            let mut begun = 0;
            for number in events.iter().filter_map(block_of) {
                assert!(number <= begun, "{}: block {number} after {begun}", recording.name);
                begun = begun.max(number + 1);
            }
            let empty = events.iter().any(|event| {
                matches!(event, ModelEvent::Text { text, .. } | ModelEvent::Thinking { text, .. } if text.is_empty())
            });
            assert!(!empty, "{}", recording.name);
        }
    }

    fn every_recorded_error_has_its_kind(api) {
        let (streams, errors) = api.recordings();
        let test = format!("recorded errors of {}", api.name());
        let mut found = 0;
        for recording in recordings(api.name(), &test, streams + errors) {
            if recording.status != 200 {
                let error = api.decode_error(recording.status, &recording.body);
                assert_outcome(api, &recording, &Reply::default(), Some(&error));
                found += 1;
            }
        }
        assert!(found == 0 || found >= errors, "{found}");
    }

    fn single_bytes_give_the_same(api) {
        for recording in streams(api, "replies byte by byte") {
            let (pieces, whole) = (decode(api, recording.body.chunks(1)), decode(api, [recording.body.as_slice()]));
            assert!(pieces == whole, "{}", recording.name);
        }
    }

    fn a_cut_at_every_byte_gives_the_same(api) {
        for Recording { name, body, .. } in streams(api, "replies cut at every byte") {
            let whole = decode(api, [body.as_slice()]);
            if body.len() < 1300 {
                for cut in 0..=body.len() {
                    let (head, tail) = body.split_at(cut);
                    assert!(decode(api, [head, tail]) == whole, "{name} cut at {cut}");
                }
                continue;
            }
            // Of a longer one each event is cut at every byte, from the state before it; a very long event at its ends
            // and at some, and of very many events only some.
            let mut before = api.decoder();
            let (mut start, mut number) = (0, 0);
            let every = body.len().div_ceil(25_000);
            while start < body.len() {
                let rest = &body[start..];
                let mark = api.separator();
                let end = rest.windows(mark.len()).position(|part| part == mark).map_or(rest.len(), |at| at + mark.len());
                let event = &rest[..end];
                let mut after = before.clone();
                let mut expected = Vec::new();
                let pushed = after.push(event, &mut expected);
                let is_far = |cut: usize| end > 2000 && cut > 64 && cut + 64 < end;
                let step = (end / 50).max(1);
                let skipped = number % every != 0;
                for cut in (0..=end).filter(|cut| !skipped && (!is_far(*cut) || cut.is_multiple_of(step))) {
                    let (mut decoder, mut events) = (before.clone(), Vec::new());
                    let (head, tail) = event.split_at(cut);
                    let both = decoder.push(head, &mut events).and_then(|()| decoder.push(tail, &mut events));
                    assert!(both == pushed && events == expected, "{name} cut at {}", start + cut);
                }
                before = after;
                start += end;
                number += 1;
            }
        }
    }

    fn every_dialect_of_line_ends_gives_the_same(api) {
        for Recording { name, body, .. } in streams(api, "line ends") {
            let text = String::from_utf8(body).unwrap().replace("\r\n", "\n");
            let whole = decode(api, [text.as_bytes()]);
            let without_end = text.trim_end();
            for other in
                [text.replace('\n', "\r\n"), text.replace('\n', "\r"), format!("\u{feff}{text}"), without_end.into()]
            {
                assert!(decode(api, [other.as_bytes()]) == whole, "{name}");
                assert!(decode(api, other.as_bytes().chunks(7)) == whole, "{name}");
            }
        }
    }

    fn a_reply_cut_off_anywhere_says_so_and_keeps_what_came(api) {
        for Recording { name, body, .. } in streams(api, "replies cut off") {
            let (events, error) = decode(api, [body.as_slice()]);
            if error.is_some() {
                continue;
            }
            let end = api.end_of(&body);
            let full = reply(&events);
            let step = (end / 60).max(1);
            for cut in (1..end).step_by(step) {
                let (events, error) = decode(api, [&body[..cut]]);
                assert_eq!(error.map(|error| error.kind), Some(ProviderErrorKind::Interrupted), "{name} cut at {cut}");
                let partial = reply(&events);
                assert!(full.text().starts_with(&partial.text()), "{name} cut at {cut}");
                assert!(partial.without_halves().content.len() <= full.content.len(), "{name} cut at {cut}");
            }
        }
    }

    fn any_cuts_give_the_same(api) {
        let recordings = streams(api, "replies cut at random");
        if recordings.is_empty() {
            return;
        }
        let small: Vec<_> = recordings.iter().filter(|recording| recording.body.len() < 30_000).collect();
        let whole: Vec<_> = small.iter().map(|recording| decode(api, [recording.body.as_slice()])).collect();
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
            prop_assert!(decode(api, pieces) == whole[index], "{}", small[index].name);
            Ok(())
        });
        ran.unwrap();
    }
}
