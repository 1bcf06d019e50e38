//! Every address of `/api` and `/v1` against every way to come to it: what is not let in is told nothing and changes
//! nothing. The addresses are read from the code that mounts them: one that is not in the table fails the test.

use std::{collections::BTreeSet, fs, path::Path};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use futures_util::StreamExt as _;
use reqwest::Method;
use serde_json::{Value, json};
use tokio_tungstenite::{
    connect_async,
    tungstenite::{Error, Message, client::IntoClientRequest as _},
};

use crate::{
    WISH, both,
    support::{App, Page, Script, root},
    token_page::made,
    tokens::{SECRET, call_as, forged},
};

/// Who is let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Needs {
    /// Anybody: it is where one signs in, or says what is no secret.
    Nothing,
    /// Whoever is somebody.
    Somebody,
    /// A person who signed in, whatever a token may.
    SignIn,
    /// A token with one of these scopes, or a person who signed in.
    Scope(&'static [&'static str]),
    /// The same for a socket.
    Socket(&'static [&'static str]),
    /// A token or a sign-in; a browser's session counts for nothing.
    TokenOf(&'static [&'static str]),
}

const CHAT: Needs = Needs::Scope(&["chat"]);

/// Every address.
const TABLE: &[(&str, &str, Needs)] = &[
    ("POST", "/api/auth/login", Needs::Nothing),
    ("POST", "/api/auth/refresh", Needs::Nothing),
    ("POST", "/api/auth/logout", Needs::SignIn),
    ("GET", "/api/auth/me", Needs::Somebody),
    ("GET", "/api/meta", Needs::Nothing),
    ("GET", "/api/openapi.json", Needs::Nothing),
    ("POST", "/api/chat", CHAT),
    ("POST", "/api/chat/{id}", CHAT),
    ("GET", "/api/chat/{id}/events", CHAT),
    ("POST", "/api/chat/{id}/stop", CHAT),
    ("GET", "/api/chat/sessions/{user}", CHAT),
    ("GET", "/api/chat/session/{id}", CHAT),
    ("DELETE", "/api/chat/session/{id}", CHAT),
    ("GET", "/api/chat/session/{user}/messages", CHAT),
    ("GET", "/api/chat/session/{id}/messages/by-id", CHAT),
    ("POST", "/api/chat/session/{id}/end", CHAT),
    ("GET", "/api/session", CHAT),
    ("GET", "/api/conversations", CHAT),
    ("GET", "/api/conversations/{id}", CHAT),
    ("PATCH", "/api/conversations/{id}", CHAT),
    ("DELETE", "/api/conversations/{id}", CHAT),
    ("GET", "/api/conversations/{id}/messages", CHAT),
    ("POST", "/api/conversations/{id}/end", CHAT),
    ("GET", "/api/conversations/{id}/export", CHAT),
    ("GET", "/api/approvals", CHAT),
    ("POST", "/api/tool-calls/{id}/decision", Needs::Scope(&["decide"])),
    ("GET", "/api/usage", CHAT),
    ("GET", "/api/admin/tenants/{id}/usage", Needs::Scope(&["admin-read"])),
    ("PUT", "/api/admin/tenants/{id}/limits", Needs::SignIn),
    ("GET", "/api/tools", Needs::Scope(&["tools", "decide"])),
    ("GET", "/api/mcp/tools", Needs::Scope(&["tools", "decide"])),
    ("POST", "/api/mcp/tools/call", Needs::Scope(&["tools", "decide"])),
    ("GET", "/api/socket", Needs::Socket(&["chat"])),
    ("GET", "/api/gateway", Needs::Socket(&["chat"])),
    ("POST", "/v1/chat/completions", Needs::TokenOf(&["chat"])),
    ("GET", "/v1/models", Needs::TokenOf(&["chat"])),
    ("GET", "/v1/models/{id:.+}", Needs::TokenOf(&["chat"])),
    ("POST", "/mcp", Needs::TokenOf(&["tools"])),
    ("GET", "/mcp", Needs::TokenOf(&["tools"])),
    ("DELETE", "/mcp", Needs::TokenOf(&["tools"])),
];

const SCOPES: [&str; 4] = ["chat", "tools", "decide", "admin-read"];

/// Methods and patterns as `src/api` mounts them: `verbs("…")` followed by its routes.
pub fn mounted() -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    let mut folders = vec![root().join("src/api")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                read_mounted(&path, &fs::read_to_string(&path).unwrap(), &mut found);
            }
        }
    }
    found
}

