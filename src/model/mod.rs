//! The vocabulary of the whole program: plain data that every other module speaks.
//!
//! Nothing here does I/O, names another module, or decides anything. A type belongs here when at
//! least two modules of a higher rank exchange it.

mod budget;
mod cancel;
mod candidate;
mod class;
mod dismissed;
mod evidence;
mod fact;
mod finding;
mod kind;
mod lang;
mod likeness;
mod listing;
mod object;
mod outcome;
mod place;
mod record;
mod sensitive;
mod sightings;
mod text;
pub mod work;

pub use budget::{Budget, Limits, Metered};
pub use cancel::Cancel;
pub use candidate::Candidate;
pub use class::{ClassGuess, DocumentClass};
pub use dismissed::Dismissed;
pub use evidence::{Evidence, EvidenceSet};
pub use fact::{DateInterval, DateSource, Fact};
pub use finding::{Confidence, Distinct, Finding, Sample};
pub use kind::{Category, Kind};
pub use lang::Lang;
pub use likeness::{LIKENESS_PARTS, Likeness};
pub use listing::ListingSum;
pub use object::ObjectPath;
pub(crate) use object::written;
pub use outcome::{Outcome, Problem, ProblemKind, Stage};
pub use place::Place;
pub use record::{FileStat, Record};
pub use sensitive::{DigestKey, Masked, Sensitive};
pub use sightings::{ClassCue, FieldCells, Sightings};
pub use text::{Cell, Field, Layout, Origin, Piece};
