//! What programs are told and given: rmcp calls it with what a message says.

use std::sync::Arc;

use http::request::Parts;
use rmcp::{
    ErrorData, RoleServer, ServerHandler,
    model::{
        CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock, Implementation, JsonObject,
        ListToolsResult, PaginatedRequestParams, ServerCapabilities, ServerConfig, Tool,
    },
    service::RequestContext,
};

use super::{
    answer,
    asking::{Asking, Named},
    waiting::{Asked, Waited, wait},
};
use crate::{
    config::VERSION,
    error::{Code, Error, Refusal},
    http::{error::detail, urls::Urls},
    state::AppState,
    telemetry,
    tools::listed::Listed,
    turn::{self, DirectTool},
    types::TurnId,
};

/// What a model that is given these tools should know of them.
const INSTRUCTIONS: &str = "Tools of a person's Sayso. A call waits until that person approves it there, which can take \
    minutes; they may also change its arguments, which the result then says first, or refuse it. Do not call a tool again \
    because it takes long, and do not ask again for what was refused.";

/// What a program calls that says nothing of itself.
const NAMELESS: &str = "?";

/// Answers programs.
#[derive(Clone)]
pub struct Agent {
    pub(super) state: AppState,
    pub(super) urls: Urls,
}

impl Agent {
    /// For these tools, at these addresses.
    pub fn new(state: AppState, urls: Urls) -> Self {
        Self { state, urls }
    }
}

/// Who asks, and for what.
fn asking(context: &RequestContext<RoleServer>) -> Result<&Asking, ErrorData> {
    let parts = context.extensions.get::<Parts>();
    parts
        .and_then(|parts| parts.extensions.get())
        .ok_or_else(|| fault(&Error::internal("a request without its caller")))
}

/// A fault of ours: logged here, and told without its cause.
fn fault(error: &Error) -> ErrorData {
    tracing::error!(cause = %error, "fault");
    ErrorData::internal_error(Code::Internal.as_str(), None)
}

impl ServerHandler for Agent {
    fn get_info(&self) -> ServerConfig {
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
            .with_server_info(Implementation::new("sayso", VERSION).with_title("Sayso"))
            .with_instructions(INSTRUCTIONS)
    }

    async fn list_tools(
        &self,
        _: Option<PaginatedRequestParams>,
        context: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        let asking = asking(&context)?;
        let list = telemetry::working_for(asking.request_id.clone(), async {
            turn::listed_tools(&self.state, &asking.who.caller, false).await
        });
        let list = list.await.map_err(|error| fault(&error))?;
        Ok(ListToolsResult::with_all_items(list.iter().map(tool).collect()))
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let asking = asking(&context)?;
        telemetry::working_for(asking.request_id.clone(), self.call(asking, request, &context)).await
    }
}

/// A tool as the protocol tells of it. What its maker claims of it is not passed on.
fn tool(listed: &Listed) -> Tool {
    let schema: JsonObject = match listed.input_schema.as_object() {
        Some(schema) => schema.clone(),
        None => JsonObject::from_iter([("type".to_owned(), "object".into())]),
    };
    Tool::new(listed.name.clone(), listed.description.clone(), Arc::new(schema))
}

impl Agent {
    async fn call(
        &self,
        asking: &Asking,
        request: CallToolRequestParams,
        context: &RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let named = asking.named.as_ref().filter(|named| named.name == request.name);
        let named = named.ok_or_else(|| ErrorData::invalid_params("the call cannot be read in one way only", None))?;
        let begun = match request.request_state.as_deref() {
            None => self.ask(asking, named, context).await,
            Some(state) => self.again(asking, named, state).await,
        };
        let mut asked = match begun {
            Ok(asked) => asked,
            Err(error) => return refused(asking, &error),
        };
        let is_declined = request.input_responses.as_ref().and_then(|all| all.get(answer::APPROVAL));
        if is_declined.is_some_and(|said| said["action"] == "decline") {
            asked.decline().await.map_err(|error| fault(&error))?;
        }
        let is_first = request.request_state.is_none();
        match wait(self, &mut asked, asking, context, is_first).await {
            Ok(Waited::Answer(answer)) => {
                let told = answer::told(self, asking.who.owner(), &answer).await;
                // It is theirs now, whether they still read or not.
                asked.answered().await.map_err(|error| fault(&error))?;
                told.map(CallToolResponse::Complete).map_err(|error| fault(&error))
            }
            Ok(Waited::InputRequired(required)) => {
                asked.comes_back().await.map_err(|error| fault(&error))?;
                Ok(CallToolResponse::InputRequired(required))
            }
            // Nobody reads this.
            Ok(Waited::Left) => Err(ErrorData::internal_error("cancelled", None)),
            Err(error) => refused(asking, &error),
        }
    }

    async fn ask(&self, asking: &Asking, named: &Named, context: &RequestContext<RoleServer>) -> Result<Asked, Error> {
        let info = context.client_info();
        let client = info.map(|info| info.title.unwrap_or(info.name)).filter(|name| !name.trim().is_empty());
        let agent = turn::Agent { client: client.unwrap_or_else(|| NAMELESS.to_owned()), token: asking.token };
        let (name, arguments) = (named.name.clone(), named.arguments.clone());
        let tool = DirectTool { name, arguments, is_decision: false, shown: None };
        let started = turn::ask_as_agent(&self.state, &asking.who.caller, tool, agent).await?;
        Ok(Asked::new(&self.state, asking.who.owner(), started))
    }

    /// Goes on waiting for what was asked before.
    async fn again(&self, asking: &Asking, named: &Named, state: &str) -> Result<Asked, Error> {
        let turn: TurnId = state.parse().map_err(|_| Error::from(Code::NotFound))?;
        let owner = asking.who.owner();
        let (by, of) = ((turn, asking.token), (named.name.as_str(), named.arguments.as_str()));
        let started = turn::asked_before(&self.state, owner, by, of).await?;
        Ok(Asked::new(&self.state, owner, started))
    }
}

/// Why nothing was asked. Models are told in words, so that they do better; a tool that there is not is an error of the
/// program.
fn refused(asking: &Asking, error: &Error) -> Result<CallToolResponse, ErrorData> {
    let Error::Refused(refusal) = error else { return Err(fault(error)) };
    match refusal.code {
        Code::ToolNotAllowed => Err(ErrorData::invalid_params(words(asking, refusal), None)),
        code => {
            let text = format!("{}: {}", code.as_str(), words(asking, refusal));
            Ok(CallToolResponse::Complete(CallToolResult::error(vec![ContentBlock::text(text)])))
        }
    }
}

fn words(asking: &Asking, refusal: &Refusal) -> String {
    let words = asking.who.locale.text_with(refusal.message, &refusal.arguments);
    match detail(refusal) {
        Some(detail) => format!("{words} {detail}"),
        None => words.into_owned(),
    }
}
