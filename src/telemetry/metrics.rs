//! What is counted, for `/metrics`. Every label has few values: providers and models are those that are configured or
//! listed, tools those that are built in, routes are patterns, outcomes are codes of the contract.
//!
//! Without [`install`] (tests, commands) nothing is counted, and nothing else changes.

mod process;

use std::{sync::OnceLock, time::Duration};

use metrics::{counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

use super::TelemetryError;

pub use process::look as look_at_process;

static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();

const BUILD: &str = "sayso_build_info";
const CALLS: &str = "sayso_model_calls_total";
const RETRIES: &str = "sayso_model_retries_total";
const FALL_OVERS: &str = "sayso_model_fall_overs_total";
const FIRST_TOKEN: &str = "sayso_model_first_token_seconds";
const STREAM: &str = "sayso_model_stream_seconds";
const TOKENS: &str = "sayso_model_tokens_total";
const RESERVATIONS: &str = "sayso_model_reservations_open";
const PROVIDER: &str = "sayso_provider_available";
const TURNS: &str = "sayso_turns_running";
const TURNS_OPEN: &str = "sayso_turns_open";
const TURNS_ENDED: &str = "sayso_turns_ended_total";
const RESUMED: &str = "sayso_turn_resume_seconds";
const WAITING: &str = "sayso_approvals_waiting";
const DECISIONS: &str = "sayso_approvals_total";
const DECIDED_AFTER: &str = "sayso_approval_seconds";
const TOOL_RUNS: &str = "sayso_tool_runs_total";
const TOOL_SECONDS: &str = "sayso_tool_run_seconds";
const SOCKETS: &str = "sayso_sockets_open";
const REQUESTS: &str = "sayso_http_requests_total";
const TOPICS: &str = "sayso_topic_refusals_total";
const DATABASE: &str = "sayso_database_available";
const POOL_SIZE: &str = "sayso_database_connections";
const POOL_MOST: &str = "sayso_database_connections_max";
const POOL_IDLE: &str = "sayso_database_connections_idle";
const POOL_WAITING: &str = "sayso_database_connections_awaited";

/// How often what was measured is gathered, so that memory does not grow while nobody asks.
const GATHER: Duration = Duration::from_secs(5);

/// From a cached local model to one that thinks for minutes.
const MODEL_SECONDS: [f64; 12] = [0.1, 0.25, 0.5, 1.0, 2.0, 3.0, 5.0, 10.0, 20.0, 60.0, 120.0, 300.0];

/// From a file that is read to a page that hardly comes.
const RUN_SECONDS: [f64; 11] = [0.005, 0.02, 0.05, 0.1, 0.5, 1.0, 2.0, 5.0, 15.0, 60.0, 300.0];

/// From a person who looks on to one who comes back after the weekend.
const PERSON_SECONDS: [f64; 11] = [1.0, 3.0, 10.0, 30.0, 60.0, 300.0, 900.0, 3600.0, 14_400.0, 86_400.0, 259_200.0];

/// Begins to count, once in a process.
///
/// # Errors
/// When another recorder is there already.
pub fn install() -> Result<(), TelemetryError> {
    if HANDLE.get().is_some() {
        return Ok(());
    }
    let fault = |error: metrics_exporter_prometheus::BuildError| TelemetryError(error.to_string());
    let mut builder = PrometheusBuilder::new();
    for (name, buckets) in [
        (FIRST_TOKEN, &MODEL_SECONDS[..]),
        (STREAM, &MODEL_SECONDS),
        (RESUMED, &MODEL_SECONDS),
        (TOOL_SECONDS, &RUN_SECONDS),
        (DECIDED_AFTER, &PERSON_SECONDS),
    ] {
        builder = builder.set_buckets_for_metric(Matcher::Full(name.to_owned()), buckets).map_err(fault)?;
    }
    let handle = builder.install_recorder().map_err(fault)?;
    describe();
    // Two at once: one of them is enough.
    let _ = HANDLE.set(handle);
    Ok(())
}

fn describe() {
    describe_gauge!(BUILD, "1, with what this process was built from and the database it uses");
    describe_counter!(CALLS, "Model calls that ended, by provider, model and outcome (ok, stopped, or a code)");
    describe_counter!(RETRIES, "Attempts at the same provider again, by provider and the code of what failed");
    describe_counter!(FALL_OVERS, "Calls that another provider took over, by provider, successor and code");
    describe_histogram!(FIRST_TOKEN, "Seconds from asking to the first token, retries included, by provider");
    describe_histogram!(STREAM, "Seconds from the first token of a reply to its end, by provider");
    describe_counter!(TOKENS, "Tokens settled, by provider, model and kind (input, output, cached)");
    describe_gauge!(RESERVATIONS, "Model calls of all instances that hold a reservation");
    describe_gauge!(PROVIDER, "Whether a provider is asked (1) or left out for a while (0)");
    describe_gauge!(TURNS, "Turns that run on this instance");
    describe_gauge!(TURNS_OPEN, "Turns of all instances that are not over, by state");
    describe_counter!(TURNS_ENDED, "Turns that ended, by state and code (none without a failure)");
    describe_histogram!(RESUMED, "Seconds from the decision that let a turn go on to the model's next token");
    describe_gauge!(WAITING, "Tool calls of all instances that wait for a decision");
    describe_counter!(DECISIONS, "Tool calls that were decided, by decision");
    describe_histogram!(
        DECIDED_AFTER,
        "Seconds from a tool call's being asked for to its person's decision, by decision"
    );
    describe_counter!(TOOL_RUNS, "Runs of tools, by tool and outcome");
    describe_histogram!(TOOL_SECONDS, "Seconds that a run of a tool took, by tool");
    describe_gauge!(SOCKETS, "Sockets open on this instance, by kind");
    describe_counter!(REQUESTS, "HTTP requests, by the pattern of their address and status");
    describe_counter!(TOPICS, "Replies that were held back because they are outside the tenant's topics");
    describe_gauge!(DATABASE, "Whether the database answered when these numbers were asked for");
    describe_gauge!(POOL_SIZE, "Connections to the database, by pool");
    describe_gauge!(POOL_MOST, "How many connections to the database there may be, by pool");
    describe_gauge!(POOL_IDLE, "Connections to the database that nobody uses, by pool");
    describe_gauge!(POOL_WAITING, "Who waits for a connection to the database, by pool");
    process::describe();
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

/// From what this process was built, and what it stores in.
pub fn built(version: &'static str, commit: Option<&'static str>, database: &'static str) {
    gauge!(BUILD, "version" => version, "commit" => commit.unwrap_or("unknown"), "database" => database).set(1.0);
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

/// A reply is over, however it ended, so long after its first token.
pub fn streamed(provider: &'static str, for_so_long: Duration) {
    histogram!(STREAM, "provider" => provider).record(for_so_long.as_secs_f64());
}

/// How many model calls hold a reservation.
pub fn reservations_open(count: i64) {
    set(RESERVATIONS, count);
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

/// How many turns are in a state from which they go on.
#[allow(clippy::cast_precision_loss, reason = "nobody runs 2^52 turns")]
pub fn turns_open(state: &'static str, count: i64) {
    gauge!(TURNS_OPEN, "state" => state).set(count as f64);
}

/// A turn ended, with a failure's code or none.
pub fn turn_ended(state: &'static str, code: Option<&str>) {
    counter!(TURNS_ENDED, "state" => state, "code" => code.unwrap_or("none").to_owned()).increment(1);
}

/// The model answered again, so long after the decision that it waited for.
pub fn turn_resumed(after: Duration) {
    histogram!(RESUMED).record(after.as_secs_f64());
}

/// How many tool calls wait for a decision.
pub fn approvals_waiting(count: i64) {
    set(WAITING, count);
}

/// A tool call was decided: by its person, so long after it was asked for, or without them.
pub fn decided(decision: &'static str, after: Option<Duration>) {
    counter!(DECISIONS, "decision" => decision).increment(1);
    if let Some(after) = after {
        histogram!(DECIDED_AFTER, "decision" => decision).record(after.as_secs_f64());
    }
}

/// A tool ran: `succeeded`, `outcome_unknown`, or a code. `tool` is the name of one that is built in, or `other`.
pub fn tool_ran(tool: &str, outcome: &str, for_so_long: Duration) {
    let (tool, outcome) = (tool.to_owned(), outcome.to_owned());
    counter!(TOOL_RUNS, "tool" => tool.clone(), "outcome" => outcome).increment(1);
    histogram!(TOOL_SECONDS, "tool" => tool).record(for_so_long.as_secs_f64());
}

/// How many sockets of a kind are open here.
#[allow(clippy::cast_precision_loss, reason = "nobody has 2^52 sockets")]
pub fn sockets_open(kind: &'static str, count: usize) {
    gauge!(SOCKETS, "kind" => kind).set(count as f64);
}

/// A request was answered. `route` is the pattern of its address, never the address.
pub fn answered(route: &str, status: u16) {
    counter!(REQUESTS, "route" => route.to_owned(), "status" => status.to_string()).increment(1);
}

/// A reply was held back.
pub fn topic_refused() {
    counter!(TOPICS).increment(1);
}

/// Whether the database answers.
pub fn database_available(is_available: bool) {
    gauge!(DATABASE).set(if is_available { 1.0 } else { 0.0 });
}

/// How a pool of connections stands.
#[allow(clippy::cast_precision_loss, reason = "a pool has some dozens of connections")]
pub fn pool(name: &'static str, size: usize, most: usize, idle: usize, waiting: usize) {
    for (metric, count) in [(POOL_SIZE, size), (POOL_MOST, most), (POOL_IDLE, idle), (POOL_WAITING, waiting)] {
        gauge!(metric, "pool" => name).set(count as f64);
    }
}

#[allow(clippy::cast_precision_loss, reason = "these are counts of open things")]
fn set(metric: &'static str, count: i64) {
    gauge!(metric).set(count as f64);
}
