//! The part of a conversation that a model is sent, and the line on the page where it begins.

use serde_json::Value;

use crate::{
    both,
    prices::PriceFile,
    support::{App, Backend, Chat, LiveDom, Page, Replay, Reply, eventually},
};

/// So many exchanges of about 2,000 characters each.
const EXCHANGES: usize = 24;

fn prices(window: u32) -> String {
    format!("[default]\ninput = 1\noutput = 1\ncontext_window = {window}\n")
}

/// The number of a message that begins `Message N:`.
fn number(text: &str) -> usize {
    let number = text.strip_prefix("Message ").and_then(|rest| rest.split_once(':')).expect("a numbered message").0;
    number.parse().unwrap()
}

/// What a request's first message says; it must be a person's own words.
fn first_words(request: &Value) -> String {
    let first = &request["messages"][0];
    assert_eq!(first["role"], "user", "{first}");
    match &first["content"] {
        Value::String(text) => text.clone(),
        blocks => {
            assert_eq!(blocks[0]["type"], "text", "{blocks}");
            blocks[0]["text"].as_str().unwrap().to_owned()
        }
    }
}

fn line(page: &Page) -> Option<String> {
    let (before, after) = page.html.split_once("<div id=\"window\"")?;
    assert!(before.contains("<article "), "the line stands before everything");
    assert!(!after.contains("id=\"window\""), "there are two lines");
    let (_, id) = after.split_once("<article id=\"message-")?;
    Some(id.split_once('"').unwrap().0.to_owned())
}

fn window_begins(app: &App, chat: &Chat) -> usize {
    app.query(&format!("SELECT window_begins FROM conversations WHERE id = '{}'", chat.id)).parse().unwrap()
}

