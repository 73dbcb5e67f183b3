//! What may not lie in a repository: the findings of each file → what fails, what is said, what
//! passes.
//!
//! Data that belongs to somebody fails; synthetic numbers, reserved addresses and published examples
//! pass and are named as such. It reads contents through `extract`, `detect` and `classify` as a scan
//! does, but knows no inventory and no retention rules, and prints nothing.
//!
//! No value leaves it: a [`Found`] has a place, a class and a [`Tag`], and the value itself can only
//! be compared ([`Value`]) or replaced.

mod allow;
mod authorship;
mod baseline;
mod class;
mod code;
pub mod fix;
mod formats;
mod judge;
mod listing;
mod locate;
mod near;
mod policy;
mod published;
mod read;
mod report;
mod run;
mod shape;
mod tag;
mod words;

pub use allow::{Allowance, BadAllowance};
pub use baseline::{Applied, BASELINE_FILE, BadBaseline, Baseline, Note};
pub use class::{Class, number as class_of_number};
pub use formats::{Format, Telling};
pub use judge::{Decision, Found, Why};
pub use listing::{Excluded, Input, Listing, Origin, Scope};
pub use locate::Spot;
pub use policy::{Honour, Policy, Severity, UnknownKind, kinds};
pub use read::{Bytes, Checked, Checker, Unread, UnreadCause};
pub use report::{Report, Totals};
pub use run::{RunError, Store, pass_what_was_before, run};
pub use tag::{Tag, Value};
