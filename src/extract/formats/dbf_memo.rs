//! The long texts of dBase tables and their kin, which lie in a file beside the table: every memo, under the number
//! of its block. Which row and column a memo belongs to stands in the table alone.

use std::io::{self, BufRead as _, BufReader, Read, Seek, SeekFrom};

use super::super::charset::guess_single_byte;
use super::super::compound::{u16_at, u32_at};
use super::super::{Content, Format, FormatInfo, Head, Match, Sink};
use crate::model::{Budget, Layout, Origin, Piece, Problem, ProblemKind, Stage};

pub(crate) static FORMAT: DbfMemo = DbfMemo;

/// Reads memo files.
pub(crate) struct DbfMemo;

static INFO: FormatInfo = FormatInfo {
    id: "dbf-memo",
    title: "memo file of a dBase table",
    extensions: &["dbt", "fpt"],
    version: 1,
    isolated: false,
    reads: "all memos of dBase III and IV, Clipper and FoxPro with the number of their block; pictures and objects in them not",
};

/// Length of the header of dBase III and `FoxPro`.
const HEADER_BYTES: u64 = 512;
/// Length of what stands before each memo that says how long it is.
const PREFIX_BYTES: u64 = 8;
/// What a memo of dBase IV begins with.
const IN_USE: &[u8] = &[0xFF, 0xFF, 8, 0];
/// What ends a memo of dBase III.
const END: u8 = 0x1A;
/// A line that an editor broke ends so.
const SOFT_RETURN: &[u8] = &[0x8D, b'\n'];
/// A longer memo is told in parts of so many bytes.
const PART_BYTES: u64 = 256 * 1024;

/// How the memos lie in the file.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    /// Each ends with a mark.
    Marked,
    /// Each begins with its length, which counts these bytes too: dBase IV.
    Counted,
    /// Each begins with its kind and length, most significant byte first: `FoxPro`.
    Typed,
}

impl Format for DbfMemo {
    fn info(&self) -> &'static FormatInfo {
        &INFO
    }

    fn recognises(&self, head: &Head<'_>) -> Match {
        match layout(head.bytes, head.len) {
            Some((Kind::Marked, _)) if !head.has_extension(&["dbt"]) => Match::No,
            Some(_) => Match::Sure,
            None => Match::No,
        }
    }

    fn read(
        &self,
        content: &mut Content,
        budget: &Budget,
        sink: &mut dyn Sink,
    ) -> Result<(), Problem> {
        let malformed = Problem::new(ProblemKind::Malformed, Stage::Extract);
        let head = content.head(u64::from(u16::MAX))?;
        let (kind, block) = layout(&head, content.len()).ok_or(malformed)?;
        let len = content.len();
        let mut memos = Memos {
            input: BufReader::with_capacity(64 * 1024, content),
            at: if kind == Kind::Counted { block } else { HEADER_BYTES.next_multiple_of(block) },
            kind,
            block,
        };
        while memos.at < len {
            budget.check()?;
            let whole = memos.next(sink).map_err(|_| Problem::new(ProblemKind::Io, Stage::Read))?;
            if !whole {
                sink.incomplete(malformed.at(memos.at / block));
            }
        }
        Ok(())
    }
}

/// How the memos lie, and the length of a block; `None` where the header does not fit what follows.
fn layout(head: &[u8], len: u64) -> Option<(Kind, u64)> {
    typed(head, len).or_else(|| counted(head)).or_else(|| marked(head, len))
}

fn typed(head: &[u8], len: u64) -> Option<(Kind, u64)> {
    let next = u64::from(big_endian(head, 0)?);
    let block = u64::from(big_endian(head, 4)? & 0xFFFF);
    let first = usize::try_from(HEADER_BYTES.checked_next_multiple_of(block)?).ok()?;
    let kind = big_endian(head, first)?;
    let bytes = u64::from(big_endian(head, first + 4)?);
    let fits = kind <= 2 && first as u64 + bytes <= len && next * block <= len + block && next > 0;
    fits.then_some((Kind::Typed, block))
}

fn counted(head: &[u8]) -> Option<(Kind, u64)> {
    let block = u16_at(head, 20)?;
    let first = head.get(usize::from(block)..)?;
    (block >= 64 && first.starts_with(IN_USE)).then_some((Kind::Counted, block.into()))
}