fn read_mounted(path: &Path, code: &str, found: &mut BTreeSet<(String, String)>) {
    // However its lines are broken.
    let code: String = code.split_whitespace().collect();
    let is_head = path.ends_with("src/api/mod.rs");
    for other in ["web::resource(", "web::scope(", "web::to(", ".route(\""] {
        assert!(is_head || !code.contains(other), "{}: `{other}` mounts what nobody finds here", path.display());
    }
    for helper in ["verbs(\"", "at(\""] {
        let pieces: Vec<&str> = code.split(&format!("({helper}")).collect();
        for piece in pieces.iter().skip(1) {
            let (pattern, rest) = piece.split_once('"').unwrap();
            let own = rest.split(".service(").next().unwrap();
            let mut methods: BTreeSet<_> = ["get", "post", "put", "patch", "delete"]
                .iter()
                .filter(|method| own.contains(&format!(".route(web::{method}()")))
                .map(|method| method.to_uppercase())
                .collect();
            if own.contains(".route(read()") || helper == "at(\"" {
                methods.insert("GET".to_owned());
            }
            let routes = own.matches(".route(").count();
            assert!(
                !methods.is_empty() && (routes == methods.len() || helper == "at(\""),
                "{}: {pattern}",
                path.display()
            );
            found.extend(methods.into_iter().map(|method| (method, pattern.to_owned())));
        }
    }
}

/// The addresses of `/api` and `/v1` with their row.
fn rows() -> Vec<(Method, String, Needs)> {
    let is_ours = |pattern: &str| ["/api/", "/v1/", "/mcp"].iter().any(|root| pattern.starts_with(root));
    let others = ["/health", "/healthz", "/readyz", "/metrics", "/stats"];
    let mounted = mounted();
    assert!(mounted.len() > 30, "the code is read wrongly: {mounted:?}");
    let row = |(method, pattern): (String, String)| {
        if !is_ours(&pattern) {
            assert!(others.contains(&pattern.as_str()), "{pattern} is at home nowhere");
            return None;
        }
        let found = TABLE.iter().find(|(of, at, _)| (*of, *at) == (method.as_str(), pattern.as_str()));
        let (_, _, needs) = found.unwrap_or_else(|| panic!("{method} {pattern} is not in the table"));
        Some((method.parse().unwrap(), pattern, *needs))
    };
    mounted.into_iter().filter_map(row).collect()
}

/// What there is to be seen and changed.
struct Scene {
    conversation: String,
    call: Value,
    user: String,
    tenant: String,
}

impl Scene {
    /// A pattern with these ids, or with ids of nothing.
    fn address(&self, method: &Method, pattern: &str, is_real: bool) -> String {
        let nothing = "0198c0de-0000-7000-8000-000000000000";
        let id = match pattern {
            _ if !is_real => nothing,
            _ if pattern.contains("/tenants/") => &self.tenant,
            _ if pattern.contains("/tool-calls/") => self.call["id"].as_str().unwrap(),
            _ if *method == Method::GET && pattern == "/api/chat/session/{id}" => &self.user,
            _ => &self.conversation,
        };
        let user = if is_real { &self.user } else { nothing };
        pattern.replace("{id}", id).replace("{user}", user).replace("{id:.+}", "demo")
    }

    /// A body that would do something.
    fn body(&self, method: &Method, pattern: &str) -> Option<Value> {
        if matches!(*method, Method::GET | Method::DELETE) {
            return None;
        }
        Some(match pattern {
            "/api/chat" | "/api/chat/{id}" => json!({"message": "Let me in"}),
            "/api/conversations/{id}" => json!({"title": "Taken over"}),
            "/api/tool-calls/{id}/decision" => json!({"decision": "approve", "digest": self.call["digest"]}),
            "/api/admin/tenants/{id}/limits" => json!({"monthly_requests": 1}),
            "/api/mcp/tools/call" => json!({"name": "write_file", "args": {"path": "in.txt", "content": "in"}}),
            "/v1/chat/completions" => json!({"model": "demo", "messages": [{"role": "user", "content": "Let me in"}]}),
            _ => json!({}),
        })
    }
}

/// Everything that somebody who is not let in might have changed.
fn state(app: &App) -> String {
    [
        "SELECT id, title, ended_at FROM conversations ORDER BY id",
        "SELECT id, state FROM turns ORDER BY id",
        "SELECT id, state, decision FROM tool_calls ORDER BY id",
        "SELECT id, role FROM messages ORDER BY id",
        "SELECT count(*) FROM model_calls",
        "SELECT tenant_id, monthly_requests, is_active FROM usage_limits ORDER BY tenant_id, subject_id",
    ]
    .map(|query| app.query(query))
    .join("\n")
}

