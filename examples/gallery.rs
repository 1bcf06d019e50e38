//! Every page with sample data, and one conversation that a scripted socket brings to life; for looking at the
//! page and for trying it in a browser without a database or a model: `cargo run --example gallery`, then `/`.

use std::{
    sync::{LazyLock, Mutex, MutexGuard},
    time::Duration,
};

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use askama::Template as _;
use sayso::{
    event::ChatEvent,
    i18n::Locale,
    render::{
        Renderer as _, Snapshot,
        html::{
            ConversationSummary, FieldErrors, HtmlRenderer, PageContext, ViewerSummary,
            composer::ComposerTools,
            pages::*,
            tokens::{LifetimeOption, TokenSummary, TokensSection},
        },
    },
    types::*,
};
use tokio::sync::broadcast;

struct World {
    conversation: ConversationId,
    turn: TurnId,
    snapshot: Mutex<Snapshot>,
    events: broadcast::Sender<ChatEvent>,
    posts: Mutex<Vec<String>>,
}

static WORLD: LazyLock<World> = LazyLock::new(|| World {
    conversation: ConversationId::new(),
    turn: TurnId::new(),
    snapshot: Mutex::new(Snapshot { title: Some("Notes for Friday".into()), ..Snapshot::default() }),
    events: broadcast::channel(10_000).0,
    posts: Mutex::new(Vec::new()),
});

static TOOLS: LazyLock<ComposerTools> = LazyLock::new(ComposerTools::default);

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

fn context(request: &HttpRequest, is_in: bool) -> PageContext {
    let query = request.query_string();
    PageContext {
        locale: if query.contains("pt") { Locale::BrazilianPortuguese } else { Locale::English },
        viewer: is_in.then(|| ViewerSummary {
            name: "Ada Lovelace".into(),
            email: "ada@example.org".into(),
            tenant_id: TenantId::new(),
            tenant_name: "Analytical <Engines>".into(),
            role: Role::Owner,
            is_operator: true,
            others: vec![(TenantId::new(), "Difference Engines".into())],
        }),
        csrf: "sample-csrf".into(),
        prefix: String::new(),
        version: env!("CARGO_PKG_VERSION").into(),
        waiting: 2,
    }
}

fn message(role: MessageRole, position: i64, text: &str) -> Message {
    Message {
        id: MessageId::new(),
        turn_id: WORLD.turn,
        position,
        role,
        state: MessageState::Complete,
        content: vec![Block::text(text)],
        provider: None,
        model: (role == MessageRole::Assistant).then(|| "claude-sonnet-4-5".into()),
        instead_of: None,
        stop_reason: None,
        usage: None,
        tool_call_id: None,
        created_at: chrono::Utc::now(),
    }
}

