//! `.sporhund-baseline.json`: findings that a team knows of, so that only new ones fail.
//!
//! An entry is path, detector, kind, how many, and a [`Tag`] of eight bits for each; nothing in it
//! can be turned back into a value. It has no line, score or time, so that text may move. One entry a
//! line, sorted, and the list ends in `null`, so that every entry's line ends alike and two branches
//! that add entries merge.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Decision, Found, Report, Tag, Why};

/// The name of the file, at the top of a repository.
pub const BASELINE_FILE: &str = ".sporhund-baseline.json";

/// The form that is written and read.
const VERSION: u64 = 1;

/// What is known, by path, detector and kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    entries: BTreeMap<Key, Known>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    path: String,
    detector: String,
    kind: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Known {
    tags: Vec<Tag>,
    note: Note,
}

/// What people say of an entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Note {
    /// Why it may stay.
    pub reason: Option<String>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// Last day on which it may.
    pub until: Option<Date>,
}

/// A line of the file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    path: String,
    detector: String,
    kind: String,
    count: usize,
    tags: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    owner: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    until: Option<Date>,
}

#[derive(Deserialize)]
struct Head {
    version: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    #[serde(rename = "version")]
    _version: u64,
    entries: Vec<Option<Line>>,
}

/// Why a baseline cannot be read.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum BadBaseline {
    /// A merge left its marks.
    #[error("line {0}: a merge left conflict markers")]
    Conflict(usize),
    /// It was written by a later program.
    #[error("version {0} is not known; this program knows version {VERSION}")]
    Version(u64),
    /// It is not what it should be.
    #[error("line {0}: {1}")]
    Malformed(usize, String),
}

/// What a baseline did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// Values that it knows and that are gone.
    pub stale: usize,
    /// Entries that are past their last day.
    pub expired: usize,
}

impl Baseline {
    /// Reads the file's text.
    ///
    /// # Errors
    /// Conflict markers, an unknown version, or anything that is no baseline, with the line.
    pub fn parse(text: &str) -> Result<Self, BadBaseline> {
        let marks = ["<<<<<<<", "|||||||", "=======", ">>>>>>>"];
        let marked = |line: &str| marks.iter().any(|mark| line.starts_with(mark));
        if let Some(at) = text.lines().position(marked) {
            return Err(BadBaseline::Conflict(at + 1));
        }
        let malformed = |error: &serde_json::Error| {
            BadBaseline::Malformed(
                error.line(),
                "this is not an entry of a baseline".to_owned(),
            )
        };
        let head: Head = serde_json::from_str(text).map_err(|error| malformed(&error))?;
        if head.version != VERSION {
            return Err(BadBaseline::Version(head.version));
        }
        let document: Document = serde_json::from_str(text).map_err(|error| malformed(&error))?;
        let mut baseline = Self::default();
        for (at, line) in document.entries.into_iter().enumerate() {
            // The first entry stands on the fourth line.
            line.map_or(Ok(()), |line| baseline.add(line, at + 4))?;
        }
        Ok(baseline)
    }

    fn add(&mut self, line: Line, number: usize) -> Result<(), BadBaseline> {
        let bad = |what: &str| BadBaseline::Malformed(number, what.to_owned());
        let tags: Option<Vec<Tag>> = line.tags.iter().map(|tag| Tag::parse(tag)).collect();
        let tags = tags.ok_or_else(|| bad("a tag is two hexadecimal digits"))?;
        if tags.len() != line.count {
            return Err(bad("there are not as many tags as `count` says"));
        }
        let key = Key {
            path: line.path,
            detector: line.detector,
            kind: line.kind,
        };
        let Line {
            reason,
            owner,
            until,
            ..
        } = line;
        let note = Note {
            reason,
            owner,
            until,
        };
        let known = self.entries.entry(key).or_insert_with(|| Known {
            tags: Vec::new(),
            note,
        });
        // Where a merge kept both sides' entries, what either knew is known.
        known.tags = at_most_of_either(&known.tags, &tags);
        Ok(())
    }

