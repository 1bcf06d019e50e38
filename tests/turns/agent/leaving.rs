//! Programs that leave: what they asked for must not happen any more.

use std::time::Duration;

use reqwest::Method;
use rmcp::{
    model::{CallToolRequest, CallToolRequestParams, ClientRequest},
    service::PeerRequestOptions,
};
use serde_json::{Value, json};

use super::{
    NEWEST, message, press,
    program::{ERAS, Era, Program, said},
    ready, waiting, write,
};
use crate::{
    both,
    support::{App, Backend, Person, Script, eventually, within},
};

/// Longer than a connection that broke is waited for.
const AWAY: Duration = Duration::from_secs(60);

async fn becomes(app: &App, state: &str) {
    let sql = "SELECT state FROM tool_calls ORDER BY created_at DESC LIMIT 1";
    within(AWAY, &format!("the call is {state}"), async || (app.query(sql) == state).then_some(())).await;
}

/// Everything that came of it: nothing.
async fn nothing_came(app: &App, person: &Person, path: &str) {
    becomes(app, "denied").await;
    waiting(person, 0).await;
    eventually("its turn is over", async || {
        (app.query("SELECT count(*) FROM turns WHERE state IN ('running', 'awaiting_approval')") == "0").then_some(())
    })
    .await;
    assert!(app.file(path).is_none());
    assert!(app.query("SELECT result FROM tool_calls ORDER BY created_at DESC LIMIT 1").contains("has left"));
}

/// Calls with the raw protocol of the newest revision; the answer's body is still to be read.
async fn opened(script: &Script, name: &str, arguments: &Value) -> reqwest::Response {
    let params = format!(r#""name":"{name}","arguments":{arguments},"#);
    let headers: Vec<_> =
        NEWEST.iter().map(|(key, value)| (*key, if *key == "mcp-name" { name } else { value })).collect();
    script.open(Method::POST, "/mcp", Some(&message("tools/call", &params)), &headers).await
}

/// A session of the older revision by hand: its id.
async fn session(script: &Script) -> String {
    let body = r#"{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"raw","version":"1"}}}"#;
    let accept = ("accept", "application/json, text/event-stream");
    let opened = script.call(Method::POST, "/mcp", Some(body), &[accept]).await.expect(200);
    let id = opened.header("mcp-session-id").unwrap().to_owned();
    let initialised = r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#;
    script.call(Method::POST, "/mcp", Some(initialised), &[accept, ("mcp-session-id", &id)]).await.expect(202);
    id
}

async fn called(script: &Script, session: &str, path: &str) -> reqwest::Response {
    let body = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call",
        "params": {"name": "write_file", "arguments": write(path, "x")}});
    let headers = [("accept", "application/json, text/event-stream"), ("mcp-session-id", session)];
    script.open(Method::POST, "/mcp", Some(&body.to_string()), &headers).await
}

