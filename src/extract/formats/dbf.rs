//! dBase tables and their kin (`FoxPro`, Clipper): every row, deleted ones too, with the names of the
//! columns. Long texts lie in a file of their own beside the table, which `dbf_memo` reads.

use std::io::{BufReader, Read};

use encoding_rs::WINDOWS_1252;

use super::super::cells::Cells;
use super::super::charset::{SingleByte, guess_single_byte};
use super::super::compound::{u16_at, u32_at};
use super::super::flow::Flow;
use super::super::{Content, Format, FormatInfo, Head, Match, Sink};
use crate::model::{Budget, Problem, ProblemKind, Stage};

pub(crate) static FORMAT: Dbf = Dbf;

/// Reads dBase tables.
pub(crate) struct Dbf;

static INFO: FormatInfo = FormatInfo {
    id: "dbf",
    title: "dBase table",
    extensions: &["dbf"],
    version: 1,
    isolated: false,
    reads: "all rows with the names of their columns, deleted rows too; memos are read from the file beside it",
};

/// Length of the header before the columns, and of the description of each.
const HEADER_BYTES: usize = 32;
const COLUMN_BYTES: usize = 32;
/// What ends the list of columns.
const COLUMNS_END: u8 = 0x0D;
/// Kinds of tables, by the first byte: dBase III to 7, `FoxPro`, with and without memo.
const VERSIONS: [u8; 12] = [0x02, 0x03, 0x30, 0x31, 0x32, 0x43, 0x63, 0x83, 0x8B, 0x8E, 0xCB, 0xF5];
/// What ends the rows.
const END: u8 = 0x1A;

struct Column {
    field: u32,
    length: usize,
    is_text: bool,
}

impl Format for Dbf {
    fn info(&self) -> &'static FormatInfo {
        &INFO
    }

    fn recognises(&self, head: &Head<'_>) -> Match {
        let known = head.bytes.first().is_some_and(|own| VERSIONS.contains(own));
        if known && layout(head.bytes).is_some() {
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
        let malformed = |at| Problem::new(ProblemKind::Malformed, Stage::Extract).at(at);
        let head = content.head(u64::from(u16::MAX))?;
        let (columns, header, row_bytes) = layout(&head).ok_or(malformed(0))?;
        let rows = u32_at(&head, 4).map_or(0, u64::from);
        let declared = head.get(29).and_then(|page| code_page(*page));
        let mut cells = Cells::new();
        let mut flow = Flow::new();
        let columns: Vec<Column> = columns
            .chunks_exact(COLUMN_BYTES)
            .map(|own| column(own, &mut cells))
            .collect();
        let mut input = BufReader::with_capacity(64 * 1024, content);
        let skipped = std::io::copy(&mut (&mut input).take(header), &mut std::io::sink());
        skipped.map_err(|_| Problem::new(ProblemKind::Io, Stage::Read))?;
        let mut row = vec![0; row_bytes];
        for number in 1..=rows {
            if input.read_exact(&mut row).is_err() || row.first() == Some(&END) {
                cells.flush(&mut flow, sink);
                return Err(malformed(number));
            }
            tell(&row, number, &columns, declared, &mut cells);
            if cells.is_full() {
                cells.flush(&mut flow, sink);
                budget.check()?;
            }
        }
        cells.flush(&mut flow, sink);
        Ok(())
    }
}

/// The descriptions of the columns, the length of the header, and that of a row; `None` where they do
/// not fit together.
fn layout(head: &[u8]) -> Option<(&[u8], u64, usize)> {
    let header = u16_at(head, 8)?;
    let row_bytes = usize::from(u16_at(head, 10)?);
    let listed = head.get(HEADER_BYTES..usize::from(header))?;
    let end = listed
        .chunks(COLUMN_BYTES)
        .position(|own| own.first() == Some(&COLUMNS_END))?;
    let columns = listed.get(..end * COLUMN_BYTES)?;
    let mut bytes = 1;
    for column in columns.chunks_exact(COLUMN_BYTES) {
        let kind = column.get(11)?;
        let known = kind.is_ascii_uppercase() || matches!(kind, b'@' | b'+' | b'0');
        let named = column.first().is_some_and(|first| *first > b' ');
        if !known || !named {
            return None;
        }
        bytes += width(column);
    }
    let fits = !columns.is_empty() && bytes == row_bytes;
    fits.then_some((columns, u64::from(header), row_bytes))
}

