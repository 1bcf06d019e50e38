//! `ChatEvent`, the one vocabulary in which a turn tells what happens. The feed carries it, `turn_events` stores
//! it, the renderers draw it. An event says everything a viewer needs; no renderer asks a database.

use serde::{Deserialize, Serialize};

use crate::types::{InsteadOf, Message, MessageId, ToolCall, ToolCallId, TurnView};

/// Something that happened in a conversation, in the order in which it happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum ChatEvent {
    /// A message was stored whole: a person's message, a tool's result, or a finished reply. A finished reply
    /// takes the place of what was streamed under its id.
    Message {
        /// The message.
        message: Message,
    },
    /// The model begins a reply; text follows under this id.
    ReplyStarted {
        /// The id that the finished message will have.
        message_id: MessageId,
        /// The provider that writes it.
        provider: String,
        /// The model that writes it.
        model: String,
        /// Who should have written it and could not.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        instead_of: Option<InsteadOf>,
    },
    /// More text of the reply. All texts of one `block` joined are that block's text.
    Text {
        /// The reply.
        message_id: MessageId,
        /// The block within the reply, from 0.
        block: u32,
        /// What came.
        text: String,
    },
    /// More of what the model thinks.
    Thinking {
        /// The reply.
        message_id: MessageId,
        /// The block within the reply, from 0.
        block: u32,
        /// What came.
        text: String,
    },
    /// A reply that had begun is void: nothing of it is kept.
    ReplyDropped {
        /// The reply.
        message_id: MessageId,
    },
    /// A tool call came to be, or changed: asked for, decided, begun, ended.
    ToolCall {
        /// The call as it stands now.
        call: Box<ToolCall>,
    },
    /// A running tool shows something of its work.
    ToolChunk {
        /// The call.
        id: ToolCallId,
        /// Text to show; the chunks joined are what was shown.
        chunk: String,
    },
    /// The turn changed its state: begun, waits, goes on, ended.
    Turn {
        /// The turn as it stands now.
        turn: TurnView,
    },
    /// The window that models are sent begins elsewhere now.
    Window {
        /// The message with which it begins; `None` when nothing lies before it.
        message_id: Option<MessageId>,
    },
    /// The conversation has a title.
    Title {
        /// The title.
        title: String,
    },
    /// The conversation was ended: it is read-only from now on.
    Ended,
    /// The conversation is gone: its sockets close.
    Deleted,
}

impl ChatEvent {
    /// The reply that is being written here, of an event that tells of one.
    pub fn reply(&self) -> Option<MessageId> {
        match self {
            Self::ReplyStarted { message_id, .. }
            | Self::Text { message_id, .. }
            | Self::Thinking { message_id, .. } => Some(*message_id),
            _ => None,
        }
    }

    /// Whether it is more of a text and nothing else.
    pub fn is_text(&self) -> bool {
        matches!(self, Self::Text { .. } | Self::Thinking { .. } | Self::ToolChunk { .. })
    }
}
