//! Tool calls: decided once, begun once, one's own.

use std::collections::BTreeSet;

use sayso::{
    models::{conversation, message, tool_call, tool_call::StoredCall, turn},
    types::*,
};

use crate::*;

/// A conversation of this person's with a running turn.
pub async fn turn_of(conn: &mut Conn, owner: Owner) -> turn::Turn {
    let conversation = conversation::create(conn, owner, ConversationKind::Chat, "Talk").await.unwrap();
    let id = TurnId::new();
    assert!(conversation::claim(conn, owner, conversation.id, None, id).await.unwrap());
    turn::create(conn, owner, conversation.id, id, InstanceId::new(), None, 1).await.unwrap()
}

pub fn call_of(turn: &turn::Turn, state: ToolCallState) -> StoredCall {
    StoredCall {
        id: ToolCallId::new(),
        tenant_id: turn.tenant_id,
        user_id: turn.user_id,
        conversation_id: turn.conversation_id,
        turn_id: turn.id,
        message_id: MessageId::new(),
        ordinal: 0,
        server: "sayso".into(),
        launch: "builtin".into(),
        name: "write_file".into(),
        fingerprint: digest("fingerprint"),
        arguments: r#"{"path":"a", "n":1.0}"#.into(),
        asked_arguments: None,
        target: Some("a".into()),
        precondition: Some("absent".into()),
        difference: None,
        digest: digest("shown"),
        state,
        decision: None,
        decided_by: None,
        decided_at: None,
        reason: None,
        result: None,
        error_code: None,
        repeats: None,
        created_at: sayso::db::now().into(),
        started_at: None,
        finished_at: None,
        bounds: None,
        authority: None,
        undo: None,
        files: None,
    }
}

async fn stored(world: &World, state: ToolCallState) -> StoredCall {
    let mut tx = world.db.write(world.ann.tenant).await.unwrap();
    let turn = turn_of(&mut tx, world.ann).await;
    let call = call_of(&turn, state);
    tool_call::insert(&mut tx, &call).await.unwrap();
    tx.commit().await.unwrap();
    call
}

