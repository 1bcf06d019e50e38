//! A real LiteLLM proxy: an independent translator between Sayso and the replayed model API.

use std::{fs, io::Write, net::TcpListener, process::Command, time::Duration};

use tempfile::TempDir;

use super::{Replay, process::Process, root, within};

/// A running LiteLLM in front of a `Replay`.
pub struct LiteLlm {
    /// `http://127.0.0.1:PORT`
    pub base: String,
    process: Process,
    home: TempDir,
}

/// How long it may take to start: it loads for many seconds.
const START: Duration = Duration::from_secs(180);

impl LiteLlm {
    /// The key that it asks for.
    pub const KEY: &str = "sk-0123456789abcdef0123456789abcdef01234567";

    /// Starts it with models by name, each with the API and the model that it stands for. `None`, with a word about
    /// what is left out, where PyPI cannot be reached.
    pub async fn start(replay: &Replay, models: &[(&str, &str, &str)]) -> Option<Self> {
        let script = root().join("tests/support/litellm.sh");
        let installed = Command::new(script).arg("install").output().unwrap();
        let told = String::from_utf8_lossy(&installed.stderr).into_owned();
        assert!(installed.status.success(), "LiteLLM cannot be installed:\n{told}");
        let binary = String::from_utf8_lossy(&installed.stdout).trim().to_owned();
        if binary.is_empty() {
            // Past the capture of test output: everyone shall see it.
            let _ = writeln!(std::io::stderr(), "\n{told}");
            return None;
        }
        let home = TempDir::new().unwrap();
        let mut config = "model_list:\n".to_owned();
        for (name, api, model) in models {
            let base = if *api == "openai" { format!("{}/v1", replay.base) } else { replay.base.clone() };
            config += &format!(
                "  - model_name: {name}\n    litellm_params:\n      model: \"{api}/{model}\"\n      \
                 api_base: {base}\n      api_key: upstream-key\n"
            );
        }
        config += "litellm_settings:\n  num_retries: 0\n";
        let file = home.path().join("config.yaml");
        fs::write(&file, config).unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port().to_string();
        let mut command = Command::new(binary);
        command.args(["--host", "127.0.0.1", "--port", &port, "--telemetry", "False", "--config"]).arg(file);
        command.current_dir(home.path());
        command.env("LITELLM_MASTER_KEY", Self::KEY);
        command.env("LITELLM_USE_CHAT_COMPLETIONS_URL_FOR_ANTHROPIC_MESSAGES", "true");
        command.env("LITELLM_LOCAL_MODEL_COST_MAP", "True");
        let litellm = Self { base: format!("http://127.0.0.1:{port}"), process: Process::start(&command), home };
        // Another test may be first; one is as good as the other.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        within(START, "LiteLLM to listen", async || {
            let alive = client.get(format!("{}/health/liveliness", litellm.base)).send().await;
            alive.is_ok_and(|answer| answer.status().is_success()).then_some(())
        })
        .await;
        Some(litellm)
    }
}

impl Drop for LiteLlm {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let said = [self.process.out(), self.process.err()].concat();
            eprintln!("--- the end of what LiteLLM said ---");
            for line in said.iter().skip(said.len().saturating_sub(60)) {
                eprintln!("{line}");
            }
        }
    }
}
