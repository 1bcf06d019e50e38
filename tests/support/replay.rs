//! The model API: `../shared/replay.py` plays recorded replies, and replies that a test writes in the same format.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::Command,
    sync::atomic::{AtomicUsize, Ordering},
};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::{process::Process, root};

/// A running `replay.py`. When it ends, the test fails if a request broke a rule of the real API, unless that was on
/// purpose.
pub struct Replay {
    pub base: String,
    process: Process,
    home: TempDir,
    may_refuse: bool,
}

/// A reply of a model, written by a test and sent in the streaming form of each API.
#[derive(Clone, Default)]
pub struct Reply {
    blocks: Vec<Value>,
}

impl Reply {
    /// A reply of text alone.
    pub fn text(text: &str) -> Self {
        Self::default().and_text(text)
    }

    /// A reply that asks for `write_file`.
    pub fn write_file(path: &str, content: &str) -> Self {
        Self::default().and_write_file(path, content)
    }

    pub fn and_text(mut self, text: &str) -> Self {
        self.blocks.push(json!({"type": "text", "text": text}));
        self
    }

    pub fn and_write_file(self, path: &str, content: &str) -> Self {
        self.and_tool("write_file", json!({"path": path, "content": content}))
    }

    pub fn and_tool(mut self, name: &str, input: Value) -> Self {
        self.blocks.push(json!({"type": "tool_use", "name": name, "input": input}));
        self
    }

    /// Arguments exactly as written, whether they are JSON or not.
    pub fn and_raw_tool(mut self, name: &str, input: &str) -> Self {
        self.blocks.push(json!({"type": "tool_use", "name": name, "raw": input}));
        self
    }

    /// In the form of Chat Completions, with the usage in a chunk of its own.
    fn completion(&self, name: &str) -> String {
        let mut stream = String::new();
        let mut event = |chunk: Value| stream.push_str(&format!("data: {chunk}\n\n"));
        let chunk = |choices: Value, usage: Value| {
            json!({"id": format!("chatcmpl-{name}"), "object": "chat.completion.chunk", "created": 1,
                "model": "replayed", "choices": choices, "usage": usage})
        };
        let delta = |delta: Value| chunk(json!([{"index": 0, "delta": delta, "finish_reason": null}]), Value::Null);
        event(delta(json!({"role": "assistant", "content": ""})));
        let (mut asks, mut index) = (false, 0);
        for block in &self.blocks {
            if let Some(text) = block["text"].as_str() {
                for piece in pieces(text, 12) {
                    event(delta(json!({"content": piece})));
                }
                continue;
            }
            asks = true;
            let call = |id: Value, function: Value| {
                delta(json!({"tool_calls": [{"index": index, "id": id, "type": "function", "function": function}]}))
            };
            let id = json!(format!("call_{name}_{index}"));
            event(call(id, json!({"name": block["name"], "arguments": ""})));
            for piece in pieces(&block["input"].to_string(), 12) {
                event(call(Value::Null, json!({"arguments": piece})));
            }
            index += 1;
        }
        let reason = if asks { "tool_calls" } else { "stop" };
        event(chunk(json!([{"index": 0, "delta": {}, "finish_reason": reason}]), Value::Null));
        event(chunk(json!([]), json!({"prompt_tokens": 25, "completion_tokens": 40, "total_tokens": 65})));
        stream + "data: [DONE]\n\n"
    }

    /// In the form of Ollama's chat.
    fn lines(&self) -> String {
        let mut lines = String::new();
        let mut line = |message: Value| {
            let line =
                json!({"model": "replayed", "created_at": "2026-01-01T00:00:00Z", "message": message, "done": false});
            lines.push_str(&format!("{line}\n"));
        };
        for block in &self.blocks {
            if let Some(text) = block["text"].as_str() {
                for piece in pieces(text, 12) {
                    line(json!({"role": "assistant", "content": piece}));
                }
            } else {
                let function = json!({"name": block["name"], "arguments": block["input"]});
                line(json!({"role": "assistant", "content": "", "tool_calls": [{"function": function}]}));
            }
        }
        let end = json!({"model": "replayed", "message": {"role": "assistant", "content": ""}, "done": true,
            "done_reason": "stop", "prompt_eval_count": 25, "eval_count": 40});
        lines + &format!("{end}\n")
    }

