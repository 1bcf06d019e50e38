//! The pages of a tenant's servers of tools: how it stands with each, and trying a tool out.

use std::borrow::Cow;

use askama::Template;
use chrono::{DateTime, Utc};

use super::{
    FieldErrors, PageContext,
    schema_form::{self, FieldView},
    visible::visible,
};
use crate::types::{Digest, TenantId};

/// How it stands with a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServerState {
    /// Nobody needed it yet, or not for a while.
    Idle,
    /// It is being started or reached.
    Connecting,
    /// It answers.
    Ready,
    /// It asks who is there.
    NeedsAuthorisation,
    /// It did not answer the last time.
    Degraded,
    /// It cannot be started or reached.
    Failed,
    /// It is switched off.
    Inactive,
    /// The operators have one of that name.
    NameTaken,
    /// Its headers cannot be opened.
    Unopened,
    /// Its address is none.
    WrongAddress,
}

impl ServerState {
    /// As the page's styles and tests know it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Connecting => "connecting",
            Self::Ready => "ready",
            Self::NeedsAuthorisation => "needs_authorisation",
            Self::Degraded => "degraded",
            Self::Failed => "failed",
            Self::Inactive => "inactive",
            Self::NameTaken => "name_taken",
            Self::Unopened => "unopened",
            Self::WrongAddress => "wrong_address",
        }
    }

    fn words(self, ctx: &PageContext) -> Cow<'static, str> {
        ctx.t(match self {
            Self::Idle => "servers-idle",
            Self::Connecting => "servers-connecting",
            Self::Ready => "servers-ready",
            Self::NeedsAuthorisation => "servers-needs-authorisation",
            Self::Degraded => "servers-degraded",
            Self::Failed => "servers-failed",
            Self::Inactive => "servers-inactive",
            Self::NameTaken => "servers-name-taken-since",
            Self::Unopened => "servers-unopened",
            Self::WrongAddress => "servers-address-wrong-now",
        })
    }
}

/// A server of a list.
#[derive(Clone, Debug)]
pub struct ServerView {
    /// Its name: small letters, digits and `-`.
    pub name: String,
    /// Whether the operators brought it: then nothing about it can be changed here.
    pub is_operators: bool,
    /// How it is launched or reached, as far as the viewer may know.
    pub launch: String,
    /// The names of its headers or of what its environment gets.
    pub names: Vec<String>,
    /// Whether each person has a connection of their own.
    pub is_per_person: bool,
    /// How it stands.
    pub state: ServerState,
    /// Since when, where it has a connection.
    pub since: Option<DateTime<Utc>>,
    /// The last fault, in English.
    pub fault: Option<String>,
    /// The revision of the protocol.
    pub protocol: Option<String>,
    /// Whether it speaks the newer way.
    pub is_discovered: bool,
    /// What it calls itself.
    pub identity: Option<String>,
    /// Its tools, by safe name, with the path of each page on which it is tried out.
    pub tools: Option<Vec<ListedView>>,
    /// When they were listed.
    pub listed: Option<DateTime<Utc>>,
    /// Whether it has more than were read.
    pub was_cut: bool,
    /// Tools that cannot be offered, and why, in English.
    pub left_out: Vec<(String, String)>,
    /// The last of its standard error; for operators.
    pub stderr: Option<String>,
    /// Its authorisation, where it asks for one or has one.
    pub authorisation: Option<AuthorisationView>,
}

/// By what a server knows us.
#[derive(Clone, Debug)]
pub struct AuthorisationView {
    /// Who gave it, if somebody did.
    pub issuer: Option<String>,
    /// Whether the server asked for more.
    pub wants_more: bool,
}

/// As what Sayso is known to an authorisation server, where an admin said so.
#[derive(Clone, Debug)]
pub struct ClientView {
    /// Its id, or nothing.
    pub id: String,
    /// Whether it has a secret, which is never shown.
    pub has_secret: bool,
    /// Where people come back to: to be registered there.
    pub redirect: String,
}

/// A server at which a person is known by themselves.
#[derive(Clone, Debug)]
pub struct ConnectionView {
    /// The server's name.
    pub server: String,
    /// Its host.
    pub host: String,
    /// Who gave the authorisation, if somebody did.
    pub issuer: Option<String>,
    /// Whether the server asked for more.
    pub wants_more: bool,
    /// Whether its tools are not there without.
    pub is_needed: bool,
}

/// Where a person goes to authorise: shown before they do.
#[derive(Template)]
#[template(path = "settings/authorise.html")]
pub struct AuthorisePage<'a> {
    /// The page's context.
    pub ctx: &'a PageContext,
    /// The server's name.
    pub server: &'a str,
    /// The tenant's.
    pub tenant_name: &'a str,
    /// Whether it is for the person alone.
    pub is_own: bool,
    /// The server's host.
    pub server_host: &'a str,
    /// The host to which they go.
    pub host: &'a str,
    /// The address, http or https.
    pub address: &'a str,
    /// Back without having gone.
    pub back: &'a str,
}

