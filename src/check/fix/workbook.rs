//! Workbooks (xlsx): the parts that hold cells with findings are written anew, and every other part is
//! copied as it lies in the archive.
//!
//! Only what stands between the tags of a value changes: styles, formulas, charts and the like are
//! neither read nor written. A string that several cells share becomes the same one for all of them.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read as _, Write as _};
use std::ops::Range;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use super::{Found, Mapping};
use crate::model::Place;

/// The largest part that is written anew, unpacked.
const MAX_PART_BYTES: u64 = 256 << 20;

/// The part that holds the strings which cells share.
const SHARED: &str = "xl/sharedStrings.xml";

/// A workbook with its findings replaced.
pub struct Workbook {
    /// The bytes as they are to be.
    pub bytes: Vec<u8>,
    /// How many values were replaced.
    pub replaced: usize,
    /// How many could not be.
    pub left: usize,
}

type Archive<'c> = ZipArchive<Cursor<&'c [u8]>>;

/// What is to stand for a value, both in the form of the cell.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Change {
    old: String,
    new: String,
}

impl Mapping {
    /// Replaces what fails in the cells of a workbook. `found` are findings of this very content.
    /// `None` where it is no workbook, or nothing in it can be replaced.
    #[must_use]
    pub fn fix_workbook(&mut self, content: &[u8], found: &[&Found]) -> Option<Workbook> {
        let mut archive = ZipArchive::new(Cursor::new(content)).ok()?;
        let sheets = sheets(&mut archive)?;
        let mut wanted: BTreeMap<&str, BTreeMap<&str, Vec<Change>>> = BTreeMap::new();
        for found in found.iter().filter(|found| found.fails()) {
            let Some(Place::Sheet { sheet, cell }) = &found.place else {
                continue;
            };
            let new = self.new_form(found, &found.written);
            if let (Some(part), Some(new)) = (sheets.get(&**sheet), new) {
                let (old, new) = (escaped(&found.written), escaped(&new));
                let cells = wanted.entry(part).or_default();
                cells.entry(&**cell).or_default().push(Change { old, new });
            }
        }
        let (parts, replaced) = changed_parts(&mut archive, &wanted)?;
        let all = found.iter().filter(|found| found.fails()).count();
        let bytes = (replaced > 0).then(|| rewritten(archive, &parts))??;
        let left = all.saturating_sub(replaced);
        Some(Workbook {
            bytes,
            replaced,
            left,
        })
    }
}

/// The parts that change, by name, and how many values change in them.
fn changed_parts(
    archive: &mut Archive<'_>,
    wanted: &BTreeMap<&str, BTreeMap<&str, Vec<Change>>>,
) -> Option<(BTreeMap<String, String>, usize)> {
    let mut parts = BTreeMap::new();
    let (mut replaced, mut in_strings) = (0, BTreeMap::<usize, Vec<Change>>::new());
    for (part, cells) in wanted {
        let text = read(archive, part)?;
        let mut edits = Vec::new();
        for value in values_of_cells(&text)? {
            let Some(changes) = cells.get(value.cell.as_str()) else {
                continue;
            };
            let inner = text.get(value.inner.clone()).unwrap_or_default();
            if value.shared {
                let index = inner.trim().parse().ok()?;
                in_strings
                    .entry(index)
                    .or_default()
                    .extend(changes.iter().cloned());
            } else if let Some((new, count)) = with_changes(inner, changes) {
                replaced += count;
                edits.push((value.inner, new));
            }
        }
        if !edits.is_empty() {
            parts.insert((*part).to_owned(), edited(&text, edits));
        }
    }
    if !in_strings.is_empty() {
        let text = read(archive, SHARED)?;
        let mut edits = Vec::new();
        for (index, inner) in texts_of_strings(&text)? {
            let Some(changes) = in_strings.get(&index) else {
                continue;
            };
            let distinct: BTreeSet<Change> = changes.iter().cloned().collect();
            let distinct: Vec<Change> = distinct.into_iter().collect();
            let old = text.get(inner.clone()).unwrap_or_default();
            if let Some((new, _)) = with_changes(old, &distinct) {
                let done = |change: &&Change| !holds(&new, &change.old);
                replaced += changes.iter().filter(done).count();
                edits.push((inner, new));
            }
        }
        if !edits.is_empty() {
            parts.insert(SHARED.to_owned(), edited(&text, edits));
        }
    }
    Some((parts, replaced))
}

/// Sheets by name, with the part that each stands in.
fn sheets(archive: &mut Archive<'_>) -> Option<BTreeMap<String, String>> {
    let mut targets = BTreeMap::new();
    each_tag(&read(archive, "xl/_rels/workbook.xml.rels")?, |tag| {
        if tag.local_name().as_ref() == "Relationship"
            && let (Some(id), Some(target)) = (attribute(tag, "Id"), attribute(tag, "Target"))
        {
            let part = target
                .strip_prefix('/')
                .map_or_else(|| format!("xl/{target}"), str::to_owned);
            targets.insert(id, part);
        }
    })?;
    let mut sheets = BTreeMap::new();
    each_tag(&read(archive, "xl/workbook.xml")?, |tag| {
        if tag.local_name().as_ref() == "sheet"
            && let (Some(name), Some(id)) = (attribute(tag, "name"), attribute(tag, "id"))
            && let Some(part) = targets.get(&id)
        {
            sheets.insert(name, part.clone());
        }
    })?;
    Some(sheets)
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "all else in a part is kept as it is"
)]
fn each_tag(text: &str, mut look: impl FnMut(&BytesStart<'_>)) -> Option<()> {
    let mut reader = Reader::from_str(text);
    loop {
        match reader.read_event().ok()? {
            Event::Start(tag) | Event::Empty(tag) => look(&tag),
            Event::Eof => return Some(()),
            _ => {}
        }
    }
}

/// An attribute by its local name, without its references.
fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let own = tag
        .attributes()
        .flatten()
        .find(|attribute| attribute.key.local_name().as_ref() == name)?;
    quick_xml::escape::unescape(&own.value).ok().map(Into::into)
}

