//! The journal: one line for each step, appended, flushed, and chained to the line before it.
//!
//! Each line carries a keyed digest over itself and the line before, so that a line that was changed,
//! removed or put in is noticed by whoever has the digest key. A last line that was cut off by a kill was
//! never relied upon, and is dropped.
//!
//! What was checked line by line once is known again by its bytes: see [`Mark`].

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead as _, BufReader, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use memchr::memmem;
use rustix::fs::FlockOperation;
use serde::{Deserialize, Serialize};

use super::mark::Mark;
use super::tracked::{Items, Tracked, folded, follow};
use super::{Fault, Item};
use crate::model::DigestKey;
use crate::own_files::{make_private_folders, open_private};

const FILE: &str = "journal.jsonl";

/// Lines after which what was checked is marked: a mark writes down all files that wait, and a thousand
/// lines are checked in some milliseconds.
const MARKED_EVERY: u64 = 1000;

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// A run of `apply` opened a receipt.
    Opened,
    /// A file is about to be moved into quarantine.
    Begun,
    /// It is there.
    Quarantined,
    /// It stayed where it was.
    Undone,
    /// It is about to be put back.
    RestoreBegun,
    /// It is back.
    Restored,
    /// It is about to be deleted.
    PurgeBegun,
    /// It is deleted.
    Purged,
    /// It is neither in quarantine nor where it was: somebody else took it.
    Lost,
}

/// One line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Its number, from 1.
    pub n: u64,
    /// Seconds since 1970.
    pub at: i64,
    /// What happened.
    pub what: What,
    /// The receipt.
    pub receipt: String,
    /// The file, by the id of its line.
    pub item: Option<String>,
    /// What is told of the file; with `begun` only.
    pub detail: Option<Item>,
    /// Who did it: the account of the operating system; with `opened` only.
    pub account: Option<String>,
    /// The seal of the plan; with `opened` only.
    pub plan: Option<String>,
    /// Digest of the line before.
    pub prev: String,
    /// Digest of this line.
    pub hash: String,
}

/// The journal, locked and checked.
#[derive(Debug)]
pub struct Journal {
    ledger: PathBuf,
    path: PathBuf,
    file: File,
    key: [u8; 32],
    lock: File,
    state: State,
    /// Lines that the mark covers.
    marked: u64,
}

/// What follows from the lines up to one of them.
#[derive(Clone, Debug)]
pub(super) struct State {
    /// How many lines.
    pub(super) lines: u64,
    /// Digest of the last one.
    pub(super) head: String,
    /// Their bytes.
    pub(super) bytes: u64,
    /// Digest of their bytes, as far as it goes.
    pub(super) content: blake3::Hasher,
    /// The files of whom something may still have to be done.
    pub(super) items: Items,
}

impl Drop for Journal {
    /// A process that is just being started may share the handle: the lock goes all the same.
    fn drop(&mut self) {
        let _ = rustix::fs::flock(&self.lock, FlockOperation::Unlock);
    }
}

impl Journal {
    /// Opens and checks it: what the mark covers by its bytes, and the rest line by line.
    pub(super) fn open(ledger: &Path, key: &DigestKey) -> Result<Self, Fault> {
        let mut journal = Self::locked(ledger, key)?;
        match Mark::read(ledger, key) {
            Some(mark) => journal.read_from(mark)?,
            None => journal.read()?,
        }
        Ok(journal)
    }

    /// Opens it, checks every line whatever is marked, and that it begins with what was marked before.
    ///
    /// # Errors
    /// `Busy` where another run holds it; `Journal` with the first line that does not hold, or where it
    /// is not the journal that was marked; the disk refuses.
    pub fn open_whole(ledger: &Path, key: &DigestKey) -> Result<Self, Fault> {
        let mut journal = Self::locked(ledger, key)?;
        journal.read()?;
        if let Some(mark) = Mark::read(ledger, key) {
            journal.hashed(&mark)?;
        }
        Ok(journal)
    }

