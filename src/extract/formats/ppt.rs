//! `PowerPoint` 97-2003 presentations, [MS-PPT]: the text atoms of all records.
//!
//! The stream of records is walked from end to end, so that text which later edits left behind is read
//! too. Embedded objects lie between them, packed, and pictures in a stream of their own.

use std::io::{self, Read};

use file_format::FileFormat;
use flate2::read::ZlibDecoder;

use super::super::compound::{is_unnamed, lists, malformed, open, stream_or_tell, summaries, u16_at, u32_at, utf16};
use super::super::old_pictures::pictures;
use super::super::{Content, Format, FormatInfo, Head, Match, Sink, flow};
use crate::model::{Budget, Problem, ProblemKind, Stage};

pub(crate) static FORMAT: Ppt = Ppt;

/// Reads them.
pub(crate) struct Ppt;

static INFO: FormatInfo = FormatInfo {
    id: "ppt",
    title: "PowerPoint 97-2003 presentation",
    extensions: &["ppt", "pps", "pot"],
    version: 4,
    isolated: true,
    reads: "text of slides, notes, masters and comments, links, macros, controls of forms, title, author and dates; embedded files and pictures are members",
};

const DOCUMENT: &str = "PowerPoint Document";
const CURRENT_USER: &str = "Current User";
const PICTURES: &str = "Pictures";
/// Text after which a piece is handed out, at the end of a record.
const PIECE_BYTES: usize = 64 * 1024;

impl Format for Ppt {
    fn info(&self) -> &'static FormatInfo {
        &INFO
    }

    fn recognises(&self, head: &Head<'_>) -> Match {
        let likely = || head.has_extension(INFO.extensions) || lists(head, DOCUMENT);
        if head.signature == FileFormat::MicrosoftPowerpointPresentation
            || (is_unnamed(head) && likely())
        {
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
        let mut file = open(content, budget)?;
        if file.is_stream(CURRENT_USER) {
            let user = stream_or_tell(&mut file, CURRENT_USER, budget, sink)?;
            if is_encrypted(&user) {
                return Err(Problem::new(ProblemKind::Encrypted, Stage::Extract));
            }
        }
        let records = stream_or_tell(&mut file, DOCUMENT, budget, sink)?;
        walk(&records, budget, sink)?;
        objects(&records, budget, sink)?;
        if file.is_stream(PICTURES) {
            let bytes = stream_or_tell(&mut file, PICTURES, budget, sink)?;
            pictures(&bytes, 0, sink)?;
        }
        summaries(&mut file, budget, sink)
    }
}

/// The token of the current-user atom, [MS-PPT] 2.3.2.
fn is_encrypted(current_user: &[u8]) -> bool {
    u32_at(current_user, 12) == Some(0xF3D1_C4DF)
}

/// Walks all records. A container is only a header before its children, so going on behind its
/// header visits them, however deep they lie.
fn walk(records: &[u8], budget: &Budget, sink: &mut dyn Sink) -> Result<(), Problem> {
    const HEADER: usize = 8;
    let mut text = String::new();
    let mut at = 0;
    while at < records.len() {
        let Some((version, kind, length)) = header(records, at) else {
            // Slack of a few bytes at the end is usual; a cut atom is told below.
            break;
        };
        at += HEADER;
        if version & 0xF == 0xF {
            continue;
        }
        let end = at.saturating_add(length);
        let (body, whole) = match records.get(at..end) {
            Some(body) => (body, true),
            None => (records.get(at..).unwrap_or_default(), false),
        };
        atom(kind, body, &mut text);
        if text.len() >= PIECE_BYTES {
            flow::part("slides", &text, sink);
            text.clear();
            budget.check()?;
        }
        if !whole {
            sink.incomplete(malformed().at(at as u64));
        }
        at = end;
    }
    flow::part("slides", &text, sink);
    Ok(())
}

