//! Bytes in whatever encoding → UTF-8, block by block.
//!
//! Nothing is dropped: bytes that are no UTF-8 in a file that otherwise is are read in the
//! single-byte encoding they look like. It does not decide whether content is text at all.

use std::io::{self, BufRead, Read};
use std::str;

use encoding_rs::{CoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::charset::{Charset, SingleByte, guess, guess_single_byte};

/// Bytes that are read at a time.
const BLOCK_BYTES: usize = 256 * 1024;

/// Room for the first bytes: most files are smaller than a block, and to clear a whole one costs more
/// than to read them.
const FIRST_BYTES: usize = 16 * 1024;

/// A reader that yields UTF-8 only, each buffer cut between characters.
pub(super) struct Utf8Reader<R> {
    source: R,
    charset: Charset,
    /// How stray bytes in UTF-8 are read; found out at the first of them.
    stray: Option<SingleByte>,
    /// For encodings whose characters span bytes, and declared ones.
    decoder: Option<encoding_rs::Decoder>,
    /// Bytes as they were read; the first `pending` of them are the rest of the last block.
    raw: Vec<u8>,
    pending: usize,
    /// The current block where it could not be used as it was.
    decoded: String,
    /// The current block.
    block: Block,
    ended: bool,
    lossy: bool,
}

/// Where the current block lies, and how far it was consumed.
#[derive(Clone, Copy)]
enum Block {
    Raw { from: usize, to: usize },
    Decoded { from: usize },
}

impl<R: Read> Utf8Reader<R> {
    /// A reader of `source`, whose encoding is told by its first block.
    ///
    /// # Errors
    /// What `source` says when the first block is read.
    pub(super) fn new(source: R) -> io::Result<Self> {
        Self::with_declared(source, |_| None)
    }

    /// Like [`new`](Self::new), for XML, which may declare its encoding.
    ///
    /// # Errors
    /// What `source` says when the first block is read.
    pub(super) fn of_xml(source: R) -> io::Result<Self> {
        Self::with_declared(source, |head| declared_after(head, b"encoding="))
    }

    /// Like [`new`](Self::new), for content that may declare its encoding: `declared` finds the
    /// name in the first bytes. The bytes win where they are UTF-8 or UTF-16 all the same.
    ///
    /// # Errors
    /// What `source` says when the first block is read.
    pub(super) fn with_declared(
        source: R,
        declared: impl FnOnce(&[u8]) -> Option<&'static Encoding>,
    ) -> io::Result<Self> {
        let mut reader = Self {
            source,
            charset: Charset::Utf8,
            stray: None,
            decoder: None,
            raw: vec![0; FIRST_BYTES],
            pending: 0,
            decoded: String::new(),
            block: Block::Decoded { from: 0 },
            ended: false,
            lossy: false,
        };
        let filled = reader.read_raw()?;
        let head = reader.raw.get(..filled).unwrap_or_default();
        let (charset, bom) = guess(head);
        let declared = match charset {
            Charset::Utf8 if bom > 0 || has_utf8(head) => None,
            Charset::Utf8 | Charset::SingleByte(_) => declared(head).filter(|own| *own != UTF_8),
            Charset::Utf16Le => Some(UTF_16LE),
            Charset::Utf16Be => Some(UTF_16BE),
            Charset::Utf32Le | Charset::Utf32Be => None,
        };
        reader.charset = charset;
        reader.decoder = declared.map(Encoding::new_decoder_without_bom_handling);
        reader.raw.copy_within(bom..filled, 0);
        reader.decode(filled - bom);
        Ok(reader)
    }

    /// Whether bytes were met that stand for no character; each reads as U+FFFD.
    pub(super) fn is_lossy(&self) -> bool {
        self.lossy
    }

    /// What is left of the current block, as text; empty at the end.
    ///
    /// # Errors
    /// What the source says.
    pub(super) fn fill_text(&mut self) -> io::Result<&str> {
        while self.left().is_empty() && !self.ended {
            let filled = self.read_raw()?;
            self.decode(filled);
        }
        Ok(self.text())
    }

    fn left(&self) -> &[u8] {
        match self.block {
            Block::Raw { from, to } => self.raw.get(from..to),
            Block::Decoded { from } => self.decoded.as_bytes().get(from..),
        }
        .unwrap_or_default()
    }

    /// The bytes were checked when the block was made; a consumer that stopped inside a character
    /// sees none of the block.
    fn text(&self) -> &str {
        match self.block {
            Block::Raw { .. } => simdutf8::basic::from_utf8(self.left()).unwrap_or_default(),
            Block::Decoded { from } => self.decoded.get(from..).unwrap_or_default(),
        }
    }

    /// Fills the raw buffer behind what is pending; returns how many bytes it holds.
    fn read_raw(&mut self) -> io::Result<usize> {
        if let Block::Raw { to, .. } = self.block {
            self.raw.copy_within(to..to + self.pending, 0);
            self.block = Block::Decoded {
                from: self.decoded.len(),
            };
        }
        let mut filled = self.pending;
        loop {
            if filled == self.raw.len() && filled < BLOCK_BYTES {
                self.raw.resize(BLOCK_BYTES, 0);
            }
            let Some(room) = self.raw.get_mut(filled..).filter(|room| !room.is_empty()) else {
                break;
            };
            match self.source.read(room) {
                Ok(0) => {
                    self.ended = true;
                    break;
                }
                Ok(read) => filled += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(filled)
    }

    /// Makes the first `filled` raw bytes the current block; what is incomplete at their end stays
    /// pending.
    fn decode(&mut self, filled: usize) {
        self.decoded.clear();
        self.pending = 0;
        let raw = self.raw.get(..filled).unwrap_or_default();
        self.block = Block::Decoded { from: 0 };
        if self.decoder.is_some() {
            return self.decode_stateful(filled);
        }
        match self.charset {
            Charset::Utf8 => self.decode_utf8(filled),
            Charset::SingleByte(single) => single.decode_to(raw, &mut self.decoded),
            Charset::Utf16Le | Charset::Utf16Be => {}
            Charset::Utf32Le => self.decode_utf32(filled, u32::from_le_bytes),
            Charset::Utf32Be => self.decode_utf32(filled, u32::from_be_bytes),
        }
    }

    fn decode_utf8(&mut self, filled: usize) {
        let raw = self.raw.get(..filled).unwrap_or_default();
        match simdutf8::compat::from_utf8(raw) {
            Ok(_) => {
                self.block = Block::Raw {
                    from: 0,
                    to: filled,
                };
            }
            Err(error) if error.error_len().is_none() && !self.ended => {
                self.pending = filled - error.valid_up_to();
                self.block = Block::Raw {
                    from: 0,
                    to: error.valid_up_to(),
                };
            }
            Err(_) => self.decode_stray(filled),
        }
    }

    /// UTF-8 with stray bytes: each is read in the single-byte encoding that the block suggests.
    fn decode_stray(&mut self, filled: usize) {
        let mut raw = self.raw.get(..filled).unwrap_or_default();
        if !self.ended {
            let complete = filled - incomplete_tail(raw);
            self.pending = filled - complete;
            raw = raw.get(..complete).unwrap_or_default();
        }
        let stray = *self
            .stray
            .get_or_insert_with(|| guess_single_byte(&without_utf8(raw)));
        for chunk in raw.utf8_chunks() {
            self.decoded.push_str(chunk.valid());
            stray.decode_to(chunk.invalid(), &mut self.decoded);
        }
        let complete = raw.len();
        self.raw.copy_within(complete..filled, 0);
    }

    fn decode_stateful(&mut self, filled: usize) {
        let raw = self.raw.get(..filled).unwrap_or_default();
        let Some(decoder) = &mut self.decoder else {
            return;
        };
        let needed = decoder.max_utf8_buffer_length(raw.len());
        self.decoded.reserve(needed.unwrap_or(raw.len() * 3 + 16));
        let (result, _, lossy) = decoder.decode_to_string(raw, &mut self.decoded, self.ended);
        debug_assert!(result == CoderResult::InputEmpty, "the room was reserved");
        self.lossy |= lossy;
    }

    fn decode_utf32(&mut self, filled: usize, word: fn([u8; 4]) -> u32) {
        let raw = self.raw.get(..filled).unwrap_or_default();
        let (words, rest) = raw.as_chunks::<4>();
        for bytes in words {
            let character = char::from_u32(word(*bytes));
            self.lossy |= character.is_none();
            self.decoded.push(character.unwrap_or('\u{FFFD}'));
        }
        if self.ended {
            self.lossy |= !rest.is_empty();
        } else {
            self.pending = rest.len();
        }
        let complete = filled - rest.len();
        self.raw.copy_within(complete..filled, 0);
    }
}

/// Content that is valid UTF-8 without a NUL byte, and so UTF-8 by all that tells encodings apart, as text
/// without its byte order mark.
pub(super) fn plain_utf8(bytes: &[u8]) -> Option<&str> {
    if memchr::memchr(0, bytes).is_some() {
        return None;
    }
    let text = simdutf8::basic::from_utf8(bytes).ok()?;
    Some(text.strip_prefix('\u{FEFF}').unwrap_or(text))
}

/// The lines of undecoded text, without their ends.
pub(super) fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let ends = memchr::memchr_iter(b'\n', text).chain([text.len()]);
    let mut start = 0;
    ends.map(move |end| {
        let line = text.get(start..end).unwrap_or_default();
        start = end + 1;
        line.strip_suffix(b"\r").unwrap_or(line)
    })
}

/// Whether there is a character of several bytes in valid UTF-8, and nothing that is not.
fn has_utf8(head: &[u8]) -> bool {
    !head.is_ascii() && simdutf8::basic::from_utf8(head).is_ok()
}

/// The encoding that a declaration such as `charset=` or `encoding=` names in the first bytes.
pub(super) fn declared_after(head: &[u8], label: &[u8]) -> Option<&'static Encoding> {
    let head = head.get(..head.len().min(2048))?;
    let at = memchr::memmem::find(&head.to_ascii_lowercase(), label)? + label.len();
    let name: Vec<u8> = head
        .get(at..)?
        .iter()
        .copied()
        .skip_while(|byte| matches!(byte, b' ' | b'"' | b'\''))
        .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
        .collect();
    let encoding = Encoding::for_label(&name)?;
    // Whoever declares UTF-16 in bytes that are not declares nothing.
    (encoding != UTF_16LE && encoding != UTF_16BE).then_some(encoding)
}

/// ASCII and stray bytes only: what is valid UTF-8 says nothing about the rest.
fn without_utf8(raw: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(raw.len());
    for chunk in raw.utf8_chunks() {
        bytes.extend(chunk.valid().bytes().filter(u8::is_ascii));
        bytes.extend(chunk.invalid());
    }
    bytes
}

/// How many bytes at the end begin a character that may go on in the next block.
fn incomplete_tail(raw: &[u8]) -> usize {
    for back in 1..=3.min(raw.len()) {
        let tail = raw.get(raw.len() - back..).unwrap_or_default();
        if let Err(error) = str::from_utf8(tail)
            && error.error_len().is_none()
            && error.valid_up_to() == 0
        {
            return back;
        }
    }
    0
}

impl<R: Read> Read for Utf8Reader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let bytes = self.fill_buf()?;
        let count = bytes.len().min(buffer.len());
        if let (Some(to), Some(from)) = (buffer.get_mut(..count), bytes.get(..count)) {
            to.copy_from_slice(from);
        }
        self.consume(count);
        Ok(count)
    }
}

