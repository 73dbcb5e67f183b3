//! One file, from its bytes to what is found in it and in everything in it.

use std::fs::File;
use std::sync::Arc;

use super::judge::{self, Found, Seen};
use super::locate::FileText;
use super::{Policy, Value};
use crate::classify::Classes;
use crate::detect::{OwnDetectors, Scanner};
use crate::examine::{Crew, Observation, hits_with_values};
use crate::extract::{Content, End, FormatInfo, Reader, Visitor};
use crate::model::{Candidate, DigestKey, Fact, ObjectPath, Piece, ProblemKind, Sensitive};

/// The content of a file to check.
pub enum Bytes {
    /// In memory.
    Memory(Arc<[u8]>),
    /// An open file of so many bytes.
    File(File, u64),
}

/// Something that was not read, or not to its end.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unread {
    /// The object, with what is personal in its path masked.
    pub object: String,
    /// Why.
    pub cause: UnreadCause,
}

/// Why something was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum UnreadCause {
    /// What reading says.
    Problem(ProblemKind),
    /// Another repository.
    Submodule,
    /// Left out by a sparse checkout.
    Sparse,
    /// Git LFS has the content elsewhere.
    LfsPointer,
    /// The object is not in this clone.
    Absent,
}

impl UnreadCause {
    /// The word that stands in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Problem(kind) => kind.as_str(),
            Self::Submodule => "submodule",
            Self::Sparse => "sparse-checkout",
            Self::LfsPointer => "lfs-pointer",
            Self::Absent => "absent",
        }
    }
}

/// What one file and all that is in it yield.
#[derive(Default)]
pub struct Checked {
    /// What was found, in the order of the text.
    pub found: Vec<Found>,
    /// What was not read.
    pub unread: Vec<Unread>,
    /// How many objects were looked at.
    pub objects: u64,
}

/// Formats whose files are text that a person edits, so that a hit has a line and a column.
const TEXTUAL: [&str; 9] = [
    "text", "csv", "json", "sql", "xml", "html", "eml", "mbox", "vcard",
];

/// The first line of a file that stands for one that Git LFS keeps elsewhere.
const LFS: &[u8] = b"version https://git-lfs.github.com/spec/";

/// A pointer of Git LFS is shorter than this, by its specification.
const LFS_BYTES: u64 = 1024;

/// The longest file that is held as a text to find lines in.
const MAX_TEXT_BYTES: u64 = 512 << 20;

/// Checks files one by one; shared by all threads.
pub struct Checker {
    reader: Reader,
    scanner: Scanner,
    policy: Policy,
}

impl Checker {
    /// A checker that reads with `reader` and judges by `policy`.
    #[must_use]
    pub fn new(reader: Reader, policy: Policy) -> Self {
        // Digests are not kept, so any key serves.
        let scanner = Scanner::new(DigestKey::new([0; 16]), [].into()).on(policy.today);
        Self {
            reader: reader.with_content_digests(false),
            scanner,
            policy,
        }
    }

    /// With detectors of the user's own.
    #[must_use]
    pub fn with_own(mut self, own: Arc<OwnDetectors>) -> Self {
        self.scanner = self.scanner.with_own(own);
        self
    }

    /// What it judges by.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Checks a file. `path` is as git has it: bytes with `/`.
    #[must_use]
    pub fn check(&self, path: &[u8], bytes: Bytes) -> Checked {
        let mut checked = Checked::default();
        let object = ObjectPath::file("".into(), path);
        if let Bytes::Memory(bytes) = &bytes
            && is_lfs_pointer(bytes)
        {
            checked.unread.push(Unread {
                object: self.shown(&object.to_string()),
                cause: UnreadCause::LfsPointer,
            });
            return checked;
        }
        let (content, again) = match bytes {
            Bytes::Memory(bytes) => (
                Content::from_bytes(Arc::clone(&bytes)),
                Again::Memory(bytes),
            ),
            Bytes::File(file, len) => {
                let again = file
                    .try_clone()
                    .map_or(Again::Never, |file| Again::File(file, len));
                (Content::from_file(file, len), again)
            }
        };
        let (mut seen, unread) = Crew::here(|crew| {
            let mut members = Members {
                checker: self,
                crew,
                open: Vec::new(),
                seen: Vec::new(),
                unread: Vec::new(),
            };
            self.reader.read_content(&object, content, &mut members);
            (members.seen, members.unread)
        });
        checked.unread = unread;
        checked.objects = seen.len() as u64;
        seen.sort_by_key(|seen| seen.order);
        let wanted = seen
            .iter()
            .any(|seen| seen.order == 0 && !seen.hits.is_empty());
        let textual = seen
            .iter()
            .any(|seen| seen.order == 0 && TEXTUAL.contains(&seen.format));
        let text = (wanted && textual).then(|| again.text()).flatten();
        for seen in seen {
            let text = text.as_ref().filter(|_| seen.order == 0);
            checked.found.extend(judge::in_path(&seen, path, self));
            checked.found.extend(judge::object(seen, path, text, self));
        }
        checked
    }

