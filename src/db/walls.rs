//! PostgreSQL's row-level security, the second wall: a query that forgot its tenant finds nothing of another's.
//!
//! A tenant's transaction takes a plain role, which owns nothing, and says which tenant it is for; one over all tenants
//! says what for. Who does neither sees no row, not even as the owner of the tables.

use diesel::{
    QueryableByName,
    sql_types::{Bool, Nullable, Text},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _, SimpleAsyncConnection as _};

use super::{Conn, Database, Scope};
use crate::{error::Result, types::TenantId};

/// What puts the walls up; it changes only what is not as it should be.
const RAISE: &str = include_str!("walls.sql");

/// How a transaction begins that works for one tenant, or over all.
#[derive(Clone, Debug)]
pub struct Walls {
    /// The plain role, as SQL text.
    role: String,
}

#[derive(QueryableByName)]
struct Role {
    #[diesel(sql_type = Text)]
    role: String,
}

#[derive(QueryableByName)]
struct Fault {
    #[diesel(sql_type = Text)]
    fault: String,
}

#[derive(QueryableByName)]
struct Seen {
    #[diesel(sql_type = Bool)]
    is_plain: bool,
    #[diesel(sql_type = Nullable<Text>)]
    seen: Option<String>,
}

/// What lets its holder, or everybody, past the walls. The login may take the plain role and may leave it again; where
/// nothing holds the login either, one forgotten scope is enough.
const FAULTS: &str = "
    SELECT format('the role %s that Sayso signs in with is a superuser, whom row-level security does not hold; let it sign in \
as a plain owner of the database', session_user) AS fault FROM pg_roles WHERE rolname = session_user AND rolsuper
    UNION ALL
    SELECT format('the role %s that Sayso signs in with has BYPASSRLS, so that row-level security does not hold it', session_user)
        FROM pg_roles WHERE rolname = session_user AND rolbypassrls AND NOT rolsuper
    UNION ALL
    SELECT format('the role %s of tenants is a superuser, has BYPASSRLS, or may sign in', rolname)
        FROM pg_roles WHERE rolname = walls_role() AND (rolsuper OR rolbypassrls OR rolcanlogin)
    UNION ALL
    SELECT format('the role %s of tenants belongs to the role %s', walls_role(), above.rolname)
        FROM pg_auth_members AS m JOIN pg_roles AS own ON own.oid = m.member JOIN pg_roles AS above ON above.oid = m.roleid
        WHERE own.rolname = walls_role()
    UNION ALL
    SELECT format('the role %s of tenants owns %s', walls_role(), c.oid::regclass)
        FROM pg_class AS c JOIN pg_roles AS r ON r.oid = c.relowner WHERE r.rolname = walls_role()
    UNION ALL
    SELECT format('row-level security is not forced on %s', c.oid::regclass)
        FROM pg_class AS c
        WHERE c.relnamespace = quote_ident(current_schema())::regnamespace AND c.relkind = 'r'
            AND left(c.relname, 2) <> '__' AND c.relname <> 'search_words'
            AND NOT (c.relrowsecurity AND c.relforcerowsecurity)
    UNION ALL
    SELECT format('%s has the policy %s, which is not Sayso''s', p.polrelid::regclass, p.polname)
        FROM pg_policy AS p JOIN pg_class AS c ON c.oid = p.polrelid
        WHERE c.relnamespace = quote_ident(current_schema())::regnamespace AND p.polname <> 'walls'
    UNION ALL
    SELECT format('tenants may read %s', c.oid::regclass)
        FROM pg_class AS c
        WHERE c.relnamespace = quote_ident(current_schema())::regnamespace AND c.relname = 'search_words'
            AND has_table_privilege(walls_role(), c.oid, 'SELECT')";

impl Walls {
    /// Puts them up. Nobody else may do so at the same time.
    ///
    /// # Errors
    /// When the plain role is missing and may not be made.
    pub async fn raise(connection: &mut AsyncPgConnection) -> diesel::QueryResult<Self> {
        connection.batch_execute(RAISE).await?;
        let query = "SELECT quote_literal(walls_role()::text) AS role";
        let found: Role = diesel::sql_query(query).get_result(connection).await?;
        Ok(Self { role: found.role })
    }

    /// What says for whom a transaction is, until it ends; after its `BEGIN`.
    pub fn enter(&self, scope: Scope) -> String {
        match scope {
            Scope::Tenant(tenant) => {
                format!("SELECT set_config('role', {}, true), set_config('sayso.tenant', '{tenant}', true)", self.role)
            }
            Scope::System(reason) => system(reason, "true"),
        }
    }
}

/// What opens a session to all tenants, for what it says.
pub fn open_session(reason: &'static str) -> String {
    system(reason, "false")
}

fn system(reason: &str, is_local: &str) -> String {
    format!("SELECT set_config('sayso.system', '{}', {is_local})", reason.replace('\'', "''"))
}

impl Database {
    /// What lets somebody past the second wall, in words for who runs the database. On SQLite there is no such wall, and
    /// nothing to say.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn gaps(&self) -> Result<Vec<String>> {
        let mut tx = self.read(Scope::System("check")).await?;
        let Conn::Postgres(connection) = &mut *tx else { return Ok(Vec::new()) };
        let faults: Vec<Fault> = diesel::sql_query(FAULTS).load(connection).await?;
        drop(tx);
        let mut faults: Vec<String> = faults.into_iter().map(|found| found.fault).collect();
        // And by trying: a tenant that there is not sees nothing.
        let mut tx = self.read(TenantId::new()).await?;
        let Conn::Postgres(connection) = &mut *tx else { return Ok(faults) };
        let query = "SELECT current_user = walls_role() AS is_plain, coalesce((SELECT 'tenants' FROM tenants LIMIT 1), \
                     (SELECT 'users' FROM users LIMIT 1), (SELECT 'conversations' FROM conversations LIMIT 1)) AS seen";
        let seen: Seen = diesel::sql_query(query).get_result(connection).await?;
        if !seen.is_plain {
            faults.push("a tenant's transaction does not take the plain role".to_owned());
        }
        faults.extend(seen.seen.map(|table| format!("a tenant sees rows of others in {table}")));
        Ok(faults)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_scope_says_cannot_end_its_text() {
        let said = Walls { role: "'it''s'".to_owned() }.enter(Scope::System("a person's own"));
        assert_eq!(said, "SELECT set_config('sayso.system', 'a person''s own', true)");
    }
}
