//! The numbers of `/metrics` and `/stats`, each after what it counts has happened.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    WISH, both,
    support::{App, Backend, Page, Person, Replay, Reply, Script, eventually},
};

/// The series of a scrape: what Prometheus would make of its text.
struct Scrape {
    text: String,
    series: BTreeMap<String, f64>,
}

impl Scrape {
    async fn of(app: &App) -> Self {
        let page = app.visitor().request(Method::GET, "/metrics", None, &[]).await;
        assert_eq!(page.expect(200).header("content-type"), Some("text/plain; version=0.0.4; charset=utf-8"));
        Self::read(page.html)
    }

    /// Reads the text form as strictly as `promtool check metrics`.
    fn read(text: String) -> Self {
        let (mut helped, mut kinds, mut series) = (BTreeSet::new(), BTreeMap::new(), BTreeMap::new());
        let mut over = BTreeSet::new();
        let mut current = String::new();
        for line in text.lines().filter(|line| !line.is_empty()) {
            if let Some(rest) = line.strip_prefix("# HELP ") {
                let (name, words) = rest.split_once(' ').unwrap_or_else(|| panic!("no words of help: {line}"));
                assert!(!words.trim().is_empty() && helped.insert(name.to_owned()), "{line}");
            } else if let Some(rest) = line.strip_prefix("# TYPE ") {
                let (name, kind) = rest.split_once(' ').unwrap();
                assert!(["counter", "gauge", "histogram"].contains(&kind), "{line}");
                assert_eq!(kind == "counter", name.ends_with("_total"), "{line}");
                assert!(helped.contains(name), "{name} has no HELP");
                assert!(kinds.insert(name.to_owned(), kind.to_owned()).is_none(), "two TYPE lines: {line}");
                over.insert(std::mem::replace(&mut current, name.to_owned()));
            } else {
                let (name, value) = line.rsplit_once(' ').unwrap_or_else(|| panic!("no value: {line}"));
                let bare = name.split('{').next().unwrap();
                let of_histogram = ["_bucket", "_sum", "_count"].iter().find_map(|end| bare.strip_suffix(end));
                let family = of_histogram.filter(|family| kinds.get(*family).is_some_and(|kind| kind == "histogram"));
                let family = family.unwrap_or(bare);
                assert_eq!(family, current, "{line} stands outside of its family");
                assert!(!over.contains(family), "{family} is told in two places");
                let starts = |prefix| family.starts_with(prefix);
                assert!(starts("sayso_") || starts("process_"), "{line}");
                if let Some(labels) = name.strip_prefix(bare).filter(|labels| !labels.is_empty()) {
                    let inner = labels.strip_prefix('{').and_then(|labels| labels.strip_suffix('}'));
                    let inner = inner.unwrap_or_else(|| panic!("{line}"));
                    let names: Vec<_> =
                        inner.split("\",").map(|label| label.split_once("=\"").expect(line).0).collect();
                    assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len(), "{line}");
                }
                let value = value.parse().unwrap_or_else(|_| panic!("no number: {line}"));
                assert!(series.insert(name.to_owned(), value).is_none(), "told twice: {line}");
            }
        }
        let has = |name: &str| series.keys().any(|key: &String| key.split('{').next() == Some(name));
        for (name, kind) in &kinds {
            if kind == "histogram" {
                assert!(["_bucket", "_sum", "_count"].iter().all(|end| has(&format!("{name}{end}"))), "{name}");
            } else {
                assert!(has(name), "{name} has no series");
            }
        }
        Self { text, series }
    }

    /// What a series stands at; 0 if it is not there yet.
    fn value(&self, series: &str) -> f64 {
        self.series.get(series).copied().unwrap_or(0.0)
    }

    #[track_caller]
    fn shows(&self, series: &str, value: f64) {
        assert_eq!(self.series.get(series), Some(&value), "{series} in\n{}", self.text);
    }
}

async fn stats(person: &Person, headers: &[(&str, &str)]) -> Page {
    person.request(Method::GET, "/stats", None, headers).await
}

fn read(page: &Page) -> Value {
    serde_json::from_str(&page.html).unwrap_or_else(|fault| panic!("{fault}: {}", page.html))
}

