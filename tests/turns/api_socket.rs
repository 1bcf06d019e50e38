//! `/api/socket`: a conversation, both ways.

use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use crate::{
    WISH, both, long_text,
    support::{App, Backend, Replay, Reply, Script, SentEvent, Talk, connect, eventually},
};

/// How many sockets nobody reads.
const SLEEPERS: usize = 20;

fn say(text: &str) -> Value {
    json!({"type": "user_message", "text": text})
}

fn kinds(messages: &[Value]) -> Vec<&str> {
    messages.iter().map(|message| message["type"].as_str().unwrap()).collect()
}

/// What the assistant said.
fn said(messages: &[Value]) -> String {
    messages.iter().filter(|message| message["type"] == "ai_chunk").map(|one| one["text"].as_str().unwrap()).collect()
}

/// Messages without where they stand, texts joined.
fn course(messages: &[Value]) -> Vec<Value> {
    let mut course: Vec<Value> = Vec::new();
    for message in messages {
        let mut message = message.clone();
        message.as_object_mut().unwrap().remove("event_id");
        match course.last_mut() {
            Some(last) if last["type"] == "ai_chunk" && message["type"] == "ai_chunk" => {
                last["text"] =
                    format!("{}{}", last["text"].as_str().unwrap(), message["text"].as_str().unwrap()).into();
            }
            _ => course.push(message),
        }
    }
    course
}

/// What an error says to a script.
fn detail(message: &Value) -> &str {
    assert_eq!(message["type"], "error", "{message}");
    assert!(message["message"].as_str().is_some_and(|words| words.contains(' ')), "no words: {message}");
    message["detail"].as_str().unwrap()
}

/// Says something and waits for the error that comes of it.
async fn refused(talk: &mut Talk, message: &Value) -> String {
    talk.forget();
    talk.send(message).await;
    let error = talk.hears("error").await;
    detail(&error).to_owned()
}

/// A talk in which a request waits.
async fn waiting(script: &Script) -> (Talk, String, Value) {
    let mut talk = Talk::of(script, "").await;
    talk.send(&say(WISH)).await;
    let asked = talk.hears("tool_request").await;
    talk.hears("assistant_message_completed").await;
    let conversation = talk.hears("session_created").await["session_id"].as_str().unwrap().to_owned();
    (talk, conversation, asked)
}

