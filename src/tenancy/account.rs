//! A person's own account: what they are called, their password, what is signed in with it, and its end. An account is
//! over all tenants, and so is everything here.

use std::time::Duration;

use chrono::TimeDelta;
use secrecy::SecretString;
use tokio::time::Instant;

use super::{Acting, Desk, checked_name};
use crate::{
    db::{Conn, Scope, now},
    error::{Code, Refusal, Result},
    models::{
        Owner, api_token,
        audit::Chain,
        conversation, grant, invitation, mcp_authorisation, mcp_token,
        membership::{self, Membership},
        password, password_link, refresh_token, session,
        tenant::{self, Tenant},
        turn,
        user::{self, User},
    },
    state::AppState,
    types::{FamilyId, Role, SessionId, UserId},
};

/// One person's work over all of their tenants.
const SCOPE: Scope = Scope::System("a person's own account");

/// Conversations that are deleted in one go: nobody else who writes waits long for it.
const TOGETHER: i64 = 20;

/// How long turns of somebody who left have to end by themselves, which settles what they cost.
const TO_REST: Duration = Duration::from_secs(5);

/// How long between looks whether they have.
const LOOK: Duration = Duration::from_millis(50);

/// After how long nothing can come from somebody who left: a request that was let in just before has long ended.
const STRAGGLING: TimeDelta = TimeDelta::minutes(10);

/// Keeps the name and the language a person chose.
///
/// # Errors
/// `invalid_payload` about `name`.
pub async fn set_profile(desk: &Desk, acting: &Acting, user: &User, name: &str, language: Option<&str>) -> Result<()> {
    let name = checked_name(name, "name")?;
    let mut tx = desk.db.write(SCOPE).await?;
    user::set_profile(&mut tx, user.id, name, language).await?;
    // The log shows people by the name they have now: when that changed is worth a row, the language is not.
    if user.name != name {
        desk.audit(&mut tx, Chain::System, acting, "name_changed", object(user.id), "").await?;
    }
    tx.commit().await
}

/// Ends one of a person's sessions, in whatever tenant.
///
/// # Errors
/// `not_found` for what is not theirs.
pub async fn end_session(desk: &Desk, acting: &Acting, user: UserId, id: SessionId) -> Result<()> {
    let mut tx = desk.db.write(SCOPE).await?;
    if !session::revoke(&mut tx, user, id).await? {
        return Err(Code::NotFound.into());
    }
    desk.audit(&mut tx, Chain::System, acting, "sign_out", format!("session:{id}"), "").await?;
    desk.wake_person(&mut tx, user).await?;
    tx.commit().await?;
    desk.touch_person(user);
    Ok(())
}

/// Ends what a program is signed in with, in whatever tenant, and all that it has open.
///
/// # Errors
/// `not_found` for what is not theirs, or has ended.
pub async fn end_sign_in(desk: &Desk, acting: &Acting, user: UserId, family: FamilyId) -> Result<()> {
    let mut tx = desk.db.write(SCOPE).await?;
    let tenant = refresh_token::tenant_of(&mut tx, user, family).await?.ok_or(Code::NotFound)?;
    if refresh_token::revoke_family(&mut tx, Owner { tenant, user }, family).await? == 0 {
        return Err(Code::NotFound.into());
    }
    desk.audit(&mut tx, tenant, acting, "sign_out", format!("sign_in:{family}"), "").await?;
    desk.wake_person(&mut tx, user).await?;
    tx.commit().await?;
    desk.touch_person(user);
    Ok(())
}

/// Gives a person who knows their password another one. Sessions, sign-ins of programs and links for a forgotten password
/// end, this browser's session too: who calls begins another. Tokens that the person made for scripts go on.
///
/// # Errors
/// `invalid_payload` about `old` or `password`; `unauthorized` if the account changed meanwhile.
pub async fn change_password(
    state: &AppState,
    acting: &Acting,
    user: &User,
    old: SecretString,
    new: SecretString,
) -> Result<User> {
    password::check(&new)?;
    prove(state, acting, user, old, "old").await?;
    let hash = state.passwords.hash(new).await?;
    let desk = Desk::from(state);
    let mut tx = desk.db.write(SCOPE).await?;
    // Of two who change it at once, or one whom an operator shut out meanwhile, the later is refused.
    let now = user::lock(&mut tx, user.id).await?;
    now.filter(|now| now.is_active && now.epoch == user.epoch).ok_or(Code::Unauthorized)?;
    user::set_password(&mut tx, user.id, &hash).await?;
    password_link::delete(&mut tx, user.id).await?;
    session::revoke_all(&mut tx, user.id).await?;
    refresh_token::revoke_all(&mut tx, user.id).await?;
    let changed = user::find(&mut tx, user.id).await?.ok_or(Code::Unauthorized)?;
    desk.audit(&mut tx, Chain::System, acting, "password_changed", object(user.id), "").await?;
    desk.wake_person(&mut tx, user.id).await?;
    tx.commit().await?;
    desk.touch_person(user.id);
    Ok(changed)
}

