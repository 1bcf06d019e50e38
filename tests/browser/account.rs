//! One's own account by keys: another password, the data, the end.

use crate::{
    looks::looked_at,
    opened,
    support::{Browser, Key, Look, Person, eventually},
};

const NEW: &str = "a new one altogether";

async fn shows(browser: &Browser, text: &str) {
    let body = format!("return document.body.innerText.includes('{text}')");
    eventually(text, async || (browser.script(&body, vec![]).await == true).then_some(())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_password_and_the_end_by_keys() {
    let (app, _, mut browser) = opened(Look::LIGHT).await;
    browser.allow("the server responded with a status of 422");
    let tenant = app.tenant();
    app.person("bob@example.org", &tenant, "owner").await;
    browser.goto("/settings").await;
    looked_at(&browser, "settings-account").await;
    browser.tab_to("link", "Change your password").await;
    browser.press(Key::Enter).await;
    browser.arrives("the form", |path| path.ends_with("/settings/password")).await;
    browser.tab_to("textbox", "Current password").await;
    browser.types("not the password").await;
    browser.tab_to("textbox", "New password").await;
    browser.types(NEW).await;
    browser.press(Key::Enter).await;
    shows(&browser, "This is not your password.").await;
    looked_at(&browser, "password-refused").await;
    browser.tab_to("textbox", "Current password").await;
    browser.types(Person::FIRST.1).await;
    browser.tab_to("textbox", "New password").await;
    browser.types(NEW).await;
    browser.tab_to("button", "Change password").await;
    browser.press(Key::Enter).await;
    browser.arrives("the settings", |path| path.ends_with("/settings")).await;
    shows(&browser, "Your password was changed.").await;

    browser.goto("/settings/data").await;
    looked_at(&browser, "data").await;
    browser.goto("/settings").await;
    browser.tab_to("link", "Delete your account").await;
    browser.press(Key::Enter).await;
    browser.arrives("the form", |path| path.ends_with("/settings/delete")).await;
    looked_at(&browser, "account-delete").await;
    browser.tab_to("textbox", "Password").await;
    browser.types(NEW).await;
    browser.tab_to("textbox", "To confirm, write who you are").await;
    browser.types(Person::FIRST.0).await;
    browser.tab_to("button", "Delete my account").await;
    browser.press(Key::Enter).await;
    shows(&browser, "Your account is deleted").await;
    looked_at(&browser, "account-deleted").await;
    browser.goto("/settings").await;
    browser.arrives("the login page", |path| path.ends_with("/login")).await;
    browser.assert_quiet().await;
}
