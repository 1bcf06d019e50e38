//! The first account, by the single-use link that the server prints: a tenant, an operator who owns it, all or nothing.

use secrecy::SecretString;

use super::{Acting, Desk, checked_email, checked_name};
use crate::{
    db::Scope,
    error::{Code, Error, Refusal, Result},
    models::{
        Owner,
        audit::{Actor, Chain},
        membership, password, setup_link,
        tenant::{self, Tenant},
        user::{self, NewUser, User},
    },
    state::AppState,
    types::Role,
};

const SCOPE: Scope = Scope::System("set-up");

/// What was typed.
pub struct Founding<'a> {
    /// The link's token.
    pub token: &'a str,
    /// The person's name.
    pub name: &'a str,
    /// Their address.
    pub email: &'a str,
    /// The password they chose.
    pub password: &'a SecretString,
    /// The name of the tenant.
    pub workspace: &'a str,
}

/// Refuses a link that is not good.
///
/// # Errors
/// `not_found`, in words.
pub async fn check_link(desk: &Desk, token: &str) -> Result<()> {
    if setup_link::is_good(&mut *desk.db.read(SCOPE).await?, token).await? { Ok(()) } else { Err(not_good()) }
}

/// Makes tenant, account and membership, and uses the link up.
///
/// # Errors
/// `invalid_payload` about `name`, `email`, `workspace` or `password`; `not_found` for a link that is not good.
pub async fn found(state: &AppState, founding: Founding<'_>, address: &str) -> Result<(User, Tenant)> {
    let name = checked_name(founding.name, "name")?;
    let email = checked_email(founding.email)?;
    let workspace = checked_name(founding.workspace, "workspace")?;
    password::check(founding.password)?;
    let hash = state.passwords.hash(founding.password.clone()).await?;
    let desk = Desk::from(state);
    let mut tx = desk.db.write(SCOPE).await?;
    if !setup_link::consume(&mut tx, founding.token).await? || user::any(&mut tx).await? {
        return Err(not_good());
    }
    let tenant = tenant::create(&mut tx, &tenant::slug_of(workspace), workspace).await?;
    let new = NewUser { email: &email, name, password_hash: Some(hash), is_operator: true };
    let user = user::create(&mut tx, new).await?;
    membership::create(&mut tx, Owner { tenant: tenant.id, user: user.id }, Role::Owner).await?;
    let acting = Acting { actor: Actor::User(user.id), address: address.to_owned(), is_operator: true };
    let object = format!("user:{}", user.id);
    desk.audit(&mut tx, tenant.id, &acting, "tenant_created", format!("tenant:{}", tenant.id), "set-up").await?;
    desk.audit(&mut tx, tenant.id, &acting, "sign_in", object.clone(), "set-up").await?;
    desk.audit(&mut tx, Chain::System, &acting, "tenant_created", format!("tenant:{}", tenant.id), "set-up").await?;
    desk.audit(&mut tx, Chain::System, &acting, "user_created", object, "set-up").await?;
    tx.commit().await?;
    Ok((user, tenant))
}

fn not_good() -> Error {
    Refusal::new(Code::NotFound).saying("error-setup-link").into()
}
