//! Opening a file that the walk found, without leaving a trace and without being led elsewhere.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::Path;

use crate::model::{Problem, ProblemKind, Stage};

use super::Task;
use super::stat::{file_stat, problem_of};

/// Opens the file of a task for reading. The access time is left alone where the system allows it
/// (owner or administrator on Linux).
///
/// # Errors
/// `Vanished` where it is gone, `Permission` where access is refused, `Link` or `SpecialFile` where
/// something else has taken its place (these two are reasons to skip it, not failures), `Io`
/// otherwise.
pub fn open(task: &Task) -> Result<File, Problem> {
    let file = open_quietly(&task.path).map_err(|error| open_problem(&error))?;
    let metadata = file
        .metadata()
        .map_err(|error| problem_of(&error, Stage::Open))?;
    if !metadata.is_file() {
        return Err(Problem::new(ProblemKind::SpecialFile, Stage::Open));
    }
    let now = file_stat(&metadata);
    let same = now.inode != 0 && (now.device, now.inode) == (task.stat.device, task.stat.inode);
    if !same && !is_real(&task.path) {
        return Err(Problem::new(ProblemKind::Link, Stage::Open));
    }
    Ok(file)
}

/// Whether no link lies on the way to `path`. A file may be replaced by a newer one between listing
/// and opening, but a folder that was swapped for a link leads out of the root.
fn is_real(path: &Path) -> bool {
    fs::canonicalize(path).is_ok_and(|real| real == path)
}

#[cfg(target_os = "linux")]
fn open_quietly(path: &Path) -> io::Result<File> {
    use rustix::fs::OFlags;
    let plain = OFlags::NOFOLLOW | OFlags::NONBLOCK;
    match open_with(path, plain | OFlags::NOATIME) {
        // Only the owner may ask for it.
        Err(error) if error.raw_os_error() == Some(rustix::io::Errno::PERM.raw_os_error()) => {
            open_with(path, plain)
        }
        result => result,
    }
}

#[cfg(all(unix, not(target_os = "linux")))]
fn open_quietly(path: &Path) -> io::Result<File> {
    open_with(
        path,
        rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK,
    )
}

#[cfg(unix)]
fn open_with(path: &Path, flags: rustix::fs::OFlags) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    let flags = flags.bits().cast_signed();
    OpenOptions::new().read(true).custom_flags(flags).open(path)
}

#[cfg(not(unix))]
fn open_quietly(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).open(path)
}

/// Whether the bytes of a file that occupies no blocks lie elsewhere, such as on tape. A file of
/// nothing but a hole has no byte that could be fetched, and says so; a file whose content was moved
/// away says that there is some. Asking fetches nothing.
#[cfg(target_os = "linux")]
pub(super) fn is_stored_elsewhere(path: &Path) -> bool {
    let Ok(file) = open_quietly(path) else {
        return false;
    };
    let found = rustix::fs::seek(&file, rustix::fs::SeekFrom::Data(0));
    found != Err(rustix::io::Errno::NXIO)
}

#[cfg(not(target_os = "linux"))]
pub(super) fn is_stored_elsewhere(_: &Path) -> bool {
    true
}

fn open_problem(error: &io::Error) -> Problem {
    #[cfg(unix)]
    if error.raw_os_error() == Some(rustix::io::Errno::LOOP.raw_os_error()) {
        return Problem::new(ProblemKind::Link, Stage::Open);
    }
    problem_of(error, Stage::Open)
}
