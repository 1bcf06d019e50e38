//! What a server is and how it is reached, as an operator or an admin wrote it.

use std::{collections::BTreeMap, fmt, path::PathBuf, str::FromStr, time::Duration};

use secrecy::{ExposeSecret as _, SecretString};
use url::Url;

use crate::{tools::BUILT_IN, types::Digest};

/// The most characters of a server's name.
const MAX_NAME: usize = 32;

/// A server's name: `[a-z0-9-]{1,32}`, never `sayso`, which the built-in tools have.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ServerName(String);

impl ServerName {
    /// As it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ServerName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A name that no server may have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a server's name has 1 to 32 of a-z, 0-9 and -, and is not “sayso”")]
pub struct WrongName;

impl FromStr for ServerName {
    type Err = WrongName;

    fn from_str(text: &str) -> Result<Self, WrongName> {
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        let good = (1..=MAX_NAME).contains(&text.len()) && text.bytes().all(plain) && text != BUILT_IN;
        if good { Ok(Self(text.to_owned())) } else { Err(WrongName) }
    }
}

/// A value of the environment or of a header. It is never shown, neither by `Debug` nor by [`Launch::shown`].
pub type Secret = SecretString;

/// A server.
#[derive(Clone, Debug)]
pub struct ServerSpec {
    /// Its name; the first part of its tools' names.
    pub name: ServerName,
    /// How it is started or reached.
    pub launch: Launch,
    /// What it may cost.
    pub limits: Limits,
    /// Whether each person has a connection of their own: it authorises people, or asks them things.
    pub per_person: bool,
}

/// How a server is started or reached.
#[derive(Clone, Debug)]
pub enum Launch {
    /// A process that talks over its standard input and output. Only operators write these, in the configuration.
    Process {
        /// The program, found by `PATH`; never a shell's line.
        command: String,
        /// Its arguments, as they are.
        args: Vec<String>,
        /// What it gets beside `PATH`, `HOME`, `LANG` and `TMPDIR`.
        env: BTreeMap<String, Secret>,
        /// Where it runs; Sayso's own folder without it.
        folder: Option<PathBuf>,
    },
    /// An address that speaks streamable HTTP.
    Http {
        /// Where it is.
        url: Url,
        /// What is sent with each request, to this origin only.
        headers: BTreeMap<String, Secret>,
    },
}

impl Launch {
    /// For people and for the digest of what they approve: the whole argv, each argument in quotes where it must be,
    /// or the address; and the names of environment and headers, never their values.
    pub fn shown(&self) -> String {
        let names = self.names();
        if names.is_empty() { self.line() } else { format!("{} ({})", self.line(), names.join(", ")) }
    }

    /// The same without the names.
    pub fn line(&self) -> String {
        match self {
            Self::Process { command, args, folder, .. } => {
                let mut what = quoted(command);
                for argument in args {
                    what.push(' ');
                    what.push_str(&quoted(argument));
                }
                if let Some(folder) = folder {
                    what.push_str(" in ");
                    what.push_str(&quoted(&folder.to_string_lossy()));
                }
                what
            }
            Self::Http { url, .. } => url.to_string(),
        }
    }

    /// The line for those who do not run the installation: a command line may hold secrets, and so may what follows
    /// the `?` of an address.
    pub fn hinted(&self) -> String {
        match self {
            Self::Process { command, args, .. } => {
                if args.is_empty() {
                    quoted(command)
                } else {
                    format!("{} …", quoted(command))
                }
            }
            Self::Http { url, .. } => {
                let mut plain = url.clone();
                plain.set_query(None);
                if url.query().is_some() { format!("{plain}?…") } else { plain.to_string() }
            }
        }
    }

    /// The names of its headers, or of what its environment gets.
    pub fn names(&self) -> Vec<&str> {
        let (Self::Process { env: values, .. } | Self::Http { headers: values, .. }) = self;
        values.keys().map(String::as_str).collect()
    }

