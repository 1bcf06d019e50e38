//! A page as someone without a mouse, a style sheet or a script finds their way in it: by role and accessible name.
//! Every selector and data attribute of the product that tests lean on stands in this file.

use std::collections::BTreeMap;

use reqwest::header::HeaderMap;
use scraper::{ElementRef, Html, Selector};
use url::Url;

use super::squeezed;

/// Where the log of a conversation is.
pub const LOG: &str = "#log";
/// The articles of the log.
pub const ARTICLES: &str = "#log article[data-message-id], #log article[data-role]";
/// The forms in which a person decides.
pub const APPROVALS: &str = "form[action*='/tool-calls/'][action$='/decision']";
/// The form in which a person writes.
pub const COMPOSER: &str = "form#composer";
/// The form that ends a turn.
pub const STOP: &str = "form#stop, #stop form";
/// What was said in an article of the log, without who said it and when.
pub const WORDS: &str = "[id^='message-'][id*='-text-']";
/// How the latest turn ended, where that is worth a word.
pub const NOTE: &str = "#turn-note .note p";
/// What a tool showed of its work.
pub const OUTPUTS: &str = "[id^='tool-call-'][id$='-output']";

/// Elements that have each role.
fn selector_of(role: &str) -> &'static str {
    match role {
        "button" => "button, input[type=submit], [role=button]",
        "link" => "a[href]",
        "textbox" => "textarea, input:not([type=hidden]):not([type=submit]):not([type=checkbox]):not([type=radio])",
        "navigation" => "nav, [role=navigation]",
        "group" => "fieldset, [role=group]",
        "heading" => "h1, h2, h3, h4, h5, h6",
        "contentinfo" => "footer, [role=contentinfo]",
        "main" => "main",
        "log" => "[role=log]",
        "status" => "[role=status]",
        "alert" => "[role=alert]",
        "separator" => "hr, [role=separator]",
        other => panic!("page.rs knows no role {other}"),
    }
}

/// An answer of the server, read as a page.
#[derive(Clone, Debug)]
pub struct Page {
    pub status: u16,
    pub url: Url,
    pub headers: HeaderMap,
    pub html: String,
    /// The statuses of the redirects that led here.
    pub way: Vec<u16>,
}

/// One element.
#[derive(Clone, Debug)]
pub struct Node {
    pub tag: String,
    pub attributes: BTreeMap<String, String>,
    pub name: String,
    pub text: String,
}

impl Node {
    pub fn attribute(&self, name: &str) -> &str {
        self.attributes.get(name).map_or("", String::as_str)
    }
}

/// An article of the log.
#[derive(Clone, Debug, PartialEq)]
pub struct Article {
    pub id: String,
    pub role: String,
    pub state: String,
    /// What was said, without who said it and when.
    pub text: String,
}

/// A tool call that waits for the person.
#[derive(Clone, Debug)]
pub struct Approval {
    pub call: String,
    pub group: String,
    pub text: String,
    pub form: Form,
}

/// A tool call in the log.
#[derive(Clone, Debug)]
pub struct ToolCall {
    pub id: String,
    pub state: String,
    pub summary: String,
    pub text: String,
    pub output: String,
}

/// A form, filled as the page has it.
#[derive(Clone, Debug)]
pub struct Form {
    pub action: String,
    pub method: String,
    pub fields: Vec<(String, String)>,
    pub buttons: Vec<Button>,
}

#[derive(Clone, Debug)]
pub struct Button {
    pub label: String,
    pub field: Option<(String, String)>,
    pub action: Option<String>,
}

impl Form {
    /// Types into a field that is there.
    pub fn fill(mut self, name: &str, value: &str) -> Self {
        let slot = self.fields.iter_mut().find(|(field, _)| field == name);
        let Some(slot) = slot else { panic!("no field {name} in the form {}: {:?}", self.action, self.fields) };
        slot.1 = value.to_owned();
        self
    }

