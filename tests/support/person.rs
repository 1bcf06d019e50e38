//! Someone who uses Sayso by plain forms, as a browser without JavaScript would.

use std::{
    collections::BTreeMap,
    net::IpAddr,
    sync::{Arc, Mutex, Once},
};

use reqwest::{Client, ClientBuilder, Method, header::HeaderMap, redirect::Policy};
use url::{Url, form_urlencoded};

use super::{
    LiveSocket, eventually,
    page::{Approval, Form, Page},
    tls,
};

/// A person with a cookie jar. A clone is the same person in the same browser.
#[derive(Clone)]
pub struct Person {
    pub base: String,
    client: Client,
    jar: Arc<Mutex<BTreeMap<String, String>>>,
    language: String,
}

/// A conversation of a person's.
#[derive(Clone)]
pub struct Chat {
    pub person: Person,
    pub id: String,
}

impl Person {
    /// Address and password of whoever follows the set-up link.
    pub const FIRST: (&str, &str) = ("ada@example.org", "correct horse battery staple");

    pub fn new(base: &str) -> Self {
        static PROVIDER: Once = Once::new();
        PROVIDER.call_once(|| {
            let _ = rustls::crypto::ring::default_provider().install_default();
        });
        // A connection of its own for each request: one kept open may be closed by the server just as it is used
        // again, which a browser passes over by asking once more.
        let client = Self::client(base).build().unwrap();
        Self { base: base.to_owned(), client, jar: Arc::default(), language: "en".to_owned() }
    }

    fn client(base: &str) -> ClientBuilder {
        let builder = Client::builder().redirect(Policy::none()).no_proxy().timeout(super::PATIENCE * 3);
        tls::trusting(builder.pool_max_idle_per_host(0), base)
    }

    /// The same person at another address of this machine, such as `127.0.0.2`.
    pub fn calling_from(mut self, address: &str) -> Self {
        let address: IpAddr = address.parse().unwrap();
        self.client = Self::client(&self.base).local_address(address).build().unwrap();
        self
    }

    /// The same person in a browser that asks for another language.
    pub fn speaking(mut self, language: &str) -> Self {
        self.language = language.to_owned();
        self
    }

    /// The same account in a second browser: nothing shared, not signed in.
    pub fn second_device(&self) -> Self {
        Self { jar: Arc::default(), ..self.clone() }
    }

    /// A snapshot of this browser: the same cookies now, its own from here on.
    pub fn copy(&self) -> Self {
        Self { jar: Arc::new(Mutex::new(self.jar.lock().unwrap().clone())), ..self.clone() }
    }

    pub fn cookies(&self) -> BTreeMap<String, String> {
        self.jar.lock().unwrap().clone()
    }

