//! One JSON document with all findings, those that pass included.

use std::io::{self, Write};

use serde_json::{Value, json};

use crate::check::{Decision, Found, Report};

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let totals = report.totals();
    let passed: serde_json::Map<String, Value> = totals
        .passed
        .iter()
        .map(|(class, count)| (class.as_str().to_owned(), json!(count)))
        .collect();
    let allowed: serde_json::Map<String, Value> = totals
        .allowed
        .iter()
        .map(|(why, count)| (why.as_str().to_owned(), json!(count)))
        .collect();
    let unread: Vec<Value> = report
        .unread
        .iter()
        .map(|unread| json!({ "object": unread.object, "cause": unread.cause.as_str() }))
        .collect();
    let document = json!({
        "version": 1,
        "files": report.files,
        "objects": report.objects,
        "links": report.links,
        "failed": totals.failed,
        "warned": totals.warned,
        "passed": passed,
        "allowed": allowed,
        "findings": report.found.iter().map(finding).collect::<Vec<_>>(),
        "unread": unread,
    });
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}

fn finding(found: &Found) -> Value {
    let (decision, why) = match found.decision {
        Decision::Fail => ("fail", None),
        Decision::Warn => ("warn", None),
        Decision::Pass(why) => ("pass", Some(why.as_str())),
    };
    json!({
        "object": found.object,
        "line": found.spot.map(|spot| spot.line),
        "column": found.spot.map(|spot| spot.column),
        "place": super::place_of(found),
        "detector": found.kind.detector,
        "kind": found.kind.kind,
        "confidence": found.confidence,
        "class": found.class.as_str(),
        "decision": decision,
        "why": why,
        "message": found.says(),
    })
}
