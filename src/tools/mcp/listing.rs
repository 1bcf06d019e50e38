//! The tools a server offers, bounded.
//!
//! The attacks meant: a list without an end, a schema that is deep or huge, and one name twice.

use std::time::{Duration, Instant, SystemTime};

use rmcp::{
    model::{ClientRequest, ListToolsRequest, PaginatedRequestParams, ServerResult, Tool},
    service::{Peer, RoleClient, ServiceError},
};
use serde_json::Value;

use super::{
    Fault, ServerName,
    names::unique_names,
    words::{bounded, line},
};

/// The most pages that are asked for.
const MAX_PAGES: usize = 50;
/// The most tools of one server.
pub const MAX_TOOLS: usize = 500;
/// The longest name that a server may give a tool, in bytes.
const MAX_NAME: usize = 256;
/// The most characters of a title and of a description.
const MAX_TITLE: usize = 200;
const MAX_DESCRIPTION: usize = 16_384;
/// The largest schema as text, and its deepest nesting.
const MAX_SCHEMA: usize = 65_536;
const MAX_DEPTH: usize = 32;
/// How long a list holds, if the server does not say; and within what it may say.
const HOLDS: Duration = Duration::from_secs(60);
const SHORTEST: Duration = Duration::from_secs(5);
const LONGEST: Duration = Duration::from_secs(600);

/// What a server offered at one time.
#[derive(Clone, Debug)]
pub struct Listing {
    /// Its tools, sorted by their safe names.
    pub tools: Vec<ListedTool>,
    /// When it was asked.
    pub at: SystemTime,
    /// The same for measuring.
    pub(super) asked: Instant,
    /// Over which of its connections.
    pub(super) connection: u64,
    /// How long it holds.
    pub ttl: Duration,
    /// Whether the server had more than was read.
    pub was_cut: bool,
    /// Tools that cannot be offered, and why.
    pub left_out: Vec<LeftOut>,
}

/// A tool that cannot be offered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// What the server calls it; clean and bounded.
    pub name: String,
    /// Why, in words.
    pub why: &'static str,
}

/// A tool as a server describes it. All of it is the server's word, as it came but bounded: whoever shows it strips what
/// is not seen ([`super::words`]), and whoever pins it takes it as it is.
#[derive(Clone, Debug, PartialEq)]
pub struct ListedTool {
    /// The server's own name for it, by which it is called.
    pub own_name: String,
    /// The name for models and people: safe, and no other tool's of this server.
    pub name: String,
    /// A name for people.
    pub title: Option<String>,
    /// What it does.
    pub description: String,
    /// JSON Schema of its arguments.
    pub input_schema: Value,
    /// JSON Schema of the structured part of its results.
    pub output_schema: Option<Value>,
    /// What it claims about itself.
    pub claims: Claims,
}

/// What a tool claims about itself. They never lower an approval; a missing one means the worst.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Claims {
    /// It changes nothing.
    pub read_only: Option<bool>,
    /// It may destroy something.
    pub destructive: Option<bool>,
    /// Twice is as once.
    pub idempotent: Option<bool>,
    /// It talks with the world outside.
    pub open_world: Option<bool>,
}

impl Claims {
    /// Whether it must be taken for destructive: unless it says that it is not.
    pub fn may_destroy(&self) -> bool {
        self.destructive.unwrap_or(true) && self.read_only != Some(true)
    }
}

impl ListedTool {
    /// All that its fingerprint is made of beside server and launch, each field by itself: the own name, title,
    /// description, schemas in canonical form, and claims.
    pub fn fingerprint_fields(&self) -> Vec<String> {
        use crate::tools::fingerprint::canonical_json;
        let Claims { read_only, destructive, idempotent, open_world } = self.claims;
        vec![
            self.own_name.clone(),
            self.title.clone().unwrap_or_default(),
            self.description.clone(),
            canonical_json(&self.input_schema),
            self.output_schema.as_ref().map(canonical_json).unwrap_or_default(),
            format!("{read_only:?} {destructive:?} {idempotent:?} {open_world:?}"),
        ]
    }
}

impl Listing {
    /// The tool of that safe name.
    pub fn find(&self, name: &str) -> Option<&ListedTool> {
        let place = self.tools.binary_search_by(|tool| tool.name.as_str().cmp(name)).ok()?;
        self.tools.get(place)
    }

