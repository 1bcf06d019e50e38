//! Images beside the message box: chosen, pasted, dropped, taken out, sent, shown.

use std::{fs, path::PathBuf};

use image::ImageFormat;
use serde_json::json;
use tempfile::TempDir;

use crate::{
    opened,
    support::{App, Backend, Browser, Key, Look, Replay, eventually, pictures},
};

/// Files of a person's disk.
struct Disk(TempDir);

impl Disk {
    fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.0.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    }

    fn picture(&self, name: &str) -> PathBuf {
        self.file(name, &pictures::picture(320, 200, ImageFormat::Png))
    }
}

/// Chooses files as a person does in the dialogue of the browser.
pub async fn choose(browser: &Browser, files: &[PathBuf]) {
    let input = browser.all("#images").await.remove(0);
    let paths: Vec<_> = files.iter().map(|path| path.to_str().unwrap()).collect();
    browser.enter(&input, &paths.join("\n")).await;
}

/// The names that the list shows; empty when it is not shown.
async fn listed(browser: &Browser) -> Vec<String> {
    let body = "const list = document.getElementById('attached');
        return list.checkVisibility() ? [...list.querySelectorAll('.name')].map(name => name.textContent) : [];";
    let names = browser.script(body, vec![]).await;
    names.as_array().unwrap().iter().map(|name| name.as_str().unwrap().to_owned()).collect()
}

/// Waits until the list shows exactly these.
async fn lists(browser: &Browser, names: &[&str]) {
    let what = format!("{names:?} are attached");
    eventually(&what, async || (listed(browser).await == names).then_some(())).await;
}

/// Waits until so many images of the log have loaded.
async fn shows(browser: &Browser, count: usize) {
    let body = "return [...document.querySelectorAll('#log img')].filter(i => i.complete && i.naturalWidth).length";
    eventually("the images are shown", async || (browser.script(body, vec![]).await == json!(count)).then_some(()))
        .await;
}

/// What is wrong, as the page says it beside the box.
async fn complains(browser: &Browser, words: &str) {
    let body = "return document.getElementById('composer-error').textContent";
    let what = format!("the page says “{words}”");
    let says =
        async || browser.script(body, vec![]).await.as_str().is_some_and(|said| said.contains(words)).then_some(());
    eventually(&what, says).await;
}

/// Gives files to the page by an event that no driver can make: a paste or a drop.
async fn by_event(browser: &Browser, event: &str, files: &[(&str, &str)]) {
    let body = r"
        const transfer = new DataTransfer();
        for (const [name, type] of arguments[1]) {
            const canvas = new OffscreenCanvas(40, 30);
            canvas.getContext('2d').fillRect(5, 5, 20, 20);
            const bytes = type === 'image/png' ? window.samplePng : 'only words';
            transfer.items.add(new File([bytes], name, {type}));
        }
        const box = document.getElementById('message');
        const event = arguments[0] === 'paste'
            ? new ClipboardEvent('paste', {clipboardData: transfer, bubbles: true, cancelable: true})
            : new DragEvent(arguments[0], {dataTransfer: transfer, bubbles: true, cancelable: true});
        box.dispatchEvent(event);
        return event.defaultPrevented;";
    // A whole PNG for the page to hand over.
    let png = json!(pictures::png());
    browser.script("window.samplePng = new Uint8Array(arguments[0])", vec![png]).await;
    assert_eq!(browser.script(body, vec![json!(event), json!(files)]).await, true, "the browser would act by itself");
}

