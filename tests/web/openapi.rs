//! The API says of itself what it is: the document, against the routes that there are, an independent validator and
//! schemathesis.

use std::{
    collections::BTreeSet,
    env, fs,
    io::Write as _,
    path::PathBuf,
    process::{Command, Output},
};

use reqwest::Method;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    WISH, both,
    support::{App, Backend, Script, root},
    token_table::mounted,
};

const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

async fn document(app: &App) -> Value {
    let answer = Script::with_token(&app.base, "").get("/api/openapi.json").await.expect(200);
    answer.json()
}

/// Methods and addresses that the document tells of.
fn told(document: &Value) -> BTreeSet<(String, String)> {
    let paths = document["paths"].as_object().unwrap();
    let of = |(path, item): (&String, &Value)| {
        let methods: Vec<_> = item.as_object().unwrap().keys().map(|method| method.to_uppercase()).collect();
        methods.into_iter().map(|method| (method, path.clone())).collect::<Vec<_>>()
    };
    paths.iter().flat_map(of).collect()
}

/// The document is a file, so that no program carries what makes it. `OPENAPI=write` writes it anew, to be looked at.
#[test]
fn the_file_is_what_handlers_and_shapes_tell() {
    let file = root().join("src/api/openapi.json");
    let mut told = serde_json::to_string_pretty(&sayso::api::openapi::told()).unwrap();
    told.push('\n');
    if env::var("OPENAPI").is_ok_and(|wish| wish == "write") {
        fs::write(&file, &told).unwrap();
    }
    let is_told = fs::read_to_string(&file).unwrap() == told;
    assert!(is_told, "not what is told: OPENAPI=write cargo test --test web openapi writes it anew");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_is_told_of_and_nothing_else() {
    let (app, _) = App::ready(Backend::Sqlite, &[]).await;
    let told = told(&document(&app).await);
    let mounted: BTreeSet<_> =
        mounted().into_iter().map(|(method, path)| (method, path.replace(":.+}", "}"))).collect();
    assert!(mounted.len() > 30, "{mounted:?}");
    let (untold, absent): (Vec<_>, Vec<_>) = (mounted.difference(&told).collect(), told.difference(&mounted).collect());
    assert!(untold.is_empty() && absent.is_empty(), "not told of: {untold:?}\nnot there: {absent:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn other_methods_are_told_which_there_are() {
    let (app, _) = App::ready(Backend::Sqlite, &[]).await;
    let script = Script::first(&app.base).await;
    let told = told(&document(&app).await);
    let nobody = "0192d3c0-0000-7000-8000-000000000000";
    for path in told.iter().map(|(_, path)| path).collect::<BTreeSet<_>>() {
        let taken: BTreeSet<_> =
            METHODS.into_iter().filter(|method| told.contains(&((*method).into(), path.clone()))).collect();
        let address = path.replace("{id}", nobody).replace("{user}", nobody);
        for method in METHODS.into_iter().filter(|method| !taken.contains(method)) {
            let answer = script.call(Method::from_bytes(method.as_bytes()).unwrap(), &address, None, &[]).await;
            assert_eq!(answer.status, 405, "{method} {path}: {}", answer.text);
            let allowed: BTreeSet<_> =
                answer.header("allow").unwrap_or_default().split(", ").filter(|one| *one != "HEAD").collect();
            assert_eq!(allowed, taken, "{method} {path}");
        }
        // It is the route that answers, not the lack of one.
        for method in taken.into_iter().filter(|method| *method != "DELETE" && !path.ends_with("logout")) {
            let answer = script.call(Method::from_bytes(method.as_bytes()).unwrap(), &address, None, &[]).await;
            assert_ne!(answer.status, 405, "{method} {path}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_document_is_kept_until_it_changes() {
    let (app, _) = App::ready(Backend::Sqlite, &[]).await;
    let visitor = Script::with_token(&app.base, "");
    let first = visitor.get("/api/openapi.json").await.expect(200);
    let tag = first.header("etag").unwrap().to_owned();
    assert_eq!(first.header("cache-control"), Some("public, no-cache"));
    let again =
        async |given: &str| visitor.call(Method::GET, "/api/openapi.json", None, &[("if-none-match", given)]).await;
    let known = again(&format!("\"x\", {tag}")).await.expect(304);
    assert_eq!((known.text.as_str(), known.header("etag")), ("", Some(tag.as_str())));
    assert_eq!(again("\"x\"").await.expect(200).text, first.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_document_knows_every_code_and_its_prefix() {
    let app = App::with(Backend::Sqlite, &[("PUBLIC_URL", "https://example.org/chat")]).await;
    let visitor = Script::with_token(&app.base, "");
    let answer = visitor.call(Method::GET, "/chat/api/openapi.json", None, &[("host", "example.org")]);
    let document = answer.await.expect(200).json();
    assert_eq!(document["openapi"], "3.1.0");
    assert_eq!(document["servers"], json!([{"url": "/chat"}]));
    let schemas = &document["components"]["schemas"];
    let codes: Vec<_> = sayso::error::Code::ALL.iter().map(|code| code.as_str()).collect();
    assert_eq!(schemas["Code"]["enum"], json!(codes));
    let chat = &document["paths"]["/api/chat"]["post"];
    let forms: BTreeSet<_> =
        chat["responses"]["200"]["content"].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(forms, BTreeSet::from(["application/json", "text/event-stream", "text/plain"]));
    assert_eq!(chat["security"], json!([{"bearer": []}, {"csrf": [], "session": []}]));
    // What is refered to is there.
    let text = document.to_string();
    for name in text.split("\"$ref\":\"#/").skip(1).map(|rest| rest.split('"').next().unwrap()) {
        assert!(document.pointer(&format!("/{name}")).is_some(), "{name}");
    }
}

/// Where the Python programs are; `None`, with a word about what is left out, where PyPI cannot be reached.
fn programs() -> Option<PathBuf> {
    let installed = Command::new(root().join("tests/support/schemathesis.sh")).arg("install").output().unwrap();
    let told = String::from_utf8_lossy(&installed.stderr).into_owned();
    assert!(installed.status.success(), "schemathesis cannot be installed:\n{told}");
    let place = String::from_utf8_lossy(&installed.stdout).trim().to_owned();
    if place.is_empty() {
        // Past the capture of test output: everyone shall see it.
        let _ = writeln!(std::io::stderr(), "\n{told}");
        return None;
    }
    Some(place.into())
}

async fn run(mut command: Command) -> Output {
    command.env("NO_PROXY", "*").env("PYTHONDONTWRITEBYTECODE", "1");
    tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap()
}

#[track_caller]
fn expect_success(output: &Output) -> String {
    let said = [&output.stdout[..], &output.stderr[..]].concat();
    let said = String::from_utf8_lossy(&said).into_owned();
    assert!(output.status.success(), "{}", &said[said.floor_char_boundary(said.len().saturating_sub(12_000))..]);
    said
}

#[tokio::test(flavor = "multi_thread")]
async fn a_validator_finds_the_document_good() {
    let (app, _) = App::ready(Backend::Sqlite, &[]).await;
    let document = document(&app).await;
    let Some(programs) = programs() else { return };
    let home = TempDir::new().unwrap();
    let check = async |document: &Value| {
        let file = home.path().join("openapi.json");
        fs::write(&file, document.to_string()).unwrap();
        let mut command = Command::new(programs.join("openapi-spec-validator"));
        command.args(["--schema", "3.1"]).arg(file);
        run(command).await
    };
    expect_success(&check(&document).await);
    // It does look.
    let mut broken = document;
    broken["paths"]["/api/chat"]["post"]["responses"]["200"]["description"] = Value::Null;
    assert!(!check(&broken).await.status.success());
}

/// What of the caller's own stands in addresses, so that more is reached than 404: each operation that ends something has
/// something of its own.
async fn parameters(script: &Script) -> String {
    let conversation = async || {
        let answer = script.post("/api/chat", &json!({"message": "Hello"}), &[]).await.expect(200);
        answer.json()["conversation_id"].as_str().unwrap().to_owned()
    };
    let waiting = script.post("/api/chat", &json!({"message": WISH}), &[]).await.expect(200).json();
    let call = waiting["tool_calls"][0]["id"].as_str().unwrap().to_owned();
    let me = script.get("/api/auth/me").await.expect(200).json();
    let (user, tenant) = (me["user"]["id"].as_str().unwrap(), me["tenant"]["id"].as_str().unwrap());
    let mut config = String::new();
    let mut add = |method: &str, path: &str, name: &str, value: &str| {
        config.push_str(&format!(
            "[[operations]]\ninclude-path = \"{path}\"\ninclude-method = \"{method}\"\nparameters = {{ \"path.{name}\" = \"{value}\" }}\n\n"
        ));
    };
    for (method, path) in [
        ("POST", "/api/chat/{id}"),
        ("POST", "/api/chat/{id}/stop"),
        ("GET", "/api/conversations/{id}"),
        ("PATCH", "/api/conversations/{id}"),
        ("DELETE", "/api/conversations/{id}"),
        ("POST", "/api/conversations/{id}/end"),
        ("GET", "/api/conversations/{id}/messages"),
        ("GET", "/api/conversations/{id}/export"),
        ("GET", "/api/chat/session/{id}/messages/by-id"),
        ("POST", "/api/chat/session/{id}/end"),
        ("DELETE", "/api/chat/session/{id}"),
    ] {
        add(method, path, "id", &conversation().await);
    }
    add("POST", "/api/tool-calls/{id}/decision", "id", &call);
    add("GET", "/api/admin/tenants/{id}/usage", "id", tenant);
    add("PUT", "/api/admin/tenants/{id}/limits", "id", tenant);
    add("GET", "/api/chat/sessions/{user}", "user", user);
    add("GET", "/api/chat/session/{user}/messages", "user", user);
    add("GET", "/api/chat/session/{id}", "id", user);
    add("GET", "/v1/models/{id}", "id", "auto");
    config
}

/// One run over every operation but those left out, bounded in time, with a fixed seed.
async fn schemathesis(app: &App, script: &Script, config: &str, options: &[&str]) {
    let Some(programs) = programs() else { return };
    let home = TempDir::new().unwrap();
    fs::write(home.path().join("schemathesis.toml"), config).unwrap();
    let mut command = Command::new(programs.join("schemathesis"));
    command.current_dir(home.path()).arg("run").arg(format!("{}/api/openapi.json", app.base));
    command.args(["-H", &format!("Authorization: Bearer {}", script.token), "--seed", "5", "--request-timeout", "20"]);
    command.args(["--continue-on-failure", "--no-shrink", "--warnings", "off"]);
    // Whether what fits is taken depends on more than its shape: on what there is, and on what was used.
    command.args(["--exclude-checks", "positive_data_acceptance", "--exclude-path", "/api/auth/logout"]);
    command.args(options);
    let said = expect_success(&run(command).await);
    assert!(said.contains("generated") && said.contains("passed"), "{said}");
}

/// So that nothing is refused for being much.
const WITHOUT_RATES: [(&str, &str); 2] = [("RATE_LOGIN", "1000000/min"), ("RATE_MESSAGES", "1000000/min")];

both! {
    async fn schemathesis_finds_nothing_at_odds_with_the_document(backend) {
        let (app, _) = App::ready(backend, &WITHOUT_RATES).await;
        let script = Script::first(&app.base).await;
        let coverage = ["--phases", "coverage", "--max-time", "40"];
        schemathesis(&app, &script, "", &coverage).await;
        // Once more with what there is, from another sign-in's beginning.
        let config = parameters(&script).await;
        let fuzzing = ["--phases", "fuzzing", "--max-time", "30", "--max-examples", "15"];
        schemathesis(&app, &script, &config, &fuzzing).await;
        // What is no HTTP at all is not answered by Sayso.
        let ours = |line: &&String| line.contains("ERROR") && !line.contains("actix_http");
        let faults: Vec<_> = app.logs().into_iter().filter(|line| ours(&line)).collect();
        assert!(faults.is_empty(), "{faults:#?}");
    }
}
