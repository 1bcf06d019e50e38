//! What lies with a conversation beside its messages.

use bytes::Bytes;
use sayso::{
    models::{
        blob::{self, Blob, NewBlob},
        conversation,
    },
    types::{ConversationId, ConversationKind},
};

use crate::{Owner, World, both, count};

fn png(name: &str, bytes: &'static [u8]) -> NewBlob {
    NewBlob { media_type: "image/png".into(), name: name.into(), bytes: Bytes::from_static(bytes) }
}

async fn begun(world: &World, owner: Owner) -> ConversationId {
    let mut tx = world.db.write(owner.tenant).await.unwrap();
    let made = conversation::create(&mut tx, owner, ConversationKind::Chat, "Images").await.unwrap();
    tx.commit().await.unwrap();
    made.id
}

both! {
    async fn blobs_are_numbered_found_and_read(backend) {
        let world = World::new(backend).await;
        let (first, second) = (begun(&world, world.ann).await, begun(&world, world.ann).await);
        let mut tx = world.db.write(world.ann.tenant).await.unwrap();
        assert_eq!(blob::insert(&mut tx, world.ann, first, &png("a.png", b"\0one\xFF")).await.unwrap(), 1);
        assert_eq!(blob::insert(&mut tx, world.ann, first, &png("b.png", b"three")).await.unwrap(), 2);
        assert_eq!(blob::insert(&mut tx, world.ann, second, &png("c.png", b"")).await.unwrap(), 1);
        tx.commit().await.unwrap();

        let mut conn = world.db.read(world.ann.tenant).await.unwrap();
        let found = blob::find(&mut conn, world.ann, first, 1).await.unwrap();
        assert_eq!(found, Some(Blob { media_type: "image/png".into(), name: "a.png".into(), size: 5 }));
        for (conversation, number) in [(first, 0), (first, 3), (second, 2), (ConversationId::new(), 1)] {
            assert_eq!(blob::find(&mut conn, world.ann, conversation, number).await.unwrap(), None);
        }
        for other in world.others() {
            assert_eq!(blob::find(&mut conn, other, first, 1).await.unwrap(), None, "{other:?}");
        }
        let tenant = world.ann.tenant;
        let read = blob::bytes_of(&mut conn, tenant, first, &[2, 1, 7]).await.unwrap();
        assert_eq!(read.into_iter().collect::<Vec<_>>(), [(1, Bytes::from_static(b"\0one\xFF")), (2, Bytes::from_static(b"three"))]);
        assert!(blob::bytes_of(&mut conn, tenant, first, &[]).await.unwrap().is_empty());
        assert!(blob::bytes_of(&mut conn, world.eve.tenant, first, &[1]).await.unwrap().is_empty());
        assert_eq!(blob::stored(&mut conn, tenant).await.unwrap(), 10);
        assert_eq!(blob::stored(&mut conn, world.eve.tenant).await.unwrap(), 0);
        drop(conn);

        let mut tx = world.db.write(tenant).await.unwrap();
        assert!(conversation::delete(&mut tx, world.ann, first).await.unwrap());
        assert_eq!(count(&mut tx, "blobs").await, 1, "blobs outlive their conversation");
        tx.commit().await.unwrap();
    }
}
