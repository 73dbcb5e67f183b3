//! GitLab's code quality report: the fields that its documentation names.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::{file_of, fingerprints, place_of, told};
use crate::check::{Decision, Found, Report};

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let names = fingerprints(report);
    let issues: Vec<Value> = told(report)
        .zip(&names)
        .map(|(found, name)| issue(found, name))
        .collect();
    serde_json::to_writer_pretty(&mut *out, &issues)?;
    writeln!(out)
}

fn issue(found: &Found, name: &str) -> Value {
    let description = match found.spot {
        Some(_) => found.says().to_owned(),
        None => format!("{} ({})", found.says(), place_of(found)),
    };
    // The name holds no more than it says, so hashing it only shortens it.
    let fingerprint = blake3::hash(name.as_bytes()).to_hex();
    json!({
        "description": description,
        "check_name": found.kind.detector,
        "fingerprint": fingerprint.as_str(),
        "severity": if found.decision == Decision::Fail { "major" } else { "minor" },
        "location": {
            "path": file_of(&found.object),
            "lines": { "begin": found.spot.map_or(1, |spot| spot.line) },
        },
    })
}
