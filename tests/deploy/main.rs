//! What stands in `deploy/`: the product behind the real nginx, alone and as two instances.

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

mod browsing;
mod chatting;
mod edge;
mod health;
mod instances;
mod restarting;
mod unit;

use support::{App, Backend, Front, Nginx, Person};

/// What the demo model takes as a wish for a file.
const WISH: &str = "Create a file `notes/hello.txt` with content: Hello world";

/// A text long enough to be caught in its middle, each word once.
fn long_text() -> String {
    (0..400).map(|n| format!("word{n}")).collect::<Vec<_>>().join(" ")
}

/// The product behind nginx, below a path if it says one, with its first person.
async fn behind(path: &str, settings: &[(&str, &str)]) -> (App, Front, Nginx, Person) {
    let front = Front::new(path);
    let mut app = front.app(Backend::Sqlite, settings);
    app.launch();
    let nginx = Nginx::start(&front, &[&app]).await;
    let person = app.setup().await;
    (app, front, nginx, person)
}

/// Two instances on one PostgreSQL behind nginx, with their first person.
async fn two(settings: &[(&str, &str)]) -> (App, App, Nginx, Person) {
    let front = Front::new("");
    let mut one = front.app(Backend::Postgres, settings);
    one.launch();
    let nginx = Nginx::start(&front, &[&one]).await;
    let person = one.setup().await;
    // Its start would void the link to the first account.
    let other = one.beside();
    nginx.turn_to(&[&one, &other]).await;
    (one, other, nginx, person)
}
