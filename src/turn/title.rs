//! Titles: the first words at once; a better one from the model after the first exchange, which never fails a turn.

use crate::{
    db::{Conn, at_once},
    error::Result,
    event::ChatEvent,
    models::{conversation, message, turn, usage},
    providers::{PromptMessage, Reply, Request, demo},
    state::AppState,
    types::{Block, ConversationId, ConversationKind, MessageRole, ModelChoice, Purpose, TurnId},
};

use super::{
    Caller, checkpoint, choice,
    metered::{self, Incomplete, Reserved, Wanted},
};

/// The longest title, in characters.
const LENGTH: usize = 60;

/// Out of how many requests of a month's limit a title may take one: it leaves the last of them to people.
const REQUESTS_LEFT: i64 = 50;

const PROMPT: &str = "Write a title of at most six words for the conversation below, in its language. Answer with the \
title alone, without quotes or a full stop.";

/// The first words of a message as a title, on one line.
pub(super) fn first_words(text: &str) -> String {
    clean(text).unwrap_or_else(|| "…".to_owned())
}

/// A title made of text: on one line, at most 60 characters, cut at a word; `None` if nothing is left.
fn clean(text: &str) -> Option<String> {
    let line = text.lines().map(str::trim).find(|line| !line.is_empty())?;
    let line = line.trim_start_matches(['#', '>', '*', '-', ' ']).trim_matches(['"', '“', '”', '*', '`', ' ']);
    let mut title = String::new();
    for word in line.split_whitespace() {
        let word: String = word.chars().filter(|character| !character.is_control()).collect();
        let length = title.chars().count() + 1 + word.chars().count();
        if length > LENGTH && !title.is_empty() {
            title.push('…');
            break;
        }
        if !title.is_empty() {
            title.push(' ');
        }
        title.extend(word.chars().take(LENGTH));
    }
    (!title.is_empty()).then_some(title)
}

/// After a conversation's first exchange: asks the model for a title. What goes wrong is logged and forgotten.
pub(super) async fn improve(state: &AppState, caller: &Caller, id: ConversationId, turn: TurnId) {
    if let Err(error) = at_once(try_improve(state, caller, id, turn)).await {
        tracing::info!(%error, "no title was made");
    }
}

async fn try_improve(state: &AppState, caller: &Caller, id: ConversationId, turn: TurnId) -> Result<()> {
    let Some(mut reserved) = reserve(state, caller, id, turn).await? else { return Ok(()) };
    let (reply, settlement) = match metered::complete(state, &mut reserved, &state.runs.closing).await {
        Ok(completed) => completed,
        Err(Incomplete { settlement, .. }) => (Reply::default(), settlement),
    };
    let title = clean(&reply.text());
    let mut tx = state.db.write(caller.tenant.id).await?;
    // The conversation before its calls, as who deletes it goes: else each could wait for the other.
    let changed = match &title {
        Some(title) => conversation::set_model_title(&mut tx, caller.owner(), id, title).await?,
        None => false,
    };
    metered::settle(state, &mut tx, &reserved, settlement).await?;
    let events: Vec<ChatEvent> =
        title.filter(|_| changed).map(|title| ChatEvent::Title { title }).into_iter().collect();
    if changed && let Some(turn) = turn::find(&mut tx, caller.owner(), turn).await? {
        checkpoint::tell(state, &mut tx, &turn, &events).await?;
    }
    tx.commit().await?;
    state.feed.publish(id, events);
    Ok(())
}

/// Reserves a call for a title, if this was the first exchange, a real model is there, and the month has room.
async fn reserve(state: &AppState, caller: &Caller, id: ConversationId, turn: TurnId) -> Result<Option<Reserved>> {
    // Who writes waits for others and keeps others waiting: not before it is known that there is something to write.
    let Some((choice, request)) = wanted(state, caller, id, turn).await? else { return Ok(None) };
    let mut tx = state.db.write_unsynced(caller.tenant.id).await?;
    let wanted = Wanted { turn: Some(turn), purpose: Purpose::Title, choice: &choice, request };
    let reserved = metered::reserve(state, &mut tx, caller.owner(), wanted).await?;
    tx.commit().await?;
    Ok(Some(reserved))
}

/// Who is asked for a title and what, if one is wanted.
async fn wanted(
    state: &AppState,
    caller: &Caller,
    id: ConversationId,
    turn: TurnId,
) -> Result<Option<(ModelChoice, Request)>> {
    let mut conn = state.db.read(caller.tenant.id).await?;
    let Some(found) = conversation::find(&mut conn, caller.owner(), id).await? else { return Ok(None) };
    // No model is asked in what is no chat.
    if found.kind != ConversationKind::Chat {
        return Ok(None);
    }
    let choice = choice::of(state, &found);
    let candidates = state.providers.candidates(&choice, &caller.tenant.models.0);
    let is_real = candidates.iter().all(|candidate| candidate.provider.name() != demo::NAME);
    if !is_real {
        return Ok(None);
    }
    let is_first = message::first_position(&mut conn, caller.tenant.id, turn).await? == Some(1);
    if !is_first || found.title_source != crate::types::TitleSource::FirstWords || !has_room(&mut conn, caller).await? {
        return Ok(None);
    }
    let messages = message::page(&mut conn, caller.tenant.id, id, None, 10).await?;
    let said: String = messages
        .iter()
        .filter(|message| message.role != MessageRole::Tool)
        .map(|message| format!("{}: {}\n\n", message.role, message.text().chars().take(1000).collect::<String>()))
        .collect();
    let request = Request {
        system: Some(PROMPT.to_owned()),
        messages: vec![PromptMessage { role: MessageRole::User, content: vec![Block::text(said)] }],
        max_output_tokens: 64,
        ..Request::default()
    };
    Ok(Some((choice, request)))
}

/// Whether so many requests are left in the month that people do not miss this one.
async fn has_room(conn: &mut Conn, caller: &Caller) -> Result<bool> {
    let month = usage::month_of(crate::db::now());
    let subjects = [caller.tenant.id.into(), caller.user.id.into()];
    for (subject, limits) in subjects.into_iter().zip(usage::limits_of_both(conn, caller.owner()).await?) {
        let Some(limit) = limits.monthly_requests.filter(|_| limits.is_active) else { continue };
        let used = usage::month(conn, caller.tenant.id, subject, &month).await?;
        if limit - used.requests - used.reserved_requests < REQUESTS_LEFT {
            return Ok(false);
        }
    }
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_short_lines() {
        for (text, title) in [
            ("Hello", "Hello"),
            ("\n\n  # Big **news**  \nmore", "Big **news"),
            ("", "…"),
            ("\u{7}\u{7}", "…"),
            ("“Weather in Rome”", "Weather in Rome"),
        ] {
            assert_eq!(first_words(text), title, "{text:?}");
        }
        let long = first_words(&"word ".repeat(40));
        assert!(long.ends_with('…') && long.chars().count() <= LENGTH + 1, "{long}");
        assert_eq!(first_words(&"x".repeat(500)).chars().count(), LENGTH);
    }
}
