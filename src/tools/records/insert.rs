//! The tool `records_insert`.

use futures_util::{FutureExt as _, StreamExt as _, future::BoxFuture, stream};
use serde::Deserialize;
use serde_json::{json, value::RawValue};
use tokio_util::sync::CancellationToken;

use super::{
    collection_schema, definition,
    document::Document,
    show::coming,
    store::{Effect, Ready, Store, named, refused, run_effect, wrong},
};
use crate::{
    models::record::{self, MAX_DOCUMENTS, Refused},
    tools::{Arguments, Tool, ToolContext, ToolDefinition, ToolError, ToolEvent, ToolRun},
    types::Preview,
};

/// The most documents of one call.
const MAX_AT_ONCE: usize = 1000;

/// How many ids the answer names.
const IDS_TOLD: usize = 50;

/// `records_insert {collection, documents}`: adds documents, all or none.
pub struct RecordsInsert {
    store: Store,
    definition: ToolDefinition,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    collection: String,
    documents: Vec<Box<RawValue>>,
}

impl Wanted {
    fn read(arguments: &Arguments) -> Result<(String, Vec<Document>), ToolError> {
        let Self { collection, documents } = arguments.read()?;
        named(&collection)?;
        if documents.is_empty() || documents.len() > MAX_AT_ONCE {
            return Err(wrong(format!("`documents` takes 1 to {MAX_AT_ONCE} documents.")));
        }
        let read = (1..).zip(documents).map(|(place, document)| {
            Document::parse(document.get()).map_err(|why| wrong(format!("Document {place} cannot be stored. {why}")))
        });
        Ok((collection, read.collect::<Result<_, _>>()?))
    }
}

impl RecordsInsert {
    /// The tool over these records.
    pub fn new(store: Store) -> Self {
        let description = format!(
            "Adds JSON documents to a collection of the person's team, all or none; a collection that is not there is \
             made. `documents` are 1 to {MAX_AT_ONCE} objects; one without `_id` gets one. Names of fields have no dots \
             and do not begin with $. The person is shown what would be added, and decides before it is; do not ask \
             for permission in words first."
        );
        let properties = json!({
            "collection": collection_schema(),
            "documents": {
                "type": "array",
                "items": {"type": "object"},
                "minItems": 1,
                "maxItems": MAX_AT_ONCE,
                "description": "The documents, whole.",
            },
        });
        let definition = definition("records_insert", description, properties, &["collection", "documents"]);
        Self { store, definition }
    }

    async fn look(&self, context: &ToolContext, arguments: &Arguments) -> Result<Preview, ToolError> {
        let (collection, documents) = Wanted::read(arguments)?;
        let most = self.store.most;
        let there = self
            .store
            .in_time(async {
                let mut tx = self.store.db.read(context.tenant).await?;
                let there = record::collection(&mut tx, context.tenant, &collection).await?;
                let ids: Vec<&str> = documents.iter().map(|document| document.id.as_str()).collect();
                let taken = record::taken(&mut tx, context.tenant, &collection, &ids).await?;
                if !taken.is_empty() {
                    return Ok(Err(refused(&Refused::Taken(taken), most)));
                }
                Ok(Ok(there))
            })
            .await?;
        // What cannot fit is not asked about.
        let (count, bytes) = there.as_ref().map_or((0, 0), |there| (there.documents, there.bytes));
        let added: usize = documents.iter().map(|document| document.text.len()).sum();
        let bytes = bytes.saturating_add(i64::try_from(added).unwrap_or(i64::MAX));
        if u64::try_from(bytes).is_ok_and(|bytes| bytes > most) {
            return Err(refused(&Refused::TooLarge { bytes }, most));
        }
        if count.saturating_add(i64::try_from(documents.len()).unwrap_or(i64::MAX)) > MAX_DOCUMENTS {
            return Err(refused(&Refused::TooManyDocuments, most));
        }
        // As they were asked for: an `_id` that is given out now would be another when it runs.
        let asked = arguments.value().get("documents").and_then(|documents| documents.as_array());
        let asked = asked.map_or(&[] as &[_], Vec::as_slice);
        let is_new = there.is_none_or(|there| there.documents == 0);
        Ok(Preview {
            difference: Some(coming(&collection, is_new, asked.iter())),
            target: Some(collection),
            ..Preview::default()
        })
    }
}

impl Tool for RecordsInsert {
    fn definition(&self) -> &ToolDefinition {
        &self.definition
    }

    /// Target is the collection. It rests on nothing: whatever else comes in meanwhile stays as it is.
    fn preview<'a>(
        &'a self,
        context: &'a ToolContext,
        arguments: &'a Arguments,
    ) -> BoxFuture<'a, Result<Preview, ToolError>> {
        self.look(context, arguments).boxed()
    }

    fn run(&self, context: &ToolContext, arguments: &Arguments, _: Option<&str>, cancel: CancellationToken) -> ToolRun {
        let (collection, documents) = match Wanted::read(arguments) {
            Ok(read) => read,
            Err(error) => return stream::iter([ToolEvent::Finished(Err(error))]).boxed(),
        };
        let (name, most) = (collection.clone(), self.store.most);
        let effect: Effect = Box::new(move |store, context| {
            async move {
                let mut tx = match store.begin(&context).await? {
                    Ok(tx) => tx,
                    Err(error) => return Ok(Err(error)),
                };
                let opened = record::open(&mut tx, context.tenant, &name).await?;
                let records: Vec<_> = documents.iter().map(Document::record).collect();
                Ok(match record::insert(&mut tx, &opened, &records, most).await? {
                    Ok(_) => Ok(Ready { tx, text: answer(&documents) }),
                    // What was free when it was shown has been taken since.
                    Err(taken @ Refused::Taken(_)) => Err(ToolError { code: "tool_changed", ..refused(&taken, most) }),
                    Err(other) => Err(refused(&other, most)),
                })
            }
            .boxed()
        });
        run_effect(self.store.clone(), context.clone(), collection, cancel, effect)
    }

    /// Told by the note that is written with the documents.
    fn took_effect<'a>(
        &'a self,
        context: &'a ToolContext,
        arguments: &'a Arguments,
        _: Option<&'a str>,
    ) -> BoxFuture<'a, Option<bool>> {
        async move {
            let (collection, _) = Wanted::read(arguments).ok()?;
            self.store.took_effect(context, &collection).await
        }
        .boxed()
    }
}

fn answer(documents: &[Document]) -> String {
    let ids: Vec<&str> = documents.iter().take(IDS_TOLD).map(|document| document.id.as_str()).collect();
    let mut answer = json!({"inserted": documents.len(), "ids": ids});
    if documents.len() > IDS_TOLD
        && let Some(answer) = answer.as_object_mut()
    {
        answer.insert("note".to_owned(), json!(format!("These are the first {IDS_TOLD} ids.")));
    }
    answer.to_string()
}
