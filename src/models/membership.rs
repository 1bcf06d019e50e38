//! Who belongs to which tenant, and as what.

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
}

/// Takes a person in.
///
/// # Errors
/// When the database refuses; being in already is a unique violation.
pub async fn create(conn: &mut Conn, owner: Owner, role: Role) -> Result<Membership> {
    let membership =
        Membership { tenant_id: owner.tenant, user_id: owner.user, role, is_active: true, created_at: now().into() };
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
