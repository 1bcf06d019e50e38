//! Telling what happened, once it is stored: to whoever watches, and to the numbers of `/metrics`. Counted here, by the
//! one instance that wrote it, everything is counted once and nothing that was rolled back.

use std::time::Duration;

use crate::{
    error::Code,
    event::ChatEvent,
    state::AppState,
    telemetry::metrics,
    types::{Authority, ConversationId, Decision, ToolCall, ToolCallState},
};

/// Publishes what a committed transaction tells, and counts it.
pub(super) fn announce(state: &AppState, conversation: ConversationId, events: Vec<ChatEvent>) {
    let mut asked = Vec::new();
    for event in &events {
        match event {
            ChatEvent::Turn { turn } if turn.state.is_finished() => {
                let code = turn.failure.as_ref().map(|failure| failure.code.as_str());
                metrics::turn_ended(turn.state.as_str(), code);
            }
            ChatEvent::ToolCall { call } if call.state == ToolCallState::Pending => asked.push(call.id),
            ChatEvent::ToolCall { call } => match decided(call) {
                // Nobody took any time to decide on what they asked for themselves.
                Some(_) if call.state == ToolCallState::Approved && asked.contains(&call.id) => {
                    metrics::decided("direct", None);
                }
                Some((decision, after)) => metrics::decided(decision, after),
                None => {}
            },
            _ => {}
        }
    }
    state.feed.publish(conversation, events);
}

/// What was decided of a call that is told of, and how long its person took; `None` where nothing was decided just now.
fn decided(call: &ToolCall) -> Option<(&'static str, Option<Duration>)> {
    let code = call.outcome.as_ref().and_then(|outcome| outcome.error_code.as_deref());
    match (call.state, &call.authority, call.decision) {
        (ToolCallState::Approved, Some(Authority::Grant { .. }), _) => Some(("grant", None)),
        (ToolCallState::Approved, Some(Authority::Rule), _) => Some(("rule", None)),
        (ToolCallState::Approved, None, _) => Some(("approve", call.id.age())),
        (ToolCallState::Denied, _, Some(Decision::Deny)) => Some(("deny", call.id.age())),
        (ToolCallState::Denied, ..) if code == Some(Code::Superseded.as_str()) => Some(("superseded", None)),
        (ToolCallState::Denied, ..) if code == Some(Code::Denied.as_str()) => Some(("expired", None)),
        (ToolCallState::OutcomeUnknown, _, Some(Decision::RunAgain)) => Some(("run_again", None)),
        (ToolCallState::OutcomeUnknown, _, Some(Decision::Report)) => Some(("report", None)),
        _ => None,
    }
}
