//! What a request brings along to where it is answered: who asks, and the arguments of a call to the letter. The
//! library reads them into a map, where numbers lose their digits and of two keys one is gone; what a person approves
//! is the text.

use std::{borrow::Cow, sync::Arc};

use serde::Deserialize;
use serde_json::value::RawValue;

use super::sessions::{Session, Stay};
use crate::{http::api_caller::ApiCaller, telemetry::RequestId, types::ApiTokenId};

/// Who asks, and for what.
#[derive(Clone)]
pub struct Asking {
    /// Who, as they were found at this very request.
    pub who: ApiCaller,
    /// With which token.
    pub token: ApiTokenId,
    /// What they call.
    pub named: Option<Arc<Named>>,
    /// The request.
    pub request_id: RequestId,
    /// The session; none in the newest revision.
    pub session: Option<Arc<Session>>,
    /// Whether the answer is still read; of sessions only.
    pub stay: Arc<Stay>,
}

/// A tool that is called.
pub struct Named {
    /// Its name.
    pub name: String,
    /// Its arguments, to the letter.
    pub arguments: String,
}

/// What stands in a body, as far as it concerns who lets it in.
#[derive(Default)]
pub struct Message {
    /// The method.
    pub method: String,
    /// Whether it wants an answer.
    pub is_request: bool,
    /// Whether it goes on with what was asked before.
    pub is_again: bool,
    /// What it calls.
    pub named: Option<Named>,
}

#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow)]
    method: Cow<'a, str>,
    #[serde(borrow, default)]
    id: Option<&'a RawValue>,
    #[serde(borrow, default)]
    params: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Params {
    name: String,
    #[serde(default)]
    arguments: Option<Box<RawValue>>,
    #[serde(default, rename = "requestState")]
    request_state: Option<String>,
}

impl Message {
    /// Reads it. What cannot be read here (a key that stands twice is such a thing) names no tool, so that none is called.
    pub fn read(body: &[u8]) -> Self {
        let Ok(envelope) = serde_json::from_slice::<Envelope>(body) else { return Self::default() };
        let params = envelope.params.filter(|_| envelope.method == "tools/call");
        let params = params.and_then(|params| serde_json::from_str::<Params>(params.get()).ok());
        let is_again = params.as_ref().is_some_and(|params| params.request_state.is_some());
        let named = params.map(|Params { name, arguments, .. }| Named {
            name,
            arguments: arguments.map_or_else(|| "{}".to_owned(), |arguments| arguments.get().to_owned()),
        });
        Self { method: envelope.method.into_owned(), is_request: envelope.id.is_some(), is_again, named }
    }

    /// Whether it calls a tool, which takes as long as its person takes.
    pub fn is_call(&self) -> bool {
        self.method == "tools/call"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(body: &str) -> Option<(String, String)> {
        Message::read(body.as_bytes()).named.map(|named| (named.name, named.arguments))
    }

    #[test]
    fn arguments_are_kept_to_the_letter() {
        let call = |params: &str| format!(r#"{{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{params}}}"#);
        let arguments = r#"{ "n": 1.50, "big": 12345678901234567890123, "a": "\u0041", "n2": 1e2 }"#;
        let found = named(&call(&format!(r#"{{"name":"x","arguments":{arguments},"_meta":{{}}}}"#)));
        assert_eq!(found, Some(("x".to_owned(), arguments.to_owned())));
        assert_eq!(named(&call(r#"{"name":"x"}"#)), Some(("x".to_owned(), "{}".to_owned())));
        assert_eq!(named(&call(r#"{"name":"x","arguments":null}"#)), Some(("x".to_owned(), "{}".to_owned())));
    }

    #[test]
    fn what_could_be_read_in_two_ways_names_nothing() {
        for body in [
            r#"{"method":"tools/call","id":1,"params":{"name":"x","name":"y"}}"#,
            r#"{"method":"tools/call","id":1,"params":{"name":"x","arguments":{},"arguments":{"a":1}}}"#,
            r#"{"method":"tools/call","id":1,"params":{"name":"x"},"params":{"name":"y"}}"#,
            r#"{"method":"tools/call","method":"ping","id":1,"params":{"name":"x"}}"#,
            r#"[{"method":"tools/call","id":1,"params":{"name":"x"}}]"#,
            r#"{"method":"tools/list","id":1,"params":{"name":"x"}}"#,
            r#"{"method":"tools/call","id":1}"#,
            "nonsense",
        ] {
            assert_eq!(named(body), None, "{body}");
        }
    }

    #[test]
    fn a_message_that_wants_no_answer_is_told_apart() {
        assert!(Message::read(br#"{"method":"ping","id":0}"#).is_request);
        assert!(!Message::read(br#"{"method":"notifications/cancelled","params":{}}"#).is_request);
        let again = r#"{"method":"tools/call","id":"a","params":{"name":"x","requestState":"s"}}"#;
        let again = Message::read(again.as_bytes());
        assert!(again.is_again && again.is_call() && again.is_request);
    }
}
