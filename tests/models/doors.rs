//! Sessions and the set-up link.

use chrono::Duration;
use sayso::{
    db::now,
    models::{
        session::{self, Session},
        setup_link,
    },
    types::*,
};

use crate::*;

fn session_of(owner: Owner, key: &str, expires_in: Duration) -> Session {
    Session {
        id: SessionId::new(),
        key_hash: digest(key),
        state: "{}".into(),
        user_id: Some(owner.user),
        tenant_id: Some(owner.tenant),
        user_epoch: 0,
        user_agent: "Browser".into(),
        address: "192.0.2.1".into(),
        created_at: now().into(),
        last_used_at: now().into(),
        expires_at: (now() + expires_in).into(),
    }
}

both! {
    async fn sessions_are_found_by_their_key_until_they_end(backend) {
        let world = World::new(backend).await;
        let mut tx = world.db.write(ALL).await.unwrap();
        let open = session_of(world.ann, "open", Duration::hours(1));
        let over = session_of(world.ann, "over", Duration::seconds(-1));
        let bobs = session_of(world.bob, "bob", Duration::hours(1));
        for session in [&open, &over, &bobs] {
            session::insert(&mut tx, session).await.unwrap();
        }
        assert_eq!(session::find_by_key(&mut tx, digest("open")).await.unwrap().unwrap().id, open.id);
        for key in ["over", "other", ""] {
            assert!(session::find_by_key(&mut tx, digest(key)).await.unwrap().is_none(), "{key}");
        }
        assert!(session::is_open(&mut tx, world.ann, open.id).await.unwrap());
        assert!(!session::is_open(&mut tx, world.ann, over.id).await.unwrap());
        assert!(!session::is_open(&mut tx, world.bob, open.id).await.unwrap());
        assert_eq!(session::of_user(&mut tx, world.ann.user).await.unwrap().len(), 1);

        assert!(!session::revoke(&mut tx, world.bob.user, open.id).await.unwrap(), "not Bob's");
        session::touch(&mut tx, digest("open"), now() + Duration::hours(9)).await.unwrap();
        let changed = Session { state: r#"{"a":"1"}"#.into(), ..open.clone() };
        assert!(session::update(&mut tx, &changed).await.unwrap());
        assert_eq!(session::find_by_key(&mut tx, digest("open")).await.unwrap().unwrap().state, r#"{"a":"1"}"#);
        assert!(session::revoke(&mut tx, world.ann.user, open.id).await.unwrap());
        assert!(!session::revoke(&mut tx, world.ann.user, open.id).await.unwrap());
        assert!(!session::update(&mut tx, &changed).await.unwrap(), "an ended session came back");
        assert_eq!(session::sweep(&mut tx).await.unwrap(), 1);
        session::delete_by_key(&mut tx, digest("nobody's")).await.unwrap();
        session::insert(&mut tx, &open).await.unwrap();
        assert_eq!(session::revoke_all(&mut tx, world.ann.user).await.unwrap(), 1);
        assert!(session::find_by_key(&mut tx, digest("bob")).await.unwrap().is_some());
        session::delete_by_key(&mut tx, digest("bob")).await.unwrap();
        assert_eq!(count(&mut tx, "sessions").await, 0);
    }

    async fn a_set_up_link_is_used_once(backend) {
        let world = World::new(backend).await;
        let mut tx = world.db.write(ALL).await.unwrap();
        setup_link::replace(&mut tx, "first").await.unwrap();
        setup_link::replace(&mut tx, "second").await.unwrap();
        assert!(!setup_link::is_good(&mut tx, "first").await.unwrap(), "a later one voids it");
        assert!(!setup_link::consume(&mut tx, "first").await.unwrap());
        assert!(setup_link::is_good(&mut tx, "second").await.unwrap());
        tx.commit().await.unwrap();
        let used = at_once(30, |_| {
            let db = world.db.clone();
            Box::pin(async move {
                let mut tx = db.write(ALL).await.unwrap();
                let used = setup_link::consume(&mut tx, "second").await.unwrap();
                tx.commit().await.unwrap();
                used
            })
        }).await;
        assert_eq!(used.into_iter().filter(|used| *used).count(), 1);
        let mut tx = world.db.write(ALL).await.unwrap();
        setup_link::replace(&mut tx, "third").await.unwrap();
        let past = match backend {
            Backend::Sqlite => "'2020-01-01T00:00:00.000000Z'",
            Backend::Postgres => "timestamptz '2020-01-01 00:00:00Z'",
        };
        sql(&mut tx, &format!("UPDATE setup_links SET expires_at = {past}")).await.unwrap();
        assert!(!setup_link::is_good(&mut tx, "third").await.unwrap());
        assert!(!setup_link::consume(&mut tx, "third").await.unwrap());
    }

    /// Two instances that start at once: still one link is good.
    async fn two_starts_leave_one_link(backend) {
        let world = World::new(backend).await;
        at_once(12, |n| {
            let db = world.db.clone();
            Box::pin(async move {
                let mut tx = db.write(ALL).await.unwrap();
                setup_link::replace(&mut tx, &format!("link {n}")).await.unwrap();
                tx.commit().await.unwrap();
            })
        }).await;
        assert_eq!(count(&mut world.db.read(ALL).await.unwrap(), "setup_links").await, 1);
    }
}
