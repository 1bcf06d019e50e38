//! Examples for scripts, in the README and docs/api.md, run as they stand there.

use std::process::Command;

use crate::{
    WISH,
    document::document,
    support::{App, Backend, Person, Script, python},
};

/// Runs all examples of a part, each with what its output must hold.
async fn run(app: &App, blocks: Vec<String>, expected: &[&str]) {
    let script = Script::first(&app.base).await;
    assert_eq!(blocks.len(), expected.len(), "{blocks:#?}");
    for (example, expected) in blocks.into_iter().zip(expected) {
        let (base, token) = (app.base.clone(), script.token.clone());
        let run = tokio::task::spawn_blocking(move || {
            let mut shell = Command::new("sh");
            shell.args(["-euc", &example]).env("SAYSO", base).env("TOKEN", token).env("NO_PROXY", "*");
            shell.env("EMAIL", Person::FIRST.0).env("PASSWORD", Person::FIRST.1);
            (shell.output().unwrap(), example)
        });
        let (output, example) = run.await.unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        let fault = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{example}\n{said}\n{fault}");
        assert!(said.contains(expected), "{example}\n{said}");
        assert!(!said.contains("\"error\":{\""), "{example}\n{said}");
    }
}

/// What the end of a stream looks like.
const DONE: &str = "event: done\ndata: {\"turn\":";

pub async fn readme(backend: Backend, blocks: Vec<String>) {
    let (app, _) = App::ready(backend, &[]).await;
    run(&app, blocks, &["\"access_token\":", "\"turn\":{\"id\":", "demo", DONE, "\"state\":\""]).await;
    // The decision among them was one.
    assert_eq!(app.query("SELECT count(*) FROM tool_calls WHERE decision = 'approve'"), "1");
}

pub async fn signing_in(backend: Backend, blocks: Vec<String>) {
    let (app, _) = App::ready(backend, &[]).await;
    run(&app, blocks, &["\"refresh_token\":"]).await;
}

pub async fn talking(backend: Backend, blocks: Vec<String>) {
    let (app, _) = App::ready(backend, &[]).await;
    run(&app, blocks, &["\"turn\":{\"id\":", "demo", DONE]).await;
}

pub async fn coming_back(backend: Backend, blocks: Vec<String>) {
    let (app, _) = App::ready(backend, &[]).await;
    run(&app, blocks, &[DONE]).await;
}

pub async fn deciding(backend: Backend, blocks: Vec<String>) {
    let (app, _) = App::ready(backend, &[]).await;
    run(&app, blocks, &["\"conversation_id\":", "\"conversation\":{\"id\":"]).await;
    assert_eq!(app.query("SELECT count(*) FROM tool_calls WHERE decision = 'approve'"), "1");
}

pub async fn openai(backend: Backend, blocks: Vec<String>) {
    let (app, _) = App::ready(backend, &[]).await;
    run(&app, blocks, &["\"object\":\"chat.completion\"", "\"total_tokens\":", "\"id\":\"demo/demo\""]).await;
}

pub async fn tools(backend: Backend, blocks: Vec<String>) {
    let (app, _) = App::ready(backend, &[]).await;
    run(&app, blocks, &["{\"tools\":[{\"name\":", "\"state\":\"succeeded\"", "\"state\":\"completed\""]).await;
    assert_eq!(app.file("notes/direct.txt").as_deref(), Some("Hello"));
    assert_eq!(app.query("SELECT count(*) FROM tool_calls WHERE state = 'succeeded'"), "2");
}

#[tokio::test(flavor = "multi_thread")]
async fn clients_of_openai_run_as_they_stand() {
    let (app, _) = App::ready(Backend::Sqlite, &[]).await;
    let Some(python) = python() else { return };
    let (base, token) = (app.base.clone(), Script::first(&app.base).await.token);
    for path in ["README.md", "docs/api.md"] {
        let blocks = document(path).blocks().into_iter().filter(|block| block.language == "python");
        let [block] = &blocks.collect::<Vec<_>>()[..] else { panic!("one client in {path}") };
        let example = block.code.clone();
        let (base, token, python) = (base.clone(), token.clone(), python.clone());
        let run = tokio::task::spawn_blocking(move || {
            let mut python = Command::new(python);
            python.args(["-c", &example]).env("SAYSO", base).env("TOKEN", token).env("NO_PROXY", "*");
            python.output().unwrap()
        });
        let output = run.await.unwrap();
        assert!(output.status.success(), "{path}: {}", String::from_utf8_lossy(&output.stderr));
        assert!(String::from_utf8_lossy(&output.stdout).contains("demo"), "{output:?}");
    }
}

/// What newcomers are told to say to the demo is what it understands.
#[test]
fn the_wish_of_the_documents_is_the_one_that_the_demo_grants() {
    for path in ["README.md", "docs/start.md", "docs/api.md"] {
        assert!(document(path).text.contains(WISH), "{path}");
    }
}
