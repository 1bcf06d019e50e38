//! Importing a file into a collection. The answer is a page that comes in parts while the documents go in, each part
//! after what it tells of is stored; so it needs no script, and no other request, which another instance might get.

use std::sync::Arc;

use actix_web::{
    HttpResponse,
    web::{self, Bytes},
};
use askama::Template as _;
use futures_util::{StreamExt as _, stream};
use serde::Deserialize;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tracing::Instrument as _;

use super::{
    super::{Answer, page::context},
    administered,
    records::{Shown, draw, limit},
};
use crate::{
    error::{Code, Error, Refusal, Result},
    http::{
        Edge,
        multipart::{Files, FormWithFiles, TakesFiles},
        viewer::Viewer,
    },
    models::{
        audit::{Act, Actor},
        record::{MAX_COLLECTIONS, MAX_DOCUMENTS, Refused},
    },
    render::html::{
        FieldErrors, PageContext,
        admin::{FaultsView, ImportEnd, ImportProgress, ImportingPage},
    },
    state::AppState,
    tools::records::{
        Store,
        document::is_collection,
        intake::{self, BATCH, Faults, Incoming, NotTaken, Taken},
    },
    types::{Digest, TenantId, UserId, size_in_words},
};

/// The longest key of a form, in bytes.
const KEY: usize = 64;

#[derive(Deserialize)]
pub struct Fields {
    collection: String,
    idempotency_key: String,
}

impl TakesFiles for Fields {
    const FIELD: &'static str = "file";
}

/// POST `/admin/tenants/{id}/records`
pub async fn create(
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    viewer: Viewer,
    id: web::Path<String>,
    form: FormWithFiles<Fields>,
) -> Answer {
    let (fields, files) = form.checked(&viewer.csrf)?;
    let tenant = administered(&state, &viewer, &id).await?;
    let shown = Shown { collection: &fields.collection, key: Some(&fields.idempotency_key), ..Shown::default() };
    let file = match checked(&fields, files) {
        Ok(file) => file,
        Err(refusal) => {
            return draw(&state, &edge, &viewer, &tenant, Shown { refusal: Some(&refusal), ..shown }).await;
        }
    };
    let key = fields.idempotency_key.clone();
    // Reading takes the processor, not the worker's thread.
    let read = web::block(move || {
        let read = intake::read(&file.text, intake::Form::of(&file.name, &file.text), &key);
        (read, Digest::of(file.text.as_bytes()))
    });
    let (incoming, digest) = match read.await.map_err(Error::internal)? {
        (Ok(incoming), _) if incoming.is_empty() => {
            let refusal = refused("records-file-empty", "file");
            return draw(&state, &edge, &viewer, &tenant, Shown { refusal: Some(&refusal), ..shown }).await;
        }
        (Ok(incoming), digest) => (incoming, digest),
        (Err(faults), _) => {
            return draw(&state, &edge, &viewer, &tenant, Shown { faults: Some(view(faults)), ..shown }).await;
        }
    };
    let ctx = context(&state, &edge, &viewer).await?;
    let page = ImportingPage { ctx: &ctx, tenant: tenant.id, collection: &fields.collection };
    let (before, after) = page.parts().map_err(Error::internal)?;
    let watched = Watched {
        tenant: tenant.id,
        collection: fields.collection.clone(),
        key: fields.idempotency_key,
        total: incoming.len(),
        limit: limit(&state),
        ctx,
    };
    let import = Import {
        state: state.get_ref().clone(),
        store: Store::new(state.db.clone(), state.settings.collection_limit),
        tenant: tenant.id,
        user: viewer.caller.user.id,
        address: viewer.caller.address.clone(),
        collection: fields.collection,
        digest,
        incoming,
    };
    let (tell, told) = unbounded_channel();
    // It goes on to its end also when nobody watches any more.
    let task = import.run(tell).in_current_span();
    state.runs.tasks.spawn_on(task, &state.runs.handle);
    let parts = stream::iter([Ok(before)]).chain(drawn(watched, told)).chain(stream::iter([Ok(after)]));
    Ok(HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        // A proxy that gathers the page would show it when it is over.
        .insert_header(("X-Accel-Buffering", "no"))
        .streaming(parts.map(|part: askama::Result<String>| part.map(Bytes::from))))
}

/// A file that may be read.
struct Text {
    name: String,
    text: String,
}

fn checked(fields: &Fields, files: Files) -> Result<Text, Refusal> {
    if !is_collection(&fields.collection) {
        return Err(refused("records-name-wrong", "collection"));
    }
    let key = &fields.idempotency_key;
    if key.is_empty() || key.len() > KEY {
        return Err(refused("error-invalid-field", "").with("field", "idempotency_key"));
    }
    let files = files.map_err(|too_large| {
        let limit = size_in_words(u64::try_from(too_large.0).unwrap_or(u64::MAX));
        Refusal::new(Code::PayloadTooLarge).saying("records-file-large").with("limit", limit).about("file")
    })?;
    let one: [_; 1] = files.try_into().map_err(|_| refused("records-file-missing", "file"))?;
    let [file] = one;
    let text = String::from_utf8(file.bytes.into()).map_err(|_| refused("records-file-unreadable", "file"))?;
    if text.contains('\0') {
        return Err(refused("records-file-unreadable", "file"));
    }
    Ok(Text { name: file.name, text })
}

