//! The running product.

use std::{
    collections::BTreeMap,
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use tempfile::TempDir;

use super::{Hold, Person, postgres, process::Process, sqlite};

/// Which database it runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    Sqlite,
    Postgres,
}

enum Database {
    Sqlite(PathBuf),
    Postgres(postgres::Database),
    /// Another app's.
    Shared(String),
}

/// A started `sayso` with data, a workspace and a database of its own.
pub struct App {
    /// `http://127.0.0.1:PORT`; the same after a restart.
    pub base: String,
    /// Where people reach it, if that is elsewhere: a proxy's address.
    pub front: Option<String>,
    process: Option<Process>,
    earlier: Vec<String>,
    environment: BTreeMap<String, String>,
    /// The program that starts it, with its arguments; none for itself.
    runner: Vec<String>,
    home: TempDir,
    database: Database,
}

impl App {
    /// Starts with nothing set but where it lives; limits on rates are out of the way.
    pub async fn start(backend: Backend) -> Self {
        Self::with(backend, &[]).await
    }

    /// Starts with more settings.
    pub async fn with(backend: Backend, settings: &[(&str, &str)]) -> Self {
        let mut app = Self::new(backend);
        for (key, value) in settings {
            app.set(key, value);
        }
        app.launch();
        app
    }

    /// Everything but the process: for settings that depend on what a test made, and for starts that must fail.
    pub fn new(backend: Backend) -> Self {
        let home = TempDir::new().unwrap();
        let data = home.path().join("data");
        let database = match backend {
            Backend::Sqlite => Database::Sqlite(data.join("sayso.db")),
            Backend::Postgres => Database::Postgres(postgres::Database::new()),
        };
        let mut app = Self {
            base: String::new(),
            front: None,
            process: None,
            earlier: Vec::new(),
            environment: BTreeMap::new(),
            runner: Vec::new(),
            home,
            database,
        };
        app.set("HOST", "127.0.0.1");
        app.set("PORT", "0");
        app.set("DATA_DIR", &data.to_string_lossy());
        app.set("WORKSPACE_DIR", &app.workspace().to_string_lossy());
        app.set("RATE_LOGIN", "1000/min");
        app.set("RATE_MESSAGES", "1000/min");
        app.set("RATE_TOOLS", "1000/min");
        if let Database::Postgres(database) = &app.database {
            let url = database.url();
            app.set("DATABASE_URL", &url);
        }
        app
    }

    /// Sets one more variable of its environment; counts from the next start.
    pub fn set(&mut self, key: &str, value: &str) {
        self.environment.insert(key.to_owned(), value.to_owned());
    }

    /// Another instance on the same PostgreSQL, workspace and secrets; it dies first.
    pub fn beside(&self) -> Self {
        let Database::Postgres(database) = &self.database else { panic!("SQLite has one server") };
        let mut other = Self {
            base: String::new(),
            front: self.front.clone(),
            process: None,
            earlier: Vec::new(),
            environment: self.environment.clone(),
            runner: self.runner.clone(),
            database: Database::Shared(database.url()),
            home: TempDir::new().unwrap(),
        };
        other.set("PORT", "0");
        other.launch();
        other
    }

    /// Lets another program start it, which becomes it: to take rights away. Counts from the next start.
    pub fn runs_by(&mut self, runner: &[&str]) {
        self.runner = runner.iter().map(|&word| word.to_owned()).collect();
    }

    /// What a variable of its environment is set to.
    pub fn setting(&self, key: &str) -> Option<String> {
        self.environment.get(key).cloned()
    }

    /// Takes a variable out of its environment.
    pub fn unset(&mut self, key: &str) {
        self.environment.remove(key);
    }

    /// Lets `hold` stop its tools in mid-run.
    pub fn held_by(&mut self, hold: &Hold) {
        self.environment.extend(hold.environment());
    }

    /// Starts it and waits until it listens.
    pub fn launch(&mut self) {
        let mut process = Process::start(&self.command(&[]));
        let base = process.line("where it listens", |line| {
            let (_, base) = line.split_once(" listening on ")?;
            line.starts_with("Sayso ").then(|| base.trim().to_owned())
        });
        // The port stays its own over restarts, as a real server's does.
        let port = base.rsplit(':').next().unwrap().trim_end_matches('/').to_owned();
        self.set("PORT", &port);
        self.base = format!("http://127.0.0.1:{port}");
        self.process = Some(process);
    }

    /// Sends it a signal by its name (`STOP`, `CONT`).
    pub fn signal(&self, name: &str) {
        self.process.as_ref().expect("it runs").signal(name);
    }

