//! One object's line in the inventory, as the workers hand it to the writer.

use super::{ClassGuess, Fact, Finding, Likeness, ObjectPath, Outcome};
use crate::sorted::Sorted;

/// All that is kept of one object.
#[derive(Clone, Debug)]
pub struct Record {
    /// Where it lives.
    pub object: ObjectPath,
    /// Its one ending.
    pub outcome: Outcome,
    /// Id of the format it was read as; `None` where that was not found out.
    pub format: Option<&'static str>,
    /// Size in bytes as it lies in its container or on disk.
    pub bytes: u64,
    /// What the file system says; `None` for members and for what could not be examined.
    pub stat: Option<FileStat>,
    /// BLAKE3 digest of the content; `None` where it was not read whole.
    pub content_digest: Option<[u8; 32]>,
    /// What kind of document it seems to be.
    pub class: Option<ClassGuess>,
    /// Dates and other facts.
    pub facts: Vec<Fact>,
    /// What its text is like; `None` where it has too few words.
    pub likeness: Option<Likeness>,
    /// What was found, by kind and level, in a stable order.
    pub findings: Vec<Finding>,
    /// Keyed digests of the values of digested kinds, by detector id: sorted by id.
    pub digests: Vec<(&'static str, Sorted)>,
}

/// What the file system says of a file, for telling whether it changed and who can read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileStat {
    /// Size in bytes.
    pub bytes: u64,
    /// Modification time, nanoseconds since 1970.
    pub mtime_ns: i64,
    /// Change time, nanoseconds since 1970; on Windows the time of creation, which tells a file from another that
    /// took its name. 0 where the system has none.
    pub ctime_ns: i64,
    /// Device number; 0 where the system has none.
    pub device: u64,
    /// Inode number; 0 where the system has none.
    pub inode: u64,
    /// Permission bits; 0 where the system has none.
    pub mode: u32,
    /// Owner's user id; [`NO_ACCOUNT`](Self::NO_ACCOUNT) where the system has none.
    pub uid: u32,
    /// Owning group's id; likewise.
    pub gid: u32,
    /// Number of hard links; 1 where unknown.
    pub links: u64,
}

impl FileStat {
    /// The id of no account and no group: systems with numbers for them keep it for that (POSIX, `chown`).
    pub const NO_ACCOUNT: u32 = u32::MAX;
}

impl Record {
    /// The record of an object of `bytes` bytes whose content was not looked at.
    #[must_use]
    pub fn unread(object: ObjectPath, outcome: Outcome, bytes: u64) -> Self {
        Self {
            object,
            outcome,
            format: None,
            bytes,
            stat: None,
            content_digest: None,
            class: None,
            facts: Vec::new(),
            likeness: None,
            findings: Vec::new(),
            digests: Vec::new(),
        }
    }
}
