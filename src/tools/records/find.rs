//! The tool `records_find`.

use std::sync::Arc;

use futures_util::{FutureExt as _, StreamExt as _, future::BoxFuture, stream};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use tokio_util::sync::CancellationToken;

use super::{
    collection_schema, definition,
    evaluate::meant,
    filter::{self, Filter},
    select::{Projection, Sort, SortKey},
    store::{Store, named, run_once, wrong},
};
use crate::{
    tools::{Arguments, Tool, ToolContext, ToolDefinition, ToolError, ToolEvent, ToolRun},
    types::{Preview, TenantId},
};

/// How many documents are given, unless it is said.
const LIMIT: usize = 20;

/// The most documents that can be asked for.
const MAX_LIMIT: usize = 200;

/// The most bytes of documents that are given.
const MAX_BYTES: usize = 96 * 1024;

/// `records_find {collection, filter, projection, sort, limit}`: looks documents up.
pub struct RecordsFind {
    store: Store,
    definition: ToolDefinition,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    collection: String,
    #[serde(default)]
    filter: Map<String, Value>,
    #[serde(default)]
    projection: Map<String, Value>,
    #[serde(default)]
    sort: Map<String, Value>,
    limit: Option<usize>,
}

struct Query {
    collection: String,
    filter: Arc<Filter>,
    projection: Projection,
    sort: Sort,
    limit: usize,
}

impl Query {
    fn read(arguments: &Arguments) -> Result<Self, ToolError> {
        let wanted: Wanted = arguments.read()?;
        named(&wanted.collection)?;
        Ok(Self {
            collection: wanted.collection,
            filter: Arc::new(Filter::parse(&wanted.filter).map_err(wrong)?),
            projection: Projection::parse(&wanted.projection).map_err(wrong)?,
            sort: Sort::parse(&wanted.sort).map_err(wrong)?,
            limit: wanted.limit.unwrap_or(LIMIT).clamp(1, MAX_LIMIT),
        })
    }
}

impl RecordsFind {
    /// The tool over these records.
    pub fn new(store: Store) -> Self {
        let description = format!(
            "Looks up JSON documents in a collection of the person's team. `filter` says which, in these operators: {}. \
             Dotted paths lead into objects and lists (`address.city`, `items.0`). `sort` takes 1 or -1 for fields, \
             `projection` 1 or 0, `limit` is at most {MAX_LIMIT} ({LIMIT} without it). The answer says how many \
             documents match in all. If you do not know which collections there are, ask for any: the error names \
             them. It changes nothing.",
            filter::OPERATORS
        );
        let properties = json!({
            "collection": collection_schema(),
            "filter": {"type": "object", "description": "Which documents; {} or nothing for all."},
            "projection": {"type": "object", "description": "Which fields: {\"name\": 1} or {\"notes\": 0}."},
            "sort": {"type": "object", "description": "By which fields: {\"price\": -1, \"name\": 1}."},
            "limit": {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT},
        });
        Self { store, definition: definition("records_find", description, properties, &["collection"]) }
    }
}

impl Tool for RecordsFind {
    fn definition(&self) -> &ToolDefinition {
        &self.definition
    }

    /// Target is the collection; there is nothing that it rests on.
    fn preview<'a>(
        &'a self,
        context: &'a ToolContext,
        arguments: &'a Arguments,
    ) -> BoxFuture<'a, Result<Preview, ToolError>> {
        async move {
            let query = Query::read(arguments)?;
            self.store
                .in_time(async {
                    let mut tx = self.store.db.read(context.tenant).await?;
                    Store::must_exist(&mut tx, context.tenant, &query.collection).await
                })
                .await?;
            Ok(Preview { target: Some(query.collection), ..Preview::default() })
        }
        .boxed()
    }

    fn run(&self, context: &ToolContext, arguments: &Arguments, _: Option<&str>, cancel: CancellationToken) -> ToolRun {
        let query = match Query::read(arguments) {
            Ok(query) => query,
            Err(error) => return stream::iter([ToolEvent::Finished(Err(error))]).boxed(),
        };
        let (store, tenant) = (self.store.clone(), context.tenant);
        run_once(cancel, async move { store.in_time(find(&store, tenant, query)).await })
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

async fn find(store: &Store, tenant: TenantId, query: Query) -> crate::error::Result<Result<String, ToolError>> {
    if let Err(error) = Store::must_exist(&mut *store.db.read(tenant).await?, tenant, &query.collection).await? {
        return Ok(Err(error));
    }
    let (mut matched, mut kept): (usize, Vec<(SortKey, String)>) = (0, Vec::new());
    let order = |one: &(SortKey, String), other: &(SortKey, String)| query.sort.compare(&one.0, &other.0);
    let judge = meant(&query.filter);
    let looked = store.look(tenant, &query.collection, &judge, |record, value, ()| {
        matched += 1;
        if query.sort.is_natural() && kept.len() >= query.limit {
            return true;
        }
        // As it was written, where it is given whole.
        let given =
            if query.projection.is_whole() { record.document } else { query.projection.apply(&value).to_string() };
        kept.push((query.sort.key(&value), given));
        // The best so far are enough; what is equal stays in its order.
        if kept.len() >= 2 * query.limit + 100 {
            kept.sort_by(order);
            kept.truncate(query.limit);
        }
        true
    });
    looked.await?;
    kept.sort_by(order);
    kept.truncate(query.limit);
    Ok(Ok(answer(matched, kept.into_iter().map(|(_, given)| given).collect())))
}

/// The documents one to a line, with how many there are.
fn answer(matched: usize, documents: Vec<String>) -> String {
    let wanted = documents.len();
    let mut bytes = 0;
    let fits = |document: &String| {
        bytes += document.len();
        bytes <= MAX_BYTES
    };
    let given: Vec<String> = documents.into_iter().take_while(fits).collect();
    let note = if given.len() < wanted {
        format!(",\n\"note\":\"Only {} of {wanted} fit in here. Ask for fewer fields by `projection`.\"", given.len())
    } else {
        String::new()
    };
    format!("{{\"matched\":{matched},\"given\":{},\"documents\":[\n{}\n]{note}}}", given.len(), given.join(",\n"))
}
