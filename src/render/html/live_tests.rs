//! What a viewer is sent, against what the page would show.

use scraper::{Html, Selector};

use super::*;
use crate::{
    i18n::Locale,
    types::{Block, Difference, DifferenceLine, Digest, InsteadOf, Preview, ToolOutcome, TurnFailure, TurnId},
};

const HOSTILE: &str = "<img src=x onerror=alert(1)>\"'</article><hx-partial hx-target=\"body\">";

fn ctx() -> PageContext {
    PageContext {
        locale: Locale::English,
        viewer: None,
        csrf: "c\"srf".into(),
        prefix: "/chat".into(),
        version: "1".into(),
        waiting: 0,
    }
}

fn renderer() -> HtmlRenderer {
    HtmlRenderer::new(ctx(), ConversationId::new())
}

fn turn(id: TurnId, state: TurnState) -> ChatEvent {
    ChatEvent::Turn { turn: TurnView { id, state, failure: None, epoch: 1 } }
}

fn message(id: MessageId, turn_id: TurnId, role: MessageRole, content: Vec<Block>) -> Message {
    Message {
        id,
        turn_id,
        position: 1,
        role,
        state: MessageState::Complete,
        content,
        provider: None,
        model: Some("m".into()),
        instead_of: None,
        stop_reason: None,
        usage: None,
        tool_call_id: None,
        created_at: chrono::DateTime::UNIX_EPOCH,
    }
}

fn call(turn_id: TurnId, message_id: MessageId, ordinal: i32, state: ToolCallState) -> ToolCall {
    let lines =
        vec![DifferenceLine::Added { text: HOSTILE.into() }, DifferenceLine::Removed { text: "\u{202E}".into() }];
    ToolCall {
        id: ToolCallId::new(),
        conversation_id: ConversationId::new(),
        turn_id,
        message_id,
        ordinal,
        server: "sayso".into(),
        name: "write_file".into(),
        arguments: format!("{{\"content\":\"{HOSTILE}\"}}"),
        asked_arguments: None,
        preview: Preview {
            target: Some(HOSTILE.into()),
            difference: Some(Difference { is_new: true, lines, omitted: 0 }),
            ..Preview::default()
        },
        digest: Digest::of(b"x"),
        state,
        reason: None,
        decision: None,
        authority: None,
        undo: None,
        outcome: None,
        questions: Vec::new(),
    }
}

fn asked(call: &ToolCall) -> ChatEvent {
    ChatEvent::ToolCall { call: Box::new(call.clone()) }
}

/// What is swapped into one target by a frame, in order.
fn swaps(frame: &str, target: &str) -> Vec<(String, String)> {
    let templates = frame.replace("<hx-partial", "<section").replace("</hx-partial", "</section");
    let page = Html::parse_fragment(&templates);
    let sections = Selector::parse("section[hx-target]").unwrap();
    page.select(&sections)
        .filter(|section| section.attr("hx-target") == Some(target))
        .map(|section| (section.attr("hx-swap").unwrap().to_owned(), section.inner_html()))
        .collect()
}

#[test]
fn a_first_word_waits_for_nothing_and_no_word_for_long() {
    let (mut page, id) = (renderer(), MessageId::new());
    assert!(!page.has_begun());
    let word = |text: &str| ChatEvent::Text { message_id: id, block: 0, text: text.into() };
    page.event(&ChatEvent::ReplyStarted { message_id: id, provider: "p".into(), model: "m".into(), instead_of: None });
    assert!(page.has_begun());
    page.flush().unwrap();
    assert!(!page.has_begun());
    page.event(&word("First "));
    assert!(page.has_begun(), "a block that the page knows nothing of");
    page.flush().unwrap();
    page.event(&word("and more "));
    assert!(!page.has_begun());
    // A word is not worth a frame of its own, until it has waited.
    let mut kept = 0;
    for _ in 0..40 {
        page.event(&word("word "));
        kept += usize::from(page.flush_paced(false).is_none());
    }
    assert!(kept > 20, "{kept}");
    page.event(&word("word "));
    page.flush_paced(false);
    page.event(&word("last "));
    assert_eq!(page.flush_paced(false), None);
    // Then it waits for nothing more, least of all for another word.
    assert!(page.flush_paced(true).unwrap().contains("last"));
}

