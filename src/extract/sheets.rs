//! Cells of spreadsheets on their way to a sink: column letters, row numbers, and the header row
//! that names the columns.
//!
//! The header row is guessed: among the first rows of a sheet, the first that is filled nearly as
//! wide as the widest of them, with nothing in it but short texts without long numbers or `@`. Its
//! own cells are told like all others, so a wrong guess hides nothing.

use std::collections::HashMap;

use calamine::{Data, DataRef, ExcelDateTime};

use super::Sink;
use crate::model::{Cell, Field, Layout, Piece};

/// Rows that are looked at before a header row is settled.
const HEADER_ROWS: usize = 20;
/// Cells that are held back meanwhile, at most.
const HEADER_CELLS: usize = 20_000;
/// A header is no longer than this, in bytes.
const HEADER_BYTES: usize = 100;
/// Text after which a piece is handed out, at the end of a row.
const PIECE_BYTES: usize = 128 * 1024;
/// Text after which a row is cut.
const LONGEST_ROW: usize = 8 * PIECE_BYTES;

/// A value of a cell.
#[derive(Debug)]
struct Held {
    row: u32,
    column: u32,
    text: String,
    numeric: bool,
}

/// The cells of one sheet, in order of rows.
pub(super) struct SheetCells {
    sheet: Box<str>,
    held: Vec<Held>,
    rows_held: usize,
    settled: bool,
    headers: HashMap<u32, Box<str>>,
    fields: Vec<Field>,
    indexes: HashMap<(u32, bool), u32>,
    /// Id of the sheet's first field.
    first_id: u32,
    text: String,
    cells: Vec<Cell>,
}

impl SheetCells {
    /// The sheet `name`; its fields get ids from `first_id`.
    pub(super) fn new(name: &str, first_id: u32) -> Self {
        Self {
            sheet: name.into(),
            held: Vec::new(),
            rows_held: 0,
            settled: false,
            headers: HashMap::new(),
            fields: Vec::new(),
            indexes: HashMap::new(),
            first_id,
            text: String::new(),
            cells: Vec::new(),
        }
    }

    /// The one sheet of a file that gives it no name: spreadsheet programs call it after the file.
    pub(super) fn of_file(name: &str) -> Self {
        Self::new(name.rsplit_once('.').map_or(name, |(stem, _)| stem), 0)
    }

    /// Adds the cell at `row` and `column`, both from 0.
    pub(super) fn add(&mut self, row: u32, column: u32, value: &DataRef<'_>, sink: &mut dyn Sink) {
        let Some((text, numeric)) = written(value) else {
            return;
        };
        if self.settled {
            let cell = Held {
                row,
                column,
                text,
                numeric,
            };
            self.tell(&cell, sink);
            return;
        }
        if self.held.last().is_none_or(|last| last.row != row) {
            self.rows_held += 1;
        }
        self.held.push(Held {
            row,
            column,
            text,
            numeric,
        });
        if self.rows_held > HEADER_ROWS || self.held.len() >= HEADER_CELLS {
            self.settle(sink);
        }
    }

    /// Hands out what is left; returns the id after the sheet's last field.
    pub(super) fn finish(mut self, sink: &mut dyn Sink) -> u32 {
        self.settle(sink);
        self.hand_out(sink);
        self.first_id + u32::try_from(self.fields.len()).unwrap_or(u32::MAX / 2)
    }

    fn settle(&mut self, sink: &mut dyn Sink) {
        if self.settled {
            return;
        }
        self.settled = true;
        let held = std::mem::take(&mut self.held);
        let rows: Vec<&[Held]> = held.chunk_by(|a, b| a.row == b.row).collect();
        let widest = rows.iter().map(|row| row.len()).max().unwrap_or(0);
        let header = rows
            .iter()
            .position(|row| row.len() * 3 >= widest * 2 && is_header(row));
        if let Some(row) = header
            .filter(|at| at + 1 < rows.len())
            .and_then(|at| rows.get(at))
        {
            for cell in *row {
                self.headers.insert(cell.column, cell.text.trim().into());
            }
        }
        for cell in &held {
            self.tell(cell, sink);
        }
    }

    fn tell(&mut self, cell: &Held, sink: &mut dyn Sink) {
        let row = u64::from(cell.row) + 1;
        let begins = self.cells.last().is_some_and(|last| last.row != row);
        // Cells of a row tell of each other.
        if begins && self.text.len() >= PIECE_BYTES || self.text.len() >= LONGEST_ROW {
            self.hand_out(sink);
        }
        if !self.cells.is_empty() {
            self.text.push(if begins { '\n' } else { '\t' });
        }
        let field = self.field(cell.column, cell.numeric);
        let start = self.text.len();
        self.text.push_str(&cell.text);
        if let (Ok(start), Ok(end)) = (u32::try_from(start), u32::try_from(self.text.len())) {
            self.cells.push(Cell {
                start,
                end,
                field,
                row,
            });
        }
    }

