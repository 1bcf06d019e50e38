//! Signing in and out by programs, and who one is.

use actix_session::SessionExt as _;
use actix_web::{
    HttpRequest, HttpResponse,
    web::{self, ServiceConfig},
};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use super::{read, verbs};
use crate::{
    error::{Code, Refusal},
    http::{
        access_token::AccessTokens,
        address::Client,
        api_caller::{ApiCaller, Credential},
        error::{DETAIL, HttpError},
        json::Json,
        limits::Limits,
        sign_in::{Attempt, SignedIn, SignedInBy, agent, sign_in, sign_out},
        token_pair::{self, TokenPair},
    },
    models::{Owner, refresh_token::Asking, tenant::Tenant, user::User},
    state::AppState,
    types::{Role, Scopes, TenantId, UserId},
};

/// What is told of these addresses.
#[derive(utoipa::OpenApi)]
#[openapi(paths(login, refresh, logout, me))]
pub struct Documented;

/// Where nobody is signed in yet: no session is looked at.
pub fn addresses(config: &mut ServiceConfig) {
    config
        .service(verbs("/api/auth/login").route(web::post().to(login)))
        .service(verbs("/api/auth/refresh").route(web::post().to(refresh)));
}

/// Where a browser's session counts too.
pub fn with_sessions(config: &mut ServiceConfig) {
    config
        .service(verbs("/api/auth/logout").route(web::post().to(logout)))
        .service(verbs("/api/auth/me").route(read().to(me)));
}

#[derive(Deserialize, utoipa::ToSchema)]
#[schema(as = LoginRequest)]
#[serde(deny_unknown_fields)]
struct Login {
    email: String,
    #[schema(value_type = String, format = Password)]
    password: SecretString,
    /// The slug of a workspace; asked for of a person in several.
    tenant: Option<String>,
}

#[derive(Deserialize, utoipa::ToSchema)]
#[schema(as = RefreshRequest)]
#[serde(deny_unknown_fields)]
struct Refresh {
    #[schema(value_type = String)]
    refresh_token: SecretString,
}

#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = SignedIn)]
struct LoginJson<'a> {
    #[serde(flatten)]
    tokens: TokenPair,
    #[serde(flatten)]
    who: WhoJson<'a>,
}

/// A person in a tenant.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = Who)]
struct WhoJson<'a> {
    user: UserJson<'a>,
    tenant: TenantJson<'a>,
}

#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = Person)]
struct UserJson<'a> {
    id: UserId,
    email: &'a str,
    name: &'a str,
    role: Role,
}

#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = Tenant)]
struct TenantJson<'a> {
    id: TenantId,
    slug: &'a str,
    name: &'a str,
}

#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = Me)]
struct MeJson<'a> {
    #[serde(flatten)]
    who: WhoJson<'a>,
    /// By what right: `session`, `sign_in` or `token`.
    credential: &'static str,
    /// What a token that a person made may be used for.
    #[serde(skip_serializing_if = "Option::is_none")]
    scopes: Option<Vec<&'static str>>,
}

impl<'a> WhoJson<'a> {
    fn new(user: &'a User, role: Role, tenant: &'a Tenant) -> Self {
        Self {
            user: UserJson { id: user.id, email: &user.email, name: &user.name, role },
            tenant: TenantJson { id: tenant.id, slug: &tenant.slug, name: &tenant.name },
        }
    }
}

