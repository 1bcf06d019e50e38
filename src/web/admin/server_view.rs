//! A server as a page shows it: what stands in the roster, how its connection stands, and no more than the viewer may know.

use chrono::{DateTime, Utc};

use super::{super::connections::issuer, servers::looking};
use crate::{
    error::Result,
    http::viewer::Viewer,
    models::tenant::Tenant,
    render::html::servers::{AuthorisationView, ListedView, ServerState, ServerView},
    state::AppState,
    tools::mcp::{Era, Known, ListedTool, Origin, State, Unusable, words},
};

/// A server as the viewer may know it.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn view(state: &AppState, viewer: &Viewer, tenant: &Tenant, known: &Known) -> Result<ServerView> {
    let is_operators = matches!(known.origin, Origin::Operators);
    let empty = ServerView {
        name: known.name.to_string(),
        is_operators,
        launch: match &known.origin {
            Origin::Tenant(row) => row.url.clone(),
            Origin::Operators => String::new(),
        },
        names: Vec::new(),
        is_per_person: known.is_per_person(),
        state: ServerState::Idle,
        since: None,
        fault: None,
        protocol: None,
        is_discovered: false,
        identity: None,
        tools: None,
        listed: None,
        was_cut: false,
        left_out: Vec::new(),
        stderr: None,
        authorisation: None,
    };
    let spec = match &known.spec {
        Ok(spec) => spec,
        Err(why) => return Ok(ServerView { state: unusable(*why), ..empty }),
    };
    let is_operator = viewer.caller.user.is_operator;
    let standing = state.servers.standing(looking(viewer, tenant), known);
    let status = standing.status;
    let fault = status.fault.or(standing.fault).map(|fault| fault.to_string());
    let time = |time: std::time::SystemTime| DateTime::<Utc>::from(time);
    let listed = |tool: &ListedTool| ListedView {
        name: tool.name.clone(),
        title: words::line(tool.title.as_deref().unwrap_or_default()),
    };
    let listing = standing.listing;
    let is_needed = status.state == State::NeedsAuthorisation;
    Ok(ServerView {
        authorisation: authorisation(state, viewer, tenant, known, is_needed).await?,
        launch: if is_operators && !is_operator { spec.launch.hinted() } else { spec.launch.line() },
        names: spec.launch.names().into_iter().map(str::to_owned).collect(),
        state: shown_state(status.state),
        since: (status.state != State::Idle).then(|| time(status.since)),
        fault,
        protocol: status.protocol,
        is_discovered: status.era == Some(Era::Discovered),
        identity: status.server.map(|(name, version)| format!("{name} {version}")),
        listed: listing.as_ref().map(|listing| time(listing.at)),
        was_cut: listing.as_ref().is_some_and(|listing| listing.was_cut),
        left_out: listing
            .iter()
            .flat_map(|listing| &listing.left_out)
            .map(|left| (left.name.clone(), left.why.to_owned()))
            .collect(),
        tools: listing.map(|listing| listing.tools.iter().map(listed).collect()),
        stderr: (is_operator && !status.stderr.is_empty()).then_some(status.stderr),
        ..empty
    })
}

/// What there is to say of its authorisation: nothing, where it asks for none.
async fn authorisation(
    state: &AppState,
    viewer: &Viewer,
    tenant: &Tenant,
    known: &Known,
    is_needed: bool,
) -> Result<Option<AuthorisationView>> {
    let Some(url) = known.authorises_at() else { return Ok(None) };
    let given = state.authorisations.given(&known.key(looking(viewer, tenant)), url).await?;
    if given.is_none() && !is_needed {
        return Ok(None);
    }
    Ok(Some(AuthorisationView {
        wants_more: given.as_ref().is_some_and(|given| given.wants_more),
        issuer: given.map(|given| issuer(&given.issuer, url)),
    }))
}

fn shown_state(state: State) -> ServerState {
    match state {
        State::Idle => ServerState::Idle,
        State::Connecting => ServerState::Connecting,
        State::Ready => ServerState::Ready,
        State::NeedsAuthorisation => ServerState::NeedsAuthorisation,
        State::Degraded => ServerState::Degraded,
        State::Failed => ServerState::Failed,
    }
}

fn unusable(why: Unusable) -> ServerState {
    match why {
        Unusable::Inactive => ServerState::Inactive,
        Unusable::NameTaken => ServerState::NameTaken,
        Unusable::Unopened => ServerState::Unopened,
        Unusable::WrongAddress => ServerState::WrongAddress,
    }
}
