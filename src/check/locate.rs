//! Where in a file of text a hit stands: its bytes, its line and its column.
//!
//! A hit tells its place in the text as it was read. For plain text and separated values that is a
//! byte of the file; of other texts (JSON, XML, SQL, HTML, mail) the values are looked for in their
//! order, and a value that was unescaped on the way is not found.

use std::ops::Range;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// A place for people: line and column, both from 1, the column in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spot {
    /// Line, from 1.
    pub line: u64,
    /// Column in characters, from 1.
    pub column: u64,
}

/// The text of a file, decoded, with what is needed to write it back as it was.
pub(super) struct FileText {
    pub(super) text: String,
    encoding: &'static Encoding,
    mark: &'static [u8],
    lines: Vec<usize>,
}

impl FileText {
    /// Decodes the bytes of a file of text.
    pub(super) fn decode(bytes: &[u8]) -> Self {
        let (encoding, mark): (_, &'static [u8]) = match bytes {
            [0xef, 0xbb, 0xbf, ..] => (UTF_8, &[0xef, 0xbb, 0xbf]),
            [0xff, 0xfe, ..] => (UTF_16LE, &[0xff, 0xfe]),
            [0xfe, 0xff, ..] => (UTF_16BE, &[0xfe, 0xff]),
            _ if std::str::from_utf8(bytes).is_ok() => (UTF_8, &[]),
            _ if looks_like_utf_16(bytes) => (UTF_16LE, &[]),
            _ => (WINDOWS_1252, &[]),
        };
        let body = bytes.get(mark.len()..).unwrap_or_default();
        let text = encoding.decode_without_bom_handling(body).0.into_owned();
        let after = |(at, _): (usize, &str)| at + 1;
        let lines = std::iter::once(0)
            .chain(text.match_indices('\n').map(after))
            .collect();
        Self {
            text,
            encoding,
            mark,
            lines,
        }
    }

    /// The bytes of a file with this text instead; `None` where the encoding has no such letters.
    pub(super) fn encode(&self, text: &str) -> Option<Vec<u8>> {
        let mut bytes = self.mark.to_vec();
        if self.encoding == UTF_16LE {
            bytes.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
        } else if self.encoding == UTF_16BE {
            bytes.extend(text.encode_utf16().flat_map(u16::to_be_bytes));
        } else {
            let (encoded, _, lossy) = self.encoding.encode(text);
            if lossy {
                return None;
            }
            bytes.extend_from_slice(&encoded);
        }
        Some(bytes)
    }

    /// Line and column of a byte of the text.
    pub(super) fn spot(&self, at: usize) -> Spot {
        let line = self.lines.partition_point(|start| *start <= at);
        let start = self.lines.get(line - 1).copied().unwrap_or(0);
        let before = self.text.get(start..at).unwrap_or_default();
        Spot {
            line: line as u64,
            column: before.chars().count() as u64 + 1,
        }
    }

    /// A line by its number from 1, without its end; empty where there is none.
    pub(super) fn line(&self, number: u64) -> &str {
        let index = usize::try_from(number)
            .ok()
            .and_then(|number| number.checked_sub(1));
        let Some(start) = index.and_then(|index| self.lines.get(index)) else {
            return "";
        };
        let end = index.and_then(|index| self.lines.get(index + 1)).copied();
        let line = self.text.get(*start..end.unwrap_or(self.text.len()));
        line.unwrap_or_default().trim_end_matches(['\n', '\r'])
    }
}

/// UTF-16 without a mark: mostly ASCII, so that nearly every second byte is zero.
fn looks_like_utf_16(bytes: &[u8]) -> bool {
    let head = bytes.get(..bytes.len().min(4096)).unwrap_or_default();
    let zeros = head
        .iter()
        .skip(1)
        .step_by(2)
        .filter(|byte| **byte == 0)
        .count();
    head.len() >= 4 && zeros * 4 > head.len()
}

/// How often a value that does not stand where it should is looked for from the beginning: each
/// time costs a pass over the file.
const SEARCHES: u32 = 200;

/// Finds hits in the text of a file, in their order.
pub(super) struct Locator<'t> {
    text: &'t str,
    cursor: usize,
    /// Where the last hit ended, as it was read and in the file.
    last: (u64, usize),
    searches: u32,
}

impl<'t> Locator<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self {
            text,
            cursor: 0,
            last: (0, 0),
            searches: SEARCHES,
        }
    }

    /// The bytes of the next hit, which was read at `start` as `value`; and whether it is certain
    /// that these are the ones.
    pub(super) fn find(&mut self, start: u64, value: &str) -> Option<(Range<usize>, bool)> {
        if value.is_empty() {
            return None;
        }
        if start >= self.last.0 {
            self.cursor = self.cursor.max(self.last.1);
        }
        let (place, sure) = self.seek(start, value)?;
        if sure {
            self.cursor = self.cursor.max(place.start);
            self.last = (start + value.len() as u64, place.end);
        }
        Some((place, sure))
    }

    fn seek(&mut self, start: u64, value: &str) -> Option<(Range<usize>, bool)> {
        let exact = usize::try_from(start)
            .ok()
            .map(|start| start..start + value.len());
        if let Some(range) = exact
            && self.text.get(range.clone()) == Some(value)
        {
            return Some((range, true));
        }
        let finder = memchr::memmem::Finder::new(value);
        let rest = self.text.get(self.cursor..)?;
        if let Some(at) = finder.find(rest.as_bytes()) {
            let start = self.cursor + at;
            return Some((start..start + value.len(), true));
        }
        self.searches = self.searches.checked_sub(1)?;
        let mut places = finder.find_iter(self.text.as_bytes());
        let start = places.next()?;
        Some((start..start + value.len(), places.next().is_none()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_written_back_as_they_were() {
        let utf_16: Vec<u8> = [0xff, 0xfe]
            .into_iter()
            .chain("Åse\r\nPål".encode_utf16().flat_map(u16::to_le_bytes))
            .collect();
        let files: [&[u8]; 5] = [
            b"a\xc3\xa5\nb",
            b"\xef\xbb\xbfa",
            b"K\xe5re\n",
            &utf_16,
            b"",
        ];
        for bytes in files {
            let file = FileText::decode(bytes);
            assert_eq!(file.encode(&file.text).as_deref(), Some(bytes));
        }
        assert_eq!(FileText::decode(b"K\xe5re").encode("\u{4e2d}"), None);
    }

    #[test]
    fn places_are_lines_and_characters() {
        let file = FileText::decode("a\nbåc\r\n\nx".as_bytes());
        assert_eq!(file.spot(5), Spot { line: 2, column: 3 });
        assert_eq!(
            (file.line(2), file.line(3), file.line(4), file.line(9)),
            ("båc", "", "x", "")
        );
    }

    #[test]
    fn values_are_found_in_their_order() {
        let mut locator = Locator::new("x 12, 34, 12, 34");
        assert_eq!(locator.find(2, "12"), Some((2..4, true)));
        assert_eq!(locator.find(97, "34"), Some((6..8, true)));
        assert_eq!(locator.find(102, "12"), Some((10..12, true)));
        assert_eq!(locator.find(110, "56"), None);
        assert_eq!(locator.find(120, "x"), Some((0..1, true)));
    }
}
