//! After a crash, ours at start or another instance's: turns that nobody runs any more are brought to a state that is
//! true. Nothing is run a second time.

use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::{
    db::{Scope, now},
    error::Result,
    event::ChatEvent,
    models::{
        file_write, grant, mcp_authorisation,
        message::{self, NewMessage, Place},
        question, refresh_token, session, tool_call,
        turn::{self, Turn},
        turn_event,
        usage::{self, Settlement},
    },
    state::AppState,
    types::{Block, MessageId, MessageRole, MessageState, Purpose, ToolCallState, TurnState, Usage},
};

use super::{
    agent,
    announce::announce,
    approval::{Denial, audit, deny_unstarted},
    caller_now, calls, checkpoint, expiry, run,
};

/// How often an instance looks for turns of instances that died.
const LOOK: Duration = Duration::from_secs(1);

/// How long what a finished turn told is kept for followers: as long as a stream may be away and still be told each step
/// that it missed.
const TOLD_IS_KEPT: chrono::Duration = chrono::Duration::minutes(15);

/// How long a grant that ended is kept.
const GRANTS_ARE_KEPT: chrono::Duration = chrono::Duration::days(30);

/// How long what a write replaced can be put back.
const UNDO_IS_KEPT: chrono::Duration = chrono::Duration::days(30);

/// Longer than any model call lives.
const CALL_LIVES: chrono::Duration = chrono::Duration::hours(1);

/// Before serving: on SQLite no other server can be there, so every turn that says it runs was left behind.
///
/// # Errors
/// When the database does not answer.
pub async fn recover_at_start(state: &AppState) -> Result<()> {
    let alone = state.db.backend() == "sqlite";
    recover(state, alone).await?;
    agent::give_up_abandoned(state, alone).await?;
    if alone {
        // Nobody is left who would settle the calls that belong to no turn.
        settle_dead(state, now()).await?;
    }
    sweep(state).await
}

/// Looks after turns whose runner went silent, until the server goes down. Owned by `app`.
pub async fn recover_others(state: AppState) {
    let mut look = tokio::time::interval(LOOK);
    look.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    for round in 1_u32.. {
        tokio::select! {
            _ = look.tick() => {}
            () = state.runs.closing.cancelled() => return,
        }
        let done = async {
            recover(&state, false).await?;
            agent::give_up_abandoned(&state, false).await?;
            expiry::expire(&state).await?;
            if round.is_multiple_of(60) { sweep(&state).await } else { Ok(()) }
        };
        if let Err(error) = done.await {
            tracing::error!(%error, "recovery failed; it will be tried again");
        }
    }
}

async fn recover(state: &AppState, all: bool) -> Result<()> {
    let found = turn::abandoned(&mut *state.db.read(Scope::System("recovery")).await?, all).await?;
    for turn in found {
        // A turn that runs here is only late with its lease.
        if state.runs.find(turn.id).is_none() {
            tracing::warn!(turn = %turn.id, conversation = %turn.conversation_id, "recovering a turn that nobody runs");
            recover_turn(state, &turn, all).await?;
        }
    }
    Ok(())
}

async fn recover_turn(state: &AppState, abandoned: &Turn, all: bool) -> Result<()> {
    let mut tx = state.db.write(abandoned.tenant_id).await?;
    let Some(runner) = turn::take(&mut tx, abandoned, TurnState::Running, state.instance).await? else {
        return Ok(());
    };
    let told = turn_event::told(&mut tx, runner.tenant, runner.turn, 0).await?;
    let mut events = Vec::new();
    let half = keep_half_reply(&mut tx, abandoned, told.into_iter().map(|(_, event)| event), &mut events).await?;
    settle(state, &mut tx, abandoned, half).await?;

    let asked = tool_call::of_turn(&mut tx, runner.tenant, runner.turn).await?;
    let caller = caller_now(&mut tx, abandoned.owner()).await?;
    let mut unknown = false;
    for call in asked.iter().filter(|call| matches!(call.state, ToolCallState::Running | ToolCallState::AwaitingInput))
    {
        // Where other instances may be, the one that ran it may only stand still: what did not happen yet may happen.
        let effect = calls::took_effect(state, caller.as_ref(), call).await;
        let effect = effect.filter(|took_effect| *took_effect || state.db.backend() == "sqlite");
        let outcome = calls::unknown("The server went away while this ran.", effect);
        let to = ToolCallState::OutcomeUnknown;
        question::forget(&mut tx, call).await?;
        if let Some(call) = tool_call::end(&mut tx, call.tenant_id, call.id, call.state, to, Some(&outcome)).await? {
            audit(state, &mut tx, &call, "tool_ended", to.as_str(), "").await?;
            events.push(ChatEvent::ToolCall { call: Box::new(call.into()) });
            unknown = true;
        }
    }
    let goes_on = !unknown && asked.iter().any(|call| call.state == ToolCallState::Approved);
    let mut goes_on = goes_on.then_some(caller).flatten();
    if goes_on.is_some() && agent::is_abandoned(&mut tx, abandoned.owner(), runner.turn, all).await? {
        // Nobody is left who asked for it.
        let denial = Denial { why: "The program that asked for it has left.", details: "left", address: "" };
        events.extend(deny_unstarted(state, &mut tx, &asked, &denial).await?);
        goes_on = None;
    }
    if goes_on.is_none() {
        let left = turn::leave(&mut tx, runner, TurnState::Interrupted, None).await?;
        events.extend(left.map(|turn| ChatEvent::Turn { turn: turn.view() }));
    }
    checkpoint::tell(state, &mut tx, abandoned, &events).await?;
    tx.commit().await?;
    announce(state, abandoned.conversation_id, events);
    state.feed.touch_person(abandoned.user_id);
    if let Some(caller) = goes_on {
        run::spawn(state, runner, abandoned.conversation_id, caller, None);
    }
    Ok(())
}

