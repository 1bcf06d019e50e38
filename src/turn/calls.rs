//! Running what was approved: once, with exactly the stored arguments, under everything checked once more.

use std::{sync::Arc, time::Duration};

use futures_util::StreamExt as _;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tracing::Instrument as _;

use crate::{
    db::{Conn, Transaction, types::Json},
    error::{Code, Error, Result},
    event::ChatEvent,
    models::{
        tool_call::{self, StoredCall},
        turn,
    },
    state::{AppState, Run},
    telemetry::metrics,
    tools::{Arguments, Freshness, ToolContext, ToolError, ToolEvent, ToolResult},
    types::{Authority, ToolCallState, ToolOutcome},
};

use super::{
    Caller,
    approval::{append_answer, append_result, audit, tool_context, unchanged_tool},
    caller_now,
    checkpoint::Telling,
    edit, grants,
    judge::Judged,
    permission,
    questions::{self, Happened, Open},
    results::{Looked, Stored},
};

/// How long a tool has to end after it was cancelled.
const CANCEL_TIME: Duration = Duration::from_secs(10);

/// Stores the calls that a reply asks for, in its transaction: what a grant covers is approved by it and spends it;
/// what failed before anyone was asked has its result at once.
///
/// # Errors
/// A fault of the database.
pub(super) async fn keep(
    state: &AppState,
    tx: &mut Transaction,
    judged: Vec<Judged>,
    events: &mut Vec<ChatEvent>,
) -> Result<Vec<StoredCall>> {
    let mut calls = Vec::with_capacity(judged.len());
    for Judged { mut call, grants } in judged {
        grants::spend(tx, &mut call, grants).await?;
        tool_call::insert(tx, &call).await?;
        events.push(ChatEvent::ToolCall { call: Box::new(call.clone().into()) });
        if call.state == ToolCallState::Failed {
            let text = call.result.as_deref().unwrap_or_default();
            events.push(ChatEvent::Message { message: append_result(tx, &call, text, true).await? });
        }
        if let Some(Json(authority)) = &call.authority {
            let by = match authority {
                Authority::Rule => format!("rule {}/{}", call.server, call.name),
                Authority::Grant { id, used, count, .. } => format!("grant:{id} {used}/{count}"),
            };
            audit(state, tx, &call, "tool_approved", &by, "").await?;
        }
        calls.push(call);
    }
    Ok(calls)
}

/// Runs one approved call to its end and stores its result. A call that is not approved any more is left alone.
///
/// # Errors
/// `conflict` when the turn was taken over; a fault of the database.
pub(super) async fn run_call(state: &AppState, run: &Arc<Run>, call: StoredCall) -> Result<()> {
    let span = tracing::info_span!("tool_call", tool_call = %call.id, tool = call.name);
    async {
        state.tools.refresh(run.owner(), Freshness::Kept).await;
        let Some((caller, arguments)) = begin(state, run, &call).await? else { return Ok(()) };
        let began = Instant::now();
        let ended = perform(state, run, &caller, &call, &arguments).await?;
        let took = began.elapsed();
        let outcome = finish(state, run, &call, ended).await?;
        // What others bring has any number of names.
        let is_built_in = state.tools.built_in().find(&call.name).is_some_and(|tool| tool.definition().is_built_in());
        metrics::tool_ran(if is_built_in { &call.name } else { "other" }, outcome, took);
        Ok(())
    }
    .instrument(span)
    .await
}

