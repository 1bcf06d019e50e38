//! Models that a tenant may not use: refused at every door, passed by where nobody chose, and not listed.

use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    both,
    gateway::Gateway,
    openai_door::{COMPLETIONS, billed},
    support::{App, Backend, Chat, Page, Person, Replay, Reply, Script},
};

/// The model that is forbidden, the first of the two, and as a choice.
const FORBIDDEN: &str = "anthropic/text-haiku45";
const FORBIDDEN_CHOICE: &str = "anthropic/anthropic/text-haiku45";

/// The one that is allowed.
const ALLOWED: &str = "openai/text-gpt4omini-usage-only";
const ALLOWED_CHOICE: &str = "openai/openai/text-gpt4omini-usage-only";

/// Allows these models and no others.
fn allow(app: &App, models: &[&str]) {
    let tenant = app.tenant();
    let mut arguments = vec!["set-models", "--tenant", &tenant];
    arguments.extend(models.iter().flat_map(|model| ["--model", model]));
    app.admin(&arguments, None);
}

async fn of_two(backend: Backend, replay: &Replay) -> (App, Person, Script) {
    let (app, person) = App::ready(backend, &replay.settings_of_two(FORBIDDEN, ALLOWED)).await;
    let script = Script::first(&app.base).await;
    (app, person, script)
}

/// The values that the picker offers.
fn offered(page: &Page) -> Vec<String> {
    page.nodes("select#model option").iter().map(|node| node.attribute("value").to_owned()).collect()
}

fn ids(list: &Value) -> Vec<&str> {
    list["data"].as_array().unwrap().iter().map(|model| model["id"].as_str().unwrap()).collect()
}

