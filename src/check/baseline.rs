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

#[derive(Clone, Debug, PartialEq, Eq)]
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
            if known.note.until.is_some_and(|until| until < today) {
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

    /// A baseline of all that fails in a report. What was said of entries before stays said of them;
    /// new ones get `note`.
    #[must_use]
    pub fn of(report: &Report, before: &Self, note: &Note) -> Self {
        let mut baseline = Self::default();
        for found in report.found.iter().filter(|found| found.fails()) {
            let key = key_of(found);
            let note = before.entries.get(&key).map_or(note, |known| &known.note);
            let new = || Known {
                tags: Vec::new(),
                note: note.clone(),
            };
            baseline
                .entries
                .entry(key)
                .or_insert_with(new)
                .tags
                .push(found.value.tag());
        }
        for known in baseline.entries.values_mut() {
            known.tags.sort_unstable();
        }
        baseline
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
mod tests {
    use super::*;
    use crate::check::{Class, Value, class_of_number};
    use crate::detect;
    use crate::model::{Confidence, Kind};
    use jiff::civil::date;
    use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};

    const TODAY: Date = date(2026, 11, 24);

    fn kind() -> &'static Kind {
        let mut all = detect::detectors().iter();
        all.find_map(|own| {
            own.info()
                .kinds
                .iter()
                .find(|kind| kind.kind == "fodselsnummer")
        })
        .unwrap()
    }

    fn report(numbers: &[String]) -> Report {
        let found = |number: &String| Found {
            object: "a.csv".to_owned(),
            file: b"a.csv".to_vec(),
            kind: kind(),
            confidence: Confidence::High,
            class: Class::Issuable,
            decision: Decision::Fail,
            spot: None,
            place: None,
            start: 0,
            span: None,
            value: Value::new("fodselsnummer", number),
            written: number.as_str().into(),
        };
        Report {
            found: numbers.iter().map(found).collect(),
            ..Report::default()
        }
    }

    /// Eleven digits from a counter, spread over all there are.
    fn digits(n: u64) -> String {
        let spread = n.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 16;
        format!("{:011}", spread % 100_000_000_000)
    }

    #[test]
    fn a_person_in_the_place_of_another_is_noticed() {
        let mut noticed = 0;
        for trial in 0..10_000 {
            let mut numbers: Vec<String> = (0..5).map(|n| digits(trial * 10 + n)).collect();
            let note = Note::default();
            let baseline = Baseline::of(&report(&numbers), &Baseline::default(), &note);
            numbers[2] = digits(trial * 10 + 7);
            numbers.reverse();
            let mut later = report(&numbers);
            baseline.apply(&mut later, TODAY);
            noticed += usize::from(later.totals().failed > 0);
        }
        assert!(noticed >= 9_900, "only {noticed} of 10000");
        assert!(
            noticed < 10_000,
            "a tag that tells all persons apart gives them away"
        );
    }

    /// Every seventh day of the register's centuries stands for its week.
    #[test]
    fn trying_all_numbers_leaves_a_hundred_thousand() {
        let wanted = Value::new("fodselsnummer", "15108695088").tag();
        let days = date(1854, 1, 1).series(jiff::Span::new().days(7));
        let days: Vec<Date> = days.take_while(|day| day.year() < 2040).collect();
        let of_day = |day: Date| {
            let written = format!("{:02}{:02}{:02}", day.day(), day.month(), day.year() % 100);
            let mut left = 0_usize;
            for individual in 0..1000 {
                let number = format!("{written}{individual:03}");
                let mut all: [u8; 11] = [0; 11];
                number
                    .bytes()
                    .zip(&mut all)
                    .for_each(|(byte, digit)| *digit = byte - b'0');
                let rest = |all: &[u8; 11], weights: &[u16]| {
                    let sum: u16 = all
                        .iter()
                        .zip(weights)
                        .map(|(d, w)| u16::from(*d) * w)
                        .sum();
                    (11 - sum % 11) % 11
                };
                let first = rest(&all, &[3, 7, 6, 1, 8, 9, 4, 5, 2]);
                all[9] = u8::try_from(first).unwrap();
                let second = rest(&all, &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2]);
                all[10] = u8::try_from(second).unwrap();
                let century = match (individual, day.year() % 100) {
                    (0..=499, _) | (900.., 40..) => 1900,
                    (500..=749, 54..) => 1800,
                    (500.., 0..=39) => 2000,
                    _ => 0,
                };
                if first == 10 || second == 10 || day.year() - day.year() % 100 != century {
                    continue;
                }
                let value = Value::new("fodselsnummer", &format!("{number}{first}{second}"));
                left += usize::from(value.tag() == wanted);
                if individual == 7 {
                    assert!(class_of_number(all, TODAY).is_some(), "{number}");
                }
            }
            left
        };
        let left: usize = days.into_par_iter().map(of_day).sum();
        assert!(left * 7 >= 100_000, "only {}", left * 7);
    }

    #[test]
    fn what_is_read_is_what_was_written() {
        let numbers: Vec<String> = (0..3).map(digits).collect();
        let note = Note {
            reason: Some("fra 2019".to_owned()),
            owner: Some("lag-a".to_owned()),
            until: Some(date(2026, 12, 31)),
        };
        let baseline = Baseline::of(&report(&numbers), &Baseline::default(), &note);
        let text = baseline.to_text().unwrap();
        assert_eq!(Baseline::parse(&text), Ok(baseline.clone()));
        assert_eq!(text.lines().count(), 7, "{text}");
        let again = Baseline::of(&report(&numbers), &baseline, &Note::default());
        assert_eq!(again, baseline, "what was said of an entry stays");
        let mut later = report(&numbers);
        let applied = baseline.apply(&mut later, date(2027, 1, 1));
        assert_eq!((applied.expired, later.totals().failed), (1, 3));
        let mut one = report(&numbers[..1]);
        assert_eq!(baseline.apply(&mut one, TODAY).stale, 2);
    }

    #[test]
    fn broken_files_are_refused_with_their_line() {
        let entry = r#"{"path":"a","detector":"email","kind":"personal","count":1,"tags":["0f"]}"#;
        let file = |body: &str| format!("{{\n\"version\": 1,\n\"entries\": [\n{body}null\n]\n}}\n");
        let marked = file(&format!("<<<<<<< HEAD\n{entry},\n=======\n>>>>>>> b\n"));
        assert_eq!(Baseline::parse(&marked), Err(BadBaseline::Conflict(4)));
        let later = file("").replace("1,", "2,");
        assert_eq!(Baseline::parse(&later), Err(BadBaseline::Version(2)));
        let both = file(&format!("{entry},\n{},\n", entry.replace("0f", "aa")));
        assert_eq!(
            Baseline::parse(&both).unwrap().len(),
            2,
            "a union of two sides"
        );
        for (from, to) in [
            ("\"count\":1", "\"count\":2"),
            ("0f", "0x"),
            ("\"kind\"", "\"sort\""),
        ] {
            let bad = Baseline::parse(&file(&format!("{},\n", entry.replace(from, to))));
            assert!(
                matches!(bad, Err(BadBaseline::Malformed(4, _))),
                "{to}: {bad:?}"
            );
        }
    }
}
