//! Two instances on one PostgreSQL: whoever looks at one sees and decides what runs on the other.

use std::time::Duration;

use crate::{
    WISH, long_text,
    support::{App, Backend, Chat, Hold, Page, Person, Replay, Reply, letters, within},
};

/// A lease of ten seconds, and time to look.
const TAKEN_OVER: Duration = Duration::from_secs(40);

/// Ada at the first instance, and the same Ada in a browser at the second.
async fn two(settings: &[(&str, &str)]) -> (App, Person, App, Person) {
    let (one, ada) = App::ready(Backend::Postgres, settings).await;
    let other = one.beside();
    let there = other.visitor();
    there.sign_in(Person::FIRST.0, Person::FIRST.1).await.expect(200);
    (one, ada, other, there)
}

async fn becomes(chat: &Chat, state: &str) -> Page {
    within(TAKEN_OVER, &format!("the turn is {state}"), async || {
        Some(chat.page().await).filter(|page| page.turn() == state)
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_is_followed_from_another_instance() {
    let text = long_text();
    let Some(replay) = Replay::playing(&[("long", Reply::text(&text))], &[]) else { return };
    let (_one, ada, _other, there) = two(&replay.settings("anthropic/long@delay=10ms")).await;
    let chat = ada.new_conversation("Tell me much").await;
    let seen = chat.seen_by(&there);
    let socket = seen.socket().await;
    socket.hears("word40").await;
    seen.until("a page of the other instance shows what has come", |page| page.replies().contains("word50")).await;
    socket.hears("word399").await;
    let page = becomes(&seen, "completed").await;
    assert_eq!(letters(&page.replies()), letters(&text));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_is_stopped_from_another_instance() {
    let text = long_text();
    let Some(replay) = Replay::playing(&[("long", Reply::text(&text))], &[]) else { return };
    let (_one, ada, _other, there) = two(&replay.settings("anthropic/long@delay=50ms")).await;
    let chat = ada.new_conversation("Tell me much").await;
    let seen = chat.seen_by(&there);
    seen.until("some of the reply", |page| page.replies().contains("word20")).await;
    seen.stop().await.expect(200);
    let page = becomes(&chat, "stopped").await;
    assert!(letters(&text).starts_with(&letters(&page.replies())) && page.replies().len() < text.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decision_is_made_at_another_instance() {
    let (one, ada, _other, there) = two(&[]).await;
    let chat = ada.new_conversation(WISH).await;
    let here = chat.socket().await;
    chat.approvals(1).await;
    chat.seen_by(&there).approve().await.expect(200);
    becomes(&chat, "completed").await;
    // Whoever looks at the first instance is told of it.
    here.hears("succeeded").await;
    assert_eq!(one.file("notes/hello.txt").as_deref(), Some("Hello world"));
}

/// A page of one conversation says that another one waits, wherever that runs.
#[tokio::test(flavor = "multi_thread")]
async fn what_waits_at_another_instance_is_counted() {
    let (_one, ada, _other, there) = two(&[]).await;
    let watched = ada.new_conversation("Hello").await;
    watched.settled().await;
    let socket = watched.seen_by(&there).socket().await;
    let chat = ada.new_conversation(WISH).await;
    chat.approvals(1).await;
    socket.hears(&format!("data-of=\"{}\"", chat.id)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_other_takes_over_when_one_is_killed() {
    let text = long_text();
    let Some(replay) = Replay::playing(&[("long", Reply::text(&text))], &[]) else { return };
    let (mut one, ada, _other, there) = two(&replay.settings("anthropic/long@delay=50ms")).await;
    let chat = ada.new_conversation("Tell me much").await;
    let seen = chat.seen_by(&there);
    seen.until("some of the reply", |page| page.replies().contains("word20")).await;
    one.kill9();
    let page = becomes(&seen, "interrupted").await;
    assert!(letters(&text).starts_with(&letters(&page.replies())) && page.replies().contains("word20"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tool_run_that_is_killed_is_not_run_by_the_other() {
    let hold = Hold::new();
    let mut one = App::new(Backend::Postgres);
    one.held_by(&hold);
    one.launch();
    let ada = one.setup().await;
    let other = one.beside();
    let there = other.visitor();
    there.sign_in(Person::FIRST.0, Person::FIRST.1).await.expect(200);
    let chat = ada.new_conversation(WISH).await;
    chat.approvals(1).await;
    chat.approve().await.expect(200);
    hold.reached().await;
    one.kill9();
    hold.open();
    let seen = chat.seen_by(&there);
    let page = becomes(&seen, "interrupted").await;
    assert_eq!(page.tool_calls()[0].state, "outcome_unknown");
    assert_eq!((hold.runs(), one.file("notes/hello.txt")), (1, None), "it ran twice");
}

/// Frozen for longer than its lease, an instance wakes up and writes on: nobody believes it, and it sees so itself.
#[tokio::test(flavor = "multi_thread")]
async fn one_that_was_frozen_gives_way() {
    let text = long_text();
    let Some(replay) = Replay::playing(&[("long", Reply::text(&text))], &[]) else { return };
    let (one, ada, _other, there) = two(&replay.settings("anthropic/long@delay=50ms")).await;
    let chat = ada.new_conversation("Tell me much").await;
    let seen = chat.seen_by(&there);
    seen.until("some of the reply", |page| page.replies().contains("word20")).await;
    one.signal("STOP");
    let stored = becomes(&seen, "interrupted").await.replies();
    one.signal("CONT");
    within(TAKEN_OVER, "both show what is stored", async || {
        let here = chat.page().await;
        (here.turn() == "interrupted" && here.replies() == stored).then_some(())
    })
    .await;
    assert_eq!(seen.page().await.replies(), stored);
}
