//! Who comes in at `/mcp`, and who decides on what came in there.

use reqwest::Method;
use serde_json::json;

use super::{
    NEWEST, message, press,
    program::{Era, Program, said},
    ready, waiting, write,
};
use crate::{
    both,
    direct::with_scopes,
    support::{App, Person, Script},
};

const ACCEPT: (&str, &str) = ("accept", "application/json, text/event-stream");

const LIST: &str = r#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#;

const INITIALIZE: &str = r#"{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"raw","version":"1"}}}"#;

both! {
    async fn only_a_token_for_tools_comes_in(backend) {
        let (app, person, script) = ready(backend, &[]).await;
        let list = message("tools/list", "");
        let headers = [NEWEST[0], NEWEST[1], ("mcp-method", "tools/list")];
        let ask = async |script: &Script| script.call(Method::POST, "/mcp", Some(&list), &headers).await;
        let told = ask(&script).await.expect(200).text;
        assert!(told.contains("write_file"), "{told}");
        for scopes in [&["decide"][..], &["chat"], &["admin-read"], &["chat", "decide"]] {
            assert_eq!(ask(&with_scopes(&person, scopes).await).await.code(), (403, "forbidden".into()), "{scopes:?}");
        }
        // Who signed in could say yes to themselves.
        assert_eq!(ask(&Script::first(&app.base).await).await.code(), (403, "forbidden".into()));
        let nobody = ask(&Script::with_token(&app.base, "")).await;
        assert_eq!((nobody.code(), nobody.header("www-authenticate")), ((401, "unauthorized".into()), Some("Bearer")));
        for token in ["nonsense", "sayso_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"] {
            assert_eq!(ask(&Script::with_token(&app.base, token)).await.code(), (401, "unauthorized".into()));
        }
        // A browser's cookie counts for nothing, and no token stands in an address.
        let page = person.request(Method::POST, "/mcp", Some(list.clone()), &[("content-type", "application/json"), ACCEPT]).await;
        assert_eq!(page.status, 401);
        let address = format!("/mcp?token={}", script.token);
        assert_eq!(Script::with_token(&app.base, "").call(Method::POST, &address, Some(&list), &headers).await.status, 401);
    }

    async fn foreign_pages_and_names_are_refused(backend) {
        let (app, _person, script) = ready(backend, &[("CLIENT_ORIGIN", "https://app.example")]).await;
        let ask = async |more: &[(&str, &str)]| {
            let headers = [&[ACCEPT][..], more].concat();
            script.call(Method::POST, "/mcp", Some(INITIALIZE), &headers).await
        };
        let own = app.base.clone();
        for origin in [own.as_str(), &own.replace("127.0.0.1", "localhost"), "https://app.example"] {
            ask(&[("origin", origin)]).await.expect(200);
        }
        for origin in ["https://evil.example", "null", "http://localhost", "https://app.example.evil.example"] {
            assert_eq!(ask(&[("origin", origin)]).await.code(), (403, "forbidden".into()), "{origin}");
        }
        let port = own.rsplit(':').next().unwrap();
        for host in ["evil.example", &format!("evil.example:{port}"), "localhost"] {
            assert_eq!(ask(&[("host", host)]).await.code(), (421, "wrong_host".into()), "{host}");
        }
        ask(&[("host", &format!("localhost:{port}"))]).await.expect(200);
        ask(&[("host", &format!("[::1]:{port}"))]).await.expect(200);
    }

    async fn a_session_is_its_tokens_alone(backend) {
        let (app, person, script) = ready(backend, &[]).await;
        let opened = script.call(Method::POST, "/mcp", Some(INITIALIZE), &[ACCEPT]).await.expect(200);
        let id = opened.header("mcp-session-id").unwrap().to_owned();
        let with = [ACCEPT, ("mcp-session-id", id.as_str())];
        script.call(Method::POST, "/mcp", Some(r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#), &with).await.expect(202);
        assert!(script.call(Method::POST, "/mcp", Some(LIST), &with).await.expect(200).text.contains("write_file"));
        let other = with_scopes(&person, &["tools"]).await;
        let theirs = with_scopes(&app.stranger().await, &["tools"]).await;
        for thief in [&other, &theirs] {
            for (method, body) in [(Method::POST, Some(LIST)), (Method::GET, None), (Method::DELETE, None)] {
                assert_eq!(thief.call(method, "/mcp", body, &with).await.code(), (404, "not_found".into()));
            }
        }
        script.call(Method::POST, "/mcp", Some(LIST), &with).await.expect(200);
        // Nor does anybody go on with what another token, or another person, asked for.
        let program = Program::connect(&app.base, &script.token, Era::Newest).await;
        let call = program.call("write_file", write("mine.txt", "x"));
        waiting(&person, 1).await;
        let turn = app.query("SELECT turn_id FROM agent_calls");
        let params = format!(r#""name":"write_file","arguments":{{"path":"mine.txt","content":"x"}},"requestState":"{turn}","#);
        let headers: Vec<_> = NEWEST.iter().map(|(key, value)| (*key, if *key == "mcp-name" { "write_file" } else { value })).collect();
        for thief in [&other, &theirs] {
            let told = thief.call(Method::POST, "/mcp", Some(&message("tools/call", &params)), &headers).await;
            assert!(told.text.contains("not_found"), "{}", told.text);
        }
        assert!(!call.is_finished());
        assert_eq!(app.query("SELECT state FROM tool_calls"), "pending");
    }

    async fn no_token_decides_on_it(backend) {
        let (app, person, script) = ready(backend, &[]).await;
        let program = Program::connect(&app.base, &script.token, Era::Newest).await;
        let call = program.call("write_file", write("one.txt", "One"));
        let waits = waiting(&person, 1).await.remove(0);
        let decides = with_scopes(&person, &["chat", "decide"]).await;
        let item = decides.get("/api/approvals").await.expect(200).json()["items"][0].clone();
        assert_eq!(item["id"], waits.call.as_str());
        let address = format!("/api/tool-calls/{}/decision", waits.call);
        for decision in ["approve", "deny"] {
            let body = json!({"decision": decision, "digest": item["digest"]});
            assert_eq!(decides.post(&address, &body, &[]).await.code(), (403, "forbidden".into()), "{decision}");
            assert_eq!(script.post(&address, &body, &[]).await.code(), (403, "forbidden".into()), "{decision}");
        }
        assert_eq!((app.query("SELECT state FROM tool_calls"), app.file("one.txt")), ("pending".into(), None));
        // A sign-in by the API is a token too; their person decides in a browser.
        let me = Script::first(&app.base).await;
        let approve = json!({"decision": "approve", "digest": item["digest"]});
        assert_eq!(me.post(&address, &approve, &[]).await.code(), (403, "forbidden".into()));
        assert_eq!((app.query("SELECT state FROM tool_calls"), app.file("one.txt")), ("pending".into(), None));
        press(&person, &waits, "Approve").await.expect(200);
        assert!(!said(&call.await.unwrap().unwrap()).1);
        assert_eq!(app.file("one.txt").as_deref(), Some("One"));
    }

    async fn another_of_the_tenant_sees_and_decides_nothing(backend) {
        let (app, person, script) = ready(backend, &[]).await;
        let program = Program::connect(&app.base, &script.token, Era::Older).await;
        let call = program.call("write_file", write("one.txt", "One"));
        let waits = waiting(&person, 1).await.remove(0);
        let colleague = app.person("bob@example.org", &app.tenant(), "owner").await;
        for other in [colleague, app.stranger().await] {
            assert!(other.get("/approvals").await.approvals().is_empty());
            let form = waits.form.clone();
            let theirs = other.get("/settings").await.forms("form").iter().find_map(|form| form.value("csrf").map(str::to_owned));
            let form = form.without("csrf").forge("csrf", &theirs.unwrap_or_default());
            assert!(matches!(other.submit(&form.press("Approve")).await.status, 403 | 404));
        }
        assert_eq!((app.query("SELECT state FROM tool_calls"), app.file("one.txt")), ("pending".into(), None));
        press(&person, &waits, "Deny").await.expect(200);
        assert!(said(&call.await.unwrap().unwrap()).1);
    }

    async fn nonsense_is_answered_in_words(backend) {
        let (app, person, script) = ready(backend, &[("JSON_LIMIT", "2kb")]).await;
        let ask = async |body: &str, headers: &[(&str, &str)]| script.call(Method::POST, "/mcp", Some(body), headers).await;
        assert_eq!(ask(LIST, &[]).await.code(), (406, "not_acceptable".into()));
        assert_eq!(ask(LIST, &[ACCEPT, ("content-type", "text/plain")]).await.status, 415);
        assert_eq!(ask("{", &[ACCEPT]).await.code(), (400, "invalid_json".into()));
        assert_eq!(ask(LIST, &[ACCEPT]).await.code(), (400, "invalid_payload".into()));
        assert_eq!(ask(LIST, &[ACCEPT, ("mcp-session-id", "nobody-knows-it")]).await.code(), (404, "not_found".into()));
        assert_eq!(ask(LIST, &[ACCEPT, ("mcp-protocol-version", "1999-01-01")]).await.status, 400);
        let long = format!(r#"{{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{{"x":"{}"}}}}"#, "x".repeat(4000));
        assert_eq!(ask(&long, &[ACCEPT]).await.code(), (413, "payload_too_large".into()));
        assert_eq!(script.call(Method::PUT, "/mcp", Some("{}"), &[ACCEPT]).await.status, 405);
        assert_eq!(script.call(Method::GET, "/mcp", None, &[("accept", "text/event-stream"), ("mcp-protocol-version", "2026-07-28")]).await.status, 405);
        assert!(person.get("/approvals").await.approvals().is_empty());
        let page: &Person = &person;
        assert!(page.is_signed_in().await);
        let _: &App = &app;
    }
}
