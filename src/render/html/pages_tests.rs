//! What every page keeps to.

use chrono::DateTime;
use scraper::{Html, Selector};

use super::{
    super::{
        ViewerSummary,
        composer::{ImageLimits, Picker, PickerGroup, PickerOption},
        tokens::{LifetimeOption, TokenPage, TokenSummary},
    },
    *,
};
use crate::types::{
    ApiTokenId, Block, Digest, Message, MessageId, MessageRole, MessageState, Preview, Role, TokenScope, ToolCallId,
    ToolCallState, TurnId, TurnState, TurnView,
};

const HOSTILE: &str = "</title><script>alert(1)</script>\"'&";

fn ctx(locale: Locale) -> PageContext {
    let viewer = ViewerSummary {
        name: HOSTILE.into(),
        email: HOSTILE.into(),
        tenant_id: TenantId::new(),
        tenant_name: HOSTILE.into(),
        role: Role::Owner,
        is_operator: false,
        others: vec![(TenantId::new(), HOSTILE.to_owned())],
    };
    PageContext {
        locale,
        viewer: Some(viewer),
        csrf: HOSTILE.into(),
        prefix: "/chat".into(),
        version: "1.2".into(),
        waiting: 2,
    }
}

fn snapshot(state: TurnState) -> Snapshot {
    let turn_id = TurnId::new();
    let message = |position, role| Message {
        id: MessageId::new(),
        turn_id,
        position,
        role,
        state: MessageState::Complete,
        content: vec![Block::text(HOSTILE)],
        provider: None,
        model: Some(HOSTILE.into()),
        instead_of: None,
        stop_reason: None,
        usage: None,
        tool_call_id: None,
        created_at: DateTime::UNIX_EPOCH,
    };
    let image =
        Block::Image { number: 1, media_type: "image/png".into(), name: HOSTILE.into(), width: 640, height: 480 };
    let mut messages = vec![message(1, MessageRole::User), message(2, MessageRole::Assistant)];
    messages[0].content.insert(0, image);
    let call = ToolCall {
        id: ToolCallId::new(),
        conversation_id: ConversationId::new(),
        turn_id,
        message_id: messages[1].id,
        ordinal: 0,
        server: HOSTILE.into(),
        name: HOSTILE.into(),
        arguments: HOSTILE.into(),
        asked_arguments: Some(HOSTILE.into()),
        preview: Preview {
            target: Some(HOSTILE.into()),
            bounds: vec![Bound::Same, Bound::Below(HOSTILE.into()), Bound::Host(HOSTILE.into())],
            ..Preview::default()
        },
        digest: Digest::of(b""),
        state: ToolCallState::Pending,
        reason: None,
        decision: None,
        authority: None,
        undo: None,
        outcome: None,
        questions: Vec::new(),
    };
    let turn = Some(TurnView { id: turn_id, state, failure: None, epoch: 1 });
    Snapshot {
        title: Some(HOSTILE.into()),
        is_ended: false,
        is_direct: false,
        turn,
        messages,
        calls: vec![call],
        window: None,
        live: vec![],
        told: vec![],
    }
}

fn hostile_tools() -> ComposerTools {
    let option = |is_chosen| PickerOption {
        value: format!("openai/{HOSTILE}"),
        model: HOSTILE.into(),
        label: HOSTILE.into(),
        sees_images: Some(false),
        is_chosen,
        is_allowed: true,
    };
    let group = PickerGroup { label: "OpenAI", options: vec![option(false), option(true)], more: 3 };
    let picker = Picker { default: Some(option(false)), is_automatic: false, groups: vec![group] };
    let words = || HOSTILE.to_owned();
    let limits = ImageLimits { count: 10, each: 1, each_words: words(), together: 2, together_words: words() };
    ComposerTools { picker, limits, unauthorised: vec!["far<b>".to_owned()], month: None }
}