fn marked(head: &[u8], len: u64) -> Option<(Kind, u64)> {
    let blocks = u64::from(u32_at(head, 0)?);
    let end = blocks * HEADER_BYTES;
    let fits = blocks > 0 && len > HEADER_BYTES && end.abs_diff(len) <= 2 * HEADER_BYTES;
    fits.then_some((Kind::Marked, HEADER_BYTES))
}

fn big_endian(bytes: &[u8], at: usize) -> Option<u32> {
    let own = bytes.get(at..)?.first_chunk()?;
    Some(u32::from_be_bytes(*own))
}

/// The memos of a file, one after the other.
struct Memos<R> {
    input: BufReader<R>,
    /// Where the next block begins.
    at: u64,
    kind: Kind,
    block: u64,
}

impl<R: Read + Seek> Memos<R> {
    /// Tells the memo that begins here, and goes to the block behind it. A block that begins none is free, or of a
    /// picture. Returns whether the memo was whole.
    fn next(&mut self, sink: &mut dyn Sink) -> io::Result<bool> {
        self.input.seek(SeekFrom::Start(self.at))?;
        let name = format!("memo {}", self.at / self.block);
        let (wanted, read) = match self.kind {
            Kind::Marked => (None, self.tell(&name, u64::MAX, sink)?),
            Kind::Counted | Kind::Typed => {
                let (bytes, is_text) = self.prefix()?;
                let read = if is_text { self.tell(&name, bytes, sink)? } else { bytes };
                (Some(bytes), PREFIX_BYTES + read)
            }
        };
        self.at = (self.at + read.max(1)).next_multiple_of(self.block);
        Ok(wanted.is_none_or(|bytes| PREFIX_BYTES + bytes == read))
    }

    /// The length of the memo that begins here, and whether it is text; no length where none begins.
    fn prefix(&mut self) -> io::Result<(u64, bool)> {
        let mut prefix = Vec::new();
        io::copy(&mut (&mut self.input).take(PREFIX_BYTES), &mut prefix)?;
        if self.kind == Kind::Typed {
            let bytes = big_endian(&prefix, 4).unwrap_or_default();
            let known = big_endian(&prefix, 0).is_some_and(|kind| kind <= 2);
            return Ok((if known { bytes.into() } else { 0 }, prefix.starts_with(&[0, 0, 0, 1])));
        }
        let bytes = u32_at(&prefix, 4).map_or(0, u64::from);
        let used = prefix.starts_with(IN_USE);
        Ok((if used { bytes.saturating_sub(PREFIX_BYTES) } else { 0 }, used))
    }

    /// Tells up to so many bytes of text, or up to the mark; returns how many there were.
    fn tell(&mut self, name: &str, bytes: u64, sink: &mut dyn Sink) -> io::Result<u64> {
        let mut told = 0;
        let mut part = Vec::new();
        while told < bytes {
            part.clear();
            let mut input = (&mut self.input).take(PART_BYTES.min(bytes - told));
            let read = match self.kind {
                Kind::Marked => input.read_until(END, &mut part)? as u64,
                Kind::Counted | Kind::Typed => io::copy(&mut input, &mut part)?,
            };
            hand_out(name, &part, told > 0, sink);
            told += read;
            if read == 0 || (self.kind == Kind::Marked && part.last() == Some(&END)) {
                break;
            }
        }
        Ok(told)
    }
}

/// Hands out a part of a memo; the bytes between memos are NUL or the mark.
fn hand_out(name: &str, part: &[u8], continues: bool, sink: &mut dyn Sink) {
    let is_filling = |byte: &u8| matches!(*byte, 0 | END);
    let end = part.iter().rposition(|byte| !is_filling(byte)).map_or(0, |at| at + 1);
    let mut bytes = part.get(..end).unwrap_or_default().to_vec();
    let breaks: Vec<usize> = memchr::memmem::find_iter(&bytes, SOFT_RETURN).collect();
    for at in breaks {
        bytes.get_mut(at).into_iter().for_each(|byte| *byte = b' ');
    }
    let text = String::from_utf8(bytes).unwrap_or_else(|error| {
        let mut text = String::new();
        guess_single_byte(error.as_bytes()).decode_to(error.as_bytes(), &mut text);
        text
    });
    if text.trim_matches(['\0', ' ', '\r', '\n']).is_empty() {
        return;
    }
    sink.piece(Piece {
        text: &text,
        layout: Layout::Flow {
            origin: Origin::Part(name),
            continues,
        },
    });
}

#[cfg(test)]
mod tests {
    use super::super::super::recorder::read_one;

