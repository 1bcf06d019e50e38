//! The server's own secrets, and one key per purpose made of them.
//!
//! Each of the three comes from the environment or is made once and kept in `DATA_DIR/secrets`, mode 0600. A purpose
//! never uses a secret itself but a key derived by HKDF-SHA256 (RFC 5869), so that what one purpose gives away or
//! signs is of no use for another.

use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hkdf::Hkdf;
use secrecy::{ExposeSecret, SecretBox, SecretString};
use sha2::Sha256;

use super::{SECRET_BYTES, Settings};

/// What a key is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Signing the session cookie.
    SessionCookie,
    /// Signing the cookie by which a guest is known.
    GuestCookie,
    /// Hashing the token of the set-up link.
    SetupLink,
    /// Hashing the tokens of invitations and password links.
    Invitation,
    /// Signing access tokens.
    AccessToken,
    /// Chaining the rows of the audit log.
    AuditChain,
    /// Keying the audit log's head.
    AuditHead,
    /// Sealing stored headers and tokens of MCP servers.
    Sealing,
}

impl Purpose {
    /// Every purpose.
    pub const ALL: [Self; 8] = [
        Self::SessionCookie,
        Self::GuestCookie,
        Self::SetupLink,
        Self::Invitation,
        Self::AccessToken,
        Self::AuditChain,
        Self::AuditHead,
        Self::Sealing,
    ];

    /// The `info` of HKDF. Changing one voids everything its key ever signed.
    fn label(self) -> &'static [u8] {
        match self {
            Self::SessionCookie => b"sayso/1/session-cookie",
            Self::GuestCookie => b"sayso/1/guest-cookie",
            Self::SetupLink => b"sayso/1/setup-link",
            Self::Invitation => b"sayso/1/invitation",
            Self::AccessToken => b"sayso/1/access-token",
            Self::AuditChain => b"sayso/1/audit-chain",
            Self::AuditHead => b"sayso/1/audit-head",
            Self::Sealing => b"sayso/1/sealing",
        }
    }
}

/// A key for one purpose. It has no `Debug`, and its memory is cleared when it is dropped.
pub struct Key(SecretBox<[u8; 64]>);

impl Key {
    /// All of it: what signing a cookie takes, and a full block of HMAC-SHA256.
    pub fn bytes(&self) -> &[u8; 64] {
        self.0.expose_secret()
    }

    /// The first half: what a cipher with a key of 256 bits takes.
    pub fn half(&self) -> &[u8; 32] {
        // 32 of 64 bytes are always there; the fallback only says so to the compiler.
        self.0.expose_secret().first_chunk().unwrap_or(&[0; 32])
    }
}

/// Why the secrets cannot be had. Its `Display` is one line and holds none of them.
#[derive(Debug, thiserror::Error)]
pub enum SecretsError {
    /// The file or its directory cannot be read, written or closed to others.
    #[error("{}: {cause}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// What the system says.
        cause: io::Error,
    },
    /// What lies there is no secret: made by hand, cut off, or no plain file.
    #[error("{} holds no secret; accepted: a plain file with at least 32 bytes in one line", path.display())]
    Unusable {
        /// Which.
        path: PathBuf,
    },
}

/// The server's secrets.
pub struct Secrets {
    jwt: SecretString,
    session: SecretString,
    master: SecretString,
}

impl Secrets {
    /// From the settings, else from `DATA_DIR/secrets`, where what is missing is made. Of several processes that
    /// start at once all get the same.
    pub fn load_or_create(settings: &Settings) -> Result<Self, SecretsError> {
        let directory = settings.data_dir.join("secrets");
        let one = |given: &Option<SecretString>, name: &str| match given {
            Some(secret) => Ok(secret.clone()),
            None => kept(&directory, name),
        };
        Ok(Self {
            jwt: one(&settings.jwt_secret, "jwt_secret")?,
            session: one(&settings.session_secret, "session_secret")?,
            master: one(&settings.master_key, "master_key")?,
        })
    }

    /// The key for a purpose; always the same for the same secrets.
    pub fn key(&self, purpose: Purpose) -> Key {
        let secret = match purpose {
            Purpose::AccessToken => &self.jwt,
            Purpose::SessionCookie | Purpose::GuestCookie | Purpose::SetupLink | Purpose::Invitation => &self.session,
            Purpose::AuditChain | Purpose::AuditHead | Purpose::Sealing => &self.master,
        };
        Key(SecretBox::new(Box::new(derive(secret.expose_secret().as_bytes(), purpose.label()))))
    }

