//! What a request began goes on under its id: in tasks of its own, and in what is asked of others.

use tracing::Instrument as _;

use super::RequestId;

tokio::task_local! {
    /// The request that the current task works for.
    static REQUEST: RequestId;
}

/// The id of the request for which the current task works; `None` where nobody asked for what it does.
pub fn request_id() -> Option<RequestId> {
    REQUEST.try_with(RequestId::clone).ok()
}

/// Works for the request of that id.
pub async fn working_for<F: Future>(id: RequestId, work: F) -> F::Output {
    REQUEST.scope(id, work).await
}

/// Work that outlives its request (a turn, a socket), as a task of its own: under the same id and the same span of
/// the log. What nobody asked for, as what a start finds left behind, gets an id of its own.
pub fn following<F: Future>(work: F) -> impl Future<Output = F::Output> {
    let id = request_id().unwrap_or_else(RequestId::new);
    REQUEST.scope(id, work.in_current_span())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_task_works_for_the_request_that_began_it() {
        assert_eq!(request_id(), None);
        let id = RequestId::new();
        let asked = working_for(id.clone(), async { tokio::spawn(following(async { request_id() })).await });
        assert_eq!(asked.await.unwrap(), Some(id));
        // Nobody asked: it has an id all the same, by which its lines belong together.
        assert!(tokio::spawn(following(async { request_id() })).await.unwrap().is_some());
        assert_eq!(tokio::spawn(async { request_id() }).await.unwrap(), None);
    }
}
