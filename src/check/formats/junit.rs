//! `JUnit`'s XML: a test case for each file with findings, one failure for each.

use std::io::{self, Write};

use super::{place_of, told};
use crate::check::{Decision, Found, Report};

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let found: Vec<&Found> = told(report).collect();
    let failures = found
        .iter()
        .filter(|found| found.decision == Decision::Fail)
        .count();
    let tests = found.len().max(1);
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(
        out,
        "<testsuites tests=\"{tests}\" failures=\"{failures}\" errors=\"0\">"
    )?;
    writeln!(
        out,
        "  <testsuite name=\"sporhund check\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\" skipped=\"0\">"
    )?;
    if found.is_empty() {
        writeln!(
            out,
            "    <testcase classname=\"sporhund\" name=\"no personal data\"/>"
        )?;
    }
    for found in found {
        let object = escaped(&found.object);
        let place = found.spot.map_or_else(
            || place_of(found),
            |spot| format!("{}:{}", spot.line, spot.column),
        );
        let (id, place, says) = (
            escaped(&found.kind.id()),
            escaped(&place),
            escaped(found.says()),
        );
        let name = format!("{id} at {place}");
        writeln!(
            out,
            "    <testcase classname=\"{object}\" name=\"{name}\" file=\"{object}\">"
        )?;
        match found.decision {
            Decision::Fail => {
                let kind = found.kind.detector;
                writeln!(
                    out,
                    "      <failure type=\"{kind}\" message=\"{says}\">{object}:{place}: {says}</failure>"
                )?;
            }
            Decision::Warn | Decision::Pass(_) => {
                writeln!(
                    out,
                    "      <system-out>{object}:{place}: {says}</system-out>"
                )?;
            }
        }
        writeln!(out, "    </testcase>")?;
    }
    writeln!(out, "  </testsuite>\n</testsuites>")
}

/// Text for XML 1.0: its signs as references; what XML has no sign for is written out.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            _ if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => {
                safe.extend(c.escape_default());
            }
            _ => safe.push(c),
        }
    }
    safe
}
