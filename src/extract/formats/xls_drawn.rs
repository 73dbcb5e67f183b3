//! What is drawn on the sheets of a workbook from before 2007: texts of boxes, and pictures, [MS-XLS]
//! 2.4.329 and 2.4.171. A record that is too long goes on in others.

use super::super::compound::{u16_at, utf16};

const CONTINUE: u16 = 0x003C;
const DRAWINGS: u16 = 0x00EB;
const TEXT: u16 = 0x01B6;
const LOCKED: u16 = 0x002F;

/// Texts of boxes and notes, by lines, and the records of pictures.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Drawn {
    pub(super) text: String,
    pub(super) pictures: Vec<u8>,
}

/// Goes through the records of the workbook's stream.
pub(super) fn drawn(stream: &[u8]) -> Drawn {
    let mut drawn = Drawn::default();
    let mut at = 0;
    let mut last = 0;
    // Characters of a text that are still to come.
    let mut left = 0;
    while let (Some(kind), Some(length)) = (u16_at(stream, at), u16_at(stream, at + 2)) {
        at += 4;
        let body = stream.get(at..).unwrap_or_default();
        let body = body.get(..usize::from(length)).unwrap_or(body);
        at += usize::from(length);
        match (kind, last) {
            (LOCKED, _) => return Drawn::default(),
            (DRAWINGS, _) | (CONTINUE, DRAWINGS) => drawn.pictures.extend_from_slice(body),
            (TEXT, _) => left = usize::from(u16_at(body, 10).unwrap_or_default()),
            (CONTINUE, TEXT) if left > 0 => {
                let (text, count) = characters(body);
                drawn.text.push_str(&text);
                left = left.saturating_sub(count);
                if left == 0 {
                    drawn.text.push('\n');
                }
            }
            _ => {}
        }
        if kind != CONTINUE {
            last = kind;
        }
    }
    drawn
}

/// The characters of a record, and how many they are: of one byte or of two, as its first byte tells.
fn characters(body: &[u8]) -> (String, usize) {
    let (wide, bytes) = body
        .split_first()
        .map_or((false, body), |(first, rest)| (*first & 1 == 1, rest));
    if wide {
        (utf16(bytes), bytes.len() / 2)
    } else {
        (
            bytes.iter().map(|own| char::from(*own)).collect(),
            bytes.len(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::old_pictures::tests::record as picture;
    use super::*;

    fn record(kind: u16, body: &[u8]) -> Vec<u8> {
        let length = u16::try_from(body.len()).unwrap();
        [kind.to_le_bytes().as_slice(), &length.to_le_bytes(), body].concat()
    }

    fn text(length: u16) -> Vec<u8> {
        let mut body = [0; 18];
        body[10..12].copy_from_slice(&length.to_le_bytes());
        record(TEXT, &body)
    }

    #[test]
    fn texts_and_pictures_go_on_in_other_records() {
        let wide: Vec<u8> = "\u{e5}r "
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        let png = picture([0, 0x6E, 0x1E, 0xF0], b"\x89PNG bilde");
        let stream = [
            record(DRAWINGS, &png[..20]),
            record(CONTINUE, &png[20..]),
            text(6),
            record(CONTINUE, &[&[1], wide.as_slice()].concat()),
            record(CONTINUE, b"\0Per"),
            record(CONTINUE, b"\0\0\0\0skrift"),
            text(4),
            record(CONTINUE, b"\0Kari"),
            record(0x0A, b""),
        ]
        .concat();
        let seen = drawn(&stream);
        assert_eq!((seen.text.as_str(), seen.pictures), ("år Per\nKari\n", png));
        assert_eq!(
            drawn(&[record(LOCKED, b"\0"), stream].concat()),
            Drawn::default()
        );
    }
}
