//! Migrations, the schema in Rust, and transactions.

use std::{collections::BTreeMap, fs, time::Duration};

use diesel::{
    Connection as _, QueryableByName, SqliteConnection,
    backend::Backend as Dialect,
    migration::{Migration, MigrationSource},
    result::{DatabaseErrorKind, Error as DieselError},
    sql_types::{Bool, Text},
};
use diesel_async::{AsyncConnection as _, AsyncMigrationHarness, AsyncPgConnection, RunQueryDsl as _};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use regex::Regex;
use sayso::{config::DatabaseUrl, error::Error};
use secrecy::ExposeSecret as _;

use crate::*;

const PORTABLE: EmbeddedMigrations = embed_migrations!("migrations/portable");
const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// What both have, and what one has.
struct Together(EmbeddedMigrations, EmbeddedMigrations);

impl<DB: Dialect> MigrationSource<DB> for Together {
    fn migrations(&self) -> diesel::migration::Result<Vec<Box<dyn Migration<DB>>>> {
        let mut all = MigrationSource::<DB>::migrations(&self.0)?;
        all.extend(MigrationSource::<DB>::migrations(&self.1)?);
        Ok(all)
    }
}

fn again<DB: Dialect>(harness: &mut impl MigrationHarness<DB>, all: fn() -> Together) -> (usize, bool) {
    let reverted = harness.revert_all_migrations(all()).unwrap().len();
    harness.run_pending_migrations(all()).unwrap();
    (reverted, harness.has_pending_migration(all()).unwrap())
}

#[derive(QueryableByName, Debug)]
struct Column {
    #[diesel(sql_type = Text)]
    in_table: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Bool)]
    nullable: bool,
}

/// Table and column → SQL type as Rust names it.
fn declared() -> BTreeMap<(String, String), String> {
    let text = fs::read_to_string(root().join("src/db/schema.rs")).unwrap();
    let table = Regex::new(r"^    (\w+) \([\w, ]+\) \{$").unwrap();
    let column = Regex::new(r"^        (\w+) -> ([\w<>]+),$").unwrap();
    let (mut now, mut found) = (String::new(), BTreeMap::new());
    for line in text.lines() {
        if let Some(captures) = table.captures(line) {
            now = captures[1].to_owned();
        } else if let Some(captures) = column.captures(line) {
            found.insert((now.clone(), captures[1].to_owned()), captures[2].to_owned());
        }
    }
    found
}

/// Something that takes a while, on either database.
async fn slow(conn: &mut Conn) {
    let statement = match conn {
        Conn::Sqlite(_) => {
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000000) SELECT count(*) FROM n"
        }
        Conn::Postgres(_) => "SELECT pg_sleep(1)",
    };
    sql(conn, statement).await.unwrap();
}

/// Writes and is cut off: before the end, in the middle of a query, in the middle of beginning.
async fn cut_off(db: &Database, slug: &str) {
    let mut tx = db.write(ALL).await.unwrap();
    tenant::create(&mut tx, slug, "Dropped").await.unwrap();
    drop(tx);
    let work = async {
        let mut tx = db.write(ALL).await.unwrap();
        tenant::create(&mut tx, slug, "Dropped").await.unwrap();
        slow(&mut tx).await;
        tx.commit().await.unwrap();
    };
    assert!(tokio::time::timeout(Duration::from_millis(60), work).await.is_err(), "it was to be slow");
    for _ in 0..20 {
        tokio::select! {
            biased;
            () = async { drop(db.write(ALL).await.unwrap()) } => {}
            () = tokio::task::yield_now() => {}
        }
    }
    let mut tx = db.write(ALL).await.unwrap();
    assert!(tenant::find_by_slug(&mut tx, slug).await.unwrap().is_none(), "a dropped transaction left a trace");
    tenant::create(&mut tx, slug, "Kept").await.unwrap();
    tx.commit().await.unwrap();
    assert!(tenant::find_by_slug(&mut db.read(ALL).await.unwrap(), slug).await.unwrap().is_some());
}

