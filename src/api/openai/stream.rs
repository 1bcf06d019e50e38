//! An answer as it comes: server-sent events, `[DONE]` at the end. One that fails after its first event ends with an
//! event that says why, without `[DONE]`: clients of this form raise that as an error.

use std::time::Duration;

use actix_web::{HttpResponse, http::header, web::Bytes};
use futures_util::stream;
use serde::Serialize;
use tokio::time::{Instant, Interval, interval_at, timeout};

use super::{
    answer::{UsageJson, answer_id, call_id, finish_reason},
    following::{Following, refusal},
    request::Streamed,
};
use crate::{
    error::Result,
    http::error::{OpenAiError, detail},
    turn::Told,
    types::TurnFailure,
};

/// How long an answer may take to begin before its reader is told that it will be a stream; until then a failure has its
/// own status. Also how often a comment is sent, so that nobody between takes the connection for dead.
const HEARTBEAT: Duration = Duration::from_secs(15);

#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = OpenAiChunk)]
pub struct Chunk<'a> {
    id: &'a str,
    object: &'static str,
    created: i64,
    model: &'a str,
    choices: &'a [Choice],
    /// There with every event where usage was asked for, and null but in the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    usage: Option<Option<UsageJson>>,
}

#[derive(Default, Serialize, utoipa::ToSchema)]
#[schema(as = OpenAiChunkChoice)]
struct Choice {
    index: u32,
    delta: Delta,
    #[schema(value_type = Option<serde_json::Value>)]
    logprobs: Option<()>,
    finish_reason: Option<&'static str>,
}

#[derive(Default, Serialize, utoipa::ToSchema)]
#[schema(as = OpenAiDelta)]
struct Delta {
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    content: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reasoning_content: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tool_calls: Option<[Call; 1]>,
}

#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = OpenAiCallDelta)]
struct Call {
    index: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    kind: Option<&'static str>,
    function: Function,
}

#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = OpenAiFunctionDelta)]
struct Function {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    arguments: String,
}

/// Waits for how the answer begins, and streams it.
///
/// # Errors
/// Why there is none, where that is known before it began.
pub async fn respond(mut following: Following, streamed: Streamed) -> Result<HttpResponse> {
    let first = match timeout(HEARTBEAT, following.next()).await {
        Ok(Some(Told::Failed(failed))) => return Err(refusal(Some(&failed)).into()),
        Ok(None) => return Err(refusal(None).into()),
        Ok(Some(told)) => Some(told),
        Err(_late) => None,
    };
    let writer = Writer {
        id: answer_id(following.id()),
        created: crate::db::now().timestamp(),
        model: String::new(),
        with_usage: streamed.with_usage,
    };
    let heartbeat = interval_at(Instant::now() + HEARTBEAT, HEARTBEAT);
    let reader = Reader { following, writer, heartbeat, first, is_over: false };
    let body = stream::unfold(reader, |mut reader| async move {
        let piece = reader.next().await?;
        Some((piece.map(Bytes::from), reader))
    });
    Ok(HttpResponse::Ok()
        .content_type("text/event-stream; charset=utf-8")
        // Proxies: neither gather nor compress.
        .insert_header(("x-accel-buffering", "no"))
        .insert_header((header::CACHE_CONTROL, "no-store, no-transform"))
        .streaming(Box::pin(body)))
}

struct Reader {
    following: Following,
    writer: Writer,
    heartbeat: Interval,
    first: Option<Told>,
    is_over: bool,
}

impl Reader {
    /// The next piece; `None` at the end.
    async fn next(&mut self) -> Option<Result<String, serde_json::Error>> {
        if self.is_over {
            return None;
        }
        let told = match self.first.take() {
            Some(told) => Some(told),
            None => tokio::select! {
                told = self.following.next() => told,
                _ = self.heartbeat.tick() => return Some(Ok(":\n\n".to_owned())),
            },
        };
        let piece = match told {
            Some(Told::Failed(failed)) => self.failed(Some(&failed)),
            None => self.failed(None),
            Some(told) => {
                self.is_over = matches!(told, Told::Ended { .. });
                self.writer.told(told)
            }
        };
        Some(piece)
    }

    fn failed(&mut self, failed: Option<&TurnFailure>) -> Result<String, serde_json::Error> {
        self.is_over = true;
        let refused = refusal(failed);
        let message = self.following.who.locale.text_with(refused.message, &refused.arguments).into_owned();
        event(&OpenAiError::new(refused.code, message, detail(&refused), refused.field))
    }
}

/// Writes the events of one answer.
struct Writer {
    id: String,
    created: i64,
    model: String,
    with_usage: bool,
}

impl Writer {
    fn told(&mut self, told: Told) -> Result<String, serde_json::Error> {
        let delta = match told {
            Told::Begun { provider, model } => {
                self.model = format!("{provider}/{model}");
                Delta { role: Some("assistant"), content: Some(String::new()), ..Delta::default() }
            }
            Told::Text(text) => Delta { content: Some(text), ..Delta::default() },
            Told::Thinking(text) => Delta { reasoning_content: Some(text), ..Delta::default() },
            Told::Call { index, id, name } => {
                let function = Function { name: Some(name), arguments: String::new() };
                call(Call { index, id: Some(call_id(id)), kind: Some("function"), function })
            }
            Told::Input { index, fragment } => {
                call(Call { index, id: None, kind: None, function: Function { name: None, arguments: fragment } })
            }
            Told::Ended { ending, usage } => {
                let last = Choice { finish_reason: Some(finish_reason(ending)), ..Choice::default() };
                let mut events = self.chunk(&[last], None)?;
                if self.with_usage {
                    events.push_str(&self.chunk(&[], Some(usage.into()))?);
                }
                events.push_str("data: [DONE]\n\n");
                return Ok(events);
            }
            // Has no event of this form; whoever reads is told by `Reader`.
            Told::Failed(_) => return Ok(String::new()),
        };
        self.chunk(&[Choice { delta, ..Choice::default() }], None)
    }

    fn chunk(&self, choices: &[Choice], usage: Option<UsageJson>) -> Result<String, serde_json::Error> {
        let usage = self.with_usage.then_some(usage);
        let (id, model) = (self.id.as_str(), self.model.as_str());
        event(&Chunk { id, object: "chat.completion.chunk", created: self.created, model, choices, usage })
    }
}

fn call(call: Call) -> Delta {
    Delta { tool_calls: Some([call]), ..Delta::default() }
}

fn event(value: &impl Serialize) -> Result<String, serde_json::Error> {
    Ok(format!("data: {}\n\n", serde_json::to_string(value)?))
}