    const NOTE: &[u8] = b"\x8Fse\x8D\nKlient f\x9Bdt 1961";

    fn padded(mut bytes: Vec<u8>, to: usize) -> Vec<u8> {
        bytes.resize(bytes.len().next_multiple_of(to), 0);
        bytes
    }

    fn marked(memos: &[&[u8]]) -> Vec<u8> {
        let mut body = Vec::new();
        for memo in memos {
            body.extend(*memo);
            body.extend([0x1A, 0x1A]);
            body = padded(body, 512);
        }
        let mut bytes = vec![0; 512];
        let blocks = u32::try_from(1 + body.len() / 512).unwrap();
        bytes[..4].copy_from_slice(&blocks.to_le_bytes());
        bytes[16] = 3;
        [bytes, body].concat()
    }

    fn counted(memos: &[&[u8]]) -> Vec<u8> {
        let mut bytes = vec![0; 512];
        bytes[21] = 2;
        for memo in memos {
            bytes.extend([0xFF, 0xFF, 8, 0]);
            bytes.extend(u32::try_from(memo.len() + 8).unwrap().to_le_bytes());
            bytes.extend(*memo);
            bytes = padded(bytes, 512);
        }
        bytes
    }

    fn typed(memos: &[(u8, &[u8])]) -> Vec<u8> {
        let mut bytes = vec![0; 512];
        bytes[7] = 64;
        for (kind, memo) in memos {
            bytes.extend([0, 0, 0, *kind]);
            bytes.extend(u32::try_from(memo.len()).unwrap().to_be_bytes());
            bytes.extend(*memo);
            bytes = padded(bytes, 64);
        }
        let blocks = u32::try_from(bytes.len() / 64).unwrap();
        bytes[..4].copy_from_slice(&blocks.to_be_bytes());
        bytes
    }

    #[test]
    fn memos_of_every_kind_are_read() {
        let long = b"Vedtak om st\x9Bnad. ".repeat(100);
        let files = [
            ("a.dbt", marked(&[NOTE, &long, b"Kari"])),
            ("a.bin", counted(&[NOTE, &long, b"Kari"])),
            ("a.fpt", typed(&[(1, NOTE), (0, b"\x89PNG"), (1, &long), (1, b"Kari")])),
        ];
        for (name, bytes) in files {
            let seen = read_one(name, &bytes);
            assert_eq!((seen.format, seen.ending().as_str()), (Some("dbf-memo"), "scanned"), "{name}");
            assert!(seen.text.starts_with("Åse \nKlient født 1961\n"), "{name} {:?}", seen.text);
            assert_eq!(seen.text.matches("Vedtak om stønad.").count(), 100);
            assert!(seen.text.ends_with("\nKari") && !seen.text.contains("PNG"));
            assert_eq!(seen.pieces, 3);
        }
    }

    #[test]
    fn long_memos_are_told_in_parts() {
        let long = b"Kari bor i Moss. ".repeat(60_000);
        for bytes in [marked(&[&long, b"Per"]), counted(&[&long, b"Per"]), typed(&[(1, &long), (1, b"Per")])] {
            let seen = read_one("a.dbt", &bytes);
            assert_eq!(seen.ending(), "scanned");
            assert!(seen.pieces > 4);
            assert_eq!(seen.text, ["Kari bor i Moss. ".repeat(60_000).as_str(), "\nPer"].concat());
        }
    }

    #[test]
    fn cut_and_empty_files_end_in_an_outcome() {
        let empty = typed(&[(1, b"")]);
        assert_eq!(read_one("a.fpt", &empty).ending(), "scanned");
        let long = b"Kari bor i Moss. ".repeat(100);
        let cut = &counted(&[b"Per", &long])[..1200];
        let seen = read_one("a.dbt", cut);
        assert_eq!((seen.ending().as_str(), seen.pieces), ("partial malformed", 2));
        for whole in [marked(&[NOTE, b"Kari"]), counted(&[NOTE, b"Kari"]), typed(&[(1, NOTE), (1, b"Kari")])] {
            for length in 0..whole.len() {
                assert!(!read_one("a.dbt", &whole[..length]).ending().contains("panic"));
            }
        }
    }

    #[test]
    fn other_content_is_no_memo_file() {
        for bytes in [vec![0; 4096], vec![1; 4096], b"\x01\x02\x03\x04".repeat(1000)] {
            assert_eq!(read_one("a.dbt", &bytes).format, None);
        }
    }
}
