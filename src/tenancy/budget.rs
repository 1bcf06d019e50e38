//! What a tenant and its people may use: limits, and credits that are added. Limits and credits of a tenant are what it
//! may cost, which its own people do not decide: operators do. Among its people those who steer it share them out.

use serde_json::json;

use super::{Acting, Desk, STEERING, must_operate, power};
use crate::{
    db::types::SubjectId,
    error::{Code, Refusal, Result},
    models::{
        Owner,
        audit::Actor,
        credit_entry::{self, CreditEntry},
        membership,
        usage::{self, Limits, LimitsChange, month_of},
    },
    types::{CreditEntryId, Credits, TenantId, UserId},
};

/// The longest note, in characters.
pub const NOTE: usize = 200;

/// The most credits that are added at once, so that no sum passes the range of a whole number.
pub const MOST_CREDITS: Credits = Credits(1_000_000_000 * Credits::ONE);

/// Whose limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// The tenant's as a whole.
    Tenant,
    /// A person's in it.
    Person(UserId),
}

impl Whose {
    /// As whom usage is kept.
    pub fn subject(self, tenant: TenantId) -> SubjectId {
        match self {
            Self::Tenant => tenant.into(),
            Self::Person(person) => person.into(),
        }
    }
}

/// Sets limits; the limits as they stand then.
///
/// # Errors
/// `forbidden`; `not_found` for somebody who is not in the tenant.
pub async fn set_limits(
    desk: &Desk,
    acting: &Acting,
    tenant: TenantId,
    whose: Whose,
    change: LimitsChange,
) -> Result<Limits> {
    let mut tx = desk.db.write(STEERING).await?;
    let object = match whose {
        Whose::Tenant => {
            must_operate(&mut tx, acting).await?;
            format!("tenant:{tenant}")
        }
        Whose::Person(user) => {
            power(&mut tx, acting, tenant).await?;
            membership::find(&mut tx, Owner { tenant, user }).await?.ok_or(Code::NotFound)?;
            format!("user:{user}")
        }
    };
    // Of two who change different ones at once, both count.
    usage::lock_month(&mut tx, tenant).await?;
    let subject = whose.subject(tenant);
    let limits = change.over(usage::limits(&mut tx, tenant, subject).await?);
    usage::set_limits(&mut tx, tenant, subject, limits).await?;
    let details = json!({
        "monthly_input_tokens": limits.monthly_input_tokens,
        "monthly_output_tokens": limits.monthly_output_tokens,
        "monthly_requests": limits.monthly_requests,
        "monthly_credits": limits.monthly_credits.map(|credits| credits.to_string()),
        "is_active": limits.is_active,
    });
    desk.audit(&mut tx, tenant, acting, "limits_changed", object, &details.to_string()).await?;
    tx.commit().await?;
    Ok(limits)
}

/// Credits to be added.
#[derive(Clone, Debug)]
pub struct NewCredits {
    /// Chosen by who adds: the same one twice counts once.
    pub id: CreditEntryId,
    /// How many.
    pub amount: Credits,
    /// Why.
    pub note: String,
}

/// Adds credits to what a tenant may use this month.
///
/// # Errors
/// `forbidden`; `invalid_payload` about `amount` or `note`; `conflict` if the same id was sent with others before.
pub async fn add_credits(desk: &Desk, acting: &Acting, tenant: TenantId, new: &NewCredits) -> Result<CreditEntry> {
    let note = new.note.trim();
    if new.amount <= Credits(0) || new.amount > MOST_CREDITS {
        return Err(wrong("error-credits-amount", "amount").with("most", MOST_CREDITS).into());
    }
    if note.is_empty() || note.chars().count() > NOTE || note.chars().any(char::is_control) {
        return Err(wrong("error-credits-note", "note").with("limit", NOTE).into());
    }
    let mut tx = desk.db.write(STEERING).await?;
    must_operate(&mut tx, acting).await?;
    let time = tx.now().await?;
    let added_by = match acting.actor {
        Actor::User(user) => Some(user),
        Actor::Nobody => None,
    };
    let entry = CreditEntry {
        id: new.id,
        tenant_id: tenant,
        month: month_of(time),
        amount: new.amount,
        note: note.to_owned(),
        added_by,
        created_at: time.into(),
    };
    if credit_entry::add(&mut tx, &entry).await? {
        // The amount alone: the note stands in its row.
        let details = format!("{} {}", entry.month, entry.amount);
        desk.audit(&mut tx, tenant, acting, "credits_added", format!("tenant:{tenant}"), &details).await?;
        tx.commit().await?;
    } else if !credit_entry::has(&mut tx, &entry).await? {
        // A form that was sent and then sent again with other words in it: nothing is added, and nobody is told it was.
        return Err(Refusal::new(Code::Conflict).saying("error-credits-sent").about("amount").into());
    }
    Ok(entry)
}

fn wrong(message: &'static str, field: &'static str) -> Refusal {
    Refusal::new(Code::InvalidPayload).saying(message).about(field)
}
