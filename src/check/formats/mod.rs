//! The forms that a report can be written in. None of them holds a value, not even a masked one:
//! the first digits of a number together with its tag would leave few numbers over.

mod github;
mod gitlab;
mod json;
mod junit;
mod sarif;
mod text;

use std::io::{self, Write};

use super::{Found, Report};
use crate::model::Place;

/// A form of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For people.
    Text,
    /// One JSON document.
    Json,
    /// SARIF 2.1.0.
    Sarif,
    /// `JUnit`'s XML, as CI systems read it.
    Junit,
    /// The code quality report of GitLab.
    Gitlab,
    /// Workflow commands of GitHub Actions, which become annotations.
    Github,
}

/// How much is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Telling {
    /// Whether the text names what passes, each with its class.
    pub passed: bool,
    /// Whether what was found may have been committed already.
    pub committed: bool,
}

impl Format {
    /// Writes the report.
    ///
    /// # Errors
    /// When `out` cannot be written.
    pub fn write(self, report: &Report, telling: Telling, out: &mut dyn Write) -> io::Result<()> {
        match self {
            Self::Text => text::write(report, telling, out),
            Self::Json => json::write(report, out),
            Self::Sarif => sarif::write(report, out),
            Self::Junit => junit::write(report, out),
            Self::Gitlab => gitlab::write(report, out),
            Self::Github => github::write(report, out),
        }
    }
}

/// What counts as a line of a report: what fails and what is said.
fn told(report: &Report) -> impl Iterator<Item = &Found> {
    report
        .found
        .iter()
        .filter(|found| !matches!(found.decision, super::Decision::Pass(_)))
}

/// The file of an object that may lie inside it.
fn file_of(object: &str) -> &str {
    object.split("!/").next().unwrap_or(object)
}

/// Where a finding stands that has no line: in the words of its format.
fn place_of(found: &Found) -> String {
    match &found.place {
        _ if found.start == 0 && found.place.is_none() => "in the path".to_owned(),
        Some(Place::Text { line, .. }) => format!("line {line} of its text"),
        Some(Place::Column { column, row }) if column.is_empty() => format!("row {row}"),
        // The name of a column can hold data where a file has no header.
        Some(Place::Column { row, .. }) => format!("row {row}"),
        Some(Place::Sheet { cell, .. }) => format!("cell {cell}"),
        Some(Place::Page { page }) => format!("page {page}"),
        Some(Place::Part { .. }) => "in a part of the document".to_owned(),
        None => format!("byte {} of its text", found.start),
    }
}

/// Names the finding for as long as the file holds it: the path, the detector, which one of the file
/// it is, and the tag of its value. Never a line, a score or a time.
fn fingerprints(report: &Report) -> Vec<String> {
    let mut ordinals = std::collections::BTreeMap::new();
    let mut names = Vec::new();
    for found in told(report) {
        let (object, detector) = (&found.object, found.kind.detector);
        let ordinal = ordinals.entry((object, detector)).or_insert(0_u64);
        *ordinal += 1;
        names.push(format!(
            "{object}|{detector}|{ordinal}|{}",
            found.value.tag()
        ));
    }
    names
}

/// Text in which nothing can steer a terminal.
fn printable(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        let hidden = matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{061C}' | '\u{FEFF}');
        if c.is_control() || hidden {
            safe.extend(c.escape_default());
        } else {
            safe.push(c);
        }
    }
    safe
}
