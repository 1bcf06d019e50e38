//! Several rounds: what a model said goes back to it, with the results of its tools, and nothing is refused.

use std::fs;

use sayso::{
    providers::PromptMessage,
    types::{Block, MessageRole},
};
use serde_json::Value;

use crate::{
    api::{Api, ask, asking},
    each_api,
    expected::assert_is,
    shared::{Recording, Replay, folder, recordings},
};

/// Rounds of one conversation each, by the names of their recordings.
fn conversations(api: Api, folder: &std::path::Path) -> Vec<Vec<String>> {
    let names = |names: &[&str]| names.iter().map(|name| format!("{}/{name}", api.name())).collect::<Vec<_>>();
    let prefix = match api {
        Api::Anthropic => "a-",
        Api::OpenAi => "o-",
        Api::Ollama => return vec![names(&["tool-thinking-qwen3", "tool-qwen3-prism", "tool-granite", "text-prism"])],
    };
    let mut scripts: Vec<_> = fs::read_dir(folder.join("scripts"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.file_name().unwrap().to_string_lossy().starts_with(prefix))
        .collect();
    scripts.sort();
    let mut all: Vec<Vec<String>> =
        scripts.iter().map(|path| serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()).collect();
    assert!(all.len() >= if api == Api::Anthropic { 4 } else { 1 }, "{all:?}");
    if api == Api::OpenAi {
        all.push(names(&["reasoning-ollama-v1", "tool-parallel-gpt4o", "mistral-tool", "deepseek-text"]));
    }
    all
}

each_api! {
    async fn conversations_of_several_rounds_come_to_their_end(api) {
        let Some(folder) = folder("conversations", 4) else { return };
        let all = recordings(api.name(), "conversations", api.recordings().0);
        let replay = Replay::start(&folder);
        let provider = api.patient(&replay.url);
        for rounds in conversations(api, &folder) {
            let mut request = asking("");
            let mut before: Option<&Recording> = None;
            for round in &rounds {
                request.model = Some(round.clone());
                let (reply, error) = ask(&*provider, &request).await;
                assert_eq!(error, None, "{round}");
                let recording = all.iter().find(|recording| round.ends_with(&format!("/{}", recording.name))).unwrap();
                assert_is(api, recording, &reply);
                if let Some(before) = before.filter(|_| api == Api::Anthropic) {
                    assert_went_back(&last_request(&replay), before);
                }
                before = Some(recording);
                let content = reply.into_content(api.name());
                let results = content.iter().filter_map(|block| match block {
                    Block::ToolUse { id, .. } => {
                        Some(Block::ToolResult { tool_call_id: *id, text: "Charles".to_owned(), is_error: false })
                    }
                    _ => None,
                });
                let results: Vec<_> = results.collect();
                request.messages.push(PromptMessage { role: MessageRole::Assistant, content });
                let messages =
                    results.into_iter().map(|result| PromptMessage { role: MessageRole::Tool, content: vec![result] });
                request.messages.extend(messages);
            }
        }
    }
}

/// Thinking goes back in the field in which it came, within the turn.
#[tokio::test]
async fn thinking_goes_back_in_the_field_it_came_in() {
    let Some(folder) = folder("thinking that goes back", 2) else { return };
    let replay = Replay::start(&folder);
    for (api, name, field) in [
        (Api::OpenAi, "openai/reasoning-ollama-v1", "reasoning"),
        (Api::Ollama, "ollama/tool-thinking-qwen3", "thinking"),
    ] {
        let provider = api.patient(&replay.url);
        let mut request = asking(name);
        let (reply, _) = ask(&*provider, &request).await;
        let content = reply.into_content(api.name());
        let [Block::Thinking { text, .. }, Block::ToolUse { id, .. }] = content.as_slice() else {
            panic!("{content:?}")
        };
        let (thought, id) = (text.clone(), *id);
        request.messages.push(PromptMessage { role: MessageRole::Assistant, content });
        let result = Block::ToolResult { tool_call_id: id, text: "x".to_owned(), is_error: false };
        request.messages.push(PromptMessage { role: MessageRole::Tool, content: vec![result] });
        assert_eq!(ask(&*provider, &request).await.1, None);
        assert_eq!(last_request(&replay)["messages"][1][field], thought.as_str(), "{name}");
    }
}

fn last_request(replay: &Replay) -> Value {
    let log = replay.log();
    let last = log.iter().rfind(|entry| entry["ev"] == "request" && entry["method"] == "POST");
    last.unwrap()["body"].clone()
}

/// The reply of the round before stands in the request as it was made: same blocks, same order, whatever is signed
/// or encrypted unchanged.
fn assert_went_back(sent: &Value, before: &Recording) {
    let (expected, script) = (&before.expected, &before.name);
    let recording = String::from_utf8_lossy(&before.body);
    let messages = sent["messages"].as_array().unwrap();
    let reply = messages.iter().rfind(|message| message["role"] == "assistant").unwrap();
    let blocks = reply["content"].as_array().unwrap();
    let kinds: Vec<_> = blocks.iter().map(|block| block["type"].clone()).collect();
    assert_eq!(Value::from(kinds), expected["block_types"], "{script}");
    let mut thinking = String::new();
    for block in blocks {
        match block["type"].as_str().unwrap() {
            "thinking" => {
                thinking.push_str(block["thinking"].as_str().unwrap());
                assert!(recording.contains(&format!("\"signature\":{}", block["signature"])), "{script}: {block}");
            }
            // Whole in one event: the recorded text must contain it as it is.
            "web_search_tool_result" => assert!(recording.contains(&block.to_string()), "{script}: {block}"),
            "server_tool_use" => {
                assert!(block["input"].is_object() && recording.contains(block["id"].as_str().unwrap()))
            }
            "tool_use" => assert!(block["id"].as_str().unwrap().starts_with("toolu_")),
            _ => {}
        }
    }
    assert_eq!(thinking, expected["thinking"].as_str().unwrap(), "{script}");
}
