//! Putting back what a write replaced: a person's own act, by the machinery that wrote.

use super::{Workspace, area::Area, blocking, write::Replace};
use crate::{tools::ToolError, types::Digest};

/// What a write did, to be taken back.
pub struct PutBack {
    /// Where, in the tenant's folder.
    pub path: String,
    /// What the tool wrote: only that gives way.
    pub after: Digest,
    /// What was there before, with its content; nothing if there was nothing.
    pub before: Option<(Digest, Vec<u8>)>,
}

impl Workspace {
    /// Puts back what was there before a write, whole or not at all, as long as the file is exactly as the tool wrote
    /// it. Where it is there already, that is all right: a crash may have come between this and the note of it.
    ///
    /// # Errors
    /// `tool_changed` if something else is there by now; else what keeps it from being written.
    pub async fn put_back(&self, slug: &str, write: PutBack) -> Result<(), ToolError> {
        let area = Area::whole(self, slug);
        blocking(move || {
            let path = area.file_path(&write.path)?;
            let was =
                write.before.as_ref().map_or_else(|| super::place::ABSENT.to_owned(), |(hash, _)| hash.to_string());
            if area.look(&path, 0)?.1.precondition() == was {
                return Ok(());
            }
            let replace = Replace { area, path, precondition: write.after.to_string() };
            match write.before {
                Some((_, content)) => replace.with(&content),
                None => replace.with_nothing(),
            }
        })
        .await
    }
}
