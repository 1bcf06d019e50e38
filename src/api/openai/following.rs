//! A completion on its way to whoever asked for it, for as long as they may have it.

use tokio::sync::watch;

use crate::{
    error::{Code, Error, Refusal},
    http::{
        api_caller::{ApiCaller, is_still_valid},
        error::code,
        limits::RETRY_AFTER,
    },
    state::AppState,
    turn::{Completion, Told},
    types::{ModelCallId, TurnFailure},
};

/// Dropping it ends the call.
pub struct Following {
    state: AppState,
    /// Who asked.
    pub who: ApiCaller,
    person: watch::Receiver<u64>,
    completion: Completion,
}

impl Following {
    pub fn new(state: &AppState, who: ApiCaller, completion: Completion) -> Self {
        let person = state.feed.follow_person(who.caller.user.id);
        Self { state: state.clone(), who, person, completion }
    }

    pub fn id(&self) -> ModelCallId {
        self.completion.id
    }

    /// What is told next; nothing after the end.
    pub async fn next(&mut self) -> Option<Told> {
        loop {
            tokio::select! {
                told = self.completion.next() => return told,
                changed = self.person.changed() => {
                    if changed.is_err() {
                        self.person = self.state.feed.follow_person(self.who.caller.user.id);
                    }
                    let (caller, credential) = (&self.who.caller, &self.who.credential);
                    let code = match is_still_valid(&self.state, self.who.owner(), credential, caller.user.epoch).await {
                        Ok(true) => continue,
                        Ok(false) => Code::Unauthorized,
                        Err(error) => fault(&error),
                    };
                    return Some(Told::Failed(TurnFailure { code: code.as_str().to_owned(), retry_after: None }));
                }
            }
        }
    }
}

fn fault(error: &Error) -> Code {
    tracing::error!(%error, "a caller could not be looked up");
    code(error)
}

/// Why there is no answer, or no more of it. The end without an ending is the server's.
pub fn refusal(failed: Option<&TurnFailure>) -> Refusal {
    let code = failed.map_or(Some(Code::ProviderInterrupted), |failed| Code::parse(&failed.code));
    let refusal = Refusal::new(code.unwrap_or(Code::Internal));
    match failed.and_then(|failed| failed.retry_after) {
        Some(seconds) => refusal.with(RETRY_AFTER, seconds),
        None => refusal,
    }
}
