//! Whole pages. A handler fills the struct and sends what `render()` gives. Fields that hold what a person typed
//! are given back to them, so that a refused form loses nothing; a password never is.

use std::{borrow::Cow, collections::HashSet};

use askama::Template;
use chrono::{DateTime, Utc};

use super::{
    ConversationSummary, FieldErrors, HtmlRenderer, PageContext,
    composer::ComposerTools,
    conversation::draw,
    conversation::together,
    remember,
    servers::ConnectionView,
    tokens::TokensSection,
    tool_calls::{Place, ToolCallView, Typed},
    visible,
};
use crate::{
    i18n::Locale,
    models::search::Piece,
    render::Snapshot,
    types::{Bound, ConversationId, FamilyId, GrantId, SessionId, TenantId, ToolCall, ToolCallState},
};

/// `/setup`: the first account.
#[derive(Template)]
#[template(path = "sessions/setup.html")]
pub struct SetupPage<'a> {
    /// The page's context.
    pub ctx: &'a PageContext,
    /// The single-use token of the link, carried as `token`.
    pub token: &'a str,
    /// Typed: field `name`.
    pub name: &'a str,
    /// Typed: field `email`.
    pub email: &'a str,
    /// Typed: field `workspace`.
    pub workspace: &'a str,
    /// What was wrong with `name`, `email`, `password`, `workspace`, or all of it.
    pub errors: &'a FieldErrors,
}

/// A tenant that a person may choose at sign-in.
#[derive(Clone, Debug)]
pub struct TenantChoice {
    /// Its id: the value of the field `tenant`.
    pub id: TenantId,
    /// Its name.
    pub name: String,
    /// Whether it is chosen now.
    pub is_current: bool,
}

/// `/login`.
#[derive(Template)]
#[template(path = "sessions/login.html")]
pub struct LoginPage<'a> {
    /// The page's context.
    pub ctx: &'a PageContext,
    /// Typed: field `email`.
    pub email: &'a str,
    /// Where to go afterwards, carried as `next`.
    pub next: &'a str,
    /// Whether no account exists yet: the page says where to find the set-up link.
    pub is_new: bool,
    /// The tenants of someone who has several; empty until they are known.
    pub tenants: &'a [TenantChoice],
    /// Where people may come in without an account. Typed: field `name` of that form.
    pub guest: Option<&'a str>,
    /// What was wrong with `email`, `password`, or all of it.
    pub errors: &'a FieldErrors,
}

/// A conversation that was found.
#[derive(Clone, Debug)]
pub struct FoundConversation {
    /// Its id.
    pub id: ConversationId,
    /// Its title.
    pub title: Vec<Piece>,
    /// When something was last said in it.
    pub time: DateTime<Utc>,
    /// What stands around the words in its messages; nothing where its title alone has them.
    pub excerpt: Vec<Piece>,
}

/// `/conversations`: the list, with an empty composer that begins a new one.
#[derive(Template)]
#[template(path = "conversations/index.html")]
pub struct ConversationsPage<'a> {
    /// The page's context.
    pub ctx: &'a PageContext,
    /// The person's conversations, newest first; when they were searched, those that were found.
    pub conversations: &'a [ConversationSummary],
    /// What they were searched for (`?q=`); empty if they were not.
    pub query: &'a str,
    /// What was found.
    pub found: &'a [FoundConversation],
    /// Whether more was found than is listed.
    pub has_more: bool,
    /// Typed: field `message`.
    pub message: &'a str,
    /// Why what was typed was refused.
    pub error: Option<&'a str>,
    /// A fresh key against double posts, carried as `idempotency_key`.
    pub idempotency_key: &'a str,
    /// The models to choose from, carried as `model`, and what may be attached, as `images`.
    pub tools: &'a ComposerTools,
    /// Whether no real model is connected.
    pub is_demo: bool,
}

/// `/conversations/{id}`.
pub struct ConversationPage<'a> {
    /// The page's context.
    pub ctx: &'a PageContext,
    /// The person's conversations, newest first.
    pub conversations: &'a [ConversationSummary],
    /// The conversation.
    pub id: ConversationId,
    /// Everything that the page shows.
    pub snapshot: &'a Snapshot,
    /// Messages up to this position are settled; what comes after is the socket's (`?after=`).
    pub after: i64,
    /// The position before which there are earlier messages, if there are.
    pub older: Option<i64>,
    /// Whether the page shows earlier messages only (`?before=`): no composer, nothing live.
    pub is_history: bool,
    /// Whether updates without JavaScript are paused (`?updates=paused`).
    pub is_paused: bool,
    /// Typed: field `message`.
    pub message: &'a str,
    /// Why what was typed was refused.
    pub error: Option<&'a str>,
    /// A fresh key against double posts, carried as `idempotency_key`.
    pub idempotency_key: &'a str,
    /// The models to choose from, carried as `model`, and what may be attached, as `images`.
    pub tools: &'a ComposerTools,
    /// Whether no real model is connected.
    pub is_demo: bool,
}

