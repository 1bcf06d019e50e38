//! The people of a tenant: roles, suspension, removal, signing out; and who is invited.

use actix_web::{http::StatusCode, web};
use serde::Deserialize;

use super::{
    super::{
        Answer,
        page::{context, html, redirect, refused},
        sessions::Nothing,
    },
    acting, administered, parsed,
};
use crate::{
    db::now,
    error::{Code, Error, Refusal, Result},
    http::{Edge, form::Form, viewer::Viewer},
    models::{
        Owner,
        invitation::{self, Invitation},
        membership::{self, Membership},
        tenant::Tenant,
        user::User,
    },
    render::html::{
        FieldErrors,
        people::{InvitationView, LinkPage, MemberView, MembersPage},
    },
    state::AppState,
    tenancy::{Desk, Power, operating, people, power_now},
    types::{Role, UserId},
};

/// People of a page, at most.
const PAGE: usize = 100;

/// What was just done.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Done {
    RoleSet,
    SignedOut,
    Suspended,
    Resumed,
    Removed,
    Revoked,
}

#[derive(Default, Deserialize)]
pub struct Query {
    #[serde(default)]
    done: Option<Done>,
    #[serde(default)]
    after: Option<String>,
}

#[derive(Deserialize)]
pub struct Chosen {
    role: Role,
}

/// GET `/admin/tenants/{id}/members`
pub async fn show(
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    viewer: Viewer,
    id: web::Path<String>,
    query: web::Query<Query>,
) -> Answer {
    let tenant = administered(&state, &viewer, &id).await?;
    let after = query.after.as_deref().map(parsed).transpose()?;
    draw(&state, &edge, &viewer, &tenant, Shown { done: query.done, after, ..Shown::default() }).await
}

/// POST `/admin/tenants/{id}/members/{user}/role`
pub async fn set_role(
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    viewer: Viewer,
    path: web::Path<(String, String)>,
    form: Form<Chosen>,
) -> Answer {
    let role = form.checked(&viewer.csrf)?.role;
    let (tenant, owner) = member(&state, &viewer, &path).await?;
    let done = people::set_role(&Desk::from(&**state), &acting(&viewer), owner, role).await;
    end(&state, &edge, &viewer, &tenant, owner, (done, Done::RoleSet, Some(role))).await
}

/// POST `/admin/tenants/{id}/members/{user}/suspend`
pub async fn suspend(
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    viewer: Viewer,
    path: web::Path<(String, String)>,
    form: Form<Nothing>,
) -> Answer {
    form.checked(&viewer.csrf)?;
    let (tenant, owner) = member(&state, &viewer, &path).await?;
    let done = people::set_active(&Desk::from(&**state), &acting(&viewer), owner, false).await;
    end(&state, &edge, &viewer, &tenant, owner, (done, Done::Suspended, None)).await
}

/// POST `/admin/tenants/{id}/members/{user}/resume`
pub async fn resume(
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    viewer: Viewer,
    path: web::Path<(String, String)>,
    form: Form<Nothing>,
) -> Answer {
    form.checked(&viewer.csrf)?;
    let (tenant, owner) = member(&state, &viewer, &path).await?;
    let done = people::set_active(&Desk::from(&**state), &acting(&viewer), owner, true).await;
    end(&state, &edge, &viewer, &tenant, owner, (done, Done::Resumed, None)).await
}

/// POST `/admin/tenants/{id}/members/{user}/remove`
pub async fn remove(
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    viewer: Viewer,
    path: web::Path<(String, String)>,
    form: Form<Nothing>,
) -> Answer {
    form.checked(&viewer.csrf)?;
    let (tenant, owner) = member(&state, &viewer, &path).await?;
    let done = people::remove(&Desk::from(&**state), &acting(&viewer), owner).await;
    end(&state, &edge, &viewer, &tenant, owner, (done, Done::Removed, None)).await
}

/// POST `/admin/tenants/{id}/members/{user}/sign-out`
pub async fn sign_out(
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    viewer: Viewer,
    path: web::Path<(String, String)>,
    form: Form<Nothing>,
) -> Answer {
    form.checked(&viewer.csrf)?;
    let (tenant, owner) = member(&state, &viewer, &path).await?;
    let done = people::sign_out(&Desk::from(&**state), &acting(&viewer), owner).await;
    end(&state, &edge, &viewer, &tenant, owner, (done, Done::SignedOut, None)).await
}

/// POST `/admin/tenants/{id}/members/{user}/password-link`: for operators. The link is shown this once.
pub async fn password_link(
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    viewer: Viewer,
    path: web::Path<(String, String)>,
    form: Form<Nothing>,
) -> Answer {
    form.checked(&viewer.csrf)?;
    let (tenant, owner) = member(&state, &viewer, &path).await?;
    let (user, token) = operating::password_link(&Desk::from(&**state), &acting(&viewer), owner.user).await?;
    let ctx = context(&state, &edge, &viewer).await?;
    let page = LinkPage {
        ctx: &ctx,
        tenant: tenant.id,
        title: &ctx.t("password-link-title"),
        about: &ctx.t1("password-link-about", "email", &user.email),
        link: &edge.urls.absolute(&format!("/password/{token}")),
    };
    html(StatusCode::OK, &page)
}

/// The tenant and the person of an address; who is not in the tenant is not there.
async fn member(state: &AppState, viewer: &Viewer, path: &(String, String)) -> Result<(Tenant, Owner)> {
    let tenant = administered(state, viewer, &path.0).await?;
    let owner = Owner { tenant: tenant.id, user: parsed(&path.1)? };
    membership::find(&mut *state.db.read(tenant.id).await?, owner).await?.ok_or(Code::NotFound)?;
    Ok((tenant, owner))
}

