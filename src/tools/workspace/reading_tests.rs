//! What `read_file` and `list_files` give, and what they do not; what `write_file` refuses for its size.

use std::{
    ffi::OsStr,
    fs,
    os::unix::{ffi::OsStrExt as _, fs::symlink},
};

use futures_util::StreamExt as _;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use super::{
    PutBack, Workspace,
    list::MAX_ENTRIES,
    path::RelativePath,
    tests::{Fixture, LIMIT, Outcome, arguments, context},
};
use crate::{
    tools::{Arguments, Tool, ToolEvent, Toolbox},
    types::Digest,
};

async fn run(tool: &dyn Tool, wanted: Value) -> Outcome {
    let arguments = Arguments::parse(&wanted.to_string()).unwrap();
    let preview = tool.preview(&context("acme"), &arguments).await?;
    assert_eq!(preview.precondition, None, "reading rests on nothing");
    assert_eq!(preview.target.as_deref(), wanted["path"].as_str());
    let run = tool.run(&context("acme"), &arguments, None, CancellationToken::new());
    let Some(ToolEvent::Finished(outcome)) = run.collect::<Vec<_>>().await.pop() else { panic!("it did not finish") };
    assert_eq!(tool.took_effect(&context("acme"), &arguments, None).await, Some(false));
    outcome.map(|result| result.text)
}

#[tokio::test]
async fn a_file_is_read_whole_or_by_lines() {
    let fixture = Fixture::new().await;
    fs::create_dir(fixture.inside("notes")).unwrap();
    fs::write(fixture.inside("notes/a.txt"), "one\ntwo\nthrée\nfour").unwrap();
    let read = async |part: Value| {
        let mut wanted = json!({"path": "notes/a.txt"});
        wanted.as_object_mut().unwrap().extend(part.as_object().unwrap().clone());
        run(&fixture.read, wanted).await
    };
    assert_eq!(read(json!({})).await.unwrap(), "one\ntwo\nthrée\nfour");
    let part = read(json!({"from_line": 2, "lines": 2})).await.unwrap();
    assert_eq!(part, "[notes/a.txt, lines 2 to 3 of 4]\ntwo\nthrée\n");
    assert_eq!(read(json!({"from_line": 4})).await.unwrap(), "[notes/a.txt, lines 4 to 4 of 4]\nfour");
    assert_eq!(read(json!({"lines": 1})).await.unwrap(), "[notes/a.txt, lines 1 to 1 of 4]\none\n");
    let beyond = read(json!({"from_line": 5, "lines": 9})).await.unwrap_err();
    assert_eq!(
        (beyond.code, beyond.message.as_str()),
        ("tool_error", "notes/a.txt has 4 lines; line 5 is not among them.")
    );
    for wrong in [json!({"from_line": 0}), json!({"lines": 0}), json!({"lines": -1}), json!({"lines": "2"})] {
        assert_eq!(read(wrong).await.unwrap_err().code, "invalid_payload");
    }
    fs::write(fixture.inside("empty"), "").unwrap();
    assert_eq!(run(&fixture.read, json!({"path": "empty"})).await.unwrap(), "empty is empty.");
}

