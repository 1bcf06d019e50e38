//! The loop of a turn: run what is approved, ask the model, store its reply, judge what it asks for; until it asks
//! for nothing, or a person must decide and the task ends.

use std::{pin::pin, sync::Arc};

use futures_util::StreamExt as _;
use tokio::time::Instant;
use tracing::Instrument as _;

use crate::{
    db::{aside, at_once},
    error::{Code, Error, Result},
    event::ChatEvent,
    models::{
        conversation,
        message::{self, NewMessage, Place},
        tool_call, turn,
        turn::Runner,
        turn_event,
        usage::Settlement,
    },
    providers::{ModelEvent, Reply, ReplyBuilder, demo},
    state::{AppState, Run},
    telemetry::{self, RequestId, metrics},
    tools::Freshness,
    types::{
        Block, ConversationId, ConversationKind, InsteadOf, MessageId, MessageRole, MessageState, Purpose,
        ToolCallState, TurnFailure, TurnState,
    },
};

use super::{
    Caller,
    approval::{Denial, deny_unstarted},
    caller_now, calls,
    checkpoint::{self, Telling},
    history,
    judge::{self, Asked, Context},
    metered::{self, Answer, Reserved, Unanswered, Wanted},
    prompt::{self, Prepared},
    title,
    topics::{self, Verdict},
};

/// The most model calls in one turn.
const MAX_MODEL_CALLS: i32 = 25;

/// Why a turn does not simply go on.
enum Halt {
    /// Somebody else has taken it over; nothing more is written.
    Lost,
    /// The person stopped it.
    Stopped(Option<CutOff>),
    /// It failed, for a reason that the person is told.
    Failed(TurnFailure, Option<CutOff>),
    /// We failed: the database did not take what was to be stored.
    Fault(Error),
}

impl From<Error> for Halt {
    fn from(error: Error) -> Self {
        match error.code() {
            Some(Code::Conflict) => Self::Lost,
            Some(code) => Self::Failed(TurnFailure { code: code.as_str().to_owned(), retry_after: None }, None),
            None => Self::Fault(error),
        }
    }
}

/// What came of a reply.
pub(super) struct Written {
    /// The id of its message.
    pub id: MessageId,
    /// The call that it answers; names who wrote it.
    pub reserved: Reserved,
    /// Who should have written it and could not.
    pub instead_of: Option<InsteadOf>,
    /// What came.
    pub reply: Reply,
}

impl Halt {
    /// With a reply that is dropped by it. Where nothing can be written now, recovery settles what it cost.
    fn dropping(self, cut_off: CutOff) -> Self {
        match self {
            Self::Stopped(_) => Self::Stopped(Some(cut_off)),
            Self::Failed(failure, _) => Self::Failed(failure, Some(cut_off)),
            other => other,
        }
    }
}

/// A reply that did not come to its end, or may not be shown.
struct CutOff {
    written: Written,
    /// What it cost.
    settlement: Settlement,
    /// Whether what came is stored. A reply that is held back is dropped unseen.
    is_kept: bool,
}

/// Runs a turn on the main runtime, as a task that `app` waits for. `first` is the model call that was reserved with
/// the person's message.
pub(super) fn spawn(
    state: &AppState,
    runner: Runner,
    conversation: ConversationId,
    caller: Caller,
    first: Option<Reserved>,
) {
    begin(state, runner, conversation, caller, Beginning { first, decided: None });
}

/// As [`spawn`], for a turn that a decision lets go on, which came at `decided`.
pub(super) fn resume(state: &AppState, runner: Runner, conversation: ConversationId, caller: Caller, decided: Instant) {
    begin(state, runner, conversation, caller, Beginning { first: None, decided: Some(decided) });
}

/// With what a turn is set going.
struct Beginning {
    /// The model call that is reserved already.
    first: Option<Reserved>,
    /// When the decision came that it waited for.
    decided: Option<Instant>,
}

