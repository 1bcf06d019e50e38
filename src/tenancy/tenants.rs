//! Making, naming, suspending and readmitting tenants; operators alone do.

use super::{Acting, Desk, checked_name, must_operate, taken};
use crate::{
    db::Scope,
    error::{Code, Refusal, Result},
    models::{
        audit::Chain,
        membership,
        tenant::{self, Tenant},
    },
    types::TenantId,
};

/// Work over all tenants: which one, is what is asked.
const SCOPE: Scope = Scope::System("operators change tenants");

/// Makes a tenant.
///
/// # Errors
/// `forbidden`; `invalid_payload` or `conflict` about `slug` or `name`.
pub async fn create(desk: &Desk, acting: &Acting, slug: &str, name: &str) -> Result<Tenant> {
    if !tenant::is_slug(slug) {
        return Err(Refusal::new(Code::InvalidPayload).saying("error-slug").about("slug").into());
    }
    let name = checked_name(name, "name")?;
    let mut tx = desk.db.write(SCOPE).await?;
    must_operate(&mut tx, acting).await?;
    let made = tenant::create(&mut tx, slug, name).await.map_err(|error| taken(error, "error-slug-taken", "slug"))?;
    desk.audit(&mut tx, made.id, acting, "tenant_created", format!("tenant:{}", made.id), slug).await?;
    // Known in the system's log too: a tenant that is gone together with its own log is missed there.
    desk.audit(&mut tx, Chain::System, acting, "tenant_created", format!("tenant:{}", made.id), slug).await?;
    tx.commit().await?;
    Ok(made)
}

/// Gives a tenant another name for people; its slug, which names folders, stays.
///
/// # Errors
/// `forbidden`; `not_found`; `invalid_payload` about `name`.
pub async fn rename(desk: &Desk, acting: &Acting, id: TenantId, name: &str) -> Result<Tenant> {
    let name = checked_name(name, "name")?;
    let mut tx = desk.db.write(SCOPE).await?;
    must_operate(&mut tx, acting).await?;
    let before = tenant::lock(&mut tx, id).await?.ok_or(Code::NotFound)?;
    if before.name != name {
        tenant::set_name(&mut tx, id, name).await?;
        desk.audit(&mut tx, id, acting, "tenant_renamed", format!("tenant:{id}"), "").await?;
    }
    tx.commit().await?;
    Ok(Tenant { name: name.to_owned(), ..before })
}

/// Suspends a tenant, which closes all that anybody has open in it, or readmits it. Sessions and tokens are kept: they
/// open nothing until it is readmitted, and then its people go on where they were. Whether it was another way before.
///
/// # Errors
/// `forbidden`; `not_found`.
pub async fn set_active(desk: &Desk, acting: &Acting, id: TenantId, is_active: bool) -> Result<(Tenant, bool)> {
    let mut tx = desk.db.write(SCOPE).await?;
    must_operate(&mut tx, acting).await?;
    let before = tenant::lock(&mut tx, id).await?.ok_or(Code::NotFound)?;
    if before.is_active == is_active {
        return Ok((before, false));
    }
    tenant::set_active(&mut tx, id, is_active).await?;
    membership::raise_epochs(&mut tx, id).await?;
    let action = if is_active { "tenant_resumed" } else { "tenant_suspended" };
    desk.audit(&mut tx, id, acting, action, format!("tenant:{id}"), "").await?;
    desk.wake_tenant(&mut tx, id).await?;
    tx.commit().await?;
    desk.touch_everybody();
    Ok((Tenant { is_active, ..before }, true))
}