/// An answer that tells nothing but that, and why.
#[track_caller]
fn is_refused(page: &Page, status: u16, what: &str) {
    assert_eq!(page.status, status, "{what}: {}", page.html);
    let body: Value = serde_json::from_str(&page.html).unwrap_or_else(|fault| panic!("{what}: {fault}: {}", page.html));
    let is_error = |key: &String| key == "error" || key == "request_id";
    assert!(body["error"].is_object() && body.as_object().unwrap().keys().all(is_error), "{what}: {body}");
    for secret in ["hello.txt", "Hello world", "ada@example.org", "Test Works"] {
        assert!(!page.html.contains(secret), "{what}: “{secret}” is told: {body}");
    }
}

/// What a socket says before it is closed, and how it is: by a status, or by a code.
async fn socket(app: &App, path: &str, token: Option<&str>) -> (Vec<String>, u16) {
    let mut request = format!("{}{path}", app.base.replacen("http", "ws", 1)).into_client_request().unwrap();
    if let Some(token) = token {
        request.headers_mut().insert("authorization", format!("Bearer {token}").parse().unwrap());
    }
    let mut socket = match connect_async(request).await {
        Ok((socket, _)) => socket,
        Err(Error::Http(answer)) => return (Vec::new(), answer.status().as_u16()),
        Err(fault) => panic!("{path}: {fault}"),
    };
    let mut heard = Vec::new();
    while let Some(Ok(message)) =
        tokio::time::timeout(crate::support::PATIENCE, socket.next()).await.expect("it closes")
    {
        match message {
            Message::Text(text) => heard.push(text.to_string()),
            Message::Close(frame) => return (heard, frame.map_or(1005, |frame| frame.code.into())),
            _ => {}
        }
    }
    (heard, 1006)
}

/// Everybody with a token, or without: none of them is let in.
async fn nobody_gets_in(app: &App, scene: &Scene, what: &str, token: Option<&str>, status: u16) {
    let (before, visitor) = (state(app), app.visitor());
    for (method, pattern, needs) in rows() {
        let what = format!("{what}: {method} {pattern}");
        let path = scene.address(&method, &pattern, true);
        match needs {
            Needs::Nothing => {}
            Needs::Socket(_) => {
                let (heard, how) = socket(app, &path, token).await;
                assert!(heard.is_empty() && [401, 403, 4401, 4403].contains(&how), "{what}: {how} {heard:?}");
            }
            _ => {
                let page = call_as(&visitor, method.clone(), &path, token, scene.body(&method, &pattern)).await;
                is_refused(&page, status, &what);
            }
        }
    }
    assert_eq!(state(app), before, "{what} changed something");
}

/// Whether a token with that scope is let in.
fn opens(needs: Needs, scope: &str) -> bool {
    match needs {
        Needs::Nothing | Needs::Somebody => true,
        Needs::SignIn => false,
        Needs::Scope(scopes) | Needs::Socket(scopes) | Needs::TokenOf(scopes) => scopes.contains(&scope),
    }
}

/// What is let in: the answer is its address's own, and no fault of ours.
#[track_caller]
fn is_let_in(page: &Page, what: &str) {
    assert!(![401, 403].contains(&page.status) && page.status < 500, "{what}: {} {}", page.status, page.html);
}

/// An access token as it will be in two hours.
fn expired(token: &str) -> String {
    let part = token.split('.').nth(1).unwrap();
    let mut claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap();
    claims["exp"] = json!(chrono::Utc::now().timestamp() - 1);
    forged(&json!({"alg": "HS256", "typ": "JWT"}), &claims, SECRET)
}

