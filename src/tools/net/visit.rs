//! A request and the redirects after it, one hop at a time.

use std::time::Instant;

use reqwest::{
    Response, StatusCode,
    header::{ACCEPT, ACCEPT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderValue, LOCATION},
};
use url::Url;

use super::{Budget, Guard, Policy, body, of_connection, refused, too_slow};
use crate::tools::ToolError;

/// The most redirects that are followed.
const MAX_REDIRECTS: usize = 5;

/// A request on its way. Whoever has rules of its own (robots.txt) looks at `address` before each `step`.
pub struct Visit {
    guard: Guard,
    policy: Policy,
    budget: Budget,
    address: Url,
    accept: Option<&'static str>,
    redirects: usize,
}

/// What came of one hop.
pub enum Step {
    /// The address is another now; nobody was asked there yet.
    Redirected,
    /// Somebody answered.
    Arrived(Box<Answer>),
}

impl Visit {
    pub(super) fn new(guard: Guard, address: Url, policy: Policy, budget: Budget) -> Self {
        Self { guard, policy, budget, address, accept: None, redirects: 0 }
    }

    /// With what the answer should be, best first.
    #[must_use]
    pub fn accepting(mut self, accept: &'static str) -> Self {
        self.accept = Some(accept);
        self
    }

    /// Where the next step goes.
    pub fn address(&self) -> &Url {
        &self.address
    }

    /// Asks at the address.
    ///
    /// # Errors
    /// `tool_error` for an address that is not fetched and for a server that does not answer, `tool_timeout`.
    pub async fn step(&mut self) -> Result<Step, ToolError> {
        self.guard.check(&self.address, &self.policy)?;
        let mut request = self.guard.client(self.policy.allow_private).get(self.address.clone());
        if let Some(accept) = self.accept {
            request = request.header(ACCEPT, accept);
        }
        // Unpacked by `body`, so that the client for model APIs, which is the same library, stays as it is.
        let request = request.header(ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
        let response = send(request, self.budget).await?;
        let Some(next) = redirect(&self.address, &response)? else {
            return Ok(Step::Arrived(Box::new(Answer::new(self.address.clone(), response, self.budget))));
        };
        if self.redirects == MAX_REDIRECTS {
            return Err(refused(format!("It is redirected more than {MAX_REDIRECTS} times.")));
        }
        self.policy.check_redirect(&self.address, &next)?;
        self.guard.check(&next, &self.policy)?;
        self.redirects += 1;
        self.address = next;
        Ok(Step::Redirected)
    }

    /// All steps to the end.
    ///
    /// # Errors
    /// As `step`.
    pub async fn arrive(mut self) -> Result<Answer, ToolError> {
        loop {
            if let Step::Arrived(answer) = self.step().await? {
                return Ok(*answer);
            }
        }
    }
}

impl Guard {
    /// Posts JSON with a key. A redirect is an answer here: it would take the key elsewhere.
    ///
    /// # Errors
    /// As `Visit::step`.
    pub async fn post(
        &self,
        address: &Url,
        policy: &Policy,
        budget: Budget,
        key: &str,
        json: &serde_json::Value,
    ) -> Result<Answer, ToolError> {
        self.check(address, policy)?;
        let request = self.client(policy.allow_private).post(address.clone()).bearer_auth(key).json(json);
        Ok(Answer::new(address.clone(), send(request, budget).await?, budget))
    }
}

async fn send(request: reqwest::RequestBuilder, budget: Budget) -> Result<Response, ToolError> {
    let until = budget.deadline.min(Instant::now() + budget.first_byte);
    let sent = tokio::time::timeout_at(until.into(), request.send()).await;
    sent.map_err(|_| too_slow())?.map_err(|error| of_connection(&error))
}

/// Where an answer leads, if it is a redirect.
fn redirect(from: &Url, response: &Response) -> Result<Option<Url>, ToolError> {
    let redirects = [
        StatusCode::MOVED_PERMANENTLY,
        StatusCode::FOUND,
        StatusCode::SEE_OTHER,
        StatusCode::TEMPORARY_REDIRECT,
        StatusCode::PERMANENT_REDIRECT,
    ];
    if !redirects.contains(&response.status()) {
        return Ok(None);
    }
    let Some(location) = response.headers().get(LOCATION) else { return Ok(None) };
    let unreadable = || refused("It is redirected to an address that cannot be read.");
    let location = std::str::from_utf8(location.as_bytes()).map_err(|_| unreadable())?;
    let next = from.join(location).map_err(|_| unreadable())?;
    super::parse(next.as_str()).map(Some)
}

/// An answer, its body not read yet.
pub struct Answer {
    /// Who gave it, after all redirects.
    pub address: Url,
    /// Its status.
    pub status: StatusCode,
    headers: HeaderMap,
    response: Response,
    budget: Budget,
}

impl Answer {
    fn new(address: Url, response: Response, budget: Budget) -> Self {
        let (status, headers) = (response.status(), response.headers().clone());
        Self { address, status, headers, response, budget }
    }

    /// What the server calls it: `text/html; charset=utf-8`; empty if it does not say.
    pub fn content_type(&self) -> &str {
        self.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The whole body, unpacked.
    ///
    /// # Errors
    /// `tool_error` when it is too large or broken, `tool_timeout`.
    pub async fn bytes(self) -> Result<Vec<u8>, ToolError> {
        body::read(self.response, &self.headers, self.budget).await
    }

    /// Nothing but a status of success is good.
    ///
    /// # Errors
    /// `tool_error` that names the status.
    pub fn successful(self) -> Result<Self, ToolError> {
        if self.status.is_success() { Ok(self) } else { Err(refused(format!("The server answered {}.", self.status))) }
    }
}
