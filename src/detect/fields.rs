//! Which field and row a byte stands in, and which hits are sampled: bookkeeping of the scanner.

use super::cut::Cut;
use super::row::CellWalk;
use crate::model::{Field, FieldCells, Kind, Layout};

/// For which candidates mask and place are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SampleWish {
    /// For none.
    None,
    /// For the first so many of each kind in each window.
    First(u32),
    /// For all.
    All,
}

/// The fields of a window's cells, for bytes that are asked for in order.
pub(super) struct FieldIds<'a>(Option<(CellWalk<'a>, &'a [Field])>);

impl<'a> FieldIds<'a> {
    /// Nothing asked for yet.
    pub(super) fn new(layout: Layout<'a>) -> Self {
        Self(match layout {
            Layout::Cells { cells, fields } => Some((CellWalk::new(cells), fields)),
            Layout::Flow { .. } => None,
        })
    }

    /// The id of the field in which byte `at` stands, and its row; `at` never goes back.
    pub(super) fn at(&mut self, at: usize) -> Option<(u32, u64)> {
        let (walk, fields) = self.0.as_mut()?;
        let (_, cell) = walk.to(at)?;
        Some((fields.get(cell.field as usize)?.id, cell.row))
    }
}

/// How many cells with content each field has.
pub(super) fn field_cells(cut: &Cut<'_>) -> Vec<FieldCells> {
    let Layout::Cells { cells, fields } = cut.layout else {
        return Vec::new();
    };
    let mut counts = vec![0; fields.len()];
    for cell in cells.iter().filter(|cell| cell.start < cell.end) {
        if let Some(count) = counts.get_mut(cell.field as usize) {
            *count += 1;
        }
    }
    let counted = fields.iter().zip(counts).filter(|(_, cells)| *cells > 0);
    counted
        .map(|(field, cells)| FieldCells {
            field: field.id,
            cells,
        })
        .collect()
}

/// Keeps count of the samples that were given.
pub(super) struct Wish {
    samples: SampleWish,
    given: Vec<(&'static Kind, u32)>,
}

impl Wish {
    /// None given yet.
    pub(super) fn new(samples: SampleWish) -> Self {
        Self {
            samples,
            given: Vec::new(),
        }
    }

    /// Whether one more of this kind is wanted.
    pub(super) fn grants(&mut self, kind: &'static Kind) -> bool {
        let most = match self.samples {
            SampleWish::None => return false,
            SampleWish::All => return true,
            SampleWish::First(most) => most,
        };
        let known = self
            .given
            .iter_mut()
            .find(|(given, _)| std::ptr::eq(*given, kind));
        if let Some((_, count)) = known {
            *count += 1;
            return *count <= most;
        }
        self.given.push((kind, 1));
        most > 0
    }
}
