use chrono::{TimeZone as _, Utc};
use scraper::{Html, Selector};

use super::*;
use crate::{
    db::types::SubjectId,
    i18n::Locale,
    types::{CreditEntryId, UserId},
};

fn ctx() -> PageContext {
    PageContext {
        locale: Locale::English,
        viewer: None,
        csrf: String::new(),
        prefix: String::new(),
        version: String::new(),
        waiting: 0,
    }
}

fn sums(input_tokens: i64, output_tokens: i64) -> Sums {
    Sums { input_tokens, output_tokens, cached_tokens: 1, requests: 2, credits: Credits(3) }
}

fn day(day: &str, model: &str, used: Sums) -> ModelDay {
    ModelDay { day: day.into(), provider: "openai".into(), model: model.into(), used }
}

/// The values of the cells that a selector finds.
fn values(html: &str, selector: &str) -> Vec<String> {
    let selector = Selector::parse(selector).unwrap();
    let tree = Html::parse_fragment(html);
    tree.select(&selector).map(|cell| cell.value().attr("value").unwrap_or_default().to_owned()).collect()
}

#[test]
fn shares_are_never_told_too_full() {
    for (used, limit, share) in [
        (0, Some(10), Some(0)),
        (799, Some(1000), Some(79)),
        (999, Some(1000), Some(99)),
        (1000, Some(1000), Some(100)),
        (5000, Some(1000), Some(100)),
        (0, Some(0), Some(100)),
        (-1, Some(10), Some(0)),
        (i64::MAX, Some(i64::MAX), Some(100)),
        (5, None, None),
    ] {
        assert_eq!(Measure { what: What::Requests, used, limit }.share(), share, "{used} of {limit:?}");
    }
}

#[test]
fn a_month_says_when_it_is_nearly_used_up() {
    let ctx = ctx();
    let limits =
        Limits { monthly_requests: Some(10), monthly_credits: Some(Credits(1)), is_active: true, ..Limits::default() };
    let warnings = |requests, credits, limits: &Limits| {
        let month = Month { requests, credits: Credits(credits), added_credits: Credits(1), ..Month::default() };
        measures(&ctx, &month, limits).into_iter().map(|measure| measure.warning).collect::<Vec<_>>()
    };
    let (over, nearly) = (Some("Used up".into()), Some("Nearly used up".into()));
    assert_eq!(warnings(7, 0, &limits), [None, None, None, None]);
    assert_eq!(warnings(8, 1, &limits), [None, None, nearly, None], "of two credits one is left");
    assert_eq!(warnings(10, 2, &limits), [None, None, over.clone(), over]);
    assert_eq!(warnings(10, 2, &Limits { is_active: false, ..limits }), [None, None, None, None]);
}

#[test]
fn the_nearest_limit_is_told_at_a_glance() {
    let ctx = ctx();
    let none = Limits { is_active: true, ..Limits::default() };
    let month = Month { input_tokens: 1200, output_tokens: 34, requests: 8, ..Month::default() };
    let of = |tenant: &Limits, own: &Limits| glance(&ctx, "2026-12-31", (&month, tenant), (&month, own));
    let told = of(&none, &none);
    assert_eq!((told.share, told.words.as_str()), (None, "1,234 tokens in 8 requests this month"));
    let tenant = Limits { monthly_requests: Some(10), monthly_input_tokens: Some(10_000), ..none };
    let told = of(&tenant, &none);
    assert!(told.is_warning && told.words.starts_with("Nearly used up: 80 % of the workspace's requests"), "{told:?}");
    let own = Limits { monthly_output_tokens: Some(34), ..none };
    let told = of(&tenant, &own);
    assert!(told.words.starts_with("Used up: 100 % of your output tokens"), "{told:?}");
    assert!(told.words.contains("1 Jan 2027"), "the year turns with the month: {told:?}");
    assert!(!of(&Limits { monthly_requests: Some(100), ..none }, &none).is_warning);
}

