//! What a write would change, line by line, as it is shown to the person who decides.

use std::time::{Duration, Instant};

use similar::{
    ChangeTag, DiffOp, DiffableStr as _,
    algorithms::{Capture, Compact, IdentifyDistinct, Replace, myers},
};

use super::place::Found;
use crate::types::{Difference, DifferenceLine};

/// Unchanged lines shown on each side of a change.
const CONTEXT: usize = 3;

/// The most lines shown. The new content is always there in full in the arguments.
const MAX_LINES: usize = 2000;

/// The most bytes of text shown.
const MAX_BYTES: usize = 256 * 1024;

/// The longest file that is read for a difference: 1 MiB.
pub(super) const MAX_OLD_BYTES: u64 = 1024 * 1024;

/// How long to look for the smallest difference; after that any correct one does.
const TIME: Duration = Duration::from_millis(300);

/// The difference between what is there and the new content. If what is there is not text, or too long, one removed
/// line stands for it and says so: the person must see that something is replaced.
pub(super) fn difference(found: &Found, content: &str) -> Difference {
    let mut lines = Lines::default();
    let old = match found {
        Found::Absent => "",
        Found::File { bytes, content, .. } => match content.as_deref().map(std::str::from_utf8) {
            Some(Ok(text)) => text,
            Some(Err(_)) | None => {
                lines.push(DifferenceLine::Removed { text: format!("[{bytes} bytes that cannot be shown as text]") });
                ""
            }
        },
    };
    lines.compare(old, content);
    Difference { is_new: *found == Found::Absent, lines: lines.shown, omitted: lines.omitted }
}

/// The difference between two texts.
pub(in crate::tools) fn between(old: &str, new: &str) -> Difference {
    let mut lines = Lines::default();
    lines.compare(old, new);
    Difference { is_new: false, lines: lines.shown, omitted: lines.omitted }
}

/// A line without its end. Only the line feed goes: a carriage return before it is a change that should show.
fn line(tag: ChangeTag, text: &str) -> DifferenceLine {
    let text = text.strip_suffix('\n').unwrap_or(text).to_owned();
    match tag {
        ChangeTag::Equal => DifferenceLine::Same { text },
        ChangeTag::Insert => DifferenceLine::Added { text },
        ChangeTag::Delete => DifferenceLine::Removed { text },
    }
}

/// What to do with lines to make others of them. By this one algorithm alone: all that there are for texts of any kind would
/// be 400 KB of the program.
fn operations(old: &[&str], new: &[&str]) -> Vec<DiffOp> {
    let lines = IdentifyDistinct::<u32>::new(old, 0..old.len(), new, 0..new.len());
    let mut found = Compact::new(Replace::new(Capture::new()), lines.old_lookup(), lines.new_lookup());
    let (before, after) = (lines.old_range(), lines.new_range());
    let deadline = Some(Instant::now() + TIME);
    let Ok(()) = myers::diff_deadline(&mut found, lines.old_lookup(), before, lines.new_lookup(), after, deadline);
    found.into_inner().into_inner().into_ops()
}

#[derive(Default)]
struct Lines {
    shown: Vec<DifferenceLine>,
    bytes: usize,
    omitted: usize,
}

impl Lines {
    /// What goes and what comes, with some of what stays around it.
    fn compare(&mut self, old: &str, new: &str) {
        let (old, new) = (old.tokenize_lines(), new.tokenize_lines());
        let operations = operations(&old, &new);
        for (index, operation) in operations.iter().enumerate() {
            let changes = || {
                let changes = operation.iter_changes(old.as_slice(), new.as_slice());
                changes.map(|change| line(change.tag(), change.value()))
            };
            let DiffOp::Equal { len, .. } = *operation else {
                self.extend(changes());
                continue;
            };
            let before = if index == 0 { 0 } else { CONTEXT.min(len) };
            let after = if index + 1 == operations.len() { 0 } else { CONTEXT.min(len - before) };
            let shown = |range: std::ops::Range<usize>| changes().skip(range.start).take(range.len());
            self.extend(shown(0..before));
            match len - before - after {
                0 => {}
                count => self.push(DifferenceLine::Gap { count }),
            }
            self.extend(shown(len - after..len));
        }
    }

    fn push(&mut self, line: DifferenceLine) {
        let (lines, bytes) = match &line {
            DifferenceLine::Same { text } | DifferenceLine::Added { text } | DifferenceLine::Removed { text } => {
                (1, text.len())
            }
            DifferenceLine::Gap { count } => (*count, 0),
        };
        // What is left out is left out to the end: a difference with holes would read as another one.
        if self.omitted > 0 || self.shown.len() >= MAX_LINES || self.bytes + bytes > MAX_BYTES {
            self.omitted += lines;
        } else {
            self.bytes += bytes;
            self.shown.push(line);
        }
    }

