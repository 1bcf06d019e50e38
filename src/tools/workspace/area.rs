//! Where a tool may work: the tenant's folder, or one below it to which a person's grant narrows it.
//!
//! The attack meant: a call that runs unasked by a grant for `notes/` and reaches something else, by whatever way of
//! writing a path or whatever link. The granted folder is opened first, and only below its handle anything is
//! opened, made or replaced; nothing that is left of a path leads out of it.

use cap_std::fs::Dir;

use super::{
    Workspace,
    path::{self, RelativePath},
    place::{self, Found, Opened},
};
use crate::{
    tools::{ToolContext, ToolError},
    types::Bound,
};

/// A tenant's folder or one below it. Cheap to clone.
#[derive(Clone)]
pub(super) struct Area {
    pub(super) workspace: Workspace,
    pub(super) slug: String,
    within: Option<RelativePath>,
}

impl Area {
    /// The whole folder of a tenant.
    pub(super) fn whole(workspace: &Workspace, slug: &str) -> Self {
        Self { workspace: workspace.clone(), slug: slug.to_owned(), within: None }
    }

    /// What the context allows: the whole folder of the tenant where the person decides on this very call, else no more
    /// than was granted.
    pub(super) fn of(workspace: &Workspace, context: &ToolContext) -> Result<Self, ToolError> {
        let within = match &context.within {
            // Identical arguments are a matter of who compares them.
            None | Some(Bound::Same) => None,
            Some(Bound::Below(folder)) => Some(RelativePath::parse(folder).map_err(|_| outside())?),
            Some(Bound::Host(_)) => return Err(outside()),
        };
        Ok(Self { within, ..Self::whole(workspace, &context.tenant_slug) })
    }

    /// A file's path as a model writes it, walked from here.
    ///
    /// # Errors
    /// `invalid_path` for what is none, `tool_not_allowed` for what lies elsewhere.
    pub(super) fn file_path(&self, text: &str) -> Result<RelativePath, ToolError> {
        let path = self.folder_path(text)?;
        if path.names().next().is_some() { Ok(path) } else { Err(outside()) }
    }

    /// As [`Area::file_path`] for a folder, which may be the one that was granted.
    pub(super) fn folder_path(&self, text: &str) -> Result<RelativePath, ToolError> {
        let path = RelativePath::parse(text)?;
        match &self.within {
            None => Ok(path),
            Some(folder) => path.walked_from(folder).ok_or_else(outside),
        }
    }

    /// Everything of the tenant, as the path that names no folder means it.
    pub(super) fn everything(&self) -> Result<(), ToolError> {
        if self.within.is_none() { Ok(()) } else { Err(outside()) }
    }

    /// The folder from which paths are walked; `None` if the tenant has none yet. A granted one must be there.
    pub(super) fn root(&self) -> Result<Option<Dir>, ToolError> {
        // Slugs are checked where tenants are made. One that is no single ordinary name would open another's folder.
        if self.slug.contains('/') || path::name_fault(&self.slug).is_some() {
            return Err(ToolError::new("write_failed", "The workspace of this tenant cannot be named."));
        }
        let tenant = place::enter(&self.workspace.inner.root, &self.slug, &self.slug)?;
        let Some(granted) = &self.within else { return Ok(tenant) };
        let mut folder = tenant.ok_or_else(outside)?;
        for name in granted.names() {
            // A link where the folder stood is not what was granted.
            folder = place::enter(&folder, name, granted.as_str()).map_err(|_| outside())?.ok_or_else(outside)?;
        }
        Ok(Some(folder))
    }

    /// Whether a folder that was granted is still there, itself and no link.
    pub(super) fn is_there(&self) -> Result<(), ToolError> {
        self.root().map(|_| ())
    }

    /// The folder that holds the file of this path; `None` if it is not there.
    fn folder_of(&self, path: &RelativePath) -> Result<Option<Dir>, ToolError> {
        match self.root()? {
            Some(root) => place::walk(root, path.folders(), path),
            None => Ok(None),
        }
    }

    /// The folder that this path names, the root for none; `None` if it is not there.
    pub(super) fn folder(&self, path: Option<&RelativePath>) -> Result<Option<Dir>, ToolError> {
        match (self.root()?, path) {
            (Some(root), Some(path)) => place::walk(root, path.names(), path),
            (root, _) => Ok(root),
        }
    }

    /// What is at a path, with its content if that has at most `keep` bytes, and the folder that holds it if that is
    /// there.
    pub(super) fn look(&self, path: &RelativePath, keep: u64) -> Result<(Option<Dir>, Found), ToolError> {
        match self.folder_of(path)? {
            Some(folder) => place::look(&folder, path, keep).map(|found| (Some(folder), found)),
            None => Ok((None, Found::Absent)),
        }
    }

    /// Opens a file for reading; `None` if it is not there.
    pub(super) fn open(&self, path: &RelativePath) -> Result<Option<Opened>, ToolError> {
        match self.folder_of(path)? {
            Some(folder) => place::open(&folder, path),
            None => Ok(None),
        }
    }
}

/// It lies outside what was granted: nobody need fail for it, the person is asked instead.
fn outside() -> ToolError {
    ToolError::new("tool_not_allowed", "The path is not below the folder that the person granted.")
}

/// What a person may grant with a call on a path: each folder above it, the narrowest first.
pub(super) fn bounds_above(path: &str) -> Vec<Bound> {
    let Ok(path) = RelativePath::parse(path) else { return Vec::new() };
    path.above().map(|folder| Bound::Below(folder.to_owned())).collect()
}
