//! Guests: people of one tenant who came in without an account. A guest is known by their session alone; when that is
//! over, nobody is that guest again.

use chrono::TimeDelta;

use super::{Acting, Desk, checked_name};
use crate::{
    db::{Scope, now},
    error::{Code, Refusal, Result},
    models::{
        Owner,
        audit::Actor,
        conversation, membership, session,
        tenant::{self, Tenant},
        user::{self, NewUser, User},
    },
    types::{Role, UserId},
};

const SCOPE: Scope = Scope::System("guests");

/// After how long a guest of whom nothing was heard is forgotten.
const KEPT: TimeDelta = TimeDelta::days(30);

/// How many are forgotten in one go.
const TOGETHER: i64 = 100;

/// Lets somebody in without an account, under the name they typed.
///
/// # Errors
/// `invalid_payload` about `name`; `tenant_inactive`; `not_found` where guests may not come in.
pub async fn admit(desk: &Desk, slug: &str, name: &str, address: &str) -> Result<(User, Tenant)> {
    let name = checked_name(name, "name")?;
    let mut tx = desk.db.write(SCOPE).await?;
    let tenant = tenant::find_by_slug(&mut tx, slug).await?.ok_or(Code::NotFound)?;
    if !tenant.is_active {
        return Err(Refusal::new(Code::TenantInactive).into());
    }
    // No address, so that nobody can be invited as them, and no password, so that nobody can sign in as them.
    let email = format!("guest:{}", UserId::new());
    let user = user::create(&mut tx, NewUser { email: &email, name, password_hash: None, is_operator: false }).await?;
    membership::create(&mut tx, Owner { tenant: tenant.id, user: user.id }, Role::Guest).await?;
    let acting = Acting { actor: Actor::User(user.id), address: address.to_owned(), is_operator: false };
    desk.audit(&mut tx, tenant.id, &acting, "guest_admitted", format!("user:{}", user.id), "").await?;
    tx.commit().await?;
    Ok((user, tenant))
}

/// Forgets guests of whom nothing was heard for 30 days: their conversations, their place, their name. That they were
/// there stays in the audit log, and what they used in the usage. How many there were.
///
/// # Errors
/// When the database does not answer.
pub async fn sweep(desk: &Desk) -> Result<usize> {
    let mut tx = desk.db.write(SCOPE).await?;
    let old = membership::guests_unheard_since(&mut tx, now() - KEPT, TOGETHER).await?;
    for guest in &old {
        conversation::delete_of_person(&mut tx, *guest).await?;
        membership::delete(&mut tx, *guest).await?;
        session::revoke_all(&mut tx, guest.user).await?;
        user::set_profile(&mut tx, guest.user, "", None).await?;
        user::set_active(&mut tx, guest.user, false).await?;
        desk.wake_person(&mut tx, guest.user).await?;
    }
    tx.commit().await?;
    Ok(old.len())
}
