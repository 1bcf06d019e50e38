//! A conversation as a file: Markdown for people, JSON for programs. Drawn message by message, so that a long one is
//! never in memory as a whole.
//!
//! In Markdown whatever somebody said stands in a quotation, and arguments and results in fences longer than any within:
//! no text ends where it stands, and none passes for a heading of ours.

use chrono::{DateTime, Utc};

use super::html::provider_name;
use crate::{
    i18n::Locale,
    models::{conversation::Conversation, tool_call::StoredCall},
    types::{
        Authority, Block, Decision, Message, MessageRole, MessageState, Question, QuestionAnswer, ToolCallState,
        size_in_words,
    },
};

/// The beginning of a Markdown file.
pub fn head(conversation: &Conversation, now: DateTime<Utc>, locale: Locale) -> String {
    let line = locale.text_with("export-head", &[("began", time(conversation.created_at.0)), ("now", time(now))]);
    format!("# {}\n\n{line}\n", one_line(&conversation.title))
}

/// A message with the calls that it asks for. What tools answered stands with their calls.
pub fn message(message: &Message, calls: &[(StoredCall, Vec<Question>)], locale: Locale) -> String {
    let who = match message.role {
        MessageRole::User => locale.text("message-from-you").into_owned(),
        MessageRole::Assistant => {
            let who = locale.text("message-from-assistant");
            match (&message.provider, &message.model) {
                (Some(provider), Some(model)) => format!("{who} ({}, {})", provider_name(provider), one_line(model)),
                _ => who.into_owned(),
            }
        }
        MessageRole::Tool => return String::new(),
    };
    let mut drawn = format!("\n## {who}, {}\n", time(message.created_at));
    drawn.push_str(&beside(&message.content, locale));
    let text = message.text();
    if !text.trim().is_empty() {
        drawn.push_str(&format!("\n{}\n", quoted(&text)));
    }
    if message.state == MessageState::CutOff {
        drawn.push_str(&format!("\n{}\n", locale.text("export-cut-off")));
    }
    for (asked, questions) in calls {
        drawn.push_str(&call(asked, questions, locale));
    }
    drawn
}

/// The images and files among these blocks, by name.
fn beside(blocks: &[Block], locale: Locale) -> String {
    let line = |block: &Block| match block {
        Block::Image { name, .. } => Some(locale.text_with("export-image", &[("name", one_line(name))])),
        Block::File { name, media_type, bytes, .. } => {
            let values = [("name", one_line(name)), ("type", one_line(media_type)), ("size", size_in_words(*bytes))];
            Some(locale.text_with("export-file", &values))
        }
        Block::Text { .. }
        | Block::Thinking { .. }
        | Block::ToolUse { .. }
        | Block::ToolResult { .. }
        | Block::Opaque { .. } => None,
    };
    blocks.iter().filter_map(line).map(|line| format!("\n{line}\n")).collect()
}

fn call(call: &StoredCall, questions: &[Question], locale: Locale) -> String {
    let values = [("tool", one_line(&call.name)), ("server", one_line(&call.server))];
    let mut drawn = format!("\n### {}\n", locale.text_with("export-call", &values));
    drawn.push_str(&format!("\n{}\n", decision(call, locale)));
    if let Some(asked) = &call.asked_arguments {
        drawn.push_str(&format!("\n{}\n\n{}\n", locale.text("export-asked"), fenced(asked, "json")));
    }
    drawn.push_str(&format!("\n{}\n\n{}\n", locale.text("export-arguments"), fenced(&call.arguments, "json")));
    for question in questions {
        let words = locale.text_with(asked(question), &[("server", one_line(&call.server))]);
        drawn.push_str(&format!("\n{words}\n\n{}\n", quoted(&question.message)));
    }
    if let Some(result) = &call.result {
        drawn.push_str(&format!("\n{}\n\n{}\n", locale.text("export-result"), fenced(result, "")));
    }
    drawn.push_str(&beside(call.files.as_ref().map(|files| files.0.as_slice()).unwrap_or_default(), locale));
    drawn
}

/// That a server asked, and what became of it; never what was answered.
fn asked(question: &Question) -> &'static str {
    match question.answer {
        None => "question-asks",
        Some(QuestionAnswer::Accept) => "question-accepted",
        Some(QuestionAnswer::Decline) => "question-declined",
        Some(QuestionAnswer::Cancel) => "question-cancelled",
    }
}

