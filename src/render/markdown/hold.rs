//! What is kept back for a moment, because the next characters will say what it means.
//!
//! Nothing here decides what is right: it spares the reader asterisks that flicker and the wire a block that is sent
//! again. Everything kept back is short, and [`super::LiveMarkdown::finish`] shows it.

use super::html::Kind;

/// An unclosed span is kept back for at most so many bytes of text.
const SPAN: usize = 160;
/// The same in a very long paragraph, where a change would send all of it again.
const LONG_SPAN: usize = 600;
/// A link, with its address.
const LINK: usize = 400;
/// A row of a table.
const ROW: usize = 400;

/// How much of `text`, the open part of the document, may be shown now. `kind` is the block it ends in.
pub(super) fn visible(text: &str, kind: Option<Kind>, long: bool) -> usize {
    let text = text.strip_suffix('\r').unwrap_or(text);
    let start = text.rfind('\n').map_or(0, |at| at + 1);
    let line = text.get(start..).unwrap_or_default();
    let bare = line.trim_start_matches([' ', '\t', '>']);
    let length = text.len();
    match kind {
        Some(Kind::Fenced) => {
            let fence = !bare.is_empty() && bare.bytes().all(|byte| b"`~ ".contains(&byte));
            return if fence { start } else { length };
        }
        Some(Kind::Html | Kind::Indented) if !line.is_empty() => return length,
        _ => {}
    }
    let above = text.get(..start).unwrap_or_default();
    if bare.is_empty() {
        return header(above, kind).or_else(|| above.ends_with("\\\n").then(|| start - 2)).unwrap_or(length);
    }
    let marks = |byte: u8| byte.is_ascii_digit() || b"-+*=_#>~`|: \t[].()".contains(&byte);
    let boxed = bare.len() < 7 && bare.contains("[x") | bare.contains("[X");
    if length - start <= 80 && (bare.bytes().all(marks) || boxed) {
        return header(above, kind).unwrap_or(start);
    }
    if (bare.starts_with("```") || bare.starts_with("~~~")) && line.len() <= 100 {
        return start;
    }
    if (kind == Some(Kind::Row) || kind == Some(Kind::Table) || bare.starts_with('|')) && line.len() <= ROW {
        return header(above, kind).unwrap_or(start);
    }
    // What closes a heading is no part of it, and neither are the blanks before that.
    let (line, end) = match bare.starts_with('#') {
        true => (line.trim_end_matches('#'), line.trim_end_matches('#').trim_end().len()),
        false => (line, line.len()),
    };
    start + spans(line, if long { LONG_SPAN } else { SPAN }).min(end)
}

/// The first line of what may become a table: it waits for the line of dashes.
fn header(above: &str, kind: Option<Kind>) -> Option<usize> {
    if matches!(kind, Some(Kind::Row | Kind::Table)) {
        return None;
    }
    let line = above.strip_suffix('\n')?;
    let start = line.rfind('\n').map_or(0, |at| at + 1);
    let piped = |line: &str| line.trim_start_matches([' ', '\t', '>']).starts_with('|');
    let first = !line
        .get(..start)?
        .strip_suffix('\n')
        .is_some_and(|before| before.get(before.rfind('\n').map_or(0, |at| at + 1)..).is_some_and(piped));
    (first && piped(line.get(start..)?) && line.len() - start <= ROW).then_some(start)
}

/// How much of a line is free of spans that have begun and not ended.
fn spans(line: &str, limit: usize) -> usize {
    let bytes = line.as_bytes();
    let at = |index: usize| bytes.get(index).copied().unwrap_or(b' ');
    let run = |from: usize| bytes.iter().skip(from).take_while(|byte| **byte == at(from)).count();
    let mut waiting: Vec<(usize, u8)> = Vec::new();
    let mut index = 0;
    while index < bytes.len() {
        let byte = at(index);
        let before = index.checked_sub(1).map_or(b' ', at);
        let mut step = 1;
        match byte {
            b'\\' => {
                if index + 1 == bytes.len() {
                    waiting.push((index, byte));
                }
                step = 2;
            }
            b'`' => {
                step = run(index);
                let fence = line.get(index..index + step).unwrap_or_default();
                let mut from = index + step;
                let close = loop {
                    let Some(found) = line.get(from..).and_then(|rest| rest.find(fence)) else { break None };
                    let length = run(from + found);
                    if length == step {
                        break Some(from + found + length);
                    }
                    from += found + length;
                };
                match close {
                    Some(close) if close < bytes.len() => step = close - index,
                    _ => {
                        waiting.push((index, byte));
                        break;
                    }
                }
            }
            b'[' => waiting.push((if before == b'!' { index - 1 } else { index }, byte)),
            b']' => {
                if let Some(place) = waiting.iter().rposition(|(_, opener)| *opener == b'[') {
                    let close = match at(index + 1) {
                        b'(' => line.get(index..).and_then(|rest| rest.find(')')),
                        b'[' => line.get(index + 1..).and_then(|rest| rest.find(']')).map(|close| close + 1),
                        _ if index + 1 == bytes.len() => None,
                        _ => Some(0),
                    };
                    match close {
                        Some(close) => {
                            step = close + 1;
                            waiting.truncate(place);
                        }
                        None => break,
                    }
                }
            }
            b'!' if index + 1 == bytes.len() => waiting.push((index, byte)),
            b'<' if at(index + 1).is_ascii_alphabetic()
                || b"/!".contains(&at(index + 1))
                || index + 1 == bytes.len() =>
            {
                match line.get(index..).and_then(|rest| rest.find('>')) {
                    Some(close) => step = close + 1,
                    None => waiting.push((index, byte)),
                }
            }
            b'&' => {
                let name =
                    bytes.iter().skip(index + 1).take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'#');
                let length = name.count();
                if length <= 32 && index + 1 + length == bytes.len() {
                    waiting.push((index, byte));
                }
            }
            b'*' | b'_' | b'~' => {
                step = run(index);
                let last = index + step == bytes.len();
                let after = at(index + step);
                let inside = byte == b'_' && before.is_ascii_alphanumeric() && after.is_ascii_alphanumeric();
                let open = waiting.iter().rposition(|(_, opener)| *opener == byte);
                match open {
                    // More of the same may come; it belongs to what it would close.
                    Some(_) if last => {}
                    None if last => waiting.push((index, byte)),
                    _ if inside => {}
                    Some(place) if before != b' ' => waiting.truncate(place),
                    _ if after != b' ' => waiting.push((index, byte)),
                    _ => {}
                }
            }
            _ => {}
        }
        index += step;
    }
    waiting
        .iter()
        .find(|(place, opener)| bytes.len() - place <= if matches!(opener, b'[' | b'<') { LINK } else { limit })
        .map_or(line.len(), |(place, _)| *place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_closed_is_shown_in_a_heading_as_in_a_paragraph() {
        for (text, shown) in [
            ("a **bold** ", "a **bold** "),
            ("a **bold**", "a "),
            ("## a **bold** ", "## a **bold**"),
            ("## a **bold**", "## a "),
            ("## a **bold** #", "## a **bold**"),
            ("## a **bo", "## a "),
            (r"## C\#", "## C"),
        ] {
            assert_eq!(&text[..visible(text, None, false)], shown, "{text:?}");
        }
    }
}
