//! `sayso audit …`: proving the log, and printing what to hold it against later.

use std::{fs::File, io::BufReader, process::ExitCode};

use serde::Serialize;

use super::{Audit, Console, SCOPE, fault};
use crate::{
    db::Database,
    error::{Error, Result},
    models::audit::{Anchors, Auditor, Proof},
};

/// What is said as JSON.
#[derive(Serialize)]
struct Report {
    is_whole: bool,
    #[serde(flatten)]
    proof: Proof,
}

/// Does it.
///
/// # Errors
/// When the log is broken, in a line that names the row; when something cannot be read.
pub(super) async fn run(
    what: Audit,
    database: &Database,
    auditor: &Auditor,
    console: &mut Console<'_>,
) -> Result<ExitCode> {
    match what {
        Audit::Anchor => {
            for (chain, anchor) in auditor.anchors(&mut *database.read(SCOPE).await?).await? {
                let anchor = anchor.ok_or_else(|| fault(format!("the head of the audit chain {chain} was changed")))?;
                console.say(&serde_json::to_string(&anchor).map_err(Error::internal)?)?;
            }
            Ok(ExitCode::SUCCESS)
        }
        Audit::Verify { anchor, json } => {
            let anchors = match &anchor {
                Some(path) => {
                    let file = File::open(path).map_err(|error| fault(format!("{}: {error}", path.display())))?;
                    Anchors::read(BufReader::new(file))?
                }
                None => Anchors::default(),
            };
            let proof = auditor.prove(&mut *database.read(SCOPE).await?, &anchors).await?;
            if json { report(proof, console) } else { say(&proof, console) }
        }
    }
}

fn report(proof: Proof, console: &mut Console<'_>) -> Result<ExitCode> {
    let is_whole = proof.faults.is_empty();
    console.say(&serde_json::to_string(&Report { is_whole, proof }).map_err(Error::internal)?)?;
    Ok(if is_whole { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn say(proof: &Proof, console: &mut Console<'_>) -> Result<ExitCode> {
    let Some((first, others)) = proof.faults.split_first() else {
        let Proof { rows, runs, chains, .. } = proof;
        console.say(&format!("The audit log is whole: {rows} rows, {runs} tool runs, each by a say-so."))?;
        let unproved: i64 = chains.iter().map(|chain| chain.unproved).sum();
        if unproved > 0 {
            console.say(&format!("Not proved: {unproved} rows from before MASTER_KEY became another one."))?;
        }
        return Ok(ExitCode::SUCCESS);
    };
    for other in others {
        console.say(&format!("also broken: {other}"))?;
    }
    if proof.more_faults > 0 {
        console.say(&format!("also broken: {} more", proof.more_faults))?;
    }
    Err(fault(format!("the audit log is broken: {first}")))
}
