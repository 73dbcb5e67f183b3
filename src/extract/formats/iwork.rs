//! Content of Pages, Numbers and Keynote: chunks packed by Snappy that hold messages of Protocol Buffers. What
//! the messages mean is Apple's own, so all texts in them are read, in their order, and which cell a text
//! stands in is not.

use snap::raw::{Decoder, decompress_len};

use super::super::{Content, Format, FormatInfo, Head, Match, Sink, flow};
use crate::model::{Budget, Problem, ProblemKind, Stage};

pub(crate) static FORMAT: Iwork = Iwork;

/// Reads it.
pub(crate) struct Iwork;

static INFO: FormatInfo = FormatInfo {
    id: "iwork",
    title: "content of Pages, Numbers or Keynote",
    extensions: &["iwa"],
    version: 1,
    isolated: false,
    reads: "all texts, without the cell or page they stand on; numbers that are stored as such are not read",
};

/// Each chunk begins with this, and its length in three bytes.
const CHUNK: u8 = 0;
const CHUNK_HEADER_BYTES: usize = 4;
/// Messages inside each other that are followed.
const MAX_DEPTH: u32 = 24;
/// Shorter texts are marks of the format's own.
const FEWEST_CHARACTERS: usize = 2;
/// Text after which a piece is handed out.
const PIECE_BYTES: usize = 64 * 1024;

impl Format for Iwork {
    fn info(&self) -> &'static FormatInfo {
        &INFO
    }

    fn recognises(&self, head: &Head<'_>) -> Match {
        let chunk = chunk(head.bytes).map(|(length, _)| length as u64 + CHUNK_HEADER_BYTES as u64);
        if head.has_extension(INFO.extensions) && chunk.is_some_and(|length| length <= head.len) {
            Match::Sure
        } else {
            Match::No
        }
    }

    fn read(
        &self,
        content: &mut Content,
        budget: &Budget,
        sink: &mut dyn Sink,
    ) -> Result<(), Problem> {
        let malformed = Problem::new(ProblemKind::Malformed, Stage::Extract);
        let packed = content.whole(budget)?;
        let bytes = unpacked(&packed, budget)?.ok_or(malformed)?;
        let mut texts = Texts::default();
        let mut rest = bytes.as_slice();
        while !rest.is_empty() {
            budget.check()?;
            rest = texts.archive(rest).ok_or(malformed).inspect_err(|_| texts.hand_out(sink))?;
            if texts.text.len() > PIECE_BYTES {
                texts.hand_out(sink);
            }
        }
        texts.hand_out(sink);
        Ok(())
    }
}

/// The length of the chunk that `bytes` begin with, and what follows its header.
fn chunk(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let [CHUNK, low, middle, high, rest @ ..] = bytes else {
        return None;
    };
    Some((usize::from(*low) | usize::from(*middle) << 8 | usize::from(*high) << 16, rest))
}

/// All chunks behind each other; `None` where one is damaged.
fn unpacked(packed: &[u8], budget: &Budget) -> Result<Option<Vec<u8>>, Problem> {
    let mut bytes = Vec::new();
    let mut rest = packed;
    while !rest.is_empty() {
        let Some((body, after)) = chunk(rest).and_then(|(length, rest)| rest.split_at_checked(length)) else {
            return Ok(None);
        };
        let Ok(length) = decompress_len(body) else {
            return Ok(None);
        };
        budget.charge(length as u64)?;
        let Ok(chunk) = Decoder::new().decompress_vec(body) else {
            return Ok(None);
        };
        bytes.extend(chunk);
        rest = after;
    }
    Ok(Some(bytes))
}

/// Wire types of Protocol Buffers.
const VARINT: u64 = 0;
const EIGHT_BYTES: u64 = 1;
const LENGTH: u64 = 2;
const FOUR_BYTES: u64 = 5;

#[derive(Default)]
struct Texts {
    text: String,
}

impl Texts {
    fn hand_out(&mut self, sink: &mut dyn Sink) {
        flow::part("text", &self.text, sink);
        self.text.clear();
    }

    /// Reads a message that is told by one before it, which says how long it is; returns what follows.
    fn archive<'b>(&mut self, bytes: &'b [u8]) -> Option<&'b [u8]> {
        /// The entry of the first message that describes the ones after it, and the entry of their lengths.
        const DESCRIBED: u64 = 2;
        const LENGTH_OF: u64 = 3;
        let mut rest = bytes;
        let length = usize::try_from(varint(&mut rest)?).ok()?;
        let (head, mut rest) = rest.split_at_checked(length)?;
        for (number, value) in fields(head)? {
            let Value::Bytes(described) = value else {
                continue;
            };
            if number != DESCRIBED {
                continue;
            }
            let own = fields(described)?.into_iter().find_map(|(number, value)| match value {
                Value::Number(length) if number == LENGTH_OF => usize::try_from(length).ok(),
                Value::Number(_) | Value::Bytes(_) => None,
            });
            let (message, after) = rest.split_at_checked(own.unwrap_or_default())?;
            self.message(message, 0);
            rest = after;
        }
        Some(rest)
    }

    /// The texts of a message; whether it is one.
    fn message(&mut self, bytes: &[u8], depth: u32) -> bool {
        let Some(fields) = fields(bytes).filter(|_| depth < MAX_DEPTH) else {
            return false;
        };
        for (_, value) in fields {
            let Value::Bytes(bytes) = value else {
                continue;
            };
            match str::from_utf8(bytes).ok().filter(|text| is_written(text)) {
                Some(text) if text.chars().count() >= FEWEST_CHARACTERS => {
                    self.text.push_str(text);
                    self.text.push('\n');
                }
                Some(_) => {}
                None => {
                    self.message(bytes, depth + 1);
                }
            }
        }
        true
    }
}