/// `conversations/show.html`: the page with its articles and its state, drawn by the same renderer that follows.
#[derive(Template)]
#[template(path = "conversations/show.html")]
struct Conversation<'a> {
    ctx: &'a PageContext,
    conversations: &'a [ConversationSummary],
    id: ConversationId,
    after: i64,
    older: Option<i64>,
    is_history: bool,
    is_paused: bool,
    is_running: bool,
    is_asked: bool,
    message: &'a str,
    error: Option<&'a str>,
    idempotency_key: &'a str,
    tools: &'a ComposerTools,
    is_demo: bool,
    stored: String,
    live: String,
    document_title: String,
    together: String,
    title: String,
    status: String,
    controls: String,
    composer_state: String,
    note: String,
    ended: String,
}

impl ConversationPage<'_> {
    /// The page as HTML.
    pub fn render(&self) -> askama::Result<String> {
        let (stored, live) = self.renderers();
        let standing = live.standing();
        let page = Conversation {
            ctx: self.ctx,
            conversations: self.conversations,
            id: self.id,
            after: self.after,
            older: self.older,
            is_history: self.is_history,
            is_paused: self.is_paused,
            is_running: standing.is_running(),
            is_asked: standing.is_asked(),
            message: self.message,
            error: self.error,
            idempotency_key: self.idempotency_key,
            tools: self.tools,
            is_demo: self.is_demo,
            stored: stored.articles(),
            live: if self.is_history { String::new() } else { live.articles() },
            document_title: standing.document_title(),
            together: standing.together(),
            title: standing.name(),
            status: standing.status(),
            controls: standing.controls(),
            composer_state: standing.composer_state(),
            note: standing.note(),
            ended: standing.ended(),
        };
        page.render()
    }

    /// One for what is settled, one for what the socket will tell again.
    fn renderers(&self) -> (HtmlRenderer, HtmlRenderer) {
        let mut stored = self.snapshot.clone();
        let mut live = self.snapshot.clone();
        stored.messages.retain(|message| message.position <= self.after);
        live.messages.retain(|message| message.position > self.after);
        stored.live.clear();
        let settled: HashSet<_> = stored.messages.iter().map(|message| message.id).collect();
        stored.calls.retain(|call| settled.contains(&call.message_id));
        live.calls.retain(|call| !settled.contains(&call.message_id));
        let renderer = |snapshot: &Snapshot| {
            let mut renderer = HtmlRenderer::new(self.ctx.clone(), self.id);
            renderer.load(snapshot);
            renderer
        };
        (renderer(&stored), renderer(&live))
    }
}

/// The answer to htmx asking for earlier messages: it takes the place of `#older`.
#[derive(Template)]
#[template(path = "conversations/older.html")]
pub struct OlderMessages<'a> {
    /// The page's context.
    pub ctx: &'a PageContext,
    /// The conversation.
    pub id: ConversationId,
    /// The earlier messages and their calls.
    pub snapshot: &'a Snapshot,
    /// The position before which there are still earlier ones.
    pub older: Option<i64>,
}

impl OlderMessages<'_> {
    fn articles(&self) -> String {
        let mut renderer = HtmlRenderer::new(self.ctx.clone(), self.id);
        renderer.load(self.snapshot);
        renderer.articles()
    }
}

/// A call that waits for the viewer, with the conversation it belongs to.
#[derive(Clone, Debug)]
pub struct WaitingCall {
    /// The call.
    pub call: ToolCall,
    /// The conversation's title.
    pub title: Option<String>,
    /// How many calls its reply asks for.
    pub total: usize,
    /// Which program asks, and what the token with which it came is called; nothing where the assistant does.
    pub asked_by: Option<(String, String)>,
}

