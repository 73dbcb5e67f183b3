//! Tables as text whose columns stand below each other: printouts, and what `sqlcmd` and SQL*Plus show.
//!
//! The columns are taken from a rule of hyphens below the header, or from the places where no line of the sample
//! has anything. A list without a header gains nothing from being cut, and stays plain text. The text of a piece is
//! the file's own text, and the cells point into it.

use std::io::BufRead;

use super::super::charset::SAMPLE_BYTES;
use super::super::decode::Utf8Reader;
use super::super::flow::Flow;
use super::super::{Content, Format, FormatInfo, Head, Match, Sink};
use super::csv_dialect::has_header;
use crate::model::{Budget, Cell, Field, Layout, Piece, Problem, ProblemKind, Stage};

pub(crate) static FORMAT: FixedWidth = FixedWidth;

/// Reads tables with columns of fixed width.
pub(crate) struct FixedWidth;

static INFO: FormatInfo = FormatInfo {
    id: "fixed-width",
    title: "table with columns of fixed width",
    extensions: &["prn"],
    version: 1,
    isolated: false,
    reads: "all cells, with the header's names; what stands before the header and rows that do not fit as running text; without a header it is plain text",
};

/// Lines that are looked at, and how many there must be without a rule.
const SAMPLE_LINES: usize = 60;
const FEWEST_LINES: usize = 4;
/// Columns that there must be without a rule: two may be labels and what they say.
const FEWEST_COLUMNS: usize = 3;
/// A longer line is no row.
const MAX_LINE_BYTES: usize = 64 * 1024;

