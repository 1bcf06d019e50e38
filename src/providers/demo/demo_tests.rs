use std::time::Instant;

use serde_json::{Value, json};

use super::*;
use crate::{
    providers::{PromptMessage, Reply, ReplyBlock, ReplyBuilder, ToolSpec},
    types::{Block, MessageRole, ToolCallId},
};

fn asking(text: &str) -> Request {
    Request {
        messages: vec![PromptMessage { role: MessageRole::User, content: vec![Block::text(text)] }],
        tools: vec![ToolSpec {
            name: "write_file".into(),
            description: "Writes a file.".into(),
            input_schema: json!({"type": "object"}),
        }],
        max_output_tokens: 40_000,
        ..Request::default()
    }
}

async fn reply(request: &Request) -> Reply {
    let mut stream = Demo::with_pause(Duration::ZERO).stream(request).await.unwrap();
    let mut builder = ReplyBuilder::new();
    while let Some(event) = stream.next().await {
        builder.push(&event.unwrap());
    }
    builder.finish()
}

fn inputs(reply: &Reply) -> Vec<Value> {
    let inputs = reply.content.iter().filter_map(|block| match block {
        ReplyBlock::ToolCall { name, input, whole, .. } => {
            assert!(name == "write_file" && *whole);
            Some(serde_json::from_str(input).unwrap())
        }
        _ => None,
    });
    inputs.collect()
}

#[tokio::test]
async fn it_says_what_it_is_and_shows_markdown() {
    let request = asking("Hi <b>there</b>");
    let reply = reply(&request).await;
    let text = reply.text();
    for part in ["not a real model", "## ", "\n- ", "|---|", "```", "Hi <b>there</b>"] {
        assert!(text.contains(part), "{part} is missing in {text}");
    }
    assert_eq!((reply.stop_reason.as_deref(), reply.model.as_deref()), (Some("end_turn"), Some("demo")));
    let usage = reply.usage.unwrap();
    assert!(usage.estimated && usage.input_tokens > 0 && usage.output_tokens == estimate::output(&reply));
    assert!(usage.input_tokens <= estimate::input_bound(&request));
}

#[tokio::test]
async fn it_asks_for_the_tool_only_where_there_is_one() {
    let mut request = asking("Create a file `notes/hello.txt` with content: Hello world");
    let asked = reply(&request).await;
    assert_eq!(inputs(&asked), [json!({"path": "notes/hello.txt", "content": "Hello world"})]);
    assert_eq!(asked.stop_reason.as_deref(), Some("tool_use"));
    assert!(asked.text().contains("not a real model") && asked.text().contains("`notes/hello.txt`"));
    assert_eq!(asked.usage.unwrap().output_tokens, estimate::output(&asked));

    request.tools.clear();
    let told = reply(&request).await;
    assert!(inputs(&told).is_empty() && told.text().contains("write_file"));
    assert_eq!(told.stop_reason.as_deref(), Some("end_turn"));
}

#[tokio::test]
async fn several_sentences_are_parallel_calls() {
    let request = asking("Create a file a.txt with content: 1\nCreate a file b.txt with content: “2”");
    let expected = [json!({"path": "a.txt", "content": "1"}), json!({"path": "b.txt", "content": "2"})];
    assert_eq!(inputs(&reply(&request).await), expected);
}

#[tokio::test]
async fn it_goes_on_after_its_calls() {
    let mut request = asking("Create a file a.txt with content: 1\nCreate a file b.txt with content: 2");
    let content = reply(&request).await.into_content(NAME);
    let ids: Vec<ToolCallId> = content
        .iter()
        .filter_map(|block| match block {
            Block::ToolUse { id, .. } => Some(*id),
            _ => None,
        })
        .collect();
    request.messages.push(PromptMessage { role: MessageRole::Assistant, content });
    let results = [("Wrote a.txt", false), ("The person denied this: too early", true)];
    for (id, (text, is_error)) in ids.into_iter().zip(results) {
        let result = Block::ToolResult { tool_call_id: id, text: text.into(), is_error };
        request.messages.push(PromptMessage { role: MessageRole::Tool, content: vec![result] });
    }
    let text = reply(&request).await.text();
    assert!(
        text.contains("- Done: `a.txt` was written.\n- `b.txt` was not written: The person denied this: too early")
    );
    assert!(text.contains("not a real model"));
}

#[tokio::test]
async fn it_stops_at_the_limit_of_tokens() {
    let mut request = asking("Write 20000 words");
    assert_eq!(reply(&request).await.stop_reason.as_deref(), Some("end_turn"));
    for most in [0, 1, 100] {
        request.max_output_tokens = most;
        let reply = reply(&request).await;
        assert_eq!(reply.stop_reason.as_deref(), Some("max_tokens"));
        assert!(estimate::output(&reply) <= i64::from(most), "{reply:?}");
    }
    let mut request = asking("Create a file a.txt with content: a long content that does not fit");
    request.max_output_tokens = 30;
    let cut = reply(&request).await;
    assert_eq!(cut.stop_reason.as_deref(), Some("max_tokens"));
    assert!(cut.without_halves().content.iter().all(|block| matches!(block, ReplyBlock::Text { .. })));
}

#[tokio::test]
async fn it_streams_in_small_pieces_with_pauses() {
    let request = asking("Hello");
    let mut stream = Demo::with_pause(Duration::from_millis(2)).stream(&request).await.unwrap();
    let (start, mut pieces) = (Instant::now(), 0);
    while let Some(event) = stream.next().await {
        if let Ok(ModelEvent::Text { text, .. }) = event {
            assert!(text.len() < 60, "{text:?}");
            pieces += 1;
        }
    }
    assert!(pieces > 20 && start.elapsed() >= Duration::from_millis(2) * pieces);
}

/// Otherwise what is cut short would be over in a third of the time in which it could be watched, or stopped.
#[tokio::test]
async fn a_reply_that_is_cut_comes_in_the_pieces_of_one_of_its_length() {
    let mut request = asking("Write 20000 words");
    request.max_output_tokens = 4096;
    let mut stream = Demo::with_pause(Duration::ZERO).stream(&request).await.unwrap();
    let mut pieces = 0;
    while let Some(event) = stream.next().await {
        pieces += u32::from(matches!(event, Ok(ModelEvent::Text { .. })));
    }
    assert!(pieces > 300, "{pieces}");
}

#[test]
fn pieces_joined_are_the_text() {
    for text in ["", "a", "🦀🦀🦀", "one two three four five six seven eight nine ten", &"x".repeat(500)] {
        assert_eq!(pieces(text, usize::MAX).concat(), text);
    }
}
