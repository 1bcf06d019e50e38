//! Everything built in works under what `deploy/sayso.service` forbids, and so does a server of tools in Python.

use serde_json::json;

use crate::{
    WISH,
    support::{App, Backend, Script, root, servers::Configured},
};

#[tokio::test(flavor = "multi_thread")]
async fn the_hardened_unit_forbids_nothing_that_is_needed() {
    let servers = Configured::new().process("it", "plain", &[]);
    let mut app = App::new(Backend::Sqlite);
    app.set("MCP_CONFIG", &servers.file());
    let runner = root().join("tests/deploy/hardened.py");
    app.runs_by(&["python3", runner.to_str().unwrap()]);
    app.launch();
    let ada = app.setup().await;
    let chat = ada.new_conversation(WISH).await;
    chat.approve().await.expect(200);
    assert_eq!(chat.settled().await.turn(), "completed");
    assert_eq!(app.file("notes/hello.txt").as_deref(), Some("Hello world"));
    // A process of its own, which limits itself.
    let script = Script::first(&app.base).await;
    let calling = async |name: &str, args: serde_json::Value| {
        let body = json!({"name": name, "args": args});
        script.post("/api/mcp/tools/call", &body, &[]).await.expect(200).text
    };
    let said = calling("run_js", json!({"code": "[1, 2, 3].map(n => n * 14).join()"})).await;
    assert!(said.contains("14,28,42"), "{said}");
    // A process of somebody else.
    let said = calling("it__echo", json!({"text": "back again"})).await;
    assert!(said.contains("back again"), "{said}");
    let out = app.run(&["check"], None);
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stdout));
    assert_eq!(app.stop(), Some(0));
}

/// What is forbidden is: the test above would else prove nothing.
#[test]
fn the_runner_of_the_test_forbids() {
    let runner = root().join("tests/deploy/hardened.py");
    let run = |program: &str| {
        let output =
            std::process::Command::new("python3").arg(&runner).args(["python3", "-c", program]).output().unwrap();
        (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    assert!(run("import socket; socket.socket()").0);
    for (what, program) in [
        ("netlink", "import socket; socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)"),
        ("chroot", "import os; os.chroot('/')"),
        ("memory", "import mmap; mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)"),
    ] {
        let (worked, said) = run(program);
        assert!(!worked, "{what} is not forbidden: {said}");
    }
}
