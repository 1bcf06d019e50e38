//! Tenants.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::usage::{self, Limits};
use crate::{
    db::{
        Conn, now, on,
        schema::tenants,
        types::{Json, Time},
    },
    error::Result,
    types::{AllowedModels, TenantId},
};

/// An organisation.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = tenants)]
pub struct Tenant {
    /// Its id.
    pub id: TenantId,
    /// Its name in addresses and folders: lower-case letters, digits and `-`.
    pub slug: String,
    /// Its name for people.
    pub name: String,
    /// Whether its people may work.
    pub is_active: bool,
    /// Standing instructions for models.
    pub system_prompt: Option<String>,
    /// When it was made.
    pub created_at: Time,
    /// What its assistant may talk about; anything without.
    pub topics: Option<String>,
    /// After how many seconds a request that nobody decided counts as denied; never without.
    pub approvals_expire_after: Option<i64>,
    /// Which models it may use.
    pub models: Json<AllowedModels>,
}

/// Makes a tenant, with the limits that new tenants start with. A taken slug is a unique violation.
///
/// # Errors
/// When the database refuses.
pub async fn create(conn: &mut Conn, slug: &str, name: &str) -> Result<Tenant> {
    let tenant = Tenant {
        id: TenantId::new(),
        slug: slug.to_owned(),
        name: name.to_owned(),
        is_active: true,
        system_prompt: None,
        created_at: now().into(),
        topics: None,
        approvals_expire_after: None,
        models: Json(AllowedModels::All),
    };
    on!(conn, c => diesel::insert_into(tenants::table).values(&tenant).execute(c).await)?;
    usage::set_limits(conn, tenant.id, tenant.id.into(), Limits::FOR_NEW_TENANTS).await?;
    Ok(tenant)
}

/// The tenant of that id.
///
/// # Errors
/// When the database does not answer.
pub async fn find(conn: &mut Conn, id: TenantId) -> Result<Option<Tenant>> {
    Ok(on!(conn, c => tenants::table.find(id).select(Tenant::as_select()).first(c).await.optional())?)
}

/// The tenant of that slug.
///
/// # Errors
/// When the database does not answer.
pub async fn find_by_slug(conn: &mut Conn, slug: &str) -> Result<Option<Tenant>> {
    Ok(on!(conn, c => {
        tenants::table.filter(tenants::slug.eq(slug)).select(Tenant::as_select()).first(c).await.optional()
    })?)
}

/// All tenants, by slug.
///
/// # Errors
/// When the database does not answer.
pub async fn all(conn: &mut Conn) -> Result<Vec<Tenant>> {
    Ok(on!(conn, c => tenants::table.order(tenants::slug).select(Tenant::as_select()).load(c).await)?)
}

/// The active tenants in which requests that nobody decides expire, and after how many seconds.
///
/// # Errors
/// When the database does not answer.
pub async fn with_expiry(conn: &mut Conn) -> Result<Vec<(TenantId, i64)>> {
    let found: Vec<(TenantId, Option<i64>)> = on!(conn, c => {
        tenants::table
            .filter(tenants::is_active.eq(true))
            .filter(tenants::approvals_expire_after.is_not_null())
            .select((tenants::id, tenants::approvals_expire_after))
            .load(c)
            .await
    })?;
    Ok(found.into_iter().filter_map(|(id, seconds)| Some((id, seconds?))).collect())
}

/// Sets what a tenant's models are told and what they may talk about; `false` if there is no such tenant.
///
/// # Errors
/// When the database does not answer.
pub async fn set_prompt(
    conn: &mut Conn,
    id: TenantId,
    system_prompt: Option<&str>,
    topics: Option<&str>,
) -> Result<bool> {
    let changed = on!(conn, c => {
        diesel::update(tenants::table.find(id))
            .set((tenants::system_prompt.eq(system_prompt), tenants::topics.eq(topics)))
            .execute(c)
            .await
    })?;
    Ok(changed == 1)
}

