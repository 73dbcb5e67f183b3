//! Excel workbooks from before 2007: cells, comments, names and texts of charts by `office_oxide`, which
//! keeps rows no longer than they are filled; what it cannot open is tried with calamine, which holds
//! whole sheets. Neither is bounded by our budget, so the format runs in a child process.

use std::io::{BufReader, Cursor};
use std::sync::Arc;

use calamine::{DataRef, Reader, Xls, XlsError};
use file_format::FileFormat;
use office_oxide::xls::{CellValue, Sheet, XlsDocument, XlsError as OxideError};

use super::super::compound::{Compound, open, stream_or_tell, summaries};
use super::super::embedded::embedded;
use super::super::old_pictures::pictures;
use super::super::repeated::added_by;
use super::super::sheets::{SheetCells, borrowed};
use super::super::walled::walled;
use super::super::{Content, Format, FormatInfo, Head, Match, Sink, flow};
use super::xls_drawn::drawn;
use crate::model::{Budget, Problem, ProblemKind, Stage};

pub(crate) static FORMAT: Workbook = Workbook;

/// Reads them.
pub(crate) struct Workbook;

static INFO: FormatInfo = FormatInfo {
    id: "xls",
    title: "Excel workbook from before 2007",
    extensions: &["xls", "xlt"],
    version: 5,
    isolated: true,
    reads: "cells of all sheets, hidden ones too, with column headers, comments, names, links, texts of charts, text boxes, macros, controls of forms, title, author and dates; embedded files and pictures are members",
};

impl Format for Workbook {
    fn info(&self) -> &'static FormatInfo {
        &INFO
    }

    fn recognises(&self, head: &Head<'_>) -> Match {
        if head.signature == FileFormat::MicrosoftExcelSpreadsheet
            || (head.bytes.starts_with(b"\xD0\xCF\x11\xE0") && head.has_extension(INFO.extensions))
            || is_early(head.bytes)
        {
            Match::Sure
        } else {
            Match::No
        }
    }

    fn read(
        &self,
        content: &mut Content,
        budget: &Budget,
        sink: &mut dyn Sink,
    ) -> Result<(), Problem> {
        let bytes = content.whole(budget)?;
        let aside = match walled(|| XlsDocument::from_reader(Cursor::new(Arc::clone(&bytes))).map_err(|error| of(&error))) {
            Ok(book) => read_book(&book, budget, sink)?,
            Err(locked) if locked.kind == ProblemKind::Encrypted => return Err(locked),
            Err(_) => {
                read_by_second(bytes, budget, sink)?;
                String::new()
            }
        };
        // Before version 5 there is no compound file around the workbook.
        match open(content, budget) {
            Ok(mut file) => {
                embedded(&mut file, budget, sink)?;
                read_drawn(&mut file, &aside, budget, sink)?;
                summaries(&mut file, budget, sink)
            }
            Err(problem) if problem.kind == ProblemKind::Malformed => Ok(()),
            Err(problem) => Err(problem),
        }
    }
}

fn problem(kind: ProblemKind) -> Problem {
    Problem::new(kind, Stage::Extract)
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "all other errors say that the file is damaged"
)]
fn of(error: &OxideError) -> Problem {
    problem(match error {
        OxideError::Encrypted | OxideError::EncryptionNotSupported(_) => ProblemKind::Encrypted,
        _ => ProblemKind::Malformed,
    })
}

/// The first record of a workbook of Excel 2 to 4, which is a bare stream of records: its code, its
/// length, its version, and the kind of sheet.
fn is_early(head: &[u8]) -> bool {
    const FIRST: [&[u8]; 3] = [b"\x09\0\x04\0", b"\x09\x02\x06\0", b"\x09\x04\x06\0"];
    let kind = head.get(6..8).unwrap_or_default();
    FIRST.iter().any(|first| head.starts_with(first)) && [b"\x10\0", b"\0\x01", b"\x40\0"].iter().any(|own| *own == kind)
}

/// Text boxes and pictures; notes, whose texts are among those of boxes, were told `aside`.
fn read_drawn(
    file: &mut Compound,
    aside: &str,
    budget: &Budget,
    sink: &mut dyn Sink,
) -> Result<(), Problem> {
    let name = ["Workbook", "Book"].into_iter().find(|name| file.is_stream(name));
    let Some(name) = name else {
        return Ok(());
    };
    let drawn = drawn(&stream_or_tell(file, name, budget, sink)?);
    flow::part("text boxes", &added_by(&drawn.text, aside), sink);
    pictures(&drawn.pictures, 0, sink).map(drop)
}

