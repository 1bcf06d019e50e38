//! Runs that say what they begin with, and give their result at the end, all of it at once.

use futures_util::{StreamExt as _, future, stream};
use tokio_util::sync::CancellationToken;

use super::{ToolError, ToolEvent, ToolRun};

/// A run that ends with what the work gives. Until then `begins` is what can be seen of it: whom it asks for what.
/// Cancelled, it ends at once.
pub fn run(
    begins: String,
    work: impl Future<Output = Result<String, ToolError>> + Send + 'static,
    cancel: CancellationToken,
) -> ToolRun {
    let ends = async move {
        let stopped = || Err(ToolError::new("tool_error", "It was stopped."));
        ToolEvent::Finished(cancel.run_until_cancelled(work).await.unwrap_or_else(stopped))
    };
    stream::once(future::ready(ToolEvent::Chunk(begins))).chain(stream::once(ends)).boxed()
}

/// A run that cannot begin.
pub fn refused(error: ToolError) -> ToolRun {
    stream::once(future::ready(ToolEvent::Finished(Err(error)))).boxed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_it_begins_with_is_told_before_the_work_is_done() {
        let (done, waits) = tokio::sync::oneshot::channel::<()>();
        let work = async {
            waits.await.unwrap();
            Ok("result".to_owned())
        };
        let mut events = run("Asking …\n".into(), work, CancellationToken::new());
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
        let events: Vec<_> = run(String::new(), std::future::pending(), cancel).collect().await;
        assert!(matches!(&events[..], [_, ToolEvent::Finished(Err(error))] if error.code == "tool_error"));
    }
}
