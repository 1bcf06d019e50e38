//! The log, and the ids by which a request is found in it.
//!
//! The log goes to standard error; standard output is kept for what commands print. Values in it come from strangers
//! (paths, headers, names): a line break would let them write lines of their own, an escape sequence would act on the
//! operator's terminal, and a bidirectional override would show a line backwards. `tracing-subscriber` escapes escape
//! sequences in its pretty form but lets line breaks of `Display` values through, and in its JSON form leaves
//! U+007F to U+009F and the bidirectional characters; so both are escaped here.

mod following;
pub mod metrics;

use std::{
    fmt::{self, Write as _},
    io,
};

use tracing::{Subscriber, field::Field};
use tracing_subscriber::{
    EnvFilter,
    field::MakeExt,
    fmt::{MakeWriter, format},
    layer::SubscriberExt,
    registry::LookupSpan,
    util::SubscriberInitExt,
};
use uuid::Uuid;

pub use following::{following, request_id, working_for};

/// Bytes of a request id that was given from outside.
const REQUEST_ID_BYTES: usize = 64;

/// By which one request is found in the log, and which its answer carries as `X-Request-Id`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RequestId(String);

impl RequestId {
    /// A new one: a UUIDv7.
    #[allow(clippy::new_without_default, reason = "an id is an event, not a default value")]
    pub fn new() -> Self {
        Self(Uuid::now_v7().to_string())
    }

    /// The one that a proxy or client gave, if it is sane: 1 to 64 of letters, digits, `-`, `_` and `.`, so that
    /// it can neither break a line of the log nor a header.
    pub fn given(text: &str) -> Option<Self> {
        let sane = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        ((1..=REQUEST_ID_BYTES).contains(&text.len()) && text.bytes().all(sane)).then(|| Self(text.to_owned()))
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Log or metrics could not be started.
#[derive(Debug, thiserror::Error)]
#[error("the telemetry cannot be started: {0}")]
pub struct TelemetryError(String);

/// Starts the process's log on standard error, once. `level` is a level or directives (`LOG_LEVEL`).
pub fn start(level: &str, json: bool) -> Result<(), TelemetryError> {
    let colours = !json && io::IsTerminal::is_terminal(&io::stderr());
    subscriber(level, json, colours, io::stderr)?.try_init().map_err(|error| TelemetryError(error.to_string()))
}

/// The log, written to `writer`.
fn subscriber<W>(
    level: &str,
    json: bool,
    colours: bool,
    writer: W,
) -> Result<impl Subscriber + for<'a> LookupSpan<'a> + Send + Sync + 'static, TelemetryError>
where
    W: for<'a> MakeWriter<'a> + Clone + Send + Sync + 'static,
{
    let filter = EnvFilter::try_new(directives(level)).map_err(|error| TelemetryError(error.to_string()))?;
    let lines = (!json).then(|| {
        tracing_subscriber::fmt::layer()
            .with_ansi(colours)
            .fmt_fields(format::debug_fn(write_field).delimited(" "))
            .with_writer(writer.clone())
    });
    let objects = json.then(|| {
        tracing_subscriber::fmt::layer()
            .json()
            .flatten_event(true)
            // A line names all that it belongs to, from the request down: the last of them alone would not do.
            .with_current_span(false)
            .with_span_list(true)
            .with_writer(EscapedJson(writer))
    });
    Ok(tracing_subscriber::registry().with(filter).with(lines).with(objects))
}

/// The filter's directives. A single level is that of our own modules: what our libraries say below a warning helps
/// nobody who runs Sayso. In a list everything means what `EnvFilter` says, over the same ground.
fn directives(level: &str) -> String {
    match level {
        "off" | "error" => level.to_owned(),
        _ if level.contains(['=', ',']) => {
            let everything = level.split(',').any(|part| !part.contains('='));
            if everything { level.to_owned() } else { format!("warn,sayso=info,{level}") }
        }
        _ => format!("warn,rmcp=warn,sayso={level}"),
    }
}

/// One field of a line for people, escaped.
fn write_field(writer: &mut format::Writer<'_>, field: &Field, value: &dyn fmt::Debug) -> fmt::Result {
    match field.name() {
        "message" => {}
        // What the bridge from the `log` crate adds; the line has it already.
        name if name.starts_with("log.") => return Ok(()),
        name => write!(writer, "{}=", name.strip_prefix("r#").unwrap_or(name))?,
    }
    for character in format!("{value:?}").chars() {
        if treacherous(character) {
            write!(writer, "{}", character.escape_default())?;
        } else {
            writer.write_char(character)?;
        }
    }
    Ok(())
}

/// Whether a character does something to the terminal or log viewer instead of being seen: control characters, line
/// and paragraph separators, bidirectional marks and overrides.
fn treacherous(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Escapes what JSON allows in a string but a terminal would act on. Such characters stand nowhere else in JSON, so
/// that the whole line can be escaped alike.
#[derive(Clone)]
struct EscapedJson<W>(W);

impl<'a, W: MakeWriter<'a>> MakeWriter<'a> for EscapedJson<W> {
    type Writer = EscapedJson<W::Writer>;

    fn make_writer(&'a self) -> Self::Writer {
        EscapedJson(self.0.make_writer())
    }
}

impl<W: io::Write> io::Write for EscapedJson<W> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(line);
        let mut escaped = String::with_capacity(text.len());
        for character in text.chars() {
            if treacherous(character) && character != '\n' {
                // All of them lie below U+10000: one escape is enough.
                let _ = write!(escaped, "\\u{:04x}", u32::from(character));
            } else {
                escaped.push(character);
            }
        }
        self.0.write_all(escaped.as_bytes())?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Tests that read the log call this first. As long as one test's thread is all that listens, an event that another
/// test's thread meets first is off for good, for both (tracing-core asks only the thread that registers it); with
/// something that listens on every thread, each listener is asked.
#[cfg(test)]
pub(crate) fn every_thread_listens() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| tracing::subscriber::set_global_default(tracing_subscriber::registry()).unwrap());
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    /// What a log with these settings holds after `events`.
    fn logged(level: &str, json: bool, events: impl FnOnce()) -> String {
        let lines: Arc<Mutex<Vec<u8>>> = Arc::default();
        let writer = Arc::clone(&lines);
        let make = move || Shared(Arc::clone(&writer));
        every_thread_listens();
        tracing::subscriber::with_default(subscriber(level, json, false, make).unwrap(), events);
        let bytes = lines.lock().unwrap().clone();
        String::from_utf8(bytes).unwrap()
    }

