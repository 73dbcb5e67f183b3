//! 7-Zip archives: every file a member, as far as its methods are known.
//!
//! The library decodes block by block. What a block's method or password makes unreadable costs the
//! files from there on, and each of them is told by name.

use std::io::{self, BufReader, Read};

use sevenz_rust2::{ArchiveReader, Error, Password};

use super::super::packed::begins;
use super::super::{Content, Format, FormatInfo, Head, Match, Sink};
use crate::model::{Budget, Problem, ProblemKind, Stage};

pub(crate) static FORMAT: SevenZip = SevenZip;

/// Reads 7-Zip archives.
pub(crate) struct SevenZip;

static INFO: FormatInfo = FormatInfo {
    id: "7z",
    title: "7-Zip archive",
    extensions: &["7z"],
    version: 2,
    isolated: true,
    reads: "all files packed with LZMA, LZMA2, PPMd or bzip2, or stored, locked ones with a password of the list; others are told by name",
};

const SIGNATURE: &[u8] = b"7z\xBC\xAF\x27\x1C";
/// What a method may ask for to be unpacked: a dictionary of 256 MiB is beyond every preset.
const MAX_MEMORY_KIB: usize = 512 * 1024;

/// So much of the first file is read to prove a password; a sum at the end of a longer one is not.
const MAX_PROOF_BYTES: u64 = 16 * 1024 * 1024;

impl Format for SevenZip {
    fn info(&self) -> &'static FormatInfo {
        &INFO
    }

    fn recognises(&self, head: &Head<'_>) -> Match {
        begins(head, SIGNATURE)
    }

    fn read(
        &self,
        content: &mut Content,
        budget: &Budget,
        sink: &mut dyn Sink,
    ) -> Result<(), Problem> {
        let password = password(content, budget)?;
        let mut archive = open(content, password).map_err(|error| problem(&error))?;
        let names: Vec<String> = archive
            .archive()
            .files
            .iter()
            .filter(|entry| !entry.is_directory())
            .map(|entry| entry.name().to_owned())
            .collect();
        let mut told = 0;
        let mut stop = None;
        let read = archive.for_each_entries(|entry, bytes| {
            let done = if entry.is_directory() {
                budget.enter_member()
            } else {
                told += 1;
                member(entry.name(), entry.has_stream(), bytes, sink)
            };
            stop = done.err();
            Ok(stop.is_none())
        });
        if let Some(stop) = stop {
            return Err(stop);
        }
        let Err(error) = read else {
            return Ok(());
        };
        // The library visits files in their order, so the first ones are dealt with.
        for name in names.iter().skip(told) {
            budget.check()?;
            sink.unread_member(name.as_bytes(), problem(&error));
        }
        Err(problem(&error))
    }
}

fn open(
    content: &mut Content,
    password: Password,
) -> Result<ArchiveReader<BufReader<&mut Content>>, Error> {
    // Where this fails, the first read does as well.
    let _ = content.rewind();
    let input = BufReader::with_capacity(64 * 1024, content);
    let mut archive = ArchiveReader::new_with_memory_limit(input, password, MAX_MEMORY_KIB)?;
    archive.set_thread_count(1);
    Ok(archive)
}

/// The first password of the list that opens the archive and its first file; none where it is not
/// locked, or by none of them.
fn password(content: &mut Content, budget: &Budget) -> Result<Password, Problem> {
    if content.passwords().is_empty() || opens(content, Password::empty(), budget) {
        return Ok(Password::empty());
    }
    let passwords = content.passwords().clone();
    for own in passwords.iter() {
        budget.check()?;
        if opens(content, Password::from(own), budget) {
            return Ok(Password::from(own));
        }
    }
    Ok(Password::empty())
}

/// Whether the directory and the first file that is not empty can be read to their ends. A wrong
/// password shows in a sum that does not fit, or in what comes out before.
fn opens(content: &mut Content, password: Password, budget: &Budget) -> bool {
    let Ok(mut archive) = open(content, password) else {
        return false;
    };
    let mut whole = true;
    let read = archive.for_each_entries(|entry, bytes| {
        if entry.is_directory() || !entry.has_stream() {
            return Ok(true);
        }
        whole = io::copy(&mut budget.meter(bytes).take(MAX_PROOF_BYTES), &mut io::sink()).is_ok();
        Ok(false)
    });
    whole && read.is_ok()
}