#[tokio::test]
async fn what_cannot_be_read_is_said_in_words() {
    let fixture = Fixture::new().await;
    let limit = usize::try_from(LIMIT).unwrap();
    fs::write(fixture.inside("binary"), [0xff, 0xfe, 0]).unwrap();
    fs::write(fixture.inside("zero"), "a\0b").unwrap();
    fs::write(fixture.inside("long"), "x".repeat(limit + 1)).unwrap();
    fs::write(fixture.inside("full"), "x".repeat(limit)).unwrap();
    for (path, says) in [
        ("binary", "binary has 3 bytes that are no UTF-8 text."),
        ("zero", "zero has 3 bytes that are no UTF-8 text."),
        ("long", "long has 300001 bytes; files of at most 300000 bytes can be read."),
    ] {
        let error = run(&fixture.read, json!({"path": path})).await.unwrap_err();
        assert_eq!((error.code, error.message.as_str()), ("tool_error", says));
    }
    assert_eq!(run(&fixture.read, json!({"path": "full"})).await.unwrap().len(), limit);
    fs::create_dir(fixture.inside("folder")).unwrap();
    symlink(fixture.outside("secret.txt"), fixture.inside("link")).unwrap();
    symlink(fixture.outside(""), fixture.inside("out")).unwrap();
    fs::hard_link(fixture.outside("secret.txt"), fixture.inside("hard")).unwrap();
    for path in ["absent", "no/such/file", "folder", "link", "out/secret.txt", "hard", "../outside/secret.txt"] {
        let error = run(&fixture.read, json!({"path": path})).await.unwrap_err();
        assert_eq!(error.code, "invalid_path", "{path}: {error}");
        assert!(!error.message.contains("secret\n"), "{error}");
    }
}

#[tokio::test]
async fn a_folder_is_listed_sorted_and_bounded() {
    let fixture = Fixture::new().await;
    assert_eq!(run(&fixture.list, json!({})).await.unwrap(), "The folder is empty.");
    fs::create_dir_all(fixture.inside("b/deep")).unwrap();
    fs::write(fixture.inside("b/deep/x"), "x").unwrap();
    fs::write(fixture.inside("c.txt"), "four").unwrap();
    fs::write(fixture.inside("a.txt"), "").unwrap();
    fs::write(fixture.inside(".sayso-0123456789abcdef0123456789abcdef.tmp"), "half").unwrap();
    fs::write(fixture.inside("evil\n\u{202e}txt"), "x").unwrap();
    fs::write(fixture.inside("").join(OsStr::from_bytes(b"\xff")), "x").unwrap();
    symlink("/etc", fixture.inside("etc")).unwrap();
    let expected = "a.txt (0 bytes)\nb/\nc.txt (4 bytes)\netc (a link; it is not followed)\n\
        evil\\u{a}\\u{202e}txt (1 bytes)\n\u{fffd} (1 bytes)\n";
    assert_eq!(run(&fixture.list, json!({})).await.unwrap(), expected);
    assert_eq!(run(&fixture.list, json!({"path": "b"})).await.unwrap(), "deep/\n");
    for path in ["absent", "c.txt", "etc", "..", "b/", "/"] {
        assert_eq!(run(&fixture.list, json!({"path": path})).await.unwrap_err().code, "invalid_path", "{path}");
    }

    fs::create_dir(fixture.inside("many")).unwrap();
    (0..MAX_ENTRIES + 7).rev().for_each(|n| fs::write(fixture.inside(&format!("many/{n:04}")), "").unwrap());
    let many = run(&fixture.list, json!({"path": "many"})).await.unwrap();
    let lines: Vec<&str> = many.lines().collect();
    assert_eq!((lines.len(), lines[0], lines[MAX_ENTRIES - 1]), (MAX_ENTRIES + 1, "0000 (0 bytes)", "0999 (0 bytes)"));
    assert_eq!(lines[MAX_ENTRIES], "[The first 1000 are listed; there are 7 more.]");
}

#[tokio::test]
async fn a_preview_tells_nobody_what_is_there() {
    let fixture = Fixture::new().await;
    fs::write(fixture.inside("there"), "x").unwrap();
    for path in ["there", "absent", "no/such/folder/x"] {
        for tool in [&fixture.read as &dyn Tool, &fixture.list] {
            let arguments = Arguments::parse(&json!({"path": path}).to_string()).unwrap();
            assert!(tool.preview(&context("acme"), &arguments).await.is_ok(), "{path}");
        }
    }
}

