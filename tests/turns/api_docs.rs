//! The examples of docs/api.md and the README, run as they stand there.

use std::process::Command;

use crate::{
    both,
    openai_client::python,
    support::{App, Backend, Person, Script, root},
};

/// The `sh` blocks of one part of a document.
fn examples(document: &str, part: &str) -> Vec<String> {
    let (_, text) = document.split_once(part).unwrap_or_else(|| panic!("no part “{part}”"));
    let text = text.split_once("\n## ").map_or(text, |(text, _)| text);
    text.split("```sh\n").skip(1).map(|block| block.split("```").next().unwrap().to_owned()).collect()
}

/// Runs all examples of a part, each with what its output must hold.
async fn run(app: &App, file: &str, part: &str, expected: &[&str]) {
    let script = Script::first(&app.base).await;
    let document = std::fs::read_to_string(root().join(file)).unwrap();
    let examples = examples(&document, part);
    assert_eq!(examples.len(), expected.len());
    for (example, expected) in examples.into_iter().zip(expected) {
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

both! {
    async fn examples_of_tools_run_as_they_stand(backend) {
        let (app, _) = App::ready(backend, &[]).await;
        let expected = ["{\"tools\":[{\"name\":", "\"state\":\"succeeded\"", "\"state\":\"completed\""];
        run(&app, "docs/api.md", "## Tools: `/api/mcp/tools`", &expected).await;
        assert_eq!(app.file("notes/direct.txt").as_deref(), Some("Hello"));
        assert_eq!(app.query("SELECT count(*) FROM tool_calls WHERE state = 'succeeded'"), "2");
    }

    async fn examples_of_chat_run_as_they_stand(backend) {
        let (app, _) = App::ready(backend, &[]).await;
        let expected = [
            "\"turn\":{\"id\":", "demo", "event: done\ndata: {\"turn\":", "event: done\ndata: {\"turn\":",
            "\"conversation_id\":", "\"conversation\":{\"id\":",
        ];
        run(&app, "docs/api.md", "## Talking: `/api/chat`", &expected).await;
        // The decision among them was one.
        assert_eq!(app.query("SELECT count(*) FROM tool_calls WHERE decision = 'approve'"), "1");
    }

    async fn examples_of_openais_form_run_as_they_stand(backend) {
        let (app, _) = App::ready(backend, &[]).await;
        let expected = ["\"object\":\"chat.completion\"", "\"total_tokens\":", "\"id\":\"demo/demo\""];
        run(&app, "docs/api.md", "## OpenAI's form: `/v1`", &expected).await;
    }

    async fn the_readmes_examples_run_as_they_stand(backend) {
        let (app, _) = App::ready(backend, &[]).await;
        let expected =
            ["\"access_token\":", "\"turn\":{\"id\":", "demo", "event: done\ndata: {\"turn\":", "\"state\":\""];
        run(&app, "README.md", "## For scripts", &expected).await;
        // The decision among them was one.
        assert_eq!(app.query("SELECT count(*) FROM tool_calls WHERE decision = 'approve'"), "1");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_readmes_client_of_openai_runs_as_it_stands() {
    let (app, _) = App::ready(Backend::Sqlite, &[]).await;
    let Some(python) = python() else { return };
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    let example = readme.split("```python\n").nth(1).and_then(|text| text.split("```").next()).unwrap().to_owned();
    let (base, token) = (app.base.clone(), Script::first(&app.base).await.token);
    let run = tokio::task::spawn_blocking(move || {
        let mut python = Command::new(python);
        python.args(["-c", &example]).env("SAYSO", base).env("TOKEN", token).env("NO_PROXY", "*");
        python.output().unwrap()
    });
    let output = run.await.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(String::from_utf8_lossy(&output.stdout).contains("demo"), "{output:?}");
}
