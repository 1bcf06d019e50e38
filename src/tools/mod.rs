//! What tools there are and how they run. Built-in tools and those of MCP servers are the same trait, so that
//! page, approval, policy and audit have one path. Nothing here decides whether a tool may run: `turn` does.

pub mod accepted;
mod apart;
pub mod arguments;
pub mod fetch;
pub mod fingerprint;
pub mod limited;
pub mod listed;
pub mod mcp;
pub mod net;
pub mod once;
pub mod policy;
pub mod rate;
pub mod records;
pub mod research;
pub mod result;
pub mod schema;
mod schema_cost;
pub mod script;
pub mod search;
pub mod toolboxes;
pub mod workspace;

use std::{
    collections::{BTreeMap, btree_map},
    sync::{Arc, OnceLock},
};

use futures_util::{future::BoxFuture, stream::BoxStream};
use tokio_util::sync::CancellationToken;

use crate::types::{Bound, Digest, Preview, TenantId, ToolCallId, UserId};

pub use arguments::Arguments;
pub use mcp::Elicit;
pub use result::{ResultFile, ToolResult};
pub use schema::Schema;
pub use toolboxes::{Freshness, Toolboxes};

/// The server of the tools that come with Sayso; no other may take this name.
pub const BUILT_IN: &str = "sayso";

/// What a tool is, as it is told to models, shown to people and pinned by its fingerprint.
#[derive(Clone, Debug)]
pub struct ToolDefinition {
    /// The server that offers it; `sayso` for built-in ones.
    pub server: String,
    /// How that server is launched or reached (address, or argv and the names of its environment and headers);
    /// `builtin` for built-in ones. Part of the digest.
    pub launch: String,
    /// The name by which models ask for it: `^[a-zA-Z0-9_-]{1,64}$`, unique.
    pub name: String,
    /// What it does, in words for the model.
    pub description: String,
    /// JSON Schema of its arguments; the root has `"type": "object"`.
    pub input_schema: serde_json::Value,
    /// What its server says beside, each under a label: pinned and shown to admins as it came, told to no model.
    /// Nothing for built-in ones.
    pub beside: Vec<(&'static str, String)>,
}

impl ToolDefinition {
    /// Whether it comes with Sayso.
    pub fn is_built_in(&self) -> bool {
        self.server == BUILT_IN
    }

    /// SHA-256 over all of it: a change of any of it voids approvals.
    pub fn fingerprint(&self) -> Digest {
        fingerprint::fingerprint(self)
    }
}

/// For whom a tool runs. The tenant comes from the viewer, never from arguments.
#[derive(Clone, Debug)]
pub struct ToolContext {
    /// The tenant.
    pub tenant: TenantId,
    /// The tenant's slug: the name of its folder in the workspace.
    pub tenant_slug: String,
    /// The person whose conversation it is.
    pub user: UserId,
    /// The stored call, where there is one: a tool with effects may note it with them, so that they happen once and
    /// can be told afterwards.
    pub call: Option<ToolCallId>,
    /// The bound of the grant by which it runs; `None` where the person decides on exactly this call. A tool that
    /// declares bounds narrows its power to it: what lies outside it cannot reach, however it is written.
    pub within: Option<Bound>,
    /// Who asks the person of this very call, if what runs it wants something of them.
    pub elicit: Arc<dyn Elicit>,
}

/// A fault of a tool: a code of the contract and words for the model and the person.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {message}")]
pub struct ToolError {
    /// `invalid_path`, `write_failed`, `tool_error`, `tool_changed`, `tool_timeout`, …
    pub code: &'static str,
    /// What is wrong and what to do, in English: the model reads it.
    pub message: String,
}

impl ToolError {
    /// An error with this code and these words.
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }
}

/// What a running tool tells.
#[derive(Clone, Debug, PartialEq)]
pub enum ToolEvent {
    /// Something of its work, to be shown; at most 64 KiB each.
    Chunk(String),
    /// It ended; nothing follows.
    Finished(Result<ToolResult, ToolError>),
    /// It ended, and nobody knows whether it took effect: why. Nothing follows.
    Lost(String),
}

impl ToolEvent {
    /// The end of a tool that gives nothing but text.
    pub fn said(ended: Result<String, ToolError>) -> Self {
        Self::Finished(ended.map(ToolResult::from))
    }
}

/// A run as it goes. Dropping it stops the tool; what `cancel` means is the tool's to say: an effect that was
/// not begun is not begun.
pub type ToolRun = BoxStream<'static, ToolEvent>;

/// A tool.
pub trait Tool: Send + Sync {
    /// What it is.
    fn definition(&self) -> &ToolDefinition;

