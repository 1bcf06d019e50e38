//! The pages of a tenant's files.

use askama::Template;
use chrono::{DateTime, Utc};

use super::{PageContext, visible::visible};
use crate::types::ConversationId;

/// A step of the way to what is shown, or an entry of a folder: its name and, where it has one, its address.
#[derive(Clone, Debug)]
pub struct Place {
    /// The name.
    pub name: String,
    /// The address with the site's prefix; `None` for what cannot be opened.
    pub address: Option<String>,
}

impl Place {
    /// The name with everything visible in it.
    fn shown(&self) -> String {
        visible(&self.name)
    }
}

/// By which call a file was last written.
#[derive(Clone, Debug)]
pub struct Written {
    /// The person whose say-so it was.
    pub person: String,
    /// The tool.
    pub tool: String,
    /// When.
    pub at: DateTime<Utc>,
    /// The conversation, if it is the viewer's own.
    pub conversation: Option<ConversationId>,
}

/// What an entry of a folder is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryKind {
    /// A folder.
    Folder,
    /// A file.
    File,
    /// A link.
    Link,
    /// Something else.
    Other,
}

/// One entry of a folder.
#[derive(Clone, Debug)]
pub struct EntryView {
    /// Its name and address.
    pub place: Place,
    /// What it is.
    pub kind: EntryKind,
    /// How long a file is, in words.
    pub size: String,
    /// When it last changed.
    pub modified: Option<DateTime<Utc>>,
    /// By which call it was last written.
    pub written: Option<Written>,
}

/// `/files` and a folder below it.
#[derive(Template)]
#[template(path = "files/folder.html")]
pub struct FolderPage<'a> {
    /// The page's context.
    pub ctx: &'a PageContext,
    /// The name of the tenant.
    pub tenant: &'a str,
    /// The folders from the outermost to the one that is shown; none for the workspace itself.
    pub way: &'a [Place],
    /// What is in it.
    pub entries: &'a [EntryView],
    /// How many there are that are not listed.
    pub more: usize,
}

/// What there is to be seen of a file.
#[derive(Clone, Debug)]
pub enum ContentView {
    /// Text.
    Text(String),
    /// No text.
    Binary,
    /// More than is shown.
    TooLong,
}

/// `/files/{path}` of a file.
#[derive(Template)]
#[template(path = "files/file.html")]
pub struct FilePage<'a> {
    /// The page's context.
    pub ctx: &'a PageContext,
    /// The name of the tenant.
    pub tenant: &'a str,
    /// The folders from the outermost to the one that holds it.
    pub way: &'a [Place],
    /// Its name.
    pub name: &'a str,
    /// Where it is downloaded.
    pub download: &'a str,
    /// Where those who run the tenant see who had it written.
    pub history: Option<String>,
    /// How long it is, in words.
    pub size: &'a str,
    /// When it last changed.
    pub modified: Option<DateTime<Utc>>,
    /// By which call it was last written.
    pub written: Option<Written>,
    /// Whether what is there is not what that call wrote.
    pub is_changed_since: bool,
    /// What is in it.
    pub content: ContentView,
}

impl FilePage<'_> {
    fn shown_name(&self) -> String {
        visible(self.name)
    }
}

/// What is to be seen of text.
fn shown_text(text: &str) -> String {
    visible(text)
}
