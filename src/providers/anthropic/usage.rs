//! What a reply used, as the Messages API reports it.

use serde_json::Value;

use crate::{providers::ModelEvent, types::Usage};

/// What was reported, field by field: a later report takes an earlier one's place, what it leaves out or says is
/// `null` stays. Gateways report zero at first and the truth at the end.
#[derive(Clone, Debug, Default)]
pub(super) struct ReportedUsage {
    input: i64,
    cache_write: i64,
    cache_read: i64,
    output: i64,
}

impl ReportedUsage {
    /// Takes a report and tells what is known now.
    pub(super) fn report(&mut self, usage: Option<&Value>, out: &mut Vec<ModelEvent>) {
        let Some(usage) = usage else { return };
        let fields = [
            ("input_tokens", &mut self.input),
            ("cache_creation_input_tokens", &mut self.cache_write),
            ("cache_read_input_tokens", &mut self.cache_read),
            ("output_tokens", &mut self.output),
        ];
        for (name, field) in fields {
            if let Some(count) = usage.get(name).and_then(Value::as_u64).filter(|count| *count > 0) {
                *field = i64::try_from(count).unwrap_or(i64::MAX);
            }
        }
        let input_tokens = self.input.saturating_add(self.cache_write).saturating_add(self.cache_read);
        // All zero means that nothing is known.
        if input_tokens > 0 || self.output > 0 {
            out.push(ModelEvent::Usage(Usage {
                input_tokens,
                output_tokens: self.output,
                cached_tokens: self.cache_read,
                estimated: false,
            }));
        }
    }
}
