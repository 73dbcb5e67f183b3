//! Zip archives: every entry a member, in the order of the central directory.
//!
//! Office documents are zip files too; their formats stand before this one. Names are labels and
//! nothing is unpacked to disk under them. Entries that share a name are members of their own.

mod locked;

use std::collections::BTreeSet;
use std::io::{BufReader, Read, Seek, SeekFrom};

use file_format::FileFormat;
use zip::ZipReadOptions;
use zip::read::{Config, read_zipfile_from_stream};
use zip::unstable::read::ZipIterable;

use super::super::charset::looks_like_text;
use super::super::decode::decode_all;
use super::super::{Content, Format, FormatInfo, Head, Match, Sink, flow};
use crate::model::{Budget, Problem, ProblemKind, Stage};

pub(crate) static FORMAT: Zip = Zip;

/// Reads zip archives.
pub(crate) struct Zip;

static INFO: FormatInfo = FormatInfo {
    id: "zip",
    title: "zip archive",
    extensions: &["zip", "jar", "war", "kmz"],
    version: 3,
    isolated: false,
    reads: "all entries, whatever stands before the archive, stored or packed with Deflate, Deflate64, bzip2, LZMA or xz, encrypted ones with a password of the list; others are told and not read",
};

/// Beginnings of a local entry, of an empty archive, and of one part of a split archive.
const SIGNATURES: &[&[u8]] = &[b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08", b"PK00PK"];

impl Format for Zip {
    fn info(&self) -> &'static FormatInfo {
        &INFO
    }

    fn recognises(&self, head: &Head<'_>) -> Match {
        if SIGNATURES.iter().any(|own| head.bytes.starts_with(own)) {
            Match::Sure
        } else if head.signature == FileFormat::Zip {
            Match::Likely
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
        read_before(content, sink)?;
        let passwords = content.passwords().clone();
        let listed = match ZipIterable::try_new(BufReader::new(&mut *content), Config::default()) {
            Ok(mut archive) => {
                let mut tally = read_listed(&mut archive, !passwords.is_empty(), budget, sink)?;
                locked::read(&mut archive, &passwords, (&mut tally, budget, sink))?;
                Some(tally)
            }
            Err(_) => None,
        };
        match listed {
            Some(tally) => tally.judge(),
            None => read_unlisted(content, budget, sink),
        }
    }
}

/// Length of the record at the end of an archive, without its comment of up to 65,535 bytes.
const END_BYTES: usize = 22;

/// Whether content ends with the list of an archive, whatever it begins with.
///
/// # Errors
/// `Io` where it cannot be read.
pub(in crate::extract) fn ends_as_zip(content: &mut Content) -> Result<bool, Problem> {
    let from = content.len().saturating_sub((END_BYTES + usize::from(u16::MAX)) as u64);
    let mut tail = Vec::new();
    let io_problem = |_| Problem::new(ProblemKind::Io, Stage::Read);
    content.seek(SeekFrom::Start(from)).map_err(io_problem)?;
    std::io::copy(content, &mut tail).map_err(io_problem)?;
    let Some(at) = memchr::memmem::rfind(&tail, b"PK\x05\x06") else {
        content.rewind()?;
        return Ok(false);
    };
    // The last part of an archive in several volumes counts them here.
    let is_whole = tail.get(at + 4..at + 8) == Some(&[0; 4]);
    let size = tail.get(at + 12..at + 16).and_then(|size| size.try_into().ok()).map(u32::from_le_bytes);
    let list = size.and_then(|size| (from + at as u64).checked_sub(size.into()));
    let mut first = [0; 4];
    let is_list = match list {
        Some(list) if is_whole => {
            content.seek(SeekFrom::Start(list)).map_err(io_problem)?;
            content.read_exact(&mut first).is_ok() && first == *b"PK\x01\x02"
        }
        Some(_) | None => false,
    };
    content.rewind()?;
    Ok(is_list)
}

/// Tells the text that stands before an archive. Programs there are none.
fn read_before(content: &mut Content, sink: &mut dyn Sink) -> Result<(), Problem> {
    const MOST: u64 = 64 * 1024;
    let head = content.head(MOST)?;
    let end = memchr::memmem::find(&head, b"PK\x03\x04").unwrap_or(head.len());
    let before = head.get(..end).unwrap_or_default();
    let is_archive = SIGNATURES.iter().any(|own| head.starts_with(own));
    if !is_archive && looks_like_text(before) {
        flow::part("before the archive", &decode_all(before), sink);
    }
    Ok(())
}

fn encrypted() -> Problem {
    Problem::new(ProblemKind::Encrypted, Stage::Extract)
}

fn malformed(at: u64) -> Problem {
    Problem::new(ProblemKind::Malformed, Stage::Extract).at(at)
}

/// What was seen of an archive.
#[derive(Default)]
struct Tally {
    entry: u64,
    encrypted: u64,
    /// Entries, by their number, that wait for a password.
    locked: BTreeSet<u64>,
    read: u64,
    broken_directory: bool,
}

impl Tally {
    /// An archive of which nothing could be read for want of a password is itself encrypted.
    fn judge(&self) -> Result<(), Problem> {
        if self.encrypted > 0 && self.read == 0 {
            Err(encrypted())
        } else if self.broken_directory {
            Err(malformed(self.entry))
        } else {
            Ok(())
        }
    }
}

/// Reads the entries that the central directory lists.
fn read_listed<R: Read + std::io::Seek>(
    archive: &mut ZipIterable<R>,
    passwords: bool,
    budget: &Budget,
    sink: &mut dyn Sink,
) -> Result<Tally, Problem> {
    let mut tally = Tally::default();
    let Ok(files) = archive.files() else {
        return Err(malformed(0));
    };
    while let Some(entry) = files.next() {
        tally.entry += 1;
        let Ok(entry) = entry else {
            tally.broken_directory = true;
            break;
        };
        if entry.is_dir() {
            budget.enter_member()?;
            continue;
        }
        let name = entry.name_raw().to_vec();
        if entry.encrypted() {
            if passwords {
                tally.locked.insert(tally.entry);
            } else {
                tally.encrypted += 1;
                sink.unread_member(&name, encrypted());
            }
            continue;
        }
        match entry.with_reader(files.reader_mut(), ZipReadOptions::new()) {
            Ok(mut file) => {
                tally.read += 1;
                sink.member(&name, &mut file)?;
            }
            Err(error) => sink.unread_member(&name, open_problem(&error, tally.entry)),
        }
        budget.check()?;
    }
    Ok(tally)
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the library's list of errors is open; an unknown one is a broken entry"
)]
fn open_problem(error: &zip::result::ZipError, entry: u64) -> Problem {
    match error {
        zip::result::ZipError::UnsupportedArchive(_)
        | zip::result::ZipError::CompressionMethodNotSupported(_) => {
            Problem::new(ProblemKind::Unsupported, Stage::Extract).at(entry)
        }
        _ => malformed(entry),
    }
}

