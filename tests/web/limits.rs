//! Limits, credits and the pages of what was used: who sees them, who sets them, and that what was typed is kept.

use reqwest::Method;

use crate::{
    both,
    support::{App, Page, Person, eventually},
};

fn of_tenant(app: &App, page: &str) -> String {
    format!("/admin/tenants/{}/{page}", app.query(&format!("SELECT id FROM tenants WHERE slug = '{}'", app.tenant())))
}

fn make_operator(app: &App) {
    app.query("UPDATE users SET is_operator = true WHERE email = 'ada@example.org'");
}

/// The values of the cells that a selector finds.
fn values(page: &Page, css: &str) -> Vec<String> {
    page.nodes(css).iter().map(|cell| cell.attribute("value").to_owned()).collect()
}

async fn requests_of(person: &Person) -> Vec<String> {
    let page = person.get("/usage").await;
    page.expect(200);
    values(&page, "#by-day tfoot td:nth-of-type(1) data")
}

both! {
    async fn an_operator_sets_a_tenants_limits(backend) {
        let (app, ada) = App::ready(backend, &[]).await;
        make_operator(&app);
        let at = of_tenant(&app, "limits");
        let form = ada.get(&at).await.expect(200).forms("#tenant-limits form").remove(0);
        assert_eq!(form.value("input_tokens"), Some("1000000"));
        let page = ada.submit(&form.fill("input_tokens", "").fill("requests", "2").fill("credits", "1.000001")).await;
        page.expect(200);
        assert!(page.text().contains("Saved."), "{}", page.text());
        let stored = "SELECT monthly_input_tokens, monthly_requests, monthly_credits FROM usage_limits";
        assert_eq!(app.query(stored), "|2|1000001");
        for (field, wrong, words) in [
            ("input_tokens", "-1", "whole number"),
            ("output_tokens", "1e3", "whole number"),
            ("requests", "many <b>", "whole number"),
            ("requests", "99999999999999999999", "whole number"),
            ("credits", "-0.5", "six digits"),
            ("credits", "0.0000001", "six digits"),
        ] {
            let form = ada.get(&at).await.forms("#tenant-limits form").remove(0);
            let page = ada.submit(&form.fill(field, wrong)).await;
            page.expect(422);
            let form = page.forms("#tenant-limits form").remove(0);
            assert_eq!(form.value(field), Some(wrong), "what was typed is lost");
            let input = page.nodes(&format!("#tenant-limits [name={field}]")).remove(0);
            assert_eq!(input.attribute("aria-invalid"), "true");
            let error = page.nodes(&format!("#{}", input.attribute("aria-describedby"))).remove(0);
            assert!(error.text.contains(words), "{field}: {}", error.text);
        }
        assert_eq!(app.query(stored), "|2|1000001");
        assert_eq!(app.query("SELECT count(*) FROM audit_rows WHERE action = 'limits_changed'"), "1");
    }

    async fn admins_share_out_what_operators_give(backend) {
        let (app, _ada) = App::ready(backend, &[]).await;
        let at = of_tenant(&app, "limits");
        let bob = app.person("bob@example.org", &app.tenant(), "admin").await;
        let mia = app.person("mia@example.org", &app.tenant(), "member").await;
        let page = bob.get(&at).await;
        page.expect(200);
        assert!(page.forms("#tenant-limits form").is_empty() && page.forms("#add-credits form").is_empty());
        let csrf = page.csrf();
        let fields = |person: &str| {
            format!("csrf={csrf}&person={person}&input_tokens=1&output_tokens=1&requests=0&credits=&is_active=on")
        };
        let post = [("content-type", "application/x-www-form-urlencoded")];
        bob.request(Method::POST, &at, Some(fields("")), &post).await.expect(403);
        let credits = format!("csrf={csrf}&entry={}&amount=1&note=x", app.query("SELECT id FROM tenants LIMIT 1"));
        bob.request(Method::POST, &format!("{at}/credits"), Some(credits), &post).await.expect(403);

        // Nobody here, and somebody elsewhere: the same words, what was typed kept.
        app.stranger().await;
        let mut told = Vec::new();
        for email in ["nobody@example.org", "eve@example.org"] {
            let page = bob.get(&format!("{at}?email={email}")).await;
            page.expect(422);
            assert_eq!(page.nodes("#email")[0].attribute("value"), email);
            told.push(page.nodes("#email-error")[0].text.clone());
        }
        assert_eq!(told[0], told[1]);
        let eve = app.query("SELECT id FROM users WHERE email = 'eve@example.org'");
        bob.request(Method::POST, &at, Some(fields(&eve)), &post).await.expect(404);
        bob.get(&format!("{at}?person={eve}")).await.expect(404);

        let form = bob.get(&format!("{at}?email=mia@example.org")).await.expect(200).forms("#person form").remove(0);
        let page = bob.submit(&form.fill("requests", "x")).await;
        page.expect(422);
        assert_eq!(page.forms("#person form")[0].value("requests"), Some("x"));
        let page = bob.submit(&page.forms("#person form").remove(0).fill("requests", "1")).await;
        page.expect(200);
        assert!(page.nodes("#people-limits li")[0].text.contains("1 requests"), "{}", page.text());
        assert_eq!(app.query("SELECT count(*) FROM usage_limits WHERE monthly_requests = 1"), "1");

        let chat = mia.new_conversation("One").await;
        chat.settled().await;
        let page = chat.send("Two").await;
        page.expect(429);
        assert!(page.text().contains("Your own limit of requests"), "{}", page.text());
        assert_eq!(page.typed(), "Two");
        let glance = page.nodes("#month").remove(0);
        assert!(glance.text.contains("Used up: 100 % of your requests"), "{}", glance.text);
        // A page that was away is told with its first frame.
        let socket = chat.socket().await;
        let frame = eventually("the first frame", async || socket.frames().into_iter().next()).await;
        assert!(frame.contains("hx-target=\"#month\"") && frame.contains("Used up: 100 % of your requests"), "{frame}");
        assert_eq!(requests_of(&mia).await, ["1"]);
        bob.new_conversation("Mine").await.settled().await;

        mia.get(&at).await.expect(403);
        mia.get(&of_tenant(&app, "usage")).await.expect(403);
        let eve = app.visitor();
        eve.get(&at).await;
        assert!(!eve.is_signed_in().await);
    }

    async fn credits_are_added_once_with_a_note(backend) {
        let (app, ada) = App::ready(backend, &[]).await;
        make_operator(&app);
        let at = of_tenant(&app, "limits");
        let form = ada.get(&at).await.expect(200).forms("#add-credits form").remove(0);
        for (amount, note, field) in [("-1", "paid", "amount"), ("0", "paid", "amount"), ("x", "paid", "amount"), ("1", " ", "note")] {
            let page = ada.submit(&form.clone().fill("amount", amount).fill("note", note)).await;
            page.expect(422);
            let again = page.forms("#add-credits form").remove(0);
            assert_eq!((again.value("amount"), again.value("note")), (Some(amount), Some(note)));
            assert!(!page.nodes(&format!("#{field}-error")).is_empty(), "{amount} {note}");
        }
        let form = form.fill("amount", "12.5").fill("note", "paid <b>");
        for _ in 0..2 {
            ada.submit(&form).await.expect(200);
        }
        assert_eq!(app.query("SELECT count(*), sum(amount) FROM credit_entries"), "1|12500000");
        assert_eq!(app.query("SELECT count(*) FROM audit_rows WHERE action = 'credits_added'"), "1");
        let page = ada.get(&of_tenant(&app, "usage")).await;
        page.expect(200);
        assert_eq!(values(&page, "#credits tfoot data"), ["12.5"]);
        assert!(page.nodes("#credits tbody tr")[0].text.contains("paid <b>"), "{}", page.text());
    }

    async fn the_usage_page_agrees_with_the_month(backend) {
        let (app, ada) = App::ready(backend, &[]).await;
        let bob = app.person("bob@example.org", &app.tenant(), "member").await;
        for person in [&ada, &bob] {
            let chat = person.new_conversation(crate::WISH).await;
            chat.approve().await;
            chat.settled().await;
        }
        eventually("every call is settled", async || {
            (app.query("SELECT count(*) FROM model_calls WHERE settled_at IS NULL") == "0").then_some(())
        }).await;
        let page = ada.get(&of_tenant(&app, "usage")).await;
        page.expect(200);
        let month = app.query("SELECT requests, input_tokens, cached_tokens, output_tokens FROM usage_months m JOIN tenants t ON t.id = m.subject_id");
        let month: Vec<_> = month.split('|').map(str::to_owned).collect();
        for section in ["by-day", "by-person", "by-model"] {
            assert_eq!(values(&page, &format!("#{section} tfoot data"))[..4], month, "{section}");
        }
        assert_eq!(values(&page, "#by-tool tfoot data"), ["2", "0"]);
        assert_eq!(page.nodes("#by-person tbody tr").len(), 2);
        assert_eq!(page.nodes("svg[role=img]").len(), 4);
        let own = values(&bob.get("/usage").await, "#by-model tfoot data");
        let of_bob = app.query("SELECT m.requests, m.input_tokens, m.cached_tokens, m.output_tokens FROM usage_months m JOIN users u ON u.id = m.subject_id WHERE u.email = 'bob@example.org'");
        assert_eq!(own[..4].join("|"), of_bob);

        // Who has left is still counted.
        app.query("DELETE FROM users WHERE email = 'bob@example.org'");
        let page = ada.get(&of_tenant(&app, "usage")).await;
        assert_eq!(values(&page, "#by-person tfoot data")[..4], month);
        assert!(page.text().contains("Deleted person"), "{}", page.text());
        let csv = page.the("link", "Download by day, person and model (CSV)").attribute("href").to_owned();
        let csv = ada.get(&csv).await;
        assert_eq!((csv.status, csv.header("content-type")), (200, Some("text/csv; charset=utf-8")));

        // Another month is empty, and what is none is told with what was typed.
        let page = ada.get(&format!("{}?month=2020-02", of_tenant(&app, "usage"))).await;
        assert!(page.expect(200).nodes("table").is_empty());
        let page = ada.get("/usage?month=nonsense").await;
        page.expect(422);
        assert_eq!(page.nodes("#month")[0].attribute("value"), "nonsense");
    }
}
