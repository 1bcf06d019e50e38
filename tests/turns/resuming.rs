//! After a decision the model is asked with everything that it was asked with before: the instructions, the images,
//! citations and whatever else only it understands, and exactly the person's tools.

use serde_json::Value;

use crate::{
    both,
    support::{App, Backend, Chat, Replay, Reply, pictures},
};

const INSTRUCTIONS: &str = "Answer like a pirate. Never speak of the harbour master.";

/// What was recorded: citations, what a server's own search found, and thinking that is signed.
const RECORDED: [&str; 3] =
    ["anthropic/citations-haiku45", "anthropic/srv-web-search-haiku45", "anthropic/thinking-adaptive-opus46"];

/// How a request goes on: decided so, and over a restart or not.
struct Way {
    button: &'static str,
    restarts: bool,
}

/// A request without the marks of where it may be cached, which move on.
fn bare(mut request: Value) -> Value {
    fn strip(value: &mut Value) {
        match value {
            Value::Object(fields) => {
                fields.remove("cache_control");
                fields.values_mut().for_each(strip);
            }
            Value::Array(items) => items.iter_mut().for_each(strip),
            _ => {}
        }
    }
    strip(&mut request);
    request
}

fn names(request: &Value) -> Vec<&str> {
    request["tools"].as_array().unwrap().iter().map(|tool| tool["name"].as_str().unwrap()).collect()
}

/// Every block of that type in a request's messages.
fn blocks<'a>(request: &'a Value, kind: &str) -> Vec<&'a Value> {
    let messages = request["messages"].as_array().unwrap().iter();
    let blocks = messages.filter_map(|message| message["content"].as_array()).flatten();
    blocks.filter(|block| block["type"] == kind).collect()
}

async fn goes_on(backend: Backend, way: Way) {
    let ask = Reply::text("I write it down.").and_write_file("notes/map.txt", "X");
    let script: Vec<&str> = RECORDED.into_iter().chain(["anthropic/ask", "anthropic/end"]).collect();
    let replies = [("ask", ask), ("end", Reply::text("Arr."))];
    let Some(replay) = Replay::playing(&replies, &[("resume", &script)]) else { return };
    let (mut app, person) = App::ready(backend, &replay.settings("script:resume.json")).await;
    app.query(&format!("UPDATE tenants SET system_prompt = '{INSTRUCTIONS}'"));
    app.query(
        "INSERT INTO tool_rules (tenant_id, server, name, verdict, grants_allowed, guests_allowed, changed_at) \
         SELECT id, 'sayso', 'run_js', 'deny', TRUE, FALSE, created_at FROM tenants",
    );
    let form = person.new_page().await.composer().fill("message", "What is this?");
    let page = person.submit_files(&form, &[("images", "map.png", &pictures::png())]).await;
    page.expect(200);
    let chat = Chat { person: person.clone(), id: page.conversation() };
    assert_eq!(chat.settled().await.turn(), "completed");
    for message in ["And then?", "And more?"] {
        assert_eq!(chat.say(message).await.turn(), "completed");
    }
    chat.send("Write it down").await.expect(200);
    let waits = chat.approvals(1).await.remove(0);
    if way.restarts {
        app.restart();
    }
    chat.decide(&waits, way.button).await.expect(200);
    let page = chat.until("the reply goes on", |page| page.turn() == "completed").await;
    assert!(page.replies().contains("Arr."), "{}", page.replies());

    let rounds: Vec<Value> = replay.rounds().into_iter().map(bare).collect();
    assert_eq!(rounds.len(), 5);
    let (before, after) = (&rounds[3], &rounds[4]);
    // Word for word what it was asked with, and then what came since: its request and the answer to it.
    assert!(after["system"].to_string().contains(INSTRUCTIONS), "{}", after["system"]);
    assert_eq!(after["system"], before["system"]);
    assert_eq!(after["tools"], before["tools"]);
    for (key, value) in before.as_object().unwrap() {
        if key != "messages" {
            assert_eq!(after.get(key), Some(value), "{key}");
        }
    }
    let (said, now) = (before["messages"].as_array().unwrap(), after["messages"].as_array().unwrap());
    assert_eq!(&now[..said.len()], said.as_slice());
    assert_eq!(now.len(), said.len() + 2);
    let answer = &now.last().unwrap()["content"][0];
    assert_eq!(answer["is_error"] == true, way.button == "Deny", "{answer}");
    assert_eq!(answer["tool_use_id"], now[said.len()]["content"][1]["id"]);
    // Each of the things by name, should all of them have been missing from the beginning.
    let image = blocks(after, "image");
    assert_eq!(image.len(), 1);
    assert!(image[0]["source"]["data"].as_str().is_some_and(|data| data.len() > 100));
    let cited = blocks(after, "text").into_iter().filter(|block| block["citations"].is_array()).count();
    assert!(cited >= 2, "{cited} texts with citations");
    assert!(!blocks(after, "web_search_tool_result").is_empty());
    assert_eq!(blocks(after, "server_tool_use").len(), blocks(after, "web_search_tool_result").len());
    assert!(blocks(after, "thinking").iter().all(|block| block["signature"].is_string()));
    assert!(!blocks(after, "thinking").is_empty());
    let offered = names(after);
    assert!(offered.contains(&"write_file") && !offered.contains(&"run_js"), "{offered:?}");
}

both! {
    async fn after_an_approval(backend) {
        goes_on(backend, Way { button: "Approve", restarts: false }).await;
    }

    async fn after_a_denial(backend) {
        goes_on(backend, Way { button: "Deny", restarts: false }).await;
    }

    async fn after_a_restart_between_asking_and_approving(backend) {
        goes_on(backend, Way { button: "Approve", restarts: true }).await;
    }
}
