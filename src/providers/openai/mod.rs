//! Chat Completions: OpenAI and every server that speaks it (vLLM, llama.cpp, LiteLLM, OpenRouter, Groq, Mistral,
//! DeepSeek and more). <https://platform.openai.com/docs/api-reference/chat>

mod calls;
mod decode;
mod dialect;
mod encode;
mod error;
mod models;
mod plain;
mod usage;

use std::{
    collections::{BTreeMap, HashMap},
    fmt,
    sync::{Mutex, PoisonError},
};

use futures_util::future::BoxFuture;
use reqwest::{
    Client, RequestBuilder, Response,
    header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue},
};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use crate::telemetry;

use super::{ModelInfo, Provider, ProviderError, ProviderErrorKind, ReplyStream, Request, transport};

pub use decode::Decoder;
pub use dialect::{Dialect, Limit};
pub use encode::{Body, encode};
pub use error::decode_error;

/// The provider's name in settings, rows and answers.
pub const NAME: &str = "openai";

/// Where OpenAI's own API is.
const OFFICIAL: &str = "api.openai.com";

/// What we call a request, in its log.
const REQUEST_ID: &str = "x-client-request-id";

/// Of how many models the dialect is remembered, at most.
const REMEMBERED: usize = 1000;

/// The provider.
pub struct OpenAi {
    client: Client,
    base_url: String,
    is_official: bool,
    key: SecretString,
    model: String,
    /// What was learned of the server, by model.
    learned: Mutex<HashMap<String, Dialect>>,
}

/// Without the key, and without the address: it may carry credentials.
impl fmt::Debug for OpenAi {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpenAi").field("model", &self.model).finish_non_exhaustive()
    }
}

impl OpenAi {
    /// At `base_url`, with `model` for requests that name none. A server of one's own may need no key.
    ///
    /// The address ends as it likes: a slash, or the path of the completions, makes no difference, and `/v1` is added
    /// where its path names no version.
    pub fn new(client: Client, base_url: &str, key: Option<SecretString>, model: String) -> Self {
        let base_url = base_of(base_url);
        let host = Url::parse(&base_url).ok().and_then(|url| url.host_str().map(str::to_owned));
        let is_official = host.as_deref() == Some(OFFICIAL);
        Self { client, base_url, is_official, key: key.unwrap_or_default(), model, learned: Mutex::default() }
    }

    fn with_headers(&self, mut request: RequestBuilder) -> Result<RequestBuilder, ProviderError> {
        // By it OpenAI finds a request of which no answer came.
        if let Some(id) = telemetry::request_id() {
            request = request.header(REQUEST_ID, id.as_str());
        }
        let key = self.key.expose_secret().trim();
        if key.is_empty() {
            return Ok(request);
        }
        let mut key = HeaderValue::from_str(&format!("Bearer {key}")).map_err(|_| {
            let message = "the key has characters that no key has";
            ProviderError::new(ProviderErrorKind::Unauthorized, NAME, message)
        })?;
        key.set_sensitive(true);
        Ok(request.header(AUTHORIZATION, key))
    }

    async fn send(&self, request: RequestBuilder) -> Result<Response, ProviderError> {
        transport::send(NAME, self.with_headers(request)?).await
    }

    /// Asks for JSON by GET; every status but success is an error.
    async fn get(&self, path: &str) -> Result<Response, ProviderError> {
        let response = self.send(self.client.get(format!("{}{path}", self.base_url))).await?;
        if response.status().is_success() {
            return Ok(response);
        }
        Err(self.refused(response).await.0)
    }

    /// What a refusal says, and its body.
    async fn refused(&self, response: Response) -> (ProviderError, Vec<u8>) {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = transport::error_body(response).await;
        (decode_error(status, &headers, &body).without(self.key.expose_secret().trim()), body)
    }

    async fn ask(&self, request: &Request) -> Result<ReplyStream, ProviderError> {
        let model = request.model.as_deref().filter(|model| !model.is_empty()).unwrap_or(&self.model);
        let first = self.dialect(model);
        let mut dialect = first;
        // Each form leaves out more than the one before, so this ends.
        loop {
            let blind;
            let request = if dialect.without_images {
                blind = Request { images: BTreeMap::new(), ..request.clone() };
                &blind
            } else {
                request
            };
            let body = encode(request, &self.model, dialect);
            let response =
                self.send(self.client.post(format!("{}/chat/completions", self.base_url)).json(&body)).await?;
            if response.status().is_success() {
                self.learn(model, first, dialect);
                return self.reply(response).await;
            }
            let status = response.status().as_u16();
            let (error, refusal) = self.refused(response).await;
            let unseen = (!request.images.is_empty()).then(|| dialect.after_images(status, &refusal)).flatten();
            match unseen.or_else(|| dialect.after(first, status, &refusal, body.has_tools())) {
                Some(other) => dialect = other,
                None => return Err(error),
            }
        }
    }

