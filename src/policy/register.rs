//! The event register: what happened, when, and to whom. Append-only rows; a row that does not
//! hold is refused and kept as data, so that every report can list it.
//!
//! The free text of a row (`note`) is never kept.

use std::collections::HashSet;

use jiff::civil::Date;
use serde::Deserialize;

use super::error::Error;
use super::events::{EventType, Scope, Vocabulary};
use super::globs;
use super::identity_number::looks_like_identity_number;
use super::period::days_between;
use super::refusal::Refusal;

/// Days after which a late registration is listed (retention model D.3: a starting value).
const LATE_DAYS: i64 = 30;

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
    /// Reads `events.csv`: UTF-8, comma or semicolon, with a header row.
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
        let text = text.trim_start_matches('\u{feff}');
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter(text))
            .has_headers(false)
            .flexible(true)
            .trim(csv::Trim::All)
            .from_reader(text.as_bytes());
        let mut rows = reader.records();
        let Some(header) = rows.next() else {
            return Err(Error::whole(name, "no header row"));
        };
        let columns = columns(name, &header.map_err(|error| broken(name, &error))?)?;
        let mut checker = Checker::new(vocabulary, options, true);
        for row in rows {
            let row = row.map_err(|error| broken(name, &error))?;
            let line = row.position().map_or(0, |at| at.line());
            let line = usize::try_from(line).unwrap_or(usize::MAX);
            if row
                .iter()
                .skip(columns.len())
                .any(|field| !field.is_empty())
            {
                let message = format!("{} fields for {} columns", row.len(), columns.len());
                return Err(Error::at_line(name, line, message));
            }
            if row.iter().any(|field| !field.is_empty()) {
                checker.row(line, &columns, &row);
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

/// `;` where the header has more of them than commas.
fn delimiter(text: &str) -> u8 {
    let header = text.lines().next().unwrap_or_default();
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

/// Takes rows one by one and sorts them into those that hold and those that do not.
struct Checker<'a> {
    vocabulary: &'a Vocabulary,
    options: RegisterOptions,
    needs_recorder: bool,
    ids: HashSet<String>,
    rows: Vec<(usize, Event)>,
    register: Register,
}

impl<'a> Checker<'a> {
    fn new(vocabulary: &'a Vocabulary, options: RegisterOptions, needs_recorder: bool) -> Self {
        Self {
            vocabulary,
            options,
            needs_recorder,
            ids: HashSet::new(),
            rows: Vec::new(),
            register: Register::default(),
        }
    }

    fn row(&mut self, line: usize, columns: &[&str], row: &csv::StringRecord) {
        match event_of(columns, row) {
            Ok(event) => self.event(line, event),
            Err((id, why)) => self.refuse(line, id, why),
        }
    }

    fn event(&mut self, line: usize, event: Event) {
        match self.refusal(&event) {
            Some(why) => self.refuse(line, event.id, why),
            None => {
                if !event.id.is_empty() {
                    self.ids.insert(event.id.clone());
                }
                self.rows.push((line, event));
            }
        }
    }

    fn refuse(&mut self, line: usize, event_id: String, why: Refusal) {
        let event_id = if looks_like_identity_number(&event_id) {
            String::new()
        } else {
            event_id
        };
        self.register.refused.push(RefusedRow {
            line,
            event_id,
            why,
        });
    }

    fn refusal(&self, event: &Event) -> Option<Refusal> {
        let Some(kind) = self.vocabulary.get(&event.kind) else {
            let meant = self.vocabulary.nearest(&event.kind).map(str::to_owned);
            return Some(Refusal::UnknownType { meant });
        };
        if self.needs_recorder && event.id.is_empty() {
            return Some(Refusal::NoId);
        }
        if self.ids.contains(&event.id) {
            return Some(Refusal::IdUsedTwice);
        }
        self.scope_refusal(event, kind)
            .or_else(|| self.missing(event, kind))
            .or_else(|| wrong_reason(event, kind))
            .or_else(|| self.void_refusal(event))
    }

    fn scope_refusal(&self, event: &Event, kind: &EventType) -> Option<Refusal> {
        if !kind.scope.is_empty()
            && !kind
                .scope
                .iter()
                .any(|scope| given(event, *scope).is_some())
        {
            let names = kind.scope.iter().map(|scope| scope.as_str()).collect();
            return Some(Refusal::NoScope { names });
        }
        let ids = [&event.subject, &event.process, &event.org, &event.reference];
        if ids
            .into_iter()
            .flatten()
            .any(|id| looks_like_identity_number(id))
        {
            return Some(Refusal::IdentityNumber);
        }
        let pattern = event.path.as_deref()?;
        if !self.options.allow_global && globs::is_whole_root(pattern) {
            return Some(Refusal::WholeRoot);
        }
        globs::compile(pattern).err().map(|_| Refusal::BadGlob)
    }

    fn missing(&self, event: &Event, kind: &EventType) -> Option<Refusal> {
        let lacks = |field: &str| match field {
            "until" => event.until.is_none(),
            "reason" => event.reason.is_none(),
            "voids" => event.voids.is_none(),
            "ref" => event.reference.is_none(),
            "purpose" => event.purpose.is_none(),
            "recorded_by" => self.needs_recorder && event.recorded_by.is_none(),
            _ => false,
        };
        let fields: Vec<String> = kind.required.iter().filter(|f| lacks(f)).cloned().collect();
        (!fields.is_empty()).then(|| Refusal::Missing {
            kind: kind.id.clone(),
            fields,
        })
    }

    fn void_refusal(&self, event: &Event) -> Option<Refusal> {
        let voids = event.voids.as_ref()?;
        (!self.ids.contains(voids)).then_some(Refusal::VoidsUnknown)
    }

    /// Takes back what later rows take back; a row that was itself taken back takes back nothing.
    fn finish(mut self) -> Register {
        let mut gone: HashSet<String> = HashSet::new();
        let mut kept = Vec::new();
        for (line, event) in self.rows.into_iter().rev() {
            if gone.contains(&event.id) && !event.id.is_empty() {
                continue;
            }
            if let Some(voids) = &event.voids {
                gone.insert(voids.clone());
            }
            kept.push((line, event));
        }
        for (line, event) in kept.into_iter().rev() {
            let days = event
                .recorded_on
                .map_or(0, |day| days_between(event.on, day));
            if days > LATE_DAYS {
                self.register.late.push(LateRow {
                    line,
                    event_id: event.id.clone(),
                    days,
                });
            }
            self.register.events.push(event);
        }
        self.register
    }
}

fn wrong_reason(event: &Event, kind: &EventType) -> Option<Refusal> {
    let reason = event.reason.as_ref()?;
    (!kind.reasons.is_empty() && !kind.reasons.contains(reason)).then(|| Refusal::WrongReason {
        allowed: kind.reasons.clone(),
    })
}

/// What an event says for a scope.
fn given(event: &Event, scope: Scope) -> Option<&str> {
    match scope {
        Scope::Path => event.path.as_deref(),
        Scope::Subject => event.subject.as_deref(),
        Scope::Process => event.process.as_deref(),
        Scope::Org => event.org.as_deref(),
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