    pub fn cookie_header(&self) -> String {
        let jar = self.jar.lock().unwrap();
        jar.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    /// Opens an address, a path or what a link holds.
    pub async fn get(&self, address: &str) -> Page {
        self.browse(Method::GET, address, None, &[]).await
    }

    /// Sends a form as it is.
    pub async fn submit(&self, form: &Form) -> Page {
        let method = if form.method == "post" { Method::POST } else { Method::GET };
        let body = encoded(&form.fields);
        if method == Method::GET {
            return self.get(&format!("{}?{body}", form.action)).await;
        }
        self.browse(method, &form.action, Some(body), &[]).await
    }

    /// Sends a form with headers of one's own beside or in place of a browser's.
    pub async fn submit_with(&self, form: &Form, headers: &[(&str, &str)]) -> Page {
        self.browse(Method::POST, &form.action, Some(encoded(&form.fields)), headers).await
    }

    /// Sends a form with files, as a browser does: each a field, a name and what is in it.
    pub async fn submit_files(&self, form: &Form, files: &[(&str, &str, &[u8])]) -> Page {
        let (kind, body) = multipart(&form.fields, files);
        let mut page = self.send(Method::POST, &form.action, Some(body), &[("content-type", &kind)]).await;
        while let Some(to) = page.header("location").filter(|_| page.status == 303) {
            page = self.get(page.url.join(to).unwrap().as_str()).await;
        }
        page
    }

    /// One request and its answer; no redirect is followed.
    pub async fn request(&self, method: Method, address: &str, body: Option<String>, headers: &[(&str, &str)]) -> Page {
        self.send(method, address, body.map(String::into_bytes), headers).await
    }

    /// Gets what is no page: its bytes beside its headers.
    pub async fn bytes(&self, address: &str, headers: &[(&str, &str)]) -> (Page, Vec<u8>) {
        self.exchange(Method::GET, address, None, headers).await
    }

    async fn send(&self, method: Method, address: &str, body: Option<Vec<u8>>, headers: &[(&str, &str)]) -> Page {
        self.exchange(method, address, body, headers).await.0
    }

    async fn exchange(
        &self,
        method: Method,
        address: &str,
        body: Option<Vec<u8>>,
        headers: &[(&str, &str)],
    ) -> (Page, Vec<u8>) {
        let url = self.address(address);
        let mut all: Vec<(&str, String)> = vec![
            ("accept", "text/html,application/xhtml+xml,*/*;q=0.8".into()),
            ("accept-language", self.language.clone()),
            ("user-agent", "Mozilla/5.0 (a person without JavaScript)".into()),
        ];
        let cookies = self.cookie_header();
        if !cookies.is_empty() {
            all.push(("cookie", cookies));
        }
        if body.is_some() {
            all.push(("content-type", "application/x-www-form-urlencoded".into()));
            all.push(("origin", url.origin().ascii_serialization()));
            all.push(("sec-fetch-site", "same-origin".into()));
            all.push(("sec-fetch-mode", "navigate".into()));
        }
        all.retain(|(name, _)| !headers.iter().any(|(other, _)| other.eq_ignore_ascii_case(name)));
        let mut request = self.client.request(method, url.clone());
        for (name, value) in all.iter().map(|(name, value)| (*name, value.as_str())).chain(headers.iter().copied()) {
            // An empty value stands for a header that is not sent.
            if !value.is_empty() {
                request = request.header(name, value);
            }
        }
        let answer =
            request.body(body.unwrap_or_default()).send().await.unwrap_or_else(|fault| panic!("{url}: {fault:?}"));
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        self.keep_cookies(&headers);
        let bytes = answer.bytes().await.unwrap_or_default().to_vec();
        let html = String::from_utf8_lossy(&bytes).into_owned();
        (Page { status, url, headers, html, way: Vec::new() }, bytes)
    }

    /// A path as tests name it stands below the path of `PUBLIC_URL`, if there is one; those of pages do so already.
    fn address(&self, address: &str) -> Url {
        let home = Url::parse(&self.base).unwrap();
        let prefix = home.path().trim_end_matches('/');
        let is_below = address.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']));
        if address.starts_with('/') && !is_below {
            return home.join(&format!("{prefix}{address}")).unwrap();
        }
        home.join(address).unwrap()
    }

    async fn browse(&self, method: Method, address: &str, body: Option<String>, headers: &[(&str, &str)]) -> Page {
        let mut page = self.request(method, address, body, headers).await;
        let mut way = Vec::new();
        while (300..400).contains(&page.status) && page.status != 304 {
            assert!(way.len() < 10, "{} redirects for ever", page.url);
            way.push(page.status);
            let to = page.header("location").unwrap_or_else(|| panic!("{} redirects nowhere", page.url));
            let next = page.url.join(to).unwrap();
            page = self.request(Method::GET, next.as_str(), None, &[]).await;
        }
        page.way = way;
        page
    }

    fn keep_cookies(&self, headers: &HeaderMap) {
        let mut jar = self.jar.lock().unwrap();
        for cookie in headers.get_all("set-cookie") {
            let cookie = cookie.to_str().unwrap();
            let mut parts = cookie.split(';').map(str::trim);
            let (name, value) = parts.next().unwrap().split_once('=').unwrap();
            let gone = parts.any(|part| {
                part.to_ascii_lowercase()
                    .strip_prefix("max-age=")
                    .is_some_and(|age| age.parse::<i64>().unwrap_or(0) <= 0)
            });
            if gone {
                jar.remove(name);
            } else {
                jar.insert(name.to_owned(), value.to_owned());
            }
        }
    }

    // --- the verbs of a person

    /// Signs in by the form; where that leads.
    pub async fn sign_in(&self, email: &str, password: &str) -> Page {
        let page = self.get("/login").await;
        self.sign_in_at(&page, email, password).await
    }

    /// Signs in by the form of a page one has been sent to.
    pub async fn sign_in_at(&self, page: &Page, email: &str, password: &str) -> Page {
        let form = page.form_with("button", "Sign in").fill("email", email).fill("password", password);
        self.submit(&form).await
    }

    pub async fn sign_out(&self) -> Page {
        let form = self.get("/conversations").await.form_to("/logout");
        self.submit(&form).await
    }

    /// Whether one is signed in: the list of conversations opens.
    pub async fn is_signed_in(&self) -> bool {
        let page = self.get("/conversations").await;
        page.status == 200 && page.url.path().ends_with("/conversations")
    }

    /// The page on which a conversation is begun.
    pub async fn new_page(&self) -> Page {
        let link = self.get("/conversations").await.the("link", "New conversation");
        let page = self.get(link.attribute("href")).await;
        page.expect(200);
        page
    }

    /// Begins a conversation with a message.
    pub async fn new_conversation(&self, message: &str) -> Chat {
        let form = self.new_page().await.composer().fill("message", message);
        let page = self.submit(&form).await;
        page.expect(200);
        Chat { person: self.clone(), id: page.conversation() }
    }

    /// A socket as a page has it, with this person's cookie.
    pub async fn socket(&self, conversation: &str) -> LiveSocket {
        let origin = Url::parse(&self.base).unwrap().origin().ascii_serialization();
        LiveSocket::open(self, conversation, &origin).await.expect("the socket is accepted")
    }
}

impl Chat {
    /// The conversation as it stands.
    pub async fn page(&self) -> Page {
        let page = self.person.get(&format!("/conversations/{}", self.id)).await;
        page.expect(200);
        page
    }

