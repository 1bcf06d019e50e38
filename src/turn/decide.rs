//! A person's decision. Only the person whose conversation it is decides, only on exactly what they were shown, once.

use tokio::time::Instant;

use crate::{
    db::{Conn, Transaction},
    error::{Code, Error, Refusal, Result},
    event::ChatEvent,
    models::{
        conversation,
        tool_call::{self, StoredCall},
        turn::{self, Runner, Turn},
    },
    state::AppState,
    tools::{Freshness, ToolError},
    types::{
        ConversationId, ConversationKind, Decision, Digest, Remember, ToolCallId, ToolCallState, ToolOutcome, TurnState,
    },
};

use super::{
    Caller,
    announce::announce,
    approval::{Denial, append_result, audit, deny_unstarted, unchanged_tool},
    calls, checkpoint,
    edit::{self, Edited},
    expiry, grants,
    judge::{Asked, Context, Judged, look, stored},
    permission, run,
    whole::must_be_open,
};

/// So many denials, one after the other, end a turn.
const MAX_DENIALS_IN_A_ROW: i32 = 3;

/// What the audit log says of a decision that was a person's own.
const BY_PERSON: &str = "person";

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
    /// Of an approval: other arguments than those that were asked for, as JSON text. Text that means the same as what
    /// stands is no change.
    pub arguments: Option<String>,
    /// Of an approval: say-so for further calls as well.
    pub remember: Option<Remember>,
    /// Whether the person says it themselves, signed in, and not a token of theirs.
    pub is_in_person: bool,
}

/// What came of a decision.
pub struct Decided {
    /// The call as it stands now.
    pub call: StoredCall,
    /// Whether nothing was decided because the changed arguments reach elsewhere (another path, host or collection):
    /// the call waits on, with the new arguments and a new digest, to be looked at first.
    pub is_shown_again: bool,
}

/// Takes a person's decision. Only the person whose conversation it is decides.
///
/// # Errors
/// `not_found` for what is not theirs; `forbidden` for a token on what came in by `/mcp`; `conflict` when it was decided before or the digest is not that of what
/// stands now; `invalid_payload` for arguments that cannot run and for say-so that cannot be remembered.
pub async fn decide(state: &AppState, caller: &Caller, input: DecisionInput) -> Result<Decided> {
    look_at_tools(state, caller, input.decision).await;
    let edited = edit::read(state, caller, &input).await?;
    let mut tx = state.db.write(caller.tenant.id).await?;
    let mut act = Deciding::begin(state, caller);
    let is_shown_again = edited.as_ref().is_some_and(|edited| edited.is_to_be_shown);
    let (call, turn) = act.one(&mut tx, input, edited).await?;
    act.finish(tx, turn).await?;
    Ok(Decided { is_shown_again: is_shown_again && call.state == ToolCallState::Pending, call })
}

/// Takes one decision, `approve` or `deny`, on several calls of a conversation: all of them or none.
///
/// # Errors
/// As [`decide`]; `not_found` for a call of another conversation; `invalid_payload` without a call, or for another
/// decision.
pub async fn decide_all(
    state: &AppState,
    caller: &Caller,
    conversation: ConversationId,
    decision: Decision,
    calls: Vec<(ToolCallId, Option<Digest>)>,
) -> Result<()> {
    // Only pages decide on several at once.
    let is_in_person = true;
    if !matches!(decision, Decision::Approve | Decision::Deny) {
        return Err(Code::InvalidPayload.into());
    }
    look_at_tools(state, caller, decision).await;
    let mut tx = state.db.write(caller.tenant.id).await?;
    let mut act = Deciding::begin(state, caller);
    let mut decided = None;
    for (call, digest) in calls {
        let input =
            DecisionInput { call, decision, digest, reason: None, arguments: None, remember: None, is_in_person };
        let (call, turn) = act.one(&mut tx, input, None).await?;
        if call.conversation_id != conversation {
            return Err(Code::NotFound.into());
        }
        decided = Some(turn);
    }
    // What waits in a conversation belongs to one turn.
    let turn = decided.ok_or(Code::InvalidPayload)?;
    act.finish(tx, turn).await
}

/// What is to run is looked at afresh: whether its tool is there, and still the one that was shown.
async fn look_at_tools(state: &AppState, caller: &Caller, decision: Decision) {
    if matches!(decision, Decision::Approve | Decision::RunAgain) {
        state.tools.refresh(caller.owner(), Freshness::Kept).await;
    }
}