    /// How much memory it holds just now, in bytes.
    pub fn memory(&self) -> usize {
        self.process.as_ref().expect("it runs").memory()
    }

    /// Ends it as a power cut would.
    pub fn kill9(&mut self) {
        let mut process = self.process.take().expect("it runs");
        process.kill9();
        self.earlier.extend(process.err());
    }

    /// Asks it to stop, as a service manager does, and waits until it has; its exit code.
    pub fn stop(&mut self) -> Option<i32> {
        let mut process = self.process.take().expect("it runs");
        process.signal("TERM");
        let status = process.ended();
        self.earlier.extend(process.err());
        status.code()
    }

    /// Kills it, unless that has happened, and starts it on the same data and port.
    pub fn restart(&mut self) {
        if self.process.is_some() {
            self.kill9();
        }
        self.launch();
    }

    /// Follows the printed link and makes the first account.
    pub async fn setup(&mut self) -> Person {
        let link = self.setup_link();
        let person = self.visitor();
        let page = person.get(&link).await;
        let form = page.form_with("button", "Create account").fill("name", "Ada Lovelace");
        let form = form.fill("email", Person::FIRST.0).fill("password", Person::FIRST.1);
        let page = person.submit(&form.fill("workspace", "Test Works")).await;
        page.expect(200);
        assert!(page.url.path().ends_with("/conversations"), "setting up ends at {}", page.url);
        person
    }

    /// The single-use link of a first start.
    pub fn setup_link(&mut self) -> String {
        self.process.as_mut().expect("it runs").line("a set-up link", |line| {
            line.split_whitespace().find(|word| word.contains("/setup?token=")).map(str::to_owned)
        })
    }

    /// Someone who has not signed in.
    pub fn visitor(&self) -> Person {
        Person::new(self.front.as_deref().unwrap_or(&self.base))
    }

    /// Starts ready to use: with its first account, signed in.
    pub async fn ready(backend: Backend, settings: &[(&str, &str)]) -> (Self, Person) {
        let mut app = Self::with(backend, settings).await;
        let person = app.setup().await;
        (app, person)
    }

    /// Ready to use, with its runs of `write_file` counted; they are held when the test says so.
    pub async fn counting(backend: Backend, settings: &[(&str, &str)]) -> (Self, Person, Hold) {
        let hold = Hold::new();
        hold.open();
        let mut app = Self::new(backend);
        for (key, value) in settings {
            app.set(key, value);
        }
        app.held_by(&hold);
        app.launch();
        let person = app.setup().await;
        (app, person, hold)
    }

    /// Makes an account by the command line in a tenant that exists and signs it in.
    pub async fn person(&self, email: &str, tenant: &str, role: &str) -> Person {
        let arguments = ["create-user", "--email", email, "--name", email, "--tenant", tenant, "--role", role];
        self.admin(&arguments, Some(Person::FIRST.1));
        let person = self.visitor();
        person.sign_in(email, Person::FIRST.1).await.expect(200);
        person
    }

    /// A person of another tenant.
    pub async fn stranger(&self) -> Person {
        self.admin(&["create-tenant", "--slug", "elsewhere", "--name", "Elsewhere"], None);
        self.person("eve@example.org", "elsewhere", "owner").await
    }

