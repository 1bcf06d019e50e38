//! A program that speaks the Model Context Protocol, by rmcp's client, in one of its two eras.

use std::sync::{Arc, Mutex};

use rmcp::{
    ClientHandler, ClientServiceExt as _, ErrorData, RoleClient,
    model::{
        CallToolRequestParams, CallToolResult, ClientCapabilities, ClientConfig, ContentBlock, ElicitRequestParams,
        ElicitResult, ElicitationAction, ElicitationCapability, Implementation, ProgressNotificationParam,
        ProtocolVersion, UrlElicitationCapability,
    },
    service::{
        ClientInitializeError, ClientLifecycleMode, NotificationContext, RequestContext, RunningService, ServiceError,
    },
    transport::{StreamableHttpClientTransport, streamable_http_client::StreamableHttpClientTransportConfig},
};
use serde_json::Value;
use tokio::task::JoinHandle;

use crate::support::Person;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Era {
    Older,
    Newest,
}

pub const ERAS: [Era; 2] = [Era::Older, Era::Newest];

/// What the server told a program of its own accord.
#[derive(Clone, Default)]
pub struct Heard {
    pub progress: Arc<Mutex<Vec<String>>>,
    pub shown: Arc<Mutex<Vec<String>>>,
}

impl Heard {
    pub fn has_progress(&self, words: &str) -> bool {
        self.progress.lock().unwrap().iter().any(|told| told.contains(words))
    }

    pub fn addresses(&self) -> Vec<String> {
        self.shown.lock().unwrap().clone()
    }
}

pub struct Handler {
    heard: Heard,
    /// What its person says to an address; without, it shows none.
    says: Option<ElicitationAction>,
}

impl ClientHandler for Handler {
    fn get_info(&self) -> ClientConfig {
        let mut capabilities = ClientCapabilities::default();
        if self.says.is_some() {
            capabilities.elicitation = Some(ElicitationCapability::new().with_url(UrlElicitationCapability::new()));
        }
        ClientConfig::new(capabilities, Implementation::new("A <b>program\u{202e}</b>", "1"))
            .with_protocol_version(ProtocolVersion::V_2025_11_25)
    }

    async fn create_elicitation(
        &self,
        request: ElicitRequestParams,
        _: RequestContext<RoleClient>,
    ) -> Result<ElicitResult, ErrorData> {
        let ElicitRequestParams::UrlElicitationParams { url, .. } = request else { panic!("{request:?}") };
        self.heard.shown.lock().unwrap().push(url);
        Ok(ElicitResult::new(self.says.clone().unwrap_or(ElicitationAction::Cancel)))
    }

    async fn on_progress(&self, told: ProgressNotificationParam, _: NotificationContext<RoleClient>) {
        self.heard.progress.lock().unwrap().push(told.message.unwrap_or_default());
    }
}

pub struct Program {
    pub service: Arc<RunningService<RoleClient, Handler>>,
    pub heard: Heard,
}

impl Program {
    pub async fn connect(base: &str, token: &str, era: Era) -> Self {
        Self::attempt(base, token, era, None).await.unwrap()
    }

    /// One that shows its person addresses.
    pub async fn showing(base: &str, token: &str, era: Era, says: ElicitationAction) -> Self {
        Self::attempt(base, token, era, Some(says)).await.unwrap()
    }

    pub async fn attempt(
        base: &str,
        token: &str,
        era: Era,
        says: Option<ElicitationAction>,
    ) -> Result<Self, ClientInitializeError> {
        // Also sets up what TLS needs.
        Person::new(base);
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let config = StreamableHttpClientTransportConfig::with_uri(format!("{base}/mcp")).auth_header(token);
        let transport = StreamableHttpClientTransport::with_client(client, config);
        let mode = match era {
            Era::Older => ClientLifecycleMode::Initialize,
            Era::Newest => ClientLifecycleMode::Auto {
                preferred_versions: vec![ProtocolVersion::V_2026_07_28],
                legacy_version: None,
            },
        };
        let heard = Heard::default();
        let service = Handler { heard: heard.clone(), says }.serve_with_lifecycle(transport, mode).await?;
        let version = service.peer().peer_info().unwrap().protocol_version.clone();
        let spoken = match era {
            Era::Older => ProtocolVersion::V_2025_11_25,
            Era::Newest => ProtocolVersion::V_2026_07_28,
        };
        assert_eq!(version, spoken);
        Ok(Self { service: Arc::new(service), heard })
    }

    /// The names of the tools that it is told of.
    pub async fn tools(&self) -> Vec<String> {
        let listed = self.service.list_all_tools().await.unwrap();
        listed.into_iter().map(|tool| tool.name.into_owned()).collect()
    }

    /// Calls, in a task: it waits for a person.
    pub fn call(&self, name: &str, arguments: Value) -> JoinHandle<Result<CallToolResult, ServiceError>> {
        let request =
            CallToolRequestParams::new(name.to_owned()).with_arguments(arguments.as_object().unwrap().clone());
        let service = self.service.clone();
        tokio::spawn(async move { service.call_tool(request).await })
    }
}

/// What a result says, and whether that is an error.
pub fn said(result: &CallToolResult) -> (String, bool) {
    let texts = result.content.iter().filter_map(ContentBlock::as_text).map(|text| text.text.as_str());
    (texts.collect::<Vec<_>>().join("\n"), result.is_error == Some(true))
}
