//! What a person undid is told to the model with their next message. Nothing that was sent before changes by it.

use crate::{
    db::Conn,
    error::Result,
    models::file_write,
    types::{Block, Message, MessageRole, TenantId, ToolCallId},
};

/// Puts a line before the person's next message for each write that they undid, of those whose calls the model sees.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn tell(conn: &mut Conn, tenant: TenantId, messages: &mut [Message]) -> Result<()> {
    let calls: Vec<ToolCallId> = messages
        .iter()
        .flat_map(|message| &message.content)
        .filter_map(|block| match block {
            Block::ToolUse { id, .. } => Some(*id),
            _ => None,
        })
        .collect();
    if calls.is_empty() {
        return Ok(());
    }
    let mut lines: Vec<(usize, String)> = Vec::new();
    for (path, at) in file_write::undone(conn, tenant, &calls).await? {
        let next = messages.iter().position(|message| message.role == MessageRole::User && message.created_at >= at);
        let line = format!("[The person has undone your writing of {path}: what was there before is there again.]");
        lines.extend(next.map(|next| (next, line)));
    }
    // From the last, so that those of one message keep their order.
    for (index, line) in lines.into_iter().rev() {
        if let Some(message) = messages.get_mut(index) {
            message.content.insert(0, Block::text(line));
        }
    }
    Ok(())
}
