//! What is counted, for `/metrics`. Every label has few values: providers and models are those that are configured or
//! listed, routes are patterns, outcomes are codes of the contract.
//!
//! Without [`install`] (tests, commands) nothing is counted, and nothing else changes.

use std::{sync::OnceLock, time::Duration};

use metrics::{counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

use super::TelemetryError;

static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();

const CALLS: &str = "sayso_model_calls_total";
const RETRIES: &str = "sayso_model_retries_total";
const FALL_OVERS: &str = "sayso_model_fall_overs_total";
const FIRST_TOKEN: &str = "sayso_model_first_token_seconds";
const TOKENS: &str = "sayso_model_tokens_total";
const PROVIDER: &str = "sayso_provider_available";
const TURNS: &str = "sayso_turns_running";
const REQUESTS: &str = "sayso_http_requests_total";
const TOPICS: &str = "sayso_topic_refusals_total";

/// How often what was measured is gathered, so that memory does not grow while nobody asks.
const GATHER: Duration = Duration::from_secs(5);

/// From a cached local model to one that thinks for minutes.
const SECONDS: [f64; 12] = [0.1, 0.25, 0.5, 1.0, 2.0, 3.0, 5.0, 10.0, 20.0, 60.0, 120.0, 300.0];

/// Begins to count, once in a process.
///
/// # Errors
/// When another recorder is there already.
pub fn install() -> Result<(), TelemetryError> {
    if HANDLE.get().is_some() {
        return Ok(());
    }
    let fault = |error: metrics_exporter_prometheus::BuildError| TelemetryError(error.to_string());
    let builder = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Full(FIRST_TOKEN.to_owned()), &SECONDS)
        .map_err(fault)?;
    let handle = builder.install_recorder().map_err(fault)?;
    describe_counter!(CALLS, "Model calls that ended, by provider, model and outcome (ok, stopped, or a code)");
    describe_counter!(RETRIES, "Attempts at the same provider again, by provider and the code of what failed");
    describe_counter!(FALL_OVERS, "Calls that another provider took over, by provider, successor and code");
    describe_histogram!(FIRST_TOKEN, "Seconds from asking to the first token, retries included, by provider");
    describe_counter!(TOKENS, "Tokens settled, by provider, model and kind (input, output, cached)");
    describe_gauge!(PROVIDER, "Whether a provider is asked (1) or left out for a while (0)");
    describe_gauge!(TURNS, "Turns that run on this instance");
    describe_counter!(REQUESTS, "HTTP requests, by the pattern of their address and status");
    describe_counter!(TOPICS, "Replies that were held back because they are outside the tenant's topics");
    // Two at once: one of them is enough.
    let _ = HANDLE.set(handle);
    Ok(())
}

/// Everything that was counted, as Prometheus reads it; nothing before [`install`].
pub fn render() -> String {
    HANDLE.get().map(PrometheusHandle::render).unwrap_or_default()
}

/// Gathers what was measured, from now on. Owned by `app`.
pub async fn gather() {
    let mut look = tokio::time::interval(GATHER);
    loop {
        look.tick().await;
        if let Some(handle) = HANDLE.get() {
            handle.run_upkeep();
        }
    }
}

/// A model call ended: `ok`, `stopped`, or a code.
pub fn call_ended(provider: &str, model: &str, outcome: &'static str) {
    counter!(CALLS, "provider" => provider.to_owned(), "model" => model.to_owned(), "outcome" => outcome).increment(1);
}

/// What a settled call used.
pub fn tokens(provider: &str, model: &str, kind: &'static str, count: i64) {
    let count = u64::try_from(count).unwrap_or(0);
    counter!(TOKENS, "provider" => provider.to_owned(), "model" => model.to_owned(), "kind" => kind).increment(count);
}

/// A provider is tried again within a call.
pub fn retried(provider: &'static str, code: &'static str) {
    counter!(RETRIES, "provider" => provider, "code" => code).increment(1);
}

/// Another provider answered than the first.
pub fn fell_over(provider: &str, successor: &str, code: &str) {
    let (provider, successor, code) = (provider.to_owned(), successor.to_owned(), code.to_owned());
    counter!(FALL_OVERS, "provider" => provider, "successor" => successor, "code" => code).increment(1);
}

/// The first token came.
pub fn first_token(provider: &'static str, after: Duration) {
    histogram!(FIRST_TOKEN, "provider" => provider).record(after.as_secs_f64());
}

/// Whether a provider is asked at present.
pub fn provider_available(provider: &'static str, is_available: bool) {
    gauge!(PROVIDER, "provider" => provider).set(if is_available { 1.0 } else { 0.0 });
}

/// How many turns run here.
#[allow(clippy::cast_precision_loss, reason = "nobody runs 2^52 turns")]
pub fn turns_running(count: usize) {
    gauge!(TURNS).set(count as f64);
}

/// A request was answered. `route` is the pattern of its address, never the address.
pub fn answered(route: &str, status: u16) {
    counter!(REQUESTS, "route" => route.to_owned(), "status" => status.to_string()).increment(1);
}

/// A reply was held back.
pub fn topic_refused() {
    counter!(TOPICS).increment(1);
}
