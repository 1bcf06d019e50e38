//! A person's data as a file: JSON Lines, sent as it is read. What is in memory at any time is one page of messages or
//! one attachment, however much there is.
//!
//! Each line is an object whose `type` says what it is: `about`, `account`, `membership`, `session`, `sign_in`,
//! `api_token`, `conversation` followed by its `message`s and `tool_call`s and then its `attachment`s (base64), and last
//! `end` with how many there were: a file without it was cut.

use std::collections::VecDeque;

use actix_web::{HttpResponse, http::header, web::Bytes};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use futures_util::stream::{self, TryStreamExt as _};
use serde_json::{Value, json};

use super::export::page;
use crate::{
    config::VERSION,
    db::{Conn, Scope, now},
    error::{Code, Error, Result},
    i18n::Locale,
    models::{
        Owner, api_token, blob,
        conversation::{self, Conversation},
        membership, refresh_token, session, turn,
        user::User,
    },
    render::json::{self as draw, time},
    state::AppState,
    types::{ConversationId, TenantId, ToolCall},
};

/// One person's work over all of their tenants.
const SCOPE: Scope = Scope::System("a person takes their data out");

/// Conversations that are looked up at once.
const CONVERSATIONS: i64 = 50;

/// What is written next.
enum Part {
    Head,
    /// What is next of the tenant, after that conversation.
    Conversations(Option<ConversationId>),
    /// The messages of a conversation after this position.
    Messages(Box<Conversation>, i64),
    /// Its attachments after this number.
    Attachments(Box<Conversation>, i64),
    Done,
}

#[derive(Default)]
struct Counts {
    conversations: u64,
    messages: u64,
    tool_calls: u64,
    attachments: u64,
}

struct Writer {
    state: AppState,
    user: User,
    prefix: String,
    locale: Locale,
    /// The tenants that are still to be written; the first of them is being written.
    tenants: VecDeque<TenantId>,
    /// Conversations that were looked up and not written yet.
    found: VecDeque<Conversation>,
    part: Part,
    counts: Counts,
}

/// All that is one person's, as an answer. Who calls has written down that it was asked for.
pub fn data(state: &AppState, user: User, prefix: &str, locale: Locale) -> HttpResponse {
    let name = format!("sayso-data-{}.jsonl", now().format("%Y-%m-%d"));
    let writer = Writer {
        state: state.clone(),
        user,
        prefix: prefix.to_owned(),
        locale,
        tenants: VecDeque::new(),
        found: VecDeque::new(),
        part: Part::Head,
        counts: Counts::default(),
    };
    let body = stream::try_unfold(writer, |mut writer| async move {
        Ok::<_, Error>(writer.next().await?.map(|written| (Bytes::from(written), writer)))
    });
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "application/x-ndjson; charset=utf-8"))
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .streaming(body.inspect_err(|error| tracing::error!(%error, "a person's data was cut")))
}

impl Writer {
    /// The next lines of the file; nothing at its end.
    async fn next(&mut self) -> Result<Option<String>> {
        let part = std::mem::replace(&mut self.part, Part::Done);
        match part {
            Part::Head => self.head().await.map(Some),
            Part::Conversations(after) => self.conversation(after).await.map(Some),
            Part::Messages(conversation, after) => self.messages(conversation, after).await.map(Some),
            Part::Attachments(conversation, after) => self.attachment(conversation, after).await.map(Some),
            Part::Done => Ok(None),
        }
    }

    /// What is known of the person themselves.
    async fn head(&mut self) -> Result<String> {
        let mut conn = self.state.db.read(SCOPE).await?;
        let id = self.user.id;
        let mut written = String::new();
        line(
            &mut written,
            &json!({
                "type": "about",
                "made_by": format!("Sayso {VERSION}"),
                "made_at": time(now()),
                "not_included": [
                    "The audit logs of your workspaces and of the server, in which there are rows about you: they belong to them.",
                    "Files that tools wrote into the folder of a workspace: they belong to it.",
                    "What you wrote in workspaces where your place, or the workspace itself, is suspended.",
                ],
            }),
        )?;
        let User { email, name, is_operator, language, created_at, .. } = &self.user;
        let account = json!({
            "type": "account", "id": id, "email": email, "name": name, "language": language,
            "is_operator": is_operator, "created_at": time(created_at.0),
        });
        line(&mut written, &account)?;
        for (place, tenant) in membership::all_of_user(&mut conn, id).await? {
            let is_active = place.is_active && tenant.is_active;
            let of = json!({"id": tenant.id, "slug": tenant.slug, "name": tenant.name});
            let used = place.last_used_at.map(|used| time(used.0));
            let membership = json!({
                "type": "membership", "tenant": of, "role": place.role.as_str(), "is_active": is_active,
                "created_at": time(place.created_at.0), "last_used_at": used,
            });
            line(&mut written, &membership)?;
            if is_active {
                self.tenants.push_back(tenant.id);
            }
        }
        self.signed_in(&mut conn, &mut written).await?;
        self.part = Part::Conversations(None);
        Ok(written)
    }

