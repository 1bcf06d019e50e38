//! Databases as older versions left them, brought to this one: everything that was in them is there and goes on.
//!
//! `tests/manual/older/` holds them as SQL, written by those versions themselves: `leave` is what made them.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::PathBuf,
    thread,
};

use image::ImageFormat;
use sayso::config::release;
use tempfile::TempDir;

use crate::{
    WISH, both,
    support::{App, Backend, Person, eventually, pictures, root, squeezed},
};

/// Secrets with which all of them were written.
const SECRETS: [(&str, &str); 3] = [
    ("SESSION_SECRET", "a session secret of tests, 0123456789"),
    ("MASTER_KEY", "a master key of tests, 0123456789 0123"),
    ("JWT_SECRET", "a jwt secret of tests, 0123456789 0123"),
];

const EVE: &str = "eve@example.org";

fn folder() -> PathBuf {
    root().join("tests/manual/older")
}

/// What was left, from the oldest on: names of folders.
fn left() -> Vec<String> {
    let entries = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap());
    let folders = entries.filter(|entry| entry.path().is_dir());
    let mut names: Vec<_> = folders.map(|entry| entry.file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn file(name: &str, backend: Backend) -> PathBuf {
    folder().join(name).join(file_name(backend))
}

fn file_name(backend: Backend) -> &'static str {
    if backend == Backend::Sqlite { "sqlite.sql" } else { "postgres.sql" }
}

/// An app that was not started yet, on what that version left.
fn older(name: &str, backend: Backend) -> App {
    let mut app = App::new(backend);
    SECRETS.iter().for_each(|(key, value)| app.set(key, value));
    app.restore(&file(name, backend));
    let notes = app.workspace().join(app.tenant()).join("notes");
    fs::create_dir_all(&notes).unwrap();
    fs::write(notes.join("hello.txt"), "Hello world").unwrap();
    app
}

/// How many rows each table has that there was before.
fn counted(app: &App, tables: &[String]) -> BTreeMap<String, String> {
    tables.iter().map(|table| (table.clone(), app.query(&format!("SELECT count(*) FROM {table}")))).collect()
}

/// What a database is made of, beside its rows: tables, columns, indexes, triggers and functions.
fn shape(app: &App, backend: Backend) -> BTreeSet<String> {
    let queries: &[&str] = match backend {
        Backend::Sqlite => &["SELECT replace(replace(sql, 'IF NOT EXISTS ', ''), char(10), ' ') FROM sqlite_master"],
        Backend::Postgres => &[
            "SELECT table_name, column_name, data_type, is_nullable, column_default FROM information_schema.columns \
             WHERE table_schema = 'public'",
            "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'",
            "SELECT conrelid::regclass, pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace",
            "SELECT tgrelid::regclass, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
            "SELECT replace(pg_get_functiondef(oid), chr(10), ' ') FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
        ],
    };
    let rows = queries.iter().map(|query| app.query(query)).collect::<Vec<_>>().join("\n");
    let shape: BTreeSet<_> = rows.lines().map(squeezed).collect();
    assert!(shape.len() > 60, "{shape:?}");
    shape
}

/// The tables of an older version that hold what people did.
fn tables(app: &App, backend: Backend) -> Vec<String> {
    let all = match backend {
        Backend::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'table'",
        Backend::Postgres => "SELECT tablename FROM pg_tables WHERE schemaname = 'public'",
    };
    let all = app.query(all);
    let is_data = |name: &&str| !name.starts_with("search_") && !name.starts_with("__") && !name.starts_with("sqlite_");
    let names: Vec<_> = all.lines().filter(is_data).map(str::to_owned).collect();
    assert!(names.len() >= 12, "{names:?}");
    names
}

