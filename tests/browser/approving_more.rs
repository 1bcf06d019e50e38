//! Changing what runs, saying it beforehand and deciding several at once: by keys, live.

use serde_json::json;

use crate::{
    WISH,
    chatting::guarded,
    looks, opened,
    support::{App, Backend, Browser, Hold, Key, Look, Replay, Reply, eventually},
};

const GROUP: &str = "Approve write_file?";

/// Presses Tab until what that selector finds has the focus.
async fn tab_to(browser: &Browser, css: &str) {
    for _ in 0..60 {
        if browser.script("return document.activeElement.matches(arguments[0])", vec![json!(css)]).await == true {
            return;
        }
        browser.press(Key::Tab).await;
    }
    panic!("Tab never reaches {css}");
}

/// Goes to the question by F8 and opens the box by its button.
async fn edits(browser: &Browser) {
    browser.press(Key::F8).await;
    browser.focus_comes_to("group", GROUP).await;
    browser.tab_to("button", "Edit arguments").await;
    browser.press(Key::Enter).await;
    browser.focus_comes_to("textbox", "Arguments").await;
}

/// Puts another text into the box that has the focus.
async fn rewrites(browser: &Browser, text: &str) {
    browser.press_with(Key::Control, Key::Letter('a')).await;
    browser.types(text).await;
}

