//! Names of servers' tools, made such that every model API takes them.
//!
//! The attack meant is the server that gives its tool another's name: the server's own name leads, two underscores
//! part them, and no server's name has one. A name is looked up in the map it was made for, never taken apart.

use std::collections::BTreeMap;

use super::ServerName;
use crate::types::Digest;

/// The most characters of a name.
pub const MAX_NAME: usize = 64;

/// Characters that stay of a name which gets a hash.
const KEPT: usize = 55;

/// `{server}__{tool}` with other characters than letters, digits, `_` and `-` made to `_`. `None` if that is too long
/// or says less than the tool's own name does.
fn plain_name(server: &ServerName, tool: &str) -> (String, bool) {
    let plain = |character: char| character.is_ascii_alphanumeric() || character == '_' || character == '-';
    let name: String = tool.chars().map(|character| if plain(character) { character } else { '_' }).collect();
    let name = format!("{server}__{name}");
    let fits = name.len() <= MAX_NAME;
    (name, fits)
}

/// The name of a tool that has it for itself.
pub fn safe_name(server: &ServerName, tool: &str) -> String {
    let (name, fits) = plain_name(server, tool);
    if fits { name } else { hashed(&name, server, tool) }
}

fn hashed(name: &str, server: &ServerName, tool: &str) -> String {
    let digest = Digest::of_fields("sayso-mcp-name-1", &[server.as_str().as_bytes(), tool.as_bytes()]);
    let hash: String = digest.as_bytes().iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    let kept: String = name.chars().take(KEPT).collect();
    format!("{kept}_{hash}")
}

/// The names of a server's tools, in their order. Where two would be one, each gets a hash of what it really is
/// called, so that none depends on which came first. `None` for what still has another's name.
pub(super) fn unique_names(server: &ServerName, tools: &[&str]) -> Vec<Option<String>> {
    let mut found: BTreeMap<String, usize> = BTreeMap::new();
    for tool in tools {
        *found.entry(safe_name(server, tool)).or_default() += 1;
    }
    let mut taken = std::collections::BTreeSet::new();
    tools
        .iter()
        .map(|tool| {
            let name = safe_name(server, tool);
            let name = if found.get(&name) == Some(&1) { name } else { hashed(&name, server, tool) };
            taken.insert(name.clone()).then_some(name)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(name: &str) -> ServerName {
        name.parse().unwrap()
    }

    #[test]
    fn names_are_safe_short_and_their_own() {
        let files = server("files");
        assert_eq!(safe_name(&files, "read_file"), "files__read_file");
        assert_eq!(safe_name(&files, "a.b/c d\u{202e}é"), "files__a_b_c_d__");
        let long = safe_name(&files, &"x".repeat(58));
        assert_eq!(long.len(), MAX_NAME);
        assert_ne!(long, safe_name(&files, &"x".repeat(59)));
        assert_eq!(safe_name(&files, &"x".repeat(57)).len(), MAX_NAME);
        let names = unique_names(&files, &["a.b", "a/b", "c", "a_b", "a.b"]);
        assert_eq!(names.iter().flatten().count(), 4, "the second of one and the same name is left out: {names:?}");
        assert_eq!(names[2].as_deref(), Some("files__c"));
        assert!(names.iter().flatten().all(|name| name.starts_with("files__") && name.len() <= MAX_NAME));
        // The order changes nothing.
        assert_eq!(unique_names(&files, &["a/b", "a.b"])[1], names[0]);
        assert_ne!(safe_name(&server("a"), "b"), safe_name(&server("b"), "b"));
    }
}
