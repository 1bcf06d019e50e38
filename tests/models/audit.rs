//! The audit log: a chain that nobody without the key can change unseen.

use std::collections::BTreeSet;

use diesel::sql_types::Text;
use sayso::{
    models::{
        audit::{self, Act, Actor, Anchors, Auditor, Broken, Chain, DecisionFilter, Filter},
        tool_call::{self, StoredCall},
    },
    types::{approval::ApprovalSubject, *},
};

use crate::{
    calls::{call_of, turn_of},
    *,
};

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
            ("target", "NULL"), ("target", "'notes/a.txt '"), ("tool", "'run_js'"), ("tool", "''"), ("chain", "'system2'"), ("details", "'x'"), ("digest", "NULL"),
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
        let columns = "id, at, actor, address, action, object, target, digest, details, hash, tool";
        let copy = |from: &str, row: i64, to: i64| {
            format!("INSERT INTO audit_rows (chain, number, {columns}) SELECT '{chain}', {to}, {columns} FROM audit_rows \
                     WHERE chain = '{from}' AND number = {row}")
        };
        let own = chain.to_string();
        cases.extend([
            // A row twice: at the end, and in the place of another.
            (copy(&own, 2, 6), 6),
            (format!("DELETE FROM audit_rows {}; {}", row(3), copy(&own, 2, 3)), 3),
            // Where no row is ever written, and the walk from the first on does not come by.
            (copy(&own, 2, 0), 0),
            (copy(&own, 2, -9), -9),
            // Another chain's row at the same place.
            (format!("DELETE FROM audit_rows {}; {}", row(3), copy("system", 3, 3)), 3),
            // The tail, with the head left and with the head gone.
            (format!("DELETE FROM audit_rows WHERE chain = '{chain}' AND number > 2"), 3),
            (format!("DELETE FROM audit_rows {}; DELETE FROM audit_heads WHERE chain = '{chain}'", row(5)), 1),
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

    /// With another key the chains go on, from a row that only its holder can write; a forged one does not.
    async fn chains_go_on_under_another_key(backend) {
        let world = World::new(backend).await;
        let (before, chain) = (auditor(), world.ann.tenant);
        let begun = begin_chains(&world).await;
        let other = Auditor::new(&[3; 64], &[4; 64]).unwrap();
        let mut tx = world.db.write(ALL).await.unwrap();
        before.append(&mut tx, chain, act(world.ann.user, "thing:2".into())).await.unwrap();
        sql(&mut tx, &format!("UPDATE audit_heads SET hash = '00' WHERE chain = '{chain}'")).await.unwrap();
        assert_eq!(before.take_over(&mut tx, "terminal").await.unwrap(), 0, "a forged head becomes good");
        assert!(before.verify(&mut tx).await.unwrap().is_err());

        assert_eq!(i64::try_from(other.take_over(&mut tx, "terminal").await.unwrap()).unwrap(), begun);
        assert_eq!(other.take_over(&mut tx, "terminal").await.unwrap(), 0);
        other.append(&mut tx, chain, act(world.ann.user, "thing:4".into())).await.unwrap();
        let proof = other.prove(&mut tx, &Anchors::default()).await.unwrap();
        assert_eq!(proof.faults, []);
        assert_eq!(proof.rows, begun + 1, "a row in each chain that says so, and one more");
        assert_eq!(proof.chains.iter().map(|chain| chain.unproved).sum::<i64>(), begun + 1);
        let shown = other.show(&mut tx, Chain::Tenant(chain), &Filter::default(), None, 10).await.unwrap();
        assert_eq!((shown.rows.len(), shown.state), (4, Ok(4)));
        tx.commit().await.unwrap();

        let row = |number: i64| format!("WHERE chain = '{chain}' AND number = {number}");
        for (change, number) in [
            (format!("UPDATE audit_rows SET details = 'x' {}", row(4)), 4),
            (format!("DELETE FROM audit_rows {}", row(4)), 4),
            // What says so itself, and what another chain says.
            (format!("UPDATE audit_rows SET details = hash {}", row(3)), 1),
            (format!("DELETE FROM audit_rows {}", row(3)), 1),
            (format!("UPDATE audit_rows SET action = 'audit_key_changed' {}", row(4)), 1),
            (format!("UPDATE audit_rows SET action = 'audit_key_changed', details = (SELECT hash FROM audit_rows {}) {}", row(3), row(4)), 1),
        ] {
            let mut tx = world.db.write(ALL).await.unwrap();
            sql(&mut tx, &change).await.unwrap();
            let broken = other.verify(&mut tx).await.unwrap().expect_err(&change);
            assert_eq!((broken.chain, broken.number), (chain.to_string(), number), "{change}");
        }
    }

    /// Who has an older copy of the rows and the head brings back what was good once: only what was kept elsewhere knows.
    async fn what_was_brought_back_is_seen_by_an_anchor(backend) {
        let world = World::new(backend).await;
        let (auditor, chain) = (auditor(), world.ann.tenant);
        begin_chains(&world).await;
        let kept = async |conn: &mut Conn| {
            let heads = auditor.anchors(conn).await.unwrap();
            let lines = heads.into_iter().map(|(_, anchor)| serde_json::to_string(&anchor.unwrap()).unwrap() + "\n");
            Anchors::read(lines.collect::<String>().as_bytes()).unwrap()
        };
        let mut tx = world.db.write(ALL).await.unwrap();
        sql(&mut tx, "CREATE TABLE old_heads AS SELECT * FROM audit_heads").await.unwrap();
        let before = kept(&mut tx).await;
        for n in 2..=5 {
            auditor.append(&mut tx, chain, act(world.ann.user, format!("thing:{n}"))).await.unwrap();
        }
        let now = kept(&mut tx).await;
        for anchors in [&before, &now] {
            assert_eq!(auditor.prove(&mut tx, anchors).await.unwrap().faults, []);
        }
        sql(&mut tx, &format!(
            "DELETE FROM audit_rows WHERE chain = '{chain}' AND number > 1; DELETE FROM audit_heads WHERE chain = '{chain}'; \
             INSERT INTO audit_heads SELECT * FROM old_heads WHERE chain = '{chain}'"
        )).await.unwrap();
        assert!(auditor.verify(&mut tx).await.unwrap().is_ok(), "alone it is as good as it was");
        assert_eq!(auditor.prove(&mut tx, &before).await.unwrap().faults, []);
        let [broken] = &auditor.prove(&mut tx, &now).await.unwrap().faults[..] else { panic!("unseen") };
        assert_eq!((broken.chain.as_str(), broken.number), (chain.to_string().as_str(), 2), "{broken}");
        // Written anew over the gap, with the key: as long as before, and another one.
        for n in 2..=6 {
            auditor.append(&mut tx, chain, act(world.ann.user, format!("other:{n}"))).await.unwrap();
        }
        let [broken] = &auditor.prove(&mut tx, &now).await.unwrap().faults[..] else { panic!("unseen") };
        assert_eq!(broken.number, 5, "{broken}");
        // A tenant and all that was written of it, gone.
        sql(&mut tx, &format!("DELETE FROM audit_rows WHERE chain = '{chain}'; DELETE FROM audit_heads WHERE chain = '{chain}'")).await.unwrap();
        let faults = auditor.prove(&mut tx, &now).await.unwrap().faults;
        assert!(faults.iter().any(|broken| broken.chain == chain.to_string() && broken.fault.contains("missing")), "{faults:?}");
    }

    /// Recomputing every hash without the key makes a chain that hangs together, and is not ours.
    async fn without_the_key_nothing_holds(backend) {
        let world = World::new(backend).await;
        begin_chains(&world).await;
        let (chain, other) = (world.ann.tenant, Auditor::new(&[7; 64], &[8; 64]).unwrap());
        let mut tx = world.db.write(ALL).await.unwrap();
        sql(&mut tx, "DELETE FROM audit_rows; DELETE FROM audit_heads").await.unwrap();
        for chain in [Chain::Tenant(chain), Chain::Tenant(world.eve.tenant), Chain::System] {
            other.append(&mut tx, chain, act(world.ann.user, "forged".into())).await.unwrap();
        }
        assert_eq!(other.verify(&mut tx).await.unwrap(), Ok(3));
        let proof = auditor().prove(&mut tx, &Anchors::default()).await.unwrap();
        let named: BTreeSet<&str> = proof.faults.iter().map(|broken| broken.chain.as_str()).collect();
        assert_eq!(named.len(), 3, "each chain is named: {:?}", proof.faults);
        assert_eq!(proof.rows, 0);
    }

    async fn the_proof_holds_while_others_write(backend) {
        let world = World::new(backend).await;
        let begun = begin_chains(&world).await;
        let (db, owner) = (world.db.clone(), world.ann);
        let writer = tokio::spawn(async move {
            for n in 0..120 {
                let mut tx = db.write(owner.tenant).await.unwrap();
                auditor().append(&mut tx, owner.tenant, act(owner.user, format!("thing:{n}"))).await.unwrap();
                tx.commit().await.unwrap();
            }
        });
        let mut last = 0;
        while !writer.is_finished() {
            let rows = auditor().verify(&mut world.db.read(ALL).await.unwrap()).await.unwrap().unwrap();
            assert!(rows >= last, "{rows} after {last}");
            last = rows;
        }
        writer.await.unwrap();
        assert_eq!(auditor().verify(&mut world.db.read(ALL).await.unwrap()).await.unwrap(), Ok(120 + begun));
    }

    async fn a_run_with_its_say_so_holds(backend) {
        let world = World::new(backend).await;
        begin_chains(&world).await;
        let mut tx = world.db.write(ALL).await.unwrap();
        let grant = given(&mut tx, world.ann, "write_file 2 × until 2999-01-01T00:00:00+00:00").await;
        rule(&mut tx, &world, "allow grants=on guests=off").await;
        for details in ["person", "direct", &format!("{grant} 1/2"), &format!("{grant} 2/2"), "rule sayso/write_file"] {
            let call = run_by(&mut tx, world.ann, details).await;
            assert_eq!(faults(&mut tx).await, [], "{details}");
            // It does not count what happened to the rule or the grant afterwards.
            tell(&mut tx, world.ann, &call, "tool_ended", "succeeded").await;
        }
        rule(&mut tx, &world, "deny grants=off guests=off").await;
        told(&mut tx, world.ann, grant.clone(), "grant_revoked", "", None).await;
        assert_eq!(faults(&mut tx).await, []);
        // A conversation that is deleted takes its calls with it; the rows stay.
        sql(&mut tx, "DELETE FROM conversations").await.unwrap();
        let proof = auditor().prove(&mut tx, &Anchors::default()).await.unwrap();
        assert_eq!((proof.faults, proof.runs), (Vec::new(), 5));
    }

    async fn a_run_without_its_say_so_is_named(backend) {
        let world = World::new(backend).await;
        begin_chains(&world).await;
        let (ann, bob) = (world.ann, world.bob);
        let revoked = ["given 5", "revoked", "approved grant 1/5", "run"];
        for (story, fault) in [
            (&["run"][..], "without a decision"),
            (&["denied", "run"], "without a decision"),
            (&["approved person", "denied", "run"], "without a decision"),
            (&["approved other", "run"], "not what was decided"),
            (&["approved bob", "run"], "another person"),
            (&["approved nobody", "run"], "another person"),
            (&["approved person", "run", "run"], "twice"),
            (&["approved rule", "run"], "no admin"),
            (&["rule ask", "approved rule", "run"], "no admin"),
            (&["rule allow", "rule deny", "approved rule", "run"], "no admin"),
            (&["approved grant 1/5", "run"], "never given"),
            (&["bob's 5", "approved grant 1/5", "run"], "another person"),
            (&revoked, "revoked"),
            (&["given 5", "approved grant 6/5", "run"], "used up"),
            (&["given 5", "approved grant 0/5", "run"], "used up"),
            (&["given 5", "approved grant", "run"], "cannot be made out"),
            (&["given 5", "spent 1/5", "approved grant 1/5", "run"], "used up"),
            (&["ended", "approved grant 1/5", "run"], "had ended"),
            (&["approved person", "run", "taken"], "another person"),
        ] {
            let mut tx = world.db.write(ALL).await.unwrap();
            let call = stored(&mut tx, ann).await;
            let grant = format!("grant:{}", GrantId::new());
            for step in story {
                let (word, rest) = step.split_once(' ').unwrap_or((step, ""));
                match (word, rest) {
                    ("run", _) => tell(&mut tx, ann, &call, "tool_run", "").await,
                    ("denied", _) => tell(&mut tx, ann, &call, "tool_denied", "person").await,
                    ("approved", "other") => {
                        let other = StoredCall { digest: digest("other"), ..call.clone() };
                        tell(&mut tx, ann, &other, "tool_approved", "person").await;
                    }
                    ("approved", "bob") => tell(&mut tx, bob, &call, "tool_approved", "person").await,
                    ("approved", "nobody") => {
                        let nobody = Act { actor: Actor::Nobody, ..about(ann, &call, "tool_approved", "person") };
                        auditor().append_of_tool(&mut tx, ann.tenant, nobody, Some(&call.name)).await.unwrap();
                    }
                    ("approved", "rule") => tell(&mut tx, ann, &call, "tool_approved", "rule sayso/write_file").await,
                    ("approved", by) if by.starts_with("grant") => {
                        tell(&mut tx, ann, &call, "tool_approved", &by.replace("grant", &grant)).await;
                    }
                    ("approved", by) => tell(&mut tx, ann, &call, "tool_approved", by).await,
                    ("spent", count) => {
                        let other = StoredCall { id: ToolCallId::new(), ..call.clone() };
                        tell(&mut tx, ann, &other, "tool_approved", &format!("{grant} {count}")).await;
                    }
                    ("rule", verdict) => rule(&mut tx, &world, &format!("{verdict} grants=on guests=off")).await,
                    ("given", count) => given_as(&mut tx, ann, &grant, &format!("write_file {count} × until 2999-01-01T00:00:00+00:00")).await,
                    ("ended", _) => given_as(&mut tx, ann, &grant, "write_file 5 × until 2001-01-01T00:00:00+00:00").await,
                    ("bob's", count) => given_as(&mut tx, bob, &grant, &format!("write_file {count} × until 2999-01-01T00:00:00+00:00")).await,
                    ("revoked", _) => told(&mut tx, ann, grant.clone(), "grant_revoked", "", None).await,
                    ("taken", _) => {
                        sql(&mut tx, &format!("UPDATE tool_calls SET user_id = '{}' WHERE id = '{}'", bob.user, call.id)).await.unwrap();
                    }
                    step => panic!("{step:?}"),
                }
            }
            let found = faults(&mut tx).await;
            let [broken] = &found[..] else { panic!("{story:?}: {found:?}") };
            assert!(broken.fault.contains(fault), "{story:?}: {broken}");
            assert_eq!(broken.call, Some(call.id), "{story:?}");
            assert!(broken.number > 1 && broken.to_string().contains(&call.id.to_string()), "{broken}");
        }
    }

    async fn a_call_that_is_changed_afterwards_is_named(backend) {
        let world = World::new(backend).await;
        begin_chains(&world).await;
        let mut tx = world.db.write(ALL).await.unwrap();
        let call = run_by(&mut tx, world.ann, "person").await;
        tx.commit().await.unwrap();
        let other = digest("other").to_string();
        for (column, value) in [
            ("arguments", "'{}'"), ("name", "'run_js'"), ("server", "'other'"), ("launch", "''"),
            ("fingerprint", &format!("'{other}'")), ("fingerprint", "'none'"), ("precondition", "NULL"),
            ("digest", &format!("'{other}'")), ("digest", "'none'"),
        ] {
            let mut tx = world.db.write(ALL).await.unwrap();
            sql(&mut tx, &format!("UPDATE tool_calls SET {column} = {value}")).await.unwrap();
            let found = faults(&mut tx).await;
            let [broken] = &found[..] else { panic!("{column} = {value}: {found:?}") };
            assert!(broken.call == Some(call.id) && broken.number > 0, "{broken}");
        }
        // What is set to have run, and of which no row tells.
        let mut tx = world.db.write(ALL).await.unwrap();
        let silent = stored(&mut tx, world.ann).await;
        assert_eq!(faults(&mut tx).await, []);
        for change in ["state = 'succeeded'", "state = 'running'", "state = 'failed', started_at = created_at"] {
            sql(&mut tx, &format!("UPDATE tool_calls SET {change} WHERE id = '{}'", silent.id)).await.unwrap();
            let found = faults(&mut tx).await;
            let [broken] = &found[..] else { panic!("{change}: {found:?}") };
            assert_eq!((broken.call, broken.number), (Some(silent.id), 0));
            assert!(broken.to_string().contains("no row tells of it"), "{broken}");
        }
    }

    async fn the_log_is_found_by_what_is_asked(backend) {
        let world = World::new(backend).await;
        begin_chains(&world).await;
        let (ann, bob) = (world.ann, world.bob);
        let mut tx = world.db.write(ALL).await.unwrap();
        rule(&mut tx, &world, "allow grants=on guests=off").await;
        let mut calls = Vec::new();
        for (owner, details) in [(ann, "person"), (ann, "grant:x 1/2"), (bob, "rule sayso/write_file"), (bob, "direct")] {
            calls.push(run_by(&mut tx, owner, details).await);
        }
        let denied = stored(&mut tx, ann).await;
        tell(&mut tx, ann, &denied, "tool_denied", "expired").await;
        let chain = Chain::Tenant(ann.tenant);
        let all = audit::page(&mut tx, chain, &Filter::default(), None, 100).await.unwrap();
        assert_eq!(all.len(), 11);
        assert!(all.is_sorted_by(|one, other| one.number > other.number), "newest first");
        let decision = |decision| Filter { decision: Some(decision), ..Filter::default() };
        for (what, filter, rows) in [
            ("bob", Filter { actor: Some(bob.user), ..Filter::default() }, 5),
            ("tool", Filter { tool: Some("write_file".into()), ..Filter::default() }, 9),
            ("path", Filter { target: Some("a".into()), ..Filter::default() }, 9),
            ("other path", Filter { target: Some("b".into()), ..Filter::default() }, 0),
            ("object", Filter { object: Some(format!("tool_call:{}", calls[0].id)), ..Filter::default() }, 2),
            ("runs", Filter { action: Some("tool_run".into()), ..Filter::default() }, 4),
            ("approved", decision(DecisionFilter::Approved), 5),
            ("by person", decision(DecisionFilter::ByPerson), 3),
            ("by grant", decision(DecisionFilter::ByGrant), 1),
            ("by rule", decision(DecisionFilter::ByRule), 1),
            ("denied", decision(DecisionFilter::Denied), 1),
            ("bob's runs", Filter { actor: Some(bob.user), action: Some("tool_run".into()), ..Filter::default() }, 2),
            ("later", Filter { from: Some(all[2].at.0), ..Filter::default() }, 3),
            ("before", Filter { to: Some(all[2].at.0), ..Filter::default() }, 8),
            ("between", Filter { from: Some(all[5].at.0), to: Some(all[2].at.0), ..Filter::default() }, 3),
        ] {
            let found = audit::page(&mut tx, chain, &filter, None, 100).await.unwrap();
            assert_eq!(found.len(), rows, "{what}: {found:#?}");
            let (mut seen, mut after) = (Vec::new(), None);
            loop {
                let page = audit::page(&mut tx, chain, &filter, after, 2).await.unwrap();
                let Some(last) = page.last() else { break };
                after = Some((last.at.0, last.number));
                seen.extend(page.iter().map(|row| row.number));
            }
            assert_eq!(seen, found.iter().map(|row| row.number).collect::<Vec<_>>(), "{what}, two by two");
        }
        let eve = audit::page(&mut tx, Chain::Tenant(world.eve.tenant), &Filter::default(), None, 100).await.unwrap();
        assert_eq!(eve.len(), 1, "a chain of its own");
    }

    /// The cheap half of the proof, that of the page: the head, and what is shown.
    async fn a_page_says_whether_it_holds(backend) {
        let world = World::new(backend).await;
        begin_chains(&world).await;
        let mut tx = world.db.write(ALL).await.unwrap();
        for _ in 0..4 {
            run_by(&mut tx, world.ann, "person").await;
        }
        tx.commit().await.unwrap();
        let chain = Chain::Tenant(world.ann.tenant);
        let runs = Filter { action: Some("tool_run".into()), ..Filter::default() };
        let state = async |conn: &mut Conn, filter: &Filter| auditor().show(conn, chain, filter, None, 2).await.unwrap().state;
        let mut tx = world.db.read(ALL).await.unwrap();
        assert_eq!(state(&mut tx, &Filter::default()).await, Ok(9));
        assert_eq!(state(&mut tx, &runs).await, Ok(9));
        drop(tx);
        let row = |number: i64| format!("WHERE chain = '{}' AND number = {number}", world.ann.tenant);
        for (change, sees, number) in [
            (format!("UPDATE audit_rows SET object = 'x' {}", row(9)), true, 9),
            (format!("UPDATE audit_rows SET digest = 'x' {}", row(9)), true, 0),
            (format!("UPDATE audit_rows SET object = 'x' {}", row(2)), false, 0),
            (format!("DELETE FROM audit_rows {}", row(9)), true, 9),
            (format!("DELETE FROM audit_rows {}", row(8)), true, 8),
            (format!("UPDATE audit_heads SET count = 8 WHERE chain = '{}'", world.ann.tenant), true, 8),
            (format!("DELETE FROM audit_heads WHERE chain = '{}'", world.ann.tenant), true, 1),
        ] {
            let mut tx = world.db.write(ALL).await.unwrap();
            sql(&mut tx, &change).await.unwrap();
            match state(&mut tx, &runs).await {
                Ok(_) => assert!(!sees, "{change}: unseen"),
                Err(broken) => assert!(sees && broken.number == number, "{change}: {broken}"),
            }
        }
    }
}

/// Stores a call of this person's with the digest that belongs to it.
async fn stored(conn: &mut Conn, owner: Owner) -> StoredCall {
    let turn = turn_of(conn, owner).await;
    let mut call = call_of(&turn, ToolCallState::Pending);
    call.digest = ApprovalSubject {
        tenant: call.tenant_id,
        user: call.user_id,
        conversation: call.conversation_id,
        call: call.id,
        server: &call.server,
        launch: &call.launch,
        tool: &call.name,
        fingerprint: call.fingerprint,
        arguments: &call.arguments,
        precondition: call.precondition.as_deref(),
    }
    .digest();
    tool_call::insert(conn, &call).await.unwrap();
    call
}

fn about<'a>(owner: Owner, call: &'a StoredCall, action: &'a str, details: &'a str) -> Act<'a> {
    Act {
        actor: Actor::User(owner.user),
        address: "192.0.2.1",
        action,
        object: format!("tool_call:{}", call.id),
        target: call.target.as_deref(),
        digest: Some(call.digest),
        details,
    }
}