#[tokio::test]
async fn arguments_fit_their_schemas_or_are_refused() {
    let Fixture { read, list, .. } = Fixture::new().await;
    let toolbox = Toolbox::new([std::sync::Arc::new(read) as std::sync::Arc<dyn Tool>, std::sync::Arc::new(list)]);
    for (name, text, fits) in [
        ("read_file", r#"{"path":"a","from_line":1,"lines":2}"#, true),
        ("read_file", r#"{}"#, false),
        ("read_file", r#"{"path":"a","from_line":0}"#, false),
        ("read_file", r#"{"path":"a","tenant":"globex"}"#, false),
        ("list_files", r#"{}"#, true),
        ("list_files", r#"{"path":"a"}"#, true),
        ("list_files", r#"{"path":1}"#, false),
        ("list_files", r#"{"depth":2}"#, false),
    ] {
        let arguments = Arguments::parse(text).unwrap();
        assert_eq!(toolbox.check(name, &arguments).await.is_ok(), fits, "{name} {text}");
        if !fits {
            let preview = toolbox.find(name).unwrap().preview(&context("acme"), &arguments).await;
            assert_eq!(preview.unwrap_err().code, "invalid_payload", "{name} {text}");
        }
    }
}

#[tokio::test]
async fn too_much_is_refused_before_anyone_is_asked() {
    let fixture = Fixture::new().await;
    let limit = usize::try_from(LIMIT).unwrap();
    fixture.write("full", &"x".repeat(limit)).await.unwrap();
    let long = arguments("long", &"x".repeat(limit + 1));
    let error = fixture.tool.preview(&context("acme"), &long).await.unwrap_err();
    assert_eq!(
        (error.code, error.message.as_str()),
        ("write_failed", "The content has 300001 bytes and the most is 300000.")
    );
}

/// What Undo does on the disk: exactly what was written gives way, to exactly what was there.
#[tokio::test]
async fn what_was_there_is_put_back_whole_or_not_at_all() {
    let fixture = Fixture::new().await;
    let workspace = Workspace::open(fixture.inside("").parent().unwrap()).unwrap();
    let before: &[u8] = b"\xff old \0";
    let write = |path: &str, after: &str, before: Option<&[u8]>| PutBack {
        path: path.to_owned(),
        after: Digest::of(after.as_bytes()),
        before: before.map(|before| (Digest::of(before), before.to_vec())),
    };
    let put_back = async |write| workspace.put_back("acme", write).await.map_err(|error| error.code);
    fs::write(fixture.inside("a"), "new").unwrap();
    assert_eq!(put_back(write("a", "other", Some(before))).await, Err("tool_changed"));
    assert_eq!(put_back(write("a", "other", None)).await, Err("tool_changed"));
    assert_eq!(fs::read(fixture.inside("a")).unwrap(), b"new");
    assert_eq!(put_back(write("a", "new", Some(before))).await, Ok(()));
    assert_eq!(fs::read(fixture.inside("a")).unwrap(), before);
    assert_eq!(put_back(write("a", "new", Some(before))).await, Ok(()), "it is there already");
    fs::write(fixture.inside("a"), "new").unwrap();
    assert_eq!(put_back(write("a", "new", None)).await, Ok(()));
    assert!(!fixture.inside("a").exists());
    assert_eq!(put_back(write("a", "new", None)).await, Ok(()), "it is gone already");
    assert_eq!(put_back(write("a", "new", Some(before))).await, Err("tool_changed"));
    assert!(!fixture.inside("a").exists());
    symlink(fixture.outside("secret.txt"), fixture.inside("link")).unwrap();
    for before in [None, Some(before)] {
        assert_eq!(put_back(write("link", "secret", before)).await, Err("invalid_path"));
    }
    assert_eq!(fs::read_to_string(fixture.outside("secret.txt")).unwrap(), "secret");
    let path = RelativePath::parse("link").unwrap();
    assert!(workspace.read("acme", &path, 10).await.is_err() && workspace.download("acme", &path).await.is_err());
}
