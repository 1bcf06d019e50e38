//! Every model call goes through here: reserve, call, settle. There is no other way to a provider.
//!
//! Before its first token a call is tried again and goes to other providers as [`routing`] says, under one reservation;
//! after it, never. Attempts that failed before the first token cost nothing and count nothing; one that was stopped costs
//! what it was asked.

use std::time::Duration;

use futures_util::{StreamExt as _, stream};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tracing::Instrument as _;

use crate::{
    db::Conn,
    error::{Code, Refusal, Result},
    models::{
        Owner, tenant,
        usage::{self, ModelCall, Reservation, Settlement},
    },
    providers::{
        Candidate, ModelEvent, ProviderError, ProviderErrorKind, Reply, ReplyBuilder, ReplyStream, Request, estimate,
        routing::{self, Next},
    },
    state::AppState,
    telemetry::metrics,
    types::{AllowedModels, Credits, InsteadOf, ModelChoice, Purpose, TurnFailure, TurnId, Usage},
};

use super::{choice, sees_images};

/// What a model is to be asked.
pub(super) struct Wanted<'a> {
    /// The turn it belongs to, if it belongs to one.
    pub turn: Option<TurnId>,
    /// Why.
    pub purpose: Purpose,
    /// Who may answer.
    pub choice: &'a ModelChoice,
    /// What is asked; its model is the chosen one's.
    pub request: Request,
}

/// A model call that is paid for, at most, and may be made.
pub(super) struct Reserved {
    /// The row that holds the reservation. Once somebody answers, it names who.
    pub call: ModelCall,
    /// What is asked.
    pub request: Request,
    /// Who may answer, the preferred one first.
    pub candidates: Vec<Candidate>,
    /// Whether it was stopped before its end.
    pub was_stopped: bool,
}

/// A reply that has begun.
pub(super) struct Answer {
    /// All of it, from its first event on.
    pub events: ReplyStream,
    /// Who should have written it and could not.
    pub instead_of: Option<InsteadOf>,
}

/// Why no reply begins.
pub(super) enum Unanswered {
    /// It was cancelled.
    Stopped(Option<Reply>),
    /// Everybody who was asked failed; the last of them so.
    Failed(ProviderError, Option<Reply>),
}

/// Reserves, in the caller's transaction: once for whoever will answer. Here and nowhere else it is settled whom the tenant
/// may ask, by what its admins say at this moment.
///
/// # Errors
/// A refusal with the limit's code when the month does not allow it; `invalid_payload` about `model` when nobody who could
/// answer may be asked.
pub(super) async fn reserve(state: &AppState, conn: &mut Conn, owner: Owner, wanted: Wanted<'_>) -> Result<Reserved> {
    let Wanted { turn, purpose, choice, request } = wanted;
    let allowed = tenant::allowed_models(conn, owner.tenant).await?.ok_or(Code::NotFound)?;
    let candidates = state.providers.candidates(choice, &allowed);
    let first = candidates.first().ok_or_else(|| match &allowed {
        AllowedModels::Only(_) => choice::not_allowed(&state.providers, &allowed, choice),
        AllowedModels::All => Refusal::new(Code::ProviderUnavailable),
    })?;
    let (input_tokens, output_tokens) = (estimate::input_bound(&request), i64::from(request.max_output_tokens));
    // Whoever of them answers: what is held is enough for the dearest.
    let price = |candidate: &Candidate| {
        let price = state.prices.of_call(candidate.provider.name(), candidate.model(), None);
        price.at_most(input_tokens, output_tokens)
    };
    let reservation = Reservation {
        purpose,
        turn,
        provider: first.provider.name(),
        model: first.model(),
        input_tokens,
        output_tokens,
        credits: candidates.iter().map(price).max().unwrap_or_default(),
        instance: state.instance,
    };
    let call = usage::reserve(conn, owner, &reservation).await?;
    Ok(Reserved { call, request, candidates, was_stopped: false })
}

