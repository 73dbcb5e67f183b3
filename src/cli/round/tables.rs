//! Tables of HR: CSV in any of the usual encodings, xlsx, and rows for the event register.

use std::borrow::Cow;
use std::path::Path;

use anyhow::Context as _;
use calamine::{Data, Reader as _};
use jiff::civil::Date;

use crate::cli::message::Refusal;
use crate::policy::blank_remarks;

/// A list larger than this is no applicant list.
const MAX_BYTES: u64 = 16 << 20;

/// Rows and columns that are read.
const MAX_ROWS: u32 = 20_000;
const MAX_COLUMNS: u32 = 200;

/// Lines that tell what separates the fields: a title may stand above the header.
const FIRST_LINES: usize = 20;

/// How a workbook from before 2007 begins.
const OLD_WORKBOOK: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0];

/// The rows of a CSV or xlsx file.
pub(crate) fn rows(file: &Path) -> anyhow::Result<Vec<Vec<String>>> {
    let unreadable = || Refusal::new(format!("`{}` cannot be read", file.display()));
    let length = std::fs::metadata(file).with_context(unreadable)?.len();
    if length > MAX_BYTES {
        return Err(Refusal::new(format!("`{}` is too large for a list", file.display())).into());
    }
    let bytes = std::fs::read(file).with_context(unreadable)?;
    if bytes.starts_with(b"PK") {
        return sheet(bytes)
            .ok_or_else(|| Refusal::new(format!("`{}` is no workbook", file.display())).into());
    }
    if bytes.starts_with(OLD_WORKBOOK) {
        let why = format!("`{}` is a workbook from before 2007", file.display());
        return Err(Refusal::new(why).hint("save it as xlsx or CSV").into());
    }
    let text = decoded(&bytes);
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter(&text, FIRST_LINES))
        .from_reader(text.as_bytes());
    let rows = reader.records().map(|row| {
        let row = row.map_err(|_| Refusal::new(format!("`{}` is not CSV", file.display())))?;
        Ok(row.iter().map(str::to_owned).collect())
    });
    rows.collect()
}

/// The text of a CSV file: as its mark says, UTF-8, or what a spreadsheet of Western Europe saves.
fn decoded(bytes: &[u8]) -> Cow<'_, str> {
    let marked = encoding_rs::Encoding::for_bom(bytes).map(|(encoding, _)| encoding);
    let plain = || match std::str::from_utf8(bytes) {
        Ok(_) => encoding_rs::UTF_8,
        Err(_) => encoding_rs::WINDOWS_1252,
    };
    marked.unwrap_or_else(plain).decode(bytes).0
}

/// The cells of the first sheet of a workbook, read one by one: a cell in the last corner of a sheet
/// must not make room for all before it.
fn sheet(bytes: Vec<u8>) -> Option<Vec<Vec<String>>> {
    let mut book: calamine::Xlsx<_> = calamine::Xlsx::new(std::io::Cursor::new(bytes)).ok()?;
    let name = book.sheet_names().first()?.clone();
    let mut cells = book.worksheet_cells_reader(&name).ok()?;
    let mut rows: Vec<Vec<String>> = Vec::new();
    while let Ok(Some(cell)) = cells.next_cell() {
        let (row, column) = cell.get_position();
        if row >= MAX_ROWS || column >= MAX_COLUMNS {
            continue;
        }
        let (row, column) = (usize::try_from(row).ok()?, usize::try_from(column).ok()?);
        if rows.len() <= row {
            rows.resize(row + 1, Vec::new());
        }
        let fields = rows.get_mut(row)?;
        if fields.len() <= column {
            fields.resize(column + 1, String::new());
        }
        *fields.get_mut(column)? = text_of(&Data::from(cell.get_value().clone()));
    }
    Some(rows)
}

fn text_of(value: &Data) -> String {
    if let Data::DateTime(day) = value {
        let (year, month, day, ..) = day.to_ymd_hms_milli();
        return format!("{year:04}-{month:02}-{day:02}");
    }
    value.to_string()
}

/// What separates the fields in the first lines of a text.
fn delimiter(text: &str, lines: usize) -> u8 {
    let count = |c: char| {
        let lines = text.lines().take(lines);
        lines.map(|line| line.matches(c).count()).sum::<usize>()
    };
    match (count(';'), count('\t'), count(',')) {
        (semicolons, tabs, commas) if semicolons >= commas && semicolons >= tabs => b';',
        (_, tabs, commas) if tabs > commas => b'\t',
        _ => b',',
    }
}

/// A row of the event register: columns and fields.
pub(crate) type EventRow = Vec<(&'static str, String)>;

/// A row of the register.
pub(crate) fn event(kind: &str, on: Date, fields: &[(&'static str, String)]) -> EventRow {
    let mut row = vec![
        ("event_type", kind.to_owned()),
        ("occurred_on", on.to_string()),
    ];
    row.extend(fields.iter().cloned());
    row
}

const HEADER: &str = "event_id,event_type,occurred_on,recorded_on,recorded_by,path,subject,process,\
                      org,purpose,until,reason,ref,voids,note\n";

/// The register's text with the rows that it does not have yet, in its own columns, and how many.
pub(super) fn with_events(
    there: &str,
    rows: &[EventRow],
    by: &str,
    today: Date,
) -> Result<(String, usize), String> {
    let given = Some(there).filter(|there| !there.trim().is_empty());
    let mut text = given.unwrap_or(HEADER).to_owned();
    if !text.ends_with('\n') {
        text.push('\n');
    }
    let plain = blank_remarks(&text).into_owned();
    let delimiter = delimiter(plain.trim_start(), 1);
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        .from_reader(plain.as_bytes());
    let columns = reader
        .headers()
        .map_err(|_| "it is not CSV".to_owned())?
        .clone();
    let known: Vec<csv::StringRecord> = reader.records().flatten().collect();
    let at = |name: &str| columns.iter().position(|column| column.trim() == name);
    let field = |row: &csv::StringRecord, name: &str| {
        at(name)
            .and_then(|at| row.get(at))
            .unwrap_or_default()
            .trim()
            .to_owned()
    };
    let mut writer = csv::WriterBuilder::new()
        .delimiter(delimiter)
        .from_writer(Vec::new());
    let mut count = 0;
    for row in rows {
        let same =
            |old: &&csv::StringRecord| row.iter().all(|(name, value)| field(old, name) == *value);
        if known.iter().any(|old| same(&old)) {
            continue;
        }
        count += 1;
        let id = format!("H-{}-{}", today.strftime("%Y%m%d"), known.len() + count);
        if let Some((missing, _)) = row.iter().find(|(name, _)| at(name).is_none()) {
            return Err(format!("it has no column `{missing}`"));
        }
        let fields = columns.iter().map(|name| match name.trim() {
            "event_id" => id.clone(),
            "recorded_on" => today.to_string(),
            "recorded_by" => by.to_owned(),
            name => field_of(row, name),
        });
        let fields: Vec<String> = fields.collect();
        writer
            .write_record(&fields)
            .map_err(|_| "a row cannot be written".to_owned())?;
    }
    let added = writer
        .into_inner()
        .map_err(|_| "a row cannot be written".to_owned())?;
    text.push_str(&String::from_utf8_lossy(&added));
    Ok((text, count))
}

fn field_of(row: &EventRow, name: &str) -> String {
    let found = row.iter().find(|(own, _)| *own == name);
    found.map(|(_, value)| value.clone()).unwrap_or_default()
}
