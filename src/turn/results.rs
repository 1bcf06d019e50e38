//! What a tool gave, as it is kept with the conversation: its text, and its images and files as blobs.
//!
//! Nothing about a file is believed. What is called an image is decoded before it may be shown as one; everything else is
//! only ever saved, whatever type a tool claims: a page or a drawing with a script in it (`text/html`, `image/svg+xml`)
//! would else run where the person is signed in. Names are one line without folders and without what is not seen.

use crate::{
    db::Conn,
    error::Result,
    models::{
        Owner,
        blob::{self, NewBlob},
        file_write, usage,
    },
    tools::{ResultFile, ToolResult, result::Kept},
    types::{Block, ConversationId},
};

use super::images;

/// The most images of one result that are shown; more are files.
const IMAGES: usize = 8;

/// The most bytes of an image that is shown; a larger one is a file.
const IMAGE_BYTES: usize = 5 << 20;

/// The most files of one result, images among them.
const FILES: usize = 32;

/// The most bytes that all files of one result have together.
const BYTES: usize = 32 << 20;

/// The longest media type.
const MEDIA_TYPE: usize = 100;

/// What everything is stored and sent as that is no image which was looked at.
const OPAQUE: &str = "application/octet-stream";

/// A result that was looked at and can be stored.
pub(super) struct Looked {
    shown: String,
    told: String,
    pieces: Vec<Piece>,
    /// How many files are too many.
    beyond: usize,
}

enum Piece {
    Image(images::Checked),
    /// A file, and what the tool says that it is.
    File(NewBlob, String),
}

/// A result that is stored.
pub(super) struct Stored {
    /// What the page shows.
    pub shown: String,
    /// What the model is told.
    pub told: String,
    /// Images and files, in order.
    pub files: Vec<Block>,
}

impl Piece {
    fn blob(&self) -> &NewBlob {
        match self {
            Self::Image(image) => &image.blob,
            Self::File(blob, _) => blob,
        }
    }

    /// The block that shows it, under the number by which it is stored.
    fn block(&self, number: i64) -> Block {
        match self {
            Self::Image(image) => image.block(number),
            Self::File(blob, media_type) => Block::File {
                number,
                media_type: media_type.clone(),
                name: blob.name.clone(),
                bytes: u64::try_from(blob.bytes.len()).unwrap_or(u64::MAX),
            },
        }
    }

    async fn of(file: ResultFile, may_be_shown: bool) -> Self {
        let media_type = media_type(&file.media_type);
        let is_called_image = media_type.starts_with("image/");
        if is_called_image && may_be_shown && file.bytes.len() <= IMAGE_BYTES {
            let name = images::shown_name(&file.name, "image");
            if let Some(image) = images::of_tool(name, file.bytes.clone()).await {
                return Self::Image(image);
            }
        }
        let name = images::shown_name(&file.name, if is_called_image { "image" } else { "file" });
        Self::File(NewBlob { media_type: OPAQUE.to_owned(), name, bytes: file.bytes }, media_type)
    }
}

impl Looked {
    /// Looks at a result, of whose text at most `most` bytes are shown. To be awaited before a transaction begins: images
    /// are decoded one at a time.
    pub(super) async fn at(result: ToolResult, most: usize) -> Self {
        let Kept { shown, told, files } = result.kept(most);
        let (count, mut bytes, mut images) = (files.len(), 0_usize, 0);
        let mut pieces = Vec::with_capacity(count.min(FILES));
        for file in files {
            // Smaller ones behind a large one may still fit.
            if pieces.len() == FILES || bytes.saturating_add(file.bytes.len()) > BYTES {
                continue;
            }
            bytes += file.bytes.len();
            let piece = Piece::of(file, images < IMAGES).await;
            images += usize::from(matches!(piece, Piece::Image(_)));
            pieces.push(piece);
        }
        let beyond = count - pieces.len();
        Self { shown, told, pieces, beyond }
    }

    /// Stores the images and files of a result in the transaction that stores the result, as far as the tenant's share of
    /// `most` bytes goes; what finds no room is named in the text. Who calls holds the running turn, and with it the
    /// conversation, so that no two take the same number.
    ///
    /// # Errors
    /// When the database refuses.
    pub(super) async fn store(
        self,
        conn: &mut Conn,
        owner: Owner,
        conversation: ConversationId,
        most: u64,
    ) -> Result<Stored> {
        let Self { shown, told, pieces, beyond } = self;
        let (mut files, mut without_room) = (Vec::with_capacity(pieces.len()), Vec::new());
        let mut room = match pieces.is_empty() {
            true => 0,
            false => {
                // Results that come at once count each other: two cannot take the same room.
                usage::lock_month(conn, owner.tenant).await?;
                let stored = blob::stored(conn, owner.tenant).await? + file_write::stored(conn, owner.tenant).await?;
                most.saturating_sub(u64::try_from(stored).unwrap_or(0))
            }
        };
        for piece in &pieces {
            let blob = piece.blob();
            match room.checked_sub(u64::try_from(blob.bytes.len()).unwrap_or(u64::MAX)) {
                Some(left) => {
                    room = left;
                    files.push(piece.block(blob::insert(conn, owner, conversation, blob).await?));
                }
                None => without_room.push(blob.name.as_str()),
            }
        }
        let mut note = String::new();
        if !without_room.is_empty() {
            let names = without_room.join(", ");
            note.push_str(&format!("\n\n[Not kept, because there is no more room for the team's files: {names}]"));
        }
        if beyond > 0 {
            let megabytes = BYTES >> 20;
            note.push_str(&format!(
                "\n\n[Not kept: {beyond} more, because a result has at most {FILES} files of {megabytes} MB together.]"
            ));
        }
        Ok(Stored { shown: shown + &note, told: told + &note, files })
    }
}

/// The media type alone, without parameters; what is none is bytes of whatever kind.
fn media_type(said: &str) -> String {
    let plain = said.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let is_word = |word: &str| {
        !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&byte))
    };
    match plain.split_once('/') {
        Some((kind, what)) if plain.len() <= MEDIA_TYPE && is_word(kind) && is_word(what) => plain,
        _ => OPAQUE.to_owned(),
    }
}

#[cfg(test)]
#[path = "results_tests.rs"]
mod tests;
