//! Framing of streamed replies: server-sent events and JSON lines, from bytes as they come off the network.
//!
//! Both take any split of the bytes and give the same events for each. What real servers do is taken as it is:
//! CRLF, LF or a lone CR, a byte order mark, characters cut between packets, spaces around a line, comments, an end
//! without the last blank line. <https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream>

mod think;

use std::borrow::Cow;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use memchr::memchr2;
use serde_json::Value;

use super::Request;

pub use think::{Part, ThinkTags};

/// The most bytes one event or line may have.
pub const MAX_EVENT_BYTES: usize = 16 * 1024 * 1024;

/// An event longer than [`MAX_EVENT_BYTES`]; what follows cannot be read any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an event of the reply is longer than {MAX_EVENT_BYTES} bytes")]
pub struct TooLong;

/// One server-sent event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SseEvent {
    /// The `event:` field; empty without one.
    pub name: String,
    /// The `data:` fields, joined with line feeds.
    pub data: String,
}

/// Reads server-sent events.
#[derive(Clone, Debug, Default)]
pub struct Sse {
    lines: Lines,
    fields: Fields,
}

impl Sse {
    /// Takes more bytes and appends the events that they complete to `events`.
    pub fn push(&mut self, bytes: &[u8], events: &mut Vec<SseEvent>) -> Result<(), TooLong> {
        let Self { lines, fields } = self;
        lines.push(bytes, |line| fields.line(line, events))
    }

    /// The bytes are over: appends the event that was begun, even if its blank line is missing.
    pub fn finish(&mut self, events: &mut Vec<SseEvent>) -> Result<(), TooLong> {
        let Self { lines, fields } = self;
        lines.finish(|line| fields.line(line, events))?;
        fields.dispatch(events);
        Ok(())
    }
}

/// Reads newline-delimited JSON: each line that is not blank is a text of its own.
#[derive(Clone, Debug, Default)]
pub struct JsonLines {
    lines: Lines,
}

impl JsonLines {
    /// Takes more bytes and appends the lines that they complete to `texts`.
    pub fn push(&mut self, bytes: &[u8], texts: &mut Vec<String>) -> Result<(), TooLong> {
        self.lines.push(bytes, |line| Self::line(line, texts))
    }

    /// The bytes are over: appends the line that was begun.
    pub fn finish(&mut self, texts: &mut Vec<String>) -> Result<(), TooLong> {
        self.lines.finish(|line| Self::line(line, texts))
    }

    fn line(line: &[u8], texts: &mut Vec<String>) -> Result<(), TooLong> {
        let line = line.trim_ascii();
        if !line.is_empty() {
            texts.push(String::from_utf8_lossy(line).into_owned());
        }
        Ok(())
    }
}

/// A reply that is a stream of server-sent events or, from a server that does not stream, one JSON text: its first
/// byte tells, whatever the headers say. The JSON text is given as one event without a name.
#[derive(Clone, Debug)]
pub enum Frames {
    /// Nothing but blanks has come.
    Unknown(Vec<u8>),
    /// Events.
    Stream(Sse),
    /// One text.
    Whole(Vec<u8>),
}

impl Default for Frames {
    fn default() -> Self {
        Self::Unknown(Vec::new())
    }
}

impl Frames {
    /// Takes more bytes and appends the events that they complete to `events`.
    pub fn push(&mut self, bytes: &[u8], events: &mut Vec<SseEvent>) -> Result<(), TooLong> {
        match self {
            Self::Unknown(begun) => {
                begun.extend_from_slice(bytes);
                let blank = |byte: &&u8| byte.is_ascii_whitespace() || b"\xef\xbb\xbf".contains(byte);
                let Some(first) = begun.iter().find(|byte| !blank(byte)).copied() else {
                    return if begun.len() > MAX_EVENT_BYTES { Err(TooLong) } else { Ok(()) };
                };
                let begun = std::mem::take(begun);
                *self = if first == b'{' { Self::Whole(Vec::new()) } else { Self::Stream(Sse::default()) };
                self.push(&begun, events)
            }
            Self::Stream(sse) => sse.push(bytes, events),
            Self::Whole(body) => {
                body.extend_from_slice(bytes);
                if body.len() > MAX_EVENT_BYTES { Err(TooLong) } else { Ok(()) }
            }
        }
    }

