//! The wall, generated: everybody who has no business there comes to every address, with ids of what is somebody else's,
//! and is told not one byte of it.

mod planted;
mod sockets;
mod table;

use reqwest::Method;

use self::{
    planted::{ADMIN, PRIVATE, Planted, SHARED, plant, state},
    table::{FILE, Whose, rows},
};
use crate::{
    both,
    support::{App, Page, Person, Script, multipart},
    token_page::made,
    tokens::call_as,
};

/// Who comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Who {
    /// The owner of another tenant.
    Stranger,
    /// A member of the same tenant.
    Colleague,
    /// One who was an admin there when they signed in.
    Demoted,
    /// Someone who was let in without an account.
    Guest,
    /// One who was suspended since they signed in.
    Suspended,
    /// Nobody who is known.
    Nobody,
}

impl Who {
    fn is_somebody(self) -> bool {
        !matches!(self, Self::Suspended | Self::Nobody)
    }

    fn is_in_the_tenant(self) -> bool {
        matches!(self, Self::Colleague | Self::Demoted | Self::Guest)
    }
}

/// Someone with a browser, and with what programs of theirs have.
struct Caller {
    who: Who,
    browser: Person,
    csrf: String,
    /// Sign-ins and tokens; those of nobody are none.
    tokens: Vec<Option<String>>,
}

impl Caller {
    async fn new(app: &App, who: Who, email: &str, browser: Person) -> Self {
        let csrf = browser.get("/conversations").await.csrf();
        let sign_in = Script::sign_in(&app.base, (email, Person::FIRST.1)).await.token;
        let all = made(&browser, "All", &["chat", "decide", "admin-read"], "30").await;
        let tools = made(&browser, "Tools", &["tools"], "30").await;
        Self { who, browser, csrf, tokens: vec![Some(sign_in), Some(all), Some(tools)] }
    }

    /// None of what is not for them is in it.
    #[track_caller]
    fn is_told_nothing(&self, told: &str, what: &str) {
        let told = told.to_lowercase();
        let shared = if self.who.is_in_the_tenant() { &[][..] } else { SHARED };
        for mark in PRIVATE.iter().chain(ADMIN).chain(shared) {
            let digits = mark.parse::<u64>().is_ok();
            let is_there = if digits { without_separators(&told).contains(mark) } else { told.contains(mark) };
            assert!(!is_there, "{:?} is told “{mark}” by {what}:\n{told}", self.who);
        }
    }

    /// Whether that is how this one is to be answered there.
    fn is_fitting(&self, whose: Whose, page: &Page) -> bool {
        let status = page.status;
        let to_login = || page.header("location").is_some_and(|to| to.contains("/login"));
        match (self.who, whose) {
            (_, Whose::Nobodys | Whose::Machines) => status < 500,
            // An old address that only leads on asks nobody who they are: the next one does.
            (Who::Suspended | Who::Nobody, _) => {
                [401, 403, 404].contains(&status)
                    || ((300..400).contains(&status) && (to_login() || whose == Whose::Callers))
            }
            (_, Whose::Callers) => status < 500,
            (Who::Stranger, Whose::Members) => status < 500,
            (_, Whose::Members) => status < 500,
            (_, Whose::Operators) => [401, 403, 404].contains(&status),
            // Whose token is not for this, or not good any more, is told so before anything is looked for.
            (Who::Stranger, _) => [401, 403, 404].contains(&status),
            (_, Whose::Tenants) => status < 500,
            (_, Whose::Persons | Whose::Admins) => [401, 403, 404].contains(&status),
        }
    }
}

/// A text in which no number is cut up for reading.
fn without_separators(text: &str) -> String {
    text.chars().filter(|character| !matches!(character, ',' | '.' | '\u{a0}' | '\u{202f}')).collect()
}

/// An address with what is the victim's in it.
fn address(planted: &Planted, method: &str, pattern: &str) -> String {
    let id = match pattern {
        _ if pattern.contains("/tenants/") => &planted.tenant,
        _ if pattern.contains("/tool-calls/") => &planted.call,
        _ if pattern.contains("/grants/") => &planted.grant,
        _ if pattern.contains("/tokens/") => &planted.token,
        _ if pattern.contains("/sessions/{id}") => &planted.session,
        _ if pattern.contains("/sign-ins/") => &planted.sign_in,
        "/api/chat/session/{id}" if method == "GET" => &planted.user,
        _ => &planted.conversation,
    };
    let name = if pattern.contains("/tools/{server}") { "write_file" } else { "walltenant-srv" };
    let query = match pattern {
        "/conversations/{id}/export" => "?format=md",
        "/conversations" => "?q=wall",
        "/admin/tenants/{id}/servers/{name}/callback" => "?code=x&state=x",
        "/admin/tenants/{id}/records" => "?collection=walltenant",
        "/api/conversations" => "?q=wall",
        _ => "",
    };
    let path = pattern
        .replace("{id}", id)
        .replace("{id:.+}", "no-model")
        .replace("{user}", &planted.user)
        .replace("{invitation}", &planted.invitation)
        .replace("{token}", "nonsense")
        .replace("{number}", "1")
        .replace("{path:.*}", "notes/walltenant.txt")
        .replace("{server}", "sayso")
        .replace("{tool}", "walltenant_tool")
        .replace("{name}", name);
    assert!(!path.contains('{'), "{pattern} is not filled");
    path + query
}

fn filled(body: &str, planted: &Planted) -> String {
    body.replace("CALL", &planted.call).replace("DIGEST", &planted.digest).replace("TENANT", &planted.tenant)
}

