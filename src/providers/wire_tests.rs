use proptest::prelude::*;

use super::*;

fn events(pieces: &[&[u8]]) -> Vec<(String, String)> {
    let (mut sse, mut events) = (Sse::default(), Vec::new());
    for piece in pieces {
        sse.push(piece, &mut events).unwrap();
    }
    sse.finish(&mut events).unwrap();
    events.into_iter().map(|event| (event.name, event.data)).collect()
}

fn lines(pieces: &[&[u8]]) -> Vec<String> {
    let (mut reader, mut texts) = (JsonLines::default(), Vec::new());
    for piece in pieces {
        reader.push(piece, &mut texts).unwrap();
    }
    reader.finish(&mut texts).unwrap();
    texts
}

#[test]
fn events_are_framed_as_servers_write_them() {
    let table: &[(&str, &[(&str, &str)])] = &[
        ("data: a\n\ndata: b\n\n", &[("", "a"), ("", "b")]),
        ("data: a\r\n\r\ndata: b\r\n\r\n", &[("", "a"), ("", "b")]),
        ("data: a\r\rdata: b\r\r", &[("", "a"), ("", "b")]),
        ("data: a\n\r\ndata: b\r\n\n", &[("", "a"), ("", "b")]),
        ("\u{feff}data: a\n\n", &[("", "a")]),
        ("data: a\n\n\u{feff}data: b\n\n", &[("", "a")]),
        ("event: x\ndata: a\ndata:b\ndata:  c\n\n", &[("x", "a\nb\n c")]),
        (": comment\ndata: a\n: another\ndata: b\n\n", &[("", "a\nb")]),
        ("event: lost\n\ndata: a\n\n", &[("", "a")]),
        ("id: 7\nretry: 5\nodd: x\ndata: a\n\n", &[("", "a")]),
        ("data\n\n", &[("", "")]),
        ("data: a  \n\n", &[("", "a  ")]),
        ("  data: a\n  \n data: b\n\n", &[("", "a"), ("", "b")]),
        ("data: a\n\n\n\n\ndata: b\n\n", &[("", "a"), ("", "b")]),
        ("data: no blank line\n", &[("", "no blank line")]),
        ("data: no end of line", &[("", "no end of line")]),
        ("{\"error\": 1}", &[("", "{\"error\": 1}")]),
        ("data: 🦀 é\n\n", &[("", "🦀 é")]),
        ("", &[]),
        ("\n\n\n", &[]),
        ("event: x\n\n", &[]),
    ];
    for (text, expected) in table {
        let expected: Vec<_> = expected.iter().map(|(name, data)| (name.to_string(), data.to_string())).collect();
        let bytes = text.as_bytes();
        assert_eq!(events(&[bytes]), expected, "{text:?} whole");
        for cut in 0..=bytes.len() {
            assert_eq!(events(&[&bytes[..cut], &[], &bytes[cut..]]), expected, "{text:?} cut at {cut}");
        }
        let single: Vec<&[u8]> = bytes.chunks(1).collect();
        assert_eq!(events(&single), expected, "{text:?} byte by byte");
    }
}

#[test]
fn lines_of_json_are_framed() {
    let table: &[(&str, &[&str])] = &[
        ("{\"a\":1}\n{\"b\":2}\n", &["{\"a\":1}", "{\"b\":2}"]),
        ("\u{feff}{}\r\n\r\n  {\"é\":\"🦀\"}  ", &["{}", "{\"é\":\"🦀\"}"]),
        ("\n \n", &[]),
    ];
    for (text, expected) in table {
        let bytes = text.as_bytes();
        for cut in 0..=bytes.len() {
            assert_eq!(lines(&[&bytes[..cut], &bytes[cut..]]), *expected, "{text:?} cut at {cut}");
        }
    }
}

#[test]
fn bytes_that_are_no_text_do_not_stop_the_stream() {
    assert_eq!(
        events(&[b"data: \xff\xf0\x9f\n\ndata: b\n\n"]),
        [(String::new(), "\u{fffd}\u{fffd}".to_owned()), (String::new(), "b".to_owned())]
    );
}

