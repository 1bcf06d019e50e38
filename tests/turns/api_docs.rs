//! The examples of docs/api.md, run as they stand there.

use std::process::Command;

use crate::{
    both,
    support::{App, Script, root},
};

/// The `sh` blocks of one part of a document.
fn examples(document: &str, part: &str) -> Vec<String> {
    let (_, text) = document.split_once(part).unwrap_or_else(|| panic!("no part “{part}”"));
    let text = text.split_once("\n## ").map_or(text, |(text, _)| text);
    text.split("```sh\n").skip(1).map(|block| block.split("```").next().unwrap().to_owned()).collect()
}

/// Runs every example of a part; each must say what is expected of it.
async fn run(app: &App, part: &str, expected: &[&str]) {
    let script = Script::first(&app.base).await;
    let document = std::fs::read_to_string(root().join("docs/api.md")).unwrap();
    let examples = examples(&document, part);
    assert_eq!(examples.len(), expected.len());
    for (example, expected) in examples.into_iter().zip(expected) {
        let (base, token) = (app.base.clone(), script.token.clone());
        let run = tokio::task::spawn_blocking(move || {
            let mut shell = Command::new("sh");
            shell.args(["-euc", &example]).env("SAYSO", base).env("TOKEN", token).env("NO_PROXY", "*");
            (shell.output().unwrap(), example)
        });
        let (output, example) = run.await.unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        let fault = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{example}\n{said}\n{fault}");
        assert!(said.contains(expected), "{example}\n{said}");
        assert!(!said.contains("\"error\":{\"code\""), "{example}\n{said}");
    }
}

both! {
    async fn examples_of_tools_run_as_they_stand(backend) {
        let (app, _) = App::ready(backend, &[]).await;
        let expected = ["{\"tools\":[{\"name\":", "\"state\":\"succeeded\"", "\"state\":\"completed\""];
        run(&app, "## Tools: `/api/mcp/tools`", &expected).await;
        assert_eq!(app.file("notes/direct.txt").as_deref(), Some("Hello"));
        assert_eq!(app.query("SELECT count(*) FROM tool_calls WHERE state = 'succeeded'"), "2");
    }

    async fn examples_of_chat_run_as_they_stand(backend) {
        let (app, _) = App::ready(backend, &[]).await;
        let expected = [
            "\"turn\":{\"id\":", "demo", "event: done\ndata: {\"turn\":", "event: done\ndata: {\"turn\":",
            "\"conversation_id\":", "\"conversation\":{\"id\":",
        ];
        run(&app, "## Talking: `/api/chat`", &expected).await;
        // The decision among them was one.
        assert_eq!(app.query("SELECT count(*) FROM tool_calls WHERE decision = 'approve'"), "1");
    }
}