    /// The bytes are over: appends what was begun. An event that was cut off is none.
    pub fn finish(&mut self, events: &mut Vec<SseEvent>) -> Result<(), TooLong> {
        match std::mem::take(self) {
            Self::Unknown(_) => {}
            Self::Stream(mut sse) => {
                let mut last = Vec::new();
                sse.finish(&mut last)?;
                events.extend(last.into_iter().filter(SseEvent::is_whole));
            }
            Self::Whole(body) => {
                let body = body.strip_prefix(b"\xef\xbb\xbf").map(<[u8]>::to_vec).unwrap_or(body);
                events.extend(Some(SseEvent { name: String::new(), data: text(body) }).filter(SseEvent::is_whole));
            }
        }
        Ok(())
    }
}

impl SseEvent {
    fn is_whole(&self) -> bool {
        let data = self.data.trim();
        data == "[DONE]" || lenient_json(data).is_some()
    }
}

/// Cuts bytes into lines without their ends.
#[derive(Clone, Debug, Default)]
struct Lines {
    /// The line that was begun.
    line: Vec<u8>,
    /// The last byte was CR: a LF right after it belongs to the same end.
    after_cr: bool,
    /// A line was given: a byte order mark can come no more.
    begun: bool,
}

impl Lines {
    fn push(&mut self, mut bytes: &[u8], mut each: impl FnMut(&[u8]) -> Result<(), TooLong>) -> Result<(), TooLong> {
        loop {
            if self.after_cr && !bytes.is_empty() {
                self.after_cr = false;
                bytes = bytes.strip_prefix(b"\n").unwrap_or(bytes);
            }
            let Some(end) = memchr2(b'\r', b'\n', bytes) else {
                return self.extend(bytes);
            };
            let (line, rest) = bytes.split_at(end);
            self.extend(line)?;
            self.after_cr = rest.first() == Some(&b'\r');
            bytes = rest.get(1..).unwrap_or_default();
            self.give(&mut each)?;
        }
    }

    fn finish(&mut self, mut each: impl FnMut(&[u8]) -> Result<(), TooLong>) -> Result<(), TooLong> {
        if self.line.is_empty() { Ok(()) } else { self.give(&mut each) }
    }

    fn extend(&mut self, bytes: &[u8]) -> Result<(), TooLong> {
        if self.line.len() + bytes.len() > MAX_EVENT_BYTES {
            return Err(TooLong);
        }
        self.line.extend_from_slice(bytes);
        Ok(())
    }

    fn give(&mut self, each: &mut impl FnMut(&[u8]) -> Result<(), TooLong>) -> Result<(), TooLong> {
        let mut line = self.line.as_slice();
        if !self.begun {
            line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
            self.begun = true;
        }
        let given = each(line);
        self.line.clear();
        given
    }
}

/// The fields of the event that was begun.
#[derive(Clone, Debug, Default)]
struct Fields {
    name: Vec<u8>,
    data: Vec<u8>,
    has_data: bool,
}

