//! Reserved before, settled after: no month goes over, and every sum is the sum of its parts.

use proptest::{
    prelude::*,
    strategy::ValueTree as _,
    test_runner::{Config, TestRunner},
};
use sayso::{
    error::{Code, Error},
    models::{
        credit_entry::{self, CreditEntry},
        tool_call,
        usage::{self, Limits, Month, Reservation, Settlement, month_of},
    },
    types::*,
};

use crate::*;

fn reservation(input_tokens: i64, output_tokens: i64) -> Reservation<'static> {
    Reservation {
        purpose: Purpose::Chat,
        turn: None,
        provider: "demo",
        model: "m",
        input_tokens,
        output_tokens,
        credits: Credits(0),
        instance: InstanceId::new(),
    }
}

/// Who answered.
const BY: (&str, &str) = ("demo", "m");

fn used(input_tokens: i64, output_tokens: i64) -> Settlement {
    let usage = Usage { input_tokens, output_tokens, cached_tokens: input_tokens / 2, estimated: false };
    Settlement { usage, credits: Credits(input_tokens + 2 * output_tokens), counts: true, error_code: None }
}

const NONE: Limits = Limits {
    monthly_input_tokens: None,
    monthly_output_tokens: None,
    monthly_requests: None,
    monthly_credits: None,
    is_active: true,
};

async fn months(conn: &mut Conn, owner: Owner) -> [Month; 2] {
    let now = month_of(sayso::db::now());
    [
        usage::month(conn, owner.tenant, owner.tenant.into(), &now).await.unwrap(),
        usage::month(conn, owner.tenant, owner.user.into(), &now).await.unwrap(),
    ]
}

