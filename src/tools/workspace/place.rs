//! Opening things in a workspace: name by name, never through a link.
//!
//! The attacks meant: a link (symbolic or hard) that leads out of the tenant's folder, there from the beginning or
//! put in place between showing and approving. Every name is opened through the handle of its parent and refuses
//! to follow a link, so there is no moment between looking and opening that could be used.

use std::io::{self, Read};

use cap_fs_ext::{DirExt as _, FollowSymlinks, MetadataExt as _, OpenOptionsFollowExt as _, OpenOptionsSyncExt as _};
use cap_std::fs::{Dir, File, Metadata, OpenOptions, PermissionsExt as _};
use sha2::{Digest as _, Sha256};

use super::path::{RelativePath, refused};
use crate::{tools::ToolError, types::Digest};

/// The precondition of a file that is not there.
pub const ABSENT: &str = "absent";

/// What is at a path.
#[derive(Debug, PartialEq)]
pub(super) enum Found {
    /// Nothing.
    Absent,
    /// A regular file without another name.
    File {
        /// SHA-256 of its content.
        hash: Digest,
        /// How long it is.
        bytes: u64,
        /// Its permission bits, without set-user-id and the like.
        mode: u32,
        /// Its content, if it was to be kept.
        content: Option<Vec<u8>>,
    },
}

impl Found {
    /// How a precondition says this: the hash in hexadecimal, or `absent`.
    pub(super) fn precondition(&self) -> String {
        match self {
            Self::Absent => ABSENT.to_owned(),
            Self::File { hash, .. } => hash.to_string(),
        }
    }
}

/// A `write_failed` that says what sort of fault it was, and nothing of the host.
pub(super) fn failed(path: &RelativePath, what: &str, error: &io::Error) -> ToolError {
    fault(path.as_str(), what, error)
}

fn fault(path: &str, what: &str, error: &io::Error) -> ToolError {
    tracing::warn!(path, what, %error, "the workspace failed");
    let why = match error.kind() {
        io::ErrorKind::StorageFull => "the disk is full".to_owned(),
        io::ErrorKind::QuotaExceeded => "the disk quota is used up".to_owned(),
        io::ErrorKind::ReadOnlyFilesystem => "the workspace is read-only".to_owned(),
        io::ErrorKind::PermissionDenied => "the server may not do that in the workspace".to_owned(),
        kind => kind.to_string(),
    };
    ToolError::new("write_failed", format!("{path} could not be {what}: {why}."))
}

/// Opens a folder, if it is one and no link to one, in one step: what was seen there before does not matter.
fn open_folder(parent: &Dir, name: &str) -> io::Result<Dir> {
    parent.open_dir_nofollow(name)
}

/// Opens a file for reading, if it is no link, in one step; never waits for the other end of a pipe.
fn open_file(folder: &Dir, name: &str) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).follow(FollowSymlinks::No).nonblock(true);
    folder.open_with(name, &options)
}

