//! What every page knows: its language, its viewer, and how addresses and words are made.

use std::{
    borrow::{Borrow, Cow},
    fmt::Display,
};

use chrono::{DateTime, NaiveDate, Utc};

use crate::{
    error::{Code, Refusal},
    i18n::Locale,
    render::assets,
    types::{ConversationId, Credits, InsteadOf, Role, TenantId},
};

/// Who looks at the page.
#[derive(Clone, Debug)]
pub struct ViewerSummary {
    /// The person's name.
    pub name: String,
    /// The person's address.
    pub email: String,
    /// The tenant they look at.
    pub tenant_id: TenantId,
    /// Its name.
    pub tenant_name: String,
    /// What they may do in it.
    pub role: Role,
    /// Whether they run the whole installation.
    pub is_operator: bool,
    /// Their other tenants, to switch to.
    pub others: Vec<(TenantId, String)>,
}

/// What every page and every fragment needs.
#[derive(Clone, Debug)]
pub struct PageContext {
    /// The language.
    pub locale: Locale,
    /// Who looks; `None` on the pages of people who are not signed in.
    pub viewer: Option<ViewerSummary>,
    /// The token that every form carries as `csrf`.
    pub csrf: String,
    /// The path of `PUBLIC_URL` without a slash at its end; empty at the root.
    pub prefix: String,
    /// The version of Sayso.
    pub version: String,
    /// How many decisions wait for the viewer, over all conversations.
    pub waiting: usize,
}

impl PageContext {
    /// The words of a key.
    pub fn t(&self, key: &str) -> Cow<'static, str> {
        self.locale.text(key)
    }

    /// The words of a key with one value.
    pub fn t1(&self, key: &str, name: &str, value: impl Display) -> Cow<'static, str> {
        self.locale.text_with(key, &[(name, value.to_string())])
    }

    /// The words of a key with two values.
    pub fn t2(
        &self,
        key: &str,
        name: &str,
        value: impl Display,
        second: &str,
        other: impl Display,
    ) -> Cow<'static, str> {
        self.locale.text_with(key, &[(name, value.to_string()), (second, other.to_string())])
    }

    /// The words of a refusal.
    pub fn refusal(&self, refusal: &Refusal) -> Cow<'static, str> {
        self.locale.text_with(refusal.message, &refusal.arguments)
    }

    /// An address of ours with the site's prefix.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.prefix)
    }

    /// The address of a file of `static/` with the site's prefix.
    pub fn asset(&self, path: &str) -> String {
        self.url(assets::asset(path))
    }

    /// A time as `datetime` takes it.
    pub fn machine_time(&self, time: &DateTime<Utc>) -> String {
        time.format("%Y-%m-%dT%H:%M:%SZ").to_string()
    }

    /// A time for people; a script puts it into their own zone.
    pub fn time(&self, time: &DateTime<Utc>) -> String {
        let form = match self.locale {
            Locale::English => "%-d %b %Y, %H:%M UTC",
            Locale::BrazilianPortuguese => "%d/%m/%Y %H:%M UTC",
        };
        time.format(form).to_string()
    }

    /// A day (`YYYY-MM-DD`) for people; what is none comes back as it is.
    pub fn day(&self, day: &str) -> String {
        let form = match self.locale {
            Locale::English => "%-d %b %Y",
            Locale::BrazilianPortuguese => "%d/%m/%Y",
        };
        day.parse::<NaiveDate>().map_or_else(|_| day.to_owned(), |day| day.format(form).to_string())
    }

    /// A whole number for people: in groups of three digits.
    pub fn number(&self, number: impl Borrow<i64>) -> String {
        let number = *number.borrow();
        let (digits, separator) = (number.unsigned_abs().to_string(), self.separators().0);
        let mut text = String::from(if number < 0 { "-" } else { "" });
        for (place, digit) in digits.chars().enumerate() {
            if place > 0 && (digits.len() - place) % 3 == 0 {
                text.push(separator);
            }
            text.push(digit);
        }
        text
    }

    /// Credits for people: exactly.
    pub fn credits(&self, credits: impl Borrow<Credits>) -> String {
        let exact = credits.borrow().to_string();
        let (whole, part) = exact.split_once('.').unwrap_or((exact.as_str(), ""));
        let sign = if whole == "-0" { "-" } else { "" };
        let whole = whole.parse().map_or_else(|_| whole.to_owned(), |whole: i64| self.number(whole));
        if part.is_empty() { whole } else { format!("{sign}{whole}{}{part}", self.separators().1) }
    }

    /// Between groups of digits, and before the part behind a whole number.
    fn separators(&self) -> (char, char) {
        match self.locale {
            Locale::English => (',', '.'),
            Locale::BrazilianPortuguese => ('.', ','),
        }
    }
}

