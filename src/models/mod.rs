//! Tables as Rust types with verbs. All queries stand here, each written once through `on!`.
//!
//! Every finder of tenant data takes the tenant, and where a thing is one person's, an [`Owner`]: what is somebody
//! else's is absent.

pub mod agent_call;
pub mod api_token;
pub mod audit;
pub mod blob;
pub mod checkpoint;
pub mod conversation;
pub mod credit_entry;
pub mod file_write;
pub mod grant;
pub mod invitation;
pub mod mcp_authorisation;
pub mod mcp_client;
pub mod mcp_server;
pub mod mcp_token;
pub mod membership;
pub mod message;
pub mod open_work;
pub mod password;
pub mod password_link;
pub mod price;
pub mod question;
pub mod record;
pub mod refresh_token;
pub mod sealed;
pub mod search;
pub mod secrets_in_use;
pub mod session;
pub mod setup_link;
pub mod tenant;
pub mod tool_call;
pub mod tool_rule;
pub mod turn;
pub mod turn_event;
pub mod usage;
pub mod user;

use crate::types::{TenantId, UserId};

/// The person in a tenant whose data is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Owner {
    /// The tenant.
    pub tenant: TenantId,
    /// The person.
    pub user: UserId,
}