/// Sets after how many seconds a request that nobody decided counts as denied; `false` if there is no such tenant.
///
/// # Errors
/// When the database does not answer.
pub async fn set_approval_expiry(conn: &mut Conn, id: TenantId, seconds: Option<i64>) -> Result<bool> {
    let changed = on!(conn, c => {
        diesel::update(tenants::table.find(id)).set(tenants::approvals_expire_after.eq(seconds)).execute(c).await
    })?;
    Ok(changed == 1)
}

/// Which models a tenant may use now; `None` if there is no such tenant.
///
/// # Errors
/// When the database does not answer.
pub async fn allowed_models(conn: &mut Conn, id: TenantId) -> Result<Option<AllowedModels>> {
    let found: Option<Json<AllowedModels>> =
        on!(conn, c => tenants::table.find(id).select(tenants::models).first(c).await.optional())?;
    Ok(found.map(|Json(models)| models))
}

/// Sets which models a tenant may use.
///
/// # Errors
/// When the database does not answer.
pub async fn set_allowed_models(conn: &mut Conn, id: TenantId, models: &AllowedModels) -> Result<()> {
    let models = Json(models.clone());
    on!(conn, c => diesel::update(tenants::table.find(id)).set(tenants::models.eq(&models)).execute(c).await)?;
    Ok(())
}

/// Keeps other verbs that change a tenant's places waiting until the transaction ends, so that of two owners who
/// remove one another at once one stays; `None` if there is no such tenant.
///
/// # Errors
/// When the database does not answer.
pub async fn lock(conn: &mut Conn, id: TenantId) -> Result<Option<Tenant>> {
    Ok(on!(conn, c => {
        diesel::update(tenants::table.find(id))
            .set(tenants::is_active.eq(tenants::is_active))
            .returning(Tenant::as_returning())
            .get_result(c)
            .await
            .optional()
    })?)
}

/// Suspends or readmits a tenant.
///
/// # Errors
/// When the database does not answer.
pub async fn set_active(conn: &mut Conn, id: TenantId, is_active: bool) -> Result<()> {
    on!(conn, c => {
        diesel::update(tenants::table.find(id)).set(tenants::is_active.eq(is_active)).execute(c).await
    })?;
    Ok(())
}

/// Gives a tenant another name for people.
///
/// # Errors
/// When the database does not answer.
pub async fn set_name(conn: &mut Conn, id: TenantId, name: &str) -> Result<()> {
    on!(conn, c => diesel::update(tenants::table.find(id)).set(tenants::name.eq(name)).execute(c).await)?;
    Ok(())
}

/// A slug made of a name: `Café & Söhne` → `cafe-sohne`-like; letters that are not ASCII are left out, and where
/// nothing is left it is `team`.
pub fn slug_of(name: &str) -> String {
    let mut slug = String::new();
    for character in name.chars() {
        if character.is_ascii_alphanumeric() {
            slug.push(character.to_ascii_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
        if slug.len() == 40 {
            break;
        }
    }
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() { "team".to_owned() } else { slug.to_owned() }
}

/// Whether this may be a slug: 1 to 40 lower-case letters, digits and inner hyphens. It names a folder.
pub fn is_slug(text: &str) -> bool {
    (1..=40).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        && !text.starts_with('-')
        && !text.ends_with('-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_slugs() {
        for (name, slug) in
            [("Acme", "acme"), ("  Big  Co. ", "big-co"), ("日本", "team"), ("a/../b", "a-b"), ("", "team")]
        {
            assert_eq!(slug_of(name), slug);
            assert!(is_slug(&slug_of(name)));
        }
        assert!(is_slug(&slug_of(&"x y".repeat(50))));
        for wrong in ["", "-a", "a-", "A", "a.b", "..", "a/b"] {
            assert!(!is_slug(wrong), "{wrong}");
        }
    }
}
