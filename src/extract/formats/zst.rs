//! Zstandard streams: one member, whatever the number of frames that follow each other.
//!
//! A frame that asks for a dictionary cannot be unpacked: its member is malformed.

use std::io::{self, BufRead, BufReader, Read};

use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

use super::super::packed::unpacked_name;
use super::super::{Content, Format, FormatInfo, Head, Match, Sink};
use crate::model::{Budget, Problem};

pub(crate) static FORMAT: Zst = Zst;

/// Reads Zstandard streams.
pub(crate) struct Zst;

static INFO: FormatInfo = FormatInfo {
    id: "zst",
    title: "Zstandard stream",
    extensions: &["zst", "tzst"],
    version: 1,
    isolated: false,
    reads: "the packed content",
};

/// Magic of a frame, RFC 8878 3.1.1.
const SIGNATURE: &[u8] = &[0x28, 0xB5, 0x2F, 0xFD];
/// Magic of a frame to be skipped without its first byte, which is 50 to 5F, RFC 8878 3.1.2.
const SKIPPABLE: &[u8] = &[0x2A, 0x4D, 0x18];
/// How far a frame may look back; what `zstd` itself accepts.
const MAX_WINDOW_BYTES: u64 = 128 * 1024 * 1024;
/// What stands in the place of an extension when it is taken away.
const ENDINGS: &[(&str, &str)] = &[("zst", ""), ("tzst", ".tar")];

impl Format for Zst {
    fn info(&self) -> &'static FormatInfo {
        &INFO
    }

    fn recognises(&self, head: &Head<'_>) -> Match {
        if head.bytes.starts_with(SIGNATURE)
            || (head.bytes.get(1..4) == Some(SKIPPABLE)
                && head.bytes.first().is_some_and(|own| own >> 4 == 5))
         {
            Match::Sure
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
        let source = BufReader::with_capacity(64 * 1024, content);
        sink.member(&name, &mut frames(source))
    }
}

/// The content of the frames in `source`.
pub(super) fn frames<R: BufRead>(source: R) -> Frames<R> {
    let mut decoder = FrameDecoder::new();
    decoder.set_max_window_size(MAX_WINDOW_BYTES);
    Frames { source, decoder }
}

/// The content of frames that follow each other.
pub(super) struct Frames<R> {
    source: R,
    /// Finished before the first frame and after each.
    decoder: FrameDecoder,
}

impl<R: BufRead> Frames<R> {
    /// Goes to the next frame with content; `false` at the end.
    fn begin_frame(&mut self) -> io::Result<bool> {
        while !self.source.fill_buf()?.is_empty() {
            match self.decoder.reset(&mut self.source) {
                Ok(()) => return Ok(true),
                Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame {
                    length,
                    ..
                })) => {
                    io::copy(&mut (&mut self.source).take(length.into()), &mut io::sink())?;
                }
                Err(error) => return Err(io::Error::other(error)),
            }
        }
        Ok(false)
    }
}

impl<R: BufRead> Read for Frames<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.decoder.can_collect() == 0 {
            if self.decoder.is_finished() && !self.begin_frame()? {
                return Ok(0);
            }
            self.decoder
                .decode_blocks(&mut self.source, BlockDecodingStrategy::UptoBlocks(1))
                .map_err(io::Error::other)?;
        }
        self.decoder.read(buffer)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use ruzstd::encoding::{CompressionLevel, compress_to_vec};

    use super::super::super::recorder::read;

    pub(crate) fn packed(bytes: &[u8]) -> Vec<u8> {
        compress_to_vec(bytes, CompressionLevel::Fastest)
    }

    #[test]
    fn frames_to_be_skipped_are_skipped() {
        let skipped = b"\x51\x2A\x4D\x18\x03\0\0\0abc";
        let seen = read("a.zst", &[skipped, packed(b"hei du").as_slice()].concat());
        assert_eq!((seen[0].format, seen[1].text.as_str()), (Some("zst"), "hei du"));
    }
}
