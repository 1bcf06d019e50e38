//! What the documents name is there, and what is there they name: settings, commands and their flags, metrics, tools.

use std::{collections::BTreeSet, fs};

use clap::CommandFactory;
use sayso::cli::Cli;

use crate::{
    document::{document, documents},
    support::{App, Backend, Script, root},
};

fn difference<'a>(of: &'a BTreeSet<String>, without: &'a BTreeSet<String>) -> Vec<&'a String> {
    of.difference(without).collect()
}

#[track_caller]
fn same(told: &BTreeSet<String>, there: &BTreeSet<String>, least: usize) {
    let (untold, absent) = (difference(there, told), difference(told, there));
    assert!(untold.is_empty() && absent.is_empty(), "not told of: {untold:?}\nnot there: {absent:?}");
    assert!(there.len() >= least, "{there:?}");
}

fn is_name(text: &str) -> bool {
    text.len() > 3
        && text.starts_with(|c: char| c.is_ascii_uppercase())
        && text.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
}

/// The settings that the program reads: every name in its table.
fn settings() -> BTreeSet<String> {
    let code = fs::read_to_string(root().join("src/config/mod.rs")).unwrap();
    let (_, table) = code.split_once("fn from_source").unwrap();
    let words = table.split('"').skip(1).step_by(2);
    words.filter(|word| is_name(word)).map(str::to_owned).collect()
}

#[test]
fn every_setting_is_told_of_and_no_other() {
    let page = document("docs/settings.md");
    let rows = page.text.lines().filter(|line| line.starts_with("| `"));
    let first = rows.map(|row| row.split('|').nth(1).unwrap());
    let told: BTreeSet<String> = first
        .flat_map(|cell| cell.split('`').skip(1).step_by(2))
        .filter(|name| is_name(name))
        .map(str::to_owned)
        .collect();
    same(&told, &settings(), 50);
}

/// Names of the environment that are no settings of the server: of its build and tests, and of other programs.
const OTHER_NAMES: [&str; 8] = [
    "HTTPS_PROXY",
    "NO_PROXY",
    "SAYSO_BIN",
    "SAYSO_COMMIT",
    "INSUFFICIENT_CREDITS",
    "MIMALLOC_PURGE_DELAY",
    "NODE_EXTRA_CA_CERTS",
    "SSL_CERT_FILE",
];

#[test]
fn every_setting_that_is_named_anywhere_is_one() {
    let settings = settings();
    for document in documents() {
        for span in document.spans() {
            let name = span.split(['=', ' ']).next().unwrap();
            let is_known = settings.contains(name) || OTHER_NAMES.contains(&name);
            // Words of SQL and HTTP are written in capitals too; they have no line in them.
            assert!(is_known || !is_name(name) || !name.contains('_'), "{}: `{span}`", document.path);
        }
    }
}

/// A command as it is typed.
struct Command {
    name: String,
    flags: BTreeSet<String>,
    /// What may stand after it without a flag.
    words: Vec<String>,
}

/// Every command.
fn commands() -> Vec<Command> {
    fn walk(command: &clap::Command, before: &str, found: &mut Vec<Command>) {
        let name = format!("{before} {}", command.get_name()).trim().to_owned();
        let flags = command.get_arguments().filter_map(|argument| argument.get_long());
        let flags = flags.filter(|flag| !["help", "version"].contains(flag)).map(|flag| format!("--{flag}"));
        let words = command.get_positionals().flat_map(|word| word.get_possible_values());
        let words = words.map(|value| value.get_name().to_owned()).collect();
        found.push(Command { name: name.clone(), flags: flags.collect(), words });
        for sub in command.get_subcommands().filter(|sub| !sub.is_hide_set() && sub.get_name() != "help") {
            walk(sub, &name, found);
        }
    }
    let mut found = Vec::new();
    walk(&<Cli as CommandFactory>::command(), "", &mut found);
    found
}

#[test]
fn every_command_and_flag_is_told_of() {
    let commands = commands();
    assert!(commands.len() > 20, "{}", commands.len());
    let spans = document("docs/command-line.md").spans().join("\n");
    for Command { name, flags, .. } in &commands {
        let last = name.trim_start_matches("sayso ").trim_start_matches("admin ");
        assert!(spans.contains(last), "docs/command-line.md tells nothing of {name}");
        for flag in flags {
            assert!(spans.contains(flag.as_str()), "docs/command-line.md tells nothing of {flag} of {name}");
        }
    }
}

