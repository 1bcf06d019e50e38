//! Conversations, messages and turns.

use sayso::{
    db::types::Time,
    event::ChatEvent,
    models::{
        checkpoint::{self, Told},
        conversation,
        message::{self, NewMessage, Place},
        turn::{self, Runner, Turn},
    },
    types::*,
};

use crate::{calls::turn_of, *};

fn text(message_id: MessageId, text: &str) -> ChatEvent {
    ChatEvent::Text { message_id, block: 0, text: text.to_owned() }
}

both! {
    async fn the_list_has_pages_without_gaps(backend) {
        let world = World::new(backend).await;
        let mut tx = world.db.write(world.ann.tenant).await.unwrap();
        let mut made = Vec::new();
        for n in 0..25 {
            let title = format!("Talk {n}");
            made.push(conversation::create(&mut tx, world.ann, ConversationKind::Chat, &title).await.unwrap().id);
        }
        conversation::create(&mut tx, world.ann, ConversationKind::Agent, "Not listed").await.unwrap();
        conversation::create(&mut tx, world.bob, ConversationKind::Chat, "Bob's").await.unwrap();
        // Several at one moment.
        let same = "UPDATE conversations SET updated_at = (SELECT min(updated_at) FROM conversations) WHERE title LIKE 'Talk 1%'";
        sql(&mut tx, same).await.unwrap();
        let (mut seen, mut cursor) = (Vec::new(), None);
        loop {
            let page = conversation::list(&mut tx, world.ann, cursor, 4).await.unwrap();
            let Some(last) = page.last() else { break };
            cursor = Some((last.updated_at.0, last.id));
            seen.extend(page.iter().map(|c| (c.updated_at.0, c.id)));
        }
        assert!(seen.is_sorted_by(|a, b| a > b), "newest first");
        let mut ids: Vec<_> = seen.into_iter().map(|(_, id)| id).collect();
        ids.sort();
        assert_eq!(ids, made);
    }

    async fn a_conversation_is_claimed_once(backend) {
        let world = World::new(backend).await;
        let mut tx = world.db.write(world.ann.tenant).await.unwrap();
        let id = conversation::create(&mut tx, world.ann, ConversationKind::Chat, "Talk").await.unwrap().id;
        tx.commit().await.unwrap();
        let owner = world.ann;
        let won: Vec<TurnId> = at_once(30, |_| {
            let db = world.db.clone();
            Box::pin(async move {
                let turn = TurnId::new();
                let mut tx = db.write(owner.tenant).await.unwrap();
                let won = conversation::claim(&mut tx, owner, id, None, turn).await.unwrap();
                tx.commit().await.unwrap();
                won.then_some(turn)
            })
        }).await.into_iter().flatten().collect();
        assert_eq!(won.len(), 1);
        let mut tx = world.db.write(owner.tenant).await.unwrap();
        let (next, other) = (TurnId::new(), TurnId::new());
        assert!(!conversation::claim(&mut tx, owner, id, Some(other), next).await.unwrap());
        assert!(conversation::claim(&mut tx, owner, id, Some(won[0]), next).await.unwrap());
        conversation::release(&mut tx, owner.tenant, id, won[0]).await.unwrap();
        assert!(!conversation::claim(&mut tx, owner, id, None, other).await.unwrap(), "released by who does not hold it");
        conversation::release(&mut tx, owner.tenant, id, next).await.unwrap();
        assert!(conversation::claim(&mut tx, owner, id, None, other).await.unwrap());
        conversation::release(&mut tx, owner.tenant, id, other).await.unwrap();
        sql(&mut tx, "UPDATE conversations SET ended_at = created_at").await.unwrap();
        assert!(!conversation::claim(&mut tx, owner, id, None, next).await.unwrap(), "it has ended");
    }

    async fn titles_give_way_to_better_ones_only(backend) {
        let world = World::new(backend).await;
        let mut tx = world.db.write(world.ann.tenant).await.unwrap();
        let id = conversation::create(&mut tx, world.ann, ConversationKind::Chat, "First words").await.unwrap().id;
        assert!(conversation::set_model_title(&mut tx, world.ann, id, "Model's").await.unwrap());
        assert!(conversation::rename(&mut tx, world.ann, id, "Ann's").await.unwrap());
        assert!(!conversation::set_model_title(&mut tx, world.ann, id, "Model's").await.unwrap());
        assert_eq!(conversation::find(&mut tx, world.ann, id).await.unwrap().unwrap().title, "Ann's");
    }

    async fn messages_keep_their_order(backend) {
        let world = World::new(backend).await;
        let mut tx = world.db.write(world.ann.tenant).await.unwrap();
        let turn = turn_of(&mut tx, world.ann).await;
        tx.commit().await.unwrap();
        let place = Place { tenant: turn.tenant_id, conversation: turn.conversation_id, turn: turn.id };
        let mut positions = at_once(30, |n| {
            let db = world.db.clone();
            Box::pin(async move {
                let usage = Usage { input_tokens: 3, output_tokens: 2, cached_tokens: 1, estimated: true };
                let new = NewMessage {
                    written_by: Some(("demo".into(), "m".into())),
                    usage: Some(usage),
                    ..NewMessage::new(MessageRole::Assistant, vec![Block::text(format!("“{n}”\0\u{1f600}").replace('\0', ""))])
                };
                let mut tx = db.write(place.tenant).await.unwrap();
                let stored = message::append(&mut tx, place, new).await.unwrap();
                tx.commit().await.unwrap();
                stored.position
            })
        }).await;
        positions.sort_unstable();
        assert_eq!(positions, (1..=30).collect::<Vec<_>>());

        let mut tx = world.db.read(place.tenant).await.unwrap();
        let all = message::page(&mut tx, place.tenant, place.conversation, None, 100).await.unwrap();
        assert_eq!(all.iter().map(|m| m.position).collect::<Vec<_>>(), positions);
        assert!(all.iter().all(|m| m.usage.unwrap().cached_tokens == 1 && m.text().ends_with('\u{1f600}')));
        let at = |page: Vec<Message>| page.into_iter().map(|m| m.position).collect::<Vec<_>>();
        let (tenant, id) = (place.tenant, place.conversation);
        assert_eq!(at(message::page(&mut tx, tenant, id, Some(11), 4).await.unwrap()), [7, 8, 9, 10]);
        assert_eq!(at(message::page(&mut tx, tenant, id, Some(1), 4).await.unwrap()), [0; 0]);
        assert_eq!(at(message::after(&mut tx, tenant, id, 28, 9).await.unwrap()), [29, 30]);
        assert_eq!(at(message::after(&mut tx, tenant, id, 0, 2).await.unwrap()), [29, 30], "the newest, if not all");
        assert_eq!(message::first_position(&mut tx, tenant, place.turn).await.unwrap(), Some(1));
        assert_eq!(message::first_position(&mut tx, tenant, TurnId::new()).await.unwrap(), None);
    }

    async fn a_stale_epoch_writes_nothing(backend) {
        let world = World::new(backend).await;
        let mut tx = world.db.write(world.ann.tenant).await.unwrap();
        let made = turn_of(&mut tx, world.ann).await;
        tx.commit().await.unwrap();
        let owner = world.ann;
        let old = Runner { turn: made.id, tenant: owner.tenant, epoch: made.epoch };
        assert!(turn::hold(&mut world.db.write(owner.tenant).await.unwrap(), old).await.unwrap().is_some());

        // Many take it over at once: one gets it.
        let taken: Vec<Runner> = at_once(20, |_| {
            let (db, made) = (world.db.clone(), made.clone());
            Box::pin(async move {
                let mut tx = db.write(made.tenant_id).await.unwrap();
                let runner = turn::take(&mut tx, &made, TurnState::Running, InstanceId::new()).await.unwrap();
                tx.commit().await.unwrap();
                runner
            })
        }).await.into_iter().flatten().collect();
        assert_eq!(taken.len(), 1);
        let new = taken[0];
        assert_eq!(new.epoch, old.epoch + 1);

        let mut tx = world.db.write(owner.tenant).await.unwrap();
        let before = turn::find(&mut tx, owner, made.id).await.unwrap().unwrap();
        assert!(turn::hold(&mut tx, old).await.unwrap().is_none());
        assert!(turn::of_runner(&mut tx, old).await.unwrap().is_none());
        assert!(turn::leave(&mut tx, old, TurnState::Completed, None).await.unwrap().is_none());
        assert!(turn::count_model_call(&mut tx, old).await.is_err());
        for foreign in [Runner { tenant: world.eve.tenant, ..new }, Runner { turn: TurnId::new(), ..new }] {
            assert!(turn::hold(&mut tx, foreign).await.unwrap().is_none());
            assert!(turn::leave(&mut tx, foreign, TurnState::Completed, None).await.unwrap().is_none());
            assert!(turn::count_model_call(&mut tx, foreign).await.is_err());
        }
        let after = turn::find(&mut tx, owner, made.id).await.unwrap().unwrap();
        assert_eq!(format!("{before:?}"), format!("{after:?}"));

        assert!(turn::hold(&mut tx, new).await.unwrap().is_some());
        assert_eq!(turn::count_model_call(&mut tx, new).await.unwrap(), 2);
        let failure = TurnFailure { code: "provider_overloaded".into(), retry_after: Some(7) };
        let left = turn::leave(&mut tx, new, TurnState::Failed, Some(&failure)).await.unwrap().unwrap();
        assert_eq!((left.owner, left.view().failure), (None, Some(failure)));
        assert!(turn::hold(&mut tx, new).await.unwrap().is_none(), "it is over");
        let free = conversation::find(&mut tx, owner, made.conversation_id).await.unwrap().unwrap();
        assert_eq!(free.current_turn_id, None, "a finished turn frees its conversation");
        let again = turn::take(&mut tx, &left, TurnState::Failed, InstanceId::new()).await.unwrap().unwrap();
        assert_eq!(again.epoch, new.epoch + 1);
        let resumed = turn::of_runner(&mut tx, again).await.unwrap().unwrap();
        assert_eq!((resumed.error_code, resumed.finished_at), (None, None));
    }

    async fn a_checkpoint_is_written_for_everyone_who_still_runs(backend) {
        let world = World::new(backend).await;
        let mut tx = world.db.write(ALL).await.unwrap();
        let mut made = Vec::new();
        for owner in [world.ann, world.bob, world.eve, world.ann] {
            made.push(turn_of(&mut tx, owner).await);
        }
        tx.commit().await.unwrap();
        let runner = |turn: &Turn| Runner { turn: turn.id, tenant: turn.tenant_id, epoch: turn.epoch };
        let mut tx = world.db.write(ALL).await.unwrap();
        let taken = turn::take(&mut tx, &made[3], TurnState::Running, InstanceId::new()).await.unwrap().unwrap();
        let reply = MessageId::new();
        let (one, three) = ([text(reply, "a")], [text(reply, "a"), text(reply, "b"), ChatEvent::Ended]);
        let runners: Vec<Runner> = made.iter().map(runner).collect();
        let foreign = Runner { tenant: world.eve.tenant, ..runners[0] };
        let events: [&[ChatEvent]; 5] = [&one, &three, &[], &one, &one];
        let told: Vec<Told<'_>> =
            runners.into_iter().chain([foreign]).zip(events).map(|(runner, events)| Told { runner, events }).collect();
        for round in 1..=2 {
            let held = checkpoint::write(&mut tx, &told).await.unwrap();
            let mut ids: Vec<_> = held.keys().copied().collect();
            let mut expected: Vec<_> = made[..3].iter().map(|turn| turn.id).collect();
            ids.sort_unstable();
            expected.sort_unstable();
            assert_eq!(ids, expected, "not of who was taken over, nor for a foreign tenant");
            assert!(held.values().all(|turn| turn.lease_until > Some(Time(sayso::db::now()))));
            for (turn, count) in made.iter().zip([1, 3, 0, 0]) {
                let told = sayso::models::turn_event::told(&mut tx, turn.tenant_id, turn.id, 0).await.unwrap();
                let numbers: Vec<i64> = told.iter().map(|(number, _)| *number).collect();
                assert_eq!(numbers, (1..=count * round).collect::<Vec<_>>(), "round {round}");
            }
        }
        let taken = turn::of_runner(&mut tx, taken).await.unwrap().unwrap();
        assert_eq!(taken.next_seq, made[3].next_seq);
        assert!(checkpoint::write(&mut tx, &[]).await.unwrap().is_empty());
    }

    async fn what_was_told_is_read_in_its_order(backend) {
        let world = World::new(backend).await;
        let mut tx = world.db.write(world.ann.tenant).await.unwrap();
        let made = turn_of(&mut tx, world.ann).await;
        let (tenant, reply, other) = (made.tenant_id, MessageId::new(), MessageId::new());
        assert_eq!(sayso::models::turn_event::tell(&mut tx, tenant, made.id, &[]).await.unwrap(), 0);
        let started = ChatEvent::ReplyStarted { message_id: reply, provider: "demo".into(), model: "m".into(), instead_of: None };
        assert_eq!(sayso::models::turn_event::tell(&mut tx, tenant, made.id, &[started, text(reply, "a"), text(other, "b")]).await.unwrap(), 3);
        assert_eq!(sayso::models::turn_event::tell(&mut tx, tenant, made.id, &[text(reply, "c"), ChatEvent::Deleted]).await.unwrap(), 5);
        assert!(sayso::models::turn_event::tell(&mut tx, world.eve.tenant, made.id, &[ChatEvent::Deleted]).await.is_err());
        tx.commit().await.unwrap_or_else(|_| assert_eq!(backend, Backend::Postgres));
        if backend == Backend::Postgres {
            // No row is no failed statement: the transaction was whole.
            assert_eq!(count(&mut world.db.read(ALL).await.unwrap(), "turn_events").await, 5);
        }
        let mut tx = world.db.write(tenant).await.unwrap();
        let numbers = |told: Vec<(i64, ChatEvent)>| told.into_iter().map(|(seq, _)| seq).collect::<Vec<_>>();
        let told = sayso::models::turn_event::told(&mut tx, tenant, made.id, 3).await.unwrap();
        assert_eq!(told[0].1, text(reply, "c"));
        assert_eq!(numbers(told), [4, 5]);
        sayso::models::turn_event::forget_reply(&mut tx, made.id, reply).await.unwrap();
        assert_eq!(numbers(sayso::models::turn_event::told(&mut tx, tenant, made.id, 0).await.unwrap()), [3, 5]);
        assert_eq!(sayso::models::turn_event::tell(&mut tx, tenant, made.id, &[ChatEvent::Deleted]).await.unwrap(), 6, "numbers never return");

        let soon = sayso::db::now() + chrono::Duration::minutes(1);
        assert_eq!(sayso::models::turn_event::sweep(&mut tx, soon).await.unwrap(), 0, "it still runs");
        let runner = Runner { turn: made.id, tenant, epoch: made.epoch };
        turn::leave(&mut tx, runner, TurnState::Completed, None).await.unwrap().unwrap();
        assert_eq!(sayso::models::turn_event::sweep(&mut tx, soon - chrono::Duration::hours(1)).await.unwrap(), 0, "too early");
        assert_eq!(sayso::models::turn_event::sweep(&mut tx, soon).await.unwrap(), 3);
    }

    async fn silent_runners_are_found(backend) {
        let world = World::new(backend).await;
        let mut tx = world.db.write(ALL).await.unwrap();
        let (fresh, silent, waiting) =
            (turn_of(&mut tx, world.ann).await, turn_of(&mut tx, world.bob).await, turn_of(&mut tx, world.eve).await);
        let runner = Runner { turn: waiting.id, tenant: waiting.tenant_id, epoch: 1 };
        turn::leave(&mut tx, runner, TurnState::AwaitingApproval, None).await.unwrap().unwrap();
        let past = match backend {
            Backend::Sqlite => "'2020-01-01T00:00:00.000000Z'",
            Backend::Postgres => "timestamptz '2020-01-01 00:00:00Z'",
        };
        sql(&mut tx, &format!("UPDATE turns SET lease_until = {past} WHERE id = '{}'", silent.id)).await.unwrap();
        let ids = |turns: Vec<turn::Turn>| turns.into_iter().map(|turn| turn.id).collect::<Vec<_>>();
        assert_eq!(ids(turn::abandoned(&mut tx, false).await.unwrap()), [silent.id]);
        assert_eq!(ids(turn::abandoned(&mut tx, true).await.unwrap()), [fresh.id, silent.id]);
        assert_eq!(turn::count_running(&mut tx, world.ann).await.unwrap(), (1, 2));
        let runner = Runner { turn: silent.id, tenant: silent.tenant_id, epoch: 1 };
        turn::hold(&mut tx, runner).await.unwrap().unwrap();
        assert!(turn::abandoned(&mut tx, false).await.unwrap().is_empty(), "it spoke");
        turn::request_stop(&mut tx, world.bob, silent.id).await.unwrap();
        assert_eq!(turn::stop_requested(&mut tx, &[fresh.id, silent.id]).await.unwrap(), [silent.id]);
        let elsewhere = [fresh.conversation_id, waiting.conversation_id];
        let mine = fresh.owner.unwrap();
        assert!(turn::running_elsewhere(&mut tx, &elsewhere, mine).await.unwrap().is_empty());
        assert_eq!(ids(turn::running_elsewhere(&mut tx, &elsewhere, InstanceId::new()).await.unwrap()), [fresh.id]);
    }

    async fn a_key_begins_one_turn_in_each_tenant(backend) {
        let world = World::new(backend).await;
        let mut tx = world.db.write(ALL).await.unwrap();
        let guest = Owner { tenant: world.eve.tenant, user: world.ann.user };
        for owner in [world.ann, guest] {
            let id = conversation::create(&mut tx, owner, ConversationKind::Chat, "T").await.unwrap().id;
            turn::create(&mut tx, owner, id, TurnId::new(), InstanceId::new(), Some("k".into()), 1).await.unwrap();
        }
        let id = conversation::create(&mut tx, world.ann, ConversationKind::Chat, "T").await.unwrap().id;
        assert!(turn::create(&mut tx, world.ann, id, TurnId::new(), InstanceId::new(), Some("k".into()), 1).await.is_err());
    }
}
