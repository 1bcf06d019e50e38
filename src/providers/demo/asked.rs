//! What a person asks of the demo, read from their sentence. Tolerant, not clever.

/// A file that is to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileRequest {
    /// The path as it was given; nothing is checked here.
    pub path: String,
    /// What it shall contain.
    pub content: String,
}

/// The most words that can be asked for.
pub const MAX_WORDS: usize = 20_000;

/// What a file contains if the sentence does not say.
const DEFAULT_CONTENT: &str = "Hello from Sayso!";

const VERBS: [&str; 20] = [
    "create", "creates", "make", "write", "add", "save", "generate", "crie", "criar", "cria", "escreva", "escrever",
    "faça", "faca", "gere", "gerar", "salve", "salvar", "adicione", "grave",
];
const NOUNS: [&str; 3] = ["file", "arquivo", "ficheiro"];
/// Words between verb and noun.
const BEFORE_NOUN: [&str; 15] =
    ["a", "an", "the", "one", "me", "new", "small", "text", "markdown", "um", "uma", "o", "novo", "pequeno", "us"];
/// Words between noun and path.
const BEFORE_PATH: [&str; 15] = [
    "called", "named", "name", "with", "the", "at", "as", "chamado", "chamada", "de", "nome", "com", "o", "em", "title",
];
/// Words that are no path without quotes around them.
const NO_PATHS: [&str; 16] =
    ["in", "with", "that", "and", "for", "from", "to", "of", "on", "containing", "com", "em", "de", "que", "e", "para"];
/// Words that open the part of the sentence about the content.
const OPENERS: [&str; 11] = ["with", "com", "and", "e", "that", "which", "que", "whose", "cujo", "having", "put"];
/// Words that may follow before the content is named.
const FILLERS: [&str; 15] = [
    "the",
    "this",
    "these",
    "following",
    "o",
    "este",
    "seguinte",
    "as",
    "its",
    "exactly",
    "only",
    "is",
    "é",
    "a",
    "como",
];
/// Words after which the content follows.
const NAMES_OF_CONTENT: [&str; 18] = [
    "content",
    "contents",
    "text",
    "body",
    "conteúdo",
    "conteudo",
    "texto",
    "containing",
    "contains",
    "saying",
    "says",
    "reads",
    "contendo",
    "contém",
    "contem",
    "dizendo",
    "diz",
    "words",
];

/// The files that a message asks for, one for each sentence that begins a line; the first may stand anywhere in its
/// line. The lines up to the next such sentence are content.
pub fn files(message: &str) -> Vec<FileRequest> {
    let mut found: Vec<(String, Option<String>)> = Vec::new();
    for line in message.lines() {
        let sentence = if found.is_empty() { sentence(line) } else { leading(line).and_then(|line| exact(line)) };
        match (sentence, found.last_mut()) {
            (Some((path, content)), _) => found.push((path.to_owned(), content.map(str::to_owned))),
            (None, Some((_, Some(content)))) => {
                content.push('\n');
                content.push_str(line);
            }
            (None, _) => {}
        }
    }
    let finished = found.into_iter().filter_map(|(path, content)| {
        let named = content.is_some() || path.trim_matches('.').contains(['.', '/']);
        let content = content.map_or_else(|| DEFAULT_CONTENT.to_owned(), |content| unquoted(&content).to_owned());
        named.then_some(FileRequest { path, content })
    });
    finished.collect()
}

/// How many words a message asks for: “Write 500 words”.
pub fn words(message: &str) -> Option<usize> {
    let words: Vec<_> = message.split_whitespace().map(bare).collect();
    words.iter().enumerate().find_map(|(at, verb)| {
        if !matches!(verb.as_str(), "write" | "escreva" | "generate" | "gere") {
            return None;
        }
        let rest: Vec<_> = words.iter().skip(at + 1).take(4).collect();
        rest.iter().zip(rest.iter().skip(1)).find_map(|(count, noun)| {
            let count: usize = count.replace([',', '.', '_'], "").parse().ok()?;
            matches!(noun.as_str(), "words" | "word" | "palavras" | "palavra").then(|| count.min(MAX_WORDS))
        })
    })
}

/// The sentence from its first verb on that fits.
fn sentence(line: &str) -> Option<(&str, Option<&str>)> {
    let mut rest = line;
    loop {
        if let Some(found) = exact(rest) {
            return Some(found);
        }
        rest = next_word(rest)?.1;
    }
}

/// A line without marks of lists and courtesies before its verb.
fn leading(line: &str) -> Option<&str> {
    let mut rest = line.trim_start_matches(|c: char| c.is_whitespace() || c.is_ascii_digit() || "-*•.)".contains(c));
    for _ in 0..3 {
        let (word, after) = next_word(rest)?;
        match bare(word).as_str() {
            "please" | "and" | "then" | "also" | "now" | "e" | "por" | "favor" | "também" | "depois" | "agora" => {
                rest = after;
            }
            _ => break,
        }
    }
    Some(rest)
}

