//! What is typed of a server at an address: its name, where it is, and the headers that it gets.

use secrecy::SecretString;
use serde::Deserialize;
use url::Url;

use crate::{
    error::{Code, Refusal, Result},
    models::{
        mcp_server::{Headers, McpServer},
        sealed::Sealer,
    },
    render::html::servers::ServerTyped,
    tools::{
        mcp::{Known, Launch, McpSource, Origin, ServerName, WrongHttp},
        net,
    },
};

/// A new server.
#[derive(Deserialize)]
pub struct Added {
    pub(super) name: String,
    url: String,
    headers: String,
    #[serde(default)]
    pub(super) per_person: bool,
}

/// A server as it shall be.
#[derive(Deserialize)]
pub struct Changed {
    url: String,
    headers: String,
    #[serde(default)]
    pub(super) per_person: bool,
    #[serde(default)]
    pub(super) is_active: bool,
}

/// What can be stored.
pub(super) struct Checked {
    pub name: ServerName,
    pub url: String,
    pub headers: Headers,
    /// The names of the headers, for the audit log.
    pub names: Vec<String>,
}

impl Added {
    /// # Errors
    /// `invalid_payload` about a field.
    pub(super) async fn checked(&self, servers: &McpSource) -> Result<Checked> {
        let name: ServerName = self.name.trim().parse().map_err(|_| wrong("servers-wrong-name", "name"))?;
        if servers.roster().is_operators(&name) {
            return Err(wrong("servers-name-taken", "name").into());
        }
        checked(servers, name, &self.url, &self.headers, &Headers::new()).await
    }

    pub(super) fn given_back(&self) -> ServerTyped {
        ServerTyped {
            name: self.name.clone(),
            url: self.url.clone(),
            headers: names_of(&self.headers),
            per_person: self.per_person,
            is_active: true,
        }
    }
}

impl Changed {
    /// # Errors
    /// `invalid_payload` about a field.
    pub(super) async fn checked(&self, servers: &McpSource, row: &McpServer) -> Result<Checked> {
        let name: ServerName = row.name.parse().map_err(|_| wrong("servers-wrong-name", "name"))?;
        // Headers that were given to one origin are not sent to another, whoever changes the address: they are typed
        // anew by somebody who knows them.
        let origin = |address: &str| net::parse(address).ok().map(|url| net::origin_of(&url));
        let stays = origin(&self.url).is_some_and(|to| origin(&row.url).is_some_and(|from| from == to));
        let stored = if stays { row.headers(servers.roster().sealer()).unwrap_or_default() } else { Headers::new() };
        checked(servers, name, &self.url, &self.headers, &stored).await
    }

    pub(super) fn given_back(&self) -> ServerTyped {
        ServerTyped {
            name: String::new(),
            url: self.url.clone(),
            headers: names_of(&self.headers),
            per_person: self.per_person,
            is_active: self.is_active,
        }
    }
}

/// The form of a server as it is stored: of its headers the names.
pub(super) fn typed_of(known: &Known, sealer: &Sealer) -> ServerTyped {
    let Origin::Tenant(row) = &known.origin else { return ServerTyped::default() };
    let headers = row.headers(sealer).unwrap_or_default();
    ServerTyped {
        name: row.name.clone(),
        url: row.url.clone(),
        headers: headers.keys().map(|name| format!("{name}:\n")).collect(),
        per_person: row.per_person,
        is_active: row.is_active,
    }
}

async fn checked(servers: &McpSource, name: ServerName, url: &str, typed: &str, stored: &Headers) -> Result<Checked> {
    let headers = headers(typed, stored)?;
    let launch = Launch::http(url.trim(), headers.clone()).map_err(|fault| match fault {
        WrongHttp::Address => wrong("servers-wrong-address", "url"),
        WrongHttp::Password => wrong("servers-address-password", "url"),
        WrongHttp::OwnHeader(name) => wrong("servers-own-header", "headers").with("header", name),
        WrongHttp::Header(name) => wrong("servers-wrong-header", "headers").with("header", name),
    })?;
    let url: Url = match launch {
        Launch::Http { url, .. } => url,
        Launch::Process { .. } => return Err(Code::InvalidPayload.into()),
    };
    if let Err(why) = servers.may_reach(&url).await {
        return Err(wrong("servers-out-of-reach", "url").with("why", why).into());
    }
    let names = headers.keys().cloned().collect();
    Ok(Checked { name, url: url.into(), headers, names })
}

fn wrong(key: &'static str, field: &'static str) -> Refusal {
    Refusal::new(Code::InvalidPayload).saying(key).about(field)
}

/// Headers as they are typed, one a line; a name alone keeps the value that is stored.
fn headers(typed: &str, stored: &Headers) -> Result<Headers, Refusal> {
    let mut headers = Headers::new();
    for line in typed.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let about = |key: &'static str, name: &str| {
            let name: String = name.chars().take(64).collect();
            wrong(key, "headers").with("header", name)
        };
        // Without a colon it may be a value that was typed alone: it is not repeated.
        let (name, value) = line.split_once(':').ok_or_else(|| wrong("servers-header-line", "headers"))?;
        let (name, value) = (name.trim(), value.trim());
        let kept = || stored.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.clone());
        let value = if value.is_empty() {
            kept().ok_or_else(|| about("servers-header-value", name))?
        } else {
            SecretString::from(value)
        };
        let twice = headers.keys().any(|known| known.eq_ignore_ascii_case(name));
        if name.is_empty() || twice || headers.insert(name.to_owned(), value).is_some() {
            return Err(about("servers-wrong-header", name));
        }
    }
    Ok(headers)
}

/// The names of what was typed: values are not given back, so that no page ever holds one.
fn names_of(typed: &str) -> String {
    let named = typed.lines().filter_map(|line| Some(format!("{}:\n", line.split_once(':')?.0.trim())));
    named.collect()
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;

    #[test]
    fn headers_are_read_line_by_line_and_kept_by_their_names() {
        let stored = Headers::from([("Authorization".to_owned(), SecretString::from("Bearer old"))]);
        let read = |typed: &str| {
            headers(typed, &stored).map(|headers| {
                let plain = |(name, value): (&String, &SecretString)| (name.clone(), value.expose_secret().to_owned());
                headers.iter().map(plain).collect::<Vec<_>>()
            })
        };
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(read("").unwrap(), []);
        assert_eq!(read(" X-Key: a:b \r\n\n").unwrap(), [pair("X-Key", "a:b")]);
        assert_eq!(read("authorization:").unwrap(), [pair("authorization", "Bearer old")]);
        assert_eq!(read("Authorization: new").unwrap(), [pair("Authorization", "new")]);
        for (typed, key) in [
            ("s3cret", "servers-header-line"),
            ("X-Key:", "servers-header-value"),
            (": s3cret", "servers-wrong-header"),
            ("X-Key: a\nx-key: b", "servers-wrong-header"),
        ] {
            let refusal = read(typed).unwrap_err();
            assert_eq!((refusal.message, refusal.field), (key, Some("headers")), "{typed}");
            assert!(!format!("{refusal:?}").contains("s3cret"), "{refusal:?}");
        }
        assert_eq!(names_of("A: s3cret\ns3cret\n B :"), "A:\nB:\n");
    }
}
