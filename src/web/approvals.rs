//! What waits for a person's say-so, and their say-so.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};
use serde::Deserialize;

use super::{
    Answer,
    conversations::{Shown, draw},
    messages::done,
    page::{context, drawn, html, is_htmx, redirect},
};
use crate::{
    error::{Code, Error, Refusal, Result},
    http::{Edge, error::HttpError, form::Form, viewer::Viewer},
    models::{Owner, agent_call, conversation, tool_call},
    render::html::{
        Typed, editor,
        pages::{ApprovalsPage, CallPage, WaitingCall},
    },
    state::AppState,
    turn::{self, DecisionInput},
    types::{Decision, Digest, Remember, ToolCall, ToolCallId, ToolCallState},
};

/// Says to the page's script that nothing was decided: the call waits with other arguments, to be looked at first.
const SHOWN_AGAIN: &str = "sayso-shown-again";

/// GET `/approvals`
pub async fn index(state: web::Data<AppState>, edge: web::Data<Edge>, viewer: Viewer) -> Answer {
    list(&state, &edge, &viewer, StatusCode::OK, None).await
}

async fn list(state: &AppState, edge: &Edge, viewer: &Viewer, status: StatusCode, refusal: Option<&Refusal>) -> Answer {
    let calls = turn::waiting(state, viewer.owner()).await?;
    let waiting = with_conversations(state, viewer.owner(), calls).await?;
    let ctx = context(state, edge, viewer).await?;
    let error = refusal.map(|refusal| ctx.refusal(refusal));
    html(status, &ApprovalsPage { ctx: &ctx, waiting: &waiting, error: error.as_deref() })
}

/// Calls with the titles of their conversations, and of how many each is one.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn with_conversations(
    state: &AppState,
    owner: Owner,
    calls: Vec<ToolCall>,
) -> Result<Vec<WaitingCall>> {
    let mut conn = state.db.read(owner.tenant).await?;
    let conversations: Vec<_> = calls.iter().map(|call| call.conversation_id).collect();
    let agents = agent_call::of_conversations(&mut conn, owner, &conversations).await?;
    let mut waiting = Vec::with_capacity(calls.len());
    for call in calls {
        let found = conversation::find(&mut conn, owner, call.conversation_id).await?;
        let beside = tool_call::of_messages(&mut conn, owner.tenant, &[call.message_id]).await?;
        // A call that repeats another stands in its place.
        let mut places: Vec<i32> = beside.iter().map(|call| call.ordinal).collect();
        places.sort_unstable();
        places.dedup();
        let asked_by = agents.iter().find(|agent| agent.conversation_id == call.conversation_id);
        let asked_by = asked_by.map(|agent| (agent.client.clone(), agent.token_name.clone()));
        waiting.push(WaitingCall { call, title: found.map(|found| found.title), total: places.len(), asked_by });
    }
    Ok(waiting)
}

/// Where the form stood.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// In the list of what waits, or on the page reached from there.
    Approvals,
}

#[derive(Deserialize)]
pub struct Fields {
    decision: Decision,
    digest: String,
    reason: Option<String>,
    /// At most one, and as it came: an emptied box is an edit, not the lack of one.
    #[serde(default)]
    arguments: Vec<String>,
    /// Each list of the form gives one part; a script may give all of them in one.
    #[serde(default)]
    remember: Vec<String>,
    from: Option<Origin>,
}

impl Fields {
    /// As the turn takes it.
    ///
    /// # Errors
    /// When what is to be remembered cannot be read. Without a count nothing is.
    fn input(&self, call: ToolCallId) -> Result<DecisionInput, Refusal> {
        if self.arguments.len() > 1 {
            let wrong = Refusal::new(Code::InvalidPayload).saying("error-invalid-field").with("field", "arguments");
            return Err(wrong.about("arguments"));
        }
        let is_approval = self.decision == Decision::Approve;
        let words = self.remember.join(" ");
        let wants = is_approval && words.split_whitespace().any(|word| word.starts_with("count="));
        let remember: Option<Remember> = match wants {
            true => Some(
                words
                    .parse()
                    .map_err(|_| Refusal::new(Code::InvalidPayload).saying("error-remember").about("remember"))?,
            ),
            false => None,
        };
        Ok(DecisionInput {
            call,
            decision: self.decision,
            digest: self.digest.parse::<Digest>().ok(),
            reason: self.reason.clone(),
            arguments: self.arguments.first().filter(|_| is_approval).cloned(),
            remember,
            is_in_person: true,
        })
    }
}

