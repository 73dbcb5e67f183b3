//! Names in cells: those that a header announces, and what a cell means for names found in it.

use super::column::{self, Column};
use super::{NAME, in_order};
use crate::detect::spot::Spot;
use crate::detect::{Hit, Window};
use crate::model::{Cell, Confidence, Evidence, EvidenceSet, Layout};

/// Bytes of the longest name in a cell.
const MAX_NAME: usize = 80;

/// The cell at this spot, where its header names persons and it may hold one.
pub(super) fn cell_at(window: &Window<'_>, spot: Spot) -> Option<Hit> {
    in_cell(window.text, cell_of(window, spot)?, spot.names)
}

/// The whole of a cell whose header names persons.
pub(super) fn in_cell(text: &str, cell: &Cell, column: Column) -> Option<Hit> {
    if matches!(column, Column::Other | Column::Unknown) {
        return None;
    }
    let (begin, end) = bounds(cell, text);
    let text = text.get(begin..end)?;
    if text.len() > MAX_NAME || text.contains(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let start = end - text.trim_start().len();
    let text = text.trim();
    let look = column::look(text);
    let listed = look.first || look.last;
    let confidence = match column {
        Column::Names if look.formed => Confidence::High,
        Column::Perhaps if look.formed && look.proper && listed => {
            if look.first { Confidence::High } else { Confidence::Medium }
        }
        Column::Names | Column::Perhaps | Column::Other | Column::Unknown => return None,
    };
    let evidence = EvidenceSet::EMPTY
        .with(Evidence::Header)
        .with(Evidence::WholeCell)
        .with_if(look.first, Evidence::FirstName)
        .with_if(look.last, Evidence::Surname);
    Some(Hit {
        kind: &NAME,
        span: start..start + text.len(),
        confidence,
        evidence,
        canonical: Some(in_order(text)),
    })
}

/// The cell of a spot.
pub(super) fn cell_of<'w>(window: &Window<'w>, spot: Spot) -> Option<&'w Cell> {
    match window.layout {
        Layout::Cells { cells, .. } => cells.get(spot.cell?),
        Layout::Flow { .. } => None,
    }
}

/// First byte of a cell and the byte after the last, inside the text whatever the layout says.
pub(super) fn bounds(cell: &Cell, text: &str) -> (usize, usize) {
    let end = (cell.end as usize).min(text.len());
    ((cell.start as usize).min(end), end)
}