both! {
    async fn migrations_run_again_and_back(backend) {
        let place = Place::new(backend);
        drop(place.open().await);
        drop(place.open().await);
        let (reverted, pending) = match &place.url {
            DatabaseUrl::Sqlite(path) => {
                let mut connection = SqliteConnection::establish(path.to_str().unwrap()).unwrap();
                sayso::db::search::register(&mut connection).unwrap();
                again(&mut connection, || Together(PORTABLE, SQLITE))
            }
            DatabaseUrl::Postgres(url) => {
                let connection = AsyncPgConnection::establish(url.expose_secret()).await.unwrap();
                tokio::task::spawn_blocking(move || again(&mut AsyncMigrationHarness::new(connection), || Together(PORTABLE, POSTGRES))).await.unwrap()
            }
        };
        assert!(reverted >= 1 && !pending);
        let db = place.open().await;
        let mut tx = db.write(ALL).await.unwrap();
        tenant::create(&mut tx, "t", "T").await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn the_schema_in_rust_is_the_real_one(backend) {
        let world = World::new(backend).await;
        let mut tx = world.db.read(ALL).await.unwrap();
        let columns: Vec<Column> = match &mut *tx {
            Conn::Sqlite(c) => diesel::sql_query(
                "SELECT m.name AS in_table, p.name AS name, p.type AS kind, p.\"notnull\" = 0 AS nullable \
                 FROM sqlite_master m JOIN pragma_table_info(m.name) p \
                 WHERE m.type = 'table' AND m.name NOT LIKE '\\_\\_%' ESCAPE '\\' AND m.name NOT LIKE 'sqlite%' \
                 AND m.name NOT LIKE 'search\\_%' ESCAPE '\\'",
            ).load(c).await.unwrap(),
            Conn::Postgres(c) => diesel::sql_query(
                "SELECT table_name::text AS in_table, column_name::text AS name, udt_name::text AS kind, \
                 is_nullable = 'YES' AS nullable FROM information_schema.columns \
                 WHERE table_schema = 'public' AND left(table_name, 2) <> '__' AND left(table_name, 7) <> 'search_'",
            ).load(c).await.unwrap(),
        };
        let real: BTreeMap<_, _> = columns.into_iter().map(|column| {
            let kind = match column.kind.to_lowercase().as_str() {
                "uuid" => "Uuid",
                "text" => "Text",
                "bool" | "boolean" => "Bool",
                "int8" | "bigint" => "BigInt",
                "int4" | "integer" => "Integer",
                "timestamptz" => "Timestamptz",
                "bytea" => "Binary",
                other => panic!("{other}"),
            };
            let kind = if column.nullable { format!("Nullable<{kind}>") } else { kind.to_owned() };
            ((column.in_table, column.name), kind)
        }).collect();
        assert!(real.len() > 100);
        assert_eq!(declared(), real);
    }

    async fn what_is_dropped_leaves_no_trace(backend) {
        let world = World::new(backend).await;
        cut_off(&world.db, "dropped").await;
        // As on an actix worker, whose runtime has one thread and ends with it.
        let db = world.db.clone();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(cut_off(&db, "worker"));
        }).join().unwrap();
        let reads = at_once(40, |_| {
            let db = world.db.clone();
            Box::pin(async move { count(&mut db.read(ALL).await.unwrap(), "tenants").await })
        }).await;
        assert_eq!(reads, [4; 40]);
    }

    /// Whoever goes away in the middle of a query leaves the connection to the next.
    async fn a_read_that_is_cut_off_keeps_its_connection(backend) {
        let world = World::new(backend).await;
        let pool = || world.db.pools().pop().unwrap();
        drop(world.db.read(ALL).await.unwrap());
        let is_back = async || while pool().idle < pool().size || pool().size == 0 { tokio::task::yield_now().await };
        tokio::time::timeout(Duration::from_secs(10), is_back()).await.unwrap();
        for _ in 0..3 {
            let work = async { slow(&mut world.db.read(ALL).await.unwrap()).await };
            assert!(tokio::time::timeout(Duration::from_millis(60), work).await.is_err(), "it was to be slow");
        }
        // One that was thrown away would leave a pool of none.
        tokio::time::timeout(Duration::from_secs(10), is_back()).await.unwrap();
        assert!(count(&mut world.db.read(ALL).await.unwrap(), "tenants").await > 0);
    }

    async fn only_what_may_be_lost_does_not_wait_for_the_disk(backend) {
        let world = World::new(backend).await;
        let waits = match backend {
            Backend::Sqlite => "pragma_synchronous WHERE synchronous = 2",
            // As the server is set, else.
            Backend::Postgres => "pg_settings WHERE name = 'synchronous_commit' AND source <> 'session'",
        };
        for _ in 0..2 {
            assert_eq!(count(&mut world.db.write(ALL).await.unwrap(), waits).await, 1);
            assert_eq!(count(&mut world.db.write_unsynced(ALL).await.unwrap(), waits).await, 0);
        }
        let mut tx = world.db.write_unsynced(ALL).await.unwrap();
        tenant::create(&mut tx, "unsynced", "Unsynced").await.unwrap();
        tx.commit().await.unwrap();
        assert!(tenant::find_by_slug(&mut world.db.read(ALL).await.unwrap(), "unsynced").await.unwrap().is_some());
        // In the file itself is what was taken to the disk, and nothing is taken twice.
        if let DatabaseUrl::Sqlite(path) = &world.place.url {
            let is_there = || fs::read(path).unwrap().windows(8).any(|bytes| bytes == b"Unsynced");
            assert!(!is_there(), "it waited for the disk");
            world.db.sync().await.unwrap();
            assert!(is_there());
        }
        world.db.sync().await.unwrap();
    }

    async fn errors_are_typed_and_what_failed_is_not_committed(backend) {
        let world = World::new(backend).await;
        let mut tx = world.db.write(ALL).await.unwrap();
        tenant::create(&mut tx, "third", "Third").await.unwrap();
        let error = tenant::create(&mut tx, "here", "Again").await.unwrap_err();
        assert!(
            matches!(&error, Error::Database(DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _))),
            "{error:?}"
        );
        // SQLite undoes the statement, PostgreSQL the transaction: then a commit must not say that all is well.
        assert_eq!(tx.commit().await.is_ok(), backend == Backend::Sqlite);
        let kept = tenant::find_by_slug(&mut world.db.read(ALL).await.unwrap(), "third").await.unwrap();
        assert_eq!(kept.is_some(), backend == Backend::Sqlite);

        let mut tx = world.db.write(ALL).await.unwrap();
        let nobody = Owner { user: sayso::types::UserId::new(), ..world.ann };
        let error = membership::create(&mut tx, nobody, Role::Member).await.unwrap_err();
        assert!(
            matches!(&error, Error::Database(DieselError::DatabaseError(DatabaseErrorKind::ForeignKeyViolation, _))),
            "{error:?}"
        );
    }

    async fn a_read_cannot_write(backend) {
        let world = World::new(backend).await;
        for scope in [ALL, world.ann.tenant.into()] {
            let mut tx = world.db.read(scope).await.unwrap();
            assert!(tenant::create(&mut tx, "read", "Read").await.is_err());
        }
        let mut before = world.db.read(ALL).await.unwrap();
        assert_eq!(count(&mut before, "tenants").await, 2);
        let mut tx = world.db.write(ALL).await.unwrap();
        tenant::create(&mut tx, "third", "Third").await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(count(&mut before, "tenants").await, 2, "a read sees one moment");
    }

    async fn a_tool_works_beside_a_server(backend) {
        let place = Place::new(backend);
        if backend == Backend::Sqlite {
            let error = Database::open(&place.url, Access::Tool).await.err().unwrap().to_string();
            assert!(error.contains("there is no database at"), "{error}");
            assert!(!place.home.path().join("data").exists());
        }
        drop(Database::open(&place.url, Access::Migrate).await.unwrap());
        let server = place.open().await;
        for access in [Access::Tool, Access::Migrate] {
            let tool = Database::open(&place.url, access).await.unwrap();
            let mut tx = tool.write(ALL).await.unwrap();
            tenant::create(&mut tx, &format!("{access:?}").to_lowercase(), "Made by a tool").await.unwrap();
            tx.commit().await.unwrap();
        }
        assert_eq!(count(&mut server.read(ALL).await.unwrap(), "tenants").await, 2);
        assert_eq!(Database::open(&place.url, Access::Serve).await.is_ok(), backend == Backend::Postgres);
        drop(server);
    }
}