    /// Runs `sayso admin …`, which must succeed; what it said.
    pub fn admin(&self, arguments: &[&str], standard_input: Option<&str>) -> String {
        let mut all = vec!["admin"];
        all.extend(arguments);
        let output = self.run(&all, standard_input);
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let fault = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "sayso {all:?}: {:?}\n{said}{fault}", output.status);
        said
    }

    /// Runs another command of the product with the same settings.
    pub fn run(&self, arguments: &[&str], standard_input: Option<&str>) -> Output {
        let mut command = self.command(arguments);
        command.env_remove("LD_PRELOAD").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        // A command that reads nothing may be gone before it is told anything.
        let _ = stdin.write_all(standard_input.map(|text| format!("{text}\n")).unwrap_or_default().as_bytes());
        drop(stdin);
        child.wait_with_output().unwrap()
    }

    /// A shell where it lives, with its settings and a `sayso` to be called; runs a text as people would type it.
    pub fn shell(&self, script: &str) -> Command {
        let binary = PathBuf::from(binary());
        let path = std::env::var("PATH").unwrap_or_default();
        let mut command = Command::new("sh");
        command.args(["-euc", script]).current_dir(self.home.path()).env_clear().envs(&self.environment);
        command.env("PATH", format!("{}:{path}", binary.parent().unwrap().display()));
        command
    }

    /// Where it lives: its working directory, with `data` and `workspace` in it.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// Fills its database, which must be empty, with what a file of SQL says, as the owner of the tables.
    pub fn restore(&self, sql: &Path) {
        let path = match &self.database {
            Database::Postgres(database) => return database.restore(sql),
            Database::Sqlite(path) => path,
            Database::Shared(url) => panic!("ask the app that made {url}"),
        };
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let script = "import sqlite3, sys\n\
            db = sqlite3.connect(sys.argv[1], isolation_level=None)\n\
            db.executescript(open(sys.argv[2]).read())\n";
        let python = Command::new("python3").args(["-c", script]).arg(path).arg(sql).output().unwrap();
        assert!(python.status.success(), "{}: {}", sql.display(), String::from_utf8_lossy(&python.stderr));
    }

    /// Its database as SQL text that `restore` takes.
    pub fn dump(&self) -> String {
        let path = match &self.database {
            Database::Postgres(database) => return database.dump(),
            Database::Sqlite(path) => path,
            Database::Shared(url) => panic!("ask the app that made {url}"),
        };
        let dump = Command::new("sqlite3").arg(path).arg(".dump").output().unwrap();
        assert!(dump.status.success(), "{}", String::from_utf8_lossy(&dump.stderr));
        String::from_utf8(dump.stdout).unwrap()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let binary = binary();
        let mut words = self.runner.iter().map(std::ffi::OsString::from).chain([binary]);
        let mut command = Command::new(words.next().unwrap());
        command.args(words).args(arguments).current_dir(self.home.path()).env_clear();
        command.envs(std::env::vars_os().filter(|(key, _)| key == "PATH" || key == "HOME"));
        command.envs(&self.environment);
        command
    }

    /// The slug of the tenant of the first account.
    pub fn tenant(&self) -> String {
        self.query("SELECT slug FROM tenants ORDER BY created_at LIMIT 1")
    }

    /// Where tools of all tenants write.
    pub fn workspace(&self) -> PathBuf {
        self.home.path().join("workspace")
    }

    /// A file that a tool wrote for the tenant of the first account, if it is there.
    pub fn file(&self, path: &str) -> Option<String> {
        let path = self.workspace().join(self.tenant()).join(path);
        match fs::read_to_string(&path) {
            Ok(text) => Some(text),
            Err(fault) if fault.kind() == std::io::ErrorKind::NotFound => None,
            Err(fault) => panic!("{}: {fault}", path.display()),
        }
    }

    /// Every file below the workspace, whatever its name; links are not followed.
    pub fn files(&self) -> Vec<PathBuf> {
        fn walk(directory: &Path, files: &mut Vec<PathBuf>) {
            for entry in fs::read_dir(directory).into_iter().flatten() {
                let entry = entry.unwrap();
                let kind = entry.file_type().unwrap();
                if kind.is_dir() {
                    walk(&entry.path(), files);
                } else if kind.is_file() {
                    files.push(entry.path());
                }
            }
        }
        let mut files = Vec::new();
        walk(&self.workspace(), &mut files);
        files.sort();
        files
    }

    /// Asks the database over all walls: rows as lines, columns parted by `|`.
    pub fn query(&self, sql: &str) -> String {
        self.try_query(sql).unwrap_or_else(|fault| panic!("{sql}: {fault}"))
    }

    fn try_query(&self, sql: &str) -> Result<String, String> {
        match &self.database {
            Database::Postgres(database) => database.query(sql),
            Database::Sqlite(path) => sqlite::query(path, sql).map_err(|fault| fault.to_string()),
            Database::Shared(url) => panic!("ask the app that made {url}"),
        }
    }

    /// Everything it has logged, from the first start on.
    pub fn logs(&self) -> Vec<String> {
        let mut logs = self.earlier.clone();
        logs.extend(self.process.iter().flat_map(Process::err));
        logs
    }
}

/// The product; another build may be put in its place, as the optimised one.
fn binary() -> std::ffi::OsString {
    std::env::var_os("SAYSO_BIN").unwrap_or_else(|| env!("CARGO_BIN_EXE_sayso").into())
}

impl Drop for App {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let logs = self.logs();
            eprintln!("--- the end of the log of {} ---", self.base);
            for line in logs.iter().skip(logs.len().saturating_sub(40)) {
                eprintln!("{line}");
            }
        }
        // The database can be dropped only when nobody is connected to it.
        self.process = None;
    }
}
