//! What a detector may know of an anchor's surroundings beyond the window: its cell, what the
//! header of that cell says, and the day.

use std::ops::Range;

use jiff::civil::Date;

use super::detector::Window;
use super::detectors::name::column::Column;
use super::words::Concepts;
use crate::model::{Cell, Field, Layout};

/// Where an anchor stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spot {
    /// In a text of cells: the cell, by index.
    pub cell: Option<usize>,
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
            cell: None,
            header: Concepts::NONE,
            names: Column::Unknown,
            worded: true,
            today,
        }
    }

    /// The bytes of the window's text to which hits and their context are confined: the cell, or
    /// all of it.
    #[must_use]
    pub fn bounds(&self, window: &Window<'_>) -> Range<usize> {
        self.cell
            .and_then(|index| cell(window, index))
            .map_or(0..window.text.len(), |cell| {
                cell.start as usize..cell.end as usize
            })
    }

    /// The field of the anchor's cell.
    #[must_use]
    pub fn field<'w>(&self, window: &Window<'w>) -> Option<&'w Field> {
        let Layout::Cells { cells, fields } = window.layout else {
            return None;
        };
        fields.get(cells.get(self.cell?)?.field as usize)
    }
}

/// The cell with this index.
pub(super) fn cell(window: &Window<'_>, index: usize) -> Option<Cell> {
    match window.layout {
        Layout::Cells { cells, .. } => cells.get(index).copied(),
        Layout::Flow { .. } => None,
    }
}

/// The cell in which byte `at` stands; cells are in the order of the text.
pub(super) fn cell_at(cells: &[Cell], at: usize) -> Option<Cell> {
    let after = cells.partition_point(|cell| cell.end as usize <= at);
    cells
        .get(after)
        .copied()
        .filter(|cell| cell.start as usize <= at)
}
