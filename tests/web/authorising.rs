//! Authorisation of servers of tools: the whole way through a browser, and every way round it.

use futures_util::future::join_all;
use serde_json::{Value, json};
use url::Url;

use crate::{
    both,
    support::{
        App, Backend, Page, Person, Replay, Reply, Script, eventually,
        guarded::{Guarded, SECRETS},
        page::Form,
        servers::Configured,
    },
};

const PRIVATE: (&str, &str) = ("FETCH_ALLOW_PRIVATE", "true");
/// Many calls at once are what is looked at.
const MANY: [(&str, &str); 2] = [("TURNS_PER_PERSON", "100"), ("TURNS_PER_TENANT", "100")];

fn here(app: &App, slug: &str, end: &str) -> String {
    let tenant = app.query(&format!("SELECT id FROM tenants WHERE slug = '{slug}'"));
    format!("/admin/tenants/{tenant}/servers{end}")
}

/// Adds a server by the form.
async fn add(app: &App, person: &Person, server: &Guarded, per_person: bool) {
    let page = person.get(&here(app, &app.tenant(), "")).await;
    let mut form = page.form_with("button", "Add server").fill("name", "far").fill("url", &server.url());
    if per_person {
        form = form.forge("per_person", "on");
    }
    person.submit(&form).await.expect(200);
}

fn state(page: &Page) -> String {
    page.nodes("[data-server-state]")[0].attribute("data-server-state").to_owned()
}

/// The page of a tenant's server.
async fn shown(app: &App, person: &Person) -> Page {
    let page = person.get(&here(app, &app.tenant(), "/far")).await;
    page.expect(200);
    page
}

/// The whole way of an admin, for the tenant.
async fn authorise(app: &App, person: &Person, server: &Guarded, who: &str) -> Page {
    let going = person.submit(&shown(app, person).await.form_to("/far/authorise")).await;
    person.get(server.consent(&going, who).await.as_str()).await
}

/// The whole way of a person, for themselves.
async fn connect(person: &Person, server: &Guarded, who: &str) -> Page {
    let form = person.get("/settings").await.form_to("/connections/far/authorise");
    let going = person.submit(&form).await;
    person.get(server.consent(&going, who).await.as_str()).await
}

async fn call(script: &Script, name: &str, args: Value) -> crate::support::ScriptAnswer {
    script.post("/api/mcp/tools/call", &json!({"name": name, "args": args}), &[]).await
}

/// As whom the server knows the caller.
async fn known_as(script: &Script, args: Value) -> Value {
    let done = call(script, "far__whoami", args).await.expect(200).json();
    assert_eq!(done["state"], "succeeded", "{done}");
    serde_json::from_str(done["result"].as_str().unwrap()).unwrap()
}

/// The tools of servers that a caller is told of.
async fn foreign(script: &Script) -> Vec<String> {
    let list = script.get("/api/mcp/tools?force=1").await.expect(200).json();
    let tools = list["tools"].as_array().unwrap().iter().filter(|tool| tool["server"] != "sayso");
    tools.map(|tool| tool["name"].as_str().unwrap().to_owned()).collect()
}

fn audited(app: &App) -> String {
    let wanted = "action LIKE 'mcp_auth%' OR action = 'mcp_client_changed'";
    app.query(&format!("SELECT action, object, target, details FROM audit_rows WHERE {wanted} ORDER BY number"))
}

fn tokens(app: &App) -> String {
    app.query("SELECT count(*) FROM mcp_tokens")
}

/// Nothing secret stands in the database or in the log.
fn is_silent(app: &App) {
    let columns = "sealed || coalesce(challenge, '') || issuer";
    let mut texts = vec![app.logs().join("\n"), app.query(&format!("SELECT {columns} FROM mcp_tokens"))];
    texts.push(app.query("SELECT sealed FROM mcp_clients"));
    texts.push(app.query("SELECT sealed FROM mcp_authorisations"));
    texts.push(app.query("SELECT action || object || coalesce(target, '') || coalesce(details, '') FROM audit_rows"));
    if let Some(data) = app.setting("DATA_DIR") {
        for end in ["sayso.db", "sayso.db-wal"] {
            let bytes = std::fs::read(format!("{data}/{end}")).unwrap_or_default();
            texts.push(String::from_utf8_lossy(&bytes).into_owned());
        }
    }
    for secret in SECRETS {
        assert!(texts.iter().all(|text| !text.contains(secret)), "{secret} stands in the database or the log");
    }
}

