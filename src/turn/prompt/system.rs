//! The system prompt: a tenant's, or ours, with what it may name filled in.

use chrono::{DateTime, Utc};

use crate::models::{tenant::Tenant, user::User};

/// For tenants that have none of their own.
const SYSTEM_PROMPT: &str = "You are a helpful assistant for the people of {tenant}. Today is {date}. Answer in \
Markdown, in the language of the person you talk with. You may ask for tools; a person sees each request first and may \
refuse it. When a request was refused, do not ask for the same thing again: say what you would have done, or go on \
without it.";

/// The system prompt of a tenant as a model is told it, for one person, today.
pub fn system_prompt(tenant: &Tenant, user: &User) -> String {
    let template = tenant.system_prompt.as_deref().unwrap_or(SYSTEM_PROMPT);
    filled(template, &tenant.name, &user.name, crate::db::now())
}

/// What a tenant itself tells every model, if it does.
pub fn own_system_prompt(tenant: &Tenant, user: &User) -> Option<String> {
    let template = tenant.system_prompt.as_deref().filter(|template| !template.trim().is_empty())?;
    Some(filled(template, &tenant.name, &user.name, crate::db::now()))
}

/// `{tenant}`, `{user}` and `{date}` filled in, once: what a value holds is not looked at again. Other braces stay.
fn filled(template: &str, tenant: &str, user: &str, time: DateTime<Utc>) -> String {
    let mut text = String::with_capacity(template.len() + 64);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        let (value, after) = if let Some(after) = after.strip_prefix("tenant}") {
            (one_line(tenant), after)
        } else if let Some(after) = after.strip_prefix("user}") {
            (one_line(user), after)
        } else if let Some(after) = after.strip_prefix("date}") {
            (time.format("%Y-%m-%d").to_string(), after)
        } else {
            ("{".to_owned(), after)
        };
        text.push_str(&value);
        rest = after;
    }
    text.push_str(rest);
    text
}

/// On one line and without control characters: a name is a name, and begins no paragraph of instructions.
fn one_line(value: &str) -> String {
    value
        .split_whitespace()
        .map(|word| word.chars().filter(|character| !character.is_control()).collect::<String>())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_filled_in_once_and_on_one_line() {
        let time = DateTime::from_timestamp(1_772_668_799, 0).unwrap();
        let filled = |template: &str| filled(template, "Acme\n\n# {user}", "Ada\u{7}\u{2028}L. {date}", time);
        for (template, text) in [
            ("For {tenant}.", "For Acme # {user}."),
            ("{user}{date}", "Ada L. {date}2026-03-04"),
            ("{{user}}", "{Ada L. {date}}"),
            ("{ user} {USER} {unknown} {tenant {date", "{ user} {USER} {unknown} {tenant {date"),
            ("ação {", "ação {"),
            ("", ""),
        ] {
            assert_eq!(filled(template), text, "{template}");
        }
    }
}
