//! Topics: a reply is held until the model has said that it keeps to them.

use crate::{
    both, long_text,
    support::{App, Backend, Chat, Page, Person, Replay, Reply, eventually},
};

const TOPICS: &str = "UPDATE tenants SET topics = 'Cooking and baking'";

/// Ready to use, with topics, and a model that plays this script.
async fn ready(backend: Backend, replay: &Replay, script: &str) -> (App, Person) {
    let (app, person) = App::ready(backend, &replay.settings(script)).await;
    app.query(TOPICS);
    (app, person)
}

/// Everything that was billed, by purpose; once nothing is open any more.
async fn billed(app: &App) -> String {
    eventually("every call is settled", async || {
        (app.query("SELECT count(*) FROM model_calls WHERE settled_at IS NULL") == "0").then_some(())
    })
    .await;
    app.query("SELECT purpose, input_tokens, output_tokens FROM model_calls WHERE purpose <> 'title' ORDER BY purpose")
}

fn nothing_was_shown(page: &Page) {
    assert!(page.said_by("assistant").is_empty() && page.tool_calls().is_empty(), "{}", page.text());
    assert_eq!(page.said_by("user").len(), 1, "the message is lost");
}

both! {
    async fn a_reply_is_held_until_it_is_found_on_topic(backend) {
        let replies = [("answer", Reply::text("Knead it for ten minutes.")), ("on", Reply::text("ON"))];
        let scripts = [("kept", &["anthropic/answer", "anthropic/on@slow=2"][..])];
        let Some(replay) = Replay::playing(&replies, &scripts) else { return };
        let (app, person) = ready(backend, &replay, "script:kept.json").await;
        let chat = person.new_conversation("How long do I knead?").await;
        let socket = chat.socket().await;
        eventually("the verdict is asked for", async || (replay.requests().len() == 2).then_some(())).await;
        let page = chat.page().await;
        assert_eq!(page.state(), "Assistant is typing…");
        nothing_was_shown(&page);
        assert!(!socket.frames().concat().contains("Knead"), "the reply was told before its verdict");
        let page = chat.settled().await;
        assert_eq!(page.turn(), "completed", "{}", page.text());
        assert_eq!(page.said_by("assistant")[0].text, "Knead it for ten minutes.");
        socket.hears("Knead it for ten minutes.").await;
        assert_eq!(billed(&app).await, "chat|25|40\ntopic_check|25|40");
        let asked = &replay.requests()[1];
        let text = asked["messages"].to_string();
        assert!(text.contains("How long do I knead?") && text.contains("Knead it for ten minutes."), "{text}");
        assert!(asked["system"].to_string().contains("Cooking and baking"), "{asked}");
        replay.assert_refused_none();
    }

    async fn a_reply_that_is_off_topic_is_never_seen(backend) {
        let replies = [("answer", Reply::text("Buy shares.")), ("off", Reply::text("OFF")), ("hm", Reply::text("ON or OFF"))];
        let scripts = [
            ("refused", &["anthropic/answer", "anthropic/off"][..]),
            ("unclear", &["anthropic/answer", "anthropic/hm"][..]),
        ];
        let Some(replay) = Replay::playing(&replies, &scripts) else { return };
        for script in ["script:refused.json", "script:unclear.json"] {
            let (app, person) = ready(backend, &replay, script).await;
            let chat = person.new_conversation("What shall I buy?").await;
            let socket = chat.socket().await;
            let page = chat.settled().await;
            assert_eq!(page.turn(), "failed", "{}", page.text());
            assert!(page.shows_code("topic_refused") && page.may_retry(), "{}", page.text());
            nothing_was_shown(&page);
            socket.hears("outside the topics").await;
            assert!(!socket.frames().concat().contains("shares"), "the reply was told");
            assert_eq!(app.query("SELECT count(*) FROM messages"), "1");
            assert_eq!(app.query("SELECT count(*) FROM turn_events WHERE payload LIKE '%shares%'"), "0");
            assert_eq!(billed(&app).await, "chat|25|40\ntopic_check|25|40");
            let metrics = person.get("/metrics").await;
            assert!(metrics.html.contains("sayso_topic_refusals_total 1"), "{}", metrics.html);
            let in_portuguese = person.clone().speaking("pt-BR").get(page.url.as_str()).await;
            assert!(in_portuguese.text().contains("fora dos temas"), "{}", in_portuguese.text());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_off_topic_reply_asks_for_is_not_asked_of_anybody() {
    let replies = [
        ("file", Reply::text("I write it down.").and_write_file("notes/shares.txt", "Buy")),
        ("on", Reply::text("ON")),
        ("off", Reply::text("OFF")),
    ];
    let scripts = [
        ("off", &["anthropic/file", "anthropic/off"][..]),
        ("on", &["anthropic/file", "anthropic/on", "anthropic/on"][..]),
    ];
    let Some(replay) = Replay::playing(&replies, &scripts) else { return };
    let (app, person) = ready(Backend::Sqlite, &replay, "script:off.json").await;
    let page = person.new_conversation("Write it down").await.settled().await;
    assert!(page.shows_code("topic_refused"), "{}", page.text());
    nothing_was_shown(&page);
    assert_eq!(app.query("SELECT count(*) FROM tool_calls"), "0");

    let (_app, person) = ready(Backend::Sqlite, &replay, "script:on.json").await;
    let chat = person.new_conversation("Write it down").await;
    let waiting = chat.approvals(1).await;
    assert!(replay.requests().last().unwrap()["messages"].to_string().contains("notes/shares.txt"));
    chat.decide(&waiting[0], "Approve").await.expect(200);
    assert_eq!(chat.settled().await.turn(), "completed");
    replay.assert_refused_none();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_verdict_that_cannot_be_had_fails_the_turn_with_its_code() {
    let replies = [("answer", Reply::text("Knead it.")), ("on", Reply::text("ON"))];
    let scripts = [("failing", &["anthropic/answer", "anthropic/on@status=401"][..])];
    let Some(replay) = Replay::playing(&replies, &scripts) else { return };
    let (app, person) = ready(Backend::Sqlite, &replay, "script:failing.json").await;
    let page = person.new_conversation("How long?").await.settled().await;
    assert!(page.turn() == "failed" && page.shows_code("provider_unauthorized"), "{}", page.text());
    nothing_was_shown(&page);
    assert_eq!(billed(&app).await, "chat|25|40\ntopic_check|0|0");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_verdict_has_a_reservation_of_its_own() {
    let replies = [("answer", Reply::text("Knead it.")), ("on", Reply::text("ON"))];
    let scripts = [("limited", &["anthropic/answer", "anthropic/on"][..])];
    let Some(replay) = Replay::playing(&replies, &scripts) else { return };
    let (app, person) = ready(Backend::Sqlite, &replay, "script:limited.json").await;
    app.admin(&["set-limits", "--tenant", &app.tenant(), "--requests", "1"], None);
    let page = person.new_conversation("How long?").await.settled().await;
    assert!(page.turn() == "failed" && page.shows_code("limit_requests"), "{}", page.text());
    nothing_was_shown(&page);
    assert_eq!(billed(&app).await, "chat|25|40");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_held_reply_that_is_stopped_or_cut_off_is_dropped_unseen() {
    let text = long_text();
    let replies = [("long", Reply::text(&text)), ("on", Reply::text("ON"))];
    let scripts = [("stopped", &["anthropic/long", "anthropic/on@slow=60"][..])];
    let Some(replay) = Replay::playing(&replies, &scripts) else { return };
    let (app, person) = ready(Backend::Sqlite, &replay, "anthropic/long@cut=9000").await;
    let page = person.new_conversation("Tell me").await.settled().await;
    assert!(page.turn() == "failed" && page.shows_code("provider_interrupted"), "{}", page.text());
    nothing_was_shown(&page);
    assert_eq!(app.query("SELECT estimated FROM model_calls WHERE output_tokens > 100").len(), 1, "it was not billed");

    for (model, requests) in [("anthropic/long@delay=40ms", 1), ("script:stopped.json", 2)] {
        let (app, person) = ready(Backend::Sqlite, &replay, model).await;
        let before = replay.requests().len();
        let chat: Chat = person.new_conversation("Tell me").await;
        eventually("it is asked", async || (replay.requests().len() == before + requests).then_some(())).await;
        chat.stop().await.expect(200);
        let page = chat.until("the stop", |page| page.turn() == "stopped").await;
        nothing_was_shown(&page);
        billed(&app).await;
    }
}

/// The demo model keeps to nothing, and says so everywhere.
#[tokio::test(flavor = "multi_thread")]
async fn the_demo_model_is_not_held() {
    let (app, person) = App::ready(Backend::Sqlite, &[]).await;
    app.query(TOPICS);
    let page = person.new_conversation("Hello").await.settled().await;
    assert_eq!((page.turn().as_str(), page.said_by("assistant").len()), ("completed", 1), "{}", page.text());
    assert_eq!(app.query("SELECT count(*) FROM model_calls"), "1");
}
