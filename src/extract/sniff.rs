//! Finds out what kind of content an object is: by its bytes, its name only breaking ties.

use std::io::{Read, Seek};

use file_format::FileFormat;

use super::charset::{is_plain_text, looks_like_text, sample};
use super::ebcdic;
use super::formats;
use super::unread::{unread, unread_letters};
use super::{Content, Format, FormatInfo, Head, Match};
use crate::model::{Problem, ProblemKind};

/// Raised whenever content is taken for something else than before.
pub(super) const VERSION: u32 = 8;

/// How many bytes formats may look at.
const HEAD_BYTES: u64 = 64 * 1024;

/// The one signature without a control character of those that a format asks for: a zip file that was
/// meant for several volumes.
const TEXTUAL_ZIP: &[u8] = b"PK00";

/// What content was found to be.
pub(super) enum Sniffed {
    /// There is a reader for it.
    Format(&'static dyn Format),
    /// It is not read: what it is, if known, and why.
    Unread(Option<&'static FormatInfo>, ProblemKind),
}

/// Finds the surest format for the content; among equally sure ones the first in the list.
///
/// # Errors
/// `Io` where the first bytes cannot be read.
pub(super) fn sniff(content: &mut Content) -> Result<Sniffed, Problem> {
    let first = content.first(HEAD_BYTES)?;
    let name = content.name().to_lowercase();
    // Formats see text of mainframes as their readers will.
    let of_mainframe = ebcdic::page(&first).map(|page| {
        let mut text = String::new();
        page.decode_to(&first, &mut text);
        text.into_bytes()
    });
    let bytes = of_mainframe.as_deref().unwrap_or(&first);
    let plain = of_mainframe.is_some() || is_plain_text(bytes);
    let is_text = plain || looks_like_text(bytes);
    let sample = is_text.then(|| sample(bytes)).flatten();
    let head = Head {
        bytes,
        complete: first.len() as u64 >= content.len(),
        name: &name,
        len: content.len(),
        is_text,
        sample: sample.as_deref(),
        signature: if plain && !bytes.starts_with(TEXTUAL_ZIP) {
            FileFormat::PlainText
        } else {
            signature(bytes, &mut *content)
        },
    };
    content.rewind()?;
    if let Some(info) = unread_letters(&head) {
        return Ok(Sniffed::Unread(Some(info), ProblemKind::Unsupported));
    }
    let mut best: Option<(Match, &'static dyn Format)> = None;
    for format in formats::ALL {
        let surety = format.recognises(&head);
        if surety > best.map_or(Match::No, |(surety, _)| surety) {
            best = Some((surety, *format));
        }
        // None is surer, and among equals the first counts.
        if surety == Match::Sure {
            break;
        }
    }
    Ok(match best {
        Some((surety, format)) if surety > Match::Fallback || !begins_binary(bytes) => {
            Sniffed::Format(format)
        }
        fallback => match (unread(&head), fallback) {
            ((None, _), Some((_, format))) => Sniffed::Format(format),
            // Whatever stands before it, as the program of an archive that unpacks itself.
            _ if formats::ends_as_zip(content)? => Sniffed::Format(&formats::ZIP),
            ((info, kind), _) => Sniffed::Unread(info, kind),
        },
    })
}

/// Whether a control character that text does not begin with stands among the first bytes. Then a
/// signature is to be believed, however much text follows it; some signatures are two letters.
fn begins_binary(head: &[u8]) -> bool {
    let first = head.get(..8).unwrap_or(head);
    first
        .iter()
        .any(|byte| matches!(byte, 0..=8 | 0x0E..=0x1A | 0x1C..=0x1F))
}

/// What the `file-format` crate says. It looks into zip and compound files, because there the first
/// bytes say nothing about the document.
fn signature<R: Read + Seek>(head: &[u8], content: R) -> FileFormat {
    let signature = FileFormat::from_bytes(head);
    if matches!(signature, FileFormat::Zip | FileFormat::CompoundFileBinary) {
        FileFormat::from_reader(content).unwrap_or(signature)
    } else {
        signature
    }
}

#[cfg(test)]
mod tests {
    use super::super::recorder::read;

    /// Content by its first bytes, what it is, and how it ends.
    const KINDS: &[(&[u8], Option<&str>, &str)] = &[
        (
            b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR",
            Some("image"),
            "skipped image-without-text",
        ),
        (
            b"\x04\x22\x4D\x18\x04\0\0\0",
            Some("lz4"),
            "skipped unsupported",
        ),
        (
            b"\xE4\x52\x5C\x7B\x8C\xD8\xA7\x4D\xAE\xB1\x53\x78\xD0\x29\x96\xD3\0\0",
            Some("onenote"),
            "skipped unsupported",
        ),
        (b"KDMV\x01\0\0\0", Some("vmdk"), "skipped unsupported"),
        (b"TAPE\0\0\x03\0", Some("backup"), "skipped unsupported"),
        (
            b"\0\0\x02\0\x06\x04\x06\0\x08\0\0\0",
            Some("lotus"),
            "skipped unsupported",
        ),
        (
            b"\xFFWPC\x10\0\0\0\x01\x0A\x02\x01",
            Some("wordperfect"),
            "skipped unsupported",
        ),
        (
            b"$FL2@(#) IBM\0\x01",
            Some("statistics"),
            "skipped unsupported",
        ),
        (
            b"\x85\x01\x0C\x03\x9E\xF1\x02\xA7",
            Some("encrypted"),
            "failed encrypted",
        ),
        (
            b"\x8C\x0D\x04\x09\x03\x0A\x9F\xE1",
            Some("encrypted"),
            "failed encrypted",
        ),
        (
            b"Salted__\x01\x9F\xE1\x02\x88",
            Some("encrypted"),
            "failed encrypted",
        ),
        (
            b"\x03\xD9\xA2\x9A\x67\xFB\x4B\xB5",
            Some("encrypted"),
            "failed encrypted",
        ),
        (
            b"(This file must be converted with BinHex 4.0)\n:$f*TEQKP\n",
            Some("archive"),
            "skipped unsupported",
        ),
        (
            b"=ybegin line=128 size=9 name=a.txt\r\nabcdef\r\n",
            Some("archive"),
            "skipped unsupported",
        ),
        (b"\x01\x02\x03\x04\x05\x06", None, "skipped unsupported"),
    ];

    #[test]
    fn known_kinds_that_are_not_read_are_named() {
        for (bytes, format, ending) in KINDS {
            let seen = read("a.bin", bytes);
            assert_eq!(
                (seen[0].format, seen[0].ending().as_str()),
                (*format, *ending)
            );
        }
    }

    #[test]
    fn content_that_nothing_tells_is_named_after_its_extension() {
        let of = |name: &str| read(name, b"\x01\x02\x03\x04\x05\x06")[0].format;
        assert_eq!(
            (of("a.VBK"), of("b.iso"), of("c.txt")),
            (Some("backup"), Some("iso"), None)
        );
        assert_eq!(
            (of("a.z02"), of("a.7z.003"), of("a.mdf"), of("a.z1")),
            (
                Some("volume"),
                Some("volume"),
                Some("server-database"),
                None
            )
        );
        assert_eq!(read("brev.bak", b"Hei, Kari\n")[0].format, Some("text"));
    }

    #[test]
    fn disks_are_known_by_their_file_system() {
        let mut disk = vec![0; 2048];
        assert_eq!(read("a.bin", &disk)[0].format, None);
        disk[1080..1082].copy_from_slice(b"\x53\xEF");
        assert_eq!(read("a.bin", &disk)[0].format, Some("disk-image"));
        let mut disk = vec![0; 1024];
        disk[510..512].copy_from_slice(b"\x55\xAA");
        disk[..3].copy_from_slice(b"\xEB\x3C\x90");
        assert_eq!(read("a.bin", &disk)[0].format, Some("disk-image"));
    }

    #[test]
    fn text_that_begins_like_a_signature_is_text() {
        for text in [
            "BM er forkortet\n",
            "MZ og Per\n",
            "ID3 er et merke\n",
            "GIF8 er ikke nok\n",
            "skriv(\"%PDF-1.7\");\n",
        ] {
            assert_eq!(
                read("a.txt", text.as_bytes())[0].format,
                Some("text"),
                "{text}"
            );
        }
    }

    #[test]
    fn content_decides_and_not_the_name() {
        assert_eq!(read("a.zip", b"Hei du\n")[0].format, Some("text"));
        assert_eq!(read("a.docx", b"{\"a\": \"b\"}")[0].format, Some("json"));
    }
}
