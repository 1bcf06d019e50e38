//! Every address of both routers, and whose it is. Which there are is read from the code that mounts them.

use std::{collections::BTreeSet, fs};

use crate::{support::root, token_table};

/// Whose what is there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// Nobody's: where one signs in, what the installation says of itself. It looks at nobody's data.
    Nobodys,
    /// The caller's, whoever they are: a list of one's own, a form for something new.
    Callers,
    /// One person's: it names something of theirs.
    Persons,
    /// What the tenant's members share.
    Members,
    /// For those who run the tenant, which the address names.
    Admins,
    /// For those who run the installation.
    Operators,
    /// For them, and for callers on this machine.
    Machines,
    /// For those who are in the tenant that the body names.
    Tenants,
}

use Whose::*;

/// Method, address, whose, and what is sent there: fields of a form, or JSON. `CALL`, `DIGEST` and so on stand for what
/// is the victim's.
pub const TABLE: &[(&str, &str, Whose, &str)] = &[
    // Pages.
    ("GET", "/", Callers, ""),
    ("GET", "/setup", Nobodys, ""),
    ("POST", "/setup", Nobodys, "token=x&name=x&email=x%40example.org&password=a+long+enough+one&workspace=x"),
    ("GET", "/login", Nobodys, ""),
    ("POST", "/login", Nobodys, "email=nobody%40example.org&password=a+wrong+one&next="),
    ("POST", "/logout", Callers, ""),
    ("GET", "/conversations", Callers, ""),
    ("POST", "/conversations", Callers, "message=Hello"),
    ("GET", "/conversations/{id}", Persons, ""),
    ("POST", "/conversations/{id}/messages", Persons, "message=Let+me+in"),
    ("POST", "/conversations/{id}/stop", Persons, ""),
    ("POST", "/conversations/{id}/retry", Persons, ""),
    ("POST", "/conversations/{id}/rename", Persons, "title=Taken+over"),
    ("POST", "/conversations/{id}/delete", Persons, ""),
    ("POST", "/conversations/{id}/end", Persons, ""),
    ("GET", "/conversations/{id}/export", Persons, ""),
    ("GET", "/conversations/{id}/decisions", Persons, ""),
    ("POST", "/conversations/{id}/decisions", Persons, "decision=approve&call=CALL%3ADIGEST"),
    ("GET", "/conversations/{id}/attachments/{number}", Persons, ""),
    ("GET", "/conversations/{id}/socket", Persons, ""),
    ("POST", "/tool-calls/{id}/decision", Persons, "decision=approve&digest=DIGEST"),
    ("POST", "/tool-calls/{id}/answer", Persons, "question=1&answer=decline"),
    ("GET", "/tool-calls/{id}/edit", Persons, ""),
    ("POST", "/tool-calls/{id}/undo", Persons, ""),
    ("GET", "/files", Members, ""),
    ("GET", "/files/{path:.*}", Members, ""),
    ("GET", "/approvals", Callers, ""),
    ("GET", "/settings", Callers, ""),
    ("POST", "/settings", Callers, "name=Myself&language=en"),
    ("GET", "/settings/password", Callers, ""),
    ("POST", "/settings/password", Callers, "old=a+wrong+one&password=a+long+enough+one"),
    ("GET", "/settings/data", Callers, ""),
    ("POST", "/settings/data", Callers, ""),
    ("GET", "/settings/delete", Callers, ""),
    ("POST", "/settings/delete", Callers, "password=a+wrong+one&confirmation=me"),
    ("POST", "/settings/grants/{id}/revoke", Persons, ""),
    ("GET", "/settings/tokens", Callers, ""),
    ("POST", "/settings/tokens", Callers, "name=Mine&scopes=chat&lifetime=30"),
    ("POST", "/settings/tokens/{id}/revoke", Persons, ""),
    ("POST", "/settings/sessions/{id}/revoke", Persons, ""),
    ("POST", "/settings/sign-ins/{id}/revoke", Persons, ""),
    ("POST", "/settings/connections/{name}/authorise", Members, ""),
    ("POST", "/settings/connections/{name}/remove", Members, ""),
    ("GET", "/usage", Callers, ""),
    ("GET", "/invitations/{token}", Nobodys, ""),
    ("POST", "/invitations/{token}", Nobodys, "name=Me&password=a+long+enough+one"),
    ("GET", "/password/{token}", Nobodys, ""),
    ("POST", "/password/{token}", Nobodys, "password=a+long+enough+one"),
    ("POST", "/guest", Nobodys, "name=Me&next="),
    ("POST", "/switch", Tenants, "tenant=TENANT"),
    ("GET", "/admin", Callers, ""),
    ("POST", "/admin/tenants", Operators, "slug=taken&name=Taken+over"),
    ("POST", "/admin/tenants/{id}/rename", Operators, "name=Taken+over"),
    ("POST", "/admin/tenants/{id}/suspend", Operators, ""),
    ("POST", "/admin/tenants/{id}/resume", Operators, ""),
    ("GET", "/admin/tenants/{id}/members", Admins, ""),
    ("POST", "/admin/tenants/{id}/members/{user}/role", Admins, "role=member"),
    ("POST", "/admin/tenants/{id}/members/{user}/suspend", Admins, ""),
    ("POST", "/admin/tenants/{id}/members/{user}/resume", Admins, ""),
    ("POST", "/admin/tenants/{id}/members/{user}/remove", Admins, ""),
    ("POST", "/admin/tenants/{id}/members/{user}/sign-out", Admins, ""),
    ("POST", "/admin/tenants/{id}/members/{user}/password-link", Operators, ""),
    ("POST", "/admin/tenants/{id}/invitations", Admins, "email=taken%40example.org&role=owner"),
    ("POST", "/admin/tenants/{id}/invitations/{invitation}/renew", Admins, ""),
    ("POST", "/admin/tenants/{id}/invitations/{invitation}/revoke", Admins, ""),
    ("GET", "/admin/audit", Operators, ""),
    ("GET", "/admin/audit/export", Operators, ""),
    ("GET", "/admin/tenants/{id}/audit", Admins, ""),
    ("GET", "/admin/tenants/{id}/audit/export", Admins, ""),
    ("GET", "/admin/tenants/{id}/usage", Admins, ""),
    ("GET", "/admin/tenants/{id}/limits", Admins, ""),
    (
        "POST",
        "/admin/tenants/{id}/limits",
        Admins,
        "input_tokens=1&output_tokens=1&requests=1&credits=1&is_active=true",
    ),
    (
        "POST",
        "/admin/tenants/{id}/limits/credits",
        Operators,
        "entry=0198c0de-0000-7000-8000-000000000077&amount=1&note=taken",
    ),
    ("GET", "/admin/tenants/{id}", Admins, ""),
    ("GET", "/admin/tenants/{id}/prompt", Admins, ""),
    ("POST", "/admin/tenants/{id}/prompt", Admins, "system_prompt=Taken+over&topics="),
    ("GET", "/admin/tenants/{id}/models", Admins, ""),
    ("POST", "/admin/tenants/{id}/models", Admins, "allow=ticked&model=demo%2Fdemo"),
    ("GET", "/admin/tenants/{id}/tools", Admins, ""),
    ("POST", "/admin/tenants/{id}/tools", Admins, "expire_after="),
    ("POST", "/admin/tenants/{id}/tools/{server}", Admins, "name=write_file&fingerprint=x"),
    ("POST", "/admin/tenants/{id}/tools/{server}/{name}", Admins, "fingerprint=x&verdict=allow"),
    ("POST", "/admin/tenants/{id}/tools/{server}/{name}/accept", Admins, "fingerprint=x"),
    ("GET", "/admin/tenants/{id}/servers", Admins, ""),
    ("POST", "/admin/tenants/{id}/servers", Admins, "name=taken&url=http%3A%2F%2F127.0.0.1%3A9%2F&headers="),
    ("GET", "/admin/tenants/{id}/servers/{name}", Admins, ""),
    ("POST", "/admin/tenants/{id}/servers/{name}", Admins, "url=http%3A%2F%2F127.0.0.1%3A9%2F&headers="),
    ("POST", "/admin/tenants/{id}/servers/{name}/remove", Admins, ""),
    ("POST", "/admin/tenants/{id}/servers/{name}/reconnect", Admins, ""),
    ("POST", "/admin/tenants/{id}/servers/{name}/refresh", Admins, ""),
    ("POST", "/admin/tenants/{id}/servers/{name}/authorise", Admins, ""),
    ("POST", "/admin/tenants/{id}/servers/{name}/unauthorise", Admins, ""),
    ("POST", "/admin/tenants/{id}/servers/{name}/client", Admins, "client_id=x&client_secret=y"),
    ("GET", "/admin/tenants/{id}/servers/{name}/callback", Admins, ""),
    // What authorisation servers fetch: made of the address alone.
    ("GET", "/admin/tenants/{id}/servers/{name}/client.json", Nobodys, ""),
    ("GET", "/admin/tenants/{id}/servers/{name}/tools/{tool}", Admins, ""),
    ("POST", "/admin/tenants/{id}/servers/{name}/tools/{tool}", Admins, "fingerprint=x&idempotency_key=x"),
    ("GET", "/admin/tenants/{id}/records", Admins, ""),
    ("POST", "/admin/tenants/{id}/records", Admins, FILE),
    ("POST", "/admin/tenants/{id}/records/delete", Admins, "collection=walltenant&confirmation=walltenant"),
    // Programs.
    ("GET", "/health", Nobodys, ""),
    ("GET", "/healthz", Nobodys, ""),
    ("GET", "/readyz", Nobodys, ""),
    ("GET", "/stats", Machines, ""),
    ("GET", "/metrics", Machines, ""),
    ("POST", "/api/auth/login", Nobodys, r#"{"email":"nobody@example.org","password":"a wrong one"}"#),
    ("POST", "/api/auth/refresh", Nobodys, r#"{"refresh_token":"nonsense"}"#),
    ("POST", "/api/auth/logout", Callers, "{}"),
    ("GET", "/api/auth/me", Callers, ""),
    ("GET", "/api/meta", Nobodys, ""),
    ("GET", "/api/openapi.json", Nobodys, ""),
    ("POST", "/api/chat", Callers, r#"{"message":"Hello"}"#),
    ("POST", "/api/chat/{id}", Persons, r#"{"message":"Let me in"}"#),
    ("GET", "/api/chat/{id}/events", Persons, ""),
    ("POST", "/api/chat/{id}/stop", Persons, "{}"),
    ("GET", "/api/chat/sessions/{user}", Persons, ""),
    ("GET", "/api/chat/session/{id}", Persons, ""),
    ("DELETE", "/api/chat/session/{id}", Persons, ""),
    ("GET", "/api/chat/session/{user}/messages", Persons, ""),
    ("GET", "/api/chat/session/{id}/messages/by-id", Persons, ""),
    ("POST", "/api/chat/session/{id}/end", Persons, "{}"),
    ("GET", "/api/session", Callers, ""),
    ("GET", "/api/conversations", Callers, ""),
    ("GET", "/api/conversations/{id}", Persons, ""),
    ("PATCH", "/api/conversations/{id}", Persons, r#"{"title":"Taken over"}"#),
    ("DELETE", "/api/conversations/{id}", Persons, ""),
    ("GET", "/api/conversations/{id}/messages", Persons, ""),
    ("POST", "/api/conversations/{id}/end", Persons, "{}"),
    ("GET", "/api/conversations/{id}/export", Persons, ""),
    ("GET", "/api/approvals", Callers, ""),
    ("POST", "/api/tool-calls/{id}/decision", Persons, r#"{"decision":"approve","digest":"DIGEST"}"#),
    ("GET", "/api/usage", Callers, ""),
    ("GET", "/api/admin/tenants/{id}/usage", Admins, ""),
    ("PUT", "/api/admin/tenants/{id}/limits", Admins, r#"{"monthly_requests":1}"#),
    ("GET", "/api/tools", Callers, ""),
    ("GET", "/api/mcp/tools", Callers, ""),
    ("POST", "/api/mcp/tools/call", Callers, r#"{"name":"list_files","args":{}}"#),
    ("GET", "/api/socket", Persons, ""),
    ("GET", "/api/gateway", Callers, ""),
    ("POST", "/v1/chat/completions", Callers, r#"{"model":"demo","messages":[{"role":"user","content":"Hello"}]}"#),
    ("GET", "/v1/models", Callers, ""),
    ("GET", "/v1/models/{id:.+}", Callers, ""),
    ("POST", "/mcp", Callers, r#"{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{}}"#),
    ("GET", "/mcp", Callers, ""),
    ("DELETE", "/mcp", Callers, ""),
];

/// Stands for a form with a file.
pub const FILE: &str = "a file";

/// Methods and patterns of the pages, as `src/web/mod.rs` mounts them; nowhere else is anything mounted.
fn pages() -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    let mut folders = vec![root().join("src/web")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            // What is below the tests of a file mounts for them.
            let code = fs::read_to_string(&path).unwrap();
            let code: String = code.split("#[cfg(test)]").next().unwrap().split_whitespace().collect();
            if !path.ends_with("src/web/mod.rs") {
                for mounting in ["web::resource(", "web::scope(", ".service(", ".route("] {
                    assert!(!code.contains(mounting), "{}: `{mounting}` mounts what nobody finds here", path.display());
                }
                continue;
            }
            assert_eq!(code.matches("web::resource(").count(), 1, "only `at` makes a resource");
            assert!(!code.contains("web::scope(") && !code.contains(".configure("), "only `at` mounts");
            let pieces: Vec<_> = code.split(".service(").skip(1).collect();
            for piece in pieces {
                let (pattern, own) = piece.strip_prefix("at(\"").and_then(|rest| rest.split_once('"')).expect(piece);
                let methods: Vec<_> =
                    own.split(".route(web::").skip(1).map(|rest| rest.split('(').next().unwrap()).collect();
                assert!(!methods.is_empty() && methods.len() == own.matches(".route(").count(), "{pattern}");
                found.extend(methods.into_iter().map(|method| (method.to_uppercase(), pattern.to_owned())));
            }
        }
    }
    found
}

/// Every address with its row.
pub fn rows() -> Vec<(&'static str, &'static str, Whose, &'static str)> {
    let (pages, programs) = (pages(), token_table::mounted());
    assert!(pages.len() > 50 && programs.len() > 40, "the code is read wrongly: {pages:?} {programs:?}");
    // Nothing else answers: what the application mounts by itself are these two routers, the assets, which are the same for
    // all, and what leads from the path of `PUBLIC_URL` to the front page.
    let app: String = fs::read_to_string(root().join("src/app.rs")).unwrap().split_whitespace().collect();
    assert_eq!(app.matches(".route(").count(), 1, "`app` mounts something else");
    assert_eq!(app.matches(".configure(").count(), 4, "`app` mounts another router");
    assert_eq!(app.matches("config.service(web::redirect(").count(), 1);
    let mounted: BTreeSet<_> = pages.union(&programs).cloned().collect();
    for (method, pattern) in &mounted {
        let is_known = TABLE.iter().any(|(of, at, ..)| of == method && at == pattern);
        assert!(is_known, "{method} {pattern} is not in the table of walls: say whose it is");
    }
    for (method, pattern, ..) in TABLE {
        assert!(mounted.contains(&((*method).to_owned(), (*pattern).to_owned())), "{method} {pattern} is nowhere");
    }
    let mut rows = TABLE.to_vec();
    // Whoever leaves sees no more, and who switches is known by another key.
    rows.sort_by_key(|(_, pattern, whose, _)| (pattern.ends_with("/logout"), *whose == Tenants));
    rows
}

#[test]
fn every_address_is_in_the_table() {
    assert_eq!(rows().len(), TABLE.len());
}
