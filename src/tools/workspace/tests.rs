//! What a model, a person and a neighbour on the same host can do with `write_file`, through the trait alone.

use std::{
    fs,
    os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink},
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use futures_util::StreamExt as _;
use serde_json::json;
use tokio_util::sync::CancellationToken;

use super::*;
use crate::{
    config::DatabaseUrl,
    db::{Access, Database},
    tools::{Arguments, Tool as _, ToolContext, ToolEvent, Toolbox},
    types::{Digest, Preview, TenantId, UserId},
};

/// A workspace in a folder of its own, beside another folder that is none of a tool's business.
pub(super) struct Fixture {
    folder: tempfile::TempDir,
    pub(super) tool: WriteFile,
    pub(super) read: ReadFile,
    pub(super) list: ListFiles,
}

/// The longest file of these tests.
pub(super) const LIMIT: u64 = 300_000;

async fn ledger(folder: &Path) -> Ledger {
    fs::create_dir_all(folder.join("database")).unwrap();
    let url = DatabaseUrl::Sqlite(folder.join("database/sayso.db"));
    Ledger::new(Database::open(&url, Access::Serve).await.unwrap(), LIMIT, 2 * LIMIT)
}

pub(super) type Outcome = Result<String, ToolError>;

impl Fixture {
    pub(super) async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("outside")).unwrap();
        fs::write(folder.path().join("outside/secret.txt"), "secret").unwrap();
        let workspace = Workspace::open(&folder.path().join("workspace")).unwrap();
        let tool = WriteFile::new(workspace.clone(), ledger(folder.path()).await);
        Self { read: ReadFile::new(workspace.clone(), LIMIT), list: ListFiles::new(workspace), folder, tool }
    }

    pub(super) fn outside(&self, path: &str) -> PathBuf {
        self.folder.path().join("outside").join(path)
    }

    /// A path in the folder of the tenant `acme`, which is made.
    pub(super) fn inside(&self, path: &str) -> PathBuf {
        let tenant = self.folder.path().join("workspace/acme");
        fs::create_dir_all(&tenant).unwrap();
        tenant.join(path)
    }

    async fn preview(&self, slug: &str, path: &str, content: &str) -> Result<Preview, ToolError> {
        self.tool.preview(&context(slug), &arguments(path, content)).await
    }

    async fn run(&self, path: &str, content: &str, precondition: Option<&str>) -> (String, Outcome) {
        let run = self.tool.run(&context("acme"), &arguments(path, content), precondition, CancellationToken::new());
        let mut events: Vec<ToolEvent> = run.collect().await;
        let Some(ToolEvent::Finished(outcome)) = events.pop() else { panic!("it did not finish") };
        let chunks = events.into_iter().map(|event| match event {
            ToolEvent::Chunk(chunk) => chunk,
            ToolEvent::Finished(_) | ToolEvent::Lost(_) => panic!("it finished twice"),
        });
        (chunks.collect(), outcome.map(|result| result.text))
    }

    /// Shows it and runs it, as `acme`.
    pub(super) async fn write(&self, path: &str, content: &str) -> Outcome {
        let preview = self.preview("acme", path, content).await?;
        self.run(path, content, preview.precondition.as_deref()).await.1
    }

    async fn took_effect(&self, path: &str, content: &str, precondition: Option<&str>) -> Option<bool> {
        self.tool.took_effect(&context("acme"), &arguments(path, content), precondition).await
    }

    /// Every file and folder below the fixture, with what it holds.
    pub(super) fn everything(&self) -> Vec<(PathBuf, Option<String>)> {
        fn walk(folder: &Path, found: &mut Vec<(PathBuf, Option<String>)>) {
            for entry in fs::read_dir(folder).unwrap().flatten() {
                let kind = entry.file_type().unwrap();
                found.push((entry.path(), kind.is_file().then(|| fs::read_to_string(entry.path()).unwrap())));
                if kind.is_dir() {
                    walk(&entry.path(), found);
                }
            }
        }
        let mut found = Vec::new();
        walk(&self.folder.path().join("workspace"), &mut found);
        walk(&self.folder.path().join("outside"), &mut found);
        found.sort();
        found
    }
}

