//! What scripts are told with a browser's session.

use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    both,
    support::{App, Backend, Page, Person, Replay, Reply},
};

const WISH: &str = "Create a file `notes/hello.txt` with content: Hello world";

pub fn parsed(page: &Page) -> Value {
    assert_eq!(page.header("content-type"), Some("application/json"), "{} {}", page.url, page.status);
    assert!(page.header("cache-control").is_some_and(|cache| cache.contains("no-store")), "{} is kept", page.url);
    serde_json::from_str(&page.html).unwrap_or_else(|fault| panic!("{fault}: {}", page.html))
}

async fn approvals(person: &Person) -> Page {
    person.request(Method::GET, "/api/approvals", None, &[]).await
}

/// The code and the words of an error, if it has the shape of one.
pub fn error(page: &Page) -> (u16, String, String) {
    let body = parsed(page);
    let text = |value: &Value| value.as_str().map(str::to_owned).unwrap_or_else(|| panic!("{body}"));
    assert_eq!(text(&body["request_id"]), page.header("x-request-id").expect("a request id"), "{body}");
    (page.status, text(&body["error"]["code"]), text(&body["error"]["message"]))
}

both! {
    async fn what_waits_is_listed_oldest_first(backend) {
        let (app, person) = App::ready(backend, &[]).await;
        assert_eq!(parsed(approvals(&person).await.expect(200)), json!({"items": [], "next_cursor": null}));
        let first = person.new_conversation(WISH).await;
        let shown = first.approvals(1).await.remove(0);
        let second = person.new_conversation("Create a file `b.txt` with content: B").await;
        second.approvals(1).await;

        let listed = parsed(approvals(&person).await.expect(200));
        assert_eq!(listed["next_cursor"], Value::Null);
        let [call, other] = &listed["items"].as_array().unwrap()[..] else { panic!("{listed}") };
        assert_eq!((&call["conversation_id"], &other["conversation_id"]), (&json!(first.id), &json!(second.id)));
        assert_eq!((&call["id"], &call["digest"]), (&json!(shown.call), &json!(shown.form.value("digest"))));
        assert_eq!((&call["name"], &call["server"], &call["state"]), (&json!("write_file"), &json!("sayso"), &json!("pending")));
        assert_eq!(call["arguments"], json!({"path": "notes/hello.txt", "content": "Hello world"}));
        assert_eq!((&call["target"], &call["difference"]["is_new"]), (&json!("notes/hello.txt"), &json!(true)));
        let asked = |call: &Value| chrono::DateTime::parse_from_rfc3339(call["created_at"].as_str().unwrap()).unwrap();
        assert!(asked(call) <= asked(other), "{listed}");

        // It is the person's alone, and gone when it is decided.
        for stranger in [app.stranger().await, app.person("bob@example.org", &app.tenant(), "admin").await] {
            assert_eq!(parsed(approvals(&stranger).await.expect(200))["items"], json!([]));
        }
        first.approve().await.expect(200);
        first.settled().await;
        let listed = parsed(approvals(&person).await.expect(200));
        assert_eq!(listed["items"].as_array().map(|items| items.len()), Some(1), "{listed}");
        assert_eq!(listed["items"][0]["conversation_id"], json!(second.id));
    }

    async fn errors_are_json_in_the_callers_language(backend) {
        let (app, person) = App::ready(backend, &[]).await;
        let (status, code, english) = error(&approvals(&app.visitor()).await);
        assert_eq!((status, code.as_str()), (401, "unauthorized"));
        let (status, code, portuguese) = error(&approvals(&app.visitor().speaking("pt-BR")).await);
        assert_eq!((status, code.as_str()), (401, "unauthorized"));
        assert_ne!(english, portuguese);
        for (method, path, expected) in [
            (Method::GET, "/api/nothing", (404, "not_found")),
            (Method::GET, "/api", (404, "not_found")),
            (Method::GET, "/api/", (404, "not_found")),
            (Method::POST, "/api/nothing", (404, "not_found")),
            (Method::DELETE, "/api/approvals", (405, "method_not_allowed")),
        ] {
            let (status, code, _) = error(&person.request(method, path, None, &[]).await);
            assert_eq!((status, code.as_str()), expected, "{path}");
        }
        let foreign = person.request(Method::GET, "/api/approvals", None, &[("host", "evil.example")]).await;
        let (status, code, _) = error(&foreign);
        assert_eq!((status, code.as_str()), (421, "wrong_host"));
        let head = person.request(Method::HEAD, "/api/approvals", None, &[]).await;
        assert_eq!((head.status, head.html.as_str()), (200, ""));
    }
}

/// Calls with a token are let in from elsewhere; the cookie that a browser adds must not speak for its person then.
#[tokio::test(flavor = "multi_thread")]
async fn a_cookie_does_not_speak_where_a_token_was_sent() {
    let (_app, person) = App::ready(Backend::Sqlite, &[]).await;
    assert_eq!(approvals(&person).await.status, 200);
    for host in ["", "evil.example"] {
        let mut headers = vec![("authorization", "Bearer nonsense")];
        headers.extend((!host.is_empty()).then_some(("host", host)));
        let (status, code, _) = error(&person.request(Method::GET, "/api/approvals", None, &headers).await);
        assert_eq!((status, code.as_str()), (401, "unauthorized"), "{host}");
    }
}

/// What is approved is a text; a number that came with its zeros goes out with them.
#[tokio::test(flavor = "multi_thread")]
async fn arguments_are_given_as_they_are_stored() {
    let written = r#"{"collection":"prices", "documents":[{"_id":"tea","price":1.50,"big":18446744073709551615}]}"#;
    let reply = Reply::text("To be kept.").and_raw_tool("records_insert", written);
    let Some(replay) = Replay::playing(
        &[("ask", reply), ("end", Reply::text("Done."))],
        &[("one", &["anthropic/ask", "anthropic/end"])],
    ) else {
        return;
    };
    let (_app, person) = App::ready(Backend::Sqlite, &replay.settings("script:one.json")).await;
    let chat = person.new_conversation("Keep it").await;
    chat.approvals(1).await;
    let page = approvals(&person).await;
    assert!(page.html.contains(&format!(r#""arguments":{written},"#)), "{}", page.html);
    assert_eq!(parsed(&page)["items"][0]["name"], json!("records_insert"));
}
