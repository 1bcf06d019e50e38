//! What a model asks for becomes a call that a person may decide; and the decision.
//!
//! No tool runs without passing here: a call is `approved` only by [`decide`], and only under the digest of exactly
//! what was shown.

use crate::{
    db::{Conn, Transaction, types::Json},
    error::{Code, Error, Refusal, Result},
    event::ChatEvent,
    models::{
        audit::{Act, Actor},
        conversation,
        message::{self, NewMessage, Place},
        tool_call::{self, StoredCall},
        turn::{self, Runner, Turn},
    },
    state::AppState,
    tools::{Arguments, Tool, ToolContext, ToolError, policy},
    types::{
        Block, Decision, Digest, Message, MessageId, MessageRole, Preview, ToolCallId, ToolCallState, ToolOutcome,
        TurnState, Verdict, approval::ApprovalSubject,
    },
};

use super::{Caller, checkpoint, run};

/// The most calls one reply may ask for.
const MAX_CALLS_IN_REPLY: usize = 8;

/// So many denials, one after the other, end a turn.
const MAX_DENIALS_IN_A_ROW: i32 = 3;

/// A call that a reply asks for, as the model wrote it.
pub(super) struct Asked {
    /// Our id of it.
    pub id: ToolCallId,
    /// The tool's name.
    pub name: String,
    /// Its arguments.
    pub input: String,
}

/// Where a call belongs.
pub(super) struct Context<'a> {
    /// For whom.
    pub caller: &'a Caller,
    /// The turn.
    pub turn: &'a Turn,
    /// The reply that asks.
    pub message: MessageId,
}

impl Context<'_> {
    fn tool_context(&self) -> ToolContext {
        tool_context(self.caller)
    }
}

/// For whom a tool runs.
pub(super) fn tool_context(caller: &Caller) -> ToolContext {
    ToolContext { tenant: caller.tenant.id, tenant_slug: caller.tenant.slug.clone(), user: caller.user.id }
}

/// Judges what a reply asks for: each call becomes pending, approved by policy, denied, or failed. Reads the world
/// (previews), changes nothing.
pub(super) async fn judge(
    state: &AppState,
    context: &Context<'_>,
    earlier: &[StoredCall],
    asked: Vec<Asked>,
) -> Vec<StoredCall> {
    let mut calls = Vec::with_capacity(asked.len());
    for (ordinal, asked) in asked.into_iter().enumerate() {
        let judged = if ordinal >= MAX_CALLS_IN_REPLY {
            Err(ToolError::new("tool_not_allowed", format!("At most {MAX_CALLS_IN_REPLY} calls are taken at once.")))
        } else {
            preview(state, context, earlier, &asked).await
        };
        calls.push(stored(state, context, ordinal, asked, judged));
    }
    calls
}

/// What the judge found: the verdict with the preview, or why nobody need be asked.
type Judged = Result<(Verdict, Arguments, Preview), ToolError>;

async fn preview(state: &AppState, context: &Context<'_>, earlier: &[StoredCall], asked: &Asked) -> Judged {
    let tool = state
        .toolbox
        .find(&asked.name)
        .ok_or_else(|| ToolError::new("tool_not_allowed", format!("There is no tool “{}” here.", asked.name)))?;
    let arguments = Arguments::parse(&asked.input)?;
    state.toolbox.check(&asked.name, &arguments)?;
    let denied_before = earlier.iter().any(|call| {
        call.state == ToolCallState::Denied && call.name == asked.name && call.arguments == arguments.as_str()
    });
    if denied_before {
        return Err(ToolError::new("denied", "The person has refused exactly this before. Do not ask for it again."));
    }
    match policy::verdict(None) {
        Verdict::Deny => Err(ToolError::new("tool_not_allowed", "This tool is not allowed here.")),
        verdict => {
            let preview = tool.preview(&context.tool_context(), &arguments).await?;
            Ok((verdict, arguments, preview))
        }
    }
}

