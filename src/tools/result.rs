//! What a tool ends with: text, and files beside it; and how much of the text is shown and told to a model.

use bytes::Bytes;

use super::ToolError;

/// The name of the file that holds a text of which only the beginning is shown.
pub const WHOLE: &str = "result.txt";

/// About so many tokens of a result go to the model.
const TOKENS: usize = 25_000;

/// What a tool gave. Nothing about its files is believed yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ToolResult {
    /// What the model is told and the page shows, as far as it is not too long.
    pub text: String,
    /// Images and other files, in their order.
    pub files: Vec<ResultFile>,
    /// Whether it says that the tool failed.
    pub is_error: bool,
}

/// A file as a tool gave it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ResultFile {
    /// The name that the tool has for it; may be empty, and may be anything.
    pub name: String,
    /// What the tool says that it is, as HTTP names it; may be anything.
    pub media_type: String,
    /// What is in it.
    pub bytes: Bytes,
}

/// What is kept of a result.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// What the page shows.
    pub shown: String,
    /// What the model is told.
    pub told: String,
    /// The tool's files; first of all the whole text, where it was cut.
    pub files: Vec<ResultFile>,
}

impl From<String> for ToolResult {
    fn from(text: String) -> Self {
        Self { text, ..Self::default() }
    }
}

impl From<&str> for ToolResult {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl ToolResult {
    /// Cuts the text to at most `most` bytes for the page, and to about 25,000 tokens of these for the model. A text that
    /// was cut says so where it ends, and is whole in a file.
    pub fn kept(self, most: usize) -> Kept {
        let Self { text, mut files, is_error: _ } = self;
        let (shown, told) = (beginning(&text, most), beginning(&text, most.min(end_of_tokens(&text))));
        if told.len() < text.len() {
            let (name, media_type) = (WHOLE.to_owned(), "text/plain".to_owned());
            // It is dear: copied only where something was cut.
            files.insert(0, ResultFile { name, media_type, bytes: Bytes::copy_from_slice(text.as_bytes()) });
        }
        Kept { shown: marked(shown, text.len()), told: marked(told, text.len()), files }
    }
}

impl ToolError {
    /// With at most so many bytes of words; where something is left out, it says so.
    #[must_use]
    pub fn cut(self, most: usize) -> Self {
        let message = marked(beginning(&self.message, most), self.message.len());
        Self { message, ..self }
    }
}

fn beginning(text: &str, most: usize) -> &str {
    text.get(..text.floor_char_boundary(most)).unwrap_or_default()
}

/// A beginning with a mark that it is no more than that.
fn marked(beginning: &str, all: usize) -> String {
    match beginning.len() {
        kept if kept < all => format!("{beginning}\n\n[Cut: these are the first {kept} of {all} bytes.]"),
        _ => beginning.to_owned(),
    }
}

/// Where the tokens that go to a model end: four ASCII characters make one, and so does every other character.
fn end_of_tokens(text: &str) -> usize {
    let mut quarters = 0;
    let is_beyond = |(_, character): &(usize, char)| {
        quarters += if character.is_ascii() { 1 } else { 4 };
        quarters > 4 * TOKENS
    };
    text.char_indices().find(is_beyond).map_or(text.len(), |(end, _)| end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(text: &str, most: usize) -> (String, String, Vec<ResultFile>) {
        let Kept { shown, told, files } = ToolResult::from(text).kept(most);
        (shown, told, files)
    }

    #[test]
    fn what_fits_stays_as_it_is() {
        let text = "é".repeat(TOKENS);
        assert_eq!(kept(&text, text.len()), (text.clone(), text, Vec::new()));
        assert_eq!(kept("", 0), (String::new(), String::new(), Vec::new()));
    }

    #[test]
    fn a_text_too_long_is_cut_and_kept_whole() {
        let (shown, told, files) = kept("ééé", 5);
        assert_eq!(shown, "éé\n\n[Cut: these are the first 4 of 6 bytes.]");
        assert_eq!(told, shown);
        let [file] = &files[..] else { panic!("{files:?}") };
        assert_eq!((file.name.as_str(), file.media_type.as_str()), ("result.txt", "text/plain"));
        assert_eq!(file.bytes, "ééé".as_bytes());
    }

    #[test]
    fn a_model_is_told_less_than_a_page_shows() {
        for (letter, letters) in [("a", 4 * TOKENS), ("é", TOKENS), ("🦀", TOKENS)] {
            let text = letter.repeat(letters + 1);
            let (shown, told, files) = kept(&text, 1 << 20);
            assert_eq!(shown, text);
            let (first, all) = (letters * letter.len(), text.len());
            assert_eq!(
                told,
                format!("{}\n\n[Cut: these are the first {first} of {all} bytes.]", letter.repeat(letters))
            );
            assert_eq!(files[0].bytes, text.as_bytes());
        }
    }

    #[test]
    fn the_whole_text_stands_before_the_tools_own_files() {
        let own = ResultFile { name: "own.bin".into(), ..ResultFile::default() };
        let kept = ToolResult { files: vec![own.clone()], .."long".into() }.kept(1);
        assert_eq!(kept.files.iter().map(|file| file.name.as_str()).collect::<Vec<_>>(), [WHOLE, "own.bin"]);
        let kept = ToolResult { files: vec![own.clone()], .."long".into() }.kept(4);
        assert_eq!(kept.files, [own]);
    }

    #[test]
    fn words_of_an_error_are_cut_too() {
        let error = ToolError::new("tool_error", "ééé");
        assert_eq!(error.clone().cut(6), error);
        assert_eq!(error.cut(5).message, "éé\n\n[Cut: these are the first 4 of 6 bytes.]");
    }
}
