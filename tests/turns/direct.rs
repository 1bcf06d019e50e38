//! Tools that people name themselves: called directly, and with a message.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    both,
    support::{App, Backend, Hold, Person, Replay, Reply, Script, SentEvent, eventually, within},
};

/// A lease of ten seconds runs out before another start may take a turn away.
const LEASE: Duration = Duration::from_secs(40);

/// A script with a token that the person makes in their settings.
pub async fn with_scopes(person: &Person, scopes: &[&str]) -> Script {
    let page = person.get("/settings").await;
    let form = page.form_with("button", "Make a token").fill("name", &scopes.join(" ")).fill("lifetime", "30");
    let page = person.submit(&scopes.iter().fold(form, |form, scope| form.forge("scopes", scope))).await;
    page.expect(200);
    Script::with_token(&person.base, page.the("textbox", "Token").attribute("value"))
}

/// What a call of `write_file` says.
pub fn write(path: &str, content: &str) -> Value {
    json!({"name": "write_file", "args": {"path": path, "content": content}})
}

/// Calls a tool directly.
pub async fn call(script: &Script, body: &Value, key: Option<&str>) -> crate::support::ScriptAnswer {
    let headers: Vec<_> = key.map(|key| ("idempotency-key", key)).into_iter().collect();
    script.post("/api/mcp/tools/call", body, &headers).await
}

async fn counting(backend: Backend, settings: &[(&str, &str)]) -> (App, Person, Script, Hold) {
    let (app, person, hold) = App::counting(backend, settings).await;
    let script = Script::first(&app.base).await;
    (app, person, script, hold)
}

fn names(list: &Value) -> Vec<&str> {
    list["tools"].as_array().unwrap().iter().map(|tool| tool["name"].as_str().unwrap()).collect()
}

/// Decides on the one call that waits on the page of everything that waits.
async fn decides_on_the_page(person: &Person, button: &str) {
    let waiting = eventually("it waits on the page", async || {
        let waiting = person.get("/approvals").await.approvals();
        (waiting.len() == 1).then_some(waiting)
    })
    .await;
    person.submit(&waiting[0].form.clone().press(button)).await.expect(200);
}

async fn query_becomes(app: &App, sql: &str, expected: &str) {
    within(LEASE, &format!("{sql}: {expected}"), async || (app.query(sql) == expected).then_some(())).await;
}

