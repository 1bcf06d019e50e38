//! What the outside-in tests share. They drive the built `sayso` as a child process over real sockets and know
//! nothing of its inside: a person with a browser, one without JavaScript, a database client, a clock.
//!
//! `App` is the running product, `Person` someone who uses it by plain forms, `Browser` someone in Chromium,
//! `Replay` the model API. What the product calls its elements stands in `page.rs` alone.
#![allow(dead_code, unused_imports, reason = "each test binary uses its own part")]
#![allow(clippy::missing_docs_in_private_items, missing_docs, reason = "read by people who write tests")]

mod app;
mod browser;
mod dom;
pub mod guarded;
mod hold;
pub mod installed;
mod litellm;
mod live;
pub mod nginx;
mod openai;
pub mod page;
mod person;
pub mod pictures;
mod postgres;
mod process;
mod replay;
mod script;
pub mod servers;
mod site;
mod sqlite;
mod talk;
pub mod tls;
mod wiretap;

use std::{
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

pub use app::{App, Backend};
pub use browser::{Browser, Key, Look};
pub use dom::{LiveDom, loaded_reply};
pub use hold::Hold;
pub use litellm::LiteLlm;
pub use live::LiveSocket;
pub use nginx::{Front, Nginx};
pub use openai::python;
pub use page::Page;
pub use person::{Chat, Person, multipart};
pub use replay::{Replay, Reply};
pub use script::{Answer as ScriptAnswer, Events, Script, SentEvent};
pub use site::{Answer, Site};
pub use talk::{Talk, connect};
pub use wiretap::Wiretap;

/// Where the repository is checked out.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Where tests may leave things: databases, pictures, the compiled shim.
pub fn target() -> PathBuf {
    root().join("target")
}

/// What the demo model still answers, for twenty seconds, when a slow machine comes to stop it; with [`UNCUT`].
pub const ENDLESS: &str = "Write 20000 words";

/// The setting without which that reply is cut short, at a third of it.
pub const UNCUT: (&str, &str) = ("MAX_OUTPUT_TOKENS", "40000");

/// How long anything that must happen may take on a busy machine with two cores.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// Looks again and again until there is something to see; fails when it never comes.
pub async fn eventually<T>(what: &str, look: impl AsyncFnMut() -> Option<T>) -> T {
    within(PATIENCE, what, look).await
}

/// `eventually` with a patience of its own.
pub async fn within<T>(patience: Duration, what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let end = Instant::now() + patience;
    loop {
        if let Some(seen) = look().await {
            return seen;
        }
        assert!(Instant::now() < end, "did not happen within {patience:?}: {what}");
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
}

/// Watches for a while that something stays as it is.
pub async fn stays(time: Duration, what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let end = Instant::now() + time;
    while Instant::now() < end {
        assert!(holds().await, "did not stay so: {what}");
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
}

/// Letters and digits alone, in order: what two renderings of one text have in common.
pub fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// White space as HTML sees it.
pub fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Makes one test for each database: `both! { async fn name(backend) { … } }`.
#[macro_export]
macro_rules! both {
    ($($(#[$meta:meta])* async fn $name:ident($backend:ident) $body:block)+) => {$(
        mod $name {
            use super::*;

            $(#[$meta])*
            async fn body($backend: $crate::support::Backend) $body

            #[tokio::test(flavor = "multi_thread")]
            async fn sqlite() {
                body($crate::support::Backend::Sqlite).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn postgres() {
                body($crate::support::Backend::Postgres).await;
            }
        }
    )+};
}
