//! Tools, without a model between: what there is, and calling one directly.

use std::time::Duration;

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header},
    web::{self, ServiceConfig},
};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::{
    chat::{idempotency_key, wait},
    query::{query, wrong},
    read, verbs,
};
use crate::{
    error::{Code, Error, Result},
    http::{
        Edge,
        api_caller::ApiCaller,
        error::{CONVERSATION, HttpError},
        json::Json,
        limits::Limits,
    },
    render::json::{self, ToolCallJson},
    state::AppState,
    turn::{self, DirectTool, Started},
    types::{ConversationId, TokenScope, ToolCall, ToolCallState, Verdict},
};

/// How much longer than a tool may take its caller waits: its result has to be stored, too.
const STORING: Duration = Duration::from_secs(2);

/// What is told of these addresses.
#[derive(utoipa::OpenApi)]
#[openapi(paths(index, tools, call))]
pub struct Documented;

/// Every address of this file.
pub fn addresses(config: &mut ServiceConfig) {
    config
        .service(verbs("/api/tools").route(read().to(tools)))
        .service(verbs("/api/mcp/tools").route(read().to(index)))
        .service(verbs("/api/mcp/tools/call").route(web::post().to(call)));
}

/// The tool that a caller names, with these arguments: to the letter, so that numbers keep their digits. Naming it is a
/// decision where the person signed in themselves, and for a token that may decide.
pub(super) fn named(who: &ApiCaller, name: String, args: Option<Box<RawValue>>) -> DirectTool {
    DirectTool {
        name,
        arguments: args.map_or_else(|| "{}".to_owned(), |args| args.get().to_owned()),
        is_decision: who.may(TokenScope::Decide),
        shown: None,
    }
}

/// Refuses tokens that were made neither for looking at tools nor for deciding.
fn must_be_for_tools(who: &ApiCaller) -> Result<()> {
    if who.may(TokenScope::Decide) { Ok(()) } else { who.must(TokenScope::Tools) }
}

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct Parameters {
    /// `1` asks the servers again instead of remembering what they said within the last minute.
    #[serde(default)]
    #[param(pattern = "^(0|1|true|false|)$")]
    force: Option<String>,
}

/// A tool that the caller may use.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = Tool)]
struct ToolJson<'a> {
    name: &'a str,
    server: &'a str,
    description: &'a str,
    input_schema: &'a serde_json::Value,
    verdict: Verdict,
}

#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = Tools)]
struct ToolsJson<'a> {
    tools: Vec<ToolJson<'a>>,
}

/// GET `/api/mcp/tools`
#[utoipa::path(
    get,
    path = "/api/mcp/tools",
    tag = "tool calls",
    params(Parameters),
    responses((status = 200, description = "The tools that the caller may use", body = ToolsJson)),
)]
async fn index(request: HttpRequest, state: web::Data<AppState>, who: ApiCaller) -> Result<HttpResponse, HttpError> {
    must_be_for_tools(&who)?;
    let force = match query::<Parameters>(&request)?.force.as_deref() {
        None | Some("0" | "false") => false,
        Some("1" | "true" | "") => true,
        Some(_) => return Err(wrong("force", "1 or 0").into()),
    };
    let list = turn::listed_tools(&state, &who.caller, force).await?;
    let tools = list
        .iter()
        .map(|tool| ToolJson {
            name: &tool.name,
            server: &tool.server,
            description: &tool.description,
            input_schema: &tool.input_schema,
            verdict: tool.verdict,
        })
        .collect();
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(ToolsJson { tools }))
}

/// GET `/api/tools`: another name.
#[utoipa::path(
    get,
    path = "/api/tools",
    tag = "other names",
    params(Parameters),
    responses((status = 200, description = "As `/api/mcp/tools`", body = ToolsJson)),
)]
async fn tools(request: HttpRequest, state: web::Data<AppState>, who: ApiCaller) -> Result<HttpResponse, HttpError> {
    index(request, state, who).await
}

#[derive(Deserialize, utoipa::ToSchema)]
#[schema(as = ToolCallRequest)]
#[serde(deny_unknown_fields)]
struct Fields {
    name: String,
    #[serde(default)]
    #[schema(value_type = Option<serde_json::Value>)]
    args: Option<Box<RawValue>>,
}

/// POST `/api/mcp/tools/call`: the call, at its end; 202 with the call as it stands where it waits for its person, or takes
/// longer than a tool may.
#[utoipa::path(
    post,
    path = "/api/mcp/tools/call",
    tag = "tool calls",
    params(
        (
            "Idempotency-Key" = Option<String>,
            Header,
            description = "The same key gives the same call",
            min_length = 1,
            max_length = 100,
            pattern = "^[!-~]+$",
        ),
    ),
    request_body = Fields,
    responses(
        (
            status = 200,
            description = "The call, at its end",
            body = ToolCallJson,
            headers(("X-Chat-Session-Id" = ConversationId, description = "The conversation of direct calls")),
        ),
        (
            status = 202,
            description = "The call, which waits for its person or takes long",
            body = ToolCallJson,
            headers(("X-Chat-Session-Id" = ConversationId, description = "The conversation of direct calls")),
        ),
        (status = 404, description = "No such tool"),
        (status = 409, description = "Not now"),
        (status = 429, description = "Too much"),
    ),
)]
async fn call(
    request: HttpRequest,
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    limits: web::Data<Limits>,
    body: Result<Json<Fields>, HttpError>,
    who: ApiCaller,
) -> Result<HttpResponse, HttpError> {
    must_be_for_tools(&who)?;
    let Fields { name, args } = body?.0;
    let key = idempotency_key(&request)?;
    limits.message(who.caller.user.id)?;
    let Started { turn, conversation } = turn::call(&state, &who.caller, named(&who, name, args), key).await?;
    let time = state.settings.tool_timeout + STORING;
    let outcome = match tokio::time::timeout(time, wait(&state, &who, turn, conversation)).await {
        Ok(outcome) => outcome?,
        Err(_late) => turn::outcome(&state, who.owner(), turn).await?,
    };
    // The newest: one that was run again has another id.
    let newest = outcome.calls.into_iter().last().ok_or(Code::NotFound)?;
    let created_at = newest.created_at.0;
    let call = ToolCall::from(newest);
    let is_over = call.state.is_finished() || call.state == ToolCallState::OutcomeUnknown;
    let status = if is_over { StatusCode::OK } else { StatusCode::ACCEPTED };
    let drawn = json::tool_call(&call, created_at, edge.urls.prefix()).map_err(Error::internal)?;
    Ok(HttpResponse::build(status)
        .insert_header((CONVERSATION, conversation.to_string()))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .json(drawn))
}
