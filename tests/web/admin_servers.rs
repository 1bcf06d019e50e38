//! The servers of a tenant: how it stands with them, adding and changing one's own, what changed, and trying tools out.

use serde_json::{Value, json};

use crate::{
    both,
    support::{
        App, Backend, Page, Person, Script, eventually,
        page::Form,
        servers::{Configured, Running, calls, tool},
    },
};

async fn with(backend: Backend, servers: &Configured, more: &[(&str, &str)]) -> (App, Person) {
    let file = servers.file();
    let mut settings = vec![("MCP_CONFIG", file.as_str()), ("FETCH_ALLOW_PRIVATE", "true")];
    settings.extend(more);
    App::ready(backend, &settings).await
}

/// An address below a tenant's administration.
fn below(app: &App, slug: &str, end: &str) -> String {
    format!("/admin/tenants/{}{end}", app.query(&format!("SELECT id FROM tenants WHERE slug = '{slug}'")))
}

fn here(app: &App, end: &str) -> String {
    below(app, &app.tenant(), end)
}

async fn get(person: &Person, address: &str) -> Page {
    let page = person.get(address).await;
    page.expect(200);
    page
}

/// The form by which a server is added.
async fn adding(app: &App, person: &Person, name: &str, url: &str, headers: &str) -> Form {
    let page = get(person, &here(app, "/servers")).await;
    page.form_with("button", "Add server").fill("name", name).fill("url", url).fill("headers", headers)
}

fn state(page: &Page, server: &str) -> String {
    let found = page.nodes(&format!("#server-{server} [data-server-state]"));
    found.first().map(|node| node.attribute("data-server-state").to_owned()).unwrap_or_default()
}

fn audited(app: &App) -> String {
    app.query("SELECT action, object, target, details FROM audit_rows WHERE action LIKE 'mcp_server%' ORDER BY number")
}

fn rows(app: &App, columns: &str) -> String {
    app.query(&format!("SELECT {columns} FROM mcp_servers ORDER BY name"))
}

/// Says of a tool what is said here.
async fn says(app: &App, person: &Person, server: &str, name: &str, verdict: &str) {
    let page = get(person, &here(app, "/tools")).await;
    person.submit(&page.form_to(&format!("/tools/{server}/{name}")).fill("verdict", verdict)).await.expect(200);
}

async fn call(app: &App, name: &str) -> crate::support::ScriptAnswer {
    let script = Script::first(&app.base).await;
    script.post("/api/mcp/tools/call", &json!({"name": name, "args": {}}), &[]).await
}

