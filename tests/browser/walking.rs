//! Every built-in tool through the page: asked, shown, edited, approved, seen at work, its result folded in the chat, and
//! the reply going on; and denied with a reason, the reply going on all the same.

use std::sync::{Arc, Condvar, Mutex};

use serde_json::{Value, json};

use crate::{
    chatting::guarded,
    support::{App, Backend, Browser, Hold, Key, Look, Replay, Reply, Site, eventually},
};

/// A tool on its way through the page.
struct Walk {
    tool: &'static str,
    /// What the model asks for.
    asks: Value,
    /// What of it is seen before it is decided.
    shown: &'static [&'static str],
    /// What the person makes of it.
    edited: Value,
    /// Whether the edit reaches elsewhere, and is shown once more.
    is_shown_again: bool,
    /// How it is held while it works, and what is seen then.
    work: Option<(Held, &'static str, String)>,
    /// What its result says.
    result: String,
}

/// What a tool waits for before it comes to its end.
#[derive(Clone, Copy, PartialEq)]
enum Held {
    Disk,
    Network,
    /// Nothing holds a script: it works for some seconds by itself.
    Clock,
}

/// Lets answers of a site wait.
#[derive(Clone, Default)]
struct Gate(Arc<(Mutex<bool>, Condvar)>);

impl Gate {
    fn set(&self, is_closed: bool) {
        *self.0.0.lock().unwrap() = is_closed;
        self.0.1.notify_all();
    }

    fn pass(&self) {
        drop(self.0.1.wait_while(self.0.0.lock().unwrap(), |is_closed| *is_closed).unwrap());
    }
}

/// Pages, and Tavily.
fn site(gate: &Gate) -> Site {
    let gate = gate.clone();
    Site::start(move |asked, body| match asked {
        "GET /robots.txt" => Some((404, "text/plain", String::new())),
        "POST /search" => {
            gate.pass();
            let asked: Value = serde_json::from_str(body).unwrap();
            let hit =
                json!({"title": "Harbour", "url": "https://harbour.example/", "content": "When the water comes."});
            let found = json!({"answer": format!("An answer about {}", asked["query"]), "results": [hit]});
            Some((200, "application/json", found.to_string()))
        }
        path => {
            gate.pass();
            Some((200, "text/plain", format!("The text behind {path}")))
        }
    })
}

fn walks(site: &Site) -> Vec<Walk> {
    let host = site.url("").split_once("://").unwrap().1.to_owned();
    let script = "console.log('first light'); const until = Date.now() + 6000; while (Date.now() < until); 6 * 7";
    vec![
        Walk {
            tool: "write_file",
            asks: json!({"path": "notes/hello.txt", "content": "Hello world"}),
            shown: &["notes/hello.txt", "Hello world"],
            edited: json!({"path": "notes/hello.txt", "content": "Good morning"}),
            is_shown_again: false,
            work: Some((Held::Disk, "Creating file notes/hello.txt", "Good morning".into())),
            result: "notes/hello.txt".into(),
        },
        Walk {
            tool: "read_file",
            asks: json!({"path": "notes/hello.txt"}),
            shown: &["notes/hello.txt"],
            edited: json!({"path": "notes/hello.txt", "from_line": 1, "lines": 1}),
            is_shown_again: false,
            work: None,
            result: "Good morning".into(),
        },
        Walk {
            tool: "list_files",
            asks: json!({}),
            shown: &[],
            edited: json!({"path": "notes"}),
            is_shown_again: true,
            work: None,
            result: "hello.txt".into(),
        },
        Walk {
            tool: "fetch_url",
            asks: json!({"url": site.url("/first")}),
            shown: &["/first"],
            edited: json!({"url": site.url("/second")}),
            is_shown_again: false,
            work: Some((Held::Network, "Running fetch_url", format!("Fetching {}", site.url("/second")))),
            result: "The text behind GET /second".into(),
        },
        Walk {
            tool: "web_search",
            asks: json!({"query": "tides of today"}),
            shown: &["tides of today"],
            edited: json!({"query": "ebb and flow", "count": 1}),
            is_shown_again: false,
            work: Some((Held::Network, "Running web_search", format!("Asking {host}"))),
            result: "An answer about \"ebb and flow\"".into(),
        },
        Walk {
            tool: "run_js",
            asks: json!({"code": "console.log('not this'); 1 + 1"}),
            shown: &["console.log('not this'); 1 + 1"],
            edited: json!({"code": script}),
            is_shown_again: false,
            work: Some((Held::Clock, "Running run_js", "first light".into())),
            result: "42".into(),
        },
        Walk {
            tool: "records_insert",
            asks: json!({"collection": "prices", "documents": [{"name": "Coffee", "price": 4}]}),
            shown: &["prices", "Coffee"],
            edited: json!({"collection": "prices", "documents": [{"name": "Tea", "price": 2}]}),
            is_shown_again: false,
            work: None,
            result: "\"inserted\":1".into(),
        },
        Walk {
            tool: "records_find",
            asks: json!({"collection": "prices", "filter": {"price": {"$gt": 1}}}),
            shown: &["prices", "$gt"],
            edited: json!({"collection": "prices", "filter": {"name": "Tea"}, "projection": {"_id": 0}}),
            is_shown_again: false,
            work: None,
            result: "{\"name\":\"Tea\",\"price\":2}".into(),
        },
        Walk {
            tool: "records_update",
            asks: json!({"collection": "prices", "filter": {"name": "Tea"}, "update": {"$inc": {"price": 1}}}),
            shown: &["prices", "$inc"],
            edited: json!({"collection": "prices", "filter": {"name": "Tea"}, "update": {"$set": {"price": 5}}}),
            is_shown_again: false,
            work: None,
            result: "\"changed\":1".into(),
        },
        Walk {
            tool: "research",
            asks: json!({"question": "price of tea"}),
            shown: &["price of tea"],
            edited: json!({"question": "tea", "collection": "prices"}),
            is_shown_again: true,
            work: Some((Held::Network, "Running research", format!("Looking through the records and asking {host}"))),
            result: "An answer about \"tea\"".into(),
        },
    ]
}

