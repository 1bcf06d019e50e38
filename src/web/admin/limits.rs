//! What a tenant and its people may use in a month, and credits that are added. The tenant's are for operators to say, its
//! people's for those who run it.

use actix_web::{http::StatusCode, web};
use serde::Deserialize;

use super::{
    super::{
        Answer,
        page::{context, html, redirect},
    },
    acting, administered,
};
use crate::{
    error::{Code, Error, Result},
    http::{Edge, form::Form, viewer::Viewer},
    i18n::Locale,
    models::{
        Owner, membership,
        tenant::Tenant,
        usage::{self, LimitsChange, month_of},
        user::{self, User},
    },
    render::html::{
        FieldErrors,
        usage::{LimitFields, LimitedPerson, LimitsPage, PersonForm, limits_in_words, measures},
    },
    state::AppState,
    tenancy::{
        Desk,
        budget::{self, NewCredits, Whose},
    },
    types::{CreditEntryId, Credits, UserId},
};

#[derive(Deserialize)]
pub struct Asked {
    person: Option<UserId>,
    email: Option<String>,
    #[serde(default)]
    saved: Option<String>,
}

#[derive(Deserialize)]
pub struct Fields {
    person: Option<UserId>,
    input_tokens: String,
    output_tokens: String,
    requests: String,
    credits: String,
    #[serde(default)]
    is_active: bool,
}

impl Fields {
    /// What is typed as a change of every limit; what is wrong, by field.
    fn change(&self, locale: Locale) -> Result<LimitsChange, FieldErrors> {
        let mut errors = Vec::new();
        let mut number = |typed: &str, field: &'static str| match typed.trim() {
            "" => None,
            // Digits alone: `+5` and `1e3` are not guessed at.
            digits if digits.bytes().all(|byte| byte.is_ascii_digit()) && digits.parse::<i64>().is_ok() => {
                digits.parse().ok()
            }
            _ => {
                errors.push((field, locale.text("error-limit-number").into_owned()));
                None
            }
        };
        let input_tokens = number(&self.input_tokens, "input_tokens");
        let output_tokens = number(&self.output_tokens, "output_tokens");
        let requests = number(&self.requests, "requests");
        let credits = match self.credits.trim() {
            "" => None,
            typed => match typed.parse::<Credits>() {
                Ok(credits) => Some(credits),
                Err(_) => {
                    errors.push(("credits", locale.text("error-limit-credits").into_owned()));
                    None
                }
            },
        };
        if !errors.is_empty() {
            return Err(FieldErrors(errors));
        }
        Ok(LimitsChange {
            input_tokens: Some(input_tokens),
            output_tokens: Some(output_tokens),
            requests: Some(requests),
            credits: Some(credits),
            is_active: Some(self.is_active),
        })
    }

    fn typed(&self) -> LimitFields {
        LimitFields {
            input_tokens: self.input_tokens.clone(),
            output_tokens: self.output_tokens.clone(),
            requests: self.requests.clone(),
            credits: self.credits.clone(),
            is_active: self.is_active,
        }
    }
}

/// What the page shows of its forms.
#[derive(Default)]
struct Shown {
    status: StatusCode,
    /// Whose form is open.
    person: Option<UserId>,
    /// Typed into the open form of the tenant, or of that person.
    typed: Option<LimitFields>,
    email: String,
    amount: String,
    note: String,
    entry: Option<CreditEntryId>,
    done: Option<&'static str>,
    errors: FieldErrors,
    person_errors: FieldErrors,
    credit_errors: FieldErrors,
}

/// GET `/admin/tenants/{id}/limits`
pub async fn show(
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    viewer: Viewer,
    id: web::Path<String>,
    asked: web::Query<Asked>,
) -> Answer {
    let tenant = administered(&state, &viewer, &id).await?;
    let Asked { person, email, saved } = asked.into_inner();
    let done = match saved.as_deref() {
        Some("limits") => Some("settings-saved"),
        Some("credits") => Some("credits-added"),
        _ => None,
    };
    let mut shown = Shown { person, done, ..Shown::default() };
    if let Some(email) = email.filter(|email| !email.trim().is_empty()) {
        match known(&state, &tenant, &email).await? {
            Some(user) => shown.person = Some(user.id),
            None => {
                shown.status = StatusCode::UNPROCESSABLE_ENTITY;
                shown.person_errors =
                    FieldErrors(vec![("email", viewer.locale.text("error-limit-nobody").into_owned())]);
                shown.email = email;
            }
        }
    }
    draw(&state, &edge, &viewer, &tenant, shown).await
}

/// Who has that address and a place in the tenant. An account elsewhere is not told from none.
async fn known(state: &AppState, tenant: &Tenant, email: &str) -> Result<Option<User>> {
    let mut conn = state.db.read(tenant.id).await?;
    let Some(user) = user::find_by_email(&mut conn, email).await? else { return Ok(None) };
    let found = membership::find(&mut conn, Owner { tenant: tenant.id, user: user.id }).await?;
    Ok(found.map(|(user, ..)| user))
}

