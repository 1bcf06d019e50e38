//! A month and its limits by keys: an admin sets one, a person sees it used up, and the pages tell where it went.

use crate::{
    WISH,
    looks::looked_at,
    opened,
    support::{Browser, Key, Look, eventually},
};

/// Goes to a field by keys and writes over what stands there, as Tab selects it.
async fn overwrites(browser: &Browser, name: &str, text: &str) {
    browser.tab_to("textbox", name).await;
    browser.types(text).await;
}

/// Waits until an element's text says something.
async fn says(browser: &Browser, css: &str, text: &str) {
    eventually(&format!("{css} says “{text}”"), async || {
        for element in browser.all(css).await {
            if browser.text(&element).await.contains(text) {
                return Some(());
            }
        }
        None
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_month_is_limited_used_up_and_looked_at_by_keys() {
    let (app, person, mut browser) = opened(Look::LIGHT).await;
    let tenant = app.query("SELECT id FROM tenants");
    person.new_conversation("Hello").await.settled().await;
    let shared = person.new_conversation(WISH).await;
    let approve = shared.approvals(1).await[0].form.clone().press("Approve").without("remember");
    person.submit(&approve).await.expect(200);
    shared.settled().await;

    // What cannot be a limit is said beside its field, and what was typed stays.
    let limits = format!("/admin/tenants/{tenant}/limits");
    browser.allow("the server responded with a status of 422");
    browser.goto(&limits).await;
    overwrites(&browser, "Requests", "-1").await;
    browser.press(Key::Enter).await;
    says(&browser, ".form-error", "Write a whole number").await;
    let field = browser.the("textbox", "Requests").await;
    assert_eq!(browser.property(&field, "value").await, "-1");
    looked_at(&browser, "limits-refused").await;

    let requests = app.query(&format!("SELECT requests FROM usage_months WHERE subject_id = '{tenant}'"));
    let one_more = (requests.parse::<u32>().unwrap() + 1).to_string();
    overwrites(&browser, "Requests", &one_more).await;
    browser.press(Key::Enter).await;
    says(&browser, "[role=status]", "Saved.").await;
    looked_at(&browser, "limits").await;

    // The chat says so as soon as the last one is used, refuses with the limit's name, and keeps what was typed.
    browser.allow("the server responded with a status of 4");
    browser.goto(&format!("/conversations/{}", shared.id)).await;
    says(&browser, "#month", "% of the workspace").await;
    browser.say("The last one").await;
    says(&browser, "#month", "Used up").await;
    browser.say("Keep what I typed").await;
    says(&browser, "#composer-error", "limit of requests is reached").await;
    let field = browser.the("textbox", "Message").await;
    assert_eq!(browser.property(&field, "value").await, "Keep what I typed");
    looked_at(&browser, "limit-reached").await;

    for (place, address) in [
        ("usage", "/usage".to_owned()),
        ("usage-admin", format!("/admin/tenants/{tenant}/usage")),
        ("audit", format!("/admin/tenants/{tenant}/audit")),
        ("audit-system", "/admin/audit".to_owned()),
    ] {
        browser.goto(&address).await;
        looked_at(&browser, place).await;
    }

    // Who had the file written is one filter.
    browser.goto(&format!("/admin/tenants/{tenant}/audit")).await;
    overwrites(&browser, "Path or host", "notes/hello.txt").await;
    browser.press(Key::Enter).await;
    browser.arrives("what was found", |path| path.ends_with("/audit")).await;
    says(&browser, "ol.sessions", "tool_approved").await;
    let rows = browser.all("ol.sessions > li").await.len();
    assert_eq!(rows.to_string(), app.query("SELECT count(*) FROM audit_rows WHERE target = 'notes/hello.txt'"));
    looked_at(&browser, "audit-found").await;
    browser.assert_quiet().await;
}
