//! Symbolic link files (SYLK): sheets as lines of text, which spreadsheet programs and book-keeping systems
//! export. Each line is a record of fields between semicolons; a semicolon inside a field is doubled.
//!
//! Read after Microsoft's description of the format: cells (`C`), the formats that make numbers dates (`P`, `F`)
//! and notes. Styles, names, windows and formulas are passed over.

use std::collections::HashMap;

use calamine::{DataRef, ExcelDateTime, ExcelDateTimeType};

use super::super::flow;
use super::super::sheets::SheetCells;
use super::super::text_lines::each_line;
use super::super::{Content, Format, FormatInfo, Head, Match, Sink};
use crate::model::{Budget, Problem, ProblemKind, Stage};

pub(crate) static FORMAT: Sylk = Sylk;

/// Reads them.
pub(crate) struct Sylk;

static INFO: FormatInfo = FormatInfo {
    id: "sylk",
    title: "SYLK sheet",
    extensions: &["slk", "sylk"],
    version: 1,
    isolated: false,
    reads: "cells with column headers, notes",
};

/// Rows and columns beyond which lies no cell.
const MAX_PLACE: u32 = 1 << 24;
/// Columns and rows whose own formats are kept.
const MAX_FORMATS: usize = 1 << 14;

impl Format for Sylk {
    fn info(&self) -> &'static FormatInfo {
        &INFO
    }

    fn recognises(&self, head: &Head<'_>) -> Match {
        let named = head.has_extension(INFO.extensions);
        // Some programs leave the name of the writer out.
        if head.bytes.starts_with(b"ID;P") || named && head.bytes.starts_with(b"ID;") {
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
        let mut sheet = Sheet::default();
        let mut cells = SheetCells::of_file(content.name());
        let whole = each_line(content, budget, &mut |line| sheet.take(line, &mut cells, sink))?;
        cells.finish(sink);
        flow::part("notes", &sheet.notes, sink);
        if !whole {
            sink.incomplete(Problem::new(ProblemKind::Malformed, Stage::Extract));
        }
        Ok(())
    }
}

/// What the records so far say.
#[derive(Default)]
struct Sheet {
    /// The place of the last record, from 1; records name only what changes.
    row: u32,
    column: u32,
    /// For each format of the sheet, whether it shows a date.
    formats: Vec<bool>,
    /// The place whose format was told last, and whether it is a date's.
    own: (u32, u32, bool),
    columns: HashMap<u32, bool>,
    rows: HashMap<u32, bool>,
    /// Whether days are counted from 1904.
    from_1904: bool,
    notes: String,
}

impl Sheet {
    fn take(&mut self, line: &str, cells: &mut SheetCells, sink: &mut dyn Sink) {
        let fields = fields(line);
        let (kind, fields) = fields.split_first().map_or(("", &[][..]), |(kind, rest)| (kind.as_str(), rest));
        match kind {
            "C" => self.cell(fields, cells, sink),
            "F" => self.format(fields),
            "P" if self.formats.len() < MAX_FORMATS => {
                let shown = fields.iter().find_map(|field| field.strip_prefix('P'));
                self.formats.extend(shown.map(is_date));
            }
            "O" => self.from_1904 |= fields.iter().any(|field| field == "V4"),
            _ => {}
        }
    }

    fn cell(&mut self, fields: &[String], cells: &mut SheetCells, sink: &mut dyn Sink) {
        self.go(fields);
        for field in fields {
            if let Some(note) = field.strip_prefix('A') {
                self.notes.push_str(note.trim_matches('"'));
                self.notes.push('\n');
                flow::lines_of_part("notes", &mut self.notes, sink);
            }
        }
        let Some(value) = fields.iter().find_map(|field| field.strip_prefix('K')) else {
            return;
        };
        let (Some(row), Some(column)) = (self.row.checked_sub(1), self.column.checked_sub(1)) else {
            return;
        };
        let text = value.strip_prefix('"').map(|text| text.strip_suffix('"').unwrap_or(text));
        let value = match (text, value.trim().parse()) {
            (None, Ok(number)) if self.shows_date() => DataRef::DateTime(ExcelDateTime::new(
                number,
                ExcelDateTimeType::DateTime,
                self.from_1904,
            )),
            (None, Ok(number)) => DataRef::Float(number),
            (text, _) => DataRef::SharedString(text.unwrap_or(value)),
        };
        cells.add(row, column, &value, sink);
    }

    /// A format of a cell, a column or a row.
    fn format(&mut self, fields: &[String]) {
        self.go(fields);
        let number = |letter| fields.iter().find_map(|field| field.strip_prefix(letter)?.parse::<usize>().ok());
        let Some(date) = number('P').and_then(|at| self.formats.get(at)).copied() else {
            return;
        };
        let line = |letter| number(letter).and_then(|at| u32::try_from(at).ok());
        match (line('C'), line('R')) {
            (Some(column), _) if self.columns.len() < MAX_FORMATS => _ = self.columns.insert(column, date),
            (_, Some(row)) if self.rows.len() < MAX_FORMATS => _ = self.rows.insert(row, date),
            _ => self.own = (self.row, self.column, date),
        }
    }

