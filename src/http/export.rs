//! A conversation as a file that is sent as it is read, page by page.

use actix_web::{HttpResponse, http::header, web::Bytes};
use futures_util::stream::{self, TryStreamExt as _};
use serde::Deserialize;

use crate::{
    db::now,
    error::{Code, Error, Result},
    i18n::Locale,
    models::{
        Owner,
        audit::{Act, Actor},
        conversation::{self, Conversation},
        message, question,
        tool_call::{self, StoredCall},
        turn,
    },
    render::{export, json},
    state::AppState,
    turn::Caller,
    types::{ConversationId, Message, MessageId, MessageRole, Question, ToolCall, ToolCallId, TurnView},
};

/// How many messages are read at once.
const PAGE: i64 = 50;

/// The form of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[schema(as = ExportFormat)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Markdown.
    Md,
    /// JSON.
    Json,
}

/// What is written next.
#[derive(Clone, Copy)]
enum Part {
    Head,
    /// The messages after this position.
    Messages(i64),
    /// In JSON, the calls of the messages after this position.
    Calls(i64),
    Foot,
    Done,
}

struct Writer {
    state: AppState,
    caller: Caller,
    conversation: Conversation,
    turn: Option<TurnView>,
    prefix: String,
    locale: Locale,
    format: Format,
    part: Part,
    /// Whether something stands in the list that is being written.
    has_some: bool,
}

/// A conversation of the caller's as a file. That it was taken out is written down first. A file that could not be read
/// to its end is cut, not ended.
///
/// # Errors
/// `not_found` for what is not the caller's.
pub async fn export(
    state: &AppState,
    caller: &Caller,
    id: ConversationId,
    format: Format,
    prefix: &str,
    locale: Locale,
) -> Result<HttpResponse> {
    let owner = caller.owner();
    let mut tx = state.db.write(owner.tenant).await?;
    let conversation = conversation::find(&mut tx, owner, id).await?.ok_or(Code::NotFound)?;
    let turn = turn::newest(&mut tx, owner.tenant, id).await?.map(|turn| turn.view());
    let (ending, media_type) = match format {
        Format::Md => ("md", "text/markdown; charset=utf-8"),
        Format::Json => ("json", "application/json"),
    };
    let act = Act {
        actor: Actor::User(owner.user),
        address: &caller.address,
        action: "conversation_exported",
        object: format!("conversation:{id}"),
        target: None,
        digest: None,
        details: ending,
    };
    state.auditor.append(&mut tx, owner.tenant, act).await?;
    tx.commit().await?;
    let name = format!("{}.{ending}", export::file_name(&conversation.title));
    let writer = Writer {
        state: state.clone(),
        caller: caller.clone(),
        conversation,
        turn,
        prefix: prefix.to_owned(),
        locale,
        format,
        part: Part::Head,
        has_some: false,
    };
    let body = stream::try_unfold(writer, |mut writer| async move {
        Ok::<_, Error>(writer.next().await?.map(|written| (Bytes::from(written), writer)))
    });
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, media_type))
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .streaming(body.inspect_err(|error| tracing::error!(%error, "an export was cut"))))
}

impl Writer {
    /// The next part of the file; nothing at its end.
    async fn next(&mut self) -> Result<Option<String>> {
        let (written, part) = match self.part {
            Part::Head => (self.head()?, Part::Messages(0)),
            Part::Messages(after) => {
                let (messages, calls) = page(&self.state, self.caller.owner(), &self.conversation, after).await?;
                match (messages.last(), self.format) {
                    (Some(last), Format::Md) => (self.markdown(&messages, &calls), Part::Messages(last.position)),
                    (Some(last), Format::Json) => (self.messages(&messages)?, Part::Messages(last.position)),
                    (None, Format::Md) => (String::new(), Part::Foot),
                    (None, Format::Json) => {
                        self.has_some = false;
                        ("],\"tool_calls\":[".to_owned(), Part::Calls(0))
                    }
                }
            }
            Part::Calls(after) => {
                let (messages, calls) = page(&self.state, self.caller.owner(), &self.conversation, after).await?;
                match messages.last() {
                    Some(last) => (self.calls(calls)?, Part::Calls(last.position)),
                    None => ("]}\n".to_owned(), Part::Foot),
                }
            }
            Part::Foot => (String::new(), Part::Done),
            Part::Done => return Ok(None),
        };
        self.part = part;
        Ok(Some(written))
    }