/// Reads the entries one after the other where the central directory is missing or broken, as in a
/// file that was cut off. The archive itself is malformed in any case.
fn read_unlisted(
    content: &mut Content,
    budget: &Budget,
    sink: &mut dyn Sink,
) -> Result<(), Problem> {
    content.rewind()?;
    let mut stream = BufReader::new(content);
    let mut entry = 0;
    while let Ok(Some(mut file)) = read_zipfile_from_stream(&mut stream) {
        entry += 1;
        budget.check()?;
        if file.is_dir() {
            budget.enter_member()?;
            continue;
        }
        let name = file.name_raw().to_vec();
        sink.member(&name, &mut file)?;
    }
    Err(malformed(entry))
}

#[cfg(test)]
pub(in crate::extract) mod tests {
    use std::io::{Cursor, Write};

    use zip::write::SimpleFileOptions;
    use zip::{CompressionMethod, ZipWriter};

    use super::super::super::recorder::{Seen, read, read_within};
    use crate::model::Limits;

    /// A zip archive of these entries; a name that ends in `/` is a folder.
    pub(in crate::extract) fn zip_of(entries: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        for (name, bytes) in entries {
            if name.ends_with('/') {
                writer.add_directory(*name, options).unwrap();
            } else {
                writer.start_file(*name, options).unwrap();
                writer.write_all(bytes).unwrap();
            }
        }
        writer.finish().unwrap().into_inner()
    }

    #[test]
    fn members_are_read_in_order_and_nested() {
        let inner = zip_of(&[("cv.txt", "Åse Ødegård".as_bytes())]);
        let outer = zip_of(&[("mappe/", b""), ("mappe/indre.zip", &inner), ("b.txt", b"hei du")]);
        let seen = read("a.zip", &outer);
        let paths: Vec<_> = seen.iter().map(|own| own.path.as_str()).collect();
        assert_eq!(
            paths,
            ["a.zip", "a.zip!/mappe/indre.zip", "a.zip!/mappe/indre.zip!/cv.txt", "a.zip!/b.txt"]
        );
        assert!(seen.iter().all(|own| own.ending() == "scanned"));
        assert_eq!(seen[2].text, "Åse Ødegård");
    }

    #[test]
    fn names_are_labels() {
        let bytes = zip_of(&[("../../etc/passwd", b"rot:x:0"), ("/abs.txt", b"tekst")]);
        let seen = read("a.zip", &bytes);
        assert_eq!(seen[1].path, "a.zip!/../../etc/passwd");
        assert_eq!(seen[1].ending(), "scanned");
    }

    #[test]
    fn entries_that_share_a_name_are_all_read() {
        let bytes = zip_of(&[("a.txt", b"den ene"), ("b.txt", b"den andre")]);
        let same: Vec<u8> = bytes
            .windows(5)
            .enumerate()
            .filter(|(_, own)| own == b"b.txt")
            .fold(bytes.clone(), |mut same, (at, _)| {
                same[at] = b'a';
                same
            });
        let seen = read("a.zip", &same);
        assert_eq!(seen[1].path, seen[2].path);
        assert_eq!((seen[1].text.as_str(), seen[2].text.as_str()), ("den ene", "den andre"));
    }

