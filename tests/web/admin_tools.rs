//! What a tenant says of its tools: who may, what it does, and that a definition which changed is seen and accepted.

use serde_json::Value;

use crate::{
    WISH, both,
    support::{App, Backend, Page, Person, Replay, Reply, page::Form},
};

/// The page's address, for a tenant.
fn address(app: &App, slug: &str) -> String {
    format!("/admin/tenants/{}/tools", app.query(&format!("SELECT id FROM tenants WHERE slug = '{slug}'")))
}

async fn page(app: &App, person: &Person) -> Page {
    let page = person.get(&address(app, &app.tenant())).await;
    page.expect(200);
    page
}

fn form(page: &Page, tool: &str) -> Form {
    page.form_to(&format!("/tools/sayso/{tool}"))
}

/// Says of `write_file` what is said here.
async fn says(app: &App, person: &Person, verdict: &str) -> Page {
    let saved = person.submit(&form(&page(app, person).await, "write_file").fill("verdict", verdict)).await;
    saved.expect(200);
    saved
}

fn rules(app: &App, columns: &str) -> String {
    app.query(&format!("SELECT {columns} FROM tool_rules ORDER BY name"))
}

fn audited(app: &App) -> String {
    app.query("SELECT object, details FROM audit_rows WHERE action = 'tool_rule_changed' ORDER BY number")
}

/// The names of the tools that a model was told of.
fn offered(round: &Value) -> Vec<&str> {
    round["tools"].as_array().unwrap().iter().map(|tool| tool["name"].as_str().unwrap()).collect()
}

/// As an upgrade would leave it: what was accepted is not what is there.
fn accepted_something_else(app: &App) {
    let other = "{\"server\":\"sayso\",\"launch\":\"builtin\",\"name\":\"write_file\",\"description\":\"Writes <b>\u{202e}little</b>.\",\"input_schema\":{\"type\":\"object\"}}";
    let fingerprint = "0".repeat(64);
    app.query(&format!("UPDATE tool_rules SET fingerprint = '{fingerprint}', definition = '{other}'"));
}

fn yes(backend: Backend) -> (&'static str, &'static str) {
    if backend == Backend::Postgres { ("t", "f") } else { ("1", "0") }
}

