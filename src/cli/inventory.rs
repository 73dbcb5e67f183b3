//! `sporhund inventory`: what the inventory holds, and the runs that made it.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::args::{InventoryArgs, InventoryCommand, SummaryFormat};
use super::exit::Exit;
use super::message::{Refusal, remark};
use super::report;
use super::settings::INVENTORY;
use crate::inventory::{self, Inventory, Reader, RunRow};
use crate::model::Confidence;
use crate::report::escape::for_terminal;

pub(crate) fn run(arguments: &InventoryArgs) -> anyhow::Result<Exit> {
    let file = arguments
        .inventory
        .as_deref()
        .unwrap_or(Path::new(INVENTORY));
    match &arguments.command {
        InventoryCommand::Info => info(&report::open(file)?)?,
        InventoryCommand::Runs { format } => runs(&report::open(file)?, *format)?,
        InventoryCommand::Forget { path } => forget(file, path)?,
        InventoryCommand::Vacuum { keep } => vacuum(file, keep)?,
        InventoryCommand::Export { file: to } => inventory::export(file, to).map_err(refused)?,
        InventoryCommand::Merge { files } => merge(file, files)?,
    }
    Ok(Exit::Complete)
}

/// An inventory that exists, locked for a change.
fn writable(file: &Path) -> anyhow::Result<Inventory> {
    let key = report::open(file)?.key_fingerprint()?;
    Inventory::create_or_open(file, key).map_err(refused)
}

fn refused(error: inventory::Error) -> anyhow::Error {
    let message = error.to_string();
    anyhow::Error::new(error).context(Refusal::new(message))
}

fn forget(file: &Path, path: &str) -> anyhow::Result<()> {
    let runs = report::open(file)?.runs()?;
    let labels: BTreeSet<&str> = runs
        .iter()
        .flat_map(|run| &run.roots)
        .map(|(label, ..)| label.as_str())
        .collect();
    let (root, below) = match path.split_once(':') {
        Some((label, below)) if labels.contains(label) => (label, below),
        _ => ("", path),
    };
    let below = below.trim_end_matches('/');
    if below.is_empty() && root.is_empty() {
        let refusal = Refusal::new("nothing is named that could be forgotten");
        return Err(refusal.hint("to forget all of it, delete the file").into());
    }
    let forgotten = writable(file)?.forget(root, below)?;
    if forgotten.files == 0 {
        let message = format!("the inventory holds nothing at `{path}`");
        return Err(Refusal::new(message)
            .hint("`sporhund report csv --show-paths` has the paths")
            .into());
    }
    remark(&format!("inventory: {} files forgotten", forgotten.files));
    Ok(())
}

fn vacuum(file: &Path, keep: &str) -> anyhow::Result<()> {
    let span: jiff::Span = keep.parse().map_err(|_| {
        Refusal::new(format!("`--keep {keep}` is no period")).hint("such as `P1Y` or `P90D`")
    })?;
    let before = jiff::ZonedDateTime::now()
        .checked_sub(span)
        .map_err(|_| Refusal::new(format!("`--keep {keep}` is too long")))?;
    let forgotten = writable(file)?.vacuum(before.timestamp().as_second())?;
    let (files, runs) = (forgotten.files, forgotten.runs);
    remark(&format!(
        "inventory: {files} files and {runs} runs forgotten"
    ));
    Ok(())
}

fn merge(into: &Path, files: &[PathBuf]) -> anyhow::Result<()> {
    if into.exists() {
        let message = format!("`{}` exists", into.display());
        return Err(Refusal::new(message)
            .hint("a united inventory is made anew: name another file with `--inventory`")
            .into());
    }
    let Some(first) = files.first() else {
        return Ok(());
    };
    let key = report::open(first)?.key_fingerprint()?;
    let united = Inventory::create_or_open(into, key).map_err(refused)?;
    let merged = united.merge(files);
    drop(united);
    merged.map_err(|error| {
        for file in inventory::files(into) {
            // It holds nothing.
            let _ = std::fs::remove_file(file);
        }
        let hint = if matches!(error, inventory::Error::WrongKey { .. }) {
            "persons cannot be counted across keys: give all scans one `--key-file` and scan again"
        } else if matches!(error, inventory::Error::Twice { .. }) {
            "give the roots labels of their own with `--root LABEL=PATH`, and scan again"
        } else {
            return anyhow::Error::new(error);
        };
        let refusal = Refusal::new(error.to_string());
        anyhow::Error::new(error).context(refusal.hint(hint))
    })
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

fn runs(inventory: &Reader, format: SummaryFormat) -> anyhow::Result<()> {
    let mut stdout = std::io::stdout().lock();
    if format == SummaryFormat::Json {
        let runs: Vec<_> = inventory.runs()?.iter().map(as_json).collect();
        writeln!(stdout, "{}", serde_json::Value::from(runs))?;
        return Ok(());
    }
    for run in inventory.runs()? {
        writeln!(stdout, "{}", line(&run))?;
    }
    Ok(())
}

fn as_json(run: &RunRow) -> serde_json::Value {
    let time = |seconds: i64| {
        jiff::Timestamp::from_second(seconds)
            .map(|time| time.to_string())
            .ok()
    };
    let root = |(label, path, complete): &(String, Vec<u8>, bool)| {
        let path = String::from_utf8_lossy(path);
        serde_json::json!({"label": label, "path": path, "complete": complete})
    };
    serde_json::json!({
        "run": run.run,
        "started": time(run.started),
        "ended": run.ended.and_then(time),
        "state": run.state,
        "coverage": run.coverage,
        "gone": run.gone,
        "roots": run.roots.iter().map(root).collect::<Vec<_>>(),
    })
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
