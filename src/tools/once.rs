//! Runs that give their result at the end, all of it at once.

use futures_util::{StreamExt as _, stream};
use tokio_util::sync::CancellationToken;

use super::{ToolError, ToolEvent, ToolRun};

/// The most bytes of one chunk.
const CHUNK: usize = 64 * 1024;

/// A run that ends with what the work gives: its text in chunks, then as a whole. Cancelled, it ends at once.
pub fn run(
    work: impl Future<Output = Result<String, ToolError>> + Send + 'static,
    cancel: CancellationToken,
) -> ToolRun {
    stream::once(async move {
        let stopped = || Err(ToolError::new("tool_error", "It was stopped."));
        told(cancel.run_until_cancelled(work).await.unwrap_or_else(stopped))
    })
    .flat_map(stream::iter)
    .boxed()
}

fn told(result: Result<String, ToolError>) -> Vec<ToolEvent> {
    let mut events = Vec::new();
    let mut rest = result.as_deref().unwrap_or_default();
    while !rest.is_empty() {
        let (chunk, after) = rest.split_at(rest.floor_char_boundary(CHUNK));
        events.push(ToolEvent::Chunk(chunk.to_owned()));
        rest = after;
    }
    events.push(ToolEvent::Finished(result));
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
        assert_eq!(*last, ToolEvent::Finished(Ok(text.clone())));
        let chunks: Vec<_> = chunks
            .iter()
            .map(|event| match event {
                ToolEvent::Chunk(chunk) => chunk.as_str(),
                ToolEvent::Finished(_) => panic!("something follows the end"),
            })
            .collect();
        assert!(chunks.len() == 4 && chunks.iter().all(|chunk| chunk.len() <= CHUNK));
        assert_eq!(chunks.concat(), text);
    }

    #[tokio::test]
    async fn a_cancelled_run_ends_though_its_work_does_not() {
        let cancel = CancellationToken::new();
        cancel.cancel();
        let events: Vec<_> = run(std::future::pending(), cancel).collect().await;
        assert!(matches!(&events[..], [ToolEvent::Finished(Err(error))] if error.code == "tool_error"));
    }
}
