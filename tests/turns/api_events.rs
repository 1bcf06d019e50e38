//! Streams of events: whole, cut anywhere and resumed, over a restart, by many and by slow readers.

use std::time::Duration;

use reqwest::Method;
use serde_json::json;

use crate::{
    WISH, both, long_text,
    support::{App, Replay, Reply, Script, SentEvent, within},
};

/// A lease of ten seconds runs out before another start may take a turn away from a server that might still live.
const LEASE: Duration = Duration::from_secs(40);

/// Readers that are asleep.
const SLEEPERS: usize = 20;

/// The rest of a stream after an event.
async fn rest(script: &Script, conversation: &str, after: &SentEvent) -> Vec<SentEvent> {
    script.follow(conversation, Some(&after.id)).await.all().await
}

both! {
    async fn a_stream_has_the_events_of_the_contract(backend) {
        let Some(replay) = Replay::playing(&[], &[
            ("thinking", &["anthropic/thinking-tool", "anthropic/thinking-tool-final"]),
        ]) else { return };
        let (app, _) = App::ready(backend, &replay.settings("script:thinking.json")).await;
        let script = Script::first(&app.base).await;
        let mut events = script.say("/api/chat", "Please", &[]).await;
        assert_eq!(events.headers["x-accel-buffering"], "no");
        assert_eq!(events.headers["cache-control"], "no-store, no-transform");
        let all = events.all().await;
        assert_eq!(events.retry.as_deref(), Some("1000"));
        assert_eq!((all[0].kind.as_str(), &all[0].data["role"]), ("message", &json!("user")));
        assert_eq!(all[1].data, json!({"state": "running", "text": "Assistant is typing…"}));
        let turn = all.last().unwrap().data["turn"]["id"].as_str().unwrap().to_owned();
        for event in &all {
            let parts: Vec<_> = event.id.split(':').collect();
            assert!(parts.len() == 3 && parts[0] == turn && parts[1..].iter().all(|part| part.parse::<u64>().is_ok()));
        }
        assert!(!SentEvent::text(&all, "thinking").is_empty());
        let kinds: Vec<_> = all.iter().map(|event| event.kind.as_str()).collect();
        for kind in ["tool_request", "tool_result", "delta", "done"] {
            assert!(kinds.contains(&kind), "no {kind}: {kinds:?}");
        }
        // Its text is that of the messages which `done` shows.
        let history = all.last().unwrap().data["history"].as_array().unwrap();
        let said = |role: &str| history.iter().filter(|said| said["role"] == role).collect::<Vec<_>>();
        let text: String = said("assistant").iter().map(|said| said["text"].as_str().unwrap()).collect();
        assert_eq!(SentEvent::text(&all, "delta"), text);
        assert_eq!(kinds.iter().filter(|kind| **kind == "message").count(), history.len());
    }

    async fn after_every_event_follows_just_the_rest(backend) {
        let text = long_text();
        let Some(replay) = Replay::playing(&[("long", Reply::text(&text))], &[]) else { return };
        let (app, _) = App::ready(backend, &replay.settings("anthropic/long@delay=12ms")).await;
        let script = Script::first(&app.base).await;
        let mut events = script.say("/api/chat", "Much", &[]).await;
        let conversation = events.conversation();
        let all = events.all().await;
        let whole = SentEvent::course(&all);
        assert_eq!(SentEvent::text(&all, "delta"), text);
        assert!(all.len() > 30, "{} events", all.len());
        for cut in 0..all.len() - 1 {
            let joined = [all[..=cut].to_vec(), rest(&script, &conversation, &all[cut]).await].concat();
            assert_eq!(SentEvent::course(&joined), whole, "cut after {}", all[cut].id);
        }
        // What came after the end is the next turn, from its beginning.
        let path = format!("/api/chat/{conversation}");
        let next = script.say(&path, "More", &[]).await.all().await;
        let followed = rest(&script, &conversation, all.last().unwrap()).await;
        assert_eq!(SentEvent::course(&followed), SentEvent::course(&next));
    }

    async fn a_running_stream_is_cut_and_resumed_again_and_again(backend) {
        let text = long_text();
        let Some(replay) = Replay::playing(&[("long", Reply::text(&text))], &[]) else { return };
        let (app, _) = App::ready(backend, &replay.settings("anthropic/long@delay=12ms")).await;
        let script = Script::first(&app.base).await;
        let mut events = script.say("/api/chat", "Much", &[]).await;
        let conversation = events.conversation();
        let mut all = Vec::new();
        let mut connections = 1;
        'turn: loop {
            for _ in 0..3 {
                let Some(event) = events.next().await else { break 'turn };
                all.push(event);
            }
            drop(events);
            events = script.follow(&conversation, all.last().map(|event: &SentEvent| event.id.as_str())).await;
            connections += 1;
            if all.last().is_some_and(|event| event.kind == "done") {
                break;
            }
        }
        assert!(connections > 10, "{connections} connections");
        assert_eq!(SentEvent::text(&all, "delta"), text);
        let once = script.follow(&conversation, Some(&all[0].id)).await.all().await;
        assert_eq!(SentEvent::course(&all)[1..], SentEvent::course(&once)[..]);
    }

    async fn a_stream_goes_on_over_a_restart(backend) {
        let (mut app, _) = App::ready(backend, &[]).await;
        let script = Script::first(&app.base).await;
        let mut events = script.say("/api/chat", WISH, &[]).await;
        let conversation = events.conversation();
        let mut all = events.all().await;
        let asked = all.iter().find(|event| event.kind == "tool_request").unwrap().data.clone();
        app.restart();
        let mut events = script.follow(&conversation, all.last().map(|event| event.id.as_str())).await;
        script.decide(&asked, "approve").await.expect(200);
        all.extend(events.all().await);
        let kinds: Vec<_> = all.iter().map(|event| event.kind.as_str()).collect();
        let end = ["done", "tool_decision", "status", "status"];
        let at = kinds.iter().position(|kind| *kind == "done").unwrap();
        assert_eq!(kinds[at..at + 4], end, "{kinds:?}");
        assert_eq!(all[at + 3].data["text"], "Creating file notes/hello.txt…");
        assert_eq!(all.last().unwrap().data["turn"]["state"], "completed");
        assert_eq!(app.file("notes/hello.txt").as_deref(), Some("Hello world"));
        // Another restart, and each place of all of it leads to the rest of its part.
        app.restart();
        for cut in 0..all.len() - 1 {
            if cut == at {
                continue;
            }
            let end = if cut < at { at } else { all.len() - 1 };
            let joined = [all[..=cut].to_vec(), rest(&script, &conversation, &all[cut]).await].concat();
            assert_eq!(SentEvent::course(&joined), SentEvent::course(&all[..=end]), "cut after {}", all[cut].id);
        }
    }

    async fn who_is_ahead_of_a_crash_is_told_what_is_true(backend) {
        let text = long_text();
        let Some(replay) = Replay::playing(&[("long", Reply::text(&text))], &[]) else { return };
        let (mut app, _) = App::ready(backend, &replay.settings("anthropic/long@delay=30ms")).await;
        let script = Script::first(&app.base).await;
        let mut events = script.say("/api/chat", "Much", &[]).await;
        let conversation = events.conversation();
        let mut seen = events.until("delta").await;
        while SentEvent::text(&seen, "delta").len() < 400 {
            seen.push(events.next().await.unwrap());
        }
        app.restart();
        drop(events);
        within(LEASE, "the turn is interrupted", async || {
            let now = script.get("/api/session").await.expect(200).json();
            (now["conversation"]["turn"]["state"] == "interrupted").then_some(())
        })
        .await;
        let last = seen.last().unwrap();
        // Ahead by all that there could ever be, and by what there really was.
        let block = last.id.rsplit_once(':').unwrap().0;
        for place in [last.id.clone(), format!("{block}:999999"), block.rsplit_once(':').unwrap().0.to_owned() + ":99:5"] {
            let told = script.follow(&conversation, Some(&place)).await.all().await;
            let kinds: Vec<_> = told.iter().rev().map(|event| event.kind.as_str()).take(2).collect();
            assert_eq!(kinds, ["done", "error"], "after {place}");
            let done = &told.last().unwrap().data;
            assert_eq!(done["turn"]["state"], "interrupted");
            let kept = done["history"].as_array().unwrap().last().unwrap()["text"].as_str().unwrap();
            assert!(text.starts_with(kept) && !kept.is_empty(), "{kept}");
        }
    }

    async fn from_now_on_nothing_past_is_told(backend) {
        let (app, _) = App::ready(backend, &[]).await;
        let script = Script::first(&app.base).await;
        let first = script.post("/api/chat", &json!({"message": "One"}), &[]).await.expect(200).json();
        let conversation = first["conversation_id"].as_str().unwrap().to_owned();
        let mut follower = script.follow(&conversation, None).await;
        let second = script.say(&format!("/api/chat/{conversation}"), "Two", &[]).await.all().await;
        let followed = follower.all().await;
        assert_eq!(SentEvent::course(&followed), SentEvent::course(&second));
        assert_eq!(app.visitor().request(Method::POST, &format!("/api/chat/{conversation}/events"), None, &[]).await.status, 405);
    }

    async fn many_read_the_same(backend) {
        let text = long_text();
        let Some(replay) = Replay::playing(&[("long", Reply::text(&text))], &[]) else { return };
        let (app, _) = App::ready(backend, &replay.settings("anthropic/long@delay=5ms")).await;
        let script = Script::first(&app.base).await;
        let mut events = script.say("/api/chat", "Much", &[]).await;
        let (conversation, first) = (events.conversation(), events.next().await.unwrap());
        let readers: Vec<_> = (0..50)
            .map(|_| {
                let (script, conversation, id) = (script.clone(), conversation.clone(), first.id.clone());
                tokio::spawn(async move { script.follow(&conversation, Some(&id)).await.all().await })
            })
            .collect();
        let own = SentEvent::course(&events.all().await);
        for reader in readers {
            let all = reader.await.unwrap();
            assert_eq!(SentEvent::text(&all, "delta"), text);
            assert_eq!(SentEvent::course(&all), own);
        }
    }

    async fn signing_out_ends_a_stream(backend) {
        let text = long_text();
        let Some(replay) = Replay::playing(&[("long", Reply::text(&text))], &[]) else { return };
        let (app, _) = App::ready(backend, &replay.settings("anthropic/long@stall=600:9000")).await;
        let script = Script::first(&app.base).await;
        let mut events = script.say("/api/chat", "Much", &[]).await;
        events.until("delta").await;
        script.post("/api/auth/logout", &json!({}), &[]).await;
        let told = events.until("error").await;
        assert_eq!(told.last().unwrap().data["code"], "unauthorized");
        assert!(events.next().await.is_none());
        drop(app);
    }
}

