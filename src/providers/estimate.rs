//! Tokens without a tokenizer: a bound that real providers stay under, and a likely count.
//!
//! **The bound.** The tokenizers of all providers work on bytes and never make more than one token of a byte, so a
//! text has at most as many tokens as it has bytes of UTF-8. To that come the marks around messages and blocks,
//! and, as soon as there are tools, the provider's own instructions for using them (Anthropic's table says up to
//! 700; 346 with most models). It is about four times what English prose needs; a budget gets the difference back
//! when the call is settled. It does not bound what a provider's server-side tools read by themselves.
//!
//! **The likely count.** Four ASCII characters make a token, and so does every other character.
//!
//! **Images** are counted by their pixels, however small their file; every maker counts otherwise, see [`Image`].

mod image;

use super::{Reply, ReplyBlock, Request};
use crate::types::{Block, Usage};

use image::Image;

/// Marks around a request.
const PER_REQUEST: usize = 32;
/// Marks around a message or a block.
const PER_PART: usize = 16;
/// A provider's instructions for using tools.
const WITH_TOOLS: usize = 1000;
/// Marks around the description of a tool.
const PER_TOOL: usize = 128;

/// At most this many input tokens are reported for the request.
pub fn input_bound(request: &Request) -> i64 {
    let system = request.system.as_ref().map_or(0, |system| system.len() + PER_PART);
    let messages: usize = request
        .messages
        .iter()
        .map(|message| {
            PER_PART
                + message
                    .content
                    .iter()
                    .map(|block| PER_PART + bytes_of(block) + Image::of(block).map_or(0, Image::bound))
                    .sum::<usize>()
        })
        .sum();
    let tools: usize = request
        .tools
        .iter()
        .map(|tool| PER_TOOL + tool.name.len() + tool.description.len() + tool.input_schema.to_string().len())
        .sum();
    // A conversation with calls gets the instructions even when no tool is offered any more.
    let has_tools = !request.tools.is_empty()
        || request
            .messages
            .iter()
            .flat_map(|message| &message.content)
            .any(|block| matches!(block, Block::ToolUse { .. } | Block::ToolResult { .. }));
    tokens(PER_REQUEST + system + messages + tools + if has_tools { WITH_TOOLS } else { 0 })
}

/// As many input tokens as the request probably has.
pub fn input(request: &Request) -> i64 {
    let (mut count, mut images) = (Count::default(), 0);
    count.add(request.system.as_deref().unwrap_or_default());
    for block in request.messages.iter().flat_map(|message| &message.content) {
        for part in parts_of(block) {
            count.add(part);
        }
        images += Image::of(block).map_or(0, Image::likely);
    }
    for tool in &request.tools {
        count.add(&tool.name);
        count.add(&tool.description);
        count.add(&tool.input_schema.to_string());
    }
    count.tokens() + tokens(images) + 4 * tokens(request.messages.len() + request.tools.len())
}

/// As many input tokens as a message of these blocks probably has. An image counts with its name alone.
pub fn content(content: &[Block]) -> i64 {
    let mut count = Count::default();
    content.iter().flat_map(parts_of).for_each(|part| count.add(part));
    count.tokens() + 4
}

/// As many output tokens as the reply probably has.
pub fn output(reply: &Reply) -> i64 {
    let mut count = Count::default();
    for block in &reply.content {
        match block {
            ReplyBlock::Text { text, .. } | ReplyBlock::Thinking { text, .. } => count.add(text),
            ReplyBlock::ToolCall { name, input, .. } => {
                count.add(name);
                count.add(input);
            }
            ReplyBlock::Opaque { raw } => count.add(raw),
        }
    }
    count.tokens()
}

/// What to settle for a call that died: what the provider had reported, or more if more had come. At the
/// beginning of a stream providers report the input and a handful of output tokens.
pub fn of_cut_off(request: &Request, reply: &Reply) -> Usage {
    let reported = reply.usage.unwrap_or_default();
    let input_tokens = if reported.input_tokens > 0 { reported.input_tokens } else { input(request) };
    let output_tokens = reported.output_tokens.max(output(reply));
    Usage { input_tokens, output_tokens, cached_tokens: reported.cached_tokens, estimated: true }
}

