//! The command line: everything but serving, which `app` does.
//!
//! Commands run beside a serving Sayso, on the same database. What they change, they audit in the same transaction.

mod admin;
mod audit;
mod budget;
mod check;
mod console;
mod health;

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};

pub use admin::Admin;
pub use console::Console;

use crate::{
    config::{DatabaseUrl, Secrets, Settings, release},
    db::{self, Access, Database, Scope},
    error::{Error, Result},
    i18n::Locale,
    models::{audit::Auditor, secrets_in_use},
    providers::Providers,
    tools::script::sandbox,
};

/// A self-hosted chat with language models for teams, in which no tool runs without a person's say-so.
#[derive(Clone, Debug, PartialEq, Eq, Parser)]
#[command(name = "sayso", version = release())]
pub struct Cli {
    /// What to do; without it, serve.
    #[command(subcommand)]
    command: Option<Command>,
}

impl Cli {
    /// What to do.
    pub fn command(self) -> Command {
        self.command.unwrap_or_default()
    }
}

/// What `sayso` can be told to do. Passwords are never arguments: others on the machine can read those.
#[derive(Clone, Debug, Default, PartialEq, Eq, Subcommand)]
pub enum Command {
    /// Run the server (also without any command)
    #[default]
    Serve,
    /// Bring the database to this version's schema and exit
    Migrate {
        /// Take the secrets that are set now for those of this database, after they were changed on purpose
        #[arg(long)]
        new_secrets: bool,
    },
    /// Check settings, database and providers; one line each, exit 1 on a fault
    Check,
    /// Ask the server that runs with these settings on this machine whether it is alive; exit 1 if not
    Health {
        /// Ask whether it can work, too: its database and its providers
        #[arg(long)]
        ready: bool,
    },
    /// Copy an SQLite database into a new file, also while the server runs
    Backup {
        /// The file to make
        file: PathBuf,
    },
    /// Look after the audit log
    #[command(subcommand)]
    Audit(Audit),
    /// Make and change tenants and people
    Admin(Admin),
    /// The process in which one script of `run_js` runs; the server starts it by itself
    #[command(hide = true, name = sandbox::COMMAND)]
    ScriptSandbox,
}

/// What can be done with the audit log.
#[derive(Clone, Debug, PartialEq, Eq, Subcommand)]
pub enum Audit {
    /// Prove that no row was changed, moved or removed, and that every tool ran by a say-so; exit 1 and name the row if not
    Verify {
        /// Prove as well that nothing is missing of what this file knows, which `sayso audit anchor` wrote
        #[arg(long, value_name = "FILE")]
        anchor: Option<PathBuf>,
        /// Say it as JSON
        #[arg(long)]
        json: bool,
    },
    /// Print how many rows each chain has and the hash of the last, to be kept where this database's writers cannot write
    Anchor,
}

/// The address that audit rows of these commands carry.
const ADDRESS: &str = "command line";

const SCOPE: Scope = Scope::System("command line");

