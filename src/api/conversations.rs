//! A person's conversations, for scripts.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header,
    web::{self, ServiceConfig},
};
use chrono::DateTime;
use serde::{Deserialize, Deserializer, Serialize};

use super::{
    query::{limit, query, wrong},
    read, verbs,
};
use crate::{
    error::{Code, Error, Result},
    http::{
        Edge,
        api_caller::ApiCaller,
        error::HttpError,
        export::{self, Format},
        json::Json,
    },
    models::{
        conversation::{self, Conversation, Cursor},
        message,
        search::{self, Query},
        turn as turns,
    },
    render::json::{self, ConversationJson, ItemsJson, MessageJson},
    state::AppState,
    turn::{self, Change},
    types::{ConversationId, Message, ModelChoice, TokenScope, TurnView},
};

type Answer = Result<HttpResponse, HttpError>;

/// How many conversations a page holds, unless it is said.
const CONVERSATIONS: i64 = 20;

/// How many messages a page holds, unless it is said.
const MESSAGES: i64 = 40;

/// What is told of these addresses.
#[derive(utoipa::OpenApi)]
#[openapi(paths(index, show, update, delete, messages, end, export))]
pub struct Documented;

/// Every address of this file.
pub fn addresses(config: &mut ServiceConfig) {
    config
        .service(verbs("/api/conversations").route(read().to(index)))
        .service(
            verbs("/api/conversations/{id}")
                .route(read().to(show))
                .route(web::patch().to(update))
                .route(web::delete().to(delete)),
        )
        .service(verbs("/api/conversations/{id}/messages").route(read().to(messages)))
        .service(verbs("/api/conversations/{id}/end").route(web::post().to(end)))
        .service(verbs("/api/conversations/{id}/export").route(read().to(export)));
}

/// An id as it stands in an address; what is none is nobody's.
pub(super) fn parse_id(text: &str) -> Result<ConversationId> {
    text.parse().map_err(|_| Code::NotFound.into())
}

/// What belongs to one person is kept by nobody on the way.
pub(super) fn drawn(value: &impl Serialize) -> Answer {
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(value))
}

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct Index {
    /// Words that are looked for in titles and messages.
    q: Option<String>,
    #[param(value_type = Option<u32>, minimum = 1, maximum = 100)]
    limit: Option<String>,
    /// The `next_cursor` of a page.
    cursor: Option<String>,
}

/// GET `/api/conversations?q=&limit=&cursor=`
#[utoipa::path(
    get,
    path = "/api/conversations",
    tag = "conversations",
    params(Index),
    responses((status = 200, description = "The newest first", body = ItemsJson<ConversationJson>)),
)]
async fn index(request: HttpRequest, state: web::Data<AppState>, who: ApiCaller) -> Answer {
    who.must(TokenScope::Chat)?;
    let asked: Index = query(&request)?;
    let wanted = asked.q.as_deref().map(str::trim).filter(|typed| !typed.is_empty()).map(Query::new);
    list(&state, &who, wanted.as_ref(), asked.limit.as_deref(), asked.cursor.as_deref()).await
}

/// A page of the caller's conversations.
pub(super) async fn list(
    state: &AppState,
    who: &ApiCaller,
    wanted: Option<&Query>,
    limited: Option<&str>,
    cursor: Option<&str>,
) -> Answer {
    let owner = who.owner();
    let limit = limit(limited, CONVERSATIONS)?;
    let after = cursor.map(read_cursor).transpose()?;
    let mut conn = state.db.read(owner.tenant).await?;
    let mut found = match wanted {
        Some(wanted) => conversation::search(&mut conn, owner, wanted, after, limit + 1).await?,
        None => conversation::list(&mut conn, owner, after, limit + 1).await?,
    };
    let next_cursor = cut(&mut found, limit).map(|last| written_cursor(&last));
    let mut excerpts = match wanted {
        Some(wanted) => {
            let ids: Vec<_> = found.iter().map(|found| found.id).collect();
            search::excerpts(&mut conn, owner, wanted, &ids).await?
        }
        None => Default::default(),
    };
    let mut listed = Vec::with_capacity(found.len());
    for found in found {
        let turn = turns::newest(&mut conn, owner.tenant, found.id).await?.map(|turn| turn.view());
        let excerpt = excerpts.remove(&found.id);
        listed.push((found, turn, excerpt));
    }
    drop(conn);
    let items = listed.iter().map(|(found, turn, excerpt)| {
        let drawn = json::conversation(found, turn.as_ref(), who.locale);
        match excerpt {
            Some(excerpt) => drawn.found(excerpt),
            None => drawn,
        }
    });
    drawn(&ItemsJson { items: items.collect(), next_cursor })
}

