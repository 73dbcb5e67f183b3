//! Xz streams: one member, whatever the number of streams that follow each other.

use std::io::BufReader;

use lzma_rust2::XzReader;

use super::super::packed::{begins, unpacked_name};
use super::super::{Content, Format, FormatInfo, Head, Match, Sink};
use crate::model::{Budget, Problem};

pub(crate) static FORMAT: Xz = Xz;

/// Reads xz streams.
pub(crate) struct Xz;

static INFO: FormatInfo = FormatInfo {
    id: "xz",
    title: "xz stream",
    extensions: &["xz", "txz"],
    version: 1,
    isolated: false,
    reads: "the packed content",
};

/// Magic, section 2.1.1.1 of the format's specification.
const SIGNATURE: &[u8] = b"\xFD7zXZ\0";
/// What a stream may ask for to be unpacked: the highest preset of `xz` needs 65 MiB.
const MAX_MEMORY_KIB: u32 = 256 * 1024;
/// What stands in the place of an extension when it is taken away.
const ENDINGS: &[(&str, &str)] = &[("xz", ""), ("txz", ".tar")];

impl Format for Xz {
    fn info(&self) -> &'static FormatInfo {
        &INFO
    }

    fn recognises(&self, head: &Head<'_>) -> Match {
        begins(head, SIGNATURE)
    }

    fn read(
        &self,
        content: &mut Content,
        _budget: &Budget,
        sink: &mut dyn Sink,
    ) -> Result<(), Problem> {
        let name = unpacked_name(content.name(), ENDINGS).unwrap_or_default();
        let input = BufReader::with_capacity(64 * 1024, content);
        let mut decoder = XzReader::new_mem_limit(input, true, MAX_MEMORY_KIB);
        sink.member(&name, &mut decoder)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::io::Write;

    use lzma_rust2::{XzOptions, XzWriter};

    use super::super::super::recorder::read;

    pub(crate) fn packed(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = XzWriter::new(Vec::new(), XzOptions::with_preset(0)).unwrap();
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn streams_that_follow_each_other_are_one_member() {
        let bytes = [packed("Blå".as_bytes()), packed("bær".as_bytes())].concat();
        let seen = read("a.txt.xz", &bytes);
        assert_eq!(seen[0].format, Some("xz"));
        assert_eq!(seen[1].path, "a.txt.xz!/a.txt");
        assert_eq!((seen[1].text.as_str(), seen.len()), ("Blåbær", 2));
        assert!(seen.iter().all(|own| own.ending() == "scanned"));
        let empty = read("a.xz", &packed(b""));
        assert_eq!((empty[1].ending().as_str(), empty.len()), ("scanned", 2));
    }

    #[test]
    fn half_a_stream_is_read_and_told() {
        let text = (0..20_000).fold(String::new(), |text, n| text + &format!("Per Hansen {n}. "));
        let whole = packed(text.as_bytes());
        let seen = read("a.xz", &whole[..whole.len() - 9]);
        assert_eq!(seen[1].ending(), "partial malformed");
        assert!(seen[1].text.starts_with("Per Hansen"));
        assert_eq!(read("a.xz", &whole[..12])[1].ending(), "failed malformed");
    }

    #[test]
    fn a_bomb_is_stopped_by_what_comes_out_of_it() {
        let seen = read("a.xz", &packed(&vec![b'a'; 65 << 20]));
        assert!(seen[1].ending().ends_with("limit-bytes"), "{}", seen[1].ending());
        assert_eq!(seen[0].ending(), "partial limit-bytes");
    }
}