fn conversation(ctx: &PageContext, state: TurnState, is_paused: bool) -> String {
    let list = [ConversationSummary { id: ConversationId::new(), title: None, is_current: true, waiting: 0 }];
    let page = ConversationPage {
        ctx,
        conversations: &list,
        id: ConversationId::new(),
        snapshot: &snapshot(state),
        after: 1,
        older: Some(7),
        is_history: false,
        is_paused,
        message: "\n two\nlines",
        error: Some(HOSTILE),
        idempotency_key: "k",
        tools: &ComposerTools::default(),
        is_demo: true,
    };
    page.render().unwrap()
}

fn pages(ctx: &PageContext) -> Vec<String> {
    let none = &FieldErrors::default();
    let errors = &FieldErrors(["", "name", "email", "password", "workspace"].map(|name| (name, HOSTILE.into())).into());
    let session = SessionSummary {
        id: SessionId::new(),
        device: HOSTILE.into(),
        tenant: Some(HOSTILE.into()),
        last_used: DateTime::UNIX_EPOCH,
        is_current: false,
    };
    let waiting = snapshot(TurnState::AwaitingApproval).calls.remove(0);
    let waiting = [WaitingCall {
        call: waiting,
        title: Some(HOSTILE.into()),
        total: 2,
        asked_by: Some((HOSTILE.into(), HOSTILE.into())),
    }];
    let two = [0, 1].map(|_| {
        let mut waiting = waiting[0].clone();
        waiting.call.id = ToolCallId::new();
        waiting
    });
    let grant = |bound, conversation| GrantSummary {
        id: GrantId::new(),
        tool: HOSTILE.into(),
        server: HOSTILE.into(),
        bound,
        arguments: HOSTILE.into(),
        conversation,
        used: 1,
        left: 4,
        ends: DateTime::UNIX_EPOCH,
    };
    let token = |ends, last_used| TokenSummary {
        id: ApiTokenId::new(),
        name: HOSTILE.into(),
        scopes: vec![TokenScope::Chat, TokenScope::AdminRead],
        made: DateTime::UNIX_EPOCH,
        ends,
        is_over: ends.is_some(),
        last_used,
    };
    let tokens = &[token(None, None), token(Some(DateTime::UNIX_EPOCH), Some(DateTime::UNIX_EPOCH))];
    let lifetimes = &[
        LifetimeOption { value: "30", days: Some(30), is_chosen: false },
        LifetimeOption { value: "none", days: None, is_chosen: true },
    ];
    let wrong = &FieldErrors(["", "token-name", "scopes"].map(|name| (name, HOSTILE.into())).into());
    let section = TokensSection { ctx, tokens, name: HOSTILE, scopes: &[TokenScope::Decide], lifetimes, errors: wrong };
    let choice = TenantChoice { id: TenantId::new(), name: HOSTILE.into(), is_current: true };
    vec![
        SetupPage { ctx, token: HOSTILE, name: HOSTILE, email: HOSTILE, workspace: HOSTILE, errors }.render().unwrap(),
        LoginPage {
            ctx,
            email: HOSTILE,
            next: HOSTILE,
            is_new: true,
            tenants: &[choice],
            guest: Some(HOSTILE),
            errors,
        }
        .render()
        .unwrap(),
        ConversationsPage {
            ctx,
            conversations: &[],
            query: HOSTILE,
            found: &[FoundConversation {
                id: ConversationId::new(),
                title: vec![Piece { text: HOSTILE.into(), is_match: true }],
                time: DateTime::UNIX_EPOCH,
                excerpt: vec![Piece { text: HOSTILE.into(), is_match: false }],
            }],
            has_more: true,
            message: HOSTILE,
            error: Some(HOSTILE),
            idempotency_key: HOSTILE,
            tools: &hostile_tools(),
            is_demo: true,
        }
        .render()
        .unwrap(),
        conversation(ctx, TurnState::AwaitingApproval, false),
        SettingsPage {
            connections: &[],
            connected: None,
            connection_fault: None,
            ctx,
            name: HOSTILE,
            language: Some(ctx.locale),
            sessions: &[session],
            sign_ins: &[SignInSummary {
                id: FamilyId::new(),
                device: Some(HOSTILE.into()),
                tenant: Some(HOSTILE.into()),
                last_used: Utc::now(),
            }],
            grants: &[
                grant(Bound::Same, Some((ConversationId::new(), HOSTILE.into()))),
                grant(Bound::Below(HOSTILE.into()), None),
                grant(Bound::Host(HOSTILE.into()), None),
            ],
            tokens: Some(section),
            notice: Some("settings-saved"),
            has_password: true,
            errors: none,
        }
        .render()
        .unwrap(),
        TokenPage { ctx, name: HOSTILE, token: HOSTILE }.render().unwrap(),
        ApprovalsPage { ctx, waiting: &waiting, error: Some(HOSTILE) }.render().unwrap(),
        TogetherPage { ctx, conversation: ConversationId::new(), calls: &two, error: Some(HOSTILE) }.render().unwrap(),
        CallPage {
            ctx,
            call: &two[0].call,
            total: 2,
            back: "/approvals",
            is_from_list: true,
            typed: Typed {
                arguments: Some(HOSTILE),
                reason: HOSTILE,
                remember: "count=5",
                error: Some(HOSTILE),
                answer: None,
            },
        }
        .render()
        .unwrap(),
        ErrorPage { ctx, status: 500, message: HOSTILE, request_id: Some(HOSTILE), typed: Some(HOSTILE) }
            .render()
            .unwrap(),
    ]
}

