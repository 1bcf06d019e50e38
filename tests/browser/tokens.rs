//! Making a token for a script, by keys, and taking it back.

use crate::{
    support::{Key, Look, eventually},
    *,
};

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_made_and_taken_back_by_keys() {
    let (app, _person, mut browser) = opened(Look::LIGHT).await;
    // What the browser says of every answer that refuses.
    browser.allow("422");
    browser.goto("/settings").await;
    browser.tab_to("textbox", "Name of the token").await;
    browser.types("Nightly report").await;
    // Both at once are refused in words, and what was typed stays.
    for scope in ["Tools", "Decide"] {
        browser.tab_to("checkbox", scope).await;
        browser.types(" ").await;
    }
    browser.axe("the settings").await;
    browser.tab_to("button", "Make a token").await;
    browser.press(Key::Enter).await;
    eventually("why not", async || {
        let alerts = browser.all("[role=alert]").await;
        let words = browser.text(alerts.first()?).await;
        words.contains("choose Tools or Decide, not both").then_some(())
    })
    .await;
    browser.axe("the settings, refused").await;
    for (name, look) in [("light", Look::LIGHT), ("phone", Look::PHONE)] {
        browser.look(look).await;
        browser.script("document.getElementById('tokens').scrollIntoView()", vec![]).await;
        browser.picture(&format!("tokens-refused-{name}")).await;
        assert!(!browser.is_too_wide().await, "the settings can be moved sideways ({name})");
    }
    browser.look(Look::LIGHT).await;
    browser.tab_to("checkbox", "Tools").await;
    browser.types(" ").await;
    browser.tab_to("button", "Make a token").await;
    browser.press(Key::Enter).await;
    let shown = browser.the("textbox", "Token").await;
    let token = browser.property(&shown, "value").await.as_str().unwrap().to_owned();
    assert!(token.starts_with("sayso_"), "{token}");
    assert_eq!(app.query("SELECT scopes FROM api_tokens"), "decide");
    browser.axe("the new token").await;
    browser.picture("token-made").await;
    browser.tab_to("link", "Done").await;
    browser.press(Key::Enter).await;
    browser.arrives("the settings", |path| path.ends_with("/settings")).await;
    browser.tab_to("button", "Revoke Nightly report").await;
    browser.press(Key::Enter).await;
    eventually("it is gone", async || browser.find("button", "Revoke Nightly report").await.is_none().then_some(()))
        .await;
    browser.assert_quiet().await;
}
