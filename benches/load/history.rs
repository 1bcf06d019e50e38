//! Long conversations, written straight into a SQLite whose server is stopped: ten thousand turns would take an hour.

use std::path::Path;

use diesel_async::SimpleAsyncConnection as _;
use sayso::{
    config::DatabaseUrl,
    db::{Access, Conn, Database, Scope},
};

/// Makes a conversation that has one exchange have so many messages, all alike.
pub async fn grow(database: &Path, conversation: &str, messages: usize) {
    let db = Database::open(&DatabaseUrl::Sqlite(database.to_owned()), Access::Serve).await.unwrap();
    let mut tx = db.write(Scope::System("bench")).await.unwrap();
    // The end of the conversation's id keeps the ids of several grown ones apart.
    let own = &conversation[conversation.len() - 6..];
    let turn = format!("printf('00000000-0000-7000-9000-{own}%06d', (i + 1) / 2)");
    let numbers = format!("WITH RECURSIVE n(i) AS (SELECT 3 UNION ALL SELECT i + 1 FROM n WHERE i < {messages})");
    // One second after the other, as nobody writes two messages in the same microsecond.
    let later = |column: &str| format!("strftime('%Y-%m-%dT%H:%M:%f', {column}, (i / 2) || ' seconds') || '000Z'");
    let (created, finished) = (later("created_at"), later("finished_at"));
    let statements = format!(
        "{numbers} INSERT INTO turns (id, tenant_id, user_id, conversation_id, state, epoch, stop_requested, model_calls, \
           denials_in_a_row, next_seq, created_at, finished_at)
         SELECT {turn}, tenant_id, user_id, conversation_id, state, epoch, stop_requested, model_calls, denials_in_a_row, \
           next_seq, {created}, {finished} FROM turns, n WHERE conversation_id = '{conversation}' AND i % 2 = 1;
         {numbers} INSERT INTO messages (id, tenant_id, conversation_id, turn_id, position, role, state, content, provider, \
           model, usage_estimated, created_at)
         SELECT printf('00000000-0000-7000-8000-{own}%06d', i), tenant_id, conversation_id, {turn}, i, role, state, content, \
           provider, model, usage_estimated, {created} FROM n, messages
         WHERE conversation_id = '{conversation}' AND position = 2 - i % 2;
         UPDATE conversations SET last_position = {messages} WHERE id = '{conversation}';"
    );
    match &mut *tx {
        Conn::Sqlite(conn) => conn.batch_execute(&statements).await.unwrap(),
        Conn::Postgres(_) => unreachable!("it was opened as a SQLite"),
    }
    tx.commit().await.unwrap();
}
