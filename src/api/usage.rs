//! What was used of a month, and what may be.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header,
    web::{self, ServiceConfig},
};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;

use utoipa::openapi::{Object, Schema, Type, schema::SchemaType};

use super::{
    conversations::drawn,
    query::{query, wrong},
    read, verbs,
};
use crate::{
    db::now,
    error::{Code, Error, Result},
    http::{api_caller::ApiCaller, error::HttpError, json::Json},
    models::{
        audit::Actor,
        tenant::{self, Tenant},
        usage::{self, LimitsChange, Month},
    },
    render::{
        json::{self, BudgetJson, UsageDayJson, UsedJson, usage_day},
        usage_csv,
    },
    state::AppState,
    tenancy::{
        Acting, Desk,
        budget::{self, Whose},
    },
    types::{Credits, TenantId, TokenScope},
};

type Answer = Result<HttpResponse, HttpError>;

/// What is told of these addresses.
#[derive(utoipa::OpenApi)]
#[openapi(paths(own, of_tenant, set_limits))]
pub struct Documented;

/// Every address of this file.
pub fn addresses(config: &mut ServiceConfig) {
    config
        .service(verbs("/api/usage").route(read().to(own)))
        .service(verbs("/api/admin/tenants/{id}/usage").route(read().to(of_tenant)))
        .service(verbs("/api/admin/tenants/{id}/limits").route(web::put().to(set_limits)));
}

#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = OwnUsage)]
struct OwnJson {
    month: String,
    person: PersonJson,
    tenant: BudgetJson,
}

#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = PersonUsage)]
struct PersonJson {
    used: UsedJson,
}

fn used(month: &Month) -> UsedJson {
    UsedJson {
        input_tokens: month.input_tokens,
        output_tokens: month.output_tokens,
        requests: month.requests,
        credits: month.credits,
    }
}

/// GET `/api/usage`: this month, of the caller and of their tenant.
#[utoipa::path(
    get,
    path = "/api/usage",
    tag = "usage",
    responses((status = 200, description = "This month, of the caller and of their workspace", body = OwnJson)),
)]
async fn own(state: web::Data<AppState>, who: ApiCaller) -> Answer {
    who.must(TokenScope::Chat)?;
    let owner = who.owner();
    let mut conn = state.db.read(owner.tenant).await?;
    let month = usage::month_of(conn.now().await?);
    let person = usage::month(&mut conn, owner.tenant, owner.user.into(), &month).await?;
    let tenant = usage::month(&mut conn, owner.tenant, owner.tenant.into(), &month).await?;
    let limits = usage::limits(&mut conn, owner.tenant, owner.tenant.into()).await?;
    drawn(&OwnJson { month, person: PersonJson { used: used(&person) }, tenant: json::budget(&tenant, &limits) })
}

/// The tenant of an address, for those who run it: its owners and admins, and operators. Another tenant is not there;
/// members are told that it is not for them.
async fn administered(state: &AppState, who: &ApiCaller, id: &str) -> Result<Tenant> {
    let id: TenantId = id.parse().map_err(|_| Code::NotFound)?;
    let is_operator = who.caller.user.is_operator;
    if id != who.caller.tenant.id && !is_operator {
        return Err(Code::NotFound.into());
    }
    if !is_operator && !who.membership.role.steers() {
        return Err(Code::Forbidden.into());
    }
    let found = tenant::find(&mut *state.db.read(id).await?, id).await?;
    found.ok_or_else(|| Code::NotFound.into())
}

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct Asked {
    /// This month, unless it is said.
    #[param(pattern = "^[0-9]{4}-(0[1-9]|1[0-2])$")]
    month: Option<String>,
    /// JSON, unless it is said.
    #[param(inline)]
    format: Option<Format>,
}

#[derive(Clone, Copy, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
enum Format {
    Json,
    Csv,
}

#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = TenantUsage)]
struct TenantUsageJson<'a> {
    month: &'a str,
    tenant: BudgetJson,
    items: Vec<UsageDayJson<'a>>,
}

/// GET `/api/admin/tenants/{id}/usage?month=YYYY-MM&format=json|csv`: by day, person and model.
#[utoipa::path(
    get,
    path = "/api/admin/tenants/{id}/usage",
    tag = "usage",
    params(("id" = TenantId, Path, description = "A workspace that one runs"), Asked),
    responses(
        (
            status = 200,
            description = "A month by day, person and model",
            content((TenantUsageJson = "application/json"), (String = "text/csv")),
        ),
    ),
)]
async fn of_tenant(request: HttpRequest, state: web::Data<AppState>, who: ApiCaller, id: web::Path<String>) -> Answer {
    who.must(TokenScope::AdminRead)?;
    let tenant = administered(&state, &who, &id).await?;
    let asked: Asked = query(&request)?;
    let month = match asked.month {
        Some(month) if usage::is_month(&month) => month,
        Some(_) => return Err(wrong("month", "a month, as in 2026-01").into()),
        None => usage::month_of(now()),
    };
    let mut conn = state.db.read(tenant.id).await?;
    let days = usage::days(&mut conn, tenant.id, &month).await?;
    if matches!(asked.format, Some(Format::Csv)) {
        let name = format!("attachment; filename=\"usage-{}-{month}.csv\"", tenant.slug);
        return Ok(HttpResponse::Ok()
            .insert_header((header::CONTENT_TYPE, "text/csv; charset=utf-8"))
            .insert_header((header::CONTENT_DISPOSITION, name))
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
            .body(usage_csv::draw(&days).map_err(Error::internal)?));
    }
    let used = usage::month(&mut conn, tenant.id, tenant.id.into(), &month).await?;
    let limits = usage::limits(&mut conn, tenant.id, tenant.id.into()).await?;
    let items = days.iter().map(usage_day).collect();
    drawn(&TenantUsageJson { month: &month, tenant: json::budget(&used, &limits), items })
}

