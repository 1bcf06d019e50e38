//! Conversations: the list, one of them, and what a person does with it as a whole.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};
use serde::Deserialize;

use super::{
    Answer, messages, models,
    page::{self, context, drawn, html, idempotency_key, is_demo, is_htmx, redirect, refused},
    sessions::Nothing,
    usage,
};
use crate::{
    db::at_once,
    error::{Code, Error, Refusal, Result},
    http::{
        Edge,
        error::HttpError,
        export::{self, Format},
        form::Form,
        limits::Limits,
        multipart::FormWithFiles,
        viewer::Viewer,
    },
    models::{
        conversation,
        search::{self, Query},
    },
    render::{
        Snapshot,
        html::{
            ConversationSummary,
            composer::ComposerTools,
            pages::{ConversationPage, ConversationsPage, FoundConversation, OlderMessages},
        },
    },
    state::AppState,
    turn,
    types::{ConversationId, ModelChoice},
};

/// GET `/`
pub async fn home(edge: web::Data<Edge>, viewer: Result<Viewer, HttpError>) -> Answer {
    Ok(redirect(&edge, if viewer.is_ok() { "/conversations" } else { "/login" }))
}

#[derive(Deserialize)]
pub struct Search {
    #[serde(default)]
    q: String,
    before: Option<ConversationId>,
}

/// GET `/conversations`
pub async fn index(
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    viewer: Viewer,
    search: web::Query<Search>,
) -> Answer {
    let draft = messages::take_draft(&viewer, None).unwrap_or_default();
    let shown = Listed { query: &search.q, before: search.before, message: &draft, choice: None, refusal: None };
    list(&state, &edge, &viewer, StatusCode::OK, shown).await
}

/// What the list's page shows beside the list.
struct Listed<'a> {
    /// What was searched for.
    query: &'a str,
    /// Where the list goes on.
    before: Option<ConversationId>,
    /// What was typed.
    message: &'a str,
    /// The model that was chosen for it.
    choice: Option<&'a ModelChoice>,
    /// Why it was refused.
    refusal: Option<&'a Refusal>,
}

/// How many conversations a search lists.
const FOUND: i64 = 50;

async fn list(state: &AppState, edge: &Edge, viewer: &Viewer, status: StatusCode, shown: Listed<'_>) -> Answer {
    let ctx = context(state, edge, viewer).await?;
    let query = shown.query.trim();
    let (conversations, found, has_more) = if query.is_empty() {
        (page::conversations(state, viewer, None, shown.before).await?, Vec::new(), false)
    } else {
        search(state, viewer, &Query::new(query)).await?
    };
    let error = shown.refusal.map(|refusal| ctx.refusal(refusal));
    let mut tools = models::tools(state, &viewer.caller, shown.choice.unwrap_or(&ModelChoice::Auto));
    tools.month = Some(usage::glance(state, viewer.owner(), &ctx).await?);
    let page = ConversationsPage {
        ctx: &ctx,
        conversations: &conversations,
        query,
        found: &found,
        has_more,
        message: shown.message,
        error: error.as_deref(),
        idempotency_key: &idempotency_key(),
        tools: &tools,
        is_demo: is_demo(state),
    };
    refused(html(status, &page), shown.refusal)
}

/// What is found: for the navigation and for the page, and whether there is more.
async fn search(
    state: &AppState,
    viewer: &Viewer,
    query: &Query,
) -> Result<(Vec<ConversationSummary>, Vec<FoundConversation>, bool)> {
    let owner = viewer.owner();
    let mut conn = state.db.read(owner.tenant).await?;
    let mut listed = conversation::search(&mut conn, owner, query, None, FOUND + 1).await?;
    let has_more = i64::try_from(listed.len()).is_ok_and(|count| count > FOUND);
    listed.truncate(usize::try_from(FOUND).unwrap_or(usize::MAX));
    let ids: Vec<_> = listed.iter().map(|found| found.id).collect();
    let mut excerpts = search::excerpts(&mut conn, owner, query, &ids).await?;
    drop(conn);
    let found = listed.iter().map(|found| FoundConversation {
        id: found.id,
        title: query.mark(&found.title),
        time: found.updated_at.0,
        excerpt: excerpts.remove(&found.id).map(|excerpt| excerpt.pieces).unwrap_or_default(),
    });
    let found = found.collect();
    Ok((page::summaries(state, viewer, None, listed).await?, found, has_more))
}

