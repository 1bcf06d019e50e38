//! Somebody who has something of everything, each thing with a mark by which it would be known elsewhere.

use std::{collections::BTreeSet, fs};

use regex::Regex;
use serde_json::Value;

use crate::{
    support::{App, Backend, Chat, Person, Script, root},
    token_page::made,
};

/// Marks of what is one person's alone, of what is for those who run the tenant, and of what its members share.
pub const PRIVATE: &[&str] = &["wallprivate", "777123451"];
pub const ADMIN: &[&str] = &["walladmin", "888123452"];
pub const SHARED: &[&str] = &["walltenant", "wall works", "ada@example.org", "888123451", "999123451"];

/// Where there is a mark: a table, and the column that holds it.
const MARKED: &[(&str, &str)] = &[
    ("tenants", "system_prompt"),
    ("users", "name"),
    ("sessions", "address"),
    ("conversations", "title"),
    ("turns", "idempotency_key"),
    ("messages", "content"),
    ("turn_events", "payload"),
    ("tool_calls", "arguments"),
    ("model_calls", "model"),
    ("usage_limits", "monthly_input_tokens"),
    ("usage_months", "input_tokens"),
    ("usage_days", "model"),
    ("audit_rows", "details"),
    ("blobs", "name"),
    ("record_collections", "name"),
    ("records", "document"),
    ("tool_rules", "name"),
    ("grants", "arguments"),
    ("file_writes", "path"),
    ("api_tokens", "name"),
    ("mcp_servers", "url"),
    ("mcp_tokens", "issuer"),
    ("mcp_clients", "issuer"),
    ("mcp_authorisations", "server"),
    ("agent_calls", "client"),
    ("questions", "message"),
    ("invitations", "email"),
    ("credit_entries", "note"),
    ("usage_model_days", "model"),
    ("usage_tool_days", "tool"),
];

/// Tables in which nothing can be marked, and why.
const UNMARKED: &[(&str, &str)] = &[
    ("memberships", "ids and a role"),
    ("refresh_tokens", "hashes and ids"),
    ("record_calls", "ids"),
    ("audit_heads", "hashes"),
    ("setup_links", "hashes, of no tenant"),
    ("password_links", "hashes, of no tenant"),
    ("secrets_in_use", "a hash, of no tenant"),
];

/// What is the victim's, by name.
pub struct Planted {
    pub conversation: String,
    pub call: String,
    pub digest: String,
    pub grant: String,
    pub token: String,
    pub session: String,
    pub sign_in: String,
    pub user: String,
    pub tenant: String,
    pub invitation: String,
}

fn tables() -> BTreeSet<String> {
    let text = fs::read_to_string(root().join("src/db/schema.rs")).unwrap();
    let table = Regex::new(r"(?m)^    (\w+) \([\w, ]+\) \{$").unwrap();
    table.captures_iter(&text).map(|captures| captures[1].to_owned()).collect()
}

