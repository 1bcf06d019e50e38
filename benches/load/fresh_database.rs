//! A PostgreSQL database for one measurement: each begins with the first start, which wants an empty one.

use diesel_async::{AsyncConnection as _, AsyncPgConnection, SimpleAsyncConnection as _};
use url::Url;

/// A database that was made on a server.
pub struct FreshDatabase {
    server: Url,
    name: String,
    /// Where it is: `postgres://…`.
    pub url: Url,
}

impl FreshDatabase {
    /// Makes one on the server of this database, whose user must be allowed to.
    pub async fn new(server: &Url) -> Self {
        let name = format!("sayso_bench_{}", std::process::id());
        let mut url = server.clone();
        url.set_path(&name);
        let fresh = Self { server: server.clone(), name, url };
        fresh.run(&format!("CREATE DATABASE {}", fresh.name)).await;
        fresh
    }

    /// Takes it away again, with the role of its walls.
    pub async fn remove(self) {
        self.run(&format!("DROP DATABASE {}", self.name)).await;
        self.run(&format!("DROP ROLE {}_tenant", self.name)).await;
    }

    async fn run(&self, statement: &str) {
        let mut connection = AsyncPgConnection::establish(self.server.as_str()).await.unwrap();
        connection.batch_execute(statement).await.unwrap();
    }
}