#[test]
fn every_page_is_safe_whole_and_under_its_prefix() {
    let select = |selector: &str| Selector::parse(selector).unwrap();
    for (ctx, html) in Locale::ALL.iter().flat_map(|locale| {
        let ctx = ctx(*locale);
        pages(&ctx).into_iter().map(move |html| (ctx.clone(), html))
    }) {
        let page = Html::parse_document(&html);
        assert!(page.select(&select("script:not([src])")).next().is_none(), "{html}");
        assert!(page.select(&select("[style], style")).next().is_none(), "{html}");
        assert_eq!(page.root_element().attr("lang"), Some(ctx.locale.tag()));
        let footer: String = page.select(&select("footer")).next().unwrap().text().collect();
        assert!(footer.contains("Sayso 1.2"), "{footer}");
        assert_eq!(page.select(&select("h1")).count(), 1, "{html}");
        for form in page.select(&select("form[method=post]")) {
            assert_eq!(form.select(&select("input[name=csrf]")).next().unwrap().attr("value"), Some(HOSTILE), "{html}");
        }
        for attribute in ["href", "src", "action", "hx-post", "hx-get"] {
            for element in page.select(&select(&format!("[{attribute}]"))) {
                let address = element.attr(attribute).unwrap();
                assert!(address.starts_with("/chat/") || address.starts_with('#'), "{attribute}={address}");
            }
        }
        let mut ids: Vec<_> = page.select(&select("[id]")).filter_map(|element| element.attr("id")).collect();
        ids.sort_unstable();
        let count = ids.len();
        ids.dedup();
        assert_eq!(ids.len(), count, "an id stands twice: {html}");
        assert!(!html.contains("type=\"password\" value"), "{html}");
    }
}

#[test]
fn without_scripts_only_a_running_turn_refreshes_and_then_there_is_no_box() {
    let ctx = ctx(Locale::English);
    for (state, is_paused, refreshes) in [
        (TurnState::Running, false, true),
        (TurnState::Running, true, false),
        (TurnState::AwaitingApproval, false, false),
        (TurnState::Completed, false, false),
    ] {
        let html = conversation(&ctx, state, is_paused);
        assert_eq!(html.contains("http-equiv=\"refresh\""), refreshes, "{state}");
        assert_eq!(html.contains("noscript-running.css"), refreshes, "{state}");
        assert_eq!(html.contains("Pause updates"), refreshes, "{state}");
        assert_eq!(html.contains("Resume updates"), is_paused, "{state}");
        assert_eq!(html.contains("id=\"stop\""), state == TurnState::Running, "{state}");
        // What was typed comes back as it was: the first line end after the tag is HTML's own.
        let page = Html::parse_document(&html);
        let text: String = page.select(&Selector::parse("#message").unwrap()).next().unwrap().text().collect();
        assert_eq!(text, "\n two\nlines");
    }
}