impl Fields {
    fn line(&mut self, line: &[u8], events: &mut Vec<SseEvent>) -> Result<(), TooLong> {
        // Some servers indent the first line; by the letter that would be an unknown field, and text would be lost.
        let line = line.trim_ascii_start();
        match line.first() {
            None => self.dispatch(events),
            Some(b':') => {}
            // A gateway that breaks off writes its error as bare JSON.
            Some(b'{') => self.data(line)?,
            Some(_) => {
                let colon = line.iter().position(|byte| *byte == b':').unwrap_or(line.len());
                let (field, value) = line.split_at(colon);
                let value = value.strip_prefix(b":").unwrap_or(value);
                let value = value.strip_prefix(b" ").unwrap_or(value);
                match field.trim_ascii_end() {
                    b"data" => self.data(value)?,
                    b"event" => self.name = value.trim_ascii().to_vec(),
                    _ => {}
                }
            }
        }
        Ok(())
    }

    fn data(&mut self, value: &[u8]) -> Result<(), TooLong> {
        if self.data.len() + value.len() >= MAX_EVENT_BYTES {
            return Err(TooLong);
        }
        if self.has_data {
            self.data.push(b'\n');
        }
        self.has_data = true;
        self.data.extend_from_slice(value);
        Ok(())
    }

    fn dispatch(&mut self, events: &mut Vec<SseEvent>) {
        let name = std::mem::take(&mut self.name);
        let data = std::mem::take(&mut self.data);
        if std::mem::take(&mut self.has_data) {
            events.push(SseEvent { name: text(name), data: text(data) });
        }
    }
}

/// UTF-8, with the replacement character where it is none.
fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

/// Reads JSON as servers write it: an escaped half of a surrogate pair, which is no character and which strict
/// parsers refuse, becomes the replacement character. `None` for what is no JSON even so.
pub fn lenient_json(text: &str) -> Option<Value> {
    serde_json::from_str(text).ok().or_else(|| serde_json::from_str(&without_lone_surrogates(text)?).ok())
}

/// `None` if there is nothing to mend.
fn without_lone_surrogates(text: &str) -> Option<String> {
    fn unit(text: &str, at: usize) -> Option<u32> {
        let digits = text.get(at..at + 6)?.strip_prefix("\\u")?;
        digits.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| u32::from_str_radix(digits, 16).ok()).flatten()
    }
    let (mut mended, mut copied, mut at) = (String::new(), 0, 0);
    while let Some(found) = text.get(at..).and_then(|rest| memchr::memchr(b'\\', rest.as_bytes())) {
        at += found;
        match unit(text, at) {
            Some(0xD800..=0xDBFF) if matches!(unit(text, at + 6), Some(0xDC00..=0xDFFF)) => at += 12,
            Some(0xD800..=0xDFFF) => {
                mended.push_str(text.get(copied..at)?);
                mended.push_str("\\ufffd");
                at += 6;
                copied = at;
            }
            // An escape of one character: what follows it is text.
            _ => at += 1 + text.get(at + 1..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8),
        }
    }
    mended.push_str(text.get(copied..)?);
    (copied > 0).then_some(mended)
}

/// The name of a tool as a model wrote it, perhaps another provider's, in the form that is accepted everywhere:
/// letters, digits, `_` and `-`, at most `longest` of them.
pub(super) fn tool_name(name: &str, longest: usize) -> Cow<'_, str> {
    let fits = |character: char| character.is_ascii_alphanumeric() || matches!(character, '_' | '-');
    if (1..=longest).contains(&name.len()) && name.chars().all(fits) {
        return Cow::Borrowed(name);
    }
    let fitting: String =
        name.chars().take(longest).map(|character| if fits(character) { character } else { '_' }).collect();
    Cow::Owned(if fitting.is_empty() { "unnamed".to_owned() } else { fitting })
}

/// The bytes of an image as base64, if they are there.
pub(super) fn image_data(request: &Request, number: i64) -> Option<String> {
    request.images.get(&number).map(|bytes| STANDARD.encode(bytes))
}

/// What stands for an image whose bytes are not sent.
pub(super) fn image_name(name: &str, width: u32, height: u32) -> String {
    format!("[The image {name} ({width} × {height} pixels) is not shown here.]")
}

#[cfg(test)]
#[path = "wire_tests.rs"]
mod tests;
