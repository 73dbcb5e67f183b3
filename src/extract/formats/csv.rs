//! Tables as text: values between semicolons, tabs, commas or bars, of any size.
//!
//! The text of a piece is the file's own text, and the cells point into it: a cell's quotes lie
//! outside of it, and a quote that is doubled inside a cell stays doubled.

use std::io::BufRead;

use super::super::decode::Utf8Reader;
use super::super::flow::Flow;
use super::super::{Content, Format, FormatInfo, Head, Match, Sink, written_file};
use super::csv_dialect::{self, Dialect};
use crate::model::{Budget, Cell, Field, Layout, Piece, Problem, ProblemKind, Stage};

pub(crate) static FORMAT: Csv = Csv;

/// Reads tables with separators.
pub(crate) struct Csv;

static INFO: FormatInfo = FormatInfo {
    id: "csv",
    title: "table with separators (CSV, TSV)",
    extensions: &["csv", "tsv", "tab"],
    version: 5,
    isolated: false,
    reads: "all cells, with the header's names; semicolons, tabs, commas and bars; quoted line breaks",
};

/// A row that is longer than this is cut: an opening quote that is never closed must not take the
/// rest of the file with it.
const MAX_ROW_BYTES: usize = 1024 * 1024;
/// Columns that are told apart; the cells of further ones belong to the last.
const MAX_COLUMNS: usize = 16_384;

impl Format for Csv {
    fn info(&self) -> &'static FormatInfo {
        &INFO
    }

    fn recognises(&self, head: &Head<'_>) -> Match {
        let named = head.has_extension(INFO.extensions);
        let is_table = |text: &str| csv_dialect::of_text(text, named).is_some();
        if head.sample.is_some_and(is_table) {
            Match::Likely
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
        let mut reader = Utf8Reader::new(content).map_err(|_| io_problem())?;
        let first = reader.fill_text().map_err(|_| io_problem())?;
        let dialect = csv_dialect::of_text(first, true).unwrap_or_default();
        let mut table = Table::new(dialect, sink);
        loop {
            budget.check()?;
            let block = reader.fill_text().map_err(|_| io_problem())?;
            let length = block.len();
            table.buffer.push_str(block);
            table.take_rows(length == 0);
            if length == 0 {
                break;
            }
            reader.consume(length);
        }
        if reader.is_lossy() {
            sink.incomplete(Problem::new(ProblemKind::Malformed, Stage::Extract));
        }
        Ok(())
    }
}

fn io_problem() -> Problem {
    Problem::new(ProblemKind::Io, Stage::Read)
}

/// A table on its way to the sink.
struct Table<'s> {
    dialect: Dialect,
    sink: &'s mut dyn Sink,
    flow: Flow,
    /// Text whose rows are not handed out yet.
    buffer: String,
    cells: Vec<Cell>,
    fields: Vec<Field>,
    row: u64,
    header_due: bool,
    /// Where a cell ends that was too long and is handed out as running text.
    long_cell: Option<LongCell>,
}

/// A cell that is too long to be held.
#[derive(Clone, Copy)]
enum LongCell {
    /// It ends with a separator, a line or a quote.
    Plain,
    /// Lines of letters that stand for a file, between quotes.
    File,
}

impl<'s> Table<'s> {
    fn new(dialect: Dialect, sink: &'s mut dyn Sink) -> Self {
        Self {
            header_due: dialect.header || dialect.first_row > 0,
            dialect,
            sink,
            flow: Flow::new(),
            buffer: String::new(),
            cells: Vec::new(),
            fields: Vec::new(),
            row: 0,
            long_cell: None,
        }
    }

