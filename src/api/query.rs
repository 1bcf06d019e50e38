//! What stands after the question mark: how much of a list is asked for, and from where. What cannot be read is
//! `invalid_payload`.

use actix_web::{HttpRequest, web};
use serde::de::DeserializeOwned;

use crate::{
    error::{Code, Refusal, Result},
    http::error::DETAIL,
};

/// The most that one page of a list holds.
const MOST: i64 = 100;

/// The parameters of an address.
///
/// # Errors
/// `invalid_payload` for those that cannot be read.
pub fn query<T: DeserializeOwned>(request: &HttpRequest) -> Result<T> {
    let read = web::Query::<T>::from_query(request.query_string());
    Ok(read.map_err(|error| Refusal::new(Code::InvalidPayload).with(DETAIL, error))?.into_inner())
}

/// How much is asked for: 1 to 100.
///
/// # Errors
/// `invalid_payload` for anything else.
pub fn limit(given: Option<&str>, default: i64) -> Result<i64> {
    let Some(given) = given else { return Ok(default) };
    let read = given.parse().ok().filter(|limit| (1..=MOST).contains(limit));
    Ok(read.ok_or_else(|| wrong("limit", "a number from 1 to 100"))?)
}

/// A parameter or field that is not what it should be.
pub fn wrong(field: &'static str, expected: &str) -> Refusal {
    Refusal::new(Code::InvalidPayload)
        .saying("error-invalid-field")
        .about(field)
        .with("field", field)
        .with(DETAIL, format!("{field}: {expected}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_read_or_refused() {
        assert_eq!(limit(None, 20).unwrap(), 20);
        for (given, read) in [("1", 1), ("100", 100)] {
            assert_eq!(limit(Some(given), 20).unwrap(), read);
        }
        for given in ["0", "101", "-1", "", "x", "1.5", "99999999999999999999"] {
            assert_eq!(limit(Some(given), 20).unwrap_err().code(), Some(Code::InvalidPayload), "{given}");
        }
    }
}