    /// Whether it still holds.
    pub fn holds(&self) -> bool {
        self.asked.elapsed() < self.ttl
    }
}

/// Asks for all pages, up to the bounds. The caller limits the time.
pub(super) async fn ask(server: &ServerName, peer: &Peer<RoleClient>) -> Result<Listing, Fault> {
    let (asked, at) = (Instant::now(), SystemTime::now());
    let mut found: Vec<Tool> = Vec::new();
    let mut ttl: Option<Duration> = None;
    let mut cursor = None;
    let mut was_cut = false;
    for page in 1.. {
        let params = PaginatedRequestParams::default().with_cursor(cursor.take());
        let request = ClientRequest::ListToolsRequest(ListToolsRequest::with_param(params));
        // Not `list_tools`: the library's own cache would answer.
        let result = match peer.send_request(request).await {
            Ok(ServerResult::ListToolsResult(result)) => result,
            Ok(_) => return Err(unreadable()),
            Err(error) => return Err(of_listing(error)),
        };
        if let Some(said) = result.ttl_ms.map(Duration::from_millis) {
            ttl = Some(ttl.map_or(said, |ttl| ttl.min(said)));
        }
        found.extend(result.tools);
        cursor = result.next_cursor.filter(|cursor| !cursor.is_empty());
        was_cut = found.len() > MAX_TOOLS || (cursor.is_some() && page >= MAX_PAGES);
        if was_cut || cursor.is_none() {
            break;
        }
    }
    found.truncate(MAX_TOOLS);
    let ttl = ttl.map_or(HOLDS, |ttl| ttl.clamp(SHORTEST, LONGEST));
    let (tools, left_out) = sorted(server, found);
    Ok(Listing { tools, at, asked, connection: 0, ttl, was_cut, left_out })
}

/// Nothing, from a server that has no tools.
pub(super) fn empty() -> Listing {
    let (at, asked) = (SystemTime::now(), Instant::now());
    Listing { tools: Vec::new(), at, asked, connection: 0, ttl: HOLDS, was_cut: false, left_out: Vec::new() }
}

fn unreadable() -> Fault {
    Fault::Refused("The server's list of tools cannot be read.".to_owned())
}

fn of_listing(error: ServiceError) -> Fault {
    match error {
        ServiceError::McpError(error) => Fault::refused("The server gives no list of tools.", &error.message),
        ServiceError::UnexpectedResponse => unreadable(),
        ServiceError::TransportSend(error) => super::http::of_transport(&error).without_effect(),
        _ => Fault::NotSent("The connection broke while the tools were listed.".to_owned()),
    }
}

fn sorted(server: &ServerName, found: Vec<Tool>) -> (Vec<ListedTool>, Vec<LeftOut>) {
    let mut left_out = Vec::new();
    let mut leave = |name: &str, why| left_out.push(LeftOut { name: bounded(&line(name), 100), why });
    let mut good = Vec::new();
    for tool in found {
        match unfit(&tool) {
            None => good.push(tool),
            Some(why) => leave(&tool.name, why),
        }
    }
    let own: Vec<&str> = good.iter().map(|tool| tool.name.as_ref()).collect();
    let names = unique_names(server, &own);
    let mut tools: Vec<ListedTool> = Vec::with_capacity(good.len());
    for (tool, name) in good.into_iter().zip(names) {
        match name {
            Some(name) => tools.push(listed(tool, name)),
            None => leave(&tool.name, "another tool of the server has the same name"),
        }
    }
    tools.sort_by(|one, other| one.name.cmp(&other.name));
    (tools, left_out)
}

fn unfit(tool: &Tool) -> Option<&'static str> {
    if tool.name.is_empty() || tool.name.len() > MAX_NAME {
        return Some("its name is empty or too long");
    }
    let input = Value::Object((*tool.input_schema).clone());
    let output = tool.output_schema.as_deref().cloned().map(Value::Object);
    for schema in std::iter::once(&input).chain(&output) {
        if depth(schema) > MAX_DEPTH {
            return Some("its schema is nested too deep");
        }
        if schema.to_string().len() > MAX_SCHEMA {
            return Some("its schema is too large");
        }
    }
    None
}

