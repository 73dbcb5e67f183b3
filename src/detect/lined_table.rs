//! Tables in running text: lines of cells between tabs below a line of headings, as documents, pages and
//! mails give them. Their rows are looked at cell by cell, under the headings.
//!
//! A line is a row by the nearest line of headings above it, with as many cells in each line between:
//! wherever a text is cut into windows, that is the same.

use std::ops::Range;

use super::detectors::name::column::{self, Column};
use super::headers;
use crate::model::{Cell, Field};

/// How far behind its headings a row may begin, in bytes.
const TABLE_BYTES: usize = 16 * 1024;

/// Longest line of a table, in bytes.
const MAX_LINE: usize = 2048;

/// What windows must hold before a row for its headings to be in them.
pub(super) const REACH: usize = TABLE_BYTES + MAX_LINE;

/// Longest heading, in bytes.
const MAX_HEADING: usize = 40;

/// Fewest headings whose meaning is known.
const FEWEST_KNOWN: usize = 2;

/// The rows below one line of headings.
#[derive(Debug)]
pub(super) struct LinedTable {
    /// Where the rows stand in the text.
    pub(super) span: Range<usize>,
    pub(super) cells: Vec<Cell>,
    pub(super) fields: Vec<Field>,
}

/// The tables of a text with rows that begin in `body`; what stands before it is looked through for
/// their headings.
pub(super) fn find(text: &str, body: &Range<usize>) -> Vec<LinedTable> {
    if memchr::memchr(b'\t', text.as_bytes()).is_none() {
        return Vec::new();
    }
    let mut tables: Vec<LinedTable> = Vec::new();
    // The headings of the table that goes on, and where they stand.
    let mut open: Option<(Vec<Field>, usize)> = None;
    let mut lines = lines(text, first_line(text, body)).peekable();
    while let Some(line) = lines.next().filter(|line| line.start < body.end) {
        let own = Line::of(text, line.clone());
        let below = lines.peek().map(|next| Line::of(text, next.clone()));
        if let Some(fields) = own.headings(text, below.as_ref()) {
            open = Some((fields, line.start));
            continue;
        }
        let near = |heading: usize| line.start - heading < TABLE_BYTES;
        open = open.filter(|(fields, heading)| own.cells.len() == fields.len() && near(*heading));
        let Some((fields, heading)) = &open else {
            continue;
        };
        match tables.last_mut() {
            Some(table) if table.span.start > *heading => table.take(&own),
            _ => {
                let mut table = LinedTable {
                    span: line,
                    cells: Vec::new(),
                    fields: fields.clone(),
                };
                table.take(&own);
                tables.push(table);
            }
        }
    }
    tables
}

impl LinedTable {
    fn take(&mut self, line: &Line) {
        let row = self.cells.last().map_or(1, |last| last.row + 1);
        for (field, cell) in (0..).zip(&line.cells) {
            if let (Ok(start), Ok(end)) = (u32::try_from(cell.start), u32::try_from(cell.end)) {
                self.cells.push(Cell {
                    start,
                    end,
                    field,
                    row,
                });
            }
        }
        self.span.end = line.end;
    }
}

/// Where the first line begins that may be headings of a row in the body; a line of which the beginning is
/// not there is none.
fn first_line(text: &str, body: &Range<usize>) -> usize {
    let Some(from) = body.start.checked_sub(REACH) else {
        return 0;
    };
    let rest = text.as_bytes().get(from..).unwrap_or_default();
    memchr::memchr(b'\n', rest).map_or(text.len(), |at| from + at + 1)
}

/// The lines from byte `from` on, without their ends.
fn lines(text: &str, from: usize) -> impl Iterator<Item = Range<usize>> {
    let mut at = from;
    std::iter::from_fn(move || {
        let rest = text.as_bytes().get(at..).filter(|rest| !rest.is_empty())?;
        let length = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
        let line = at..at + length;
        at = line.end + 1;
        Some(line)
    })
}

/// A line and its cells.
struct Line {
    cells: Vec<Range<usize>>,
    end: usize,
}

impl Line {
    /// Without cells where it is too long, or is one only.
    fn of(text: &str, line: Range<usize>) -> Self {
        let end = line.end;
        let none = Self {
            cells: Vec::new(),
            end,
        };
        let own = text.get(line.clone()).unwrap_or_default();
        if own.len() > MAX_LINE || !own.contains('\t') {
            return none;
        }
        // Some programs put a tab before each cell, some behind.
        let bare = own.strip_suffix('\r').unwrap_or(own);
        let inner = bare.strip_prefix('\t').unwrap_or(bare);
        let from = line.start + bare.len() - inner.len();
        let inner = inner.strip_suffix('\t').unwrap_or(inner);
        let mut at = from;
        let cells = inner.split('\t').map(|cell| {
            let start = at + cell.len() - cell.trim_start().len();
            at += cell.len() + 1;
            start..start + cell.trim().len()
        });
        let cells: Vec<_> = cells.collect();
        if cells.len() < 2 {
            return none;
        }
        Self { cells, end }
    }

