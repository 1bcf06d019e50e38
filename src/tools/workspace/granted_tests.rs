//! A grant for a folder, tried with everything that does not lie below it.

use std::{fs, os::unix::fs::symlink};

use futures_util::StreamExt as _;
use serde_json::json;
use tokio_util::sync::CancellationToken;

use super::tests::{Fixture, Outcome, arguments, context};
use crate::{
    tools::{Arguments, Tool, ToolContext, ToolEvent},
    types::Bound,
};

fn within(bound: Bound) -> ToolContext {
    ToolContext { within: Some(bound), ..context("acme") }
}

fn notes() -> ToolContext {
    within(Bound::Below("notes".to_owned()))
}

fn path(path: &str) -> Arguments {
    Arguments::parse(&json!({"path": path}).to_string()).unwrap()
}

/// Shows it and runs it, however the showing went.
async fn tried(tool: &dyn Tool, context: &ToolContext, arguments: &Arguments) -> (Outcome, Outcome) {
    let preview = tool.preview(context, arguments).await;
    let precondition = preview.as_ref().ok().and_then(|preview| preview.precondition.clone());
    let precondition = precondition.unwrap_or_else(|| "absent".to_owned());
    let run = tool.run(context, arguments, Some(&precondition), CancellationToken::new());
    let Some(ToolEvent::Finished(outcome)) = run.collect::<Vec<_>>().await.pop() else { panic!("it did not finish") };
    (preview.map(|preview| preview.target.unwrap_or_default()), outcome.map(|result| result.text))
}

fn code(outcome: &Outcome) -> &'static str {
    outcome.as_ref().map_or_else(|error| error.code, |_| "")
}

#[tokio::test]
async fn each_tool_offers_the_folders_above() {
    let fixture = Fixture::new().await;
    let below = |folders: &[&str]| folders.iter().map(|folder| Bound::Below((*folder).to_owned())).collect::<Vec<_>>();
    assert_eq!(fixture.tool.bounds(&arguments("a/b/c.txt", "x")), below(&["a/b", "a"]));
    assert_eq!(fixture.read.bounds(&path("a/b/c.txt")), below(&["a/b", "a"]));
    assert_eq!(fixture.list.bounds(&path("a/b")), below(&["a/b", "a"]));
    assert_eq!(fixture.list.bounds(&Arguments::parse("{}").unwrap()), []);
    assert_eq!(fixture.tool.bounds(&arguments("c.txt", "x")), []);
    for hostile in ["../x", "a/../b", "/a/b", ""] {
        assert_eq!(fixture.tool.bounds(&arguments(hostile, "x")), [], "{hostile}");
        assert_eq!(fixture.read.bounds(&path(hostile)), [], "{hostile}");
        assert_eq!(fixture.list.bounds(&path(hostile)), [], "{hostile}");
    }
}

#[tokio::test]
async fn what_lies_below_the_granted_folder_runs() {
    let fixture = Fixture::new().await;
    fs::create_dir(fixture.inside("notes")).unwrap();
    let (preview, run) = tried(&fixture.tool, &notes(), &arguments("notes/2026/a.txt", "x")).await;
    assert_eq!(
        (preview.unwrap().as_str(), run.unwrap().as_str()),
        ("notes/2026/a.txt", "Wrote 1 byte to notes/2026/a.txt.")
    );
    assert_eq!(fs::read_to_string(fixture.inside("notes/2026/a.txt")).unwrap(), "x");
    let deeper = within(Bound::Below("notes/2026".to_owned()));
    assert_eq!(tried(&fixture.read, &deeper, &path("notes/2026/a.txt")).await.1.unwrap(), "x");
    assert_eq!(tried(&fixture.list, &deeper, &path("notes/2026")).await.1.unwrap(), "a.txt (1 bytes)\n");
    assert_eq!(tried(&fixture.list, &notes(), &path("notes")).await.1.unwrap(), "2026/\n");
    let effect = fixture.tool.took_effect(&notes(), &arguments("notes/2026/a.txt", "x"), Some("absent")).await;
    assert_eq!(effect, Some(true));
    // Where the arguments are the same, who compared them has narrowed it already.
    assert_eq!(tried(&fixture.read, &within(Bound::Same), &path("notes/2026/a.txt")).await.1.unwrap(), "x");
}

