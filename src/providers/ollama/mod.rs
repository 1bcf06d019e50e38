//! Ollama's own chat. <https://docs.ollama.com/api/chat>

mod decode;
mod encode;
mod error;
mod models;

use std::{
    collections::HashMap,
    fmt,
    sync::{Mutex, OnceLock, PoisonError},
};

use futures_util::{StreamExt, future::BoxFuture, stream};
use reqwest::{Client, RequestBuilder, Response};
use secrecy::SecretString;
use serde_json::{Value, json};

use super::{ModelInfo, Provider, ProviderError, ProviderErrorKind, ReplyStream, Request, transport};

pub use decode::Decoder;
pub use encode::{Body, Known, encode};
pub use error::decode_error;

/// The provider's name in settings, rows and answers.
pub const NAME: &str = "ollama";

/// How many models are asked after at once.
const AT_ONCE: usize = 4;

/// Of how many models something is remembered, at most.
const REMEMBERED: usize = 1000;

/// The provider.
pub struct Ollama {
    client: Client,
    base_url: String,
    /// The configured model.
    model: Option<String>,
    /// The first that the server listed when one was needed.
    first: OnceLock<String>,
    /// What the server said of its models.
    known: Mutex<HashMap<String, Known>>,
}

/// Without the address: it may carry credentials.
impl fmt::Debug for Ollama {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ollama").field("model", &self.model).finish_non_exhaustive()
    }
}

impl Ollama {
    /// At `base_url` (`http://localhost:11434`; a slash or `/api` at its end makes no difference), with `model` for
    /// requests that name none; without it, the first that the server lists once one is needed.
    pub fn new(client: Client, base_url: &str, model: Option<String>) -> Self {
        let base_url = base_url.trim().trim_end_matches('/');
        let base_url = ["/api", "/v1"].iter().find_map(|end| base_url.strip_suffix(end)).unwrap_or(base_url);
        let base_url = base_url.trim_end_matches('/').to_owned();
        Self { client, base_url, model, first: OnceLock::new(), known: Mutex::default() }
    }

    /// Sends it and turns every status but success into an error.
    async fn send(&self, request: RequestBuilder) -> Result<Response, ProviderError> {
        let response = transport::send(NAME, request).await?;
        let (status, headers) = (response.status(), response.headers().clone());
        if status.is_success() && !transport::is_page(&response) {
            return Ok(response);
        }
        let body = transport::error_body(response).await;
        let mut error = decode_error(status.as_u16(), &headers, &body);
        if status.is_success() {
            error.kind = ProviderErrorKind::InvalidResponse;
        }
        Err(error)
    }

    async fn get(&self, path: &str) -> Result<Value, ProviderError> {
        transport::json(NAME, self.send(self.client.get(format!("{}{path}", self.base_url))).await?).await
    }

    async fn show(&self, model: &str) -> Result<Value, ProviderError> {
        let request = self.client.post(format!("{}/api/show", self.base_url)).json(&json!({"model": model}));
        let shown = transport::json(NAME, self.send(request).await?).await?;
        self.remember(model, |known| known.longest_context = models::longest_context(&shown));
        Ok(shown)
    }

    async fn names(&self) -> Result<Vec<String>, ProviderError> {
        let names = models::names(&self.get("/api/tags").await?);
        if let Some(first) = names.first() {
            self.first.get_or_init(|| first.clone());
        }
        Ok(names)
    }

    /// The model for requests that name none.
    async fn standard_model(&self) -> Result<String, ProviderError> {
        if !self.model().is_empty() {
            return Ok(self.model().to_owned());
        }
        self.names().await?.into_iter().next().ok_or_else(|| {
            let message = "the server has no model yet: pull one, or set OLLAMA_MODEL";
            ProviderError::new(ProviderErrorKind::InvalidResponse, NAME, message)
        })
    }

    fn remember(&self, model: &str, change: impl FnOnce(&mut Known)) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() < REMEMBERED || known.contains_key(model) {
            change(known.entry(model.to_owned()).or_default());
        }
    }

    /// What is known of a model; asked once. A server that does not say is no fault: the chat itself will tell.
    async fn known(&self, model: &str) -> Known {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner).get(model).copied();
        if let Some(known) = known {
            return known;
        }
        let shown = self.show(model).await.ok();
        Known { longest_context: shown.as_ref().and_then(models::longest_context), ..Known::default() }
    }

    async fn chat(&self, request: &Request, model: &str, known: Known) -> Result<Response, ProviderError> {
        let body = encode(request, model, known);
        self.send(self.client.post(format!("{}/api/chat", self.base_url)).json(&body)).await
    }

    async fn ask(&self, request: &Request) -> Result<ReplyStream, ProviderError> {
        let model = match request.model.as_deref().filter(|model| !model.is_empty()) {
            Some(model) => model.to_owned(),
            None => self.standard_model().await?,
        };
        let known = self.known(&model).await;
        let offers_tools = !known.without_tools && !request.tools.is_empty();
        let response = match self.chat(request, &model, known).await {
            // The same once more without tools, and from now on.
            Err(error) if offers_tools && error.message.contains("does not support tools") => {
                tracing::info!(model, "the model takes no tools");
                let response = self.chat(request, &model, Known { without_tools: true, ..known }).await?;
                self.remember(&model, |known| known.without_tools = true);
                response
            }
            response => response?,
        };
        Ok(transport::reply(NAME, response, Decoder::new(), SecretString::default()))
    }

    async fn list(&self) -> Result<Vec<ModelInfo>, ProviderError> {
        let names = self.names().await?;
        let told = stream::iter(names).map(async |name| match self.show(&name).await {
            Ok(shown) => models::read(name, &shown),
            Err(_) => Some(ModelInfo { name, ..ModelInfo::default() }),
        });
        Ok(told.buffered(AT_ONCE).filter_map(async |model| model).collect().await)
    }

    async fn check(&self) -> Result<(), ProviderError> {
        let names = self.names().await?;
        let Some(model) = &self.model else { return self.standard_model().await.map(drop) };
        // A name without a tag means the latest.
        if names.iter().any(|name| name == model || name.strip_suffix(":latest") == Some(model)) {
            return Ok(());
        }
        // It may be one that the server does not list and yet has.
        self.show(model).await.map(drop)
    }
}

impl Provider for Ollama {
    fn name(&self) -> &'static str {
        NAME
    }

    /// Empty until the server was asked, where none is configured.
    fn model(&self) -> &str {
        self.model.as_deref().or(self.first.get().map(String::as_str)).unwrap_or_default()
    }

    fn stream<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<ReplyStream, ProviderError>> {
        Box::pin(self.ask(request))
    }

    fn models<'a>(&'a self) -> BoxFuture<'a, Result<Vec<ModelInfo>, ProviderError>> {
        Box::pin(self.list())
    }

    fn check<'a>(&'a self) -> BoxFuture<'a, Result<(), ProviderError>> {
        Box::pin(self.check())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_may_end_as_it_likes() {
        let client = transport::http_client(Default::default()).unwrap();
        for base in ["http://h:1", "http://h:1/", "http://h:1/api", "http://h:1/api/", " http://h:1/v1 "] {
            let provider = Ollama::new(client.clone(), base, None);
            assert_eq!(provider.base_url, "http://h:1", "{base}");
            assert_eq!(provider.model(), "");
        }
    }
}