/// Refuses who does not know the password. Who calls has counted the attempt: a session that somebody left open is no
/// place to guess at it.
async fn prove(state: &AppState, acting: &Acting, user: &User, typed: SecretString, field: &'static str) -> Result<()> {
    if state.passwords.verify(user.password_hash.as_deref(), typed).await? {
        return Ok(());
    }
    let desk = Desk::from(state);
    let mut tx = desk.db.write(SCOPE).await?;
    desk.audit(&mut tx, Chain::System, acting, "password_refused", object(user.id), "").await?;
    tx.commit().await?;
    Err(Refusal::new(Code::InvalidPayload).saying("error-password-not-yours").about(field).into())
}

/// Writes down that a person takes their data out.
///
/// # Errors
/// When the database refuses.
pub async fn note_export(desk: &Desk, acting: &Acting, user: UserId) -> Result<()> {
    let mut tx = desk.db.write(SCOPE).await?;
    desk.audit(&mut tx, Chain::System, acting, "data_exported", object(user), "").await?;
    tx.commit().await
}

/// What a person must type to delete their account: their address; where they have none, their name.
pub fn confirmation(user: &User) -> &str {
    if user::is_email(&user.email) { &user.email } else { &user.name }
}

fn confirms(user: &User, typed: &str) -> bool {
    let wanted = confirmation(user);
    typed.trim() == wanted || user::normalised_email(typed) == wanted
}

/// The tenants that would be left without an owner if the person left, by name.
///
/// # Errors
/// When the database does not answer.
pub async fn owned_alone(desk: &Desk, user: UserId) -> Result<Vec<Tenant>> {
    let mut conn = desk.db.read(SCOPE).await?;
    let places = membership::all_of_user(&mut conn, user).await?;
    alone_in(&mut conn, places).await
}

pub(super) async fn alone_in(conn: &mut Conn, places: Vec<(Membership, Tenant)>) -> Result<Vec<Tenant>> {
    let mut alone = Vec::new();
    for (place, tenant) in places {
        let owner = Owner { tenant: tenant.id, user: place.user_id };
        if place.role == Role::Owner && place.is_active && !membership::has_other_owner(conn, owner).await? {
            alone.push(tenant);
        }
    }
    alone.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(alone)
}

pub(super) fn refuse_alone(alone: &[Tenant]) -> Result<()> {
    if alone.is_empty() {
        return Ok(());
    }
    let names: Vec<&str> = alone.iter().map(|tenant| tenant.name.as_str()).collect();
    Err(Refusal::new(Code::Conflict).saying("error-account-last-owner").with("tenants", names.join(", ")).into())
}

/// Deletes a person's account: everything that tells of them ends at once, with all they have open; what they wrote is
/// deleted after that, in small pieces. Their id stays with what was used and what was done, and files stay in the folder
/// of their tenant.
///
/// # Errors
/// `invalid_payload` about `confirmation` or `password`; `conflict` for the last owner of a tenant.
pub async fn delete(state: &AppState, acting: &Acting, user: &User, password: SecretString, typed: &str) -> Result<()> {
    let desk = Desk::from(state);
    refuse_alone(&owned_alone(&desk, user.id).await?)?;
    if !confirms(user, typed) {
        return Err(Refusal::new(Code::InvalidPayload).saying("error-confirmation").about("confirmation").into());
    }
    if user.password_hash.is_some() {
        prove(state, acting, user, password, "password").await?;
    }
    end(&desk, acting, user).await?;
    desk.touch_person(user.id);
    for run in state.runs.all().into_iter().filter(|run| run.user == user.id) {
        run.stop.cancel();
    }
    // Whoever asked neither waits for it nor breaks it off by leaving.
    let (state, user) = (state.clone(), user.id);
    let tasks = state.runs.tasks.clone();
    let handle = state.runs.handle.clone();
    tasks.spawn_on(async move { clear_away(&state, user).await }, &handle);
    Ok(())
}

