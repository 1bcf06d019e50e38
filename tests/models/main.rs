//! The models and the database below them, run on SQLite and on PostgreSQL through the library.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::expect_used, reason = "tests")]

mod audit;
mod blobs;
mod budget;
mod calls;
mod commands;
mod database;
mod doors;
mod files;
#[path = "../support/postgres.rs"]
#[allow(dead_code, reason = "the harness uses all of it")]
mod postgres;
mod records;
mod research;
mod results;
mod search;
#[path = "../support/site.rs"]
#[allow(missing_docs, dead_code, reason = "the harness uses all of it")]
mod site;
mod talk;
mod tokens;
mod walls;
mod window;

use std::path::Path;

use diesel::{QueryResult, QueryableByName, sql_types::BigInt};
use diesel_async::{RunQueryDsl as _, SimpleAsyncConnection as _};
use sayso::{
    config::DatabaseUrl,
    db::{Access, Conn, Database, Scope},
    models::{Owner, membership, tenant, user},
    types::{Digest, Role},
};
use tempfile::TempDir;

const ALL: Scope = Scope::System("test");

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Backend {
    Sqlite,
    Postgres,
}

/// An empty database of either kind, gone with the test.
struct Place {
    url: DatabaseUrl,
    home: TempDir,
    postgres: Option<postgres::Database>,
}

impl Place {
    fn new(backend: Backend) -> Self {
        let home = TempDir::new().unwrap();
        let postgres = (backend == Backend::Postgres).then(postgres::Database::new);
        let url = match &postgres {
            Some(database) => DatabaseUrl::Postgres(database.url().into()),
            None => DatabaseUrl::Sqlite(home.path().join("data/sayso.db")),
        };
        Self { url, home, postgres }
    }

    async fn open(&self) -> Database {
        Database::open(&self.url, Access::Serve).await.unwrap()
    }
}

/// Ann and Bob in one tenant, Eve in another.
struct World {
    db: Database,
    ann: Owner,
    bob: Owner,
    eve: Owner,
    place: Place,
}

impl World {
    async fn new(backend: Backend) -> Self {
        let place = Place::new(backend);
        let db = place.open().await;
        let mut tx = db.write(ALL).await.unwrap();
        let here = tenant::create(&mut tx, "here", "Here").await.unwrap().id;
        let there = tenant::create(&mut tx, "there", "There").await.unwrap().id;
        let mut people = Vec::new();
        for (name, tenant) in [("ann", here), ("bob", here), ("eve", there)] {
            people.push(person(&mut tx, name, tenant).await);
        }
        tx.commit().await.unwrap();
        Self { db, ann: people[0], bob: people[1], eve: people[2], place }
    }

    /// The owners to whom Ann's things are absent: others, and Ann herself in another tenant.
    fn others(&self) -> [Owner; 3] {
        [self.bob, self.eve, Owner { tenant: self.eve.tenant, user: self.ann.user }]
    }
}

async fn person(conn: &mut Conn, name: &str, tenant: sayso::types::TenantId) -> Owner {
    let email = format!("{name}@example.org");
    let new = user::NewUser { email: &email, name, password_hash: None, is_operator: false };
    let owner = Owner { tenant, user: user::create(conn, new).await.unwrap().id };
    membership::create(conn, owner, Role::Member).await.unwrap();
    owner
}

async fn sql(conn: &mut Conn, statements: &str) -> QueryResult<()> {
    match conn {
        Conn::Sqlite(c) => c.batch_execute(statements).await,
        Conn::Postgres(c) => c.batch_execute(statements).await,
    }
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

async fn count(conn: &mut Conn, from: &str) -> i64 {
    let query = diesel::sql_query(format!("SELECT CAST(count(*) AS bigint) AS n FROM {from}"));
    let counted: Count = match conn {
        Conn::Sqlite(c) => query.get_result(c).await.unwrap(),
        Conn::Postgres(c) => query.get_result(c).await.unwrap(),
    };
    counted.n
}

fn digest(text: &str) -> Digest {
    Digest::of(text.as_bytes())
}

/// Runs `work` so many times at once; what came of each.
async fn at_once<T: Send + 'static>(
    times: usize,
    work: impl Fn(usize) -> futures_util::future::BoxFuture<'static, T>,
) -> Vec<T> {
    let tasks: Vec<_> = (0..times).map(|n| tokio::spawn(work(n))).collect();
    futures_util::future::join_all(tasks).await.into_iter().map(Result::unwrap).collect()
}

/// Makes one test for each database.
macro_rules! both {
    ($($(#[$meta:meta])* async fn $name:ident($backend:ident) $body:block)+) => {$(
        mod $name {
            use super::*;

            $(#[$meta])*
            async fn body($backend: $crate::Backend) $body

            #[tokio::test(flavor = "multi_thread")]
            async fn sqlite() {
                body($crate::Backend::Sqlite).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn postgres() {
                body($crate::Backend::Postgres).await;
            }
        }
    )+};
}
use both;
