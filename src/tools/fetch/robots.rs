//! What sites ask of robots (RFC 9309). A tool that a model sent is one, though a person approved it.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use robotxt::{AccessResult, BYTE_LIMIT, Robots};
use url::Url;

use crate::tools::{
    ToolError,
    net::{Budget, Guard, Policy},
};

/// The name that sites know us by.
const AGENT: &str = "Sayso";

/// How long rules hold; RFC 9309 allows a day.
const KEPT: Duration = Duration::from_secs(3600);

/// How many sites are remembered.
const REMEMBERED: usize = 200;

/// The largest file whose rules are remembered; larger ones are read anew each time.
const REMEMBERED_BYTES: usize = 64 * 1024;

/// How long a site may take with its rules.
const TIME: Duration = Duration::from_secs(10);

/// The rules of the sites that were asked of late. Cheap to clone.
#[derive(Clone, Default)]
pub struct RobotRules {
    known: Arc<Mutex<HashMap<String, Known>>>,
}

/// The rules of a site, and since when they are known.
type Known = (Instant, Arc<Robots>);

impl RobotRules {
    /// Whether the site lets us read the address.
    ///
    /// # Errors
    /// `tool_error` if it does not, or if its rules cannot be had.
    pub async fn check(&self, guard: &Guard, address: &Url, policy: &Policy, budget: Budget) -> Result<(), ToolError> {
        let site = address.origin().ascii_serialization();
        let rules = match self.remembered(&site) {
            Some(rules) => rules,
            None => self.ask(guard, address, policy, budget, site).await?,
        };
        if rules.is_url_allowed(address) {
            return Ok(());
        }
        Err(ToolError::new("tool_error", "The site's robots.txt does not allow this address to be fetched."))
    }

    fn remembered(&self, site: &str) -> Option<Arc<Robots>> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(site).filter(|(since, _)| since.elapsed() < KEPT).map(|(_, rules)| Arc::clone(rules))
    }

    async fn ask(
        &self,
        guard: &Guard,
        address: &Url,
        policy: &Policy,
        budget: Budget,
        site: String,
    ) -> Result<Arc<Robots>, ToolError> {
        let mut place = address.clone();
        place.set_path("/robots.txt");
        place.set_query(None);
        // The library takes the first part of what is longer; so much longer is no list of rules.
        let budget = budget.within(TIME).of_bytes(2 * BYTE_LIMIT);
        let answer = guard.get(place, policy.clone(), budget).arrive().await?;
        let status = answer.status;
        if status.is_server_error() || status.as_u16() == 429 {
            let why = format!("The site's robots.txt cannot be read ({status}), so nothing is fetched from it now.");
            return Err(ToolError::new("tool_error", why));
        }
        if !status.is_success() {
            let rules = Arc::new(Robots::from_access(AccessResult::Unavailable, AGENT));
            self.remember(site, &rules);
            return Ok(rules);
        }
        let bytes = answer.bytes().await?;
        let rules = Arc::new(Robots::parse(&bytes, AGENT));
        if bytes.len() <= REMEMBERED_BYTES {
            self.remember(site, &rules);
        }
        Ok(rules)
    }

    fn remember(&self, site: String, rules: &Arc<Robots>) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= REMEMBERED {
            known.retain(|_, (since, _)| since.elapsed() < KEPT);
        }
        if known.len() >= REMEMBERED
            && let Some(oldest) = known.iter().min_by_key(|(_, (since, _))| *since).map(|(site, _)| site.clone())
        {
            known.remove(&oldest);
        }
        known.insert(site, (Instant::now(), Arc::clone(rules)));
    }

    /// How many sites are remembered.
    #[cfg(test)]
    pub fn len(&self) -> usize {
        self.known.lock().unwrap().len()
    }
}
