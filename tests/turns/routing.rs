//! Two providers, of which the first stumbles; retries, and what a person chose.

use std::time::{Duration, Instant};

use crate::{
    both, long_text,
    support::{App, Backend, Page, Replay, Reply, eventually, letters, within},
};

/// A reply of the second provider, and its text.
const SECOND: &str = "openai/text-gpt4omini-usage-only";
const SECOND_SAYS: &str = "cache probe ready";

/// What a page says of who stood in for whom.
fn instead(page: &Page) -> Vec<String> {
    page.nodes("#log .instead").into_iter().map(|node| node.text).collect()
}

/// The first provider is asked for `model` and cannot; the second one answers.
async fn stood_in_for(backend: Backend, model: &str, base: Option<&str>, english: &str, portuguese: &str) {
    let Some(replay) = Replay::start() else { return };
    let mut settings = replay.settings_of_two(model, SECOND);
    settings.extend(base.map(|base| ("ANTHROPIC_BASE_URL", base)));
    let (app, person) = App::ready(backend, &settings).await;
    let began = Instant::now();
    let chat = person.new_conversation("Hello").await;
    let page = chat.settled().await;
    // The first one's timeout for a connection alone is 10 seconds.
    assert!(began.elapsed() < Duration::from_secs(10), "{model}: it took {:?}", began.elapsed());
    assert_eq!(page.turn(), "completed", "{model}: {}", page.text());
    let replies = page.said_by("assistant");
    assert_eq!((replies.len(), replies[0].text.as_str()), (1, SECOND_SAYS), "{model}");
    assert_eq!(instead(&page), [english], "{model}");
    let in_portuguese = person.clone().speaking("pt-BR").get(page.url.as_str()).await;
    assert_eq!(instead(&in_portuguese), [portuguese], "{model}");

    // Everything is written down under the name of who answered, and paid for once.
    assert_eq!(app.query("SELECT provider FROM messages WHERE role = 'assistant'"), "openai");
    eventually("the title's call is over", async || {
        let open = app.query("SELECT count(*) FROM model_calls WHERE settled_at IS NULL");
        let titles = app.query("SELECT count(*) FROM model_calls WHERE purpose = 'title'");
        (open == "0" && titles == "1").then_some(())
    })
    .await;
    assert_eq!(app.query("SELECT count(*) FROM model_calls WHERE purpose = 'chat'"), "1", "{model}");
    let calls = app.query("SELECT count(*) FROM model_calls");
    assert_eq!(app.query("SELECT DISTINCT provider FROM model_calls"), "openai", "{model}");
    assert_eq!(app.query("SELECT DISTINCT provider FROM usage_days"), "openai", "{model}");
    let counted = app.query("SELECT DISTINCT requests, reserved_requests, reserved_input_tokens FROM usage_months");
    assert_eq!(counted, format!("{calls}|0|0"), "{model}");
    let chat_call = app.query("SELECT input_tokens, output_tokens, error_code FROM model_calls WHERE purpose = 'chat'");
    assert_eq!(chat_call, "4597|4|", "{model}");
    replay.assert_refused_none();
}

