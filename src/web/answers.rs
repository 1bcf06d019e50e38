//! What a person answers a server that asks them something while a call runs.

use actix_web::{HttpRequest, http::StatusCode, web};
use serde::Deserialize;

use super::{
    Answer,
    approvals::{Origin, draw_alone, parse_call},
    messages::done,
    page::{context, drawn, is_htmx, redirect},
};
use crate::{
    http::{Edge, form::Form, viewer::Viewer},
    render::html::{Typed, TypedAnswer, question_form},
    state::AppState,
    turn::{self, AnswerInput, Answered},
    types::{QuestionAnswer, ToolCallId, schema_form},
};

#[derive(Deserialize)]
pub struct Fields {
    question: i32,
    answer: QuestionAnswer,
    /// Names and values in one order.
    #[serde(default)]
    name: Vec<String>,
    #[serde(default)]
    value: Vec<String>,
    /// Of lists of several: the place of the field and that of the choice.
    #[serde(default)]
    chosen: Vec<String>,
    /// Or all of it as JSON.
    #[serde(default)]
    whole: Option<String>,
    from: Option<Origin>,
}

/// POST `/tool-calls/{id}/answer`
pub async fn create(
    request: HttpRequest,
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    viewer: Viewer,
    id: web::Path<String>,
    form: Form<Fields>,
) -> Answer {
    let Fields { question, answer, name, value, chosen, whole, from } = form.checked(&viewer.csrf)?;
    let call = parse_call(&id)?;
    let is_list = from == Some(Origin::Approvals);
    let typed = schema_form::Typed::new(name, value, &chosen, whole);
    let input = AnswerInput { call, question, answer, typed };
    match turn::answer(&state, &viewer.caller, &input).await {
        Ok(Answered::Taken) if is_list && !is_htmx(&request) => Ok(redirect(&edge, "/approvals")),
        Ok(Answered::Taken) => {
            let call = turn::asked_call(&state, &viewer.caller, call).await?;
            Ok(done(&request, &edge, call.conversation_id))
        }
        Ok(Answered::Wrong(wrong)) => {
            let typed = TypedAnswer { typed: &input.typed, wrong: &wrong };
            give_back(&request, &state, &edge, &viewer, typed, (call, is_list)).await
        }
        Err(error) => Err(error.into()),
    }
}

/// What was typed does not fit: it comes back in its form, with why beside each field.
async fn give_back(
    request: &HttpRequest,
    state: &AppState,
    edge: &Edge,
    viewer: &Viewer,
    answer: TypedAnswer<'_>,
    (id, is_list): (ToolCallId, bool),
) -> Answer {
    let call = turn::asked_call(state, &viewer.caller, id).await?;
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    if is_htmx(request) {
        let ctx = context(state, edge, viewer).await?;
        return drawn(status, Ok(question_form(&ctx, &call, Some(answer), (true, is_list))));
    }
    let typed = Typed { answer: Some(answer), ..Typed::default() };
    draw_alone(state, edge, viewer, call, is_list, typed, status).await
}
