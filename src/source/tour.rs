//! The walk of one root: folder by folder, the files of a folder in the order of their names' bytes
//! before the folders in it.

use std::collections::HashSet;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::vec;

use crate::model::{
    Cancel, FileStat, ListingSum, ObjectPath, Outcome, Problem, ProblemKind, Stage,
};

use super::identity::{Ancestors, HardLinks};
use super::listing::{Away, Entry, EntryKind, Listing, Seen};
use super::open::is_stored_elsewhere;
use super::roots::Prepared;
use super::stat::{file_stat, problem_of};
use super::walk::{Found, Leaf, Leaves, Task, Visitor, Walker};

/// The walk of one root.
pub(super) struct Tour<'a> {
    pub(super) walker: &'a Walker,
    pub(super) prepared: &'a Prepared,
    pub(super) cancel: &'a Cancel,
    pub(super) links: &'a mut HardLinks,
    pub(super) ancestors: Ancestors,
    pub(super) with_blocks: HashSet<u64>,
    pub(super) visitor: &'a mut dyn Visitor,
}

/// A folder that is being walked.
struct Level {
    path: PathBuf,
    /// Below the root, with `/`; empty for the root itself.
    relative: Vec<u8>,
    stat: FileStat,
    /// Folders of the chunk at hand that are still to be walked.
    folders: vec::IntoIter<Box<[u8]>>,
    /// What is left of its entries.
    listing: Listing,
    /// Whether the visitor was asked for its files as a whole.
    asked: bool,
    /// Whether its files were known as a whole, so that only its folders are of interest.
    known: bool,
}

/// A chunk of a folder's entries, sorted into what is told and what is walked.
#[derive(Default)]
struct Sorted {
    leaves: Vec<Leaf>,
    folders: Vec<Box<[u8]>>,
    failed: Vec<(Box<[u8]>, Problem)>,
    /// Whether the entries tell all that there is to know of the folder's objects.
    regular: bool,
}

