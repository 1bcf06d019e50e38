//! The tool `write_file`.

use std::sync::{Arc, PoisonError};

use futures_util::{FutureExt as _, StreamExt as _, future::BoxFuture, stream};
use serde::Deserialize;
use serde_json::json;
use tokio_util::sync::CancellationToken;

use super::{
    Ledger, Workspace,
    area::{Area, bounds_above},
    blocking,
    difference::{MAX_OLD_BYTES, difference},
    path::RelativePath,
    write::{Job, Replace},
};
use crate::{
    tools::{Arguments, BUILT_IN, Tool, ToolContext, ToolDefinition, ToolError, ToolEvent, ToolRun},
    types::{Bound, Digest, Preview},
};

const NAME: &str = "write_file";

const DESCRIPTION: &str = "Writes one text file in the workspace of the person's team. Creates the file, and the \
    folders on its way, or replaces an existing file as a whole: `content` is the complete new content, not a part or \
    a patch of it. `path` is relative to the workspace, with `/` between folders, for example `notes/hello.txt`; it \
    cannot be absolute, contain `..`, or lead through a link. The person is shown the path and what would change, and \
    decides before anything is written; do not ask for permission in words first. The result says how many bytes were \
    written. If the file changed while the person decided, nothing is written and you may ask again.";

/// `write_file {path, content}`: replaces a file of the tenant's workspace as a whole, or makes it.
pub struct WriteFile {
    workspace: Workspace,
    ledger: Ledger,
    definition: ToolDefinition,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    path: String,
    content: String,
}

impl WriteFile {
    /// The tool over this workspace; what it writes is noted.
    pub fn new(workspace: Workspace, ledger: Ledger) -> Self {
        let definition = ToolDefinition {
            server: BUILT_IN.to_owned(),
            launch: "builtin".to_owned(),
            beside: Vec::new(),
            name: NAME.to_owned(),
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
        Self { workspace, ledger, definition }
    }

    fn read(&self, context: &ToolContext, arguments: &Arguments) -> Result<(Area, RelativePath, String), ToolError> {
        let wanted: Wanted = arguments.read()?;
        let area = Area::of(&self.workspace, context)?;
        let path = area.file_path(&wanted.path)?;
        Ok((area, path, wanted.content))
    }
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
        async move {
            let (area, path, content) = self.read(context, arguments)?;
            let (found, path, content) = blocking(move || {
                let (_, found) = area.look(&path, MAX_OLD_BYTES)?;
                Ok((found, path, content))
            })
            .await?;
            self.ledger.may_write(context.tenant, content.len(), &found).await?;
            Ok(Preview {
                target: Some(path.as_str().to_owned()),
                precondition: Some(found.precondition()),
                difference: Some(blocking(move || Ok(difference(&found, &content))).await?),
                ..Preview::default()
            })
        }
        .boxed()
    }

    fn bounds(&self, arguments: &Arguments) -> Vec<Bound> {
        arguments.read::<Wanted>().map(|wanted| bounds_above(&wanted.path)).unwrap_or_default()
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
        let ready = self.read(context, arguments).and_then(|read| match precondition {
            Some(precondition) => Ok((read, precondition.to_owned())),
            // Nobody looked, so nobody can have seen what would be replaced.
            None => Err(ToolError::new("tool_changed", "What is at the path was not shown. Ask again.")),
        });
        let ((area, path, content), precondition) = match ready {
            Ok(ready) => ready,
            Err(error) => return stream::iter([ToolEvent::Finished(Err(error))]).boxed(),
        };
        let notes = Arc::new((self.ledger.clone(), context.clone()));
        let job = Job { replace: Replace { area, path, precondition }, content };
        let run = async move {
            let (ledger, context) = &*notes;
            if let Err(error) = ledger.begin(context, NAME, &job.replace, &job.content).await {
                return stream::iter([ToolEvent::Finished(Err(error))]).boxed();
            }
            let events = job.stream(&cancel).then(move |event| {
                let notes = Arc::clone(&notes);
                async move {
                    if let ToolEvent::Finished(outcome) = &event {
                        notes.0.settle(&notes.1, happened(outcome)).await;
                    }
                    event
                }
            });
            events.boxed()
        };
        run.flatten_stream().boxed()
    }

    /// Told from what is there: the new content, or still what was shown. Certain also right after a run was
    /// dropped: it waits for a replacement that is under way, and none begins after it.
    fn took_effect<'a>(
        &'a self,
        context: &'a ToolContext,
        arguments: &'a Arguments,
        precondition: Option<&'a str>,
    ) -> BoxFuture<'a, Option<bool>> {
        async move {
            let (area, path, content) = self.read(context, arguments).ok()?;
            let precondition = precondition?.to_owned();
            let state = blocking(move || {
                let lock = area.workspace.lock(&area.slug);
                let _guard = lock.lock().unwrap_or_else(PoisonError::into_inner);
                let (_, found) = area.look(&path, 0)?;
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

    fn settle<'a>(&'a self, context: &'a ToolContext, took_effect: bool) -> BoxFuture<'a, ()> {
        self.ledger.settle(context, Some(took_effect)).boxed()
    }
}

/// Whether a run that ended so has had its effect: it fails before that or not at all.
fn happened<T>(outcome: &Result<T, ToolError>) -> Option<bool> {
    match outcome {
        Ok(_) => Some(true),
        Err(error) if error.code == "outcome_unknown" => None,
        Err(_) => Some(false),
    }
}
