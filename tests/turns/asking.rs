//! Servers that ask the person of a running call: on the page, by a form that names them, and nowhere else.

use serde_json::{Value, json};

use crate::{
    both,
    mcp::{asks, playing},
    support::{App, Backend, Chat, Page, Person, Replay, Script, eventually, page::Form, servers::Configured},
};

const LONG_AGO: &str = "2020-01-01T00:00:00.000000Z";

/// What nobody but the server may ever be told.
const SECRET: &str = "s3cr3t-0f-ada";

/// A conversation in which a server asks.
struct Asked {
    app: App,
    person: Person,
    chat: Chat,
    servers: Configured,
    _replay: Replay,
}

impl Asked {
    /// As a server behaves by this mode; up to where the person has approved its call.
    async fn by(backend: Backend, mode: &str, asks_for: Value) -> Option<Self> {
        let servers = Configured::new().process("it", mode, &[]);
        let arguments = json!({"asks": asks_for}).to_string();
        let (app, person, replay) = playing(backend, &servers, &asks("it__ask", &arguments)).await?;
        let chat = person.new_conversation("Ask me").await;
        chat.approve().await.expect(200);
        Some(Self { app, person, chat, servers, _replay: replay })
    }

    /// The page once it asks.
    async fn page(&self) -> Page {
        asks_on(&self.chat).await
    }

    fn state(&self) -> String {
        self.app.query("SELECT state FROM tool_calls")
    }

    /// What the server was answered.
    async fn said(&self) -> Value {
        let page = self.chat.settled().await;
        assert_eq!((page.turn().as_str(), self.state().as_str()), ("completed", "succeeded"), "{}", page.text());
        serde_json::from_str(&self.app.query("SELECT result FROM tool_calls")).unwrap()
    }

    fn acts(&self) -> String {
        self.app.query("SELECT action, details FROM audit_rows WHERE action LIKE 'input_%' ORDER BY number")
    }

    /// Nothing of what was asked or answered is left to be used.
    fn is_forgotten(&self) {
        let left = "SELECT count(*) FROM questions WHERE answer IS NULL OR wanted IS NOT NULL OR sealed IS NOT NULL";
        assert_eq!(self.app.query(left), "0");
    }
}

async fn asks_on(chat: &Chat) -> Page {
    chat.until("the server asks", |page| !page.nodes("form.question").is_empty()).await
}

fn question(page: &Page) -> Form {
    page.form_to("/answer")
}

/// Types into the fields of these names.
fn typed(mut form: Form, pairs: &[(&str, &str)]) -> Form {
    for (name, text) in pairs {
        let place = form.fields.iter().position(|field| *field == ("name".to_owned(), (*name).to_owned()));
        let place = place.unwrap_or_else(|| panic!("no field {name}: {:?}", form.fields));
        assert_eq!(form.fields[place + 1].0, "value");
        form.fields[place + 1].1 = (*text).to_owned();
    }
    form
}

fn a_name() -> Value {
    let schema =
        json!({"type": "object", "required": ["name"], "properties": {"name": {"type": "string", "minLength": 2}}});
    json!({"message": "Who \u{202e}<b>are</b> you?", "requestedSchema": schema})
}

fn much() -> Value {
    json!({"message": "Tell me of you", "requestedSchema": {"type": "object", "required": ["mail", "age", "colours"], "properties": {
        "mail": {"type": "string", "format": "email", "title": "Your mail"},
        "age": {"type": "integer", "minimum": 18},
        "nick": {"type": "string", "default": "Countess"},
        "news": {"type": "boolean", "default": true},
        "size": {"type": "string", "oneOf": [{"const": "s", "title": "Small"}, {"const": "l", "title": "Large"}]},
        "colours": {"type": "array", "minItems": 1, "items": {"type": "string", "enum": ["red", "green"]}},
    }}})
}

