//! The entries of one folder: their names, what each is, and what the system says of it.
//!
//! On Linux a folder is opened once, and its entries are examined through that handle: no path is
//! resolved for each of them, and none can lead elsewhere meanwhile. Names come sorted by their bytes,
//! because their order must not depend on the file system; a folder with more entries than
//! [`CHUNK`] comes in chunks that are sorted each, so that memory has a bound.

use std::io;
use std::path::Path;

use crate::model::{FileStat, Problem, Stage};

use super::stat::problem_of;

/// Entries of a folder that are held at once.
pub(super) const CHUNK: usize = 65_536;

/// What an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum EntryKind {
    File,
    Folder,
    Link,
    /// A pipe, a socket, a device.
    Special,
}

/// Whether a file's bytes lie elsewhere, such as on tape or in a cloud, and come when they are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Away {
    No,
    /// It occupies no blocks, and is too long to be kept without any.
    #[cfg_attr(
        not(target_os = "linux"),
        expect(dead_code, reason = "blocks are counted on Linux")
    )]
    Perhaps,
    /// The system says so.
    #[cfg_attr(
        not(windows),
        expect(dead_code, reason = "told by attributes of Windows")
    )]
    Yes,
}

/// An entry of a folder.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) name: Box<[u8]>,
    pub(super) seen: Result<Seen, Problem>,
}

/// What the system says of an entry.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen {
    pub(super) kind: EntryKind,
    pub(super) stat: FileStat,
    pub(super) away: Away,
}

/// An open folder, whose entries come chunk by chunk.
#[derive(Debug)]
pub(super) struct Listing {
    inner: system::Folder,
    ended: bool,
}

impl Listing {
    /// Opens the folder at `path`, which must be no link, and tells what the system says of it.
    pub(super) fn open(path: &Path) -> io::Result<(Self, FileStat)> {
        let (inner, stat) = system::Folder::open(path)?;
        let ended = false;
        let listing = Self { inner, ended };
        Ok((listing, stat))
    }

    /// Whether all entries have been told.
    pub(super) fn has_ended(&self) -> bool {
        self.ended
    }

    /// Begins anew.
    pub(super) fn rewind(&mut self) -> io::Result<()> {
        self.ended = false;
        self.inner.rewind()
    }

    /// The next entries, sorted by the bytes of their names. An error of the system in the middle of
    /// the listing comes beside what was listed before.
    pub(super) fn chunk(&mut self) -> (Vec<Entry>, Option<Problem>) {
        let mut names = Vec::new();
        let mut problem = None;
        while names.len() < CHUNK {
            match self.inner.next_name() {
                Ok(Some(name)) => names.push(name),
                Ok(None) => {
                    self.ended = true;
                    break;
                }
                Err(error) => {
                    self.ended = true;
                    problem = Some(problem_of(&error, Stage::Walk));
                    break;
                }
            }
        }
        names.sort_unstable();
        let entries = names.into_iter().map(|name| {
            let seen = self.inner.examine(&name);
            let seen = seen.map_err(|error| problem_of(&error, Stage::Walk));
            Entry { name, seen }
        });
        (entries.collect(), problem)
    }
}

#[cfg(target_os = "linux")]
mod system {
    use std::collections::VecDeque;
    use std::ffi::OsStr;
    use std::io;
    use std::mem::MaybeUninit;
    use std::os::fd::OwnedFd;
    use std::os::unix::ffi::OsStrExt as _;
    use std::path::Path;

    use rustix::fs::{
        AtFlags, FileType, Mode, OFlags, RawDir, SeekFrom, Stat, fstat, open, seek, statat,
    };
    use rustix::io::Errno;

    use super::{Away, EntryKind, Seen};
    use crate::model::FileStat;

    /// A file system may keep a shorter file beside its attributes, without a block of its own.
    const KEPT_IN_BLOCKS: i64 = 4096;

    /// Bytes of names that the kernel is asked for at a time.
    const BUFFER: usize = 16 * 1024;

    #[derive(Debug)]
    pub(super) struct Folder {
        handle: OwnedFd,
        names: VecDeque<Box<[u8]>>,
        ended: bool,
    }

    impl Folder {
        pub(super) fn open(path: &Path) -> io::Result<(Self, FileStat)> {
            let plain = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
            let handle = match open(path, plain | OFlags::NOATIME, Mode::empty()) {
                // Only the owner may ask to leave the access time alone.
                Err(Errno::PERM) => open(path, plain, Mode::empty())?,
                opened => opened?,
            };
            let stat = file_stat(&fstat(&handle)?);
            let folder = Self {
                handle,
                names: VecDeque::new(),
                ended: false,
            };
            Ok((folder, stat))
        }

        pub(super) fn rewind(&mut self) -> io::Result<()> {
            seek(&self.handle, SeekFrom::Start(0))?;
            self.names.clear();
            self.ended = false;
            Ok(())
        }

        pub(super) fn next_name(&mut self) -> io::Result<Option<Box<[u8]>>> {
            if self.names.is_empty() && !self.ended {
                self.fill()?;
            }
            Ok(self.names.pop_front())
        }

