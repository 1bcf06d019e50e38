//! Paths as models write them, made safe before anything is opened.
//!
//! The attacks meant: a path that leads out of the folder, one that a person reads as another than it is (text
//! that runs backwards, characters that do not show), and one that means something else on another system.
//! What cannot be told from text (links) is looked at while opening, in `place`.

use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

use super::TEMPORARY_PREFIX;
use crate::tools::ToolError;

/// The most bytes of a whole path.
pub const MAX_PATH_BYTES: usize = 1024;

/// The most bytes of one name in it.
pub const MAX_NAME_BYTES: usize = 255;

/// The most names in it, the file's own included.
pub const MAX_NAMES: usize = 32;

/// A path below a tenant's folder: names with `/` between them, each of which is an ordinary name. Percent signs,
/// `~` and leading dashes are ordinary characters; nothing is decoded or expanded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelativePath {
    text: String,
    /// Where the part begins that is walked; what stands before it names the folder from which.
    from: usize,
}

impl RelativePath {
    /// Accepts a path or says, for the model, what is wrong with it: `invalid_path`. Nothing is mended: what was
    /// asked for is what is shown.
    pub fn parse(text: &str) -> Result<Self, ToolError> {
        match fault(text) {
            None => Ok(Self { text: text.to_owned(), from: 0 }),
            Some(why) => Err(refused(text, &why)),
        }
    }

    /// The path as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The path as it is walked from this folder: without the folder's own names. `None` if it does not begin with
    /// exactly them. What is left over cannot lead out of the folder, whatever it is: it is walked from there.
    pub(super) fn walked_from(&self, folder: &Self) -> Option<Self> {
        let rest = self.text.strip_prefix(folder.as_str())?;
        let slash = match rest.chars().next() {
            None => 0,
            Some('/') => 1,
            Some(_) => return None,
        };
        Some(Self { text: self.text.clone(), from: folder.text.len() + slash })
    }

    /// The folders above it that have a name, the narrowest first.
    pub(super) fn above(&self) -> impl Iterator<Item = &str> {
        std::iter::successors(self.text.rsplit_once('/'), |(folder, _)| folder.rsplit_once('/'))
            .map(|(folder, _)| folder)
    }

    /// What is walked.
    fn walked(&self) -> &str {
        self.text.get(self.from..).unwrap_or_default()
    }

    /// All names that are walked, from the outermost; none for the folder itself from which it is.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.walked().split('/').filter(|name| !name.is_empty())
    }

    /// The names of the folders on the way, from the outermost.
    pub(super) fn folders(&self) -> impl Iterator<Item = &str> {
        self.walked().rsplit_once('/').into_iter().flat_map(|(folders, _)| folders.split('/'))
    }

    /// The file's own name.
    pub(super) fn name(&self) -> &str {
        self.walked().rsplit_once('/').map_or(self.walked(), |(_, name)| name)
    }
}

/// A name or a path for the eye: characters that do not show are written as escapes.
pub(super) fn shown(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\\' | ':' => shown.push(character),
            ordinary if is_ordinary(ordinary) => shown.push(ordinary),
            other => shown.extend(other.escape_unicode()),
        }
    }
    shown
}

/// An `invalid_path` about this path, of which a long one is cut.
pub(super) fn refused(path: &str, why: &str) -> ToolError {
    let (end, more) = path.char_indices().nth(100).map_or((path.len(), ""), |(end, _)| (end, "…"));
    let shown = shown(path.get(..end).unwrap_or_default());
    ToolError::new("invalid_path", format!("The path “{shown}{more}” cannot be used: {why}."))
}

fn fault(path: &str) -> Option<String> {
    if path.is_empty() {
        return Some("it is empty; name a file, for example notes/hello.txt".to_owned());
    }
    if path.len() > MAX_PATH_BYTES {
        return Some(format!("it has {} bytes and the most is {MAX_PATH_BYTES}", path.len()));
    }
    if path.starts_with('/') {
        return Some("it is absolute; write it relative to the workspace, without a leading /".to_owned());
    }
    if path.ends_with('/') {
        return Some("it ends with /; name a file, not a folder".to_owned());
    }
    if path.split('/').count() > MAX_NAMES {
        return Some(format!("it has more than {MAX_NAMES} names"));
    }
    path.split('/').find_map(name_fault)
}

