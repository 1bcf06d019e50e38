//! What a server asks the person of a running call, as a form that names the server.
//!
//! The attacks meant: a server that passes for Sayso and asks for a password; an address that looks like another's.

use askama::Template;
use url::{Position, Url};

use super::{PageContext, conversation::draw, schema_form, visible::visible};
use crate::types::{
    Question, QuestionWanted, ToolCall,
    schema_form::{Typed, Wrong, of_question},
};

/// What a person had typed into the form of a question that comes back to them, and why.
#[derive(Clone, Copy, Debug)]
pub struct TypedAnswer<'a> {
    /// What they typed.
    pub typed: &'a Typed,
    /// What was wrong, by the place of the field.
    pub wrong: &'a [(Option<usize>, Wrong)],
}

/// `tool_calls/question.html`
#[derive(Template)]
#[template(path = "tool_calls/question.html")]
struct QuestionForm<'a> {
    ctx: &'a PageContext,
    call: &'a ToolCall,
    question: &'a Question,
    typed: Option<TypedAnswer<'a>>,
    is_live: bool,
    is_of_list: bool,
}

/// An address in three parts, so that its host stands out.
struct Address {
    whole: String,
    before: String,
    host: String,
    after: String,
}

impl Address {
    fn of(url: &str) -> Option<Self> {
        // Looked at when it was stored, and once more where a browser is given it.
        let url = Url::parse(url).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
        Some(Self {
            before: url[..Position::BeforeHost].to_owned(),
            host: url[Position::BeforeHost..Position::AfterHost].to_owned(),
            after: url[Position::AfterHost..].to_owned(),
            whole: url.into(),
        })
    }
}

impl QuestionForm<'_> {
    fn message(&self) -> String {
        visible(&self.question.message)
    }

    fn is_address(&self) -> bool {
        matches!(self.question.wanted, Some(QuestionWanted::Address { .. }))
    }

    fn address(&self) -> Option<Address> {
        match &self.question.wanted {
            Some(QuestionWanted::Address { url }) => Address::of(url),
            _ => None,
        }
    }

    fn fields(&self) -> Option<String> {
        let Some(QuestionWanted::Form { schema }) = &self.question.wanted else { return None };
        let (typed, wrong) = self.typed.map_or((None, &[][..]), |typed| (Some(typed.typed), typed.wrong));
        let views = schema_form::views(self.ctx, of_question(schema), typed, wrong)?;
        Some(schema_form::drawn(self.ctx, &format!("question-{}", self.call.id), &views))
    }

    fn whole(&self) -> &str {
        self.typed.and_then(|typed| typed.typed.whole()).unwrap_or("{}")
    }

    /// What is wrong with all of it; that something is, where it stands beside fields.
    fn error(&self) -> Option<String> {
        let wrong = self.typed?.wrong;
        let of_all = wrong.iter().find(|(place, _)| place.is_none());
        match of_all {
            Some((_, wrong)) => Some(schema_form::words(self.ctx, wrong)),
            None if wrong.is_empty() => None,
            None => Some(self.ctx.t1("question-look-again", "count", wrong.len()).into_owned()),
        }
    }
}

/// The form of the question that waits in a call; nothing where none does.
pub fn question_form(
    ctx: &PageContext,
    call: &ToolCall,
    typed: Option<TypedAnswer<'_>>,
    (is_live, is_of_list): (bool, bool),
) -> String {
    let Some(question) = call.question() else { return String::new() };
    draw(&QuestionForm { ctx, call, question, typed, is_live, is_of_list })
}
