//! What the demo answers.

use std::fmt::Write;

use serde_json::{Value, json};

use super::{asked, words};
use crate::{
    providers::{PromptMessage, Request},
    types::{Block, MessageRole, ToolCallId, content::joined_text},
};

/// The tool that the demo knows how to use.
pub const WRITE_FILE: &str = "write_file";

/// The most characters of a tool's answer or of a person's words that are repeated.
const MAX_QUOTE_CHARS: usize = 200;

/// A text, and the inputs of calls of [`WRITE_FILE`] as JSON.
#[derive(Debug, Default)]
pub struct Answer {
    pub text: String,
    pub calls: Vec<String>,
}

/// The answer to the end of a conversation.
pub fn to(request: &Request) -> Answer {
    match request.messages.last() {
        Some(last) if last.role == MessageRole::Tool => after_tools(&request.messages),
        Some(last) if last.role == MessageRole::User => {
            to_person(&joined_text(&last.content), request.tools.iter().any(|tool| tool.name == WRITE_FILE))
        }
        _ => to_person("", false),
    }
}

fn to_person(message: &str, can_write: bool) -> Answer {
    let files = asked::files(message);
    if files.is_empty() {
        let text = asked::words(message).map_or_else(|| tour(message), words::prose);
        return Answer { text, calls: Vec::new() };
    }
    if !can_write {
        let text =
            "I am the demo, not a real model, and I have no `write_file` tool here, so I cannot write that file.";
        return Answer { text: text.to_owned(), calls: Vec::new() };
    }
    let names: Vec<_> = files.iter().map(|file| code(&file.path)).collect();
    let text = format!("I am the demo, not a real model, and with your say-so I will write {}.", names.join(", "));
    let calls = files.iter().map(|file| json!({"path": file.path, "content": file.content}).to_string()).collect();
    Answer { text, calls }
}

/// Says what became of the calls whose results end the conversation.
fn after_tools(messages: &[PromptMessage]) -> Answer {
    let count = messages.iter().rev().take_while(|message| message.role == MessageRole::Tool).count();
    let (before, results) = messages.split_at(messages.len() - count);
    let lines: Vec<_> = results
        .iter()
        .flat_map(|message| &message.content)
        .filter_map(|block| match block {
            Block::ToolResult { tool_call_id, text, is_error } => Some(outcome(before, *tool_call_id, text, *is_error)),
            _ => None,
        })
        .collect();
    let text = match lines.as_slice() {
        [line] => line.clone(),
        lines => lines.iter().map(|line| format!("- {line}")).collect::<Vec<_>>().join("\n"),
    };
    Answer {
        text: format!("{text}\n\nThat is all the demo can do with it; it is not a real model."),
        calls: Vec::new(),
    }
}

fn outcome(before: &[PromptMessage], id: ToolCallId, result: &str, is_error: bool) -> String {
    let call = before.iter().rev().flat_map(|message| &message.content).find_map(|block| match block {
        Block::ToolUse { id: other, name, input } if *other == id => Some((name, input)),
        _ => None,
    });
    let path = call.filter(|(name, _)| *name == WRITE_FILE).and_then(|(_, input)| {
        let input: Value = serde_json::from_str(input).ok()?;
        Some(code(input.get("path")?.as_str()?))
    });
    let name = call.map_or_else(|| "The tool".to_owned(), |(name, _)| code(name));
    match (path, is_error) {
        (Some(path), false) => format!("Done: {path} was written."),
        (Some(path), true) => format!("{path} was not written: {}", quote(result)),
        (None, false) => format!("{name} answered: {}", quote(result)),
        (None, true) => format!("{name} did not do it: {}", quote(result)),
    }
}

fn tour(message: &str) -> String {
    let mut text = String::from("## Hello from the demo\n\n");
    if !message.trim().is_empty() {
        // Writing into a String cannot fail.
        let _ = writeln!(text, "You wrote: “{}”\n", quote(message));
    }
    text.push_str(
        "I am **not a real model**, only a stand-in so that you can look around. I can show you:\n\n\
         - text that *streams*, with Markdown\n\
         - a tool that waits for **your** decision\n\n\
         | Try this | What happens |\n\
         |---|---|\n\
         | Create a file `notes/hello.txt` with content: Hello world | I ask, you decide |\n\
         | Write 300 words | A longer text streams in |\n\n\
         For real answers, set a key and start Sayso again:\n\n\
         ```sh\n\
         export ANTHROPIC_API_KEY=…   # or OPENAI_API_KEY, or OLLAMA_URL\n\
         sayso\n\
         ```\n",
    );
    text
}

/// A short form on one line.
fn quote(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(MAX_QUOTE_CHARS) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default()),
        None => line,
    }
}

/// As Markdown code, whatever it contains.
fn code(text: &str) -> String {
    format!("`{}`", quote(text).replace('`', "'"))
}
