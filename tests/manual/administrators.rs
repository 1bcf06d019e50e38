//! What the manual has an administrator of PostgreSQL run is all that Sayso wants.

use crate::{
    document::{document, documents},
    support::{App, Backend},
};

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_makes_what_it_wants() {
    let documents = documents();
    let sql = documents.iter().flat_map(|document| document.blocks()).filter(|block| block.language == "sql");
    assert_eq!(sql.count(), 2, "SQL that nothing runs");
    let blocks = document("docs/operations.md").blocks();
    let mut sql = blocks.into_iter().filter(|block| block.language == "sql").map(|block| block.code);
    let (whole, role) = (sql.next().unwrap(), sql.next().unwrap());

    // Its database is the way to the cluster.
    let door = App::new(Backend::Postgres);
    let name = format!("manual_{}", std::process::id());
    let run = |statements: &str| {
        for statement in statements.replace("sayso", &name).split(';').map(str::trim).filter(|it| !it.is_empty()) {
            door.query(statement);
        }
    };
    let clear = || {
        run("DROP DATABASE IF EXISTS sayso WITH (FORCE); DROP ROLE IF EXISTS sayso_tenant; DROP ROLE IF EXISTS sayso")
    };
    let url = door.setting("DATABASE_URL").unwrap();
    let (server, _) = url.split_once("sayso@").unwrap();
    let place = url.split_once('@').unwrap().1.split_once('/').unwrap().0;
    let mut app = App::new(Backend::Sqlite);
    app.set("DATABASE_URL", &format!("{server}{name}:secret@{place}/{name}"));

    clear();
    run(&whole);
    assert!(app.run(&["migrate"], None).status.success());
    app.launch();
    assert_eq!(app.stop(), Some(0));

    // A login that may not make roles.
    clear();
    run(&whole.replace(" CREATEROLE", ""));
    let refused = app.run(&["migrate"], None);
    let said = String::from_utf8_lossy(&refused.stderr);
    assert!(!refused.status.success() && said.contains(&format!("{name}_tenant")), "{said}");
    run(&role);
    assert!(app.run(&["migrate"], None).status.success());
    app.launch();
    assert_eq!(app.stop(), Some(0));
    clear();
}