    /// Hands out every complete row of the buffer, or, at the end of the file, all that is left.
    fn take_rows(&mut self, last: bool) {
        let buffer = std::mem::take(&mut self.buffer);
        let mut at = if self.header_due {
            self.take_header(&buffer)
        } else {
            self.take_long_cell(&buffer)
        };
        let body = at;
        while at < buffer.len() {
            let rest = buffer.get(at..).unwrap_or_default();
            match self.row(rest, at - body, last) {
                Some(length) => at += length,
                None => break,
            }
        }
        self.hand_out(buffer.get(body..at).unwrap_or_default());
        let rest = buffer.get(at..).unwrap_or_default();
        self.buffer = if rest.len() > MAX_ROW_BYTES {
            self.flow.piece(rest, self.sink);
            self.long_cell = Some(if opens_file(rest) { LongCell::File } else { LongCell::Plain });
            String::new()
        } else {
            let mut kept = buffer;
            kept.drain(..at);
            kept
        };
    }

    /// The rest of a cell that was too long, which is one text with what came of it before.
    fn take_long_cell(&mut self, buffer: &str) -> usize {
        let Some(kind) = self.long_cell else {
            return 0;
        };
        let Dialect { delimiter, newline, .. } = self.dialect;
        let bytes = buffer.as_bytes();
        let end = match kind {
            LongCell::Plain => memchr::memchr3(delimiter, newline, b'"', bytes),
            LongCell::File => bytes.iter().position(|byte| !is_of_file(*byte)),
        };
        if end.is_some() {
            self.long_cell = None;
        }
        let quote = |at: usize| usize::from(bytes.get(at) == Some(&b'"'));
        let end = end.map_or(buffer.len(), |at| at + quote(at));
        self.flow.piece(buffer.get(..end).unwrap_or_default(), self.sink);
        end
    }

    /// The header is running text too: it may turn out to be a row like any other.
    fn take_header(&mut self, buffer: &str) -> usize {
        self.header_due = false;
        let start = self.dialect.first_row;
        let header = buffer.get(start..).unwrap_or_default();
        let mut end = start;
        if self.dialect.header {
            end += scan_row(header, self.dialect, true, &mut |from, to| {
                let name = header.get(from..to).unwrap_or_default().trim();
                push_field(&mut self.fields, name);
            })
            .unwrap_or(header.len());
        }
        self.flow
            .piece(buffer.get(..end).unwrap_or_default(), self.sink);
        end
    }

    /// Finds the cells of the row that `rest` begins with; `offset` is the row's place in the piece.
    /// Returns the row's length, or `None` where its end is not there yet.
    fn row(&mut self, rest: &str, offset: usize, last: bool) -> Option<usize> {
        let before = self.cells.len();
        let desperate = last || (rest.len() > MAX_ROW_BYTES && !opens_file(rest));
        let length = self.scan(rest, offset, true).or_else(|| {
            self.cells.truncate(before);
            desperate.then(|| self.scan(rest, offset, false)).flatten()
        });
        let length = length.or_else(|| {
            self.cells.truncate(before);
            last.then(|| {
                let line = [rest, "\n"].concat();
                self.scan(&line, offset, false);
                rest.len()
            })
        })?;
        let blank = self.cells.get(before..).is_none_or(|cells| match cells {
            [cell] => cell.start == cell.end,
            _ => cells.is_empty(),
        });
        if blank {
            self.cells.truncate(before);
            self.row -= 1;
        }
        Some(length)
    }

    fn scan(&mut self, rest: &str, offset: usize, quotes: bool) -> Option<usize> {
        let row = self.row + 1;
        let (cells, fields) = (&mut self.cells, &mut self.fields);
        let mut column = 0;
        let length = scan_row(rest, self.dialect, quotes, &mut |from, to| {
            if column == fields.len() && column < MAX_COLUMNS {
                push_field(fields, "");
            }
            if let (Ok(start), Ok(end), Ok(field)) = (
                u32::try_from(offset + from),
                u32::try_from(offset + to),
                u32::try_from(column.min(fields.len() - 1)),
            ) {
                cells.push(Cell {
                    start,
                    end,
                    field,
                    row,
                });
            }
            column += 1;
        })?;
        self.row = row;
        Some(length)
    }

