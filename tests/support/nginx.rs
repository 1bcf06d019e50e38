//! The real nginx with the `deploy/nginx.conf` of the repository: the words that it says are to be changed are, and
//! nothing else.

use std::{
    fs,
    net::{TcpListener, TcpStream},
    path::PathBuf,
    process::Command,
    sync::{
        Mutex,
        atomic::{AtomicU16, Ordering},
    },
};

use serde_json::Value;
use tempfile::TempDir;

use super::{App, Backend, eventually, process::Process, root, target, tls};

/// The address at which a proxy will be; known before anything runs, for Sayso must be told of it.
#[derive(Clone, Debug)]
pub struct Front {
    port: u16,
    plain: u16,
    path: String,
}

impl Front {
    /// Below a path, such as `/chat`; empty for none.
    pub fn new(path: &str) -> Self {
        Self { port: free_port(), plain: free_port(), path: path.to_owned() }
    }

    /// `https://localhost:PORT/chat`
    pub fn base(&self) -> String {
        format!("https://localhost:{}{}", self.port, self.path)
    }

    /// Where plain http is answered.
    pub fn plain(&self) -> String {
        format!("http://localhost:{}{}", self.plain, self.path)
    }

    /// A product that knows that it is reached here; not started yet.
    pub fn app(&self, backend: Backend, settings: &[(&str, &str)]) -> App {
        let mut app = App::new(backend);
        app.set("PUBLIC_URL", &self.base());
        app.set("TRUSTED_PROXIES", "127.0.0.1,::1");
        for (key, value) in settings {
            app.set(key, value);
        }
        app.front = Some(self.base());
        app
    }
}

/// A port below those that the system gives out by itself, so that nobody takes it before nginx does.
fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let start = u16::try_from(std::process::id() % 7000).unwrap();
    (0..7000)
        .map(|_| 12_000 + (start + NEXT.fetch_add(1, Ordering::Relaxed)) % 7000)
        .find(|port| TcpListener::bind(("0.0.0.0", *port)).is_ok())
        .expect("a free port")
}

/// A running nginx.
pub struct Nginx {
    front: Front,
    process: Mutex<Process>,
    home: TempDir,
}

impl Nginx {
    /// Starts it before these instances.
    pub async fn start(front: &Front, apps: &[&App]) -> Self {
        Self::before(front, &places(apps)).await
    }

    /// Starts it before whatever listens at these places, such as `127.0.0.1:8080`.
    pub async fn before(front: &Front, places: &[String]) -> Self {
        let home = TempDir::new_in(target()).unwrap();
        configure(front, &home, places);
        // Its workers would be somebody else, who may not look into this folder.
        let is_root = Command::new("id").arg("-u").output().unwrap().stdout == b"0\n";
        let user = if is_root { "user root;" } else { "" };
        let folder = home.path().display();
        let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map(|name| format!("{name}_temp_path {folder}/{name};"))
            .concat();
        let main = format!(
            "{user} daemon off; pid {folder}/pid; error_log {folder}/error.log info; worker_processes 2;
            events {{ worker_connections 2048; }} http {{ {temporary} include {folder}/sayso.conf; }}"
        );
        fs::write(home.path().join("main.conf"), main).unwrap();
        let mut command = Command::new("/usr/sbin/nginx");
        command.arg("-c").arg(home.path().join("main.conf")).arg("-e").arg(home.path().join("error.log"));
        let nginx = Self { front: front.clone(), process: Mutex::new(Process::start(&command)), home };
        eventually("nginx listens", async || TcpStream::connect(("127.0.0.1", front.port)).ok()).await;
        nginx
    }

    /// Lets it pass requests to these instances from now on. What is open stays where it is.
    pub async fn turn_to(&self, apps: &[&App]) {
        configure(&self.front, &self.home, &places(apps));
        let old = self.workers();
        self.process.lock().unwrap().signal("HUP");
        let new = format!("{} takes over from {old:?}", "another worker");
        // An old worker that still has something open stays, but takes nothing new.
        eventually(&new, async || {
            let log = self.error_log();
            let gone = |worker: &String| log.contains(&format!("{worker}#{worker}: gracefully shutting down"));
            old.iter().all(gone).then_some(())
        })
        .await;
    }

    fn workers(&self) -> Vec<String> {
        let log = self.error_log();
        let started = log.lines().filter_map(|line| line.rsplit_once("start worker process "));
        let gone = |worker: &str| log.contains(&format!("{worker}#{worker}: gracefully shutting down"));
        started.map(|(_, id)| id.to_owned()).filter(|id| id.parse::<u32>().is_ok() && !gone(id)).collect()
    }

    /// What it logged of requests.
    pub fn requests(&self) -> Vec<Value> {
        let log = fs::read_to_string(self.home.path().join("access.log")).unwrap_or_default();
        // The last line may be half written.
        log.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
    }

    /// What it logged otherwise.
    pub fn error_log(&self) -> String {
        fs::read_to_string(self.home.path().join("error.log")).unwrap_or_default()
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let log = self.error_log();
            let lines: Vec<_> =
                log.lines().filter(|line| !line.contains("[info]") && !line.contains("[notice]")).collect();
            eprintln!("--- the end of nginx's error log ---");
            for line in lines.iter().skip(lines.len().saturating_sub(30)) {
                eprintln!("{line}");
            }
        }
    }
}

fn places(apps: &[&App]) -> Vec<String> {
    apps.iter().map(|app| app.base.strip_prefix("http://").unwrap().to_owned()).collect()
}

/// The file of the repository with what its head says is to be changed.
fn configure(front: &Front, home: &TempDir, places: &[String]) {
    let mut conf = fs::read_to_string(root().join("deploy/nginx.conf")).unwrap();
    let mut change = |from: &str, to: &str, times: usize| {
        let body = conf.split_once("\nupstream ").expect("the head ends").1;
        assert_eq!(body.matches(from).count(), times, "“{from}” in deploy/nginx.conf");
        conf = conf.replace(from, to);
    };
    let servers: String = places.iter().map(|place| format!("server {place} max_fails=0;\n")).collect();
    change("server 127.0.0.1:8080 max_fails=0;", &servers, 1);
    change("    server 127.0.0.1:8081 max_fails=0;\n", "", 1);
    change("chat.example", "localhost", 2);
    change("https://$server_name$request_uri", &format!("https://$server_name:{}$request_uri", front.port), 1);
    change("listen 443 ", &format!("listen {} ", front.port), 1);
    change("listen [::]:443 ", &format!("listen [::]:{} ", front.port), 1);
    change("listen 80;", &format!("listen {};", front.plain), 1);
    change("listen [::]:80;", &format!("listen [::]:{};", front.plain), 1);
    change("/etc/ssl/sayso/", &format!("{}/", tls::folder().display()), 2);
    change("/var/log/nginx/access.log", &home.path().join("access.log").to_string_lossy(), 2);
    if !front.path.is_empty() {
        change("/public-path", &front.path, 10);
    }
    if !PathBuf::from("/proc/net/if_inet6").exists() {
        conf = conf.lines().filter(|line| !line.contains("listen [::]")).collect::<Vec<_>>().join("\n");
    }
    fs::write(home.path().join("sayso.conf"), conf).unwrap();
}