#[test]
fn settled_messages_and_those_of_the_socket_stand_apart() {
    let ctx = ctx(Locale::English);
    let page = Html::parse_document(&conversation(&ctx, TurnState::AwaitingApproval, false));
    let count = |selector: &str| page.select(&Selector::parse(selector).unwrap()).count();
    assert_eq!(count("#stored > article[data-role=user][data-state=complete]"), 1);
    assert_eq!(count("#live > article[data-role=assistant][data-state=complete]"), 1);
    assert_eq!(
        count("#live > article[data-role=tool] details > summary"),
        3,
        "the call, its arguments exactly as they run, and what may be remembered"
    );
    assert_eq!(count("[hx-ws\\:connect$='/socket?after=1'][hx-swap=none]"), 1);
    assert_eq!(count("#older[href$='?before=7']"), 1);
    assert_eq!(count("section#log[role=log][aria-live=off][aria-label=Conversation]"), 1);
    assert_eq!(count("nav[aria-label=Conversations] a.new"), 1);

    let snapshot = snapshot(TurnState::Completed);
    let older = OlderMessages { ctx: &ctx, id: ConversationId::new(), snapshot: &snapshot, older: None };
    let html = older.render().unwrap();
    assert!(html.contains("data-role=\"user\"") && !html.contains("id=\"older\""), "{html}");
}

#[test]
fn the_picker_lists_models_by_provider() {
    let ctx = ctx(Locale::English);
    let option = |model: &str, sees_images, is_chosen| PickerOption {
        value: format!("openai/{model}"),
        model: model.into(),
        label: model.into(),
        sees_images,
        is_chosen,
        is_allowed: true,
    };
    let page = |groups, is_automatic| {
        let default = Some(PickerOption { value: "auto".into(), ..option("first", None, false) });
        let picker = Picker { default, is_automatic, groups };
        ConversationsPage {
            ctx: &ctx,
            conversations: &[],
            query: "",
            found: &[],
            has_more: false,
            message: "",
            error: None,
            idempotency_key: "k",
            tools: &ComposerTools { picker, ..ComposerTools::default() },
            is_demo: false,
        }
        .render()
        .unwrap()
    };
    let many = || {
        let options = vec![option("first", None, false), option("blind", Some(false), true)];
        vec![PickerGroup { label: "OpenAI", options, more: 200 }]
    };
    let html = Html::parse_document(&page(many(), true));
    let found = |css: &str| -> Vec<String> {
        let words = |element: scraper::ElementRef<'_>| element.text().collect::<String>();
        html.select(&Selector::parse(css).unwrap()).map(words).collect()
    };
    assert_eq!(found("select#model option"), ["Automatic", "first", "blind", "200 more are not listed"]);
    assert_eq!(found("select#model optgroup[label=OpenAI] option[selected][value='openai/blind']"), ["blind"]);
    assert_eq!(found("select#model [data-images=no]"), ["blind"]);
    assert_eq!(found("label[for=model]"), ["Model"]);
    assert!(page(many(), false).contains(">first (default)</option>"));

    // Nothing to choose: no field, but the name.
    let lone = page(vec![PickerGroup { label: "OpenAI", options: vec![option("lone", None, false)], more: 0 }], true);
    assert!(!lone.contains("id=\"model\"") && lone.contains(">lone</span>"));

    // A hundred models of a provider, the most it lists, are some kilobytes.
    let options: Vec<_> = (0..100).map(|n| option(&format!("vendor/model-{n:03}-instruct"), None, false)).collect();
    let whole = page(vec![PickerGroup { label: "OpenAI", options, more: 200 }], true);
    assert!(whole.len() - lone.len() < 9_000, "{} bytes", whole.len() - lone.len());
}
