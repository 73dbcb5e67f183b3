//! Contents that this run has read already: a copy of one is known by its digest, and its records are
//! those of the first, under its own name.
//!
//! Only a file whose size another had is digested before it is read, so that files of their own cost
//! nothing. Of a file's path its extension and the words of classes decide what is found in it: copies
//! that differ there are read, and what is found in names belongs to one path. So is a container that is called otherwise, for some name what they
//! hold after themselves. Held are the records of the contents read last, in bounded memory.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::classify::{Classes, PathWords};
use crate::inventory::is_settled;
use crate::model::{Evidence, ObjectPath, Record};

/// Memory that the records of contents may take together, in bytes.
const HELD_BYTES: usize = 8 << 20;

/// What one record is taken to need beside its lists, in bytes.
const RECORD_BYTES: usize = 512;

/// Words of the filter of sizes: 64 KiB, of which one in ten is used by 50,000 different sizes.
const FILTER_WORDS: usize = 1 << 13;

/// The contents that were read.
pub(super) struct Copies {
    sizes: Box<[AtomicU64]>,
    held: Mutex<Held>,
}

/// All that decides what a file's records say beside its name.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Likes {
    digest: [u8; 32],
    extension: Option<Vec<u8>>,
    words: PathWords,
}

impl Likes {
    /// A content of this digest at `object`.
    pub(super) fn of(digest: [u8; 32], object: &ObjectPath, classes: &Classes) -> Self {
        Self {
            digest,
            extension: object.extension().map(<[u8]>::to_ascii_lowercase),
            words: classes.words_of(&object.to_string()),
        }
    }

    /// The digest.
    pub(super) fn digest(&self) -> &[u8; 32] {
        &self.digest
    }

    /// Whether they are those of a content of this digest.
    pub(super) fn is_of(&self, digest: [u8; 32]) -> bool {
        self.digest == digest
    }
}

#[derive(Default)]
struct Held {
    records: HashMap<Likes, Arc<[Record]>>,
    /// The contents in the order they were read, with what each takes.
    order: VecDeque<(Likes, usize)>,
    bytes: usize,
}

impl Copies {
    /// Nothing was read.
    pub(super) fn new() -> Self {
        let sizes = (0..FILTER_WORDS).map(|_| AtomicU64::new(0));
        Self {
            sizes: sizes.collect(),
            held: Mutex::default(),
        }
    }

    /// Whether a file of so many bytes may have been met before; from now on one was.
    pub(super) fn met_size(&self, bytes: u64) -> bool {
        let mixed = bytes.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32;
        let bit = usize::try_from(mixed).unwrap_or_default() % (64 * FILTER_WORDS);
        let mask = 1 << (bit % 64);
        let word = self.sizes.get(bit / 64);
        word.is_some_and(|word| word.fetch_or(mask, Ordering::Relaxed) & mask != 0)
    }

    /// The records of a copy at `object`, without what the file system says of it.
    pub(super) fn records(&self, likes: &Likes, object: &ObjectPath) -> Option<Vec<Record>> {
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let records = Arc::clone(held.records.get(likes)?);
        drop(held);
        let first = &records.first()?.object;
        if !may_be_called(&records, first, object) {
            return None;
        }
        let under = |record: &Record| Record {
            object: record.object.moved(first, object),
            stat: None,
            ..record.clone()
        };
        Some(records.iter().map(under).collect())
    }

    /// Keeps the records of a content, where another reading would say the same.
    pub(super) fn keep(&self, likes: Likes, records: &[Record]) {
        let bytes = records.iter().map(size_of).sum();
        if bytes > HELD_BYTES / 8 || !is_common(records) {
            return;
        }
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if held.records.insert(likes.clone(), records.into()).is_none() {
            held.order.push_back((likes, bytes));
            held.bytes += bytes;
        }
        while held.bytes > HELD_BYTES
            && let Some((oldest, bytes)) = held.order.pop_front()
        {
            held.records.remove(&oldest);
            held.bytes -= bytes;
        }
    }
}

/// Whether the records of a content are those of all its copies: none ended by chance (time, memory, a process
/// that died), and nothing was found in the names of the file itself.
pub(super) fn is_common(records: &[Record]) -> bool {
    let settled = |record: &Record| is_settled(&record.outcome);
    let named = |record: &Record| {
        let mut findings = record.findings.iter();
        findings.any(|found| found.reasons.has(Evidence::InName))
    };
    records.iter().all(settled) && !records.first().is_some_and(named)
}