/// The page, and what its tools reach.
struct World {
    app: App,
    browser: Browser,
    replay: Replay,
    site: Site,
    gate: Gate,
    hold: Hold,
}

/// The newest call as the page has it.
struct Call {
    state: String,
    is_open: bool,
    text: String,
}

impl World {
    async fn last_call(&self) -> Call {
        let body = "const call = [...document.querySelectorAll('#log article[data-role=tool]')].at(-1);
            return call && [call.dataset.toolState, call.querySelector('.call > details').open, call.textContent]";
        let call = self.browser.script(body, vec![]).await;
        let text = |n: usize| call[n].as_str().unwrap_or_default().to_owned();
        Call { state: text(0), is_open: call[1] == true, text: text(2) }
    }

    /// Every word of what the model was told last.
    fn told(&self) -> String {
        fn words(value: &Value) -> String {
            match value {
                Value::String(text) => format!("{text}\n"),
                Value::Array(items) => items.iter().map(words).collect(),
                Value::Object(fields) => fields.values().map(words).collect(),
                _ => String::new(),
            }
        }
        let last = self.replay.rounds().pop().expect("the model was asked");
        words(last["messages"].as_array().unwrap().last().unwrap())
    }

    /// The model asks, and the page shows what for.
    async fn asked(&self, walk: &Walk, is_first: bool) {
        let message = format!("Use {}", walk.tool);
        if is_first {
            self.browser.new_conversation(&message).await;
        } else {
            self.browser.say(&message).await;
        }
        self.browser.comes_to("Waiting for your approval").await;
        let group = self.browser.the("group", &format!("Approve {}?", walk.tool)).await;
        let text = self.browser.text(&group).await;
        for part in walk.shown.iter().chain([&walk.tool]) {
            assert!(text.contains(part), "{}: “{part}” is not in what is to be approved: {text}", walk.tool);
        }
    }

    async fn presses(&self, button: &str) {
        let button = self.browser.the("button", button).await;
        guarded(&self.browser).await;
        self.browser.click(&button).await;
    }

    /// The person changes the arguments and approves.
    async fn edits(&self, walk: &Walk) {
        self.presses("Edit arguments").await;
        self.browser.focus_comes_to("textbox", "Arguments").await;
        let field = self.browser.the("textbox", "Arguments").await;
        let text = self.browser.property(&field, "value").await;
        let read: Value = serde_json::from_str(text.as_str().unwrap()).unwrap();
        assert_eq!(read, walk.asks, "{}", walk.tool);
        self.browser.press_with(Key::Control, Key::Letter('a')).await;
        self.browser.enter(&field, &walk.edited.to_string()).await;
        self.presses("Approve").await;
        if walk.is_shown_again {
            self.browser.sees("You changed where this goes. Look at it once more.").await;
            assert_ne!(self.last_call().await.state, "succeeded", "{} ran unseen", walk.tool);
            self.presses("Approve").await;
        }
    }

    /// What is seen of a tool while it works.
    async fn seen_at_work(&self, walk: &Walk) {
        let Some((held, status, chunk)) = &walk.work else { return };
        self.browser.comes_to(status).await;
        eventually(&format!("{} shows what it does", walk.tool), async || {
            self.browser.outputs().await.contains(chunk.as_str()).then_some(())
        })
        .await;
        // It was no look back.
        let state = self.app.query("SELECT state FROM tool_calls ORDER BY created_at DESC, id DESC LIMIT 1");
        assert_eq!(state, "running", "{} had ended", walk.tool);
        match held {
            Held::Disk => self.hold.open(),
            Held::Network => self.gate.set(false),
            Held::Clock => {}
        }
    }

