//! What a model tells of its reply → what a program is told of it.

use std::collections::BTreeMap;

use super::Told;
use crate::{providers::ModelEvent, types::ToolCallId};

/// Numbers the calls of a reply, and says first of all who answers.
pub(super) struct Teller {
    provider: String,
    model: String,
    has_begun: bool,
    calls: BTreeMap<u32, Call>,
}

struct Call {
    index: u32,
    /// Arguments that may yet turn out to be none: some models write `null`.
    held: Option<String>,
}

impl Teller {
    pub fn new() -> Self {
        Self { provider: String::new(), model: String::new(), has_begun: false, calls: BTreeMap::new() }
    }

    /// Who was asked; the reply itself may name the model more exactly.
    pub fn answered_by(&mut self, provider: &str, model: &str) {
        (self.provider, self.model) = (provider.to_owned(), model.to_owned());
    }

    /// Whether the model asks for tools.
    pub fn has_calls(&self) -> bool {
        !self.calls.is_empty()
    }

    pub fn event(&mut self, event: &ModelEvent) -> Vec<Told> {
        let told = match event {
            ModelEvent::Model(model) => {
                model.clone_into(&mut self.model);
                None
            }
            ModelEvent::Text { text, .. } => Some(Told::Text(text.clone())),
            ModelEvent::Thinking { text, .. } => Some(Told::Thinking(text.clone())),
            ModelEvent::ToolCall { block, name, .. } => self.call(*block, name),
            ModelEvent::ToolInput { block, fragment } => self.input(*block, fragment),
            ModelEvent::BlockEnd { block } => self.block_end(*block),
            ModelEvent::Raw { .. } | ModelEvent::Usage(_) | ModelEvent::Stop(_) => None,
        };
        match told {
            Some(told) => self.begun().into_iter().chain([told]).collect(),
            None => Vec::new(),
        }
    }

    /// The reply is over; it may have been empty.
    pub fn end(&mut self) -> Vec<Told> {
        self.begun().into_iter().collect()
    }

    fn begun(&mut self) -> Option<Told> {
        let is_news = !std::mem::replace(&mut self.has_begun, true);
        is_news.then(|| Told::Begun { provider: self.provider.clone(), model: self.model.clone() })
    }

    fn call(&mut self, block: u32, name: &str) -> Option<Told> {
        let index = u32::try_from(self.calls.len()).unwrap_or(u32::MAX);
        if self.calls.contains_key(&block) {
            return None;
        }
        self.calls.insert(block, Call { index, held: Some(String::new()) });
        Some(Told::Call { index, id: ToolCallId::new(), name: name.to_owned() })
    }

    fn input(&mut self, block: u32, fragment: &str) -> Option<Told> {
        let Call { index, held } = self.calls.get_mut(&block)?;
        let fragment = match held.take() {
            None => fragment.to_owned(),
            Some(before) => {
                let all = before + fragment;
                if "null".starts_with(all.trim()) {
                    *held = Some(all);
                    return None;
                }
                all
            }
        };
        Some(Told::Input { index: *index, fragment })
    }

    /// A whole call has arguments, were it none.
    fn block_end(&mut self, block: u32) -> Option<Told> {
        let Call { index, held } = self.calls.get_mut(&block)?;
        let held = held.take()?;
        let is_none = matches!(held.trim(), "" | "null");
        Some(Told::Input { index: *index, fragment: if is_none { "{}".to_owned() } else { held } })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The arguments that are told of a call that comes in these fragments.
    fn arguments(fragments: &[&str]) -> Vec<String> {
        let mut teller = Teller::new();
        let mut told = teller.event(&ModelEvent::ToolCall { block: 3, provider_id: None, name: "t".into() });
        for fragment in fragments {
            told.extend(teller.event(&ModelEvent::ToolInput { block: 3, fragment: (*fragment).to_owned() }));
        }
        told.extend(teller.event(&ModelEvent::BlockEnd { block: 3 }));
        assert!(matches!(told[0], Told::Begun { .. }) && matches!(&told[1], Told::Call { index: 0, .. }));
        let inputs = told.into_iter().filter_map(|told| match told {
            Told::Input { fragment, .. } => Some(fragment),
            _ => None,
        });
        inputs.collect()
    }

    #[test]
    fn arguments_come_as_they_are_and_are_never_missing() {
        for (fragments, told) in [
            (&[][..], vec!["{}"]),
            (&["", " "], vec!["{}"]),
            (&["nu", "ll"], vec!["{}"]),
            (&["{\"a\"", ": 1}"], vec!["{\"a\"", ": 1}"]),
            (&["n", "ope"], vec!["nope"]),
            (&["nu"], vec!["nu"]),
        ] {
            assert_eq!(arguments(fragments), told, "{fragments:?}");
        }
    }

    #[test]
    fn who_answers_is_told_once_and_by_the_name_in_the_reply() {
        let mut teller = Teller::new();
        teller.answered_by("openai", "asked");
        assert!(teller.event(&ModelEvent::Model("answered".into())).is_empty());
        let told = teller.event(&ModelEvent::Text { block: 0, text: "Hi".into() });
        let begun = Told::Begun { provider: "openai".into(), model: "answered".into() };
        assert_eq!(told, [begun, Told::Text("Hi".into())]);
        assert!(teller.end().is_empty());
        assert_eq!(Teller::new().end().len(), 1);
    }
}