    /// The fields that the cells name, where they are headings of the line below. A form has labels in
    /// each line; the line below headings has none, or few.
    fn headings(&self, text: &str, below: Option<&Self>) -> Option<Vec<Field>> {
        let below = below.filter(|below| below.cells.len() == self.cells.len())?;
        let long = |cell: &Range<usize>| cell.len() > MAX_HEADING;
        if self.cells.is_empty() || self.cells.iter().any(long) || self.has_digits(text) {
            return None;
        }
        let fields = self.fields(text);
        let known = fields.iter().filter(|field| {
            !headers::of_field(field).is_empty() || column::of(&field.name) != Column::Unknown
        });
        let known = known.count();
        if known < FEWEST_KNOWN {
            return None;
        }
        let values = below.fields(text);
        let labels = values
            .iter()
            .filter(|value| !headers::of_field(value).is_empty());
        (2 * labels.count() < known).then_some(fields)
    }

    fn has_digits(&self, text: &str) -> bool {
        let mut texts = self.cells.iter().filter_map(|cell| text.get(cell.clone()));
        texts.any(|cell| cell.contains(|c: char| c.is_ascii_digit()))
    }

    fn fields(&self, text: &str) -> Vec<Field> {
        let field = |(id, cell): (u32, &Range<usize>)| Field {
            id,
            name: text.get(cell.clone()).unwrap_or_default().into(),
            sheet: None,
            numeric: false,
        };
        (0..).zip(&self.cells).map(field).collect()
    }
}

#[cfg(test)]
#[expect(clippy::string_slice, reason = "tests may panic")]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(String, String, u64)> {
        let tables = find(text, &(0..text.len()));
        let of = |table: &LinedTable| {
            let cells = table.cells.iter().map(|cell| {
                let value = text.get(cell.start as usize..cell.end as usize).unwrap();
                let name = &table.fields[cell.field as usize].name;
                (name.to_string(), value.to_owned(), cell.row)
            });
            cells.collect::<Vec<_>>()
        };
        tables.iter().flat_map(of).collect()
    }

    #[test]
    fn rows_stand_below_their_headings() {
        let text = "Liste:\nNavn\tTelefon\t\r\nKari\t40612345\t\r\nPer \t\t\r\nSlutt\n\tPostnr\tPoststed\n\t0184\tOslo\n";
        let cell = |name: &str, value: &str, row| (name.to_owned(), value.to_owned(), row);
        let expected = [
            cell("Navn", "Kari", 1),
            cell("Telefon", "40612345", 1),
            cell("Navn", "Per", 2),
            cell("Telefon", "", 2),
            cell("Postnr", "0184", 1),
            cell("Poststed", "Oslo", 1),
        ];
        assert_eq!(found(text), expected);
    }

    #[test]
    fn forms_lists_and_other_lines_are_no_tables() {
        for text in [
            "Navn\tKari Testesen\nTelefon\t40612345\n",
            "Navn\tKari\tAdresse\tStorgata\nTelefon\t40612345\tE-post\tkari@x.no\n",
            "Navn 1\tTelefon 1\nKari\t40612345\n",
            "Navn\tTelefon\nKari\n40612345\n",
            "\tif x:\n\t\treturn 40612345\n",
            "Navn\tTelefon",
        ] {
            assert_eq!(found(text), [], "{text:?}");
        }
    }

    #[test]
    fn a_part_of_a_text_has_the_rows_of_the_whole() {
        let rows = "Kari\t40612345\n".repeat(2500);
        let text = ["Navn\tTelefon\n", &rows, "Slutt\nNavn\tTlf\n", &rows].concat();
        let begin = |text: &str, body: Range<usize>, base: usize| -> Vec<usize> {
            let tables = find(text, &body);
            let cells = tables.iter().flat_map(|table| &table.cells);
            let starts = cells.map(|cell| cell.start as usize);
            let own = starts.filter(|start| body.contains(start));
            own.map(|start| start + base).collect()
        };
        let whole = begin(&text, 0..text.len(), 0);
        for from in (0..text.len()).step_by(1777) {
            let to = (from + 5000).min(text.len());
            let base = from.saturating_sub(REACH + 3);
            let window = &text[base..(to + REACH).min(text.len())];
            let part = begin(window, from - base..to - base, base);
            let expected: Vec<usize> = whole
                .iter()
                .copied()
                .filter(|at| (from..to).contains(at))
                .collect();
            assert_eq!(part, expected, "from {from}");
        }
    }

    #[test]
    fn rows_far_below_their_headings_are_text() {
        let text = ["Navn\tTelefon\n", &"Kari\t40612345\n".repeat(3000)].concat();
        let rows = found(&text).len() / 2;
        assert_eq!(rows, (TABLE_BYTES - 13).div_ceil(14));
    }
}
