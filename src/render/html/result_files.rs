//! The images and files that came with the result of a call.
//!
//! Only what was decoded is an image. Everything else is a link that saves: nothing of a tool is shown inline.

use super::PageContext;
use crate::types::{Block, ToolCall, size_in_words};

/// An image, shown.
pub(super) struct ImageView<'a> {
    pub(super) number: i64,
    pub(super) address: String,
    pub(super) name: &'a str,
    pub(super) width: u32,
    pub(super) height: u32,
}

/// A file, to be saved.
pub(super) struct FileView<'a> {
    pub(super) address: String,
    pub(super) name: &'a str,
    pub(super) media_type: &'a str,
    pub(super) size: String,
}

/// What came with a result.
pub(super) struct ResultFiles<'a> {
    pub(super) images: Vec<ImageView<'a>>,
    pub(super) others: Vec<FileView<'a>>,
}

impl<'a> ResultFiles<'a> {
    /// Those of a call; `None` without any.
    pub(super) fn of(ctx: &PageContext, call: &'a ToolCall) -> Option<Self> {
        let address = |number: &i64| ctx.url(&format!("/conversations/{}/attachments/{number}", call.conversation_id));
        let mut files = Self { images: Vec::new(), others: Vec::new() };
        for block in call.outcome.as_ref().map(|outcome| outcome.files.as_slice()).unwrap_or_default() {
            match block {
                Block::Image { number, name, width, height, .. } => files.images.push(ImageView {
                    number: *number,
                    address: address(number),
                    name,
                    width: *width,
                    height: *height,
                }),
                Block::File { number, media_type, name, bytes } => {
                    files.others.push(FileView {
                        address: address(number),
                        name,
                        media_type,
                        size: size_in_words(*bytes),
                    });
                }
                _ => {}
            }
        }
        (!files.images.is_empty() || !files.others.is_empty()).then_some(files)
    }
}