#[tokio::test(flavor = "multi_thread")]
async fn chosen_removed_by_keys_sent_and_shown() {
    let (app, _person, browser) = opened(Look::LIGHT).await;
    let disk = Disk::new();
    browser.goto("/conversations").await;
    browser.focus_comes_to("textbox", "Message").await;
    // The control is reached by Tab and names itself.
    browser.tab_to("button", "Attach images").await;
    choose(&browser, &[disk.picture("one.png"), disk.picture("two.png"), disk.picture("three.png")]).await;
    lists(&browser, &["one.png", "two.png", "three.png"]).await;
    // A second choice adds to the first.
    choose(&browser, &[disk.picture("four.png")]).await;
    lists(&browser, &["one.png", "two.png", "three.png", "four.png"]).await;
    browser.axe("attached images").await;

    browser.tab_to("button", "Remove two.png").await;
    browser.press(Key::Enter).await;
    lists(&browser, &["one.png", "three.png", "four.png"]).await;
    browser.focus_comes_to("button", "Remove three.png").await;
    browser.press(Key::Enter).await;
    browser.focus_comes_to("button", "Remove four.png").await;
    browser.press(Key::Enter).await;
    browser.focus_comes_to("button", "Remove one.png").await;
    let body = "return document.getElementById('images-said').textContent";
    assert_eq!(browser.script(body, vec![]).await, "four.png was removed.");
    browser.press(Key::Enter).await;
    browser.focus_comes_to("button", "Attach images").await;
    lists(&browser, &[]).await;

    choose(&browser, &[disk.picture("pelican.png")]).await;
    lists(&browser, &["pelican.png"]).await;
    browser.say("What flies here?").await;
    browser.arrives("the conversation", |path| path.contains("/conversations/")).await;
    browser.comes_to("Ready").await;
    shows(&browser, 1).await;
    browser.the("link", "pelican.png").await;

    // In a conversation the page stays, and what was sent is gone from the box; an image alone is a message.
    choose(&browser, &[disk.picture("gull.png"), disk.picture("tern.png")]).await;
    lists(&browser, &["gull.png", "tern.png"]).await;
    browser.click(&browser.the("button", "Send").await).await;
    shows(&browser, 3).await;
    lists(&browser, &[]).await;
    browser.comes_to("Ready").await;
    assert_eq!(app.query("SELECT count(*) FROM blobs"), "3");
    // The view went along, whatever the list in the box and the images did to the height of the page.
    let at_end = "const p = document.scrollingElement; return p.scrollHeight - p.scrollTop - p.clientHeight < 3";
    eventually("the end is in view", async || (browser.script(at_end, vec![]).await == true).then_some(())).await;
    // As it grew, so it is when it is loaded.
    let grown = browser.log_tree().await;
    browser.reload().await;
    shows(&browser, 3).await;
    assert_eq!(browser.log_tree().await, grown);
    browser.assert_quiet().await;
    browser.click(&browser.the("link", "gull.png").await).await;
    browser.arrives("the whole image", |path| path.ends_with("/attachments/2")).await;
    let body = "const i = document.images[0]; return [i.complete, i.naturalWidth, location.origin, self.origin]";
    let seen = browser.script(body, vec![]).await;
    assert_eq!((&seen[0], &seen[1]), (&json!(true), &json!(320)), "the whole image is not shown");
    assert_eq!(seen[3], "null", "what is attached shares our origin");
}

