//! Credits that were added to a tenant's month, each with who added them and why. What was deducted is a row of each model
//! call.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use crate::{
    db::{
        Conn, on,
        schema::{credit_entries, usage_months, users},
        types::{SubjectId, Time},
    },
    error::Result,
    types::{CreditEntryId, Credits, TenantId, UserId},
};

/// Credits that were added.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = credit_entries)]
pub struct CreditEntry {
    /// Its id, chosen by who adds: the same one twice counts once.
    pub id: CreditEntryId,
    /// To whose month.
    pub tenant_id: TenantId,
    /// The month, `YYYY-MM`.
    pub month: String,
    /// How many.
    pub amount: Credits,
    /// Why.
    pub note: String,
    /// Who added them; nobody, where it was whoever has a shell on the server.
    pub added_by: Option<UserId>,
    /// When.
    pub created_at: Time,
}

/// Adds credits to their month; `false` if that was done before.
///
/// # Errors
/// When the database refuses.
pub async fn add(conn: &mut Conn, entry: &CreditEntry) -> Result<bool> {
    use usage_months as m;
    let subject = SubjectId::from(entry.tenant_id);
    let added = on!(conn, c => {
        diesel::insert_into(credit_entries::table).values(entry).on_conflict_do_nothing().execute(c).await
    })?;
    if added == 0 {
        return Ok(false);
    }
    on!(conn, c => {
        diesel::insert_into(m::table)
            .values((
                m::tenant_id.eq(entry.tenant_id),
                m::subject_id.eq(subject),
                m::month.eq(&entry.month),
                m::added_credits.eq(entry.amount),
            ))
            .on_conflict((m::tenant_id, m::subject_id, m::month))
            .do_update()
            .set(m::added_credits.eq(m::added_credits + entry.amount.0))
            .execute(c)
            .await
    })?;
    Ok(true)
}

/// Whether this very entry was added: the same id, tenant, amount and note.
///
/// # Errors
/// When the database does not answer.
pub async fn has(conn: &mut Conn, entry: &CreditEntry) -> Result<bool> {
    let same = credit_entries::table
        .find(entry.id)
        .filter(credit_entries::tenant_id.eq(entry.tenant_id))
        .filter(credit_entries::amount.eq(entry.amount))
        .filter(credit_entries::note.eq(&entry.note));
    Ok(on!(conn, c => { diesel::select(diesel::dsl::exists(same)).get_result(c).await })?)
}

/// What was added to a tenant's month, oldest first, with the name of who did, while there is an account.
///
/// # Errors
/// When the database does not answer.
pub async fn of_month(conn: &mut Conn, tenant: TenantId, month: &str) -> Result<Vec<(CreditEntry, Option<String>)>> {
    use credit_entries as e;
    Ok(on!(conn, c => {
        e::table
            .left_join(users::table.on(users::id.nullable().eq(e::added_by)))
            .filter(e::tenant_id.eq(tenant))
            .filter(e::month.eq(month))
            .order((e::created_at, e::id))
            .select((CreditEntry::as_select(), users::name.nullable()))
            .load(c)
            .await
    })?)
}