/// POST `/tool-calls/{id}/decision`
pub async fn decide(
    request: HttpRequest,
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    viewer: Viewer,
    id: web::Path<String>,
    form: Form<Fields>,
) -> Answer {
    let fields = form.checked(&viewer.csrf)?;
    let id = parse_call(&id)?;
    let is_list = fields.from == Some(Origin::Approvals);
    let taken = match fields.input(id) {
        Ok(input) => turn::decide(&state, &viewer.caller, input).await,
        Err(refusal) => Err(refusal.into()),
    };
    match taken {
        Ok(decided) if decided.is_shown_again && is_htmx(&request) => {
            Ok(HttpResponse::NoContent().insert_header((SHOWN_AGAIN, "1")).finish())
        }
        Ok(decided) if decided.is_shown_again => {
            let page = place(is_list, &decided.call.into());
            Ok(redirect(&edge, &format!("{page}#call-{id}")))
        }
        Ok(_) if is_list => Ok(redirect(&edge, "/approvals")),
        Ok(decided) => Ok(done(&request, &edge, decided.call.conversation_id)),
        // For htmx a fragment beside the form, which keeps what was typed.
        Err(Error::Refused(refusal)) if is_htmx(&request) => Err(refusal.into()),
        Err(Error::Refused(refusal)) if refusal.code == Code::InvalidPayload => {
            give_back(&state, &edge, &viewer, id, &fields, &refusal).await
        }
        Err(Error::Refused(refusal)) if refusal.code == Code::Conflict && is_list => {
            list(&state, &edge, &viewer, StatusCode::CONFLICT, Some(&refusal)).await
        }
        Err(Error::Refused(refusal)) if refusal.code == Code::Conflict => {
            // Someone was first, or what was shown is not what stands: the page as it stands, and why.
            let call = find(&state, &viewer, id).await?;
            let shown = Shown { is_paused: true, message: "", choice: None, refusal: Some(&refusal) };
            draw(&state, &edge, &viewer, call.conversation_id, StatusCode::CONFLICT, shown).await
        }
        Err(error) => Err(error.into()),
    }
}

/// The page on which the form stood, or that it was reached from.
pub(super) fn place(is_list: bool, call: &ToolCall) -> String {
    match is_list {
        true => "/approvals".to_owned(),
        false => format!("/conversations/{}", call.conversation_id),
    }
}

/// What was typed cannot be taken: it comes back in its form, with why.
async fn give_back(
    state: &AppState,
    edge: &Edge,
    viewer: &Viewer,
    id: ToolCallId,
    fields: &Fields,
    refusal: &Refusal,
) -> Answer {
    let words = viewer.locale.text_with(refusal.message, &refusal.arguments);
    let remember = fields.remember.join(" ");
    let typed = Typed {
        arguments: fields.arguments.first().map(String::as_str),
        reason: fields.reason.as_deref().unwrap_or_default(),
        remember: &remember,
        error: Some(&words),
        answer: None,
    };
    let is_list = fields.from == Some(Origin::Approvals);
    draw_editor(state, edge, viewer, id, is_list, typed, StatusCode::UNPROCESSABLE_ENTITY).await
}

#[derive(Deserialize)]
pub struct Edit {
    from: Option<Origin>,
}

/// GET `/tool-calls/{id}/edit`: the approval with its arguments in a box; for htmx the box alone.
pub async fn edit(
    request: HttpRequest,
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    viewer: Viewer,
    id: web::Path<String>,
    query: web::Query<Edit>,
) -> Answer {
    let id = parse_call(&id)?;
    if is_htmx(&request) {
        let call = waiting_call(&state, &viewer, id).await?;
        let ctx = context(&state, &edge, &viewer).await?;
        return drawn(StatusCode::OK, Ok(editor(&ctx, &call)));
    }
    let is_list = query.from == Some(Origin::Approvals);
    match draw_editor(&state, &edge, &viewer, id, is_list, Typed::default(), StatusCode::OK).await {
        // Decided meanwhile: the page says how.
        Err(HttpError(Error::Refused(refusal))) if refusal.code == Code::Conflict => {
            let call = find(&state, &viewer, id).await?;
            Ok(redirect(&edge, &format!("{}#call-{id}", place(is_list, &call))))
        }
        answer => answer,
    }
}

async fn draw_editor(
    state: &AppState,
    edge: &Edge,
    viewer: &Viewer,
    id: ToolCallId,
    is_from_list: bool,
    typed: Typed<'_>,
    status: StatusCode,
) -> Answer {
    let call = waiting_call(state, viewer, id).await?;
    draw_alone(state, edge, viewer, call, is_from_list, typed, status).await
}

/// A call by itself, with what was typed.
pub(super) async fn draw_alone(
    state: &AppState,
    edge: &Edge,
    viewer: &Viewer,
    call: ToolCall,
    is_from_list: bool,
    typed: Typed<'_>,
    status: StatusCode,
) -> Answer {
    let back = format!("{}#call-{}", place(is_from_list, &call), call.id);
    let shown = with_conversations(state, viewer.owner(), vec![call]).await?;
    let WaitingCall { call, total, .. } = shown.first().ok_or(Code::NotFound)?;
    let ctx = context(state, edge, viewer).await?;
    html(status, &CallPage { ctx: &ctx, call, total: *total, back: &back, is_from_list, typed })
}

/// A call of the person's that waits for them.
async fn waiting_call(state: &AppState, viewer: &Viewer, id: ToolCallId) -> Result<ToolCall> {
    let call = find(state, viewer, id).await?;
    match call.state {
        ToolCallState::Pending => Ok(call),
        other => Err(Refusal::new(Code::Conflict).saying("error-decided-already").with("state", other).into()),
    }
}

async fn find(state: &AppState, viewer: &Viewer, id: ToolCallId) -> Result<ToolCall> {
    let found = tool_call::find(&mut *state.db.read(viewer.caller.tenant.id).await?, viewer.owner(), id).await?;
    Ok(found.ok_or(Code::NotFound)?.into())
}

/// An id as it stands in an address; what is none is nobody's.
pub(super) fn parse_call(text: &str) -> Result<ToolCallId> {
    text.parse().map_err(|_| Code::NotFound.into())
}