/// Leaves `limit` of them; the last one of these, if there were more.
fn cut(found: &mut Vec<Conversation>, limit: i64) -> Option<Conversation> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let has_more = found.len() > limit;
    found.truncate(limit);
    found.last().filter(|_| has_more).cloned()
}

/// Where a page ended: after this conversation.
fn written_cursor(last: &Conversation) -> String {
    format!("{}.{}", last.updated_at.0.timestamp_micros(), last.id)
}

fn read_cursor(text: &str) -> Result<Cursor> {
    let read = || {
        let (time, id) = text.split_once('.')?;
        Some((DateTime::from_timestamp_micros(time.parse().ok()?)?, id.parse().ok()?))
    };
    Ok(read().filter(|(time, _)| is_sane(time)).ok_or_else(|| wrong("cursor", "the next_cursor of a page"))?)
}

/// Both databases keep times of these years.
fn is_sane(time: &DateTime<chrono::Utc>) -> bool {
    use chrono::Datelike as _;
    (1..=9999).contains(&time.year())
}

/// The conversation of an address, with its newest turn.
async fn found(state: &AppState, who: &ApiCaller, id: ConversationId) -> Result<(Conversation, Option<TurnView>)> {
    let owner = who.owner();
    let mut conn = state.db.read(owner.tenant).await?;
    let found = conversation::find(&mut conn, owner, id).await?.ok_or(Code::NotFound)?;
    let turn = turns::newest(&mut conn, owner.tenant, id).await?.map(|turn| turn.view());
    Ok((found, turn))
}

async fn draw(state: &AppState, who: &ApiCaller, id: ConversationId) -> Answer {
    let (found, turn) = found(state, who, id).await?;
    drawn(&json::conversation(&found, turn.as_ref(), who.locale))
}

/// GET `/api/conversations/{id}`
#[utoipa::path(
    get,
    path = "/api/conversations/{id}",
    tag = "conversations",
    params(("id" = ConversationId, Path, description = "A conversation of one's own")),
    responses((status = 200, description = "The conversation", body = ConversationJson)),
)]
async fn show(state: web::Data<AppState>, who: ApiCaller, id: web::Path<String>) -> Answer {
    who.must(TokenScope::Chat)?;
    draw(&state, &who, parse_id(&id)?).await
}

/// What is changed of a conversation; what is absent stays.
#[derive(Deserialize, utoipa::ToSchema)]
#[schema(as = ConversationChange)]
#[serde(deny_unknown_fields)]
struct Update {
    title: Option<String>,
    /// Null, or `auto`, is whichever provider is there.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    provider: Option<Option<String>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    model: Option<Option<String>>,
}

/// Tells what is null from what is absent.
fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<String>>, D::Error> {
    Option::<String>::deserialize(deserializer).map(Some)
}

impl Update {
    /// Who shall answer; as before, without. A model without its provider is one of the provider that was chosen before.
    fn choice(&self, before: &ModelChoice) -> Result<Option<ModelChoice>> {
        let model = self.model.clone().flatten().filter(|model| !model.is_empty());
        let provider = match &self.provider {
            None if self.model.is_none() => return Ok(None),
            None => before.clone().into_parts().0,
            Some(provider) => provider.clone().filter(|provider| !matches!(provider.as_str(), "" | "auto")),
        };
        match (provider, model) {
            (Some(provider), model) => Ok(Some(ModelChoice::Provider { provider, model })),
            (None, None) => Ok(Some(ModelChoice::Auto)),
            (None, Some(_)) => Err(wrong("provider", "the provider of the model").into()),
        }
    }
}

