//! Rows as they are read back: plain data with strings in place of the statics they came from.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use rusqlite::types::Type;
use rusqlite::{Connection, Row};

use crate::model::{
    Category, ClassGuess, Confidence, DateInterval, DateSource, Distinct, Fact, FileStat, Masked,
    Outcome, Problem, ProblemKind, Sample, Stage,
};

/// An object of the inventory's present.
#[derive(Clone, Debug, PartialEq)]
pub struct ObjectRow {
    /// Its number, stable for a top-level file.
    pub id: i64,
    /// The number of the top-level file it is or lies in.
    pub top: i64,
    /// Label of its root.
    pub root: String,
    /// The top-level file's path relative to the root, bytes as they are.
    pub relative: Vec<u8>,
    /// The whole path as it is displayed, `LABEL:rel/path!/member`.
    pub path: String,
    /// How many containers enclose it.
    pub depth: u32,
    /// Its end; what was carried over since it was read to its end is `Unchanged`.
    pub outcome: Outcome,
    /// Format it was read as.
    pub format: Option<String>,
    /// Size on disk or in its container.
    pub bytes: u64,
    /// What the file system said; `None` for members.
    pub stat: Option<FileStat>,
    /// BLAKE3 digest of the content.
    pub content_digest: Option<[u8; 32]>,
    /// Kind of document.
    pub class: Option<ClassGuess>,
    /// Dates it says of itself.
    pub facts: Vec<Fact>,
    /// What was found, by kind and level.
    pub findings: Vec<FindingRow>,
}

/// All hits of one kind at one level in one object.
#[derive(Clone, Debug, PartialEq)]
pub struct FindingRow {
    /// Id of the detector.
    pub detector: String,
    /// Kind within it.
    pub kind: String,
    /// Sort of data.
    pub category: String,
    /// How sure.
    pub confidence: Confidence,
    /// How many hits.
    pub count: u64,
    /// How many different values.
    pub distinct: Distinct,
    /// Words of the evidence.
    pub reasons: Vec<String>,
    /// The first hits, masked.
    pub samples: Vec<Sample>,
}

impl FindingRow {
    /// From this level on a finding counts when objects are judged and told of.
    pub const COUNTS_FROM: Confidence = Confidence::Medium;

    /// `detector` or `detector:kind`, as rules write it.
    #[must_use]
    pub fn id(&self) -> String {
        if self.kind == self.detector {
            self.detector.clone()
        } else {
            format!("{}:{}", self.detector, self.kind)
        }
    }

    /// Whether it counts: sure enough, and of something personal.
    #[must_use]
    pub fn is_personal(&self) -> bool {
        self.confidence >= Self::COUNTS_FROM && self.category != Category::NotPersonal.as_str()
    }
}

/// A stored value that this version cannot have written.
#[derive(Debug)]
struct Odd;

impl fmt::Display for Odd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a stored word is unknown")
    }
}

impl std::error::Error for Odd {}

fn odd(column: usize) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, Type::Text, Box::new(Odd))
}

/// Four columns from `at` on: outcome, problem, stage, position.
pub(super) fn outcome_from(row: &Row<'_>, at: usize) -> rusqlite::Result<Outcome> {
    let name: String = row.get(at)?;
    let (kind, stage): (Option<String>, Option<String>) = (row.get(at + 1)?, row.get(at + 2)?);
    let problem = match (kind, stage) {
        (Some(kind), Some(stage)) => Some(Problem {
            kind: ProblemKind::parse(&kind).ok_or_else(|| odd(at + 1))?,
            stage: Stage::parse(&stage).ok_or_else(|| odd(at + 2))?,
            at: row.get::<_, Option<i64>>(at + 3)?.map(i64::cast_unsigned),
        }),
        _ => None,
    };
    Outcome::from_parts(&name, problem).ok_or_else(|| odd(at))
}

pub(super) fn facts(connection: &Connection, object: i64) -> rusqlite::Result<Vec<Fact>> {
    let mut facts = connection.prepare_cached(
        "SELECT source, first_day, last_day FROM fact WHERE object_id = ?1 ORDER BY ordinal",
    )?;
    let rows = facts.query_map([object], |row| {
        let day = |at: usize| {
            let day: String = row.get(at)?;
            Date::from_str(&day).map_err(|_| odd(at))
        };
        let source: String = row.get(0)?;
        Ok(Fact::Date {
            source: DateSource::parse(&source).ok_or_else(|| odd(0))?,
            interval: DateInterval {
                first: day(1)?,
                last: day(2)?,
            },
        })
    })?;
    rows.collect()
}

pub(super) fn findings(connection: &Connection, object: i64) -> rusqlite::Result<Vec<FindingRow>> {
    let mut findings = connection.prepare_cached(
        "SELECT k.detector, k.kind, k.category, confidence, count, distincts, estimated, reasons,
             f.kind_id
         FROM finding f JOIN kind k ON k.id = f.kind_id WHERE object_id = ?1",
    )?;
    let rows = findings.query_map([object], |row| {
        let level: i64 = row.get(3)?;
        let confidence = usize::try_from(level)
            .ok()
            .and_then(|at| Confidence::ALL.get(at));
        let reasons: String = row.get(7)?;
        let words = reasons.split(',').filter(|word| !word.is_empty());
        Ok(FindingRow {
            detector: row.get(0)?,
            kind: row.get(1)?,
            category: row.get(2)?,
            confidence: *confidence.ok_or_else(|| odd(3))?,
            count: row.get::<_, i64>(4)?.cast_unsigned(),
            distinct: Distinct {
                count: row.get::<_, i64>(5)?.cast_unsigned(),
                estimated: row.get(6)?,
            },
            reasons: words.map(str::to_owned).collect(),
            samples: samples(connection, [object, row.get(8)?, level])?,
        })
    })?;
    // Sorted here: setting up SQLite's sorter for each object would cost more than the query.
    let mut found: Vec<FindingRow> = rows.collect::<rusqlite::Result<_>>()?;
    found.sort_by(|a, b| {
        let by_kind = (&a.detector, &a.kind).cmp(&(&b.detector, &b.kind));
        by_kind.then(b.confidence.cmp(&a.confidence))
    });
    Ok(found)
}

fn samples(connection: &Connection, finding: [i64; 3]) -> rusqlite::Result<Vec<Sample>> {
    let mut samples = connection.prepare_cached(
        "SELECT place, masked FROM sample
         WHERE object_id = ?1 AND kind_id = ?2 AND confidence = ?3 ORDER BY ordinal",
    )?;
    let rows = samples.query_map(finding, |row| {
        let (place, masked): (String, String) = (row.get(0)?, row.get(1)?);
        Ok(Sample {
            place: serde_json::from_str(&place).map_err(|_| odd(0))?,
            masked: Masked::stored(&masked),
        })
    })?;
    rows.collect()
}