both! {
    async fn a_decision_counts_once(backend) {
        let world = World::new(backend).await;
        let call = stored(&world, ToolCallState::Pending).await;
        let (owner, id) = (world.ann, call.id);
        let decided = at_once(50, |n| {
            let db = world.db.clone();
            Box::pin(async move {
                let decision = if n % 2 == 0 { Decision::Approve } else { Decision::Deny };
                let mut tx = db.write(owner.tenant).await.unwrap();
                let won = tool_call::decide(&mut tx, owner, id, digest("shown"), decision, Some("why")).await.unwrap();
                tx.commit().await.unwrap();
                won.map(|call| call.state)
            })
        }).await;
        let won: Vec<_> = decided.into_iter().flatten().collect();
        assert_eq!(won.len(), 1);
        let call = tool_call::find(&mut world.db.read(ALL).await.unwrap(), owner, id).await.unwrap().unwrap();
        assert_eq!((call.state, call.decided_by), (won[0], Some(owner.user)));
        assert_eq!(call.arguments, r#"{"path":"a", "n":1.0}"#, "not one byte may change");
        assert!(call.decided_at.is_some() && call.reason.as_deref() == Some("why"));
    }

    async fn an_approved_call_begins_once(backend) {
        let world = World::new(backend).await;
        let call = stored(&world, ToolCallState::Approved).await;
        let begin = |digest_text: &'static str, tenant: TenantId| {
            let (db, id) = (world.db.clone(), call.id);
            move |_: usize| -> futures_util::future::BoxFuture<'static, bool> {
                let db = db.clone();
                Box::pin(async move {
                    let mut tx = db.write(tenant).await.unwrap();
                    let mine = tool_call::begin(&mut tx, tenant, id, digest(digest_text)).await.unwrap();
                    tx.commit().await.unwrap();
                    mine
                })
            }
        };
        assert_eq!(at_once(3, begin("other", world.ann.tenant)).await, [false; 3]);
        assert_eq!(at_once(3, begin("shown", world.eve.tenant)).await, [false; 3]);
        let begun = at_once(50, begin("shown", world.ann.tenant)).await;
        assert_eq!(begun.into_iter().filter(|begun| *begun).count(), 1);

        let mut tx = world.db.write(world.ann.tenant).await.unwrap();
        let outcome = ToolOutcome { text: "done".into(), error_code: None, files: Vec::new() };
        let (tenant, running, to) = (world.ann.tenant, ToolCallState::Running, ToolCallState::Succeeded);
        assert!(tool_call::end(&mut tx, world.eve.tenant, call.id, running, to, Some(&outcome)).await.unwrap().is_none());
        let ended = tool_call::end(&mut tx, tenant, call.id, running, to, Some(&outcome)).await.unwrap().unwrap();
        assert_eq!((ended.state, ended.result.as_deref()), (to, Some("done")));
        assert!(tool_call::end(&mut tx, tenant, call.id, running, to, Some(&outcome)).await.unwrap().is_none());
    }

    async fn only_what_was_shown_is_decided_and_only_by_its_person(backend) {
        let world = World::new(backend).await;
        let (pending, unknown) =
            (stored(&world, ToolCallState::Pending).await, stored(&world, ToolCallState::OutcomeUnknown).await);
        let mut tx = world.db.write(ALL).await.unwrap();
        let approve = Decision::Approve;
        assert!(tool_call::decide(&mut tx, world.ann, pending.id, digest("other"), approve, None).await.unwrap().is_none());
        let other = digest("other");
        assert!(tool_call::settle_unknown(&mut tx, world.ann, unknown.id, other, Decision::Report).await.unwrap().is_none());
        for other in world.others() {
            let shown = digest("shown");
            assert!(tool_call::decide(&mut tx, other, pending.id, shown, approve, None).await.unwrap().is_none());
            let settled = tool_call::settle_unknown(&mut tx, other, unknown.id, shown, Decision::Report).await.unwrap();
            assert!(settled.is_none());
            assert!(tool_call::report_unknown(&mut tx, other, unknown.conversation_id).await.unwrap().is_empty());
            assert!(tool_call::waiting(&mut tx, other).await.unwrap().is_empty());
        }
        let waiting: BTreeSet<_> = tool_call::waiting(&mut tx, world.ann).await.unwrap().into_iter().map(|c| c.id).collect();
        assert_eq!(waiting, BTreeSet::from([pending.id, unknown.id]));
        let call = tool_call::find(&mut tx, world.ann, pending.id).await.unwrap().unwrap();
        assert_eq!((call.state, call.decision), (ToolCallState::Pending, None));
    }

    async fn an_unknown_outcome_is_settled_once(backend) {
        let world = World::new(backend).await;
        let call = stored(&world, ToolCallState::OutcomeUnknown).await;
        let (owner, id) = (world.ann, call.id);
        let settled = at_once(20, |n| {
            let db = world.db.clone();
            Box::pin(async move {
                let decision = if n % 2 == 0 { Decision::RunAgain } else { Decision::Report };
                let mut tx = db.write(owner.tenant).await.unwrap();
                let won = tool_call::settle_unknown(&mut tx, owner, id, digest("shown"), decision).await.unwrap();
                tx.commit().await.unwrap();
                won
            })
        }).await;
        assert_eq!(settled.iter().flatten().count(), 1);
        assert!(!settled.into_iter().flatten().next().unwrap().decision_is_open());
        let mut tx = world.db.write(owner.tenant).await.unwrap();
        assert!(tool_call::waiting(&mut tx, owner).await.unwrap().is_empty());
        assert!(tool_call::report_unknown(&mut tx, owner, call.conversation_id).await.unwrap().is_empty());
    }

    /// Every finder, asked by everyone it is not for.
    async fn foreign_ids_are_absent(backend) {
        let world = World::new(backend).await;
        let call = stored(&world, ToolCallState::Pending).await;
        let (ann, conversation, turn) = (world.ann, call.conversation_id, call.turn_id);
        let mut tx = world.db.write(ALL).await.unwrap();
        sql(&mut tx, &format!("UPDATE turns SET idempotency_key = 'key' WHERE id = '{turn}'")).await.unwrap();
        let place = message::Place { tenant: ann.tenant, conversation, turn };
        let new = message::NewMessage::new(MessageRole::User, vec![Block::text("secret")]);
        message::append(&mut tx, place, new).await.unwrap();
        sayso::models::turn_event::tell(&mut tx, ann.tenant, turn, &[sayso::event::ChatEvent::Deleted]).await.unwrap();

        for (asker, own) in [(ann, true)].into_iter().chain(world.others().map(|other| (other, false))) {
            let tx = &mut *tx;
            // What is found by tenant alone has passed the person's check at its conversation.
            let own_tenant = asker.tenant == ann.tenant;
            let found = [
                ("conversation", conversation::find(tx, asker, conversation).await.unwrap().is_some(), own),
                ("list", !conversation::list(tx, asker, None, 9).await.unwrap().is_empty(), own),
                ("turn", turn::find(tx, asker, turn).await.unwrap().is_some(), own),
                ("turn by key", turn::find_by_key(tx, asker, "key").await.unwrap().is_some(), own),
                ("running", turn::count_running(tx, asker).await.unwrap().0 > 0, own),
                ("call", tool_call::find(tx, asker, call.id).await.unwrap().is_some(), own),
                ("waiting", !tool_call::waiting(tx, asker).await.unwrap().is_empty(), own),
                ("member", membership::find(tx, asker).await.unwrap().is_some(), asker.user != ann.user || own),
                ("newest", turn::newest(tx, asker.tenant, conversation).await.unwrap().is_some(), own_tenant),
                ("told", !sayso::models::turn_event::told(tx, asker.tenant, turn, 0).await.unwrap().is_empty(), own_tenant),
                ("page", !message::page(tx, asker.tenant, conversation, None, 9).await.unwrap().is_empty(), own_tenant),
                ("after", !message::after(tx, asker.tenant, conversation, 0, 9).await.unwrap().is_empty(), own_tenant),
                ("first", message::first_position(tx, asker.tenant, turn).await.unwrap().is_some(), own_tenant),
                ("of turn", !tool_call::of_turn(tx, asker.tenant, turn).await.unwrap().is_empty(), own_tenant),
                (
                    "of messages",
                    !tool_call::of_messages(tx, asker.tenant, &[call.message_id]).await.unwrap().is_empty(),
                    own_tenant,
                ),
            ];
            for (what, found, expected) in found {
                assert_eq!(found, expected, "{what} asked by {asker:?}");
            }
            if !own {
                assert!(!conversation::rename(tx, asker, conversation, "Mine").await.unwrap());
                assert!(!conversation::set_model_title(tx, asker, conversation, "Mine").await.unwrap());
                assert!(!conversation::delete(tx, asker, conversation).await.unwrap());
                assert!(!conversation::claim(tx, asker, conversation, Some(turn), TurnId::new()).await.unwrap());
                turn::request_stop(tx, asker, turn).await.unwrap();
                conversation::release(tx, world.eve.tenant, conversation, turn).await.unwrap();
            }
        }
        let kept = conversation::find(&mut tx, ann, conversation).await.unwrap().unwrap();
        assert_eq!((kept.title.as_str(), kept.current_turn_id), ("Talk", Some(turn)));
        assert!(!turn::find(&mut tx, ann, turn).await.unwrap().unwrap().stop_requested);
        assert!(conversation::delete(&mut tx, ann, conversation).await.unwrap());
        for table in ["messages", "turns", "tool_calls", "turn_events"] {
            assert_eq!(count(&mut tx, table).await, 0, "{table} outlive their conversation");
        }
    }
}
