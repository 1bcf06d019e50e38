//! Servers of the Chat Completions family that refuse a parameter: the same request once more without it, and never
//! again with it.

use sayso::{
    providers::{ProviderErrorKind, Request, ToolSpec},
    types::Block,
};
use serde_json::{Value, json};

use crate::{
    api::{Api, ask, asking},
    server::Prepared,
};

const REPLY: &str = "data: {\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hi\"},\"finish_reason\":\"stop\"}]}\n\n\
    data: [DONE]\n\n";

fn with_tools() -> Request {
    let tool = ToolSpec { name: "t".into(), description: String::new(), input_schema: json!({"type": "object"}) };
    Request { tools: vec![tool], ..asking("m") }
}

/// What is sent, twice, to a server that first refuses with these words.
async fn sent(refusals: &[(u16, &str)], request: &Request) -> Vec<Value> {
    let bodies: Vec<_> =
        refusals.iter().map(|(status, words)| (*status, json!({"error": {"message": words}}).to_string())).collect();
    let mut answers: Vec<_> = bodies.iter().map(|(status, body)| (*status, "", body.as_str())).collect();
    answers.push((200, "content-type: text/event-stream\r\n", REPLY));
    let server = Prepared::playing(&answers).await;
    let provider = Api::OpenAi.patient(&server.url);
    for _ in 0..2 {
        let (reply, error) = ask(&*provider, request).await;
        assert_eq!((reply.text().as_str(), error), ("Hi", None));
        // Nobody counted: the caller's estimate says so.
        assert_eq!(reply.usage, None);
    }
    server.bodies()
}

#[tokio::test]
async fn a_server_that_counts_nothing_is_not_asked_to() {
    let sent = sent(&[(400, "Unrecognized request argument supplied: stream_options")], &asking("m")).await;
    let asked: Vec<_> = sent.iter().map(|body| body.get("stream_options").is_some()).collect();
    assert_eq!(asked, [true, false, false]);
    let (mut first, second) = (sent[0].clone(), &sent[1]);
    first.as_object_mut().unwrap().remove("stream_options");
    assert_eq!(first, *second, "nothing else changes");
}

#[tokio::test]
async fn the_limit_goes_by_the_name_that_is_known() {
    let words =
        "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.";
    let sent = sent(&[(400, words)], &asking("m")).await;
    let limits: Vec<_> =
        sent.iter().map(|body| (body["max_tokens"].clone(), body["max_completion_tokens"].clone())).collect();
    assert_eq!(limits, [(json!(1000), Value::Null), (Value::Null, json!(1000)), (Value::Null, json!(1000))]);
}

#[tokio::test]
async fn tools_work_with_models_that_take_none_beside_reasoning() {
    let words = "Function tools with reasoning_effort are not supported for gpt-5.6 in /v1/chat/completions. \
        Please use /v1/responses instead.";
    let sent = sent(&[(400, words)], &with_tools()).await;
    let efforts: Vec<_> = sent.iter().map(|body| body["reasoning_effort"].clone()).collect();
    assert_eq!(efforts, [Value::Null, json!("none"), json!("none")]);
    assert!(sent.iter().all(|body| body["tools"].is_array()));
}

/// A model that sees nothing is told the names of images: a conversation that once showed one goes on.
#[tokio::test]
async fn a_model_that_sees_nothing_still_answers() {
    let image = Block::Image { number: 1, media_type: "image/png".into(), name: "sky.png".into(), width: 2, height: 2 };
    let mut request = asking("m");
    request.messages[0].content.push(image);
    request.images.insert(1, b"bytes".as_slice().into());
    let words = "Failed to deserialize the JSON body into the target type: messages[0]: unknown variant `image_url`";
    let sent = sent(&[(400, words)], &request).await;
    let shown: Vec<_> = sent.iter().map(|body| body.to_string().contains("image_url")).collect();
    assert_eq!(shown, [true, false, false]);
    assert!(sent[1].to_string().contains("sky.png"), "{}", sent[1]);
}

#[tokio::test]
async fn a_model_that_takes_no_tools_still_answers() {
    let words = "\"auto\" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set";
    let sent = sent(&[(400, words)], &with_tools()).await;
    let offers: Vec<_> = sent.iter().map(|body| body.get("tools").is_some()).collect();
    assert_eq!(offers, [true, false, false]);

    let said = "{\"model\":\"m\",\"message\":{\"content\":\"Hi\"},\"done\":true}\n";
    let refusal = r#"{"error":"registry.ollama.ai/library/m does not support tools"}"#;
    let server = Prepared::playing(&[(200, "", "{}"), (400, "", refusal), (200, "", said)]).await;
    let provider = Api::Ollama.patient(&server.url);
    for _ in 0..2 {
        let (reply, error) = ask(&*provider, &with_tools()).await;
        assert_eq!((reply.text().as_str(), error), ("Hi", None));
    }
    let offers: Vec<_> = server.bodies()[1..].iter().map(|body| body.get("tools").is_some()).collect();
    assert_eq!(offers, [true, false, false]);
}

#[tokio::test]
async fn several_refusals_are_got_over_and_an_endless_one_ends() {
    let refusals = [
        (400, "stream_options is not supported"),
        (400, "max_completion_tokens must be used, max_tokens is not supported"),
        (422, "reasoning_effort is not supported with tools"),
    ];
    let sent = sent(&refusals, &with_tools()).await;
    assert_eq!(sent.len(), 5);
    assert!(sent[3] == sent[4] && sent[4]["reasoning_effort"] == "none");

    let words =
        json!({"error": {"message": "stream_options, max_completion_tokens, reasoning_effort: unknown"}}).to_string();
    let server = Prepared::start(400, "", &words).await;
    let provider = Api::OpenAi.patient(&server.url);
    let error = provider.stream(&with_tools()).await.err().unwrap();
    assert_eq!(error.kind, ProviderErrorKind::InvalidResponse);
    assert!(server.bodies().len() <= 4, "{}", server.bodies().len());
    // Nothing was learned from what never worked.
    let before = server.bodies().len();
    let _ = provider.stream(&with_tools()).await;
    assert_eq!(server.bodies()[before], server.bodies()[0]);
}
