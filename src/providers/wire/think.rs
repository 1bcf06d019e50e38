//! Thinking that a server left in the text of a reply, between `<think>` and `</think>`.

const OPEN: &str = "<think>";
const CLOSE: &str = "</think>";

/// A part of a reply's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// What is said.
    Said(String),
    /// What was thought.
    Thought(String),
}

/// Parts thinking from text. A reply that begins with `<think>` thinks until `</think>`. A server that keeps the
/// opening tag to itself leaves a stray closing one: where it stands at the start of a line it is dropped, and what
/// came before stays text, since it has been shown as such.
#[derive(Clone, Debug, Default)]
pub struct ThinkTags {
    state: State,
    /// What may be the beginning of a tag, or blanks before one.
    held: String,
    /// The last character that was given out.
    last: Option<char>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Start,
    Thinking,
    Text,
    /// After a closing tag: there comes no other.
    Closed,
}

impl ThinkTags {
    /// Takes more text; gives what can be told of it.
    pub fn push(&mut self, more: &str, parts: &mut Vec<Part>) {
        // Nearly always: no tag is begun, and none begins.
        if self.state != State::Start && self.held.is_empty() && !more.contains('<') {
            return self.give(more, parts);
        }
        self.held.push_str(more);
        loop {
            let text = std::mem::take(&mut self.held);
            match self.state {
                State::Start => {
                    let begun = text.trim_start();
                    if let Some(rest) = begun.strip_prefix(OPEN) {
                        self.state = State::Thinking;
                        self.held = rest.to_owned();
                    } else if OPEN.starts_with(begun) {
                        self.held = text;
                        return;
                    } else {
                        self.state = State::Text;
                        self.held = text;
                    }
                }
                State::Thinking | State::Text => {
                    let Some((before, after)) = self.closed(&text) else {
                        let kept = text.len() - beginning_of_tag(&text);
                        let (given, held) = text.split_at_checked(kept).unwrap_or((&text, ""));
                        self.give(given, parts);
                        self.held = held.to_owned();
                        return;
                    };
                    self.give(before, parts);
                    self.state = State::Closed;
                    self.held = after.to_owned();
                }
                State::Closed => {
                    self.give(&text, parts);
                    return;
                }
            }
        }
    }

    /// The text is over: gives what was held back.
    pub fn finish(&mut self, parts: &mut Vec<Part>) {
        let held = std::mem::take(&mut self.held);
        self.give(&held, parts);
    }

    /// What is before and after the closing tag, if it has come.
    fn closed<'a>(&self, text: &'a str) -> Option<(&'a str, &'a str)> {
        if self.state == State::Thinking {
            return text.split_once(CLOSE);
        }
        text.match_indices(CLOSE).find_map(|(at, tag)| {
            let (before, rest) = text.split_at_checked(at)?;
            let last = before.chars().next_back().or(self.last);
            last.is_none_or(|last| last == '\n').then_some((before, rest.strip_prefix(tag)?))
        })
    }

    fn give(&mut self, text: &str, parts: &mut Vec<Part>) {
        if let Some(last) = text.chars().next_back() {
            self.last = Some(last);
            let is_thought = self.state == State::Thinking;
            parts.push(if is_thought { Part::Thought(text.to_owned()) } else { Part::Said(text.to_owned()) });
        }
    }
}

/// How many bytes at the end of the text may be the beginning of a closing tag.
fn beginning_of_tag(text: &str) -> usize {
    (1..CLOSE.len()).rev().find(|count| CLOSE.get(..*count).is_some_and(|part| text.ends_with(part))).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is thought and what is said, however the text comes.
    fn told(text: &str) -> (String, String) {
        let read = |pieces: Vec<&str>| {
            let (mut tags, mut parts) = (ThinkTags::default(), Vec::new());
            pieces.into_iter().for_each(|piece| tags.push(piece, &mut parts));
            tags.finish(&mut parts);
            let (mut thought, mut said) = (String::new(), String::new());
            for part in parts {
                match part {
                    Part::Thought(text) => thought.push_str(&text),
                    Part::Said(text) => said.push_str(&text),
                }
            }
            (thought, said)
        };
        let whole = read(vec![text]);
        for cut in (0..=text.len()).filter(|cut| text.is_char_boundary(*cut)) {
            let (head, tail) = text.split_at(cut);
            assert_eq!(read(vec![head, tail]), whole, "{text:?} cut at {cut}");
        }
        assert_eq!(read(text.split_inclusive(|_| true).collect()), whole, "{text:?} letter by letter");
        whole
    }

    #[test]
    fn thinking_is_parted_from_what_is_said() {
        for (text, thought, said) in [
            ("", "", ""),
            ("Hello", "", "Hello"),
            ("  Hello", "", "  Hello"),
            ("<think>hm</think>Hello", "hm", "Hello"),
            ("\n<think>\nhm < </thin </think>\n\nHello", "\nhm < </thin ", "\n\nHello"),
            ("<think>cut off", "cut off", ""),
            ("<thinking is hard", "", "<thinking is hard"),
            ("Reasons.\n</think>\n\nHello", "", "Reasons.\n\n\nHello"),
            ("</think>Hello", "", "Hello"),
            ("The tag `</think>` ends it", "", "The tag `</think>` ends it"),
            ("Say <think>é</think>", "", "Say <think>é</think>"),
            ("a <", "", "a <"),
            ("<think>a</think>b\n</think>c", "a", "b\n</think>c"),
        ] {
            assert_eq!(told(text), (thought.to_owned(), said.to_owned()), "{text:?}");
        }
    }
}
