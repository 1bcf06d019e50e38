//! What an admin says of a tool, and what they say once something waits.

use serde_json::json;

use super::{Desk, NO_TOOL, wish};
use crate::{
    both,
    support::{Replay, Reply, page::Approval},
};

impl Desk {
    /// Writes the tenant's rule for `write_file`, as its admins would: `fingerprint` is SQL.
    pub(super) fn rule(&self, verdict: &str, fingerprint: &str, grants: bool) {
        self.unruled();
        self.app.query(&format!(
            "INSERT INTO tool_rules (tenant_id, server, name, verdict, fingerprint, grants_allowed, guests_allowed, \
             changed_at) SELECT id, 'sayso', 'write_file', '{verdict}', {fingerprint}, {grants}, FALSE, created_at \
             FROM tenants WHERE slug = '{}'",
            self.app.tenant()
        ));
    }

    pub(super) fn unruled(&self) {
        self.app.query("DELETE FROM tool_rules");
    }

    /// SQL for the fingerprint of `write_file` as it is, from a call that was asked for.
    pub(super) fn pinned(&self, approval: &Approval) -> String {
        format!("(SELECT fingerprint FROM tool_calls WHERE id = '{}')", approval.call)
    }
}

both! {
    async fn forbidden_between_asking_and_approving(backend) {
        let desk = Desk::open(backend).await;
        let (chat, waits) = desk.asks("one.txt", "One").await;
        desk.rule("deny", "NULL", true);
        let page = chat.decide(&waits, "Approve").await;
        assert!(matches!(page.status, 200 | 403 | 409), "{}", page.status);
        desk.becomes(&waits, "failed|tool_not_allowed").await;
        chat.until("the reply goes on", |page| page.turn() == "completed").await;
        assert_eq!(desk.effects(), (0, Vec::new()));
    }

    async fn forbidden_between_approving_and_running(backend) {
        let desk = Desk::open(backend).await;
        // While another call of the reply waits.
        let (chat, [first, second]) = desk.asks_two().await;
        chat.decide(&first, "Approve").await.expect(200);
        desk.rule("deny", "NULL", true);
        chat.decide(&second, "Deny").await.expect(200);
        desk.becomes(&first, "failed|tool_not_allowed").await;
        assert_eq!(desk.effects(), (0, Vec::new()));
        chat.until("the reply goes on", |page| page.turn() == "completed").await;
        // While another one runs.
        desk.unruled();
        let (_, [_, second]) = desk.first_held().await;
        desk.rule("deny", "NULL", true);
        desk.second_ends(&second, "failed|tool_not_allowed").await;
        assert_eq!(desk.app.file("second.txt"), None);
    }

    /// Runs without a question are the admins' to allow, of exactly the tool that they saw, and each says so.
    async fn allowed_by_an_admin(backend) {
        let desk = Desk::open(backend).await;
        let (_, waits) = desk.asks("one.txt", "One").await;
        let pinned = desk.pinned(&waits);
        desk.rule("allow", &pinned, true);
        // What waited already waits on: it was shown as something to decide.
        assert_eq!(desk.stands(&waits), "pending");
        let chat = desk.person.new_conversation(&wish("two.txt", "Two")).await;
        let page = chat.settled().await;
        assert_eq!(page.turn(), "completed", "{}", page.text());
        assert_eq!(page.tool_calls()[0].state, "succeeded");
        assert_eq!(desk.effects(), (1, vec![("two.txt".into(), "Two".into())]));
        let authority = desk.app.query(&format!(
            "SELECT authority, decision, decided_by FROM tool_calls WHERE conversation_id = '{}'", chat.id));
        assert_eq!(authority, r#"{"by":"rule"}||"#, "nobody decided, and the call says by what it ran");
        // Another definition than the one that was seen, none at all, and no such rule any more: asked.
        for fingerprint in [format!("'{NO_TOOL}'"), "NULL".to_owned()] {
            desk.rule("allow", &fingerprint, true);
            let (chat, _) = desk.asks("three.txt", "Three").await;
            assert!(chat.page().await.is_waiting());
        }
        desk.rule("ask", &pinned, true);
        desk.asks("three.txt", "Three").await;
        desk.unruled();
        desk.asks("three.txt", "Three").await;
        assert_eq!(desk.hold.runs(), 1);
    }

    /// The admin takes it back while what was allowed waits for another call's decision.
    async fn an_allowance_is_taken_back_before_the_run(backend) {
        let desk = Desk::open(backend).await;
        let (_, seen) = desk.asks("seen.txt", "Seen").await;
        let pinned = desk.pinned(&seen);
        for (n, taken) in ["ask", "deny", "changed", "gone"].into_iter().enumerate() {
            desk.rule("allow", &pinned, true);
            let (chat, [_, _]) = {
                desk.hold.close();
                let runs = desk.hold.runs();
                let wishes = [wish("first.txt", &format!("First {n}")), wish("second.txt", "Second")].join("\n");
                let chat = desk.person.new_conversation(&wishes).await;
                crate::support::eventually("the first stands still", async || {
                    (desk.hold.runs() == runs + 1).then_some(())
                })
                .await;
                (chat, [(), ()])
            };
            match taken {
                "changed" => desk.rule("allow", &format!("'{NO_TOOL}'"), true),
                "gone" => desk.unruled(),
                verdict => desk.rule(verdict, &pinned, true),
            }
            let runs = desk.hold.runs();
            desk.hold.open();
            chat.until("rest", |page| !page.is_running()).await;
            let second = desk.app.query(&format!(
                "SELECT state FROM tool_calls WHERE conversation_id = '{}' AND ordinal = 1", chat.id));
            assert!(matches!(second.as_str(), "failed" | "pending"), "{taken}: {second}");
            assert_eq!((desk.hold.runs(), desk.app.file("second.txt")), (runs, None), "{taken}");
        }
    }

    /// A forbidden tool is not offered; a model that asks for it all the same is told so, and nobody is asked.
    /// `research` looks into records and asks the web: it is no way to either where that is never to be used.
    async fn no_tool_is_a_way_to_another(backend) {
        let research = Reply::text("Let me look.").and_tool("research", json!({"question": "kettles"}));
        let replies = [("ask", research), ("end", Reply::text("Then not."))];
        let Some(replay) = Replay::playing(&replies, &[("ask", &["anthropic/ask", "anthropic/end"])]) else { return };
        let (app, person, hold) = crate::support::App::counting(backend, &replay.settings("script:ask.json")).await;
        let desk = Desk { app, person, hold };
        for (round, part) in ["records_find", "web_search"].into_iter().enumerate() {
            desk.unruled();
            for (name, verdict) in [("research", "allow"), (part, "deny")] {
                desk.app.query(&format!(
                    "INSERT INTO tool_rules (tenant_id, server, name, verdict, changed_at) \
                     SELECT id, 'sayso', '{name}', '{verdict}', created_at FROM tenants WHERE slug = '{}'",
                    desk.app.tenant()
                ));
            }
            let chat = desk.person.new_conversation("Kettles, please").await;
            assert_eq!(chat.settled().await.turn(), "completed");
            let refused = "SELECT count(*) FROM tool_calls WHERE name = 'research' AND state = 'failed' \
                AND error_code = 'tool_not_allowed' AND started_at IS NULL";
            assert_eq!(desk.app.query(refused), (round + 1).to_string(), "{part}");
        }
        for request in replay.rounds() {
            let names: Vec<_> = request["tools"].as_array().unwrap().iter().map(|tool| tool["name"].clone()).collect();
            assert!(!names.contains(&json!("research")) && !names.is_empty(), "{names:?}");
        }
    }

    async fn forbidden_tools_are_neither_offered_nor_run(backend) {
        let replies = [("ask", Reply::write_file("one.txt", "One")), ("end", Reply::text("Then not."))];
        let Some(replay) = Replay::playing(&replies, &[("ask", &["anthropic/ask", "anthropic/end"])]) else { return };
        let (app, person, hold) = crate::support::App::counting(backend, &replay.settings("script:ask.json")).await;
        let desk = Desk { app, person, hold };
        desk.rule("deny", "NULL", true);
        let chat = desk.person.new_conversation("A file, please").await;
        let page = chat.settled().await;
        assert_eq!(page.turn(), "completed", "{}", page.text());
        let asked = desk.app.query("SELECT state, error_code, decided_by FROM tool_calls");
        assert_eq!(asked, "failed|tool_not_allowed|");
        assert_eq!(desk.effects(), (0, Vec::new()));
        for request in replay.rounds() {
            let names: Vec<_> = request["tools"].as_array().unwrap().iter().map(|tool| tool["name"].clone()).collect();
            assert!(!names.contains(&json!("write_file")) && !names.is_empty(), "{names:?}");
        }
    }
}
