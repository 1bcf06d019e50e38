//! Two instances on one PostgreSQL behind nginx. What they do without it stands in `turns/instances.rs`.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use crate::{
    WISH, long_text,
    support::{App, Backend, Front, Hold, Nginx, Replay, Reply, letters, within},
    two,
};

/// Within which a dead instance's work is in other hands.
const TAKEN_OVER: Duration = Duration::from_secs(15);

#[tokio::test(flavor = "multi_thread")]
async fn who_is_sent_to_another_instance_watches_and_stops() {
    let text = long_text();
    let Some(replay) = Replay::playing(&[("long", Reply::text(&text))], &[]) else { return };
    let (one, other, nginx, ada) = two(&replay.settings("anthropic/long@delay=60ms")).await;
    nginx.turn_to(&[&one]).await;
    let chat = ada.new_conversation("Tell me much").await;
    nginx.turn_to(&[&other]).await;
    let socket = chat.socket().await;
    socket.hears("word20").await;
    assert!(!socket.frames().concat().contains("word399"));
    chat.stop().await.expect(200);
    let page = chat.settled().await;
    assert_eq!(page.turn(), "stopped");
    assert!(letters(&text).starts_with(&letters(&page.replies())) && page.replies().contains("word20"));
    // It was begun at the one, and watched and stopped at the other.
    let at = |app: &App, method: &str, end: &str| {
        let place = app.base.strip_prefix("http://").unwrap();
        nginx.requests().iter().any(|request| {
            let path = request["path"].as_str().unwrap();
            request["upstream"] == place && request["method"] == method && path.ends_with(end)
        })
    };
    assert!(at(&one, "POST", "/conversations") && !at(&other, "POST", "/conversations"));
    assert!(at(&other, "POST", "/stop") && !at(&one, "POST", "/stop"));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_sent_to_another_instance_decides() {
    let (one, other, nginx, ada) = two(&[]).await;
    nginx.turn_to(&[&one]).await;
    let chat = ada.new_conversation(WISH).await;
    chat.approvals(1).await;
    nginx.turn_to(&[&other]).await;
    let socket = chat.socket().await;
    chat.approve().await.expect(200);
    socket.hears("succeeded").await;
    assert_eq!(chat.settled().await.turn(), "completed");
    assert_eq!(one.file("notes/hello.txt").as_deref(), Some("Hello world"));
}

/// One is killed: what ran there is interrupted, what waited there is decided and runs once, and nobody who only asks is
/// turned away meanwhile.
#[tokio::test(flavor = "multi_thread")]
async fn one_is_killed() {
    let hold = Hold::new();
    hold.open();
    let front = Front::new("");
    let mut one = front.app(Backend::Postgres, &[]);
    one.held_by(&hold);
    one.launch();
    let nginx = Nginx::start(&front, &[&one]).await;
    let ada = one.setup().await;
    let other = one.beside();
    let waiting = ada.new_conversation(WISH).await;
    waiting.approvals(1).await;
    let running = ada.new_conversation("Write 5000 words").await;
    let socket = running.socket().await;
    running.until("some of the reply", |page| page.replies().len() > 300).await;
    nginx.turn_to(&[&one, &other]).await;

    let is_over = Arc::new(AtomicBool::new(false));
    let asking = tokio::spawn({
        let (ada, is_over) = (ada.clone(), is_over.clone());
        async move {
            // As often as nginx takes from one address.
            let (mut asked, mut pace) = (0, tokio::time::interval(Duration::from_millis(100)));
            while !is_over.load(Ordering::SeqCst) {
                pace.tick().await;
                ada.get("/conversations").await.expect(200);
                asked += 1;
            }
            asked
        }
    });
    let shown = letters(&running.page().await.replies());
    one.kill9();
    let killed = Instant::now();
    assert_eq!(socket.closed().await, 1006, "nobody was left to say why");
    let page = within(TAKEN_OVER, "the turn is interrupted", async || {
        Some(running.page().await).filter(|page| page.turn() == "interrupted")
    })
    .await;
    assert!(killed.elapsed() < TAKEN_OVER);
    // What had come is kept, but for a quarter of a second at most.
    let stored = letters(&page.replies());
    assert!(stored.starts_with(&shown) || shown.starts_with(&stored) && stored.len() > 100, "{shown}\n{stored}");
    waiting.approve().await.expect(200);
    assert_eq!(waiting.settled().await.turn(), "completed");
    assert_eq!((one.file("notes/hello.txt").as_deref(), hold.runs()), (Some("Hello world"), 1));
    running.retry().await.expect(200);
    running.until("it goes on", |page| page.turn() == "running").await;
    running.stop().await.expect(200);
    is_over.store(true, Ordering::SeqCst);
    assert!(asking.await.unwrap() > 10, "hardly anybody asked");
}