impl Format for FixedWidth {
    fn info(&self) -> &'static FormatInfo {
        &INFO
    }

    fn recognises(&self, head: &Head<'_>) -> Match {
        if head.sample.is_some_and(|text| Columns::of_text(text).is_some()) {
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
        let io_problem = |_| Problem::new(ProblemKind::Io, Stage::Read);
        let mut reader = Utf8Reader::new(content).map_err(io_problem)?;
        let first = reader.fill_text().map_err(io_problem)?;
        let mut table = Table::new(Columns::of_text(first).unwrap_or_default(), sink);
        loop {
            budget.check()?;
            let block = reader.fill_text().map_err(io_problem)?;
            let length = block.len();
            table.take(block);
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

/// Where the columns begin, in characters of a line, and what they are called.
#[derive(Debug, Default, PartialEq)]
struct Columns {
    starts: Vec<usize>,
    names: Vec<String>,
    /// Length in bytes of the text up to the first row.
    header_bytes: usize,
}

impl Columns {
    /// The columns of a table that begins with `text`; `None` where it looks like no table.
    fn of_text(text: &str) -> Option<Self> {
        let text = text.get(..text.floor_char_boundary(SAMPLE_BYTES))?;
        // What the sample cuts through is no line, and a tab has no width.
        let whole = text.get(..=memchr::memrchr(b'\n', text.as_bytes())?)?;
        if memchr::memchr(b'\t', whole.as_bytes()).is_some() {
            return None;
        }
        // Nearly all text has neither a rule nor gaps in its first line.
        let stroke = |at: usize| matches!(whole.as_bytes().get(at + 1), Some(b'-' | b'='));
        let has_rule = || memchr::memchr2_iter(b'-', b'=', whole.as_bytes()).any(stroke);
        let filled = || whole.split_inclusive('\n').find(|line| !line.trim().is_empty());
        let has_gaps = || filled().is_some_and(|line| line.trim().contains("  "));
        if !has_gaps() && !has_rule() {
            return None;
        }
        let lines: Vec<&str> = whole.split_inclusive('\n').take(SAMPLE_LINES).collect();
        Self::of_rule(&lines).or_else(|| Self::of_gaps(&lines))
    }

    /// By a rule of hyphens below a header.
    fn of_rule(lines: &[&str]) -> Option<Self> {
        let (above, rule) = lines.windows(2).zip(1..).find_map(|(pair, at)| match pair {
            [above, rule] if is_rule(rule) && !is_rule(above) && !above.trim().is_empty() => {
                Some((*above, at))
            }
            _ => None,
        })?;
        let starts = beginnings(lines.get(rule)?, |c| c == ' ', 1);
        let before = lines.get(..=rule)?.iter().map(|line| line.len()).sum();
        let names = names(above, &starts)?;
        let has_rows = lines.get(rule + 1..)?.iter().any(|line| !line.trim().is_empty());
        (starts.len() > 1 && has_rows).then_some(Self { starts, names, header_bytes: before })
    }

    /// By the places where no line has anything.
    fn of_gaps(lines: &[&str]) -> Option<Self> {
        let filled: Vec<&&str> = lines.iter().filter(|line| !line.trim().is_empty()).collect();
        let header = filled.first()?;
        // The header names every column; of prose that is soon seen.
        let parts = header.trim().split("  ").filter(|part| !part.is_empty());
        if filled.len() < FEWEST_LINES || parts.count() < FEWEST_COLUMNS {
            return None;
        }
        let mut taken: Vec<char> = Vec::new();
        for line in &filled {
            for (at, c) in line.trim_end().chars().enumerate() {
                taken.resize(taken.len().max(at + 1), ' ');
                if let Some(own) = taken.get_mut(at).filter(|_| c != ' ') {
                    *own = c;
                }
            }
        }
        let starts = beginnings(&String::from_iter(taken), |c| c == ' ', 2);
        if starts.len() < FEWEST_COLUMNS {
            return None;
        }
        let rows: Option<Vec<Vec<&str>>> = filled.iter().map(|line| values(line, &starts)).collect();
        let rows = rows?;
        let names = names(header, &starts)?;
        let is_filled = |column: usize| {
            let filled = rows.iter().filter(|row| row.get(column).is_some_and(|own| !own.is_empty()));
            filled.count() * 2 > rows.len()
        };
        let is_named = names.iter().all(|name| !name.is_empty() && !name.ends_with(':'));
        let many = (0..starts.len()).filter(|column| is_filled(*column)).count();
        let fits = is_named && is_filled(0) && many >= FEWEST_COLUMNS && has_header(&rows);
        let before = lines.iter().take_while(|line| line.trim().is_empty()).map(|line| line.len());
        fits.then(|| Self { header_bytes: before.sum::<usize>() + header.len(), starts, names })
    }
}

/// Whether a line is nothing but two or more strokes of hyphens or equals signs.
fn is_rule(line: &str) -> bool {
    let mut strokes = 0;
    line.split_ascii_whitespace().all(|stroke| {
        strokes += 1;
        stroke.len() >= 2 && stroke.bytes().all(|byte| matches!(byte, b'-' | b'='))
    }) && strokes > 1
}

/// Where something begins after at least so many blank characters, or at the beginning.
fn beginnings(line: &str, is_blank: impl Fn(char) -> bool, gap: usize) -> Vec<usize> {
    let mut starts = Vec::new();
    let mut blanks = gap;
    for (at, c) in line.trim_end().chars().enumerate() {
        if is_blank(c) {
            blanks += 1;
        } else {
            if blanks >= gap {
                starts.push(at);
            }
            blanks = 0;
        }
    }
    starts
}

/// The names of the columns; `None` where the header does not fit them.
fn names(header: &str, starts: &[usize]) -> Option<Vec<String>> {
    values(header, starts).map(|names| names.into_iter().map(str::to_owned).collect())
}

/// The values of a line; `None` where one crosses the beginning of a column.
fn values<'t>(line: &'t str, starts: &[usize]) -> Option<Vec<&'t str>> {
    let spans = spans(line, starts)?;
    Some(spans.into_iter().map(|(from, to)| line.get(from..to).unwrap_or_default()).collect())
}

/// The values of a line as ranges of bytes, blanks around them left out; `None` where one crosses the beginning of a
/// column. What stands before the first column belongs to it.
fn spans(line: &str, starts: &[usize]) -> Option<Vec<(usize, usize)>> {
    let mut cuts = Vec::with_capacity(starts.len() + 1);
    cuts.push(0);
    let mut wanted = starts.iter().skip(1).peekable();
    let mut before = ' ';
    for (column, (byte, c)) in line.char_indices().enumerate() {
        if wanted.next_if_eq(&&column).is_some() {
            if before != ' ' {
                return None;
            }
            cuts.push(byte);
        }
        before = c;
    }
    cuts.resize(starts.len(), line.len());
    cuts.push(line.len());
    let spans = cuts.windows(2).map(|pair| match pair {
        [from, to] => {
            let value = line.get(*from..*to).unwrap_or_default();
            let start = from + (value.len() - value.trim_start().len());
            (start, start + value.trim().len())
        }
        _ => (0, 0),
    });
    Some(spans.collect())
}

/// A table on its way to the sink.
struct Table<'s> {
    columns: Columns,
    fields: Vec<Field>,
    sink: &'s mut dyn Sink,
    flow: Flow,
    /// The line that has no end yet.
    open: String,
    /// Bytes of the header that are not handed out yet.
    header_left: usize,
    cells: Vec<Cell>,
    row: u64,
}

