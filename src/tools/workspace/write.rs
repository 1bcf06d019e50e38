//! Replacing a file as a whole: into a temporary file beside it, chunk by chunk, then by one rename.
//!
//! Until the rename nothing has happened that anyone can see; after it everything has. Whatever goes wrong before
//! it, the old file is whole and what was made on the way is taken away again.

use std::{
    io::{self, Write},
    sync::{Arc, Mutex, PoisonError},
};

use cap_fs_ext::{FollowSymlinks, OpenOptionsFollowExt as _};
use cap_std::fs::{Dir, File, OpenOptions, OpenOptionsExt as _, Permissions, PermissionsExt as _};
use futures_util::{FutureExt as _, StreamExt as _, stream};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{
    TEMPORARY_PREFIX, TEMPORARY_SUFFIX,
    area::Area,
    path::RelativePath,
    place::{self, Found, failed},
};
use crate::tools::{ToolError, ToolEvent, ToolRun};

/// The most bytes of one chunk.
const CHUNK_BYTES: usize = 4096;

/// How many chunks may be written before anyone has taken them.
const CHUNKS_AHEAD: usize = 8;

/// The permissions of a new file.
const NEW_FILE_MODE: u32 = 0o644;

/// Where the chunks go: a file; in tests one that fails.
pub(super) trait Sink: Write {
    /// Sets the permissions and waits until everything is on the disk.
    fn finish(&mut self, mode: u32) -> io::Result<()>;
}

impl Sink for File {
    fn finish(&mut self, mode: u32) -> io::Result<()> {
        self.set_permissions(Permissions::from_mode(mode))?;
        self.sync_all()
    }
}

/// One write that was approved.
pub(super) struct Job {
    pub(super) replace: Replace,
    pub(super) content: String,
}

impl Job {
    /// The write as a stream. Nothing begins before it is first polled. Cancelling it or dropping it before the
    /// rename leaves no effect, after the rename all of it.
    pub(super) fn stream(self, cancel: &CancellationToken) -> ToolRun {
        run_blocking(cancel, move |stop, show| self.perform(stop, show, |file| file))
    }

    /// Does it, and blocks meanwhile. `show` is given each chunk after it is written and says whether anyone is
    /// still there.
    pub(super) fn perform<S: Sink>(
        &self,
        stop: &CancellationToken,
        show: &mut dyn FnMut(&str) -> bool,
        sink: impl FnOnce(File) -> S,
    ) -> Result<String, ToolError> {
        let replace = &self.replace;
        let (mut temporary, file) = replace.prepare()?;
        let mut sink = sink(file);
        for chunk in chunks(&self.content) {
            if stop.is_cancelled() {
                return Err(stopped());
            }
            sink.write_all(chunk.as_bytes()).map_err(|error| replace.failed(&error))?;
            if !show(chunk) {
                return Err(stopped());
            }
        }
        sink.finish(temporary.mode).map_err(|error| replace.failed(&error))?;
        drop(sink);
        replace.commit(&mut temporary, stop)?;
        let (bytes, path) = (self.content.len(), replace.path.as_str());
        Ok(format!("Wrote {bytes} byte{} to {path}.", if bytes == 1 { "" } else { "s" }))
    }
}

/// What is at a path gives way to something else, if it is still what it was.
pub(super) struct Replace {
    pub(super) area: Area,
    pub(super) path: RelativePath,
    /// The state that the say-so rests on.
    pub(super) precondition: String,
}

impl Replace {
    /// Puts these bytes there, and blocks meanwhile.
    pub(super) fn with(&self, content: &[u8]) -> Result<(), ToolError> {
        let (mut temporary, mut file) = self.prepare()?;
        file.write_all(content).map_err(|error| self.failed(&error))?;
        file.finish(temporary.mode).map_err(|error| self.failed(&error))?;
        self.commit(&mut temporary, &CancellationToken::new())
    }

