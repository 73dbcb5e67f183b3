//! How far the journal was checked line by line, so that the next run need not do it again.
//!
//! A mark is sealed with the digest key and holds a keyed digest of the bytes before it. A run that finds it
//! hashes those bytes, which is some ten times quicker than to parse and chain them, and proves the same of them:
//! they are what was checked. A mark that is damaged, or that another key sealed, is none.

use std::io::Read as _;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::journal::State;
use super::tracked::{Items, Tracked};
use crate::model::DigestKey;
use crate::own_files::{self, Readers};

const FILE: &str = "journal.mark";

/// The most that is read as a mark: 1 GiB, some million waiting files.
const MAX_BYTES: u64 = 1 << 30;

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Mark {
    /// 1.
    schema: u32,
    lines: u64,
    bytes: u64,
    head: String,
    /// Keyed digest of the bytes, hexadecimal.
    content: String,
    items: Vec<Marked>,
}

/// A file of which something may still have to be done.
#[derive(Debug, Serialize, Deserialize)]
struct Marked {
    receipt: String,
    item: String,
    tracked: Tracked,
}

impl Mark {
    pub(super) fn of(state: &State) -> Self {
        let items = state.items.iter();
        let items = items.map(|((receipt, item), tracked)| Marked {
            receipt: receipt.clone(),
            item: item.clone(),
            tracked: tracked.clone(),
        });
        Self {
            schema: 1,
            lines: state.lines,
            bytes: state.bytes,
            head: state.head.clone(),
            content: state.content.finalize().to_hex().to_string(),
            items: items.collect(),
        }
    }

    /// The mark in a ledger; none where it is not there, damaged, or not sealed with this key.
    pub(super) fn read(ledger: &Path, key: &DigestKey) -> Option<Self> {
        let file = std::fs::File::open(ledger.join(FILE)).ok()?;
        let mut bytes = Vec::new();
        std::io::copy(&mut file.take(MAX_BYTES), &mut bytes).ok()?;
        let text = String::from_utf8(bytes).ok()?;
        let (mark, seal) = text.trim_end().split_once('\n')?;
        let seal = blake3::Hash::from_hex(seal).ok()?;
        // Hashes are compared in constant time.
        if sealed(key, mark.as_bytes()) != seal {
            return None;
        }
        serde_json::from_str(mark).ok()
    }

    /// Two lines: the mark and its seal. It takes the place of the old one at once.
    pub(super) fn write(&self, ledger: &Path, key: &DigestKey) -> std::io::Result<()> {
        let mark = serde_json::to_string(self)?;
        let seal = sealed(key, mark.as_bytes()).to_hex();
        let lines = format!("{mark}\n{seal}\n");
        own_files::replace(&ledger.join(FILE), lines.as_bytes(), Readers::Owner)
    }

    pub(super) fn lines(&self) -> u64 {
        self.lines
    }

    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Whether it was made over these bytes.
    pub(super) fn is_of(&self, content: &blake3::Hasher) -> bool {
        blake3::Hash::from_hex(&self.content).is_ok_and(|marked| marked == content.finalize())
    }

    /// What it says of the lines, whose bytes were hashed.
    pub(super) fn state(self, content: blake3::Hasher) -> State {
        let items = self.items.into_iter();
        let items = items.map(|one| ((one.receipt, one.item), one.tracked));
        State {
            lines: self.lines,
            head: self.head,
            bytes: self.bytes,
            content,
            items: items.collect::<Items>(),
        }
    }
}

fn sealed(key: &DigestKey, mark: &[u8]) -> blake3::Hash {
    blake3::keyed_hash(&key.derived("sporhund journal mark 1"), mark)
}
