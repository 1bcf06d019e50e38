//! Streams over two instances on one PostgreSQL.

use crate::{
    WISH, long_text,
    support::{App, Backend, Replay, Reply, Script, SentEvent},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_is_cut_at_one_instance_and_resumed_at_the_other() {
    let text = long_text();
    let Some(replay) = Replay::playing(&[("long", Reply::text(&text))], &[]) else { return };
    let (one, _) = App::ready(Backend::Postgres, &replay.settings("anthropic/long@delay=10ms")).await;
    let other = one.beside();
    let here = Script::first(&one.base).await;
    let there = here.at(&other.base);
    let mut events = here.say("/api/chat", "Much", &[]).await;
    let conversation = events.conversation();
    let mut all = events.until("delta").await;
    // To and fro; the other instance may be a quarter of a second behind what was seen here.
    for round in 0.. {
        for _ in 0..15 {
            let Some(event) = events.next().await else { break };
            all.push(event);
        }
        let last = all.last().unwrap();
        if last.kind == "done" {
            break;
        }
        let script = if round % 2 == 0 { &there } else { &here };
        events = script.follow(&conversation, Some(&last.id)).await;
    }
    assert_eq!(SentEvent::text(&all, "delta"), text);
    let once = there.follow(&conversation, Some(&all[0].id)).await.all().await;
    assert_eq!(SentEvent::course(&all)[1..], SentEvent::course(&once)[..]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decision_at_the_other_instance_is_followed_here() {
    let (one, _) = App::ready(Backend::Postgres, &[]).await;
    let other = one.beside();
    let here = Script::first(&one.base).await;
    let there = here.at(&other.base);
    let mut events = here.say("/api/chat", WISH, &[]).await;
    let conversation = events.conversation();
    let mut all = events.all().await;
    let asked = all.iter().find(|event| event.kind == "tool_request").unwrap().data.clone();
    let mut events = here.follow(&conversation, all.last().map(|event| event.id.as_str())).await;
    there.decide(&asked, "approve").await.expect(200);
    all.extend(events.all().await);
    assert_eq!(all.last().unwrap().data["turn"]["state"], "completed");
    let body = serde_json::json!({"message": "And now?"});
    let path = format!("/api/chat/{conversation}");
    let (waited, followed) = tokio::join!(there.post(&path, &body, &[("idempotency-key", "k")]), async {
        here.follow(&conversation, all.last().map(|event| event.id.as_str())).await.all().await
    });
    let waited = waited.expect(200).json();
    assert_eq!(waited["turn"], followed.last().unwrap().data["turn"]);
    assert_eq!(waited["message"]["text"], serde_json::json!(SentEvent::text(&followed, "delta")));
}