/// `/approvals`: what waits for one's decision.
#[derive(Template)]
#[template(path = "approvals/index.html")]
pub struct ApprovalsPage<'a> {
    /// The page's context.
    pub ctx: &'a PageContext,
    /// What waits, oldest first.
    pub waiting: &'a [WaitingCall],
    /// Why the last decision was refused.
    pub error: Option<&'a str>,
}

impl ApprovalsPage<'_> {
    fn article(&self, waiting: &WaitingCall) -> String {
        call_article(self.ctx, &waiting.call, waiting.total, Place::List, Typed::default())
    }
}

/// A call as an article of a page that no socket follows.
fn call_article(ctx: &PageContext, call: &ToolCall, total: usize, place: Place, typed: Typed<'_>) -> String {
    draw(&ToolCallView { ctx, call, message_id: None, total, output: "", place, typed })
}

/// `/conversations/{id}/decisions`: all that waits in a conversation, unfolded, and one form that approves it.
#[derive(Template)]
#[template(path = "approvals/together.html")]
pub struct TogetherPage<'a> {
    /// The page's context.
    pub ctx: &'a PageContext,
    /// The conversation.
    pub conversation: ConversationId,
    /// What waits in it, in its order.
    pub calls: &'a [WaitingCall],
    /// Why the last decision was refused.
    pub error: Option<&'a str>,
}

impl TogetherPage<'_> {
    fn article(&self, waiting: &WaitingCall) -> String {
        call_article(self.ctx, &waiting.call, waiting.total, Place::Together, Typed::default())
    }

    fn together(&self) -> String {
        let pending = |waiting: &&WaitingCall| waiting.call.state == ToolCallState::Pending;
        let calls: Vec<&ToolCall> = self.calls.iter().filter(pending).map(|waiting| &waiting.call).collect();
        together(self.ctx, self.conversation, &calls, false)
    }
}

/// A call by itself: `/tool-calls/{id}/edit`, an approval with its arguments in a box; or what had been typed as an answer to
/// its server, and does not fit.
#[derive(Template)]
#[template(path = "tool_calls/alone.html")]
pub struct CallPage<'a> {
    /// The page's context.
    pub ctx: &'a PageContext,
    /// The call.
    pub call: &'a ToolCall,
    /// How many calls its reply asks for.
    pub total: usize,
    /// Where the person came from, without the prefix.
    pub back: &'a str,
    /// Whether that is the list of what waits.
    pub is_from_list: bool,
    /// What had been typed, and why it comes back.
    pub typed: Typed<'a>,
}

impl CallPage<'_> {
    fn title(&self) -> Cow<'static, str> {
        match self.typed.answer {
            Some(_) => self.ctx.t1("question-group", "server", &self.call.server),
            None => self.ctx.t("call-button-edit"),
        }
    }

    fn article(&self) -> String {
        let place = Place::Editor { is_from_list: self.is_from_list };
        call_article(self.ctx, self.call, self.total, place, self.typed)
    }
}

/// A signed-in browser.
#[derive(Clone, Debug)]
pub struct SessionSummary {
    /// Its public id.
    pub id: SessionId,
    /// The device, in words (`Firefox on Linux`).
    pub device: String,
    /// In which tenant, if the person has several.
    pub tenant: Option<String>,
    /// When it was last used.
    pub last_used: DateTime<Utc>,
    /// Whether it is this one.
    pub is_current: bool,
}

/// A program that signed in with the person's password.
#[derive(Clone, Debug)]
pub struct SignInSummary {
    /// Its public id.
    pub id: FamilyId,
    /// The program, in its own words, and from where it came.
    pub device: Option<String>,
    /// In which tenant, if the person has several.
    pub tenant: Option<String>,
    /// When it last asked for tokens.
    pub last_used: DateTime<Utc>,
}

/// Say-so that a person gave beforehand, as it is listed.
#[derive(Clone, Debug)]
pub struct GrantSummary {
    /// Its id.
    pub id: GrantId,
    /// The tool.
    pub tool: String,
    /// Its server.
    pub server: String,
    /// What it covers.
    pub bound: Bound,
    /// The arguments of the call with which it was given.
    pub arguments: String,
    /// The conversation in which it holds, with its title; everywhere without.
    pub conversation: Option<(ConversationId, String)>,
    /// How many calls have run by it.
    pub used: i32,
    /// How many are left.
    pub left: i32,
    /// When it ends.
    pub ends: DateTime<Utc>,
}