both! {
    async fn a_rule_is_saved_and_shown(backend) {
        let (app, person) = App::ready(backend, &[]).await;
        let shown = page(&app, &person).await;
        let tools: Vec<_> = shown.nodes("section > h2 > .tool").into_iter().map(|tool| tool.text).collect();
        assert!(tools.is_sorted() && tools.contains(&"write_file".to_owned()) && tools.len() >= 7, "{tools:?}");
        for tool in &tools {
            let form = form(&shown, tool);
            assert_eq!(form.value("verdict"), Some("ask"), "{tool}");
            assert_eq!((form.value("grants_allowed"), form.value("guests_allowed")), (Some("on"), None), "{tool}");
        }
        assert_eq!(rules(&app, "name"), "", "looking makes rules");
        let good = form(&shown, "run_js").fill("verdict", "allow").without("grants_allowed").forge("guests_allowed", "on");
        let saved = person.submit(&good).await;
        saved.expect(200);
        assert_eq!(saved.nodes("#tool-run_js [role=status]").len(), 1);
        assert_eq!(saved.nodes("[role=status]").len(), 1);
        let again = form(&saved, "run_js");
        assert_eq!(again.value("verdict"), Some("allow"));
        assert_eq!((again.value("grants_allowed"), again.value("guests_allowed")), (None, Some("on")));
        assert_eq!(form(&saved, "write_file").value("verdict"), Some("ask"));
        let (t, f) = yes(backend);
        let fingerprint = good.value("fingerprint").unwrap();
        assert_eq!(
            rules(&app, "server, name, verdict, fingerprint, grants_allowed, guests_allowed"),
            format!("sayso|run_js|allow|{fingerprint}|{f}|{t}"),
        );
        let kept: Value = serde_json::from_str(&rules(&app, "definition")).unwrap();
        assert_eq!((&kept["name"], &kept["server"]), (&Value::from("run_js"), &Value::from("sayso")));
        assert_eq!(app.query("SELECT count(*) FROM tool_rules, users WHERE changed_by = users.id"), "1");
        assert_eq!(audited(&app), "tool:sayso/run_js|allow grants=off guests=on");
        assert_eq!(app.query("SELECT digest FROM audit_rows WHERE action = 'tool_rule_changed'"), fingerprint);
        assert!(app.run(&["audit", "verify"], None).status.success());

        // What is no such tool, and what is no such choice.
        for (from, to) in [("/sayso/", "/other/"), ("run_js", "run_jsx"), ("/sayso/run_js", "/sayso%2Frun_js/x")] {
            let mut wrong = good.clone();
            wrong.action = wrong.action.replace(from, to);
            person.submit(&wrong).await.expect(404);
        }
        person.submit(&good.clone().fill("verdict", "always")).await.expect(422);
        let mut encoded = good.clone().fill("verdict", "deny");
        encoded.action = encoded.action.replace("/sayso/run_js", "/s%61yso/run%5Fjs");
        person.submit(&encoded).await.expect(200);
        assert_eq!(rules(&app, "verdict"), "deny");
    }

    async fn it_is_for_those_who_run_the_tenant(backend) {
        let (app, owner) = App::ready(backend, &[]).await;
        let slug = app.tenant();
        let here = address(&app, &slug);
        let good = form(&page(&app, &owner).await, "write_file").fill("verdict", "allow");
        let expiry = page(&app, &owner).await.form_to("/tools").fill("expire_after", "3600");
        let mut accept = good.clone().without("verdict").without("grants_allowed");
        accept.action += "/accept";
        let member = app.person("member@example.org", &slug, "member").await;
        let stranger = app.stranger().await;
        for (person, status) in [(&member, 403), (&stranger, 404)] {
            person.get(&here).await.expect(status);
            person.get(here.trim_end_matches("/tools")).await.expect(status);
            let csrf = person.get("/settings").await.csrf();
            for form in [&good, &expiry, &accept] {
                person.submit(&form.clone().without("csrf").forge("csrf", &csrf)).await.expect(status);
            }
        }
        member.get("/admin").await.expect(403);
        owner.submit(&good.clone().without("csrf")).await.expect(403);
        assert_eq!((rules(&app, "name"), audited(&app)), (String::new(), String::new()));
        assert!(member.get("/settings").await.find("link", "Administration").is_none());

        let admin = app.person("admin@example.org", &slug, "admin").await;
        let index = admin.get(admin.get("/settings").await.the("link", "Administration").attribute("href")).await;
        assert_eq!(index.url.path(), here.trim_end_matches("/tools"));
        assert_eq!(admin.get("/admin").await.url.path(), index.url.path());
        assert_eq!(admin.get(index.the("link", "Tools").attribute("href")).await.url.path(), here);
        says(&app, &admin, "allow").await;
        // The first account is an operator: the other tenant is theirs to run as well; its rules are its own.
        let there = address(&app, "elsewhere");
        let page = owner.get(&there).await;
        assert_eq!(form(&page, "write_file").value("verdict"), Some("ask"));
        owner.submit(&form(&page, "write_file").fill("verdict", "deny")).await.expect(200);
        assert_eq!(form(&stranger.get(&there).await, "write_file").value("verdict"), Some("deny"));
        assert_eq!(form(&admin.get(&here).await, "write_file").value("verdict"), Some("allow"));
        admin.get(&there).await.expect(404);
    }

    async fn what_is_never_to_be_used_is_not_offered_and_not_asked_about(backend) {
        let replies = [("ask", Reply::write_file("a.txt", "a")), ("done", Reply::text("As you like."))];
        let Some(replay) = Replay::playing(&replies, &[("ask", &["anthropic/ask", "anthropic/done"])]) else { return };
        let (app, person) = App::ready(backend, &replay.settings("script:ask.json")).await;
        says(&app, &person, "deny").await;
        let page = person.new_conversation(WISH).await.settled().await;
        assert_eq!(page.turn(), "completed", "{}", page.text());
        assert!(page.approvals().is_empty() && app.files().is_empty());
        let rounds = replay.rounds();
        assert_eq!(rounds.len(), 2);
        for round in &rounds {
            assert!(!offered(round).contains(&"write_file"), "{:?}", offered(round));
            assert!(offered(round).contains(&"run_js"), "{:?}", offered(round));
        }
        assert_eq!(app.query("SELECT error_code FROM tool_calls"), "tool_not_allowed");
        assert_eq!(app.query("SELECT count(*) FROM tool_calls WHERE started_at IS NOT NULL"), "0");
    }

    async fn remembered_approvals_end_where_they_are_forbidden(backend) {
        let (app, person) = App::ready(backend, &[]).await;
        let plant = |name: &str| {
            app.query(&format!(
                "INSERT INTO grants (id, tenant_id, user_id, server, name, fingerprint, bound, arguments, count, used, call_id, created_at, expires_at)
                 SELECT tenants.id, tenants.id, users.id, 'sayso', '{name}', 'x', '{{\"kind\":\"same\"}}', '{{}}', 5, 0, tenants.id, created_at_of, expires_at_of
                 FROM tenants, (SELECT id FROM users LIMIT 1) AS users, (SELECT expires_at AS created_at_of, expires_at AS expires_at_of FROM sessions ORDER BY expires_at DESC LIMIT 1) AS times LIMIT 1"
            ));
        };
        let left = || app.query("SELECT count(*) FROM grants WHERE revoked_at IS NULL");
        for (verdict, allowed, remain) in [("ask", true, "1"), ("allow", true, "1"), ("ask", false, "0"), ("deny", true, "0")] {
            app.query("DELETE FROM grants");
            plant("write_file");
            let good = form(&page(&app, &person).await, "write_file").without("grants_allowed").fill("verdict", verdict);
            person.submit(&if allowed { good.forge("grants_allowed", "on") } else { good }).await.expect(200);
            assert_eq!(left(), remain, "{verdict}, {allowed}");
        }
        app.query("DELETE FROM grants");
        plant("run_js");
        says(&app, &person, "deny").await;
        assert_eq!(left(), "1", "the grants of another tool are gone");
    }

    async fn what_changed_is_shown_and_accepted(backend) {
        let (app, person) = App::ready(backend, &[]).await;
        says(&app, &person, "allow").await;
        let good = form(&page(&app, &person).await, "write_file");
        let fingerprint = good.value("fingerprint").unwrap().to_owned();
        assert!(page(&app, &person).await.nodes(".changed").is_empty());
        accepted_something_else(&app);
        let shown = page(&app, &person).await;
        let changed = shown.nodes("#tool-write_file .changed");
        assert_eq!((changed.len(), shown.nodes(".changed").len()), (1, 1));
        let (gone, come) = (shown.nodes(".changed del"), shown.nodes(".changed ins"));
        // Data: neither markup nor a change of direction.
        assert!(gone.iter().any(|line| line.text.contains("Writes <b>\\u202Elittle</b>.")), "{gone:?}");
        assert!(come.iter().any(|line| line.text.contains("\"path\"")), "{come:?}");
        assert!(changed[0].text.contains("has changed") && changed[0].text.contains("asked about it each time"));
        assert_eq!(shown.nodes(".changed b").len(), 0);

        // Saving something else does not accept it.
        says(&app, &person, "ask").await;
        assert_eq!(rules(&app, "verdict, fingerprint"), format!("ask|{}", "0".repeat(64)));
        let shown = says(&app, &person, "allow").await;
        let accept = shown.form_to("/write_file/accept");
        let saved = person.submit(&accept).await;
        saved.expect(200);
        assert!(saved.nodes(".changed").is_empty(), "{}", saved.text());
        assert_eq!(rules(&app, "verdict, fingerprint"), format!("allow|{fingerprint}"));
        let kept: Value = serde_json::from_str(&rules(&app, "definition")).unwrap();
        assert!(kept["input_schema"]["properties"]["path"].is_object(), "{kept}");
        assert!(audited(&app).ends_with("tool:sayso/write_file|allow grants=on guests=off accepted"), "{}", audited(&app));
        let count = audited(&app).lines().count();
        person.submit(&accept).await.expect(200);
        assert_eq!(audited(&app).lines().count(), count, "it was accepted twice");
    }

    async fn a_form_of_another_definition_is_refused(backend) {
        let (app, person) = App::ready(backend, &[]).await;
        let good = form(&page(&app, &person).await, "write_file");
        let other = "f".repeat(64);
        for wrong in [other.as_str(), "nonsense", ""] {
            let stale = good.clone().fill("fingerprint", wrong).fill("verdict", "allow").forge("guests_allowed", "on");
            let page = person.submit(&stale).await;
            page.expect(409);
            assert!(page.complaint().contains("has changed since the page was shown"), "{}", page.complaint());
            // It is shown as it is now, with what was chosen; sending that is another decision.
            let again = form(&page, "write_file");
            assert_eq!((again.value("verdict"), again.value("guests_allowed")), (Some("allow"), Some("on")));
            assert_eq!(again.value("fingerprint"), good.value("fingerprint"));
        }
        assert_eq!(rules(&app, "name"), "");
        says(&app, &person, "allow").await;
        accepted_something_else(&app);
        let accept = page(&app, &person).await.form_to("/write_file/accept");
        person.submit(&accept.clone().fill("fingerprint", &other)).await.expect(409);
        assert_eq!(rules(&app, "fingerprint"), "0".repeat(64));
        // Nothing was ever accepted of this one.
        let mut never = accept.clone().fill("fingerprint", form(&page(&app, &person).await, "run_js").value("fingerprint").unwrap());
        never.action = never.action.replace("write_file", "run_js");
        person.submit(&never).await.expect(409);
        assert_eq!(rules(&app, "name"), "write_file");
    }

    async fn requests_expire_when_the_tenant_says_so(backend) {
        let (app, person) = App::ready(backend, &[]).await;
        let stored = || app.query("SELECT approvals_expire_after FROM tenants");
        for (seconds, told) in [("3600", "3600s"), ("28800", "28800s"), ("86400", "86400s"), ("604800", "604800s"), ("", "never")] {
            let good = page(&app, &person).await.form_to("/tools").fill("expire_after", seconds);
            let saved = person.submit(&good).await;
            saved.expect(200);
            assert_eq!(saved.nodes("#undecided [role=status]").len(), 1);
            assert_eq!((stored().as_str(), saved.form_to("/tools").value("expire_after")), (seconds, Some(seconds)));
            let row = app.query("SELECT object, details FROM audit_rows WHERE action = 'approval_expiry_changed' ORDER BY number DESC LIMIT 1");
            let id = app.query("SELECT id FROM tenants");
            assert_eq!(row, format!("tenant:{id}|{told}"));
        }
        for wrong in ["0", "1", "-3600", "99999999999999999999"] {
            let bad = page(&app, &person).await.form_to("/tools").fill("expire_after", wrong);
            person.submit(&bad).await.expect(422);
            assert_eq!(stored(), "");
        }
    }
}

/// The page says the same in the other language, and its choices are words.
#[tokio::test(flavor = "multi_thread")]
async fn in_portuguese() {
    let (app, person) = App::ready(Backend::Sqlite, &[]).await;
    let shown = page(&app, &person.speaking("pt-BR")).await;
    let choices: Vec<_> = shown.nodes("#tool-write_file .choice").into_iter().map(|choice| choice.text).collect();
    assert_eq!(choices[..3], ["Perguntar à pessoa", "Permitir sem perguntar", "Nunca"]);
}
