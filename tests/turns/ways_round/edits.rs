//! Arguments that the person changes, and arguments that somebody would like to slip in as theirs.

use serde_json::json;

use super::{Desk, refuses};
use crate::{
    both,
    support::{Page, page::Approval},
};

impl Desk {
    /// Sends a decision with other arguments.
    async fn edits(&self, approval: &Approval, button: &str, arguments: &str) -> Page {
        let form = approval.form.clone().without("arguments").forge("arguments", arguments);
        self.person.submit(&form.press(button)).await
    }

    fn arguments(&self, approval: &Approval) -> String {
        let sql =
            format!("SELECT arguments, coalesce(asked_arguments, '-') FROM tool_calls WHERE id = '{}'", approval.call);
        self.app.query(&sql)
    }
}

both! {
    async fn an_edit_is_what_runs(backend) {
        let desk = Desk::open(backend).await;
        let (chat, waits) = desk.asks("one.txt", "One").await;
        let asked = desk.arguments(&waits);
        let edited = r#"{"path":"one.txt","content":"Edited"}"#;
        desk.edits(&waits, "Approve", edited).await.expect(200);
        chat.until("the end", |page| page.turn() == "completed").await;
        assert_eq!(desk.effects(), (1, vec![("one.txt".into(), "Edited".into())]));
        // Both are kept, and the model's call stays as it was.
        assert_eq!(desk.arguments(&waits), format!("{edited}|{}", asked.trim_end_matches("|-")));
        let told = desk.app.query("SELECT content FROM messages WHERE role = 'tool'");
        assert!(told.contains("changed") || told.contains("edited"), "the model is not told: {told}");
    }

    /// Another place is shown first: the say-so was for the place that was seen.
    async fn an_edit_that_reaches_elsewhere_approves_nothing(backend) {
        let desk = Desk::open(backend).await;
        let (chat, waits) = desk.asks("notes/one.txt", "One").await;
        for path in ["other.txt", "notes/two.txt", "Notes/one.txt"] {
            let before = chat.approvals(1).await.remove(0);
            let arguments = json!({"path": path, "content": "One"}).to_string();
            let page = desk.edits(&before, "Approve", &arguments).await;
            assert!(matches!(page.status, 200 | 409), "{path}: {}", page.status);
            let shown = chat.approvals(1).await.remove(0);
            assert_ne!(shown.form.value("digest"), before.form.value("digest"), "{path}");
            assert!(shown.text.contains(path), "{path}: {}", shown.text);
            // What was seen before it is no say-so for it, whether with the same edit or without.
            chat.decide(&before, "Approve").await.expect(409);
            desk.edits(&before, "Approve", &arguments).await.expect(409);
            assert_eq!((desk.stands(&waits), desk.effects()), ("pending".into(), (0, Vec::new())), "{path}");
        }
        let shown = chat.approvals(1).await.remove(0);
        chat.decide(&shown, "Approve").await.expect(200);
        chat.until("the end", |page| page.turn() == "completed").await;
        assert_eq!(desk.effects(), (1, vec![("Notes/one.txt".into(), "One".into())]));
    }

    /// There and back again is what the model asked for, and nobody tells it otherwise.
    async fn what_was_changed_back_is_as_it_was(backend) {
        let desk = Desk::open(backend).await;
        let (chat, _) = desk.asks("one.txt", "One").await;
        for path in ["other.txt", "one.txt"] {
            let shown = chat.approvals(1).await.remove(0);
            desk.edits(&shown, "Approve", &json!({"path": path, "content": "One"}).to_string()).await.expect(200);
        }
        let shown = chat.approvals(1).await.remove(0);
        chat.decide(&shown, "Approve").await.expect(200);
        chat.until("the end", |page| page.turn() == "completed").await;
        assert_eq!(desk.effects(), (1, vec![("one.txt".into(), "One".into())]));
        let told = desk.app.query("SELECT content FROM messages WHERE role = 'tool'");
        assert!(!told.contains("The person changed"), "{told}");
    }

    /// Nothing that is no edit counts as one, and the call waits on as it was.
    async fn what_is_no_edit(backend) {
        let desk = Desk::open(backend).await;
        let (chat, waits) = desk.asks("one.txt", "One").await;
        let before = desk.arguments(&waits);
        for wrong in [
            // Of two paths, one reader takes the first, another the last.
            r#"{"path":"one.txt","path":"evil.txt","content":"One"}"#,
            r#"{"path":"one.txt","content":"One","content":"Evil"}"#,
            r#"{"path":"one.txt","\u0070ath":"evil.txt","content":"One"}"#,
            // No JSON.
            "path=one.txt",
            r#"{"path":"one.txt","content":"One""#,
            r#"{"path":"one.txt","content":"One"} {"path":"evil.txt","content":"Evil"}"#,
            // Nothing that fits the schema.
            "null",
            "[]",
            r#""one.txt""#,
            "{}",
            r#"{"path":"one.txt"}"#,
            r#"{"path":["one.txt"],"content":"One"}"#,
            r#"{"path":"one.txt","content":"One","mode":"0777"}"#,
            // Nowhere.
            r#"{"path":"../one.txt","content":"One"}"#,
            r#"{"path":"/etc/passwd","content":"One"}"#,
            r#"{"path":"","content":"One"}"#,
        ] {
            let page = desk.edits(&waits, "Approve", wrong).await;
            assert_eq!(page.status, 422, "{wrong}: {}", page.text());
            assert_eq!(desk.stands(&waits), "pending", "{wrong}");
            assert_eq!(desk.arguments(&waits), before, "{wrong}");
        }
        // A good edit under a digest that is none of what waits.
        let edit = r#"{"path":"one.txt","content":"Edited"}"#;
        for digest in ["", "0", &"0".repeat(64), &waits.form.value("digest").unwrap().to_uppercase()] {
            let forged = Approval { form: waits.form.clone().fill("digest", digest), ..waits.clone() };
            let page = desk.edits(&forged, "Approve", edit).await;
            assert!(matches!(page.status, 409 | 422), "“{digest}” answers {}", page.status);
        }
        // Two edits in one form.
        let twice = waits.form.clone().without("arguments").forge("arguments", edit).forge("arguments", edit);
        assert!(refuses(&desk.person.submit(&twice.press("Approve")).await));
        assert_eq!((desk.arguments(&waits), desk.effects()), (before, (0, Vec::new())));
        desk.still_takes(&chat, &waits).await;
    }

    /// A denial that brings arguments along denies, or is refused; in no case does it change or run anything.
    async fn arguments_that_come_with_a_denial(backend) {
        let desk = Desk::open(backend).await;
        let (chat, waits) = desk.asks("one.txt", "One").await;
        let page = desk.edits(&waits, "Deny", r#"{"path":"evil.txt","content":"Evil"}"#).await;
        assert!(matches!(page.status, 200 | 422), "{}", page.status);
        if page.status == 422 {
            assert_eq!(desk.stands(&waits), "pending");
            chat.decide(&waits, "Deny").await.expect(200);
        }
        chat.until("the end", |page| page.turn() == "completed").await;
        assert_eq!(desk.stands(&waits), "denied");
        assert!(!desk.arguments(&waits).contains("evil"), "{}", desk.arguments(&waits));
        assert_eq!(desk.effects(), (0, Vec::new()));
        // Nor with what becomes of a run of unknown outcome.
        let (chat, waits) = desk.asks("two.txt", "Two").await;
        for decision in ["run_again", "report"] {
            let form = waits.form.clone().without("arguments").forge("arguments", r#"{"path":"evil.txt","content":""}"#);
            let page = desk.person.submit(&form.forge("decision", decision)).await;
            assert!(refuses(&page), "{decision} answers {}", page.status);
        }
        assert_eq!(desk.effects(), (0, Vec::new()));
        desk.still_takes(&chat, &waits).await;
    }
}
