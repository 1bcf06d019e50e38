//! Errors as people see them: a page, or for htmx a fragment beside what was typed. Someone who is not signed in is
//! sent to the login page, and back to where they were.

use actix_web::{
    Error as ActixError, HttpMessage as _, HttpRequest, HttpResponse,
    body::{BoxBody, EitherBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    error::{InternalError, QueryPayloadError},
    http::{Method, StatusCode, header},
    middleware::Next,
    web,
};
use askama::Template as _;

use super::page::{is_htmx, redirect_to};
use crate::{
    error::{Code, Error, Refusal},
    http::{
        Edge,
        cors::{is_api, is_openai},
        error::{CONVERSATION, ErrorBody, HttpError, OpenAiError, code, detail, of_response},
        form::Typed,
    },
    i18n::Locale,
    render::html::{
        PageContext,
        pages::{ErrorFragment, ErrorPage},
    },
    telemetry::RequestId,
};

/// Gives every error of ours its form. Stands outside whatever may refuse, so that all are drawn alike.
///
/// # Errors
/// Passes on what is none of ours.
pub async fn render<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B, BoxBody>>, ActixError> {
    let asked = Asked::of(request.request());
    let response = match next.call(request).await {
        Ok(response) => response,
        // Handlers' and extractors' errors come as answers; what comes as an error is the session store's.
        Err(error) => {
            tracing::error!(%error, "a request could not begin");
            let answer = asked.draw(&Refusal::new(Code::Internal), None);
            return Err(InternalError::from_response(error, answer).into());
        }
    };
    let Some(refused) = of_response(response.response()).map(|error| refusal_of(&error.0)) else {
        return Ok(response.map_into_left_body());
    };
    let mut answer = draw(response.request(), &refused);
    for name in [header::RETRY_AFTER, header::ALLOW, header::SET_COOKIE, CONVERSATION] {
        for value in response.headers().get_all(&name) {
            answer.headers_mut().append(name.clone(), value.clone());
        }
    }
    Ok(response.into_response(answer).map_into_right_body())
}

/// What the caller is told: a refusal as it is, a fault as `internal`.
fn refusal_of(error: &Error) -> Refusal {
    match error {
        Error::Refused(refusal) => refusal.clone(),
        _ => Refusal::new(code(error)),
    }
}

fn draw(request: &HttpRequest, refused: &Refusal) -> HttpResponse {
    let mut asked = Asked::of(request);
    if let Some(locale) = request.extensions().get::<Locale>() {
        // The person's own choice, where it was found before something else went wrong.
        asked.locale = *locale;
    }
    if refused.code == Code::Unauthorized
        && !asked.is_api
        && let Some(edge) = &asked.edge
    {
        return to_login(request, edge);
    }
    let typed = request.extensions().get::<Typed>().cloned();
    asked.draw(refused, typed.as_ref())
}

/// What an error's page must know of its request, which may be gone by then.
struct Asked {
    edge: Option<web::Data<Edge>>,
    locale: Locale,
    is_api: bool,
    is_openai: bool,
    is_htmx: bool,
    request_id: RequestId,
}

impl Asked {
    fn of(request: &HttpRequest) -> Self {
        let edge = request.app_data::<web::Data<Edge>>().cloned();
        let path = edge.as_ref().map_or(request.path(), |edge| edge.urls.without_prefix(request.path()));
        let accepted = request.headers().get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        Self {
            locale: Locale::negotiate(None, accepted),
            is_api: is_api(path),
            is_openai: is_openai(path),
            is_htmx: is_htmx(request),
            request_id: request.extensions().get::<RequestId>().cloned().unwrap_or_else(RequestId::new),
            edge,
        }
    }

    fn draw(&self, refused: &Refusal, typed: Option<&Typed>) -> HttpResponse {
        let status = crate::http::error::status(refused.code);
        if self.is_api {
            let message = self.locale.text_with(refused.message, &refused.arguments).into_owned();
            let mut answer = HttpResponse::build(status);
            if status == StatusCode::UNAUTHORIZED {
                // By what one may come in (RFC 9110 § 15.5.2); no browser asks its person for a password for it.
                answer.insert_header((header::WWW_AUTHENTICATE, "Bearer"));
            }
            if self.is_openai {
                return answer.json(OpenAiError::new(refused.code, message, detail(refused), refused.field));
            }
            return answer.json(ErrorBody::new(refused.code, message, detail(refused), &self.request_id));
        }
        let ctx = PageContext {
            locale: self.locale,
            viewer: None,
            csrf: String::new(),
            prefix: self.edge.as_ref().map(|edge| edge.urls.prefix().to_owned()).unwrap_or_default(),
            version: crate::config::VERSION.to_owned(),
            waiting: 0,
        };
        let message = ctx.refusal(refused);
        let body = if self.is_htmx {
            ErrorFragment { message: &message }.render()
        } else {
            let page = ErrorPage {
                ctx: &ctx,
                status: status.as_u16(),
                message: &message,
                request_id: Some(self.request_id.as_str()),
                typed: typed.map(|typed| typed.0.as_str()),
            };
            page.render()
        };
        match body {
            Ok(body) => HttpResponse::build(status).content_type("text/html; charset=utf-8").body(body),
            Err(error) => {
                tracing::error!(%error, "an error page could not be drawn");
                HttpResponse::InternalServerError().finish()
            }
        }
    }
}

/// To the login page, and from there back to this page; from a form, back to the page that showed it.
fn to_login(request: &HttpRequest, edge: &Edge) -> HttpResponse {
    let back = if request.method() == Method::GET {
        request.uri().path_and_query().map(ToString::to_string)
    } else {
        referrer(request, edge)
    };
    let login = edge.urls.path("/login");
    let address = match back {
        Some(back) => {
            let query: String =
                url::form_urlencoded::Serializer::new(String::new()).append_pair("next", &back).finish();
            format!("{login}?{query}")
        }
        None => login,
    };
    if is_htmx(request) {
        return HttpResponse::Unauthorized().insert_header(("hx-redirect", address)).finish();
    }
    redirect_to(&address)
}

/// The path of the page of ours that a form was on.
fn referrer(request: &HttpRequest, edge: &Edge) -> Option<String> {
    let text = request.headers().get(header::REFERER)?.to_str().ok()?;
    let address = url::Url::parse(text).ok()?;
    let is_ours = edge.home.owns(&address.origin().ascii_serialization());
    is_ours.then(|| address.path().to_owned())
}

/// What no address answers.
///
/// # Errors
/// Always `not_found`.
pub async fn not_found() -> Result<HttpResponse, HttpError> {
    Err(Code::NotFound.into())
}

/// What an address answers to a method that it does not take.
///
/// # Errors
/// Always `method_not_allowed`.
pub async fn method_not_allowed() -> Result<HttpResponse, HttpError> {
    Err(Code::MethodNotAllowed.into())
}

/// A query that an address cannot read leads nowhere.
pub fn unreadable_query(_: QueryPayloadError, _: &HttpRequest) -> ActixError {
    HttpError(Code::NotFound.into()).into()
}
