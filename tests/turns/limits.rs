//! Limits hold, whoever comes and however many at once.

use serde_json::json;

use crate::{
    both,
    openai_door::COMPLETIONS,
    support::{App, Backend, Person, Replay, Reply, Script, eventually, page::Form},
};

const CROWD: [(&str, &str); 3] =
    [("RATE_MESSAGES", "100000/min"), ("TURNS_PER_PERSON", "1000"), ("TURNS_PER_TENANT", "1000")];

async fn crowded(backend: Backend, replay: &Replay, model: &str) -> (App, Person) {
    let mut settings = replay.settings(model);
    settings.extend(CROWD);
    App::ready(backend, &settings).await
}

both! {
    async fn two_hundred_at_once_against_ten(backend) {
        // The reply comes late, so that no title asks for one of the ten before all have asked.
        let Some(replay) = Replay::playing(&[("late", Reply::text("Here I am."))], &[]) else { return };
        let (app, first) = crowded(backend, &replay, "anthropic/late@slow=15").await;
        let tenant = app.tenant();
        app.admin(&["set-limits", "--tenant", &tenant, "--requests", "10"], None);
        let mut people = vec![first];
        for n in 0..9 {
            people.push(app.person(&format!("person{n}@example.org"), &tenant, "member").await);
        }
        let mut forms: Vec<(Person, Form)> = Vec::new();
        for n in 0..200 {
            let person = people[n % people.len()].clone();
            let form = person.new_page().await.composer().fill("message", &format!("Message {n}"));
            forms.push((person, form));
        }
        let rush = forms.into_iter().map(|(person, form)| tokio::spawn(async move { (person.submit(&form).await, form) }));
        let mut passed = 0;
        for answer in rush.collect::<Vec<_>>() {
            let (page, form) = answer.await.unwrap();
            if page.status == 200 {
                passed += 1;
            } else {
                page.expect(429);
                assert!(page.shows_code("limit_requests"), "{}", page.text());
                assert_eq!(Some(page.typed().as_str()), form.value("message"), "the text is lost");
            }
        }
        assert_eq!(passed, 10);
        eventually("all turns have ended", async || {
            (app.query("SELECT count(*) FROM turns WHERE state = 'running'") == "0").then_some(())
        }).await;
        assert_eq!(replay.requests().len(), 10, "the model API was asked more often than the limit");
        let used = app.query(&format!(
            "SELECT requests + reserved_requests FROM usage_months m JOIN tenants t ON t.id = m.subject_id WHERE t.slug = '{tenant}'"
        ));
        assert_eq!(used, "10");
        assert_eq!(app.query("SELECT count(*) FROM turns"), "10", "a refused message left a turn");
    }

    async fn a_tenant_that_is_switched_off_gets_nothing(backend) {
        let Some(replay) = Replay::start() else { return };
        let (app, person) = crowded(backend, &replay, "anthropic/text-haiku45").await;
        app.admin(&["set-limits", "--tenant", &app.tenant(), "--requests", "0"], None);
        let page = person.submit(&person.new_page().await.composer().fill("message", "Please")).await;
        page.expect(429);
        assert_eq!(page.typed(), "Please");
        assert_eq!(replay.requests().len(), 0);
    }

    async fn tokens_are_reserved_before_they_are_spent(backend) {
        let Some(replay) = Replay::start() else { return };
        let (app, person) = crowded(backend, &replay, "anthropic/text-haiku45").await;
        // The default call reserves 4,096 tokens of output; a month of 4,000 has no room for one.
        app.admin(&["set-limits", "--tenant", &app.tenant(), "--output-tokens", "4000"], None);
        let page = person.submit(&person.new_page().await.composer().fill("message", "Please")).await;
        page.expect(429);
        assert!(page.shows_code("limit_output_tokens"), "{}", page.text());
        app.admin(&["set-limits", "--tenant", &app.tenant(), "--output-tokens", "5000"], None);
        let chat = person.new_conversation("Please").await;
        chat.settled().await;
        // Four tokens were used; the reservation has been given back.
        assert_eq!(chat.say("And again").await.turn(), "completed");
    }

    async fn a_person_has_so_many_turns_at_once(backend) {
        let Some(replay) = Replay::start() else { return };
        let mut settings = replay.settings("anthropic/text-haiku45@slow=600");
        settings.extend([("TURNS_PER_PERSON", "2"), ("TURNS_PER_TENANT", "3")]);
        let (app, person) = App::ready(backend, &settings).await;
        let colleague = app.person("bob@example.org", &app.tenant(), "member").await;
        let one = person.new_conversation("One").await;
        person.new_conversation("Two").await;
        let page = person.submit(&person.new_page().await.composer().fill("message", "Three")).await;
        page.expect(429);
        assert_eq!(page.typed(), "Three");
        colleague.new_conversation("Mine").await;
        let page = colleague.submit(&colleague.new_page().await.composer().fill("message", "Mine too")).await;
        page.expect(429);
        one.stop().await.expect(200);
        one.until("the stop", |page| page.turn() == "stopped").await;
        colleague.new_conversation("Now there is room").await;
    }

    async fn a_person_writes_so_often(backend) {
        let Some(replay) = Replay::start() else { return };
        let mut settings = replay.settings("anthropic/text-haiku45");
        settings.push(("RATE_MESSAGES", "3/min"));
        let (_app, person) = App::ready(backend, &settings).await;
        let chat = person.new_conversation("One").await;
        chat.settled().await;
        chat.say("Two").await;
        chat.say("Three").await;
        let page = chat.send("Four").await;
        page.expect(429);
        assert!(page.header("retry-after").is_some_and(|wait| wait.parse::<u64>().is_ok_and(|wait| wait <= 60)));
        assert_eq!(page.typed(), "Four");
        assert_eq!(chat.page().await.said_by("user").len(), 3);
    }

    async fn every_call_of_a_model_counts_whatever_it_is_for(backend) {
        // "ON" is a reply, a title, and a verdict that a reply keeps to the topics.
        let Some(replay) = Replay::playing(&[("on", Reply::text("ON"))], &[]) else { return };
        let (app, person) = crowded(backend, &replay, "anthropic/on").await;
        app.query("UPDATE tenants SET topics = 'Cooking and baking'");
        let chat = person.new_conversation("How long do I knead?").await;
        assert_eq!(chat.settled().await.turn(), "completed");
        let script = Script::first(&app.base).await;
        let body = json!({"model": "auto", "messages": [{"role": "user", "content": "Please"}]});
        script.post(COMPLETIONS, &body, &[]).await.expect(200);
        let purposes = "SELECT DISTINCT purpose FROM model_calls WHERE settled_at IS NOT NULL ORDER BY purpose";
        let all = "chat\ngateway\ntitle\ntopic_check";
        eventually("a call for each purpose", async || (app.query(purposes) == all).then_some(())).await;
        eventually("every call is settled", async || {
            (app.query("SELECT count(*) FROM model_calls WHERE settled_at IS NULL") == "0").then_some(())
        }).await;
        let calls = app.query("SELECT count(*), sum(input_tokens), sum(output_tokens), sum(credits) FROM model_calls");
        assert_eq!(calls.split('|').next(), Some(replay.requests().len().to_string().as_str()), "what was asked and what counts");
        let month = "SELECT requests, input_tokens, output_tokens, credits FROM usage_months";
        assert_eq!(app.query(month), format!("{calls}\n{calls}"), "of the tenant and of the person");
        for days in ["usage_days", "usage_model_days"] {
            let sums = format!("SELECT sum(requests), sum(input_tokens), sum(output_tokens), sum(credits) FROM {days}");
            assert_eq!(app.query(&sums), calls, "{days}");
        }
        // And each is refused alike when nothing is left, before anything is sent.
        let asked = replay.requests().len();
        app.admin(&["set-limits", "--tenant", &app.tenant(), "--requests", "1"], None);
        chat.send("And how hot?").await.expect(429);
        script.post(COMPLETIONS, &body, &[]).await.expect(429);
        assert_eq!(replay.requests().len(), asked, "something was sent");
    }
}
