//! `/v1`: programs that speak OpenAI's form, through Sayso's limits. What the official client makes of it stands in
//! `openai_client.rs`.

use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    both, long_text,
    support::{App, Backend, Person, Replay, Reply, Script, eventually},
};

pub const COMPLETIONS: &str = "/v1/chat/completions";

pub async fn begun(backend: Backend, settings: &[(&str, &str)]) -> (App, Person, Script) {
    let (app, person) = App::ready(backend, settings).await;
    let script = Script::first(&app.base).await;
    (app, person, script)
}

/// A request of one message, with more.
fn asking(more: Value) -> Value {
    let mut body = json!({"model": "auto", "messages": [{"role": "user", "content": "Please"}]});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body
}

/// A token that the person makes.
async fn token(person: &Person, scopes: &[&str]) -> String {
    let page = person.get("/settings").await;
    let form = page.form_with("button", "Make a token").fill("name", "Editor").fill("lifetime", "30");
    let form = scopes.iter().fold(form, |form, scope| form.forge("scopes", scope));
    let page = person.submit(&form).await;
    page.expect(200);
    page.the("textbox", "Token").attribute("value").to_owned()
}

/// The events of a streamed answer; whether it ended with `[DONE]`.
fn events(text: &str) -> (Vec<Value>, bool) {
    let lines: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("data: ")).collect();
    let is_done = lines.last() == Some(&"[DONE]");
    let events = lines.iter().filter(|line| **line != "[DONE]").map(|line| serde_json::from_str(line).unwrap());
    (events.collect(), is_done)
}

/// The texts of one field of all deltas, joined.
fn joined(events: &[Value], field: &str) -> String {
    events.iter().filter_map(|event| event["choices"][0]["delta"][field].as_str()).collect()
}

/// Every call that was made, once nothing is open any more.
pub async fn billed(app: &App) -> String {
    eventually("every call is settled", async || {
        (app.query("SELECT count(*) FROM model_calls WHERE settled_at IS NULL") == "0").then_some(())
    })
    .await;
    app.query("SELECT purpose, input_tokens, output_tokens, error_code FROM model_calls ORDER BY created_at, id")
}

fn nothing_is_stored(app: &App) {
    for table in ["conversations", "turns", "messages", "tool_calls", "blobs"] {
        assert_eq!(app.query(&format!("SELECT count(*) FROM {table}")), "0", "{table}");
    }
}