both! {
    async fn a_stream_that_is_closed_denies(backend) {
        let (app, person, script) = ready(backend, &[]).await;
        let answer = opened(&script, "write_file", &write("newest.txt", "x")).await;
        assert_eq!(answer.status(), 200, "the head comes while it waits");
        waiting(&person, 1).await;
        drop(answer);
        nothing_came(&app, &person, "newest.txt").await;
        // In a session it could be read on elsewhere; after a while it counts as left.
        let id = session(&script).await;
        let answer = called(&script, &id, "older.txt").await;
        waiting(&person, 1).await;
        drop(answer);
        nothing_came(&app, &person, "older.txt").await;
    }

    async fn a_call_that_is_taken_back_is_denied(backend) {
        let (app, person, script) = ready(backend, &[]).await;
        for era in ERAS {
            let program = Program::connect(&app.base, &script.token, era).await;
            let request = CallToolRequestParams::new("write_file").with_arguments(write("back.txt", "x").as_object().unwrap().clone());
            let request = ClientRequest::CallToolRequest(CallToolRequest::new(request));
            let sent = program.service.peer().send_cancellable_request(request, PeerRequestOptions::no_options()).await.unwrap();
            waiting(&person, 1).await;
            sent.cancel(Some("not needed".to_owned())).await.unwrap();
            nothing_came(&app, &person, "back.txt").await;
        }
    }

    async fn a_session_that_is_ended_denies(backend) {
        let (app, person, script) = ready(backend, &[]).await;
        let id = session(&script).await;
        let answer = called(&script, &id, "ended.txt").await;
        waiting(&person, 1).await;
        script.call(Method::DELETE, "/mcp", None, &[("mcp-session-id", &id)]).await.expect(202);
        nothing_came(&app, &person, "ended.txt").await;
        drop(answer);
        // It is nobody's any more.
        assert_eq!(called(&script, &id, "again.txt").await.status(), 404);
    }

    async fn a_stream_that_breaks_is_read_on(backend) {
        let (app, person, script) = ready(backend, &[]).await;
        let id = session(&script).await;
        let mut answer = called(&script, &id, "resumed.txt").await;
        let first = String::from_utf8(answer.chunk().await.unwrap().unwrap().to_vec()).unwrap();
        let event = first.lines().find_map(|line| line.strip_prefix("id: ").or_else(|| line.strip_prefix("id:"))).unwrap().trim().to_owned();
        let waits = waiting(&person, 1).await.remove(0);
        drop(answer);
        let resuming = { let (script, id) = (script.clone(), id.clone()); tokio::spawn(async move {
            let headers = [("accept", "text/event-stream"), ("mcp-session-id", id.as_str()), ("last-event-id", event.as_str())];
            let mut answer = script.open(Method::GET, "/mcp", None, &headers).await;
            let mut told = String::new();
            while let Ok(Some(chunk)) = answer.chunk().await {
                told.push_str(&String::from_utf8_lossy(&chunk));
                if told.contains(r#""result""#) { break }
            }
            told
        }) };
        // Longer than a program may be away, which it is not.
        crate::support::stays(Duration::from_secs(25), "it waits on", async || app.query("SELECT state FROM tool_calls") == "pending").await;
        press(&person, &waits, "Approve").await.expect(200);
        assert!(resuming.await.unwrap().contains("resumed.txt"));
        assert_eq!(app.file("resumed.txt").as_deref(), Some("x"));
    }

    async fn what_runs_is_stopped(backend) {
        let (app, person, hold) = App::counting(backend, &[]).await;
        let script = crate::direct::with_scopes(&person, &["tools"]).await;
        let answer = opened(&script, "write_file", &write("held.txt", "x")).await;
        let waits = waiting(&person, 1).await.remove(0);
        hold.close();
        press(&person, &waits, "Approve").await.expect(200);
        hold.reached().await;
        drop(answer);
        within(AWAY, "its turn is stopped", async || (app.query("SELECT state FROM turns") == "stopped").then_some(())).await;
        hold.open();
        assert!(matches!(app.query("SELECT state FROM tool_calls").as_str(), "failed" | "outcome_unknown" | "succeeded"));
    }

    async fn after_a_restart_nobody_waits_any_more(backend) {
        let (mut app, person, script) = ready(backend, &[]).await;
        let program = Program::connect(&app.base, &script.token, Era::Newest).await;
        let call = program.call("write_file", write("before.txt", "x"));
        let waits = waiting(&person, 1).await.remove(0);
        app.kill9();
        drop(call);
        drop(program);
        if backend == Backend::Postgres {
            app.query("UPDATE agent_calls SET awaited_until = '2020-01-01T00:00:00.000000Z'");
        }
        app.launch();
        nothing_came(&app, &person, "before.txt").await;
        assert_eq!(press(&person, &waits, "Approve").await.status, 409);
        assert!(app.file("before.txt").is_none());
    }

    async fn a_token_that_is_taken_back_ends_its_streams(backend) {
        let (app, person, script) = ready(backend, &[]).await;
        let id = session(&script).await;
        let answers = [opened(&script, "write_file", &write("a.txt", "x")).await, called(&script, &id, "b.txt").await];
        waiting(&person, 2).await;
        let form = person.get("/settings").await.form_to("/revoke");
        person.submit(&form).await.expect(200);
        let began = std::time::Instant::now();
        for answer in answers {
            tokio::time::timeout(Duration::from_secs(5), answer.bytes()).await.expect("its stream ends").unwrap();
        }
        assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
        waiting(&person, 0).await;
        assert_eq!(app.query("SELECT DISTINCT state FROM tool_calls"), "denied");
        assert_eq!(called(&script, &id, "c.txt").await.status(), 401);
        assert!(app.files().is_empty());
    }

    async fn one_whose_server_died_says_so_of_what_ran(backend) {
        let servers = crate::support::servers::Configured::new().process("it", "plain", &[]);
        let file = servers.file();
        let (app, person, script) = ready(backend, &[("MCP_CONFIG", file.as_str())]).await;
        let program = Program::connect(&app.base, &script.token, Era::Newest).await;
        let call = program.call("it__die", json!({}));
        let waits = waiting(&person, 1).await.remove(0);
        press(&person, &waits, "Approve").await.expect(200);
        let (text, is_error) = said(&call.await.unwrap().unwrap());
        assert!(is_error && text.starts_with("outcome_unknown"), "{text}");
        assert_eq!(app.query("SELECT state FROM tool_calls"), "outcome_unknown");
    }
}
