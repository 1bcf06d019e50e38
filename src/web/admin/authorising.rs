//! What an admin does about the authorisation of a tenant's server: giving it, taking it back, and as what Sayso is known
//! where it cannot register itself.

use actix_web::{HttpRequest, web};
use secrecy::SecretString;
use serde::Deserialize;

use super::{
    super::{
        Answer,
        authorise::{self, Place},
        page::redirect,
    },
    servers::{Nothing, find},
};
use crate::{
    error::{Code, Refusal, Result},
    http::{Edge, form::Form, viewer::Viewer},
    models::{
        audit::{Act, Actor},
        mcp_client::{self, Client, McpClient},
    },
    state::AppState,
    tools::mcp::Origin,
};

/// The most characters of a client's id and of its secret.
const MOST: usize = 2048;

/// As what Sayso is known to an authorisation server.
#[derive(Deserialize)]
pub struct Fields {
    client_id: String,
    client_secret: SecretString,
}

/// POST `/admin/tenants/{id}/servers/{name}/authorise`
pub async fn begin(
    request: HttpRequest,
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    viewer: Viewer,
    address: web::Path<(String, String)>,
    form: Form<Nothing>,
) -> Answer {
    form.checked(&viewer.csrf)?;
    let place = shared(&state, &viewer, address).await?;
    authorise::begin(&request, &state, &edge, &viewer, &place).await
}

/// POST `/admin/tenants/{id}/servers/{name}/unauthorise`
pub async fn remove(
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    viewer: Viewer,
    address: web::Path<(String, String)>,
    form: Form<Nothing>,
) -> Answer {
    form.checked(&viewer.csrf)?;
    let place = shared(&state, &viewer, address).await?;
    authorise::remove(&state, &edge, &viewer, &place).await
}

/// A server that the whole tenant is known to: what is each person's own, nobody gives for them.
async fn shared(state: &AppState, viewer: &Viewer, address: web::Path<(String, String)>) -> Result<Place> {
    let (tenant, known) = find(state, viewer, address).await?;
    if known.is_per_person() {
        return Err(Code::NotFound.into());
    }
    Place::new(viewer, tenant, known)
}

/// POST `/admin/tenants/{id}/servers/{name}/client`: an id keeps its secret where none is typed; without an id all is
/// forgotten.
pub async fn update(
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    viewer: Viewer,
    address: web::Path<(String, String)>,
    form: Form<Fields>,
) -> Answer {
    use secrecy::ExposeSecret as _;
    let fields = form.checked(&viewer.csrf)?;
    let (tenant, known) = find(&state, &viewer, address).await?;
    let (Origin::Tenant(row), Some(url)) = (&known.origin, known.authorises_at()) else {
        return Err(Code::NotFound.into());
    };
    let (id, secret) = (fields.client_id.trim(), fields.client_secret.expose_secret().trim());
    let is_plain = |text: &str| text.len() <= MOST && !text.chars().any(char::is_control);
    if !is_plain(id) || !is_plain(secret) {
        return Err(Refusal::new(Code::InvalidPayload).saying("authorise-client-wrong").into());
    }
    let sealer = state.servers.roster().sealer();
    let mut tx = state.db.write(tenant.id).await?;
    let before = mcp_client::of_server(&mut tx, tenant.id, &row.name).await?;
    let before = before.iter().find(|client| client.is_given);
    if id.is_empty() {
        mcp_client::delete_given(&mut tx, tenant.id, &row.name).await?;
    } else {
        let kept = before.and_then(|client| client.open(sealer, url.as_str())).filter(|(known, _)| known == id);
        let secret = match secret {
            "" => kept.and_then(|(_, secret)| secret),
            typed => Some(SecretString::from(typed)),
        };
        let client: Client = (id.to_owned(), secret);
        let client = McpClient::new(sealer, tenant.id, &row.name, url.as_str(), None, &client)?;
        mcp_client::put(&mut tx, &client).await?;
    }
    let act = Act {
        actor: Actor::User(viewer.caller.user.id),
        address: &viewer.caller.address,
        action: "mcp_client_changed",
        object: format!("mcp_server:{}", row.name),
        target: None,
        digest: None,
        details: if id.is_empty() { "removed" } else { "given" },
    };
    state.auditor.append(&mut tx, tenant.id, act).await?;
    tx.commit().await?;
    let (tenant, name) = (tenant.id, &row.name);
    Ok(redirect(&edge, &format!("/admin/tenants/{tenant}/servers/{name}?done=client&server={name}#authorisation")))
}