    /// Adds a field that the page does not have, or has already.
    pub fn forge(mut self, name: &str, value: &str) -> Self {
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Leaves a field out.
    pub fn without(mut self, name: &str) -> Self {
        self.fields.retain(|(field, _)| field != name);
        self
    }

    /// Presses one of its buttons.
    pub fn press(mut self, label: &str) -> Self {
        let button = self.buttons.iter().find(|button| button.label.starts_with(label)).cloned();
        let Some(button) = button else { panic!("no button {label} in the form {}: {:?}", self.action, self.buttons) };
        self.fields.extend(button.field);
        if let Some(action) = button.action {
            self.action = action;
        }
        self
    }

    pub fn value(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str())
    }
}

impl Page {
    /// The page, if it came with that status.
    #[track_caller]
    pub fn expect(&self, status: u16) -> &Self {
        assert_eq!(self.status, status, "{} answered:\n{}", self.url, self.excerpt());
        self
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// Its visible text.
    pub fn text(&self) -> String {
        let html = Html::parse_document(&self.html);
        html.select(&select("body")).next().map(|body| text_of(body)).unwrap_or_else(|| squeezed(&self.html))
    }

    fn excerpt(&self) -> String {
        self.text().chars().take(1500).collect()
    }

    /// Everything with that role.
    pub fn all(&self, role: &str) -> Vec<Node> {
        self.nodes(selector_of(role))
    }

    /// Everything that a CSS selector finds.
    pub fn nodes(&self, css: &str) -> Vec<Node> {
        let html = Html::parse_document(&self.html);
        html.select(&select(css)).map(|element| node(&html, element)).collect()
    }

    /// What has that role and name, if anything has.
    pub fn find(&self, role: &str, name: &str) -> Option<Node> {
        self.all(role).into_iter().find(|node| node.name == name)
    }

    /// What has that role and name.
    #[track_caller]
    pub fn the(&self, role: &str, name: &str) -> Node {
        self.find(role, name).unwrap_or_else(|| {
            let names: Vec<_> = self.all(role).into_iter().map(|node| node.name).collect();
            panic!("{} ({}) has no {role} “{name}”, only {names:?}:\n{}", self.url, self.status, self.excerpt())
        })
    }

    /// The form that holds what has that role and name.
    #[track_caller]
    pub fn form_with(&self, role: &str, name: &str) -> Form {
        self.the(role, name);
        let html = Html::parse_document(&self.html);
        let inner = html.select(&select(selector_of(role))).find(|element| name_of(&html, *element) == name).unwrap();
        let outer = inner.ancestors().filter_map(ElementRef::wrap).find(|element| element.value().name() == "form");
        let id = inner.attr("form").and_then(|id| html.select(&select(&format!("form[id='{id}']"))).next());
        form(&html, id.or(outer).unwrap_or_else(|| panic!("{role} “{name}” stands in no form")))
    }

    /// The forms that a CSS selector finds.
    pub fn forms(&self, css: &str) -> Vec<Form> {
        let html = Html::parse_document(&self.html);
        html.select(&select(css)).map(|element| form(&html, element)).collect()
    }

    /// The form whose address ends so.
    #[track_caller]
    pub fn form_to(&self, end: &str) -> Form {
        let found = self.forms("form").into_iter().find(|form| form.action.ends_with(end));
        found.unwrap_or_else(|| panic!("{} ({}) has no form to …{end}:\n{}", self.url, self.status, self.excerpt()))
    }

    /// Any CSRF token of the page.
    #[track_caller]
    pub fn csrf(&self) -> String {
        let tokens = self.nodes("input[name=csrf]");
        tokens.first().unwrap_or_else(|| panic!("{} has no CSRF token", self.url)).attribute("value").to_owned()
    }

    /// What complains: alerts, what describes a field that is wrong, or the words of a page that is only a fault.
    pub fn complaint(&self) -> String {
        let mut words: Vec<String> = self.all("alert").into_iter().map(|node| node.text).collect();
        for field in self.nodes("[aria-invalid=true]") {
            for id in field.attribute("aria-describedby").split_whitespace() {
                words.extend(self.nodes(&format!("[id='{id}']")).into_iter().map(|node| node.text));
            }
        }
        if self.status >= 400 && self.nodes("main form").is_empty() {
            words.extend(self.nodes("main p").into_iter().map(|node| node.text).take(1));
        }
        words.retain(|word| !word.is_empty());
        words.join("\n")
    }

    /// Whether a code of the contract can be read anywhere on it, as such or in its English words.
    pub fn shows_code(&self, code: &str) -> bool {
        let key = format!("error-{} = ", code.to_lowercase().replace('_', "-"));
        let words = include_str!("../../src/i18n/en.ftl").lines().find_map(|line| line.strip_prefix(&key));
        let text = self.text();
        text.contains(code) || words.is_some_and(|words| text.contains(words.split('{').next().unwrap().trim()))
    }

    // --- a conversation

    /// The id in the address of a conversation's page.
    #[track_caller]
    pub fn conversation(&self) -> String {
        let mut parts = self.url.path().split('/').skip_while(|part| *part != "conversations").skip(1);
        let id = parts.next().filter(|id| id.len() >= 32);
        id.unwrap_or_else(|| panic!("{} ({}) is no conversation:\n{}", self.url, self.status, self.excerpt()))
            .to_owned()
    }

    pub fn title(&self) -> String {
        self.all("heading").into_iter().find(|node| node.tag == "h1").map(|node| node.text).unwrap_or_default()
    }

    /// The state as the page words it.
    #[track_caller]
    pub fn state(&self) -> String {
        let all = self.all("status");
        assert_eq!(all.len(), 1, "one element has the role status on {} ({})", self.url, self.status);
        all[0].text.clone()
    }

    /// The state of the latest turn, by its word in the contract, as far as the page tells it apart.
    #[track_caller]
    pub fn turn(&self) -> String {
        let note = self.nodes(NOTE).into_iter().map(|note| note.text).next().unwrap_or_default();
        match note.as_str() {
            _ if self.is_running() => "running",
            _ if self.is_waiting() => "awaiting_approval",
            "" => "completed",
            "Stopped." => "stopped",
            _ if note.starts_with("The server stopped while it was answering") => "interrupted",
            _ => "failed",
        }
        .to_owned()
    }

    /// Whether a turn works.
    #[track_caller]
    pub fn is_running(&self) -> bool {
        let state = self.state();
        state.starts_with("Assistant is typing")
            || state.starts_with("Creating file")
            || state.starts_with("Running")
            || state.starts_with("Waiting for your answer")
    }

    /// Whether a decision of the person is waited for.
    #[track_caller]
    pub fn is_waiting(&self) -> bool {
        self.state().starts_with("Waiting for your approval")
    }

    /// The articles of the log, oldest first.
    pub fn articles(&self) -> Vec<Article> {
        let html = Html::parse_document(&self.html);
        let article = |element: ElementRef| Article {
            id: element.attr("data-message-id").or(element.attr("id")).unwrap_or_default().to_owned(),
            role: element.attr("data-role").unwrap_or_default().to_owned(),
            state: element.attr("data-state").unwrap_or_default().to_owned(),
            text: element.select(&select(WORDS)).map(|words| text_of(words)).collect::<Vec<_>>().join(" "),
        };
        html.select(&select(ARTICLES)).map(article).collect()
    }

    /// What one side has said, in order.
    pub fn said_by(&self, role: &str) -> Vec<Article> {
        self.articles().into_iter().filter(|article| article.role == role).collect()
    }

    /// The text of all replies together.
    pub fn replies(&self) -> String {
        self.said_by("assistant").into_iter().map(|article| article.text).collect::<Vec<_>>().join(" ")
    }

    /// The tool calls of the log.
    pub fn tool_calls(&self) -> Vec<ToolCall> {
        let html = Html::parse_document(&self.html);
        let call = |element: ElementRef| {
            let summary = element.select(&select("summary")).next().map(|summary| text_of(summary)).unwrap_or_default();
            let state = element.attr("data-tool-state").unwrap_or_default().to_owned();
            let output = element.select(&select(OUTPUTS)).map(|output| text_of(output)).collect();
            let id = element.attr("id").unwrap_or_default().trim_start_matches("tool-call-").to_owned();
            ToolCall { id, state, summary, text: text_of(element), output }
        };
        html.select(&select("#log article[data-role=tool]")).map(call).collect()
    }

    /// What waits for the person's decision here.
    pub fn approvals(&self) -> Vec<Approval> {
        let html = Html::parse_document(&self.html);
        let approval = |element: ElementRef| {
            let form = form(&html, element);
            if form.value("digest").is_none() || !form.buttons.iter().any(|button| button.label.starts_with("Approve"))
            {
                return None;
            }
            let call = form.action.rsplit('/').nth(1).unwrap_or_default().to_owned();
            let group = std::iter::once(element)
                .chain(element.ancestors().filter_map(ElementRef::wrap))
                .find(|element| element.attr("role") == Some("group") || element.value().name() == "fieldset")?;
            Some(Approval { call, group: name_of(&html, group), text: text_of(group), form })
        };
        html.select(&select(APPROVALS)).filter_map(approval).collect()
    }

    /// The form in which one writes.
    #[track_caller]
    pub fn composer(&self) -> Form {
        self.forms(COMPOSER)
            .into_iter()
            .next()
            .unwrap_or_else(|| panic!("{} ({}) has no form for a message:\n{}", self.url, self.status, self.excerpt()))
    }

    /// What stands in the message box.
    pub fn typed(&self) -> String {
        self.forms(COMPOSER).first().and_then(|form| form.value("message")).unwrap_or_default().to_owned()
    }

    /// Whether a turn may be taken up again.
    pub fn may_retry(&self) -> bool {
        self.forms("form").iter().any(|form| form.action.ends_with("/retry"))
    }

    /// The conversations of the list, in its order: id and title.
    pub fn conversations(&self) -> Vec<(String, String)> {
        let html = Html::parse_document(&self.html);
        let mut listed: Vec<(String, String)> = Vec::new();
        for link in html.select(&select("a[href*='/conversations/']")) {
            let id = link.attr("href").unwrap_or_default().rsplit('/').next().unwrap_or_default().to_owned();
            if is_id(&id) && !listed.iter().any(|(known, _)| *known == id) {
                listed.push((id, text_of(link)));
            }
        }
        listed
    }

    /// Where older messages are, if there are any.
    pub fn older(&self) -> Option<String> {
        self.nodes("a[href*='before=']").first().map(|link| link.attribute("href").to_owned())
    }
}

/// Whether a word has the form of an id.
pub fn is_id(word: &str) -> bool {
    word.len() == 36 && word.chars().all(|c| c.is_ascii_hexdigit() || c == '-')
}

fn select(css: &str) -> Selector {
    Selector::parse(css).unwrap_or_else(|fault| panic!("{css}: {fault}"))
}

fn node(html: &Html, element: ElementRef) -> Node {
    Node {
        tag: element.value().name().to_owned(),
        attributes: element.value().attrs().map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        name: name_of(html, element),
        text: text_of(element),
    }
}

/// The text of an element as it is seen: without what is hidden or is no text.
fn text_of(element: ElementRef) -> String {
    words_of(element, false)
}

/// The text of an element, as it is seen or as it is heard.
fn words_of(element: ElementRef, heard: bool) -> String {
    fn walk(element: ElementRef, heard: bool, text: &mut String) {
        for child in element.children() {
            if let Some(words) = child.value().as_text() {
                text.push_str(words);
            } else if let Some(child) = ElementRef::wrap(child) {
                let hidden = child.attr("hidden").is_some() || (heard && child.attr("aria-hidden") == Some("true"));
                if hidden || matches!(child.value().name(), "script" | "style" | "template" | "noscript" | "textarea") {
                    continue;
                }
                let inline = matches!(
                    child.value().name(),
                    "a" | "b" | "i" | "em" | "strong" | "code" | "span" | "ins" | "del" | "mark" | "kbd" | "small"
                );
                text.push_str(if inline { "" } else { " " });
                walk(child, heard, text);
                text.push_str(if inline { "" } else { " " });
            }
        }
    }
    let mut text = String::new();
    walk(element, heard, &mut text);
    squeezed(&text)
}

/// The accessible name, as far as pages of this product need it.
fn name_of(html: &Html, element: ElementRef) -> String {
    let label = element.attr("aria-label").map(squeezed).filter(|label| !label.is_empty());
    if let Some(label) = label {
        return label;
    }
    if let Some(ids) = element.attr("aria-labelledby") {
        let named = ids.split_whitespace().filter_map(|id| html.select(&select(&format!("[id='{id}']"))).next());
        return squeezed(&named.map(|element| words_of(element, true)).collect::<Vec<_>>().join(" "));
    }
    match element.value().name() {
        "input" if element.attr("type") == Some("submit") => squeezed(element.attr("value").unwrap_or_default()),
        "input" | "textarea" | "select" => {
            let by_id = element.attr("id").and_then(|id| html.select(&select(&format!("label[for='{id}']"))).next());
            let around = || element.ancestors().filter_map(ElementRef::wrap).find(|e| e.value().name() == "label");
            by_id.or_else(around).map(|label| text_of(label)).unwrap_or_default()
        }
        "fieldset" => element.select(&select("legend")).next().map(|legend| text_of(legend)).unwrap_or_default(),
        _ => words_of(element, true),
    }
}

fn form(html: &Html, element: ElementRef) -> Form {
    let mut form = Form {
        action: element.attr("action").unwrap_or_default().to_owned(),
        method: element.attr("method").unwrap_or("get").to_lowercase(),
        fields: Vec::new(),
        buttons: Vec::new(),
    };
    let controls = select("input, textarea, select, button");
    let outside = element.attr("id").map(|id| select(&format!("[form='{id}']")));
    let inside = element
        .select(&controls)
        .filter(|control| control.attr("form").is_none_or(|id| Some(id) == element.attr("id")));
    let outside = outside
        .iter()
        .flat_map(|outside| html.select(outside))
        .filter(|control| !control.ancestors().any(|ancestor| ancestor.id() == element.id()));
    for control in inside.chain(outside) {
        if control.attr("disabled").is_some() {
            continue;
        }
        let kind = control.attr("type").unwrap_or_default();
        let name = control.attr("name").unwrap_or_default().to_owned();
        let value = control.attr("value").unwrap_or_default().to_owned();
        let tag = control.value().name();
        if (tag == "button" && matches!(kind, "" | "submit")) || (tag == "input" && kind == "submit") {
            let label = name_of(html, control);
            let action = control.attr("formaction").map(str::to_owned);
            form.buttons.push(Button { label, field: (!name.is_empty()).then_some((name, value)), action });
        } else if name.is_empty() || tag == "button" || matches!(kind, "file" | "button" | "reset") {
            continue;
        } else if matches!(kind, "checkbox" | "radio") {
            if control.attr("checked").is_some() {
                form.fields.push((name, if control.attr("value").is_some() { value } else { "on".to_owned() }));
            }
        } else if tag == "textarea" {
            let text: String = control.text().collect();
            form.fields.push((name, text.strip_prefix('\n').unwrap_or(&text).to_owned()));
        } else if tag == "select" {
            let options: Vec<_> = control.select(&select("option")).collect();
            let chosen = options.iter().find(|option| option.attr("selected").is_some()).or(options.first());
            let value = chosen.map(|option| option.attr("value").map_or_else(|| text_of(*option), str::to_owned));
            form.fields.push((name, value.unwrap_or_default()));
        } else {
            form.fields.push((name, value));
        }
    }
    form
}
