//! Servers that people run, each used through a whole turn: its tool is asked for, approved by the page's form, sent once
//! with what was approved and not a byte of it before, and its result stands on the page and in the model's next request.

use std::{fs, process::Command, time::Duration};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use crate::{
    both,
    support::{
        App, Backend, Chat, Page, Person, Replay, Reply, Script, SentEvent, Wiretap,
        installed::{Listening, of_npm, of_pypi},
        servers::Configured,
        within,
    },
};

/// How long a server may take to be there: npm and Python load for many seconds on a busy machine.
const START: Duration = Duration::from_secs(90);

/// How the server is reached, and where what it is sent is noted.
enum Way {
    /// A process whose standard input is noted.
    Pipes(Configured),
    /// An address behind a wire that notes.
    Http(Configured, Wiretap),
}

impl Way {
    fn pipes(program: &str, arguments: &[&str]) -> Self {
        Self::Pipes(Configured::new().recorded("it", program, arguments))
    }

    fn http(port: u16) -> Self {
        let wire = Wiretap::before(port);
        Self::Http(Configured::new().at("it", &wire.url()), wire)
    }

    fn file(&self) -> String {
        match self {
            Self::Pipes(servers) | Self::Http(servers, _) => servers.file(),
        }
    }

    /// All that the server was sent.
    fn sent(&self) -> String {
        match self {
            Self::Pipes(servers) => servers.received("it").join("\n"),
            Self::Http(_, wire) => wire.sent(),
        }
    }

    fn calls(&self) -> usize {
        self.sent().matches(r#""tools/call""#).count()
    }

    /// The arguments as they go over this way: through pipes as they were written, over HTTP written anew by the library.
    fn as_sent(&self, arguments: &str) -> String {
        match self {
            Self::Pipes(_) => arguments.to_owned(),
            Self::Http(..) => serde_json::from_str::<Value>(arguments).unwrap().to_string(),
        }
    }
}

/// A turn that is over, and what was heard of it.
struct Used {
    app: App,
    chat: Chat,
    page: Page,
    replay: Replay,
    way: Way,
    /// What the page's socket was told while it ran.
    frames: String,
    /// What a script was told meanwhile.
    events: Vec<SentEvent>,
}

impl Used {
    /// What the model was told next.
    fn told(&self) -> Value {
        self.replay.rounds().pop().unwrap()["messages"].clone()
    }

    /// The result as it is shown.
    fn shown(&self) -> String {
        let results = self.page.nodes("#log .result pre");
        assert_eq!(results.len(), 1, "{}", self.page.text());
        results[0].text.clone()
    }

    /// All chunks that a script was told, in order.
    fn chunks(&self) -> String {
        let chunks = self.events.iter().filter(|event| event.kind == "tool_chunk");
        chunks.map(|event| event.data["chunk"].as_str().unwrap()).collect()
    }
}

/// The settings by which the product asks the stand-in for a model's API, in one of its forms.
fn of_api<'a>(replay: &'a Replay, api: &str) -> Vec<(&'a str, &'a str)> {
    match api {
        "anthropic" => replay.settings("script:it.json"),
        "openai" => replay.openai_settings("script:it.json"),
        _ => replay.ollama_settings("script:it.json"),
    }
}