#[test]
fn text_is_appended_under_its_reply_and_the_message_takes_its_place() {
    let (mut renderer, turn_id, id) = (renderer(), TurnId::new(), MessageId::new());
    renderer.snapshot(&Snapshot::default());
    assert_eq!(renderer.flush(), None);
    renderer.event(&turn(turn_id, TurnState::Running));
    renderer.event(&ChatEvent::ReplyStarted {
        message_id: id,
        provider: "p".into(),
        model: "m".into(),
        instead_of: None,
    });
    let frame = renderer.flush().unwrap();
    assert_eq!(swaps(&frame, "#live").len(), 1);
    assert_eq!(swaps(&frame, "#status"), [("innerHTML".to_owned(), "Assistant is typing…".to_owned())]);
    assert!(frame.contains("id=\"stop\"") && frame.contains("\"/chat/conversations/"), "{frame}");

    let text = |text: &str| ChatEvent::Text { message_id: id, block: 0, text: text.into() };
    renderer.event(&text("Hello "));
    let frame = renderer.flush().unwrap();
    let [(swap, html)] = &swaps(&frame, &format!("#message-{id}"))[..] else { panic!("{frame}") };
    assert_eq!(swap, "beforeend");
    assert!(html.contains(&format!("id=\"message-{id}-text-0\"")), "{html}");
    let (_, handle) = html.split_once("data-live=\"").unwrap();
    let target = format!("[data-live={}]", handle.split_once('"').unwrap().0);
    renderer.event(&text("there"));
    let frame = renderer.flush().unwrap();
    assert!(frame.starts_with(&format!("<hx-partial hx-target=\"{target}&gt;:last-child\"")), "{frame}");

    let stored = message(id, turn_id, MessageRole::Assistant, vec![Block::text("Hello there")]);
    renderer.event(&ChatEvent::Message { message: stored.clone() });
    renderer.event(&turn(turn_id, TurnState::Completed));
    let frame = renderer.flush().unwrap();
    let [(swap, html)] = &swaps(&frame, &format!("#message-{id}"))[..] else { panic!("{frame}") };
    assert_eq!(swap, "outerMorph");
    assert!(!html.contains("data-live"), "{html}");
    assert_eq!(swaps(&frame, "#announce"), [("beforeend".to_owned(), format!("<p data-of=\"message-{id}\"></p>"))]);
    assert_eq!(swaps(&frame, "#status")[0].1, "Ready");

    // What the page shows after loading is the same article.
    let mut page = self::renderer();
    page.load(&Snapshot { messages: vec![stored], ..Snapshot::default() });
    assert_eq!(
        swaps(&format!("<hx-partial hx-target=\"x\" hx-swap=\"y\">{}</hx-partial>", page.articles()), "x")[0].1,
        *html
    );
    // Late text of a stored reply is nothing new.
    renderer.event(&text("!"));
    assert_eq!(renderer.flush(), None);
}

#[test]
fn what_comes_between_two_flushes_is_sent_once_and_whole() {
    let (mut renderer, turn_id, id) = (renderer(), TurnId::new(), MessageId::new());
    renderer.snapshot(&Snapshot::default());
    renderer.event(&ChatEvent::ReplyStarted {
        message_id: id,
        provider: "p".into(),
        model: "m".into(),
        instead_of: None,
    });
    renderer.event(&ChatEvent::Thinking { message_id: id, block: 0, text: "hm <b>".into() });
    for text in ["a", "b", "c"] {
        renderer.event(&ChatEvent::Text { message_id: id, block: 1, text: text.into() });
    }
    let tool = call(turn_id, id, 0, ToolCallState::Running);
    renderer.event(&asked(&tool));
    renderer.event(&ChatEvent::ToolChunk { id: tool.id, chunk: "one <i>".into() });
    let frame = renderer.flush().unwrap();
    let live = swaps(&frame, "#live");
    assert_eq!(live.len(), 2);
    assert!(live[0].1.contains("hm &lt;b&gt;") && live[0].1.contains("abc"), "{}", live[0].1);
    assert!(live[1].1.contains("tabindex=\"0\">one &lt;i&gt;</pre>"), "{}", live[1].1);
    assert!(swaps(&frame, &format!("#message-{id}-text-1")).is_empty(), "{frame}");
    renderer.event(&ChatEvent::ToolChunk { id: tool.id, chunk: "two".into() });
    renderer.event(&ChatEvent::Thinking { message_id: id, block: 0, text: "more".into() });
    let frame = renderer.flush().unwrap();
    assert_eq!(swaps(&frame, &format!("#tool-call-{}-output", tool.id)), [("beforeend".into(), "two".into())]);
    assert_eq!(swaps(&frame, &format!("#message-{id}-thinking-0-text")), [("beforeend".into(), "more".into())]);
    assert!(!frame.contains("one"), "{frame}");
    renderer.event(&ChatEvent::ReplyDropped { message_id: id });
    assert_eq!(swaps(&renderer.flush().unwrap(), &format!("#message-{id}")), [("delete".into(), String::new())]);
}

