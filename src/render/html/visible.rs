//! Text that a person decides on, shown so that nothing in it can hide: control, bidirectional and invisible
//! characters become tokens, long runs of blanks say how long they are.

use std::fmt::Write as _;

use unicode_properties::{GeneralCategory as Category, UnicodeGeneralCategory as _};

/// Blanks in a row that may stand as they are; lines of code are indented about so far.
const BLANKS: usize = 24;
/// Ends of lines in a row that may stand as they are.
const LINES: usize = 4;

/// `text` as HTML, escaped, with everything visible that would not be. Only our own `<span>`s are elements in it.
pub fn visible(text: &str) -> String {
    let mut html = String::with_capacity(text.len() + text.len() / 8);
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            ' ' | '\n' | '\t' => {
                let mut run = String::from(character);
                while let Some(blank) = characters.next_if(|next| matches!(next, ' ' | '\n' | '\t')) {
                    run.push(blank);
                }
                blanks(&mut html, &run);
            }
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            hidden if is_hidden(hidden) => {
                html.push_str("<span class=\"code-point\">");
                for unit in hidden.encode_utf16(&mut [0; 2]) {
                    // Writing to a string cannot fail.
                    let _ = write!(html, "\\u{unit:04X}");
                }
                html.push_str("</span>");
            }
            plain => html.push(plain),
        }
    }
    html
}

/// JSON in which what would not be seen stands as `\uXXXX`: it means the same, and can be changed in a box of text.
/// Outside of texts JSON has nothing of the kind but ends of lines.
pub fn escaped_json(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for character in json.chars() {
        if matches!(character, '\n' | '\t') || !is_hidden(character) {
            text.push(character);
            continue;
        }
        for unit in character.encode_utf16(&mut [0; 2]) {
            // Writing to a string cannot fail.
            let _ = write!(text, "\\u{unit:04X}");
        }
    }
    text
}

/// A run of blanks: as it is while it is short, else its length.
fn blanks(html: &mut String, run: &str) {
    let lines = run.matches('\n').count();
    let rest = if lines > LINES {
        let _ = writeln!(html, "<span class=\"blank\">↵×{lines}</span>");
        run.rsplit('\n').next().unwrap_or_default()
    } else {
        run
    };
    for part in rest.split_inclusive('\n') {
        let (blank, end) = part.strip_suffix('\n').map_or((part, ""), |blank| (blank, "\n"));
        let count = blank.chars().map(|character| if character == '\t' { 4 } else { 1 }).sum::<usize>();
        if count > BLANKS {
            let _ = write!(html, "<span class=\"blank\">␣×{count}</span>");
        } else {
            html.push_str(blank);
        }
        html.push_str(end);
    }
}

/// Whether a character shows nothing, or changes how others are shown.
fn is_hidden(character: char) -> bool {
    let category = character.general_category();
    matches!(
        category,
        Category::Control
            | Category::Format
            | Category::LineSeparator
            | Category::ParagraphSeparator
            | Category::Surrogate
            | Category::PrivateUse
            | Category::Unassigned
    ) || (category == Category::SpaceSeparator && character != ' ')
        || matches!(character,
            '\u{34F}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}' | '\u{2800}'
            | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FFA0}' | '\u{E0100}'..='\u{E01EF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_not_be_seen_can_be_changed() {
        let json = "{\n  \"a\u{202E}\": \"x\u{200B}y\u{7F}\u{E0041}\u{A0}é 漢\"\n}";
        let escaped = escaped_json(json);
        assert_eq!(escaped, "{\n  \"a\\u202E\": \"x\\u200By\\u007F\\uDB40\\uDC41\\u00A0é 漢\"\n}");
        let read = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
        assert_eq!(read(&escaped), read(json));
    }

    #[test]
    fn what_would_not_be_seen_is_seen() {
        for (text, html) in [
            ("a<b>&\"'", "a&lt;b&gt;&amp;&quot;&#39;"),
            ("x\u{202E}y", "x<span class=\"code-point\">\\u202E</span>y"),
            ("\u{200B}", "<span class=\"code-point\">\\u200B</span>"),
            ("\r", "<span class=\"code-point\">\\u000D</span>"),
            ("\u{A0}", "<span class=\"code-point\">\\u00A0</span>"),
            ("\u{E0041}", "<span class=\"code-point\">\\uDB40\\uDC41</span>"),
            ("ação 漢字 é", "ação 漢字 é"),
            ("a\n  b\tc", "a\n  b\tc"),
        ] {
            assert_eq!(visible(text), html, "{text:?}");
        }
        assert_eq!(visible(&" ".repeat(40)), "<span class=\"blank\">␣×40</span>");
        assert_eq!(visible(&" \n".repeat(9)), "<span class=\"blank\">↵×9</span>\n");
        assert_eq!(visible(&format!("a{}b", "\n".repeat(9))), "a<span class=\"blank\">↵×9</span>\nb");
    }
}
