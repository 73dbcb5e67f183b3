//! `sporhund detectors` and `sporhund formats`: what the program knows.

use std::io::Write;

use anyhow::Context as _;
use serde_json::json;

use super::args::{FormatsCommand, ListCommand, SummaryFormat};
use super::config::Config;
use super::exit::Exit;
use super::message::Refusal;
use super::own_detectors::Own;
use crate::model::Limits;
use crate::report::escape::for_terminal;
use crate::{detect, extract};

const MIB: u64 = 1024 * 1024;

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
            for (id, title, _) in own()?.list() {
                writeln!(
                    stdout,
                    "{:24} {} (own)",
                    for_terminal(id),
                    for_terminal(title)
                )?;
            }
        }
        ListCommand::Explain { id } => explain(id, &mut stdout)?,
    }
    Ok(Exit::Complete)
}

/// Tells what a detector finds and passes over.
fn explain(id: &str, stdout: &mut dyn Write) -> anyhow::Result<()> {
    let found = detect::detectors()
        .iter()
        .find(|detector| detector.info().id == id);
    if let Some((id, title, regex)) = own()?.list().find(|own| own.0 == id) {
        let (id, title, regex) = (for_terminal(id), for_terminal(title), for_terminal(regex));
        writeln!(
            stdout,
            "# {title} (`{id}`)\n\nFinds `{regex}`, as `sporhund.toml` says."
        )?;
        return Ok(());
    }
    let info = found
        .ok_or_else(|| unknown("detector", "detectors", id))?
        .info();
    write!(stdout, "{}", info.told())?;
    Ok(())
}

/// The detectors of the `sporhund.toml` that applies to the working folder.
fn own() -> anyhow::Result<Own> {
    let working = std::env::current_dir().context("the working folder is not known")?;
    Own::of(&Config::find(None, &working)?)
}

/// Lists or explains formats.
pub(crate) fn formats(command: &FormatsCommand) -> anyhow::Result<Exit> {
    let mut stdout = std::io::stdout().lock();
    match command {
        FormatsCommand::List {
            format: SummaryFormat::Text,
        } => list(&mut stdout)?,
        FormatsCommand::List {
            format: SummaryFormat::Json,
        } => {
            serde_json::to_writer_pretty(&mut stdout, &listed())?;
            writeln!(stdout)?;
        }
        FormatsCommand::Explain { id } => {
            let mut known = extract::formats().chain(extract::unread_kinds());
            let info = known
                .find(|info| info.id == id)
                .ok_or_else(|| unknown("format", "formats", id))?;
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

fn list(out: &mut dyn Write) -> anyhow::Result<()> {
    for info in extract::formats() {
        let extensions = info.extensions.join(" ");
        writeln!(out, "{:14} {:42} {extensions}", info.id, info.title)?;
        writeln!(out, "{:14} {}", "", info.reads)?;
    }
    writeln!(out, "\nKnown by name, and not read:\n")?;
    for info in extract::unread_kinds() {
        writeln!(
            out,
            "{:14} {:42} {}",
            info.id,
            info.title,
            info.extensions.join(" ")
        )?;
    }
    let limits = Limits::default();
    writeln!(
        out,
        "\nLimits of one file with all that is nested in it: {} levels, {} members, {} bytes out of \
         containers for each byte of the file ({} MiB in any case), {} MiB held at once, {} s and {} ms \
         for each MiB; {} s of processor time where more than {} bytes are unpacked, or \
         {} shown on pages, for each byte of the file",
        limits.max_depth,
        limits.max_members,
        limits.max_ratio,
        limits.free_inflated_bytes / MIB,
        limits.max_held_bytes / MIB,
        limits.base_time.as_secs(),
        limits.time_per_mib.as_millis(),
        limits.dense_time.as_secs(),
        limits.dense_ratio,
        limits.drawn_ratio,
    )?;
    Ok(())
}

/// `formats`: one object each, `read` false where only the name is told; `limits`: sizes in bytes,
/// times in milliseconds.
fn listed() -> serde_json::Value {
    let one = |info: &extract::FormatInfo, read: bool| {
        json!({
            "id": info.id, "title": info.title, "extensions": info.extensions, "reads": info.reads,
            "version": info.version, "isolated": info.isolated, "read": read,
        })
    };
    let read = extract::formats().map(|info| one(info, true));
    let known = extract::unread_kinds().map(|info| one(info, false));
    let limits = Limits::default();
    json!({
        "formats": read.chain(known).collect::<Vec<_>>(),
        "limits": {
            "depth": limits.max_depth,
            "members": limits.max_members,
            "ratio": limits.max_ratio,
            "free_inflated_bytes": limits.free_inflated_bytes,
            "held_bytes": limits.max_held_bytes,
            "dense_ratio": limits.dense_ratio,
            "drawn_ratio": limits.drawn_ratio,
            "dense_time_ms": u64::try_from(limits.dense_time.as_millis()).unwrap_or(u64::MAX),
            "base_time_ms": u64::try_from(limits.base_time.as_millis()).unwrap_or(u64::MAX),
            "time_per_mib_ms": u64::try_from(limits.time_per_mib.as_millis()).unwrap_or(u64::MAX),
        },
    })
}

fn unknown(what: &str, command: &str, id: &str) -> Refusal {
    let message = format!("there is no {what} `{id}`");
    Refusal::new(message).hint(format!("`sporhund {command} list` names them all"))
}
