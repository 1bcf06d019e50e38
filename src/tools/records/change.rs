//! The tool `records_update`.

use std::sync::Arc;

use futures_util::{FutureExt as _, StreamExt as _, future::BoxFuture, stream};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use tokio_util::sync::CancellationToken;

use super::{
    collection_schema, definition,
    document::Document,
    evaluate::Found,
    filter::{self, Filter},
    number,
    show::{Changed, changing, same},
    store::{Effect, Ready, Store, named, refused, run_effect, wrong},
    update::{self, Update, set_at},
};
use crate::{
    models::record::{self, Collection, NewRecord, Record},
    tools::{Arguments, Tool, ToolContext, ToolDefinition, ToolError, ToolEvent, ToolRun},
    types::{Difference, Digest, Preview, TenantId},
};

/// The most documents that one call may change.
const MAX_CHANGED: usize = 2000;

/// How often it is looked anew while others write the collection.
const ATTEMPTS: usize = 5;

/// `records_update {collection, filter, update, many, upsert}`: changes documents, all or none.
pub struct RecordsUpdate {
    store: Store,
    definition: ToolDefinition,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    collection: String,
    filter: Map<String, Value>,
    update: Map<String, Value>,
    #[serde(default)]
    many: bool,
    #[serde(default)]
    upsert: bool,
}

/// What a call asks for.
struct Order {
    collection: String,
    filter: Arc<Filter>,
    update: Update,
    many: bool,
    upsert: bool,
}

/// What it comes to, as the collection is.
struct Plan {
    /// The documents that are meant, before and after.
    meant: Vec<(Record, Value, Value)>,
    /// The document that an upsert adds, since none is meant.
    added: Option<Document>,
    /// Hash of all documents that are meant.
    precondition: String,
}

impl Order {
    fn read(arguments: &Arguments) -> Result<Self, ToolError> {
        let wanted: Wanted = arguments.read()?;
        named(&wanted.collection)?;
        number::check(arguments.as_str()).map_err(wrong)?;
        Ok(Self {
            collection: wanted.collection,
            filter: Arc::new(Filter::parse(&wanted.filter).map_err(wrong)?),
            update: Update::parse(&wanted.update).map_err(wrong)?,
            many: wanted.many,
            upsert: wanted.upsert,
        })
    }

    /// Looks, and then writes if the collection is still as it was: looking takes its time, and on SQLite there is one
    /// writer for all. `None` if the collection has changed in between.
    async fn attempt(
        self: &Arc<Self>,
        store: &Store,
        context: &ToolContext,
        shown: &str,
    ) -> crate::error::Result<Option<Result<Ready, ToolError>>> {
        let seen = self.seen(store, context.tenant).await?;
        let plan = match self.plan(store, context.tenant).await? {
            Ok(plan) if plan.precondition == shown => plan,
            // What was read while others wrote says nothing.
            _ if self.seen(store, context.tenant).await? != seen => return Ok(None),
            _ => return Ok(Some(Err(changed()))),
        };
        let records = match plan.records() {
            Ok(records) => records,
            Err(error) => return Ok(Some(Err(error))),
        };
        let mut tx = match store.begin(context).await? {
            Ok(tx) => tx,
            Err(error) => return Ok(Some(Err(error))),
        };
        let opened = record::open(&mut tx, context.tenant, &self.collection).await?;
        let as_seen = match &seen {
            Some(seen) => *seen == opened,
            None => opened.documents == 0,
        };
        if !as_seen {
            return Ok(None);
        }
        let mut done = record::replace(&mut tx, &opened, &records, store.most).await?;
        if let (Ok(opened), Some(added)) = (&done, &plan.added) {
            done = record::insert(&mut tx, opened, &[added.record()], store.most).await?;
        }
        let ready = |_| Ready { tx, text: plan.answer() };
        Ok(Some(done.map(ready).map_err(|why| refused(&why, store.most))))
    }

    async fn seen(&self, store: &Store, tenant: TenantId) -> crate::error::Result<Option<Collection>> {
        record::collection(&mut *store.db.read(tenant).await?, tenant, &self.collection).await
    }

    async fn plan(self: &Arc<Self>, store: &Store, tenant: TenantId) -> crate::error::Result<Result<Plan, ToolError>> {
        let most = if self.many { MAX_CHANGED } else { 1 };
        let found = store.first(tenant, &self.collection, &self.filter, most).await?;
        let order = Arc::clone(self);
        store.evaluate(move || order.applied(found)).await
    }

