//! The tool `write_file`.

use futures_util::{FutureExt as _, StreamExt as _, future::BoxFuture, stream};
use serde::Deserialize;
use serde_json::json;
use std::sync::PoisonError;
use tokio_util::sync::CancellationToken;

use super::{Workspace, difference::difference, path::RelativePath, write::Job};
use crate::{
    tools::{Arguments, Tool, ToolContext, ToolDefinition, ToolError, ToolEvent, ToolRun},
    types::{Digest, Preview},
};

const DESCRIPTION: &str = "Writes one text file in the workspace of the person's team. Creates the file, and the \
    folders on its way, or replaces an existing file as a whole: `content` is the complete new content, not a part or \
    a patch of it. `path` is relative to the workspace, with `/` between folders, for example `notes/hello.txt`; it \
    cannot be absolute, contain `..`, or lead through a link. The person is shown the path and what would change, and \
    decides before anything is written; do not ask for permission in words first. The result says how many bytes were \
    written. If the file changed while the person decided, nothing is written and you may ask again.";

/// `write_file {path, content}`: replaces a file of the tenant's workspace as a whole, or makes it.
pub struct WriteFile {
    workspace: Workspace,
    definition: ToolDefinition,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    path: String,
    content: String,
}

impl WriteFile {
    /// The tool over this workspace.
    pub fn new(workspace: Workspace) -> Self {
        let definition = ToolDefinition {
            server: "sayso".to_owned(),
            launch: "builtin".to_owned(),
            name: "write_file".to_owned(),
            description: DESCRIPTION.to_owned(),
            input_schema: json!({
                "type": "object",
                "properties": {
                    "path": {
                        "type": "string",
                        "description": "Where to write, relative to the workspace: notes/hello.txt",
                    },
                    "content": {"type": "string", "description": "The complete content of the file."},
                },
                "required": ["path", "content"],
                "additionalProperties": false,
            }),
        };
        Self { workspace, definition }
    }
}

fn read(arguments: &Arguments) -> Result<(RelativePath, String), ToolError> {
    let wanted: Wanted = arguments.read()?;
    Ok((RelativePath::parse(&wanted.path)?, wanted.content))
}

/// Runs what blocks on a thread that may.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, ToolError> + Send + 'static,
) -> Result<T, ToolError> {
    let broken = |_| ToolError::new("tool_error", "The workspace could not be looked at.");
    tokio::task::spawn_blocking(work).await.map_err(broken)?
}

impl Tool for WriteFile {
    fn definition(&self) -> &ToolDefinition {
        &self.definition
    }

    /// Target is the path; the precondition is the SHA-256 of the file that would be replaced, or `absent`.
    fn preview<'a>(
        &'a self,
        context: &'a ToolContext,
        arguments: &'a Arguments,
    ) -> BoxFuture<'a, Result<Preview, ToolError>> {
        let (workspace, slug) = (self.workspace.clone(), context.tenant_slug.clone());
        async move {
            let (path, content) = read(arguments)?;
            blocking(move || {
                let (_, found) = workspace.look(&slug, &path)?;
                Ok(Preview {
                    target: Some(path.as_str().to_owned()),
                    precondition: Some(found.precondition()),
                    difference: Some(difference(&found, &content)),
                    ..Preview::default()
                })
            })
            .await
        }
        .boxed()
    }

    /// Chunks are the content as it is written. Cancelled or dropped before the file is replaced, it has no effect;
    /// after that it has its whole effect and says so.
    fn run(
        &self,
        context: &ToolContext,
        arguments: &Arguments,
        precondition: Option<&str>,
        cancel: CancellationToken,
    ) -> ToolRun {
        let ready = read(arguments).and_then(|read| match precondition {
            Some(precondition) => Ok((read, precondition.to_owned())),
            // Nobody looked, so nobody can have seen what would be replaced.
            None => Err(ToolError::new("tool_changed", "What is at the path was not shown. Ask again.")),
        });
        let ((path, content), precondition) = match ready {
            Ok(ready) => ready,
            Err(error) => return stream::iter([ToolEvent::Finished(Err(error))]).boxed(),
        };
        let (workspace, slug) = (self.workspace.clone(), context.tenant_slug.clone());
        Job { workspace, slug, path, content, precondition }.stream(&cancel)
    }

    /// Told from what is there: the new content, or still what was shown. Certain also right after a run was
    /// dropped: it waits for a replacement that is under way, and none begins after it.
    fn took_effect<'a>(
        &'a self,
        context: &'a ToolContext,
        arguments: &'a Arguments,
        precondition: Option<&'a str>,
    ) -> BoxFuture<'a, Option<bool>> {
        let (workspace, slug) = (self.workspace.clone(), context.tenant_slug.clone());
        async move {
            let (path, content) = read(arguments).ok()?;
            let precondition = precondition?.to_owned();
            let state = blocking(move || {
                let lock = workspace.lock(&slug);
                let _guard = lock.lock().unwrap_or_else(PoisonError::into_inner);
                let (_, found) = workspace.look(&slug, &path)?;
                Ok(found.precondition())
            });
            let (state, wanted) = (state.await.ok()?, Digest::of(content.as_bytes()).to_string());
            match (state == wanted, state == precondition) {
                (true, false) => Some(true),
                (false, true) => Some(false),
                // The same content as before, or a third one: nobody can tell.
                _ => None,
            }
        }
        .boxed()
    }
}
