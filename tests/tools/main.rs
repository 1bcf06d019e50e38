//! Built-in tools from outside, with the real program for their sandbox.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::expect_used, reason = "tests")]

mod script;
