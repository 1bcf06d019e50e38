//! What Ollama says of its models.

use serde_json::Value;

use crate::providers::ModelInfo;

/// The names in the list of `/api/tags`, in its order.
pub(super) fn names(list: &Value) -> Vec<String> {
    let models = list.get("models").and_then(Value::as_array);
    let name = |model: &Value| {
        let name =
            ["model", "name"].iter().find_map(|field| model.get(field)?.as_str().filter(|name| !name.is_empty()));
        name.map(str::to_owned)
    };
    models.into_iter().flatten().filter_map(name).collect()
}

/// A model by what `/api/show` says of it; `None` if it does not chat.
pub(super) fn read(name: String, shown: &Value) -> Option<ModelInfo> {
    let capabilities: Option<Vec<_>> =
        shown.get("capabilities").and_then(Value::as_array).map(|all| all.iter().filter_map(Value::as_str).collect());
    if capabilities.as_ref().is_some_and(|all| !all.contains(&"completion")) {
        return None;
    }
    Some(ModelInfo {
        name,
        label: None,
        context_window: longest_context(shown),
        sees_images: capabilities.map(|all| all.contains(&"vision")),
    })
}

/// `model_info."{architecture}.context_length"`.
pub(super) fn longest_context(shown: &Value) -> Option<u32> {
    let info = shown.get("model_info")?.as_object()?;
    let architecture = info.get("general.architecture").and_then(Value::as_str).unwrap_or_default();
    let length = info.get(&format!("{architecture}.context_length")).and_then(Value::as_u64);
    length.filter(|length| *length > 0).map(|length| u32::try_from(length).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_said_of_a_model_is_read() {
        let list = json!({"models": [{"name": "a:latest", "model": "a:latest"}, {"name": "b"}, {"name": ""}, {}]});
        assert_eq!(names(&list), ["a:latest", "b"]);
        let info = json!({"general.architecture": "gemma3", "gemma3.context_length": 131072, "x.context_length": 1});
        let shown = json!({"capabilities": ["completion", "vision"], "model_info": info});
        let expected =
            ModelInfo { name: "a".into(), label: None, context_window: Some(131_072), sees_images: Some(true) };
        assert_eq!(read("a".into(), &shown), Some(expected));
        assert_eq!(read("a".into(), &json!({"capabilities": ["embedding"]})), None);
        let blind = read("a".into(), &json!({"capabilities": ["completion", "tools"]}));
        assert_eq!(blind.and_then(|model| model.sees_images), Some(false));
        let old = read("a".into(), &json!({"details": {}})).unwrap();
        assert_eq!((old.context_window, old.sees_images), (None, None));
    }
}
