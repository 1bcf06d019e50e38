//! Wire formats of model APIs, behind one neutral form.
//!
//! A provider is three pure parts (encode a request, decode a stream, decode an error) and one I/O function.
//! It knows nothing of turns, people or databases, and never retries by itself.

mod answers;
pub mod anthropic;
pub mod catalog;
pub mod demo;
pub mod ending;
pub mod estimate;
pub mod fault;
pub mod health;
pub mod ollama;
pub mod openai;
mod pace;
pub mod reply;
pub mod routing;
pub mod transport;
pub mod wire;

use std::{
    collections::{BTreeMap, HashSet},
    sync::Arc,
};

use bytes::Bytes;
use futures_util::{future::BoxFuture, stream::BoxStream};

use crate::types::{AllowedModels, Block, MessageRole, ModelChoice, Usage};

use catalog::Catalog;
pub use ending::Ending;
pub use fault::{ProviderError, ProviderErrorKind};
pub use health::{Health, LeftOut};
pub use reply::{Reply, ReplyBlock, ReplyBuilder};
pub use routing::Candidate;
pub use transport::{Timeouts, http_client};

/// What is asked of a model, in neutral form.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The model's name at its provider; `None` takes the provider's configured one.
    pub model: Option<String>,
    /// Standing instructions.
    pub system: Option<String>,
    /// The conversation, oldest first; repaired: each tool use is followed by its result.
    pub messages: Vec<PromptMessage>,
    /// The tools the model may ask for, sorted by name.
    pub tools: Vec<ToolSpec>,
    /// Whether it may, must or must not ask for one of them.
    pub tool_choice: ToolChoice,
    /// The most tokens the reply may have.
    pub max_output_tokens: u32,
    /// How freely words are chosen, from 0 to 2; the provider's own measure without.
    pub temperature: Option<f64>,
    /// Texts before which the reply ends.
    pub stop: Vec<String>,
    /// The bytes of the images that the messages show, by their number. One that is missing is sent as its name.
    pub images: BTreeMap<i64, Bytes>,
}

/// A model as its provider lists it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ModelInfo {
    /// The name by which it is asked for.
    pub name: String,
    /// The name for people, where its provider gives one.
    pub label: Option<String>,
    /// How many tokens it can take in, where its provider says so.
    pub context_window: Option<u32>,
    /// Whether it sees images, where its provider says so.
    pub sees_images: Option<bool>,
}

/// One message of a request. Consecutive `tool` messages are one list of results to every provider.
#[derive(Clone, Debug)]
pub struct PromptMessage {
    /// Who speaks.
    pub role: MessageRole,
    /// What it says; `ToolUse` ids are our own call ids.
    pub content: Vec<Block>,
}

/// A tool as a model is told of it.
#[derive(Clone, Debug)]
pub struct ToolSpec {
    /// The name by which the model asks for it: `^[a-zA-Z0-9_-]{1,64}$`.
    pub name: String,
    /// What it does.
    pub description: String,
    /// JSON Schema of its arguments; its root has `"type": "object"`.
    pub input_schema: serde_json::Value,
}

/// Whether a model may, must or must not ask for a tool.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ToolChoice {
    /// As it sees fit.
    #[default]
    Auto,
    /// It must not, though it is told of them.
    None,
    /// It must ask for one, whichever.
    Required,
    /// It must ask for this one.
    Tool(String),
}

/// What a model's reply tells as it comes. `block` numbers the blocks of the reply from 0 without gaps, in the
/// order in which they begin, as `ReplyBuilder` collects them.
#[derive(Clone, Debug, PartialEq)]
pub enum ModelEvent {
    /// The provider names the model that really answers.
    Model(String),
    /// More text of a text block.
    Text {
        /// Which block.
        block: u32,
        /// What came; never empty.
        text: String,
    },
    /// More of a thinking block.
    Thinking {
        /// Which block.
        block: u32,
        /// What came; never empty.
        text: String,
    },
    /// A tool call begins.
    ToolCall {
        /// Which block.
        block: u32,
        /// The provider's own id, private to it.
        provider_id: Option<String>,
        /// The tool's name as the model wrote it.
        name: String,
    },
    /// More of a tool call's arguments, as JSON text.
    ToolInput {
        /// Which block.
        block: u32,
        /// What came.
        fragment: String,
    },
    /// The maker's own form of a block, when it is whole (signed thinking, citations), or of one that only its
    /// maker understands.
    Raw {
        /// Which block.
        block: u32,
        /// What kind of block it is to us.
        kind: RawKind,
        /// The block as JSON text, as it must be sent back.
        json: String,
    },
    /// The block is whole: nothing more of it comes. A tool call without this was cut off.
    BlockEnd {
        /// Which block.
        block: u32,
    },
    /// What was used so far; cumulative, a later one takes an earlier one's place.
    Usage(Usage),
    /// Why the model ended, in its provider's word.
    Stop(String),
}

/// What a block in its maker's own form is to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RawKind {
    /// Text with more than text (citations).
    Text,
    /// Signed thinking; its readable text may be empty.
    Thinking,
    /// Something only its maker understands.
    Opaque,
}

/// The reply as it comes. It ends after `Stop`, or with an error; dropping it closes the connection.
pub type ReplyStream = BoxStream<'static, Result<ModelEvent, ProviderError>>;

/// A model API.
pub trait Provider: Send + Sync {
    /// Its name in settings, rows and answers: `anthropic`, `openai`, `ollama`, `demo`.
    fn name(&self) -> &'static str;

    /// The model it uses when a request names none.
    fn model(&self) -> &str;

