//! The client of OpenAI, from PyPI; kept by `tests/support/openai.sh`.

use std::{io::Write as _, process::Command};

use super::root;

/// The Python that has the client; `None`, with a word about what is left out, where PyPI cannot be reached.
pub fn python() -> Option<String> {
    let installed = Command::new(root().join("tests/support/openai.sh")).arg("install").output().unwrap();
    let told = String::from_utf8_lossy(&installed.stderr).into_owned();
    assert!(installed.status.success(), "the client cannot be installed:\n{told}");
    let python = String::from_utf8_lossy(&installed.stdout).trim().to_owned();
    if python.is_empty() {
        // Past the capture of test output: everyone shall see it.
        let _ = writeln!(std::io::stderr(), "\n{told}");
        return None;
    }
    Some(python)
}
