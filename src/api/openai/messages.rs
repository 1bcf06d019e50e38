//! The messages of a program, in OpenAI's form → a conversation as every provider is told it.

use std::collections::{BTreeSet, HashMap};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::Deserialize;

use crate::{
    api::query::wrong,
    error::{Refusal, Result},
    providers::{PromptMessage, openai},
    turn::Upload,
    types::{Block, Digest, MessageRole, RawBlock, ToolCallId},
};

/// One message.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[schema(as = OpenAiMessageRequest)]
pub struct MessageBody {
    role: String,
    #[serde(default)]
    content: Option<Content>,
    #[serde(default)]
    tool_calls: Option<Vec<CallBody>>,
    #[serde(default)]
    tool_call_id: Option<String>,
    /// What the model thought, as it was told.
    #[serde(default)]
    reasoning_content: Option<String>,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[schema(as = OpenAiContent)]
#[serde(untagged, expecting = "content that is neither a text nor a list of parts")]
enum Content {
    Text(String),
    Parts(Vec<PartBody>),
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[schema(as = OpenAiPart)]
struct PartBody {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    refusal: Option<String>,
    #[serde(default)]
    image_url: Option<ImageUrl>,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[schema(as = OpenAiImageUrl)]
#[serde(untagged, expecting = "an image_url that is neither a text nor an object with url")]
enum ImageUrl {
    Alone(String),
    Within { url: String },
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[schema(as = OpenAiCallRequest)]
struct CallBody {
    id: String,
    function: FunctionBody,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[schema(as = OpenAiFunctionRequest)]
struct FunctionBody {
    name: String,
    arguments: String,
}

/// What the messages come to.
#[derive(Debug, Default)]
pub struct Conversation {
    /// What `system` and `developer` messages say.
    pub instructions: Option<String>,
    /// The others; an image is named by its place among `images`.
    pub messages: Vec<PromptMessage>,
    /// The images that they show.
    pub images: Vec<Upload>,
}

/// Reads them all.
///
/// # Errors
/// `invalid_payload` about `messages`, saying which one is wrong, and what about it.
pub fn read(given: Vec<MessageBody>) -> Result<Conversation, Refusal> {
    let mut reader = Reader::default();
    for (place, message) in given.into_iter().enumerate() {
        reader.message(place, message).map_err(|what| about(&format!("[{place}]: {what}")))?;
    }
    reader.end().map_err(about)
}

fn about(what: &str) -> Refusal {
    wrong("messages", what)
}

#[derive(Default)]
struct Reader {
    instructions: Vec<String>,
    conversation: Conversation,
    /// The ids that stand for the program's own: of the latest call that has each.
    calls: HashMap<String, ToolCallId>,
    /// Calls of the last reply that have no result yet.
    open: BTreeSet<String>,
}

impl Reader {
    fn message(&mut self, place: usize, message: MessageBody) -> Result<(), &'static str> {
        if !self.open.is_empty() && message.role != "tool" {
            return Err("the calls before it are not all answered by tool messages");
        }
        match message.role.as_str() {
            "system" | "developer" => {
                let text = text_of(message.content)?;
                self.instructions.extend(Some(text).filter(|text| !text.trim().is_empty()));
                Ok(())
            }
            "user" => self.question(message),
            "assistant" => self.reply(place, message),
            "tool" => self.result(message),
            "function" => Err("the role function is no more: use tool"),
            _ => Err("a role of system, developer, user, assistant or tool"),
        }
    }

    fn question(&mut self, message: MessageBody) -> Result<(), &'static str> {
        let mut content = Vec::new();
        match message.content.ok_or("content is missing")? {
            Content::Text(text) => content.push(Block::text(clean(text))),
            Content::Parts(parts) => {
                for part in parts {
                    content.push(self.part(part)?);
                }
            }
        }
        let says_something = |block: &Block| !matches!(block, Block::Text { text, .. } if text.trim().is_empty());
        if !content.iter().any(says_something) {
            return Err("it is empty");
        }
        self.say(MessageRole::User, content);
        Ok(())
    }