    fn go(&mut self, fields: &[String]) {
        for field in fields {
            let place = |letter| field.strip_prefix(letter)?.parse().ok().filter(|at| *at <= MAX_PLACE);
            if let Some(column) = place('X') {
                self.column = column;
            } else if let Some(row) = place('Y') {
                self.row = row;
            }
        }
    }

    fn shows_date(&self) -> bool {
        let (row, column, date) = self.own;
        if (row, column) == (self.row, self.column) {
            return date;
        }
        let line = self.rows.get(&self.row).or_else(|| self.columns.get(&self.column));
        line.copied().unwrap_or_default()
    }
}

/// The fields of a record, with the letters that are written otherwise.
fn fields(line: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut characters = line.chars().peekable();
    while let Some(character) = characters.next() {
        let written = match character {
            ';' if characters.next_if_eq(&';').is_none() => {
                fields.push(String::new());
                continue;
            }
            '\x1B' => match escaped(&mut characters) {
                Some(character) => character,
                None => continue,
            },
            character => character,
        };
        if let Some(field) = fields.last_mut() {
            field.push(written);
        }
    }
    fields
}

/// What follows an escape sign: two characters that hold half a byte each, or a letter of ISO 6937, whose
/// accents stand before their letters.
fn escaped(characters: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Option<char> {
    const ALONE: &str = "aÆbĐhŁiØjŒlÞqærđsðxłyøzœ{ß|þ";
    const ACCENTED: &str = "AaàAeèBeéBEÉBaáBoóBuúBiíBnńCaâCeêCoôDnñDoõDaãHaäHAÄHoöHOÖHuüHUÜHeëJaåJAÅKcç";
    let first = characters.next()?;
    if first != 'N' {
        let half = |character: char| (u32::from(character) & 0xF).min(0xF);
        let byte = half(first) << 4 | half(characters.next()?);
        return char::from_u32(byte);
    }
    let sign = characters.next()?;
    let listed: Vec<char> = ALONE.chars().collect();
    if let Some(pair) = listed.chunks_exact(2).find(|pair| pair.first() == Some(&sign)) {
        return pair.last().copied();
    }
    let letter = characters.next()?;
    let accented: Vec<char> = ACCENTED.chars().collect();
    let found = accented.chunks_exact(3).find(|own| own.starts_with(&[sign, letter]));
    found.and_then(|own| own.last()).copied().or(Some(letter))
}

/// Whether a number in this format is a date: the year stands in it, in one of the languages at hand.
fn is_date(format: &str) -> bool {
    let mut quoted = false;
    let outside: String = format
        .chars()
        .filter(|c| {
            quoted ^= *c == '"';
            !quoted
        })
        .collect();
    let format = outside.to_lowercase();
    format.contains("yy") || format.contains("åå")
}

#[cfg(test)]
mod tests {
    use super::super::super::recorder::read_one;

    const SHEET: &str = "ID;PWXL;N;E\r\nP;PGeneral\r\nP;Pdd\\.mm\\.yyyy\r\nF;P0;DG0G10;M300\r\nO;D;V0;K47\r\n\
        C;Y1;X1;K\"Navn\"\r\nC;X2;K\"Født\"\r\nC;X3;K\"Telefon\"\r\nC;X4;K\"Merknad\"\r\n\
        C;Y3;X1;K\"Kari T\x1BNqstesen;; \x1BNJAs\"\r\nF;P1;FG0G;X2\r\nC;K29667\r\nC;X3;K40612345\r\n\
        C;X4;K\"syk;; \"langvarig\"\"\r\nC;A\"Ola: ringt\"\r\n\
        F;P1;C2\r\nC;Y4;X1;K\"Per\x1B :Hansen\"\r\nC;X2;K27730\r\nE\r\n";

    #[test]
    fn cells_stand_under_their_headings() {
        for bytes in [
            SHEET.as_bytes().to_vec(),
            encoding_rs::WINDOWS_1252.encode(SHEET).0.into_owned(),
        ] {
            let seen = read_one("liste.slk", &bytes);
            assert_eq!((seen.format, seen.ending().as_str()), (Some("sylk"), "scanned"));
            assert_eq!(seen.cell("Navn", 3), Some("Kari Tæstesen; Ås"));
            assert_eq!(seen.cell("Født", 3), Some("1981-03-22"));
            assert_eq!(seen.cell("Telefon", 3), Some("40612345"));
            assert_eq!(seen.cell("Merknad", 3), Some("syk; \"langvarig\""));
            assert_eq!(seen.cell("Navn", 4), Some("Per\nHansen"));
            assert_eq!(seen.cell("Født", 4), Some("1975-12-02"));
            assert!(seen.text.contains("Ola: ringt"), "{}", seen.text);
        }
    }

    #[test]
    fn what_only_begins_alike_is_read_as_before() {
        assert_eq!(read_one("a.csv", b"ID;Navn\n1;Kari\n2;Per\n").format, Some("csv"));
        let seen = read_one("a.slk", b"ID;P\nC;K\"uten sted\"\nC;X99999999999;Y2;K1\nC;X1;K\"Kari\n\xFF\x1B");
        assert_eq!(seen.cell("", 2), Some("Kari"));
    }
}