both! {
    async fn decisions_and_runs_are_counted(backend) {
        let (app, person) = App::ready(backend, &[]).await;
        let approved = person.new_conversation(WISH).await;
        approved.approvals(1).await;
        let waiting = Scrape::of(&app).await;
        for (series, value) in [
            ("sayso_turns_open{state=\"awaiting_approval\"}", 1.0),
            ("sayso_turns_open{state=\"running\"}", 0.0),
            ("sayso_approvals_waiting", 1.0),
            ("sayso_turns_running", 0.0),
            ("sayso_database_available", 1.0),
        ] {
            waiting.shows(series, value);
        }
        assert!(!waiting.series.contains_key("sayso_turn_resume_seconds_count"), "nothing was decided");
        approved.approve().await.expect(200);
        approved.until("the end", |page| page.turn() == "completed").await;
        let denied = person.new_conversation("Create a file `b.txt` with content: B").await;
        denied.deny().await.expect(200);
        denied.settled().await;
        let superseded = person.new_conversation("Create a file `c.txt` with content: C").await;
        superseded.approvals(1).await;
        superseded.say("Never mind.").await;
        // What was not there when it was asked for is there when it runs.
        let failed = person.new_conversation("Create a file `d.txt` with content: D").await;
        failed.approvals(1).await;
        fs::write(app.workspace().join(app.tenant()).join("d.txt"), "somebody else's").unwrap();
        failed.approve().await.expect(200);
        failed.settled().await;

        let seen = Scrape::of(&app).await;
        for (series, value) in [
            ("sayso_approvals_waiting", 0.0),
            ("sayso_turns_open{state=\"awaiting_approval\"}", 0.0),
            ("sayso_approvals_total{decision=\"approve\"}", 2.0),
            ("sayso_approvals_total{decision=\"deny\"}", 1.0),
            ("sayso_approvals_total{decision=\"superseded\"}", 1.0),
            ("sayso_approval_seconds_count{decision=\"approve\"}", 2.0),
            ("sayso_approval_seconds_count{decision=\"deny\"}", 1.0),
            ("sayso_tool_runs_total{tool=\"write_file\",outcome=\"succeeded\"}", 1.0),
            ("sayso_tool_run_seconds_count{tool=\"write_file\"}", 2.0),
            ("sayso_turn_resume_seconds_count", 3.0),
            ("sayso_model_reservations_open", 0.0),
        ] {
            seen.shows(series, value);
        }
        let total = |start: &str| seen.series.iter().filter(|(name, _)| name.starts_with(start)).map(|(_, n)| n).sum::<f64>();
        assert_eq!(total("sayso_tool_runs_total{tool=\"write_file\",outcome=\""), 2.0, "{}", seen.text);
        // Five: the superseded one has made room for another.
        assert_eq!(total("sayso_turns_ended_total{"), 5.0, "{}", seen.text);
        assert!(seen.value("sayso_turns_ended_total{state=\"completed\",code=\"none\"}") >= 4.0, "{}", seen.text);
        // A person took a moment; no id of theirs is a label.
        assert!(seen.value("sayso_approval_seconds_sum{decision=\"approve\"}") > 0.0);
        assert!(!seen.text.contains(&approved.id) && !seen.text.contains("example.org"));
        let calls = total("sayso_model_calls_total{provider=\"demo\"");
        assert!(calls >= 8.0 && seen.value("sayso_model_stream_seconds_count{provider=\"demo\"}") >= calls, "{}", seen.text);
        let pools: &[&str] = if backend == Backend::Sqlite { &["writer", "readers"] } else { &["all"] };
        for pool in pools {
            let of = |metric: &str| seen.value(&format!("sayso_database_connections{metric}{{pool=\"{pool}\"}}"));
            assert!(of("") >= 1.0 && of("_idle") <= of("") && of("") <= of("_max"), "{}", seen.text);
            assert_eq!(of("_awaited"), 0.0);
        }
        let database = if backend == Backend::Sqlite { "sqlite" } else { "postgres" };
        let built = seen.series.keys().find(|name| name.starts_with("sayso_build_info{")).unwrap();
        assert!(built.contains(&format!("version=\"{}\"", env!("CARGO_PKG_VERSION"))) && built.contains(database), "{built}");
        assert!(seen.value("process_resident_memory_bytes") > 1e6 && seen.value("process_open_fds") > 5.0);
    }

    async fn failures_stops_and_what_is_held_are_counted(backend) {
        let text = "many words ".repeat(400);
        let Some(replay) = Replay::playing(&[("long", Reply::text(&text))], &[]) else { return };
        let settings = replay.settings_of_two("anthropic/long@stall=600:3000", "openai/err-401-openai");
        let (app, _) = App::ready(backend, &settings).await;
        let script = Script::first(&app.base).await;
        let failed = script.post("/api/chat", &json!({"message": "Hello", "provider": "openai"}), &[]).await.expect(200);
        assert_eq!(failed.json()["turn"]["state"], "failed");
        let mut events = script.say("/api/chat", "Much", &[]).await;
        let conversation = events.conversation();
        events.until("delta").await;
        let running = Scrape::of(&app).await;
        for (series, value) in [
            ("sayso_turns_running", 1.0),
            ("sayso_turns_open{state=\"running\"}", 1.0),
            ("sayso_model_reservations_open", 1.0),
            ("sayso_turns_ended_total{state=\"failed\",code=\"provider_unauthorized\"}", 1.0),
            ("sayso_model_first_token_seconds_count{provider=\"anthropic\"}", 1.0),
        ] {
            running.shows(series, value);
        }
        assert!(!running.series.contains_key("sayso_model_stream_seconds_count{provider=\"anthropic\"}"), "it goes on");
        assert_eq!(read(&stats(&app.visitor(), &[]).await)["totalPendingRequests"], 1);
        script.post(&format!("/api/chat/{conversation}/stop"), &json!({}), &[]).await.expect(200);
        events.until("done").await;
        let stopped = Scrape::of(&app).await;
        for (series, value) in [
            ("sayso_turns_ended_total{state=\"stopped\",code=\"none\"}", 1.0),
            ("sayso_model_stream_seconds_count{provider=\"anthropic\"}", 1.0),
            ("sayso_model_reservations_open", 0.0),
            ("sayso_turns_open{state=\"running\"}", 0.0),
        ] {
            stopped.shows(series, value);
        }
        let calls = |provider: &str, model: &str, outcome: &str| {
            format!("sayso_model_calls_total{{provider=\"{provider}\",model=\"{model}\",outcome=\"{outcome}\"}}")
        };
        stopped.shows(&calls("anthropic", "anthropic/long@stall=600:3000", "stopped"), 1.0);
        stopped.shows(&calls("openai", "openai/err-401-openai", "provider_unauthorized"), 1.0);
    }

    async fn sockets_people_and_what_waits_are_told(backend) {
        let (app, person) = App::ready(backend, &[]).await;
        let nothing = read(stats(&app.visitor(), &[]).await.expect(200));
        let roles = json!({"owner": 0, "admin": 0, "member": 0, "guest": 0});
        let keys: BTreeSet<_> = nothing.as_object().unwrap().keys().map(String::as_str).collect();
        let expected = ["totalConnections", "totalUsers", "totalPendingRequests", "connectionsByRole", "timestamp"];
        assert_eq!(keys, BTreeSet::from(expected));
        assert_eq!(nothing["connectionsByRole"], roles);
        assert_eq!((&nothing["totalConnections"], &nothing["totalUsers"]), (&json!(0), &json!(0)));
        assert_eq!(nothing["totalPendingRequests"], 0);
        chrono::DateTime::parse_from_rfc3339(nothing["timestamp"].as_str().unwrap()).unwrap();

        let chat = person.new_conversation(WISH).await;
        chat.approvals(1).await;
        let member = app.person("bob@example.org", &app.tenant(), "member").await;
        let other = member.new_conversation("Hello").await;
        other.settled().await;
        let sockets = [chat.socket().await, chat.socket().await, other.socket().await];
        // One who may not look is no one's connection.
        assert_eq!(app.visitor().socket(&chat.id).await.closed().await, 4401);
        let now = read(stats(&app.visitor(), &[]).await.expect(200));
        assert_eq!((&now["totalConnections"], &now["totalUsers"]), (&json!(3), &json!(2)), "{now}");
        assert_eq!(now["connectionsByRole"], json!({"owner": 2, "admin": 0, "member": 1, "guest": 0}));
        assert_eq!(now["totalPendingRequests"], 1, "{now}");
        let open = Scrape::of(&app).await;
        for (kind, count) in [("page", 3.0), ("api", 0.0), ("gateway", 0.0)] {
            open.shows(&format!("sayso_sockets_open{{kind=\"{kind}\"}}"), count);
        }
        drop(sockets);
        eventually("nobody is connected", async || {
            let now = read(&stats(&app.visitor(), &[]).await);
            (now["totalConnections"] == 0 && now["connectionsByRole"] == roles).then_some(())
        })
        .await;
        Scrape::of(&app).await.shows("sayso_sockets_open{kind=\"page\"}", 0.0);
    }

    async fn a_database_that_is_gone_is_told_of(backend) {
        if backend == Backend::Sqlite {
            let (app, _) = App::ready(backend, &[]).await;
            app.query("ALTER TABLE model_calls RENAME TO model_calls_gone");
            Scrape::of(&app).await.shows("sayso_database_available", 0.0);
            app.query("ALTER TABLE model_calls_gone RENAME TO model_calls");
            Scrape::of(&app).await.shows("sayso_database_available", 1.0);
        }
    }
}

/// `/stats` is for those for whom `/metrics` is.
#[tokio::test(flavor = "multi_thread")]
async fn stats_are_for_this_machine_operators_and_who_brings_the_token() {
    let (app, person) = App::ready(Backend::Sqlite, &[]).await;
    let outside = [("x-forwarded-for", "203.0.113.9")];
    stats(&app.visitor(), &[]).await.expect(200);
    stats(&app.visitor(), &outside).await.expect(403);
    stats(&person, &outside).await.expect(200);
    let owner = app.person("bob@example.org", &app.tenant(), "owner").await;
    stats(&owner, &outside).await.expect(403);

    let (app, person) = App::ready(Backend::Sqlite, &[("METRICS_TOKEN", "hunter22")]).await;
    for asks in [app.visitor(), person] {
        stats(&asks, &[]).await.expect(401);
        stats(&asks, &[("authorization", "Bearer hunter2")]).await.expect(401);
        let page = stats(&asks, &[("authorization", "Bearer hunter22"), outside[0]]).await;
        assert_eq!(page.expect(200).header("cache-control"), Some("no-store"));
    }
}
