//! Search over a person's own conversations: their titles, and what the person and the assistant said in them.
//!
//! What is typed is data: words of letters and digits are taken from it, without case and accents, and nothing else. A
//! conversation is found that has all of them, each in whichever place, or words that begin with them.

mod excerpt;

use std::collections::HashMap;

use diesel::{dsl::max, prelude::*};
use diesel_async::RunQueryDsl;

use super::Owner;
use crate::{
    db::{
        Conn, on,
        schema::messages,
        search::{HasWords, folded, search_entries},
        types::Json,
    },
    error::Result,
    types::{Block, ConversationId, MessageId, MessageRole, content::joined_text},
};

pub use excerpt::Piece;

/// More words than this narrow nothing down any more.
const WORDS: usize = 16;

/// A word is looked for by its beginning; that of a longer one is this.
const LETTERS: usize = 64;

/// What is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    words: Vec<String>,
}

/// Where something was found in a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    /// The message.
    pub message: MessageId,
    /// What stands around the first word that was found.
    pub pieces: Vec<Piece>,
}

impl Query {
    /// The words of what was typed. There may be none, and then nothing is found.
    pub fn new(typed: &str) -> Self {
        let mut words: Vec<String> = Vec::new();
        let folded = folded(typed);
        for word in excerpt::words(&folded) {
            let word: String = word.chars().take(LETTERS).collect();
            if words.len() < WORDS && !words.contains(&word) {
                words.push(word);
            }
        }
        Self { words }
    }

    /// The words, folded.
    pub(super) fn words(&self) -> &[String] {
        &self.words
    }

    /// A text in pieces, those marked that begin a word as a word of the query does.
    pub fn mark(&self, text: &str) -> Vec<Piece> {
        excerpt::mark(text, &self.words)
    }
}

/// Where it was found in these conversations of a person's: in each the newest message that has all words, or else
/// one of them. One that was found by its title alone has none.
///
/// # Errors
/// When the database does not answer.
pub async fn excerpts(
    conn: &mut Conn,
    owner: Owner,
    query: &Query,
    conversations: &[ConversationId],
) -> Result<HashMap<ConversationId, Excerpt>> {
    let mut found = newest(conn, owner, HasWords::all(&query.words), conversations).await?;
    let others: Vec<_> = conversations.iter().copied().filter(|id| !found.contains_key(id)).collect();
    if !others.is_empty() && query.words.len() > 1 {
        found.extend(newest(conn, owner, HasWords::any(&query.words), &others).await?);
    }
    let numbers: Vec<i64> = found.into_values().collect();
    let texts: Vec<(ConversationId, MessageId, MessageRole, Json<Vec<Block>>)> = on!(conn, c => {
        search_entries::table
            .inner_join(messages::table.on(messages::id.nullable().eq(search_entries::message_id)))
            .filter(search_entries::number.eq_any(&numbers))
            .select((search_entries::conversation_id, messages::id, messages::role, messages::content))
            .load(c)
            .await
    })?;
    let excerpt = |(conversation, message, role, content): (_, _, _, Json<Vec<Block>>)| {
        let mut text = joined_text(&content.0);
        if role == MessageRole::Assistant {
            text = excerpt::read(&text, &query.words).unwrap_or(text);
        }
        (conversation, Excerpt { message, pieces: excerpt::around(&text, &query.words) })
    };
    Ok(texts.into_iter().map(excerpt).collect())
}

/// The newest text of messages that has the words, in each conversation that has one.
async fn newest(
    conn: &mut Conn,
    owner: Owner,
    words: HasWords,
    conversations: &[ConversationId],
) -> Result<HashMap<ConversationId, i64>> {
    if conversations.is_empty() {
        return Ok(HashMap::new());
    }
    let found: Vec<(ConversationId, Option<i64>)> = on!(conn, c => {
        search_entries::table
            .filter(search_entries::tenant_id.eq(owner.tenant))
            .filter(search_entries::user_id.eq(owner.user))
            .filter(search_entries::conversation_id.eq_any(conversations))
            .filter(search_entries::message_id.is_not_null())
            .filter(words)
            .group_by(search_entries::conversation_id)
            .select((search_entries::conversation_id, max(search_entries::number)))
            .load(c)
            .await
    })?;
    Ok(found.into_iter().filter_map(|(id, number)| Some((id, number?))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_taken_from_whatever_is_typed() {
        for (typed, words) in [
            ("Coal  iron", &["coal", "iron"][..]),
            ("100%", &["100"]),
            ("Caf\u{e9} CAFE\u{301} \u{c7}a", &["cafe", "ca"]),
            ("\"a b\" OR c* NEAR(d) col:e -f", &["a", "b", "or", "c", "near", "d", "col", "e", "f"]),
            ("notes/hello_2.txt", &["notes", "hello", "2", "txt"]),
            ("a\0b'; DROP TABLE", &["a", "b", "drop", "table"]),
            ("\u{421}\u{438}\u{43d}\u{438}\u{439}", &["\u{441}\u{438}\u{43d}\u{438}\u{438}"]),
            ("%_ \u{301} ?!", &[]),
            ("", &[]),
        ] {
            assert_eq!(Query::new(typed).words, words, "{typed:?}");
        }
        let many = Query::new(&(0..100).map(|n| format!("w{n} ")).collect::<String>());
        assert_eq!(many.words.len(), WORDS);
        assert_eq!(Query::new(&"x".repeat(1000)).words[0].len(), LETTERS);
    }
}
