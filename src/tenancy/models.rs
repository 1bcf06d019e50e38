//! Which models a tenant may use: its owners and admins say so, of those that the server has.

use super::{Acting, Desk, STEERING, power};
use crate::{
    error::{Code, Refusal, Result},
    models::tenant,
    types::{AllowedModels, TenantId},
};

/// The most models that are named; a tenant with more allows all.
pub const MOST: usize = 500;

/// The longest name of a model with its provider, in characters.
const NAME: usize = 250;

/// How many of them the audit log names.
const LOGGED: usize = 20;

/// Sets which models a tenant may use. It holds from the next model call on, in what runs already too.
///
/// # Errors
/// `forbidden`; `not_found`; `invalid_payload` about `model`.
pub async fn allow(desk: &Desk, acting: &Acting, id: TenantId, models: &AllowedModels) -> Result<()> {
    check(models)?;
    let mut tx = desk.db.write(STEERING).await?;
    power(&mut tx, acting, id).await?;
    let before = tenant::lock(&mut tx, id).await?.ok_or(Code::NotFound)?;
    if before.models.0 != *models {
        tenant::set_allowed_models(&mut tx, id, models).await?;
        desk.audit(&mut tx, id, acting, "models_changed", format!("tenant:{id}"), &in_words(models)).await?;
    }
    tx.commit().await
}

/// At least one must be left, and each must be a provider and a name.
fn check(models: &AllowedModels) -> Result<(), Refusal> {
    let wrong = |message| Refusal::new(Code::InvalidPayload).saying(message).about("model");
    let AllowedModels::Only(names) = models else { return Ok(()) };
    if names.is_empty() {
        return Err(wrong("error-models-none"));
    }
    if names.len() > MOST {
        return Err(wrong("error-models-many").with("limit", MOST));
    }
    let is_one = |name: &String| {
        name.split_once('/').is_some_and(|(provider, model)| !provider.is_empty() && !model.trim().is_empty())
            && name.chars().count() <= NAME
            && !name.chars().any(char::is_control)
    };
    if names.iter().all(is_one) { Ok(()) } else { Err(wrong("error-model-name")) }
}

/// For the audit log.
fn in_words(models: &AllowedModels) -> String {
    let AllowedModels::Only(names) = models else { return "all".to_owned() };
    let named: Vec<&str> = names.iter().take(LOGGED).map(String::as_str).collect();
    let more = match names.len().saturating_sub(LOGGED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("only {}{more}", named.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn only(names: impl IntoIterator<Item = String>) -> AllowedModels {
        AllowedModels::Only(names.into_iter().collect())
    }

    #[test]
    fn at_least_one_is_left_and_each_is_a_name() {
        let long = format!("openai/{}", "x".repeat(NAME));
        for (names, message) in [
            (vec![], "error-models-none"),
            ((0..=MOST).map(|n| format!("openai/{n}")).collect(), "error-models-many"),
            (vec!["openai".to_owned()], "error-model-name"),
            (vec!["/x".to_owned()], "error-model-name"),
            (vec!["openai/ ".to_owned()], "error-model-name"),
            (vec!["openai/a\nb".to_owned()], "error-model-name"),
            (vec!["openai/a".to_owned(), long], "error-model-name"),
        ] {
            let refusal = check(&only(names)).unwrap_err();
            assert_eq!((refusal.message, refusal.field), (message, Some("model")));
        }
        assert!(check(&AllowedModels::All).is_ok() && check(&only(["openai/a/b".to_owned()])).is_ok());
    }

    #[test]
    fn the_log_says_what_may_be_used() {
        assert_eq!(in_words(&AllowedModels::All), "all");
        assert_eq!(in_words(&only(["openai/a".to_owned(), "demo/b".to_owned()])), "only demo/b, openai/a");
        let many = in_words(&only((10..35).map(|n| format!("openai/{n}"))));
        assert!(many.starts_with("only openai/10, ") && many.ends_with("openai/29 and 5 more"), "{many}");
    }
}