impl<'s> Table<'s> {
    fn new(columns: Columns, sink: &'s mut dyn Sink) -> Self {
        let fields = (0..).zip(&columns.names).map(|(id, name)| Field {
            id,
            name: name.as_str().into(),
            sheet: None,
            numeric: false,
        });
        Self {
            fields: fields.collect(),
            header_left: columns.header_bytes,
            columns,
            sink,
            flow: Flow::new(),
            open: String::new(),
            cells: Vec::new(),
            row: 0,
        }
    }

    /// Hands out the lines that end in `block`; an empty block ends the last one.
    fn take(&mut self, block: &str) {
        let mut text = std::mem::take(&mut self.open);
        text.push_str(block);
        let end = match text.rfind('\n') {
            _ if block.is_empty() || text.len() > MAX_LINE_BYTES + block.len() => text.len(),
            Some(at) => at + 1,
            None => 0,
        };
        self.open = text.split_off(end);
        self.lines(&text);
    }

    fn lines(&mut self, text: &str) {
        let (mut begun, mut at) = (0, 0);
        for line in text.split_inclusive('\n') {
            let is_header = self.header_left > 0;
            self.header_left = self.header_left.saturating_sub(line.len());
            if is_header || !self.row(line, at - begun) {
                self.hand_out(text.get(begun..at).unwrap_or_default());
                self.flow.piece(line, self.sink);
                begun = at + line.len();
            }
            at += line.len();
        }
        self.hand_out(text.get(begun..).unwrap_or_default());
    }

    /// Takes a line as a row that begins at `offset` of its piece; false where it does not fit.
    fn row(&mut self, line: &str, offset: usize) -> bool {
        if line.trim().is_empty() {
            return true;
        }
        let spans = (line.len() <= MAX_LINE_BYTES).then(|| spans(line, &self.columns.starts));
        let Some(spans) = spans.flatten().filter(|_| !is_rule(line)) else {
            return false;
        };
        self.row += 1;
        for (field, (from, to)) in (0..).zip(spans) {
            if let (Ok(start), Ok(end)) = (u32::try_from(offset + from), u32::try_from(offset + to))
                && from < to
            {
                self.cells.push(Cell { start, end, field, row: self.row });
            }
        }
        true
    }