fn member(
    name: &str,
    has_stream: bool,
    bytes: &mut dyn Read,
    sink: &mut dyn Sink,
) -> Result<(), Problem> {
    if !has_stream {
        return sink.member(name.as_bytes(), &mut io::empty());
    }
    sink.member(name.as_bytes(), bytes)?;
    // Files of a block follow each other, so what is left must be passed over.
    let _ = io::copy(bytes, &mut io::sink());
    Ok(())
}

fn problem(error: &Error) -> Problem {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "all other errors say that the archive is damaged"
    )]
    let kind = match error {
        Error::PasswordRequired | Error::MaybeBadPassword(_) => ProblemKind::Encrypted,
        Error::UnsupportedCompressionMethod(_)
        | Error::UnsupportedVersion { .. }
        | Error::ExternalUnsupported
        | Error::Unsupported(_) => ProblemKind::Unsupported,
        Error::MaxMemLimited { .. } => ProblemKind::LimitMemory,
        _ => ProblemKind::Malformed,
    };
    Problem::new(kind, Stage::Extract)
}

#[cfg(test)]
pub(super) mod tests {
    use std::io::Cursor;

    use sevenz_rust2::encoder_options::AesEncoderOptions;
    use sevenz_rust2::{ArchiveEntry, ArchiveWriter, EncoderMethod, Password};

    use super::super::super::recorder::read;

    pub(crate) fn archive_of(files: &[(&str, &[u8])], password: Option<&str>) -> Vec<u8> {
        let mut writer = ArchiveWriter::new(Cursor::new(Vec::new())).unwrap();
        if let Some(password) = password {
            let aes = AesEncoderOptions::new(Password::from(password));
            writer.set_content_methods(vec![aes.into(), EncoderMethod::LZMA2.into()]);
            writer.set_encrypt_header(false);
        }
        for (name, bytes) in files {
            let entry = ArchiveEntry::new_file(name);
            writer.push_archive_entry(entry, Some(*bytes)).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    #[test]
    fn files_are_members_and_empty_ones_too() {
        let bytes = archive_of(&[("mappe/å.txt", "Åse".as_bytes()), ("tom.txt", b""), ("b.csv", b"x;y\n1;2\n")], None);
        let seen = read("a.7z", &bytes);
        assert_eq!(seen[0].format, Some("7z"));
        assert!(seen.iter().all(|own| own.ending() == "scanned"));
        let of = |path: &str| seen.iter().find(|own| own.path == path).unwrap();
        assert_eq!(of("a.7z!/mappe/å.txt").text, "Åse");
        assert_eq!(of("a.7z!/tom.txt").text, "");
        assert_eq!(of("a.7z!/b.csv").cell("x", 1), Some("1"));
        assert_eq!(seen.len(), 4);
    }

    #[test]
    fn encrypted_files_are_told_by_name() {
        let seen = read("a.7z", &archive_of(&[("a.txt", b"hei du"), ("b.txt", b"hei")], Some("x")));
        let endings: Vec<_> = seen.iter().map(|own| (own.path.as_str(), own.ending())).collect();
        assert_eq!(endings[1], ("a.7z!/a.txt", "failed encrypted".to_owned()), "{endings:?}");
        assert_eq!(endings[2], ("a.7z!/b.txt", "failed encrypted".to_owned()));
        assert!(seen[0].ending().ends_with("encrypted"));
    }

    #[test]
    fn cut_archives_end_in_an_outcome_and_bombs_are_stopped() {
        let whole = archive_of(&[("a.txt", &b"hei du, Per. ".repeat(300))], None);
        for length in 0..whole.len() {
            assert!(!read("a.7z", &whole[..length])[0].ending().contains("panic"));
        }
        let bomb = read("a.7z", &archive_of(&[("a", &vec![b'a'; 65 << 20])], None));
        assert!(bomb[1].ending().ends_with("limit-bytes"), "{}", bomb[1].ending());
    }
}
