//! Bringing somebody in by keys: the invitation, its link, coming in, and losing a role again.

use crate::{
    looks::looked_at,
    opened,
    support::{Browser, Key, Look, Person, eventually},
};

/// Types into a field that is reached by keys.
async fn fills(browser: &Browser, name: &str, text: &str) {
    browser.tab_to("textbox", name).await;
    browser.types(text).await;
}

/// Goes to a fold by keys and opens it.
async fn unfolds(browser: &Browser, summary: &str) {
    let body = format!("return document.activeElement.textContent.trim() === '{summary}'");
    for _ in 0..60 {
        if browser.script(&body, vec![]).await == true {
            return browser.press(Key::Enter).await;
        }
        browser.press(Key::Tab).await;
    }
    panic!("Tab never reaches {summary}");
}

#[tokio::test(flavor = "multi_thread")]
async fn invited_in_and_demoted_by_keys() {
    let (app, _, browser) = opened(Look::LIGHT).await;
    let tenant = app.query("SELECT id FROM tenants");
    let people = format!("/admin/tenants/{tenant}/members");
    browser.goto("/admin").await;
    looked_at(&browser, "tenants").await;
    browser.goto(&people).await;
    looked_at(&browser, "people").await;
    fills(&browser, "Email", "nia@example.org").await;
    browser.tab_to("combobox", "Role").await;
    // From member up to admin.
    browser.press(Key::Up).await;
    browser.tab_to("button", "Invite").await;
    browser.press(Key::Enter).await;
    browser.arrives("the link", |path| path.ends_with("/invitations")).await;
    let shown = browser.the("textbox", "Link").await;
    let link = browser.property(&shown, "value").await.as_str().unwrap().to_owned();
    looked_at(&browser, "invitation-made").await;

    let other = Browser::open(&app.base, Look::LIGHT).await;
    other.goto(&format!("/invitations/{}", link.rsplit('/').next().unwrap())).await;
    looked_at(&other, "invitation").await;
    fills(&other, "Your name", "Nia").await;
    fills(&other, "Password", Person::FIRST.1).await;
    other.press(Key::Enter).await;
    other.arrives("the conversations", |path| path.ends_with("/conversations")).await;
    assert_eq!(app.query("SELECT role FROM memberships ORDER BY created_at DESC LIMIT 1"), "admin");

    browser.goto(&people).await;
    unfolds(&browser, "Change Nia").await;
    looked_at(&browser, "people-change").await;
    let nia = app.query("SELECT id FROM users WHERE name = 'Nia'");
    browser.press(Key::Tab).await;
    assert_eq!(browser.focused().await, ("combobox".into(), "Role".into()));
    browser.types("m").await;
    browser.tab_to("button", "Set role: Nia").await;
    browser.press(Key::Enter).await;
    eventually("the page says that it is done", async || {
        let said = browser.script("return document.body.innerText.includes('The role was set.')", vec![]).await;
        (said == true).then_some(())
    })
    .await;
    assert_eq!(app.query(&format!("SELECT role FROM memberships WHERE user_id = '{nia}'")), "member");
    other.goto("/settings").await;
    other.arrives("the login page", |path| path.ends_with("/login")).await;
    browser.assert_quiet().await;
}
