//! Whom a command talks with.

use std::io::{BufRead, Read as _, Write};

use secrecy::SecretString;

use super::fault;
use crate::error::{Error, Result};

/// Bytes of a line that are read at most; a password is shorter.
const LONGEST_LINE: u64 = 4096;

/// What a command says goes to `out`; a password comes from a prompt or from `input`.
pub struct Console<'a> {
    /// Standard output.
    pub out: &'a mut (dyn Write + Send),
    /// Standard input.
    pub input: &'a mut (dyn BufRead + Send),
    /// Whether standard input is a terminal: then a password is asked for, twice, and not shown.
    pub is_terminal: bool,
}

impl Console<'_> {
    /// One line of output.
    pub(super) fn say(&mut self, line: &str) -> Result<()> {
        writeln!(self.out, "{line}").and_then(|()| self.out.flush()).map_err(Error::internal)
    }

    /// A new password: typed twice at a terminal, else one line of standard input.
    pub(super) fn new_password(&mut self) -> Result<SecretString> {
        if self.is_terminal {
            let ask = |prompt| rpassword::prompt_password(prompt).map(SecretString::from).map_err(Error::internal);
            let (first, second) = (ask("Password: ")?, ask("Again: ")?);
            use secrecy::ExposeSecret as _;
            return if first.expose_secret() == second.expose_secret() {
                Ok(first)
            } else {
                Err(fault("the passwords differ"))
            };
        }
        let mut line = String::new();
        (&mut *self.input).take(LONGEST_LINE).read_line(&mut line).map_err(Error::internal)?;
        let password = line.strip_suffix('\n').map_or(line.as_str(), |line| line.strip_suffix('\r').unwrap_or(line));
        if password.is_empty() {
            return Err(fault("the password is missing; it is one line of standard input"));
        }
        Ok(password.to_owned().into())
    }
}
