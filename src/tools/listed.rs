//! The tools that somebody may use, as lists that are kept for a while: asking every server of a tenant for its tools at
//! each look would be slow. A list only shows; whether a tool may run is looked at anew each time.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use crate::{
    models::Owner,
    types::{Role, Verdict},
};

/// How long a list is kept.
pub const KEPT: Duration = Duration::from_secs(60);

/// A tool of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed {
    /// Its name.
    pub name: String,
    /// The server that offers it.
    pub server: String,
    /// What it does.
    pub description: String,
    /// JSON Schema of its arguments.
    pub input_schema: serde_json::Value,
    /// Whether it runs without asking; what may never run is not listed.
    pub verdict: Verdict,
}

/// Lists by person and role: a server may offer each person other tools.
type Kept = HashMap<(Owner, Role), (Instant, Arc<[Listed]>)>;

/// The lists that this instance keeps.
#[derive(Clone, Default)]
pub struct Lists(Arc<Mutex<Kept>>);

impl Lists {
    /// The list of that person in that role, if it is not too old.
    pub fn find(&self, owner: Owner, role: Role) -> Option<Arc<[Listed]>> {
        self.find_at(Instant::now(), owner, role)
    }

    /// Keeps a list; those that are too old go.
    pub fn keep(&self, owner: Owner, role: Role, list: Arc<[Listed]>) {
        self.keep_at(Instant::now(), owner, role, list);
    }

    fn find_at(&self, now: Instant, owner: Owner, role: Role) -> Option<Arc<[Listed]>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get(&(owner, role)).filter(|(at, _)| is_fresh(now, *at)).map(|(_, list)| list.clone())
    }

    fn keep_at(&self, now: Instant, owner: Owner, role: Role, list: Arc<[Listed]>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|_, (at, _)| is_fresh(now, *at));
        kept.insert((owner, role), (now, list));
    }
}

fn is_fresh(now: Instant, at: Instant) -> bool {
    now.saturating_duration_since(at) < KEPT
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{TenantId, UserId};

    #[test]
    fn a_list_is_kept_for_a_minute_for_its_person_and_role() {
        let (lists, now, owner) =
            (Lists::default(), Instant::now(), Owner { tenant: TenantId::new(), user: UserId::new() });
        let list: Arc<[Listed]> = Arc::from([]);
        lists.keep_at(now, owner, Role::Member, list.clone());
        let finds = |seconds, owner, role| lists.find_at(now + Duration::from_secs(seconds), owner, role).is_some();
        assert!(finds(0, owner, Role::Member) && finds(59, owner, Role::Member));
        assert!(!finds(60, owner, Role::Member));
        assert!(!finds(0, owner, Role::Guest) && !finds(0, Owner { user: UserId::new(), ..owner }, Role::Member));
        lists.keep_at(now + KEPT, Owner { tenant: TenantId::new(), ..owner }, Role::Member, list);
        assert_eq!(lists.0.lock().unwrap().len(), 1, "what is too old is let go");
    }
}
