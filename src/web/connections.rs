//! The servers of tools at which each person is known by themselves: as their settings list them, authorising and taking
//! it back.

use actix_web::{HttpRequest, web};

use super::{
    Answer,
    admin::servers,
    authorise::{self, Place},
    sessions::Nothing,
};
use crate::{
    error::{Code, Result},
    http::{Edge, form::Form, viewer::Viewer},
    render::html::servers::ConnectionView,
    state::AppState,
    tools::net,
    types::Role,
};

/// Those of this person.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn listed(state: &AppState, viewer: &Viewer) -> Result<Vec<ConnectionView>> {
    if viewer.membership.role == Role::Guest {
        return Ok(Vec::new());
    }
    let owner = viewer.owner();
    let mut listed = Vec::new();
    for known in state.servers.known(owner.tenant).await?.iter().filter(|known| known.is_per_person()) {
        let Some(url) = known.authorises_at() else { continue };
        let given = state.authorisations.given(&known.key(owner), url).await?;
        listed.push(ConnectionView {
            server: known.name.to_string(),
            host: net::host_of(url),
            issuer: given.as_ref().map(|given| issuer(&given.issuer, url)),
            wants_more: given.as_ref().is_some_and(|given| given.wants_more),
            is_needed: given.is_none() && state.servers.challenge(owner, known).is_some(),
        });
    }
    Ok(listed)
}

/// Who gave an authorisation, as people know it.
pub(super) fn issuer(issuer: &str, server: &url::Url) -> String {
    net::parse(issuer).ok().map_or_else(|| net::host_of(server), |url| net::host_of(&url))
}

/// POST `/settings/connections/{name}/authorise`
pub async fn begin(
    request: HttpRequest,
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    viewer: Viewer,
    name: web::Path<String>,
    form: Form<Nothing>,
) -> Answer {
    form.checked(&viewer.csrf)?;
    let place = place(&state, &viewer, &name).await?;
    authorise::begin(&request, &state, &edge, &viewer, &place).await
}

/// POST `/settings/connections/{name}/remove`
pub async fn remove(
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    viewer: Viewer,
    name: web::Path<String>,
    form: Form<Nothing>,
) -> Answer {
    form.checked(&viewer.csrf)?;
    let place = place(&state, &viewer, &name).await?;
    authorise::remove(&state, &edge, &viewer, &place).await
}

async fn place(state: &AppState, viewer: &Viewer, name: &str) -> Result<Place> {
    let tenant = viewer.caller.tenant.clone();
    let known = servers::server(state, &tenant, name).await?;
    if !known.is_per_person() {
        return Err(Code::NotFound.into());
    }
    Place::new(viewer, tenant, known)
}