/// Version and instance, type and length of a record, [MS-PPT] 2.3.1.
/// Hands out the embedded objects and the project of macros, which are compound files, [MS-PPT] 2.10.34.
fn objects(records: &[u8], budget: &Budget, sink: &mut dyn Sink) -> Result<(), Problem> {
    const HEADER: usize = 8;
    const OBJECT: u16 = 0x1011;
    const PACKED: u16 = 0x10;
    let mut number = 0;
    let mut at = 0;
    while let Some((version, kind, length)) = header(records, at) {
        at += HEADER;
        if version & 0xF == 0xF {
            continue;
        }
        let body = records.get(at..).unwrap_or_default();
        let body = body.get(..length).unwrap_or(body);
        at = at.saturating_add(length);
        if kind != OBJECT {
            continue;
        }
        budget.check()?;
        number += 1;
        let name = format!("object-{number}");
        if version == PACKED {
            let mut unpacked = Unpacked {
                packed: ZlibDecoder::new(body.get(4..).unwrap_or_default()),
                left: u32_at(body, 0).unwrap_or_default().into(),
            };
            sink.member(name.as_bytes(), &mut unpacked)?;
        } else {
            sink.member(name.as_bytes(), &mut &*body)?;
        }
    }
    Ok(())
}

/// An object that is unpacked. `PowerPoint` leaves out the end of the stream, so it is whole where it
/// breaks off after as many bytes as it should have.
struct Unpacked<'p> {
    packed: ZlibDecoder<&'p [u8]>,
    left: u64,
}

impl Read for Unpacked<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.packed.read(buffer) {
            Err(_) if self.left == 0 => Ok(0),
            read => {
                let count = *read.as_ref().unwrap_or(&0) as u64;
                self.left = self.left.saturating_sub(count);
                read
            }
        }
    }
}

fn header(records: &[u8], at: usize) -> Option<(u16, u16, usize)> {
    let version = u16_at(records, at)?;
    let kind = u16_at(records, at + 2)?;
    let length = usize::try_from(u32_at(records, at + 4)?).ok()?;
    Some((version, kind, length))
}

/// Adds the text of a text atom: a paragraph on a line.
fn atom(kind: u16, body: &[u8], text: &mut String) {
    const TEXT_CHARS: u16 = 0x0FA0;
    const TEXT_BYTES: u16 = 0x0FA8;
    const C_STRING: u16 = 0x0FBA;
    let own = match kind {
        TEXT_CHARS | C_STRING => utf16(body),
        // The low bytes of UTF-16 whose high bytes are all zero.
        TEXT_BYTES => body.iter().map(|byte| char::from(*byte)).collect(),
        _ => return,
    };
    text.extend(own.chars().filter(|own| *own != '\0').map(|own| match own {
        '\r' | '\u{B}' => '\n',
        own => own,
    }));
    text.push('\n');
}

#[cfg(test)]
mod tests {
    use super::super::super::compound::tests::{DAY, compound_of, summary_of};
    use super::super::super::recorder::{read, read_one};
    use crate::model::{DateInterval, DateSource, Fact};
    use jiff::civil::date;

    fn record(version: u16, kind: u16, body: &[u8]) -> Vec<u8> {
        let length = u32::try_from(body.len()).unwrap();
        let mut record = version.to_le_bytes().to_vec();
        record.extend(kind.to_le_bytes());
        record.extend(length.to_le_bytes());
        record.extend_from_slice(body);
        record
    }

    fn wide(text: &str) -> Vec<u8> {
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    }

    fn slides() -> Vec<u8> {
        let mut inner = record(0, 0x0FA0, &wide("Åse Ødegård\rLønn 2026"));
        inner.extend(record(0, 0x0FA8, b"Bl\xE5b\xE6r\x0Ber bra"));
        inner.extend(record(0, 0x03E9, b"ikke tekst"));
        inner.extend(record(0, 0x0FBA, &wide("mailto:per@example.no")));
        record(0xF, 0x03E8, &record(0xF, 0x0FF0, &inner))
    }

    fn user(token: u32) -> Vec<u8> {
        let mut user = record(0, 0x0FF6, &[0x14, 0, 0, 0]);
        user.extend(token.to_le_bytes());
        user
    }

