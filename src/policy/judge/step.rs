//! The steps of a judgement, as data. Their words are in `words`.

use jiff::civil::Date;

use super::Deadline;
use crate::policy::Verdict;
use crate::policy::period::Period;

/// What a period was counted from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Basis {
    Event { kind: String, on: Date, id: String },
    Document(Date),
    FiscalYear { end: Date, document: Date },
}

/// One step that led to the verdict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    NothingPersonal,
    Anonymised {
        rule: String,
    },
    Held {
        rule: String,
        kind: String,
        on: Date,
        event: String,
    },
    HoldLifted {
        rule: String,
        event: String,
        on: Date,
    },
    KeepUntil {
        rule: String,
        until: Date,
        norm: String,
        basis: Basis,
    },
    KeepOpen {
        rule: String,
        norm: String,
        waiting: Option<String>,
    },
    Due {
        rule: String,
        basis: Basis,
        period: Period,
        source: String,
        on: Date,
    },
    ConsentKeeps {
        rule: String,
        until: Date,
    },
    Waiting {
        rule: String,
        event: String,
    },
    Suppressed {
        rule: String,
        event: String,
    },
    Ended {
        rule: String,
        on: Date,
        others: Vec<String>,
    },
    Deadline(Deadline),
}

/// Why a person must look.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Review {
    RoleUnknown,
    NoPurpose,
    NoRule {
        purpose: String,
    },
    NoRuleLeft {
        event: String,
    },
    NeverRegistered {
        rule: String,
        period: Period,
    },
    NoKeepDate {
        rule: String,
    },
    NoDate {
        rule: String,
    },
    OpenConsent {
        rule: String,
    },
    ShorterPromise {
        rule: String,
        period: Period,
    },
    KeepOver {
        rule: String,
        on: Date,
    },
    Asked {
        rule: String,
        kind: String,
        on: Date,
    },
    Mixed {
        counts: Vec<(Verdict, usize)>,
    },
    DateUncertain {
        early: Verdict,
        late: Verdict,
        first: Option<Date>,
        last: Date,
    },
    ClassUncertain {
        certainty: f64,
        needed: f64,
    },
    Truncated,
    OutcomeUnknown,
    Content {
        rule: String,
        title: Title,
        findings: Vec<String>,
    },
    HoldToBeLookedAt {
        rule: String,
        until: Date,
    },
    Overdue {
        due: Date,
    },
    NoRequest {
        rule: String,
        event: String,
    },
}

/// What a rule says, in both languages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Title {
    pub en: String,
    pub nb: String,
}

/// Two rules that want different things.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Conflict {
    /// The duty to delete, and its day.
    pub rule: String,
    pub due: Date,
    /// What stands against it, and its last day; without one it has no known end.
    pub against: String,
    pub until: Option<Date>,
    /// A documented exception, not a norm.
    pub exception: bool,
}
