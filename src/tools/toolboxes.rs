//! Whose tools are which: the built-in ones are everybody's, those of servers belong to a tenant or to one person of it.

use std::sync::Arc;

use futures_util::future::BoxFuture;

use super::{Tool, Toolbox};
use crate::models::Owner;

/// How new a list must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freshness {
    /// Listed not longer ago than a list may be kept.
    Kept,
    /// Asked for now.
    Now,
}

/// Where tools come from beside those that are built in.
pub trait Source: Send + Sync {
    /// The tools as they were last listed, at once; what cannot be reached any more is not among them.
    fn last(&self, owner: Owner) -> Vec<Arc<dyn Tool>>;

    /// Lists what is not new enough. Ends within a limit of time, whatever servers do; what could not be listed is
    /// known by its absence, and by its state on the page of servers.
    fn refresh<'a>(&'a self, owner: Owner, freshness: Freshness) -> BoxFuture<'a, ()>;

    /// Why the tools of that server are not there, in words for model and person, where that is known.
    fn missing(&self, owner: Owner, server: &str) -> Option<String>;
}

/// The toolbox of everyone.
#[derive(Clone)]
pub struct Toolboxes {
    built_in: Toolbox,
    source: Option<Arc<dyn Source>>,
}

impl Toolboxes {
    /// The built-in tools, and those of a source.
    pub fn new(built_in: Toolbox, source: Option<Arc<dyn Source>>) -> Self {
        Self { built_in, source }
    }

    /// The tools that come with Sayso.
    pub fn built_in(&self) -> &Toolbox {
        &self.built_in
    }

    /// The tools of this person in this tenant, as they were last listed.
    pub fn of(&self, owner: Owner) -> Toolbox {
        match &self.source {
            Some(source) => self.built_in.with(source.last(owner)),
            None => self.built_in.clone(),
        }
    }

    /// Why the tools of that server are not there, where that is known.
    pub fn missing(&self, owner: Owner, server: &str) -> Option<String> {
        self.source.as_ref()?.missing(owner, server)
    }

    /// Lists the tools of servers again where that is due; to be awaited before a toolbox is taken that shall be
    /// offered or run from, and never while a connection of the database is held.
    pub async fn refresh(&self, owner: Owner, freshness: Freshness) {
        if let Some(source) = &self.source {
            source.refresh(owner, freshness).await;
        }
    }
}
