//! Statements that a connection prepares once. Diesel takes it that an update may be another text each time, as it is where
//! columns are left out, and has the database parse and plan every one anew, which costs more than to run it.

use diesel::{
    QueryResult,
    backend::Backend,
    query_builder::{AstPass, Query, QueryFragment, QueryId},
};

/// A statement whose text is the same at every call; see [`Prepare::prepared`].
pub struct Prepared<T>(T);

/// Says of a statement that its text is the same at every call.
pub trait Prepare: Sized {
    /// The statement as one that each connection prepares once and keeps. Not for one with a list of values or with columns
    /// that may be left out: each of its texts would be kept.
    fn prepared(self) -> Prepared<Self> {
        Prepared(self)
    }
}

impl<T> Prepare for T {}

impl<T: QueryFragment<DB>, DB: Backend> QueryFragment<DB> for Prepared<T> {
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.0.walk_ast(pass)
    }

    fn is_safe_to_cache_prepared(&self, _: &DB) -> QueryResult<bool> {
        Ok(true)
    }
}

impl<T: QueryId> QueryId for Prepared<T> {
    type QueryId = T::QueryId;
    const HAS_STATIC_QUERY_ID: bool = T::HAS_STATIC_QUERY_ID;
}

impl<T: Query> Query for Prepared<T> {
    type SqlType = T::SqlType;
}
