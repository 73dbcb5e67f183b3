//! The sheet: a table for a spreadsheet, read back in whatever form of CSV the spreadsheet has made of it.

use std::collections::HashSet;
use std::io::{self, Write};

use super::Drawn;
use crate::model::Place;
use crate::report::escape::for_csv;
use crate::report::spreadsheet;

const HEAD: [&str; 10] = [
    "nr", "id", "object", "place", "detector", "kind", "level", "masked", "reasons", "label",
];

/// What a person says of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Label {
    /// It is what the detector says.
    Right,
    /// It is not.
    Wrong,
    /// It cannot be told.
    Unsure,
}

/// The words that are understood, in Bokmål, Nynorsk and English.
const LABELS: &[(&str, Label)] = &[
    ("ja", Label::Right),
    ("j", Label::Right),
    ("yes", Label::Right),
    ("y", Label::Right),
    ("rett", Label::Right),
    ("riktig", Label::Right),
    ("right", Label::Right),
    ("1", Label::Right),
    ("nei", Label::Wrong),
    ("n", Label::Wrong),
    ("no", Label::Wrong),
    ("feil", Label::Wrong),
    ("galt", Label::Wrong),
    ("wrong", Label::Wrong),
    ("0", Label::Wrong),
    ("usikker", Label::Unsure),
    ("uviss", Label::Unsure),
    ("unsure", Label::Unsure),
    ("?", Label::Unsure),
];

/// A row that was read back; without a label where nobody has written one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Labelled {
    /// Row of the sheet, 1 for the head.
    pub row: usize,
    /// The finding's id.
    pub id: u64,
    /// What was said of it.
    pub label: Option<Label>,
}

/// Why a sheet cannot be used. What stands in its cells is not repeated.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadSheet {
    /// A column is gone.
    #[error("the sheet has no column `{0}`")]
    NoColumn(&'static str),
    /// The sheet is no table.
    #[error("row {0} of the sheet is no row of a table")]
    NoRow(usize),
    /// An id is damaged, as spreadsheets do that take it for a number.
    #[error("row {0}: the id is not the one that was written")]
    BadId(usize),
    /// A row stands there twice.
    #[error("row {0}: the finding stands in the sheet already")]
    Twice(usize),
    /// A label is none of those that are understood.
    #[error("row {0}: the label is not `ja`, `nei` or `usikker`")]
    UnknownLabel(usize),
    /// A row was drawn from something else.
    #[error("row {0}: the finding is not in this inventory")]
    Stranger(usize),
}

/// Writes the sheet. `shown` makes a path one that may be shown.
///
/// # Errors
/// What the writer fails with.
pub fn write_sheet(
    drawn: &[Drawn],
    shown: &dyn Fn(&str) -> String,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut writer = spreadsheet::csv(out)?;
    writer.write_record(HEAD)?;
    for (at, hit) in drawn.iter().enumerate() {
        writer.write_record([
            (at + 1).to_string(),
            written(hit.id),
            for_csv(&shown(&hit.object)),
            for_csv(&place(&hit.place)),
            for_csv(&hit.detector),
            for_csv(&hit.kind),
            hit.confidence.as_str().to_owned(),
            for_csv(&hit.masked),
            for_csv(&hit.reasons.join(" ")),
            String::new(),
        ])?;
    }
    writer.flush()
}

/// An id in a form that no spreadsheet takes for a number.
fn written(id: u64) -> String {
    format!("f{id:016x}")
}

/// A place in words.
fn place(place: &Place) -> String {
    match place {
        Place::Text { byte, line } => format!("line {line}, byte {byte}"),
        Place::Sheet { sheet, cell } => format!("{sheet}!{cell}"),
        Place::Column { column, row } => format!("{column}, row {row}"),
        Place::Page { page } => format!("page {page}"),
        Place::Part { part } => part.to_string(),
    }
}

