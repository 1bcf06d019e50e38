//! What docs/mcp.md tells operators to write: its own text is the file, and its servers are started and listed.

use std::{fs, process::Command};

use serde_json::Value;

use crate::support::{
    App, Backend,
    installed::{Listening, installed},
    root,
};

/// What cannot be installed here: a database's server of 400 MB, and one that only shows the form.
const NOT_HERE: [&str; 1] = ["mongodb"];

/// The blocks of a page that are files of servers.
fn blocks(page: &str) -> Vec<String> {
    let fenced = page.split("```json\n").skip(1).filter_map(|rest| rest.split_once("```").map(|(block, _)| block));
    fenced.filter(|block| block.contains("mcpServers")).map(str::to_owned).collect()
}

/// What `sayso check` says of the servers of this file, line by line.
fn checked(text: &str) -> Vec<String> {
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), text).unwrap();
    let mut app = App::new(Backend::Sqlite);
    app.set("MCP_CONFIG", file.path().to_str().unwrap());
    app.set("FETCH_ALLOW_PRIVATE", "true");
    let output = app.run(&["check"], None);
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.starts_with("ok    settings: "), "{said}{}\n{text}", String::from_utf8_lossy(&output.stderr));
    said.lines().filter(|line| line.contains(" server")).map(str::to_owned).collect()
}

#[test]
fn the_files_of_the_page_are_read_and_their_servers_started() {
    let page = fs::read_to_string(root().join("docs/mcp.md")).unwrap();
    let (form, ready) = page.split_once("## Ready-made configurations").unwrap();
    // What follows is for the configuration of other programs.
    let (ready, _) = ready.split_once("## Sayso as a server").unwrap();
    // The one that shows the form: it is read, and each of its servers is told of.
    let [form] = &blocks(form)[..] else { panic!("one block shows the form") };
    let lines = checked(form);
    let named = |name: &str| lines.iter().any(|line| line.contains(&format!("server {name}: ")));
    assert!(lines.len() == 3 && ["files", "git", "far"].into_iter().all(named), "{lines:?}");

    let Some(place) = installed() else { return };
    let Some(gateway) = Listening::fastmcp() else { return };
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    fs::create_dir(at("files")).unwrap();
    assert!(Command::new("git").args(["init", "--quiet", &at("code")]).status().unwrap().success());
    let mut tried = Vec::new();
    for block in blocks(ready) {
        let name = serde_json::from_str::<Value>(&block).unwrap()["mcpServers"]
            .as_object()
            .unwrap()
            .keys()
            .next()
            .unwrap()
            .clone();
        let here = block
            .replace("/opt/mcp", place.to_str().unwrap())
            .replace("/srv/files", &at("files"))
            .replace("/srv/code", &at("code"))
            .replace("Bearer …", "Bearer a-token")
            .replace("http://127.0.0.1:8811/", &format!("http://127.0.0.1:{}/", gateway.port));
        let [line] = &checked(&here)[..] else { panic!("one line for {block}") };
        let is_there = line.starts_with(&format!("ok    server {name}: ")) && line.contains(" tool");
        assert_eq!(is_there, !NOT_HERE.contains(&name.as_str()), "{line}\n{here}");
        assert!(line.contains(&format!("server {name}: ")), "{line}");
        tried.push(name);
    }
    assert_eq!(tried, ["files", "memory", "git", "fetch", "time", "sqlite", "mongodb", "docker"]);
}

#[test]
fn the_page_names_the_releases_that_are_tried() {
    let page = fs::read_to_string(root().join("docs/mcp.md")).unwrap();
    let script = fs::read_to_string(root().join("tests/support/mcp.sh")).unwrap();
    let is_release = |word: &&str| {
        word.contains("==") || word.rsplit_once('@').is_some_and(|(_, version)| version.starts_with(char::is_numeric))
    };
    let lines = page.lines().filter(|line| !line.contains("mongodb"));
    let releases: Vec<&str> = lines.flat_map(|line| line.split([' ', '"', '`', ','])).filter(is_release).collect();
    assert!(releases.len() >= 7, "{releases:?}");
    for release in releases {
        assert!(script.contains(release), "{release} is not what the tests install");
    }
}
