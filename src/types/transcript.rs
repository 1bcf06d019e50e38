//! What a viewer sees of a conversation: messages, tool calls and the turn, as read from the database or carried
//! in an event. The same values make the page, the fragments and the JSON.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{
    Authority, Block, Bound, Decision, Digest, MessageRole, MessageState, Question, ToolCallState, TurnState, Undo,
    Usage, content, ids::*,
};

/// A stored message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Message {
    /// Its id.
    pub id: MessageId,
    /// The turn it belongs to.
    pub turn_id: TurnId,
    /// Its place in the conversation, from 1: the order and the page key.
    pub position: i64,
    /// Who speaks.
    pub role: MessageRole,
    /// Whether it is whole.
    pub state: MessageState,
    /// What it says.
    pub content: Vec<Block>,
    /// The provider that made it (`anthropic`, …); of assistant messages.
    pub provider: Option<String>,
    /// The model that wrote it; of assistant messages.
    pub model: Option<String>,
    /// Who should have written it and could not; of assistant messages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instead_of: Option<InsteadOf>,
    /// Why the model ended, in its provider's word.
    pub stop_reason: Option<String>,
    /// What it used; of assistant messages.
    pub usage: Option<Usage>,
    /// The call whose result this is; of tool messages.
    pub tool_call_id: Option<ToolCallId>,
    /// When it was stored.
    pub created_at: DateTime<Utc>,
}

impl Message {
    /// The text blocks joined.
    pub fn text(&self) -> String {
        content::joined_text(&self.content)
    }
}

/// A provider that should have written a reply and could not, so that another one did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InsteadOf {
    /// The provider's name.
    pub provider: String,
    /// The model.
    pub model: String,
    /// Why it could not: one of the provider codes of the contract.
    pub code: String,
}

/// What a tool call would do, made before anyone is asked.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Preview {
    /// What it acts on, in clear: a path, a host. Kept in the audit log.
    pub target: Option<String>,
    /// The state of the world it rests on: the hash of the file that would be changed, or `absent`.
    /// Part of the digest, and checked once more just before the effect.
    pub precondition: Option<String>,
    /// What it would change, line by line.
    pub difference: Option<Difference>,
    /// What a person may say beforehand of further calls like this; empty where nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bounds: Vec<Bound>,
}

/// A difference between two texts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Difference {
    /// Whether the thing is new (there was nothing before).
    pub is_new: bool,
    /// The lines, in order, with unchanged ones around each change.
    pub lines: Vec<DifferenceLine>,
    /// How many lines were left out at the end because there are too many to show; gaps count their own.
    pub omitted: usize,
}

/// One line of a difference.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum DifferenceLine {
    /// Stays.
    Same {
        /// The line without its end.
        text: String,
    },
    /// Comes.
    Added {
        /// The line without its end.
        text: String,
    },
    /// Goes.
    Removed {
        /// The line without its end.
        text: String,
    },
    /// Unchanged lines that are not shown.
    Gap {
        /// How many.
        count: usize,
    },
}

/// How a tool call ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ToolOutcome {
    /// What the model is told.
    pub text: String,
    /// The code of the error, if it is one (`invalid_path`, `write_failed`, `denied` for a denial, …).
    pub error_code: Option<String>,
    /// What came with it: [`Block::Image`] and [`Block::File`], in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<Block>,
}

/// A tool call as a viewer sees it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ToolCall {
    /// Its id, ours.
    pub id: ToolCallId,
    /// The conversation.
    pub conversation_id: ConversationId,
    /// The turn.
    pub turn_id: TurnId,
    /// The assistant message that asks for it.
    pub message_id: MessageId,
    /// Its place among the calls of that message, from 0.
    pub ordinal: i32,
    /// The server that offers the tool; `sayso` for built-in ones.
    pub server: String,
    /// The tool's name as the model knows it.
    pub name: String,
    /// The arguments that run (or would): exactly this text is shown, hashed and sent.
    pub arguments: String,
    /// The arguments the model asked for, where the person changed them.
    pub asked_arguments: Option<String>,
    /// What it would do.
    pub preview: Preview,
    /// Digest over everything that the person approves.
    pub digest: Digest,
    /// Where it stands.
    pub state: ToolCallState,
    /// What its person said of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<Decision>,
    /// Why the person denied it.
    pub reason: Option<String>,
    /// By what it runs, where nobody was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authority: Option<Authority>,
    /// How it ended.
    pub outcome: Option<ToolOutcome>,
    /// Whether what it wrote can be put back; `None` where nothing can.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undo: Option<Undo>,
    /// What its server asked the person while it ran, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub questions: Vec<Question>,
}

impl ToolCall {
    /// The question that waits for the person.
    pub fn question(&self) -> Option<&Question> {
        let last = self.questions.last().filter(|question| question.answer.is_none());
        last.filter(|_| self.state == ToolCallState::AwaitingInput)
    }

    /// Of a call of unknown outcome: whether its person said what becomes of it.
    pub fn is_settled(&self) -> bool {
        self.state == ToolCallState::OutcomeUnknown
            && matches!(self.decision, Some(Decision::RunAgain | Decision::Report))
    }

    /// Whether it needs its person.
    pub fn waits(&self) -> bool {
        match self.state {
            ToolCallState::Pending => true,
            ToolCallState::OutcomeUnknown => !self.is_settled(),
            ToolCallState::AwaitingInput => self.question().is_some(),
            _ => false,
        }
    }
}

/// Why a turn failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TurnFailure {
    /// One of the codes of the contract (`provider_overloaded`, …).
    pub code: String,
    /// Seconds the provider asked to wait, if it said so.
    pub retry_after: Option<u64>,
}

/// A turn as a viewer sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TurnView {
    /// Its id.
    pub id: TurnId,
    /// Where it stands.
    pub state: TurnState,
    /// Why it failed, if it did.
    pub failure: Option<TurnFailure>,
    /// Under which runner it came to stand there. A turn is in no state twice under one, by which a viewer knows what it
    /// was told before.
    #[serde(default)]
    pub epoch: i64,
}
