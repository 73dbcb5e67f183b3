//! Workflow commands of GitHub Actions: each becomes an annotation at its line.

use std::io::{self, Write};

use super::{file_of, place_of, told};
use crate::check::{Decision, Report};

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    for found in told(report) {
        let level = if found.decision == Decision::Fail {
            "error"
        } else {
            "warning"
        };
        let file = property(file_of(&found.object));
        let spot = found
            .spot
            .map(|spot| format!(",line={},col={}", spot.line, spot.column));
        let spot = spot.unwrap_or_default();
        let place = if spot.is_empty() {
            format!(" ({})", place_of(found))
        } else {
            String::new()
        };
        let title = property(&format!("sporhund: {}", found.kind.id()));
        let says = data(&format!("{}{place}", found.says()));
        writeln!(out, "::{level} file={file}{spot},title={title}::{says}")?;
    }
    for unread in &report.unread {
        let file = property(file_of(&unread.object));
        writeln!(
            out,
            "::warning file={file},title=sporhund::not read: {}",
            unread.cause.as_str()
        )?;
    }
    Ok(())
}

/// Text of a command: percent, carriage return and line feed are its only signs.
fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// Text of a property, where colon and comma are signs too.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
