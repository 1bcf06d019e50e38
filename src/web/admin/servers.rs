//! The servers of tools that a tenant has: how it stands with them, connecting and listing anew, and adding, changing and
//! removing the tenant's own.
//!
//! The attacks meant: an address that takes a command (none does: commands stand in the operators' file alone), a header
//! that is read back by who may not know it, or sent to another origin by who may only change the address.

use actix_web::{HttpRequest, http::StatusCode, web};
use serde::Deserialize;

use super::{
    super::{
        Answer,
        authorise::{redirect_address, take_fault},
        page::{context, html, redirect},
    },
    administered,
    server_fields::{Added, Changed, typed_of},
    server_view::view,
};
use crate::{
    db::{Conn, now},
    error::{Code, Refusal, Result},
    http::{Edge, form::Form, viewer::Viewer},
    models::{
        Owner,
        audit::{Act, Actor},
        mcp_client,
        mcp_server::{self, McpServer},
        mcp_token::{self, McpToken},
        tenant::Tenant,
    },
    render::html::{
        FieldErrors, PageContext,
        servers::{ClientView, ServerPage, ServerTyped, ServerView, ServersPage},
    },
    state::AppState,
    tools::{
        mcp::{Known, Origin, ServerName},
        net,
    },
    types::McpServerId,
};

/// A form with nothing but its token.
#[derive(Deserialize)]
pub struct Nothing {}

#[derive(Deserialize)]
pub struct Done {
    #[serde(default)]
    done: Option<String>,
    #[serde(default)]
    server: Option<String>,
}

impl Done {
    /// In words, if it is something that can be done.
    fn words(&self, ctx: &PageContext) -> Option<String> {
        // Of an address, which anybody may have written: a name at most.
        let server = self.server.as_deref().filter(|name| name.parse::<ServerName>().is_ok())?;
        let words = |key: &'static str| Some(ctx.t1(key, "server", server).into_owned());
        match self.done.as_deref()? {
            "added" => words("servers-done-added"),
            "changed" => words("servers-done-changed"),
            "removed" => words("servers-done-removed"),
            "reconnected" => words("servers-done-reconnected"),
            "refreshed" => words("servers-done-refreshed"),
            "authorised" => words("authorise-done"),
            "unauthorised" => words("authorise-removed"),
            "client" => words("authorise-client-done"),
            _ => None,
        }
    }
}

/// Tenant and server of an address.
type Address = web::Path<(String, String)>;

/// GET `/admin/tenants/{id}/servers`
pub async fn index(
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    viewer: Viewer,
    id: web::Path<String>,
    done: web::Query<Done>,
) -> Answer {
    let tenant = administered(&state, &viewer, &id).await?;
    let typed = ServerTyped::default();
    draw_all(&state, &edge, &viewer, &tenant, &Shown { typed: &typed, refusal: None, done: Some(&done) }).await
}

