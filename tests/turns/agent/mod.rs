//! Programs that call tools by `/mcp`: nothing runs before their person says so on the page, and what ran is their answer.

mod doors;
mod leaving;
mod program;

use std::time::Duration;

use reqwest::Method;
use rmcp::model::{ContentBlock, ElicitationAction, ResourceContents};
use serde_json::{Value, json};

use crate::{
    both,
    direct::with_scopes,
    support::{App, Backend, Page, Person, Script, eventually, page::Approval, servers::Configured},
};
use program::{ERAS, Era, Program, said};

/// Ready to use, with a program's token.
async fn ready(backend: Backend, settings: &[(&str, &str)]) -> (App, Person, Script) {
    let (app, person) = App::ready(backend, settings).await;
    let script = with_scopes(&person, &["tools"]).await;
    (app, person, script)
}

/// What waits on the page, once it is so many.
async fn waiting(person: &Person, count: usize) -> Vec<Approval> {
    eventually("the calls wait on the page", async || {
        let waiting = person.get("/approvals").await.approvals();
        (waiting.len() == count).then_some(waiting)
    })
    .await
}

async fn press(person: &Person, approval: &Approval, button: &str) -> Page {
    person.submit(&approval.form.clone().press(button)).await.clone()
}

fn write(path: &str, content: &str) -> Value {
    json!({"path": path, "content": content})
}

/// Headers of the newest revision.
const NEWEST: [(&str, &str); 4] = [
    ("accept", "application/json, text/event-stream"),
    ("mcp-protocol-version", "2026-07-28"),
    ("mcp-method", "tools/call"),
    ("mcp-name", "it__echo"),
];

