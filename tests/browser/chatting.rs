//! Writing, watching, stopping; one conversation in several places.

use std::time::Duration;

use serde_json::json;

use crate::{
    MUCH, WISH, opened, opened_with,
    support::{App, Backend, Browser, ENDLESS, Key, Look, Person, Replay, Reply, UNCUT, eventually, letters, stays},
};

#[tokio::test(flavor = "multi_thread")]
async fn from_the_set_up_link_to_the_first_reply() {
    let mut app = App::start(Backend::Sqlite).await;
    let link = app.setup_link();
    let browser = Browser::open(&app.base, Look::LIGHT).await;
    // As printed, by the name `localhost`.
    browser.goto(&link).await;
    for (field, text) in [("Your name", "Ada"), ("Email", Person::FIRST.0)] {
        browser.enter(&browser.the("textbox", field).await, text).await;
    }
    browser.press(Key::Tab).await;
    browser.types(Person::FIRST.1).await;
    browser.enter(&browser.the("textbox", "Workspace name").await, "Test Works").await;
    browser.click(&browser.the("button", "Create account").await).await;
    browser.arrives("the conversations", |path| path.ends_with("/conversations")).await;
    browser.click(&browser.the("link", "New conversation").await).await;
    browser.say("Hello").await;
    browser.comes_to("Ready").await;
    browser.sees("Hello").await;
    browser.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_in_and_chatting_by_keys_alone() {
    let (app, _) = App::ready(Backend::Sqlite, &[]).await;
    let browser = Browser::open(&app.base, Look::LIGHT).await;
    browser.sign_in(Person::FIRST.0, Person::FIRST.1).await;
    browser.tab_to("link", "New conversation").await;
    browser.press(Key::Enter).await;
    browser.focus_comes_to("textbox", "Message").await;
    browser.types("First line").await;
    browser.press_with(Key::Shift, Key::Enter).await;
    browser.types("second line").await;
    browser.press(Key::Enter).await;
    browser.sees("First line second line").await;
    browser.comes_to("Ready").await;
    // After the turn one can go on writing at once, in an empty box.
    browser.focus_comes_to("textbox", "Message").await;
    let field = browser.the("textbox", "Message").await;
    assert_eq!(browser.property(&field, "value").await, "");
    browser.types("And again").await;
    browser.press(Key::Enter).await;
    browser.sees("And again").await;
    browser.comes_to("Ready").await;
    browser.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_reply_grows_and_is_the_same_after_a_reload() {
    let text = "# Birds\n\n#### Skipped\n\nA *list* of [birds](https://example.org/a?b=c&d=e):\n\n- pelican\n- gull\n  - herring\n  - *black*\n\n\
                \x20   more\n- tern\n\nمرحبا **بك** שלום\n\n1. one\n2. two\n\n```rust\nfn main() {\n    println!(\"hello\");\n}\n```\n\n\
                | bird | wings |\n|---|---|\n| pelican | 2 |\n| gull | 2 |\n\n> ### quoted\n>\n> - in it\n\nThe end & **truly** the `end`.";
    let Some(replay) = Replay::playing(&[("birds", Reply::text(text))], &[]) else { return };
    let (_app, person) = App::ready(Backend::Sqlite, &replay.settings("anthropic/birds@delay=150ms")).await;
    let browser = Browser::of(&person, Look::LIGHT).await;
    browser.new_conversation("Tell me of birds").await;
    browser.comes_to("Assistant is typing").await;
    // It is seen as it comes: the beginning before the end.
    browser.sees("pelican").await;
    assert!(!browser.log().await.contains("truly"), "the reply came at once");
    // At every moment it is the beginning of what it will be, as it can be read.
    let mut samples = Vec::new();
    let prose = r"return [...document.querySelectorAll('#log article[data-role=assistant] .prose')].map(e => e.textContent).join('')";
    while !browser.state().await.starts_with("Ready") {
        samples.push(browser.script(prose, vec![]).await.as_str().unwrap_or_default().to_owned());
    }
    browser.sees("truly").await;
    let whole = letters(browser.script(prose, vec![]).await.as_str().unwrap());
    samples.dedup();
    assert!(samples.len() > 5, "it was seen to grow {} times", samples.len());
    for sample in samples {
        assert!(whole.starts_with(&letters(&sample)), "{sample}\nis no beginning of {whole}");
        assert!(!sample.contains('<') && !sample.contains("hx-"), "markup is shown: {sample}");
    }
    browser.axe("a reply that has grown").await;
    let grown = browser.log_tree().await;
    browser.reload().await;
    browser.comes_to("Ready").await;
    pretty_equal(&grown, &browser.log_tree().await);
    browser.assert_quiet().await;
}

/// Shows the first line in which two trees differ.
pub fn pretty_equal(grown: &str, loaded: &str) {
    for (n, (one, other)) in grown.lines().zip(loaded.lines()).enumerate() {
        assert_eq!(one, other, "line {n}; grown:\n{grown}\nloaded:\n{loaded}");
    }
    assert_eq!(grown.lines().count(), loaded.lines().count(), "grown:\n{grown}\nloaded:\n{loaded}");
    assert!(grown.lines().count() > 5, "the log is empty:\n{grown}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reload_in_mid_stream_loses_nothing() {
    let (_app, person, browser) = opened(Look::LIGHT).await;
    let path = browser.new_conversation(MUCH).await;
    browser.comes_to("Assistant is typing").await;
    let before =
        eventually("some of the reply", async || Some(browser.log().await).filter(|log| log.len() > 300)).await;
    browser.reload().await;
    assert!(browser.state().await.starts_with("Assistant is typing"), "it was over before the reload");
    let seen: String = before.chars().take(250).collect();
    browser.sees(&seen).await;
    browser.comes_to("Ready").await;
    let grown = browser.log().await;
    browser.reload().await;
    browser.comes_to("Ready").await;
    assert_eq!(grown, browser.log().await);
    let id = path.rsplit('/').next().unwrap();
    let page = person.get(&format!("/conversations/{id}")).await;
    assert_eq!(page.articles().len(), 2, "something is doubled");
    browser.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_browsers_see_the_same() {
    let (_app, person, one) = opened(Look::LIGHT).await;
    let path = one.new_conversation("Hello").await;
    one.comes_to("Ready").await;
    let other = one.another(Look::PHONE).await;
    other.adopt(&person).await;
    other.goto(&path).await;
    other.comes_to("Ready").await;
    one.say(WISH).await;
    one.comes_to("Waiting for your approval").await;
    other.comes_to("Waiting for your approval").await;
    other.the("group", "Approve write_file?").await;
    pretty_equal(&one.log_tree().await, &other.log_tree().await);

    // Decided on one, it is decided on the other.
    let approve = other.the("button", "Approve").await;
    guarded(&other).await;
    other.click(&approve).await;
    other.comes_to("Ready").await;
    one.comes_to("Ready").await;
    eventually("the question is gone", async || one.find("button", "Approve").await.is_none().then_some(())).await;
    // Each may have folded what it likes; what is there is the same.
    pretty_equal(&one.log_tree().await, &other.log_tree().await);
    one.assert_quiet().await;
    other.assert_quiet().await;
}

/// Lets the half second pass in which the buttons of an approval do nothing. Time itself is what is waited for.
pub async fn guarded(browser: &Browser) {
    let body = "const done = arguments[arguments.length - 1]; setTimeout(() => done(true), 700);";
    browser.wait_in_page(body).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn stop_ends_the_reply() {
    let (_app, _person, browser) = opened_with(&[UNCUT], Look::LIGHT).await;
    browser.new_conversation(ENDLESS).await;
    browser.comes_to("Assistant is typing").await;
    eventually("some of the reply", async || (browser.log().await.len() > 200).then_some(())).await;
    browser.click(&browser.the("button", "Stop").await).await;
    eventually("Stop is gone", async || browser.find("button", "Stop").await.is_none().then_some(())).await;
    let log = browser.log().await;
    stays(Duration::from_millis(700), "the stopped reply", async || browser.log().await == log).await;
    browser.focus_comes_to("textbox", "Message").await;
    browser.reload().await;
    let words = |log: &str| log.split_whitespace().take(30).collect::<Vec<_>>().join(" ");
    assert_eq!(words(&browser.log().await), words(&log));
    browser.assert_quiet().await;
}

/// A press that falls between a new line and the next frame is aimed at what was painted: nothing in the dock may have
/// moved under it, not even until the view follows.
#[tokio::test(flavor = "multi_thread")]
async fn stop_holds_still_while_a_reply_streams() {
    for look in [Look::LIGHT, Look::PHONE] {
        let (_app, _person, browser) = opened_with(&[UNCUT], look).await;
        browser.new_conversation(ENDLESS).await;
        browser.comes_to("Assistant is typing").await;
        let places = browser
            .wait_in_page(
                r"const done = arguments[0], page = document.scrollingElement, places = {};
                const place = (when) => {
                    const top = document.querySelector('#stop button').getBoundingClientRect().top;
                    (places[when] ??= []).push(top);
                };
                let looks = 0;
                const watch = new MutationObserver(() => {
                    if (page.scrollHeight < page.clientHeight + 200) return;
                    place('swapped');
                    requestAnimationFrame(() => setTimeout(() => place('painted')));
                    looks += 1;
                    if (looks < 60) return;
                    watch.disconnect();
                    done(places);
                });
                watch.observe(document.querySelector('#live'), { childList: true, subtree: true, characterData: true });",
            )
            .await;
        let all: Vec<f64> = ["swapped", "painted"]
            .iter()
            .flat_map(|when| places[when].as_array().unwrap())
            .map(|top| top.as_f64().unwrap())
            .collect();
        let (low, high) = all.iter().fold((f64::MAX, f64::MIN), |(low, high), top| (low.min(*top), high.max(*top)));
        assert!(all.len() > 100 && high - low <= 1.0, "Stop was at {places}");
        browser.assert_quiet().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn enter_while_composing_sends_nothing() {
    let (_app, _person, browser) = opened(Look::LIGHT).await;
    browser.new_conversation("Hello").await;
    browser.comes_to("Ready").await;
    let field = browser.the("textbox", "Message").await;
    browser.click(&field).await;
    browser.cdp("Input.imeSetComposition", json!({"text": "にほん", "selectionStart": 3, "selectionEnd": 3})).await;
    for kind in ["rawKeyDown", "keyUp"] {
        let key = json!({"type": kind, "key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 229});
        browser.cdp("Input.dispatchKeyEvent", key).await;
    }
    browser.cdp("Input.insertText", json!({"text": "日本"})).await;
    stays(Duration::from_millis(500), "what is being composed", async || {
        browser.property(&field, "value").await == "日本"
    })
    .await;
    assert!(!browser.log().await.contains("日本"), "it was sent while it was composed");
    browser.press(Key::Enter).await;
    browser.sees("日本").await;
    browser.comes_to("Ready").await;
    browser.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_box_grows_with_its_text() {
    let (_app, _person, browser) = opened(Look::LIGHT).await;
    browser.click(&browser.the("link", "New conversation").await).await;
    let field = browser.the("textbox", "Message").await;
    let low = browser.property(&field, "offsetHeight").await.as_f64().unwrap();
    browser.click(&field).await;
    for _ in 0..4 {
        browser.types("line").await;
        browser.press_with(Key::Shift, Key::Enter).await;
    }
    eventually("the box grows", async || {
        (browser.property(&field, "offsetHeight").await.as_f64().unwrap() > low + 20.0).then_some(())
    })
    .await;
    browser.assert_quiet().await;
}

/// The view follows the newest text for whoever is at the end, and stays for whoever reads above.
#[tokio::test(flavor = "multi_thread")]
async fn the_view_follows_only_who_is_at_the_end() {
    let text = (0..300).map(|n| format!("Paragraph {n}.")).collect::<Vec<_>>().join("\n\n");
    let Some(replay) = Replay::playing(&[("long", Reply::text(&text))], &[]) else { return };
    let (_app, person) = App::ready(Backend::Sqlite, &replay.settings("anthropic/long@delay=15ms")).await;
    let browser = Browser::of(&person, Look::LIGHT).await;
    browser.new_conversation("Write much").await;
    let place = r"const log = document.querySelector('#log');
        const box = [log, log.parentElement, document.scrollingElement].find(e => e && e.scrollHeight > e.clientHeight + 4
            && (e === document.scrollingElement || ['auto', 'scroll'].includes(getComputedStyle(e).overflowY)));
        return box ? [box.scrollTop, box.scrollHeight - box.clientHeight - box.scrollTop] : null;";
    eventually("the view is at the end of a long reply", async || {
        let place = browser.script(place, vec![]).await;
        (place[0].as_f64()? > 400.0 && place[1].as_f64()? < 120.0).then_some(())
    })
    .await;
    let up = r"const log = document.querySelector('#log');
        for (const e of [log, log.parentElement, document.scrollingElement]) if (e) e.scrollTop = 0;";
    browser.script(up, vec![]).await;
    stays(Duration::from_secs(1), "the view of someone who reads above", async || {
        browser.script(place, vec![]).await[0].as_f64().unwrap_or(0.0) < 60.0
    })
    .await;
    assert!(browser.state().await.starts_with("Assistant is typing"), "it was over too early to tell");
    browser.assert_quiet().await;
}

/// A restart of the server: the page says so, comes back by itself, and nothing is doubled.
#[tokio::test(flavor = "multi_thread")]
async fn a_restart_of_the_server_is_got_over() {
    let (mut app, _person, mut browser) = opened(Look::LIGHT).await;
    browser.new_conversation("Hello").await;
    browser.comes_to("Ready").await;
    browser.allow_restarts();
    let field = browser.the("textbox", "Message").await;
    browser.enter(&field, "Half a thou").await;
    app.kill9();
    browser.comes_to("Reconnecting").await;
    app.launch();
    browser.comes_to("Ready").await;
    assert_eq!(browser.property(&field, "value").await, "Half a thou", "what was typed is lost");
    browser.enter(&field, "ght").await;
    browser.press(Key::Enter).await;
    browser.sees("Half a thought").await;
    browser.comes_to("Ready").await;
    let log = browser.log().await;
    browser.reload().await;
    browser.comes_to("Ready").await;
    assert_eq!(browser.log().await, log);
    browser.assert_quiet().await;
}
