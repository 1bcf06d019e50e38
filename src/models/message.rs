//! Messages: the course of a conversation, in the order of their positions.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::conversation;
use crate::{
    db::{
        Conn, now, on,
        schema::{blobs, messages, turns},
        types::{Json, Time},
    },
    error::Result,
    types::{
        Block, ConversationId, InsteadOf, Message, MessageId, MessageRole, MessageState, TenantId, ToolCallId, TurnId,
        Usage,
    },
};

/// A message as it is stored.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = messages)]
struct Row {
    id: MessageId,
    tenant_id: TenantId,
    conversation_id: ConversationId,
    turn_id: TurnId,
    position: i64,
    role: MessageRole,
    state: MessageState,
    content: Json<Vec<Block>>,
    provider: Option<String>,
    model: Option<String>,
    stop_reason: Option<String>,
    input_tokens: Option<i64>,
    output_tokens: Option<i64>,
    cached_tokens: Option<i64>,
    usage_estimated: bool,
    tool_call_id: Option<ToolCallId>,
    created_at: Time,
    instead_of: Option<Json<InsteadOf>>,
}

impl From<Row> for Message {
    fn from(row: Row) -> Self {
        let usage = row.input_tokens.zip(row.output_tokens).map(|(input_tokens, output_tokens)| Usage {
            input_tokens,
            output_tokens,
            cached_tokens: row.cached_tokens.unwrap_or(0),
            estimated: row.usage_estimated,
        });
        Self {
            id: row.id,
            turn_id: row.turn_id,
            position: row.position,
            role: row.role,
            state: row.state,
            content: row.content.0,
            provider: row.provider,
            model: row.model,
            instead_of: row.instead_of.map(|instead| instead.0),
            stop_reason: row.stop_reason,
            usage,
            tool_call_id: row.tool_call_id,
            created_at: row.created_at.into(),
        }
    }
}

/// Where a message belongs.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// The tenant.
    pub tenant: TenantId,
    /// The conversation.
    pub conversation: ConversationId,
    /// The turn.
    pub turn: TurnId,
}

/// A message that is not stored yet.
#[derive(Clone, Debug)]
pub struct NewMessage {
    /// Its id.
    pub id: MessageId,
    /// Who speaks.
    pub role: MessageRole,
    /// Whether it is whole.
    pub state: MessageState,
    /// What it says.
    pub content: Vec<Block>,
    /// The provider and model that wrote it.
    pub written_by: Option<(String, String)>,
    /// Who should have written it and could not.
    pub instead_of: Option<InsteadOf>,
    /// Why the model ended.
    pub stop_reason: Option<String>,
    /// What it used.
    pub usage: Option<Usage>,
    /// The call whose result it is.
    pub tool_call_id: Option<ToolCallId>,
}

impl NewMessage {
    /// A whole message of this role.
    pub fn new(role: MessageRole, content: Vec<Block>) -> Self {
        Self {
            id: MessageId::new(),
            role,
            state: MessageState::Complete,
            content,
            written_by: None,
            instead_of: None,
            stop_reason: None,
            usage: None,
            tool_call_id: None,
        }
    }
}

/// Stores a message at the end of its conversation.
///
/// # Errors
/// When the database refuses.
pub async fn append(conn: &mut Conn, place: Place, new: NewMessage) -> Result<Message> {
    let position = conversation::next_position(conn, place.tenant, place.conversation).await?;
    let (provider, model) = new.written_by.unzip();
    let row = Row {
        id: new.id,
        tenant_id: place.tenant,
        conversation_id: place.conversation,
        turn_id: place.turn,
        position,
        role: new.role,
        state: new.state,
        content: Json(new.content),
        provider,
        model,
        stop_reason: new.stop_reason,
        input_tokens: new.usage.map(|usage| usage.input_tokens),
        output_tokens: new.usage.map(|usage| usage.output_tokens),
        cached_tokens: new.usage.map(|usage| usage.cached_tokens),
        usage_estimated: new.usage.is_some_and(|usage| usage.estimated),
        tool_call_id: new.tool_call_id,
        created_at: now().into(),
        instead_of: new.instead_of.map(Json),
    };
    on!(conn, c => diesel::insert_into(messages::table).values(&row).execute(c).await)?;
    Ok(row.into())
}

