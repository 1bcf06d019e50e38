//! The tool `read_file`.

use std::num::NonZeroUsize;

use futures_util::{FutureExt as _, future::BoxFuture};
use serde::Deserialize;
use serde_json::json;
use tokio_util::sync::CancellationToken;

use super::{
    Workspace,
    area::{Area, bounds_above},
    blocking,
    path::{RelativePath, refused},
    read::{Content, Seen, Text, read},
};
use crate::{
    tools::{Arguments, BUILT_IN, Tool, ToolContext, ToolDefinition, ToolError, ToolRun, once},
    types::{Bound, Preview},
};

const DESCRIPTION: &str = "Reads one text file (UTF-8) in the workspace of the person's team. `path` is relative to the \
    workspace, with `/` between folders, for example `notes/hello.txt`. The result is the whole text; of a long file you \
    may ask for a part with `from_line` (the first line is 1) and `lines` (how many). The person decides before anything \
    is read; do not ask for permission in words first.";

/// `read_file {path, from_line?, lines?}`: the text of a file of the tenant's workspace.
pub struct ReadFile {
    workspace: Workspace,
    limit: u64,
    definition: ToolDefinition,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    path: String,
    #[serde(flatten)]
    part: Part,
}

/// Which lines.
#[derive(Clone, Copy, Deserialize)]
struct Part {
    from_line: Option<NonZeroUsize>,
    lines: Option<NonZeroUsize>,
}

impl ReadFile {
    /// The tool over this workspace, for files of at most `limit` bytes.
    pub fn new(workspace: Workspace, limit: u64) -> Self {
        let definition = ToolDefinition {
            server: BUILT_IN.to_owned(),
            launch: "builtin".to_owned(),
            beside: Vec::new(),
            name: "read_file".to_owned(),
            description: DESCRIPTION.to_owned(),
            input_schema: json!({
                "type": "object",
                "properties": {
                    "path": {
                        "type": "string",
                        "description": "Which file, relative to the workspace: notes/hello.txt",
                    },
                    "from_line": {"type": "integer", "minimum": 1, "description": "The first line to read."},
                    "lines": {"type": "integer", "minimum": 1, "description": "How many lines to read at most."},
                },
                "required": ["path"],
                "additionalProperties": false,
            }),
        };
        Self { workspace, limit, definition }
    }

    fn read(&self, context: &ToolContext, arguments: &Arguments) -> Result<(Area, RelativePath, Part), ToolError> {
        let wanted: Wanted = arguments.read()?;
        let area = Area::of(&self.workspace, context)?;
        let path = area.file_path(&wanted.path)?;
        Ok((area, path, wanted.part))
    }
}

impl Tool for ReadFile {
    fn definition(&self) -> &ToolDefinition {
        &self.definition
    }

    /// Target is the path. What is there, or that nothing is, is not looked at before the person says so.
    fn preview<'a>(
        &'a self,
        context: &'a ToolContext,
        arguments: &'a Arguments,
    ) -> BoxFuture<'a, Result<Preview, ToolError>> {
        async move {
            let (area, path, _) = self.read(context, arguments)?;
            blocking(move || area.is_there()).await?;
            Ok(Preview { target: Some(path.as_str().to_owned()), ..Preview::default() })
        }
        .boxed()
    }

    fn bounds(&self, arguments: &Arguments) -> Vec<Bound> {
        arguments.read::<Wanted>().map(|wanted| bounds_above(&wanted.path)).unwrap_or_default()
    }

    fn run(&self, context: &ToolContext, arguments: &Arguments, _: Option<&str>, cancel: CancellationToken) -> ToolRun {
        let (ready, limit) = (self.read(context, arguments), self.limit);
        let work = async move {
            let (area, path, part) = ready?;
            blocking(move || {
                let seen = read(&area, &path, limit).map_err(as_reading)?;
                told(&path, seen.ok_or_else(|| refused(path.as_str(), "there is no file of that name"))?, part, limit)
            })
            .await
        };
        once::run(work, cancel)
    }

    /// It only looks.
    fn took_effect<'a>(
        &'a self,
        _: &'a ToolContext,
        _: &'a Arguments,
        _: Option<&'a str>,
    ) -> BoxFuture<'a, Option<bool>> {
        async { Some(false) }.boxed()
    }
}

/// A fault of the disk while reading is no failed write.
pub(super) fn as_reading(error: ToolError) -> ToolError {
    if error.code == "write_failed" { ToolError::new("tool_error", error.message) } else { error }
}

/// What the model gets of a file, or why it gets nothing.
fn told(path: &RelativePath, seen: Seen, part: Part, limit: u64) -> Result<String, ToolError> {
    let (name, bytes) = (path.as_str(), seen.bytes);
    let text = match seen.content {
        Content::Text(Text { text, .. }) => text,
        Content::Binary(_) => {
            return Err(ToolError::new("tool_error", format!("{name} has {bytes} bytes that are no UTF-8 text.")));
        }
        Content::TooLong => {
            let words = format!("{name} has {bytes} bytes; files of at most {limit} bytes can be read.");
            return Err(ToolError::new("tool_error", words));
        }
    };
    if text.is_empty() {
        return Ok(format!("{name} is empty."));
    }
    if part.from_line.is_none() && part.lines.is_none() {
        return Ok(text);
    }
    let all = text.split_inclusive('\n').count();
    let from = part.from_line.map_or(1, NonZeroUsize::get);
    let lines: Vec<&str> =
        text.split_inclusive('\n').skip(from - 1).take(part.lines.map_or(all, NonZeroUsize::get)).collect();
    if lines.is_empty() {
        return Err(ToolError::new("tool_error", format!("{name} has {all} lines; line {from} is not among them.")));
    }
    Ok(format!("[{name}, lines {from} to {} of {all}]\n{}", from + lines.len() - 1, lines.concat()))
}