#[test]
fn totals_are_those_of_the_rows() {
    let ctx = ctx();
    let used =
        [day("2026-02-01", "m", sums(10, 1)), day("2026-02-01", "n", sums(5, 1)), day("2026-02-28", "m", sums(7, 2))];
    for section in [by_day(&ctx, "2026-02", &used).unwrap(), by_model(&ctx, &used).unwrap()] {
        assert_eq!(values(&section.table, "tfoot data"), ["6", "22", "3", "4", "0.000009"], "{}", section.table);
        let input: i64 = values(&section.table, "tbody td:nth-of-type(2) data")
            .iter()
            .map(|cell| cell.parse::<i64>().unwrap())
            .sum();
        assert_eq!(input, 22, "{}", section.table);
        assert!(section.chart.contains("role=\"img\""));
    }
    let empty = by_day(&ctx, "2026-02", &[]).unwrap();
    assert!(empty.chart.is_empty() && empty.table.is_empty());
    assert_eq!((length("2026-02"), length("2028-02"), length("2026-12")), (28, 29, 31));
}

#[test]
fn names_are_data_and_who_left_has_an_id() {
    let ctx = ctx();
    let gone = PersonMonth { subject: SubjectId(UserId::new().0), email: None, name: None, used: sums(1, 1) };
    let hostile = "<script>alert(1)</script>\u{202e}";
    let here = PersonMonth { email: Some(hostile.into()), name: Some(hostile.into()), ..gone.clone() };
    let section = by_person(&ctx, &[gone.clone(), here]).unwrap();
    assert!(section.table.contains("Deleted person") && section.table.contains(&gone.subject.0.to_string()));
    let ran =
        [ToolDay { day: "2026-02-01".into(), server: hostile.into(), tool: hostile.into(), runs: 3, failures: 1 }];
    let tools = by_tool(&ctx, &ran).unwrap();
    assert_eq!(values(&tools.table, "tfoot data"), ["3", "1"]);
    for html in [&section.table, &section.chart, &tools.table, &tools.chart] {
        assert!(!html.contains("<script") && !html.contains('\u{202e}'), "{html}");
    }
}

#[test]
fn a_statement_has_every_addition_and_each_days_deductions() {
    let ctx = ctx();
    let entry = |at: u32, amount: i64| CreditEntry {
        id: CreditEntryId::new(),
        tenant_id: TenantId::new(),
        month: "2026-02".into(),
        amount: Credits(amount),
        note: "paid".into(),
        added_by: Some(UserId::new()),
        created_at: Utc.with_ymd_and_hms(2026, 2, at, 12, 0, 0).unwrap().into(),
    };
    let added = [(entry(2, 100), Some("Ada".to_owned())), (entry(2, 50), None)];
    let used =
        [day("2026-02-01", "m", sums(1, 1)), day("2026-02-02", "m", sums(1, 1)), day("2026-02-02", "n", sums(1, 1))];
    let rows = statement(&ctx, &added, &used);
    let told: Vec<_> = rows.iter().map(|row| (row.day.as_str(), row.by.as_str(), row.amount.0)).collect();
    assert_eq!(
        told,
        [
            ("1 Feb 2026", "", -3),
            ("2 Feb 2026", "Ada", 100),
            ("2 Feb 2026", "Deleted person", 50),
            ("2 Feb 2026", "", -6)
        ]
    );
}

#[test]
fn months_lead_to_their_neighbours_but_not_beyond_now() {
    let ctx = ctx();
    let view = MonthView::new(&ctx, "2026-01", "2026-02");
    assert_eq!(
        (view.name.as_str(), view.previous.as_deref(), view.next.as_deref()),
        ("January 2026", Some("2025-12"), Some("2026-02"))
    );
    assert_eq!(MonthView::new(&ctx, "2026-02", "2026-02").next, None);
}
