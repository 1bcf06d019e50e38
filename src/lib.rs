//! Sayso: a self-hosted chat with language models for teams, in which no tool runs without a person's say-so.

pub mod cli;
pub mod config;
pub mod error;
pub mod event;
pub mod http;
pub mod models;
pub mod telemetry;
pub mod types;
