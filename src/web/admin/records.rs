//! A tenant's records: its collections, and their documents.

use actix_web::{http::StatusCode, web};
use serde::Deserialize;
use serde_json::Value;

use super::{
    super::{
        Answer,
        page::{context, html, idempotency_key, redirect},
    },
    administered,
};
use crate::{
    error::{Code, Refusal, Result},
    http::{Edge, form::Form, viewer::Viewer},
    models::{
        audit::{Act, Actor},
        record::{self, Collection, Record},
        tenant::Tenant,
    },
    render::html::{
        FieldErrors,
        admin::{CollectionPage, CollectionView, DocumentView, FaultsView, RecordsPage},
    },
    state::AppState,
    tools::records::document::is_collection,
    types::size_in_words,
};

/// Documents of a page, at most.
const PAGE: usize = 50;

/// Bytes of documents of a page; one is always shown.
const PAGE_BYTES: usize = 1 << 20;

/// Characters of a document that are seen before it is opened.
const BEGINNING: usize = 120;

#[derive(Deserialize)]
pub struct Place {
    /// Whose documents are looked at.
    #[serde(default)]
    collection: Option<String>,
    /// The `_id` of the last document of the page before.
    #[serde(default)]
    after: Option<String>,
    /// The collection that was just deleted.
    #[serde(default)]
    deleted: Option<String>,
}

#[derive(Deserialize)]
pub struct Deletion {
    collection: String,
    confirmation: String,
}

/// GET `/admin/tenants/{id}/records`
pub async fn show(
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    viewer: Viewer,
    id: web::Path<String>,
    query: web::Query<Place>,
) -> Answer {
    let tenant = administered(&state, &viewer, &id).await?;
    match &query.collection {
        Some(name) => draw_collection(&state, &edge, &viewer, &tenant, name, query.after.as_deref(), None).await,
        None => {
            let shown = Shown { deleted: query.deleted.as_deref(), ..Shown::default() };
            draw(&state, &edge, &viewer, &tenant, shown).await
        }
    }
}

/// POST `/admin/tenants/{id}/records/delete`
pub async fn delete(
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    viewer: Viewer,
    id: web::Path<String>,
    form: Form<Deletion>,
) -> Answer {
    let fields = form.checked(&viewer.csrf)?;
    let tenant = administered(&state, &viewer, &id).await?;
    let name = &fields.collection;
    if !is_collection(name) {
        return Err(Code::NotFound.into());
    }
    if fields.confirmation.trim() != name {
        let refusal = Refusal::new(Code::InvalidPayload).saying("records-not-confirmed").about("confirmation");
        return draw_collection(&state, &edge, &viewer, &tenant, name, None, Some(&refusal)).await;
    }
    let mut tx = state.db.write(tenant.id).await?;
    let found = record::collection(&mut tx, tenant.id, name).await?.ok_or(Code::NotFound)?;
    // Whoever writes into it ends first, so that the number is that of what goes.
    let opened = record::open(&mut tx, tenant.id, &found.name).await?;
    record::remove_collection(&mut tx, tenant.id, &found.name).await?;
    let details = format!("documents={}", opened.documents);
    let act = Act {
        actor: Actor::User(viewer.caller.user.id),
        address: &viewer.caller.address,
        action: "records_deleted",
        object: format!("collection:{name}"),
        target: None,
        digest: None,
        details: &details,
    };
    state.auditor.append(&mut tx, tenant.id, act).await?;
    tx.commit().await?;
    Ok(redirect(&edge, &format!("/admin/tenants/{}/records?deleted={name}", tenant.id)))
}

/// What the list of collections shows beside them.
#[derive(Default)]
pub(super) struct Shown<'a> {
    /// The collection that was just deleted.
    pub deleted: Option<&'a str>,
    /// What was typed: the collection to import into.
    pub collection: &'a str,
    /// The key of the form that was refused.
    pub key: Option<&'a str>,
    /// What is wrong with the file.
    pub faults: Option<FaultsView>,
    /// Why the import was refused.
    pub refusal: Option<&'a Refusal>,
}