/// POST `/admin/tenants/{id}/limits`: the tenant's, or with `person` theirs.
pub async fn update(
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    viewer: Viewer,
    id: web::Path<String>,
    form: Form<Fields>,
) -> Answer {
    let fields = form.checked(&viewer.csrf)?;
    let tenant = administered(&state, &viewer, &id).await?;
    let whose = fields.person.map_or(Whose::Tenant, Whose::Person);
    if whose == Whose::Tenant && !viewer.caller.user.is_operator {
        return Err(Code::Forbidden.into());
    }
    let change = match fields.change(viewer.locale) {
        Ok(change) => change,
        Err(errors) => {
            let (errors, person_errors) = match whose {
                Whose::Tenant => (errors, FieldErrors::default()),
                Whose::Person(_) => (FieldErrors::default(), errors),
            };
            let (status, typed) = (StatusCode::UNPROCESSABLE_ENTITY, Some(fields.typed()));
            let shown = Shown { status, person: fields.person, typed, errors, person_errors, ..Shown::default() };
            return draw(&state, &edge, &viewer, &tenant, shown).await;
        }
    };
    budget::set_limits(&Desk::from(state.get_ref()), &acting(&viewer), tenant.id, whose, change).await?;
    Ok(redirect(&edge, &format!("/admin/tenants/{}/limits?saved=limits", tenant.id)))
}

#[derive(Deserialize)]
pub struct Added {
    entry: CreditEntryId,
    amount: String,
    note: String,
}

/// POST `/admin/tenants/{id}/limits/credits`
pub async fn add_credits(
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    viewer: Viewer,
    id: web::Path<String>,
    form: Form<Added>,
) -> Answer {
    let Added { entry, amount, note } = form.checked(&viewer.csrf)?;
    let tenant = administered(&state, &viewer, &id).await?;
    if !viewer.caller.user.is_operator {
        return Err(Code::Forbidden.into());
    }
    // What is no amount is refused as none is.
    let new = NewCredits { id: entry, amount: amount.trim().parse().unwrap_or_default(), note: note.clone() };
    match budget::add_credits(&Desk::from(state.get_ref()), &acting(&viewer), tenant.id, &new).await {
        Ok(_) => Ok(redirect(&edge, &format!("/admin/tenants/{}/limits?saved=credits", tenant.id))),
        Err(Error::Refused(refusal)) if refusal.field.is_some() => {
            let credit_errors = FieldErrors::from_refusal(&refusal, viewer.locale);
            let (status, entry) = (StatusCode::UNPROCESSABLE_ENTITY, Some(entry));
            let shown = Shown { status, amount, note, entry, credit_errors, ..Shown::default() };
            draw(&state, &edge, &viewer, &tenant, shown).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn draw(state: &AppState, edge: &Edge, viewer: &Viewer, tenant: &Tenant, shown: Shown) -> Answer {
    let ctx = context(state, edge, viewer).await?;
    let subject = tenant.id.into();
    let mut conn = state.db.read(tenant.id).await?;
    let month = month_of(conn.now().await?);
    let used = usage::month(&mut conn, tenant.id, subject, &month).await?;
    let limits = usage::limits(&mut conn, tenant.id, subject).await?;
    let limited = usage::limited_people(&mut conn, tenant.id).await?;
    let open = match shown.person {
        Some(user) => {
            let (user, ..) =
                membership::find(&mut conn, Owner { tenant: tenant.id, user }).await?.ok_or(Code::NotFound)?;
            let own = usage::limits(&mut conn, tenant.id, user.id.into()).await?;
            Some((user, own))
        }
        None => None,
    };
    drop(conn);
    let people: Vec<LimitedPerson> = limited
        .into_iter()
        .map(|(id, name, email, own)| LimitedPerson {
            id: id.to_string(),
            name,
            email,
            limits: limits_in_words(&ctx, &own),
        })
        .collect();
    let typed = |stored| shown.typed.clone().unwrap_or_else(|| LimitFields::of(stored));
    let person =
        open.as_ref().map(|(user, own)| PersonForm { id: user.id.to_string(), name: &user.name, fields: typed(own) });
    // Where somebody's form is open, what was typed is theirs.
    let form = if person.is_some() { LimitFields::of(&limits) } else { typed(&limits) };
    let entry = shown.entry.unwrap_or_else(CreditEntryId::new).to_string();
    let done = shown.done.map(|key| ctx.t(key));
    let page = LimitsPage {
        ctx: &ctx,
        tenant: tenant.id,
        tenant_name: &tenant.name,
        shared: &measures(&ctx, &used, &limits),
        form: viewer.caller.user.is_operator.then_some(&form),
        person: person.as_ref(),
        people: &people,
        email: &shown.email,
        amount: &shown.amount,
        note: &shown.note,
        entry: &entry,
        done: done.as_deref(),
        errors: &shown.errors,
        person_errors: &shown.person_errors,
        credit_errors: &shown.credit_errors,
    };
    html(shown.status, &page)
}
