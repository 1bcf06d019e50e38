//! What a person does with a conversation as a whole: naming it, choosing who answers in it, ending and deleting it.

use std::time::Duration;

use crate::{
    db::Transaction,
    error::{Code, Refusal, Result},
    event::ChatEvent,
    feed::{Subscription, Wake},
    models::{
        audit::{Act, Actor},
        conversation::{self, Conversation},
        tool_call, turn, turn_event,
    },
    state::AppState,
    types::{ConversationId, ModelChoice, TurnState},
};

use super::{Caller, approval::audit, choice, stop};

/// The longest title a person may give, in characters.
const TITLE: usize = 200;

/// How long ending waits for a running turn to come to rest. One that takes longer ends by itself, or by recovery.
const REST: Duration = Duration::from_secs(5);

/// What a person changes of a conversation.
#[derive(Clone, Debug, Default)]
pub struct Change {
    /// Its title.
    pub title: Option<String>,
    /// Who shall answer in it.
    pub choice: Option<ModelChoice>,
}

/// Refuses what would go on with a conversation that was ended.
pub(super) fn must_be_open(conversation: &Conversation) -> Result<(), Refusal> {
    match conversation.ended_at {
        None => Ok(()),
        Some(_) => Err(Refusal::new(Code::Conflict).saying("error-conversation-ended")),
    }
}

/// Gives a conversation another title.
///
/// # Errors
/// As [`change`].
pub async fn rename(state: &AppState, caller: &Caller, id: ConversationId, title: &str) -> Result<()> {
    change(state, caller, id, Change { title: Some(title.to_owned()), choice: None }).await
}

/// Changes a conversation: all of what is given, or nothing.
///
/// # Errors
/// `not_found`; `invalid_payload` for what is no title, and for a model that there is not; `conflict` for another model
/// in a conversation that was ended.
pub async fn change(state: &AppState, caller: &Caller, id: ConversationId, change: Change) -> Result<()> {
    let title = change.title.as_deref().map(checked_title).transpose()?;
    let what = match (&title, &change.choice) {
        (Some(_), Some(_)) => "title, model",
        (Some(_), None) => "title",
        (None, _) => "model",
    };
    choice::check(state, &caller.tenant.models.0, change.choice.as_ref())?;
    let owner = caller.owner();
    let mut tx = state.db.write(owner.tenant).await?;
    let found = conversation::find(&mut tx, owner, id).await?.ok_or(Code::NotFound)?;
    if let Some(choice) = change.choice {
        must_be_open(&found)?;
        conversation::set_choice(&mut tx, owner, id, choice).await?;
    }
    if let Some(title) = &title {
        conversation::rename(&mut tx, owner, id, title).await?;
    }
    note(state, &mut tx, caller, id, "conversation_changed", what).await?;
    tx.commit().await?;
    state.feed.publish(id, title.map(|title| ChatEvent::Title { title }));
    Ok(())
}

/// A title on one line.
fn checked_title(typed: &str) -> Result<String, Refusal> {
    let title = typed.split_whitespace().collect::<Vec<_>>().join(" ");
    if title.is_empty() || title.chars().count() > TITLE || title.chars().any(char::is_control) {
        return Err(Refusal::new(Code::InvalidPayload).saying("error-title").about("title"));
    }
    Ok(title)
}

/// Ends a conversation: nothing more is said in it. A running turn is stopped, and what waits is denied. Ending what was
/// ended before ends whatever still goes on in it.
///
/// # Errors
/// `not_found` for what is not the caller's.
pub async fn end(state: &AppState, caller: &Caller, id: ConversationId) -> Result<()> {
    let owner = caller.owner();
    let following = state.feed.subscribe(id);
    let mut tx = state.db.write(owner.tenant).await?;
    conversation::find(&mut tx, owner, id).await?.ok_or(Code::NotFound)?;
    // First, so that nothing begins meanwhile.
    conversation::end(&mut tx, owner, id).await?;
    note(state, &mut tx, caller, id, "conversation_ended", "").await?;
    tx.commit().await?;
    if let Ok(rested) = tokio::time::timeout(REST, rest(state, caller, id, following)).await {
        rested?;
    }
    settle(state, caller, id).await
}

/// Stops what goes on, until nothing does: a reply that was just then being stored may ask for something first.
async fn rest(state: &AppState, caller: &Caller, id: ConversationId, mut following: Subscription) -> Result<()> {
    loop {
        stop(state, caller, id).await?;
        let newest = turn::newest(&mut *state.db.read(caller.tenant.id).await?, caller.tenant.id, id).await?;
        if newest.is_none_or(|turn| turn.state != TurnState::Running && turn.state != TurnState::AwaitingApproval) {
            return Ok(());
        }
        if following.next().await.is_err() {
            following = state.feed.subscribe(id);
        }
    }
}

/// Reports what nobody will decide any more, and tells everyone who looks that it is over.
async fn settle(state: &AppState, caller: &Caller, id: ConversationId) -> Result<()> {
    let owner = caller.owner();
    let mut tx = state.db.write(owner.tenant).await?;
    let reported = tool_call::report_unknown(&mut tx, owner, id).await?;
    let mut events = Vec::new();
    for call in reported {
        audit(state, &mut tx, &call, "tool_reported", "ended", &caller.address).await?;
        let turn = call.turn_id;
        let event = ChatEvent::ToolCall { call: Box::new(call.into()) };
        turn_event::tell(&mut tx, owner.tenant, turn, std::slice::from_ref(&event)).await?;
        events.push(event);
    }
    tx.notify(Wake::Ended { from: state.instance, conversation: id }.payload()).await?;
    tx.commit().await?;
    events.push(ChatEvent::Ended);
    state.feed.publish(id, events);
    state.feed.touch_person(owner.user);
    Ok(())
}

/// Deletes a conversation with all that was said in it; what goes on in it is stopped.
///
/// # Errors
/// `not_found` for what is not the caller's.
pub async fn delete(state: &AppState, caller: &Caller, id: ConversationId) -> Result<()> {
    stop(state, caller, id).await?;
    let mut tx = state.db.write(caller.tenant.id).await?;
    if !conversation::delete(&mut tx, caller.owner(), id).await? {
        return Err(Code::NotFound.into());
    }
    tx.notify(Wake::Deleted { from: state.instance, conversation: id }.payload()).await?;
    note(state, &mut tx, caller, id, "conversation_deleted", "").await?;
    tx.commit().await?;
    state.feed.publish(id, [ChatEvent::Deleted]);
    Ok(())
}

/// Writes down what its person did with a conversation; never its title.
async fn note(
    state: &AppState,
    tx: &mut Transaction,
    caller: &Caller,
    id: ConversationId,
    action: &'static str,
    details: &str,
) -> Result<()> {
    let act = Act {
        actor: Actor::User(caller.user.id),
        address: &caller.address,
        action,
        object: format!("conversation:{id}"),
        target: None,
        digest: None,
        details,
    };
    state.auditor.append(tx, caller.tenant.id, act).await
}
