//! What was used of a month: against its limits, by day, model, person and tool, and at a glance beside the message box.

use std::{borrow::Cow, collections::BTreeMap};

use askama::Template;
use chrono::{Datelike as _, Months, NaiveDate};

use super::{FieldErrors, PageContext, visible::visible};
use crate::{
    models::{
        credit_entry::CreditEntry,
        usage::{Limits, ModelDay, Month, PersonMonth, Sums, ToolDay},
    },
    render::chart::{self, Bar, Line, Words},
    types::{Credits, TenantId},
};

/// From here on a month is nearly used up, in per cent.
const NEARLY: i64 = 80;

/// How many bars a chart has at most; the table has all rows.
const BARS: usize = 12;

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    InputTokens,
    OutputTokens,
    Requests,
    Credits,
}

/// What was used of something, and how much of it there is.
#[derive(Clone, Copy, Debug)]
struct Measure {
    what: What,
    used: i64,
    limit: Option<i64>,
}

impl Measure {
    fn all(month: &Month, limits: &Limits) -> [Self; 4] {
        let in_force = |limit: Option<i64>| limit.filter(|_| limits.is_active);
        let credits = month.allowance(limits).map(|credits| credits.0);
        [
            (What::InputTokens, month.input_tokens, limits.monthly_input_tokens),
            (What::OutputTokens, month.output_tokens, limits.monthly_output_tokens),
            (What::Requests, month.requests, limits.monthly_requests),
            (What::Credits, month.credits.0, credits),
        ]
        .map(|(what, used, limit)| Self { what, used, limit: in_force(limit) })
    }

    /// In whole per cent, not rounded up: what is left is not told to be gone.
    fn share(&self) -> Option<i64> {
        let limit = i128::from(self.limit?);
        if limit <= 0 {
            return Some(100);
        }
        let share = i128::from(self.used.max(0)) * 100 / limit;
        Some(i64::try_from(share.min(100)).unwrap_or(100))
    }

    fn amount(&self, ctx: &PageContext, amount: i64) -> String {
        match self.what {
            What::Credits => ctx.credits(Credits(amount)),
            _ => ctx.number(amount),
        }
    }
}

/// What was used of something, as a page shows it.
#[derive(Clone, Debug)]
pub struct MeasureView {
    /// What.
    pub name: Cow<'static, str>,
    /// How much was used.
    pub used: String,
    /// How much there is, if that is limited.
    pub limit: Option<String>,
    /// What was used of it in per cent.
    pub share: Option<i64>,
    /// That it is used up, or nearly, in words.
    pub warning: Option<Cow<'static, str>>,
}

/// A month against its limits.
pub fn measures(ctx: &PageContext, month: &Month, limits: &Limits) -> Vec<MeasureView> {
    let view = |measure: Measure| MeasureView {
        name: ctx.t(match measure.what {
            What::InputTokens => "usage-input-tokens",
            What::OutputTokens => "usage-output-tokens",
            What::Requests => "usage-requests",
            What::Credits => "usage-credits",
        }),
        used: measure.amount(ctx, measure.used),
        limit: measure.limit.map(|limit| measure.amount(ctx, limit)),
        share: measure.share(),
        warning: match measure.share() {
            Some(100..) => Some(ctx.t("usage-over")),
            Some(NEARLY..) => Some(ctx.t("usage-nearly")),
            _ => None,
        },
    };
    Measure::all(month, limits).map(view).into()
}

/// How much of a month is used, in one line.
#[derive(Clone, Debug)]
pub struct Glance {
    /// In per cent, of what is used most of; `None` where nothing is limited.
    pub share: Option<i64>,
    /// In words.
    pub words: String,
    /// Whether it is used up, or nearly.
    pub is_warning: bool,
}

/// `conversations/month.html`: the month at a glance beside the message box.
#[derive(Template)]
#[template(path = "conversations/month.html")]
pub struct MonthLine<'a> {
    /// The page's context.
    pub ctx: &'a PageContext,
    /// What it says.
    pub month: &'a Glance,
}

