//! Servers of tools: `tests/mcp/hostile.py` as a process that Sayso starts, or at an address. Each notes every message
//! that it gets.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    path::PathBuf,
    process::{Child, Command, Stdio},
};

use serde_json::{Map, Value, json};
use tempfile::TempDir;

use super::root;

fn hostile() -> PathBuf {
    root().join("tests/mcp/hostile.py")
}

/// A file for `MCP_CONFIG`, and what its servers noted.
pub struct Configured {
    folder: TempDir,
    servers: Map<String, Value>,
}

impl Configured {
    pub fn new() -> Self {
        Self { folder: TempDir::new().unwrap(), servers: Map::new() }
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }

    /// A process that behaves by this mode; more arguments come after it.
    pub fn process(mut self, name: &str, mode: &str, more: &[&str]) -> Self {
        let mut args = vec![hostile().to_str().unwrap().to_owned(), mode.to_owned()];
        args.extend(more.iter().map(|&argument| argument.to_owned()));
        let (log, tools) = (self.path(&format!("{name}.log")), self.path(&format!("{name}.json")));
        let env =
            json!({"HOSTILE_LOG": log, "HOSTILE_TOOLS": tools, "PYTHONDONTWRITEBYTECODE": "1", "SECRET": "s3cret"});
        self.servers.insert(name.to_owned(), json!({"command": "python3", "args": args, "env": env}));
        self
    }

    /// Somebody else's process, with what it is sent noted as it came.
    pub fn recorded(mut self, name: &str, program: &str, arguments: &[&str]) -> Self {
        let log = self.path(&format!("{name}.log"));
        let mut args = vec!["-c", r#"tee "$0" | "$@""#, &log, program];
        args.extend(arguments);
        let env = json!({"PYTHONDONTWRITEBYTECODE": "1", "MEMORY_FILE_PATH": self.path("memory.jsonl")});
        self.servers.insert(name.to_owned(), json!({"command": "sh", "args": args, "env": env}));
        self
    }

    /// One at an address.
    pub fn at(mut self, name: &str, url: &str) -> Self {
        self.servers.insert(name.to_owned(), json!({"url": url, "headers": {"X-Key": "s3cret"}}));
        self
    }

    /// What the process of that name offers in the mode `file`.
    pub fn offers(&self, name: &str, tools: &[Value]) {
        fs::write(self.path(&format!("{name}.json")), json!({"tools": tools}).to_string()).unwrap();
    }

    /// Writes the file; where it is.
    pub fn file(&self) -> String {
        let path = self.path("mcp.json");
        fs::write(&path, json!({"mcpServers": self.servers}).to_string()).unwrap();
        path
    }

    /// What the process of that name was sent, line by line.
    pub fn received(&self, name: &str) -> Vec<String> {
        let text = fs::read_to_string(self.path(&format!("{name}.log"))).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }

    /// The calls among it.
    pub fn calls(&self, name: &str) -> Vec<String> {
        calls(self.received(name))
    }
}

/// The calls among what a server was sent.
pub fn calls(received: Vec<String>) -> Vec<String> {
    received.into_iter().filter(|line| line.contains(r#""tools/call""#)).collect()
}

/// A tool as a server offers it.
pub fn tool(name: &str, description: &str) -> Value {
    json!({"name": name, "description": description, "inputSchema": {"type": "object"}})
}

/// A server at an address; ended with this.
pub struct Running {
    child: Child,
    pub port: u16,
    folder: TempDir,
}

impl Running {
    pub fn start(mode: &str) -> Self {
        let folder = TempDir::new().unwrap();
        let mut command = Command::new("python3");
        command.arg(hostile()).args(["http", mode]).env("HOSTILE_LOG", folder.path().join("log"));
        command.env("HOSTILE_TOOLS", folder.path().join("tools.json")).env("PYTHONDONTWRITEBYTECODE", "1");
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Self { child, port: line.trim().parse().unwrap(), folder }
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}/mcp", self.port)
    }

    /// What it offers in the mode `file`.
    pub fn offers(&self, tools: &[Value]) {
        fs::write(self.folder.path().join("tools.json"), json!({"tools": tools}).to_string()).unwrap();
    }

    pub fn received(&self) -> Vec<String> {
        let text = fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }

    pub fn end(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.end();
    }
}
