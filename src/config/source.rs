//! Where settings come from: the environment, then `sayso.toml`.

use std::{cell::RefCell, collections::BTreeSet, ffi::OsString, fmt, path::Path};

use secrecy::SecretString;

/// A setting that stops the start. Its `Display` is one line: the variable, what it was, what is accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError(String);

impl ConfigError {
    pub(super) fn new(line: impl Into<String>) -> Self {
        Self(line.into())
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ConfigError {}

/// One value as it was found. No `Debug`: it may be a secret.
pub(super) struct Found {
    /// The name under which it was found; for the file, the key with the file's name.
    pub name: String,
    pub text: String,
}

impl Found {
    /// The refusal of an ordinary value.
    pub fn refuse(&self, accepted: &str) -> ConfigError {
        ConfigError(format!("{} is {}; accepted: {accepted}", self.name, shown(&self.text)))
    }

    /// The refusal of a secret value: only its length is shown.
    pub fn refuse_secret(&self, accepted: &str) -> ConfigError {
        ConfigError(format!("{} is (hidden, {} bytes); accepted: {accepted}", self.name, self.text.len()))
    }

    /// The refusal of an address, which may carry a name and a password before its `@`.
    pub fn refuse_url(&self, accepted: &str) -> ConfigError {
        ConfigError(format!("{} is {}; accepted: {accepted}", self.name, shown(&without_credentials(&self.text))))
    }
}

/// A value for an error line: quoted, control characters escaped, cut after 100 characters.
fn shown(text: &str) -> String {
    let mut kept: String = text.chars().take(100).collect();
    if kept.len() < text.len() {
        kept.push('…');
    }
    format!("{kept:?}")
}

/// The text of an address without what can be a secret in it: all before its last `@`, all after a `?`.
fn without_credentials(text: &str) -> String {
    let text = text.split('?').next().unwrap_or_default();
    match (text.rsplit_once('@'), text.split_once(':')) {
        (Some((_, rest)), Some((scheme, _))) if scheme.chars().all(|c| c.is_ascii_alphanumeric() || c == '+') => {
            format!("{scheme}://***@{rest}")
        }
        (Some((_, rest)), _) => format!("***@{rest}"),
        (None, _) => text.to_owned(),
    }
}

/// The environment over the file. It remembers which names were asked for, so that a key of the file that nobody
/// knows can be refused.
pub(super) struct Source<F> {
    environment: F,
    file: toml::Table,
    file_name: String,
    asked: RefCell<BTreeSet<&'static str>>,
}

impl<V: Into<OsString>, F: Fn(&str) -> Option<V>> Source<F> {
    /// Reads the file, if there is to be one.
    pub fn open(environment: F, file: Option<&Path>) -> Result<Self, ConfigError> {
        let file_name = file.map(|path| path.display().to_string()).unwrap_or_default();
        let table = match file {
            None => toml::Table::new(),
            Some(path) => {
                let text = std::fs::read_to_string(path)
                    .map_err(|error| ConfigError(format!("{file_name} cannot be read: {error}")))?;
                text.parse().map_err(|error: toml::de::Error| {
                    // The library's own words quote the line, which may hold a secret.
                    let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
                    let line = before.matches('\n').count() + 1;
                    ConfigError(format!("{file_name} is not TOML at line {line}: {}", one_line(error.message())))
                })?
            }
        };
        Ok(Self { environment, file: table, file_name, asked: RefCell::default() })
    }

    /// The value of the first of these names that has one, the environment before the file. Empty is unset.
    pub fn find(&self, names: &[&'static str]) -> Result<Option<Found>, ConfigError> {
        self.asked.borrow_mut().extend(names);
        for name in names {
            if let Some(value) = (self.environment)(name) {
                let text = value
                    .into()
                    .into_string()
                    .map_err(|_| ConfigError(format!("{name} is not UTF-8; accepted: text in UTF-8")))?;
                if !text.trim().is_empty() {
                    return Ok(Some(Found { name: (*name).to_owned(), text: text.trim().to_owned() }));
                }
            }
        }
        for name in names {
            let key = name.to_ascii_lowercase();
            let Some(value) = self.file.get(&key) else { continue };
            let name = format!("{key} in {}", self.file_name);
            let text = as_text(value).ok_or_else(|| {
                let kind = value.type_str();
                ConfigError(format!(
                    "{name} is a TOML {kind}; accepted: a string, a number, a boolean or a list of strings"
                ))
            })?;
            if !text.trim().is_empty() {
                return Ok(Some(Found { name, text: text.trim().to_owned() }));
            }
        }
        Ok(None)
    }

    /// A value parsed by `parse`, which says what it accepts.
    pub fn parsed<T>(
        &self,
        name: &'static str,
        accepted: &str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>, ConfigError> {
        let Some(found) = self.find(&[name])? else { return Ok(None) };
        parse(&found.text).map(Some).ok_or_else(|| found.refuse(accepted))
    }

    /// A secret that `accept` finds good.
    pub fn secret(
        &self,
        names: &[&'static str],
        accepted: &str,
        accept: impl FnOnce(&str) -> bool,
    ) -> Result<Option<SecretString>, ConfigError> {
        let Some(found) = self.find(names)? else { return Ok(None) };
        if !accept(&found.text) {
            return Err(found.refuse_secret(accepted));
        }
        Ok(Some(SecretString::from(found.text)))
    }

    /// Refuses the file's keys that nobody asked for.
    pub fn refuse_unknown_keys(&self) -> Result<(), ConfigError> {
        let asked = self.asked.borrow();
        for key in self.file.keys() {
            let known = asked.iter().any(|name| name.to_ascii_lowercase() == *key);
            if !known {
                let file = &self.file_name;
                return Err(ConfigError(format!(
                    "{} in {file} is unknown; accepted: the settings in lower case",
                    shown(key)
                )));
            }
        }
        Ok(())
    }

    /// The names asked for so far.
    #[cfg(test)]
    pub fn asked(&self) -> BTreeSet<&'static str> {
        self.asked.borrow().clone()
    }
}

fn as_text(value: &toml::Value) -> Option<String> {
    match value {
        toml::Value::String(text) => Some(text.clone()),
        toml::Value::Integer(number) => Some(number.to_string()),
        toml::Value::Boolean(value) => Some(value.to_string()),
        toml::Value::Array(items) => {
            let items: Option<Vec<&str>> = items.iter().map(toml::Value::as_str).collect();
            items.map(|items| items.join(","))
        }
        _ => None,
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_in_addresses_are_not_shown() {
        for (text, shown) in [
            ("https://a.example/x", "https://a.example/x"),
            ("postgres://me:pw@db/x?password=pw", "postgres://***@db/x"),
            ("postgers://me:p@w@db/x", "postgers://***@db/x"),
            ("me:p/w@db", "me://***@db"),
            ("//me:pw@db", "***@db"),
        ] {
            assert_eq!(without_credentials(text), shown);
        }
    }

    #[test]
    fn values_are_shown_on_one_short_line() {
        assert_eq!(shown("a\nb\u{1b}[0m"), r#""a\nb\u{1b}[0m""#);
        assert!(shown(&"x".repeat(5000)).chars().count() < 110);
    }
}
