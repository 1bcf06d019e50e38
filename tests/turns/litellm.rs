//! Through a real LiteLLM, which translates between the APIs by its own lights: what Sayso says in one is understood in
//! the other, and back.

use serde_json::Value;

use crate::support::{App, Backend, LiteLlm, Replay, Reply};

const SAID: &str =
    "Words that come in pieces through two translators: ação, 你好, 🦀. Then some more, to be cut again.";

/// The product through `litellm` with the settings of one API: a streamed text, then a whole tool turn.
async fn talks(litellm: &LiteLlm, prefix: &str, text: &str, tool: &str) {
    let names = ["API_KEY", "BASE_URL", "MODEL"].map(|name| format!("{prefix}_{name}"));
    let settings = |model| {
        [(names[0].as_str(), LiteLlm::KEY), (names[1].as_str(), litellm.base.as_str()), (names[2].as_str(), model)]
    };

    let (app, person) = App::ready(Backend::Sqlite, &settings(text)).await;
    let chat = person.new_conversation("Say something").await;
    // It streams: a part is there while the rest is still to come.
    let part = chat.until("a part of the reply", |page| !page.replies().trim().is_empty()).await;
    assert!(part.is_running() && !part.replies().contains("cut again."), "{prefix}: {}", part.replies());
    let page = chat.settled().await;
    assert_eq!(page.turn(), "completed", "{prefix}: {}", page.text());
    assert!(page.replies().contains(SAID), "{prefix}: {}", page.replies());
    let used = app.query("SELECT input_tokens, output_tokens, estimated FROM model_calls WHERE purpose = 'chat'");
    assert!(["25|40|0", "25|40|f"].contains(&used.as_str()), "{prefix}: {used}");

    let (app, person) = App::ready(Backend::Sqlite, &settings(tool)).await;
    let chat = person.new_conversation("Write a note").await;
    let waiting = chat.approvals(1).await;
    assert_eq!(app.file("notes/through.txt"), None, "{prefix}: written before anyone approved");
    chat.decide(&waiting[0], "Approve").await.expect(200);
    let page = chat.settled().await;
    assert_eq!(page.turn(), "completed", "{prefix}: {}", page.text());
    assert_eq!(app.file("notes/through.txt").as_deref(), Some("two translators\n"), "{prefix}");
    assert!(page.replies().contains("I will write it.") && page.replies().contains("It is written."), "{prefix}");
}

#[tokio::test(flavor = "multi_thread")]
async fn text_and_tools_go_through_in_both_directions() {
    let replies = [
        ("said", Reply::text(SAID)),
        ("asks", Reply::text("I will write it.").and_write_file("notes/through.txt", "two translators\n")),
        ("done", Reply::text("It is written.")),
    ];
    let scripts: [(&str, &[&str]); 2] = [
        ("through-anthropic", &["anthropic/asks", "anthropic/done"]),
        ("through-openai", &["openai/asks", "openai/done"]),
    ];
    let Some(replay) = Replay::playing(&replies, &scripts) else { return };
    let models = [
        ("anthropic-text", "anthropic", "anthropic/said@delay=300ms"),
        ("anthropic-tool", "anthropic", "script:through-anthropic.json"),
        ("openai-text", "openai", "openai/said@delay=300ms"),
        ("openai-tool", "openai", "script:through-openai.json"),
    ];
    let Some(litellm) = LiteLlm::start(&replay, &models).await else { return };

    talks(&litellm, "OPENAI", "anthropic-text", "anthropic-tool").await;
    // What came out at the other end is Anthropic's form, with our call answered.
    let rounds = replay.rounds();
    let last = rounds.last().unwrap()["messages"].as_array().unwrap().clone();
    let blocks: Vec<&Value> = last.iter().filter_map(|message| message["content"].as_array()).flatten().collect();
    assert!(blocks.iter().any(|block| block["type"] == "tool_use"), "{last:?}");
    assert!(blocks.iter().any(|block| block["type"] == "tool_result"), "{last:?}");
    let before = rounds.len();

    talks(&litellm, "ANTHROPIC", "openai-text", "openai-tool").await;
    let rounds = replay.rounds();
    assert!(rounds.len() > before);
    let last = rounds.last().unwrap()["messages"].as_array().unwrap().clone();
    assert!(last.iter().any(|message| message["tool_calls"][0]["type"] == "function"), "{last:?}");
    assert!(last.iter().any(|message| message["role"] == "tool"), "{last:?}");
}
