//! Where the three tools meet the tables: what they share, and effects that happen once.

use std::{sync::Arc, time::Duration};

use futures_util::{StreamExt as _, future::BoxFuture, stream};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use super::{document::is_collection, evaluate};
use crate::{
    db::{Conn, Database, Transaction},
    error::{Error, Result},
    models::record::{self, MAX_COLLECTIONS, MAX_DOCUMENTS, Refused},
    tools::{ToolContext, ToolError, ToolEvent, ToolRun},
    types::TenantId,
};

/// How long looking or changing may take, unless it is said.
const TIME: Duration = Duration::from_secs(15);

/// The records of all tenants. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    /// The database.
    pub(super) db: Database,
    /// How many bytes a collection may have.
    pub(super) most: u64,
    /// How long looking or changing may take, the wait for its turn included.
    pub(super) time: Duration,
    /// Whose turn it is to take the processor; the same for all clones.
    pub(super) gate: Arc<Semaphore>,
}

impl Store {
    /// Over this database; a collection may have `most` bytes of JSON.
    pub fn new(db: Database, most: u64) -> Self {
        Self { db, most, time: TIME, gate: evaluate::gate() }
    }

    /// The same, under a limit of time of its own.
    #[must_use]
    pub fn within(self, time: Duration) -> Self {
        Self { time, ..self }
    }

    /// Whether it is `is_collection`'s name and there; else what there is, in words.
    pub(super) async fn must_exist(conn: &mut Conn, tenant: TenantId, name: &str) -> Result<Result<(), ToolError>> {
        if record::collection(conn, tenant, name).await?.is_some() {
            return Ok(Ok(()));
        }
        let names: Vec<String> =
            record::collections(conn, tenant).await?.into_iter().map(|collection| collection.name).collect();
        let there = match names.as_slice() {
            [] => "There are none yet; `records_insert` makes one.".to_owned(),
            names => format!("There are: {}.", names.join(", ")),
        };
        Ok(Err(ToolError::new("tool_error", format!("There is no collection “{name}”. {there}"))))
    }

    /// Work that only looks, within the time it may take.
    pub(super) async fn in_time<T>(
        &self,
        work: impl Future<Output = Result<Result<T, ToolError>>>,
    ) -> Result<T, ToolError> {
        match tokio::time::timeout(self.time, work).await {
            Ok(Ok(ended)) => ended,
            Ok(Err(error)) => Err(fault(&error)),
            Err(_) => {
                let words = format!("It took longer than {} seconds. Nothing was changed.", self.time.as_secs());
                Err(ToolError::new("tool_timeout", words))
            }
        }
    }

    /// A transaction for the effect of the context's call, with the note of it; an error where it was noted before.
    pub(super) async fn begin(&self, context: &ToolContext) -> Result<Result<Transaction, ToolError>> {
        let mut tx = self.db.write(context.tenant).await?;
        if let Some(call) = context.call
            && !record::note_call(&mut tx, context.tenant, call).await?
        {
            return Ok(Err(ToolError::new("tool_error", "This call has had its effect before; it has no second.")));
        }
        Ok(Ok(tx))
    }

    /// Whether the effect of the context's call is there. It waits for one that is just being written, and none begins
    /// after it.
    pub(super) async fn took_effect(&self, context: &ToolContext, collection: &str) -> Option<bool> {
        let call = context.call?;
        let look = async {
            // Who had begun to write this collection has ended when it opens.
            let mut tx = self.db.write(context.tenant).await?;
            record::open(&mut tx, context.tenant, collection).await?;
            record::is_noted(&mut tx, context.tenant, call).await
        };
        look.await.inspect_err(|error| tracing::error!(%error, "the effect of a call could not be looked up")).ok()
    }
}

/// The name of a collection, if it is one.
pub(super) fn named(collection: &str) -> Result<(), ToolError> {
    if is_collection(collection) {
        return Ok(());
    }
    let words = "A collection's name is a letter, then at most 63 letters, digits, _ and -.";
    Err(ToolError::new("invalid_payload", words))
}

/// What is wrong with arguments, as the model is told.
pub(super) fn wrong(words: impl Into<String>) -> ToolError {
    ToolError::new("invalid_payload", words)
}

/// A fault, as the model is told: what went wrong is for the operator.
pub(super) fn fault(error: &Error) -> ToolError {
    tracing::error!(%error, "records could not be reached");
    ToolError::new("tool_error", "The records could not be reached. Nothing was changed.")
}

/// Why documents do not fit in, as the model is told.
pub(super) fn refused(refused: &Refused, most: u64) -> ToolError {
    let words = match refused {
        Refused::TooManyCollections => format!("There are {MAX_COLLECTIONS} collections, and that is the most."),
        Refused::TooManyDocuments => format!("A collection has at most {MAX_DOCUMENTS} documents."),
        Refused::TooLarge { bytes } => {
            format!("The collection would have {bytes} bytes; the most is {most}.")
        }
        Refused::Taken(ids) => {
            let some: Vec<_> = ids.iter().take(10).map(String::as_str).collect();
            format!("Documents of these _ids are there already, or come twice: {}.", some.join(", "))
        }
    };
    ToolError::new("tool_error", format!("{words} Nothing was changed."))
}

/// A run of one event: what comes of `work`, unless it is cancelled first.
pub(super) fn run_once(
    cancel: CancellationToken,
    work: impl Future<Output = Result<String, ToolError>> + Send + 'static,
) -> ToolRun {
    stream::once(async move {
        tokio::select! {
            biased;
            () = cancel.cancelled() => ToolEvent::Finished(Err(stopped())),
            ended = work => ToolEvent::said(ended),
        }
    })
    .boxed()
}

fn stopped() -> ToolError {
    ToolError::new("tool_error", "Stopped before it had any effect; nothing was changed.")
}

/// What an effect is made of: everything up to the commit, in the transaction that [`Store::begin`] gives.
pub(super) type Effect =
    Box<dyn FnOnce(Store, ToolContext) -> BoxFuture<'static, Result<Result<Ready, ToolError>>> + Send>;

/// An effect that only wants its commit, with what the model is told then.
pub(super) struct Ready {
    /// The transaction.
    pub tx: Transaction,
    /// What the model is told.
    pub text: String,
}

/// Runs an effect: whole, once, or not at all. Up to the commit it can be cancelled; where nobody can say whether the
/// commit came through, the run ends without a word.
pub(super) fn run_effect(
    store: Store,
    context: ToolContext,
    collection: String,
    cancel: CancellationToken,
    effect: Effect,
) -> ToolRun {
    let run = async move {
        let ready = tokio::select! {
            biased;
            () = cancel.cancelled() => Err(stopped()),
            ready = store.in_time(effect(store.clone(), context.clone())) => ready,
        };
        let Ready { tx, text } = match ready {
            Ok(ready) => ready,
            Err(error) => return Some(Err(error)),
        };
        let Err(error) = tx.commit().await else { return Some(Ok(text)) };
        match store.took_effect(&context, &collection).await {
            Some(true) => Some(Ok(text)),
            Some(false) => Some(Err(fault(&error))),
            None => None,
        }
    };
    stream::once(run).filter_map(|ended| async move { ended.map(ToolEvent::said) }).boxed()
}
