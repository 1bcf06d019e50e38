//! What became of a call, in the form of the protocol.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use rmcp::model::{
    CallToolResult, ContentBlock, ElicitRequest, ElicitRequestParams, InputRequest, InputRequests, InputRequiredResult,
    Resource, ResourceContents,
};

use super::agent::Agent;
use crate::{
    error::Result,
    models::Owner,
    turn::{self, Answer},
    types::{Block, ConversationId, TurnId},
};

/// The name under which a program is asked to send its person to the approval.
pub const APPROVAL: &str = "approval";

/// The largest file that goes with an answer; of a larger one only its address does.
const FILE: usize = 1024 * 1024;

/// How much of images and files goes with one answer.
const TOGETHER: usize = 10 * 1024 * 1024;

/// What a program is told at the end.
///
/// # Errors
/// When the database does not answer.
pub async fn told(agent: &Agent, owner: Owner, answer: &Answer) -> Result<CallToolResult> {
    let conversation = answer.call.conversation_id;
    let mut content = vec![ContentBlock::text(answer.text.clone())];
    let mut room = TOGETHER;
    for file in &answer.files {
        let (number, size) = match file {
            Block::Image { number, .. } => (*number, None),
            Block::File { number, bytes, .. } => (*number, usize::try_from(*bytes).ok()),
            Block::Text { .. }
            | Block::Thinking { .. }
            | Block::ToolUse { .. }
            | Block::ToolResult { .. }
            | Block::Opaque { .. } => continue,
        };
        // One at a time: no more than one too many is ever held.
        let bytes = match size {
            Some(size) if size > FILE.min(room) => None,
            _ => turn::files_of(&agent.state, owner, conversation, &[number]).await?.remove(&number),
        };
        let bytes = bytes.filter(|bytes| bytes.len() <= room);
        room -= bytes.as_ref().map_or(0, Bytes::len);
        content.extend(block(agent, conversation, file, bytes));
    }
    Ok(if answer.is_error { CallToolResult::error(content) } else { CallToolResult::success(content) })
}

/// An image or a file: with its bytes where they go along, else by its address, which its person can open.
fn block(agent: &Agent, conversation: ConversationId, file: &Block, bytes: Option<Bytes>) -> Option<ContentBlock> {
    let (number, media_type, name, size) = match file {
        Block::Image { number, media_type, name, .. } => (number, media_type, name, None),
        Block::File { number, media_type, name, bytes } => (number, media_type, name, Some(*bytes)),
        _ => return None,
    };
    let address = agent.urls.absolute(&format!("/conversations/{conversation}/attachments/{number}"));
    Some(match (file, bytes) {
        (Block::Image { .. }, Some(bytes)) => ContentBlock::image(STANDARD.encode(&bytes), media_type.clone()),
        (_, Some(bytes)) => {
            let is_text = media_type.starts_with("text/") || media_type == "application/json";
            let contents = match std::str::from_utf8(&bytes).ok().filter(|_| is_text) {
                Some(text) => ResourceContents::text(text, address),
                None => ResourceContents::blob(STANDARD.encode(&bytes), address),
            };
            ContentBlock::resource(contents.with_mime_type(media_type.clone()))
        }
        (_, None) => {
            let mut link = Resource::new(address, name.clone());
            link.mime_type = Some(media_type.clone());
            link.size = size;
            ContentBlock::resource_link(link)
        }
    })
}

/// What a program is asked to do first: send its person to where the call is approved, and come back. It is told only the
/// turn: who comes back is looked at, and what they call.
pub fn sent_to(turn: TurnId, words: String, address: String) -> InputRequiredResult {
    let params = ElicitRequestParams::UrlElicitationParams {
        meta: None,
        message: words,
        url: address,
        elicitation_id: turn.to_string(),
    };
    let requests = InputRequests::from([(APPROVAL.to_owned(), InputRequest::Elicitation(ElicitRequest::new(params)))]);
    InputRequiredResult::new(Some(requests), Some(turn.to_string()))
}