both! {
    async fn every_address_lets_in_whom_it_should(backend) {
        let (app, person) = App::ready(backend, &[("JWT_SECRET", SECRET)]).await;
        let chat = person.new_conversation(WISH).await;
        chat.approvals(1).await;
        let script = Script::first(&app.base).await;
        let me = script.get("/api/auth/me").await.expect(200).json();
        let call = script.get("/api/approvals").await.expect(200).json()["items"][0].clone();
        let id = |who: &str| me[who]["id"].as_str().unwrap().to_owned();
        let scene = Scene { conversation: chat.id.clone(), call, user: id("user"), tenant: id("tenant") };

        // Nobody.
        let revoked = made(&person, "Revoked", &["chat", "decide", "admin-read"], "30").await;
        app.query("UPDATE api_tokens SET revoked_at = created_at");
        let over = made(&person, "Over", &["chat", "decide", "admin-read"], "30").await;
        app.query("UPDATE api_tokens SET expires_at = '2020-01-01T00:00:00.000000Z' WHERE revoked_at IS NULL");
        let out = Script::first(&app.base).await;
        out.post("/api/auth/logout", &json!({}), &[]).await.expect(204);
        for (what, token) in [
            ("nobody", None),
            ("garbage", Some("nonsense")),
            ("a token that nobody made", Some("sayso_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")),
            ("an expired sign-in", Some(expired(&script.token).as_str())),
            ("who signed out", Some(&out.token)),
            ("a revoked token", Some(&revoked)),
            ("a token that is over", Some(&over)),
        ] {
            nobody_gets_in(&app, &scene, what, token, 401).await;
        }

        // Each scope by itself; what it does not open, it does not touch.
        let visitor = app.visitor();
        for scope in SCOPES {
            let token = made(&person, scope, &[scope], "30").await;
            let before = state(&app);
            for (method, pattern, needs) in rows() {
                let what = format!("{scope}: {method} {pattern}");
                if opens(needs, scope) {
                    continue;
                }
                let path = scene.address(&method, &pattern, true);
                if let Needs::Socket(_) = needs {
                    let (heard, how) = socket(&app, &path, Some(&token)).await;
                    assert!(heard.is_empty() && [403, 4403].contains(&how), "{what}: {how} {heard:?}");
                } else {
                    let body = scene.body(&method, &pattern);
                    is_refused(&call_as(&visitor, method, &path, Some(&token), body).await, 403, &what);
                }
            }
            assert_eq!(state(&app), before, "{scope} changed something");
            for (method, pattern, needs) in rows().into_iter().filter(|(.., needs)| opens(*needs, scope)) {
                if let Needs::Socket(_) | Needs::Nothing = needs {
                    continue;
                }
                // Where it would change what the others need, of things that are not there.
                let path = scene.address(&method, &pattern, method == Method::GET && !pattern.ends_with("/events"));
                let body = scene.body(&method, &pattern).map(|_| json!({}));
                let what = format!("{scope}: {method} {pattern}");
                is_let_in(&call_as(&visitor, method, &path, Some(&token), body).await, &what);
            }
        }

        // A browser's cookie reads; without the token of its forms it changes nothing.
        let before = state(&app);
        for (method, pattern, needs) in rows() {
            let what = format!("a cookie: {method} {pattern}");
            let (real, body) = (scene.address(&method, &pattern, true), scene.body(&method, &pattern));
            match needs {
                Needs::Nothing | Needs::Socket(_) => {}
                Needs::TokenOf(_) => is_refused(&call_as(&person, method, &real, None, body).await, 401, &what),
                _ if method != Method::GET => is_refused(&call_as(&person, method, &real, None, body).await, 403, &what),
                _ if pattern.ends_with("/events") => {}
                _ => is_let_in(&call_as(&person, method, &real, None, body).await, &what),
            }
        }
        assert_eq!(state(&app), before, "a cookie alone changed something");

        // Whom the doors are closed to afterwards.
        let token = made(&person, "Chat", &["chat", "decide", "admin-read"], "30").await;
        let fresh = Script::first(&app.base).await;
        for (column, status) in [("users SET is_active", 401), ("memberships SET is_active", 401), ("tenants SET is_active", 403)] {
            app.query(&format!("UPDATE {column} = false"));
            for given in [&token, &fresh.token] {
                nobody_gets_in(&app, &scene, column, Some(given), status).await;
            }
            app.query(&format!("UPDATE {column} = true"));
        }
        // They were closed by that, and by nothing else.
        for given in [&token, &fresh.token] {
            is_let_in(&call_as(&app.visitor(), Method::GET, "/api/conversations", Some(given), None).await, "as before");
        }
    }
}

/// The table is of use only if what is mounted is found.
#[test]
fn every_form_of_mounting_is_found() {
    let mut found = BTreeSet::new();
    let code = r#"config.service(verbs("/api/a").route(read().to(x)).route(web::put().to(y)))
        .service(
            verbs("/api/a/{id}").route(web::delete().to(z)),
        ).service(at("/b").to(w));"#;
    read_mounted(Path::new("src/api/a.rs"), code, &mut found);
    let expected = [("DELETE", "/api/a/{id}"), ("GET", "/api/a"), ("GET", "/b"), ("PUT", "/api/a")];
    assert_eq!(found, expected.map(|(method, pattern)| (method.to_owned(), pattern.to_owned())).into());
    assert!(rows().len() >= 25);
}
