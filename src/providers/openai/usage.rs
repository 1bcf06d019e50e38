//! What a reply used, as servers of Chat Completions report it.

use serde_json::Value;

use crate::types::Usage;

/// What a chunk reports, which is always the sum so far. `None` if it says nothing, or zero, which means that nothing
/// is known.
pub(super) fn reported(chunk: &Value) -> Option<Usage> {
    let usage =
        [chunk.get("usage"), chunk.pointer("/x_groq/usage")].into_iter().flatten().find(|usage| usage.is_object())?;
    let count = |pointer: &str| {
        let count = usage.pointer(pointer).and_then(Value::as_u64).unwrap_or_default();
        i64::try_from(count).unwrap_or(i64::MAX)
    };
    let (input_tokens, written) = (count("/prompt_tokens"), count("/completion_tokens"));
    if input_tokens == 0 && written == 0 {
        return None;
    }
    // xAI counts what was thought beside what was written, not in it; both are paid for.
    let thought = count("/completion_tokens_details/reasoning_tokens");
    let is_beside = count("/total_tokens") == input_tokens.saturating_add(written).saturating_add(thought);
    let output_tokens = if is_beside { written.saturating_add(thought) } else { written };
    let cached_tokens = count("/prompt_tokens_details/cached_tokens").max(count("/prompt_cache_hit_tokens"));
    Some(Usage { input_tokens, output_tokens, cached_tokens: cached_tokens.min(input_tokens), estimated: false })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(usage: Value) -> Option<(i64, i64, i64)> {
        let chunk = json!({"choices": [], "usage": usage});
        reported(&chunk).map(|usage| (usage.input_tokens, usage.output_tokens, usage.cached_tokens))
    }

    #[test]
    fn each_server_says_it_in_its_way() {
        assert_eq!(read(json!({"prompt_tokens": 5, "completion_tokens": 7, "total_tokens": 12})), Some((5, 7, 0)));
        let details = json!({"cached_tokens": 4});
        let cached = json!({"prompt_tokens": 5, "completion_tokens": 7, "prompt_tokens_details": details});
        assert_eq!(read(cached), Some((5, 7, 4)));
        assert_eq!(
            read(json!({"prompt_tokens": 5, "completion_tokens": 7, "prompt_cache_hit_tokens": 3})),
            Some((5, 7, 3))
        );
        // The part that was thought, in the sum or beside it.
        let thought = |total: u64| {
            let details = json!({"reasoning_tokens": 4});
            json!({"prompt_tokens": 5, "completion_tokens": 7, "total_tokens": total,
                "completion_tokens_details": details})
        };
        assert_eq!(read(thought(12)), Some((5, 7, 0)));
        assert_eq!(read(thought(16)), Some((5, 11, 0)));
        assert_eq!(read(json!({"prompt_tokens": 0, "completion_tokens": 0})), None);
        assert_eq!(read(Value::Null), None);
        let groq = json!({"choices": [], "x_groq": {"usage": {"prompt_tokens": 1, "completion_tokens": 2}}});
        assert_eq!(reported(&groq).map(|usage| usage.output_tokens), Some(2));
    }
}
