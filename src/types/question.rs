//! What a server asks a person while a call runs, as it is stored, told and shown. Never what the person answered it:
//! that goes to the server and nowhere else.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::QuestionAnswer;

/// A question of a server to the person of a call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Question {
    /// Which of the call's questions it is, from 1.
    pub number: i32,
    /// Why, in the server's words; clean and bounded.
    pub message: String,
    /// What it wants; gone once it was answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wanted: Option<QuestionWanted>,
    /// Until when it may be answered.
    pub ends_at: DateTime<Utc>,
    /// What became of it; `None` while it waits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<QuestionAnswer>,
}

/// What a server wants of a person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum QuestionWanted {
    /// Values for a form of this schema: a stranger's.
    Form {
        /// A flat object schema.
        schema: Value,
    },
    /// That the person opens this address: `http` or `https`, without a name or password in it.
    Address {
        /// The address, whole.
        url: String,
    },
}

impl Question {
    /// Ends it with this answer: what it wanted is forgotten.
    #[must_use]
    pub fn answered(self, answer: QuestionAnswer) -> Self {
        Self { wanted: None, answer: Some(answer), ..self }
    }
}
