//! Whether the structured part of a result fits the schema that the server announced for it.
//!
//! A result that does not is kept and marked, for model and person: the tool has run, and to take its result away would
//! make it run again. The attack meant is the schema made to be slow, so it is looked at apart from everything else.

use serde_json::Value;

use super::{CallResult, words};
use crate::tools::{Unchecked, faults_of};

/// The most characters that are told of what does not fit.
const MAX_FAULTS: usize = 1000;

/// What is to be said of a result, before all of its text, since what stands last may be cut; nothing where it fits, or
/// where nothing was announced. What a server says of a failure need not fit.
pub(super) async fn misfit(schema: Option<&Value>, result: &CallResult) -> Option<String> {
    let schema = schema.filter(|_| !result.is_error)?.clone();
    let Some(structured) = result.structured.clone() else {
        return Some(marked("has no structured part, though the server announced a schema for one"));
    };
    match faults_of(schema, structured, "the whole").await {
        Ok(faults) if faults.is_empty() => None,
        Ok(faults) => {
            let faults = words::bounded(&words::line(&faults.join("; ")), MAX_FAULTS);
            Some(marked(&format!("does not fit the schema it announced: {faults}")))
        }
        Err(Unchecked::Wrong) => {
            Some(marked("cannot be checked: the schema that the server announced for it is wrong"))
        }
        Err(Unchecked::TooMuch) => {
            Some(marked("could not be checked: the schema that the server announced for it is too much work"))
        }
    }
}

fn marked(what: &str) -> String {
    format!("[This result {what}.]\n")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    async fn said(schema: Value, structured: Option<Value>, is_error: bool) -> Option<String> {
        misfit(Some(&schema), &CallResult { structured, is_error, ..CallResult::default() }).await
    }

    #[tokio::test]
    async fn what_does_not_fit_is_said_and_what_fits_is_not() {
        let schema = || json!({"type": "object", "required": ["n"], "properties": {"n": {"type": "number"}}});
        assert_eq!(said(schema(), Some(json!({"n": 1})), false).await, None);
        assert_eq!(said(schema(), Some(json!({"n": "s3cret"})), true).await, None);
        assert_eq!(said(schema(), None, true).await, None);
        assert_eq!(misfit(None, &CallResult::default()).await, None);
        let wrong = said(schema(), Some(json!({"n": "s3cret"})), false).await.unwrap();
        assert!(wrong.starts_with("[This result does not fit the schema it announced: /n: "), "{wrong}");
        assert!(!wrong.contains("s3cret"), "{wrong}");
        assert!(said(schema(), Some(json!([])), false).await.unwrap().contains("the whole: "));
        assert!(said(schema(), None, false).await.unwrap().contains("has no structured part"));
    }

    #[tokio::test]
    async fn a_schema_of_no_good_is_said_to_be_one() {
        for schema in [json!({"$ref": "http://169.254.169.254/"}), json!({"type": "objct"})] {
            assert!(
                said(schema, Some(json!({})), false)
                    .await
                    .unwrap()
                    .contains("schema that the server announced for it is wrong")
            );
        }
        let long = json!({"maxProperties": 0, "required": ["x\u{202e}".repeat(10_000)], "additionalProperties": false});
        let mark = said(long, Some(json!({"a\u{202e}\n": 1})), false).await.unwrap();
        assert!(mark.chars().count() < MAX_FAULTS + 100 && !mark.contains('\u{202e}'), "{mark}");
        assert_eq!(mark.lines().count(), 1);
    }
}
