//! What happens to people wherever it is done: on another instance, or from the command line. Whoever has something
//! open here is looked up twice a second, all of them in one query.

use std::{collections::HashMap, time::Duration};

use super::Feed;
use crate::{
    db::{Database, Scope},
    error::Result,
    models::{
        membership::{self, Standing},
        user,
    },
    types::UserId,
};

/// How long a change may go unnoticed.
const LOOK: Duration = Duration::from_millis(500);

/// How a person stands: the epoch of their account and whether it is active, and their places.
type Known = (i64, bool, Standing);

/// Tells everything a person has open when their account, a place of theirs or its tenant was suspended, or an epoch
/// raised. Runs until dropped.
pub async fn watch_people(db: Database, feed: Feed) {
    let mut known = HashMap::new();
    let mut look = tokio::time::interval(LOOK);
    look.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        look.tick().await;
        if let Err(error) = look_once(&db, &feed, &mut known).await {
            tracing::warn!(%error, "could not look after the people who have something open");
        }
    }
}

async fn look_once(db: &Database, feed: &Feed, known: &mut HashMap<UserId, Known>) -> Result<()> {
    let people = feed.people();
    known.retain(|person, _| people.contains(person));
    if people.is_empty() {
        return Ok(());
    }
    let mut conn = db.read(Scope::System("watching people")).await?;
    let accounts = user::standing(&mut conn, &people).await?;
    let mut places = membership::standing(&mut conn, &people).await?;
    drop(conn);
    for person in people {
        let (epoch, is_active) = accounts.get(&person).copied().unwrap_or((0, false));
        let now = (epoch, is_active, places.remove(&person).unwrap_or_default());
        // Seen for the first time counts too: it may have changed since what opened something looked.
        if known.get(&person) != Some(&now) {
            known.insert(person, now);
            feed.touch_person(person);
        }
    }
    Ok(())
}