both! {
    async fn the_page_says_how_it_stands_and_connects_anew(backend) {
        let servers = Configured::new().process("good", "plain", &["--token", "t0ken"]).process("ill", "dies", &[]);
        let (app, person) = with(backend, &servers, &[]).await;
        let page = get(&person, &here(&app, "/servers")).await;
        assert_eq!((state(&page, "good"), state(&page, "ill")), ("idle".into(), "idle".into()));
        let good = person.submit(&page.form_to("/good/reconnect")).await;
        good.expect(200);
        assert!(good.text().contains("good was connected anew") && good.text().contains("11 tools"), "{}", good.text());
        assert!(good.text().contains("2025-11-25") && good.text().contains("hostile"), "{}", good.text());
        person.submit(&page.form_to("/ill/refresh")).await.expect(200);
        let page = get(&person, &here(&app, "/servers")).await;
        assert_eq!((state(&page, "good"), state(&page, "ill")), ("ready".into(), "failed".into()));
        assert!(page.text().contains("Failed; it is tried again") && page.text().contains("Last fault"), "{}", page.text());
        // An operator sees command line and standard error; values of the environment nobody.
        assert!(page.text().contains("t0ken") && page.text().contains("the end"), "{}", page.text());
        assert!(!page.html.contains("s3cret") && page.text().contains("SECRET"));
        let admin = app.person("admin@example.org", &app.tenant(), "admin").await;
        for end in ["/servers", "/servers/good", "/servers/ill", "/tools"] {
            let page = get(&admin, &here(&app, end)).await;
            assert!(!page.html.contains("t0ken") && !page.html.contains("hostile.py"), "{end}: {}", page.text());
            assert!(!page.html.contains("the end") && !page.html.contains("s3cret"), "{end}");
        }
        let page = get(&admin, &here(&app, "/servers")).await;
        assert!(page.text().contains("python3 …"), "{}", page.text());
        let greetings = || servers.received("good").iter().filter(|line| line.contains(r#""initialize""#)).count();
        let before = greetings();
        admin.submit(&page.form_to("/good/reconnect")).await.expect(200);
        assert_eq!(greetings(), before + 1, "it was not connected anew");
        assert_eq!(audited(&app), "");
        // Nothing about the operators' servers can be changed here.
        let csrf = admin.get("/settings").await.csrf();
        for end in ["/servers/good", "/servers/good/remove"] {
            let form = form_of(&here(&app, end), &csrf, end.ends_with("/good"));
            admin.submit(&form).await.expect(403);
        }
        let portuguese = person.clone().speaking("pt-BR").get(&here(&app, "/servers")).await;
        assert!(portuguese.text().contains("Servidores de") && portuguese.text().contains("Pronto"), "{}", portuguese.text());
    }

    async fn servers_are_added_changed_and_removed(backend) {
        let server = Running::start("plain");
        let ops = Configured::new().process("ops", "plain", &[]);
        let (app, person) = with(backend, &ops, &[]).await;
        let form = adding(&app, &person, "far", &server.url(), "X-Key: s3cret\nAuthorization: Bearer t0ken").await;
        let page = person.submit(&form).await;
        page.expect(200);
        assert!(page.text().contains("far was added"), "{}", page.text());
        assert_eq!(state(&page, "far"), "ready");
        assert!(server.received().iter().any(|line| line.contains("Bearer t0ken s3cret")));
        let host = format!("127.0.0.1:{}", server.port);
        assert_eq!(audited(&app), format!("mcp_server_added|mcp_server:far|{host}|headers=Authorization,X-Key per_person=off active=on"));
        assert_eq!(rows(&app, "name"), "far");
        assert!(!rows(&app, "headers").contains("s3cret") && rows(&app, "headers").starts_with("1."));
        assert_eq!(call(&app, "far__echo").await.expect(200).json()["state"], "succeeded");

        // Values are never shown; a name alone keeps its value.
        let page = get(&person, &here(&app, "/servers/far")).await;
        assert!(!page.html.contains("s3cret") && !page.html.contains("t0ken"));
        let change = page.form_with("button", "Save");
        assert_eq!(change.value("headers").map(str::trim), Some("Authorization:\nX-Key:"));
        let url = format!("{}?x=1", server.url());
        let page = person.submit(&change.clone().fill("headers", "X-Key:").fill("url", &url)).await;
        page.expect(200);
        assert!(server.received().iter().any(|line| line.ends_with("POST /mcp?x=1 None s3cret")), "{:?}", server.received());
        // To another origin they do not go along, and a refused form holds none of them.
        let other = Running::start("plain");
        let moved = page.form_with("button", "Save").fill("url", &other.url());
        let refused = person.submit(&moved).await;
        refused.expect(422);
        assert!(refused.text().contains("X-Key has no value"), "{}", refused.text());
        let typed = person.submit(&moved.clone().fill("headers", "X-Key: t1pped\nnonsense")).await;
        typed.expect(422);
        assert!(!typed.html.contains("t1pped"));
        assert!(other.received().is_empty());
        person.submit(&moved.fill("headers", "")).await.expect(200);
        assert!(other.received().iter().all(|line| !line.contains("s3cret")) && !other.received().is_empty());
        assert_eq!(rows(&app, "headers"), "");

        // Switched off, its tools are gone; removed, it is too.
        let page = get(&person, &here(&app, "/servers/far")).await;
        let off = person.submit(&page.form_with("button", "Save").without("is_active")).await;
        off.expect(200);
        assert!(off.text().contains("Switched off"), "{}", off.text());
        assert_eq!(call(&app, "far__echo").await.code(), (403, "tool_not_allowed".into()));
        let gone = person.submit(&off.form_to("/far/remove")).await;
        gone.expect(200);
        assert!(gone.text().contains("far was removed") && state(&gone, "far").is_empty(), "{}", gone.text());
        assert_eq!(rows(&app, "name"), "");
        assert_eq!(audited(&app).lines().count(), 5);
        assert!(audited(&app).lines().last().unwrap().starts_with("mcp_server_removed|mcp_server:far|"));
        assert!(app.run(&["audit", "verify"], None).status.success());
    }

    async fn what_cannot_be_a_server_is_refused_in_words(backend) {
        let ops = Configured::new().process("ops", "plain", &[]);
        let (app, person) = App::ready(backend, &[("MCP_CONFIG", &ops.file())]).await;
        for (name, url, headers, words) in [
            ("", "https://mcp.example/", "", "A name has 1 to 32"),
            ("Far", "https://mcp.example/", "", "A name has 1 to 32"),
            ("sayso", "https://mcp.example/", "", "A name has 1 to 32"),
            ("ops", "https://mcp.example/", "", "server of this name already"),
            ("far", "npx server", "", "no address with http"),
            ("far", "file:///etc/passwd", "", "no address with http"),
            ("far", "https://me:s3cret@mcp.example/", "", "has a name or a password"),
            ("far", "http://127.0.0.1:9/mcp", "", "cannot be used"),
            ("far", "http://169.254.169.254/mcp", "", "cannot be used"),
            ("far", "http://localhost:9/mcp", "", "cannot be used"),
            ("far", "http://[::1]/mcp", "", "cannot be used"),
            ("far", "http://8.8.8.8/mcp", "s3cret", "a name, a colon and a value"),
            ("far", "http://8.8.8.8/mcp", "X-Key:", "X-Key has no value"),
            ("far", "http://8.8.8.8/mcp", "Mcp-Session-Id: s3cret", "Sayso sends itself"),
            ("far", "http://8.8.8.8/mcp", "X Key: s3cret", "cannot be sent"),
        ] {
            let page = person.submit(&adding(&app, &person, name, url, headers).await).await;
            page.expect(422);
            assert!(page.text().contains(words), "{name} {url} {headers}: {}", page.text());
            assert_eq!(page.form_with("button", "Add server").value("url"), Some(url));
            assert!(!page.html.contains(": s3cret"));
        }
        // No address takes a command.
        let form = adding(&app, &person, "far", "http://8.8.8.8/mcp", "").await;
        for field in ["command", "args", "env"] {
            person.submit(&form.clone().forge(field, "sh")).await.expect(422);
        }
        assert_eq!((rows(&app, "name"), audited(&app)), (String::new(), String::new()));
    }

    async fn it_is_for_those_who_run_the_tenant(backend) {
        let server = Running::start("plain");
        let none = Configured::new();
        let (app, owner) = with(backend, &none, &[]).await;
        let add = adding(&app, &owner, "far", &server.url(), "").await;
        let member = app.person("member@example.org", &app.tenant(), "member").await;
        let stranger = app.stranger().await;
        owner.submit(&add.clone().without("csrf")).await.expect(403);
        owner.submit(&add.clone()).await.expect(200);
        for (person, status) in [(&member, 403), (&stranger, 404)] {
            let csrf = person.get("/settings").await.csrf();
            for end in ["/servers", "/servers/far", "/servers/far/tools/far__echo"] {
                person.get(&here(&app, end)).await.expect(status);
            }
            person.submit(&add.clone().fill("csrf", &csrf)).await.expect(status);
            for end in ["/servers/far", "/servers/far/remove", "/servers/far/reconnect", "/servers/far/refresh"] {
                person.submit(&form_of(&here(&app, end), &csrf, end.ends_with("/far"))).await.expect(status);
            }
        }
        assert_eq!(rows(&app, "name"), "far");
        // In another tenant there is no such server, and its name is free.
        let page = get(&stranger, &below(&app, "elsewhere", "/servers")).await;
        assert!(page.text().contains("There are no servers yet"), "{}", page.text());
        stranger.get(&below(&app, "elsewhere", "/servers/far")).await.expect(404);
        let mut theirs = page.form_with("button", "Add server").fill("name", "far").fill("url", &server.url());
        stranger.submit(&theirs).await.expect(200);
        theirs = page.form_with("button", "Add server").fill("name", "far").fill("url", &server.url());
        let twice = stranger.submit(&theirs).await;
        twice.expect(422);
        assert!(twice.text().contains("server of this name already"), "{}", twice.text());
    }

    async fn headers_that_were_tampered_with_are_not_sent(backend) {
        let (server, evil) = (Running::start("plain"), Running::start("plain"));
        let none = Configured::new();
        let (app, person) = with(backend, &none, &[]).await;
        person.submit(&adding(&app, &person, "far", &server.url(), "X-Key: s3cret").await).await.expect(200);
        // Who can write to the database leads the address elsewhere.
        app.query(&format!("UPDATE mcp_servers SET url = '{}'", evil.url()));
        let page = get(&person, &here(&app, "/servers")).await;
        assert_eq!(state(&page, "far"), "unopened");
        assert_eq!(call(&app, "far__echo").await.code(), (403, "tool_not_allowed".into()));
        assert!(evil.received().is_empty());
    }

    async fn what_changed_is_disabled_shown_and_accepted(backend) {
        let servers = Configured::new().process("it", "file", &[]);
        servers.offers("it", &[tool("read", "Reads."), tool("list", "Lists."), tool("old", "Stays.")]);
        let (app, person) = with(backend, &servers, &[]).await;
        person.submit(&get(&person, &here(&app, "/servers")).await.form_to("/it/refresh")).await.expect(200);
        for name in ["it__read", "it__list", "it__old"] {
            says(&app, &person, "it", name, "allow").await;
        }
        assert_eq!(call(&app, "it__read").await.expect(200).json()["state"], "succeeded");
        let page = get(&person, &here(&app, "/tools")).await;
        assert_eq!(page.nodes("#server-it > details").len(), 3);
        assert!(page.nodes(".changed").is_empty() && page.text().contains("destroys not said"), "{}", page.text());

        // A claim to be harmless lowers nothing and is a change like any other.
        let mut read = tool("read", "Reads.");
        read["annotations"] = json!({"readOnlyHint": true});
        servers.offers("it", &[read, tool("list", "Lists.\u{202e}"), tool("old", "Stays."), tool("new", "Is new.")]);
        person.submit(&get(&person, &here(&app, "/servers")).await.form_to("/it/refresh")).await.expect(200);
        assert_eq!(call(&app, "it__read").await.code(), (409, "tool_changed".into()));
        assert_eq!(call(&app, "it__old").await.expect(200).json()["state"], "succeeded");
        let script = Script::first(&app.base).await;
        let list = script.get("/api/mcp/tools?force=1").await.expect(200).json();
        let verdict = |name: &str| {
            let tools = list["tools"].as_array().unwrap();
            tools.iter().find(|tool| tool["name"] == name).map_or(Value::Null, |tool| tool["verdict"].clone())
        };
        assert_eq!((verdict("it__read"), verdict("it__list")), (Value::Null, Value::Null));
        assert_eq!((verdict("it__old"), verdict("it__new")), (json!("allow"), json!("ask")));

        let page = get(&person, &here(&app, "/tools")).await;
        let come: Vec<String> = page.nodes("#tool-it__read .changed ins").into_iter().map(|line| line.text).collect();
        assert!(come.iter().any(|line| line.contains("changes nothing yes")), "{come:?}");
        let come: Vec<String> = page.nodes("#tool-it__list .changed ins").into_iter().map(|line| line.text).collect();
        assert!(come.iter().any(|line| line.contains("Lists.\\u202E")), "{come:?}");
        assert!(page.nodes("#tool-it__old .changed").is_empty());
        // One by one, or all that were shown at once; what changed since is not among them.
        let all = page.form_with("button", "Accept all changes of it");
        let one = person.submit(&page.form_to("/it__read/accept")).await;
        one.expect(200);
        assert_eq!(call(&app, "it__read").await.expect(200).json()["state"], "succeeded");
        servers.offers("it", &[tool("read", "Evil."), tool("list", "Evil.")]);
        person.submit(&get(&person, &here(&app, "/servers")).await.form_to("/it/refresh")).await.expect(200);
        let stale = person.submit(&all).await;
        stale.expect(409);
        assert!(stale.complaint().contains("has changed since the page was shown"), "{}", stale.complaint());
        let accepted = || app.query("SELECT count(*) FROM audit_rows WHERE details LIKE '% accepted'");
        assert_eq!(accepted(), "1");
        person.submit(&stale.form_with("button", "Accept all changes of it")).await.expect(200);
        assert_eq!(accepted(), "3");
        assert_eq!(call(&app, "it__list").await.expect(200).json()["state"], "succeeded");
        assert!(app.run(&["audit", "verify"], None).status.success());
    }

    async fn a_tool_is_tried_out_as_a_form(backend) {
        let servers = Configured::new().process("it", "file", &[]);
        let mut echo = tool("echo", "Says <b>it</b> back.");
        echo["inputSchema"] = json!({"type": "object", "required": ["text", "n"], "properties": {
            "text": {"type": "string", "description": "What \u{202e}to say"}, "n": {"type": "number", "maximum": 10},
            "loud": {"type": "boolean"}, "how": {"enum": ["fast", "slow"]}, "list": {"type": "array"}}});
        servers.offers("it", &[echo.clone(), tool("free", "")]);
        let (app, person) = with(backend, &servers, &[]).await;
        let page = person.submit(&get(&person, &here(&app, "/servers")).await.form_to("/it/refresh")).await;
        let link = page.the("link", "Try it__echo");
        let form_page = get(&person, link.attribute("href")).await;
        assert!(form_page.text().contains("What to say"), "{}", form_page.text());
        assert_eq!(form_page.nodes("b").len(), 0);
        let fill = |page: &Page, values: &[&str]| {
            let mut form = page.form_with("button", "Run");
            let mut values = values.iter();
            for (_, value) in form.fields.iter_mut().filter(|(name, _)| name == "value") {
                *value = values.next().unwrap().to_string();
            }
            form
        };
        for (values, words) in [
            (["hi", "", "", "", ""], "This is needed"),
            (["hi", "x", "", "", ""], "This is no number"),
            (["hi", "1", "", "", "["], "This is no JSON"),
            (["hi", "11", "", "", ""], "maximum"),
        ] {
            let refused = person.submit(&fill(&form_page, &values)).await;
            refused.expect(422);
            assert!(refused.text().contains(words), "{values:?}: {}", refused.text());
            assert!(refused.html.contains(">\nhi</textarea>"), "what was typed is lost: {}", refused.html);
        }
        assert!(servers.calls("it").is_empty());
        let form = fill(&form_page, &["a\r\n\"b\"", "1.50", "true", "\"slow\"", "[1, 2.0]"]);
        let ran = person.submit(&form).await;
        ran.expect(200);
        let sent = eventually("the call arrives", async || servers.calls("it").pop()).await;
        let arguments = r#"{"text":"a\n\"b\"","n":1.50,"loud":true,"how":"slow","list":[1, 2.0]}"#;
        assert!(sent.contains(&format!(r#""arguments":{arguments}"#)), "{sent}");
        let seen = eventually("its result is shown", async || {
            let page = person.get(ran.url.as_str()).await;
            page.tool_calls().first().filter(|call| call.state == "succeeded").map(|call| call.text.clone())
        })
        .await;
        assert!(seen.contains("slow"), "{seen}");
        // A double post runs once, and the audit log names who decided.
        person.submit(&form).await.expect(200);
        assert_eq!(servers.calls("it").len(), 1);
        assert_eq!(app.query("SELECT details FROM audit_rows WHERE action = 'tool_approved'"), "direct");
        // What was shown is what runs: another definition is another form.
        echo["description"] = json!("Sends it away.");
        servers.offers("it", &[echo, tool("free", "")]);
        let stale = person.get(link.attribute("href")).await;
        let stale = fill(&stale, &["x", "1", "", "", ""]);
        person.submit(&get(&person, &here(&app, "/servers")).await.form_to("/it/refresh")).await.expect(200);
        let page = person.submit(&stale).await;
        page.expect(409);
        assert!(page.text().contains("has changed since the page was shown"), "{}", page.text());
        // Under the same rules as everywhere.
        says(&app, &person, "it", "it__free", "deny").await;
        let free = get(&person, &here(&app, "/servers/it/tools/it__free")).await;
        let denied = person.submit(&free.form_with("button", "Run").fill("arguments", "{\"a\": 1}")).await;
        denied.expect(422);
        assert_eq!(servers.calls("it").len(), 1);
        person.get(&here(&app, "/servers/it/tools/run_js")).await.expect(404);
    }

    async fn check_says_how_it_stands_with_each(backend) {
        let servers = Configured::new().process("good", "plain", &[]).process("ill", "dies", &[]);
        let (app, _person) = with(backend, &servers, &[]).await;
        let output = app.run(&["check"], None);
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(said.contains("ok    server good: 11 tools, protocol 2025-11-25"), "{said}");
        assert!(said.contains("fault server ill: ") && output.status.code() == Some(1), "{said}");
        assert!(!said.contains("s3cret"), "{said}");
    }

    async fn each_person_has_a_connection_where_that_is_wanted(backend) {
        let server = Running::start("plain");
        let none = Configured::new();
        let (app, person) = with(backend, &none, &[]).await;
        let form = adding(&app, &person, "far", &server.url(), "").await.forge("per_person", "on");
        person.submit(&form).await.expect(200);
        let other = app.person("bob@example.org", &app.tenant(), "admin").await;
        let greetings = || server.received().iter().filter(|line| line.contains(r#""initialize""#)).count();
        assert_eq!(greetings(), 1);
        other.submit(&get(&other, &here(&app, "/servers")).await.form_to("/far/refresh")).await.expect(200);
        assert_eq!(greetings(), 2);
        assert!(calls(server.received()).is_empty());
    }
}

/// A form that no page has.
fn form_of(action: &str, csrf: &str, changes: bool) -> Form {
    let mut fields = vec![("csrf".to_owned(), csrf.to_owned())];
    if changes {
        fields.extend(
            [("url", "http://8.8.8.8/"), ("headers", "")].map(|(name, value)| (name.to_owned(), value.to_owned())),
        );
    }
    Form { action: action.to_owned(), method: "post".to_owned(), fields, buttons: Vec::new() }
}
