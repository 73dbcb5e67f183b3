//! Bzip2 streams: one member, whatever the number of streams that follow each other.

use std::io::BufReader;

use bzip2::bufread::MultiBzDecoder;

use super::super::packed::{begins, unpacked_name};
use super::super::{Content, Format, FormatInfo, Head, Match, Sink};
use crate::model::{Budget, Problem};

pub(crate) static FORMAT: Bz2 = Bz2;

/// Reads bzip2 streams.
pub(crate) struct Bz2;

static INFO: FormatInfo = FormatInfo {
    id: "bz2",
    title: "bzip2 stream",
    extensions: &["bz2", "tbz", "tbz2"],
    version: 1,
    isolated: false,
    reads: "the packed content",
};

/// What stands in the place of an extension when it is taken away.
const ENDINGS: &[(&str, &str)] = &[("bz2", ""), ("tbz", ".tar"), ("tbz2", ".tar")];
/// First six bytes of a block, the digits of pi, and of the end of a stream without one, the square
/// root of pi: they follow the four of the header.
const BLOCKS: [&[u8]; 2] = [b"\x31\x41\x59\x26\x53\x59", b"\x17\x72\x45\x38\x50\x90"];

impl Format for Bz2 {
    fn info(&self) -> &'static FormatInfo {
        &INFO
    }

    fn recognises(&self, head: &Head<'_>) -> Match {
        let block = head.bytes.get(4..).unwrap_or_default();
        if BLOCKS.iter().any(|own| block.starts_with(own)) {
            begins(head, b"BZh")
        } else {
            Match::No
        }
    }

    fn read(
        &self,
        content: &mut Content,
        _budget: &Budget,
        sink: &mut dyn Sink,
    ) -> Result<(), Problem> {
        let name = unpacked_name(content.name(), ENDINGS).unwrap_or_default();
        let input = BufReader::with_capacity(64 * 1024, content);
        sink.member(&name, &mut MultiBzDecoder::new(input))
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::io::Write;

    use bzip2::Compression;
    use bzip2::write::BzEncoder;

    use super::super::super::recorder::read;

    pub(crate) fn packed(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = BzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn streams_that_follow_each_other_are_one_member() {
        let bytes = [packed("Blå".as_bytes()), packed("bær".as_bytes())].concat();
        let seen = read("a.txt.bz2", &bytes);
        assert_eq!(seen[0].format, Some("bz2"));
        assert_eq!(seen[1].path, "a.txt.bz2!/a.txt");
        assert_eq!((seen[1].text.as_str(), seen.len()), ("Blåbær", 2));
        assert!(seen.iter().all(|own| own.ending() == "scanned"));
        let empty = read("a.bz2", &packed(b""));
        assert_eq!((empty[1].ending().as_str(), empty.len()), ("scanned", 2));
    }

    #[test]
    fn half_a_stream_is_told_and_a_bomb_is_stopped() {
        let text = (0..30_000).fold(String::new(), |text, n| text + &format!("Per Hansen {n}. "));
        let whole = packed(text.as_bytes());
        let seen = read("a.bz2", &whole[..whole.len() - 9]);
        assert_eq!(seen[1].ending(), "partial malformed");
        assert!(seen[1].text.starts_with("Per Hansen"));
        let bomb = read("a.bz2", &packed(&vec![b'a'; 65 << 20]));
        assert!(bomb[1].ending().ends_with("limit-bytes"), "{}", bomb[1].ending());
    }
}