both! {
    async fn one_that_is_forbidden_is_refused_at_every_door(backend) {
        let Some(replay) = Replay::start() else { return };
        let (app, person, script) = of_two(backend, &replay).await;
        let page = person.new_page().await;
        let form = page.composer().fill("message", "Hello").fill("model", FORBIDDEN_CHOICE);
        allow(&app, &[ALLOWED_CHOICE]);

        // The page, which showed it a moment ago.
        let refused = person.submit(&form).await;
        refused.expect(422);
        assert_eq!(refused.typed(), "Hello", "what was typed is lost");
        let complaint = refused.complaint();
        assert!(complaint.contains(FORBIDDEN_CHOICE) && complaint.contains(ALLOWED_CHOICE), "{complaint}");
        // The API: with its provider, and by its own name.
        for asked in [
            json!({"message": "Hello", "provider": "anthropic", "model": FORBIDDEN}),
            json!({"message": "Hello", "provider": "anthropic"}),
            json!({"message": "Hello", "model": FORBIDDEN}),
        ] {
            let answer = script.post("/api/chat", &asked, &[]).await;
            assert_eq!(answer.code(), (422, "invalid_payload".into()), "{asked}");
        }
        assert_eq!(app.query("SELECT count(*) FROM conversations"), "0");
        // OpenAI's form.
        for model in [FORBIDDEN_CHOICE, "anthropic", FORBIDDEN] {
            let asked = json!({"model": model, "messages": [{"role": "user", "content": "Please"}]});
            let answer = script.post(COMPLETIONS, &asked, &[]).await.expect(422).json();
            assert_eq!((&answer["error"]["code"], &answer["error"]["param"]), (&json!("invalid_payload"), &json!("model")));
        }
        // The socket of completions.
        let mut socket = Gateway::open(&app, &script).await;
        for asked in [json!({"provider": "claude", "model": FORBIDDEN}), json!({"provider": "claude"})] {
            let mut frame = json!({"id": "a", "type": "chat", "messages": [{"role": "user", "content": "Please"}], "stream": true});
            frame.as_object_mut().unwrap().extend(asked.as_object().unwrap().clone());
            socket.say(frame).await;
            assert_eq!(socket.refusal().await, (json!("a"), "invalid_payload".to_owned()));
        }

        // Where nobody chose, the allowed one answers, and it is nobody's stand-in.
        let chat = person.new_conversation("Hello").await;
        let page = chat.settled().await;
        assert_eq!(page.turn(), "completed", "{}", page.text());
        assert!(page.nodes("#log .instead").is_empty());
        // A conversation cannot be given to it.
        let change = json!({"provider": "anthropic", "model": FORBIDDEN}).to_string();
        let headers = [("content-type", "application/json")];
        let at = format!("/api/conversations/{}", chat.id);
        let answer = script.call(Method::PATCH, &at, Some(&change), &headers).await;
        assert_eq!(answer.code(), (422, "invalid_payload".into()));
        let asked = json!({"model": "auto", "messages": [{"role": "user", "content": "Please"}]});
        script.post(COMPLETIONS, &asked, &[]).await.expect(200);

        billed(&app).await;
        assert_eq!(app.query("SELECT DISTINCT provider FROM model_calls"), "openai");
        assert_eq!(replay.count(FORBIDDEN), 0, "it was asked all the same");
    }

    async fn one_that_is_forbidden_stands_in_for_nobody(backend) {
        let Some(replay) = Replay::start() else { return };
        let down = "anthropic/text-haiku45@status=529";
        let (app, person) = App::ready(backend, &replay.settings_of_two(down, ALLOWED)).await;
        allow(&app, &[&format!("anthropic/{down}")]);
        let chat = person.new_conversation("Hello").await;
        let page = chat.settled().await;
        assert_eq!(page.turn(), "failed", "{}", page.text());
        assert!(page.shows_code("provider_overloaded"), "{}", page.text());
        assert_eq!(replay.count(ALLOWED), 0);
        // With both allowed again it does.
        app.admin(&["set-models", "--tenant", &app.tenant(), "--all"], None);
        chat.retry().await;
        let page = chat.until("the other one answers", |page| page.turn() == "completed").await;
        assert_eq!(page.nodes("#log .instead").len(), 1);
        assert!(replay.count(ALLOWED) > 0);
    }

    async fn one_that_was_forbidden_since_is_named_and_nothing_is_lost(backend) {
        let replies = [("asks", Reply::text("I will.").and_write_file("notes/a.txt", "kept\n")), ("done", Reply::text("It is written."))];
        let Some(replay) = Replay::playing(&replies, &[("turn", &["anthropic/asks", "anthropic/done"])]) else { return };
        let model = "script:turn.json";
        let (app, person) = App::ready(backend, &replay.settings_of_two(model, ALLOWED)).await;
        let page = person.new_page().await;
        let form = page.composer().fill("message", "Write a note").fill("model", &format!("anthropic/{model}"));
        let chat = Chat { person: person.clone(), id: person.submit(&form).await.conversation() };
        let waiting = chat.approvals(1).await;
        allow(&app, &[ALLOWED_CHOICE]);

        // The person's decision holds; the model is not told of it any more.
        chat.decide(&waiting[0], "Approve").await.expect(200);
        let page = chat.until("the turn ends", |page| page.turn() == "failed").await;
        assert_eq!(app.file("notes/a.txt").as_deref(), Some("kept\n"));
        assert_eq!((replay.count(model), page.may_retry()), (1, true), "{}", page.text());
        let again = chat.retry().await;
        again.expect(422);
        assert!(again.text().contains(&format!("anthropic/{model}")), "{}", again.text());

        // The page says what is chosen and that it may not be, and what is typed is kept until another one is chosen.
        let page = chat.page().await;
        let chosen = page.nodes("select#model option[selected]").remove(0);
        assert_eq!(chosen.attribute("value"), format!("anthropic/{model}"));
        assert!(chosen.text.contains("not allowed"), "{}", chosen.text);
        let refused = chat.send("And now?").await;
        refused.expect(422);
        assert_eq!(refused.typed(), "And now?");
        assert!(refused.complaint().contains(&format!("anthropic/{model}")), "{}", refused.complaint());
        let form = refused.composer().fill("model", ALLOWED_CHOICE);
        person.submit(&form).await.expect(200);
        let page = chat.until("the other one answers", |page| page.turn() == "completed").await;
        assert!(!offered(&page).contains(&format!("anthropic/{model}")), "{:?}", offered(&page));
        billed(&app).await;
        assert_eq!(replay.count(model), 1);
    }

    async fn lists_name_what_may_be_used(backend) {
        let Some(replay) = Replay::start() else { return };
        let (app, person, script) = of_two(backend, &replay).await;
        let before = script.get("/v1/models").await.expect(200).json();
        assert!(ids(&before).contains(&FORBIDDEN_CHOICE), "{before}");
        script.get("/v1/models/auto").await.expect(200);
        let second = "openai/openai/deepseek-text";
        allow(&app, &[ALLOWED_CHOICE, second]);

        assert_eq!(ids(&script.get("/v1/models").await.json()), ["auto", ALLOWED_CHOICE, second]);
        let one = |id: &str| format!("/v1/models/{}", id.replace('/', "%2F"));
        script.get(&one(ALLOWED_CHOICE)).await.expect(200);
        assert_eq!(script.get(&one(FORBIDDEN_CHOICE)).await.expect(404).code().0, 404);
        assert_eq!(offered(&person.new_page().await), ["auto", ALLOWED_CHOICE, second]);
        let meta = script.get("/api/meta").await.expect(200).json();
        let models: Vec<_> = meta["models"].as_array().unwrap().iter()
            .map(|model| (model["provider"].as_str().unwrap(), model["model"].as_str().unwrap(), model["is_default"] == true))
            .collect();
        assert_eq!(models, [("openai", ALLOWED, true), ("openai", "openai/deepseek-text", false)]);
        assert_eq!(meta["providers"], json!(["openai"]));
        // Nobody's list is this server's, and another tenant's its own.
        let anybodys = Script::with_token(&app.base, "").get("/api/meta").await.expect(200).json();
        assert_eq!(anybodys["providers"], json!(["anthropic", "openai"]));
        let eve = app.stranger().await;
        assert!(offered(&eve.new_page().await).contains(&FORBIDDEN_CHOICE.to_owned()));
    }
}

/// Where one provider was named for whoever did not choose, its place is taken by one that may be used; and of a provider
/// whose own model may not be used, another one is asked.
#[tokio::test(flavor = "multi_thread")]
async fn where_nobody_chose_an_allowed_one_answers() {
    let Some(replay) = Replay::start() else { return };
    let mut settings = replay.settings_of_two(FORBIDDEN, ALLOWED);
    settings.push(("MODEL_PROVIDER", "anthropic"));
    let (app, person) = App::ready(Backend::Sqlite, &settings).await;
    for (allowed, answered) in [
        (ALLOWED_CHOICE, format!("openai|{ALLOWED}")),
        ("anthropic/anthropic/text-no-ping", "anthropic|anthropic/text-no-ping".to_owned()),
        ("openai/openai/deepseek-text", "openai|openai/deepseek-text".to_owned()),
    ] {
        allow(&app, &[allowed]);
        let page = person.new_conversation("Hello").await.settled().await;
        assert_eq!(page.turn(), "completed", "{allowed}: {}", page.text());
        let last = "SELECT provider, model FROM model_calls WHERE purpose = 'chat' ORDER BY created_at DESC LIMIT 1";
        assert_eq!(app.query(last), answered);
        assert_eq!(page.nodes("#only-model").len(), 1, "there is nothing to choose");
    }
    billed(&app).await;
    assert_eq!(replay.count(FORBIDDEN), 0);
}
