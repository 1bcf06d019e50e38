//! Whole files on their way into a collection: all of it is read before any of it goes in, then it goes in some
//! documents at a time.
//!
//! The same file of the same form goes in once, however often it is sent, at once or later, to one instance or two, and
//! also after it broke off: a document without an `_id` gets one that follows from the form and from what is in it, and
//! one that is there already is passed over.

use std::collections::HashMap;

use uuid::Uuid;

use super::{
    Store,
    import::{self, Line, LineError},
};
use crate::{
    db::Conn,
    error::Result,
    models::record::{self, NewRecord, Refused},
    types::{Digest, TenantId},
};

/// How many documents go in at once, in one transaction.
pub const BATCH: usize = 500;

/// Of how many lines it is told what is wrong with them.
const TOLD: usize = 20;

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A document on each line.
    JsonLines,
    /// A line of headings, then a document on each.
    Csv,
}

impl Form {
    /// By the end of its name, else by how it begins.
    pub fn of(name: &str, text: &str) -> Self {
        let end = name.rsplit_once('.').map(|(_, end)| end.to_ascii_lowercase());
        match end.as_deref() {
            Some("csv") => Self::Csv,
            Some("jsonl" | "ndjson" | "json") => Self::JsonLines,
            _ if text.trim_start_matches('\u{feff}').trim_start().starts_with('{') => Self::JsonLines,
            _ => Self::Csv,
        }
    }
}

/// A document of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incoming {
    /// The line it begins on, from 1.
    pub line: u64,
    /// The document.
    pub record: NewRecord,
}

/// What is wrong with a file; then nothing of it goes in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Faults {
    /// The first lines that are wrong.
    pub first: Vec<LineError>,
    /// How many lines are.
    pub count: usize,
}

/// What became of some documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taken {
    /// How many went in.
    pub added: usize,
    /// How many were there already, just so.
    pub there: usize,
}

/// Why some documents did not go in; none of them did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotTaken {
    /// On this line is the `_id` of a document that is there with something else in it.
    Differs {
        /// The line.
        line: u64,
        /// The `_id`.
        id: String,
    },
    /// The collection does not take them.
    Refused(Refused),
}

/// Reads a file. `key` is that of the form it came with.
///
/// # Errors
/// When a line is wrong.
pub fn read(text: &str, form: Form, key: &str) -> Result<Vec<Incoming>, Faults> {
    let mut reading = Reading { key, ..Reading::default() };
    match form {
        Form::JsonLines => reading.take(import::json_lines(text)),
        Form::Csv => match import::csv(text) {
            Ok(lines) => reading.take(lines),
            Err(error) => reading.faults.note(error),
        },
    }
    if reading.faults.count > 0 { Err(reading.faults) } else { Ok(reading.incoming) }
}

#[derive(Default)]
struct Reading<'a> {
    key: &'a str,
    incoming: Vec<Incoming>,
    faults: Faults,
    /// The line on which an `_id` stands.
    lines: HashMap<String, u64>,
    /// How often the same document without an `_id` has come.
    same: HashMap<[u8; 32], u64>,
}

impl Reading<'_> {
    fn take(&mut self, lines: impl Iterator<Item = Line>) {
        for line in lines {
            match line {
                Ok((line, document)) => {
                    let record = document.record_named_by(|rest| self.name(rest));
                    match self.lines.get(&record.id) {
                        Some(first) => {
                            let why = format!("Its _id stands on line {first} already.");
                            self.faults.note(LineError { line, why });
                        }
                        None => {
                            self.lines.insert(record.id.clone(), line);
                            self.incoming.push(Incoming { line, record });
                        }
                    }
                }
                Err(error) => self.faults.note(error),
            }
        }
    }

    /// The `_id` of a document that came without one: the same for the same one of the same form.
    fn name(&mut self, rest: &str) -> Uuid {
        let nth = self.same.entry(*Digest::of(rest.as_bytes()).as_bytes()).and_modify(|nth| *nth += 1).or_insert(0);
        let digest = Digest::of_fields("sayso-record-1", &[self.key.as_bytes(), rest.as_bytes(), &nth.to_be_bytes()]);
        let mut bytes = [0; 16];
        bytes.iter_mut().zip(digest.as_bytes()).for_each(|(place, byte)| *place = *byte);
        uuid::Builder::from_custom_bytes(bytes).into_uuid()
    }
}

