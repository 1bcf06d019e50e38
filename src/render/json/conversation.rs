//! Conversations as scripts read them.

use serde::Serialize;

use super::{TurnStateJson, message::time, turn_state};
use crate::{
    i18n::Locale,
    models::{conversation::Conversation, search::Excerpt},
    types::{ConversationId, MessageId, TurnView},
};

/// A conversation: `{id, title, provider, model, created_at, updated_at, turn}`.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Conversation)]
pub struct ConversationJson<'a> {
    id: ConversationId,
    title: &'a str,
    provider: Option<&'a str>,
    model: Option<&'a str>,
    #[schema(format = DateTime)]
    created_at: String,
    #[schema(format = DateTime)]
    updated_at: String,
    turn: Option<TurnStateJson>,
    /// When it was ended, if it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    ended_at: Option<String>,
    /// Where a search found it, if in a message.
    #[serde(skip_serializing_if = "Option::is_none")]
    excerpt: Option<ExcerptJson<'a>>,
}

/// What stands around the words that were searched for: the pieces joined are the text.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Excerpt)]
struct ExcerptJson<'a> {
    message_id: MessageId,
    pieces: Vec<PieceJson<'a>>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = ExcerptPiece)]
struct PieceJson<'a> {
    text: &'a str,
    is_match: bool,
}

impl<'a> ConversationJson<'a> {
    /// With where a search found it.
    pub fn found(mut self, excerpt: &'a Excerpt) -> Self {
        let pieces = excerpt.pieces.iter().map(|piece| PieceJson { text: &piece.text, is_match: piece.is_match });
        self.excerpt = Some(ExcerptJson { message_id: excerpt.message, pieces: pieces.collect() });
        self
    }
}

/// A conversation with its newest turn.
pub fn conversation<'a>(
    conversation: &'a Conversation,
    turn: Option<&TurnView>,
    locale: Locale,
) -> ConversationJson<'a> {
    ConversationJson {
        id: conversation.id,
        title: &conversation.title,
        provider: conversation.provider.as_deref(),
        model: conversation.model.as_deref(),
        created_at: time(conversation.created_at.0),
        updated_at: time(conversation.updated_at.0),
        turn: turn.map(|turn| turn_state(turn, locale)),
        ended_at: conversation.ended_at.map(|ended| time(ended.0)),
        excerpt: None,
    }
}