/// The newest `limit` messages before position `before` (all, without one), in order.
///
/// # Errors
/// When the database does not answer.
pub async fn page(
    conn: &mut Conn,
    tenant: TenantId,
    conversation: ConversationId,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<Message>> {
    let mut rows: Vec<Row> = on!(conn, c => {
        messages::table
            .filter(messages::tenant_id.eq(tenant))
            .filter(messages::conversation_id.eq(conversation))
            .filter(messages::position.lt(before.unwrap_or(i64::MAX)))
            .order(messages::position.desc())
            .limit(limit)
            .select(Row::as_select())
            .load(c)
            .await
    })?;
    rows.reverse();
    Ok(rows.into_iter().map(Message::from).collect())
}

/// The newest `limit` messages after position `after`, in order.
///
/// # Errors
/// When the database does not answer.
pub async fn after(
    conn: &mut Conn,
    tenant: TenantId,
    conversation: ConversationId,
    after: i64,
    limit: i64,
) -> Result<Vec<Message>> {
    let mut rows: Vec<Row> = on!(conn, c => {
        messages::table
            .filter(messages::tenant_id.eq(tenant))
            .filter(messages::conversation_id.eq(conversation))
            .filter(messages::position.gt(after))
            .order(messages::position.desc())
            .limit(limit)
            .select(Row::as_select())
            .load(c)
            .await
    })?;
    rows.reverse();
    Ok(rows.into_iter().map(Message::from).collect())
}

/// The messages of a turn, in order.
///
/// # Errors
/// When the database does not answer.
pub async fn of_turn(conn: &mut Conn, tenant: TenantId, turn: TurnId) -> Result<Vec<Message>> {
    let rows: Vec<Row> = on!(conn, c => {
        messages::table
            .filter(messages::tenant_id.eq(tenant))
            .filter(messages::turn_id.eq(turn))
            .order(messages::position)
            .select(Row::as_select())
            .load(c)
            .await
    })?;
    Ok(rows.into_iter().map(Message::from).collect())
}

/// The oldest `limit` messages after position `after`, in order.
///
/// # Errors
/// When the database does not answer.
pub async fn following(
    conn: &mut Conn,
    tenant: TenantId,
    conversation: ConversationId,
    after: i64,
    limit: i64,
) -> Result<Vec<Message>> {
    let rows: Vec<Row> = on!(conn, c => {
        messages::table
            .filter(messages::tenant_id.eq(tenant))
            .filter(messages::conversation_id.eq(conversation))
            .filter(messages::position.gt(after))
            .order(messages::position)
            .limit(limit)
            .select(Row::as_select())
            .load(c)
            .await
    })?;
    Ok(rows.into_iter().map(Message::from).collect())
}

/// The position of a turn's first message: the person's.
///
/// # Errors
/// When the database does not answer.
pub async fn first_position(conn: &mut Conn, tenant: TenantId, turn: TurnId) -> Result<Option<i64>> {
    Ok(on!(conn, c => {
        messages::table
            .filter(messages::tenant_id.eq(tenant))
            .filter(messages::turn_id.eq(turn))
            .select(diesel::dsl::min(messages::position))
            .first(c)
            .await
    })?)
}

/// The position of a conversation's oldest message.
///
/// # Errors
/// When the database does not answer.
pub async fn oldest(conn: &mut Conn, tenant: TenantId, conversation: ConversationId) -> Result<Option<i64>> {
    Ok(on!(conn, c => {
        messages::table
            .filter(messages::tenant_id.eq(tenant))
            .filter(messages::conversation_id.eq(conversation))
            .select(diesel::dsl::min(messages::position))
            .first(c)
            .await
    })?)
}

/// The message with which a window that begins at this position begins, if anything lies before it.
///
/// # Errors
/// When the database does not answer.
pub async fn at_window(
    conn: &mut Conn,
    tenant: TenantId,
    conversation: ConversationId,
    begins: i64,
) -> Result<Option<MessageId>> {
    if begins <= 1 {
        return Ok(None);
    }
    // It and the one before it.
    let newest: Vec<(MessageId, i64)> = on!(conn, c => {
        messages::table
            .filter(messages::tenant_id.eq(tenant))
            .filter(messages::conversation_id.eq(conversation))
            .filter(messages::position.le(begins))
            .order(messages::position.desc())
            .limit(2)
            .select((messages::id, messages::position))
            .load(c)
            .await
    })?;
    Ok(match newest[..] {
        [(id, position), _] if position == begins => Some(id),
        _ => None,
    })
}

/// Deletes the oldest turns of a conversation, whole, with the blobs that their messages show, until at most `most`
/// messages are left; never the turn of `place`. Gives how many turns are gone.
///
/// # Errors
/// When the database does not answer.
pub async fn forget_oldest(conn: &mut Conn, place: Place, most: i64) -> Result<usize> {
    let (tenant, conversation) = (place.tenant, place.conversation);
    // Positions follow one another, and only the first ones are ever gone.
    let last: Option<i64> = on!(conn, c => {
        messages::table
            .filter(messages::tenant_id.eq(tenant))
            .filter(messages::conversation_id.eq(conversation))
            .select(diesel::dsl::max(messages::position))
            .first(c)
            .await
    })?;
    let beyond = last.unwrap_or(0) - most;
    let turns: Vec<TurnId> = on!(conn, c => {
        messages::table
            .filter(messages::tenant_id.eq(tenant))
            .filter(messages::conversation_id.eq(conversation))
            .filter(messages::position.le(beyond))
            .filter(messages::turn_id.ne(place.turn))
            .select(messages::turn_id)
            .distinct()
            .load(c)
            .await
    })?;
    if turns.is_empty() {
        return Ok(0);
    }
    let contents: Vec<Json<Vec<Block>>> = on!(conn, c => {
        messages::table.filter(messages::turn_id.eq_any(&turns)).select(messages::content).load(c).await
    })?;
    let shown = |block: Block| match block {
        Block::Image { number, .. } | Block::File { number, .. } => Some(number),
        _ => None,
    };
    let shown: Vec<i64> = contents.into_iter().flat_map(|content| content.0).filter_map(shown).collect();
    Ok(on!(conn, c => {
        if !shown.is_empty() {
            diesel::delete(
                blobs::table
                    .filter(blobs::tenant_id.eq(tenant))
                    .filter(blobs::conversation_id.eq(conversation))
                    .filter(blobs::number.eq_any(shown)),
            )
            .execute(c)
            .await?;
        }
        diesel::delete(turns::table.filter(turns::tenant_id.eq(tenant)).filter(turns::id.eq_any(&turns)))
            .execute(c)
            .await
    })?)
}
