//! Who wrote what: each write is noted before it happens, with what was there, and once more when it has.

use super::{blocking, place::Found, write::Replace};
use crate::{
    db::{Conn, Database},
    error::{Error, Result},
    models::{
        blob,
        file_write::{self, NewWrite},
    },
    tools::{ToolContext, ToolError},
    types::{Digest, TenantId},
};

/// The notes of all tenants, and how much their files may be. Cheap to clone.
#[derive(Clone)]
pub struct Ledger {
    db: Database,
    file_limit: u64,
    share: u64,
}

impl Ledger {
    /// Over this database. A file has at most `file_limit` bytes to be written, read, or kept for Undo; all files of a
    /// tenant, images and what is kept among them, `share`.
    pub fn new(db: Database, file_limit: u64, share: u64) -> Self {
        Self { db, file_limit, share }
    }

    /// Whether content of that length may be written where there is so much now.
    ///
    /// # Errors
    /// `write_failed` if it is too long, or the tenant's storage full.
    pub(super) async fn may_write(&self, tenant: TenantId, bytes: usize, found: &Found) -> Result<(), ToolError> {
        let bytes = bytes as u64;
        if bytes > self.file_limit {
            let words = format!("The content has {bytes} bytes and the most is {}.", self.file_limit);
            return Err(ToolError::new("write_failed", words));
        }
        let stored = async { stored(&mut *self.db.read(tenant).await?, tenant).await };
        let stored = stored.await.map_err(|error| fault(&error))?;
        if has_room(stored, bytes.saturating_sub(length(found)), self.share) { Ok(()) } else { Err(full()) }
    }

    /// Notes a write before it happens. What is there is kept if there is room for it. A call without an id is nobody's
    /// to look up later.
    ///
    /// # Errors
    /// `tool_changed` if what is there is not what was shown, `tool_error` for a call that was noted before, else why it
    /// cannot be noted: then it must not happen.
    pub(super) async fn begin(
        &self,
        context: &ToolContext,
        tool: &str,
        replace: &Replace,
        content: &str,
    ) -> Result<(), ToolError> {
        let Some(call) = context.call else { return Ok(()) };
        let (area, path, keep) = (replace.area.clone(), replace.path.clone(), self.file_limit);
        let found = blocking(move || area.look(&path, keep)).await?.1;
        if found.precondition() != replace.precondition {
            return Err(replace.changed());
        }
        let (hash_before, content_before) = match &found {
            Found::Absent => (None, None),
            Found::File { hash, content, .. } => (Some(*hash), content.as_deref()),
        };
        let grows = (content.len() as u64).saturating_sub(length(&found));
        let note = async {
            let mut tx = self.db.write(context.tenant).await?;
            let stored = stored(&mut tx, context.tenant).await?;
            if !has_room(stored, grows, self.share) {
                return Ok(Err(full()));
            }
            let kept = content_before.filter(|kept| has_room(stored, grows + kept.len() as u64, self.share));
            let new = NewWrite {
                tenant: context.tenant,
                user: context.user,
                call,
                tool,
                path: replace.path.as_str(),
                hash_before,
                hash_after: Digest::of(content.as_bytes()),
                bytes_after: i64::try_from(content.len()).map_err(Error::internal)?,
                content_before: kept,
            };
            if !file_write::begin(&mut tx, &new).await? {
                return Ok(Err(ToolError::new("tool_error", "This call has had its effect before; it has no second.")));
            }
            tx.commit().await?;
            Result::Ok(Ok(()))
        };
        note.await.map_err(|error| fault(&error))?
    }

    /// Notes how it ended: it happened, or surely not. What nobody knows stays as it was noted before.
    pub(super) async fn settle(&self, context: &ToolContext, happened: Option<bool>) {
        let (Some(call), Some(happened)) = (context.call, happened) else { return };
        let note = async {
            let mut tx = self.db.write(context.tenant).await?;
            if happened {
                file_write::done(&mut tx, context.tenant, call).await?;
            } else {
                file_write::forget(&mut tx, context.tenant, call).await?;
            }
            tx.commit().await
        };
        if let Err(error) = note.await {
            tracing::error!(%error, tool_call = %call, "what became of a write could not be noted");
        }
    }
}

/// How many bytes a tenant's files have: images, what tools wrote, and what is kept for Undo.
async fn stored(conn: &mut Conn, tenant: TenantId) -> Result<u64> {
    let bytes = blob::stored(conn, tenant).await?.saturating_add(file_write::stored(conn, tenant).await?);
    u64::try_from(bytes).map_err(Error::internal)
}

fn has_room(stored: u64, more: u64, share: u64) -> bool {
    stored.saturating_add(more) <= share
}

fn length(found: &Found) -> u64 {
    match found {
        Found::Absent => 0,
        Found::File { bytes, .. } => *bytes,
    }
}

fn full() -> ToolError {
    ToolError::new("write_failed", "The storage of this workspace is full. Nothing was written.")
}

/// A fault, as the model is told: what went wrong is for the operator.
fn fault(error: &Error) -> ToolError {
    tracing::error!(%error, "a write could not be noted");
    ToolError::new("write_failed", "The write could not be noted, so nothing was written.")
}
