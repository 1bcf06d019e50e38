//! People in real Chromium.

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
mod administering;
mod approving;
mod approving_more;
mod asking;
mod attaching;
mod authorising;
mod chatting;
mod files;
mod keeping;
mod limiting;
mod looks;
mod people;
mod plain;
mod tokens;
mod walking;

use support::{App, Backend, Browser, Look, Person};

/// What the demo model takes as a wish for a file.
const WISH: &str = "Create a file `notes/hello.txt` with content: Hello world";

/// What the demo model takes some eight seconds to answer: it can be caught at it, and its end can be waited for.
const MUCH: &str = "Write 1200 words";

/// The product on SQLite with the demo model, its first person, and a browser in which they are signed in.
async fn opened(look: Look) -> (App, Person, Browser) {
    opened_with(&[], look).await
}

/// The same with more settings.
async fn opened_with(settings: &[(&str, &str)], look: Look) -> (App, Person, Browser) {
    let (app, person) = App::ready(Backend::Sqlite, settings).await;
    let browser = Browser::of(&person, look).await;
    (app, person, browser)
}
