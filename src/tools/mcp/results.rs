//! What a call gave, in plain types.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use rmcp::model::{CallToolResult, ContentBlock, ResourceContents};
use serde_json::Value;

use super::words;
use crate::tools::{ResultFile, ToolResult};

/// The most pieces of one result; what is more is left out and said.
const MAX_PIECES: usize = 500;

/// The most characters of a name, a media type or an address.
const MAX_LABEL: usize = 2048;

/// The answer of a server to a call.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CallResult {
    /// Its pieces, in order.
    pub content: Vec<Content>,
    /// The same for programs, if the server gives it; not looked at here.
    pub structured: Option<Value>,
    /// Whether the server says that the call failed. Some say no where they did.
    pub is_error: bool,
    /// Pieces that were left out.
    pub was_cut: bool,
}

impl CallResult {
    /// The text of all pieces that are text, one after the other.
    pub fn text(&self) -> String {
        let texts = self.content.iter().filter_map(|piece| match piece {
            Content::Text(text) => Some(text.as_str()),
            _ => None,
        });
        texts.collect::<Vec<_>>().join("\n")
    }
}

/// A piece of a result. Text is clean of what is not seen; labels are clean, on one line and bounded; bytes are as they
/// came, and nobody looked whether they are what they are called.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// Text.
    Text(String),
    /// A picture.
    Image {
        /// Decoded.
        bytes: Vec<u8>,
        /// As the server calls it.
        media_type: String,
    },
    /// Sound.
    Audio {
        /// Decoded.
        bytes: Vec<u8>,
        /// As the server calls it.
        media_type: String,
    },
    /// The text of a resource.
    ResourceText {
        /// Its name among the server's resources.
        uri: String,
        /// As the server calls it.
        media_type: Option<String>,
        /// The text.
        text: String,
    },
    /// The bytes of a resource.
    ResourceBytes {
        /// Its name among the server's resources.
        uri: String,
        /// As the server calls it.
        media_type: Option<String>,
        /// Decoded.
        bytes: Vec<u8>,
    },
    /// Where something is. Never fetched by itself.
    ResourceLink {
        /// The address.
        uri: String,
        /// Its name.
        name: String,
        /// More words about it.
        description: Option<String>,
        /// As the server calls it.
        media_type: Option<String>,
        /// In bytes, as the server says.
        size: Option<u64>,
    },
    /// What cannot be read: its kind.
    Unreadable(&'static str),
}

/// What model and person are given of an answer: texts as they are, of all else what and where it is, and what came in
/// bytes as files. What is for programs is told only where nothing else is said. Nothing is fetched.
pub(super) fn told(result: CallResult) -> ToolResult {
    let mut parts: Vec<String> = result.content.iter().map(described).collect();
    if result.was_cut {
        parts.push(format!("[Cut: these are the first {MAX_PIECES} pieces.]"));
    }
    let is_silent = parts.iter().all(|part| part.trim().is_empty());
    if let Some(structured) = result.structured.as_ref().filter(|_| is_silent) {
        parts = vec![words::clean(&format!("{structured:#}"))];
    }
    let mut text = parts.join("\n");
    if result.is_error && text.trim().is_empty() {
        text = "The server says that it failed, and not why.".to_owned();
    }
    let files = result.content.into_iter().filter_map(file).collect();
    ToolResult { text, files, is_error: result.is_error }
}

/// A piece that came in bytes.
fn file(piece: Content) -> Option<ResultFile> {
    let (name, media_type, bytes) = match piece {
        Content::Image { bytes, media_type } => (String::new(), media_type, bytes),
        Content::Audio { bytes, media_type } => (sound(&media_type).to_owned(), media_type, bytes),
        Content::ResourceBytes { uri, media_type, bytes } => {
            let name = uri.rsplit('/').next().unwrap_or_default().to_owned();
            (name, media_type.unwrap_or_default(), bytes)
        }
        Content::Text(_) | Content::ResourceText { .. } | Content::ResourceLink { .. } | Content::Unreadable(_) => {
            return None;
        }
    };
    Some(ResultFile { name, media_type, bytes: bytes.into() })
}

