//! A tool that a person names themselves, with a message or without one.
//!
//! It takes the way of every other call: judged, stored under its digest, approved, run once by the turn's runner. What is
//! different is who asks: where the person signed in themselves, or gave a token the say-so to decide, naming the tool is
//! their decision on exactly this; of anybody else the call waits for them like a model's. Grants play no part: they were
//! given for what the assistant asks.
//!
//! Without a message a call has a conversation of its own, of the kind `direct`: a conversation has at most one turn that is
//! not finished, so one that waits for its person must not keep the next from running. No model is ever asked in it.

use crate::{
    db::Transaction,
    error::{Code, Error, Refusal, Result},
    event::ChatEvent,
    models::{
        conversation::{self, Conversation},
        tool_call,
        turn::{self, Runner, Turn},
        usage,
    },
    state::AppState,
    tools::{Freshness, ToolError},
    types::{Block, ConversationKind, Decision, Digest, MessageId, ToolCallId, ToolCallState, TurnState},
};

use super::{
    Caller,
    again::Request,
    agent::Asker,
    approval::audit,
    calls,
    judge::{self, Asked, Context, Found, Judged},
    start::{self, Started},
};

/// The longest name of a tool that is looked for: the longest that one may have.
const NAME_MAX: usize = 64;

/// So many calls may wait for a person, and no program asks for another: what their assistant asks for must not drown.
const WAITING: i64 = 50;

/// A tool that a person names themselves.
#[derive(Clone, Debug)]
pub struct DirectTool {
    /// Its name.
    pub name: String,
    /// Its arguments, as JSON text: what runs, to the letter.
    pub arguments: String,
    /// Whether naming it is the person's decision; without, the call waits for them.
    pub is_decision: bool,
    /// The fingerprint of the definition that the person was shown, where they were shown one: it must still be that.
    pub shown: Option<Digest>,
}

/// A tool that may be asked for, with what it would do.
pub(super) struct Looked {
    asked: Asked,
    found: Found,
    is_decision: bool,
    /// The program that asks, where one does.
    pub asked_by: Option<Asker>,
}

/// Calls a tool without a message. It goes on by itself, whether its caller stays or not.
///
/// # Errors
/// A refusal with the code of the judge (`tool_not_allowed`, `invalid_payload`, `invalid_path`, …): nothing is stored then;
/// `conflict` for a key that was used for a message; `rate_limited` when too many turns run.
pub async fn call(state: &AppState, caller: &Caller, tool: DirectTool, key: Option<String>) -> Result<Started> {
    let request =
        Request { key: key.clone(), conversation: None, text: String::new(), tool: Request::tool(Some(&tool)) };
    if let Some(started) = request.before(state, caller).await? {
        return only_direct(state, caller, started).await;
    }
    let looked = Looked::at(state, caller, tool).await?;
    let mut tx = state.db.write(caller.tenant.id).await?;
    let (owner, kind) = (caller.owner(), ConversationKind::Direct);
    let conversation = conversation::create(&mut tx, owner, kind, &looked.asked.name).await?;
    let begun = start::with_tool_alone(state, caller, tx, conversation, looked, key).await;
    only_direct(state, caller, request.or_before(state, caller, begun).await?).await
}

/// A key belongs to what it was first used for.
async fn only_direct(state: &AppState, caller: &Caller, started: Started) -> Result<Started> {
    let mut conn = state.db.read(caller.tenant.id).await?;
    match conversation::find(&mut conn, caller.owner(), started.conversation).await? {
        Some(found) if found.kind == ConversationKind::Direct => Ok(started),
        _ => Err(Code::Conflict.into()),
    }
}

/// Refuses messages where no model is asked.
pub(super) fn must_be_chat(conversation: &Conversation) -> Result<(), Refusal> {
    match conversation.kind {
        ConversationKind::Chat => Ok(()),
        ConversationKind::Agent | ConversationKind::Direct => {
            Err(Refusal::new(Code::Conflict).saying("error-not-a-chat"))
        }
    }
}

