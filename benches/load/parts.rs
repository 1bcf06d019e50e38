//! What is measured.

use std::{path::PathBuf, sync::Arc, time::Duration};

use clap::ValueEnum;
use serde_json::json;
use tokio::time::sleep;
use url::Url;

use crate::{
    browser::Browser,
    figures::{Figures, median},
    fresh_database::FreshDatabase,
    process::Process,
    site::{Person, Site},
    streams::{self, Load, Outcome, Way},
};

/// A part of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Part {
    /// Processor time per token, beside the bare relay: 200 streams of 50 tokens a second.
    Ratio,
    /// 1,000 streams of 20 tokens a second.
    Crowd,
    /// The first token, at 50 streams.
    First,
    /// 2,000 pages that are open while nothing happens.
    Idle,
    /// The start with an existing database.
    Start,
    /// The 100,000th token of a reply.
    Long,
    /// Opening conversations of 100, 1,000 and 10,000 messages.
    History,
    /// SQLite beside PostgreSQL.
    Databases,
    /// From 1 to 2,000 streams.
    Series,
    /// Signing in.
    SignIn,
    /// A reply of 4,000 tokens in Chromium.
    Browser,
}

/// What all parts share: the stand-in for the model API, and how everything is started.
pub struct Ground {
    program: PathBuf,
    seconds: u32,
    upstream: Process,
    postgres: Option<Url>,
}

impl Ground {
    /// Starts the stand-in.
    pub fn new(program: PathBuf, seconds: u32, postgres: Option<Url>) -> Self {
        let upstream = Process::role(&["--upstream"]);
        Self { program, seconds, upstream, postgres }
    }

    /// A relay that has relayed nothing yet, as a server that has just been started.
    fn relay(&self) -> Process {
        Process::role(&["--relay", &self.upstream.address])
    }

    async fn site(&self) -> Site {
        Site::new(&self.program, None, &self.upstream.address).await
    }
}

const EVERY_WAY: [Way; 3] = [Way::Page, Way::Events, Way::Completions];

/// The load of which the processor time is promised.
const PROMISED: Load = Load { streams: 200, rate: 50, tokens: 1000, ramp: Duration::from_secs(2) };

/// Replies that go on while others begin.
const GOING_ON: Load = Load { streams: 50, rate: 50, tokens: 1000, ramp: Duration::from_secs(2) };

/// Replies that begin meanwhile, seven in a second.
const BEGINNING: Load = Load { streams: 100, rate: 50, tokens: 25, ramp: Duration::from_secs(14) };

fn load(streams: usize, rate: u32, seconds: u32) -> Load {
    Load { streams, rate, tokens: (rate * seconds) as usize, ramp: Duration::from_secs(2) }
}

impl Part {
    /// Every part, in the order of the table.
    pub const ALL: [Self; 11] = [
        Self::Ratio,
        Self::Crowd,
        Self::First,
        Self::Idle,
        Self::Start,
        Self::Long,
        Self::History,
        Self::Databases,
        Self::Series,
        Self::SignIn,
        Self::Browser,
    ];

    /// Measures it once.
    pub async fn measure(self, ground: &Ground, figures: &mut Figures) {
        match self {
            Self::Ratio => ratio(ground, figures, Load { tokens: 50 * ground.seconds as usize, ..PROMISED }).await,
            Self::Crowd => crowd(ground, figures).await,
            Self::First => first(ground, figures).await,
            Self::Idle => idle(ground, figures).await,
            Self::Start => start(ground, figures).await,
            Self::Long => long(ground, figures).await,
            Self::History => history(ground, figures).await,
            Self::Databases => databases(ground, figures).await,
            Self::Series => series(ground, figures).await,
            Self::SignIn => sign_in(ground, figures).await,
            Self::Browser => browser(ground, figures).await,
        }
    }
}

async fn ratio(ground: &Ground, figures: &mut Figures, load: Load) {
    let mut site = Arc::new(ground.site().await);
    let people = site.people(load.streams).await;
    let at = format!("{} × {}/s", load.streams, load.rate);
    let mut relayed = streams::relayed(&ground.relay(), load).await;
    figures.tell(&format!("{at}: processor time of the bare relay for 1,000 tokens"), "ms", None, relayed.processor);
    latencies(figures, Way::Relay, &at, &mut relayed);
    for way in EVERY_WAY {
        // What one way left behind would hide what the next one takes.
        Arc::get_mut(&mut site).expect("no stream goes on").restart();
        let mut outcome = streams::through(&site, &people, way, load).await;
        let name = way.name();
        // Promised of a full machine; what an idle one does between tokens is a part of the price of one stream's.
        let most = (load.streams == PROMISED.streams).then_some(if way == Way::Page { 4.0 } else { 2.0 });
        figures.tell(
            &format!("{at}: {name}, processor time as a multiple of the relay's"),
            "×",
            most,
            outcome.processor / relayed.processor,
        );
        figures.tell(&format!("{at}: {name}, bytes per token"), "B", None, outcome.bytes);
        latencies(figures, way, &at, &mut outcome);
    }
}

