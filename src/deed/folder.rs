//! A folder that is held open: names are looked up in it, and no link is followed on the way.

use std::fs::File;
use std::io::{Read, Write as _};
use std::os::fd::{AsFd, OwnedFd};
use std::path::Path;

use rustix::fs::{
    self as sys, AtFlags, CWD, FlockOperation, Mode, OFlags, RawDir, RenameFlags, Stat,
};
use rustix::io::Errno;

use super::Refused;

/// Bytes that are read or copied at once.
const BLOCK: usize = 256 * 1024;

/// A folder that is held open.
#[derive(Debug)]
pub(super) struct Folder(OwnedFd);

impl Folder {
    /// The folder at a real path: no link may lie on the way.
    pub(super) fn at(path: &Path) -> Result<Self, Refused> {
        let real = std::fs::canonicalize(path).map_err(Refused::from)?;
        if real != path {
            return Err(Refused::Link);
        }
        Ok(Self(sys::openat(CWD, path, folder_flags(), Mode::empty())?))
    }

    /// The same, made with mode 0700 where it is not there; its parent must be.
    pub(super) fn made_at(path: &Path) -> Result<Self, Refused> {
        match sys::mkdirat(CWD, path, Mode::RWXU) {
            Ok(()) | Err(Errno::EXIST) => {}
            Err(errno) => return Err(errno.into()),
        }
        let real = std::fs::canonicalize(path).map_err(Refused::from)?;
        let folder = Self(sys::openat(CWD, &real, folder_flags(), Mode::empty())?);
        folder.close_to_others()?;
        Ok(folder)
    }

    /// Takes rights from others where the folder is ours.
    fn close_to_others(&self) -> Result<(), Refused> {
        let mode = Mode::from_raw_mode(sys::fstat(&self.0)?.st_mode);
        if mode.intersects(Mode::RWXG | Mode::RWXO) {
            sys::fchmod(&self.0, Mode::RWXU)?;
        }
        Ok(())
    }

    /// The folder below this one, component by component; with `make`, missing ones are made (0700).
    pub(super) fn below(&self, names: &[&[u8]], make: bool) -> Result<Self, Refused> {
        let mut at = self.0.try_clone().map_err(Refused::from)?;
        for name in names {
            let opened = match sys::openat(&at, *name, folder_flags(), Mode::empty()) {
                Err(Errno::NOENT) if make => {
                    sys::mkdirat(&at, *name, Mode::RWXU)?;
                    sys::fsync(&at)?;
                    sys::openat(&at, *name, folder_flags(), Mode::empty())
                }
                opened => opened,
            };
            at = opened?;
        }
        Ok(Self(at))
    }

    /// An ordinary file in the folder, for reading; its access time is left alone where that is
    /// allowed.
    pub(super) fn open(&self, name: &[u8]) -> Result<(File, Stat), Refused> {
        let plain = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        #[cfg(target_os = "linux")]
        let opened = match sys::openat(&self.0, name, plain | OFlags::NOATIME, Mode::empty()) {
            Err(Errno::PERM) => sys::openat(&self.0, name, plain, Mode::empty()),
            opened => opened,
        };
        #[cfg(not(target_os = "linux"))]
        let opened = sys::openat(&self.0, name, plain, Mode::empty());
        let file = File::from(opened?);
        let stat = sys::fstat(&file)?;
        if sys::FileType::from_raw_mode(stat.st_mode) != sys::FileType::RegularFile {
            return Err(Refused::NoFile);
        }
        Ok((file, stat))
    }

    /// Whether something of that name is there.
    pub(super) fn has(&self, name: &[u8]) -> Result<bool, Refused> {
        match sys::statat(&self.0, name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(_) => Ok(true),
            Err(Errno::NOENT) => Ok(false),
            Err(errno) => Err(errno.into()),
        }
    }

    /// What lies there under the name, links not followed.
    pub(super) fn stat(&self, name: &[u8]) -> Result<Stat, Refused> {
        Ok(sys::statat(&self.0, name, AtFlags::SYMLINK_NOFOLLOW)?)
    }

    /// Moves a file to another folder of the same file system, where nothing of that name may be.
    pub(super) fn rename(&self, name: &[u8], to: &Self, new: &[u8]) -> Result<(), Errno> {
        match sys::renameat_with(&self.0, name, &to.0, new, RenameFlags::NOREPLACE) {
            // Some network file systems know no exclusive renaming.
            Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => {}
            renamed => return renamed,
        }
        if sys::statat(&to.0, new, AtFlags::SYMLINK_NOFOLLOW).is_ok() {
            return Err(Errno::EXIST);
        }
        sys::renameat(&self.0, name, &to.0, new)
    }

