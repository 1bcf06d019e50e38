//! Conversations, usage and what a server is, for scripts.

use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    both,
    support::{App, Page, Person, eventually},
};

const WISH: &str = "Create a file `notes/hello.txt` with content: Hello world";

/// A program that has signed in as a person.
pub struct Program {
    /// Without a cookie.
    nobody: Person,
    bearer: String,
}

impl Program {
    pub async fn sign_in(app: &App, email: &str) -> Self {
        let nobody = app.visitor();
        let body = json!({"email": email, "password": Person::FIRST.1}).to_string();
        let page =
            nobody.request(Method::POST, "/api/auth/login", Some(body), &[("content-type", "application/json")]).await;
        page.expect(200);
        let value: Value = serde_json::from_str(&page.html).unwrap();
        Self { nobody, bearer: format!("Bearer {}", value["access_token"].as_str().unwrap()) }
    }

    pub async fn send(&self, method: Method, address: &str, body: Option<Value>) -> Page {
        let headers = [("authorization", self.bearer.as_str()), ("content-type", "application/json")];
        let body = body.map(|body| body.to_string());
        self.nobody.request(method, address, body, &headers).await
    }

    async fn get(&self, address: &str) -> Value {
        let page = self.send(Method::GET, address, None).await;
        value(&page, 200)
    }

    /// Status and code of what is refused.
    async fn refused(&self, method: Method, address: &str, body: Option<Value>) -> (u16, String) {
        let page = self.send(method, address, body).await;
        let status = page.status;
        (status, value(&page, status)["error"]["code"].as_str().unwrap_or_default().to_owned())
    }
}

#[track_caller]
fn value(page: &Page, status: u16) -> Value {
    page.expect(status);
    assert_eq!(page.header("content-type"), Some("application/json"), "{}", page.url);
    serde_json::from_str(&page.html).unwrap_or_else(|fault| panic!("{fault}: {}", page.html))
}

fn texts<'a>(page: &'a Value, field: &str) -> Vec<&'a str> {
    page["items"].as_array().unwrap().iter().map(|item| item[field].as_str().unwrap()).collect()
}

