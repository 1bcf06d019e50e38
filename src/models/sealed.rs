//! Secrets of others that the database holds: headers and tokens of servers. Each is sealed with a key that lies outside
//! the database, and bound to where it belongs.
//!
//! The attacks meant: someone who reads the database or a copy of it and uses what stands there; and someone who can
//! write to it and moves a sealed text to a row of their own, so that the server opens it for them. AES-256-GCM with
//! a random nonce; a key seals far fewer than the 2³² texts after which that would not do.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use secrecy::{ExposeSecret as _, SecretString};

use crate::{
    config::{Purpose, Secrets},
    error::{Error, Result},
    types::Digest,
};

/// What a sealed text begins with: how it was sealed.
const VERSION: &str = "1.";

/// Where a sealed text belongs: table, column, tenant, row, and whatever else must not change around it. Opened for
/// another place it is nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place(Digest);

impl Place {
    /// Of these parts, in this order.
    pub fn new(parts: &[&str]) -> Self {
        let parts: Vec<&[u8]> = parts.iter().map(|part| part.as_bytes()).collect();
        Self(Digest::of_fields("sayso-sealed-1", &parts))
    }
}

/// A sealed text that cannot be opened: it was changed or moved, or the key is another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("what is sealed cannot be opened")]
pub struct Unopened;

/// Seals and opens; holds the key. Cheap to clone.
#[derive(Clone)]
pub struct Sealer {
    key: Arc<LessSafeKey>,
}

impl Sealer {
    /// With the key that belongs to these secrets.
    ///
    /// # Errors
    /// Never with ours.
    pub fn from_secrets(secrets: &Secrets) -> Result<Self> {
        Self::new(secrets.key(Purpose::Sealing).half())
    }

    /// With this key.
    ///
    /// # Errors
    /// Never with a key of this length.
    pub fn new(key: &[u8; 32]) -> Result<Self> {
        let key = UnboundKey::new(&AES_256_GCM, key).map_err(Error::internal)?;
        Ok(Self { key: Arc::new(LessSafeKey::new(key)) })
    }

    /// The text, sealed for this place.
    ///
    /// # Errors
    /// When it is longer than the cipher takes; nothing of ours is.
    pub fn seal(&self, place: &Place, text: &SecretString) -> Result<String> {
        let nonce: [u8; NONCE_LEN] = rand::random();
        let mut sealed = text.expose_secret().as_bytes().to_vec();
        let (once, place) = (Nonce::assume_unique_for_key(nonce), Aad::from(place.0.as_bytes()));
        self.key.seal_in_place_append_tag(once, place, &mut sealed).map_err(Error::internal)?;
        sealed.splice(0..0, nonce);
        Ok(format!("{VERSION}{}", URL_SAFE_NO_PAD.encode(sealed)))
    }

    /// What was sealed for this place.
    ///
    /// # Errors
    /// When it was sealed for another place or with another key, or changed since.
    pub fn open(&self, place: &Place, sealed: &str) -> Result<SecretString, Unopened> {
        let sealed = sealed.strip_prefix(VERSION).ok_or(Unopened)?;
        let sealed = URL_SAFE_NO_PAD.decode(sealed).map_err(|_| Unopened)?;
        let (nonce, text) = sealed.split_first_chunk::<NONCE_LEN>().ok_or(Unopened)?;
        let mut text = text.to_vec();
        let (once, place) = (Nonce::assume_unique_for_key(*nonce), Aad::from(place.0.as_bytes()));
        let text = self.key.open_in_place(once, place, &mut text).map_err(|_| Unopened)?;
        std::str::from_utf8(text).map(SecretString::from).map_err(|_| Unopened)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_right_key_opens_what_is_whole_and_in_its_place() {
        let (sealer, other_key) = (Sealer::new(&[7; 32]).unwrap(), Sealer::new(&[8; 32]).unwrap());
        let place = |row: &str, url: &str| Place::new(&["mcp_servers", "headers", "tenant", row, url]);
        let here = place("1", "https://a.example/");
        let text = SecretString::from("Bearer s3cret");
        let sealed = sealer.seal(&here, &text).unwrap();
        assert_eq!(sealer.open(&here, &sealed).unwrap().expose_secret(), "Bearer s3cret");
        assert!(!sealed.contains("s3cret"));
        assert_ne!(sealer.seal(&here, &text).unwrap(), sealed, "two seals of one text are the same");
        let (head, tail) = sealed.split_at(20);
        let flipped = |byte: u8| if byte == b'A' { 'B' } else { 'A' };
        let swapped = sealer.seal(&place("2", "https://a.example/"), &text).unwrap();
        for (what, opener, place, sealed) in [
            ("a wrong key", &other_key, here.clone(), sealed.clone()),
            ("another row", &sealer, place("2", "https://a.example/"), sealed.clone()),
            ("another address", &sealer, place("1", "https://b.example/"), sealed.clone()),
            ("parts run together", &sealer, place("1https://a.example/", ""), sealed.clone()),
            ("another row's text", &sealer, here.clone(), swapped),
            ("the end cut", &sealer, here.clone(), sealed[..sealed.len() - 1].to_owned()),
            ("all but the nonce cut", &sealer, here.clone(), sealed[..18].to_owned()),
            ("nothing left", &sealer, here.clone(), VERSION.to_owned()),
            ("no version", &sealer, here.clone(), sealed[VERSION.len()..].to_owned()),
            ("a byte changed", &sealer, here.clone(), format!("{head}{}{}", flipped(tail.as_bytes()[0]), &tail[1..])),
            ("nothing at all", &sealer, here.clone(), String::new()),
        ] {
            assert_eq!(opener.open(&place, &sealed).err(), Some(Unopened), "{what}");
        }
    }
}