    fn locked(ledger: &Path, key: &DigestKey) -> Result<Self, Fault> {
        let told = |source| Fault::JournalIo {
            path: ledger.to_owned(),
            source,
        };
        make_private_folders(ledger).map_err(told)?;
        let lock = opened(&ledger.join("lock")).map_err(told)?;
        if rustix::fs::flock(&lock, FlockOperation::NonBlockingLockExclusive).is_err() {
            return Err(Fault::Busy(ledger.to_owned()));
        }
        let path = ledger.join(FILE);
        let file = opened(&path).map_err(told)?;
        let key = key.derived("sporhund journal 1");
        Ok(Self {
            ledger: ledger.to_owned(),
            path,
            file,
            key,
            lock,
            state: State::new(&key),
            marked: 0,
        })
    }

    /// How many lines it has.
    #[must_use]
    pub fn lines(&self) -> u64 {
        self.state.lines
    }

    /// Digest of the last line; of nothing where there is none.
    #[must_use]
    pub fn head(&self) -> &str {
        &self.state.head
    }

    /// The files of which something may still have to be done, by receipt and id: all that are not yet
    /// gone for good or back, and some that are.
    #[must_use]
    pub fn items(&self) -> &Items {
        &self.state.items
    }

    /// All lines of a receipt, the oldest first, read again.
    ///
    /// # Errors
    /// `Journal` where the file has changed since it was opened; the disk refuses.
    pub fn of_receipt(&self, receipt: &str) -> Result<Vec<Entry>, Fault> {
        let mut entries = Vec::new();
        let mut again = State::new(&self.key);
        let named = memmem::Finder::new(receipt.as_bytes());
        let mut reader = self.reader(0)?;
        let mut line = Vec::new();
        while self.next_line(&mut reader, &mut line)? {
            again.content.update(&line);
            if named.find(&line).is_some()
                && let Ok(entry) = serde_json::from_slice::<Entry>(&line)
                && entry.receipt == receipt
            {
                entries.push(entry);
            }
        }
        if again.content.finalize() != self.state.content.finalize() {
            return Err(self.broken("it was changed while it was read"));
        }
        Ok(entries)
    }

    /// Every file of a receipt, by its id, wherever it is.
    ///
    /// # Errors
    /// As [`Journal::of_receipt`].
    pub fn items_of(&self, receipt: &str) -> Result<Vec<(String, Tracked)>, Fault> {
        Ok(folded(&self.of_receipt(receipt)?))
    }

    /// Appends a line and flushes it. Number, digests and time are filled in.
    pub(super) fn append(&mut self, at: i64, mut entry: Entry) -> Result<(), Fault> {
        entry.n = self.state.lines + 1;
        entry.at = at;
        entry.prev.clone_from(&self.state.head);
        entry.hash = self.hash(&entry);
        let mut line = serde_json::to_vec(&entry).unwrap_or_default();
        line.push(b'\n');
        let written = self
            .file
            .write_all(&line)
            .and_then(|()| self.file.sync_data());
        written.map_err(self.io())?;
        self.state.take(&line, entry);
        Ok(())
    }

    /// Marks what was checked and written, where enough has come since; `kept` says which files that are
    /// over are not to be forgotten yet. A mark that cannot be written is none: then the next run checks
    /// more.
    pub(super) fn mark(&mut self, key: &DigestKey, kept: &dyn Fn(&(String, String)) -> bool) {
        self.state
            .items
            .retain(|name, tracked| !tracked.state.is_over() || kept(name));
        if Mark::of(&self.state).write(&self.ledger, key).is_ok() {
            self.marked = self.state.lines;
        }
    }

    /// Whether enough lines have come since the last mark.
    pub(super) fn is_to_be_marked(&self) -> bool {
        self.state.lines - self.marked >= MARKED_EVERY
    }

    fn hash(&self, entry: &Entry) -> String {
        let bare = Entry {
            hash: String::new(),
            ..entry.clone()
        };
        let bytes = serde_json::to_vec(&bare).unwrap_or_default();
        blake3::keyed_hash(&self.key, &bytes).to_hex().to_string()
    }

    /// Checks what the mark covers by its bytes, and the rest line by line. Where the bytes are others,
    /// all lines are looked at, for the first that does not hold.
    fn read_from(&mut self, mark: Mark) -> Result<(), Fault> {
        match self.hashed(&mark) {
            Ok(content) => {
                self.marked = mark.lines();
                self.state = mark.state(content);
                self.read()
            }
            Err(fault) => self.read().and(Err(fault)),
        }
    }