impl PageContext {
    /// The name of a role.
    pub(super) fn role(&self, role: &Role) -> Cow<'static, str> {
        self.t(match role {
            Role::Owner => "role-owner",
            Role::Admin => "role-admin",
            Role::Member => "role-member",
            Role::Guest => "role-guest",
        })
    }

    /// What a page with this HTTP status is about.
    pub(super) fn error_title(&self, status: u16) -> Cow<'static, str> {
        self.t(match status {
            401 | 403 => "error-title-forbidden",
            404 => "error-title-not-found",
            421 => "error-title-wrong-host",
            400..500 => "error-title-refused",
            _ => "error-title-fault",
        })
    }

    /// Who could not write a reply, why, and who did instead. Nothing for a code that makes nobody stand in.
    pub(super) fn instead_of(&self, missing: &InsteadOf, provider: &str) -> Option<String> {
        let key = match Code::parse(&missing.code)? {
            Code::ProviderUnauthorized => "instead-of-unauthorized",
            Code::ProviderBalance => "instead-of-balance",
            Code::ProviderRateLimited => "instead-of-rate-limited",
            Code::ProviderUnavailable => "instead-of-unavailable",
            Code::ProviderOverloaded => "instead-of-overloaded",
            Code::ProviderInterrupted => "instead-of-interrupted",
            _ => return None,
        };
        let (first, other) = (provider_name(&missing.provider), provider_name(provider));
        Some(self.t2(key, "provider", first, "other", other).into_owned())
    }

    /// How long to wait, in seconds or in minutes.
    pub(super) fn wait(&self, seconds: &u64) -> String {
        match seconds {
            0..120 => self.t1("turn-retry-after", "count", seconds),
            _ => self.t1("turn-retry-after-minutes", "count", seconds.div_ceil(60)),
        }
        .into_owned()
    }

    /// Where the viewer runs their tenant, if they may.
    pub(super) fn admin_address(&self) -> Option<String> {
        let viewer = self.viewer.as_ref()?;
        let may = viewer.is_operator || matches!(viewer.role, Role::Owner | Role::Admin);
        may.then(|| self.url(&format!("/admin/tenants/{}", viewer.tenant_id)))
    }

    /// Whether the viewer runs the server.
    pub(super) fn is_operator(&self) -> bool {
        self.viewer.as_ref().is_some_and(|viewer| viewer.is_operator)
    }

    /// Where the viewer finds what the audit log says of something, if they run their tenant.
    pub fn audit_address(&self, field: &str, value: &str) -> Option<String> {
        let query = url::form_urlencoded::Serializer::new(String::new()).append_pair(field, value).finish();
        Some(format!("{}/audit?{query}", self.admin_address()?))
    }

    /// The number beside a conversation of the navigation; nothing when nothing waits in it.
    pub(super) fn conversation_badge(&self, count: &usize) -> String {
        match count {
            0 => String::new(),
            _ => format!("<span class=\"badge\" title=\"{}\">{count}</span>", self.t1("waiting", "count", count)),
        }
    }

    /// Where the viewer sees their tenant's files, if they may: guests have no files page.
    pub(super) fn files_address(&self) -> Option<String> {
        let viewer = self.viewer.as_ref()?;
        (viewer.role != Role::Guest).then(|| self.url("/files"))
    }

    /// The number beside the link to what waits; nothing when nothing does.
    pub(super) fn waiting_badge(&self) -> String {
        match self.waiting {
            0 => String::new(),
            count => format!("<span class=\"badge\">{count}</span>"),
        }
    }
}

/// A provider as people know it.
pub fn provider_name(provider: &str) -> &str {
    match provider {
        "anthropic" => "Anthropic",
        "openai" => "OpenAI",
        "ollama" => "Ollama",
        "demo" => "Demo",
        other => other,
    }
}

/// One line of the list of conversations.
#[derive(Clone, Debug)]
pub struct ConversationSummary {
    /// Its id.
    pub id: ConversationId,
    /// Its title, if it has one.
    pub title: Option<String>,
    /// Whether the page shows it.
    pub is_current: bool,
    /// How many of its calls wait for the viewer.
    pub waiting: usize,
}

/// What was wrong with a form, by field. The field `""` is the form as a whole.
#[derive(Clone, Debug, Default)]
pub struct FieldErrors(pub Vec<(&'static str, String)>);

impl FieldErrors {
    /// What a refusal says, beside the field it is about.
    pub fn from_refusal(refusal: &Refusal, locale: Locale) -> Self {
        let words = locale.text_with(refusal.message, &refusal.arguments).into_owned();
        Self(vec![(refusal.field.unwrap_or_default(), words)])
    }

    /// The words about one field.
    pub fn of(&self, field: &str) -> Option<&str> {
        self.0.iter().find(|(name, _)| *name == field).map(|(_, words)| words.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_people_read_them() {
        let of = |locale| PageContext {
            locale,
            viewer: None,
            csrf: String::new(),
            prefix: String::new(),
            version: String::new(),
            waiting: 0,
        };
        let (english, portuguese) = (of(Locale::English), of(Locale::BrazilianPortuguese));
        for (number, text) in [(0, "0"), (999, "999"), (1000, "1,000"), (-1_234_567, "-1,234,567")] {
            assert_eq!(english.number(number), text);
            assert_eq!(portuguese.number(number), text.replace(',', "."));
        }
        assert_eq!(english.number(i64::MIN), "-9,223,372,036,854,775,808");
        for (credits, text) in [(1_234_500_000, "1,234.5"), (-1, "-0.000001"), (2_000_000, "2"), (-1_500_000, "-1.5")] {
            assert_eq!(english.credits(Credits(credits)), text);
        }
        assert_eq!(portuguese.credits(Credits(1_234_500_000)), "1.234,5");
        assert_eq!(
            (english.day("2026-12-01"), portuguese.day("2026-12-01")),
            ("1 Dec 2026".into(), "01/12/2026".into())
        );
        assert_eq!(english.day("nonsense"), "nonsense");
    }
}
