//! Anchors: what the head of a chain was at a time, kept where who can write to the database cannot.
//!
//! The attack meant is to bring back an older database, or the rows and the head of one chain from a backup: all of it is
//! good under the key. Only what was kept elsewhere knows that there was more.

use std::{
    collections::BTreeMap,
    io::{BufRead, Read as _},
};

use serde::{Deserialize, Serialize};

use super::Head;
use crate::error::{Error, Result};

/// The longest file of anchors that is read: some hundred thousand of them.
const LONGEST: u64 = 64 << 20;

/// What a chain's head was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Anchor {
    /// Whose.
    pub chain: String,
    /// How many rows it had.
    pub count: i64,
    /// The hash of the last one.
    pub last_hash: String,
}

impl From<Head> for Anchor {
    fn from(head: Head) -> Self {
        Self { chain: head.chain, count: head.count, last_hash: head.last_hash }
    }
}

/// Anchors to hold a log against: by chain, and by the number of the row.
#[derive(Clone, Debug, Default)]
pub struct Anchors(BTreeMap<String, BTreeMap<i64, String>>);

impl Anchors {
    /// Reads anchors, one JSON object a line, as `sayso audit anchor` writes them and as the server logs them.
    ///
    /// # Errors
    /// With the line that is none, where two contradict each other, and where there is none at all: that would prove
    /// nothing.
    pub fn read(file: impl BufRead) -> Result<Self> {
        let fault = |line: usize, words: &str| Error::Internal(format!("line {line} of the anchors {words}"));
        let mut anchors = Self::default();
        let mut file = file.take(LONGEST);
        for (number, line) in file.by_ref().lines().enumerate() {
            let number = number + 1;
            let line = line.map_err(|error| fault(number, &format!("cannot be read: {error}")))?;
            if line.trim().is_empty() {
                continue;
            }
            // What else stands in a line of the server's log is nothing to us.
            let Ok(anchor) = serde_json::from_str::<Anchor>(&line) else {
                return Err(fault(number, "is none: {\"chain\", \"count\", \"last_hash\"} is wanted"));
            };
            // A chain begins with its first row.
            if anchor.count < 1 {
                return Err(fault(number, "is none: its count is below 1"));
            }
            let chain = anchors.0.entry(anchor.chain).or_default();
            if chain.insert(anchor.count, anchor.last_hash.clone()).is_some_and(|before| before != anchor.last_hash) {
                return Err(fault(number, "contradicts one before it"));
            }
        }
        if file.limit() == 0 {
            return Err(Error::Internal("the file of anchors is too long".to_owned()));
        }
        if anchors.0.is_empty() {
            return Err(Error::Internal("there is no anchor in the file: nothing would be proved by it".to_owned()));
        }
        Ok(anchors)
    }

    /// The chains that it knows.
    pub fn chains(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// The hash that a row must have, if there is an anchor at it.
    pub(super) fn at(&self, chain: &str, number: i64) -> Option<&str> {
        self.0.get(chain)?.get(&number).map(String::as_str)
    }

    /// How many rows a chain must have at least.
    pub(super) fn least(&self, chain: &str) -> i64 {
        self.0.get(chain).and_then(|of_chain| of_chain.keys().next_back()).copied().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_anchor_is_named() {
        let good = r#"{"chain":"system","count":2,"last_hash":"ab"}"#;
        let logged = r#"{"level":"INFO","message":"m","chain":"x","count":7,"last_hash":"cd"}"#;
        let anchors = Anchors::read(format!("{good}\n\n{good}\n{logged}\n").as_bytes()).unwrap();
        assert_eq!((anchors.at("system", 2), anchors.at("system", 1)), (Some("ab"), None));
        assert_eq!((anchors.least("x"), anchors.least("y")), (7, 0));
        let other = good.replace("ab", "ef");
        for (wrong, words) in [
            (String::new(), "no anchor"),
            ("\n\n".to_owned(), "no anchor"),
            (format!("{good}\nrubbish"), "line 2"),
            (format!("{good}\n{{\"chain\":\"x\"}}"), "line 2"),
            (format!("{good}\n{other}"), "contradicts"),
        ] {
            let error = Anchors::read(wrong.as_bytes()).unwrap_err().to_string();
            assert!(error.contains(words), "{wrong:?}: {error}");
        }
    }
}