/// Opens one folder in `parent`, on the way to `path`; `None` if there is nothing of that name.
pub(super) fn enter(parent: &Dir, name: &str, path: &str) -> Result<Option<Dir>, ToolError> {
    let not_a_folder = || refused(path, &format!("“{name}” is a file or a link, not a folder"));
    match parent.symlink_metadata(name) {
        Ok(metadata) if metadata.is_dir() => {}
        Ok(_) => return Err(not_a_folder()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(fault(path, "opened", &error)),
    }
    match open_folder(parent, name) {
        Ok(folder) => Ok(Some(folder)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        // Another thing took its place since it was looked at.
        Err(_) if parent.symlink_metadata(name).is_ok_and(|metadata| !metadata.is_dir()) => Err(not_a_folder()),
        Err(error) => Err(fault(path, "opened", &error)),
    }
}

/// The folder to which these names lead; `None` if it is not there.
pub(super) fn walk<'a>(
    from: Dir,
    names: impl Iterator<Item = &'a str>,
    path: &RelativePath,
) -> Result<Option<Dir>, ToolError> {
    let mut folder = from;
    for name in names {
        match enter(&folder, name, path.as_str())? {
            Some(next) => folder = next,
            None => return Ok(None),
        }
    }
    Ok(Some(folder))
}

/// A regular file that is opened for reading, and what is known of it.
pub(super) struct Opened {
    pub(super) file: File,
    pub(super) metadata: Metadata,
}

/// Opens the file of the name of this path in its folder; `None` if there is nothing. Anything but a regular file
/// with this one name is refused.
pub(super) fn open(folder: &Dir, path: &RelativePath) -> Result<Option<Opened>, ToolError> {
    let name = path.name();
    let unusual = |what: &str| refused(path.as_str(), &format!("there is {what} of that name"));
    let metadata = match folder.symlink_metadata(name) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(path, "looked at", &error)),
    };
    if metadata.is_symlink() {
        return Err(unusual("a symbolic link"));
    }
    if metadata.is_dir() {
        return Err(unusual("a folder"));
    }
    if !metadata.is_file() {
        return Err(unusual("something that is no file"));
    }
    let file = match open_file(folder, name) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(_) if folder.symlink_metadata(name).is_ok_and(|metadata| metadata.is_symlink()) => {
            return Err(unusual("a symbolic link"));
        }
        Err(error) => return Err(failed(path, "read", &error)),
    };
    // From here on it is the opened thing itself that is asked, whatever its name means by now.
    let metadata = file.metadata().map_err(|error| failed(path, "read", &error))?;
    if !metadata.is_file() {
        return Err(unusual("something that is no file"));
    }
    if metadata.nlink() > 1 {
        return Err(unusual("a file that has another name elsewhere (a hard link)"));
    }
    Ok(Some(Opened { file, metadata }))
}

/// What is at the name of this path in its folder, with its content if that has at most `keep` bytes.
pub(super) fn look(folder: &Dir, path: &RelativePath, keep: u64) -> Result<Found, ToolError> {
    let Some(Opened { mut file, metadata }) = open(folder, path)? else { return Ok(Found::Absent) };
    let mode = metadata.permissions().mode() & 0o777;
    let (hash, bytes, content) = read(&mut file, keep).map_err(|error| failed(path, "read", &error))?;
    Ok(Found::File { hash, bytes, mode, content })
}

/// Hash, length and, if there are at most `keep` bytes of it, the content.
fn read(file: &mut impl Read, keep: u64) -> io::Result<(Digest, u64, Option<Vec<u8>>)> {
    let mut hasher = Sha256::new();
    let (mut bytes, mut kept) = (0_u64, Vec::new());
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let part = match file.read(&mut buffer) {
            Ok(0) => break,
            Ok(length) => buffer.get(..length).unwrap_or_default(),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        hasher.update(part);
        bytes = bytes.saturating_add(part.len() as u64);
        if bytes <= keep {
            kept.extend_from_slice(part);
        }
    }
    let hash: [u8; 32] = hasher.finalize().into();
    Ok((Digest::from(hash), bytes, (bytes <= keep).then_some(kept)))
}

/// Whether two handles are of one folder.
pub(super) fn is_same(one: &Dir, other: &Dir) -> io::Result<bool> {
    let (one, other) = (one.dir_metadata()?, other.dir_metadata()?);
    Ok((one.dev(), one.ino()) == (other.dev(), other.ino()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{fs, os::unix::fs::symlink, process::Command};

    /// The two openings by themselves, without the look before them: that is what stands between a link which
    /// appears in that instant and what it leads to. All of it lies in one folder, so no other wall helps.
    #[test]
    fn opening_follows_no_link_and_waits_for_no_pipe() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir(at("folder")).unwrap();
        fs::write(at("file"), "x").unwrap();
        symlink("folder", at("link to folder")).unwrap();
        symlink("file", at("link to file")).unwrap();
        assert!(Command::new("mkfifo").arg(at("pipe")).status().unwrap().success());
        let dir = Dir::open_ambient_dir(folder.path(), cap_std::ambient_authority()).unwrap();

        assert!(open_folder(&dir, "folder").is_ok());
        for name in ["link to folder", "link to file", "file", "pipe", "absent"] {
            assert!(open_folder(&dir, name).is_err(), "{name} was opened");
        }
        assert!(open_file(&dir, "file").is_ok());
        for name in ["link to folder", "link to file", "absent"] {
            assert!(open_file(&dir, name).is_err(), "{name} was opened");
        }
        // It may be opened, but must not hang here; that it is no file is seen on the handle.
        assert!(open_file(&dir, "pipe").is_ok_and(|pipe| !pipe.metadata().unwrap().is_file()));
    }
}