/// The task goes on under the id of the request that began it.
fn begin(state: &AppState, runner: Runner, conversation: ConversationId, caller: Caller, beginning: Beginning) {
    let guard = state.runs.enter(runner, conversation, caller.user.id);
    let span = tracing::info_span!(
        "turn",
        turn = %runner.turn,
        %conversation,
        tenant = %runner.tenant,
        person = %caller.user.id,
        request_id = tracing::field::Empty,
    );
    let owned = state.clone();
    let task = async move {
        let run = guard;
        tracing::Span::current().record("request_id", telemetry::request_id().as_ref().map(RequestId::as_str));
        tracing::info!("a turn goes on");
        drive(&owned, &run, &caller, beginning).await;
        owned.feed.touch_person(caller.user.id);
    };
    state.runs.tasks.spawn_on(telemetry::following(task.instrument(span)), &state.runs.handle);
}

/// A turn is as large as the largest thing it waits for, and most of its time it waits for words of the model. What else it
/// does is on the heap for as long as it takes.
async fn drive(state: &AppState, run: &Arc<Run>, caller: &Caller, beginning: Beginning) {
    let halted = tokio::select! {
        halted = rounds(state, run, caller, beginning) => halted,
        () = run.lost.cancelled() => Err(Halt::Lost),
        // The server goes down and the grace is over.
        () = state.runs.closing.cancelled() => return Box::pin(checkpoint::let_go(state, run)).await,
    };
    let ended = match halted {
        Ok(TurnState::Completed) => {
            Box::pin(title::improve(state, caller, run.conversation, run.runner.turn)).await;
            return;
        }
        Ok(_) => return,
        Err(Halt::Lost) => {
            tracing::warn!("another runner has taken this turn over");
            // What was told here after that is not what is stored.
            state.feed.reset(run.conversation);
            return;
        }
        Err(Halt::Stopped(cut_off)) => Box::pin(end(state, run, TurnState::Stopped, None, cut_off)).await,
        Err(Halt::Failed(failure, cut_off)) => {
            tracing::info!(code = failure.code, "the turn failed");
            Box::pin(end(state, run, TurnState::Failed, Some(failure), cut_off)).await
        }
        Err(Halt::Fault(error)) => {
            // What cannot be stored now is not lost: recovery finds the turn when its lease has run out, keeps what
            // had come, settles what it cost and says of each call what is true.
            tracing::error!(%error, "a turn is left for recovery");
            state.feed.reset(run.conversation);
            return;
        }
    };
    if let Err(error) = ended {
        tracing::error!(%error, "the turn's end could not be stored; recovery will end it");
    }
}

/// Goes on until the turn is completed or waits for its person.
async fn rounds(state: &AppState, run: &Arc<Run>, caller: &Caller, beginning: Beginning) -> Result<TurnState, Halt> {
    let Beginning { first: mut next, mut decided } = beginning;
    loop {
        if next.is_none() {
            Box::pin(run_approved(state, run)).await?;
            if run.stop.is_cancelled() {
                return Err(Halt::Stopped(None));
            }
            if let Some(rested) = Box::pin(at_once(come_to_rest(state, run))).await? {
                return Ok(rested);
            }
        }
        let (reserved, topics) = match next.take() {
            // The tenant was looked up for the message itself.
            Some(reserved) => (reserved, topics::kept_by(caller.tenant.clone())),
            None => (Box::pin(at_once(reserve_round(state, run))).await?, Box::pin(topics::of(state, run)).await?),
        };
        let (written, is_held) = stream(state, run, reserved, topics.is_some(), decided.take()).await?;
        if let Some(topics) = topics.filter(|_| is_held) {
            let verdict = Box::pin(topics::verdict(state, run, &topics, &written)).await;
            if let Some(halt) = held_back(verdict) {
                let settlement = metered::settlement_of(state, &written.reserved, &written.reply);
                return Err(halt.dropping(CutOff { written, settlement, is_kept: false }));
            }
        }
        match Box::pin(at_once(store(state, run, written))).await? {
            Some(ended) => return Ok(ended),
            None => continue,
        }
    }
}

/// Why a reply that was held is not shown; `None` if it may be.
fn held_back(verdict: Result<Verdict>) -> Option<Halt> {
    let failed = |failure| Some(Halt::Failed(failure, None));
    match verdict {
        Ok(Verdict::On) => None,
        Ok(Verdict::Off) => {
            metrics::topic_refused();
            failed(TurnFailure { code: Code::TopicRefused.as_str().to_owned(), retry_after: None })
        }
        Ok(Verdict::Stopped) => Some(Halt::Stopped(None)),
        Ok(Verdict::Failed(failure)) => failed(failure),
        Err(error) => Some(error.into()),
    }
}

