//! A completion on its way to whoever asked for it, for as long as they may have it.

use crate::{
    error::{Code, Refusal, Result},
    http::{api_caller::ApiCaller, heartbeat::Watch, limits::RETRY_AFTER},
    state::AppState,
    turn::{Completion, Told},
    types::{ModelCallId, TurnFailure},
};

/// Dropping it ends the call.
pub struct Following {
    /// Who asked.
    pub who: ApiCaller,
    watch: Watch,
    completion: Completion,
}

impl Following {
    /// # Errors
    /// When the database does not answer.
    pub async fn new(state: &AppState, who: ApiCaller, completion: Completion) -> Result<Self> {
        let watch = Watch::new(state, who.owner(), who.credential.clone(), who.caller.user.epoch).await?;
        Ok(Self { who, watch, completion })
    }

    pub fn id(&self) -> ModelCallId {
        self.completion.id
    }

    /// What is told next; nothing after the end.
    pub async fn next(&mut self) -> Option<Told> {
        loop {
            tokio::select! {
                told = self.completion.next() => return told,
                () = self.watch.due() => if self.watch.look().await.is_err() {
                    let code = Code::Unauthorized.as_str().to_owned();
                    return Some(Told::Failed(TurnFailure { code, retry_after: None }));
                },
            }
        }
    }
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
