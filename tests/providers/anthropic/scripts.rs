//! Several rounds: what a model said goes back to it, with the results of its tools, and nothing is refused.

use std::fs;

use sayso::{
    providers::{PromptMessage, Timeouts},
    types::{Block, MessageRole},
};
use serde_json::Value;

use super::{ask, asking, assert_is, provider};
use crate::shared::{Replay, folder};

#[tokio::test]
async fn scripts_of_several_rounds_are_played_to_their_end() {
    let Some(folder) = folder("scripts", 4) else { return };
    let replay = Replay::start(&folder);
    let provider = provider(&replay.url, Timeouts::default());
    let mut scripts: Vec<_> = fs::read_dir(folder.join("scripts"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with("a-"))
        .collect();
    scripts.sort();
    assert!(scripts.len() >= 4, "{scripts:?}");
    for script in scripts {
        let turns = fs::read_to_string(folder.join("scripts").join(&script)).unwrap();
        let turns: Vec<String> = serde_json::from_str(&turns).unwrap();
        let mut request = asking(&format!("script:{script}"));
        let mut before: Option<(Value, String)> = None;
        for turn in &turns {
            let (reply, error) = ask(&provider, &request).await;
            assert_eq!(error, None, "{script}: {turn}");
            let expected = fs::read_to_string(folder.join(format!("expected/{turn}.json"))).unwrap();
            let expected: Value = serde_json::from_str(&expected).unwrap();
            assert_is(&reply, &expected, &format!("{script}: {turn}"));
            let sent = last_request(&replay.url).await;
            if let Some((expected, recording)) = &before {
                assert_went_back(&sent, expected, recording, &script);
            }
            let recording = fs::read_to_string(folder.join(format!("recordings/{turn}.sse"))).unwrap();
            before = Some((expected, recording));

            let content = reply.into_content("anthropic");
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
    for entry in log(&replay.url).await.as_array().unwrap() {
        assert!(entry["violation"].is_null(), "{entry}");
        assert!(entry["warnings"].as_array().is_none_or(Vec::is_empty), "{entry}");
    }
}

async fn log(url: &str) -> Value {
    reqwest::get(format!("{url}/__log")).await.unwrap().json().await.unwrap()
}

async fn last_request(url: &str) -> Value {
    let log = log(url).await;
    let last = log.as_array().unwrap().iter().rfind(|entry| entry["ev"] == "request" && entry["method"] == "POST");
    last.unwrap()["body"].clone()
}

/// The reply of the round before stands in the request as it was made: same blocks, same order, whatever is signed
/// or encrypted unchanged.
fn assert_went_back(sent: &Value, expected: &Value, recording: &str, script: &str) {
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
