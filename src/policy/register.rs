//! The event register: what happened, when, and to whom. Append-only rows; a row that does not
//! hold is refused and kept as data, so that every report can list it.
//!
//! The free text of a row (`note`) is never kept.

use std::borrow::Cow;

use jiff::civil::Date;
use serde::Deserialize;

use super::error::Error;
use super::events::Vocabulary;
use super::refusal::Refusal;
use super::register_check::Checker;

/// Columns of `events.csv`.
const COLUMNS: &[&str] = &[
    "event_id",
    "event_type",
    "occurred_on",
    "recorded_on",
    "recorded_by",
    "path",
    "subject",
    "process",
    "org",
    "purpose",
    "until",
    "reason",
    "ref",
    "voids",
    "note",
];
/// Columns without which a register cannot be read.
const NEEDED: &[&str] = &["event_id", "event_type", "occurred_on"];

/// One event.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// Unique id.
    #[serde(default)]
    pub id: String,
    /// The day it became true.
    pub on: Date,
    /// Type, such as `hiring_round_closed`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Path glob.
    #[serde(default)]
    pub path: Option<String>,
    /// Internal id of a person.
    #[serde(default)]
    pub subject: Option<String>,
    /// Hiring round, course or case.
    #[serde(default)]
    pub process: Option<String>,
    /// Customer.
    #[serde(default)]
    pub org: Option<String>,
    /// The one purpose it concerns.
    #[serde(default)]
    pub purpose: Option<String>,
    /// End of a consent or exception; day on which a hold is looked at again.
    #[serde(default)]
    pub until: Option<Date>,
    /// Reason of an exception or refusal.
    #[serde(default)]
    pub reason: Option<String>,
    /// Case number; pairs a hold with its end.
    #[serde(default, rename = "ref")]
    pub reference: Option<String>,
    /// Id of the row that this one takes back.
    #[serde(default)]
    pub voids: Option<String>,
    /// The day the row was written.
    #[serde(default)]
    pub recorded_on: Option<Date>,
    /// Who vouches for it.
    #[serde(default)]
    pub recorded_by: Option<String>,
}

/// The rows that count, and those that do not.
#[derive(Clone, Debug, Default)]
pub struct Register {
    /// Events that hold: neither refused nor taken back, in the order of the file.
    pub events: Vec<Event>,
    /// Rows that do not exist for judging.
    pub refused: Vec<RefusedRow>,
    /// Rows that were written more than 30 days after the fact.
    pub late: Vec<LateRow>,
}

/// A row that was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedRow {
    /// Line in the file, from 1; for events given as JSON the place in the list.
    pub line: usize,
    /// Id of the event; empty where it has none.
    pub event_id: String,
    /// Why.
    pub why: Refusal,
}

/// A row that was written long after the fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LateRow {
    /// Line in the file, from 1.
    pub line: usize,
    /// Id of the event.
    pub event_id: String,
    /// Days between the fact and the row.
    pub days: i64,
}

/// How a register is read.
#[derive(Clone, Copy, Debug, Default)]
pub struct RegisterOptions {
    /// Accept path globs that cover a whole root.
    pub allow_global: bool,
}