    fn part(&mut self, part: PartBody) -> Result<Block, &'static str> {
        match part.kind.as_str() {
            "text" => Ok(Block::text(clean(part.text.ok_or("a part without its text")?))),
            "image_url" => {
                let (ImageUrl::Alone(url) | ImageUrl::Within { url }) =
                    part.image_url.ok_or("a part without its image_url")?;
                let bytes = data_of(&url)?.into();
                let number = i64::try_from(self.conversation.images.len()).unwrap_or(i64::MAX);
                self.conversation.images.push(Upload { name: "image".to_owned(), bytes });
                Ok(Block::Image { number, media_type: String::new(), name: String::new(), width: 0, height: 0 })
            }
            _ => Err("parts of the type text or image_url alone"),
        }
    }

    /// A reply may have calls and no text; what else is empty is left out by whoever is told it.
    fn reply(&mut self, place: usize, message: MessageBody) -> Result<(), &'static str> {
        let mut content = Vec::new();
        if let Some(thought) = message.reasoning_content.filter(|thought| !thought.is_empty()) {
            // Servers that gave it by this name want it back by it while a round of tools goes on.
            let json = serde_json::json!({"reasoning_content": thought}).to_string();
            let raw = RawBlock { provider: openai::NAME.to_owned(), json };
            content.push(Block::Thinking { text: thought, raw: Some(raw) });
        }
        let text = text_of(message.content)?;
        if !text.is_empty() {
            content.push(Block::text(text));
        }
        for call in message.tool_calls.unwrap_or_default() {
            if !self.open.insert(call.id.clone()) {
                return Err("two calls have one id");
            }
            let id = call_id(place, &call.id);
            self.calls.insert(call.id, id);
            content.push(Block::ToolUse { id, name: call.function.name, input: call.function.arguments });
        }
        self.say(MessageRole::Assistant, content);
        Ok(())
    }

    fn result(&mut self, message: MessageBody) -> Result<(), &'static str> {
        let id = message.tool_call_id.ok_or("tool_call_id is missing")?;
        if !self.open.remove(&id) {
            return Err("its tool_call_id is that of no call before it");
        }
        let tool_call_id = self.calls.get(&id).copied().ok_or("its tool_call_id is that of no call before it")?;
        let block = Block::ToolResult { tool_call_id, text: text_of(message.content)?, is_error: false };
        match self.conversation.messages.last_mut() {
            Some(last) if last.role == MessageRole::Tool => last.content.push(block),
            _ => self.say(MessageRole::Tool, vec![block]),
        }
        Ok(())
    }

    fn say(&mut self, role: MessageRole, content: Vec<Block>) {
        if !content.is_empty() {
            self.conversation.messages.push(PromptMessage { role, content });
        }
    }

    fn end(mut self) -> Result<Conversation, &'static str> {
        if !self.open.is_empty() {
            return Err("the calls of the last reply are not all answered by tool messages");
        }
        if self.conversation.messages.is_empty() {
            return Err("at least one message of a user");
        }
        self.conversation.instructions = (!self.instructions.is_empty()).then(|| self.instructions.join("\n\n"));
        Ok(self.conversation)
    }
}

/// The text of a message that has nothing but text.
fn text_of(content: Option<Content>) -> Result<String, &'static str> {
    match content {
        None => Ok(String::new()),
        Some(Content::Text(text)) => Ok(clean(text)),
        Some(Content::Parts(parts)) => {
            let texts = parts.into_iter().map(|part| match part.kind.as_str() {
                "text" => part.text.ok_or("a part without its text"),
                "refusal" => part.refusal.ok_or("a part without its refusal"),
                _ => Err("parts of the type text alone"),
            });
            Ok(clean(texts.collect::<Result<String, _>>()?))
        }
    }
}

/// No model takes NUL in text.
fn clean(text: String) -> String {
    if text.contains('\0') { text.replace('\0', "\u{FFFD}") } else { text }
}

/// The bytes of an image that the request itself brings.
fn data_of(url: &str) -> Result<Vec<u8>, &'static str> {
    let data = url.strip_prefix("data:").ok_or("images as data: addresses alone; none is fetched from elsewhere")?;
    let (kind, data) = data.split_once(',').ok_or("a data: address without data")?;
    if !kind.ends_with(";base64") {
        return Err("data: addresses in base64 alone");
    }
    STANDARD.decode(data.trim()).map_err(|_| "a data: address that is not base64")
}