/// What keeps one name from being an ordinary name, if anything does.
pub(super) fn name_fault(name: &str) -> Option<String> {
    let said = match name {
        "" => Some("it has // in it; write a single /"),
        "." => Some("it has . as a name; leave it out"),
        ".." => Some("it has .. as a name; only files below the workspace can be named"),
        _ => None,
    };
    if let Some(why) = said {
        return Some(why.to_owned());
    }
    if name.len() > MAX_NAME_BYTES {
        return Some(format!("a name in it has {} bytes and the most is {MAX_NAME_BYTES}", name.len()));
    }
    if let Some(character) = name.chars().find(|character| !is_ordinary(*character)) {
        let code = u32::from(character);
        return Some(match character {
            '\\' => "it has a backslash; write / between folders".to_owned(),
            ':' => "it has a colon, which means a drive or a stream on some systems; leave it out".to_owned(),
            _ => format!("it has the character U+{code:04X}, which does not show or steers text; leave it out"),
        });
    }
    if name.starts_with(' ') || name.ends_with([' ', '.']) {
        return Some("a name in it begins with a space, or ends with a space or a dot".to_owned());
    }
    if is_reserved(name) {
        return Some(format!("“{name}” is a device on some systems; choose another name"));
    }
    if name.get(..TEMPORARY_PREFIX.len()).is_some_and(|start| start.eq_ignore_ascii_case(TEMPORARY_PREFIX)) {
        return Some(format!("names that begin with {TEMPORARY_PREFIX} are kept for unfinished writes"));
    }
    None
}

/// Whether a character shows as itself and separates nothing. No control, format (bidirectional, zero-width, tags),
/// private or unknown characters, no blanks but the space, none that are drawn as nothing.
fn is_ordinary(character: char) -> bool {
    if matches!(character, '\\' | ':') {
        return false;
    }
    if character == ' ' || character.is_ascii_graphic() {
        return true;
    }
    // Letters, marks and symbols that are drawn as nothing: fillers, joiners, variation selectors, an empty pattern.
    let blank = matches!(
        character,
        '\u{034F}'
            | '\u{115F}'
            | '\u{1160}'
            | '\u{17B4}'
            | '\u{17B5}'
            | '\u{180B}'..='\u{180F}'
            | '\u{2800}'
            | '\u{3164}'
            | '\u{FE00}'..='\u{FE0F}'
            | '\u{FFA0}'
            | '\u{FFFC}'
            | '\u{1D159}'
            | '\u{E0000}'..='\u{E0FFF}'
    );
    !blank
        && !matches!(
            character.general_category(),
            GeneralCategory::Control
                | GeneralCategory::Format
                | GeneralCategory::Surrogate
                | GeneralCategory::PrivateUse
                | GeneralCategory::Unassigned
                | GeneralCategory::LineSeparator
                | GeneralCategory::ParagraphSeparator
                | GeneralCategory::SpaceSeparator
        )
}

