//! Providers against recorded replies of real model APIs, byte by byte and over HTTP.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests may fail")]

mod anthropic;
mod server;
mod shared;
