//! `sayso admin …`: tenants and people, by whoever has a shell on the server.

use std::collections::BTreeMap;

use clap::{Args, Subcommand, ValueEnum, builder::TypedValueParser as _};
use diesel::result::{DatabaseErrorKind, Error as DieselError};
use serde_json::{Value, json};

use super::{
    ADDRESS, Console, SCOPE,
    budget::{self, Of, in_words, limits_json},
    fault,
};
use crate::{
    db::{Conn, Database},
    error::{Error, Result},
    models::{
        Owner, api_token,
        audit::{Act, Actor, Auditor, Chain},
        membership, password,
        password::Passwords,
        session,
        tenant::{self, Tenant},
        usage::{self, Limits, LimitsChange},
        user::{self, NewUser, User},
    },
    types::{Credits, Role, UserId},
};

/// Makes and changes tenants and people.
#[derive(Clone, Debug, PartialEq, Eq, Args)]
pub struct Admin {
    #[command(subcommand)]
    what: What,
    /// Answer in JSON
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Subcommand)]
enum What {
    /// Make a tenant
    CreateTenant {
        /// Its name in addresses and folders: small letters, digits and inner hyphens, at most 40
        #[arg(long)]
        slug: String,
        /// Its name for people
        #[arg(long)]
        name: String,
    },
    /// Make an account; the password is asked for, or is one line of standard input
    CreateUser {
        /// How they sign in
        #[arg(long)]
        email: String,
        /// How they are called
        #[arg(long)]
        name: String,
        /// The slug of a tenant to take them into
        #[arg(long)]
        tenant: Option<String>,
        /// What they may do there [default: member]
        #[arg(long, requires = "tenant", value_parser = role())]
        role: Option<Role>,
        /// They run this server
        #[arg(long)]
        operator: bool,
    },
    /// Give a person a role in a tenant; takes them in if they are not there yet
    SetRole {
        /// Whom
        #[arg(long)]
        email: String,
        /// The slug of the tenant
        #[arg(long)]
        tenant: String,
        /// What they may do there
        #[arg(long, value_parser = role())]
        role: Role,
    },
    /// Set what a tenant, or a person in it, may use in a month; what is not named stays
    SetLimits {
        /// The slug of the tenant
        #[arg(long)]
        tenant: String,
        /// Of this person in it alone, by their email
        #[arg(long)]
        user: Option<String>,
        #[command(flatten)]
        limits: NewLimits,
    },
    /// Show what a tenant, or a person in it, used of a month
    ShowUsage {
        /// The slug of the tenant
        #[arg(long)]
        tenant: String,
        /// Of this person in it alone, by their email
        #[arg(long)]
        user: Option<String>,
        /// Which month, as in 2026-01 [default: this one]
        #[arg(long, value_parser = budget::month)]
        month: Option<String>,
    },
    /// Add credits to what a tenant may use this month
    AddCredits {
        /// The slug of the tenant
        #[arg(long)]
        tenant: String,
        /// How many, as a decimal such as 12.5
        #[arg(long, value_parser = budget::amount)]
        amount: Credits,
        /// Why
        #[arg(long)]
        note: String,
    },
    /// Shut a person out and end everything they have open
    DisableUser {
        /// Whom
        #[arg(long)]
        email: String,
    },
    /// Set a new password, asked for or one line of standard input, and end everything that is open
    ResetPassword {
        /// Whose
        #[arg(long)]
        email: String,
    },
    /// Show tenants or people
    List {
        /// Which
        what: Listed,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Listed {
    Tenants,
    Users,
}

/// A whole number, or `none`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Limit(Option<i64>);

/// An amount of credits, or `none`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct CreditLimit(Option<Credits>);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Args)]
#[group(required = true, multiple = true)]
struct NewLimits {
    /// Input tokens a month, or none
    #[arg(long, value_parser = limit, value_name = "N|none")]
    input_tokens: Option<Limit>,
    /// Output tokens a month, or none
    #[arg(long, value_parser = limit, value_name = "N|none")]
    output_tokens: Option<Limit>,
    /// Model calls a month, or none
    #[arg(long, value_parser = limit, value_name = "N|none")]
    requests: Option<Limit>,
    /// Credits a month, as a decimal such as 12.5, or none
    #[arg(long, value_parser = credits, value_name = "N|none")]
    credits: Option<CreditLimit>,
    /// Whether the limits hold at all
    #[arg(long)]
    active: Option<bool>,
}

impl NewLimits {
    fn change(self) -> LimitsChange {
        LimitsChange {
            input_tokens: self.input_tokens.map(|limit| limit.0),
            output_tokens: self.output_tokens.map(|limit| limit.0),
            requests: self.requests.map(|limit| limit.0),
            credits: self.credits.map(|limit| limit.0),
            is_active: self.active,
        }
    }
}

fn limit(text: &str) -> Result<Limit, &'static str> {
    match text {
        "none" => Ok(Limit(None)),
        number => match number.parse() {
            Ok(number @ 0..) => Ok(Limit(Some(number))),
            _ => Err("accepted: a whole number from 0, or none"),
        },
    }
}

fn credits(text: &str) -> Result<CreditLimit, &'static str> {
    match text {
        "none" => Ok(CreditLimit(None)),
        amount => match amount.parse() {
            Ok(amount) => Ok(CreditLimit(Some(amount))),
            Err(_) => Err("accepted: a decimal from 0 with at most six places, or none"),
        },
    }
}

