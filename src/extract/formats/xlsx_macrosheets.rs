//! Sheets of macros from Excel 4 in newer workbooks, [MS-OFFMACRO2] 2.2.1.1. calamine refuses a workbook that
//! has one; they hold cells like any other, so it is given a package in which they are ordinary sheets.

use std::io::{Cursor, Read, Seek, Write};

use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use super::super::Content;
use super::super::package::open;
use crate::model::{Budget, Problem, ProblemKind, Stage};

/// Where they lie, and what replaces it in the names of their parts.
const FOLDER: &str = "macrosheets/";
const REPLACED: &str = "worksheets/macro-";
/// The parts that say where the sheets lie and of which kind they are.
const RELATIONS: [&str; 2] = ["xl/_rels/workbook.xml.rels", "xl/_rels/workbook.bin.rels"];
/// Kinds of relations to sheets of macros, and the kind of those to others.
const KINDS: [&str; 2] = ["/xlMacrosheet\"", "/xlIntlMacrosheet\""];
const KIND: &str = "/worksheet\"";
/// Relations are no longer.
const MAX_RELATIONS_BYTES: u64 = 4 * 1024 * 1024;

/// The package with its sheets of macros as ordinary ones; `None` where it has none.
///
/// # Errors
/// `LimitMemory` where it cannot be held, `Malformed` where it cannot be copied.
pub(super) fn as_worksheets(
    content: &mut Content,
    budget: &Budget,
) -> Result<Option<Vec<u8>>, Problem> {
    let len = content.len();
    let mut archive = open(content)?;
    if !archive
        .file_names()
        .any(|name| name.is_ok_and(|name| name.contains(FOLDER)))
    {
        return Ok(None);
    }
    if len > budget.limits().max_held_bytes {
        return Err(Problem::new(ProblemKind::LimitMemory, Stage::Extract).at(len));
    }
    copy(&mut archive, budget)?.map_or(
        Err(Problem::new(ProblemKind::Malformed, Stage::Extract)),
        |own| Ok(Some(own)),
    )
}

fn copy<R: Read + Seek>(
    archive: &mut ZipArchive<R>,
    budget: &Budget,
) -> Result<Option<Vec<u8>>, Problem> {
    let mut package = ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..archive.len() {
        budget.check()?;
        let Ok(part) = archive.by_index_raw(index) else {
            return Ok(None);
        };
        let name = String::from_utf8_lossy(part.name_raw()).into_owned();
        let copied = if RELATIONS.contains(&name.as_str()) {
            drop(part);
            relations(archive, index).and_then(|text| {
                package
                    .start_file(name, SimpleFileOptions::default())
                    .ok()?;
                package.write_all(text.as_bytes()).ok()
            })
        } else {
            package
                .raw_copy_file_rename(part, name.replace(FOLDER, REPLACED))
                .ok()
        };
        if copied.is_none() {
            return Ok(None);
        }
    }
    Ok(package.finish().ok().map(Cursor::into_inner))
}

/// The relations, as if all sheets were of one kind.
fn relations<R: Read + Seek>(archive: &mut ZipArchive<R>, index: usize) -> Option<String> {
    let mut bytes = Vec::new();
    let mut part = archive.by_index(index).ok()?.take(MAX_RELATIONS_BYTES);
    std::io::copy(&mut part, &mut bytes).ok()?;
    let text = String::from_utf8_lossy(&bytes).replace(FOLDER, REPLACED);
    Some(
        KINDS
            .iter()
            .fold(text, |text, kind| text.replace(kind, KIND)),
    )
}
