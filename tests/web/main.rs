//! What can be said of Sayso by someone who speaks HTTP: on both databases, against the real binary.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[path = "../support/mod.rs"]
mod support;

mod account;
mod admin;
mod admin_models;
mod admin_records;
mod admin_servers;
mod admin_tools;
mod api;
mod api_conversations;
mod approvals;
mod attachments;
mod audit;
mod authorising;
mod conversations;
mod cors;
mod data;
mod edge;
mod ending;
mod export;
mod files;
mod guests;
mod languages;
mod limits;
mod messages;
mod metrics;
mod models;
mod openapi;
mod operating;
mod people;
mod people_links;
mod request_log;
mod search;
mod setup;
mod signing_in;
mod token_page;
mod token_table;
mod tokens;
mod wall;
mod walls;

/// What the demo model takes as a wish for a file.
const WISH: &str = "Create a file `notes/hello.txt` with content: Hello world";
