//! Turns that do not come to an end by themselves: calls that make no sense (the model is told what is wrong, three
//! times in a turn; nobody is asked about them), and sensible ones without end.

use reqwest::Method;
use serde_json::json;

use crate::{
    both,
    support::{App, Replay, Reply},
};

fn replies() -> Vec<(&'static str, Reply)> {
    vec![
        ("broken", Reply::text("One.").and_raw_tool("write_file", "{\"path\": \"a.txt\", ")),
        ("unfit", Reply::text("Two.").and_tool("write_file", json!({"path": 5}))),
        ("unknown", Reply::text("Three.").and_tool("launch_rocket", json!({}))),
        // A sensible call beside one that is not.
        ("both", Reply::text("Four.").and_write_file("b.txt", "b").and_tool("launch_rocket", json!({}))),
        ("good", Reply::text("I give up tools.")),
    ]
}

both! {
    async fn three_times_the_model_is_told_what_is_wrong(backend) {
        let script = ["anthropic/broken", "anthropic/unfit", "anthropic/unknown", "anthropic/good"];
        let Some(replay) = Replay::playing(&replies(), &[("three", &script)]) else { return };
        let (app, person) = App::ready(backend, &replay.settings("script:three.json")).await;
        let page = person.new_conversation("Do something").await.settled().await;
        assert_eq!(page.turn(), "completed", "{}", page.text());
        assert!(page.replies().ends_with("I give up tools."), "{}", page.replies());
        assert!(page.tool_calls().iter().all(|call| call.state == "failed") && page.approvals().is_empty());
        assert_eq!(app.query("SELECT count(*) FROM tool_calls WHERE decision IS NOT NULL"), "0");
        let rounds = replay.rounds();
        assert_eq!(rounds.len(), 4);
        for (round, said) in rounds.iter().skip(1).zip(["JSON", "fit", "launch_rocket"]) {
            let result = round["messages"].as_array().unwrap().last().unwrap()["content"].to_string();
            assert!(result.contains("is_error") && result.contains(said), "{said}: {result}");
        }
        replay.assert_refused_none();
    }

    async fn a_turn_has_25_model_calls_and_then_says_so(backend) {
        let again = [("again", Reply::text("Once more.").and_write_file("a.txt", "a"))];
        let Some(replay) = Replay::playing(&again, &[("endless", &["anthropic/again"; 30])]) else { return };
        let (app, person) = App::ready(backend, &replay.settings("script:endless.json")).await;
        let chat = person.new_conversation("Go on and on").await;
        for _ in 0..25 {
            let approval = chat.approvals(1).await.remove(0);
            chat.decide(&approval, "Approve").await.expect(200);
        }
        let page = chat.until("the end", |page| page.turn() == "failed").await;
        assert!(page.shows_code("turn_too_long"), "{}", page.text());
        assert_eq!(page.nodes("#turn-note .note")[0].attribute("data-code"), "turn_too_long");
        assert_eq!(replay.rounds().len(), 25);
        assert!(page.tool_calls().iter().all(|call| call.state == "succeeded"));
        // Trying again could only say so once more: a message goes on.
        assert!(!page.may_retry());
        let csrf = page.composer().value("csrf").expect("a token").to_owned();
        let address = format!("/conversations/{}/retry", chat.id);
        let form = [("content-type", "application/x-www-form-urlencoded")];
        person.request(Method::POST, &address, Some(format!("csrf={csrf}")), &form).await.expect(409);
        assert_eq!(app.query("SELECT state, error_code FROM turns"), "failed|turn_too_long");
        assert_eq!(replay.rounds().len(), 25);
    }

    async fn the_fourth_time_the_turn_has_failed(backend) {
        let script = ["anthropic/broken", "anthropic/unfit", "anthropic/unknown", "anthropic/both", "anthropic/good"];
        let Some(replay) = Replay::playing(&replies(), &[("four", &script)]) else { return };
        let (app, person) = App::ready(backend, &replay.settings("script:four.json")).await;
        let chat = person.new_conversation("Do something").await;
        let page = chat.settled().await;
        assert_eq!(page.turn(), "failed", "{}", page.text());
        assert!(page.shows_code("provider_invalid_response") && page.may_retry(), "{}", page.text());
        assert_eq!((replay.rounds().len(), page.said_by("assistant").len()), (4, 4));
        // Nobody is asked about the sensible one any more, and it does not run.
        assert!(page.approvals().is_empty() && app.files().is_empty());
        assert_eq!(app.query("SELECT state FROM tool_calls WHERE arguments LIKE '%b.txt%'"), "denied");
        // Trying again goes on; the count is the turn's.
        chat.retry().await.expect(200);
        let page = chat.until("the reply", |page| page.turn() == "completed").await;
        assert!(page.replies().ends_with("I give up tools."), "{}", page.replies());
        replay.assert_refused_none();
    }
}
