//! Full-text search: how each database looks for words. The tables are those of the backends' own migrations, which also
//! hold the triggers that fill them.

use diesel::{
    expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate},
    pg::Pg,
    query_builder::{AstPass, QueryFragment, QueryId},
    result::QueryResult,
    sql_types::{Bool, Text},
    sqlite::{Sqlite, SqliteConnection},
};

use unicode_normalization::UnicodeNormalization as _;

use super::schema::{conversations, messages};

#[diesel::declare_sql_function]
extern "SQL" {
    /// A text as it is indexed. On SQLite it is [`indexed`], on PostgreSQL a function of its own that does the same.
    fn search_text(text: Text) -> Text;
}

/// Makes `search_text` known to a connection of SQLite; the triggers of its migration call it, so that whoever writes must
/// have it.
///
/// # Errors
/// When SQLite refuses.
pub fn register(connection: &mut SqliteConnection) -> QueryResult<()> {
    search_text_utils::register_impl(connection, |text: String| indexed(&text))
}

/// A text without case and accents.
pub fn folded(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let plain = text.nfd().filter(|character| !is_accent(*character)).flat_map(char::to_lowercase);
    // The sigma at the end of a word is the one within it.
    plain.map(|character| if character == 'ς' { 'σ' } else { character }).nfc().collect()
}

/// A folded text in which each character that is a word of its own stands alone.
fn indexed(text: &str) -> String {
    let folded = folded(text);
    if !folded.chars().any(stands_alone) {
        return folded;
    }
    let mut words = String::with_capacity(folded.len());
    for character in folded.chars() {
        if stands_alone(character) {
            words.extend([' ', character, ' ']);
        } else {
            words.push(character);
        }
    }
    words
}

/// The marks of Latin, Greek and Cyrillic letters; those of other scripts are no accents.
fn is_accent(character: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&character)
}

/// Whether words are written with this character without blanks between them (Han, kana), so that one may begin with
/// it anywhere. The list is that of PostgreSQL's `search_text` too.
pub fn stands_alone(character: char) -> bool {
    matches!(character,
        '\u{3041}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}')
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::Uuid;

    /// Texts that can be searched: whose they are, and where.
    search_entries (number) {
        /// What ties it to its words; a later text has a greater one.
        number -> BigInt,
        /// The tenant.
        tenant_id -> Uuid,
        /// The person.
        user_id -> Uuid,
        /// The conversation.
        conversation_id -> Uuid,
        /// The message; the conversation's title without.
        message_id -> Nullable<Uuid>,
    }
}

diesel::allow_tables_to_appear_in_same_query!(search_entries, conversations);
diesel::allow_tables_to_appear_in_same_query!(search_entries, messages);

/// Whether a text of [`search_entries`] has these words, or words that begin with them. Words are data: letters and
/// digits, as a query is made of.
#[derive(Clone, Debug)]
pub struct HasWords {
    words: Vec<String>,
    /// As SQLite takes them.
    matching: String,
    is_all: bool,
}

impl HasWords {
    /// All of them.
    pub fn all(words: &[String]) -> Self {
        Self::new(words, true)
    }

    /// At least one of them.
    pub fn any(words: &[String]) -> Self {
        Self::new(words, false)
    }

    fn new(words: &[String], is_all: bool) -> Self {
        let quoted: Vec<_> = words.iter().map(|word| format!("\"{}\"*", indexed(word).replace('"', "\"\""))).collect();
        let matching = quoted.join(if is_all { " AND " } else { " OR " });
        Self { words: words.to_vec(), matching, is_all }
    }
}

impl Expression for HasWords {
    type SqlType = Bool;
}

// Wherever `search_entries` is: the database says so where it is not.
impl<QS> AppearsOnTable<QS> for HasWords {}

impl<QS> SelectableExpression<QS> for HasWords {}

impl<GB> ValidGrouping<GB> for HasWords {
    type IsAggregate = is_aggregate::No;
}

impl QueryId for HasWords {
    type QueryId = ();

    const HAS_STATIC_QUERY_ID: bool = false;
}

impl QueryFragment<Sqlite> for HasWords {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        out.push_sql("search_entries.number IN (SELECT rowid FROM search_words WHERE search_words MATCH ");
        out.push_bind_param::<Text, _>(&self.matching)?;
        out.push_sql(")");
        Ok(())
    }
}

impl QueryFragment<Pg> for HasWords {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        // How many there are stands in the text of the query, and that in its place in the cache.
        out.unsafe_to_cache_prepared();
        // Not the table itself, which only its owner reads.
        out.push_sql("search_entries.number IN (SELECT search_found(");
        for (place, word) in self.words.iter().enumerate() {
            if place > 0 {
                out.push_sql(if self.is_all { " && " } else { " || " });
            }
            out.push_sql("search_query(");
            out.push_bind_param::<Text, _>(word)?;
            out.push_sql(")");
        }
        out.push_sql("))");
        Ok(())
    }
}
