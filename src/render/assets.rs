//! The files of `static/`, compiled in, and their addresses. One hash stands for all of them, so that modules and
//! style sheets may name one another by relative addresses.

use std::{collections::BTreeMap, sync::LazyLock};

use rust_embed::{EmbeddedFile, RustEmbed};

use crate::types::Digest;

#[derive(RustEmbed)]
#[folder = "static/"]
struct Static;

/// What `build.rs` packed of them: path and ending, bytes.
static PACKED: &[(&str, &[u8])] = &include!(concat!(env!("OUT_DIR"), "/packed.rs"));

/// The address of a file of `static/`, without the prefix of the site; empty for a file that is not there.
pub fn asset(path: &str) -> &'static str {
    static ADDRESSES: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
        let hash = bundle_hash();
        Static::iter().map(|path| (path.to_string(), format!("/assets/{hash}/{path}"))).collect()
    });
    ADDRESSES.get(path).map_or("", String::as_str)
}

/// The hash over all files and their names.
pub fn bundle_hash() -> &'static str {
    static HASH: LazyLock<String> = LazyLock::new(|| {
        let mut paths: Vec<_> = Static::iter().collect();
        paths.sort_unstable();
        let files: Vec<_> = paths.iter().filter_map(|path| Static::get(path).map(|file| file.data)).collect();
        let fields: Vec<&[u8]> =
            paths.iter().map(|path| path.as_bytes()).chain(files.iter().map(|file| &**file)).collect();
        Digest::of_fields("sayso assets", &fields).to_string().chars().take(16).collect()
    });
    &HASH
}

/// The paths of all files.
pub fn paths() -> impl Iterator<Item = std::borrow::Cow<'static, str>> {
    Static::iter()
}

/// A file by its path.
pub fn file(path: &str) -> Option<EmbeddedFile> {
    Static::get(path)
}

/// A file by its path, packed: with `br` by Brotli, with `gz` by gzip. `None` where that does not make it smaller.
pub fn packed(path: &str, ending: &str) -> Option<&'static [u8]> {
    let name = format!("{path}.{ending}");
    PACKED.iter().find(|(packed, _)| *packed == name).map(|(_, bytes)| *bytes)
}

#[cfg(test)]
mod tests {
    use regex::Regex;

    use super::*;

    #[test]
    fn an_address_names_the_bundle() {
        assert_eq!(asset("js/app.js"), format!("/assets/{}/js/app.js", bundle_hash()));
        assert_eq!(asset("js/none.js"), "");
    }

    /// All templates below a folder, joined.
    fn templates(folder: &std::path::Path) -> String {
        let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let read = |path: std::path::PathBuf| match path.is_dir() {
            true => templates(&path),
            false => std::fs::read_to_string(path).unwrap(),
        };
        entries.map(read).collect()
    }

    #[test]
    fn whatever_templates_and_modules_name_is_there() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        let pages = templates(&root.join("templates"));
        let named = Regex::new(r#"asset\("([^"]+)"\)"#).unwrap();
        let found: Vec<_> = named.captures_iter(&pages).map(|found| found[1].to_owned()).collect();
        assert!(found.len() > 5, "{found:?}");
        for path in &found {
            assert_ne!(asset(path), "", "{path} is not in static/");
        }
        let imported = Regex::new(r#"from "\./([^"]+)""#).unwrap();
        for path in paths().filter(|path| path.starts_with("js/")) {
            let source = String::from_utf8(file(&path).unwrap().data.into_owned()).unwrap();
            for import in imported.captures_iter(&source) {
                assert_ne!(asset(&format!("js/{}", &import[1])), "", "{path} imports {}", &import[1]);
            }
        }
        for path in paths().filter(|path| path.starts_with("css/")) {
            assert!(found.iter().any(|found| *found == path), "no page uses {path}");
        }
    }
}
