//! PostgreSQL's row-level security, the wall behind the queries: tried with SQL that names no tenant at all.

use std::{
    collections::BTreeMap,
    process::{Command, Output},
    time::Duration,
};

use diesel::{QueryableByName, sql_types::Text};
use diesel_async::{AsyncConnection as _, AsyncPgConnection, RunQueryDsl as _, SimpleAsyncConnection as _};
use sayso::types::TenantId;
use secrecy::ExposeSecret as _;

use crate::*;

/// Tables that no tenant reads, and why.
const CLOSED: [(&str, &str); 4] = [
    ("setup_links", "made and used before there is a tenant"),
    ("secrets_in_use", "the installation's"),
    ("password_links", "an account's, which may be in several tenants"),
    ("search_words", "words by number: whose they are stands in search_entries, which has a policy"),
];

/// Tables without a `tenant_id` whose rows tenants read nevertheless, and by what.
const BY_OTHER_MEANS: [(&str, &str); 4] =
    [("tenants", "id"), ("users", "their memberships"), ("audit_rows", "chain"), ("audit_heads", "chain")];

/// A table's columns that a row must have, with their types.
type Tables = BTreeMap<String, Vec<(String, String)>>;

impl World {
    /// Asks over all walls.
    fn asked(&self, sql: &str) -> String {
        self.place.postgres.as_ref().expect("PostgreSQL").query(sql).unwrap_or_else(|fault| panic!("{sql}: {fault}"))
    }

    fn url(&self) -> String {
        let DatabaseUrl::Postgres(url) = &self.place.url else { unreachable!() };
        url.expose_secret().to_owned()
    }

    fn tables(&self) -> Tables {
        let rows = self.asked(
            "SELECT c.table_name, c.column_name, c.udt_name FROM information_schema.columns AS c \
             WHERE c.table_schema = 'public' AND left(c.table_name, 2) <> '__' AND c.is_identity = 'NO' \
             AND (c.column_name IN ('tenant_id', 'user_id') OR (c.is_nullable = 'NO' AND c.column_default IS NULL)) \
             ORDER BY 1, c.ordinal_position",
        );
        let mut tables = Tables::new();
        for row in rows.lines() {
            let [table, column, kind] = row.split('|').collect::<Vec<_>>()[..] else { panic!("{row}") };
            tables.entry(table.to_owned()).or_default().push((column.to_owned(), kind.to_owned()));
        }
        assert!(tables.len() > 30, "{tables:?}");
        tables
    }

    /// A row of every table for each of two tenants, and rows of no tenant.
    fn planted(&self) -> Tables {
        let tables = self.tables();
        let mut all = "SET session_replication_role = replica;".to_owned();
        for owner in [self.ann, self.eve] {
            for (table, columns) in
                tables.iter().filter(|(table, _)| !["tenants", "users", "memberships"].contains(&table.as_str()))
            {
                all.push_str(&insertion(table, columns, owner));
            }
        }
        self.asked(&all);
        tables
    }
}

/// A row of a table that is this person's, with anything else in it.
fn insertion(table: &str, columns: &[(String, String)], owner: Owner) -> String {
    let value = |(column, kind): &(String, String)| match (column.as_str(), kind.as_str()) {
        ("tenant_id", _) => format!("'{}'", owner.tenant),
        ("user_id", _) => format!("'{}'", owner.user),
        ("chain", _) => format!("'{}'", owner.tenant),
        ("id", "uuid") if table == "tenants" => format!("'{}'", TenantId::new()),
        (_, "uuid") => "gen_random_uuid()".to_owned(),
        (_, "text") => "gen_random_uuid()::text".to_owned(),
        (_, "int8" | "int4") => "(random() * 1000000)::int".to_owned(),
        (_, "timestamptz") => "now()".to_owned(),
        (_, "bool") => "false".to_owned(),
        (_, "bytea") => "''".to_owned(),
        (_, "tsvector") => "'planted'".to_owned(),
        (_, other) => panic!("{table}: {other}"),
    };
    let names: Vec<_> = columns.iter().map(|(column, _)| column.as_str()).collect();
    let values: Vec<_> = columns.iter().map(value).collect();
    format!("INSERT INTO {table} ({}) VALUES ({});", names.join(", "), values.join(", "))
}

/// What must be true of a row for it to be this tenant's.
fn own(table: &str, columns: &[(String, String)], owner: Owner) -> Option<String> {
    if CLOSED.iter().any(|(closed, _)| *closed == table) {
        return None;
    }
    let tenant = owner.tenant;
    Some(match table {
        "tenants" => format!("id = '{tenant}'"),
        "users" => format!("id IN (SELECT user_id FROM memberships WHERE tenant_id = '{tenant}')"),
        "audit_rows" | "audit_heads" => format!("chain = '{tenant}'"),
        _ => {
            assert!(columns.iter().any(|(column, _)| column == "tenant_id"), "say whose the rows of {table} are");
            format!("tenant_id = '{tenant}'")
        }
    })
}

