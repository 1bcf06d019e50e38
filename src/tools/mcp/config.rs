//! The customary file of servers: `{"mcpServers": {name: {command, args, env} or {url, headers}}}`.

use std::{collections::BTreeMap, path::Path, str::FromStr as _};

use http::{HeaderName, HeaderValue};
use secrecy::ExposeSecret as _;
use serde_json::{Map, Value};
use url::Url;

use super::{
    Launch, Limits, Secret, ServerName, ServerSpec,
    words::{bounded, line},
};
use crate::tools::net;

/// The largest file.
const MAX_BYTES: u64 = 1 << 20;

/// What is wrong with the file, in one line that names the entry. Values are not repeated: they may be secrets.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ConfigFault(String);

fn wrong(entry: &str, what: impl std::fmt::Display) -> ConfigFault {
    ConfigFault(format!("server “{}”: {what}", bounded(&line(entry), 64)))
}

/// Reads the file.
///
/// # Errors
/// When it cannot be read or something in it is not understood.
pub fn read(file: &Path) -> Result<Vec<ServerSpec>, ConfigFault> {
    let fault = |error: std::io::Error| ConfigFault(format!("{} cannot be read: {error}", file.display()));
    if file.metadata().map_err(fault)?.len() > MAX_BYTES {
        return Err(ConfigFault(format!("{} is larger than 1 MB", file.display())));
    }
    let text = std::fs::read_to_string(file).map_err(fault)?;
    read_text(&text).map_err(|fault| ConfigFault(format!("{}: {fault}", file.display())))
}

/// Reads its text. A key that is not known is refused, except those of other programs that change nothing here.
///
/// # Errors
/// As `read`.
pub fn read_text(text: &str) -> Result<Vec<ServerSpec>, ConfigFault> {
    let root: Value = serde_json::from_str(text).map_err(|error| {
        // The library's words may repeat what is there; where it is suffices.
        ConfigFault(format!("it is not JSON, line {}, column {}", error.line(), error.column()))
    })?;
    let Some(servers) = root.as_object().and_then(|root| root.get("mcpServers")).and_then(Value::as_object) else {
        return Err(ConfigFault("it has no object “mcpServers”".to_owned()));
    };
    servers
        .iter()
        .filter(|(_, entry)| entry.get("disabled") != Some(&Value::Bool(true)))
        .map(|(name, entry)| server(name, entry))
        .collect()
}

fn server(name: &str, entry: &Value) -> Result<ServerSpec, ConfigFault> {
    let wrong = |what: &str| wrong(name, what);
    let parsed: ServerName = name.parse().map_err(|error: super::spec::WrongName| wrong(&error.to_string()))?;
    let entry = entry.as_object().ok_or_else(|| wrong("it is no object"))?;
    if let Some(kind) = entry.get("type").or_else(|| entry.get("transport")) {
        match kind.as_str() {
            Some("sse") => {
                return Err(wrong(
                    "the legacy transport HTTP+SSE (type “sse”) is not offered; give the server's address for \
                     streamable HTTP, which often ends in /mcp",
                ));
            }
            Some("stdio") if entry.contains_key("command") => {}
            Some("http" | "streamable-http" | "streamableHttp" | "streamable_http") if entry.contains_key("url") => {}
            _ => return Err(wrong("its type is none of stdio (with command) and http (with url)")),
        }
    }
    let launch = match (entry.contains_key("command"), entry.contains_key("url")) {
        (true, false) => process(entry, &wrong)?,
        (false, true) => http(entry, &wrong)?,
        (true, true) => return Err(wrong("it has both command and url")),
        (false, false) => return Err(wrong("it has neither command nor url")),
    };
    let per_person = match entry.get("perPerson") {
        None => false,
        Some(said) => said.as_bool().ok_or_else(|| wrong("its perPerson is neither true nor false"))?,
    };
    Ok(ServerSpec { name: parsed, launch, limits: Limits::default(), per_person })
}