    /// Takes the file away, and blocks meanwhile.
    pub(super) fn with_nothing(&self) -> Result<(), ToolError> {
        let lock = self.area.workspace.lock(&self.area.slug);
        let _guard = lock.lock().unwrap_or_else(PoisonError::into_inner);
        let (folder, found) = self.area.look(&self.path, 0)?;
        self.compare(&found)?;
        let folder = folder.ok_or_else(|| self.changed())?;
        folder.remove_file(self.path.name()).map_err(|error| self.failed(&error))?;
        self.sync([&folder]);
        Ok(())
    }

    /// Makes the missing folders and the temporary file, if the state is still the one that was shown.
    fn prepare(&self) -> Result<(Temporary, File), ToolError> {
        let lock = self.area.workspace.lock(&self.area.slug);
        // Declared before the guard: should this function leave early, the lock is free when it is dropped.
        let mut temporary = Temporary { made: Vec::new(), file: None, mode: NEW_FILE_MODE, lock: Arc::clone(&lock) };
        let _guard = lock.lock().unwrap_or_else(PoisonError::into_inner);
        let (_, found) = self.area.look(&self.path, 0)?;
        self.compare(&found)?;
        if let Found::File { mode, .. } = found {
            temporary.mode = mode;
        }
        // A tenant's own folder is made like any other on the way; one that was granted is there.
        let (mut folder, tenant) = match self.area.root()? {
            Some(root) => (root, None),
            None => {
                let root = &self.area.workspace.inner.root;
                (root.try_clone().map_err(|error| self.failed(&error))?, Some(self.area.slug.as_str()))
            }
        };
        for name in tenant.into_iter().chain(self.path.folders()) {
            let next = match place::enter(&folder, name, self.path.as_str())? {
                Some(next) => next,
                None => {
                    let parent = folder.try_clone().map_err(|error| self.failed(&error))?;
                    match folder.create_dir(name) {
                        Ok(()) => temporary.made.push((parent, name.to_owned())),
                        // Another process was first; then it is not ours to remove.
                        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                        Err(error) => return Err(self.failed(&error)),
                    }
                    place::enter(&folder, name, self.path.as_str())?.ok_or_else(|| self.changed())?
                }
            };
            folder = next;
        }
        let name = format!("{TEMPORARY_PREFIX}{}{TEMPORARY_SUFFIX}", Uuid::now_v7().simple());
        let mut options = OpenOptions::new();
        options.write(true).create_new(true).mode(0o600).follow(FollowSymlinks::No);
        let file = folder.open_with(&name, &options).map_err(|error| self.failed(&error))?;
        temporary.file = Some((folder, name));
        Ok((temporary, file))
    }

    /// Puts the temporary file in the place of the old one, if nobody stopped it and the state is still the one
    /// that was shown. Both are looked at under the lock, under which also `took_effect` looks.
    fn commit(&self, temporary: &mut Temporary, stop: &CancellationToken) -> Result<(), ToolError> {
        let lock = Arc::clone(&temporary.lock);
        let _guard = lock.lock().unwrap_or_else(PoisonError::into_inner);
        if stop.is_cancelled() {
            return Err(stopped());
        }
        // The whole way once more: a folder on it may be another one by now, or a link.
        let (folder, found) = self.area.look(&self.path, 0)?;
        self.compare(&found)?;
        let (Some(folder), Some((home, name))) = (folder, &temporary.file) else { return Err(self.changed()) };
        if !place::is_same(&folder, home).map_err(|error| self.failed(&error))? {
            return Err(self.changed());
        }
        home.rename(name, home, self.path.name()).map_err(|error| self.failed(&error))?;
        let parents = std::mem::take(&mut temporary.made);
        temporary.file = None;
        self.sync(parents.iter().map(|(parent, _)| parent).chain([&folder]));
        Ok(())
    }

