//! The rule of the house: a module imports only from rows below its own; rooms on one row do not import one another.
//! The rows are those of DESIGN.md. Every path from the root of the crate counts, in code, macros and tests alike.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

/// From the roof to the ground.
const ROWS: &[(u8, &[&str])] = &[
    (9, &["main", "cli", "app"]),
    (8, &["web", "api"]),
    (7, &["http"]),
    (6, &["turn", "tenancy"]),
    (5, &["state"]),
    (4, &["render", "feed", "providers", "tools"]),
    (3, &["models"]),
    (2, &["db", "event"]),
    (1, &["types"]),
    (0, &["config", "telemetry", "error", "i18n"]),
];

/// HTTP types stay in the rows of the web's edge and above.
const HTTP_FROM: u8 = 7;

/// The row in which everything is known, one another too.
const ROOF: u8 = 9;

fn row_of(room: &str) -> Option<u8> {
    ROWS.iter().find(|(_, rooms)| rooms.contains(&room)).map(|(row, _)| *row)
}

/// A source file: its path below `src/` and its text.
type Sources = BTreeMap<PathBuf, String>;

/// What breaks the rule, one line each.
fn violations(sources: &Sources) -> Vec<String> {
    let mut found = Vec::new();
    let macros = exported_macros(sources);
    for (path, text) in sources {
        let modules = modules_of(path);
        let Some(room) = modules.first() else { continue }; // lib.rs: it only names the rooms.
        let Some(row) = row_of(room) else {
            found.push(format!("{}: the room `{room}` stands in no row of DESIGN.md", path.display()));
            continue;
        };
        let tokens = tokens(text);
        for (line, name) in imports(&tokens, modules.len()) {
            let at = format!("{}:{line}", path.display());
            let name = macros.get(&name).unwrap_or(&name);
            match row_of(name) {
                _ if name == room => {}
                None => found.push(format!("{at}: `crate::{name}` is no room of DESIGN.md")),
                Some(ROOF) if row == ROOF => {}
                Some(other) if other < row => {}
                Some(other) if other == row => {
                    found.push(format!("{at}: `{room}` uses its neighbour `{name}` (row {row})"))
                }
                Some(other) => found.push(format!("{at}: `{room}` (row {row}) uses `{name}` above it (row {other})")),
            }
        }
        for (line, token) in &tokens {
            let http = token.starts_with("actix_") || token == "awc";
            if http && row < HTTP_FROM {
                found.push(format!("{}:{line}: HTTP (`{token}`) in `{room}` (row {row})", path.display()));
            }
        }
    }
    found
}

/// `turn/run.rs` is the module `turn::run`; `lib.rs` is the root.
fn modules_of(path: &Path) -> Vec<String> {
    let mut modules: Vec<String> = path.iter().map(|part| part.to_str().unwrap().to_owned()).collect();
    let file = modules.pop().unwrap();
    match file.trim_end_matches(".rs") {
        "lib" | "mod" => {}
        name => modules.push(name.to_owned()),
    }
    modules
}

/// Macros with `#[macro_export]` live at the root; they belong to the room that defines them.
fn exported_macros(sources: &Sources) -> BTreeMap<String, String> {
    let mut macros = BTreeMap::new();
    for (path, text) in sources {
        let tokens = tokens(text);
        for (place, (_, token)) in tokens.iter().enumerate() {
            let before = &tokens[place.saturating_sub(12)..place];
            let exported = token == "macro_rules" && before.iter().any(|(_, token)| token == "macro_export");
            if exported && let (Some((_, name)), Some(room)) = (tokens.get(place + 2), modules_of(path).first()) {
                macros.insert(name.clone(), room.clone());
            }
        }
    }
    macros
}

/// The rooms that a file names by `crate::`, by `super::` over its own room's head, or, in `main.rs`, by `sayso::`.
fn imports(tokens: &[(usize, String)], depth: usize) -> Vec<(usize, String)> {
    let text = |place: usize| tokens.get(place).map_or("", |(_, token)| token.as_str());
    let mut found = Vec::new();
    // One entry for each open brace: whether it belongs to `mod name {`.
    let mut braces = Vec::new();
    let mut place = 0;
    while place < tokens.len() {
        match text(place) {
            "{" => braces.push(place >= 2 && text(place - 2) == "mod"),
            "}" => {
                braces.pop();
            }
            "crate" | "sayso" if text(place + 1) == "::" && (place == 0 || text(place - 1) != "::") => {
                first_segments(tokens, place + 2, &mut found);
            }
            "super" if place == 0 || text(place - 1) != "::" => {
                let mut levels = 1;
                let mut after = place + 1;
                while text(after) == "::" && text(after + 1) == "super" {
                    levels += 1;
                    after += 2;
                }
                let inline = braces.iter().filter(|is_module| **is_module).count();
                if levels == depth + inline && text(after) == "::" {
                    first_segments(tokens, after + 1, &mut found);
                }
                place = after;
                continue;
            }
            _ => {}
        }
        place += 1;
    }
    found
}

/// The first names of a path or of each branch of a group.
fn first_segments(tokens: &[(usize, String)], place: usize, found: &mut Vec<(usize, String)>) {
    let Some((line, token)) = tokens.get(place) else { return };
    if token != "{" {
        found.push((*line, token.clone()));
        return;
    }
    let mut depth = 0;
    let mut begins = false;
    for (line, token) in &tokens[place..] {
        match token.as_str() {
            "{" => {
                depth += 1;
                begins = depth == 1;
            }
            "}" if depth == 1 => return,
            "}" => depth -= 1,
            "," => begins = depth == 1,
            name => {
                if begins {
                    found.push((*line, name.to_owned()));
                }
                begins = false;
            }
        }
    }
}