pub(super) fn context(slug: &str) -> ToolContext {
    ToolContext {
        tenant: TenantId::new(),
        tenant_slug: slug.to_owned(),
        user: UserId::new(),
        call: None,
        within: None,
        elicit: std::sync::Arc::new(crate::tools::mcp::Decline),
    }
}

pub(super) fn arguments(path: &str, content: &str) -> Arguments {
    Arguments::parse(&json!({"path": path, "content": content}).to_string()).unwrap()
}

pub(super) fn hash(content: &str) -> String {
    Digest::of(content.as_bytes()).to_string()
}

#[tokio::test]
async fn a_new_file_and_its_folders_are_made() {
    let fixture = Fixture::new().await;
    let before = fixture.everything();
    let preview = fixture.preview("acme", "notes/2026/hello.txt", "Hello World").await.unwrap();
    assert_eq!(preview.target.as_deref(), Some("notes/2026/hello.txt"));
    assert_eq!(preview.precondition.as_deref(), Some("absent"));
    assert!(preview.difference.unwrap().is_new);
    assert_eq!(fixture.everything(), before, "a preview has no effect");

    let (chunks, outcome) = fixture.run("notes/2026/hello.txt", "Hello World", Some("absent")).await;
    assert_eq!(outcome.unwrap(), "Wrote 11 bytes to notes/2026/hello.txt.");
    assert_eq!(chunks, "Hello World");
    let file = fixture.inside("notes/2026/hello.txt");
    assert_eq!(fs::read_to_string(&file).unwrap(), "Hello World");
    assert_eq!(fs::metadata(&file).unwrap().mode() & 0o777, 0o644);
    assert_eq!(fs::read_dir(file.parent().unwrap()).unwrap().count(), 1, "nothing else is left there");
}

#[tokio::test]
async fn an_existing_file_is_replaced_and_keeps_its_permissions() {
    let fixture = Fixture::new().await;
    let file = fixture.inside("a.sh");
    fs::write(&file, "one\n").unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o4750)).unwrap();
    let preview = fixture.preview("acme", "a.sh", "two\n").await.unwrap();
    assert_eq!(preview.precondition, Some(hash("one\n")));
    assert_eq!(preview.difference.unwrap().lines.len(), 2);
    assert_eq!(fixture.write("a.sh", "two\n").await.unwrap(), "Wrote 4 bytes to a.sh.");
    assert_eq!(fs::read_to_string(&file).unwrap(), "two\n");
    assert_eq!(fs::metadata(&file).unwrap().mode() & 0o7777, 0o750);
    assert_eq!(fixture.write("a.sh", "").await.unwrap(), "Wrote 0 bytes to a.sh.");
    assert_eq!(fs::read(&file).unwrap(), b"");
    assert_eq!(fixture.write("a.sh", "x").await.unwrap(), "Wrote 1 byte to a.sh.");
}

#[tokio::test]
async fn hostile_paths_touch_nothing() {
    let fixture = Fixture::new().await;
    fixture.inside("");
    let outside = fixture.outside("secret.txt");
    let before = fixture.everything();
    for path in ["../../outside/secret.txt", "/etc/sayso", outside.to_str().unwrap(), "a/../b", "C:\\x", "a\0b", "."] {
        assert_eq!(fixture.preview("acme", path, "x").await.unwrap_err().code, "invalid_path");
        assert_eq!(fixture.run(path, "x", Some("absent")).await.1.unwrap_err().code, "invalid_path");
        assert_eq!(fixture.took_effect(path, "x", Some("absent")).await, None);
    }
    assert_eq!(fixture.everything(), before);
    // Ordinary characters: a name is a name, nothing expands or decodes it.
    for path in ["~", "-rf", "notes/..%2fx", "$(id)"] {
        fixture.write(path, "x").await.unwrap();
        assert_eq!(fs::read_to_string(fixture.inside(path)).unwrap(), "x");
    }
}

