//! Reading a file of the workspace: as text for models and pages, or as it is for a download.

use std::{
    io::{self, Read as _},
    time::SystemTime,
};

use cap_std::fs::File;

use super::{
    Workspace,
    area::Area,
    blocking,
    path::RelativePath,
    place::{Opened, failed},
};
use crate::{tools::ToolError, types::Digest};

/// What there is to be seen of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// All of it.
    Text(Text),
    /// It is no UTF-8 text.
    Binary(Digest),
    /// It is longer than anyone reads at once.
    TooLong,
}

/// A file's text and its hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// The text.
    pub text: String,
    /// Of the whole content.
    pub hash: Digest,
}

/// A file that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// How long it is.
    pub bytes: u64,
    /// When it last changed, if the system says so.
    pub modified: Option<SystemTime>,
    /// What is in it.
    pub content: Content,
}

impl Workspace {
    /// Reads a file of a tenant of at most `limit` bytes; `None` if there is none.
    ///
    /// # Errors
    /// `invalid_path` for what is no file, or is behind a link.
    pub async fn read(&self, slug: &str, path: &RelativePath, limit: u64) -> Result<Option<Seen>, ToolError> {
        let (area, path) = (Area::whole(self, slug), path.clone());
        blocking(move || read(&area, &path, limit)).await
    }

    /// Opens a file of a tenant to be handed on as it is, with its length; `None` if there is none.
    ///
    /// # Errors
    /// As [`Workspace::read`].
    pub async fn download(&self, slug: &str, path: &RelativePath) -> Result<Option<(std::fs::File, u64)>, ToolError> {
        let (area, path) = (Area::whole(self, slug), path.clone());
        let opened = blocking(move || area.open(&path)).await?;
        Ok(opened.map(|Opened { file, metadata }| (file.into_std(), metadata.len())))
    }
}

/// Reads a file of at most `limit` bytes, and blocks meanwhile.
pub(super) fn read(area: &Area, path: &RelativePath, limit: u64) -> Result<Option<Seen>, ToolError> {
    let Some(Opened { file, metadata }) = area.open(path)? else { return Ok(None) };
    let modified = metadata.modified().ok().map(|time| time.into_std());
    let bytes = bounded(&file, limit).map_err(|error| failed(path, "read", &error))?;
    let Some(bytes) = bytes else {
        return Ok(Some(Seen { bytes: metadata.len(), modified, content: Content::TooLong }));
    };
    let (length, hash) = (bytes.len() as u64, Digest::of(&bytes));
    let content = match String::from_utf8(bytes) {
        // What has NUL in it may be UTF-8 by its form, but nobody wrote it as text.
        Ok(text) if !text.contains('\0') => Content::Text(Text { text, hash }),
        Ok(_) | Err(_) => Content::Binary(hash),
    };
    Ok(Some(Seen { bytes: length, modified, content }))
}

/// The whole content, if there is no more of it than that by the time it is read.
fn bounded(file: &File, limit: u64) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    file.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    Ok((bytes.len() as u64 <= limit).then_some(bytes))
}
