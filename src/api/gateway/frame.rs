//! What is said on the gateway's socket, both ways.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    api::{
        chat::choice,
        openai::{
            messages::{self, MessageBody},
            request::temperature,
        },
        query::wrong,
    },
    error::{Code, Error, Refusal, Result},
    http::{
        error::{code, detail},
        json::parse,
    },
    i18n::Locale,
    providers::anthropic,
    render::json::time,
    state::AppState,
    turn::Asked,
    types::{AllowedModels, Usage},
};

/// The longest id, in bytes.
const LONGEST_ID: usize = 200;

/// By what a program tells its requests apart.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = GatewayId)]
#[serde(untagged, expecting = "an id that is neither a text nor a whole number")]
pub enum Id {
    Text(String),
    Number(i64),
}

impl Id {
    fn is_good(&self) -> bool {
        match self {
            Self::Text(text) => (1..=LONGEST_ID).contains(&text.len()),
            Self::Number(_) => true,
        }
    }
}

/// A request.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[schema(as = GatewayRequest)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Request {
    pub id: Id,
    #[serde(rename = "type")]
    _kind: Kind,
    #[serde(default)]
    provider: Option<String>,
    #[serde(default)]
    model: Option<String>,
    messages: Vec<MessageBody>,
    #[serde(default)]
    pub stream: bool,
    #[serde(default)]
    max_tokens: Option<u32>,
    #[serde(default)]
    temperature: Option<f64>,
}

/// Two names of one thing.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[schema(as = GatewayKind)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Completion,
    Chat,
}

impl Request {
    /// As a completion takes it.
    ///
    /// # Errors
    /// `invalid_payload`.
    pub fn asked(self, state: &AppState, allowed: &AllowedModels) -> Result<Asked> {
        let conversation = messages::read(self.messages)?;
        let provider = match self.provider.as_deref() {
            Some("claude") => anthropic::NAME,
            Some(provider) => provider,
            None => "auto",
        };
        if self.max_tokens == Some(0) {
            return Err(wrong("maxTokens", "at least 1").into());
        }
        Ok(Asked {
            choice: choice(state, allowed, Some(provider.to_owned()), self.model).unwrap_or_default(),
            instructions: conversation.instructions,
            messages: conversation.messages,
            images: conversation.images,
            max_output_tokens: self.max_tokens,
            temperature: temperature(self.temperature)?,
            ..Asked::default()
        })
    }
}

/// Reads a request; where it is none, why, and the id that it gives itself, if it does.
pub fn read(text: &[u8]) -> Result<Request, (Option<Id>, Error)> {
    let value: Value = parse(text).map_err(|error| (None, error))?;
    let id = value.get("id").and_then(|id| Id::deserialize(id).ok()).filter(Id::is_good);
    // From the text again: a field that is given twice means nothing.
    match (parse::<Request>(text), id) {
        (Ok(request), Some(_)) => Ok(request),
        (Ok(_), None) => Err((None, wrong("id", "1 to 200 bytes").into())),
        (Err(error), id) => Err((id, error)),
    }
}

/// What a program is told.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = GatewayAnswer)]
pub struct Answer<'a> {
    id: Option<&'a Id>,
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    usage: Option<UsageJson>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<ErrorJson>,
    timestamp: String,
}

#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = GatewayUsage)]
#[serde(rename_all = "camelCase")]
struct UsageJson {
    prompt_tokens: i64,
    completion_tokens: i64,
    total_tokens: i64,
}

#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = GatewayError)]
struct ErrorJson {
    #[schema(value_type = Code)]
    code: &'static str,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
}

impl<'a> Answer<'a> {
    fn new(id: Option<&'a Id>, kind: &'static str) -> Self {
        Self { id, kind, data: None, usage: None, error: None, timestamp: time(crate::db::now()) }
    }

    /// More of an answer that is streamed.
    pub fn chunk(id: &'a Id, text: &'a str) -> Self {
        Self { data: Some(text), ..Self::new(Some(id), "chunk") }
    }