#[test]
fn an_undone_call_of_an_earlier_turn_is_drawn_where_it_stands() {
    let (mut renderer, earlier) = (renderer(), TurnId::new());
    renderer.snapshot(&Snapshot::default());
    renderer.event(&turn(TurnId::new(), TurnState::Running));
    renderer.flush();
    let mut written = call(earlier, MessageId::new(), 0, ToolCallState::Succeeded);
    written.undo = Some(Undo::Done);
    renderer.event(&asked(&written));
    let frame = renderer.flush().unwrap();
    let [(swap, html)] = &swaps(&frame, &format!("#tool-call-{}", written.id))[..] else { panic!("{frame}") };
    assert_eq!(swap, "outerMorph");
    assert!(html.contains("Undone") && !html.contains("/undo\""), "{html}");
    assert!(swaps(&frame, "#live").is_empty(), "it is not put at the end: {frame}");

    // One that is offered has its form; one of the newest turn is drawn like any change of it.
    written.undo = Some(Undo::Possible);
    renderer.event(&asked(&written));
    let frame = renderer.flush().unwrap();
    assert!(swaps(&frame, "#live")[0].1.contains(&format!("/chat/tool-calls/{}/undo\"", written.id)), "{frame}");
    written.state = ToolCallState::Running;
    renderer.event(&asked(&written));
    assert!(!renderer.flush().unwrap().contains("/undo\""), "it is offered while the tool runs");
}

#[test]
fn approvals_are_counted_announced_and_morphed() {
    let (mut renderer, turn_id, id) = (renderer(), TurnId::new(), MessageId::new());
    renderer.snapshot(&Snapshot::default());
    let calls: Vec<_> = (0..2).map(|ordinal| call(turn_id, id, ordinal, ToolCallState::Pending)).collect();
    renderer.event(&turn(turn_id, TurnState::Running));
    calls.iter().for_each(|call| renderer.event(&asked(call)));
    renderer.event(&turn(turn_id, TurnState::AwaitingApproval));
    let frame = renderer.flush().unwrap();
    assert_eq!(swaps(&frame, "#announce")[0].1, "<p>2 decisions wait. Press F8.</p>");
    assert_eq!(swaps(&frame, "#status")[0].1, "Waiting for your approval");
    assert!(swaps(&frame, "#page-title")[0].1.starts_with("(2) "));
    let composer = &swaps(&frame, "#composer-state")[0].1;
    assert!(composer.contains(&format!("value=\"{} {}\"", calls[0].id, calls[1].id)), "{composer}");
    assert!(composer.contains("Sending denies 2 requests"), "{composer}");
    let live = swaps(&frame, "#live");
    assert!(live[1].1.contains("2 of 2: "), "{}", live[1].1);
    for (_, html) in &live {
        let page = Html::parse_fragment(html);
        let group = page.select(&Selector::parse("[role=group][aria-label='Approve write_file?']").unwrap()).next();
        let buttons = Selector::parse("form button[name=decision]").unwrap();
        let found: Vec<_> = group.unwrap().select(&buttons).map(|button| button.text().collect::<String>()).collect();
        assert_eq!(found, ["Approve", "Deny"]);
        assert!(page.select(&Selector::parse("img, hx-partial").unwrap()).next().is_none(), "{html}");
        assert_eq!(page.select(&Selector::parse("ins").unwrap()).count(), 1, "{html}");
        assert!(html.contains("\\u202E"), "{html}");
    }
    let mut approved = calls[0].clone();
    approved.state = ToolCallState::Approved;
    renderer.event(&asked(&approved));
    let frame = renderer.flush().unwrap();
    let [(swap, html)] = &swaps(&frame, &format!("#tool-call-{}", approved.id))[..] else { panic!("{frame}") };
    assert_eq!(swap, "outerMorph");
    assert!(!html.contains("<form") && html.contains("approved, waits for its turn"), "{html}");
    assert!(swaps(&frame, "#live").is_empty(), "{frame}");

    let mut result = message(MessageId::new(), turn_id, MessageRole::Tool, vec![]);
    result.tool_call_id = Some(approved.id);
    approved.state = ToolCallState::Succeeded;
    approved.outcome = Some(ToolOutcome { text: "<done>".into(), error_code: None, files: Vec::new() });
    renderer.event(&asked(&approved));
    renderer.event(&ChatEvent::Message { message: result.clone() });
    let frame = renderer.flush().unwrap();
    let html = &swaps(&frame, &format!("#tool-call-{}", approved.id))[0].1;
    assert!(html.contains(&format!("data-message-id=\"{}\"", result.id)) && html.contains("data-state=\"complete\""));
    assert!(html.contains("&lt;done&gt;"), "{html}");
    // As the page shows it after loading, which knows the result but not the chunks.
    assert!(html.contains("tabindex=\"0\"></pre>"), "{html}");
}

