//! A request that nobody decides: it expires where the tenant says so, and nowhere else.

use super::{Desk, LONG_AGO, asks_of};
use crate::{
    both,
    support::{Chat, Person, page::Approval, stays},
};

/// A person of another tenant, for whom nothing expires.
async fn patient(desk: &Desk) -> (Person, Chat, Approval) {
    let person = desk.app.stranger().await;
    let (chat, waits) = asks_of(&person, "theirs.txt", "Theirs").await;
    (person, chat, waits)
}

both! {
    async fn what_is_old_counts_as_denied(backend) {
        let desk = Desk::open(backend).await;
        let (_person, their_chat, theirs) = patient(&desk).await;
        desk.app.query(&format!(
            "UPDATE tenants SET approvals_expire_after = 3600 WHERE slug = '{}'", desk.app.tenant()));
        let (young_chat, young) = desk.asks("young.txt", "Young").await;
        let (chat, [first, second]) = desk.asks_two().await;
        chat.decide(&second, "Approve").await.expect(200);
        for old in [&theirs, &first] {
            desk.alter(old, &format!("created_at = '{LONG_AGO}'"));
        }
        // Its turn goes on: what was approved beside it runs, and the model is told.
        crate::support::eventually("it counts as denied", async || {
            desk.stands(&first).starts_with("denied").then_some(())
        })
        .await;
        let page = chat.until("the reply goes on", |page| page.turn() == "completed").await;
        assert_eq!(page.articles().last().unwrap().role, "assistant");
        assert_eq!(desk.stands(&second), "succeeded");
        let told = desk.app.query(&format!(
            "SELECT content FROM messages WHERE role = 'tool' AND content LIKE '%{}%'", first.call));
        let told = told.to_lowercase();
        assert!(told.contains("in time") || told.contains("expired") || told.contains("nobody"), "{told}");
        assert_eq!(desk.hold.runs(), 1);
        // Too late, with the very digest that was shown.
        chat.decide(&first, "Approve").await.expect(409);
        // By then every tenant was looked at: what is young waits, and where nothing expires it waits for ever.
        stays(std::time::Duration::from_secs(5), "the others wait", async || {
            (desk.stands(&young), desk.stands(&theirs)) == ("pending".into(), "pending".into())
        })
        .await;
        desk.still_takes(&young_chat, &young).await;
        desk.still_takes(&their_chat, &theirs).await;
    }

    /// Sent between the end of its time and the sweep that finds it: the time counts, not the sweep.
    async fn an_approval_that_comes_too_late(backend) {
        let desk = Desk::open(backend).await;
        let (chat, waits) = desk.asks("one.txt", "One").await;
        desk.alter(&waits, &format!("created_at = '{LONG_AGO}'"));
        desk.app.query("UPDATE tenants SET approvals_expire_after = 3600");
        let page = chat.decide(&waits, "Approve").await;
        assert!(matches!(page.status, 200 | 409), "{}", page.status);
        crate::support::eventually("it counts as denied", async || {
            desk.stands(&waits).starts_with("denied").then_some(())
        })
        .await;
        chat.until("the reply goes on", |page| page.turn() == "completed").await;
        assert_eq!(desk.effects(), (0, Vec::new()));
    }
}