/// What came of it: back to the list, or the list with what was wrong beside the person.
async fn end(
    state: &AppState,
    edge: &Edge,
    viewer: &Viewer,
    tenant: &Tenant,
    owner: Owner,
    (done, word, role): (Result<(User, Membership)>, Done, Option<Role>),
) -> Answer {
    match done {
        // Who did it to themselves has no business here any more, and is told so by where that leads.
        Ok(_) => {
            let word = match word {
                Done::RoleSet => "role-set",
                Done::SignedOut => "signed-out",
                Done::Suspended => "suspended",
                Done::Resumed => "resumed",
                Done::Removed => "removed",
                Done::Revoked => "revoked",
            };
            Ok(redirect(edge, &format!("/admin/tenants/{}/members?done={word}", tenant.id)))
        }
        Err(Error::Refused(refusal)) if matches!(refusal.code, Code::Conflict | Code::Forbidden) => {
            let shown = Shown { about: Some((owner.user, role)), refusal: Some(&refusal), ..Shown::default() };
            draw(state, edge, viewer, tenant, shown).await
        }
        Err(error) => Err(error.into()),
    }
}

/// What the page shows beside things as they are.
#[derive(Default)]
pub(super) struct Shown<'a> {
    /// What was just done.
    pub done: Option<Done>,
    /// After whom the page begins.
    pub after: Option<UserId>,
    /// Whom a refusal is about, and the role that was chosen for them; else it is about the invitation.
    pub about: Option<(UserId, Option<Role>)>,
    /// Typed: the address to invite.
    pub email: &'a str,
    /// Chosen: the role to invite to.
    pub role: Option<Role>,
    /// Why something was refused.
    pub refusal: Option<&'a Refusal>,
}

pub(super) async fn draw(state: &AppState, edge: &Edge, viewer: &Viewer, tenant: &Tenant, shown: Shown<'_>) -> Answer {
    let ctx = context(state, edge, viewer).await?;
    let power = power_now(&state.db, &acting(viewer), tenant.id).await?;
    let mut conn = state.db.read(tenant.id).await?;
    let mut listed = match (shown.about, shown.after) {
        // Whoever a refusal is about is on the page, however many there are.
        (Some((user, _)), _) => {
            let owner = Owner { tenant: tenant.id, user };
            let found = membership::find(&mut conn, owner).await?.map(|(user, place, _)| (place, user));
            let rest = membership::page(&mut conn, tenant.id, None, limit()).await?;
            let rest = rest.into_iter().filter(|(_, other)| other.id != user);
            found.into_iter().chain(rest).collect()
        }
        (None, after) => membership::page(&mut conn, tenant.id, after, limit()).await?,
    };
    let open = invitation::open_in(&mut conn, tenant.id).await?;
    drop(conn);
    let has_more = listed.len() > PAGE;
    listed.truncate(PAGE);
    let next = listed.last().map(|(_, user)| user.id).filter(|_| has_more);
    let error = shown.refusal.map(|refusal| ctx.refusal(refusal).into_owned());
    let members: Vec<_> = listed
        .into_iter()
        .map(|(place, user)| MemberView {
            error: shown
                .about
                .filter(|(about, _)| *about == user.id)
                .and_then(|(_, role)| Some((error.clone()?, role))),
            ..view(viewer, power, place, user)
        })
        .collect();
    let invitations: Vec<_> = open.into_iter().map(|invitation| invitation_view(power, invitation)).collect();
    let done = shown.done.map(|done| {
        ctx.t(match done {
            Done::RoleSet => "member-done-role",
            Done::SignedOut => "member-done-signed-out",
            Done::Suspended => "member-done-suspended",
            Done::Resumed => "member-done-resumed",
            Done::Removed => "member-done-removed",
            Done::Revoked => "invitation-done-revoked",
        })
    });
    let errors = match (shown.about, shown.refusal) {
        (None, Some(refusal)) => FieldErrors::from_refusal(refusal, viewer.locale),
        _ => FieldErrors::default(),
    };
    let page = MembersPage {
        ctx: &ctx,
        tenant: tenant.id,
        tenant_name: &tenant.name,
        members: &members,
        next,
        invitations: &invitations,
        roles: &givable(power).into_iter().filter(|role| *role != Role::Guest).collect::<Vec<_>>(),
        email: shown.email,
        role: shown.role.unwrap_or(Role::Member),
        done: done.as_deref(),
        errors: &errors,
    };
    let status = shown.refusal.map_or(StatusCode::OK, |refusal| crate::http::error::status(refusal.code));
    refused(html(status, &page), shown.refusal)
}

fn limit() -> i64 {
    i64::try_from(PAGE + 1).unwrap_or(i64::MAX)
}

fn givable(power: Power) -> Vec<Role> {
    Role::ALL.iter().copied().filter(|role| power.reaches(*role)).collect()
}

fn view(viewer: &Viewer, power: Power, place: Membership, user: User) -> MemberView {
    let has_account = user.password_hash.is_some();
    let may_change = power.reaches(place.role);
    MemberView {
        id: user.id,
        is_self: user.id == viewer.caller.user.id,
        name: user.name,
        email: has_account.then_some(user.email),
        role: place.role,
        is_active: place.is_active,
        is_shut_out: !user.is_active,
        last_used: place.last_used_at.map(Into::into),
        // A guest has no account that could hold more.
        roles: if may_change && has_account { givable(power) } else { Vec::new() },
        may_change,
        error: None,
    }
}

fn invitation_view(power: Power, invitation: Invitation) -> InvitationView {
    InvitationView {
        id: invitation.id,
        is_over: invitation.expires_at.0 <= now(),
        ends: invitation.expires_at.into(),
        may_change: power.reaches(invitation.role),
        email: invitation.email,
        role: invitation.role,
    }
}
