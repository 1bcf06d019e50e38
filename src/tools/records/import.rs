//! Documents out of files: JSON lines, and CSV with a line of headings.

use std::io::Read;

use serde_json::{Map, Number, Value};

use super::{
    document::{Document, ID, check_names},
    number::holds,
};

/// What is wrong with one line of a file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {why}")]
pub struct LineError {
    /// The line, from 1.
    pub line: u64,
    /// What is wrong, in English.
    pub why: String,
}

/// What the lines of a file are: documents with the line each begins on, or errors.
pub type Line = Result<(u64, Document), LineError>;

/// One document on each line; empty lines are passed over.
pub fn json_lines(text: &str) -> impl Iterator<Item = Line> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()).map(|(line, text)| {
        Document::parse(text).map(|document| (line, document)).map_err(|why| LineError { line, why })
    })
}

/// CSV with commas, or with semicolons if the first line has more of those. Headings are the fields; an empty cell is
/// no field; `true`, `false` and numbers become themselves where they are written as JSON writes them, so that `007`
/// stays text; `_id` is always text.
///
/// # Errors
/// When the headings cannot be fields.
pub fn csv(text: &str) -> Result<impl Iterator<Item = Line>, LineError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let first = text.lines().next().unwrap_or_default();
    let semicolons = first.matches(';').count() > first.matches(',').count();
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(if semicolons { b';' } else { b',' })
        .trim(csv::Trim::Headers)
        .from_reader(text.as_bytes());
    let headings = headings(&mut reader)?;
    let mut lines = Lines { text: text.as_bytes(), at: 0, line: 1 };
    Ok(reader.into_records().map(move |record| {
        let record = record.map_err(|error| LineError { line: lines.of(error.position()), why: words(&error) })?;
        let line = lines.of(record.position());
        let cells = headings.iter().zip(&record).filter(|(_, cell)| !cell.is_empty());
        let fields = cells.map(|(heading, cell)| (heading.clone(), value(heading, cell))).collect();
        Document::of(Value::Object(fields)).map(|document| (line, document)).map_err(|why| LineError { line, why })
    }))
}

fn headings(reader: &mut csv::Reader<impl Read>) -> Result<Vec<String>, LineError> {
    let wrong = |why: String| LineError { line: 1, why };
    let headings = reader.headers().map_err(|error| wrong(words(&error)))?;
    let headings: Vec<String> = headings.iter().map(str::to_owned).collect();
    let mut fields = Map::new();
    for heading in &headings {
        if fields.insert(heading.clone(), Value::Null).is_some() {
            return Err(wrong(format!("The heading {heading:?} stands twice.")));
        }
    }
    if fields.is_empty() {
        return Err(wrong("There are no headings.".to_owned()));
    }
    check_names(&Value::Object(fields)).map_err(wrong)?;
    Ok(headings)
}

fn words(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("It has {len} cells; the headings are {expected_len}.")
        }
        kind => format!("It cannot be read as CSV: {kind:?}."),
    }
}

/// Counts lines as it goes. The library's own count stands before the ends of lines and empty lines that precede a row.
struct Lines<'a> {
    text: &'a [u8],
    at: usize,
    line: u64,
}

impl Lines<'_> {
    /// The line on which the row at that position begins; rows come in their order.
    fn of(&mut self, position: Option<&csv::Position>) -> u64 {
        let begins = position.and_then(|position| usize::try_from(position.byte()).ok()).unwrap_or(self.at);
        let mut passed = begins.saturating_sub(self.at);
        while let Some(byte) = self.text.get(self.at)
            && (passed > 0 || matches!(byte, b'\r' | b'\n'))
        {
            self.line += u64::from(*byte == b'\n');
            self.at += 1;
            passed = passed.saturating_sub(1);
        }
        self.line
    }
}

fn value(heading: &str, cell: &str) -> Value {
    let text = || Value::String(cell.to_owned());
    if heading == ID {
        return text();
    }
    match cell {
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        cell => match serde_json::from_str::<Number>(cell) {
            // Digits that would be lost are kept as text.
            Ok(number) if holds(cell.trim()) => Value::Number(number),
            _ => text(),
        },
    }
}
