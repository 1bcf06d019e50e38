//! Approving and denying, by keys, without surprises.

use serde_json::json;

use crate::{
    MUCH, WISH,
    chatting::guarded,
    opened,
    support::{App, Backend, Browser, Hold, Key, Look, Replay, Reply, eventually},
};

const GROUP: &str = "Approve write_file?";

#[tokio::test(flavor = "multi_thread")]
async fn approve_by_keys_alone() {
    let hold = Hold::new();
    let mut app = App::new(Backend::Sqlite);
    app.held_by(&hold);
    app.launch();
    let person = app.setup().await;
    let browser = Browser::of(&person, Look::LIGHT).await;
    browser.new_conversation(WISH).await;
    browser.comes_to("Waiting for your approval").await;
    browser.the("group", GROUP).await;
    assert_eq!(browser.focused().await, ("textbox".into(), "Message".into()), "the approval took the focus");
    browser.press(Key::F8).await;
    browser.focus_comes_to("group", GROUP).await;
    browser.tab_to("button", "Approve").await;
    guarded(&browser).await;
    browser.press(Key::Enter).await;

    // The tool stands still before its end: what it does is seen while it does it.
    hold.reached().await;
    browser.comes_to("Creating file notes/hello.txt").await;
    eventually("the chunks are seen", async || browser.outputs().await.contains("Hello world").then_some(())).await;
    assert_eq!(app.file("notes/hello.txt"), None);
    hold.open();
    browser.comes_to("Ready").await;
    assert_eq!(app.file("notes/hello.txt").as_deref(), Some("Hello world"));
    browser.focus_comes_to("textbox", "Message").await;
    let articles = browser.all("#log article[data-role=assistant]").await;
    assert!(!browser.text(articles.last().unwrap()).await.is_empty(), "the reply did not go on");
    let grown = browser.log_tree().await;
    browser.reload().await;
    browser.comes_to("Ready").await;
    crate::chatting::pretty_equal(&grown, &browser.log_tree().await);
    browser.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn deny_by_keys_alone() {
    let (app, _person, browser) = opened(Look::LIGHT).await;
    browser.new_conversation(WISH).await;
    browser.comes_to("Waiting for your approval").await;
    browser.press(Key::F8).await;
    browser.focus_comes_to("group", GROUP).await;
    browser.tab_to("textbox", "Reason").await;
    browser.types("Not today").await;
    browser.tab_to("button", "Deny").await;
    guarded(&browser).await;
    browser.press(Key::Enter).await;
    browser.comes_to("Ready").await;
    browser.sees("Not today").await;
    browser.focus_comes_to("textbox", "Message").await;
    assert_eq!(app.files().len(), 0);
    browser.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_still_there_after_a_reload() {
    let (app, person, browser) = opened(Look::LIGHT).await;
    let path = browser.new_conversation(WISH).await;
    browser.comes_to("Waiting for your approval").await;
    let grown = browser.log_tree().await;
    browser.reload().await;
    browser.comes_to("Waiting for your approval").await;
    crate::chatting::pretty_equal(&grown, &browser.log_tree().await);
    let other = browser.another(Look::PHONE).await;
    other.adopt(&person).await;
    other.goto(&path).await;
    other.press(Key::F8).await;
    other.focus_comes_to("group", GROUP).await;
    other.tab_to("button", "Approve").await;
    guarded(&other).await;
    other.press(Key::Enter).await;
    other.comes_to("Ready").await;
    browser.comes_to("Ready").await;
    assert_eq!(app.file("notes/hello.txt").as_deref(), Some("Hello world"));
    browser.assert_quiet().await;
    other.assert_quiet().await;
}

/// A click that was meant for what stood there before the form appeared decides nothing.
#[tokio::test(flavor = "multi_thread")]
async fn the_first_half_second_decides_nothing() {
    let (app, _person, browser) = opened(Look::LIGHT).await;
    browser.new_conversation("Hello").await;
    browser.comes_to("Ready").await;
    // Someone presses the button in the very frame in which it appears, and again with every frame for 300 ms: real
    // presses and releases cannot be faster.
    let eager = r"
        window.pressed = 0;
        new MutationObserver((_, observer) => {
            const button = document.querySelector('form[action$=\'/decision\'] button[value=approve]');
            if (!button) return;
            observer.disconnect();
            const start = performance.now();
            const press = () => {
                const now = document.querySelector('form[action$=\'/decision\'] button[value=approve]');
                if (!now || performance.now() - start > 300) return;
                for (const kind of ['pointerdown', 'mousedown', 'pointerup', 'mouseup'])
                    now.dispatchEvent(new MouseEvent(kind, {bubbles: true, cancelable: true}));
                now.click();
                window.pressed += 1;
                requestAnimationFrame(press);
            };
            press();
        }).observe(document.body, {childList: true, subtree: true});";
    browser.script(eager, vec![]).await;
    browser.say(WISH).await;
    browser.comes_to("Waiting for your approval").await;
    guarded(&browser).await;
    assert!(browser.script("return window.pressed", vec![]).await.as_u64().unwrap() > 0, "nobody pressed");
    assert_eq!(app.files().len(), 0, "it was approved in the guarded half second");
    assert!(browser.state().await.starts_with("Waiting for your approval"), "{}", browser.state().await);
    // Afterwards the same button works.
    browser.click(&browser.the("button", "Approve").await).await;
    browser.comes_to("Ready").await;
    assert_eq!(app.file("notes/hello.txt").as_deref(), Some("Hello world"));
    browser.assert_quiet().await;
}

/// A press that began in the guarded time and ended after it, and a key that was held down, decide nothing.
#[tokio::test(flavor = "multi_thread")]
async fn a_press_must_begin_after_the_half_second() {
    let (app, _person, browser) = opened(Look::LIGHT).await;
    browser.new_conversation(WISH).await;
    browser.comes_to("Waiting for your approval").await;
    browser.press(Key::F8).await;
    browser.tab_to("button", "Approve").await;
    guarded(&browser).await;
    let key = |repeats: bool| {
        json!({"type": "keyDown", "key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 13, "text": "\r",
            "autoRepeat": repeats})
    };
    for _ in 0..5 {
        browser.cdp("Input.dispatchKeyEvent", key(true)).await;
    }
    guarded(&browser).await;
    assert_eq!(app.files().len(), 0, "a held key decided");
    assert!(browser.state().await.starts_with("Waiting for your approval"));
    browser
        .cdp(
            "Input.dispatchKeyEvent",
            json!({"type": "keyUp", "key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 13}),
        )
        .await;
    browser.press(Key::Enter).await;
    browser.comes_to("Ready").await;
    assert_eq!(app.file("notes/hello.txt").as_deref(), Some("Hello world"));
    browser.assert_quiet().await;
}

/// Whoever is typing goes on typing, whatever appears.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_who_types_is_disturbed() {
    let reply = Reply::text(&"Before it asks, it talks. ".repeat(20)).and_write_file("notes/hello.txt", "Hello world");
    let Some(replay) = Replay::playing(
        &[("ask", reply), ("end", Reply::text("Done."))],
        &[("two", &["anthropic/ask@delay=30ms", "anthropic/end"])],
    ) else {
        return;
    };
    let (_app, person) = App::ready(Backend::Sqlite, &replay.settings("script:two.json")).await;
    let browser = Browser::of(&person, Look::LIGHT).await;
    browser.new_conversation("A file, please").await;
    browser.comes_to("Assistant is typing").await;
    let field = browser.the("textbox", "Message").await;
    browser.click(&field).await;
    let mut typed = String::new();
    while !browser.state().await.starts_with("Waiting for your approval") {
        browser.types("ab ").await;
        typed += "ab ";
        assert!(typed.len() < 3000, "it never asks");
    }
    browser.types("end").await;
    typed += "end";
    assert_eq!(browser.property(&field, "value").await, typed, "keys were lost or went elsewhere");
    assert_eq!(browser.focused().await, ("textbox".into(), "Message".into()));
    // F8 leads there, Escape back to the caret.
    browser.press(Key::F8).await;
    browser.focus_comes_to("group", GROUP).await;
    browser.press(Key::Escape).await;
    browser.focus_comes_to("textbox", "Message").await;
    assert_eq!(browser.property(&field, "value").await, typed);
    assert_eq!(browser.property(&field, "selectionStart").await, typed.len());
    browser.assert_quiet().await;
}

/// What is typed as a reason outlives whatever happens around it.
#[tokio::test(flavor = "multi_thread")]
async fn a_reason_is_not_lost_to_another_device() {
    let (_app, person, browser) = opened(Look::LIGHT).await;
    let path = browser.new_conversation(WISH).await;
    browser.comes_to("Waiting for your approval").await;
    let reason = browser.the("textbox", "Reason").await;
    browser.enter(&reason, "Because I").await;
    let chat = crate::support::Chat { person, id: path.rsplit('/').next().unwrap().to_owned() };
    chat.deny().await.expect(200);
    eventually("the page tells of it", async || {
        let body = "return document.querySelector('#log').textContent.includes('Decided on another device')";
        (browser.script(body, vec![]).await == true).then_some(())
    })
    .await;
    assert_eq!(browser.property(&reason, "value").await, "Because I", "what was typed is lost");
    browser.assert_quiet().await;
}

/// Several at once: F8 goes from one to the next, and each says which it is.
#[tokio::test(flavor = "multi_thread")]
async fn several_decisions_one_after_the_other() {
    let two = Reply::text("Two files.").and_write_file("notes/a.txt", "A").and_write_file("notes/b.txt", "B");
    let Some(replay) = Replay::playing(
        &[("two", two), ("end", Reply::text("Done."))],
        &[("ask", &["anthropic/two", "anthropic/end"])],
    ) else {
        return;
    };
    let (app, person) = App::ready(Backend::Sqlite, &replay.settings("script:ask.json")).await;
    let browser = Browser::of(&person, Look::LIGHT).await;
    browser.new_conversation("Two files, please").await;
    browser.comes_to("Waiting for your approval").await;
    browser.sees("1 of 2").await;
    browser.sees("2 of 2").await;
    browser.the("link", "Go to decision").await;
    for button in ["Approve", "Deny"] {
        browser.press(Key::F8).await;
        browser.focus_comes_to("group", GROUP).await;
        browser.tab_to("button", button).await;
        guarded(&browser).await;
        browser.press(Key::Enter).await;
    }
    browser.comes_to("Ready").await;
    assert_eq!((app.file("notes/a.txt").as_deref(), app.file("notes/b.txt")), (Some("A"), None));
    browser.focus_comes_to("textbox", "Message").await;
    browser.assert_quiet().await;
}

/// What is being said while something else waits is never announced over and over.
#[tokio::test(flavor = "multi_thread")]
async fn the_log_is_quiet_for_screen_readers() {
    let (_app, _person, browser) = opened(Look::LIGHT).await;
    browser.new_conversation(MUCH).await;
    browser.comes_to("Assistant is typing").await;
    let live = "return document.querySelector('#log').getAttribute('aria-live')";
    assert_eq!(browser.script(live, vec![]).await, "off");
    browser.comes_to("Ready").await;
    let polite =
        r"return [...document.querySelectorAll('[aria-live=polite]')].map(e => e.textContent.trim()).filter(t => t)";
    let said = eventually("the finished reply is announced", async || {
        let said = browser.script(polite, vec![]).await;
        said.as_array().and_then(|said| said.first()?.as_str().map(str::to_owned))
    })
    .await;
    let article = browser.all("#log article[data-role=assistant] .prose").await;
    let shown = browser.text(article.last().unwrap()).await;
    assert_eq!(
        crate::support::squeezed(&said),
        crate::support::squeezed(&shown),
        "the reply is announced, once and whole"
    );
    browser.assert_quiet().await;
}