both! {
    async fn a_whole_turn_with_a_request(backend) {
        let (app, _) = App::ready(backend, &[]).await;
        let script = Script::first(&app.base).await;
        let (mut talk, conversation, asked) = waiting(&script).await;
        let before = talk.messages();
        assert_eq!(before[0], json!({"type": "session_created", "session_id": conversation}));
        let status = json!({"type": "status_update", "ai_typing": true, "busy": true});
        assert_eq!(course(&before[1..2]), [status]);
        let end = ["ai_chunk", "tool_request", "status_update", "assistant_message_completed"];
        assert_eq!(kinds(&course(&before[2..])), end);
        let keys: Vec<_> = asked.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(keys, ["type", "id", "name", "input", "digest", "event_id"]);
        assert_eq!((&asked["name"], &asked["input"]["content"]), (&json!("write_file"), &json!("Hello world")));
        let last = course(&before).pop().unwrap();
        assert_eq!(last, json!({"type": "assistant_message_completed", "reason": "tool_use"}));
        assert_eq!(app.file("notes/hello.txt"), None);
        // Without a digest: this socket has shown it.
        talk.forget();
        talk.send(&json!({"type": "tool_approval", "tool_use_id": asked["id"], "approved": true})).await;
        talk.at_rest().await;
        talk.hears("assistant_message_completed").await;
        let after = course(&talk.messages());
        let running = json!({"type": "status_update", "tool_running": "write_file", "file_path": "notes/hello.txt", "busy": true});
        assert_eq!(after[1], running, "{after:?}");
        assert_eq!(after.last().unwrap(), &json!({"type": "assistant_message_completed", "reason": "end_turn"}));
        assert_eq!(app.file("notes/hello.txt").as_deref(), Some("Hello world"));
        // It is said once, and a second message goes on in the same conversation.
        let late = json!({"type": "tool_approval", "tool_use_id": asked["id"], "approved": true, "digest": asked["digest"]});
        assert_eq!(refused(&mut talk, &late).await, "conflict: succeeded");
        talk.forget();
        talk.send(&say("Thank you")).await;
        talk.at_rest().await;
        assert!(!kinds(&talk.messages()).contains(&"session_created"));
        assert_eq!(app.query("SELECT count(*) FROM conversations"), "1");
    }

    async fn a_denial_gives_its_reason(backend) {
        let (app, _) = App::ready(backend, &[]).await;
        let script = Script::first(&app.base).await;
        let (mut talk, _, asked) = waiting(&script).await;
        let no = json!({"type": "tool_approval", "tool_use_id": asked["id"], "approved": false, "digest": asked["digest"],
            "reason": "Not there"});
        talk.send(&no).await;
        talk.at_rest().await;
        assert_eq!(app.query("SELECT state, reason FROM tool_calls"), "denied|Not there");
        assert_eq!(app.file("notes/hello.txt"), None);
    }

    async fn what_is_busy_takes_no_message_and_says_so(backend) {
        let text = long_text();
        let Some(replay) = Replay::playing(&[("long", Reply::text(&text))], &[]) else { return };
        let (app, _) = App::ready(backend, &replay.settings("anthropic/long@stall=600:9000")).await;
        let script = Script::first(&app.base).await;
        let mut talk = Talk::of(&script, "").await;
        talk.send(&say("Much")).await;
        talk.hears("ai_chunk").await;
        let not_stored = "conflict: the message was not stored; send it again";
        assert_eq!(refused(&mut talk, &say("More")).await, not_stored);
        talk.send(&json!({"type": "stop"})).await;
        talk.at_rest().await;
        assert_eq!(talk.hears("assistant_message_completed").await["reason"], "stopped");
        assert_eq!(app.query("SELECT count(*) FROM messages WHERE role = 'user'"), "1");
        assert_eq!(refused(&mut talk, &say(" ")).await, "invalid_payload: the message was not stored; send it again");
        assert!(talk.is_open());
    }

    async fn a_message_while_a_decision_waits_is_refused(backend) {
        let (app, _) = App::ready(backend, &[]).await;
        let script = Script::first(&app.base).await;
        let (mut talk, _, _) = waiting(&script).await;
        assert!(refused(&mut talk, &say("Never mind")).await.starts_with("conflict: the message was not stored"));
        assert_eq!(app.query("SELECT state FROM tool_calls"), "pending");
        talk.send(&json!({"type": "stop"})).await;
        talk.at_rest().await;
        assert_eq!(app.query("SELECT state FROM tool_calls"), "denied");
    }

    async fn a_talk_that_is_cut_goes_on_where_it_was(backend) {
        let text = long_text();
        let replies = [("ask", Reply::text(&text).and_write_file("a.txt", "A")), ("end", Reply::text("Written."))];
        let Some(replay) = Replay::playing(&replies, &[("two", &["anthropic/ask@delay=4ms", "anthropic/end"])]) else { return };
        let (app, _) = App::ready(backend, &replay.settings("script:two.json")).await;
        let script = Script::first(&app.base).await;
        let mut talk = Talk::of(&script, "").await;
        talk.send(&say("Write")).await;
        let conversation = talk.hears("session_created").await["session_id"].as_str().unwrap().to_owned();
        // Cut again and again while it comes.
        let mut all = talk.until("a place", |message| message.get("event_id").is_some()).await;
        let mut cuts = 0;
        let asked = loop {
            let place = all.last().unwrap()["event_id"].as_str().unwrap().to_owned();
            drop(talk);
            talk = Talk::of(&script, &format!("?conversation={conversation}&after={place}")).await;
            eventually("more", async || (talk.messages().len() >= 3).then_some(())).await;
            let more = talk.messages();
            all.extend(more[..3].to_vec());
            cuts += 1;
            if let Some(asked) = all.iter().find(|message| message["type"] == "tool_request") {
                break asked.clone();
            }
        };
        assert!(cuts >= 3, "{cuts} cuts");
        assert_eq!(said(&all), text);
        assert!(kinds(&all).iter().filter(|kind| **kind == "tool_request").count() == 1);
        script.decide(&asked, "approve").await.expect(200);
        // The whole of it once more, and the rest from every place of it.
        let first = all[1]["event_id"].as_str().unwrap().to_owned();
        let whole = Talk::of(&script, &format!("?conversation={conversation}&after={first}")).await;
        whole.at_rest().await;
        let at_end = |message: &Value| message["reason"] == "end_turn";
        let whole = whole.until("the end", at_end).await;
        let step = whole.len().div_ceil(12);
        for cut in (0..whole.len() - 1).step_by(step) {
            let place = whole[cut]["event_id"].as_str().unwrap();
            let rest = Talk::of(&script, &format!("?conversation={conversation}&after={place}")).await;
            let rest = rest.until("the end", at_end).await;
            let joined: Vec<Value> = whole[..=cut].iter().chain(&rest).cloned().collect();
            let expected = course(&whole);
            // Who comes after the decision is not asked for it; who was asked before, was.
            let without = |all: Vec<Value>| -> Vec<Value> {
                all.into_iter().filter(|message| message["type"] != "tool_request").collect()
            };
            assert_eq!(without(course(&joined)), without(expected), "cut after {cut}: {place}");
        }
        // The places are those of the stream, which ends where the turn rests and is gone on with.
        let mut events = script.follow(&conversation, Some(&first)).await.all().await;
        let rest = events.last().unwrap().id.clone();
        events.extend(script.follow(&conversation, Some(&rest)).await.all().await);
        let ids: Vec<_> = events.iter().map(|event| event.id.clone()).collect();
        for message in whole.iter().filter(|message| !["ai_chunk", "tool_chunk"].contains(&message["type"].as_str().unwrap())) {
            let place = message["event_id"].as_str().unwrap().to_owned();
            assert!(ids.contains(&place), "{message}: {ids:?}");
        }
        assert_eq!(SentEvent::text(&events, "delta"), said(&whole));
        // From the very end, nothing but what comes next.
        let place = whole.last().unwrap()["event_id"].as_str().unwrap();
        let mut next = Talk::of(&script, &format!("?conversation={conversation}&after={place}")).await;
        next.was_read().await;
        assert_eq!(next.messages(), Vec::<Value>::new());
    }

    async fn who_was_away_for_several_turns_is_told_them_all(backend) {
        let (app, _) = App::ready(backend, &[]).await;
        let script = Script::first(&app.base).await;
        let first = script.say("/api/chat", "One", &[]).await;
        let conversation = first.conversation();
        let mut first = first;
        let first = first.all().await;
        for message in ["Two", "Three"] {
            script.post(&format!("/api/chat/{conversation}"), &json!({"message": message}), &[]).await.expect(200);
        }
        let place = &first.last().unwrap().id;
        let talk = Talk::of(&script, &format!("?conversation={conversation}&after={place}")).await;
        let two = |messages: &[Value]| messages.iter().filter(|one| one["type"] == "assistant_message_completed").count();
        eventually("both turns", async || (two(&talk.messages()) == 2).then_some(())).await;
        let mut talk = talk;
        talk.was_read().await;
        let once = ["status_update", "ai_chunk", "status_update", "assistant_message_completed"];
        assert_eq!(kinds(&course(&talk.messages())), [once, once].concat());
        // Without a place, nothing of what is over.
        let mut fresh = Talk::of(&script, &format!("?conversation={conversation}")).await;
        fresh.was_read().await;
        assert_eq!(fresh.messages(), Vec::<Value>::new());
        fresh.send(&say("Four")).await;
        fresh.hears("assistant_message_completed").await;
        talk.until("the fourth", |message| message["type"] == "assistant_message_completed").await;
        eventually("the fourth", async || (two(&talk.messages()) == 3).then_some(())).await;
        assert_eq!(course(&talk.messages())[8..], course(&fresh.messages())[..]);
    }

    async fn two_sockets_tell_the_same_and_one_decides(backend) {
        let (app, _) = App::ready(backend, &[]).await;
        let script = Script::first(&app.base).await;
        let (one, conversation, asked) = waiting(&script).await;
        // Of a turn that waits, one that comes later is told all.
        let other = Talk::of(&script, &format!("?conversation={conversation}")).await;
        other.hears("assistant_message_completed").await;
        assert_eq!(course(&one.messages())[1..], course(&other.messages())[..]);
        // One that was not shown the request cannot mean it without its digest.
        let place = asked["event_id"].as_str().unwrap();
        let mut third = Talk::of(&script, &format!("?conversation={conversation}&after={place}")).await;
        let mut yes = json!({"type": "tool_approval", "tool_use_id": asked["id"], "approved": true});
        assert_eq!(refused(&mut third, &yes).await, "conflict");
        yes["digest"] = json!("0".repeat(64));
        assert_eq!(refused(&mut third, &yes).await, "conflict: pending");
        yes["digest"] = json!("nonsense");
        assert_eq!(refused(&mut third, &yes).await, "conflict: pending");
        let nowhere = json!({"type": "tool_approval", "tool_use_id": "nowhere", "approved": true});
        assert_eq!(refused(&mut third, &nowhere).await, "not_found");
        assert_eq!(app.file("notes/hello.txt"), None);
        yes["digest"] = asked["digest"].clone();
        third.send(&yes).await;
        for talk in [&one, &other, &third] {
            talk.at_rest().await;
        }
        eventually("all were told the same", async || {
            (course(&one.messages())[1..] == course(&other.messages())[..]).then_some(())
        })
        .await;
        assert_eq!(app.file("notes/hello.txt").as_deref(), Some("Hello world"));
    }

    async fn a_request_that_changed_is_not_meant_without_its_digest(backend) {
        let (app, _) = App::ready(backend, &[]).await;
        let script = Script::first(&app.base).await;
        let (mut talk, _, asked) = waiting(&script).await;
        talk.forget();
        let elsewhere = json!({"decision": "approve", "digest": asked["digest"],
            "arguments": {"path": "other.txt", "content": "Hello world"}});
        let path = format!("/api/tool-calls/{}/decision", asked["id"].as_str().unwrap());
        script.post(&path, &elsewhere, &[]).await.expect(200);
        let again = talk.hears("tool_request").await;
        assert_eq!((&again["id"], &again["input"]["path"]), (&asked["id"], &json!("other.txt")));
        assert_ne!(again["digest"], asked["digest"]);
        // Which of the two has been read, nobody knows.
        let mut yes = json!({"type": "tool_approval", "tool_use_id": asked["id"], "approved": true});
        assert_eq!(refused(&mut talk, &yes).await, "conflict");
        yes["digest"] = asked["digest"].clone();
        assert_eq!(refused(&mut talk, &yes).await, "conflict: pending");
        assert!(app.files().is_empty());
        yes["digest"] = again["digest"].clone();
        talk.send(&yes).await;
        talk.at_rest().await;
        assert_eq!((app.file("other.txt").as_deref(), app.file("notes/hello.txt")), (Some("Hello world"), None));
    }

    async fn nonsense_is_answered_and_nothing_else(backend) {
        let (app, _) = App::ready(backend, &[("JSON_LIMIT", "8kb")]).await;
        let script = Script::first(&app.base).await;
        let mut talk = Talk::of(&script, "").await;
        // Every beginning of good messages, and what is no message at all.
        let good = [
            r#"{"type":"user_message","text":"Hi"}"#,
            r#"{"type":"tool_approval","tool_use_id":"a","approved":true}"#,
            r#"{"type":"stop"}"#,
        ];
        let mut broken: Vec<(Message, &str)> = Vec::new();
        for text in good {
            broken.extend((0..text.len()).map(|end| (Message::Text(text[..end].into()), "invalid_json")));
        }
        let deep = "[".repeat(4000);
        for text in ["nonsense", "{'type': 'stop'}", "\u{0}", "{\"type\":\"stop\"}}", "NaN", &deep, "\u{feff}{}"] {
            broken.push((Message::Text(text.into()), "invalid_json"));
        }
        for bytes in [&b"{\"type\":\"stop\"}"[..], b"\xff\xfe", b""] {
            broken.push((Message::Binary(bytes.into()), "invalid_json"));
        }
        for text in [
            "null", "true", "1", "\"stop\"", "[]", "{}", r#"{"type":null}"#, r#"{"type":1}"#, r#"{"type":"Stop"}"#,
            r#"{"type":"session_created"}"#, r#"{"type":"user_message"}"#, r#"{"type":"user_message","text":null}"#,
            r#"{"type":"user_message","text":["Hi"]}"#, r#"{"type":"user_message","text":"Hi","role":"system"}"#,
            r#"{"type":"tool_approval"}"#, r#"{"type":"tool_approval","tool_use_id":1,"approved":true}"#,
            r#"{"type":"tool_approval","tool_use_id":"a","approved":1}"#, r#"{"type":"stop","type":"stop"}"#,
            r#"{"type":"stop","now":1}"#, r#"["type","stop"]"#,
        ] {
            broken.push((Message::Text(text.into()), "invalid_payload"));
        }
        assert!(broken.len() > 100, "{}", broken.len());
        let expected: Vec<&str> = broken.iter().map(|(_, code)| *code).collect();
        let frames: Vec<Message> = broken.iter().map(|(frame, _)| frame.clone()).collect();
        for frame in frames {
            talk.send_frame(frame).await;
        }
        eventually("an answer to each", async || (talk.messages().len() >= expected.len()).then_some(())).await;
        talk.was_read().await;
        let answers = talk.messages();
        assert_eq!(answers.len(), expected.len());
        for (index, (answer, code)) in answers.iter().zip(&expected).enumerate() {
            let (told, about) = detail(answer).split_once(": ").unwrap_or_else(|| panic!("no detail: {answer}"));
            assert!(told == *code && !about.is_empty(), "{:?}: {answer}", broken[index].0);
        }
        // It still talks.
        talk.forget();
        talk.send(&say("Hello")).await;
        talk.at_rest().await;
        assert_eq!(app.query("SELECT count(*) FROM turns"), "1");
    }

    async fn messages_have_a_rate(backend) {
        let (app, _) = App::ready(backend, &[("RATE_MESSAGES", "2/min")]).await;
        let script = Script::first(&app.base).await;
        let mut talk = Talk::of(&script, "").await;
        for _ in 0..2 {
            talk.forget();
            talk.send(&say("Hello")).await;
            talk.at_rest().await;
        }
        let told = refused(&mut talk, &say("Hello")).await;
        assert!(told.starts_with("rate_limited: try again in ") && told.ends_with("the message was not stored; send it again"), "{told}");
        // The same person elsewhere, too.
        let answer = script.post("/api/chat", &json!({"message": "Hello"}), &[]).await;
        assert_eq!(answer.code(), (429, "rate_limited".into()));
    }
}

