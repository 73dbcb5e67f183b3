//! One object, from its bytes or its text to what it holds.
//!
//! It joins extract, detect and classify for one object at a time, and decides nothing itself: text is
//! cut into windows, these are looked at, names are settled when the object's words are known, and all
//! of it is folded ([`Observation`]), with what the names of file and folders tell. An [`Examiner`] does that for a file and everything in it.

mod crew;
mod file;
mod named;
mod observation;
mod sums;
#[cfg(test)]
mod tests;
mod values;
mod windows;

pub use crew::Crew;
pub use file::Examiner;
pub use observation::{Observation, hits, hits_with_values};
pub use values::Values;

use crate::model::{Layout, Origin, Piece};

/// Running text that is an object by itself.
pub(crate) fn running(text: &str) -> Piece<'_> {
    let layout = Layout::Flow {
        origin: Origin::Text { byte: 0, line: 1 },
        continues: false,
    };
    Piece { text, layout }
}
