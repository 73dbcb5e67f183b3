//! Which days a document may be from, by its dates and where each comes from (retention model
//! D.4).
//!
//! A date is never made more certain than its source: it stays an interval, and a file time says
//! only that the document is that old or older.

use jiff::civil::{Date, date};

use super::facts::Facts;
use super::period::days_between;
use crate::model::{DateInterval, DateSource};

/// Sources that lie further apart than this are both kept (a starting value, not measured).
const DISAGREEMENT_DAYS: i64 = 92;

/// Days that programs write where they know none: the epochs of Windows, Unix, FAT, OLE and Mac.
const DEFAULTS: [Date; 8] = [
    date(1601, 1, 1),
    date(1969, 12, 31),
    date(1970, 1, 1),
    date(1980, 1, 1),
    date(1899, 12, 30),
    date(1899, 12, 31),
    date(1904, 1, 1),
    date(1900, 1, 1),
];

/// The general order of trust.
const GENERAL: [DateSource; 8] = [
    DateSource::Declared,
    DateSource::Db,
    DateSource::Mail,
    DateSource::Content,
    DateSource::EmbeddedCreated,
    DateSource::EmbeddedModified,
    DateSource::Path,
    DateSource::Mtime,
];

/// The order for accounting material: the law counts from the fiscal year of the transaction.
const ACCOUNTING: [DateSource; 8] = [
    DateSource::Declared,
    DateSource::Db,
    DateSource::Content,
    DateSource::Path,
    DateSource::Mail,
    DateSource::EmbeddedCreated,
    DateSource::EmbeddedModified,
    DateSource::Mtime,
];

/// Classes of accounting material outside `accounting.*`.
const ALSO_ACCOUNTING: [&str; 3] = ["hr.payslip", "hr.timesheet", "hr.staff_list"];

/// What is known of a document's date.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct DocumentDate {
    /// First and last day it may be from; without a first day, that day or any before it.
    pub days: Option<(Option<Date>, Date)>,
    /// The source that was believed.
    pub source: Option<DateSource>,
    /// Remarks on dates that were not.
    pub notes: Vec<DateNote>,
}

/// Why a date was not simply believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum DateNote {
    DefaultValue(DateSource, Date),
    Future(DateSource, Date),
    Suspect(Date, String),
    Disagree(DateSource, DateInterval),
    UpperBoundOnly,
}

/// Finds out what is known of the document's date on the day of judging.
pub(super) fn document_date(facts: &Facts, as_of: Date) -> DocumentDate {
    let mut found = DocumentDate::default();
    let accounting =
        facts.class.starts_with("accounting.") || ALSO_ACCOUNTING.contains(&facts.class.as_str());
    let order = if accounting { ACCOUNTING } else { GENERAL };
    let mut usable: Vec<(DateSource, DateInterval)> = Vec::new();
    for source in order {
        let Some(days) = facts.dates.get(source) else {
            continue;
        };
        match fault(facts, source, days, as_of) {
            Some(note) => found.notes.push(note),
            None => usable.push((source, days)),
        }
    }
    let Some((source, days)) = usable.first().copied() else {
        return found;
    };
    found.source = Some(source);
    if source == DateSource::Mtime {
        found.days = Some((None, days.last));
        found.notes.push(DateNote::UpperBoundOnly);
        return found;
    }
    let mut bounds = days;
    for (other, interval) in usable.into_iter().skip(1) {
        if is_bound_of_its_own(source, other) && gap(days, interval) > DISAGREEMENT_DAYS {
            bounds.first = bounds.first.min(interval.first);
            bounds.last = bounds.last.max(interval.last);
            found.notes.push(DateNote::Disagree(other, interval));
        }
    }
    found.days = Some((Some(bounds.first), bounds.last));
    found
}

/// A file time never speaks against content, and `created` and `modified` are one source of which
/// the first is believed.
fn is_bound_of_its_own(chosen: DateSource, other: DateSource) -> bool {
    match other {
        DateSource::Mtime => false,
        DateSource::EmbeddedModified => chosen != DateSource::EmbeddedCreated,
        DateSource::Declared
        | DateSource::Db
        | DateSource::Mail
        | DateSource::Content
        | DateSource::EmbeddedCreated
        | DateSource::Path => true,
    }
}

fn fault(facts: &Facts, source: DateSource, days: DateInterval, as_of: Date) -> Option<DateNote> {
    if DEFAULTS.contains(&days.first) {
        return Some(DateNote::DefaultValue(source, days.first));
    }
    if days.first > as_of {
        return Some(DateNote::Future(source, days.first));
    }
    if source == DateSource::Mtime {
        let why = facts.dates.mtime_suspect()?;
        return Some(DateNote::Suspect(days.first, why.to_owned()));
    }
    None
}

/// Days between two intervals; 0 where they touch.
fn gap(one: DateInterval, two: DateInterval) -> i64 {
    let forward = days_between(one.last, two.first);
    let backward = days_between(two.last, one.first);
    forward.max(backward).max(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dated(class: &str, dates: &str) -> DocumentDate {
        let json = format!(r#"{{"path": "a", "class": "{class}", "dates": {{{dates}}}}}"#);
        let facts: Facts = serde_json::from_str(&json).unwrap();
        document_date(&facts, date(2026, 11, 22))
    }

    #[test]
    fn the_most_trusted_source_is_believed() {
        let found = dated("x", r#""mail": "2024-05-01", "content": "2024-04-30""#);
        assert_eq!(found.source, Some(DateSource::Mail));
        let found = dated(
            "accounting.voucher",
            r#""mail": "2024-05-01", "path": "2024-04""#,
        );
        assert_eq!(found.source, Some(DateSource::Path));
        let days = Some((Some(date(2024, 4, 1)), date(2024, 4, 30)));
        assert_eq!(found.days, days);
    }

    #[test]
    fn default_values_and_future_dates_are_thrown_away() {
        let found = dated(
            "x",
            r#""embedded": "1980-01-01", "path": "2027", "mtime": "2025-01-01""#,
        );
        assert_eq!(found.days, Some((None, date(2025, 1, 1))));
        assert_eq!(found.notes.len(), 3);
        let found = dated(
            "x",
            r#""mtime": "2024-06-01", "mtime_suspect": "a copy job""#,
        );
        assert_eq!(found.days, None);
    }

    #[test]
    fn sources_that_disagree_are_both_bounds_but_file_times_are_not() {
        let found = dated("x", r#""content": "2023-01-10", "embedded": "2023-04-12""#);
        assert_eq!(
            found.days,
            Some((Some(date(2023, 1, 10)), date(2023, 1, 10)))
        );
        let found = dated("x", r#""content": "2023-01-10", "embedded": "2023-04-13""#);
        assert_eq!(
            found.days,
            Some((Some(date(2023, 1, 10)), date(2023, 4, 13)))
        );
        let found = dated("x", r#""content": "2023-01-10", "mtime": "2025-01-01""#);
        assert_eq!(
            found.days,
            Some((Some(date(2023, 1, 10)), date(2023, 1, 10)))
        );
    }
}