    fn head(&self) -> Result<String> {
        match self.format {
            Format::Md => Ok(export::head(&self.conversation, now(), self.locale)),
            Format::Json => {
                let drawn = json::conversation(&self.conversation, self.turn.as_ref(), self.locale);
                let drawn = serde_json::to_string(&drawn).map_err(Error::internal)?;
                Ok(format!("{{\"conversation\":{drawn},\"exported_at\":\"{}\",\"messages\":[", json::time(now())))
            }
        }
    }

    fn markdown(&self, messages: &[Message], calls: &[(StoredCall, Vec<Question>)]) -> String {
        let of = |message: &Message| -> Vec<(StoredCall, Vec<Question>)> {
            calls.iter().filter(|(call, _)| call.message_id == message.id).cloned().collect()
        };
        messages.iter().map(|message| export::message(message, &of(message), self.locale)).collect()
    }

    fn messages(&mut self, messages: &[Message]) -> Result<String> {
        let mut written = String::new();
        for message in messages {
            let drawn = json::message(message, self.conversation.id, &self.prefix).map_err(Error::internal)?;
            self.push(&mut written, &serde_json::to_string(&drawn).map_err(Error::internal)?);
        }
        Ok(written)
    }

    fn calls(&mut self, calls: Vec<(StoredCall, Vec<Question>)>) -> Result<String> {
        let mut written = String::new();
        for (call, questions) in calls {
            let at = call.created_at.0;
            let call = ToolCall { questions, ..call.into() };
            let drawn = json::tool_call(&call, at, &self.prefix).map_err(Error::internal)?;
            self.push(&mut written, &serde_json::to_string(&drawn).map_err(Error::internal)?);
        }
        Ok(written)
    }

    /// One more of a list.
    fn push(&mut self, written: &mut String, item: &str) {
        if std::mem::replace(&mut self.has_some, true) {
            written.push(',');
        }
        written.push('\n');
        written.push_str(item);
    }
}

/// Messages of a conversation, and the calls that they ask for with what was asked of their person.
pub(super) type Page = (Vec<Message>, Vec<(StoredCall, Vec<Question>)>);

/// Messages after a position, with the calls that they ask for; nothing that was said since the export began.
///
/// # Errors
/// `not_found` if the conversation was deleted meanwhile: a file that stops in its middle must not look whole.
pub(super) async fn page(state: &AppState, owner: Owner, conversation: &Conversation, after: i64) -> Result<Page> {
    let (tenant, id) = (conversation.tenant_id, conversation.id);
    let mut conn = state.db.read(tenant).await?;
    conversation::find(&mut conn, owner, id).await?.ok_or(Code::NotFound)?;
    let mut messages = message::following(&mut conn, tenant, id, after, PAGE).await?;
    messages.retain(|message| message.position <= conversation.last_position);
    let asking: Vec<MessageId> =
        messages.iter().filter(|message| message.role != MessageRole::Tool).map(|message| message.id).collect();
    let calls = tool_call::of_messages(&mut conn, tenant, &asking).await?;
    let ids: Vec<ToolCallId> = calls.iter().map(|call| call.id).collect();
    let mut asked = question::of_calls(&mut conn, tenant, &ids).await?;
    let with = |call: StoredCall| {
        let of = asked.extract_if(.., |(id, _)| *id == call.id).map(|(_, question)| question).collect();
        (call, of)
    };
    Ok((messages, calls.into_iter().map(with).collect()))
}
