//! What is walked, and what a walk tells.
//!
//! The entries of the folder at hand and the folders that wait on the way to it are held in memory,
//! at most [`super::listing::CHUNK`] of each folder; nothing else grows with the tree but the list of
//! files with several names.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::model::{Cancel, FileStat, ListingSum, ObjectPath, Outcome, ProblemKind};

use super::filter::Filter;
use super::identity::{Ancestors, HardLinks};
use super::roots::{Prepared, prepare};
use super::tour::Tour;
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
    /// Whether files whose bytes lie elsewhere (on tape, in a cloud) are fetched and read.
    pub recall: bool,
    /// Of files the `i`-th of `n` parts, counted from 1: the others are not met at all.
    pub shard: Option<(u32, u32)>,
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

/// Follows a walk.
pub trait Visitor {
    /// Whether a folder with very many files is known by its sum, so that it pays to make that before
    /// its files are told. `folder` is below the root, with `/`; empty for the root.
    fn knows_large_folder(&mut self, _root: &Arc<str>, _folder: &[u8]) -> bool {
        false
    }

    /// The files of a folder, before they are told one by one. The value is whether they are known,
    /// all of them and nothing besides, and need not be told.
    fn folder(&mut self, _leaves: &Leaves<'_>) -> ControlFlow<(), bool> {
        ControlFlow::Continue(false)
    }

    /// Something that was found.
    fn found(&mut self, found: Found) -> ControlFlow<()>;
}

impl<F: FnMut(Found) -> ControlFlow<()>> Visitor for F {
    fn found(&mut self, found: Found) -> ControlFlow<()> {
        self(found)
    }
}

/// What lies in a folder beside other folders.
#[derive(Debug)]
pub struct Leaves<'a> {
    /// Label of the root.
    pub root: &'a Arc<str>,
    /// The folder below its root, with `/`; empty for the root.
    pub folder: &'a [u8],
    /// Each of them by the bytes of its name; empty where there are too many to be held at once.
    pub leaves: &'a [Leaf],
    /// Their sum.
    pub sum: ListingSum,
    /// How many of them are files to be read.
    pub files: u64,
    /// The bytes of these.
    pub bytes: u64,
}

/// An entry of a folder that is no folder.
#[derive(Debug)]
pub struct Leaf {
    /// Its name, bytes as they are.
    pub name: Box<[u8]>,
    /// Why it is not read, where it is not.
    pub left: Option<ProblemKind>,
    /// What the system says of it.
    pub stat: FileStat,
}

impl Leaf {
    pub(super) fn add_to(&self, sum: &mut ListingSum, files: &mut u64, bytes: &mut u64) {
        sum.add(&self.name, self.left, &self.stat);
        if self.left.is_none() {
            *files += 1;
            *bytes += self.stat.bytes;
        }
    }
}

/// A walk over roots. It can be walked more than once.
#[derive(Debug)]
pub struct Walker {
    roots: Vec<Prepared>,
    pub(super) filter: Filter,
    pub(super) one_file_system: bool,
    pub(super) recall: bool,
    shard: Option<(u32, u32)>,
    /// Names that are left alone, by the folder they lie in.
    never: HashMap<PathBuf, HashSet<Box<[u8]>>>,
}

impl Walker {
    /// Examines roots and globs. A root that is named twice counts once; where one root lies in
    /// another, its files belong to the inner one.
    ///
    /// # Errors
    /// A root that does not exist, a label that two roots share, a pattern that is no glob.
    pub fn new(roots: Vec<Root>, options: &WalkOptions) -> Result<Self, Error> {
        let roots = prepare(roots)?;
        let mut never: HashMap<PathBuf, HashSet<Box<[u8]>>> = HashMap::new();
        for path in options.never.iter().map(|path| real_name(path)) {
            add_name(&mut never, &path);
        }
        Ok(Self {
            roots,
            filter: Filter::new(&options.include, &options.exclude)?,
            one_file_system: options.one_file_system,
            recall: options.recall,
            shard: options.shard,
            never,
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
        mut visit: &mut dyn FnMut(Found) -> ControlFlow<()>,
    ) -> Vec<RootEnd> {
        self.walk_folders(cancel, &mut visit)
    }

    /// Like [`walk`](Self::walk), for a visitor that may know whole folders.
    pub fn walk_folders(&self, cancel: &Cancel, visitor: &mut dyn Visitor) -> Vec<RootEnd> {
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
                with_blocks: HashSet::new(),
                visitor: &mut *visitor,
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

    /// Whether a file is in the part that is walked. Each file lies in one part, by its path alone.
    pub(super) fn takes(&self, relative: impl FnOnce() -> Vec<u8>) -> bool {
        let Some((part, parts)) = self.shard else {
            return true;
        };
        let mut hasher = siphasher::sip::SipHasher13::new();
        std::hash::Hasher::write(&mut hasher, &relative());
        let hash = std::hash::Hasher::finish(&hasher);
        hash.checked_rem(parts.into()).unwrap_or_default() == u64::from(part.saturating_sub(1))
    }

    /// The names in `folder` that belong to another root or are our own.
    pub(super) fn own_names<'w>(&'w self, of: &'w Prepared, folder: &Path) -> OwnNames<'w> {
        OwnNames([self.never.get(folder), of.nested.get(folder)])
    }
}

/// Names in a folder that are left alone.
pub(super) struct OwnNames<'w>([Option<&'w HashSet<Box<[u8]>>>; 2]);

impl OwnNames<'_> {
    pub(super) fn contains(&self, name: &[u8]) -> bool {
        self.0.iter().flatten().any(|names| names.contains(name))
    }
}

/// Puts a path down under its folder.
pub(super) fn add_name(names: &mut HashMap<PathBuf, HashSet<Box<[u8]>>>, path: &Path) {
    if let (Some(folder), Some(name)) = (path.parent(), path.file_name()) {
        let names = names.entry(folder.to_owned()).or_default();
        names.insert(name.as_encoded_bytes().into());
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
