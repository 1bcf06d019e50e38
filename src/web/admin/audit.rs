//! The audit log of a tenant for those who run it, and for operators that of the system.

mod asked;
mod export;

use actix_web::{http::StatusCode, web};

pub use asked::Asked;
pub use export::{export, export_system};

use super::{
    super::{
        Answer,
        page::{context, html},
    },
    administered,
};
use crate::{
    db::{Database, Scope, Transaction},
    error::{Code, Result},
    http::{Edge, viewer::Viewer},
    models::{
        audit::{self, Chain, Row, Shown},
        tenant::Tenant,
    },
    render::html::{
        FieldErrors,
        audit::{AuditPage, RowView, Who},
    },
    state::AppState,
    types::UserId,
};

/// Rows of a page.
const PAGE: usize = 50;

/// A log names people who have left, whom the tenant itself does not see any more.
const PEOPLE: Scope = Scope::System("people of an audit log");

/// Whose log is looked at.
pub(super) enum Log {
    /// That of a tenant.
    Tenant(Tenant),
    /// What belongs to none.
    System,
}

impl Log {
    /// That of the tenant of an address, for those who run it.
    ///
    /// # Errors
    /// `not_found`, `forbidden`.
    async fn of(state: &AppState, viewer: &Viewer, id: &str) -> Result<Self> {
        administered(state, viewer, id).await.map(Self::Tenant)
    }

    /// That of the system, for operators.
    ///
    /// # Errors
    /// `forbidden`.
    fn of_system(viewer: &Viewer) -> Result<Self> {
        if viewer.caller.user.is_operator { Ok(Self::System) } else { Err(Code::Forbidden.into()) }
    }

    fn chain(&self) -> Chain {
        match self {
            Self::Tenant(tenant) => Chain::Tenant(tenant.id),
            Self::System => Chain::System,
        }
    }

    fn scope(&self) -> Scope {
        match self {
            Self::Tenant(tenant) => Scope::Tenant(tenant.id),
            Self::System => Scope::System("audit log"),
        }
    }

    async fn read(&self, db: &Database) -> Result<Transaction> {
        db.read(self.scope()).await
    }

    /// Its address, without the prefix.
    fn address(&self) -> String {
        match self {
            Self::Tenant(tenant) => format!("/admin/tenants/{}/audit", tenant.id),
            Self::System => "/admin/audit".to_owned(),
        }
    }
}

/// GET `/admin/tenants/{id}/audit`
pub async fn show(
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    viewer: Viewer,
    id: web::Path<String>,
    asked: web::Query<Asked>,
) -> Answer {
    let log = Log::of(&state, &viewer, &id).await?;
    draw(&state, &edge, &viewer, &log, &asked).await
}

/// GET `/admin/audit`: by operators, what belongs to no tenant.
pub async fn show_system(
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    viewer: Viewer,
    asked: web::Query<Asked>,
) -> Answer {
    let log = Log::of_system(&viewer)?;
    draw(&state, &edge, &viewer, &log, &asked).await
}

async fn draw(state: &AppState, edge: &Edge, viewer: &Viewer, log: &Log, asked: &Asked) -> Answer {
    let ctx = context(state, edge, viewer).await?;
    let (filter, errors) = asked.filter(&state.db, log, viewer).await?;
    let mut conn = log.read(&state.db).await?;
    let after = match asked.before.as_deref().map(str::parse::<i64>) {
        None => None,
        // A page that follows a row that there is not.
        Some(number) => {
            let number = number.map_err(|_| Code::NotFound)?;
            let at = audit::written_at(&mut conn, log.chain(), number).await?.ok_or(Code::NotFound)?;
            Some((at, number))
        }
    };
    let limit = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
    // What could not be made out filters nothing: then nothing is shown.
    let limit = if errors.is_empty() { limit } else { 0 };
    let Shown { mut rows, state: proved } = state.auditor.show(&mut conn, log.chain(), &filter, after, limit).await?;
    let has_more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let people: Vec<UserId> = rows.iter().filter_map(|row| row.actor.parse().ok()).collect();
    drop(conn);
    let names = audit::names(&mut *state.db.read(PEOPLE).await?, &people).await?;
    let next = rows.last().filter(|_| has_more).map(|last| asked.query(&[("before", &last.number.to_string())]));
    let view = |row: Row| {
        let who = match row.actor.parse::<UserId>() {
            Ok(id) => match names.get(&id) {
                Some((name, email)) => Who::Person { id, name: name.clone(), email: email.clone() },
                None => Who::Gone { id },
            },
            Err(_) if row.address == "command line" => Who::CommandLine,
            Err(_) if row.address.is_empty() => Who::Server,
            Err(_) => Who::Unknown,
        };
        RowView {
            number: row.number,
            at: row.at.0,
            who,
            address: row.address,
            action: row.action,
            tool: row.tool,
            object: row.object,
            target: row.target,
            digest: row.digest,
            details: row.details,
        }
    };
    let rows: Vec<RowView> = rows.into_iter().map(view).collect();
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let words = |(field, key): (&'static str, &'static str)| (field, viewer.locale.text(key).into_owned());
    let page = AuditPage {
        ctx: &ctx,
        tenant: match log {
            Log::Tenant(tenant) => Some((tenant.id, &tenant.name)),
            Log::System => None,
        },
        is_operator: viewer.caller.user.is_operator,
        address: &log.address(),
        asked: &asked.fields(),
        query: &asked.query(&[]),
        rows: &rows,
        is_later: after.is_some(),
        next: next.as_deref(),
        state: proved.as_ref().map(|count| *count).map_err(ToString::to_string),
        errors: &FieldErrors(errors.into_iter().map(words).collect()),
    };
    html(status, &page)
}
