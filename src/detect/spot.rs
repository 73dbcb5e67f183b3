//! What a detector may know of an anchor's surroundings beyond the window: what the header of its cell
//! says, and the day.

use jiff::civil::Date;

use super::detectors::name::column::Column;
use super::words::Concepts;

/// Where an anchor stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spot {
    /// What the cell's field is called, as concepts; none in running text.
    pub header: Concepts,
    /// Whether that field holds names of persons; `Unknown` in running text.
    pub names: Column,
    /// Whether words may stand before the anchor in its cell, or in the text.
    pub worded: bool,
    /// The day on which the text is read; births after it lie in the future.
    pub today: Date,
}

impl Spot {
    /// A place in running text on this day; words may stand before it.
    pub(super) fn in_text(today: Date) -> Self {
        Self {
            header: Concepts::NONE,
            names: Column::Unknown,
            worded: true,
            today,
        }
    }
}
