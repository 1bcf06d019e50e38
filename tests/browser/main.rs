#![allow(clippy::unwrap_used, reason = "t")]
#[path = "../support/mod.rs"]
mod support;
