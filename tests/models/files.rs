//! What is known of the files that tools wrote.

use chrono::Duration;
use sayso::{
    models::{
        conversation,
        file_write::{self, NewWrite},
        tool_call,
    },
    types::{Digest, ToolCallId, ToolCallState, Undo},
};

use crate::{
    Conn, Owner, World, both,
    calls::{call_of, turn_of},
    count,
};

/// A call that wrote something.
async fn wrote(conn: &mut Conn, owner: Owner, path: &str, before: Option<&[u8]>, after: &str) -> ToolCallId {
    let turn = turn_of(conn, owner).await;
    let call = call_of(&turn, ToolCallState::Succeeded);
    tool_call::insert(conn, &call).await.unwrap();
    let new = NewWrite {
        tenant: owner.tenant,
        user: owner.user,
        call: call.id,
        tool: "write_file",
        path,
        hash_before: before.map(Digest::of),
        hash_after: Digest::of(after.as_bytes()),
        bytes_after: after.len() as i64,
        content_before: before,
    };
    assert!(file_write::begin(conn, &new).await.unwrap());
    assert!(!file_write::begin(conn, &new).await.unwrap(), "a call has one effect");
    file_write::done(conn, owner.tenant, call.id).await.unwrap();
    call.id
}

async fn undo_of(conn: &mut Conn, owner: Owner, call: ToolCallId) -> Option<Undo> {
    tool_call::find(conn, owner, call).await.unwrap().unwrap().undo
}

both! {
    async fn the_newest_write_that_stands_is_the_file(backend) {
        let world = World::new(backend).await;
        let (ann, tenant) = (world.ann, world.ann.tenant);
        let mut tx = world.db.write(tenant).await.unwrap();
        let first = wrote(&mut tx, ann, "a", None, "first").await;
        let second = wrote(&mut tx, ann, "a", Some(b"first"), "second").await;
        wrote(&mut tx, ann, "b", None, "other").await;
        tx.commit().await.unwrap();
        let mut tx = world.db.write(tenant).await.unwrap();
        // second + other, and what is kept of first.
        assert_eq!(file_write::stored(&mut tx, tenant).await.unwrap(), 6 + 5 + 5);
        assert_eq!(file_write::stored(&mut tx, world.eve.tenant).await.unwrap(), 0);
        let paths = ["a".to_owned(), "b".to_owned(), "c".to_owned()];
        let last = file_write::last(&mut tx, ann, &paths).await.unwrap();
        assert_eq!(last.len(), 2);
        let of_a = last.iter().find(|last| last.write.path == "a").unwrap();
        assert_eq!((of_a.write.call_id, of_a.conversation.is_some()), (second, true));
        for other in world.others() {
            assert!(!file_write::undo(&mut tx, other, second).await.unwrap(), "{other:?}");
            assert!(file_write::find(&mut tx, other, second).await.unwrap().is_none(), "{other:?}");
            let seen = file_write::last(&mut tx, other, &paths).await.unwrap();
            assert_eq!(seen.len(), if other.tenant == tenant { 2 } else { 0 });
            assert!(seen.iter().all(|last| last.conversation.is_none()), "{other:?}");
        }
        assert_eq!(file_write::find(&mut tx, ann, second).await.unwrap().unwrap().1.as_deref(), Some(&b"first"[..]));
        assert!(file_write::undo(&mut tx, ann, second).await.unwrap());
        assert!(!file_write::undo(&mut tx, ann, second).await.unwrap());
        assert_eq!(undo_of(&mut tx, ann, second).await, Some(Undo::Done));
        assert_eq!(file_write::stored(&mut tx, tenant).await.unwrap(), 5 + 5, "what was kept goes");
        let last = file_write::last(&mut tx, ann, &paths[..1]).await.unwrap();
        assert_eq!(last[0].write.call_id, first, "the write before it stands again");
        let undone = file_write::undone(&mut tx, tenant, &[first, second]).await.unwrap();
        assert_eq!(undone.iter().map(|(path, _)| path.as_str()).collect::<Vec<_>>(), ["a"]);
        assert!(file_write::undone(&mut tx, world.eve.tenant, &[second]).await.unwrap().is_empty());
    }

    async fn undo_is_possible_where_something_changed_and_is_kept(backend) {
        let world = World::new(backend).await;
        let ann = world.ann;
        let mut tx = world.db.write(ann.tenant).await.unwrap();
        let same = wrote(&mut tx, ann, "a", Some(b"same"), "same").await;
        let new = wrote(&mut tx, ann, "b", None, "new").await;
        assert_eq!((undo_of(&mut tx, ann, same).await, undo_of(&mut tx, ann, new).await), (None, Some(Undo::Possible)));
        file_write::forget(&mut tx, ann.tenant, new).await.unwrap();
        assert_eq!(undo_of(&mut tx, ann, new).await, None);
        assert!(file_write::find(&mut tx, ann, new).await.unwrap().is_none());
    }

    async fn what_is_kept_goes_after_its_time_or_with_its_conversation(backend) {
        let world = World::new(backend).await;
        let ann = world.ann;
        let mut tx = world.db.write(ann.tenant).await.unwrap();
        let call = wrote(&mut tx, ann, "a", Some(b"old"), "new").await;
        let gone = wrote(&mut tx, ann, "b", Some(b"old"), "new").await;
        let now = sayso::db::now();
        assert_eq!(file_write::sweep(&mut tx, now - Duration::days(1)).await.unwrap(), 0);
        let conversation = tool_call::find(&mut tx, ann, gone).await.unwrap().unwrap().conversation_id;
        assert!(conversation::delete(&mut tx, ann, conversation).await.unwrap());
        assert_eq!(file_write::sweep(&mut tx, now - Duration::days(1)).await.unwrap(), 1, "that of the conversation");
        assert_eq!(undo_of(&mut tx, ann, call).await, Some(Undo::Possible));
        assert_eq!(file_write::sweep(&mut tx, now + Duration::days(1)).await.unwrap(), 1);
        assert_eq!(undo_of(&mut tx, ann, call).await, None);
        assert!(!file_write::undo(&mut tx, ann, call).await.unwrap());
        // Whose say-so a file was written on is known as long as the tenant is.
        assert_eq!(count(&mut tx, "file_writes").await, 2);
        assert_eq!(file_write::last(&mut tx, ann, &["b".to_owned()]).await.unwrap().len(), 1);
    }
}