impl Register {
    /// Reads `events.csv`: UTF-8, comma or semicolon, with a header row, perhaps after
    /// [remarks](blank_remarks).
    ///
    /// # Errors
    /// An unknown, doubled or missing column, or a row with more fields than columns, with file and
    /// line.
    pub fn parse(
        name: &str,
        text: &str,
        vocabulary: &Vocabulary,
        options: RegisterOptions,
    ) -> Result<Self, Error> {
        let text = &*blank_remarks(text);
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter(text))
            .has_headers(false)
            .flexible(true)
            .trim(csv::Trim::All)
            .from_reader(text.as_bytes());
        let mut lines = Lines::new(text);
        let mut rows = reader.records();
        let Some(header) = rows.next() else {
            return Err(Error::whole(name, "no header row"));
        };
        let columns = columns(name, &header.map_err(|error| broken(name, &error))?)?;
        let mut checker = Checker::new(vocabulary, options, true);
        for row in rows {
            let row = row.map_err(|error| broken(name, &error))?;
            let line = lines.of(&row);
            if row
                .iter()
                .skip(columns.len())
                .any(|field| !field.is_empty())
            {
                let message = format!("{} fields for {} columns", row.len(), columns.len());
                return Err(Error::at_line(name, line, message));
            }
            if row.iter().any(|field| !field.is_empty()) {
                match event_of(&columns, &row) {
                    Ok(event) => checker.event(line, event),
                    Err((id, why)) => checker.refuse(line, id, why),
                }
            }
        }
        Ok(checker.finish())
    }

    /// Checks events that were given as data. That nobody is named as `recorded_by` is accepted.
    #[must_use]
    pub fn from_events(
        events: &[Event],
        vocabulary: &Vocabulary,
        options: RegisterOptions,
    ) -> Self {
        let mut checker = Checker::new(vocabulary, options, false);
        for (at, event) in events.iter().enumerate() {
            checker.event(at + 1, event.clone());
        }
        checker.finish()
    }

    /// Joins another register's rows to these.
    #[must_use]
    pub fn merged(mut self, other: Self) -> Self {
        self.events.extend(other.events);
        self.refused.extend(other.refused);
        self.late.extend(other.late);
        self
    }
}

/// Counts lines along with the rows. The CSV reader's own count is one short after `\r\n`.
struct Lines<'t> {
    text: &'t [u8],
    at: usize,
    line: usize,
}

impl<'t> Lines<'t> {
    fn new(text: &'t str) -> Self {
        Self {
            text: text.as_bytes(),
            at: 0,
            line: 1,
        }
    }

    /// The line (from 1) on which a row begins; rows are asked for in their order.
    fn of(&mut self, row: &csv::StringRecord) -> usize {
        let start = row.position().map_or(0, csv::Position::byte);
        let start = usize::try_from(start).unwrap_or(usize::MAX);
        while let Some(byte) = self.text.get(self.at) {
            let before = self.at < start || matches!(byte, b'\r' | b'\n');
            if !before {
                break;
            }
            self.line += usize::from(*byte == b'\n');
            self.at += 1;
        }
        self.line
    }
}

/// The text of a register without a byte order mark, and with empty lines in place of those before
/// the header that begin with `#`. Further down such a line is a row like any other, so that none is
/// lost.
#[must_use]
pub fn blank_remarks(text: &str) -> Cow<'_, str> {
    let text = text.trim_start_matches('\u{feff}');
    let remarks = text
        .lines()
        .take_while(|line| line.starts_with('#'))
        .count();
    if remarks == 0 {
        return Cow::Borrowed(text);
    }
    let rest = text.split_inclusive('\n').skip(remarks);
    Cow::Owned("\n".repeat(remarks) + &rest.collect::<String>())
}

/// `;` where the header has more of them than commas.
fn delimiter(text: &str) -> u8 {
    let header = text.trim_start().lines().next().unwrap_or_default();
    if header.matches(';').count() > header.matches(',').count() {
        b';'
    } else {
        b','
    }
}

fn broken(name: &str, error: &csv::Error) -> Error {
    let line = error.position().map_or(0, csv::Position::line);
    let line = usize::try_from(line).unwrap_or(usize::MAX);
    Error::at_line(name, line, "the row is not CSV in UTF-8")
}

/// The columns by their names, in the order of the file.
fn columns(name: &str, header: &csv::StringRecord) -> Result<Vec<&'static str>, Error> {
    let mut columns: Vec<&'static str> = Vec::new();
    for given in header {
        let given = given.to_lowercase();
        let Some(known) = COLUMNS.iter().find(|known| **known == given) else {
            let error = Error::at_line(name, 1, format!("unknown column `{given}`"));
            return Err(
                match super::error::nearest(&given, COLUMNS.iter().copied()) {
                    Some(word) => error.hint(format!("did you mean `{word}`?")),
                    None => error.hint(format!("columns are `{}`", COLUMNS.join("`, `"))),
                },
            );
        };
        if columns.contains(known) {
            return Err(Error::at_line(
                name,
                1,
                format!("column `{known}` is given twice"),
            ));
        }
        columns.push(known);
    }
    match NEEDED.iter().find(|needed| !columns.contains(needed)) {
        Some(missing) => Err(Error::at_line(name, 1, format!("no column `{missing}`"))),
        None => Ok(columns),
    }
}