    fn hand_out(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        if self.cells.is_empty() {
            return self.flow.piece(text, self.sink);
        }
        self.sink.piece(Piece {
            text,
            layout: Layout::Cells { cells: &self.cells, fields: &self.fields },
        });
        self.cells.clear();
        self.flow.skip(text);
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::recorder::read_one;

    const LIST: &str = "\
Nr   Navn                  Født        Konto
  1  Åse Ødegård           03.02.1961  12345678903
  2  Per Nilsen            11.12.1972  12345678903
 13  Kari Nordmann-Hansen  01.01.1980

114  Liv Li                30.06.1990  12345678903
";

    #[test]
    fn columns_that_stand_below_each_other_are_cells_with_the_headers_names() {
        for text in [LIST.to_owned(), LIST.replace('\n', "\r\n"), ["\n", LIST].concat()] {
            for bytes in [text.clone().into_bytes(), encoding_rs::WINDOWS_1252.encode(&text).0.into_owned()] {
                let seen = read_one("liste.txt", &bytes);
                assert_eq!((seen.format, seen.ending().as_str()), (Some("fixed-width"), "scanned"));
                assert_eq!(seen.cell("Navn", 1), Some("Åse Ødegård"));
                assert_eq!(seen.cell("Nr", 3), Some("13"));
                assert_eq!((seen.cell("Konto", 3), seen.cell("Konto", 4)), (None, Some("12345678903")));
                assert_eq!(seen.cell("Født", 2), Some("11.12.1972"));
            }
        }
    }

    #[test]
    fn a_rule_below_the_header_gives_the_columns() {
        let text = "Changed database context to 'Kunder'.\n\
            Navn                 Postnr\n\
            -------------------- ------\n\
            Åse Ødegård          1530\n\
            Kari Nordmann-Hansen 5003\n\
            En lapp om at hun Åse er borte i dag\n\
            \n(3 rows affected)";
        let seen = read_one("ut.rpt", text.as_bytes());
        assert_eq!((seen.format, seen.ending().as_str()), (Some("fixed-width"), "scanned"));
        assert_eq!((seen.cell("Navn", 1), seen.cell("Postnr", 2)), (Some("Åse Ødegård"), Some("5003")));
        assert_eq!(seen.cells.len(), 5, "{:?}", seen.cells);
        assert_eq!(seen.text.replace('\n', ""), text.replace('\n', ""));
    }

    #[test]
    fn what_has_no_columns_or_no_header_stays_text() {
        let lists = [
            "Navn:       Kari Nordmann     Oslo\nFødt:       03.02.1961        Moss\nTelefon:    22 22 22 22       x\nAdresse:    Storgata 1        y\n",
            "Navn       Kari Nordmann\nFødt       03.02.1961\nTelefon    22 22 22 22\nAdresse    Storgata 1\n",
            "03.02.2024  Kari ringte         Moss\n04.02.2024  Per ringte          Oslo\n05.02.2024  Liv skrev           Hamar\n06.02.2024  Liv ringte          Hamar\n",
            "Kari bor i Moss.  Per bor i Oslo.\nLiv er hos dem.  Det er fint.\nOg så videre.\nHei på deg.\n",
            "Overskrift\n----------\nNavn og nr\n",
            "fn main() {\n    let navn = 1;   // x\n    let x    = 2;   // y\n    let y    = 3;   // z\n}\n",
        ];
        for text in lists {
            assert_eq!(read_one("a.txt", text.as_bytes()).format, Some("text"), "{text}");
        }
    }

    #[test]
    fn long_tables_and_cut_ones_lose_nothing() {
        let (header, rows) = LIST.split_at(LIST.find('\n').unwrap() + 1);
        let text = [header, &rows.repeat(4000), &"x".repeat(200_000), "\n", rows].concat();
        let seen = read_one("a.txt", text.as_bytes());
        assert_eq!((seen.format, seen.ending().as_str()), (Some("fixed-width"), "scanned"));
        assert_eq!(seen.cell("Navn", 16_000), Some("Liv Li"));
        assert!(seen.cells.iter().any(|(name, row, own)| *row > 16_000 && name == "Navn" && own == "Per Nilsen"));
        let told = seen.text.bytes().filter(|byte| *byte != b'\n').count();
        assert_eq!(told, text.bytes().filter(|byte| *byte != b'\n').count());
        for length in 0..LIST.len() {
            let seen = read_one("a.prn", &LIST.as_bytes()[..length]);
            assert!(!seen.ending().contains("panic"));
        }
    }
}
