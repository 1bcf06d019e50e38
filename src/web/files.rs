//! The tenant's files for its members, and putting back what a tool wrote.

use std::{collections::HashMap, io::Read as _, time::SystemTime};

use actix_web::{
    HttpRequest, HttpResponse,
    body::SizedStream,
    http::{
        StatusCode,
        header::{self, Charset, ContentDisposition, DispositionParam, DispositionType, ExtendedValue},
    },
    web,
};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use futures_util::stream;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;

use super::{
    Answer,
    conversations::{Shown, draw},
    messages::done,
    page::{context, html, is_htmx},
    sessions::Nothing,
};
use crate::{
    error::{Code, Error, Refusal, Result},
    http::{Edge, form::Form, viewer::Viewer},
    i18n::Locale,
    models::{
        file_write::{self, LastWrite},
        tool_call,
    },
    render::html::files::{ContentView, EntryKind, EntryView, FilePage, FolderPage, Place, Written},
    state::AppState,
    tools::{
        ToolError,
        workspace::{Content, Entry, Kind, Listing, Seen, Text, path::RelativePath},
    },
    turn,
    types::{Role, ToolCallId, size_in_words},
};

/// Nothing in it runs, whatever a browser takes it for.
const POLICY: &str = "sandbox; default-src 'none'";

/// How much of a download is read at once.
const PART: usize = 64 * 1024;

/// What stays as it is in an address.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// What is asked of a file.
#[derive(Deserialize)]
pub struct Wanted {
    download: Option<String>,
}

/// GET `/files`
pub async fn index(state: web::Data<AppState>, edge: web::Data<Edge>, viewer: Viewer) -> Answer {
    members_only(&viewer)?;
    let listing = state.workspace.list(&viewer.caller.tenant.slug, None).await.map_err(|error| unseen(&error))?;
    folder(&state, &edge, &viewer, None, listing.unwrap_or_default()).await
}

/// GET `/files/{path}`: a folder, a file, or with `?download` its bytes.
pub async fn show(
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    viewer: Viewer,
    path: web::Path<String>,
    wanted: web::Query<Wanted>,
) -> Answer {
    members_only(&viewer)?;
    let path = RelativePath::parse(&path).map_err(|_| Code::NotFound)?;
    let slug = &viewer.caller.tenant.slug;
    if wanted.download.is_some() {
        let found = state.workspace.download(slug, &path).await.map_err(|error| unseen(&error))?;
        let (file, bytes) = found.ok_or(Code::NotFound)?;
        return Ok(download(&path, file, bytes));
    }
    // What is no folder is looked at as a file, which says what is wrong with it.
    if let Ok(Some(listing)) = state.workspace.list(slug, Some(&path)).await {
        return folder(&state, &edge, &viewer, Some(&path), listing).await;
    }
    let limit = state.settings.file_limit;
    let found = state.workspace.read(slug, &path, limit).await.map_err(|error| unseen(&error))?;
    file(&state, &edge, &viewer, &path, found.ok_or(Code::NotFound)?).await
}

/// Guests have no files page.
fn members_only(viewer: &Viewer) -> Result<()> {
    if viewer.membership.role == Role::Guest { Err(Code::Forbidden.into()) } else { Ok(()) }
}

/// What lies behind a link or is no file is not there; that the disk fails is a fault.
fn unseen(error: &ToolError) -> Error {
    if error.code == Code::InvalidPath.as_str() { Code::NotFound.into() } else { Error::internal(error) }
}

async fn folder(
    state: &AppState,
    edge: &Edge,
    viewer: &Viewer,
    path: Option<&RelativePath>,
    listing: Listing,
) -> Answer {
    let full = |name: &str| match path {
        Some(path) => format!("{}/{name}", path.as_str()),
        None => name.to_owned(),
    };
    let files = listing.entries.iter().filter(|entry| entry.kind == Kind::File);
    let paths: Vec<String> = files.map(|entry| full(&entry.name)).collect();
    let mut written = last_writes(state, viewer, &paths).await?;
    let entries: Vec<EntryView> = listing
        .entries
        .into_iter()
        .map(|entry| {
            let path = full(&entry.name);
            // One of another length is surely not what that call wrote.
            let last = written.remove(&path).filter(|last| last.write.bytes_after == length(entry.bytes));
            view(edge, entry, &path, last, viewer.locale)
        })
        .collect();
    let ctx = context(state, edge, viewer).await?;
    let way = path.map(|path| way(edge, path)).unwrap_or_default();
    let tenant = &viewer.caller.tenant.name;
    html(StatusCode::OK, &FolderPage { ctx: &ctx, tenant, way: &way, entries: &entries, more: listing.more })
}

fn view(edge: &Edge, entry: Entry, path: &str, last: Option<LastWrite>, locale: Locale) -> EntryView {
    let kind = match entry.kind {
        Kind::Folder => EntryKind::Folder,
        Kind::File => EntryKind::File,
        Kind::Link => EntryKind::Link,
        Kind::Other => EntryKind::Other,
    };
    let opens = matches!(kind, EntryKind::Folder | EntryKind::File) && entry.has_path;
    EntryView {
        place: Place { name: entry.name, address: opens.then(|| address(edge, path)) },
        kind,
        size: size_in_words(entry.bytes),
        modified: entry.modified.map(time),
        written: last.map(|last| as_written(last, locale)),
    }
}

