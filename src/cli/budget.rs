//! `sayso admin set-limits | show-usage | add-credits`: what tenants and people may use, and what they did.

use serde_json::{Value, json};

use super::{SCOPE, admin::tenant_json, fault};
use crate::{
    db::Conn,
    error::Result,
    models::{
        Owner, membership,
        tenant::{self, Tenant},
        usage::{self, Limits, LimitsChange, Month},
        user::{self, User},
    },
    tenancy::{
        Acting, Desk,
        budget::{self, NewCredits, Whose},
    },
    types::{CreditEntryId, Credits},
};

/// What is said, to people and to scripts.
type Answer = Result<(String, Value)>;

/// Of whom: a tenant, or a person in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Of {
    /// The tenant's slug.
    pub tenant: String,
    /// The person's address.
    pub user: Option<String>,
}

/// Sets limits.
pub(super) async fn set_limits(desk: &Desk, acting: &Acting, of: Of, change: LimitsChange) -> Answer {
    let (tenant, user) = known(&mut *desk.db.read(SCOPE).await?, &of).await?;
    let whose = user.as_ref().map_or(Whose::Tenant, |user| Whose::Person(user.id));
    let limits = budget::set_limits(desk, acting, tenant.id, whose, change).await?;
    let who = name(&tenant, user.as_ref());
    let said = match user {
        Some(user) => {
            json!({"tenant": tenant.slug, "user": {"id": user.id, "email": user.email, "limits": limits_json(limits)}})
        }
        None => json!({"tenant": tenant_json(&tenant, limits)}),
    };
    Ok((format!("{who} may use, a month: {}.", in_words(limits)), said))
}

/// Adds credits to this month.
pub(super) async fn add_credits(desk: &Desk, acting: &Acting, slug: &str, amount: Credits, note: &str) -> Answer {
    let of = Of { tenant: slug.to_owned(), user: None };
    let (tenant, _) = known(&mut *desk.db.read(SCOPE).await?, &of).await?;
    let new = NewCredits { id: CreditEntryId::new(), amount, note: note.to_owned() };
    let entry = budget::add_credits(desk, acting, tenant.id, &new).await?;
    let words = format!("{} has {} more credits in {}.", tenant.slug, entry.amount, entry.month);
    let said = json!({
        "tenant": tenant.slug,
        "entry": {
            "id": entry.id,
            "month": entry.month,
            // As text: an exact decimal.
            "amount": entry.amount.to_string(),
            "note": entry.note,
            "created_at": entry.created_at.0,
        },
    });
    Ok((words, said))
}

/// Shows what was used of a month.
pub(super) async fn show_usage(desk: &Desk, of: Of, month: Option<String>) -> Answer {
    let mut tx = desk.db.read(SCOPE).await?;
    let (tenant, user) = known(&mut tx, &of).await?;
    let month = match month {
        Some(month) => month,
        None => usage::month_of(tx.now().await?),
    };
    let subject = user.as_ref().map_or(Whose::Tenant, |user| Whose::Person(user.id)).subject(tenant.id);
    let used = usage::month(&mut tx, tenant.id, subject, &month).await?;
    let limits = usage::limits(&mut tx, tenant.id, subject).await?;
    let who = name(&tenant, user.as_ref());
    let words = format!(
        "{who} used in {month}: {} input tokens, {} output tokens, {} requests, {} credits. It may use: {}{}.",
        used.input_tokens,
        used.output_tokens,
        used.requests,
        used.credits,
        in_words(limits),
        if used.added_credits > Credits(0) {
            format!("; {} credits were added", used.added_credits)
        } else {
            String::new()
        },
    );
    let said = json!({
        "tenant": tenant.slug,
        "user": user.map(|user| user.email),
        "month": month,
        "used": used_json(&used),
        "added_credits": used.added_credits.to_string(),
        "limits": limits_json(limits),
    });
    Ok((words, said))
}

/// A month as an argument.
pub(super) fn month(text: &str) -> Result<String, &'static str> {
    if usage::is_month(text) { Ok(text.to_owned()) } else { Err("accepted: a month, as in 2026-01") }
}

/// An amount of credits as an argument.
pub(super) fn amount(text: &str) -> Result<Credits, &'static str> {
    match text.parse() {
        Ok(amount) if amount > Credits(0) && amount <= budget::MOST_CREDITS => Ok(amount),
        _ => Err("accepted: a decimal above 0 with at most six places, at most 1000000000"),
    }
}

/// The tenant, and the person in it.
async fn known(conn: &mut Conn, of: &Of) -> Result<(Tenant, Option<User>)> {
    let missing = || fault(format!("there is no tenant {}", of.tenant.escape_debug()));
    let tenant = tenant::find_by_slug(conn, &of.tenant).await?.ok_or_else(missing)?;
    let Some(email) = &of.user else { return Ok((tenant, None)) };
    let missing = || fault(format!("nobody has the address {}", email.escape_debug()));
    let user = user::find_by_email(conn, email).await?.ok_or_else(missing)?;
    if membership::find(conn, Owner { tenant: tenant.id, user: user.id }).await?.is_none() {
        return Err(fault(format!("{} is not in {}", user.email, tenant.slug)));
    }
    Ok((tenant, Some(user)))
}

fn name(tenant: &Tenant, user: Option<&User>) -> String {
    user.map_or_else(|| tenant.slug.clone(), |user| format!("{} in {}", user.email, tenant.slug))
}

/// Limits for people.
pub(super) fn in_words(limits: Limits) -> String {
    let one = |limit: Option<i64>, what| limit.map_or_else(|| format!("any {what}"), |limit| format!("{limit} {what}"));
    format!(
        "{}, {}, {}, {}{}",
        one(limits.monthly_input_tokens, "input tokens"),
        one(limits.monthly_output_tokens, "output tokens"),
        one(limits.monthly_requests, "requests"),
        limits.monthly_credits.map_or_else(|| "any credits".to_owned(), |limit| format!("{limit} credits")),
        if limits.is_active { "" } else { " (not in force)" }
    )
}

/// Limits for scripts.
pub(super) fn limits_json(limits: Limits) -> Value {
    json!({
        "monthly_input_tokens": limits.monthly_input_tokens,
        "monthly_output_tokens": limits.monthly_output_tokens,
        "monthly_requests": limits.monthly_requests,
        // As text: an exact decimal.
        "monthly_credits": limits.monthly_credits.map(|credits| credits.to_string()),
        "is_active": limits.is_active,
    })
}

fn used_json(month: &Month) -> Value {
    json!({
        "input_tokens": month.input_tokens,
        "output_tokens": month.output_tokens,
        "cached_tokens": month.cached_tokens,
        "requests": month.requests,
        "credits": month.credits.to_string(),
    })
}
