//! Someone who uses Sayso by its API, with a token.

use reqwest::{Client, Method, Response, header::HeaderMap};
use serde_json::{Value, json};

use super::{PATIENCE, Person, tls};

/// A script with a token. A clone is the same one.
#[derive(Clone)]
pub struct Script {
    pub base: String,
    pub token: String,
    client: Client,
}

/// A whole answer.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text);
        self
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        assert_eq!(self.header("content-type"), Some("application/json"), "{} {}", self.status, self.text);
        serde_json::from_str(&self.text).unwrap_or_else(|fault| panic!("{fault}: {}", self.text))
    }

    /// The code of an error.
    #[track_caller]
    pub fn code(&self) -> (u16, String) {
        (self.status, self.json()["error"]["code"].as_str().unwrap_or_default().to_owned())
    }
}

impl Script {
    /// Signs in as a program.
    pub async fn sign_in(base: &str, (email, password): (&str, &str)) -> Self {
        let visitor = Self::with_token(base, "");
        let body = json!({"email": email, "password": password});
        let answer = visitor.call(Method::POST, "/api/auth/login", Some(&body.to_string()), &[]).await.expect(200);
        Self { token: answer.json()["access_token"].as_str().unwrap().to_owned(), ..visitor }
    }

    /// The first account's script.
    pub async fn first(base: &str) -> Self {
        Self::sign_in(base, Person::FIRST).await
    }

    pub fn with_token(base: &str, token: &str) -> Self {
        // Also sets up what TLS needs.
        Person::new(base);
        let client = tls::trusting(Client::builder().no_proxy().pool_max_idle_per_host(0), base).build().unwrap();
        Self { base: base.to_owned(), token: token.to_owned(), client }
    }

    /// The same script at another server.
    pub fn at(&self, base: &str) -> Self {
        Self { base: base.to_owned(), ..self.clone() }
    }

    /// A request of which the answer's head has come.
    pub async fn open(&self, method: Method, path: &str, body: Option<&str>, headers: &[(&str, &str)]) -> Response {
        let mut request = self.client.request(method, format!("{}{path}", self.base));
        if !self.token.is_empty() {
            request = request.header("authorization", format!("Bearer {}", self.token));
        }
        if let Some(body) = body {
            if !headers.iter().any(|(name, _)| *name == "content-type") {
                request = request.header("content-type", "application/json");
            }
            request = request.body(body.to_owned());
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.send().await.unwrap_or_else(|fault| panic!("{path}: {fault:?}"))
    }

    pub async fn call(&self, method: Method, path: &str, body: Option<&str>, headers: &[(&str, &str)]) -> Answer {
        let answer = self.open(method, path, body, headers).await;
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        let text = tokio::time::timeout(PATIENCE * 3, answer.text()).await.expect("an answer in time").unwrap();
        Answer { status, headers, text }
    }

    pub async fn post(&self, path: &str, body: &Value, headers: &[(&str, &str)]) -> Answer {
        self.call(Method::POST, path, Some(&body.to_string()), headers).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.call(Method::GET, path, None, &[]).await
    }

    /// Sends a message and follows what comes of it.
    pub async fn say(&self, path: &str, message: &str, headers: &[(&str, &str)]) -> Events {
        let body = json!({"message": message}).to_string();
        let headers = [&[("accept", "text/event-stream")], headers].concat();
        Events::of(self.open(Method::POST, path, Some(&body), &headers).await)
    }

    /// Sends a message with whatever goes with it and follows what comes of it.
    pub async fn stream(&self, path: &str, body: &Value) -> Events {
        let headers = [("accept", "text/event-stream")];
        Events::of(self.open(Method::POST, path, Some(&body.to_string()), &headers).await)
    }

    /// Follows a conversation from now, or after an event.
    pub async fn follow(&self, conversation: &str, after: Option<&str>) -> Events {
        let mut headers = vec![("accept", "text/event-stream")];
        headers.extend(after.map(|after| ("last-event-id", after)));
        Events::of(self.open(Method::GET, &format!("/api/chat/{conversation}/events"), None, &headers).await)
    }

    /// Decides on a call as it was shown.
    pub async fn decide(&self, call: &Value, decision: &str) -> Answer {
        let path = format!("/api/tool-calls/{}/decision", call["id"].as_str().unwrap());
        self.post(&path, &json!({"decision": decision, "digest": call["digest"]}), &[]).await
    }
}

/// One server-sent event.
#[derive(Clone, Debug, PartialEq)]
pub struct SentEvent {
    pub id: String,
    pub kind: String,
    pub data: Value,
}

/// A stream of server-sent events.
pub struct Events {
    pub status: u16,
    pub headers: HeaderMap,
    answer: Response,
    read: String,
    bytes: Vec<u8>,
    /// Comments that were sent.
    pub comments: usize,
    /// What `retry:` said.
    pub retry: Option<String>,
}

impl Events {
    /// Of an answer of which the head has come.
    pub fn of(answer: Response) -> Self {
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        assert_eq!(headers.get("content-type").unwrap(), "text/event-stream; charset=utf-8", "status {status}");
        Self { status, headers, answer, read: String::new(), bytes: Vec::new(), comments: 0, retry: None }
    }

