//! What is in a folder of the workspace.

use std::{collections::BinaryHeap, ffi::OsString, time::SystemTime};

use cap_std::fs::{Dir, FileType};

use super::{
    Workspace,
    area::Area,
    blocking, is_temporary,
    path::{self, RelativePath},
    place::failed,
};
use crate::tools::ToolError;

/// The most entries that are listed.
pub const MAX_ENTRIES: usize = 1000;

/// What an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A folder.
    Folder,
    /// A regular file.
    File,
    /// A symbolic link, wherever it leads: nobody follows it.
    Link,
    /// Something else: a pipe, a socket.
    Other,
}

/// One entry of a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name; what is no UTF-8 in it is replaced.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// How long a file is.
    pub bytes: u64,
    /// When it last changed, if the system says so.
    pub modified: Option<SystemTime>,
    /// Whether a path may have its name.
    pub has_path: bool,
}

/// What is in a folder, sorted by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    /// The first [`MAX_ENTRIES`].
    pub entries: Vec<Entry>,
    /// How many there are beside them.
    pub more: usize,
}

impl Workspace {
    /// What is in a folder of a tenant, or in all of it; `None` if there is no such folder.
    ///
    /// # Errors
    /// `invalid_path` for what is no folder, or is behind a link.
    pub async fn list(&self, slug: &str, folder: Option<&RelativePath>) -> Result<Option<Listing>, ToolError> {
        let (area, folder) = (Area::whole(self, slug), folder.cloned());
        blocking(move || list(&area, folder.as_ref())).await
    }
}

/// What is in a folder, and blocks meanwhile.
pub(super) fn list(area: &Area, path: Option<&RelativePath>) -> Result<Option<Listing>, ToolError> {
    let Some(folder) = area.folder(path)? else { return Ok(None) };
    read_folder(&folder).map(Some).map_err(|error| match path {
        Some(path) => failed(path, "listed", &error),
        None => {
            tracing::warn!(%error, "the workspace cannot be listed");
            ToolError::new("tool_error", "The workspace could not be listed.")
        }
    })
}

fn read_folder(folder: &Dir) -> std::io::Result<Listing> {
    // The greatest name on top, so that however many there are only the first are kept.
    let mut first: BinaryHeap<Named> = BinaryHeap::new();
    let mut more = 0;
    for entry in folder.entries()? {
        let entry = entry?;
        let name = entry.file_name();
        if name.to_str().is_some_and(is_temporary) {
            continue;
        }
        first.push(Named { name, kind: entry.file_type().ok().map_or(Kind::Other, kind) });
        if first.len() > MAX_ENTRIES {
            first.pop();
            more += 1;
        }
    }
    let entries = first.into_sorted_vec().into_iter().map(|Named { name, kind }| {
        // It may be gone by now; then it is told as it was.
        let metadata = folder.symlink_metadata(&name).ok();
        let text = name.to_str();
        Entry {
            has_path: text.is_some_and(|text| path::name_fault(text).is_none()),
            name: name.to_string_lossy().into_owned(),
            kind,
            bytes: metadata.as_ref().filter(|_| kind == Kind::File).map_or(0, |metadata| metadata.len()),
            modified: metadata.and_then(|metadata| metadata.modified().ok()).map(|time| time.into_std()),
        }
    });
    Ok(Listing { entries: entries.collect(), more })
}

fn kind(kind: FileType) -> Kind {
    match kind {
        kind if kind.is_symlink() => Kind::Link,
        kind if kind.is_dir() => Kind::Folder,
        kind if kind.is_file() => Kind::File,
        _ => Kind::Other,
    }
}

/// An entry in the order of names.
#[derive(PartialEq, Eq)]
struct Named {
    name: OsString,
    kind: Kind,
}

impl Ord for Named {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.name.cmp(&other.name)
    }
}

impl PartialOrd for Named {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
