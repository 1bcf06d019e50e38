//! Stop, and messages that come while something works or waits.

use std::time::Duration;

use crate::{
    WISH, both, long_text,
    support::{App, Hold, Replay, Reply, eventually, letters, stays},
};

both! {
    async fn stop_in_mid_stream_keeps_what_had_come(backend) {
        let text = long_text();
        let Some(replay) = Replay::playing(&[("long", Reply::text(&text))], &[]) else { return };
        let (app, person) = App::ready(backend, &replay.settings("anthropic/long@delay=40ms")).await;
        let chat = person.new_conversation("Tell me much").await;
        let page = chat.until("some of the reply", |page| page.replies().len() > 100).await;
        assert!(page.is_running() && page.turn() == "running", "{}", page.state());
        chat.stop().await.expect(200);
        let page = chat.until("the stop", |page| page.turn() == "stopped").await;
        let reply = &page.said_by("assistant")[0];
        assert_eq!(reply.state, "cut_off");
        assert!(letters(&text).starts_with(&letters(&reply.text)) && reply.text.len() > 100, "{}", reply.text);
        assert!(page.may_retry(), "a stopped turn offers no way on");
        eventually("the model API is left alone", async || replay.was_left().then_some(())).await;
        assert_eq!(app.query("SELECT count(*) FROM model_calls WHERE settled_at IS NULL"), "0");
        // A second Stop finds nothing to stop, and harms nothing.
        let after = chat.page().await.articles();
        stays(Duration::from_millis(500), "a stopped reply", async || chat.page().await.articles() == after).await;
    }

    /// The provider may have worked on it all the same: else a limit could be passed by asking and stopping.
    async fn who_stops_before_the_first_word_pays_for_what_was_asked(backend) {
        let Some(replay) = Replay::start() else { return };
        let (app, person) = App::ready(backend, &replay.settings("anthropic/text-haiku45@slow=600")).await;
        let chat = person.new_conversation("Tell me much").await;
        eventually("the model API is asked", async || (!replay.requests().is_empty()).then_some(())).await;
        chat.stop().await.expect(200);
        chat.until("the stop", |page| page.turn() == "stopped").await;
        let used = "SELECT requests || ' ' || CASE WHEN input_tokens > 0 THEN 'some' ELSE 'none' END || ' ' || output_tokens \
                    || ' ' || reserved_requests FROM usage_months WHERE subject_id = (SELECT id FROM tenants)";
        eventually("it is settled", async || (app.query(used) == "1 some 0 0").then_some(())).await;
    }

    async fn a_message_while_the_reply_streams_is_refused_and_kept(backend) {
        let Some(replay) = Replay::playing(&[("long", Reply::text(&long_text()))], &[]) else { return };
        let (_app, person) = App::ready(backend, &replay.settings("anthropic/long@delay=40ms")).await;
        let chat = person.new_conversation("Tell me much").await;
        let page = chat.until("the reply begins", |page| page.replies().len() > 20).await;
        let page = person.submit(&page.composer().fill("message", "Too early & <kept>")).await;
        page.expect(409);
        assert_eq!(page.typed(), "Too early & <kept>");
        assert!(!page.complaint().is_empty(), "nothing is said");
        let page = chat.page().await;
        assert!(page.is_running(), "the refused message ended the turn");
        assert_eq!(page.said_by("user").len(), 1);
        chat.stop().await;
    }

    async fn a_message_while_a_decision_waits_denies_it(backend) {
        let (app, person) = App::ready(backend, &[]).await;
        let chat = person.new_conversation(WISH).await;
        chat.approvals(1).await;
        let page = chat.page().await;
        page.the("button", "Send");
        assert!(page.text().contains("Sending denies 1 request"), "it is not said beforehand: {}", page.text());
        let page = chat.say("Never mind").await;
        assert_eq!(page.tool_calls()[0].state, "denied");
        assert_eq!(page.turn(), "completed");
        assert_eq!(page.said_by("user").len(), 2);
        assert_eq!(page.approvals().len(), 0);
        assert_eq!(app.files().len(), 0);
        assert_eq!(app.query("SELECT state FROM turns ORDER BY created_at LIMIT 1"), "completed");
    }

    async fn a_message_of_a_page_that_showed_nothing_denies_nothing(backend) {
        let (app, person) = App::ready(backend, &[]).await;
        let chat = person.new_conversation("Hello").await;
        // Two pages of one conversation: the second does not know what the first has led to.
        let stale = chat.settled().await.composer().fill("message", "Unaware");
        chat.send(WISH).await.expect(200);
        chat.approvals(1).await;
        let page = person.submit(&stale).await;
        page.expect(409);
        assert_eq!(page.typed(), "Unaware");
        assert!(chat.page().await.is_waiting(), "a decision was lost");
        chat.approve().await.expect(200);
        chat.settled().await;
        assert_eq!(app.file("notes/hello.txt").as_deref(), Some("Hello world"));
    }

    async fn stop_while_a_decision_waits_denies_it(backend) {
        let (app, person) = App::ready(backend, &[]).await;
        let chat = person.new_conversation(WISH).await;
        let approval = chat.approvals(1).await.remove(0);
        let csrf = chat.page().await.csrf();
        let stop = format!("/conversations/{}/stop", chat.id);
        person.request(reqwest::Method::POST, &stop, Some(format!("csrf={csrf}")), &[]).await;
        let page = chat.until("the stop", |page| page.turn() == "stopped").await;
        assert_eq!(page.tool_calls()[0].state, "denied");
        // The form that was open elsewhere comes too late.
        let late = chat.decide(&approval, "Approve").await;
        assert!(matches!(late.status, 200 | 409), "{}", late.status);
        assert_eq!(chat.settled().await.tool_calls()[0].state, "denied");
        assert_eq!(app.files().len(), 0);
    }

    async fn stop_while_a_tool_runs_says_what_is_known(backend) {
        let hold = Hold::new();
        let mut app = App::new(backend);
        app.held_by(&hold);
        app.launch();
        let person = app.setup().await;
        let chat = person.new_conversation(WISH).await;
        chat.approve().await.expect(200);
        hold.reached().await;
        let page = chat.page().await;
        assert!(page.is_running(), "{}", page.state());
        assert_eq!(page.tool_calls()[0].state, "running");
        chat.stop().await.expect(200);
        hold.open();
        let page = chat.until("the stop", |page| page.turn() == "stopped").await;
        let state = page.tool_calls()[0].state.clone();
        match state.as_str() {
            "failed" => assert_eq!(app.file("notes/hello.txt"), None, "it had an effect"),
            "outcome_unknown" => {}
            // It was through before Stop got to it.
            "succeeded" => assert_eq!(app.file("notes/hello.txt").as_deref(), Some("Hello world")),
            other => panic!("after Stop the call is {other}"),
        }
        assert_eq!(hold.runs(), 1);
    }
}
