//! `kill -9` at the worst moments: nothing is lost, nothing runs twice.

use std::time::Duration;

use crate::{
    WISH, both, long_text,
    support::{App, Chat, Hold, Page, Replay, Reply, letters, stays, within},
};

/// A lease of ten seconds runs out before another start may take a turn away from a server that might still live.
const LEASE: Duration = Duration::from_secs(40);

async fn recovered(chat: &Chat, state: &str) -> Page {
    within(LEASE, &format!("the turn is {state}"), async || Some(chat.page().await).filter(|page| page.turn() == state))
        .await
}

both! {
    async fn in_mid_stream(backend) {
        let text = long_text();
        let replies = [("long", Reply::text(&text)), ("end", Reply::text("And that is the end."))];
        let Some(replay) = Replay::playing(&replies, &[]) else { return };
        let (mut app, person) = App::ready(backend, &replay.settings("anthropic/long@delay=40ms")).await;
        let chat = person.new_conversation("Tell me much").await;
        let socket = chat.socket().await;
        chat.until("some of the reply", |page| page.replies().len() > 200).await;
        app.kill9();
        socket.closed().await;
        app.set("ANTHROPIC_MODEL", "anthropic/end");
        app.launch();

        let page = recovered(&chat, "interrupted").await;
        assert_eq!(page.said_by("user")[0].text, "Tell me much");
        let reply = &page.said_by("assistant")[0];
        assert!(reply.text.len() > 100 && letters(&text).starts_with(&letters(&reply.text)), "{}", reply.text);
        assert_eq!(reply.state, "cut_off");
        assert_eq!(replay.rounds().len(), 1, "it went on unasked");
        assert_eq!(app.query("SELECT count(*) FROM model_calls WHERE settled_at IS NULL"), "0", "a reservation is left");

        // The person may go on, by Continue; the reply before is kept or continued, never said twice.
        chat.retry().await.expect(200);
        let page = recovered(&chat, "completed").await;
        assert!(page.replies().contains("And that is the end."), "{}", page.replies());
        assert_eq!(page.said_by("user").len(), 1);
        replay.assert_refused_none();
    }

    async fn in_mid_stream_one_may_just_write(backend) {
        let text = long_text();
        let replies = [("long", Reply::text(&text)), ("end", Reply::text("And that is the end."))];
        let Some(replay) = Replay::playing(&replies, &[]) else { return };
        let (mut app, person) = App::ready(backend, &replay.settings("anthropic/long@stall=600:9000")).await;
        let chat = person.new_conversation("Tell me much").await;
        chat.until("some of the reply", |page| page.replies().len() > 200).await;
        app.set("ANTHROPIC_MODEL", "anthropic/end");
        app.restart();
        recovered(&chat, "interrupted").await;
        let page = chat.say("Something else, then").await;
        assert_eq!(page.turn(), "completed", "{}", page.text());
        assert!(page.replies().contains("And that is the end."));
        replay.assert_refused_none();
    }

    async fn before_the_first_byte(backend) {
        let Some(replay) = Replay::start() else { return };
        let (mut app, person) = App::ready(backend, &replay.settings("anthropic/text-no-ping@slow=600")).await;
        let chat = person.new_conversation("My precious message").await;
        crate::support::eventually("the model is asked", async || (replay.rounds().len() == 1).then_some(())).await;
        app.restart();
        let page = recovered(&chat, "interrupted").await;
        assert_eq!(page.said_by("user")[0].text, "My precious message");
        assert!(page.may_retry());
    }

    async fn with_an_approval_pending(backend) {
        let hold = Hold::new();
        hold.open();
        let mut app = App::new(backend);
        app.held_by(&hold);
        app.launch();
        let person = app.setup().await;
        let chat = person.new_conversation(WISH).await;
        let before = chat.approvals(1).await.remove(0);
        app.restart();
        let after = chat.approvals(1).await.remove(0);
        assert_eq!((&before.call, before.form.value("digest")), (&after.call, after.form.value("digest")));
        // The form that was open over the restart is as good as a new one.
        chat.decide(&before, "Approve").await.expect(200);
        let page = chat.settled().await;
        assert_eq!(page.turn(), "completed", "{}", page.text());
        assert_eq!(page.tool_calls()[0].state, "succeeded");
        assert_eq!(app.file("notes/hello.txt").as_deref(), Some("Hello world"));
        assert_eq!(hold.runs(), 1);
    }

    async fn in_the_middle_of_a_tool_run(backend) {
        let hold = Hold::new();
        let mut app = App::new(backend);
        app.held_by(&hold);
        app.launch();
        let person = app.setup().await;
        let chat = person.new_conversation(WISH).await;
        chat.approve().await.expect(200);
        hold.reached().await;
        app.kill9();
        hold.open();
        app.launch();

        let page = recovered(&chat, "interrupted").await;
        assert_eq!(page.tool_calls()[0].state, "outcome_unknown");
        assert_eq!(app.file("notes/hello.txt"), None, "half a run was made whole");
        // Beside other instances the one that ran it might only stand still.
        let known = if backend == crate::support::Backend::Sqlite { "It had no effect." } else { "Nobody knows" };
        assert!(page.text().contains(known), "{}", page.text());
        stays(Duration::from_secs(1), "nothing runs by itself", async || hold.runs() == 1).await;

        // The old form comes too late to run it again.
        let page = chat.page().await;
        assert!(page.approvals().is_empty());
        let report = page.forms("form[action$='/decision']").remove(0).forge("decision", "report");
        person.submit(&report).await.expect(200);
        let page = recovered(&chat, "completed").await;
        assert_eq!(page.tool_calls().len(), 1);
        assert_eq!(app.file("notes/hello.txt"), None);
        assert_eq!(hold.runs(), 1, "it ran twice");
    }

    async fn what_is_unknown_may_be_run_again(backend) {
        let hold = Hold::new();
        let mut app = App::new(backend);
        app.held_by(&hold);
        app.launch();
        let person = app.setup().await;
        let chat = person.new_conversation(WISH).await;
        let old = chat.approvals(1).await.remove(0);
        chat.decide(&old, "Approve").await.expect(200);
        hold.reached().await;
        app.kill9();
        hold.open();
        app.launch();
        let page = recovered(&chat, "interrupted").await;
        // An approval that was spent runs nothing.
        let answer = chat.decide(&old, "Approve").await;
        assert!(matches!(answer.status, 200 | 409), "{}", answer.status);
        assert_eq!((chat.page().await.tool_calls()[0].state.as_str(), hold.runs()), ("outcome_unknown", 1));

        let again = page.forms("form[action$='/decision']").remove(0).forge("decision", "run_again");
        person.submit(&again).await.expect(200);
        // A new call with a digest of its own; it may be shown once more before it runs.
        let page = chat.until("the new call", |page| page.is_waiting() || page.turn() == "completed").await;
        if page.is_waiting() {
            let new = chat.approvals(1).await.remove(0);
            assert_ne!(new.call, old.call);
            chat.decide(&new, "Approve").await.expect(200);
        }
        let page = recovered(&chat, "completed").await;
        assert_eq!(app.file("notes/hello.txt").as_deref(), Some("Hello world"));
        assert_eq!(hold.runs(), 2);
        assert_eq!(page.tool_calls().last().unwrap().state, "succeeded");
    }
}
