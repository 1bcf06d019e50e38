//! The page of the audit log.

use std::borrow::Cow;

use askama::Template;
use chrono::{DateTime, Utc};
use url::form_urlencoded::Serializer;

use super::{FieldErrors, PageContext, visible::visible};
use crate::types::{Digest, TenantId, UserId};

/// Who acted.
#[derive(Clone, Debug)]
pub enum Who {
    /// Somebody with an account.
    Person {
        /// Their id.
        id: UserId,
        /// Their name.
        name: String,
        /// Their address.
        email: String,
    },
    /// Somebody whose account is gone.
    Gone {
        /// Their id.
        id: UserId,
    },
    /// Whoever ran a command.
    CommandLine,
    /// Sayso itself.
    Server,
    /// Somebody who was not signed in.
    Unknown,
}

/// A row of the log.
#[derive(Clone, Debug)]
pub struct RowView {
    /// Its place in the chain.
    pub number: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub who: Who,
    /// From where.
    pub address: String,
    /// What.
    pub action: String,
    /// Of which tool.
    pub tool: Option<String>,
    /// On which object.
    pub object: String,
    /// The path or host.
    pub target: Option<String>,
    /// The digest of what was decided or run.
    pub digest: Option<Digest>,
    /// Anything else.
    pub details: String,
}

/// `/admin/tenants/{id}/audit` and `/admin/audit`.
#[derive(Template)]
#[template(path = "admin/audit.html")]
pub struct AuditPage<'a> {
    /// The page's context.
    pub ctx: &'a PageContext,
    /// The tenant and its name; none for the system.
    pub tenant: Option<(TenantId, &'a String)>,
    /// Whether an operator looks, who may see the system's as well.
    pub is_operator: bool,
    /// The page's address, without the prefix.
    pub address: &'a str,
    /// The fields that were filled in.
    pub asked: &'a [(&'static str, &'a str)],
    /// The same as the end of an address.
    pub query: &'a str,
    /// Newest first.
    pub rows: &'a [RowView],
    /// Whether newer ones come before these.
    pub is_later: bool,
    /// The end of the next page's address, if there is one.
    pub next: Option<&'a str>,
    /// How many rows the log has, or in English what is wrong with it.
    pub state: Result<i64, String>,
    /// What is wrong with what was typed.
    pub errors: &'a FieldErrors,
}

/// A box of the form.
struct Field {
    name: &'static str,
    label: Cow<'static, str>,
    kind: &'static str,
    /// What may be typed, if that is known.
    list: &'static [&'static str],
}

/// What is written down; other words are none the worse for not being here.
const ACTIONS: &[&str] = &[
    "sign_in",
    "sign_in_failed",
    "sign_out",
    "tool_approved",
    "tool_denied",
    "tool_edited",
    "tool_refused",
    "tool_run",
    "tool_ended",
    "tool_undone",
    "tool_run_again",
    "tool_reported",
    "grant_given",
    "grant_revoked",
    "limits_changed",
    "role_changed",
    "member_added",
    "user_disabled",
    "password_reset",
    "conversation_exported",
    "conversation_deleted",
    "conversation_ended",
    "conversation_changed",
    "audit_exported",
    "api_token_made",
    "api_token_revoked",
    "tool_rule_changed",
    "approval_expiry_changed",
    "models_changed",
    "prompt_changed",
    "records_imported",
    "records_deleted",
    "mcp_server_added",
    "mcp_server_changed",
    "mcp_server_removed",
];

impl AuditPage<'_> {
    fn value(&self, name: &str) -> &str {
        self.asked.iter().find(|(field, _)| *field == name).map(|(_, value)| *value).unwrap_or_default()
    }

    fn fields(&self) -> Vec<Field> {
        let field = |name, key, kind| Field { name, label: self.ctx.t(key), kind, list: &[] };
        vec![
            field("person", "audit-person", "text"),
            field("tool", "audit-tool", "text"),
            field("target", "audit-target", "text"),
            Field { list: ACTIONS, ..field("action", "audit-action", "text") },
            field("object", "audit-object", "text"),
            field("from", "audit-from", "datetime-local"),
            field("to", "audit-to", "datetime-local"),
        ]
    }

    fn decisions(&self) -> [(&'static str, Cow<'static, str>); 6] {
        [
            ("", self.ctx.t("audit-any")),
            ("approved", self.ctx.t("audit-approved")),
            ("person", self.ctx.t("audit-by-person")),
            ("grant", self.ctx.t("audit-by-grant")),
            ("rule", self.ctx.t("audit-by-rule")),
            ("denied", self.ctx.t("audit-denied")),
        ]
    }

    /// What a box shows: one for times takes nothing else, so what was typed stands in one for text where it was wrong.
    fn kind(&self, field: &Field) -> &'static str {
        let is_day = !self.value(field.name).is_empty() && !self.value(field.name).contains('T');
        if self.errors.of(field.name).is_some() || is_day { "text" } else { field.kind }
    }

    fn who(&self, who: &Who) -> String {
        match who {
            Who::Person { name, email, .. } => format!("{} ({})", visible(name), visible(email)),
            Who::Gone { id } => visible(&id.to_string()),
            Who::CommandLine => self.ctx.t("audit-command-line").into_owned(),
            Who::Server => self.ctx.t("audit-server").into_owned(),
            Who::Unknown => self.ctx.t("audit-unknown").into_owned(),
        }
    }

    /// The page of what a person did.
    fn of_person(&self, who: &Who) -> Option<String> {
        match who {
            Who::Person { id, .. } | Who::Gone { id } => Some(self.of("person", &id.to_string())),
            Who::CommandLine | Who::Server | Who::Unknown => None,
        }
    }

    /// The page of one filter.
    fn of(&self, field: &str, value: &str) -> String {
        let query = Serializer::new(String::new()).append_pair(field, value).finish();
        self.ctx.url(&format!("{}?{query}", self.address))
    }

    /// This page's address with another end.
    fn with(&self, query: &str) -> String {
        self.ctx.url(&format!("{}?{query}", self.address))
    }

    /// The address of what is filtered as a file.
    fn file(&self, form: &str) -> String {
        let more = if self.query.is_empty() { "" } else { "&" };
        self.ctx.url(&format!("{}/export?{}{more}format={form}", self.address, self.query))
    }

    fn seen(&self, text: &str) -> String {
        visible(text)
    }

    fn short(&self, digest: &Digest) -> String {
        digest.to_string().chars().take(12).collect()
    }
}
