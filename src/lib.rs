//! Sayso: a self-hosted chat with language models for teams, in which no tool runs without a person's say-so.

pub mod api;
pub mod app;
pub mod cli;
pub mod config;
pub mod db;
pub mod error;
pub mod event;
pub mod feed;
pub mod http;
pub mod i18n;
pub mod models;
pub mod providers;
pub mod render;
pub mod state;
pub mod telemetry;
pub mod tenancy;
pub mod tools;
pub mod turn;
pub mod types;
pub mod web;