    fn presentation(token: u32) -> Vec<u8> {
        let mut author = vec![0x1E, 0, 0, 0, 9, 0, 0, 0];
        author.extend(b"Kari Moe\0");
        let mut saved = vec![0x40, 0, 0, 0];
        saved.extend(DAY.to_le_bytes());
        compound_of(&[
            ("PowerPoint Document", &slides()),
            ("Current User", &user(token)),
            ("\u{5}SummaryInformation", &summary_of(&[(4, &author), (13, &saved)])),
        ])
    }

    #[test]
    fn text_atoms_at_any_depth_and_the_summary_are_read() {
        let seen = read_one("a", &presentation(0xE391_C05F));
        assert_eq!((seen.format, seen.ending().as_str()), (Some("ppt"), "scanned"));
        for part in ["Åse Ødegård\nLønn 2026\n", "Blåbær\ner bra\n", "per@example.no", "Kari Moe"] {
            assert!(seen.text.contains(part), "{part}: {}", seen.text);
        }
        assert!(!seen.text.contains("ikke tekst"));
        let saved = Fact::Date {
            source: DateSource::EmbeddedModified,
            interval: DateInterval::day(date(2024, 5, 17)),
        };
        assert_eq!(seen.facts, [saved]);
    }

    #[test]
    fn embedded_objects_are_members_packed_or_not() {
        let native = |name: &str, content: &str| {
            let mut own = vec![0, 0, 0, 0, 2, 0];
            own.extend([name.as_bytes(), b"\0C:\\x\0", &[0, 0, 3, 0, 0, 0, 0, 0]].concat());
            own.extend(u32::try_from(content.len()).unwrap().to_le_bytes());
            own.extend(content.as_bytes());
            compound_of(&[("\u{1}Ole10Native", &own)])
        };
        let own = native("pakket.txt", "Hei, Kari");
        let size = u32::try_from(own.len()).unwrap().to_le_bytes().to_vec();
        let mut packed = flate2::write::ZlibEncoder::new(size, flate2::Compression::best());
        std::io::Write::write_all(&mut packed, &own).unwrap();
        std::io::Write::flush(&mut packed).unwrap();
        let mut inner = record(0x10, 0x1011, packed.get_ref());
        inner.extend(record(0, 0x1011, &native("bar.txt", "Hei, Per")));
        let slides = record(0xF, 0x03E8, &inner);
        let seen = read("a.ppt", &compound_of(&[("PowerPoint Document", &slides)]));
        let told: Vec<_> = seen.iter().map(|own| (own.path.as_str(), own.text.as_str())).collect();
        assert!(told.contains(&("a.ppt!/object-1!/pakket.txt", "Hei, Kari")), "{told:?}");
        assert!(told.contains(&("a.ppt!/object-2!/bar.txt", "Hei, Per")), "{told:?}");
        assert!(seen.iter().all(|own| own.ending() == "scanned"));
    }

    #[test]
    fn encrypted_presentations_are_told_as_such() {
        let seen = read_one("a.ppt", &presentation(0xF3D1_C4DF));
        assert_eq!(seen.ending(), "failed encrypted");
    }

    #[test]
    fn what_stands_before_a_cut_is_read() {
        let slides = slides();
        let cut = compound_of(&[("PowerPoint Document", &slides[..60])]);
        let seen = read_one("a.ppt", &cut);
        assert_eq!(seen.ending(), "partial malformed");
        assert!(seen.text.contains("Åse Ødegård"));
    }

    #[test]
    fn garbage_and_cut_files_end_without_a_panic() {
        let whole = presentation(0);
        for length in (0..whole.len()).step_by(97) {
            let seen = read_one("a.ppt", &whole[..length]);
            assert!(!seen.ending().contains("panic"), "{length}");
        }
        let garbage: Vec<u8> = (0..5000_u32).map(|at| (at * 31 % 251) as u8).collect();
        let seen = read_one("a.ppt", &compound_of(&[("PowerPoint Document", &garbage)]));
        assert!(!seen.ending().contains("panic"));
        let no_slides = compound_of(&[("annet", b"x")]);
        assert_eq!(read_one("a.ppt", &no_slides).ending(), "failed malformed");
    }
}
