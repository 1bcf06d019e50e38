//! Servers of tools that speak the Model Context Protocol: how they are started or reached, what they offer, and
//! how one of their tools is run.
//!
//! Everything a server says is a stranger's word. The attacks meant: a server that floods, hangs, dies or leaves
//! processes behind; a description that changes after it was trusted, or that hides characters; a redirect that
//! carries a token elsewhere; a request for a person's words that no call of that person's stands behind; an answer
//! that comes twice or after the end. So every wait has a limit, every queue a bound, every process and task an
//! owner, and no call is ever sent a second time by itself.
//!
//! Nothing here decides whether a tool may run, and no type of the protocol's library leaves this folder: what
//! stands behind [`Servers`] is plain.

mod authorisations;
mod bearer;
mod call;
mod config;
mod connection;
mod consent;
mod elicit;
mod fault;
mod http;
mod known;
mod listing;
mod manager;
mod names;
mod oauth;
mod owner;
mod process;
mod results;
mod source;
mod spec;
mod status;
mod stdio;
mod structured;
mod tap;
mod tokens;
mod tool;
pub mod words;

pub use authorisations::{Authorisations, Given};
pub use call::{Call, CallEvent, CallRun};
pub use config::{ConfigFault, WrongHttp, read as read_config, read_text as read_config_text};
pub use consent::{Asking, Asks, Begun, Granted};
pub use elicit::{Answer, Decline, Elicit, Question, Wanted};
pub use fault::Fault;
pub use known::{Known, Origin, Roster, Unusable};
pub use listing::{Claims, LeftOut, ListedTool, Listing, MAX_TOOLS};
pub use manager::{ConnectionKey, Freshness, Servers};
pub use names::{MAX_NAME, safe_name};
pub use oauth::{Authorised, Authorising, KnownClient, OAuthFault, Registration, Waiting};
pub use process::kill_orphans;
pub use results::{CallResult, Content};
pub use source::{McpSource, Standing};
pub use spec::{Launch, Limits, Secret, ServerName, ServerSpec};
pub use status::{Era, State, Status};
pub use tokens::{NoTokens, Token, Tokens};
