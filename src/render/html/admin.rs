//! The pages of those who run a tenant: which tools it has and how they are used, and its records.

use std::borrow::Cow;

use askama::Template;
use chrono::{DateTime, Utc};

use super::{
    FieldErrors, PageContext,
    difference::{self, LineView},
    visible::visible,
};
use crate::types::{Difference, Digest, TenantId, Verdict};

/// `/admin/tenants/{id}`: what there is to run.
#[derive(Template)]
#[template(path = "admin/index.html")]
pub struct IndexPage<'a> {
    /// The page's context.
    pub ctx: &'a PageContext,
    /// The tenant.
    pub tenant: TenantId,
    /// Its name.
    pub tenant_name: &'a str,
}

/// A tool with what the tenant says of it.
#[derive(Clone, Debug)]
pub struct ToolView {
    /// Its server.
    pub server: String,
    /// How that is launched or reached.
    pub launch: String,
    /// Its name.
    pub name: String,
    /// Server and name as the end of an address.
    pub path: String,
    /// Whether it comes with Sayso.
    pub is_built_in: bool,
    /// What it says of itself.
    pub description: String,
    /// What it takes, for people to read.
    pub schema: String,
    /// What its server says beside, each under a label, in English.
    pub beside: Vec<(&'static str, String)>,
    /// The fingerprint of all that.
    pub fingerprint: Digest,
    /// What differs from what was accepted, if anything does.
    pub change: Option<Difference>,
    /// Stored or chosen: field `verdict`.
    pub verdict: Verdict,
    /// Stored or chosen: field `grants_allowed`.
    pub grants_allowed: bool,
    /// Stored or chosen: field `guests_allowed`.
    pub guests_allowed: bool,
    /// Whether its form was just saved.
    pub is_saved: bool,
    /// Whether its form was refused.
    pub is_chosen: bool,
}

/// The tools of one server.
pub struct ToolGroup<'a> {
    /// The server.
    pub server: &'a str,
    /// How it is launched or reached.
    pub launch: &'a str,
    /// Whether it is ourselves.
    pub is_built_in: bool,
    /// Its tools.
    pub tools: &'a [ToolView],
    /// Those of them that changed since they were accepted, as many as one form takes.
    pub changed: Vec<&'a ToolView>,
}

/// The most changes that are accepted at once.
const TOGETHER: usize = 400;

/// `/admin/tenants/{id}/tools`.
#[derive(Template)]
#[template(path = "admin/tools.html")]
pub struct ToolsPage<'a> {
    /// The page's context.
    pub ctx: &'a PageContext,
    /// The tenant.
    pub tenant: TenantId,
    /// Its name.
    pub tenant_name: &'a str,
    /// Its tools, in their order.
    pub tools: &'a [ToolView],
    /// After how many seconds requests count as denied; never without. Field `expire_after`.
    pub expire_after: Option<i64>,
    /// Whether that was just saved.
    pub is_expiry_saved: bool,
    /// Why something was refused.
    pub error: Option<&'a str>,
}

impl ToolsPage<'_> {
    /// The tools by their servers.
    fn groups(&self) -> Vec<ToolGroup<'_>> {
        self.tools
            .chunk_by(|one, other| one.server == other.server)
            .filter_map(|tools| {
                let ToolView { server, launch, is_built_in, .. } = tools.first()?;
                let changed = tools.iter().filter(|tool| tool.change.is_some()).take(TOGETHER).collect();
                Some(ToolGroup { server, launch, is_built_in: *is_built_in, tools, changed })
            })
            .collect()
    }

    /// Where the form for all changes of a server goes.
    fn of_server(&self, group: &ToolGroup<'_>) -> String {
        let path = group.tools.first().and_then(|tool| tool.path.split('/').next()).unwrap_or_default();
        self.ctx.url(&format!("/admin/tenants/{}/tools/{path}", self.tenant))
    }

    /// What is said of a tool, in words.
    fn verdict(&self, verdict: &Verdict) -> Cow<'static, str> {
        let all = self.verdicts();
        all.into_iter().find(|(known, _)| known == verdict).map(|(_, words)| words).unwrap_or_default()
    }

    /// Where a tool's form goes.
    fn address(&self, tool: &ToolView) -> String {
        self.ctx.url(&format!("/admin/tenants/{}/tools/{}", self.tenant, tool.path))
    }

    /// Text of the tool's, with nothing hidden in it.
    fn seen(&self, text: &str) -> String {
        visible(text)
    }

    fn lines(&self, change: &Difference) -> Vec<LineView> {
        difference::lines(Some(change))
    }

    fn verdicts(&self) -> [(Verdict, Cow<'static, str>); 3] {
        [
            (Verdict::Ask, self.ctx.t("tools-ask")),
            (Verdict::Allow, self.ctx.t("tools-allow")),
            (Verdict::Deny, self.ctx.t("tools-never")),
        ]
    }

    fn times(&self) -> [(Option<i64>, Cow<'static, str>); 5] {
        [
            (None, self.ctx.t("tools-expire-never")),
            (Some(3600), self.ctx.t1("tools-expire-hours", "count", 1)),
            (Some(8 * 3600), self.ctx.t1("tools-expire-hours", "count", 8)),
            (Some(24 * 3600), self.ctx.t1("tools-expire-days", "count", 1)),
            (Some(7 * 24 * 3600), self.ctx.t1("tools-expire-days", "count", 7)),
        ]
    }
}

/// A collection in a list, or above its documents.
#[derive(Clone, Debug)]
pub struct CollectionView {
    /// Its name: letters, digits, `_` and `-`.
    pub name: String,
    /// How many documents it has.
    pub documents: i64,
    /// How large they are, in words.
    pub size: String,
    /// When it last changed.
    pub changed: DateTime<Utc>,
}

/// What is wrong with a file.
#[derive(Clone, Debug)]
pub struct FaultsView {
    /// The first lines that are wrong, and what is.
    pub first: Vec<(u64, String)>,
    /// How many lines are wrong.
    pub count: usize,
}

/// `/admin/tenants/{id}/records`: the collections.
#[derive(Template)]
#[template(path = "admin/records.html")]
pub struct RecordsPage<'a> {
    /// The page's context.
    pub ctx: &'a PageContext,
    /// The tenant.
    pub tenant: TenantId,
    /// Its name.
    pub tenant_name: &'a str,
    /// Its collections, by name.
    pub collections: &'a [CollectionView],
    /// The collection that was just deleted.
    pub deleted: Option<&'a str>,
    /// Typed: field `collection` of the form that imports.
    pub collection: &'a str,
    /// A fresh key against double posts, carried as `idempotency_key`.
    pub idempotency_key: &'a str,
    /// How large a file may be, in words.
    pub limit: &'a str,
    /// What is wrong with the file that came.
    pub faults: Option<&'a FaultsView>,
    /// What was wrong with `collection`, `file`, or all of it.
    pub errors: &'a FieldErrors,
}

