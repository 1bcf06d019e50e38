//! The bench of the server under load runs: some small parts of it, on the program as tests have it.

use std::{fs, process::Command};

use serde_json::Value;

use crate::support::root;

#[test]
fn the_bench_measures_each_run_and_says_so() {
    let figures = tempfile::NamedTempFile::new().unwrap();
    // With the profile of the tests: what they use is built, and a second release would take many minutes.
    let bench = Command::new(env!("CARGO"))
        .args(["bench", "--locked", "--profile", "dev", "--bench", "load", "--", "start", "sign-in", "--runs", "2"])
        .arg("--json")
        .arg(figures.path())
        .current_dir(root())
        .output()
        .unwrap();
    let (said, log) = (String::from_utf8_lossy(&bench.stdout), String::from_utf8_lossy(&bench.stderr));
    let told: Value = serde_json::from_slice(&fs::read(figures.path()).unwrap()).unwrap_or_else(|_| panic!("{log}"));
    for name in ["cold start to the first page", "resident memory, idle", "sign-ins a second"] {
        let figure = &told[name];
        let runs: Vec<_> = figure["runs"].as_array().unwrap().iter().map(|run| run.as_f64().unwrap()).collect();
        assert!(runs.len() == 2 && runs.iter().all(|run| *run > 0.0), "{name}: {figure}");
        assert!(said.contains(&format!("| {name} | ")), "{said}");
    }
    // It fails if, and only if, something is more than promised: a program that was made for tests may well be.
    let is_missed = |figure: &Value| figure["median"].as_f64() > figure["most"].as_f64() && !figure["most"].is_null();
    let missed: Vec<_> = told.as_object().unwrap().iter().filter(|(_, figure)| is_missed(figure)).collect();
    assert_eq!(bench.status.success(), missed.is_empty(), "{log}");
    assert!(missed.iter().all(|(name, _)| log.contains(&format!("not within what is promised: {name}"))), "{log}");
}
