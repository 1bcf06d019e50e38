//! Several calls of one reply: they run when all are decided, in their order; decided together, it is all or nothing.

use super::{Desk, asks_of, refuses};
use crate::{
    both,
    support::{App, Chat, Page, Replay, Reply, page::Approval},
};

impl Desk {
    /// Decides on pairs of call and digest at once, as **Approve all** does.
    async fn decide_all(&self, chat: &Chat, decision: &str, pairs: &[(&str, &str)]) -> Page {
        let mut form = chat.page().await.form_to("/logout").forge("decision", decision);
        form.action = format!("/conversations/{}/decisions", chat.id);
        for (call, digest) in pairs {
            form = form.forge("call", &format!("{call}:{digest}"));
        }
        self.person.submit(&form).await
    }
}

/// What the form of an approval names.
fn pair(approval: &Approval) -> (&str, &str) {
    (&approval.call, approval.form.value("digest").unwrap())
}

both! {
    async fn they_run_in_their_order_when_all_are_decided(backend) {
        let three = Reply::text("Three.").and_write_file("1.txt", "A").and_write_file("2.txt", "B").and_write_file("3.txt", "C");
        let Some(replay) = Replay::playing(&[("three", three), ("end", Reply::text("Done."))],
            &[("three", &["anthropic/three", "anthropic/end"])]) else { return };
        let (app, person, hold) = App::counting(backend, &replay.settings("script:three.json")).await;
        let desk = Desk { app, person, hold };
        let chat = desk.person.new_conversation("Three files, please").await;
        let waiting = chat.approvals(3).await;
        // Decided from the last to the first, one of them denied.
        for (index, button) in [(2, "Approve"), (1, "Deny"), (0, "Approve")] {
            assert_eq!(desk.effects(), (0, Vec::new()), "one ran while another waited");
            chat.decide(&waiting[index], button).await.expect(200);
        }
        chat.until("the end", |page| page.turn() == "completed").await;
        let states: Vec<_> = waiting.iter().map(|approval| desk.stands(approval)).collect();
        assert_eq!(states, ["succeeded", "denied", "succeeded"]);
        assert_eq!(desk.effects(), (2, vec![("1.txt".into(), "A".into()), ("3.txt".into(), "C".into())]));
        let begun = desk.app.query("SELECT ordinal FROM tool_calls WHERE started_at IS NOT NULL ORDER BY started_at");
        assert_eq!(begun, "0\n2");
        // The model is answered in the order in which it asked.
        let answers = replay.rounds()[1]["messages"].as_array().unwrap().last().unwrap()["content"].clone();
        let failed: Vec<_> = answers.as_array().unwrap().iter().map(|answer| answer["is_error"] == true).collect();
        assert_eq!(failed, [false, true, false], "{answers}");
    }

    /// One pair that does not fit, and none of them counts.
    async fn decided_together_it_is_all_or_nothing(backend) {
        let desk = Desk::open(backend).await;
        let (chat, [first, second]) = desk.asks_two().await;
        let (other_chat, other) = desk.asks("other.txt", "Other").await;
        let stranger = desk.app.stranger().await;
        let (_, foreign) = asks_of(&stranger, "theirs.txt", "Theirs").await;
        let wrong = "0".repeat(64);
        let (one, two) = (pair(&first), pair(&second));
        let upper = two.1.to_uppercase();
        let missing = uuid_like();
        type Attack<'a> = (&'a str, &'a str, Vec<(&'a str, &'a str)>);
        let attacks: Vec<Attack<'_>> = vec![
            ("a wrong digest", "approve", vec![one, (two.0, &wrong)]),
            ("the digest of the other one", "approve", vec![(one.0, two.1), (two.0, one.1)]),
            ("no digest", "approve", vec![one, (two.0, "")]),
            ("upper case", "approve", vec![one, (two.0, &upper)]),
            ("one of another conversation among good ones", "approve", vec![one, pair(&other), two]),
            ("only one of another conversation", "approve", vec![pair(&other)]),
            ("one of another person among good ones", "approve", vec![one, two, pair(&foreign)]),
            ("one that there is not", "approve", vec![one, (&missing, two.1)]),
            ("no call at all", "approve", vec![]),
            ("one that is no id", "approve", vec![one, ("all", two.1)]),
            ("one call twice", "approve", vec![one, one]),
            ("run_again", "run_again", vec![one, two]),
            ("report", "report", vec![one, two]),
            ("no decision", "", vec![one, two]),
        ];
        for (what, decision, pairs) in attacks {
            let page = desk.decide_all(&chat, decision, &pairs).await;
            assert!(refuses(&page), "{what} answers {}", page.status);
            for waits in [&first, &second, &other, &foreign] {
                assert_eq!(desk.stands(waits), "pending", "{what}");
            }
        }
        assert_eq!(desk.effects(), (0, Vec::new()));
        // One that was decided meanwhile: the others are not decided with it.
        let (late_chat, [decided, waits]) = desk.asks_two().await;
        late_chat.decide(&decided, "Deny").await.expect(200);
        desk.decide_all(&late_chat, "approve", &[pair(&decided), pair(&waits)]).await.expect(409);
        assert_eq!(desk.stands(&waits), "pending");
        // Both as they were shown.
        desk.decide_all(&chat, "approve", &[pair(&first), pair(&second)]).await.expect(200);
        chat.until("the end", |page| page.turn() == "completed").await;
        assert_eq!((desk.stands(&first), desk.stands(&second)), ("succeeded".into(), "succeeded".into()));
        assert_eq!(desk.hold.runs(), 2);
        desk.decide_all(&chat, "approve", &[pair(&first), pair(&second)]).await.expect(409);
        desk.still_takes(&other_chat, &other).await;
        let (chat, [first, second]) = desk.asks_two().await;
        desk.decide_all(&chat, "deny", &[pair(&second), pair(&first)]).await.expect(200);
        chat.until("the end", |page| page.turn() == "completed").await;
        assert_eq!((desk.stands(&first), desk.stands(&second), desk.hold.runs()), ("denied".into(), "denied".into(), 3));
    }

    /// What was altered since it was shown is not approved with the others; nor are they without it.
    async fn altered_ones_are_not_approved_together(backend) {
        let desk = Desk::open(backend).await;
        let (chat, [first, second]) = desk.asks_two().await;
        desk.alter(&second, r#"arguments = '{"path":"evil.txt","content":"Evil"}'"#);
        let page = desk.decide_all(&chat, "approve", &[pair(&first), pair(&second)]).await;
        assert!(matches!(page.status, 200 | 409), "{}", page.status);
        let page = chat.until("rest", |page| !page.is_running()).await;
        assert_ne!(desk.stands(&second), "succeeded");
        assert_eq!(desk.app.file("evil.txt"), None);
        // Either it failed and the first one ran, or both wait to be looked at.
        match (page.is_waiting(), desk.stands(&first).as_str(), desk.stands(&second).as_str()) {
            (true, "pending", "pending") => assert_eq!(desk.effects(), (0, Vec::new())),
            (false, "succeeded", "failed|tool_changed") => assert_eq!(desk.hold.runs(), 1),
            other => panic!("{other:?}"),
        }
    }

    /// The same pairs many times at once.
    async fn decided_together_many_times_at_once(backend) {
        let desk = Desk::open(backend).await;
        let (chat, [first, second]) = desk.asks_two().await;
        let page = chat.page().await;
        let mut form = page.form_to("/logout").forge("decision", "approve");
        form.action = format!("/conversations/{}/decisions", chat.id);
        for approval in [&first, &second] {
            let (call, digest) = pair(approval);
            form = form.forge("call", &format!("{call}:{digest}"));
        }
        let alone = first.form.clone().press("Deny");
        let sent: Vec<_> = (0..40)
            .map(|n| {
                let (person, form) = (desk.person.clone(), if n % 8 == 7 { alone.clone() } else { form.clone() });
                tokio::spawn(async move { person.submit(&form).await.status })
            })
            .collect();
        for answer in sent {
            let status = answer.await.unwrap();
            assert!(matches!(status, 200 | 409), "{status}");
        }
        let page = chat.page().await;
        if page.is_waiting() {
            // The denial was first, and took the others' ground away: the second one waits alone.
            assert_eq!((desk.stands(&first), desk.stands(&second)), ("denied".into(), "pending".into()));
            assert_eq!(desk.effects(), (0, Vec::new()));
        } else {
            chat.until("the end", |page| page.turn() == "completed").await;
            assert_eq!(desk.hold.runs(), 2);
        }
    }
}

/// An id that nothing has.
fn uuid_like() -> String {
    "01a1fcd4-dd7d-7486-8690-d462da1cbfde".to_owned()
}