    fn applied(&self, found: Found) -> Result<Plan, ToolError> {
        if self.many && found.more {
            return Err(wrong(format!("More than {MAX_CHANGED} documents match. Narrow the filter.")));
        }
        let stored = found.documents.iter().flat_map(|(record, _)| [record.id.as_bytes(), record.document.as_bytes()]);
        let precondition = Digest::of_fields("sayso-records-2", &stored.collect::<Vec<_>>()).to_string();
        let added = (self.upsert && found.documents.is_empty()).then(|| self.added()).transpose()?;
        let mut meant = Vec::with_capacity(found.documents.len());
        for (record, before) in found.documents {
            let mut after = before.clone();
            let cannot = |why: String| wrong(format!("The document {} cannot be changed so. {why}", record.id));
            self.update.apply(&mut after).map_err(cannot)?;
            if !same(&before, &after) {
                // It would be written anew, and came in before such numbers were refused.
                number::check(&record.document).map_err(cannot)?;
            }
            meant.push((record, before, after));
        }
        Ok(Plan { meant, added, precondition })
    }

    /// What an upsert adds: the values that the filter asks for, changed by the update.
    fn added(&self) -> Result<Document, ToolError> {
        let cannot = |why: String| wrong(format!("No document matches, and none can be made by `upsert`. {why}"));
        let mut value = Value::Object(Map::new());
        let equalities = self.filter.equalities();
        for (place, (path, wanted)) in equalities.iter().enumerate() {
            if equalities.iter().skip(place + 1).any(|(other, _)| other.overlaps(path)) {
                return Err(cannot(format!("The filter names `{}` twice.", path.as_str())));
            }
            set_at(&mut value, path, (*wanted).clone()).map_err(cannot)?;
        }
        self.update.apply(&mut value).map_err(cannot)?;
        Document::of(value).map_err(cannot)
    }
}

impl Plan {
    /// The documents that would not be as they were.
    fn changed(&self) -> impl Iterator<Item = &(Record, Value, Value)> {
        self.meant.iter().filter(|(_, before, after)| !same(before, after))
    }

    /// The changed documents as the table takes them.
    fn records(&self) -> Result<Vec<NewRecord>, ToolError> {
        let changed = self.changed().map(|(record, _, after)| {
            let cannot = |why: String| wrong(format!("The document {} cannot be changed so. {why}", record.id));
            Document::of(after.clone()).map(|document| document.record()).map_err(cannot)
        });
        changed.collect()
    }

    /// What the person is shown: all of it, since what is not shown must not run.
    fn difference(&self, order: &Order, is_new: bool) -> Result<Difference, ToolError> {
        let changed: Vec<_> =
            self.changed().map(|(record, before, after)| Changed { id: &record.id, before, after }).collect();
        let added = self.added.as_ref().map(|document| shown_without_new_id(order, document));
        changing(&order.collection, is_new, &changed, added.as_ref()).map_err(|most| match (changed.len(), most) {
            (0 | 1, _) | (_, 0) => {
                wrong("What would change of one document is too much to be shown. Set less at once.")
            }
            (count, most) => wrong(format!(
                "{count} documents would change, and at most {most} of them can be shown to the person who decides. \
                 Narrow the filter, or set less at once."
            )),
        })
    }

    fn answer(&self) -> String {
        let mut answer = json!({"matched": self.meant.len(), "changed": self.changed().count()});
        if let (Some(added), Some(answer)) = (&self.added, answer.as_object_mut()) {
            answer.insert("inserted".to_owned(), json!(added.id));
        }
        answer.to_string()
    }
}