    fn hand_out(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        if !self.cells.is_empty() {
            self.sink.piece(Piece {
                text,
                layout: Layout::Cells {
                    cells: &self.cells,
                    fields: &self.fields,
                },
            });
            self.cells.clear();
        }
        self.flow.skip(text);
    }
}

/// Whether the cell that a row ends in, behind its last quote, is a file in base 64.
fn opens_file(row: &str) -> bool {
    let quote = memchr::memrchr(b'"', row.as_bytes());
    quote.and_then(|at| row.get(at + 1..)).is_some_and(|cell| {
        written_file::begins(cell) && cell.bytes().all(|byte| is_of_file(byte) || matches!(byte, b':' | b';' | b',' | b'.' | b'-'))
    })
}

/// Whether a byte may stand in folded base 64.
fn is_of_file(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte.is_ascii_whitespace() || matches!(byte, b'+' | b'/' | b'=')
}

fn push_field(fields: &mut Vec<Field>, name: &str) {
    if let Ok(id) = u32::try_from(fields.len())
        && fields.len() < MAX_COLUMNS
    {
        fields.push(Field {
            id,
            name: name.into(),
            sheet: None,
            numeric: false,
        });
    }
}

/// Tells the cells of the row that `text` begins with, without their quotes, and returns the row's
/// length with its line break; `None` where the line break is missing.
pub(super) fn scan_row(
    text: &str,
    dialect: Dialect,
    quotes: bool,
    cell: &mut dyn FnMut(usize, usize),
) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut start = 0;
    loop {
        let is_quoted = quotes && bytes.get(start) == Some(&b'"');
        let closing = if is_quoted {
            closing_quote(bytes, start + 1)?
        } else {
            start
        };
        let found = memchr::memchr2(dialect.delimiter, dialect.newline, bytes.get(closing..)?)?;
        let end = closing + found;
        let at_break = bytes.get(end) == Some(&dialect.newline);
        let mut content_end = end;
        if at_break && content_end > start && bytes.get(content_end - 1) == Some(&b'\r') {
            content_end -= 1;
        }
        if is_quoted && closing + 1 == content_end {
            cell(start + 1, closing);
        } else {
            let marks = marks_around(bytes.get(start..content_end).unwrap_or_default());
            cell(start + marks.0, content_end - marks.1);
        }
        start = end + 1;
        if at_break {
            return Some(start);
        }
    }
}

/// How many bytes before and behind the value only say that it is text: `="0184"` and `'0184'`.
fn marks_around(cell: &[u8]) -> (usize, usize) {
    match cell {
        [b'=', b'"', .., b'"'] => (2, 1),
        [b'\'', .., b'\''] => (1, 1),
        _ => (0, 0),
    }
}