/// The value of a cell: what stands in its `v` or `t`.
struct CellValue {
    cell: String,
    /// Whether it is the number of a shared string.
    shared: bool,
    /// The bytes between the tags.
    inner: Range<usize>,
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "all else in a part is kept as it is"
)]
fn values_of_cells(text: &str) -> Option<Vec<CellValue>> {
    let mut values = Vec::new();
    let mut reader = Reader::from_str(text);
    let (mut cell, mut shared, mut start) = (String::new(), false, None);
    loop {
        let before = usize::try_from(reader.buffer_position()).ok()?;
        let event = reader.read_event().ok()?;
        let after = usize::try_from(reader.buffer_position()).ok()?;
        match event {
            Event::Start(tag) => match tag.local_name().as_ref() {
                "c" => {
                    cell = attribute(&tag, "r").unwrap_or_default();
                    shared = attribute(&tag, "t").as_deref() == Some("s");
                }
                "v" | "t" => start = Some(after),
                _ => {}
            },
            Event::End(tag) if matches!(tag.local_name().as_ref(), "v" | "t") => {
                if let Some(start) = start.take() {
                    values.push(CellValue {
                        cell: cell.clone(),
                        shared,
                        inner: start..before,
                    });
                }
            }
            Event::Eof => return Some(values),
            _ => {}
        }
    }
}

/// The texts of the shared strings with the number of their string; phonetic ones are left out.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "all else in a part is kept as it is"
)]
fn texts_of_strings(text: &str) -> Option<Vec<(usize, Range<usize>)>> {
    let mut texts = Vec::new();
    let mut reader = Reader::from_str(text);
    let (mut next, mut phonetic, mut start) = (0_usize, false, None);
    loop {
        let before = usize::try_from(reader.buffer_position()).ok()?;
        let event = reader.read_event().ok()?;
        let after = usize::try_from(reader.buffer_position()).ok()?;
        match event {
            Event::Empty(tag) if tag.local_name().as_ref() == "si" => next += 1,
            Event::Start(tag) => match tag.local_name().as_ref() {
                "si" => next += 1,
                "rPh" => phonetic = true,
                "t" if !phonetic => start = Some(after),
                _ => {}
            },
            Event::End(tag) => match tag.local_name().as_ref() {
                "rPh" => phonetic = false,
                "t" => {
                    if let Some(start) = start.take() {
                        texts.push((next.checked_sub(1)?, start..before));
                    }
                }
                _ => {}
            },
            Event::Eof => return Some(texts),
            _ => {}
        }
    }
}

/// A text with its changes, and how many of them it took; `None` where it took none.
fn with_changes(text: &str, changes: &[Change]) -> Option<(String, usize)> {
    let (mut text, mut count) = (text.to_owned(), 0);
    for change in changes {
        if holds(&text, &change.old) {
            text = replaced_whole(&text, &change.old, &change.new);
            count += 1;
        }
    }
    (count > 0).then_some((text, count))
}

/// Where `old` stands in a text and is not part of a longer word.
fn places(text: &str, old: &str) -> Vec<usize> {
    let whole = |at: &usize| {
        let before = text.get(..*at).unwrap_or_default();
        let after = text.get(at + old.len()..).unwrap_or_default();
        !before.ends_with(char::is_alphanumeric) && !after.starts_with(char::is_alphanumeric)
    };
    let all = text.match_indices(old).map(|(at, _)| at);
    all.filter(whole).collect()
}

fn holds(text: &str, old: &str) -> bool {
    !places(text, old).is_empty()
}

fn replaced_whole(text: &str, old: &str, new: &str) -> String {
    let edits = places(text, old)
        .into_iter()
        .map(|at| (at..at + old.len(), new.to_owned()));
    edited(text, edits.collect())
}

/// A text with these stretches, which are in order, replaced.
fn edited(text: &str, edits: Vec<(Range<usize>, String)>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for (range, new) in edits {
        out.push_str(text.get(done..range.start).unwrap_or_default());
        out.push_str(&new);
        done = range.end;
    }
    out.push_str(text.get(done..).unwrap_or_default());
    out
}

fn escaped(text: &str) -> String {
    quick_xml::escape::partial_escape(text).into_owned()
}

#[expect(
    clippy::disallowed_methods,
    reason = "bounded by MAX_PART_BYTES, outside a scan's budget"
)]
fn read(archive: &mut Archive<'_>, name: &str) -> Option<String> {
    let part = archive.by_name(name).ok()?;
    if part.size() > MAX_PART_BYTES {
        return None;
    }
    let mut bytes = Vec::new();
    part.take(MAX_PART_BYTES).read_to_end(&mut bytes).ok()?;
    String::from_utf8(bytes).ok()
}

/// The archive with these parts in the place of the old ones, in the same order.
fn rewritten(mut archive: Archive<'_>, parts: &BTreeMap<String, String>) -> Option<Vec<u8>> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..archive.len() {
        let part = archive.by_index_raw(index).ok()?;
        let name = part.name().ok()?.into_owned();
        let Some(text) = parts.get(&name) else {
            writer.raw_copy_file(part).ok()?;
            continue;
        };
        let mut options = SimpleFileOptions::default().compression_method(part.compression());
        if let Some(time) = part.last_modified() {
            options = options.last_modified_time(time);
        }
        writer.start_file(name, options).ok()?;
        writer.write_all(text.as_bytes()).ok()?;
    }
    Some(writer.finish().ok()?.into_inner())
}