both! {
    async fn ten_of_two_hundred_pass(backend) {
        let world = World::new(backend).await;
        let tenant = world.ann.tenant;
        let mut tx = world.db.write(ALL).await.unwrap();
        let mut people = vec![world.ann, world.bob];
        for n in 0..18 {
            people.push(person(&mut tx, &format!("person{n}"), tenant).await);
        }
        tx.commit().await.unwrap();
        for (what, limits, code) in [
            ("requests", Limits { monthly_requests: Some(10), ..NONE }, Code::LimitRequests),
            ("input", Limits { monthly_input_tokens: Some(1059), ..NONE }, Code::LimitInputTokens),
            ("output", Limits { monthly_output_tokens: Some(70), ..NONE }, Code::LimitOutputTokens),
        ] {
            let mut tx = world.db.write(ALL).await.unwrap();
            sql(&mut tx, "DELETE FROM usage_months; DELETE FROM model_calls").await.unwrap();
            usage::set_limits(&mut tx, tenant, tenant.into(), limits).await.unwrap();
            tx.commit().await.unwrap();
            let results = at_once(200, |n| {
                let (db, owner) = (world.db.clone(), people[n % people.len()]);
                Box::pin(async move {
                    let mut tx = db.write(owner.tenant).await.unwrap();
                    let call = usage::reserve(&mut tx, owner, &reservation(100, 7)).await;
                    match call {
                        Ok(call) => {
                            tx.commit().await.unwrap();
                            Ok(call.id)
                        }
                        Err(error) => Err(error.code()),
                    }
                })
            }).await;
            let (passed, refused): (Vec<_>, Vec<_>) = results.into_iter().partition(Result::is_ok);
            assert_eq!(passed.len(), 10, "{what}");
            assert!(refused.iter().all(|refused| *refused == Err(Some(code))), "{what}: {refused:?}");

            // While half of them end, others come: the month stays below its limit at every moment.
            let ids: Vec<_> = passed.into_iter().flatten().collect();
            at_once(40, |n| {
                let (db, owner, id) = (world.db.clone(), people[n % people.len()], ids.get(n / 4).copied());
                Box::pin(async move {
                    let mut tx = db.write(owner.tenant).await.unwrap();
                    let kept = match id.filter(|_| n % 4 == 0) {
                        Some(id) => usage::settle(&mut tx, id, BY, used(60, 3)).await.unwrap(),
                        None => usage::reserve(&mut tx, owner, &reservation(100, 7)).await.is_ok(),
                    };
                    // Nobody waits for a second connection while they hold one.
                    if kept { tx.commit().await.unwrap() } else { drop(tx) }
                    let now = month_of(sayso::db::now());
                    let mut tx = db.read(owner.tenant).await.unwrap();
                    let month = usage::month(&mut tx, owner.tenant, owner.tenant.into(), &now).await.unwrap();
                    let within = |limit: Option<i64>, sum| limit.is_none_or(|limit| sum <= limit);
                    assert!(within(limits.monthly_requests, month.requests + month.reserved_requests));
                    assert!(within(limits.monthly_input_tokens, month.input_tokens + month.reserved_input_tokens));
                    assert!(within(limits.monthly_output_tokens, month.output_tokens + month.reserved_output_tokens));
                })
            }).await;
        }
    }

    async fn a_persons_limit_holds_beside_the_tenants(backend) {
        let world = World::new(backend).await;
        let mut tx = world.db.write(ALL).await.unwrap();
        let limits = Limits { monthly_requests: Some(1), ..NONE };
        usage::set_limits(&mut tx, world.ann.tenant, world.ann.user.into(), limits).await.unwrap();
        usage::reserve(&mut tx, world.ann, &reservation(1, 1)).await.unwrap();
        tx.commit().await.unwrap();
        let mut tx = world.db.write(ALL).await.unwrap();
        let error = usage::reserve(&mut tx, world.ann, &reservation(1, 1)).await.unwrap_err();
        assert_eq!(error.code(), Some(Code::LimitRequests));
        drop(tx);
        let mut tx = world.db.write(ALL).await.unwrap();
        assert_eq!(months(&mut tx, world.ann).await.map(|month| month.reserved_requests), [1, 1], "half a reservation");
        usage::reserve(&mut tx, world.bob, &reservation(1, 1)).await.unwrap();
        usage::set_limits(&mut tx, world.ann.tenant, world.ann.user.into(), Limits { is_active: false, ..limits }).await.unwrap();
        usage::reserve(&mut tx, world.ann, &reservation(1, 1)).await.unwrap();
        // The truth is recorded even where it is over, and it blocks the next.
        let limits = Limits { monthly_credits: Some(Credits(5)), ..NONE };
        usage::set_limits(&mut tx, world.ann.tenant, world.ann.tenant.into(), limits).await.unwrap();
        let call = usage::reserve(&mut tx, world.ann, &Reservation { credits: Credits(5), ..reservation(1, 1) }).await.unwrap();
        usage::settle(&mut tx, call.id, BY, used(9, 9)).await.unwrap();
        let error = usage::reserve(&mut tx, world.ann, &reservation(1, 1)).await.unwrap_err();
        assert_eq!(error.code(), Some(Code::InsufficientCredits));
    }

    async fn a_settlement_counts_once(backend) {
        let world = World::new(backend).await;
        let owner = world.ann;
        let mut tx = world.db.write(owner.tenant).await.unwrap();
        let call = usage::reserve(&mut tx, owner, &reservation(100, 7)).await.unwrap();
        let dead = usage::reserve(&mut tx, owner, &reservation(100, 7)).await.unwrap();
        let later = sayso::db::now() + chrono::Duration::hours(1);
        assert_eq!(usage::unsettled_before(&mut tx, later).await.unwrap().len(), 2);
        tx.commit().await.unwrap();
        let settled = at_once(20, |_| {
            let db = world.db.clone();
            Box::pin(async move {
                let mut tx = db.write(owner.tenant).await.unwrap();
                let first = usage::settle(&mut tx, call.id, BY, used(60, 3)).await.unwrap();
                tx.commit().await.unwrap();
                first
            })
        }).await;
        assert_eq!(settled.into_iter().filter(|first| *first).count(), 1);
        let mut tx = world.db.write(owner.tenant).await.unwrap();
        assert!(usage::settle(&mut tx, dead.id, BY, Settlement::default()).await.unwrap(), "one that gave no byte");
        let expected = Month {
            input_tokens: 60, output_tokens: 3, cached_tokens: 30, requests: 1, credits: Credits(66), ..Month::default()
        };
        assert_eq!(months(&mut tx, owner).await, [expected; 2]);
        assert_eq!(count(&mut tx, "usage_days WHERE requests = 1 AND input_tokens = 60").await, 1);
        assert!(usage::unsettled_before(&mut tx, later).await.unwrap().is_empty());
    }

    async fn every_sum_is_the_sum_of_its_parts(backend) {
        let world = World::new(backend).await;
        let mut runner = TestRunner::new_with_rng(Config::default(), proptest::test_runner::TestRng::deterministic_rng(
            proptest::test_runner::RngAlgorithm::ChaCha,
        ));
        let call = (0..3_usize, 0..5000_i64, 0..5000_i64, any::<bool>(), any::<bool>(), 0..3_u8, any::<bool>());
        let cases = proptest::collection::vec(call, 0..12);
        for case in 0..12 {
            let calls = cases.new_tree(&mut runner).unwrap().current();
            let mut tx = world.db.write(ALL).await.unwrap();
            sql(&mut tx, "DELETE FROM usage_months; DELETE FROM usage_days; DELETE FROM model_calls").await.unwrap();
            let (mut open, mut sums) = (0, [Month::default(); 3]);
            for (who, input, output, counts, estimated, model, settles) in &calls {
                let owner = [world.ann, world.bob, world.eve][*who];
                let model = ["m", "n", "o"][usize::from(*model)];
                let held = Reservation { model, ..reservation(5000, 9000) };
                let call = usage::reserve(&mut tx, owner, &held).await.unwrap();
                if !settles {
                    open += 1;
                    continue;
                }
                let mut settlement = used(*input, *output);
                (settlement.counts, settlement.usage.estimated) = (*counts, *estimated);
                assert!(usage::settle(&mut tx, call.id, BY, settlement).await.unwrap());
                let sum = &mut sums[*who];
                sum.input_tokens += input;
                sum.output_tokens += output;
                sum.cached_tokens += input / 2;
                sum.credits = sum.credits + settlement.credits;
                sum.requests += i64::from(*counts);
            }
            let mut held = 0;
            for (owner, sum) in [world.ann, world.bob, world.eve].into_iter().zip(sums) {
                let [tenant, person] = months(&mut tx, owner).await;
                held += person.reserved_requests;
                assert_eq!(person.reserved_input_tokens, 5000 * person.reserved_requests, "case {case}: {calls:?}");
                let nothing_held = |month: Month| Month {
                    reserved_input_tokens: 0, reserved_output_tokens: 0, reserved_requests: 0,
                    reserved_credits: Credits(0), ..month
                };
                assert_eq!(nothing_held(person), sum, "case {case}: {calls:?}");
                if owner == world.eve {
                    assert_eq!(tenant, person);
                } else {
                    assert_eq!(tenant.input_tokens, sums[0].input_tokens + sums[1].input_tokens, "case {case}");
                    assert_eq!(tenant.requests, sums[0].requests + sums[1].requests, "case {case}");
                }
                let day = format!(
                    "(SELECT 1 FROM usage_days WHERE user_id = '{}' HAVING COALESCE(sum(input_tokens), 0) = {} \
                     AND COALESCE(sum(output_tokens), 0) = {} AND COALESCE(sum(cached_tokens), 0) = {} \
                     AND COALESCE(sum(requests), 0) = {} AND COALESCE(sum(credits), 0) = {}) AS same",
                    owner.user, sum.input_tokens, sum.output_tokens, sum.cached_tokens, sum.requests, sum.credits.0
                ).replace("SELECT 1 FROM", "SELECT max(1) AS one FROM");
                assert_eq!(count(&mut tx, &day).await, 1, "case {case}: the days differ: {calls:?}");
            }
            assert_eq!(held, open, "case {case}: {calls:?}");
        }
    }

    async fn a_new_month_begins_empty(backend) {
        let world = World::new(backend).await;
        let owner = world.ann;
        let mut tx = world.db.write(owner.tenant).await.unwrap();
        let limits = Limits { monthly_requests: Some(1), ..NONE };
        usage::set_limits(&mut tx, owner.tenant, owner.tenant.into(), limits).await.unwrap();
        let call = usage::reserve(&mut tx, owner, &reservation(100, 7)).await.unwrap();
        assert_eq!(call.month, month_of(sayso::db::now()));
        // As if that had been long ago.
        sql(&mut tx, "UPDATE usage_months SET month = '2020-01'; UPDATE model_calls SET month = '2020-01'").await.unwrap();
        let new = usage::reserve(&mut tx, owner, &reservation(100, 7)).await.unwrap();
        assert!(usage::settle(&mut tx, call.id, BY, used(60, 3)).await.unwrap());
        let old = usage::month(&mut tx, owner.tenant, owner.tenant.into(), "2020-01").await.unwrap();
        assert_eq!((old.input_tokens, old.requests, old.reserved_requests), (60, 1, 0), "its own month pays");
        assert_eq!(months(&mut tx, owner).await.map(|month| (month.requests, month.reserved_requests)), [(0, 1); 2]);
        assert!(usage::settle(&mut tx, new.id, BY, used(60, 3)).await.unwrap());
    }

    async fn new_tenants_have_limits(backend) {
        let world = World::new(backend).await;
        let mut tx = world.db.read(ALL).await.unwrap();
        let (tenant, person) = (world.ann.tenant, world.ann.user);
        assert_eq!(usage::limits(&mut tx, tenant, tenant.into()).await.unwrap(), Limits::FOR_NEW_TENANTS);
        assert_eq!(usage::limits(&mut tx, tenant, person.into()).await.unwrap(), NONE);
    }

    async fn several_instances_share_a_limit_and_every_sum_agrees(backend) {
        let world = World::new(backend).await;
        let tenant = world.ann.tenant;
        // Each with pools of its own, as instances have them; SQLite has one server, and commands beside it.
        let beside = if backend == Backend::Sqlite { Access::Tool } else { Access::Serve };
        let mut instances = vec![world.db.clone()];
        for _ in 0..2 {
            instances.push(Database::open(&world.place.url, beside).await.unwrap());
        }
        let mut tx = world.db.write(ALL).await.unwrap();
        let limits = Limits { monthly_requests: Some(100), ..NONE };
        usage::set_limits(&mut tx, tenant, tenant.into(), limits).await.unwrap();
        tx.commit().await.unwrap();
        let people = [world.ann, world.bob];
        let reported = at_once(200, |n| {
            let (db, owner) = (instances[n % instances.len()].clone(), people[n % people.len()]);
            Box::pin(async move {
                let model = ["m", "n", "o"][n % 3];
                let mut tx = db.write(owner.tenant).await.unwrap();
                let call = match usage::reserve(&mut tx, owner, &Reservation { model, ..reservation(500, 300) }).await {
                    Ok(call) => call,
                    Err(error) => {
                        assert_eq!(error.code(), Some(Code::LimitRequests));
                        return None;
                    }
                };
                tx.commit().await.unwrap();
                // What a provider reports may be more than was held: it is the truth.
                let count = i64::try_from(n).unwrap();
                let settlement = used(100 + 7 * count, 3 * count);
                let mut tx = db.write(owner.tenant).await.unwrap();
                assert!(usage::settle(&mut tx, call.id, BY, settlement).await.unwrap());
                tx.commit().await.unwrap();
                Some(settlement)
            })
        }).await;
        let reported: Vec<Settlement> = reported.into_iter().flatten().collect();
        assert_eq!(reported.len(), 100, "the limit stands in the middle");
        let mut sum = usage::Sums::default();
        for Settlement { usage, credits, .. } in &reported {
            let (input_tokens, output_tokens, cached_tokens) = (usage.input_tokens, usage.output_tokens, usage.cached_tokens);
            sum += usage::Sums { input_tokens, output_tokens, cached_tokens, requests: 1, credits: *credits };
        }
        let mut tx = world.db.read(tenant).await.unwrap();
        let now = month_of(sayso::db::now());
        let [month, _] = months(&mut tx, world.ann).await;
        let of_month = usage::Sums {
            input_tokens: month.input_tokens,
            output_tokens: month.output_tokens,
            cached_tokens: month.cached_tokens,
            requests: month.requests,
            credits: month.credits,
        };
        assert_eq!(of_month, sum, "the month");
        let none_held = (month.reserved_input_tokens, month.reserved_output_tokens, month.reserved_requests, month.reserved_credits);
        assert_eq!(none_held, (0, 0, 0, Credits(0)));
        // What the pages add up.
        let together = |rows: Vec<usage::Sums>| {
            let mut sum = usage::Sums::default();
            rows.into_iter().for_each(|row| sum += row);
            sum
        };
        let by_person = usage::people(&mut tx, tenant, &now).await.unwrap();
        assert_eq!(by_person.len(), 2);
        assert_eq!(together(by_person.iter().map(|row| row.used).collect()), sum, "by person");
        let by_model = usage::model_days(&mut tx, tenant, None, &now).await.unwrap();
        assert_eq!(together(by_model.iter().map(|row| row.used).collect()), sum, "by day and model");
        for person in &by_person {
            let user = if person.subject == world.ann.user.into() { world.ann.user } else { world.bob.user };
            let own = usage::model_days(&mut tx, tenant, Some(user), &now).await.unwrap();
            assert_eq!(together(own.iter().map(|row| row.used).collect()), person.used, "of one person");
        }
        let stored = format!(
            "(SELECT count(*) AS calls FROM model_calls HAVING sum(input_tokens) = {} AND sum(output_tokens) = {} AND sum(credits) = {}) AS same",
            sum.input_tokens, sum.output_tokens, sum.credits.0
        );
        assert_eq!(count(&mut tx, &stored).await, 1, "the calls");
        // Another tenant sees none of it.
        let eve = world.eve.tenant;
        assert!(usage::people(&mut tx, eve, &now).await.unwrap().is_empty());
        assert!(usage::model_days(&mut tx, eve, None, &now).await.unwrap().is_empty());
        assert!(usage::model_days(&mut tx, eve, Some(world.ann.user), &now).await.unwrap().is_empty());
    }

    async fn added_credits_count_once_and_end_with_their_month(backend) {
        let world = World::new(backend).await;
        let (owner, tenant) = (world.ann, world.ann.tenant);
        let now = month_of(sayso::db::now());
        let mut tx = world.db.write(tenant).await.unwrap();
        let limits = Limits { monthly_credits: Some(Credits(100)), ..NONE };
        usage::set_limits(&mut tx, tenant, tenant.into(), limits).await.unwrap();
        let costing = |credits| Reservation { credits: Credits(credits), ..reservation(1, 1) };
        assert_eq!(usage::reserve(&mut tx, owner, &costing(101)).await.unwrap_err().code(), Some(Code::InsufficientCredits));
        let entry = |month: &str, amount| CreditEntry {
            id: CreditEntryId::new(),
            tenant_id: tenant,
            month: month.to_owned(),
            amount: Credits(amount),
            note: "paid".to_owned(),
            added_by: Some(owner.user),
            created_at: sayso::db::now().into(),
        };
        assert!(credit_entry::add(&mut tx, &entry("2020-01", 1000)).await.unwrap());
        assert!(usage::reserve(&mut tx, owner, &costing(101)).await.is_err(), "what was added to another month counts in this");
        let added = entry(&now, 50);
        assert!(credit_entry::add(&mut tx, &added).await.unwrap());
        assert!(!credit_entry::add(&mut tx, &added).await.unwrap(), "the same entry counts twice");
        assert!(usage::reserve(&mut tx, owner, &costing(151)).await.is_err());
        let call = usage::reserve(&mut tx, owner, &costing(150)).await.unwrap();
        assert_eq!(usage::reserve(&mut tx, owner, &costing(1)).await.unwrap_err().code(), Some(Code::InsufficientCredits));
        usage::settle(&mut tx, call.id, BY, Settlement { credits: Credits(149), ..used(1, 1) }).await.unwrap();
        usage::reserve(&mut tx, owner, &costing(1)).await.unwrap();
        let month = usage::month(&mut tx, tenant, tenant.into(), &now).await.unwrap();
        assert_eq!((month.added_credits, month.allowance(&limits)), (Credits(50), Some(Credits(150))));
        let listed = credit_entry::of_month(&mut tx, tenant, &now).await.unwrap();
        assert_eq!(listed.len(), 1);
        assert_eq!((listed[0].0.amount, listed[0].1.as_deref()), (Credits(50), Some("ann")));
        assert!(credit_entry::of_month(&mut tx, world.eve.tenant, &now).await.unwrap().is_empty());
        // Somebody's own credits are theirs: what the tenant was given does not widen them.
        usage::set_limits(&mut tx, tenant, owner.user.into(), Limits { monthly_credits: Some(Credits(149)), ..NONE }).await.unwrap();
        assert!(credit_entry::add(&mut tx, &entry(&now, 1000)).await.unwrap());
        let Err(Error::Refused(refusal)) = usage::reserve(&mut tx, owner, &costing(1)).await else { panic!("passed") };
        assert_eq!((refusal.code, refusal.message), (Code::InsufficientCredits, "error-own-credits"));
    }

    async fn every_run_of_a_tool_is_counted_as_it_ends(backend) {
        let world = World::new(backend).await;
        let (owner, tenant) = (world.ann, world.ann.tenant);
        let now = month_of(sayso::db::now());
        let mut tx = world.db.write(tenant).await.unwrap();
        let turn = crate::calls::turn_of(&mut tx, owner).await;
        let (running, waiting) = (ToolCallState::Running, ToolCallState::AwaitingInput);
        for (from, to) in [
            (running, ToolCallState::Succeeded),
            (running, ToolCallState::Succeeded),
            (running, ToolCallState::Failed),
            (waiting, ToolCallState::OutcomeUnknown),
            // These never ran.
            (ToolCallState::Approved, ToolCallState::Failed),
            (ToolCallState::Pending, ToolCallState::Denied),
        ] {
            let call = crate::calls::call_of(&turn, from);
            tool_call::insert(&mut tx, &call).await.unwrap();
            assert!(tool_call::end(&mut tx, tenant, call.id, from, to, None).await.unwrap().is_some());
            assert!(tool_call::end(&mut tx, tenant, call.id, from, to, None).await.unwrap().is_none(), "ended twice");
        }
        for subject in [tenant.into(), owner.user.into()] {
            let days = usage::tool_days(&mut tx, tenant, subject, &now).await.unwrap();
            let told: Vec<_> = days.iter().map(|day| (day.tool.as_str(), day.server.as_str(), day.runs, day.failures)).collect();
            assert_eq!(told, [("write_file", "sayso", 4, 2)]);
        }
        for (tenant, subject) in [(tenant, world.bob.user.into()), (world.eve.tenant, owner.user.into()), (world.eve.tenant, tenant.into())] {
            assert!(usage::tool_days(&mut tx, tenant, subject, &now).await.unwrap().is_empty());
        }
    }
}
