//! The audit log: that each act leaves its row, who sees it, how it is found, and what comes of changing it.

use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    WISH,
    api_conversations::Program,
    both,
    support::{App, Backend, Chat, Page, Person},
    token_page::made,
};

fn tenant_id(app: &App, slug: &str) -> String {
    app.query(&format!("SELECT id FROM tenants WHERE slug = '{slug}'"))
}

/// The page's address, for the tenant of the first account.
fn address(app: &App) -> String {
    format!("/admin/tenants/{}/audit", tenant_id(app, &app.tenant()))
}

fn id_of(app: &App, email: &str) -> String {
    app.query(&format!("SELECT id FROM users WHERE email = '{email}'"))
}

async fn written(person: &Person) -> Chat {
    let chat = person.new_conversation(WISH).await;
    chat.approve().await.expect(200);
    chat.until("the end", |page| page.turn() == "completed").await;
    chat
}

/// The rows of a page, newest first, as text.
fn rows(page: &Page) -> Vec<String> {
    page.expect(200);
    page.nodes("li[id^='row-']").into_iter().map(|row| row.text).collect()
}

/// The actions of a page's rows, newest first.
fn actions(page: &Page) -> Vec<String> {
    page.expect(200);
    page.nodes("li[id^='row-'] code:not([title])").into_iter().map(|code| code.text).collect()
}

async fn found(app: &App, person: &Person, query: &str) -> Page {
    person.get(&format!("{}?{query}", address(app))).await
}

