//! `sporhund detectors` and `sporhund formats`: what the program knows.

use std::io::Write as _;

use super::args::ListCommand;
use super::exit::Exit;
use super::message::Refusal;
use crate::{detect, extract};

/// Lists or explains detectors.
pub(crate) fn detectors(command: &ListCommand) -> anyhow::Result<Exit> {
    let mut stdout = std::io::stdout().lock();
    match command {
        ListCommand::List => {
            for detector in detect::detectors() {
                let info = detector.info();
                let kinds: Vec<_> = info.kinds.iter().map(|kind| kind.kind).collect();
                writeln!(
                    stdout,
                    "{:24} {} ({})",
                    info.id,
                    info.title,
                    kinds.join(", ")
                )?;
            }
        }
        ListCommand::Explain { id } => {
            let found = detect::detectors()
                .iter()
                .find(|detector| detector.info().id == id);
            let info = found
                .ok_or_else(|| unknown("detector", "detectors", id))?
                .info();
            writeln!(
                stdout,
                "# {} (`{}`)\n\n{}",
                info.title,
                info.id,
                info.explanation.trim()
            )?;
            writeln!(stdout, "\n## Finds\n")?;
            for example in info.examples {
                let level = example.confidence.as_str();
                writeln!(
                    stdout,
                    "- `{}` in «{}»: {}, {level}",
                    example.found, example.text, example.kind
                )?;
            }
            writeln!(stdout, "\n## Passes over\n")?;
            for text in info.counter_examples {
                writeln!(stdout, "- «{text}»")?;
            }
        }
    }
    Ok(Exit::Complete)
}

/// Lists or explains formats.
pub(crate) fn formats(command: &ListCommand) -> anyhow::Result<Exit> {
    let mut stdout = std::io::stdout().lock();
    match command {
        ListCommand::List => {
            for info in extract::formats() {
                writeln!(
                    stdout,
                    "{:14} {:42} {}",
                    info.id,
                    info.title,
                    info.extensions.join(" ")
                )?;
            }
        }
        ListCommand::Explain { id } => {
            let found = extract::formats().find(|info| info.id == id);
            let info = found.ok_or_else(|| unknown("format", "formats", id))?;
            writeln!(
                stdout,
                "{} ({})\n\n{}",
                info.title,
                info.extensions.join(", "),
                info.reads
            )?;
            if info.isolated {
                writeln!(stdout, "\nRead in a child process with bounds of its own.")?;
            }
        }
    }
    Ok(Exit::Complete)
}

fn unknown(what: &str, command: &str, id: &str) -> Refusal {
    let message = format!("there is no {what} `{id}`");
    Refusal::new(message).hint(format!("`sporhund {command} list` names them all"))
}