/// POST `/admin/tenants/{id}/servers`
pub async fn create(
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    viewer: Viewer,
    id: web::Path<String>,
    form: Form<Added>,
) -> Answer {
    let fields = form.checked(&viewer.csrf)?;
    let tenant = administered(&state, &viewer, &id).await?;
    match add(&state, &viewer, &tenant, &fields).await {
        Ok(()) => {
            connect(&state, &viewer, &tenant, &fields.name).await?;
            Ok(redirect(&edge, &done(&tenant, "added", &fields.name)))
        }
        Err(crate::error::Error::Refused(refusal)) if refusal.code == Code::InvalidPayload => {
            let typed = fields.given_back();
            let shown = Shown { typed: &typed, refusal: Some(&refusal), done: None };
            draw_all(&state, &edge, &viewer, &tenant, &shown).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn add(state: &AppState, viewer: &Viewer, tenant: &Tenant, fields: &Added) -> Result<()> {
    let roster = state.servers.roster();
    let checked = fields.checked(&state.servers).await?;
    let taken = || Refusal::new(Code::InvalidPayload).saying("servers-name-taken").about("name");
    let time = now().into();
    let mut server = McpServer {
        id: McpServerId::new(),
        tenant_id: tenant.id,
        name: checked.name.to_string(),
        url: checked.url,
        headers: None,
        per_person: fields.per_person,
        is_active: true,
        created_at: time,
        changed_by: Some(viewer.caller.user.id),
        changed_at: time,
    };
    server.set_headers(roster.sealer(), &checked.headers)?;
    let mut tx = state.db.write(tenant.id).await?;
    if mcp_server::of_tenant(&mut tx, tenant.id).await?.len() >= mcp_server::MOST {
        let refusal = Refusal::new(Code::InvalidPayload).saying("servers-too-many");
        return Err(refusal.with("limit", mcp_server::MOST).into());
    }
    if !mcp_server::insert(&mut tx, &server).await? {
        return Err(taken().into());
    }
    audit(state, &mut tx, viewer, "mcp_server_added", &server, &checked.names).await?;
    tx.commit().await
}

/// GET `/admin/tenants/{id}/servers/{name}`
pub async fn show(
    request: HttpRequest,
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    viewer: Viewer,
    address: Address,
    done: web::Query<Done>,
) -> Answer {
    let (tenant, known) = find(&state, &viewer, address).await?;
    let typed = typed_of(&known, state.servers.roster().sealer());
    let shown = Shown { typed: &typed, refusal: None, done: Some(&done) };
    draw_one(&request, &state, &edge, &viewer, &tenant, &known, &shown).await
}

/// POST `/admin/tenants/{id}/servers/{name}`
pub async fn update(
    request: HttpRequest,
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    viewer: Viewer,
    address: Address,
    form: Form<Changed>,
) -> Answer {
    let fields = form.checked(&viewer.csrf)?;
    let (tenant, known) = find(&state, &viewer, address).await?;
    let Origin::Tenant(row) = &known.origin else { return Err(Code::Forbidden.into()) };
    match change(&state, &viewer, &tenant, row, &fields).await {
        Ok(()) => {
            connect(&state, &viewer, &tenant, &row.name).await?;
            Ok(redirect(&edge, &done_at(&tenant, "changed", &row.name)))
        }
        Err(crate::error::Error::Refused(refusal)) if refusal.code == Code::InvalidPayload => {
            let typed = fields.given_back();
            let shown = Shown { typed: &typed, refusal: Some(&refusal), done: None };
            draw_one(&request, &state, &edge, &viewer, &tenant, &known, &shown).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn change(state: &AppState, viewer: &Viewer, tenant: &Tenant, row: &McpServer, fields: &Changed) -> Result<()> {
    let sealer = state.servers.roster().sealer();
    let checked = fields.checked(&state.servers, row).await?;
    let mut server = McpServer {
        url: checked.url,
        per_person: fields.per_person,
        is_active: fields.is_active,
        changed_by: Some(viewer.caller.user.id),
        changed_at: now().into(),
        ..row.clone()
    };
    server.set_headers(sealer, &checked.headers)?;
    let mut tx = state.db.write(tenant.id).await?;
    // What somebody else changed meanwhile was not looked at.
    if mcp_server::find(&mut tx, tenant.id, &row.name).await?.as_ref() != Some(row) {
        return Err(Code::Conflict.into());
    }
    // What was given for one address is not for another, nor what was the tenant's for each person.
    let (has_moved, is_shared_otherwise) = (server.url != row.url, server.per_person != row.per_person);
    let mut gone = Vec::new();
    if has_moved || is_shared_otherwise {
        gone = mcp_token::of_server(&mut tx, tenant.id, &row.name).await?;
        mcp_token::delete_of_server(&mut tx, tenant.id, &row.name).await?;
    }
    if has_moved {
        mcp_server::forget_authorisations(&mut tx, tenant.id, &row.name).await?;
    }
    if !mcp_server::update(&mut tx, &server).await? {
        return Err(Code::NotFound.into());
    }
    audit(state, &mut tx, viewer, "mcp_server_changed", &server, &checked.names).await?;
    tx.commit().await?;
    take_back(state, gone, &row.url);
    Ok(())
}

/// POST `/admin/tenants/{id}/servers/{name}/remove`
pub async fn remove(
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    viewer: Viewer,
    address: Address,
    form: Form<Nothing>,
) -> Answer {
    form.checked(&viewer.csrf)?;
    let (tenant, known) = find(&state, &viewer, address).await?;
    let Origin::Tenant(row) = &known.origin else { return Err(Code::Forbidden.into()) };
    let mut tx = state.db.write(tenant.id).await?;
    let gone = mcp_token::of_server(&mut tx, tenant.id, &row.name).await?;
    if !mcp_server::delete(&mut tx, tenant.id, &row.name).await? {
        return Err(Code::NotFound.into());
    }
    audit(&state, &mut tx, &viewer, "mcp_server_removed", row, &[]).await?;
    tx.commit().await?;
    take_back(&state, gone, &row.url);
    // Its connections end now, not when somebody asks for tools the next time.
    state.servers.known(tenant.id).await?;
    Ok(redirect(&edge, &done(&tenant, "removed", &row.name)))
}

/// What a server gave is taken back where that is offered.
fn take_back(state: &AppState, gone: Vec<McpToken>, url: &str) {
    if let Ok(url) = net::parse(url) {
        state.authorisations.revoke(gone, &url);
    }
}

/// POST `/admin/tenants/{id}/servers/{name}/reconnect`
pub async fn reconnect(
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    viewer: Viewer,
    address: Address,
    form: Form<Nothing>,
) -> Answer {
    form.checked(&viewer.csrf)?;
    let (tenant, known) = find(&state, &viewer, address).await?;
    state.servers.reconnect(looking(&viewer, &tenant), &known).await;
    Ok(redirect(&edge, &done_at(&tenant, "reconnected", known.name.as_str())))
}

/// POST `/admin/tenants/{id}/servers/{name}/refresh`
pub async fn refresh(
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    viewer: Viewer,
    address: Address,
    form: Form<Nothing>,
) -> Answer {
    form.checked(&viewer.csrf)?;
    let (tenant, known) = find(&state, &viewer, address).await?;
    state.servers.relist(looking(&viewer, &tenant), &known).await;
    Ok(redirect(&edge, &done_at(&tenant, "refreshed", known.name.as_str())))
}

/// The server of an address, for those who run its tenant.
pub(super) async fn find(state: &AppState, viewer: &Viewer, address: Address) -> Result<(Tenant, Known)> {
    let (id, name) = address.into_inner();
    let tenant = administered(state, viewer, &id).await?;
    let known = server(state, &tenant, &name).await?;
    Ok((tenant, known))
}

/// A tenant's server, as it is now.
///
/// # Errors
/// `not_found`.
pub(in crate::web) async fn server(state: &AppState, tenant: &Tenant, name: &str) -> Result<Known> {
    let known = state.servers.known(tenant.id).await?;
    let named = || known.iter().filter(|known| known.name.as_str() == name);
    // The tenant's own that lost its name to the operators' can still be changed and removed.
    let own = named().find(|known| matches!(known.origin, Origin::Tenant(_)));
    own.or_else(|| named().next()).cloned().ok_or_else(|| Code::NotFound.into())
}

/// Who looks at the servers of a tenant: an operator, too, who may be in another one.
pub(super) fn looking(viewer: &Viewer, tenant: &Tenant) -> Owner {
    Owner { tenant: tenant.id, user: viewer.caller.user.id }
}

/// What was just added or changed is reached at once, so that the page says how it stands.
async fn connect(state: &AppState, viewer: &Viewer, tenant: &Tenant, name: &str) -> Result<()> {
    let known = server(state, tenant, name).await?;
    state.servers.relist(looking(viewer, tenant), &known).await;
    Ok(())
}

fn done(tenant: &Tenant, what: &str, server: &str) -> String {
    format!("/admin/tenants/{}/servers?done={what}&server={server}#main", tenant.id)
}

fn done_at(tenant: &Tenant, what: &str, server: &str) -> String {
    format!("/admin/tenants/{}/servers/{server}?done={what}&server={server}#main", tenant.id)
}

async fn audit(
    state: &AppState,
    conn: &mut Conn,
    viewer: &Viewer,
    action: &'static str,
    server: &McpServer,
    headers: &[String],
) -> Result<()> {
    let said = |may: bool| if may { "on" } else { "off" };
    let (person, active) = (said(server.per_person), said(server.is_active));
    let details = format!("headers={} per_person={person} active={active}", headers.join(","));
    // Host and port alone: what follows may hold a secret.
    let host = net::parse(&server.url).ok().map(|url| net::host_of(&url));
    let act = Act {
        actor: Actor::User(viewer.caller.user.id),
        address: &viewer.caller.address,
        action,
        object: format!("mcp_server:{}", server.name),
        target: host.as_deref(),
        digest: None,
        details: &details,
    };
    state.auditor.append(conn, server.tenant_id, act).await
}

/// What a page shows beside what is stored.
struct Shown<'a> {
    typed: &'a ServerTyped,
    refusal: Option<&'a Refusal>,
    done: Option<&'a Done>,
}

impl Shown<'_> {
    fn status(&self) -> StatusCode {
        if self.refusal.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK }
    }

    fn errors(&self, viewer: &Viewer) -> FieldErrors {
        self.refusal.map(|refusal| FieldErrors::from_refusal(refusal, viewer.locale)).unwrap_or_default()
    }

    fn notice(&self, ctx: &PageContext) -> Option<String> {
        self.done.and_then(|done| done.words(ctx))
    }
}

async fn draw_all(state: &AppState, edge: &Edge, viewer: &Viewer, tenant: &Tenant, shown: &Shown<'_>) -> Answer {
    let ctx = context(state, edge, viewer).await?;
    let known = state.servers.known(tenant.id).await?;
    let mut servers: Vec<ServerView> = Vec::new();
    for known in known.iter() {
        servers.push(view(state, viewer, tenant, known).await?);
    }
    let notice = shown.notice(&ctx);
    let page = ServersPage {
        ctx: &ctx,
        tenant: tenant.id,
        tenant_name: &tenant.name,
        servers: &servers,
        notice: notice.as_deref(),
        typed: shown.typed,
        errors: &shown.errors(viewer),
    };
    html(shown.status(), &page)
}

/// As what Sayso is known to whom the server trusts, where an admin can say so.
async fn client(
    state: &AppState,
    request: &HttpRequest,
    edge: &Edge,
    tenant: &Tenant,
    known: &Known,
) -> Result<Option<ClientView>> {
    let (Origin::Tenant(row), Some(url)) = (&known.origin, known.authorises_at()) else { return Ok(None) };
    let clients = mcp_client::of_server(&mut *state.db.read(tenant.id).await?, tenant.id, &row.name).await?;
    let given = clients.iter().find(|client| client.is_given);
    let opened = given.and_then(|client| client.open(state.servers.roster().sealer(), url.as_str()));
    Ok(Some(ClientView {
        has_secret: opened.as_ref().is_some_and(|(_, secret)| secret.is_some()),
        id: opened.map(|(id, _)| id).unwrap_or_default(),
        redirect: redirect_address(request, edge, tenant.id, &row.name)?.into(),
    }))
}

async fn draw_one(
    request: &HttpRequest,
    state: &AppState,
    edge: &Edge,
    viewer: &Viewer,
    tenant: &Tenant,
    known: &Known,
    shown: &Shown<'_>,
) -> Answer {
    let ctx = context(state, edge, viewer).await?;
    let notice = shown.notice(&ctx);
    let fault = take_fault(viewer).filter(|(server, _)| server == known.name.as_str()).map(|(_, words)| words);
    let client = client(state, request, edge, tenant, known).await?;
    let page = ServerPage {
        ctx: &ctx,
        tenant: tenant.id,
        server: &view(state, viewer, tenant, known).await?,
        client: client.as_ref(),
        fault: fault.as_deref(),
        may_try: viewer.caller.tenant.id == tenant.id,
        notice: notice.as_deref(),
        typed: shown.typed,
        errors: &shown.errors(viewer),
    };
    html(shown.status(), &page)
}
