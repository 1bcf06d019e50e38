//! Sayso: a self-hosted chat with language models for teams, in which no tool runs without a person's say-so.

pub mod config;
pub mod db;
pub mod error;
pub mod event;
pub mod feed;
pub mod models;
pub mod types;