/// Nesting, as far as it matters. The value was parsed before, so its depth is bounded by the parser.
fn depth(value: &Value) -> usize {
    match value {
        Value::Object(entries) => 1 + entries.values().map(depth).max().unwrap_or(0),
        Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}

fn listed(tool: Tool, name: String) -> ListedTool {
    let annotations = tool.annotations.unwrap_or_default();
    let mut input_schema = Value::Object((*tool.input_schema).clone());
    if let Some(schema) = input_schema.as_object_mut() {
        // Some servers leave it out where there are no arguments; models' interfaces ask for it.
        schema.entry("type").or_insert_with(|| "object".into());
    }
    ListedTool {
        name,
        title: tool.title.or(annotations.title).map(|title| bounded(&title, MAX_TITLE)),
        description: bounded(tool.description.as_deref().unwrap_or_default(), MAX_DESCRIPTION),
        input_schema,
        output_schema: tool.output_schema.as_deref().cloned().map(Value::Object),
        claims: Claims {
            read_only: annotations.read_only_hint,
            destructive: annotations.destructive_hint,
            idempotent: annotations.idempotent_hint,
            open_world: annotations.open_world_hint,
        },
        own_name: tool.name.into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn tool(value: Value) -> Tool {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn tools_are_sorted_bounded_and_found_by_their_safe_names() {
        let mut deep = json!({"type": "string"});
        for _ in 0..MAX_DEPTH {
            deep = json!({ "items": deep });
        }
        let server: ServerName = "s".parse().unwrap();
        let (tools, left_out) = sorted(
            &server,
            vec![
                tool(json!({"name": "z", "inputSchema": {}, "description": "x".repeat(MAX_DESCRIPTION + 9)})),
                tool(json!({"name": "a\u{202e}", "inputSchema": {"type": "object"}, "annotations": {"title": "T",
                    "readOnlyHint": true}})),
                tool(json!({"name": "deep", "inputSchema": deep})),
                tool(json!({"name": "large", "inputSchema": {"description": "x".repeat(MAX_SCHEMA)}})),
                tool(json!({"name": "", "inputSchema": {}})),
                tool(json!({"name": "z", "inputSchema": {}})),
            ],
        );
        let names: Vec<_> = tools.iter().map(|tool| (tool.name.as_str(), tool.own_name.as_str())).collect();
        assert_eq!(names.len(), 2, "{names:?}");
        assert_eq!(names[0], ("s__a_", "a\u{202e}"));
        assert!(names[1].0.starts_with("s__z_"), "{names:?}");
        assert_eq!(tools[0].title.as_deref(), Some("T"));
        assert_eq!(tools[1].description.chars().count(), MAX_DESCRIPTION + 1);
        assert_eq!(tools[1].input_schema, json!({"type": "object"}));
        assert!(tools[1].claims.may_destroy() && !tools[0].claims.may_destroy());
        let out: Vec<_> = left_out.iter().map(|left| left.name.as_str()).collect();
        assert_eq!(out, ["deep", "large", "", "z"]);
        let listing = Listing { tools, ..empty() };
        assert_eq!(listing.find("s__a_").map(|tool| tool.own_name.as_str()), Some("a\u{202e}"));
        assert_eq!(listing.find("a"), None);
    }

    #[test]
    fn any_change_changes_the_fingerprint() {
        let plain = || {
            json!({"name": "n", "title": "t", "description": "d", "inputSchema": {"a": 1}, "outputSchema": {},
            "annotations": {"readOnlyHint": true}})
        };
        let fields = |value: Value| listed(tool(value), "s__n".to_owned()).fingerprint_fields();
        for (path, value) in [
            ("/name", json!("m")),
            ("/title", json!("u")),
            ("/description", json!("d\u{200b}")),
            ("/inputSchema", json!({"a": 2})),
            ("/outputSchema", json!({"a": 2})),
            ("/annotations", json!({})),
        ] {
            let mut changed = plain();
            *changed.pointer_mut(path).unwrap() = value;
            assert_ne!(fields(changed), fields(plain()), "{path}");
        }
        assert_eq!(fields(plain()), fields(plain()));
    }
}