    /// It has happened. That a folder cannot be brought to the disk now makes it less lasting, not undone.
    fn sync<'a>(&self, folders: impl IntoIterator<Item = &'a Dir>) {
        for folder in folders {
            if let Err(error) = folder.open(".").and_then(|folder| folder.sync_all()) {
                tracing::warn!(path = self.path.as_str(), %error, "a folder of the workspace cannot be synced");
            }
        }
    }

    fn compare(&self, found: &Found) -> Result<(), ToolError> {
        if found.precondition() == self.precondition { Ok(()) } else { Err(self.changed()) }
    }

    pub(super) fn changed(&self) -> ToolError {
        let path = self.path.as_str();
        ToolError::new(
            "tool_changed",
            format!("{path} has changed since it was shown; nothing was written. Ask again."),
        )
    }

    fn failed(&self, error: &io::Error) -> ToolError {
        failed(&self.path, "written", error)
    }
}

fn stopped() -> ToolError {
    ToolError::new("tool_error", "Stopped before it had any effect; nothing was written.")
}

/// What was made on the way. Dropped, it takes all of that away again. Must not be dropped under the lock.
struct Temporary {
    /// Folders that were made, each with its parent, the outermost first.
    made: Vec<(Dir, String)>,
    /// The temporary file and its folder.
    file: Option<(Dir, String)>,
    /// The permissions that the file is to have.
    mode: u32,
    lock: Arc<Mutex<()>>,
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if self.file.is_none() && self.made.is_empty() {
            return;
        }
        // Under the lock, so that no folder goes away under another write that has just entered it.
        let _guard = self.lock.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((folder, name)) = &self.file
            && let Err(error) = folder.remove_file(name)
        {
            tracing::warn!(%error, "a temporary file stays until the next start");
        }
        for (parent, name) in self.made.iter().rev() {
            // Only if it is empty: another write may be using it by now.
            if parent.remove_dir(name).is_err() {
                break;
            }
        }
    }
}

/// The content in pieces of at most 4 KiB that end between characters; none for no content.
fn chunks(content: &str) -> impl Iterator<Item = &str> {
    let mut rest = content;
    std::iter::from_fn(move || {
        let (chunk, after) = rest.split_at_checked(rest.floor_char_boundary(CHUNK_BYTES))?;
        rest = after;
        (!chunk.is_empty()).then_some(chunk)
    })
}

/// Runs `work` on a thread that may block, and gives its chunks and its end as a stream. The token it is given is
/// cancelled with `cancel` and when the stream is dropped.
fn run_blocking<F>(cancel: &CancellationToken, work: F) -> ToolRun
where
    F: FnOnce(&CancellationToken, &mut dyn FnMut(&str) -> bool) -> Result<String, ToolError> + Send + 'static,
{
    let stop = cancel.child_token();
    let start = async move {
        let guard = stop.clone().drop_guard();
        let (sender, receiver) = mpsc::channel(CHUNKS_AHEAD);
        tokio::task::spawn_blocking(move || {
            let mut show = |chunk: &str| sender.blocking_send(ToolEvent::Chunk(chunk.to_owned())).is_ok();
            let outcome = work(&stop, &mut show);
            // Nobody there any more: nobody to tell.
            let _ = sender.blocking_send(ToolEvent::said(outcome));
        });
        stream::unfold(Some((receiver, guard)), |running| async move {
            let (mut receiver, guard) = running?;
            let event = receiver.recv().await.unwrap_or_else(|| {
                // The thread is gone without a word: it panicked, or the server is going down.
                let words = "The write broke off; it is not known whether it took effect.";
                ToolEvent::Finished(Err(ToolError::new("outcome_unknown", words)))
            });
            let ended = matches!(event, ToolEvent::Finished(_));
            Some((event, (!ended).then_some((receiver, guard))))
        })
    };
    start.flatten_stream().boxed()
}

#[cfg(test)]
#[path = "write_tests.rs"]
mod tests;