/// A model of that API asks for the tool, with these arguments exactly; a person looks and approves.
async fn used_by(api: &str, backend: Backend, way: Way, tool: &str, arguments: &str) -> Option<Used> {
    let replies = [("ask", Reply::default().and_raw_tool(tool, arguments)), ("done", Reply::text("So it is."))];
    let rounds = [format!("{api}/ask"), format!("{api}/done")];
    let replay = Replay::playing(&replies, &[("it", &[&rounds[0], &rounds[1]])])?;
    // Whether a model sees is told by a price list: nobody knows this one.
    let prices = tempfile::NamedTempFile::new().unwrap();
    let sees = "[\"script:it.json\"]\ninput = 0\ncached = 0\noutput = 0\ncontext_window = 100000\nimages = true\n";
    fs::write(prices.path(), sees).unwrap();
    let file = way.file();
    let mut settings = of_api(&replay, api);
    settings.extend([("MCP_CONFIG", file.as_str()), ("FETCH_ALLOW_PRIVATE", "true")]);
    settings.push(("MODEL_PRICES", prices.path().to_str().unwrap()));
    let (app, person) = App::ready(backend, &settings).await;
    offered(&app, tool).await;

    let chat = person.new_conversation("Use it").await;
    let waiting = chat.approvals(1).await;
    assert!(waiting[0].group.contains(tool), "{waiting:?}");
    assert_eq!(way.calls(), 0, "something was sent before anybody said so: {}", way.sent());
    // What is shown is what is kept, to the byte.
    assert_eq!(app.query("SELECT arguments FROM tool_calls"), arguments);
    let exact = chat.page().await.nodes("#log .exact pre");
    assert_eq!(exact.len(), 1);

    let script = Script::first(&app.base).await;
    let (mut events, socket) = (script.follow(&chat.id, None).await, chat.socket().await);
    chat.decide(&waiting[0], "Approve").await.expect(200);
    let events = events.until("done").await;
    let page = chat.settled().await;
    socket.hears("So it is.").await;
    assert_eq!(page.turn(), "completed", "{}", page.text());
    assert_eq!((page.tool_calls().len(), page.tool_calls()[0].state.as_str()), (1, "succeeded"), "{}", page.text());
    let sent = way.sent();
    assert_eq!(way.calls(), 1, "{sent}");
    assert!(sent.contains(&format!(r#""arguments":{}"#, way.as_sent(arguments))), "{sent}");
    assert_eq!(app.query("SELECT server, state FROM tool_calls"), "it|succeeded");
    let frames = socket.frames().concat();
    Some(Used { app, chat, page, replay, way, frames, events })
}

async fn used(backend: Backend, way: Way, tool: &str, arguments: &str) -> Option<Used> {
    used_by("anthropic", backend, way, tool, arguments).await
}

/// Waits until a tool is offered: a server that is slow to start is not waited for by messages.
async fn offered(app: &App, tool: &str) {
    let script = Script::first(&app.base).await;
    within(START, &format!("{tool} is offered"), async || {
        let list = script.get("/api/mcp/tools?force=1").await.expect(200).json();
        list["tools"].as_array().unwrap().iter().any(|listed| listed["name"] == tool).then_some(())
    })
    .await;
}

/// How many of these words are in a text; those that are must be in their order. What a page is told is gathered for a
/// moment, so that the end may come in place of what was last said before it.
fn in_order(text: &str, words: &[String]) -> usize {
    let places: Vec<usize> = words.iter().filter_map(|word| text.find(word.as_str())).collect();
    assert!(places.is_sorted(), "{words:?} are not in their order: {text}");
    places.len()
}

/// The image of the result: shown on the page, given out to its person alone, and the same in the model's next request.
async fn image_is_seen(used: &Used, of_request: impl Fn(&str) -> String) {
    let images = used.page.nodes("#log .came img");
    assert_eq!(images.len(), 1, "{}", used.page.text());
    let address = images[0].attribute("src");
    assert_eq!(address, format!("/conversations/{}/attachments/1", used.chat.id));
    let (answer, bytes) = used.chat.person.bytes(address, &[]).await;
    answer.expect(200);
    assert_eq!(answer.header("content-type"), Some("image/png"));
    assert!(bytes.starts_with(b"\x89PNG") && bytes.len() > 100, "{} bytes", bytes.len());
    let (other, _) = used.app.visitor().bytes(address, &[]).await;
    assert_eq!(other.status, 303, "who is not signed in goes to the login page");
    let told = used.told().to_string();
    assert!(told.contains(&of_request(&STANDARD.encode(bytes))), "{told}");
}

fn repository() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let git = |arguments: &[&str]| {
        let done = Command::new("git").arg("-C").arg(folder.path()).args(arguments).output().unwrap();
        assert!(done.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
    };
    git(&["init", "--quiet"]);
    git(&[
        "-c",
        "user.name=Ada",
        "-c",
        "user.email=ada@example.org",
        "commit",
        "--quiet",
        "--allow-empty",
        "-m",
        "First of all",
    ]);
    folder
}

both! {
    async fn server_everything_over_pipes_shows_an_image(backend) {
        let Some(program) = of_npm("mcp-server-everything") else { return };
        let Some(used) = used(backend, Way::pipes(&program, &[]), "it__get-tiny-image", "{}").await else { return };
        image_is_seen(&used, |image| format!(r#"{{"type":"base64","media_type":"image/png","data":"{image}"}}"#)).await;
        assert!(used.shown().contains("[Image: image/png, "), "{}", used.shown());
        let told = used.told();
        let result = &told.as_array().unwrap().last().unwrap()["content"][0];
        assert_eq!((&result["type"], &result["is_error"]), (&json!("tool_result"), &Value::Null), "{told}");
    }

    async fn a_fastmcp_server_counts_in_order(backend) {
        let Some(server) = Listening::fastmcp() else { return };
        let arguments = r#"{ "to" : 20 }"#;
        let Some(used) = used(backend, Way::http(server.port), "it__count", arguments).await else { return };
        let lines: Vec<String> = (1..=20).map(|n| format!("{} % at {n}\n", n * 5)).collect();
        assert_eq!(used.chunks(), lines.concat());
        in_order(&used.frames, &lines);
        assert!(used.shown().contains("counted"), "{}", used.shown());
        assert!(used.told().to_string().contains("counted"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_image_is_shown_to_the_models_of_every_api() {
    for api in ["openai", "ollama"] {
        let Some(program) = of_npm("mcp-server-everything") else { return };
        let way = Way::pipes(&program, &[]);
        let Some(used) = used_by(api, Backend::Sqlite, way, "it__get-tiny-image", "{}").await else { return };
        let form = |image: &str| match api {
            "openai" => format!("data:image/png;base64,{image}"),
            _ => format!(r#""images":["{image}"]"#),
        };
        image_is_seen(&used, form).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn server_everything_over_pipes_goes_on_in_order() {
    let Some(program) = of_npm("mcp-server-everything") else { return };
    let arguments = r#"{"duration": 2.0, "steps": 5}"#;
    let way = Way::pipes(&program, &[]);
    let tool = "it__trigger-long-running-operation";
    let Some(used) = used(Backend::Sqlite, way, tool, arguments).await else { return };
    assert_eq!(used.chunks(), "20 %\n40 %\n60 %\n80 %\n100 %\n");
    assert!(in_order(&used.frames, &[20, 40, 60, 80, 100].map(|n| format!("{n} %\n"))) >= 4, "{}", used.frames);
    assert!(used.shown().contains("Long running operation completed"), "{}", used.shown());
}

#[tokio::test(flavor = "multi_thread")]
async fn server_everything_over_http_shows_an_image() {
    let Some(server) = Listening::everything() else { return };
    let Some(used) = used(Backend::Sqlite, Way::http(server.port), "it__get-tiny-image", "{}").await else { return };
    image_is_seen(&used, |image| format!(r#""data":"{image}""#)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn server_everything_gives_links_that_nobody_follows() {
    let Some(program) = of_npm("mcp-server-everything") else { return };
    let way = Way::pipes(&program, &[]);
    let Some(used) = used(Backend::Sqlite, way, "it__get-resource-links", r#"{"count":2}"#).await else { return };
    assert_eq!(used.shown().matches("[Link: ").count(), 2, "{}", used.shown());
    assert!(!used.way.sent().contains("resources/read"), "a link was followed");
    assert!(used.page.nodes("#log .result a").is_empty(), "an address of a server became a link");
    assert!(used.told().to_string().contains("[Link: "));
}

#[tokio::test(flavor = "multi_thread")]
async fn server_everything_gives_structured_content_that_fits() {
    let Some(program) = of_npm("mcp-server-everything") else { return };
    let way = Way::pipes(&program, &[]);
    let arguments = r#"{"location":"New York"}"#;
    let Some(used) = used(Backend::Sqlite, way, "it__get-structured-content", arguments).await else { return };
    assert!(used.shown().contains("temperature") && !used.shown().contains("schema"), "{}", used.shown());
}

#[tokio::test(flavor = "multi_thread")]
async fn server_filesystem_writes_where_it_may() {
    let folder = tempfile::tempdir().unwrap();
    let below = folder.path().canonicalize().unwrap();
    let Some(program) = of_npm("mcp-server-filesystem") else { return };
    let file = below.join("a.txt");
    let arguments = format!("{{ \"content\": \"\\u00e9 written\\n\",\t\"path\": \"{}\" }}", file.display());
    let way = Way::pipes(&program, &[below.to_str().unwrap()]);
    let Some(used) = used(Backend::Sqlite, way, "it__write_file", &arguments).await else { return };
    assert_eq!(fs::read_to_string(&file).unwrap(), "\u{e9} written\n");
    assert!(used.shown().contains("Successfully wrote"), "{}", used.shown());
}

#[tokio::test(flavor = "multi_thread")]
async fn server_memory_keeps_what_it_is_told() {
    let Some(program) = of_npm("mcp-server-memory") else { return };
    let arguments = r#"{"entities":[{"name":"Ada","entityType":"person","observations":["wrote the first program"]}]}"#;
    let Some(used) = used(Backend::Sqlite, Way::pipes(&program, &[]), "it__create_entities", arguments).await else {
        return;
    };
    assert!(used.shown().contains("wrote the first program"), "{}", used.shown());
    assert!(used.told().to_string().contains("wrote the first program"));
}

#[tokio::test(flavor = "multi_thread")]
async fn server_time_tells_the_time() {
    let Some(program) = of_pypi("mcp-server-time") else { return };
    let way = Way::pipes(&program, &["--local-timezone", "UTC"]);
    let arguments = r#"{"timezone":"Europe/Berlin"}"#;
    let Some(used) = used(Backend::Sqlite, way, "it__get_current_time", arguments).await else { return };
    assert!(used.shown().contains("Europe/Berlin"), "{}", used.shown());
}

#[tokio::test(flavor = "multi_thread")]
async fn server_git_reads_a_log() {
    let folder = repository();
    let path = folder.path().to_str().unwrap();
    let Some(program) = of_pypi("mcp-server-git") else { return };
    let way = Way::pipes(&program, &["--repository", path]);
    let Some(used) = used(Backend::Sqlite, way, "it__git_log", &json!({"repo_path": path}).to_string()).await else {
        return;
    };
    assert!(used.shown().contains("First of all"), "{}", used.shown());
}

#[tokio::test(flavor = "multi_thread")]
async fn server_fetch_reads_a_page() {
    let Some(program) = of_pypi("mcp-server-fetch") else { return };
    let page = "<html><body><article><h1>Of figs</h1><p>Figs ripen late.</p></article></body></html>";
    let site = crate::support::Site::start(move |asked, _| match asked {
        "GET /figs" => Some((200, "text/html", page.to_owned())),
        _ => Some((404, "text/plain", String::new())),
    });
    let arguments = json!({"url": site.url("/figs"), "raw": true}).to_string();
    let way = Way::pipes(&program, &["--allow-private-ips"]);
    let Some(used) = used(Backend::Sqlite, way, "it__fetch", &arguments).await else { return };
    assert!(used.shown().contains("Figs ripen late."), "{}", used.shown());
    assert!(used.page.nodes("#log article article, #log h1").is_empty(), "a page became elements");
    assert!(site.requests().contains(&"GET /figs".to_owned()), "{:?}", site.requests());
}

/// A failure told in band reaches model and person as one.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_server_says_of_its_failure_is_told() {
    let Some(server) = Listening::fastmcp() else { return };
    let replies = [("ask", Reply::default().and_raw_tool("it__fail", "{}")), ("done", Reply::text("A pity."))];
    let Some(replay) = Replay::playing(&replies, &[("it", &["anthropic/ask", "anthropic/done"])]) else { return };
    let way = Way::http(server.port);
    let file = way.file();
    let mut settings = replay.settings("script:it.json");
    settings.extend([("MCP_CONFIG", file.as_str()), ("FETCH_ALLOW_PRIVATE", "true")]);
    let (app, person): (App, Person) = App::ready(Backend::Sqlite, &settings).await;
    offered(&app, "it__fail").await;
    let chat = person.new_conversation("Use it").await;
    chat.approve().await.expect(200);
    let page = chat.settled().await;
    assert_eq!((page.turn().as_str(), page.tool_calls()[0].state.as_str()), ("completed", "failed"), "{}", page.text());
    assert!(page.text().contains("on purpose"), "{}", page.text());
    let result = &replay.rounds()[1]["messages"][2]["content"][0];
    assert_eq!(result["is_error"], json!(true), "{result}");
}