    /// The digest of the bytes that a mark covers, where they are what was marked.
    fn hashed(&self, mark: &Mark) -> Result<blake3::Hasher, Fault> {
        let mut content = State::new(&self.key).content;
        let mut file = self.file.try_clone().map_err(self.io())?;
        file.seek(SeekFrom::Start(0)).map_err(self.io())?;
        let read = io::copy(&mut file.take(mark.bytes()), &mut content).map_err(self.io())?;
        if read == mark.bytes() && mark.is_of(&content) {
            return Ok(content);
        }
        Err(self.broken("lines before it are gone that were checked once"))
    }

    /// Reads on from what is known, line by line.
    fn read(&mut self) -> Result<(), Fault> {
        let mut reader = self.reader(self.state.bytes)?;
        let mut line = Vec::new();
        while self.next_line(&mut reader, &mut line)? {
            let entry = self.checked(&line).map_err(|why| self.broken(why))?;
            self.state.take(&line, entry);
        }
        self.file.set_len(self.state.bytes).map_err(self.io())?;
        self.file.seek(SeekFrom::End(0)).map_err(self.io())?;
        Ok(())
    }

    fn reader(&self, from: u64) -> Result<BufReader<File>, Fault> {
        let mut file = self.file.try_clone().map_err(self.io())?;
        file.seek(SeekFrom::Start(from)).map_err(self.io())?;
        Ok(BufReader::new(file))
    }

    /// The next whole line; false at the end, and where the last one is cut off.
    fn next_line(&self, reader: &mut BufReader<File>, line: &mut Vec<u8>) -> Result<bool, Fault> {
        line.clear();
        reader.read_until(b'\n', line).map_err(self.io())?;
        Ok(line.last() == Some(&b'\n'))
    }

    fn checked(&self, line: &[u8]) -> Result<Entry, &'static str> {
        let entry: Entry =
            serde_json::from_slice(line).map_err(|_| "it is no line of a journal")?;
        if entry.n != self.state.lines + 1 || entry.prev != self.state.head {
            return Err("it does not follow the line before it");
        }
        if entry.hash != self.hash(&entry) {
            return Err("it was changed, or another key wrote it");
        }
        Ok(entry)
    }

    /// The line after those that hold.
    fn broken(&self, why: &'static str) -> Fault {
        Fault::Journal {
            path: self.path.clone(),
            line: self.state.lines + 1,
            why,
        }
    }

    fn io(&self) -> impl Fn(io::Error) -> Fault + use<> {
        let path = self.path.clone();
        move |source| Fault::JournalIo {
            path: path.clone(),
            source,
        }
    }
}

impl State {
    fn new(key: &[u8; 32]) -> Self {
        Self {
            lines: 0,
            head: String::new(),
            bytes: 0,
            content: blake3::Hasher::new_keyed(key),
            items: Items::new(),
        }
    }

    fn take(&mut self, line: &[u8], entry: Entry) {
        self.lines += 1;
        self.bytes += line.len() as u64;
        self.content.update(line);
        follow(&mut self.items, &entry);
        self.head = entry.hash;
    }
}

impl Entry {
    /// A line about a file.
    pub(super) fn about(what: What, receipt: &str, item: &str) -> Self {
        Self {
            n: 0,
            at: 0,
            what,
            receipt: receipt.to_owned(),
            item: Some(item.to_owned()),
            detail: None,
            account: None,
            plan: None,
            prev: String::new(),
            hash: String::new(),
        }
    }
}

