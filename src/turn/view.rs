//! What a viewer is shown of a conversation: a page of stored messages, and what is not finished.

use crate::{
    db::Database,
    error::{Code, Result},
    feed::Subscription,
    models::{
        Owner,
        conversation::{self, Conversation},
        message, question, tool_call,
        tool_call::StoredCall,
        turn::{self, Turn},
    },
    render::Snapshot,
    state::AppState,
    types::{ConversationId, ConversationKind, Message, MessageId, MessageRole, ToolCall, TurnState},
};

/// How many messages a page of a conversation shows.
const PAGE: i64 = 40;

/// A conversation as a page shows it.
pub struct View {
    /// The conversation.
    pub conversation: Conversation,
    /// What is settled: the newest page of messages before the turn that is not finished, with their calls.
    pub stored: Snapshot,
    /// The position up to which `stored` goes; a socket follows from there.
    pub after: i64,
    /// Whether there are older messages than `stored`.
    pub has_older: bool,
    /// Everything after that: the turn that is not finished, and what it has told so far.
    pub live: Snapshot,
}

/// Reads a conversation for a page.
///
/// # Errors
/// `not_found` for what is not the caller's.
pub async fn view(state: &AppState, owner: Owner, id: ConversationId) -> Result<View> {
    let (conversation, turn) = find(&state.db, owner, id).await?;
    let open = turn.as_ref().filter(|turn| !turn.state.is_finished());
    let first = match open {
        Some(turn) => message::first_position(&mut *state.db.read(owner.tenant).await?, owner.tenant, turn.id).await?,
        None => None,
    };
    let after = first.map_or(conversation.last_position, |first| first - 1);
    let (stored, has_older) = older_messages(state, owner, id, after + 1).await?;
    let subscription = follow(state, open, id).await?;
    let live = snapshot(state, owner, id, after, &subscription).await?;
    Ok(View { conversation, stored, after, has_older, live })
}

/// The newest page of messages before a position, with their calls; and whether there are older ones.
///
/// # Errors
/// `not_found` for what is not the caller's.
pub async fn older_messages(
    state: &AppState,
    owner: Owner,
    id: ConversationId,
    before: i64,
) -> Result<(Snapshot, bool)> {
    let mut conn = state.db.read(owner.tenant).await?;
    let conversation = conversation::find(&mut conn, owner, id).await?.ok_or(Code::NotFound)?;
    let oldest = message::oldest(&mut conn, owner.tenant, id).await?.unwrap_or(1);
    let mut messages = message::page(&mut conn, owner.tenant, id, Some(before), PAGE).await?;
    // A page begins with a person's message where it can: a reply is not parted from its question, nor a result
    // from its call.
    let begins = messages.iter().position(|message| message.role == MessageRole::User).unwrap_or(0);
    let is_first_page = messages.first().is_none_or(|message| message.position == oldest);
    if !is_first_page && i64::try_from(messages.len()).is_ok_and(|count| count == PAGE) {
        messages.drain(..begins);
    }
    let has_older = messages.first().is_some_and(|message| message.position > oldest);
    let calls = calls_of(&mut conn, owner, &messages).await?;
    let window = message::at_window(&mut conn, owner.tenant, id, conversation.window_begins).await?;
    Ok((Snapshot { messages, calls, window, ..Snapshot::default() }, has_older))
}

/// What a viewer that subscribed must be shown: everything after a position, as it stands now. Subscribe first.
///
/// # Errors
/// `not_found` for what is not the caller's.
pub async fn snapshot(
    state: &AppState,
    owner: Owner,
    id: ConversationId,
    after: i64,
    subscription: &Subscription,
) -> Result<Snapshot> {
    let mut conn = state.db.read(owner.tenant).await?;
    let conversation = conversation::find(&mut conn, owner, id).await?.ok_or(Code::NotFound)?;
    let turn = turn::newest(&mut conn, owner.tenant, id).await?;
    let messages = message::after(&mut conn, owner.tenant, id, after, PAGE * 5).await?;
    let calls = calls_of(&mut conn, owner, &messages).await?;
    let stored: Vec<MessageId> = messages.iter().map(|message| message.id).collect();
    // What is stored by now is not live any more, though it was when the viewer subscribed; of a turn that does not
    // run, nothing is.
    let runs = turn.as_ref().is_some_and(|turn| turn.state == TurnState::Running);
    let live = subscription
        .live
        .iter()
        .filter(|_| runs)
        .filter(|event| event.reply().is_none_or(|reply| !stored.contains(&reply)))
        .cloned()
        .collect();
    let window = message::at_window(&mut conn, owner.tenant, id, conversation.window_begins).await?;
    let turn = turn.map(|turn| turn.view());
    let is_ended = conversation.ended_at.is_some();
    let is_direct = conversation.kind != ConversationKind::Chat;
    let told = Vec::new();
    Ok(Snapshot { title: Some(conversation.title), is_ended, is_direct, turn, messages, calls, window, live, told })
}

/// What waits for a person's decision or answer, over all their conversations, oldest first.
///
/// # Errors
/// When the database does not answer.
pub async fn waiting(state: &AppState, owner: Owner) -> Result<Vec<ToolCall>> {
    let mut conn = state.db.read(owner.tenant).await?;
    let calls = tool_call::waiting(&mut conn, owner).await?;
    let mut calls = question::with(&mut conn, owner.tenant, calls).await?;
    // What was answered already is on its way.
    calls.retain(ToolCall::waits);
    Ok(calls)
}

/// Begins to follow a conversation, wherever its turn runs.
///
/// # Errors
/// `not_found` for what is not the caller's.
pub async fn subscribe(state: &AppState, owner: Owner, id: ConversationId) -> Result<Subscription> {
    let (_, turn) = find(&state.db, owner, id).await?;
    follow(state, turn.as_ref().filter(|turn| !turn.state.is_finished()), id).await
}

/// Subscribes, with what a turn of another instance has told so far.
async fn follow(state: &AppState, open: Option<&Turn>, id: ConversationId) -> Result<Subscription> {
    let subscription = state.feed.subscribe(id);
    match open {
        Some(turn) if turn.state == TurnState::Running && turn.owner != Some(state.instance) => {
            state.feed.catch_up(&state.db, turn.tenant_id, id, turn.id).await?;
            Ok(state.feed.subscribe(id))
        }
        _ => Ok(subscription),
    }
}

async fn find(db: &Database, owner: Owner, id: ConversationId) -> Result<(Conversation, Option<Turn>)> {
    let mut conn = db.read(owner.tenant).await?;
    let conversation = conversation::find(&mut conn, owner, id).await?.ok_or(Code::NotFound)?;
    let turn = turn::newest(&mut conn, owner.tenant, id).await?;
    Ok((conversation, turn))
}

async fn calls_of(conn: &mut crate::db::Conn, owner: Owner, messages: &[Message]) -> Result<Vec<ToolCall>> {
    // A person names tools too.
    let asking: Vec<MessageId> =
        messages.iter().filter(|message| message.role != MessageRole::Tool).map(|message| message.id).collect();
    let calls: Vec<StoredCall> = tool_call::of_messages(conn, owner.tenant, &asking).await?;
    question::with(conn, owner.tenant, calls).await
}