    async fn approved(&self, walk: &Walk, is_first: bool) {
        match walk.work {
            Some((Held::Disk, ..)) => self.hold.close(),
            Some((Held::Network, ..)) => self.gate.set(true),
            _ => {}
        }
        self.asked(walk, is_first).await;
        self.edits(walk).await;
        self.seen_at_work(walk).await;
        self.goes_on(walk).await;
        let call = self.last_call().await;
        assert_eq!((call.state.as_str(), call.is_open), ("succeeded", false), "{}: {}", walk.tool, call.text);
        assert!(call.text.contains(&walk.result), "{}: {}", walk.tool, call.text);
        assert!(call.text.contains("You changed the arguments"), "{}: {}", walk.tool, call.text);
        let told = self.told();
        assert!(told.contains(&walk.result), "{}: the model was told {told}", walk.tool);
        // Folded, but there.
        let folds = self.browser.all("#log article[data-role=tool] .call > details > summary").await;
        self.browser.click(folds.last().unwrap()).await;
        let shown = crate::support::squeezed(&walk.result);
        self.browser.sees(&shown).await;
    }

    async fn denied(&self, walk: &Walk, is_first: bool) {
        let before = self.site.requests().len();
        self.asked(walk, is_first).await;
        let reason = format!("Not {} now", walk.tool);
        let field = self.browser.the("textbox", "Reason").await;
        self.browser.enter(&field, &reason).await;
        self.presses("Deny").await;
        self.goes_on(walk).await;
        let call = self.last_call().await;
        assert_eq!((call.state.as_str(), call.is_open), ("denied", false), "{}: {}", walk.tool, call.text);
        assert!(call.text.contains(&reason), "{}: {}", walk.tool, call.text);
        assert!(self.told().contains(&reason), "{}: the model was told {}", walk.tool, self.told());
        assert_eq!(self.site.requests().len(), before, "{} asked the network", walk.tool);
    }

    /// The reply goes on to its end.
    async fn goes_on(&self, walk: &Walk) {
        self.browser.sees(&format!("That was {}.", walk.tool)).await;
        self.browser.comes_to("Ready").await;
    }

    fn counted(&self, what: &str) -> String {
        self.app.query(&format!("SELECT count(*) FROM tool_calls WHERE {what}"))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_built_in_tool_goes_through_the_page() {
    let (gate, hold) = (Gate::default(), Hold::new());
    hold.open();
    let site = site(&gate);
    let walks = walks(&site);
    // A conversation begins anew with the first of them: the script's next reply is that of the next round.
    let mut replies = Vec::new();
    for walk in &walks {
        replies.push((format!("ask-{}", walk.tool), Reply::text("A tool.").and_tool(walk.tool, walk.asks.clone())));
        replies.push((format!("end-{}", walk.tool), Reply::text(&format!("That was {}.", walk.tool))));
    }
    let rounds: Vec<String> = replies.iter().map(|(name, _)| format!("anthropic/{name}")).collect();
    let rounds: Vec<&str> = rounds.iter().map(String::as_str).collect();
    let replies: Vec<_> = replies.iter().map(|(name, reply)| (name.as_str(), reply.clone())).collect();
    let Some(replay) = Replay::playing(&replies, &[("walk", &rounds)]) else { return };

    let mut app = App::new(Backend::Sqlite);
    app.held_by(&hold);
    let (url, settings) = (site.url(""), replay.settings("script:walk.json"));
    let own = [("TAVILY_API_KEY", "key"), ("TAVILY_URL", url.as_str()), ("FETCH_ALLOW_PRIVATE", "true")];
    for (key, value) in settings.into_iter().chain(own) {
        app.set(key, value);
    }
    app.launch();
    let person = app.setup().await;
    let browser = Browser::of(&person, Look::LIGHT).await;
    let world = World { app, browser, replay, site, gate, hold };

    for (place, walk) in walks.iter().enumerate() {
        world.approved(walk, place == 0).await;
    }
    assert_eq!(world.app.file("notes/hello.txt").as_deref(), Some("Good morning"));
    let all = walks.len().to_string();
    assert_eq!(world.counted("state = 'succeeded' AND asked_arguments IS NOT NULL"), all);
    let documents = world.app.query("SELECT document FROM records");
    assert!(documents.contains("Tea") && documents.contains('5') && documents.lines().count() == 1, "{documents}");

    for (place, walk) in walks.iter().enumerate() {
        world.denied(walk, place == 0).await;
    }
    assert_eq!(world.counted("state = 'denied' AND started_at IS NULL"), all);
    assert_eq!(world.counted("started_at IS NOT NULL"), all, "one that was denied ran");
    assert_eq!(world.app.file("notes/hello.txt").as_deref(), Some("Good morning"));
    assert_eq!(world.app.query("SELECT document FROM records"), documents);
    world.browser.assert_quiet().await;
}
