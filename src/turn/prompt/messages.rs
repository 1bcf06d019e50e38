//! Stored messages → the messages of a request. The same messages give the same prompt.

use std::collections::HashMap;

use super::named;
use crate::{
    providers::PromptMessage,
    types::{Block, Message, MessageRole, MessageState, ToolCallId},
};

const UNANSWERED: &str = "There is no result: the run was ended before it came. Whether it took effect is not known.";

/// Repairs what a stop or a crash left: each tool use is followed by its result, in its order; the window begins
/// with a person's message; a reply that was cut off and that nothing follows is left out, so that trying again
/// begins it anew.
pub(super) fn prompt_messages(messages: Vec<Message>) -> Vec<PromptMessage> {
    let mut results: HashMap<ToolCallId, Vec<Block>> = HashMap::new();
    let mut course = Vec::new();
    for message in messages {
        if message.role == MessageRole::Tool {
            if let Some((id, answer)) = answer(message.content) {
                results.insert(id, answer);
            }
        } else {
            course.push(message);
        }
    }
    let begins = course.iter().position(|message| message.role == MessageRole::User).unwrap_or(course.len());
    let last = course.len().saturating_sub(1);
    let mut prompt = Vec::new();
    for (index, mut message) in course.into_iter().enumerate().skip(begins) {
        if message.role == MessageRole::User {
            message.content = named::told(message.content, &mut results, UNANSWERED);
        }
        if index == last && message.role == MessageRole::Assistant && message.state == MessageState::CutOff {
            continue;
        }
        let answers: Vec<Block> = message
            .content
            .iter()
            .filter_map(|block| match block {
                Block::ToolUse { id, .. } => Some(results.remove(id).unwrap_or_else(|| {
                    vec![Block::ToolResult { tool_call_id: *id, text: UNANSWERED.to_owned(), is_error: true }]
                })),
                _ => None,
            })
            .flatten()
            .collect();
        if !message.content.is_empty() {
            prompt.push(PromptMessage { role: message.role, content: message.content });
        }
        if !answers.is_empty() {
            prompt.push(PromptMessage { role: MessageRole::Tool, content: answers });
        }
    }
    prompt
}

/// What a call was answered: its result, and the images that came with it. Of other files the model is told that they are
/// there.
fn answer(content: Vec<Block>) -> Option<(ToolCallId, Vec<Block>)> {
    let mut blocks = content.into_iter();
    let Block::ToolResult { tool_call_id, mut text, is_error } = blocks.next()? else { return None };
    let mut images = Vec::new();
    for block in blocks {
        match block {
            Block::Image { .. } => images.push(block),
            Block::File { name, media_type, bytes, .. } => {
                let between = if text.is_empty() { "" } else { "\n\n" };
                text.push_str(&format!(
                    "{between}[The file {name} ({media_type}, {bytes} bytes) came with this result. The person can open it \
                     on the page; what is in it is not shown here.]"
                ));
            }
            _ => {}
        }
    }
    images.insert(0, Block::ToolResult { tool_call_id, text, is_error });
    Some((tool_call_id, images))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{MessageId, TurnId};

    fn message(role: MessageRole, content: Vec<Block>) -> Message {
        Message {
            id: MessageId::new(),
            turn_id: TurnId::new(),
            position: 0,
            role,
            state: MessageState::Complete,
            content,
            provider: None,
            model: None,
            instead_of: None,
            stop_reason: None,
            usage: None,
            tool_call_id: None,
            created_at: crate::db::now(),
        }
    }

    fn tool_use(id: ToolCallId) -> Block {
        Block::ToolUse { id, name: "write_file".into(), input: "{}".into() }
    }

    fn result(id: ToolCallId, text: &str) -> Block {
        Block::ToolResult { tool_call_id: id, text: text.into(), is_error: false }
    }

    fn roles(prompt: &[PromptMessage]) -> Vec<MessageRole> {
        prompt.iter().map(|message| message.role).collect()
    }

    #[test]
    fn results_follow_their_calls_in_the_order_of_the_calls() {
        let (first, second) = (ToolCallId::new(), ToolCallId::new());
        let prompt = prompt_messages(vec![
            message(MessageRole::User, vec![Block::text("do")]),
            message(MessageRole::Assistant, vec![tool_use(first), tool_use(second)]),
            message(MessageRole::Tool, vec![result(second, "two")]),
            message(MessageRole::Tool, vec![result(first, "one")]),
        ]);
        assert_eq!(roles(&prompt), [MessageRole::User, MessageRole::Assistant, MessageRole::Tool]);
        assert_eq!(prompt[2].content, [result(first, "one"), result(second, "two")]);
    }

    #[test]
    fn images_stay_with_their_result_and_files_are_told_of() {
        let (first, second) = (ToolCallId::new(), ToolCallId::new());
        let image =
            Block::Image { number: 1, media_type: "image/png".into(), name: "a.png".into(), width: 2, height: 3 };
        let file =
            Block::File { number: 2, media_type: "text/plain".into(), name: "result.txt".into(), bytes: 300_000 };
        let prompt = prompt_messages(vec![
            message(MessageRole::User, vec![Block::text("do")]),
            message(MessageRole::Assistant, vec![tool_use(first), tool_use(second)]),
            message(MessageRole::Tool, vec![result(second, "")]),
            message(MessageRole::Tool, vec![result(first, "one"), image.clone(), file]),
        ]);
        let told = "one\n\n[The file result.txt (text/plain, 300000 bytes) came with this result. The person can open it \
                    on the page; what is in it is not shown here.]";
        assert_eq!(prompt[2].content, [result(first, told), image, result(second, "")]);
    }

    #[test]
    fn a_call_without_a_result_gets_one_that_says_so() {
        let id = ToolCallId::new();
        let prompt = prompt_messages(vec![
            message(MessageRole::User, vec![Block::text("do")]),
            message(MessageRole::Assistant, vec![tool_use(id)]),
            message(MessageRole::User, vec![Block::text("and?")]),
        ]);
        assert!(
            matches!(&prompt[2].content[..], [Block::ToolResult { tool_call_id, is_error: true, .. }] if *tool_call_id == id)
        );
        assert_eq!(prompt[3].role, MessageRole::User);
    }

    #[test]
    fn the_window_begins_with_a_person_and_never_with_a_result() {
        let id = ToolCallId::new();
        let prompt = prompt_messages(vec![
            message(MessageRole::Tool, vec![result(id, "late")]),
            message(MessageRole::Assistant, vec![Block::text("so")]),
            message(MessageRole::User, vec![Block::text("hi")]),
        ]);
        assert_eq!(roles(&prompt), [MessageRole::User]);
    }

    #[test]
    fn a_cut_off_reply_is_begun_anew_but_kept_as_context() {
        let mut cut = message(MessageRole::Assistant, vec![Block::text("half")]);
        cut.state = MessageState::CutOff;
        let asked = message(MessageRole::User, vec![Block::text("hi")]);
        assert_eq!(roles(&prompt_messages(vec![asked.clone(), cut.clone()])), [MessageRole::User]);
        let next = message(MessageRole::User, vec![Block::text("again")]);
        assert_eq!(
            roles(&prompt_messages(vec![asked, cut, next])),
            [MessageRole::User, MessageRole::Assistant, MessageRole::User]
        );
    }
}