    /// What it would do, found out without any effect. An `Err` means that nobody need be asked: the call fails
    /// with it.
    fn preview<'a>(
        &'a self,
        context: &'a ToolContext,
        arguments: &'a Arguments,
    ) -> BoxFuture<'a, Result<Preview, ToolError>>;

    /// The built-in tools whose work this one does as well, by name: what a tenant says of them holds here too.
    fn includes(&self) -> &'static [&'static str] {
        &[]
    }

    /// What a person may grant with a call of these arguments, beside calls with the same arguments: folders, the
    /// narrowest first, or the host. For each, `preview` and `run` must keep within it when the context says so.
    fn bounds(&self, _arguments: &Arguments) -> Vec<Bound> {
        Vec::new()
    }

    /// Runs it with exactly these arguments. `precondition` is the preview's: if the world is no longer so just
    /// before the effect, it ends with `tool_changed` and no effect.
    fn run(
        &self,
        context: &ToolContext,
        arguments: &Arguments,
        precondition: Option<&str>,
        cancel: CancellationToken,
    ) -> ToolRun;

    /// Where an effect of the tool may have begun: a run that died before may be reported as failed, after as
    /// unknown. A tool that leaves nothing half-done and can tell afterwards may say so here: `Some(true)` if the
    /// effect is there, `Some(false)` if it surely is not, `None` if nobody knows.
    fn took_effect<'a>(
        &'a self,
        context: &'a ToolContext,
        arguments: &'a Arguments,
        precondition: Option<&'a str>,
    ) -> BoxFuture<'a, Option<bool>>;

    /// Ends what the tool noted of a run that did not say how it ended, once it surely is over: it took effect, or
    /// never will.
    fn settle<'a>(&'a self, _context: &'a ToolContext, _took_effect: bool) -> BoxFuture<'a, ()> {
        Box::pin(std::future::ready(()))
    }
}

/// All tools that are there, found by the name models know, sorted by it so that prompt caches hold.
#[derive(Clone, Default)]
pub struct Toolbox {
    tools: BTreeMap<String, Entry>,
}

#[derive(Clone)]
struct Entry {
    tool: Arc<dyn Tool>,
    /// Made ready when first needed, then shared by all copies of the toolbox.
    schema: Arc<OnceLock<Result<Schema, ToolError>>>,
}

impl Toolbox {
    /// Over these tools; a later one of the same name is refused, so that no server takes another's place.
    pub fn new(tools: impl IntoIterator<Item = Arc<dyn Tool>>) -> Self {
        Self::default().with(tools)
    }

    /// These tools too, under the same rule.
    #[must_use]
    pub fn with(&self, tools: impl IntoIterator<Item = Arc<dyn Tool>>) -> Self {
        let mut found = self.tools.clone();
        for tool in tools {
            match found.entry(tool.definition().name.clone()) {
                btree_map::Entry::Vacant(place) => {
                    place.insert(Entry { tool, schema: Arc::default() });
                }
                btree_map::Entry::Occupied(taken) => {
                    tracing::warn!(name = taken.key(), server = tool.definition().server, "two tools of one name");
                }
            }
        }
        Self { tools: found }
    }

    /// The tool of that name.
    pub fn find(&self, name: &str) -> Option<&Arc<dyn Tool>> {
        self.tools.get(name).map(|entry| &entry.tool)
    }

    /// All of them, sorted by name.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<dyn Tool>> {
        self.tools.values().map(|entry| &entry.tool)
    }

    /// Whether the arguments fit the schema of the tool of that name; looked at before anyone is asked. `Err` is
    /// `invalid_payload` if they do not, `tool_error` if the schema is wrong, takes too long, or there is no such tool.
    ///
    /// # Errors
    /// With words for the model.
    pub async fn check(&self, name: &str, arguments: &Arguments) -> Result<(), ToolError> {
        let entry = self
            .tools
            .get(name)
            .ok_or_else(|| ToolError::new("tool_error", "There is no tool of that name. Use one that is offered."))?;
        if entry.tool.definition().is_built_in() {
            return entry.check(arguments);
        }
        let (entry, arguments) = (entry.clone(), arguments.clone());
        apart::run(move || {
            if schema_cost::is_too_much(&entry.tool.definition().input_schema, arguments.value()) {
                let words = "The arguments cannot be checked against the tool's schema: it is too much work.";
                return Err(ToolError::new("tool_error", words));
            }
            entry.check(&arguments)
        })
        .await?
    }
}

/// Why a value cannot be held against a stranger's schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unchecked {
    /// The schema is none.
    Wrong,
    /// It would be too much work, or is not done in time.
    TooMuch,
}

/// What of a value does not fit a stranger's schema, in words; `whole` names the value itself.
///
/// # Errors
/// When that cannot be found out.
pub async fn faults_of(
    schema: serde_json::Value,
    value: serde_json::Value,
    whole: &'static str,
) -> Result<Vec<String>, Unchecked> {
    let check = move || {
        if schema_cost::is_too_much(&schema, &value) {
            return Err(Unchecked::TooMuch);
        }
        let schema = Schema::compile(&schema).map_err(|_| Unchecked::Wrong)?;
        Ok(schema.faults(&value, whole))
    };
    apart::run(check).await.unwrap_or(Err(Unchecked::TooMuch))
}

impl Entry {
    fn check(&self, arguments: &Arguments) -> Result<(), ToolError> {
        self.schema
            .get_or_init(|| Schema::compile(&self.tool.definition().input_schema))
            .as_ref()
            .map_err(ToolError::clone)?
            .check(arguments)
    }
}