/// Reads a sheet back: UTF-8 or Windows-1252, with semicolons, commas or tabs, its columns in any
/// order.
///
/// # Errors
/// What is wrong with the sheet, and in which row.
pub fn read_sheet(bytes: &[u8]) -> Result<Vec<Labelled>, BadSheet> {
    let (text, _, odd) = encoding_rs::UTF_8.decode(bytes);
    let text = if odd {
        encoding_rs::WINDOWS_1252.decode(bytes).0
    } else {
        text
    };
    let head = text.lines().next().unwrap_or_default();
    let often = |sign: &u8| head.bytes().filter(|byte| byte == sign).count();
    let delimiter = [b';', b',', b'\t'].into_iter().max_by_key(often);
    let mut rows = csv::ReaderBuilder::new()
        .delimiter(delimiter.unwrap_or(b';'))
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut rows = rows.records().enumerate().map(|(at, row)| {
        let row = row.map_err(|_| BadSheet::NoRow(at + 1))?;
        Ok((at + 1, row))
    });
    let (_, head) = rows.next().ok_or(BadSheet::NoColumn("id"))??;
    let column = |name: &'static str| {
        let is = |cell: &str| cell.trim().eq_ignore_ascii_case(name);
        head.iter().position(is).ok_or(BadSheet::NoColumn(name))
    };
    let (id, label) = (column("id")?, column("label")?);
    let mut seen = HashSet::new();
    let mut labelled = Vec::new();
    for row in rows {
        let (at, row) = row?;
        let cell = |column| row.get(column).unwrap_or_default().trim();
        if row.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        let id = id_of(cell(id)).ok_or(BadSheet::BadId(at))?;
        if !seen.insert(id) {
            return Err(BadSheet::Twice(at));
        }
        let label = label_of(cell(label)).ok_or(BadSheet::UnknownLabel(at))?;
        labelled.push(Labelled { row: at, id, label });
    }
    Ok(labelled)
}

fn id_of(cell: &str) -> Option<u64> {
    let digits = cell.strip_prefix('f').filter(|digits| digits.len() == 16)?;
    u64::from_str_radix(digits, 16).ok()
}

/// The label of a cell: none for an empty one, nothing for a word that is not understood.
#[expect(clippy::option_option, reason = "no label and no known label differ")]
fn label_of(cell: &str) -> Option<Option<Label>> {
    if cell.is_empty() {
        return Some(None);
    }
    let word = cell.to_lowercase();
    let known = LABELS.iter().find(|(of, _)| *of == word);
    known.map(|(_, label)| Some(*label))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "f00000000000000ab";

    #[test]
    fn what_spreadsheets_make_of_it_is_read() {
        for sheet in [
            format!("\u{FEFF}id;label\n{ID};ja\n"),
            format!("label,x,id\r\nJA ,,{ID}\r\n,,\r\n"),
            format!("ID\tLabel\n\"{ID}\"\triktig\n"),
        ] {
            let rows = read_sheet(sheet.as_bytes()).unwrap();
            let [row] = rows[..] else { panic!("{rows:?}") };
            assert_eq!((row.id, row.label), (0xab, Some(Label::Right)));
        }
        let norwegian = [b"id;merknad;label\n", ID.as_bytes(), b";p\xe5;usikker\n"].concat();
        assert_eq!(
            read_sheet(&norwegian).unwrap()[0].label,
            Some(Label::Unsure)
        );
        let blank = format!("id;label\n{ID};\n");
        assert_eq!(read_sheet(blank.as_bytes()).unwrap()[0].label, None);
    }

    #[test]
    fn a_bad_sheet_says_what_is_wrong_and_where() {
        let read = |text: String| read_sheet(text.as_bytes()).unwrap_err();
        assert_eq!(read(String::new()), BadSheet::NoColumn("id"));
        assert_eq!(
            read(format!("id;place\n{ID};1\n")),
            BadSheet::NoColumn("label")
        );
        assert_eq!(
            read(format!("id;label\n{ID};kanskje\n")),
            BadSheet::UnknownLabel(2)
        );
        assert_eq!(
            read(format!("id;label\n{ID};ja\n{ID};ja\n")),
            BadSheet::Twice(3)
        );
        assert_eq!(
            read("id;label\n1,2E+11;ja\n".to_owned()),
            BadSheet::BadId(2)
        );
    }

    #[test]
    fn a_name_of_a_file_is_no_formula() {
        let drawn = Drawn {
            id: 7,
            object: "=cmd|'/c calc'!A0".to_owned(),
            place: Place::Text { byte: 9, line: 2 },
            detector: "phone".to_owned(),
            kind: "mobile".to_owned(),
            confidence: crate::model::Confidence::High,
            masked: "+4*******".to_owned(),
            reasons: vec!["prefix".to_owned(), "label".to_owned()],
            rank: 0,
        };
        let mut out = Vec::new();
        write_sheet(&[drawn], &str::to_owned, &mut out).unwrap();
        let sheet = String::from_utf8(out).unwrap();
        let row = sheet.lines().nth(1).unwrap();
        let expected = "1;f0000000000000007;'=cmd|'/c calc'!A0;line 2, byte 9;phone;mobile;high;\
                        '+4*******;prefix label;";
        assert_eq!(row, expected);
        assert_eq!(read_sheet(sheet.as_bytes()).unwrap()[0].id, 7);
    }
}
