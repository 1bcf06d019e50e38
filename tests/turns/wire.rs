//! What is sent to a browser while a reply of about 4,000 tokens is written, in bytes.

use std::time::Duration;

use crate::support::{App, Backend, Replay, Reply, within};

/// What may be sent, in bytes of the finished article.
const BUDGET: f64 = 3.0;

/// How long a reply may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(90);

/// The HTML of the last article of a reply in a page, as it is on the wire.
fn last_article(html: &str) -> &str {
    let article = html.rsplit("<article ").find(|part| part.contains("data-role=\"assistant\"")).expect("a reply");
    article.split_once("</article>").expect("a whole article").0
}

/// Streams `text` in pieces of twelve characters to someone who has the page open, and holds what is sent against
/// what a page load shows.
async fn stays_in_budget(kind: &str, text: &str) {
    assert!((12_000..20_000).contains(&text.len()), "{kind} is no reply of 4,000 tokens: {} bytes", text.len());
    let replies = [("short", Reply::text("Hello.")), ("long", Reply::text(text))];
    let Some(replay) = Replay::playing(&replies, &[("two", &["anthropic/short", "anthropic/long@delay=5ms"])]) else {
        return;
    };
    let (_app, person) = App::ready(Backend::Sqlite, &replay.settings("script:two.json")).await;
    let chat = person.new_conversation("Hello").await;
    chat.settled().await;
    let socket = chat.socket().await;
    socket.hears("Hello.").await;
    let before = socket.frames().len();
    chat.send("Tell me much").await.expect(200);
    // The last frame tells that the turn is over; the finished article came with it or before it.
    let told = within(PATIENCE, "the page is told of the end", async || {
        let told = socket.frames().split_off(before);
        told.last().is_some_and(|frame| frame.contains(">Ready<")).then_some(told)
    })
    .await;
    let page = chat.page().await;
    let finished = last_article(&page.html).len();
    let sent: usize = told.iter().map(String::len).sum();
    let ratio = sent as f64 / finished as f64;
    println!("{kind}: {} frames, {sent} bytes sent, {finished} finished: {ratio:.2}x", told.len());
    assert!(told.len() > 40, "{kind} came in {} frames: that is no stream", told.len());
    assert!(ratio < BUDGET, "{kind}: {ratio:.2} times the finished article was sent");
}

#[tokio::test(flavor = "multi_thread")]
async fn prose() {
    let text = "The *quick* brown fox jumps over the **lazy dog**, and `then` it reads [a page](https://example.org/x) \
                about foxes. It sleeps well, dreams of hens & wakes up late in the afternoon, hungry again.\n\n";
    stays_in_budget("prose", &text.repeat(80)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_block_of_a_thousand_lines() {
    let lines: String = (0..1000).map(|n| format!("let x{n} = {n};\n")).collect();
    stays_in_budget("code", &format!("```rust\n{lines}```\n")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_of_two_hundred_items() {
    let item = |n| format!("- Item {n} of a list says **something** about what it is, at some length.\n");
    stays_in_budget("list", &(0..200).map(item).collect::<String>()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_of_two_hundred_rows() {
    let row = |n| format!("| a name of something | {n} | a note that says `why` it is so |\n");
    let rows: String = (0..200).map(row).collect();
    stays_in_budget("table", &format!("| Name | Value | Note |\n|---|--:|---|\n{rows}")).await;
}