/// PATCH `/api/conversations/{id}`
#[utoipa::path(
    patch,
    path = "/api/conversations/{id}",
    tag = "conversations",
    params(("id" = ConversationId, Path, description = "A conversation of one's own")),
    request_body = Update,
    responses(
        (status = 200, description = "The conversation", body = ConversationJson),
        (status = 409, description = "It was ended"),
    ),
)]
async fn update(state: web::Data<AppState>, who: ApiCaller, id: web::Path<String>, body: Json<Update>) -> Answer {
    who.must(TokenScope::Chat)?;
    let (id, Json(update)) = (parse_id(&id)?, body);
    let (before, _) = found(&state, &who, id).await?;
    let choice = update.choice(&before.choice())?;
    turn::change(&state, &who.caller, id, Change { title: update.title, choice }).await?;
    draw(&state, &who, id).await
}

/// DELETE `/api/conversations/{id}`
#[utoipa::path(
    delete,
    path = "/api/conversations/{id}",
    tag = "conversations",
    params(("id" = ConversationId, Path, description = "A conversation of one's own")),
    responses((status = 204, description = "It is gone"), (status = 409, description = "Not now")),
)]
pub(super) async fn delete(state: web::Data<AppState>, who: ApiCaller, id: web::Path<String>) -> Answer {
    who.must(TokenScope::Chat)?;
    turn::delete(&state, &who.caller, parse_id(&id)?).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// POST `/api/conversations/{id}/end`
#[utoipa::path(
    post,
    path = "/api/conversations/{id}/end",
    tag = "conversations",
    params(("id" = ConversationId, Path, description = "A conversation of one's own")),
    responses(
        (status = 200, description = "The conversation", body = ConversationJson),
        (status = 409, description = "Not now"),
    ),
)]
pub(super) async fn end(state: web::Data<AppState>, who: ApiCaller, id: web::Path<String>) -> Answer {
    who.must(TokenScope::Chat)?;
    let id = parse_id(&id)?;
    turn::end(&state, &who.caller, id).await?;
    draw(&state, &who, id).await
}

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Before {
    #[param(value_type = Option<u32>, minimum = 1, maximum = 100)]
    limit: Option<String>,
    /// The `next_cursor` of a page.
    #[param(value_type = Option<i64>, minimum = 1)]
    before: Option<String>,
}

/// GET `/api/conversations/{id}/messages?limit=&before=`: the newest, or those before a place, in their order.
/// `next_cursor` is the `before` of the page before it.
#[utoipa::path(
    get,
    path = "/api/conversations/{id}/messages",
    tag = "conversations",
    params(("id" = ConversationId, Path, description = "A conversation of one's own"), Before),
    responses(
        (
            status = 200,
            description = "The newest, or those before a place, in their order",
            body = ItemsJson<MessageJson>,
        ),
    ),
)]
pub(super) async fn messages(
    request: HttpRequest,
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    who: ApiCaller,
    id: web::Path<String>,
) -> Answer {
    who.must(TokenScope::Chat)?;
    history(&request, &state, &edge, &who, parse_id(&id)?).await
}

/// A page of the messages of a conversation.
pub(super) async fn history(
    request: &HttpRequest,
    state: &AppState,
    edge: &Edge,
    who: &ApiCaller,
    id: ConversationId,
) -> Answer {
    let asked: Before = query(request)?;
    let limit = limit(asked.limit.as_deref(), MESSAGES)?;
    let before = asked.before.as_deref().map(|text| {
        text.parse::<i64>().ok().filter(|place| *place > 0).ok_or_else(|| wrong("before", "the next_cursor of a page"))
    });
    let (messages, next_cursor) = page(state, who, id, before.transpose()?, limit).await?;
    let items = shapes(&messages, id, edge)?;
    drawn(&ItemsJson { items, next_cursor })
}

/// Messages of a conversation of the caller's, and where the page before them is.
pub(super) async fn page(
    state: &AppState,
    who: &ApiCaller,
    id: ConversationId,
    before: Option<i64>,
    limit: i64,
) -> Result<(Vec<Message>, Option<String>)> {
    let owner = who.owner();
    let mut conn = state.db.read(owner.tenant).await?;
    conversation::find(&mut conn, owner, id).await?.ok_or(Code::NotFound)?;
    let messages = message::page(&mut conn, owner.tenant, id, before, limit).await?;
    let oldest = message::oldest(&mut conn, owner.tenant, id).await?;
    let first = messages.first().map(|message| message.position);
    let next = first.filter(|first| oldest.is_some_and(|oldest| oldest < *first)).map(|first| first.to_string());
    Ok((messages, next))
}

