//! What is sent to a browser while a reply is written: how much it is, and what it makes of the page.

use std::time::Duration;

use crate::support::{App, Backend, LiveDom, Replay, Reply, letters, loaded_reply, within};

/// What may be sent, in bytes of the finished article.
const BUDGET: f64 = 3.0;

/// Letters of a construct that may stand open when the model pauses: `[a link](https://example.org/a?b=c&d=e`.
const HALF_A_LINK: usize = 40;

/// How long a reply may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(90);

/// The HTML of the last article of a reply in a page, as it is on the wire.
fn last_article(html: &str) -> &str {
    let article = html.rsplit("<article ").find(|part| part.contains("data-role=\"assistant\"")).expect("a reply");
    article.split_once("</article>").expect("a whole article").0
}

/// Streams `text` in pieces of twelve characters to someone who has the page open: the frames from the message on
/// until the turn is over, and the page as it is loaded then. `None` where the recordings are missing.
async fn streamed(text: &str) -> Option<(Vec<String>, String)> {
    let replies = [("short", Reply::text("Hello.")), ("long", Reply::text(text))];
    let replay = Replay::playing(&replies, &[("two", &["anthropic/short", "anthropic/long@delay=5ms"])])?;
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
    Some((told, chat.page().await.html))
}

/// Holds what is sent for a reply of 4,000 tokens against what a page load shows.
async fn stays_in_budget(kind: &str, text: &str) {
    assert!((12_000..20_000).contains(&text.len()), "{kind} is no reply of 4,000 tokens: {} bytes", text.len());
    let Some((told, page)) = streamed(text).await else { return };
    let finished = last_article(&page).len();
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

/// Documents with everything that a model writes, and no tag in any of them.
const DOCUMENTS: [&str; 3] = [
    "# Birds\n\n#### Skipped levels\n\nSome *words* that are **bold**, `code` and [a link](https://example.org/a?b=c&d=e).\n\n\
     - pelican\n- gull\n  - herring gull\n  - *black-headed* gull\n\n    with a paragraph\n- tern\n\n\
     3. three\n4. four\n\n## Code\n\n```rust\nfn main() {\n    let a = 1 & 2;\n}\n\n# no heading\n```\n\nThe end.\n",
    "| bird | wings | note |\n|---|--:|:-:|\n| pelican | 2 | **big** |\n| gull | 2 | `small` |\n\n> # Quoted\n>\n\
     > - in a quote\n>   ```\n>   fence\n>   ```\n>\n> > deeper *still*\n\n###### Deep\n\n\
     ~~gone~~ and **bold _and_ more** & AT&T\n\n---\n\nlast\n",
    "# שלום\n\nمرحبا *بك* في **العالم**\n\n- אחת\n- שתיים\n\n### 日本語\n\n太字と`コード`。 😀 👩‍👩‍👧\n",
];

/// The levels of the headings of some HTML never skip one on the way down.
fn assert_outline(html: &str) {
    let mut last = 1;
    for (at, _) in html.match_indices("<h") {
        let Some(level) = html[at + 2..].chars().next().and_then(|c| c.to_digit(10)) else { continue };
        assert!(level <= last + 1, "h{level} after h{last}: {html}");
        last = level;
    }
}

/// The frames, applied one by one, show ever more of the reply and nothing else, and in the end what a page load shows.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_shown_grows_into_what_a_page_load_shows() {
    let words = "Words between the documents, so that they are left behind. ".repeat(20);
    let text = DOCUMENTS.join(&format!("\n\n{words}\n\n")).repeat(2);
    let Some((told, page)) = streamed(&text).await else { return };
    let mut dom = LiveDom::new();
    let mut shown: Vec<String> = Vec::new();
    for frame in &told {
        dom.apply(frame);
        let Some(reply) = dom.last_reply() else { continue };
        assert_outline(&reply);
        let words = dom.last_words();
        assert!(!words.contains('<') && !words.contains("hx-"), "markup is shown: {words}");
        if shown.last() != Some(&words) {
            shown.push(words);
        }
    }
    assert_eq!(dom.last_reply().unwrap(), loaded_reply(&page));
    assert!(shown.len() > 20, "it grew in {} steps", shown.len());
    let whole = letters(shown.last().unwrap());
    let mut before = 0;
    for words in &shown {
        let words = letters(words);
        let agreed = words.bytes().zip(whole.bytes()).take_while(|(shown, due)| shown == due).count();
        // When the model pauses, half a link or the sign of a code block is shown as it stands, until more comes.
        assert!(words.len() - agreed < HALF_A_LINK, "{words}\n is no beginning of\n{whole}");
        assert!(agreed >= before, "something was taken back: {words}");
        // Nothing is saved up for the end.
        assert!(agreed < before + 1500, "{} letters came at once", agreed - before);
        before = agreed;
    }
}
