//! A crash, and what is done to the database while nobody serves: an approved call runs once or not at all, and one
//! that had begun never again by itself.

use std::time::Duration;

use reqwest::Method;

use super::Desk;
use crate::{
    both,
    support::{Backend, Chat, page::Approval, stays, within},
};

/// A lease of ten seconds runs out before another start may take a turn away.
const LEASE: Duration = Duration::from_secs(40);

impl Desk {
    /// Lets the database refuse that any call begins to run, so that a crash can come right before.
    fn nothing_begins(&self, backend: Backend) {
        self.app.query(match backend {
            Backend::Sqlite => {
                "CREATE TRIGGER nothing_begins BEFORE UPDATE ON tool_calls WHEN NEW.state = 'running' \
                 BEGIN SELECT RAISE(ABORT, 'nothing begins'); END"
            }
            Backend::Postgres => {
                "CREATE OR REPLACE FUNCTION nothing_begins() RETURNS trigger LANGUAGE plpgsql AS \
                 $$ BEGIN RAISE EXCEPTION 'nothing begins'; END $$; \
                 CREATE TRIGGER nothing_begins BEFORE UPDATE ON tool_calls FOR EACH ROW \
                 WHEN (NEW.state = 'running') EXECUTE FUNCTION nothing_begins()"
            }
        });
    }

    fn it_may_begin(&self, backend: Backend) {
        self.app.query(match backend {
            Backend::Sqlite => "DROP TRIGGER nothing_begins",
            Backend::Postgres => "DROP TRIGGER nothing_begins ON tool_calls",
        });
    }

    /// Approved, and killed before it began to run.
    async fn killed_after_approval(&mut self, backend: Backend) -> (Chat, Approval) {
        let (chat, waits) = self.asks("one.txt", "One").await;
        self.nothing_begins(backend);
        chat.decide(&waits, "Approve").await.expect(200);
        let refused = || self.app.logs().iter().any(|line| line.contains("left for recovery"));
        within(LEASE, "it tries to begin", async || refused().then_some(())).await;
        assert_eq!(self.stands(&waits), "approved");
        self.app.kill9();
        self.it_may_begin(backend);
        (chat, waits)
    }

    async fn ends_as(&self, approval: &Approval, state: &str) {
        within(LEASE, &format!("the call is {state}"), async || (self.stands(approval) == state).then_some(())).await;
    }

    async fn turn_becomes(&self, chat: &Chat, state: &str) {
        let sql = format!("SELECT state FROM turns WHERE conversation_id = '{}'", chat.id);
        within(LEASE, &format!("the turn is {state}"), async || (self.app.query(&sql) == state).then_some(())).await;
    }
}