/// Asks until somebody's reply begins, as [`routing`] says, or until `stop`, which also ends a wait at once.
pub(super) async fn ask(
    state: &AppState,
    reserved: &mut Reserved,
    stop: &CancellationToken,
) -> Result<Answer, Unanswered> {
    let mut asking = Asking { state, began: Instant::now(), first_fault: None, last: None };
    let candidates = reserved.candidates.clone();
    let images = reserved.request.images.clone();
    // Who is left out for a while is passed by, unless all are.
    for passes_by in [candidates.len() > 1, false] {
        for (place, candidate) in candidates.iter().enumerate() {
            let (health, now) = (state.providers.health(), Instant::now());
            if passes_by && !health.admit(candidate.provider.name(), now) {
                if place == 0 {
                    asking.first_fault = health.last_failure(candidate.provider.name());
                }
                continue;
            }
            let others = candidates.get(place + 1..).unwrap_or_default();
            let has_other =
                others.iter().any(|other| !passes_by || health.left_out(other.provider.name(), now).is_none());
            reserved.call.provider = candidate.provider.name().to_owned();
            reserved.call.model = candidate.model().to_owned();
            reserved.request.model.clone_from(&candidate.model);
            // A stand-in that sees nothing is sent the names of the images instead.
            let is_blind = sees_images(state, candidate.provider.name(), candidate.model()) == Some(false);
            reserved.request.images = if is_blind { Default::default() } else { images.clone() };
            let span = tracing::info_span!(
                "model_call",
                model_call = %reserved.call.id,
                provider = reserved.call.provider,
                model = reserved.call.model,
            );
            match asking.one(candidate, &reserved.request, has_other, stop).instrument(span).await {
                Ok(Some(events)) => {
                    // Ollama without a configured model knows only now which one it has.
                    candidate.model().clone_into(&mut reserved.call.model);
                    return Ok(asking.answered(reserved, place, events));
                }
                Err(unanswered) => {
                    reserved.was_stopped = matches!(unanswered, Unanswered::Stopped(_));
                    return Err(unanswered);
                }
                Ok(None) if place == 0 => asking.first_fault = asking.last.as_ref().map(|(error, _)| error.kind),
                Ok(None) => {}
            }
        }
        if let Some((error, reply)) = asking.last.take() {
            return Err(Unanswered::Failed(error, reply));
        }
    }
    let message = "no provider is configured";
    Err(Unanswered::Failed(ProviderError::new(ProviderErrorKind::Unavailable, "none", message), None))
}

/// One call on its way from provider to provider.
struct Asking<'a> {
    state: &'a AppState,
    began: Instant,
    /// Why the preferred provider does not answer.
    first_fault: Option<ProviderErrorKind>,
    /// How the last attempt failed, with what had come of it.
    last: Option<(ProviderError, Option<Reply>)>,
}

impl Asking<'_> {
    /// Asks one provider, a few times if need be. `None`: the next one's turn.
    async fn one(
        &mut self,
        candidate: &Candidate,
        request: &Request,
        has_other: bool,
        stop: &CancellationToken,
    ) -> Result<Option<ReplyStream>, Unanswered> {
        let (name, began) = (candidate.provider.name(), Instant::now());
        let health = self.state.providers.health();
        let limit = if has_other { routing::FIRST_TOKEN_BESIDE_OTHERS } else { routing::FIRST_TOKEN };
        for attempt in 1.. {
            let mut builder: Option<ReplyBuilder> = None;
            let opened = tokio::select! {
                opened = open_in_time(candidate, request, limit, &mut builder) => Some(opened),
                () = stop.cancelled() => None,
            };
            let so_far = builder.map(ReplyBuilder::cut_off);
            let mut error = match opened {
                // It was asked, and may be paid for already: what was stopped is not given back.
                None => {
                    return Err(Unanswered::Stopped(Some(so_far.unwrap_or_else(|| ReplyBuilder::new().cut_off()))));
                }
                Some(Ok(events)) => {
                    health.succeeded(name);
                    metrics::first_token(name, self.began.elapsed());
                    return Ok(Some(timed(events, name)));
                }
                Some(Err(error)) => error,
            };
            if error.retry_after.is_none() {
                error.retry_after = routing::wait_in_words(&error.message);
            }
            let code = error.kind.code();
            health.failed(name, &error, Instant::now());
            let next = routing::next(&error, attempt, began.elapsed(), has_other, rand::random());
            tracing::warn!(provider = name, code, attempt, ?next, said = error.message, "a model call failed");
            self.last = Some((error, so_far));
            match next {
                Next::Retry(wait) => {
                    metrics::retried(name, code);
                    tokio::select! {
                        () = tokio::time::sleep(wait) => {}
                        () = stop.cancelled() => return Err(Unanswered::Stopped(None)),
                    }
                }
                Next::GoOn => return Ok(None),
                Next::Fail => break,
            }
        }
        match self.last.take() {
            Some((error, reply)) => Err(Unanswered::Failed(error, reply)),
            None => Ok(None),
        }
    }

    /// The reply, with who should have written it.
    fn answered(&self, reserved: &Reserved, place: usize, events: ReplyStream) -> Answer {
        let instead_of = reserved.candidates.first().filter(|_| place > 0).map(|first| {
            let why = self.first_fault.unwrap_or(ProviderErrorKind::Unavailable);
            let (provider, code) = (first.provider.name().to_owned(), why.code().to_owned());
            metrics::fell_over(&provider, &reserved.call.provider, &code);
            InsteadOf { provider, model: first.model().to_owned(), code }
        });
        Answer { events, instead_of }
    }
}

