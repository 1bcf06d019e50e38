//! The pages of tenants, of the people in them, and of the links that bring people in.

use askama::Template;
use chrono::{DateTime, Utc};

use super::{FieldErrors, PageContext};
use crate::types::{InvitationId, Role, TenantId, UserId};

/// A tenant as operators see it.
#[derive(Clone, Debug)]
pub struct TenantView {
    /// Its id.
    pub id: TenantId,
    /// Its name in addresses and folders.
    pub slug: String,
    /// Its name for people.
    pub name: String,
    /// Whether its people may work.
    pub is_active: bool,
    /// Whether the viewer is in it now.
    pub is_here: bool,
}

/// `/admin`: the tenants, for operators.
#[derive(Template)]
#[template(path = "admin/tenants.html")]
pub struct TenantsPage<'a> {
    /// The page's context.
    pub ctx: &'a PageContext,
    /// All of them, by slug.
    pub tenants: &'a [TenantView],
    /// Typed: field `slug`.
    pub slug: &'a str,
    /// Typed: field `name`.
    pub name: &'a str,
    /// What was just done, in words.
    pub done: Option<&'a str>,
    /// What was wrong with `slug`, `name`, or all of it.
    pub errors: &'a FieldErrors,
}

/// Somebody in a tenant.
#[derive(Clone, Debug)]
pub struct MemberView {
    /// Their id.
    pub id: UserId,
    /// Their name.
    pub name: String,
    /// Their address; none of a guest, who has no account.
    pub email: Option<String>,
    /// Their role.
    pub role: Role,
    /// Whether they may work in the tenant.
    pub is_active: bool,
    /// Whether an operator shut them out of the server.
    pub is_shut_out: bool,
    /// Whether it is the viewer.
    pub is_self: bool,
    /// When they last used anything here.
    pub last_used: Option<DateTime<Utc>>,
    /// The roles that the viewer may give them; none where they may not change anything.
    pub roles: Vec<Role>,
    /// Whether the viewer may do anything about them.
    pub may_change: bool,
    /// What was wrong with what was tried about them, and the role that was chosen.
    pub error: Option<(String, Option<Role>)>,
}

impl MemberView {
    /// Whether a role is the one that the form shows.
    fn chooses(&self, role: &Role) -> bool {
        let chosen = self.error.as_ref().and_then(|(_, role)| *role);
        chosen.unwrap_or(self.role) == *role
    }
}

/// An invitation that was not accepted yet.
#[derive(Clone, Debug)]
pub struct InvitationView {
    /// Its id.
    pub id: InvitationId,
    /// For whom.
    pub email: String,
    /// As what.
    pub role: Role,
    /// When it ends.
    pub ends: DateTime<Utc>,
    /// Whether it has ended.
    pub is_over: bool,
    /// Whether the viewer may renew or revoke it.
    pub may_change: bool,
}

/// `/admin/tenants/{id}/members`.
#[derive(Template)]
#[template(path = "admin/members.html")]
pub struct MembersPage<'a> {
    /// The page's context.
    pub ctx: &'a PageContext,
    /// The tenant.
    pub tenant: TenantId,
    /// Its name.
    pub tenant_name: &'a str,
    /// Its people, or so many of them.
    pub members: &'a [MemberView],
    /// After whom the next page begins, if there is one.
    pub next: Option<UserId>,
    /// The open invitations.
    pub invitations: &'a [InvitationView],
    /// The roles that the viewer may invite to.
    pub roles: &'a [Role],
    /// Typed: field `email`.
    pub email: &'a str,
    /// Chosen: field `role`.
    pub role: Role,
    /// What was just done, in words.
    pub done: Option<&'a str>,
    /// What was wrong with `email`, `role`, or all of it.
    pub errors: &'a FieldErrors,
}

impl MembersPage<'_> {
    /// Whether the form invites to this role.
    fn chooses(&self, role: &Role) -> bool {
        self.role == *role
    }
}

/// A link that was just made: shown this once.
#[derive(Template)]
#[template(path = "admin/link.html")]
pub struct LinkPage<'a> {
    /// The page's context.
    pub ctx: &'a PageContext,
    /// The tenant whose page it is.
    pub tenant: TenantId,
    /// What it is for, in words.
    pub title: &'a str,
    /// Whom it is for and what it does, in words.
    pub about: &'a str,
    /// The link.
    pub link: &'a str,
}

/// What somebody who follows an invitation is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// Nothing: they are signed in with the account that it is for.
    Nothing,
    /// The password of the account that it is for.
    Password,
    /// A name and a password for a new account.
    Account,
}

/// `/invitations/{token}`.
#[derive(Template)]
#[template(path = "sessions/invitation.html")]
pub struct InvitationPage<'a> {
    /// The page's context.
    pub ctx: &'a PageContext,
    /// The token of the link.
    pub token: &'a str,
    /// The tenant's name.
    pub tenant_name: &'a str,
    /// Who invites, if it is anybody.
    pub inviter: Option<&'a str>,
    /// For whom it is.
    pub email: &'a str,
    /// As what.
    pub role: Role,
    /// What is asked for.
    pub asked: Asked,
    /// Typed: field `name`.
    pub name: &'a str,
    /// What was wrong with `name`, `password`, or all of it.
    pub errors: &'a FieldErrors,
}

/// `/password/{token}`.
#[derive(Template)]
#[template(path = "sessions/password.html")]
pub struct PasswordPage<'a> {
    /// The page's context.
    pub ctx: &'a PageContext,
    /// The token of the link.
    pub token: &'a str,
    /// Whose password it is.
    pub email: &'a str,
    /// What was wrong with `password`.
    pub errors: &'a FieldErrors,
}
