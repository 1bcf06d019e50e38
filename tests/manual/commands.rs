//! Commands for operators, run as they stand in the documents, each in a folder of its own.

use std::{fs, process::Stdio};

use crate::{
    WISH,
    support::{App, Backend, Person},
};

/// Runs a block where an app lives, with what is typed into it; what it said.
async fn sh(app: &App, block: &str, typed: &str) -> String {
    let (mut shell, block, typed) = (app.shell(block), block.to_owned(), typed.to_owned());
    let run = tokio::task::spawn_blocking(move || {
        let mut child = shell.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // Who reads nothing may be gone before it is told anything.
        let _ = std::io::Write::write_all(&mut child.stdin.take().unwrap(), typed.as_bytes());
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{block}\n{said}\n{}", String::from_utf8_lossy(&output.stderr));
        said
    });
    run.await.unwrap()
}

/// `sayso admin`: what the page's example makes is there.
pub async fn admin(backend: Backend, blocks: Vec<String>) {
    let (app, _) = App::ready(backend, &[]).await;
    let [block] = &blocks[..] else { panic!("{blocks:#?}") };
    let said = sh(&app, block, &format!("{}\n", Person::FIRST.1)).await;
    assert!(said.contains("grace@example.org") && said.contains("\"month\""), "{said}");
    assert_eq!(app.query("SELECT slug FROM tenants WHERE slug = 'research'"), "research");
}

/// Making people: the link is one that opens.
pub async fn people(backend: Backend, blocks: Vec<String>) {
    let (app, _) = App::ready(backend, &[]).await;
    let [block] = &blocks[..] else { panic!("{blocks:#?}") };
    let said = sh(&app, &block.replace("my-team", &app.tenant()), "").await;
    let link = said.split_whitespace().find(|word| word.contains("/invitations/")).unwrap_or_else(|| panic!("{said}"));
    let path = &link[link.find("/invitations/").unwrap()..];
    app.visitor().get(path).await.expect(200);
}

/// Anchors, kept and held against the log.
pub async fn anchors(backend: Backend, blocks: Vec<String>) {
    let (app, _) = App::ready(backend, &[]).await;
    let [block] = &blocks[..] else { panic!("{blocks:#?}") };
    let elsewhere = tempfile::tempdir().unwrap();
    let block = block.replace("/elsewhere", elsewhere.path().to_str().unwrap());
    let said = sh(&app, &block, "").await;
    assert!(said.contains("whole"), "{said}");
    assert!(fs::read_to_string(elsewhere.path().join("anchors.jsonl")).unwrap().contains("\"last_hash\""));
}

/// Backup and restore: what was said and written is there again, and what came after the backup is not.
pub async fn backup(backend: Backend, blocks: Vec<String>) {
    let [sqlite_out, sqlite_in, postgres_out, postgres_in] = &blocks[..] else { panic!("{blocks:#?}") };
    let (mut app, person) = App::ready(backend, &[]).await;
    let chat = person.new_conversation(WISH).await;
    chat.approve().await.expect(200);
    chat.settled().await;
    let elsewhere = tempfile::tempdir().unwrap();
    let folder = elsewhere.path().to_str().unwrap();
    if backend == Backend::Sqlite {
        sh(&app, &sqlite_out.replace("/backup", folder), "").await;
        person.new_conversation("After the backup").await.settled().await;
        app.stop();
        let made = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let made = made.filter(|name| name.ends_with(".db")).collect::<Vec<_>>();
        let [made] = &made[..] else { panic!("{made:?}") };
        fs::remove_dir_all(app.workspace()).unwrap();
        let restore = sqlite_in.replace("/backup", folder).replace("sayso-2026-01-31.db", made);
        assert!(sh(&app, &restore, "").await.contains("whole"));
        app.launch();
    } else {
        sh(&app, postgres_out, "").await;
        app.stop();
        // Another, empty database, as after a fault of the machine.
        let other = App::new(backend);
        app.set("DATABASE_URL", &other.setting("DATABASE_URL").unwrap());
        assert!(sh(&app, postgres_in, "").await.contains("whole"));
        app.launch();
        assert!(chat.page().await.html.contains("hello.txt"));
        // The database that it lies in goes before the app that is told of it.
        app.stop();
        return;
    }
    assert!(chat.page().await.html.contains("hello.txt"));
    assert_eq!(app.file("notes/hello.txt").as_deref(), Some("Hello world"));
    assert!(!person.get("/conversations").await.html.contains("After the backup"));
}

/// From the id of a request to what a provider was asked, in the log.
pub async fn logs(backend: Backend, blocks: Vec<String>) {
    let (app, person) = App::ready(backend, &[("LOG_FORMAT", "json")]).await;
    let [block] = &blocks[..] else { panic!("{blocks:#?}") };
    person.new_conversation("Hello").await.settled().await;
    let lines = app.logs();
    let request = |line: &String| {
        let line: serde_json::Value = serde_json::from_str(line).ok()?;
        line["spans"].as_array()?.iter().find_map(|span| Some(span["request_id"].as_str()?.to_owned()))
    };
    let id = lines.iter().rev().find_map(request).expect("a line that belongs to a request");
    fs::write(app.home().join("sayso.log"), lines.join("\n")).unwrap();
    assert!(!sh(&app, &block.replace("\"ID\"", &format!("\"{id}\"")), "").await.is_empty());
}

/// Starts with settings before the command: `sayso check`, for which they must be right, instead of a server.
pub async fn settings(backend: Backend, blocks: Vec<String>) {
    let app = App::new(backend);
    assert!(app.run(&["migrate"], None).status.success());
    for block in blocks {
        // What is one's own stands as `…`.
        for line in block.replace("\\\n", " ").replace('…', "mine").lines().filter(|line| !line.starts_with('#')) {
            let line = line.split(" #").next().unwrap().trim();
            let settings = line.strip_suffix("sayso").unwrap_or_else(|| panic!("{line} starts no server"));
            let settings = settings.trim_end().trim_end_matches("./target/release/");
            let mut shell = app.shell(&format!("{settings} sayso check || true"));
            let output = tokio::task::spawn_blocking(move || shell.output().unwrap()).await.unwrap();
            let said = String::from_utf8_lossy(&output.stdout).into_owned();
            assert!(said.starts_with("ok    settings: "), "{line}\n{said}{}", String::from_utf8_lossy(&output.stderr));
        }
    }
}