    /// The end of an answer; of one that is not streamed, with all of it.
    pub fn done(id: &'a Id, whole: Option<&'a str>, usage: Usage) -> Self {
        let usage = UsageJson {
            prompt_tokens: usage.input_tokens,
            completion_tokens: usage.output_tokens,
            total_tokens: usage.input_tokens.saturating_add(usage.output_tokens),
        };
        Self { data: whole, usage: Some(usage), ..Self::new(Some(id), "done") }
    }
}

/// An error, in words for its person; a fault is logged and told as such.
pub fn refused(id: Option<&Id>, error: &Error, locale: Locale) -> String {
    let refused = match error {
        Error::Refused(refusal) => refusal.clone(),
        fault => {
            tracing::error!(cause = %fault, "fault");
            Refusal::new(code(fault))
        }
    };
    let message = locale.text_with(refused.message, &refused.arguments).into_owned();
    let error = ErrorJson { code: refused.code.as_str(), message, detail: detail(&refused) };
    drawn(&Answer { error: Some(error), ..Answer::new(id, "error") })
}

/// As it is sent. Our shapes can always be written; what could not would be no frame.
pub fn drawn(answer: &Answer) -> String {
    serde_json::to_string(answer).unwrap_or_else(|error| {
        tracing::error!(%error, "a frame could not be drawn");
        String::new()
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn told(text: &str) -> (Value, Code) {
        let (id, error) = read(text.as_bytes()).unwrap_err();
        let frame: Value = serde_json::from_str(&refused(id.as_ref(), &error, Locale::English)).unwrap();
        assert_eq!(frame["type"], "error");
        assert!(frame["error"]["message"].as_str().is_some_and(|words| !words.is_empty()), "{frame}");
        assert!(frame["timestamp"].is_string(), "{frame}");
        (frame["id"].clone(), Code::parse(frame["error"]["code"].as_str().unwrap()).unwrap())
    }

    #[test]
    fn what_is_no_request_is_refused_under_its_id() {
        for (text, id, code) in [
            ("", json!(null), Code::InvalidJson),
            ("{\"id\": \"a\"", json!(null), Code::InvalidJson),
            ("[]", json!(null), Code::InvalidPayload),
            ("{\"id\": \"a\"}", json!("a"), Code::InvalidPayload),
            ("{\"id\": 7, \"type\": \"chat\"}", json!(7), Code::InvalidPayload),
            ("{\"id\": [], \"type\": \"chat\", \"messages\": []}", json!(null), Code::InvalidPayload),
            ("{\"id\": \"\", \"type\": \"chat\", \"messages\": []}", json!(null), Code::InvalidPayload),
            ("{\"id\": \"a\", \"type\": \"cook\", \"messages\": []}", json!("a"), Code::InvalidPayload),
            ("{\"id\": \"a\", \"type\": \"chat\", \"messages\": [], \"tools\": []}", json!("a"), Code::InvalidPayload),
        ] {
            assert_eq!(told(text), (id, code), "{text}");
        }
        let fine = json!({"id": "a", "type": "completion", "provider": "claude", "messages": [
            {"role": "user", "content": "Hi"}], "stream": true, "maxTokens": 5, "temperature": 0.5});
        let request = read(fine.to_string().as_bytes()).unwrap();
        assert!(request.stream && request.max_tokens == Some(5) && request.id == Id::Text("a".into()));
    }

    #[test]
    fn answers_have_the_contracts_shape() {
        let id = Id::Text("a".into());
        let usage = Usage { input_tokens: 2, output_tokens: 3, cached_tokens: 1, estimated: false };
        let drawn = |answer: &Answer| {
            let mut frame: Value = serde_json::from_str(&drawn(answer)).unwrap();
            assert!(frame.as_object_mut().unwrap().remove("timestamp").is_some());
            frame
        };
        assert_eq!(drawn(&Answer::chunk(&id, "Hi")), json!({"id": "a", "type": "chunk", "data": "Hi"}));
        let used = json!({"promptTokens": 2, "completionTokens": 3, "totalTokens": 5});
        assert_eq!(drawn(&Answer::done(&id, None, usage)), json!({"id": "a", "type": "done", "usage": used}));
        assert_eq!(drawn(&Answer::done(&id, Some("Hi"), usage))["data"], "Hi");
    }
}
