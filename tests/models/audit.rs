//! The audit log: a chain that nobody without the key can change unseen.

use sayso::{
    models::audit::{Act, Actor, Auditor, Chain},
    types::*,
};

use crate::*;

fn auditor() -> Auditor {
    Auditor::new(&[1; 64], &[2; 64]).unwrap()
}

fn act(user: UserId, object: String) -> Act<'static> {
    Act {
        actor: Actor::User(user),
        address: "192.0.2.1",
        action: "tool_approved",
        object,
        target: Some("notes/a.txt"),
        digest: Some(digest("shown")),
        details: "",
    }
}

/// A row in each chain that must be there.
async fn begin_chains(world: &World) -> i64 {
    let mut tx = world.db.write(ALL).await.unwrap();
    let tenants: Vec<TenantId> =
        sayso::models::tenant::all(&mut tx).await.unwrap().iter().map(|found| found.id).collect();
    for chain in tenants.iter().copied().map(Chain::Tenant).chain([Chain::System]) {
        auditor().append(&mut tx, chain, act(world.ann.user, "begun".into())).await.unwrap();
    }
    tx.commit().await.unwrap();
    i64::try_from(tenants.len()).unwrap() + 1
}

both! {
    async fn rows_written_at_once_are_one_chain(backend) {
        let world = World::new(backend).await;
        let people = [world.ann, world.eve];
        let begun = begin_chains(&world).await;
        at_once(60, |n| {
            let (db, owner) = (world.db.clone(), people[n % 2]);
            Box::pin(async move {
                let mut tx = db.write(owner.tenant).await.unwrap();
                auditor().append(&mut tx, owner.tenant, act(owner.user, format!("thing:{n}"))).await.unwrap();
                if n % 3 > 0 {
                    tx.commit().await.unwrap();
                }
            })
        }).await;
        let mut tx = world.db.read(ALL).await.unwrap();
        assert_eq!(auditor().verify(&mut tx).await.unwrap(), Ok(40 + begun));
        assert_eq!(count(&mut tx, "audit_rows").await, 40 + begun);
    }

    async fn every_change_is_seen_and_named(backend) {
        let world = World::new(backend).await;
        let (auditor, chain) = (auditor(), world.ann.tenant);
        let begun = begin_chains(&world).await;
        let mut tx = world.db.write(ALL).await.unwrap();
        for n in 2..=5 {
            auditor.append(&mut tx, chain, act(world.ann.user, format!("thing:{n}"))).await.unwrap();
            auditor.append(&mut tx, Chain::System, act(world.ann.user, format!("thing:{n}"))).await.unwrap();
        }
        tx.commit().await.unwrap();

        let three = format!("WHERE chain = '{chain}' AND number = 3");
        let row = |number: i64| format!("WHERE chain = '{chain}' AND number = {number}");
        let other_time = match backend {
            Backend::Sqlite => "'2020-01-01T00:00:00.000000Z'",
            Backend::Postgres => "at - interval '1 microsecond'",
        };
        let mut cases: Vec<(String, i64)> = [
            ("action", "'tool_denied'"), ("actor", "'nobody'"), ("address", "''"), ("object", "'thing:4'"),
            ("target", "NULL"), ("target", "'notes/a.txt '"), ("details", "'x'"), ("digest", "NULL"),
            ("digest", "'no digest'"), ("id", "'01890000-0000-7000-8000-000000000000'"), ("at", other_time),
            ("hash", "'00'"), ("hash", "(SELECT hash FROM audit_rows b WHERE b.chain = 'system' AND b.number = 3)"),
        ].into_iter().map(|(column, value)| (format!("UPDATE audit_rows SET {column} = {value} {three}"), 3)).collect();
        for number in 1..=5 {
            cases.push((format!("DELETE FROM audit_rows {}", row(number)), number));
        }
        let renumber = |from: i64, to: i64| format!("UPDATE audit_rows SET number = {to} {}; ", row(from));
        let head = format!("UPDATE audit_heads SET count = 4, last_hash = (SELECT hash FROM audit_rows {}) WHERE chain = '{chain}'", row(4));
        cases.extend([
            (renumber(2, 99) + &renumber(3, 2) + &renumber(99, 3), 2),
            (renumber(5, 6), 5),
            (format!("DELETE FROM audit_rows {}; {}{}", row(2), renumber(3, 2), renumber(4, 3)), 2),
            (format!("DELETE FROM audit_rows {}; {head}", row(5)), 4),
            (format!("UPDATE audit_heads SET hash = '00' WHERE chain = '{chain}'"), 5),
            (format!("DELETE FROM audit_heads WHERE chain = '{chain}'"), 1),
            (
                format!(
                    "UPDATE audit_heads SET count = (SELECT count FROM audit_heads b WHERE b.chain = 'system'), \
                     last_hash = (SELECT last_hash FROM audit_heads b WHERE b.chain = 'system'), \
                     hash = (SELECT hash FROM audit_heads b WHERE b.chain = 'system') WHERE chain = '{chain}'"
                ),
                5,
            ),
        ]);
        cases.extend([
            (format!("DELETE FROM audit_rows WHERE chain = '{chain}'; DELETE FROM audit_heads WHERE chain = '{chain}'"), 1),
        ]);
        for (change, number) in cases {
            let mut tx = world.db.write(ALL).await.unwrap();
            sql(&mut tx, &change).await.unwrap();
            let broken = auditor.verify(&mut tx).await.unwrap().expect_err(&change);
            assert_eq!((broken.chain.as_str(), broken.number), (chain.to_string().as_str(), number), "{change}: {broken}");
            assert!(broken.to_string().contains(&format!("row {number}")));
        }
        let mut tx = world.db.write(ALL).await.unwrap();
        let columns = "number, id, at, actor, address, action, object, target, digest, details, hash";
        let ghost = format!("INSERT INTO audit_rows (chain, {columns}) SELECT 'ghost', {columns} FROM audit_rows WHERE chain = 'system'");
        sql(&mut tx, &ghost).await.unwrap();
        let broken = auditor.verify(&mut tx).await.unwrap().unwrap_err();
        assert_eq!((broken.chain.as_str(), broken.number), ("ghost", 1));
        drop(tx);
        let other = Auditor::new(&[3; 64], &[2; 64]).unwrap();
        assert!(other.verify(&mut world.db.read(ALL).await.unwrap()).await.unwrap().is_err(), "another key");
        assert_eq!(auditor.verify(&mut world.db.read(ALL).await.unwrap()).await.unwrap(), Ok(8 + begun));
    }

    /// Cutting rows off and forging the head must not become good by the next honest row.
    async fn a_forged_head_is_not_written_on(backend) {
        let world = World::new(backend).await;
        let (auditor, chain) = (auditor(), world.ann.tenant);
        let mut tx = world.db.write(ALL).await.unwrap();
        for n in 1..=3 {
            auditor.append(&mut tx, chain, act(world.ann.user, format!("thing:{n}"))).await.unwrap();
        }
        sql(&mut tx, "DELETE FROM audit_rows WHERE number = 3; UPDATE audit_heads SET count = 2, \
                      last_hash = (SELECT hash FROM audit_rows WHERE number = 2)").await.unwrap();
        let error = auditor.append(&mut tx, chain, act(world.ann.user, "thing:4".into())).await.unwrap_err();
        assert!(error.to_string().contains("audit chain"), "{error}");
        let other = Auditor::new(&[1; 64], &[4; 64]).unwrap();
        other.append(&mut tx, world.eve.tenant, act(world.eve.user, "thing:1".into())).await.unwrap();
        assert!(auditor.append(&mut tx, world.eve.tenant, act(world.eve.user, "thing:2".into())).await.is_err());
    }
}