impl Tour<'_> {
    /// Walks the root; the value is whether it was walked to its end.
    pub(super) fn root(&mut self) -> ControlFlow<(), bool> {
        let path = self.prepared.root.path.clone();
        let metadata = match std::fs::metadata(&path) {
            Ok(metadata) => metadata,
            Err(error) => {
                self.unlisted(b"", problem_of(&error, Stage::Walk))?;
                return ControlFlow::Continue(false);
            }
        };
        let stat = file_stat(&metadata);
        if !metadata.is_dir() {
            self.single_file(&path, &metadata, stat)?;
            return ControlFlow::Continue(true);
        }
        let Some(level) = self.enter(path.clone(), Vec::new(), 0, None)? else {
            return ControlFlow::Continue(false);
        };
        let listed = self.folders(level)?;
        // A share that was unmounted in the meantime looks like an empty folder.
        let still = std::fs::metadata(&path).is_ok_and(|now| {
            let now = file_stat(&now);
            (now.device, now.inode) == (stat.device, stat.inode)
        });
        ControlFlow::Continue(listed && still)
    }

    fn single_file(
        &mut self,
        path: &Path,
        metadata: &std::fs::Metadata,
        stat: FileStat,
    ) -> ControlFlow<()> {
        let name = Path::new(path.file_name().unwrap_or_default());
        let left = if !metadata.is_file() {
            Some(ProblemKind::SpecialFile)
        } else if self.walker.filter.leaves_out_file(name) {
            Some(ProblemKind::Excluded)
        } else {
            None
        };
        let relative = self.prepared.file_name.clone();
        self.leaf(&relative, path.to_owned(), left, stat)
    }

    /// Walks all that is below the root; the value is whether the root itself could be listed.
    fn folders(&mut self, root: Level) -> ControlFlow<(), bool> {
        let device = root.stat.device;
        let mut listed = true;
        let mut levels = vec![root];
        while let Some(level) = levels.last_mut() {
            if self.cancel.is_requested() {
                return ControlFlow::Break(());
            }
            if let Some(name) = level.folders.next() {
                let path = level.path.join(name_of(&name));
                let relative = joined(&level.relative, &name);
                let depth = levels.len();
                levels.extend(self.enter(path, relative, depth, Some(device))?);
            } else if level.listing.has_ended() {
                levels.pop();
            } else {
                let complete = self.chunk(level)?;
                listed &= complete || levels.len() > 1;
            }
        }
        ControlFlow::Continue(listed)
    }

    /// Opens a folder, unless it is one that is left out; `device` is the root's.
    fn enter(
        &mut self,
        path: PathBuf,
        relative: Vec<u8>,
        depth: usize,
        device: Option<u64>,
    ) -> ControlFlow<(), Option<Level>> {
        if device.is_some() && self.walker.filter.leaves_out_folder(&path_of(&relative)) {
            self.skipped(&relative, ProblemKind::Excluded)?;
            return ControlFlow::Continue(None);
        }
        let (listing, stat) = match Listing::open(&path) {
            Ok(opened) => opened,
            Err(error) => {
                self.unlisted(&relative, problem_of(&error, Stage::Walk))?;
                return ControlFlow::Continue(None);
            }
        };
        let kind = if self.ancestors.enter(depth, stat) {
            Some(ProblemKind::Link)
        } else if self.walker.one_file_system && device.is_some_and(|root| root != stat.device) {
            Some(ProblemKind::Excluded)
        } else {
            None
        };
        if let Some(kind) = kind {
            self.skipped(&relative, kind)?;
            return ControlFlow::Continue(None);
        }
        ControlFlow::Continue(Some(Level {
            path,
            relative,
            stat,
            folders: Vec::new().into_iter(),
            listing,
            asked: false,
            known: false,
        }))
    }

    /// Tells the next entries of a folder; the value is whether they could be listed.
    fn chunk(&mut self, level: &mut Level) -> ControlFlow<(), bool> {
        let (entries, problem) = level.listing.chunk();
        let mut sorted = self.sorted(level, entries);
        if !std::mem::replace(&mut level.asked, true) {
            let root = &self.prepared.root.label;
            if level.listing.has_ended() {
                if problem.is_none() && sorted.regular && !sorted.leaves.is_empty() {
                    level.known = self.offer(level, &sorted.leaves)?;
                }
            } else if self.visitor.knows_large_folder(root, &level.relative) {
                level.known = self.is_known_by_sum(level, sorted)?;
                if let Err(error) = level.listing.rewind() {
                    self.unlisted(&level.relative, problem_of(&error, Stage::Walk))?;
                    return ControlFlow::Continue(false);
                }
                return ControlFlow::Continue(true);
            }
        }
        for (name, problem) in std::mem::take(&mut sorted.failed) {
            let relative = joined(&level.relative, &name);
            self.settled(&relative, None, Outcome::Failed(problem))?;
        }
        if !level.known {
            for leaf in std::mem::take(&mut sorted.leaves) {
                if self.cancel.is_requested() {
                    return ControlFlow::Break(());
                }
                let relative = joined(&level.relative, &leaf.name);
                let path = level.path.join(name_of(&leaf.name));
                self.leaf(&relative, path, leaf.left, leaf.stat)?;
            }
        }
        level.folders = sorted.folders.into_iter();
        let Some(problem) = problem else {
            return ControlFlow::Continue(true);
        };
        self.unlisted(&level.relative, problem)?;
        ControlFlow::Continue(false)
    }

    /// Whether the visitor knows a folder of several chunks by its sum, of which the first is at hand.
    /// The folder is listed to its end for that, and once more afterwards.
    fn is_known_by_sum(&mut self, level: &mut Level, first: Sorted) -> ControlFlow<(), bool> {
        let (mut sum, mut files, mut bytes) = (ListingSum::default(), 0, 0);
        let mut sorted = first;
        loop {
            for leaf in &sorted.leaves {
                leaf.add_to(&mut sum, &mut files, &mut bytes);
            }
            if !sorted.regular {
                return ControlFlow::Continue(false);
            }
            if level.listing.has_ended() {
                break;
            }
            let (entries, problem) = level.listing.chunk();
            sorted = self.sorted(level, entries);
            sorted.regular &= problem.is_none();
        }
        self.visitor.folder(&Leaves {
            root: &self.prepared.root.label,
            folder: &level.relative,
            leaves: &[],
            sum,
            files,
            bytes,
        })
    }

    /// Asks the visitor whether it knows the files of a folder.
    fn offer(&mut self, level: &Level, leaves: &[Leaf]) -> ControlFlow<(), bool> {
        let (mut sum, mut files, mut bytes) = (ListingSum::default(), 0, 0);
        for leaf in leaves {
            leaf.add_to(&mut sum, &mut files, &mut bytes);
        }
        self.visitor.folder(&Leaves {
            root: &self.prepared.root.label,
            folder: &level.relative,
            leaves,
            sum,
            files,
            bytes,
        })
    }

    fn sorted(&mut self, level: &Level, entries: Vec<Entry>) -> Sorted {
        let own = self.walker.own_names(self.prepared, &level.path);
        let seen = entries.iter().filter_map(|entry| entry.seen.as_ref().ok());
        let stored = seen.filter(|seen| seen.away == Away::No);
        self.with_blocks.extend(stored.map(|seen| seen.stat.device));
        let mut sorted = Sorted {
            regular: true,
            ..Sorted::default()
        };
        for Entry { name, seen } in entries {
            if own.contains(&name) {
                continue;
            }
            match seen {
                Ok(seen) if seen.kind == EntryKind::Folder => sorted.folders.push(name),
                Ok(_) if !self.walker.takes(|| joined(&level.relative, &name)) => {}
                Ok(seen) => {
                    sorted.regular &= !HardLinks::may_have_other_names(&seen.stat);
                    let left = self.left(level, &name, &seen);
                    let stat = seen.stat;
                    sorted.leaves.push(Leaf { name, left, stat });
                }
                Err(problem) => {
                    sorted.regular = false;
                    sorted.failed.push((name, problem));
                }
            }
        }
        sorted
    }

    /// Why an entry is not read, where it is not.
    fn left(&self, level: &Level, name: &[u8], seen: &Seen) -> Option<ProblemKind> {
        match seen.kind {
            EntryKind::Link => return Some(ProblemKind::Link),
            EntryKind::Folder | EntryKind::Special => return Some(ProblemKind::SpecialFile),
            EntryKind::File => {}
        }
        let filter = &self.walker.filter;
        if !filter.takes_all() && filter.leaves_out_file(&path_of(&joined(&level.relative, name))) {
            return Some(ProblemKind::Excluded);
        }
        let away = match seen.away {
            Away::No => false,
            Away::Yes => true,
            // A file system that never counts blocks says nothing with a zero.
            Away::Perhaps => {
                self.with_blocks.contains(&seen.stat.device)
                    && is_stored_elsewhere(&level.path.join(name_of(name)))
            }
        };
        (away && !self.walker.recall).then_some(ProblemKind::Offline)
    }

    /// A file, link or special file.
    fn leaf(
        &mut self,
        relative: &[u8],
        path: PathBuf,
        left: Option<ProblemKind>,
        stat: FileStat,
    ) -> ControlFlow<()> {
        if let Some(kind) = left {
            let outcome = Outcome::Skipped(Problem::new(kind, Stage::Walk));
            return self.settled(relative, Some(stat), outcome);
        }
        let object = self.object(relative);
        self.visitor.found(match self.links.first(&object, &stat) {
            Some(first) => Found::HardLink { object, first },
            None => Found::File(Task { object, path, stat }),
        })
    }

    /// A folder that could not be listed; the root is the object `.`.
    fn unlisted(&mut self, relative: &[u8], problem: Problem) -> ControlFlow<()> {
        let relative = if relative.is_empty() { b"." } else { relative };
        self.settled(relative, None, Outcome::Failed(problem))
    }

    fn skipped(&mut self, relative: &[u8], kind: ProblemKind) -> ControlFlow<()> {
        let problem = Problem::new(kind, Stage::Walk);
        self.settled(relative, None, Outcome::Skipped(problem))
    }

    fn settled(
        &mut self,
        relative: &[u8],
        stat: Option<FileStat>,
        outcome: Outcome,
    ) -> ControlFlow<()> {
        let object = self.object(relative);
        self.visitor.found(Found::Settled {
            object,
            stat,
            outcome,
        })
    }

    fn object(&self, relative: &[u8]) -> ObjectPath {
        ObjectPath::file(Arc::clone(&self.prepared.root.label), relative)
    }
}

/// A path below the root, with `/` between folder and name.
fn joined(folder: &[u8], name: &[u8]) -> Vec<u8> {
    if folder.is_empty() {
        return name.to_vec();
    }
    let mut path = Vec::with_capacity(folder.len() + 1 + name.len());
    path.extend_from_slice(folder);
    path.push(b'/');
    path.extend_from_slice(name);
    path
}

#[cfg(unix)]
fn name_of(name: &[u8]) -> &std::ffi::OsStr {
    std::os::unix::ffi::OsStrExt::from_bytes(name)
}

/// Names come from the system as WTF-8, of which all that is UTF-8 finds its file again.
#[cfg(not(unix))]
fn name_of(name: &[u8]) -> std::ffi::OsString {
    String::from_utf8_lossy(name).into_owned().into()
}

fn path_of(relative: &[u8]) -> PathBuf {
    PathBuf::from(name_of(relative))
}