    /// The path or name with personal data that fails in it masked.
    #[must_use]
    pub fn shown(&self, path: &str) -> String {
        let mut shown = path.to_owned();
        for (hit, value) in self.in_name(path) {
            let masked = Sensitive::new(&value).mask(0);
            let (start, end) = (usize::try_from(hit.start), usize::try_from(hit.end));
            let (Ok(start), Ok(end)) = (start, end) else {
                continue;
            };
            // A letter of more than one byte makes the mask shorter; then all of the path is hidden.
            if masked.as_str().len() == value.len() && shown.get(start..end).is_some() {
                shown.replace_range(start..end, masked.as_str());
            } else {
                return Sensitive::new(path).mask(0).to_string();
            }
        }
        shown
    }

    /// What fails in a path or name itself: identity numbers and addresses.
    pub(super) fn in_name(&self, path: &str) -> Vec<(Candidate, Box<str>)> {
        let digits = path.bytes().filter(u8::is_ascii_digit).count();
        if digits < 10 && !path.contains('@') {
            return Vec::new();
        }
        let (hits, values) = hits_with_values(&self.scanner, path);
        let hits = hits.into_iter().filter_map(|hit| {
            let value: Box<str> = values.of(&hit).into();
            judge::fails_in_name(&hit, &value, &self.policy).then_some((hit, value))
        });
        hits.collect()
    }
}

fn is_lfs_pointer(bytes: &[u8]) -> bool {
    bytes.starts_with(LFS) && (bytes.len() as u64) < LFS_BYTES
}

/// The content once more, for lines and columns.
enum Again {
    Memory(Arc<[u8]>),
    File(File, u64),
    Never,
}

impl Again {
    fn text(self) -> Option<FileText> {
        use std::io::{Read as _, Seek as _};
        match self {
            Self::Memory(bytes) => Some(FileText::decode(&bytes)),
            Self::File(mut file, len) if len <= MAX_TEXT_BYTES => {
                file.rewind().ok()?;
                let mut bytes = Vec::new();
                std::io::copy(&mut file.take(len), &mut bytes).ok()?;
                Some(FileText::decode(&bytes))
            }
            Self::File(..) | Self::Never => None,
        }
    }
}

/// What is seen in a file and in everything in it.
struct Members<'r, 'a> {
    checker: &'a Checker,
    crew: Crew<'r, 'a>,
    open: Vec<Member<'a>>,
    seen: Vec<Seen>,
    unread: Vec<Unread>,
}

struct Member<'a> {
    order: usize,
    object: String,
    format: &'static str,
    observation: Observation<'a>,
}

impl Visitor for Members<'_, '_> {
    fn enter(&mut self, object: &ObjectPath) {
        self.open.push(Member {
            order: self.seen.len() + self.open.len(),
            object: object.to_string(),
            format: "",
            observation: Observation::of_hits(&self.checker.scanner).with_values(true),
        });
    }

    fn format(&mut self, format: &'static FormatInfo) {
        if let Some(member) = self.open.last_mut() {
            member.format = format.id;
        }
    }

    fn piece(&mut self, piece: Piece<'_>) {
        if let Some(member) = self.open.last_mut() {
            member.observation.piece_with(&piece, self.crew);
        }
    }

    fn fact(&mut self, _: Fact) {}

    fn leave(&mut self, end: End) {
        let Some(member) = self.open.pop() else {
            return;
        };
        let Member {
            order,
            object,
            format,
            observation,
        } = member;
        if let Some(problem) = end.outcome.problem().filter(|_| end.outcome.is_unread()) {
            self.unread.push(Unread {
                object: self.checker.shown(&object),
                cause: UnreadCause::Problem(problem.kind),
            });
        }
        let (holds, values) = observation.finish_with_values(&object, &Classes::default());
        let hits = holds.hits.into_iter().map(|hit| {
            let value = values.of(&hit).into();
            (hit, value)
        });
        let hits = hits.collect();
        self.seen.push(Seen {
            order,
            object,
            format,
            hits,
        });
    }
}

/// The value of a hit.
pub(super) fn value_of(hit: &Candidate, text: &str) -> Value {
    Value::new(hit.kind.detector, text)
}
