//! The walk itself: folder by folder, in the order of the names' bytes.
//!
//! The entries of the folders on the way to the current file are held in memory, because their
//! order must not depend on the file system; nothing else grows with the tree but the list of files
//! with several names.

use std::collections::HashSet;
use std::fs::{self, Metadata};
use std::ops::ControlFlow;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use walkdir::{DirEntry, WalkDir};

use crate::model::{Cancel, FileStat, ObjectPath, Outcome, Problem, ProblemKind, Stage};

use super::filter::Filter;
use super::identity::{Ancestors, HardLinks};
use super::roots::{Prepared, prepare};
use super::stat::{file_stat, problem_of};
use super::{Error, Root};

/// What is walked and what is left out.
#[derive(Clone, Debug, Default)]
pub struct WalkOptions {
    /// Globs of the files that are wanted; empty for all. See [`WalkOptions::exclude`].
    pub include: Vec<String>,
    /// Globs of files and folders that are left out. A glob is matched against the path relative to
    /// its root, with `/`; `*` does not cross a `/`, `**` does. A pattern without `/` matches the
    /// name of a file or folder at any depth; a `/` in front ties it to the root; a `/` at the end
    /// means the folder with all that is in it. An exclusion beats an inclusion.
    pub exclude: Vec<String>,
    /// Whether folders on other file systems than their root's are left out.
    pub one_file_system: bool,
    /// Files and folders that are not even counted: the inventory, the key, the quarantine.
    pub never: Vec<PathBuf>,
}

/// Something that the walk found.
#[derive(Debug)]
pub enum Found {
    /// A file to read.
    File(Task),
    /// An object that is not read, with its end: a link, a special file, what a filter leaves out
    /// (a folder counts as one object), or what could not be listed or examined.
    Settled {
        /// Where it lives. A root that could not be listed is the object `.`.
        object: ObjectPath,
        /// What the system says of it, where that was asked.
        stat: Option<FileStat>,
        /// Its end.
        outcome: Outcome,
    },
    /// Another name of a file that was found before. It is no object of its own.
    HardLink {
        /// The other name.
        object: ObjectPath,
        /// The name it was found under first.
        first: ObjectPath,
    },
}

impl Found {
    /// Where it lives.
    #[must_use]
    pub fn object(&self) -> &ObjectPath {
        match self {
            Self::File(task) => &task.object,
            Self::Settled { object, .. } | Self::HardLink { object, .. } => object,
        }
    }
}

/// A regular file to read.
#[derive(Clone, Debug)]
pub struct Task {
    /// Where it lives.
    pub object: ObjectPath,
    /// Its path on this machine, without links in it.
    pub path: PathBuf,
    /// What the system said when it was listed: before it is read, so that a change while it is
    /// being read is noticed by the next run.
    pub stat: FileStat,
}

/// How the walk of one root ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RootEnd {
    /// The root's label.
    pub label: Arc<str>,
    /// Whether the root was walked to its end. Where not, what was not met may still be there.
    /// Folders that could not be listed don't count here: each is a settled object with a problem
    /// of the stage `walk`, and nothing below it may be taken for gone.
    pub complete: bool,
}

/// A walk over roots. It can be walked more than once.
#[derive(Debug)]
pub struct Walker {
    roots: Vec<Prepared>,
    filter: Filter,
    one_file_system: bool,
    never: HashSet<PathBuf>,
}

impl Walker {
    /// Examines roots and globs. A root that is named twice counts once; where one root lies in
    /// another, its files belong to the inner one.
    ///
    /// # Errors
    /// A root that does not exist, a label that two roots share, a pattern that is no glob.
    pub fn new(roots: Vec<Root>, options: &WalkOptions) -> Result<Self, Error> {
        Ok(Self {
            roots: prepare(roots)?,
            filter: Filter::new(&options.include, &options.exclude)?,
            one_file_system: options.one_file_system,
            never: options.never.iter().map(|path| real_name(path)).collect(),
        })
    }

    /// The roots that are walked, in order, each once and with its real path.
    pub fn roots(&self) -> impl Iterator<Item = &Root> {
        self.roots.iter().map(|prepared| &prepared.root)
    }

