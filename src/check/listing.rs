//! Which files are checked: what git tracks, what is staged, what a change brought, what the history
//! holds, or all that lies below a folder.

use std::collections::HashSet;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use super::{Unread, UnreadCause};
use crate::model::{Cancel, Outcome, ProblemKind};
use crate::source::{
    self, Entry, EntryKind, Found, GitError, Repository, Root, WalkOptions, Walker, path_of,
};

/// Where a file's content is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// In the working tree or elsewhere on disk.
    Disk(PathBuf),
    /// In the repository, under this name.
    Object(String),
}

/// A file to check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// The path that is told: from the top of the repository, or as it was given.
    pub path: Vec<u8>,
    /// Where its content is.
    pub origin: Origin,
}

/// What is to be checked, and what is known beforehand not to be.
#[derive(Debug, Default)]
pub struct Listing {
    /// The files.
    pub inputs: Vec<Input>,
    /// The former contents of changed files, for a check of a change.
    pub before: Vec<Input>,
    /// What cannot be read.
    pub unread: Vec<Unread>,
    /// Links, which are not followed.
    pub links: u64,
}

/// What of a repository is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope<'a> {
    /// The tracked files, as they lie in the working tree.
    Tracked,
    /// What the next commit will bring, as it lies in the index.
    Staged,
    /// What the current commit has that its common ancestor with this one has not.
    Since(&'a str),
    /// Every file of every commit that a reference reaches.
    History,
}

/// Paths that are left out.
#[derive(Clone, Debug, Default)]
pub struct Excluded(GlobSet);

impl Excluded {
    /// Leaves out what matches one of the globs; a glob without `/` matches a name at any depth, and
    /// one that ends in `/` a folder with all that is in it.
    ///
    /// # Errors
    /// The first that is no glob.
    pub fn new<'a>(globs: impl IntoIterator<Item = &'a str>) -> Result<Self, String> {
        let mut set = GlobSetBuilder::new();
        for glob in globs {
            let inner = glob.trim_end_matches('/');
            let anywhere = if inner.contains('/') { "" } else { "**/" };
            let plain = format!("{anywhere}{}", inner.trim_start_matches('/'));
            for pattern in [plain.clone(), format!("{plain}/**")] {
                let built = GlobBuilder::new(&pattern).literal_separator(true).build();
                set.add(built.map_err(|_| glob.to_owned())?);
            }
        }
        set.build().map(Self).map_err(|error| error.to_string())
    }

    fn covers(&self, path: &[u8]) -> bool {
        !self.0.is_empty() && self.0.is_match(path_of(path))
    }
}

impl Listing {
    /// What a repository has in this scope; `paths` confine tracked files.
    ///
    /// # Errors
    /// When git refuses or breaks off.
    pub fn of_repository(
        repository: &Repository,
        scope: Scope<'_>,
        paths: &[PathBuf],
    ) -> Result<Self, GitError> {
        let mut listing = Self::default();
        match scope {
            Scope::Tracked => {
                for entry in repository.tracked(paths)? {
                    listing.on_disk(repository.top(), entry);
                }
                // Who names paths means what lies there, and not only what is added already.
                let untracked = if paths.is_empty() {
                    Vec::new()
                } else {
                    repository.untracked(paths)?
                };
                for entry in untracked {
                    listing.on_disk(repository.top(), entry);
                }
            }
            Scope::Staged => {
                let changes = repository.staged()?;
                changes
                    .into_iter()
                    .filter_map(|change| change.after)
                    .for_each(|entry| {
                        listing.in_store(entry);
                    });
            }
            Scope::Since(base) => {
                for change in repository.changed_since(base)? {
                    let before = change.before.filter(|entry| entry.kind == EntryKind::File);
                    listing.before.extend(before.map(|entry| Input {
                        path: entry.path,
                        origin: Origin::Object(entry.object),
                    }));
                    change
                        .after
                        .into_iter()
                        .for_each(|entry| listing.in_store(entry));
                }
            }
            Scope::History => {
                let mut known = HashSet::new();
                for (object, path) in repository.history()? {
                    if known.insert(object.clone()) {
                        let commitless = object.get(..12).unwrap_or(&object);
                        let path = [path.as_slice(), b"@", commitless.as_bytes()].concat();
                        listing.inputs.push(Input {
                            path,
                            origin: Origin::Object(object),
                        });
                    }
                }
            }
        }
        Ok(listing)
    }