/// Approved → running, with everything that was checked at the decision checked again in the same transaction:
/// the digest over what is stored, the tool, the policy, the person's membership. What no longer holds ends as
/// failed, and nothing runs.
async fn begin(state: &AppState, run: &Arc<Run>, call: &StoredCall) -> Result<Option<(Caller, Arguments)>> {
    let mut telling = Telling::begin(&state.db, run).await?;
    let Some(call) = tool_call::find(&mut telling.tx, call.owner(), call.id).await? else { return Ok(None) };
    if call.state != ToolCallState::Approved {
        return Ok(None);
    }
    match still_allowed(state, &mut telling.tx, &call).await? {
        Ok(allowed) => {
            if !tool_call::begin(&mut telling.tx, call.tenant_id, call.id, call.digest).await? {
                return Ok(None);
            }
            audit(state, &mut telling.tx, &call, "tool_run", "", "").await?;
            let running = StoredCall { state: ToolCallState::Running, ..call };
            telling.commit(state, vec![ChatEvent::ToolCall { call: Box::new(running.into()) }], None).await?;
            Ok(Some(allowed))
        }
        Err(error) => {
            let outcome =
                ToolOutcome { text: error.message, error_code: Some(error.code.to_owned()), files: Vec::new() };
            let states = (ToolCallState::Approved, ToolCallState::Failed);
            let events = end(state, &mut telling.tx, &call, states, &outcome, &outcome.text).await?;
            telling.commit(state, events, None).await?;
            Ok(None)
        }
    }
}

/// Whether what was approved may still run.
async fn still_allowed(
    state: &AppState,
    conn: &mut Conn,
    call: &StoredCall,
) -> Result<Result<(Caller, Arguments), ToolError>> {
    let Some(caller) = caller_now(conn, call.owner()).await? else {
        return Ok(Err(ToolError::new("forbidden", "The person may not work here any more. Nothing ran.")));
    };
    let tool = match unchanged_tool(state, call) {
        Ok(tool) => tool,
        Err(error) => return Ok(Err(error)),
    };
    if let Err(error) = permission::may_begin(state, conn, &caller, tool.as_ref(), call).await? {
        return Ok(Err(error));
    }
    Ok(Arguments::parse(&call.arguments).map(|arguments| (caller, arguments)))
}

/// How a run ended.
enum Ended {
    /// The tool said how.
    Said(Result<ToolResult, ToolError>),
    /// It was cut short before it said so.
    Cut(ToolError),
    /// The tool said that nobody knows how, and why.
    Lost(String),
}

/// How long a tool may still take. The clock stands still while its person is asked something.
struct Clock {
    left: Duration,
    ends: Option<Instant>,
}

impl Clock {
    fn of(time: Duration) -> Self {
        Self { left: time, ends: Some(Instant::now() + time) }
    }

    fn stop(&mut self) {
        if let Some(ends) = self.ends.take() {
            self.left = ends.saturating_duration_since(Instant::now());
        }
    }

    fn go_on(&mut self) {
        self.ends.get_or_insert_with(|| Instant::now() + self.left);
    }

    async fn rings(&self) {
        match self.ends {
            Some(ends) => tokio::time::sleep_until(ends).await,
            None => std::future::pending().await,
        }
    }
}

