//! What a credential is still worth: that of a browser, of a program that signed in, of a token somebody made.

use chrono::Duration;
use sayso::{
    db::now,
    http::api_caller::{Credential, holds},
    models::{
        api_token::{self, ApiToken},
        membership,
        refresh_token::{self, Asking, RefreshToken},
        session::{self, Session},
    },
    types::*,
};

use crate::*;

/// Ann's three ways in.
struct Ways {
    session: SessionId,
    family: FamilyId,
    token: ApiTokenId,
}

impl Ways {
    async fn new(conn: &mut Conn, owner: Owner) -> Self {
        let (session, family, token) = (SessionId::new(), FamilyId::new(), ApiTokenId::new());
        let open = Session {
            id: session,
            key_hash: digest(&session.to_string()),
            state: "{}".into(),
            user_id: Some(owner.user),
            tenant_id: Some(owner.tenant),
            user_epoch: 0,
            user_agent: "Browser".into(),
            address: "192.0.2.1".into(),
            created_at: now().into(),
            last_used_at: now().into(),
            expires_at: (now() + Duration::hours(1)).into(),
        };
        session::insert(conn, &open).await.unwrap();
        refresh_token::insert(conn, &RefreshToken::new(&family.to_string(), family, owner, 0, Asking::default()))
            .await
            .unwrap();
        let made = ApiToken {
            id: token,
            tenant_id: owner.tenant,
            user_id: owner.user,
            hash: digest(&token.to_string()),
            name: "Script".into(),
            scopes: "chat".parse().unwrap(),
            created_at: now().into(),
            expires_at: Some((now() + Duration::hours(1)).into()),
            last_used_at: None,
            revoked_at: None,
        };
        api_token::insert(conn, &made).await.unwrap();
        Self { session, family, token }
    }

    /// Which of the three still hold: session, sign-in, token.
    async fn holding(&self, conn: &mut Conn, owner: Owner) -> [bool; 3] {
        let scopes: Scopes = "chat".parse().unwrap();
        let all =
            [Credential::Session(self.session), Credential::SignIn(self.family), Credential::Token(self.token, scopes)];
        let mut holding = [false; 3];
        for (credential, slot) in all.iter().zip(&mut holding) {
            *slot = holds(conn, owner, credential, 0).await.unwrap();
        }
        holding
    }
}

both! {
    async fn what_ends_a_credential_is_seen_by_the_next_look(backend) {
        let world = World::new(backend).await;
        let (ann, tenant) = (world.ann, world.ann.tenant);
        for (what, expected) in [
            ("nothing", [true; 3]),
            ("UPDATE users SET is_active = false", [false; 3]),
            ("UPDATE memberships SET is_active = false", [false; 3]),
            ("UPDATE tenants SET is_active = false", [false; 3]),
            ("DELETE FROM memberships", [false; 3]),
            // A token goes on until it is taken back: whoever raises the epoch for good does that too.
            ("UPDATE users SET epoch = epoch + 1", [false, false, true]),
            ("DELETE FROM sessions", [false, true, true]),
            ("UPDATE refresh_tokens SET revoked_at = created_at", [true, false, true]),
            ("UPDATE refresh_tokens SET expires_at = created_at", [true, false, true]),
            ("UPDATE refresh_tokens SET used_at = created_at", [true, true, true]),
            ("UPDATE api_tokens SET revoked_at = created_at", [true, true, false]),
            ("UPDATE api_tokens SET expires_at = created_at", [true, true, false]),
            ("UPDATE memberships SET role = 'guest'", [true, true, false]),
        ] {
            let mut tx = world.db.write(tenant).await.unwrap();
            let ways = Ways::new(&mut tx, ann).await;
            assert_eq!(ways.holding(&mut tx, ann).await, [true; 3], "before {what}");
            for other in world.others() {
                if membership::find(&mut tx, other).await.unwrap().is_some() {
                    assert_eq!(ways.holding(&mut tx, other).await, [false; 3], "it is another's");
                }
            }
            if what != "nothing" {
                sql(&mut tx, what).await.unwrap();
            }
            assert_eq!(ways.holding(&mut tx, ann).await, expected, "{what}");
            // Undone: the next begins anew.
        }
    }

    async fn one_revoked_token_ends_its_family(backend) {
        let world = World::new(backend).await;
        let mut tx = world.db.write(ALL).await.unwrap();
        let family = FamilyId::new();
        for name in ["first", "second"] {
            refresh_token::insert(&mut tx, &RefreshToken::new(name, family, world.ann, 0, Asking::default())).await.unwrap();
        }
        assert!(refresh_token::use_up(&mut tx, digest("first")).await.unwrap());
        assert!(!refresh_token::use_up(&mut tx, digest("first")).await.unwrap(), "used twice");
        for other in world.others() {
            assert_eq!(refresh_token::revoke_family(&mut tx, other, family).await.unwrap(), 0, "another's");
            assert!(!refresh_token::is_open(&mut tx, other, family).await.unwrap());
        }
        assert_eq!(refresh_token::revoke_family(&mut tx, world.ann, family).await.unwrap(), 2);
        assert_eq!(refresh_token::revoke_family(&mut tx, world.ann, family).await.unwrap(), 0);
        // One that was given out at the same moment, unseen by the revocation.
        refresh_token::insert(&mut tx, &RefreshToken::new("third", family, world.ann, 0, Asking::default())).await.unwrap();
        assert!(!refresh_token::is_open(&mut tx, world.ann, family).await.unwrap(), "a way back in");
        assert!(!refresh_token::use_up(&mut tx, digest("second")).await.unwrap(), "a revoked one is used");
    }

    async fn ended_tokens_are_forgotten_after_a_day(backend) {
        let world = World::new(backend).await;
        let mut tx = world.db.write(ALL).await.unwrap();
        for (name, ended) in [("good", Duration::hours(-1)), ("over", Duration::hours(23)), ("old", Duration::hours(25))] {
            let mut token = RefreshToken::new(name, FamilyId::new(), world.ann, 0, Asking::default());
            token.expires_at = (now() - ended).into();
            refresh_token::insert(&mut tx, &token).await.unwrap();
        }
        assert_eq!(refresh_token::sweep(&mut tx).await.unwrap(), 1);
        assert!(refresh_token::find(&mut tx, digest("old")).await.unwrap().is_none());
        assert!(refresh_token::use_up(&mut tx, digest("good")).await.unwrap());
        assert!(!refresh_token::use_up(&mut tx, digest("over")).await.unwrap());
    }
}
