//! IPTC-NAA records in the resources that Photoshop writes: the Information Interchange Model,
//! version 4.2, datasets of record 2.

use super::super::super::decode::decode_all;
use super::notes::Notes;
use crate::model::DateSource;

/// The resource of Photoshop that holds the records.
const RESOURCE: &[u8] = b"8BIM\x04\x04";
/// What each dataset begins with.
const MARKER: u8 = 0x1C;
const DATE_CREATED: u8 = 55;

/// Reads the first block of records, wherever it stands.
pub(super) fn read(bytes: &[u8], notes: &mut Notes) {
    let block = memchr::memmem::find(bytes, RESOURCE)
        .and_then(|at| bytes.get(at + RESOURCE.len()..))
        .and_then(block);
    let mut rest = block.unwrap_or_default();
    while let Some((record, set, value, after)) = dataset(rest) {
        rest = after;
        if record != 2 {
            continue;
        }
        let text = decode_all(value);
        if set == DATE_CREATED {
            notes.add_date(DateSource::EmbeddedCreated, &text);
        } else if let Some(name) = name(set) {
            notes.add(name, &text);
        }
    }
}

/// The data of a resource behind its name, which is padded to an even length.
fn block(resource: &[u8]) -> Option<&[u8]> {
    let name = usize::from(*resource.first()?) + 1;
    let size_at = name + name % 2;
    let size = resource.get(size_at..size_at + 4)?;
    let size = u32::from_be_bytes(size.try_into().ok()?);
    let data = resource.get(size_at + 4..)?;
    Some(data.get(..usize::try_from(size).ok()?).unwrap_or(data))
}

/// Record, number, value, and what follows.
fn dataset(bytes: &[u8]) -> Option<(u8, u8, &[u8], &[u8])> {
    let [MARKER, record, set, high, low, rest @ ..] = bytes else {
        return None;
    };
    let length = usize::from(u16::from_be_bytes([*high, *low]));
    let (value, after) = rest.split_at_checked(length)?;
    Some((*record, *set, value, after))
}

/// Datasets that people fill in, chapter 6 of the model.
fn name(set: u8) -> Option<&'static str> {
    Some(match set {
        5 => "Title",
        25 => "Keyword",
        40 => "Instructions",
        80 => "Byline",
        85 => "Byline title",
        90 => "City",
        92 => "Place",
        95 => "Province",
        101 => "Country",
        105 => "Headline",
        110 => "Credit",
        115 => "Source",
        116 => "Copyright",
        118 => "Contact",
        120 => "Caption",
        122 => "Caption writer",
        _ => return None,
    })
}