/// Half a reply: who wrote it (provider and model), and its text.
type Half = Option<((String, String), String)>;

/// Stores what had come of a reply as cut off.
async fn keep_half_reply(
    conn: &mut crate::db::Conn,
    turn: &Turn,
    told: impl Iterator<Item = ChatEvent>,
    events: &mut Vec<ChatEvent>,
) -> Result<Half> {
    let mut half: Option<(MessageId, NewMessage, String)> = None;
    for event in told {
        match event {
            ChatEvent::ReplyStarted { message_id, provider, model, instead_of } => {
                let new = NewMessage {
                    id: message_id,
                    state: MessageState::CutOff,
                    written_by: Some((provider, model)),
                    instead_of,
                    ..NewMessage::new(MessageRole::Assistant, Vec::new())
                };
                half = Some((message_id, new, String::new()));
            }
            ChatEvent::Text { message_id, text: more, .. } => {
                if let Some((id, _, text)) = &mut half
                    && *id == message_id
                {
                    text.push_str(&more);
                }
            }
            ChatEvent::Message { message } if half.as_ref().is_some_and(|(id, ..)| *id == message.id) => half = None,
            ChatEvent::ReplyDropped { message_id } if half.as_ref().is_some_and(|(id, ..)| *id == message_id) => {
                half = None;
            }
            _ => {}
        }
    }
    let Some((id, new, text)) = half else { return Ok(None) };
    let written_by = new.written_by.clone();
    turn_event::forget_reply(conn, turn.id, id).await?;
    if text.is_empty() {
        events.push(ChatEvent::ReplyDropped { message_id: id });
        return Ok(written_by.map(|by| (by, text)));
    }
    let new = NewMessage { content: vec![Block::text(text.clone())], ..new };
    let place = Place { tenant: turn.tenant_id, conversation: turn.conversation_id, turn: turn.id };
    events.push(ChatEvent::Message { message: message::append(conn, place, new).await? });
    Ok(written_by.map(|by| (by, text)))
}

/// A call that died settles an estimate: what it held for input, and what had come. It is named after who wrote that.
async fn settle(state: &AppState, conn: &mut crate::db::Conn, turn: &Turn, half: Half) -> Result<()> {
    for mut call in usage::unsettled_of_turn(conn, turn.id).await? {
        // Of a title or a check nothing is stored: all that was held for it may have come.
        let mut output_tokens = if call.purpose == Purpose::Chat { 0 } else { call.reserved_output_tokens };
        if let Some(((provider, model), text)) = half.as_ref().filter(|_| call.purpose == Purpose::Chat) {
            output_tokens = i64::try_from(text.len().div_ceil(4)).unwrap_or(i64::MAX).min(call.reserved_output_tokens);
            if *provider != call.provider {
                (call.provider, call.model) = (provider.clone(), model.clone());
            }
        }
        settle_estimate(state, conn, &call, output_tokens).await?;
    }
    Ok(())
}

async fn settle_estimate(
    state: &AppState,
    conn: &mut crate::db::Conn,
    call: &usage::ModelCall,
    output_tokens: i64,
) -> Result<()> {
    let usage = Usage { input_tokens: call.reserved_input_tokens, output_tokens, cached_tokens: 0, estimated: true };
    let credits = state.prices.of_call(&call.provider, &call.model, None).cost(&usage);
    let settlement = Settlement { usage, credits, counts: true, error_code: Some("provider_interrupted") };
    usage::settle(conn, call.id, (&call.provider, &call.model), settlement).await?;
    Ok(())
}

/// Clears away what nobody needs any more.
async fn sweep(state: &AppState) -> Result<()> {
    let mut tx = state.db.write(Scope::System("sweeping")).await?;
    session::sweep(&mut tx).await?;
    turn_event::sweep(&mut tx, now() - TOLD_IS_KEPT).await?;
    grant::sweep(&mut tx, GRANTS_ARE_KEPT).await?;
    refresh_token::sweep(&mut tx).await?;
    mcp_authorisation::sweep(&mut tx).await?;
    file_write::sweep(&mut tx, now() - UNDO_IS_KEPT).await?;
    tx.commit().await?;
    settle_dead(state, now() - CALL_LIVES).await
}

/// Settles what calls that were reserved before `before` left open.
async fn settle_dead(state: &AppState, before: DateTime<Utc>) -> Result<()> {
    let mut tx = state.db.write(Scope::System("sweeping")).await?;
    for call in usage::unsettled_before(&mut tx, before).await? {
        // Whoever asked may have been given all that was held.
        settle_estimate(state, &mut tx, &call, call.reserved_output_tokens).await?;
    }
    tx.commit().await
}
