//! Bytes of pictures and embedded files, which stand in an RTF document as hexadecimal digits or as they are.

use std::mem;

use super::super::super::embedded::native;

/// More bytes of one picture or file are not held.
pub(super) const MAX_BYTES: u64 = 64 * 1024 * 1024;
/// How pictures begin that are files of their own: PNG, JPEG, and drawings without and with their heads.
const PICTURES: &[&[u8]] = &[
    b"\x89PNG\r\n\x1A\n", b"\xFF\xD8\xFF", b"\x01\0\x09\0", b"\xD7\xCD\xC6\x9A", b"\x01\0\0\0",
];
/// How a compound file begins, which an embedded document is.
const COMPOUND: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";
/// The class of files that no program of its own embedded.
const PACKAGE: &[u8] = b"Package\0";

/// What was gathered of one picture or file.
#[derive(Default)]
pub(super) struct Held {
    bytes: Vec<u8>,
    /// The first digit of a byte.
    half: Option<u8>,
    /// There was more than is held.
    beyond: bool,
}

impl Held {
    /// Takes a hexadecimal digit; white space between digits says nothing.
    pub(super) fn digit(&mut self, digit: u8) {
        let Some(value) = char::from(digit).to_digit(16).and_then(|own| u8::try_from(own).ok()) else {
            return;
        };
        match self.half.take() {
            None => self.half = Some(value),
            Some(high) if (self.bytes.len() as u64) < MAX_BYTES => self.bytes.push(high << 4 | value),
            Some(_) => self.beyond = true,
        }
    }

    /// Takes bytes that stand as they are.
    pub(super) fn raw(&mut self, bytes: &[u8], whole: bool) {
        self.bytes.extend_from_slice(bytes);
        self.beyond |= !whole;
    }

    /// The picture, if it is one that can be read; the next begins.
    pub(super) fn picture(&mut self) -> Option<Vec<u8>> {
        let held = mem::take(self);
        let known = PICTURES.iter().any(|start| held.bytes.starts_with(start));
        (known && !held.beyond).then_some(held.bytes)
    }

    /// The embedded file with its name, if it has one and can be taken out: a compound file, or what was packed as
    /// a file, [MS-OLEDS] 2.2.5. The next begins.
    pub(super) fn file(&mut self) -> Option<(Option<Vec<u8>>, Vec<u8>)> {
        let held = mem::take(self);
        if held.beyond {
            return None;
        }
        if let Some(at) = memchr::memmem::find(&held.bytes, COMPOUND) {
            return Some((None, held.bytes.get(at..)?.to_vec()));
        }
        let class = memchr::memmem::find(&held.bytes, PACKAGE)?;
        // Names of topic and item, and the length of the data, which `native` passes over.
        let data = held.bytes.get(class + PACKAGE.len() + 8..)?;
        let (name, content) = native(data)?;
        Some((Some(name.to_vec()), content.to_vec()))
    }
}
