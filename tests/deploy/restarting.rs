//! Restarts under load, one instance after the other, as an upgrade does it.

use std::time::Duration;

use reqwest::Method;
use serde_json::json;
use tokio::{sync::watch, time::sleep};

use crate::{
    long_text,
    support::{
        App, Chat, Events, LiveDom, LiveSocket, Nginx, Replay, Reply, Script, SentEvent, eventually, letters, within,
    },
    two,
};

/// How long a client waits before it tries again.
const AGAIN: Duration = Duration::from_millis(300);

/// With which the text of these tests ends.
const LAST_WORD: &str = "word399";

/// What a page says of a turn that outlasted a stop.
const INTERRUPTED: &str = "The server stopped while it was answering";

/// What a page was told over all its sockets, in order, and with which codes they were closed.
struct Watched {
    chat: Chat,
    frames: Vec<String>,
    closed: Vec<u16>,
}

/// What stands on a page that was told this.
fn words(frames: &[String]) -> String {
    let mut page = LiveDom::new();
    frames.iter().for_each(|frame| page.apply(frame));
    letters(&page.last_words())
}

/// A page that stays open: its socket comes back by itself until both instances were
/// started anew and all is there that is stored of a turn at rest.
async fn watch_page(chat: Chat, over: watch::Receiver<bool>) -> Watched {
    let mut watched = Watched { chat, frames: Vec::new(), closed: Vec::new() };
    loop {
        let socket = open(&watched.chat).await;
        loop {
            // In this order: what was told before it closed is there.
            let code = socket.close_code();
            let told = socket.frames();
            // The whole page is drawn only where its last word may be there: drawing it costs more than all else here.
            let ends = |frame: &String| frame.contains(LAST_WORD) || frame.contains(INTERRUPTED);
            let is_near = *over.borrow() && watched.frames.iter().chain(&told).rev().take(20).any(ends);
            if is_near || code.is_some() {
                let before = watched.frames.len();
                watched.frames.extend(told);
                if is_near {
                    let page = watched.chat.page().await;
                    if page.turn() != "running" && words(&watched.frames) == letters(&page.replies()) {
                        return watched;
                    }
                }
                if let Some(code) = code {
                    watched.closed.push(code);
                    break;
                }
                watched.frames.truncate(before);
            }
            sleep(AGAIN).await;
        }
    }
}

async fn open(chat: &Chat) -> LiveSocket {
    // As many tries as a page would make in half a minute.
    for _ in 0..100 {
        match LiveSocket::open(&chat.person, &chat.id, &chat.person.base).await {
            Ok(socket) => return socket,
            Err(status) => assert!(status == 502, "a socket was refused with {status}"),
        }
        sleep(AGAIN).await;
    }
    panic!("no socket opens any more");
}

/// What a program was told over all its streams.
struct Followed {
    conversation: String,
    events: Vec<SentEvent>,
    /// Answers that were errors, each followed by another try.
    refused: Vec<u16>,
    /// Streams that ended before the turn did.
    resumed: usize,
}

/// A program that says something, and comes back to the stream until the turn is over.
async fn follow(script: Script, key: String) -> Followed {
    let (mut events, mut refused, mut resumed) = (Vec::<SentEvent>::new(), Vec::new(), 0);
    let mut conversation = String::new();
    loop {
        let accept = ("accept", "text/event-stream");
        let answer = if conversation.is_empty() {
            let body = json!({"message": format!("Tell me much ({key})")}).to_string();
            script.open(Method::POST, "/api/chat", Some(&body), &[accept, ("idempotency-key", &key)]).await
        } else {
            let path = format!("/api/chat/{conversation}/events");
            let last = events.last().map_or("", |event| event.id.as_str());
            let headers = [accept, ("last-event-id", last)];
            script.open(Method::GET, &path, None, if last.is_empty() { &headers[..1] } else { &headers }).await
        };
        if answer.status() != 200 {
            refused.push(answer.status().as_u16());
            // nginx sent it to an instance that went away just then, and says so.
            assert_eq!(answer.status(), 502, "{key}: {}", answer.text().await.unwrap());
            assert!(refused.len() < 100, "{key} is never let in");
            sleep(AGAIN).await;
            continue;
        }
        let mut stream = Events::of(answer);
        conversation = stream.conversation();
        if events.is_empty() {
            // From the first words on it is followed from wherever nginx leads, which may be the other instance.
            events.extend(stream.until("delta").await);
            continue;
        }
        events.extend(stream.all().await);
        if events.last().is_some_and(|event| event.kind == "done") {
            return Followed { conversation, events, refused, resumed };
        }
        resumed += 1;
        assert!(resumed < 100, "the stream of {conversation} never ends");
        sleep(AGAIN).await;
    }
}

