//! What the second wall costs: the same pages and turns with row-level security and without it.
//!
//! `cargo test --test web wall::cost -- --ignored --nocapture`

use std::time::{Duration, Instant};

use crate::support::{App, Backend, Person};

const TABLES: &str = "SELECT c.relname FROM pg_class AS c JOIN pg_policy AS p ON p.polrelid = c.oid ORDER BY 1";

fn set(app: &App, tables: &[String], how: &str) {
    let all: Vec<_> = tables.iter().map(|table| format!("ALTER TABLE {table} {how} ROW LEVEL SECURITY")).collect();
    app.query(&all.join(";"));
}

/// How long some pages take, and some turns.
async fn measured(person: &Person, conversation: &str) -> (Duration, Duration) {
    let begun = Instant::now();
    for _ in 0..40 {
        person.get("/conversations").await.expect(200);
        person.get(&format!("/conversations/{conversation}")).await.expect(200);
        person.get("/settings").await.expect(200);
    }
    let pages = begun.elapsed();
    let begun = Instant::now();
    for _ in 0..8 {
        let chat = person.new_conversation("Hello").await;
        chat.settled().await;
    }
    (pages, begun.elapsed())
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "it measures and asserts nothing"]
async fn ratio() {
    let (app, person) = App::ready(Backend::Postgres, &[]).await;
    let chat = person.new_conversation("Hello").await;
    chat.settled().await;
    let tables: Vec<String> = app.query(TABLES).lines().map(str::to_owned).collect();
    let mut all = [(Duration::ZERO, Duration::ZERO); 2];
    measured(&person, &chat.id).await;
    for _ in 0..6 {
        for (at, how) in ["ENABLE", "DISABLE"].into_iter().enumerate() {
            set(&app, &tables, how);
            let (pages, turns) = measured(&person, &chat.id).await;
            all[at].0 += pages;
            all[at].1 += turns;
        }
    }
    let ratio = |with: Duration, without: Duration| with.as_secs_f64() / without.as_secs_f64();
    println!("pages {:.3}, turns {:.3}", ratio(all[0].0, all[1].0), ratio(all[0].1, all[1].1));
}
