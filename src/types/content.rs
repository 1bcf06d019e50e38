//! What a message is made of: a list of blocks, the same for every provider.

use serde::{Deserialize, Serialize};

use super::ids::ToolCallId;

/// A block exactly as its maker sent it. Only that provider is ever sent it back, unchanged (signatures of
/// thinking, redacted thinking, server-side tools, citations).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RawBlock {
    /// The provider's name (`anthropic`, …).
    pub provider: String,
    /// The block as JSON text.
    pub json: String,
}

/// One block of a message. Stored as JSON (`{"type": "text", "text": …}`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Block {
    /// Text; Markdown where the model wrote it, plain where a person did.
    Text {
        /// The text.
        text: String,
        /// The maker's own form where it says more than the text (citations).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        raw: Option<RawBlock>,
    },
    /// What the model thought before it answered.
    Thinking {
        /// Readable thinking; may be empty.
        text: String,
        /// The maker's own form, with its signature; absent while it is unsigned.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        raw: Option<RawBlock>,
    },
    /// The model asks for a tool; in a person's message, the person does.
    ToolUse {
        /// Our own id of the call.
        id: ToolCallId,
        /// The tool's name as the model knows it.
        name: String,
        /// The arguments as they were written: JSON text if it could be read, else as it came.
        input: String,
    },
    /// The result of a tool, in a message with the role `tool`.
    ToolResult {
        /// The call that this answers.
        tool_call_id: ToolCallId,
        /// What the model is told.
        text: String,
        /// Whether it is an error (a denial is one).
        is_error: bool,
    },
    /// An image that a person attached, or, in a message with the role `tool` and after its result, that a tool gave; its
    /// bytes lie with the conversation, under its number.
    Image {
        /// Its number within the conversation: the last part of its address.
        number: i64,
        /// `image/png`, `image/jpeg`, `image/gif` or `image/webp`, by its bytes and not by what was said of it.
        media_type: String,
        /// The file's name, as far as it can be shown.
        name: String,
        /// Pixels across.
        width: u32,
        /// Pixels down.
        height: u32,
    },
    /// A file that a tool gave with the result before it; its bytes lie with the conversation, under its number. Models are
    /// told of it and do not get what is in it.
    File {
        /// Its number within the conversation: the last part of its address.
        number: i64,
        /// As the tool calls it, if that is a media type; nobody looked whether it is true.
        media_type: String,
        /// Its name, as far as it can be shown.
        name: String,
        /// How many bytes it has.
        bytes: u64,
    },
    /// Something only its maker understands; kept, sent back to it, not shown.
    Opaque {
        /// The block.
        raw: RawBlock,
    },
}

impl Block {
    /// A text block without a raw form.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text { text: text.into(), raw: None }
    }
}

/// The text blocks joined: what a message says.
pub fn joined_text(content: &[Block]) -> String {
    content
        .iter()
        .filter_map(|block| match block {
            Block::Text { text, .. } => Some(text.as_str()),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_stored_before_there_were_files_still_reads() {
        let id = ToolCallId::new();
        let stored = format!(
            r#"[{{"type":"tool_result","tool_call_id":"{id}","text":"done","is_error":false}},
               {{"type":"image","number":1,"media_type":"image/png","name":"a.png","width":2,"height":3}}]"#
        );
        let image =
            Block::Image { number: 1, media_type: "image/png".into(), name: "a.png".into(), width: 2, height: 3 };
        let result = Block::ToolResult { tool_call_id: id, text: "done".into(), is_error: false };
        assert_eq!(serde_json::from_str::<Vec<Block>>(&stored).unwrap(), [result, image]);
        let outcome: crate::types::ToolOutcome = serde_json::from_str(r#"{"text":"done","error_code":null}"#).unwrap();
        assert!(outcome.files.is_empty());
        let file = Block::File { number: 2, media_type: "audio/wav".into(), name: "a.wav".into(), bytes: 44 };
        let text = r#"{"type":"file","number":2,"media_type":"audio/wav","name":"a.wav","bytes":44}"#;
        assert_eq!(serde_json::to_string(&file).unwrap(), text);
        assert_eq!(serde_json::from_str::<Block>(text).unwrap(), file);
    }
}
