//! The only part of the program that moves or deletes anything: into quarantine, back, and away.
//!
//! It does what it is ordered, file by file, and trusts nothing on the way: folders are opened one
//! within the other and no link is followed; the content must be the one that was approved; the caller
//! is asked once more right before a file moves. A file is in one of two places at any time, or in both,
//! never in none. Each step is written to a journal and flushed before the next is taken, so that a
//! run that is killed can be ended by the next one ([`Desk::recover`]).
//!
//! The journal holds no path and no value: a file is named by the id of its line and by keyed tags of
//! its path and content. Where it lay stands in a manifest beside it, which goes when the file goes.

mod away;
mod back;
mod certificate;
mod error;
mod folder;
mod held;
mod into;
mod journal;
mod manifest;
mod mark;
mod recover;
mod tracked;

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

pub use certificate::{Certificate, ItemProof, NotCovered};
pub use error::{Fault, Refused, Unwritable};
pub use journal::{Entry, Journal, What};
pub use manifest::Manifest;
pub use recover::Recovered;
pub use tracked::{ItemState, Items, Tracked};

use crate::model::DigestKey;

/// The folder for quarantined files below a root, where no other is named.
pub const QUARANTINE: &str = ".sporhund-quarantine";

/// An approved file, as it was when it was approved.
#[derive(Clone, Debug)]
pub struct Order {
    /// Id of the plan's line: 16 hexadecimal digits.
    pub id: String,
    /// The whole path, for messages and the manifest.
    pub object: String,
    /// Real path of its root.
    pub root: PathBuf,
    /// Path below the root, bytes, `/` between components.
    pub relative: Vec<u8>,
    /// BLAKE3 digest of its content.
    pub content: [u8; 32],
    /// Size in bytes.
    pub bytes: u64,
    /// Ids of the rules that decide.
    pub rules: Vec<String>,
    /// The day it was due, `YYYY-MM-DD`.
    pub due: Option<String>,
    /// Who approved it.
    pub approved_by: Vec<String>,
    /// Whom it is about, beyond what its path tells: for holds that come while it waits.
    pub about: About,
}

/// Whom a file is about, by ids of the event register: never a name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct About {
    /// Persons.
    pub subjects: Vec<String>,
    /// Hiring rounds, courses or cases.
    pub processes: Vec<String>,
}

/// What the journal and the certificate tell of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// Keyed tag of the path, 32 hexadecimal digits.
    pub path_tag: String,
    /// Keyed tag of the content's digest, 32 hexadecimal digits.
    pub content_tag: String,
    /// Size in bytes.
    pub bytes: u64,
    /// Ids of the rules.
    pub rules: Vec<String>,
    /// The day it was due.
    pub due: Option<String>,
    /// Who approved it.
    pub approved_by: Vec<String>,
    /// Folder of the quarantine it went to.
    pub store: PathBuf,
}

/// What became of one order.
#[derive(Debug)]
pub enum Done {
    /// It was carried out; in a trial, it could be.
    Did,
    /// It is in quarantine already, under this receipt.
    Already(String),
    /// It was not carried out, and nothing was changed.
    Not(Refused),
}

/// Called at every step with its name; an error ends the run on the spot, as a kill would.
pub type Hook<'a> = &'a mut dyn FnMut(&'static str) -> Result<(), Stopped>;

/// Asked right before a file moves; the reason why it must not is told to the user.
pub type Permit<'a> = &'a mut dyn FnMut(&Order) -> Result<(), String>;

/// The run is to end here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stopped;

/// Where deeds are done: the journal, and what steps are told to.
pub struct Desk<'a> {
    journal: Journal,
    own: DigestKey,
    key: [u8; 32],
    now: i64,
    hook: Hook<'a>,
}

impl<'a> Desk<'a> {
    /// Opens the journal in the folder `ledger`, which is made with mode 0700, and locks it. `now` is
    /// in seconds since 1970.
    ///
    /// # Errors
    /// `Busy` where another run holds it; `Journal` where its chain is broken; the disk refuses.
    pub fn open(ledger: &Path, key: &DigestKey, now: i64, hook: Hook<'a>) -> Result<Self, Fault> {
        let journal = Journal::open(ledger, key)?;
        Ok(Self {
            journal,
            own: key.clone(),
            key: key.derived("sporhund deed tag 1"),
            now,
            hook,
        })
    }

    /// The journal as it stands.
    #[must_use]
    pub fn journal(&self) -> &Journal {
        &self.journal
    }

    fn step(&mut self, name: &'static str) -> Result<(), Fault> {
        (self.hook)(name).map_err(|Stopped| Fault::Stopped)
    }

    fn item(&self, order: &Order, store: &Path) -> Item {
        Item {
            path_tag: tag(&self.key, b"path", order.object.as_bytes()),
            content_tag: tag(&self.key, b"content", &order.content),
            bytes: order.bytes,
            rules: order.rules.clone(),
            due: order.due.clone(),
            approved_by: order.approved_by.clone(),
            store: store.to_owned(),
        }
    }
}

/// The tag by which journal and certificate know a content: for finding copies that came back.
#[must_use]
pub fn content_tag(key: &DigestKey, content: &[u8; 32]) -> String {
    tag(&key.derived("sporhund deed tag 1"), b"content", content)
}

fn tag(key: &[u8; 32], of: &[u8], bytes: &[u8]) -> String {
    let mut hasher = blake3::Hasher::new_keyed(key);
    hasher.update(of).update(&[0]).update(bytes);
    hasher.finalize().to_hex().chars().take(32).collect()
}