#[test]
fn images_and_files_of_a_result_are_shown_and_offered_to_be_saved() {
    let (mut renderer, turn_id) = (renderer(), TurnId::new());
    renderer.snapshot(&Snapshot::default());
    let mut call = call(turn_id, MessageId::new(), 0, ToolCallState::Running);
    call.name = "draw".into();
    renderer.event(&asked(&call));
    renderer.flush().unwrap();
    call.state = ToolCallState::Succeeded;
    let image = |number, name: &str| Block::Image {
        number,
        media_type: "image/png".into(),
        name: name.into(),
        width: 4,
        height: 3,
    };
    let file = |number, name: &str, media_type: &str, bytes| Block::File {
        number,
        media_type: media_type.into(),
        name: name.into(),
        bytes,
    };
    call.outcome = Some(ToolOutcome {
        text: "Drawn.".into(),
        error_code: None,
        files: vec![
            image(2, "sky.png"),
            file(1, "result.txt", "text/plain", 300_000),
            file(3, "page.html", "text/html", 8),
            file(4, HOSTILE, "audio/wav", 0),
            image(5, HOSTILE),
        ],
    });
    renderer.event(&asked(&call));
    let frame = renderer.flush().unwrap();
    let html = &frame;
    let (from, to) = (html.find("<div class=\"came\"").unwrap(), html.find("<div id=\"decision-").unwrap());
    let escaped = HOSTILE.replace('<', "&#60;").replace('>', "&#62;").replace('"', "&#34;").replace('\'', "&#39;");
    let drawn = html[from..to]
        .replace(&call.id.to_string(), "CALL")
        .replace(&call.conversation_id.to_string(), "CHAT")
        .replace(&escaped, "HOSTILE");
    let of = |number| format!("/chat/conversations/CHAT/attachments/{number}");
    let shown = |number, name| {
        let address = of(number);
        format!(
            "<a id=\"call-CALL-image-{number}\" class=\"image\" href=\"{address}\"><img src=\"{address}\" alt=\"{name}, an \
             image from draw\" width=\"4\" height=\"3\" loading=\"lazy\" decoding=\"async\"></a>"
        )
    };
    let saved = |number, name, kind| {
        let address = of(number);
        format!("<li><a href=\"{address}\" download><bdi>{name}</bdi></a> <span class=\"kind\">{kind}</span></li>")
    };
    let expected = [
        "<div class=\"came\" role=\"group\" aria-label=\"Images and files from draw\">".to_owned(),
        shown(2, "sky.png"),
        shown(5, "HOSTILE"),
        "<ul class=\"saved\" translate=\"no\">".to_owned(),
        saved(1, "result.txt", "text/plain, 292 KB"),
        saved(3, "page.html", "text/html, 8 B"),
        saved(4, "HOSTILE", "audio/wav, 0 B"),
        "</ul></div>".to_owned(),
    ];
    assert_eq!(drawn.trim(), expected.concat());
    // They stand outside of what is folded.
    assert!(html[..from].trim_end().ends_with("</details>"), "{html}");
    // So they do when the page is loaded, and when a turn that is over changes once more.
    let snapshot = Snapshot { calls: vec![call.clone()], ..Snapshot::default() };
    assert!(renderer.snapshot(&snapshot).contains(&format!("call-{}-image-5", call.id)));
}

