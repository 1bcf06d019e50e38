//! One turn: a person's message and everything the assistant does with it. The only writer of a conversation's
//! course.
//!
//! Three ways in (form, API, socket) call the verbs here; one way out (`feed`) tells what happens. A turn that waits
//! for a person holds no task and no memory: what it needs stands in the database, so a restart loses nothing.

mod again;
mod agent;
mod announce;
mod answer;
mod approval;
mod calls;
mod checkpoint;
mod choice;
mod complete;
mod decide;
mod direct;
mod edit;
mod expiry;
mod grants;
mod history;
mod images;
mod judge;
mod metered;
mod permission;
mod prompt;
mod questions;
mod recovery;
mod results;
mod run;
mod shares;
mod start;
mod stop;
mod title;
mod told;
mod topics;
mod undo;
mod view;
mod whole;

pub use answer::{AnswerInput, Answered, answer, asked_call};
pub use agent::{
    Agent, Answer, Standing, answered, ask_as_agent, asked_before, asked_of_person, comes_back, files_of, leave,
    standing, still_awaited,
};
pub use checkpoint::keep_checkpoints;
pub use complete::{Asked, Completion, Told, complete};
pub use decide::{Decided, DecisionInput, decide, decide_all};
pub use direct::{DirectTool, call};
pub use images::{IMAGE_MAX_BYTES, IMAGES_MAX, chosen_model, sees_images, too_large_together};
pub use permission::{listed_tools, ruling_by};
pub use prompt::system_prompt;
pub use recovery::{recover_at_start, recover_others};
pub use start::{Input, MESSAGE_MAX_CHARACTERS, Started, Upload, begin_conversation, retry, start};
pub use stop::stop;
pub use told::{Outcome, history, newest_turn, next_turn, outcome, told};
pub use undo::undo;
pub use view::{View, older_messages, snapshot, subscribe, view, waiting};
pub use whole::{Change, change, delete, end, rename};

use crate::{
    error::Result,
    models::{Owner, tenant::Tenant, user::User},
    types::Role,
};

/// Who asks: a person in a tenant, with what a turn must know of both.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The person.
    pub user: User,
    /// The tenant.
    pub tenant: Tenant,
    /// What they may do in it.
    pub role: Role,
    /// From where, for the audit log.
    pub address: String,
}

impl Caller {
    /// Whose data this caller may touch.
    pub fn owner(&self) -> Owner {
        Owner { tenant: self.tenant.id, user: self.user.id }
    }
}

/// Reads afresh who the caller of a running turn is, and whether they still may.
///
/// # Errors
/// When the database does not answer.
async fn caller_now(conn: &mut crate::db::Conn, owner: Owner) -> Result<Option<Caller>> {
    let found = crate::models::membership::find(conn, owner).await?;
    Ok(found
        .filter(|(user, membership, tenant)| user.is_active && membership.is_active && tenant.is_active)
        .map(|(user, place, tenant)| Caller { user, tenant, role: place.role, address: String::new() }))
}
