//! The workspace: a folder for each tenant, below which tools write and nowhere else.
//!
//! It runs on systems with POSIX files. Against other processes of the same host that write there too it holds
//! as far as the system lets it: nothing is followed out of the folder, what was shown is compared once more right
//! before it is replaced, and what is there is always one whole content.

pub mod path;

mod area;
pub(super) mod difference;
mod ledger;
mod list;
mod list_files;
mod place;
mod read;
mod read_file;
mod undo;
mod write;
mod write_file;

use std::{
    collections::HashMap,
    io,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
    time::SystemTime,
};

use cap_fs_ext::DirExt as _;
use cap_std::{ambient_authority, fs::Dir};

use super::ToolError;

pub use ledger::Ledger;
pub use list::{Entry, Kind, Listing};
pub use list_files::ListFiles;
pub use read::{Content, Seen, Text};
pub use read_file::ReadFile;
pub use undo::PutBack;
pub use write_file::WriteFile;

/// How the names of unfinished writes begin; no path may use it.
const TEMPORARY_PREFIX: &str = ".sayso-";

/// How the names of unfinished writes end.
const TEMPORARY_SUFFIX: &str = ".tmp";

/// The deepest folder in which leftovers are looked for.
const MAX_SWEEP_DEPTH: usize = path::MAX_NAMES + 1;

/// The folder that holds a folder for each tenant. Cheap to clone.
#[derive(Clone)]
pub struct Workspace {
    inner: Arc<Inner>,
}

struct Inner {
    root: Dir,
    /// One for each tenant; held while folders come and go and while a file is replaced, so that of two writes that
    /// rest on the same state one finds it changed, and so that nobody looks halfway.
    locks: Mutex<HashMap<String, Arc<Mutex<()>>>>,
}

impl Workspace {
    /// Opens the folder, and makes it if it is not there. It is the only path of the host that is ever opened; all
    /// else goes through this handle. Errors are those of the system, for the operator.
    pub fn open(root: &Path) -> io::Result<Self> {
        Dir::create_ambient_dir_all(root, ambient_authority())?;
        let root = Dir::open_ambient_dir(root, ambient_authority())?;
        Ok(Self { inner: Arc::new(Inner { root, locks: Mutex::default() }) })
    }

    /// Removes what writes of a killed process left behind: files with names that only we give, last changed before
    /// `before`, in every tenant's folder. Returns how many; `Err` only if the workspace
    /// itself cannot be listed. Call it at a start with the time of the start; where
    /// several instances share the folder, with an hour less, since theirs may be at work. Blocks.
    pub fn sweep(&self, before: SystemTime) -> io::Result<usize> {
        let mut removed = 0;
        let mut folders = vec![(self.inner.root.try_clone()?, 0)];
        while let Some((folder, depth)) = folders.pop() {
            let entries = match folder.entries() {
                Ok(entries) => entries,
                Err(error) if depth == 0 => return Err(error),
                Err(error) => {
                    tracing::warn!(%error, "a folder of the workspace cannot be searched for leftovers");
                    continue;
                }
            };
            for entry in entries.flatten() {
                let (name, Ok(kind)) = (entry.file_name(), entry.file_type()) else { continue };
                if kind.is_dir() && depth < MAX_SWEEP_DEPTH {
                    // One that is gone by now, or is a link by now, holds nothing of ours.
                    folders.extend(folder.open_dir_nofollow(&name).ok().map(|inner| (inner, depth + 1)));
                }
                let ours = name.to_str().is_some_and(is_temporary) && kind.is_file();
                let changed = || entry.metadata().ok()?.modified().ok().map(|time| time.into_std());
                if ours && changed().is_some_and(|changed| changed < before) {
                    match folder.remove_file(&name) {
                        Ok(()) => removed += 1,
                        Err(error) => tracing::warn!(%error, "a leftover of the workspace cannot be removed"),
                    }
                }
            }
        }
        Ok(removed)
    }

    /// The tenant's lock. Whoever holds it neither sends chunks nor waits for anything but the disk.
    fn lock(&self, slug: &str) -> Arc<Mutex<()>> {
        let mut locks = self.inner.locks.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(locks.entry(slug.to_owned()).or_default())
    }
}

/// Runs what blocks on a thread that may.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, ToolError> + Send + 'static,
) -> Result<T, ToolError> {
    let broken = |_| ToolError::new("tool_error", "The workspace could not be looked at.");
    tokio::task::spawn_blocking(work).await.map_err(broken)?
}

/// Whether a name is one that we give to unfinished writes, and surely nobody else gives to anything.
fn is_temporary(name: &str) -> bool {
    name.strip_prefix(TEMPORARY_PREFIX)
        .and_then(|rest| rest.strip_suffix(TEMPORARY_SUFFIX))
        .is_some_and(|id| id.len() == 32 && id.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')))
}

#[cfg(test)]
mod granted_tests;
#[cfg(test)]
mod reading_tests;
#[cfg(test)]
mod tests;
