//! The providers `openai` and `ollama` in the running product: replies, tools, what is counted, faults.

use crate::{
    both, long_text,
    support::{App, Backend, Replay, Reply, letters},
};

/// The settings of one of them for a model.
fn settings<'a>(replay: &'a Replay, model: &'a str) -> Vec<(&'a str, &'a str)> {
    if model.starts_with("ollama") || model.contains("-ollama") {
        replay.ollama_settings(model)
    } else {
        replay.openai_settings(model)
    }
}

/// What was settled for replies: input, output, whether it is an estimate.
fn settled(app: &App) -> (i64, i64, bool) {
    let row = app.query(
        "SELECT input_tokens, output_tokens, estimated FROM model_calls WHERE purpose = 'chat' AND settled_at IS NOT NULL",
    );
    let cells: Vec<&str> = row.split('|').collect();
    (cells[0].parse().unwrap(), cells[1].parse().unwrap(), ["1", "t"].contains(&cells[2]))
}

both! {
    async fn a_whole_tool_turn(backend) {
        let replies = [
            ("asks", Reply::text("I will.").and_write_file("notes/a.txt", "by another model\n")),
            ("done", Reply::text("It is written.")),
        ];
        let Some(replay) = Replay::playing(&replies, &[
            ("turn-openai", &["openai/asks", "openai/done"]),
            ("turn-ollama", &["ollama/asks", "ollama/done"]),
        ]) else { return };
        for model in ["script:turn-openai.json", "script:turn-ollama.json"] {
            let (app, person) = App::ready(backend, &settings(&replay, model)).await;
            let chat = person.new_conversation("Write a note").await;
            let waiting = chat.approvals(1).await;
            assert_eq!(app.file("notes/a.txt"), None);
            chat.decide(&waiting[0], "Approve").await.expect(200);
            let page = chat.settled().await;
            assert_eq!(page.turn(), "completed", "{model}: {}", page.text());
            assert_eq!(app.file("notes/a.txt").as_deref(), Some("by another model\n"), "{model}");
            assert!(page.replies().contains("It is written."), "{model}");
        }
    }

    async fn what_was_reported_is_settled(backend) {
        let Some(replay) = Replay::start() else { return };
        for name in ["openai/text-gpt4omini-usage-only", "openai/deepseek-text", "ollama/text-prism"] {
            let (app, person) = App::ready(backend, &settings(&replay, name)).await;
            let page = person.new_conversation("Hello").await.settled().await;
            let expected = Replay::expected(name);
            assert_eq!(letters(&page.replies()), letters(expected["text"].as_str().unwrap()), "{name}");
            let count = |what: &str| expected[what].as_i64().unwrap();
            assert_eq!(settled(&app), (count("input_tokens"), count("output_tokens"), false), "{name}");
        }
    }

    async fn what_nobody_reported_is_an_estimate_and_says_so(backend) {
        let Some(replay) = Replay::start() else { return };
        for name in ["openai/text-gpt35-no-usage", "ollama/thinking-gptoss"] {
            let (app, person) = App::ready(backend, &settings(&replay, name)).await;
            let page = person.new_conversation("Hello").await.settled().await;
            assert_eq!(page.turn(), "completed", "{name}: {}", page.text());
            let (input, output, estimated) = settled(&app);
            assert!(estimated && input > 0 && output > 0, "{name}: {input} {output}");
        }
    }

    async fn a_reply_that_breaks_off_is_kept_and_estimated(backend) {
        let text = long_text();
        let Some(replay) = Replay::playing(&[("long", Reply::text(&text))], &[]) else { return };
        for model in ["openai/long@cut=9000", "ollama/long@reset=9000"] {
            let (app, person) = App::ready(backend, &settings(&replay, model)).await;
            let chat = person.new_conversation("My precious message").await;
            let page = chat.until("the fault", |page| page.turn() == "failed").await;
            assert!(page.shows_code("provider_interrupted"), "{model}: {}", page.text());
            let came = page.said_by("assistant");
            assert_eq!((came.len(), came[0].state.as_str()), (1, "cut_off"), "{model}");
            let words = letters(&came[0].text);
            assert!(words.len() > 50 && letters(&text).starts_with(&words), "{model}: {words}");
            let (input, output, estimated) = settled(&app);
            assert!(estimated && input > 0 && output >= 10, "{model}: {input} {output}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_fault_has_its_code() {
    let Some(replay) = Replay::start() else { return };
    for (model, code) in [
        ("openai/err-401-openai", "provider_unauthorized"),
        ("openai/err-429-quota", "provider_balance"),
        ("openai/err-context-llamacpp", "provider_context_too_long"),
        ("openai/mid-error-groq", "provider_invalid_response"),
        ("ollama/err-404-model", "provider_invalid_response"),
    ] {
        let (_app, person) = App::ready(Backend::Sqlite, &settings(&replay, model)).await;
        let chat = person.new_conversation("My precious message").await;
        let page = chat.until("the fault", |page| page.turn() == "failed").await;
        assert!(page.shows_code(code), "{model}: {}", page.text());
        assert_eq!(page.said_by("user")[0].text, "My precious message", "{model}");
    }
}