async fn tell(conn: &mut Conn, owner: Owner, call: &StoredCall, action: &str, details: &str) {
    let act = about(owner, call, action, details);
    auditor().append_of_tool(conn, owner.tenant, act, Some(&call.name)).await.unwrap();
}

async fn told(conn: &mut Conn, owner: Owner, object: String, action: &str, details: &str, tool: Option<&str>) {
    let act = Act { actor: Actor::User(owner.user), address: "", action, object, target: None, digest: None, details };
    auditor().append_of_tool(conn, owner.tenant, act, tool).await.unwrap();
}

/// A call that was approved so, and has run.
async fn run_by(conn: &mut Conn, owner: Owner, details: &str) -> StoredCall {
    let call = stored(conn, owner).await;
    tell(conn, owner, &call, "tool_approved", details).await;
    tell(conn, owner, &call, "tool_run", "").await;
    call
}

async fn rule(conn: &mut Conn, world: &World, details: &str) {
    told(conn, world.bob, "tool:sayso/write_file".into(), "tool_rule_changed", details, None).await;
}

async fn given(conn: &mut Conn, owner: Owner, details: &str) -> String {
    let grant = format!("grant:{}", GrantId::new());
    given_as(conn, owner, &grant, details).await;
    grant
}

async fn given_as(conn: &mut Conn, owner: Owner, grant: &str, details: &str) {
    told(conn, owner, grant.to_owned(), "grant_given", details, Some("write_file")).await;
}