/// A file that another version of the server serves is not migrated under it, and everything is its owner's alone.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_migrates_under_a_running_server() {
    use std::os::unix::fs::PermissionsExt as _;
    let place = Place::new(Backend::Sqlite);
    let server = place.open().await;
    let DatabaseUrl::Sqlite(path) = &place.url else { unreachable!() };
    for entry in fs::read_dir(path.parent().unwrap()).unwrap() {
        let entry = entry.unwrap();
        assert_eq!(entry.metadata().unwrap().permissions().mode() & 0o077, 0, "{:?}", entry.path());
    }
    let mut tx = server.write(ALL).await.unwrap();
    sql(&mut tx, "DELETE FROM __diesel_schema_migrations").await.unwrap();
    tx.commit().await.unwrap();
    let error = Database::open(&place.url, Access::Tool).await.err().unwrap().to_string();
    assert!(error.contains("another Sayso already serves"), "{error}");
}

/// What pages ask for most is found by an index, in its order.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_asked_for_most_is_found_by_an_index() {
    #[derive(QueryableByName)]
    struct Step {
        #[diesel(sql_type = Text)]
        detail: String,
    }
    let world = World::new(Backend::Sqlite).await;
    let mut tx = world.db.read(ALL).await.unwrap();
    for (query, sorts) in [
        (
            "SELECT * FROM conversations WHERE tenant_id = 'a' AND user_id = 'b' AND kind = 'chat' AND updated_at <= 'c' \
             AND (updated_at < 'c' OR (updated_at = 'c' AND id < 'd')) ORDER BY updated_at DESC, id DESC LIMIT 20",
            false,
        ),
        (
            "SELECT * FROM messages WHERE tenant_id = 'a' AND conversation_id = 'b' AND position < 9 \
             ORDER BY position DESC LIMIT 40",
            false,
        ),
        (
            "SELECT * FROM tool_calls WHERE tenant_id = 'a' AND user_id = 'b' AND state IN ('pending', 'outcome_unknown') \
             ORDER BY created_at, ordinal, id LIMIT 200",
            true,
        ),
        ("SELECT * FROM tool_calls WHERE tenant_id = 'a' AND message_id IN ('b', 'c') ORDER BY created_at", true),
        ("SELECT * FROM tool_calls WHERE conversation_id = 'a'", false),
        ("SELECT * FROM turns WHERE state = 'running' AND lease_until < 'a'", false),
    ] {
        let Conn::Sqlite(c) = &mut *tx else { unreachable!() };
        let steps: Vec<Step> = diesel::sql_query(format!("EXPLAIN QUERY PLAN {query}")).load(c).await.unwrap();
        let plan: Vec<_> = steps.into_iter().map(|step| step.detail).collect();
        assert!(plan.iter().all(|step| !step.starts_with("SCAN")), "{query}: {plan:?}");
        assert!(sorts || plan.iter().all(|step| !step.contains("B-TREE")), "{query}: {plan:?}");
        assert!(!query.contains("message_id IN") || plan[0].contains("of_message"), "{query}: {plan:?}");
    }
}