#[tokio::test]
async fn links_are_refused_wherever_they_lead() {
    let fixture = Fixture::new().await;
    fs::create_dir(fixture.inside("real")).unwrap();
    fs::write(fixture.inside("real/file.txt"), "inside").unwrap();
    symlink(fixture.outside("secret.txt"), fixture.inside("out.txt")).unwrap();
    symlink(fixture.outside("not-there.txt"), fixture.inside("dangling.txt")).unwrap();
    symlink(fixture.outside(""), fixture.inside("out")).unwrap();
    symlink("real/file.txt", fixture.inside("in.txt")).unwrap();
    symlink("real", fixture.inside("in")).unwrap();
    symlink("../out", fixture.inside("real/twice")).unwrap();
    fs::hard_link(fixture.outside("secret.txt"), fixture.inside("hard.txt")).unwrap();
    let before = fixture.everything();
    for path in [
        "out.txt",
        "dangling.txt",
        "out/secret.txt",
        "out/new.txt",
        "in.txt",
        "in/file.txt",
        "real/twice/x",
        "hard.txt",
    ] {
        let error = fixture.preview("acme", path, "x").await.unwrap_err();
        assert_eq!(error.code, "invalid_path", "{path}: {error}");
        for precondition in ["absent".to_owned(), hash("secret"), hash("inside")] {
            assert_eq!(fixture.run(path, "x", Some(&precondition)).await.1.unwrap_err().code, "invalid_path", "{path}");
        }
    }
    assert_eq!(fixture.everything(), before);
}

#[tokio::test]
async fn what_is_no_file_is_refused() {
    let fixture = Fixture::new().await;
    fs::create_dir(fixture.inside("folder")).unwrap();
    fs::write(fixture.inside("file"), "x").unwrap();
    let socket = std::os::unix::net::UnixListener::bind(fixture.inside("socket")).unwrap();
    for path in ["folder", "file/below", "socket", "socket/below"] {
        assert_eq!(fixture.write(path, "x").await.unwrap_err().code, "invalid_path", "{path}");
    }
    drop(socket);
}

/// The attack: a harmless path is shown, and a link stands there when the person has approved.
#[tokio::test]
async fn a_link_put_in_place_after_showing_is_refused() {
    let fixture = Fixture::new().await;
    fs::write(fixture.inside("a.txt"), "secret").unwrap();
    let shown = fixture.preview("acme", "a.txt", "x").await.unwrap().precondition.unwrap();
    fs::remove_file(fixture.inside("a.txt")).unwrap();
    // The content behind the link is the one that was shown, so that only the link gives it away.
    symlink(fixture.outside("secret.txt"), fixture.inside("a.txt")).unwrap();
    assert_eq!(fixture.run("a.txt", "x", Some(&shown)).await.1.unwrap_err().code, "invalid_path");

    fs::create_dir(fixture.inside("notes")).unwrap();
    let shown = fixture.preview("acme", "notes/new.txt", "x").await.unwrap().precondition.unwrap();
    fs::remove_dir(fixture.inside("notes")).unwrap();
    symlink(fixture.outside(""), fixture.inside("notes")).unwrap();
    assert_eq!(fixture.run("notes/new.txt", "x", Some(&shown)).await.1.unwrap_err().code, "invalid_path");

    assert_eq!(fs::read_to_string(fixture.outside("secret.txt")).unwrap(), "secret");
    assert!(!fixture.outside("new.txt").exists());
}

/// The same attack later: between the first chunk and the rename. The stream is held back, so the order is certain.
#[tokio::test]
async fn a_link_put_in_place_while_writing_is_refused() {
    let fixture = Fixture::new().await;
    let content = "x".repeat(200_000);
    for (path, swap) in [("a.txt", "a.txt"), ("notes/a.txt", "notes")] {
        fs::create_dir_all(fixture.inside("notes")).unwrap();
        let cancel = CancellationToken::new();
        let mut run = fixture.tool.run(&context("acme"), &arguments(path, &content), Some("absent"), cancel);
        assert!(matches!(run.next().await, Some(ToolEvent::Chunk(_))));
        if swap == "notes" {
            fs::rename(fixture.inside("notes"), fixture.inside("aside")).unwrap();
        }
        symlink(fixture.outside(""), fixture.inside(swap)).unwrap();
        let last = run.collect::<Vec<_>>().await.pop();
        assert!(matches!(&last, Some(ToolEvent::Finished(Err(error))) if error.code == "invalid_path"), "{last:?}");
        fs::remove_file(fixture.inside(swap)).unwrap();
    }
    assert_eq!(fs::read_dir(fixture.outside("")).unwrap().count(), 1);
    assert_eq!(fs::read_dir(fixture.inside("aside")).unwrap().count(), 0, "the temporary file went away");
}

