//! Why something was not done. Each is a sentence without personal data: the caller names the file.

use std::io;
use std::path::PathBuf;

/// Why one file was left as it was. The rest of the plan goes on.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// It is not there.
    #[error("the file is gone")]
    Gone,
    /// A link, or a file in place of a folder.
    #[error("a link, or something that is no folder, lies on the way to it")]
    Link,
    /// Something other than a file.
    #[error("it is no ordinary file any more")]
    NoFile,
    /// Its content is not the one that was approved.
    #[error("its content has changed since the scan; scan again and make a new plan")]
    Changed,
    /// The path leads out of the root.
    #[error("its path leads out of the root")]
    Outside,
    /// Several hard links.
    #[error("the file has several names (hard links): moving one of them would delete nothing")]
    HardLinks,
    /// A program has it open or locked.
    #[error("the file is in use; close it and try again")]
    InUse,
    /// Something lies where it should go back to.
    #[error("another file lies where it was; move that one away first")]
    Occupied,
    /// The caller says no.
    #[error("{0}")]
    NotPermitted(String),
    /// It was put back, deleted, or never came.
    #[error("it is not in quarantine")]
    NotInQuarantine,
    /// It was changed in quarantine.
    #[error("its content was changed in quarantine, so it is left there")]
    ChangedInQuarantine,
    /// No room.
    #[error("the disk of the quarantine is full")]
    Full,
    /// No writing.
    #[error("the quarantine, or the folder of the file, cannot be written to ({0})")]
    ReadOnly(Unwritable),
    /// The system refuses.
    #[error("the system refuses: {0}")]
    System(String),
}

/// Why a place cannot be written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unwritable {
    /// The file system is read-only.
    #[error("read-only")]
    ReadOnly,
    /// The account may not.
    #[error("no permission")]
    NoPermission,
    /// The folder above it is missing.
    #[error("its folder is not there")]
    NoFolder,
}

/// Why the whole run ended.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// One file was refused; only inside of this module.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// Another run holds the journal.
    #[error("another `apply`, `restore` or `purge` is at work with the journal in `{0}`")]
    Busy(PathBuf),
    /// The journal was changed, or belongs to another key.
    #[error("the journal `{path}` does not hold at line {line}: {why}")]
    Journal {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: u64,
        /// What is wrong.
        why: &'static str,
    },
    /// The journal cannot be read or written.
    #[error("the journal `{path}` cannot be used")]
    JournalIo {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// There is no such receipt.
    #[error("there is no receipt `{0}` in the journal")]
    NoReceipt(String),
    /// The run was stopped between two steps.
    #[error("stopped; the next run ends what was begun")]
    Stopped,
}

impl From<rustix::io::Errno> for Refused {
    fn from(errno: rustix::io::Errno) -> Self {
        use rustix::io::Errno;
        match errno {
            Errno::NOENT => Self::Gone,
            Errno::LOOP | Errno::NOTDIR | Errno::MLINK => Self::Link,
            Errno::EXIST => Self::Occupied,
            Errno::NOSPC | Errno::DQUOT => Self::Full,
            Errno::ROFS => Self::ReadOnly(Unwritable::ReadOnly),
            Errno::ACCESS | Errno::PERM => Self::ReadOnly(Unwritable::NoPermission),
            Errno::TXTBSY | Errno::BUSY => Self::InUse,
            other => Self::System(io::Error::from(other).kind().to_string()),
        }
    }
}

impl From<rustix::io::Errno> for Fault {
    fn from(errno: rustix::io::Errno) -> Self {
        Self::Refused(errno.into())
    }
}

impl From<io::Error> for Refused {
    fn from(error: io::Error) -> Self {
        match rustix::io::Errno::from_io_error(&error) {
            Some(errno) => errno.into(),
            None => Self::System(error.kind().to_string()),
        }
    }
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        Self::Refused(error.into())
    }
}