impl RecordsUpdate {
    /// The tool over these records.
    pub fn new(store: Store) -> Self {
        let description = format!(
            "Changes JSON documents in a collection of the person's team. `filter` says which, in these operators: {}. \
             `update` is made of {}: {{\"$set\": {{\"status\": \"paid\"}}, \"$inc\": {{\"count\": 1}}}}. \
             Without `many` only the first document that matches is changed; with it all are, at most {MAX_CHANGED} \
             and no more than can be shown. With `upsert` a document is added where none matches. The person is shown what would change, and decides before it does; \
             do not ask for permission in words first. If one of the documents changed while the person decided, \
             nothing is changed and you may ask again.",
            filter::OPERATORS,
            update::OPERATORS
        );
        let properties = json!({
            "collection": collection_schema(),
            "filter": {"type": "object", "description": "Which documents; {} for all."},
            "update": {"type": "object", "description": "What becomes of them."},
            "many": {"type": "boolean", "description": "Whether all that match are changed."},
            "upsert": {"type": "boolean", "description": "Whether a document is added where none matches."},
        });
        let definition = definition("records_update", description, properties, &["collection", "filter", "update"]);
        Self { store, definition }
    }

    async fn look(&self, context: &ToolContext, arguments: &Arguments) -> Result<Preview, ToolError> {
        let order = Arc::new(Order::read(arguments)?);
        let (difference, precondition) = self
            .store
            .in_time(async {
                let there = {
                    let mut tx = self.store.db.read(context.tenant).await?;
                    Store::must_exist(&mut tx, context.tenant, &order.collection).await?
                };
                let is_new = there.is_err();
                if let (Err(error), false) = (there, order.upsert) {
                    return Ok(Err(error));
                }
                let plan = match order.plan(&self.store, context.tenant).await? {
                    Ok(plan) => plan,
                    Err(error) => return Ok(Err(error)),
                };
                let order = Arc::clone(&order);
                self.store.evaluate(move || shown(&order, plan, is_new)).await
            })
            .await?;
        Ok(Preview {
            difference: Some(difference),
            precondition: Some(precondition),
            target: Some(order.collection.clone()),
            ..Preview::default()
        })
    }
}

/// What is shown of a plan that can be asked about, and what it rests on.
fn shown(order: &Order, plan: Plan, is_new: bool) -> Result<(Difference, String), ToolError> {
    if plan.meant.is_empty() && plan.added.is_none() {
        return Err(ToolError::new("tool_error", "No document matches; there is nothing to change."));
    }
    if plan.added.is_none() && plan.changed().next().is_none() {
        let words = "What matches is so already; there is nothing to change.";
        return Err(ToolError::new("tool_error", words));
    }
    plan.records()?;
    Ok((plan.difference(order, is_new)?, plan.precondition))
}

fn changed() -> ToolError {
    let words = "The documents have changed since they were shown; nothing was changed. Ask again.";
    ToolError::new("tool_changed", words)
}

/// An `_id` that is given out now would be another when it runs.
fn shown_without_new_id(order: &Order, document: &Document) -> Value {
    let mut value = document.value.clone();
    let named = order.filter.equalities().iter().any(|(path, _)| path.as_str() == super::document::ID);
    if let (false, Some(object)) = (named, value.as_object_mut()) {
        object.shift_remove(super::document::ID);
    }
    value
}

impl Tool for RecordsUpdate {
    fn definition(&self) -> &ToolDefinition {
        &self.definition
    }

    /// Target is the collection; the precondition is a hash of the documents that are meant.
    fn preview<'a>(
        &'a self,
        context: &'a ToolContext,
        arguments: &'a Arguments,
    ) -> BoxFuture<'a, Result<Preview, ToolError>> {
        self.look(context, arguments).boxed()
    }

    fn run(
        &self,
        context: &ToolContext,
        arguments: &Arguments,
        precondition: Option<&str>,
        cancel: CancellationToken,
    ) -> ToolRun {
        let ready = Order::read(arguments).and_then(|order| match precondition {
            Some(precondition) => Ok((Arc::new(order), precondition.to_owned())),
            // Nobody looked, so nobody can have seen what would be changed.
            None => Err(ToolError::new("tool_changed", "What would be changed was not shown. Ask again.")),
        });
        let (order, shown) = match ready {
            Ok(ready) => ready,
            Err(error) => return stream::iter([ToolEvent::Finished(Err(error))]).boxed(),
        };
        let collection = order.collection.clone();
        let effect: Effect = Box::new(move |store, context| {
            async move {
                for _ in 0..ATTEMPTS {
                    if let Some(ended) = order.attempt(&store, &context, &shown).await? {
                        return Ok(ended);
                    }
                }
                Ok(Err(changed()))
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
            let order = Order::read(arguments).ok()?;
            self.store.took_effect(context, &order.collection).await
        }
        .boxed()
    }
}
