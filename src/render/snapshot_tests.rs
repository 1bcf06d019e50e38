//! One recorded list of events in the five renderings, compared to the letter with the files beside this one.
//! `SAYSO_RENEW_SNAPSHOTS=1 cargo test --lib snapshots` writes them anew.

use std::{fs, path::Path};

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{
    Renderer, Snapshot,
    course::Course,
    html::{HtmlRenderer, PageContext},
    json::{self, TurnJson, UsedJson},
    socket::{self, SocketRenderer},
    sse::{Since, SseRenderer},
    text::TextRenderer,
};
use crate::{
    event::ChatEvent,
    i18n::Locale,
    types::{
        Block, ConversationId, Credits, Difference, DifferenceLine, Digest, Message, MessageId, MessageRole,
        MessageState, Preview, ToolCall, ToolCallId, ToolCallState, ToolOutcome, TurnId, TurnState, TurnView, Usage,
    },
};

const CONVERSATION: ConversationId = ConversationId(Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001));
const TURN: TurnId = TurnId(Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0002));
const ASKED: MessageId = message_id(3);
const FIRST: MessageId = message_id(4);
const SECOND: MessageId = message_id(5);
const CALL: ToolCallId = ToolCallId(Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0006));

const fn message_id(number: u128) -> MessageId {
    MessageId(Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + number))
}

fn time() -> DateTime<Utc> {
    DateTime::from_timestamp(1_767_225_600, 500_000_000).unwrap()
}

fn message(id: MessageId, role: MessageRole, content: Vec<Block>) -> Message {
    let is_reply = role == MessageRole::Assistant;
    let usage = Usage { input_tokens: 25, output_tokens: 40, cached_tokens: 5, estimated: false };
    Message {
        id,
        turn_id: TURN,
        position: 1,
        role,
        state: MessageState::Complete,
        content,
        provider: is_reply.then(|| "anthropic".into()),
        model: is_reply.then(|| "claude".into()),
        instead_of: None,
        stop_reason: is_reply.then(|| "end_turn".into()),
        usage: is_reply.then_some(usage),
        tool_call_id: (role == MessageRole::Tool).then_some(CALL),
        created_at: time(),
    }
}

fn call(state: ToolCallState) -> ToolCall {
    let outcome = state.is_finished().then(|| ToolOutcome {
        text: "Wrote 12 bytes.".into(),
        error_code: None,
        files: Vec::new(),
    });
    ToolCall {
        id: CALL,
        conversation_id: CONVERSATION,
        turn_id: TURN,
        message_id: FIRST,
        ordinal: 0,
        server: "sayso".into(),
        name: "write_file".into(),
        arguments: r#"{"path":"notes/<b>.txt","content":"Hello\nworld","size":1.50}"#.into(),
        asked_arguments: None,
        preview: Preview {
            target: Some("notes/<b>.txt".into()),
            precondition: Some("absent".into()),
            difference: Some(Difference {
                is_new: true,
                lines: vec![
                    DifferenceLine::Added { text: "Hello".into() },
                    DifferenceLine::Added { text: "world".into() },
                ],
                omitted: 0,
            }),
            bounds: Vec::new(),
        },
        digest: Digest::of(b"what was shown"),
        state,
        reason: None,
        decision: None,
        undo: None,
        questions: Vec::new(),
        authority: None,
        outcome,
    }
}

fn turn(state: TurnState, epoch: i64) -> ChatEvent {
    ChatEvent::Turn { turn: TurnView { id: TURN, state, failure: None, epoch } }
}

/// A turn that thinks, writes Markdown, asks for a tool, is approved, shows its work, and writes on.
fn recorded() -> Vec<ChatEvent> {
    let told = |message| ChatEvent::Message { message };
    let begins = |message_id| ChatEvent::ReplyStarted {
        message_id,
        provider: "anthropic".into(),
        model: "claude".into(),
        instead_of: None,
    };
    let text = |message_id, block, text: &str| ChatEvent::Text { message_id, block, text: text.into() };
    let stands = |state| ChatEvent::ToolCall { call: Box::new(call(state)) };
    let said = |text: &str| Block::text(text);
    let thought = Block::Thinking { text: "They want a file.".into(), raw: None };
    let asks = Block::ToolUse { id: CALL, name: "write_file".into(), input: call(ToolCallState::Pending).arguments };
    let result = Block::ToolResult { tool_call_id: CALL, text: "Wrote 12 bytes.".into(), is_error: false };
    vec![
        told(message(ASKED, MessageRole::User, vec![said("Write a <file>, please.\nThanks & bye")])),
        turn(TurnState::Running, 1),
        begins(FIRST),
        ChatEvent::Thinking { message_id: FIRST, block: 0, text: "They want ".into() },
        ChatEvent::Thinking { message_id: FIRST, block: 0, text: "a file.".into() },
        text(FIRST, 1, "I *write*"),
        text(FIRST, 1, " it:\n\n- größe\n- <script>"),
        told(message(FIRST, MessageRole::Assistant, vec![thought, said("I *write* it:\n\n- größe\n- <script>"), asks])),
        stands(ToolCallState::Pending),
        turn(TurnState::AwaitingApproval, 1),
        stands(ToolCallState::Approved),
        turn(TurnState::Running, 2),
        stands(ToolCallState::Running),
        ChatEvent::ToolChunk { id: CALL, chunk: "6 of 12\n".into() },
        ChatEvent::ToolChunk { id: CALL, chunk: "12 of 12\n".into() },
        stands(ToolCallState::Succeeded),
        told(message(MessageId(CALL.0), MessageRole::Tool, vec![result])),
        begins(SECOND),
        text(SECOND, 0, "Done: "),
        text(SECOND, 0, "`notes/<b>.txt`."),
        told(message(SECOND, MessageRole::Assistant, vec![said("Done: `notes/<b>.txt`.")])),
        ChatEvent::Title { title: "A <file>".into() },
        turn(TurnState::Completed, 2),
    ]
}