    /// Walks the roots in order and tells `visit` what it finds, until a stop is asked for or
    /// `visit` breaks off. Roots that were not reached or not walked to their end are told as
    /// incomplete.
    pub fn walk(
        &self,
        cancel: &Cancel,
        visit: &mut dyn FnMut(Found) -> ControlFlow<()>,
    ) -> Vec<RootEnd> {
        let mut links = HardLinks::default();
        let mut stopped = false;
        let mut ends = Vec::with_capacity(self.roots.len());
        for prepared in &self.roots {
            let mut tour = Tour {
                walker: self,
                prepared,
                cancel,
                links: &mut links,
                ancestors: Ancestors::default(),
                visit: &mut *visit,
            };
            let end = if stopped {
                ControlFlow::Break(())
            } else {
                tour.root()
            };
            stopped |= end.is_break();
            ends.push(RootEnd {
                label: Arc::clone(&prepared.root.label),
                complete: end == ControlFlow::Continue(true),
            });
        }
        ends
    }
}

/// The path with its folder's links resolved; the file itself need not exist yet.
fn real_name(path: &Path) -> PathBuf {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let folder = fs::canonicalize(folder.unwrap_or(Path::new(".")));
    match (folder, path.file_name()) {
        (Ok(folder), Some(name)) => folder.join(name),
        _ => path.to_owned(),
    }
}

/// The walk of one root.
struct Tour<'a> {
    walker: &'a Walker,
    prepared: &'a Prepared,
    cancel: &'a Cancel,
    links: &'a mut HardLinks,
    ancestors: Ancestors,
    visit: &'a mut dyn FnMut(Found) -> ControlFlow<()>,
}

/// What to do with a folder after it was looked at. Breaking off ends the whole walk.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    Descend,
    Pass,
}

