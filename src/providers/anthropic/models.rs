//! The list of models of the Messages API.

use serde_json::Value;

use crate::providers::ModelInfo;

/// The models of one page, and the id after which the next one begins.
pub(super) fn read(page: &Value) -> (Vec<ModelInfo>, Option<String>) {
    let models = page.get("data").and_then(Value::as_array).into_iter().flatten().filter_map(model).collect();
    let has_more = page.get("has_more") == Some(&Value::Bool(true));
    let last = page.get("last_id").and_then(Value::as_str).filter(|id| has_more && !id.is_empty());
    (models, last.map(str::to_owned))
}

fn model(model: &Value) -> Option<ModelInfo> {
    let name = model.get("id")?.as_str().filter(|name| !name.is_empty())?;
    let label = model.get("display_name").and_then(Value::as_str).filter(|label| !label.is_empty() && *label != name);
    let window = model.get("max_input_tokens").and_then(Value::as_u64).filter(|tokens| *tokens > 0);
    let sees = model.pointer("/capabilities/image_input/supported").and_then(Value::as_bool);
    Some(ModelInfo {
        name: name.to_owned(),
        label: label.map(str::to_owned),
        context_window: window.map(|tokens| u32::try_from(tokens).unwrap_or(u32::MAX)),
        // Every Claude that is offered sees; a gateway may list others.
        sees_images: sees.or_else(|| name.starts_with("claude-").then_some(true)),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_page_is_read_and_says_where_the_next_begins() {
        let sees = |supported: bool| json!({"image_input": {"supported": supported}});
        let page = json!({"data": [
            {"type": "model", "id": "claude-a", "display_name": "Claude A", "max_input_tokens": 1000000},
            {"id": "claude-b", "capabilities": sees(false), "max_input_tokens": 0},
            {"id": "other", "display_name": "other", "capabilities": sees(true)},
            {"id": "unknown"}, {"id": ""}, {},
        ], "has_more": true, "first_id": "claude-a", "last_id": "unknown"});
        let (models, next) = read(&page);
        let told: Vec<_> = models
            .iter()
            .map(|model| (model.name.as_str(), model.label.as_deref(), model.context_window, model.sees_images))
            .collect();
        let expected = [
            ("claude-a", Some("Claude A"), Some(1_000_000), Some(true)),
            ("claude-b", None, None, Some(false)),
            ("other", None, None, Some(true)),
            ("unknown", None, None, None),
        ];
        assert_eq!(told, expected);
        assert_eq!(next.as_deref(), Some("unknown"));
        assert_eq!(read(&json!({"data": [], "has_more": false, "last_id": "x"})), (Vec::new(), None));
        assert_eq!(read(&json!("odd")), (Vec::new(), None));
    }
}