both! {
    async fn an_admin_authorises_a_server_for_the_tenant(backend) {
        let server = Guarded::start();
        let (mut app, person) = App::ready(backend, &[PRIVATE]).await;
        let script = Script::first(&app.base).await;
        add(&app, &person, &server, false).await;
        let page = shown(&app, &person).await;
        assert_eq!(state(&page), "needs_authorisation", "{}", page.text());
        let going = person.submit(&page.form_to("/far/authorise")).await;
        assert!(going.text().contains("for everybody in Test Works"), "{}", going.text());
        assert!(going.html.contains("code_challenge_method=S256") && going.html.contains("resource="), "{}", going.html);
        let back = server.consent(&going, "ada").await;
        assert!(back.as_str().starts_with(&format!("{}{}", app.base, here(&app, &app.tenant(), "/far/callback?"))));
        let done = person.get(back.as_str()).await;
        done.expect(200);
        assert!(done.text().contains("far was authorised") && !done.url.as_str().contains("code="), "{}", done.text());
        assert_eq!(state(&done), "ready");
        assert!(done.text().contains("far__of_ada") && done.text().contains("Given at 127.0.0.1:"), "{}", done.text());
        assert_eq!(known_as(&script, json!({"n": 1})).await, json!({"who": "ada", "arguments": {"n": 1}}));
        let host = format!("127.0.0.1:{}", server.port);
        assert_eq!(audited(&app), format!("mcp_authorised|mcp_server:far|{host}|for the tenant"));
        is_silent(&app);

        // A restart keeps it; nobody is asked anew.
        app.restart();
        let script = Script::first(&app.base).await;
        assert_eq!(known_as(&script, json!({})).await["who"], "ada");
        assert_eq!(server.refreshes(), 0);

        // Taken back, it is taken back there as well.
        let gone = person.submit(&shown(&app, &person).await.form_to("/far/unauthorise")).await;
        gone.expect(200);
        assert!(gone.text().contains("authorisation of far was removed"), "{}", gone.text());
        assert_eq!((state(&gone).as_str(), tokens(&app).as_str()), ("needs_authorisation", "0"));
        eventually("it is revoked", async || (server.posted("/revoke").len() == 1).then_some(())).await;
        assert!(server.posted("/revoke")[0].contains("r3fresh-"));
        assert!(audited(&app).ends_with(&format!("mcp_authorisation_removed|mcp_server:far|{host}|for the tenant")));
        assert!(app.run(&["audit", "verify"], None).status.success());
        // As what it is known there is known still: it is not registered twice.
        authorise(&app, &person, &server, "bob").await.expect(200);
        assert_eq!(server.posted("/register").len(), 1);
        // Moved to another address, it is nobody there.
        let page = shown(&app, &person).await;
        let moved = format!("{}?x=1", server.url());
        let page = person.submit(&page.form_with("button", "Save").fill("url", &moved)).await;
        page.expect(200);
        assert_eq!((state(&page).as_str(), tokens(&app).as_str()), ("needs_authorisation", "0"));
        is_silent(&app);
    }

    async fn an_answer_that_was_not_asked_for_is_not_taken(backend) {
        let server = Guarded::start();
        let (app, person) = App::ready(backend, &[PRIVATE]).await;
        add(&app, &person, &server, false).await;
        let other = app.person("bob@example.org", &app.tenant(), "admin").await;
        let stranger = app.stranger().await;
        let device = person.second_device();
        device.sign_in(Person::FIRST.0, Person::FIRST.1).await.expect(200);
        let begin = async || person.submit(&shown(&app, &person).await.form_to("/far/authorise")).await;
        let with = |url: &Url, name: &str, value: &str| {
            let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
            let mut changed = url.clone();
            changed.query_pairs_mut().clear().extend_pairs(
                pairs.iter().map(|(key, old)| (key.as_str(), if key == name { value } else { old.as_str() })),
            );
            changed
        };
        let back = server.consent(&begin().await, "ada").await;
        for (who, url, words) in [
            (&person, with(&back, "state", "guessed"), "not asked for here"),
            (&device, back.clone(), "not asked for here"),
            (&other, back.clone(), "not asked for here"),
        ] {
            let page = who.get(url.as_str()).await;
            assert!(page.text().contains(words), "{}", page.text());
        }
        stranger.get(back.as_str()).await.expect(404);
        let visitor = app.visitor().get(back.as_str()).await;
        assert!(visitor.url.path().ends_with("/login"), "{}", visitor.url);
        assert_eq!((tokens(&app).as_str(), server.posted("/token").len()), ("0", 0), "a code was used");
        // The one who asked comes back, once.
        person.get(back.as_str()).await.expect(200);
        assert_eq!(tokens(&app), "1");
        let again = person.get(back.as_str()).await;
        assert!(again.text().contains("not asked for here"), "{}", again.text());
        assert_eq!(server.posted("/token").len(), 1);
        person.submit(&shown(&app, &person).await.form_to("/far/unauthorise")).await.expect(200);

        let late = server.consent(&begin().await, "ada").await;
        app.query("UPDATE mcp_authorisations SET expires_at = (SELECT min(created_at) FROM tenants)");
        let page = person.get(late.as_str()).await;
        assert!(page.text().contains("came too late"), "{}", page.text());
        // Of another issuer, with an error, with words of a stranger.
        for (control, words) in [
            (json!({"iss": "https://evil.example"}), "not of the authorisation server that was asked"),
            (json!({"error": "access_denied"}), "said no"),
            (json!({"error": "server_error", "description": "<b>bad\u{202e}</b>"}), "It says: server_error <b>bad</b>"),
        ] {
            server.behaves(&control);
            let back = server.consent(&begin().await, "ada").await;
            let page = person.get(back.as_str()).await;
            assert!(page.text().contains(words) && page.nodes("#authorisation b").is_empty(), "{}", page.text());
            assert!(!page.url.as_str().contains("code="));
            // Told once.
            assert!(!shown(&app, &person).await.text().contains(words));
        }
        assert_eq!((tokens(&app).as_str(), server.posted("/token").len()), ("0", 1));
        // Nobody is sent where a person must not be sent.
        server.behaves(&json!({"authorize": "javascript:alert(1)"}));
        let page = begin().await;
        assert!(page.text().contains("is not safe") && !page.html.contains("href=\"javascript"), "{}", page.text());
        // And none but those who run the tenant begin it.
        let member = app.person("eve2@example.org", &app.tenant(), "member").await;
        for (person, status) in [(&member, 403), (&stranger, 404)] {
            let csrf = person.get("/settings").await.csrf();
            for end in ["/far/authorise", "/far/unauthorise", "/far/client"] {
                let mut fields = vec![("csrf".to_owned(), csrf.clone())];
                if end.ends_with("client") {
                    fields.extend(["client_id", "client_secret"].map(|name| (name.to_owned(), String::new())));
                }
                let action = here(&app, &app.tenant(), end);
                let form = Form { action, method: "post".to_owned(), fields, buttons: Vec::new() };
                person.submit(&form).await.expect(status);
            }
        }
        is_silent(&app);
    }

    async fn people_and_tenants_on_one_server_share_nothing(backend) {
        let server = Guarded::start();
        // The operators' server is authorised by each tenant for itself.
        let ops = Configured::new().at("ops", &server.url());
        let file = ops.file();
        let (app, ada) = App::ready(backend, &[PRIVATE, MANY[0], MANY[1], ("MCP_CONFIG", &file)]).await;
        add(&app, &ada, &server, true).await;
        let bob = app.person("bob@example.org", &app.tenant(), "member").await;
        let eve = app.stranger().await;
        let script = async |email: &str| Script::sign_in(&app.base, (email, Person::FIRST.1)).await;
        let scripts = [script(Person::FIRST.0).await, script("bob@example.org").await, script("eve@example.org").await];

        // Without, the tools are not there, and the chat says why.
        assert!(foreign(&scripts[1]).await.is_empty());
        let page = bob.new_page().await;
        let link = page.the("link", "Authorise far");
        assert!(page.text().contains("The tools of far are not there"), "{}", page.text());
        let settings = bob.get(link.attribute("href")).await;
        assert!(settings.text().contains("Needed: its tools are not there"), "{}", settings.text());
        let done = connect(&bob, &server, "bob").await;
        assert!(done.text().contains("far was authorised"), "{}", done.text());
        assert!(done.url.path().ends_with("/settings"), "{}", done.url);
        assert!(!bob.new_page().await.text().contains("The tools of far are not there"));
        connect(&ada, &server, "ada").await.expect(200);
        for (person, slug, who) in [(&ada, app.tenant(), "works"), (&eve, "elsewhere".to_owned(), "elsewhere")] {
            let page = person.get(&here(&app, &slug, "/ops")).await;
            person.submit(&page.form_to("/ops/refresh")).await.expect(200);
            let page = person.get(&here(&app, &slug, "/ops")).await;
            let going = person.submit(&page.form_to("/ops/authorise")).await;
            person.get(server.consent(&going, who).await.as_str()).await.expect(200);
        }
        assert_eq!(tokens(&app), "4");

        // Lists and results, all at once and again and again.
        let whos = [("far", "ada", 0), ("far", "bob", 1), ("ops", "works", 0), ("ops", "works", 1), ("ops", "elsewhere", 2)];
        let calls = (0..5).flat_map(|round| whos.map(|(name, who, at)| (round, name, who, at)));
        let calls = calls.map(async |(round, name, who, at)| {
            let args = json!({"round": round, "for": who});
            let done = call(&scripts[at], &format!("{name}__whoami"), args.clone()).await.expect(200).json();
            let result: Value = serde_json::from_str(done["result"].as_str().unwrap_or("null")).unwrap();
            assert_eq!(result, json!({"who": who, "arguments": args}), "{done}");
        });
        join_all(calls).await;
        let own: [&[&str]; 3] = [&["far__of_ada", "ops__of_works"], &["far__of_bob", "ops__of_works"], &["ops__of_elsewhere"]];
        for (script, own) in scripts.iter().zip(own) {
            let names = foreign(script).await;
            let names: Vec<&str> = names.iter().map(String::as_str).filter(|name| name.contains("__of_")).collect();
            assert_eq!(names, own);
        }
        // What the server saw: each call came with the token of the one it was for.
        let log = server.log();
        assert!(log.iter().all(|entry| entry["mixed"].is_null()), "a session was gone on with as another");
        let sent = |who: &str| -> Vec<String> {
            let of = |entry: &&Value| entry["body"].as_str().is_some_and(|body| body.contains(&format!(r#""for":"{who}""#)));
            let mut sent: Vec<_> = log.iter().filter(of).map(|entry| entry["authorization"].to_string()).collect();
            sent.dedup();
            sent
        };
        let all: Vec<Vec<String>> = ["ada", "bob", "works", "elsewhere"].map(sent).into();
        assert!(all.iter().all(|tokens| tokens.len() == 1 && tokens[0].contains("Bearer acc3ss-")), "{all:?}");
        let mut different: Vec<&String> = all.iter().flatten().collect();
        different.sort_unstable();
        different.dedup();
        assert_eq!(different.len(), 4, "one token served two");

        // One takes theirs back; the other's stays. A person who is suspended is known nowhere.
        let form = bob.get("/settings").await.form_to("/connections/far/remove");
        bob.submit(&form).await.expect(200);
        assert_eq!(tokens(&app), "3");
        assert_eq!(known_as(&scripts[0], json!({})).await["who"], "ada");
        assert!(!foreign(&scripts[1]).await.iter().any(|name| name.starts_with("far__")));
        connect(&bob, &server, "bob").await.expect(200);
        app.admin(&["disable-user", "--email", "bob@example.org"], None);
        assert_eq!(tokens(&app), "3");
        is_silent(&app);
    }

    async fn a_token_is_renewed_once_however_many_ask(backend) {
        let server = Guarded::start();
        let (app, person) = App::ready(backend, &[PRIVATE, MANY[0], MANY[1]]).await;
        add(&app, &person, &server, false).await;
        let beside = (backend == Backend::Postgres).then(|| app.beside());
        let mut scripts = vec![Script::first(&app.base).await];
        if let Some(beside) = &beside {
            scripts.push(Script::first(&beside.base).await);
        }
        server.behaves(&json!({"expires_in": 30}));
        authorise(&app, &person, &server, "ada").await.expect(200);
        for script in &scripts {
            known_as(script, json!({})).await;
        }
        // All find it due at once, over two instances where there are two.
        server.behaves(&json!({"expires_in": 3600, "slow": 0.3}));
        let before = server.refreshes();
        join_all((0..20).map(async |n| {
            let script = &scripts[n % scripts.len()];
            assert_eq!(known_as(script, json!({"n": n})).await["who"], "ada");
        }))
        .await;
        assert_eq!(server.refreshes(), before + 1);
        is_silent(&app);

        // A fault of the network takes nothing away; a refusal for good does, and says so.
        // Just so: as if the server had not taken it.
        let refused = "UPDATE mcp_tokens SET is_refused = TRUE, changed_at = '2020-01-01T00:00:00.000000Z'";
        server.behaves(&json!({"token_status": 503}));
        app.query(refused);
        let failed = call(&scripts[0], "far__whoami", json!({})).await.json();
        assert_ne!(failed["state"], "succeeded", "{failed}");
        assert_eq!(tokens(&app), "1");
        server.behaves(&json!({}));
        eventually("it works again", async || {
            let done = call(&scripts[0], "far__whoami", json!({})).await.json();
            (done["state"] == "succeeded").then_some(())
        })
        .await;
        // The server names another authorisation server: what the first one gave is not sent there.
        server.behaves(&json!({"issuer": "http://127.0.0.1:9"}));
        let refreshes = server.refreshes();
        app.query(refused);
        call(&scripts[0], "far__whoami", json!({})).await;
        assert_eq!((server.refreshes(), tokens(&app).as_str()), (refreshes, "1"));
        // For good: it is gone, and that is said.
        server.behaves(&json!({"void": true}));
        app.query(refused);
        person.submit(&shown(&app, &person).await.form_to("/far/reconnect")).await.expect(200);
        let page = shown(&app, &person).await;
        assert_eq!((state(&page).as_str(), tokens(&app).as_str()), ("needs_authorisation", "0"), "{}", page.text());
        assert!(audited(&app).contains("mcp_authorisation_lost|mcp_server:far|"), "{}", audited(&app));
        is_silent(&app);
    }

    async fn what_cannot_be_opened_is_nothing(backend) {
        let server = Guarded::start();
        let (mut app, person) = App::ready(backend, &[PRIVATE]).await;
        add(&app, &person, &server, false).await;
        authorise(&app, &person, &server, "ada").await.expect(200);
        // With another key nothing falls, and nothing is sent.
        app.stop();
        let sent = server.posted("/mcp").len();
        app.set("MASTER_KEY", "another master key of more than thirty-two bytes");
        assert!(app.run(&["migrate", "--new-secrets"], None).status.success());
        app.launch();
        person.submit(&shown(&app, &person).await.form_to("/far/reconnect")).await.expect(200);
        assert_eq!(state(&shown(&app, &person).await), "needs_authorisation");
        let posted = server.log().into_iter().filter(|entry| entry["path"] == "/mcp" && entry["method"] == "POST");
        assert!(posted.skip(sent).all(|entry| entry["authorization"].is_null()));
        // With the right one it is as it was, unless somebody moves it to another row.
        app.stop();
        app.unset("MASTER_KEY");
        assert!(app.run(&["migrate", "--new-secrets"], None).status.success());
        app.launch();
        let script = Script::first(&app.base).await;
        assert_eq!(known_as(&script, json!({})).await["who"], "ada");
        app.query("UPDATE mcp_tokens SET issuer = 'https://evil.example'");
        person.submit(&shown(&app, &person).await.form_to("/far/reconnect")).await.expect(200);
        assert_eq!(state(&shown(&app, &person).await), "needs_authorisation");
        authorise(&app, &person, &server, "eve").await.expect(200);
        assert_eq!(known_as(&script, json!({})).await["who"], "eve");
    }

    async fn more_is_asked_for_where_it_is_not_enough(backend) {
        let server = Guarded::start();
        let (app, person) = App::ready(backend, &[PRIVATE]).await;
        add(&app, &person, &server, false).await;
        authorise(&app, &person, &server, "ada").await.expect(200);
        let script = Script::first(&app.base).await;
        let refused = call(&script, "far__write", json!({})).await.expect(200).json();
        assert_ne!(refused["state"], "succeeded", "{refused}");
        let page = eventually("the page says so", async || {
            let page = shown(&app, &person).await;
            page.text().contains("asked for more than was allowed").then_some(page)
        })
        .await;
        let going = person.submit(&page.form_to("/far/authorise")).await;
        assert!(going.html.contains("scope=write"), "{}", going.html);
        person.get(server.consent(&going, "ada").await.as_str()).await.expect(200);
        let done = call(&script, "far__write", json!({})).await.expect(200).json();
        assert_eq!(done["state"], "succeeded", "{done}");
        assert!(!shown(&app, &person).await.text().contains("asked for more than was allowed"));
    }

    async fn a_client_that_was_given_is_told_to_one_issuer_only(backend) {
        let (server, evil) = (Guarded::start(), Guarded::start());
        let (app, person) = App::ready(backend, &[PRIVATE]).await;
        server.behaves(&json!({"no_registration": true}));
        add(&app, &person, &server, false).await;
        let page = person.submit(&shown(&app, &person).await.form_to("/far/authorise")).await;
        assert!(page.text().contains("could not be authorised"), "{}", page.text());
        assert!(page.text().contains(&format!("{}{}", app.base, here(&app, &app.tenant(), "/far/callback"))));
        let form = page.form_to("/far/client").fill("client_id", "byhand").fill("client_secret", "hand-s3cret");
        let page = person.submit(&form).await;
        page.expect(200);
        assert!(page.text().contains("was saved") && !page.html.contains("hand-s3cret"), "{}", page.text());
        authorise(&app, &person, &server, "ada").await.expect(200);
        assert_eq!(tokens(&app), "1");
        // Without a secret typed, it is kept; the server that turns to another issuer does not get it there.
        server.behaves(&json!({"issuer": evil.base()}));
        let page = person.submit(&shown(&app, &person).await.form_to("/far/authorise")).await;
        assert!(page.text().contains("another authorisation server"), "{}", page.text());
        assert!(evil.posted("/token").is_empty() && evil.posted("/register").is_empty());
        is_silent(&app);
        assert!(audited(&app).contains("mcp_client_changed|mcp_server:far||given"), "{}", audited(&app));
    }

    async fn a_header_of_ones_own_is_sent_alone_and_check_says_how_it_stands(backend) {
        let server = Guarded::start();
        let ops = Configured::new().at("ops", &server.url());
        let file = ops.file();
        let (app, person) = App::ready(backend, &[PRIVATE, ("MCP_CONFIG", &file)]).await;
        let output = app.run(&["check"], None);
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(said.contains("ok    server ops: asks for an authorisation"), "{said}");
        add(&app, &person, &server, false).await;
        authorise(&app, &person, &server, "ada").await.expect(200);
        let page = shown(&app, &person).await;
        let form = page.form_with("button", "Save").fill("headers", "Authorization: Bearer byhand");
        let page = person.submit(&form).await;
        page.expect(200);
        let last = server.log().into_iter().rfind(|entry| entry["path"] == "/mcp").unwrap();
        assert_eq!(last["authorization"], "Bearer byhand");
        // What says who we are is for everybody, and says only what its address does.
        let tenant = app.query("SELECT id FROM tenants ORDER BY created_at LIMIT 1");
        let address = format!("/admin/tenants/{tenant}/servers/nowhere/client.json");
        let document = app.visitor().get(&address).await;
        document.expect(200);
        let document: Value = serde_json::from_str(&document.html).unwrap();
        let back = format!("{}/admin/tenants/{tenant}/servers/nowhere/callback", app.base);
        assert_eq!(document["redirect_uris"], json!([back]));
        app.visitor().get("/admin/tenants/x/servers/nowhere/client.json").await.expect(404);
    }

    async fn a_whole_turn_runs_as_the_person_who_authorised(backend) {
        let server = Guarded::start();
        let replies = [("ask", Reply::default().and_raw_tool("far__whoami", "{}")), ("done", Reply::text("So it is."))];
        let names = ["anthropic/ask", "anthropic/done"];
        let Some(replay) = Replay::playing(&replies, &[("it", &names)]) else { return };
        let mut settings = replay.settings("script:it.json");
        settings.push(PRIVATE);
        let (app, person) = App::ready(backend, &settings).await;
        add(&app, &person, &server, true).await;
        connect(&person, &server, "ada").await.expect(200);
        let chat = person.new_conversation("Who am I?").await;
        chat.approvals(1).await;
        let calls = || server.posted("/mcp").iter().filter(|body| body.contains("tools/call")).count();
        assert_eq!(calls(), 0);
        chat.approve().await.expect(200);
        let page = chat.settled().await;
        assert_eq!((page.turn().as_str(), page.tool_calls()[0].state.as_str()), ("completed", "succeeded"), "{}", page.text());
        assert!(app.query("SELECT result FROM tool_calls").contains("ada"));
        assert_eq!(calls(), 1);
        is_silent(&app);
    }
}