#[tokio::test(flavor = "multi_thread")]
async fn pasted_and_dropped() {
    let (_app, _person, browser) = opened(Look::LIGHT).await;
    browser.new_conversation("Hello").await;
    browser.comes_to("Ready").await;
    by_event(&browser, "paste", &[("image.png", "image/png")]).await;
    lists(&browser, &["image.png"]).await;
    by_event(&browser, "dragover", &[("dropped.png", "image/png")]).await;
    by_event(&browser, "drop", &[("dropped.png", "image/png"), ("notes.txt", "text/plain")]).await;
    lists(&browser, &["image.png", "dropped.png"]).await;
    complains(&browser, "“notes.txt” is no image").await;
    browser.say("Both").await;
    shows(&browser, 2).await;
    lists(&browser, &[]).await;
    browser.comes_to("Ready").await;
    browser.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_stays_in_the_box() {
    let (app, _person, mut browser) = opened(Look::LIGHT).await;
    browser.allow("the server responded with a status of 422");
    let disk = Disk::new();
    let half = &pictures::png()[..60];
    // The name and the browser take it for an image; its bytes do not bear that out.
    let files = [disk.file("broken.png", half), disk.picture("fine.png")];
    for begins in [true, false] {
        if begins {
            browser.goto("/conversations").await;
        } else {
            browser.new_conversation("Hello").await;
            browser.comes_to("Ready").await;
        }
        choose(&browser, &files).await;
        lists(&browser, &["broken.png", "fine.png"]).await;
        browser.say("Look at both").await;
        complains(&browser, "“broken.png” is no image that can be read").await;
        lists(&browser, &["broken.png", "fine.png"]).await;
        let field = browser.the("textbox", "Message").await;
        assert_eq!(browser.property(&field, "value").await, "Look at both");
        assert_eq!(app.query("SELECT count(*) FROM blobs"), "0");
        // Without the broken one it goes.
        browser.click(&browser.the("button", "Remove broken.png").await).await;
        browser.click(&browser.the("button", "Send").await).await;
        shows(&browser, 1).await;
        browser.comes_to("Ready").await;
        app.query("DELETE FROM blobs");
    }
    browser.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_model_that_sees_nothing_says_so_before_sending() {
    let (app, _person, browser) = opened(Look::LIGHT).await;
    let disk = Disk::new();
    browser.new_conversation("Hello").await;
    browser.comes_to("Ready").await;
    // The list of models as a page has it that knows more of them.
    let body = "document.getElementById('only-model').outerHTML =
        '<select id=model aria-label=Model><option value=auto data-model=keen>Automatic</option>' +
        '<option value=openai/blind data-images=no>blind</option></select>';";
    browser.script(body, vec![]).await;
    let pick = async |value: &str| {
        let body = "const m = document.getElementById('model'); m.value = arguments[0];
            m.dispatchEvent(new Event('change', {bubbles: true})); return document.getElementById('images-note').textContent";
        browser.script(body, vec![json!(value)]).await
    };
    choose(&browser, &[disk.picture("pelican.png")]).await;
    assert_eq!(pick("openai/blind").await, "blind cannot see images.");
    browser.say("What is it?").await;
    complains(&browser, "blind cannot see images. Choose another model or remove the images.").await;
    lists(&browser, &["pelican.png"]).await;
    assert_eq!(app.query("SELECT count(*) FROM turns"), "1");
    assert_eq!(pick("auto").await, "");
    browser.script("document.getElementById('model').removeAttribute('name')", vec![]).await;
    browser.click(&browser.the("button", "Send").await).await;
    shows(&browser, 1).await;
    browser.comes_to("Ready").await;
    browser.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_javascript_too() {
    let (_app, _person, browser) = opened(Look::PLAIN).await;
    let disk = Disk::new();
    browser.goto("/conversations").await;
    choose(&browser, &[disk.picture("pelican.png"), disk.picture("gull.png")]).await;
    browser.say("What flies here?").await;
    browser.arrives("the conversation", |path| path.contains("/conversations/")).await;
    browser.comes_to("Ready").await;
    assert_eq!(browser.all("#log article[data-role=user] img").await.len(), 2);
    browser.picture("plain-images").await;
    choose(&browser, &[disk.file("notes.png", b"only words")]).await;
    browser.say("And this?").await;
    complains(&browser, "“notes.png” is no image that can be read").await;
    let field = browser.the("textbox", "Message").await;
    assert_eq!(browser.property(&field, "value").await, "And this?");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_chosen_model_is_kept() {
    let Some(replay) = Replay::start() else { return };
    let openai = format!("{}/v1", replay.base);
    let mut settings = replay.settings("anthropic/text-haiku45");
    settings.extend([("OPENAI_API_KEY", "k"), ("OPENAI_BASE_URL", &openai), ("OPENAI_MODEL", "openai/deepseek-text")]);
    let (_app, person) = App::ready(Backend::Sqlite, &settings).await;
    let browser = Browser::of(&person, Look::LIGHT).await;
    let picked = async || {
        let picker = browser.the("combobox", "Model").await;
        browser.property(&picker, "value").await
    };
    assert_eq!(picked().await, "auto");
    browser.axe("picker of models").await;
    let picker = browser.the("combobox", "Model").await;
    browser.enter(&picker, "openai/deepseek-text").await;
    assert_eq!(picked().await, "openai/openai/deepseek-text");
    browser.say("Hello").await;
    browser.arrives("the conversation", |path| path.contains("/conversations/")).await;
    browser.comes_to("Ready").await;
    for _ in 0..2 {
        assert_eq!(picked().await, "openai/openai/deepseek-text");
        browser.reload().await;
    }
    browser.assert_quiet().await;
}

/// The model that was asked is down; another one is picked, and **Try again** asks that one.
#[tokio::test(flavor = "multi_thread")]
async fn try_again_asks_the_model_that_is_picked() {
    let Some(replay) = Replay::start() else { return };
    let settings = replay.settings_of_two("anthropic/text-haiku45@status=401", "openai/text-gpt4omini-usage-only");
    let (_app, person) = App::ready(Backend::Sqlite, &settings).await;
    let browser = Browser::of(&person, Look::LIGHT).await;
    let picker = browser.the("combobox", "Model").await;
    browser.enter(&picker, "anthropic/text-haiku45@status=401").await;
    browser.say("Hello").await;
    browser.arrives("the conversation", |path| path.contains("/conversations/")).await;
    let again = browser.the("button", "Try again").await;
    let picker = browser.the("combobox", "Model").await;
    browser.enter(&picker, "openai/text-gpt4omini-usage-only").await;
    browser.click(&again).await;
    browser.sees("cache probe ready").await;
    browser.assert_quiet().await;
}