    /// A new file with mode 0600.
    pub(super) fn create(&self, name: &[u8]) -> Result<File, Refused> {
        let flags =
            OFlags::RDWR | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        Ok(File::from(sys::openat(
            &self.0,
            name,
            flags,
            Mode::RUSR | Mode::WUSR,
        )?))
    }

    /// Writes a small file so that it is there whole or not at all, and flushes it.
    pub(super) fn put(&self, name: &str, bytes: &[u8]) -> Result<(), Refused> {
        let part = format!("{name}.part");
        self.remove(part.as_bytes())?;
        let mut file = self.create(part.as_bytes())?;
        file.write_all(bytes)?;
        file.sync_all()?;
        sys::renameat(&self.0, part.as_bytes(), &self.0, name.as_bytes())?;
        self.sync()
    }

    /// Removes a file; one that is not there is fine.
    pub(super) fn remove(&self, name: &[u8]) -> Result<(), Refused> {
        match sys::unlinkat(&self.0, name, AtFlags::empty()) {
            Ok(()) | Err(Errno::NOENT) => Ok(()),
            // A disk that is read-only says so before it has looked.
            Err(Errno::ROFS) if !self.has(name)? => Ok(()),
            Err(errno) => Err(errno.into()),
        }
    }

    /// Removes a folder that is empty, else leaves it.
    pub(super) fn remove_folder(&self, name: &[u8]) {
        let _ = sys::unlinkat(&self.0, name, AtFlags::REMOVEDIR);
    }

    /// Flushes the folder's names to the disk.
    pub(super) fn sync(&self) -> Result<(), Refused> {
        match sys::fsync(&self.0) {
            // Some file systems cannot flush folders.
            Ok(()) | Err(Errno::INVAL | Errno::NOTSUP) => Ok(()),
            Err(errno) => Err(errno.into()),
        }
    }

    /// The names in the folder.
    pub(super) fn names(&self) -> Result<Vec<Vec<u8>>, Refused> {
        let again = sys::openat(&self.0, ".", folder_flags(), Mode::empty())?;
        let mut names = Vec::new();
        let mut buffer = Vec::with_capacity(32 * 1024);
        let mut entries = RawDir::new(again, buffer.spare_capacity_mut());
        while let Some(entry) = entries.next() {
            let name = entry?.file_name().to_bytes().to_vec();
            if name != b"." && name != b".." {
                names.push(name);
            }
        }
        names.sort();
        Ok(names)
    }

    /// Whether an office program has left its mark beside the file that it is open.
    pub(super) fn has_office_lock(&self, name: &[u8]) -> Result<bool, Refused> {
        let libre = [b".~lock.", name, b"#"].concat();
        let word = [b"~$", name].concat();
        // Word writes over the first two letters of longer names.
        let short = [b"~$", name.get(2..).unwrap_or_default()].concat();
        Ok(self.has(&libre)? || self.has(&word)? || (short.len() > 6 && self.has(&short)?))
    }
}

fn folder_flags() -> OFlags {
    OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC
}

/// Whether another program holds a lock on the file.
pub(super) fn is_locked(file: &File) -> bool {
    let flock = sys::flock(file, FlockOperation::NonBlockingLockExclusive);
    let record = sys::fcntl_lock(file, FlockOperation::NonBlockingLockShared);
    if flock.is_ok() {
        // A process that is just being started may share the handle.
        let _ = sys::flock(file, FlockOperation::Unlock);
    }
    let locked = |result: Result<(), Errno>| matches!(result, Err(Errno::AGAIN | Errno::ACCESS));
    locked(flock) || locked(record)
}

/// BLAKE3 digest of all that the file holds.
pub(super) fn digest(file: &File) -> Result<[u8; 32], Refused> {
    let mut hasher = blake3::Hasher::new();
    let mut block = vec![0; BLOCK];
    let mut at = 0;
    loop {
        let read = rustix::io::pread(file, &mut *block, at)?;
        if read == 0 {
            return Ok(hasher.finalize().into());
        }
        hasher.update(block.get(..read).unwrap_or_default());
        at += read as u64;
    }
}

/// Copies all of `from` into a new file and flushes it; tells whether the copy has the digest.
pub(super) fn copy(from: &File, to: &mut File, content: &[u8; 32]) -> Result<bool, Refused> {
    let mut block = vec![0; BLOCK];
    let mut reader = from;
    std::io::Seek::rewind(&mut reader)?;
    loop {
        let read = reader.read(&mut block)?;
        if read == 0 {
            break;
        }
        to.write_all(block.get(..read).unwrap_or_default())?;
    }
    to.sync_all()?;
    Ok(digest(to)? == *content)
}

/// Changes mode of an open file.
pub(super) fn set_mode(file: impl AsFd, mode: u32) -> Result<(), Refused> {
    Ok(sys::fchmod(file, Mode::from_raw_mode(mode & 0o7777))?)
}