/// Runs the tool and tells what it tells.
///
/// # Errors
/// When the database does not take what its server asks of the person.
async fn perform(
    state: &AppState,
    run: &Arc<Run>,
    caller: &Caller,
    call: &StoredCall,
    arguments: &Arguments,
) -> Result<Ended> {
    let tool = match unchanged_tool(state, call) {
        Ok(tool) => tool,
        Err(error) => return Ok(Ended::Said(Err(error))),
    };
    let cancel = CancellationToken::new();
    // However this ends, the tool is told.
    let _cancelled_at_the_end = cancel.clone().drop_guard();
    // A grant lends no more power than its bound.
    let within = match call.authority.as_ref().map(|authority| &authority.0) {
        Some(Authority::Grant { bound, .. }) => Some(bound.clone()),
        Some(Authority::Rule) | None => None,
    };
    let (elicit, mut asked) = questions::channel();
    let context = ToolContext { call: Some(call.id), within, elicit, ..tool_context(caller) };
    let mut events = tool.run(&context, arguments, call.precondition.as_deref(), cancel.clone());
    // What the tool was given to ask with is its own from here on: nobody asks after its end.
    drop(context);
    let time = state.settings.tool_timeout;
    let mut clock = Clock::of(time);
    let mut cut: Option<ToolError> = None;
    let mut open: Option<Open> = None;
    let ended = loop {
        tokio::select! {
            event = events.next() => match event {
                Some(ToolEvent::Chunk(chunk)) => {
                    let event = ChatEvent::ToolChunk { id: call.id, chunk };
                    run.note(event.clone());
                    state.feed.publish(run.conversation, [event]);
                }
                Some(ToolEvent::Finished(Err(error))) => break Ended::Said(Err(late(cut, error))),
                Some(ToolEvent::Finished(Ok(result))) => break Ended::Said(Ok(result)),
                Some(ToolEvent::Lost(words)) => {
                    break Ended::Lost(late(cut, ToolError::new("outcome_unknown", words)).message);
                }
                None => break Ended::Cut(cut.unwrap_or_else(|| ToolError::new("tool_error", "The tool ended without a result."))),
            },
            Some(question) = asked.recv(), if open.is_none() && cut.is_none() => {
                open = Open::ask(state, run, call, question).await?;
                if open.is_some() {
                    clock.stop();
                }
            }
            (question, happened) = waiting(&mut open) => {
                open = question.look_after(state, run, happened).await?;
                if open.is_none() {
                    clock.go_on();
                }
            }
            () = run.stop.cancelled(), if cut.is_none() => {
                cut = Some(ToolError::new("tool_error", "The person stopped it."));
                cancel.cancel();
                clock = Clock::of(CANCEL_TIME);
            }
            () = clock.rings() => match cut {
                Some(error) => break Ended::Cut(error),
                None => {
                    cut = Some(ToolError::new("tool_timeout", format!("It took longer than {} seconds.", time.as_secs())));
                    cancel.cancel();
                    clock = Clock::of(CANCEL_TIME);
                }
            },
        }
    };
    if let Some(question) = open {
        question.give_up(state, run, "call_ended").await?;
    }
    Ok(ended)
}

/// The question that waits, when there may be something to do for it; never where none does.
async fn waiting(open: &mut Option<Open>) -> (Open, Happened) {
    let happened = match open {
        Some(question) => question.next().await,
        None => std::future::pending().await,
    };
    match open.take() {
        Some(question) => (question, happened),
        None => std::future::pending().await,
    }
}

/// The error of a run that was given no more time: that it was stopped says less than why.
fn late(cut: Option<ToolError>, error: ToolError) -> ToolError {
    match cut {
        Some(cut) if cut.code == Code::ToolTimeout.as_str() => {
            ToolError { message: format!("{} {}", cut.message, error.message), ..cut }
        }
        _ => error,
    }
}

/// Running → its end, with the result that the model gets; how it ended, in a word.
async fn finish(state: &AppState, run: &Arc<Run>, call: &StoredCall, ended: Ended) -> Result<&'static str> {
    let failed = |error: ToolError| {
        let outcome = ToolOutcome { text: error.message, error_code: Some(error.code.to_owned()), files: Vec::new() };
        (ToolCallState::Failed, outcome, error.code)
    };
    let (to, outcome, word) = match ended {
        Ended::Said(Ok(result)) => return give(state, run, call, result).await,
        Ended::Said(Err(error)) => failed(error),
        Ended::Lost(why) => (ToolCallState::OutcomeUnknown, unknown(&why, None), Code::OutcomeUnknown.as_str()),
        // A run that was cut short has failed only if it provably had no effect.
        Ended::Cut(error) => {
            let caller = caller_now(&mut *state.db.read(call.tenant_id).await?, call.owner()).await?;
            let effect = took_effect(state, caller.as_ref(), call).await;
            if let (Some(effect), Some(caller), Ok(tool)) = (effect, &caller, unchanged_tool(state, call)) {
                tool.settle(&ToolContext { call: Some(call.id), ..tool_context(caller) }, effect).await;
            }
            match effect {
                Some(false) => failed(error),
                effect => {
                    let code = Code::OutcomeUnknown.as_str();
                    (ToolCallState::OutcomeUnknown, unknown(&error.message, effect), code)
                }
            }
        }
    };
    let mut telling = Telling::begin(&state.db, run).await?;
    let events = end(state, &mut telling.tx, call, (ToolCallState::Running, to), &outcome, &outcome.text).await?;
    telling.commit(state, events, None).await?;
    Ok(word)
}