both! {
    async fn only_the_server_gets_what_is_typed_and_only_if_it_fits(backend) {
        let Some(asked) = Asked::by(backend, "plain", much()).await else { return };
        let page = asked.page().await;
        assert_eq!(page.state(), "Waiting for your answer to it");
        assert_eq!((page.turn().as_str(), asked.state().as_str()), ("running", "awaiting_input"));
        assert!(page.find("group", "it asks you something").is_some());
        assert!(page.text().contains("Tell me of you") && page.text().contains("Never enter a password"));
        // A page without scripts does not reload under the person's hands.
        assert!(!page.html.contains("http-equiv=\"refresh\""));
        let form = question(&page);
        assert!(form.fields.contains(&("value".into(), "Countess".into())), "{:?}", form.fields);
        let wrong = typed(form, &[("mail", SECRET), ("age", "17"), ("nick", "Ada")]).press("Send to it");
        let page = asked.person.submit(&wrong).await;
        page.expect(422);
        let text = page.text();
        for words in ["This is no email address.", "This must be at least 18.", "This is needed.", "3 fields need another look"] {
            assert!(text.contains(words), "{words} is missing: {text}");
        }
        let mail = page.the("textbox", "Your mail (needed)");
        assert_eq!((mail.attribute("aria-invalid"), mail.attribute("value")), ("true", SECRET));
        assert_eq!(asked.state(), "awaiting_input");
        let mail = format!("{SECRET}@example.org");
        let form = typed(question(&page), &[("mail", &mail), ("age", "36"), ("size", "\"l\"")]);
        let right = form.forge("chosen", "5:1").press("Send to it");
        asked.person.submit(&right).await.expect(200);
        let content = json!({"mail": mail, "age": 36, "nick": "Ada", "news": true, "size": "l", "colours": ["green"]});
        assert_eq!(asked.said().await, json!({"action": "accept", "content": content}));
        asked.is_forgotten();
        assert_eq!(asked.acts(), "input_asked|form\ninput_answered|accept");
        for rows in ["audit_rows", "questions"] {
            let all = asked.app.query(&format!("SELECT * FROM {rows}"));
            assert!(!all.contains(SECRET), "{rows} has it");
        }
        assert!(asked.app.logs().iter().all(|line| !line.contains(SECRET)), "the log has it");
        let page = asked.chat.page().await;
        assert!(page.text().contains("You answered it: Tell me of you"), "{}", page.text());
        // It is answered once.
        asked.person.submit(&right).await.expect(409);
        let export = asked.person.get(&format!("/conversations/{}/export?format=md", asked.chat.id)).await;
        assert!(export.html.contains("You answered it:\n\n> Tell me of you"), "{}", export.html);
    }

    async fn an_answer_is_held_against_the_whole_schema_as_it_came(backend) {
        // A field that may be null is more than the library of the protocol reads; the pattern no field checks.
        let nick = json!({"anyOf": [{"type": "string"}, {"type": "null"}], "default": null});
        let code = json!({"type": "string", "pattern": "^[0-9]+$"});
        let schema = json!({"type": "object", "required": ["code"], "properties": {"code": code, "nick": nick}});
        let asks_for = json!({"message": "Which?", "requestedSchema": schema});
        let Some(asked) = Asked::by(backend, "plain", asks_for).await else { return };
        let page = asked.page().await;
        for (code, nick) in [("x", "null"), ("7", "1")] {
            let wrong = typed(question(&page), &[("code", code), ("nick", nick)]).press("Send to it");
            let page = asked.person.submit(&wrong).await;
            page.expect(422);
            assert!(page.text().contains("This does not fit what the server asks for: "), "{}", page.text());
            assert_eq!((asked.state().as_str(), asked.acts().as_str()), ("awaiting_input", "input_asked|form"));
        }
        let right = typed(question(&page), &[("code", "7")]).press("Send to it");
        asked.person.submit(&right).await.expect(200);
        assert_eq!(asked.said().await, json!({"action": "accept", "content": {"code": "7", "nick": null}}));
    }

    async fn no_is_an_answer_and_so_is_none(backend) {
        for (button, action, words) in [("Decline", "decline", "You declined"), ("Cancel", "cancel", "got no answer")] {
            let Some(asked) = Asked::by(backend, "plain", a_name()).await else { return };
            let page = asked.page().await;
            assert!(page.html.contains("&lt;b&gt;are&lt;/b&gt;") && !page.html.contains("<b>are"), "{}", page.html);
            let form = typed(question(&page), &[("name", SECRET)]).press(button);
            asked.person.submit(&form).await.expect(200);
            assert_eq!(asked.said().await, json!({"action": action}));
            assert_eq!(asked.acts(), format!("input_asked|form\ninput_answered|{action}"));
            assert!(asked.chat.page().await.text().contains(words));
            assert!(asked.servers.received("it").iter().all(|line| !line.contains(SECRET)));
        }
    }

    async fn the_newer_way_to_ask_is_the_same_for_the_person(backend) {
        let Some(asked) = Asked::by(backend, "modern", a_name()).await else { return };
        let form = typed(question(&asked.page().await), &[("name", "Ada")]).press("Send to it");
        asked.person.submit(&form).await.expect(200);
        assert_eq!(asked.said().await, json!({"action": "accept", "content": {"name": "Ada"}}));
        asked.is_forgotten();
    }

    async fn what_nobody_answers_in_time_is_cancelled(backend) {
        let Some(asked) = Asked::by(backend, "plain", a_name()).await else { return };
        let form = typed(question(&asked.page().await), &[("name", "Ada")]).press("Send to it");
        asked.app.query(&format!("UPDATE questions SET ends_at = '{LONG_AGO}'"));
        // Too late, whoever looks first.
        asked.person.submit(&form).await.expect(409);
        assert_eq!(asked.said().await, json!({"action": "cancel"}));
        assert_eq!(asked.acts(), "input_asked|form\ninput_cancelled|expired");
        asked.is_forgotten();
    }

    async fn stop_takes_the_question_back(backend) {
        let Some(asked) = Asked::by(backend, "plain", a_name()).await else { return };
        let form = typed(question(&asked.page().await), &[("name", "Ada")]).press("Send to it");
        asked.chat.stop().await.expect(200);
        eventually("its end is not known", async || (asked.state() == "outcome_unknown").then_some(())).await;
        asked.is_forgotten();
        asked.person.submit(&form).await.expect(409);
        let result = asked.app.query("SELECT result FROM tool_calls");
        assert!(result.contains("Nobody knows what the server did"), "{result}");
    }

    async fn a_restart_leaves_an_unknown_outcome(backend) {
        let Some(mut asked) = Asked::by(backend, "plain", a_name()).await else { return };
        let form = typed(question(&asked.page().await), &[("name", "Ada")]).press("Send to it");
        asked.app.kill9();
        asked.app.launch();
        let patience = std::time::Duration::from_secs(40);
        crate::support::within(patience, "its end is not known", async || (asked.state() == "outcome_unknown").then_some(())).await;
        asked.is_forgotten();
        asked.person.submit(&form).await.expect(409);
        let page = asked.chat.page().await;
        assert_eq!(page.turn(), "interrupted", "{}", page.text());
        assert!(page.nodes("form.question").is_empty());
    }

    async fn nobody_else_sees_or_answers_it(backend) {
        let Some(asked) = Asked::by(backend, "plain", a_name()).await else { return };
        let page = asked.page().await;
        let (form, waits) = (question(&page), asked.person.get("/approvals").await);
        assert!(waits.html.contains(&form.action), "it is not among what waits");
        let token = |page: &Page| page.csrf();
        for other in [asked.app.person("bob@example.org", &asked.app.tenant(), "member").await, asked.app.stranger().await] {
            let csrf = token(&other.new_page().await);
            let theirs = typed(form.clone(), &[("name", "Mallory")]).fill("csrf", &csrf).press("Send to it");
            let answer = other.submit(&theirs).await;
            answer.expect(404);
            assert!(!answer.html.contains("are you"), "{}", answer.html);
            assert!(!other.get("/approvals").await.html.contains(&form.action));
        }
        asked.person.submit(&form.clone().fill("csrf", "x").press("Decline")).await.expect(403);
        assert_eq!(asked.state(), "awaiting_input");
        // On a second device, from the list.
        let listed = typed(waits.form_to("/answer"), &[("name", "Ada")]).press("Send to it");
        let after = asked.person.second_device().submit(&listed).await;
        assert!(after.status == 200 || after.status == 403, "{}", after.status);
        if asked.state() == "awaiting_input" {
            asked.person.submit(&listed).await.expect(200);
        }
        assert_eq!(asked.said().await["content"], json!({"name": "Ada"}));
    }

    async fn an_address_is_shown_whole_and_opened_by_the_person_alone(backend) {
        let asks_for = |url: &str| json!({"mode": "url", "message": "Sign in there", "url": url, "elicitationId": "e1"});
        let Some(asked) = Asked::by(backend, "plain", asks_for("https://pay.example/in?x=1")).await else { return };
        let page = asked.page().await;
        let link = page.the("link", "Open pay.example in a new tab");
        assert_eq!((link.attribute("href"), link.attribute("target")), ("https://pay.example/in?x=1", "_blank"));
        assert_eq!(link.attribute("rel"), "noopener noreferrer");
        assert_eq!(page.nodes(".address strong")[0].text, "pay.example");
        asked.person.submit(&question(&page).press("I have done it")).await.expect(200);
        assert_eq!(asked.said().await, json!({"action": "accept"}));
        assert_eq!(asked.acts(), "input_asked|address\ninput_answered|accept");
        for url in ["javascript:alert(1)", "https://bank.example@evil.example/"] {
            let Some(asked) = Asked::by(backend, "plain", asks_for(url)).await else { return };
            assert_eq!(asked.said().await, json!({"action": "decline"}), "{url}");
            assert_eq!(asked.acts(), "");
        }
    }

    async fn scripts_are_told_that_the_person_is_asked(backend) {
        let servers = Configured::new().process("it", "plain", &[]);
        let file = servers.file();
        let (_app, person) = App::ready(backend, &[("MCP_CONFIG", file.as_str())]).await;
        let script = Script::first(&person.base).await;
        let call = json!({"name": "it__ask", "args": {"asks": a_name()}});
        let waits = crate::direct::call(&script, &call, None).await.expect(202);
        assert_eq!(waits.json()["state"], "awaiting_input");
        let conversation = waits.header("x-chat-session-id").unwrap().to_owned();
        let page = person.get(&format!("/conversations/{conversation}")).await;
        person.submit(&typed(question(&page), &[("name", "Ada")]).press("Send to it")).await.expect(200);
        eventually("the call ends", async || {
            let page = person.get(&format!("/conversations/{conversation}")).await;
            (page.tool_calls()[0].state == "succeeded").then_some(())
        })
        .await;
    }

    async fn who_may_not_work_here_any_more_answers_nothing(backend) {
        let Some(asked) = Asked::by(backend, "plain", a_name()).await else { return };
        asked.page().await;
        asked.app.query("UPDATE memberships SET is_active = FALSE");
        eventually("the question is over", async || (asked.state() != "awaiting_input").then_some(())).await;
        asked.is_forgotten();
        assert!(asked.acts().ends_with("input_cancelled|person_gone"), "{}", asked.acts());
    }

    async fn what_came_with_a_failure_is_kept(backend) {
        let png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
        let servers = Configured::new().process("it", "plain", &[]);
        let arguments = json!({"fails": true, "data": png}).to_string();
        let Some((app, person, replay)) = playing(backend, &servers, &asks("it__picture", &arguments)).await else { return };
        let chat = person.new_conversation("Draw").await;
        chat.approve().await.expect(200);
        let page = chat.settled().await;
        assert_eq!(page.tool_calls()[0].state, "failed", "{}", page.text());
        assert_eq!(app.query("SELECT error_code FROM tool_calls"), "tool_error");
        assert_eq!(page.nodes(".came img").len(), 1, "{}", page.html);
        // The API takes no picture in a result that says that it failed: it stands behind it.
        let round = replay.rounds().pop().unwrap();
        let blocks: Vec<&Value> = round["messages"].as_array().unwrap().iter().filter_map(|said| said["content"].as_array()).flatten().collect();
        let failed = blocks.iter().find(|block| block["type"] == "tool_result").unwrap();
        assert!(failed["is_error"] == true && failed["content"].is_string(), "{failed}");
        assert!(blocks.iter().any(|block| block["type"] == "image"), "{blocks:?}");
        replay.assert_refused_none();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_answered_at_another_instance() {
    let Some(asked) = Asked::by(Backend::Postgres, "plain", a_name()).await else { return };
    let other = asked.app.beside();
    let there = other.visitor();
    there.sign_in(Person::FIRST.0, Person::FIRST.1).await.expect(200);
    let socket = asked.chat.socket().await;
    let page = asks_on(&asked.chat.seen_by(&there)).await;
    there.submit(&typed(question(&page), &[("name", "Ada")]).press("Send to it")).await.expect(200);
    assert_eq!(asked.said().await, json!({"action": "accept", "content": {"name": "Ada"}}));
    socket.hears("You answered it").await;
    asked.is_forgotten();
}