/// Whether a value is a text: no control characters but breaks and tabs, and not the head of a message.
fn is_written(text: &str) -> bool {
    let control = |sign: char| sign.is_control() && !matches!(sign, '\n' | '\r' | '\t');
    let heads = |rest: &str| rest.bytes().next().is_some_and(|length| usize::from(length) < rest.len());
    let message = text.strip_prefix('\n').is_some_and(heads);
    !text.is_empty() && !message && !text.contains(control)
}

enum Value<'b> {
    Number(u64),
    Bytes(&'b [u8]),
}

/// The fields of a message with their numbers; `None` where it is none.
fn fields(bytes: &[u8]) -> Option<Vec<(u64, Value<'_>)>> {
    let mut fields = Vec::new();
    let mut rest = bytes;
    while !rest.is_empty() {
        let key = varint(&mut rest)?;
        let value = match key & 7 {
            VARINT => Value::Number(varint(&mut rest)?),
            LENGTH => {
                let length = usize::try_from(varint(&mut rest)?).ok()?;
                let (own, after) = rest.split_at_checked(length)?;
                rest = after;
                Value::Bytes(own)
            }
            fixed @ (EIGHT_BYTES | FOUR_BYTES) => {
                rest = rest.get(if fixed == EIGHT_BYTES { 8 } else { 4 }..)?;
                Value::Number(0)
            }
            _ => return None,
        };
        if key >> 3 == 0 {
            return None;
        }
        fields.push((key >> 3, value));
    }
    Some(fields)
}

fn varint(rest: &mut &[u8]) -> Option<u64> {
    let mut value = 0_u64;
    for at in 0..10 {
        let (byte, after) = rest.split_first()?;
        *rest = after;
        value |= u64::from(byte & 0x7F).checked_shl(7 * at)?;
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::super::super::recorder::{read, read_one};

    fn field(number: u8, bytes: &[u8]) -> Vec<u8> {
        [&[number << 3 | 2, u8::try_from(bytes.len()).unwrap()], bytes].concat()
    }

    /// Content of one message.
    fn content(message: &[u8]) -> Vec<u8> {
        let described = [&[1 << 3, 9], [3 << 3, u8::try_from(message.len()).unwrap()].as_slice()].concat();
        let head = [vec![1 << 3, 1], field(2, &described)].concat();
        let whole = [vec![u8::try_from(head.len()).unwrap()], head, message.to_vec()].concat();
        let packed = snap::raw::Encoder::new().compress_vec(&whole).unwrap();
        [vec![0, u8::try_from(packed.len()).unwrap(), 0, 0], packed].concat()
    }

    #[test]
    fn texts_at_any_depth_are_read() {
        let inner = [field(1, "Åse Ødegård".as_bytes()), field(3, b"fnr 15888610046")].concat();
        let message = [field(7, &field(1, &inner)), vec![5 << 3, 7], field(2, b"x"), field(2, b"\x01\x02\x03")].concat();
        let seen = read_one("Document.iwa", &content(&message));
        assert_eq!((seen.format, seen.ending().as_str()), (Some("iwork"), "scanned"));
        assert_eq!(seen.text, "Åse Ødegård\nfnr 15888610046\n");
        // A message whose first field is as long as a letter is no text that begins with that letter.
        let long = [b'k'; 65];
        assert!(!read_one("a.iwa", &content(&field(1, &field(1, &long)))).text.contains('A'));
    }

    #[test]
    fn damage_is_told() {
        let whole = content(&field(1, b"Kari Nordmann"));
        for length in 5..whole.len() {
            let two = [whole.as_slice(), &whole[..length]].concat();
            assert_eq!(read_one("a.iwa", &two).ending(), "failed malformed", "{length}");
            assert_ne!(read("a.iwa", &whole[..length])[0].ending(), "scanned", "{length}");
        }
        for at in 0..whole.len() {
            let mut bytes = whole.clone();
            bytes[at] ^= 0xFF;
            assert!(read("a.iwa", &bytes).iter().all(|own| !own.ending().contains("panic")), "{at}");
        }
    }
}
