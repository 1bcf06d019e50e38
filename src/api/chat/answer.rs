//! A turn as one JSON answer, when it has come to rest: it ended, or its person must decide.

use std::time::Duration;

use actix_web::HttpResponse;
use tokio::time::timeout;

use super::answered;
use crate::{
    error::{Code, Error, Result},
    event::ChatEvent,
    http::{
        Edge,
        api_caller::{ApiCaller, is_still_valid},
    },
    render::json::{self, TurnJson, UsedJson},
    state::AppState,
    turn::{self, Outcome},
    types::{ConversationId, ToolCall, ToolCallState, TurnId, TurnState},
};

/// How long to wait before looking how things stand though nothing was told.
const LOOK: Duration = Duration::from_secs(5);

/// Waits for as long as the turn runs: its own bounds (model calls, their time, tools' time) are the only ones. A caller
/// who goes away, or whose right ends, ends the waiting and nothing else.
pub async fn at_rest(
    state: &AppState,
    edge: &Edge,
    who: &ApiCaller,
    turn: TurnId,
    conversation: ConversationId,
) -> Result<HttpResponse> {
    let outcome = wait(state, who, turn, conversation).await?;
    let calls: Vec<_> = outcome.calls.iter().map(|call| (call.created_at.0, ToolCall::from(call.clone()))).collect();
    let message = outcome.message.as_ref().map(|said| json::message(said, conversation, edge.urls.prefix()));
    let drawn = TurnJson {
        conversation_id: outcome.conversation,
        turn: json::turn_state(&outcome.turn, who.locale),
        message: message.transpose().map_err(Error::internal)?,
        tool_calls: calls
            .iter()
            .map(|(created_at, call)| json::tool_call(call, *created_at, edge.urls.prefix()))
            .collect::<Result<_, _>>()
            .map_err(Error::internal)?,
        usage: UsedJson {
            input_tokens: outcome.usage.input_tokens,
            output_tokens: outcome.usage.output_tokens,
            requests: outcome.requests,
            credits: outcome.credits,
        },
    };
    Ok(answered(conversation).json(drawn))
}

/// A turn at rest. One that nobody runs any more is given as it stands; so is one in which a server waits for an answer of the
/// person, which they give on the page, and one that runs when the server must go down.
pub async fn wait(state: &AppState, who: &ApiCaller, id: TurnId, conversation: ConversationId) -> Result<Outcome> {
    let owner = who.owner();
    let mut person = state.feed.follow_person(owner.user);
    let closing = state.runs.closing.clone();
    loop {
        // Subscribe first: what happens after the look comes as an event.
        let subscription = turn::subscribe(state, owner, conversation).await?;
        if !is_still_valid(state, owner, &who.credential, who.caller.user.epoch).await? {
            return Err(Code::Unauthorized.into());
        }
        let now = turn::outcome(state, owner, id).await?;
        let is_asked = now.calls.iter().any(|call| call.state == ToolCallState::AwaitingInput);
        if now.turn.state != TurnState::Running || is_asked || closing.is_cancelled() {
            return Ok(now);
        }
        let changed = async {
            loop {
                match subscription.next().await {
                    Ok(events) if events.iter().any(|event| matches!(**event, ChatEvent::Deleted)) => {
                        return Err(Error::from(Code::NotFound));
                    }
                    Ok(events) if events.iter().any(|event| is_to_be_looked_at(event)) => return Ok(()),
                    Ok(_) => {}
                    // It fell behind: look how things stand.
                    Err(_lagged) => return Ok(()),
                }
            }
        };
        tokio::select! {
            changed = timeout(LOOK, changed) => if let Ok(Err(gone)) = changed { return Err(gone) },
            changed = person.changed() => if changed.is_err() {
                person = state.feed.follow_person(owner.user);
            },
            () = closing.cancelled() => {}
        }
    }
}

/// Whether an event may mean that nothing goes on without the person.
fn is_to_be_looked_at(event: &ChatEvent) -> bool {
    match event {
        ChatEvent::Turn { .. } => true,
        ChatEvent::ToolCall { call } => call.state == ToolCallState::AwaitingInput,
        _ => false,
    }
}
