//! Every message of every socket, said by those who have no business there.

use std::fs;

use regex::Regex;
use serde_json::{Value, json};

use super::{Caller, planted::Planted};
use crate::{
    support::{App, LiveSocket, Talk, root},
    tokens::call_as,
};

/// A tool of the victim's tenant, by the name that it has for models.
const NO_TOOL: &str = "walltenant-srv__walltenant_tool";

/// Everything that can be said on `/api/socket`.
fn said(planted: &Planted) -> Vec<Value> {
    let all = vec![
        json!({"type": "user_message", "text": "Let me in"}),
        json!({"type": "tool_approval", "tool_use_id": planted.call, "approved": true, "digest": planted.digest}),
        json!({"type": "stop"}),
    ];
    let code = fs::read_to_string(root().join("src/api/socket/said.rs")).unwrap();
    let body = code.split("pub enum Said {").nth(1).unwrap().split("\n}").next().unwrap();
    let kinds = Regex::new(r"(?m)^    (\w+)\(").unwrap().captures_iter(body).count();
    assert_eq!(all.len(), kinds, "something can be said that is not said here");
    all
}

/// What `/mcp` is asked, each by a method of the protocol.
fn methods(planted: &Planted) -> Vec<Value> {
    let asked = |method: &str, params: Value| json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params});
    vec![
        asked(
            "initialize",
            json!({"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "x", "version": "1"}}),
        ),
        asked("ping", json!({})),
        asked("tools/list", json!({})),
        asked("tools/call", json!({"name": NO_TOOL, "arguments": {}})),
        asked("resources/list", json!({})),
        asked("resources/read", json!({"uri": format!("sayso://conversations/{}", planted.conversation)})),
        asked("prompts/list", json!({})),
        asked(
            "completion/complete",
            json!({"ref": {"type": "ref/prompt", "name": "x"}, "argument": {"name": "x", "value": "wall"}}),
        ),
        asked("tasks/get", json!({"taskId": planted.call})),
        asked("tasks/result", json!({"taskId": planted.call})),
        asked("tasks/cancel", json!({"taskId": planted.call})),
    ]
}

/// Everything that one caller can say.
pub async fn talk(app: &App, planted: &Planted, caller: &Caller) {
    page(app, planted, caller).await;
    for token in &caller.tokens {
        let authorization = token.as_ref().map(|token| format!("Bearer {token}")).unwrap_or_default();
        let headers = [("authorization", authorization.as_str())];
        conversation(app, planted, caller, &headers).await;
        own_conversation(app, planted, caller, &headers).await;
        gateway(app, caller, &headers).await;
        for message in methods(planted) {
            let page =
                call_as(&caller.browser, reqwest::Method::POST, "/mcp", token.as_deref(), Some(message.clone())).await;
            // The name that was asked for may be given back.
            let told = page.html.replace(NO_TOOL, "");
            caller.is_told_nothing(&told, &format!("/mcp, asked {message}"));
            assert!(page.status < 500, "{message}: {}", page.status);
        }
    }
}

/// The socket of the victim's page: it tells only, and these are told that there is none.
async fn page(app: &App, planted: &Planted, caller: &Caller) {
    let socket = LiveSocket::open(&caller.browser, &planted.conversation, &app.base).await.expect("let in to be told");
    let code = socket.closed().await;
    let expected = if caller.who.is_somebody() { 4404 } else { 4401 };
    assert_eq!(code, expected, "{:?}", caller.who);
    caller.is_told_nothing(&socket.frames().concat(), "the page's socket");
}

/// The socket of the victim's conversation.
async fn conversation(app: &App, planted: &Planted, caller: &Caller, headers: &[(&str, &str)]) {
    let path = format!("/api/socket?conversation={}", planted.conversation);
    match Talk::with(&app.base, &path, headers).await {
        Ok(talk) => {
            let code = talk.closed().await;
            assert!([4401, 4403, 4404].contains(&code), "{:?}: {code}", caller.who);
            caller.is_told_nothing(&json!(talk.messages()).to_string(), &path);
        }
        Err(status) => assert!([401, 403, 404].contains(&status), "{:?}: {status}", caller.who),
    }
}

/// A socket of one's own, on which one speaks of what is the victim's.
async fn own_conversation(app: &App, planted: &Planted, caller: &Caller, headers: &[(&str, &str)]) {
    let Ok(mut talk) = Talk::with(&app.base, "/api/socket", headers).await else {
        return;
    };
    if !caller.who.is_somebody() {
        assert_eq!(talk.closed().await, 4401, "{:?}", caller.who);
        return;
    }
    // One that has no business with sockets is closed by itself.
    for message in said(planted).into_iter().rev() {
        talk.says_if_open(&message).await;
    }
    talk.was_read_or_closed().await;
    caller.is_told_nothing(&json!(talk.messages()).to_string(), "/api/socket");
}

async fn gateway(app: &App, caller: &Caller, headers: &[(&str, &str)]) {
    let Ok(mut talk) = Talk::with(&app.base, "/api/gateway", headers).await else {
        return;
    };
    if !caller.who.is_somebody() {
        assert_eq!(talk.closed().await, 4401, "{:?}", caller.who);
        return;
    }
    for kind in ["completion", "chat"] {
        let asked = json!({"id": kind, "type": kind, "provider": "auto", "stream": false,
            "messages": [{"role": "user", "content": "What do you know of others?"}]});
        talk.says_if_open(&asked).await;
    }
    talk.was_read_or_closed().await;
    caller.is_told_nothing(&json!(talk.messages()).to_string(), "/api/gateway");
}
