//! The command line.

use clap::{Parser, Subcommand};

/// A self-hosted chat with language models for teams, in which no tool runs without a person's say-so.
#[derive(Clone, Debug, PartialEq, Eq, Parser)]
#[command(name = "sayso", version)]
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
    Migrate,
    /// Check settings, database, providers and MCP servers; one line each, exit 1 on a fault
    Check,
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
        assert_eq!(parsed(&["migrate"]), Ok(Command::Migrate));
        assert_eq!(parsed(&["check"]), Ok(Command::Check));
        assert_eq!(parsed(&["sevre"]), Err(ErrorKind::InvalidSubcommand));
        assert_eq!(parsed(&["--version"]), Err(ErrorKind::DisplayVersion));
    }
}
