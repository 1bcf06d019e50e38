//! What was shown is altered in the database, behind the person's back.

use super::Desk;
use crate::both;

/// What is altered, and to what: other arguments; the definition of the tool; how its server is launched; the server;
/// the tool; the file that the difference was made over.
const ALTERED: [&str; 8] = [
    r#"arguments = '{"path":"evil.txt","content":"Evil"}'"#,
    "arguments = arguments || ' '",
    "fingerprint = '0000000000000000000000000000000000000000000000000000000000000000'",
    "launch = 'https://evil.example/mcp'",
    "server = 'elsewhere'",
    "name = 'run_js'",
    "precondition = NULL",
    "precondition = '0000000000000000000000000000000000000000000000000000000000000000'",
];

both! {
    async fn between_showing_and_deciding(backend) {
        let desk = Desk::open(backend).await;
        for altered in ALTERED {
            let (chat, waits) = desk.asks("one.txt", "One").await;
            desk.alter(&waits, altered);
            let page = chat.decide(&waits, "Approve").await;
            assert!(matches!(page.status, 200 | 409), "{altered}: {}", page.status);
            // The approval is void; the model is told, and may ask for what it wants anew.
            desk.becomes(&waits, "failed|tool_changed").await;
            let page = chat.until("the reply goes on", |page| page.turn() == "completed").await;
            assert_eq!(page.articles().last().unwrap().role, "assistant", "{altered}");
            assert_eq!(desk.effects(), (0, Vec::new()), "{altered}");
        }
        // A digest that was made to fit what was altered is not the one that the person saw.
        let (chat, waits) = desk.asks("one.txt", "One").await;
        let (_, other) = desk.asks("two.txt", "Two").await;
        desk.alter(&waits, &format!("digest = '{}'", other.form.value("digest").unwrap()));
        chat.decide(&waits, "Approve").await.expect(409);
        // And one that is sent with what was put there fits nothing.
        let forged = waits.form.clone().fill("digest", other.form.value("digest").unwrap()).press("Approve");
        let page = desk.person.submit(&forged).await;
        assert!(matches!(page.status, 200 | 409), "{}", page.status);
        desk.becomes(&waits, "failed|tool_changed").await;
        assert_eq!(desk.effects(), (0, Vec::new()));
        // Nothing of this stands in the way of what is right.
        let (chat, waits) = desk.asks("one.txt", "One").await;
        desk.still_takes(&chat, &waits).await;
    }

    /// What was altered can still be refused: a person who says no must never be told that it failed.
    async fn what_was_altered_can_be_denied(backend) {
        let desk = Desk::open(backend).await;
        let (chat, waits) = desk.asks("one.txt", "One").await;
        desk.alter(&waits, ALTERED[0]);
        chat.decide(&waits, "Deny").await.expect(200);
        chat.until("the reply goes on", |page| page.turn() == "completed").await;
        assert_eq!(desk.stands(&waits), "denied");
        assert_eq!(desk.effects(), (0, Vec::new()));
    }

    /// Approved and not yet running, because another of the reply's calls still waits: there is time to alter it.
    async fn between_approving_and_running(backend) {
        let desk = Desk::open(backend).await;
        for altered in ALTERED {
            let (chat, [first, second]) = desk.asks_two().await;
            chat.decide(&first, "Approve").await.expect(200);
            assert_eq!(desk.stands(&first), "approved");
            desk.alter(&first, altered);
            chat.decide(&second, "Deny").await.expect(200);
            chat.until("the reply goes on", |page| page.turn() == "completed").await;
            assert_eq!(desk.stands(&first), "failed|tool_changed", "{altered}");
            assert_eq!(desk.effects(), (0, Vec::new()), "{altered}");
        }
        // The digest altered to one that fits nothing.
        let (chat, [first, second]) = desk.asks_two().await;
        chat.decide(&first, "Approve").await.expect(200);
        desk.alter(&first, "digest = '0000000000000000000000000000000000000000000000000000000000000000'");
        chat.decide(&second, "Approve").await.expect(200);
        chat.until("the reply goes on", |page| page.turn() == "completed").await;
        assert_eq!((desk.stands(&first), desk.stands(&second)), ("failed|tool_changed".into(), "succeeded".into()));
        assert_eq!(desk.effects(), (1, vec![("second.txt".into(), "Second".into())]));
    }

    /// A row that says it is approved, and nobody's say-so behind it.
    async fn a_state_without_a_decision(backend) {
        let desk = Desk::open(backend).await;
        for forged in [
            "state = 'approved'",
            "state = 'approved', decision = 'approve'",
            "state = 'approved', decision = 'approve', decided_by = (SELECT id FROM tenants LIMIT 1)",
            "state = 'approved', decision = 'deny', decided_by = user_id",
            r#"state = 'approved', authority = '{"by":"rule"}'"#,
            r#"state = 'approved', authority = '{"by":"grant","id":"01a1fcd4-dd7d-7486-8690-d462da1cbfde",
                "bound":{"kind":"same"},"used":1,"count":5}'"#,
        ] {
            let (chat, [first, second]) = desk.asks_two().await;
            desk.alter(&first, forged);
            chat.decide(&second, "Deny").await.expect(200);
            chat.until("the reply goes on", |page| page.turn() == "completed").await;
            assert_eq!(desk.stands(&first), "failed|tool_not_allowed", "{forged}");
            assert_eq!(desk.effects(), (0, Vec::new()), "{forged}");
        }
    }
}
