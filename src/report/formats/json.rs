//! One JSON document: the totals, and the objects that a person or a program acts on.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::Form;
use super::jsonl::line;
use crate::model::Lang;
use crate::report::escape::for_json;
use crate::report::overview::Overview;
use crate::report::{JudgedObject, Style};

pub(super) const FORM: Json = Json;

/// One JSON document.
pub(super) struct Json;

impl Form for Json {
    fn id(&self) -> &'static str {
        "json"
    }

    fn begin(&self, _: Style, out: &mut dyn Write) -> io::Result<()> {
        write!(out, "{{\"objects\":[")
    }

    fn object(
        &self,
        object: &JudgedObject,
        first: bool,
        _: Style,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let comma = if first { "" } else { "," };
        write!(out, "{comma}\n{}", for_json(&line(object).to_string()))
    }

    fn end(&self, overview: &Overview, style: Style, out: &mut dyn Write) -> io::Result<()> {
        let totals = totals(overview, style.lang);
        let text = for_json(&totals.to_string());
        // The totals are an object of their own; its members follow the objects in this one.
        writeln!(out, "\n],{}", text.strip_prefix('{').unwrap_or(&text))
    }
}

/// The totals: coverage, detectors, verdicts, problems, as `scan --format json` has them.
#[must_use]
pub(in crate::report) fn totals(overview: &Overview, lang: Lang) -> Value {
    let outcome = |name| overview.outcome(name);
    let problems = overview.problems.iter().map(|problem| {
        json!({
            "object": problem.object,
            "outcome": problem.outcome,
            "kind": problem.cause,
            "stage": problem.stage,
            "unread_bytes": problem.unread_bytes,
        })
    });
    let formats = overview.formats.iter().map(|((format, outcome), (objects, bytes))| {
        let format = Some(format).filter(|format| !format.is_empty());
        json!({ "format": format, "outcome": outcome, "objects": objects, "bytes": bytes })
    });
    let open_assumptions = overview.open_assumptions.iter().map(|(id, _)| id);
    let refused = overview.refused_rows.iter();
    let refused = refused.map(|row| json!([row.line, row.why(lang)]));
    json!({
        "coverage": {
            "formats": formats.collect::<Vec<_>>(),
            "discovered": overview.discovered(),
            "scanned": outcome("scanned"),
            "unchanged": outcome("unchanged"),
            "partial": outcome("partial"),
            "skipped": outcome("skipped"),
            "failed": outcome("failed"),
            "bytes": overview.bytes,
            "unread": overview.unread_count(),
            "accepted": overview.accepted,
            "pictures": overview.pictures,
            "without": overview.without,
        },
        "detectors": overview.detectors,
        "low_findings": overview.low_findings,
        "verdicts": overview.verdicts,
        "due_objects": overview.due_objects,
        "violation_objects": overview.violation_objects,
        "open_assumptions": open_assumptions.collect::<Vec<_>>(),
        "due": overview.due,
        "violations": overview.violations,
        "review": overview.review,
        "refused_events": refused.collect::<Vec<_>>(),
        "list_unused": overview.list_unused(lang),
        "problems": problems.collect::<Vec<_>>(),
        "as_of": overview.as_of,
        "interrupted": overview.interrupted,
    })
}