    fn field(&mut self, column: u32, numeric: bool) -> u32 {
        if let Some(index) = self.indexes.get(&(column, numeric)) {
            return *index;
        }
        let index = u32::try_from(self.fields.len()).unwrap_or(u32::MAX);
        self.fields.push(Field {
            id: self.first_id.saturating_add(index),
            name: self.headers.get(&column).cloned().unwrap_or_default(),
            sheet: Some((self.sheet.clone(), letters(column).into())),
            numeric,
        });
        self.indexes.insert((column, numeric), index);
        index
    }

    fn hand_out(&mut self, sink: &mut dyn Sink) {
        if self.cells.is_empty() {
            return;
        }
        self.text.push('\n');
        sink.piece(Piece {
            text: &self.text,
            layout: Layout::Cells {
                cells: &self.cells,
                fields: &self.fields,
            },
        });
        self.text.clear();
        self.cells.clear();
    }
}

/// A value of a held sheet as the cells readers give it.
pub(super) fn borrowed(value: &Data) -> DataRef<'_> {
    match value {
        Data::Int(number) => DataRef::Int(*number),
        Data::Float(number) => DataRef::Float(*number),
        Data::String(text) => DataRef::SharedString(text),
        Data::Bool(value) => DataRef::Bool(*value),
        Data::DateTime(date) => DataRef::DateTime(*date),
        Data::DateTimeIso(text) => DataRef::DateTimeIso(text.clone()),
        Data::DurationIso(text) => DataRef::DurationIso(text.clone()),
        Data::Error(error) => DataRef::Error(error.clone()),
        Data::Empty => DataRef::Empty,
    }
}

/// A day as `1986-10-15`, with the time where it is not midnight, of `1986-10-15T00:00:00.000`.
pub(super) fn day_and_time(value: &str) -> String {
    let (day, time) = value.split_once('T').unwrap_or((value, ""));
    let time = time.split('.').next().unwrap_or_default();
    match time {
        "" | "00:00:00" => day.to_owned(),
        _ => format!("{day} {time}"),
    }
}

fn is_header(row: &[Held]) -> bool {
    row.iter().all(|cell| {
        let digits = cell.text.bytes().filter(u8::is_ascii_digit).count();
        !cell.numeric
            && cell.text.len() <= HEADER_BYTES
            && cell.text.chars().any(char::is_alphabetic)
            && digits < 5
            && !cell.text.contains('@')
    })
}

/// The letters of a column (from 0) in A1 notation.
fn letters(column: u32) -> String {
    let mut letters = Vec::new();
    let mut left = u64::from(column) + 1;
    while left > 0 {
        left -= 1;
        letters.push(char::from(b'A' + u8::try_from(left % 26).unwrap_or(0)));
        left /= 26;
    }
    letters.iter().rev().collect()
}

/// How a value is written, and whether it is stored as a number; `None` for an empty cell.
fn written(value: &DataRef<'_>) -> Option<(String, bool)> {
    let (text, numeric) = match value {
        DataRef::Int(number) => (number.to_string(), true),
        // `Display` of a float never uses an exponent.
        DataRef::Float(number) => (number.to_string(), true),
        DataRef::SharedString(text) => ((*text).to_owned(), false),
        DataRef::DateTime(date) => (written_date(*date), false),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            (text.clone(), false)
        }
        DataRef::Bool(_) | DataRef::Error(_) | DataRef::Empty => return None,
    };
    (!text.is_empty()).then_some((text, numeric))
}

fn written_date(date: ExcelDateTime) -> String {
    if date.is_duration() {
        return date.as_f64().to_string();
    }
    let (year, month, day, hour, minute, second, _) = date.to_ymd_hms_milli();
    if (hour, minute, second) == (0, 0, 0) {
        format!("{year:04}-{month:02}-{day:02}")
    } else {
        format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_letters() {
        assert_eq!(
            [0, 25, 26, 701, 702, 16383].map(letters),
            ["A", "Z", "AA", "ZZ", "AAA", "XFD"]
        );
    }

    #[test]
    fn numbers_are_written_out() {
        let text = |value| written(&DataRef::Float(value)).unwrap().0;
        assert_eq!(text(1_019_012_345.0), "1019012345");
        assert_eq!(text(1e20), "100000000000000000000");
        assert_eq!(text(0.5), "0.5");
    }
}