    struct Shared(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Shared {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    const EVIL: &str = "a\nINFO sayso: forged\r\u{1b}[31m\u{9b}2J\u{7f}\u{202e}\u{2028}\0b";

    #[test]
    fn nobody_can_forge_a_line_or_reach_the_terminal() {
        for json in [false, true] {
            let log = logged("info", json, || {
                let span = tracing::info_span!("request", path = %EVIL);
                let _entered = span.enter();
                tracing::info!(display = %EVIL, debug = ?EVIL, plain = EVIL, "told: {EVIL}");
            });
            assert_eq!(log.matches('\n').count(), 1, "{log:?}");
            assert!(!log.trim_end_matches('\n').contains(treacherous), "{log:?}");
            assert!(log.contains("forged") && log.contains("path"), "{log:?}");
            if json {
                let object: serde_json::Value = serde_json::from_str(&log).unwrap();
                assert_eq!(object["plain"], EVIL);
                assert_eq!(object["spans"][0]["path"], EVIL);
            }
        }
    }

    #[test]
    fn a_level_is_ours_and_libraries_only_warn() {
        let log = logged("debug", false, || {
            tracing::debug!("ours");
            tracing::info!(target: "hyper", "chatter");
            tracing::info!(target: "rmcp::service", "chatter");
            tracing::warn!(target: "hyper", "warned");
        });
        assert!(log.contains("ours") && log.contains("warned") && !log.contains("chatter"), "{log}");
        let log = logged("sayso::turn=debug", false, || {
            tracing::info!(target: "sayso::http", "kept");
            tracing::debug!(target: "sayso::http", "chatter");
            tracing::debug!(target: "sayso::turn", "asked");
        });
        assert!(log.contains("kept") && log.contains("asked") && !log.contains("chatter"), "{log}");
        assert_eq!(logged("error", false, || tracing::warn!("no")), "");
    }

    #[test]
    fn only_sane_request_ids_are_taken_over() {
        for sane in ["a", "0198-abc_D.e", &"x".repeat(64)] {
            assert_eq!(RequestId::given(sane).unwrap().as_str(), sane);
        }
        for wrong in ["", "a b", "a\nb", "a\u{e9}", "a\"b", "a;b", &"x".repeat(65)] {
            assert_eq!(RequestId::given(wrong), None, "{wrong:?}");
        }
        assert!(RequestId::given(RequestId::new().as_str()).is_some());
    }
}
