//! The Anthropic Messages API, and gateways that speak it. <https://docs.anthropic.com/en/api/messages>

mod decode;
mod encode;
mod error;
mod models;
mod usage;

use std::fmt;

use futures_util::future::BoxFuture;
use reqwest::{
    Client, RequestBuilder, Response,
    header::{CONTENT_TYPE, HeaderValue},
};
use secrecy::{ExposeSecret, SecretString};
use url::form_urlencoded;

use super::{ModelInfo, Provider, ProviderError, ProviderErrorKind, ReplyStream, Request, transport};

pub use decode::Decoder;
pub use encode::{Body, encode};
pub use error::decode_error;

/// The provider's name in settings, rows and answers.
pub const NAME: &str = "anthropic";

/// The version of the API that is asked for.
const VERSION: &str = "2023-06-01";

/// How many pages of the list of models are read, at most; a page has up to a thousand.
const PAGES: usize = 20;

/// The provider.
pub struct Anthropic {
    client: Client,
    base_url: String,
    key: SecretString,
    model: String,
}

/// Without the key, and without the address: it may carry credentials.
impl fmt::Debug for Anthropic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Anthropic").field("model", &self.model).finish_non_exhaustive()
    }
}

impl Anthropic {
    /// At `base_url` (`https://api.anthropic.com`; a slash or `/v1` at its end makes no difference), with `model`
    /// for requests that name none.
    pub fn new(client: Client, base_url: &str, key: SecretString, model: String) -> Self {
        let base_url = base_url.trim().trim_end_matches('/');
        let base_url = base_url.strip_suffix("/v1").unwrap_or(base_url).trim_end_matches('/').to_owned();
        Self { client, base_url, key, model }
    }

    fn with_headers(&self, request: RequestBuilder) -> Result<RequestBuilder, ProviderError> {
        let mut key = HeaderValue::from_str(self.key.expose_secret().trim()).map_err(|_| {
            let message = "the key has characters that no key has";
            ProviderError::new(ProviderErrorKind::Unauthorized, NAME, message)
        })?;
        key.set_sensitive(true);
        Ok(request.header("anthropic-version", VERSION).header("x-api-key", key))
    }

    /// Sends it and turns every status but success into an error.
    async fn send(&self, request: RequestBuilder) -> Result<Response, ProviderError> {
        let response = transport::send(NAME, self.with_headers(request)?).await?;
        if response.status().is_success() {
            return Ok(response);
        }
        let (status, headers) = (response.status(), response.headers().clone());
        let body = transport::error_body(response).await;
        Err(decode_error(status.as_u16(), &headers, &body).without(self.key.expose_secret()))
    }

    async fn ask(&self, request: &Request) -> Result<ReplyStream, ProviderError> {
        let body = encode(request, &self.model);
        let response = self.send(self.client.post(format!("{}/v1/messages", self.base_url)).json(&body)).await?;
        let content_type = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let content_type = content_type.unwrap_or_default().to_ascii_lowercase();
        if transport::is_page(&response) {
            let body = transport::error_body(response).await;
            let mut error = decode_error(200, &Default::default(), &body).without(self.key.expose_secret());
            error.kind = ProviderErrorKind::InvalidResponse;
            return Err(error);
        }
        // Some gateways know no streaming and answer with the whole message, or with an error under HTTP 200.
        let decoder = if content_type.contains("json") { Decoder::whole() } else { Decoder::new() };
        Ok(transport::reply(NAME, response, decoder, self.key.clone()))
    }

    fn list_url(&self, after: Option<&str>) -> String {
        let mut query = form_urlencoded::Serializer::new("limit=1000".to_owned());
        query.extend_pairs(after.map(|after| ("after_id", after)));
        format!("{}/v1/models?{}", self.base_url, query.finish())
    }

    async fn list(&self) -> Result<Vec<ModelInfo>, ProviderError> {
        let (mut models, mut after) = (Vec::new(), None::<String>);
        for _ in 0..PAGES {
            let request = self.client.get(self.list_url(after.as_deref()));
            let (page, next) = models::read(&transport::json(NAME, self.send(request).await?).await?);
            models.extend(page);
            after = next;
            if after.is_none() {
                break;
            }
        }
        Ok(models)
    }

    async fn check(&self) -> Result<(), ProviderError> {
        let models = self.send(self.client.get(format!("{}/v1/models?limit=1", self.base_url))).await;
        match models {
            Err(error) if error.kind == ProviderErrorKind::InvalidResponse => self.check_by_refusal(error).await,
            other => other.map(drop),
        }
    }

    /// Of a gateway without a list of models: a request that cannot be answered is refused as such only if address
    /// and key are right. Uses no tokens.
    async fn check_by_refusal(&self, error: ProviderError) -> Result<(), ProviderError> {
        let request = self.client.post(format!("{}/v1/messages", self.base_url)).body("{}");
        let request = self.with_headers(request.header(CONTENT_TYPE, "application/json"))?;
        match transport::send(NAME, request).await?.status().as_u16() {
            400 | 422 => Ok(()),
            _ => Err(error),
        }
    }
}

impl Provider for Anthropic {
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
        for base in ["http://h:1", "http://h:1/", "http://h:1/v1", "http://h:1/v1/", " http://h:1// "] {
            let provider = Anthropic::new(client.clone(), base, "sk-secret".into(), "m".into());
            assert_eq!(provider.base_url, "http://h:1", "{base}");
            assert!(!format!("{provider:?}").contains("secret"));
            let request = provider.with_headers(client.get("http://h:1")).unwrap();
            assert!(!format!("{request:?}").contains("secret"), "{request:?}");
        }
        let wrong = Anthropic::new(client.clone(), "http://h", "a\nb".into(), "m".into());
        assert!(wrong.with_headers(client.get("http://h")).is_err());
    }
}