/// Plants it all for the first account, whose tenant is `Wall Works`.
pub async fn plant(app: &App, backend: Backend, ada: &Person) -> Planted {
    // By using it: what is approved stands in the tenant's files, what waits is nobody's but hers.
    let shared = ada.new_conversation("Create a file `notes/walltenant.txt` with content: walltenant words").await;
    let approval = &shared.approvals(1).await[0];
    let form =
        approval.form.clone().press("Approve").without("remember").forge("remember", "count=5 for=1h scope=person");
    ada.submit(&form).await.expect(200);
    shared.settled().await;
    let chat = ada.new_conversation("Create a file `notes/wallprivate.txt` with content: wallprivate words").await;
    wait(&chat).await;
    made(ada, "wallprivate token", &["chat"], "30").await;
    let script = Script::first(&app.base).await;
    let me = script.get("/api/auth/me").await.expect(200).json();
    let (user, tenant) = (text(&me["user"]["id"]), text(&me["tenant"]["id"]));

    // By hand: what takes other servers, or much time, to come about.
    let bytes = if backend == Backend::Postgres { "'\\x00'" } else { "X'00'" };
    let later = "'2100-01-01T00:00:00.000000Z'";
    let id = |n: u8| format!("'0198c0de-0000-7000-8000-0000000000{n:02}'");
    let of_chat = format!("conversation_id = '{}'", chat.id);
    let turn = app.query(&format!("SELECT id FROM turns WHERE {of_chat}"));
    let call = app.query(&format!("SELECT id FROM tool_calls WHERE {of_chat}"));
    let digest = app.query(&format!("SELECT digest FROM tool_calls WHERE {of_chat}"));
    for statement in [
        format!("UPDATE tenants SET name = 'Wall Works', system_prompt = 'walladmin prompt' WHERE id = '{tenant}'"),
        format!("UPDATE users SET name = 'Ada Walltenant' WHERE id = '{user}'"),
        format!("UPDATE sessions SET address = 'wallprivate address' WHERE user_id = '{user}'"),
        format!("UPDATE turns SET idempotency_key = 'wallprivate key' WHERE id = '{turn}'"),
        format!("UPDATE model_calls SET model = 'wallprivate-model' WHERE user_id = '{user}'"),
        format!("UPDATE usage_months SET input_tokens = 777123451 WHERE subject_id = '{user}'"),
        format!("UPDATE usage_months SET input_tokens = 888123451 WHERE subject_id = '{tenant}'"),
        format!("UPDATE usage_limits SET monthly_input_tokens = 999123451 WHERE subject_id = '{tenant}'"),
        format!("UPDATE usage_days SET model = 'walladmin-model', input_tokens = 888123452 WHERE user_id = '{user}'"),
        format!("UPDATE audit_rows SET details = 'walladmin details' WHERE chain = '{tenant}'"),
        format!(
            "UPDATE grants SET arguments = replace(arguments, 'walltenant', 'wallprivate') WHERE user_id = '{user}'"
        ),
        format!(
            "INSERT INTO blobs (conversation_id, number, tenant_id, user_id, media_type, name, size, bytes, created_at) \
             VALUES ('{}', 1, '{tenant}', '{user}', 'image/png', 'wallprivate.png', 1, {bytes}, {later})",
            chat.id
        ),
        format!(
            "INSERT INTO record_collections (tenant_id, name, documents, bytes, created_at, updated_at) \
             VALUES ('{tenant}', 'walltenant', 1, 40, {later}, {later})"
        ),
        format!(
            "INSERT INTO records (tenant_id, collection, id, document, created_at, updated_at) \
             VALUES ('{tenant}', 'walltenant', '1', '{{\"_id\":\"1\",\"text\":\"walltenant record\"}}', {later}, {later})"
        ),
        format!(
            "INSERT INTO tool_rules (tenant_id, server, name, verdict, changed_at) \
             VALUES ('{tenant}', 'walltenant-srv', 'walltenant_tool', 'deny', {later})"
        ),
        format!(
            "INSERT INTO mcp_servers (id, tenant_id, name, url, is_active, created_at, changed_at) \
             VALUES ({}, '{tenant}', 'walltenant-srv', 'http://127.0.0.1:9/walladmin', false, {later}, {later})",
            id(1)
        ),
        format!(
            "INSERT INTO mcp_tokens (id, tenant_id, server, holder, issuer, sealed, changed_at) \
             VALUES ({}, '{tenant}', 'walltenant-other', '', 'https://walladmin.example', 'x', {later})",
            id(2)
        ),
        format!(
            "INSERT INTO mcp_clients (id, tenant_id, server, is_given, issuer, redirect, sealed, changed_at) \
             VALUES ({}, '{tenant}', 'walltenant-other', true, 'https://walladmin.example', 'x', 'x', {later})",
            id(3)
        ),
        format!(
            "INSERT INTO mcp_authorisations (state_hash, tenant_id, user_id, server, sealed, expires_at) \
             VALUES ('x', '{tenant}', '{user}', 'wallprivate-server', 'x', {later})"
        ),
        format!(
            "INSERT INTO agent_calls (turn_id, tenant_id, user_id, conversation_id, client, token_id, token_name) \
             VALUES ('{turn}', '{tenant}', '{user}', '{}', 'wallprivate client', {}, 'wallprivate token')",
            chat.id,
            id(4)
        ),
        format!(
            "INSERT INTO invitations (id, tenant_id, token_hash, email, role, created_at, expires_at) \
             VALUES ({}, '{tenant}', '{}', 'walladmin@example.org', 'member', {later}, {later})",
            id(5),
            "0".repeat(64)
        ),
        format!(
            "INSERT INTO credit_entries (id, tenant_id, month, amount, note, created_at) \
             SELECT {}, '{tenant}', month, 1, 'walladmin note', {later} FROM usage_months WHERE subject_id = '{tenant}'",
            id(6)
        ),
        format!("UPDATE usage_model_days SET model = 'walladmin-model' WHERE tenant_id = '{tenant}'"),
        format!("UPDATE usage_tool_days SET tool = 'walladmin_tool' WHERE subject_id = '{tenant}'"),
        format!("UPDATE usage_tool_days SET tool = 'wallprivate_tool' WHERE subject_id = '{user}'"),
        format!(
            "INSERT INTO questions (call_id, number, tenant_id, message, ends_at) \
             VALUES ('{call}', 1, '{tenant}', 'wallprivate question', {later})"
        ),
    ] {
        app.query(&statement);
    }
    everything_is_marked(app);
    let only = |sql: &str| app.query(&format!("{sql} LIMIT 1"));
    Planted {
        grant: only(&format!("SELECT id FROM grants WHERE user_id = '{user}'")),
        token: only(&format!("SELECT id FROM api_tokens WHERE user_id = '{user}'")),
        session: only(&format!("SELECT id FROM sessions WHERE user_id = '{user}'")),
        sign_in: only(&format!("SELECT family FROM refresh_tokens WHERE user_id = '{user}'")),
        invitation: only(&format!("SELECT id FROM invitations WHERE tenant_id = '{tenant}'")),
        conversation: chat.id,
        call,
        digest,
        user,
        tenant,
    }
}

