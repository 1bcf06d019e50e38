//! What whoever runs the installation sees of providers: readiness, `sayso check`, metrics.

use reqwest::Method;
use serde_json::Value;

use crate::support::{App, Backend, Page, Person, Replay, eventually};

const SECOND: &str = "openai/text-gpt4omini-usage-only";

async fn ready(person: &Person) -> (u16, Value) {
    let page = person.get("/readyz").await;
    (page.status, serde_json::from_str(&page.html).unwrap())
}

async fn metrics(person: &Person, headers: &[(&str, &str)]) -> Page {
    person.request(Method::GET, "/metrics", None, headers).await
}

/// The value of a series, written as Prometheus writes it.
fn value(page: &Page, series: &str) -> Option<f64> {
    page.html.lines().find_map(|line| line.strip_prefix(series)?.trim().parse().ok())
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_keeps_failing_is_left_out_and_everybody_is_told() {
    let Some(replay) = Replay::start() else { return };
    let (mut app, person) = App::ready(Backend::Sqlite, &replay.settings_of_two("anthropic/err-401", SECOND)).await;
    let (status, body) = ready(&person).await;
    assert_eq!((status, &body["status"], &body["database"]), (200, &"OK".into(), &"OK".into()), "{body}");
    assert_eq!((&body["provider"], &body["providers"]["anthropic"]), (&"anthropic".into(), &"OK".into()), "{body}");

    let chat = person.new_conversation("Hello").await;
    chat.settled().await;
    assert_eq!(replay.count("anthropic/err-401"), 1);
    // While it is left out, nobody asks it, and the page says all the same why another one answers.
    let page = chat.say("And again").await;
    assert_eq!(page.nodes("#log .instead").len(), 2, "{}", page.text());
    assert_eq!(replay.count("anthropic/err-401"), 1, "it was asked while it was left out");
    let (status, body) = ready(&person).await;
    assert_eq!((status, &body["provider"]), (200, &"openai".into()), "{body}");
    let words = body["providers"]["anthropic"].as_str().unwrap();
    assert!(words.starts_with("left out for ") && words.ends_with(" s: provider_unauthorized"), "{words}");

    // A turn that the page shows as over lets go of its run a moment later.
    let page = eventually("no turn to run", async || {
        let page = metrics(&person, &[]).await;
        page.expect(200);
        (value(&page, "sayso_turns_running") == Some(0.0)).then_some(page)
    })
    .await;
    let text = &page.html;
    assert_eq!(value(&page, "sayso_provider_available{provider=\"anthropic\"}"), Some(0.0), "{text}");
    assert_eq!(value(&page, "sayso_provider_available{provider=\"openai\"}"), Some(1.0), "{text}");
    let over =
        "sayso_model_fall_overs_total{provider=\"anthropic\",successor=\"openai\",code=\"provider_unauthorized\"}";
    assert!(value(&page, over).is_some_and(|count| count >= 2.0), "{text}");
    let calls = format!("sayso_model_calls_total{{provider=\"openai\",model=\"{SECOND}\",outcome=\"ok\"}}");
    assert!(value(&page, &calls).is_some_and(|count| count >= 2.0), "{text}");
    let tokens = format!("sayso_model_tokens_total{{provider=\"openai\",model=\"{SECOND}\",kind=\"output\"}}");
    assert!(value(&page, &tokens).is_some_and(|count| count >= 8.0), "{text}");
    assert!(value(&page, "sayso_model_first_token_seconds_count{provider=\"openai\"}").is_some(), "{text}");
    let route = "sayso_http_requests_total{route=\"/conversations/{id}\",status=\"200\"}";
    assert!(value(&page, route).is_some_and(|count| count >= 2.0), "{text}");
    assert!(!text.contains(&chat.id), "an id is a label");

    app.stop();
    let output = app.run(&["check"], None);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    for provider in ["anthropic", "openai"] {
        let lines = said.lines().filter(|line| line.contains(&format!("provider {provider}:"))).count();
        assert_eq!(lines, 1, "{said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn with_nobody_left_it_is_not_ready() {
    let Some(replay) = Replay::start() else { return };
    let (_app, person) = App::ready(Backend::Sqlite, &replay.settings("anthropic/err-401")).await;
    person.new_conversation("Hello").await.settled().await;
    let (status, body) = ready(&person).await;
    assert_eq!((status, &body["status"], &body["database"]), (503, &"unavailable".into(), &"OK".into()), "{body}");
    assert_eq!(body["provider"], Value::Null, "{body}");
    // A lone one is asked all the same: nobody else could answer.
    person.new_conversation("Hello").await.settled().await;
    assert_eq!(replay.count("anthropic/err-401"), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_retry_is_counted() {
    let Some(replay) = Replay::start() else { return };
    let (_app, person) = App::ready(Backend::Sqlite, &replay.settings("anthropic/text-no-ping@status=529x1")).await;
    person.new_conversation("Hello").await.settled().await;
    let page = metrics(&person, &[]).await;
    let retries = "sayso_model_retries_total{provider=\"anthropic\",code=\"provider_overloaded\"}";
    assert!(value(&page, retries).is_some_and(|count| count >= 1.0), "{}", page.html);
}

#[tokio::test(flavor = "multi_thread")]
async fn metrics_are_for_this_machine_and_for_operators() {
    let (app, person) = App::ready(Backend::Sqlite, &[]).await;
    let visitor = app.visitor();
    metrics(&visitor, &[]).await.expect(200);
    for header in ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto"] {
        metrics(&visitor, &[(header, "for=203.0.113.9")]).await.expect(403);
    }
    // Whoever set the installation up runs it.
    metrics(&person, &[("x-forwarded-for", "203.0.113.9")]).await.expect(200);
    let member = app.person("bob@example.org", &app.tenant(), "owner").await;
    metrics(&member, &[("x-forwarded-for", "203.0.113.9")]).await.expect(403);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_metrics_token_is_asked_of_everybody() {
    let (app, person) = App::ready(Backend::Sqlite, &[("METRICS_TOKEN", "hunter22")]).await;
    for asks in [app.visitor(), person] {
        metrics(&asks, &[]).await.expect(401);
        metrics(&asks, &[("authorization", "Bearer hunter2")]).await.expect(401);
        let page = metrics(&asks, &[("authorization", "Bearer hunter22"), ("x-forwarded-for", "203.0.113.9")]).await;
        page.expect(200);
        assert!(page.html.contains("sayso_http_requests_total{"), "{}", page.html);
    }
}