/// A sentence that begins with its verb: the path, and the content if it is given.
fn exact(line: &str) -> Option<(&str, Option<&str>)> {
    let (verb, mut rest) = next_word(line)?;
    if !VERBS.contains(&bare(verb).as_str()) {
        return None;
    }
    loop {
        let (word, after) = next_word(rest)?;
        rest = after;
        let word = bare(word);
        if NOUNS.contains(&word.as_str()) {
            break;
        }
        if !BEFORE_NOUN.contains(&word.as_str()) {
            return None;
        }
    }
    while let Some((word, after)) = next_word(rest)
        && BEFORE_PATH.contains(&bare(word).as_str())
        && !word.starts_with(OPENING)
    {
        rest = after;
    }
    let (path, rest) = path(rest.trim_start_matches([' ', '\t', ':']))?;
    Some((path, content(rest)))
}

const OPENING: [char; 6] = ['`', '"', '\'', '“', '‘', '«'];

fn closing(opening: char) -> char {
    match opening {
        '“' => '”',
        '‘' => '’',
        '«' => '»',
        same => same,
    }
}

fn path(text: &str) -> Option<(&str, &str)> {
    if let Some(opening) = text.chars().next().filter(|first| OPENING.contains(first)) {
        let (path, rest) = text.get(opening.len_utf8()..)?.split_once(closing(opening))?;
        return (!path.trim().is_empty()).then_some((path.trim(), rest));
    }
    let (word, rest) = next_word(text)?;
    // “a.txt: Hello”: the colon opens the content.
    let rest = if word.ends_with(':') { text.get(word.len() - 1..)? } else { rest };
    let path = word.trim_end_matches([',', ':', ';', '.', '!', '?']);
    let name = bare(path);
    let is_path = !NO_PATHS.contains(&name.as_str()) && !NAMES_OF_CONTENT.contains(&name.as_str());
    (is_path && !path.is_empty()).then_some((path, rest))
}

/// What follows the words that announce the content.
fn content(rest: &str) -> Option<&str> {
    let mut rest = rest.trim_start_matches([',', ' ', '\t', '.', '?', '!']);
    if let Some(content) = rest.strip_prefix([':', '=']) {
        return Some(content);
    }
    let mut after_opener = None;
    loop {
        let Some((word, after)) = next_word(rest) else { return after_opener };
        let name = bare(word);
        if NAMES_OF_CONTENT.contains(&name.as_str()) && !word.starts_with(OPENING) {
            return Some(after_name(word, after));
        }
        if after_opener.is_none() && OPENERS.contains(&name.as_str()) {
            // “with Hello” names no content; what follows is it.
            after_opener = matches!(name.as_str(), "with" | "com").then_some(after);
            if after_opener.is_none() {
                after_opener = content_later(after);
                return after_opener;
            }
        } else if after_opener.is_none() || !FILLERS.contains(&name.as_str()) || word.starts_with(OPENING) {
            return after_opener;
        }
        rest = after;
    }
}

/// After an opener that is too common to be followed by the content itself: only if the content is named.
fn content_later(mut rest: &str) -> Option<&str> {
    for _ in 0..4 {
        let (word, after) = next_word(rest)?;
        if NAMES_OF_CONTENT.contains(&bare(word).as_str()) {
            return Some(after_name(word, after));
        }
        rest = after;
    }
    None
}

fn after_name<'a>(name: &str, after: &'a str) -> &'a str {
    if name.ends_with([':', '=']) {
        return after;
    }
    let mut after = after.trim_start();
    if let Some((word, rest)) = next_word(after)
        && matches!(word.to_lowercase().as_str(), "is" | "is:" | "é" | "é:" | "be" | "be:" | "of" | "de")
    {
        after = rest.trim_start();
    }
    after.strip_prefix([':', '=']).unwrap_or(after)
}

/// Without the quotes or the fence that stand around all of it.
fn unquoted(content: &str) -> &str {
    let content = content.trim();
    if let Some(fenced) = content.strip_prefix("```")
        && let Some((_, rest)) = fenced.split_once('\n')
        && let Some((inner, after)) = rest.rsplit_once("```")
        && after.trim().is_empty()
    {
        return inner.strip_suffix('\n').unwrap_or(inner);
    }
    if let Some(opening) = content.chars().next().filter(|first| OPENING.contains(first))
        && let Some((inner, after)) =
            content.get(opening.len_utf8()..).and_then(|rest| rest.rsplit_once(closing(opening)))
        && after.trim_matches(['.', '!', '?', ' ', '\n']).is_empty()
        && !inner.contains(closing(opening))
    {
        return inner;
    }
    content
}

