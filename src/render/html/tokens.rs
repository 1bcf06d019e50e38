//! The tokens that a person makes for scripts, in their settings, and the one page that shows a token.

use std::borrow::Cow;

use askama::Template;
use chrono::{DateTime, Utc};

use super::{FieldErrors, PageContext};
use crate::types::{ApiTokenId, TokenScope};

/// A token as it is listed.
#[derive(Clone, Debug)]
pub struct TokenSummary {
    /// Its id.
    pub id: ApiTokenId,
    /// What its person calls it.
    pub name: String,
    /// What it may be used for.
    pub scopes: Vec<TokenScope>,
    /// When it was made.
    pub made: DateTime<Utc>,
    /// When it ends by itself.
    pub ends: Option<DateTime<Utc>>,
    /// Whether it has ended.
    pub is_over: bool,
    /// When it was last used.
    pub last_used: Option<DateTime<Utc>>,
}

/// The tokens in `/settings`, and the form that makes one more.
#[derive(Template)]
#[template(path = "settings/tokens.html")]
pub struct TokensSection<'a> {
    /// The page's context.
    pub ctx: &'a PageContext,
    /// The person's tokens, the newest first.
    pub tokens: &'a [TokenSummary],
    /// Typed: field `name`.
    pub name: &'a str,
    /// Chosen: field `scopes`, once for each.
    pub scopes: &'a [TokenScope],
    /// Offered: field `lifetime`.
    pub lifetimes: &'a [LifetimeOption],
    /// What was wrong with `token-name`, `scopes`, or all of it.
    pub errors: &'a FieldErrors,
}

/// How long a token may be good.
#[derive(Clone, Copy, Debug)]
pub struct LifetimeOption {
    /// As the form spells it.
    pub value: &'static str,
    /// Days; for ever without.
    pub days: Option<i64>,
    /// Whether it is chosen.
    pub is_chosen: bool,
}

impl TokensSection<'_> {
    /// A scope in a word.
    fn scope(&self, scope: &TokenScope) -> Cow<'static, str> {
        self.ctx.t(match scope {
            TokenScope::Chat => "token-scope-chat",
            TokenScope::Tools => "token-scope-tools",
            TokenScope::Decide => "token-scope-decide",
            TokenScope::AdminRead => "token-scope-admin-read",
        })
    }

    /// What a scope opens.
    fn explained(&self, scope: &TokenScope) -> Cow<'static, str> {
        self.ctx.t(match scope {
            TokenScope::Chat => "token-explained-chat",
            TokenScope::Tools => "token-explained-tools",
            TokenScope::Decide => "token-explained-decide",
            TokenScope::AdminRead => "token-explained-admin-read",
        })
    }

    fn chooses(&self, scope: &TokenScope) -> bool {
        self.scopes.contains(scope)
    }

    fn lifetime(&self, option: &LifetimeOption) -> Cow<'static, str> {
        match option.days {
            Some(days) => self.ctx.t1("token-days", "days", days),
            None => self.ctx.t("token-for-ever"),
        }
    }
}

/// What follows the making of a token: the only page that shows it.
#[derive(Template)]
#[template(path = "settings/token.html")]
pub struct TokenPage<'a> {
    /// The page's context.
    pub ctx: &'a PageContext,
    /// What its person calls it.
    pub name: &'a str,
    /// The token.
    pub token: &'a str,
}
