//! Statements that run on the thread that asks for them. SQLite finds a few rows by their keys in microseconds; to hand that to
//! a blocking thread and to be woken with the answer takes several times as long, and a turn begins with twenty statements.

use futures_util::FutureExt as _;

tokio::task_local! {
    /// Whether SQLite answers on this thread what the task asks.
    static AT_ONCE: bool;
}

/// Has SQLite answer on this thread what `work` asks of it. For rows that are found by their keys, and few of them: nothing
/// else goes on here meanwhile. What may wait, for the disk or for another process, goes to a blocking thread all the same:
/// the beginning of a transaction that writes, and its commit. For PostgreSQL it changes nothing.
pub async fn at_once<T>(work: impl Future<Output = T>) -> T {
    AT_ONCE.scope(true, work).await
}

/// What may take its time within what is done [`at_once`].
pub async fn aside<T>(work: impl Future<Output = T>) -> T {
    AT_ONCE.scope(false, work).await
}

/// What `work` comes to if it waits for nothing.
pub(super) fn now_or_never<T>(work: impl Future<Output = T>) -> Option<T> {
    AT_ONCE.sync_scope(true, || work.now_or_never())
}

/// Whether to answer on this thread.
pub(super) fn is_at_once() -> bool {
    AT_ONCE.try_with(|at_once| *at_once).unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use std::{
        sync::{
            Arc, Mutex,
            mpsc::{self, Sender},
        },
        thread,
    };

    use diesel_async::sync_connection_wrapper::SpawnBlocking as _;

    use super::*;
    use crate::db::sqlite::Blocking;

    async fn thread_of(blocking: &mut Blocking) -> thread::ThreadId {
        blocking.spawn_blocking(|| thread::current().id()).await.unwrap()
    }

    #[tokio::test]
    async fn what_is_asked_at_once_runs_here_and_all_else_elsewhere() {
        let (mut blocking, here) = (Blocking::get_runtime(), thread::current().id());
        assert_ne!(thread_of(&mut blocking).await, here);
        at_once(async {
            // As often as it takes for a thread that is slow to let go.
            for _ in 0..500 {
                assert_ne!(aside(thread_of(&mut blocking)).await, here);
                assert_eq!(thread_of(&mut blocking).await, here);
            }
        })
        .await;
        assert_ne!(thread_of(&mut blocking).await, here);
    }

    /// Who asks at once does not overtake a query that runs although nobody waits for it any more.
    #[tokio::test]
    async fn nothing_overtakes_what_was_begun() {
        let mut blocking = Blocking::get_runtime();
        let order = Arc::new(Mutex::new(Vec::new()));
        let note = |word: &'static str| {
            let order = order.clone();
            move || order.lock().unwrap().push(word)
        };
        let (go, may_go): (Sender<()>, _) = mpsc::channel();
        let first = note("first");
        let begun = blocking.spawn_blocking(move || {
            may_go.recv().unwrap_err();
            first();
        });
        drop(begun);
        let second = at_once(async { blocking.spawn_blocking(note("second")).await.unwrap() });
        let ((), ()) = tokio::join!(second, async { drop(go) });
        assert_eq!(*order.lock().unwrap(), ["first", "second"]);
    }

    #[tokio::test]
    async fn what_must_wait_is_not_had_now() {
        let mut blocking = Blocking::get_runtime();
        assert_eq!(now_or_never(async { blocking.spawn_blocking(|| 1).await.unwrap() }), Some(1));
        assert_eq!(now_or_never(std::future::pending::<()>()), None);
    }
}