/// Stops an instance as a service manager does and starts it again; then waits until nginx sends people there.
async fn restarted(mut app: App, nginx: &Nginx, anybody: &Script) -> App {
    let app = tokio::task::spawn_blocking(move || {
        assert_eq!(app.stop(), Some(0));
        app.launch();
        app
    })
    .await
    .unwrap();
    let place = app.base.strip_prefix("http://").unwrap().to_owned();
    let before = nginx.requests().len();
    eventually("nginx sends people there again", async || {
        // What is logged are answers that are whole, and those of streams are not yet.
        anybody.get("/healthz").await.expect(200);
        let all = nginx.requests();
        all[before.min(all.len())..].iter().any(|request| request["upstream"] == place.as_str()).then_some(())
    })
    .await;
    app
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rolling_restart_loses_nothing() {
    let text = long_text();
    let Some(replay) = Replay::playing(&[("long", Reply::text(&text))], &[]) else { return };
    let mut settings = replay.settings("anthropic/long@delay=70ms");
    settings.extend([("TURNS_PER_PERSON", "1000"), ("TURNS_PER_TENANT", "1000"), ("STREAMS_PER_PERSON", "1000")]);
    let (one, other, nginx, ada) = two(&settings).await;
    let script = Script::first(ada.base.as_str()).await;

    let (is_over, mut over) = watch::channel(false);
    let mut pages = tokio::task::JoinSet::new();
    let mut programs = tokio::task::JoinSet::new();
    for n in 0..25 {
        programs.spawn(follow(script.clone(), format!("before-{n}")));
    }
    for _ in 0..25 {
        let ada = ada.clone();
        let over = over.clone();
        pages.spawn(async move { watch_page(ada.new_conversation("Tell me much").await, over).await });
    }
    within(Duration::from_secs(40), "all fifty are at it", async || {
        (one.query("SELECT count(*) FROM turns") == "50").then_some(())
    })
    .await;
    // On a machine with much else to do the first may be done before the last begins.
    let running: usize = one.query("SELECT count(*) FROM turns WHERE state = 'running'").parse().unwrap();
    assert!(running >= 40, "only {running} run at once");

    // While both are started anew, people go on writing.
    let writing = tokio::spawn({
        let script = script.clone();
        async move {
            let mut written = tokio::task::JoinSet::new();
            for n in 0.. {
                written.spawn(follow(script.clone(), format!("meanwhile-{n}")));
                if tokio::time::timeout(Duration::from_secs(1), over.wait_for(|over| *over)).await.is_ok() {
                    break;
                }
            }
            written.join_all().await
        }
    });
    let one = restarted(one, &nginx, &script).await;
    let _other = restarted(other, &nginx, &script).await;
    is_over.send(true).unwrap();

    let pages = pages.join_all().await;
    let mut programs = programs.join_all().await;
    let before = programs.len();
    programs.extend(writing.await.unwrap());
    assert!(programs.len() > before + 5, "hardly anybody wrote meanwhile");

    // Every message that was accepted is stored, once, and each turn is at rest.
    let count = |sql: &str| one.query(&format!("SELECT count(*) FROM {sql}")).parse::<usize>().unwrap();
    let all = pages.len() + programs.len();
    assert_eq!(count("messages WHERE role = 'user'"), all);
    let (completed, interrupted) =
        (count("turns WHERE state = 'completed'"), count("turns WHERE state = 'interrupted'"));
    assert_eq!(completed + interrupted, all);
    // What each was shown, joined over all its connections, is what is stored: of pages `watch_page` has seen to that.
    for watched in &pages {
        assert!(watched.closed.iter().all(|code| *code == 1001), "closed with {:?}", watched.closed);
    }
    for followed in &programs {
        let (shown, done) = (SentEvent::text(&followed.events, "delta"), followed.events.last().unwrap());
        let stored = done.data["history"].as_array().unwrap().last().unwrap()["text"].as_str().unwrap();
        assert_eq!(shown, stored, "{}", followed.conversation);
        match done.data["turn"]["state"].as_str().unwrap() {
            "completed" => assert_eq!(stored, text),
            state => assert!(state == "interrupted" && text.starts_with(stored), "{state}: {stored}"),
        }
    }
    // What was interrupted can be tried again.
    let left = one.query("SELECT conversation_id FROM turns WHERE state = 'interrupted' LIMIT 3");
    for id in left.lines() {
        let chat = Chat { person: ada.clone(), id: id.to_owned() };
        chat.retry().await.expect(200);
        assert_eq!(chat.settled().await.turn(), "completed");
    }
    let (closed, resumed): (usize, usize) =
        (pages.iter().map(|page| page.closed.len()).sum(), programs.iter().map(|program| program.resumed).sum());
    let refused: usize = programs.iter().map(|program| program.refused.len()).sum();
    println!(
        "{all} turns, {interrupted} interrupted; {closed} sockets came back, {resumed} streams were resumed, {refused} \
         tries were refused"
    );
    assert!(closed + resumed > 0, "nobody noticed a restart of both");
}

/// A reply that takes longer than a stop waits: it is in other hands at once, with all that was shown of it.
#[tokio::test(flavor = "multi_thread")]
async fn what_outlasts_a_stop_is_taken_over_at_once() {
    let text = long_text();
    let Some(replay) = Replay::playing(&[("long", Reply::text(&text))], &[]) else { return };
    let (one, other, nginx, ada) = two(&replay.settings("anthropic/long@delay=250ms")).await;
    nginx.turn_to(&[&one]).await;
    let chat = ada.new_conversation("Tell me much").await;
    let socket = chat.socket().await;
    socket.hears("word5").await;
    let script = Script::first(&ada.base).await;
    let program = tokio::spawn(follow(script.clone(), "outlasts".to_owned()));
    eventually("a program follows its own", async || {
        let follows = |request: &serde_json::Value| request["path"] == "/api/chat" && request["method"] == "POST";
        nginx.requests().iter().any(follows).then_some(())
    })
    .await;
    nginx.turn_to(&[&one, &other]).await;
    let mut one = one;
    let stopped = tokio::task::spawn_blocking(move || {
        let code = one.stop();
        (one, code)
    });
    within(Duration::from_secs(30), "the socket is closed", async || socket.close_code()).await;
    assert_eq!(socket.close_code(), Some(1001));
    // Long before the ten seconds of a lease are over.
    let page = within(Duration::from_secs(6), "the other instance ends the turn", async || {
        Some(chat.page().await).filter(|page| page.turn() == "interrupted")
    })
    .await;
    let shown = words(&socket.frames());
    let stored = letters(&page.replies());
    assert!(stored.starts_with(&shown) && shown.contains("word20"), "shown: {shown}\nstored: {stored}");
    // The program's stream was ended, not broken, and went on at the other instance with what was missing.
    let followed = program.await.unwrap();
    let done = followed.events.last().unwrap();
    assert_eq!((done.data["turn"]["state"].as_str(), followed.resumed > 0), (Some("interrupted"), true));
    let stored = done.data["history"].as_array().unwrap().last().unwrap()["text"].as_str().unwrap();
    assert_eq!(SentEvent::text(&followed.events, "delta"), stored);
    chat.retry().await.expect(200);
    let again = chat.socket().await;
    again.hears("word3").await;
    chat.stop().await.expect(200);
    let (_one, code) = stopped.await.unwrap();
    assert_eq!(code, Some(0));
}
