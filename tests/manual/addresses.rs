//! Every address that a document names is mounted.

use std::{collections::BTreeSet, fs, path::Path};

use crate::{document::documents, support::root};

/// The addresses that the code mounts, whatever stands in a place of theirs.
fn mounted() -> BTreeSet<String> {
    fn read(path: &Path, found: &mut BTreeSet<String>) {
        if path.is_dir() {
            fs::read_dir(path).unwrap().for_each(|entry| read(&entry.unwrap().path(), found));
            return;
        }
        let code: String = fs::read_to_string(path).unwrap().split_whitespace().collect();
        for helper in ["at(\"", "verbs(\"", ".route(\"", "web::resource(\""] {
            found.extend(code.split(helper).skip(1).filter_map(|rest| rest.split('"').next()).map(general));
        }
    }
    let mut found = BTreeSet::new();
    for place in ["src/web/mod.rs", "src/api", "src/app.rs"] {
        read(&root().join(place), &mut found);
    }
    found.retain(|address| address.starts_with('/'));
    assert!(found.len() > 80, "{found:?}");
    found
}

/// An address with its places made alike.
fn general(address: &str) -> String {
    let parts = address.split('/').map(|part| if part.starts_with('{') { "{}" } else { part });
    parts.collect::<Vec<_>>().join("/")
}

/// Paths of files and of examples in which nobody asks Sayso.
const NOT_HERE: [&str; 14] = [
    "/opt",
    "/srv",
    "/etc",
    "/backup",
    "/elsewhere",
    "/var",
    "/run",
    "/dev",
    "/proc",
    "/tmp",
    "/usr",
    "/chat",
    "/search",
    "/mcp",
];

#[test]
fn every_address_that_is_named_is_mounted() {
    let (mounted, mut count) = (mounted(), 0);
    for document in documents() {
        for span in document.spans() {
            let address =
                ["GET ", "POST ", "PUT ", "PATCH ", "DELETE "].iter().find_map(|verb| span.strip_prefix(verb));
            let address = address.unwrap_or(&span).split(['?', ' ', '#']).next().unwrap();
            let is_elsewhere =
                NOT_HERE.iter().any(|place| address == *place || address.starts_with(&format!("{place}/")));
            if !address.starts_with('/') || is_elsewhere && address != "/mcp" {
                continue;
            }
            count += 1;
            let address = general(address);
            // `/api` names all that lies below it.
            let is_there = mounted
                .iter()
                .any(|known| *known == address || known.starts_with(&format!("{}/", address.trim_end_matches('/'))));
            assert!(is_there, "{}: nothing is mounted at `{span}`", document.path);
        }
    }
    assert!(count > 60, "{count}");
}
