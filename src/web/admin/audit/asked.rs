//! What is asked of the log: the fields of its form, as they were typed, and what they mean.

use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, Utc};
use serde::Deserialize;
use url::form_urlencoded::Serializer;

use super::{Log, PEOPLE};
use crate::{
    db::Database,
    error::Result,
    http::viewer::Viewer,
    models::{
        Owner,
        audit::{self, DecisionFilter, Filter},
        membership, user,
    },
    types::UserId,
};

/// The longest text that is looked for; no row has a longer one.
const LONGEST: usize = 4096;

/// The fields; what is empty asks for nothing.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// Who: an address or an id.
    person: Option<String>,
    tool: Option<String>,
    /// The path or host.
    target: Option<String>,
    object: Option<String>,
    action: Option<String>,
    decision: Option<String>,
    from: Option<String>,
    to: Option<String>,
    /// The number of the last row of the page before.
    pub(super) before: Option<String>,
    /// The form of the file that is wanted.
    pub(super) format: Option<String>,
}

/// A field and the key of what is wrong with it.
pub(super) type Fault = (&'static str, &'static str);

impl Asked {
    /// What the fields hold, by their names.
    pub(super) fn fields(&self) -> Vec<(&'static str, &str)> {
        let all = [
            ("person", &self.person),
            ("tool", &self.tool),
            ("target", &self.target),
            ("object", &self.object),
            ("action", &self.action),
            ("decision", &self.decision),
            ("from", &self.from),
            ("to", &self.to),
        ];
        all.into_iter()
            .map(|(name, value)| (name, value.as_deref().unwrap_or_default().trim()))
            .filter(|(_, value)| !value.is_empty())
            .collect()
    }

    /// The same as the end of an address, with something more.
    pub(super) fn query(&self, more: &[(&str, &str)]) -> String {
        Serializer::new(String::new()).extend_pairs(self.fields()).extend_pairs(more).finish()
    }

    /// What they mean, and what is wrong with them.
    ///
    /// # Errors
    /// When the database does not answer.
    pub(super) async fn filter(&self, db: &Database, log: &Log, viewer: &Viewer) -> Result<(Filter, Vec<Fault>)> {
        let (mut filter, mut faults) = (Filter::default(), Vec::new());
        for (field, value) in self.fields() {
            // Not every database takes these, and no row has them.
            if value.len() > LONGEST || value.contains('\0') {
                faults.push((field, "audit-error-text"));
                continue;
            }
            let text = || Some(value.to_owned());
            match field {
                "person" => match person(db, log, viewer, value).await? {
                    Some(id) => filter.actor = Some(id),
                    None => faults.push((field, "audit-error-person")),
                },
                "tool" => filter.tool = text(),
                "target" => filter.target = Some(value.trim_start_matches("./").to_owned()),
                "object" => filter.object = text(),
                "action" => filter.action = text(),
                "decision" => match decision(value) {
                    Some(decision) => filter.decision = Some(decision),
                    None => faults.push((field, "audit-error-decision")),
                },
                "from" => match time(value, 0) {
                    Some(time) => filter.from = Some(time),
                    None => faults.push((field, "audit-error-time")),
                },
                _ => match time(value, 1) {
                    Some(time) => filter.to = Some(time),
                    None => faults.push((field, "audit-error-time")),
                },
            }
        }
        if let (Some(from), Some(to)) = (filter.from, filter.to)
            && from >= to
        {
            faults.push(("to", "audit-error-order"));
        }
        Ok((filter, faults))
    }
}

/// The person of an id or an address. Whether an address has an account somewhere on this server is not told to those
/// who run one tenant: they find the people who have a place in it, or of whom its log tells.
async fn person(db: &Database, log: &Log, viewer: &Viewer, typed: &str) -> Result<Option<UserId>> {
    if let Ok(id) = typed.parse() {
        return Ok(Some(id));
    }
    let mut conn = db.read(PEOPLE).await?;
    let Some(found) = user::find_by_email(&mut conn, typed).await? else { return Ok(None) };
    let Log::Tenant(tenant) = log else { return Ok(Some(found.id)) };
    let owner = Owner { tenant: tenant.id, user: found.id };
    let is_known = viewer.caller.user.is_operator
        || membership::find(&mut conn, owner).await?.is_some()
        || audit::has_acted(&mut conn, log.chain(), found.id).await?;
    Ok(is_known.then_some(found.id))
}

fn decision(typed: &str) -> Option<DecisionFilter> {
    match typed {
        "approved" => Some(DecisionFilter::Approved),
        "person" => Some(DecisionFilter::ByPerson),
        "grant" => Some(DecisionFilter::ByGrant),
        "rule" => Some(DecisionFilter::ByRule),
        "denied" => Some(DecisionFilter::Denied),
        _ => None,
    }
}

/// A time in UTC as the box for it sends it, or a day; of a day its beginning, or that of a day so many later.
fn time(typed: &str, days_later: u64) -> Option<DateTime<Utc>> {
    if let Ok(day) = NaiveDate::parse_from_str(typed, "%Y-%m-%d") {
        let day = day.checked_add_days(Days::new(days_later))?;
        return kept(day.and_hms_opt(0, 0, 0)?.and_utc());
    }
    let time = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S%.f"]
        .iter()
        .find_map(|form| NaiveDateTime::parse_from_str(typed, form).ok())?;
    kept(time.and_utc())
}

/// A time that both databases can be asked for.
fn kept(time: DateTime<Utc>) -> Option<DateTime<Utc>> {
    use chrono::Datelike as _;
    (1..=9999).contains(&time.year()).then_some(time)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_they_are_typed() {
        for (typed, later, read) in [
            ("2026-01-31", 0, Some("2026-01-31T00:00:00+00:00")),
            ("2026-01-31", 1, Some("2026-02-01T00:00:00+00:00")),
            ("2026-01-31T12:30", 1, Some("2026-01-31T12:30:00+00:00")),
            ("2026-01-31T12:30:15", 0, Some("2026-01-31T12:30:15+00:00")),
            ("31.1.2026", 0, None),
            ("2026-02-30", 0, None),
            ("+12026-01-01", 0, None),
            ("-0001-01-01", 0, None),
            ("9999-12-31", 1, None),
        ] {
            assert_eq!(time(typed, later).map(|time| time.to_rfc3339()).as_deref(), read, "{typed}");
        }
    }

    #[test]
    fn only_what_was_asked_for_goes_on() {
        let asked = Asked {
            target: Some("a b/ü&x.txt ".into()),
            tool: Some("  ".into()),
            before: Some("7".into()),
            ..Asked::default()
        };
        assert_eq!(asked.query(&[("before", "3")]), "target=a+b%2F%C3%BC%26x.txt&before=3");
    }
}
