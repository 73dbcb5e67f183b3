//! What the file system says, in the model's words.

use std::fs::Metadata;
use std::io;

use crate::model::{FileStat, Problem, ProblemKind, Stage};

/// The model's view of what the system says of a file.
#[cfg(unix)]
pub(super) fn file_stat(metadata: &Metadata) -> FileStat {
    use std::os::unix::fs::MetadataExt;
    let nanoseconds = |seconds: i64, part: i64| {
        let whole = seconds.saturating_mul(1_000_000_000);
        whole.saturating_add(part)
    };
    FileStat {
        bytes: metadata.size(),
        mtime_ns: nanoseconds(metadata.mtime(), metadata.mtime_nsec()),
        ctime_ns: nanoseconds(metadata.ctime(), metadata.ctime_nsec()),
        device: metadata.dev(),
        inode: metadata.ino(),
        mode: metadata.mode() & 0o7777,
        uid: metadata.uid(),
        gid: metadata.gid(),
        links: metadata.nlink(),
    }
}

/// The model's view of what the system says of a file, where it says little.
#[cfg(not(unix))]
pub(super) fn file_stat(metadata: &Metadata) -> FileStat {
    let since_1970 = metadata
        .modified()
        .ok()
        .and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok())
        .and_then(|age| i64::try_from(age.as_nanos()).ok());
    FileStat {
        bytes: metadata.len(),
        mtime_ns: since_1970.unwrap_or_default(),
        ctime_ns: 0,
        device: 0,
        inode: 0,
        mode: 0,
        uid: 0,
        gid: 0,
        links: 1,
    }
}

/// The problem that an error of the system stands for. Its text is dropped: it can quote a name.
pub(super) fn problem_of(error: &io::Error, stage: Stage) -> Problem {
    use io::ErrorKind::{NotADirectory, NotFound, PermissionDenied};
    let cause = error.kind();
    let kind = if cause == PermissionDenied {
        ProblemKind::Permission
    } else if cause == NotFound || cause == NotADirectory {
        // A folder that became a file is as gone as one that was removed.
        ProblemKind::Vanished
    } else {
        ProblemKind::Io
    };
    Problem::new(kind, stage)
}