    /// Over everything, values too: a server whose token was changed is reached anew.
    pub(super) fn digest(&self) -> Digest {
        let mut fields: Vec<Vec<u8>> = vec![self.shown().into_bytes()];
        let (Self::Process { env: values, .. } | Self::Http { headers: values, .. }) = self;
        fields.extend(values.values().map(|value| value.expose_secret().as_bytes().to_vec()));
        let fields: Vec<&[u8]> = fields.iter().map(Vec::as_slice).collect();
        Digest::of_fields("sayso-mcp-launch-1", &fields)
    }
}

/// An argument as a shell would have to read it; plain ones stay plain. Two argument lists never look the same.
fn quoted(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./:=@%+,".contains(&byte);
    if !text.is_empty() && text.bytes().all(plain) {
        return text.to_owned();
    }
    serde_json::to_string(text).unwrap_or_default()
}

/// What a server may cost: how long it may take, how much it may say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// To be started or reached, and to say which protocol it speaks.
    pub connect: Duration,
    /// For its whole list of tools.
    pub list: Duration,
    /// Without a sign of life in a call; progress begins it anew, and it stands still while a person is asked.
    pub call_idle: Duration,
    /// For a whole call, the person's time not counted.
    pub call_total: Duration,
    /// Bytes of one message.
    pub message: usize,
    /// A connection that nobody used for so long is closed.
    pub idle: Duration,
    /// The first wait after a fault; each next one is twice as long.
    pub first_wait: Duration,
    /// The longest wait after a fault.
    pub longest_wait: Duration,
    /// Faults in a row after which it is left alone for the longest wait.
    pub faults: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(30),
            list: Duration::from_secs(30),
            call_idle: Duration::from_secs(60),
            call_total: Duration::from_secs(600),
            message: 16 << 20,
            idle: Duration::from_secs(600),
            first_wait: Duration::from_secs(1),
            longest_wait: Duration::from_secs(60),
            faults: 5,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_plain_and_not_ours() {
        for good in ["a", "files", "git-2", &"x".repeat(32)] {
            assert_eq!(good.parse::<ServerName>().map(|name| name.to_string()).as_deref(), Ok(good));
        }
        for wrong in ["", "sayso", "Files", "a_b", "a b", "é", "a/b", "a\u{202e}b", &"x".repeat(33)] {
            assert_eq!(wrong.parse::<ServerName>(), Err(WrongName), "{wrong}");
        }
    }

    #[test]
    fn what_is_shown_has_everything_but_secrets() {
        let secret = |text: &str| Secret::from(text.to_owned());
        let process = |args: &[&str], value: &str| Launch::Process {
            command: "npx".to_owned(),
            args: args.iter().map(|&argument| argument.to_owned()).collect(),
            env: BTreeMap::from([("TOKEN".to_owned(), secret(value))]),
            folder: Some("/srv/a b".into()),
        };
        assert_eq!(process(&["-y", "server"], "s3cret").shown(), r#"npx -y server in "/srv/a b" (TOKEN)"#);
        // Where one argument ends is seen.
        assert_ne!(process(&["a b"], "x").shown(), process(&["a", "b"], "x").shown());
        assert_ne!(process(&["a"], "x").shown(), process(&["a", ""], "x").shown());
        // Another token: another connection, but nothing else to approve.
        assert_eq!(process(&["a"], "x").shown(), process(&["a"], "y").shown());
        assert_ne!(process(&["a"], "x").digest(), process(&["a"], "y").digest());
        assert_eq!(process(&["--token", "s3cret"], "x").hinted(), "npx …");
        assert_eq!(process(&[], "x").names(), ["TOKEN"]);
        let url = "https://mcp.example/mcp?key=s3cret".parse().unwrap();
        assert_eq!(Launch::Http { url, headers: BTreeMap::new() }.hinted(), "https://mcp.example/mcp?…");
        let url = "https://mcp.example/mcp".parse().unwrap();
        let http = Launch::Http { url, headers: BTreeMap::from([("X-Key".to_owned(), secret("s3cret"))]) };
        assert_eq!(http.shown(), "https://mcp.example/mcp (X-Key)");
        assert!(!format!("{http:?}{:?}", process(&[], "s3cret")).contains("s3cret"));
    }
}