    pub fn conversation(&self) -> String {
        self.headers["x-chat-session-id"].to_str().unwrap().to_owned()
    }

    /// The next event; `None` at the end.
    pub async fn next(&mut self) -> Option<SentEvent> {
        loop {
            while let Some((frame, rest)) = self.read.split_once("\n\n") {
                let (frame, rest) = (frame.to_owned(), rest.to_owned());
                self.read = rest;
                if let Some(event) = self.event(&frame) {
                    return Some(event);
                }
            }
            let piece = tokio::time::timeout(PATIENCE, self.answer.chunk()).await.expect("events in time").unwrap()?;
            self.bytes.extend_from_slice(&piece);
            let whole = std::str::from_utf8(&self.bytes).map_or_else(|fault| fault.valid_up_to(), str::len);
            let text = self.bytes.drain(..whole).collect();
            self.read.push_str(&String::from_utf8(text).unwrap());
        }
    }

    fn event(&mut self, frame: &str) -> Option<SentEvent> {
        let (mut id, mut kind, mut data) = (String::new(), String::new(), String::new());
        for line in frame.lines() {
            match line.split_once(": ") {
                Some(("id", value)) => id = value.to_owned(),
                Some(("event", value)) => kind = value.to_owned(),
                Some(("data", value)) => data = data + value + "\n",
                Some(("retry", value)) => self.retry = Some(value.to_owned()),
                _ if line.starts_with(':') => self.comments += 1,
                _ => panic!("no line of an event: {line}"),
            }
        }
        let data = (!data.is_empty()).then(|| serde_json::from_str(&data).unwrap())?;
        Some(SentEvent { id, kind, data })
    }

    /// Everything up to the end.
    pub async fn all(&mut self) -> Vec<SentEvent> {
        let mut all = Vec::new();
        while let Some(event) = self.next().await {
            all.push(event);
        }
        all
    }

    /// Everything up to an event of this kind.
    pub async fn until(&mut self, kind: &str) -> Vec<SentEvent> {
        let mut all = Vec::new();
        loop {
            let event = self.next().await.unwrap_or_else(|| panic!("no {kind} came: {all:?}"));
            let is_it = event.kind == kind;
            all.push(event);
            if is_it {
                return all;
            }
        }
    }
}

impl SentEvent {
    /// The texts of all events of a kind, joined.
    pub fn text(all: &[Self], kind: &str) -> String {
        all.iter().filter(|event| event.kind == kind).map(|event| event.data["text"].as_str().unwrap()).collect()
    }

    /// What is the same however the stream was cut: texts of one block joined, all others as they are; of what `done`
    /// shows, the turn.
    pub fn course(all: &[Self]) -> Vec<(String, String, String)> {
        let mut course: Vec<(String, String, String)> = Vec::new();
        for event in all {
            let block = event.id.rsplit_once(':').map(|(block, _)| block.to_owned()).unwrap_or_default();
            let text = event.data["text"].as_str().or(event.data["chunk"].as_str());
            match (event.kind.as_str(), text) {
                ("delta" | "thinking" | "tool_chunk", Some(text)) => match course.last_mut() {
                    Some((last, kind, before)) if *last == block && *kind == event.kind => before.push_str(text),
                    _ => course.push((block, event.kind.clone(), text.to_owned())),
                },
                ("done", _) => course.push((event.id.clone(), event.kind.clone(), event.data["turn"].to_string())),
                _ => course.push((event.id.clone(), event.kind.clone(), event.data.to_string())),
            }
        }
        course
    }
}
