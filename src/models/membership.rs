//! Who belongs to which tenant, and as what.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::{Owner, tenant::Tenant, user::User};
use crate::{
    db::{
        Conn, now, on,
        schema::{memberships, tenants, users},
        types::Time,
    },
    error::Result,
    types::{Role, TenantId, UserId},
};

/// A person's place in a tenant.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = memberships)]
pub struct Membership {
    /// The tenant.
    pub tenant_id: TenantId,
    /// The person.
    pub user_id: UserId,
    /// What they may do there.
    pub role: Role,
    /// Whether they may work there.
    pub is_active: bool,
    /// When they came.
    pub created_at: Time,
    /// Raised to make what they have open here look again.
    pub epoch: i64,
    /// When they last used anything here, to about five minutes.
    pub last_used_at: Option<Time>,
}

/// Takes a person in.
///
/// # Errors
/// When the database refuses; being in already is a unique violation.
pub async fn create(conn: &mut Conn, owner: Owner, role: Role) -> Result<Membership> {
    let membership = Membership {
        tenant_id: owner.tenant,
        user_id: owner.user,
        role,
        is_active: true,
        created_at: now().into(),
        epoch: 0,
        last_used_at: None,
    };
    on!(conn, c => diesel::insert_into(memberships::table).values(&membership).execute(c).await)?;
    Ok(membership)
}

/// Gives a person in a tenant another role; `false` if they are not in it.
///
/// # Errors
/// When the database does not answer.
pub async fn set_role(conn: &mut Conn, owner: Owner, role: Role) -> Result<bool> {
    let changed = on!(conn, c => {
        diesel::update(memberships::table.find((owner.tenant, owner.user)))
            .set(memberships::role.eq(role))
            .execute(c)
            .await
    })?;
    Ok(changed == 1)
}

/// The person, their place and the tenant, if all three are there.
///
/// # Errors
/// When the database does not answer.
pub async fn find(conn: &mut Conn, owner: Owner) -> Result<Option<(User, Membership, Tenant)>> {
    Ok(on!(conn, c => {
        memberships::table
            .find((owner.tenant, owner.user))
            .inner_join(users::table.on(users::id.eq(memberships::user_id)))
            .inner_join(tenants::table.on(tenants::id.eq(memberships::tenant_id)))
            .select((User::as_select(), Membership::as_select(), Tenant::as_select()))
            .first(c)
            .await
            .optional()
    })?)
}

/// Where a person belongs, by the tenants' names; suspended places and tenants are left out.
///
/// # Errors
/// When the database does not answer.
pub async fn of_user(conn: &mut Conn, user: UserId) -> Result<Vec<(Membership, Tenant)>> {
    Ok(on!(conn, c => {
        memberships::table
            .inner_join(tenants::table.on(tenants::id.eq(memberships::tenant_id)))
            .filter(memberships::user_id.eq(user))
            .filter(memberships::is_active.eq(true))
            .filter(tenants::is_active.eq(true))
            .order((tenants::name, tenants::id))
            .select((Membership::as_select(), Tenant::as_select()))
            .load(c)
            .await
    })?)
}

/// All places of a person, suspended ones and those in suspended tenants too, in the order of the tenants' ids.
///
/// # Errors
/// When the database does not answer.
pub async fn all_of_user(conn: &mut Conn, user: UserId) -> Result<Vec<(Membership, Tenant)>> {
    Ok(on!(conn, c => {
        memberships::table
            .inner_join(tenants::table.on(tenants::id.eq(memberships::tenant_id)))
            .filter(memberships::user_id.eq(user))
            .order(memberships::tenant_id)
            .select((Membership::as_select(), Tenant::as_select()))
            .load(c)
            .await
    })?)
}

/// The people of a tenant, by name.
///
/// # Errors
/// When the database does not answer.
pub async fn of_tenant(conn: &mut Conn, tenant: TenantId) -> Result<Vec<(Membership, User)>> {
    Ok(on!(conn, c => {
        memberships::table
            .inner_join(users::table.on(users::id.eq(memberships::user_id)))
            .filter(memberships::tenant_id.eq(tenant))
            .order((users::name, users::id))
            .select((Membership::as_select(), User::as_select()))
            .load(c)
            .await
    })?)
}

/// The people of a tenant by name, so many after the one given.
///
/// # Errors
/// When the database does not answer.
pub async fn page(
    conn: &mut Conn,
    tenant: TenantId,
    after: Option<UserId>,
    limit: i64,
) -> Result<Vec<(Membership, User)>> {
    let last: Option<(String, UserId)> = match after {
        None => None,
        Some(id) => on!(conn, c => {
            // Of this tenant alone: where somebody's name stands among others says something of it.
            memberships::table
                .find((tenant, id))
                .inner_join(users::table.on(users::id.eq(memberships::user_id)))
                .select((users::name, users::id))
                .first(c)
                .await
                .optional()
        })?,
    };
    let (name, id) = last.unwrap_or_else(|| (String::new(), UserId(uuid::Uuid::nil())));
    Ok(on!(conn, c => {
        memberships::table
            .inner_join(users::table.on(users::id.eq(memberships::user_id)))
            .filter(memberships::tenant_id.eq(tenant))
            .filter(users::name.gt(&name).or(users::name.eq(&name).and(users::id.gt(id))))
            .order((users::name, users::id))
            .limit(limit)
            .select((Membership::as_select(), User::as_select()))
            .load(c)
            .await
    })?)
}