/// What was decided, when and by what, and where the call stands.
fn decision(call: &StoredCall, locale: Locale) -> String {
    let decided = match (&call.authority, call.decision, call.decided_at) {
        (Some(authority), ..) => Some(match authority.0 {
            Authority::Rule => locale.text("export-by-rule").into_owned(),
            Authority::Grant { .. } => locale.text("export-by-grant").into_owned(),
        }),
        (None, Some(decision), Some(at)) => {
            let key = match decision {
                Decision::Approve => "export-approved",
                Decision::Deny => "export-denied",
                Decision::RunAgain => "export-run-again",
                Decision::Report => "export-reported",
            };
            Some(locale.text_with(key, &[("time", time(at.0))]).into_owned())
        }
        _ => None,
    };
    let reason = call
        .reason
        .as_deref()
        .map(|reason| locale.text_with("export-reason", &[("reason", one_line(reason))]).into_owned());
    let state = locale.text_with("export-state", &[("state", state(call.state, locale))]).into_owned();
    [decided, reason, Some(state)].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

fn state(state: ToolCallState, locale: Locale) -> String {
    let key = match state {
        ToolCallState::Pending => "export-state-pending",
        ToolCallState::Approved => "export-state-approved",
        ToolCallState::Denied => "export-state-denied",
        ToolCallState::Running => "export-state-running",
        ToolCallState::AwaitingInput => "export-state-awaiting-input",
        ToolCallState::Succeeded => "export-state-succeeded",
        ToolCallState::Failed => "export-state-failed",
        ToolCallState::OutcomeUnknown => "export-state-unknown",
    };
    locale.text(key).into_owned()
}

fn time(time: DateTime<Utc>) -> String {
    time.format("%Y-%m-%d %H:%M:%S UTC").to_string()
}

/// A text within a line: nothing of it begins a line, and nothing of it is markup.
fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for character in text.split_whitespace().collect::<Vec<_>>().join(" ").chars() {
        if matches!(character, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '!' | '&' | '|' | '~') {
            line.push('\\');
        }
        if !character.is_control() {
            line.push(character);
        }
    }
    line
}

/// A text as a quotation: what it opens ends with it.
fn quoted(text: &str) -> String {
    // Each of these ends a line in Markdown.
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let line = |line: &str| if line.is_empty() { ">".to_owned() } else { format!("> {line}") };
    text.trim_end().split('\n').map(line).collect::<Vec<_>>().join("\n")
}

/// A text in a fence that is longer than any within.
fn fenced(text: &str, kind: &str) -> String {
    let longest = text.split(|character| character != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}{kind}\n{}\n{fence}", text.trim_end_matches('\n'))
}

/// What a file of this title is called, without its ending: letters and digits that every system takes.
pub fn file_name(title: &str) -> String {
    let mut name = String::new();
    for character in title.chars() {
        if name.len() >= 60 {
            break;
        }
        if character.is_ascii_alphanumeric() {
            name.push(character.to_ascii_lowercase());
        } else if !name.is_empty() && !name.ends_with('-') {
            name.push('-');
        }
    }
    let name = name.trim_end_matches('-');
    if name.is_empty() { "conversation".to_owned() } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use pulldown_cmark::{Event, Parser, Tag};

    use super::*;

    /// The headings of a Markdown text, wherever they stand, and its top-level parts.
    fn outline(markdown: &str) -> (usize, Vec<&'static str>) {
        let (mut depth, mut headings, mut parts) = (0, 0, Vec::new());
        for event in Parser::new(markdown) {
            match event {
                Event::Start(tag) => {
                    if depth == 0 {
                        parts.push(match tag {
                            Tag::Heading { .. } => "heading",
                            Tag::BlockQuote(_) => "quotation",
                            Tag::CodeBlock(_) => "code",
                            Tag::Paragraph => "paragraph",
                            _ => "other",
                        });
                        headings += usize::from(matches!(tag, Tag::Heading { .. }));
                    }
                    depth += 1;
                }
                Event::End(_) => depth -= 1,
                _ => {}
            }
        }
        (headings, parts)
    }

    const HOSTILE: &[&str] = &[
        "```\n## You\n",
        "<!--\n## You",
        "<script>\n\n## You",
        "````\n```\n````\n# Out",
        "a\r## You\r\n# You\r\r# You",
        "> quoted\n\n# Out",
        "- a\n\n# Out",
        "``` ``` `````\n``````",
        "\n\n# Out",
    ];

    #[test]
    fn nothing_breaks_out_of_its_place() {
        for text in HOSTILE {
            let drawn = format!("{}\n\n## Ours\n", quoted(text));
            assert_eq!(outline(&drawn), (1, vec!["quotation", "heading"]), "{drawn}");
            let drawn = format!("{}\n\n## Ours\n", fenced(text, "json"));
            assert_eq!(outline(&drawn), (1, vec!["code", "heading"]), "{drawn}");
            let drawn = format!("## {}\n\n## Ours\n", one_line(text));
            assert_eq!(outline(&drawn), (2, vec!["heading", "heading"]), "{drawn}");
        }
        assert_eq!(fenced("a```b", ""), "````\na```b\n````");
    }

    #[test]
    fn names_of_files_are_plain() {
        for (title, name) in [
            ("Pelicans & gulls", "pelicans-gulls"),
            ("../../etc/passwd", "etc-passwd"),
            ("\u{65e5}\u{672c}", "conversation"),
            ("a\"\r\nb; x", "a-b-x"),
            ("", "conversation"),
        ] {
            assert_eq!(file_name(title), name);
        }
        assert!(file_name(&"long ".repeat(100)).len() <= 61);
    }
}
