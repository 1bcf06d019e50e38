//! Calls of other programs, by `/mcp`: under the same rule as a model's, with the same judge, the same approval, the same
//! runner. Each has a conversation of its own, of the kind `agent`, in which no model is ever asked.
//!
//! What is different is that somebody waits outside. A program that left has nobody who would read the answer, so what
//! it asked for must not happen any more: what waits is denied, what runs is stopped. Whether it is still there is a
//! lease in the database, because the person decides on any instance and a server that died denies nothing itself.

use chrono::TimeDelta;

use crate::{
    db::Scope,
    error::{Code, Error, Result},
    models::{
        Owner, agent_call,
        agent_call::AgentCall,
        api_token, blob, conversation, message,
        tool_call::{self, StoredCall},
        turn,
    },
    state::AppState,
    tools::mcp::words,
    types::{ApiTokenId, Block, ConversationId, ConversationKind, MessageId, ToolCallState, TurnId, TurnState},
};

use super::{
    Caller,
    approval::Denial,
    direct::{DirectTool, Looked},
    start::{self, Started},
    stop,
};

/// How long a program is believed to wait without a word of the instance that it waits at.
const LEASE: TimeDelta = TimeDelta::seconds(30);

/// How long one is that was sent to its person first and shall come back: as long as any question to a person may take.
const AWAY: TimeDelta = TimeDelta::minutes(10);

/// The longest name of a program that is kept, in characters.
const NAME: usize = 80;

/// Which program asks.
#[derive(Clone, Debug)]
pub struct Agent {
    /// What it calls itself.
    pub client: String,
    /// The token with which it came.
    pub token: ApiTokenId,
}

/// Where a call of a program stands.
pub enum Standing {
    /// It has no answer yet.
    Open(ToolCallState),
    /// It is over, or nobody can say how it ended.
    Over(Box<Answer>),
}

/// What became of a call, for the program that asked.
pub struct Answer {
    /// The call.
    pub call: StoredCall,
    /// What is told, with what the person changed before it.
    pub text: String,
    /// Whether that is an error.
    pub is_error: bool,
    /// Images and files that came with it.
    pub files: Vec<Block>,
}

/// Asks for a tool in the name of a person. Their program waits for it, or its absence is told by [`leave`].
///
/// # Errors
/// As [`super::call`]; `rate_limited` where it would wait behind too many.
pub async fn ask_as_agent(state: &AppState, caller: &Caller, tool: DirectTool, agent: Agent) -> Result<Started> {
    let mut looked = Looked::at(state, caller, tool).await?;
    let tokens = api_token::of_person(&mut *state.db.read(caller.tenant.id).await?, caller.owner()).await?;
    let token = tokens.into_iter().find(|token| token.id == agent.token).ok_or(Code::Unauthorized)?;
    let mut tx = state.db.write(caller.tenant.id).await?;
    let (owner, kind) = (caller.owner(), ConversationKind::Agent);
    let conversation = conversation::create(&mut tx, owner, kind, looked.name()).await?;
    looked.asked_by = Some(Asker { client: name_of(&agent.client), token_id: token.id, token_name: token.name });
    start::with_tool_alone(state, caller, tx, conversation, looked, None).await
}

/// Who asks, as it is kept with the call.
pub(super) struct Asker {
    client: String,
    token_id: ApiTokenId,
    token_name: String,
}

impl Asker {
    /// Keeps it with the turn of the call.
    pub async fn keep(self, conn: &mut crate::db::Conn, turn: &turn::Turn) -> Result<()> {
        let Self { client, token_id, token_name } = self;
        let call = AgentCall {
            turn_id: turn.id,
            tenant_id: turn.tenant_id,
            user_id: turn.user_id,
            conversation_id: turn.conversation_id,
            client,
            token_id,
            token_name,
            awaited_until: Some((conn.now().await? + LEASE).into()),
        };
        agent_call::insert(conn, &call).await
    }
}

/// A program's name as it may stand before the person who decides: it could say anything of itself.
fn name_of(client: &str) -> String {
    words::bounded(&words::line(client), NAME)
}

/// Says that its program still waits. `false` when it was given up, or answered, before.
///
/// # Errors
/// When the database does not answer.
pub async fn still_awaited(state: &AppState, owner: Owner, turn: TurnId) -> Result<bool> {
    lease(state, owner, turn, Some(LEASE)).await
}

/// Says that its program was sent to its person and comes back for the answer.
///
/// # Errors
/// When the database does not answer.
pub async fn comes_back(state: &AppState, owner: Owner, turn: TurnId) -> Result<bool> {
    lease(state, owner, turn, Some(AWAY)).await
}

/// Says that its program has its answer.
///
/// # Errors
/// When the database does not answer.
pub async fn answered(state: &AppState, owner: Owner, turn: TurnId) -> Result<()> {
    lease(state, owner, turn, None).await?;
    Ok(())
}

async fn lease(state: &AppState, owner: Owner, turn: TurnId, time: Option<TimeDelta>) -> Result<bool> {
    let mut tx = state.db.write(owner.tenant).await?;
    let until = match time {
        Some(time) => Some(tx.now().await? + time),
        None => None,
    };
    let changed = agent_call::await_until(&mut tx, owner, turn, until).await?;
    tx.commit().await?;
    Ok(changed)
}

