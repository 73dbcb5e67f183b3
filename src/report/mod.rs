//! Inventory + verdicts → a document.
//!
//! The inventory is read once, object by object in the order of paths; each is judged, told to the
//! form of the report, and counted. No SQL and no printing here: the caller gives the writer.

mod accept;
mod access;
mod backdrop;
mod class_words;
mod copied;
mod counted;
pub mod escape;
mod folders;
mod format_words;
mod formats;
mod gather;
mod judging;
mod layout;
mod overview;
mod paint;
mod path_date;
mod plain;
pub mod reasons;
pub mod records;
pub mod sample;
pub mod spreadsheet;
mod story;
mod story_words;
mod teller;
mod ties;
pub mod trend;
mod words;

use jiff::civil::Date;
use serde::Serialize;

use crate::model::{Category, Confidence, DateInterval, DateSource, Lang, Sample};
use crate::policy::{Judgement, Verdict};

pub use accept::{Accepted, BadGlob};
pub use access::{Access, Names, Reach};
pub use backdrop::{Backdrop, PolicyText, Quote, RuleTold};
pub use class_words::class as class_word;
pub use folders::{Folder, FolderTree, Urgent};
pub use format_words::format as format_word;
pub use formats::{Form, Html, Xlsx};
pub use gather::{Context, Error, FormOf, Part, judge_one, write, write_split};
pub use judging::{JudgedBy, Judging, Known};
pub use layout::{number, shortened, size};
pub use overview::{
    DetectorTotal, FolderTotal, Overview, ProblemObject, RefusedRow, RuleLine, RuleTotal,
};
pub use plain::plain;
pub use story::{place, story};
pub use story_words::{date_source_word, explanation, level as level_word};
pub use ties::word as matched_word;
pub use words::{
    cause as cause_word, detector as detector_word, kind as kind_word, verdict as verdict_word,
};

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
pub fn totals(overview: &Overview, lang: Lang) -> serde_json::Value {
    formats::totals(overview, lang)
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
    /// Whether a terminal takes colours.
    pub colour: bool,
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
    /// How the verdict came about in another language, where the context has a judge for it.
    pub translated: Vec<String>,
    /// Whether it counts as not read, and nobody has accepted it as such.
    pub unread: bool,
    /// Who is responsible: the owner that the site file names for the place, else the account that
    /// owns the file.
    pub owner: Option<String>,
    /// Who can read it; nothing where the system did not say.
    pub access: Option<Access>,
    /// The dates that are known of it, with where each comes from.
    pub dates: Vec<(DateSource, DateInterval)>,
}

impl JudgedObject {
    /// Whether it is due or in violation.
    #[must_use]
    pub fn is_overdue(&self) -> bool {
        let verdict = self.judgement.as_ref().map(|judgement| judgement.verdict);
        matches!(verdict, Some(Verdict::DeleteDue | Verdict::Violation))
    }

    /// Whether something of a special category, or a criminal record, was found in it.
    #[must_use]
    pub fn is_special(&self) -> bool {
        let special = Category::Special.as_str();
        self.findings.iter().any(|found| found.category == special)
    }
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
    /// Sort of data.
    pub category: String,
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