/// Opens a reply, within the time that a provider has for its first token.
async fn open_in_time(
    candidate: &Candidate,
    request: &Request,
    limit: Duration,
    builder: &mut Option<ReplyBuilder>,
) -> Result<ReplyStream, ProviderError> {
    let name = candidate.provider.name();
    match tokio::time::timeout(limit, open(candidate, request, builder)).await {
        Ok(opened) => opened.map(|events| ended_by_silence(events, name, routing::SILENCE)),
        Err(_) => {
            let message = format!("nothing of a reply within {} seconds", limit.as_secs());
            Err(ProviderError::new(ProviderErrorKind::Unavailable, name, &message))
        }
    }
}

/// Measures a reply from its first token, which is there, until it ends or nobody wants more of it.
fn timed(events: ReplyStream, name: &'static str) -> ReplyStream {
    struct Timer(&'static str, Instant);
    impl Drop for Timer {
        fn drop(&mut self) {
            metrics::streamed(self.0, self.1.elapsed());
        }
    }
    let timer = Timer(name, Instant::now());
    stream::unfold((events, timer), |(mut events, timer)| async move {
        let event = events.next().await?;
        Some((event, (events, timer)))
    })
    .boxed()
}

/// Ends a reply of which nothing more comes, although its connection is kept open. One timer looks from time to time how
/// long ago the last event came; none is set for each event.
fn ended_by_silence(events: ReplyStream, name: &'static str, silence: Duration) -> ReplyStream {
    let timer = Box::pin(tokio::time::sleep(silence));
    stream::unfold(Some((events, timer)), move |listening| async move {
        let (mut events, mut timer) = listening?;
        let began = Instant::now();
        loop {
            tokio::select! {
                biased;
                event = events.next() => return event.map(|event| (event, Some((events, timer)))),
                () = &mut timer => {}
            }
            if began.elapsed() >= silence {
                let error = ProviderError::new(ProviderErrorKind::Interrupted, name, "nothing more of the reply came");
                return Some((Err(error), None));
            }
            timer.as_mut().reset(began + silence);
        }
    })
    .boxed()
}

/// Opens a reply and waits for its first token; what came before it is given again. A reply may end without any.
async fn open(
    candidate: &Candidate,
    request: &Request,
    builder: &mut Option<ReplyBuilder>,
) -> Result<ReplyStream, ProviderError> {
    let mut events = candidate.provider.stream(request).await?;
    let mut came = Vec::new();
    while let Some(event) = events.next().await {
        let event = event?;
        builder.get_or_insert_with(ReplyBuilder::new).push(&event);
        let is_token = !matches!(event, ModelEvent::Model(_) | ModelEvent::Usage(_));
        came.push(Ok(event));
        if is_token {
            break;
        }
    }
    Ok(stream::iter(came).chain(events).boxed())
}

/// Why a reply is not whole, and what it cost.
pub(super) struct Incomplete {
    /// What the call came to.
    pub settlement: Settlement,
    /// What failed; `None` if it was stopped.
    pub error: Option<ProviderError>,
}

/// Asks for a reply that nobody reads as it comes; what it costs is to be settled in either case.
pub(super) async fn complete(
    state: &AppState,
    reserved: &mut Reserved,
    stop: &CancellationToken,
) -> Result<(Reply, Settlement), Incomplete> {
    let incomplete = |reserved: &Reserved, reply: Option<&Reply>, error: Option<ProviderError>| Incomplete {
        settlement: settlement_of_cut_off(state, reserved, reply, error.as_ref().map(|error| error.kind.code())),
        error,
    };
    let mut answer = match ask(state, reserved, stop).await {
        Ok(answer) => answer,
        Err(Unanswered::Stopped(reply)) => return Err(incomplete(reserved, reply.as_ref(), None)),
        Err(Unanswered::Failed(error, reply)) => {
            return Err(incomplete(reserved, reply.as_ref(), Some(error)));
        }
    };
    let mut builder = ReplyBuilder::new();
    loop {
        let event = tokio::select! {
            event = answer.events.next() => event,
            () = stop.cancelled() => {
                reserved.was_stopped = true;
                return Err(incomplete(reserved, Some(&builder.cut_off()), None));
            }
        };
        match event {
            Some(Ok(event)) => builder.push(&event),
            Some(Err(error)) => {
                return Err(incomplete(reserved, Some(&builder.cut_off()), Some(error)));
            }
            None => {
                let reply = builder.finish();
                let settlement = settlement_of(state, reserved, &reply);
                return Ok((reply, settlement));
            }
        }
    }
}

/// Gives back what the call held and writes down what it used, under the name of who really answered.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn settle(
    state: &AppState,
    conn: &mut Conn,
    reserved: &Reserved,
    settlement: Settlement,
) -> Result<()> {
    let ModelCall { id, provider, model, .. } = &reserved.call;
    if usage::settle(conn, *id, (provider, model), settlement).await? {
        // A model that nobody configured or listed is one of any number: they are counted together.
        let model = if state.providers.is_known(provider, model) { model } else { "other" };
        let outcome = settlement.error_code.unwrap_or(if reserved.was_stopped { "stopped" } else { "ok" });
        metrics::call_ended(provider, model, outcome);
        let Usage { input_tokens, output_tokens, cached_tokens, .. } = settlement.usage;
        for (kind, count) in [("input", input_tokens), ("output", output_tokens), ("cached", cached_tokens)] {
            metrics::tokens(provider, model, kind, count);
        }
    }
    Ok(())
}