both! {
    async fn the_list_is_what_the_caller_may_use(backend) {
        let (app, person) = App::ready(backend, &[]).await;
        let script = Script::first(&app.base).await;
        let list = script.get("/api/mcp/tools").await.expect(200).json();
        assert!(names(&list).contains(&"write_file") && names(&list).is_sorted(), "{list}");
        for tool in list["tools"].as_array().unwrap() {
            let keys: Vec<_> = tool.as_object().unwrap().keys().map(String::as_str).collect();
            assert_eq!(keys, ["name", "server", "description", "input_schema", "verdict"]);
            assert_eq!((&tool["server"], &tool["verdict"]), (&json!("sayso"), &json!("ask")));
            assert_eq!(tool["input_schema"]["type"], "object");
        }
        assert_eq!(script.get("/api/tools").await.expect(200).json(), list);
        // What is forbidden is not there, once the list is read anew.
        app.query(&format!("INSERT INTO tool_rules \
            (tenant_id, server, name, verdict, grants_allowed, guests_allowed, changed_at) \
            SELECT id, 'sayso', 'write_file', 'deny', TRUE, FALSE, created_at FROM tenants WHERE slug = '{}'",
            app.tenant()));
        assert_eq!(script.get("/api/mcp/tools").await.expect(200).json(), list);
        let anew = script.get("/api/mcp/tools?force=1").await.expect(200).json();
        assert_eq!(names(&anew).len() + 1, names(&list).len());
        assert!(!names(&anew).contains(&"write_file"));
        assert_eq!(script.get("/api/tools").await.expect(200).json(), anew);
        assert_eq!(script.get("/api/tools?force=maybe").await.code(), (422, "invalid_payload".into()));
        // For whom: everyone who signed in, and tokens for tools.
        assert_eq!(person.get("/api/tools").await.status, 200);
        for (scopes, status) in [(&["tools"][..], 200), (&["decide"], 200), (&["chat"], 403), (&["admin-read"], 403)] {
            assert_eq!(with_scopes(&person, scopes).await.get("/api/tools").await.status, status, "{scopes:?}");
        }
        app.person("bob@example.org", &app.tenant(), "member").await;
        let bob = Script::sign_in(&app.base, ("bob@example.org", Person::FIRST.1)).await;
        app.query("UPDATE memberships SET role = 'guest' WHERE user_id = \
            (SELECT id FROM users WHERE email = 'bob@example.org')");
        assert_eq!(bob.get("/api/tools").await.expect(200).json(), json!({"tools": []}));
        assert_eq!(Script::with_token(&app.base, "").get("/api/tools").await.code(), (401, "unauthorized".into()));
    }

    async fn a_person_s_own_call_is_their_decision_and_runs_once(backend) {
        let (app, person, script, hold) = counting(backend, &[]).await;
        let args = "{ \"content\" : \"One\",\"path\":\"one.txt\" }";
        let body = format!("{{\"name\":\"write_file\",\"args\":{args}}}");
        let answer = script.call(Method::POST, "/api/mcp/tools/call", Some(&body), &[]).await.expect(200);
        let ran = answer.json();
        assert!(answer.text.contains(&format!("\"arguments\":{args},")), "to the letter: {}", answer.text);
        assert_eq!((&ran["name"], &ran["server"]), (&json!("write_file"), &json!("sayso")));
        assert_eq!(ran["state"], "succeeded");
        assert!(ran["result"].as_str().is_some_and(|told| !told.is_empty()), "{ran}");
        assert!(ran.get("error_code").is_none(), "{ran}");
        assert_eq!(answer.header("x-chat-session-id"), ran["conversation_id"].as_str());
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        assert_eq!((app.file("one.txt").as_deref(), hold.runs()), (Some("One"), 1));
        // Written down as what it was, with the digest of exactly what ran.
        let digest = ran["digest"].as_str().unwrap();
        let sql = format!("SELECT action, details FROM audit_rows WHERE digest = '{digest}' ORDER BY number");
        let audit = app.query(&sql);
        assert_eq!(audit, "tool_approved|direct\ntool_run|\ntool_ended|succeeded");
        assert!(app.run(&["audit", "verify"], None).status.success());
        assert_eq!(app.query("SELECT state, model_calls FROM turns"), "completed|0");
        assert_eq!(app.query("SELECT count(*) FROM model_calls"), "0", "a model was asked");
        // From a page with its token, and by a token that may decide.
        let csrf = person.get("/conversations").await.csrf();
        let headers = [("content-type", "application/json"), ("x-csrf-token", csrf.as_str()), ("accept", "")];
        let body = write("two.txt", "Two").to_string();
        let page = person.request(Method::POST, "/api/mcp/tools/call", Some(body), &headers).await;
        assert_eq!(page.status, 200, "{}", page.html);
        let decides = with_scopes(&person, &["decide"]).await;
        assert_eq!(call(&decides, &write("three.txt", "Three"), None).await.expect(200).json()["state"], "succeeded");
        let files = (app.file("two.txt"), app.file("three.txt"));
        assert_eq!((files, hold.runs()), ((Some("Two".into()), Some("Three".into())), 3));
        // Such conversations are no chats: not listed, and nothing is said in them.
        assert_eq!(script.get("/api/conversations").await.expect(200).json()["items"], json!([]));
        let id = ran["conversation_id"].as_str().unwrap();
        let said = script.post(&format!("/api/chat/{id}"), &json!({"message": "And now?"}), &[]).await;
        assert_eq!(said.code(), (409, "conflict".into()));
        let page = person.get(&format!("/conversations/{id}")).await;
        assert_eq!((page.status, page.tool_calls()[0].state.as_str()), (200, "succeeded"), "{}", page.text());
        assert!(page.forms("form#composer").is_empty(), "there is a message box");
        assert!(page.text().contains("Here a tool is called directly"), "{}", page.text());
        let file = person.get(&format!("/conversations/{id}/export?format=md")).await;
        assert!(file.html.contains("one.txt"), "{}", file.html);
    }

    async fn without_the_right_to_decide_it_waits_for_its_person(backend) {
        let (app, person, script, hold) = counting(backend, &[]).await;
        let agent = with_scopes(&person, &["tools"]).await;
        let waits = call(&agent, &write("one.txt", "One"), Some("k1")).await.expect(202).json();
        assert_eq!((&waits["state"], hold.runs()), (&json!("pending"), 0));
        assert_eq!(app.query("SELECT state FROM turns"), "awaiting_approval");
        // Several wait side by side.
        let other = call(&agent, &write("two.txt", "Two"), None).await.expect(202).json();
        let listed = script.get("/api/approvals").await.expect(200).json();
        assert_eq!(listed["items"].as_array().unwrap().len(), 2);
        assert_eq!(listed["items"][0]["digest"], waits["digest"]);
        // The token cannot say yes, and asking again is no yes either.
        assert_eq!(agent.decide(&waits, "approve").await.code(), (403, "forbidden".into()));
        let again = call(&agent, &write("one.txt", "One"), Some("k1")).await.expect(202).json();
        assert_eq!((&again["id"], &again["state"], hold.runs()), (&waits["id"], &json!("pending"), 0));
        script.decide(&other, "deny").await.expect(200);
        decides_on_the_page(&person, "Approve").await;
        let ran = eventually("it ran", async || {
            let now = call(&agent, &write("one.txt", "One"), Some("k1")).await;
            (now.status == 200).then(|| now.json())
        })
        .await;
        assert_eq!((&ran["id"], &ran["state"]), (&waits["id"], &json!("succeeded")));
        assert_eq!((app.file("one.txt").as_deref(), app.file("two.txt"), hold.runs()), (Some("One"), None, 1));
        query_becomes(&app, "SELECT count(*) FROM turns WHERE state = 'completed'", "2").await;
        assert_eq!(app.query("SELECT count(*) FROM model_calls"), "0", "a model was asked");
    }

    async fn what_waits_for_a_person_does_not_drown(backend) {
        let (app, person, script, hold) = counting(backend, &[("RATE_MESSAGES", "1000/min")]).await;
        let agent = with_scopes(&person, &["tools", "chat"]).await;
        for n in 0..50 {
            call(&agent, &write(&format!("{n}.txt"), "x"), None).await.expect(202);
        }
        for _ in 0..2 {
            assert_eq!(call(&agent, &write("more.txt", "x"), None).await.code(), (429, "rate_limited".into()));
        }
        let named = json!({"message": "Please", "toolName": "list_files", "toolArgs": {}});
        assert_eq!(agent.post("/api/chat", &named, &[]).await.code(), (429, "rate_limited".into()));
        // The person's own call waits for nobody.
        call(&script, &write("own.txt", "x"), None).await.expect(200);
        let first = script.get("/api/approvals").await.expect(200).json()["items"][0].clone();
        script.decide(&first, "deny").await.expect(200);
        call(&agent, &write("more.txt", "x"), None).await.expect(202);
        assert_eq!((hold.runs(), app.query("SELECT count(*) FROM tool_calls")), (1, "52".into()));
    }

    async fn the_same_key_never_runs_twice(backend) {
        let (app, _, script, hold) = counting(backend, &[]).await;
        let body = write("one.txt", "One");
        let once = || call(&script, &body, Some("k"));
        let (first, second, third) = tokio::join!(once(), once(), once());
        let first = first.expect(200).json();
        for same in [second, third, call(&script, &body, Some("k")).await] {
            let same = same.expect(200).json();
            assert_eq!((&same["id"], &same["state"]), (&first["id"], &json!("succeeded")));
        }
        assert_eq!((hold.runs(), app.query("SELECT count(*) FROM conversations")), (1, "1".into()));
        // A key is that of one call, and one of a message is none of a call.
        for other in [write("other.txt", "One"), write("one.txt", "Other"), json!({"name": "list_files", "args": {}})] {
            assert_eq!(call(&script, &other, Some("k")).await.code(), (409, "conflict".into()), "{other}");
        }
        script.post("/api/chat", &json!({"message": "Hello"}), &[("idempotency-key", "said")]).await.expect(200);
        assert_eq!(call(&script, &body, Some("said")).await.code(), (409, "conflict".into()));
        assert_eq!(hold.runs(), 1);
    }

    async fn what_cannot_be_is_refused_with_its_code_and_leaves_nothing(backend) {
        let (app, _, script, hold) = counting(backend, &[]).await;
        for (body, status, code) in [
            (write("../one.txt", "One"), 422, "invalid_path"),
            (json!({"name": "fetch_url", "args": {"url": "nonsense"}}), 422, "tool_error"),
            (json!({"name": "records_find", "args": {"collection": "nothing"}}), 422, "tool_error"),
            (json!({"name": "no_such_tool", "args": {}}), 403, "tool_not_allowed"),
            (json!({"name": "x".repeat(5000), "args": {}}), 403, "tool_not_allowed"),
            (json!({"name": "write_file", "args": {"path": "one.txt"}}), 422, "invalid_payload"),
            (json!({"name": "write_file"}), 422, "invalid_payload"),
            (json!({"name": "write_file", "args": [1]}), 422, "invalid_payload"),
            (json!({"name": "write_file", "args": "{}"}), 422, "invalid_payload"),
            (json!({"args": {}}), 422, "invalid_payload"),
            (json!({"name": "write_file", "args": {}, "approved": true}), 422, "invalid_payload"),
        ] {
            assert_eq!(call(&script, &body, None).await.code(), (status, code.to_owned()), "{body}");
            let Value::Object(fields) = &body else { unreachable!() };
            if let (Some(name), false) = (fields.get("name"), fields.contains_key("approved")) {
                let mut said = json!({"message": "Do", "toolName": name});
                said.as_object_mut().unwrap().extend(fields.get("args").map(|args| ("toolArgs".into(), args.clone())));
                assert_eq!(script.post("/api/chat", &said, &[]).await.code(), (status, code.to_owned()), "{said}");
            }
        }
        let twice = r#"{"name":"write_file","args":{"path":"a.txt","path":"b.txt","content":""}}"#;
        let refused = script.call(Method::POST, "/api/mcp/tools/call", Some(twice), &[]).await;
        assert_eq!(refused.code(), (422, "invalid_payload".into()));
        let words = call(&script, &write("../one.txt", "One"), None).await.json();
        assert!(words["error"]["detail"].as_str().is_some_and(|detail| !detail.is_empty()), "{words}");
        let alone = script.post("/api/chat", &json!({"message": "Do", "toolArgs": {}}), &[]).await;
        assert_eq!(alone.code(), (422, "invalid_payload".into()));
        assert_eq!((hold.runs(), app.query("SELECT count(*) FROM conversations")), (0, "0".into()));
    }

    async fn limits_hold_for_calls_too(backend) {
        let rates = [("RATE_TOOLS", "2/hour"), ("TURNS_PER_PERSON", "1")];
        let settings = [rates, [("TOOL_TIMEOUT", "1"), ("SCRIPT_SECONDS", "100")]].concat();
        let (app, person, script, hold) = counting(backend, &settings).await;
        let run = |code: &str| json!({"name": "run_js", "args": {"code": code}});
        let failed = call(&script, &run("throw new Error('so it is')"), None).await.expect(200).json();
        assert_eq!((&failed["state"], &failed["error_code"]), (&json!("failed"), &json!("tool_error")), "{failed}");
        let late = call(&script, &run("for (;;) {}"), None).await.expect(200).json();
        assert_eq!((&late["state"], &late["error_code"]), (&json!("failed"), &json!("tool_timeout")), "{late}");
        let often = call(&script, &run("1"), None).await.expect(200).json();
        assert_eq!((&often["state"], &often["error_code"]), (&json!("failed"), &json!("rate_limited")), "{often}");
        // One turn at a time; what only waits is none.
        hold.close();
        let body = write("one.txt", "One");
        let (held, refused) = tokio::join!(call(&script, &body, None), async {
            hold.reached().await;
            let refused = call(&script, &run("1"), None).await;
            hold.open();
            refused
        });
        assert_eq!(refused.code(), (429, "rate_limited".into()));
        assert!(matches!(held.expect(200).json()["state"].as_str(), Some("succeeded" | "failed" | "outcome_unknown")));
        let agent = with_scopes(&person, &["tools"]).await;
        call(&agent, &write("two.txt", "Two"), None).await.expect(202);
        call(&agent, &write("three.txt", "Three"), None).await.expect(202);
        assert_eq!(app.query("SELECT count(*) FROM tool_calls WHERE state = 'pending'"), "2");
    }

    async fn messages_and_calls_share_one_rate(backend) {
        let (_app, _, script, hold) = counting(backend, &[("RATE_MESSAGES", "2/hour")]).await;
        call(&script, &write("one.txt", "One"), None).await.expect(200);
        script.post("/api/chat", &json!({"message": "Hello"}), &[]).await.expect(200);
        assert_eq!(call(&script, &write("two.txt", "Two"), None).await.code(), (429, "rate_limited".into()));
        assert_eq!(hold.runs(), 1);
    }

    async fn a_caller_who_goes_away_ends_no_call(backend) {
        let (app, _, script, hold) = counting(backend, &[]).await;
        hold.close();
        let body = write("one.txt", "One").to_string();
        let asked = script.open(Method::POST, "/api/mcp/tools/call", Some(&body), &[]);
        tokio::select! {
            _ = asked => panic!("it answered before it ran"),
            () = hold.reached() => {}
        }
        hold.open();
        eventually("it is written", async || app.file("one.txt")).await;
        query_becomes(&app, "SELECT state FROM tool_calls", "succeeded").await;
        query_becomes(&app, "SELECT state FROM turns", "completed").await;
    }

    /// Killed in the middle of a call: nobody knows whether it took effect, and its person says what becomes of it.
    async fn a_call_that_a_crash_cut_short_is_decided_by_its_person(backend) {
        let (mut app, person, script, hold) = counting(backend, &[]).await;
        hold.close();
        let body = write("one.txt", "One");
        tokio::select! {
            _ = call(&script, &body, Some("k")) => panic!("it answered before it ran"),
            () = hold.reached() => {}
        }
        app.kill9();
        hold.open();
        app.launch();
        query_becomes(&app, "SELECT state FROM tool_calls", "outcome_unknown").await;
        let unknown = call(&script, &body, Some("k")).await.expect(200).json();
        assert_eq!((&unknown["state"], &unknown["error_code"]), (&json!("outcome_unknown"), &json!("outcome_unknown")));
        assert_eq!(hold.runs(), 1);
        let page = person.get("/approvals").await;
        assert!(page.text().contains("one.txt"), "{}", page.text());
        script.decide(&unknown, "run_again").await.expect(200);
        decides_on_the_page(&person, "Approve").await;
        query_becomes(&app, "SELECT state FROM turns", "completed").await;
        let again = call(&script, &body, Some("k")).await.expect(200).json();
        assert_eq!((&again["state"], again["id"] == unknown["id"]), (&json!("succeeded"), false));
        assert_eq!((app.file("one.txt").as_deref(), hold.runs()), (Some("One"), 2));
    }

    async fn a_tool_that_is_named_with_a_message_runs_first_and_the_model_is_told(backend) {
        let replies = [("end", Reply::text("It is written."))];
        let Some(replay) = Replay::playing(&replies, &[]) else { return };
        let (app, person, script, hold) = counting(backend, &replay.settings("anthropic/end")).await;
        let args = json!({"path": "one.txt", "content": "One"});
        let body = json!({"message": "What now?", "toolName": "write_file", "toolArgs": args});
        let turn = script.post("/api/chat", &body, &[("idempotency-key", "k")]).await.expect(200).json();
        assert_eq!((&turn["turn"]["state"], &turn["message"]["text"]), (&json!("completed"), &json!("It is written.")));
        let ran = &turn["tool_calls"][0];
        assert_eq!((&ran["state"], &ran["arguments"]), (&json!("succeeded"), &args));
        assert_eq!((app.file("one.txt").as_deref(), hold.runs()), (Some("One"), 1));
        let result = turn["tool_calls"][0]["result"].as_str().unwrap();
        let id = turn["tool_calls"][0]["id"].as_str().unwrap();
        // The model is asked once, with words in the person's own message and no call that it never made.
        assert_eq!(replay.rounds().len(), 1);
        let asked = replay.rounds()[0]["messages"].clone();
        assert_eq!(asked.as_array().unwrap().len(), 1, "{asked}");
        assert_eq!(asked[0]["role"], "user");
        let words: String =
            asked[0]["content"].as_array().unwrap().iter().map(|block| block["text"].as_str().unwrap()).collect();
        assert!(words.contains(&format!("{id}\n{result}\n{id}")) && words.ends_with("What now?"), "{words}");
        assert_eq!(app.query("SELECT model_calls FROM turns"), "1");
        // It is kept: the person's message, the result, the reply; and the page shows the call.
        let chat = turn["conversation_id"].as_str().unwrap();
        let kept = script.get(&format!("/api/conversations/{chat}/messages")).await.expect(200).json();
        let mut roles: Vec<_> = kept["items"].as_array().unwrap().iter().map(|said| said["role"].clone()).collect();
        roles.sort_by_key(|role| role.as_str().map(str::to_owned));
        assert_eq!(roles, ["assistant", "tool", "user"]);
        let page = person.get(&format!("/conversations/{chat}")).await;
        assert_eq!(page.tool_calls()[0].state, "succeeded", "{}", page.text());
        // The same key is the same turn; nothing runs again.
        let same = script.post("/api/chat", &body, &[("idempotency-key", "k")]).await.expect(200).json();
        assert_eq!((&same["turn"]["id"], hold.runs()), (&turn["turn"]["id"], 1));
        // What failed is told as that.
        let args = json!({"code": "throw new Error('so it is')"});
        let body = json!({"message": "And?", "toolName": "run_js", "toolArgs": args});
        let turn = script.post(&format!("/api/chat/{chat}"), &body, &[]).await.expect(200).json();
        assert_eq!((&turn["tool_calls"][0]["state"], &turn["turn"]["state"]), (&json!("failed"), &json!("completed")));
        let asked = replay.rounds()[1]["messages"].as_array().unwrap().last().unwrap().to_string();
        assert!(asked.contains("so it is") && asked.contains("Nothing came of it"), "{asked}");
    }

    async fn streams_tell_of_the_named_tool_first(backend) {
        let Some(replay) = Replay::playing(&[("end", Reply::text("It is written."))], &[]) else { return };
        let (_app, person, script, _hold) = counting(backend, &replay.settings("anthropic/end")).await;
        let args = json!({"path": "one.txt", "content": "One"});
        let body = json!({"message": "And?", "toolName": "write_file", "toolArgs": args});
        let mut events = script.stream("/api/chat", &body).await;
        let conversation = events.conversation();
        let told = events.all().await;
        let kinds: Vec<_> = told.iter().map(|event| event.kind.as_str()).collect();
        let asked = ["message", "status", "tool_request", "tool_decision", "status", "tool_chunk", "tool_result"];
        let first = [&asked[..], &["message", "message", "delta"]].concat();
        assert_eq!(kinds[..first.len()], first, "{kinds:?}");
        assert_eq!((&told[0].data["role"], &told[7].data["role"]), (&json!("user"), &json!("tool")));
        assert_eq!((&told[3].data["state"], &told[6].data["state"]), (&json!("approved"), &json!("succeeded")));
        assert_eq!(SentEvent::text(&told, "delta"), "It is written.");
        assert_eq!(told.last().unwrap().data["turn"]["state"], "completed");
        // Read again from its beginning, it is the same.
        let again = script.follow(&conversation, Some(&told[0].id)).await.all().await;
        assert_eq!(SentEvent::course(&again), SentEvent::course(&told[1..]));
        // Of one that waits, its request, and then that it waits.
        let chats = with_scopes(&person, &["chat"]).await;
        let told = chats.stream("/api/chat", &body).await.all().await;
        let kinds: Vec<_> = told.iter().map(|event| event.kind.as_str()).collect();
        assert_eq!(kinds, ["message", "status", "tool_request", "status", "done"]);
        assert_eq!(told[4].data["turn"]["state"], "awaiting_approval");
    }

    async fn a_named_tool_waits_without_the_right_and_the_turn_goes_on_after_the_decision(backend) {
        let Some(replay) = Replay::playing(&[("end", Reply::text("As you say."))], &[]) else { return };
        let (app, person, _, hold) = counting(backend, &replay.settings("anthropic/end")).await;
        let chats = with_scopes(&person, &["chat"]).await;
        let decisions = [("Approve", "succeeded", "What it answered"), ("Deny", "denied", "refused this request")];
        for (n, (button, state, told)) in decisions.into_iter().enumerate() {
            let args = json!({"path": format!("{button}.txt"), "content": "One"});
            let body = json!({"message": "And?", "toolName": "write_file", "toolArgs": args});
            let turn = chats.post("/api/chat", &body, &[]).await.expect(200).json();
            assert_eq!((&turn["turn"]["state"], &turn["message"]), (&json!("awaiting_approval"), &Value::Null));
            assert_eq!((&turn["tool_calls"][0]["state"], replay.rounds().len()), (&json!("pending"), n));
            decides_on_the_page(&person, button).await;
            let sql = format!("SELECT state FROM turns WHERE id = '{}'", turn["turn"]["id"].as_str().unwrap());
            query_becomes(&app, &sql, "completed").await;
            let id = turn["tool_calls"][0]["id"].as_str().unwrap();
            let sql = format!("SELECT state FROM tool_calls WHERE id = '{id}'");
            assert_eq!((app.query(&sql).as_str(), hold.runs()), (state, 1));
            assert!(replay.rounds()[n].to_string().contains(told), "{}", replay.rounds()[n]);
        }
        // A token that may decide as well needs nobody.
        let both = with_scopes(&person, &["chat", "decide"]).await;
        let args = json!({"path": "b.txt", "content": "B"});
        let body = json!({"message": "And?", "toolName": "write_file", "toolArgs": args});
        let turn = both.post("/api/chat", &body, &[]).await.expect(200).json();
        assert_eq!((&turn["turn"]["state"], hold.runs()), (&json!("completed"), 2));
    }

    async fn a_named_tool_that_a_crash_cut_short_never_runs_twice(backend) {
        let Some(replay) = Replay::playing(&[("end", Reply::text("As you say."))], &[]) else { return };
        let (mut app, _, script, hold) = counting(backend, &replay.settings("anthropic/end")).await;
        hold.close();
        let args = json!({"path": "one.txt", "content": "One"});
        let body = json!({"message": "And?", "toolName": "write_file", "toolArgs": args});
        tokio::select! {
            _ = script.post("/api/chat", &body, &[]) => panic!("it answered before it ran"),
            () = hold.reached() => {}
        }
        app.kill9();
        hold.open();
        app.launch();
        query_becomes(&app, "SELECT state FROM turns", "interrupted").await;
        assert_eq!((app.query("SELECT state FROM tool_calls"), replay.rounds().len()), ("outcome_unknown".into(), 0));
        let waits = script.get("/api/approvals").await.expect(200).json()["items"][0].clone();
        script.decide(&waits, "report").await.expect(200);
        query_becomes(&app, "SELECT state FROM turns", "completed").await;
        assert_eq!((hold.runs(), replay.rounds().len()), (1, 1));
        let asked = replay.rounds()[0].to_string();
        assert!(asked.contains("The server went away while this ran."), "{asked}");
    }
}
