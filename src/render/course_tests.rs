use chrono::Utc;
use proptest::prelude::*;

use super::*;
use crate::types::{ConversationId, MessageState, Preview, RawBlock, ToolOutcome};

fn message(turn: TurnId, role: MessageRole, content: Vec<Block>) -> Message {
    Message {
        id: MessageId::new(),
        turn_id: turn,
        position: 1,
        role,
        state: MessageState::Complete,
        content,
        provider: None,
        model: None,
        instead_of: None,
        stop_reason: None,
        usage: None,
        tool_call_id: None,
        created_at: Utc::now(),
    }
}

fn call(turn: TurnId, message_id: MessageId) -> ToolCall {
    ToolCall {
        id: ToolCallId::new(),
        conversation_id: ConversationId::new(),
        turn_id: turn,
        message_id,
        ordinal: 0,
        server: "sayso".into(),
        name: "run_js".into(),
        arguments: "{}".into(),
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

fn stands(call: &ToolCall, state: ToolCallState) -> ChatEvent {
    let outcome = state.is_finished().then(|| ToolOutcome { text: "done".into(), error_code: None, files: Vec::new() });
    ChatEvent::ToolCall { call: Box::new(ToolCall { state, outcome, ..call.clone() }) }
}

fn turn(id: TurnId, state: TurnState, epoch: i64) -> ChatEvent {
    ChatEvent::Turn { turn: TurnView { id, state, failure: None, epoch } }
}

fn told(message: &Message) -> ChatEvent {
    ChatEvent::Message { message: message.clone() }
}

/// A turn with thinking, a call that is approved and shows its work, and a second reply: as it happens (live), and as
/// the database keeps it in the end.
fn recorded() -> (Vec<ChatEvent>, Vec<ChatEvent>) {
    let id = TurnId::new();
    let asked = message(id, MessageRole::User, vec![Block::text("Do")]);
    let raw = RawBlock { provider: "anthropic".into(), json: "{}".into() };
    let thinking = Block::Thinking { text: "hmm, größer".into(), raw: Some(raw) };
    let first = message(id, MessageRole::Assistant, vec![thinking, Block::text("I will."), Block::text(" Now.")]);
    let run = call(id, first.id);
    let result = message(id, MessageRole::Tool, vec![]);
    let second = message(id, MessageRole::Assistant, vec![Block::text("Done: ünï.")]);
    let begins = |message: &Message| ChatEvent::ReplyStarted {
        message_id: message.id,
        provider: "p".into(),
        model: "m".into(),
        instead_of: None,
    };
    let text =
        |message: &Message, block, text: &str| ChatEvent::Text { message_id: message.id, block, text: text.into() };
    let thinks =
        |message: &Message, text: &str| ChatEvent::Thinking { message_id: message.id, block: 0, text: text.into() };
    let chunk = |chunk: &str| ChatEvent::ToolChunk { id: run.id, chunk: chunk.into() };
    let begun = vec![told(&asked), turn(id, TurnState::Running, 1)];
    let middle = vec![
        told(&first),
        stands(&run, ToolCallState::Pending),
        turn(id, TurnState::AwaitingApproval, 1),
        stands(&run, ToolCallState::Approved),
        turn(id, TurnState::Running, 2),
        stands(&run, ToolCallState::Running),
        chunk("one "),
        chunk("two"),
        stands(&run, ToolCallState::Succeeded),
        told(&result),
    ];
    let end = vec![told(&second), turn(id, TurnState::Completed, 2)];
    let written = [
        vec![begins(&first), thinks(&first, "hmm, "), thinks(&first, "größ"), thinks(&first, "er")],
        vec![text(&first, 1, "I w"), text(&first, 1, "ill."), text(&first, 2, " Now.")],
    ];
    let again = vec![begins(&second), text(&second, 0, "Done: "), text(&second, 0, "ünï.")];
    let live = [begun.clone(), written.concat(), middle.clone(), again, end.clone()].concat();
    (live, [begun, middle, end].concat())
}

/// A step as it can be kept: its place, its kind, its text.
type Kept = (Place, String, String);

fn kept(place: Place, step: Step<'_>) -> Kept {
    let kind = match step {
        Step::Text(_) => "text".into(),
        Step::Thinking(_) => "thinking".into(),
        Step::ToolChunk(id, _) => format!("chunk {id}"),
        Step::Message(id, role) => format!("message {id} {role}"),
        Step::ToolRequest(call) => format!("request {}", call.id),
        Step::ToolDecision(call) | Step::ToolRuns(call) | Step::ToolResult(call) => {
            format!("{} {}", call.id, call.state)
        }
        Step::Turn(turn) => format!("turn {}", turn.state),
        Step::Failed(_) => "failed".into(),
        Step::AtRest(_) => "at rest".into(),
    };
    (place, kind, step.text().unwrap_or_default().to_owned())
}

fn steps(parts: &[&[ChatEvent]]) -> Vec<Kept> {
    let (mut course, mut steps) = (Course::default(), Vec::new());
    for part in parts {
        course.read_again();
        part.iter().for_each(|event| course.take(event, &mut |place, step| steps.push(kept(place, step))));
    }
    steps
}

/// Texts of one block joined: what is the same however the stream was cut.
fn joined(steps: &[Kept]) -> Vec<(u32, String, String)> {
    let mut joined: Vec<(u32, String, String)> = Vec::new();
    for (place, kind, text) in steps {
        match joined.last_mut() {
            Some((block, last, before)) if *block == place.block && last == kind && !text.is_empty() => {
                before.push_str(text)
            }
            _ => joined.push((place.block, kind.clone(), text.clone())),
        }
    }
    joined
}

#[test]
fn what_is_stored_has_the_steps_of_what_was_live_at_the_same_places() {
    let (live, stored) = recorded();
    let (live, stored) = (steps(&[&live]), steps(&[&stored]));
    assert_eq!(joined(&live), joined(&stored));
    let text: String = live.iter().filter(|(_, kind, _)| kind == "text").map(|(.., text)| text.as_str()).collect();
    assert_eq!(text, "I will. Now.Done: ünï.");
    assert_eq!(live.last().map(|(place, ..)| *place), stored.last().map(|(place, ..)| *place));
}

#[test]
fn after_every_place_follows_just_the_rest() {
    let (live, stored) = recorded();
    let whole = steps(&[&live]);
    for cut in 0..whole.len() {
        let seen = whole[cut].0;
        let (mut course, mut rest) = (Course::default(), whole[..=cut].to_vec());
        for event in &stored {
            course.take(event, &mut |place, step| rest.extend(step.unseen(place, seen).map(|step| kept(place, step))));
        }
        assert_eq!(joined(&rest), joined(&whole), "after {seen}");
    }
}

#[test]
fn each_question_of_a_server_is_told_and_what_it_shows_after() {
    let id = TurnId::new();
    let run = call(id, MessageId::new());
    let shows = |chunk: &str| ChatEvent::ToolChunk { id: run.id, chunk: chunk.into() };
    let with = |questions: i32, state| {
        let question = |number| crate::types::Question {
            number,
            message: "Who?".into(),
            wanted: None,
            ends_at: Utc::now(),
            answer: None,
        };
        let call = ToolCall { state, questions: (1..=questions).map(question).collect(), ..run.clone() };
        ChatEvent::ToolCall { call: Box::new(call) }
    };
    let (runs, asks) = (ToolCallState::Running, ToolCallState::AwaitingInput);
    let live = [
        turn(id, TurnState::Running, 1),
        with(0, runs),
        shows("a"),
        with(1, asks),
        with(1, runs),
        shows("b"),
        with(2, asks),
        with(2, runs),
        shows("c"),
        with(2, ToolCallState::Succeeded),
    ];
    let whole = joined(&steps(&[&live]));
    let told: Vec<String> =
        whole.iter().map(|(_, kind, text)| format!("{kind}{text}").replace(&run.id.to_string(), "")).collect();
    let expected = [
        "turn running",
        "request ",
        " running",
        "chunk a",
        " awaiting_input",
        " running",
        "chunk b",
        " awaiting_input",
        " running",
        "chunk c",
        " succeeded",
    ];
    assert_eq!(told, expected);
    assert_eq!(joined(&steps(&[&live, &live])), whole);
    // Whoever comes back is told just the rest.
    let all = steps(&[&live]);
    for (place, seen) in all.iter().enumerate().map(|(place, (seen, ..))| (place, *seen)) {
        let (mut course, mut rest) = (Course::default(), all[..=place].to_vec());
        for event in &live {
            course.take(event, &mut |place, step| rest.extend(step.unseen(place, seen).map(|step| kept(place, step))));
        }
        assert_eq!(joined(&rest), whole, "after {seen}");
    }
}

#[test]
fn what_overlaps_makes_no_step_twice() {
    let (live, stored) = recorded();
    let whole = joined(&steps(&[&live]));
    assert_eq!(joined(&steps(&[&stored, &live])), whole);
    assert_eq!(joined(&steps(&[&live, &stored, &live])), whole);
    // A viewer came in the middle of the first reply: stored is a part, live another, and both come again.
    for cut in 0..live.len() {
        let begun = 2.min(cut);
        let parts = [&live[..begun], &live[..cut], &live[begun..]];
        assert_eq!(joined(&steps(&parts)), whole, "cut at {cut}");
    }
}

#[test]
fn thinking_that_was_not_kept_moves_nothing() {
    let id = TurnId::new();
    let cut_off = message(id, MessageRole::Assistant, vec![Block::text("so far")]);
    let begun = [told(&message(id, MessageRole::User, vec![])), turn(id, TurnState::Running, 1)];
    let thinks = ChatEvent::Thinking { message_id: cut_off.id, block: 0, text: "hm".into() };
    let says = ChatEvent::Text { message_id: cut_off.id, block: 1, text: "so far".into() };
    let end = [told(&cut_off), turn(id, TurnState::Stopped, 1)];
    let live = steps(&[&begun, &[thinks.clone(), says], &end]);
    let mut kept = joined(&live);
    kept.retain(|(_, kind, _)| kind != "thinking");
    assert_eq!(kept, joined(&steps(&[&begun, &end])));
    // And where nothing of the reply was kept at all.
    let end = [ChatEvent::ReplyDropped { message_id: cut_off.id }, turn(id, TurnState::Stopped, 1)];
    let (shown, stored) = (steps(&[&begun, &[thinks], &end]), steps(&[&begun, &end]));
    assert_eq!(shown.last(), stored.last());
}

#[test]
fn states_come_once_under_each_runner() {
    let id = TurnId::new();
    let waits = [turn(id, TurnState::Running, 1), turn(id, TurnState::AwaitingApproval, 1)];
    let again = [turn(id, TurnState::Running, 2), turn(id, TurnState::AwaitingApproval, 2)];
    let kinds: Vec<String> = steps(&[&waits, &again, &waits, &again]).into_iter().map(|(_, kind, _)| kind).collect();
    let once = ["turn running", "turn awaiting_approval", "at rest"];
    assert_eq!(kinds, [once, once].concat());
}

#[test]
fn a_place_has_one_spelling() {
    let place = Place { turn: TurnId::new(), block: 4, offset: 120 };
    assert_eq!(place.to_string(), format!("{}:4:120", place.turn));
    assert_eq!(place.to_string().parse(), Ok(place));
    for wrong in ["", "1", ":0:0", &format!("{}:0", place.turn), &format!("{place}:1"), &format!("{}:-1:0", place.turn)]
    {
        assert_eq!(wrong.parse::<Place>(), Err(NoPlace), "{wrong}");
    }
}

proptest! {
    /// Whoever comes and goes at any two places is told the whole text once.
    #[test]
    fn two_cuts_at_any_byte(one in 0usize..200, other in 0usize..200) {
        let (live, stored) = recorded();
        let whole = steps(&[&live]);
        let at = |place: usize| whole[place % whole.len()].0;
        let (first, second) = (one.min(other) % whole.len(), one.max(other) % whole.len());
        let (first, second) = (first.min(second), first.max(second));
        let mut all = whole[..=first].to_vec();
        let mut course = Course::default();
        for event in &stored {
            course.take(event, &mut |place, step| {
                if let Some(step) = step.unseen(place, at(first)) {
                    all.push(kept(place, step));
                }
            });
        }
        prop_assert_eq!(joined(&all), joined(&whole));
        let seen = at(second);
        let rest: Vec<Kept> = whole.iter().skip(second + 1).cloned().collect();
        let (mut course, mut again) = (Course::default(), Vec::new());
        for event in &stored {
            course.take(event, &mut |place, step| again.extend(step.unseen(place, seen).map(|step| kept(place, step))));
        }
        prop_assert_eq!(joined(&again), joined(&rest));
    }
}