/// The month of a tenant and of a person in it at a glance: whichever limit is nearest.
pub fn glance(ctx: &PageContext, day: &str, tenant: (&Month, &Limits), own: (&Month, &Limits)) -> Glance {
    let of = |(month, limits): (&Month, &Limits), is_own: bool| {
        Measure::all(month, limits).map(|measure| (measure.share(), is_own, measure.what))
    };
    let all = of(tenant, false).into_iter().chain(of(own, true));
    let nearest = all.filter_map(|(share, is_own, what)| Some((share?, is_own, what))).max_by_key(|found| found.0);
    let Some((share, is_own, what)) = nearest else {
        let tokens = own.0.input_tokens.saturating_add(own.0.output_tokens);
        let words = ctx.t2("glance-unlimited", "tokens", ctx.number(tokens), "requests", ctx.number(own.0.requests));
        return Glance { share: None, words: words.into_owned(), is_warning: false };
    };
    let key = match (what, is_own) {
        (What::InputTokens, false) => "glance-input-tokens",
        (What::OutputTokens, false) => "glance-output-tokens",
        (What::Requests, false) => "glance-requests",
        (What::Credits, false) => "glance-credits",
        (What::InputTokens, true) => "glance-own-input-tokens",
        (What::OutputTokens, true) => "glance-own-output-tokens",
        (What::Requests, true) => "glance-own-requests",
        (What::Credits, true) => "glance-own-credits",
    };
    let words = ctx.t1(key, "share", share);
    let words = match share {
        100.. => ctx.t2("glance-over", "words", words, "day", ctx.day(&next_first(day))),
        NEARLY.. => ctx.t1("glance-nearly", "words", words),
        _ => words,
    };
    Glance { share: Some(share), words: words.into_owned(), is_warning: share >= NEARLY }
}

/// The first of the month after a day's; the day itself if it is none.
fn next_first(day: &str) -> String {
    let first = day.parse::<NaiveDate>().ok().and_then(|day| day.with_day(1)?.checked_add_months(Months::new(1)));
    first.map_or_else(|| day.to_owned(), |first| first.to_string())
}

/// Which month a page shows, and which it leads to.
#[derive(Clone, Debug)]
pub struct MonthView {
    /// `YYYY-MM`.
    pub month: String,
    /// For people.
    pub name: String,
    /// The one before.
    pub previous: Option<String>,
    /// The one after, unless that is still to come.
    pub next: Option<String>,
    /// Typed: field `month`.
    pub typed: String,
    /// What was wrong with it.
    pub error: Option<Cow<'static, str>>,
}

impl MonthView {
    /// A month beside its neighbours; `now` is this one.
    pub fn new(ctx: &PageContext, month: &str, now: &str) -> Self {
        let first = format!("{month}-01").parse::<NaiveDate>().ok();
        let written = |day: Option<NaiveDate>| day.map(|day| day.format("%Y-%m").to_string());
        let form = match ctx.locale {
            crate::i18n::Locale::English => "%B %Y",
            crate::i18n::Locale::BrazilianPortuguese => "%m/%Y",
        };
        Self {
            month: month.to_owned(),
            name: first.map_or_else(|| month.to_owned(), |first| first.format(form).to_string()),
            previous: written(first.and_then(|first| first.checked_sub_months(Months::new(1)))),
            next: written(first.and_then(|first| first.checked_add_months(Months::new(1))))
                .filter(|next| next.as_str() <= now),
            typed: month.to_owned(),
            error: None,
        }
    }
}

/// A row of what was used.
struct Row {
    name: String,
    /// What stands smaller beside it.
    about: String,
    sums: Sums,
}

impl Row {
    fn name(&self) -> String {
        visible(&self.name)
    }

    fn about(&self) -> String {
        visible(&self.about)
    }
}