#[test]
fn what_a_call_showed_of_its_work_goes_when_it_is_over() {
    let over = [ToolCallState::Succeeded, ToolCallState::Failed, ToolCallState::OutcomeUnknown];
    for (state, chunk_comes_late) in over.into_iter().flat_map(|state| [(state, false), (state, true)]) {
        let (mut renderer, turn_id) = (renderer(), TurnId::new());
        renderer.snapshot(&Snapshot::default());
        let mut call = call(turn_id, MessageId::new(), 0, ToolCallState::Running);
        let chunk = ChatEvent::ToolChunk { id: call.id, chunk: "working".into() };
        renderer.event(&asked(&call));
        renderer.event(&chunk);
        assert!(renderer.flush().unwrap().contains("tabindex=\"0\">working</pre>"));
        call.state = state;
        call.outcome = Some(ToolOutcome { text: "the end".into(), error_code: None, files: Vec::new() });
        renderer.event(&asked(&call));
        let frame = renderer.flush().unwrap();
        let [(swap, html)] = &swaps(&frame, &format!("#tool-call-{}", call.id))[..] else { panic!("{frame}") };
        assert_eq!(swap, "outerMorph");
        assert!(html.contains("tabindex=\"0\"></pre>") && html.contains("the end"), "{html}");
        if chunk_comes_late {
            renderer.event(&chunk);
            assert_eq!(renderer.flush(), None);
        }
    }
}

#[test]
fn a_snapshot_holds_what_the_running_turn_told() {
    let (mut renderer, turn_id, id) = (renderer(), TurnId::new(), MessageId::new());
    let user = message(MessageId::new(), turn_id, MessageRole::User, vec![Block::text(HOSTILE)]);
    let text = |text: &str| ChatEvent::Text { message_id: id, block: 0, text: text.into() };
    let started = ChatEvent::ReplyStarted { message_id: id, provider: "p".into(), model: "m".into(), instead_of: None };
    let snapshot = Snapshot {
        is_ended: false,
        is_direct: false,
        title: Some(HOSTILE.into()),
        turn: Some(TurnView { id: turn_id, state: TurnState::Running, failure: None, epoch: 1 }),
        messages: vec![user.clone()],
        calls: vec![],
        window: None,
        live: vec![started, text("Some")],
        told: vec![],
    };
    let frame = renderer.snapshot(&snapshot);
    let [(swap, html)] = &swaps(&frame, "#live")[..] else { panic!("{frame}") };
    assert_eq!(swap, "innerMorph");
    assert!(html.contains(&format!("id=\"message-{}\"", user.id)) && html.contains(">Some</p>"), "{html}");
    assert!(!frame.contains("<img"), "{frame}");
    assert_eq!(renderer.flush(), None);
    // It follows from there, and a second snapshot says the same as the first.
    renderer.event(&text(" more"));
    assert!(renderer.flush().unwrap().contains("<hx-partial hx-target=\"[data-live="));
    assert_eq!(renderer.snapshot(&snapshot), frame);
}

#[test]
fn how_a_turn_failed_is_said_and_announced() {
    let (mut renderer, id) = (renderer(), TurnId::new());
    renderer.snapshot(&Snapshot::default());
    let failure = Some(TurnFailure { code: "provider_overloaded".into(), retry_after: Some(1) });
    renderer.event(&ChatEvent::Turn { turn: TurnView { id, state: TurnState::Failed, failure, epoch: 1 } });
    let frame = renderer.flush().unwrap();
    let note = &swaps(&frame, "#turn-note")[0].1;
    assert!(note.contains("overloaded") && note.contains("in 1 second.") && note.contains("/retry"), "{note}");
    assert!(swaps(&frame, "#announce")[0].1.contains("overloaded"));
    let one = call(TurnId::new(), MessageId::new(), 0, ToolCallState::Pending);
    let other = call(TurnId::new(), MessageId::new(), 0, ToolCallState::Pending);
    renderer.waiting(&[one.clone(), other.clone(), one.clone()]);
    let frame = renderer.flush().unwrap();
    assert!(swaps(&frame, "#waiting")[0].1.contains('3'), "{frame}");
    assert!(swaps(&frame, "#page-title")[0].1.starts_with("(3) "), "{frame}");
    let badges = &swaps(&frame, "#waits")[0].1;
    for (call, count) in [(&one, 2), (&other, 1)] {
        let place = format!("<span data-of=\"{}\"><span class=\"badge\"", call.conversation_id);
        let (_, badge) = badges.split_once(&place).unwrap_or_else(|| panic!("{badges}"));
        assert!(badge.split("</span>").next().unwrap().ends_with(&format!(">{count}")), "{badges}");
    }
    // As many as before, but elsewhere.
    renderer.waiting(&[one.clone(), one.clone(), one]);
    assert!(!swaps(&renderer.flush().unwrap(), "#waits")[0].1.contains(&other.conversation_id.to_string()));
}