fn stored(state: &AppState, context: &Context<'_>, ordinal: usize, asked: Asked, judged: Judged) -> StoredCall {
    let definition = state.toolbox.find(&asked.name).map(|tool| tool.definition());
    let (arguments, preview, call_state, outcome) = match judged {
        Ok((Verdict::Allow, arguments, preview)) => {
            (arguments.as_str().to_owned(), preview, ToolCallState::Approved, None)
        }
        Ok((_, arguments, preview)) => (arguments.as_str().to_owned(), preview, ToolCallState::Pending, None),
        Err(error) => (asked.input, Preview::default(), ToolCallState::Failed, Some(error)),
    };
    let time = crate::db::now().into();
    let mut call = StoredCall {
        id: asked.id,
        tenant_id: context.caller.tenant.id,
        user_id: context.caller.user.id,
        conversation_id: context.turn.conversation_id,
        turn_id: context.turn.id,
        message_id: context.message,
        ordinal: i32::try_from(ordinal).unwrap_or(i32::MAX),
        server: definition.map_or_else(String::new, |definition| definition.server.clone()),
        launch: definition.map_or_else(String::new, |definition| definition.launch.clone()),
        name: asked.name,
        fingerprint: definition.map_or_else(|| Digest::of(b""), |definition| definition.fingerprint()),
        arguments,
        asked_arguments: None,
        target: preview.target,
        precondition: preview.precondition,
        difference: preview.difference.map(Json),
        digest: Digest::of(b""),
        state: call_state,
        decision: None,
        decided_by: None,
        decided_at: None,
        reason: None,
        result: outcome.as_ref().map(|error| error.message.clone()),
        error_code: outcome.map(|error| error.code.to_owned()),
        repeats: None,
        created_at: time,
        started_at: None,
        finished_at: call_state.is_finished().then_some(time),
    };
    call.digest = digest_of(&call);
    call
}

/// The digest of what is stored: what a person approves, and what is compared before it runs.
pub(super) fn digest_of(call: &StoredCall) -> Digest {
    ApprovalSubject {
        tenant: call.tenant_id,
        user: call.user_id,
        conversation: call.conversation_id,
        call: call.id,
        server: &call.server,
        launch: &call.launch,
        tool: &call.name,
        fingerprint: call.fingerprint,
        arguments: &call.arguments,
        precondition: call.precondition.as_deref(),
    }
    .digest()
}

/// The tool of a stored call, if it is still the very one that was shown and the stored call was not tampered with.
///
/// # Errors
/// `tool_changed` with words for the model.
pub(super) fn unchanged_tool<'a>(
    state: &'a AppState,
    call: &StoredCall,
) -> Result<&'a std::sync::Arc<dyn Tool>, ToolError> {
    let changed = || ToolError::new("tool_changed", "The tool or the request changed after it was shown. Nothing ran.");
    let tool = state.toolbox.find(&call.name).ok_or_else(changed)?;
    let definition = tool.definition();
    let same = definition.fingerprint() == call.fingerprint
        && definition.server == call.server
        && definition.launch == call.launch
        && digest_of(call) == call.digest;
    if same { Ok(tool) } else { Err(changed()) }
}

/// Stores a call's result as the message that the model gets.
pub(super) async fn append_result(conn: &mut Conn, call: &StoredCall, text: &str, is_error: bool) -> Result<Message> {
    let place = Place { tenant: call.tenant_id, conversation: call.conversation_id, turn: call.turn_id };
    // A repeated call answers what the model asked for in the first place.
    let tool_call_id = call.repeats.unwrap_or(call.id);
    let content = vec![Block::ToolResult { tool_call_id, text: text.to_owned(), is_error }];
    let new = NewMessage { tool_call_id: Some(call.id), ..NewMessage::new(MessageRole::Tool, content) };
    message::append(conn, place, new).await
}