#[derive(Template)]
#[template(path = "usage/table.html")]
struct Table<'a> {
    ctx: &'a PageContext,
    title: &'a str,
    first: Cow<'static, str>,
    rows: Vec<Row>,
    /// Of the rows that stand there, and of nothing else.
    total: Sums,
}

/// A chart with its table.
pub struct Section {
    /// By which it is found on its page.
    pub id: &'static str,
    /// What it is about.
    pub title: Cow<'static, str>,
    /// As SVG; nothing where nothing was used.
    pub chart: String,
    /// As HTML; nothing where nothing was used.
    pub table: String,
}

/// What a section is made of.
struct Parts {
    id: &'static str,
    title: Cow<'static, str>,
    /// The head of the first column.
    first: Cow<'static, str>,
}

fn section(ctx: &PageContext, parts: Parts, rows: Vec<Row>, chart: String) -> askama::Result<Section> {
    let Parts { id, title, first } = parts;
    if rows.is_empty() {
        return Ok(Section { id, title, chart: String::new(), table: String::new() });
    }
    let mut total = Sums::default();
    for row in &rows {
        total += row.sums;
    }
    let table = Table { ctx, title: &title, first, rows, total }.render()?;
    Ok(Section { id, title, chart, table })
}

fn tokens(sums: &Sums) -> i64 {
    sums.input_tokens.saturating_add(sums.output_tokens)
}

/// Bars of the rows that used most.
fn bars(ctx: &PageContext, id: &str, title: &str, rows: &[Row]) -> String {
    let mut most: Vec<&Row> = rows.iter().collect();
    most.sort_by_key(|row| std::cmp::Reverse(tokens(&row.sums)));
    let bar = |row: &&Row| Bar {
        label: row.name.clone(),
        value: tokens(&row.sums),
        shown: ctx.t1("usage-tokens", "count", ctx.number(tokens(&row.sums))).into_owned(),
    };
    let shown: Vec<Bar> = most.iter().take(BARS).map(bar).collect();
    let about = ctx.t1("usage-bars-about", "count", shown.len());
    chart::bars(Words { id, title, description: &about }, &shown)
}

/// By day: every day of the month until `today` has its place in the chart, those on which something was used a row.
///
/// # Errors
/// When it could not be drawn.
pub fn by_day(ctx: &PageContext, month: &str, used: &[ModelDay]) -> askama::Result<Section> {
    let mut days: BTreeMap<&str, Sums> = BTreeMap::new();
    for row in used {
        *days.entry(&row.day).or_default() += row.used;
    }
    let title = ctx.t("usage-by-day");
    let names: Vec<String> = (1..=length(month)).map(|day| format!("{month}-{day:02}")).collect();
    let values = |of: fn(&Sums) -> i64| -> Vec<i64> {
        names.iter().map(|name| days.get(name.as_str()).map(of).unwrap_or_default()).collect()
    };
    let lines = [
        Line { name: ctx.t("usage-input-tokens").into_owned(), values: values(|sums| sums.input_tokens) },
        Line { name: ctx.t("usage-output-tokens").into_owned(), values: values(|sums| sums.output_tokens) },
    ];
    let most = days.values().flat_map(|sums| [sums.input_tokens, sums.output_tokens]).max().unwrap_or_default();
    let busiest = days.iter().max_by_key(|(_, sums)| tokens(sums)).map(|(day, _)| ctx.day(day)).unwrap_or_default();
    let about = ctx.t1("usage-days-about", "day", busiest);
    let [first, last] = [names.first(), names.last()].map(|day| day.map(|day| ctx.day(day)).unwrap_or_default());
    let words = Words { id: "chart-days", title: &title, description: &about };
    let chart = chart::lines(words, &lines, &ctx.number(most), (&first, &last));
    let rows = days.iter().map(|(day, sums)| Row { name: ctx.day(day), about: String::new(), sums: *sums }).collect();
    section(ctx, Parts { id: "by-day", title: title.clone(), first: ctx.t("usage-day") }, rows, chart)
}

