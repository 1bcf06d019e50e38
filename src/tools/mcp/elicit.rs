//! Servers that ask a person something while a call runs.
//!
//! The attack meant is the server that asks a person for something in the name of another's call, or of none. So a
//! question reaches a person only if it belongs to one running call, and then that call's person.

use std::fmt;

use futures_util::future::BoxFuture;
use serde_json::{Map, Value};

use super::ServerName;

/// Who asks the person of one call. Each call brings its own, so that a question cannot come to anyone else.
pub trait Elicit: Send + Sync + 'static {
    /// Puts the question to the person. The future is dropped when the call ends or is stopped; while it runs the
    /// call's limits of time stand still, so it needs one of its own.
    fn ask<'a>(&'a self, question: Question) -> BoxFuture<'a, Answer>;
}

impl fmt::Debug for dyn Elicit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Elicit")
    }
}

/// What a server asks.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// Who asks; to be named to the person.
    pub server: ServerName,
    /// Why, in the server's words; clean and bounded.
    pub message: String,
    /// What it wants.
    pub wanted: Wanted,
}

/// What a server wants of a person.
#[derive(Clone, Debug, PartialEq)]
pub enum Wanted {
    /// Values for a form: a flat object schema. A stranger's, names and all.
    Form {
        /// The schema.
        schema: Value,
    },
    /// That the person opens an address. It is shown whole and never fetched by ourselves.
    Address {
        /// The address as it came, bounded.
        url: String,
    },
}

/// What the person said.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// Yes, with the values of the form; none for an address.
    Accept(Map<String, Value>),
    /// No.
    Decline,
    /// Neither: they went away.
    Cancel,
}

/// Declines everything.
#[derive(Clone, Copy, Debug)]
pub struct Decline;

impl Elicit for Decline {
    fn ask<'a>(&'a self, _question: Question) -> BoxFuture<'a, Answer> {
        Box::pin(std::future::ready(Answer::Decline))
    }
}
