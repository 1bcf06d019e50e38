//! Runs that give their result at the end, all of it at once.

use futures_util::{StreamExt as _, future, stream};
use tokio_util::sync::CancellationToken;

use super::{ToolError, ToolEvent, ToolRun};

/// The most bytes of one chunk.
const CHUNK: usize = 64 * 1024;

/// A run that ends with what the work gives: its text in chunks, then as a whole. Cancelled, it ends at once.
pub fn run(
    work: impl Future<Output = Result<String, ToolError>> + Send + 'static,
    cancel: CancellationToken,
) -> ToolRun {
    stream::once(async move { told(ended(work, &cancel).await) }).flat_map(stream::iter).boxed()
}

/// A run that takes its time: it says what it begins with, whom it asks for what, and ends with what the work gives.
/// Cancelled, it ends at once.
pub fn telling(
    begins: String,
    work: impl Future<Output = Result<String, ToolError>> + Send + 'static,
    cancel: CancellationToken,
) -> ToolRun {
    let ends = async move { ToolEvent::said(ended(work, &cancel).await) };
    stream::once(future::ready(ToolEvent::Chunk(begins))).chain(stream::once(ends)).boxed()
}

/// A run that cannot begin.
pub fn refused(error: ToolError) -> ToolRun {
    stream::once(future::ready(ToolEvent::Finished(Err(error)))).boxed()
}

async fn ended(
    work: impl Future<Output = Result<String, ToolError>>,
    cancel: &CancellationToken,
) -> Result<String, ToolError> {
    let stopped = || Err(ToolError::new("tool_error", "It was stopped."));
    cancel.run_until_cancelled(work).await.unwrap_or_else(stopped)
}

fn told(result: Result<String, ToolError>) -> Vec<ToolEvent> {
    let mut events = Vec::new();
    let mut rest = result.as_deref().unwrap_or_default();
    while !rest.is_empty() {
        let (chunk, after) = rest.split_at(rest.floor_char_boundary(CHUNK));
        events.push(ToolEvent::Chunk(chunk.to_owned()));
        rest = after;
    }
    events.push(ToolEvent::said(result));
    events
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_long_result_comes_in_chunks_that_join_to_it() {
        let text = "é".repeat(100_001);
        let result = text.clone();
        let events: Vec<_> = run(async { Ok(result) }, CancellationToken::new()).collect().await;
        let (last, chunks) = events.split_last().unwrap();
        assert_eq!(*last, ToolEvent::Finished(Ok(text.as_str().into())));
        let chunks: Vec<_> = chunks
            .iter()
            .map(|event| match event {
                ToolEvent::Chunk(chunk) => chunk.as_str(),
                ToolEvent::Finished(_) | ToolEvent::Lost(_) => panic!("something follows the end"),
            })
            .collect();
        assert!(chunks.len() == 4 && chunks.iter().all(|chunk| chunk.len() <= CHUNK));
        assert_eq!(chunks.concat(), text);
    }

    #[tokio::test]
    async fn what_it_begins_with_is_told_before_the_work_is_done() {
        let (done, waits) = tokio::sync::oneshot::channel::<()>();
        let work = async {
            waits.await.unwrap();
            Ok("result".to_owned())
        };
        let mut events = telling("Asking …\n".into(), work, CancellationToken::new());
        assert_eq!(events.next().await, Some(ToolEvent::Chunk("Asking …\n".into())));
        assert!(futures_util::poll!(events.next()).is_pending());
        done.send(()).unwrap();
        assert_eq!(events.next().await, Some(ToolEvent::Finished(Ok("result".into()))));
        assert_eq!(events.next().await, None);
    }

    #[tokio::test]
    async fn a_cancelled_run_ends_though_its_work_does_not() {
        let cancel = CancellationToken::new();
        cancel.cancel();
        let quiet = run(std::future::pending(), cancel.clone());
        let begun = telling("begun".into(), std::future::pending(), cancel);
        for (run, chunks) in [(quiet, 0), (begun, 1)] {
            let events: Vec<_> = run.collect().await;
            assert_eq!(events.len(), chunks + 1);
            assert!(matches!(events.last(), Some(ToolEvent::Finished(Err(error))) if error.code == "tool_error"));
        }
    }
}