    /// Sends the request and gives the reply as it comes. An `Err` here means that nothing of a reply came.
    fn stream<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<ReplyStream, ProviderError>>;

    /// The chat models that it lists, in its order; empty where it keeps no list.
    fn models<'a>(&'a self) -> BoxFuture<'a, Result<Vec<ModelInfo>, ProviderError>>;

    /// Whether it is there and takes our key, without using tokens; for `sayso check`.
    fn check<'a>(&'a self) -> BoxFuture<'a, Result<(), ProviderError>>;
}

/// The providers that are configured, in order of preference, with how they stand and what they list.
#[derive(Clone, Default)]
pub struct Providers {
    all: Arc<[Arc<dyn Provider>]>,
    /// Whether where nobody chose only the first one is asked.
    first_alone: bool,
    health: Arc<Health>,
    catalog: Arc<Catalog>,
}

impl Providers {
    /// Over `all`, the preferred one first. Where nobody chose, each is gone to when those before it fail.
    pub fn new(all: Vec<Arc<dyn Provider>>) -> Self {
        Self { all: all.into(), ..Self::default() }
    }

    /// Over `all`; where nobody chose, the first answers and no other (`MODEL_PROVIDER` names it).
    pub fn with_first_alone(all: Vec<Arc<dyn Provider>>) -> Self {
        Self { first_alone: true, ..Self::new(all) }
    }

    /// The one that answers where nobody chose.
    pub fn default_provider(&self) -> Option<&Arc<dyn Provider>> {
        self.all.first()
    }

    /// The one of that name.
    pub fn find(&self, name: &str) -> Option<&Arc<dyn Provider>> {
        self.all.iter().find(|provider| provider.name() == name)
    }

    /// Who may answer, the preferred one first, whether healthy or not: of all that the choice leads to those that are
    /// allowed. Nobody where the provider that was chosen is not configured.
    pub fn candidates(&self, choice: &ModelChoice, allowed: &AllowedModels) -> Vec<Candidate> {
        match choice {
            ModelChoice::Auto => {
                let count = if self.first_alone { 1 } else { self.all.len() };
                self.all.iter().filter_map(|provider| self.unnamed(provider, allowed)).take(count).collect()
            }
            ModelChoice::Provider { provider, model: None } => {
                self.find(provider).and_then(|provider| self.unnamed(provider, allowed)).into_iter().collect()
            }
            ModelChoice::Provider { provider, model: Some(model) } => {
                let found = self.find(provider).filter(|_| allowed.allows(provider, model));
                found
                    .map(|found| Candidate { provider: found.clone(), model: Some(model.clone()) })
                    .into_iter()
                    .collect()
            }
        }
    }

    /// What a provider answers with where no model of it was named: its configured one, or the first that is allowed.
    fn unnamed(&self, provider: &Arc<dyn Provider>, allowed: &AllowedModels) -> Option<Candidate> {
        let model = match allowed {
            AllowedModels::All => None,
            // Named here, so that a provider that settles only later on its model takes no other.
            AllowedModels::Only(_) => Some(self.allowed_models(provider.name(), allowed).into_iter().next()?.name),
        };
        Some(Candidate { provider: provider.clone(), model })
    }

    /// How they stand.
    pub fn health(&self) -> &Health {
        &self.health
    }

    /// What is known of a model, from its provider's list; its name alone where the list says nothing.
    pub fn info(&self, provider: &str, model: &str) -> ModelInfo {
        let known = self.catalog.find(provider, model);
        known.unwrap_or_else(|| ModelInfo { name: model.to_owned(), ..ModelInfo::default() })
    }

    /// The models that may be chosen of a provider, its configured one first.
    pub fn models(&self, provider: &str) -> Vec<ModelInfo> {
        let Some(found) = self.find(provider) else { return Vec::new() };
        let configured = found.model();
        let mut models = vec![self.info(provider, configured)];
        models.retain(|info| !info.name.is_empty());
        let mut seen: HashSet<String> = HashSet::from([configured.to_owned()]);
        models.extend(self.catalog.list(provider).into_iter().filter(|info| seen.insert(info.name.clone())));
        models
    }

    /// Those of them that are allowed; with those that are allowed and on no list, where any name may be asked for.
    pub fn allowed_models(&self, provider: &str, allowed: &AllowedModels) -> Vec<ModelInfo> {
        let mut models = self.models(provider);
        models.retain(|info| allowed.allows(provider, &info.name));
        if self.find(provider).is_some() {
            let listed: HashSet<String> = models.iter().map(|info| info.name.clone()).collect();
            let unlisted = allowed.named_of(provider).filter(|name| !listed.contains(*name));
            models.extend(unlisted.filter(|name| self.has_model(provider, name)).map(|name| self.info(provider, name)));
        }
        models
    }

    /// Whether a model may be asked for: its provider's configured one, one that it lists, or any where no list is
    /// known.
    pub fn has_model(&self, provider: &str, model: &str) -> bool {
        self.is_known(provider, model) || self.catalog.list(provider).is_empty()
    }

    /// Whether it is the configured model of its provider or on its list: of these there are only so many.
    pub fn is_known(&self, provider: &str, model: &str) -> bool {
        self.find(provider).is_some_and(|found| found.model() == model) || self.catalog.find(provider, model).is_some()
    }

    /// All of them, the preferred one first.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<dyn Provider>> {
        self.all.iter()
    }

    /// Keeps every list of models fresh; never ends. Owned by `app`.
    pub async fn keep_lists(self) {
        futures_util::future::join_all(self.all.iter().map(|provider| self.catalog.keep(provider.as_ref()))).await;
    }
}

#[cfg(test)]
#[path = "registry_tests.rs"]
mod tests;
