//! The runs of a Word document that are marked as hidden or as deleted by a tracked change, [MS-DOC]:
//! the text is still held, and whoever opens the file can see it.
//!
//! Text lies in pieces of the main stream; formatting names ranges of bytes there.

use std::ops::Range;

use encoding_rs::WINDOWS_1252;

use super::super::super::compound::{u16_at, u32_at, utf16};

/// Places of offset and length in the header: of the table of character formatting, of the pieces.
const FORMATTING_AT: usize = 0xFA;
const PIECES_AT: usize = 0x1A2;
/// Formatting lies in pages of so many bytes.
const PAGE_BYTES: usize = 512;
/// Changes of formatting: deleted by a tracked change, hidden.
const DELETED: u16 = 0x0800;
const HIDDEN: u16 = 0x083C;
/// Files of this many pages or pieces are no longer followed.
const MAX_PARTS: usize = 200_000;

/// The text of those runs, one on a line; `None` where the file is not of Word 97 or later, or its
/// tables are damaged.
pub(super) fn marked(main: &[u8], table: &[u8]) -> Option<String> {
    let pieces = pieces(main, table)?;
    let mut text = String::new();
    for run in runs(main, table)? {
        for piece in &pieces {
            let start = run.start.max(piece.bytes.start);
            let end = run.end.min(piece.bytes.end);
            if start >= end {
                continue;
            }
            let bytes = main.get(start..end).unwrap_or_default();
            if piece.wide {
                text.push_str(&utf16(bytes));
            } else {
                text.push_str(&WINDOWS_1252.decode_without_bom_handling(bytes).0);
            }
        }
        if !text.ends_with('\n') {
            text.push('\n');
        }
    }
    Some(text.replace(|c: char| c.is_control() && c != '\n', " "))
}

/// A stretch of text in the main stream.
struct Piece {
    bytes: Range<usize>,
    /// Two bytes for each character.
    wide: bool,
}

/// The pieces, in the order of the text: [MS-DOC] 2.9.38, 2.8.35 and 2.9.73.
fn pieces(main: &[u8], table: &[u8]) -> Option<Vec<Piece>> {
    const CHANGES: u8 = 1;
    const PIECES: u8 = 2;
    const NARROW: u32 = 0x4000_0000;
    let mut clx = named(main, table, PIECES_AT)?;
    while *clx.first()? == CHANGES {
        let length = usize::from(u16_at(clx, 1)?);
        clx = clx.get(3 + length..)?;
    }
    if *clx.first()? != PIECES {
        return None;
    }
    let length = usize::try_from(u32_at(clx, 1)?).ok()?;
    let plc = clx.get(5..5_usize.checked_add(length)?)?;
    let count = plc.len().checked_sub(4)? / 12;
    let mut pieces = Vec::new();
    for at in 0..count.min(MAX_PARTS) {
        let characters = u32_at(plc, at * 4 + 4)?.checked_sub(u32_at(plc, at * 4)?)?;
        let characters = usize::try_from(characters).ok()?;
        let place = u32_at(plc, (count + 1) * 4 + at * 8 + 2)?;
        let wide = place & NARROW == 0;
        let start = usize::try_from(place & !NARROW).ok()?;
        let (start, length) = if wide {
            (start, characters.checked_mul(2)?)
        } else {
            (start / 2, characters)
        };
        pieces.push(Piece {
            bytes: start..start.checked_add(length)?,
            wide,
        });
    }
    Some(pieces)
}

/// The part of the table stream whose offset and length stand at `at` in the header.
fn named<'t>(main: &[u8], table: &'t [u8], at: usize) -> Option<&'t [u8]> {
    let start = usize::try_from(u32_at(main, at)?).ok()?;
    let length = usize::try_from(u32_at(main, at + 4)?).ok()?;
    table.get(start..start.checked_add(length)?)
}

/// Ranges of the main stream that are marked, neighbours joined: [MS-DOC] 2.8.4 and 2.9.33.
fn runs(main: &[u8], table: &[u8]) -> Option<Vec<Range<usize>>> {
    const PAGE_NUMBER: u32 = 0x003F_FFFF;
    let plc = named(main, table, FORMATTING_AT)?;
    let count = plc.len().checked_sub(4)? / 8;
    let mut runs: Vec<Range<usize>> = Vec::new();
    for at in 0..count.min(MAX_PARTS) {
        let number = u32_at(plc, (count + 1) * 4 + at * 4)? & PAGE_NUMBER;
        let start = usize::try_from(number).ok()?.checked_mul(PAGE_BYTES)?;
        let Some(page) = main.get(start..start.saturating_add(PAGE_BYTES)) else {
            continue;
        };
        for run in marked_on(page) {
            match runs.last_mut() {
                Some(last) if last.end == run.start => last.end = run.end,
                Some(_) | None => runs.push(run),
            }
        }
    }
    Some(runs)
}

/// The marked ranges of one page of formatting.
fn marked_on(page: &[u8]) -> Vec<Range<usize>> {
    let count = page.last().map_or(0, |count| usize::from(*count));
    let offset = |at: usize| usize::try_from(u32_at(page, at * 4)?).ok();
    let is_marked = |at: usize| {
        let place = usize::from(*page.get((count + 1) * 4 + at)?) * 2;
        let length = usize::from(*page.get(place).filter(|_| place > 0)?);
        Some(marks(page.get(place + 1..place + 1 + length)?))
    };
    (0..count)
        .filter(|at| is_marked(*at) == Some(true))
        .filter_map(|at| Some(offset(at)?..offset(at + 1)?))
        .filter(|run| run.start < run.end)
        .collect()
}

/// Whether changes of formatting hide or delete, [MS-DOC] 2.2.5: two bytes of code, of which the upper
/// three bits tell how long the operand is.
fn marks(mut changes: &[u8]) -> bool {
    while let (Some(code), Some(rest)) = (u16_at(changes, 0), changes.get(2..)) {
        let length = match code >> 13 {
            0 | 1 => 1,
            2 | 4 | 5 => 2,
            3 => 4,
            7 => 3,
            _ => 1 + rest.first().map_or(0, |length| usize::from(*length)),
        };
        // 1 is on; 129 is the opposite of the style, which is seldom hidden.
        let on = rest.first().is_some_and(|operand| matches!(operand, 1 | 129));
        if on && (code == DELETED || code == HIDDEN) {
            return true;
        }
        changes = rest.get(length..).unwrap_or_default();
    }
    false
}
