//! The models that may be asked for, in OpenAI's form.

use actix_web::{HttpResponse, http::header, web};
use serde::Serialize;

use crate::{
    error::Code,
    http::{
        api_caller::{ApiCaller, TokenCaller},
        error::HttpError,
    },
    state::AppState,
    types::TokenScope,
};

#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = OpenAiModels)]
struct ListJson {
    object: &'static str,
    data: Vec<ModelJson>,
}

#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = OpenAiModel)]
struct ModelJson {
    /// `provider/model`, or `auto`.
    id: String,
    object: &'static str,
    /// Nobody says when; the form wants a number.
    created: i64,
    owned_by: &'static str,
}

/// GET `/v1/models`
#[utoipa::path(
    get,
    path = "/v1/models",
    tag = "OpenAI's form",
    security(("bearer" = [])),
    responses((status = 200, description = "The models that may be asked for", body = ListJson)),
)]
pub async fn index(state: web::Data<AppState>, who: TokenCaller) -> Result<HttpResponse, HttpError> {
    who.0.must(TokenScope::Chat)?;
    Ok(drawn(&ListJson { object: "list", data: all(&state, &who.0) }))
}

/// GET `/v1/models/{id}`
#[utoipa::path(
    get,
    path = "/v1/models/{id}",
    tag = "OpenAI's form",
    security(("bearer" = [])),
    params(("id" = String, Path, description = "`auto`, or `provider/model`")),
    responses((status = 200, description = "It may be asked for", body = ModelJson)),
)]
pub async fn show(
    state: web::Data<AppState>,
    id: web::Path<String>,
    who: TokenCaller,
) -> Result<HttpResponse, HttpError> {
    who.0.must(TokenScope::Chat)?;
    let found = all(&state, &who.0).into_iter().find(|model| model.id == *id).ok_or(Code::NotFound)?;
    Ok(drawn(&found))
}

/// Those that the caller's tenant may use.
fn all(state: &AppState, who: &ApiCaller) -> Vec<ModelJson> {
    let allowed = &who.caller.tenant.models.0;
    let model = |id, owned_by| ModelJson { id, object: "model", created: 0, owned_by };
    let mut all = vec![model("auto".to_owned(), "sayso")];
    for provider in state.providers.iter().map(|provider| provider.name()) {
        let listed = state.providers.allowed_models(provider, allowed);
        all.extend(listed.into_iter().map(|info| model(format!("{provider}/{}", info.name), provider)));
    }
    all
}

fn drawn(value: &impl Serialize) -> HttpResponse {
    HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(value)
}
