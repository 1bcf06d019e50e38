//! `run_js`: whatever a script does, its process is all it can hurt.

use std::{ffi::OsString, path::Path, time::Duration};

use futures_util::StreamExt as _;
use sayso::{
    tools::{
        Arguments, Tool as _, ToolContext, ToolError, ToolEvent,
        script::{Launch, Limits, RunJs, sandbox},
    },
    types::{TenantId, UserId},
};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

const LIMITS: Limits = Limits { time: Duration::from_secs(20), memory: 32 << 20 };
const SHORT: Limits = Limits { time: Duration::from_secs(1), ..LIMITS };

fn tool(limits: Limits) -> RunJs {
    let program = env!("CARGO_BIN_EXE_sayso").into();
    RunJs::new(Launch { program, arguments: vec![sandbox::COMMAND.into()] }, limits)
}

fn arguments(code: &str) -> Arguments {
    Arguments::parse(&serde_json::json!({ "code": code }).to_string()).unwrap()
}

fn context() -> ToolContext {
    ToolContext {
        tenant: TenantId::new(),
        tenant_slug: "here".into(),
        user: UserId::new(),
        call: None,
        within: None,
        elicit: std::sync::Arc::new(sayso::tools::mcp::Decline),
    }
}

struct Ran {
    chunks: Vec<String>,
    ended: Result<String, ToolError>,
}

async fn run_with(tool: &RunJs, code: &str, cancel: CancellationToken) -> Ran {
    let mut events = tool.run(&context(), &arguments(code), None, cancel);
    let mut chunks = Vec::new();
    while let Some(event) = events.next().await {
        match event {
            ToolEvent::Chunk(chunk) => chunks.push(chunk),
            ToolEvent::Finished(ended) => {
                assert!(events.next().await.is_none(), "something follows the end");
                return Ran { chunks, ended: ended.map(|result| result.text) };
            }
            ToolEvent::Lost(why) => panic!("{why}"),
        }
    }
    panic!("it ended without saying how");
}

async fn run(code: &str, limits: Limits) -> Ran {
    run_with(&tool(limits), code, CancellationToken::new()).await
}