#[tokio::test]
async fn what_lies_elsewhere_is_not_allowed_however_it_is_written() {
    let fixture = Fixture::new().await;
    for folder in ["notes", "Notes", "notes2", "other"] {
        fs::create_dir(fixture.inside(folder)).unwrap();
        fs::write(fixture.inside(folder).join("x"), "there").unwrap();
    }
    fs::write(fixture.inside("x"), "there").unwrap();
    let before = fixture.everything();
    for elsewhere in ["x", "Notes/x", "NOTES/x", "notes2/x", "other/x", "notes", "..%2fx", "note%73/x", "other/notes/x"]
    {
        for tool in [&fixture.tool as &dyn Tool, &fixture.read] {
            let arguments = match tool.definition().name.as_str() {
                "write_file" => arguments(elsewhere, "new"),
                _ => path(elsewhere),
            };
            let (preview, run) = tried(tool, &notes(), &arguments).await;
            assert_eq!((code(&preview), code(&run)), ("tool_not_allowed", "tool_not_allowed"), "{elsewhere}");
        }
    }
    for elsewhere in [path("other"), path("Notes"), path("notes2"), Arguments::parse("{}").unwrap()] {
        let (preview, run) = tried(&fixture.list, &notes(), &elsewhere).await;
        assert_eq!((code(&preview), code(&run)), ("tool_not_allowed", "tool_not_allowed"), "{elsewhere:?}");
    }
    for written in ["notes/../x", "notes//x", "notes/./x", "/notes/x", "../acme/notes/x"] {
        let (preview, run) = tried(&fixture.tool, &notes(), &arguments(written, "new")).await;
        assert_eq!((code(&preview), code(&run)), ("invalid_path", "invalid_path"), "{written}");
    }
    // A grant for a host, or for what is no folder, is none for files.
    for bound in [Bound::Host("https://notes".to_owned()), Bound::Below("..".to_owned()), Bound::Below(String::new())] {
        let (preview, run) = tried(&fixture.tool, &within(bound), &arguments("notes/x", "new")).await;
        assert_eq!((code(&preview), code(&run)), ("tool_not_allowed", "tool_not_allowed"));
    }
    assert_eq!(fixture.everything(), before);
    // An ordinary name that only looks like a way out stays below.
    tried(&fixture.tool, &notes(), &arguments("notes/..%2fx", "new")).await.1.unwrap();
    assert_eq!(fs::read_to_string(fixture.inside("notes/..%2fx")).unwrap(), "new");
    assert_eq!(fs::read_to_string(fixture.inside("x")).unwrap(), "there");
}

#[tokio::test]
async fn a_link_where_the_granted_folder_was_is_not_it() {
    let fixture = Fixture::new().await;
    fs::create_dir(fixture.inside("other")).unwrap();
    fs::write(fixture.inside("other/x"), "there").unwrap();
    symlink("other", fixture.inside("notes")).unwrap();
    let (preview, run) = tried(&fixture.tool, &notes(), &arguments("notes/x", "new")).await;
    assert_eq!((code(&preview), code(&run)), ("tool_not_allowed", "tool_not_allowed"));
    let (preview, run) = tried(&fixture.read, &notes(), &path("notes/x")).await;
    assert_eq!((code(&preview), code(&run)), ("tool_not_allowed", "tool_not_allowed"));
    let (preview, run) = tried(&fixture.list, &notes(), &path("notes")).await;
    assert_eq!((code(&preview), code(&run)), ("tool_not_allowed", "tool_not_allowed"));
    // Nor is a folder that is not there: nobody has seen it.
    fs::remove_file(fixture.inside("notes")).unwrap();
    let (preview, run) = tried(&fixture.tool, &notes(), &arguments("notes/x", "new")).await;
    assert_eq!((code(&preview), code(&run)), ("tool_not_allowed", "tool_not_allowed"));
    assert!(!fixture.inside("notes").exists());
    // A link below it leads nowhere either.
    fs::create_dir(fixture.inside("notes")).unwrap();
    symlink("../other", fixture.inside("notes/deep")).unwrap();
    let (preview, run) = tried(&fixture.tool, &notes(), &arguments("notes/deep/x", "new")).await;
    assert_eq!((code(&preview), code(&run)), ("invalid_path", "invalid_path"));
    assert_eq!(fs::read_to_string(fixture.inside("other/x")).unwrap(), "there");
}

/// The folder is exchanged for a link between showing and running.
#[tokio::test]
async fn a_link_swapped_in_after_showing_is_refused_when_it_runs() {
    let fixture = Fixture::new().await;
    fs::create_dir(fixture.inside("notes")).unwrap();
    fs::create_dir(fixture.inside("other")).unwrap();
    let arguments = arguments("notes/x", "new");
    let preview = fixture.tool.preview(&notes(), &arguments).await.unwrap();
    fs::remove_dir(fixture.inside("notes")).unwrap();
    symlink("other", fixture.inside("notes")).unwrap();
    let run = fixture.tool.run(&notes(), &arguments, preview.precondition.as_deref(), CancellationToken::new());
    let last = run.collect::<Vec<_>>().await.pop();
    assert!(matches!(&last, Some(ToolEvent::Finished(Err(error))) if error.code == "tool_not_allowed"), "{last:?}");
    assert_eq!(fs::read_dir(fixture.inside("other")).unwrap().count(), 0);
}
