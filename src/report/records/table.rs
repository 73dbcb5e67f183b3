//! A table as CSV or as a sheet of a workbook. Every text is written as text, never as a formula.

use std::io::{self, Write};

use rust_xlsxwriter::{Format, FormatAlign, Workbook, XlsxError};

use crate::report::escape::{for_csv, for_terminal};
use crate::report::spreadsheet;

/// A table with a name.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// The sheet's name.
    pub name: String,
    /// What stands above each column, and its width in characters.
    pub columns: Vec<(String, f64)>,
    /// The rows, as long as there are columns.
    pub rows: Vec<Vec<Cell>>,
}

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Words.
    Text(String),
    /// A number that can be summed.
    Number(u64),
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<u64> for Cell {
    fn from(number: u64) -> Self {
        Self::Number(number)
    }
}

/// Writes a table as text.
///
/// # Errors
/// What the writer fails with.
pub fn write_csv(table: &Table, out: &mut dyn Write) -> io::Result<()> {
    let mut writer = spreadsheet::csv(out)?;
    writer.write_record(table.columns.iter().map(|(name, _)| name))?;
    for row in &table.rows {
        writer.write_record(row.iter().map(|cell| match cell {
            Cell::Text(text) => for_csv(text),
            Cell::Number(number) => number.to_string(),
        }))?;
    }
    writer.flush()
}

/// Tables as the sheets of a workbook.
///
/// # Errors
/// More rows than a sheet has, or a name that is no sheet's.
pub fn workbook(tables: &[Table]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let bold = Format::new().set_bold();
    let wrapped = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    for table in tables {
        let sheet = book.add_worksheet().set_name(&table.name)?;
        for (at, (name, width)) in (0_u16..).zip(&table.columns) {
            sheet.set_column_width(at, *width)?;
            sheet.write_string_with_format(0, at, name, &bold)?;
        }
        for (number, row) in (1_u32..).zip(&table.rows) {
            for (at, cell) in (0_u16..).zip(row) {
                match cell {
                    Cell::Text(text) => {
                        let text = spreadsheet::cut(&for_terminal(text));
                        sheet.write_string_with_format(number, at, text, &wrapped)?;
                    }
                    Cell::Number(told) => {
                        #[expect(
                            clippy::cast_precision_loss,
                            reason = "a workbook has no other numbers"
                        )]
                        sheet.write_number_with_format(number, at, *told as f64, &wrapped)?;
                    }
                }
            }
        }
        sheet.set_freeze_panes(1, 1)?;
        spreadsheet::for_paper(sheet)?;
    }
    book.save_to_buffer()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_formula_is_written_as_text() {
        let table = Table {
            name: "t".to_owned(),
            columns: vec![("hva".to_owned(), 10.0), ("tall".to_owned(), 10.0)],
            rows: vec![vec!["=1+1".into(), 3.into()]],
        };
        let mut out = Vec::new();
        write_csv(&table, &mut out).unwrap();
        assert_eq!(out, "\u{FEFF}hva;tall\n'=1+1;3\n".as_bytes());
        assert!(workbook(&[table]).unwrap().starts_with(b"PK"));
    }
}