both! {
    async fn what_older_versions_left_is_there_and_goes_on(backend) {
        let names = left();
        assert!(names.len() >= 4, "{names:?}");
        let new = App::new(backend);
        migrate(&new, backend);
        let shape_of_new = shape(&new, backend);
        for name in names {
            eprintln!("{name}");
            let mut app = older(&name, backend);
            let tables = tables(&app, backend);
            let before = counted(&app, &tables);
            migrate(&app, backend);
            assert_eq!(counted(&app, &tables), before, "{name}");
            // A migration that was changed after it landed would show here.
            assert_eq!(shape(&app, backend), shape_of_new, "{name}");
            app.launch();
            goes_on(&app, &name).await;
            let output = app.run(&["audit", "verify"], None);
            let said = String::from_utf8_lossy(&output.stdout);
            assert!(output.status.success() && said.contains("whole"), "{name}: {said}{}", String::from_utf8_lossy(&output.stderr));
            let output = app.run(&["check"], None);
            assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stdout));
            assert_eq!(app.stop(), Some(0));
        }
    }

    async fn a_newer_database_is_refused_in_words_and_left_alone(backend) {
        let (mut app, _) = App::ready(backend, &[]).await;
        app.stop();
        app.query("INSERT INTO __diesel_schema_migrations (version) VALUES ('00000000009999')");
        let before = app.dump();
        for command in [&[][..], &["migrate"], &["admin", "list", "users"], &["audit", "verify"]] {
            let output = app.run(command, None);
            let line = String::from_utf8_lossy(&output.stderr).into_owned();
            let words = format!("sayso: a newer Sayso than this one ({}) has used this database", release());
            assert!(output.status.code() == Some(1) && line.contains(&words), "{command:?}: {line}");
            assert!(line.contains("step 00000000009999") && line.contains("backup"), "{line}");
        }
        let output = app.run(&["check"], None);
        assert!(String::from_utf8_lossy(&output.stdout).contains("fault database: a newer Sayso"), "{output:?}");
        assert_eq!(app.dump(), before);
    }
}

/// On PostgreSQL four at once: one does it, the others wait, none fails.
fn migrate(app: &App, backend: Backend) {
    let times = if backend == Backend::Postgres { 4 } else { 1 };
    thread::scope(|scope| {
        let runs: Vec<_> = (0..times).map(|_| scope.spawn(|| app.run(&["migrate"], None))).collect();
        for run in runs {
            let output = run.join().unwrap();
            let said = String::from_utf8_lossy(&output.stdout);
            assert!(
                output.status.success() && said.contains("is up to date"),
                "{said}{}",
                String::from_utf8_lossy(&output.stderr)
            );
        }
    });
}

/// Looks at everything as the people of that database do.
async fn goes_on(app: &App, name: &str) {
    let ada = app.visitor();
    let page = ada.sign_in(Person::FIRST.0, Person::FIRST.1).await;
    page.expect(200);
    let conversations = app.query(
        "SELECT c.id || '|' || c.title FROM conversations AS c JOIN users AS u ON u.id = c.user_id \
         WHERE u.email = 'ada@example.org' ORDER BY c.id",
    );
    let conversations: Vec<(&str, &str)> = conversations.lines().map(|line| line.split_once('|').unwrap()).collect();
    assert_eq!(conversations.len(), 6, "{name}: {conversations:?}");
    let list = ada.get("/conversations").await;
    let mut told = String::new();
    for (id, title) in &conversations {
        assert!(list.html.contains(id), "{name}: {title} is not in the list");
        let page = ada.get(&format!("/conversations/{id}")).await;
        page.expect(200);
        told += &page.html;
    }
    for words in
        ["stand-in so that you can look around", "notes/hello.txt", "notes/denied.txt", "What is in this picture?"]
    {
        assert!(told.contains(words), "{name}: nothing of “{words}”");
    }
    // The image opens.
    let image =
        told.split('"').find(|part| part.contains("/attachments/")).unwrap_or_else(|| panic!("{name}: no image"));
    let (page, bytes) = ada.bytes(image, &[]).await;
    assert!(page.status == 200 && image::load_from_memory(&bytes).unwrap().width() == 64, "{name}: {image}");
    let mut places = vec!["/approvals", "/files", "/files/notes/hello.txt", "/usage", "/settings", "/admin"];
    let tenant = format!("/admin/tenants/{}", app.query("SELECT id FROM tenants WHERE slug <> 'elsewhere'"));
    let parts = ["", "/usage", "/limits", "/members", "/tools", "/servers", "/records", "/prompt", "/models", "/audit"];
    let admin: Vec<_> = parts.iter().map(|part| format!("{tenant}{part}")).collect();
    places.extend(admin.iter().map(String::as_str));
    for place in places {
        let page = ada.get(place).await;
        assert_eq!(page.status, 200, "{name}: {place}\n{}", page.html);
    }
    assert!(ada.get("/files/notes/hello.txt").await.html.contains("Hello world"));
    let used = app.query("SELECT sum(requests) FROM usage_months");
    assert!(used.parse::<f64>().unwrap() >= 6.0, "{name}: {used}");
    let found = ada.get("/conversations?q=pelicans").await;
    assert!(found.html.contains("class=\"found\""), "{name}: what was said before is not found");
    decides(app, &ada, name).await;
    // The other tenant has its own, and nothing of this one.
    let eve = app.visitor();
    eve.sign_in(EVE, Person::FIRST.1).await.expect(200);
    let list = eve.get("/conversations").await;
    assert!(list.html.contains("What do gulls eat") && !list.html.contains("pelicans"), "{name}");
    eve.get(&format!("/conversations/{}", conversations[0].0)).await.expect(404);
    let chat = ada.new_conversation("What flies after the upgrade?").await;
    assert!(chat.settled().await.html.contains("What flies after the upgrade?"));
}