/// What a person says of a call.
pub struct DecisionInput {
    /// Of which call.
    pub call: ToolCallId,
    /// What.
    pub decision: Decision,
    /// The digest of what they saw; `None` if what they sent is none.
    pub digest: Option<Digest>,
    /// Why, of a denial; at most 2,000 characters reach the model.
    pub reason: Option<String>,
}

/// What came of a decision.
pub struct Decided {
    /// The call as it stands now.
    pub call: StoredCall,
}

/// Takes a person's decision. Only the person whose conversation it is decides.
///
/// # Errors
/// `not_found` for what is not theirs; `conflict` when it was decided before or the digest is not that of what
/// stands now.
pub async fn decide(state: &AppState, caller: &Caller, input: DecisionInput) -> Result<Decided> {
    let mut tx = state.db.write(caller.tenant.id).await?;
    let mut act = Deciding { state, caller, events: Vec::new() };
    let (call, turn) = act.one(&mut tx, input).await?;
    act.finish(tx, turn).await?;
    Ok(Decided { call })
}

struct Deciding<'a> {
    state: &'a AppState,
    caller: &'a Caller,
    events: Vec<ChatEvent>,
}

impl Deciding<'_> {
    async fn one(&mut self, tx: &mut Transaction, input: DecisionInput) -> Result<(StoredCall, Turn)> {
        let owner = self.caller.owner();
        let call = tool_call::find(tx, owner, input.call).await?.ok_or(Code::NotFound)?;
        let turn = turn::find(tx, owner, call.turn_id).await?.ok_or(Code::NotFound)?;
        let conflict =
            || Error::from(Refusal::new(Code::Conflict).saying("error-decided-already").with("state", call.state));
        if input.digest != Some(call.digest) {
            return Err(conflict());
        }
        match (call.state, input.decision) {
            (ToolCallState::Pending, Decision::Approve | Decision::Deny)
                if turn.state == TurnState::AwaitingApproval =>
            {
                let decided = self.pending(tx, &call, &turn, input).await?.ok_or_else(conflict)?;
                Ok((decided, turn))
            }
            (ToolCallState::OutcomeUnknown, Decision::RunAgain | Decision::Report) => {
                let decided = self.unknown(tx, &call, &turn, input).await?.ok_or_else(conflict)?;
                let turn = turn::find(tx, owner, call.turn_id).await?.ok_or(Code::NotFound)?;
                Ok((decided, turn))
            }
            _ => Err(conflict()),
        }
    }

    /// Pending → approved or denied.
    async fn pending(
        &mut self,
        tx: &mut Transaction,
        call: &StoredCall,
        turn: &Turn,
        input: DecisionInput,
    ) -> Result<Option<StoredCall>> {
        if input.decision == Decision::Approve
            && let Err(error) = unchanged_tool(self.state, call)
        {
            return self.fail(tx, call, error).await;
        }
        let reason = input.reason.as_deref().map(clean_reason).filter(|reason| !reason.is_empty());
        let decided =
            tool_call::decide(tx, self.caller.owner(), call.id, call.digest, input.decision, reason.as_deref()).await?;
        let Some(decided) = decided else { return Ok(None) };
        if decided.state == ToolCallState::Denied {
            let text = match &decided.reason {
                Some(reason) => format!("The person refused this request. Their reason: {reason}"),
                None => "The person refused this request.".to_owned(),
            };
            self.deny(tx, &decided, &text).await?;
            turn::set_denials_in_a_row(tx, turn.id, turn.denials_in_a_row + 1).await?;
        } else {
            self.events.push(ChatEvent::ToolCall { call: Box::new(decided.clone().into()) });
        }
        let action = if decided.state == ToolCallState::Denied { "tool_denied" } else { "tool_approved" };
        self.audit(tx, &decided, action).await?;
        Ok(Some(decided))
    }

    /// The tool is not the one that was shown: the approval is void, nothing runs, the model is told.
    async fn fail(&mut self, tx: &mut Transaction, call: &StoredCall, error: ToolError) -> Result<Option<StoredCall>> {
        let outcome = ToolOutcome { text: error.message, error_code: Some(error.code.to_owned()) };
        let ended =
            tool_call::end(tx, call.tenant_id, call.id, ToolCallState::Pending, ToolCallState::Failed, Some(&outcome))
                .await?;
        let Some(ended) = ended else { return Ok(None) };
        let message = append_result(tx, &ended, &outcome.text, true).await?;
        self.events.push(ChatEvent::ToolCall { call: Box::new(ended.clone().into()) });
        self.events.push(ChatEvent::Message { message });
        self.audit(tx, &ended, "tool_changed").await?;
        Ok(Some(ended))
    }

    async fn deny(&mut self, tx: &mut Transaction, call: &StoredCall, text: &str) -> Result<()> {
        let message = append_result(tx, call, text, true).await?;
        self.events.push(ChatEvent::ToolCall { call: Box::new(call.clone().into()) });
        self.events.push(ChatEvent::Message { message });
        Ok(())
    }

    /// A call of unknown outcome: run it again, as a new call that is shown afresh, or tell the model.
    async fn unknown(
        &mut self,
        tx: &mut Transaction,
        call: &StoredCall,
        turn: &Turn,
        input: DecisionInput,
    ) -> Result<Option<StoredCall>> {
        let owner = self.caller.owner();
        let settled = tool_call::settle_unknown(tx, owner, call.id, call.digest, input.decision).await?;
        let Some(settled) = settled else { return Ok(None) };
        self.events.push(ChatEvent::ToolCall { call: Box::new(settled.clone().into()) });
        let action = if input.decision == Decision::RunAgain { "tool_run_again" } else { "tool_reported" };
        self.audit(tx, &settled, action).await?;
        if input.decision == Decision::RunAgain {
            let repeated = self.repeat(&settled, turn).await?;
            tool_call::insert(tx, &repeated).await?;
            self.events.push(ChatEvent::ToolCall { call: Box::new(repeated.into()) });
        } else {
            let text =
                "The server went away while this ran. Whether it took effect is not known; do not assume either.";
            let message = append_result(tx, &settled, text, true).await?;
            self.events.push(ChatEvent::Message { message });
        }
        // The turn had been interrupted; it waits again, in its conversation, for what is left to decide.
        if turn.state.is_finished() {
            if !conversation::claim(tx, owner, call.conversation_id, None, turn.id).await? {
                return Err(Refusal::new(Code::Conflict).saying("error-conversation-busy").into());
            }
            let runner = Runner { turn: turn.id, tenant: turn.tenant_id, epoch: turn.epoch };
            turn::set_state(tx, runner, turn.state, TurnState::AwaitingApproval, None).await?.ok_or(Code::Conflict)?;
        }
        Ok(Some(settled))
    }

    /// The new call that repeats one of unknown outcome; it is shown and decided like any other.
    async fn repeat(&self, call: &StoredCall, turn: &Turn) -> Result<StoredCall> {
        let context = Context { caller: self.caller, turn, message: call.message_id };
        let asked = Asked { id: ToolCallId::new(), name: call.name.clone(), input: call.arguments.clone() };
        let judged = preview(self.state, &context, &[], &asked).await;
        let ordinal = usize::try_from(call.ordinal).unwrap_or(0);
        let mut repeated = stored(self.state, &context, ordinal, asked, judged);
        repeated.repeats = Some(call.repeats.unwrap_or(call.id));
        Ok(repeated)
    }

    async fn audit(&self, conn: &mut Conn, call: &StoredCall, action: &'static str) -> Result<()> {
        audit(self.state, conn, call, action, &call.name, &self.caller.address).await
    }

    /// Goes on with the turn once nothing waits, in the same transaction as the decision.
    async fn finish(mut self, mut tx: Transaction, turn: Turn) -> Result<()> {
        let turn = turn::find(&mut tx, self.caller.owner(), turn.id).await?.ok_or(Code::NotFound)?;
        let calls = tool_call::of_turn(&mut tx, turn.tenant_id, turn.id).await?;
        let mut runner = None;
        if turn.denials_in_a_row >= MAX_DENIALS_IN_A_ROW {
            let denial = Denial {
                why: "The person has refused several requests.",
                details: "several_denied",
                address: &self.caller.address,
            };
            self.events.extend(deny_unstarted(self.state, &mut tx, &calls, &denial).await?);
            let leaving = Runner { turn: turn.id, tenant: turn.tenant_id, epoch: turn.epoch };
            let left = turn::set_state(&mut tx, leaving, TurnState::AwaitingApproval, TurnState::Stopped, None).await?;
            self.events.extend(left.map(|turn| ChatEvent::Turn { turn: turn.view() }));
        } else if !calls.iter().any(waits) {
            runner = turn::take(&mut tx, &turn, TurnState::AwaitingApproval, self.state.instance).await?;
            let now = turn::find(&mut tx, self.caller.owner(), turn.id).await?.ok_or(Code::NotFound)?;
            self.events.push(ChatEvent::Turn { turn: now.view() });
        } else {
            self.events.push(ChatEvent::Turn { turn: turn.view() });
        }
        turn::tell(&mut tx, turn.tenant_id, turn.id, &self.events).await?;
        tx.notify(&checkpoint::wake(self.state, &turn).payload()).await?;
        tx.commit().await?;
        self.state.feed.publish(turn.conversation_id, self.events);
        self.state.feed.touch_person(turn.user_id);
        if let Some(runner) = runner {
            run::spawn(self.state, runner, turn.conversation_id, self.caller.clone(), None);
        }
        Ok(())
    }
}