both! {
    async fn what_was_approved_runs_once_after_the_restart(backend) {
        let mut desk = Desk::open(backend).await;
        let (chat, waits) = desk.killed_after_approval(backend).await;
        assert_eq!(desk.effects(), (0, Vec::new()));
        desk.app.launch();
        desk.ends_as(&waits, "succeeded").await;
        desk.turn_becomes(&chat, "completed").await;
        assert_eq!(desk.effects(), (1, vec![("one.txt".into(), "One".into())]));
        // Nor does another restart run it again, or the form that was recorded.
        desk.app.restart();
        chat.decide(&waits, "Approve").await.expect(409);
        stays(Duration::from_secs(1), "it ran once", async || desk.hold.runs() == 1).await;
    }

    /// The way back from a crash goes through what every way goes through.
    async fn what_changed_while_nobody_served_does_not_run(backend) {
        let mut desk = Desk::open(backend).await;
        for altered in [
            "fingerprint = '0000000000000000000000000000000000000000000000000000000000000000'",
            r#"arguments = '{"path":"evil.txt","content":"Evil"}'"#,
            "launch = 'https://evil.example/mcp'",
        ] {
            let (chat, waits) = desk.killed_after_approval(backend).await;
            desk.alter(&waits, altered);
            desk.app.launch();
            desk.ends_as(&waits, "failed|tool_changed").await;
            desk.turn_becomes(&chat, "completed").await;
            assert_eq!(desk.effects(), (0, Vec::new()), "{altered}");
        }
    }

    /// Somebody who was shut out meanwhile: nothing runs for them; let in again, Try again checks everything anew.
    async fn a_retry_after_the_definition_changed(backend) {
        let mut desk = Desk::open(backend).await;
        let (chat, waits) = desk.killed_after_approval(backend).await;
        desk.app.query("UPDATE memberships SET is_active = FALSE");
        desk.app.launch();
        desk.turn_becomes(&chat, "interrupted").await;
        assert_eq!((desk.stands(&waits), desk.effects()), ("approved".into(), (0, Vec::new())));
        desk.app.query("UPDATE memberships SET is_active = TRUE");
        desk.alter(&waits, "fingerprint = '0000000000000000000000000000000000000000000000000000000000000000'");
        chat.retry().await.expect(200);
        desk.ends_as(&waits, "failed|tool_changed").await;
        assert_eq!(desk.effects(), (0, Vec::new()));
    }

    async fn what_had_begun_never_runs_again_by_itself(backend) {
        let mut desk = Desk::open(backend).await;
        let (chat, [first, second]) = desk.first_held().await;
        desk.app.kill9();
        desk.hold.open();
        desk.app.launch();
        desk.ends_as(&first, "outcome_unknown|outcome_unknown").await;
        desk.turn_becomes(&chat, "interrupted").await;
        // What was approved with it waits until the person has said what becomes of the first one.
        assert_eq!(desk.stands(&second), "approved");
        desk.app.restart();
        let checks = || assert_eq!((desk.stands(&first), desk.stands(&second), desk.hold.runs()),
            ("outcome_unknown|outcome_unknown".into(), "approved".into(), 1));
        stays(Duration::from_secs(1), "nothing runs by itself", async || desk.hold.runs() == 1).await;
        checks();
        // Try again is no way to run it.
        let csrf = format!("csrf={}", chat.page().await.csrf());
        let retry = format!("/conversations/{}/retry", chat.id);
        let page = desk.person.request(Method::POST, &retry, Some(csrf), &[]).await;
        assert!(matches!(page.status, 409 | 422), "{}", page.status);
        checks();
        // The approvals that were spent, and run_again with other digests, on other calls, or of what is not unknown.
        let of = |approval: &Approval, decision: &str, digest: &str| {
            approval.form.clone().fill("digest", digest).forge("decision", decision)
        };
        let digest = |approval: &Approval| approval.form.value("digest").unwrap().to_owned();
        for forged in [
            of(&first, "approve", &digest(&first)),
            of(&first, "deny", &digest(&first)),
            of(&first, "run_again", &digest(&second)),
            of(&first, "run_again", &"0".repeat(64)),
            of(&second, "run_again", &digest(&second)),
            of(&second, "report", &digest(&second)),
            of(&second, "approve", &digest(&second)),
            of(&second, "deny", &digest(&second)),
        ] {
            desk.person.submit(&forged).await.expect(409);
            checks();
        }
        // Run again: a new call that is shown afresh. Sent twice, it is one.
        let again = of(&first, "run_again", &digest(&first));
        desk.person.submit(&again).await.expect(200);
        desk.person.submit(&again).await.expect(409);
        let report = of(&first, "report", &digest(&first));
        desk.person.submit(&report).await.expect(409);
        let new = chat.approvals(1).await.remove(0);
        assert_ne!((&new.call, digest(&new)), (&first.call, digest(&first)));
        desk.person.submit(&of(&new, "approve", &digest(&first))).await.expect(409);
        desk.person.submit(&of(&new, "run_again", &digest(&new))).await.expect(409);
        assert_eq!((desk.stands(&new).as_str(), desk.hold.runs()), ("pending", 1));
        chat.decide(&new, "Approve").await.expect(200);
        chat.until("the end", |page| page.turn() == "completed").await;
        assert_eq!((desk.stands(&new), desk.stands(&second)), ("succeeded".into(), "succeeded".into()));
        let files = vec![("first.txt".into(), "First".into()), ("second.txt".into(), "Second".into())];
        assert_eq!(desk.effects(), (3, files), "the one that was killed, the new one, and the second");
    }

    /// What was approved beside a call of unknown outcome, and changed before the person said what becomes of that.
    async fn what_waits_for_a_word_on_another_is_checked_too(backend) {
        let mut desk = Desk::open(backend).await;
        let (chat, [first, second]) = desk.first_held().await;
        desk.app.kill9();
        desk.hold.open();
        desk.app.launch();
        desk.turn_becomes(&chat, "interrupted").await;
        desk.alter(&second, "fingerprint = '0000000000000000000000000000000000000000000000000000000000000000'");
        let report = first.form.clone().forge("decision", "report");
        desk.person.submit(&report).await.expect(200);
        desk.ends_as(&second, "failed|tool_changed").await;
        chat.until("the end", |page| page.turn() == "completed").await;
        assert_eq!(desk.effects(), (1, Vec::new()));
    }

    /// The definition of the tool changed since the run that nobody knows the outcome of: it is asked as it is now.
    async fn run_again_asks_for_the_tool_as_it_is_now(backend) {
        let mut desk = Desk::open(backend).await;
        let (chat, [first, second]) = desk.first_held().await;
        desk.app.kill9();
        desk.hold.open();
        desk.alter(&first, "fingerprint = '0000000000000000000000000000000000000000000000000000000000000000'");
        desk.app.launch();
        desk.turn_becomes(&chat, "interrupted").await;
        desk.person.submit(&first.form.clone().forge("decision", "run_again")).await.expect(200);
        let new = chat.approvals(1).await.remove(0);
        let fingerprint = |approval: &Approval| {
            desk.app.query(&format!("SELECT fingerprint FROM tool_calls WHERE id = '{}'", approval.call))
        };
        assert_eq!(fingerprint(&new), fingerprint(&second));
        assert_eq!(desk.hold.runs(), 1);
        chat.decide(&new, "Deny").await.expect(200);
        chat.until("the end", |page| page.turn() == "completed").await;
        assert_eq!(desk.effects(), (2, vec![("second.txt".into(), "Second".into())]));
    }

    /// The tool was forbidden since: it is not run again, nobody is asked, and the model is told.
    async fn run_again_of_what_is_forbidden_now(backend) {
        let mut desk = Desk::open(backend).await;
        let (chat, [first, second]) = desk.first_held().await;
        desk.app.kill9();
        desk.hold.open();
        desk.app.launch();
        desk.turn_becomes(&chat, "interrupted").await;
        desk.rule("deny", "NULL", true);
        desk.person.submit(&first.form.clone().forge("decision", "run_again")).await.expect(200);
        desk.ends_as(&second, "failed|tool_not_allowed").await;
        chat.until("the end", |page| page.turn() == "completed").await;
        let new = desk.app.query("SELECT state, error_code FROM tool_calls WHERE repeats IS NOT NULL");
        assert_eq!(new, "failed|tool_not_allowed");
        let told = desk.app.query("SELECT content FROM messages WHERE role = 'tool'");
        assert!(told.contains(&first.call), "the model was not told what became of the first one: {told}");
        assert_eq!(desk.effects(), (1, Vec::new()));
    }
}