/// A name by which a sound can be saved and then opened.
fn sound(media_type: &str) -> &'static str {
    match media_type {
        "audio/wav" | "audio/x-wav" | "audio/wave" | "audio/vnd.wave" => "audio.wav",
        "audio/mpeg" | "audio/mp3" => "audio.mp3",
        "audio/ogg" => "audio.ogg",
        "audio/flac" | "audio/x-flac" => "audio.flac",
        "audio/mp4" | "audio/x-m4a" => "audio.m4a",
        "audio/webm" => "audio.webm",
        _ => "audio",
    }
}

fn described(piece: &Content) -> String {
    let of = |media_type: &Option<String>| media_type.as_ref().map(|kind| format!(", {kind}")).unwrap_or_default();
    match piece {
        Content::Text(text) => text.clone(),
        Content::Image { bytes, media_type } => format!("[Image: {media_type}, {} bytes]", bytes.len()),
        Content::Audio { bytes, media_type } => format!("[Audio: {media_type}, {} bytes]", bytes.len()),
        Content::ResourceText { uri, media_type, text } => format!("[Resource: {uri}{}]\n{text}", of(media_type)),
        Content::ResourceBytes { uri, media_type, bytes } => {
            format!("[Resource: {uri}{}, {} bytes]", of(media_type), bytes.len())
        }
        Content::ResourceLink { uri, name, description, media_type, size } => {
            let size = size.map(|size| format!(", {size} bytes")).unwrap_or_default();
            let more = description.as_ref().map(|words| format!(": {words}")).unwrap_or_default();
            format!("[Link: {name} <{uri}>{}{size}{more}]", of(media_type))
        }
        Content::Unreadable(kind) => format!("[A piece of the kind {kind} that cannot be read]"),
    }
}

fn label(text: &str) -> String {
    words::bounded(&words::line(text), MAX_LABEL)
}

/// Out of the library's type.
pub(super) fn read(result: CallToolResult) -> CallResult {
    let was_cut = result.content.len() > MAX_PIECES;
    CallResult {
        content: result.content.into_iter().take(MAX_PIECES).map(piece).collect(),
        structured: result.structured_content,
        is_error: result.is_error.unwrap_or(false),
        was_cut,
    }
}