/// Whether Windows takes the name for a device, with whatever ending: `con`, `NUL.txt`, `com1`.
fn is_reserved(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name).trim_end().to_ascii_uppercase();
    if matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$" | "CLOCK$") {
        return true;
    }
    let port = stem.strip_prefix("COM").or_else(|| stem.strip_prefix("LPT"));
    port.is_some_and(|number| {
        let mut characters = number.chars();
        matches!((characters.next(), characters.next()), (Some('0'..='9' | '¹' | '²' | '³'), None))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ordinary_paths_are_kept_as_they_are() {
        let long = "x".repeat(MAX_NAME_BYTES);
        let deep = vec!["d"; MAX_NAMES].join("/");
        let whole = ["y".repeat(255), "y".repeat(255), "y".repeat(255), "y".repeat(256)].join("/");
        assert_eq!(whole.len(), MAX_PATH_BYTES);
        for path in [
            "a",
            "notes/hello.txt",
            "Notes/Olá, São Paulo (1).md",
            "日本語/файл.txt",
            "a b/c  d",
            ".gitignore",
            "a/.hidden/b",
            "~",
            "~root/x",
            "-rf",
            "--help",
            "..%2fx",
            "notes/..%2fx",
            "%2e%2e/x",
            "..a",
            "a..b",
            "$HOME",
            "`id`;&&|<>*?\"'",
            "console",
            "com10",
            "lpt",
            "null.txt",
            "sayso-1",
            "🦀.rs",
            &long,
            &deep,
        ] {
            assert_eq!(RelativePath::parse(path).as_ref().map(RelativePath::as_str), Ok(path));
        }
    }

    #[test]
    fn hostile_paths_are_refused() {
        let long_name = format!("a/{}", "x".repeat(MAX_NAME_BYTES + 1));
        let long_path = vec!["y".repeat(200); 6].join("/");
        let deep = vec!["d"; MAX_NAMES + 1].join("/");
        for (path, says) in [
            ("", "empty"),
            (".", ". as a name"),
            ("./a", ". as a name"),
            ("a/./b", ". as a name"),
            ("..", ".. as a name"),
            ("../x", ".. as a name"),
            ("notes/../x", ".. as a name"),
            ("notes/..", ".. as a name"),
            ("/", "absolute"),
            ("/etc/passwd", "absolute"),
            ("//server/share", "absolute"),
            ("notes/", "ends with /"),
            ("a//b", "//"),
            ("C:\\x", "colon"),
            ("C:/x", "colon"),
            ("a.txt:stream", "colon"),
            ("..\\x", "backslash"),
            ("\\\\server\\share", "backslash"),
            ("a\0b", "U+0000"),
            ("a\nb", "U+000A"),
            ("a\u{1b}[2Jb", "U+001B"),
            ("a\u{7f}", "U+007F"),
            ("a\u{85}b", "U+0085"),
            ("exe.\u{202e}txt.scr", "U+202E"),
            ("a\u{2066}b", "U+2066"),
            ("a\u{200b}b", "U+200B"),
            ("a\u{200d}b", "U+200D"),
            ("\u{feff}a", "U+FEFF"),
            ("a\u{ad}b", "U+00AD"),
            ("a\u{61c}b", "U+061C"),
            ("a\u{2028}b", "U+2028"),
            ("a\u{a0}b", "U+00A0"),
            ("a\u{3164}", "U+3164"),
            ("a\u{fe0f}", "U+FE0F"),
            ("a\u{e0041}", "U+E0041"),
            ("a\u{e000}", "U+E000"),
            ("a\u{378}", "U+0378"),
            ("a.", "dot"),
            ("a /b", "space"),
            (" a", "space"),
            ("...", "dot"),
            ("con", "device"),
            ("a/NUL", "device"),
            ("Aux.txt", "device"),
            ("prn .tar.gz", "device"),
            ("COM1", "device"),
            ("lpt9.x", "device"),
            ("com¹", "device"),
            (".sayso-1", "unfinished"),
            ("a/.SAYSO-1/b", "unfinished"),
            (&long_name, "256 bytes"),
            (&long_path, "1205 bytes"),
            (&deep, "more than 32"),
        ] {
            let error = RelativePath::parse(path).unwrap_err();
            assert_eq!(error.code, "invalid_path", "{path:?}");
            assert!(error.message.contains(says), "{:?} does not say {says}", error.message);
            assert!(error.message.chars().all(|shown| is_ordinary(shown) || "\\:".contains(shown)), "{error}");
            assert!(error.message.len() < 700);
        }
    }

    #[test]
    fn a_path_is_walked_from_a_folder_that_it_names() {
        let path = |text: &str| RelativePath::parse(text).unwrap();
        let file = path("a/b/c.txt");
        assert_eq!(file.above().collect::<Vec<_>>(), ["a/b", "a"]);
        assert_eq!(path("c.txt").above().count(), 0);
        let below = file.walked_from(&path("a")).unwrap();
        assert_eq!((below.as_str(), below.name()), ("a/b/c.txt", "c.txt"));
        assert_eq!(below.folders().collect::<Vec<_>>(), ["b"]);
        assert_eq!(below.names().collect::<Vec<_>>(), ["b", "c.txt"]);
        let below = file.walked_from(&path("a/b")).unwrap();
        assert_eq!((below.name(), below.folders().count()), ("c.txt", 0));
        assert_eq!(file.walked_from(&file).unwrap().names().count(), 0);
        for other in ["A", "a/b/c", "a/b/c.txt/d", "b", "a b", "a/B"] {
            assert_eq!(file.walked_from(&path(other)), None, "{other}");
        }
        assert_eq!(path("ab/c").walked_from(&path("a")), None);
    }

    proptest! {
        /// Whatever is accepted stays below where it begins, by any reading of it.
        #[test]
        fn accepted_paths_only_lead_down(path in "[a./\\\\: ~\u{202e}\u{0}-]{0,12}") {
            if let Ok(accepted) = RelativePath::parse(&path) {
                for folder in accepted.above() {
                    let below = accepted.walked_from(&RelativePath::parse(folder).unwrap()).unwrap();
                    let names: Vec<&str> = below.names().collect();
                    prop_assert_eq!(format!("{folder}/{}", names.join("/")), path.as_str());
                }
                prop_assert_eq!(accepted.as_str(), &path);
                for component in std::path::Path::new(&path).components() {
                    prop_assert!(matches!(component, std::path::Component::Normal(_)), "{path:?}: {component:?}");
                }
                let names: Vec<&str> = accepted.folders().chain([accepted.name()]).collect();
                prop_assert_eq!(names.join("/"), path);
            }
        }

        #[test]
        fn any_text_is_answered(path in any::<String>()) {
            let _ = RelativePath::parse(&path);
        }
    }
}
