//! A request of Chat Completions, as far as it is understood. What nobody here knows is passed over, as servers of this
//! form do; what would change the answer so that the program could not use it is refused in words.

use serde::Deserialize;
use serde_json::Value;

use super::messages::{self, MessageBody};
use crate::{
    api::chat::choice,
    api::query::wrong,
    error::{Refusal, Result},
    providers::{ToolChoice, ToolSpec},
    state::AppState,
    turn::Asked,
    types::{AllowedModels, ModelChoice},
};

/// The most texts at which an answer may be told to stop, and tools that it may be told of.
const MOST_STOPS: usize = 4;
const MOST_TOOLS: usize = 128;

/// The body of a request.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[schema(as = OpenAiRequest)]
pub struct Body {
    model: String,
    messages: Vec<MessageBody>,
    #[serde(default)]
    stream: Option<bool>,
    #[serde(default)]
    stream_options: Option<StreamOptions>,
    #[serde(default)]
    tools: Option<Vec<ToolBody>>,
    #[serde(default)]
    tool_choice: Option<Value>,
    #[serde(default)]
    max_tokens: Option<u64>,
    #[serde(default)]
    max_completion_tokens: Option<u64>,
    #[serde(default)]
    temperature: Option<f64>,
    #[serde(default)]
    stop: Option<Stop>,
    #[serde(default)]
    n: Option<i64>,
    #[serde(default)]
    logprobs: Option<bool>,
    #[serde(default)]
    top_logprobs: Option<i64>,
    #[serde(default)]
    response_format: Option<Kind>,
    #[serde(default)]
    modalities: Option<Vec<String>>,
    #[serde(default)]
    functions: Option<Value>,
    #[serde(default)]
    function_call: Option<Value>,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[schema(as = OpenAiStreamOptions)]
struct StreamOptions {
    #[serde(default)]
    include_usage: Option<bool>,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[schema(as = OpenAiStop)]
#[serde(untagged, expecting = "a text or a list of texts")]
enum Stop {
    One(String),
    Some(Vec<String>),
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[schema(as = OpenAiKind)]
struct Kind {
    #[serde(rename = "type")]
    kind: String,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[schema(as = OpenAiTool)]
struct ToolBody {
    #[serde(rename = "type", default)]
    kind: Option<String>,
    #[serde(default)]
    function: Option<Function>,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[schema(as = OpenAiToolFunction)]
struct Function {
    name: String,
    #[serde(default)]
    description: Option<String>,
    #[serde(default)]
    parameters: Option<Value>,
}

/// How a streamed answer is wanted.
#[derive(Clone, Copy, Debug)]
pub struct Streamed {
    /// Whether the last event tells what was used.
    pub with_usage: bool,
}

impl Body {
    /// Whether the answer is to be streamed, and how.
    pub fn form(&self) -> Option<Streamed> {
        let with_usage = self.stream_options.as_ref().and_then(|options| options.include_usage) == Some(true);
        (self.stream == Some(true)).then_some(Streamed { with_usage })
    }

    /// As a completion takes it.
    ///
    /// # Errors
    /// `invalid_payload`, saying what and why.
    pub fn asked(self, state: &AppState, allowed: &AllowedModels) -> Result<Asked> {
        self.must_be_answerable()?;
        let tools = tools(self.tools.unwrap_or_default())?;
        let tool_choice =
            self.tool_choice.as_ref().map_or(Ok(ToolChoice::Auto), |choice| tool_choice(choice, &tools))?;
        let conversation = messages::read(self.messages)?;
        Ok(Asked {
            choice: chosen(state, allowed, &self.model),
            instructions: conversation.instructions,
            messages: conversation.messages,
            images: conversation.images,
            tools,
            tool_choice,
            max_output_tokens: most("max_completion_tokens", self.max_completion_tokens)?
                .or(most("max_tokens", self.max_tokens)?),
            temperature: temperature(self.temperature)?,
            stop: stops(self.stop)?,
        })
    }

