//! Conversations as scripts read them.

use serde::Serialize;

use super::{TurnStateJson, message::time, turn_state};
use crate::{
    i18n::Locale,
    models::conversation::Conversation,
    types::{ConversationId, TurnView},
};

/// A conversation: `{id, title, provider, model, created_at, updated_at, turn}`.
#[derive(Debug, Serialize)]
pub struct ConversationJson<'a> {
    id: ConversationId,
    title: &'a str,
    provider: Option<&'a str>,
    model: Option<&'a str>,
    created_at: String,
    updated_at: String,
    turn: Option<TurnStateJson>,
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
    }
}
