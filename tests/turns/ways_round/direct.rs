//! A tool named by whoever has no say, at every address that takes one.

use reqwest::Method;
use serde_json::{Value, json};

use super::{Desk, LONG_AGO, NO_TOOL};
use crate::{
    both,
    direct::{call, with_scopes, write},
    support::{Person, Script, eventually},
};

/// Who asks: a token, or a browser's cookie with what stands in its header.
enum Who {
    Token(Script),
    Cookie(Person, &'static str),
}

impl Who {
    async fn post(&self, path: &str, body: &Value) -> (u16, String) {
        match self {
            Self::Token(script) => {
                let answer = script.post(path, body, &[]).await;
                (answer.status, answer.text)
            }
            Self::Cookie(person, csrf) => {
                let headers = [("content-type", "application/json"), ("x-csrf-token", *csrf), ("accept", "")];
                let page = person.request(Method::POST, path, Some(body.to_string()), &headers).await;
                (page.status, page.html)
            }
        }
    }
}

impl Desk {
    /// Everybody who must not make a tool run, and with which status a direct call of one that asks is answered.
    async fn without_a_say(&self) -> Vec<(&'static str, Who, u16)> {
        let (app, person, tenant) = (&self.app, &self.person, self.app.tenant());
        let password = Person::FIRST.1;
        let mut all = vec![
            ("no token", Who::Token(Script::with_token(&app.base, "")), 401),
            ("nonsense", Who::Token(Script::with_token(&app.base, "sayso_nonsense")), 401),
            ("a cookie alone", Who::Cookie(person.copy(), ""), 403),
            ("a cookie with a wrong token", Who::Cookie(person.copy(), "0"), 403),
        ];
        for (name, scopes, status) in [
            ("chat", &["chat"][..], 403),
            ("tools", &["tools"], 202),
            ("chat tools", &["chat", "tools"], 202),
            ("admin-read", &["admin-read"], 403),
        ] {
            all.push((name, Who::Token(with_scopes(person, scopes).await), status));
        }
        let expired = with_scopes(person, &["chat", "decide"]).await;
        app.query(&format!("UPDATE api_tokens SET expires_at = '{LONG_AGO}' WHERE scopes = 'chat decide'"));
        all.push(("an expired token", Who::Token(expired), 401));
        let revoked = with_scopes(person, &["decide"]).await;
        person.submit(&person.get("/settings").await.form_with("button", "Revoke decide")).await.expect(200);
        all.push(("a revoked token", Who::Token(revoked), 401));
        // What they ask for there is theirs alone, and waits there.
        let stranger = app.stranger().await;
        all.push(("another tenant's", Who::Token(with_scopes(&stranger, &["chat", "tools"]).await), 202));
        for (email, role) in
            [("gone@example.org", "member"), ("guest@example.org", "member"), ("down@example.org", "admin")]
        {
            let other = app.person(email, &tenant, role).await;
            let token = with_scopes(&other, &["chat", "decide"]).await;
            let sign_in = Script::sign_in(&app.base, (email, password)).await;
            let (name, status) = match role {
                "admin" => {
                    app.admin(&["set-role", "--email", email, "--tenant", &tenant, "--role", "member"], None);
                    ("demoted", 401)
                }
                _ if email.starts_with("gone") => {
                    app.admin(&["disable-user", "--email", email], None);
                    ("suspended", 401)
                }
                _ => {
                    app.query(&format!(
                        "UPDATE memberships SET role = 'guest' WHERE user_id = \
                        (SELECT id FROM users WHERE email = '{email}')"
                    ));
                    ("a guest", 403)
                }
            };
            let of_token = if status == 403 { 401 } else { status };
            all.push((name, Who::Token(sign_in), status));
            all.push((name, Who::Token(token), of_token));
        }
        all
    }
}

both! {
    async fn nobody_without_a_say_makes_a_tool_run(backend) {
        let desk = Desk::open(backend).await;
        let owner = Script::first(&desk.app.base).await;
        let said = owner.post("/api/chat", &json!({"message": "Hello"}), &[]).await.expect(200).json();
        let in_chat = format!("/api/chat/{}", said["conversation_id"].as_str().unwrap());
        let everybody = desk.without_a_say().await;
        let nothing = desk.effects();
        for case in ["asks", "denied", "changed", "unknown"] {
            match case {
                "denied" => desk.rule("deny", "NULL", true),
                "changed" => desk.rule("allow", &format!("'{NO_TOOL}'"), true),
                _ => desk.unruled(),
            }
            let tool = if case == "unknown" { "write_files" } else { "write_file" };
            let args = json!({"path": "one.txt", "content": "One"});
            let named = json!({"message": "Now", "toolName": tool, "toolArgs": args});
            for (who, asker, status) in &everybody {
                let direct = json!({"name": tool, "args": args});
                let (answered, text) = asker.post("/api/mcp/tools/call", &direct).await;
                let is_elsewhere = *who == "another tenant's";
                let expected = match (case, *status) {
                    ("denied", 202) if is_elsewhere => 202,
                    ("denied" | "unknown", 202) => 403,
                    // Nobody accepted this tool for guests.
                    ("changed", 403) if *who == "a guest" => 409,
                    (_, status) => status,
                };
                assert_eq!(answered, expected, "{case}, {who}: {text}");
                for path in ["/api/chat", in_chat.as_str()] {
                    let (answered, text) = asker.post(path, &named).await;
                    let is_let_in = answered == 200;
                    assert!(!is_let_in || text.contains(r#""state":"awaiting_approval""#), "{case}, {who}: {text}");
                    let may_chat = matches!(*who, "chat" | "chat tools" | "another tenant's");
                    assert!(!is_let_in || may_chat, "{case}, {who}: {text}");
                    assert!(!is_let_in || case != "unknown", "{who}: {text}");
                }
                // Under another method or a nearly right address there is nothing.
                let (answered, _) = asker.post("/api/mcp/tools/call/", &direct).await;
                assert!((400..500).contains(&answered), "{who}: {answered}");
                assert_eq!(desk.hold.runs(), 0, "{case}, {who}");
            }
            assert_eq!(desk.effects(), nothing, "{case}");
        }
        let sql = "SELECT count(*) FROM tool_calls WHERE started_at IS NOT NULL OR decision IS NOT NULL";
        assert_eq!(desk.app.query(sql), "0", "something was decided");
        // Whoever has a say: not what is denied or unknown, once what is not.
        desk.rule("deny", "NULL", true);
        assert_eq!(call(&owner, &write("one.txt", "One"), None).await.code(), (403, "tool_not_allowed".into()));
        let unknown = json!({"name": "write_files", "args": {}});
        assert_eq!(call(&owner, &unknown, None).await.code(), (403, "tool_not_allowed".into()));
        assert_eq!(desk.effects(), nothing);
        desk.unruled();
        call(&owner, &write("one.txt", "One"), None).await.expect(200);
        assert_eq!(desk.effects(), (1, vec![("one.txt".into(), "One".into())]));
    }

    /// What waits for its person is bound to what it was; a grant given in a chat is nothing that a script may spend.
    async fn what_waits_runs_as_it_was_or_not_at_all(backend) {
        let desk = Desk::open(backend).await;
        let owner = Script::first(&desk.app.base).await;
        let agent = with_scopes(&desk.person, &["tools"]).await;
        for (altered, code) in [
            ("fingerprint = '0000000000000000000000000000000000000000000000000000000000000000'", "tool_changed"),
            (r#"arguments = '{"path":"evil.txt","content":"Evil"}'"#, "tool_changed"),
        ] {
            let waits = call(&agent, &write("one.txt", "One"), None).await.expect(202).json();
            let id = waits["id"].as_str().unwrap();
            desk.app.query(&format!("UPDATE tool_calls SET {altered} WHERE id = '{id}'"));
            owner.decide(&waits, "approve").await.expect(200);
            let sql = format!("SELECT state, error_code FROM tool_calls WHERE id = '{id}'");
            let ended = format!("failed|{code}");
            eventually(&ended, async || (desk.app.query(&sql) == ended).then_some(())).await;
        }
        assert_eq!(desk.effects(), (0, Vec::new()));
        // Say-so for what the assistant asks.
        let (chat, waits) = desk.asks("one.txt", "One").await;
        let sql = format!("SELECT digest FROM tool_calls WHERE id = '{}'", waits.call);
        let remember = "count=5 for=1h scope=person";
        let body = json!({"decision": "approve", "digest": desk.app.query(&sql), "remember": remember});
        owner.post(&format!("/api/tool-calls/{}/decision", waits.call), &body, &[]).await.expect(200);
        chat.until("the end", |page| page.turn() == "completed").await;
        assert_eq!((desk.hold.runs(), desk.app.query("SELECT used FROM grants")), (1, "0".into()));
        let same = call(&agent, &write("one.txt", "One"), None).await.expect(202).json();
        assert_eq!((&same["state"], desk.hold.runs()), (&json!("pending"), 1));
        assert_eq!(desk.app.query("SELECT used FROM grants"), "0");
    }
}
