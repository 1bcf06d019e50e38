//! A Sayso of its own in a folder that goes with it, with as many people as are wanted: guests, since a thousand passwords
//! would take minutes to hash.

use std::{
    fs::File,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use futures_util::{StreamExt as _, stream};
use reqwest::{Client, Response, StatusCode, redirect::Policy};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::task::JoinSet;

use crate::{client::Reader, history, process::Process};

const PASSWORD: &str = "correct horse battery staple";
const EMAIL: &str = "ada@example.org";

/// A server, its folder, and who owns it.
pub struct Site {
    program: PathBuf,
    home: TempDir,
    database: Option<String>,
    upstream: String,
    process: Option<Process>,
    client: Client,
    /// Of the owner, for `/v1`.
    pub token: String,
}

/// Someone in a browser, with a conversation open.
#[derive(Clone)]
pub struct Person {
    cookie: String,
    csrf: String,
    conversation: String,
    /// Where the conversation's page opens its socket.
    socket: String,
}

impl Site {
    /// Starts one on SQLite, or on the PostgreSQL that is named, whose database must be empty.
    pub async fn new(program: &Path, database: Option<&str>, upstream: &str) -> Self {
        let client = Client::builder().redirect(Policy::none()).no_proxy().build().unwrap();
        let (home, database) = (TempDir::new().unwrap(), database.map(str::to_owned));
        let mut site = Self {
            program: program.to_owned(),
            home,
            database,
            upstream: upstream.to_owned(),
            process: None,
            client,
            token: String::new(),
        };
        let process = Process::start(&mut site.command(false), true);
        let link = process.link.clone().unwrap();
        site.process = Some(process);
        site.found(&link).await;
        site.unlimited();
        site.restart();
        site.token = site.sign_in().await["access_token"].as_str().unwrap().to_owned();
        site
    }

    fn command(&self, has_guests: bool) -> Command {
        let path = |name: &str| self.home.path().join(name);
        let mut command = Command::new(&self.program);
        command.current_dir(self.home.path()).env_clear().env("PORT", "0");
        // As the unit and the image have it.
        command.env("MIMALLOC_PURGE_DELAY", "10");
        command.env("MODEL_PROVIDER", "openai").env("OPENAI_API_KEY", "bench").env("OPENAI_MODEL", "bench");
        command.env("OPENAI_BASE_URL", format!("http://{}/v1", self.upstream));
        // One person stands for many programs, one address for many people.
        for name in ["TURNS_PER_PERSON", "TURNS_PER_TENANT", "STREAMS_PER_PERSON"] {
            command.env(name, "20000");
        }
        for name in ["RATE_LOGIN", "RATE_MESSAGES"] {
            command.env(name, "1000000/min");
        }
        command.envs(self.database.iter().map(|url| ("DATABASE_URL", url)));
        if has_guests {
            // It must exist, so not at the first start.
            command.env("GUEST_TENANT", "bench");
        }
        command.stderr(File::options().append(true).create(true).open(path("log")).unwrap());
        command
    }

    /// The tenant may use what it likes.
    fn unlimited(&self) {
        let mut command = self.command(false);
        command.args(["admin", "set-limits", "--tenant", "bench"]);
        for limit in ["--input-tokens", "--output-tokens", "--requests"] {
            command.args([limit, "none"]);
        }
        assert!(command.stdout(Stdio::null()).status().unwrap().success());
    }

    /// The server as it runs.
    pub fn process(&self) -> &Process {
        self.process.as_ref().unwrap()
    }

    /// Where the server listens.
    pub fn address(&self) -> &str {
        &self.process().address
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address())
    }

    /// Ends the server in order, and starts it again.
    pub fn restart(&mut self) {
        self.process.take().unwrap().stop();
        self.process = Some(Process::start(&mut self.command(true), false));
    }

    /// Ends the server in order.
    pub fn stop(mut self) {
        self.process.take().unwrap().stop();
    }

    /// Ends the server, makes these people's conversations have so many messages, and starts it again.
    pub async fn grow(&mut self, grown: &[(&Person, usize)]) {
        self.process.take().unwrap().stop();
        for (person, messages) in grown {
            history::grow(&self.home.path().join("data/sayso.db"), &person.conversation, *messages).await;
        }
        self.process = Some(Process::start(&mut self.command(true), false));
    }

    /// Where the person's conversation is, and by which cookie: base, path, cookie.
    pub fn page_of(&self, person: &Person) -> (String, String, String) {
        (self.url(""), format!("/conversations/{}", person.conversation), person.cookie.clone())
    }

    /// How long the page of the person's conversation takes, in milliseconds.
    pub async fn opens(&self, person: &Person) -> f64 {
        let (path, began) = (format!("/conversations/{}", person.conversation), Instant::now());
        self.page(&path, &person.cookie).await;
        began.elapsed().as_secs_f64() * 1000.0
    }

    /// How long a start takes until the first page is answered, in milliseconds.
    pub async fn cold_start(&mut self) -> f64 {
        self.process.take().unwrap().stop();
        let began = Instant::now();
        self.process = Some(Process::start(&mut self.command(true), false));
        self.client.get(self.url("/login")).send().await.unwrap().error_for_status().unwrap().bytes().await.unwrap();
        began.elapsed().as_secs_f64() * 1000.0
    }

    /// Makes the first account and its tenant.
    async fn found(&self, link: &str) {
        let page = self.client.get(link).send().await.unwrap();
        let (cookie, html) = (cookie(&page).unwrap(), page.text().await.unwrap());
        let (csrf, token) = (field(&html, "csrf"), field(&html, "token"));
        let form = [
            ("csrf", csrf.as_str()),
            ("token", &token),
            ("name", "Ada"),
            ("email", EMAIL),
            ("password", PASSWORD),
            ("workspace", "Bench"),
        ];
        let answer = self.post("/setup", &cookie, &form).await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{}", answer.text().await.unwrap());
    }

    async fn post(&self, path: &str, cookie: &str, form: &[(&str, &str)]) -> Response {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let request = self.client.post(self.url(path)).header("cookie", cookie);
        let kind = "application/x-www-form-urlencoded";
        request.header("content-type", kind).body(body).send().await.unwrap()
    }

    /// The owner signs in as a program does.
    pub async fn sign_in(&self) -> Value {
        let body = json!({"email": EMAIL, "password": PASSWORD});
        let answer = self.client.post(self.url("/api/auth/login")).json(&body).send().await.unwrap();
        answer.error_for_status().unwrap().json().await.unwrap()
    }

    /// So many people, each with a conversation of one exchange open.
    pub async fn people(&self, count: usize) -> Vec<Person> {
        stream::iter(0..count).map(|number| self.person(number)).buffer_unordered(8).collect().await
    }

    async fn person(&self, number: usize) -> Person {
        let page = self.client.get(self.url("/login")).send().await.unwrap();
        let (before, csrf) = (cookie(&page).unwrap(), field(&page.text().await.unwrap(), "csrf"));
        let name = format!("Guest {number}");
        let answer = self.post("/guest", &before, &[("csrf", &csrf), ("name", &name)]).await;
        let cookie = cookie(&answer).unwrap();
        let csrf = field(&self.page("/conversations", &cookie).await, "csrf");
        let mut person = Person { cookie, csrf, conversation: String::new(), socket: String::new() };
        person.conversation = self.exchange(&person).await;
        person.socket = self.socket_of(&person).await;
        person
    }

    /// A conversation of one exchange that has come to rest; its id.
    async fn exchange(&self, person: &Person) -> String {
        let body = json!({"message": "Hello: tokens=100 rate=100000"});
        let request = self.client.post(self.url("/api/chat")).header("cookie", &person.cookie);
        let answer: Value = request.json(&body).send().await.unwrap().error_for_status().unwrap().json().await.unwrap();
        answer["conversation_id"].as_str().unwrap().to_owned()
    }

    async fn page(&self, path: &str, cookie: &str) -> String {
        let answer = self.client.get(self.url(path)).header("cookie", cookie).send().await.unwrap();
        answer.error_for_status().unwrap().text().await.unwrap()
    }

    /// Where the person's page opens its socket, as it is loaded now.
    async fn socket_of(&self, person: &Person) -> String {
        let html = self.page(&format!("/conversations/{}", person.conversation), &person.cookie).await;
        let (_, after) = html.split_once("hx-ws:connect=\"").expect("a page that follows");
        after.split('"').next().unwrap().to_owned()
    }

    /// Opens a page of each of these people; they stay open for as long as what is given back.
    pub async fn watch(&self, people: &[Person]) -> JoinSet<()> {
        let mut open = JoinSet::new();
        for person in people {
            let mut reader = Reader::open(self.address(), &self.opening(person), true).await.unwrap();
            reader.handshake().await.unwrap();
            reader.snapshot().await.unwrap();
            open.spawn(reader.idle());
        }
        open
    }

    /// Waits until no turn and no model call is under way.
    pub async fn at_rest(&self) {
        let idle = |metrics: &str, name: &str| {
            let values =
                metrics.lines().filter(|line| line.starts_with(name)).filter_map(|line| line.rsplit(' ').next());
            values.map(|value| value.parse::<f64>().unwrap()).sum::<f64>() == 0.0
        };
        loop {
            let metrics = self.page("/metrics", "").await;
            if idle(&metrics, "sayso_turns_running") && idle(&metrics, "sayso_model_reservations_open") {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// What the person's page sends to open its socket.
    pub fn opening(&self, person: &Person) -> String {
        let (address, Person { socket, cookie, .. }) = (self.address(), person);
        format!(
            "GET {socket} HTTP/1.1\r\nHost: {address}\r\nOrigin: http://{address}\r\nCookie: {cookie}\r\nUpgrade: websocket\r\n\
             Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        )
    }

    /// What the person's page sends with a message.
    pub async fn say(&self, person: &Person, message: &str) -> Result<(), String> {
        let form = [("csrf", person.csrf.as_str()), ("message", message)];
        let path = format!("/conversations/{}/messages", person.conversation);
        let answer = self.post(&path, &person.cookie, &form).await;
        let status = answer.status();
        if status == StatusCode::SEE_OTHER { Ok(()) } else { Err(format!("a message: {status}")) }
    }

    /// A message of the person's, answered with events.
    pub fn asking_events(&self, person: &Person, message: &str) -> String {
        let body = json!({"message": message}).to_string();
        let (address, Person { conversation, cookie, .. }) = (self.address(), person);
        format!(
            "POST /api/chat/{conversation} HTTP/1.1\r\nHost: {address}\r\nCookie: {cookie}\r\nAccept: text/event-stream\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )
    }

    /// A completion of the owner's program, streamed.
    pub fn asking_completion(&self, message: &str) -> String {
        let messages = json!([{"role": "user", "content": message}]);
        let body = json!({"model": "auto", "stream": true, "messages": messages}).to_string();
        format!(
            "POST /v1/chat/completions HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            self.address(),
            self.token,
            body.len()
        )
    }
}

fn cookie(answer: &Response) -> Option<String> {
    let set = answer.headers().get("set-cookie")?.to_str().ok()?;
    set.split(';').next().map(str::to_owned)
}

/// The value of a hidden field.
fn field(html: &str, name: &str) -> String {
    let (_, after) = html.split_once(&format!("name=\"{name}\" value=\"")).expect("a form");
    after.split('"').next().unwrap().to_owned()
}
