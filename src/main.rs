//! The program `sayso`; everything is in the library.

use std::{
    io::{self, IsTerminal as _},
    process::ExitCode,
};

use clap::Parser as _;
use sayso::{
    app::{self, Application},
    cli::{self, Cli, Command, Console},
    config::{LogFormat, Settings},
    error::Result,
    providers::Providers,
    telemetry,
    tools::script::sandbox,
};

/// Replies are many small pieces, allocated on one thread and let go on another.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let command = Cli::parse().command();
    if command == Command::ScriptSandbox {
        // It may know nothing of this server's settings.
        return sandbox::main();
    }
    let settings = match Settings::from_environment() {
        Ok(settings) => settings,
        Err(error) => return fail(&error.to_string()),
    };
    if let Err(error) = telemetry::start(&settings.log_level, settings.log_format() == LogFormat::Json) {
        return fail(&error.to_string());
    }
    // It owns the database, model calls, tools and turns; actix's workers are the edge.
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&error.to_string()),
    };
    match runtime.block_on(run(command, settings)) {
        Ok(code) => code,
        Err(error) => fail(&cli::explain(&error)),
    }
}

async fn run(command: Command, settings: Settings) -> Result<ExitCode> {
    if command == Command::Serve {
        Application::build(settings).await?.run().await?;
        return Ok(ExitCode::SUCCESS);
    }
    let providers = if command == Command::Check { app::providers(&settings)? } else { Providers::default() };
    let (mut out, mut input) = (io::stdout(), io::BufReader::new(io::stdin()));
    let is_terminal = io::stdin().is_terminal();
    let mut console = Console { out: &mut out, input: &mut input, is_terminal };
    cli::run(command, &settings, &providers, &mut console).await
}

fn fail(message: &str) -> ExitCode {
    eprintln!("sayso: {message}");
    ExitCode::FAILURE
}