type Entry = Map<String, Value>;

fn process(entry: &Entry, wrong: &impl Fn(&str) -> ConfigFault) -> Result<Launch, ConfigFault> {
    known(entry, &["command", "args", "env", "cwd", "perPerson"], wrong)?;
    let text = |value: &Value| value.as_str().filter(|text| !text.contains('\0')).map(str::to_owned);
    let command = entry.get("command").and_then(text).filter(|command| !command.trim().is_empty());
    let args = match entry.get("args") {
        None => Some(Vec::new()),
        Some(args) => args.as_array().and_then(|args| args.iter().map(text).collect()),
    };
    let folder = match entry.get("cwd") {
        None => None,
        Some(folder) => Some(text(folder).ok_or_else(|| wrong("its cwd is no text"))?.into()),
    };
    Ok(Launch::Process {
        command: command.ok_or_else(|| wrong("its command is no text"))?,
        args: args.ok_or_else(|| wrong("its args are no list of texts"))?,
        env: secrets(entry, "env", wrong)?,
        folder,
    })
}

fn http(entry: &Entry, wrong: &impl Fn(&str) -> ConfigFault) -> Result<Launch, ConfigFault> {
    known(entry, &["url", "headers", "perPerson"], wrong)?;
    let headers = secrets(entry, "headers", wrong)?;
    let url = entry.get("url").and_then(Value::as_str).unwrap_or_default();
    Launch::http(url, headers).map_err(|fault| wrong(&fault.to_string()))
}

/// What is wrong with an address or its headers. Values are not repeated.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WrongHttp {
    /// No address, or not of the web.
    #[error("its url is no address with http:// or https://")]
    Address,
    /// A name or a password stands in the address.
    #[error("its url has a name or a password in it; give them as a header")]
    Password,
    /// A header that the protocol itself sends.
    #[error("its header {0} is Sayso's own to send")]
    OwnHeader(String),
    /// A header that cannot be.
    #[error("in its headers, {0} is no plain name with a text")]
    Header(String),
}

impl Launch {
    /// At an address, with headers.
    ///
    /// # Errors
    /// When there cannot be such a server.
    pub fn http(url: &str, headers: BTreeMap<String, Secret>) -> Result<Self, WrongHttp> {
        let url = net::parse(url).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
        let url: Url = url.ok_or(WrongHttp::Address)?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(WrongHttp::Password);
        }
        for (name, value) in &headers {
            let shown = || bounded(&line(name), 64);
            let lower = name.to_ascii_lowercase();
            // What the protocol itself says must not be said a second time.
            let ours = ["accept", "host", "content-type", "content-length", "last-event-id", "transfer-encoding"];
            if ours.contains(&lower.as_str()) || lower.starts_with("mcp-") {
                return Err(WrongHttp::OwnHeader(shown()));
            }
            if HeaderName::from_str(name).is_err() || HeaderValue::from_str(value.expose_secret()).is_err() {
                return Err(WrongHttp::Header(shown()));
            }
        }
        Ok(Self::Http { url, headers })
    }
}

fn known(entry: &Entry, names: &[&str], wrong: &impl Fn(&str) -> ConfigFault) -> Result<(), ConfigFault> {
    // Other programs' words about the same server, which mean nothing here.
    let others = ["type", "transport", "disabled", "description", "autoApprove", "alwaysAllow", "timeout"];
    match entry.keys().find(|key| !names.contains(&key.as_str()) && !others.contains(&key.as_str())) {
        None => Ok(()),
        Some(key) => Err(wrong(&format!("{} is not known; {} are", bounded(&line(key), 64), names.join(", ")))),
    }
}