/// Suspends or readmits a person in a tenant; `false` if they are not in it.
///
/// # Errors
/// When the database does not answer.
pub async fn set_active(conn: &mut Conn, owner: Owner, is_active: bool) -> Result<bool> {
    let changed = on!(conn, c => {
        diesel::update(memberships::table.find((owner.tenant, owner.user)))
            .set(memberships::is_active.eq(is_active))
            .execute(c)
            .await
    })?;
    Ok(changed == 1)
}

/// Takes a person out of a tenant; `false` if they are not in it.
///
/// # Errors
/// When the database does not answer.
pub async fn delete(conn: &mut Conn, owner: Owner) -> Result<bool> {
    let changed = on!(conn, c => {
        diesel::delete(memberships::table.find((owner.tenant, owner.user))).execute(c).await
    })?;
    Ok(changed == 1)
}

/// Makes what a person has open in a tenant look again.
///
/// # Errors
/// When the database does not answer.
pub async fn raise_epoch(conn: &mut Conn, owner: Owner) -> Result<()> {
    on!(conn, c => {
        diesel::update(memberships::table.find((owner.tenant, owner.user)))
            .set(memberships::epoch.eq(memberships::epoch + 1))
            .execute(c)
            .await
    })?;
    Ok(())
}

/// As [`raise_epoch`], of everybody in a tenant.
///
/// # Errors
/// When the database does not answer.
pub async fn raise_epochs(conn: &mut Conn, tenant: TenantId) -> Result<()> {
    on!(conn, c => {
        diesel::update(memberships::table.filter(memberships::tenant_id.eq(tenant)))
            .set(memberships::epoch.eq(memberships::epoch + 1))
            .execute(c)
            .await
    })?;
    Ok(())
}

/// Notes that a person used something in a tenant.
///
/// # Errors
/// When the database does not answer.
pub async fn note_use(conn: &mut Conn, owner: Owner) -> Result<()> {
    let time = Time(now());
    on!(conn, c => {
        diesel::update(memberships::table.find((owner.tenant, owner.user)))
            .set(memberships::last_used_at.eq(Some(time)))
            .execute(c)
            .await
    })?;
    Ok(())
}

/// Whether a tenant has an owner who may work there, beside this person.
///
/// # Errors
/// When the database does not answer.
pub async fn has_other_owner(conn: &mut Conn, owner: Owner) -> Result<bool> {
    Ok(on!(conn, c => {
        diesel::select(diesel::dsl::exists(
            memberships::table
                .inner_join(users::table.on(users::id.eq(memberships::user_id)))
                .filter(memberships::tenant_id.eq(owner.tenant))
                .filter(memberships::user_id.ne(owner.user))
                .filter(memberships::role.eq(Role::Owner))
                .filter(memberships::is_active.eq(true))
                .filter(users::is_active.eq(true)),
        ))
        .get_result(c)
        .await
    })?)
}

/// Whether any place of a person is in a tenant that is suspended, and theirs is not.
///
/// # Errors
/// When the database does not answer.
pub async fn waits_for_tenant(conn: &mut Conn, user: UserId) -> Result<bool> {
    Ok(on!(conn, c => {
        diesel::select(diesel::dsl::exists(
            memberships::table
                .inner_join(tenants::table.on(tenants::id.eq(memberships::tenant_id)))
                .filter(memberships::user_id.eq(user))
                .filter(memberships::is_active.eq(true))
                .filter(tenants::is_active.eq(false)),
        ))
        .get_result(c)
        .await
    })?)
}

/// A person's places as they stand, each by its tenant: its epoch, and whether they may work there.
pub type Standing = Vec<(TenantId, i64, bool)>;

/// How these people stand in their tenants; who has no place is absent. A suspended tenant is no place to work.
///
/// # Errors
/// When the database does not answer.
pub async fn standing(conn: &mut Conn, people: &[UserId]) -> Result<HashMap<UserId, Standing>> {
    let rows: Vec<(UserId, TenantId, i64, bool, bool)> = on!(conn, c => {
        memberships::table
            .inner_join(tenants::table.on(tenants::id.eq(memberships::tenant_id)))
            .filter(memberships::user_id.eq_any(people))
            .order((memberships::user_id, memberships::tenant_id))
            .select((
                memberships::user_id,
                memberships::tenant_id,
                memberships::epoch,
                memberships::is_active,
                tenants::is_active,
            ))
            .load(c)
            .await
    })?;
    let mut standing: HashMap<UserId, Standing> = HashMap::new();
    for (user, tenant, epoch, place, open) in rows {
        standing.entry(user).or_default().push((tenant, epoch, place && open));
    }
    Ok(standing)
}

/// The guests of whom nothing was heard since then, at most so many.
///
/// # Errors
/// When the database does not answer.
pub async fn guests_unheard_since(conn: &mut Conn, since: DateTime<Utc>, limit: i64) -> Result<Vec<Owner>> {
    let since = Time(since);
    let rows: Vec<(TenantId, UserId)> = on!(conn, c => {
        memberships::table
            .inner_join(users::table.on(users::id.eq(memberships::user_id)))
            .filter(memberships::role.eq(Role::Guest))
            .filter(users::password_hash.is_null())
            .filter(memberships::created_at.lt(since))
            .filter(memberships::last_used_at.is_null().or(memberships::last_used_at.lt(since)))
            .limit(limit)
            .select((memberships::tenant_id, memberships::user_id))
            .load(c)
            .await
    })?;
    Ok(rows.into_iter().map(|(tenant, user)| Owner { tenant, user }).collect())
}
