//! What happens between approving and running: the first of two approved calls stands still in the middle of its run,
//! and the second waits its turn meanwhile.

use std::fs;

use reqwest::Method;
use tempfile::TempDir;

use super::Desk;
use crate::{
    both,
    support::{Chat, Person, eventually, page::Approval},
};

impl Desk {
    /// A conversation with both approved, the first one held.
    pub(super) async fn first_held(&self) -> (Chat, [Approval; 2]) {
        let before = self.hold.runs();
        self.hold.close();
        let (chat, [first, second]) = self.asks_two().await;
        chat.decide(&first, "Approve").await.expect(200);
        chat.decide(&second, "Approve").await.expect(200);
        eventually("the first stands still", async || (self.hold.runs() == before + 1).then_some(())).await;
        assert_eq!((self.stands(&first), self.stands(&second)), ("running".into(), "approved".into()));
        (chat, [first, second])
    }

    /// Lets the first one go on; the second one must end so, without a run.
    pub(super) async fn second_ends(&self, second: &Approval, state: &str) {
        let runs = self.hold.runs();
        self.hold.open();
        self.becomes(second, state).await;
        assert_eq!(self.hold.runs(), runs, "{state}: the second one ran");
    }
}

both! {
    async fn the_file_changes(backend) {
        let desk = Desk::open(backend).await;
        // Somebody else writes what was not there.
        let (chat, [_, second]) = desk.first_held().await;
        fs::write(desk.folder().join("second.txt"), "Mine").unwrap();
        desk.second_ends(&second, "failed|tool_changed").await;
        assert_eq!(desk.app.file("second.txt").as_deref(), Some("Mine"));
        chat.until("the reply goes on", |page| page.turn() == "completed").await;
        // What was there goes.
        let (chat, [_, second]) = desk.first_held().await;
        fs::remove_file(desk.folder().join("second.txt")).unwrap();
        desk.second_ends(&second, "failed|tool_changed").await;
        assert_eq!(desk.app.file("second.txt"), None);
        chat.until("the reply goes on", |page| page.turn() == "completed").await;
        // A link to what lies elsewhere takes its place.
        let outside = TempDir::new().unwrap();
        fs::write(outside.path().join("second.txt"), "Not yours").unwrap();
        for hard in [false, true] {
            let (chat, [_, second]) = desk.first_held().await;
            let (target, link) = (outside.path().join("second.txt"), desk.folder().join("second.txt"));
            if hard {
                // On another file system there is no such link to be made.
                if fs::hard_link(&target, &link).is_err() {
                    fs::write(&link, "Other").unwrap();
                    fs::hard_link(&link, desk.folder().join("third.txt")).unwrap();
                }
            } else {
                std::os::unix::fs::symlink(&target, &link).unwrap();
            }
            let runs = desk.hold.runs();
            desk.hold.open();
            chat.until("the reply goes on", |page| page.turn() == "completed").await;
            assert!(desk.stands(&second).starts_with("failed|"), "{}", desk.stands(&second));
            assert_eq!(desk.hold.runs(), runs);
            assert_eq!(fs::read_to_string(&target).unwrap(), "Not yours");
            fs::remove_file(&link).unwrap();
        }
    }

    async fn the_person_is_shut_out(backend) {
        let desk = Desk::open(backend).await;
        for (what, shut, opened) in [
            ("out of the tenant", "UPDATE memberships SET is_active = FALSE", "UPDATE memberships SET is_active = TRUE"),
            ("the tenant is shut", "UPDATE tenants SET is_active = FALSE", "UPDATE tenants SET is_active = TRUE"),
            ("suspended", "UPDATE users SET is_active = FALSE", "UPDATE users SET is_active = TRUE"),
        ] {
            let (_, [_, second]) = desk.first_held().await;
            desk.app.query(shut);
            let runs = desk.hold.runs();
            desk.hold.open();
            eventually("the second one is over", async || {
                matches!(desk.stands(&second).as_str(), "failed|forbidden" | "denied|superseded").then_some(())
            })
            .await;
            assert_eq!(desk.hold.runs(), runs, "{what}");
            assert_eq!(desk.app.file("second.txt"), None, "{what}");
            desk.app.query(opened);
        }
        // By the command that whoever runs the server has for it.
        let (_, [_, second]) = desk.first_held().await;
        // A tenant keeps its last owner.
        desk.app.person("olga@example.org", &desk.app.tenant(), "owner").await;
        desk.app.admin(&["disable-user", "--email", Person::FIRST.0], None);
        let runs = desk.hold.runs();
        desk.hold.open();
        eventually("the second one is over", async || {
            matches!(desk.stands(&second).as_str(), "failed|forbidden" | "denied|superseded").then_some(())
        })
        .await;
        assert_eq!((desk.hold.runs(), desk.app.file("second.txt")), (runs, None));
    }

    async fn the_person_becomes_a_guest(backend) {
        let desk = Desk::open(backend).await;
        let (_, [_, second]) = desk.first_held().await;
        desk.app.query("UPDATE memberships SET role = 'guest'");
        desk.second_ends(&second, "failed|tool_not_allowed").await;
        assert_eq!(desk.app.file("second.txt"), None);
    }

    async fn the_person_stops_it(backend) {
        let desk = Desk::open(backend).await;
        // While the other one is not even decided: nothing ran, and nothing will.
        let (chat, [first, second]) = desk.asks_two().await;
        chat.decide(&first, "Approve").await.expect(200);
        let stop = format!("csrf={}", chat.page().await.csrf());
        let address = format!("/conversations/{}/stop", chat.id);
        desk.person.request(Method::POST, &address, Some(stop), &[]).await;
        chat.until("the stop", |page| page.turn() == "stopped").await;
        assert_eq!((desk.stands(&first), desk.stands(&second)),
            ("denied|superseded".into(), "denied|superseded".into()));
        chat.decide(&second, "Approve").await.expect(409);
        assert_eq!(desk.effects(), (0, Vec::new()));
        // Try again asks the model; it does not take up what was approved once.
        chat.retry().await.expect(200);
        chat.until("the retry", |page| !page.is_running()).await;
        assert_eq!(desk.effects(), (0, Vec::new()));
        // While the first one runs.
        let (chat, [_, second]) = desk.first_held().await;
        chat.stop().await.expect(200);
        desk.second_ends(&second, "denied|superseded").await;
        assert_eq!(desk.app.file("second.txt"), None);
        chat.until("the stop", |page| page.turn() == "stopped").await;
    }

    /// A new message denies what waits, also what was approved and waits for another's decision.
    async fn a_new_message_takes_its_place(backend) {
        let desk = Desk::open(backend).await;
        let (chat, [first, second]) = desk.asks_two().await;
        chat.decide(&first, "Approve").await.expect(200);
        chat.send("Never mind").await.expect(200);
        chat.until("the reply", |page| page.turn() == "completed").await;
        for approval in [&first, &second] {
            assert_eq!(desk.stands(approval), "denied|superseded");
            chat.decide(approval, "Approve").await.expect(409);
        }
        assert_eq!(desk.effects(), (0, Vec::new()));
    }

    /// The conversation is deleted while an approved call waits: there is nothing left to run.
    async fn the_conversation_is_deleted(backend) {
        let desk = Desk::open(backend).await;
        let (chat, [first, second]) = desk.asks_two().await;
        chat.decide(&first, "Approve").await.expect(200);
        let form = chat.page().await.form_to("/delete");
        let page = desk.person.submit(&form).await;
        // Where it asks once more, it is told yes.
        if let Some(sure) = page.forms("form").into_iter().find(|form| form.action.ends_with("/delete")) {
            desk.person.submit(&sure).await;
        }
        let late = desk.person.submit(&second.form.clone().press("Approve")).await;
        assert!(matches!(late.status, 404 | 409), "{}", late.status);
        assert_eq!(desk.effects(), (0, Vec::new()));
    }
}