    /// Refuses what would be answered otherwise than the program understands.
    fn must_be_answerable(&self) -> Result<(), Refusal> {
        let is_text = |kind: &Kind| kind.kind == "text";
        let only_text = |kinds: &Vec<String>| kinds.iter().all(|kind| kind == "text");
        for (field, can_be, expected) in [
            ("n", self.n.is_none_or(|n| n == 1), "one answer at a time: 1"),
            ("logprobs", self.logprobs != Some(true), "probabilities of tokens are not given"),
            ("top_logprobs", self.top_logprobs.is_none_or(|top| top == 0), "probabilities of tokens are not given"),
            ("response_format", self.response_format.as_ref().is_none_or(is_text), "only text can be promised"),
            ("modalities", self.modalities.as_ref().is_none_or(only_text), "answers are text"),
            ("functions", is_nothing(self.functions.as_ref()), "name them as tools"),
            ("function_call", is_nothing(self.function_call.as_ref()), "say it as tool_choice"),
        ] {
            if !can_be {
                return Err(wrong(field, expected));
            }
        }
        Ok(())
    }
}

fn is_nothing(value: Option<&Value>) -> bool {
    value.is_none_or(|value| value.is_null() || value.as_array().is_some_and(Vec::is_empty))
}

/// Which model a name means: `auto`, a provider's name, `provider/model`, or a model's own name.
fn chosen(state: &AppState, allowed: &AllowedModels, name: &str) -> ModelChoice {
    let name = name.trim();
    if matches!(name, "" | "auto") {
        return ModelChoice::Auto;
    }
    if state.providers.find(name).is_some() {
        return ModelChoice::Provider { provider: name.to_owned(), model: None };
    }
    choice(state, allowed, None, Some(name.to_owned())).unwrap_or_default()
}

fn most(field: &'static str, given: Option<u64>) -> Result<Option<u32>, Refusal> {
    match given {
        Some(0) => Err(wrong(field, "at least 1")),
        given => Ok(given.map(|most| u32::try_from(most).unwrap_or(u32::MAX))),
    }
}

/// How freely words are chosen.
///
/// # Errors
/// `invalid_payload` for what is not between 0 and 2.
pub fn temperature(given: Option<f64>) -> Result<Option<f64>, Refusal> {
    match given {
        Some(given) if !(0.0..=2.0).contains(&given) => Err(wrong("temperature", "a number from 0 to 2")),
        given => Ok(given),
    }
}

fn stops(given: Option<Stop>) -> Result<Vec<String>, Refusal> {
    let stops = match given {
        None => Vec::new(),
        Some(Stop::One(stop)) => vec![stop],
        Some(Stop::Some(stops)) => stops,
    };
    if stops.len() > MOST_STOPS || stops.iter().any(String::is_empty) {
        return Err(wrong("stop", "up to 4 texts, none of them empty"));
    }
    Ok(stops)
}

fn tools(given: Vec<ToolBody>) -> Result<Vec<ToolSpec>, Refusal> {
    if given.len() > MOST_TOOLS {
        return Err(wrong("tools", "at most 128"));
    }
    let mut tools: Vec<ToolSpec> = Vec::with_capacity(given.len());
    for tool in given {
        let function = tool.function.filter(|_| tool.kind.as_deref().is_none_or(|kind| kind == "function"));
        let function = function.ok_or_else(|| wrong("tools", "each of the type function, with its function"))?;
        if !is_tool_name(&function.name) {
            return Err(wrong("tools", "names of 1 to 64 letters, digits, _ and -"));
        }
        if tools.iter().any(|tool| tool.name == function.name) {
            return Err(wrong("tools", "no name twice"));
        }
        let input_schema = schema(function.parameters).ok_or_else(|| wrong("tools", "parameters as a JSON schema"))?;
        tools.push(ToolSpec {
            name: function.name,
            description: function.description.unwrap_or_default(),
            input_schema,
        });
    }
    Ok(tools)
}

fn is_tool_name(name: &str) -> bool {
    (1..=64).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}

/// A schema of an object; one that says nothing is one without properties. `None` for what is none.
fn schema(given: Option<Value>) -> Option<Value> {
    let mut schema = match given {
        None | Some(Value::Null) => serde_json::Map::new(),
        Some(Value::Object(schema)) => schema,
        Some(_) => return None,
    };
    let kind = schema.entry("type").or_insert_with(|| "object".into());
    if kind != "object" {
        return None;
    }
    schema.entry("properties").or_insert_with(|| Value::Object(serde_json::Map::new()));
    Some(Value::Object(schema))
}

fn tool_choice(given: &Value, tools: &[ToolSpec]) -> Result<ToolChoice, Refusal> {
    let named = given.pointer("/function/name").and_then(Value::as_str);
    let choice = match (given, named) {
        (Value::Null, _) => ToolChoice::Auto,
        (Value::String(word), _) if word == "auto" => ToolChoice::Auto,
        (Value::String(word), _) if word == "none" => ToolChoice::None,
        (Value::String(word), _) if word == "required" && !tools.is_empty() => ToolChoice::Required,
        (Value::Object(_), Some(name)) if tools.iter().any(|tool| tool.name == name) => {
            ToolChoice::Tool(name.to_owned())
        }
        _ => return Err(wrong("tool_choice", "none, auto, required, or a function among the tools")),
    };
    Ok(choice)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn body(more: Value) -> Body {
        let mut body = json!({"model": "auto", "messages": [{"role": "user", "content": "Hi"}]});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        serde_json::from_value(body).unwrap()
    }

    #[test]
    fn what_cannot_be_promised_is_refused_by_its_name() {
        for (field, value) in [
            ("n", json!(2)),
            ("n", json!(0)),
            ("logprobs", json!(true)),
            ("top_logprobs", json!(3)),
            ("response_format", json!({"type": "json_schema"})),
            ("modalities", json!(["text", "audio"])),
            ("functions", json!([{"name": "f"}])),
            ("function_call", json!("auto")),
        ] {
            let refused = body(json!({field: value})).must_be_answerable().unwrap_err();
            assert_eq!(refused.field, Some(field), "{value}");
        }
        for fine in [
            json!({"n": 1, "logprobs": false, "top_logprobs": 0, "modalities": ["text"]}),
            json!({"response_format": {"type": "text"}, "functions": null, "seed": 7, "user": "x", "metadata": {}}),
        ] {
            body(fine).must_be_answerable().unwrap();
        }
    }

    #[test]
    fn tools_are_read_or_refused() {
        let read = |given: Value| tools(serde_json::from_value(given).unwrap());
        let tool = |function: Value| json!([{"type": "function", "function": function}]);
        let told = read(tool(json!({"name": "look-up_1"}))).unwrap();
        assert_eq!(told[0].input_schema, json!({"type": "object", "properties": {}}));
        for wrong in [
            tool(json!({"name": ""})),
            tool(json!({"name": "a b"})),
            tool(json!({"name": "f", "parameters": []})),
            tool(json!({"name": "f", "parameters": {"type": "array"}})),
            json!([{"type": "custom", "custom": {"name": "f"}}]),
            json!([{"function": {"name": "f"}}, {"function": {"name": "f"}}]),
        ] {
            assert_eq!(read(wrong.clone()).unwrap_err().field, Some("tools"), "{wrong}");
        }
        for (given, choice) in [
            (json!(null), Some(ToolChoice::Auto)),
            (json!("auto"), Some(ToolChoice::Auto)),
            (json!("none"), Some(ToolChoice::None)),
            (json!("required"), Some(ToolChoice::Required)),
            (
                json!({"type": "function", "function": {"name": "look-up_1"}}),
                Some(ToolChoice::Tool("look-up_1".into())),
            ),
            (json!({"type": "function", "function": {"name": "other"}}), None),
            (json!("any"), None),
            (json!(1), None),
        ] {
            assert_eq!(tool_choice(&given, &told).ok(), choice, "{given}");
        }
    }

    #[test]
    fn numbers_and_stops_have_their_bounds() {
        assert_eq!(most("max_tokens", Some(7)).unwrap(), Some(7));
        assert_eq!(most("max_tokens", Some(u64::MAX)).unwrap(), Some(u32::MAX));
        assert!(most("max_tokens", Some(0)).is_err());
        assert!(temperature(Some(2.1)).is_err() && temperature(Some(-0.1)).is_err() && temperature(Some(2.0)).is_ok());
        assert_eq!(stops(Some(Stop::One("END".into()))).unwrap(), ["END"]);
        assert!(stops(Some(Stop::Some(vec!["a".into(); 5]))).is_err());
        assert!(stops(Some(Stop::One(String::new()))).is_err());
    }
}
