//! For people: a line for each finding, hints, and what passed and why.

use std::collections::BTreeSet;
use std::io::{self, Write};

use super::{Telling, place_of, printable, told};
use crate::check::{Class, Decision, Found, Report, Why, words};

pub(super) fn write(report: &Report, telling: Telling, out: &mut dyn Write) -> io::Result<()> {
    for found in &report.found {
        if telling.passed || !matches!(found.decision, Decision::Pass(_)) {
            line(found, out)?;
        }
    }
    let detectors: BTreeSet<_> = told(report).map(|found| found.kind.detector).collect();
    if !detectors.is_empty() {
        writeln!(out)?;
    }
    for detector in &detectors {
        writeln!(out, "hint: {detector}: {}", words::hint(detector))?;
    }
    if report.found.iter().any(Found::fails) {
        writeln!(out, "hint: {}", words::ELSE)?;
        if telling.committed {
            writeln!(out, "hint: {}", words::HISTORY)?;
        }
        writeln!(out)?;
    }
    totals(report, out)
}

fn line(found: &Found, out: &mut dyn Write) -> io::Result<()> {
    let object = printable(&found.object);
    let verdict = match found.decision {
        Decision::Fail => "fail",
        Decision::Warn => "warn",
        Decision::Pass(_) => "pass",
    };
    let (id, says) = (found.kind.id(), found.says());
    match found.spot {
        Some(spot) => write!(out, "{object}:{}:{}: ", spot.line, spot.column)?,
        None => write!(out, "{object}: {}: ", printable(&place_of(found)))?,
    }
    match found.decision {
        Decision::Pass(why) if why != Why::Nobodys => {
            writeln!(out, "{verdict} {id}: {says} ({})", words::why(why))
        }
        Decision::Fail | Decision::Warn | Decision::Pass(_) => {
            writeln!(out, "{verdict} {id}: {says}")
        }
    }
}

fn totals(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let totals = report.totals();
    let (failed, warned, files) = (totals.failed, totals.warned, report.files);
    let passed = totals
        .passed
        .iter()
        .map(|(class, count)| format!("{count} {}", class.as_str()));
    let allowed = totals
        .allowed
        .iter()
        .map(|(why, count)| format!("{count} {}", words::why(*why)));
    let passed: Vec<String> = passed.chain(allowed).collect();
    write!(
        out,
        "{failed} failed, {warned} warned, {files} files checked"
    )?;
    if passed.is_empty() {
        writeln!(out)?;
    } else {
        writeln!(out, "; passed: {}", passed.join(", "))?;
    }
    if totals.passed.contains_key(&Class::NavOrHospital) {
        writeln!(out, "note: {}", words::NAV_OR_HOSPITAL)?;
    }
    if !report.unread.is_empty() {
        writeln!(out, "{} not read", report.unread.len())?;
    }
    Ok(())
}
