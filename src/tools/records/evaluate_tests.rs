//! Others go on while it is looked through collections.

use std::{
    sync::{
        Mutex,
        atomic::AtomicUsize,
        mpsc::{Sender, channel},
    },
    time::Duration,
};

use serde_json::json;
use tokio::{sync::mpsc, task::JoinHandle};

use super::*;
use crate::{
    config::DatabaseUrl,
    db::{Access, Database, Scope},
    models::{record::NewRecord, tenant},
};

/// How many documents the collection has.
const DOCUMENTS: usize = 3;

/// A collection whose looks wait, at each document, until they are let go on.
struct Slow {
    store: Store,
    tenant: TenantId,
    judge: Judge<()>,
    begun: mpsc::UnboundedReceiver<()>,
    judged: Arc<AtomicUsize>,
    let_go: Sender<()>,
    _folder: tempfile::TempDir,
}

impl Slow {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = DatabaseUrl::Sqlite(folder.path().join("sayso.db"));
        let db = Database::open(&url, Access::Serve).await.unwrap();
        let mut tx = db.write(Scope::System("test")).await.unwrap();
        let tenant = tenant::create(&mut tx, "here", "Here").await.unwrap().id;
        tx.commit().await.unwrap();
        let (begins, begun) = mpsc::unbounded_channel();
        let (let_go, goes_on) = channel();
        let (judged, goes_on) = (Arc::new(AtomicUsize::new(0)), Mutex::new(goes_on));
        let count = Arc::clone(&judged);
        let judge: Judge<()> = Arc::new(move |_| {
            count.fetch_add(1, Ordering::SeqCst);
            begins.send(()).unwrap();
            goes_on.lock().unwrap().recv().ok()
        });
        let store = Store { gate: Arc::new(Semaphore::new(1)), ..Store::new(db, 1 << 20) };
        let slow = Self { store, tenant, judge, begun, judged, let_go, _folder: folder };
        slow.write("slow", DOCUMENTS).await;
        slow
    }

    async fn write(&self, collection: &str, count: usize) {
        let mut tx = self.store.db.write(self.tenant).await.unwrap();
        let opened = record::open(&mut tx, self.tenant, collection).await.unwrap();
        let new = |n: usize| NewRecord { id: n.to_string(), document: json!({"_id": n.to_string()}).to_string() };
        record::insert(&mut tx, &opened, &(0..count).map(new).collect::<Vec<_>>(), 1 << 20).await.unwrap().unwrap();
        tx.commit().await.unwrap();
    }

    fn look(&self) -> JoinHandle<usize> {
        let (store, tenant, judge) = (self.store.clone(), self.tenant, self.judge.clone());
        tokio::spawn(async move {
            let mut found = 0;
            let take = |_, _, ()| {
                found += 1;
                true
            };
            store.look(tenant, "slow", &judge, take).await.unwrap();
            found
        })
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn others_read_and_write_while_many_look() {
    let mut slow = Slow::new().await;
    // More of them than there are connections.
    let looks: Vec<_> = (0..40).map(|_| slow.look()).collect();
    slow.begun.recv().await.unwrap();
    slow.write("other", 1).await;
    slow.write("slow-too", 1).await;
    let mut tx = slow.store.db.read(slow.tenant).await.unwrap();
    assert_eq!(record::collections(&mut tx, slow.tenant).await.unwrap().len(), 3);
    drop(tx);
    // All that time, the first has been at its first document, and no other has begun.
    assert_eq!((slow.judged.load(Ordering::SeqCst), slow.begun.try_recv().is_err()), (1, true));
    for _ in 0..40 * DOCUMENTS {
        slow.let_go.send(()).unwrap();
    }
    for look in looks {
        assert_eq!(look.await.unwrap(), DOCUMENTS);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whom_nobody_waits_for_stops_at_the_next_document() {
    let mut slow = Slow::new().await;
    let look = slow.look();
    slow.begun.recv().await.unwrap();
    look.abort();
    assert!(look.await.unwrap_err().is_cancelled());
    // The thread is still at its document, so it is still its turn.
    assert_eq!(slow.store.gate.available_permits(), 0);
    for _ in 0..DOCUMENTS {
        slow.let_go.send(()).unwrap();
    }
    slow.store.evaluate(|| ()).await.unwrap();
    assert_eq!(slow.judged.load(Ordering::SeqCst), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_wait_for_a_turn_counts() {
    let slow = Slow::new().await;
    let store = slow.store.clone().within(Duration::from_millis(10));
    let turn = store.turn().await.unwrap();
    let error = store.in_time(async { store.evaluate(|| Ok(())).await }).await.unwrap_err();
    assert_eq!(error.code, "tool_timeout");
    drop(turn);
    assert_eq!(slow.store.in_time(async { slow.store.evaluate(|| Ok(())).await }).await, Ok(()));
}
