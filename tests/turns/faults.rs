//! Faults of a model API: the person's message and what had come are kept, and a code says what it was.

use std::time::Duration;

use crate::{
    both, long_text,
    support::{App, Backend, Replay, Reply, letters, root, within},
};

/// The product may try again before it gives up.
const TRIES: Duration = Duration::from_secs(60);

/// The words of a code, as the language's file has them.
fn words_of(code: &str, language: &str) -> String {
    let path = root().join("src/i18n").join(language).with_extension("ftl");
    let key = format!("error-{} = ", code.replace('_', "-"));
    let words = std::fs::read_to_string(path).unwrap();
    words.lines().find_map(|line| line.strip_prefix(&key)).unwrap_or_else(|| panic!("no words: {key}")).to_owned()
}

/// Plays `model` and expects the turn to fail with one of `codes`; whether some of the reply must have come.
async fn fails(backend: Backend, model: &str, codes: &[&str], partly: bool) {
    let text = long_text();
    let Some(replay) = Replay::playing(&[("long", Reply::text(&text))], &[]) else { return };
    let (app, person) = App::ready(backend, &replay.settings(model)).await;
    let chat = person.new_conversation("My precious message").await;
    let page = within(TRIES, &format!("{model} ends"), async || {
        Some(chat.page().await).filter(|page| page.turn() == "failed" || page.turn() == "completed")
    })
    .await;
    assert_eq!(page.turn(), "failed", "{model}: {}", page.text());
    let stored = app.query("SELECT error_code FROM turns");
    assert!(codes.contains(&stored.as_str()), "{model}: {stored} instead of {codes:?}");
    assert!(page.shows_code(&stored), "{model}: the page does not show {stored}:\n{}", page.text());
    assert_eq!(page.said_by("user")[0].text, "My precious message", "{model}");
    assert_eq!(page.nodes("#turn-note .note")[0].attribute("data-code"), stored, "{model}");
    assert!(page.may_retry(), "{model}: there is no Try again");
    assert_eq!(page.forms("#turn-note form")[0].buttons[0].label, "Try again", "{model}");
    let words = words_of(&stored, "pt-BR");
    let in_portuguese = person.clone().speaking("pt-BR").get(page.url.as_str()).await;
    assert!(in_portuguese.text().contains(&words), "{model}: “{words}” is missing:\n{}", in_portuguese.text());
    assert!(page.text().contains(&words_of(&stored, "en")), "{model}:\n{}", page.text());
    if partly {
        let came = page.said_by("assistant");
        assert_eq!(came.len(), 1, "{model}: what had come is lost");
        assert_eq!(came[0].state, "cut_off", "{model}");
        let words = letters(&came[0].text);
        assert!(words.len() > 50 && letters(&text).starts_with(&words), "{model}: {words}");
    }
    assert_eq!(
        app.query("SELECT count(*) FROM model_calls WHERE settled_at IS NULL"),
        "0",
        "{model}: a reservation is left"
    );
    // The conversation is free again.
    chat.page().await.composer();
    assert_eq!(app.query("SELECT count(*) FROM conversations WHERE current_turn_id IS NOT NULL"), "0", "{model}");
}

both! {
    async fn a_reply_that_breaks_off_is_kept_as_far_as_it_came(backend) {
        for model in ["anthropic/long@reset=9000", "anthropic/long@cut=9000", "anthropic/long@close=9000"] {
            fails(backend, model, &["provider_interrupted"], true).await;
        }
    }

    async fn after_a_fault_one_may_try_again(backend) {
        let text = long_text();
        let replies = [("long", Reply::text(&text)), ("good", Reply::text("All is well now."))];
        let Some(replay) = Replay::playing(&replies, &[]) else { return };
        let (mut app, person) = App::ready(backend, &replay.settings("anthropic/long@cut=9000")).await;
        let chat = person.new_conversation("My precious message").await;
        chat.until("the fault", |page| page.turn() == "failed").await;
        app.set("ANTHROPIC_MODEL", "anthropic/good");
        app.stop();
        app.launch();
        chat.retry().await.expect(200);
        let page = chat.until("the second try", |page| page.turn() == "completed").await;
        assert_eq!(page.said_by("user").len(), 1, "the message was sent twice");
        assert!(page.replies().contains("All is well now."));
        replay.assert_refused_none();
    }

    async fn a_short_fault_is_got_over(backend) {
        let Some(replay) = Replay::start() else { return };
        let (_app, person) = App::ready(backend, &replay.settings("anthropic/text-no-ping@status=529x1")).await;
        let chat = person.new_conversation("Hello").await;
        let page = chat.until("the reply", |page| !page.is_running()).await;
        assert_eq!(page.turn(), "completed", "{}", page.text());
        assert!(page.replies().contains("Hello there!"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_fault_has_its_code() {
    for (model, codes) in [
        ("anthropic/text-haiku45@status=529@retry=1", vec!["provider_overloaded"]),
        ("anthropic/text-haiku45@status=429@retry=1", vec!["provider_rate_limited"]),
        ("anthropic/text-haiku45@status=503@retry=1", vec!["provider_unavailable", "provider_overloaded"]),
        ("anthropic/text-haiku45@status=500", vec!["provider_unavailable"]),
        ("anthropic/text-haiku45@status=401", vec!["provider_unauthorized"]),
        ("anthropic/err-401", vec!["provider_unauthorized"]),
        ("anthropic/err-429-rate-limit", vec!["provider_rate_limited"]),
        ("anthropic/err-529-overloaded", vec!["provider_overloaded"]),
        ("anthropic/err-502-html", vec!["provider_unavailable"]),
        ("anthropic/mid-error-overloaded", vec!["provider_overloaded"]),
        ("anthropic/text-haiku45@status=402", vec!["provider_balance"]),
        ("anthropic/text-haiku45@status=413", vec!["provider_context_too_long"]),
        ("anthropic/err-400-effort", vec!["provider_invalid_response"]),
        ("anthropic/err-404-model", vec!["provider_invalid_response"]),
    ] {
        fails(Backend::Sqlite, model, &codes, false).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_listens_there() {
    let (_app, person) = App::ready(
        Backend::Sqlite,
        &[("ANTHROPIC_API_KEY", "test-key"), ("ANTHROPIC_BASE_URL", "http://127.0.0.1:1"), ("ANTHROPIC_MODEL", "any")],
    )
    .await;
    let chat = person.new_conversation("My precious message").await;
    let page =
        within(TRIES, "the turn fails", async || Some(chat.page().await).filter(|page| page.turn() == "failed")).await;
    assert!(page.shows_code("provider_unavailable"), "{}", page.text());
    assert_eq!(page.said_by("user")[0].text, "My precious message");
}
