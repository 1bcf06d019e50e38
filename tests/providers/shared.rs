//! The recordings beside the project. They are no part of it: where they are missing, the tests say so loudly and
//! pass, except in CI.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    path::PathBuf,
    process::{Child, Command, Stdio},
};

use serde_json::Value;
use tempfile::TempDir;

/// `../shared` or what `SAYSO_RECORDINGS` names, or `None` with a word about the `cases` that are left out.
pub fn folder(test: &str, cases: usize) -> Option<PathBuf> {
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let folder = std::env::var_os("SAYSO_RECORDINGS").map_or_else(beside, PathBuf::from);
    if folder.join("recordings/INDEX.tsv").is_file() {
        return Some(folder);
    }
    let is_ci = std::env::var("CI").is_ok_and(|ci| ci == "true");
    assert!(!is_ci, "{test}: {} is missing", folder.display());
    // Past the harness, which shows nothing of tests that pass.
    let _ = writeln!(
        std::io::stderr(),
        "\n*** LEFT OUT: {cases} cases of {test}, because {} is missing ***\n",
        folder.display()
    );
    None
}

/// A recorded answer and what the official client made of it.
pub struct Recording {
    /// Without folder and extension.
    pub name: String,
    pub status: u16,
    pub body: Vec<u8>,
    pub expected: Value,
}

/// Every recording of an API, in order; at least `cases`.
pub fn recordings(api: &str, test: &str, cases: usize) -> Vec<Recording> {
    let Some(folder) = folder(test, cases) else { return Vec::new() };
    let index = fs::read_to_string(folder.join("recordings/INDEX.tsv")).unwrap();
    let found: Vec<_> = index
        .lines()
        .filter(|line| line.starts_with(&format!("{api}/")))
        .map(|line| {
            let mut columns = line.split('\t');
            let file = columns.next().unwrap();
            let status = columns.nth(1).unwrap().parse().unwrap();
            let name = file.split(['/', '.']).nth(1).unwrap().to_owned();
            let expected = fs::read_to_string(folder.join(format!("expected/{api}/{name}.json"))).unwrap();
            let body = fs::read(folder.join("recordings").join(file)).unwrap();
            Recording { name, status, body, expected: serde_json::from_str(&expected).unwrap() }
        })
        .collect();
    assert!(found.len() >= cases, "{test}: only {} of {cases} recordings", found.len());
    found
}

/// `replay.py` as a process of its own; it ends with this value, which fails the test if a request broke a rule of the
/// real API.
pub struct Replay {
    child: Child,
    pub url: String,
    log: TempDir,
}

impl Replay {
    pub fn start(folder: &std::path::Path) -> Self {
        let log = TempDir::new().unwrap();
        let mut child = Command::new("python3")
            .arg(folder.join("replay.py"))
            .args(["--port", "0", "--strict-roles", "--log"])
            .arg(log.path().join("log"))
            .stdout(Stdio::piped())
            .spawn()
            .expect("python3 starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let url = line.trim().strip_prefix("listening on ").expect("replay.py says where it listens").to_owned();
        Self { child, url, log }
    }

    /// What happened, in order.
    pub fn log(&self) -> Vec<Value> {
        let log = fs::read_to_string(self.log.path().join("log")).unwrap_or_default();
        // The last line may be half written.
        log.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
    }
}

impl Drop for Replay {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if !std::thread::panicking() {
            for entry in self.log() {
                assert!(entry["violation"].is_null(), "the real API would refuse this: {entry}");
                assert!(entry["warnings"].as_array().is_none_or(Vec::is_empty), "{entry}");
            }
        }
    }
}