/// How many days a month has.
fn length(month: &str) -> u32 {
    let first = format!("{month}-01").parse::<NaiveDate>().ok();
    let last = first.and_then(|first| first.checked_add_months(Months::new(1))?.pred_opt());
    last.map_or(31, |last| last.day())
}

/// By model, the dearest to tokens first.
///
/// # Errors
/// When it could not be drawn.
pub fn by_model(ctx: &PageContext, used: &[ModelDay]) -> askama::Result<Section> {
    let mut models: BTreeMap<(&str, &str), Sums> = BTreeMap::new();
    for row in used {
        *models.entry((&row.provider, &row.model)).or_default() += row.used;
    }
    let row = |((provider, model), sums): ((&str, &str), Sums)| Row {
        name: model.to_owned(),
        about: super::provider_name(provider).to_owned(),
        sums,
    };
    let mut rows: Vec<Row> = models.into_iter().map(row).collect();
    rows.sort_by_key(|row| std::cmp::Reverse(tokens(&row.sums)));
    let title = ctx.t("usage-by-model");
    let chart = bars(ctx, "chart-models", &title, &rows);
    section(ctx, Parts { id: "by-model", title, first: ctx.t("usage-model") }, rows, chart)
}

/// By person. Who has left is named by their id.
///
/// # Errors
/// When it could not be drawn.
pub fn by_person(ctx: &PageContext, used: &[PersonMonth]) -> askama::Result<Section> {
    let row = |person: &PersonMonth| Row {
        name: person.name.clone().unwrap_or_else(|| ctx.t("usage-person-gone").into_owned()),
        about: person.email.clone().unwrap_or_else(|| person.subject.0.to_string()),
        sums: person.used,
    };
    let rows: Vec<Row> = used.iter().map(row).collect();
    let title = ctx.t("usage-by-person");
    let chart = bars(ctx, "chart-people", &title, &rows);
    section(ctx, Parts { id: "by-person", title, first: ctx.t("usage-person") }, rows, chart)
}

/// How often a tool ran.
struct ToolRow {
    server: String,
    tool: String,
    runs: i64,
    failures: i64,
}

impl ToolRow {
    fn tool(&self) -> String {
        visible(&self.tool)
    }

    fn server(&self) -> String {
        visible(&self.server)
    }
}

#[derive(Template)]
#[template(path = "usage/tools.html")]
struct ToolTable<'a> {
    ctx: &'a PageContext,
    title: &'a str,
    rows: Vec<ToolRow>,
    runs: i64,
    failures: i64,
}

/// By tool, what ran most first.
///
/// # Errors
/// When it could not be drawn.
pub fn by_tool(ctx: &PageContext, ran: &[ToolDay]) -> askama::Result<Section> {
    let mut tools: BTreeMap<(&str, &str), (i64, i64)> = BTreeMap::new();
    for row in ran {
        let sums = tools.entry((&row.server, &row.tool)).or_default();
        *sums = (sums.0.saturating_add(row.runs), sums.1.saturating_add(row.failures));
    }
    let (id, title) = ("by-tool", ctx.t("usage-by-tool"));
    if tools.is_empty() {
        return Ok(Section { id, title, chart: String::new(), table: String::new() });
    }
    let row = |((server, tool), (runs, failures)): ((&str, &str), (i64, i64))| ToolRow {
        server: server.to_owned(),
        tool: tool.to_owned(),
        runs,
        failures,
    };
    let mut rows: Vec<ToolRow> = tools.into_iter().map(row).collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.runs));
    let bar = |row: &ToolRow| Bar {
        label: row.tool.clone(),
        value: row.runs,
        shown: ctx.t1("usage-runs-count", "count", row.runs).into_owned(),
    };
    let shown: Vec<Bar> = rows.iter().take(BARS).map(bar).collect();
    let about = ctx.t1("usage-bars-about", "count", shown.len());
    let chart = chart::bars(Words { id: "chart-tools", title: &title, description: &about }, &shown);
    let (runs, failures) = (rows.iter().map(|row| row.runs).sum(), rows.iter().map(|row| row.failures).sum());
    let table = ToolTable { ctx, title: &title, rows, runs, failures }.render()?;
    Ok(Section { id, title, chart, table })
}