/// Does what a command says, for every command but `serve` and the sandbox. To be called on the multi-thread runtime.
///
/// # Errors
/// What stood in the way; [`explain`] puts it into one line. The exit code is then 1.
pub async fn run(
    command: Command,
    settings: &Settings,
    providers: &Providers,
    console: &mut Console<'_>,
) -> Result<ExitCode> {
    match command {
        Command::Serve => Err(fault("`serve` is not run here")),
        Command::ScriptSandbox => Err(fault("a sandbox is not run here")),
        Command::Migrate { new_secrets } => {
            let database = Database::open(&settings.database, Access::Migrate).await?;
            if new_secrets {
                accept_secrets(settings, &database).await?;
            }
            console.say(&format!("The database ({}) is up to date.", database.backend()))?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Check => check::run(settings, providers, console).await,
        Command::Health { ready } => {
            console.say(&health::ask(settings, ready).await?)?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Backup { file } => {
            let DatabaseUrl::Sqlite(path) = &settings.database else {
                return Err(fault("`sayso backup` copies SQLite databases; for PostgreSQL use pg_dump"));
            };
            db::backup(path, &file).await?;
            console.say(&format!(
                "{} holds a copy of {}. Keep {} with it: sessions and the audit log rest on the secrets there.",
                file.display(),
                path.display(),
                settings.data_dir.join("secrets").display()
            ))?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Audit(what) => {
            let (database, auditor) = open(settings).await?;
            audit::run(what, &database, &auditor, console).await
        }
        Command::Admin(admin) => {
            let (database, auditor) = open(settings).await?;
            admin.run(&database, &auditor, settings, console).await?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// The database first: where it is not, no secrets are made either.
async fn open(settings: &Settings) -> Result<(Database, Auditor)> {
    let database = Database::open(&settings.database, Access::Tool).await?;
    let secrets = Secrets::load_or_create(settings).map_err(Error::internal)?;
    Ok((database, Auditor::from_secrets(&secrets)?))
}

/// An error in one line for standard error.
pub fn explain(error: &Error) -> String {
    let text = match error {
        Error::Refused(refusal) => Locale::default().text_with(refusal.message, &refusal.arguments).into_owned(),
        error => error.to_string(),
    };
    text.split(char::is_control).map(str::trim).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

async fn accept_secrets(settings: &Settings, database: &Database) -> Result<()> {
    let secrets = Secrets::load_or_create(settings).map_err(Error::internal)?;
    let mut tx = database.write(Scope::System("secrets")).await?;
    secrets_in_use::replace(&mut tx, &secrets.fingerprint()).await?;
    Auditor::from_secrets(&secrets)?.take_over(&mut tx, ADDRESS).await?;
    tx.commit().await
}

/// Something that cannot be done, in words for who typed the command.
fn fault(words: impl Into<String>) -> Error {
    Error::Internal(words.into())
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory, error::ErrorKind};

    use super::*;

    fn parsed(arguments: &[&str]) -> Result<Command, ErrorKind> {
        Cli::try_parse_from([&["sayso"], arguments].concat()).map(Cli::command).map_err(|error| error.kind())
    }

    #[test]
    fn commands_are_named_as_the_contract_names_them() {
        <Cli as CommandFactory>::command().debug_assert();
        assert_eq!(parsed(&[]), Ok(Command::Serve));
        assert_eq!(parsed(&["serve"]), Ok(Command::Serve));
        assert_eq!(parsed(&["migrate"]), Ok(Command::Migrate { new_secrets: false }));
        assert_eq!(parsed(&["check"]), Ok(Command::Check));
        assert_eq!(parsed(&["health"]), Ok(Command::Health { ready: false }));
        assert_eq!(parsed(&["health", "--ready"]), Ok(Command::Health { ready: true }));
        assert_eq!(parsed(&["backup", "x.db"]), Ok(Command::Backup { file: "x.db".into() }));
        let verify = Audit::Verify { anchor: None, json: false };
        assert_eq!(parsed(&["audit", "verify"]), Ok(Command::Audit(verify)));
        let verify = Audit::Verify { anchor: Some("x".into()), json: true };
        assert_eq!(parsed(&["audit", "verify", "--anchor", "x", "--json"]), Ok(Command::Audit(verify)));
        assert_eq!(parsed(&["audit", "anchor"]), Ok(Command::Audit(Audit::Anchor)));
        assert_eq!(parsed(&[sandbox::COMMAND]), Ok(Command::ScriptSandbox));
        assert_eq!(parsed(&["sevre"]), Err(ErrorKind::InvalidSubcommand));
        assert_eq!(parsed(&["--version"]), Err(ErrorKind::DisplayVersion));
    }

    #[test]
    fn admin_commands_take_no_password_and_no_nonsense() {
        let user = ["admin", "create-user", "--email", "a@b", "--name", "A"];
        for more in [&[][..], &["--operator"], &["--tenant", "t"], &["--tenant", "t", "--role", "owner", "--json"]] {
            assert!(matches!(parsed(&[&user[..], more].concat()), Ok(Command::Admin(_))), "{more:?}");
        }
        for (more, kind) in [
            (&["--role", "owner"][..], ErrorKind::MissingRequiredArgument),
            (&["--tenant", "t", "--role", "king"], ErrorKind::InvalidValue),
            (&["--password", "secret"], ErrorKind::UnknownArgument),
        ] {
            assert_eq!(parsed(&[&user[..], more].concat()), Err(kind), "{more:?}");
        }
        let limits = ["admin", "set-limits", "--tenant", "t", "--requests"];
        for (value, good) in [("10", true), ("0", true), ("none", true), ("-1", false), ("many", false)] {
            assert_eq!(parsed(&[&limits[..], &[value]].concat()).is_ok(), good, "{value}");
        }
        let credits = ["admin", "set-limits", "--tenant", "t", "--credits"];
        for (value, good) in [("10", true), ("0.5", true), ("none", true), ("-1", false), ("1e3", false)] {
            assert_eq!(parsed(&[&credits[..], &[value]].concat()).is_ok(), good, "{value}");
        }
        assert_eq!(parsed(&["admin", "set-limits", "--tenant", "t"]), Err(ErrorKind::MissingRequiredArgument));
        for (more, good) in [
            (&["show-usage", "--tenant", "t"][..], true),
            (&["show-usage", "--tenant", "t", "--user", "a@b", "--month", "2026-01"], true),
            (&["show-usage", "--tenant", "t", "--month", "2026-13"], false),
            (&["add-credits", "--tenant", "t", "--amount", "12.5", "--note", "paid"], true),
            (&["add-credits", "--tenant", "t", "--amount", "0", "--note", "paid"], false),
            (&["add-credits", "--tenant", "t", "--amount=-1", "--note", "paid"], false),
            (&["add-credits", "--tenant", "t", "--amount", "1"], false),
        ] {
            assert_eq!(parsed(&[&["admin"], more].concat()).is_ok(), good, "{more:?}");
        }
        assert!(parsed(&["admin", "list", "tenants"]).is_ok() && parsed(&["admin", "--json", "list", "users"]).is_ok());
    }

    #[test]
    fn an_error_is_one_line() {
        assert_eq!(explain(&fault("one\n\n  two\u{1b}[0m")), "one two [0m");
        let short = crate::models::password::check(&"short".to_owned().into()).unwrap_err();
        assert!(explain(&short).contains("at least"), "{}", explain(&short));
    }
}
