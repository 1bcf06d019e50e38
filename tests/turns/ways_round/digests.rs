//! Say-so for something else than what waits.

use super::{Desk, refuses, wish};
use crate::both;

both! {
    async fn only_the_digest_of_what_waits_decides(backend) {
        let desk = Desk::open(backend).await;
        let (chat, waits) = desk.asks("one.txt", "One").await;
        let (other_chat, other) = desk.asks("two.txt", "Two").await;
        let form = waits.form.clone();
        let digest = form.value("digest").unwrap().to_owned();
        let of_other = other.form.value("digest").unwrap().to_owned();
        let nothing = desk.effects();
        let attacks = [
            // Made up.
            ("0".repeat(64), "made up"),
            // What was approved for one call, carried over to another.
            (of_other, "of another call"),
            // The same number, written otherwise: what is compared must be one text, not what a reader makes of it.
            (digest.to_uppercase(), "in upper case"),
            // A part of it, as a page shows it: whoever compares beginnings could be given a colliding one.
            (digest[..16].to_owned(), "shortened"),
            (digest[..63].to_owned(), "short by a digit"),
            (format!("{digest}0"), "longer by a digit"),
            (format!("0x{digest}"), "with a prefix"),
            // None at all.
            (String::new(), "empty"),
            // What pattern matching might take for any.
            ("%".to_owned(), "a pattern"),
        ];
        for (wrong, what) in &attacks {
            for button in ["Approve", "Deny"] {
                let page = desk.person.submit(&form.clone().fill("digest", wrong).press(button)).await;
                assert!(matches!(page.status, 409 | 422), "{button} with a digest {what} answers {}", page.status);
                assert_eq!(desk.stands(&waits), "pending", "{button} with a digest {what}");
            }
        }
        let twice = |second: &str| form.clone().forge("digest", second);
        for (forged, what) in [
            (form.clone().without("digest"), "without a digest"),
            // Two of them: one for whoever checks, one for whoever acts.
            (twice(&attacks[0].0), "with the right and a wrong one"),
            (twice(&digest), "with the right one twice"),
        ] {
            let page = desk.person.submit(&forged.press("Approve")).await;
            assert!(refuses(&page), "{what} answers {}", page.status);
            assert_eq!(desk.stands(&waits), "pending", "{what}");
        }
        // The right digest at the wrong call: the address decides, and it does not fit.
        let mut elsewhere = form.clone().press("Approve");
        elsewhere.action = other.form.action.clone();
        desk.person.submit(&elsewhere).await.expect(409);
        // Words that say yes in no language of ours, and those that are for calls of unknown outcome alone.
        for decision in ["", "APPROVE", "approved", "allow", "run_again", "report", "direct"] {
            let page = desk.person.submit(&form.clone().forge("decision", decision)).await;
            assert!(matches!(page.status, 409 | 422), "decision={decision} answers {}", page.status);
        }
        let both_words = form.clone().forge("decision", "deny").forge("decision", "approve");
        assert!(refuses(&desk.person.submit(&both_words).await), "deny and approve in one form");
        assert_eq!((desk.stands(&waits), desk.stands(&other)), ("pending".into(), "pending".into()));
        assert_eq!(desk.effects(), nothing);
        desk.still_takes(&chat, &waits).await;
        desk.still_takes(&other_chat, &other).await;
    }

    /// A form that was approved, sent again after its call has run: by the same page, or by whoever recorded it.
    async fn an_approval_is_spent_once(backend) {
        let desk = Desk::open(backend).await;
        let (chat, waits) = desk.asks("one.txt", "One").await;
        desk.still_takes(&chat, &waits).await;
        // The same request anew is another call, whatever the model says of it: the old say-so is none for it.
        chat.send(&wish("one.txt", "One")).await.expect(200);
        let again = chat.approvals(1).await.remove(0);
        assert_ne!(again.form.value("digest"), waits.form.value("digest"));
        chat.decide(&waits, "Approve").await.expect(409);
        let mut carried = waits.form.clone().press("Approve");
        carried.action = again.form.action.clone();
        desk.person.submit(&carried).await.expect(409);
        assert_eq!((desk.stands(&again).as_str(), desk.hold.runs()), ("pending", 1));
        desk.still_takes(&chat, &again).await;
    }

    /// What was denied stays denied, with the very digest that was shown.
    async fn a_denial_cannot_be_taken_back(backend) {
        let desk = Desk::open(backend).await;
        let (chat, waits) = desk.asks("one.txt", "One").await;
        chat.decide(&waits, "Deny").await.expect(200);
        chat.settled().await;
        for _ in 0..2 {
            chat.decide(&waits, "Approve").await.expect(409);
        }
        assert_eq!(desk.stands(&waits), "denied");
        assert_eq!(desk.effects(), (0, Vec::new()));
    }
}