/// The processes of this test's sandboxes.
fn sandboxes(mark: &str) -> usize {
    let arguments = |pid: &Path| std::fs::read(pid.join("cmdline")).unwrap_or_default();
    let processes = std::fs::read_dir("/proc").unwrap().map(|entry| entry.unwrap().path());
    processes.filter(|pid| String::from_utf8_lossy(&arguments(pid)).contains(mark)).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_script_gives_its_value_and_what_it_wrote() {
    let ran = run("console.log('counting'); return {sum: [1, 2, 3].reduce((a, b) => a + b)}", LIMITS).await;
    assert_eq!(ran.ended.unwrap(), "{\"sum\":6}\n\nThe console said:\ncounting");
    assert_eq!(ran.chunks.concat(), "counting\n");
    assert_eq!(run("40 + 2", LIMITS).await.ended.unwrap(), "42");
    let error = run("console.log('before'); null.x", LIMITS).await.ended.unwrap_err();
    assert_eq!(error.code, "tool_error");
    assert!(error.message.starts_with("TypeError") && error.message.ends_with("before"), "{}", error.message);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_it_writes_comes_while_it_runs() {
    let tool = tool(LIMITS);
    let cancel = CancellationToken::new();
    let code = "console.log('first'); for (;;) {}";
    let mut events = tool.run(&context(), &arguments(code), None, cancel.clone());
    assert_eq!(events.next().await, Some(ToolEvent::Chunk("first\n".into())));
    assert!(futures_util::poll!(events.next()).is_pending(), "it ended");
    cancel.cancel();
    let Some(ToolEvent::Finished(Err(error))) = events.next().await else { panic!("no end") };
    assert_eq!(error.code, "tool_error");
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_shown_and_changes_nothing() {
    let tool = tool(LIMITS);
    let preview = tool.preview(&context(), &arguments("1")).await.unwrap();
    assert_eq!(preview, sayso::types::Preview::default());
    assert_eq!(tool.took_effect(&context(), &arguments("1"), None).await, Some(false));
    for wrong in [r#"{}"#, r#"{"code": 1}"#, r#"{"code": "1", "files": []}"#] {
        let wrong = Arguments::parse(wrong).unwrap();
        assert_eq!(tool.preview(&context(), &wrong).await.unwrap_err().code, "invalid_payload");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn bombs_end_as_errors() {
    for (code, expected) in [
        ("for (;;) {}", "tool_timeout"),
        ("/^(a+)+$/.test('a'.repeat(40) + '!')", "tool_timeout"),
        // Loops of the engine's own, in which it looks at no clock.
        ("new Array(4294967295).lastIndexOf(1)", "tool_timeout"),
        ("Array.prototype.indexOf.call({length: 2 ** 53 - 1}, 1)", "tool_timeout"),
        ("const a = []; for (;;) a.push(new Array(1000).fill(1))", "tool_error"),
        ("let s = 'x'; for (;;) s += s", "tool_error"),
        ("const f = () => f() + 1; f()", "tool_error"),
    ] {
        let began = Instant::now();
        let ended = run(code, SHORT).await.ended;
        assert_eq!(ended.map_err(|error| error.code), Err(expected), "{code}");
        assert!(began.elapsed() < Duration::from_secs(20), "{code}: {:?}", began.elapsed());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bomb_slows_nobody_else() {
    let tool = tool(LIMITS);
    let bomb = async |code: &str| {
        let code = format!("console.log('x'.repeat(9000)); {code}");
        let mut events = tool.run(&context(), &arguments(&code), None, CancellationToken::new());
        assert!(matches!(events.next().await, Some(ToolEvent::Chunk(_))));
        events
    };
    let mut one = bomb("for (;;) {}").await;
    let mut other = bomb("/^(a+)+$/.test('a'.repeat(60) + '!')").await;
    // It fills its memory again and again.
    let mut third = bomb("for (;;) try { const a = []; for (;;) a.push(new Array(1000).fill(1)) } catch {}").await;
    for n in 0..5 {
        let ran = run_with(&tool, &format!("{n} + 1"), CancellationToken::new()).await;
        assert_eq!(ran.ended.unwrap(), (n + 1).to_string());
    }
    // All are at it still.
    for events in [&mut one, &mut other, &mut third] {
        while let std::task::Poll::Ready(event) = futures_util::poll!(events.next()) {
            assert!(matches!(event, Some(ToolEvent::Chunk(_))), "{event:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_others_wait_for_a_place_and_get_it() {
    let tool = tool(LIMITS);
    let mut running = Vec::new();
    for _ in 0..4 {
        let code = arguments("console.log('on'); for (;;) {}");
        let mut events = tool.run(&context(), &code, None, CancellationToken::new());
        assert!(matches!(events.next().await, Some(ToolEvent::Chunk(_))));
        running.push(events);
    }
    let code = arguments("'mine'");
    let mut fifth = tool.run(&context(), &code, None, CancellationToken::new());
    assert!(tokio::time::timeout(Duration::from_millis(300), fifth.next()).await.is_err(), "a fifth one ran");
    let cancel = CancellationToken::new();
    cancel.cancel();
    let error = run_with(&tool, "'cancelled while it waits'", cancel).await.ended.unwrap_err();
    assert_eq!(error.code, "tool_error");
    running.pop();
    assert_eq!(fifth.next().await, Some(ToolEvent::Finished(Ok("mine".into()))));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_ends_it_at_once_and_a_dropped_one_leaves_no_process() {
    let mark = format!("mark-{}", UserId::new());
    let arguments_of = |mark: &str| -> Vec<OsString> {
        // The program is started by a shell that replaces itself, so that its name in the list of processes is ours.
        vec!["-c".into(), format!("exec -a {mark} {} {}", env!("CARGO_BIN_EXE_sayso"), sandbox::COMMAND).into()]
    };
    let tool = RunJs::new(Launch { program: "/bin/bash".into(), arguments: arguments_of(&mark) }, LIMITS);
    for native in ["for (;;) {}", "new Array(4294967295).lastIndexOf(1)"] {
        let code = format!("console.log('on'); console.log('x'.repeat(9000)); {native}");
        let cancel = CancellationToken::new();
        let mut events = tool.run(&context(), &arguments(&code), None, cancel.clone());
        assert!(matches!(events.next().await, Some(ToolEvent::Chunk(_))));
        assert_eq!(sandboxes(&mark), 1);
        let began = Instant::now();
        cancel.cancel();
        let ended = loop {
            match events.next().await {
                Some(ToolEvent::Finished(ended)) => break ended,
                Some(ToolEvent::Chunk(_)) => {}
                Some(ToolEvent::Lost(_)) | None => panic!("no end"),
            }
        };
        assert_eq!(ended.unwrap_err().message, "The script was stopped.");
        assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
    }
    let mut events = tool.run(&context(), &arguments("console.log('on'); for (;;) {}"), None, CancellationToken::new());
    assert!(matches!(events.next().await, Some(ToolEvent::Chunk(_))));
    drop(events);
    let gone = async {
        while sandboxes(&mark) > 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), gone).await.expect("a process stays");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sandbox_that_breaks_is_an_error_and_no_more() {
    let shell = |script: &str| Launch { program: "/bin/sh".into(), arguments: vec!["-c".into(), script.into()] };
    for (script, says) in [
        ("kill -ABRT $$", "SIGABRT"),
        ("kill -SEGV $$", "SIGSEGV"),
        ("exit 0", "exit status: 0"),
        ("echo nonsense", "expected"),
        ("echo '{\"value\":'", "EOF"),
        ("cat > /dev/null; head -c 2000000 /dev/zero | tr '\\0' '[' ", "brought its sandbox down"),
    ] {
        let tool = RunJs::new(shell(script), LIMITS);
        let error = run_with(&tool, "1", CancellationToken::new()).await.ended.unwrap_err();
        assert_eq!(error.code, "tool_error");
        assert!(error.message.contains(says), "{script}: {}", error.message);
    }
    let missing = RunJs::new(Launch { program: "/nowhere".into(), arguments: vec![] }, LIMITS);
    assert_eq!(run_with(&missing, "1", CancellationToken::new()).await.ended.unwrap_err().code, "tool_error");
    // One that says nothing is ended in time.
    let silent = RunJs::new(shell("cat > /dev/null; exec sleep 600"), SHORT);
    assert_eq!(run_with(&silent, "1", CancellationToken::new()).await.ended.unwrap_err().code, "tool_timeout");
}

/// The limits of the operating system hold where the engine's do not reach, and no secret is in the environment.
#[test]
fn the_process_is_confined() {
    use std::io::{Read as _, Write as _};
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_sayso"))
        .arg(sandbox::COMMAND)
        .env_clear()
        .envs(sandbox::ENVIRONMENT)
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let request = r#"{"code":"console.log('on'); console.log('x'.repeat(9000)); for (;;) {}",
        "limits":{"time":{"secs":60,"nanos":0},"memory":33554432}}"#;
    child.stdin.take().unwrap().write_all(request.as_bytes()).unwrap();
    let mut first = [0; 1];
    child.stdout.as_mut().unwrap().read_exact(&mut first).unwrap();
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", child.id())).unwrap();
    let of = |name: &str| {
        let line = limits.lines().find(|line| line.starts_with(name)).unwrap();
        line[name.len()..].split_whitespace().next().unwrap().to_owned()
    };
    assert_eq!(of("Max cpu time"), "62");
    assert_eq!(of("Max data size"), ((32 << 20) + (64 << 20)).to_string());
    assert_eq!(
        (of("Max file size"), of("Max core file size"), of("Max open files")),
        ("0".into(), "0".into(), "3".into())
    );
    child.kill().unwrap();
    child.wait().unwrap();
}