/// Guests come in by themselves.
fn role() -> impl clap::builder::TypedValueParser<Value = Role> {
    let words = [Role::Owner, Role::Admin, Role::Member].map(Role::as_str);
    clap::builder::PossibleValuesParser::new(words).try_map(|word| word.parse::<Role>())
}

impl Admin {
    pub(super) async fn run(self, db: &Database, auditor: &Auditor, console: &mut Console<'_>) -> Result<()> {
        let work = Work { db, auditor };
        let (words, json) = match self.what {
            What::CreateTenant { slug, name } => work.create_tenant(&slug, &name).await?,
            What::CreateUser { email, name, tenant, role, operator } => {
                let place = tenant.map(|slug| (slug, role.unwrap_or(Role::Member)));
                work.create_user(console, &email, &name, place, operator).await?
            }
            What::SetRole { email, tenant, role } => work.set_role(&email, &tenant, role).await?,
            What::SetLimits { tenant, user, limits } => {
                budget::set_limits(db, auditor, Of { tenant, user }, limits.change()).await?
            }
            What::ShowUsage { tenant, user, month } => budget::show_usage(db, Of { tenant, user }, month).await?,
            What::AddCredits { tenant, amount, note } => {
                budget::add_credits(db, auditor, &tenant, amount, &note).await?
            }
            What::DisableUser { email } => work.disable_user(&email).await?,
            What::ResetPassword { email } => work.reset_password(console, &email).await?,
            What::List { what: Listed::Tenants } => work.list_tenants().await?,
            What::List { what: Listed::Users } => work.list_users().await?,
        };
        if self.json {
            console.say(&json.to_string())
        } else if words.is_empty() {
            Ok(())
        } else {
            console.say(&words)
        }
    }
}

/// What is said, to people and to scripts.
type Answer = Result<(String, Value)>;

struct Work<'a> {
    db: &'a Database,
    auditor: &'a Auditor,
}

