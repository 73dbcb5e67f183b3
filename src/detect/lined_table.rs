//! Tables in running text: lines of cells between tabs below a line of headings, as documents, pages and
//! mails give them, or between bars, as in Markdown and in what databases print. Their rows are looked at
//! cell by cell, under the headings. A text that begins with headings between semicolons or commas, as separated
//! values under another name, is one too.
//!
//! A line is a row by the nearest line of headings above it, with as many cells; a few lines between may be
//! none, as where a cell holds several paragraphs. Wherever a text is cut into windows, that is the same.

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

/// How many lines that are no rows may stand between two rows.
const MAX_GAP: usize = 3;

/// Fewest headings whose meaning is known.
const FEWEST_KNOWN: usize = 2;

/// Rows below one line of headings that follow each other.
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
    let mut tables: Vec<LinedTable> = Vec::new();
    let mut at = first_line(text, body);
    let mut open = (at == 0).then(|| separated(text)).flatten();
    if open.is_some() {
        at = line_at(text, at).map_or(text.len(), |line| line.end + 1);
    }
    loop {
        if open.is_none() {
            at = next_with_cells(text, at);
        }
        let Some(line) = line_at(text, at).filter(|line| line.start < body.end) else {
            return tables;
        };
        at = line.end + 1;
        if let Some(fields) = headings(text, &line, None) {
            open = Some(Open {
                fields,
                at: line.start,
                gap: 1,
                mark: None,
            });
            continue;
        }
        let Some(headings) = &mut open else {
            continue;
        };
        if is_rule(text, &line) {
            continue;
        }
        let cells = cells(text, &line, headings.mark);
        let wide = cells.len().cmp(&headings.fields.len());
        let far = line.start - headings.at >= TABLE_BYTES;
        if wide.is_gt() || far || headings.gap > MAX_GAP {
            open = None;
            continue;
        }
        if wide.is_lt() {
            headings.gap += 1;
            continue;
        }
        match tables.last_mut() {
            Some(table) if headings.gap == 0 => table.take(&cells, line.end),
            _ => {
                let mut table = LinedTable {
                    span: line.clone(),
                    cells: Vec::new(),
                    fields: headings.fields.clone(),
                };
                table.take(&cells, line.end);
                tables.push(table);
            }
        }
        headings.gap = 0;
    }
}

/// The headings of the table that goes on.
struct Open {
    fields: Vec<Field>,
    /// Where their line begins.
    at: usize,
    /// How many lines since the last row are none; the headings count as one.
    gap: usize,
    /// What stands between cells, where it is neither a tab nor a bar.
    mark: Option<char>,
}

/// The headings with which a text of values between semicolons or commas begins.
fn separated(text: &str) -> Option<Open> {
    let line = line_at(text, 0).filter(|line| line.end <= MAX_LINE)?;
    let own = text.get(line.clone())?;
    // In a sentence a space stands behind a comma, most often behind the first one.
    let first = memchr::memchr2(b';', b',', own.as_bytes())?;
    if own.as_bytes().get(first + 1) == Some(&b' ') {
        return None;
    }
    if own.contains(['\t', '|']) || own.contains(", ") || own.contains("; ") {
        return None;
    }
    let mark = [';', ','].into_iter().find(|mark| own.contains(*mark))?;
    Some(Open {
        fields: headings(text, &line, Some(mark))?,
        at: 0,
        gap: 1,
        mark: Some(mark),
    })
}

impl LinedTable {
    /// The field of the cell in which byte `at` of the text stands.
    pub(super) fn field_at(&self, at: usize) -> Option<u32> {
        let before = self.cells.partition_point(|cell| cell.end as usize <= at);
        let cell = self.cells.get(before)?;
        (cell.start as usize <= at).then_some(cell.field)
    }

