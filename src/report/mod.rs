//! Inventory + verdicts → a document.
//!
//! The inventory is read once, object by object in the order of paths; each is judged, told to the
//! form of the report, and counted. No SQL and no printing here: the caller gives the writer.

mod accept;
mod copied;
pub mod escape;
mod formats;
mod gather;
mod judging;
mod layout;
mod overview;
mod path_date;
mod plain;
pub mod sample;
mod words;

use jiff::civil::Date;
use serde::Serialize;

use crate::model::{Confidence, Lang, Sample};
use crate::policy::Judgement;

pub use accept::{Accepted, BadGlob};
pub use formats::Form;
pub use gather::{Context, Error, judge_one, write};
pub use judging::Judging;
pub use overview::{DetectorTotal, FolderTotal, Overview, ProblemObject, RuleLine, RuleTotal};

/// The form of report with this id (`summary`, `json`, `jsonl`, `csv`).
#[must_use]
pub fn form(id: &str) -> Option<&'static dyn Form> {
    formats::ALL.iter().copied().find(|form| form.id() == id)
}

/// One object in the JSON shape of `scan --findings`.
#[must_use]
pub fn object(object: &JudgedObject) -> serde_json::Value {
    formats::object(object)
}

/// The totals of a report in the JSON shape of `scan --format json`.
#[must_use]
pub fn totals(overview: &Overview) -> serde_json::Value {
    formats::totals(overview)
}

/// How a report speaks.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// The language.
    pub lang: Lang,
    /// The lowest level that is reported; lower findings are counted apart.
    pub min_confidence: Confidence,
    /// Whether paths are shown whole, with the personal data that stands in them.
    pub show_paths: bool,
    /// The day that is judged by.
    pub as_of: Date,
    /// Whether the summary tells objects and bytes by format and outcome.
    pub explain_coverage: bool,
}

/// An object as a report shows it.
#[derive(Clone, Debug)]
pub struct JudgedObject {
    /// Its number in the inventory.
    pub number: i64,
    /// Its path, as it may be shown.
    pub shown: String,
    /// `scanned`, `unchanged`, `partial`, `skipped` or `failed`.
    pub outcome: String,
    /// Why it was not read to its end.
    pub problem: Option<ProblemRow>,
    /// Id of the format it was read as.
    pub format: Option<String>,
    /// Class of document and certainty from 0 to 1.
    pub class: Option<(String, f64)>,
    /// Size in bytes.
    pub bytes: u64,
    /// What was found at the levels that are reported.
    pub findings: Vec<FoundRow>,
    /// What the rules say of it; nothing where no rules were given or it was not read at all.
    pub judgement: Option<Judgement>,
}

/// Why an object was not read to its end.
#[derive(Clone, Debug, Serialize)]
pub struct ProblemRow {
    /// The cause.
    pub kind: String,
    /// Where in the work it arose.
    pub stage: String,
}

/// One finding of an object.
#[derive(Clone, Debug)]
pub struct FoundRow {
    /// Detector.
    pub detector: String,
    /// Kind within the detector.
    pub kind: String,
    /// Level.
    pub confidence: Confidence,
    /// Hits.
    pub count: u64,
    /// Different values.
    pub distinct: u64,
    /// Whether `distinct` is an estimate.
    pub estimated: bool,
    /// Words of the evidence.
    pub reasons: Vec<String>,
    /// The first hits, masked.
    pub samples: Vec<Sample>,
}
