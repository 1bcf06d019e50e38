//! The list of models, as servers of Chat Completions give it.

use serde_json::Value;

use crate::providers::ModelInfo;

/// The chat models of a list. `official` is api.openai.com, which lists all its models and says nothing of them.
pub(super) fn read(list: &Value, official: bool) -> Vec<ModelInfo> {
    // Some servers give the list itself.
    let all = list.get("data").unwrap_or(list).as_array();
    let read = |model: &Value| if official { of_openai(model) } else { of_other(model) };
    all.into_iter().flatten().filter_map(read).collect()
}

fn of_openai(model: &Value) -> Option<ModelInfo> {
    const OTHERS: &[&str] = &[
        "audio",
        "realtime",
        "transcribe",
        "tts",
        "image",
        "instruct",
        "search",
        "codex",
        "deep-research",
        "-pro",
        "computer-use",
        "moderation",
        "embedding",
        "live",
    ];
    // These chat, but see nothing.
    const BLIND: &[&str] = &["gpt-3", "gpt-4-0", "gpt-4-1106", "gpt-4-32k", "o1-mini", "o1-preview", "o3-mini"];
    let name = model.get("id")?.as_str()?;
    let is_reasoning =
        name.strip_prefix('o').is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_digit()));
    let is_chat =
        name.starts_with("gpt-") || name.starts_with("chatgpt-") || is_reasoning || name.starts_with("ft:gpt-");
    if !is_chat || OTHERS.iter().any(|other| name.contains(other)) {
        return None;
    }
    let base = name.strip_prefix("ft:").unwrap_or(name);
    let is_blind = base == "gpt-4" || BLIND.iter().any(|blind| base.starts_with(blind));
    Some(ModelInfo { name: name.to_owned(), sees_images: Some(!is_blind), ..ModelInfo::default() })
}

fn of_other(model: &Value) -> Option<ModelInfo> {
    let name = model.get("id")?.as_str().filter(|name| !name.is_empty())?;
    if !chats(model) {
        return None;
    }
    let label = ["name", "display_name"].iter().find_map(|field| model.get(field)?.as_str());
    let window = [
        "/context_length",     // OpenRouter, Together
        "/context_window",     // Groq
        "/max_model_len",      // vLLM
        "/max_context_length", // Mistral, LM Studio
        "/meta/n_ctx",         // llama.cpp
        "/meta/n_ctx_train",
    ];
    let window = window.iter().find_map(|pointer| model.pointer(pointer)?.as_u64()).filter(|tokens| *tokens > 0);
    Some(ModelInfo {
        name: name.to_owned(),
        label: label.filter(|label| *label != name && !label.is_empty()).map(str::to_owned),
        context_window: window.map(|tokens| u32::try_from(tokens).unwrap_or(u32::MAX)),
        sees_images: sees_images(model),
    })
}

/// What a server says of it, where it says so; a model of which nothing is said may chat.
fn chats(model: &Value) -> bool {
    let answers_in_text = model.pointer("/architecture/output_modalities").and_then(words_of);
    let kind = model.get("type").and_then(Value::as_str);
    model.pointer("/capabilities/completion_chat") != Some(&Value::Bool(false))
        && answers_in_text.is_none_or(|modalities| modalities.contains(&"text"))
        && !kind.is_some_and(|kind| {
            ["embedding", "embeddings", "image", "audio", "moderation", "rerank", "transcribe", "video"].contains(&kind)
        })
}

fn sees_images(model: &Value) -> Option<bool> {
    if let Some(sees) = model.pointer("/capabilities/vision").and_then(Value::as_bool) {
        return Some(sees);
    }
    let modalities = ["/architecture/input_modalities", "/input_modalities"]
        .iter()
        .find_map(|pointer| words_of(model.pointer(pointer)?));
    modalities.map(|modalities| modalities.contains(&"image"))
}

fn words_of(value: &Value) -> Option<Vec<&str>> {
    Some(value.as_array()?.iter().filter_map(Value::as_str).collect())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn of_openais_own_only_those_that_chat_are_listed() {
        let seeing = [
            "gpt-5.4",
            "gpt-5.6-mini",
            "gpt-4o",
            "gpt-4o-mini-2024-07-18",
            "gpt-4-turbo",
            "o1",
            "o3",
            "o4-mini",
            "chatgpt-4o-latest",
            "gpt-4.1",
            "ft:gpt-4o:acme::1",
        ];
        let blind = ["gpt-3.5-turbo", "gpt-4", "gpt-4-0613", "o3-mini", "ft:gpt-3.5-turbo:acme::1"];
        let others = [
            "text-embedding-3-large",
            "gpt-4o-audio-preview",
            "gpt-realtime",
            "gpt-4o-transcribe",
            "tts-1",
            "whisper-1",
            "dall-e-3",
            "gpt-image-1",
            "chatgpt-image-latest",
            "omni-moderation-latest",
            "gpt-3.5-turbo-instruct",
            "babbage-002",
            "gpt-4o-search-preview",
            "gpt-5-codex",
            "o3-deep-research",
            "o1-pro",
            "sora-2",
            "computer-use-preview",
            "gpt-4o-mini-tts",
        ];
        let all: Vec<_> = [&seeing[..], &blind[..], &others[..]].concat().iter().map(|id| json!({"id": id})).collect();
        let listed = read(&json!({"data": all}), true);
        let sees = |wanted: bool| -> Vec<&str> {
            listed.iter().filter(|model| model.sees_images == Some(wanted)).map(|model| model.name.as_str()).collect()
        };
        assert_eq!(sees(true), seeing);
        assert_eq!(sees(false), blind);
        assert_eq!(listed.len(), seeing.len() + blind.len());
    }

    #[test]
    fn what_servers_say_of_their_models_is_read() {
        let list = json!({"data": [
            {"id": "router/a", "name": "A", "context_length": 8192,
                "architecture": {"input_modalities": ["text", "image"], "output_modalities": ["text"]}},
            {"id": "router/image", "architecture": {"input_modalities": ["text"], "output_modalities": ["image"]}},
            {"id": "vllm", "max_model_len": 4096},
            {"id": "groq", "context_window": 131072},
            {"id": "mistral", "name": "mistral", "max_context_length": 32768,
                "capabilities": {"completion_chat": true, "vision": false}},
            {"id": "mistral-embed", "capabilities": {"completion_chat": false}},
            {"id": "llama", "meta": {"n_ctx_train": 2048}},
            {"id": "together-embedding", "type": "embedding"},
            {"id": "plain"},
            {"id": ""}, {"no": "id"}, "odd",
        ]});
        let models = read(&list, false);
        let told: Vec<_> = models
            .iter()
            .map(|model| (model.name.as_str(), model.label.as_deref(), model.context_window, model.sees_images))
            .collect();
        let expected = [
            ("router/a", Some("A"), Some(8192), Some(true)),
            ("vllm", None, Some(4096), None),
            ("groq", None, Some(131_072), None),
            ("mistral", None, Some(32768), Some(false)),
            ("llama", None, Some(2048), None),
            ("plain", None, None, None),
        ];
        assert_eq!(told, expected);
        assert_eq!(read(&json!([{"id": "bare"}]), false).len(), 1);
        assert!(read(&json!({"odd": 1}), false).is_empty());
    }
}
