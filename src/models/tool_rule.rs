//! What a tenant's admins say of its tools.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use crate::{
    db::{Conn, on, schema::tool_rules, types::Time},
    error::Result,
    types::{Digest, TenantId, UserId, Verdict},
};

/// A tenant's rule for one tool.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = tool_rules, treat_none_as_null = true)]
pub struct ToolRule {
    /// The tenant.
    pub tenant_id: TenantId,
    /// The tool's server.
    pub server: String,
    /// The tool.
    pub name: String,
    /// Never, only when a person says so, or without asking.
    pub verdict: Verdict,
    /// The fingerprint of the definition that was accepted.
    pub fingerprint: Option<Digest>,
    /// That definition, as JSON, to show what changed since.
    pub definition: Option<String>,
    /// Whether people may grant calls of it beforehand.
    pub grants_allowed: bool,
    /// Whether guests may use it.
    pub guests_allowed: bool,
    /// Who said so.
    pub changed_by: Option<UserId>,
    /// When.
    pub changed_at: Time,
}

/// The tenant's rule for a tool, if its admins spoke about it.
///
/// # Errors
/// When the database does not answer.
pub async fn find(conn: &mut Conn, tenant: TenantId, server: &str, name: &str) -> Result<Option<ToolRule>> {
    Ok(on!(conn, c => {
        tool_rules::table.find((tenant, server, name)).select(ToolRule::as_select()).first(c).await.optional()
    })?)
}

/// All rules of a tenant, by server and name.
///
/// # Errors
/// When the database does not answer.
pub async fn of_tenant(conn: &mut Conn, tenant: TenantId) -> Result<Vec<ToolRule>> {
    Ok(on!(conn, c => {
        tool_rules::table
            .filter(tool_rules::tenant_id.eq(tenant))
            .order((tool_rules::server, tool_rules::name))
            .select(ToolRule::as_select())
            .load(c)
            .await
    })?)
}

/// Sets a tenant's rule for a tool.
///
/// # Errors
/// When the database refuses.
pub async fn set(conn: &mut Conn, rule: &ToolRule) -> Result<()> {
    on!(conn, c => {
        diesel::insert_into(tool_rules::table)
            .values(rule)
            .on_conflict((tool_rules::tenant_id, tool_rules::server, tool_rules::name))
            .do_update()
            .set(rule)
            .execute(c)
            .await
    })?;
    Ok(())
}
