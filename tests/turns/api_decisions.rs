//! Say-so by the API: on exactly what was shown, once, and nothing runs without.

use serde_json::{Value, json};

use crate::{
    WISH, both,
    support::{App, Person, Replay, Reply, Script, SentEvent, eventually},
};

async fn asked(script: &Script) -> (String, Value) {
    let turn = script.post("/api/chat", &json!({"message": WISH}), &[]).await.expect(200).json();
    assert_eq!(turn["turn"]["state"], "awaiting_approval", "{turn}");
    (turn["conversation_id"].as_str().unwrap().to_owned(), turn["tool_calls"][0].clone())
}

async fn state(script: &Script) -> String {
    let now = script.get("/api/session").await.expect(200).json();
    now["conversation"]["turn"]["state"].as_str().unwrap().to_owned()
}

async fn becomes(script: &Script, expected: &str) {
    eventually(expected, async || (state(script).await == expected).then_some(())).await;
}

fn path(call: &Value) -> String {
    format!("/api/tool-calls/{}/decision", call["id"].as_str().unwrap())
}

both! {
    async fn an_approved_call_runs_once_and_the_turn_goes_on(backend) {
        let (app, _) = App::ready(backend, &[]).await;
        let script = Script::first(&app.base).await;
        let (conversation, call) = asked(&script).await;
        let mut events = script.follow(&conversation, None).await;
        let decided = script.decide(&call, "approve").await.expect(200).json();
        assert_eq!((&decided["id"], &decided["state"]), (&call["id"], &json!("approved")));
        let told = events.all().await;
        let kinds: Vec<_> = told.iter().map(|event| event.kind.as_str()).collect();
        assert_eq!(kinds[..2], ["tool_decision", "status"], "{kinds:?}");
        assert_eq!(told[0].data, json!({"id": call["id"], "state": "approved"}));
        let result = told.iter().find(|event| event.kind == "tool_result").unwrap();
        assert_eq!((&result.data["id"], &result.data["state"]), (&call["id"], &json!("succeeded")));
        assert_eq!(told.last().unwrap().data["turn"]["state"], "completed");
        assert!(!SentEvent::text(&told, "delta").is_empty());
        assert_eq!(app.file("notes/hello.txt").as_deref(), Some("Hello world"));
        // A second one comes too late, and is told how it stands.
        let late = script.decide(&call, "approve").await;
        assert_eq!(late.code(), (409, "conflict".into()));
        assert_eq!(late.json()["error"]["detail"], "succeeded");
    }

    async fn whoever_comes_after_a_decision_is_told_all_of_it_and_what_was_true(backend) {
        let (asks, end) = (Reply::text("First.").and_tool("list_files", json!({})), Reply::text("Second."));
        let scripts = [("two", &["anthropic/asks", "anthropic/end"][..])];
        let Some(replay) = Replay::playing(&[("asks", asks), ("end", end)], &scripts) else { return };
        let (app, _) = App::ready(backend, &replay.settings("script:two.json")).await;
        let script = Script::first(&app.base).await;
        let key = [("idempotency-key", "once")];
        let mut stream = script.say("/api/chat", "Please", &key).await;
        let before = stream.all().await;
        assert_eq!(before.last().unwrap().data["turn"]["state"], "awaiting_approval");
        let waits = script.get("/api/approvals").await.expect(200).json()["items"][0].clone();
        script.decide(&waits, "approve").await.expect(200);
        becomes(&script, "completed").await;
        let text = script.post("/api/chat", &json!({"message": "Please"}), &[key[0], ("accept", "text/plain")]).await;
        assert_eq!(text.expect(200).text, "First.\n\nSecond.");
        // Events end where they ended, and say what was true there; what came then follows.
        let again = script.say("/api/chat", "Please", &key).await.all().await;
        let resumed = script.follow(&stream.conversation(), Some(&before[0].id)).await.all().await;
        assert_eq!(SentEvent::course(&again), SentEvent::course(&before));
        assert_eq!(SentEvent::course(&resumed), SentEvent::course(&before[1..]));
        for told in [&before, &again, &resumed] {
            assert_eq!(told.last().unwrap().data, before.last().unwrap().data);
        }
        let rest = script.follow(&stream.conversation(), Some(&resumed.last().unwrap().id)).await.all().await;
        assert_eq!(SentEvent::text(&rest, "delta"), "Second.");
        assert_eq!(rest.last().unwrap().data["turn"]["state"], "completed");
        assert!(rest.last().unwrap().data["history"].to_string().contains("Second."));
    }

    async fn a_denial_reaches_the_model_with_its_reason(backend) {
        let replies = [("asks", Reply::write_file("a.txt", "A")), ("end", Reply::text("As you wish."))];
        let Some(replay) = Replay::playing(&replies, &[("two", &["anthropic/asks", "anthropic/end"])]) else { return };
        let (app, _) = App::ready(backend, &replay.settings("script:two.json")).await;
        let script = Script::first(&app.base).await;
        let turn = script.post("/api/chat", &json!({"message": "Please"}), &[]).await.expect(200).json();
        let call = &turn["tool_calls"][0];
        let body = json!({"decision": "deny", "digest": call["digest"], "reason": "not there, please"});
        let denied = script.post(&path(call), &body, &[]).await.expect(200).json();
        assert_eq!((&denied["state"], &denied["reason"]), (&json!("denied"), &json!("not there, please")));
        becomes(&script, "completed").await;
        assert!(replay.rounds()[1].to_string().contains("not there, please"));
        assert_eq!(app.file("a.txt"), None);
    }

    async fn nothing_runs_without_a_decision_on_what_runs(backend) {
        let (app, _) = App::ready(backend, &[]).await;
        let script = Script::first(&app.base).await;
        let (conversation, call) = asked(&script).await;
        let digest = call["digest"].as_str().unwrap();
        let other = digest.chars().rev().collect::<String>();
        for (body, code) in [
            (json!({"decision": "approve"}), (422, "invalid_payload")),
            (json!({"decision": "approve", "digest": ""}), (409, "conflict")),
            (json!({"decision": "approve", "digest": other}), (409, "conflict")),
            (json!({"decision": "approve", "digest": null}), (422, "invalid_payload")),
            (json!({"decision": "yes", "digest": digest}), (422, "invalid_payload")),
            (json!({"decision": "run_again", "digest": digest}), (409, "conflict")),
            (json!({"decision": "approve", "digest": digest, "force": true}), (422, "invalid_payload")),
            (json!({"decision": "approve", "digest": digest, "arguments": [1]}), (422, "invalid_payload")),
            (json!({"decision": "approve", "digest": digest, "arguments": "{"}), (422, "invalid_payload")),
            (json!({"decision": "approve", "digest": digest, "remember": "for ever"}), (422, "invalid_payload")),
        ] {
            let told = script.post(&path(&call), &body, &[]).await;
            assert_eq!(told.code(), (code.0, code.1.to_owned()), "{body}");
        }
        // Nobody else decides, and no page's cookie alone.
        app.stranger().await;
        let eve = Script::sign_in(&app.base, ("eve@example.org", Person::FIRST.1)).await;
        assert_eq!(eve.decide(&call, "approve").await.code(), (404, "not_found".into()));
        let bob = app.person("bob@example.org", &app.tenant(), "admin").await;
        let bobs = Script::sign_in(&app.base, ("bob@example.org", Person::FIRST.1)).await;
        assert_eq!(bobs.decide(&call, "approve").await.code(), (404, "not_found".into()));
        let body = json!({"decision": "approve", "digest": digest}).to_string();
        let json = [("content-type", "application/json")];
        let refused = bob.request(reqwest::Method::POST, &path(&call), Some(body), &json).await;
        assert_eq!(refused.status, 403);
        // A message is none, and neither is naming the tool.
        let path = format!("/api/chat/{conversation}");
        let told = script.post(&path, &json!({"message": "Just do it"}), &[]).await;
        assert_eq!(told.code(), (409, "conflict".into()));
        assert_eq!(state(&script).await, "awaiting_approval");
        assert_eq!((app.files(), app.query("SELECT count(*) FROM tool_calls WHERE started_at IS NOT NULL")), (vec![], "0".into()));
    }

    async fn changed_arguments_run_to_the_letter_or_are_shown_again(backend) {
        let (app, _) = App::ready(backend, &[]).await;
        let script = Script::first(&app.base).await;
        let (_, call) = asked(&script).await;
        // Another path is looked at first.
        let elsewhere = json!({"path": "b.txt", "content": "Hello world"});
        let body = json!({"decision": "approve", "digest": call["digest"], "arguments": elsewhere});
        let again = script.post(&path(&call), &body, &[]).await.expect(200).json();
        assert_eq!((&again["state"], &again["arguments"]), (&json!("pending"), &elsewhere));
        assert_ne!(again["digest"], call["digest"]);
        assert_eq!(script.decide(&call, "approve").await.code(), (409, "conflict".into()));
        // The same path with other words runs as it was written, every blank of it.
        let text = "{ \"content\" : \"Bye\",\"path\":\"b.txt\" }";
        let body = format!("{{\"decision\":\"approve\",\"digest\":{},\"arguments\":{text}}}", again["digest"]);
        let run = script.call(reqwest::Method::POST, &path(&call), Some(&body), &[]).await.expect(200);
        assert!(run.text.contains(&format!("\"arguments\":{text},")), "{}", run.text);
        becomes(&script, "completed").await;
        assert_eq!((app.file("b.txt").as_deref(), app.file("notes/hello.txt")), (Some("Bye"), None));
    }

    async fn what_is_remembered_runs_without_asking(backend) {
        let (app, _) = App::ready(backend, &[]).await;
        let script = Script::first(&app.base).await;
        let (conversation, call) = asked(&script).await;
        let body = json!({"decision": "approve", "digest": call["digest"], "remember": "count=2 for=1h scope=conversation"});
        script.post(&path(&call), &body, &[]).await.expect(200);
        becomes(&script, "completed").await;
        let events = script.say(&format!("/api/chat/{conversation}"), WISH, &[]).await.all().await;
        let decision = events.iter().find(|event| event.kind == "tool_decision").unwrap();
        assert_eq!(decision.data["state"], "approved");
        assert_eq!(events.last().unwrap().data["turn"]["state"], "completed");
        assert_eq!(app.query("SELECT count(*) FROM tool_calls WHERE state = 'succeeded'"), "2");
    }
}