/// Stands in for a checked-in file, or writes it.
#[track_caller]
fn compare(name: &str, drawn: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/render/snapshots").join(name);
    if std::env::var_os("SAYSO_RENEW_SNAPSHOTS").is_some() {
        fs::write(&path, drawn).unwrap();
    }
    let expected = fs::read_to_string(&path).unwrap_or_else(|fault| panic!("{}: {fault}", path.display()));
    let differs = drawn.lines().zip(expected.lines()).position(|(drawn, expected)| drawn != expected);
    assert!(drawn == expected, "{name} differs, first in line {:?}:\n{drawn}", differs.map(|line| line + 1));
}

/// What each event, or gathering of events, makes; a line of dots between.
fn frames(renderer: &mut impl Renderer, events: &[ChatEvent]) -> String {
    let mut frames = renderer.snapshot(&Snapshot::default());
    for event in events {
        renderer.event(event);
        if let Some(frame) = renderer.flush() {
            frames.push_str("\n······\n");
            frames.push_str(&frame);
        }
    }
    frames
}

#[test]
fn snapshots_of_html() {
    let ctx = PageContext {
        locale: Locale::English,
        viewer: None,
        csrf: "token".into(),
        prefix: "/chat".into(),
        version: "0.0.0".into(),
        waiting: 0,
    };
    compare("recorded.html", &frames(&mut HtmlRenderer::new(ctx, CONVERSATION), &recorded()));
}

#[test]
fn snapshots_of_sse() {
    let events = recorded();
    let at_rest = |event: &ChatEvent| matches!(event, ChatEvent::Turn { turn } if turn.state != TurnState::Running);
    let (mut drawn, mut since) = (String::new(), Since::Beginning);
    let messages: Vec<Message> = events.iter().filter_map(message_of).cloned().collect();
    let mut from = 0;
    // A stream ends where the turn rests; the next one goes on after its place.
    for (index, _) in events.iter().enumerate().filter(|(_, event)| at_rest(event)) {
        let mut renderer = SseRenderer::new(Locale::English, "/chat", since);
        let past = Snapshot { told: events[..from].to_vec(), ..Snapshot::default() };
        drawn += &renderer.snapshot(&past);
        for event in &events[from..=index] {
            renderer.event(event);
            drawn += &renderer.flush().unwrap_or_default();
        }
        let history: Vec<_> =
            messages.iter().take(2).map(|said| json::message(said, CONVERSATION, "/chat").unwrap()).collect();
        drawn += &renderer.done(&history).unwrap();
        let mut course = Course::default();
        events[..=index].iter().for_each(|event| course.take(event, &mut |_, _| {}));
        since = Since::After(course.last().unwrap());
        from = index + 1;
    }
    compare("recorded.sse", &drawn);
}

#[test]
fn snapshots_of_text() {
    let mut renderer = TextRenderer::new();
    let mut drawn = renderer.snapshot(&Snapshot { told: recorded()[..9].to_vec(), ..Snapshot::default() });
    for event in &recorded()[10..] {
        renderer.event(event);
        drawn += &renderer.flush().unwrap_or_default();
    }
    compare("recorded.txt", &drawn);
}

fn message_of(event: &ChatEvent) -> Option<&Message> {
    match event {
        ChatEvent::Message { message } => Some(message),
        _ => None,
    }
}

#[test]
fn snapshots_of_json() {
    let events = recorded();
    let said = events.iter().filter_map(message_of).rfind(|said| said.role == MessageRole::Assistant).unwrap();
    let call = events.iter().rev().find_map(|event| match event {
        ChatEvent::ToolCall { call } => Some(call),
        _ => None,
    });
    let Some(ChatEvent::Turn { turn }) = events.last() else { panic!("it ends") };
    let answer = TurnJson {
        conversation_id: CONVERSATION,
        turn: json::turn_state(turn, Locale::English),
        message: Some(json::message(said, CONVERSATION, "/chat").unwrap()),
        tool_calls: vec![json::tool_call(call.unwrap(), time(), "/chat").unwrap()],
        usage: UsedJson { input_tokens: 50, output_tokens: 80, requests: 2, credits: Credits(1_250_001) },
    };
    compare("recorded.json", &(serde_json::to_string(&answer).unwrap() + "\n"));
}

#[test]
fn snapshots_of_the_socket() {
    let mut renderer = SocketRenderer::new(Locale::English, Since::Beginning);
    let mut drawn = socket::session_created(CONVERSATION) + "\n";
    for event in &recorded() {
        renderer.event(event);
        for message in renderer.messages() {
            drawn += &message.json;
            drawn.push('\n');
        }
    }
    drawn += &socket::reconnecting();
    drawn.push('\n');
    compare("recorded.socket", &drawn);
}
