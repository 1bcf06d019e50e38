//! Stopping a turn, on this instance or another.

use crate::{
    error::{Code, Result},
    event::ChatEvent,
    models::{
        Owner, conversation, tool_call,
        turn::{self, Runner},
    },
    state::AppState,
    types::{ConversationId, TurnState},
};

use super::{
    Caller,
    announce::announce,
    approval::{Denial, deny_unstarted},
    checkpoint,
};

/// Ends the turn that runs or waits in a conversation; where none does, nothing happens.
///
/// # Errors
/// `not_found` for what is not the caller's.
pub async fn stop(state: &AppState, caller: &Caller, id: ConversationId) -> Result<()> {
    let denial = Denial { why: "The person stopped the turn.", details: "stopped", address: &caller.address };
    end(state, caller.owner(), id, &denial).await
}

/// The same, saying of what waits why it is denied.
///
/// # Errors
/// `not_found` for what is not the owner's.
pub(super) async fn end(state: &AppState, owner: Owner, id: ConversationId, denial: &Denial<'_>) -> Result<()> {
    let mut tx = state.db.write(owner.tenant).await?;
    let conversation = conversation::find(&mut tx, owner, id).await?.ok_or(Code::NotFound)?;
    let Some(current) = conversation.current_turn_id else { return Ok(()) };
    let Some(turn) = turn::find(&mut tx, owner, current).await? else { return Ok(()) };
    match turn.state {
        TurnState::Running => {
            turn::request_stop(&mut tx, owner, turn.id).await?;
            tx.commit().await?;
            // Here at once; on another instance with its next look at the turn's row.
            if let Some(run) = state.runs.find(turn.id) {
                run.stop.cancel();
            }
            Ok(())
        }
        TurnState::AwaitingApproval => {
            let calls = tool_call::of_turn(&mut tx, owner.tenant, turn.id).await?;
            let mut events = deny_unstarted(state, &mut tx, &calls, denial).await?;
            let leaving = Runner { turn: turn.id, tenant: turn.tenant_id, epoch: turn.epoch };
            let stopped =
                turn::set_state(&mut tx, leaving, TurnState::AwaitingApproval, TurnState::Stopped, None).await?;
            events.extend(stopped.map(|turn| ChatEvent::Turn { turn: turn.view() }));
            checkpoint::tell(state, &mut tx, &turn, &events).await?;
            tx.commit().await?;
            announce(state, id, events);
            state.feed.touch_person(owner.user);
            Ok(())
        }
        _ => Ok(()),
    }
}
