//! What a whole report comes down to: counts, and the first objects of each list.
//!
//! It is gathered object by object while the inventory is read once, so its size does not grow with
//! the inventory.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;

use super::folders::FolderTree;
use super::plain;
use crate::model::Lang;
use crate::policy::Rulebook;

/// How many objects of a list are kept by name; all are counted.
pub(super) const NAMED: usize = 500;

/// How many objects with a problem are kept by name; all are counted.
pub(super) const NAMED_PROBLEMS: usize = 100_000;

/// How many reasons for a review are told apart; objects with others are counted together.
const REASONS: usize = 1000;

/// All that the summary says.
#[derive(Clone, Debug, Default)]
pub struct Overview {
    /// The day that was judged by.
    pub as_of: Option<Date>,
    /// Objects by outcome (`scanned`, `unchanged`, `partial`, `skipped`, `failed`).
    pub outcomes: BTreeMap<String, u64>,
    /// Objects and their bytes by format (empty where none was found out) and outcome; members count
    /// beside the files they lie in.
    pub formats: BTreeMap<(String, String), (u64, u64)>,
    /// Bytes of the files, members not counted again.
    pub bytes: u64,
    /// Objects that were not read and that nobody accepted as such, by cause.
    pub unread: BTreeMap<String, u64>,
    /// The first objects that have a problem of any kind.
    pub problems: Vec<ProblemObject>,
    /// Unread objects that somebody accepted.
    pub accepted: u64,
    /// Pictures and scanned pages whose text was not read.
    pub pictures: u64,
    /// Findings by detector, at or above the level that is reported.
    pub detectors: BTreeMap<String, DetectorTotal>,
    /// Findings below that level.
    pub low_findings: u64,
    /// Objects with findings by folder: the first two components of the path.
    pub folders: BTreeMap<String, FolderTotal>,
    /// Objects with findings by who is responsible; empty for nobody.
    pub owners: BTreeMap<String, FolderTotal>,
    /// All folders with their counts.
    pub tree: FolderTree,
    /// Objects by verdict; empty where no rules were given.
    pub verdicts: BTreeMap<String, u64>,
    /// Objects that are due, violations and all; those under a hold are not.
    pub due_objects: u64,
    /// Objects in which something is violated; those under a hold are not counted.
    pub violation_objects: u64,
    /// The assumptions in the rules that nobody has accepted: their ids, and what they are in the three
    /// languages.
    pub open_assumptions: Vec<(String, [String; 3])>,
    /// What is due, by rule.
    pub due: BTreeMap<String, RuleTotal>,
    /// What is violated, by rule.
    pub violations: BTreeMap<String, RuleTotal>,
    /// What a person has to look at, by reason; objects with rare reasons beyond a thousand
    /// different ones stand under an empty one.
    pub review: BTreeMap<String, RuleTotal>,
    /// Rows of the event register that were refused.
    pub refused_rows: Vec<RefusedRow>,
    /// Why the applicant list was not used where there is one, in each language.
    pub list_unused: Option<[String; 3]>,
    /// Whether the run was stopped before its end.
    pub interrupted: bool,
    /// Ids of the detectors that the run left out.
    pub without: Vec<String>,
}

/// A row of the event register that was refused.
#[derive(Clone, Debug)]
pub struct RefusedRow {
    /// Its line in the file, from 1.
    pub line: usize,
    /// The event and why, in each language.
    pub why: [String; 3],
}

impl Overview {
    /// Why the applicant list was not used where there is one.
    #[must_use]
    pub fn list_unused(&self, lang: Lang) -> Option<&str> {
        let why = self.list_unused.as_ref()?;
        Some(lang.pick(why.each_ref().map(String::as_str)))
    }
}

impl RefusedRow {
    /// The event and why.
    #[must_use]
    pub fn why(&self, lang: Lang) -> &str {
        lang.pick(self.why.each_ref().map(String::as_str))
    }
}

/// What one detector found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct DetectorTotal {
    /// Objects with at least one finding.
    pub objects: u64,
    /// Hits.
    pub findings: u64,
    /// Different values over the whole inventory.
    pub distinct: u64,
}

/// What lies in one folder.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct FolderTotal {
    /// Objects with findings.
    pub objects: u64,
    /// Those of them that are due or in violation.
    pub overdue: u64,
}

/// The objects that one rule has something to say of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct RuleTotal {
    /// What the rule says, for people.
    pub title: String,
    /// All objects.
    pub count: u64,
    /// The first of them.
    pub lines: Vec<RuleLine>,
}

/// One object and what a rule says of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct RuleLine {
    /// The object's path as it may be shown.
    pub object: String,
    /// The day from which it should be gone.
    pub due: Option<Date>,
    /// How the rule came to it, where the explanation says so.
    pub why: Option<String>,
}

/// An object with a problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProblemObject {
    /// The object's path as it may be shown.
    pub object: String,
    /// What it is, by the id of its format; `None` where that was not found out.
    pub format: Option<String>,
    /// `partial`, `skipped` or `failed`.
    pub outcome: String,
    /// The cause.
    pub cause: String,
    /// Where in the work it arose.
    pub stage: String,
    /// How many of its bytes lie behind the place where a bound ended reading; `None` where that is
    /// not known.
    pub unread_bytes: Option<u64>,
    /// Whether it counts as not read: not a link or an excluded path, and not accepted.
    pub unread: bool,
}

impl RuleTotal {
    /// Counts one more object, and keeps it by name while there is room.
    pub(super) fn add(&mut self, title: String, line: RuleLine) {
        self.title = title;
        self.count += 1;
        if self.lines.len() < NAMED {
            self.lines.push(line);
        }
    }
}

impl Overview {
    /// The objects that a person has to look at for this reason.
    pub(super) fn review_total(&mut self, reason: String) -> &mut RuleTotal {
        let room = self.review.len() < REASONS || self.review.contains_key(&reason);
        self.review
            .entry(if room { reason } else { String::new() })
            .or_default()
    }

    /// How many objects were discovered: all outcomes together.
    #[must_use]
    pub fn discovered(&self) -> u64 {
        self.outcomes.values().sum()
    }

    /// How many objects ended so.
    #[must_use]
    pub fn outcome(&self, name: &str) -> u64 {
        self.outcomes.get(name).copied().unwrap_or_default()
    }

    /// How many objects were not read and not accepted as such.
    #[must_use]
    pub fn unread_count(&self) -> u64 {
        self.unread.values().sum()
    }

    /// The first objects that were not read.
    pub fn unread_objects(&self) -> impl Iterator<Item = &ProblemObject> {
        self.problems.iter().filter(|problem| problem.unread)
    }

    /// How many objects got this verdict.
    #[must_use]
    pub fn verdict(&self, name: &str) -> u64 {
        self.verdicts.get(name).copied().unwrap_or_default()
    }
}

/// The assumptions of a rulebook that nobody has accepted: their ids, and what they are in the three languages.
pub(super) fn open_assumptions(book: &Rulebook) -> Vec<(String, [String; 3])> {
    let open = book.assumptions().iter().filter(|one| !one.is_accepted());
    let told = open.map(|one| {
        let told = Lang::ALL.map(|lang| plain(&one.told(lang), lang));
        (one.id.clone(), told)
    });
    told.collect()
}