impl Work<'_> {
    async fn create_tenant(&self, slug: &str, name: &str) -> Answer {
        if !tenant::is_slug(slug) {
            return Err(fault(format!(
                "“{}” cannot be a slug; accepted: small letters, digits and inner hyphens, at most 40",
                slug.escape_debug()
            )));
        }
        let name = checked_name(name)?;
        let mut tx = self.db.write(SCOPE).await?;
        let made = tenant::create(&mut tx, slug, name)
            .await
            .map_err(|error| taken(error, || format!("there is a tenant {slug} already")))?;
        self.audit(&mut tx, made.id, "tenant_created", format!("tenant:{}", made.id), slug).await?;
        tx.commit().await?;
        Ok((format!("The tenant {slug} was made."), json!({"tenant": tenant_json(&made, Limits::FOR_NEW_TENANTS)})))
    }

    async fn create_user(
        &self,
        console: &mut Console<'_>,
        email: &str,
        name: &str,
        place: Option<(String, Role)>,
        is_operator: bool,
    ) -> Answer {
        let name = checked_name(name)?;
        if !user::is_email(user::normalised_email(email).as_str()) {
            return Err(fault(format!("“{}” is no email address", email.escape_debug())));
        }
        let exists = || format!("{} has an account already", user::normalised_email(email));
        // Before anyone types a password.
        let place = {
            let mut tx = self.db.read(SCOPE).await?;
            if user::find_by_email(&mut tx, email).await?.is_some() {
                return Err(fault(exists()));
            }
            match place {
                Some((slug, role)) => Some((known_tenant(&mut tx, &slug).await?, role)),
                None => None,
            }
        };
        let hash = Some(hashed(console).await?);
        let mut tx = self.db.write(SCOPE).await?;
        let made = user::create(&mut tx, NewUser { email, name, password_hash: hash, is_operator })
            .await
            .map_err(|error| taken(error, exists))?;
        let object = format!("user:{}", made.id);
        if let Some((tenant, role)) = &place {
            membership::create(&mut tx, Owner { tenant: tenant.id, user: made.id }, *role).await?;
            self.audit(&mut tx, tenant.id, "member_added", object.clone(), role.as_str()).await?;
        }
        let details = if is_operator { "operator" } else { "" };
        self.audit(&mut tx, Chain::System, "user_created", object, details).await?;
        tx.commit().await?;
        let memberships: Vec<_> = place.iter().map(|(tenant, role)| membership_json(tenant, *role, true)).collect();
        let place = place.map(|(tenant, role)| format!(", {role} of {}", tenant.slug)).unwrap_or_default();
        Ok((format!("{} has an account{place}.", made.email), json!({"user": user_json(&made, memberships)})))
    }

    async fn set_role(&self, email: &str, slug: &str, role: Role) -> Answer {
        let mut tx = self.db.write(SCOPE).await?;
        let user = known_user(&mut tx, email).await?;
        let tenant = known_tenant(&mut tx, slug).await?;
        let owner = Owner { tenant: tenant.id, user: user.id };
        let before = membership::find(&mut tx, owner).await?.map(|(_, membership, _)| membership.role);
        let mut words = format!("{} is {role} of {slug}.", user.email);
        match before {
            None => {
                membership::create(&mut tx, owner, role).await?;
                self.audit(&mut tx, tenant.id, "member_added", format!("user:{}", user.id), role.as_str()).await?;
            }
            Some(before) if before == role => {}
            Some(before) => {
                membership::set_role(&mut tx, owner, role).await?;
                if power(role) < power(before) {
                    end_access(&mut tx, user.id).await?;
                }
                let details = format!("{before} → {role}");
                self.audit(&mut tx, tenant.id, "role_changed", format!("user:{}", user.id), &details).await?;
            }
        }
        let people = membership::of_tenant(&mut tx, tenant.id).await?;
        if !people.iter().any(|(membership, _)| membership.role == Role::Owner) {
            words.push_str(&format!(" {slug} has no owner now."));
        }
        tx.commit().await?;
        Ok((words, json!({"user": user_json(&user, vec![membership_json(&tenant, role, true)])})))
    }

    async fn disable_user(&self, email: &str) -> Answer {
        let mut tx = self.db.write(SCOPE).await?;
        let user = known_user(&mut tx, email).await?;
        user::set_active(&mut tx, user.id, false).await?;
        session::revoke_all(&mut tx, user.id).await?;
        api_token::revoke_all(&mut tx, user.id).await?;
        self.audit(&mut tx, Chain::System, "user_disabled", format!("user:{}", user.id), "").await?;
        tx.commit().await?;
        let user = User { is_active: false, ..user };
        Ok((format!("{} is shut out.", user.email), json!({"user": user_json(&user, Vec::new())})))
    }

    async fn reset_password(&self, console: &mut Console<'_>, email: &str) -> Answer {
        known_user(&mut *self.db.read(SCOPE).await?, email).await?;
        let hash = hashed(console).await?;
        let mut tx = self.db.write(SCOPE).await?;
        let user = known_user(&mut tx, email).await?;
        user::set_password(&mut tx, user.id, &hash).await?;
        session::revoke_all(&mut tx, user.id).await?;
        api_token::revoke_all(&mut tx, user.id).await?;
        self.audit(&mut tx, Chain::System, "password_reset", format!("user:{}", user.id), "").await?;
        tx.commit().await?;
        Ok((format!("{} has a new password.", user.email), json!({"user": user_json(&user, Vec::new())})))
    }

    async fn list_tenants(&self) -> Answer {
        let mut tx = self.db.read(SCOPE).await?;
        let (mut lines, mut values) = (Vec::new(), Vec::new());
        for tenant in tenant::all(&mut tx).await? {
            let limits = usage::limits(&mut tx, tenant.id, tenant.id.into()).await?;
            let state = if tenant.is_active { "" } else { " (inactive)" };
            lines.push(format!("{}\t{}{state}\t{}", tenant.slug, tenant.name, in_words(limits)));
            values.push(tenant_json(&tenant, limits));
        }
        Ok((lines.join("\n"), json!({"tenants": values})))
    }

    async fn list_users(&self) -> Answer {
        let mut tx = self.db.read(SCOPE).await?;
        let mut places: BTreeMap<UserId, Vec<(Tenant, Role, bool)>> = BTreeMap::new();
        for tenant in tenant::all(&mut tx).await? {
            for (membership, user) in membership::of_tenant(&mut tx, tenant.id).await? {
                let place = (tenant.clone(), membership.role, membership.is_active);
                places.entry(user.id).or_default().push(place);
            }
        }
        let (mut lines, mut values) = (Vec::new(), Vec::new());
        for user in user::all(&mut tx).await? {
            let places = places.remove(&user.id).unwrap_or_default();
            let mut words: Vec<_> =
                places.iter().map(|(tenant, role, _)| format!("{role} of {}", tenant.slug)).collect();
            words.extend(user.is_operator.then(|| "operator".to_owned()));
            words.extend((!user.is_active).then(|| "shut out".to_owned()));
            lines.push(format!("{}\t{}\t{}", user.email, user.name, words.join(", ")));
            let places = places.iter().map(|(tenant, role, active)| membership_json(tenant, *role, *active)).collect();
            values.push(user_json(&user, places));
        }
        Ok((lines.join("\n"), json!({"users": values})))
    }

    async fn audit(
        &self,
        conn: &mut Conn,
        chain: impl Into<Chain>,
        action: &str,
        object: String,
        details: &str,
    ) -> Result<()> {
        let act = Act { actor: Actor::Nobody, address: ADDRESS, action, object, target: None, digest: None, details };
        self.auditor.append(conn, chain, act).await
    }
}

