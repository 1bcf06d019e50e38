//! The servers of a tenant.
