//! A person puts back what a tool's write replaced. It is their own act on their own call: no tool runs, and what was
//! decided on the call stays decided.

use crate::{
    error::{Code, Error, Refusal, Result},
    event::ChatEvent,
    models::{
        file_write,
        tool_call::{self, StoredCall},
        turn,
    },
    state::AppState,
    tools::{ToolError, workspace::PutBack},
    types::{ToolCallId, ToolCallState, Undo},
};

use super::{Caller, approval::audit, checkpoint};

/// Puts back what was there before a call wrote, once, as long as the file is exactly as the tool wrote it.
///
/// # Errors
/// `not_found` for what is not the caller's; `conflict` when there is nothing to put back, or it was put back before;
/// `tool_changed` when something else is there by now.
pub async fn undo(state: &AppState, caller: &Caller, id: ToolCallId) -> Result<StoredCall> {
    let owner = caller.owner();
    let mut tx = state.db.write(owner.tenant).await?;
    let call = tool_call::find(&mut tx, owner, id).await?.ok_or(Code::NotFound)?;
    let conflict = |words| Error::from(Refusal::new(Code::Conflict).saying(words));
    match call.undo {
        Some(Undo::Possible) if call.state.is_finished() || call.state == ToolCallState::OutcomeUnknown => {}
        Some(Undo::Done) => return Err(conflict("error-undone-already")),
        Some(Undo::Possible) | None => return Err(conflict("error-nothing-to-undo")),
    }
    let (write, before) = file_write::find(&mut tx, owner, id).await?.ok_or(Code::NotFound)?;
    let before = match (write.hash_before, before) {
        (None, _) => None,
        (Some(hash), Some(content)) => Some((hash, content)),
        (Some(_), None) => return Err(conflict("error-nothing-to-undo")),
    };
    // Said first, in the same transaction: of two that come at once the second waits here, and then comes too late.
    if !file_write::undo(&mut tx, owner, id).await? {
        return Err(conflict("error-undone-already"));
    }
    let put_back = PutBack { path: write.path, after: write.hash_after, before };
    state.workspace.put_back(&caller.tenant.slug, put_back).await.map_err(|error| refusal(&error))?;
    let undone = tool_call::find(&mut tx, owner, id).await?.ok_or(Code::NotFound)?;
    audit(state, &mut tx, &undone, "tool_undone", "", &caller.address).await?;
    let turn = turn::find(&mut tx, owner, undone.turn_id).await?.ok_or(Code::NotFound)?;
    let events = vec![ChatEvent::ToolCall { call: Box::new(undone.clone().into()) }];
    checkpoint::tell(state, &mut tx, &turn, &events).await?;
    tx.commit().await?;
    state.feed.publish(undone.conversation_id, events);
    tracing::info!(tool_call = %undone.id, tool = undone.name, "a write was undone");
    Ok(undone)
}

/// What kept it from being put back, for the person.
fn refusal(error: &ToolError) -> Error {
    let words = match Code::parse(error.code) {
        Some(Code::ToolChanged | Code::InvalidPath) => "error-undo-changed",
        Some(code) => return code.into(),
        None => return Error::internal(error),
    };
    // A link or a folder where the file was is something else, too.
    Refusal::new(Code::ToolChanged).saying(words).into()
}