/// A reader that is asleep costs the server a socket's buffers and no more, however much is told; when it wakes up it is
/// sent what it missed.
#[tokio::test(flavor = "multi_thread")]
async fn a_slow_reader_costs_nothing_and_misses_nothing() {
    use futures_util::StreamExt as _;

    let text = "many words, ".repeat(80_000);
    let Some(replay) = Replay::playing(&[("huge", Reply::text(&text))], &[]) else { return };
    let (app, _) = App::ready(Backend::Sqlite, &replay.settings("anthropic/huge")).await;
    let script = Script::first(&app.base).await;
    let first = script.post("/api/chat", &json!({"message": "Much"}), &[]).await.expect(200).json();
    let conversation = first["conversation_id"].as_str().unwrap();
    let more = async || {
        let path = format!("/api/chat/{conversation}");
        script.post(&path, &json!({"message": "Much"}), &[]).await.expect(200);
        app.memory()
    };
    let alone = more().await.max(more().await);
    let bearer = format!("Bearer {}", script.token);
    let path = format!("/api/socket?conversation={conversation}");
    let mut sleepers = Vec::new();
    for _ in 0..SLEEPERS {
        sleepers.push(connect(&app.base, &path, &[("authorization", &bearer)]).await.unwrap().0);
    }
    let mut awake = Talk::of(&script, &format!("?conversation={conversation}")).await;
    awake.was_read().await;
    let grown = more().await.saturating_sub(alone);
    // As messages it is many times as long: a queue for each would hold far more than this.
    assert!(grown < SLEEPERS * text.len() * 3, "it grew by {grown} bytes over {alone}");
    let mut sleeper = sleepers.pop().unwrap();
    let (mut came, mut place) = (String::new(), String::new());
    'awake: loop {
        while let Some(Ok(message)) = sleeper.next().await {
            let Message::Text(message) = message else { continue };
            let message: Value = serde_json::from_str(&message).unwrap();
            came.push_str(if message["type"] == "ai_chunk" { message["text"].as_str().unwrap() } else { "" });
            place = message["event_id"].as_str().unwrap().to_owned();
            if message["type"] == "assistant_message_completed" {
                break 'awake;
            }
        }
        // On a slow machine it slept for too long, and was let go: it comes back.
        let path = format!("{path}&after={place}");
        sleeper = connect(&app.base, &path, &[("authorization", &bearer)]).await.unwrap().0;
    }
    assert_eq!(came.len(), text.len());
    assert!(came == text, "what came is another text");
    awake.at_rest().await;
    assert_eq!(said(&awake.messages()), text);
}