both! {
    async fn who_had_a_file_written_is_one_filter(backend) {
        let (app, person) = App::ready(backend, &[]).await;
        let chat = written(&person).await;
        let index = person.get(person.get("/settings").await.find("link", "Administration").unwrap().attribute("href")).await;
        let page = person.get(index.the("link", "Audit log").attribute("href")).await;
        assert!(page.url.path().ends_with(&address(&app)), "{}", page.url);
        assert!(rows(&page).len() > 4, "{}", page.text());
        assert_eq!(page.nodes("[data-audit=holds]").len(), 1, "{}", page.text());
        let form = page.form_with("button", "Find");
        let asked = person.submit(&form.clone().fill("target", "notes/hello.txt")).await;
        assert_eq!(actions(&asked), ["tool_ended", "tool_run", "tool_approved"]);
        for row in rows(&asked) {
            assert!(row.contains("Ada Lovelace (ada@example.org)") && row.contains("write_file"), "{row}");
        }
        assert_eq!(asked.form_with("button", "Find").value("target"), Some("notes/hello.txt"), "what was typed is kept");
        // From the file, for those who run the tenant.
        let file = person.get("/files/notes/hello.txt").await;
        let history = person.get(file.the("link", "Who had it written").attribute("href")).await;
        assert_eq!(rows(&history), rows(&asked));
        let member = app.person("mia@example.org", &app.tenant(), "member").await;
        assert!(member.get("/files/notes/hello.txt").await.expect(200).find("link", "Who had it written").is_none());

        for (query, wanted) in [
            ("tool=write_file", 3),
            ("tool=run_js", 0),
            ("target=notes%2Fother.txt", 0),
            ("action=tool_run", 1),
            ("decision=approved", 1),
            ("decision=person", 1),
            ("decision=denied", 0),
            ("decision=grant", 0),
            ("person=ada%40example.org&action=tool_run", 1),
            ("person=mia%40example.org&action=sign_in", 1),
            ("from=2020-01-01&action=tool_run", 1),
            ("from=2020-01-01T10%3A00&to=2020-01-02", 0),
            ("to=2020-01-01", 0),
        ] {
            let page = found(&app, &person, query).await;
            assert_eq!(rows(&page).len(), wanted, "{query}: {}", page.text());
        }
        let call = app.query(&format!("SELECT id FROM tool_calls WHERE conversation_id = '{}'", chat.id));
        assert_eq!(actions(&found(&app, &person, &format!("object=tool_call%3A{call}")).await).len(), 3);
        let of_call = chat.page().await.the("link", "In the audit log");
        assert_eq!(actions(&person.get(of_call.attribute("href")).await).len(), 3);
    }

    async fn pages_follow_one_another_without_a_gap(backend) {
        let (app, person) = App::ready(backend, &[]).await;
        for n in 0..55 {
            app.admin(&["set-limits", "--tenant", &app.tenant(), "--requests", &n.to_string()], None);
        }
        let total: usize = app.query(&format!("SELECT count(*) FROM audit_rows WHERE chain = '{}'", tenant_id(&app, &app.tenant()))).parse().unwrap();
        let first = person.get(&address(&app)).await;
        assert_eq!(rows(&first).len(), 50);
        let second = person.get(first.the("link", "Older rows").attribute("href")).await;
        assert_eq!(rows(&second).len(), total - 50);
        assert!(second.find("link", "Older rows").is_none());
        let back = person.get(second.the("link", "Newest rows").attribute("href")).await;
        assert_eq!(rows(&back), rows(&first));
        let numbers: Vec<i64> = [&first, &second].iter().flat_map(|page| page.nodes("li[id^='row-']")).map(|row| row.attribute("value").parse().unwrap()).collect();
        assert_eq!(numbers, (1..=i64::try_from(total).unwrap()).rev().collect::<Vec<_>>());
        for wrong in ["before=0", "before=999999", "before=x"] {
            found(&app, &person, wrong).await.expect(404);
        }
    }

    async fn it_is_for_those_who_run_the_tenant(backend) {
        let (app, owner) = App::ready(backend, &[]).await;
        let here = address(&app);
        let admin = app.person("admin@example.org", &app.tenant(), "admin").await;
        let member = app.person("member@example.org", &app.tenant(), "member").await;
        let stranger = app.stranger().await;
        let there = format!("/admin/tenants/{}/audit", tenant_id(&app, "elsewhere"));
        for (who, person, statuses) in [
            // The first account is an operator.
            ("operator", &owner, [200, 200, 200]),
            ("admin", &admin, [200, 404, 403]),
            ("member", &member, [403, 404, 403]),
            ("stranger", &stranger, [404, 200, 403]),
        ] {
            for (address, status) in [here.as_str(), &there, "/admin/audit"].into_iter().zip(statuses) {
                for address in [address.to_owned(), format!("{address}/export?format=csv")] {
                    assert_eq!(person.get(&address).await.status, status, "{who} {address}");
                }
            }
        }
        let nobody = app.visitor();
        for address in [here.as_str(), "/admin/audit"] {
            assert!(nobody.get(address).await.url.path().ends_with("/login"));
        }
        nobody.sign_in("nobody@example.org", "wrong password").await;
        let system = owner.get("/admin/audit").await;
        let failed = rows(&system).into_iter().find(|row| row.contains("sign_in_failed")).expect("the failure");
        assert!(failed.contains("Somebody not signed in") && failed.contains("127.0.0.1"), "{failed}");
        assert!(system.text().contains("Command line"), "{}", system.text());
        assert!(!rows(&owner.get(&here).await).iter().any(|row| row.contains("sign_in_failed")));
        // Whose account was tried, those see who run their tenant.
        app.visitor().sign_in(Person::FIRST.0, "wrong password").await;
        let first = app.query("SELECT id FROM users WHERE is_operator");
        let here_rows = rows(&owner.get(&here).await);
        let failed = here_rows.iter().find(|row| row.contains("sign_in_failed")).expect("the failure");
        assert!(failed.contains(&format!("user:{first}")), "{failed}");
        owner.request(Method::POST, &here, Some(format!("csrf={}", owner.get("/settings").await.csrf())), &[]).await.expect(405);
    }

    async fn what_is_wrong_is_said_beside_its_field(backend) {
        let (app, person) = App::ready(backend, &[]).await;
        app.stranger().await;
        let admin = app.person("admin@example.org", &app.tenant(), "admin").await;
        for (field, typed, words) in [
            ("from", "yesterday", "This is no time"),
            ("to", "2026-02-30", "This is no time"),
            ("decision", "maybe", "Choose one of the decisions"),
            // Somebody of another tenant is nobody here.
            ("person", "eve@example.org", "Nobody here has this address"),
            ("person", "nobody@example.org", "Nobody here has this address"),
        ] {
            let query = url::form_urlencoded::Serializer::new(String::new()).append_pair(field, typed).append_pair("tool", "a<b>").finish();
            let page = found(&app, &admin, &query).await;
            page.expect(422);
            assert!(page.complaint().contains(words), "{field}: {}", page.complaint());
            let form = page.form_with("button", "Find");
            assert_eq!(form.value("tool"), Some("a<b>"));
            assert!(field == "decision" || form.value(field) == Some(typed), "{field} is lost");
            assert!(page.nodes("li[id^='row-']").is_empty());
            person.get(&format!("{}/export?format=csv&{field}=%00", address(&app))).await.expect(422);
        }
        let page = found(&app, &person, "from=2026-02-02&to=2026-01-01").await;
        page.expect(422);
        assert!(page.complaint().contains("later than the beginning"), "{}", page.complaint());
        person.get(&format!("{}/export?format=xml", address(&app))).await.expect(422);
        assert_eq!(app.query("SELECT count(*) FROM audit_rows WHERE action = 'audit_exported'"), "0");
    }

    async fn what_is_found_is_taken_out_and_that_is_written_down(backend) {
        let (app, person) = App::ready(backend, &[]).await;
        written(&person).await;
        app.query("UPDATE users SET name = '=cmd()' WHERE email = 'ada@example.org'");
        let page = found(&app, &person, "target=notes%2Fhello.txt").await;
        let csv = person.get(page.the("link", "CSV").attribute("href")).await;
        csv.expect(200);
        for (name, value) in [
            ("content-type", "text/csv; charset=utf-8"),
            ("content-disposition", &format!("attachment; filename=\"audit-{}.csv\"", app.tenant())),
            ("cache-control", "no-store"),
            ("x-content-type-options", "nosniff"),
        ] {
            assert_eq!(csv.header(name), Some(value), "{name}");
        }
        assert_eq!(csv.html.lines().count(), 4, "{}", csv.html);
        assert!(csv.html.starts_with("\"number\",\"at\",\"actor\",\"email\"") && csv.html.contains("\"'=cmd()\""), "{}", csv.html);
        let lines = person.get(page.the("link", "JSON Lines").attribute("href")).await;
        lines.expect(200);
        let lines: Vec<Value> = lines.html.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let told: Vec<_> = lines.iter().map(|line| line["action"].as_str().unwrap()).collect();
        assert_eq!(told, ["tool_ended", "tool_run", "tool_approved"]);
        assert_eq!((&lines[2]["details"], &lines[2]["tool"]), (&json!("person"), &json!("write_file")));
        assert_eq!((&lines[2]["email"], &lines[2]["digest"]), (&json!("ada@example.org"), &lines[1]["digest"]));
        let written = app.query("SELECT details, object FROM audit_rows WHERE action = 'audit_exported' ORDER BY number");
        let tenant = tenant_id(&app, &app.tenant());
        assert_eq!(written, format!("csv target=notes%2Fhello.txt|tenant:{tenant}\njsonl target=notes%2Fhello.txt|tenant:{tenant}"));
        assert!(app.run(&["audit", "verify"], None).status.success());
    }

    async fn a_change_is_seen_on_the_page_and_by_the_command(backend) {
        let (app, person) = App::ready(backend, &[]).await;
        written(&person).await;
        let anchors = app.run(&["audit", "anchor"], None);
        assert!(anchors.status.success());
        let file = app.workspace().join("anchors.jsonl");
        std::fs::write(&file, &anchors.stdout).unwrap();
        let anchored = ["audit", "verify", "--json", "--anchor", file.to_str().unwrap()];
        let said = app.run(&anchored, None);
        let proof: Value = serde_json::from_slice(&said.stdout).unwrap();
        assert_eq!((said.status.code(), &proof["is_whole"], &proof["runs"]), (Some(0), &json!(true), &json!(1)), "{proof}");
        let call = app.query("SELECT id FROM tool_calls");
        // What ran is changed afterwards.
        app.query("UPDATE tool_calls SET arguments = '{\"path\":\"notes/hello.txt\",\"content\":\"Other\"}'");
        let said = app.run(&["audit", "verify"], None);
        let fault = String::from_utf8_lossy(&said.stderr).into_owned();
        assert!(said.status.code() == Some(1) && fault.contains(&call) && fault.contains("not the one that was decided"), "{fault}");
        // The newest row: the page sees it.
        let chain = tenant_id(&app, &app.tenant());
        app.query(&format!("UPDATE audit_rows SET details = 'failed' WHERE chain = '{chain}' AND action = 'tool_ended'"));
        let page = person.get(&address(&app)).await;
        page.expect(200);
        let number = app.query(&format!("SELECT number FROM audit_rows WHERE chain = '{chain}' AND action = 'tool_ended'"));
        assert!(page.nodes("[data-audit=broken]")[0].text.contains(&format!("row {number}: the row was changed")), "{}", page.text());
        let said = app.run(&anchored, None);
        let proof: Value = serde_json::from_slice(&said.stdout).unwrap();
        assert_eq!((said.status.code(), &proof["is_whole"]), (Some(1), &json!(false)));
        assert!(proof["faults"].as_array().unwrap().iter().any(|fault| fault["row"].as_i64() == number.parse().ok() && fault["chain"] == json!(chain)), "{proof}");
    }

    /// Who, what, when, from where, on which object: of every act.
    async fn each_act_leaves_its_row(backend) {
        let (app, ada) = App::ready(backend, &[]).await;
        let (tenant, slug) = (tenant_id(&app, &app.tenant()), app.tenant());
        let bob = app.person("bob@example.org", &slug, "admin").await;
        let person = bob.clone();
        // A tool call that is approved, with more remembered, undone; and one that is denied.
        let chat = person.new_conversation(WISH).await;
        let approval = chat.approvals(1).await.remove(0);
        person.submit(&approval.form.forge("remember", "count=5").press("Approve")).await.expect(200);
        let page = chat.until("the end", |page| page.turn() == "completed").await;
        person.submit(&page.forms("form[action$='/undo']")[0]).await.expect(200);
        person.submit(&person.get("/settings").await.form_with("button", "Revoke for write_file")).await.expect(200);
        let other = person.new_conversation(&WISH.replace("hello", "other")).await;
        other.deny().await.expect(200);
        other.settled().await;
        let page = chat.page().await;
        person.submit(&page.form_to("/rename").fill("title", "Secret title")).await.expect(200);
        person.get(&format!("/conversations/{}/export?format=md", chat.id)).await.expect(200);
        person.submit(&page.form_with("button", "End conversation")).await.expect(200);
        person.submit(&page.form_to("/delete")).await.expect(200);
        // What admins do.
        let admin = format!("/admin/tenants/{tenant}");
        let form = person.get(&format!("{admin}/prompt")).await.form_to("/prompt").fill("system_prompt", "Be brief.");
        person.submit(&form).await.expect(200);
        let tools = person.get(&format!("{admin}/tools")).await;
        person.submit(&tools.form_to("/tools").fill("expire_after", "3600")).await.expect(200);
        person.submit(&tools.form_to("/tools/sayso/write_file").fill("verdict", "deny")).await.expect(200);
        person.get(&format!("{admin}/audit/export?format=csv")).await.expect(200);
        // Tokens.
        made(&person, "Nightly", &["chat"], "30").await;
        person.submit(&person.get("/settings").await.form_with("button", "Revoke Nightly")).await.expect(200);
        person.sign_out().await;
        // By the API.
        let program = Program::sign_in(&app, "bob@example.org").await;
        drop(program);
        let operator = Program::sign_in(&app, Person::FIRST.0).await;
        operator.send(Method::PUT, &format!("/api{admin}/limits"), Some(json!({"monthly_requests": 5000}))).await.expect(200);
        // By the command line.
        app.admin(&["set-role", "--email", "bob@example.org", "--tenant", &slug, "--role", "member"], None);
        app.admin(&["set-limits", "--tenant", &slug, "--requests", "10"], None);
        drop(ada);

        let (bob, ada) = (id_of(&app, "bob@example.org"), id_of(&app, Person::FIRST.0));
        let (chain, here, line) = (tenant.as_str(), "127.0.0.1", "command line");
        for (who, action, from, object, least) in [
            (&bob, "sign_in", here, format!("user:{bob}"), 2),
            (&bob, "sign_out", here, format!("user:{bob}"), 1),
            (&bob, "tool_approved", here, "tool_call:".into(), 1),
            (&bob, "tool_denied", here, "tool_call:".into(), 1),
            (&bob, "tool_run", "", "tool_call:".into(), 1),
            (&bob, "tool_ended", "", "tool_call:".into(), 1),
            (&bob, "tool_undone", here, "tool_call:".into(), 1),
            (&bob, "grant_given", here, "grant:".into(), 1),
            (&bob, "grant_revoked", here, "grant:".into(), 1),
            (&bob, "conversation_changed", here, format!("conversation:{}", chat.id), 1),
            (&bob, "conversation_exported", here, format!("conversation:{}", chat.id), 1),
            (&bob, "conversation_ended", here, format!("conversation:{}", chat.id), 1),
            (&bob, "conversation_deleted", here, format!("conversation:{}", chat.id), 1),
            (&bob, "prompt_changed", here, format!("tenant:{tenant}"), 1),
            (&bob, "approval_expiry_changed", here, format!("tenant:{tenant}"), 1),
            (&bob, "tool_rule_changed", here, "tool:sayso/write_file".into(), 1),
            (&bob, "audit_exported", here, format!("tenant:{tenant}"), 1),
            (&bob, "api_token_made", here, "api_token:".into(), 1),
            (&bob, "api_token_revoked", here, "api_token:".into(), 1),
            (&ada, "limits_changed", here, format!("tenant:{tenant}"), 1),
            (&"nobody".to_owned(), "limits_changed", line, format!("tenant:{tenant}"), 1),
            (&"nobody".to_owned(), "member_added", line, format!("user:{bob}"), 1),
            (&"nobody".to_owned(), "role_changed", line, format!("user:{bob}"), 1),
        ] {
            let rows = app.query(&format!(
                "SELECT count(*) FROM audit_rows WHERE chain = '{chain}' AND actor = '{who}' AND action = '{action}' \
                 AND address = '{from}' AND object LIKE '{object}%' AND at >= (SELECT min(created_at) FROM tenants)"
            ));
            assert!(rows.parse::<i64>().unwrap() >= least, "{action} by {who} from {from} on {object}: {rows} rows");
        }
        let all = app.query("SELECT * FROM audit_rows");
        for secret in ["Hello world", "Secret title", "Be brief", Person::FIRST.1] {
            assert!(!all.contains(secret), "the log holds “{secret}”");
        }
        let digests = "SELECT count(*) FROM audit_rows WHERE action LIKE 'tool_%' AND action <> 'tool_rule_changed' AND digest IS NULL";
        assert_eq!(app.query(digests), "0", "a decision without its digest");
        assert!(app.run(&["audit", "verify"], None).status.success());
    }
}

/// What a tool's words could do to the page of who reads them.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_in_a_row_is_text() {
    let (app, person) = App::ready(Backend::Sqlite, &[]).await;
    written(&person).await;
    app.query("UPDATE audit_rows SET target = '<script>alert(1)</script>' || char(8238) WHERE action = 'tool_run'");
    let page = person.get(&address(&app)).await;
    assert_eq!(page.nodes("main script").len(), 0);
    assert!(page.html.contains("\\u202E") && !page.html.contains('\u{202e}'), "{}", page.text());
}