/// What a flush keeps back is not lost: it comes with a later flush, with a pause, or when the next block begins.
#[test]
fn nothing_that_is_kept_back_is_lost() {
    let (mut renderer, id) = (renderer(), MessageId::new());
    renderer.snapshot(&Snapshot::default());
    let text = |block: u32, text: &str| ChatEvent::Text { message_id: id, block, text: text.into() };
    renderer.event(&ChatEvent::ReplyStarted {
        message_id: id,
        provider: "p".into(),
        model: "m".into(),
        instead_of: None,
    });
    renderer.flush().unwrap();
    let words: String = (0..500).map(|n| format!("word{n} **bold{n}** [link{n}](http://a.b/{n}) ")).collect();
    let mut sent = String::new();
    for piece in words.split_inclusive(' ') {
        renderer.event(&text(0, piece));
        sent.extend(renderer.flush());
    }
    for n in 0..490 {
        for part in [format!("word{n}"), format!("<strong>bold{n}</strong>"), format!("/{n}\" rel=")] {
            assert!(sent.contains(&part), "{part} was never sent");
        }
    }
    renderer.event(&text(0, "\n\nand *half"));
    let told = renderer.flush().unwrap_or_default();
    assert!(!told.contains("half"), "{told}");
    assert!(renderer.pause().unwrap().contains("*half"));
    assert_eq!(renderer.pause(), None);
    renderer.event(&text(0, " and [open"));
    assert!(!renderer.flush().unwrap_or_default().contains("[open"));
    renderer.event(&text(1, "Next"));
    let frame = renderer.flush().unwrap();
    assert!(frame.contains("[open") && frame.contains("Next"), "{frame}");
}

#[test]
fn a_reply_of_who_stood_in_says_so_alike_while_it_grows_and_once_it_is_stored() {
    let missing = InsteadOf { provider: "anthropic".into(), model: "first".into(), code: "provider_overloaded".into() };
    let words = "<p class=\"instead\">Anthropic was overloaded; OpenAI answered instead.</p>";
    let (turn_id, id) = (TurnId::new(), MessageId::new());
    let told = [
        turn(turn_id, TurnState::Running),
        ChatEvent::ReplyStarted {
            message_id: id,
            provider: "openai".into(),
            model: "second".into(),
            instead_of: Some(missing.clone()),
        },
        ChatEvent::Text { message_id: id, block: 0, text: "Hello".into() },
    ];
    // As it begins, for who watches and for who loads the page just then.
    let mut watching = renderer();
    watching.snapshot(&Snapshot::default());
    told.iter().for_each(|event| watching.event(event));
    let frame = watching.flush().unwrap();
    let (_, live) = swaps(&frame, "#live").pop().unwrap();
    assert!(frame.contains(words), "{frame}");
    let mut loading = renderer();
    loading.load(&Snapshot { live: told.to_vec(), ..Snapshot::default() });
    let html = |text: &str| Html::parse_fragment(text).root_element().inner_html();
    assert_eq!(html(&live), html(&loading.articles()));

    // Once it is stored.
    let mut stored = message(id, turn_id, MessageRole::Assistant, vec![Block::text("Hello")]);
    (stored.provider, stored.instead_of) = (Some("openai".into()), Some(missing));
    watching.event(&ChatEvent::Message { message: stored.clone() });
    let frame = watching.flush().unwrap();
    let (_, live) = swaps(&frame, &format!("#message-{id}")).pop().unwrap();
    assert!(frame.contains(words) && frame.contains("<span translate=\"no\">m</span>"), "{frame}");
    let mut loading = renderer();
    loading.load(&Snapshot { messages: vec![stored], ..Snapshot::default() });
    assert_eq!(html(&live), html(&loading.articles()));
}