/// The quote that closes the cell whose text begins at `from`; two quotes are one of its signs.
fn closing_quote(bytes: &[u8], mut from: usize) -> Option<usize> {
    loop {
        let quote = from + memchr::memchr(b'"', bytes.get(from..)?)?;
        if bytes.get(quote + 1) != Some(&b'"') {
            return Some(quote);
        }
        from = quote + 2;
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::recorder::read_one;

    #[test]
    fn cells_carry_the_headers_names() {
        let text = "Fødselsnr;Navn;Merknad\r\n15814599999;Åse Ødegård;\"to\r\nlinjer; her\"\r\n\
                    15814599998;Per;\r\n";
        for bytes in [
            text.as_bytes().to_vec(),
            encoding_rs::WINDOWS_1252.encode(text).0.into_owned(),
        ] {
            let seen = read_one("liste.csv", &bytes);
            assert_eq!(seen.format, Some("csv"));
            assert_eq!(seen.ending(), "scanned");
            assert_eq!(seen.cell("Fødselsnr", 1), Some("15814599999"));
            assert_eq!(seen.cell("Navn", 1), Some("Åse Ødegård"));
            assert_eq!(seen.cell("Merknad", 1), Some("to\r\nlinjer; her"));
            assert_eq!(seen.cell("Navn", 2), Some("Per"));
        }
    }

    #[test]
    fn a_header_may_stand_below_a_title() {
        let text = b"Rapport: ansatte\nDato;01.02.2024\n\nNavn;Mobil;Konto\nKari;40612345;1\nPer;21234567;2\n";
        let seen = read_one("a.csv", text);
        assert_eq!(seen.cell("Mobil", 1), Some("40612345"));
        assert_eq!(seen.cell("Navn", 2), Some("Per"));
        assert!(seen.text.starts_with("Rapport: ansatte\nDato;01.02.2024\n"), "{}", seen.text);
        let padded = b"Ansatte;;\n;;\nNavn;Mobil;Konto\nKari;40612345;1\nPer;;\n";
        let seen = read_one("a.csv", padded);
        assert_eq!((seen.cell("Mobil", 1), seen.cell("Navn", 2)), (Some("40612345"), Some("Per")));
        let without = b"Rapport: ansatte\nKari;40612345;1\nPer;21234567;2\n";
        assert_eq!(read_one("a.csv", without).cells.len(), 7);
    }

    #[test]
    fn marks_that_only_say_text_are_none_of_the_value() {
        let text = b"'navn';'postnr';'by'\n=\"Kari\";=\"0184\";='Oslo\n'Per';'';'\n";
        let seen = read_one("a.csv", text);
        assert_eq!(seen.cell("navn", 1), Some("Kari"));
        assert_eq!(seen.cell("postnr", 1), Some("0184"));
        assert_eq!(seen.cell("by", 1), Some("='Oslo"));
        assert_eq!(seen.cell("navn", 2), Some("Per"));
        assert_eq!(seen.cell("postnr", 2), Some(""));
        assert_eq!(seen.cell("by", 2), Some("'"));
    }

    #[test]
    fn a_table_without_header_loses_no_row() {
        let seen = read_one("a.csv", b"15814599999,90000001,a@example.no\n15814599998,90000002,b@example.no\n");
        assert_eq!(seen.cell("", 1), Some("15814599999"));
        assert_eq!(seen.cells.len(), 6);
    }

    #[test]
    fn rows_across_blocks_arrive_whole() {
        use std::fmt::Write as _;
        let mut text = String::from("id\tnavn\tnr\n");
        for n in 0..50_000 {
            writeln!(text, "{n}\tPer Ås {n}\t{:011}", n * 7).unwrap();
        }
        let seen = read_one("a.tsv", text.as_bytes());
        assert!(seen.pieces > 3);
        assert_eq!(seen.cells.len(), 150_000);
        for n in [0_u64, 7_777, 20_001, 49_999] {
            assert_eq!(seen.cell("nr", n + 1), Some(format!("{:011}", n * 7).as_str()));
        }
    }

    #[test]
    fn a_quote_that_never_closes_costs_one_row() {
        let mut text = String::from("navn,by\nPer,Oslo\n\"Kari,Bergen\n");
        text.push_str(&"Ola,Moss\n".repeat(300_000));
        let seen = read_one("a.csv", text.as_bytes());
        assert_eq!(seen.cell("by", 2), Some("Bergen"));
        assert_eq!(seen.cell("by", 300_002), Some("Moss"));
        assert_eq!(seen.ending(), "scanned");
    }

    #[test]
    fn an_endless_row_is_read_as_text() {
        let text = ["a;b\nc;d\n", &"x".repeat(3_000_000), "\ne;f"].concat();
        let seen = read_one("a.csv", text.as_bytes());
        assert_eq!(seen.text.matches('x').count(), 3_000_000);
        assert!(seen.text.ends_with("e;f"));
    }
}
