//! What is found of a person's conversations, and that the index follows them.

use sayso::{
    models::{
        conversation::{self, Conversation},
        message::{self, NewMessage, Place},
        search::{self, Query},
        turn,
    },
    types::*,
};

use crate::*;

/// A conversation of that title in which this was said.
async fn talk(conn: &mut Conn, owner: Owner, title: &str, said: &[(MessageRole, Vec<Block>)]) -> Conversation {
    let talk = conversation::create(conn, owner, ConversationKind::Chat, title).await.unwrap();
    let id = TurnId::new();
    turn::create(conn, owner, talk.id, id, InstanceId::new(), None, 1).await.unwrap();
    let place = Place { tenant: owner.tenant, conversation: talk.id, turn: id };
    for (role, content) in said {
        message::append(conn, place, NewMessage::new(*role, content.clone())).await.unwrap();
    }
    talk
}

fn said(role: MessageRole, text: &str) -> (MessageRole, Vec<Block>) {
    (role, vec![Block::text(text)])
}

async fn titles(conn: &mut Conn, owner: Owner, typed: &str) -> Vec<String> {
    let found = conversation::search(conn, owner, &Query::new(typed), None, 50).await.unwrap();
    found.into_iter().map(|found| found.title).collect()
}

/// Birds, coal and a title with accents, of Ann's; the same words of others'.
async fn world(backend: Backend) -> (World, sayso::db::Transaction) {
    let world = World::new(backend).await;
    let mut tx = world.db.write(ALL).await.unwrap();
    let (user, assistant, tool) = (MessageRole::User, MessageRole::Assistant, MessageRole::Tool);
    let call = ToolCallId::new();
    let birds = [
        said(user, "Where do Pelicans nest?"),
        (
            assistant,
            vec![
                Block::Thinking { text: "cormorants".into(), raw: None },
                Block::text("On islands, in src/birds/nest_box.rs, near the Am"),
                Block::text("azon. NUL\0here"),
                Block::ToolUse { id: call, name: "fetch".into(), input: r#"{"path":"heron"}"#.into() },
            ],
        ),
        (tool, vec![Block::ToolResult { tool_call_id: call, text: "flamingos".into(), is_error: false }]),
    ];
    talk(&mut tx, world.ann, "Birds", &birds).await;
    talk(&mut tx, world.ann, "Coal and 100% iron", &[said(user, "An island of coal")]).await;
    talk(
        &mut tx,
        world.ann,
        "Reuni\u{e3}o sobre a\u{e7}\u{e3}o",
        &[said(user, "\u{c9} CAF\u{c9}? \u{41f}\u{440}\u{418}\u{432}\u{435}\u{442}")],
    )
    .await;
    for owner in world.others() {
        talk(&mut tx, owner, "Secret pelicans", &[said(user, "Pelicans nest here")]).await;
    }
    (world, tx)
}

both! {
    async fn words_are_found_wherever_they_were_said(backend) {
        let (world, mut tx) = world(backend).await;
        for (typed, expected) in [
            ("pelicans", &["Birds"][..]),
            ("PELI", &["Birds"]),
            ("elicans", &[]),
            ("amazon", &["Birds"]),
            ("birds nest_box", &["Birds"]),
            ("src/birds", &["Birds"]),
            ("island", &["Coal and 100% iron", "Birds"]),
            ("islands nest", &["Birds"]),
            // In the title the one, in a message the other.
            ("iron island", &["Coal and 100% iron"]),
            ("iron pelicans", &[]),
            ("acao reuniao", &["Reuni\u{e3}o sobre a\u{e7}\u{e3}o"]),
            ("A\u{c7}\u{c3}O", &["Reuni\u{e3}o sobre a\u{e7}\u{e3}o"]),
            ("e cafe", &["Reuni\u{e3}o sobre a\u{e7}\u{e3}o"]),
            ("cafe\u{301}", &["Reuni\u{e3}o sobre a\u{e7}\u{e3}o"]),
            ("\u{43f}\u{440}\u{438}\u{432}", &["Reuni\u{e3}o sobre a\u{e7}\u{e3}o"]),
            // Neither what a model thought, nor what it asked for, nor what tools answered.
            ("cormorants", &[]),
            ("heron", &[]),
            ("flamingos", &[]),
        ] {
            assert_eq!(titles(&mut tx, world.ann, typed).await, expected, "{typed}");
        }
        assert_eq!(titles(&mut tx, world.bob, "pelicans").await, ["Secret pelicans"]);
    }

    async fn words_of_other_scripts_are_found_by_their_own_text(backend) {
        let world = World::new(backend).await;
        let mut tx = world.db.write(ALL).await.unwrap();
        for text in [
            "чай", "йод", "мой дом", "ёж", "їжак", "Київ", "ўзбек", "Αθήνα", "Καλημέρα", "ΣΊΣΥΦΟΣ", "Ἀθῆναι", "привет Ёлка",
            "кофе", "Български", "ガラス", "日本語テキスト検索", "한국어 검색", "ไทยค้นหา", "हिन्दी", "עברית", "العربية", "a日本b",
        ] {
            talk(&mut tx, world.ann, text, &[]).await;
            assert!(titles(&mut tx, world.ann, text).await.contains(&text.to_owned()), "{text} is not found");
        }
        for (typed, expected) in [
            ("елка", "привет Ёлка"),
            ("киів", "Київ"),
            ("αθηνα", "Αθήνα"),
            ("σίσυφος", "ΣΊΣΥΦΟΣ"),
            ("本語", "日本語テキスト検索"),
            ("テキスト", "日本語テキスト検索"),
            ("検索", "日本語テキスト検索"),
            ("日本", "a日本b"),
            ("검", "한국어 검색"),
        ] {
            assert!(titles(&mut tx, world.ann, typed).await.contains(&expected.to_owned()), "{typed} does not find {expected}");
        }
        for nothing in ["語日", "本日", "テスト"] {
            assert_eq!(titles(&mut tx, world.ann, nothing).await, [""; 0], "{nothing}");
        }
    }

    async fn what_is_typed_is_data(backend) {
        let (world, mut tx) = world(backend).await;
        for typed in [
            "", " ", "%", "_", "*", "\"", "'", "''", "\\", "(", ")", ":*", "-", "^", "\0", "!", "&", "|", "<->", "{}",
            "\u{301}", "\u{345}", "\u{200b}", "\u{1f600}",
        ] {
            assert_eq!(titles(&mut tx, world.ann, typed).await, [""; 0], "{typed:?}");
        }
        for typed in [
            "pel\"icans", "pelicans OR coal", "pelicans NOT nest", "NEAR(pelicans coal)", "text:pelicans", "pelicans*) OR (coal",
            "'; DROP TABLE search_words; --", "pelicans & !coal", "pel:* | coal", "search_words", "zz\0b",
        ] {
            assert_eq!(titles(&mut tx, world.ann, typed).await, [""; 0], "{typed:?}");
        }
        for typed in ["pelicans*", "\"pelicans\"", "^pelicans", "pelicans\0nest", "(pelicans)", "100%", "pelicans:*", "!pelicans"] {
            assert_eq!(titles(&mut tx, world.ann, typed).await.len(), 1, "{typed:?}");
        }
        for typed in ["\u{345}\u{345}", "\u{e01}\u{e33}", "\u{130}q", "\u{fb01}", &"x ".repeat(50_000), &"y".repeat(50_000)] {
            assert_eq!(titles(&mut tx, world.ann, typed).await, [""; 0]);
        }
    }

    async fn the_index_follows_what_it_indexes(backend) {
        let (world, mut tx) = world(backend).await;
        let birds = conversation::search(&mut tx, world.ann, &Query::new("pelicans"), None, 9).await.unwrap().remove(0);
        conversation::rename(&mut tx, world.ann, birds.id, "Feathers").await.unwrap();
        assert_eq!(titles(&mut tx, world.ann, "feathers").await, ["Feathers"]);
        assert_eq!(titles(&mut tx, world.ann, "birds").await, ["Feathers"], "it is in a path that was said");
        assert_eq!(titles(&mut tx, world.ann, "coal").await.len(), 1);
        assert!(conversation::delete(&mut tx, world.ann, birds.id).await.unwrap());
        assert_eq!(titles(&mut tx, world.ann, "pelicans").await, [""; 0]);
        let words = count(&mut tx, "search_words").await;
        assert_eq!(words, count(&mut tx, "search_entries").await);
        sql(&mut tx, "DELETE FROM conversations").await.unwrap();
        assert_eq!(count(&mut tx, "search_words").await, 0, "words outlive what said them");
        assert_eq!(count(&mut tx, "search_entries").await, 0);
    }

    async fn what_was_there_before_is_indexed(backend) {
        let (world, mut tx) = world(backend).await;
        let (down, up) = match backend {
            Backend::Sqlite => (
                include_str!("../../migrations/sqlite/00000000000007_search/down.sql"),
                include_str!("../../migrations/sqlite/00000000000007_search/up.sql"),
            ),
            Backend::Postgres => (
                include_str!("../../migrations/postgres/00000000000007_search/down.sql"),
                include_str!("../../migrations/postgres/00000000000007_search/up.sql"),
            ),
        };
        sql(&mut tx, down).await.unwrap();
        talk(&mut tx, world.ann, "Unindexed", &[said(MessageRole::User, "Gulls and pelicans")]).await;
        sql(&mut tx, up).await.unwrap();
        assert_eq!(titles(&mut tx, world.ann, "pelicans").await, ["Unindexed", "Birds"]);
        assert_eq!(titles(&mut tx, world.ann, "unindexed gulls").await, ["Unindexed"]);
        assert_eq!(titles(&mut tx, world.ann, "flamingos").await, [""; 0]);
        assert_eq!(titles(&mut tx, world.bob, "pelicans").await, ["Secret pelicans"]);
    }

    async fn excerpts_are_of_the_newest_message_with_all_words(backend) {
        let (world, mut tx) = world(backend).await;
        let user = MessageRole::User;
        let long = talk(&mut tx, world.ann, "Long", &[
            said(user, "zebra one"), said(user, "zebra and yak"), said(user, "only zebra"),
        ]).await;
        let title = talk(&mut tx, world.ann, "A zebra", &[said(user, "a yak")]).await;
        let bare = talk(&mut tx, world.ann, "Zebra yak", &[]).await;
        let query = Query::new("yak zebra");
        let found = conversation::search(&mut tx, world.ann, &query, None, 9).await.unwrap();
        let ids: Vec<_> = found.iter().map(|found| found.id).collect();
        assert_eq!(ids, [bare.id, title.id, long.id], "the newest first");
        let excerpts = search::excerpts(&mut tx, world.ann, &query, &ids).await.unwrap();
        let text = |id| excerpts.get(id).map(|found: &search::Excerpt| {
            found.pieces.iter().map(|p| if p.is_match { format!("[{}]", p.text) } else { p.text.clone() }).collect::<String>()
        });
        assert_eq!(text(&long.id).as_deref(), Some("[zebra] and [yak]"));
        assert_eq!(text(&title.id).as_deref(), Some("a [yak]"));
        assert_eq!(text(&bare.id), None);
        assert!(search::excerpts(&mut tx, world.bob, &query, &ids).await.unwrap().is_empty(), "another's");
        // In pages, as the list.
        let first = conversation::search(&mut tx, world.ann, &query, None, 1).await.unwrap().remove(0);
        let rest = conversation::search(&mut tx, world.ann, &query, Some((first.updated_at.0, first.id)), 9).await.unwrap();
        assert_eq!(rest.iter().map(|found| found.id).collect::<Vec<_>>(), &ids[1..]);
    }

    /// Of whatever length and kind: what is said is stored, index or not.
    async fn nothing_is_too_much_to_be_indexed(backend) {
        let world = World::new(backend).await;
        let mut tx = world.db.write(ALL).await.unwrap();
        let unique: String = (0..60_000).map(|n| format!("{}{n} ", char::from_u32(0x20000 + n % 40_000).unwrap())).collect();
        for text in ["x".repeat(1_000_000), unique, "\u{d55c}\u{ae00}".repeat(60_000), "\\u0000 \\\\u0000 \0 \u{1}".into()] {
            talk(&mut tx, world.ann, "Much", &[said(MessageRole::User, &text)]).await;
        }
        assert_eq!(titles(&mut tx, world.ann, "much").await.len(), 4);
    }
}
