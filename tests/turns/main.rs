//! The course of a turn: replies, faults, crashes, decisions and limits, from outside.

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

mod agent;
mod allowed;
mod api_chat;
mod api_decisions;
mod api_events;
mod api_instances;
mod api_socket;
mod api_socket_ends;
mod asking;
mod crashes;
mod decisions;
mod direct;
mod disk;
mod faults;
mod gateway;
mod hostile;
mod images;
mod instances;
mod limits;
mod litellm;
mod mcp;
mod nonsense;
mod openai_client;
mod openai_door;
mod operating;
mod peers;
mod prices;
mod providers;
mod recordings;
mod results;
mod resuming;
mod revoking;
mod routing;
mod stops;
mod tool_limits;
mod topics;
mod undo;
mod ways_round;
mod window;
mod wire;

/// What the demo model takes as a wish for a file.
const WISH: &str = "Create a file `notes/hello.txt` with content: Hello world";

/// A text long enough to be caught in its middle, each word once.
fn long_text() -> String {
    (0..400).map(|n| format!("word{n}")).collect::<Vec<_>>().join(" ")
}
