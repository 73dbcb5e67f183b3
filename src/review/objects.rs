//! The judged objects of a report, kept small enough to look through a hundred thousand of them.
//!
//! It holds what reports show: masked paths, counts, verdicts. Objects with nothing to act on (clean
//! ones, and those that are kept) are counted and left out.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use crate::policy::Verdict;
use crate::report::{Form, JudgedObject, Overview, Style};

/// Objects that are kept at most; further ones are counted.
const MAX_ROWS: usize = 500_000;

/// Rows that one answer holds at most.
const MAX_PAGE: usize = 500;

/// One object, as a list shows it.
#[derive(Clone, Debug, Serialize)]
struct Row {
    number: i64,
    object: String,
    outcome: String,
    problem: Option<String>,
    class: Option<String>,
    bytes: u64,
    verdict: Option<Verdict>,
    due: Option<jiff::civil::Date>,
    rules: Vec<String>,
    found: Vec<(String, u64)>,
}

/// What the list is asked for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Question {
    /// Part of the path, in any case.
    #[serde(default)]
    text: String,
    /// The verdict; empty for all.
    #[serde(default)]
    verdict: String,
    /// A detector that found something; empty for all.
    #[serde(default)]
    detector: String,
    /// The first row, from 0.
    #[serde(default)]
    from: usize,
    /// How many rows, 500 at most.
    #[serde(default)]
    count: usize,
}

/// Rows that fit, and how many there are in all.
#[derive(Debug, Serialize)]
pub(super) struct Listed<'a> {
    total: usize,
    /// Objects that are not in the list, because nothing has to be done about them.
    left_out: u64,
    rows: Vec<&'a Row>,
}

/// The objects that somebody may have to act on, in the order of their paths.
#[derive(Debug, Default)]
pub struct Objects {
    rows: Vec<Row>,
    left_out: u64,
}

impl Objects {
    /// The kinds of what was found in them, by their ids.
    pub(super) fn kinds(&self) -> BTreeSet<&str> {
        let found = self.rows.iter().flat_map(|row| &row.found);
        found.map(|(kind, _)| kind.as_str()).collect()
    }

    /// The classes that they were taken for, by their ids.
    pub(super) fn classes(&self) -> BTreeSet<&str> {
        let classes = self.rows.iter().filter_map(|row| row.class.as_deref());
        classes.collect()
    }

    pub(super) fn answer(&self, question: &Question) -> Listed<'_> {
        let text = question.text.to_lowercase();
        let fits = |row: &&Row| {
            let of_verdict = || {
                row.verdict
                    .is_some_and(|own| own.to_string() == question.verdict)
            };
            let found = || row.found.iter().any(|(id, _)| *id == question.detector);
            (question.verdict.is_empty() || of_verdict())
                && (question.detector.is_empty() || found())
                && (text.is_empty() || row.object.to_lowercase().contains(&text))
        };
        let fitting: Vec<&Row> = self.rows.iter().filter(fits).collect();
        let count = question.count.clamp(1, MAX_PAGE);
        Listed {
            total: fitting.len(),
            left_out: self.left_out,
            rows: fitting
                .into_iter()
                .skip(question.from)
                .take(count)
                .collect(),
        }
    }
}

/// A form of report that keeps the objects instead of writing them.
#[derive(Debug, Default)]
pub struct Gathering(Mutex<Objects>);

impl Gathering {
    /// What was gathered.
    #[must_use]
    pub fn into_objects(self) -> Objects {
        self.0.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Form for Gathering {
    fn id(&self) -> &'static str {
        "review"
    }

    fn begin(&self, _: Style, _: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }

    fn object(
        &self,
        object: &JudgedObject,
        _: bool,
        _: Style,
        _: &mut dyn Write,
    ) -> io::Result<()> {
        let mut objects = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if objects.rows.len() < MAX_ROWS && needs_a_look(object) {
            objects.rows.push(row(object));
        } else {
            objects.left_out += 1;
        }
        Ok(())
    }

    fn end(&self, _: &Overview, _: Style, _: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }
}

/// Whether there is something to act on: found data, a problem, or a verdict other than `keep`.
fn needs_a_look(object: &JudgedObject) -> bool {
    let judged = object.judgement.as_ref().map(|judgement| judgement.verdict);
    !object.findings.is_empty()
        || object.problem.is_some()
        || judged.is_some_and(|verdict| verdict != Verdict::Keep)
}

fn row(object: &JudgedObject) -> Row {
    let judgement = object.judgement.as_ref();
    let rules = judgement.map(|judgement| {
        let decisive = judgement.decisive.iter().chain(&judgement.violations);
        decisive.cloned().collect()
    });
    let mut found: Vec<(String, u64)> = Vec::new();
    for finding in &object.findings {
        match found.iter_mut().find(|(id, _)| *id == finding.detector) {
            Some((_, count)) => *count += finding.count,
            None => found.push((finding.detector.clone(), finding.count)),
        }
    }
    Row {
        number: object.number,
        object: object.shown.clone(),
        outcome: object.outcome.clone(),
        problem: object.problem.as_ref().map(|problem| problem.kind.clone()),
        class: object.class.as_ref().map(|(id, _)| id.clone()),
        bytes: object.bytes,
        verdict: judgement.map(|judgement| judgement.verdict),
        due: judgement.and_then(|judgement| judgement.due),
        rules: rules.unwrap_or_default(),
        found,
    }
}
