use serde_json::{Value, json};

use super::*;
use crate::types::{Block, Message, MessageId, MessageState, Preview};

fn turn(id: TurnId, state: TurnState, epoch: i64) -> ChatEvent {
    ChatEvent::Turn { turn: TurnView { id, state, failure: None, epoch } }
}

fn message(turn_id: TurnId, id: MessageId, role: MessageRole, text: &str) -> ChatEvent {
    let message = Message {
        id,
        turn_id,
        position: 1,
        role,
        state: MessageState::Complete,
        content: vec![Block::text(text)],
        provider: None,
        model: None,
        instead_of: None,
        stop_reason: (role == MessageRole::Assistant).then(|| "max_tokens".to_owned()),
        usage: None,
        tool_call_id: None,
        created_at: chrono::DateTime::UNIX_EPOCH,
    };
    ChatEvent::Message { message }
}

fn text(message_id: MessageId, text: &str) -> ChatEvent {
    ChatEvent::Text { message_id, block: 0, text: text.into() }
}

fn call(turn_id: TurnId, id: ToolCallId, state: ToolCallState) -> ChatEvent {
    let call = ToolCall {
        id,
        conversation_id: ConversationId::new(),
        turn_id,
        message_id: MessageId::new(),
        ordinal: 0,
        server: "sayso".into(),
        name: "run_js".into(),
        arguments: "{\n \"n\": 1.50 }".into(),
        asked_arguments: None,
        preview: Preview::default(),
        digest: Digest::of(b"1"),
        state,
        reason: None,
        decision: None,
        undo: None,
        authority: None,
        outcome: None,
        questions: Vec::new(),
    };
    ChatEvent::ToolCall { call: Box::new(call) }
}

/// Which event of [`whole`] is the decision.
const DECIDED: usize = 7;

/// A turn as it is told: a message, a reply, a request, its run, another reply.
fn whole(id: TurnId) -> Vec<ChatEvent> {
    let (first, second, asked) = (MessageId::new(), MessageId::new(), ToolCallId::new());
    vec![
        message(id, MessageId::new(), MessageRole::User, "Please"),
        turn(id, TurnState::Running, 1),
        text(first, "I do"),
        text(first, " it."),
        message(id, first, MessageRole::Assistant, "I do it."),
        call(id, asked, ToolCallState::Pending),
        turn(id, TurnState::AwaitingApproval, 1),
        call(id, asked, ToolCallState::Approved),
        turn(id, TurnState::Running, 2),
        call(id, asked, ToolCallState::Running),
        ChatEvent::ToolChunk { id: asked, chunk: "half".into() },
        call(id, asked, ToolCallState::Succeeded),
        text(second, "Done"),
        message(id, second, MessageRole::Assistant, "Done"),
        turn(id, TurnState::Completed, 2),
    ]
}

fn told(renderer: &mut SocketRenderer) -> Vec<Value> {
    renderer.messages().iter().map(|message| serde_json::from_str(&message.json).unwrap()).collect()
}

fn kinds(messages: &[Value]) -> Vec<&str> {
    messages.iter().map(|message| message["type"].as_str().unwrap()).collect()
}

/// Each event drawn by itself.
fn one_by_one(renderer: &mut SocketRenderer, events: &[ChatEvent]) -> Vec<Value> {
    let mut all = Vec::new();
    for event in events {
        renderer.event(event);
        all.extend(told(renderer));
    }
    all
}

/// Texts of one place joined.
fn joined(messages: &[Value]) -> Vec<Value> {
    let mut all: Vec<Value> = Vec::new();
    for message in messages {
        match all.last_mut() {
            Some(last) if last["type"] == "ai_chunk" && message["type"] == "ai_chunk" => {
                let text = format!("{}{}", last["text"].as_str().unwrap(), message["text"].as_str().unwrap());
                *last = message.clone();
                last["text"] = text.into();
            }
            _ => all.push(message.clone()),
        }
    }
    all
}

#[test]
fn who_comes_back_after_any_message_misses_nothing_and_gets_nothing_twice() {
    let id = TurnId::new();
    let events = whole(id);
    let mut renderer = SocketRenderer::new(Locale::English, Since::Beginning);
    let all = one_by_one(&mut renderer, &events);
    let expected = [
        "status_update",
        "ai_chunk",
        "ai_chunk",
        "tool_request",
        "status_update",
        "assistant_message_completed",
        "status_update",
        "status_update",
        "tool_chunk",
        "status_update",
        "ai_chunk",
        "status_update",
        "assistant_message_completed",
    ];
    assert_eq!(kinds(&all), expected);
    // After which event each message was told.
    let mut again = SocketRenderer::new(Locale::English, Since::Beginning);
    let mut known = Vec::new();
    for (index, event) in events.iter().enumerate() {
        again.event(event);
        known.extend(told(&mut again).iter().map(|_| index + 1));
    }
    for cut in 0..all.len() {
        let place: Place = all[cut]["event_id"].as_str().unwrap().parse().unwrap();
        for past in known[cut]..=events.len() {
            let mut renderer = SocketRenderer::new(Locale::English, Since::After(place));
            let view = TurnView { id, state: TurnState::Running, failure: None, epoch: 1 };
            renderer.snapshot(&Snapshot { turn: Some(view), told: events[..past].to_vec(), ..Snapshot::default() });
            let mut rest = told(&mut renderer);
            rest.extend(one_by_one(&mut renderer, &events[past..]));
            let mut got = all[..=cut].to_vec();
            got.extend(rest);
            let mut expected = joined(&all);
            // Nobody is asked for what was decided while they were away.
            if cut < 3 && past > DECIDED {
                expected.retain(|message| message["type"] != "tool_request");
            }
            assert_eq!(joined(&got), expected, "cut after {cut}, {past} events were past");
        }
    }
}