async fn presses(browser: &Browser, button: &str) {
    browser.tab_to("button", button).await;
    guarded(browser).await;
    browser.press(Key::Enter).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_by_keys_alone() {
    let (app, _person, browser) = opened(Look::LIGHT).await;
    browser.new_conversation(WISH).await;
    browser.comes_to("Waiting for your approval").await;
    edits(&browser).await;
    let text = browser.the("textbox", "Arguments").await;
    let shown = browser.property(&text, "value").await;
    let read: serde_json::Value = serde_json::from_str(shown.as_str().unwrap()).unwrap();
    assert_eq!(read, json!({"path": "notes/hello.txt", "content": "Hello world"}));
    // Discarding brings the form back as it was.
    browser.types("x").await;
    browser.tab_to("button", "Discard changes").await;
    browser.press(Key::Enter).await;
    browser.focus_comes_to("button", "Edit arguments").await;
    assert!(browser.find("textbox", "Arguments").await.is_none(), "the box is still there");
    assert!(browser.find("button", "Discard changes").await.is_none());
    edits_again(&browser).await;
    rewrites(&browser, r#"{"path":"notes/hello.txt","content":"Good morning"}"#).await;
    presses(&browser, "Approve").await;
    browser.comes_to("Ready").await;
    assert_eq!(app.file("notes/hello.txt").as_deref(), Some("Good morning"));
    browser.focus_comes_to("textbox", "Message").await;
    let body = "const fold = document.querySelector('.call > details'); fold.open = true;
        return fold.querySelector('.changed').textContent";
    let changed = browser.script(body, vec![]).await;
    for shown in ["You changed the arguments", "Hello world", "Good morning"] {
        assert!(changed.as_str().unwrap().contains(shown), "“{shown}” is not in {changed}");
    }
    looks::shot(&browser, "call-edited", ".call").await;
    browser.assert_quiet().await;
}

async fn edits_again(browser: &Browser) {
    browser.press(Key::Enter).await;
    browser.focus_comes_to("textbox", "Arguments").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_that_goes_elsewhere_is_looked_at_again() {
    let (app, _person, browser) = opened(Look::LIGHT).await;
    browser.new_conversation(WISH).await;
    browser.comes_to("Waiting for your approval").await;
    edits(&browser).await;
    rewrites(&browser, r#"{"path":"other/place.txt","content":"Hello world"}"#).await;
    presses(&browser, "Approve").await;
    browser.sees("You changed where this goes. Look at it once more.").await;
    browser.focus_comes_to("group", GROUP).await;
    browser.sees("other/place.txt").await;
    looks::shot(&browser, "call-shown-again", ".call").await;
    assert!(browser.find("textbox", "Arguments").await.is_none(), "the box is still there");
    assert_eq!(app.files().len(), 0, "it ran unseen");
    browser.comes_to("Waiting for your approval").await;
    presses(&browser, "Approve").await;
    browser.comes_to("Ready").await;
    assert_eq!(app.file("other/place.txt").as_deref(), Some("Hello world"));
    assert_eq!(app.file("notes/hello.txt"), None);
    browser.focus_comes_to("textbox", "Message").await;
    browser.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_edit_keeps_its_text() {
    let (app, _person, mut browser) = opened(Look::LIGHT).await;
    browser.allow("the server responded with a status of 422");
    browser.new_conversation(WISH).await;
    browser.comes_to("Waiting for your approval").await;
    edits(&browser).await;
    for wrong in [r#"{"path":"#, r#"{"path":"notes/hello.txt","content":"x","more":1}"#] {
        rewrites(&browser, wrong).await;
        presses(&browser, "Approve").await;
        browser.focus_comes_to("textbox", "Arguments").await;
        let text = browser.the("textbox", "Arguments").await;
        assert_eq!(browser.property(&text, "value").await, wrong, "what was typed is lost");
        assert_eq!(browser.property(&text, "ariaInvalid").await, "true");
        let said = browser.script("return document.querySelector('form.decide .form-error').textContent", vec![]).await;
        assert!(!said.as_str().unwrap().trim().is_empty(), "nothing is said");
    }
    assert_eq!(app.files().len(), 0);
    rewrites(&browser, r#"{"path":"notes/hello.txt","content":"x"}"#).await;
    presses(&browser, "Approve").await;
    browser.comes_to("Ready").await;
    assert_eq!(app.file("notes/hello.txt").as_deref(), Some("x"));
    browser.assert_quiet().await;
}

/// What is shown anew on one device because of another's edit is said there, and a click meant for what stood there
/// before decides nothing.
#[tokio::test(flavor = "multi_thread")]
async fn another_devices_edit_is_shown_here() {
    let (app, person, browser) = opened(Look::LIGHT).await;
    let path = browser.new_conversation(WISH).await;
    browser.comes_to("Waiting for your approval").await;
    let other = browser.another(Look::LIGHT).await;
    other.adopt(&person).await;
    other.goto(&path).await;
    other.comes_to("Waiting for your approval").await;
    let reason = other.the("textbox", "Reason").await;
    other.enter(&reason, "Because").await;
    edits(&browser).await;
    rewrites(&browser, r#"{"path":"other/place.txt","content":"Hello world"}"#).await;
    presses(&browser, "Approve").await;
    browser.sees("You changed where this goes. Look at it once more.").await;
    other.sees("Changed on another device").await;
    assert_eq!(other.property(&reason, "value").await, "Because", "what was typed is lost");
    assert_eq!(app.files().len(), 0);
    browser.assert_quiet().await;
    other.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn remembered_by_keys_named_and_revoked() {
    let replies = [("a", Reply::write_file("notes/a.txt", "A")), ("end", Reply::text("Done."))];
    let rounds = ["anthropic/a", "anthropic/a", "anthropic/end", "anthropic/a", "anthropic/end"];
    let Some(replay) = Replay::playing(&replies, &[("ask", &rounds)]) else { return };
    let (app, person) = App::ready(Backend::Sqlite, &replay.settings("script:ask.json")).await;
    let browser = Browser::of(&person, Look::LIGHT).await;
    let path = browser.new_conversation("Files, please").await;
    browser.comes_to("Waiting for your approval").await;
    browser.press(Key::F8).await;
    browser.focus_comes_to("group", GROUP).await;
    tab_to(&browser, ".remember > summary").await;
    browser.press(Key::Enter).await;
    for (list, choice) in [("count", "after 5"), ("which", "exactly"), ("time", "15"), ("scope", "in all")] {
        tab_to(&browser, &format!("select[id$='-{list}']")).await;
        browser.types(choice).await;
    }
    presses(&browser, "Approve").await;
    browser.comes_to("Ready").await;
    assert_eq!(app.file("notes/a.txt").as_deref(), Some("A"));
    browser.sees("By your grant: exactly these arguments, 1 of 5").await;
    looks::looked_at(&browser, "call-granted").await;

    // From the call to where it is taken back.
    let body = "const link = document.querySelector('.granted a'); link.closest('details').open = true; link.focus()";
    browser.script(body, vec![]).await;
    browser.press(Key::Enter).await;
    browser.arrives("the settings", |path| path.ends_with("/settings")).await;
    looks::looked_at(&browser, "settings-grants").await;
    browser.tab_to("button", "Revoke for write_file").await;
    browser.press(Key::Enter).await;
    eventually("it is gone", async || browser.find("button", "Revoke for write_file").await.is_none().then_some(()))
        .await;
    browser.goto(&path).await;
    browser.comes_to("Ready").await;
    browser.say("One more").await;
    browser.comes_to("Waiting for your approval").await;
    browser.the("button", "Approve").await;
    browser.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn all_at_once_after_every_fold() {
    let long = "line\n".repeat(30);
    let two = Reply::text("Two files.").and_write_file("notes/a.txt", &long).and_write_file("notes/b.txt", "B");
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
    let all = browser.the("button", "Approve all").await;
    browser.the("link", "Review all").await;
    let folds = browser.all("#log .call-body details:not([open]) > summary").await;
    assert!(folds.len() >= 3, "{} folds", folds.len());
    for fold in &folds {
        assert_eq!(browser.property(&all, "disabled").await, true, "it can be pressed before everything was opened");
        browser.script("arguments[0].focus()", vec![fold.as_argument()]).await;
        browser.press(Key::Enter).await;
        // Opened and drawn: what is closed before it was drawn was never seen, and does not count.
        eventually("it is open", async || {
            let body = "const fold = arguments[0].parentElement;
                return new Promise(done => requestAnimationFrame(() => setTimeout(() => done(fold.open))));";
            (browser.script(body, vec![fold.as_argument()]).await == true).then_some(())
        })
        .await;
        // What was opened once may be closed again.
        browser.press(Key::Enter).await;
    }
    eventually("it can be pressed", async || (browser.property(&all, "disabled").await == false).then_some(())).await;
    // What is being edited is not what would run.
    browser.click(&browser.the("button", "Edit arguments").await).await;
    browser.focus_comes_to("textbox", "Arguments").await;
    eventually("it waits", async || (browser.property(&all, "disabled").await == true).then_some(())).await;
    // As a person does, to whom the way to the newest covers it.
    browser.script("[...document.querySelectorAll('[data-discard]')].find(one => one.offsetParent).scrollIntoView({block: 'center'})", vec![]).await;
    browser.click(&browser.the("button", "Discard changes").await).await;
    eventually("it can be pressed", async || (browser.property(&all, "disabled").await == false).then_some(())).await;
    // Opening made the page longer: the half second holds here as well.
    presses(&browser, "Approve all").await;
    browser.comes_to("Ready").await;
    assert_eq!((app.file("notes/a.txt"), app.file("notes/b.txt").as_deref()), (Some(long), Some("B")));
    assert!(browser.find("button", "Approve all").await.is_none());
    browser.focus_comes_to("textbox", "Message").await;
    browser.assert_quiet().await;
}

/// One of two is decided: what is left has its own form, and no other.
#[tokio::test(flavor = "multi_thread")]
async fn all_at_once_goes_with_the_second() {
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
    browser.the("button", "Approve all").await;
    browser.press(Key::F8).await;
    presses(&browser, "Approve").await;
    eventually("it is gone", async || browser.find("button", "Approve all").await.is_none().then_some(())).await;
    assert_eq!(app.files().len(), 0);
    browser.focus_comes_to("group", GROUP).await;
    presses(&browser, "Deny").await;
    browser.comes_to("Ready").await;
    assert_eq!((app.file("notes/a.txt").as_deref(), app.file("notes/b.txt")), (Some("A"), None));
    browser.assert_quiet().await;
}

/// A page that is open says what begins to wait elsewhere, and what waits no more.
#[tokio::test(flavor = "multi_thread")]
async fn what_waits_elsewhere_is_told() {
    let (_app, person, browser) = opened(Look::LIGHT).await;
    let other = person.new_conversation("Hello").await;
    other.settled().await;
    browser.new_conversation("Hello to you").await;
    browser.comes_to("Ready").await;
    let seen = async || {
        let body = "return [document.title, document.querySelector('#waiting').textContent,
            document.querySelector(`[data-waits='${arguments[0]}']`).textContent]";
        let seen = browser.script(body, vec![json!(other.id)]).await;
        [0, 1, 2].map(|index| seen[index].as_str().unwrap().to_owned())
    };
    let [title, all, badge] = seen().await;
    assert!(!title.starts_with('(') && all.is_empty() && badge.is_empty(), "{title} {all} {badge}");
    other.send(WISH).await.expect(200);
    eventually("it is told", async || {
        let [title, all, badge] = seen().await;
        (title.starts_with("(1) ") && all == "1" && badge == "1").then_some(())
    })
    .await;
    other.deny().await.expect(200);
    eventually("it is told that it is over", async || {
        let [title, all, badge] = seen().await;
        (!title.starts_with('(') && all.is_empty() && badge.is_empty()).then_some(())
    })
    .await;
    browser.assert_quiet().await;
}

/// Nobody knows whether it ran: the person says so by keys, and what runs again is shown afresh.
#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_outcome_by_keys_alone() {
    let hold = Hold::new();
    let mut app = App::new(Backend::Sqlite);
    app.held_by(&hold);
    app.launch();
    let person = app.setup().await;
    let mut browser = Browser::of(&person, Look::LIGHT).await;
    browser.allow_restarts();
    browser.new_conversation(WISH).await;
    browser.comes_to("Waiting for your approval").await;
    browser.press(Key::F8).await;
    presses(&browser, "Approve").await;
    hold.reached().await;
    app.kill9();
    hold.open();
    app.launch();
    browser.sees("outcome unknown").await;
    browser.sees("What is known stands above").await;
    browser.press(Key::F8).await;
    browser.focus_comes_to("group", "What happened to write_file?").await;
    presses(&browser, "Run again").await;
    browser.focus_comes_to("group", GROUP).await;
    browser.sees("You asked for it to run again").await;
    assert!(browser.find("button", "Run again").await.is_none(), "it can be said twice");
    assert_eq!(app.file("notes/hello.txt"), None, "it ran unseen");
    presses(&browser, "Approve").await;
    browser.comes_to("Ready").await;
    assert_eq!((app.file("notes/hello.txt").as_deref(), hold.runs()), (Some("Hello world"), 2));
    let grown = browser.log_tree().await;
    browser.reload().await;
    browser.comes_to("Ready").await;
    crate::chatting::pretty_equal(&grown, &browser.log_tree().await);
    browser.assert_quiet().await;
}