#[test]
fn every_reason_to_stand_in_has_words_and_no_other_code_has() {
    for code in crate::error::Code::ALL {
        let missing = InsteadOf { provider: "ollama".into(), model: "m".into(), code: code.as_str().into() };
        let said: Vec<_> = Locale::ALL
            .iter()
            .filter_map(|locale| PageContext { locale: *locale, ..ctx() }.instead_of(&missing, "openai"))
            .collect();
        let goes_over = matches!(
            code.as_str(),
            "provider_unauthorized"
                | "provider_balance"
                | "provider_rate_limited"
                | "provider_unavailable"
                | "provider_overloaded"
                | "provider_interrupted"
        );
        assert_eq!(said.len(), if goes_over { Locale::ALL.len() } else { 0 }, "{code:?}");
        assert!(said.iter().all(|words| words.contains("Ollama") && words.contains("OpenAI")), "{said:?}");
    }
}

/// The line before which models see nothing stands in one place: in the page as it loads, and live as it moves.
#[test]
fn the_line_of_the_window_is_where_the_window_begins() {
    let (mut renderer, turn_id) = (renderer(), TurnId::new());
    let said: Vec<_> =
        (0..3).map(|_| message(MessageId::new(), turn_id, MessageRole::User, vec![Block::text("hi")])).collect();
    let (elsewhere, line) = (MessageId::new(), "id=\"window\" ");
    let at = |id: MessageId| format!("#message-{id}");
    let snapshot = Snapshot { messages: said[..2].to_vec(), window: Some(said[1].id), ..Snapshot::default() };
    let frame = renderer.snapshot(&snapshot);
    let live = &swaps(&frame, "#live")[0].1;
    let (before, after) = live.split_once(line).expect("the line");
    assert!(before.contains(&said[0].id.to_string()) && after.contains(&at(said[1].id)[1..]), "{live}");
    assert!(swaps(&frame, &at(said[1].id)).is_empty() && !after.contains(line), "{frame}");
    assert!(frame.find("\"#window\"") < frame.find("\"#live\""), "the old line goes before the new one comes");

    // Before a message that was sent, or that only the page knows.
    for id in [said[0].id, elsewhere] {
        renderer.event(&ChatEvent::Window { message_id: Some(id) });
        let frame = renderer.flush().unwrap();
        assert!(frame.starts_with("<hx-partial hx-target=\"#window\" hx-swap=\"delete\">"), "{frame}");
        let [(swap, html)] = &swaps(&frame, &at(id))[..] else { panic!("{frame}") };
        assert!(
            swap == "beforebegin"
                && html.contains(line)
                && html.contains("role=\"separator\"")
                && html.contains("from here on."),
            "{frame}"
        );
        assert_eq!(renderer.flush(), None);
    }
    // Before one that comes in the same frame: nothing there could be found yet.
    renderer.event(&ChatEvent::Message { message: said[2].clone() });
    renderer.event(&ChatEvent::Window { message_id: Some(said[2].id) });
    let frame = renderer.flush().unwrap();
    assert!(swaps(&frame, &at(said[2].id)).is_empty(), "{frame}");
    assert!(swaps(&frame, "#live")[0].1.split("<article").next().unwrap().contains(line), "{frame}");

    renderer.event(&ChatEvent::Window { message_id: None });
    let frame = renderer.flush().unwrap();
    assert_eq!(frame, "<hx-partial hx-target=\"#window\" hx-swap=\"delete\"></hx-partial>");
    let snapshot = Snapshot { window: Some(elsewhere), ..snapshot };
    let frame = renderer.snapshot(&snapshot);
    assert!(!swaps(&frame, "#live")[0].1.contains(line) && swaps(&frame, &at(elsewhere)).len() == 1, "{frame}");
}

/// A page that was away shows the month as it was when it left.
#[test]
fn a_snapshot_tells_of_the_month_and_no_frame_does_so_twice() {
    let mut renderer = renderer();
    let month = |words: &str| Glance { share: Some(5), words: words.into(), is_warning: false };
    for _ in 0..2 {
        renderer.month(&month("Little"));
        let frame = renderer.snapshot(&Snapshot::default());
        assert!(swaps(&frame, "#month")[0].1.contains("Little"), "{frame}");
    }
    renderer.month(&month("Little"));
    assert_eq!(renderer.flush(), None);
    renderer.month(&month("More"));
    let frame = renderer.flush().unwrap();
    assert!(swaps(&frame, "#month")[0].1.contains("More"), "{frame}");
    renderer.event(&turn(TurnId::new(), TurnState::Running));
    assert!(swaps(&renderer.flush().unwrap(), "#month").is_empty());
}
