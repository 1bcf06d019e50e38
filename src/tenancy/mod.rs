//! Tenants, people's places in them and people's accounts: the verbs that change them.
//!
//! Each is one transaction: what changes, its row in the audit log, and the end of what must not outlive it (sessions,
//! sign-ins, tokens). What is open is told after the commit: here at once, on other instances by a wake-up or by the
//! look twice a second, and closes. Pages, API and command line come in here and nowhere else; by what power somebody
//! acts is read in the transaction, so that nobody acts with what they lost a moment ago.

pub mod account;
pub mod budget;
pub mod founding;
pub mod guests;
pub mod invitations;
pub mod models;
pub mod operating;
pub mod people;
pub mod tenants;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use diesel::result::{DatabaseErrorKind, Error as DieselError};
use unicode_properties::{GeneralCategory as Category, UnicodeGeneralCategory as _};

use crate::{
    db::{Conn, Database, Scope},
    error::{Code, Error, Refusal, Result},
    feed::{Feed, Wake},
    models::{
        Owner,
        audit::{Act, Actor, Auditor, Chain},
        invitation, membership, password_link, user,
    },
    state::AppState,
    types::{InstanceId, Role, TenantId, UserId},
};

/// The longest name of a person or a tenant, in characters.
pub const NAME: usize = 200;

/// Operators steer tenants that they are in no place of, whose walls would hide them from their own transaction.
const STEERING: Scope = Scope::System("steering a tenant");

/// Who acts, and from where.
#[derive(Clone, Debug)]
pub struct Acting {
    /// The person; nobody, where it is whoever has a shell on the server.
    pub actor: Actor,
    /// From where, as the audit log says it.
    pub address: String,
    /// Whether they run this server: then they need no place in the tenant.
    pub is_operator: bool,
}

impl Acting {
    /// Whoever has a shell on the server.
    pub fn at_the_server(address: &str) -> Self {
        Self { actor: Actor::Nobody, address: address.to_owned(), is_operator: true }
    }
}

/// What the verbs work with: of a serving Sayso, or of one command beside it.
#[derive(Clone)]
pub struct Desk {
    /// The database.
    pub db: Database,
    /// Writes the audit log.
    pub auditor: Auditor,
    /// Tells what is open here; a command has nothing open.
    feed: Option<Feed>,
    /// Whose wake-ups these are.
    instance: InstanceId,
}

impl From<&AppState> for Desk {
    fn from(state: &AppState) -> Self {
        Self {
            db: state.db.clone(),
            auditor: state.auditor.clone(),
            feed: Some(state.feed.clone()),
            instance: state.instance,
        }
    }
}

impl Desk {
    /// Of one command.
    pub fn of_command(db: &Database, auditor: &Auditor) -> Self {
        Self { db: db.clone(), auditor: auditor.clone(), feed: None, instance: InstanceId::new() }
    }

    /// Writes a row into a chain; the last thing of a transaction but its wake-ups.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn audit(
        &self,
        conn: &mut Conn,
        chain: impl Into<Chain>,
        acting: &Acting,
        action: &str,
        object: String,
        details: &str,
    ) -> Result<()> {
        let Acting { actor, address, .. } = acting;
        let act = Act { actor: *actor, address, action, object, target: None, digest: None, details };
        self.auditor.append(conn, chain, act).await
    }

    /// Wakes the other instances when the transaction commits: something about this person changed.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn wake_person(&self, conn: &mut Conn, user: UserId) -> Result<()> {
        conn.notify(Wake::Person { from: self.instance, user }.payload()).await
    }

    /// As [`Desk::wake_person`], of everybody in a tenant.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn wake_tenant(&self, conn: &mut Conn, tenant: TenantId) -> Result<()> {
        conn.notify(Wake::Tenant { from: self.instance, tenant }.payload()).await
    }

    /// After the commit: what the person has open here looks whether it may go on.
    pub fn touch_person(&self, user: UserId) {
        if let Some(feed) = &self.feed {
            feed.touch_person(user);
        }
    }

    /// After the commit: what anybody has open here looks whether it may go on.
    pub fn touch_everybody(&self) {
        if let Some(feed) = &self.feed {
            feed.touch_everybody();
        }
    }
}

/// How long between looks for what is over.
const SWEEP: std::time::Duration = std::time::Duration::from_secs(600);

/// Forgets invitations and links that are long over, and guests of whom nothing was heard, and what is left of
/// people who left. Runs until dropped.
pub async fn keep_tidy(desk: Desk) {
    let mut look = tokio::time::interval(SWEEP);
    look.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        look.tick().await;
        if let Err(error) = sweep(&desk).await {
            tracing::warn!(%error, "could not forget what is over");
        }
    }
}

/// Forgets what is over.
///
/// # Errors
/// When the database does not answer.
pub async fn sweep(desk: &Desk) -> Result<()> {
    let mut tx = desk.db.write(Scope::System("forgetting links")).await?;
    invitation::sweep(&mut tx).await?;
    password_link::sweep(&mut tx).await?;
    tx.commit().await?;
    guests::sweep(desk).await?;
    account::sweep(desk).await
}

