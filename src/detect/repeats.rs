//! Cells that come again: what was found in a cell is found in each of the same column with the same text.
//!
//! Many columns hold few different values: places, kinds, names of products. Others hold none twice, and are not
//! asked for long. What a detector looked up in the rest of the row is not found again.

use std::hash::{DefaultHasher, Hasher as _};
use std::ops::Range;

use super::detector::Hit;
use crate::model::Cell;

/// Cells of a window below which nothing is remembered.
const FEWEST_CELLS: usize = 4096;

/// Longest cell that is remembered, in bytes.
const LONGEST: usize = 64;

/// Of so many cells of a column that are tried first, so many must come again.
const TRIED: u32 = 64;
const MET: u32 = 4;

/// Cells of a column that are told apart while it is tried, and that are remembered then.
const MARKS: usize = 128;
const PLACES: usize = 512;

/// What is remembered of one window's cells.
pub(super) struct Repeats {
    columns: Vec<Column>,
    /// Column and place in which the cell that was asked for last may be remembered.
    open: Option<(usize, usize)>,
}

/// A column, whose cells are remembered once it was tried.
#[derive(Clone)]
struct Column {
    tried: u32,
    met: u32,
    /// Parts of the hashes of cells that came.
    marks: [u16; MARKS],
    places: Vec<Option<Seen>>,
}

/// A cell and what was found in it, by their places.
#[derive(Clone, Copy)]
pub(super) struct Seen {
    /// Where the cell begins in the window's text, and how long it is.
    start: u32,
    length: u32,
    /// The first of the window's hits in it, and how many there are; the same of capitalised words.
    hits: (u32, u32),
    capitals: (u32, u32),
}

impl Repeats {
    /// Nothing yet, of a window of these cells below so many headers.
    pub(super) fn of(cells: &[Cell], headers: usize) -> Self {
        let columns = if cells.len() < FEWEST_CELLS {
            0
        } else {
            headers
        };
        let column = Column {
            tried: 0,
            met: 0,
            marks: [0; MARKS],
            places: Vec::new(),
        };
        Self {
            columns: vec![column; columns],
            open: None,
        }
    }

    /// What was found in an earlier cell of this column with the text of `cell`.
    pub(super) fn seen(&mut self, text: &str, column: u32, cell: Range<usize>) -> Option<Seen> {
        let number = column as usize;
        let column = self.columns.get_mut(number)?;
        self.open = None;
        let own = text.get(cell)?.as_bytes();
        if own.len() > LONGEST || column.tried == TRIED && column.met < MET {
            return None;
        }
        let hash = hash(own);
        if column.tried < TRIED {
            column.try_out(hash);
            return None;
        }
        if column.places.is_empty() {
            column.places.resize(PLACES, None);
        }
        let place = usize::try_from(hash % PLACES as u64).unwrap_or_default();
        self.open = Some((number, place));
        let seen = (*column.places.get(place)?)?;
        (text.as_bytes().get(seen.cell()) == Some(own)).then_some(seen)
    }

    /// Remembers what `found` tells of the cell that was asked for last, where it is worth it.
    #[inline]
    pub(super) fn keep(&mut self, found: impl FnOnce() -> Option<Seen>) {
        if let Some((column, place)) = self.open.take()
            && let Some(column) = self.columns.get_mut(column)
            && let Some(place) = column.places.get_mut(place)
        {
            *place = found();
        }
    }
}

impl Column {
    fn try_out(&mut self, hash: u64) {
        let [.., a, b] = hash.to_be_bytes();
        // Other bits say where.
        let own = u16::from_be_bytes([a, b]) | 1;
        let place = usize::try_from(hash >> 32).unwrap_or_default() % MARKS;
        if let Some(mark) = self.marks.get_mut(place) {
            self.met += u32::from(std::mem::replace(mark, own) == own);
        }
        self.tried += 1;
    }
}

fn hash(cell: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(cell);
    hasher.finish()
}

impl Seen {
    /// What was found in a cell: of these hits and capitalised words those from the given ones on. `None` where the
    /// window is too long for the places to be kept.
    pub(super) fn of(
        cell: &Range<usize>,
        (hits, first_hit): (&[Hit], usize),
        (capitals, first_capital): (&[usize], usize),
    ) -> Option<Self> {
        let small = |number: usize| u32::try_from(number).ok();
        Some(Self {
            start: small(cell.start)?,
            length: small(cell.len())?,
            hits: (small(first_hit)?, small(hits.len() - first_hit)?),
            capitals: (
                small(first_capital)?,
                small(capitals.len() - first_capital)?,
            ),
        })
    }

    fn cell(&self) -> Range<usize> {
        places((self.start, self.length))
    }

    /// Adds what was found in it once more, in the same text at byte `start`.
    pub(super) fn again(&self, start: usize, hits: &mut Vec<Hit>, capitals: &mut Vec<usize>) {
        let moved = |at: usize| at - self.start as usize + start;
        for index in places(self.hits) {
            let again = hits.get(index).map(|hit| Hit {
                span: moved(hit.span.start)..moved(hit.span.end),
                ..hit.clone()
            });
            hits.extend(again);
        }
        for index in places(self.capitals) {
            let again = capitals.get(index).map(|at| moved(*at));
            capitals.extend(again);
        }
    }
}

/// So many places from the first on.
fn places((first, count): (u32, u32)) -> Range<usize> {
    first as usize..first as usize + count as usize
}