        /// Asks the kernel once.
        fn fill(&mut self) -> io::Result<()> {
            let mut buffer = [const { MaybeUninit::uninit() }; BUFFER];
            let mut entries = RawDir::new(&self.handle, &mut buffer);
            self.ended = true;
            while let Some(entry) = entries.next() {
                let entry = entry?;
                let name = entry.file_name().to_bytes();
                if name != b"." && name != b".." {
                    self.names.push_back(name.into());
                }
                if entries.is_buffer_empty() && !self.names.is_empty() {
                    self.ended = false;
                    break;
                }
            }
            Ok(())
        }

        pub(super) fn examine(&self, name: &[u8]) -> io::Result<Seen> {
            let name = OsStr::from_bytes(name);
            let stat = statat(&self.handle, name, AtFlags::SYMLINK_NOFOLLOW)?;
            Ok(Seen {
                kind: kind(&stat),
                stat: file_stat(&stat),
                away: if stat.st_blocks == 0 && stat.st_size >= KEPT_IN_BLOCKS {
                    Away::Perhaps
                } else {
                    Away::No
                },
            })
        }
    }

    fn kind(stat: &Stat) -> EntryKind {
        match FileType::from_raw_mode(stat.st_mode) {
            FileType::RegularFile => EntryKind::File,
            FileType::Directory => EntryKind::Folder,
            FileType::Symlink => EntryKind::Link,
            FileType::Fifo
            | FileType::Socket
            | FileType::CharacterDevice
            | FileType::BlockDevice
            | FileType::Unknown => EntryKind::Special,
        }
    }

    #[expect(
        clippy::useless_conversion,
        clippy::unnecessary_cast,
        reason = "the widths of these fields differ between processors"
    )]
    fn file_stat(stat: &Stat) -> FileStat {
        let nanoseconds = |seconds: i64, part: u64| {
            let whole = seconds.saturating_mul(1_000_000_000);
            whole.saturating_add(part.cast_signed())
        };
        FileStat {
            bytes: stat.st_size.cast_unsigned(),
            mtime_ns: nanoseconds(stat.st_mtime.into(), stat.st_mtime_nsec.into()),
            ctime_ns: nanoseconds(stat.st_ctime.into(), stat.st_ctime_nsec.into()),
            device: stat.st_dev.into(),
            inode: stat.st_ino.into(),
            mode: stat.st_mode & 0o7777,
            uid: stat.st_uid,
            gid: stat.st_gid,
            links: stat.st_nlink as u64,
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod system {
    use std::collections::HashMap;
    use std::fs::{self, Metadata, ReadDir};
    use std::io;
    use std::path::{Path, PathBuf};

    use super::{Away, EntryKind, Seen};
    use crate::model::FileStat;
    use crate::source::stat::file_stat;

    #[derive(Debug)]
    pub(super) struct Folder {
        path: PathBuf,
        entries: ReadDir,
        /// What the system says of the names that were told and not examined. On Windows it says so along
        /// with the name, and no file is opened for it.
        met: HashMap<Box<[u8]>, io::Result<Metadata>>,
    }

    impl Folder {
        pub(super) fn open(path: &Path) -> io::Result<(Self, FileStat)> {
            let metadata = fs::symlink_metadata(path)?;
            if !metadata.is_dir() {
                return Err(io::ErrorKind::NotADirectory.into());
            }
            let folder = Self {
                path: path.to_owned(),
                entries: fs::read_dir(path)?,
                met: HashMap::new(),
            };
            Ok((folder, file_stat(&metadata)))
        }

        pub(super) fn rewind(&mut self) -> io::Result<()> {
            self.entries = fs::read_dir(&self.path)?;
            self.met.clear();
            Ok(())
        }

        pub(super) fn next_name(&mut self) -> io::Result<Option<Box<[u8]>>> {
            let Some(entry) = self.entries.next().transpose()? else {
                return Ok(None);
            };
            let name: Box<[u8]> = entry.file_name().as_encoded_bytes().into();
            self.met.insert(name.clone(), entry.metadata());
            Ok(Some(name))
        }

        pub(super) fn examine(&mut self, name: &[u8]) -> io::Result<Seen> {
            let metadata = self.met.remove(name);
            let metadata = metadata.ok_or(io::ErrorKind::NotFound)??;
            Ok(Seen {
                kind: kind(&metadata),
                stat: file_stat(&metadata),
                away: away(&metadata),
            })
        }
    }

    /// `FILE_ATTRIBUTE_OFFLINE`, `_RECALL_ON_OPEN` and `_RECALL_ON_DATA_ACCESS`.
    #[cfg(windows)]
    fn away(metadata: &Metadata) -> Away {
        use std::os::windows::fs::MetadataExt as _;
        const RECALLED: u32 = 0x1000 | 0x0004_0000 | 0x0040_0000;
        if metadata.file_attributes() & RECALLED == 0 {
            Away::No
        } else {
            Away::Yes
        }
    }

    #[cfg(not(windows))]
    fn away(_: &Metadata) -> Away {
        Away::No
    }

    fn kind(metadata: &Metadata) -> EntryKind {
        if metadata.is_symlink() {
            EntryKind::Link
        } else if metadata.is_dir() {
            EntryKind::Folder
        } else if metadata.is_file() {
            EntryKind::File
        } else {
            EntryKind::Special
        }
    }
}