/// A file of ours for reading and appending.
fn opened(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    open_private(path, options.read(true).append(true).create(true))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deed::ItemState;

    fn key() -> DigestKey {
        DigestKey::new([5; 16])
    }

    fn open(ledger: &Path) -> Result<Journal, Fault> {
        Journal::open(ledger, &key())
    }

    /// Files of two receipts: of the first one is deleted and one waits, and the mark covers them.
    fn marked() -> (tempfile::TempDir, Vec<u8>) {
        let folder = tempfile::tempdir().unwrap();
        let mut journal = open(folder.path()).unwrap();
        let item = Item {
            path_tag: "p".to_owned(),
            content_tag: "c".to_owned(),
            bytes: 7,
            rules: Vec::new(),
            due: None,
            approved_by: Vec::new(),
            store: "/nowhere".into(),
        };
        let begun = |receipt: &str, item_id: &str| Entry {
            detail: Some(item.clone()),
            ..Entry::about(What::Begun, receipt, item_id)
        };
        for (receipt, id, ends) in [
            (
                "R-1",
                "a",
                &[What::Quarantined, What::PurgeBegun, What::Purged][..],
            ),
            ("R-1", "b", &[What::Quarantined]),
        ] {
            journal.append(1, begun(receipt, id)).unwrap();
            for end in ends {
                journal.append(2, Entry::about(*end, receipt, id)).unwrap();
            }
        }
        journal.mark(&key(), &|_| false);
        assert_eq!(journal.marked, 6);
        journal.append(3, begun("R-2", "c")).unwrap();
        drop(journal);
        let bytes = std::fs::read(folder.path().join(FILE)).unwrap();
        (folder, bytes)
    }

    #[test]
    fn what_was_marked_is_not_read_line_by_line_and_nothing_is_forgotten() {
        let (folder, _) = marked();
        let journal = open(folder.path()).unwrap();
        assert_eq!((journal.marked, journal.lines()), (6, 7));
        let states: Vec<_> = journal
            .items()
            .iter()
            .map(|((receipt, item), tracked)| (receipt.as_str(), item.as_str(), tracked.state))
            .collect();
        let known = [
            ("R-1", "b", ItemState::Quarantined),
            ("R-2", "c", ItemState::Begun),
        ];
        assert_eq!(states, known);
        let all = journal.items_of("R-1").unwrap();
        let purged = ("a".to_owned(), ItemState::Purged);
        assert_eq!((all[0].0.clone(), all[0].1.state), purged);
        assert_eq!(all.len(), 2);
        drop(journal);
        let whole = Journal::open_whole(folder.path(), &key()).unwrap();
        assert_eq!((whole.lines(), whole.items().len()), (7, 3));
    }

    fn breaks(bytes: &[u8]) -> u64 {
        memchr::memchr_iter(b'\n', bytes).count() as u64
    }

    #[test]
    fn any_other_byte_is_noticed_before_the_mark_and_after_it() {
        let (folder, bytes) = marked();
        let path = folder.path().join(FILE);
        for at in 0..bytes.len() {
            let mut other = bytes.clone();
            // The last line's end cut off is a kill, which drops the line.
            other[at] = if bytes[at] == b'\n' {
                b' '
            } else {
                bytes[at] ^ 1
            };
            std::fs::write(&path, &other).unwrap();
            if at == bytes.len() - 1 {
                assert_eq!(open(folder.path()).unwrap().lines(), 6);
                continue;
            }
            let broken = |opened: Result<Journal, Fault>| match opened {
                Err(Fault::Journal { line, .. }) => line,
                other => panic!("byte {at}: {other:?}"),
            };
            let line = broken(open(folder.path()));
            std::fs::write(&path, &other).unwrap();
            assert_eq!(line, broken(Journal::open_whole(folder.path(), &key())));
            assert_eq!(line, breaks(&bytes[..at]) + 1, "byte {at}");
        }
    }

    #[test]
    fn lines_that_are_gone_at_the_end_are_missed() {
        let (folder, bytes) = marked();
        let ends = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n');
        for end in ends.map(|(at, _)| at + 1) {
            std::fs::write(folder.path().join(FILE), &bytes[..end]).unwrap();
            let lines = breaks(&bytes[..end]);
            assert_eq!(open(folder.path()).is_ok(), lines >= 6, "{lines} lines");
            let whole = Journal::open_whole(folder.path(), &key());
            assert_eq!(whole.is_ok(), lines >= 6, "{lines} lines");
        }
    }

    #[test]
    fn a_mark_that_was_changed_is_none() {
        let (folder, _) = marked();
        let path = folder.path().join("journal.mark");
        let mark = std::fs::read_to_string(&path).unwrap();
        for other in [
            mark.replace("quarantined", "purged"),
            mark.replacen('\n', "", 1),
            String::new(),
        ] {
            std::fs::write(&path, other).unwrap();
            let journal = open(folder.path()).unwrap();
            assert_eq!((journal.marked, journal.lines()), (0, 7));
            assert_eq!(journal.items().len(), 3);
        }
        std::fs::write(&path, mark).unwrap();
        assert_eq!(open(folder.path()).unwrap().marked, 6);
    }
}
