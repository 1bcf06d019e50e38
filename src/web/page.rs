//! What every page's handler needs: the context, the answer, the lists around it.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header},
};
use askama::Template;

use super::Answer;
use crate::{
    db::{Scope, at_once},
    error::{Error, Refusal, Result},
    http::{
        Edge,
        error::retry_after,
        viewer::{Viewer, Visitor},
    },
    models::{conversation, membership},
    render::html::{ConversationSummary, PageContext, ViewerSummary},
    state::AppState,
    turn,
    types::ConversationId,
};

/// A person's other tenants are seen from none of them.
const SCOPE: Scope = Scope::System("where a person may switch to");

/// How many conversations the navigation lists; `layouts/chat.html` knows it too.
const LISTED: i64 = 100;

/// The context of a page for someone who is signed in.
///
/// # Errors
/// When the database does not answer.
pub async fn context(state: &AppState, edge: &Edge, viewer: &Viewer) -> Result<PageContext> {
    let waiting = at_once(turn::waiting(state, viewer.owner())).await?.len();
    let places = at_once(membership::of_user(&mut *state.db.read(SCOPE).await?, viewer.caller.user.id)).await?;
    let others = places.into_iter().map(|(_, tenant)| (tenant.id, tenant.name));
    Ok(PageContext {
        locale: viewer.locale,
        viewer: Some(ViewerSummary {
            name: viewer.caller.user.name.clone(),
            email: viewer.caller.user.email.clone(),
            tenant_id: viewer.caller.tenant.id,
            tenant_name: viewer.caller.tenant.name.clone(),
            role: viewer.membership.role,
            is_operator: viewer.caller.user.is_operator,
            others: others.filter(|(id, _)| *id != viewer.caller.tenant.id).collect(),
        }),
        csrf: viewer.csrf.clone(),
        prefix: edge.urls.prefix().to_owned(),
        version: crate::config::VERSION.to_owned(),
        waiting,
    })
}

/// The context of a page for anyone.
pub fn visitor_context(edge: &Edge, visitor: &Visitor) -> PageContext {
    PageContext {
        locale: visitor.locale,
        viewer: None,
        csrf: visitor.csrf.clone(),
        prefix: edge.urls.prefix().to_owned(),
        version: crate::config::VERSION.to_owned(),
        waiting: 0,
    }
}

/// The person's conversations for the navigation, the newest or those `before` one, with how many decisions wait in
/// each.
///
/// # Errors
/// When the database does not answer.
pub async fn conversations(
    state: &AppState,
    viewer: &Viewer,
    current: Option<ConversationId>,
    before: Option<ConversationId>,
) -> Result<Vec<ConversationSummary>> {
    let owner = viewer.owner();
    let mut conn = state.db.read(owner.tenant).await?;
    let cursor = match before {
        Some(id) => conversation::find(&mut conn, owner, id).await?.map(|found| (found.updated_at.0, found.id)),
        None => None,
    };
    let listed = conversation::list(&mut conn, owner, cursor, LISTED).await?;
    drop(conn);
    summaries(state, viewer, current, listed).await
}

/// Conversations as the navigation lists them, with how many decisions wait in each.
///
/// # Errors
/// When the database does not answer.
pub async fn summaries(
    state: &AppState,
    viewer: &Viewer,
    current: Option<ConversationId>,
    listed: Vec<conversation::Conversation>,
) -> Result<Vec<ConversationSummary>> {
    let waiting = turn::waiting(state, viewer.owner()).await?;
    let summary = |conversation: conversation::Conversation| ConversationSummary {
        is_current: current == Some(conversation.id),
        waiting: waiting.iter().filter(|call| call.conversation_id == conversation.id).count(),
        id: conversation.id,
        title: Some(conversation.title),
    };
    Ok(listed.into_iter().map(summary).collect())
}

/// A drawn page as an answer.
///
/// # Errors
/// When the page could not be drawn.
pub fn html(status: StatusCode, page: &impl Template) -> Answer {
    drawn(status, page.render())
}

/// As [`html`], of what was drawn already.
///
/// # Errors
/// When it could not be drawn.
pub fn drawn(status: StatusCode, page: askama::Result<String>) -> Answer {
    let body = page.map_err(Error::internal)?;
    Ok(HttpResponse::build(status).content_type("text/html; charset=utf-8").body(body))
}

/// A page that says why something was refused, with the time to come back where that is known.
///
/// # Errors
/// As the page.
pub fn refused(answer: Answer, refusal: Option<&Refusal>) -> Answer {
    let mut answer = answer?;
    if let Some(seconds) = refusal.and_then(retry_after) {
        answer.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    }
    Ok(answer)
}

/// After a form was taken: to a page of ours, given without the prefix.
pub fn redirect(edge: &Edge, path: &str) -> HttpResponse {
    redirect_to(&edge.urls.path(path))
}

/// After a form was taken: to an address that has the prefix already.
pub fn redirect_to(address: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((header::LOCATION, address)).finish()
}

/// Whether htmx asks, which wants a fragment or nothing and not a page.
pub fn is_htmx(request: &HttpRequest) -> bool {
    request.headers().contains_key("hx-request")
}

/// Whether the stand-in answers because no real model is connected.
pub fn is_demo(state: &AppState) -> bool {
    state.providers.default_provider().is_none_or(|provider| provider.name() == "demo")
}

/// A fresh key against double posts.
pub fn idempotency_key() -> String {
    uuid::Uuid::now_v7().simple().to_string()
}
