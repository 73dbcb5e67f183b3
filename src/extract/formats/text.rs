//! Plain text of any size and encoding, and whatever else looks like text.

use std::io::Read;

use super::super::decode::{Utf8Reader, plain_utf8};
use super::super::flow::Flow;
use super::super::{Content, Format, FormatInfo, Head, Match, Sink};
use crate::model::{Budget, Problem, ProblemKind, Stage};

pub(crate) static FORMAT: Text = Text;

/// Reads plain text.
pub(crate) struct Text;

static INFO: FormatInfo = FormatInfo {
    id: "text",
    title: "plain text",
    extensions: &["txt", "log", "md", "ini", "conf"],
    version: 2,
    isolated: false,
    reads: "all text, in UTF-8, UTF-16, UTF-32, Windows-1252 and other single-byte encodings, CP865",
};

impl Format for Text {
    fn info(&self) -> &'static FormatInfo {
        &INFO
    }

    fn recognises(&self, head: &Head<'_>) -> Match {
        if head.is_text {
            Match::Fallback
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
        let mut flow = Flow::new();
        let short = content.short();
        if let Some(text) = short.as_deref().and_then(plain_utf8) {
            budget.check()?;
            flow.piece(text, sink);
            return Ok(());
        }
        content.rewind()?;
        let mut reader = Utf8Reader::new(content).map_err(|_| io_problem(0))?;
        read_rest(&mut reader, &mut flow, budget, sink)
    }
}

/// Tells the sink all that is left in `reader`, as running text.
pub(super) fn read_rest<R: Read>(
    reader: &mut Utf8Reader<R>,
    flow: &mut Flow,
    budget: &Budget,
    sink: &mut dyn Sink,
) -> Result<(), Problem> {
    loop {
        budget.check()?;
        let block = reader.fill_text().map_err(|_| io_problem(flow.byte()))?;
        if block.is_empty() {
            break;
        }
        if is_junk(block) {
            sink.incomplete(Problem::new(ProblemKind::Malformed, Stage::Extract).at(flow.byte()));
        }
        flow.piece(block, sink);
        let length = block.len();
        std::io::BufRead::consume(reader, length);
    }
    if reader.is_lossy() {
        sink.incomplete(Problem::new(ProblemKind::Malformed, Stage::Extract));
    }
    Ok(())
}

/// Whether a block in the middle of text is binary: more than one byte in sixteen is NUL. Padding
/// is not junk: a block of nothing but NUL holds nothing that could be lost.
fn is_junk(block: &str) -> bool {
    let nuls = memchr::memchr_iter(0, block.as_bytes()).count();
    nuls * 16 > block.len() && nuls < block.len()
}

fn io_problem(at: u64) -> Problem {
    Problem::new(ProblemKind::Io, Stage::Read).at(at)
}

#[cfg(test)]
mod tests {
    use super::super::super::recorder::{read, read_one};

    const TEXT: &str = "Blåbær og rømme på Ærøy.\nÅse Ødegård fikk blåbær i går.\n";

    #[test]
    fn every_encoding_reads_the_same() {
        let utf16 = |mark: &[u8], bytes: fn(u16) -> [u8; 2]| {
            let mut out = mark.to_vec();
            out.extend(TEXT.encode_utf16().flat_map(bytes));
            out
        };
        let mut utf32 = vec![0xFF, 0xFE, 0, 0];
        utf32.extend(TEXT.chars().flat_map(|c| u32::from(c).to_le_bytes()));
        let cases = [
            TEXT.as_bytes().to_vec(),
            [b"\xEF\xBB\xBF", TEXT.as_bytes()].concat(),
            encoding_rs::WINDOWS_1252.encode(TEXT).0.into_owned(),
            oem_cp::encode_string_lossy(TEXT, &oem_cp::code_table::ENCODING_TABLE_CP865),
            utf16(&[0xFF, 0xFE], u16::to_le_bytes),
            utf16(&[0xFE, 0xFF], u16::to_be_bytes),
            utf16(&[], u16::to_le_bytes),
            utf16(&[], u16::to_be_bytes),
            utf32,
        ];
        for (at, bytes) in cases.iter().enumerate() {
            let seen = read_one("a.txt", bytes);
            assert_eq!((seen.text.as_str(), seen.ending().as_str()), (TEXT, "scanned"), "{at}");
        }
    }

    #[test]
    fn blocks_meet_without_a_gap_in_every_encoding() {
        let long = TEXT.repeat(12_000);
        let utf16: Vec<u8> = long.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let windows = encoding_rs::WINDOWS_1252.encode(&long).0.into_owned();
        for shift in 0..4 {
            let shifted = [&b"xxxx"[..shift], long.as_bytes()].concat();
            let seen = read_one("a.txt", &shifted);
            assert!(seen.pieces > 2 && seen.text.as_bytes() == shifted);
        }
        for bytes in [utf16, windows] {
            let seen = read_one("a.txt", &bytes);
            assert!(seen.pieces > 2 && seen.text == long);
        }
    }

    #[test]
    fn a_surprise_after_a_mebibyte_loses_nothing() {
        let mut bytes = "Åse bor på Ås. ".repeat(100_000).into_bytes();
        bytes.extend(encoding_rs::WINDOWS_1252.encode(TEXT).0.iter());
        let seen = read_one("a.txt", &bytes);
        assert!(seen.text.ends_with(TEXT));
        assert_eq!(seen.ending(), "scanned");
        let mut ascii = "plain ".repeat(200_000).into_bytes();
        ascii.extend(oem_cp::encode_string_lossy(TEXT, &oem_cp::code_table::ENCODING_TABLE_CP865));
        assert!(read_one("a.txt", &ascii).text.ends_with(TEXT));
    }

    #[test]
    fn what_is_no_text_is_skipped_and_junk_within_text_is_told() {
        let zeros = read_one("a.txt", &[0; 5000]);
        assert_eq!((zeros.ending().as_str(), zeros.pieces), ("skipped unsupported", 0));
        let mut bytes = TEXT.repeat(5000).into_bytes();
        bytes.extend((0..300_000_u32).map(|n| u8::from(n % 3 != 0)));
        let seen = read_one("a.txt", &bytes);
        assert_eq!(seen.ending(), "partial malformed");
        assert!(seen.text.starts_with(TEXT));
    }

    #[test]
    fn half_a_character_at_the_end_is_told() {
        let mut bytes: Vec<u8> = TEXT.encode_utf16().flat_map(u16::to_le_bytes).collect();
        bytes.pop();
        assert_eq!(read_one("a.txt", &bytes).ending(), "partial malformed");
    }

    #[test]
    fn an_empty_file_is_read() {
        let seen = read("a.txt", b"");
        assert_eq!(seen[0].ending(), "scanned");
        assert_eq!(seen[0].format, None);
    }
}
