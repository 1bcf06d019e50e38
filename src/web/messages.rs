//! What a person says in a conversation, and stopping and trying again.

use actix_session::Session;
use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};
use serde::{Deserialize, Serialize};

use super::{
    Answer,
    conversations::{Shown, draw, parse_id},
    page::{is_htmx, redirect, redirect_to},
    sessions::Nothing,
};
use crate::{
    error::{Code, Error, Refusal, Result},
    http::{
        Edge,
        error::HttpError,
        form::Form,
        limits::Limits,
        multipart::{Files, FormWithFiles, TakesFiles},
        session_store::entry,
        viewer::{Viewer, set},
    },
    state::AppState,
    turn::{self, Input, Upload},
    types::{ConversationId, ModelChoice, ToolCallId},
};

/// The composer's fields.
#[derive(Deserialize)]
pub struct Fields {
    /// What was typed.
    pub message: String,
    idempotency_key: Option<String>,
    pending: Option<String>,
    model: Option<String>,
}

impl TakesFiles for Fields {
    const FIELD: &'static str = "images";
}

impl Fields {
    /// The model that was chosen; as before, without.
    pub fn choice(&self) -> Option<ModelChoice> {
        chosen(self.model.as_deref())
    }

    /// As the turn takes it.
    ///
    /// # Errors
    /// When a hidden field is not as our page made it, or the files were too large to be read.
    pub fn input(&self, files: Files) -> Result<Input> {
        let wrong = |field: &'static str| {
            Refusal::new(Code::InvalidPayload).saying("error-invalid-field").with("field", field).about(field)
        };
        let pending: Result<Vec<ToolCallId>, _> =
            self.pending.as_deref().unwrap_or_default().split_whitespace().map(str::parse).collect();
        if self
            .idempotency_key
            .as_ref()
            .is_some_and(|key| key.len() > 100 || !key.bytes().all(|byte| byte.is_ascii_graphic()))
        {
            return Err(wrong("idempotency_key").into());
        }
        let files = files.map_err(|too_large| turn::too_large_together(too_large.0 as u64))?;
        Ok(Input {
            message: self.message.clone(),
            pending: Some(pending.map_err(|_| wrong("pending"))?),
            idempotency_key: self.idempotency_key.clone().filter(|key| !key.is_empty()),
            choice: self.choice(),
            images: files.into_iter().map(|file| Upload { name: file.name, bytes: file.bytes }).collect(),
            tool: None,
        })
    }
}

/// POST `/conversations/{id}/messages`
#[allow(clippy::too_many_arguments, reason = "what actix hands a handler")]
pub async fn create(
    request: HttpRequest,
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    limits: web::Data<Limits>,
    session: Session,
    viewer: Result<Viewer, HttpError>,
    id: web::Path<String>,
    form: FormWithFiles<Fields>,
) -> Answer {
    let id = parse_id(&id)?;
    let viewer = match viewer {
        Ok(viewer) => viewer,
        Err(error) => return keep_draft(&request, &edge, &session, Some(id), form, error),
    };
    let (fields, files) = form.checked(&viewer.csrf)?;
    let sent = async {
        limits.message(viewer.caller.user.id)?;
        turn::start(&state, &viewer.caller, id, fields.input(files)?).await
    };
    match sent.await {
        Ok(_) if is_htmx(&request) => Ok(HttpResponse::NoContent().finish()),
        Ok(_) => Ok(redirect(&edge, &format!("/conversations/{id}#end"))),
        // For htmx a fragment beside the box, which keeps its text; else the page again, with the text in the box.
        Err(Error::Refused(refusal)) if !is_htmx(&request) && refusal.code != Code::NotFound => {
            let choice = fields.choice();
            let message = &fields.message;
            let shown = Shown { is_paused: true, message, choice: choice.as_ref(), refusal: Some(&refusal) };
            draw(&state, &edge, &viewer, id, crate::http::error::status(refusal.code), shown).await
        }
        Err(error) => Err(error.into()),
    }
}

/// A message typed when the session had ended.
#[derive(Serialize, Deserialize)]
struct Draft {
    conversation: Option<ConversationId>,
    message: String,
}

/// Someone no longer signed in sent a message: it is kept in their browser's session while they sign in again.
///
/// # Errors
/// Whatever kept them out, if it was not that.
pub(super) fn keep_draft(
    request: &HttpRequest,
    edge: &Edge,
    session: &Session,
    conversation: Option<ConversationId>,
    form: FormWithFiles<Fields>,
    error: HttpError,
) -> Answer {
    if error.0.code() != Some(Code::Unauthorized) {
        return Err(error);
    }
    // The token went with the session. A foreign page cannot come here: its origin is refused before.
    let message = form.without_session().message;
    set(session, entry::DRAFT, Draft { conversation, message })?;
    let back = match conversation {
        Some(id) => edge.urls.path(&format!("/conversations/{id}")),
        None => edge.urls.path("/conversations"),
    };
    let query: String = url::form_urlencoded::Serializer::new(String::new()).append_pair("next", &back).finish();
    let login = format!("{}?{query}", edge.urls.path("/login"));
    // htmx would follow a redirect by itself and put the login page beside the box.
    if is_htmx(request) {
        return Ok(HttpResponse::Unauthorized().insert_header(("hx-redirect", login)).finish());
    }
    Ok(redirect_to(&login))
}

/// What had been typed here when the session ended, once.
pub(super) fn take_draft(viewer: &Viewer, conversation: Option<ConversationId>) -> Option<String> {
    let draft: Draft = viewer.session.get(entry::DRAFT).ok().flatten()?;
    if draft.conversation != conversation {
        return None;
    }
    viewer.session.remove(entry::DRAFT);
    Some(draft.message)
}

/// POST `/conversations/{id}/stop`
pub async fn stop(
    request: HttpRequest,
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    viewer: Viewer,
    id: web::Path<String>,
    form: Form<Nothing>,
) -> Answer {
    form.checked(&viewer.csrf)?;
    let id = parse_id(&id)?;
    turn::stop(&state, &viewer.caller, id).await?;
    Ok(done(&request, &edge, id))
}

/// What the picker holds; nothing where it was left as it was, or there is none.
fn chosen(model: Option<&str>) -> Option<ModelChoice> {
    let model = model.map(str::trim).filter(|model| !model.is_empty())?;
    let Ok(choice) = model.parse::<ModelChoice>();
    Some(choice)
}

/// The fields of **Try again**; the picker's is added by the page's script.
#[derive(Deserialize)]
pub struct Again {
    model: Option<String>,
}

/// POST `/conversations/{id}/retry`
pub async fn retry(
    request: HttpRequest,
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    limits: web::Data<Limits>,
    viewer: Viewer,
    id: web::Path<String>,
    form: Form<Again>,
) -> Answer {
    let fields = form.checked(&viewer.csrf)?;
    let id = parse_id(&id)?;
    limits.message(viewer.caller.user.id)?;
    turn::retry(&state, &viewer.caller, id, chosen(fields.model.as_deref())).await?;
    Ok(done(&request, &edge, id))
}

/// The socket tells htmx what came of it; others are shown the page.
pub(super) fn done(request: &HttpRequest, edge: &Edge, id: ConversationId) -> HttpResponse {
    if is_htmx(request) {
        HttpResponse::build(StatusCode::NO_CONTENT).finish()
    } else {
        redirect(edge, &format!("/conversations/{id}#end"))
    }
}
