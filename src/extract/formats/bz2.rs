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

    pub(crate) fn packed(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = BzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }
}