/// Two requests wait since before the upgrade: one is denied and never runs, the other is approved and runs.
async fn decides(app: &App, ada: &Person, name: &str) {
    let waiting = app.query("SELECT conversation_id || '|' || id FROM tool_calls WHERE state = 'pending' ORDER BY id");
    let waiting: Vec<_> = waiting.lines().map(|line| line.split_once('|').unwrap()).collect();
    let [(first, denied), (second, approved)] = waiting[..] else { panic!("{name}: {waiting:?}") };
    let state = |call: &str| app.query(&format!("SELECT state FROM tool_calls WHERE id = '{call}'"));
    for (conversation, button) in [(first, "Deny"), (second, "Approve")] {
        let page = ada.get(&format!("/conversations/{conversation}")).await;
        let [approval] = &page.approvals()[..] else { panic!("{name}: not one request\n{}", page.html) };
        ada.submit(&approval.form.clone().press(button)).await;
        eventually("the turn to come to rest", async || {
            let page = ada.get(&format!("/conversations/{conversation}")).await;
            (!page.is_running() && !page.is_waiting()).then_some(())
        })
        .await;
    }
    assert_eq!(state(denied), "denied", "{name}");
    let written = app.file("notes/after.txt");
    // All of them asked with the definition that the tool has now; after a change of it this would be `tool_changed`.
    assert_eq!((state(approved).as_str(), written.as_deref()), ("succeeded", Some("After")), "{name}");
}

/// Leaves what a real use leaves, by the binary of that version, and keeps it as SQL. To be run once for each release:
/// `SAYSO_BIN=target/release/sayso OLDER=0.1.0 cargo test --test manual -- leave`. Without a name it is left in a folder that
/// goes again, so that it still works when it is wanted.
#[tokio::test(flavor = "multi_thread")]
async fn leave() {
    let nowhere = TempDir::new().unwrap();
    let kept = std::env::var("OLDER").ok().map(|name| folder().join(name));
    assert!(kept.is_none() || std::env::var_os("SAYSO_BIN").is_some(), "SAYSO_BIN is the binary of that version");
    let kept = kept.unwrap_or_else(|| nowhere.path().to_owned());
    fs::create_dir_all(&kept).unwrap();
    for backend in [Backend::Sqlite, Backend::Postgres] {
        let (mut app, ada) = App::ready(backend, &SECRETS).await;
        ada.new_conversation("Where do pelicans fly?").await.settled().await;
        let chat = ada.new_conversation(WISH).await;
        chat.approve().await.expect(200);
        chat.settled().await;
        let chat = ada.new_conversation("Create a file `notes/denied.txt` with content: No").await;
        chat.deny().await.expect(200);
        chat.settled().await;
        let form = ada.new_page().await.composer().fill("message", "What is in this picture?");
        let png = pictures::picture(64, 48, ImageFormat::Png);
        ada.submit_files(&form, &[("images", "picture.png", &png)]).await.expect(200);
        for wish in ["`notes/never.txt` with content: Never", "`notes/after.txt` with content: After"] {
            ada.new_conversation(&format!("Create a file {wish}")).await.approvals(1).await;
        }
        let eve = app.stranger().await;
        eve.new_conversation("What do gulls eat?").await.settled().await;
        eventually("all turns to come to rest", async || {
            (app.query("SELECT count(*) FROM turns WHERE state = 'running'") == "0").then_some(())
        })
        .await;
        app.admin(&["set-limits", "--tenant", "elsewhere", "--requests", "500"], None);
        assert_eq!(app.stop(), Some(0));
        let dump = app.dump();
        for left in ["Where do pelicans fly?", "notes/never.txt", "500"] {
            assert!(dump.contains(left), "{backend:?}: nothing of {left}");
        }
        fs::write(kept.join(file_name(backend)), dump).unwrap();
    }
}
