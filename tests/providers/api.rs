//! The APIs that the conformance suite runs on: what differs between them stands here, the cases do not.

use std::time::Duration;

use futures_util::StreamExt;
use reqwest::header::HeaderMap;
use sayso::{
    providers::{
        ModelEvent, PromptMessage, Provider, ProviderError, Reply, ReplyBuilder, Request, Timeouts, anthropic,
        http_client, ollama, openai, transport::Decode,
    },
    types::{Block, MessageRole},
};

pub const KEY: &str = "sk-ant-test-0123456789";

/// A model API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Api {
    Anthropic,
    OpenAi,
    Ollama,
}

/// A decoder of any API.
#[derive(Clone)]
pub enum Decoder {
    Anthropic(Box<anthropic::Decoder>),
    OpenAi(Box<openai::Decoder>),
    Ollama(Box<ollama::Decoder>),
}

impl Decoder {
    pub fn push(&mut self, bytes: &[u8], events: &mut Vec<ModelEvent>) -> Result<(), ProviderError> {
        match self {
            Self::Anthropic(decoder) => decoder.push(bytes, events),
            Self::OpenAi(decoder) => decoder.push(bytes, events),
            Self::Ollama(decoder) => decoder.push(bytes, events),
        }
    }

    pub fn finish(&mut self, events: &mut Vec<ModelEvent>) -> Result<(), ProviderError> {
        match self {
            Self::Anthropic(decoder) => decoder.finish(events),
            Self::OpenAi(decoder) => decoder.finish(events),
            Self::Ollama(decoder) => decoder.finish(events),
        }
    }
}

impl Api {
    /// The name of its provider, and of the folder of its recordings.
    pub fn name(self) -> &'static str {
        match self {
            Self::Anthropic => anthropic::NAME,
            Self::OpenAi => openai::NAME,
            Self::Ollama => ollama::NAME,
        }
    }

    /// How many recordings there were when this was written: streams, and errors by status.
    pub fn recordings(self) -> (usize, usize) {
        match self {
            Self::Anthropic => (47, 7),
            Self::OpenAi => (39, 11),
            Self::Ollama => (9, 1),
        }
    }

    pub fn decoder(self) -> Decoder {
        match self {
            Self::Anthropic => Decoder::Anthropic(Box::new(anthropic::Decoder::new())),
            Self::OpenAi => Decoder::OpenAi(Box::new(openai::Decoder::new())),
            Self::Ollama => Decoder::Ollama(Box::new(ollama::Decoder::new())),
        }
    }

    pub fn decode_error(self, status: u16, body: &[u8]) -> ProviderError {
        match self {
            Self::Anthropic => anthropic::decode_error(status, &HeaderMap::new(), body),
            Self::OpenAi => openai::decode_error(status, &HeaderMap::new(), body),
            Self::Ollama => ollama::decode_error(status, &HeaderMap::new(), body),
        }
    }

    /// The provider at an address.
    pub fn at(self, url: &str, timeouts: Timeouts) -> Box<dyn Provider> {
        let (client, model) = (http_client(timeouts).unwrap(), "unused".to_owned());
        match self {
            Self::Anthropic => Box::new(anthropic::Anthropic::new(client, url, KEY.into(), model)),
            Self::OpenAi => Box::new(openai::OpenAi::new(client, url, Some(KEY.into()), model)),
            Self::Ollama => Box::new(ollama::Ollama::new(client, url, Some(model))),
        }
    }

    pub fn patient(self, url: &str) -> Box<dyn Provider> {
        self.at(url, Timeouts::default())
    }

    pub fn impatient(self, url: &str, idle: Duration) -> Box<dyn Provider> {
        self.at(url, Timeouts { idle, ..Timeouts::default() })
    }

    /// What parts the events of a stream.
    pub fn separator(self) -> &'static [u8] {
        if self == Self::Ollama { b"\n" } else { b"\n\n" }
    }

    /// Where the event begins that says why the model ended: before it, a reply is not whole.
    pub fn end_of(self, body: &[u8]) -> usize {
        let text = String::from_utf8_lossy(body);
        let words: &[&str] = match self {
            Self::Anthropic => &["\"message_delta\""],
            Self::OpenAi => &["\"finish_reason\":\"", "\"finish_reason\": \"", "[DONE]"],
            Self::Ollama => &["\"done\":true", "\"done\": true"],
        };
        words.iter().find_map(|word| text.find(word)).unwrap()
    }

    /// A long reply of text, played by name.
    pub fn long_text(self) -> &'static str {
        match self {
            Self::Anthropic => "anthropic/max-tokens-sonnet4",
            Self::OpenAi => "openai/long-text-gpt4o",
            Self::Ollama => "ollama/text-qwen3-utf8",
        }
    }

    /// A short reply of text, played by name.
    pub fn short_text(self) -> &'static str {
        match self {
            Self::Anthropic => "anthropic/text-haiku45",
            Self::OpenAi => "openai/deepseek-text",
            Self::Ollama => "ollama/text-prism",
        }
    }

    /// Replies with text, thinking and calls, by name.
    pub fn varied(self) -> &'static [&'static str] {
        match self {
            Self::Anthropic => &["text-haiku45", "thinking-tool", "tool-parallel-text", "thinking-tool-final"],
            Self::OpenAi => &["unicode-kimi-gateway", "reasoning-ollama-v1", "tool-parallel-gpt4o", "text-two-choices"],
            Self::Ollama => &["text-qwen3-utf8", "thinking-enabled", "tool-qwen3-prism", "tool-thinking-qwen3"],
        }
    }
}

pub fn asking(model: &str) -> Request {
    Request {
        model: Some(model.to_owned()),
        messages: vec![PromptMessage { role: MessageRole::User, content: vec![Block::text("Hello")] }],
        max_output_tokens: 1000,
        ..Request::default()
    }
}

/// What came of a reply, and how it failed if it did.
pub async fn ask(provider: &dyn Provider, request: &Request) -> (Reply, Option<ProviderError>) {
    let mut builder = ReplyBuilder::new();
    let mut failed = None;
    match provider.stream(request).await {
        Err(error) => failed = Some(error),
        Ok(mut stream) => {
            while let Some(event) = stream.next().await {
                assert!(failed.is_none(), "something came after an error");
                match event {
                    Ok(event) => builder.push(&event),
                    Err(error) => failed = Some(error),
                }
            }
        }
    }
    if let Some(error) = &failed {
        assert!(!format!("{error} {error:?}").contains(KEY), "{error}");
    }
    (builder.so_far(), failed)
}
