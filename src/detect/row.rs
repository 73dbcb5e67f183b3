//! A cell, and the row it stands in. Detectors see a cell as a text of its own; what a row says beyond
//! it, they ask here.

use std::cell;

use crate::model::{Cell, Field};

/// How many cells on either side of a cell may belong to its row.
const REACH: usize = 64;

/// The row around one cell.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    text: &'a str,
    cells: &'a [Cell],
    fields: &'a [Field],
    index: usize,
    /// Set once anything beyond the cell and its header was asked for.
    asked: &'a cell::Cell<bool>,
}

impl<'a> Row<'a> {
    /// Around the cell with this index of `cells`, which stand in `text`. `asked` is set once other cells are
    /// asked for.
    pub(super) fn new(
        text: &'a str,
        (cells, fields): (&'a [Cell], &'a [Field]),
        index: usize,
        asked: &'a cell::Cell<bool>,
    ) -> Self {
        Self {
            text,
            cells,
            fields,
            index,
            asked,
        }
    }

    /// The field of the cell.
    #[must_use]
    pub fn field(&self) -> Option<&'a Field> {
        self.field_of(self.cells.get(self.index)?)
    }

    /// The texts and fields of the cells of other fields in the same row, in order.
    pub fn others(self) -> impl Iterator<Item = (&'a str, &'a Field)> {
        self.asked.set(true);
        let own = self.cells.get(self.index).copied();
        let from = self.index.saturating_sub(REACH);
        let to = (self.index + REACH).min(self.cells.len());
        let near = self.cells.get(from..to).unwrap_or_default();
        let beside = move |cell: &&Cell| {
            own.is_some_and(|own| cell.row == own.row && cell.field != own.field)
        };
        near.iter()
            .filter(beside)
            .filter_map(move |cell| Some((text_of(self.text, *cell)?, self.field_of(cell)?)))
    }

    fn field_of(&self, cell: &Cell) -> Option<&'a Field> {
        self.fields.get(cell.field as usize)
    }
}

/// The text of a cell.
pub(super) fn text_of(text: &str, cell: Cell) -> Option<&str> {
    text.get(cell.start as usize..cell.end as usize)
}

/// The cell in which byte `at` stands; cells are in the order of the text.
pub(super) fn at(cells: &[Cell], at: usize) -> Option<Cell> {
    let after = cells.partition_point(|cell| cell.end as usize <= at);
    cells
        .get(after)
        .copied()
        .filter(|cell| cell.start as usize <= at)
}

/// The cells of a text, gone through once in its order.
pub(super) struct CellWalk<'a> {
    cells: &'a [Cell],
    index: usize,
}

impl<'a> CellWalk<'a> {
    /// Before the first of `cells`.
    pub(super) fn new(cells: &'a [Cell]) -> Self {
        Self { cells, index: 0 }
    }

    /// The cell in which byte `at` stands, with its index; `at` never goes back.
    pub(super) fn to(&mut self, at: usize) -> Option<(usize, Cell)> {
        while self.cells.get(self.index)?.end as usize <= at {
            self.index += 1;
        }
        let cell = *self.cells.get(self.index)?;
        (cell.start as usize <= at).then_some((self.index, cell))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(places: &[(u32, u32, u32, u64)]) -> Vec<Cell> {
        let cell = |(start, end, field, row): &(u32, u32, u32, u64)| Cell {
            start: *start,
            end: *end,
            field: *field,
            row: *row,
        };
        places.iter().map(cell).collect()
    }

    #[test]
    fn a_byte_between_cells_stands_in_none() {
        let cells = cells(&[(0, 5, 0, 1), (6, 11, 1, 1), (12, 23, 0, 2)]);
        let mut walk = CellWalk::new(&cells);
        let mut index = |at| walk.to(at).map(|(index, _)| index);
        let seen = [0, 4, 5, 6, 10, 11, 12, 22, 23].map(&mut index);
        let expected = [
            Some(0),
            Some(0),
            None,
            Some(1),
            Some(1),
            None,
            Some(2),
            Some(2),
            None,
        ];
        assert_eq!(seen, expected);
    }

    #[test]
    fn a_row_is_what_stands_beside_a_cell_in_other_fields() {
        let field = |id, name: &str| Field {
            id,
            name: name.into(),
            sheet: None,
            numeric: false,
        };
        let fields = [field(0, "a"), field(1, "b"), field(2, "c")];
        let cells = cells(&[
            (0, 1, 0, 1),
            (2, 3, 1, 1),
            (4, 5, 0, 2),
            (6, 7, 1, 2),
            (8, 9, 1, 2),
            (10, 11, 2, 2),
        ]);
        let asked = cell::Cell::new(false);
        let row = Row::new("1;2\n3;4;5;6", (&cells, &fields), 3, &asked);
        assert_eq!(row.field().map(|field| &*field.name), Some("b"));
        assert!(!asked.get());
        let others: Vec<_> = row
            .others()
            .map(|(text, field)| (text, &*field.name))
            .collect();
        assert_eq!(others, [("3", "a"), ("6", "c")]);
        assert!(asked.get());
    }
}
