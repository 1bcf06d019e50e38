//! Every page in light, dark and phone width: axe-core finds nothing, nothing sticks out, and a picture to look at.

use crate::{
    MUCH, WISH, attaching,
    support::{App, Backend, Browser, Look, Replay, Reply, eventually, pictures},
};

const LOOKS: [(&str, Look); 4] = [
    ("light", Look::LIGHT),
    ("dark", Look::DARK),
    ("phone", Look::PHONE),
    ("phone-dark", Look { dark: true, ..Look::PHONE }),
];

/// Looks at what is shown in every way.
async fn looked_at(browser: &Browser, place: &str) {
    for (name, look) in LOOKS {
        browser.look(look).await;
        browser.axe(&format!("{place}, {name}")).await;
        browser.picture(&format!("{place}-{name}")).await;
        assert!(!browser.is_too_wide().await, "{place} can be moved sideways ({name})");
    }
    browser.look(Look::LIGHT).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_not_signed_in() {
    let mut app = App::start(Backend::Sqlite).await;
    let link = app.setup_link();
    let mut browser = Browser::open(&app.base, Look::LIGHT).await;
    browser.allow("the server responded with a status of 40");
    browser.goto(&link).await;
    looked_at(&browser, "setup").await;
    app.setup().await;
    browser.goto("/login").await;
    looked_at(&browser, "login").await;
    browser.enter(&browser.the("textbox", "Email").await, "nobody@example.org").await;
    browser.click(&browser.the("button", "Sign in").await).await;
    looked_at(&browser, "login-refused").await;
    browser.goto("/no/such/page").await;
    looked_at(&browser, "not-found").await;
    browser.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_signed_in() {
    let (_app, person) = App::ready(Backend::Sqlite, &[]).await;
    let browser = Browser::of(&person, Look::LIGHT).await;
    looked_at(&browser, "conversations-none").await;
    for subject in ["The flight of pelicans over the northern sea in late autumn", "Gulls", "Terns & plovers"] {
        person.new_conversation(subject).await.settled().await;
    }
    browser.goto("/conversations").await;
    looked_at(&browser, "conversations").await;
    browser.click(&browser.the("link", "New conversation").await).await;
    looked_at(&browser, "conversation-new").await;
    browser.goto("/settings").await;
    looked_at(&browser, "settings").await;
    browser.click(&browser.the("link", "Instructions").await).await;
    looked_at(&browser, "instructions").await;
    browser.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conversation_through_its_states() {
    let (_app, person) = App::ready(Backend::Sqlite, &[]).await;
    let browser = Browser::of(&person, Look::LIGHT).await;
    browser.new_conversation(MUCH).await;
    browser.comes_to("Assistant is typing").await;
    eventually("some of the reply", async || (browser.log().await.len() > 200).then_some(())).await;
    browser.axe("conversation-running").await;
    browser.picture("conversation-running").await;
    browser.comes_to("Ready").await;
    looked_at(&browser, "conversation").await;
    browser.say(WISH).await;
    browser.comes_to("Waiting for your approval").await;
    looked_at(&browser, "approval").await;
    browser.goto("/approvals").await;
    looked_at(&browser, "approvals").await;
    browser.back().await;
    browser.comes_to("Waiting for your approval").await;
    crate::chatting::guarded(&browser).await;
    browser.click(&browser.the("button", "Deny").await).await;
    browser.comes_to("Ready").await;
    looked_at(&browser, "conversation-denied").await;
    browser.assert_quiet().await;
}

/// Everything that a request may show: long arguments, what hides, folds open and closed, the box, what is remembered,
/// and several at once.
#[tokio::test(flavor = "multi_thread")]
async fn requests_in_all_their_parts() {
    let code =
        "// Totals by month\nconst rows = [[1, 2.50], [2, 3.75]];\nconsole.log(rows.map(row => row[1]));\n".repeat(6);
    let odd =
        "Dear reader,\u{202E}\n\nsee https://example.org/a/very/long/address/that/does/not/end/anywhere/soon/at/all\n";
    let asks = Reply::text("A file and a script.")
        .and_write_file("notes/the flight of pelicans.txt", odd)
        .and_tool("run_js", serde_json::json!({"code": code}));
    let Some(replay) = Replay::playing(
        &[("asks", asks), ("end", Reply::text("Done."))],
        &[("ask", &["anthropic/asks", "anthropic/end"])],
    ) else {
        return;
    };
    let (_app, person) = App::ready(Backend::Sqlite, &replay.settings("script:ask.json")).await;
    let browser = Browser::of(&person, Look::LIGHT).await;
    let path = browser.new_conversation("A file and a script, please").await;
    browser.comes_to("Waiting for your approval").await;
    shot(&browser, "requests", ".call").await;
    shot(&browser, "requests-together", "#together").await;
    browser.script("document.querySelectorAll('#log details').forEach(fold => fold.open = true)", vec![]).await;
    let ready = "return !document.querySelector('[data-approve-all]').disabled";
    eventually("Approve all can be pressed", async || (browser.script(ready, vec![]).await == true).then_some(()))
        .await;
    shot(&browser, "requests-open", ".call").await;
    shot(&browser, "requests-remember", ".remember").await;
    shot(&browser, "requests-together-ready", "#together").await;
    browser.click(&browser.the("button", "Edit arguments").await).await;
    browser.the("textbox", "Arguments").await;
    shot(&browser, "requests-edit", ".editor").await;
    for (name, place) in [("approvals-several", "/approvals"), ("approvals-together", &format!("{path}/decisions"))] {
        browser.goto(place).await;
        looked_at(&browser, name).await;
    }
    browser.goto("/approvals").await;
    browser.click(&browser.the("button", "Edit arguments").await).await;
    browser.arrives("the editor", |path| path.ends_with("/edit")).await;
    looked_at(&browser, "approvals-edit").await;
    browser.assert_quiet().await;
}

/// Looks at a place of a page that is longer than the window.
async fn shot(browser: &Browser, name: &str, css: &str) {
    for (way, look) in LOOKS {
        browser.look(look).await;
        let body = "document.querySelector(arguments[0])?.scrollIntoView({block: 'start'})";
        browser.script(body, vec![serde_json::json!(css)]).await;
        browser.axe(&format!("{name}, {way}")).await;
        browser.picture(&format!("{name}-{way}")).await;
        assert!(!browser.is_too_wide().await, "{name} can be moved sideways ({way})");
    }
    browser.look(Look::LIGHT).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn images_in_the_box_and_in_the_log() {
    let (_app, person) = App::ready(Backend::Sqlite, &[]).await;
    let browser = Browser::of(&person, Look::LIGHT).await;
    let disk = tempfile::TempDir::new().unwrap();
    let file = |name: &str, width, height| {
        let path = disk.path().join(name);
        std::fs::write(&path, pictures::picture(width, height, image::ImageFormat::Jpeg)).unwrap();
        path
    };
    let files = [file("The flight of pelicans over the northern sea.jpg", 1200, 800), file("gull.jpg", 300, 700)];
    browser.new_conversation("Hello").await;
    browser.comes_to("Ready").await;
    // As it is where there are models to choose from.
    let body = "document.getElementById('only-model').outerHTML = '<div class=picker><select id=model aria-label=Model>' +
        '<option data-images=no data-model=gpt-4>Automatic</option><option>claude-sonnet-4-5-20250929</option></select></div>';
        document.getElementById('composer').dispatchEvent(new Event('change'))";
    browser.script(body, vec![]).await;
    attaching::choose(&browser, &files).await;
    looked_at(&browser, "composer-images").await;
    browser.script("document.getElementById('model').selectedIndex = 1", vec![]).await;
    browser.say("What are these?").await;
    let body = "return [...document.querySelectorAll('#log img')].filter(i => i.complete && i.naturalWidth).length";
    eventually("both are shown", async || (browser.script(body, vec![]).await == 2).then_some(())).await;
    browser.comes_to("Ready").await;
    // The list left the box and made the page lower; the view went along with what came after it all the same.
    let at_end = "const p = document.scrollingElement; return p.scrollHeight - p.scrollTop - p.clientHeight < 3";
    eventually("the end is in view", async || (browser.script(at_end, vec![]).await == true).then_some(())).await;
    looked_at(&browser, "conversation-images").await;
    for (name, look) in LOOKS {
        browser.look(look).await;
        browser.script("document.querySelector('#log .image').scrollIntoView({block: 'center'})", vec![]).await;
        browser.picture(&format!("conversation-images-seen-{name}")).await;
    }
    browser.assert_quiet().await;
}

/// The line before which the model sees nothing comes by itself, and stands there after a reload.
#[tokio::test(flavor = "multi_thread")]
async fn the_line_of_the_window() {
    let (_app, person) = App::ready(Backend::Sqlite, &[("CONTEXT_MESSAGE_COUNT", "3")]).await;
    let browser = Browser::of(&person, Look::LIGHT).await;
    browser.new_conversation("What flies over the sea?").await;
    browser.comes_to("Ready").await;
    for question in ["And what swims in it?", "And what walks beside it?"] {
        browser.say(question).await;
        browser.sees(question).await;
        browser.comes_to("Ready").await;
    }
    let line = "The model sees the conversation from here on.";
    eventually("the line", async || browser.log().await.contains(line).then_some(())).await;
    let live = browser.log().await;
    for (name, look) in LOOKS {
        browser.look(look).await;
        browser.script("document.getElementById('window').scrollIntoView({block: 'center'})", vec![]).await;
        browser.axe(&format!("window, {name}")).await;
        browser.picture(&format!("window-{name}")).await;
        assert!(!browser.is_too_wide().await, "the line can be moved sideways ({name})");
    }
    browser.look(Look::LIGHT).await;
    browser.reload().await;
    browser.comes_to("Ready").await;
    assert_eq!(browser.log().await, live, "a page load shows it elsewhere");
    assert_eq!(live.matches(line).count(), 1, "{live}");
    browser.assert_quiet().await;
}
