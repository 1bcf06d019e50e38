//! What a reply costs: reserved at most, settled at the price of who answered.

use std::{fs, path::PathBuf};

use tempfile::TempDir;

use crate::{
    both,
    support::{App, Backend, Person, Replay, Reply, eventually},
};

/// One credit for 1,000 tokens of input, a tenth for cached ones, ten for output; windows of 100,000 tokens.
const PRICES: &str = "[default]\ninput = 1\ncached = 0.1\noutput = 10\ncontext_window = 100_000\n";

/// A file of prices, gone with the test.
pub struct PriceFile(TempDir);

impl PriceFile {
    pub fn new(text: &str) -> Self {
        let file = Self(TempDir::new().unwrap());
        file.write(text);
        file
    }

    pub fn write(&self, text: &str) {
        fs::write(self.path(), text).unwrap();
    }

    pub fn path(&self) -> PathBuf {
        self.0.path().join("prices.toml")
    }
}

async fn priced(backend: Backend, replay: &Replay, model: &str, prices: &PriceFile) -> (App, Person) {
    let path = prices.path();
    let mut settings = replay.settings(model);
    settings.push(("MODEL_PRICES", path.to_str().unwrap()));
    App::ready(backend, &settings).await
}

/// Numbers that a query gives, joined by `|`.
fn numbers(app: &App, sql: &str) -> Vec<i64> {
    app.query(sql).split('|').map(|number| number.parse().unwrap_or_else(|_| panic!("{sql}: {number:?}"))).collect()
}

both! {
    async fn credits_are_reserved_at_most_and_settled_at_what_was_used(backend) {
        let words = vec!["word"; 300].join(" ");
        let Some(replay) = Replay::playing(&[("own", Reply::text(&words))], &[]) else { return };
        let prices = PriceFile::new(PRICES);
        let (app, person) = priced(backend, &replay, "anthropic/own@delay=20ms", &prices).await;
        let chat = person.new_conversation("Please").await;
        let held = "SELECT reserved_input_tokens, reserved_output_tokens, reserved_credits FROM model_calls WHERE purpose = 'chat'";
        let [input, output, credits] = numbers(&app, held)[..] else { panic!("one call") };
        assert_eq!(output, 4096);
        // Thousandths of a credit are thousands of its millionths.
        assert_eq!(credits, input * 1000 + output * 10_000);
        let held = "SELECT min(reserved_credits), max(reserved_credits), count(*) FROM usage_months";
        assert_eq!(numbers(&app, held), [credits, credits, 2], "of the tenant and of the person");

        assert_eq!(chat.settled().await.turn(), "completed");
        let used = numbers(&app, "SELECT input_tokens, output_tokens, credits FROM model_calls WHERE purpose = 'chat'");
        assert_eq!(used, [25, 40, 25 * 1000 + 40 * 10_000]);
        eventually("all is settled", async || {
            (app.query("SELECT count(*) FROM model_calls WHERE settled_at IS NULL") == "0").then_some(())
        }).await;
        let sums = "SELECT min(m.credits), max(m.credits), max(m.reserved_credits) FROM usage_months m";
        let all = numbers(&app, "SELECT CAST(sum(credits) AS bigint) FROM model_calls")[0];
        assert_eq!(numbers(&app, sums), [all, all, 0]);
        assert_eq!(numbers(&app, "SELECT CAST(sum(credits) AS bigint) FROM usage_days"), [all]);
    }

    async fn cached_tokens_are_cheaper(backend) {
        let Some(replay) = Replay::start() else { return };
        let prices = PriceFile::new(PRICES);
        let (app, person) = priced(backend, &replay, "anthropic/cache-read", &prices).await;
        person.new_conversation("Again").await.settled().await;
        let used = "SELECT input_tokens, cached_tokens, output_tokens, credits FROM model_calls WHERE purpose = 'chat'";
        let [input, cached, output, credits] = numbers(&app, used)[..] else { panic!("one call") };
        let expected = Replay::expected("anthropic/cache-read");
        assert_eq!(Some(cached), expected["cache_read"].as_i64());
        assert!(cached > 0 && input >= cached);
        assert_eq!(credits, (input - cached) * 1000 + cached * 100 + output * 10_000);
    }

    async fn who_answered_is_paid(backend) {
        let Some(replay) = Replay::start() else { return };
        // The recorded reply names its model with a date.
        let prices = PriceFile::new(&format!("{PRICES}[\"claude-haiku-4-5\"]\ninput = 2\noutput = 3\n"));
        let (app, person) = priced(backend, &replay, "anthropic/text-haiku45", &prices).await;
        person.new_conversation("Who are you?").await.settled().await;
        let used = "SELECT input_tokens, output_tokens, credits FROM model_calls WHERE purpose = 'chat'";
        let [input, output, credits] = numbers(&app, used)[..] else { panic!("one call") };
        assert_eq!(credits, input * 2000 + output * 3000);
    }

    async fn a_months_credits_hold(backend) {
        let Some(replay) = Replay::playing(&[("own", Reply::text("Here I am."))], &[]) else { return };
        let prices = PriceFile::new(PRICES);
        let (app, person) = priced(backend, &replay, "anthropic/own", &prices).await;
        // Its output alone would hold 40.96.
        app.admin(&["set-limits", "--tenant", &app.tenant(), "--credits", "40.9"], None);
        let page = person.submit(&person.new_page().await.composer().fill("message", "Please")).await;
        page.expect(429);
        assert!(page.shows_code("INSUFFICIENT_CREDITS"), "{}", page.text());
        assert_eq!(page.typed(), "Please");
        assert_eq!(replay.requests().len(), 0);
        // Room for one at a time; what it did not use is given back.
        app.admin(&["set-limits", "--tenant", &app.tenant(), "--credits", "60"], None);
        let chat = person.new_conversation("Please").await;
        chat.settled().await;
        assert_eq!(chat.say("And again").await.turn(), "completed");
        app.admin(&["set-limits", "--tenant", &app.tenant(), "--credits", "1"], None);
        let page = chat.send("Once more").await;
        page.expect(429);
        assert!(page.shows_code("INSUFFICIENT_CREDITS"), "{}", page.text());
    }
}

/// The demo costs nothing, whatever others do.
#[tokio::test(flavor = "multi_thread")]
async fn the_demo_is_free() {
    let (app, person) = App::ready(Backend::Sqlite, &[]).await;
    app.admin(&["set-limits", "--tenant", &app.tenant(), "--credits", "0"], None);
    assert_eq!(person.new_conversation("Hello").await.settled().await.turn(), "completed");
    assert_eq!(app.query("SELECT max(credits), max(reserved_credits) FROM model_calls"), "0|0");
}

/// A file that cannot be used stops the start, and `sayso check` names it.
#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_file_is_told_in_one_line() {
    let prices = PriceFile::new("[\"gpt-5.4\"]\ninput = 1\noutput = -1\n");
    let mut app = App::new(Backend::Sqlite);
    app.set("MODEL_PRICES", prices.path().to_str().unwrap());
    let output = app.run(&[], None);
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8_lossy(&output.stderr);
    let line = said.lines().last().unwrap_or_default();
    assert!(
        line.contains("MODEL_PRICES is \"") && line.contains("line 3: output of \"gpt-5.4\" is -1; accepted: "),
        "{said}"
    );
    let check = app.run(&["check"], None);
    assert_eq!(check.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&check.stdout).contains("fault settings: MODEL_PRICES is "), "{check:?}");
}
