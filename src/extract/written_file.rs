//! Files that stand in a text in base 64, as in an invoice that carries its own PDF, and in the values of tables.
//! Letters and bytes count as a file where they begin with the signature of a kind that people keep.

use base64::Engine as _;

use super::Sink;
use super::inline_picture::LETTERS;
use crate::model::{Problem, ProblemKind, Stage};

/// Fewer letters are no file.
const FEWEST_LETTERS: usize = 64;
/// More letters are not held at once: what goes beyond is text like any other.
pub(super) const MAX_LETTERS: usize = 128 * 1024 * 1024;
/// Letters that stand for the bytes of a signature.
const FIRST_LETTERS: usize = 16;
/// Text in which the first of them stand: more white space is none of a file.
const FIRST_BYTES: usize = 128;
/// How kinds begin that people keep, with the usual ending of their names.
const KINDS: &[(&[u8], &str)] = &[
    (b"%PDF-", "pdf"),
    (b"PK\x03\x04", "zip"),
    (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "doc"),
    (b"{\\rtf", "rtf"),
    (b"\xFF\xD8\xFF", "jpg"),
    (b"\x89PNG\r\n", "png"),
    (b"GIF8", "gif"),
    (b"II*\0", "tif"),
    (b"MM\0*", "tif"),
    (b"<?xml", "xml"),
    (b"\xEF\xBB\xBF<?xml", "xml"),
    (b"<!DOCTYPE", "html"),
    (b"<html", "html"),
    (b"7z\xBC\xAF\x27\x1C", "7z"),
    (b"Rar!\x1A\x07", "rar"),
    (b"\x1F\x8B\x08", "gz"),
];

/// Whether a text begins like a file in base 64, bare or as a `data:` address.
pub(super) fn begins(text: &str) -> bool {
    kind(letters(text)).is_some()
}

/// The file that a text is, with the ending of its name; `None` where it is none.
pub(super) fn of(text: &str) -> Option<(Vec<u8>, &'static str)> {
    let letters = letters(text);
    let ending = kind(letters)?;
    let letters: Vec<u8> = letters
        .bytes()
        .filter(|byte| !byte.is_ascii_whitespace())
        .collect();
    if letters.len() < FEWEST_LETTERS {
        return None;
    }
    Some((LETTERS.decode(letters).ok()?, ending))
}

/// What a `data:` address holds, whatever its kind; `None` for any other text.
pub(super) fn of_address(address: &str) -> Option<(Vec<u8>, &'static str)> {
    let packed = address.strip_prefix("data:")?.split_once(";base64,")?.1;
    let packed: Vec<u8> = packed
        .bytes()
        .filter(|byte| !byte.is_ascii_whitespace())
        .collect();
    let ending = kind(letters(address)).unwrap_or("bin");
    Some((LETTERS.decode(packed).ok()?, ending))
}

/// The letters of base 64, without what says of which kind they are.
fn letters(text: &str) -> &str {
    let address = text
        .strip_prefix("data:")
        .and_then(|rest| rest.split_once(";base64,"));
    address.map_or(text, |(_, packed)| packed).trim_start()
}

/// The usual ending of the name of a file that begins like this; `None` where it is of no known kind.
pub(super) fn kind_of(bytes: &[u8]) -> Option<&'static str> {
    let known = KINDS.iter().find(|(start, _)| bytes.starts_with(start));
    known.map(|(_, ending)| *ending)
}

/// Files in the values of a table, as far as they are handed out: each is an object, of which there may not be
/// any number in one that is read.
#[derive(Default)]
pub(super) struct Files {
    told: u32,
}

impl Files {
    /// More files of one table are told as unread together.
    const MAX: u32 = 20_000;

    /// Hands out a file under the names of its column and row.
    ///
    /// # Errors
    /// Limits.
    pub(super) fn tell(
        &mut self,
        column: &str,
        row: u64,
        bytes: &[u8],
        sink: &mut dyn Sink,
    ) -> Result<(), Problem> {
        self.told += 1;
        if self.told > Self::MAX {
            self.told = Self::MAX;
            sink.incomplete(Problem::new(ProblemKind::LimitMembers, Stage::Extract).at(row));
            return Ok(());
        }
        let ending = kind_of(bytes).unwrap_or("bin");
        let name = format!("{column}-{row}.{ending}");
        sink.member(name.as_bytes(), &mut &*bytes)
    }
}

fn kind(letters: &str) -> Option<&'static str> {
    let start = letters.as_bytes().get(..FIRST_BYTES.min(letters.len()))?;
    let mut first = start
        .iter()
        .copied()
        .filter(|byte| !byte.is_ascii_whitespace());
    let mut own = [0; FIRST_LETTERS];
    for letter in &mut own {
        *letter = first.next()?;
    }
    kind_of(&LETTERS.decode(own).ok()?)
}

#[cfg(test)]
mod tests {
    use base64::prelude::BASE64_STANDARD;

    use super::*;

    #[test]
    fn files_are_told_from_other_letters() {
        let pdf = format!("%PDF-1.4\n{}", "Kari Nordmann ".repeat(20));
        let packed = BASE64_STANDARD.encode(&pdf);
        let folded: String = packed
            .as_bytes()
            .chunks(76)
            .flat_map(|line| [" ", str::from_utf8(line).unwrap(), "\r\n"])
            .collect();
        for text in [
            packed.clone(),
            folded,
            format!("data:application/pdf;base64,{packed}"),
        ] {
            assert!(begins(&text));
            assert_eq!(of(&text), Some((pdf.clone().into_bytes(), "pdf")), "{text}");
        }
        for text in [
            "JVBERi0xLjQ=",
            "Kari Nordmann",
            "",
            "aGVpIGhlaSBoZWkgaGVpIGhlaSBoZWkgaGVpIGhlaSBoZWkgaGVpIGhlaSBoZWkgaGVp",
        ] {
            assert_eq!(of(text), None, "{text}");
        }
        assert_eq!(of(&format!("{packed}!")), None);
        assert_eq!(
            of_address("data:text/plain;base64,SGVp"),
            Some((b"Hei".to_vec(), "bin"))
        );
        assert_eq!(of_address("https://x.example/"), None);
    }
}
