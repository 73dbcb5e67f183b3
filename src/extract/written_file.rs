//! Files that stand in a text in base 64, as in an invoice that carries its own PDF, and in the values of tables.
//! Letters and bytes count as a file where they begin with the signature of a kind that people keep.

use base64::Engine as _;

use super::Sink;
use super::inline_picture::LETTERS;
use crate::model::{Problem, ProblemKind, Stage};

/// Fewer letters are no file.
const FEWEST_LETTERS: usize = 64;
/// Fewer digits may be a sum: SHA-512 has as many but one.
const FEWEST_DIGITS: usize = 129;
/// More letters are not held at once: what goes beyond is text like any other.
pub(super) const MAX_LETTERS: usize = 128 * 1024 * 1024;
/// Letters that stand for the bytes of a signature.
const FIRST_LETTERS: usize = 16;
/// Bytes by which text is told, in base 64 and in hexadecimal digits: so many stand in one line of either.
const FIRST_WORDS: usize = 45;
const FIRST_HEX_WORDS: usize = 30;
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

/// How the bytes of a file are written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Writing {
    Base64,
    /// In hexadecimal digits: `\x2550` and `0x2550`.
    Hex,
    /// In nothing but digits, which sums are written in as well.
    BareHex,
}

impl Writing {
    /// Whether a byte is one of its letters.
    pub(super) fn has(self, byte: u8) -> bool {
        match self {
            Self::Base64 => byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/'),
            Self::Hex | Self::BareHex => byte.is_ascii_hexdigit(),
        }
    }
}

/// How the file is written that a text begins with, how many bytes stand before its letters, and the ending of its
/// name; `None` where it begins with none.
pub(super) fn begins_as(text: &str) -> Option<(Writing, usize, &'static str)> {
    let prefix = match text.as_bytes() {
        [b'0', b'x' | b'X', ..] => 2,
        [b'x', ..] => 1,
        _ => 0,
    };
    let digits = text.as_bytes().get(prefix..prefix + FIRST_LETTERS * 2);
    if let Some(kind) = digits.and_then(hex).and_then(|bytes| kind_of(&bytes)) {
        let writing = if prefix > 0 {
            Writing::Hex
        } else {
            Writing::BareHex
        };
        return Some((writing, prefix, kind));
    }
    let first = text.get(..FIRST_LETTERS)?;
    Some((Writing::Base64, 0, kind(first)?))
}

/// Like [`begins_as`], for letters that stand for text, which has no signature: random bytes are none.
pub(super) fn begins_as_words(text: &str) -> Option<(Writing, usize, &'static str)> {
    let digits = text
        .as_bytes()
        .strip_prefix(b"0x")
        .or_else(|| text.as_bytes().strip_prefix(b"x"));
    let prefix = digits.map_or(0, |digits| text.len() - digits.len());
    let digits = digits.unwrap_or(text.as_bytes()).get(..FIRST_HEX_WORDS * 2);
    if digits.and_then(hex).is_some_and(|bytes| is_words(&bytes)) {
        let writing = if prefix > 0 {
            Writing::Hex
        } else {
            Writing::BareHex
        };
        return Some((writing, prefix, "txt"));
    }
    let bytes = LETTERS.decode(text.get(..FIRST_WORDS / 3 * 4)?).ok()?;
    is_words(&bytes).then_some((Writing::Base64, 0, "txt"))
}

/// Whether bytes are text of several letters, in UTF-8 or, as Windows keeps it, in UTF-16; the last character may be cut.
fn is_words(bytes: &[u8]) -> bool {
    const FEWEST_KINDS: usize = 8;
    let (pairs, _) = bytes.as_chunks::<2>();
    if pairs.iter().all(|[_, high]| *high == 0) {
        let low: Vec<u8> = pairs.iter().map(|[low, _]| *low).collect();
        return low
            .iter()
            .all(|byte| matches!(byte, b' '..=b'~' | 0xA0.. | b'\t' | b'\n' | b'\r'))
            && kinds(&low) >= FEWEST_KINDS;
    }
    let valid = match str::from_utf8(bytes) {
        Ok(text) => Some(text),
        Err(error) if error.error_len().is_none() => bytes
            .get(..error.valid_up_to())
            .and_then(|bytes| str::from_utf8(bytes).ok()),
        Err(_) => None,
    };
    let is_shown = |own: char| !own.is_control() || matches!(own, '\t' | '\n' | '\r');
    valid.is_some_and(|text| text.chars().all(is_shown)) && kinds(bytes) >= FEWEST_KINDS
}

/// How many different bytes there are.
fn kinds(bytes: &[u8]) -> usize {
    (0..=u8::MAX).filter(|byte| bytes.contains(byte)).count()
}

/// What the letters of a file stand for; `None` where they are too few. Of a file that was cut off within a group of
/// letters that group is left out.
pub(super) fn decoded(writing: Writing, letters: &[u8]) -> Option<Vec<u8>> {
    let groups = |of: usize| {
        letters
            .get(..letters.len() - letters.len() % of)
            .unwrap_or_default()
    };
    let bytes = match writing {
        Writing::Base64 => LETTERS
            .decode(letters)
            .or_else(|_| LETTERS.decode(groups(4)))
            .ok(),
        Writing::BareHex if letters.len() < FEWEST_DIGITS => None,
        Writing::Hex | Writing::BareHex => hex(groups(2)),
    };
    bytes.filter(|bytes| bytes.len() >= FEWEST_LETTERS / 4 * 3)
}

/// Bytes of hexadecimal digits.
fn hex(digits: &[u8]) -> Option<Vec<u8>> {
    let value = |digit: u8| char::from(digit).to_digit(16);
    let (pairs, _) = digits.as_chunks::<2>();
    let byte = |[high, low]: &[u8; 2]| u8::try_from(value(*high)? * 16 + value(*low)?).ok();
    pairs.iter().map(byte).collect()
}

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
    pub(super) const MAX: u32 = 20_000;

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
