//! The journal: one line for each step, appended, flushed, and chained to the line before it.
//!
//! Each line carries a keyed digest over itself and the line before, so that a line that was changed,
//! removed or put in is noticed by whoever has the digest key. A last line that was cut off by a kill was
//! never relied upon, and is dropped.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{self, BufRead as _, BufReader, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use rustix::fs::FlockOperation;
use serde::{Deserialize, Serialize};

use super::{Fault, Item};
use crate::model::DigestKey;

const FILE: &str = "journal.jsonl";

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

/// Where a file is by the journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemState {
    /// On the way into quarantine.
    Begun,
    /// In quarantine.
    Quarantined,
    /// Where it was.
    Undone,
    /// On the way back.
    RestoreBegun,
    /// Back.
    Restored,
    /// On the way out.
    PurgeBegun,
    /// Deleted.
    Purged,
    /// Taken by somebody else.
    Lost,
}

/// A file that the journal knows.
#[derive(Clone, Debug)]
pub struct Tracked {
    /// Where it is.
    pub state: ItemState,
    /// When it came into quarantine, seconds since 1970.
    pub since: i64,
    /// The time of its last step.
    pub last: i64,
    /// What is told of it.
    pub detail: Item,
}

/// The journal, locked and checked.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    file: File,
    key: [u8; 32],
    entries: Vec<Entry>,
    lock: File,
}

impl Drop for Journal {
    /// A process that is just being started may share the handle: the lock goes all the same.
    fn drop(&mut self) {
        let _ = rustix::fs::flock(&self.lock, FlockOperation::Unlock);
    }
}

impl Journal {
    pub(super) fn open(ledger: &Path, key: &DigestKey) -> Result<Self, Fault> {
        let told = |source| Fault::JournalIo {
            path: ledger.to_owned(),
            source,
        };
        make_folder(ledger).map_err(told)?;
        let lock = private(&ledger.join("lock")).map_err(told)?;
        if rustix::fs::flock(&lock, FlockOperation::NonBlockingLockExclusive).is_err() {
            return Err(Fault::Busy(ledger.to_owned()));
        }
        let path = ledger.join(FILE);
        let file = private(&path).map_err(told)?;
        let mut journal = Self {
            path,
            file,
            key: key.derived("sporhund journal 1"),
            entries: Vec::new(),
            lock,
        };
        journal.read()?;
        Ok(journal)
    }

    /// All lines, the oldest first.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Digest of the last line; of nothing where there is none.
    #[must_use]
    pub fn head(&self) -> String {
        self.entries
            .last()
            .map(|entry| entry.hash.clone())
            .unwrap_or_default()
    }

    /// Every file by receipt and id.
    #[must_use]
    pub fn items(&self) -> BTreeMap<(String, String), Tracked> {
        let mut items: BTreeMap<(String, String), Tracked> = BTreeMap::new();
        for entry in &self.entries {
            let Some(item) = &entry.item else { continue };
            let name = (entry.receipt.clone(), item.clone());
            let state = match entry.what {
                What::Opened => continue,
                What::Begun => ItemState::Begun,
                What::Quarantined => ItemState::Quarantined,
                What::Undone => ItemState::Undone,
                What::RestoreBegun => ItemState::RestoreBegun,
                What::Restored => ItemState::Restored,
                What::PurgeBegun => ItemState::PurgeBegun,
                What::Purged => ItemState::Purged,
                What::Lost => ItemState::Lost,
            };
            if let Some(detail) = &entry.detail {
                let tracked = Tracked {
                    state,
                    since: entry.at,
                    last: entry.at,
                    detail: detail.clone(),
                };
                items.insert(name, tracked);
            } else if let Some(tracked) = items.get_mut(&name) {
                if state == ItemState::Quarantined && tracked.state == ItemState::Begun {
                    tracked.since = entry.at;
                }
                tracked.state = state;
                tracked.last = entry.at;
            }
        }
        items
    }

    /// Appends a line and flushes it. Number, digests and time are filled in.
    pub(super) fn append(&mut self, at: i64, mut entry: Entry) -> Result<(), Fault> {
        entry.n = self.entries.len() as u64 + 1;
        entry.at = at;
        entry.prev = self.head();
        entry.hash = self.hash(&entry);
        let mut line = serde_json::to_vec(&entry).unwrap_or_default();
        line.push(b'\n');
        let written = self
            .file
            .write_all(&line)
            .and_then(|()| self.file.sync_data());
        written.map_err(|source| Fault::JournalIo {
            path: self.path.clone(),
            source,
        })?;
        self.entries.push(entry);
        Ok(())
    }

    fn hash(&self, entry: &Entry) -> String {
        let bare = Entry {
            hash: String::new(),
            ..entry.clone()
        };
        let bytes = serde_json::to_vec(&bare).unwrap_or_default();
        blake3::keyed_hash(&self.key, &bytes).to_hex().to_string()
    }

    fn read(&mut self) -> Result<(), Fault> {
        let io = |source| Fault::JournalIo {
            path: self.path.clone(),
            source,
        };
        let mut reader = BufReader::new(self.file.try_clone().map_err(io)?);
        let (mut whole, mut line) = (0_u64, Vec::new());
        loop {
            line.clear();
            let read = reader.read_until(b'\n', &mut line).map_err(io)?;
            if read == 0 || line.last() != Some(&b'\n') {
                break;
            }
            let number = self.entries.len() + 1;
            let entry = self.checked(&line).map_err(|why| Fault::Journal {
                path: self.path.clone(),
                line: number,
                why,
            })?;
            self.entries.push(entry);
            whole += read as u64;
        }
        self.file.set_len(whole).map_err(io)?;
        self.file.seek(SeekFrom::End(0)).map(drop).map_err(io)
    }

    fn checked(&self, line: &[u8]) -> Result<Entry, &'static str> {
        let entry: Entry =
            serde_json::from_slice(line).map_err(|_| "it is no line of a journal")?;
        if entry.n != self.entries.len() as u64 + 1 || entry.prev != self.head() {
            return Err("it does not follow the line before it");
        }
        if entry.hash != self.hash(&entry) {
            return Err("it was changed, or another key wrote it");
        }
        Ok(entry)
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

fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(folder)
}

/// A file of ours for reading and appending, with mode 0600.
fn private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).append(true).create(true);
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
