//! Rules of retention: reads rule, site and event files, and judges documents by them.
//!
//! Everything here is a pure function of text and facts: files are read, and the day is chosen, by
//! the caller. The model is that of four files with four owners: what was promised (rules), where
//! things lie (site), what happened (events), and what was found (facts).

mod check;
mod classes;
mod document_date;
mod error;
mod events;
mod example;
mod example_file;
mod explain;
mod facts;
mod globs;
mod identity_number;
mod judge;
mod mutate;
mod object_facts;
mod page;
mod period;
mod policy_head;
mod refusal;
mod register;
mod register_check;
mod rule;
mod rule_build;
mod rule_file;
mod rulebook;
mod schema;
mod shipped;
mod site;
mod site_file;
mod statements;
mod suggest;
mod toml_date;
mod upkeep;
mod verdict;

pub use check::{CheckFinding, CheckOptions, CheckReport, Severity, check};
pub use classes::{classes, parse_classes};
pub use error::{Error, toml_told};
pub use events::{EventType, Scope, Vocabulary};
pub use explain::explain;
pub use facts::{
    Case, Dates, Facts, FindingFact, Region, Role, SubjectRef, Transfer, ZoneFacts,
    implied_category,
};
pub use globs::pattern_of;
pub use judge::{
    Deadline, DeadlineStatus, DocumentDay, Ground, GroundEvent, Judge, Judgement, judge_case,
};
pub use mutate::{Mutation, Survivor, mutate};
pub use page::page;
pub use period::Period;
pub use policy_head::{Assumption, Policy, Purpose};
pub use refusal::Refusal;
pub use register::{Event, LateRow, RefusedRow, Register, RegisterOptions, blank_remarks};
pub use rule::Rule;
pub use rule_file::PolicyKind;
pub use rulebook::{Replaced, Rulebook, Source};
pub use schema::{SCHEMAS, schema};
pub use shipped::{shipped, shipped_names};
pub use site::{MonthDay, ReadingGround, Site, SiteFacts, Zone, ZoneMatch};
pub use statements::{Statement, statement_digest, statements};
pub use suggest::{Observed, Suggestion, Suggestions, holds_homes};
pub use toml_date::TomlDate;
pub use upkeep::{Citation, Cited, Covered, Upkeep, quotes, upkeep};
pub use verdict::Verdict;

#[cfg(test)]
mod tests;
