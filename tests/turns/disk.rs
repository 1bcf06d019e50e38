//! What the disk and its neighbours do to a write: it ends as failed in words, and the old file is whole.

use std::{
    fs,
    os::unix::fs::{PermissionsExt as _, symlink},
    path::Path,
};

use crate::{
    WISH, both,
    support::{App, Chat, Hold, Person},
};

/// As Linux numbers it: the disk is full.
const ENOSPC: i32 = 28;
/// The file system was remounted to be read only.
const EROFS: i32 = 30;

/// Every name in a folder.
fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// Puts `notes/hello.txt` there, as somebody else's.
fn put(app: &App, content: &str) -> std::path::PathBuf {
    let folder = app.workspace().join(app.tenant()).join("notes");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("hello.txt"), content).unwrap();
    folder
}

/// Asks for the file and approves it; how the call ended.
async fn asked(app: &App, person: &Person) -> (Chat, String) {
    let chat = person.new_conversation(WISH).await;
    chat.approve().await.expect(200);
    chat.until("the end", |page| page.turn() == "completed").await;
    let ended = app.query("SELECT state, error_code FROM tool_calls ORDER BY created_at DESC LIMIT 1");
    (chat, ended)
}

both! {
    async fn a_full_disk_leaves_the_old_file_whole(backend) {
        let hold = Hold::new();
        hold.open();
        let mut app = App::new(backend);
        app.held_by(&hold);
        app.launch();
        let person = app.setup().await;
        let folder = put(&app, "Old");
        for (error, says) in [(ENOSPC, "the disk is full"), (EROFS, "the workspace is read-only")] {
            hold.fail(Some(error));
            let (chat, ended) = asked(&app, &person).await;
            assert_eq!(ended, "failed|write_failed");
            assert!(chat.page().await.text().contains(says), "{}", chat.page().await.text());
            assert_eq!((app.file("notes/hello.txt").as_deref(), names(&folder)), (Some("Old"), vec!["hello.txt".into()]));
            assert_eq!(app.query("SELECT count(*) FROM file_writes"), "0", "a write is noted that was none");
            assert!(chat.page().await.forms("form[action$='/undo']").is_empty());
        }
        hold.fail(None);
        let (_, ended) = asked(&app, &person).await;
        assert_eq!((ended.as_str(), app.file("notes/hello.txt").as_deref()), ("succeeded|", Some("Hello world")));
    }

    async fn a_read_only_folder_is_told_as_one(backend) {
        let mut app = App::new(backend);
        // Root may write everywhere; without these capabilities it is asked like anyone.
        app.runs_by(&["setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-dac_override,-dac_read_search"]);
        app.launch();
        let person = app.setup().await;
        let folder = put(&app, "Old");
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o555)).unwrap();
        let (chat, ended) = asked(&app, &person).await;
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
        assert_eq!(ended, "failed|write_failed");
        assert!(chat.page().await.text().contains("the server may not do that in the workspace"));
        assert_eq!((app.file("notes/hello.txt").as_deref(), names(&folder)), (Some("Old"), vec!["hello.txt".into()]));
        let (_, ended) = asked(&app, &person).await;
        assert_eq!((ended.as_str(), app.file("notes/hello.txt").as_deref()), ("succeeded|", Some("Hello world")));
    }

    async fn what_changed_between_showing_and_approving_is_tool_changed(backend) {
        let (app, person) = App::ready(backend, &[]).await;
        let folder = put(&app, "Old");
        let chat = person.new_conversation(WISH).await;
        chat.approvals(1).await;
        fs::write(folder.join("hello.txt"), "Changed meanwhile").unwrap();
        chat.approve().await.expect(200);
        chat.until("the end", |page| page.turn() == "completed").await;
        assert_eq!(app.query("SELECT state, error_code FROM tool_calls"), "failed|tool_changed");
        assert_eq!((app.file("notes/hello.txt").as_deref(), names(&folder)), (Some("Changed meanwhile"), vec!["hello.txt".into()]));
    }

    async fn a_link_swapped_in_between_showing_and_approving_is_invalid_path(backend) {
        let (app, person) = App::ready(backend, &[]).await;
        let outside = tempfile::TempDir::new().unwrap();
        fs::write(outside.path().join("hello.txt"), "Old").unwrap();
        for what in ["file", "folder"] {
            let folder = put(&app, "Old");
            let chat = person.new_conversation(WISH).await;
            chat.approvals(1).await;
            // The content behind the link is the one that was shown: only the link gives it away.
            if what == "file" {
                fs::remove_file(folder.join("hello.txt")).unwrap();
                symlink(outside.path().join("hello.txt"), folder.join("hello.txt")).unwrap();
            } else {
                fs::remove_dir_all(&folder).unwrap();
                symlink(outside.path(), &folder).unwrap();
            }
            chat.approve().await.expect(200);
            chat.until("the end", |page| page.turn() == "completed").await;
            let ended = app.query("SELECT state, error_code FROM tool_calls ORDER BY created_at DESC LIMIT 1");
            assert_eq!(ended, "failed|invalid_path", "{what}");
            assert_eq!(fs::read_to_string(outside.path().join("hello.txt")).unwrap(), "Old");
            assert_eq!(names(outside.path()), ["hello.txt"]);
            if what == "file" {
                fs::remove_file(folder.join("hello.txt")).unwrap();
            }
        }
    }
}