async fn run_approved(state: &AppState, run: &Arc<Run>) -> Result<(), Halt> {
    let runner = run.runner;
    let calls = tool_call::of_turn(&mut *state.db.read(runner.tenant).await?, runner.tenant, runner.turn).await?;
    for call in calls.into_iter().filter(|call| call.state == ToolCallState::Approved) {
        if run.stop.is_cancelled() {
            return Err(Halt::Stopped(None));
        }
        calls::run_call(state, run, call).await?;
    }
    Ok(())
}

/// A call of unknown outcome waits for its person, like a pending one. Where no model is asked, a turn is over with its
/// calls.
async fn come_to_rest(state: &AppState, run: &Arc<Run>) -> Result<Option<TurnState>, Halt> {
    let runner = run.runner;
    let mut telling = Telling::begin(&state.db, run).await?;
    let calls = tool_call::of_turn(&mut telling.tx, runner.tenant, runner.turn).await?;
    let waits = |call: &tool_call::StoredCall| call.state == ToolCallState::OutcomeUnknown && call.decision_is_open();
    let rests = if calls.iter().any(waits) {
        TurnState::AwaitingApproval
    } else {
        let owner = telling.turn.owner();
        match conversation::find(&mut telling.tx, owner, run.conversation).await? {
            Some(found) if found.kind != ConversationKind::Chat => TurnState::Completed,
            _ => return Ok(None),
        }
    };
    let rested = turn::leave(&mut telling.tx, runner, rests, None).await?.ok_or(Halt::Lost)?;
    telling.commit(state, vec![ChatEvent::Turn { turn: rested.view() }], None).await?;
    Ok(Some(rests))
}

/// Reserves the next model call, anew each round.
async fn reserve_round(state: &AppState, run: &Arc<Run>) -> Result<Reserved, Halt> {
    state.tools.refresh(run.owner(), Freshness::Kept).await;
    let mut telling = Telling::begin(&state.db, run).await?;
    let owner = telling.turn.owner();
    let caller = caller_now(&mut telling.tx, owner).await?.ok_or_else(|| Error::from(Code::Forbidden))?;
    let prepared = prompt::prepare(state, &mut telling.tx, &caller, run.conversation, run.runner.turn).await?;
    if turn::count_model_call(&mut telling.tx, run.runner).await? > MAX_MODEL_CALLS {
        return Err(Error::from(Code::TurnTooLong).into());
    }
    let Prepared { request, choice, events } = prepared;
    let wanted = Wanted { turn: Some(run.runner.turn), purpose: Purpose::Chat, choice: &choice, request };
    let reserved = metered::reserve(state, &mut telling.tx, owner, wanted).await?;
    telling.commit(state, events, None).await?;
    Ok(reserved)
}

