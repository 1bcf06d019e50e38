//! What a person said beforehand: as their settings list it, and taking it back.

use actix_web::web;

use super::{Answer, page::redirect, sessions::Nothing};
use crate::{
    db::Conn,
    error::{Code, Result},
    http::{Edge, form::Form, viewer::Viewer},
    models::{
        Owner,
        audit::{Act, Actor},
        conversation, grant,
    },
    render::html::pages::GrantSummary,
    state::AppState,
    types::GrantId,
};

/// What still holds, the newest first.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn listed(conn: &mut Conn, owner: Owner) -> Result<Vec<GrantSummary>> {
    let mut listed = Vec::new();
    for grant in grant::of_person(conn, owner).await? {
        let conversation = match grant.conversation_id {
            Some(id) => match conversation::find(conn, owner, id).await? {
                Some(found) => Some((id, found.title)),
                // It holds in a conversation that is gone: nothing can run by it.
                None => continue,
            },
            None => None,
        };
        listed.push(GrantSummary {
            id: grant.id,
            left: grant.left(),
            tool: grant.name,
            server: grant.server,
            bound: grant.bound.0,
            arguments: grant.arguments,
            conversation,
            used: grant.used,
            ends: grant.expires_at.into(),
        });
    }
    Ok(listed)
}

/// POST `/settings/grants/{id}/revoke`
pub async fn revoke(
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    viewer: Viewer,
    id: web::Path<String>,
    form: Form<Nothing>,
) -> Answer {
    form.checked(&viewer.csrf)?;
    let id: GrantId = id.parse().map_err(|_| Code::NotFound)?;
    let owner = viewer.owner();
    let mut tx = state.db.write(owner.tenant).await?;
    let revoked = grant::revoke(&mut tx, owner, id).await?.ok_or(Code::NotFound)?;
    let act = Act {
        actor: Actor::User(owner.user),
        address: &viewer.caller.address,
        action: "grant_revoked",
        object: format!("grant:{id}"),
        target: None,
        digest: None,
        details: &revoked.name,
    };
    state.auditor.append_of_tool(&mut tx, owner.tenant, act, Some(&revoked.name)).await?;
    tx.commit().await?;
    Ok(redirect(&edge, "/settings#grants"))
}