/// Tells the cells, and what stands beside them, which it also gives back.
fn read_book(book: &XlsDocument, budget: &Budget, sink: &mut dyn Sink) -> Result<String, Problem> {
    let mut first_id = 0;
    let mut aside = String::new();
    for sheet in &book.sheets {
        budget.check()?;
        line(&sheet.name, &mut aside);
        let mut cells = SheetCells::new(&sheet.name, first_id);
        for (row, values) in (0_u32..).zip(&sheet.rows) {
            let styles = sheet.xf.get(row as usize);
            for (column, value) in (0_u32..).zip(values) {
                let style = styles.and_then(|styles| styles.get(column as usize));
                let value = valued(sheet, value, style.copied().unwrap_or(0));
                cells.add(row, column, &value, sink);
            }
        }
        first_id = cells.finish(sink);
        notes(sheet, &mut aside);
    }
    for name in &book.defined_names {
        line(&format!("{}\t{}", name.name, name.value), &mut aside);
    }
    for text in book.chart_text() {
        line(text, &mut aside);
    }
    flow::part("comments, names and charts", &aside, sink);
    if book.truncated() {
        sink.incomplete(problem(ProblemKind::Malformed));
    }
    Ok(aside)
}

/// A cell's value; a number that is shown as a date is one.
fn valued<'s>(sheet: &Sheet, value: &'s CellValue, style: u16) -> DataRef<'s> {
    match value {
        CellValue::Number(number) => {
            let shown = sheet.formats.display(value, style);
            if is_date(&shown) {
                DataRef::DateTimeIso(shown.into_owned())
            } else {
                DataRef::Float(*number)
            }
        }
        CellValue::String(text) => DataRef::SharedString(text),
        CellValue::Bool(value) => DataRef::Bool(*value),
        CellValue::Empty | CellValue::Error(_) => DataRef::Empty,
    }
}

/// Whether a value is written as `2026-11-30`, with or without a time.
fn is_date(shown: &str) -> bool {
    let day = shown.get(..10).is_some_and(|day| day.parse::<jiff::civil::Date>().is_ok());
    day && shown.len() <= 30
}

/// What stands beside the cells of a sheet.
fn notes(sheet: &Sheet, text: &mut String) {
    for comment in &sheet.comments {
        if let Some(author) = &comment.author {
            line(author, text);
        }
        line(&comment.text, text);
    }
    for link in &sheet.hyperlinks {
        line(&link.target, text);
    }
    for own in &sheet.chart_text {
        line(own, text);
    }
}

fn line(own: &str, text: &mut String) {
    if !own.trim().is_empty() {
        text.push_str(own);
        text.push('\n');
    }
}

fn read_by_second(
    bytes: Arc<[u8]>,
    budget: &Budget,
    sink: &mut dyn Sink,
) -> Result<(), Problem> {
    let mut book: Xls<_> = walled(|| match Xls::new(BufReader::new(Cursor::new(bytes))) {
        Ok(book) => Ok(book),
        Err(XlsError::Password) => Err(problem(ProblemKind::Encrypted)),
        Err(_) => Err(problem(ProblemKind::Malformed)),
    })?;
    let mut first_id = 0;
    for (at, name) in book.sheet_names().iter().enumerate() {
        budget.check()?;
        let range = walled(|| book.worksheet_range(name).map_err(|_| problem(ProblemKind::Malformed)));
        let Ok(range) = range else {
            sink.incomplete(problem(ProblemKind::Malformed).at(at as u64));
            continue;
        };
        let (top, left) = range.start().unwrap_or((0, 0));
        let mut cells = SheetCells::new(name, first_id);
        for (row, column, value) in range.used_cells() {
            let row = top.saturating_add(u32::try_from(row).unwrap_or(u32::MAX));
            let column = left.saturating_add(u32::try_from(column).unwrap_or(u32::MAX));
            cells.add(row, column, &borrowed(value), sink);
        }
        first_id = cells.finish(sink);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write as _};

    use super::super::super::recorder::read_one;

    fn record(code: u16, body: &[u8]) -> Vec<u8> {
        let length = u16::try_from(body.len()).unwrap();
        [&code.to_le_bytes(), &length.to_le_bytes(), body].concat()
    }

    /// A sheet of Excel 4 with a text and a number.
    fn early() -> Vec<u8> {
        let number = 1_019_012_345.0_f64.to_le_bytes();
        [
            record(0x0409, &[0, 0, 0x10, 0, 0, 0]),
            record(0x0204, b"\0\0\0\0\0\0\x04\0N\xF8kk"),
            record(0x0203, &[&[1, 0, 0, 0, 0, 0], number.as_slice()].concat()),
            record(0x000A, &[]),
        ]
        .concat()
    }

    #[test]
    fn workbooks_of_excel_4_are_read() {
        let seen = read_one("a", &early());
        assert_eq!((seen.format, seen.ending().as_str()), (Some("xls"), "scanned"));
        assert!(seen.text.contains("Nøkk") && seen.text.contains("1019012345"), "{}", seen.text);
    }

    #[test]
    fn cut_compound_files_end_without_a_panic() {
        let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
        let mut stream = file.create_stream("Workbook").unwrap();
        stream.write_all(&early().repeat(100)).unwrap();
        drop(stream);
        let whole = file.into_inner().into_inner();
        for length in (512..whole.len()).step_by(37) {
            let seen = read_one("a.xls", &whole[..length]);
            assert!(!seen.ending().contains("panic"), "{length}");
        }
    }

    #[test]
    fn cut_workbooks_end_without_a_panic() {
        let whole = early();
        for length in 8..whole.len() {
            let seen = read_one("a.xls", &whole[..length]);
            assert!(!seen.ending().contains("panic"), "{length}");
        }
    }
}