fn event_of(columns: &[&str], row: &csv::StringRecord) -> Result<Event, (String, Refusal)> {
    let field = |name: &str| {
        let at = columns.iter().position(|column| *column == name)?;
        row.get(at).filter(|text| !text.is_empty())
    };
    let text = |name: &str| field(name).map(str::to_owned);
    let id = text("event_id").unwrap_or_default();
    let date = |name: &'static str| match field(name) {
        None => Ok(None),
        Some(text) => match text.parse::<Date>() {
            Ok(date) => Ok(Some(date)),
            Err(_) => Err((id.clone(), Refusal::BadDate { column: name })),
        },
    };
    let Some(on) = date("occurred_on")? else {
        return Err((id.clone(), Refusal::NoDate));
    };
    Ok(Event {
        on,
        until: date("until")?,
        recorded_on: date("recorded_on")?,
        kind: text("event_type").unwrap_or_default(),
        path: text("path"),
        subject: text("subject"),
        process: text("process"),
        org: text("org"),
        purpose: text("purpose"),
        reason: text("reason"),
        reference: text("ref"),
        voids: text("voids"),
        recorded_by: text("recorded_by"),
        id,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "event_id;event_type;occurred_on;recorded_on;recorded_by;path;subject;\
                        process;org;purpose;until;reason;ref;voids;note";

    fn read(rows: &[&str]) -> Register {
        let text = format!("\u{feff}{HEAD}\r\n{}\r\n", rows.join("\r\n"));
        let vocabulary = Vocabulary::shipped().unwrap();
        Register::parse("events.csv", &text, &vocabulary, RegisterOptions::default()).unwrap()
    }

    #[test]
    fn rows_that_do_not_hold_are_refused_and_the_others_count() {
        let register = read(&[
            "E1;hiring_round_closed;2026-03-01;2026-03-02;hr;hr/r1/**;;;;;;;;;",
            "E2;hiring_round_closed;2026-03-01;;hr;;;;;;;;;;",
            "E3;hiring_round_closd;2026-03-01;;hr;hr/r1/**;;;;;;;;;",
            "E4;hiring_round_closed;1.3.2026;;hr;hr/r1/**;;;;;;;;;",
            "E5;hiring_round_closed;2026-03-01;;hr;**;;;;;;;;;",
            "E1;hiring_round_closed;2026-03-01;;hr;hr/r1/**;;;;;;;;;",
            "E7;exception_granted;2026-03-01;;;;user:1;;;;2027-01-01;legal;;;",
            "E8;correction;2026-03-01;;hr;;;;;;;;;E99;",
            "E9;candidate_hired;2026-03-01;2026-06-01;hr;;cand:1;;;;;;;;a note",
        ]);
        let ids: Vec<&str> = register.events.iter().map(|e| e.id.as_str()).collect();
        assert_eq!(ids, ["E1", "E9"]);
        let refused: Vec<usize> = register.refused.iter().map(|row| row.line).collect();
        assert_eq!(refused, [3, 4, 5, 6, 7, 8, 9]);
        let meant = Some("hiring_round_closed".to_owned());
        assert_eq!(register.refused[1].why, Refusal::UnknownType { meant });
        assert_eq!(register.late[0].days, 92);
    }

    #[test]
    fn a_broken_file_is_an_error_with_its_line() {
        let vocabulary = Vocabulary::shipped().unwrap();
        let parse = |text: &str| {
            Register::parse("e.csv", text, &vocabulary, RegisterOptions::default()).unwrap_err()
        };
        let error = parse("event_id,event_typ,occurred_on\n");
        assert_eq!(
            (error.line, error.hint.as_deref()),
            (1, Some("did you mean `event_type`?"))
        );
        let error = parse("event_id,event_type,occurred_on\nE1,x,2026-01-01,surplus\n");
        assert_eq!(error.line, 2);
        assert_eq!(
            parse("event_id,event_type\n").message,
            "no column `occurred_on`"
        );
        assert_eq!(parse("").message, "no header row");
    }
}
