//! A person's say-so, given by a script of theirs.

use actix_web::{
    HttpResponse,
    http::header,
    web::{self, ServiceConfig},
};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::verbs;
use crate::{
    error::{Code, Error, Refusal, Result},
    http::{
        Edge,
        api_caller::ApiCaller,
        error::{DETAIL, HttpError},
        json::Json,
    },
    render::json::{self, ToolCallJson},
    state::AppState,
    turn::{self, DecisionInput},
    types::{Decision, Digest, Remember, TokenScope, ToolCall, ToolCallId},
};

/// What is told of these addresses.
#[derive(utoipa::OpenApi)]
#[openapi(paths(decide))]
pub struct Documented;

/// Every address of this file.
pub fn addresses(config: &mut ServiceConfig) {
    config.service(verbs("/api/tool-calls/{id}/decision").route(web::post().to(decide)));
}

#[derive(Deserialize, utoipa::ToSchema)]
#[schema(as = DecisionRequest)]
#[serde(deny_unknown_fields)]
struct Fields {
    decision: Decision,
    /// Of the call as it was shown.
    digest: String,
    #[serde(default)]
    reason: Option<String>,
    /// An object, or the text of one: what runs are the caller's own bytes.
    #[serde(default)]
    #[schema(value_type = Option<serde_json::Value>)]
    arguments: Option<Box<RawValue>>,
    /// Say-so beforehand, as in `count=3 for=1h below=notes scope=conversation`.
    #[serde(default)]
    remember: Option<String>,
}

impl Fields {
    fn input(self, call: ToolCallId, who: &ApiCaller) -> Result<DecisionInput> {
        let remember: Option<Remember> = match self.remember.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
            Some(text) => Some(text.parse().map_err(|_| wrong("remember"))?),
            None => None,
        };
        let arguments = self.arguments.as_deref().map(RawValue::get);
        let arguments = match arguments.filter(|text| *text != "null") {
            Some(text) if text.starts_with('"') => {
                Some(serde_json::from_str::<String>(text).map_err(|_| wrong("arguments"))?)
            }
            Some(text) => Some(text.to_owned()),
            None => None,
        };
        Ok(DecisionInput {
            call,
            decision: self.decision,
            // What is no digest is not that of anything.
            digest: self.digest.parse::<Digest>().ok(),
            reason: self.reason,
            arguments,
            remember,
            is_in_person: who.is_in_browser(),
        })
    }
}

fn wrong(field: &'static str) -> Error {
    Refusal::new(Code::InvalidPayload).saying("error-invalid-field").about(field).with("field", field).into()
}

/// POST `/api/tool-calls/{id}/decision`: the call as it stands then. With arguments that reach elsewhere than those that
/// were shown it is still pending, under a new digest.
#[utoipa::path(
    post,
    path = "/api/tool-calls/{id}/decision",
    tag = "tool calls",
    params(("id" = ToolCallId, Path, description = "A call in a conversation of one's own")),
    request_body = Fields,
    responses(
        (status = 200, description = "The call as it stands then", body = ToolCallJson),
        (status = 409, description = "Somebody was first, or another call was shown"),
    ),
)]
async fn decide(
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    id: web::Path<String>,
    body: Result<Json<Fields>, HttpError>,
    who: ApiCaller,
) -> Result<HttpResponse, HttpError> {
    who.must(TokenScope::Decide)?;
    let call: ToolCallId = id.parse().map_err(|_| Code::NotFound)?;
    let input = body?.0.input(call, &who)?;
    let decided = turn::decide(&state, &who.caller, input).await.map_err(with_state)?;
    let created_at = decided.call.created_at.0;
    let call = ToolCall::from(decided.call);
    let drawn = json::tool_call(&call, created_at, edge.urls.prefix()).map_err(Error::internal)?;
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(drawn))
}

/// Who comes too late is told how the call stands now.
fn with_state(error: Error) -> Error {
    match error {
        Error::Refused(refusal) if refusal.code == Code::Conflict => {
            let state = refusal.arguments.iter().find(|(name, _)| *name == "state").map(|(_, state)| state.clone());
            match state {
                Some(state) => refusal.with(DETAIL, state).into(),
                None => refusal.into(),
            }
        }
        error => error,
    }
}
