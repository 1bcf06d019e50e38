//! Finding, taking out and ending conversations.

use crate::{
    opened,
    support::{Browser, Key, Look, eventually},
};

#[tokio::test(flavor = "multi_thread")]
async fn found_and_ended_while_another_device_looks() {
    let (_app, person, browser) = opened(Look::LIGHT).await;
    browser.new_conversation("Tell me of pelicans in caf\u{e9}s").await;
    browser.comes_to("Ready").await;
    let address = browser.address().await.to_string();
    let phone = Browser::of(&person, Look::PHONE).await;
    phone.goto(&address).await;
    phone.comes_to("Ready").await;
    phone.enter(&phone.the("textbox", "Message").await, "Half a thought").await;

    browser.goto("/conversations").await;
    browser.enter(&browser.the("searchbox", "Search conversations").await, "CAFE pel").await;
    browser.press(Key::Enter).await;
    browser.arrives("what was found", |address| address.contains("/conversations")).await;
    eventually("the words are marked", async || (browser.all(".found mark").await.len() >= 2).then_some(())).await;
    browser.picture("search").await;
    browser.axe("what was found").await;
    let links = browser.all(".found a").await;
    browser.click(&links[0]).await;
    browser.comes_to("Ready").await;

    // The menu: each of its folds opened by its own press.
    browser.click(&browser.all(".menu > summary").await[0]).await;
    browser.the("link", "Markdown").await;
    browser.click(&browser.all("#end-conversation > summary").await[0]).await;
    browser.picture("conversation-menu").await;
    browser.axe("the menu").await;
    browser.click(&browser.the("button", "End conversation").await).await;
    eventually("the words in place of the box", async || {
        (browser.all("#ended p").await.len() == 1 && browser.find("textbox", "Message").await.is_none()).then_some(())
    })
    .await;
    browser.picture("ended").await;
    browser.axe("an ended conversation").await;

    // The other device is told, and keeps what was being written; nothing can be sent.
    eventually("the phone is told", async || (phone.all("#ended p").await.len() == 1).then_some(())).await;
    let field = phone.the("textbox", "Message").await;
    assert_eq!(phone.property(&field, "value").await, "Half a thought");
    assert!(phone.find("button", "Send").await.is_none());
    assert!(!phone.is_too_wide().await);
    phone.picture("ended-elsewhere").await;
    browser.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_javascript() {
    let (_app, person, _) = opened(Look::LIGHT).await;
    let browser = Browser::of(&person, Look::PLAIN).await;
    browser.new_conversation("Tell me of pelicans").await;
    browser.comes_to("Ready").await;
    browser.click(&browser.all(".menu > summary").await[0]).await;
    browser.click(&browser.all("#end-conversation > summary").await[0]).await;
    browser.click(&browser.the("button", "End conversation").await).await;
    eventually("it is ended", async || (browser.all("#ended p").await.len() == 1).then_some(())).await;
    assert!(browser.find("textbox", "Message").await.is_none());
    browser.picture("plain-ended").await;
    browser.goto("/conversations").await;
    browser.enter(&browser.the("searchbox", "Search conversations").await, "pelicans").await;
    browser.click(&browser.the("button", "Search").await).await;
    eventually("it is found", async || (!browser.all(".found mark").await.is_empty()).then_some(())).await;
    browser.picture("plain-search").await;
    browser.assert_quiet().await;
}