/// POST `/conversations`: begins one with its first message.
#[allow(clippy::too_many_arguments, reason = "what actix hands a handler")]
pub async fn create(
    request: HttpRequest,
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    limits: web::Data<Limits>,
    session: actix_session::Session,
    viewer: Result<Viewer, HttpError>,
    form: FormWithFiles<messages::Fields>,
) -> Answer {
    let viewer = match viewer {
        Ok(viewer) => viewer,
        Err(error) => return messages::keep_draft(&request, &edge, &session, None, form, error),
    };
    let (fields, files) = form.checked(&viewer.csrf)?;
    let begun = async {
        limits.message(viewer.caller.user.id)?;
        turn::begin_conversation(&state, &viewer.caller, fields.input(files)?).await
    };
    match begun.await {
        Ok(started) => {
            let path = format!("/conversations/{}", started.conversation);
            if is_htmx(&request) {
                // htmx would follow a redirect by itself and put the page beside the box.
                return Ok(HttpResponse::NoContent().insert_header(("hx-redirect", edge.urls.path(&path))).finish());
            }
            Ok(redirect(&edge, &path))
        }
        // htmx keeps the form with what was typed and attached, and shows why beside it.
        Err(Error::Refused(refusal)) if !is_htmx(&request) => {
            let status = crate::http::error::status(refusal.code);
            let choice = fields.choice();
            let (message, choice) = (fields.message.as_str(), choice.as_ref());
            let shown = Listed { query: "", before: None, message, choice, refusal: Some(&refusal) };
            list(&state, &edge, &viewer, status, shown).await
        }
        Err(error) => Err(error.into()),
    }
}

#[derive(Deserialize)]
pub struct Show {
    before: Option<i64>,
    #[serde(default)]
    updates: String,
}

/// GET `/conversations/{id}`
pub async fn show(
    request: HttpRequest,
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    viewer: Viewer,
    id: web::Path<String>,
    query: web::Query<Show>,
) -> Answer {
    let id = parse_id(&id)?;
    match query.before {
        Some(before) if is_htmx(&request) => older(&state, &edge, &viewer, id, before).await,
        Some(before) => history(&state, &edge, &viewer, id, before).await,
        None => {
            let draft = messages::take_draft(&viewer, Some(id)).unwrap_or_default();
            let is_paused = query.updates == "paused";
            let shown = Shown { is_paused, message: &draft, choice: None, refusal: None };
            draw(&state, &edge, &viewer, id, StatusCode::OK, shown).await
        }
    }
}

/// An id as it stands in an address; what is none is nobody's.
pub(super) fn parse_id(text: &str) -> Result<ConversationId> {
    text.parse().map_err(|_| Code::NotFound.into())
}

/// What a conversation's page shows beside the conversation.
pub(super) struct Shown<'a> {
    /// Whether updates without JavaScript are paused.
    pub is_paused: bool,
    /// What was typed.
    pub message: &'a str,
    /// The model that was chosen for it; the conversation's, without.
    pub choice: Option<&'a ModelChoice>,
    /// Why it was refused.
    pub refusal: Option<&'a Refusal>,
}

/// The conversation's page.
pub(super) async fn draw(
    state: &AppState,
    edge: &Edge,
    viewer: &Viewer,
    id: ConversationId,
    status: StatusCode,
    shown: Shown<'_>,
) -> Answer {
    let view = at_once(turn::view(state, viewer.owner(), id)).await?;
    let stored = ModelChoice::from_parts(view.conversation.provider.as_deref(), view.conversation.model.as_deref());
    let older = view.has_older.then(|| view.stored.messages.first().map(|message| message.position)).flatten();
    let ctx = context(state, edge, viewer).await?;
    let error = shown.refusal.map(|refusal| ctx.refusal(refusal));
    let mut tools = models::tools(state, &viewer.caller, shown.choice.unwrap_or(&stored));
    tools.month = Some(usage::glance(state, viewer.owner(), &ctx).await?);
    let page = ConversationPage {
        ctx: &ctx,
        conversations: &page::conversations(state, viewer, Some(id), None).await?,
        id,
        snapshot: &whole(view.stored, view.live),
        after: view.after,
        older,
        is_history: false,
        is_paused: shown.is_paused,
        message: shown.message,
        error: error.as_deref(),
        idempotency_key: &idempotency_key(),
        tools: &tools,
        is_demo: is_demo(state),
    };
    refused(drawn(status, page.render()), shown.refusal)
}

