//! RAR archives: every file a member, one after the other, as far as methods and passwords are known.
//!
//! The library is young, so the format runs in a child process and under limits of its own: a member
//! is held until its sum is known to fit.

use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;

use rars::{
    Archive, ArchiveMember, ArchiveReadOptions, ArchiveReader, Error, ErrorKind,
    ExtractionDecision,
};

use super::super::packed::begins;
use super::super::{Content, Format, FormatInfo, Head, Match, Sink};
use crate::model::{Budget, Problem, ProblemKind, Stage};

pub(crate) static FORMAT: Rar = Rar;

/// Reads RAR archives.
pub(crate) struct Rar;

static INFO: FormatInfo = FormatInfo {
    id: "rar",
    title: "RAR archive",
    extensions: &["rar"],
    version: 1,
    isolated: true,
    reads: "all files of RAR 1.5 to 7, encrypted ones with a password of the list; a part of an archive of several is told",
};

const SIGNATURE: &[u8] = b"Rar!\x1A\x07";
/// The dictionary that a member may ask for.
const MAX_DICTIONARY_BYTES: u64 = 256 * 1024 * 1024;
const MAX_HEADERS: u64 = 200_000;

impl Format for Rar {
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
        let bytes = content.whole(budget)?;
        let passwords = content.passwords().clone();
        let mut password = None;
        for own in passwords.iter() {
            budget.check()?;
            if opens(&bytes, password, budget) {
                break;
            }
            password = Some(own.as_bytes());
        }
        let options = options(password, budget);
        let archive = ArchiveReader::read_with_options(&bytes, options).map_err(|error| of(&error))?;
        let mut unpacking = Unpacking {
            told: 0,
            open: None,
            stop: None,
            budget,
            sink,
        };
        let ended = archive.extract_with_control(options, |member| Ok(unpacking.next(member)));
        if ended.is_ok() {
            unpacking.hand_out();
        }
        if let Some(stop) = unpacking.stop {
            return Err(stop);
        }
        let Err(error) = ended else {
            // Nobody packs nothing: the archive was cut off behind its first header.
            let empty = Problem::new(ProblemKind::Malformed, Stage::Extract);
            return if unpacking.told == 0 { Err(empty) } else { Ok(()) };
        };
        // The member that failed, and those behind it.
        let told = unpacking.told - usize::from(unpacking.open.is_some());
        for member in archive.members().skip(told).filter(|own| !own.meta.is_directory) {
            budget.check()?;
            sink.unread_member(member.meta.name_bytes(), of(&error));
        }
        Err(of(&error))
    }
}

fn options<'a>(password: Option<&'a [u8]>, budget: &Budget) -> ArchiveReadOptions<'a> {
    ArchiveReadOptions::with_optional_password(password)
        .with_max_header_count(MAX_HEADERS)
        .with_max_member_output_bytes(budget.bytes_left().min(budget.limits().max_held_bytes))
        .with_max_total_output_bytes(budget.bytes_left())
        .with_rar50_dictionary_size_limit(MAX_DICTIONARY_BYTES)
}

/// Whether the headers and the first file can be read with the password.
fn opens(bytes: &[u8], password: Option<&[u8]>, budget: &Budget) -> bool {
    let options = options(password, budget);
    let Ok(archive) = ArchiveReader::read_with_options(bytes, options) else {
        return false;
    };
    let mut files = 0;
    let first = |member: &ArchiveMember| {
        if member.meta.is_directory {
            return Ok(ExtractionDecision::Skip);
        }
        files += 1;
        Ok(match files {
            1 => ExtractionDecision::Extract(Box::new(io::sink())),
            _ => ExtractionDecision::Stop,
        })
    };
    extract(&archive, options, first).is_ok()
}

fn extract(
    archive: &Archive,
    options: ArchiveReadOptions<'_>,
    next: impl FnMut(&ArchiveMember) -> Result<ExtractionDecision, Error>,
) -> Result<(), Error> {
    archive.extract_with_control(options, next).map(drop)
}

