//! Faults, stops and races of one write.

use std::{
    fs,
    path::PathBuf,
    sync::atomic::{AtomicBool, Ordering},
};

use proptest::prelude::*;

use super::*;
use crate::{
    config::DatabaseUrl,
    db::{Access, Database},
    tools::{
        Arguments, Tool as _, ToolContext,
        workspace::{Ledger, Workspace, WriteFile},
    },
    types::{Digest, TenantId, UserId},
};

struct Fixture {
    folder: tempfile::TempDir,
    workspace: Workspace,
}

impl Fixture {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let workspace = Workspace::open(folder.path()).unwrap();
        fs::create_dir(folder.path().join("acme")).unwrap();
        Self { folder, workspace }
    }

    fn inside(&self, path: &str) -> PathBuf {
        self.folder.path().join("acme").join(path)
    }

    fn job(&self, path: &str, content: impl Into<String>, precondition: &str) -> Job {
        Job { replace: self.replace(path, precondition), content: content.into() }
    }

    fn replace(&self, path: &str, precondition: &str) -> Replace {
        Replace {
            area: Area::whole(&self.workspace, "acme"),
            path: RelativePath::parse(path).unwrap(),
            precondition: precondition.to_owned(),
        }
    }

    async fn ledger(&self) -> Ledger {
        let url = DatabaseUrl::Sqlite(self.folder.path().join("sayso.db"));
        Ledger::new(Database::open(&url, Access::Serve).await.unwrap(), 1 << 20, 1 << 30)
    }

    /// The names in the tenant's folder.
    fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(self.inside(""))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

fn hash(content: &str) -> String {
    Digest::of(content.as_bytes()).to_string()
}

/// A disk that takes so many bytes and then fails with this error.
struct Failing {
    file: File,
    room: usize,
    error: i32,
}

/// As Linux numbers it: the disk is full.
const ENOSPC: i32 = 28;
const EROFS: i32 = 30;
const EDQUOT: i32 = 122;
const EACCES: i32 = 13;