/// Denies a call that nobody decided in the time that its tenant gives, in the name of its person; nothing if it does
/// not wait any more.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn expire(state: &AppState, caller: &Caller, call: &StoredCall) -> Result<()> {
    let mut tx = state.db.write(caller.tenant.id).await?;
    let mut act = Deciding::begin(state, caller);
    let Some(turn) = turn::find(&mut tx, caller.owner(), call.turn_id).await? else { return Ok(()) };
    if act.expired(&mut tx, call).await?.is_none() {
        return Ok(());
    }
    act.finish(tx, turn).await
}

struct Deciding<'a> {
    state: &'a AppState,
    caller: &'a Caller,
    /// When the decision came.
    began: Instant,
    events: Vec<ChatEvent>,
}

impl<'a> Deciding<'a> {
    fn begin(state: &'a AppState, caller: &'a Caller) -> Self {
        Self { state, caller, began: Instant::now(), events: Vec::new() }
    }

    async fn one(
        &mut self,
        tx: &mut Transaction,
        input: DecisionInput,
        edited: Option<Edited>,
    ) -> Result<(StoredCall, Turn)> {
        let owner = self.caller.owner();
        let call = tool_call::find(tx, owner, input.call).await?.ok_or(Code::NotFound)?;
        let turn = turn::find(tx, owner, call.turn_id).await?.ok_or(Code::NotFound)?;
        let conversation = conversation::find(tx, owner, call.conversation_id).await?.ok_or(Code::NotFound)?;
        must_be_open(&conversation)?;
        // A program that asks by `/mcp` could hold a second token, and say yes to itself.
        if conversation.kind == ConversationKind::Agent && !input.is_in_person {
            return Err(Refusal::new(Code::Forbidden).saying("error-decided-in-person").into());
        }
        let conflict =
            || Error::from(Refusal::new(Code::Conflict).saying("error-decided-already").with("state", call.state));
        if input.digest != Some(call.digest) {
            return Err(conflict());
        }
        match (call.state, input.decision) {
            (ToolCallState::Pending, Decision::Approve | Decision::Deny)
                if turn.state == TurnState::AwaitingApproval =>
            {
                let decided = self.pending(tx, call.clone(), input, edited).await?.ok_or_else(conflict)?;
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

    /// Pending → approved or denied; or still pending, where an edit is to be looked at first.
    async fn pending(
        &mut self,
        tx: &mut Transaction,
        mut call: StoredCall,
        input: DecisionInput,
        edited: Option<Edited>,
    ) -> Result<Option<StoredCall>> {
        if input.decision == Decision::Approve {
            // The time counts, not when somebody looks for what is over it.
            if expiry::is_over(&self.caller.tenant, &call) {
                return self.expired(tx, &call).await;
            }
            if let Err(error) = self.may_approve(tx, &call).await? {
                return self.fail(tx, &call, error).await;
            }
            if let Some(Edited { call: edited, is_to_be_shown }) = edited {
                if !tool_call::edit(tx, call.digest, &edited).await? {
                    return Ok(None);
                }
                call = edited;
                self.audit(tx, &call, "tool_edited", "").await?;
                if is_to_be_shown {
                    self.events.push(ChatEvent::ToolCall { call: Box::new(call.clone().into()) });
                    return Ok(Some(call));
                }
            } else if input.arguments.as_deref().is_some_and(|text| !edit::changes_nothing(&call, text)) {
                // The edit was made over what stood before; without it, this is not what the person approves.
                return Ok(None);
            }
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
            self.audit(tx, &decided, "tool_denied", BY_PERSON).await?;
        } else {
            self.events.push(ChatEvent::ToolCall { call: Box::new(decided.clone().into()) });
            self.audit(tx, &decided, "tool_approved", BY_PERSON).await?;
            if let Some(remember) = &input.remember {
                grants::give(self.state, tx, self.caller, &decided, remember).await?;
            }
        }
        Ok(Some(decided))
    }

    /// Whether the tool is still the one that was shown, and policy lets it run for this person.
    async fn may_approve(&self, tx: &mut Transaction, call: &StoredCall) -> Result<Result<(), ToolError>> {
        let tool = match unchanged_tool(self.state, call) {
            Ok(tool) => tool,
            Err(error) => return Ok(Err(error)),
        };
        let ruling = permission::ruling(self.state, tx, self.caller, tool.as_ref()).await?;
        Ok(permission::must_not_be_denied(ruling))
    }

    /// The tool is not the one that was shown, or not allowed any more: the approval is void, nothing runs, the model is
    /// told.
    async fn fail(&mut self, tx: &mut Transaction, call: &StoredCall, error: ToolError) -> Result<Option<StoredCall>> {
        let outcome = ToolOutcome { text: error.message, error_code: Some(error.code.to_owned()), files: Vec::new() };
        let ended =
            tool_call::end(tx, call.tenant_id, call.id, ToolCallState::Pending, ToolCallState::Failed, Some(&outcome))
                .await?;
        let Some(ended) = ended else { return Ok(None) };
        let message = append_result(tx, &ended, &outcome.text, true).await?;
        self.events.push(ChatEvent::ToolCall { call: Box::new(ended.clone().into()) });
        self.events.push(ChatEvent::Message { message });
        self.audit(tx, &ended, "tool_refused", error.code).await?;
        Ok(Some(ended))
    }

    /// What nobody decided in time counts as denied, in the name of its person; `None` if it does not wait any more.
    async fn expired(&mut self, tx: &mut Transaction, call: &StoredCall) -> Result<Option<StoredCall>> {
        let why = "Nobody decided in time, so it counts as refused. Nothing ran.";
        let outcome =
            ToolOutcome { text: why.to_owned(), error_code: Some(Code::Denied.as_str().to_owned()), files: Vec::new() };
        let (from, to) = (ToolCallState::Pending, ToolCallState::Denied);
        let Some(expired) = tool_call::end(tx, call.tenant_id, call.id, from, to, Some(&outcome)).await? else {
            return Ok(None);
        };
        self.deny(tx, &expired, why).await?;
        audit(self.state, tx, &expired, "tool_denied", "expired", "").await?;
        Ok(Some(expired))
    }

    /// What a denied call leaves: its result for the model, and one denial more in a row.
    async fn deny(&mut self, tx: &mut Transaction, call: &StoredCall, text: &str) -> Result<()> {
        // Read anew: several may be decided in one transaction.
        let turn = turn::find(tx, call.owner(), call.turn_id).await?.ok_or(Code::NotFound)?;
        turn::set_denials_in_a_row(tx, turn.id, turn.denials_in_a_row + 1).await?;
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
        self.audit(tx, &settled, action, "").await?;
        if input.decision == Decision::RunAgain {
            // What may not run any more is not asked about: the model is told why. No grant stands in for the person here.
            let repeated = Judged { call: self.repeat(&settled, turn).await?, grants: Vec::new() };
            calls::keep(self.state, tx, vec![repeated], &mut self.events).await?;
        } else {
            let text =
                settled.result.as_deref().unwrap_or("Nobody knows whether it took effect; do not assume either.");
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
        let found = look(self.state, self.caller, &[], &asked).await?;
        let ordinal = usize::try_from(call.ordinal).unwrap_or(0);
        let mut repeated = stored(self.state, &context, ordinal, asked, found);
        repeated.repeats = Some(call.repeats.unwrap_or(call.id));
        repeated.asked_arguments.clone_from(&call.asked_arguments);
        Ok(repeated)
    }

    async fn audit(&self, conn: &mut Conn, call: &StoredCall, action: &'static str, details: &str) -> Result<()> {
        audit(self.state, conn, call, action, details, &self.caller.address).await
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
        checkpoint::tell(self.state, &mut tx, &turn, &self.events).await?;
        tx.commit().await?;
        announce(self.state, turn.conversation_id, self.events);
        self.state.feed.touch_person(turn.user_id);
        if let Some(runner) = runner {
            run::resume(self.state, runner, turn.conversation_id, self.caller.clone(), self.began);
        }
        Ok(())
    }
}

/// Whether a call still needs its person.
fn waits(call: &StoredCall) -> bool {
    call.state == ToolCallState::Pending || call.state == ToolCallState::OutcomeUnknown && call.decision_is_open()
}

/// A reason as the model may read it: bounded, without control characters.
fn clean_reason(reason: &str) -> String {
    let kept = reason.chars().filter(|character| !character.is_control() || *character == '\n');
    kept.take(2000).collect::<String>().trim().to_owned()
}
