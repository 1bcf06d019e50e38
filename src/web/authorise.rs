//! Authorisation at servers of tools: sending a person to where they say yes, and taking what they come back with.
//!
//! The attacks meant: a page of somebody else's that lets a person authorise what they did not begin (the session and the
//! state it began with), a colleague's or another tenant's authorisation that is taken over, and words of strangers that
//! are shown as if they were ours. The way out is a link on a page that names where it leads: a form may not lead away.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, http::header, web};
use serde_json::json;
use url::Url;

use super::{
    Answer,
    admin::{administered, servers},
    page::{context, html, redirect},
};
use crate::{
    db::Conn,
    error::{Code, Error, Result},
    http::{
        Edge,
        session_store::entry,
        viewer::{Viewer, set},
    },
    models::{
        Owner,
        audit::{Act, Actor},
        mcp_authorisation, mcp_client, mcp_server,
        mcp_token::{self, McpToken},
        tenant::Tenant,
    },
    render::html::servers::AuthorisePage,
    state::AppState,
    tools::{
        mcp::{Asking, Asks, ConnectionKey, Known, Origin, ServerName},
        net,
    },
    types::{Role, TenantId},
};

/// A server that a person would authorise, and for whom.
pub(super) struct Place {
    pub tenant: Tenant,
    pub known: Known,
    /// The connection: the tenant's, or the person's own.
    pub key: ConnectionKey,
    /// The server's address.
    pub url: Url,
}

impl Place {
    /// Of that server, for this person.
    ///
    /// # Errors
    /// `not_found` where nobody can be authorised; `forbidden` for guests.
    pub fn new(viewer: &Viewer, tenant: Tenant, known: Known) -> Result<Self> {
        let owner = Owner { tenant: tenant.id, user: viewer.caller.user.id };
        if known.is_per_person() {
            // What is a person's own is used in the tenant that they are in.
            if tenant.id != viewer.caller.tenant.id {
                return Err(Code::NotFound.into());
            }
            if viewer.membership.role == Role::Guest {
                return Err(Code::Forbidden.into());
            }
        }
        let url = known.authorises_at().ok_or(Code::NotFound)?.clone();
        Ok(Self { tenant, key: known.key(owner), known, url })
    }

    fn owner(&self, viewer: &Viewer) -> Owner {
        Owner { tenant: self.tenant.id, user: viewer.caller.user.id }
    }

    fn asking(&self, viewer: &Viewer) -> Asking<'_> {
        Asking { by: Asks { user: viewer.caller.user.id, session: viewer.session_id }, key: &self.key, url: &self.url }
    }

    /// The page on which it is authorised, with what was done.
    fn back(&self, done: &str) -> String {
        let name = &self.known.name;
        if self.known.is_per_person() {
            return format!("/settings?connection={name}&done={done}#connections");
        }
        let tenant = self.tenant.id;
        format!("/admin/tenants/{tenant}/servers/{name}?done={done}&server={name}#authorisation")
    }
}

/// Where a person comes back to from the authorisation server of that server: one address for each, so that an answer of
/// the one cannot be taken for the other's. Under the name by which the browser reaches us, where its session is.
pub(super) fn redirect_address(request: &HttpRequest, edge: &Edge, tenant: TenantId, name: &str) -> Result<Url> {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let path = edge.urls.path(&format!("/admin/tenants/{tenant}/servers/{name}/callback"));
    Url::parse(&format!("{}{path}", edge.home.origin_at(host))).map_err(Error::internal)
}

/// Begins; the answer is a page that names where the person goes.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn begin(
    request: &HttpRequest,
    state: &AppState,
    edge: &Edge,
    viewer: &Viewer,
    place: &Place,
) -> Answer {
    let name = place.known.name.as_str();
    let given = state.authorisations.given(&place.key, &place.url).await?;
    let challenge = match given.filter(|given| given.wants_more) {
        Some(given) => given.challenge,
        None => state.servers.challenge(place.owner(viewer), &place.known).unwrap_or_default(),
    };
    let back = redirect_address(request, edge, place.tenant.id, name)?;
    let document = edge.home.is_secure().then(|| back.join("client.json")).and_then(Result::ok);
    let begun = match state.authorisations.begin(place.asking(viewer), &challenge, &back, document).await {
        Ok(begun) => begun,
        Err(error) => return failed(edge, viewer, place, error),
    };
    let mut tx = state.db.write(place.tenant.id).await?;
    if let Some(client) = &begun.client {
        mcp_client::put(&mut tx, client).await?;
    }
    mcp_authorisation::insert(&mut tx, &begun.waiting).await?;
    tx.commit().await?;
    let ctx = context(state, edge, viewer).await?;
    let (host, server_host) = (net::host_of(&begun.address), net::host_of(&place.url));
    let page = AuthorisePage {
        ctx: &ctx,
        server: name,
        tenant_name: &place.tenant.name,
        is_own: place.known.is_per_person(),
        server_host: &server_host,
        host: &host,
        address: begun.address.as_str(),
        back: &edge.urls.path(&place.back("")),
    };
    html(StatusCode::OK, &page)
}

