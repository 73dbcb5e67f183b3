//! Data interchange format (DIF): sheets as pairs of lines, from the first spreadsheet program on.

use calamine::DataRef;

use super::super::sheets::SheetCells;
use super::super::text_lines::each_line;
use super::super::{Content, Format, FormatInfo, Head, Match, Sink};
use crate::model::{Budget, Problem, ProblemKind, Stage};

pub(crate) static FORMAT: Dif = Dif;

/// Reads them.
pub(crate) struct Dif;

static INFO: FormatInfo = FormatInfo {
    id: "dif",
    title: "DIF sheet",
    extensions: &["dif"],
    version: 1,
    isolated: false,
    reads: "cells with column headers",
};

/// A text of more bytes than this whose quotation mark is not closed ends here.
const MAX_TEXT_BYTES: usize = 64 * 1024;

impl Format for Dif {
    fn info(&self) -> &'static FormatInfo {
        &INFO
    }

    fn recognises(&self, head: &Head<'_>) -> Match {
        let mut lines = super::super::decode::lines(head.bytes);
        let begins = lines.next() == Some(b"TABLE") && lines.next().is_some_and(|line| line.starts_with(b"0,"));
        if begins { Match::Sure } else { Match::No }
    }

    fn read(
        &self,
        content: &mut Content,
        budget: &Budget,
        sink: &mut dyn Sink,
    ) -> Result<(), Problem> {
        let mut sheet = Sheet::new(SheetCells::of_file(content.name()));
        let whole = each_line(content, budget, &mut |line| sheet.take(line, sink))?;
        sheet.cells.finish(sink);
        if !whole || sheet.part != Part::End {
            sink.incomplete(Problem::new(ProblemKind::Malformed, Stage::Extract));
        }
        Ok(())
    }
}

/// Where in the file the next line stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// Before the cells.
    Header,
    /// The given number of lines before the first cell.
    Data(u8),
    /// The first line of a cell: its sort, and its number.
    Sort,
    /// The second line of a cell.
    Value,
    End,
}

struct Sheet {
    part: Part,
    cells: SheetCells,
    /// Rows that began, and cells that ended in the last.
    row: u32,
    column: u32,
    sort: String,
    number: String,
    text: String,
    /// Quotation marks in it.
    quotes: usize,
}

impl Sheet {
    fn new(cells: SheetCells) -> Self {
        Self {
            part: Part::Header,
            cells,
            row: 0,
            column: 0,
            sort: String::new(),
            number: String::new(),
            text: String::new(),
            quotes: 0,
        }
    }

    fn take(&mut self, line: &str, sink: &mut dyn Sink) {
        self.part = match self.part {
            Part::Header if line.trim() == "DATA" => Part::Data(2),
            Part::Header => Part::Header,
            Part::Data(2) => Part::Data(1),
            Part::Data(_) => Part::Sort,
            Part::Sort => {
                let (sort, number) = line.split_once(',').unwrap_or((line, ""));
                (self.sort, self.number) = (sort.trim().to_owned(), number.trim().to_owned());
                Part::Value
            }
            Part::Value => self.value(line, sink),
            Part::End => Part::End,
        };
    }

    fn value(&mut self, line: &str, sink: &mut dyn Sink) -> Part {
        match (self.sort.as_str(), line.trim()) {
            ("-1", "BOT") => {
                self.row = self.row.saturating_add(1);
                self.column = 0;
            }
            ("-1", "EOD") => return Part::End,
            ("0", "V") => {
                let number = std::mem::take(&mut self.number);
                match number.parse() {
                    Ok(value) => self.cell(&DataRef::Float(value), sink),
                    // Some programs write dates as they are shown.
                    Err(_) => self.cell(&DataRef::SharedString(&number), sink),
                }
            }
            ("1", _) => {
                if !self.text.is_empty() {
                    self.text.push('\n');
                }
                self.text.push_str(line);
                self.quotes += line.matches('"').count();
                let goes_on = self.text.starts_with('"') && self.quotes % 2 == 1;
                if goes_on && self.text.len() < MAX_TEXT_BYTES {
                    return Part::Value;
                }
                self.quotes = 0;
                let text = std::mem::take(&mut self.text);
                let inner = text.strip_prefix('"').map(|own| own.strip_suffix('"').unwrap_or(own));
                let inner = inner.map(|own| own.replace("\"\"", "\"")).unwrap_or(text);
                self.cell(&DataRef::SharedString(&inner), sink);
            }
            _ => self.column = self.column.saturating_add(1),
        }
        Part::Sort
    }

    fn cell(&mut self, value: &DataRef<'_>, sink: &mut dyn Sink) {
        let row = self.row.saturating_sub(1);
        self.cells.add(row, self.column, value, sink);
        self.column = self.column.saturating_add(1);
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::recorder::read_one;

    const SHEET: &str = "TABLE\r\n0,1\r\n\"EXCEL\"\r\nVECTORS\r\n0,3\r\n\"\"\r\nTUPLES\r\n0,2\r\n\"\"\r\nDATA\r\n0,0\r\n\"\"\r\n\
        -1,0\r\nBOT\r\n1,0\r\n\"Navn\"\r\n1,0\r\n\"Født\"\r\n1,0\r\n\"Telefon\"\r\n\
        -1,0\r\nBOT\r\n1,0\r\n\"Kari \"\"Åse\"\"\r\nTæstesen\"\r\n0,03/22/1981\r\nV\r\n0,40612345\r\nV\r\n\
        -1,0\r\nBOT\r\n1,0\r\n\"\"\r\n0,0\r\nNA\r\n0,90612345\r\nV\r\n-1,0\r\nEOD\r\n";

    #[test]
    fn cells_stand_under_their_headings() {
        let seen = read_one("liste.dif", SHEET.as_bytes());
        assert_eq!((seen.format, seen.ending().as_str()), (Some("dif"), "scanned"));
        assert_eq!(seen.cell("Navn", 2), Some("Kari \"Åse\"\nTæstesen"));
        assert_eq!(seen.cell("Født", 2), Some("03/22/1981"));
        assert_eq!(seen.cell("Telefon", 2), Some("40612345"));
        assert_eq!(seen.cell("Telefon", 3), Some("90612345"));
    }

    #[test]
    fn half_a_sheet_is_read_and_told() {
        let (half, _) = SHEET.split_at(SHEET.find("0,40612345").unwrap());
        let seen = read_one("liste.dif", half.as_bytes());
        assert!(seen.text.contains("Tæstesen"), "{}", seen.text);
        assert_eq!(seen.ending(), "partial malformed");
    }
}
