//! Texts that stand in segments of their own: comments of JPEG, and the text chunks of PNG, which may
//! be packed (PNG specification, 11.3.3).

use std::io::{self, Read};

use flate2::read::ZlibDecoder;

use super::super::super::decode::decode_all;
use super::notes::Notes;
use crate::model::{Budget, Problem};

/// A packed text longer than this is cut.
const MAX_TEXT_BYTES: u64 = 256 * 1024;

/// Reads the texts.
///
/// # Errors
/// Limits only: a damaged picture ends where it is damaged.
pub(super) fn read(bytes: &[u8], budget: &Budget, notes: &mut Notes) -> Result<(), Problem> {
    if let Some(chunks) = bytes.strip_prefix(b"\x89PNG\r\n\x1A\n") {
        return png(chunks, budget, notes);
    }
    if let Some(segments) = bytes.strip_prefix(b"\xFF\xD8") {
        jpeg(segments, notes);
    }
    Ok(())
}

fn jpeg(mut rest: &[u8], notes: &mut Notes) {
    const COMMENT: u8 = 0xFE;
    const SCAN: u8 = 0xDA;
    while let [0xFF, marker, high, low, after @ ..] = rest {
        let length = usize::from(u16::from_be_bytes([*high, *low]));
        let Some((body, after)) = length.checked_sub(2).and_then(|own| after.split_at_checked(own))
        else {
            return;
        };
        match *marker {
            SCAN => return,
            COMMENT => notes.add("Comment", &decode_all(body)),
            _ => {}
        }
        rest = after;
    }
}

fn png(mut rest: &[u8], budget: &Budget, notes: &mut Notes) -> Result<(), Problem> {
    const LENGTH: usize = 4;
    const CHECKSUM: usize = 4;
    while let Some((head, after)) = rest.split_at_checked(LENGTH + 4) {
        let length = head.get(..LENGTH).and_then(|own| own.try_into().ok()).map(u32::from_be_bytes);
        let length = length.and_then(|own| usize::try_from(own).ok()).unwrap_or(usize::MAX);
        let Some((body, after)) = after.split_at_checked(length) else {
            return Ok(());
        };
        let text = match head.get(LENGTH..) {
            Some(b"tEXt") => keyword(body).map(|(name, text)| (name, latin(text))),
            Some(b"zTXt") => packed(body, budget)?,
            Some(b"iTXt") => international(body, budget)?,
            _ => None,
        };
        // A packet of XMP is read as such.
        if let Some((name, text)) = text.filter(|(name, _)| !name.starts_with("XML:")) {
            notes.add(&name, &text);
        }
        rest = after.get(CHECKSUM..).unwrap_or_default();
    }
    Ok(())
}

fn latin(bytes: &[u8]) -> String {
    // Writers disagree on Latin-1 and UTF-8.
    decode_all(bytes)
}

fn keyword(body: &[u8]) -> Option<(String, &[u8])> {
    let end = memchr::memchr(0, body)?;
    Some((latin(body.get(..end)?), body.get(end + 1..)?))
}

type Text = Option<(String, String)>;

fn packed(body: &[u8], budget: &Budget) -> Result<Text, Problem> {
    let Some((name, [0, text @ ..])) = keyword(body) else {
        return Ok(None);
    };
    Ok(Some((name, latin(&inflated(text, budget)?))))
}

fn international(body: &[u8], budget: &Budget) -> Result<Text, Problem> {
    let Some((name, [is_packed, _, rest @ ..])) = keyword(body) else {
        return Ok(None);
    };
    let Some((_, translated)) = keyword(rest) else {
        return Ok(None);
    };
    let Some((_, text)) = keyword(translated) else {
        return Ok(None);
    };
    let text = if *is_packed == 1 { inflated(text, budget)? } else { text.to_vec() };
    Ok(Some((name, String::from_utf8_lossy(&text).into_owned())))
}

/// What comes out of a packed text, as far as it goes.
fn inflated(bytes: &[u8], budget: &Budget) -> Result<Vec<u8>, Problem> {
    let mut metered = budget.meter(ZlibDecoder::new(bytes));
    let mut text = Vec::new();
    // Damage leaves what came before it.
    let _ = io::copy(&mut (&mut metered).take(MAX_TEXT_BYTES), &mut text);
    metered.problem().map_or(Ok(text), Err)
}
