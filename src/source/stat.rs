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
    let since_1970 = |time: io::Result<std::time::SystemTime>| {
        let age = time.ok()?.duration_since(std::time::UNIX_EPOCH).ok()?;
        i64::try_from(age.as_nanos()).ok()
    };
    FileStat {
        bytes: metadata.len(),
        mtime_ns: since_1970(metadata.modified()).unwrap_or_default(),
        ctime_ns: since_1970(metadata.created()).unwrap_or_default(),
        device: 0,
        inode: 0,
        mode: 0,
        uid: FileStat::NO_ACCOUNT,
        gid: FileStat::NO_ACCOUNT,
        links: 1,
    }
}

/// Whether another program keeps the file for itself: `ERROR_SHARING_VIOLATION` and `ERROR_LOCK_VIOLATION` of
/// Windows. Elsewhere a lock keeps no reader out.
fn is_in_use(error: &io::Error) -> bool {
    cfg!(windows) && matches!(error.raw_os_error(), Some(32 | 33))
}

/// The problem that an error of the system stands for. Its text is dropped: it can quote a name.
pub(super) fn problem_of(error: &io::Error, stage: Stage) -> Problem {
    use io::ErrorKind::{NotADirectory, NotFound, PermissionDenied};
    let cause = error.kind();
    let kind = if cause == PermissionDenied || is_in_use(error) {
        ProblemKind::Permission
    } else if cause == NotFound || cause == NotADirectory {
        // A folder that became a file is as gone as one that was removed.
        ProblemKind::Vanished
    } else {
        ProblemKind::Io
    };
    Problem::new(kind, stage)
}
