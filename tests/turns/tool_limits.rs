//! Limits of time, size and rate that every tool has, by their settings.

use serde_json::{Value, json};

use crate::{
    WISH, both,
    support::{App, Backend, Chat, Replay, Reply},
};

/// An app whose model asks for that script, and a conversation in which it was approved and came to its end.
async fn ran(backend: Backend, code: &str, settings: &[(&str, &str)]) -> Option<(App, Chat, Replay)> {
    let replay = Replay::playing(
        &[("ask", Reply::text("A script.").and_tool("run_js", json!({"code": code}))), ("end", Reply::text("Done."))],
        &[("one", &["anthropic/ask", "anthropic/end"])],
    )?;
    let mut all = replay.settings("script:one.json");
    all.extend_from_slice(settings);
    let (app, person) = App::ready(backend, &all).await;
    let chat = person.new_conversation("Compute").await;
    chat.approve().await.expect(200);
    chat.until("the reply goes on", |page| page.said_by("assistant").iter().any(|said| said.text == "Done.")).await;
    Some((app, chat, replay))
}

/// The results that the model was told last.
fn told(replay: &Replay) -> Value {
    replay.rounds().pop().expect("the model was asked")["messages"].as_array().unwrap().last().unwrap().clone()
}

both! {
    async fn one_run_too_many_is_refused_and_has_no_effect(backend) {
        let (app, person) = App::ready(backend, &[("RATE_TOOLS", "1/hour")]).await;
        let chat = person.new_conversation(WISH).await;
        chat.approve().await.expect(200);
        chat.settled().await;
        assert_eq!(app.file("notes/hello.txt").as_deref(), Some("Hello world"));
        chat.send("Create a file `notes/second.txt` with content: Too many").await.expect(200);
        chat.approve().await.expect(200);
        chat.settled().await;
        assert_eq!(app.file("notes/second.txt"), None);
        let calls = app.query("SELECT state, error_code FROM tool_calls ORDER BY created_at");
        assert_eq!(calls, "succeeded|\nfailed|rate_limited");
        // Everyone has a rate of their own.
        let other = app.person("bob@example.org", &app.tenant(), "member").await;
        let chat = other.new_conversation("Create a file `notes/third.txt` with content: Mine").await;
        chat.approve().await.expect(200);
        chat.settled().await;
        assert_eq!(app.file("notes/third.txt").as_deref(), Some("Mine"));
    }

    async fn a_run_that_takes_too_long_is_ended(backend) {
        let settings = [("TOOL_TIMEOUT", "1"), ("SCRIPT_SECONDS", "100")];
        let Some((app, _chat, replay)) = ran(backend, "console.log('on'); for (;;) {}", &settings).await else { return };
        assert_eq!(app.query("SELECT state, error_code FROM tool_calls"), "failed|tool_timeout");
        let told = told(&replay).to_string();
        assert!(told.contains("It took longer than 1 seconds. The script was stopped."), "{told}");
    }

    async fn a_result_that_is_too_large_is_cut_and_says_so(backend) {
        let settings = [("TOOL_RESULT_LIMIT", "1kb")];
        let Some((app, _chat, replay)) = ran(backend, "'x'.repeat(5000)", &settings).await else { return };
        let kept = format!("{}\n\n[Cut: these are the first 1024 of 5000 bytes.]", "x".repeat(1024));
        assert_eq!(app.query("SELECT result FROM tool_calls"), kept);
        let told = told(&replay).to_string();
        assert!(told.contains("these are the first 1024 of 5000 bytes") && !told.contains(&"x".repeat(1025)), "{told}");
    }
}
