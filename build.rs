//! Tells the program from which commit it is built: `SAYSO_COMMIT` where it is set, as for a container or a packager
//! without the history; else, for a release, what git says. Without either it is not told, and `--version` names the
//! version alone. A debug build does not ask git: each commit would compile everything anew.

use std::{env, path::Path, process::Command};

fn main() {
    println!("cargo::rerun-if-env-changed=SAYSO_COMMIT");
    println!("cargo::rerun-if-changed=build.rs");
    // What only one of both databases has is embedded as well; a new folder there is no change of any source file.
    println!("cargo::rerun-if-changed=migrations");
    let told = env::var("SAYSO_COMMIT").ok().filter(|commit| !commit.is_empty());
    let is_release = env::var("PROFILE").is_ok_and(|profile| profile == "release");
    let commit = told.or_else(|| if is_release { of_git() } else { None });
    // It is shown on a page and in the text of `/metrics`.
    if let Some(commit) = commit.filter(|commit| commit.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')) {
        println!("cargo::rustc-env=SAYSO_COMMIT={commit}");
    }
}

/// The commit that is checked out here. A folder that only lies inside of somebody else's repository is not asked for.
fn of_git() -> Option<String> {
    let git = |arguments: &[&str]| {
        let output = Command::new("git").args(arguments).output().ok().filter(|output| output.status.success())?;
        Some(String::from_utf8(output.stdout).ok()?.trim().to_owned())
    };
    let top = git(&["rev-parse", "--show-toplevel"])?;
    let here = env::current_dir().ok()?;
    if Path::new(&top).canonicalize().ok()? != here.canonicalize().ok()? {
        return None;
    }
    // A commit or another branch changes one of them.
    for file in ["HEAD", "logs/HEAD"] {
        println!("cargo::rerun-if-changed={}", git(&["rev-parse", "--git-path", file])?);
    }
    git(&["rev-parse", "--short=12", "HEAD"])
}