    fn extend(&mut self, lines: impl Iterator<Item = DifferenceLine>) {
        lines.for_each(|line| self.push(line));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::Digest;
    use proptest::prelude::*;

    fn file(text: Option<&str>, bytes: u64) -> Found {
        Found::File { hash: Digest::of(b""), bytes, mode: 0o644, content: text.map(|text| text.as_bytes().to_vec()) }
    }

    fn written(difference: &Difference) -> Vec<String> {
        let one = |line: &DifferenceLine| match line {
            DifferenceLine::Same { text } => format!(" {text}"),
            DifferenceLine::Added { text } => format!("+{text}"),
            DifferenceLine::Removed { text } => format!("-{text}"),
            DifferenceLine::Gap { count } => format!("@{count}"),
        };
        difference.lines.iter().map(one).collect()
    }

    #[test]
    fn changes_are_shown_with_three_lines_around_them() {
        let numbered = |changed: usize| {
            (1..=20).map(|number| if number == changed { "x\n".to_owned() } else { format!("{number}\n") }).collect()
        };
        let (old, new): (String, String) = (numbered(0), numbered(10));
        let shown = difference(&file(Some(&old), 0), &new);
        assert_eq!(written(&shown), ["@6", " 7", " 8", " 9", "-10", "+x", " 11", " 12", " 13", "@7"]);
        assert_eq!((shown.is_new, shown.omitted), (false, 0));
    }

    #[test]
    fn new_empty_same_and_unreadable_files_say_what_they_are() {
        let new = difference(&Found::Absent, "a\nb");
        assert!(new.is_new);
        assert_eq!(written(&new), ["+a", "+b"]);
        assert!(difference(&Found::Absent, "").lines.is_empty());
        assert_eq!(written(&difference(&file(Some("a\nb\n"), 4), "")), ["-a", "-b"]);
        assert_eq!(written(&difference(&file(Some("a\nb\n"), 4), "a\nb\n")), ["@2"]);
        assert_eq!(written(&difference(&file(Some("a\r\n"), 3), "a\n")), ["-a\r", "+a"]);
        let replaced = difference(&file(None, 7), "a");
        assert!(!replaced.is_new);
        assert_eq!(written(&replaced), ["-[7 bytes that cannot be shown as text]", "+a"]);
    }

    #[test]
    fn long_ones_are_cut_at_their_end_and_say_so() {
        let shown = difference(&Found::Absent, &"\n".repeat(1024 * 1024));
        assert_eq!((shown.lines.len(), shown.lines.len() + shown.omitted), (MAX_LINES, 1024 * 1024));
        let shown = difference(&Found::Absent, &format!("a\n{}\nb", "x".repeat(MAX_BYTES)));
        assert_eq!((written(&shown), shown.omitted), (vec!["+a".to_owned()], 2));
    }

    #[test]
    fn texts_that_share_nothing_are_compared_in_bounded_time() {
        let lines = |step: usize| (0..60_000).map(|n| format!("{}\n", n * step % 65_537)).collect::<String>();
        let started = std::time::Instant::now();
        assert!(!difference(&file(Some(&lines(3)), 0), &lines(40_503)).lines.is_empty());
        assert!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
    }

    proptest! {
        /// What stays and goes is the old text, what stays and comes is the new.
        #[test]
        fn both_texts_can_be_read_from_it(
            old in proptest::collection::vec("[ab]", 0..6), new in proptest::collection::vec("[ab]", 0..6),
        ) {
            let text = |lines: &[String]| lines.iter().map(|line| format!("{line}\n")).collect::<String>();
            let shown = difference(&file(Some(&text(&old)), 0), &text(&new));
            let (mut before, mut after) = (0, 0);
            for line in &shown.lines {
                match line {
                    DifferenceLine::Gap { count } => { before += count; after += count; }
                    DifferenceLine::Same { text } => {
                        prop_assert_eq!((&old[before], &new[after]), (text, text));
                        before += 1;
                        after += 1;
                    }
                    DifferenceLine::Removed { text } => { prop_assert_eq!(&old[before], text); before += 1; }
                    DifferenceLine::Added { text } => { prop_assert_eq!(&new[after], text); after += 1; }
                }
            }
            prop_assert_eq!((before, after), (old.len(), new.len()));
        }
    }
}
