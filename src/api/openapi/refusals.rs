//! How refusals look, for every address at once. Which codes go with a status stands where codes become statuses.

use actix_web::http::StatusCode;
use utoipa::{
    ToSchema,
    openapi::{
        Components, Content, Ref, RefOr, Response,
        path::{Operation, ParameterIn},
    },
};

use crate::{
    error::Code,
    http::error::{ErrorBody, OpenAiError, status},
};

/// The statuses that any address may answer with.
const ALWAYS: [u16; 2] = [421, 500];
/// Where one must be somebody.
const GUARDED: [u16; 2] = [401, 403];
/// Where a body is read.
const BODY: [u16; 4] = [400, 403, 413, 422];
/// Where something of an address is looked for.
const LOOKED_FOR: [u16; 1] = [404];
/// Where parameters are read.
const PARAMETERS: [u16; 1] = [422];

/// The two forms that refusals have: ours, and below `/v1` OpenAI's.
const FORMS: [&str; 2] = ["Refusal", "OpenAiRefusal"];

fn body(form: &str) -> RefOr<Content> {
    let name = if form == "Refusal" { ErrorBody::name() } else { OpenAiError::name() };
    Content::new(Some(RefOr::Ref(Ref::from_schema_name(name)))).into()
}

fn component(form: &str, status: u16) -> String {
    format!("{form}{status}")
}

/// Adds the shapes of errors, and a response for each status that a code has.
pub fn add(components: &mut Components) {
    add_shape::<ErrorBody>(components);
    add_shape::<OpenAiError>(components);
    for (form, code) in FORMS.into_iter().flat_map(|form| Code::ALL.iter().map(move |code| (form, *code))) {
        let answered = status(code);
        let entry = components.responses.entry(component(form, answered.as_u16()));
        if let RefOr::T(response) = entry.or_insert_with(|| described(form, answered).into()) {
            let comma = if response.description.ends_with(':') { "" } else { "," };
            response.description.push_str(&format!("{comma} `{}`", code.as_str()));
        }
    }
}

fn add_shape<T: ToSchema>(components: &mut Components) {
    let mut shapes = vec![(T::name().into_owned(), T::schema())];
    T::schemas(&mut shapes);
    components.schemas.extend(shapes);
}

fn described(form: &str, status: StatusCode) -> Response {
    let mut response = Response::new(format!("{}:", status.canonical_reason().unwrap_or("Refused")));
    response.content.insert("application/json".to_owned(), body(form));
    response
}

/// Adds to an operation the refusals that follow from what it is, and gives those it names their shape.
pub fn complete(path: &str, operation: &mut Operation) {
    let form = match path {
        _ if path.starts_with("/api/") => "Refusal",
        _ if path.starts_with("/v1/") => "OpenAiRefusal",
        _ => return,
    };
    let parameters: Vec<_> = operation
        .parameters
        .iter()
        .flatten()
        .filter_map(|parameter| match parameter {
            RefOr::T(parameter) => Some(parameter.parameter_in.clone()),
            RefOr::Ref(_) => None,
        })
        .collect();
    let has = |place| parameters.contains(&place);
    // An empty requirement is no requirement.
    let is_guarded = operation.security.iter().flatten().all(|one| *one != Default::default());
    let implied = [
        (true, &ALWAYS[..]),
        (is_guarded, &GUARDED),
        (operation.request_body.is_some(), &BODY),
        (has(ParameterIn::Path), &LOOKED_FOR),
        (has(ParameterIn::Query) || has(ParameterIn::Header), &PARAMETERS),
    ];
    let responses = &mut operation.responses.responses;
    for status in implied.into_iter().filter(|(applies, _)| *applies).flat_map(|(_, statuses)| statuses) {
        let shared = || Ref::from_response_name(component(form, *status)).into();
        responses.entry(status.to_string()).or_insert_with(shared);
    }
    for (status, response) in responses.iter_mut() {
        if let RefOr::T(response) = response
            && (status.starts_with('4') || status.starts_with('5'))
            && response.content.is_empty()
        {
            response.content.insert("application/json".to_owned(), body(form));
        }
    }
}
