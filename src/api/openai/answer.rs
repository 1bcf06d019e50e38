//! An answer in one piece, and the parts that a streamed one has in common with it.

use actix_web::{HttpResponse, http::header};
use serde::Serialize;

use super::following::{Following, refusal};
use crate::{
    error::Result,
    providers::Ending,
    turn::Told,
    types::{ModelCallId, ToolCallId, Usage},
};

#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = OpenAiCompletion)]
pub struct CompletionJson {
    id: String,
    object: &'static str,
    created: i64,
    model: String,
    choices: [Choice; 1],
    usage: UsageJson,
}

#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = OpenAiChoice)]
struct Choice {
    index: u32,
    message: MessageJson,
    #[schema(value_type = Option<serde_json::Value>)]
    logprobs: Option<()>,
    finish_reason: &'static str,
}

#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = OpenAiMessage)]
struct MessageJson {
    role: &'static str,
    /// `null` beside calls without text.
    content: Option<String>,
    #[schema(value_type = Option<serde_json::Value>)]
    refusal: Option<()>,
    #[serde(skip_serializing_if = "String::is_empty")]
    reasoning_content: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tool_calls: Vec<CallJson>,
}

#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = OpenAiCall)]
struct CallJson {
    id: String,
    #[serde(rename = "type")]
    kind: &'static str,
    function: FunctionJson,
}

#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = OpenAiFunction)]
struct FunctionJson {
    name: String,
    arguments: String,
}

/// What an answer used.
#[derive(Clone, Copy, Serialize, utoipa::ToSchema)]
#[schema(as = OpenAiUsage)]
pub struct UsageJson {
    prompt_tokens: i64,
    completion_tokens: i64,
    total_tokens: i64,
    prompt_tokens_details: Details,
}

#[derive(Clone, Copy, Serialize, utoipa::ToSchema)]
#[schema(as = OpenAiUsageDetails)]
struct Details {
    cached_tokens: i64,
}

impl From<Usage> for UsageJson {
    fn from(usage: Usage) -> Self {
        Self {
            prompt_tokens: usage.input_tokens,
            completion_tokens: usage.output_tokens,
            total_tokens: usage.input_tokens.saturating_add(usage.output_tokens),
            prompt_tokens_details: Details { cached_tokens: usage.cached_tokens },
        }
    }
}

/// The id of an answer.
pub fn answer_id(call: ModelCallId) -> String {
    format!("chatcmpl-{}", call.0.simple())
}

/// The id by which a program answers a call.
pub fn call_id(id: ToolCallId) -> String {
    format!("call_{}", id.0.simple())
}

/// Why it ended, in this form's words.
pub fn finish_reason(ending: Ending) -> &'static str {
    match ending {
        Ending::Stop => "stop",
        Ending::Length => "length",
        Ending::ToolCalls => "tool_calls",
        Ending::Filtered => "content_filter",
    }
}

/// The whole answer, once it is there.
///
/// # Errors
/// Why there is none.
pub async fn whole(mut following: Following) -> Result<HttpResponse> {
    let mut model = String::new();
    let (mut text, mut reasoning_content, mut tool_calls) = (String::new(), String::new(), Vec::<CallJson>::new());
    let (ending, usage) = loop {
        match following.next().await {
            Some(Told::Begun { provider, model: name }) => model = format!("{provider}/{name}"),
            Some(Told::Text(more)) => text.push_str(&more),
            Some(Told::Thinking(more)) => reasoning_content.push_str(&more),
            Some(Told::Call { id, name, .. }) => {
                let function = FunctionJson { name, arguments: String::new() };
                tool_calls.push(CallJson { id: call_id(id), kind: "function", function });
            }
            Some(Told::Input { index, fragment }) => {
                let call = usize::try_from(index).ok().and_then(|index| tool_calls.get_mut(index));
                if let Some(call) = call {
                    call.function.arguments.push_str(&fragment);
                }
            }
            Some(Told::Ended { ending, usage }) => break (ending, usage),
            Some(Told::Failed(failed)) => return Err(refusal(Some(&failed)).into()),
            None => return Err(refusal(None).into()),
        }
    };
    let content = (tool_calls.is_empty() || !text.is_empty()).then_some(text);
    let message = MessageJson { role: "assistant", content, refusal: None, reasoning_content, tool_calls };
    let choice = Choice { index: 0, message, logprobs: None, finish_reason: finish_reason(ending) };
    let answer = CompletionJson {
        id: answer_id(following.id()),
        object: "chat.completion",
        created: crate::db::now().timestamp(),
        model,
        choices: [choice],
        usage: usage.into(),
    };
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(answer))
}
