//! Authorising a server of tools by keys: from the message box that misses it to the server's own page and back.

use crate::{
    looks::looked_at,
    opened_with,
    support::{Browser, Key, Look, eventually, guarded::Guarded},
};

/// Waits until the address ends so and the page is there whole.
async fn comes_to(browser: &Browser, end: &str) {
    eventually(end, async || browser.address().await.as_str().ends_with(end).then_some(())).await;
    let body = "return document.readyState === 'complete'";
    eventually("the page is whole", async || (browser.script(body, vec![]).await == true).then_some(())).await;
}

async fn follow(browser: &Browser, role: &str, name: &str, end: &str) {
    browser.tab_to(role, name).await;
    browser.press(Key::Enter).await;
    comes_to(browser, end).await;
}

async fn shows(browser: &Browser, css: &str, words: &str) {
    eventually(words, async || {
        let element = browser.all(css).await.into_iter().next()?;
        browser.text(&element).await.contains(words).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_authorises_a_server_by_keys() {
    let server = Guarded::start();
    let (app, _, browser) = opened_with(&[("FETCH_ALLOW_PRIVATE", "true")], Look::LIGHT).await;
    let tenant = app.query("SELECT id FROM tenants");
    browser.goto(&format!("/admin/tenants/{tenant}/servers")).await;
    browser.tab_to("textbox", "Name").await;
    browser.types("far").await;
    browser.tab_to("textbox", "Address").await;
    browser.types(&server.url()).await;
    browser.tab_to("checkbox", "A connection of its own for each person").await;
    browser.press(Key::Space).await;
    follow(&browser, "button", "Add server", "done=added&server=far#main").await;
    looked_at(&browser, "server-needs-authorisation").await;

    // Who wants to write is told what is missing, and comes from there to where it is given.
    browser.goto("/conversations").await;
    shows(&browser, ".unauthorised", "The tools of far are not there: it needs your authorisation.").await;
    looked_at(&browser, "conversations-needs-authorisation").await;
    follow(&browser, "link", "Authorise far", "/settings#connections").await;
    looked_at(&browser, "connections").await;
    follow(&browser, "button", "Authorise far", "/authorise").await;
    looked_at(&browser, "authorise").await;
    browser.tab_to("link", &format!("Go to 127.0.0.1:{}", server.port)).await;
    browser.press(Key::Enter).await;
    comes_to(&browser, "#connections").await;
    shows(&browser, "#connections .notice", "far was authorised.").await;
    looked_at(&browser, "connections-given").await;
    browser.goto("/conversations").await;
    assert!(browser.all(".unauthorised").await.is_empty());
    browser.assert_quiet().await;
}