/// Limits to be set: null is no limit, what is absent stays.
#[derive(Deserialize, utoipa::ToSchema)]
#[schema(as = LimitsChange)]
#[serde(deny_unknown_fields)]
struct NewLimits {
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<i64>, minimum = 0)]
    monthly_input_tokens: Option<Option<i64>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<i64>, minimum = 0)]
    monthly_output_tokens: Option<Option<i64>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<i64>, minimum = 0)]
    monthly_requests: Option<Option<i64>>,
    /// A number, or its digits as a text; read to its last digit.
    #[serde(default, deserialize_with = "given")]
    #[schema(schema_with = credits)]
    monthly_credits: Option<Option<Box<RawValue>>>,
    is_active: Option<bool>,
}

/// Null, a number, or the digits of one.
fn credits() -> Schema {
    let amount = Object::builder().schema_type(SchemaType::from_iter([Type::Number, Type::String, Type::Null]));
    amount.minimum(Some(0)).pattern(Some("^[0-9]{1,12}([.][0-9]{1,6})?$")).into()
}

/// Tells what is null from what is absent.
fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(deserializer).map(Some)
}

impl NewLimits {
    /// As a change of limits.
    fn change(self) -> Result<LimitsChange> {
        let count = |new: Option<Option<i64>>, field: &'static str| match new {
            Some(Some(count)) if count < 0 => Err(wrong(field, "null or a number from 0 on")),
            new => Ok(new),
        };
        let credits = match self.monthly_credits {
            None => None,
            Some(None) => Some(None),
            Some(Some(raw)) => {
                let read: Result<Credits, _> = raw.get().trim_matches('"').parse();
                Some(Some(read.map_err(|error| wrong("monthly_credits", &error.to_string()))?))
            }
        };
        Ok(LimitsChange {
            input_tokens: count(self.monthly_input_tokens, "monthly_input_tokens")?,
            output_tokens: count(self.monthly_output_tokens, "monthly_output_tokens")?,
            requests: count(self.monthly_requests, "monthly_requests")?,
            credits,
            is_active: self.is_active,
        })
    }
}

/// The limits as they were set.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = Limits)]
struct LimitsJson {
    monthly_input_tokens: Option<i64>,
    monthly_output_tokens: Option<i64>,
    monthly_requests: Option<i64>,
    #[schema(value_type = Option<f64>)]
    monthly_credits: Option<Box<RawValue>>,
    is_active: bool,
}

/// PUT `/api/admin/tenants/{id}/limits`. By operators who are signed in: limits are what a tenant may cost, which its own
/// people do not decide, and no token that a person made may change anything of it.
#[utoipa::path(
    put,
    path = "/api/admin/tenants/{id}/limits",
    tag = "usage",
    params(("id" = TenantId, Path, description = "A workspace that one runs")),
    request_body = NewLimits,
    responses((status = 200, description = "The limits as they stand then", body = LimitsJson)),
)]
async fn set_limits(
    state: web::Data<AppState>,
    who: ApiCaller,
    id: web::Path<String>,
    body: Json<NewLimits>,
) -> Answer {
    let tenant = administered(&state, &who, &id).await?;
    if !who.is_signed_in() || !who.caller.user.is_operator {
        return Err(Code::Forbidden.into());
    }
    let acting = Acting {
        actor: Actor::User(who.caller.user.id),
        address: who.caller.address.clone(),
        is_operator: who.caller.user.is_operator,
    };
    let change = body.0.change()?;
    let desk = Desk::from(state.get_ref());
    let limits = budget::set_limits(&desk, &acting, tenant.id, Whose::Tenant, change).await?;
    let credits = limits.monthly_credits.map(|credits| credits.to_string());
    drawn(&LimitsJson {
        monthly_input_tokens: limits.monthly_input_tokens,
        monthly_output_tokens: limits.monthly_output_tokens,
        monthly_requests: limits.monthly_requests,
        monthly_credits: credits.map(RawValue::from_string).transpose().map_err(Error::internal)?,
        is_active: limits.is_active,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::usage::Limits;

    #[test]
    fn limits_are_read_exactly() {
        let over = |text: &str| {
            let new: NewLimits = serde_json::from_str(text).unwrap();
            new.change().map(|change| change.over(Limits::FOR_NEW_TENANTS))
        };
        assert_eq!(over("{}").unwrap(), Limits::FOR_NEW_TENANTS);
        let limits = over(r#"{"monthly_requests": null, "monthly_credits": 2.500001, "is_active": false}"#).unwrap();
        assert_eq!((limits.monthly_requests, limits.monthly_credits), (None, Some(Credits(2_500_001))));
        assert_eq!((limits.monthly_input_tokens, limits.is_active), (Some(1_000_000), false));
        assert_eq!(over(r#"{"monthly_credits": "3"}"#).unwrap().monthly_credits, Some(Credits(3_000_000)));
        for wrong in [
            r#"{"monthly_credits": 1e3}"#,
            r#"{"monthly_credits": -1}"#,
            r#"{"monthly_credits": 0.0000001}"#,
            r#"{"monthly_credits": []}"#,
            r#"{"monthly_credits": "x"}"#,
            r#"{"monthly_requests": -1}"#,
        ] {
            assert_eq!(over(wrong).unwrap_err().code(), Some(Code::InvalidPayload), "{wrong}");
        }
        for wrong in [r#"{"monthly_requests": 1.5}"#, r#"{"requests": 1}"#, "[]"] {
            assert!(serde_json::from_str::<NewLimits>(wrong).is_err(), "{wrong}");
        }
    }
}