fn of(error: &Error) -> Problem {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "the list of the library is open; all others say that the archive is damaged"
    )]
    let kind = match error.kind() {
        ErrorKind::PasswordRequired | ErrorKind::BadPassword => ProblemKind::Encrypted,
        ErrorKind::UnsupportedFormat | ErrorKind::UnsupportedFeature => ProblemKind::Unsupported,
        ErrorKind::ResourceLimit => ProblemKind::LimitBytes,
        _ => ProblemKind::Malformed,
    };
    Problem::new(kind, Stage::Extract)
}

/// Members on their way to the sink: each is handed out when the next one begins, for its sum is
/// checked before that.
struct Unpacking<'u> {
    /// Files and folders that were met.
    told: usize,
    open: Option<(Vec<u8>, Held)>,
    stop: Option<Problem>,
    budget: &'u Budget,
    sink: &'u mut dyn Sink,
}

impl Unpacking<'_> {
    fn next(&mut self, member: &ArchiveMember) -> ExtractionDecision {
        self.hand_out();
        self.told += 1;
        if member.meta.is_directory {
            self.stop = self.stop.or(self.budget.enter_member().err());
        }
        self.stop = self.stop.or(self.budget.check().err());
        if self.stop.is_some() {
            return ExtractionDecision::Stop;
        }
        if member.meta.is_directory {
            return ExtractionDecision::Skip;
        }
        if member.meta.is_redirection {
            let link = Problem::new(ProblemKind::Link, Stage::Extract);
            self.sink.unread_member(member.meta.name_bytes(), link);
            return ExtractionDecision::Skip;
        }
        let held = Held::default();
        self.open = Some((member.meta.name_bytes().to_vec(), held.clone()));
        ExtractionDecision::Extract(Box::new(held))
    }

    fn hand_out(&mut self) {
        if let Some((name, held)) = self.open.take()
            && self.stop.is_none()
        {
            let bytes = held.0.take();
            self.stop = self.sink.member(&name, &mut bytes.as_slice()).err();
        }
    }
}

/// The bytes of a member while it is unpacked.
#[derive(Clone, Default)]
struct Held(Rc<RefCell<Vec<u8>>>);

impl Write for Held {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::recorder::read;

    /// An archive of RAR 5 with one stored file, as its specification describes it.
    fn archive() -> Vec<u8> {
        let block = |body: &[u8]| {
            let mut sum = flate2::Crc::new();
            sum.update(body);
            [&sum.sum().to_le_bytes(), body].concat()
        };
        let text = "Åse Ødegård".as_bytes();
        let mut sum = flate2::Crc::new();
        sum.update(text);
        let size = u8::try_from(text.len()).unwrap();
        let mut file = vec![0, 2, 2, size, 4, size, 0];
        file.extend(sum.sum().to_le_bytes());
        file.extend([0, 1, 5]);
        file.extend(b"a.txt");
        file[0] = u8::try_from(file.len() - 1).unwrap();
        [
            b"Rar!\x1A\x07\x01\0".to_vec(),
            block(&[3, 1, 0, 0]),
            block(&file),
            text.to_vec(),
            block(&[3, 5, 0, 0]),
        ]
        .concat()
    }

    #[test]
    fn files_are_members() {
        let seen = read("a.bin", &archive());
        assert_eq!((seen[0].format, seen[0].ending().as_str()), (Some("rar"), "scanned"));
        assert_eq!((seen[1].path.as_str(), seen[1].text.as_str()), ("a.bin!/a.txt", "Åse Ødegård"));
    }

    #[test]
    fn cut_archives_end_in_an_outcome() {
        let whole = archive();
        for length in 8..whole.len() - 7 {
            let seen = read("a.rar", &whole[..length]);
            let ending = seen[0].ending();
            assert!(!ending.contains("panic"), "{length}");
            assert!(seen.len() > 1 || ending != "scanned", "{length} {ending}");
        }
    }
}