/// Asks the model and tells what comes as it comes. With `hold`, nothing is told, unless the demo model answers; says
/// whether that was so. `decided` is when the decision came that the model waited for.
async fn stream(
    state: &AppState,
    run: &Arc<Run>,
    mut reserved: Reserved,
    hold: bool,
    decided: Option<Instant>,
) -> Result<(Written, bool), Halt> {
    let answer = metered::ask(state, &mut reserved, &run.stop).await;
    if let Some(decided) = decided.filter(|_| answer.is_ok()) {
        metrics::turn_resumed(decided.elapsed());
    }
    let is_held = hold && reserved.call.provider != demo::NAME;
    let id = MessageId::new();
    let cut_off = |reserved: Reserved, instead_of, reply: Option<Reply>, code| {
        let settlement = metered::settlement_of_cut_off(state, &reserved, reply.as_ref(), code);
        let is_kept = reply.is_some() && !is_held;
        Some(CutOff {
            written: Written { id, reserved, instead_of, reply: reply.unwrap_or_default() },
            settlement,
            is_kept,
        })
    };
    let Answer { mut events, instead_of } = match answer {
        Ok(answer) => answer,
        Err(Unanswered::Stopped(reply)) => return Err(Halt::Stopped(cut_off(reserved, None, reply, None))),
        Err(Unanswered::Failed(error, reply)) => {
            let cut_off = cut_off(reserved, None, reply, Some(error.kind.code()));
            return Err(Halt::Failed(metered::failure_of(&error), cut_off));
        }
    };
    let mut builder = ReplyBuilder::new();
    let mut begun = Some(ChatEvent::ReplyStarted {
        message_id: id,
        provider: reserved.call.provider.clone(),
        model: reserved.call.model.clone(),
        instead_of: instead_of.clone(),
    });
    let mut stopped = pin!(run.stop.cancelled());
    loop {
        let event = tokio::select! {
            event = events.next() => event,
            () = &mut stopped => {
                reserved.was_stopped = true;
                return Err(Halt::Stopped(cut_off(reserved, instead_of, Some(builder.cut_off()), None)));
            }
        };
        match event {
            Some(Ok(event)) => {
                builder.push(&event);
                match (&event, &mut begun) {
                    // Providers say first which model it really is.
                    (ModelEvent::Model(name), Some(ChatEvent::ReplyStarted { model, .. })) => model.clone_from(name),
                    (ModelEvent::Model(_) | ModelEvent::Usage(_), _) => {}
                    _ => {
                        let events = begun.take().into_iter().chain(chat_event(id, event));
                        events.filter(|_| !is_held).for_each(|event| tell(state, run, event));
                    }
                }
            }
            Some(Err(error)) => {
                let code = error.kind.code();
                tracing::warn!(provider = error.provider, code, said = error.message, "a reply was cut off");
                let cut_off = cut_off(reserved, instead_of, Some(builder.cut_off()), Some(code));
                return Err(Halt::Failed(metered::failure_of(&error), cut_off));
            }
            None => return Ok((Written { id, reserved, instead_of, reply: builder.finish() }, is_held)),
        }
    }
}

fn chat_event(message_id: MessageId, event: ModelEvent) -> Option<ChatEvent> {
    match event {
        ModelEvent::Text { block, text } => Some(ChatEvent::Text { message_id, block, text }),
        ModelEvent::Thinking { block, text } => Some(ChatEvent::Thinking { message_id, block, text }),
        _ => None,
    }
}

/// Tells viewers at once, and notes it for the next checkpoint.
fn tell(state: &AppState, run: &Run, event: ChatEvent) {
    run.note(event.clone());
    state.feed.publish(run.conversation, [event]);
}

/// Stores a whole reply with what it asks for, settles its reservation, and says how the turn goes on: `None` if
/// another round follows.
async fn store(state: &AppState, run: &Arc<Run>, written: Written) -> Result<Option<TurnState>, Halt> {
    let Written { id: message_id, reserved, instead_of, reply } = written;
    let settlement = metered::settlement_of(state, &reserved, &reply);
    let paused = reply.stop_reason.as_deref() == Some("pause_turn");
    let content = reply.clone().into_content(&reserved.call.provider);
    let asked: Vec<Asked> = content
        .iter()
        .filter_map(|block| match block {
            Block::ToolUse { id, name, input } => Some(Asked { id: *id, name: name.clone(), input: input.clone() }),
            _ => None,
        })
        .collect();
    let (caller, turn, earlier) = {
        let mut conn = state.db.read(run.runner.tenant).await?;
        let calls = tool_call::of_turn(&mut conn, run.runner.tenant, run.runner.turn).await?;
        let turn = turn::of_runner(&mut conn, run.runner).await?.ok_or(Halt::Lost)?;
        let caller = caller_now(&mut conn, turn.owner()).await?.ok_or_else(|| Error::from(Code::Forbidden))?;
        (caller, turn, calls)
    };
    let context = Context { caller: &caller, turn: &turn, message: message_id };
    // A preview may look through much.
    let judged = aside(judge::judge(state, &context, &earlier, asked)).await?;

    let mut telling = Telling::begin(&state.db, run).await?;
    let tx = &mut telling.tx;
    metered::settle(state, tx, &reserved, settlement).await?;
    let new = NewMessage {
        id: message_id,
        written_by: Some((reserved.call.provider.clone(), reply.model.unwrap_or(reserved.call.model))),
        instead_of,
        stop_reason: reply.stop_reason,
        usage: Some(settlement.usage),
        ..NewMessage::new(MessageRole::Assistant, content)
    };
    let place = Place { tenant: run.runner.tenant, conversation: run.conversation, turn: run.runner.turn };
    let message = message::append(tx, place, new).await?;
    turn_event::forget_reply(tx, run.runner.turn, message_id).await?;
    let mut events = vec![ChatEvent::Message { message }];
    let calls = calls::keep(state, tx, judged, &mut events).await?;
    let mut failure = None;
    let ended = if judge::is_hopeless(&earlier, &calls) {
        let denial = Denial { why: "The turn ended before it ran.", details: "failed", address: "" };
        events.extend(deny_unstarted(state, tx, &calls, &denial).await?);
        failure = Some(TurnFailure { code: Code::ProviderInvalidResponse.as_str().to_owned(), retry_after: None });
        Some(TurnState::Failed)
    } else if calls.iter().any(|call| call.state == ToolCallState::Pending) {
        Some(TurnState::AwaitingApproval)
    } else if calls.is_empty() && !paused {
        Some(TurnState::Completed)
    } else {
        None
    };
    if let Some(ended) = ended {
        let left = turn::leave(tx, run.runner, ended, failure.as_ref()).await?.ok_or(Halt::Lost)?;
        events.push(ChatEvent::Turn { turn: left.view() });
        if ended.is_finished() {
            aside(history::prune(state, tx, place)).await?;
        }
    }
    telling.commit(state, events, Some(message_id)).await?;
    Ok(ended)
}

