//! Pages of those who run a tenant.

pub mod accepting;
pub mod audit;
pub mod authorising;
pub mod index;
pub mod inviting;
pub mod limits;
pub mod members;
pub mod models;
pub mod prompt;
pub mod records;
mod server_fields;
mod server_view;
pub mod servers;
pub mod tenants;
pub mod tools;
pub mod tryout;
pub mod upload;
pub mod usage;

use crate::{
    error::{Code, Result},
    http::viewer::Viewer,
    models::{
        audit::Actor,
        tenant::{self, Tenant},
    },
    state::AppState,
    tenancy::Acting,
    types::{Role, TenantId},
};

/// Who acts on these pages.
pub(super) fn acting(viewer: &Viewer) -> Acting {
    Acting {
        actor: Actor::User(viewer.caller.user.id),
        address: viewer.caller.address.clone(),
        is_operator: viewer.caller.user.is_operator,
    }
}

/// An id of an address; what is none is not there.
fn parsed<T: std::str::FromStr>(text: &str) -> Result<T> {
    text.parse().map_err(|_| Code::NotFound.into())
}

/// The tenant of an address, for those who run it: its owners and admins while they are in it, and operators. What is
/// another tenant's is not there; members are told that it is not for them.
///
/// # Errors
/// `not_found`, `forbidden`.
pub(super) async fn administered(state: &AppState, viewer: &Viewer, id: &str) -> Result<Tenant> {
    let id: TenantId = id.parse().map_err(|_| Code::NotFound)?;
    let is_operator = viewer.caller.user.is_operator;
    if id != viewer.caller.tenant.id && !is_operator {
        return Err(Code::NotFound.into());
    }
    if !is_operator && !matches!(viewer.membership.role, Role::Owner | Role::Admin) {
        return Err(Code::Forbidden.into());
    }
    let found = tenant::find(&mut *state.db.read(id).await?, id).await?;
    found.ok_or_else(|| Code::NotFound.into())
}