    fn stream(&self, name: &str) -> String {
        let mut stream = String::new();
        let mut event = |data: Value| {
            let kind = data["type"].as_str().unwrap().to_owned();
            stream.push_str(&format!("event: {kind}\ndata: {data}\n\n"));
        };
        let usage = json!({"input_tokens": 25, "output_tokens": 1});
        let message = json!({"id": format!("msg_{name}"), "type": "message", "role": "assistant", "model": "replayed",
            "content": [], "stop_reason": null, "stop_sequence": null, "usage": usage});
        event(json!({"type": "message_start", "message": message}));
        let mut asks = false;
        for (index, block) in self.blocks.iter().enumerate() {
            let delta = |delta: Value| json!({"type": "content_block_delta", "index": index, "delta": delta});
            let begin = |block: Value| json!({"type": "content_block_start", "index": index, "content_block": block});
            if let Some(text) = block["text"].as_str() {
                event(begin(json!({"type": "text", "text": ""})));
                for piece in pieces(text, 12) {
                    event(delta(json!({"type": "text_delta", "text": piece})));
                }
            } else {
                asks = true;
                let id = format!("toolu_{name}_{index}");
                event(begin(json!({"type": "tool_use", "id": id, "name": block["name"], "input": {}})));
                let input = block["raw"].as_str().map_or_else(|| block["input"].to_string(), str::to_owned);
                for piece in pieces(&input, 12) {
                    event(delta(json!({"type": "input_json_delta", "partial_json": piece})));
                }
            }
            event(json!({"type": "content_block_stop", "index": index}));
        }
        let reason = if asks { "tool_use" } else { "end_turn" };
        let delta = json!({"stop_reason": reason, "stop_sequence": null});
        event(json!({"type": "message_delta", "delta": delta, "usage": {"output_tokens": 40}}));
        event(json!({"type": "message_stop"}));
        stream
    }
}

fn pieces(text: &str, size: usize) -> Vec<String> {
    let letters: Vec<char> = text.chars().collect();
    letters.chunks(size).map(|piece| piece.iter().collect()).collect()
}

/// The folder of recordings beside the repository; `None` leaves a test out, says so, and fails where it must be.
pub fn shared() -> Option<PathBuf> {
    static LEFT_OUT: AtomicUsize = AtomicUsize::new(0);
    let shared = root().join("../shared");
    if shared.join("replay.py").is_file() {
        return Some(shared);
    }
    assert!(std::env::var("CI").as_deref() != Ok("true"), "../shared is missing: its tests cannot be left out here");
    let count = LEFT_OUT.fetch_add(1, Ordering::Relaxed) + 1;
    // Past the capture of test output: everyone shall see it.
    let _ = writeln!(std::io::stderr(), "left out for want of ../shared: {count} so far in this binary");
    None
}

impl Replay {
    /// Plays what is recorded. `None` where the recordings are missing.
    pub fn start() -> Option<Self> {
        Self::playing(&[], &[])
    }

    /// Plays what is recorded, replies of one's own as `{api}/{name}`, and scripts: `script:{name}.json` gives one entry
    /// for each round.
    pub fn playing(replies: &[(&str, Reply)], scripts: &[(&str, &[&str])]) -> Option<Self> {
        let shared = shared()?.canonicalize().unwrap();
        let home = TempDir::new().unwrap();
        let index = fs::read_to_string(shared.join("recordings/INDEX.tsv")).unwrap();
        let mut lines = index.lines();
        let columns: Vec<&str> = lines.next().unwrap().split('\t').collect();
        let file = columns.iter().position(|column| *column == "file").unwrap();
        let mut own = columns.join("\t") + "\n";
        for line in lines {
            let mut cells: Vec<String> = line.split('\t').map(str::to_owned).collect();
            cells[file] = shared.join("recordings").join(&cells[file]).to_string_lossy().into_owned();
            own += &(cells.join("\t") + "\n");
        }
        let mut headers = serde_json::Map::new();
        for (name, reply) in replies {
            let forms = [
                ("anthropic", "sse", "text/event-stream; charset=utf-8", reply.stream(name)),
                ("openai", "sse", "text/event-stream; charset=utf-8", reply.completion(name)),
                ("ollama", "ndjson", "application/x-ndjson", reply.lines()),
            ];
            for (api, extension, content_type, text) in forms {
                fs::create_dir_all(home.path().join(api)).unwrap();
                let path = home.path().join(api).join(format!("{name}.{extension}"));
                fs::write(&path, text).unwrap();
                headers.insert(path.to_string_lossy().into_owned(), json!({"x-request-id": format!("req_{name}")}));
                let cell = |column: &&str| match *column {
                    "file" => path.to_string_lossy().into_owned(),
                    "api" => api.to_owned(),
                    "http_status" => "200".to_owned(),
                    "content_type" => content_type.to_owned(),
                    _ => "written by a test".to_owned(),
                };
                own += &(columns.iter().map(cell).collect::<Vec<_>>().join("\t") + "\n");
            }
        }
        fs::write(home.path().join("INDEX.tsv"), own).unwrap();
        fs::write(home.path().join("headers.json"), json!(headers).to_string()).unwrap();
        for (name, rounds) in scripts {
            fs::write(home.path().join(format!("{name}.json")), json!(rounds).to_string()).unwrap();
        }
        let mut command = Command::new("python3");
        command.arg(shared.join("replay.py")).args(["--port", "0", "--dir"]).arg(home.path());
        command.arg("--scripts").arg(home.path()).arg("--log").arg(home.path().join("log.jsonl"));
        command.env("PYTHONUNBUFFERED", "1");
        let mut process = Process::start(&command);
        let base = process.line("where it listens", |line| line.strip_prefix("listening on ").map(str::to_owned));
        Some(Self { base, process, home, may_refuse: false })
    }