/// Our id for a call of a program's: the same in each request, so that prompts that begin alike stay alike, and another
/// for each call, though some programs number the calls of every reply anew.
fn call_id(place: usize, id: &str) -> ToolCallId {
    let digest = Digest::of_fields("call of a program", &[&place.to_be_bytes(), id.as_bytes()]);
    let bytes = digest.as_bytes().first_chunk().copied().unwrap_or_default();
    ToolCallId(uuid::Builder::from_random_bytes(bytes).into_uuid())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn conversation(given: Value) -> Result<Conversation, String> {
        let given = serde_json::from_value(given).unwrap();
        read(given).map_err(|refusal| refusal.arguments.iter().map(|(_, value)| value.as_str()).collect())
    }

    fn call(id: &str) -> Value {
        json!({"id": id, "type": "function", "function": {"name": "f", "arguments": "{}"}})
    }

    #[test]
    fn a_round_of_tools_is_understood() {
        let read = conversation(json!([
            {"role": "system", "content": "Be brief."},
            {"role": "developer", "content": [{"type": "text", "text": "And "}, {"type": "text", "text": "kind."}]},
            {"role": "user", "content": [{"type": "text", "text": "Hi"}, {"type": "text", "text": "you"}], "name": "x"},
            {"role": "assistant", "content": null, "tool_calls": [call("0"), call("1")]},
            {"role": "tool", "tool_call_id": "1", "content": "one"},
            {"role": "tool", "tool_call_id": "0", "content": [{"type": "text", "text": "zero"}]},
            {"role": "assistant", "content": "", "tool_calls": [call("0")], "reasoning_content": "hm"},
            {"role": "tool", "tool_call_id": "0", "content": ""},
        ]))
        .unwrap();
        assert_eq!(read.instructions.as_deref(), Some("Be brief.\n\nAnd kind."));
        let roles: Vec<_> = read.messages.iter().map(|message| message.role).collect();
        use MessageRole::*;
        assert_eq!(roles, [User, Assistant, Tool, Assistant, Tool]);
        let [Block::ToolUse { id: first, .. }, Block::ToolUse { id: second, .. }] = &read.messages[1].content[..]
        else {
            panic!("{read:?}")
        };
        assert_eq!(
            read.messages[2].content,
            [
                Block::ToolResult { tool_call_id: *second, text: "one".into(), is_error: false },
                Block::ToolResult { tool_call_id: *first, text: "zero".into(), is_error: false },
            ]
        );
        let [Block::Thinking { raw: Some(_), .. }, Block::ToolUse { id: third, .. }] = &read.messages[3].content[..]
        else {
            panic!("{read:?}")
        };
        assert!(third != first, "one id for two calls");
        assert_eq!(*first, call_id(3, "0"));
    }

    #[test]
    fn what_is_wrong_is_named_with_its_place() {
        let user = json!({"role": "user", "content": "Hi"});
        for (given, words) in [
            (json!([]), "at least one message"),
            (json!([{"role": "system", "content": "Hi"}]), "at least one message"),
            (json!([{"role": "robot", "content": "Hi"}]), "[0]: a role of"),
            (json!([{"role": "function", "name": "f", "content": "Hi"}]), "use tool"),
            (json!([{"role": "user", "content": " "}]), "it is empty"),
            (json!([{"role": "user"}]), "content is missing"),
            (json!([{"role": "user", "content": [{"type": "input_audio"}]}]), "text or image_url"),
            (
                json!([{"role": "user", "content": [{"type": "image_url", "image_url": "http://h/i.png"}]}]),
                "none is fetched",
            ),
            (json!([{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "data:x,y"}}]}]), "base64"),
            (json!([user, {"role": "tool", "tool_call_id": "a", "content": "x"}]), "[1]: its tool_call_id"),
            (json!([user, {"role": "assistant", "tool_calls": [call("a")]}]), "not all answered"),
            (json!([user, {"role": "assistant", "tool_calls": [call("a")]}, user]), "[2]: the calls before it"),
            (json!([user, {"role": "assistant", "tool_calls": [call("a"), call("a")]}]), "one id"),
        ] {
            let refused = conversation(given.clone()).unwrap_err();
            assert!(refused.contains(words), "{given}: {refused}");
        }
    }

    #[test]
    fn images_are_taken_out_of_their_addresses() {
        let url = format!("data:image/png;base64,{}", STANDARD.encode(b"picture"));
        let read = conversation(json!([{"role": "user", "content": [
            {"type": "image_url", "image_url": {"url": url, "detail": "low"}}, {"type": "text", "text": "What?"}]}]));
        let read = read.unwrap();
        assert_eq!(read.images[0].bytes.as_ref(), b"picture");
        assert!(matches!(read.messages[0].content[0], Block::Image { number: 0, .. }));
    }
}