/// More tokens than any model takes in or gives out in one call.
const MOST_TOKENS: i64 = 100_000_000;

/// Whether a report can be true: no request is empty, and absurd sums would break the month's.
fn is_believable(usage: &Usage) -> bool {
    (1..=MOST_TOKENS).contains(&usage.input_tokens)
        && (0..=MOST_TOKENS).contains(&usage.output_tokens)
        && (0..=usage.input_tokens).contains(&usage.cached_tokens)
}

/// What a call that came to its end costs: what the provider reported, else our estimate.
pub(super) fn settlement_of(state: &AppState, reserved: &Reserved, reply: &Reply) -> Settlement {
    let said = estimate::output(reply);
    // Some gateways report the one without the other.
    let is_whole = |usage: &Usage| is_believable(usage) && (usage.output_tokens > 0 || said == 0);
    let usage = reply.usage.filter(is_whole).unwrap_or_else(|| {
        let reported = |count: fn(&Usage) -> i64| {
            reply.usage.as_ref().map(count).filter(|count| (1..=MOST_TOKENS).contains(count))
        };
        Usage {
            input_tokens: reported(|usage| usage.input_tokens).unwrap_or_else(|| estimate::input(&reserved.request)),
            output_tokens: reported(|usage| usage.output_tokens).unwrap_or(0).max(said),
            cached_tokens: 0,
            estimated: true,
        }
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
    let ended = Settlement { error_code: code, ..Settlement::default() };
    match so_far {
        Some(reply) => {
            let mut reply = reply.clone();
            reply.usage = reply.usage.filter(|usage| usage.input_tokens == 0 || is_believable(usage));
            let (usage, reply) = (estimate::of_cut_off(&reserved.request, &reply), &reply);
            Settlement { usage, credits: cost(state, reserved, reply, &usage), counts: true, ..ended }
        }
        None => ended,
    }
}

/// At the price of the model that answered.
fn cost(state: &AppState, reserved: &Reserved, reply: &Reply, usage: &Usage) -> Credits {
    let ModelCall { provider, model, .. } = &reserved.call;
    state.prices.of_call(provider, model, reply.model.as_deref()).cost(usage)
}

/// The failure of a turn that a provider's error makes.
pub(super) fn failure_of(error: &ProviderError) -> TurnFailure {
    TurnFailure {
        code: error.kind.code().to_owned(),
        retry_after: error.retry_after.map(|wait| wait.as_secs_f64().ceil().max(1.0) as u64),
    }
}

#[cfg(test)]
#[path = "metered_tests.rs"]
mod tests;
