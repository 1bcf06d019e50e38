//! The pages of a person's account: their password, their data, the end of the account.

use askama::Template;

use super::{FieldErrors, PageContext};

/// `/settings/password`
#[derive(Template)]
#[template(path = "settings/password.html")]
pub struct NewPasswordPage<'a> {
    /// The page's context.
    pub ctx: &'a PageContext,
    /// The person's address, for the managers of passwords.
    pub email: &'a str,
    /// What was wrong with `old`, `password`, or all of it.
    pub errors: &'a FieldErrors,
}

/// `/settings/data`
#[derive(Template)]
#[template(path = "settings/data.html")]
pub struct DataPage<'a> {
    /// The page's context.
    pub ctx: &'a PageContext,
    /// Why it was not given.
    pub errors: &'a FieldErrors,
}

/// `/settings/delete`
#[derive(Template)]
#[template(path = "settings/delete.html")]
pub struct DeletePage<'a> {
    /// The page's context.
    pub ctx: &'a PageContext,
    /// The person's address, for the managers of passwords; empty for guests.
    pub email: &'a str,
    /// What is to be typed: an address or a name.
    pub wanted: &'a str,
    /// Typed: field `confirmation`.
    pub typed: &'a str,
    /// Whether the account has a password, which is asked for.
    pub has_password: bool,
    /// The names of the tenants that need them as an owner: as long as there are any, nothing can be deleted.
    pub alone_in: &'a [String],
    /// What was wrong with `password`, `confirmation`, or all of it.
    pub errors: &'a FieldErrors,
}

/// What is shown to who deleted their account.
#[derive(Template)]
#[template(path = "settings/deleted.html")]
pub struct DeletedPage<'a> {
    /// The page's context: nobody's any more.
    pub ctx: &'a PageContext,
}
