//! placeholder while the real one is written
use std::path::PathBuf;
/// x
pub enum DatabaseUrl {
    /// x
    Sqlite(PathBuf),
    /// x
    Postgres(secrecy::SecretString),
}
