//! SARIF 2.1.0 (OASIS), as code scanning reads it. What passes is not in it: it would become an alert.

use std::collections::BTreeMap;
use std::io::{self, Write};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use super::{file_of, fingerprints, place_of, told};
use crate::check::{Decision, Found, Report, words};
use crate::detect;

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut rules: BTreeMap<&'static str, usize> = BTreeMap::new();
    for found in told(report) {
        rules.insert(found.kind.detector, 0);
    }
    for (at, index) in rules.values_mut().enumerate() {
        *index = at;
    }
    let names = fingerprints(report);
    let results: Vec<Value> = told(report)
        .zip(&names)
        .map(|(found, name)| result(found, name, rules.get(found.kind.detector)))
        .collect();
    let unread: Vec<Value> = report
        .unread
        .iter()
        .map(|unread| {
            let text = format!("{} was not read: {}", unread.object, unread.cause.as_str());
            json!({ "level": "warning", "message": { "text": text } })
        })
        .collect();
    let document = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "sporhund",
                "version": env!("CARGO_PKG_VERSION"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules.keys().map(|id| rule(id)).collect::<Vec<_>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "invocations": [{
                "executionSuccessful": true,
                "toolExecutionNotifications": unread,
            }],
            "results": results,
        }],
    });
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}

fn rule(id: &str) -> Value {
    let known = detect::detectors()
        .iter()
        .find(|detector| detector.info().id == id);
    let title = known.map_or(id, |detector| detector.info().title);
    json!({
        "id": id,
        "shortDescription": { "text": title },
        "help": { "text": words::hint(id) },
    })
}

fn result(found: &Found, name: &str, rule: Option<&usize>) -> Value {
    let level = if found.decision == Decision::Fail {
        "error"
    } else {
        "warning"
    };
    let message = match found.spot {
        Some(_) => found.says().to_owned(),
        None => format!("{} ({})", found.says(), place_of(found)),
    };
    let mut physical = json!({ "artifactLocation": { "uri": uri(file_of(&found.object)) } });
    if let (Some(spot), Some(physical)) = (found.spot, physical.as_object_mut()) {
        let region = json!({ "startLine": spot.line, "startColumn": spot.column });
        physical.insert("region".to_owned(), region);
    }
    let mut location = json!({ "physicalLocation": physical });
    if found.object.contains("!/")
        && let Some(location) = location.as_object_mut()
    {
        let logical = json!([{ "fullyQualifiedName": found.object }]);
        location.insert("logicalLocations".to_owned(), logical);
    }
    json!({
        "ruleId": found.kind.detector,
        "ruleIndex": rule,
        "level": level,
        "message": { "text": message },
        "locations": [location],
        "partialFingerprints": { "sporhund/1": name },
    })
}

/// A path as a relative reference: everything but the unreserved characters and `/` in percents.
fn uri(path: &str) -> String {
    utf8_percent_encode(path, RESERVED).to_string()
}

/// What is neither unreserved nor `/`: RFC 3986, sections 2.3 and 3.3.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'/');
