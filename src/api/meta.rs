//! What this server is: for clients that must know whom they speak to, before they sign in.

use actix_web::{
    HttpResponse,
    web::{self, ServiceConfig},
};
use serde::Serialize;

use super::{read, verbs};
use crate::{
    config::{COMMIT, VERSION},
    http::{api_caller::ApiCaller, error::HttpError},
    providers::ModelInfo,
    state::AppState,
    turn::{chosen_model, sees_images},
    types::{AllowedModels, ModelChoice},
};

/// What is told of these addresses.
#[derive(utoipa::OpenApi)]
#[openapi(paths(show))]
pub struct Documented;

/// Every address of this file.
pub fn addresses(config: &mut ServiceConfig) {
    config.service(verbs("/api/meta").route(read().to(show)));
}

#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = Meta)]
struct MetaJson {
    name: &'static str,
    version: &'static str,
    commit: Option<&'static str>,
    /// The preferred one first.
    providers: Vec<&'static str>,
    models: Vec<ModelJson>,
}

#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = Model)]
struct ModelJson {
    provider: &'static str,
    model: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    context_window: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sees_images: Option<bool>,
    /// Whether it answers where nobody chose.
    is_default: bool,
}

/// GET `/api/meta`
#[utoipa::path(
    get,
    path = "/api/meta",
    tag = "server",
    security(()),
    responses((status = 200, description = "What this server is", body = MetaJson)),
)]
async fn show(state: web::Data<AppState>, who: Result<ApiCaller, HttpError>) -> Result<HttpResponse, HttpError> {
    // Whoever is known is told what their tenant may use; everybody else, what this server has.
    let allowed = who.map(|who| who.caller.tenant.models.0).unwrap_or_default();
    let default = chosen_model(&state, &allowed, &ModelChoice::Auto);
    let (mut providers, mut models) = (Vec::new(), Vec::new());
    for provider in state.providers.iter().map(|provider| provider.name()) {
        let shape = |info: ModelInfo| ModelJson {
            provider,
            sees_images: sees_images(&state, provider, &info.name),
            is_default: default.as_ref().is_some_and(|(of, model)| *of == provider && *model == info.name),
            label: info.label,
            context_window: info.context_window,
            model: info.name,
        };
        let listed = state.providers.allowed_models(provider, &allowed);
        if !listed.is_empty() || allowed == AllowedModels::All {
            providers.push(provider);
        }
        models.extend(listed.into_iter().map(shape));
    }
    Ok(HttpResponse::Ok().json(MetaJson { name: "Sayso", version: VERSION, commit: COMMIT, providers, models }))
}