#[test]
fn an_endless_line_and_an_endless_event_are_refused() {
    let chunk = vec![b'x'; 1 << 20];
    let (mut sse, mut out) = (Sse::default(), Vec::new());
    let pushed = (0..20).try_for_each(|_| sse.push(&chunk, &mut out));
    assert_eq!(pushed, Err(TooLong));

    let (mut sse, mut line) = (Sse::default(), b"data: ".to_vec());
    line.extend_from_slice(&chunk);
    line.push(b'\n');
    let pushed = (0..20).try_for_each(|_| sse.push(&line, &mut out));
    assert_eq!(pushed, Err(TooLong));

    let (mut reader, mut texts) = (JsonLines::default(), Vec::new());
    assert_eq!((0..20).try_for_each(|_| reader.push(&chunk, &mut texts)), Err(TooLong));
    assert!(out.is_empty() && texts.is_empty());
}

#[test]
fn a_lone_surrogate_does_not_lose_the_event() {
    let table = [
        (r#"{"t":"a\ud83e"}"#, Some("a\u{fffd}")),
        (r#"{"t":"\udd80b"}"#, Some("\u{fffd}b")),
        (r#"{"t":"\ud83e\ud83e\udd80"}"#, Some("\u{fffd}🦀")),
        (r#"{"t":"\\ud83e \ud83e"}"#, Some("\\ud83e \u{fffd}")),
        (r#"{"t":"é\é\ud83e"}"#, None),
        (r#"{"t":"plain"}"#, Some("plain")),
        (r#"{"t":"half"#, None),
        (r"\ud83e\", None),
    ];
    for (text, expected) in table {
        let read = lenient_json(text).and_then(|value| value.get("t").and_then(Value::as_str).map(str::to_owned));
        assert_eq!(read.as_deref(), expected, "{text}");
    }
}

proptest! {
    #[test]
    fn any_split_gives_the_same_events(
        text in proptest::collection::vec(
            prop_oneof![
                Just("data: "), Just("data:"), Just("event: e"), Just("\n"), Just("\r\n"), Just("\r"), Just(":"),
                Just(" "), Just("é🦀"), Just("\u{feff}"), Just("{\"a\":1}"), Just("\n\n"), Just("word"),
            ],
            0..40,
        ),
        mut cuts in proptest::collection::vec(0usize..400, 0..8),
    ) {
        let text = text.concat();
        let bytes = text.as_bytes();
        cuts.iter_mut().for_each(|cut| *cut = (*cut).min(bytes.len()));
        cuts.sort_unstable();
        let (mut pieces, mut from) = (Vec::new(), 0);
        for cut in cuts {
            pieces.push(&bytes[from..cut]);
            from = cut;
        }
        pieces.push(&bytes[from..]);
        prop_assert_eq!(events(&pieces), events(&[bytes]));
        prop_assert_eq!(lines(&pieces), lines(&[bytes]));
    }
}

#[test]
fn names_of_other_makers_fit() {
    for (name, expected) in [("ok_1-A", "ok_1-A"), ("files.write", "files_write"), ("", "unnamed"), ("a b/é", "a_b__")]
    {
        assert_eq!(tool_name(name, 64), expected);
    }
    assert_eq!(tool_name(&"x".repeat(300), 64).len(), 64);
    assert_eq!(tool_name(&"x".repeat(128), 128), "x".repeat(128));
}

#[test]
fn the_first_byte_tells_a_stream_from_a_whole_text() {
    let read = |pieces: &[&str]| {
        let (mut frames, mut events) = (Frames::default(), Vec::new());
        for piece in pieces {
            frames.push(piece.as_bytes(), &mut events).unwrap();
        }
        frames.finish(&mut events).unwrap();
        events.into_iter().map(|event| event.data).collect::<Vec<_>>()
    };
    let table: [(&str, &[&str]); 6] = [
        ("data: {\"a\":1}\n\ndata: [DONE]\n\n", &["{\"a\":1}", "[DONE]"]),
        ("\u{feff} \r\n: hello\n\ndata: 1\n\ndata: {\"cut\"", &["1"]),
        ("\n {\n  \"a\": 1\n}\n", &["\n {\n  \"a\": 1\n}\n"]),
        ("\u{feff}{}", &["{}"]),
        ("", &[]),
        (" \n ", &[]),
    ];
    for (text, expected) in table {
        assert_eq!(read(&[text]), expected, "{text:?}");
        for cut in (0..text.len()).filter(|cut| text.is_char_boundary(*cut)) {
            let (head, tail) = text.split_at(cut);
            assert_eq!(read(&[head, tail]), expected, "{text:?} cut at {cut}");
        }
    }
}