impl Faults {
    fn note(&mut self, error: LineError) {
        self.count += 1;
        if self.first.len() < TOLD {
            self.first.push(error);
        }
    }
}

impl Store {
    /// Puts documents into a collection, all or none; those that are there already, just so, are passed over. What is
    /// not taken is to be rolled back.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn take_in(
        &self,
        conn: &mut Conn,
        tenant: TenantId,
        collection: &str,
        incoming: &[Incoming],
    ) -> Result<Result<Taken, NotTaken>> {
        let opened = record::open(conn, tenant, collection).await?;
        let ids: Vec<&str> = incoming.iter().map(|incoming| incoming.record.id.as_str()).collect();
        let there = record::taken(conn, tenant, collection, &ids).await?;
        let mut new = Vec::with_capacity(incoming.len());
        for Incoming { line, record } in incoming {
            // They are sorted.
            if there.binary_search(&record.id).is_err() {
                new.push(record.clone());
                continue;
            }
            let stored = record::find(conn, tenant, collection, &record.id).await?;
            if stored.is_none_or(|stored| stored.document != record.document) {
                return Ok(Err(NotTaken::Differs { line: *line, id: record.id.clone() }));
            }
        }
        let taken = Taken { added: new.len(), there: incoming.len() - new.len() };
        if new.is_empty() {
            return Ok(Ok(taken));
        }
        let inserted = record::insert(conn, &opened, &new, self.most).await?;
        Ok(inserted.map(|_| taken).map_err(NotTaken::Refused))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(text: &str, form: Form, key: &str) -> Vec<String> {
        read(text, form, key).unwrap().into_iter().map(|incoming| incoming.record.id).collect()
    }

    #[test]
    fn a_file_is_read_by_its_name_or_by_how_it_begins() {
        for (name, text, form) in [
            ("a.CSV", "{\"a\":1}", Form::Csv),
            ("a.jsonl", "a,b", Form::JsonLines),
            ("a.ndjson", "a,b", Form::JsonLines),
            ("a.json", "a,b", Form::JsonLines),
            ("a.txt", "\u{feff}\n {\"a\":1}", Form::JsonLines),
            ("a", "a,b\n1,2", Form::Csv),
            ("", "", Form::Csv),
        ] {
            assert_eq!(Form::of(name, text), form, "{name} {text}");
        }
    }

    #[test]
    fn the_same_file_of_the_same_form_has_the_same_ids() {
        let text = "{\"a\":1}\n{\"_id\":\"x\",\"a\":1}\n{\"a\":1}\n{}\n{\"a\":2}\n";
        let first = ids(text, Form::JsonLines, "one");
        assert_eq!(first, ids(text, Form::JsonLines, "one"));
        assert_eq!(first[1], "x");
        let other = ids(text, Form::JsonLines, "other");
        assert!((0..5).all(|place| (first[place] == other[place]) == (place == 1)), "{first:?} {other:?}");
        // A line more does not change what those after it are called.
        let longer = ids(&format!("{{\"b\":1}}\n{text}"), Form::JsonLines, "one");
        assert_eq!(longer[1..], first);
        let record = &read(text, Form::JsonLines, "one").unwrap()[0].record;
        assert_eq!(record.document, format!("{{\"_id\":\"{}\",\"a\":1}}", record.id));
        assert_eq!(ids("a,b\n1,2\n1,2\n", Form::Csv, "one").len(), 2);
    }

    #[test]
    fn the_first_lines_that_are_wrong_are_told_and_all_are_counted() {
        let text = "{\"_id\":\"a\"}\nnonsense\n{\"_id\":\"a\"}\n{\"b\":2}";
        let faults = read(text, Form::JsonLines, "k").unwrap_err();
        assert_eq!(faults.count, 2);
        assert_eq!(faults.first[0].line, 2);
        assert_eq!(faults.first[1].to_string(), "line 3: Its _id stands on line 1 already.");
        let many = read(&"x\n".repeat(50), Form::JsonLines, "k").unwrap_err();
        assert_eq!((many.count, many.first.len()), (50, 20));
        assert_eq!(read("a,a\n1,2", Form::Csv, "k").unwrap_err().count, 1);
    }
}
