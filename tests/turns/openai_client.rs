//! The official Python client of OpenAI's API, against `/v1`.

use std::process::Command;

use serde_json::json;

use super::openai_door::begun;
use crate::support::{Backend, Replay, Reply, python};

/// Talks as programs do; every step that does not come out as it should ends it.
const SCRIPT: &str = r#"
import json, os, sys
import openai

clients = [
    openai.OpenAI(base_url=base + "/v1", api_key=token, max_retries=0) for base, token in json.loads(os.environ["SAYSOS"])]
client, with_tools, breaking = clients
said = os.environ["SAID"]
hello = [{"role": "system", "content": "Be kind."}, {"role": "user", "content": "Hello"}]

assert "auto" in [model.id for model in client.models.list()]
assert client.models.retrieve("openai/openai/said@delay=60ms").owned_by == "openai"

for model in ["anthropic/anthropic/said@delay=60ms", "openai/openai/said@delay=60ms"]:
    whole = client.chat.completions.create(model=model, messages=hello)
    assert whole.choices[0].message.content == said, whole
    assert whole.choices[0].finish_reason == "stop", whole
    assert (whole.usage.prompt_tokens, whole.usage.completion_tokens, whole.usage.total_tokens) == (25, 40, 65), whole
    chunks = list(client.chat.completions.create(
        model=model, messages=hello, stream=True, stream_options={"include_usage": True}))
    assert "".join(c.choices[0].delta.content or "" for c in chunks if c.choices) == said, chunks
    assert len(chunks) > 4 and chunks[-1].usage.total_tokens == 65 and not chunks[-1].choices, chunks

tools = [{"type": "function", "function": {"name": "look_up", "strict": True, "parameters": {
    "type": "object", "properties": {"place": {"type": "string"}}, "required": ["place"], "additionalProperties": False}}}]
for model in ["anthropic", "openai"]:
    messages = [{"role": "user", "content": "How warm is it?"}]
    with with_tools.chat.completions.stream(model=model, messages=messages, tools=tools) as stream:
        for event in stream:
            pass
        final = stream.get_final_completion()
    message = final.choices[0].message
    assert final.choices[0].finish_reason == "tool_calls", final
    [call] = message.tool_calls
    assert (call.function.name, json.loads(call.function.arguments)) == ("look_up", {"place": "Rome"}), call
    messages.append({"role": "assistant", "content": message.content, "tool_calls": [
        {"id": call.id, "type": "function", "function": {"name": call.function.name, "arguments": call.function.arguments}}]})
    messages.append({"role": "tool", "tool_call_id": call.id, "content": "21 degrees"})
    answer = with_tools.chat.completions.create(model=model, messages=messages, tools=tools)
    assert answer.choices[0].message.content == said, answer

def raises(kind, code, what):
    try:
        what()
    except kind as error:
        assert error.code == code, (error.code, error)
        return error
    raise AssertionError(f"nothing was raised for {code}")

ask = lambda **more: client.chat.completions.create(**{"model": "auto", "messages": hello, **more})
raises(openai.UnprocessableEntityError, "invalid_payload", lambda: ask(n=2))
raises(openai.UnprocessableEntityError, "invalid_payload", lambda: ask(model="gpt-none"))
other = openai.OpenAI(base_url=client.base_url, api_key="sayso_wrong", max_retries=0)
raises(openai.AuthenticationError, "unauthorized", other.models.list)
raises(openai.NotFoundError, "not_found", lambda: client.models.retrieve("nobody/nothing"))

# An answer that breaks off in its middle is raised, never taken for a whole one.
came = []
def cut():
    for chunk in breaking.chat.completions.create(model="auto", messages=hello, stream=True):
        came.append(chunk)
raises(openai.APIError, "provider_interrupted", cut)
assert came
print("all is well")
"#;

#[tokio::test(flavor = "multi_thread")]
async fn the_official_client_works() {
    const SAID: &str = "Words in pieces: ação, 你好, 🦀 and more.";
    let asks = Reply::default().and_tool("look_up", json!({"place": "Rome"}));
    let replies = [("said", Reply::text(SAID)), ("asks", asks), ("long", Reply::text(&crate::long_text()))];
    let scripts =
        [("anthropic", &["anthropic/asks", "anthropic/said"][..]), ("openai", &["openai/asks", "openai/said"])];
    let Some(replay) = Replay::playing(&replies, &scripts) else { return };
    let Some(python) = python() else { return };
    let (mut apps, mut places) = (Vec::new(), Vec::new());
    for (one, other) in [
        ("anthropic/said@delay=60ms", "openai/said@delay=60ms"),
        ("script:anthropic.json", "script:openai.json"),
        ("anthropic/long@cut=3000", "openai/said"),
    ] {
        let mut settings = replay.settings_of_two(one, other);
        settings.push(("MODEL_PROVIDER", "anthropic"));
        let (app, _, script) = begun(Backend::Sqlite, &settings).await;
        places.push((app.base.clone(), script.token));
        apps.push(app);
    }
    let run = tokio::task::spawn_blocking(move || {
        let mut client = Command::new(python);
        client.args(["-c", SCRIPT]).env("SAYSOS", json!(places).to_string()).env("SAID", SAID).env("NO_PROXY", "*");
        client.output().unwrap()
    });
    let output = run.await.unwrap();
    let fault = String::from_utf8_lossy(&output.stderr);
    assert!(String::from_utf8_lossy(&output.stdout).contains("all is well"), "{fault}");
    for app in &apps {
        assert_eq!(app.query("SELECT count(*) FROM conversations"), "0");
    }
    replay.assert_refused_none();
}