    /// The same conversation on another device.
    pub fn seen_by(&self, person: &Person) -> Self {
        Self { person: person.clone(), id: self.id.clone() }
    }

    /// Sends a message; the page that answers.
    pub async fn send(&self, message: &str) -> Page {
        let form = self.page().await.composer().fill("message", message);
        self.person.submit(&form).await
    }

    /// Sends a message and waits until nothing works any more.
    pub async fn say(&self, message: &str) -> Page {
        self.send(message).await.expect(200);
        self.settled().await
    }

    /// Presses Stop.
    pub async fn stop(&self) -> Page {
        let form = self.page().await.form_with("button", "Stop");
        self.person.submit(&form).await
    }

    /// Presses Try again or Continue.
    pub async fn retry(&self) -> Page {
        let form = self.page().await.form_to("/retry");
        let label = form.buttons.first().map(|button| button.label.clone()).unwrap_or_default();
        self.person.submit(&form.press(&label)).await
    }

    /// Waits until decisions wait, and as many as said.
    pub async fn approvals(&self, count: usize) -> Vec<Approval> {
        eventually("the decisions to wait", async || {
            let page = self.page().await;
            let waiting = page.approvals();
            (page.is_waiting() && waiting.len() == count).then_some(waiting)
        })
        .await
    }

    /// Decides on what waits; the page that answers.
    pub async fn decide(&self, approval: &Approval, button: &str) -> Page {
        self.person.submit(&approval.form.clone().press(button)).await
    }

    /// Approves the one call that waits.
    pub async fn approve(&self) -> Page {
        let waiting = self.approvals(1).await;
        self.decide(&waiting[0], "Approve").await
    }

    /// Denies the one call that waits.
    pub async fn deny(&self) -> Page {
        let waiting = self.approvals(1).await;
        self.decide(&waiting[0], "Deny").await
    }

    /// Waits until nothing works any more: the turn has ended or waits for the person.
    pub async fn settled(&self) -> Page {
        self.until("the turn to come to rest", |page| !page.is_running()).await
    }

    /// Waits until the page shows something.
    pub async fn until(&self, what: &str, shows: impl Fn(&Page) -> bool) -> Page {
        eventually(what, async || Some(self.page().await).filter(|page| shows(page))).await
    }

    pub async fn socket(&self) -> LiveSocket {
        self.person.socket(&self.id).await
    }
}

fn encoded(fields: &[(String, String)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

/// A form with files, and the type by which it goes.
pub fn multipart(fields: &[(String, String)], files: &[(&str, &str, &[u8])]) -> (String, Vec<u8>) {
    const BOUNDARY: &str = "----sayso-test-boundary";
    let mut body = Vec::new();
    for (name, value) in fields {
        body.extend(format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n").bytes());
        body.extend(format!("{value}\r\n").bytes());
    }
    for (name, file, bytes) in files {
        let file = file.replace('"', "%22");
        let head = format!("Content-Disposition: form-data; name=\"{name}\"; filename=\"{file}\"");
        body.extend(format!("--{BOUNDARY}\r\n{head}\r\nContent-Type: application/octet-stream\r\n\r\n").bytes());
        body.extend(*bytes);
        body.extend(b"\r\n");
    }
    body.extend(format!("--{BOUNDARY}--\r\n").bytes());
    (format!("multipart/form-data; boundary={BOUNDARY}"), body)
}
