//! A plan as a workbook: one row for each line, decisions chosen from a list, and back again.

use rust_xlsxwriter::{DataValidation, Format, FormatAlign, Workbook, XlsxError};

use super::Plan;
use super::table::{Cell, id_header, row};
use super::words::{states, words};
use crate::model::Lang;
use crate::report::spreadsheet;

/// Widths of the columns, in characters.
const WIDTHS: [f64; 17] = [
    18.0, 12.0, 24.0, 12.0, 18.0, 18.0, 14.0, 14.0, 60.0, 28.0, 12.0, 50.0, 44.0, 24.0, 44.0, 40.0,
    44.0,
];

/// The column that a day is filled in.
const UNTIL: u16 = 3;

impl Plan {
    /// The plan as a workbook.
    ///
    /// # Errors
    /// More lines than a sheet has rows.
    pub fn to_xlsx(&self, lang: Lang) -> Result<Vec<u8>, XlsxError> {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet().set_name("plan")?;
        let bold = Format::new().set_bold();
        let wrapped = Format::new().set_text_wrap().set_align(FormatAlign::Top);
        let day = Format::new()
            .set_num_format(spreadsheet::day_format(lang))
            .set_align(FormatAlign::Top);
        for (at, name) in (0_u16..).zip(words(lang).columns) {
            let name = if at == 0 {
                id_header(self, lang)
            } else {
                name.to_owned()
            };
            sheet.write_string_with_format(0, at, name, &bold)?;
        }
        for (at, width) in (0_u16..).zip(WIDTHS) {
            sheet.set_column_width(at, width)?;
        }
        // By owner and person, as people work through it.
        let mut lines: Vec<_> = self.lines.iter().collect();
        lines.sort_by(|a, b| (&a.owner, &a.subjects).cmp(&(&b.owner, &b.subjects)));
        let mut last = 0;
        for (number, line) in (1_u32..).zip(lines) {
            last = number;
            for (at, cell) in (0_u16..).zip(row(line, lang)) {
                let date = match &cell {
                    Cell::Day(told) => spreadsheet::date(*told),
                    Cell::Text(_) => None,
                };
                let text = cell.told(lang);
                if let Some(date) = date {
                    sheet.write_datetime_with_format(number, at, date, &day)?;
                } else if at == UNTIL && text.is_empty() {
                    // A day that is typed here is shown as the others.
                    sheet.write_blank(number, at, &day)?;
                } else {
                    let text = spreadsheet::cut(&text);
                    sheet.write_string_with_format(number, at, text, &wrapped)?;
                }
            }
        }
        if last > 0 {
            let choice = DataValidation::new().allow_list_strings(&states(lang))?;
            sheet.add_data_validation(1, 1, last, 1, &choice)?;
        }
        sheet.set_freeze_panes(1, 1)?;
        spreadsheet::for_paper(sheet)?;
        book.save_to_buffer()
    }
}
