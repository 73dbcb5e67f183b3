//! EXIF: texts, position and dates, by tag.

use std::io::Cursor;

use exif::{Context, Exif, Field, In, Reader, Tag, Value};

use super::super::super::decode::decode_all;
use super::super::super::compound::utf16;
use super::notes::Notes;
use crate::model::DateSource;

/// First and last of the tags that Windows writes in UTF-16: title, comment, author, keywords,
/// subject.
const WINDOWS_TAGS: std::ops::RangeInclusive<u16> = 0x9C9B..=0x9C9F;
/// Length of the name of the encoding at the beginning of a comment.
const ENCODING_BYTES: usize = 8;

/// Reads what there is; damage ends it in silence, because the picture is told as unread anyway.
pub(super) fn read(bytes: &[u8], notes: &mut Notes) {
    let mut reader = Reader::new();
    reader.continue_on_error(true);
    let read = reader
        .read_from_container(&mut Cursor::new(bytes))
        .or_else(|error| error.distill_partial_result(|_| ()));
    let Ok(exif) = read else {
        return;
    };
    for field in exif.fields() {
        take(field, notes);
    }
    if let Some(position) = position(&exif) {
        notes.add("GPS position", &position);
    }
}

fn take(field: &Field, notes: &mut Notes) {
    let text = match &field.value {
        Value::Ascii(lines) => decode_all(&lines.join(&b' ')),
        Value::Byte(bytes)
            if field.tag.context() == Context::Tiff
                && WINDOWS_TAGS.contains(&field.tag.number()) =>
        {
            utf16(bytes)
        }
        Value::Undefined(bytes, _) if field.tag == Tag::UserComment => comment(bytes),
        Value::Byte(_)
        | Value::Short(_)
        | Value::Long(_)
        | Value::Rational(_)
        | Value::SByte(_)
        | Value::Undefined(..)
        | Value::SShort(_)
        | Value::SLong(_)
        | Value::SRational(_)
        | Value::Float(_)
        | Value::Double(_)
        | Value::Unknown(..) => return,
    };
    match field.tag {
        Tag::DateTimeOriginal | Tag::DateTimeDigitized => {
            notes.add_date(DateSource::EmbeddedCreated, &text);
        }
        // It names a program.
        Tag::Software => {}
        Tag::DateTime => notes.add_date(DateSource::EmbeddedModified, &text),
        _ if text.chars().filter(|c| c.is_alphanumeric()).count() > 1 => {
            notes.add(&field.tag.to_string(), &text);
        }
        _ => {}
    }
}

/// A comment behind the name of its encoding.
fn comment(bytes: &[u8]) -> String {
    match bytes.split_at_checked(ENCODING_BYTES) {
        Some((b"UNICODE\0", text)) => utf16(text),
        Some((_, text)) => decode_all(text),
        None => String::new(),
    }
}

/// The position as two numbers of degrees, south and west below zero.
fn position(exif: &Exif) -> Option<String> {
    let north = degrees(exif, Tag::GPSLatitude, Tag::GPSLatitudeRef, b"S")?;
    let east = degrees(exif, Tag::GPSLongitude, Tag::GPSLongitudeRef, b"W")?;
    Some(format!("{north:.6}, {east:.6}"))
}

fn degrees(exif: &Exif, tag: Tag, side: Tag, negative: &[u8]) -> Option<f64> {
    let Value::Rational(parts) = &exif.get_field(tag, In::PRIMARY)?.value else {
        return None;
    };
    let part = |at: usize| parts.get(at).map_or(0.0, exif::Rational::to_f64);
    let degrees = part(0) + part(1) / 60.0 + part(2) / 3600.0;
    let turned = exif.get_field(side, In::PRIMARY).is_some_and(|field| {
        matches!(&field.value, Value::Ascii(lines) if lines.first().is_some_and(|own| own.starts_with(negative)))
    });
    degrees.is_finite().then_some(if turned { -degrees } else { degrees })
}