impl AuthorisePage<'_> {
    /// A stranger's words, with nothing hidden in them.
    fn seen(&self, text: &str) -> String {
        visible(text)
    }
}

/// A tool of a server.
#[derive(Clone, Debug)]
pub struct ListedView {
    /// Its safe name.
    pub name: String,
    /// What people call it.
    pub title: String,
}

impl ServerView {
    /// Whether it can be connected to.
    pub fn is_usable(&self) -> bool {
        !matches!(
            self.state,
            ServerState::Inactive | ServerState::NameTaken | ServerState::Unopened | ServerState::WrongAddress
        )
    }
}

/// What was typed of a server. Values of headers are never given back.
#[derive(Clone, Debug, Default)]
pub struct ServerTyped {
    /// Field `name`.
    pub name: String,
    /// Field `url`.
    pub url: String,
    /// Field `headers`: a name a line.
    pub headers: String,
    /// Field `per_person`.
    pub per_person: bool,
    /// Field `is_active`.
    pub is_active: bool,
}

/// `/admin/tenants/{id}/servers`.
#[derive(Template)]
#[template(path = "admin/servers.html")]
pub struct ServersPage<'a> {
    /// The page's context.
    pub ctx: &'a PageContext,
    /// The tenant.
    pub tenant: TenantId,
    /// Its name.
    pub tenant_name: &'a str,
    /// Its servers: the operators', then its own.
    pub servers: &'a [ServerView],
    /// What was just done with which, in words.
    pub notice: Option<&'a str>,
    /// What was typed of a new one.
    pub typed: &'a ServerTyped,
    /// What was wrong with it.
    pub errors: &'a FieldErrors,
}

impl ServersPage<'_> {
    /// Words of a server, with nothing hidden in them.
    fn seen(&self, text: &str) -> String {
        visible(text)
    }

    /// An address below the tenant's servers.
    fn at(&self, end: &str) -> String {
        address(self.ctx, self.tenant, end)
    }
}

/// `/admin/tenants/{id}/servers/{name}`.
#[derive(Template)]
#[template(path = "admin/server.html")]
pub struct ServerPage<'a> {
    /// The page's context.
    pub ctx: &'a PageContext,
    /// The tenant.
    pub tenant: TenantId,
    /// The server.
    pub server: &'a ServerView,
    /// As what Sayso is known to whom it trusts, where an admin can say so.
    pub client: Option<&'a ClientView>,
    /// Why authorising it came to nothing just now.
    pub fault: Option<&'a str>,
    /// Whether the viewer can try tools out: they are in the tenant.
    pub may_try: bool,
    /// What was just done, in words.
    pub notice: Option<&'a str>,
    /// What is or was typed.
    pub typed: &'a ServerTyped,
    /// What was wrong with it.
    pub errors: &'a FieldErrors,
}

impl ServerPage<'_> {
    fn seen(&self, text: &str) -> String {
        visible(text)
    }

    fn at(&self, end: &str) -> String {
        address(self.ctx, self.tenant, end)
    }
}

fn address(ctx: &PageContext, tenant: TenantId, end: &str) -> String {
    ctx.url(&format!("/admin/tenants/{tenant}/servers{end}"))
}

/// `/admin/tenants/{id}/servers/{name}/tools/{tool}`: a tool as a form.
#[derive(Template)]
#[template(path = "admin/tryout.html")]
pub struct TryoutPage<'a> {
    /// The page's context.
    pub ctx: &'a PageContext,
    /// The tenant.
    pub tenant: TenantId,
    /// The server.
    pub server: &'a str,
    /// The tool.
    pub tool: &'a str,
    /// What it says of itself.
    pub description: &'a str,
    /// Its definition, as the form shows it.
    pub fingerprint: Digest,
    /// Its arguments; none where they are typed as one JSON text.
    pub fields: Option<&'a [FieldView]>,
    /// All arguments as JSON, where there are no fields.
    pub arguments: &'a str,
    /// A fresh key against double posts.
    pub idempotency_key: &'a str,
    /// Why it did not run.
    pub error: Option<&'a str>,
    /// The same in more words, in English.
    pub detail: Option<&'a str>,
}

impl TryoutPage<'_> {
    fn drawn(&self, fields: &[FieldView]) -> String {
        schema_form::drawn(self.ctx, "field", fields)
    }

    fn seen(&self, text: &str) -> String {
        visible(text)
    }

    fn at(&self, end: &str) -> String {
        address(self.ctx, self.tenant, end)
    }
}
