//! A row for each object, for a spreadsheet.

use std::io::{self, Write};

use super::Form;
use crate::report::escape::for_csv;
use crate::report::overview::Overview;
use crate::report::{JudgedObject, Style, spreadsheet};

pub(super) const FORM: Csv = Csv;

/// A table with a row for each object.
pub(super) struct Csv;

const HEAD: [&str; 15] = [
    "object",
    "outcome",
    "problem",
    "format",
    "class",
    "bytes",
    "findings",
    "detectors",
    "verdict",
    "due",
    "rules",
    "violations",
    "owner",
    "mode",
    "group",
];

impl Form for Csv {
    fn id(&self) -> &'static str {
        "csv"
    }

    fn begin(&self, _: Style, out: &mut dyn Write) -> io::Result<()> {
        let mut rows = spreadsheet::csv(out)?;
        rows.write_record(HEAD)?;
        rows.flush()
    }

    fn object(
        &self,
        object: &JudgedObject,
        _: bool,
        _: Style,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let mut detectors: Vec<String> =
            object.findings.iter().map(|found| found.detector.clone()).collect();
        detectors.dedup();
        let count: u64 = object.findings.iter().map(|found| found.count).sum();
        let (judgement, access) = (object.judgement.as_ref(), object.access.as_ref());
        row(
            &[
                for_csv(&object.shown),
                object.outcome.clone(),
                object.problem.as_ref().map(|problem| problem.kind.clone()).unwrap_or_default(),
                object.format.clone().unwrap_or_default(),
                object.class.as_ref().map(|(id, _)| for_csv(id)).unwrap_or_default(),
                object.bytes.to_string(),
                count.to_string(),
                detectors.join(" "),
                judgement.map(|judgement| judgement.verdict.to_string()).unwrap_or_default(),
                judgement.and_then(|judgement| judgement.due).map(|due| due.to_string()).unwrap_or_default(),
                judgement.map(|judgement| judgement.rules.join(" ")).unwrap_or_default(),
                judgement.map(|judgement| judgement.violations.join(" ")).unwrap_or_default(),
                for_csv(object.owner.as_deref().unwrap_or_default()),
                access.map(|access| format!("{:04o}", access.mode)).unwrap_or_default(),
                access.map(|access| for_csv(&access.group)).unwrap_or_default(),
            ],
            out,
        )
    }

    fn end(&self, _: &Overview, _: Style, _: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }
}

fn row(fields: &[String], out: &mut dyn Write) -> io::Result<()> {
    let mut rows = spreadsheet::more(Vec::new());
    rows.write_record(fields)?;
    let bytes = rows.into_inner().map_err(|error| io::Error::other(error.error().kind().to_string()))?;
    out.write_all(&bytes)
}
