//! What is shown of a text in which something was found. The same on both databases, since neither is asked.

use pulldown_cmark::{Event, Options, Parser, TagEnd};
use unicode_normalization::char::is_combining_mark;

use crate::db::search::{folded, stands_alone};

/// How much is shown before the first word that was found, in characters.
const BEFORE: usize = 60;

/// How much is shown from there on.
const AFTER: usize = 160;

/// No word that is looked for is longer than this, accents and all, in characters.
const LONGEST: usize = 4 * super::LETTERS;

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The text.
    pub text: String,
    /// Whether it was looked for.
    pub is_match: bool,
}

/// What Markdown says when it is read, if one of the `words` is in that: they may stand in an address that is not.
pub(super) fn read(markdown: &str, words: &[String]) -> Option<String> {
    let mut text = String::with_capacity(markdown.len());
    for event in Parser::new_ext(markdown, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH) {
        match event {
            Event::Text(said) | Event::Code(said) => text.push_str(&said),
            Event::SoftBreak | Event::HardBreak | Event::Rule => text.push(' '),
            Event::End(tag) if !is_within_a_line(tag) => text.push(' '),
            _ => {}
        }
    }
    let is_found = places(&text, words).next().is_some();
    is_found.then_some(text)
}

/// Whether what ends does not end a word.
fn is_within_a_line(tag: TagEnd) -> bool {
    matches!(tag, TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link)
}

/// A text in pieces: those marked that begin a word as one of the `words` does.
pub(super) fn mark(text: &str, words: &[String]) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut push = |from: usize, to: usize, is_match: bool| match text.get(from..to) {
        None | Some("") => {}
        Some(text) => match pieces.last_mut() {
            Some(last) if last.is_match == is_match => last.text.push_str(text),
            _ => pieces.push(Piece { text: text.to_owned(), is_match }),
        },
    };
    let mut place = 0;
    for (begins, ends) in places(text, words) {
        push(place, begins, false);
        push(begins, ends, true);
        place = ends;
    }
    push(place, text.len(), false);
    pieces
}

/// What stands around the first word that was found, on one line.
pub(super) fn around(text: &str, words: &[String]) -> Vec<Piece> {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let first = places(&line, words).next().map_or(0, |(begins, _)| begins);
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

/// Where one of the `words` begins a word of the text, from its first byte to after its last.
fn places(text: &str, words: &[String]) -> impl Iterator<Item = (usize, usize)> {
    let mut before = 0;
    tokens(text).flat_map(move |token| {
        let begins = before;
        before += token.len();
        let mut at = 0;
        std::iter::from_fn(move || {
            while let Some(rest) = token.get(at..).filter(|rest| !rest.is_empty()) {
                let length = found_in(rest, words);
                let from = at;
                // Within a word, another one begins only with a character that stands alone.
                let (_, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
                let next = after.char_indices().skip(usize::from(length == 0)).find(|(_, next)| stands_alone(*next));
                at += length + next.map_or(after.len(), |(next, _)| next);
                if length > 0 {
                    return Some((begins + from, begins + from + length));
                }
            }
            None
        })
    })
}

/// The words of a text. A mark of a script without accents (a tone, a virama) belongs to its word, wherever a database may
/// cut it.
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    tokens(text).filter(|token| token.contains(char::is_alphanumeric))
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || is_combining_mark(character)
}

/// Words, and what stands between them.
fn tokens(text: &str) -> impl Iterator<Item = &str> {
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
    let end = token.char_indices().nth(LONGEST).map_or(token.len(), |(end, _)| end);
    let token = token.get(..end).unwrap_or(token);
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
            ("日本語テキスト検索", "本語 検索", "日[本語]テキスト[検索]"),
            ("Rust語で本", "本", "Rust語で[本]"),
            ("ёлка, Сизиф, Σίσυφος", "елка σισυφοσ", "[ёлка], Сизиф, [Σίσυφος]"),
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
    fn markdown_is_shown_as_it_is_read() {
        let said = "## A *pel*ican\n\n- in a [`nest`](https://example.org/heron)\n- **two**\n\n| a | b |\n|---|---|\n| c | d |";
        let shown = read(said, &words("pelican")).unwrap();
        assert_eq!(drawn(&around(&shown, &words("pelican"))), "A [pelican] in a nest two a b c d");
        assert_eq!(read(said, &words("heron")), None);
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
