//! Someone in real Chromium, over WebDriver and, for what WebDriver cannot, the DevTools protocol.
//!
//! One chromedriver serves a test binary; each browser is a session with a profile of its own.

use std::{
    fs,
    io::{Read, Write},
    net::TcpStream,
    process::Command,
    sync::{Mutex, OnceLock},
    time::Duration,
};

use base64::{Engine, engine::general_purpose::STANDARD};
use reqwest::Method;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::{Semaphore, SemaphorePermit};

use super::{
    Person, eventually,
    page::{LOG, OUTPUTS},
    process::Process,
    target,
};

const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// How a page is looked at.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    pub width: u32,
    pub height: u32,
    pub dark: bool,
    pub scripts: bool,
}

impl Look {
    pub const LIGHT: Self = Self { width: 1280, height: 900, dark: false, scripts: true };
    pub const DARK: Self = Self { dark: true, ..Self::LIGHT };
    pub const PHONE: Self = Self { width: 390, height: 844, ..Self::LIGHT };
    pub const PLAIN: Self = Self { scripts: false, ..Self::LIGHT };
}

/// Keys by their names.
#[derive(Clone, Copy, Debug)]
pub enum Key {
    Tab,
    Enter,
    Escape,
    F8,
    Shift,
    Control,
    Space,
    Up,
    Letter(char),
}

impl Key {
    fn value(self) -> String {
        match self {
            Self::Tab => '\u{e004}',
            Self::Enter => '\u{e007}',
            Self::Escape => '\u{e00c}',
            Self::F8 => '\u{e038}',
            Self::Shift => '\u{e008}',
            Self::Control => '\u{e009}',
            Self::Space => ' ',
            Self::Up => '\u{e013}',
            Self::Letter(letter) => letter,
        }
        .to_string()
    }
}

/// An element of the page that is shown.
#[derive(Clone, Debug)]
pub struct Element(String);

impl Element {
    /// As a script takes it.
    pub fn as_argument(&self) -> Value {
        json!({ELEMENT: self.0})
    }
}

/// One browser with one page.
pub struct Browser {
    pub base: String,
    http: reqwest::Client,
    driver: String,
    session: String,
    look: Look,
    allowed: Vec<String>,
    _profile: TempDir,
    _seat: Option<SemaphorePermit<'static>>,
}

fn driver() -> String {
    static DRIVER: OnceLock<(String, Mutex<Process>)> = OnceLock::new();
    let (base, _) = DRIVER.get_or_init(|| {
        let mut command = Command::new("/usr/bin/chromedriver");
        command.arg("--port=0");
        let mut process = Process::start(&command);
        let port = process.line("its port", |line| {
            let (_, port) = line.split_once("started successfully on port ")?;
            port.trim_end_matches('.').parse::<u16>().ok()
        });
        (format!("http://127.0.0.1:{port}"), Mutex::new(process))
    });
    base.clone()
}

impl Browser {
    /// Opens a browser. Two tests at most have one at a time; a second one in a test comes from `another`.
    pub async fn open(base: &str, look: Look) -> Self {
        static SEATS: Semaphore = Semaphore::const_new(2);
        let seat = SEATS.acquire().await.unwrap();
        Self::begin(base, look, Some(seat)).await
    }

    /// A browser in which that person is signed in.
    pub async fn of(person: &Person, look: Look) -> Self {
        let browser = Self::open(&person.base, look).await;
        browser.adopt(person).await;
        browser
    }

    /// One more browser within a test.
    pub async fn another(&self, look: Look) -> Self {
        Self::begin(&self.base, look, None).await
    }