    /// What is signed in as the person; never a key.
    async fn signed_in(&self, conn: &mut Conn, written: &mut String) -> Result<()> {
        for open in session::of_user(conn, self.user.id).await? {
            let session = json!({
                "type": "session", "id": open.id, "tenant_id": open.tenant_id, "user_agent": open.user_agent,
                "address": open.address, "created_at": time(open.created_at.0), "last_used_at": time(open.last_used_at.0),
            });
            line(written, &session)?;
        }
        for open in refresh_token::open_sign_ins(conn, self.user.id).await? {
            let sign_in = json!({
                "type": "sign_in", "id": open.family, "tenant_id": open.tenant, "user_agent": open.user_agent,
                "address": open.address, "last_used_at": time(open.last_used_at.0),
            });
            line(written, &sign_in)?;
        }
        for tenant in &self.tenants {
            for token in api_token::of_person(conn, Owner { tenant: *tenant, user: self.user.id }).await? {
                let scopes: Vec<_> = token.scopes.iter().map(|scope| scope.as_str()).collect();
                let token = json!({
                    "type": "api_token", "id": token.id, "tenant_id": tenant, "name": token.name, "scopes": scopes,
                    "created_at": time(token.created_at.0), "expires_at": token.expires_at.map(|ends| time(ends.0)),
                    "last_used_at": token.last_used_at.map(|used| time(used.0)),
                });
                line(written, &token)?;
            }
        }
        Ok(())
    }

    /// The next conversation; after the last one of all tenants the end.
    async fn conversation(&mut self, after: Option<ConversationId>) -> Result<String> {
        let Some(tenant) = self.tenants.front().copied() else { return self.end() };
        let owner = self.owner(tenant);
        let mut conn = self.state.db.read(tenant).await?;
        self.must_still_be_there(&mut conn, owner).await?;
        if self.found.is_empty() {
            self.found = conversation::of_every_kind(&mut conn, owner, after, CONVERSATIONS).await?.into();
        }
        let Some(next) = self.found.pop_front() else {
            self.tenants.pop_front();
            self.part = Part::Conversations(None);
            return Ok(String::new());
        };
        let turn = turn::newest(&mut conn, tenant, next.id).await?.map(|turn| turn.view());
        let drawn = draw::conversation(&next, turn.as_ref(), self.locale);
        let drawn =
            json!({"type": "conversation", "tenant_id": tenant, "kind": next.kind.as_str(), "conversation": drawn});
        let mut written = String::new();
        line(&mut written, &drawn)?;
        self.counts.conversations += 1;
        self.part = Part::Messages(Box::new(next), 0);
        Ok(written)
    }

    /// A page of messages with the calls that they ask for.
    async fn messages(&mut self, conversation: Box<Conversation>, after: i64) -> Result<String> {
        let (owner, id) = (conversation.owner(), conversation.id);
        self.must_still_be_there(&mut *self.state.db.read(owner.tenant).await?, owner).await?;
        let (messages, calls) = match page(&self.state, owner, &conversation, after).await {
            Ok(found) => found,
            // It was deleted meanwhile; the others are not.
            Err(error) if error.code() == Some(Code::NotFound) => return self.gone(id),
            Err(error) => return Err(error),
        };
        let mut written = String::new();
        for message in &messages {
            let drawn = draw::message(message, id, &self.prefix).map_err(Error::internal)?;
            line(&mut written, &json!({"type": "message", "conversation_id": id, "message": drawn}))?;
        }
        self.counts.messages += messages.len() as u64;
        for (call, questions) in calls {
            let at = call.created_at.0;
            let call = ToolCall { questions, ..call.into() };
            let drawn = draw::tool_call(&call, at, &self.prefix).map_err(Error::internal)?;
            line(&mut written, &json!({"type": "tool_call", "conversation_id": id, "tool_call": drawn}))?;
            self.counts.tool_calls += 1;
        }
        self.part = match messages.last() {
            Some(last) => Part::Messages(conversation, last.position),
            None => Part::Attachments(conversation, 0),
        };
        Ok(written)
    }

    /// One attachment, whole.
    async fn attachment(&mut self, conversation: Box<Conversation>, after: i64) -> Result<String> {
        let owner = conversation.owner();
        let mut conn = self.state.db.read(owner.tenant).await?;
        self.must_still_be_there(&mut conn, owner).await?;
        let next = blob::next(&mut conn, owner, conversation.id, after).await?;
        drop(conn);
        let Some((number, blob, bytes)) = next else {
            self.part = Part::Conversations(Some(conversation.id));
            return Ok(String::new());
        };
        let drawn = json!({
            "type": "attachment", "conversation_id": conversation.id, "number": number, "name": blob.name,
            "media_type": blob.media_type, "size": blob.size, "data": STANDARD.encode(&bytes),
        });
        let mut written = String::new();
        line(&mut written, &drawn)?;
        self.counts.attachments += 1;
        self.part = Part::Attachments(conversation, number);
        Ok(written)
    }

    fn gone(&mut self, id: ConversationId) -> Result<String> {
        let mut written = String::new();
        line(&mut written, &json!({"type": "deleted_meanwhile", "conversation_id": id}))?;
        self.part = Part::Conversations(Some(id));
        Ok(written)
    }

    fn end(&self) -> Result<String> {
        let Counts { conversations, messages, tool_calls, attachments } = self.counts;
        let mut written = String::new();
        line(
            &mut written,
            &json!({
                "type": "end", "conversations": conversations, "messages": messages, "tool_calls": tool_calls,
                "attachments": attachments,
            }),
        )?;
        Ok(written)
    }

    fn owner(&self, tenant: TenantId) -> Owner {
        Owner { tenant, user: self.user.id }
    }

    /// Whoever is suspended, signed out everywhere or deleted while the file is sent gets no more of it: it is cut.
    async fn must_still_be_there(&self, conn: &mut Conn, owner: Owner) -> Result<()> {
        let found = membership::find(conn, owner).await?;
        let holds = found.is_some_and(|(user, place, tenant)| {
            user.is_active && place.is_active && tenant.is_active && user.epoch == self.user.epoch
        });
        if holds { Ok(()) } else { Err(Code::Unauthorized.into()) }
    }
}

fn line(written: &mut String, value: &Value) -> Result<()> {
    written.push_str(&serde_json::to_string(value).map_err(Error::internal)?);
    written.push('\n');
    Ok(())
}