async fn wait(chat: &Chat) {
    assert_eq!(chat.approvals(1).await.len(), 1);
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// No table was forgotten, and each has its mark.
fn everything_is_marked(app: &App) {
    let named: BTreeSet<_> = MARKED.iter().chain(UNMARKED).map(|(table, _)| (*table).to_owned()).collect();
    assert_eq!(tables(), named, "mark what is in the table, or say why it cannot be");
    let marks: Vec<_> = PRIVATE.iter().chain(ADMIN).chain(SHARED).collect();
    for (table, column) in MARKED {
        let like: Vec<_> = marks.iter().map(|mark| format!("lower(CAST({column} AS text)) LIKE '%{mark}%'")).collect();
        let count = app.query(&format!("SELECT count(*) FROM {table} WHERE {}", like.join(" OR ")));
        assert_ne!(count, "0", "nothing is marked in {table}.{column}");
    }
}

/// Everything of the victim's that somebody else might have changed.
pub fn state(app: &App, planted: &Planted) -> String {
    let Planted { user, tenant, .. } = planted;
    let theirs = format!("SELECT id FROM conversations WHERE user_id = '{user}'");
    [
        format!("SELECT id, title, ended_at FROM conversations WHERE user_id = '{user}' ORDER BY id"),
        format!("SELECT id, state, stop_requested FROM turns WHERE user_id = '{user}' ORDER BY id"),
        format!("SELECT id, state, decision, arguments FROM tool_calls WHERE user_id = '{user}' ORDER BY id"),
        format!("SELECT id, content FROM messages WHERE conversation_id IN ({theirs}) ORDER BY id"),
        format!("SELECT id, revoked_at FROM api_tokens WHERE user_id = '{user}' ORDER BY id"),
        format!("SELECT id, used, revoked_at FROM grants WHERE user_id = '{user}' ORDER BY id"),
        format!("SELECT family, revoked_at FROM refresh_tokens WHERE user_id = '{user}' ORDER BY hash"),
        format!("SELECT id FROM sessions WHERE user_id = '{user}' ORDER BY id"),
        format!("SELECT answer FROM questions WHERE tenant_id = '{tenant}'"),
        format!("SELECT name, email, is_active FROM users WHERE id = '{user}'"),
        format!(
            "SELECT name, is_active, system_prompt, topics, approvals_expire_after, models FROM tenants \
             WHERE id = '{tenant}'"
        ),
        format!("SELECT subject_id, monthly_requests, is_active FROM usage_limits WHERE tenant_id = '{tenant}'"),
        format!("SELECT user_id, role FROM memberships WHERE tenant_id = '{tenant}' ORDER BY user_id"),
        format!("SELECT name, url, is_active FROM mcp_servers WHERE tenant_id = '{tenant}' ORDER BY name"),
        format!("SELECT server, name, verdict FROM tool_rules WHERE tenant_id = '{tenant}' ORDER BY server, name"),
        format!("SELECT collection, id, document FROM records WHERE tenant_id = '{tenant}' ORDER BY id"),
        format!("SELECT id, issuer FROM mcp_tokens WHERE tenant_id = '{tenant}'"),
        format!("SELECT id, issuer FROM mcp_clients WHERE tenant_id = '{tenant}'"),
        format!("SELECT id, email, revoked_at FROM invitations WHERE tenant_id = '{tenant}'"),
        format!("SELECT id, amount, note FROM credit_entries WHERE tenant_id = '{tenant}'"),
        "SELECT slug FROM tenants ORDER BY slug".to_owned(),
        format!("SELECT path, undone_at FROM file_writes WHERE user_id = '{user}'"),
    ]
    .map(|query| app.query(&query))
    .join("\n")
}