/// Whether a call still needs its person.
fn waits(call: &StoredCall) -> bool {
    call.state == ToolCallState::Pending || call.state == ToolCallState::OutcomeUnknown && call.decision_is_open()
}

/// Why calls are denied without a word about each of them.
pub(super) struct Denial<'a> {
    /// What the model is told.
    pub why: &'a str,
    /// What the audit log says beside `tool_denied`.
    pub details: &'static str,
    /// From where; empty where the turn ended by itself.
    pub address: &'a str,
}

/// Denies every call that has not begun, in the caller's transaction; what to tell.
pub(super) async fn deny_unstarted(
    state: &AppState,
    conn: &mut Conn,
    calls: &[StoredCall],
    denial: &Denial<'_>,
) -> Result<Vec<ChatEvent>> {
    let mut events = Vec::new();
    for call in calls.iter().filter(|call| call.state.is_unstarted()) {
        let code = Some(Code::Superseded.as_str().to_owned());
        let outcome = ToolOutcome { text: denial.why.to_owned(), error_code: code };
        let denied =
            tool_call::end(conn, call.tenant_id, call.id, call.state, ToolCallState::Denied, Some(&outcome)).await?;
        if let Some(denied) = denied {
            let message = append_result(conn, &denied, denial.why, true).await?;
            audit(state, conn, &denied, "tool_denied", denial.details, denial.address).await?;
            events.push(ChatEvent::ToolCall { call: Box::new(denied.into()) });
            events.push(ChatEvent::Message { message });
        }
    }
    Ok(events)
}

/// Writes down what became of a call, in the name of the person whose call it is.
pub(super) async fn audit(
    state: &AppState,
    conn: &mut Conn,
    call: &StoredCall,
    action: &'static str,
    details: &str,
    address: &str,
) -> Result<()> {
    let act = Act {
        actor: Actor::User(call.user_id),
        address,
        action,
        object: format!("tool_call:{}", call.id),
        target: call.target.as_deref(),
        digest: Some(call.digest),
        details,
    };
    state.auditor.append(conn, call.tenant_id, act).await
}

/// A reason as the model may read it: bounded, without control characters.
fn clean_reason(reason: &str) -> String {
    let kept = reason.chars().filter(|character| !character.is_control() || *character == '\n');
    kept.take(2000).collect::<String>().trim().to_owned()
}
