//! Choosing which model answers, and models that do not see images.

use crate::{
    both,
    support::{App, Backend, Chat, Page, Replay, eventually, pictures},
};

const KEEN: &str = "anthropic/text-haiku45";
const OTHER: &str = "openai/deepseek-text";

/// Two providers, both played, and what is known of their models.
async fn two_providers(backend: Backend, replay: &Replay, prices: &str) -> (App, crate::support::Person) {
    let mut app = App::new(backend);
    let file = app.workspace().with_file_name("prices.toml");
    std::fs::write(&file, prices).unwrap();
    let openai = format!("{}/v1", replay.base);
    for (key, value) in replay.settings(KEEN).into_iter().chain([
        ("OPENAI_API_KEY", "test-key"),
        ("OPENAI_BASE_URL", &openai),
        ("OPENAI_MODEL", OTHER),
        ("MODEL_PRICES", file.to_str().unwrap()),
    ]) {
        app.set(key, value);
    }
    app.launch();
    let person = app.setup().await;
    (app, person)
}

/// The values that the picker offers.
fn offered(page: &Page) -> Vec<String> {
    page.nodes("select#model option:not([disabled])").iter().map(|node| node.attribute("value").to_owned()).collect()
}

both! {
    async fn the_choice_stays_with_the_conversation(backend) {
        let Some(replay) = Replay::start() else { return };
        let (app, person) = two_providers(backend, &replay, "").await;
        let page = person.new_page().await;
        assert_eq!(page.nodes("label[for=model]")[0].text, "Model");
        let (keen, other) = (format!("anthropic/{KEEN}"), format!("openai/{OTHER}"));
        let values = offered(&page);
        assert_eq!(values[0], "auto");
        assert_eq!(page.nodes("select#model option")[0].text, "Automatic");
        assert!(values.contains(&keen) && values.contains(&other), "{values:?}");
        let groups: Vec<_> = page.nodes("select#model optgroup").iter().map(|node| node.attribute("label").to_owned()).collect();
        assert_eq!(groups, ["Anthropic", "OpenAI"]);
        assert_eq!(page.composer().value("model"), Some("auto"));

        let started = person.submit(&page.composer().fill("message", "Hello").fill("model", &other)).await;
        let chat = Chat { person: person.clone(), id: started.conversation() };
        let page = chat.settled().await;
        assert_eq!(page.turn(), "completed");
        assert_eq!(page.composer().value("model"), Some(other.as_str()), "the choice is lost");
        assert_eq!(app.query("SELECT provider, model FROM conversations"), format!("openai|{OTHER}"));
        // A form without the field is as before; a new choice takes its place, and back.
        person.submit(&page.composer().without("model").fill("message", "And?")).await.expect(200);
        assert_eq!(chat.settled().await.composer().value("model"), Some(other.as_str()));
        for (choice, stored) in [(&keen, format!("anthropic|{KEEN}")), (&"auto".to_owned(), "|".to_owned())] {
            let form = chat.page().await.composer().fill("message", "Next").fill("model", choice);
            person.submit(&form).await.expect(200);
            assert_eq!(chat.settled().await.composer().value("model"), Some(choice.as_str()));
            assert_eq!(app.query("SELECT provider, model FROM conversations"), stored);
        }
        // One that there is not is refused, and what was typed and chosen stays.
        let form = chat.page().await.composer().fill("message", "Nobody").fill("model", "nowhere/nothing");
        let page = person.submit(&form).await;
        page.expect(422);
        assert_eq!(page.typed(), "Nobody");
        assert!(page.complaint().contains("anthropic") && page.complaint().contains("openai"), "{}", page.complaint());
        replay.assert_refused_none();
    }

    async fn a_long_list_does_not_weigh_the_page_down(backend) {
        let replies: Vec<_> = (0..150).map(|n| format!("many-{n:03}")).collect();
        let replies: Vec<_> = replies.iter().map(|name| (name.as_str(), crate::support::Reply::text("Hello"))).collect();
        let Some(replay) = Replay::playing(&replies, &[]) else { return };
        let (_app, person) = two_providers(backend, &replay, "").await;
        let more = "select#model optgroup[label=Anthropic] option[disabled]";
        let page = eventually("the list of models is there", async || {
            Some(person.new_page().await).filter(|page| !page.nodes(more).is_empty())
        })
        .await;
        let listed = page.nodes("select#model optgroup[label=Anthropic] option:not([disabled])");
        assert_eq!(listed.len(), 100);
        assert_eq!(listed[0].attribute("value"), format!("anthropic/{KEEN}"), "the configured one is not first");
        assert!(page.nodes(more)[0].text.ends_with("more are not listed"), "{}", page.nodes(more)[0].text);
        // One beyond the list can be chosen all the same, and is shown from then on.
        let beyond = (0..150).map(|n| format!("anthropic/anthropic/many-{n:03}")).find(|one| !offered(&page).contains(one));
        let beyond = beyond.expect("more than a hundred");
        let form = page.composer().fill("message", "Hello").without("model").forge("model", &beyond);
        let started = person.submit(&form).await;
        started.expect(200);
        let chat = Chat { person: person.clone(), id: started.conversation() };
        assert_eq!(chat.settled().await.composer().value("model"), Some(beyond.as_str()));
    }

    async fn a_model_that_sees_nothing_is_named(backend) {
        let Some(replay) = Replay::start() else { return };
        let prices = format!("[\"{OTHER}\"]\ninput = 1\noutput = 1\nimages = false\n");
        let (app, person) = two_providers(backend, &replay, &prices).await;
        let page = person.new_page().await;
        let blind = format!("openai/{OTHER}");
        assert_eq!(page.nodes(&format!("option[value='{blind}'][data-images=no]")).len(), 1);
        assert!(page.nodes("option[value=auto][data-images=no]").is_empty());
        let png = pictures::png();
        let files = [("images", "a.png", png.as_slice())];
        let form = page.composer().fill("message", "Look").fill("model", &blind);
        let refused = person.submit_files(&form, &files).await;
        refused.expect(422);
        assert!(refused.complaint().contains(&format!("{OTHER} cannot see images")), "{}", refused.complaint());
        assert_eq!((refused.typed().as_str(), refused.composer().value("model")), ("Look", Some(blind.as_str())));
        assert_eq!(app.query("SELECT count(*) FROM conversations"), "0");
        // Words are for everyone; and what a conversation has chosen counts for its later messages.
        let chat = Chat { person: person.clone(), id: person.submit(&form).await.conversation() };
        let form = chat.settled().await.composer().fill("message", "Look").without("model");
        person.submit_files(&form, &files).await.expect(422);
        assert_eq!(app.query("SELECT count(*) FROM blobs"), "0");
        let form = form.forge("model", "auto");
        person.submit_files(&form, &files).await.expect(200);
        chat.settled().await;
        assert_eq!(app.query("SELECT count(*) FROM blobs"), "1");
    }
}