impl<R: Read> BufRead for Utf8Reader<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.left().is_empty() && !self.ended {
            let filled = self.read_raw()?;
            self.decode(filled);
        }
        Ok(self.left())
    }

    fn consume(&mut self, count: usize) {
        match &mut self.block {
            Block::Raw { from, to } => *from = (*from + count).min(*to),
            Block::Decoded { from } => *from = (*from + count).min(self.decoded.len()),
        }
    }
}

/// The text of bytes in UTF-16 without a mark, most of them Latin; `None` where they are none.
pub(super) fn wide_text(bytes: &[u8]) -> Option<String> {
    const FEWEST: usize = 4;
    let (units, []) = bytes.as_chunks::<2>() else {
        return None;
    };
    let written = |[low, high]: &&[u8; 2]| {
        *high == 0 && matches!(low, b' '..=b'~' | 0xA0.. | b'\t' | b'\n' | b'\r')
    };
    let latin = units.iter().filter(written).count();
    if units.len() < FEWEST || latin * 4 <= units.len() * 3 {
        return None;
    }
    let units: Vec<u16> = units.iter().map(|unit| u16::from_le_bytes(*unit)).collect();
    String::from_utf16(&units)
        .ok()
        .map(|text| text.trim_end_matches('\0').to_owned())
}

/// A short text of unknown encoding as UTF-8, for names and headers that declare none.
pub(super) fn decode_all(bytes: &[u8]) -> String {
    if let Ok(text) = str::from_utf8(bytes) {
        return text.to_owned();
    }
    WINDOWS_1252
        .decode_without_bom_handling(bytes)
        .0
        .into_owned()
}