fn piece(block: ContentBlock) -> Content {
    let decoded = |data: &str| STANDARD.decode(data.as_bytes()).ok();
    match block {
        ContentBlock::Text(text) => Content::Text(words::clean(&text.text)),
        ContentBlock::Image(image) => match decoded(&image.data) {
            Some(bytes) => Content::Image { bytes, media_type: label(&image.mime_type) },
            None => Content::Unreadable("image"),
        },
        ContentBlock::Audio(audio) => match decoded(&audio.data) {
            Some(bytes) => Content::Audio { bytes, media_type: label(&audio.mime_type) },
            None => Content::Unreadable("audio"),
        },
        ContentBlock::Resource(resource) => match resource.resource {
            ResourceContents::TextResourceContents { uri, mime_type, text, .. } => Content::ResourceText {
                uri: label(&uri),
                media_type: mime_type.as_deref().map(label),
                text: words::clean(&text),
            },
            ResourceContents::BlobResourceContents { uri, mime_type, blob, .. } => match decoded(&blob) {
                Some(bytes) => {
                    Content::ResourceBytes { uri: label(&uri), media_type: mime_type.as_deref().map(label), bytes }
                }
                None => Content::Unreadable("resource"),
            },
            _ => Content::Unreadable("resource"),
        },
        ContentBlock::ResourceLink(link) => Content::ResourceLink {
            uri: label(&link.uri),
            name: label(link.title.as_deref().unwrap_or(&link.name)),
            description: link.description.as_deref().map(label),
            media_type: link.mime_type.as_deref().map(label),
            size: link.size,
        },
        _ => Content::Unreadable("content"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_kind_is_read() {
        let result: CallToolResult = serde_json::from_value(json!({
            "content": [
                {"type": "text", "text": "a\u{202e}b <b>"},
                {"type": "image", "data": "AAE=", "mimeType": "image/png"},
                {"type": "image", "data": "???", "mimeType": "image/png"},
                {"type": "audio", "data": "AAE=", "mimeType": "audio/wav"},
                {"type": "resource", "resource": {"uri": "a://b", "mimeType": "text/plain", "text": "t"}},
                {"type": "resource", "resource": {"uri": "a://c", "blob": "AAE="}},
                {"type": "resource_link", "uri": "https://x.example/", "name": "n\u{200b}ame", "size": 3},
            ],
            "structuredContent": {"n": 1},
            "isError": true,
        }))
        .unwrap();
        let read = read(result);
        assert_eq!(
            read.content,
            [
                Content::Text("ab <b>".to_owned()),
                Content::Image { bytes: vec![0, 1], media_type: "image/png".to_owned() },
                Content::Unreadable("image"),
                Content::Audio { bytes: vec![0, 1], media_type: "audio/wav".to_owned() },
                Content::ResourceText {
                    uri: "a://b".to_owned(),
                    media_type: Some("text/plain".to_owned()),
                    text: "t".to_owned()
                },
                Content::ResourceBytes { uri: "a://c".to_owned(), media_type: None, bytes: vec![0, 1] },
                Content::ResourceLink {
                    uri: "https://x.example/".to_owned(),
                    name: "name".to_owned(),
                    description: None,
                    media_type: None,
                    size: Some(3)
                },
            ]
        );
        assert_eq!((read.structured, read.is_error, read.was_cut), (Some(json!({"n": 1})), true, false));
    }

    #[test]
    fn what_is_told_says_what_is_there() {
        let result = |content: Vec<Content>, structured: Option<Value>, is_error: bool| CallResult {
            content,
            structured,
            is_error,
            was_cut: false,
        };
        let text = |text: &str| Content::Text(text.to_owned());
        let image = Content::Image { bytes: vec![0; 3], media_type: "image/png".to_owned() };
        let link = Content::ResourceLink {
            uri: "https://x.example/a".to_owned(),
            name: "a".to_owned(),
            description: None,
            media_type: Some("text/plain".to_owned()),
            size: Some(4),
        };
        let many = result(vec![text("one"), image, link], Some(json!({"n": 1})), false);
        let whole = "one\n[Image: image/png, 3 bytes]\n[Link: a <https://x.example/a>, text/plain, 4 bytes]";
        let files =
            vec![ResultFile { media_type: "image/png".to_owned(), bytes: vec![0; 3].into(), ..ResultFile::default() }];
        assert_eq!(told(many.clone()), ToolResult { text: whole.to_owned(), files, is_error: false });
        // What came with a failure is there as well.
        let failed = told(CallResult { is_error: true, ..many });
        assert_eq!((failed.text.as_str(), failed.files.len(), failed.is_error), (whole, 1, true));
        let bytes = Content::ResourceBytes { uri: "a://b/c.bin".to_owned(), media_type: None, bytes: vec![1] };
        assert_eq!(told(result(vec![bytes], None, false)).files[0].name, "c.bin");
        let sound = |kind: &str| Content::Audio { bytes: vec![1], media_type: kind.to_owned() };
        let sounds = told(result(vec![sound("audio/wav"), sound("text/html")], None, false)).files;
        assert_eq!(sounds.iter().map(|file| file.name.as_str()).collect::<Vec<_>>(), ["audio.wav", "audio"]);
        assert_eq!(told(result(vec![], Some(json!({"n": "a\u{202e}"})), false)).text, "{\n  \"n\": \"a\"\n}");
        assert_eq!(told(result(vec![], None, false)), ToolResult::default());
        assert_eq!(told(result(vec![text("no")], None, true)), ToolResult { is_error: true, .."no".into() });
        assert!(told(result(vec![], None, true)).text.starts_with("The server says that it failed"));
        let cut = CallResult { was_cut: true, ..result(vec![text("x")], None, false) };
        assert!(told(cut).text.starts_with("x\n[Cut: "));
    }

    #[test]
    fn too_many_pieces_are_cut() {
        let read = read(CallToolResult::success(vec![ContentBlock::text("x"); MAX_PIECES + 1]));
        assert_eq!((read.content.len(), read.was_cut), (MAX_PIECES, true));
    }
}
