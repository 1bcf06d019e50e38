//! What happens to people wherever it is done: on another instance, or from the command line. Whoever has something
//! open here is looked up once a second, all of them in one query.

use std::{collections::HashMap, time::Duration};

use super::Feed;
use crate::{
    db::{Database, Scope},
    error::Result,
    models::user,
    types::UserId,
};

/// How long a change may go unnoticed.
const LOOK: Duration = Duration::from_secs(1);

/// Tells everything a person has open when their account was suspended or their epoch raised. Runs until dropped.
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

async fn look_once(db: &Database, feed: &Feed, known: &mut HashMap<UserId, (i64, bool)>) -> Result<()> {
    let people = feed.people();
    known.retain(|person, _| people.contains(person));
    if people.is_empty() {
        return Ok(());
    }
    let standing = user::standing(&mut *db.read(Scope::System("watching people")).await?, &people).await?;
    for person in people {
        let now = standing.get(&person).copied().unwrap_or((0, false));
        // Seen for the first time: what opened it has just looked.
        if known.insert(person, now).is_some_and(|before| before != now) {
            feed.touch_person(person);
        }
    }
    Ok(())
}
