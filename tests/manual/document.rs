//! Documents as text: their headings, fenced blocks, code spans and links.

use std::{fs, path::PathBuf};

use crate::support::root;

/// One Markdown file of the repository.
pub struct Document {
    /// Its path, as `docs/api.md`.
    pub path: String,
    pub text: String,
}

/// A fenced block.
#[derive(Clone, Debug)]
pub struct Block {
    /// The heading that it stands below, as it is written.
    pub heading: String,
    pub language: String,
    pub code: String,
}

/// All documents, also those that nobody lists.
pub fn documents() -> Vec<Document> {
    let mut paths: Vec<PathBuf> = Vec::new();
    for folder in [root().to_owned(), root().join("docs")] {
        let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        paths.extend(entries.filter(|path| path.extension().is_some_and(|extension| extension == "md")));
    }
    paths.sort();
    assert!(paths.len() > 10, "{paths:?}");
    let read = |path: PathBuf| Document {
        path: path.strip_prefix(root()).unwrap().to_str().unwrap().to_owned(),
        text: fs::read_to_string(&path).unwrap(),
    };
    paths.into_iter().map(read).collect()
}

/// One of them.
pub fn document(path: &str) -> Document {
    documents().into_iter().find(|document| document.path == path).unwrap_or_else(|| panic!("there is no {path}"))
}

impl Document {
    /// Every fenced block, in order.
    pub fn blocks(&self) -> Vec<Block> {
        let (mut blocks, mut heading, mut open) = (Vec::new(), String::new(), None::<Block>);
        for line in self.text.lines() {
            if let Some(language) = line.trim_start().strip_prefix("```") {
                match open.take() {
                    Some(block) => blocks.push(block),
                    None => {
                        let (heading, language) = (heading.clone(), language.trim().to_owned());
                        open = Some(Block { heading, language, code: String::new() });
                    }
                }
            } else if let Some(block) = &mut open {
                block.code += line;
                block.code += "\n";
            } else if line.starts_with('#') {
                line.clone_into(&mut heading);
            }
        }
        assert!(open.is_none(), "{}: a block is not closed", self.path);
        blocks
    }

    /// Its text without fenced blocks.
    pub fn prose(&self) -> String {
        let mut is_inside = false;
        let mut keep = |line: &&str| {
            let is_fence = line.trim_start().starts_with("```");
            is_inside ^= is_fence;
            !is_inside && !is_fence
        };
        self.text.lines().filter(|line| keep(line)).map(|line| format!("{line}\n")).collect()
    }

    /// What stands in backquotes, outside of blocks.
    pub fn spans(&self) -> Vec<String> {
        let prose = self.prose();
        // A paragraph at a time: a span may go over two lines, a stray backquote spoils no other paragraph.
        let paragraphs = prose.split("\n\n").flat_map(|paragraph| {
            let is_table = paragraph.starts_with('|');
            paragraph.split(if is_table { "\n" } else { "\n\n" }).map(str::to_owned).collect::<Vec<_>>()
        });
        paragraphs
            .flat_map(|text| text.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>())
            .map(|span| span.split_whitespace().collect::<Vec<_>>().join(" "))
            .collect()
    }

    /// The anchors of its headings, as forges make them.
    pub fn anchors(&self) -> Vec<String> {
        let mut anchors: Vec<String> = Vec::new();
        for heading in self.prose().lines().filter(|line| line.starts_with('#')) {
            let words = heading.trim_start_matches('#').trim().to_lowercase();
            let kept = words.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
            let slug: String = kept.map(|c| if c == ' ' { '-' } else { c }).collect();
            let again = anchors.iter().filter(|other| **other == slug).count();
            anchors.push(if again == 0 { slug } else { format!("{slug}-{again}") });
        }
        anchors
    }

    /// Every link and picture: whether it is a picture, its words, and where it leads.
    pub fn links(&self) -> Vec<(bool, String, String)> {
        let prose = self.prose();
        let mut links = Vec::new();
        for (at, _) in prose.match_indices("](") {
            let (before, after) = (&prose[..at], &prose[at + 2..]);
            let words = before.rfind('[').map(|start| (start, &before[start + 1..]));
            let (Some((start, words)), Some((target, _))) = (words, after.split_once(')')) else { continue };
            links.push((before[..start].ends_with('!'), words.to_owned(), target.to_owned()));
        }
        links
    }
}

#[test]
fn a_document_is_read_as_people_read_it() {
    let text =
        "# A & B: `c`\n\n[x](y.md#z) ![p](q.png)\n```sh\n# no heading [no](link)\n`no`\n```\n`a\nb`\n## A\n## A\n";
    let document = Document { path: "x.md".into(), text: text.into() };
    assert_eq!(document.anchors(), ["a--b-c", "a", "a-1"]);
    assert_eq!(document.spans(), ["c", "a b"]);
    let link = |is_picture, words: &str, target: &str| (is_picture, words.to_owned(), target.to_owned());
    assert_eq!(document.links(), [link(false, "x", "y.md#z"), link(true, "p", "q.png")]);
    let [block] = &document.blocks()[..] else { panic!("one block") };
    assert_eq!((block.heading.as_str(), block.language.as_str()), ("# A & B: `c`", "sh"));
    assert_eq!(block.code, "# no heading [no](link)\n`no`\n");
}