fn call(message_id: MessageId, ordinal: i32, path: &str, state: ToolCallState) -> ToolCall {
    let line = |text: &str| DifferenceLine::Added { text: text.into() };
    let lines = vec![
        DifferenceLine::Same { text: "# Notes".into() },
        DifferenceLine::Gap { count: 12 },
        DifferenceLine::Removed { text: "Meet on Thursday at nine".into() },
        line("Meet on Friday at ten"),
        line(""),
        line("- Ada brings the engine\u{202E} drawings, which are rather large and need a long line to say so, twice"),
    ];
    ToolCall {
        id: ToolCallId::new(),
        conversation_id: WORLD.conversation,
        turn_id: WORLD.turn,
        message_id,
        ordinal,
        server: "sayso".into(),
        name: "write_file".into(),
        arguments: format!(r##"{{"path":"{path}","content":"# Notes\n\nMeet on Friday at ten\n\u202e"}}"##),
        asked_arguments: None,
        preview: Preview {
            target: Some(path.into()),
            precondition: Some("absent".into()),
            difference: Some(Difference { is_new: false, lines, omitted: 0 }),
            ..Preview::default()
        },
        digest: Digest::of(path.as_bytes()),
        state,
        reason: (state == ToolCallState::Denied).then(|| "Not in this folder, please.".into()),
        decision: None,
        authority: None,
        undo: None,
        questions: Vec::new(),
        outcome: state.is_finished().then(|| ToolOutcome {
            text: "Wrote 312 bytes.".into(),
            error_code: None,
            files: Vec::new(),
        }),
    }
}

const REPLY: &str = "## What I found\n\nYour notes name **three people** and one date. I would move the meeting \
    to *Friday at ten*, because `rooms.csv` has no free room on Thursday.\n\n1. Ada brings the drawings.\n2. Charles \
    brings the mill.\n3. Mary takes notes.\n\n| Room | Seats | Free |\n|---|---|---|\n| North | 12 | Friday |\n| South \
    | 8 | Monday |\n\n```rust\nfn main() {\n    println!(\"a line of code that is rather long and has to scroll sideways \
    on a telephone, not wrap\");\n}\n```\n\n> A quotation, to see how it reads.\n\nShall I write this down?";

fn sample(is_waiting: bool) -> Snapshot {
    let ask = message(MessageRole::User, 1, "Please look at my notes\nand tell me when to meet. <b>Thanks!</b>");
    let mut answer = message(MessageRole::Assistant, 2, REPLY);
    answer.content.insert(0, Block::Thinking { text: "The notes name three people.".into(), raw: None });
    let done = call(answer.id, 0, "notes/done.txt", ToolCallState::Succeeded);
    let denied = call(answer.id, 1, "secrets/keys.txt", ToolCallState::Denied);
    let yes = message(MessageRole::User, 3, "Yes. Also the two drafts.");
    let yes_id = yes.id;
    let mut last = message(MessageRole::Assistant, 4, "I would write these files.");
    last.state = if is_waiting { MessageState::Complete } else { MessageState::CutOff };
    let mut calls = vec![done, denied];
    if is_waiting {
        calls.push(call(last.id, 0, "notes/friday.txt", ToolCallState::Pending));
        calls.push(call(last.id, 1, "notes/drafts/a.txt", ToolCallState::Approved));
        calls.push(call(last.id, 2, "notes/drafts/b.txt", ToolCallState::OutcomeUnknown));
    }
    let state = if is_waiting { TurnState::AwaitingApproval } else { TurnState::Failed };
    let failure = (!is_waiting).then(|| TurnFailure { code: "provider_overloaded".into(), retry_after: Some(20) });
    Snapshot {
        is_ended: false,
        is_direct: false,
        title: Some("Notes for Friday".into()),
        turn: Some(TurnView { id: WORLD.turn, state, failure, epoch: 1 }),
        messages: vec![ask, answer, yes, last],
        calls,
        window: Some(yes_id),
        live: Vec::new(),
        told: Vec::new(),
    }
}

fn list() -> Vec<ConversationSummary> {
    let titles =
        ["Notes for Friday", "A longer title that does not fit into the list at the side", "Tax <forms>", "Ωmega"];
    let mut list: Vec<_> = titles
        .iter()
        .map(|title| ConversationSummary {
            id: ConversationId::new(),
            title: Some((*title).into()),
            is_current: false,
            waiting: title.len() % 3,
        })
        .collect();
    if let Some(first) = list.first_mut() {
        first.id = WORLD.conversation;
        first.is_current = true;
    }
    list
}

fn conversation(ctx: &PageContext, snapshot: &Snapshot, is_demo: bool) -> String {
    let page = ConversationPage {
        ctx,
        conversations: &list(),
        id: if is_demo { ConversationId::new() } else { WORLD.conversation },
        snapshot,
        after: if is_demo { 2 } else { 0 },
        older: is_demo.then_some(1),
        is_history: false,
        is_paused: false,
        message: "",
        error: None,
        idempotency_key: "sample-key",
        tools: &TOOLS,
        is_demo,
    };
    page.render().unwrap_or_else(|error| error.to_string())
}

async fn page(request: HttpRequest, name: web::Path<String>) -> HttpResponse {
    let ctx = &context(&request, true);
    let out = &context(&request, false);
    let none = &FieldErrors::default();
    let errors = &FieldErrors(vec![("", "The link has expired.".into()), ("password", "Too short.".into())]);
    let html = match name.as_str() {
        "setup" => SetupPage { ctx: out, token: "t", name: "Ada", email: "ada@", workspace: "", errors }.render(),
        "login" => LoginPage {
            ctx: out,
            email: "",
            next: "/",
            is_new: true,
            tenants: &[],
            guest: Some("Open house"),
            errors: none,
        }
        .render(),
        "index" => ConversationsPage {
            found: &[],
            has_more: false,
            ctx,
            conversations: &list(),
            query: "",
            message: "",
            error: None,
            idempotency_key: "k",
            tools: &TOOLS,
            is_demo: true,
        }
        .render(),
        "waiting" => Ok(conversation(ctx, &sample(true), true)),
        "failed" => Ok(conversation(ctx, &sample(false), true)),
        "settings" => {
            let session = |device: &str, is_current| SessionSummary {
                id: SessionId::new(),
                device: device.into(),
                tenant: None,
                last_used: chrono::Utc::now(),
                is_current,
            };
            let token = TokenSummary {
                id: ApiTokenId::new(),
                name: "Nightly report".into(),
                scopes: vec![TokenScope::Chat],
                made: chrono::Utc::now(),
                ends: None,
                is_over: false,
                last_used: None,
            };
            let tokens = TokensSection {
                ctx,
                tokens: &[token],
                name: "",
                scopes: &[],
                lifetimes: &[LifetimeOption { value: "90", days: Some(90), is_chosen: true }],
                errors: none,
            };
            let sessions = &[session("Firefox on Linux", true), session("Safari on iPhone", false)];
            SettingsPage {
                ctx,
                name: "Ada",
                language: None,
                sessions,
                sign_ins: &[],
                grants: &[],
                connections: &[],
                connected: None,
                connection_fault: None,
                tokens: Some(tokens),
                notice: Some("settings-saved"),
                has_password: true,
                errors: none,
            }
            .render()
        }
        "approvals" => {
            let call = call(MessageId::new(), 0, "notes/friday.txt", ToolCallState::Pending);
            let waiting = &[WaitingCall { call, title: Some("Notes for Friday".into()), total: 2, asked_by: None }];
            ApprovalsPage { ctx, waiting, error: None }.render()
        }
        "error" => {
            let message = &ctx.t("error-internal");
            ErrorPage { ctx, status: 500, message, request_id: Some("0199-abc"), typed: Some("What I typed") }.render()
        }
        _ => return HttpResponse::NotFound().finish(),
    };
    answer(html.unwrap_or_else(|error| error.to_string()))
}

fn answer(html: String) -> HttpResponse {
    let policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src \
        'self'; form-action 'self'; manifest-src 'self'; base-uri 'none'; frame-ancestors 'none'";
    HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header(("Content-Security-Policy", policy))
        .body(html)
}

async fn show(request: HttpRequest) -> HttpResponse {
    let mut ctx = context(&request, true);
    ctx.waiting = 0;
    let snapshot = lock(&WORLD.snapshot).clone();
    answer(conversation(&ctx, &snapshot, false))
}

/// Takes an event into the world, as a database would, and tells the sockets.
fn happen(event: ChatEvent) {
    let mut world = lock(&WORLD.snapshot);
    match &event {
        ChatEvent::Message { message } => {
            world.live.retain(|event| matches!(event, ChatEvent::ToolChunk { .. }));
            world.messages.push(message.clone());
        }
        ChatEvent::ToolCall { call } => {
            world.calls.retain(|known| known.id != call.id);
            world.calls.push((**call).clone());
        }
        ChatEvent::Turn { turn } => world.turn = Some(turn.clone()),
        ChatEvent::Title { title } => world.title = Some(title.clone()),
        other => world.live.push(other.clone()),
    }
    drop(WORLD.events.send(event));
}

fn turn(state: TurnState) -> ChatEvent {
    ChatEvent::Turn { turn: TurnView { id: WORLD.turn, state, failure: None, epoch: 1 } }
}

async fn speak(text: &str, pause: u64) -> MessageId {
    let reply = message(MessageRole::Assistant, 2, text);
    let (id, block) = (reply.id, 0);
    happen(ChatEvent::ReplyStarted {
        message_id: id,
        provider: "demo".into(),
        model: "claude-sonnet-4-5".into(),
        instead_of: None,
    });
    for word in text.split_inclusive(' ') {
        happen(ChatEvent::Text { message_id: id, block, text: word.into() });
        tokio::time::sleep(Duration::from_millis(pause)).await;
    }
    happen(ChatEvent::Message { message: reply });
    id
}

/// POST `/play/{scene}`: something happens in the conversation.
async fn play(scene: web::Path<String>) -> HttpResponse {
    let scene = scene.into_inner();
    match scene.as_str() {
        "clear" => *lock(&WORLD.snapshot) = Snapshot::default(),
        "ask" => {
            happen(turn(TurnState::Running));
            happen(ChatEvent::Message { message: message(MessageRole::User, 1, "Hello <b>there</b>") });
        }
        "reply" | "slow" => {
            happen(turn(TurnState::Running));
            speak(REPLY, if scene == "slow" { 40 } else { 4 }).await;
            happen(turn(TurnState::Completed));
        }
        "tools" => {
            happen(turn(TurnState::Running));
            let id = speak("I would write three files.", 5).await;
            for (ordinal, path) in ["notes/a.txt", "notes/b.txt", "notes/c.txt"].into_iter().enumerate() {
                let call = call(id, i32::try_from(ordinal).unwrap_or(0), path, ToolCallState::Pending);
                happen(ChatEvent::ToolCall { call: Box::new(call) });
            }
            happen(turn(TurnState::AwaitingApproval));
        }
        "elsewhere" => {
            let call = lock(&WORLD.snapshot).calls.iter().find(|call| call.state == ToolCallState::Pending).cloned();
            if let Some(mut call) = call {
                call.state = ToolCallState::Denied;
                happen(ChatEvent::ToolCall { call: Box::new(call) });
            }
        }
        "run" => {
            happen(turn(TurnState::Running));
            let calls = lock(&WORLD.snapshot).calls.clone();
            for mut call in calls.into_iter().filter(|call| call.state == ToolCallState::Approved) {
                call.state = ToolCallState::Running;
                happen(ChatEvent::ToolCall { call: Box::new(call.clone()) });
                for chunk in ["one\n", "two <i>\n"] {
                    happen(ChatEvent::ToolChunk { id: call.id, chunk: chunk.into() });
                    tokio::time::sleep(Duration::from_millis(150)).await;
                }
                call.state = ToolCallState::Succeeded;
                call.outcome = Some(ToolOutcome { text: "Wrote it.".into(), error_code: None, files: Vec::new() });
                happen(ChatEvent::ToolCall { call: Box::new(call) });
            }
            happen(turn(TurnState::Completed));
        }
        "title" => happen(ChatEvent::Title { title: "A <better> title".into() }),
        _ => {}
    }
    HttpResponse::NoContent().finish()
}

async fn decide(id: web::Path<String>, form: web::Form<Vec<(String, String)>>) -> HttpResponse {
    lock(&WORLD.posts).push(format!("decision {id} {form:?}"));
    let is_approved = form.iter().any(|(name, value)| name == "decision" && value == "approve");
    let known = lock(&WORLD.snapshot).calls.iter().find(|call| call.id.to_string() == *id).cloned();
    match known {
        Some(mut call) if call.state == ToolCallState::Pending => {
            call.state = if is_approved { ToolCallState::Approved } else { ToolCallState::Denied };
            happen(ChatEvent::ToolCall { call: Box::new(call) });
            HttpResponse::NoContent().finish()
        }
        _ => HttpResponse::Conflict()
            .content_type("text/html")
            .body(ErrorFragment { message: "Someone was first." }.render().unwrap_or_default()),
    }
}

async fn send(form: web::Form<Vec<(String, String)>>) -> HttpResponse {
    lock(&WORLD.posts).push(format!("message {form:?}"));
    let text = form.iter().find(|(name, _)| name == "message").map_or("", |(_, text)| text);
    if text.contains("refuse") {
        let fragment = ErrorFragment { message: "Something else happened first <b>." };
        return HttpResponse::Conflict().content_type("text/html").body(fragment.render().unwrap_or_default());
    }
    happen(turn(TurnState::Running));
    happen(ChatEvent::Message { message: message(MessageRole::User, 1, text) });
    HttpResponse::NoContent().finish()
}

async fn socket(request: HttpRequest, id: web::Path<String>, body: web::Payload) -> actix_web::Result<HttpResponse> {
    let (response, mut session, mut stream) = actix_ws::handle(&request, body)?;
    // Ends with the browser's word of closing, so that the connection ends with it.
    actix_web::rt::spawn(async move {
        while !matches!(stream.recv().await, None | Some(Ok(actix_ws::Message::Close(_)))) {}
    });
    if *id != WORLD.conversation.to_string() {
        // A still picture: its socket says nothing.
        std::mem::forget(session);
        return Ok(response);
    }
    let mut events = WORLD.events.subscribe();
    let mut ctx = context(&request, true);
    ctx.waiting = 0;
    let mut renderer = HtmlRenderer::new(ctx, WORLD.conversation);
    actix_web::rt::spawn(async move {
        let snapshot = lock(&WORLD.snapshot).clone();
        let mut frame = Some(renderer.snapshot(&snapshot));
        loop {
            if let Some(frame) = frame
                && session.text(frame).await.is_err()
            {
                return;
            }
            let Ok(event) = events.recv().await else { return };
            let close = matches!(event, ChatEvent::Deleted);
            renderer.event(&event);
            tokio::time::sleep(Duration::from_millis(50)).await;
            while let Ok(event) = events.try_recv() {
                renderer.event(&event);
            }
            frame = renderer.flush();
            if close {
                let _ = session.close(Some(actix_ws::CloseCode::Other(4404).into())).await;
                return;
            }
        }
    });
    Ok(response)
}

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    let port = std::env::var("PORT").ok().and_then(|port| port.parse().ok()).unwrap_or(8123);
    println!("http://127.0.0.1:{port}/conversations/{}", WORLD.conversation);
    let app = || {
        App::new()
            .route("/assets/{hash}/{path:.*}", web::get().to(sayso::web::assets::show))
            .route("/p/{name}", web::get().to(page))
            .route("/", web::get().to(show))
            .route("/posts", web::get().to(async || lock(&WORLD.posts).join("\n")))
            .route(
                "/gone",
                web::post().to(async || {
                    drop(WORLD.events.send(ChatEvent::Deleted));
                    HttpResponse::NoContent().finish()
                }),
            )
            .route("/play/{scene}", web::post().to(play))
            .route("/tool-calls/{id}/decision", web::post().to(decide))
            .route("/conversations/{id}", web::get().to(show))
            .route("/conversations/{id}/messages", web::post().to(send))
            .route("/conversations/{id}/socket", web::get().to(socket))
    };
    HttpServer::new(app).workers(1).bind(("127.0.0.1", port))?.run().await
}
