//! Access tokens of sign-ins through the API: JWTs of an hour. What a token says is only who signed in, when and where;
//! what they may do is read from the database at each request, so that nothing outlives its reason.

use chrono::Utc;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde::{Deserialize, Serialize};

use super::hs256;
use crate::{
    config::{Key, Purpose, Secrets},
    error::{Error, Result},
    models::Owner,
    types::{FamilyId, TenantId, UserId},
};

/// How many seconds a token is good.
pub const LIFETIME: i64 = 3600;

/// For whom the tokens are: this program alone.
const AUDIENCE: &str = "sayso";

/// What the key signs; a token made for something else is none of these.
const KIND: &str = "access";

/// What a token says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// Who signed in.
    pub sub: UserId,
    /// To which tenant.
    pub tid: TenantId,
    /// By which sign-in.
    pub fam: FamilyId,
    /// The person's epoch then.
    pub epoch: i64,
    /// When it was made, in seconds since 1970.
    pub iat: i64,
    /// When it ends.
    pub exp: i64,
    /// For whom it is.
    pub aud: String,
    /// What it is.
    pub typ: String,
}

impl Claims {
    /// What a token says that is made now.
    pub fn new(owner: Owner, family: FamilyId, epoch: i64) -> Self {
        let now = Utc::now().timestamp();
        Self {
            sub: owner.user,
            tid: owner.tenant,
            fam: family,
            epoch,
            iat: now,
            exp: now + LIFETIME,
            aud: AUDIENCE.to_owned(),
            typ: KIND.to_owned(),
        }
    }

    /// Whose it is.
    pub fn owner(&self) -> Owner {
        Owner { tenant: self.tid, user: self.sub }
    }
}

/// Makes and reads access tokens; holds the key.
pub struct AccessTokens {
    sign: EncodingKey,
    verify: DecodingKey,
    rules: Validation,
}

impl AccessTokens {
    /// With the key that belongs to these secrets.
    pub fn from_secrets(secrets: &Secrets) -> Self {
        Self::new(&secrets.key(Purpose::AccessToken))
    }

    fn new(key: &Key) -> Self {
        hs256::install();
        let mut rules = Validation::new(Algorithm::HS256);
        // One clock makes and checks them.
        rules.leeway = 0;
        rules.set_audience(&[AUDIENCE]);
        rules.set_required_spec_claims(&["exp", "aud", "sub"]);
        Self { sign: EncodingKey::from_secret(key.bytes()), verify: DecodingKey::from_secret(key.bytes()), rules }
    }

    /// A token that says this.
    ///
    /// # Errors
    /// Never with ours.
    pub fn issue(&self, claims: &Claims) -> Result<String> {
        encode(&Header::new(Algorithm::HS256), claims, &self.sign).map_err(Error::internal)
    }

    /// What a token says, if it is one of ours and has not ended.
    pub fn read(&self, token: &str) -> Option<Claims> {
        let claims = decode::<Claims>(token, &self.verify, &self.rules).ok()?.claims;
        (claims.typ == KIND).then_some(claims)
    }
}

#[cfg(test)]
mod tests {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    use serde_json::{Value, json};

    use super::*;
    use crate::config::Settings;

    fn tokens(secret: &str) -> AccessTokens {
        let folder = tempfile::tempdir().unwrap();
        let find = |name: &str| match name {
            "JWT_SECRET" => Some(secret.to_owned()),
            "DATA_DIR" => Some(folder.path().to_string_lossy().into_owned()),
            _ => None,
        };
        AccessTokens::from_secrets(&Secrets::load_or_create(&Settings::read(find, None).unwrap()).unwrap())
    }

    fn claims() -> Claims {
        Claims::new(Owner { tenant: TenantId::new(), user: UserId::new() }, FamilyId::new(), 3)
    }

    /// A token that says this, rightly signed.
    fn signed(tokens: &AccessTokens, header: &Value, claims: &Value) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let unsigned = format!("{}.{}", part(header), part(claims));
        let mark = jsonwebtoken::crypto::sign(unsigned.as_bytes(), &tokens.sign, Algorithm::HS256).unwrap();
        format!("{unsigned}.{mark}")
    }

    #[test]
    fn a_token_says_what_was_put_in() {
        let (ours, said) = (tokens("one secret of at least 32 bytes ......"), claims());
        let token = ours.issue(&said).unwrap();
        assert_eq!(ours.read(&token), Some(said.clone()));
        assert_eq!(said.exp - said.iat, 3600);
        assert_eq!(tokens("another secret of at least 32 bytes ..").read(&token), None);
        assert_eq!(tokens("one secret of at least 32 bytes ......").read(&token), Some(said));
    }

    #[test]
    fn what_is_not_ours_or_not_now_is_nothing() {
        let ours = tokens("one secret of at least 32 bytes ......");
        let header = json!({"alg": "HS256", "typ": "JWT"});
        let good = serde_json::to_value(claims()).unwrap();
        assert!(ours.read(&signed(&ours, &header, &good)).is_some());
        let now = Utc::now().timestamp();
        for (name, value) in [
            ("exp", json!(now - 1)),
            ("exp", json!(0)),
            ("exp", Value::Null),
            ("exp", json!("never")),
            ("aud", json!("another")),
            ("aud", Value::Null),
            ("typ", json!("refresh")),
            ("typ", Value::Null),
            ("sub", json!("nobody")),
            ("tid", Value::Null),
            ("fam", Value::Null),
            ("epoch", json!("3")),
        ] {
            let mut changed = good.clone();
            changed[name] = value.clone();
            assert_eq!(ours.read(&signed(&ours, &header, &changed)), None, "{name}: {value}");
            changed.as_object_mut().unwrap().remove(name);
            assert_eq!(ours.read(&signed(&ours, &header, &changed)), None, "without {name}");
        }
        for alg in ["none", "None", "HS384", "HS512", "RS256", "ES256", "EdDSA", "hs256", ""] {
            let token = signed(&ours, &json!({"alg": alg, "typ": "JWT"}), &good);
            assert_eq!(ours.read(&token), None, "{alg}");
            let bare = token.rsplit_once('.').unwrap().0;
            assert_eq!(ours.read(&format!("{bare}.")), None, "{alg} without a signature");
        }
        let token = signed(&ours, &header, &good);
        for wrong in ["", ".", "..", "a.b.c", &token[1..], &token[..token.len() - 2], &format!("{token}.x")] {
            assert_eq!(ours.read(wrong), None, "{wrong}");
        }
    }
}
