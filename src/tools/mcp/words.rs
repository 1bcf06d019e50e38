//! Words from servers, made fit to be shown as text and told to a model.
//!
//! The attacks meant: text that shows another way round than it reads (bidirectional characters), instructions that
//! only a model sees (tags and other invisible characters), and sequences that act on a terminal (ANSI).

use unicode_properties::{GeneralCategory as Category, UnicodeGeneralCategory as _};

/// Without invisible and bidirectional characters, control characters and ANSI sequences. Ends of lines and
/// tabulators stay.
pub fn clean(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\u{1b}' => match characters.next() {
                // A control sequence: parameters and intermediates, then one final byte.
                Some('[') => while characters.next().is_some_and(|next| matches!(next, '\u{20}'..='\u{3f}')) {},
                // A command of the system (titles, links): to the bell or to the string's end.
                Some(']' | 'P' | '^' | '_' | 'X') => {
                    while let Some(next) = characters.next() {
                        if next == '\u{7}' || (next == '\u{1b}' && characters.next_if_eq(&'\\').is_some()) {
                            break;
                        }
                    }
                }
                _ => {}
            },
            '\u{9b}' => while characters.next().is_some_and(|next| matches!(next, '\u{20}'..='\u{3f}')) {},
            '\n' | '\t' => clean.push(character),
            '\r' if characters.peek() == Some(&'\n') => {}
            '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => clean.push('\n'),
            hidden if is_hidden(hidden) => {}
            plain => clean.push(plain),
        }
    }
    clean
}

/// Clean, and on one line.
pub fn line(text: &str) -> String {
    clean(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// At most so many characters; a cut is marked.
pub fn bounded(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

fn is_hidden(character: char) -> bool {
    // Variation selectors and fillers count as letters or marks, but show nothing; data hides in runs of them.
    // The one that makes pictures of signs stays.
    let blank = matches!(
        character,
        '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{3164}'
            | '\u{ffa0}' | '\u{fe00}'..='\u{fe0e}' | '\u{e0100}'..='\u{e01ef}'
    );
    // What joins signs and letters of many scripts stays.
    let joins = matches!(character, '\u{200c}' | '\u{200d}');
    blank
        || (!joins
            && matches!(
                character.general_category(),
                Category::Control | Category::Format | Category::PrivateUse | Category::Unassigned
            ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_seen_is_gone() {
        for (text, expected) in [
            ("plain é 漢字 🙂", "plain é 漢字 🙂"),
            ("a\u{202e}b\u{2066}c\u{200b}\u{feff}d", "abcd"),
            ("\u{1b}[31;1mred\u{1b}[0m \u{9b}2Jx", "red x"),
            ("\u{1b}]8;;https://evil.example\u{7}link\u{1b}]8;;\u{1b}\\!", "link!"),
            ("\u{e0041}\u{e0042}tags", "tags"),
            ("a\u{0}\u{8}b", "ab"),
            ("one\r\ntwo\u{2028}three\tfour", "one\ntwo\nthree\tfour"),
            ("\u{1b}[31", ""),
            ("\u{1b}]never ends", ""),
            ("<b>&amp;</b>", "<b>&amp;</b>"),
        ] {
            assert_eq!(clean(text), expected, "{text:?}");
        }
        assert_eq!(line(" a\n\n b\u{200b} \t c "), "a b c");
        assert_eq!(bounded("äöü", 2), "äö…");
        assert_eq!(bounded("äö", 2), "äö");
    }
}