/// While nothing happens, a comment comes every 15 seconds.
#[tokio::test(flavor = "multi_thread")]
async fn a_silent_stream_shows_that_it_lives() {
    let text = long_text();
    let Some(replay) = Replay::playing(&[("long", Reply::text(&text))], &[]) else { return };
    let settings = replay.settings("anthropic/long@stall=17:9000");
    let (app, _) = App::ready(crate::support::Backend::Sqlite, &settings).await;
    let script = Script::first(&app.base).await;
    let mut events = script.say("/api/chat", "Much", &[]).await;
    let all = events.all().await;
    assert!(events.comments >= 1);
    assert_eq!(SentEvent::text(&all, "delta"), text);
}

/// A reader that is asleep costs the server a socket's buffers and no more, however much is told; when it wakes up it
/// is sent what it missed.
#[tokio::test(flavor = "multi_thread")]
async fn a_slow_reader_costs_nothing_and_misses_nothing() {
    let text = "many words, ".repeat(80_000);
    let Some(replay) = Replay::playing(&[("huge", Reply::text(&text))], &[]) else { return };
    let (app, _) = App::ready(crate::support::Backend::Sqlite, &replay.settings("anthropic/huge")).await;
    let script = Script::first(&app.base).await;
    let body = json!({"message": "Much"}).to_string();
    // What such a reply costs by itself, with one who waits for it.
    let whole = async |key: &str| {
        let turn = script.call(Method::POST, "/api/chat", Some(&body), &[("idempotency-key", key)]).await.expect(200);
        assert_eq!(turn.json()["message"]["text"].as_str().map(str::len), Some(text.len()));
        app.memory()
    };
    let alone = whole("alone").await.max(whole("again").await);
    let mut sleepers = Vec::new();
    let headers = [("idempotency-key", "watched"), ("accept", "text/event-stream")];
    for _ in 0..SLEEPERS {
        sleepers.push(script.open(Method::POST, "/api/chat", Some(&body), &headers).await);
    }
    let grown = whole("watched").await.saturating_sub(alone);
    // As events it is a dozen times as long: a queue for each would hold far more than this.
    assert!(grown < SLEEPERS * text.len() * 3, "it grew by {grown} bytes over {alone}");
    let mut sleeper = sleepers.pop().unwrap();
    let mut came = String::new();
    while let Some(piece) = sleeper.chunk().await.unwrap() {
        came.push_str(&String::from_utf8_lossy(&piece));
    }
    let deltas = came.lines().filter_map(|line| line.strip_prefix("data: {\"text\":\"")?.strip_suffix("\"}"));
    assert_eq!(deltas.collect::<String>(), text);
    assert!(came.contains("event: done\n"));
}