/// What whoever looks notices of one way, and what each stream takes meanwhile.
fn latencies(figures: &mut Figures, way: Way, at: &str, outcome: &mut Outcome) {
    let name = way.name();
    failures(figures, way, at, outcome);
    for (percent, part) in [(50, 0.5), (99, 0.99)] {
        figures.tell(
            &format!("{at}: {name}, added to the first token, p{percent}"),
            "ms",
            None,
            outcome.first_token(part),
        );
        figures.tell(&format!("{at}: {name}, added per token, p{percent}"), "ms", None, outcome.per_token(part));
    }
    figures.tell(&format!("{at}: {name}, memory of each stream"), "KiB", None, outcome.of_stream);
}

fn failures(figures: &mut Figures, way: Way, at: &str, outcome: &Outcome) {
    if let Some(fault) = outcome.failures.first() {
        eprintln!("  failed: {fault}");
    }
    figures.never(&format!("{at}: {}, failures", way.name()), outcome.failures.len());
}

/// Of so many KiB.
fn megabytes(kibibytes: f64) -> f64 {
    kibibytes * 1024.0 / 1e6
}

async fn crowd(ground: &Ground, figures: &mut Figures) {
    // Fifty more in each second, until all of them go on at once.
    let load = Load { ramp: Duration::from_secs(20), ..load(1000, 20, 45) };
    let mut site = Arc::new(ground.site().await);
    let people = site.people(load.streams).await;
    for way in [Way::Page, Way::Events] {
        Arc::get_mut(&mut site).expect("no stream goes on").restart();
        let outcome = streams::through(&site, &people, way, load).await;
        let (name, at) = (way.name(), "1000 × 20/s");
        failures(figures, way, at, &outcome);
        figures.tell(&format!("{at}: {name}, added per token, p50"), "ms", None, outcome.per_token(0.5));
        figures.tell(&format!("{at}: {name}, added per token, p99"), "ms", Some(100.0), outcome.per_token(0.99));
        figures.tell(&format!("{at}: {name}, resident memory"), "MB", Some(200.0), megabytes(outcome.resident));
    }
}

async fn first(ground: &Ground, figures: &mut Figures) {
    let site = Arc::new(ground.site().await);
    let people = site.people(GOING_ON.streams + BEGINNING.streams).await;
    let (relay, at) = (ground.relay(), "50 streams");
    let going_on = streams::relayed(&relay, GOING_ON);
    let beginning = async {
        sleep(GOING_ON.ramp).await;
        streams::relayed(&relay, BEGINNING).await
    };
    let (_, relayed) = tokio::join!(going_on, beginning);
    first_token(figures, Way::Relay, at, None, relayed);
    for way in EVERY_WAY {
        let outcome = beginning_among(&site, &people, way).await;
        first_token(figures, way, at, Some(5.0), outcome);
    }
}

/// Replies that begin while as many go on as [`GOING_ON`] has.
async fn beginning_among(site: &Arc<Site>, people: &[Person], way: Way) -> Outcome {
    let (some, others) = people.split_at(GOING_ON.streams);
    let beginning = async {
        sleep(GOING_ON.ramp).await;
        streams::through(site, others, way, BEGINNING).await
    };
    let (mut going_on, mut outcome) = tokio::join!(streams::through(site, some, way, GOING_ON), beginning);
    outcome.failures.append(&mut going_on.failures);
    outcome
}

fn first_token(figures: &mut Figures, way: Way, at: &str, most: Option<f64>, mut outcome: Outcome) {
    let name = way.name();
    failures(figures, way, at, &outcome);
    figures.tell(&format!("{at}: added to the first token, {name}, p50"), "ms", None, outcome.first_token(0.5));
    figures.tell(&format!("{at}: added to the first token, {name}, p95"), "ms", most, outcome.first_token(0.95));
}

async fn idle(ground: &Ground, figures: &mut Figures) {
    let mut site = ground.site().await;
    let people = site.people(2000).await;
    site.restart();
    // The first pages warm up what all pages share.
    let warm = site.watch(people.get(..100).unwrap_or_default()).await;
    let before = site.process().resident();
    let rest = people.get(100..).unwrap_or_default();
    let open = site.watch(rest).await;
    let each = (site.process().resident() - before) / rest.len() as f64;
    figures.tell("2000 idle pages: memory of each", "KB", Some(30.0), megabytes(each) * 1000.0);
    drop((warm, open));
}

async fn start(ground: &Ground, figures: &mut Figures) {
    let mut site = ground.site().await;
    site.people(20).await;
    figures.tell("cold start to the first page", "ms", Some(150.0), site.cold_start().await);
    figures.tell("resident memory, idle", "MB", Some(40.0), megabytes(site.process().resident()));
}

/// How much dearer tokens become as a reply grows.
async fn long(ground: &Ground, figures: &mut Figures) {
    let site = Arc::new(ground.site().await);
    let people = site.people(4).await;
    for way in [Way::Page, Way::Events] {
        let costs = streams::costs(&site, &people, way).await;
        let name = way.name();
        figures.tell(
            &format!("the 100,000th token of a reply beside the 1,000th, {name}"),
            "×",
            Some(1.3),
            costs.1 / costs.0,
        );
    }
}

