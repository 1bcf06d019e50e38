//! Fair shares: how many turns run at once, and how many bytes are kept.

use crate::{
    db::Transaction,
    error::{Code, Refusal, Result},
    models::{Owner, blob, file_write, turn},
    state::AppState,
};

/// Refuses when a person or their tenant has more turns running, the caller's new one among them, than they may.
pub(super) async fn fair_share(state: &AppState, conn: &mut Transaction, owner: Owner) -> Result<()> {
    let (person, tenant) = turn::count_running(conn, owner).await?;
    let settings = &state.settings;
    if person > i64::from(settings.turns_per_person.get()) || tenant > i64::from(settings.turns_per_tenant.get()) {
        return Err(Refusal::new(Code::RateLimited).saying("error-too-many-turns").into());
    }
    Ok(())
}

/// Refuses when the tenant's files are more than they may be: images, the caller's new ones among them, and what tools
/// wrote, with what is kept of that for Undo.
pub(super) async fn share_of_files(state: &AppState, conn: &mut Transaction, owner: Owner) -> Result<()> {
    let stored = blob::stored(conn, owner.tenant).await? + file_write::stored(conn, owner.tenant).await?;
    if u64::try_from(stored).is_ok_and(|stored| stored > state.settings.files_per_tenant) {
        return Err(Refusal::new(Code::PayloadTooLarge).saying("error-files-full").about("images").into());
    }
    Ok(())
}
