//! Connections to MCP servers: a hostile one of ours, over pipes and over HTTP, and those that people run.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod asking;
mod calls;
mod connecting;
mod ending;
mod http;
#[path = "../support/installed.rs"]
mod installed;
mod lists;
mod oauth;
mod peers;
mod support;