/// How much somebody who steers a tenant may do there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Power {
    /// Everything: they run the server.
    Operator,
    /// What their role may.
    Of(Role),
}

impl Power {
    /// Whether they may give this role, or take something from who has it: nobody gives more than they have, nor reaches
    /// above themselves.
    pub fn reaches(self, role: Role) -> bool {
        match self {
            Self::Operator => true,
            Self::Of(own) => role.power() <= own.power(),
        }
    }
}

/// By what power somebody acts in a tenant now, read in the transaction in which they do.
///
/// # Errors
/// `not_found` for who has no place in it, `forbidden` for who does not steer it.
async fn power(conn: &mut Conn, acting: &Acting, tenant: TenantId) -> Result<Power> {
    let Actor::User(user) = acting.actor else {
        return if acting.is_operator { Ok(Power::Operator) } else { Err(Code::Forbidden.into()) };
    };
    if is_operator(conn, acting).await? {
        return Ok(Power::Operator);
    }
    match membership::find(conn, Owner { tenant, user }).await? {
        Some((user, place, tenant)) if user.is_active && place.is_active && tenant.is_active && place.role.steers() => {
            Ok(Power::Of(place.role))
        }
        Some(_) => Err(Code::Forbidden.into()),
        None => Err(Code::NotFound.into()),
    }
}

/// As [`power`], for what is only shown.
///
/// # Errors
/// As [`power`].
pub async fn power_now(db: &Database, acting: &Acting, tenant: TenantId) -> Result<Power> {
    power(&mut *db.read(STEERING).await?, acting, tenant).await
}

/// Refuses who does not run the server, as the database knows them now.
async fn must_operate(conn: &mut Conn, acting: &Acting) -> Result<()> {
    let may = match acting.actor {
        Actor::Nobody => acting.is_operator,
        Actor::User(_) => is_operator(conn, acting).await?,
    };
    if may { Ok(()) } else { Err(Code::Forbidden.into()) }
}

async fn is_operator(conn: &mut Conn, acting: &Acting) -> Result<bool> {
    let Actor::User(user) = acting.actor else { return Ok(false) };
    let found = if acting.is_operator { user::find(conn, user).await? } else { None };
    Ok(found.is_some_and(|user| user.is_operator && user.is_active))
}

/// Whether a character shows nothing, or shows others in another order: a name of such would pass for another, or for
/// none. What joins letters and signs of many scripts may stand among others.
fn is_hidden(character: char) -> bool {
    let joins = matches!(character, '\u{200c}' | '\u{200d}');
    let blank = matches!(character, '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{2800}' | '\u{3164}' | '\u{ffa0}');
    let hidden = matches!(
        character.general_category(),
        Category::Control
            | Category::Format
            | Category::LineSeparator
            | Category::ParagraphSeparator
            | Category::PrivateUse
    );
    blank || (hidden && !joins)
}

/// A name as it is kept: one line that shows.
///
/// # Errors
/// `invalid_payload` about the field.
pub fn checked_name<'a>(typed: &'a str, field: &'static str) -> Result<&'a str> {
    let name = typed.trim();
    if name.is_empty() || name.chars().count() > NAME || name.chars().any(is_hidden) {
        return Err(Refusal::new(Code::InvalidPayload).saying("error-name").about(field).into());
    }
    Ok(name)
}

/// An address as it is kept.
///
/// # Errors
/// `invalid_payload` about `email`.
pub fn checked_email(typed: &str) -> Result<String> {
    let email = user::normalised_email(typed);
    // What is not an address any more, or never was one, has a colon.
    if user::is_email(&email) && !typed.contains('\0') && !email.contains(':') && !email.chars().any(is_hidden) {
        Ok(email)
    } else {
        Err(Refusal::new(Code::InvalidPayload).saying("error-email").about("email").into())
    }
}

/// A new secret for a link: 256 random bits.
fn new_token() -> String {
    URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>())
}

/// What a unique violation means, in words.
fn taken(error: Error, message: &'static str, field: &'static str) -> Error {
    match error {
        Error::Database(DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _)) => {
            Refusal::new(Code::Conflict).saying(message).about(field).into()
        }
        error => error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_reaches_above_themselves() {
        for own in Role::ALL {
            for role in Role::ALL {
                assert_eq!(Power::Of(*own).reaches(*role), role.power() <= own.power(), "{own} {role}");
                assert!(Power::Operator.reaches(*role));
            }
        }
        assert!(!Power::Of(Role::Admin).reaches(Role::Owner) && Power::Of(Role::Admin).reaches(Role::Admin));
    }

    #[test]
    fn names_are_one_line() {
        assert_eq!(checked_name("  Ada  ", "name").ok(), Some("Ada"));
        for wrong in
            ["", "  ", "a\nb", "a\u{0}b", "a\u{1b}[31m", "\u{200b}", "a\u{202e}b", "\u{3164}", &"x".repeat(NAME + 1)]
        {
            assert!(checked_name(wrong, "name").is_err(), "{wrong:?}");
        }
    }
}