async fn file(state: &AppState, edge: &Edge, viewer: &Viewer, path: &RelativePath, seen: Seen) -> Answer {
    let last = last_writes(state, viewer, &[path.as_str().to_owned()]).await?.remove(path.as_str());
    let (hash, content) = match seen.content {
        Content::Text(Text { text, hash }) => (Some(hash), ContentView::Text(text)),
        Content::Binary(hash) => (Some(hash), ContentView::Binary),
        Content::TooLong => (None, ContentView::TooLong),
    };
    let is_changed_since = last.as_ref().is_some_and(|last| hash != Some(last.write.hash_after));
    let ctx = context(state, edge, viewer).await?;
    let mut way = way(edge, path);
    let name = way.pop().map(|place| place.name).unwrap_or_default();
    let page = FilePage {
        ctx: &ctx,
        tenant: &viewer.caller.tenant.name,
        way: &way,
        name: &name,
        download: &format!("{}?download=1", address(edge, path.as_str())),
        history: ctx.audit_address("target", path.as_str()),
        size: &size_in_words(seen.bytes),
        modified: seen.modified.map(time),
        written: last.map(|last| as_written(last, viewer.locale)),
        is_changed_since,
        content,
    };
    html(StatusCode::OK, &page)
}

/// The last writes of these paths.
async fn last_writes(state: &AppState, viewer: &Viewer, paths: &[String]) -> Result<HashMap<String, LastWrite>> {
    if paths.is_empty() {
        return Ok(HashMap::new());
    }
    let last = file_write::last(&mut *state.db.read(viewer.caller.tenant.id).await?, viewer.owner(), paths).await?;
    Ok(last.into_iter().map(|last| (last.write.path.clone(), last)).collect())
}

fn as_written(last: LastWrite, locale: Locale) -> Written {
    let at = last.write.done_at.map_or_else(Utc::now, |at| at.0);
    // Whose account was deleted has no name any more.
    let person = if last.person.is_empty() { locale.text("person-left").into_owned() } else { last.person };
    Written { person, tool: last.write.tool, at, conversation: last.conversation }
}

/// The steps to a path, itself the last.
fn way(edge: &Edge, path: &RelativePath) -> Vec<Place> {
    let text = path.as_str();
    let ends = text.match_indices('/').map(|(end, _)| end).chain([text.len()]);
    ends.filter_map(|end| text.get(..end))
        .map(|path| {
            let name = path.rsplit_once('/').map_or(path, |(_, name)| name);
            Place { name: name.to_owned(), address: Some(address(edge, path)) }
        })
        .collect()
}

/// The address of a path: each name encoded for itself.
fn address(edge: &Edge, path: &str) -> String {
    let names: Vec<String> = path.split('/').map(|name| utf8_percent_encode(name, PLAIN).to_string()).collect();
    edge.urls.path(&format!("/files/{}", names.join("/")))
}

fn time(time: SystemTime) -> DateTime<Utc> {
    time.into()
}

fn length(bytes: u64) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}

/// A file as it is, to be saved and not shown.
fn download(path: &RelativePath, file: std::fs::File, bytes: u64) -> HttpResponse {
    let name = path.as_str().rsplit('/').next().unwrap_or_default();
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "application/octet-stream"))
        .insert_header((header::CONTENT_SECURITY_POLICY, POLICY))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header(disposition(name))
        .body(SizedStream::new(bytes, parts(file, bytes)))
}

/// The bytes of a file, read on a thread that may block; no more of them than were promised.
fn parts(file: std::fs::File, bytes: u64) -> impl futures_util::Stream<Item = std::io::Result<Bytes>> {
    stream::try_unfold(file.take(bytes), |mut file| async move {
        let read = tokio::task::spawn_blocking(move || {
            let mut part = vec![0; PART];
            let length = file.read(&mut part)?;
            part.truncate(length);
            std::io::Result::Ok((Bytes::from(part), file))
        });
        let (part, file) = read.await.map_err(std::io::Error::other)??;
        Ok((!part.is_empty()).then_some((part, file)))
    })
}

/// To be saved under this name: in plain letters, and whole for those who read that (RFC 6266, RFC 8187).
fn disposition(name: &str) -> ContentDisposition {
    let plain = |character: char| if matches!(character, ' '..='~') { character } else { '_' };
    let plain: String = name.replace(['"', '\\', '/', '%'], "_").chars().map(plain).collect();
    let whole = ExtendedValue { charset: Charset::Ext("UTF-8".into()), language_tag: None, value: name.into() };
    ContentDisposition {
        disposition: DispositionType::Attachment,
        parameters: vec![DispositionParam::Filename(plain), DispositionParam::FilenameExt(whole)],
    }
}

/// POST `/tool-calls/{id}/undo`
pub async fn undo(
    request: HttpRequest,
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    viewer: Viewer,
    id: web::Path<String>,
    form: Form<Nothing>,
) -> Answer {
    form.checked(&viewer.csrf)?;
    let id: ToolCallId = id.parse().map_err(|_| Code::NotFound)?;
    match turn::undo(&state, &viewer.caller, id).await {
        Ok(call) => Ok(done(&request, &edge, call.conversation_id)),
        Err(Error::Refused(refusal))
            if !is_htmx(&request) && matches!(refusal.code, Code::Conflict | Code::ToolChanged) =>
        {
            refused(&state, &edge, &viewer, id, &refusal).await
        }
        Err(error) => Err(error.into()),
    }
}

/// The conversation as it stands, and why nothing was put back.
async fn refused(state: &AppState, edge: &Edge, viewer: &Viewer, id: ToolCallId, refusal: &Refusal) -> Answer {
    let found = tool_call::find(&mut *state.db.read(viewer.caller.tenant.id).await?, viewer.owner(), id).await?;
    let call = found.ok_or(Code::NotFound)?;
    let shown = Shown { is_paused: true, message: "", choice: None, refusal: Some(refusal) };
    draw(state, edge, viewer, call.conversation_id, StatusCode::CONFLICT, shown).await
}