fn refused(key: &'static str, field: &'static str) -> Refusal {
    Refusal::new(Code::InvalidPayload).saying(key).about(field)
}

fn view(faults: Faults) -> FaultsView {
    let first = faults.first.into_iter().map(|fault| (fault.line, fault.why)).collect();
    FaultsView { first, count: faults.count }
}

/// What an import tells of itself.
enum Told {
    /// So many of the file's documents are in.
    In(usize),
    /// It is over.
    Ended { taken: Taken, stopped: Option<Stopped> },
}

/// Why an import ended before its end.
enum Stopped {
    NotTaken(NotTaken),
    /// The server goes down.
    Closing,
    /// The database did not answer.
    Fault,
}

/// An import on its way.
struct Import {
    state: AppState,
    store: Store,
    tenant: TenantId,
    user: UserId,
    address: String,
    collection: String,
    /// Of the file.
    digest: Digest,
    incoming: Vec<Incoming>,
}

impl Import {
    /// Puts the documents in. Nobody need listen.
    async fn run(self, tell: UnboundedSender<Told>) {
        let mut taken = Taken { added: 0, there: 0 };
        let mut stopped = None;
        // The first number says how many there are, also where the database lets it wait.
        let _ = tell.send(Told::In(0));
        for batch in self.incoming.chunks(BATCH) {
            if self.state.runs.closing.is_cancelled() {
                stopped = Some(Stopped::Closing);
                break;
            }
            match self.take_in(batch).await {
                Ok(Ok(some)) => {
                    taken.added += some.added;
                    taken.there += some.there;
                    let _ = tell.send(Told::In(taken.added + taken.there));
                }
                Ok(Err(why)) => {
                    stopped = Some(Stopped::NotTaken(why));
                    break;
                }
                Err(error) => {
                    tracing::error!(%error, "an import broke off");
                    stopped = Some(Stopped::Fault);
                    break;
                }
            }
        }
        let _ = tell.send(Told::Ended { taken, stopped });
    }

    /// Some documents, with the row that tells of them, or none.
    async fn take_in(&self, batch: &[Incoming]) -> Result<Result<Taken, NotTaken>> {
        let mut tx = self.state.db.write(self.tenant).await?;
        let taken = match self.store.take_in(&mut tx, self.tenant, &self.collection, batch).await? {
            Ok(taken) => taken,
            Err(why) => return Ok(Err(why)),
        };
        if taken.added > 0 {
            let line = |incoming: Option<&Incoming>| incoming.map_or(0, |incoming| incoming.line);
            let lines = (line(batch.first()), line(batch.last()));
            let details = format!("documents={} there={} lines={}-{}", taken.added, taken.there, lines.0, lines.1);
            let act = Act {
                actor: Actor::User(self.user),
                address: &self.address,
                action: "records_imported",
                object: format!("collection:{}", self.collection),
                target: None,
                digest: Some(self.digest),
                details: &details,
            };
            self.state.auditor.append(&mut tx, self.tenant, act).await?;
        }
        tx.commit().await?;
        Ok(Ok(taken))
    }
}

/// What the page of an import must know.
struct Watched {
    ctx: PageContext,
    tenant: TenantId,
    collection: String,
    key: String,
    total: usize,
    limit: String,
}

/// What an import tells, as parts of its page.
fn drawn(watched: Watched, told: UnboundedReceiver<Told>) -> impl futures_util::Stream<Item = askama::Result<String>> {
    let watched = Arc::new(watched);
    stream::unfold((told, watched), |(mut told, watched)| async move {
        let part = match told.recv().await? {
            Told::In(done) => ImportProgress { ctx: &watched.ctx, done, total: watched.total }.render(),
            Told::Ended { taken, stopped } => watched.end(taken, stopped.as_ref()),
        };
        Some((part, (told, watched)))
    })
}

impl Watched {
    fn end(&self, taken: Taken, stopped: Option<&Stopped>) -> askama::Result<String> {
        let stopped = stopped.map(|stopped| self.words(stopped));
        let end = ImportEnd {
            ctx: &self.ctx,
            tenant: self.tenant,
            collection: &self.collection,
            added: taken.added,
            there: taken.there,
            stopped: stopped.as_deref(),
            idempotency_key: &self.key,
            limit: &self.limit,
            errors: &FieldErrors::default(),
        };
        end.render()
    }

    fn words(&self, stopped: &Stopped) -> String {
        let ctx = &self.ctx;
        let words = match stopped {
            Stopped::NotTaken(NotTaken::Differs { line, id }) => ctx.t2("records-differs", "line", line, "id", id),
            Stopped::NotTaken(NotTaken::Refused(Refused::TooManyCollections)) => {
                ctx.t1("records-too-many-collections", "count", MAX_COLLECTIONS)
            }
            Stopped::NotTaken(NotTaken::Refused(Refused::TooManyDocuments)) => {
                ctx.t1("records-too-many-documents", "count", MAX_DOCUMENTS)
            }
            Stopped::NotTaken(NotTaken::Refused(Refused::TooLarge { .. })) => ctx.t("records-too-large"),
            Stopped::NotTaken(NotTaken::Refused(Refused::Taken(_))) | Stopped::Fault => ctx.t("error-internal"),
            Stopped::Closing => ctx.t("records-closing"),
        };
        words.into_owned()
    }
}
