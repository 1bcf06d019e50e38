//! Real Chromium, through nginx, below a path.

use crate::{
    WISH, behind,
    support::{Browser, Look, Person},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_below_a_path() {
    let (app, front, nginx, _ada) = behind("/chat", &[]).await;
    let browser = Browser::open(&front.base(), Look::LIGHT).await;
    browser.sign_in(Person::FIRST.0, Person::FIRST.1).await;
    let path = browser.new_conversation(WISH).await;
    assert!(path.starts_with("/chat/conversations/"), "{path}");
    browser.comes_to("Waiting for your approval").await;
    browser.the("group", "Approve write_file?").await;
    // The buttons act half a second after the form appeared.
    browser.wait_in_page("const done = arguments[arguments.length - 1]; setTimeout(() => done(true), 700);").await;
    browser.click(&browser.the("button", "Approve").await).await;
    browser.comes_to("Ready").await;
    assert_eq!(app.file("notes/hello.txt").as_deref(), Some("Hello world"));
    // All of that came by one socket, not by pages that were loaded again.
    let requests = nginx.requests();
    let loads = requests.iter().filter(|request| request["path"] == path.as_str()).count();
    assert!(loads <= 1, "the page was loaded {loads} times");
    // An instance that is started again is come back to by itself.
    let mut app = app;
    tokio::task::block_in_place(|| {
        app.stop();
        app.launch();
    });
    browser.say("Hello again").await;
    browser.sees("Hello again").await;
    browser.comes_to("Ready").await;
}
