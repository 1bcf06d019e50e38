//! Every model call goes through here: reserve, call, settle. There is no other way to a provider.

use std::sync::Arc;

use crate::{
    db::Conn,
    error::{Code, Refusal, Result},
    models::{
        Owner,
        usage::{self, ModelCall, Reservation, Settlement},
    },
    providers::{Provider, ProviderError, Reply, Request, estimate},
    state::AppState,
    types::{Credits, Purpose, TurnId, Usage},
};

/// A model call that is paid for, at most, and may be made.
pub(super) struct Reserved {
    /// The row that holds the reservation.
    pub call: ModelCall,
    /// What is asked.
    pub request: Request,
    /// Whom.
    pub provider: Arc<dyn Provider>,
}

/// Reserves, in the caller's transaction.
///
/// # Errors
/// A refusal with the limit's code when the month does not allow it.
pub(super) async fn reserve(
    state: &AppState,
    conn: &mut Conn,
    owner: Owner,
    turn: Option<TurnId>,
    purpose: Purpose,
    request: Request,
) -> Result<Reserved> {
    let provider = state.providers.default_provider().ok_or_else(|| Refusal::new(Code::ProviderUnavailable))?.clone();
    let model = request.model.as_deref().unwrap_or(provider.model());
    let (input_tokens, output_tokens) = (estimate::input_bound(&request), i64::from(request.max_output_tokens));
    let reservation = Reservation {
        purpose,
        turn,
        provider: provider.name(),
        model,
        input_tokens,
        output_tokens,
        credits: state.prices.of_call(provider.name(), model, None).at_most(input_tokens, output_tokens),
        instance: state.instance,
    };
    let call = usage::reserve(conn, owner, &reservation).await?;
    Ok(Reserved { call, request, provider })
}

/// What a call that came to its end costs: what the provider reported, else our estimate.
pub(super) fn settlement_of(state: &AppState, reserved: &Reserved, reply: &Reply) -> Settlement {
    let usage = reply.usage.unwrap_or_else(|| Usage {
        input_tokens: estimate::input(&reserved.request),
        output_tokens: estimate::output(reply),
        cached_tokens: 0,
        estimated: true,
    });
    Settlement { usage, credits: cost(state, reserved, reply, &usage), counts: true, error_code: None }
}

/// What a call that was cut off costs: an estimate, unless nothing had come.
pub(super) fn settlement_of_cut_off(
    state: &AppState,
    reserved: &Reserved,
    so_far: Option<&Reply>,
    code: Option<&'static str>,
) -> Settlement {
    match so_far {
        Some(reply) => {
            let usage = estimate::of_cut_off(&reserved.request, reply);
            Settlement { usage, credits: cost(state, reserved, reply, &usage), counts: true, error_code: code }
        }
        None => Settlement { error_code: code, ..Settlement::default() },
    }
}

/// At the price of the model that answered.
fn cost(state: &AppState, reserved: &Reserved, reply: &Reply, usage: &Usage) -> Credits {
    let ModelCall { provider, model, .. } = &reserved.call;
    state.prices.of_call(provider, model, reply.model.as_deref()).cost(usage)
}

/// The failure of a turn that a provider's error makes.
pub(super) fn failure_of(error: &ProviderError) -> crate::types::TurnFailure {
    crate::types::TurnFailure {
        code: error.kind.code().to_owned(),
        retry_after: error.retry_after.map(|wait| wait.as_secs().max(1)),
    }
}