/// POST `/api/auth/login`
#[utoipa::path(
    post,
    path = "/api/auth/login",
    tag = "auth",
    security(()),
    request_body = Login,
    responses(
        (status = 200, description = "Signed in", body = LoginJson),
        (status = 401, description = "Wrong"),
        (status = 403, description = "Switched off"),
        (status = 429, description = "Too many"),
    ),
)]
async fn login(
    request: HttpRequest,
    state: web::Data<AppState>,
    limits: web::Data<Limits>,
    tokens: web::Data<AccessTokens>,
    client: Client,
    body: Json<Login>,
) -> Result<HttpResponse, HttpError> {
    let Json(Login { email, password, tenant }) = body;
    let attempt = Attempt { email: &email, password, tenant: tenant.as_deref() };
    match sign_in(&state, &limits, attempt, &client).await? {
        SignedIn::As(arrival) => {
            let (user, tenant) = (&arrival.user, &arrival.tenant);
            let owner = Owner { tenant: tenant.id, user: user.id };
            let (agent, address) = (agent(&request), client.address.to_string());
            let asking = Asking { agent: &agent, address: &address };
            let tokens = token_pair::begin(&state, &tokens, owner, user.epoch, asking).await?;
            let who = WhoJson::new(user, arrival.membership.role, tenant);
            Ok(HttpResponse::Ok().json(LoginJson { tokens, who }))
        }
        SignedIn::Choose(tenants) => {
            let slugs: Vec<_> = tenants.iter().map(|tenant| tenant.slug.as_str()).collect();
            let slugs = slugs.join(", ");
            let refusal = Refusal::new(Code::InvalidPayload).saying("error-choose-tenant").about("tenant");
            Err(refusal.with("tenants", &slugs).with(DETAIL, format!("tenant: one of {slugs}")).into())
        }
    }
}

/// POST `/api/auth/refresh`
#[utoipa::path(
    post,
    path = "/api/auth/refresh",
    tag = "auth",
    security(()),
    request_body = Refresh,
    responses(
        (status = 200, description = "The next pair; the old refresh token is used up", body = TokenPair),
        (status = 401, description = "No good"),
        (status = 403, description = "Switched off"),
    ),
)]
async fn refresh(
    request: HttpRequest,
    state: web::Data<AppState>,
    tokens: web::Data<AccessTokens>,
    client: Client,
    body: Json<Refresh>,
) -> Result<HttpResponse, HttpError> {
    use secrecy::ExposeSecret as _;
    let token = body.0.refresh_token.expose_secret();
    let (agent, address) = (agent(&request), client.address.to_string());
    let asking = Asking { agent: &agent, address: &address };
    let pair = token_pair::rotate(&state, &tokens, token, asking).await?;
    Ok(HttpResponse::Ok().json(pair))
}

/// POST `/api/auth/logout`. A token that a person made is taken back in the settings, not by whoever holds it.
#[utoipa::path(post, path = "/api/auth/logout", tag = "auth", responses((status = 204, description = "Signed out")))]
async fn logout(
    request: HttpRequest,
    state: web::Data<AppState>,
    caller: ApiCaller,
) -> Result<HttpResponse, HttpError> {
    let by = match caller.credential {
        Credential::Session(id) => SignedInBy::Session(id),
        Credential::SignIn(family) => SignedInBy::Family(family),
        Credential::Token(..) => return Err(Code::Forbidden.into()),
    };
    sign_out(&state, caller.owner(), by, &caller.caller.address).await?;
    if matches!(by, SignedInBy::Session(_)) {
        request.get_session().purge();
    }
    Ok(HttpResponse::NoContent().finish())
}

/// GET `/api/auth/me`
#[utoipa::path(
    get,
    path = "/api/auth/me",
    tag = "auth",
    responses((status = 200, description = "Who one is", body = MeJson)),
)]
async fn me(caller: ApiCaller) -> Result<HttpResponse, HttpError> {
    let words = |scopes: &Scopes| scopes.iter().map(|scope| scope.as_str()).collect();
    let (credential, scopes) = match &caller.credential {
        Credential::Session(_) => ("session", None),
        Credential::SignIn(_) => ("sign_in", None),
        Credential::Token(_, scopes) => ("token", Some(words(scopes))),
    };
    let who = WhoJson::new(&caller.caller.user, caller.membership.role, &caller.caller.tenant);
    Ok(HttpResponse::Ok().json(MeJson { who, credential, scopes }))
}
