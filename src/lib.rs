//! Sayso: a self-hosted chat with language models for teams, in which no tool runs without a person's say-so.

pub mod error;
pub mod event;
pub mod render;
pub mod types;