impl Write for Failing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.room.min(bytes.len()) {
            0 => Err(io::Error::from_raw_os_error(self.error)),
            length => {
                self.room -= length;
                self.file.write(&bytes[..length])
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Sink for Failing {
    fn finish(&mut self, _mode: u32) -> io::Result<()> {
        Err(io::Error::from_raw_os_error(self.error))
    }
}

#[test]
fn a_fault_leaves_the_old_file_whole_and_nothing_else() {
    let fixture = Fixture::new();
    fs::write(fixture.inside("a.txt"), "old").unwrap();
    let content = "x".repeat(10_000);
    for (error, says) in
        [(ENOSPC, "the disk is full"), (EDQUOT, "quota"), (EROFS, "read-only"), (EACCES, "may not"), (5, "error")]
    {
        // In the middle of a chunk, and only when all is brought to the disk.
        for (room, taken) in [(6000, 1), (usize::MAX, 3)] {
            for (path, precondition) in [("a.txt", hash("old")), ("b/c/d.txt", "absent".to_owned())] {
                let mut chunks = 0;
                let job = fixture.job(path, &content, &precondition);
                let mut show = |_: &str| {
                    chunks += 1;
                    true
                };
                let sink = |file| Failing { file, room, error };
                let failure = job.perform(&CancellationToken::new(), &mut show, sink).unwrap_err();
                assert_eq!(failure.code, "write_failed");
                assert!(failure.message.contains(says), "{failure}");
                assert_eq!(chunks, taken, "only what was written is shown");
                assert_eq!(fixture.names(), ["a.txt"]);
                assert_eq!(fs::read_to_string(fixture.inside("a.txt")).unwrap(), "old");
            }
        }
    }
}

/// A device that is full indeed: the fault comes from the system, not from us.
#[cfg(target_os = "linux")]
#[test]
fn a_full_device_is_told_as_one() {
    struct Full(fs::File);
    impl Write for Full {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.write(bytes)
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    impl Sink for Full {
        fn finish(&mut self, _mode: u32) -> io::Result<()> {
            self.0.sync_all()
        }
    }
    let fixture = Fixture::new();
    let full = |_| Full(fs::OpenOptions::new().write(true).open("/dev/full").unwrap());
    let job = fixture.job("a.txt", "x", "absent");
    let failure = job.perform(&CancellationToken::new(), &mut |_| true, full).unwrap_err();
    assert_eq!(failure.message, "a.txt could not be written: the disk is full.");
    assert!(fixture.names().is_empty());
}

#[test]
fn stopped_at_any_chunk_it_has_no_effect() {
    let fixture = Fixture::new();
    let content = "x".repeat(3 * CHUNK_BYTES);
    for stop_after in 0..=3 {
        let stop = CancellationToken::new();
        let mut taken = 0;
        if stop_after == 0 {
            stop.cancel();
        }
        let mut show = |_: &str| {
            taken += 1;
            if taken == stop_after {
                stop.cancel();
            }
            true
        };
        // At three all chunks are written and only the rename is left.
        let failure = fixture.job("n/a.txt", &content, "absent").perform(&stop, &mut show, |file| file).unwrap_err();
        assert_eq!((failure.code, taken), ("tool_error", stop_after));
        assert!(fixture.names().is_empty(), "{:?} after {stop_after}", fixture.names());
    }
}

#[tokio::test]
async fn cancelling_the_stream_ends_it_without_effect() {
    let fixture = Fixture::new();
    let cancel = CancellationToken::new();
    let mut run = fixture.job("n/a.txt", "x".repeat(500_000), "absent").stream(&cancel);
    assert!(matches!(run.next().await, Some(ToolEvent::Chunk(_))));
    cancel.cancel();
    let last = run.collect::<Vec<_>>().await.pop();
    assert!(matches!(&last, Some(ToolEvent::Finished(Err(error))) if error.code == "tool_error"), "{last:?}");
    assert!(fixture.names().is_empty());
}

/// A stream that is dropped has nobody to tell when it has cleaned up; the lock says when it has.
#[tokio::test]
async fn dropping_the_stream_ends_it_without_effect() {
    let fixture = Fixture::new();
    fs::write(fixture.inside("a.txt"), "old").unwrap();
    let cancel = CancellationToken::new();
    let mut run = fixture.job("a.txt", "x".repeat(500_000), &hash("old")).stream(&cancel);
    assert!(matches!(run.next().await, Some(ToolEvent::Chunk(_))));
    assert_eq!(fixture.names().len(), 2, "the temporary file lies beside it");
    drop(run);
    assert!(!cancel.is_cancelled(), "the token is the caller's");
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(20);
    while fixture.names() != ["a.txt"] {
        assert!(std::time::Instant::now() < deadline, "{:?}", fixture.names());
        tokio::task::yield_now().await;
    }
    assert_eq!(fs::read_to_string(fixture.inside("a.txt")).unwrap(), "old");
}

#[tokio::test]
async fn a_stream_that_is_never_polled_does_nothing() {
    let fixture = Fixture::new();
    drop(fixture.job("n/a.txt", "x", "absent").stream(&CancellationToken::new()));
    assert!(fixture.names().is_empty());
    let stopped = CancellationToken::new();
    stopped.cancel();
    let events: Vec<ToolEvent> = fixture.job("n/a.txt", "", "absent").stream(&stopped).collect().await;
    assert!(matches!(events.as_slice(), [ToolEvent::Finished(Err(_))]), "{events:?}");
    assert!(fixture.names().is_empty());
}

#[tokio::test]
async fn a_thread_that_dies_leaves_the_outcome_unknown() {
    let run = run_blocking(&CancellationToken::new(), |_, show| {
        show("begun");
        panic!("as a test of what happens then")
    });
    let events: Vec<ToolEvent> = run.collect().await;
    assert_eq!(events.first(), Some(&ToolEvent::Chunk("begun".to_owned())));
    assert!(matches!(&events[1..], [ToolEvent::Finished(Err(error))] if error.code == "outcome_unknown"), "{events:?}");
}

#[tokio::test]
async fn five_megabytes_come_out_as_they_went_in() {
    let fixture = Fixture::new();
    let content: String = (0..).map(|n| ['a', 'é', '日', '🦀', '\n'][n % 5]).take(5 * 1024 * 1024 / 2).collect();
    assert!(content.len() > 5 * 1024 * 1024);
    let mut shown = String::new();
    let mut run = fixture.job("big.txt", &content, "absent").stream(&CancellationToken::new());
    while let Some(event) = run.next().await {
        match event {
            ToolEvent::Chunk(chunk) => {
                assert!(chunk.len() <= CHUNK_BYTES);
                shown.push_str(&chunk);
            }
            ToolEvent::Finished(outcome) => assert!(outcome.is_ok(), "{outcome:?}"),
            ToolEvent::Lost(why) => panic!("{why}"),
        }
    }
    assert!(shown == content && fs::read_to_string(fixture.inside("big.txt")).unwrap() == content);
}

/// Whoever stops a run asks right away whether it took effect; the answer must stay true, wherever the run was.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_dropped_run_says_of_its_effect_stays_true() {
    let context = ToolContext {
        tenant: TenantId::new(),
        tenant_slug: "acme".to_owned(),
        user: UserId::new(),
        call: None,
        within: None,
        elicit: std::sync::Arc::new(crate::tools::mcp::Decline),
    };
    // Long enough that comparing it, between the last look at the token and the rename, takes a while.
    let old = "o".repeat(2 * 1024 * 1024);
    for round in 0..24 {
        let fixture = Fixture::new();
        fs::write(fixture.inside("a.txt"), &old).unwrap();
        let (tool, precondition) = (WriteFile::new(fixture.workspace.clone(), fixture.ledger().await), hash(&old));
        let content = "x".repeat(4 * CHUNK_BYTES);
        let arguments = serde_json::json!({"path": "a.txt", "content": content}).to_string();
        let arguments = Arguments::parse(&arguments).unwrap();
        let mut run = tool.run(&context, &arguments, Some(&precondition), CancellationToken::new());
        for _ in 0..4 {
            assert!(matches!(run.next().await, Some(ToolEvent::Chunk(_))));
        }
        // Only fsync, the comparison and the rename are left: rounds drop it before, within and after them.
        (0..round * 20_000).for_each(|_| std::hint::spin_loop());
        drop(run);
        let effect = tool.took_effect(&context, &arguments, Some(&precondition)).await;
        while fixture.names().iter().any(|name| name.starts_with(TEMPORARY_PREFIX)) {
            tokio::task::yield_now().await;
        }
        let there = fs::read_to_string(fixture.inside("a.txt")).unwrap() == content;
        assert_eq!(effect, Some(there), "round {round}");
    }
}

/// Two approvals that rest on the same state: the second would overwrite what its person never saw.
#[test]
fn of_writers_that_rest_on_the_same_state_one_wins() {
    let fixture = Fixture::new();
    for round in 0..20 {
        let path = format!("r{round}/deep/a.txt");
        let won: Vec<String> = std::thread::scope(|scope| {
            let writers: Vec<_> = (0..8)
                .map(|writer| {
                    let content = format!("{writer}").repeat(3 * CHUNK_BYTES);
                    let job = fixture.job(&path, &content, "absent");
                    scope.spawn(move || (job.perform(&CancellationToken::new(), &mut |_| true, |file| file), content))
                })
                .collect();
            let outcomes = writers.into_iter().map(|writer| writer.join().unwrap());
            outcomes
                .filter_map(|(outcome, content)| match outcome {
                    Ok(_) => Some(content),
                    Err(error) => {
                        assert_eq!(error.code, "tool_changed");
                        None
                    }
                })
                .collect()
        });
        assert_eq!(won.len(), 1);
        assert_eq!(fs::read_to_string(fixture.inside(&path)).unwrap(), won[0]);
        assert_eq!(fs::read_dir(fixture.inside(&format!("r{round}/deep"))).unwrap().count(), 1);
    }
}

/// Writers that stop take the folders away that they made; writers that go on must not lose theirs by that.
#[test]
fn a_stopped_writer_takes_no_folder_from_another() {
    let fixture = Fixture::new();
    for round in 0..50 {
        std::thread::scope(|scope| {
            let stops = fixture.job(&format!("r{round}/d/a.txt"), "a", "absent");
            let goes_on = fixture.job(&format!("r{round}/d/b.txt"), "b", "absent");
            scope.spawn(move || stops.perform(&CancellationToken::new(), &mut |_| false, |file| file).unwrap_err());
            scope.spawn(move || goes_on.perform(&CancellationToken::new(), &mut |_| true, |file| file).unwrap());
        });
        assert_eq!(fs::read_to_string(fixture.inside(&format!("r{round}/d/b.txt"))).unwrap(), "b");
        assert_eq!(fs::read_dir(fixture.inside(&format!("r{round}/d"))).unwrap().count(), 1);
    }
}

#[test]
fn a_reader_sees_one_whole_content_or_the_other() {
    let fixture = Fixture::new();
    let contents = ["a".repeat(300_000), "b".repeat(200_000)];
    fs::write(fixture.inside("a.txt"), &contents[0]).unwrap();
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let mut seen = [0, 0];
            while !done.load(Ordering::SeqCst) {
                let read = fs::read_to_string(fixture.inside("a.txt")).expect("it is never away");
                let which = contents.iter().position(|content| *content == read).expect("it is never in between");
                seen[which] += 1;
            }
            seen
        });
        for round in 0..60 {
            let (old, new) = (&contents[round % 2], &contents[(round + 1) % 2]);
            let job = fixture.job("a.txt", new, &hash(old));
            job.perform(&CancellationToken::new(), &mut |_| true, |file| file).unwrap();
        }
        done.store(true, Ordering::SeqCst);
        assert!(reader.join().unwrap().iter().sum::<i32>() > 0);
    });
}

proptest! {
    #[test]
    fn chunks_joined_are_the_content(shift in 0usize..8, characters in "[a🦀é]{1,8}") {
        // Long enough for some ends of chunks to fall within a character.
        let content = format!("{}{}", "-".repeat(shift), characters.repeat(3000));
        let chunks: Vec<&str> = chunks(&content).collect();
        prop_assert!(chunks.iter().all(|chunk| !chunk.is_empty() && chunk.len() <= CHUNK_BYTES));
        prop_assert_eq!(chunks.concat(), content);
    }
}