fn whole(stored: Snapshot, live: Snapshot) -> Snapshot {
    let join = |mut first: Vec<_>, second: Vec<_>| {
        first.extend(second);
        first
    };
    Snapshot {
        title: live.title,
        is_ended: live.is_ended,
        is_direct: live.is_direct,
        turn: live.turn,
        messages: join(stored.messages, live.messages),
        calls: stored.calls.into_iter().chain(live.calls).collect(),
        window: live.window,
        live: live.live,
        told: live.told,
    }
}

/// Earlier messages as a page of their own, for those without JavaScript.
async fn history(state: &AppState, edge: &Edge, viewer: &Viewer, id: ConversationId, before: i64) -> Answer {
    let (mut snapshot, has_older) = turn::older_messages(state, viewer.owner(), id, before).await?;
    let found = conversation::find(&mut *state.db.read(viewer.caller.tenant.id).await?, viewer.owner(), id).await?;
    snapshot.title = Some(found.ok_or(Code::NotFound)?.title);
    let ctx = context(state, edge, viewer).await?;
    let page = ConversationPage {
        ctx: &ctx,
        conversations: &page::conversations(state, viewer, Some(id), None).await?,
        id,
        snapshot: &snapshot,
        after: i64::MAX,
        older: has_older.then(|| snapshot.messages.first().map(|message| message.position)).flatten(),
        is_history: true,
        is_paused: false,
        message: "",
        error: None,
        idempotency_key: &idempotency_key(),
        tools: &ComposerTools::default(),
        is_demo: is_demo(state),
    };
    drawn(StatusCode::OK, page.render())
}

/// Earlier messages as a fragment above those that are shown.
async fn older(state: &AppState, edge: &Edge, viewer: &Viewer, id: ConversationId, before: i64) -> Answer {
    let (snapshot, has_older) = turn::older_messages(state, viewer.owner(), id, before).await?;
    let ctx = context(state, edge, viewer).await?;
    let older = has_older.then(|| snapshot.messages.first().map(|message| message.position)).flatten();
    html(StatusCode::OK, &OlderMessages { ctx: &ctx, id, snapshot: &snapshot, older })
}

#[derive(Deserialize)]
pub struct Title {
    title: String,
}

/// POST `/conversations/{id}/rename`
pub async fn rename(
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    viewer: Viewer,
    id: web::Path<String>,
    form: Form<Title>,
) -> Answer {
    let (id, fields) = (parse_id(&id)?, form.checked(&viewer.csrf)?);
    turn::rename(&state, &viewer.caller, id, &fields.title).await?;
    Ok(redirect(&edge, &format!("/conversations/{id}")))
}

/// POST `/conversations/{id}/end`
pub async fn end(
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    viewer: Viewer,
    id: web::Path<String>,
    form: Form<Nothing>,
) -> Answer {
    form.checked(&viewer.csrf)?;
    let id = parse_id(&id)?;
    turn::end(&state, &viewer.caller, id).await?;
    Ok(redirect(&edge, &format!("/conversations/{id}#end")))
}

#[derive(Deserialize)]
pub struct Export {
    format: Format,
}

/// GET `/conversations/{id}/export?format=`
pub async fn export(
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    viewer: Viewer,
    id: web::Path<String>,
    query: web::Query<Export>,
) -> Answer {
    let id = parse_id(&id)?;
    Ok(export::export(&state, &viewer.caller, id, query.format, edge.urls.prefix(), viewer.locale).await?)
}

/// POST `/conversations/{id}/delete`
pub async fn delete(
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    viewer: Viewer,
    id: web::Path<String>,
    form: Form<Nothing>,
) -> Answer {
    form.checked(&viewer.csrf)?;
    let id = parse_id(&id)?;
    turn::delete(&state, &viewer.caller, id).await?;
    Ok(redirect(&edge, "/conversations"))
}
