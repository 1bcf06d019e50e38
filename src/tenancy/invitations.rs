//! Invitations: a link for one address and one role, good once, within a week, and only as long as who made it could
//! still give that role.

use super::{Acting, Desk, Power, STEERING, checked_email, checked_name, new_token, power, taken};
use crate::{
    db::{Conn, Scope},
    error::{Code, Refusal, Result},
    models::{
        Owner,
        audit::{Actor, Chain},
        invitation::{self, Invitation},
        membership::{self, Membership},
        tenant::{self, Tenant},
        user::{self, NewUser, User},
    },
    types::{InvitationId, Role, TenantId, UserId},
};

/// A link tells nobody's tenant before it is looked up.
const SCOPE: Scope = Scope::System("invitations");

/// Invites an address into a tenant. Gives the link's token, which is kept nowhere.
///
/// # Errors
/// `forbidden`; `not_found`; `invalid_payload` or `conflict` about `email` or `role`.
pub async fn invite(
    desk: &Desk,
    acting: &Acting,
    tenant: TenantId,
    email: &str,
    role: Role,
) -> Result<(Invitation, String)> {
    let email = checked_email(email)?;
    let mut tx = desk.db.write(STEERING).await?;
    tenant::lock(&mut tx, tenant).await?.ok_or(Code::NotFound)?;
    check_role(power(&mut tx, acting, tenant).await?, role)?;
    let conflict = |message| Err(Refusal::new(Code::Conflict).saying(message).about("email").into());
    if is_member(&mut tx, tenant, &email).await? {
        return conflict("error-member-already");
    }
    let open = invitation::open_in(&mut tx, tenant).await?;
    if open.iter().any(|invitation| invitation.email == email) {
        return conflict("error-invited-already");
    }
    if i64::try_from(open.len()).unwrap_or(i64::MAX) >= invitation::MOST {
        return conflict("error-too-many-invitations");
    }
    let token = new_token();
    let made = Invitation::new(tenant, &token, email, role, by(acting));
    invitation::insert(&mut tx, &made).await?;
    desk.audit(&mut tx, tenant, acting, "member_invited", object(made.id), role.as_str()).await?;
    tx.commit().await?;
    Ok((made, token))
}

/// Gives an invitation a new link and another week, in one's own name; the old link is void.
///
/// # Errors
/// `forbidden`; `not_found` if it is not open any more.
pub async fn renew(desk: &Desk, acting: &Acting, tenant: TenantId, id: InvitationId) -> Result<(Invitation, String)> {
    let mut tx = desk.db.write(STEERING).await?;
    tenant::lock(&mut tx, tenant).await?.ok_or(Code::NotFound)?;
    let power = power(&mut tx, acting, tenant).await?;
    let found = invitation::find_open(&mut tx, tenant, id).await?.ok_or(Code::NotFound)?;
    check_role(power, found.role)?;
    let token = new_token();
    if !invitation::renew(&mut tx, tenant, id, &token, by(acting)).await? {
        return Err(Code::NotFound.into());
    }
    desk.audit(&mut tx, tenant, acting, "invitation_renewed", object(id), found.role.as_str()).await?;
    tx.commit().await?;
    Ok((found, token))
}

/// Takes an invitation back.
///
/// # Errors
/// `forbidden`; `not_found` if it is not open any more.
pub async fn revoke(desk: &Desk, acting: &Acting, tenant: TenantId, id: InvitationId) -> Result<Invitation> {
    let mut tx = desk.db.write(STEERING).await?;
    let power = power(&mut tx, acting, tenant).await?;
    let found = invitation::find_open(&mut tx, tenant, id).await?.ok_or(Code::NotFound)?;
    check_role(power, found.role)?;
    if !invitation::revoke(&mut tx, tenant, id).await? {
        return Err(Code::NotFound.into());
    }
    desk.audit(&mut tx, tenant, acting, "invitation_revoked", object(id), "").await?;
    tx.commit().await?;
    Ok(found)
}

/// What a good link leads to.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The invitation.
    pub invitation: Invitation,
    /// Into which tenant.
    pub tenant: Tenant,
    /// Who made it.
    pub inviter: Option<User>,
    /// Who has that address, if anybody has.
    pub account: Option<User>,
}

/// Looks a link up.
///
/// # Errors
/// `not_found`, in words: used, over, taken back, void, or none at all.
pub async fn open(desk: &Desk, token: &str) -> Result<Opened> {
    opened(&mut *desk.db.read(SCOPE).await?, token).await
}

