//! What judging, deciding and running share: the digest over what is stored, the tool that must still be the one that
//! was shown, results, and denials without a word.
//!
//! No tool runs without passing here twice: a call becomes `approved` only under the digest of exactly what was shown,
//! and `running` only if nothing of it has changed since.

use std::sync::Arc;

use crate::{
    db::Conn,
    error::{Code, Result},
    event::ChatEvent,
    models::{
        audit::{Act, Actor},
        message::{self, NewMessage, Place},
        tool_call::{self, StoredCall},
    },
    state::AppState,
    tools::{Tool, ToolContext, ToolError, mcp::Decline},
    types::{Block, Digest, Message, MessageId, MessageRole, ToolCallState, ToolOutcome, approval::ApprovalSubject},
};

use super::Caller;

/// For whom a tool runs.
pub(super) fn tool_context(caller: &Caller) -> ToolContext {
    ToolContext {
        tenant: caller.tenant.id,
        tenant_slug: caller.tenant.slug.clone(),
        user: caller.user.id,
        call: None,
        within: None,
        elicit: Arc::new(Decline),
    }
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
/// `tool_changed` with words for the model; `tool_error` where its server cannot be reached.
pub(super) fn unchanged_tool(state: &AppState, call: &StoredCall) -> Result<Arc<dyn Tool>, ToolError> {
    let changed = || ToolError::new("tool_changed", "The tool or the request changed after it was shown. Nothing ran.");
    let Some(tool) = state.tools.of(call.owner()).find(&call.name).cloned() else {
        // A server that is down has not changed its tool.
        return Err(match state.tools.missing(call.owner(), &call.server) {
            Some(why) => ToolError::new("tool_error", format!("{why} Nothing ran.")),
            None => changed(),
        });
    };
    let definition = tool.definition();
    let same = definition.fingerprint() == call.fingerprint
        && definition.server == call.server
        && definition.launch == call.launch
        && digest_of(call) == call.digest;
    if same { Ok(tool) } else { Err(changed()) }
}

/// Stores a call's result as the message that the model gets.
pub(super) async fn append_result(conn: &mut Conn, call: &StoredCall, text: &str, is_error: bool) -> Result<Message> {
    append_answer(conn, call, text, is_error, &[]).await
}

/// The same with the images and files that came with it, which are stored.
pub(super) async fn append_answer(
    conn: &mut Conn,
    call: &StoredCall,
    text: &str,
    is_error: bool,
    files: &[Block],
) -> Result<Message> {
    let place = Place { tenant: call.tenant_id, conversation: call.conversation_id, turn: call.turn_id };
    // A repeated call answers what the model asked for in the first place.
    let tool_call_id = call.repeats.unwrap_or(call.id);
    let result = Block::ToolResult { tool_call_id, text: text.to_owned(), is_error };
    let content = std::iter::once(result).chain(files.iter().cloned()).collect();
    // A call has one result: its message goes by the call's id, which the page knows from the beginning.
    let id = MessageId(call.id.0);
    let new = NewMessage { id, tool_call_id: Some(call.id), ..NewMessage::new(MessageRole::Tool, content) };
    message::append(conn, place, new).await
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
        let outcome = ToolOutcome { text: denial.why.to_owned(), error_code: code, files: Vec::new() };
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
    state.auditor.append_of_tool(conn, call.tenant_id, act, Some(&call.name)).await
}