/// A line of the statement of credits.
pub struct StatementRow {
    /// The day, for people.
    pub day: String,
    /// Why.
    pub words: String,
    /// Who added; empty for what was deducted.
    pub by: String,
    /// With its sign.
    pub amount: Credits,
}

impl StatementRow {
    fn words(&self) -> String {
        visible(&self.words)
    }

    fn by(&self) -> String {
        visible(&self.by)
    }
}

/// What was added and deducted in a month, by day: additions one by one, deductions as the sum of a day's calls.
pub fn statement(ctx: &PageContext, added: &[(CreditEntry, Option<String>)], used: &[ModelDay]) -> Vec<StatementRow> {
    let mut days: BTreeMap<String, (Vec<StatementRow>, Credits)> = BTreeMap::new();
    for (entry, name) in added {
        let day = entry.created_at.0.format("%Y-%m-%d").to_string();
        let by = match (name, entry.added_by) {
            (Some(name), _) => name.clone(),
            (None, Some(_)) => ctx.t("usage-person-gone").into_owned(),
            (None, None) => ctx.t("credits-by-command").into_owned(),
        };
        let row = StatementRow { day: ctx.day(&day), words: entry.note.clone(), by, amount: entry.amount };
        days.entry(day).or_default().0.push(row);
    }
    for row in used {
        let day = days.entry(row.day.clone()).or_default();
        day.1 = day.1 + row.used.credits;
    }
    let mut rows = Vec::new();
    for (day, (added, deducted)) in days {
        rows.extend(added);
        if deducted != Credits(0) {
            let (day, words) = (ctx.day(&day), ctx.t("credits-deducted").into_owned());
            rows.push(StatementRow { day, words, by: String::new(), amount: Credits(deducted.0.saturating_neg()) });
        }
    }
    rows
}

/// `/usage`: one's own month and the tenant's.
#[derive(Template)]
#[template(path = "usage/show.html")]
pub struct UsagePage<'a> {
    /// The page's context.
    pub ctx: &'a PageContext,
    /// Which month.
    pub month: &'a MonthView,
    /// The person's month against their limits.
    pub own: &'a [MeasureView],
    /// The tenant's month against its limits.
    pub shared: &'a [MeasureView],
    /// The tenant's name.
    pub tenant_name: &'a str,
    /// What the person used.
    pub sections: &'a [Section],
}

impl UsagePage<'_> {
    fn address(&self) -> String {
        self.ctx.url("/usage")
    }
}

/// `/admin/tenants/{id}/usage`: what a tenant used.
#[derive(Template)]
#[template(path = "admin/usage.html")]
pub struct AdminUsagePage<'a> {
    /// The page's context.
    pub ctx: &'a PageContext,
    /// The tenant.
    pub tenant: TenantId,
    /// Its name.
    pub tenant_name: &'a str,
    /// Which month.
    pub month: &'a MonthView,
    /// Its month against its limits.
    pub shared: &'a [MeasureView],
    /// What was used, and by whom.
    pub sections: &'a [Section],
    /// What was added to and deducted from its credits.
    pub statement: &'a [StatementRow],
}

impl AdminUsagePage<'_> {
    fn address(&self) -> String {
        self.ctx.url(&format!("/admin/tenants/{}/usage", self.tenant))
    }

    fn csv(&self) -> String {
        self.ctx.url(&format!("/api/admin/tenants/{}/usage?format=csv&month={}", self.tenant, self.month.month))
    }

    /// Of the rows that stand there.
    fn balance(&self) -> Credits {
        self.statement.iter().fold(Credits(0), |sum, row| sum + row.amount)
    }
}

