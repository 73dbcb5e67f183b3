//! What a format yields: pieces of text with a layout that says where each byte comes from.
//!
//! A piece lives as long as the call that hands it over; nothing here is kept.

use super::Place;

/// A piece of an object's text.
#[derive(Clone, Copy, Debug)]
pub struct Piece<'a> {
    /// The text, UTF-8.
    pub text: &'a str,
    /// How the text is laid out, and where it comes from.
    pub layout: Layout<'a>,
}

/// How a piece is laid out.
#[derive(Clone, Copy, Debug)]
pub enum Layout<'a> {
    /// Running text. With `continues`, it follows the previous piece of the object without a gap,
    /// so that a number may begin in one and end in the other.
    Flow {
        /// Where the first byte comes from.
        origin: Origin<'a>,
        /// Whether the text follows the previous piece without a gap.
        continues: bool,
    },
    /// Cut into cells. `cells` is sorted by `start` and does not overlap; text between cells is
    /// separators. Nothing that is found may cross a cell's border.
    Cells {
        /// The cells, in order of their text.
        cells: &'a [Cell],
        /// The fields that the cells refer to by index.
        fields: &'a [Field],
    },
}

/// Where running text begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin<'a> {
    /// The object's own text: byte offset (from 0) and line (from 1) of the piece's first byte.
    Text {
        /// Offset in bytes of the text as read, from 0.
        byte: u64,
        /// Line, from 1.
        line: u64,
    },
    /// A page, from 1.
    Page(u32),
    /// A named part of a document.
    Part(&'a str),
}

/// One cell of a piece, as a byte range of the piece's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    /// First byte.
    pub start: u32,
    /// Byte after the last.
    pub end: u32,
    /// Index into the piece's fields.
    pub field: u32,
    /// Row or record, from 1, header not counted; in a sheet the row's own number.
    pub row: u64,
}

/// A column of a table, a key path of a tree, or a column of a sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Number of the field in its object, the same for all pieces of the object.
    pub id: u32,
    /// What the column is called: header, key path (`person.fnr`), or `table.column`. Empty where
    /// there is none.
    pub name: Box<str>,
    /// For a spreadsheet: the name of the sheet and the column's letters.
    pub sheet: Option<(Box<str>, Box<str>)>,
    /// Whether the values are stored as numbers, so that leading zeros are lost.
    pub numeric: bool,
}

impl Field {
    /// The place of the value at `row` (from 1) of this field.
    #[must_use]
    pub fn place(&self, row: u64) -> Place {
        match &self.sheet {
            Some((sheet, column)) => Place::Sheet {
                sheet: sheet.clone(),
                cell: format!("{column}{row}").into_boxed_str(),
            },
            None => Place::Column {
                column: self.name.clone(),
                row,
            },
        }
    }
}