both! {
    async fn the_newest_that_fit_are_sent_and_the_beginning_stays_for_a_while(backend) {
        let filler = "Some words of an answer that take their room. ".repeat(22);
        let Some(replay) = Replay::playing(&[("own", Reply::text(&filler))], &[]) else { return };
        let file = PriceFile::new(&prices(12_000));
        let path = file.path();
        let mut settings = replay.settings("anthropic/own");
        settings.extend([("MODEL_PRICES", path.to_str().unwrap()), ("MAX_OUTPUT_TOKENS", "1000")]);
        let (mut app, person) = App::ready(backend, &settings).await;
        let words = "Words of a question, and of what comes with it. ".repeat(21);
        let chat = person.new_conversation(&format!("Message 0: {words}")).await;
        chat.settled().await;
        for n in 1..EXCHANGES {
            chat.say(&format!("Message {n}: {words}")).await;
        }
        replay.assert_refused_none();
        let begins: Vec<usize> = replay.rounds().iter().map(|request| number(&first_words(request))).collect();
        assert_eq!(begins.len(), EXCHANGES);
        assert!(begins.is_sorted(), "{begins:?}");
        let moves = begins.windows(2).filter(|pair| pair[0] != pair[1]).count();
        assert!((2..=8).contains(&moves), "the beginning moved {moves} times: {begins:?}");
        for (n, request) in replay.rounds().iter().enumerate() {
            let bytes = request["messages"].to_string().len();
            assert!(bytes < 40_000, "{bytes} bytes of messages for 12,000 tokens");
            let sent = request["messages"].as_array().unwrap().len();
            assert_eq!(sent, 2 * (n - begins[n]) + 1, "all from the beginning on, and the newest last");
        }

        // The page says where, and so do the earlier messages above it.
        let last = *begins.last().unwrap();
        assert_eq!(window_begins(&app, &chat), 2 * last + 1);
        let page = chat.page().await;
        let at = line(&page).expect("a line");
        let begun = page.articles().into_iter().find(|article| article.id == at).expect("its message");
        assert_eq!((number(&begun.text), begun.role.as_str()), (last, "user"));
        let line = page.the("separator", "The model sees the conversation from here on.");
        assert_eq!(line.attribute("id"), "window");
        assert!(!person.get(&page.older().expect("earlier messages")).await.html.contains("id=\"window\""));

        // A larger model sees all of it again; the live page is told.
        file.write(&prices(200_000));
        app.restart();
        let socket = chat.socket().await;
        socket.hears("Ready").await;
        chat.say(&format!("Message {EXCHANGES}: and now?")).await;
        assert_eq!(number(&first_words(replay.rounds().last().unwrap())), 0);
        assert_eq!(window_begins(&app, &chat), 1);
        assert!(!chat.page().await.html.contains("id=\"window\""));
        socket.hears("<hx-partial hx-target=\"#window\" hx-swap=\"delete\"></hx-partial><hx-partial hx-target=\"#live\" hx-swap=\"beforeend\"").await;

        // A small one sees less than the page shows at first: the line comes with the page's own messages.
        file.write(&prices(6000));
        app.restart();
        let socket = chat.socket().await;
        socket.hears("Ready").await;
        chat.say("Message 25: what was the last?").await;
        let at = self::line(&chat.page().await).expect("a line");
        let swap = format!("<hx-partial hx-target=\"#message-{at}\" hx-swap=\"beforebegin\"><div id=\"window\"");
        let live = "beforeend\"><div id=\"window\" class=\"window\" role=\"separator\"";
        eventually("the line moves", async || {
            let told = socket.frames().concat();
            (told.contains(&swap) || told.contains(live)).then_some(())
        }).await;
    }

    async fn a_count_caps_it_without_parting_a_call_from_its_result(backend) {
        let replies = [("file", Reply::write_file("a.txt", "a")), ("own", Reply::text("Done."))];
        let script: &[&str] = &["anthropic/file", "anthropic/own", "anthropic/own", "anthropic/own", "anthropic/own"];
        let Some(replay) = Replay::playing(&replies, &[("tools", script)]) else { return };
        let mut settings = replay.settings("script:tools.json");
        settings.push(("CONTEXT_MESSAGE_COUNT", "5"));
        let (_app, person) = App::ready(backend, &settings).await;
        let chat = person.new_conversation("Message 0: write").await;
        chat.approve().await;
        chat.settled().await;
        for n in 1..4 {
            chat.say(&format!("Message {n}: more")).await;
        }
        replay.assert_refused_none();
        let rounds = replay.rounds();
        let begins: Vec<usize> = rounds.iter().map(|request| number(&first_words(request))).collect();
        // Four messages of the first turn and one make five; six would be too many, and the first turn goes whole.
        assert_eq!(begins, [0, 0, 0, 1, 1]);
        let sent: Vec<usize> = rounds.iter().map(|request| request["messages"].as_array().unwrap().len()).collect();
        assert_eq!(sent, [1, 3, 5, 3, 5]);
    }

    async fn what_is_too_old_is_deleted_when_a_turn_ends(backend) {
        let (app, person) = App::ready(backend, &[("HISTORY_MAX_MESSAGES", "5")]).await;
        let chat = person.new_conversation("Message 0: hello").await;
        chat.settled().await;
        for n in 1..6 {
            chat.say(&format!("Message {n}: hello")).await;
        }
        let said: Vec<usize> = chat.page().await.said_by("user").iter().map(|article| number(&article.text)).collect();
        assert_eq!(said, [4, 5]);
        assert_eq!(app.query("SELECT count(*) FROM messages"), "4");
        assert_eq!(app.query("SELECT count(*) FROM turns"), "2");
        assert_eq!(chat.page().await.older(), None, "a link to what is gone");
        assert_eq!(app.query("SELECT count(*) FROM model_calls"), "6", "what was used stays written down");
        // It goes on.
        assert_eq!(chat.say("Message 6: still there?").await.turn(), "completed");
    }
}

/// The frames make of an open page what a page load shows: the line in the same place.
#[tokio::test(flavor = "multi_thread")]
async fn the_live_line_is_where_a_page_load_shows_it() {
    let replies = [("own", Reply::text("Yes."))];
    let Some(replay) = Replay::playing(&replies, &[]) else { return };
    let mut settings = replay.settings("anthropic/own");
    settings.push(("CONTEXT_MESSAGE_COUNT", "3"));
    let (_app, person) = App::ready(Backend::Sqlite, &settings).await;
    let chat = person.new_conversation("Message 0: hello").await;
    chat.settled().await;
    // A page from the first message on: the socket tells it of all that comes.
    let socket = chat.socket().await;
    socket.hears("Message 0").await;
    for n in 1..5 {
        chat.say(&format!("Message {n}: hello")).await;
        let (mut dom, loaded) = (LiveDom::new(), line(&chat.page().await));
        eventually("the line is where it belongs", async || {
            dom = LiveDom::new();
            socket.frames().iter().for_each(|frame| dom.apply(frame));
            (dom.line() == loaded).then_some(())
        })
        .await;
        assert_eq!(loaded.is_some(), n > 1, "after message {n}");
    }
}
