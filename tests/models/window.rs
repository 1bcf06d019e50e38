//! Where a window begins, and how much of a conversation is kept.

use sayso::{
    models::{
        blob::{self, NewBlob},
        conversation,
        message::{self, NewMessage, Place},
        turn,
    },
    types::*,
};

use crate::*;

/// A turn of a person's message and a reply, in a conversation that is free.
async fn exchange(conn: &mut Conn, owner: Owner, conversation: ConversationId, content: Vec<Block>) -> Place {
    let id = TurnId::new();
    turn::create(conn, owner, conversation, id, InstanceId::new(), None, 1).await.unwrap();
    let place = Place { tenant: owner.tenant, conversation, turn: id };
    message::append(conn, place, NewMessage::new(MessageRole::User, content)).await.unwrap();
    message::append(conn, place, NewMessage::new(MessageRole::Assistant, vec![Block::text("so")])).await.unwrap();
    place
}

async fn image(conn: &mut Conn, owner: Owner, conversation: ConversationId) -> Block {
    let new = NewBlob { media_type: "image/png".into(), name: "a.png".into(), bytes: (&b"png"[..]).into() };
    let number = blob::insert(conn, owner, conversation, &new).await.unwrap();
    Block::Image { number, media_type: "image/png".into(), name: "a.png".into(), width: 1, height: 1 }
}

both! {
    async fn a_window_has_a_line_where_something_lies_before_it(backend) {
        let world = World::new(backend).await;
        let (owner, tenant) = (world.ann, world.ann.tenant);
        let mut tx = world.db.write(tenant).await.unwrap();
        let id = conversation::create(&mut tx, owner, ConversationKind::Chat, "Talk").await.unwrap().id;
        assert_eq!(message::oldest(&mut tx, tenant, id).await.unwrap(), None);
        for n in 0..3 {
            exchange(&mut tx, owner, id, vec![Block::text(n.to_string())]).await;
        }
        let all = message::page(&mut tx, tenant, id, None, 10).await.unwrap();
        for (begins, line) in [(0, None), (1, None), (3, Some(all[2].id)), (5, Some(all[4].id)), (7, None)] {
            assert_eq!(message::at_window(&mut tx, tenant, id, begins).await.unwrap(), line, "{begins}");
        }
        assert_eq!(message::at_window(&mut tx, world.eve.tenant, id, 3).await.unwrap(), None, "another tenant's");
        conversation::set_window(&mut tx, world.eve.tenant, id, 3).await.unwrap();
        assert_eq!(conversation::find(&mut tx, owner, id).await.unwrap().unwrap().window_begins, 1);
        conversation::set_window(&mut tx, tenant, id, 3).await.unwrap();
        assert_eq!(conversation::find(&mut tx, owner, id).await.unwrap().unwrap().window_begins, 3);
        // What lay before it is gone, and so is the line.
        let last = Place { tenant, conversation: id, turn: all[5].turn_id };
        assert_eq!(message::forget_oldest(&mut tx, last, 4).await.unwrap(), 1);
        assert_eq!(message::oldest(&mut tx, tenant, id).await.unwrap(), Some(3));
        assert_eq!(message::at_window(&mut tx, tenant, id, 3).await.unwrap(), None);
        assert_eq!(message::at_window(&mut tx, tenant, id, 5).await.unwrap(), Some(all[4].id));
    }

    async fn old_turns_go_whole_with_what_they_show(backend) {
        let world = World::new(backend).await;
        let (owner, tenant) = (world.ann, world.ann.tenant);
        let mut tx = world.db.write(tenant).await.unwrap();
        let (id, other) = (
            conversation::create(&mut tx, owner, ConversationKind::Chat, "Talk").await.unwrap().id,
            conversation::create(&mut tx, owner, ConversationKind::Chat, "Other").await.unwrap().id,
        );
        let kept_image = image(&mut tx, owner, other).await;
        exchange(&mut tx, owner, other, vec![kept_image]).await;
        let mut last = None;
        for n in 0..4 {
            let mut image = image(&mut tx, owner, id).await;
            // What tools gave goes with them, too.
            if let (0, Block::Image { number, media_type, name, .. }) = (n, &image) {
                let (number, media_type, name) = (*number, media_type.clone(), name.clone());
                image = Block::File { number, media_type, name, bytes: 3 };
            }
            last = Some(exchange(&mut tx, owner, id, vec![Block::text("look"), image]).await);
        }
        let place = last.unwrap();
        let left = async |tx: &mut Conn| {
            let messages = message::page(tx, tenant, id, None, 100).await.unwrap();
            let blobs = blob::bytes_of(tx, tenant, id, &[1, 2, 3, 4]).await.unwrap();
            (messages.len(), blobs.into_keys().collect::<Vec<_>>())
        };
        assert_eq!(message::forget_oldest(&mut tx, place, 8).await.unwrap(), 0);
        // Five messages would part the second turn: it goes.
        assert_eq!(message::forget_oldest(&mut tx, place, 5).await.unwrap(), 2);
        assert_eq!(left(&mut tx).await, (4, vec![3, 4]));
        assert_eq!(message::forget_oldest(&mut tx, place, 5).await.unwrap(), 0);
        assert_eq!(message::forget_oldest(&mut tx, place, 1).await.unwrap(), 1, "the newest turn always stays");
        assert_eq!(left(&mut tx).await, (2, vec![4]));
        assert_eq!(count(&mut tx, "turns").await, 2);
        assert_eq!(blob::bytes_of(&mut tx, tenant, other, &[1]).await.unwrap().len(), 1, "another conversation's");
    }
}
