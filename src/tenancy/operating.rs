//! What operators do with accounts, over all tenants.

use super::{
    Acting, Desk,
    account::{alone_in, refuse_alone},
    checked_email, checked_name, must_operate, new_token, taken,
};
use crate::{
    db::{Conn, Scope},
    error::{Code, Error, Refusal, Result},
    models::{
        Owner, api_token,
        audit::{Actor, Chain},
        invitation, membership, password_link, session,
        tenant::Tenant,
        user::{self, NewUser, User},
    },
    types::{Role, UserId},
};

/// Accounts belong to no tenant.
const SCOPE: Scope = Scope::System("operators change accounts");

/// What a new account is made of.
pub struct NewAccount<'a> {
    /// How they sign in, as typed.
    pub email: &'a str,
    /// How they are called.
    pub name: &'a str,
    /// bcrypt.
    pub password_hash: String,
    /// Whether they run this server.
    pub is_operator: bool,
    /// A tenant to take them into, and as what.
    pub place: Option<(&'a Tenant, Role)>,
}

/// Makes an account.
///
/// # Errors
/// `forbidden`; `invalid_payload` or `conflict` about `email` or `name`.
pub async fn create(desk: &Desk, acting: &Acting, new: NewAccount<'_>) -> Result<User> {
    let NewAccount { email, name, password_hash, is_operator, place } = new;
    let (email, name) = (checked_email(email)?, checked_name(name, "name")?);
    let mut tx = desk.db.write(SCOPE).await?;
    must_operate(&mut tx, acting).await?;
    let new = NewUser { email: &email, name, password_hash: Some(password_hash), is_operator };
    let made = user::create(&mut tx, new).await.map_err(|error| taken(error, "error-email-taken", "email"))?;
    let object = format!("user:{}", made.id);
    if let Some((tenant, role)) = place {
        membership::create(&mut tx, Owner { tenant: tenant.id, user: made.id }, role).await?;
        desk.audit(&mut tx, tenant.id, acting, "member_added", object.clone(), role.as_str()).await?;
    }
    let details = if is_operator { "operator" } else { "" };
    desk.audit(&mut tx, Chain::System, acting, "user_created", object, details).await?;
    tx.commit().await?;
    Ok(made)
}

/// Shuts a person out of the server, which ends everything they have open anywhere, or lets them in again.
///
/// # Errors
/// `forbidden`; `not_found`; `conflict` for the last owner of a tenant, which is named.
pub async fn set_active(desk: &Desk, acting: &Acting, id: UserId, is_active: bool) -> Result<User> {
    let mut tx = desk.db.write(SCOPE).await?;
    must_operate(&mut tx, acting).await?;
    let user = user::find(&mut tx, id).await?.ok_or(Code::NotFound)?;
    if !is_active {
        let places = membership::all_of_user(&mut tx, id).await?;
        refuse_alone(&alone_in(&mut tx, places).await?)?;
        invitation::revoke_of_person(&mut tx, id).await?;
    }
    user::set_active(&mut tx, id, is_active).await?;
    if !is_active {
        end_everything(&mut tx, id).await?;
    }
    let action = if is_active { "user_enabled" } else { "user_disabled" };
    desk.audit(&mut tx, Chain::System, acting, action, format!("user:{id}"), "").await?;
    desk.wake_person(&mut tx, id).await?;
    tx.commit().await?;
    desk.touch_person(id);
    Ok(User { is_active, ..user })
}

/// Sets a person's password, which ends everything they have open anywhere.
///
/// # Errors
/// `forbidden`; `not_found`, also of a guest, who has no account.
pub async fn set_password(desk: &Desk, acting: &Acting, id: UserId, hash: &str) -> Result<User> {
    let mut tx = desk.db.write(SCOPE).await?;
    must_operate(&mut tx, acting).await?;
    // A guest has no account: with a password it would be one that nobody knows of.
    user::find(&mut tx, id).await?.filter(|user| user.password_hash.is_some()).ok_or(Code::NotFound)?;
    let user = changed_password(desk, &mut tx, acting, id, hash).await?;
    tx.commit().await?;
    desk.touch_person(id);
    Ok(user)
}

/// Makes a single-use link by which a person who forgot their password chooses another. Gives its token, which is kept
/// nowhere.
///
/// # Errors
/// `forbidden`; `not_found`, also of a guest, who has no account.
pub async fn password_link(desk: &Desk, acting: &Acting, id: UserId) -> Result<(User, String)> {
    let mut tx = desk.db.write(SCOPE).await?;
    must_operate(&mut tx, acting).await?;
    let user = user::find(&mut tx, id).await?.filter(|user| user.password_hash.is_some());
    let user = user.ok_or(Code::NotFound)?;
    let token = new_token();
    password_link::replace(&mut tx, id, &token).await?;
    desk.audit(&mut tx, Chain::System, acting, "password_link_made", format!("user:{id}"), "").await?;
    tx.commit().await?;
    Ok((user, token))
}

/// For whom a link is, if it is good.
///
/// # Errors
/// `not_found`, in words.
pub async fn of_password_link(desk: &Desk, token: &str) -> Result<User> {
    let mut conn = desk.db.read(SCOPE).await?;
    let id = password_link::person(&mut conn, token).await?.ok_or_else(not_good)?;
    user::find(&mut conn, id).await?.filter(|user| user.is_active).ok_or_else(not_good)
}

/// Uses a link up, and with it sets the password that its person chose; all or nothing.
///
/// # Errors
/// `not_found`, in words.
pub async fn use_password_link(desk: &Desk, token: &str, hash: &str, address: &str) -> Result<User> {
    let mut tx = desk.db.write(SCOPE).await?;
    let id = password_link::consume(&mut tx, token).await?.ok_or_else(not_good)?;
    if !user::find(&mut tx, id).await?.is_some_and(|user| user.is_active) {
        return Err(not_good());
    }
    let acting = Acting { actor: Actor::User(id), address: address.to_owned(), is_operator: false };
    let user = changed_password(desk, &mut tx, &acting, id, hash).await?;
    tx.commit().await?;
    desk.touch_person(id);
    Ok(user)
}

async fn changed_password(desk: &Desk, conn: &mut Conn, acting: &Acting, id: UserId, hash: &str) -> Result<User> {
    user::set_password(conn, id, hash).await?;
    password_link::delete(conn, id).await?;
    end_everything(conn, id).await?;
    let user = user::find(conn, id).await?.ok_or(Code::NotFound)?;
    desk.audit(conn, Chain::System, acting, "password_reset", format!("user:{id}"), "").await?;
    desk.wake_person(conn, id).await?;
    Ok(user)
}

/// Beside the epoch, which was raised.
async fn end_everything(conn: &mut Conn, id: UserId) -> Result<()> {
    session::revoke_all(conn, id).await?;
    api_token::revoke_all(conn, id).await?;
    Ok(())
}

fn not_good() -> Error {
    Refusal::new(Code::NotFound).saying("error-password-link").into()
}
