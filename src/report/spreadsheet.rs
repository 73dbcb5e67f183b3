//! What spreadsheets take: tables of text as Norwegian ones expect them, and cells that are not too long.

use std::io::{self, Write};

/// Characters that a cell of Excel holds (32,767), with some to spare.
const CELL: usize = 32_000;

/// As much of a text as a workbook's cell holds.
#[must_use]
pub fn cut(text: &str) -> String {
    text.chars().take(CELL).collect()
}

/// A table of text: a byte order mark, by which spreadsheets know UTF-8, and semicolons between cells.
///
/// # Errors
/// What the writer fails with.
pub(super) fn csv<W: Write>(mut out: W) -> io::Result<csv::Writer<W>> {
    out.write_all("\u{FEFF}".as_bytes())?;
    Ok(more(out))
}

/// A part of such a table that follows others.
pub(super) fn more<W: Write>(out: W) -> csv::Writer<W> {
    csv::WriterBuilder::new().delimiter(b';').from_writer(out)
}