#[test]
fn a_message_that_is_complete_says_why() {
    let id = TurnId::new();
    let mut renderer = SocketRenderer::new(Locale::English, Since::Beginning);
    let last = one_by_one(&mut renderer, &whole(id)).pop().unwrap();
    assert_eq!(last["reason"], "max_tokens");
    for (state, reason) in [(TurnState::Stopped, "stopped"), (TurnState::Interrupted, "interrupted")] {
        let mut renderer = SocketRenderer::new(Locale::English, Since::Beginning);
        let mut events = whole(id);
        events.truncate(3);
        events.push(turn(id, state, 1));
        let all = one_by_one(&mut renderer, &events);
        assert_eq!(all.last().unwrap()["reason"], reason);
        let has_error = kinds(&all).contains(&"error");
        assert_eq!(has_error, state == TurnState::Interrupted);
    }
}

#[test]
fn what_waits_for_a_slow_reader_is_one_text() {
    let (id, reply) = (TurnId::new(), MessageId::new());
    let mut renderer = SocketRenderer::new(Locale::English, Since::Beginning);
    renderer.event(&message(id, MessageId::new(), MessageRole::User, "Much"));
    for _ in 0..1000 {
        renderer.event(&text(reply, "word "));
    }
    let all = told(&mut renderer);
    assert_eq!(all.len(), 1);
    assert_eq!(all[0]["text"], "word ".repeat(1000));
    assert_eq!(all[0]["event_id"], format!("{id}:3:5000"));
}

#[test]
fn another_turn_begins_with_its_message_and_an_earlier_one_says_nothing_more() {
    let (one, two) = (TurnId::new(), TurnId::new());
    let mut renderer = SocketRenderer::new(Locale::English, Since::Now);
    let finished = TurnView { id: one, state: TurnState::Completed, failure: None, epoch: 2 };
    renderer.snapshot(&Snapshot { turn: Some(finished), told: whole(one), ..Snapshot::default() });
    assert_eq!(told(&mut renderer), Vec::<Value>::new());
    let next = one_by_one(&mut renderer, &whole(two));
    assert_eq!(next.len(), 13);
    // A file that the first one wrote is put back, or something came late.
    assert_eq!(
        one_by_one(&mut renderer, &[call(one, ToolCallId::new(), ToolCallState::Succeeded)]),
        Vec::<Value>::new()
    );
    assert_eq!(one_by_one(&mut renderer, &whole(one)[13..]), Vec::<Value>::new());
    assert_eq!(renderer.turn(), Some(two));
}

#[test]
fn who_is_ahead_of_a_crash_is_told_so_once() {
    let id = TurnId::new();
    let seen = Place { turn: id, block: 9, offset: 40 };
    let view = TurnView { id, state: TurnState::Interrupted, failure: None, epoch: 2 };
    let events = vec![
        message(id, MessageId::new(), MessageRole::User, "Please"),
        turn(id, TurnState::Running, 1),
        turn(id, TurnState::Interrupted, 2),
    ];
    let mut renderer = SocketRenderer::new(Locale::English, Since::After(seen));
    let snapshot = Snapshot { turn: Some(view), told: events, ..Snapshot::default() };
    renderer.snapshot(&snapshot);
    let first = told(&mut renderer);
    assert_eq!((kinds(&first), &first[0]["detail"]), (vec!["error"], &json!("provider_interrupted")));
    renderer.snapshot(&snapshot);
    assert_eq!(told(&mut renderer), Vec::<Value>::new());
}

#[test]
fn requests_are_noted_under_the_digest_that_is_shown() {
    let (id, asked) = (TurnId::new(), ToolCallId::new());
    let mut renderer = SocketRenderer::new(Locale::English, Since::Beginning);
    renderer.event(&message(id, MessageId::new(), MessageRole::User, "Please"));
    renderer.event(&call(id, asked, ToolCallState::Pending));
    let messages = renderer.messages();
    assert_eq!(messages[0].shows, Some((asked, Digest::of(b"1"))));
    assert!(messages[0].json.contains("\"n\": 1.50"), "{}", messages[0].json);
}
