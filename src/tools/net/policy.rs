//! What a request may be for, as far as its address tells before any name is asked.

use url::{Host, Url};

use super::{
    address::{Judge, Reach},
    refused,
};
use crate::tools::ToolError;

/// The ports of the web. On others stand things that were not made to be asked by strangers: mail, databases.
const PORTS: [u16; 4] = [80, 443, 8080, 8443];

/// The longest address.
const MAX_ADDRESS: usize = 4096;

/// How far a request may reach.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    /// This machine and the networks around it as well. Link-local addresses, the metadata of clouds and what is no
    /// ordinary address stay out of reach.
    pub allow_private: bool,
    /// Any port, not only 80, 443, 8080 and 8443.
    pub any_port: bool,
    /// Only this host; redirects then keep the port too, and do not lead from https to http.
    pub same_host: Option<Host>,
    /// Only what a person granted beforehand.
    pub granted: Option<Granted>,
}

/// What a grant for a host gives: this origin, and no address with a query, which could carry something out that nobody
/// saw. It holds for each hop, the first and those of redirects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Granted {
    origin: String,
}

impl Granted {
    /// For an origin as [`origin_of`] spells it.
    pub fn new(origin: impl Into<String>) -> Self {
        Self { origin: origin.into() }
    }

    fn check(&self, address: &Url) -> Result<(), ToolError> {
        let not_granted = |why: String| Err(ToolError::new("tool_not_allowed", why));
        if !address.username().is_empty() || address.password().is_some() {
            return not_granted("What was granted is no address with a name or a password in it.".to_owned());
        }
        let origin = origin_of(address);
        if origin != self.origin {
            return not_granted(format!("It leads to {origin}, but what was granted is {} alone.", self.origin));
        }
        if address.query().is_some() {
            let why = "What was granted is no address with a query: it could carry something out. The person is asked";
            return not_granted(format!("{why} for each of those."));
        }
        Ok(())
    }
}

impl Policy {
    /// For addresses that people or models choose: public ones only, unless the operator set `FETCH_ALLOW_PRIVATE`.
    pub fn for_strangers(allow_private: bool) -> Self {
        Self { allow_private, any_port: allow_private, ..Self::default() }
    }

    /// For an address of the operator's own choice: wherever it is, but nowhere else.
    pub fn for_operator(address: &Url) -> Self {
        let same_host = address.host().map(|host| host.to_owned());
        Self { allow_private: true, any_port: true, same_host, granted: None }
    }

    /// Refuses addresses by scheme, name and password, port, host, and by the number if the host is one. Names are
    /// looked at when they are resolved.
    pub(super) fn check(&self, address: &Url, judge: Judge) -> Result<(), ToolError> {
        if let Some(granted) = &self.granted {
            granted.check(address)?;
        }
        if !matches!(address.scheme(), "http" | "https") {
            return Err(refused("Only addresses with http:// or https:// are fetched."));
        }
        if !address.username().is_empty() || address.password().is_some() {
            return Err(refused("An address with a name or a password in it is not fetched."));
        }
        let port = address.port_or_known_default();
        if !self.any_port && port.is_none_or(|port| !PORTS.contains(&port)) {
            return Err(refused("Only the ports 80, 443, 8080 and 8443 are fetched."));
        }
        let host = address.host().ok_or_else(|| refused("The address names no host."))?;
        if self.same_host.as_ref().is_some_and(|only| *only != host.to_owned()) {
            return Err(refused(format!("It leads to {host}, which was not agreed to.")));
        }
        match host {
            Host::Domain(_) => Ok(()),
            Host::Ipv4(number) => self.check_reach(judge(number.into()), address),
            Host::Ipv6(number) => self.check_reach(judge(number.into()), address),
        }
    }

    fn check_reach(&self, reach: Reach, address: &Url) -> Result<(), ToolError> {
        if self.reaches(reach) { Ok(()) } else { Err(out_of_reach(address.host_str().unwrap_or_default())) }
    }

    /// Whether such an address may be connected to.
    pub(super) fn reaches(&self, reach: Reach) -> bool {
        reach == Reach::Public || (reach == Reach::Private && self.allow_private)
    }

    /// Whether a redirect from the one to the other keeps to what was agreed; hosts are compared by `check`.
    pub(super) fn check_redirect(&self, from: &Url, to: &Url) -> Result<(), ToolError> {
        let upgrade = (from.scheme(), to.scheme()) == ("http", "https") && from.port().is_none() && to.port().is_none();
        let same = from.scheme() == to.scheme() && from.port_or_known_default() == to.port_or_known_default();
        if self.same_host.is_none() || same || upgrade {
            return Ok(());
        }
        Err(refused("It leads to another port or from https to http, which was not agreed to."))
    }
}

/// The words for what is not public. They do not say what the name resolved to: that is nobody's business outside.
pub(super) fn out_of_reach(host: &str) -> ToolError {
    refused(format!("{host} is not a public address of the internet, so it is not fetched."))
}

/// Reads an address as browsers do: numbers in any base become the address they stand for.
pub fn parse(text: &str) -> Result<Url, ToolError> {
    if text.len() > MAX_ADDRESS {
        return Err(refused(format!("The address is longer than {MAX_ADDRESS} bytes.")));
    }
    let mut address = Url::parse(text).map_err(|error| {
        refused(format!("The address cannot be read: {error}. Give a whole one, such as https://example.org/page."))
    })?;
    // It is never sent.
    address.set_fragment(None);
    Ok(address)
}

/// Scheme, host and port, without the scheme's own, as browsers compare them: `https://example.org`.
pub fn origin_of(address: &Url) -> String {
    address.origin().ascii_serialization()
}

/// The host that people see, with its port if that is not the scheme's own.
pub fn host_of(address: &Url) -> String {
    let host = address.host_str().unwrap_or_default();
    match address.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}