/// The program that asked has left: what waits is denied, what runs is stopped. Nothing happens where it has its answer.
///
/// # Errors
/// When the database does not answer.
pub async fn leave(state: &AppState, owner: Owner, turn: TurnId) -> Result<()> {
    let found = agent_call::find(&mut *state.db.read(owner.tenant).await?, owner, turn).await?;
    match found {
        Some(call) if call.awaited_until.is_some() => give_up(state, &call).await,
        _ => Ok(()),
    }
}

async fn give_up(state: &AppState, call: &AgentCall) -> Result<()> {
    let denial = Denial { why: "The program that asked for it has left.", details: "left", address: "" };
    match stop::end(state, call.owner(), call.conversation_id, &denial).await {
        // Its person deleted the conversation.
        Err(error) if error.code() == Some(Code::NotFound) => {}
        ended => ended?,
    }
    answered(state, call.owner(), call.turn_id).await
}

/// Gives up the calls of programs that left without a word, as those of a server that died. `all`: whoever waited did so
/// at a server that is no more.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn give_up_abandoned(state: &AppState, all: bool) -> Result<()> {
    let found = agent_call::abandoned(&mut *state.db.read(Scope::System("recovery")).await?, all).await?;
    for call in found {
        tracing::info!(turn = %call.turn_id, "the program that asked has left");
        give_up(state, &call).await?;
    }
    Ok(())
}

/// Whether a turn was asked for by a program that is not there any more; `all` as for [`give_up_abandoned`].
pub(super) async fn is_abandoned(conn: &mut crate::db::Conn, owner: Owner, turn: TurnId, all: bool) -> Result<bool> {
    let Some(call) = agent_call::find(conn, owner, turn).await? else { return Ok(false) };
    let now = conn.now().await?;
    Ok(call.awaited_until.is_some_and(|until| all || until.0 <= now))
}

/// Where the call of a turn stands.
///
/// # Errors
/// `not_found` for what is not the person's, or not there any more.
pub async fn standing(state: &AppState, owner: Owner, id: TurnId) -> Result<Standing> {
    let mut conn = state.db.read(owner.tenant).await?;
    let turn = turn::find(&mut conn, owner, id).await?.ok_or(Code::NotFound)?;
    // The newest: one that was run again has another id.
    let call = tool_call::of_turn(&mut conn, owner.tenant, id).await?.into_iter().last().ok_or(Code::NotFound)?;
    if call.state == ToolCallState::OutcomeUnknown {
        let text = call.result.clone().unwrap_or_default();
        return Ok(over(call, format!("outcome_unknown: {text}"), true, Vec::new()));
    }
    if !call.state.is_finished() {
        let is_over = turn.state.is_finished() && turn.state != TurnState::Completed;
        if is_over {
            let text = "The turn ended before it ran.".to_owned();
            return Ok(over(call, text, true, Vec::new()));
        }
        return Ok(Standing::Open(call.state));
    }
    let told = message::of_turn(&mut conn, owner.tenant, id).await?;
    // A call has one result: its message goes by the call's id.
    let told = told.into_iter().find(|message| message.id == MessageId(call.id.0));
    let mut content = told.map(|message| message.content).unwrap_or_default();
    let (text, is_error) = match content.iter().position(|block| matches!(block, Block::ToolResult { .. })) {
        Some(place) => match content.remove(place) {
            Block::ToolResult { text, is_error, .. } => (text, is_error),
            _ => (String::new(), true),
        },
        None => (call.result.clone().unwrap_or_default(), call.state != ToolCallState::Succeeded),
    };
    Ok(over(call, text, is_error, content))
}

fn over(call: StoredCall, text: String, is_error: bool, files: Vec<Block>) -> Standing {
    Standing::Over(Box::new(Answer { call, text, is_error, files }))
}

/// The call with which a program comes back, if it is the one that it asked for with this very token.
///
/// # Errors
/// `not_found` for anything else, and for a call that was given up or answered since.
pub async fn asked_before(
    state: &AppState,
    owner: Owner,
    (turn, token): (TurnId, ApiTokenId),
    (name, arguments): (&str, &str),
) -> Result<Started> {
    let mut conn = state.db.read(owner.tenant).await?;
    let found = agent_call::find(&mut conn, owner, turn).await?;
    let found = found.filter(|call| call.token_id == token && call.awaited_until.is_some()).ok_or(Code::NotFound)?;
    let calls = tool_call::of_turn(&mut conn, owner.tenant, turn).await?;
    let is_same = calls.first().is_some_and(|call| call.name == name && call.asked() == arguments);
    if is_same { Ok(Started { turn, conversation: found.conversation_id }) } else { Err(Code::NotFound.into()) }
}

/// The call that a turn's person is to decide now.
///
/// # Errors
/// When the database does not answer.
pub async fn asked_of_person(state: &AppState, owner: Owner, turn: TurnId) -> Result<Option<StoredCall>> {
    Ok(tool_call::of_turn(&mut *state.db.read(owner.tenant).await?, owner.tenant, turn).await?.into_iter().last())
}

/// What is in the files of an answer, by their numbers.
///
/// # Errors
/// When the database does not answer.
pub async fn files_of(
    state: &AppState,
    owner: Owner,
    conversation: ConversationId,
    numbers: &[i64],
) -> Result<std::collections::BTreeMap<i64, bytes::Bytes>> {
    let mut conn = state.db.read(owner.tenant).await?;
    conversation::find(&mut conn, owner, conversation).await?.ok_or_else(|| Error::from(Code::NotFound))?;
    blob::bytes_of(&mut conn, owner.tenant, conversation, numbers).await
}
