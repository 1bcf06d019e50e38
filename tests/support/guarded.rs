//! A server of tools that asks who is there, with its authorisation server: `tests/mcp/authorised.py`.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
};

use serde_json::Value;
use tempfile::TempDir;
use url::Url;

use super::{Page, Person, root};

/// What tokens, codes and secrets of it have in them; no part of an id can be taken for one.
pub const SECRETS: [&str; 4] = ["acc3ss-", "r3fresh-", "k0de-", "hand-s3cret"];

/// The server; ended with this.
pub struct Guarded {
    child: Child,
    pub port: u16,
    folder: TempDir,
}

impl Guarded {
    pub fn start() -> Self {
        let folder = TempDir::new().unwrap();
        let mut command = Command::new("python3");
        command.arg(root().join("tests/mcp/authorised.py")).arg(folder.path()).env("PYTHONDONTWRITEBYTECODE", "1");
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Self { child, port: line.trim().parse().unwrap(), folder }
    }

    pub fn base(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub fn url(&self) -> String {
        format!("{}/mcp", self.base())
    }

    /// How it behaves from now on.
    pub fn behaves(&self, control: &Value) {
        let (path, next) = (self.folder.path().join("control.json"), self.folder.path().join("control.next"));
        fs::write(&next, control.to_string()).unwrap();
        fs::rename(next, path).unwrap();
    }

    /// Every request so far. A line that is being written is one of the next look.
    pub fn log(&self) -> Vec<Value> {
        let text = fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
        let (whole, _) = text.rsplit_once('\n').unwrap_or_default();
        whole.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// Bodies that were posted there.
    pub fn posted(&self, path: &str) -> Vec<String> {
        let posted = self.log().into_iter().filter(|entry| entry["path"] == path && entry["method"] == "POST");
        posted.map(|entry| entry["body"].as_str().unwrap_or_default().to_owned()).collect()
    }

    pub fn refreshes(&self) -> usize {
        self.posted("/token").iter().filter(|body| body.contains("grant_type=refresh_token")).count()
    }

    /// What a browser does at the link of the page: this person says yes there; where they are sent in return.
    pub async fn consent(&self, page: &Page, who: &str) -> Url {
        page.expect(200);
        let link = page.the("link", &format!("Go to 127.0.0.1:{}", self.port));
        let mut address = Url::parse(link.attribute("href")).unwrap();
        address.query_pairs_mut().append_pair("login", who);
        // Not the person's own client: their cookies are no business of this server.
        let answer = Person::new(&self.base()).request(reqwest::Method::GET, address.as_str(), None, &[]).await;
        answer.expect(302);
        Url::parse(answer.header("location").unwrap()).unwrap()
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
