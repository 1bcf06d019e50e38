//! Someone else decides, or someone who may not any more.

use super::{Desk, asks_of, refuses};
use crate::{
    both,
    support::{Person, page::Approval},
};

/// Sends the form of an approval as somebody else, who has it word for word but for their own token.
async fn forged(by: &Person, approval: &Approval, button: &str) -> u16 {
    let csrf = by.get("/conversations").await.csrf();
    by.submit(&approval.form.clone().fill("csrf", &csrf).press(button)).await.status
}

both! {
    async fn nobody_else_decides(backend) {
        let desk = Desk::open(backend).await;
        let tenant = desk.app.tenant();
        // In their own tenant, whatever they may do there; whoever runs the server; and somebody from elsewhere.
        let operator = ["create-user", "--email", "op@example.org", "--name", "Op", "--tenant", &tenant, "--operator"];
        desk.app.admin(&operator, Some(Person::FIRST.1));
        let operator = desk.app.visitor();
        operator.sign_in("op@example.org", Person::FIRST.1).await.expect(200);
        let guest = desk.app.person("guest@example.org", &tenant, "member").await;
        desk.app.query("UPDATE memberships SET role = 'guest' WHERE user_id = \
            (SELECT id FROM users WHERE email = 'guest@example.org')");
        let others = [
            ("another member", desk.app.person("bob@example.org", &tenant, "member").await),
            ("an admin", desk.app.person("alan@example.org", &tenant, "admin").await),
            ("another owner", desk.app.person("olga@example.org", &tenant, "owner").await),
            ("an operator", operator),
            ("a guest", guest),
            ("someone of another tenant", desk.app.stranger().await),
        ];
        let (chat, waits) = desk.asks("one.txt", "One").await;
        for (who, other) in &others {
            for button in ["Approve", "Deny"] {
                assert_eq!(forged(other, &waits, button).await, 404, "{button} by {who}");
            }
            // With the token of the person whose call it is, which is not the token of this session.
            let page = other.submit(&waits.form.clone().press("Approve")).await;
            assert_eq!(page.status, 403, "with a foreign token by {who}");
            assert!(!other.get("/approvals").await.text().contains("one.txt"), "{who} sees it");
            assert_eq!(desk.stands(&waits), "pending", "{who}");
        }
        assert_eq!(desk.effects(), (0, Vec::new()));
        // Nor does the person decide on what is another's, with forms of their own.
        let (_, foreign) = asks_of(&others[0].1, "two.txt", "Two").await;
        assert_eq!(forged(&desk.person, &foreign, "Approve").await, 404);
        assert_eq!(desk.stands(&foreign), "pending");
        desk.still_takes(&chat, &waits).await;
    }

    /// They could decide when it was shown, and may not any more.
    async fn who_was_shut_out_decides_nothing(backend) {
        let desk = Desk::open(backend).await;
        let tenant = desk.app.tenant();
        let nothing = desk.effects();
        // Suspended by whoever runs the server.
        let bob = desk.app.person("bob@example.org", &tenant, "member").await;
        let (_, waits) = asks_of(&bob, "one.txt", "One").await;
        desk.app.admin(&["disable-user", "--email", "bob@example.org"], None);
        bob.submit(&waits.form.clone().press("Approve")).await;
        assert_eq!((desk.stands(&waits), desk.effects()), ("pending".into(), nothing.clone()), "suspended");

        // Out of the tenant, and still a person.
        let cleo = desk.app.person("cleo@example.org", &tenant, "member").await;
        let (_, waits) = asks_of(&cleo, "one.txt", "One").await;
        desk.app.query("UPDATE memberships SET is_active = FALSE WHERE user_id = \
            (SELECT id FROM users WHERE email = 'cleo@example.org')");
        cleo.submit(&waits.form.clone().press("Approve")).await;
        assert_eq!((desk.stands(&waits), desk.effects()), ("pending".into(), nothing.clone()), "out of the tenant");

        // Signed out: the session that the form belongs to is no more, though its cookie is still there.
        let (_, waits) = desk.asks("one.txt", "One").await;
        let thief = desk.person.copy();
        desk.person.sign_out().await;
        let page = thief.submit(&waits.form.clone().press("Approve")).await;
        assert!(refuses(&page) || page.url.path().ends_with("/login"), "{} at {}", page.status, page.url);
        assert_eq!((desk.stands(&waits), desk.effects()), ("pending".into(), nothing.clone()), "signed out");
        // A visitor without any session.
        desk.app.visitor().submit(&waits.form.clone().press("Approve")).await;
        assert_eq!((desk.stands(&waits), desk.effects()), ("pending".into(), nothing.clone()), "a visitor");

        // The whole tenant is shut.
        let (_, waits) = asks_of(&desk.app.person("dan@example.org", &tenant, "member").await, "one.txt", "One").await;
        desk.person.sign_in(Person::FIRST.0, Person::FIRST.1).await.expect(200);
        let (_, own) = desk.asks("two.txt", "Two").await;
        desk.app.query("UPDATE tenants SET is_active = FALSE");
        let page = desk.person.submit(&own.form.clone().press("Approve")).await;
        assert_eq!(page.status, 403, "{}", page.url);
        assert_eq!((desk.stands(&own), desk.stands(&waits)), ("pending".into(), "pending".into()));
        assert_eq!(desk.effects(), nothing);
    }

    /// An admin who is made a member again is signed out; signed in anew, what is theirs is still theirs to decide.
    async fn who_lost_a_role_signs_in_anew(backend) {
        let desk = Desk::open(backend).await;
        let tenant = desk.app.tenant();
        let alan = desk.app.person("alan@example.org", &tenant, "admin").await;
        let (chat, waits) = asks_of(&alan, "one.txt", "One").await;
        desk.app.admin(&["set-role", "--email", "alan@example.org", "--tenant", &tenant, "--role", "member"], None);
        alan.submit(&waits.form.clone().press("Approve")).await;
        assert_eq!((desk.stands(&waits), desk.effects()), ("pending".into(), (0, Vec::new())));
        alan.sign_in("alan@example.org", Person::FIRST.1).await.expect(200);
        let waits = chat.approvals(1).await.remove(0);
        desk.still_takes(&chat, &waits).await;
    }

    /// A guest may use no tool unless an admin said so, whatever they were when they asked for it.
    async fn who_became_a_guest_runs_nothing(backend) {
        let desk = Desk::open(backend).await;
        let tenant = desk.app.tenant();
        let bob = desk.app.person("bob@example.org", &tenant, "member").await;
        let (chat, waits) = asks_of(&bob, "one.txt", "One").await;
        desk.app.query("UPDATE memberships SET role = 'guest' WHERE user_id = \
            (SELECT id FROM users WHERE email = 'bob@example.org')");
        let page = chat.decide(&waits, "Approve").await;
        assert!(matches!(page.status, 200 | 403 | 409), "{}", page.status);
        desk.becomes(&waits, "failed|tool_not_allowed").await;
        assert_eq!(desk.effects(), (0, Vec::new()));
    }
}