/// A folder that was moved away while writing is not the one that was shown, even if another stands there.
#[tokio::test]
async fn a_folder_exchanged_while_writing_is_noticed() {
    let fixture = Fixture::new().await;
    fs::create_dir(fixture.inside("notes")).unwrap();
    let (arguments, cancel) = (arguments("notes/a.txt", &"x".repeat(200_000)), CancellationToken::new());
    let mut run = fixture.tool.run(&context("acme"), &arguments, Some("absent"), cancel);
    run.next().await.unwrap();
    fs::rename(fixture.inside("notes"), fixture.inside("aside")).unwrap();
    fs::create_dir(fixture.inside("notes")).unwrap();
    let last = run.collect::<Vec<_>>().await.pop();
    assert!(matches!(&last, Some(ToolEvent::Finished(Err(error))) if error.code == "tool_changed"), "{last:?}");
    for folder in ["notes", "aside"] {
        assert_eq!(fs::read_dir(fixture.inside(folder)).unwrap().count(), 0);
    }
}

#[tokio::test]
async fn tenants_have_folders_of_their_own() {
    let fixture = Fixture::new().await;
    fixture.write("a.txt", "of acme").await.unwrap();
    let preview = fixture.preview("globex", "a.txt", "x").await.unwrap();
    assert_eq!(preview.precondition.as_deref(), Some("absent"), "globex does not see the file of acme");
    for slug in ["", ".", "..", "../outside", "acme/notes", "/etc", "a\0", ".sayso-x"] {
        assert_eq!(fixture.preview(slug, "a.txt", "x").await.unwrap_err().code, "write_failed", "{slug:?}");
    }
    symlink(fixture.outside(""), fixture.folder.path().join("workspace/linked")).unwrap();
    assert_eq!(fixture.preview("linked", "secret.txt", "x").await.unwrap_err().code, "invalid_path");
}

#[tokio::test]
async fn what_changed_since_it_was_shown_is_not_overwritten() {
    let fixture = Fixture::new().await;
    let file = fixture.inside("a.txt");
    let cases: [(Option<&str>, Option<&str>); 3] =
        [(None, Some("came")), (Some("was"), Some("was changed")), (Some("was"), None)];
    for (before, after) in cases {
        let _ = fs::remove_file(&file);
        before.iter().for_each(|content| fs::write(&file, content).unwrap());
        let shown = fixture.preview("acme", "a.txt", "new").await.unwrap().precondition;
        match after {
            Some(content) => fs::write(&file, content).unwrap(),
            None => fs::remove_file(&file).unwrap(),
        }
        let (chunks, outcome) = fixture.run("a.txt", "new", shown.as_deref()).await;
        assert_eq!((chunks.as_str(), outcome.unwrap_err().code), ("", "tool_changed"));
        assert_eq!(fs::read_to_string(&file).ok().as_deref(), after);
    }
    for wrong in [None, Some(""), Some("ABSENT"), Some("absent ")] {
        assert_eq!(fixture.run("b.txt", "new", wrong).await.1.unwrap_err().code, "tool_changed");
    }
    assert!(!fixture.inside("b.txt").exists());
}

#[tokio::test]
async fn a_run_tells_afterwards_whether_it_took_effect() {
    let fixture = Fixture::new().await;
    assert_eq!(fixture.took_effect("a/b.txt", "new", Some("absent")).await, Some(false));
    fixture.write("a/b.txt", "new").await.unwrap();
    assert_eq!(fixture.took_effect("a/b.txt", "new", Some("absent")).await, Some(true));
    assert_eq!(fixture.took_effect("a/b.txt", "newer", Some(&hash("new"))).await, Some(false));
    for (content, precondition) in
        [("new", Some(hash("new"))), ("newer", Some("absent".to_owned())), ("newer", Some(hash("old"))), ("new", None)]
    {
        assert_eq!(fixture.took_effect("a/b.txt", content, precondition.as_deref()).await, None);
    }
}