/// Messages as scripts read them.
pub(super) fn shapes<'a>(messages: &'a [Message], id: ConversationId, edge: &Edge) -> Result<Vec<MessageJson<'a>>> {
    let shapes = messages.iter().map(|said| json::message(said, id, edge.urls.prefix()));
    shapes.collect::<Result<_, _>>().map_err(Error::internal)
}

/// The caller's latest conversation with its newest messages: `null` and none for someone who has none.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = Latest)]
pub(super) struct LatestJson<'a> {
    conversation: Option<ConversationJson<'a>>,
    messages: Vec<MessageJson<'a>>,
}

/// The id of the caller's latest conversation.
pub(super) async fn latest(state: &AppState, who: &ApiCaller) -> Result<Option<ConversationId>> {
    let owner = who.owner();
    let listed = conversation::list(&mut *state.db.read(owner.tenant).await?, owner, None, 1).await?;
    Ok(listed.first().map(|latest| latest.id))
}

/// Where the caller left off, as `GET /api/session` answers it.
pub(super) async fn draw_latest(state: &AppState, edge: &Edge, who: &ApiCaller) -> Answer {
    let Some(id) = latest(state, who).await? else {
        return drawn(&LatestJson { conversation: None, messages: Vec::new() });
    };
    let (conversation, turn) = found(state, who, id).await?;
    let (messages, _) = page(state, who, id, None, MESSAGES).await?;
    drawn(&LatestJson {
        conversation: Some(json::conversation(&conversation, turn.as_ref(), who.locale)),
        messages: shapes(&messages, id, edge)?,
    })
}

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct Export {
    #[param(inline)]
    format: Option<Format>,
}

/// GET `/api/conversations/{id}/export?format=md|json`; JSON, unless it is said.
#[utoipa::path(
    get,
    path = "/api/conversations/{id}/export",
    tag = "conversations",
    params(("id" = ConversationId, Path, description = "A conversation of one's own"), Export),
    responses(
        (
            status = 200,
            description = "The whole conversation as a file",
            content((serde_json::Value = "application/json"), (String = "text/markdown")),
        ),
    ),
)]
async fn export(
    request: HttpRequest,
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    who: ApiCaller,
    id: web::Path<String>,
) -> Answer {
    who.must(TokenScope::Chat)?;
    let asked: Export = query(&request)?;
    let format = asked.format.unwrap_or(Format::Json);
    Ok(export::export(&state, &who.caller, parse_id(&id)?, format, edge.urls.prefix(), who.locale).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_what_was_written() {
        for wrong in [
            "",
            ".",
            "1",
            "x.y",
            "1.",
            "1.x",
            "99999999999999999999.x",
            "9223372036854775807.0192d3c0-0000-7000-8000-000000000000",
        ] {
            assert_eq!(read_cursor(wrong).unwrap_err().code(), Some(Code::InvalidPayload), "{wrong}");
        }
        assert!(read_cursor("1700000000000001.0192d3c0-0000-7000-8000-000000000000").is_ok());
    }

    #[test]
    fn null_is_a_choice_and_absence_is_none() {
        let read = |text: &str| serde_json::from_str::<Update>(text).unwrap();
        let chosen = |text: &str, before: &str| {
            let Ok(before) = before.parse::<ModelChoice>();
            read(text).choice(&before).map(|choice| choice.map(|choice| choice.to_string()))
        };
        for (text, before, expected) in [
            ("{}", "openai", None),
            (r#"{"provider": null}"#, "openai", Some("auto")),
            (r#"{"provider": "auto", "model": null}"#, "openai/m", Some("auto")),
            (r#"{"provider": "ollama"}"#, "openai/m", Some("ollama")),
            (r#"{"provider": "ollama", "model": "x/y"}"#, "auto", Some("ollama/x/y")),
            (r#"{"model": "n"}"#, "openai/m", Some("openai/n")),
            (r#"{"model": null}"#, "openai/m", Some("openai")),
        ] {
            assert_eq!(chosen(text, before).unwrap().as_deref(), expected, "{text} after {before}");
        }
        for text in [r#"{"model": "n"}"#, r#"{"provider": null, "model": "n"}"#] {
            assert_eq!(chosen(text, "auto").unwrap_err().code(), Some(Code::InvalidPayload));
        }
    }
}