/// What went wrong is shown where it was begun, in words that are kept in the session: an address could be anybody's.
fn failed(edge: &Edge, viewer: &Viewer, place: &Place, error: Error) -> Answer {
    let Error::Refused(refusal) = error else { return Err(error.into()) };
    let words = viewer.locale.text_with(refusal.message, &refusal.arguments).into_owned();
    set(&viewer.session, entry::AUTHORISING, (place.known.name.as_str(), words))?;
    Ok(redirect(edge, &place.back("failed")))
}

/// What went wrong with the authorisation of a server, once.
pub(super) fn take_fault(viewer: &Viewer) -> Option<(String, String)> {
    let fault = viewer.session.get(entry::AUTHORISING).ok().flatten()?;
    viewer.session.remove(entry::AUTHORISING);
    Some(fault)
}

/// GET `/admin/tenants/{id}/servers/{name}/callback`
pub async fn callback(
    request: HttpRequest,
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    viewer: Viewer,
    address: web::Path<(String, String)>,
) -> Answer {
    let (id, name) = address.into_inner();
    let own = id.parse().is_ok_and(|id: TenantId| id == viewer.caller.tenant.id);
    let tenant = if own { viewer.caller.tenant.clone() } else { administered(&state, &viewer, &id).await? };
    let known = servers::server(&state, &tenant, &name).await?;
    if !known.is_per_person() {
        administered(&state, &viewer, &id).await?;
    }
    let place = Place::new(&viewer, tenant, known)?;
    let mut returned = redirect_address(&request, &edge, place.tenant.id, place.known.name.as_str())?;
    returned.set_query(Some(request.query_string()));
    match finish(&state, &viewer, &place, &returned).await {
        Ok(()) => {
            state.servers.reconnect(place.owner(&viewer), &place.known).await;
            Ok(redirect(&edge, &place.back("authorised")))
        }
        Err(error) => failed(&edge, &viewer, &place, error),
    }
}

async fn finish(state: &AppState, viewer: &Viewer, place: &Place, returned: &Url) -> Result<()> {
    let granted = state.authorisations.finish(place.asking(viewer), returned).await?;
    let (tenant, name) = (place.tenant.id, place.known.name.as_str());
    let mut tx = state.db.write(tenant).await?;
    // What was removed or moved meanwhile is not known to anybody any more.
    if let Origin::Tenant(row) = &place.known.origin
        && mcp_server::find(&mut tx, tenant, name).await?.as_ref() != Some(&**row)
    {
        return Err(Code::Conflict.into());
    }
    mcp_token::put(&mut tx, &granted.token).await?;
    mcp_client::bind(&mut tx, tenant, name, &granted.bound).await?;
    audit(state, &mut tx, viewer, "mcp_authorised", place, &granted.token.issuer).await?;
    tx.commit().await
}

/// Forgets an authorisation, and takes it back where that is offered.
///
/// # Errors
/// `not_found` where there is none.
pub(super) async fn remove(state: &AppState, edge: &Edge, viewer: &Viewer, place: &Place) -> Answer {
    let holder = mcp_token::Holder { tenant: place.tenant.id, server: place.known.name.as_str(), user: place.key.user };
    let mut tx = state.db.write(place.tenant.id).await?;
    // It may be got anew at this very moment.
    let row: McpToken = mcp_token::find(&mut tx, holder).await?.ok_or(Code::NotFound)?;
    mcp_token::delete(&mut tx, &row).await?;
    audit(state, &mut tx, viewer, "mcp_authorisation_removed", place, &row.issuer).await?;
    tx.commit().await?;
    state.authorisations.revoke(vec![row], &place.url);
    state.servers.reconnect(place.owner(viewer), &place.known).await;
    Ok(redirect(edge, &place.back("unauthorised")))
}

async fn audit(
    state: &AppState,
    conn: &mut Conn,
    viewer: &Viewer,
    action: &'static str,
    place: &Place,
    issuer: &str,
) -> Result<()> {
    // Host and port alone.
    let host = |address: &str| net::parse(address).ok().map(|url| net::host_of(&url));
    let issuer = host(issuer).unwrap_or_else(|| net::host_of(&place.url));
    let act = Act {
        actor: Actor::User(viewer.caller.user.id),
        address: &viewer.caller.address,
        action,
        object: format!("mcp_server:{}", place.known.name),
        target: Some(&issuer),
        digest: None,
        details: if place.known.is_per_person() { "for oneself" } else { "for the tenant" },
    };
    state.auditor.append(conn, place.tenant.id, act).await
}

/// GET `/admin/tenants/{id}/servers/{name}/client.json`: who we are, for authorisation servers that read it (a client id
/// metadata document). It says nothing that its address does not: nobody learns from it which servers there are.
pub async fn document(request: HttpRequest, edge: web::Data<Edge>, address: web::Path<(String, String)>) -> Answer {
    let (id, name) = address.into_inner();
    let tenant: TenantId = id.parse().map_err(|_| Code::NotFound)?;
    let name: ServerName = name.parse().map_err(|_| Code::NotFound)?;
    let back = redirect_address(&request, &edge, tenant, name.as_str())?;
    let own = back.join("client.json").map_err(Error::internal)?;
    Ok(HttpResponse::Ok().json(json!({
        "client_id": own,
        "client_name": "Sayso",
        "client_uri": edge.home.address(),
        "redirect_uris": [back],
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "token_endpoint_auth_method": "none",
        "application_type": "web",
    })))
}
