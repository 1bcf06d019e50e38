//! `/api/chat` in its three forms.

use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    WISH, both, long_text,
    support::{App, Person, Replay, Reply, Script, SentEvent, eventually},
};

async fn begun(backend: crate::support::Backend, settings: &[(&str, &str)]) -> (App, Person, Script) {
    let (app, person) = App::ready(backend, settings).await;
    let script = Script::first(&app.base).await;
    (app, person, script)
}

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap_or_else(|| panic!("{value}")).keys().map(String::as_str).collect()
}

both! {
    async fn json_waits_for_the_end_and_has_the_contracts_shape(backend) {
        let Some(replay) = Replay::playing(&[("short", Reply::text("Here you are."))], &[]) else { return };
        let (app, person, script) = begun(backend, &replay.settings("anthropic/short")).await;
        for accept in [None, Some("*/*"), Some("application/json"), Some("text/plain;q=0.1, application/json")] {
            let headers: Vec<_> = accept.map(|accept| ("accept", accept)).into_iter().collect();
            let answer = script.post("/api/chat", &json!({"message": "Please"}), &headers).await.expect(200);
            let turn = answer.json();
            assert_eq!(keys(&turn), ["conversation_id", "turn", "message", "tool_calls", "usage"]);
            assert_eq!(answer.header("x-chat-session-id"), turn["conversation_id"].as_str());
            assert_eq!(answer.header("cache-control"), Some("no-store"));
            assert_eq!((keys(&turn["turn"]), &turn["turn"]["state"]), (vec!["id", "state"], &json!("completed")));
            let message = &turn["message"];
            let expected = ["id", "role", "text", "content", "provider", "model", "stop_reason", "usage", "created_at"];
            assert_eq!(keys(message), expected);
            assert_eq!((&message["role"], &message["text"]), (&json!("assistant"), &json!("Here you are.")));
            assert_eq!(message["content"], json!([{"type": "text", "text": "Here you are."}]));
            assert_eq!(turn["tool_calls"], json!([]));
            assert_eq!(keys(&turn["usage"]), ["input_tokens", "output_tokens", "requests", "credits"]);
            assert_eq!((&turn["usage"]["requests"], &turn["usage"]["output_tokens"]), (&json!(1), &json!(40)));
            assert!(turn["usage"]["credits"].is_number(), "{turn}");
        }
        // It goes on in the same conversation, which the page shows too.
        let session = script.get("/api/session").await.expect(200).json();
        let id = session["conversation"]["id"].as_str().unwrap();
        let again = script.post(&format!("/api/chat/{id}"), &json!({"message": "More"}), &[]).await.expect(200).json();
        assert_eq!(again["conversation_id"], json!(id));
        let session = script.get("/api/session").await.expect(200).json();
        assert_eq!(keys(&session), ["conversation", "messages"]);
        let parts = ["id", "title", "provider", "model", "created_at", "updated_at", "turn"];
        assert_eq!(keys(&session["conversation"]), parts);
        let said: Vec<_> = session["messages"].as_array().unwrap().iter().map(|said| said["text"].clone()).collect();
        assert_eq!(said, ["Please", "Here you are.", "More", "Here you are."]);
        assert!(person.get(&format!("/conversations/{id}")).await.replies().contains("Here you are."));
        drop(app);
    }

    async fn text_is_the_reply_alone(backend) {
        let text = long_text();
        let Some(replay) = Replay::playing(&[("long", Reply::text(&text))], &[]) else { return };
        let (_app, _, script) = begun(backend, &replay.settings("anthropic/long@delay=5ms")).await;
        let body = json!({"message": "Much"}).to_string();
        let mut answer = script.open(Method::POST, "/api/chat", Some(&body), &[("accept", "text/plain")]).await;
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.headers()["content-type"], "text/plain; charset=utf-8");
        assert_eq!(answer.headers()["x-accel-buffering"], "no");
        assert!(answer.headers().contains_key("x-chat-session-id"));
        assert!(!answer.headers().contains_key("content-encoding"));
        let (mut came, mut pieces) = (String::new(), 0);
        while let Some(piece) = answer.chunk().await.unwrap() {
            came.push_str(std::str::from_utf8(&piece).unwrap());
            pieces += 1;
        }
        assert_eq!(came, text);
        // Some twelve in a second are read, however fast it comes.
        assert!(pieces > 8, "it came in {pieces} pieces");
    }

    async fn a_text_that_fails_is_cut_and_json_says_why(backend) {
        let text = long_text();
        let Some(replay) = Replay::playing(&[("long", Reply::text(&text))], &[]) else { return };
        let (_app, _, script) = begun(backend, &replay.settings("anthropic/long@cut=3000")).await;
        let body = json!({"message": "Much"}).to_string();
        let mut answer = script.open(Method::POST, "/api/chat", Some(&body), &[("accept", "text/plain")]).await;
        let mut came = Vec::new();
        let fault = loop {
            match answer.chunk().await {
                Ok(Some(piece)) => came.extend_from_slice(&piece),
                Ok(None) => panic!("it ended as if it were whole: {}", String::from_utf8_lossy(&came)),
                Err(fault) => break fault,
            }
        };
        let came = String::from_utf8(came).unwrap();
        assert!(!came.is_empty() && text.starts_with(&came), "{fault}: {came}");

        let failed = script.post("/api/chat", &json!({"message": "Again"}), &[]).await.expect(200).json();
        assert_eq!((keys(&failed["turn"]), &failed["turn"]["state"]), (vec!["id", "state", "error"], &json!("failed")));
        assert_eq!(failed["turn"]["error"]["code"], "provider_interrupted", "{failed}");
        assert!(failed["turn"]["error"]["message"].as_str().is_some_and(|words| words.contains("broke off")));
        assert!(text.starts_with(failed["message"]["text"].as_str().unwrap()), "{failed}");

        let events = script.say("/api/chat", "Once more", &[]).await.all().await;
        let kinds: Vec<_> = events.iter().rev().take(3).map(|event| event.kind.as_str()).collect();
        assert_eq!(kinds, ["done", "error", "status"]);
        assert_eq!(events[events.len() - 2].data["code"], "provider_interrupted");
        assert_eq!(events[events.len() - 1].data["turn"]["state"], "failed");
    }

    async fn a_caller_who_goes_away_ends_nothing(backend) {
        let text = long_text();
        let Some(replay) = Replay::playing(&[("long", Reply::text(&text))], &[]) else { return };
        let (_app, _, script) = begun(backend, &replay.settings("anthropic/long@delay=10ms")).await;
        for accept in ["application/json", "text/event-stream", "text/plain"] {
            let body = json!({"message": accept}).to_string();
            let headers = [("accept", accept)];
            let asked = script.open(Method::POST, "/api/chat", Some(&body), &headers);
            // Long enough for the message to be stored, and too short for its reply.
            let left = tokio::time::timeout(std::time::Duration::from_millis(1500), asked).await;
            drop(left);
            let reply = eventually("the reply is whole", async || {
                let session = script.get("/api/session").await.expect(200).json();
                let is_this = session["messages"][0]["text"] == *accept;
                let last = session["messages"].as_array()?.last()?.clone();
                (is_this && session["conversation"]["turn"]["state"] == "completed").then_some(last)
            })
            .await;
            assert_eq!(reply["text"], json!(text), "{accept}");
        }
    }

    async fn the_same_key_gives_the_same_turn(backend) {
        let text = long_text();
        let Some(replay) = Replay::playing(&[("long", Reply::text(&text))], &[]) else { return };
        let (app, _, script) = begun(backend, &replay.settings("anthropic/long@delay=3ms")).await;
        let key = [("idempotency-key", "once-1")];
        let body = json!({"message": "Much"});
        let (one, other, events) = tokio::join!(
            script.post("/api/chat", &body, &key),
            script.post("/api/chat", &body, &key),
            async { script.say("/api/chat", "Much", &key).await.all().await },
        );
        let (one, other) = (one.expect(200).json(), other.expect(200).json());
        assert_eq!(one, other);
        assert_eq!(one["message"]["text"], json!(text));
        assert_eq!(events.last().unwrap().data["turn"], one["turn"]);
        assert_eq!(SentEvent::text(&events, "delta"), text);
        // Long after the end, streamed from its beginning.
        let later = script.say("/api/chat", "Much", &key).await.all().await;
        assert_eq!(SentEvent::course(&later), SentEvent::course(&events));
        let plain = script.post("/api/chat", &body, &[key[0], ("accept", "text/plain")]).await.expect(200);
        assert_eq!(plain.text, text);
        assert_eq!((replay.rounds().len(), app.query("SELECT count(*) FROM turns").as_str()), (1, "1"));
        for wrong in ["a b", "ü", &"x".repeat(101)] {
            let refused = script.post("/api/chat", &body, &[("idempotency-key", wrong)]).await;
            assert_eq!(refused.code(), (422, "invalid_payload".into()), "{wrong}");
        }
        // What is not the same is not taken for it: it would be lost without a word.
        let here = format!("/api/chat/{}", one["conversation_id"].as_str().unwrap());
        assert_eq!(script.post(&here, &body, &key).await.expect(200).json(), one);
        let elsewhere = script.post("/api/chat", &json!({"message": "Elsewhere"}), &[]).await.expect(200).json();
        let there = format!("/api/chat/{}", elsewhere["conversation_id"].as_str().unwrap());
        for (path, body) in [
            ("/api/chat", json!({"message": "Much more"})),
            (here.as_str(), json!({"message": "Much more"})),
            (there.as_str(), body.clone()),
            ("/api/chat", json!({"message": "Much", "toolName": "list_files", "toolArgs": {}})),
        ] {
            assert_eq!(script.post(path, &body, &key).await.code(), (409, "conflict".into()), "{path} {body}");
        }
        let call = script.post("/api/mcp/tools/call", &json!({"name": "list_files", "args": {}}), &key).await;
        assert_eq!(call.code(), (409, "conflict".into()));
        assert_eq!(app.query("SELECT count(*) FROM turns"), "2");
    }

    async fn a_right_that_ends_ends_the_waiting(backend) {
        let text = long_text();
        let Some(replay) = Replay::playing(&[("long", Reply::text(&text))], &[]) else { return };
        let (_app, _, script) = begun(backend, &replay.settings("anthropic/long@delay=60ms")).await;
        let waiting = script.clone();
        let answer = tokio::spawn(async move { waiting.post("/api/chat", &json!({"message": "Much"}), &[]).await });
        eventually("a turn that runs", async || {
            let now = script.get("/api/session").await.expect(200).json();
            (now["conversation"]["turn"]["state"] == "running").then_some(())
        })
        .await;
        script.call(Method::POST, "/api/auth/logout", None, &[]).await.expect(204);
        assert_eq!(answer.await.unwrap().code(), (401, "unauthorized".into()));
    }

    async fn what_cannot_be_is_refused_before_a_turn(backend) {
        let (app, person, script) = begun(backend, &[("RATE_MESSAGES", "3/min"), ("JSON_LIMIT", "2kb")]).await;
        let me = script.get("/api/auth/me").await.expect(200).json();
        let own = me["user"]["id"].as_str().unwrap().to_owned();
        let stranger = Script::with_token(&app.base, "sayso_wrong");
        let ask = async |body: &str, headers: &[(&str, &str)]| {
            script.call(Method::POST, "/api/chat", Some(body), headers).await.code()
        };
        for (body, code) in [
            ("", (400, "invalid_json")),
            ("{\"message\": \"a\"", (400, "invalid_json")),
            ("{}", (422, "invalid_payload")),
            ("[]", (422, "invalid_payload")),
            (r#"{"message": 1}"#, (422, "invalid_payload")),
            (r#"{"message": ""}"#, (422, "invalid_payload")),
            (r#"{"message": "a", "mesage": "b"}"#, (422, "invalid_payload")),
            (r#"{"message": "a", "provider": "nobody"}"#, (422, "invalid_payload")),
            (r#"{"message": "a", "model": "nothing-7"}"#, (422, "invalid_payload")),
        ] {
            // These do not count as messages unless they could be one.
            let told = ask(body, &[]).await;
            assert!(told == (code.0, code.1.to_owned()) || told.0 == 429, "{body}: {told:?}");
        }
        let fine = format!(r#"{{"message": "a", "userId": "{own}"}}"#);
        let foreign = format!(r#"{{"message": "a", "userId": "{}"}}"#, "0".repeat(36));
        assert_eq!(ask(&foreign, &[]).await, (403, "forbidden".into()));
        assert_eq!(ask(&fine, &[("accept", "text/html")]).await, (406, "not_acceptable".into()));
        assert_eq!(ask(&fine, &[("content-type", "text/plain")]).await, (422, "invalid_payload".into()));
        assert_eq!(ask(&format!(r#"{{"message": "{}"}}"#, "a".repeat(3000)), &[]).await, (413, "payload_too_large".into()));
        assert_eq!(stranger.post("/api/chat", &json!({"message": "a"}), &[]).await.code(), (401, "unauthorized".into()));
        let nowhere = ["/api/chat/x", "/api/chat/01900000-0000-7000-8000-000000000000"];
        for path in nowhere {
            let told = script.post(path, &json!({"message": "a"}), &[]).await;
            assert!(matches!(told.code().0, 404 | 429), "{}", told.text);
        }
        assert_eq!(app.query("SELECT count(*) FROM turns"), "0");
        // A cookie needs the token of its forms.
        let body = || Some(r#"{"message": "a"}"#.to_owned());
        let json = ("content-type", "application/json");
        let refused = person.request(Method::POST, "/api/chat", body(), &[json]).await;
        assert_eq!(refused.status, 403, "{}", refused.html);
        // And the rate of messages holds.
        let mut last = (200, String::new());
        for _ in 0..4 {
            let told = script.call(Method::POST, "/api/chat", Some(&fine), &[]).await;
            last = (told.status, told.text);
        }
        assert!(last.0 == 429 && last.1.contains("rate_limited"), "{last:?}");
    }

    async fn a_foreign_conversation_is_not_there(backend) {
        let (app, _, script) = begun(backend, &[]).await;
        let id = script.post("/api/chat", &json!({"message": "Hello"}), &[]).await.expect(200).json();
        let id = id["conversation_id"].as_str().unwrap().to_owned();
        app.stranger().await;
        let eve = Script::sign_in(&app.base, ("eve@example.org", Person::FIRST.1)).await;
        let not_found = (404, "not_found".to_owned());
        assert_eq!(eve.post(&format!("/api/chat/{id}"), &json!({"message": "a"}), &[]).await.code(), not_found);
        assert_eq!(eve.get(&format!("/api/chat/{id}/events")).await.code(), not_found);
        assert_eq!(eve.post(&format!("/api/chat/{id}/stop"), &json!({}), &[]).await.code(), not_found);
        let events = script.say(&format!("/api/chat/{id}"), "More", &[]).await.all().await;
        let place = &events[0].id;
        let other = eve.post("/api/chat", &json!({"message": "Mine"}), &[]).await.expect(200).json();
        let path = format!("/api/chat/{}/events", other["conversation_id"].as_str().unwrap());
        let told = eve.call(Method::GET, &path, None, &[("last-event-id", place)]).await;
        assert_eq!(told.code(), not_found);
        let told = eve.call(Method::GET, &path, None, &[("last-event-id", "nonsense")]).await;
        assert_eq!(told.code(), (422, "invalid_payload".into()));
        assert_eq!(eve.get("/api/session").await.json()["conversation"]["id"], other["conversation_id"]);
    }

    async fn a_turn_is_stopped(backend) {
        let text = long_text();
        let Some(replay) = Replay::playing(&[("long", Reply::text(&text))], &[]) else { return };
        let (_app, _, script) = begun(backend, &replay.settings("anthropic/long@delay=50ms")).await;
        let mut events = script.say("/api/chat", "Much", &[]).await;
        let mut told = events.until("delta").await;
        let path = format!("/api/chat/{}/stop", events.conversation());
        let answer = script.post(&path, &json!({}), &[]).await.expect(200).json();
        assert_eq!(keys(&answer), ["conversation_id", "turn"]);
        told.extend(events.all().await);
        assert_eq!(told.last().unwrap().data["turn"]["state"], "stopped");
        let came = SentEvent::text(&told, "delta");
        assert!(!came.is_empty() && came.len() < text.len() && text.starts_with(&came));
        let kept = told.last().unwrap().data["history"].as_array().unwrap().last().unwrap()["text"].clone();
        assert_eq!(kept, json!(came));
        // Nothing to stop: nothing happens.
        script.post(&path, &json!({}), &[]).await.expect(200);
    }

    async fn a_refusal_names_its_conversation_too(backend) {
        let (_app, _, script) = begun(backend, &[]).await;
        let waits = script.post("/api/chat", &json!({"message": WISH}), &[]).await.expect(200).json();
        let id = waits["conversation_id"].as_str().unwrap();
        for accept in ["application/json", "text/plain", "text/event-stream"] {
            let path = format!("/api/chat/{id}");
            let refused = script.post(&path, &json!({"message": "More"}), &[("accept", accept)]).await;
            assert_eq!(refused.code(), (409, "conflict".into()));
            assert_eq!(refused.header("x-chat-session-id"), Some(id));
        }
        let foreign = script.post(&format!("/api/chat/{}", uuid::Uuid::now_v7()), &json!({"message": "a"}), &[]).await;
        assert_eq!((foreign.status, foreign.header("x-chat-session-id")), (404, None));
    }

    async fn what_waits_is_answered_at_once_in_every_form(backend) {
        let (_app, _, script) = begun(backend, &[]).await;
        let turn = script.post("/api/chat", &json!({"message": WISH}), &[]).await.expect(200).json();
        assert_eq!(turn["turn"]["state"], "awaiting_approval");
        let call = &turn["tool_calls"][0];
        assert_eq!((&call["name"], &call["server"], &call["state"]), (&json!("write_file"), &json!("sayso"), &json!("pending")));
        assert_eq!(call["arguments"], json!({"path": "notes/hello.txt", "content": "Hello world"}));
        assert!(call["digest"].as_str().is_some_and(|digest| digest.len() == 64), "{call}");
        let events = script.say("/api/chat", WISH, &[]).await.all().await;
        let kinds: Vec<_> = events.iter().rev().take(3).map(|event| event.kind.as_str()).collect();
        assert_eq!(kinds, ["done", "status", "tool_request"]);
        assert_eq!(events[events.len() - 2].data, json!({"state": "awaiting_approval", "text": "Waiting for your approval"}));
        assert_eq!(events.last().unwrap().data["turn"]["state"], "awaiting_approval");
        let asked = &events[events.len() - 3].data;
        assert_eq!(keys(asked), ["id", "name", "server", "arguments", "digest"]);
        // The text ends; it is not cut.
        script.post("/api/chat", &json!({"message": WISH}), &[("accept", "text/plain")]).await.expect(200);
    }
}
