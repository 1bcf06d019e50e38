//! What is shown of a text in which something was found. The same on both databases, since neither is asked.

use unicode_normalization::{UnicodeNormalization as _, char::is_combining_mark};

/// How much is shown before the first word that was found, in characters.
const BEFORE: usize = 60;

/// How much is shown from there on.
const AFTER: usize = 160;

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The text.
    pub text: String,
    /// Whether it was looked for.
    pub is_match: bool,
}

/// A text without case and accents.
pub(super) fn folded(text: &str) -> String {
    text.nfd().filter(|character| !is_accent(*character)).flat_map(char::to_lowercase).nfc().collect()
}

/// The marks of Latin, Greek and Cyrillic letters; those of other scripts are no accents.
fn is_accent(character: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&character)
}

/// A text in pieces: those marked that begin a word as one of the `words` does.
pub(super) fn mark(text: &str, words: &[String]) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut push = |text: &str, is_match: bool| match pieces.last_mut() {
        _ if text.is_empty() => {}
        Some(last) if last.is_match == is_match => last.text.push_str(text),
        _ => pieces.push(Piece { text: text.to_owned(), is_match }),
    };
    for token in tokens(text) {
        let length = found_in(token, words);
        let (found, rest) = token.split_at_checked(length).unwrap_or((token, ""));
        push(found, length > 0);
        push(rest, false);
    }
    pieces
}

/// What stands around the first word that was found, on one line.
pub(super) fn around(text: &str, words: &[String]) -> Vec<Piece> {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut place = 0;
    let mut first = 0;
    for token in tokens(&line) {
        if found_in(token, words) > 0 {
            first = place;
            break;
        }
        place += token.len();
    }
    let begins = line.get(..first).unwrap_or_default().char_indices().rev().nth(BEFORE - 1).map_or(0, |(at, _)| at);
    // From the beginning of a word, where one begins soon.
    let begins = match line.get(begins..first).unwrap_or_default().find(' ') {
        Some(blank) if begins > 0 => begins + blank + 1,
        _ => begins,
    };
    let rest = line.get(first..).unwrap_or_default();
    let ends = rest.char_indices().nth(AFTER).map_or(line.len(), |(at, _)| first + at);
    let mut pieces = mark(line.get(begins..ends).unwrap_or_default(), words);
    let gap = || Piece { text: "…".to_owned(), is_match: false };
    if begins > 0 {
        pieces.insert(0, gap());
    }
    if ends < line.len() {
        pieces.push(gap());
    }
    pieces
}

/// Words, and what stands between them.
fn tokens(text: &str) -> impl Iterator<Item = &str> {
    let is_word = |character: char| character.is_alphanumeric() || is_combining_mark(character);
    let mut rest = text;
    std::iter::from_fn(move || {
        let kind = is_word(rest.chars().next()?);
        let end = rest.find(|character| is_word(character) != kind).unwrap_or(rest.len());
        let (token, after) = rest.split_at_checked(end)?;
        rest = after;
        Some(token)
    })
}

/// How many bytes of a word the longest of the `words` that it begins with takes; 0 if it begins with none.
fn found_in(token: &str, words: &[String]) -> usize {
    let whole = folded(token);
    let Some(wanted) = words.iter().filter(|word| whole.starts_with(word.as_str())).map(String::len).max() else {
        return 0;
    };
    let ends = token.char_indices().map(|(at, character)| at + character.len_utf8());
    // The accents that follow belong to it too.
    ends.filter(|end| folded(token.get(..*end).unwrap_or_default()).len() <= wanted).max().unwrap_or(token.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(pieces: &[Piece]) -> String {
        pieces
            .iter()
            .map(|piece| if piece.is_match { format!("[{}]", piece.text) } else { piece.text.clone() })
            .collect()
    }

    fn words(text: &str) -> Vec<String> {
        text.split(' ').map(str::to_owned).collect()
    }

    #[test]
    fn beginnings_of_words_are_marked_as_they_are_written() {
        for (text, wanted, expected) in [
            ("Pelicans, and a PELICAN", "pelican", "[Pelican]s, and a [PELICAN]"),
            ("a\u{e7}\u{e3}o e A\u{c7}\u{c3}O", "acao", "[a\u{e7}\u{e3}o] e [A\u{c7}\u{c3}O]"),
            ("cafe\u{301}s", "cafe", "[cafe\u{301}]s"),
            ("no matches of ore in more", "ore or", "no matches of [ore] in more"),
            ("<b>bold</b>", "b", "<[b]>[b]old</[b]>"),
            ("", "x", ""),
        ] {
            assert_eq!(drawn(&mark(text, &words(wanted))), expected);
        }
        // A letter that is two in lower case, and one that is nothing without its accent.
        for odd in ["\u{130}stanbul", "\u{301}\u{301}", "\u{fb01}ne", "\u{1f468}\u{200d}\u{1f469}"] {
            let pieces = mark(odd, &words("istanbul i"));
            assert_eq!(pieces.iter().map(|piece| piece.text.as_str()).collect::<String>(), odd);
        }
    }

    #[test]
    fn an_excerpt_is_short_and_has_what_was_found() {
        let long = format!("{}needle\n\n{}", "hay ".repeat(500), "straw ".repeat(500));
        let pieces = around(&long, &words("needle"));
        let shown = drawn(&pieces);
        assert!(shown.starts_with("…hay ") && shown.ends_with('…') && shown.contains(" [needle] straw"), "{shown}");
        assert!(shown.chars().count() < BEFORE + AFTER + 10, "{shown}");
        assert_eq!(drawn(&around("a needle", &words("needle"))), "a [needle]");
        assert_eq!(drawn(&around(&"x".repeat(1000), &words("y"))), format!("{}…", "x".repeat(AFTER)));
        let solid = format!("{}needle", "\u{e9}".repeat(1000));
        assert!(drawn(&around(&format!("{solid} needle"), &words("needle"))).ends_with("[needle]"));
    }
}