/// The higher, the more one may do.
fn power(role: Role) -> u8 {
    match role {
        Role::Owner => 3,
        Role::Admin => 2,
        Role::Member => 1,
        Role::Guest => 0,
    }
}

/// Ends all that a person has open, the tokens of their scripts included: a script that lost its power shall not come
/// to life again when the person regains it.
async fn end_access(conn: &mut Conn, user: UserId) -> Result<()> {
    user::raise_epoch(conn, user).await?;
    session::revoke_all(conn, user).await?;
    api_token::revoke_all(conn, user).await?;
    Ok(())
}

async fn hashed(console: &mut Console<'_>) -> Result<String> {
    let new = console.new_password()?;
    password::check(&new)?;
    Passwords::new().hash(new).await
}

async fn known_user(conn: &mut Conn, email: &str) -> Result<User> {
    let missing = || fault(format!("nobody has the address {}", email.escape_debug()));
    user::find_by_email(conn, email).await?.ok_or_else(missing)
}

async fn known_tenant(conn: &mut Conn, slug: &str) -> Result<Tenant> {
    let missing = || fault(format!("there is no tenant {}", slug.escape_debug()));
    tenant::find_by_slug(conn, slug).await?.ok_or_else(missing)
}

fn checked_name(name: &str) -> Result<&str> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > 100 || name.chars().any(char::is_control) {
        return Err(fault("a name has 1 to 100 characters in one line"));
    }
    Ok(name)
}

fn taken(error: Error, words: impl FnOnce() -> String) -> Error {
    match error {
        Error::Database(DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _)) => fault(words()),
        error => error,
    }
}

pub(super) fn tenant_json(tenant: &Tenant, limits: Limits) -> Value {
    json!({
        "id": tenant.id,
        "slug": tenant.slug,
        "name": tenant.name,
        "is_active": tenant.is_active,
        "created_at": tenant.created_at.0,
        "limits": limits_json(limits),
    })
}

fn membership_json(tenant: &Tenant, role: Role, is_active: bool) -> Value {
    json!({"tenant": tenant.slug, "role": role, "is_active": is_active})
}

fn user_json(user: &User, memberships: Vec<Value>) -> Value {
    json!({
        "id": user.id,
        "email": user.email,
        "name": user.name,
        "is_operator": user.is_operator,
        "is_active": user.is_active,
        "created_at": user.created_at.0,
        "memberships": memberships,
    })
}
