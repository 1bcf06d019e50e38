//! `sayso admin …`: tenants and people, by whoever has a shell on the server.

mod people;

use std::collections::BTreeMap;

use clap::{Args, Subcommand, ValueEnum, builder::TypedValueParser as _};
use serde_json::{Value, json};

use super::{
    ADDRESS, Console, SCOPE,
    budget::{self, Of, in_words, limits_json},
    fault,
};
use crate::{
    config::Settings,
    db::{Conn, Database},
    error::Result,
    http::{Edge, urls::Urls},
    models::{
        audit::Auditor,
        membership,
        tenant::{self, Tenant},
        usage::{self, Limits, LimitsChange},
        user::{self, User},
    },
    providers::{anthropic, demo, ollama, openai},
    tenancy::{Acting, Desk},
    types::{AllowedModels, Credits, Role, UserId},
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
        #[arg(long, value_parser = any_role())]
        role: Role,
    },
    /// Suspend a tenant: nobody signs in to it, and all that is open in it closes
    SuspendTenant {
        /// Its slug
        #[arg(long)]
        slug: String,
    },
    /// Readmit a suspended tenant
    ResumeTenant {
        /// Its slug
        #[arg(long)]
        slug: String,
    },
    /// Give a tenant another name for people
    RenameTenant {
        /// Its slug, which stays
        #[arg(long)]
        slug: String,
        /// Its new name
        #[arg(long)]
        name: String,
    },
    /// Make a link that takes somebody into a tenant, once and within 7 days
    Invite {
        /// For whom
        #[arg(long)]
        email: String,
        /// The slug of the tenant
        #[arg(long)]
        tenant: String,
        /// What they may do there [default: member]
        #[arg(long, value_parser = role())]
        role: Option<Role>,
    },
    /// Take an open invitation back
    RevokeInvitation {
        /// For whom it was
        #[arg(long)]
        email: String,
        /// The slug of the tenant
        #[arg(long)]
        tenant: String,
    },
    /// Suspend a person in one tenant and end everything they have open there
    SuspendUser(Member),
    /// Readmit a person who is suspended in a tenant
    ResumeUser(Member),
    /// Take a person out of a tenant; their account stays
    RemoveUser(Member),
    /// End a person's sessions, sign-ins and tokens in a tenant
    SignOut(Member),
    /// Let a person in again who was shut out
    EnableUser {
        /// Whom
        #[arg(long)]
        email: String,
    },
    /// Make a single-use link by which a person chooses a new password within a day
    PasswordLink {
        /// Whose
        #[arg(long)]
        email: String,
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
    /// Set which models a tenant may use
    SetModels {
        /// The slug of the tenant
        #[arg(long)]
        tenant: String,
        #[command(flatten)]
        models: NewModels,
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
    /// Show tenants, people, or the open invitations of all tenants
    List {
        /// Which
        what: Listed,
    },
}

/// Whose place is meant.
#[derive(Clone, Debug, PartialEq, Eq, Args)]
struct Member {
    /// Whom
    #[arg(long)]
    email: String,
    /// The slug of the tenant
    #[arg(long)]
    tenant: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Listed {
    Tenants,
    Users,
    Invitations,
}

/// All models, or which.
#[derive(Clone, Debug, PartialEq, Eq, Args)]
#[group(required = true, multiple = false)]
struct NewModels {
    /// All that this server has, those that come later too
    #[arg(long)]
    all: bool,
    /// This one; may be given several times
    #[arg(long, value_parser = model, value_name = "PROVIDER/MODEL")]
    model: Vec<String>,
}

impl NewModels {
    fn allowed(self) -> AllowedModels {
        if self.all { AllowedModels::All } else { AllowedModels::Only(self.model.into_iter().collect()) }
    }
}

/// A model of a provider that there can be; which it lists, only the running server knows.
fn model(text: &str) -> Result<String, &'static str> {
    match text.split_once('/') {
        Some((anthropic::NAME | openai::NAME | ollama::NAME | demo::NAME, name)) if !name.trim().is_empty() => {
            Ok(text.to_owned())
        }
        _ => Err("accepted: a provider (anthropic, openai, ollama or demo), a slash and the name of a model"),
    }
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

/// Somebody with an account may be held as a guest.
fn any_role() -> impl clap::builder::TypedValueParser<Value = Role> {
    clap::builder::PossibleValuesParser::new(Role::ALL.iter().map(|role| role.as_str()))
        .try_map(|word| word.parse::<Role>())
}

impl Admin {
    pub(super) async fn run(
        self,
        db: &Database,
        auditor: &Auditor,
        settings: &Settings,
        console: &mut Console<'_>,
    ) -> Result<()> {
        let work = Work {
            db,
            desk: Desk::of_command(db, auditor),
            acting: Acting::at_the_server(ADDRESS),
            urls: Edge::new(settings, settings.port).urls,
        };
        let (words, json) = match self.what {
            What::CreateTenant { slug, name } => work.create_tenant(&slug, &name).await?,
            What::SuspendTenant { slug } => work.set_tenant_active(&slug, false).await?,
            What::ResumeTenant { slug } => work.set_tenant_active(&slug, true).await?,
            What::RenameTenant { slug, name } => work.rename_tenant(&slug, &name).await?,
            What::CreateUser { email, name, tenant, role, operator } => {
                let place = tenant.map(|slug| (slug, role.unwrap_or(Role::Member)));
                work.create_user(console, &email, &name, place, operator).await?
            }
            What::Invite { email, tenant, role } => work.invite(&email, &tenant, role.unwrap_or(Role::Member)).await?,
            What::RevokeInvitation { email, tenant } => work.revoke_invitation(&email, &tenant).await?,
            What::SetRole { email, tenant, role } => work.set_role(&email, &tenant, role).await?,
            What::SuspendUser(member) => work.set_member_active(&member, false).await?,
            What::ResumeUser(member) => work.set_member_active(&member, true).await?,
            What::RemoveUser(member) => work.remove(&member).await?,
            What::SignOut(member) => work.sign_out(&member).await?,
            What::DisableUser { email } => work.set_account_active(&email, false).await?,
            What::EnableUser { email } => work.set_account_active(&email, true).await?,
            What::SetLimits { tenant, user, limits } => {
                budget::set_limits(&work.desk, &work.acting, Of { tenant, user }, limits.change()).await?
            }
            What::ShowUsage { tenant, user, month } => {
                budget::show_usage(&work.desk, Of { tenant, user }, month).await?
            }
            What::AddCredits { tenant, amount, note } => {
                budget::add_credits(&work.desk, &work.acting, &tenant, amount, &note).await?
            }
            What::SetModels { tenant, models } => work.set_models(&tenant, &models.allowed()).await?,
            What::ResetPassword { email } => work.reset_password(console, &email).await?,
            What::PasswordLink { email } => work.password_link(&email).await?,
            What::List { what: Listed::Tenants } => work.list_tenants().await?,
            What::List { what: Listed::Users } => work.list_users().await?,
            What::List { what: Listed::Invitations } => work.list_invitations().await?,
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
    desk: Desk,
    acting: Acting,
    urls: Urls,
}

impl Work<'_> {
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
}

async fn known_user(conn: &mut Conn, email: &str) -> Result<User> {
    let missing = || fault(format!("nobody has the address {}", email.escape_debug()));
    // Of a deleted account the row stays, for what it did; it is nobody's any more.
    let found = user::find_by_email(conn, email).await?.filter(|user| !user.email.starts_with("deleted:"));
    found.ok_or_else(missing)
}

async fn known_tenant(conn: &mut Conn, slug: &str) -> Result<Tenant> {
    let missing = || fault(format!("there is no tenant {}", slug.escape_debug()));
    tenant::find_by_slug(conn, slug).await?.ok_or_else(missing)
}

pub(super) fn tenant_json(tenant: &Tenant, limits: Limits) -> Value {
    json!({
        "id": tenant.id,
        "slug": tenant.slug,
        "name": tenant.name,
        "is_active": tenant.is_active,
        "created_at": tenant.created_at.0,
        "models": models_json(&tenant.models.0),
        "limits": limits_json(limits),
    })
}

/// `null` where all are allowed.
fn models_json(models: &AllowedModels) -> Value {
    match models {
        AllowedModels::All => Value::Null,
        AllowedModels::Only(names) => json!(names),
    }
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