impl Tour<'_> {
    /// Walks the root; the value is whether it was walked to its end.
    fn root(&mut self) -> ControlFlow<(), bool> {
        let path = &self.prepared.root.path;
        let metadata = match fs::metadata(path) {
            Ok(metadata) => metadata,
            Err(error) => {
                self.unlisted(b".", problem_of(&error, Stage::Walk))?;
                return ControlFlow::Continue(false);
            }
        };
        if !metadata.is_dir() {
            let name = &self.prepared.file_name;
            self.leaf(name, path, &metadata)?;
            return ControlFlow::Continue(true);
        }
        let stat = file_stat(&metadata);
        self.ancestors.enter(0, stat);
        let listed = self.folders(&stat)?;
        // A share that was unmounted in the meantime looks like an empty folder.
        let still = fs::metadata(path).is_ok_and(|now| {
            let now = file_stat(&now);
            (now.device, now.inode) == (stat.device, stat.inode)
        });
        ControlFlow::Continue(listed && still)
    }

    /// Walks all that is below the root; the value is whether the root itself could be listed.
    fn folders(&mut self, root: &FileStat) -> ControlFlow<(), bool> {
        let path = &self.prepared.root.path;
        let mut listed = true;
        let mut folder = path.clone();
        let mut entries = WalkDir::new(path)
            .min_depth(1)
            .sort_by_file_name()
            .into_iter();
        while let Some(entry) = entries.next() {
            if self.cancel.is_requested() {
                return ControlFlow::Break(());
            }
            match entry {
                Ok(entry) if entry.file_type().is_dir() => {
                    entry.path().clone_into(&mut folder);
                    if self.folder(&entry, root)? == Step::Pass {
                        entries.skip_current_dir();
                    }
                }
                Ok(entry) => self.entry(&entry)?,
                Err(error) => {
                    // Errors of a listing come right after their folder, and not always with it.
                    let at = error.path().unwrap_or(&folder).to_owned();
                    listed &= at != *path;
                    let problem = error
                        .io_error()
                        .map_or(Problem::new(ProblemKind::Io, Stage::Walk), |error| {
                            problem_of(error, Stage::Walk)
                        });
                    self.unlisted(&self.relative(&at), problem)?;
                }
            }
        }
        ControlFlow::Continue(listed)
    }

    fn folder(&mut self, entry: &DirEntry, root: &FileStat) -> ControlFlow<(), Step> {
        let path = entry.path();
        if self.is_elsewhere(path) {
            return ControlFlow::Continue(Step::Pass);
        }
        let kind = if self.walker.filter.leaves_out_folder(self.below_root(path)) {
            Some(ProblemKind::Excluded)
        } else if let Ok(metadata) = entry.metadata() {
            let stat = file_stat(&metadata);
            if self.ancestors.enter(entry.depth(), stat) {
                Some(ProblemKind::Link)
            } else if self.walker.one_file_system && stat.device != root.device {
                Some(ProblemKind::Excluded)
            } else {
                None
            }
        } else {
            None
        };
        let Some(kind) = kind else {
            return ControlFlow::Continue(Step::Descend);
        };
        self.skipped(&self.relative(path), None, kind)?;
        ControlFlow::Continue(Step::Pass)
    }

    /// An entry that is no folder.
    fn entry(&mut self, entry: &DirEntry) -> ControlFlow<()> {
        let path = entry.path();
        if self.is_elsewhere(path) {
            return ControlFlow::Continue(());
        }
        match entry.metadata() {
            Ok(metadata) => self.leaf(&self.relative(path), path, &metadata),
            Err(error) => {
                let problem = error
                    .io_error()
                    .map_or(Problem::new(ProblemKind::Io, Stage::Walk), |error| {
                        problem_of(error, Stage::Walk)
                    });
                self.settled(&self.relative(path), None, Outcome::Failed(problem))
            }
        }
    }

    /// A file, link or special file.
    fn leaf(&mut self, relative: &[u8], path: &Path, metadata: &Metadata) -> ControlFlow<()> {
        let stat = file_stat(metadata);
        if metadata.is_symlink() {
            return self.skipped(relative, Some(stat), ProblemKind::Link);
        }
        if !metadata.is_file() {
            return self.skipped(relative, Some(stat), ProblemKind::SpecialFile);
        }
        let named = if self.prepared.root.path == path {
            Path::new(path.file_name().unwrap_or_default())
        } else {
            self.below_root(path)
        };
        if self.walker.filter.leaves_out_file(named) {
            return self.skipped(relative, Some(stat), ProblemKind::Excluded);
        }
        let object = self.object(relative);
        (self.visit)(match self.links.first(&object, &stat) {
            Some(first) => Found::HardLink { object, first },
            None => Found::File(Task {
                object,
                path: path.to_owned(),
                stat,
            }),
        })
    }

    /// Whether the path belongs to another root or is one of our own files.
    fn is_elsewhere(&self, path: &Path) -> bool {
        self.prepared.nested.contains(path) || self.walker.never.contains(path)
    }

    fn unlisted(&mut self, relative: &[u8], problem: Problem) -> ControlFlow<()> {
        self.settled(relative, None, Outcome::Failed(problem))
    }

    fn skipped(
        &mut self,
        relative: &[u8],
        stat: Option<FileStat>,
        kind: ProblemKind,
    ) -> ControlFlow<()> {
        let problem = Problem::new(kind, Stage::Walk);
        self.settled(relative, stat, Outcome::Skipped(problem))
    }

    fn settled(
        &mut self,
        relative: &[u8],
        stat: Option<FileStat>,
        outcome: Outcome,
    ) -> ControlFlow<()> {
        let object = self.object(relative);
        (self.visit)(Found::Settled {
            object,
            stat,
            outcome,
        })
    }

    fn object(&self, relative: &[u8]) -> ObjectPath {
        ObjectPath::file(Arc::clone(&self.prepared.root.label), relative)
    }

    fn below_root<'p>(&self, path: &'p Path) -> &'p Path {
        path.strip_prefix(&self.prepared.root.path).unwrap_or(path)
    }

    /// The path below the root as bytes, with `/`; `.` for the root itself.
    fn relative(&self, path: &Path) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(path.as_os_str().len());
        for component in self.below_root(path).components() {
            if let Component::Normal(name) = component {
                if !bytes.is_empty() {
                    bytes.push(b'/');
                }
                bytes.extend_from_slice(name.as_encoded_bytes());
            }
        }
        if bytes.is_empty() {
            b".".to_vec()
        } else {
            bytes
        }
    }
}