/// A document of a collection.
#[derive(Clone, Debug)]
pub struct DocumentView {
    /// How it begins, on one line.
    pub beginning: String,
    /// Whether it goes on after that.
    pub is_cut: bool,
    /// The whole of it, for people to read.
    pub text: String,
}

/// `/admin/tenants/{id}/records?collection=`: its documents.
#[derive(Template)]
#[template(path = "admin/collection.html")]
pub struct CollectionPage<'a> {
    /// The page's context.
    pub ctx: &'a PageContext,
    /// The tenant.
    pub tenant: TenantId,
    /// The collection.
    pub collection: &'a CollectionView,
    /// Some of its documents, in the order in which they came.
    pub documents: &'a [DocumentView],
    /// Whether there are others before these.
    pub is_later: bool,
    /// The last of them as `after` takes it, if there are more.
    pub next: Option<&'a str>,
    /// What was wrong with `confirmation`.
    pub errors: &'a FieldErrors,
}

impl CollectionPage<'_> {
    /// Text of a document, with nothing hidden in it.
    fn seen(&self, text: &str) -> String {
        visible(text)
    }
}

/// The page on which an import is watched: it comes in parts while the import goes.
#[derive(Template)]
#[template(path = "admin/importing.html")]
pub struct ImportingPage<'a> {
    /// The page's context.
    pub ctx: &'a PageContext,
    /// The tenant.
    pub tenant: TenantId,
    /// The collection.
    pub collection: &'a str,
}

/// Where the page is parted. Nothing that anybody typed can be this: it would be escaped.
const MARK: &str = "<!-- import -->";

impl ImportingPage<'_> {
    fn mark(&self) -> &'static str {
        MARK
    }

    /// What comes before the first [`ImportProgress`], and what after [`ImportEnd`].
    pub fn parts(&self) -> askama::Result<(String, String)> {
        let page = self.render()?;
        let (before, after) = page.split_once(MARK).ok_or(askama::Error::Fmt)?;
        Ok((before.to_owned(), after.to_owned()))
    }
}

/// How far an import is.
#[derive(Template)]
#[template(path = "admin/import_progress.html")]
pub struct ImportProgress<'a> {
    /// The page's context.
    pub ctx: &'a PageContext,
    /// How many documents of the file are in.
    pub done: usize,
    /// How many it has.
    pub total: usize,
}

/// How an import ended.
#[derive(Template)]
#[template(path = "admin/import_end.html")]
pub struct ImportEnd<'a> {
    /// The page's context.
    pub ctx: &'a PageContext,
    /// The tenant.
    pub tenant: TenantId,
    /// The collection; also the field `collection` of the form to go on with.
    pub collection: &'a str,
    /// How many documents went in.
    pub added: usize,
    /// How many were there already.
    pub there: usize,
    /// Why not all of them did.
    pub stopped: Option<&'a str>,
    /// The key of the form that it came with, so that what is in does not go in again.
    pub idempotency_key: &'a str,
    /// How large a file may be, in words.
    pub limit: &'a str,
    /// Nothing: the form is a new one.
    pub errors: &'a FieldErrors,
}
