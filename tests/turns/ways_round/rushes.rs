//! Many decisions at one moment: one of them counts.

use std::collections::BTreeMap;

use super::{Desk, asks_of};
use crate::{
    both,
    support::{App, Backend, Person, eventually, page::Form},
};

/// Sends forms all at once, each as somebody; how often each status came.
async fn rush(forms: Vec<(Person, Form)>) -> BTreeMap<u16, usize> {
    let sent: Vec<_> = forms
        .into_iter()
        .map(|(person, form)| tokio::spawn(async move { person.submit(&form).await.status }))
        .collect();
    let mut statuses = BTreeMap::new();
    for answer in sent {
        *statuses.entry(answer.await.unwrap()).or_default() += 1;
    }
    assert!(statuses.keys().all(|status| matches!(status, 200 | 409)), "{statuses:?}");
    statuses
}

both! {
    async fn fifty_approvals_of_one_call(backend) {
        let desk = Desk::open(backend).await;
        let (chat, waits) = desk.asks("one.txt", "One").await;
        let form = waits.form.clone().press("Approve");
        let statuses = rush(vec![(desk.person.clone(), form); 50]).await;
        assert_eq!(statuses.get(&200), Some(&1), "who was not first was not told: {statuses:?}");
        chat.until("the end", |page| page.turn() == "completed").await;
        assert_eq!(desk.effects(), (1, vec![("one.txt".into(), "One".into())]));
        assert_eq!(desk.app.query("SELECT count(*) FROM messages WHERE role = 'tool'"), "1");
        assert_eq!(desk.app.query("SELECT count(*) FROM audit_rows WHERE action = 'tool_approved'"), "1");
    }

    /// A hundred at once, half of them yes and half no: state, effect and what the model is told agree.
    async fn fifty_of_yes_and_fifty_of_no(backend) {
        let desk = Desk::open(backend).await;
        for n in 0..3 {
            let before = desk.hold.runs();
            let path = format!("{n}.txt");
            let (chat, waits) = desk.asks(&path, "Maybe").await;
            let (yes, no) = (waits.form.clone().press("Approve"), waits.form.clone().press("Deny"));
            let forms = (0..100).map(|k| (desk.person.clone(), if (k + n) % 2 == 0 { yes.clone() } else { no.clone() }));
            let statuses = rush(forms.collect()).await;
            assert_eq!(statuses.get(&200), Some(&1), "{statuses:?}");
            chat.until("the end", |page| page.turn() == "completed").await;
            let results = desk.app.query(&format!(
                "SELECT count(*) FROM messages WHERE role = 'tool' AND conversation_id = '{}'", chat.id));
            assert_eq!(results, "1", "the model is told once");
            match (desk.stands(&waits).as_str(), desk.app.file(&path)) {
                ("succeeded", Some(text)) => assert_eq!((text.as_str(), desk.hold.runs()), ("Maybe", before + 1)),
                ("denied", None) => assert_eq!(desk.hold.runs(), before),
                other => panic!("{other:?}"),
            }
        }
    }

    /// A decision, a stop and a new message that denies, all at once: one of them has it.
    async fn yes_and_stop_and_a_new_message(backend) {
        let desk = Desk::open(backend).await;
        for n in 0..4 {
            let before = desk.hold.runs();
            let path = format!("{n}.txt");
            let (chat, waits) = desk.asks(&path, "Maybe").await;
            let page = chat.page().await;
            let mut stop = waits.form.clone().without("digest").without("reason");
            stop.action = format!("/conversations/{}/stop", chat.id);
            let message = page.composer().fill("message", "Never mind");
            let yes = waits.form.clone().press("Approve");
            let (a, b, c) = (desk.person.clone(), desk.person.clone(), desk.person.clone());
            tokio::join!(a.submit(&yes), b.submit(&stop), c.submit(&message));
            chat.until("rest", |page| !page.is_running() && !page.is_waiting()).await;
            eventually("the call is over", async || {
                matches!(desk.stands(&waits).split('|').next(), Some("succeeded" | "denied" | "failed" | "outcome_unknown"))
                    .then_some(())
            })
            .await;
            let file = desk.app.file(&path);
            match desk.stands(&waits).split('|').next().unwrap() {
                "succeeded" => assert_eq!((file.as_deref(), desk.hold.runs()), (Some("Maybe"), before + 1)),
                "denied" | "failed" => assert_eq!(file, None),
                // Stopped in mid-run, and nobody could tell.
                "outcome_unknown" => assert_eq!(desk.hold.runs(), before + 1),
                other => panic!("{other}"),
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_approvals_at_two_instances() {
    let (one, ada, hold) = App::counting(Backend::Postgres, &[]).await;
    let other = one.beside();
    let there = other.visitor();
    there.sign_in(Person::FIRST.0, Person::FIRST.1).await.expect(200);
    for n in 0..3 {
        let path = format!("{n}.txt");
        let (chat, waits) = asks_of(&ada, &path, "Both").await;
        let seen = chat.seen_by(&there).approvals(1).await.remove(0);
        let (here, yonder) = (waits.form.clone().press("Approve"), seen.form.clone().press("Approve"));
        let forms =
            (0..50).map(|k| if k % 2 == 0 { (ada.clone(), here.clone()) } else { (there.clone(), yonder.clone()) });
        let statuses = rush(forms.collect()).await;
        assert_eq!(statuses.get(&200), Some(&1), "{statuses:?}");
        chat.until("the end", |page| page.turn() == "completed").await;
        assert_eq!((hold.runs(), one.file(&path).as_deref()), (n + 1, Some("Both")));
    }
    assert_eq!(one.query("SELECT count(*) FROM audit_rows WHERE action = 'tool_run'"), "3");
}