/// A message of the newest revision, with these parameters to the letter.
fn message(method: &str, params: &str) -> String {
    let meta = r#""_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"raw","version":"1"},"io.modelcontextprotocol/clientCapabilities":{}}"#;
    format!(r#"{{"jsonrpc":"2.0","id":1,"method":"{method}","params":{{{params}{meta}}}}}"#)
}

/// The answer among the events of a stream.
fn answer(events: &str) -> Value {
    let data = events.lines().filter_map(|line| line.strip_prefix("data: ")).filter(|data| !data.is_empty());
    let found = data.filter_map(|data| serde_json::from_str::<Value>(data).ok()).find(|message| message["id"] == 1);
    found.unwrap_or_else(|| panic!("no answer: {events}"))
}

both! {
    async fn a_call_waits_for_its_person_and_is_answered(backend) {
        let (app, person, script) = ready(backend, &[]).await;
        for (number, era) in ERAS.into_iter().enumerate() {
            let program = Program::connect(&app.base, &script.token, era).await;
            let tools = program.tools().await;
            assert!(tools.contains(&"write_file".to_owned()) && tools.is_sorted(), "{tools:?}");
            let path = format!("by-program-{number}.txt");
            let call = program.call("write_file", write(&path, "Hello"));
            let waits = waiting(&person, 1).await.remove(0);
            assert!(waits.text.contains(&path), "{}", waits.text);
            // Who asks is told, in words that say what they are.
            let page = person.get("/approvals").await;
            assert!(page.text().contains("The program “A <b>program</b>” asks, with the token “tools”"), "{}", page.text());
            eventually("it is told that it waits", async || {
                program.heard.has_progress("waiting for approval").then_some(())
            })
            .await;
            assert!(!call.is_finished() && app.file(&path).is_none(), "{era:?}: it ran before anybody said so");
            press(&person, &waits, "Approve").await.expect(200);
            let result = call.await.unwrap().unwrap();
            let (text, is_error) = said(&result);
            assert!(!is_error && text.contains(&path), "{era:?}: {text}");
            assert_eq!(app.file(&path).as_deref(), Some("Hello"));
            assert!(program.heard.has_progress("running") || era == Era::Newest, "{:?}", program.heard.progress);
        }
        assert_eq!(app.query("SELECT DISTINCT kind FROM conversations"), "agent");
        assert_eq!(app.query("SELECT count(*) FROM turns WHERE state <> 'completed'"), "0");
        assert_eq!(app.query("SELECT count(*) FROM agent_calls WHERE awaited_until IS NOT NULL"), "0");
        assert!(!person.get("/conversations").await.text().contains("write_file"), "it is no chat");
        assert!(app.run(&["audit", "verify"], None).status.success());
    }

    async fn what_is_sent_is_what_was_approved_to_the_letter(backend) {
        let servers = Configured::new().process("it", "plain", &[]);
        let file = servers.file();
        let (app, person, script) = ready(backend, &[("MCP_CONFIG", file.as_str())]).await;
        let arguments = r#"{"text": "é \u0041 </b>\u202e", "n": 1.50, "big": 12345678901234567890123}"#;
        let body = message("tools/call", &format!(r#""name":"it__echo","arguments":{arguments},"#));
        let asking = { let script = script.clone(); tokio::spawn(async move { script.call(Method::POST, "/mcp", Some(&body), &NEWEST).await }) };
        let waits = waiting(&person, 1).await.remove(0);
        assert!(servers.calls("it").is_empty(), "something was sent before anybody said so");
        press(&person, &waits, "Approve").await.expect(200);
        let told = asking.await.unwrap().expect(200);
        assert_eq!(told.header("content-type"), Some("text/event-stream"));
        let result = answer(&told.text)["result"].clone();
        assert!(result["content"][0]["text"].as_str().unwrap().contains("</b>") && result["isError"] == false, "{result}");
        let sent = servers.calls("it");
        assert_eq!(sent.len(), 1, "{sent:?}");
        assert!(sent[0].contains(&format!(r#""arguments":{arguments}"#)), "{sent:?}");
        // What could be read in two ways is not asked at all.
        for params in [r#""name":"it__echo","arguments":{"a":1,"a":2},"#, r#""name":"it__echo","name":"it__hang","#] {
            let told = script.call(Method::POST, "/mcp", Some(&message("tools/call", params)), &NEWEST).await;
            assert!(told.text.contains("invalid") || told.text.contains("read") || told.status == 400, "{} {}", told.status, told.text);
        }
        assert_eq!((app.query("SELECT count(*) FROM tool_calls"), servers.calls("it").len()), ("1".into(), 1));
    }

    async fn images_and_files_come_with_the_answer(backend) {
        let servers = Configured::new().process("it", "file", &[]);
        servers.offers("it", &[crate::support::servers::tool("image", "A picture.")]);
        let file = servers.file();
        let (app, person, script) = ready(backend, &[("MCP_CONFIG", file.as_str()), ("TOOL_RESULT_LIMIT", "1kb")]).await;
        let program = Program::connect(&app.base, &script.token, Era::Newest).await;
        let run = async |name: &str, arguments: Value| {
            let call = program.call(name, arguments);
            let waits = waiting(&person, 1).await.remove(0);
            press(&person, &waits, "Approve").await.expect(200);
            call.await.unwrap().unwrap()
        };
        let image = run("it__image", json!({})).await;
        let found = image.content.iter().find_map(ContentBlock::as_image).unwrap_or_else(|| panic!("{image:?}"));
        assert!(found.mime_type == "image/png" && found.data.starts_with("iVBOR"), "{image:?}");
        let long = run("run_js", json!({"code": "'abcdefgh'.repeat(1000)"})).await;
        let found = long.content.iter().find_map(ContentBlock::as_resource).unwrap_or_else(|| panic!("{long:?}"));
        let ResourceContents::TextResourceContents { uri, text, .. } = &found.resource else { panic!("{found:?}") };
        assert!(text.len() == 8000 && uri.contains("/attachments/"), "{uri}");
    }

    async fn what_the_person_says_is_told(backend) {
        let (app, person, script) = ready(backend, &[]).await;
        for era in ERAS {
            let program = Program::connect(&app.base, &script.token, era).await;
            let call = program.call("write_file", write("one.txt", "One"));
            let waits = waiting(&person, 1).await.remove(0);
            person.submit(&waits.form.clone().fill("reason", "Not today").press("Deny")).await.expect(200);
            let (text, is_error) = said(&call.await.unwrap().unwrap());
            assert!(is_error && text.contains("refused") && text.contains("Not today"), "{era:?}: {text}");
            assert!(app.file("one.txt").is_none());

            let call = program.call("write_file", write("two.txt", "Two"));
            let waits = waiting(&person, 1).await.remove(0);
            let edited = r#"{"path":"two.txt","content":"Edited"}"#;
            let form = waits.form.clone().without("arguments").forge("arguments", edited);
            person.submit(&form.press("Approve")).await.expect(200);
            let (text, is_error) = said(&call.await.unwrap().unwrap());
            assert!(!is_error && text.starts_with("The person changed content"), "{era:?}: {text}");
            assert_eq!(app.file("two.txt").as_deref(), Some("Edited"));
            std::fs::remove_file(app.workspace().join(app.tenant()).join("two.txt")).unwrap();
        }
    }

    async fn what_nobody_decides_expires(backend) {
        let (app, person, script) = ready(backend, &[]).await;
        app.query("UPDATE tenants SET approvals_expire_after = 3600");
        let program = Program::connect(&app.base, &script.token, Era::Newest).await;
        let call = program.call("write_file", write("one.txt", "One"));
        waiting(&person, 1).await;
        app.query("UPDATE tool_calls SET created_at = '2020-01-01T00:00:00.000000Z'");
        let (text, is_error) = said(&call.await.unwrap().unwrap());
        assert!(is_error && text.contains("in time") && app.file("one.txt").is_none(), "{text}");
    }

    async fn rules_hold_as_for_a_model(backend) {
        let servers = Configured::new().process("it", "file", &[]);
        servers.offers("it", &[crate::support::servers::tool("read", "Reads.")]);
        let file = servers.file();
        let (app, person, script) = ready(backend, &[("MCP_CONFIG", file.as_str())]).await;
        let program = Program::connect(&app.base, &script.token, Era::Newest).await;
        let rule = |name: &str, verdict: &str| {
            app.query(&format!("INSERT INTO tool_rules \
                (tenant_id, server, name, verdict, grants_allowed, guests_allowed, changed_at) \
                SELECT id, 'sayso', '{name}', '{verdict}', FALSE, FALSE, created_at FROM tenants WHERE slug = '{}'", app.tenant()))
        };
        rule("write_file", "allow");
        rule("run_js", "deny");
        app.query(&format!("UPDATE tool_rules SET fingerprint = '{}' WHERE name = 'write_file'", fingerprint(&app, &person, &program).await));
        let (text, is_error) = said(&program.call("write_file", write("free.txt", "Free")).await.unwrap().unwrap());
        assert!(!is_error && app.file("free.txt").as_deref() == Some("Free"), "{text}");
        assert_eq!(app.query("SELECT count(*) FROM tool_calls WHERE decided_by IS NOT NULL AND target = 'free.txt'"), "0");
        let refused = program.call("run_js", json!({"code": "1"})).await.unwrap().unwrap_err();
        assert!(refused.to_string().contains("-32602") || refused.to_string().contains("not allowed"), "{refused}");
        let unknown = program.call("nothing", json!({})).await.unwrap().unwrap_err();
        assert!(unknown.to_string().contains("nothing"), "{unknown}");
        let (text, is_error) = said(&program.call("write_file", json!({"path": 1})).await.unwrap().unwrap());
        assert!(is_error && text.starts_with("invalid_payload"), "{text}");
        // What is forbidden is not told of, once the list is read anew.
        script.get("/api/mcp/tools?force=1").await.expect(200);
        let tools = program.tools().await;
        assert!(!tools.contains(&"run_js".to_owned()) && tools.contains(&"it__read".to_owned()), "{tools:?}");
        assert_eq!(app.query("SELECT count(*) FROM tool_calls WHERE name = 'run_js'"), "0");
    }

    async fn a_program_that_can_sends_its_person_to_the_approval(backend) {
        let (app, person, script) = ready(backend, &[]).await;
        for (number, era) in ERAS.into_iter().enumerate() {
            let says = ElicitationAction::Accept;
            let program = Program::showing(&app.base, &script.token, era, says).await;
            let path = format!("shown-{number}.txt");
            let call = program.call("write_file", write(&path, "Shown"));
            let address = eventually("an address is shown", async || program.heard.addresses().pop()).await;
            let waits = waiting(&person, 1).await.remove(0);
            assert!(address.ends_with(&format!("/approvals#call-{}", waits.call)), "{address}");
            assert!(!call.is_finished() && app.file(&path).is_none(), "{era:?}: to look is no say-so");
            press(&person, &waits, "Approve").await.expect(200);
            let (text, is_error) = said(&call.await.unwrap().unwrap());
            assert!(!is_error && app.file(&path).as_deref() == Some("Shown"), "{era:?}: {text}");
            assert_eq!(program.heard.addresses().len(), 1, "it is asked once");

            let program = Program::showing(&app.base, &script.token, era, ElicitationAction::Decline).await;
            let (text, is_error) = said(&program.call("write_file", write("no.txt", "No")).await.unwrap().unwrap());
            assert!(is_error && text.contains("left"), "{era:?}: {text}");
            waiting(&person, 0).await;
            assert!(app.file("no.txt").is_none());
        }
        assert_eq!(app.query("SELECT count(*) FROM tool_calls"), "4");
    }

    async fn at_most_fifty_wait(backend) {
        let (app, person, script) = ready(backend, &[("TURNS_PER_PERSON", "100"), ("TURNS_PER_TENANT", "100")]).await;
        let program = Program::connect(&app.base, &script.token, Era::Older).await;
        // Asked one after the other: the client sends only so many at once.
        let count = || app.query("SELECT count(*) FROM tool_calls WHERE state = 'pending'").parse::<usize>().unwrap();
        let mut calls = Vec::new();
        for number in 0..50 {
            calls.push(program.call("write_file", write(&format!("{number}.txt"), "x")));
        }
        eventually("fifty wait", async || (count() == 50).then_some(())).await;
        let (text, is_error) = said(&program.call("write_file", write("50.txt", "x")).await.unwrap().unwrap());
        assert!(is_error && text.starts_with("rate_limited"), "{text}");
        assert_eq!((count(), person.get("/approvals").await.approvals().len()), (50, 50));
        drop(calls);
    }
}

/// The fingerprint by which a rule knows `write_file`: that of a call of it.
async fn fingerprint(app: &App, person: &Person, program: &Program) -> String {
    app.query("DELETE FROM tool_rules WHERE verdict = 'none'");
    let rule = app.query("SELECT verdict FROM tool_rules WHERE name = 'write_file'");
    assert_eq!(rule, "allow");
    // A rule without one asks.
    let call = program.call("write_file", write("asked.txt", "Asked"));
    let waits = waiting(person, 1).await.remove(0);
    press(person, &waits, "Deny").await.expect(200);
    assert!(said(&call.await.unwrap().unwrap()).1);
    app.query("SELECT fingerprint FROM tool_calls WHERE name = 'write_file'")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_person_decides_at_any_instance() {
    let (app, person, script) = ready(Backend::Postgres, &[]).await;
    let other = app.beside();
    for (number, era) in ERAS.into_iter().enumerate() {
        let program = Program::connect(&app.base, &script.token, era).await;
        let path = format!("{number}.txt");
        let call = program.call("write_file", write(&path, "There"));
        let mut there = person.clone();
        there.base.clone_from(&other.base);
        let waits = waiting(&there, 1).await.remove(0);
        press(&there, &waits, "Approve").await.expect(200);
        let result = tokio::time::timeout(Duration::from_secs(20), call).await.unwrap().unwrap().unwrap();
        assert!(!said(&result).1 && app.file(&path).as_deref() == Some("There"), "{era:?}: {result:?}");
    }
    // A session is one instance's: elsewhere nobody knows it, and the program begins anew.
    let elsewhere = script.at(&other.base);
    let headers = [("accept", "application/json, text/event-stream"), ("mcp-session-id", "nobody-knows-it")];
    let body = r#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#;
    assert_eq!(elsewhere.call(Method::POST, "/mcp", Some(body), &headers).await.code(), (404, "not_found".into()));
}
