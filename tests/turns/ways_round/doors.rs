//! A decision that does not come in by the door that decisions have.

use reqwest::Method;
use serde_json::json;
use tokio_tungstenite::tungstenite::Message;
use url::form_urlencoded::Serializer;

use super::{Desk, refuses};
use crate::both;

both! {
    async fn forms_that_no_page_of_ours_sent(backend) {
        let desk = Desk::open(backend).await;
        let (chat, waits) = desk.asks("one.txt", "One").await;
        let form = waits.form.clone().press("Approve");
        let other = desk.person.second_device();
        other.sign_in(crate::support::Person::FIRST.0, crate::support::Person::FIRST.1).await.expect(200);
        let of_other = other.get("/conversations").await.csrf();
        let checks = || assert_eq!((desk.stands(&waits), desk.effects()), ("pending".into(), (0, Vec::new())));
        // A page of somebody else's makes the browser send it: no token, or one that is none or another session's.
        for forged in [
            form.clone().without("csrf"),
            form.clone().fill("csrf", ""),
            form.clone().fill("csrf", "0"),
            form.clone().fill("csrf", &of_other),
        ] {
            desk.person.submit(&forged).await.expect(403);
            checks();
        }
        // With the right token, from a foreign place: the browser says where it comes from.
        for headers in [
            &[("origin", "https://evil.example")][..],
            &[("origin", "null")],
            &[("origin", "http://127.0.0.1:1")],
            &[("sec-fetch-site", "cross-site")],
            &[("origin", ""), ("sec-fetch-site", "cross-site")],
            &[("sec-fetch-site", "same-site")],
        ] {
            let page = desk.person.submit_with(&form, headers).await;
            assert_eq!(page.status, 403, "{headers:?}");
            checks();
        }
        // An address that a picture or a link could hold, and every other method.
        let query = Serializer::new(String::new()).extend_pairs(&form.fields).finish();
        let address = format!("{}?{query}", form.action);
        for method in [Method::GET, Method::HEAD, Method::PUT, Method::PATCH, Method::DELETE, Method::OPTIONS] {
            let page = desk.person.request(method.clone(), &address, None, &[]).await;
            assert!(refuses(&page), "{method} answers {}", page.status);
            checks();
        }
        // A form whose fields stand in the address, or whose body is no form.
        let page = desk.person.request(Method::POST, &address, Some(String::new()), &[]).await;
        assert!(refuses(&page), "fields in the address: {}", page.status);
        let fields: serde_json::Map<_, _> =
            form.fields.iter().map(|(name, value)| (name.clone(), json!(value))).collect();
        for kind in ["application/json", "text/plain", "application/x-www-form-urlencoded"] {
            let body = serde_json::Value::Object(fields.clone()).to_string();
            let page = desk.person.request(Method::POST, &form.action, Some(body), &[("content-type", kind)]).await;
            assert!(refuses(&page), "JSON as {kind} answers {}", page.status);
            checks();
        }
        // An address that is nearly the call's.
        for action in [
            form.action.replace("/decision", "/decision/"),
            form.action.replace("/decision", "//decision"),
            form.action.replace("/decision", ""),
            form.action.replace(&waits.call, "../tool-calls/0"),
            form.action.replace(&waits.call, "%00"),
        ] {
            let mut lost = form.clone();
            lost.action = action.clone();
            let page = desk.person.submit(&lost).await;
            assert!(refuses(&page), "{action} answers {}", page.status);
            checks();
        }
        desk.still_takes(&chat, &waits).await;
    }

    /// The page's socket tells and takes nothing: whatever looks like a decision on it is none.
    async fn frames_on_the_page_s_socket(backend) {
        let desk = Desk::open(backend).await;
        let (chat, waits) = desk.asks("one.txt", "One").await;
        let form = waits.form.clone().press("Approve");
        let (call, digest) = (&waits.call, form.value("digest").unwrap());
        let mut htmx: serde_json::Map<_, _> =
            form.fields.iter().map(|(name, value)| (name.clone(), json!(value))).collect();
        htmx.insert("HEADERS".into(), json!({"HX-Request": "true", "HX-Current-URL": desk.person.base}));
        let frames = [
            // As the JSON socket takes it.
            json!({"type": "tool_approval", "tool_use_id": call, "approved": true, "digest": digest}).to_string(),
            json!({"type": "tool_approval", "tool_use_id": call, "approved": true}).to_string(),
            // As htmx sends a form by a socket, with the page's own token.
            serde_json::Value::Object(htmx).to_string(),
            // As a form is sent.
            Serializer::new(String::new()).extend_pairs(&form.fields).finish(),
            json!({"id": call, "decision": "approve", "digest": digest}).to_string(),
            "approve".to_owned(),
        ];
        let mut socket = chat.socket().await;
        for frame in frames {
            socket.says(Message::Binary(frame.clone().into_bytes().into())).await;
            socket.says(Message::Text(frame.into())).await;
        }
        assert_eq!((desk.stands(&waits), desk.effects()), ("pending".into(), (0, Vec::new())));
        desk.still_takes(&chat, &waits).await;
        socket.hears("succeeded").await;
    }
}