both! {
    async fn an_answer_has_openais_form_whole_and_streamed(backend) {
        let text = "Words in pieces: ação, 你好, 🦀 and more of them.";
        let Some(replay) = Replay::playing(&[("said", Reply::text(text))], &[]) else { return };
        let (app, _, script) = begun(backend, &replay.settings("anthropic/said@delay=60ms")).await;
        let answer = script.post(COMPLETIONS, &asking(json!({"seed": 7, "user": "x"})), &[]).await.expect(200);
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        let whole = answer.json();
        assert!(whole["id"].as_str().unwrap().starts_with("chatcmpl-"), "{whole}");
        assert_eq!((&whole["object"], &whole["model"]), (&json!("chat.completion"), &json!("anthropic/replayed")));
        let choice = &whole["choices"][0];
        assert_eq!((&choice["message"]["content"], &choice["finish_reason"]), (&json!(text), &json!("stop")));
        assert_eq!(choice["message"]["role"], "assistant");
        let usage = json!({"prompt_tokens": 25, "completion_tokens": 40, "total_tokens": 65,
            "prompt_tokens_details": {"cached_tokens": 0}});
        assert_eq!(whole["usage"], usage);

        for with_usage in [false, true] {
            let more = json!({"stream": true, "stream_options": {"include_usage": with_usage}});
            let streamed = script.post(COMPLETIONS, &asking(more), &[]).await.expect(200);
            assert_eq!(streamed.header("content-type"), Some("text/event-stream; charset=utf-8"));
            let (events, is_done) = events(&streamed.text);
            assert!(is_done, "{}", streamed.text);
            assert_eq!(joined(&events, "content"), text);
            assert!(events.len() > 4, "it came in one piece");
            assert_eq!(events[0]["choices"][0]["delta"], json!({"role": "assistant", "content": ""}));
            assert!(events.iter().all(|event| event["id"] == events[0]["id"] && event["object"] == "chat.completion.chunk"));
            assert!(events.iter().all(|event| event["model"] == "anthropic/replayed"));
            let reasons: Vec<_> = events.iter().filter_map(|event| event["choices"][0]["finish_reason"].as_str()).collect();
            assert_eq!(reasons, ["stop"]);
            let last = events.last().unwrap();
            if with_usage {
                assert_eq!((&last["choices"], &last["usage"]), (&json!([]), &usage));
                assert!(events[..events.len() - 1].iter().all(|event| event["usage"].is_null()));
            } else {
                assert!(events.iter().all(|event| event.get("usage").is_none()));
            }
        }
        assert_eq!(billed(&app).await, "gateway|25|40|\ngateway|25|40|\ngateway|25|40|");
        nothing_is_stored(&app);
        assert_eq!(app.query("SELECT requests, output_tokens FROM usage_days"), "3|120");
    }

    async fn refusals_have_openais_form(backend) {
        let (app, person, script) = begun(backend, &[("JSON_LIMIT", "4kb")]).await;
        let fine = asking(json!({})).to_string();
        let told = async |script: &Script, method: Method, path: &str, body: Option<&str>, headers: &[(&str, &str)]| {
            let answer = script.call(method, path, body, headers).await;
            let error = answer.json();
            assert_eq!(error.as_object().unwrap().len(), 1, "{error}");
            let parts: Vec<&str> = error["error"].as_object().unwrap().keys().map(String::as_str).collect();
            assert_eq!(parts, ["message", "type", "code", "param"], "{error}");
            assert!(error["error"]["message"].as_str().is_some_and(|words| words.len() > 5), "{error}");
            let part = |name: &str| error["error"][name].as_str().unwrap_or_default().to_owned();
            (answer.status, part("code"), part("type"), part("param"))
        };
        let expect = |status: u16, code: &str, kind: &str, param: &str| {
            (status, code.to_owned(), kind.to_owned(), param.to_owned())
        };
        let (invalid, post) = ("invalid_request_error", Method::POST);
        for (body, expected) in [
            ("", expect(400, "invalid_json", invalid, "")),
            ("{\"model\": \"auto\"", expect(400, "invalid_json", invalid, "")),
            ("{}", expect(422, "invalid_payload", invalid, "")),
            (r#"{"model": "auto", "messages": "Hi"}"#, expect(422, "invalid_payload", invalid, "")),
            (r#"{"model": "auto", "messages": []}"#, expect(422, "invalid_payload", invalid, "messages")),
            (&asking(json!({"n": 2})).to_string(), expect(422, "invalid_payload", invalid, "n")),
            (&asking(json!({"logprobs": true})).to_string(), expect(422, "invalid_payload", invalid, "logprobs")),
            (&asking(json!({"temperature": 3})).to_string(), expect(422, "invalid_payload", invalid, "temperature")),
            (&asking(json!({"max_tokens": 0})).to_string(), expect(422, "invalid_payload", invalid, "max_tokens")),
            (&asking(json!({"model": "gpt-none"})).to_string(), expect(422, "invalid_payload", invalid, "model")),
            (&asking(json!({"user": "x".repeat(5000)})).to_string(), expect(413, "payload_too_large", invalid, "")),
        ] {
            assert_eq!(told(&script, post.clone(), COMPLETIONS, Some(body), &[]).await, expected, "{body}");
        }
        let not_json = [("content-type", "text/plain")];
        assert_eq!(told(&script, post.clone(), COMPLETIONS, Some(&fine), &not_json).await.0, 422);
        assert_eq!(told(&script, Method::GET, COMPLETIONS, None, &[]).await, expect(405, "method_not_allowed", invalid, ""));
        assert_eq!(told(&script, Method::GET, "/v1/nothing", None, &[]).await, expect(404, "not_found", invalid, ""));
        assert_eq!(told(&script, Method::GET, "/v1/models/demo/x", None, &[]).await, expect(404, "not_found", invalid, ""));

        let unauthorized = expect(401, "unauthorized", "authentication_error", "");
        for wrong in ["", "sayso_wrong", "eyJ.x.y"] {
            let stranger = Script::with_token(&app.base, wrong);
            for path in [COMPLETIONS, "/v1/models"] {
                let (method, body) = if path == COMPLETIONS { (Method::POST, Some(fine.as_str())) } else { (Method::GET, None) };
                assert_eq!(told(&stranger, method, path, body, &[]).await, unauthorized, "{wrong} {path}");
            }
        }
        // A browser's cookie opens nothing, with or without the token of its forms.
        let csrf = person.get("/settings").await.csrf();
        let headers = [("content-type", "application/json"), ("x-csrf-token", csrf.as_str())];
        let answer = person.request(Method::POST, COMPLETIONS, Some(fine.clone()), &headers).await;
        assert_eq!(answer.status, 401, "{}", answer.html);
        assert_eq!(person.get("/v1/models").await.status, 401);
        // A token that was made for something else neither; one for chat does.
        let other = Script::with_token(&app.base, &token(&person, &["tools"]).await);
        let forbidden = expect(403, "forbidden", "permission_error", "");
        assert_eq!(told(&other, post, COMPLETIONS, Some(&fine), &[]).await, forbidden);
        let editor = Script::with_token(&app.base, &token(&person, &["chat"]).await);
        editor.post(COMPLETIONS, &asking(json!({})), &[]).await.expect(200);
        assert_eq!(app.query("SELECT count(*) FROM model_calls"), "1");
    }

    async fn a_limit_refuses_before_anything_is_sent(backend) {
        let Some(replay) = Replay::playing(&[("late", Reply::text("Here I am."))], &[]) else { return };
        let mut settings = replay.settings("anthropic/late@slow=4");
        settings.extend([("TURNS_PER_PERSON", "1000"), ("TURNS_PER_TENANT", "1000"), ("RATE_MESSAGES", "100000/min")]);
        let (app, _, script) = begun(backend, &settings).await;
        app.admin(&["set-limits", "--tenant", &app.tenant(), "--requests", "10"], None);
        let rush = (0..50).map(|n| {
            let script = script.clone();
            tokio::spawn(async move { script.post(COMPLETIONS, &asking(json!({"stream": n % 2 == 0})), &[]).await })
        });
        let mut passed = 0;
        for answer in rush.collect::<Vec<_>>() {
            let answer = answer.await.unwrap();
            if answer.status == 200 {
                passed += 1;
                continue;
            }
            let told = answer.json();
            assert_eq!((answer.status, &told["error"]["code"]), (429, &json!("limit_requests")), "{told}");
            assert_eq!(told["error"]["type"], "insufficient_quota");
        }
        assert_eq!(passed, 10);
        billed(&app).await;
        assert_eq!(replay.requests().len(), 10, "the model API was asked more often than the limit");
        let sum = "SELECT sum(requests), sum(reserved_requests) FROM usage_months GROUP BY subject_id";
        assert_eq!(app.query(sum), "10|0\n10|0");
    }

    async fn credits_are_deducted_after_and_asked_for_before(backend) {
        let Some(replay) = Replay::playing(&[("said", Reply::text("Here I am."))], &[]) else { return };
        let (app, _, script) = begun(backend, &replay.settings("anthropic/said")).await;
        script.post(COMPLETIONS, &asking(json!({})), &[]).await.expect(200);
        let used = script.get("/api/usage").await.expect(200).json()["person"]["used"].clone();
        assert_eq!((&used["requests"], &used["output_tokens"]), (&json!(1), &json!(40)), "{used}");
        assert!(used["credits"].as_f64().is_some_and(|credits| credits > 0.0), "{used}");
        app.query("UPDATE usage_limits SET monthly_credits = 1");
        for stream in [false, true] {
            let refused = script.post(COMPLETIONS, &asking(json!({"stream": stream})), &[]).await;
            assert_eq!(refused.code(), (429, "INSUFFICIENT_CREDITS".into()));
        }
        assert_eq!(replay.requests().len(), 1);
    }

    async fn a_caller_who_leaves_ends_the_call(backend) {
        let text = long_text();
        let Some(replay) = Replay::playing(&[("long", Reply::text(&text))], &[]) else { return };
        let (app, _, script) = begun(backend, &replay.settings("anthropic/long@delay=100ms")).await;
        let body = asking(json!({"stream": true})).to_string();
        let mut answer = script.open(Method::POST, COMPLETIONS, Some(&body), &[]).await;
        assert_eq!(answer.status(), 200);
        answer.chunk().await.unwrap().unwrap();
        drop(answer);
        eventually("the model API is left alone", async || replay.was_left().then_some(())).await;
        billed(&app).await;
        let settled = "SELECT count(*) FROM model_calls WHERE estimated AND error_code IS NULL AND output_tokens < 400";
        assert_eq!(app.query(settled), "1");
        let held = "SELECT max(reserved_requests), max(reserved_output_tokens), max(requests) FROM usage_months";
        assert_eq!(app.query(held), "0|0|1");
        nothing_is_stored(&app);
    }

    async fn so_many_run_at_once_and_so_often(backend) {
        let Some(replay) = Replay::playing(&[("late", Reply::text("Here I am."))], &[]) else { return };
        let mut settings = replay.settings("anthropic/late@slow=600");
        settings.extend([("TURNS_PER_PERSON", "1"), ("RATE_MESSAGES", "4/min")]);
        let (app, _, script) = begun(backend, &settings).await;
        let asked: Vec<_> = (0..2).map(|_| {
            let script = script.clone();
            tokio::spawn(async move { script.post(COMPLETIONS, &asking(json!({})), &[]).await })
        }).collect();
        eventually("two are asked for", async || (replay.requests().len() == 2).then_some(())).await;
        let refused = script.post(COMPLETIONS, &asking(json!({})), &[]).await;
        assert_eq!(refused.code(), (429, "rate_limited".into()));
        assert!(refused.text.contains("Too many replies"), "{}", refused.text);
        script.post(COMPLETIONS, &asking(json!({})), &[]).await.expect(429);
        let refused = script.post(COMPLETIONS, &asking(json!({})), &[]).await;
        assert_eq!(refused.code(), (429, "rate_limited".into()));
        assert!(refused.header("retry-after").is_some(), "{}", refused.text);
        assert_eq!((replay.requests().len(), app.query("SELECT count(*) FROM turns").as_str()), (2, "0"));
        asked.iter().for_each(tokio::task::JoinHandle::abort);
    }

    async fn what_a_provider_fails_is_told_before_or_within(backend) {
        let text = long_text();
        let Some(replay) = Replay::playing(&[("long", Reply::text(&text))], &[]) else { return };
        let (app, _, script) = begun(backend, &replay.settings("anthropic/long@status=401")).await;
        for stream in [false, true] {
            let refused = script.post(COMPLETIONS, &asking(json!({"stream": stream})), &[]).await;
            assert_eq!(refused.code(), (502, "provider_unauthorized".into()));
        }
        assert_eq!(billed(&app).await, "gateway|0|0|provider_unauthorized\ngateway|0|0|provider_unauthorized");
        assert_eq!(app.query("SELECT max(requests) FROM usage_months"), "0");

        let (app, _, script) = begun(backend, &replay.settings("anthropic/long@cut=3000")).await;
        let refused = script.post(COMPLETIONS, &asking(json!({})), &[]).await;
        assert_eq!(refused.code(), (502, "provider_interrupted".into()));
        let cut = script.post(COMPLETIONS, &asking(json!({"stream": true})), &[]).await.expect(200);
        let (events, is_done) = events(&cut.text);
        assert!(!is_done, "half an answer ends as if it were whole");
        let (last, before) = events.split_last().unwrap();
        assert_eq!((&last["error"]["code"], &last["error"]["type"]), (&json!("provider_interrupted"), &json!("server_error")));
        let came = joined(before, "content");
        assert!(!came.is_empty() && text.starts_with(&came), "{came}");
        billed(&app).await;
        assert_eq!(app.query("SELECT count(*) FROM model_calls WHERE estimated AND output_tokens > 0"), "2");
    }

    async fn topics_hold_here_too(backend) {
        let replies = [("answer", Reply::text("Buy shares.")), ("on", Reply::text("ON")), ("off", Reply::text("OFF"))];
        let scripts = [("on", &["anthropic/answer", "anthropic/on"][..]), ("off", &["anthropic/answer", "anthropic/off"])];
        let Some(replay) = Replay::playing(&replies, &scripts) else { return };
        let (app, _, script) = begun(backend, &replay.settings("script:off.json")).await;
        app.query("UPDATE tenants SET topics = 'Cooking and baking'");
        for stream in [false, true] {
            let refused = script.post(COMPLETIONS, &asking(json!({"stream": stream})), &[]).await;
            assert_eq!(refused.code(), (422, "topic_refused".into()));
            assert!(!refused.text.contains("shares"), "{}", refused.text);
        }
        let judged = &replay.requests()[1];
        assert!(judged["system"].to_string().contains("Cooking and baking"), "{judged}");
        assert!(judged["messages"].to_string().contains("Please"), "{judged}");
        let each = "gateway|25|40|\ntopic_check|25|40|";
        assert_eq!(billed(&app).await, format!("{each}\n{each}"));

        let (app, _, script) = begun(backend, &replay.settings("script:on.json")).await;
        app.query("UPDATE tenants SET topics = 'Trade'");
        let streamed = script.post(COMPLETIONS, &asking(json!({"stream": true})), &[]).await.expect(200);
        let (events, is_done) = events(&streamed.text);
        assert_eq!((joined(&events, "content").as_str(), is_done), ("Buy shares.", true));
        // A verdict that the month has no room for is none.
        app.admin(&["set-limits", "--tenant", &app.tenant(), "--requests", "3"], None);
        let refused = script.post(COMPLETIONS, &asking(json!({})), &[]).await;
        assert_eq!(refused.code(), (429, "limit_requests".into()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_programs_tools_are_passed_through_and_ours_are_not() {
    let asks = Reply::text("I look.").and_tool("look_up", json!({"place": "Rome"})).and_tool("now", json!({}));
    let replies = [("asks", asks), ("done", Reply::text("It is warm."))];
    let scripts = [("round", &["anthropic/asks", "anthropic/done"][..]), ("other", &["openai/asks", "openai/done"])];
    let Some(replay) = Replay::playing(&replies, &scripts) else { return };
    let tool = |name: &str| {
        json!({"type": "function", "function": {"name": name, "description": "Looks.",
        "parameters": {"type": "object", "properties": {"place": {"type": "string"}}}}})
    };
    for (provider, settings) in
        [("anthropic", replay.settings("script:round.json")), ("openai", replay.openai_settings("script:other.json"))]
    {
        let (app, _, script) = begun(Backend::Sqlite, &settings).await;
        let with_tools = |messages: Value, stream: bool| {
            json!({"model": "auto", "messages": messages, "tools": [tool("now"), tool("look_up")], "stream": stream,
                "tool_choice": "required", "temperature": 1.5, "stop": ["END"], "max_tokens": 77})
        };
        let question = json!({"role": "user", "content": "How warm is it?"});
        let answer = script.post(COMPLETIONS, &with_tools(json!([question]), false), &[]).await.expect(200).json();
        let choice = &answer["choices"][0];
        assert_eq!(
            (&choice["finish_reason"], &choice["message"]["content"]),
            (&json!("tool_calls"), &json!("I look."))
        );
        let calls = choice["message"]["tool_calls"].as_array().unwrap();
        let told: Vec<_> =
            calls.iter().map(|call| (&call["function"]["name"], &call["function"]["arguments"])).collect();
        assert_eq!(told, [(&json!("look_up"), &json!("{\"place\":\"Rome\"}")), (&json!("now"), &json!("{}"))]);
        assert!(calls.iter().all(|call| call["type"] == "function"), "{answer}");

        let sent = replay.requests().pop().unwrap();
        let names: Vec<_> = sent["tools"]
            .as_array()
            .unwrap()
            .iter()
            .map(|tool| tool["name"].as_str().or(tool["function"]["name"].as_str()).unwrap().to_owned())
            .collect();
        assert_eq!(names, ["look_up", "now"], "{sent}");
        if provider == "anthropic" {
            assert_eq!((&sent["tool_choice"], &sent["stop_sequences"]), (&json!({"type": "any"}), &json!(["END"])));
            assert_eq!((&sent["temperature"], &sent["max_tokens"]), (&json!(1.0), &json!(77)));
        } else {
            assert_eq!((&sent["tool_choice"], &sent["stop"]), (&json!("required"), &json!(["END"])));
            assert_eq!((&sent["temperature"], &sent["max_tokens"]), (&json!(1.5), &json!(77)));
        }

        let streamed = script.post(COMPLETIONS, &with_tools(json!([question]), true), &[]).await.expect(200);
        let (events, is_done) = events(&streamed.text);
        assert!(is_done, "{}", streamed.text);
        let deltas: Vec<&Value> = events
            .iter()
            .map(|event| &event["choices"][0]["delta"]["tool_calls"][0])
            .filter(|call| call.is_object())
            .collect();
        for (index, name, arguments) in [(0, "look_up", "{\"place\":\"Rome\"}"), (1, "now", "{}")] {
            let of: Vec<_> = deltas.iter().filter(|call| call["index"] == index).collect();
            assert_eq!(of[0]["function"]["name"], name);
            assert!(of[0]["id"].as_str().is_some() && of[1..].iter().all(|call| call.get("id").is_none()));
            let joined: String = of.iter().filter_map(|call| call["function"]["arguments"].as_str()).collect();
            assert_eq!(joined, arguments);
        }
        let reasons: Vec<_> = events.iter().filter_map(|event| event["choices"][0]["finish_reason"].as_str()).collect();
        assert_eq!(reasons, ["tool_calls"]);

        // The results go back, beside calls without a text.
        let said = json!({"role": "assistant", "content": "", "tool_calls": calls});
        let results = calls.iter().map(|call| json!({"role": "tool", "tool_call_id": call["id"], "content": "21 °C"}));
        let messages: Vec<_> = [question.clone(), said].into_iter().chain(results).collect();
        let answer = script.post(COMPLETIONS, &with_tools(json!(messages), false), &[]).await.expect(200).json();
        assert_eq!(answer["choices"][0]["message"]["content"], "It is warm.");
        assert!(replay.requests().pop().unwrap()["messages"].to_string().contains("21 °C"));
        nothing_is_stored(&app);
    }
    replay.assert_refused_none();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_program_says_goes_on_as_it_said_it() {
    let Some(replay) = Replay::playing(&[("said", Reply::text("Yes."))], &[]) else { return };
    let (app, _, script) = begun(Backend::Sqlite, &replay.settings("anthropic/said")).await;
    app.query("UPDATE tenants SET system_prompt = 'We are {tenant}, you speak with {user}.'");
    let picture = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    let body = json!({"model": "anthropic", "max_completion_tokens": 1_000_000, "messages": [
        {"role": "system", "content": "Be brief."},
        {"role": "developer", "content": [{"type": "text", "text": "And kind."}]},
        {"role": "user", "content": [{"type": "text", "text": "What is this?"},
            {"type": "image_url", "image_url": {"url": format!("data:image/png;base64,{picture}")}}]},
        {"role": "assistant", "content": "A dot."},
        {"role": "user", "content": "Sure?"}]});
    script.post(COMPLETIONS, &body, &[]).await.expect(200);
    let sent = replay.requests().pop().unwrap();
    let system = sent["system"][0]["text"].as_str().unwrap();
    assert_eq!(system, "We are Test Works, you speak with Ada Lovelace.\n\nBe brief.\n\nAnd kind.");
    assert_eq!(sent["max_tokens"], 4096, "more than MAX_OUTPUT_TOKENS");
    assert!(sent.get("tools").is_none(), "{sent}");
    let roles: Vec<_> = sent["messages"].as_array().unwrap().iter().map(|message| message["role"].clone()).collect();
    assert_eq!(roles, ["user", "assistant", "user"]);
    let shown = &sent["messages"][0]["content"][1];
    assert_eq!((&shown["type"], &shown["source"]["media_type"]), (&json!("image"), &json!("image/png")), "{sent}");

    let asks = |url: &str| {
        json!({"model": "auto", "messages": [{"role": "user", "content": [
        {"type": "image_url", "image_url": {"url": url}}]}]})
    };
    for (url, words) in [("https://example.org/x.png", "none is fetched"), ("data:image/png;base64,AAAA", "image")] {
        let refused = script.post(COMPLETIONS, &asks(url), &[]).await.expect(422);
        assert!(refused.text.contains(words), "{}", refused.text);
    }
    assert_eq!(replay.requests().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn models_are_listed_and_asked_for_by_their_names() {
    let Some(replay) = Replay::playing(&[("said", Reply::text("Yes."))], &[]) else { return };
    let (_app, _, script) = begun(Backend::Sqlite, &replay.settings_of_two("anthropic/said", "openai/said")).await;
    let list = script.get("/v1/models").await.expect(200).json();
    let ids: Vec<&str> = list["data"].as_array().unwrap().iter().map(|model| model["id"].as_str().unwrap()).collect();
    assert_eq!((&list["object"], ids[0]), (&json!("list"), "auto"));
    for (name, provider) in [
        ("anthropic/anthropic/said", "anthropic"),
        ("openai/openai/said", "openai"),
        ("openai", "openai"),
        ("auto", "anthropic"),
    ] {
        assert_eq!(ids.contains(&name), name != "openai", "{name} {ids:?}");
        let answer = script.post(COMPLETIONS, &asking(json!({"model": name})), &[]).await.expect(200).json();
        assert_eq!(answer["model"], format!("{provider}/replayed"), "{name}");
    }
    let one = script.get("/v1/models/openai%2Fopenai%2Fsaid").await.expect(200).json();
    assert_eq!(
        (&one["id"], &one["object"], &one["owned_by"]),
        (&json!("openai/openai/said"), &json!("model"), &json!("openai"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_model_thinks_stands_beside_what_it_says() {
    let Some(replay) = Replay::start() else { return };
    let expected = Replay::expected("openai/reasoning-zai-glm47");
    let (_app, _, script) = begun(Backend::Sqlite, &replay.openai_settings("openai/reasoning-zai-glm47")).await;
    let whole = script.post(COMPLETIONS, &asking(json!({})), &[]).await.expect(200).json();
    assert_eq!(whole["choices"][0]["message"]["content"], expected["text"]);
    assert_eq!(whole["choices"][0]["message"]["reasoning_content"], expected["thinking"]);
    let streamed = script.post(COMPLETIONS, &asking(json!({"stream": true})), &[]).await.expect(200);
    let (events, _) = events(&streamed.text);
    assert_eq!(json!(joined(&events, "content")), expected["text"]);
    assert_eq!(json!(joined(&events, "reasoning_content")), expected["thinking"]);
}
