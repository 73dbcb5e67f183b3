//! `sporhund inventory`: what the inventory holds, and the runs that made it.

use std::io::Write as _;
use std::path::Path;

use super::args::{InventoryArgs, InventoryCommand};
use super::exit::Exit;
use super::report;
use super::settings::INVENTORY;
use crate::inventory::{Reader, RunRow};
use crate::model::Confidence;
use crate::report::escape::for_terminal;

pub(crate) fn run(arguments: &InventoryArgs) -> anyhow::Result<Exit> {
    let file = arguments
        .inventory
        .as_deref()
        .unwrap_or(Path::new(INVENTORY));
    let inventory = report::open(file)?;
    match arguments.command {
        InventoryCommand::Info => info(&inventory)?,
        InventoryCommand::Runs => runs(&inventory)?,
    }
    Ok(Exit::Complete)
}

fn info(inventory: &Reader) -> anyhow::Result<()> {
    let runs = inventory.runs()?;
    let mut stdout = std::io::stdout().lock();
    writeln!(stdout, "key    {:016x}", inventory.key_fingerprint()?)?;
    writeln!(stdout, "runs   {}", runs.len())?;
    if let Some(run) = runs.first() {
        writeln!(stdout, "latest {}", line(run))?;
        for (label, path, complete) in &run.roots {
            let path = String::from_utf8_lossy(path);
            let ending = if *complete {
                ""
            } else {
                " (not walked to its end)"
            };
            writeln!(
                stdout,
                "root   {} {}{ending}",
                for_terminal(label),
                for_terminal(&path)
            )?;
        }
    }
    for total in inventory.totals(Confidence::Low)? {
        let (objects, findings) = (total.objects, total.findings);
        writeln!(
            stdout,
            "found  {:24} {findings} in {objects} objects",
            total.detector
        )?;
    }
    Ok(())
}

fn runs(inventory: &Reader) -> anyhow::Result<()> {
    let mut stdout = std::io::stdout().lock();
    for run in inventory.runs()? {
        writeln!(stdout, "{}", line(&run))?;
    }
    Ok(())
}

/// A run in one line.
fn line(run: &RunRow) -> String {
    let started = jiff::Timestamp::from_second(run.started).map(|time| time.to_string());
    let counts = &run.coverage;
    format!(
        "{} {} {}: {} objects, {} scanned, {} unchanged, {} partial, {} skipped, {} failed, {} gone",
        run.run,
        started.unwrap_or_default(),
        run.state,
        counts.discovered,
        counts.scanned,
        counts.unchanged,
        counts.partial,
        counts.skipped,
        counts.failed,
        run.gone,
    )
}