    async fn reply(&self, response: Response) -> Result<ReplyStream, ProviderError> {
        if transport::is_page(&response) {
            let (mut error, _) = self.refused(response).await;
            error.kind = ProviderErrorKind::InvalidResponse;
            return Err(error);
        }
        Ok(transport::reply(NAME, response, Decoder::new(), self.key.clone()))
    }

    /// In which form a model is asked.
    fn dialect(&self, model: &str) -> Dialect {
        let learned = self.learned.lock().unwrap_or_else(PoisonError::into_inner);
        let known = learned.get(model).copied();
        let dialect = known.unwrap_or_else(|| Dialect::new(self.is_official));
        // Whether usage may be asked for is the server's matter, not a model's.
        let asks_for_usage = learned.values().all(|dialect| dialect.asks_for_usage);
        Dialect { asks_for_usage, ..dialect }
    }

    fn learn(&self, model: &str, first: Dialect, dialect: Dialect) {
        if first == dialect {
            return;
        }
        tracing::info!(model, ?dialect, "the server takes requests in another form");
        let mut learned = self.learned.lock().unwrap_or_else(PoisonError::into_inner);
        if learned.len() < REMEMBERED || learned.contains_key(model) {
            learned.insert(model.to_owned(), dialect);
        }
    }

    async fn list(&self) -> Result<Vec<ModelInfo>, ProviderError> {
        let list = transport::json(NAME, self.get("/models").await?).await?;
        Ok(models::read(&list, self.is_official))
    }

    async fn check(&self) -> Result<(), ProviderError> {
        match self.get("/models").await {
            Err(error) if error.kind == ProviderErrorKind::InvalidResponse => self.check_by_refusal(error).await,
            other => other.map(drop),
        }
    }

    /// Of a server without a list of models: a request that cannot be answered is refused as such only if address and
    /// key are right. Uses no tokens.
    async fn check_by_refusal(&self, error: ProviderError) -> Result<(), ProviderError> {
        let request = self.client.post(format!("{}/chat/completions", self.base_url)).body("{}");
        match self.send(request.header(CONTENT_TYPE, "application/json")).await?.status().as_u16() {
            400 | 422 => Ok(()),
            _ => Err(error),
        }
    }
}

/// The address before `/chat/completions` and `/models`.
fn base_of(address: &str) -> String {
    let address = address.trim().trim_end_matches('/');
    let address = address.strip_suffix("/chat/completions").unwrap_or(address).trim_end_matches('/');
    let is_version = |segment: &str| {
        segment.strip_prefix('v').is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_digit()))
    };
    let path = address.split_once("://").map_or("", |(_, rest)| rest.split_once('/').map_or("", |(_, path)| path));
    if path.split('/').any(is_version) { address.to_owned() } else { format!("{address}/v1") }
}

impl Provider for OpenAi {
    fn name(&self) -> &'static str {
        NAME
    }

    fn model(&self) -> &str {
        &self.model
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
    fn an_address_may_end_as_it_likes_and_the_key_is_never_shown() {
        let client = transport::http_client(Default::default()).unwrap();
        for (given, base) in [
            ("http://h:1", "http://h:1/v1"),
            ("http://h:1/", "http://h:1/v1"),
            (" http://h:1/v1// ", "http://h:1/v1"),
            ("http://h:1/v1/chat/completions", "http://h:1/v1"),
            ("https://api.groq.com/openai", "https://api.groq.com/openai/v1"),
            ("https://openrouter.ai/api/v1", "https://openrouter.ai/api/v1"),
            (
                "https://generativelanguage.googleapis.com/v1beta/openai/",
                "https://generativelanguage.googleapis.com/v1beta/openai",
            ),
            ("https://api.z.ai/api/paas/v4", "https://api.z.ai/api/paas/v4"),
            ("http://v1.example", "http://v1.example/v1"),
        ] {
            let provider = OpenAi::new(client.clone(), given, Some("sk-secret".into()), "m".into());
            assert_eq!(provider.base_url, base, "{given}");
            assert!(!provider.is_official);
            assert!(!format!("{provider:?}").contains("secret"));
            let request = provider.with_headers(client.get("http://h:1")).unwrap();
            assert!(!format!("{request:?}").contains("secret"), "{request:?}");
        }
        assert!(OpenAi::new(client.clone(), "https://api.openai.com/v1", None, "m".into()).is_official);
        let wrong = OpenAi::new(client.clone(), "http://h", Some("a\nb".into()), "m".into());
        assert!(wrong.with_headers(client.get("http://h")).is_err());
    }
}
