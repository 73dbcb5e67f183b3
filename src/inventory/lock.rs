//! One writer at a time, and the names of the files that are being read.
//!
//! The lock is the system's own on a file beside the inventory, so that it ends with the process
//! however that dies. It is not taken on the database itself: closing a second handle on that would
//! drop SQLite's locks. The same file names the files in progress, one slot for each worker: after a
//! kill these are the suspects. A write into the page cache is cheap and survives the process.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::model::ObjectPath;
use crate::own_files::open_private;

use super::Error;
use super::store::{beside, check_private};

/// Bytes of a slot: two for the length, the rest for the name; a longer name is cut.
const SLOT: usize = 4096;

/// More workers than these share no slots: they are not named.
const SLOTS: usize = 256;

/// The lock on an inventory. It is released when this is dropped, or with the process.
#[derive(Debug)]
pub(super) struct Lock {
    file: Arc<File>,
    path: PathBuf,
}

impl Lock {
    /// Takes the lock, and tells which files were in progress when an earlier holder died.
    pub(super) fn take(inventory: &Path) -> Result<(Self, Vec<String>), Error> {
        let path = beside(inventory, ".lock");
        loop {
            let mut options = OpenOptions::new();
            options.read(true).write(true).create(true).truncate(false);
            let file =
                open_private(&path, &mut options).map_err(Error::io("create the lock", &path))?;
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => {
                    let path = inventory.to_owned();
                    return Err(Error::Locked { path });
                }
                Err(TryLockError::Error(error)) => return Err(Error::io("lock", &path)(error)),
            }
            // The last holder may have removed the file after it was opened here.
            if !is_same(&file, &path) {
                continue;
            }
            check_private(&path)?;
            let suspects = read_slots(&file);
            file.set_len(0).map_err(Error::io("write", &path))?;
            let file = Arc::new(file);
            return Ok((Self { file, path }, suspects));
        }
    }

    pub(super) fn in_progress(&self) -> InProgress {
        InProgress {
            file: Arc::clone(&self.file),
        }
    }

    /// Removes the file, while the lock still holds.
    pub(super) fn remove(&self) {
        // A lock file that stays behind does no harm.
        let _ = fs::remove_file(&self.path);
    }
}

/// Closing the file is not enough: a child process that is just being started shares it until it
/// becomes the other program.
impl Drop for Lock {
    fn drop(&mut self) {
        let _ = self.file.unlock();
    }
}

/// Names the files that workers are reading, for the case that one of them ends the process.
#[derive(Clone, Debug)]
pub struct InProgress {
    file: Arc<File>,
}

impl InProgress {
    /// Worker `slot` (from 0) begins to read `object`.
    pub fn enter(&self, slot: usize, object: &ObjectPath) {
        let name = object.to_string();
        let length = name.len().min(SLOT - 2);
        let mut bytes = u16::try_from(length)
            .unwrap_or_default()
            .to_be_bytes()
            .to_vec();
        bytes.extend(name.as_bytes().iter().take(length));
        self.put(slot, &bytes);
    }

    /// Worker `slot` is done with its file.
    pub fn leave(&self, slot: usize) {
        self.put(slot, &[0, 0]);
    }

    /// A name that cannot be written is a hint lost, and no reason to end a run.
    fn put(&self, slot: usize, bytes: &[u8]) {
        #[cfg(unix)]
        let write_at = std::os::unix::fs::FileExt::write_all_at;
        #[cfg(windows)]
        let write_at = std::os::windows::fs::FileExt::seek_write;
        if slot < SLOTS {
            let file: &File = &self.file;
            let _ = write_at(file, bytes, (slot * SLOT) as u64);
        }
    }
}

#[cfg(unix)]
fn is_same(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    match (file.metadata(), fs::metadata(path)) {
        (Ok(own), Ok(named)) => (own.dev(), own.ino()) == (named.dev(), named.ino()),
        _ => false,
    }
}

#[cfg(not(unix))]
fn is_same(_: &File, _: &Path) -> bool {
    true
}

fn read_slots(file: &File) -> Vec<String> {
    #[cfg(unix)]
    let read_at = std::os::unix::fs::FileExt::read_at;
    #[cfg(windows)]
    let read_at = std::os::windows::fs::FileExt::seek_read;
    let mut names = Vec::new();
    let mut bytes = vec![0; SLOT];
    for slot in 0..SLOTS {
        let Ok(read) = read_at(file, &mut bytes, (slot * SLOT) as u64) else {
            break;
        };
        let (Some(length), Some(text)) = (bytes.first_chunk::<2>(), bytes.get(2..read)) else {
            break;
        };
        let length = usize::from(u16::from_be_bytes(*length));
        if let Some(name) = text.get(..length).filter(|name| !name.is_empty()) {
            names.push(String::from_utf8_lossy(name).into_owned());
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handle_shared_with_a_starting_child_does_not_keep_the_lock() {
        let folder = tempfile::tempdir().unwrap();
        let inventory = folder.path().join("sporhund.db");
        let (lock, _) = Lock::take(&inventory).unwrap();
        let _shared = lock.file.try_clone().unwrap();
        assert!(matches!(Lock::take(&inventory), Err(Error::Locked { .. })));
        drop(lock);
        Lock::take(&inventory).unwrap();
    }
}