    #[test]
    fn a_cut_archive_yields_what_is_left() {
        let text = "Per Hansen bor i Oslo. ".repeat(2000);
        let whole = zip_of(&[("a.txt", b"hei du der"), ("b.txt", text.as_bytes())]);
        let seen = read("a.zip", &whole[..whole.len() / 2]);
        assert_eq!(seen[0].ending(), "partial malformed");
        assert_eq!(seen[1].text, "hei du der");
        assert_eq!(read("a.zip", &whole[..20])[0].ending(), "failed malformed");
    }

    #[test]
    fn encryption_is_told_of_each_entry_and_of_the_whole() {
        let mut bytes = zip_of(&[("a.txt", b"hei du der"), ("b.txt", b"hallo")]);
        let flag = |bytes: &mut Vec<u8>, signature: &[u8], at: usize, count: usize| {
            let places: Vec<_> = memchr::memmem::find_iter(bytes, signature).take(count).collect();
            for place in places {
                bytes[place + at] |= 1;
            }
        };
        flag(&mut bytes, b"PK\x03\x04", 6, 1);
        flag(&mut bytes, b"PK\x01\x02", 8, 1);
        let one = read("a.zip", &bytes);
        assert_eq!(one[1].ending(), "failed encrypted");
        assert_eq!((one[2].ending().as_str(), one[0].ending().as_str()), ("scanned", "scanned"));
        flag(&mut bytes, b"PK\x03\x04", 6, 2);
        flag(&mut bytes, b"PK\x01\x02", 8, 2);
        let all = read("a.zip", &bytes);
        assert_eq!(all.len(), 3);
        assert_eq!(all[0].ending(), "failed encrypted");
    }

    #[test]
    fn what_stands_before_an_archive_does_not_hide_it() {
        let archive = zip_of(&[("a.txt", b"hei du"), ("b.txt", "Åse ".repeat(200).as_bytes())]);
        for (before, text) in [
            (b"MZ\x90\0\x03\0\0\0".repeat(99), ""),
            (b"\x01\x02\x03\x04".repeat(20_000), ""),
            (b"Dette er et arkiv. ".to_vec(), "Dette er et arkiv. "),
        ] {
            for comment in ["", "en merknad"] {
                let mut bytes = [before.as_slice(), &archive].concat();
                let length = bytes.len();
                bytes[length - 2] = u8::try_from(comment.len()).unwrap();
                bytes.extend(comment.as_bytes());
                for name in ["a.zip", "a.exe", "a"] {
                    let seen = read(name, &bytes);
                    assert_eq!((seen[0].format, seen[0].ending().as_str()), (Some("zip"), "scanned"), "{name}");
                    assert_eq!((seen[0].text.as_str(), seen[1].text.as_str(), seen.len()), (text, "hei du", 3));
                }
                let cut = read("a.exe", &bytes[..length - 30]);
                assert_eq!(cut[0].ending(), "skipped unsupported");
                bytes[length - 18] = 1;
                assert_ne!(read("a.zip", &bytes)[0].format, Some("zip"));
            }
        }
    }

    #[test]
    fn an_empty_archive_is_read() {
        assert_eq!(read("a.zip", &zip_of(&[]))[0].ending(), "scanned");
    }

    #[test]
    fn a_bomb_is_stopped_by_what_comes_out_of_it() {
        let zeros = vec![0; 1024 * 1024];
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default();
        writer.start_file("bomb", options).unwrap();
        for _ in 0..1024 {
            writer.write_all(&zeros).unwrap();
        }
        writer.start_file("after.txt", options).unwrap();
        writer.write_all(b"hei").unwrap();
        let bytes = writer.finish().unwrap().into_inner();
        let seen = read("bomb.zip", &bytes);
        assert_eq!(seen[0].ending(), "partial limit-bytes");
        assert_eq!(seen.len(), 2);
        assert!(seen[1].ending().ends_with("limit-bytes"));
    }

    #[test]
    fn nesting_and_members_are_bounded() {
        let mut bytes = zip_of(&[("slutt.txt", b"innerst")]);
        for _ in 0..40 {
            bytes = zip_of(&[("indre.zip", &bytes)]);
        }
        let limits = Limits { max_depth: 99, ..Limits::default() };
        let seen = read_within(limits, "a.zip", &bytes);
        assert_eq!(seen.len(), 34);
        assert_eq!(seen[33].ending(), "skipped limit-depth");
        assert_eq!(seen[32].ending(), "scanned");
        let limits = Limits { max_members: 3, ..Limits::default() };
        let inner = zip_of(&[("a", b"a"), ("b", b"b"), ("c", b"c")]);
        let seen = read_within(limits, "a.zip", &zip_of(&[("i.zip", &inner), ("d", b"d")]));
        let endings: Vec<_> = seen.iter().map(Seen::ending).collect();
        assert_eq!(
            endings,
            ["partial limit-members", "partial limit-members", "scanned", "scanned"]
        );
    }
}