    /// 64 hexadecimal digits that are the same for two instances if all their secrets are, and tell nothing about
    /// them. Instances that share a database compare it and refuse to start when it differs.
    pub fn fingerprint(&self) -> String {
        let mut joined = Vec::new();
        for secret in [&self.jwt, &self.session, &self.master] {
            joined.extend(derive(secret.expose_secret().as_bytes(), b"sayso/1/fingerprint-part"));
        }
        let whole = derive(&joined, b"sayso/1/fingerprint");
        whole.iter().take(32).map(|byte| format!("{byte:02x}")).collect()
    }
}

fn derive(secret: &[u8], label: &[u8]) -> [u8; 64] {
    let mut key = [0; 64];
    let derived = Hkdf::<Sha256>::new(Some(b"sayso"), secret).expand(label, &mut key);
    // RFC 5869: only more than 255 × 32 bytes fail.
    if derived.is_err() {
        unreachable!("64 bytes are within what HKDF-SHA256 gives");
    }
    key
}

/// The secret kept in a file, made if it is missing.
fn kept(directory: &Path, name: &str) -> Result<SecretString, SecretsError> {
    let path = directory.join(name);
    let failed = |cause| SecretsError::File { path: path.clone(), cause };
    match File::open(&path) {
        Ok(file) => read(file, &path),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            private_directories().create(directory).map_err(failed)?;
            create(directory, &path).map_err(failed)?;
            // Read back rather than remember: another process may have been first.
            read(File::open(&path).map_err(failed)?, &path)
        }
        Err(error) => Err(failed(error)),
    }
}

/// Puts a new secret at `path` unless something is there. It is written elsewhere and then linked, which is atomic
/// and never replaces anything: nobody can read half a secret, and two processes cannot each have their own.
fn create(directory: &Path, path: &Path) -> io::Result<()> {
    let secret = URL_SAFE_NO_PAD.encode(rand::random::<[u8; SECRET_BYTES]>());
    let draft = directory.join(format!(".{}", uuid::Uuid::now_v7()));
    let write = |path: &Path| {
        let mut file = private_file().open(path)?;
        file.write_all(format!("{secret}\n").as_bytes())?;
        file.sync_all()
    };
    let linked = write(&draft).and_then(|()| match fs::hard_link(&draft, path) {
        // A file system without hard links: here a second process may meet a file that is still empty, and stops.
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => write(path),
        other => other,
    });
    // The draft is of no use to anybody, whatever happened.
    let removed = fs::remove_file(&draft);
    match linked {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error),
        Ok(()) => {
            removed?;
            // The name too must outlast a crash: what is sealed with a lost master key is lost.
            File::open(directory)?.sync_all()
        }
    }
}

/// The secret in an open file, which is closed to others first.
fn read(file: File, path: &Path) -> Result<SecretString, SecretsError> {
    let failed = |cause| SecretsError::File { path: path.to_owned(), cause };
    let unusable = || SecretsError::Unusable { path: path.to_owned() };
    // The open file is asked, not the path, which could be another file by now.
    if !file.metadata().map_err(failed)?.is_file() {
        return Err(unusable());
    }
    close_to_others(&file, path).map_err(failed)?;
    let mut text = String::new();
    // More than a page is no secret; `take` keeps a mistaken path from filling the memory.
    file.take(4097).read_to_string(&mut text).map_err(|_| unusable())?;
    let secret = text.trim();
    if secret.len() < SECRET_BYTES || text.len() > 4096 || secret.contains('\n') {
        return Err(unusable());
    }
    Ok(SecretString::from(secret))
}

#[cfg(unix)]
fn close_to_others(file: &File, path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mode = file.metadata()?.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        tracing::warn!(path = %path.display(), mode = format!("{mode:o}"), "a secret was open to others; now mode 600");
        file.set_permissions(fs::Permissions::from_mode(0o600))?;
    }
    Ok(())
}

#[cfg(not(unix))]
fn close_to_others(_: &File, _: &Path) -> io::Result<()> {
    Ok(())
}

fn private_file() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

fn private_directories() -> DirBuilder {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
}
