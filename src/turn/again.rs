//! The same request sent twice, told by its key: one that begins a turn once, and is given the same turn ever after.

use crate::{
    error::{Code, Refusal, Result},
    models::{message, turn},
    state::AppState,
    types::{Block, ConversationId, MessageRole, content::joined_text},
};

use super::{Caller, DirectTool, start::Started};

/// What is asked for, under its key if it has one.
pub(super) struct Request {
    /// The key.
    pub key: Option<String>,
    /// In which conversation; in a new one without.
    pub conversation: Option<ConversationId>,
    /// What is said.
    pub text: String,
    /// The tool that is named, and its arguments.
    pub tool: Option<(String, String)>,
}

impl Request {
    /// That tool, asked for by name.
    pub fn tool(tool: Option<&DirectTool>) -> Option<(String, String)> {
        tool.map(|tool| (tool.name.clone(), tool.arguments.clone()))
    }

    /// The turn that it began before.
    ///
    /// # Errors
    /// `conflict` where its key was used for something else: what is asked for now would be lost without a word.
    pub async fn before(&self, state: &AppState, caller: &Caller) -> Result<Option<Started>> {
        let Some(key) = &self.key else { return Ok(None) };
        let owner = caller.owner();
        let mut conn = state.db.read(owner.tenant).await?;
        let Some(found) = turn::find_by_key(&mut conn, owner, key).await? else { return Ok(None) };
        let messages = message::of_turn(&mut conn, owner.tenant, found.id).await?;
        let is_here = self.conversation.is_none_or(|conversation| conversation == found.conversation_id);
        // What it said may have been cleared away since.
        let first = messages.iter().find(|message| message.role == MessageRole::User);
        if !is_here || first.is_some_and(|message| !self.is(&message.content)) {
            return Err(Refusal::new(Code::Conflict).saying("error-key-used").into());
        }
        Ok(Some(Started { turn: found.id, conversation: found.conversation_id }))
    }

    /// Of two with one key at the same moment, the one that came second is given the turn of the first.
    ///
    /// # Errors
    /// Those of what was begun, and as [`Request::before`].
    pub async fn or_before(&self, state: &AppState, caller: &Caller, begun: Result<Started>) -> Result<Started> {
        match begun {
            Err(error) if self.key.is_some() => self.before(state, caller).await?.ok_or(error),
            begun => begun,
        }
    }

    /// Whether a person's message says it.
    fn is(&self, content: &[Block]) -> bool {
        let tool = content.iter().find_map(|block| match block {
            Block::ToolUse { name, input, .. } => Some((name, input)),
            _ => None,
        });
        self.text == joined_text(content) && self.tool.as_ref().map(|(name, input)| (name, input)) == tool
    }
}