    /// Lets pass what is known, each value as often as it is known, on a day.
    pub fn apply(&self, report: &mut Report, today: Date) -> Applied {
        let mut left: BTreeMap<&Key, Vec<Tag>> = BTreeMap::new();
        let mut applied = Applied::default();
        for (key, known) in &self.entries {
            if known.is_past(today) {
                applied.expired += 1;
            } else {
                left.insert(key, known.tags.clone());
            }
        }
        for found in &mut report.found {
            if matches!(found.decision, Decision::Pass(_)) {
                continue;
            }
            let Some(tags) = left.get_mut(&key_of(found)) else {
                continue;
            };
            let tag = found.value.tag();
            if let Some(at) = tags.iter().position(|known| *known == tag) {
                tags.swap_remove(at);
                found.decision = Decision::Pass(Why::Baseline);
            }
        }
        applied.stale = left.values().map(Vec::len).sum();
        applied
    }

    /// A baseline of all that fails in a report, on a day. What was said of an entry before stays said of it, unless
    /// it is past its last day or has values that were not known: then what `note` says takes the place of that. New
    /// entries get `note`.
    #[must_use]
    pub fn of(report: &Report, before: &Self, note: &Note, today: Date) -> Self {
        let mut baseline = Self::default();
        for found in report.found.iter().filter(|found| found.fails()) {
            let known = baseline.entries.entry(key_of(found)).or_default();
            known.tags.push(found.value.tag());
        }
        for (key, known) in &mut baseline.entries {
            known.tags.sort_unstable();
            known.note = match before.entries.get(key) {
                None => note.clone(),
                Some(old) if old.is_past(today) || !old.covers(&known.tags) => note.over(&old.note),
                Some(old) => old.note.clone(),
            };
        }
        baseline
    }

    /// How many entries are past their last day.
    #[must_use]
    pub fn past(&self, today: Date) -> usize {
        let entries = self.entries.values();
        entries.filter(|known| known.is_past(today)).count()
    }

    /// How many findings it knows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.values().map(|known| known.tags.len()).sum()
    }

    /// Whether it knows none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The text of the file.
    ///
    /// # Errors
    /// None that a baseline of ours can cause.
    pub fn to_text(&self) -> Result<String, serde_json::Error> {
        let mut text = format!("{{\n\"version\": {VERSION},\n\"entries\": [\n");
        for (key, known) in &self.entries {
            let line = Line {
                path: key.path.clone(),
                detector: key.detector.clone(),
                kind: key.kind.clone(),
                count: known.tags.len(),
                tags: known.tags.iter().map(ToString::to_string).collect(),
                reason: known.note.reason.clone(),
                owner: known.note.owner.clone(),
                until: known.note.until,
            };
            text.push_str(&serde_json::to_string(&line)?);
            text.push_str(",\n");
        }
        text.push_str("null\n]\n}\n");
        Ok(text)
    }
}

impl Known {
    fn is_past(&self, today: Date) -> bool {
        self.note.until.is_some_and(|until| until < today)
    }

    /// Whether it has each of these tags, as often.
    fn covers(&self, tags: &[Tag]) -> bool {
        at_most_of_either(&self.tags, tags).len() == self.tags.len()
    }
}

impl Note {
    /// What it says, and of the rest what another one says.
    fn over(&self, other: &Self) -> Self {
        Self {
            reason: self.reason.clone().or_else(|| other.reason.clone()),
            owner: self.owner.clone().or_else(|| other.owner.clone()),
            until: self.until.or(other.until),
        }
    }
}

fn key_of(found: &Found) -> Key {
    Key {
        path: found.object.clone(),
        detector: found.kind.detector.to_owned(),
        kind: found.kind.kind.to_owned(),
    }
}

/// Each tag as often as the list has it that has it more often; sorted.
fn at_most_of_either(one: &[Tag], other: &[Tag]) -> Vec<Tag> {
    let mut missing = other.to_vec();
    for tag in one {
        if let Some(at) = missing.iter().position(|own| own == tag) {
            missing.swap_remove(at);
        }
    }
    missing.extend_from_slice(one);
    missing.sort_unstable();
    missing
}

#[cfg(test)]
mod tests;
