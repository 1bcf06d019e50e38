//! What a streamed reply costs the main thread of a page in Chromium, by WebDriver and the DevTools protocol.

use std::{
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
};

use reqwest::{Client, Method};
use serde_json::{Value, json};
use tempfile::TempDir;

/// A Chromium with one page; ended when this is dropped.
pub struct Browser {
    driver: Child,
    session: String,
    client: Client,
    _profile: TempDir,
}

impl Browser {
    /// Opens it; `None` where there is no Chromium.
    pub async fn open() -> Option<Self> {
        let mut command = Command::new("/usr/bin/chromedriver");
        let mut driver = command.arg("--port=0").stdout(Stdio::piped()).stderr(Stdio::null()).spawn().ok()?;
        let lines = BufReader::new(driver.stdout.take().unwrap()).lines();
        let port = lines.map_while(Result::ok).find_map(|line| {
            let (_, port) = line.split_once("started successfully on port ")?;
            port.trim_end_matches('.').parse::<u16>().ok()
        });
        let base = format!("http://127.0.0.1:{}/session", port.expect("chromedriver says its port"));
        let profile = TempDir::new().unwrap();
        let folder = format!("--user-data-dir={}", profile.path().display());
        let arguments = json!([
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-extensions",
            folder
        ]);
        let options = json!({"binary": "/usr/bin/chromium", "args": arguments});
        let wanted = json!({"capabilities": {"alwaysMatch": {"browserName": "chrome", "goog:chromeOptions": options}}});
        let client = Client::builder().no_proxy().build().unwrap();
        let answer = client.post(&base).json(&wanted).send().await.unwrap().json::<Value>().await.unwrap();
        let id = answer["value"]["sessionId"].as_str().expect("a session of Chromium");
        Some(Self { driver, session: format!("{base}/{id}"), client, _profile: profile })
    }

    async fn command(&self, method: Method, path: &str, body: &Value) -> Value {
        let request = self.client.request(method, format!("{}/{path}", self.session)).json(body);
        let answer: Value = request.send().await.unwrap().error_for_status().unwrap().json().await.unwrap();
        answer["value"].clone()
    }

    /// Opens a page with a cookie.
    pub async fn visit(&self, base: &str, path: &str, cookie: &str) {
        let (name, value) = cookie.split_once('=').unwrap();
        self.command(Method::POST, "url", &json!({"url": format!("{base}/login")})).await;
        let cookie = json!({"cookie": {"name": name, "value": value, "path": "/", "httpOnly": true}});
        self.command(Method::POST, "cookie", &cookie).await;
        self.command(Method::POST, "url", &json!({"url": format!("{base}{path}")})).await;
    }

    /// Runs a script in the page.
    pub async fn run(&self, script: &str, arguments: Value) -> Value {
        self.command(Method::POST, "execute/sync", &json!({"script": script, "args": arguments})).await
    }

    async fn devtools(&self, name: &str) -> Value {
        self.command(Method::POST, "goog/cdp/execute", &json!({"cmd": name, "params": {}})).await
    }

    /// How long tasks have held the page's main thread so far, in seconds.
    pub async fn main_thread(&self) -> f64 {
        self.devtools("Performance.enable").await;
        let metrics = self.devtools("Performance.getMetrics").await;
        let all = metrics["metrics"].as_array().unwrap();
        let one = all.iter().find(|metric| metric["name"] == "TaskDuration").unwrap();
        one["value"].as_f64().unwrap()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Chromedriver takes its browser along on SIGTERM.
        let pid = rustix::process::Pid::from_child(&self.driver);
        let _ = rustix::process::kill_process(pid, rustix::process::Signal::TERM);
        let _ = self.driver.wait();
    }
}