/// Counts the likely tokens of a text that comes in parts; the parts do not change the count.
#[derive(Clone, Copy, Debug, Default)]
pub struct Count {
    ascii: usize,
    other: usize,
}

impl Count {
    /// More text.
    pub fn add(&mut self, text: &str) {
        let ascii = text.bytes().filter(u8::is_ascii).count();
        self.ascii += ascii;
        self.other += text.chars().count() - ascii;
    }

    /// The tokens so far.
    pub fn tokens(self) -> i64 {
        tokens(self.ascii.div_ceil(4) + self.other)
    }
}

fn bytes_of(block: &Block) -> usize {
    parts_of(block).iter().map(|part| part.len()).sum()
}

/// The texts of a block. Where the maker's own form is sent, it counts as well: nobody knows which of them is.
fn parts_of(block: &Block) -> [&str; 2] {
    match block {
        Block::Text { text, raw } | Block::Thinking { text, raw } => {
            [text, raw.as_ref().map_or("", |raw| raw.json.as_str())]
        }
        Block::ToolUse { name, input, .. } => [name, input],
        Block::ToolResult { text, .. } => [text, ""],
        Block::Image { name, .. } => [name, ""],
        Block::File { name, media_type, .. } => [name, media_type],
        Block::Opaque { raw } => [&raw.json, ""],
    }
}

fn tokens(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        providers::{PromptMessage, ToolSpec},
        types::MessageRole,
    };

    fn asking(text: &str) -> Request {
        let message = PromptMessage { role: MessageRole::User, content: vec![Block::text(text)] };
        Request { messages: vec![message], ..Request::default() }
    }

    #[test]
    fn the_bound_is_above_the_likely_count_and_above_what_was_recorded() {
        for text in ["", "hello", "1,2,3,4,5,6,7,8,9", "🦀🦀🦀", "你好世界", "x".repeat(9000).as_str()] {
            let request = asking(text);
            assert!(input_bound(&request) >= input(&request), "{text}");
            assert!(input_bound(&request) >= i64::try_from(text.len()).unwrap());
        }
        // `tool-single-haiku45`: one tool without parameters, 543 input tokens.
        let mut request = asking("Two names for a pet pelican");
        assert!(input_bound(&request) < 150);
        request.tools.push(ToolSpec {
            name: "pelican_name_generator".into(),
            description: String::new(),
            input_schema: serde_json::json!({"type": "object", "properties": {}}),
        });
        assert!(input_bound(&request) > 543 + 300);
    }

    #[test]
    fn a_call_that_died_is_settled_with_what_had_come() {
        let request = asking("Hello, how are you?");
        let text = ReplyBlock::Text { text: "x".repeat(400), raw: None };
        let mut reply = Reply { content: vec![text], ..Reply::default() };
        let unknown = of_cut_off(&request, &reply);
        assert_eq!((unknown.output_tokens, unknown.estimated), (100, true));
        assert!(unknown.input_tokens > 0);
        reply.usage = Some(Usage { input_tokens: 51, output_tokens: 8, cached_tokens: 3, estimated: false });
        let known = of_cut_off(&request, &reply);
        assert_eq!((known.input_tokens, known.output_tokens, known.cached_tokens), (51, 100, 3));
    }

    #[test]
    fn an_image_counts_by_its_pixels() {
        let mut request = asking("What is this?");
        let (bound, likely) = (input_bound(&request), input(&request));
        let (media_type, name) = ("image/png".to_owned(), "cat.png".to_owned());
        request.messages[0].content.push(Block::Image { number: 1, media_type, name, width: 750, height: 1000 });
        assert!((1000..1010).contains(&(input(&request) - likely)));
        assert!(input_bound(&request) - bound > 20_000);
    }

    #[test]
    fn parts_do_not_change_the_count() {
        let text = "The quick brown fox, ação 🦀.";
        let (mut whole, mut parts) = (Count::default(), Count::default());
        whole.add(text);
        text.chars().for_each(|character| parts.add(character.encode_utf8(&mut [0; 4])));
        assert_eq!(whole.tokens(), parts.tokens());
    }
}