/// Whether the records of `from` may be those of `object`: some containers name what they hold after themselves.
pub(super) fn may_be_called(records: &[Record], from: &ObjectPath, object: &ObjectPath) -> bool {
    records.len() < 2 || from.file_name() == object.file_name()
}

/// About how much memory a record takes, in bytes.
fn size_of(record: &Record) -> usize {
    let digests = record.digests.iter().map(|(_, own)| 8 * own.at_most());
    let digests = usize::try_from(digests.sum::<u64>()).unwrap_or(usize::MAX);
    let findings = record
        .findings
        .iter()
        .map(|found| RECORD_BYTES / 4 * (1 + found.samples.len()));
    (RECORD_BYTES + record.object.own_name().len() + findings.sum::<usize>())
        .saturating_add(digests)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{DocumentClass, Outcome};

    fn classes() -> Classes {
        Classes::new(&[DocumentClass {
            id: "recruitment.cv".to_owned(),
            words_path: vec!["cv".to_owned()],
            words_text: vec![],
        }])
    }

    fn file(name: &str) -> ObjectPath {
        ObjectPath::file("".into(), name.as_bytes())
    }

    fn records(name: &str) -> Vec<Record> {
        let file = file(name);
        let member = file.member(b"brev.txt");
        let read = |object| Record::unread(object, Outcome::Scanned, 7);
        vec![read(file), read(member.clone()), read(member.member(b"x"))]
    }

    #[test]
    fn a_copy_has_the_records_of_the_first_under_its_own_name() {
        let (copies, classes) = (Copies::new(), classes());
        copies.keep(
            Likes::of([1; 32], &file("a/b.zip"), &classes),
            &records("a/b.zip"),
        );
        copies.keep(
            Likes::of([3; 32], &file("a/d.txt"), &classes),
            &[Record::unread(file("a/d.txt"), Outcome::Scanned, 7)],
        );
        let of = |digest, name: &str| {
            let found = copies.records(&Likes::of(digest, &file(name), &classes), &file(name))?;
            Some(
                found
                    .iter()
                    .map(|record| record.object.to_string())
                    .collect::<Vec<_>>(),
            )
        };
        let moved = ["ny/b.zip", "ny/b.zip!/brev.txt", "ny/b.zip!/brev.txt!/x"];
        assert_eq!(of([1; 32], "ny/b.zip").unwrap(), moved);
        assert_eq!(of([3; 32], "ny/e.TXT").unwrap(), ["ny/e.TXT"]);
        let otherwise = [
            ([1; 32], "ny/c.zip", "a packed `c.txt.gz` holds `c.txt`"),
            ([2; 32], "ny/b.zip", "another content"),
            ([3; 32], "ny/d.md", "another extension"),
            ([1; 32], "cv/b.zip", "a word of a class in the path"),
        ];
        for (digest, name, why) in otherwise {
            assert_eq!(of(digest, name), None, "{why}");
        }
    }

    #[test]
    fn sizes_are_known_from_the_second_file_on() {
        let copies = Copies::new();
        assert!(!copies.met_size(4711) && copies.met_size(4711) && !copies.met_size(4712));
    }

    #[test]
    fn what_time_or_chance_decided_is_not_kept_and_memory_is_bounded() {
        use crate::model::{Problem, ProblemKind, Stage};

        let (copies, classes) = (Copies::new(), classes());
        let likes = |n: u32| {
            let mut digest = [0; 32];
            digest[..4].copy_from_slice(&n.to_le_bytes());
            Likes::of(digest, &file("a.txt"), &classes)
        };
        let late = Problem::new(ProblemKind::Timeout, Stage::Extract);
        let cut = Record::unread(file("a.txt"), Outcome::Partial(late), 7);
        copies.keep(likes(0), &[cut]);
        assert!(copies.records(&likes(0), &file("b.txt")).is_none());
        for n in 1..=40_000 {
            copies.keep(
                likes(n),
                &[Record::unread(file("a.txt"), Outcome::Scanned, 7)],
            );
        }
        assert!(
            copies.records(&likes(1), &file("b.txt")).is_none(),
            "the oldest is let go"
        );
        assert!(copies.records(&likes(40_000), &file("b.txt")).is_some());
        let held = copies.held.lock().unwrap();
        assert!(held.bytes <= HELD_BYTES && held.records.len() == held.order.len());
    }
}
