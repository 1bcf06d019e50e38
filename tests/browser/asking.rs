//! Answering a server that asks something while a call runs, by keys.

use serde_json::json;

use crate::{
    chatting::guarded,
    looks::looked_at,
    support::{App, Backend, Browser, Key, Look, Replay, Reply, servers::Configured},
};

const GROUP: &str = "it asks you something";

/// A browser in which a server asks for these values, once its call was approved.
async fn asked(asks_for: serde_json::Value) -> Option<(App, Browser, Configured, Replay)> {
    let servers = Configured::new().process("it", "plain", &[]);
    let arguments = json!({"asks": asks_for}).to_string();
    let replies = [("ask", Reply::default().and_raw_tool("it__ask", &arguments)), ("done", Reply::text("So it is."))];
    let replay = Replay::playing(&replies, &[("it", &["anthropic/ask", "anthropic/done"])])?;
    let file = servers.file();
    let mut settings = replay.settings("script:it.json");
    settings.push(("MCP_CONFIG", file.as_str()));
    let (app, person) = App::ready(Backend::Sqlite, &settings).await;
    let mut browser = Browser::of(&person, Look::LIGHT).await;
    browser.allow("the server responded with a status of 422");
    browser.new_conversation("Ask me").await;
    browser.comes_to("Waiting for your approval").await;
    browser.press(Key::F8).await;
    browser.tab_to("button", "Approve").await;
    guarded(&browser).await;
    browser.press(Key::Enter).await;
    browser.comes_to("Waiting for your answer to it").await;
    Some((app, browser, servers, replay))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_is_answered_by_keys_alone() {
    let schema = json!({"type": "object", "required": ["name", "mail"], "properties": {
        "name": {"type": "string", "title": "Your name", "description": "As it shall stand in the book."},
        "mail": {"type": "string", "format": "email", "title": "Your mail"},
        "size": {"type": "string", "title": "Size", "oneOf": [{"const": "s", "title": "Small"}, {"const": "l", "title": "Large"}]},
        "news": {"type": "array", "title": "News", "items": {"anyOf": [{"const": "d", "title": "Daily"}, {"const": "w", "title": "Weekly"}]}},
    }});
    let asks_for = json!({"message": "Who are you? I write it into the book.", "requestedSchema": schema});
    let Some((app, browser, servers, _replay)) = asked(asks_for).await else { return };
    browser.press(Key::F8).await;
    browser.focus_comes_to("group", GROUP).await;
    looked_at(&browser, "question").await;
    browser.tab_to("textbox", "Your name (needed)").await;
    browser.types("Ada").await;
    browser.tab_to("textbox", "Your mail (needed)").await;
    browser.types("nowhere").await;
    browser.tab_to("button", "Send to it").await;
    guarded(&browser).await;
    browser.press(Key::Enter).await;
    browser.sees("This is no email address.").await;
    browser.focus_comes_to("textbox", "Your mail (needed)").await;
    looked_at(&browser, "question-refused").await;
    browser.types("nowhere@example.org").await;
    browser.tab_to("checkbox", "Weekly").await;
    browser.press(Key::Space).await;
    browser.tab_to("button", "Send to it").await;
    guarded(&browser).await;
    browser.press(Key::Enter).await;
    browser.comes_to("Ready").await;
    browser.focus_comes_to("textbox", "Message").await;
    browser.sees("You answered it:").await;
    let result = app.query("SELECT result FROM tool_calls");
    assert!(result.contains("nowhere@example.org") && result.contains("Ada") && result.contains("\"w\""), "{result}");
    assert!(servers.received("it").iter().any(|line| line.contains("nowhere@example.org")));
    browser.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_is_looked_at_and_declined() {
    let asks_for =
        json!({"mode": "url", "message": "Sign in there", "url": "https://pay.example/in?x=1", "elicitationId": "e1"});
    let Some((app, browser, _servers, _replay)) = asked(asks_for).await else { return };
    browser.press(Key::F8).await;
    browser.focus_comes_to("group", GROUP).await;
    looked_at(&browser, "question-address").await;
    browser.tab_to("button", "Decline").await;
    guarded(&browser).await;
    browser.press(Key::Enter).await;
    browser.comes_to("Ready").await;
    assert!(app.query("SELECT result FROM tool_calls").contains("decline"));
    browser.assert_quiet().await;
}