    async fn begin(base: &str, look: Look, seat: Option<SemaphorePermit<'static>>) -> Self {
        let driver = tokio::task::spawn_blocking(driver).await.unwrap();
        let profile = TempDir::new().unwrap();
        let mut arguments: Vec<String> = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--no-default-browser-check",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-extensions",
            "--lang=en",
        ]
        .map(str::to_owned)
        .into();
        arguments.push(format!("--user-data-dir={}", profile.path().display()));
        arguments.push(format!("--window-size={},{}", look.width, look.height));
        let mut preferences = json!({"intl.accept_languages": "en"});
        if !look.scripts {
            preferences["profile.managed_default_content_settings.javascript"] = json!(2);
        }
        let options = json!({"binary": "/usr/bin/chromium", "args": arguments, "prefs": preferences});
        let always = json!({"browserName": "chrome", "goog:chromeOptions": options,
            "goog:loggingPrefs": {"browser": "ALL"}, "pageLoadStrategy": "normal",
            // A proxy of a test signs its own certificate.
            "acceptInsecureCerts": base.starts_with("https:")});
        let http = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(90)).build().unwrap();
        let wanted = json!({"capabilities": {"alwaysMatch": always}});
        let begun = call(&http, Method::POST, &format!("{driver}/session"), wanted).await;
        let begun = begun.unwrap_or_else(|fault| panic!("no browser: {fault}"));
        let session = begun["sessionId"].as_str().unwrap().to_owned();
        let browser = Self {
            base: base.to_owned(),
            http,
            driver,
            session,
            look,
            allowed: Vec::new(),
            _profile: profile,
            _seat: seat,
        };
        browser.look(look).await;
        browser
    }

    /// Changes the size of the page and whether the person likes it dark.
    pub async fn look(&self, look: Look) {
        let size = json!({"width": look.width, "height": look.height, "deviceScaleFactor": 1, "mobile": false});
        self.cdp("Emulation.setDeviceMetricsOverride", size).await;
        let scheme = if look.dark { "dark" } else { "light" };
        let features = json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]});
        self.cdp("Emulation.setEmulatedMedia", features).await;
    }

    // --- the wire

    async fn try_call(&self, method: Method, path: &str, body: Value) -> Result<Value, String> {
        call(&self.http, method, &format!("{}/session/{}{path}", self.driver, self.session), body).await
    }

    async fn post(&self, path: &str, body: Value) -> Value {
        self.try_call(Method::POST, path, body).await.unwrap_or_else(|fault| panic!("{path}: {fault}"))
    }

    async fn read(&self, path: &str) -> Value {
        self.try_call(Method::GET, path, Value::Null).await.unwrap_or_else(|fault| panic!("{path}: {fault}"))
    }

    /// A command of the DevTools protocol.
    pub async fn cdp(&self, command: &str, parameters: Value) -> Value {
        self.post("/goog/cdp/execute", json!({"cmd": command, "params": parameters})).await
    }

    /// Runs the body of a function in the page; works under any Content-Security-Policy.
    pub async fn script(&self, body: &str, arguments: Vec<Value>) -> Value {
        self.post("/execute/sync", json!({"script": body, "args": arguments})).await
    }

    /// Runs the body of a function in the page and waits until it calls its last argument.
    pub async fn wait_in_page(&self, body: &str) -> Value {
        self.post("/execute/async", json!({"script": body, "args": []})).await
    }

    // --- going about

    /// Opens a path of the product or a whole address.
    pub async fn goto(&self, address: &str) {
        let url = if address.starts_with("http") { address.to_owned() } else { format!("{}{address}", self.base) };
        self.post("/url", json!({"url": url})).await;
    }

    pub async fn reload(&self) {
        self.post("/refresh", json!({})).await;
    }

    pub async fn back(&self) {
        self.post("/back", json!({})).await;
    }

    /// The address that is shown.
    pub async fn address(&self) -> url::Url {
        self.read("/url").await.as_str().unwrap().parse().unwrap()
    }

    /// Waits until the path that is shown is as wanted.
    pub async fn arrives(&self, what: &str, wanted: impl Fn(&str) -> bool) -> String {
        eventually(&format!("the browser arrives at {what}"), async || {
            let address = self.address().await;
            wanted(address.path()).then(|| address.path().to_owned())
        })
        .await
    }

    /// Takes over the cookies of someone who is signed in.
    pub async fn adopt(&self, person: &Person) {
        self.goto("/login").await;
        for (name, value) in person.cookies() {
            let cookie = json!({"name": name, "value": value, "httpOnly": true, "sameSite": "Lax", "path": "/"});
            self.post("/cookie", json!({"cookie": cookie})).await;
        }
        self.goto("/conversations").await;
    }

    // --- finding

    /// All elements that a CSS selector finds.
    pub async fn all(&self, css: &str) -> Vec<Element> {
        let found = self.post("/elements", json!({"using": "css selector", "value": css})).await;
        found.as_array().unwrap().iter().map(|element| Element(element[ELEMENT].as_str().unwrap().to_owned())).collect()
    }

    /// What the browser itself tells a screen reader of an element: role and name.
    pub async fn accessible(&self, element: &Element) -> Option<(String, String)> {
        let role =
            self.try_call(Method::GET, &format!("/element/{}/computedrole", element.0), Value::Null).await.ok()?;
        let name =
            self.try_call(Method::GET, &format!("/element/{}/computedlabel", element.0), Value::Null).await.ok()?;
        Some((role.as_str()?.to_owned(), name.as_str()?.trim().to_owned()))
    }

    /// What has that role and name and is shown.
    pub async fn find(&self, role: &str, name: &str) -> Option<Element> {
        let css = match role {
            "button" => "button, input[type=submit], [role=button]",
            "link" => "a[href]",
            "textbox" => "textarea, input",
            "group" => "fieldset, [role=group]",
            "log" => "[role=log]",
            "status" => "[role=status]",
            _ => "*",
        };
        for element in self.all(css).await {
            let Some((its_role, its_name)) = self.accessible(&element).await else { continue };
            if its_role == role && its_name == name && self.is_shown(&element).await {
                return Some(element);
            }
        }
        None
    }

    /// Waits for what has that role and name.
    pub async fn the(&self, role: &str, name: &str) -> Element {
        eventually(&format!("there is a {role} “{name}”"), async || self.find(role, name).await).await
    }

    pub async fn is_shown(&self, element: &Element) -> bool {
        let path = format!("/element/{}/displayed", element.0);
        self.try_call(Method::GET, &path, Value::Null).await.is_ok_and(|shown| shown == true)
    }

    /// A property of an element, as scripts see it.
    pub async fn property(&self, element: &Element, name: &str) -> Value {
        self.read(&format!("/element/{}/property/{name}", element.0)).await
    }

    pub async fn text(&self, element: &Element) -> String {
        let text = self.try_call(Method::GET, &format!("/element/{}/text", element.0), Value::Null).await;
        text.ok().and_then(|text| text.as_str().map(str::to_owned)).unwrap_or_default()
    }

    /// Role and name of what has the focus.
    pub async fn focused(&self) -> (String, String) {
        let Ok(active) = self.try_call(Method::GET, "/element/active", Value::Null).await else {
            return (String::new(), String::new());
        };
        let element = Element(active[ELEMENT].as_str().unwrap_or_default().to_owned());
        self.accessible(&element).await.unwrap_or_default()
    }

    /// Waits until what has that role and name has the focus.
    pub async fn focus_comes_to(&self, role: &str, name: &str) {
        let what = format!("the focus comes to the {role} “{name}”");
        let mut seen = Vec::new();
        eventually(&what, async || {
            let now = self.focused().await;
            if seen.last() != Some(&now) {
                eprintln!("the focus is on {now:?}");
                seen.push(now);
            }
            (seen.last() == Some(&(role.into(), name.into()))).then_some(())
        })
        .await;
    }

    // --- hands

    pub async fn click(&self, element: &Element) {
        self.post(&format!("/element/{}/click", element.0), json!({})).await;
    }

    /// Types into an element, as a person does: key by key.
    pub async fn enter(&self, element: &Element, text: &str) {
        self.post(&format!("/element/{}/value", element.0), json!({"text": text})).await;
    }

    /// Types into whatever has the focus.
    pub async fn types(&self, text: &str) {
        let mut keys = Vec::new();
        for letter in text.chars() {
            keys.push(json!({"type": "keyDown", "value": letter.to_string()}));
            keys.push(json!({"type": "keyUp", "value": letter.to_string()}));
        }
        self.keys(keys).await;
    }

    /// Presses one key.
    pub async fn press(&self, key: Key) {
        let value = key.value();
        self.keys(vec![json!({"type": "keyDown", "value": value}), json!({"type": "keyUp", "value": value})]).await;
    }

    /// Presses a key while others are held.
    pub async fn press_with(&self, held: Key, key: Key) {
        let (held, key) = (held.value(), key.value());
        let down = |key: &str| json!({"type": "keyDown", "value": key});
        let up = |key: &str| json!({"type": "keyUp", "value": key});
        self.keys(vec![down(&held), down(&key), up(&key), up(&held)]).await;
    }

    async fn keys(&self, actions: Vec<Value>) {
        self.post("/actions", json!({"actions": [{"type": "key", "id": "keyboard", "actions": actions}]})).await;
    }

    /// Presses Tab until that is focused; fails if a whole round does not lead there.
    pub async fn tab_to(&self, role: &str, name: &str) {
        for _ in 0..60 {
            if self.focused().await == (role.into(), name.into()) {
                return;
            }
            self.press(Key::Tab).await;
        }
        panic!("Tab never reaches the {role} “{name}”");
    }

    // --- the pages of the product

    /// Fills in and sends the form of the login page.
    pub async fn sign_in(&self, email: &str, password: &str) {
        self.goto("/login").await;
        self.enter(&self.the("textbox", "Email").await, email).await;
        // A password field has no role; it is reached as a person does, from the field before.
        self.press(Key::Tab).await;
        self.types(password).await;
        self.press(Key::Enter).await;
        self.arrives("the conversations", |path| path.ends_with("/conversations")).await;
    }

    /// Writes a message and sends it with Enter.
    pub async fn say(&self, message: &str) {
        let field = self.the("textbox", "Message").await;
        self.enter(&field, message).await;
        if self.look.scripts {
            self.press(Key::Enter).await;
        } else {
            self.click(&self.the("button", "Send").await).await;
        }
    }

    /// Begins a conversation with a message; its path.
    pub async fn new_conversation(&self, message: &str) -> String {
        self.goto("/conversations").await;
        self.click(&self.the("link", "New conversation").await).await;
        self.say(message).await;
        self.arrives("the conversation", |path| path.rsplit('/').next().is_some_and(super::page::is_id)).await
    }

    /// The state as the page words it.
    pub async fn state(&self) -> String {
        for element in self.all("[role=status]").await {
            let text = self.text(&element).await;
            if !text.is_empty() {
                return text;
            }
        }
        String::new()
    }

    /// Waits for a state.
    pub async fn comes_to(&self, state: &str) {
        let what = format!("the page says “{state}”");
        eventually(&what, async || self.state().await.starts_with(state).then_some(())).await;
    }

    /// The visible text of the log.
    pub async fn log(&self) -> String {
        let all = self.all(LOG).await;
        let Some(log) = all.first() else { return String::new() };
        super::squeezed(&self.text(log).await)
    }

    /// Waits until the log shows a text.
    pub async fn sees(&self, text: &str) {
        let what = format!("the log shows “{text}”");
        eventually(&what, async || self.log().await.contains(text).then_some(())).await;
    }

    /// What tools have shown of their work, joined.
    pub async fn outputs(&self) -> String {
        let body = "return [...document.querySelectorAll(arguments[0])].map(e => e.textContent).join('')";
        self.script(body, vec![json!(OUTPUTS)]).await.as_str().unwrap_or_default().to_owned()
    }

    /// The log as a tree of elements and words, without what may differ between a page that was loaded and one that
    /// grew: attributes that are no content, and white space.
    pub async fn log_tree(&self) -> String {
        let body = r"
            const words = t => t.replace(/\s+/g, ' ').trim();
            const walk = (node, depth) => {
                if (node.nodeType === Node.TEXT_NODE) return words(node.data) ? ' '.repeat(depth) + words(node.data) + '\n' : '';
                if (node.nodeType !== Node.ELEMENT_NODE || node.hidden) return '';
                if (['SCRIPT', 'TEMPLATE', 'NOSCRIPT', 'INPUT'].includes(node.tagName)) return '';
                if (node.tagName === 'TIME') return ' '.repeat(depth) + 'time ' + node.dateTime + '\n';
                const kept = ['id', 'data-role', 'data-state', 'data-message-id', 'href', 'class', 'role', 'aria-label'];
                const own = kept.filter(a => node.hasAttribute(a)).map(a => ` ${a}=${node.getAttribute(a)}`).join('');
                let inside = '';
                node.normalize();
                for (const child of node.childNodes) inside += walk(child, depth + 1);
                return ' '.repeat(depth) + node.tagName.toLowerCase() + own + '\n' + inside;
            };
            const articles = [...document.querySelectorAll(arguments[0] + ' article')];
            return articles.map(article => walk(article.cloneNode(true), 0)).join('');";
        self.script(body, vec![json!(LOG)]).await.as_str().unwrap_or_default().to_owned()
    }

    // --- what must hold on every page

    /// From here on the console may hold lines with that text.
    pub fn allow(&mut self, text: &str) {
        self.allowed.push(text.to_owned());
    }

    /// From here on the console may tell that the server was away: by the browser, and by htmx if it tries at that moment.
    pub fn allow_restarts(&mut self) {
        for text in ["WebSocket", "ERR_CONNECTION_", "htmx:ws:error"] {
            self.allow(text);
        }
    }

    /// Fails on an error in the console or a violation of the Content-Security-Policy since the last look.
    pub async fn assert_quiet(&self) {
        let log = self.post("/se/log", json!({"type": "browser"})).await;
        let loud: Vec<_> = log
            .as_array()
            .unwrap()
            .iter()
            .filter(|entry| {
                let message = entry["message"].as_str().unwrap_or_default();
                let bad = entry["level"] == "SEVERE" || message.contains("Content Security Policy");
                bad && !self.allowed.iter().any(|allowed| message.contains(allowed.as_str()))
            })
            .map(|entry| format!("{}: {}", entry["level"], entry["message"]))
            .collect();
        assert!(loud.is_empty(), "the console of {} says:\n{}", self.address().await, loud.join("\n"));
    }

    /// Fails if axe-core finds anything on the page that is shown.
    pub async fn axe(&self, place: &str) {
        let path = target().join("npm/node_modules/axe-core/axe.min.js");
        let source = fs::read_to_string(&path)
            .unwrap_or_else(|fault| panic!("{}: {fault}; tests/all.sh puts it there", path.display()));
        self.script(&source, vec![]).await;
        let body = "const done = arguments[arguments.length - 1];
            axe.run(document, {resultTypes: ['violations']}).then(r => done({violations: r.violations, passes: r.passes.length}),
                                                                 fault => done({fault: String(fault)}));";
        let found = self.wait_in_page(body).await;
        assert!(found["passes"].as_u64().is_some_and(|passes| passes > 0), "axe-core did not run on {place}: {found}");
        let violations: Vec<_> = found["violations"].as_array().unwrap().iter().map(readable).collect();
        assert!(violations.is_empty(), "axe-core on {place} ({:?}):\n{}", self.look, violations.join("\n"));
    }

    /// Saves what is seen as `target/pictures/{name}.png`.
    pub async fn picture(&self, name: &str) {
        let bytes = self.seen().await;
        assert!(bytes.len() > 1000, "the picture {name} is empty");
        let directory = target().join("pictures");
        fs::create_dir_all(&directory).unwrap();
        fs::write(directory.join(format!("{name}.png")), bytes).unwrap();
    }

    /// What is in the window, as PNG.
    pub async fn seen(&self) -> Vec<u8> {
        let picture = self.read("/screenshot").await;
        STANDARD.decode(picture.as_str().unwrap()).unwrap()
    }

    /// Whether the page can be moved sideways.
    pub async fn is_too_wide(&self) -> bool {
        let body = "return document.documentElement.scrollWidth > document.documentElement.clientWidth";
        self.script(body, vec![]).await == true
    }
}

