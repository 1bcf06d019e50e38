//! The models that providers list, kept here and refreshed in the background: nobody waits for a list.

use std::{
    collections::HashMap,
    sync::{PoisonError, RwLock},
    time::Duration,
};

use super::{ModelInfo, Provider};

/// How long a list is believed.
const KEPT: Duration = Duration::from_secs(600);
/// How soon one that could not be had is asked for again; doubled each time until [`KEPT`].
const AGAIN: Duration = Duration::from_secs(15);
/// How long a provider may take to list its models.
const PATIENCE: Duration = Duration::from_secs(30);
/// The most models of one provider.
const MOST: usize = 2000;

/// The lists, by provider.
#[derive(Debug, Default)]
pub struct Catalog {
    lists: RwLock<HashMap<&'static str, Vec<ModelInfo>>>,
}

impl Catalog {
    /// What a provider listed last; empty where it keeps no list, or none came yet.
    pub fn list(&self, provider: &str) -> Vec<ModelInfo> {
        let lists = self.lists.read().unwrap_or_else(PoisonError::into_inner);
        lists.get(provider).cloned().unwrap_or_default()
    }

    /// One model of a provider's list.
    pub fn find(&self, provider: &str, model: &str) -> Option<ModelInfo> {
        let lists = self.lists.read().unwrap_or_else(PoisonError::into_inner);
        lists.get(provider)?.iter().find(|info| info.name == model).cloned()
    }

    /// Asks a provider for its list. A list that cannot be had leaves the old one as it is.
    pub async fn refresh(&self, provider: &dyn Provider) -> bool {
        match tokio::time::timeout(PATIENCE, provider.models()).await {
            Ok(Ok(mut list)) => {
                list.truncate(MOST);
                let mut lists = self.lists.write().unwrap_or_else(PoisonError::into_inner);
                lists.insert(provider.name(), list);
                true
            }
            Ok(Err(error)) => {
                tracing::info!(provider = provider.name(), %error, "the list of models could not be had");
                false
            }
            Err(_) => {
                tracing::info!(provider = provider.name(), "the list of models did not come within {PATIENCE:?}");
                false
            }
        }
    }

    /// Keeps one provider's list fresh, from now on.
    pub async fn keep(&self, provider: &dyn Provider) {
        let mut again = AGAIN;
        loop {
            let pause = if self.refresh(provider).await {
                again = AGAIN;
                KEPT
            } else {
                let pause = again;
                again = again.saturating_mul(2).min(KEPT);
                pause
            };
            tokio::time::sleep(pause).await;
        }
    }
}