/// The first word and what follows it.
fn next_word(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start();
    let end = text.find(char::is_whitespace).unwrap_or(text.len());
    (end > 0).then(|| text.split_at(end))
}

/// A word in lower case without punctuation around it.
fn bare(word: &str) -> String {
    word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn nothing_that_is_written_breaks_it(
            parts in proptest::collection::vec(
                prop_oneof![
                    Just("create a file ".to_owned()), Just("`".to_owned()), Just("“".to_owned()), Just(":".to_owned()),
                    Just(" with content".to_owned()), Just("\n".to_owned()), Just("```".to_owned()),
                    Just("write 5 words ".to_owned()), any::<String>(),
                ],
                0..12,
            ),
        ) {
            let text = parts.concat();
            let _ = (files(&text), words(&text));
        }
    }

    #[test]
    fn a_file_is_understood_in_many_forms() {
        let table = [
            ("Create a file `notes/hello.txt` with content: Hello world", "notes/hello.txt", "Hello world"),
            ("create a file notes/hello.txt with content Hello world", "notes/hello.txt", "Hello world"),
            ("CREATE A FILE NOTES.TXT WITH CONTENT: HI", "NOTES.TXT", "HI"),
            (
                "Please create a new file called \"my notes.txt\" with the content \"Hello world\".",
                "my notes.txt",
                "Hello world",
            ),
            ("Hi! Could you create a file named hello with the following content: x", "hello", "x"),
            ("Write a file 'a.md' containing: # Title", "a.md", "# Title"),
            ("Make me a text file “a b.txt” with text: “quoted”", "a b.txt", "quoted"),
            ("Create a file a.txt: Hello", "a.txt", "Hello"),
            ("Create a file a.txt that says hello there", "a.txt", "hello there"),
            ("Create a file ../../etc/passwd with content: x", "../../etc/passwd", "x"),
            ("Create a file `a.txt` with content:\nline one\n\nline two\n", "a.txt", "line one\n\nline two"),
            ("Create a file `a.txt` with this content:\n```text\nline one\n  two\n```\n", "a.txt", "line one\n  two"),
            ("Create a file `a.txt`", "a.txt", DEFAULT_CONTENT),
            ("Create a file `a.txt` with hello", "a.txt", "hello"),
            ("Crie um arquivo `notas/olá.txt` com o conteúdo: Olá, mundo", "notas/olá.txt", "Olá, mundo"),
            ("Por favor, crie um novo arquivo chamado lista.txt com conteudo: a", "lista.txt", "a"),
            ("criar ficheiro lista.txt contendo: a", "lista.txt", "a"),
            ("Create a file `a.txt` with content: It says \"x\" and \"y\"", "a.txt", "It says \"x\" and \"y\""),
            ("Create a file `a.txt` with content: ", "a.txt", ""),
            (
                "Create a file a.txt with content: create a file b.txt with content: c",
                "a.txt",
                "create a file b.txt with content: c",
            ),
        ];
        for (message, path, content) in table {
            let expected = FileRequest { path: path.to_owned(), content: content.to_owned() };
            assert_eq!(files(message), [expected], "{message}");
        }
    }

    #[test]
    fn several_sentences_are_several_files() {
        let message = "Please:\n- Create a file `a.txt` with content: one\nmore\n2. create a file b.txt with content: two\n\nCrie um arquivo c.txt com o conteúdo: três";
        let found: Vec<_> = files(message).into_iter().map(|file| (file.path, file.content)).collect();
        let expected = [("a.txt", "one\nmore"), ("b.txt", "two"), ("c.txt", "três")];
        assert_eq!(found, expected.map(|(path, content)| (path.to_owned(), content.to_owned())));
    }

    #[test]
    fn talk_of_files_is_no_request() {
        for message in [
            "",
            "Hello",
            "How do I create a file in Linux?",
            "What is a file?",
            "Create a poem about a file",
            "create a file",
            "I like to write a file system",
            "Create a file `unclosed",
            "Create a file with the content: x",
        ] {
            assert_eq!(files(message), [], "{message}");
        }
    }

    #[test]
    fn a_number_of_words_is_understood() {
        let table = [
            ("Write 500 words", Some(500)),
            ("please write about 1,000 words on cats.", Some(1000)),
            ("Escreva 20 palavras", Some(20)),
            ("write 99999999 words", Some(MAX_WORDS)),
            ("Write 0 words", Some(0)),
            ("Write words", None),
            ("500 words", None),
            ("Write a file with 5 lines", None),
        ];
        for (message, expected) in table {
            assert_eq!(words(message), expected, "{message}");
        }
    }
}
