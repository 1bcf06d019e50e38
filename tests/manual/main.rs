//! The manual and releases: what the documents say is held against the product. Each command of theirs is run, each link
//! followed, each setting, command, address, metric and tool looked up; an older database is upgraded; the pictures are
//! taken.

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

mod addresses;
mod administrators;
mod blocks;
mod commands;
mod document;
mod examples;
mod links;
mod measuring;
mod pictures;
mod releasing;
mod said;
mod servers;
mod upgrading;

/// What the demo model takes as a wish for a file.
const WISH: &str = "Create a file `notes/hello.txt` with content: Hello world";
