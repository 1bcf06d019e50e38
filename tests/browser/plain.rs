//! Everything without JavaScript.

use crate::{
    WISH,
    support::{App, Backend, Browser, Look, Person, Replay, Reply, eventually},
};

#[tokio::test(flavor = "multi_thread")]
async fn from_signing_in_to_a_file() {
    let (app, _) = App::ready(Backend::Sqlite, &[]).await;
    let browser = Browser::open(&app.base, Look::PLAIN).await;
    browser.sign_in(Person::FIRST.0, Person::FIRST.1).await;
    browser.new_conversation(WISH).await;
    // The page comes again by itself while the turn runs, and not while it waits.
    browser.comes_to("Waiting for your approval").await;
    browser.the("group", "Approve write_file?").await;
    assert!(refreshes(&browser).await.is_empty(), "a page that waits refreshes");
    browser.picture("plain-approval").await;
    browser.click(&browser.the("button", "Approve").await).await;
    browser.comes_to("Ready").await;
    assert_eq!(app.file("notes/hello.txt").as_deref(), Some("Hello world"));

    browser.say(&WISH.replace("hello.txt", "other.txt")).await;
    browser.comes_to("Waiting for your approval").await;
    browser.click(&browser.the("button", "Deny").await).await;
    browser.comes_to("Ready").await;
    assert_eq!(app.files().len(), 1);
    browser.assert_quiet().await;
}

/// A model that talks for longer than any refresh takes.
fn slowly() -> Option<Replay> {
    let text = (0..600).map(|n| format!("word{n}")).collect::<Vec<_>>().join(" ");
    Replay::playing(&[("long", Reply::text(&text))], &[])
}

/// The refreshes that the page asks for.
async fn refreshes(browser: &Browser) -> Vec<serde_json::Value> {
    let mut found = Vec::new();
    for element in browser.all("meta[http-equiv=refresh]").await {
        found.push(browser.property(&element, "content").await);
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn watching_and_stopping() {
    let Some(replay) = slowly() else { return };
    let (_app, person) = App::ready(Backend::Sqlite, &replay.settings("anthropic/long@delay=200ms")).await;
    let browser = Browser::of(&person, Look::PLAIN).await;
    browser.new_conversation("Tell me much").await;
    browser.comes_to("Assistant is typing").await;
    assert!(!refreshes(&browser).await.is_empty(), "the page of a running turn stays as it is");
    assert!(browser.find("textbox", "Message").await.is_none(), "what is typed would be lost to the refresh");
    let first = browser.log().await;
    eventually("the reply grows", async || (browser.log().await.len() > first.len() + 50).then_some(())).await;
    browser.picture("plain-running").await;
    browser.click(&browser.the("button", "Stop").await).await;
    browser.the("textbox", "Message").await;
    assert!(refreshes(&browser).await.is_empty());
    assert!(browser.log().await.len() > first.len(), "what had come is lost");
    browser.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_reads_may_stop_the_refresh() {
    let Some(replay) = slowly() else { return };
    let (_app, person) = App::ready(Backend::Sqlite, &replay.settings("anthropic/long@delay=200ms")).await;
    let browser = Browser::of(&person, Look::PLAIN).await;
    browser.new_conversation("Tell me much").await;
    browser.comes_to("Assistant is typing").await;
    match browser.find("link", "Pause updates").await {
        Some(link) => browser.click(&link).await,
        None => browser.click(&browser.the("button", "Pause updates").await).await,
    }
    eventually("the refresh is gone", async || refreshes(&browser).await.is_empty().then_some(())).await;
    browser.assert_quiet().await;
}
