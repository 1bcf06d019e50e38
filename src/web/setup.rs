//! The first account, by the single-use link that the server prints.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};
use secrecy::SecretString;
use serde::Deserialize;

use super::{
    Answer,
    page::{html, redirect, visitor_context},
};
use crate::{
    error::{Code, Error, Refusal, Result},
    http::{
        Edge,
        address::Client,
        form::Form,
        sign_in::agent,
        viewer::{Viewer, Visitor},
    },
    render::html::{FieldErrors, pages::SetupPage},
    state::AppState,
    tenancy::{
        Desk,
        founding::{self, Founding},
    },
};

#[derive(Deserialize)]
pub struct Link {
    #[serde(default)]
    token: String,
}

#[derive(Deserialize)]
pub struct Fields {
    token: String,
    name: String,
    email: String,
    password: SecretString,
    workspace: String,
}

/// GET `/setup?token=`
pub async fn show(
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    visitor: Visitor,
    link: web::Query<Link>,
) -> Answer {
    founding::check_link(&Desk::from(&**state), &link.token).await?;
    let ctx = visitor_context(&edge, &visitor);
    let page = SetupPage {
        ctx: &ctx,
        token: &link.token,
        name: "",
        email: "",
        workspace: "",
        errors: &FieldErrors::default(),
    };
    html(StatusCode::OK, &page)
}

/// POST `/setup`
pub async fn create(
    request: HttpRequest,
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    visitor: Visitor,
    client: Client,
    form: Form<Fields>,
) -> Answer {
    let fields = form.checked(&visitor.csrf)?;
    let Fields { token, name, email, password, workspace } = &fields;
    let founding = Founding { token, name, email, password, workspace };
    match founding::found(&state, founding, &client.address.to_string()).await {
        Ok((user, tenant)) => {
            Viewer::sign_in(&visitor.session, &user, &tenant, &client, &agent(&request))?;
            Ok(redirect(&edge, "/conversations"))
        }
        Err(Error::Refused(refusal)) if refusal.code == Code::InvalidPayload => {
            again(&edge, &visitor, &fields, &refusal)
        }
        Err(error) => Err(error.into()),
    }
}

/// The form once more, with what was typed and what was wrong.
fn again(
    edge: &Edge,
    visitor: &Visitor,
    fields: &Fields,
    refusal: &Refusal,
) -> Result<HttpResponse, crate::http::error::HttpError> {
    let ctx = visitor_context(edge, visitor);
    let page = SetupPage {
        ctx: &ctx,
        token: &fields.token,
        name: &fields.name,
        email: &fields.email,
        workspace: &fields.workspace,
        errors: &FieldErrors::from_refusal(refusal, visitor.locale),
    };
    html(StatusCode::UNPROCESSABLE_ENTITY, &page)
}