fn secrets(
    entry: &Entry,
    name: &str,
    wrong: &impl Fn(&str) -> ConfigFault,
) -> Result<BTreeMap<String, Secret>, ConfigFault> {
    let Some(values) = entry.get(name) else { return Ok(BTreeMap::new()) };
    let values = values.as_object().ok_or_else(|| wrong(&format!("its {name} is no object of texts")))?;
    let mut found = BTreeMap::new();
    for (key, value) in values {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        let value = value.as_str().filter(|value| !value.contains(['\0', '\r', '\n']));
        let (true, Some(value)) = (!key.is_empty() && key.bytes().all(plain), value) else {
            return Err(wrong(&format!("in its {name}, {} is no plain name with a text", bounded(&line(key), 64))));
        };
        found.insert(key.clone(), Secret::from(value.to_owned()));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_customary_forms_are_read() {
        let specs = read_text(
            r#"{"mcpServers": {
                "files": {"command": "npx", "args": ["-y", "server", "/srv"], "env": {"A_B": "s3cret"}},
                "far": {"type": "http", "url": "https://mcp.example/mcp#x", "headers": {"Authorization": "Bearer s3cret"},
                    "perPerson": true},
                "off": {"command": "x", "disabled": true}
            }, "other": 1}"#,
        )
        .unwrap();
        let shown: Vec<_> = specs.iter().map(|spec| (spec.name.as_str(), spec.launch.shown())).collect();
        assert_eq!(
            shown,
            [
                ("files", "npx -y server /srv (A_B)".to_owned()),
                ("far", "https://mcp.example/mcp (Authorization)".to_owned())
            ]
        );
        assert_eq!(specs.iter().map(|spec| spec.per_person).collect::<Vec<_>>(), [false, true]);
        assert!(!format!("{specs:?}").contains("s3cret"));
        assert!(read_text(r#"{"mcpServers": {}}"#).unwrap().is_empty());
    }

    #[test]
    fn what_is_wrong_is_said_of_its_entry() {
        for (entry, says) in [
            (r#""Files": {"command": "x"}"#, "server “Files”: a server's name has 1 to 32"),
            (r#""sayso": {"command": "x"}"#, "is not “sayso”"),
            (r#""a": {"type": "sse", "url": "https://x.example/sse"}"#, "HTTP+SSE (type “sse”) is not offered"),
            (r#""a": {}"#, "neither command nor url"),
            (r#""a": []"#, "it is no object"),
            (r#""a": {"command": "x", "url": "https://x.example"}"#, "both command and url"),
            (r#""a": {"command": ["sh", "-c", "x"]}"#, "its command is no text"),
            (r#""a": {"command": "x", "args": "s3cret"}"#, "its args are no list of texts"),
            (r#""a": {"command": "x", "args": [1]}"#, "its args are no list of texts"),
            (r#""a": {"command": "x", "shell": true}"#, "shell is not known; command, args, env, cwd, perPerson are"),
            (r#""a": {"command": "x", "env": {"A=B": "s3cret"}}"#, "in its env, A=B is no plain name"),
            (r#""a": {"command": "x", "perPerson": "yes"}"#, "its perPerson is neither true nor false"),
            (r#""a": {"url": "file:///etc/passwd"}"#, "no address with http:// or https://"),
            (r#""a": {"url": "https://me:s3cret@x.example/"}"#, "give them as a header"),
            (r#""a": {"url": "https://x.example/", "headers": {"X": "a\r\nb"}}"#, "in its headers, X is no plain"),
            (r#""a": {"url": "https://x.example/", "headers": {"Mcp-Session-Id": "a"}}"#, "Sayso's own to send"),
        ] {
            let fault = read_text(&format!(r#"{{"mcpServers": {{{entry}}}}}"#)).unwrap_err().to_string();
            assert!(fault.contains(says) && !fault.contains("s3cret") && !fault.contains('\n'), "{fault} / {says}");
        }
        assert_eq!(read_text("{").unwrap_err().to_string(), "it is not JSON, line 1, column 1");
        assert_eq!(read_text("[]").unwrap_err().to_string(), "it has no object “mcpServers”");
    }
}
