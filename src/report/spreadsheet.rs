//! What spreadsheets take: tables of text as Norwegian ones expect them, and cells that are not too long.

use std::io::{self, Write};

use jiff::civil::Date;
use rust_xlsxwriter::{ExcelDateTime, Worksheet, XlsxError};

use crate::model::Lang;

/// Characters that a cell of Excel holds (32,767), with some to spare.
const CELL: usize = 32_000;

/// As much of a text as a workbook's cell holds.
#[must_use]
pub fn cut(text: &str) -> String {
    text.chars().take(CELL).collect()
}

/// How a workbook shows days in a language.
#[must_use]
pub fn day_format(lang: Lang) -> &'static str {
    match lang {
        Lang::Nb | Lang::Nn => "dd.mm.yyyy",
        Lang::En => "yyyy-mm-dd",
    }
}

/// A day as a workbook holds it; nothing before 1900, which is written as text.
#[must_use]
pub fn date(day: Date) -> Option<ExcelDateTime> {
    let year = u16::try_from(day.year()).ok()?;
    let (month, day) = (day.month().unsigned_abs(), day.day().unsigned_abs());
    ExcelDateTime::from_ymd(year, month, day).ok()
}

/// Sets a sheet up for paper: lying, all columns on a page's width, the heads on each page.
///
/// # Errors
/// None for a sheet that has rows.
pub fn for_paper(sheet: &mut Worksheet) -> Result<(), XlsxError> {
    sheet.set_landscape().set_print_fit_to_pages(1, 0);
    sheet.set_repeat_rows(0, 0).map(|_| ())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_that_a_workbook_cannot_hold_is_no_date() {
        let at = |year| date(jiff::civil::date(year, 1, 1));
        assert!(at(1900).is_some() && at(9999).is_some());
        assert!(at(1899).is_none() && at(-1).is_none());
    }
}