async fn faults(conn: &mut Conn) -> Vec<Broken> {
    auditor().prove(conn, &Anchors::default()).await.unwrap().faults
}

/// A page of the log is found by an index, in its order, whichever filter is set: it does not cost more the longer the
/// chain is.
#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_the_log_is_found_by_an_index() {
    #[derive(QueryableByName)]
    struct Step {
        #[diesel(sql_type = Text)]
        detail: String,
    }
    let world = World::new(Backend::Sqlite).await;
    let mut tx = world.db.read(ALL).await.unwrap();
    for (filter, index) in [
        ("", "by_time"),
        ("AND actor = ?1", "by_actor"),
        ("AND tool = ?1", "by_tool"),
        ("AND target = ?1", "by_target"),
        ("AND object = ?1", "by_object"),
        ("AND action = ?1", "by_action"),
        ("AND action = ?1 AND details LIKE 'grant:%'", "by_action"),
    ] {
        for more in
            ["", "AND at >= '2026' AND at < '2027'", "AND at <= 'c' AND (at < 'c' OR (at = 'c' AND number < 9))"]
        {
            let query = format!(
                "SELECT * FROM audit_rows WHERE chain = ?2 {filter} {more} ORDER BY at DESC, number DESC LIMIT 51"
            );
            let Conn::Sqlite(c) = &mut *tx else { unreachable!() };
            let explained =
                diesel::sql_query(format!("EXPLAIN QUERY PLAN {query}")).bind::<Text, _>("x").bind::<Text, _>("y");
            let plan: Vec<Step> = explained.load(c).await.unwrap();
            let plan: Vec<_> = plan.into_iter().map(|step| step.detail).collect();
            // Between two times SQLite takes both indexes for as good: then a page costs no more than the time between.
            let is_found = plan[0].contains(index) || (more.contains("2027") && plan[0].contains("by_time"));
            assert!(plan.len() == 1 && plan[0].contains("SEARCH") && is_found, "{query}: {plan:?}");
        }
    }
}