    /// The test sends what the real API would refuse, on purpose.
    pub fn may_refuse(mut self) -> Self {
        self.may_refuse = true;
        self
    }

    /// What makes the product ask this model API in OpenAI's form for that model.
    pub fn openai_settings<'a>(&'a self, model: &'a str) -> Vec<(&'a str, &'a str)> {
        vec![("OPENAI_API_KEY", "test-key"), ("OPENAI_BASE_URL", &self.base), ("OPENAI_MODEL", model)]
    }

    /// What makes the product ask this model API in Ollama's form for that model.
    pub fn ollama_settings<'a>(&'a self, model: &'a str) -> Vec<(&'a str, &'a str)> {
        vec![("OLLAMA_URL", &self.base), ("OLLAMA_MODEL", model)]
    }

    /// What makes the product ask this model API for that model.
    pub fn settings<'a>(&'a self, model: &'a str) -> Vec<(&'a str, &'a str)> {
        vec![("ANTHROPIC_API_KEY", "test-key"), ("ANTHROPIC_BASE_URL", &self.base), ("ANTHROPIC_MODEL", model)]
    }

    /// The same, with a second provider behind the first: OpenAI's form on the same server.
    pub fn settings_of_two<'a>(&'a self, model: &'a str, second: &'a str) -> Vec<(&'a str, &'a str)> {
        let mut settings = self.settings(model);
        settings.extend([("OPENAI_API_KEY", "other-key"), ("OPENAI_BASE_URL", &self.base), ("OPENAI_MODEL", second)]);
        settings
    }

    /// How often a reply of that model was asked for.
    pub fn count(&self, model: &str) -> usize {
        self.requests().iter().filter(|body| body["model"] == model).count()
    }

    fn log(&self) -> Vec<Value> {
        let log = fs::read_to_string(self.home.path().join("log.jsonl")).unwrap_or_default();
        // The last line may be half written.
        log.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
    }

    /// The headers of the requests for replies, in order.
    pub fn headers(&self) -> Vec<Value> {
        let posted = |entry: &Value| entry["ev"] == "request" && entry["method"] == "POST";
        self.log().into_iter().filter(posted).map(|entry| entry["headers"].clone()).collect()
    }

    /// The bodies of all requests, in order.
    pub fn requests(&self) -> Vec<Value> {
        let posted = |entry: &Value| {
            entry["ev"] == "request" && entry["method"] == "POST" && !entry["path"].as_str().unwrap().ends_with("/show")
        };
        self.log().into_iter().filter(posted).map(|entry| entry["body"].clone()).collect()
    }

    /// The bodies of the requests for replies; those for titles carry no tools.
    pub fn rounds(&self) -> Vec<Value> {
        self.requests()
            .into_iter()
            .filter(|body| body["tools"].as_array().is_some_and(|tools| !tools.is_empty()))
            .collect()
    }

    /// Whether the caller went away from a request before its end.
    pub fn was_left(&self) -> bool {
        self.log().iter().any(|entry| entry["ev"] == "end" && entry["aborted"] == true)
    }

    /// Fails if a request broke a rule of the real API.
    #[track_caller]
    pub fn assert_refused_none(&self) {
        let refused: Vec<_> = self.log().into_iter().filter(|entry| entry["violation"].is_string()).collect();
        assert!(refused.is_empty(), "the model API refused {refused:#?}\n{:#?}", self.requests());
    }

    /// What stands in `../shared/expected` for a recording.
    pub fn expected(recording: &str) -> Value {
        let path = root().join("../shared/expected").join(recording).with_extension("json");
        serde_json::from_str(&fs::read_to_string(Path::new(&path)).unwrap()).unwrap()
    }
}

impl Drop for Replay {
    fn drop(&mut self) {
        if !self.may_refuse && !std::thread::panicking() {
            self.assert_refused_none();
        }
    }
}