impl Drop for Browser {
    /// Ends the session, so that Chromium goes; also when a test has failed.
    fn drop(&mut self) {
        let address = self.driver.trim_start_matches("http://");
        let Ok(mut stream) = TcpStream::connect(address) else { return };
        let _ = stream.set_read_timeout(Some(Duration::from_secs(10)));
        let request =
            format!("DELETE /session/{} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n", self.session);
        if stream.write_all(request.as_bytes()).is_ok() {
            // The answer comes when Chromium has ended; its profile can be deleted then.
            let _ = stream.read(&mut [0; 512]);
        }
    }
}

async fn call(http: &reqwest::Client, method: Method, url: &str, body: Value) -> Result<Value, String> {
    let mut request = http.request(method, url);
    if !body.is_null() {
        request = request.json(&body);
    }
    let answer = request.send().await.map_err(|fault| format!("{fault:?}"))?;
    let ok = answer.status().is_success();
    let mut answer: Value = answer.json().await.map_err(|fault| format!("{fault:?}"))?;
    let value = answer["value"].take();
    if ok { Ok(value) } else { Err(format!("{}: {}", value["error"], value["message"])) }
}

fn readable(violation: &Value) -> String {
    let nodes = violation["nodes"].as_array().map(Vec::as_slice).unwrap_or_default();
    let node = |node: &Value| {
        format!(
            "    {}\n    {}",
            node["html"],
            node["failureSummary"].as_str().unwrap_or_default().replace('\n', "\n    ")
        )
    };
    let nodes: Vec<_> = nodes.iter().take(5).map(node).collect();
    format!("  {} ({}): {}\n{}", violation["id"], violation["impact"], violation["help"], nodes.join("\n"))
}