/// `/settings`.
#[derive(Template)]
#[template(path = "settings/show.html")]
pub struct SettingsPage<'a> {
    /// The page's context.
    pub ctx: &'a PageContext,
    /// Typed or stored: field `name`.
    pub name: &'a str,
    /// The chosen language; `None` follows the browser. Field `language`: a tag, or empty.
    pub language: Option<Locale>,
    /// Where the person is signed in, this browser first.
    pub sessions: &'a [SessionSummary],
    /// The programs that signed in through the API, last used first.
    pub sign_ins: &'a [SignInSummary],
    /// What the person said beforehand and still holds, the newest first.
    pub grants: &'a [GrantSummary],
    /// The servers of tools at which they are known by themselves.
    pub connections: &'a [ConnectionView],
    /// What was just done about one, in words.
    pub connected: Option<&'a str>,
    /// Why authorising one came to nothing just now.
    pub connection_fault: Option<&'a str>,
    /// The tokens they made for scripts; `None` for guests, who have none.
    pub tokens: Option<TokensSection<'a>>,
    /// What was just done, as a key of words.
    pub notice: Option<&'static str>,
    /// Whether they sign in with a password.
    pub has_password: bool,
    /// What was wrong with `name`, `language`, or all of it.
    pub errors: &'a FieldErrors,
}

impl SettingsPage<'_> {
    fn chooses(&self, locale: &Locale) -> bool {
        self.language.as_ref() == Some(locale)
    }

    /// A stranger's words, with nothing hidden in them.
    fn seen(&self, text: &str) -> String {
        visible(text)
    }

    /// What a button is called that ends a sign-in, beside others that end others.
    fn revoke(&self, sign_in: &SignInSummary) -> String {
        let device = sign_in.device.clone().unwrap_or_else(|| self.ctx.t("settings-program").into_owned());
        self.ctx.t2("sign-in-revoke-named", "device", device, "time", self.ctx.time(&sign_in.last_used)).into_owned()
    }

    /// What a grant covers, as safe HTML.
    fn bound(&self, grant: &GrantSummary) -> String {
        remember::words(self.ctx, &grant.bound)
    }

    /// The arguments of a grant for exactly these.
    fn same_arguments(&self, grant: &GrantSummary) -> Option<String> {
        (grant.bound == Bound::Same).then(|| visible(&grant.arguments))
    }
}

/// `/admin/tenants/{id}/prompt`: what a tenant's models are told.
#[derive(Template)]
#[template(path = "admin/prompt.html")]
pub struct PromptPage<'a> {
    /// The page's context.
    pub ctx: &'a PageContext,
    /// The tenant.
    pub tenant: TenantId,
    /// Its name.
    pub tenant_name: &'a str,
    /// Typed or stored: field `system_prompt`.
    pub system_prompt: &'a str,
    /// Typed or stored: field `topics`.
    pub topics: &'a str,
    /// The stored prompt, or Sayso's own, as a model is told it.
    pub preview: &'a str,
    /// Whether the tenant has one of its own.
    pub is_own: bool,
    /// Whether the form was just saved.
    pub is_saved: bool,
    /// What was wrong with `system_prompt`, `topics`, or all of it.
    pub errors: &'a FieldErrors,
}

impl PromptPage<'_> {
    /// What is filled in, with words that say by what.
    fn placeholders(&self) -> [(&'static str, Cow<'static, str>); 3] {
        [
            ("{tenant}", self.ctx.t("prompt-means-tenant")),
            ("{user}", self.ctx.t("prompt-means-user")),
            ("{date}", self.ctx.t("prompt-means-date")),
        ]
    }
}

/// Any page that is an error.
#[derive(Template)]
#[template(path = "errors/show.html")]
pub struct ErrorPage<'a> {
    /// The page's context.
    pub ctx: &'a PageContext,
    /// The HTTP status.
    pub status: u16,
    /// What happened, in the person's language (`ctx.refusal(…)`, or `ctx.t("error-internal")`).
    pub message: &'a str,
    /// By which a fault is found in the log.
    pub request_id: Option<&'a str>,
    /// What the person had typed into the form that was refused.
    pub typed: Option<&'a str>,
}

/// The answer to a form of htmx that was refused: shown beside the form, which keeps what was typed.
#[derive(Template)]
#[template(source = "<p>{{ message }}</p>", ext = "html")]
pub struct ErrorFragment<'a> {
    /// What happened, in the person's language.
    pub message: &'a str,
}

#[cfg(test)]
#[path = "pages_tests.rs"]
mod tests;