/// How many bytes a column takes in a row. Long character columns put the upper byte where others
/// have their decimals.
fn width(column: &[u8]) -> usize {
    let at = |at: usize| column.get(at).map_or(0, |own| usize::from(*own));
    if at(11) == usize::from(b'C') { at(16) + 256 * at(17) } else { at(16) }
}

fn column(description: &[u8], cells: &mut Cells) -> Column {
    let name = description.get(..11).unwrap_or_default();
    let name = name.split(|byte| *byte == 0).next().unwrap_or_default();
    let kind = description.get(11).copied().unwrap_or_default();
    let mut text = String::new();
    guess_single_byte(name).decode_to(name, &mut text);
    Column {
        field: cells.field(text.trim(), matches!(kind, b'N' | b'F')),
        length: width(description),
        // The others are binary, or point into the memo file.
        is_text: matches!(kind, b'C' | b'N' | b'F' | b'D' | b'V'),
    }
}

fn tell(row: &[u8], number: u64, columns: &[Column], page: Option<SingleByte>, cells: &mut Cells) {
    let mut rest = row.get(1..).unwrap_or_default();
    for column in columns {
        let (value, after) = rest.split_at_checked(column.length).unwrap_or((rest, &[]));
        rest = after;
        if !column.is_text {
            continue;
        }
        let mut text = String::new();
        let page = page.unwrap_or_else(|| guess_single_byte(value));
        page.decode_to(value, &mut text);
        let shown = text.trim_matches(|c: char| c == ' ' || c == '\0');
        if !shown.is_empty() {
            cells.add(column.field, number, shown);
        }
    }
}

/// The code page that the header names; `None` where it names none that is known. Code page 850 has
/// the letters æ, ø and å where 865 has them.
fn code_page(language: u8) -> Option<SingleByte> {
    match language {
        0x02 | 0x08 | 0x17 | 0x66 => Some(SingleByte::Cp865),
        0x03 | 0x57 | 0x58 | 0x59 => Some(SingleByte::Other(WINDOWS_1252)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::recorder::read_one;

    fn table(language: u8, rows: &[(&[u8], &str)]) -> Vec<u8> {
        let column = |name: &[u8], kind: u8, length: u8| {
            let mut own = [0; 32];
            own[..name.len()].copy_from_slice(name);
            (own[11], own[16]) = (kind, length);
            own
        };
        let mut bytes = vec![0; 32];
        bytes[0] = 3;
        bytes[4] = u8::try_from(rows.len()).unwrap();
        (bytes[8], bytes[10], bytes[29]) = (97, 32, language);
        bytes.extend(column(b"NAVN", b'C', 20));
        bytes.extend(column(b"NUMMER", b'N', 11));
        bytes.push(0x0D);
        for (name, number) in rows {
            bytes.push(b' ');
            bytes.extend(name.iter().chain([b' '; 20].iter()).take(20));
            bytes.extend(format!("{number:>11}").as_bytes());
        }
        bytes.push(0x1A);
        bytes
    }

    #[test]
    fn rows_are_cells_in_the_tables_code_page() {
        let seen = read_one("a.bin", &table(0x66, &[(b"\x8Fse \x9Degaard", "1019012345"), (b"Per", "")]));
        assert_eq!((seen.format, seen.ending().as_str()), (Some("dbf"), "scanned"));
        assert_eq!(seen.cell("NAVN", 1), Some("Åse Øegaard"));
        assert_eq!(seen.cell("NUMMER", 1), Some("1019012345"));
        assert_eq!((seen.cell("NAVN", 2), seen.cells.len()), (Some("Per"), 3));
        let ansi = read_one("a.dbf", &table(0x57, &[(b"\xC5se", "1")]));
        assert_eq!(ansi.cell("NAVN", 1), Some("Åse"));
    }

    #[test]
    fn empty_and_cut_tables_end_in_an_outcome() {
        let empty = read_one("a.dbf", &table(0, &[]));
        assert_eq!((empty.format, empty.ending().as_str()), (Some("dbf"), "scanned"));
        let whole = table(3, &[(b"Per", "1"), (b"Kari", "2")]);
        let cut = read_one("a.dbf", &whole[..140]);
        assert_eq!((cut.cell("NAVN", 1), cut.ending().as_str()), (Some("Per"), "partial malformed"));
        for length in 0..whole.len() {
            assert!(!read_one("a.dbf", &whole[..length]).ending().contains("panic"));
        }
    }
}