#[tokio::test]
async fn arguments_of_another_shape_are_refused() {
    let fixture = Fixture::new().await;
    let toolbox =
        Toolbox::new([Arc::new(WriteFile::new(fixture.tool_workspace(), ledger(&fixture.outside("")).await))
            as Arc<dyn crate::tools::Tool>]);
    let fitting = arguments("a.txt", "x");
    assert_eq!(toolbox.check("write_file", &fitting).await, Ok(()));
    assert_eq!(toolbox.clone().check("write_file", &fitting).await, Ok(()));
    assert_eq!(toolbox.check("write_files", &fitting).await.unwrap_err().code, "tool_error");
    for text in ["{}", r#"{"path":"a"}"#, r#"{"path":"a","content":1}"#, r#"{"path":"a","content":"x","mode":511}"#] {
        let arguments = Arguments::parse(text).unwrap();
        assert_eq!(toolbox.check("write_file", &arguments).await.unwrap_err().code, "invalid_payload", "{text}");
        let error = fixture.tool.preview(&context("acme"), &arguments).await.unwrap_err();
        assert_eq!(error.code, "invalid_payload", "{text}");
    }
    assert_eq!(toolbox.iter().count(), 1);
    assert!(toolbox.find("write_file").is_some_and(|tool| tool.definition().server == "sayso"));
}

impl Fixture {
    fn tool_workspace(&self) -> Workspace {
        Workspace::open(&self.folder.path().join("workspace")).unwrap()
    }
}

#[tokio::test]
async fn leftovers_are_swept_and_nothing_else() {
    let fixture = Fixture::new().await;
    let leftover = format!("{TEMPORARY_PREFIX}{}{TEMPORARY_SUFFIX}", uuid::Uuid::now_v7().simple());
    let (old, new) = (SystemTime::now() - Duration::from_secs(7200), SystemTime::now());
    let put = |path: PathBuf, time: SystemTime| {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::File::create(&path).unwrap().set_modified(time).unwrap();
        path
    };
    let swept = [put(fixture.inside(&leftover), old), put(fixture.inside(&format!("a/b/{leftover}")), old)];
    let kept = [
        put(fixture.inside(&format!("c/{leftover}")), new),
        put(fixture.inside("a/notes.txt"), old),
        put(fixture.inside(".sayso-notes.tmp"), old),
        put(fixture.inside(&format!("{leftover}.txt")), old),
        put(fixture.outside(&leftover), old),
    ];
    symlink(fixture.outside(""), fixture.inside("link")).unwrap();
    fs::create_dir(fixture.inside(&format!("d{leftover}"))).unwrap();
    assert_eq!(fixture.tool_workspace().sweep(new - Duration::from_secs(3600)).unwrap(), 2);
    assert!(swept.iter().all(|path| !path.exists()) && kept.iter().all(|path| path.exists()));
}

/// `/proc` takes no folders, from root neither: a fault that the system itself makes.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_workspace_that_takes_nothing_says_so_without_saying_where_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let tool = WriteFile::new(Workspace::open(Path::new("/proc/self")).unwrap(), ledger(folder.path()).await);
    let arguments = arguments("notes/a.txt", "x");
    let preview = tool.preview(&context("acme"), &arguments).await.unwrap();
    let run = tool.run(&context("acme"), &arguments, preview.precondition.as_deref(), CancellationToken::new());
    let events: Vec<ToolEvent> = run.collect().await;
    let [ToolEvent::Finished(Err(error))] = events.as_slice() else { panic!("{events:?}") };
    assert_eq!(error.code, "write_failed");
    assert!(error.message.starts_with("notes/a.txt could not be written: "), "{error}");
    assert!(!error.message.contains("proc"), "{error}");
}
