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

    pub(crate) fn packed(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = XzWriter::new(Vec::new(), XzOptions::with_preset(0)).unwrap();
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }
}
