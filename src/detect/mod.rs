//! Text → candidates with evidence.
//!
//! [`Cutter`] joins an object's pieces into windows; [`Scanner`] finds the anchors of all detectors
//! in one pass over a window's bytes, and each detector verifies the anchors it asked for. This
//! module does no I/O, sees no path but as text, and keeps no text.

mod anchors;
mod beginnings;
mod block;
mod context;
mod cues;
mod cut;
mod detector;
mod detectors;
mod dialling;
mod fields;
pub mod gazetteer;
mod group;
mod headers;
mod hits;
pub mod identity;
mod joined;
mod labels;
mod letters;
mod likening;
mod lined_table;
pub mod names;
mod nordic;
mod number;
mod own;
mod own_contacts;
mod owned;
mod page;
mod percent;
mod phrases;
pub mod postal;
mod registers;
mod repeats;
mod row;
mod row_label;
mod scanner;
mod selection;
mod settling;
mod silent;
mod slots;
mod sought;
mod spot;
mod telling;
mod term_list;
mod terms;
#[cfg(test)]
mod tests;
mod tlds;
mod torn;
mod validator;
mod wide;
mod word_list;
mod words;

pub use cut::{Cut, Cutter};
pub use detector::{Anchor, Anchors, Detector, DetectorInfo, Example, Hit, Window};
pub use fields::SampleWish;
pub use group::{Beside, Group, Lengths, Shape};
pub use likening::{LIKENING, Likening};
pub use number::{Number, Separator};
pub use own::{MAX_MATCH, OwnDetector, OwnDetectors, OwnError, OwnProblem};
pub use owned::OwnedCut;
pub use page::page;
pub use percent::plain_address;
pub use registers::is_assigned as is_assigned_register;
pub use row::Row;
pub use scanner::{Look, Scanner};
pub use settling::Settling;
pub use spot::Spot;
pub use telling::Telling;
pub use terms::{Term, Topic};
pub use validator::Validator;
pub use words::Concepts;

/// Every detector, in the order of registration.
#[must_use]
pub fn detectors() -> &'static [&'static dyn Detector] {
    detectors::ALL
}

/// Ids and versions of all detectors: whatever changes it makes earlier results stale.
#[must_use]
pub fn fingerprint() -> String {
    let of = |detector: &&dyn Detector| {
        let info = detector.info();
        format!("{}={}", info.id, info.version)
    };
    detectors::ALL.iter().map(of).collect::<Vec<_>>().join(",")
}
