//! Signing in with a password and signing out, by the page and by the API: one rate, one queue, one line in the audit.

use actix_web::{HttpRequest, http::header};
use secrecy::SecretString;

use super::{address::Client, limits::Limits};
use crate::{
    db::{Conn, Scope},
    error::{Code, Refusal, Result},
    feed::Wake,
    models::{
        Owner,
        audit::{Act, Actor, Chain},
        membership::{self, Membership},
        refresh_token, session,
        tenant::Tenant,
        user::{self, User},
    },
    state::AppState,
    turn::Caller,
    types::{FamilyId, SessionId, TenantId, UserId},
};

const SCOPE: Scope = Scope::System("signing in");

/// What a browser or a program says that it is.
pub fn agent(request: &HttpRequest) -> String {
    let value = request.headers().get(header::USER_AGENT).and_then(|value| value.to_str().ok());
    value.unwrap_or_default().to_owned()
}

/// What somebody says who wants to sign in.
pub struct Attempt<'a> {
    /// The address as typed.
    pub email: &'a str,
    /// The password.
    pub password: SecretString,
    /// The tenant they chose, by its id or its slug.
    pub tenant: Option<&'a str>,
}

/// Somebody who has signed in.
pub struct Arrival {
    /// The person.
    pub user: User,
    /// Their place in the tenant.
    pub membership: Membership,
    /// The tenant.
    pub tenant: Tenant,
}

/// What came of it.
pub enum SignedIn {
    /// It is this person.
    As(Box<Arrival>),
    /// It is somebody with several tenants, who chose none of them.
    Choose(Vec<Tenant>),
}

/// Checks who it is. An address that nobody has costs as much time as a wrong password, and says the same.
///
/// # Errors
/// `rate_limited`, `invalid_credentials`, or a fault.
pub async fn sign_in(state: &AppState, limits: &Limits, attempt: Attempt<'_>, client: &Client) -> Result<SignedIn> {
    limits.sign_in(client.address, &user::normalised_email(attempt.email))?;
    let found = user::find_by_email(&mut *state.db.read(SCOPE).await?, attempt.email).await?;
    let hash = found.as_ref().and_then(|user| user.password_hash.as_deref());
    let is_right = state.passwords.verify(hash, attempt.password).await?;
    let mut tx = state.db.write(SCOPE).await?;
    let attempted = found.as_ref().map(|user| user.id);
    let user = found.filter(|user| is_right && user.is_active);
    let mut places = match &user {
        Some(user) => membership::of_user(&mut tx, user.id).await?,
        None => Vec::new(),
    };
    if let Some(wanted) = attempt.tenant {
        places.retain(|(_, tenant)| tenant.slug == wanted || tenant.id.to_string() == wanted);
    }
    if places.len() > 1 {
        return Ok(SignedIn::Choose(places.into_iter().map(|(_, tenant)| tenant).collect()));
    }
    // Only who knows the password is told that the tenant is suspended.
    if let (Some(user), true) = (&user, places.is_empty())
        && membership::waits_for_tenant(&mut tx, user.id).await?
    {
        return Err(Refusal::new(Code::TenantInactive).into());
    }
    let Some((user, (place, tenant))) = user.zip(places.pop()) else {
        note_failure(state, &mut tx, attempted, &client.address.to_string()).await?;
        tx.commit().await?;
        return Err(Refusal::new(Code::InvalidCredentials).into());
    };
    membership::note_use(&mut tx, Owner { tenant: tenant.id, user: user.id }).await?;
    audit(state, &mut tx, tenant.id.into(), Actor::User(user.id), "sign_in", &client.address.to_string()).await?;
    tx.commit().await?;
    Ok(SignedIn::As(Box::new(Arrival { user, membership: place, tenant })))
}

/// Writes down that a sign-in failed: of an account in the logs of its tenants, of anything else in the system's. An
/// address that nobody has is not kept: it may be a password that was typed into the wrong field.
async fn note_failure(state: &AppState, conn: &mut Conn, attempted: Option<UserId>, address: &str) -> Result<()> {
    let mut chains = Vec::new();
    let mut object = "user".to_owned();
    if let Some(user) = attempted {
        object = format!("user:{user}");
        let places = membership::all_of_user(conn, user).await?;
        // In one order everywhere, so that nobody waits for somebody who waits for them.
        let mut tenants: Vec<TenantId> = places.into_iter().map(|(_, tenant)| tenant.id).collect();
        tenants.sort();
        chains.extend(tenants.into_iter().map(Chain::Tenant));
    }
    if chains.is_empty() {
        chains.push(Chain::System);
    }
    for chain in chains {
        let action = "sign_in_failed";
        let act = Act {
            actor: Actor::Nobody,
            address,
            action,
            object: object.clone(),
            target: None,
            digest: None,
            details: "",
        };
        state.auditor.append(conn, chain, act).await?;
    }
    Ok(())
}

/// Leaves a browser's session for one in another of the person's tenants. The new one is the caller's to begin, under
/// a new key; what was open in the old one closes.
///
/// # Errors
/// `not_found` where the person has no place, or it or the tenant is suspended.
pub async fn switch(state: &AppState, caller: &Caller, from: SessionId, to: TenantId) -> Result<Arrival> {
    let user = caller.user.id;
    let mut tx = state.db.write(SCOPE).await?;
    let found = membership::find(&mut tx, Owner { tenant: to, user }).await?;
    let found = found.filter(|(user, place, tenant)| user.is_active && place.is_active && tenant.is_active);
    let (user, membership, tenant) = found.ok_or(Code::NotFound)?;
    if !session::leave(&mut tx, user.id, from, to).await? {
        return Err(Code::Unauthorized.into());
    }
    audit(state, &mut tx, to.into(), Actor::User(user.id), "tenant_switched", &caller.address).await?;
    tx.notify(Wake::Person { from: state.instance, user: user.id }.payload()).await?;
    tx.commit().await?;
    state.feed.touch_person(user.id);
    Ok(Arrival { user, membership, tenant })
}

/// What is ended by signing out.
#[derive(Clone, Copy, Debug)]
pub enum SignedInBy {
    /// A browser's session.
    Session(SessionId),
    /// A sign-in through the API.
    Family(FamilyId),
}

/// Ends it, with all that it has open.
///
/// # Errors
/// When the database does not answer.
pub async fn sign_out(state: &AppState, owner: Owner, by: SignedInBy, address: &str) -> Result<()> {
    let mut tx = state.db.write(owner.tenant).await?;
    match by {
        SignedInBy::Session(id) => session::revoke(&mut tx, owner.user, id).await.map(drop)?,
        SignedInBy::Family(id) => refresh_token::revoke_family(&mut tx, owner, id).await.map(drop)?,
    }
    audit(state, &mut tx, owner.tenant.into(), Actor::User(owner.user), "sign_out", address).await?;
    tx.notify(Wake::Person { from: state.instance, user: owner.user }.payload()).await?;
    tx.commit().await?;
    // What it has open is told, and closes.
    state.feed.touch_person(owner.user);
    Ok(())
}

async fn audit(
    state: &AppState,
    conn: &mut Conn,
    chain: Chain,
    actor: Actor,
    action: &'static str,
    address: &str,
) -> Result<()> {
    let object = match actor {
        Actor::User(user) => format!("user:{user}"),
        Actor::Nobody => "user".to_owned(),
    };
    let act = Act { actor, address, action, object, target: None, digest: None, details: "" };
    state.auditor.append(conn, chain, act).await
}
