//! A turn as scripts are shown it: step by step as it was told, or what it came to.

use crate::{
    error::{Code, Result},
    event::ChatEvent,
    feed::Subscription,
    models::{
        Owner, conversation, message, question, tool_call,
        tool_call::StoredCall,
        turn::{self, Turn},
        turn_event, usage,
    },
    render::Snapshot,
    state::AppState,
    types::{ConversationId, Credits, Message, MessageRole, TurnId, TurnState, TurnView, Usage},
};

/// How many messages the end of a stream shows.
const HISTORY: i64 = 40;

/// Everything that a turn told and has told live, for a viewer that subscribed. `None` for `id`: the newest one; nothing
/// if there is none.
///
/// # Errors
/// `not_found` for what is not the caller's.
pub async fn told(
    state: &AppState,
    owner: Owner,
    conversation: ConversationId,
    id: Option<TurnId>,
    subscription: &Subscription,
) -> Result<Snapshot> {
    let mut conn = state.db.read(owner.tenant).await?;
    let turn = match id {
        Some(id) => Some(turn::find(&mut conn, owner, id).await?.ok_or(Code::NotFound)?),
        None => turn::newest(&mut conn, owner.tenant, conversation).await?,
    };
    let Some(turn) = turn else { return Ok(Snapshot::default()) };
    if turn.conversation_id != conversation || turn.user_id != owner.user {
        return Err(Code::NotFound.into());
    }
    let stored = turn_event::told(&mut conn, owner.tenant, turn.id, 0).await?;
    let mut told: Vec<ChatEvent> = stored.into_iter().map(|(_, event)| event).collect();
    // What was told is cleared away some time after the turn's end. If it was tried again since, it begins in its middle.
    let is_whole = matches!(told.first(), Some(ChatEvent::Message { message }) if message.role == MessageRole::User);
    if !is_whole {
        let mut before = rebuilt(&mut conn, &turn).await?;
        before.append(&mut told);
        told = before;
    }
    // Live is what the running turn tells, and nothing else is.
    let live = if turn.state == TurnState::Running { subscription.live.clone() } else { Vec::new() };
    Ok(Snapshot { turn: Some(turn.view()), told, live, ..Snapshot::default() })
}

/// The course of a turn from what is kept of it for good. Of a turn without tools it is just what was told; of others the
/// steps between a request and its end are gone.
async fn rebuilt(conn: &mut crate::db::Conn, turn: &Turn) -> Result<Vec<ChatEvent>> {
    let calls = tool_call::of_turn(conn, turn.tenant_id, turn.id).await?;
    let calls = question::with(conn, turn.tenant_id, calls).await?;
    let mut events = Vec::new();
    for message in message::of_turn(conn, turn.tenant_id, turn.id).await? {
        let (id, is_first) = (message.id, message.role == MessageRole::User);
        events.push(ChatEvent::Message { message });
        if is_first {
            let begun = TurnView { id: turn.id, state: TurnState::Running, failure: None, epoch: 1 };
            events.push(ChatEvent::Turn { turn: begun });
        }
        let asked = calls.iter().filter(|call| call.message_id == id);
        events.extend(asked.map(|call| ChatEvent::ToolCall { call: Box::new(call.clone()) }));
    }
    events.push(ChatEvent::Turn { turn: turn.view() });
    Ok(events)
}

/// The turn that came after this one in its conversation.
///
/// # Errors
/// `not_found` for what is not the caller's.
pub async fn next_turn(state: &AppState, owner: Owner, id: TurnId) -> Result<Option<TurnId>> {
    let mut conn = state.db.read(owner.tenant).await?;
    let turn = turn::find(&mut conn, owner, id).await?.ok_or(Code::NotFound)?;
    Ok(turn::next_after(&mut conn, &turn).await?.map(|next| next.id))
}

/// The newest turn of a conversation.
///
/// # Errors
/// `not_found` for what is not the caller's.
pub async fn newest_turn(state: &AppState, owner: Owner, id: ConversationId) -> Result<Option<TurnView>> {
    let mut conn = state.db.read(owner.tenant).await?;
    conversation::find(&mut conn, owner, id).await?.ok_or(Code::NotFound)?;
    Ok(turn::newest(&mut conn, owner.tenant, id).await?.map(|turn| turn.view()))
}

/// The newest messages of a conversation up to a position, in order.
///
/// # Errors
/// When the database does not answer.
pub async fn history(
    state: &AppState,
    owner: Owner,
    conversation: ConversationId,
    newest: Option<i64>,
) -> Result<Vec<Message>> {
    let before = newest.map(|position| position.saturating_add(1));
    message::page(&mut *state.db.read(owner.tenant).await?, owner.tenant, conversation, before, HISTORY).await
}

/// What a turn came to so far.
pub struct Outcome {
    /// The turn.
    pub turn: TurnView,
    /// Its conversation.
    pub conversation: ConversationId,
    /// The last message of the assistant.
    pub message: Option<Message>,
    /// What the assistant asked for, in order.
    pub calls: Vec<StoredCall>,
    /// Tokens.
    pub usage: Usage,
    /// Model calls.
    pub requests: i64,
    /// What they cost.
    pub credits: Credits,
}

/// What a turn came to so far.
///
/// # Errors
/// `not_found` for what is not the caller's.
pub async fn outcome(state: &AppState, owner: Owner, id: TurnId) -> Result<Outcome> {
    let mut conn = state.db.read(owner.tenant).await?;
    let turn = turn::find(&mut conn, owner, id).await?.ok_or(Code::NotFound)?;
    let messages = message::of_turn(&mut conn, owner.tenant, id).await?;
    let calls = tool_call::of_turn(&mut conn, owner.tenant, id).await?;
    let (usage, requests, credits) = usage::of_turn(&mut conn, owner.tenant, id).await?;
    Ok(Outcome {
        turn: turn.view(),
        conversation: turn.conversation_id,
        message: messages.into_iter().rfind(|message| message.role == MessageRole::Assistant),
        calls,
        usage,
        requests,
        credits,
    })
}
