use super::*;
use crate::types::{Block, ConversationId, Preview, ToolOutcome, TurnId};

fn turn(id: TurnId, state: TurnState, epoch: i64) -> ChatEvent {
    ChatEvent::Turn { turn: TurnView { id, state, failure: None, epoch } }
}

fn told(renderer: &mut SseRenderer, told: &[ChatEvent], live: &[ChatEvent]) -> String {
    renderer.snapshot(&Snapshot { told: told.to_vec(), live: live.to_vec(), ..Snapshot::default() })
}

/// A call that waits.
fn call(arguments: &str) -> ToolCall {
    ToolCall {
        id: ToolCallId::new(),
        conversation_id: ConversationId::new(),
        turn_id: TurnId::new(),
        message_id: MessageId::new(),
        ordinal: 0,
        server: "sayso".into(),
        name: "run_js".into(),
        arguments: arguments.into(),
        asked_arguments: None,
        preview: Preview::default(),
        digest: Digest::of(b"1"),
        state: ToolCallState::Pending,
        reason: None,
        decision: None,
        undo: None,
        authority: None,
        outcome: None,
        questions: Vec::new(),
    }
}

#[test]
fn from_now_on_nothing_past_is_told() {
    let id = TurnId::new();
    let mut renderer = SseRenderer::new(Locale::English, "/chat", Since::Now);
    assert_eq!(
        told(&mut renderer, &[turn(id, TurnState::Running, 1), turn(id, TurnState::AwaitingApproval, 1)], &[]),
        ""
    );
    assert!(renderer.end().is_none());
    renderer.event(&turn(id, TurnState::Running, 2));
    let frame = renderer.flush().unwrap();
    assert!(frame.starts_with(&format!("id: {id}:3:0\nevent: status\n")), "{frame}");
    assert!(renderer.flush().is_none());
    renderer.event(&turn(id, TurnState::Completed, 2));
    assert_eq!(renderer.end().map(|turn| turn.state), Some(TurnState::Completed));
}

#[test]
fn who_is_ahead_of_a_crash_is_told_how_it_ended() {
    let id = TurnId::new();
    let seen = Place { turn: id, block: 9, offset: 40 };
    let interrupted = [turn(id, TurnState::Running, 1), turn(id, TurnState::Interrupted, 2)];
    let mut renderer = SseRenderer::new(Locale::English, "/chat", Since::After(seen));
    let frame = told(&mut renderer, &interrupted, &[]);
    assert!(frame.contains("event: error\ndata: {\"code\":\"provider_interrupted\""), "{frame}");
    assert_eq!(renderer.end().map(|turn| turn.state), Some(TurnState::Interrupted));
    let done = renderer.done(&[]).unwrap();
    assert!(done.starts_with(&format!("id: {id}:3:0\nevent: done\n")), "{done}");
    // While it still runs, whatever it was told may yet come; the end is told in any case.
    let mut renderer = SseRenderer::new(Locale::English, "/chat", Since::After(seen));
    assert_eq!(told(&mut renderer, &interrupted[..1], &[]), "");
    renderer.event(&interrupted[1]);
    assert!(renderer.flush().unwrap().contains("event: error"));
    assert!(renderer.end().is_some());
}

#[test]
fn who_has_seen_the_end_waits_for_what_follows() {
    let (id, next) = (TurnId::new(), TurnId::new());
    let seen = Place { turn: id, block: 2, offset: 0 };
    let mut renderer = SseRenderer::new(Locale::English, "/chat", Since::After(seen));
    assert_eq!(told(&mut renderer, &[turn(id, TurnState::Running, 1), turn(id, TurnState::Completed, 1)], &[]), "");
    assert!(renderer.is_up_to_date() && renderer.end().is_none());
    renderer.event(&turn(next, TurnState::Running, 1));
    assert!(renderer.flush().unwrap().starts_with(&format!("id: {next}:0:0\n")));
}

#[test]
fn arguments_over_several_lines_are_one_event() {
    let call = call("{\n  \"n\": 1.50,\r\n\n\n  \"code\": \"a\\nb\"\n}");
    let mut renderer = SseRenderer::new(Locale::English, "/chat", Since::Beginning);
    renderer.event(&ChatEvent::ToolCall { call: Box::new(call) });
    let frame = renderer.flush().unwrap();
    let (event, rest) = frame.split_once("\n\n").unwrap();
    assert_eq!(rest, "");
    let data: Vec<&str> = event.lines().filter_map(|line| line.strip_prefix("data: ")).collect();
    assert_eq!(event.lines().count(), data.len() + 2, "{event}");
    let value: serde_json::Value = serde_json::from_str(&data.join("\n")).unwrap();
    assert_eq!(value["arguments"], serde_json::json!({"n": 1.5, "code": "a\nb"}));
    assert!(event.contains("1.50"));
}

#[test]
fn what_came_with_a_result_is_told_with_its_address() {
    let outcome = ToolOutcome {
        text: "Drawn.".into(),
        error_code: None,
        files: vec![Block::Image {
            number: 3,
            media_type: "image/png".into(),
            name: "a.png".into(),
            width: 1,
            height: 1,
        }],
    };
    let asked = call("{}");
    let ended = ToolCall { state: ToolCallState::Succeeded, outcome: Some(outcome), ..asked.clone() };
    let url = format!("/chat/conversations/{}/attachments/3", asked.conversation_id);
    let mut renderer = SseRenderer::new(Locale::English, "/chat", Since::Beginning);
    renderer.event(&ChatEvent::ToolCall { call: Box::new(asked) });
    renderer.flush();
    renderer.event(&ChatEvent::ToolCall { call: Box::new(ended) });
    let frame = renderer.flush().unwrap();
    let files = format!(r#""result":"Drawn.","files":[{{"type":"image","media_type":"image/png","url":"{url}"}}]}}"#);
    assert!(frame.contains("event: tool_result\n") && frame.contains(&files), "{frame}");
}
