//! The program `sayso`; everything is in the library.

use std::process::ExitCode;

use clap::Parser as _;
use sayso::{
    app::Application,
    cli::{Cli, Command},
    config::{LogFormat, Settings},
    telemetry,
};

fn main() -> ExitCode {
    let command = Cli::parse().command();
    let done = Settings::from_environment().map_err(|error| error.to_string()).and_then(|settings| {
        telemetry::start(&settings.log_level, settings.log_format() == LogFormat::Json)
            .map_err(|error| error.to_string())?;
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
        runtime.map_err(|error| error.to_string())?.block_on(run(command, settings))
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("sayso: {message}");
            ExitCode::FAILURE
        }
    }
}

async fn run(command: Command, settings: Settings) -> Result<(), String> {
    match command {
        Command::Serve => {
            let application = Application::build(settings).await.map_err(|error| error.to_string())?;
            application.run().await.map_err(|error| error.to_string())
        }
        other => Err(format!("{other:?} is not there yet")),
    }
}
