//! Each command that the documents tell people to type is run by a test, or stands here with the reason why not and what
//! is looked at instead. A part with commands that stands nowhere fails, and so does one that is gone.

use std::{collections::BTreeSet, fs, os::unix::fs::PermissionsExt as _, pin::Pin};

use crate::{
    commands,
    document::{Block, documents},
    examples,
    support::{Backend, root},
};

/// Runs what stands in one part of a document, in its order, on a database.
type Run = fn(Backend, Vec<String>) -> Pin<Box<dyn Future<Output = ()>>>;

enum Proof {
    /// Run on SQLite and on PostgreSQL.
    Run(Run),
    /// Not run: why, and what is looked at instead.
    Instead(&'static str, fn(&str)),
}
use Proof::{Instead, Run as Runs};

/// Of a build in release and of all tests, which take many minutes and are what runs this.
const LONG: &str = "it would build or test everything once more; its targets, flags and files are looked up";

/// Every part of a document that has commands.
const PARTS: &[(&str, &str, Proof)] = &[
    ("README.md", "## Two commands", Instead(LONG, development)),
    ("README.md", "## For scripts", Runs(|on, blocks| Box::pin(examples::readme(on, blocks)))),
    ("CONTRIBUTING.md", "## Build and prove", Instead(LONG, development)),
    ("CONTRIBUTING.md", "## Tests", Instead(LONG, development)),
    ("CONTRIBUTING.md", "## Documents and their pictures", Instead(LONG, development)),
    ("CONTRIBUTING.md", "## Measure", Instead(LONG, development)),
    ("CONTRIBUTING.md", "## A release", Instead(LONG, development)),
    ("docs/api.md", "### Signing in", Runs(|on, blocks| Box::pin(examples::signing_in(on, blocks)))),
    ("docs/api.md", "## Talking: `/api/chat`", Runs(|on, blocks| Box::pin(examples::talking(on, blocks)))),
    ("docs/api.md", "### Coming back to a stream", Runs(|on, blocks| Box::pin(examples::coming_back(on, blocks)))),
    ("docs/api.md", "### Deciding and stopping", Runs(|on, blocks| Box::pin(examples::deciding(on, blocks)))),
    ("docs/api.md", "## OpenAI's form: `/v1`", Runs(|on, blocks| Box::pin(examples::openai(on, blocks)))),
    ("docs/api.md", "## Tools: `/api/mcp/tools`", Runs(|on, blocks| Box::pin(examples::tools(on, blocks)))),
    ("docs/audit.md", "## What `verify` proves", Runs(|on, blocks| Box::pin(commands::anchors(on, blocks)))),
    ("docs/command-line.md", "## `sayso admin`", Runs(|on, blocks| Box::pin(commands::admin(on, blocks)))),
    ("docs/mcp.md", "## Ready-made configurations", Instead("`servers.rs` starts what they install", installing)),
    ("docs/mcp.md", "## Sayso as a server", Instead("the program is not ours; its address and header are", claude)),
    ("docs/operations.md", "## First start", Instead(LONG, development)),
    ("docs/operations.md", "## Backup and restore", Runs(|on, blocks| Box::pin(commands::backup(on, blocks)))),
    ("docs/operations.md", "## Logs", Runs(|on, blocks| Box::pin(commands::logs(on, blocks)))),
    ("docs/operations.md", "## Behind a proxy", Runs(|on, blocks| Box::pin(commands::settings(on, blocks)))),
    ("docs/performance.md", "## Measured", Instead(LONG, development)),
    ("docs/start.md", "## From nothing to a page", Instead(LONG, development)),
    ("docs/start.md", "## A real model", Runs(|on, blocks| Box::pin(commands::settings(on, blocks)))),
    ("docs/start.md", "## More people", Runs(|on, blocks| Box::pin(commands::people(on, blocks)))),
];

/// What may be fenced; whatever is to be typed into a shell is `sh`, so that it is found here.
const LANGUAGES: [&str; 8] = ["sh", "text", "json", "js", "toml", "python", "sql", "nginx"];

/// The commands of the parts that have some, part by part.
fn parts() -> Vec<(String, String, Vec<String>)> {
    let mut parts: Vec<(String, String, Vec<String>)> = Vec::new();
    for document in documents() {
        for Block { heading, language, code } in document.blocks() {
            assert!(LANGUAGES.contains(&&*language), "{}, {heading}: what is `{language}`?", document.path);
            match parts.last_mut() {
                _ if language != "sh" => {}
                Some((path, part, blocks)) if *path == document.path && *part == heading => blocks.push(code),
                _ => parts.push((document.path.clone(), heading, vec![code])),
            }
        }
    }
    parts
}

#[test]
fn every_command_is_run_or_listed() {
    let there: Vec<_> = parts().into_iter().map(|(path, heading, _)| (path, heading)).collect();
    let known: Vec<_> = PARTS.iter().map(|(path, heading, _)| ((*path).to_owned(), (*heading).to_owned())).collect();
    assert_eq!(there.len(), there.iter().collect::<BTreeSet<_>>().len(), "two parts have one heading: {there:?}");
    let new: Vec<_> = there.iter().filter(|part| !known.contains(part)).collect();
    let gone: Vec<_> = known.iter().filter(|part| !there.contains(part)).collect();
    assert!(new.is_empty() && gone.is_empty(), "nobody runs {new:#?}\nthere is no {gone:#?}");
}

#[test]
fn what_is_not_run_is_looked_at() {
    for (path, heading, blocks) in parts() {
        let proof = PARTS.iter().find(|(file, part, _)| *file == path && *part == heading);
        if let Some((.., Instead(why, look))) = proof {
            assert!(why.len() > 20, "{path}, {heading}: {why}");
            blocks.iter().for_each(|block| look(block));
        }
    }
}

/// Runs what is run, one part after another.
async fn run(backend: Backend) {
    let mut ran = 0;
    for (path, heading, blocks) in parts() {
        let proof = PARTS.iter().find(|(file, part, _)| *file == path && *part == heading);
        if let Some((.., Runs(run))) = proof {
            eprintln!("{path}, {heading}");
            run(backend, blocks).await;
            ran += 1;
        }
    }
    assert!(ran > 10, "{ran}");
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_run_as_they_stand_on_sqlite() {
    run(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_run_as_they_stand_on_postgresql() {
    run(Backend::Postgres).await;
}

/// The commands of a block: continued lines joined, without what is said of them, each by itself.
fn commands(block: &str) -> Vec<Vec<String>> {
    let joined = block.replace("\\\n", " ");
    let lines = joined.lines().map(|line| line.split(" #").next().unwrap_or_default().trim());
    let parts = lines.filter(|line| !line.is_empty() && !line.starts_with('#')).flat_map(|line| line.split("&&"));
    let words = |part: &str| -> Vec<String> {
        let words = part.split_whitespace().map(|word| word.trim_matches(['"', '\'']).to_owned());
        // Settings before a command.
        words.skip_while(|word| word.split_once('=').is_some_and(|(name, _)| is_variable(name))).collect()
    };
    parts.map(words).filter(|words| !words.is_empty()).collect()
}

fn is_variable(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
}

/// Commands of those who build: the targets and flags that `cargo` is given are there, and so are the scripts.
fn development(block: &str) {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    for words in commands(block) {
        let [program, rest @ ..] = &words[..] else { panic!("{block}") };
        match program.as_str() {
            "cargo" => cargo(&manifest, rest, block),
            "cp" | "cd" | "git" => {}
            // What a build leaves.
            "./target/release/sayso" => assert!(rest.is_empty() || rest == ["check"], "{block}"),
            script => {
                let file = root().join(script);
                let mode = fs::metadata(&file).unwrap_or_else(|_| panic!("there is no {script}")).permissions().mode();
                assert!(mode & 0o111 != 0, "{script} cannot be run");
                let text = fs::read_to_string(&file).unwrap();
                for word in rest {
                    assert!(text.contains(word.as_str()), "{script} knows no {word}");
                }
            }
        }
    }
}

fn cargo(manifest: &str, words: &[String], block: &str) {
    let [sub, rest @ ..] = words else { panic!("{block}") };
    assert!(["run", "build", "test", "bench", "fmt", "clippy"].contains(&sub.as_str()), "{block}");
    let mut rest = rest.iter().map(String::as_str);
    let (mut target, mut filters) = (None, Vec::new());
    while let Some(word) = rest.next() {
        match word {
            "--release" | "--locked" | "--lib" | "--all-targets" => {}
            "--test" | "--bench" | "--example" => {
                let name = rest.next().unwrap_or_else(|| panic!("{block}"));
                let kind = word.trim_start_matches('-');
                let is_there = manifest.contains(&format!("[[{kind}]]\nname = \"{name}\""))
                    || root().join(format!("{kind}s/{name}.rs")).is_file();
                assert!(is_there, "there is no {kind} {name}: {block}");
                target = Some(name);
            }
            "--" if target == Some("load") => {
                rest.by_ref().for_each(|word| measured(word, block));
                break;
            }
            // What follows is for the tests themselves.
            "--" => break,
            filter => filters.push(filter),
        }
    }
    for filter in filters {
        let module = filter.trim_end_matches(':').replace("::", "/");
        let below = target.map_or_else(|| root().join("src"), |target| root().join("tests").join(target));
        let is_there = below.join(&module).exists() || below.join(format!("{module}.rs")).exists();
        assert!(is_there, "no module {filter}: {block}");
    }
}

/// What the bench under load is told: its parts and its flags are there; `measuring` runs it.
fn measured(word: &str, block: &str) {
    let source = |file: &str| fs::read_to_string(root().join("benches/load").join(file)).unwrap();
    if let Some(flag) = word.strip_prefix("--") {
        assert!(source("main.rs").contains(&format!("\n    {flag}: ")), "{flag}: {block}");
    } else if word.starts_with(|first: char| first.is_ascii_lowercase()) {
        let capital = |part: &str| part[..1].to_uppercase() + &part[1..];
        let name: String = word.split('-').map(capital).collect();
        assert!(source("parts.rs").contains(&format!("\n    {name},\n")), "no part {word}: {block}");
    }
}

/// What is installed is what the tests install; `servers.rs` compares the releases that the page names.
fn installing(block: &str) {
    let script = fs::read_to_string(root().join("tests/support/mcp.sh")).unwrap();
    for words in commands(block) {
        for word in words.iter().filter(|word| word.contains("==") || word.trim_start_matches('@').contains('@')) {
            assert!(script.contains(word.as_str()), "{word} is not what the tests install");
        }
        let programs = ["npm", "python3", "/opt/mcp/venv/bin/pip", "/opt/mcp/sqlite/bin/pip", "docker"];
        assert!(programs.contains(&words[0].as_str()), "{block}");
    }
}

/// How a program of somebody else's is told of Sayso: `tests/turns/agent` shows that a program which sends just that is
/// let in.
fn claude(block: &str) {
    assert!(block.contains("--transport http sayso https://chat.example.org/mcp "), "{block}");
    assert!(block.contains("--header \"Authorization: Bearer $TOKEN\""), "{block}");
}
