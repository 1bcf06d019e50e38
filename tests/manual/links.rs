//! Links lead somewhere, pictures are there and small, and every page can be found from the first one.

use std::{collections::BTreeSet, fs, path::Path};

use crate::{
    document::{document, documents},
    support::root,
};

/// How large a picture may be, and all of them.
const EACH: u64 = 80 << 10;
const ALL: u64 = 600 << 10;

/// Where a link of a document leads: a path of the repository, and an anchor.
fn resolved(document: &str, target: &str) -> (String, Option<String>) {
    let (path, anchor) =
        target.split_once('#').map_or((target, None), |(path, anchor)| (path, Some(anchor.to_owned())));
    if path.is_empty() {
        return (document.to_owned(), anchor);
    }
    let mut whole = Path::new(document).parent().unwrap().to_owned();
    for part in path.split('/') {
        match part {
            ".." => assert!(whole.pop(), "{document}: {target} leads out of the repository"),
            part => whole.push(part),
        }
    }
    (whole.to_str().unwrap().to_owned(), anchor)
}

/// Links of a document that stay in the repository.
fn inner(path: &str) -> Vec<(bool, String, String)> {
    let links = document(path).links().into_iter();
    links.filter(|(.., target)| !target.starts_with("http://") && !target.starts_with("https://")).collect()
}

#[test]
fn every_link_and_anchor_is_there() {
    let (mut broken, mut count) = (Vec::new(), 0);
    for document in documents() {
        for (_, words, target) in inner(&document.path) {
            count += 1;
            let (path, anchor) = resolved(&document.path, &target);
            let is_there = root().join(&path).exists();
            let has_anchor = anchor.as_ref().is_none_or(|anchor| {
                documents().iter().any(|other| other.path == path && other.anchors().contains(anchor))
            });
            if !is_there || !has_anchor {
                broken.push(format!("{}: [{words}]({target})", document.path));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
    assert!(count > 60, "{count}");
}

#[test]
fn every_page_is_named_by_the_first_one() {
    let named: BTreeSet<String> =
        inner("docs/README.md").into_iter().map(|(.., target)| resolved("docs/README.md", &target).0).collect();
    for document in documents().into_iter().filter(|document| document.path != "docs/README.md") {
        assert!(named.contains(&document.path), "docs/README.md does not say whom {} is for", document.path);
    }
    assert!(inner("README.md").iter().any(|(.., target)| target == "docs/README.md"));
}

#[test]
fn every_picture_is_used_described_and_small() {
    let mut used = BTreeSet::new();
    for document in documents() {
        for (_, words, target) in inner(&document.path).into_iter().filter(|(is_picture, ..)| *is_picture) {
            assert!(words.split_whitespace().count() >= 5, "{}: {target} is described by “{words}”", document.path);
            used.insert(resolved(&document.path, &target).0);
        }
    }
    let mut whole = 0;
    for entry in fs::read_dir(root().join("docs/pictures")).unwrap() {
        let (path, size) = entry.map(|entry| (entry.path(), entry.metadata().unwrap().len())).unwrap();
        let name = path.strip_prefix(root()).unwrap().to_str().unwrap().to_owned();
        assert!(used.contains(&name), "nobody shows {name}");
        assert!(size <= EACH, "{name} has {size} bytes");
        assert!(image::open(&path).unwrap().width() >= 300, "{name}");
        whole += size;
    }
    assert!((6..=10).contains(&used.len()) && whole <= ALL, "{used:?}: {whole} bytes");
}
