//! Sayso under load, beside a bare relay in the same run; prints a table and writes a JSON file.
//!
//! `cargo bench --bench load` measures everything, three times. `cargo bench --bench load -- ratio crowd --runs 1` measures
//! some of it once; `--help` names the parts. Each server is a process of its own, whose processor time and memory are read
//! from `/proc`; the stand-in for the model API and the readers share the machine with it. It fails if a figure is more than
//! is promised. Databases are in the folder for temporary files (`TMPDIR`).

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a bench fails by panicking"
)]
#![allow(clippy::print_stdout, clippy::print_stderr, missing_docs, reason = "it is a program of its own")]

mod browser;
mod client;
mod figures;
mod fresh_database;
mod history;
mod parts;
mod process;
mod relay;
mod site;
mod stamp;
mod streams;
mod upstream;

use std::{path::PathBuf, process::ExitCode};

use clap::Parser;
use url::Url;

use figures::Figures;
use parts::{Ground, Part};

/// Sayso under load.
#[derive(Parser)]
struct Arguments {
    /// What to measure; everything without.
    #[arg(value_enum)]
    parts: Vec<Part>,
    /// How often; the table shows medians.
    #[arg(long, default_value_t = 3)]
    runs: usize,
    /// How long each reply of `ratio` lasts, in seconds.
    #[arg(long, default_value_t = 20)]
    seconds: u32,
    /// A PostgreSQL to compare with, whose user may make databases and roles: `postgres://…`.
    #[arg(long)]
    postgres: Option<Url>,
    /// The server, for another build than that of this profile.
    #[arg(long, default_value = env!("CARGO_BIN_EXE_sayso"))]
    program: PathBuf,
    /// Where the JSON goes.
    #[arg(long, default_value = "target/load.json")]
    json: PathBuf,
    /// Given by cargo.
    #[arg(long, hide = true)]
    bench: bool,
    /// Be the stand-in for the model API.
    #[arg(long, hide = true)]
    upstream: bool,
    /// Be the bare relay, of the upstream at this address.
    #[arg(long, hide = true)]
    relay: Option<String>,
}

#[tokio::main]
async fn main() -> ExitCode {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let arguments = Arguments::parse();
    if arguments.upstream {
        upstream::serve().await;
        return ExitCode::SUCCESS;
    }
    if let Some(upstream) = arguments.relay {
        relay::serve(upstream).await;
        return ExitCode::SUCCESS;
    }
    let wanted = |part: &Part| arguments.parts.is_empty() || arguments.parts.contains(part);
    let parts: Vec<Part> = Part::ALL.into_iter().filter(wanted).collect();
    let (ground, mut figures) =
        (Ground::new(arguments.program, arguments.seconds, arguments.postgres), Figures::default());
    for run in 1..=arguments.runs {
        for part in &parts {
            eprintln!("run {run} of {}: {part:?}", arguments.runs);
            let before = process::machine();
            part.measure(&ground, &mut figures).await;
            let after = process::machine();
            let name = format!("{part:?}: of the machine's time, taken away by its host");
            figures.tell(&name, "%", None, (after.1 - before.1) / (after.0 - before.0) * 100.0);
        }
    }
    println!("{}", figures.table());
    std::fs::write(&arguments.json, format!("{:#}\n", figures.json())).unwrap();
    println!("{}", arguments.json.display());
    for name in figures.missed() {
        eprintln!("not within what is promised: {name}");
    }
    if figures.missed().is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
