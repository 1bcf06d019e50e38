//! What is filtered of the log as a file, sent as it is read. That it was taken out is written into the log first.

use actix_web::{
    HttpResponse,
    http::header,
    web::{self, Bytes},
};
use chrono::{DateTime, Utc};
use futures_util::stream::{self, TryStreamExt as _};

use super::{Answer, Asked, Log, PEOPLE};
use crate::{
    error::{Code, Error, Refusal, Result},
    http::viewer::Viewer,
    models::audit::{self, Act, Actor, Filter},
    render::audit_file::{self, Form},
    state::AppState,
    types::UserId,
};

/// Rows that are read at once.
const PAGE: i64 = 500;

/// Characters of the filter that the log keeps.
const DETAILS: usize = 500;

struct Writer {
    state: AppState,
    log: Log,
    filter: Filter,
    form: Form,
    after: Option<(DateTime<Utc>, i64)>,
    is_begun: bool,
    is_done: bool,
}

/// GET `/admin/tenants/{id}/audit/export`
pub async fn export(
    state: web::Data<AppState>,
    viewer: Viewer,
    id: web::Path<String>,
    asked: web::Query<Asked>,
) -> Answer {
    let log = Log::of(&state, &viewer, &id).await?;
    Ok(file(&state, &viewer, log, &asked).await?)
}

/// GET `/admin/audit/export`
pub async fn export_system(state: web::Data<AppState>, viewer: Viewer, asked: web::Query<Asked>) -> Answer {
    let log = Log::of_system(&viewer)?;
    Ok(file(&state, &viewer, log, &asked).await?)
}

async fn file(state: &AppState, viewer: &Viewer, log: Log, asked: &Asked) -> Result<HttpResponse> {
    let form = match asked.format.as_deref() {
        Some("csv") => Form::Csv,
        Some("jsonl") => Form::JsonLines,
        _ => {
            return Err(Refusal::new(Code::InvalidPayload)
                .saying("error-invalid-field")
                .with("field", "format")
                .into());
        }
    };
    let (filter, faults) = asked.filter(&state.db, &log, viewer).await?;
    if let Some((field, key)) = faults.first() {
        return Err(Refusal::new(Code::InvalidPayload).saying(key).about(field).into());
    }
    let (object, name) = match &log {
        Log::Tenant(tenant) => (format!("tenant:{}", tenant.id), tenant.slug.as_str()),
        Log::System => ("system".to_owned(), "system"),
    };
    let details: String = format!("{} {}", form.ending(), asked.query(&[])).trim_end().chars().take(DETAILS).collect();
    let mut tx = state.db.write(log.scope()).await?;
    let act = Act {
        actor: Actor::User(viewer.caller.user.id),
        address: &viewer.caller.address,
        action: "audit_exported",
        object,
        target: None,
        digest: None,
        details: &details,
    };
    state.auditor.append(&mut tx, log.chain(), act).await?;
    tx.commit().await?;
    let disposition = format!("attachment; filename=\"audit-{name}.{}\"", form.ending());
    let writer = Writer { state: state.clone(), log, filter, form, after: None, is_begun: false, is_done: false };
    let body = stream::try_unfold(writer, |mut writer| async move {
        Ok::<_, Error>(writer.next().await?.map(|written| (Bytes::from(written), writer)))
    });
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, form.media_type()))
        .insert_header((header::CONTENT_DISPOSITION, disposition))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .streaming(body.inspect_err(|error| tracing::error!(%error, "an export of the audit log was cut"))))
}

impl Writer {
    /// The next rows; nothing at the end. A connection is held only while it reads.
    async fn next(&mut self) -> Result<Option<Vec<u8>>> {
        if self.is_done {
            return Ok(None);
        }
        let mut conn = self.log.read(&self.state.db).await?;
        let rows = audit::page(&mut conn, self.log.chain(), &self.filter, self.after, PAGE).await?;
        let people: Vec<UserId> = rows.iter().filter_map(|row| row.actor.parse().ok()).collect();
        drop(conn);
        let names = audit::names(&mut *self.state.db.read(PEOPLE).await?, &people).await?;
        self.after = rows.last().map(|last| (last.at.0, last.number));
        self.is_done = rows.is_empty();
        let is_first = !std::mem::replace(&mut self.is_begun, true);
        audit_file::draw(self.form, is_first, &rows, &names).map(Some).map_err(Error::internal)
    }
}
