//! The cells of a window, gone through once in the order of the text.

use super::context::{IDENTIFIER, identifiers};
use super::detector::Window;
use crate::model::{Cell, Layout};

/// Goes from cell to cell, and knows whether words stand before a byte of one.
pub(super) struct CellWalk<'a> {
    text: &'a [u8],
    cells: &'a [Cell],
    index: usize,
    /// The cell is looked through for words up to this byte.
    looked: usize,
    worded: bool,
}

impl<'a> CellWalk<'a> {
    /// Before the first of `cells`, which stand in `text` in order.
    fn new(text: &'a str, cells: &'a [Cell]) -> Self {
        Self {
            text: text.as_bytes(),
            cells,
            index: 0,
            looked: 0,
            worded: false,
        }
    }

    /// Before the first cell of a window; `None` in running text.
    pub(super) fn of(window: &Window<'a>) -> Option<Self> {
        match window.layout {
            Layout::Cells { cells, .. } => Some(Self::new(window.text, cells)),
            Layout::Flow { .. } => None,
        }
    }

    /// The cell in which byte `at` stands, with its index; `at` never goes back.
    pub(super) fn to(&mut self, at: usize) -> Option<(usize, Cell)> {
        while self.cells.get(self.index)?.end as usize <= at {
            self.index += 1;
            self.worded = false;
            self.looked = 0;
        }
        let cell = *self.cells.get(self.index)?;
        (cell.start as usize <= at).then_some((self.index, cell))
    }

    /// Whether words may stand in that cell before byte `at`: anything but ASCII digits and marks, or
    /// an object identifier, which can name a number too.
    pub(super) fn worded(&mut self, at: usize) -> bool {
        let start = self
            .cells
            .get(self.index)
            .map_or(at, |cell| cell.start as usize);
        let from = self.looked.max(start);
        if self.worded || from >= at {
            return self.worded;
        }
        let news = self.text.get(from..at).unwrap_or_default();
        let of_word = |byte: &u8| byte.is_ascii_alphabetic() || !byte.is_ascii();
        // An identifier may have begun in what was looked through before.
        let begun = from.saturating_sub(IDENTIFIER.len() - 1).max(start);
        let near = self.text.get(begun..at).unwrap_or_default();
        self.worded = news.iter().any(of_word) || identifiers(near).next().is_some();
        self.looked = at;
        self.worded
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_count_within_their_cell_and_before_the_byte() {
        let text = "ab 12;34 56;2.16.578:78";
        let cell = |start, end| Cell {
            start,
            end,
            field: 0,
            row: 1,
        };
        let cells = [cell(0, 5), cell(6, 11), cell(12, 23)];
        let mut walk = CellWalk::new(text, &cells);
        let mut seen = |at| (walk.to(at).map(|(index, _)| index), walk.worded(at));
        assert_eq!(seen(0), (Some(0), false));
        assert_eq!(seen(3), (Some(0), true));
        assert_eq!(seen(5).0, None);
        assert_eq!(seen(6), (Some(1), false));
        assert_eq!(seen(9), (Some(1), false));
        for at in [12, 14] {
            assert_eq!(seen(at), (Some(2), false));
        }
        for at in [17, 21] {
            assert_eq!(seen(at), (Some(2), true));
        }
    }
}