both! {
    async fn conversations_are_listed_changed_ended_and_deleted(backend) {
        let (app, person) = App::ready(backend, &[]).await;
        let program = Program::sign_in(&app, Person::FIRST.0).await;
        assert_eq!(program.get("/api/conversations").await, json!({"items": [], "next_cursor": null}));
        let mut ids = Vec::new();
        for name in ["Apples", "Pears", "Plums"] {
            let chat = person.new_conversation(name).await;
            chat.settled().await;
            ids.insert(0, chat.id);
        }
        let first = program.get("/api/conversations?limit=2").await;
        assert_eq!(texts(&first, "id"), ids[..2]);
        let cursor = first["next_cursor"].as_str().expect("there is more");
        let second = program.get(&format!("/api/conversations?limit=2&cursor={cursor}")).await;
        assert_eq!((texts(&second, "id"), &second["next_cursor"]), (vec![ids[2].as_str()], &Value::Null));
        let keys: Vec<&String> = first["items"][0].as_object().unwrap().keys().collect();
        assert_eq!(keys, ["id", "title", "provider", "model", "created_at", "updated_at", "turn"]);
        assert_eq!(first["items"][0]["turn"]["state"], json!("completed"));
        for wrong in ["limit=0", "limit=101", "limit=x", "cursor=x", "cursor=", "cursor=1.x", "limit=1&limit=2"] {
            let refused = program.refused(Method::GET, &format!("/api/conversations?{wrong}"), None).await;
            assert_eq!(refused, (422, "invalid_payload".into()), "{wrong}");
        }

        let found = program.get("/api/conversations?q=APP").await;
        assert_eq!(texts(&found, "id"), [ids[2].as_str()]);
        let pieces = found["items"][0]["excerpt"]["pieces"].as_array().unwrap();
        assert!(pieces.iter().any(|piece| piece["is_match"] == json!(true)), "{found}");
        assert_eq!(program.get("/api/conversations?q=%25%00%22").await["items"], json!([]));

        let at = format!("/api/conversations/{}", ids[0]);
        let changed = program.send(Method::PATCH, &at, Some(json!({"title": " A  new name ", "provider": "demo"}))).await;
        let changed = value(&changed, 200);
        assert_eq!((&changed["title"], &changed["provider"], &changed["model"]), (&json!("A new name"), &json!("demo"), &Value::Null));
        assert_eq!(program.get(&at).await, changed);
        for wrong in [json!({"title": ""}), json!({"provider": "nobody"}), json!({"titel": "x"}), json!([]), json!({"title": "x", "model": 1})] {
            let refused = program.refused(Method::PATCH, &at, Some(wrong.clone())).await;
            assert_eq!(refused, (422, "invalid_payload".into()), "{wrong}");
        }
        assert_eq!(program.get(&at).await, changed, "something of it was changed");
        let free = value(&program.send(Method::PATCH, &at, Some(json!({"provider": null}))).await, 200);
        assert_eq!((&free["provider"], &free["title"]), (&Value::Null, &json!("A new name")));

        let ended = value(&program.send(Method::POST, &format!("{at}/end"), Some(json!({}))).await, 200);
        assert!(ended["ended_at"].is_string(), "{ended}");
        assert_eq!(program.refused(Method::PATCH, &at, Some(json!({"provider": "demo"}))).await, (409, "conflict".into()));
        value(&program.send(Method::PATCH, &at, Some(json!({"title": "Over"}))).await, 200);
        program.send(Method::DELETE, &at, None).await.expect(204);
        assert_eq!(program.refused(Method::GET, &at, None).await, (404, "not_found".into()));
        assert_eq!(program.get("/api/conversations").await["items"].as_array().map(Vec::len), Some(2));
    }

    async fn messages_come_in_pages(backend) {
        let (app, person) = App::ready(backend, &[]).await;
        let program = Program::sign_in(&app, Person::FIRST.0).await;
        let chat = person.new_conversation(WISH).await;
        chat.approve().await.expect(200);
        chat.settled().await;
        chat.say("And now?").await;
        let at = format!("/api/conversations/{}/messages", chat.id);
        let all = program.get(&at).await;
        assert_eq!(all["next_cursor"], Value::Null);
        assert_eq!(texts(&all, "role"), ["user", "assistant", "tool", "assistant", "user", "assistant"]);
        assert_eq!(all["items"][2]["content"][0]["is_error"], json!(false));
        let mut seen: Vec<Value> = Vec::new();
        let mut before = String::new();
        loop {
            let page = program.get(&format!("{at}?limit=4{before}")).await;
            let mut items = page["items"].as_array().unwrap().clone();
            items.extend(seen);
            seen = items;
            match page["next_cursor"].as_str() {
                Some(next) => before = format!("&before={next}"),
                None => break,
            }
        }
        assert_eq!(json!(seen), all["items"]);
        for wrong in ["limit=0", "limit=101", "before=x", "before=0", "before=-1"] {
            assert_eq!(program.refused(Method::GET, &format!("{at}?{wrong}"), None).await.0, 422, "{wrong}");
        }
        let file = program.send(Method::GET, &format!("/api/conversations/{}/export?format=json", chat.id), None).await;
        assert_eq!(value(&file, 200)["messages"], all["items"]);
        program.send(Method::GET, &format!("/api/conversations/{}/export?format=md", chat.id), None).await.expect(200);

        // By the addresses of earlier systems, for one's own id.
        let user = app.query("SELECT id FROM users");
        assert_eq!(program.get(&format!("/api/chat/session/{}/messages/by-id", chat.id)).await, all);
        assert_eq!(program.get(&format!("/api/chat/session/{user}/messages")).await, all);
        let latest = program.get(&format!("/api/chat/session/{user}")).await;
        assert_eq!((&latest["conversation"]["id"], &latest["messages"]), (&json!(chat.id), &all["items"]));
        let sessions = program.get(&format!("/api/chat/sessions/{user}")).await;
        assert_eq!(texts(&sessions, "id"), [chat.id.as_str()]);
        let other = app.stranger().await;
        let eve = Program::sign_in(&app, "eve@example.org").await;
        for address in [format!("/api/chat/sessions/{user}"), format!("/api/chat/session/{user}"), format!("/api/chat/session/{user}/messages")] {
            assert_eq!(eve.refused(Method::GET, &address, None).await, (404, "not_found".into()), "{address}");
        }
        drop(other);
        let end = program.send(Method::POST, &format!("/api/chat/session/{}/end", chat.id), None).await;
        assert!(value(&end, 200)["ended_at"].is_string());
        program.send(Method::DELETE, &format!("/api/chat/session/{}", chat.id), None).await.expect(204);
        let empty = json!({"items": [], "next_cursor": null});
        assert_eq!(program.get(&format!("/api/chat/session/{user}/messages")).await, empty);
        assert_eq!(program.get(&format!("/api/chat/session/{user}")).await, json!({"conversation": null, "messages": []}));
    }

    async fn strangers_find_nothing_and_browsers_need_their_token(backend) {
        let (app, person) = App::ready(backend, &[]).await;
        let chat = person.new_conversation("Hello").await;
        let page = chat.settled().await;
        app.person("bob@example.org", &app.tenant(), "admin").await;
        app.stranger().await;
        let at = format!("/api/conversations/{}", chat.id);
        for email in ["bob@example.org", "eve@example.org"] {
            let program = Program::sign_in(&app, email).await;
            assert_eq!(program.get("/api/conversations?q=hello").await["items"], json!([]));
            for (method, address) in [
                (Method::GET, at.clone()),
                (Method::GET, format!("{at}/messages")),
                (Method::GET, format!("{at}/export")),
                (Method::POST, format!("{at}/end")),
                (Method::DELETE, at.clone()),
                (Method::DELETE, format!("/api/chat/session/{}", chat.id)),
                (Method::GET, "/api/conversations/nonsense".into()),
            ] {
                let refused = program.refused(method.clone(), &address, None).await;
                assert_eq!(refused, (404, "not_found".into()), "{method} {address}");
            }
            let refused = program.refused(Method::PATCH, &at, Some(json!({"title": "Mine"}))).await;
            assert_eq!(refused, (404, "not_found".into()));
        }
        for (method, address) in [(Method::GET, "/api/conversations"), (Method::GET, "/api/usage"), (Method::GET, at.as_str())] {
            app.visitor().request(method, address, None, &[]).await.expect(401);
        }
        // A browser's session: reading is free, changing wants the token of its forms.
        value(&person.request(Method::GET, &at, None, &[]).await, 200);
        person.request(Method::POST, &format!("{at}/end"), None, &[("origin", &person.base)]).await.expect(403);
        let token = page.csrf();
        let headers = [("x-csrf-token", token.as_str()), ("origin", person.base.as_str())];
        person.request(Method::POST, &format!("{at}/end"), None, &headers).await.expect(200);
        assert_eq!(app.query("SELECT count(*) FROM conversations WHERE ended_at IS NOT NULL"), "1");
    }

    async fn usage_is_counted_and_limited(backend) {
        let (app, person) = App::ready(backend, &[]).await;
        let ada = Program::sign_in(&app, Person::FIRST.0).await;
        let chat = person.new_conversation("Hello").await;
        chat.settled().await;
        // A title may still be on its way.
        eventually("everything is settled", async || (app.query("SELECT count(*) FROM model_calls WHERE settled_at IS NULL") == "0").then_some(())).await;
        let usage = ada.get("/api/usage").await;
        let month = usage["month"].as_str().unwrap().to_owned();
        assert!(usage["person"]["used"]["requests"].as_i64().unwrap() >= 1, "{usage}");
        let (used, left) = (&usage["tenant"]["used"], &usage["tenant"]["remaining"]);
        assert_eq!(usage["tenant"]["limits"]["requests"], json!(10_000));
        assert_eq!(left["requests"].as_i64().unwrap() + used["requests"].as_i64().unwrap(), 10_000);
        assert_eq!(usage["tenant"]["limits"]["credits"], Value::Null);

        let tenant = app.query("SELECT id FROM tenants");
        let (at, limits) = (format!("/api/admin/tenants/{tenant}/usage"), format!("/api/admin/tenants/{tenant}/limits"));
        let admin = ada.get(&format!("{at}?month={month}")).await;
        assert_eq!(admin["tenant"], usage["tenant"]);
        assert_eq!(admin["items"][0]["user"]["email"], json!(Person::FIRST.0));
        assert_eq!(ada.get(&format!("{at}?month=2001-02")).await["items"], json!([]));
        let csv = ada.send(Method::GET, &format!("{at}?format=csv"), None).await;
        csv.expect(200);
        assert_eq!(csv.header("content-type"), Some("text/csv; charset=utf-8"));
        assert!(csv.html.starts_with("\"day\",\"email\"") && csv.html.contains(Person::FIRST.0), "{}", csv.html);
        for wrong in ["month=2026", "month=2026-13", "format=xml"] {
            assert_eq!(ada.refused(Method::GET, &format!("{at}?{wrong}"), None).await.0, 422, "{wrong}");
        }

        // Members are told that it is not for them, strangers that there is nothing; admins see and do not set.
        app.person("mia@example.org", &app.tenant(), "member").await;
        app.person("bob@example.org", &app.tenant(), "admin").await;
        app.stranger().await;
        for (email, see, set) in [("mia@example.org", 403, 403), ("bob@example.org", 200, 403), ("eve@example.org", 404, 404)] {
            let program = Program::sign_in(&app, email).await;
            assert_eq!(program.send(Method::GET, &at, None).await.status, see, "{email}");
            assert_eq!(program.send(Method::PUT, &limits, Some(json!({"is_active": false}))).await.status, set, "{email}");
        }
        app.query("UPDATE users SET is_operator = true WHERE email = 'ada@example.org'");
        let new = json!({"monthly_requests": 1, "monthly_credits": "0.000001", "monthly_input_tokens": null});
        let set = value(&ada.send(Method::PUT, &limits, Some(new)).await, 200);
        assert_eq!(set, json!({"monthly_input_tokens": null, "monthly_output_tokens": 500_000, "monthly_requests": 1, "monthly_credits": 0.000001, "is_active": true}));
        for wrong in [json!({"monthly_requests": -1}), json!({"requests": 1}), json!({"monthly_credits": 1e300})] {
            assert_eq!(ada.refused(Method::PUT, &limits, Some(wrong.clone())).await, (422, "invalid_payload".into()), "{wrong}");
        }
        assert_eq!(app.query("SELECT count(*) FROM audit_rows WHERE action = 'limits_changed'"), "1");
        let usage = ada.get("/api/usage").await;
        assert_eq!((&usage["tenant"]["limits"]["input_tokens"], &usage["tenant"]["remaining"]["requests"]), (&Value::Null, &json!(0)));
        chat.send("Once more").await.expect(429);
    }

    async fn a_server_says_what_it_is(backend) {
        let (app, _person) = App::ready(backend, &[]).await;
        let meta = value(&app.visitor().request(Method::GET, "/api/meta", None, &[]).await, 200);
        assert_eq!((&meta["name"], &meta["providers"]), (&json!("Sayso"), &json!(["demo"])));
        assert_eq!(meta["version"], json!(env!("CARGO_PKG_VERSION")));
        assert!(meta.as_object().unwrap().contains_key("commit"));
        assert_eq!((&meta["models"][0]["provider"], &meta["models"][0]["is_default"]), (&json!("demo"), &json!(true)));
        app.visitor().request(Method::DELETE, "/api/meta", None, &[]).await.expect(405);
    }
}
