//! People's places in a tenant: roles, suspension, removal, signing out. Never their accounts, which may have places
//! elsewhere.

use super::{Acting, Desk, Power, STEERING, power};
use crate::{
    db::{Conn, Transaction},
    error::{Code, Refusal, Result},
    models::{
        Owner, api_token, grant, invitation, mcp_token,
        membership::{self, Membership},
        refresh_token, session,
        tenant::{self, Tenant},
        user::User,
    },
    types::Role,
};

/// A person and their place, within the transaction that changes it.
struct Place {
    tx: Transaction,
    power: Power,
    user: User,
    place: Membership,
}

impl Place {
    /// Begins: nobody else changes this tenant's places until it ends.
    async fn begin(desk: &Desk, acting: &Acting, owner: Owner) -> Result<Self> {
        let mut tx = desk.db.write(STEERING).await?;
        tenant::lock(&mut tx, owner.tenant).await?.ok_or(Code::NotFound)?;
        let power = power(&mut tx, acting, owner.tenant).await?;
        let (user, place, _) = membership::find(&mut tx, owner).await?.ok_or(Code::NotFound)?;
        if !power.reaches(place.role) {
            return Err(Refusal::new(Code::Forbidden).saying("error-above-you").into());
        }
        Ok(Self { tx, power, user, place })
    }

    /// Refuses what would leave a tenant without anybody who may do everything in it.
    async fn must_not_be_last(&mut self, owner: Owner) -> Result<()> {
        let counts = self.place.role == Role::Owner && self.place.is_active;
        if counts && !membership::has_other_owner(&mut self.tx, owner).await? {
            return Err(Refusal::new(Code::Conflict).saying("error-last-owner").about("role").into());
        }
        Ok(())
    }

    /// Commits with the row of the act, and tells whatever the person has open.
    async fn end(mut self, desk: &Desk, acting: &Acting, action: &str, details: &str) -> Result<(User, Membership)> {
        let (tenant, user) = (self.place.tenant_id, self.user.id);
        desk.audit(&mut self.tx, tenant, acting, action, format!("user:{user}"), details).await?;
        desk.wake_person(&mut self.tx, user).await?;
        self.tx.commit().await?;
        desk.touch_person(user);
        Ok((self.user, self.place))
    }
}

/// Ends all that a person has open in a tenant, the tokens of their scripts included: a script that lost its power shall
/// not come to life again when the person regains it.
///
/// # Errors
/// When the database does not answer.
pub async fn end_access(conn: &mut Conn, owner: Owner) -> Result<()> {
    membership::raise_epoch(conn, owner).await?;
    session::revoke_in(conn, owner).await?;
    refresh_token::revoke_in(conn, owner).await?;
    api_token::revoke_in(conn, owner).await?;
    Ok(())
}

/// Gives a person in a tenant another role. Less than they had ends what they have open there.
///
/// # Errors
/// `not_found`; `forbidden` above oneself; `conflict` about `role` for the last owner, or for a guest without an account.
pub async fn set_role(desk: &Desk, acting: &Acting, owner: Owner, role: Role) -> Result<(User, Membership)> {
    let mut place = Place::begin(desk, acting, owner).await?;
    let before = place.place.role;
    if before == role {
        return Ok((place.user, place.place));
    }
    if !place.power.reaches(role) {
        return Err(Refusal::new(Code::Forbidden).saying("error-above-you").about("role").into());
    }
    // Nobody can sign in as a guest: a role that steers would belong to whoever holds one browser's cookie.
    if place.user.password_hash.is_none() {
        return Err(Refusal::new(Code::Conflict).saying("error-guest-role").about("role").into());
    }
    place.must_not_be_last(owner).await?;
    membership::set_role(&mut place.tx, owner, role).await?;
    if role.power() < before.power() {
        end_access(&mut place.tx, owner).await?;
        invitation::revoke_of_member(&mut place.tx, owner).await?;
    }
    place.place.role = role;
    place.end(desk, acting, "role_changed", &format!("{before} → {role}")).await
}

/// Takes a person with an account into a tenant; operators do so without an invitation.
///
/// # Errors
/// `not_found`; `forbidden`; `conflict` if they are in it, or have no account.
pub async fn add(desk: &Desk, acting: &Acting, user: &User, tenant: &Tenant, role: Role) -> Result<Membership> {
    let owner = Owner { tenant: tenant.id, user: user.id };
    if user.password_hash.is_none() {
        return Err(Refusal::new(Code::Conflict).saying("error-guest-role").about("role").into());
    }
    let mut tx = desk.db.write(STEERING).await?;
    super::must_operate(&mut tx, acting).await?;
    tenant::lock(&mut tx, tenant.id).await?.ok_or(Code::NotFound)?;
    let made = membership::create(&mut tx, owner, role)
        .await
        .map_err(|error| super::taken(error, "error-member-already", "email"))?;
    let object = format!("user:{}", user.id);
    desk.audit(&mut tx, tenant.id, acting, "member_added", object, role.as_str()).await?;
    tx.commit().await?;
    Ok(made)
}

/// Suspends a person in a tenant, which ends all they have open there and what they said beforehand, or readmits them.
///
/// # Errors
/// `not_found`; `forbidden` above oneself; `conflict` for the last owner.
pub async fn set_active(desk: &Desk, acting: &Acting, owner: Owner, is_active: bool) -> Result<(User, Membership)> {
    let mut place = Place::begin(desk, acting, owner).await?;
    if place.place.is_active == is_active {
        return Ok((place.user, place.place));
    }
    if !is_active {
        place.must_not_be_last(owner).await?;
        forget(&mut place.tx, owner).await?;
    }
    membership::set_active(&mut place.tx, owner, is_active).await?;
    place.place.is_active = is_active;
    place.end(desk, acting, if is_active { "member_resumed" } else { "member_suspended" }, "").await
}

/// Takes a person out of a tenant. What they wrote there is kept, out of reach, in case they come back.
///
/// # Errors
/// `not_found`; `forbidden` above oneself; `conflict` for the last owner.
pub async fn remove(desk: &Desk, acting: &Acting, owner: Owner) -> Result<(User, Membership)> {
    let mut place = Place::begin(desk, acting, owner).await?;
    place.must_not_be_last(owner).await?;
    forget(&mut place.tx, owner).await?;
    membership::delete(&mut place.tx, owner).await?;
    let role = place.place.role;
    place.end(desk, acting, "member_removed", role.as_str()).await
}

/// Signs a person out of a tenant everywhere: its sessions, sign-ins and tokens of theirs end.
///
/// # Errors
/// `not_found`; `forbidden` above oneself.
pub async fn sign_out(desk: &Desk, acting: &Acting, owner: Owner) -> Result<(User, Membership)> {
    let mut place = Place::begin(desk, acting, owner).await?;
    end_access(&mut place.tx, owner).await?;
    place.end(desk, acting, "member_signed_out", "").await
}

/// What must not outlive a place: what is open, what was said beforehand, and by what servers of tools know the person.
async fn forget(conn: &mut Conn, owner: Owner) -> Result<()> {
    end_access(conn, owner).await?;
    invitation::revoke_of_member(conn, owner).await?;
    grant::revoke_of_member(conn, owner).await?;
    mcp_token::delete_of_member(conn, owner).await
}