pub(super) async fn draw(state: &AppState, edge: &Edge, viewer: &Viewer, tenant: &Tenant, shown: Shown<'_>) -> Answer {
    let ctx = context(state, edge, viewer).await?;
    let collections = record::collections(&mut *state.db.read(tenant.id).await?, tenant.id).await?;
    let collections: Vec<_> = collections.into_iter().map(view).collect();
    let errors = shown.refusal.map(|refusal| FieldErrors::from_refusal(refusal, viewer.locale)).unwrap_or_default();
    let status = match (shown.refusal, &shown.faults) {
        (Some(refusal), _) => crate::http::error::status(refusal.code),
        (None, Some(_)) => StatusCode::UNPROCESSABLE_ENTITY,
        (None, None) => StatusCode::OK,
    };
    let page = RecordsPage {
        ctx: &ctx,
        tenant: tenant.id,
        tenant_name: &tenant.name,
        collections: &collections,
        // Only what is really gone is said to be.
        deleted: shown.deleted.filter(|name| collections.iter().all(|there| there.name != *name)),
        collection: shown.collection,
        idempotency_key: &shown.key.map_or_else(idempotency_key, str::to_owned),
        limit: &limit(state),
        faults: shown.faults.as_ref(),
        errors: &errors,
    };
    html(status, &page)
}

/// How large a file may be, in words.
pub(super) fn limit(state: &AppState) -> String {
    size_in_words(state.settings.upload_limit)
}

async fn draw_collection(
    state: &AppState,
    edge: &Edge,
    viewer: &Viewer,
    tenant: &Tenant,
    name: &str,
    after: Option<&str>,
    refusal: Option<&Refusal>,
) -> Answer {
    // No name of a document or a collection has these, and not every database takes them.
    if !is_collection(name) || after.is_some_and(|id| id.contains(char::is_control)) {
        return Err(Code::NotFound.into());
    }
    let ctx = context(state, edge, viewer).await?;
    let mut tx = state.db.read(tenant.id).await?;
    let collection = record::collection(&mut tx, tenant.id, name).await?.ok_or(Code::NotFound)?;
    let before = match after {
        Some(id) => Some(record::find(&mut tx, tenant.id, name, id).await?.ok_or(Code::NotFound)?),
        None => None,
    };
    let limit = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
    let mut found = record::page(&mut tx, tenant.id, name, before.as_ref(), limit).await?;
    drop(tx);
    let (count, all) = (fitting(&found), found.len());
    found.truncate(count);
    let next = found
        .last()
        .filter(|_| count < all)
        .map(|last| url::form_urlencoded::byte_serialize(last.id.as_bytes()).collect::<String>());
    let documents = found.iter().map(document).collect::<Result<Vec<_>>>()?;
    let errors = refusal.map(|refusal| FieldErrors::from_refusal(refusal, viewer.locale)).unwrap_or_default();
    let page = CollectionPage {
        ctx: &ctx,
        tenant: tenant.id,
        collection: &view(collection),
        documents: &documents,
        is_later: before.is_some(),
        next: next.as_deref(),
        errors: &errors,
    };
    html(if refusal.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK }, &page)
}

/// How many of these make one page.
fn fitting(found: &[Record]) -> usize {
    let mut bytes = 0;
    let fits = found.iter().take(PAGE).take_while(|record| {
        let fits = bytes < PAGE_BYTES;
        bytes += record.document.len();
        fits
    });
    fits.count()
}

fn view(collection: Collection) -> CollectionView {
    CollectionView {
        name: collection.name,
        documents: collection.documents,
        size: size_in_words(u64::try_from(collection.bytes).unwrap_or_default()),
        changed: collection.updated_at.0,
    }
}

fn document(record: &Record) -> Result<DocumentView> {
    let value: Value = serde_json::from_str(&record.document).map_err(crate::error::Error::internal)?;
    let beginning: String = record.document.chars().take(BEGINNING).collect();
    Ok(DocumentView { is_cut: beginning.len() < record.document.len(), beginning, text: format!("{value:#}") })
}
