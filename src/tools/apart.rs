//! Work over what a stranger wrote that may take a processor for as long as it likes: done in a thread of its own, and not
//! waited for beyond a limit.
//!
//! The attack meant is the schema made to be slow. One of which that is known beforehand is not begun (`schema_cost`); for
//! what is slow otherwise (patterns, a busy machine) there is this. Nothing can interrupt the check, so its thread goes on to its end; but nobody waits for it, no runtime lends it a worker, and there are at most
//! a few such threads, after which others' checks fail in words instead of piling up.

use std::time::Duration;

use tokio::{
    sync::{Semaphore, oneshot},
    time::timeout,
};

use super::ToolError;

/// Threads at once.
static GATE: Semaphore = Semaphore::const_new(4);

/// How long a place, and then the work, is waited for.
const PATIENCE: Duration = Duration::from_secs(2);

/// What the work gave.
///
/// # Errors
/// `tool_error` when there is no place, or it takes too long.
pub(super) async fn run<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, ToolError> {
    run_within(&GATE, PATIENCE, work).await
}

async fn run_within<T: Send + 'static>(
    gate: &'static Semaphore,
    patience: Duration,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, ToolError> {
    let late = || ToolError::new("tool_error", "The arguments could not be checked against the tool's schema in time.");
    let place = timeout(patience, gate.acquire()).await.ok().and_then(Result::ok).ok_or_else(late)?;
    let (done, given) = oneshot::channel();
    let worked = std::thread::Builder::new().name("stranger".to_owned()).spawn(move || {
        let _place = place;
        // Whoever asked may have gone.
        let _ = done.send(work());
    });
    if worked.is_err() {
        return Err(late());
    }
    timeout(patience, given).await.ok().and_then(Result::ok).ok_or_else(late)
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[tokio::test]
    async fn what_takes_too_long_is_left_and_takes_its_place_with_it() {
        static ONE: Semaphore = Semaphore::const_new(1);
        let short = Duration::from_millis(50);
        let (release, held) = mpsc::channel::<()>();
        let stuck = run_within(&ONE, short, move || held.recv().is_err()).await;
        assert_eq!(stuck.unwrap_err().code, "tool_error");
        assert!(run_within(&ONE, short, || 1).await.is_err(), "there was no place, but it ran");
        drop(release);
        assert_eq!(run_within(&ONE, Duration::from_secs(20), || 1).await, Ok(1));
    }

    #[tokio::test]
    async fn a_schema_that_doubles_holds_nobody_up() {
        use super::super::{Arguments, Schema};
        use serde_json::{Map, json};
        // Each step is checked twice by the one before: 2²⁶ checks.
        let mut steps = Map::new();
        for step in 0..26 {
            let next = json!({"$ref": format!("#/$defs/s{}", step + 1)});
            steps.insert(format!("s{step}"), json!({"allOf": [next, next]}));
        }
        steps.insert("s26".to_owned(), json!({"type": "object"}));
        let schema = json!({"type": "object", "$defs": steps, "$ref": "#/$defs/s0"});
        let began = std::time::Instant::now();
        let arguments = Arguments::parse("{}").unwrap();
        let _ = run(move || Schema::compile(&schema).map(|schema| schema.check(&arguments))).await;
        assert!(began.elapsed() < Duration::from_secs(15), "{:?}", began.elapsed());
    }
}