async fn opened(conn: &mut Conn, token: &str) -> Result<Opened> {
    let refuse = |message| Err(Refusal::new(Code::NotFound).saying(message).into());
    let Some(invitation) = invitation::of_token(conn, token).await? else { return refuse("invitation-unknown") };
    if invitation.accepted_at.is_some() {
        return refuse("invitation-used");
    }
    if invitation.revoked_at.is_some() {
        return refuse("invitation-void");
    }
    if invitation.expires_at.0 <= crate::db::now() {
        return refuse("invitation-expired");
    }
    let tenant = tenant::find(conn, invitation.tenant_id).await?.filter(|tenant| tenant.is_active);
    let Some(tenant) = tenant else { return refuse("invitation-void") };
    let inviter = match invitation.invited_by {
        None => None,
        Some(user) => {
            let inviter = user::find(conn, user).await?.filter(|user| user.is_active);
            let Some(inviter) = inviter else { return refuse("invitation-void") };
            if !still_may(conn, &inviter, &invitation).await? {
                return refuse("invitation-void");
            }
            Some(inviter)
        }
    };
    let account = user::find_by_email(conn, &invitation.email).await?;
    Ok(Opened { invitation, tenant, inviter, account })
}

/// Who accepts.
pub enum Joining<'a> {
    /// Somebody new: their name, and the hash of the password they chose.
    New(&'a str, String),
    /// Somebody with an account, who has proved that it is theirs. They are never given another password.
    Account(UserId),
}

/// Accepts an invitation: it is used up, and the person is in the tenant; all or nothing.
///
/// # Errors
/// As [`open`]; `forbidden` for another account than the one it is for; `conflict` if they are in the tenant, or made an
/// account meanwhile; `invalid_payload` about `name`.
pub async fn accept(
    desk: &Desk,
    token: &str,
    joining: Joining<'_>,
    address: &str,
) -> Result<(User, Membership, Tenant)> {
    let mut tx = desk.db.write(SCOPE).await?;
    let found = invitation::of_token(&mut tx, token).await?;
    // Whoever takes the inviter's role away comes before or after this.
    if let Some(invitation) = found {
        tenant::lock(&mut tx, invitation.tenant_id).await?;
    }
    let Opened { invitation, tenant, account, .. } = opened(&mut tx, token).await?;
    if !invitation::use_up(&mut tx, token).await? {
        return Err(Refusal::new(Code::NotFound).saying("invitation-used").into());
    }
    let (user, is_new) = match (joining, account) {
        (Joining::Account(user), Some(account)) if account.id == user && account.is_active => (account, false),
        (Joining::Account(_), _) => {
            return Err(Refusal::new(Code::Forbidden).saying("invitation-for-another").into());
        }
        (Joining::New(..), Some(_)) => {
            return Err(Refusal::new(Code::Conflict).saying("error-email-taken").about("email").into());
        }
        (Joining::New(name, hash), None) => {
            let name = checked_name(name, "name")?;
            let new = NewUser { email: &invitation.email, name, password_hash: Some(hash), is_operator: false };
            let made = user::create(&mut tx, new).await;
            (made.map_err(|error| taken(error, "error-email-taken", "email"))?, true)
        }
    };
    let owner = Owner { tenant: tenant.id, user: user.id };
    let place = membership::create(&mut tx, owner, invitation.role)
        .await
        .map_err(|error| taken(error, "invitation-already-in", ""))?;
    let acting = Acting { actor: Actor::User(user.id), address: address.to_owned(), is_operator: false };
    let role = invitation.role.as_str();
    desk.audit(&mut tx, tenant.id, &acting, "invitation_accepted", object(invitation.id), role).await?;
    // The system's chain is locked last, everywhere: two who lock two chains wait for one another in one order.
    if is_new {
        let object = format!("user:{}", user.id);
        desk.audit(&mut tx, Chain::System, &acting, "user_created", object, "invitation").await?;
    }
    desk.wake_person(&mut tx, user.id).await?;
    tx.commit().await?;
    desk.touch_person(user.id);
    Ok((user, place, tenant))
}

/// Whether who made an invitation could make it now.
async fn still_may(conn: &mut Conn, inviter: &User, invitation: &Invitation) -> Result<bool> {
    if inviter.is_operator {
        return Ok(true);
    }
    let owner = Owner { tenant: invitation.tenant_id, user: inviter.id };
    let place = membership::find(conn, owner).await?.map(|(_, place, _)| place);
    Ok(place
        .is_some_and(|place| place.is_active && place.role.steers() && Power::Of(place.role).reaches(invitation.role)))
}

/// Guests come in by themselves; everybody else with what the inviter may give.
fn check_role(power: Power, role: Role) -> Result<()> {
    if role == Role::Guest {
        return Err(Refusal::new(Code::InvalidPayload).saying("error-guest-invited").about("role").into());
    }
    if !power.reaches(role) {
        return Err(Refusal::new(Code::Forbidden).saying("error-above-you").about("role").into());
    }
    Ok(())
}

async fn is_member(conn: &mut Conn, tenant: TenantId, email: &str) -> Result<bool> {
    let Some(user) = user::find_by_email(conn, email).await? else { return Ok(false) };
    Ok(membership::find(conn, Owner { tenant, user: user.id }).await?.is_some())
}

fn by(acting: &Acting) -> Option<UserId> {
    match acting.actor {
        Actor::User(user) => Some(user),
        Actor::Nobody => None,
    }
}

fn object(id: InvitationId) -> String {
    format!("invitation:{id}")
}