#[test]
fn every_command_that_is_named_is_one() {
    let commands = commands();
    for document in documents() {
        for span in document.spans() {
            let words: Vec<_> = span.split_whitespace().collect();
            let ["sayso", rest @ ..] = &words[..] else { continue };
            let is_word = |word: &&&str| word.starts_with(|c: char| c.is_ascii_lowercase());
            let mut path: Vec<_> = rest.iter().take_while(is_word).copied().collect();
            let last = path.last().copied().unwrap_or_default();
            if commands.iter().any(|command| command.words.iter().any(|word| word == last)) {
                path.pop();
            }
            let name = format!("sayso {}", path.join(" "));
            let found = commands.iter().find(|command| command.name == name.trim());
            let Some(Command { flags, .. }) = found else { panic!("{}: there is no `{span}`", document.path) };
            for flag in rest.iter().filter(|word| word.starts_with("--") && !["--help", "--version"].contains(word)) {
                let everywhere = ["--json"].contains(flag) && name.starts_with("sayso admin");
                assert!(everywhere || flags.contains(*flag), "{}: `{span}` has no {flag}", document.path);
            }
        }
    }
}

#[test]
fn every_metric_is_told_of_and_no_other() {
    let (mut there, mut told) = (BTreeSet::new(), BTreeSet::new());
    for file in ["src/telemetry/metrics.rs", "src/telemetry/metrics/process.rs"] {
        let code = fs::read_to_string(root().join(file)).unwrap();
        let names = code.lines().filter(|line| line.starts_with("const "));
        let names = names.filter_map(|line| line.split('"').nth(1)).filter(|name| is_metric(name));
        there.extend(names.map(str::to_owned));
    }
    let page = document("docs/operations.md");
    for row in page.text.lines().filter(|line| line.starts_with("| `sayso_") || line.starts_with("| `process_")) {
        let names: Vec<_> = row.split('|').nth(1).unwrap().split('`').skip(1).step_by(2).collect();
        for name in &names {
            // `…_max` goes on from the first of its row.
            told.insert(name.strip_prefix('…').map_or((*name).to_owned(), |end| format!("{}{end}", names[0])));
        }
    }
    same(&told, &there, 25);
    for document in documents() {
        for name in document.spans().iter().filter(|span| is_metric(span) && !span.contains("tenant")) {
            assert!(there.contains(name.as_str()), "{}: there is no {name}", document.path);
        }
    }
}

fn is_metric(name: &str) -> bool {
    let rest = name.strip_prefix("sayso_").or_else(|| name.strip_prefix("process_"));
    rest.is_some_and(|rest| !rest.is_empty() && rest.chars().all(|c| c.is_ascii_lowercase() || c == '_'))
}

/// Every tool that comes with Sayso has a part of docs/tools.md, with its arguments, and nothing else has.
#[tokio::test(flavor = "multi_thread")]
async fn every_built_in_tool_is_told_of_with_its_arguments() {
    let (app, _) = App::ready(Backend::Sqlite, &[]).await;
    let listed = Script::first(&app.base).await.get("/api/mcp/tools").await.expect(200).json();
    let page = document("docs/tools.md").text;
    let (_, page) = page.split_once("## The built-in tools").unwrap();
    let page = page.split("\n## ").next().unwrap();
    let mut there = BTreeSet::new();
    for tool in listed["tools"].as_array().unwrap() {
        let name = tool["name"].as_str().unwrap();
        there.insert(name.to_owned());
        let row = page.lines().find(|line| line.starts_with(&format!("| `{name}`"))).unwrap_or_default();
        assert!(!row.is_empty(), "docs/tools.md has no row of {name}");
        for argument in tool["input_schema"]["properties"].as_object().unwrap().keys() {
            assert!(row.contains(&format!("`{argument}`")), "{name}: nothing of `{argument}`");
        }
    }
    let rows = page.lines().filter_map(|line| line.strip_prefix("| `")).filter_map(|rest| rest.split('`').next());
    same(&rows.map(str::to_owned).collect(), &there, 10);
}