/// The end of an account, in one transaction.
async fn end(desk: &Desk, acting: &Acting, user: &User) -> Result<()> {
    let id = user.id;
    let mut tx = desk.db.write(SCOPE).await?;
    let known = membership::all_of_user(&mut tx, id).await?;
    // In the order of their ids, as everybody who holds several: of two owners who leave at once, one stays.
    for (_, tenant) in &known {
        tenant::lock(&mut tx, tenant.id).await?;
    }
    let before = user::lock(&mut tx, id).await?;
    before.filter(|now| now.is_active && now.epoch == user.epoch).ok_or(Code::Unauthorized)?;
    user::erase(&mut tx, id).await?;
    let places = membership::all_of_user(&mut tx, id).await?;
    if places.iter().any(|(place, _)| !known.iter().any(|(other, _)| other.tenant_id == place.tenant_id)) {
        // Somebody took them into another tenant at this very moment.
        return Err(Code::Conflict.into());
    }
    let tenants: Vec<_> = places.iter().map(|(place, _)| place.tenant_id).collect();
    refuse_alone(&alone_in(&mut tx, places).await?)?;
    turn::request_stop_of(&mut tx, id).await?;
    session::revoke_all(&mut tx, id).await?;
    refresh_token::delete_of_person(&mut tx, id).await?;
    api_token::delete_of_person(&mut tx, id).await?;
    password_link::delete(&mut tx, id).await?;
    grant::delete_of_person(&mut tx, id).await?;
    mcp_token::delete_of_person(&mut tx, id).await?;
    mcp_authorisation::delete_of_person(&mut tx, id).await?;
    invitation::revoke_of_person(&mut tx, id).await?;
    invitation::delete_for(&mut tx, &user.email).await?;
    for tenant in &tenants {
        membership::delete(&mut tx, Owner { tenant: *tenant, user: id }).await?;
    }
    for tenant in tenants {
        desk.audit(&mut tx, tenant, acting, "account_deleted", object(id), "").await?;
    }
    desk.audit(&mut tx, Chain::System, acting, "account_deleted", object(id), "").await?;
    desk.wake_person(&mut tx, id).await?;
    tx.commit().await
}

/// Lets turns come to rest, and deletes what the person wrote. What goes wrong is done by the next [`sweep`].
async fn clear_away(state: &AppState, user: UserId) {
    let cleared = async {
        rest(state, user).await?;
        clear(&Desk::from(state), user).await
    };
    tokio::select! {
        cleared = cleared => if let Err(error) = cleared {
            tracing::warn!(%error, "what somebody wrote who left could not be deleted; it will be tried again");
        },
        () = state.runs.closing.cancelled() => {}
    }
}

/// Waits until no turn of the person's runs on any instance, but not for long.
async fn rest(state: &AppState, user: UserId) -> Result<()> {
    let until = Instant::now() + TO_REST;
    let mut look = tokio::time::interval(LOOK);
    while Instant::now() < until {
        look.tick().await;
        if !turn::any_runs(&mut *state.db.read(SCOPE).await?, user).await? {
            return Ok(());
        }
    }
    for run in state.runs.all().into_iter().filter(|run| run.user == user) {
        run.lost.cancel();
    }
    Ok(())
}

/// Deletes all that a person wrote, a little at a time.
async fn clear(desk: &Desk, user: UserId) -> Result<()> {
    loop {
        let mut tx = desk.db.write(SCOPE).await?;
        let deleted = conversation::delete_some(&mut tx, user, TOGETHER).await?;
        tx.commit().await?;
        if deleted == 0 {
            return Ok(());
        }
    }
}

/// Deletes what is left of people who left: after a crash, and what a request wrote that was under way then.
///
/// # Errors
/// When the database does not answer.
pub async fn sweep(desk: &Desk) -> Result<()> {
    let leaving = user::leaving(&mut *desk.db.read(SCOPE).await?, 100).await?;
    for (user, since) in leaving {
        clear(desk, user).await?;
        if since < now() - STRAGGLING {
            let mut tx = desk.db.write(SCOPE).await?;
            user::has_left(&mut tx, user).await?;
            tx.commit().await?;
        }
    }
    Ok(())
}

fn object(user: UserId) -> String {
    format!("user:{user}")
}
