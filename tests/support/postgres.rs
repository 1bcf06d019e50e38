//! A database for one test on the one PostgreSQL of the checkout; dropped with the test.

use std::{
    path::Path,
    process::Command,
    sync::{
        OnceLock,
        atomic::{AtomicUsize, Ordering},
    },
};

use tokio_postgres::{Config, NoTls, SimpleQueryMessage};

use super::root;

pub struct Database {
    port: u16,
    name: String,
}

impl Database {
    /// An empty database, owned by the role that the product signs in with.
    pub fn new() -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let name = format!("test_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let database = Self { port: port(), name };
        let name = &database.name;
        database.ask("postgres", &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).unwrap();
        let create = format!("CREATE DATABASE {name} OWNER sayso TEMPLATE template0");
        database.ask("postgres", &create).unwrap();
        database
    }

    pub fn url(&self) -> String {
        format!("postgres://sayso@127.0.0.1:{}/{}", self.port, self.name)
    }

    /// Runs one statement over all walls; rows as lines, columns parted by `|`.
    pub fn query(&self, sql: &str) -> Result<String, String> {
        self.ask(&self.name, sql)
    }

    /// Runs a file of SQL as the role that the product signs in with.
    pub fn restore(&self, sql: &Path) {
        let psql = Command::new("psql")
            .args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-o", "/dev/null", "-d", &self.url(), "-f"])
            .arg(sql)
            .env("PGOPTIONS", "-c sayso.system=tests")
            .output()
            .unwrap();
        assert!(psql.status.success(), "{}: {}", sql.display(), String::from_utf8_lossy(&psql.stderr));
    }

    /// All of it as SQL that any database takes: rows as statements, no owners, no rights, nothing of this release of
    /// PostgreSQL alone.
    pub fn dump(&self) -> String {
        let dump = Command::new("pg_dump")
            .args(["--inserts", "--no-owner", "--no-privileges", "-h", "127.0.0.1", "-p", &self.port.to_string()])
            .args(["-U", "postgres", "-d", &self.name])
            .output()
            .unwrap();
        assert!(dump.status.success(), "{}", String::from_utf8_lossy(&dump.stderr));
        let dump = String::from_utf8(dump.stdout).unwrap();
        // The walls are put up at every start; they name a role of this cluster.
        let is_general = |statement: &&str| {
            let mut lines = statement.lines().filter(|line| !line.is_empty() && !line.starts_with("--"));
            let line = lines.next().unwrap_or_default();
            let is_wall = ["CREATE POLICY ", "COMMENT ON POLICY "].iter().any(|begin| line.starts_with(begin))
                || line.ends_with(" ROW LEVEL SECURITY");
            !is_wall && !line.starts_with("SET transaction_timeout")
        };
        let lines: String =
            dump.lines().filter(|line| !line.starts_with('\\')).map(|line| format!("{line}\n")).collect();
        lines.split(";\n").filter(is_general).collect::<Vec<_>>().join(";\n")
    }

    fn ask(&self, database: &str, sql: &str) -> Result<String, String> {
        let mut config = Config::new();
        config.host("127.0.0.1").port(self.port).user("postgres").dbname(database);
        // A superuser passes the walls, but the functions of triggers are the owner's, who does not.
        config.options("-c sayso.system=tests");
        // On a thread of its own: a test asks from where it may not wait.
        let answer = std::thread::scope(|scope| scope.spawn(|| rows(&config, sql)).join().unwrap());
        answer.map_err(|fault| fault.as_db_error().map_or_else(|| fault.to_string(), ToString::to_string))
    }
}

#[tokio::main(flavor = "current_thread")]
async fn rows(config: &Config, sql: &str) -> Result<String, tokio_postgres::Error> {
    let (client, connection) = config.connect(NoTls).await?;
    let connection = tokio::spawn(connection);
    let mut lines = Vec::new();
    for message in client.simple_query(sql).await? {
        if let SimpleQueryMessage::Row(row) = message {
            let columns: Vec<_> = (0..row.len()).map(|index| row.get(index).unwrap_or_default()).collect();
            lines.push(columns.join("|"));
        }
    }
    drop(client);
    connection.await.unwrap()?;
    Ok(lines.join("\n").trim_end().to_owned())
}

impl Drop for Database {
    fn drop(&mut self) {
        // The role of its walls belongs to the cluster and would outlive it.
        for what in ["DATABASE {} WITH (FORCE)", "ROLE IF EXISTS {}_tenant"] {
            let dropped = self.ask("postgres", &format!("DROP {}", what.replace("{}", &self.name)));
            if let Err(fault) = dropped {
                eprintln!("{} was not dropped: {fault}", self.name);
            }
        }
    }
}

fn port() -> u16 {
    static PORT: OnceLock<u16> = OnceLock::new();
    *PORT.get_or_init(|| {
        let start = Command::new(root().join("tests/support/postgres.sh")).arg("start").output().unwrap();
        assert!(start.status.success(), "PostgreSQL: {}", String::from_utf8_lossy(&start.stderr));
        String::from_utf8_lossy(&start.stdout).trim().parse().unwrap()
    })
}
