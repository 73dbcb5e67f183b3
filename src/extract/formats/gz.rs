//! Gzip streams: one member, whatever the number of streams that follow each other.

use std::io::BufReader;

use flate2::bufread::MultiGzDecoder;

use super::super::packed::{begins, unpacked_name};
use super::super::{Content, Format, FormatInfo, Head, Match, Sink};
use crate::model::{Budget, Problem};

pub(crate) static FORMAT: Gz = Gz;

/// Reads gzip streams.
pub(crate) struct Gz;

static INFO: FormatInfo = FormatInfo {
    id: "gz",
    title: "gzip stream",
    extensions: &["gz", "tgz"],
    version: 1,
    isolated: false,
    reads: "the packed content",
};

/// Magic and the only method there is, RFC 1952 2.3.
const SIGNATURE: &[u8] = &[0x1F, 0x8B, 8];
/// What stands in the place of an extension when it is taken away.
const ENDINGS: &[(&str, &str)] = &[("gz", ""), ("z", ""), ("tgz", ".tar")];

impl Format for Gz {
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
        let own = unpacked_name(content.name(), ENDINGS);
        let mut decoder = MultiGzDecoder::new(BufReader::with_capacity(64 * 1024, content));
        // The header is read before the first byte is unpacked, and with it the name.
        let stored = decoder.header().and_then(|header| header.filename());
        let name = own.or(stored.map(<[u8]>::to_vec)).unwrap_or_default();
        sink.member(&name, &mut decoder)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    pub(crate) fn packed(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }
}