/// Running → succeeded, or failed where the tool says so, with what the tool gave: its images and files are stored with its
/// words or not at all.
async fn give(state: &AppState, run: &Arc<Run>, call: &StoredCall, result: ToolResult) -> Result<&'static str> {
    let settings = &state.settings;
    let (to, error_code) = match result.is_error {
        true => (ToolCallState::Failed, Some(Code::ToolError.as_str())),
        false => (ToolCallState::Succeeded, None),
    };
    let looked = Looked::at(result, usize::try_from(settings.tool_result_limit).unwrap_or(usize::MAX)).await;
    let mut telling = Telling::begin(&state.db, run).await?;
    let conversation = call.conversation_id;
    let stored = looked.store(&mut telling.tx, call.owner(), conversation, settings.files_per_tenant).await?;
    let Stored { shown, told, files } = stored;
    let outcome = ToolOutcome { text: shown, error_code: error_code.map(str::to_owned), files };
    let events = end(state, &mut telling.tx, call, (ToolCallState::Running, to), &outcome, &told).await?;
    if error_code.is_none() {
        turn::set_denials_in_a_row(&mut telling.tx, call.turn_id, 0).await?;
    }
    telling.commit(state, events, None).await?;
    Ok(error_code.unwrap_or(to.as_str()))
}

/// Whether a run that did not say how it ended took effect, where its tool can tell.
pub(super) async fn took_effect(state: &AppState, caller: Option<&Caller>, call: &StoredCall) -> Option<bool> {
    let tool = unchanged_tool(state, call).ok()?;
    let arguments = Arguments::parse(&call.arguments).ok()?;
    let context = ToolContext { call: Some(call.id), ..tool_context(caller?) };
    tool.took_effect(&context, &arguments, call.precondition.as_deref()).await
}

/// The outcome of a run that did not say how it ended: why it did not, and what is known of its effect.
pub(super) fn unknown(why: &str, effect: Option<bool>) -> ToolOutcome {
    let known = match effect {
        Some(true) => "It took effect.",
        Some(false) => "It had no effect.",
        None => "Nobody knows whether it took effect; do not assume either.",
    };
    ToolOutcome {
        text: format!("{why} {known}"),
        error_code: Some(Code::OutcomeUnknown.as_str().to_owned()),
        files: Vec::new(),
    }
}

/// Writes a call's end, its result with what the model is `told`, and the audit row; what to tell. A call of unknown outcome has no
/// result yet: its person says what becomes of it.
async fn end(
    state: &AppState,
    conn: &mut Conn,
    call: &StoredCall,
    (from, to): (ToolCallState, ToolCallState),
    outcome: &ToolOutcome,
    told: &str,
) -> Result<Vec<ChatEvent>> {
    let ended = tool_call::end(conn, call.tenant_id, call.id, from, to, Some(outcome)).await?;
    let ended = ended.ok_or_else(|| Error::internal(format!("tool call {} was not {from} any more", call.id)))?;
    let mut events = vec![ChatEvent::ToolCall { call: Box::new(ended.clone().into()) }];
    if to.is_finished() {
        let text = format!("{}{told}", edit::told(&ended));
        let message = append_answer(conn, &ended, &text, outcome.error_code.is_some(), &outcome.files).await?;
        events.push(ChatEvent::Message { message });
    }
    audit(state, conn, &ended, "tool_ended", to.as_str(), "").await?;
    tracing::info!(tool_call = %call.id, tool = call.name, state = to.as_str(), "a tool call ended");
    Ok(events)
}
