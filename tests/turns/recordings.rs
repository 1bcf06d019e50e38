//! Real replies, recorded, on the page.

use regex::Regex;

use crate::{
    both,
    support::{App, Backend, Replay, eventually, letters},
};

/// Replies of text, played one after the other into one conversation, so that each goes back with the next.
const TEXTS: &[&str] = &[
    "anthropic/text-haiku45",
    "anthropic/text-no-ping",
    "anthropic/text-sonnet46",
    "anthropic/text-opus47-type-key-last",
    "anthropic/text-unicode-stop-sequence",
    "anthropic/text-image-reply",
    "anthropic/cache-read",
    "anthropic/cache-read-sonnet46",
    "anthropic/citations-haiku45",
    "anthropic/max-tokens-sonnet4",
    "anthropic/redacted-thinking-sonnet45",
    "anthropic/thinking-adaptive-opus46",
    "anthropic/thinking-long-sonnet4",
    "anthropic/srv-web-search-opus48",
    "anthropic/gateway-openrouter-messages",
];

/// Letters and digits of Markdown as they are shown: the numbers of a list are no text.
fn shown(markdown: &str) -> String {
    letters(&Regex::new(r"(?m)^\s*\d+[.)]\s").unwrap().replace_all(markdown, ""))
}

async fn plays(backend: Backend, suffix: &str) {
    let script: Vec<String> = TEXTS.iter().map(|name| format!("{name}{suffix}")).collect();
    let script: Vec<&str> = script.iter().map(String::as_str).collect();
    let Some(replay) = Replay::playing(&[], &[("texts", &script)]) else { return };
    let (_app, person) = App::ready(backend, &replay.settings("script:texts.json")).await;
    let chat = person.new_conversation("First").await;
    for (n, name) in TEXTS.iter().enumerate() {
        if n > 0 {
            chat.send(&format!("And then? ({n})")).await.expect(200);
        }
        let page = chat.settled().await;
        let reply = page.said_by("assistant").last().unwrap().clone();
        let expected = Replay::expected(name);
        assert_eq!(shown(&reply.text), shown(expected["text"].as_str().unwrap()), "{name}{suffix}: {}", reply.text);
        assert_eq!((page.turn().as_str(), reply.state.as_str()), ("completed", "complete"), "{name}{suffix}");
    }
    replay.assert_refused_none();
}

both! {
    async fn replies_of_text(backend) {
        plays(backend, "").await;
    }

    async fn what_was_used_is_counted(backend) {
        let Some(replay) = Replay::start() else { return };
        let name = "anthropic/text-opus47-type-key-last";
        let (app, person) = App::ready(backend, &replay.settings(name)).await;
        person.new_conversation("What is an eclipse?").await.settled().await;
        let expected = Replay::expected(name);
        let used = app.query("SELECT input_tokens, output_tokens FROM model_calls WHERE purpose = 'chat' AND settled_at IS NOT NULL");
        assert_eq!(used, format!("{}|{}", expected["input_tokens"], expected["output_tokens"]));
        // The title is asked for after the turn.
        eventually("no reservation is left behind", async || {
            let reserved = app.query("SELECT min(reserved_requests), max(reserved_requests) FROM usage_months");
            (reserved == "0|0").then_some(())
        })
        .await;
    }

    async fn an_unknown_tool_is_told_to_the_model(backend) {
        let Some(replay) = Replay::playing(&[], &[
            ("one", &["anthropic/tool-no-params", "anthropic/tool-no-params-final"]),
        ]) else { return };
        let (_app, person) = App::ready(backend, &replay.settings("script:one.json")).await;
        let chat = person.new_conversation("Which language shall I learn?").await;
        let page = chat.settled().await;
        assert_eq!(page.turn(), "completed", "{}", page.text());
        let calls = page.tool_calls();
        assert_eq!(calls.len(), 1);
        assert_eq!(calls[0].state, "failed", "an unknown tool: {}", calls[0].summary);
        assert!(calls[0].summary.contains("best_language_to_learn"));
        let last = Replay::expected("anthropic/tool-no-params-final");
        assert!(shown(&page.replies()).ends_with(&shown(last["text"].as_str().unwrap())));
        let rounds = replay.rounds();
        assert_eq!(rounds.len(), 2);
        let result = &rounds[1]["messages"].as_array().unwrap().last().unwrap()["content"][0];
        assert_eq!((&result["type"], &result["is_error"]), (&"tool_result".into(), &true.into()), "{result}");
        replay.assert_refused_none();
    }

    async fn thinking_goes_back_as_it_came(backend) {
        let Some(replay) = Replay::playing(&[], &[
            ("thinking", &["anthropic/thinking-tool", "anthropic/thinking-tool-final"]),
            ("parallel", &["anthropic/tool-parallel-2", "anthropic/tool-parallel-2-final"]),
        ]) else { return };
        for script in ["script:thinking.json", "script:parallel.json"] {
            let (_app, person) = App::ready(backend, &replay.settings(script)).await;
            let page = person.new_conversation("Please").await.settled().await;
            assert_eq!(page.turn(), "completed", "{script}: {}", page.text());
        }
        // It compares thinking and signatures with what it played, and wants an answer to each of two calls.
        replay.assert_refused_none();
        assert_eq!(replay.rounds().len(), 4);
    }
}

/// However the bytes come, the same text comes out.
#[tokio::test(flavor = "multi_thread")]
async fn replies_cut_to_pieces() {
    plays(Backend::Sqlite, "@split=rand@seed=7").await;
    plays(Backend::Sqlite, "@split=1").await;
    plays(Backend::Sqlite, "@crlf@bom").await;
}