both! {
    async fn an_overloaded_one(backend) {
        let (english, portuguese) = (
            "Anthropic was overloaded; OpenAI answered instead.",
            "Anthropic estava sobrecarregado; OpenAI respondeu no lugar.",
        );
        stood_in_for(backend, "anthropic/text-haiku45@status=529", None, english, portuguese).await;
    }

    async fn a_short_fault_of_a_lone_provider_costs_one_request(backend) {
        let Some(replay) = Replay::start() else { return };
        let model = "anthropic/text-no-ping@status=529x1";
        let (app, person) = App::ready(backend, &replay.settings(model)).await;
        let page = person.new_conversation("Hello").await.settled().await;
        assert_eq!(page.turn(), "completed", "{}", page.text());
        assert!(instead(&page).is_empty());
        let calls = eventually("the title's call is over", async || {
            let open = app.query("SELECT count(*) FROM model_calls WHERE settled_at IS NULL");
            let calls = app.query("SELECT count(*) FROM model_calls");
            (open == "0" && calls == "2").then_some(calls)
        }).await;
        assert_eq!(app.query("SELECT DISTINCT requests, reserved_requests FROM usage_months"), format!("{calls}|0"));
        // Each of the two was refused once, asked again, and counts once.
        assert_eq!(replay.count(model), 4);
        assert_eq!(app.query("SELECT count(*) FROM model_calls WHERE error_code IS NOT NULL"), "0");
    }

    async fn after_the_first_token_nobody_else_is_asked(backend) {
        let text = long_text();
        let Some(replay) = Replay::playing(&[("long", Reply::text(&text))], &[]) else { return };
        let model = "anthropic/long@cut=9000";
        let (app, person) = App::ready(backend, &replay.settings_of_two(model, SECOND)).await;
        let page = person.new_conversation("Hello").await.settled().await;
        assert_eq!(page.turn(), "failed", "{}", page.text());
        assert!(page.shows_code("provider_interrupted") && page.may_retry(), "{}", page.text());
        let came = &page.said_by("assistant")[0];
        assert_eq!(came.state, "cut_off");
        assert!(came.text.len() > 100 && letters(&text).starts_with(&letters(&came.text)), "{}", came.text);
        assert!(instead(&page).is_empty());
        assert_eq!((replay.count(model), replay.requests().len()), (1, 1), "{:?}", replay.requests());
        assert_eq!(app.query("SELECT provider, error_code FROM model_calls"), "anthropic|provider_interrupted");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_is_down() {
    let (english, portuguese) = (
        "Anthropic could not be reached; OpenAI answered instead.",
        "Não foi possível alcançar Anthropic; OpenAI respondeu no lugar.",
    );
    stood_in_for(Backend::Sqlite, "any", Some("http://127.0.0.1:1"), english, portuguese).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_refuses_the_key_has_no_balance_or_asks_for_long_patience() {
    for (model, english, portuguese) in [
        (
            "anthropic/err-401",
            "Anthropic refused the server's key; OpenAI answered instead.",
            "Anthropic recusou a chave do servidor; OpenAI respondeu no lugar.",
        ),
        (
            "anthropic/text-haiku45@status=402",
            "The account at Anthropic has no balance left; OpenAI answered instead.",
            "A conta em Anthropic está sem saldo; OpenAI respondeu no lugar.",
        ),
        (
            "anthropic/text-haiku45@status=429@retry=60",
            "Anthropic took no more requests for the moment; OpenAI answered instead.",
            "Anthropic não aceitava mais pedidos no momento; OpenAI respondeu no lugar.",
        ),
    ] {
        stood_in_for(Backend::Sqlite, model, None, english, portuguese).await;
    }
}

/// What is cut off before its first token may be asked for again, elsewhere too.
#[tokio::test(flavor = "multi_thread")]
async fn one_that_breaks_off_before_its_first_word() {
    let (english, portuguese) = (
        "Anthropic broke off before its first word; OpenAI answered instead.",
        "Anthropic parou antes da primeira palavra; OpenAI respondeu no lugar.",
    );
    stood_in_for(Backend::Sqlite, "anthropic/text-haiku45@cut=200", None, english, portuguese).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wait_that_the_server_asks_for_is_kept_if_it_is_short() {
    let Some(replay) = Replay::start() else { return };
    let model = "anthropic/text-no-ping@status=429x1@retry=2";
    let (_app, person) = App::ready(Backend::Sqlite, &replay.settings(model)).await;
    let began = Instant::now();
    let page = person.new_conversation("Hello").await.settled().await;
    assert_eq!(page.turn(), "completed", "{}", page.text());
    assert!(began.elapsed() >= Duration::from_secs(2), "asked again after {:?}", began.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_wait_is_the_persons_and_the_page_names_it() {
    for (seconds, english, portuguese) in [
        ("60", "Try again in 60 seconds.", "Tente de novo em 60 segundos."),
        ("300", "Try again in 5 minutes.", "Tente de novo em 5 minutos."),
    ] {
        let Some(replay) = Replay::start() else { return };
        let model = format!("anthropic/text-no-ping@status=429@retry={seconds}");
        let (_app, person) = App::ready(Backend::Sqlite, &replay.settings(&model)).await;
        let page = person.new_conversation("Hello").await.settled().await;
        assert_eq!(page.turn(), "failed", "{}", page.text());
        assert!(page.text().contains(english), "{}", page.text());
        let in_portuguese = person.clone().speaking("pt-BR").get(page.url.as_str()).await;
        assert!(in_portuguese.text().contains(portuguese), "{}", in_portuguese.text());
        assert_eq!(replay.count(&model), 1, "it was asked again at once");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn stop_ends_a_wait_at_once() {
    let Some(replay) = Replay::start() else { return };
    let model = "anthropic/text-no-ping@status=429@retry=19";
    let (app, person) = App::ready(Backend::Sqlite, &replay.settings(model)).await;
    let chat = person.new_conversation("Hello").await;
    eventually("the first attempt", async || (replay.count(model) == 1).then_some(())).await;
    chat.stop().await.expect(200);
    let stopped = within(Duration::from_secs(8), "the stop", async || {
        Some(chat.page().await).filter(|page| page.turn() == "stopped")
    });
    assert!(stopped.await.said_by("assistant").is_empty());
    assert_eq!(replay.count(model), 1);
    assert_eq!(app.query("SELECT DISTINCT requests, reserved_requests FROM usage_months"), "0|0");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_chosen_goes_nowhere_else() {
    let Some(replay) = Replay::start() else { return };
    let model = "anthropic/text-haiku45@status=529";
    let (mut app, person) = App::ready(Backend::Sqlite, &replay.settings_of_two(model, SECOND)).await;
    let form = person.new_page().await.composer().fill("message", "Hello").fill("model", "anthropic");
    let page = person.submit(&form).await;
    page.expect(200);
    let chat = crate::support::Chat { person: person.clone(), id: page.conversation() };
    let page = chat.settled().await;
    assert!(page.turn() == "failed" && page.shows_code("provider_overloaded"), "{}", page.text());
    assert_eq!(replay.count(SECOND), 0, "the second one was asked");
    assert_eq!(app.query("SELECT provider, model FROM conversations"), "anthropic|");
    // The choice can be changed with a message, and holds from then on.
    let form = chat.page().await.composer().fill("message", "And now?").fill("model", &format!("openai/{SECOND}"));
    person.submit(&form).await.expect(200);
    let page = chat.settled().await;
    assert_eq!((page.turn().as_str(), instead(&page).len()), ("completed", 0), "{}", page.text());
    assert_eq!(app.query("SELECT provider, model FROM conversations"), format!("openai|{SECOND}"));
    // One that is not configured any more counts as none.
    app.stop();
    for setting in ["OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_MODEL"] {
        app.unset(setting);
    }
    app.set("ANTHROPIC_MODEL", "anthropic/text-no-ping");
    app.launch();
    let form = chat.page().await.composer().fill("message", "Who is there?").without("model");
    person.submit(&form).await.expect(200);
    let page = chat.settled().await;
    assert_eq!(page.turn(), "completed", "{}", page.text());
    assert!(page.replies().contains("Hello there!"), "{}", page.replies());
    assert!(app.logs().iter().any(|line| line.contains("not configured any more")), "the log does not say so");
}

/// `MODEL_PROVIDER` names one: it answers alone where nobody chose; others can still be chosen.
#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_the_operator_named_answers_alone() {
    let Some(replay) = Replay::start() else { return };
    let model = "anthropic/text-haiku45@status=529";
    let mut settings = replay.settings_of_two(model, SECOND);
    settings.push(("MODEL_PROVIDER", "anthropic"));
    let (_app, person) = App::ready(Backend::Sqlite, &settings).await;
    let page = person.new_conversation("Hello").await.settled().await;
    assert_eq!((page.turn().as_str(), replay.count(SECOND)), ("failed", 0), "{}", page.text());
    let form = person.new_page().await.composer().fill("message", "Hello").fill("model", "openai");
    let page = person.submit(&form).await;
    let chat = crate::support::Chat { person, id: page.conversation() };
    assert!(chat.settled().await.replies().contains(SECOND_SAYS));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_there_is_not_cannot_be_chosen() {
    let Some(replay) = Replay::start() else { return };
    let (app, person) =
        App::ready(Backend::Sqlite, &replay.settings_of_two("anthropic/text-haiku45", "openai/mine")).await;
    // The list comes right after the start, in the background.
    eventually("the list of models", async || person.new_page().await.html.contains(SECOND).then_some(())).await;
    for (choice, said, listed) in [
        ("oracle", "There is no provider “oracle” here.", "There are: anthropic, openai."),
        ("openai/nope", "openai has no model “nope”.", "There are: openai/mine, "),
    ] {
        let form = person.new_page().await.composer().fill("message", "Please keep me").fill("model", choice);
        let page = person.submit(&form).await;
        page.expect(422);
        assert!(page.text().contains(said) && page.text().contains(listed), "{choice}: {}", page.text());
        assert_eq!(page.typed(), "Please keep me", "{choice}");
        if choice.contains('/') {
            assert!(page.text().contains(" more."), "of a long list only some are named: {}", page.text());
        }
    }
    assert_eq!(app.query("SELECT count(*) FROM conversations"), "0", "something was stored");
    assert!(replay.requests().is_empty());
}