/// What came of a statement in a transaction of its own, which is undone.
async fn tried(db: &Database, scope: impl Into<Scope>, statement: &str) -> Result<usize, String> {
    let mut tx = db.write(scope).await.unwrap();
    let Conn::Postgres(c) = &mut *tx else { unreachable!() };
    diesel::sql_query(statement).execute(c).await.map_err(|error| error.to_string())
}

/// Refused by the wall, and by nothing else.
#[track_caller]
fn is_walled(answer: Result<usize, String>, what: &str) {
    let fault = answer.expect_err(what);
    assert!(fault.contains("row-level security") || fault.contains("permission denied"), "{what}: {fault}");
}

#[derive(QueryableByName, Debug, PartialEq)]
struct Position {
    #[diesel(sql_type = Text)]
    role: String,
    #[diesel(sql_type = Text)]
    tenant: String,
    #[diesel(sql_type = Text)]
    slugs: String,
}

/// As whom a transaction works, for which tenant, and whom it sees.
async fn place(conn: &mut Conn) -> (String, String, String) {
    let Conn::Postgres(c) = conn else { unreachable!() };
    let query = "SELECT current_user::text AS role, coalesce(current_setting('sayso.tenant', true), '') AS tenant, \
                 coalesce((SELECT string_agg(slug, ' ' ORDER BY slug) FROM tenants), '') AS slugs";
    let found: Position = diesel::sql_query(query).get_result(c).await.unwrap();
    (found.role, found.tenant, found.slugs)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tenant_has_its_own_rows_of_every_table_and_no_others() {
    let world = World::new(Backend::Postgres).await;
    let tables = world.planted();
    for (me, other) in [(world.ann, world.eve), (world.eve, world.ann)] {
        for (table, columns) in &tables {
            let Some(mine) = own(table, columns, me) else {
                is_walled(tried(&world.db, me.tenant, &format!("SELECT * FROM {table}")).await, table);
                is_walled(tried(&world.db, me.tenant, &format!("DELETE FROM {table}")).await, table);
                continue;
            };
            let number = |condition: &str| -> i64 {
                world.asked(&format!("SELECT count(*) FROM {table} WHERE {condition}")).parse().unwrap()
            };
            let (here, everywhere) = (number(&mine), number("true"));
            assert!(here > 0 && everywhere > here, "{table} has nothing to hide: {here} of {everywhere}");
            let seen = count(&mut world.db.read(me.tenant).await.unwrap(), table).await;
            assert_eq!(seen, here, "{table}");
            let theirs = own(table, columns, other).unwrap();
            let seen = count(&mut world.db.read(me.tenant).await.unwrap(), &format!("{table} WHERE {theirs}")).await;
            assert_eq!(seen, 0, "{table}");

            // Changing and deleting without a condition reach no further than seeing.
            let first = &columns[0].0;
            for statement in [format!("UPDATE {table} SET {first} = {first}"), format!("DELETE FROM {table}")] {
                match tried(&world.db, me.tenant, &statement).await {
                    Ok(reached) => assert_eq!(reached as i64, here, "{statement}"),
                    Err(fault) => assert!(fault.contains("permission denied"), "{statement}: {fault}"),
                }
            }
            // Nothing is put among another's rows, or handed over.
            is_walled(tried(&world.db, me.tenant, &insertion(table, columns, other)).await, table);
            if columns.iter().any(|(column, _)| column == "tenant_id") {
                let moved = format!("UPDATE {table} SET tenant_id = '{}'", other.tenant);
                is_walled(tried(&world.db, me.tenant, &moved).await, &moved);
            }
        }
    }
    // Over all tenants it is all there.
    for (table, _) in tables.iter().filter(|(table, _)| *table != "search_words") {
        let everywhere: i64 = world.asked(&format!("SELECT count(*) FROM {table}")).parse().unwrap();
        assert_eq!(count(&mut world.db.read(ALL).await.unwrap(), table).await, everywhere, "{table}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_table_is_behind_the_wall_or_says_why_not() {
    let world = World::new(Backend::Postgres).await;
    for (table, columns) in world.tables() {
        let is_of_tenants = columns.iter().any(|(column, _)| column == "tenant_id");
        let is_named = CLOSED.iter().chain(&BY_OTHER_MEANS).any(|(named, _)| *named == table);
        assert!(is_of_tenants || is_named, "what may a tenant see of {table}?");
        let walled = world.asked(&format!(
            "SELECT relrowsecurity AND relforcerowsecurity FROM pg_class WHERE oid = '{table}'::regclass"
        ));
        assert_eq!(walled == "t", table != "search_words", "{table}");
    }
    // Nobody makes themselves an operator, takes another's address, or rewrites what was audited.
    for statement in [
        "UPDATE users SET is_operator = true",
        "UPDATE users SET email = 'a@b'",
        "DELETE FROM users",
        "DELETE FROM tenants",
        "UPDATE audit_rows SET details = ''",
        "DELETE FROM audit_rows",
        "DELETE FROM audit_heads",
        "TRUNCATE conversations",
        "ALTER TABLE conversations DISABLE ROW LEVEL SECURITY",
        "DROP POLICY walls ON conversations",
        "CREATE TABLE mine (id int)",
    ] {
        let fault = tried(&world.db, world.ann.tenant, statement).await.expect_err(statement);
        assert!(fault.contains("permission denied") || fault.contains("must be owner"), "{statement}: {fault}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_says_nothing_sees_nothing() {
    let world = World::new(Backend::Postgres).await;
    let tables = world.planted();
    let mut raw = AsyncPgConnection::establish(&world.url()).await.unwrap();
    // The owner of the tables, in no scope at all; then one who took the plain role and claims to be the system.
    let role = world.asked("SELECT walls_role()");
    for said in ["SELECT", &format!("SET ROLE {role}"), "SELECT set_config('sayso.system', 'a lie', false)"] {
        raw.batch_execute(said).await.unwrap();
        for (table, columns) in &tables {
            if own(table, columns, world.ann).is_none() {
                continue;
            }
            let query = diesel::sql_query(format!("SELECT count(*) AS n FROM {table}"));
            let seen: Count = query.get_result(&mut raw).await.unwrap();
            assert_eq!(seen.n, 0, "{table} after {said}");
        }
    }
}

/// With one connection everybody gets the one that another has just had, in whatever state they left it.
#[tokio::test(flavor = "multi_thread")]
async fn on_one_connection_nothing_crosses_from_tenant_to_tenant() {
    let world = World::new(Backend::Postgres).await;
    let db = Database::open_with(&world.place.url, Access::Serve, 1).await.unwrap();
    let plain = world.asked("SELECT walls_role()");
    let tenants = [(world.ann.tenant, "here"), (world.eve.tenant, "there")];
    for round in 0..80_u64 {
        let (tenant, slug) = tenants[usize::from(round % 2 == 1)];
        let work = async {
            let mut tx = db.write(tenant).await.unwrap();
            assert_eq!(place(&mut tx).await, (plain.clone(), tenant.to_string(), slug.to_owned()), "round {round}");
            sql(&mut tx, "UPDATE tenants SET name = 'Left by one who was cut off'").await.unwrap();
            if round % 5 == 0 {
                // What failed leaves the transaction broken, not the connection.
                sql(&mut tx, "SELECT 1 / 0").await.unwrap_err();
                return;
            }
            sql(&mut tx, "SELECT pg_sleep(0.02)").await.unwrap();
            if round % 3 == 0 {
                tx.commit().await.unwrap();
            }
        };
        // Cut off anywhere: waiting for the connection, beginning, working, committing.
        if tokio::time::timeout(Duration::from_micros(round * round * 11), work).await.is_err() && round % 4 == 0 {
            let mut tx = db.read(ALL).await.unwrap();
            let (role, tenant, slugs) = place(&mut tx).await;
            assert_eq!((role.as_str(), tenant.as_str(), slugs.as_str()), ("sayso", "", "here there"), "round {round}");
        }
    }
    // Whole, one after the other.
    for (tenant, slug) in tenants {
        assert_eq!(place(&mut db.read(tenant).await.unwrap()).await.2, slug);
        assert_eq!(place(&mut db.read(ALL).await.unwrap()).await.2, "here there");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_names_every_way_round_the_wall() {
    let world = World::new(Backend::Postgres).await;
    assert_eq!(world.db.gaps().await.unwrap(), Vec::<String>::new());
    let role = world.asked("SELECT walls_role()");
    for (opened, closed, named) in [
        ("ALTER TABLE messages NO FORCE ROW LEVEL SECURITY", "", "not forced on messages"),
        ("ALTER TABLE messages DISABLE ROW LEVEL SECURITY", "", "not forced on messages"),
        ("CREATE POLICY extra ON grants USING (true)", "DROP POLICY extra ON grants", "the policy extra"),
        (
            "GRANT SELECT ON search_words TO PUBLIC",
            "REVOKE SELECT ON search_words FROM PUBLIC",
            "may read search_words",
        ),
        (&format!("ALTER ROLE {role} BYPASSRLS"), &format!("ALTER ROLE {role} NOBYPASSRLS"), "has BYPASSRLS"),
        (&format!("GRANT pg_read_all_data TO {role}"), &format!("REVOKE pg_read_all_data FROM {role}"), "belongs to"),
    ] {
        world.asked(opened);
        let gaps = world.db.gaps().await.unwrap();
        assert!(gaps.iter().any(|gap| gap.contains(named)), "{opened}: {gaps:?}");
        if closed.is_empty() {
            // The next start puts that right by itself.
            drop(Database::open(&world.place.url, Access::Tool).await.unwrap());
        } else {
            world.asked(closed);
        }
        assert_eq!(world.db.gaps().await.unwrap(), Vec::<String>::new(), "after {opened}");
    }
    // A superuser works as the plain role all the same, but is no login to have.
    let url = DatabaseUrl::Postgres(world.url().replacen("sayso@", "postgres@", 1).into());
    let db = Database::open(&url, Access::Tool).await.unwrap();
    assert_eq!(place(&mut db.read(world.ann.tenant).await.unwrap()).await.2, "here");
    let gaps = db.gaps().await.unwrap();
    assert!(matches!(&gaps[..], [gap] if gap.contains("postgres") && gap.contains("superuser")), "{gaps:?}");
}

/// On a managed PostgreSQL the owner of a database may often make no roles.
#[tokio::test(flavor = "multi_thread")]
async fn who_may_make_no_role_is_told_what_to_have_made() {
    let place = Place::new(Backend::Postgres);
    let database = place.postgres.as_ref().unwrap();
    let name = database.query("SELECT current_database()").unwrap();
    let login = format!("{name}_login");
    database.query(&format!("CREATE ROLE {login} LOGIN")).unwrap();
    database.query(&format!("ALTER DATABASE {name} OWNER TO {login}")).unwrap();
    let url = DatabaseUrl::Postgres(database.url().replacen("sayso@", &format!("{login}@"), 1).into());
    let fault = Database::open(&url, Access::Serve).await.err().unwrap().to_string();
    let (_, told) = fault.split_once("run once: ").unwrap_or_else(|| panic!("{fault}"));
    database.query(told).unwrap();
    let db = Database::open(&url, Access::Serve).await.unwrap();
    assert_eq!(db.gaps().await.unwrap(), Vec::<String>::new());
    drop(db);
    database.query(&format!("ALTER DATABASE {name} OWNER TO sayso")).unwrap();
    database.query(&format!("REASSIGN OWNED BY {login} TO sayso")).unwrap();
    database.query(&format!("DROP OWNED BY {login}")).unwrap();
    database.query(&format!("DROP ROLE {login}")).unwrap();
}

/// What is said in the documentation of backups holds: the walls stand around a dump too, and around what it becomes.
#[tokio::test(flavor = "multi_thread")]
async fn a_backup_is_whole_and_walled_where_it_is_restored() {
    let world = World::new(Backend::Postgres).await;
    let file = world.place.home.path().join("sayso.dump");
    let run = |program: &str, environment: &[(&str, &str)], arguments: &[&str]| -> Output {
        Command::new(program).envs(environment.iter().copied()).args(arguments).output().unwrap()
    };
    let to = format!("--file={}", file.display());
    let (from, custom) = (world.url(), "--format=custom");
    let refused = run("pg_dump", &[], &[custom, &to, &from]);
    assert!(!refused.status.success(), "a dump that lacks rows must not pass for one");
    let open = [("PGOPTIONS", "-c sayso.system=backup")];
    let dumped = run("pg_dump", &open, &["--enable-row-security", "--no-privileges", custom, &to, &from]);
    assert!(dumped.status.success(), "{}", String::from_utf8_lossy(&dumped.stderr));

    let other = Place::new(Backend::Postgres);
    let into = format!("--dbname={}", other.postgres.as_ref().unwrap().url());
    let options = ["--no-owner", "--no-privileges", "--exit-on-error", &into, file.to_str().unwrap()];
    let restored = run("pg_restore", &[], &options);
    assert!(restored.status.success(), "{}", String::from_utf8_lossy(&restored.stderr));
    let db = other.open().await;
    assert_eq!(db.gaps().await.unwrap(), Vec::<String>::new());
    assert_eq!(count(&mut db.read(ALL).await.unwrap(), "users").await, 3);
    assert_eq!(count(&mut db.read(world.eve.tenant).await.unwrap(), "users").await, 1);
}
