//! Rows of the audit log as a file: for spreadsheets, or one JSON object a line. What would not be seen stands as `\uXXXX`.

use std::collections::HashMap;

use csv::{QuoteStyle, WriterBuilder};
use serde::Serialize;

use super::{html::escaped_json, usage_csv::text};
use crate::{models::audit::Row, types::UserId};

/// The form of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Comma-separated values, under a head.
    Csv,
    /// One JSON object a line.
    JsonLines,
}

impl Form {
    /// The end of a file's name.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::JsonLines => "jsonl",
        }
    }

    /// The type that browsers are told.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::JsonLines => "application/jsonl",
        }
    }
}

/// A row with the names of its person.
#[derive(Serialize)]
struct Line<'a> {
    number: i64,
    at: String,
    actor: &'a str,
    email: Option<&'a str>,
    name: Option<&'a str>,
    address: &'a str,
    action: &'a str,
    tool: Option<&'a str>,
    object: &'a str,
    target: Option<&'a str>,
    digest: Option<String>,
    details: &'a str,
    hash: &'a str,
}

const HEAD: [&str; 13] = [
    "number", "at", "actor", "email", "name", "address", "action", "tool", "object", "target", "digest", "details",
    "hash",
];

/// Rows, under a head where the file begins with them.
///
/// # Errors
/// Never: it is written to memory.
pub fn draw(
    form: Form,
    is_first: bool,
    rows: &[Row],
    names: &HashMap<UserId, (String, String)>,
) -> Result<Vec<u8>, Box<dyn std::error::Error + Send + Sync>> {
    let lines = rows.iter().map(|row| {
        let person = row.actor.parse().ok().and_then(|id: UserId| names.get(&id));
        Line {
            number: row.number,
            at: row.at.0.to_rfc3339_opts(chrono::SecondsFormat::Micros, true),
            actor: &row.actor,
            email: person.map(|(_, email)| email.as_str()),
            name: person.map(|(name, _)| name.as_str()),
            address: &row.address,
            action: &row.action,
            tool: row.tool.as_deref(),
            object: &row.object,
            target: row.target.as_deref(),
            digest: row.digest.map(|digest| digest.to_string()),
            details: &row.details,
            hash: &row.hash,
        }
    });
    match form {
        Form::JsonLines => {
            let mut written = String::new();
            for line in lines {
                written.push_str(&escaped_json(&serde_json::to_string(&line)?));
                written.push('\n');
            }
            Ok(written.into_bytes())
        }
        Form::Csv => {
            let mut writer = WriterBuilder::new().quote_style(QuoteStyle::NonNumeric).from_writer(Vec::new());
            if is_first {
                writer.write_record(HEAD)?;
            }
            for line in lines {
                let cell = |value: &str| text(&escaped_json(value));
                let optional = |value: Option<&str>| cell(value.unwrap_or_default());
                writer.write_record([
                    line.number.to_string(),
                    line.at,
                    cell(line.actor),
                    optional(line.email),
                    optional(line.name),
                    cell(line.address),
                    cell(line.action),
                    optional(line.tool),
                    cell(line.object),
                    optional(line.target),
                    line.digest.unwrap_or_default(),
                    cell(line.details),
                    line.hash.to_owned(),
                ])?;
            }
            Ok(writer.into_inner().map_err(|error| error.to_string())?)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::AuditId;

    fn row(target: &str) -> Row {
        Row {
            chain: "system".into(),
            number: 7,
            id: AuditId::new(),
            at: crate::db::now().into(),
            actor: "nobody".into(),
            address: "192.0.2.1".into(),
            action: "tool_run".into(),
            object: "tool_call:x".into(),
            target: Some(target.into()),
            digest: None,
            details: "a\"b,c".into(),
            hash: "00".into(),
            tool: Some("write_file".into()),
        }
    }

    #[test]
    fn no_cell_is_a_formula_and_nothing_hides() {
        for (target, cell, seen) in [
            ("=1+1", "'=1+1", "=1+1"),
            ("@SUM(A1)", "'@SUM(A1)", "@SUM(A1)"),
            ("notes/\u{202e}a.txt", "notes/\\u202Ea.txt", "notes/\u{202e}a.txt"),
            ("a\u{1b}[31m", "a\\u001B[31m", "a\u{1b}[31m"),
        ] {
            let rows = [row(target)];
            let drawn = String::from_utf8(draw(Form::Csv, true, &rows, &HashMap::new()).unwrap()).unwrap();
            let record = csv::Reader::from_reader(drawn.as_bytes()).records().next().unwrap().unwrap();
            assert_eq!((&record[9], &record[11]), (cell, "a\"b,c"), "{drawn}");
            let drawn = String::from_utf8(draw(Form::JsonLines, true, &rows, &HashMap::new()).unwrap()).unwrap();
            assert!(drawn.is_ascii() && drawn.lines().count() == 1, "{drawn}");
            let line: serde_json::Value = serde_json::from_str(&drawn).unwrap();
            assert_eq!((&line["target"], &line["number"]), (&seen.into(), &7.into()));
        }
        assert_eq!(draw(Form::Csv, false, &[], &HashMap::new()).unwrap(), b"");
    }
}