    /// All that lies below a path that belongs to no repository; `.git` is left out.
    ///
    /// # Errors
    /// When the path does not exist.
    pub fn of_folder(path: &Path, cancel: &Cancel) -> Result<Self, source::Error> {
        let root = Root {
            label: "".into(),
            path: path.to_owned(),
        };
        let options = WalkOptions {
            exclude: vec![".git".to_owned()],
            ..WalkOptions::default()
        };
        let walker = Walker::new(vec![root], &options)?;
        let mut listing = Self::default();
        let prefix = told(path);
        walker.walk(cancel, &mut |found| {
            let mut name = prefix.clone();
            if path.is_dir() {
                if !name.is_empty() {
                    name.push(b'/');
                }
                name.extend_from_slice(found.object().own_name());
            }
            match found {
                Found::File(task) => {
                    let origin = Origin::Disk(task.path);
                    listing.inputs.push(Input { path: name, origin });
                }
                Found::Settled { outcome, .. } => listing.settled(&name, &outcome),
                Found::HardLink { .. } => {}
            }
            ControlFlow::Continue(())
        });
        Ok(listing)
    }

    /// Everything of both.
    pub fn append(&mut self, other: Self) {
        self.inputs.extend(other.inputs);
        self.before.extend(other.before);
        self.unread.extend(other.unread);
        self.links += other.links;
    }

    /// Leaves paths out, and one file that is our own.
    pub fn leave_out(&mut self, excluded: &Excluded, own: Option<&Path>) {
        self.inputs.retain(|input| {
            let ours = own.is_some_and(|own| {
                matches!(&input.origin, Origin::Disk(path) if path == own)
                    || own.ends_with(path_of(&input.path))
                        && own.file_name() == path_of(&input.path).file_name()
            });
            !ours && !excluded.covers(&input.path)
        });
    }

    fn settled(&mut self, name: &[u8], outcome: &Outcome) {
        let Some(problem) = outcome.problem() else {
            return;
        };
        if outcome.is_unread() {
            self.refuse(name, UnreadCause::Problem(problem.kind));
        } else if problem.kind == ProblemKind::Link {
            self.links += 1;
        }
    }

    fn on_disk(&mut self, top: &Path, entry: Entry) {
        let path = top.join(path_of(&entry.path));
        match entry.kind {
            EntryKind::Link => self.links += 1,
            EntryKind::Submodule => self.refuse(&entry.path, UnreadCause::Submodule),
            EntryKind::File if entry.sparse => self.refuse(&entry.path, UnreadCause::Sparse),
            EntryKind::File => {
                self.inputs.push(Input {
                    path: entry.path,
                    origin: Origin::Disk(path),
                });
            }
        }
    }

    fn in_store(&mut self, entry: Entry) {
        match entry.kind {
            EntryKind::Link => self.links += 1,
            EntryKind::Submodule => self.refuse(&entry.path, UnreadCause::Submodule),
            EntryKind::File => {
                let origin = Origin::Object(entry.object);
                self.inputs.push(Input {
                    path: entry.path,
                    origin,
                });
            }
        }
    }

    fn refuse(&mut self, path: &[u8], cause: UnreadCause) {
        self.unread.push(Unread {
            object: String::from_utf8_lossy(path).into_owned(),
            cause,
        });
    }
}

/// A path as it was given, with `/` and without `./` before it; nothing for the working folder.
fn told(path: &Path) -> Vec<u8> {
    let bytes = path.as_os_str().as_encoded_bytes();
    let mut bytes = bytes.strip_prefix(b"./").unwrap_or(bytes);
    while let [rest @ .., b'/'] = bytes
        && !rest.is_empty()
    {
        bytes = rest;
    }
    if bytes == b"." {
        Vec::new()
    } else {
        bytes.to_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn globs_without_a_folder_match_at_any_depth() {
        let excluded = Excluded::new(["vendor/", "*.min.js", "/docs/a*"]).unwrap();
        for path in [
            "vendor/a/b",
            "x/vendor/c",
            "a/b.min.js",
            "docs/abc",
            "docs/ab/c",
        ] {
            assert!(excluded.covers(path.as_bytes()), "{path}");
        }
        for path in ["vendors/a", "x/docs/abc", "b.js"] {
            assert!(!excluded.covers(path.as_bytes()), "{path}");
        }
        assert!(Excluded::new(["a["]).is_err());
    }

    #[test]
    fn paths_are_told_as_they_were_given() {
        let told = |path: &str| String::from_utf8(told(Path::new(path))).unwrap();
        assert_eq!(
            [told("."), told("./a/"), told("/x"), told("/")],
            ["", "a", "/x", "/"]
        );
    }
}
