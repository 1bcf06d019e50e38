//! Looking through collections: it takes the processor, so it is done where it may block, by few at a time, and without
//! a connection to the database in hand; whoever else writes or reads goes on meanwhile.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::available_parallelism,
    time::{Duration, Instant},
};

use serde_json::Value;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{filter::Filter, store::Store};
use crate::{
    error::{Error, Result},
    models::record::{self, Record},
    types::TenantId,
};

/// Documents that are read at once.
const PAGE: i64 = 500;

/// Looks at a document: nothing for one that is not meant. Asked on a thread that may block.
pub(super) type Judge<S> = Arc<dyn Fn(&Value) -> Option<S> + Send + Sync>;

/// What a filter means.
pub(super) fn meant(filter: &Arc<Filter>) -> Judge<()> {
    let filter = Arc::clone(filter);
    Arc::new(move |value| filter.matches(value).then_some(()))
}

/// How many may look at once: half of the processors, so that there is always one for the rest.
pub(super) fn gate() -> Arc<Semaphore> {
    let processors = available_parallelism().map_or(1, usize::from);
    Arc::new(Semaphore::new((processors / 2).max(1)))
}

/// What is found of a collection.
pub(super) struct Found {
    /// The documents, as stored and as values, in their order.
    pub documents: Vec<(Record, Value)>,
    /// Whether there are more of them.
    pub more: bool,
}

/// Tells a thread that nobody waits for it any more, as soon as this is dropped.
#[derive(Default)]
struct Waiting(Arc<AtomicBool>);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl Store {
    /// Looks through a collection and hands on what is meant, some documents at a time, until `take` has enough. Each
    /// time it is seen as it is then; who must know that it has not changed in between looks at when it last did.
    pub(super) async fn look<S: Send + 'static>(
        &self,
        tenant: TenantId,
        collection: &str,
        judge: &Judge<S>,
        mut take: impl FnMut(Record, Value, S) -> bool,
    ) -> Result<()> {
        let mut last: Option<Record> = None;
        // Who waits for this has given up by then.
        let until = Instant::now() + self.time + Duration::from_secs(1);
        let waiting = Waiting::default();
        loop {
            let permit = self.turn().await?;
            let page = {
                let mut tx = self.db.read(tenant).await?;
                record::page(&mut tx, tenant, collection, last.as_ref(), PAGE).await?
            };
            let Some(end) = page.last().cloned() else { return Ok(()) };
            let (judge, is_over) = (judge.clone(), Arc::clone(&waiting.0));
            let goes_on = move || !is_over.load(Ordering::Relaxed) && Instant::now() < until;
            let matched = blocking(permit, move || {
                let read = page.into_iter().take_while(|_| goes_on()).map(|record| {
                    let value: Value = serde_json::from_str(&record.document)
                        .map_err(|error| Error::internal(format!("document {}: {error}", record.id)))?;
                    Ok(judge(&value).map(|found| (record, value, found)))
                });
                read.filter_map(Result::transpose).collect::<Result<Vec<_>>>()
            });
            for (record, value, found) in matched.await?? {
                if !take(record, value, found) {
                    return Ok(());
                }
            }
            if Instant::now() >= until {
                return Err(Error::internal("looking through a collection took too long"));
            }
            last = Some(end);
        }
    }

    /// The first documents that are meant.
    pub(super) async fn first(
        &self,
        tenant: TenantId,
        collection: &str,
        filter: &Arc<Filter>,
        most: usize,
    ) -> Result<Found> {
        let mut found = Found { documents: Vec::new(), more: false };
        self.look(tenant, collection, &meant(filter), |record, value, ()| {
            found.more = found.documents.len() == most;
            if !found.more {
                found.documents.push((record, value));
            }
            !found.more
        })
        .await?;
        Ok(found)
    }

    /// Other work that takes the processor, in its turn. Whoever waits for it holds no connection.
    pub(super) async fn evaluate<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        blocking(self.turn().await?, work).await
    }

    async fn turn(&self) -> Result<OwnedSemaphorePermit> {
        Arc::clone(&self.gate).acquire_owned().await.map_err(Error::internal)
    }
}

/// The permit goes with the work: it ends when the work does, however long ago its future was dropped.
async fn blocking<T: Send + 'static>(
    permit: OwnedSemaphorePermit,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T> {
    let work = tokio::task::spawn_blocking(move || {
        let done = work();
        drop(permit);
        done
    });
    work.await.map_err(Error::internal)
}

#[cfg(test)]
#[path = "evaluate_tests.rs"]
mod tests;