fn is_of_programs(pattern: &str) -> bool {
    ["/api/", "/v1/", "/mcp"].iter().any(|root| pattern.starts_with(root))
}

/// One caller at every address.
async fn walk(planted: &Planted, caller: &Caller) {
    for (method, pattern, whose, body) in rows() {
        let what = format!("{:?}: {method} {pattern}", caller.who);
        let path = address(planted, method, pattern);
        let method: Method = method.parse().unwrap();
        if pattern.ends_with("socket") || pattern == "/api/gateway" {
            // As far as plain HTTP gets; what is said on them is in `sockets`.
            let page = caller.browser.request(method, &path, None, &[]).await;
            caller.is_told_nothing(&page.html, &what);
            assert!((400..500).contains(&page.status), "{what} answers {}", page.status);
            continue;
        }
        let answers = if is_of_programs(pattern) {
            let sent = (!body.is_empty()).then(|| serde_json::from_str(&filled(body, planted)).unwrap());
            let mut answers = Vec::new();
            for token in caller.tokens.iter().map(Option::as_deref).chain([None]) {
                answers.push(call_as(&caller.browser, method.clone(), &path, token, sent.clone()).await);
            }
            answers
        } else if body == FILE {
            let fields = [("csrf", caller.csrf.as_str()), ("collection", "walltenant"), ("idempotency_key", "x")];
            let fields = fields.map(|(name, value)| (name.to_owned(), value.to_owned()));
            let (kind, sent) = multipart(&fields, &[("file", "taken.json", b"[]")]);
            let sent = String::from_utf8(sent).unwrap();
            vec![caller.browser.request(method, &path, Some(sent), &[("content-type", &kind)]).await]
        } else {
            let sent = (method != Method::GET).then(|| format!("csrf={}&{}", caller.csrf, filled(body, planted)));
            vec![caller.browser.request(method, &path, sent, &[]).await]
        };
        for page in answers {
            // What is said of the address that was asked for is not told, but given back.
            let encoded: String = url::form_urlencoded::byte_serialize(path.as_bytes()).collect();
            let told = format!("{}\n{:?}", page.html, page.headers).replace(&path, "").replace(&encoded, "");
            // A client's document names the address beside its own to which one comes back.
            let told = told.replace(path.strip_suffix("/client.json").unwrap_or(&path), "");
            caller.is_told_nothing(&told, &what);
            assert!(caller.is_fitting(whose, &page), "{what} answers {}:\n{}", page.status, page.html);
        }
    }
}

/// That it would be told to those whose it is: without this, nothing would be shown.
async fn the_victim_sees_it(planted: &Planted, ada: &Person, script: &Script) {
    let mut seen = String::new();
    for (method, pattern, whose, _) in rows().into_iter().filter(|(method, ..)| *method == "GET") {
        if pattern.ends_with("socket")
            || pattern.ends_with("gateway")
            || pattern.ends_with("/events")
            || pattern == "/mcp"
        {
            continue;
        }
        let path = address(planted, method, pattern);
        let token = is_of_programs(pattern).then_some(script.token.as_str());
        let page = call_as(ada, method.parse().unwrap(), &path, token, None).await;
        assert!(page.status < 500, "{pattern} answers {}: {}", page.status, page.html);
        if whose == Whose::Persons && !pattern.contains("{number}") && !pattern.contains("/edit") {
            assert!(page.status < 400, "the victim's own {pattern} answers {}: {}", page.status, page.html);
        }
        seen.push_str(&page.html.to_lowercase());
    }
    let seen = without_separators(&seen);
    for mark in PRIVATE.iter().chain(ADMIN).chain(SHARED) {
        assert!(seen.contains(&without_separators(mark)), "“{mark}” is told to nobody");
    }
}

both! {
    async fn nobody_is_told_what_is_not_theirs(backend) {
        let (app, ada) = App::ready(backend, &[]).await;
        let slug = app.tenant();
        let mut callers = Vec::new();
        let stranger = app.stranger().await;
        callers.push(Caller::new(&app, Who::Stranger, "eve@example.org", stranger).await);
        for (who, email, role) in [
            (Who::Colleague, "bob@example.org", "member"),
            (Who::Demoted, "dora@example.org", "admin"),
            (Who::Guest, "gil@example.org", "member"),
            (Who::Suspended, "sam@example.org", "admin"),
        ] {
            let person = app.person(email, &slug, role).await;
            callers.push(Caller::new(&app, who, email, person).await);
        }
        let nobody = app.visitor();
        let csrf = nobody.get("/login").await.csrf();
        callers.push(Caller { who: Who::Nobody, browser: nobody, csrf, tokens: vec![Some("sayso_nonsense".into())] });
        let planted = plant(&app, backend, &ada).await;
        let script = Script::first(&app.base).await;
        the_victim_sees_it(&planted, &ada, &script).await;
        // Behind the server's back: nobody has to sign in again for that, and their doors are closed all the same.
        let of = |email: &str| format!("user_id = (SELECT id FROM users WHERE email = '{email}')");
        app.query(&format!("UPDATE memberships SET role = 'member' WHERE {}", of("dora@example.org")));
        app.query(&format!("UPDATE memberships SET role = 'guest' WHERE {}", of("gil@example.org")));
        app.query(&format!("UPDATE memberships SET is_active = false WHERE {}", of("sam@example.org")));

        let before = state(&app, &planted);
        let files = app.files();
        for caller in &callers {
            sockets::talk(&app, &planted, caller).await;
            walk(&planted, caller).await;
            assert_eq!(state(&app, &planted), before, "{:?} changed something", caller.who);
        }
        assert_eq!(app.files(), files);
    }
}