impl Looked {
    /// Looks at what is asked for, with no effect.
    ///
    /// # Errors
    /// A refusal with the code of the judge.
    pub async fn at(state: &AppState, caller: &Caller, tool: DirectTool) -> Result<Self> {
        let DirectTool { name, arguments, is_decision, shown } = tool;
        if name.len() > NAME_MAX {
            return Err(refused(ToolError::new("tool_not_allowed", "There is no tool of that name here.")).into());
        }
        state.tools.refresh(caller.owner(), Freshness::Kept).await;
        let asked = Asked { id: ToolCallId::new(), name, input: arguments };
        let found = judge::look(state, caller, &[], &asked).await?.map_err(refused)?;
        if shown.is_some_and(|shown| shown != found.fingerprint()) {
            return Err(Refusal::new(Code::Conflict).saying("tools-changed-meanwhile").into());
        }
        Ok(Self { asked, found, is_decision, asked_by: None })
    }

    /// The tool's name.
    pub fn name(&self) -> &str {
        &self.asked.name
    }

    /// What stands of it in the person's message.
    pub fn block(&self) -> Block {
        let Asked { id, name, input } = &self.asked;
        Block::ToolUse { id: *id, name: name.clone(), input: input.clone() }
    }

    /// Stores the call with the message that names it, and the person's decision if that is one; whether it waits for
    /// them. The turn does then, too.
    ///
    /// # Errors
    /// `rate_limited` where it would wait behind too many; a fault of the database.
    pub async fn ask(
        self,
        state: &AppState,
        caller: &Caller,
        tx: &mut Transaction,
        turn: &Turn,
        message: MessageId,
        events: &mut Vec<ChatEvent>,
    ) -> Result<bool> {
        // As a reservation does: who counts the running turns afterwards counts everyone who came before.
        usage::lock_month(tx, caller.tenant.id).await?;
        let context = Context { caller, turn, message };
        let looked_at = self.found.fingerprint();
        let mut call = judge::stored(state, &context, 0, self.asked, Ok(self.found));
        if call.fingerprint != looked_at {
            // It was listed anew in between: what was looked at is not what would run.
            return Err(Refusal::new(Code::Conflict).saying("tools-changed-meanwhile").into());
        }
        if self.is_decision {
            // It runs by this decision, whatever a rule would have let run without one.
            call.authority = None;
            call.state = ToolCallState::Pending;
        }
        let (id, digest, waits) = (call.id, call.digest, !self.is_decision && call.state == ToolCallState::Pending);
        if waits && tool_call::count_pending(tx, caller.owner()).await? >= WAITING {
            return Err(Refusal::new(Code::RateLimited).saying("error-too-many-waiting").into());
        }
        calls::keep(state, tx, vec![Judged { call, grants: Vec::new() }], events).await?;
        if self.is_decision {
            let decided = tool_call::decide(tx, caller.owner(), id, digest, Decision::Approve, None).await?;
            let decided = decided.ok_or_else(|| Error::internal(format!("tool call {id} was not pending")))?;
            audit(state, tx, &decided, "tool_approved", "direct", &caller.address).await?;
            events.push(ChatEvent::ToolCall { call: Box::new(decided.into()) });
        }
        if let Some(asker) = self.asked_by {
            asker.keep(tx, turn).await?;
        }
        if waits {
            let leaving = Runner { turn: turn.id, tenant: turn.tenant_id, epoch: turn.epoch };
            let parked = turn::set_state(tx, leaving, TurnState::Running, TurnState::AwaitingApproval, None).await?;
            let parked = parked.ok_or_else(|| Error::internal(format!("turn {} did not run", turn.id)))?;
            events.push(ChatEvent::Turn { turn: parked.view() });
        }
        Ok(waits)
    }
}

/// The words of a tool are in English, for who writes scripts; those for people go with the code.
fn refused(error: ToolError) -> Refusal {
    Refusal::new(Code::parse(error.code).unwrap_or(Code::ToolError)).with("detail", error.message)
}
