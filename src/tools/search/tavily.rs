//! Tavily's search API: `POST /search` with a key.

use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde_json::json;
use url::Url;

use super::{Found, Hit};
use crate::tools::{
    ToolError,
    net::{Budget, Guard, Policy},
};

#[derive(Deserialize)]
struct Reply {
    answer: Option<String>,
    #[serde(default)]
    results: Vec<Item>,
}

#[derive(Deserialize)]
struct Item {
    #[serde(default)]
    title: String,
    url: String,
    #[serde(default)]
    content: String,
}

/// Asks Tavily for so many results and a short answer.
pub(super) async fn search(
    guard: &Guard,
    base: &Url,
    key: &SecretString,
    query: &str,
    count: usize,
    budget: Budget,
) -> Result<Found, ToolError> {
    let unreadable = || ToolError::new("tool_error", "The answer could not be read.");
    let address = Url::parse(&format!("{}/search", base.as_str().trim_end_matches('/'))).map_err(|_| unreadable())?;
    let asked = json!({"query": query, "max_results": count, "search_depth": "basic", "include_answer": true});
    let answer = guard.post(&address, &Policy::for_operator(base), budget, key.expose_secret(), &asked).await?;
    let reply: Reply = serde_json::from_slice(&answer.successful()?.bytes().await?).map_err(|_| unreadable())?;
    let hits = reply.results.into_iter().map(|item| Hit { title: item.title, address: item.url, text: item.content });
    Ok(Found { summary: reply.answer.unwrap_or_default(), hits: hits.collect() })
}
