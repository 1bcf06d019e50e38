//! What `sayso admin` does with tenants, places, invitations and accounts: each is a verb of `tenancy`.

use serde_json::{Value, json};

use super::{
    super::{Console, SCOPE},
    Answer, Member, Work, known_tenant, known_user, membership_json, tenant_json, user_json,
};
use crate::{
    db::{Conn, types::Json},
    error::{Code, Refusal, Result},
    models::{
        Owner,
        invitation::{self, Invitation},
        membership, password,
        password::Passwords,
        tenant::{self, Tenant},
        usage::{self, Limits},
        user::{self, User},
    },
    tenancy::{checked_email, checked_name, invitations, models, operating, operating::NewAccount, people, tenants},
    types::{AllowedModels, Role},
};

impl Work<'_> {
    pub(super) async fn create_tenant(&self, slug: &str, name: &str) -> Answer {
        let made = tenants::create(&self.desk, &self.acting, slug, name).await?;
        Ok((format!("The tenant {slug} was made."), json!({"tenant": tenant_json(&made, Limits::FOR_NEW_TENANTS)})))
    }

    pub(super) async fn rename_tenant(&self, slug: &str, name: &str) -> Answer {
        let known = known_tenant(&mut *self.db.read(SCOPE).await?, slug).await?;
        let tenant = tenants::rename(&self.desk, &self.acting, known.id, name).await?;
        Ok((format!("{slug} is called {}.", tenant.name), self.tenant(&tenant).await?))
    }

    pub(super) async fn set_tenant_active(&self, slug: &str, is_active: bool) -> Answer {
        let known = known_tenant(&mut *self.db.read(SCOPE).await?, slug).await?;
        let (tenant, _) = tenants::set_active(&self.desk, &self.acting, known.id, is_active).await?;
        let state = if is_active { "open" } else { "suspended" };
        Ok((format!("{slug} is {state}."), self.tenant(&tenant).await?))
    }

    pub(super) async fn set_models(&self, slug: &str, allowed: &AllowedModels) -> Answer {
        let known = known_tenant(&mut *self.db.read(SCOPE).await?, slug).await?;
        models::allow(&self.desk, &self.acting, known.id, allowed).await?;
        let words = match allowed {
            AllowedModels::All => format!("{slug} may use all models."),
            AllowedModels::Only(names) => {
                let names: Vec<&str> = names.iter().map(String::as_str).collect();
                format!("{slug} may use only {}.", names.join(", "))
            }
        };
        Ok((words, self.tenant(&Tenant { models: Json(allowed.clone()), ..known }).await?))
    }

    async fn tenant(&self, tenant: &Tenant) -> Result<Value> {
        let limits = usage::limits(&mut *self.db.read(SCOPE).await?, tenant.id, tenant.id.into()).await?;
        Ok(json!({"tenant": tenant_json(tenant, limits)}))
    }

    pub(super) async fn create_user(
        &self,
        console: &mut Console<'_>,
        email: &str,
        name: &str,
        place: Option<(String, Role)>,
        is_operator: bool,
    ) -> Answer {
        checked_name(name, "name")?;
        let email = checked_email(email)?;
        // Before anyone types a password.
        let place = {
            let mut tx = self.db.read(SCOPE).await?;
            if user::find_by_email(&mut tx, &email).await?.is_some() {
                return Err(Refusal::new(Code::Conflict).saying("error-email-taken").about("email").into());
            }
            match place {
                Some((slug, role)) => Some((known_tenant(&mut tx, &slug).await?, role)),
                None => None,
            }
        };
        let password_hash = hashed(console).await?;
        let new = NewAccount {
            email: &email,
            name,
            password_hash,
            is_operator,
            place: place.as_ref().map(|(tenant, role)| (tenant, *role)),
        };
        let made = operating::create(&self.desk, &self.acting, new).await?;
        let memberships: Vec<_> = place.iter().map(|(tenant, role)| membership_json(tenant, *role, true)).collect();
        let place = place.map(|(tenant, role)| format!(", {role} of {}", tenant.slug)).unwrap_or_default();
        Ok((format!("{} has an account{place}.", made.email), json!({"user": user_json(&made, memberships)})))
    }

    pub(super) async fn set_role(&self, email: &str, slug: &str, role: Role) -> Answer {
        let (user, tenant, is_in) = self.known(email, slug).await?;
        if is_in {
            let owner = Owner { tenant: tenant.id, user: user.id };
            people::set_role(&self.desk, &self.acting, owner, role).await?;
        } else {
            people::add(&self.desk, &self.acting, &user, &tenant, role).await?;
        }
        let words = format!("{} is {role} of {slug}.", user.email);
        Ok((words, json!({"user": user_json(&user, vec![membership_json(&tenant, role, true)])})))
    }

    pub(super) async fn set_member_active(&self, member: &Member, is_active: bool) -> Answer {
        let (owner, tenant) = self.member(member).await?;
        let (user, place) = people::set_active(&self.desk, &self.acting, owner, is_active).await?;
        let state = if is_active { "may work" } else { "is suspended" };
        let place = membership_json(&tenant, place.role, is_active);
        Ok((format!("{} {state} in {}.", user.email, tenant.slug), json!({"user": user_json(&user, vec![place])})))
    }

    pub(super) async fn remove(&self, member: &Member) -> Answer {
        let (owner, tenant) = self.member(member).await?;
        let (user, _) = people::remove(&self.desk, &self.acting, owner).await?;
        let words = format!("{} is not in {} any more.", user.email, tenant.slug);
        Ok((words, json!({"user": user_json(&user, Vec::new())})))
    }

    pub(super) async fn sign_out(&self, member: &Member) -> Answer {
        let (owner, tenant) = self.member(member).await?;
        let (user, place) = people::sign_out(&self.desk, &self.acting, owner).await?;
        let words = format!("{} is signed out of {}.", user.email, tenant.slug);
        let place = membership_json(&tenant, place.role, place.is_active);
        Ok((words, json!({"user": user_json(&user, vec![place])})))
    }

    pub(super) async fn invite(&self, email: &str, slug: &str, role: Role) -> Answer {
        let tenant = known_tenant(&mut *self.db.read(SCOPE).await?, slug).await?;
        let (made, token) = invitations::invite(&self.desk, &self.acting, tenant.id, email, role).await?;
        let link = self.urls.absolute(&format!("/invitations/{token}"));
        let words = format!("{} may join {slug} as {role} within 7 days, once, by: {link}", made.email);
        let mut invitation = invitation_json(&tenant, &made);
        if let Some(fields) = invitation.as_object_mut() {
            fields.insert("link".to_owned(), link.into());
        }
        Ok((words, json!({"invitation": invitation})))
    }

    pub(super) async fn revoke_invitation(&self, email: &str, slug: &str) -> Answer {
        let email = checked_email(email)?;
        let mut conn = self.db.read(SCOPE).await?;
        let tenant = known_tenant(&mut conn, slug).await?;
        let open = invitation::open_in(&mut conn, tenant.id).await?;
        drop(conn);
        let found = open.into_iter().find(|invitation| invitation.email == email).ok_or_else(|| {
            super::fault(format!("there is no open invitation of {} to {slug}", email.escape_debug()))
        })?;
        invitations::revoke(&self.desk, &self.acting, tenant.id, found.id).await?;
        let words = format!("The invitation of {email} to {slug} is void.");
        Ok((words, json!({"invitation": invitation_json(&tenant, &found)})))
    }

    pub(super) async fn set_account_active(&self, email: &str, is_active: bool) -> Answer {
        let known = known_user(&mut *self.db.read(SCOPE).await?, email).await?;
        let user = operating::set_active(&self.desk, &self.acting, known.id, is_active).await?;
        let state = if is_active { "may sign in" } else { "is shut out" };
        Ok((format!("{} {state}.", user.email), json!({"user": self.told(&user).await?})))
    }

    pub(super) async fn reset_password(&self, console: &mut Console<'_>, email: &str) -> Answer {
        let known = known_user(&mut *self.db.read(SCOPE).await?, email).await?;
        let hash = hashed(console).await?;
        let user = operating::set_password(&self.desk, &self.acting, known.id, &hash).await?;
        Ok((format!("{} has a new password.", user.email), json!({"user": self.told(&user).await?})))
    }

    pub(super) async fn password_link(&self, email: &str) -> Answer {
        let known = known_user(&mut *self.db.read(SCOPE).await?, email).await?;
        let (user, token) = operating::password_link(&self.desk, &self.acting, known.id).await?;
        let link = self.urls.absolute(&format!("/password/{token}"));
        let words = format!("{} may choose a new password within a day, once, by: {link}", user.email);
        Ok((words, json!({"user": self.told(&user).await?, "link": link})))
    }

    /// A person with all their places.
    async fn told(&self, user: &User) -> Result<Value> {
        let places = membership::all_of_user(&mut *self.db.read(SCOPE).await?, user.id).await?;
        let places = places.iter().map(|(place, tenant)| membership_json(tenant, place.role, place.is_active));
        Ok(user_json(user, places.collect()))
    }

    pub(super) async fn list_invitations(&self) -> Answer {
        let mut tx = self.db.read(SCOPE).await?;
        let (mut lines, mut values) = (Vec::new(), Vec::new());
        for tenant in tenant::all(&mut tx).await? {
            for invitation in invitation::open_in(&mut tx, tenant.id).await? {
                let ends = invitation.expires_at.0.format("%Y-%m-%dT%H:%M:%SZ");
                lines.push(format!("{}\t{}\t{}\tuntil {ends}", tenant.slug, invitation.email, invitation.role));
                values.push(invitation_json(&tenant, &invitation));
            }
        }
        Ok((lines.join("\n"), json!({"invitations": values})))
    }

    /// A person, a tenant, and whether the one is in the other.
    async fn known(&self, email: &str, slug: &str) -> Result<(User, Tenant, bool)> {
        let mut tx = self.db.read(SCOPE).await?;
        let (user, tenant) = (known_user(&mut tx, email).await?, known_tenant(&mut tx, slug).await?);
        let is_in = is_in(&mut tx, &user, &tenant).await?;
        Ok((user, tenant, is_in))
    }

    async fn member(&self, member: &Member) -> Result<(Owner, Tenant)> {
        let (user, tenant, is_in) = self.known(&member.email, &member.tenant).await?;
        if is_in {
            Ok((Owner { tenant: tenant.id, user: user.id }, tenant))
        } else {
            Err(super::fault(format!("{} is not in {}", user.email, tenant.slug)))
        }
    }
}

async fn is_in(conn: &mut Conn, user: &User, tenant: &Tenant) -> Result<bool> {
    Ok(membership::find(conn, Owner { tenant: tenant.id, user: user.id }).await?.is_some())
}

async fn hashed(console: &mut Console<'_>) -> Result<String> {
    let new = console.new_password()?;
    password::check(&new)?;
    Passwords::new().hash(new).await
}

fn invitation_json(tenant: &Tenant, invitation: &Invitation) -> Value {
    json!({
        "id": invitation.id,
        "tenant": tenant.slug,
        "email": invitation.email,
        "role": invitation.role,
        "created_at": invitation.created_at.0,
        "expires_at": invitation.expires_at.0,
    })
}
