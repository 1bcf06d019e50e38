//! Prose of any length, always the same.

/// What the demo says of itself, at the start of prose that has room for it.
const HONEST: &str =
    "This is the built in demo and not a real model so these words only fill the page and mean nothing at all";

const SENTENCES: [&str; 16] = [
    "The morning came slowly over the harbour and the **boats** turned with the tide",
    "Nobody had counted the gulls but everyone agreed that there were more of them",
    "A long road leads from the market to the old *mill* and back again",
    "She wrote every name into the book and closed it with care",
    "Rain fell on the roofs until the gutters began to sing",
    "The `clock` in the tower was late as it had been for years",
    "Between the hills lies a village where bread is baked at night",
    "He asked a simple question and waited a long time for the answer",
    "Ships are patient things and so are the people who mend them",
    "The garden kept its secrets under leaves of **red** and gold",
    "Every window on the street was open to let the music in",
    "They carried the table outside and set it for seven guests",
    "A letter without a stamp found its way across the mountains",
    "The baker laughed because the smallest loaf had risen highest",
    "Snow makes even a familiar path look like a new one",
    "In the evening the lamps were lit one after the other",
];

const HEADINGS: [&str; 6] = [
    "Along the harbour",
    "What the gulls know",
    "A table outside",
    "Roads and hills",
    "The late clock",
    "After the rain",
];

const ITEMS: [&str; 6] = [
    "a lantern and some rope",
    "bread from the village",
    "seven plain cups",
    "the book of names",
    "a map of the coast",
    "one good question",
];

/// Exactly `count` words of Markdown. A word is a run of letters; marks like `##` and `-` are none.
pub fn prose(count: usize) -> String {
    let mut page = Page { text: String::new(), left: count };
    if count >= 2 * HONEST.split(' ').count() {
        page.paragraph(&[HONEST]);
    }
    let at = |list: &[&'static str], index: usize| list.get(index % list.len()).copied().unwrap_or_default();
    let mut round = 0;
    while page.left > 0 {
        page.line("## ", at(&HEADINGS, round), "\n\n");
        page.paragraph(&[0, 1, 2, 3].map(|offset| at(&SENTENCES, round * 7 + offset)));
        match round % 3 {
            0 => {
                for offset in 0..4 {
                    page.line("- ", at(&ITEMS, round + offset), "\n");
                }
                page.text.push('\n');
            }
            1 => page.line("> ", at(&SENTENCES, round * 5 + 3), ".\n\n"),
            _ => page.line("```\n", at(&ITEMS, round), "\n```\n\n"),
        }
        page.paragraph(&[4, 5, 6].map(|offset| at(&SENTENCES, round * 7 + offset)));
        round += 1;
    }
    page.text.truncate(page.text.trim_end().len());
    page.text
}

struct Page {
    text: String,
    left: usize,
}

impl Page {
    fn paragraph(&mut self, sentences: &[&str]) {
        for (index, sentence) in sentences.iter().enumerate() {
            self.line(if index > 0 { " " } else { "" }, sentence, ".");
        }
        self.text.push_str("\n\n");
    }

    /// As many of the words as are left, between `before` and `after`; nothing if none is.
    fn line(&mut self, before: &str, words: &str, after: &str) {
        if self.left == 0 {
            return;
        }
        self.text.push_str(before);
        for (index, word) in words.split(' ').take(self.left).enumerate() {
            if index > 0 {
                self.text.push(' ');
            }
            self.text.push_str(word);
        }
        self.left -= words.split(' ').count().min(self.left);
        self.text.push_str(after);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_has_as_many_words_as_were_asked_for() {
        for count in [0, 1, 5, 43, 44, 500, 2000, 20_000] {
            let text = prose(count);
            let words = text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).count();
            assert_eq!(words, count);
            assert_eq!(text, prose(count));
        }
        let text = prose(500);
        for mark in ["## ", "- ", "> ", "```", "**", "not a real model"] {
            assert!(text.contains(mark), "{mark}");
        }
    }
}