async fn history(ground: &Ground, figures: &mut Figures) {
    let mut site = ground.site().await;
    let people = site.people(3).await;
    let grown: Vec<_> = people.iter().zip([100, 1_000, 10_000]).collect();
    site.grow(&grown).await;
    let mut times = vec![Vec::new(); grown.len()];
    // In turn, so that what else the machine does falls on all of them.
    for _ in 0..100 {
        for (times, (person, _)) in times.iter_mut().zip(&grown) {
            times.push(site.opens(person).await);
        }
    }
    let times: Vec<f64> = times.into_iter().map(median).collect();
    for ((_, messages), time) in grown.iter().zip(&times) {
        figures.tell(&format!("opening a conversation of {messages} messages"), "ms", None, *time);
    }
    let name = "opening a conversation of 10,000 messages beside one of 100";
    figures.tell(name, "×", Some(1.5), times[2] / times[0]);
}

async fn databases(ground: &Ground, figures: &mut Figures) {
    let load = load(200, 50, 10);
    let mut costs = Vec::new();
    let postgres = ground.postgres.as_ref().map(|server| ("PostgreSQL", Some(server)));
    for (name, server) in [("SQLite", None)].into_iter().chain(postgres) {
        let database = match server {
            Some(server) => Some(FreshDatabase::new(server).await),
            None => None,
        };
        let url = database.as_ref().map(|database| database.url.as_str());
        let site = Arc::new(Site::new(&ground.program, url, &ground.upstream.address).await);
        let people = site.people(load.streams).await;
        let outcome = streams::through(&site, &people, Way::Page, load).await;
        failures(figures, Way::Page, name, &outcome);
        figures.tell(&format!("{name}: processor time for 1,000 tokens, page"), "ms", None, outcome.processor);
        costs.push(outcome.processor);
        let outcome = beginning_among(&site, &people, Way::Page).await;
        first_token(figures, Way::Page, &format!("{name}, 50 streams"), None, outcome);
        Arc::into_inner(site).expect("no stream goes on").stop();
        if let Some(database) = database {
            database.remove().await;
        }
    }
    if let [sqlite, postgres] = costs[..] {
        figures.tell("PostgreSQL beside SQLite: Sayso's processor time", "×", None, postgres / sqlite);
    }
}

async fn series(ground: &Ground, figures: &mut Figures) {
    for (streams, rate) in [(1, 50), (10, 50), (50, 50), (500, 20), (2000, 5)] {
        // No more than fifty begin in a second, and then all of them go on for a while.
        let ramp = (streams / 50).max(2);
        let load = load(streams, rate, ramp as u32 + 15);
        ratio(ground, figures, Load { ramp: Duration::from_secs(ramp as u64), ..load }).await;
    }
}

async fn sign_in(ground: &Ground, figures: &mut Figures) {
    let site = ground.site().await;
    let (count, began) = (16, std::time::Instant::now());
    futures_util::future::join_all((0..count).map(|_| site.sign_in())).await;
    figures.tell("sign-ins a second", "/s", None, f64::from(count) / began.elapsed().as_secs_f64());
}

async fn browser(ground: &Ground, figures: &mut Figures) {
    const TOKENS: usize = 4000;
    let site = ground.site().await;
    let people = site.people(1).await;
    let Some(browser) = Browser::open().await else {
        eprintln!("  there is no Chromium here");
        return;
    };
    let (base, path, cookie) = site.page_of(&people[0]);
    browser.visit(&base, &path, &cookie).await;
    // The longest task since now is kept in the page.
    let watch = "window.longest = 0; new PerformanceObserver((list) => { for (const task of list.getEntries()) \
                 window.longest = Math.max(window.longest, task.duration); }).observe({type: 'longtask'});";
    browser.run(watch, json!([])).await;
    let before = browser.main_thread().await;
    site.say(&people[0], &format!("Tell me: tokens={TOKENS} rate=200")).await.unwrap();
    let last = "const texts = document.querySelectorAll('#live article'); const text = texts.length \
                ? texts[texts.length - 1].textContent : ''; return (text.match(/Z[0-9a-z]{7}/g) || []).length;";
    // Looked at rarely: each look is a task of the page, too.
    sleep(Duration::from_secs(TOKENS as u64 / 200)).await;
    while browser.run(last, json!([])).await.as_u64().unwrap() < TOKENS as u64 {
        sleep(Duration::from_millis(500)).await;
    }
    let name = "Chromium: a reply of 4,000 tokens at 200 a second,";
    let spent = browser.main_thread().await - before;
    figures.tell(&format!("{name} main thread"), "s", Some(3.0), spent);
    let longest = browser.run("return window.longest;", json!([])).await.as_f64().unwrap();
    figures.tell(&format!("{name} longest task (tasks below 50 ms are not told: 0)"), "ms", Some(50.0), longest);
}