/// Ends a turn early: what had come is kept as cut off, the reservation is settled, what was not begun is denied.
async fn end(
    state: &AppState,
    run: &Arc<Run>,
    to: TurnState,
    failure: Option<TurnFailure>,
    cut_off: Option<CutOff>,
) -> Result<()> {
    let runner = run.runner;
    let mut telling = Telling::begin(&state.db, run).await?;
    let mut events = Vec::new();
    let mut replaced = None;
    if let Some(CutOff { written, settlement, is_kept }) = cut_off {
        metered::settle(state, &mut telling.tx, &written.reserved, settlement).await?;
        if is_kept {
            replaced = Some(written.id);
            events.push(keep_cut_off(&mut telling, run, written, settlement).await?);
        }
    }
    let calls = tool_call::of_turn(&mut telling.tx, runner.tenant, runner.turn).await?;
    let why = if to == TurnState::Stopped { "The person stopped the turn." } else { "The turn ended before it ran." };
    let denial = Denial { why, details: to.as_str(), address: "" };
    events.extend(deny_unstarted(state, &mut telling.tx, &calls, &denial).await?);
    let left = turn::leave(&mut telling.tx, runner, to, failure.as_ref()).await?;
    events.extend(left.map(|turn| ChatEvent::Turn { turn: turn.view() }));
    let place = Place { tenant: runner.tenant, conversation: run.conversation, turn: runner.turn };
    history::prune(state, &mut telling.tx, place).await?;
    telling.commit(state, events, replaced).await
}

async fn keep_cut_off(telling: &mut Telling, run: &Run, written: Written, settlement: Settlement) -> Result<ChatEvent> {
    let Written { id, reserved, instead_of, mut reply } = written;
    let model = reply.model.take().unwrap_or(reserved.call.model);
    turn_event::forget_reply(&mut telling.tx, run.runner.turn, id).await?;
    // A tool call of a reply that was cut off is never taken for a request, even if its arguments were whole.
    let content: Vec<Block> = reply
        .into_content(&reserved.call.provider)
        .into_iter()
        .filter(|block| !matches!(block, Block::ToolUse { .. }))
        .collect();
    if content.is_empty() {
        return Ok(ChatEvent::ReplyDropped { message_id: id });
    }
    let new = NewMessage {
        id,
        state: MessageState::CutOff,
        written_by: Some((reserved.call.provider, model)),
        instead_of,
        usage: Some(settlement.usage),
        ..NewMessage::new(MessageRole::Assistant, content)
    };
    let place = Place { tenant: run.runner.tenant, conversation: run.conversation, turn: run.runner.turn };
    Ok(ChatEvent::Message { message: message::append(&mut telling.tx, place, new).await? })
}