/// Words, `::` and single signs, each with its line; comments, strings and characters are left out.
fn tokens(text: &str) -> Vec<(usize, String)> {
    let letters: Vec<char> = text.chars().collect();
    let at = |place: usize| letters.get(place).copied().unwrap_or('\0');
    let word = |c: char| c.is_alphanumeric() || c == '_';
    let mut tokens = Vec::new();
    let (mut place, mut line) = (0, 1);
    while place < letters.len() {
        let start = place;
        match at(place) {
            '/' if at(place + 1) == '/' => {
                while place < letters.len() && at(place) != '\n' {
                    place += 1;
                }
            }
            '/' if at(place + 1) == '*' => {
                let mut depth = 0;
                while place < letters.len() {
                    match (at(place), at(place + 1)) {
                        ('/', '*') => (depth, place) = (depth + 1, place + 2),
                        ('*', '/') => (depth, place) = (depth - 1, place + 2),
                        _ => place += 1,
                    }
                    if depth == 0 {
                        break;
                    }
                }
            }
            '"' => {
                place += 1;
                while place < letters.len() && at(place) != '"' {
                    place += if at(place) == '\\' { 2 } else { 1 };
                }
                place += 1;
            }
            // A character, not a lifetime.
            '\'' if at(place + 1) == '\\' || at(place + 2) == '\'' => {
                place += if at(place + 1) == '\\' { 3 } else { 2 };
                while place < letters.len() && at(place) != '\'' {
                    place += 1;
                }
                place += 1;
            }
            c if word(c) => {
                while word(at(place)) {
                    place += 1;
                }
                let name: String = letters[start..place].iter().collect();
                if matches!(name.as_str(), "r" | "br" | "cr") && matches!(at(place), '"' | '#') {
                    let hashes = (place..).take_while(|place| at(*place) == '#').count();
                    if at(place + hashes) == '"' {
                        place += hashes + 1;
                        let ends = |place: usize| at(place) == '"' && (1..=hashes).all(|n| at(place + n) == '#');
                        while place < letters.len() && !ends(place) {
                            place += 1;
                        }
                        place += hashes + 1;
                    }
                } else {
                    tokens.push((line, name));
                }
            }
            ':' if at(place + 1) == ':' => {
                tokens.push((line, "::".to_owned()));
                place += 2;
            }
            c => {
                if !c.is_whitespace() {
                    tokens.push((line, c.to_string()));
                }
                place += 1;
            }
        }
        line += letters[start..place.min(letters.len())].iter().filter(|c| **c == '\n').count();
    }
    tokens
}

fn read(directory: &Path, below: &Path, sources: &mut Sources) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read(&path, below, sources);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            sources.insert(path.strip_prefix(below).unwrap().to_owned(), fs::read_to_string(&path).unwrap());
        }
    }
}

#[test]
fn rooms_use_only_what_stands_below_them() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut sources = Sources::new();
    read(&source, &source, &mut sources);
    assert!(sources.contains_key(Path::new("lib.rs")), "the source was not found");
    let found = violations(&sources);
    assert!(found.is_empty(), "the rule of the house is broken:\n{}", found.join("\n"));
}

#[test]
fn the_checker_finds_what_is_planted() {
    let planted = |path: &str, text: &str| {
        let mut sources = Sources::from([(PathBuf::from(path), text.to_owned())]);
        sources.insert("db/mod.rs".into(), "#[macro_export]\nmacro_rules! on { () => { $crate::db::Conn } }".into());
        violations(&sources)
    };
    let wrong = [
        ("models/turn.rs", "use crate::turn::start;"),
        ("render/html.rs", "use crate::{types::Id, models::{turn, message}, feed::Follower};"),
        ("web/mod.rs", "fn f() { crate::api::health() }"),
        ("types/ids.rs", "impl X for crate::config::Settings { fn f() { crate::db::x() } }"),
        ("feed/local.rs", "use super::super::tools::Tool;"),
        ("feed/mod.rs", "use super::tools;"),
        ("state.rs", "mod tests { use super::super::app; }"),
        ("i18n.rs", "use crate::error::Error;"),
        ("kitchen.rs", ""),
        ("web/mod.rs", "use crate::kitchen::Sink;"),
        ("error.rs", "use crate::on;"),
        ("turn/run.rs", "use actix_web::HttpRequest;"),
        ("turn/run.rs", "let s = \"//\"; use crate::web::page; // crate::db"),
    ];
    for (path, text) in wrong {
        let found = planted(path, text);
        assert_eq!(found.len(), 1, "{path}: {text}: {found:?}");
    }
    let right = [
        ("models/turn.rs", "use crate::{db::Conn, on, types::{Id, States}};"),
        ("web/mod.rs", "use crate::{http, turn, state::AppState}; use super::web;"),
        (
            "turn/run.rs",
            "use super::{prompt, metered}; // not crate::web::page\n/* crate::api */ let s = \"crate::web::x\";",
        ),
        ("turn/mod.rs", "mod tests { use super::*; use super::super::models; } pub(crate) fn f(c: char) { c == '{' }"),
        ("main.rs", "use sayso::{app, cli}; fn main() { let s = r#\"crate::nowhere \"::\"#; }"),
        ("lib.rs", "pub mod web;"),
    ];
    for (path, text) in right {
        let found = planted(path, text);
        assert!(found.is_empty(), "{path}: {text}: {found:?}");
    }
}
