//! Images on their way to a model.

use std::io::Write as _;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::Value;

use crate::support::{App, Backend, Chat, Person, Replay, pictures};

/// Sends a picture with a question, and waits for the reply.
async fn show(person: &Person, file: &[u8]) -> Chat {
    let form = person.new_page().await.composer().fill("message", "What is this?");
    let page = person.submit_files(&form, &[("images", "sky.png", file)]).await;
    page.expect(200);
    let chat = Chat { person: person.clone(), id: page.conversation() };
    assert_eq!(chat.settled().await.turn(), "completed");
    chat
}

/// The image as the page gives it out, which is how it is stored, in base64.
async fn stored(chat: &Chat) -> String {
    let (answer, bytes) = chat.person.bytes(&format!("/conversations/{}/attachments/1", chat.id), &[]).await;
    answer.expect(200);
    STANDARD.encode(bytes)
}

/// A file of prices that says whether a model sees images.
fn prices(model: &str, sees: bool) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    let entry = format!("[\"{model}\"]\ninput = 0\ncached = 0\noutput = 0\ncontext_window = 100000\nimages = {sees}\n");
    file.write_all(entry.as_bytes()).unwrap();
    file
}

/// The first request of a turn, as the model's API received it.
fn asked(replay: &Replay) -> Value {
    replay.rounds().first().expect("a request").clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_provider_is_shown_what_is_stored() {
    let Some(replay) = Replay::start() else { return };
    let apis = [
        (replay.settings("anthropic/text-haiku45"), "/messages/0/content/0/source/data", ""),
        (
            replay.openai_settings("openai/text-gpt4omini-usage-only"),
            "/messages/1/content/0/image_url/url",
            "data:image/png;base64,",
        ),
        (replay.ollama_settings("ollama/text-prism"), "/messages/1/images/0", ""),
    ];
    // This Ollama says that its models see nothing; the operator knows better.
    let prices = prices("ollama/text-prism", true);
    for (mut settings, place, before) in apis {
        let model = settings.last().expect("a model").1;
        settings.push(("MODEL_PRICES", prices.path().to_str().unwrap()));
        let (_app, person) = App::ready(Backend::Sqlite, &settings).await;
        let chat = show(&person, &pictures::png()).await;
        let due = format!("{before}{}", stored(&chat).await);
        let request = replay.rounds().into_iter().rfind(|request| request["model"] == model).expect("a request");
        assert_eq!(request.pointer(place).and_then(Value::as_str), Some(due.as_str()), "{model}: {request}");
    }
}

/// The first provider is overloaded, and the one that stands in for it is known to see nothing.
#[tokio::test(flavor = "multi_thread")]
async fn a_stand_in_that_sees_nothing_is_told_the_names() {
    let Some(replay) = Replay::start() else { return };
    let second = "openai/text-gpt4omini-usage-only";
    let prices = prices(second, false);
    let mut settings = replay.settings_of_two("anthropic/text-haiku45@status=529", second);
    settings.push(("MODEL_PRICES", prices.path().to_str().unwrap()));
    let (_app, person) = App::ready(Backend::Sqlite, &settings).await;
    let chat = show(&person, &pictures::png()).await;
    let image = stored(&chat).await;
    assert!(asked(&replay).to_string().contains(&image), "the first one was shown the image");
    let told = replay.rounds().into_iter().find(|request| request["model"] == second).expect("a request").to_string();
    assert!(told.contains("sky.png") && !told.contains(&image), "{told}");
}
