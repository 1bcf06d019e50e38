//! A request is followed through the log: into the turn that it began, its model calls and its tools, and to the
//! provider.

use reqwest::Method;
use serde_json::{Value, json};
use tokio_tungstenite::{connect_async, tungstenite::Error};

use crate::{
    support::{App, Backend, Person, Replay, Reply, Script, eventually},
    token_page::made,
};

/// The lines of the log that belong to a request.
fn lines(app: &App, id: &str) -> Vec<Value> {
    let lines = app.logs().into_iter().map(|line| serde_json::from_str::<Value>(&line).expect(&line));
    lines
        .filter(|line| line["spans"].as_array().is_some_and(|spans| spans.iter().any(|span| span["request_id"] == id)))
        .collect()
}

/// The first of them that says so.
fn saying<'a>(lines: &'a [Value], message: &str) -> Option<&'a Value> {
    lines.iter().find(|line| line["message"] == message)
}

/// What a line's spans say under a name.
fn told<'a>(line: &'a Value, name: &str) -> Option<&'a Value> {
    line["spans"].as_array()?.iter().find_map(|span| span.get(name))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_followed_to_the_provider_and_its_tools() {
    let replies = [("asks", Reply::write_file("a.txt", "A")), ("thanks", Reply::text("Done."))];
    let Some(replay) = Replay::playing(&replies, &[("work", &["openai/asks", "openai/thanks"])]) else { return };
    let (app, person) = App::ready(Backend::Sqlite, &replay.openai_settings("script:work.json")).await;
    let form = person.new_page().await.composer().fill("message", "Please");
    let page = person.submit_with(&form, &[("x-request-id", "begun-1")]).await;
    let conversation = page.conversation();
    let chat = crate::support::Chat { person: person.clone(), id: conversation.clone() };
    let waiting = chat.approvals(1).await.remove(0);
    person.submit_with(&waiting.form.clone().press("Approve"), &[("x-request-id", "decided-1")]).await;
    chat.until("the end", |page| page.turn() == "completed").await;

    let begun = eventually("the request is logged", async || {
        let begun = lines(&app, "begun-1");
        saying(&begun, "answered").is_some().then_some(begun)
    })
    .await;
    let answered = saying(&begun, "answered").unwrap();
    assert_eq!(
        (told(answered, "method"), told(answered, "path")),
        (Some(&json!("POST")), Some(&json!("/conversations")))
    );
    assert_eq!(answered["status"], 303);
    assert!(answered["milliseconds"].is_u64(), "{answered}");
    let (tenant, user) = (app.query("SELECT id FROM tenants"), app.query("SELECT id FROM users"));
    assert_eq!((told(answered, "tenant"), told(answered, "person")), (Some(&json!(tenant)), Some(&json!(user))));
    assert_eq!(begun.iter().filter(|line| line["message"] == "answered").count(), 1);

    let turn = app.query("SELECT id FROM turns");
    let asked = saying(&begun, "a provider answered").unwrap_or_else(|| panic!("{begun:#?}"));
    assert_eq!((told(asked, "turn"), told(asked, "conversation")), (Some(&json!(turn)), Some(&json!(conversation))));
    assert_eq!((&asked["provider"], &asked["provider_request_id"]), (&json!("openai"), &json!("req_asks")));
    let calls = app.query("SELECT id FROM model_calls WHERE purpose = 'chat' ORDER BY created_at");
    let calls: Vec<_> = calls.lines().collect();
    assert_eq!(told(asked, "model_call"), Some(&json!(calls[0])));

    // What goes on with a decision belongs to the request that decided.
    let decided = lines(&app, "decided-1");
    let ended = saying(&decided, "a tool call ended").unwrap_or_else(|| panic!("{decided:#?}"));
    assert_eq!((told(ended, "tool"), told(ended, "turn")), (Some(&json!("write_file")), Some(&json!(turn))));
    assert_eq!(told(ended, "tool_call"), Some(&json!(waiting.call)));
    let again = saying(&decided, "a provider answered").unwrap();
    assert_eq!(
        (told(again, "model_call"), &again["provider_request_id"]),
        (Some(&json!(calls[1])), &json!("req_thanks"))
    );
    // OpenAI is told what we call the request.
    let sent = replay.headers();
    let ids: Vec<_> = sent.iter().filter_map(|headers| headers["x-client-request-id"].as_str()).collect();
    assert_eq!(ids[..2], ["begun-1", "decided-1"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_call_is_logged_under_its_request() {
    let Some(replay) = Replay::start() else { return };
    let (app, _) = App::ready(Backend::Sqlite, &replay.settings("anthropic/err-401")).await;
    let script = Script::first(&app.base).await;
    script.post("/api/chat", &json!({"message": "Hello"}), &[("x-request-id", "fails-1")]).await.expect(200);
    let all = ["a model call failed", "a provider answered", "the turn failed", "answered"];
    let lines = eventually("all of it is logged", async || {
        let lines = lines(&app, "fails-1");
        all.iter().all(|message| saying(&lines, message).is_some()).then_some(lines)
    })
    .await;
    // A program's calls say whose they are, too.
    assert_eq!(told(saying(&lines, "answered").unwrap(), "person"), Some(&json!(app.query("SELECT id FROM users"))));
    // It is no business of the provider's.
    assert!(replay.headers().iter().all(|headers| headers["x-client-request-id"].is_null()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_completion_is_followed_to_the_provider() {
    let Some(replay) = Replay::playing(&[("said", Reply::text("Yes."))], &[]) else { return };
    let (app, _) = App::ready(Backend::Sqlite, &replay.openai_settings("openai/said")).await;
    let script = Script::first(&app.base).await;
    let body = json!({"model": "auto", "messages": [{"role": "user", "content": "Hello"}]});
    script.post("/v1/chat/completions", &body, &[("x-request-id", "v1-1")]).await.expect(200);
    let lines = eventually("the completion is logged", async || {
        let lines = lines(&app, "v1-1");
        saying(&lines, "a provider answered").is_some().then_some(lines)
    })
    .await;
    assert_eq!(saying(&lines, "a provider answered").unwrap()["provider_request_id"], "req_said");
    assert_eq!(replay.headers()[0]["x-client-request-id"], "v1-1");
}

/// However much is logged, and wherever a token stands in an address.
#[tokio::test(flavor = "multi_thread")]
async fn no_query_reaches_the_log() {
    let (app, person) = App::ready(Backend::Sqlite, &[("LOG_LEVEL", "trace")]).await;
    let chat = person.new_conversation("Hello").await;
    chat.settled().await;
    let script = Script::first(&app.base).await;
    let api_token = made(&person, "Script", &["chat"], "30").await;
    for token in [script.token.as_str(), api_token.as_str()] {
        for path in
            ["/conversations", "/api/conversations", "/login", "/nowhere", "/metrics", "/assets/x/y", "/v1/models"]
        {
            person.request(Method::GET, &format!("{path}?token={token}"), None, &[]).await;
        }
        for path in [&format!("/conversations/{}/socket", chat.id), "/api/socket", "/api/gateway"] {
            let address = format!("{}{path}?token={token}", app.base.replacen("http", "ws", 1));
            match connect_async(address).await {
                Ok(_) | Err(Error::Http(_)) => {}
                Err(fault) => panic!("{path}: {fault}"),
            }
        }
    }
    let last = person.get(&format!("/conversations?q=last&token={api_token}")).await;
    let id = last.header("x-request-id").unwrap();
    eventually("the last request is logged", async || saying(&lines(&app, id), "answered").map(|_| ())).await;
    for line in app.logs() {
        for secret in [&script.token, &api_token, Person::FIRST.1] {
            let signature = secret.rsplit('.').next().unwrap();
            assert!(!line.contains(signature) && !line.contains("token=") && !line.contains("q=last"), "{line}");
        }
    }
}