    fn take(&mut self, cells: &[Range<usize>], end: usize) {
        let row = self.cells.last().map_or(1, |last| last.row + 1);
        for (field, cell) in (0..).zip(cells) {
            if let (Ok(start), Ok(end)) = (u32::try_from(cell.start), u32::try_from(cell.end)) {
                self.cells.push(Cell {
                    start,
                    end,
                    field,
                    row,
                });
            }
        }
        self.span.end = end;
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

/// The line that begins at byte `at`, without its end.
fn line_at(text: &str, at: usize) -> Option<Range<usize>> {
    let rest = text.as_bytes().get(at..).filter(|rest| !rest.is_empty())?;
    let length = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
    Some(at..at + length)
}

/// Where the next line with a tab or a bar begins, from the line at byte `at` on; the text's end where none
/// does.
fn next_with_cells(text: &str, at: usize) -> usize {
    let rest = text.as_bytes().get(at..).unwrap_or_default();
    let Some(mark) = memchr::memchr2(b'\t', b'|', rest) else {
        return text.len();
    };
    let before = rest.get(..mark).unwrap_or_default();
    memchr::memrchr(b'\n', before).map_or(at, |end| at + end + 1)
}

/// The cells of a line between tabs or bars, or between `mark`s; none where it is too long, or one cell only.
fn cells(text: &str, line: &Range<usize>, mark: Option<char>) -> Vec<Range<usize>> {
    let own = text.get(line.clone()).unwrap_or_default();
    if own.len() > MAX_LINE {
        return Vec::new();
    }
    let bare = own.strip_suffix('\r').unwrap_or(own);
    let barred = || bare.trim().strip_prefix('|')?.strip_suffix('|');
    let (mark, before, inner) = if let Some(mark) = mark {
        (mark, 0, bare)
    } else if bare.contains('\t') {
        // Some programs put a tab before each cell, some behind.
        let inner = bare.strip_prefix('\t').unwrap_or(bare);
        let before = bare.len() - inner.len();
        ('\t', before, inner.strip_suffix('\t').unwrap_or(inner))
    } else if let Some(inner) = barred() {
        ('|', bare.len() - bare.trim_start().len() + 1, inner)
    } else {
        // Bars stand between cells only, of which the first may be empty.
        ('|', 0, bare)
    };
    let mut at = line.start + before;
    let cells = inner.split(mark).map(|cell| {
        let is_edge = |c: char| c.is_whitespace() || c == '"' && matches!(mark, ';' | ',');
        let start = at + cell.len() - cell.trim_start_matches(is_edge).len();
        at += cell.len() + 1;
        start..start + cell.trim_matches(is_edge).len()
    });
    let cells: Vec<_> = cells.collect();
    if cells.len() < 2 { Vec::new() } else { cells }
}

/// The fields that the cells of a line name, where they are headings of the line below. A form has labels
/// in each line; the line below headings has none, or few.
fn headings(text: &str, line: &Range<usize>, mark: Option<char>) -> Option<Vec<Field>> {
    let own = text.get(line.clone())?;
    // Most lines with tabs hold digits.
    if has_digits(own) {
        return None;
    }
    let names = cells(text, line, mark);
    // Code has two bars side by side.
    let shortest = usize::from(!own.contains('\t'));
    let fits = |cell: &Range<usize>| (shortest..=MAX_HEADING).contains(&cell.len());
    if names.is_empty() || !names.iter().all(fits) {
        return None;
    }
    let mut next = line_at(text, line.end + 1)?;
    if is_rule(text, &next) {
        next = line_at(text, next.end + 1)?;
    }
    let below = cells(text, &next, mark);
    if below.len() != names.len() {
        return None;
    }
    let texts = |cells: &[Range<usize>]| -> Vec<&str> {
        let texts = cells.iter().map(|cell| text.get(cell.clone()));
        texts.map(Option::unwrap_or_default).collect()
    };
    let tells = |name: &&&str| !headers::of(name).is_empty();
    let headings = texts(&names);
    let is_known = |name: &&&str| tells(name) || column::of(name) != Column::Unknown;
    let known = headings.iter().filter(is_known).count();
    let labels = texts(&below).iter().filter(tells).count();
    (known >= FEWEST_KNOWN && 2 * labels < known).then(|| fields(&headings))
}

/// Whether a line that is not too long holds a digit, but in brackets: `Fødselsnummer (11 siffer)`.
fn has_digits(line: &str) -> bool {
    let mut inside = false;
    line.bytes().take(MAX_LINE).any(|byte| {
        inside = byte == b'(' || inside && byte != b')';
        byte.is_ascii_digit() && !inside
    })
}

/// Whether the line is drawn between rows: `|---|:--:|`, `+----+----+`.
fn is_rule(text: &str, line: &Range<usize>) -> bool {
    let own = text.get(line.clone()).unwrap_or_default().trim();
    let drawn = |byte: u8| matches!(byte, b'-' | b'+' | b'|' | b':' | b'=' | b' ');
    own.starts_with(['-', '+', '|', ':', '=']) && own.bytes().all(drawn)
}

fn fields(names: &[&str]) -> Vec<Field> {
    let field = |(id, name): (u32, &&str)| Field {
        id,
        name: (*name).into(),
        sheet: None,
        numeric: false,
    };
    (0..).zip(names).map(field).collect()
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
    fn bars_part_cells_and_rules_are_no_rows() {
        let cell = |name: &str, value: &str, row| (name.to_owned(), value.to_owned(), row);
        let expected = [
            cell("navn", "Kari", 1),
            cell("telefon", "40612345", 1),
            cell("navn", "", 2),
            cell("telefon", "21234567", 2),
        ];
        for text in [
            "# Ansatte\n|navn|telefon|\n|---|:--|\n|Kari|40612345|\n||21234567|\n\nSlutt",
            " navn | telefon  \n------+----------\n Kari | 40612345\n      | 21234567\n(2 rows)\n",
            "+------+----------+\r\n| navn | telefon  |\r\n+------+----------+\r\n| Kari | 40612345 |\r\n|      | 21234567 |\r\n+------+----------+\r\n",
        ] {
            assert_eq!(found(text), expected, "{text:?}");
        }
        assert_eq!(found("if navn || telefon {\n    a || b\n}\n"), []);
    }

    /// Planted fault that this caught: headings sought in any line with a comma.
    #[test]
    fn a_text_may_begin_with_separated_headings() {
        let cell = |name: &str, value: &str, row| (name.to_owned(), value.to_owned(), row);
        let expected = [
            cell("Fornavn", "Bo", 1),
            cell("Etternavn", "Berg", 1),
            cell("Fornavn", "Li", 2),
            cell("Etternavn", "Moen", 2),
        ];
        for text in [
            "Fornavn;Etternavn\nBo;Berg\nLi;Moen\n",
            "Fornavn,Etternavn\r\n\"Bo\",\"Berg\"\r\nLi,Moen",
        ] {
            assert_eq!(found(text), expected, "{text:?}");
        }
        for text in [
            "Liste\nFornavn,Etternavn\nBo,Berg\n",
            "Fornavn, etternavn\nBo, Berg\n",
            "Kari;Moen\nBo;Berg\n",
        ] {
            assert_eq!(found(text), [], "{text:?}");
        }
    }

    #[test]
    fn lines_between_rows_are_none_and_hide_none() {
        let text = "Navn\tTelefon\nKari\t40612345\nPer\n(vara)\n\t21234567\nÅse\t41234567\n";
        let spans: Vec<&str> = find(text, &(0..text.len()))
            .iter()
            .map(|table| &text[table.span.clone()])
            .collect();
        assert_eq!(spans, ["Kari\t40612345", "Åse\t41234567"]);
        let far = "Navn\tTelefon\nKari\t40612345\na\nb\nc\nd\nÅse\t41234567\n";
        assert_eq!(find(far, &(0..far.len())).len(), 1);
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
