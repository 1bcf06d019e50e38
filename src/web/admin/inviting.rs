//! Invitations into a tenant: made, renewed and taken back by those who run it. A link is shown once.

use actix_web::{http::StatusCode, web};
use serde::Deserialize;

use super::{
    super::{
        Answer,
        page::{context, html, redirect},
        sessions::Nothing,
    },
    acting, administered,
    members::{Shown, draw},
    parsed,
};
use crate::{
    error::{Code, Error},
    http::{Edge, form::Form, viewer::Viewer},
    models::invitation::Invitation,
    render::html::people::LinkPage,
    state::AppState,
    tenancy::{Desk, invitations},
    types::{Role, TenantId},
};

#[derive(Deserialize)]
pub struct Fields {
    email: String,
    role: Role,
}

/// POST `/admin/tenants/{id}/invitations`
pub async fn create(
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    viewer: Viewer,
    id: web::Path<String>,
    form: Form<Fields>,
) -> Answer {
    let fields = form.checked(&viewer.csrf)?;
    let tenant = administered(&state, &viewer, &id).await?;
    let desk = Desk::from(&**state);
    match invitations::invite(&desk, &acting(&viewer), tenant.id, &fields.email, fields.role).await {
        Ok(made) => link(&state, &edge, &viewer, tenant.id, &made).await,
        Err(Error::Refused(refusal))
            if matches!(refusal.code, Code::InvalidPayload | Code::Conflict | Code::Forbidden) =>
        {
            let shown =
                Shown { email: &fields.email, role: Some(fields.role), refusal: Some(&refusal), ..Shown::default() };
            draw(&state, &edge, &viewer, &tenant, shown).await
        }
        Err(error) => Err(error.into()),
    }
}

/// POST `/admin/tenants/{id}/invitations/{invitation}/renew`
pub async fn renew(
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    viewer: Viewer,
    path: web::Path<(String, String)>,
    form: Form<Nothing>,
) -> Answer {
    form.checked(&viewer.csrf)?;
    let tenant = administered(&state, &viewer, &path.0).await?;
    let desk = Desk::from(&**state);
    let made = invitations::renew(&desk, &acting(&viewer), tenant.id, parsed(&path.1)?).await?;
    link(&state, &edge, &viewer, tenant.id, &made).await
}

/// POST `/admin/tenants/{id}/invitations/{invitation}/revoke`
pub async fn revoke(
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    viewer: Viewer,
    path: web::Path<(String, String)>,
    form: Form<Nothing>,
) -> Answer {
    form.checked(&viewer.csrf)?;
    let tenant = administered(&state, &viewer, &path.0).await?;
    invitations::revoke(&Desk::from(&**state), &acting(&viewer), tenant.id, parsed(&path.1)?).await?;
    Ok(redirect(&edge, &format!("/admin/tenants/{}/members?done=revoked", tenant.id)))
}

/// The link, this once: the table holds its hash.
async fn link(
    state: &AppState,
    edge: &Edge,
    viewer: &Viewer,
    tenant: TenantId,
    (invitation, token): &(Invitation, String),
) -> Answer {
    let ctx = context(state, edge, viewer).await?;
    let page = LinkPage {
        ctx: &ctx,
        tenant,
        title: &ctx.t("invitation-made-title"),
        about: &ctx.t1("invitation-made-about", "email", &invitation.email),
        link: &edge.urls.absolute(&format!("/invitations/{token}")),
    };
    html(StatusCode::OK, &page)
}
