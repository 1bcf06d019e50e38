//! Servers that people run, from npm and PyPI; installed by `tests/support/mcp.sh`.

use std::{net::TcpListener, process::Command, sync::Arc};

use futures_util::future::BoxFuture;
use sayso::tools::mcp::{Answer, Content, Elicit, Fault, Question};
use tokio_util::sync::CancellationToken;

use crate::{
    installed::{Listening, of_npm, of_pypi},
    support::{Site, all, quick},
};

/// A server from npm, over pipes.
fn node(name: &str, args: &[&str]) -> Option<Site> {
    Some(Site::process(&of_npm(name)?, args, quick()))
}

/// A server from PyPI, over pipes.
fn python(name: &str, args: &[&str]) -> Option<Site> {
    Some(Site::process(&of_pypi(name)?, args, quick()))
}

fn url(port: u16) -> String {
    format!("http://127.0.0.1:{port}/mcp")
}

/// What `server-everything` offers, used.
async fn everything(site: Site) {
    let listing = site.list().await.unwrap();
    assert!(listing.find("it__echo").is_some(), "{listing:?}");
    assert!(listing.left_out.is_empty() && !listing.was_cut);
    let echo = site.call("echo", r#"{"message":"hello"}"#).await.unwrap();
    assert_eq!(echo.text(), "Echo: hello");
    assert!(site.call("get-sum", r#"{"a":2,"b":3}"#).await.unwrap().text().contains('5'));
    let (progress, result) = site.run("trigger-long-running-operation", r#"{"duration":1,"steps":5}"#).await;
    assert!(!result.unwrap().is_error);
    let fractions: Vec<f64> = progress.iter().map(|(_, fraction)| fraction.unwrap()).collect();
    assert_eq!(fractions, [0.2, 0.4, 0.6, 0.8, 1.0]);
    let picture = site.call("get-tiny-image", "{}").await.unwrap();
    let is_png = |piece: &Content| matches!(piece, Content::Image { bytes, media_type } if media_type == "image/png" && bytes.starts_with(b"\x89PNG"));
    assert!(picture.content.iter().any(is_png), "{picture:?}");
    let links = site.call("get-resource-links", r#"{"count":2}"#).await.unwrap();
    assert_eq!(links.content.iter().filter(|piece| matches!(piece, Content::ResourceLink { .. })).count(), 2);
    let structured = site.call("get-structured-content", r#"{"location":"New York"}"#).await.unwrap();
    assert!(structured.structured.is_some_and(|value| value.get("temperature").is_some()));
    let wrong = site.call("get-sum", r#"{"a":"x"}"#).await;
    assert!(wrong.map_or_else(|fault| matches!(fault, Fault::Refused(_)), |result| result.is_error));
    site.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn server_everything_over_pipes() {
    let Some(site) = node("mcp-server-everything", &[]) else { return };
    everything(site).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn server_everything_over_http() {
    let Some(server) = Listening::everything() else { return };
    everything(Site::at(&url(server.port), quick())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn server_filesystem() {
    let folder = tempfile::tempdir().unwrap();
    let below = folder.path().canonicalize().unwrap();
    let Some(site) = node("mcp-server-filesystem", &[below.to_str().unwrap()]) else { return };
    assert!(site.list().await.unwrap().find("it__write_file").is_some());
    let file = below.join("a.txt");
    let arguments = serde_json::json!({"path": file, "content": "written"}).to_string();
    assert!(!site.call("write_file", &arguments).await.unwrap().is_error);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "written");
    assert!(site.call("read_text_file", r#"{"path":"/etc/passwd"}"#).await.unwrap().is_error);
    site.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn server_memory() {
    let Some(site) = node("mcp-server-memory", &[]) else { return };
    assert!(!site.call("search_nodes", r#"{"query":"nothing of the kind"}"#).await.unwrap().is_error);
    site.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn server_time() {
    let Some(site) = python("mcp-server-time", &["--local-timezone", "UTC"]) else { return };
    let now = site.call("get_current_time", r#"{"timezone":"Europe/Berlin"}"#).await.unwrap();
    assert!(now.text().contains("Europe/Berlin"), "{}", now.text());
    site.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn server_git() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    assert!(Command::new("git").args(["init", "--quiet", path]).status().unwrap().success());
    let Some(site) = python("mcp-server-git", &["--repository", path]) else { return };
    let arguments = serde_json::json!({ "repo_path": path }).to_string();
    let status = site.call("git_status", &arguments).await.unwrap();
    assert!(status.text().contains("No commits yet"), "{}", status.text());
    site.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn server_fetch() {
    let Some(site) = python("mcp-server-fetch", &[]) else { return };
    assert!(site.list().await.unwrap().find("it__fetch").is_some());
    // Nobody listens there: how it failed is told in band or out of band.
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let url = format!("http://{free}/");
    let fetched = site.call("fetch", &serde_json::json!({ "url": url }).to_string()).await;
    assert!(fetched.map_or_else(|fault| matches!(fault, Fault::Refused(_)), |result| result.is_error));
    site.close().await;
}

struct Ada;

impl Elicit for Ada {
    fn ask<'a>(&'a self, _question: Question) -> BoxFuture<'a, Answer> {
        let values = [("value".to_owned(), "Ada".into())].into_iter().collect();
        Box::pin(std::future::ready(Answer::Accept(values)))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn fastmcp_over_http() {
    let Some(server) = Listening::fastmcp() else { return };
    let site = Site::at(&url(server.port), quick());
    assert!(site.list().await.unwrap().find("it__add").is_some());
    assert_eq!(site.call("add", r#"{"a":2,"b":3}"#).await.unwrap().text(), "5");
    let (progress, result) = site.run("count", r#"{"to":20}"#).await;
    assert_eq!(result.unwrap().text(), "counted");
    let expected: Vec<_> = (1..=20).map(|n| (Some(format!("at {n}")), Some(f64::from(n) / 20.0))).collect();
    assert_eq!(progress, expected);
    // In the newest revision it does not ask this way any more, and says so.
    let (_, result) = all(site.start("who", "{}", Arc::new(Ada), &CancellationToken::new())).await;
    let result = result.unwrap();
    assert!(result.is_error && result.text().contains("elicitation"), "{}", result.text());
    assert!(site.call("fail", "{}").await.unwrap().is_error);
    site.close().await;
}
