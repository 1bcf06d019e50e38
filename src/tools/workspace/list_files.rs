//! The tool `list_files`.

use std::fmt::Write as _;

use futures_util::{FutureExt as _, future::BoxFuture};
use serde::Deserialize;
use serde_json::json;
use tokio_util::sync::CancellationToken;

use super::{
    Workspace,
    area::{Area, bounds_above},
    blocking,
    list::{Kind, Listing, MAX_ENTRIES, list},
    path::{RelativePath, refused, shown},
    read_file::as_reading,
};
use crate::{
    tools::{Arguments, BUILT_IN, Tool, ToolContext, ToolDefinition, ToolError, ToolRun, once},
    types::{Bound, Preview},
};

const DESCRIPTION: &str = "Lists one folder of the workspace of the person's team: its files with their length in bytes, \
    and its folders, whose names end with `/`; not what is in those. `path` is relative to the workspace, for example \
    `notes/2026`; leave it out for the workspace itself. At most 1,000 entries are listed, sorted by name. The person \
    decides before anything is listed; do not ask for permission in words first.";

/// `list_files {path?}`: what is in a folder of the tenant's workspace.
pub struct ListFiles {
    workspace: Workspace,
    definition: ToolDefinition,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    path: Option<String>,
}

impl ListFiles {
    /// The tool over this workspace.
    pub fn new(workspace: Workspace) -> Self {
        let definition = ToolDefinition {
            server: BUILT_IN.to_owned(),
            launch: "builtin".to_owned(),
            beside: Vec::new(),
            name: "list_files".to_owned(),
            description: DESCRIPTION.to_owned(),
            input_schema: json!({
                "type": "object",
                "properties": {
                    "path": {"type": "string", "description": "Which folder, relative to the workspace: notes/2026"},
                },
                "additionalProperties": false,
            }),
        };
        Self { workspace, definition }
    }

    fn read(&self, context: &ToolContext, arguments: &Arguments) -> Result<(Area, Option<RelativePath>), ToolError> {
        let wanted: Wanted = arguments.read()?;
        let area = Area::of(&self.workspace, context)?;
        let path = match wanted.path {
            Some(path) => Some(area.folder_path(&path)?),
            None => area.everything().map(|()| None)?,
        };
        Ok((area, path))
    }
}

impl Tool for ListFiles {
    fn definition(&self) -> &ToolDefinition {
        &self.definition
    }

    /// Target is the path. What is there is not looked at before the person says so.
    fn preview<'a>(
        &'a self,
        context: &'a ToolContext,
        arguments: &'a Arguments,
    ) -> BoxFuture<'a, Result<Preview, ToolError>> {
        async move {
            let (area, path) = self.read(context, arguments)?;
            blocking(move || area.is_there()).await?;
            Ok(Preview { target: path.map(|path| path.as_str().to_owned()), ..Preview::default() })
        }
        .boxed()
    }

    /// The folder itself and those above it.
    fn bounds(&self, arguments: &Arguments) -> Vec<Bound> {
        let wanted = arguments.read::<Wanted>().ok().and_then(|wanted| wanted.path);
        let Some(path) = wanted.filter(|path| RelativePath::parse(path).is_ok()) else { return Vec::new() };
        let above = bounds_above(&path);
        std::iter::once(Bound::Below(path)).chain(above).collect()
    }

    fn run(&self, context: &ToolContext, arguments: &Arguments, _: Option<&str>, cancel: CancellationToken) -> ToolRun {
        let ready = self.read(context, arguments);
        let work = async move {
            let (area, path) = ready?;
            blocking(move || match (list(&area, path.as_ref()), &path) {
                (Ok(Some(listing)), _) => Ok(told(&listing)),
                (Ok(None), None) => Ok(told(&Listing::default())),
                (Ok(None), Some(path)) => Err(refused(path.as_str(), "there is no folder of that name")),
                (Err(error), _) => Err(as_reading(error)),
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

/// A listing for the model: a line for each entry.
fn told(listing: &Listing) -> String {
    if listing.entries.is_empty() {
        return "The folder is empty.".to_owned();
    }
    let mut text = String::new();
    for entry in &listing.entries {
        let name = shown(&entry.name);
        // Writing to a string cannot fail.
        let _ = match entry.kind {
            Kind::Folder => writeln!(text, "{name}/"),
            Kind::File => writeln!(text, "{name} ({} bytes)", entry.bytes),
            Kind::Link => writeln!(text, "{name} (a link; it is not followed)"),
            Kind::Other => writeln!(text, "{name} (neither a file nor a folder)"),
        };
    }
    if listing.more > 0 {
        let _ = writeln!(text, "[The first {MAX_ENTRIES} are listed; there are {} more.]", listing.more);
    }
    text
}