/// Stored or typed limits, as their fields hold them.
#[derive(Clone, Debug, Default)]
pub struct LimitFields {
    /// Field `input_tokens`.
    pub input_tokens: String,
    /// Field `output_tokens`.
    pub output_tokens: String,
    /// Field `requests`.
    pub requests: String,
    /// Field `credits`.
    pub credits: String,
    /// Field `is_active`.
    pub is_active: bool,
}

impl LimitFields {
    /// Of limits as they are stored.
    pub fn of(limits: &Limits) -> Self {
        let text = |limit: Option<i64>| limit.map(|limit| limit.to_string()).unwrap_or_default();
        Self {
            input_tokens: text(limits.monthly_input_tokens),
            output_tokens: text(limits.monthly_output_tokens),
            requests: text(limits.monthly_requests),
            credits: limits.monthly_credits.map(|credits| credits.to_string()).unwrap_or_default(),
            is_active: limits.is_active,
        }
    }
}

/// Somebody with limits of their own.
#[derive(Clone, Debug)]
pub struct LimitedPerson {
    /// By which the form is found.
    pub id: String,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// Their limits in words.
    pub limits: String,
}

/// The form of one person's limits.
pub struct PersonForm<'a> {
    /// Whose.
    pub id: String,
    /// Their name.
    pub name: &'a str,
    /// What it holds.
    pub fields: LimitFields,
}

/// `/admin/tenants/{id}/limits`.
#[derive(Template)]
#[template(path = "admin/limits.html")]
pub struct LimitsPage<'a> {
    /// The page's context.
    pub ctx: &'a PageContext,
    /// The tenant.
    pub tenant: TenantId,
    /// Its name.
    pub tenant_name: &'a str,
    /// Its month against its limits.
    pub shared: &'a [MeasureView],
    /// The form of its limits, for operators.
    pub form: Option<&'a LimitFields>,
    /// The person whose form is shown.
    pub person: Option<&'a PersonForm<'a>>,
    /// Who has limits of their own.
    pub people: &'a [LimitedPerson],
    /// Typed: field `email`, of whom a form is wanted.
    pub email: &'a str,
    /// Typed: field `amount`.
    pub amount: &'a str,
    /// Typed: field `note`.
    pub note: &'a str,
    /// Carried as `entry`, against double posts.
    pub entry: &'a str,
    /// What was just done, in words.
    pub done: Option<&'a str>,
    /// What was wrong with the tenant's form.
    pub errors: &'a FieldErrors,
    /// What was wrong with the person's form, or with `email`.
    pub person_errors: &'a FieldErrors,
    /// What was wrong with `amount` or `note`.
    pub credit_errors: &'a FieldErrors,
}

impl LimitsPage<'_> {
    fn address(&self) -> String {
        self.ctx.url(&format!("/admin/tenants/{}/limits", self.tenant))
    }

    fn seen(&self, text: &str) -> String {
        visible(text)
    }
}

/// A person's limits in words: those that are set.
pub fn limits_in_words(ctx: &PageContext, limits: &Limits) -> String {
    let number = |key: &str, limit: Option<i64>| Some(ctx.t1(key, "count", ctx.number(limit?)).into_owned());
    let all = [
        number("limits-input-tokens-count", limits.monthly_input_tokens),
        number("limits-output-tokens-count", limits.monthly_output_tokens),
        number("limits-requests-count", limits.monthly_requests),
        limits
            .monthly_credits
            .map(|credits| ctx.t1("limits-credits-count", "count", ctx.credits(credits)).into_owned()),
    ];
    let set: Vec<String> = all.into_iter().flatten().collect();
    match (set.is_empty(), limits.is_active) {
        (true, _) => ctx.t("limits-none").into_owned(),
        (false, true) => set.join(", "),
        (false, false) => format!("{} ({})", set.join(", "), ctx.t("limits-inactive")),
    }
}

#[cfg(test)]
#[path = "usage_tests.rs"]
mod tests;
