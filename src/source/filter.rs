//! Which files and folders are left out: the user's globs, and the folders that systems keep for
//! themselves.
//!
//! A glob is matched against the path relative to its root, with `/` between components. `*` and
//! `?` do not cross a `/`, `**` does. A pattern without `/` matches the name of a file or folder at
//! any depth; a `/` in front only ties it to the root. A `/` at the end means the folder with all
//! that is in it.

use std::path::Path;

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use super::Error;

/// Folders that file systems and servers keep for themselves: snapshots repeat what the walk sees
/// anyway, and the rest is the system's own. Compared without regard to case.
const SYSTEM_FOLDERS: &[&str] = &[
    ".snapshot",                 // NetApp
    "~snapshot",                 // NetApp, over SMB
    "#snapshot",                 // Synology
    ".snapshots",                // snapper
    ".zfs",                      // ZFS
    "$RECYCLE.BIN",              // Windows
    "System Volume Information", // Windows
    "lost+found",                // ext
];

/// The globs of a walk, compiled.
#[derive(Debug)]
pub(super) struct Filter {
    /// Files that are wanted; `None` where all are.
    include: Option<GlobSet>,
    exclude: GlobSet,
    exclude_folders: GlobSet,
}

impl Filter {
    pub(super) fn new(include: &[String], exclude: &[String]) -> Result<Self, Error> {
        let mut wanted = GlobSetBuilder::new();
        for pattern in include {
            add(&mut wanted, pattern, &below(pattern))?;
        }
        let (mut unwanted, mut folders) = (GlobSetBuilder::new(), GlobSetBuilder::new());
        for pattern in exclude {
            add(&mut unwanted, pattern, &below(pattern))?;
            add(&mut folders, pattern, &folder_of(pattern))?;
        }
        Ok(Self {
            include: match include {
                [] => None,
                _ => Some(build(&wanted, include)?),
            },
            exclude: build(&unwanted, exclude)?,
            exclude_folders: build(&folders, exclude)?,
        })
    }

    /// Whether there is no glob at all.
    pub(super) fn takes_all(&self) -> bool {
        self.include.is_none() && self.exclude.is_empty()
    }

    /// Whether a file at `relative` is left out.
    pub(super) fn leaves_out_file(&self, relative: &Path) -> bool {
        let unwanted = |set: &GlobSet| !set.is_match(relative);
        self.exclude.is_match(relative) || self.include.as_ref().is_some_and(unwanted)
    }

    /// Whether a folder at `relative` is left out with all that is in it.
    pub(super) fn leaves_out_folder(&self, relative: &Path) -> bool {
        let name = relative.file_name().unwrap_or_default();
        SYSTEM_FOLDERS
            .iter()
            .any(|own| name.eq_ignore_ascii_case(own))
            || self.exclude_folders.is_match(relative)
    }
}

/// What a pattern with a `/` at its end means for files.
fn below(pattern: &str) -> String {
    match pattern.strip_suffix('/') {
        Some(folder) if folder.contains('/') => format!("{folder}/**"),
        Some(folder) => format!("**/{folder}/**"),
        None => pattern.to_owned(),
    }
}

/// What a pattern means for folders. `old/**` leaves out the folder `old` as a whole, so that it is
/// one object and not one for each file in it.
fn folder_of(pattern: &str) -> String {
    let whole = pattern.strip_suffix('/').unwrap_or(pattern);
    match whole.strip_suffix("/**") {
        Some(folder) if !folder.is_empty() && folder != "**" => format!("/{folder}"),
        _ => whole.to_owned(),
    }
}

/// Adds what `meant` says; `given` is what the user wrote, for the message.
fn add(set: &mut GlobSetBuilder, given: &str, meant: &str) -> Result<(), Error> {
    let pattern = match meant.strip_prefix('/') {
        Some(anchored) => anchored.trim_start_matches('/').to_owned(),
        None if meant.contains('/') => meant.to_owned(),
        None => format!("**/{meant}"),
    };
    let glob = GlobBuilder::new(&pattern).literal_separator(true).build();
    set.add(glob.map_err(|source| bad_glob(given, source))?);
    Ok(())
}

fn build(set: &GlobSetBuilder, given: &[String]) -> Result<GlobSet, Error> {
    set.build()
        .map_err(|source| bad_glob(&given.join(" "), source))
}

fn bad_glob(pattern: &str, source: globset::Error) -> Error {
    Error::BadGlob {
        pattern: pattern.to_owned(),
        source,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filter(include: &[&str], exclude: &[&str]) -> Filter {
        let owned = |globs: &[&str]| globs.iter().map(|&g| g.to_owned()).collect::<Vec<_>>();
        Filter::new(&owned(include), &owned(exclude)).unwrap()
    }

    #[test]
    fn files_are_left_out_by_name_and_by_path() {
        // pattern, path, whether an exclusion matches it
        for (pattern, path, matched) in [
            ("*.tmp", "a/b/c.tmp", true),
            ("*.tmp", "a/c.tmpx", false),
            ("/*.tmp", "a/c.tmp", false),
            ("/*.tmp", "c.tmp", true),
            ("a/*.txt", "a/b.txt", true),
            ("a/*.txt", "a/b/c.txt", false),
            ("a/**/c.txt", "a/b/b/c.txt", true),
            ("old/", "x/old/a.txt", true),
            ("x/old/", "x/old/a.txt", true),
            ("x/old/", "y/x/old/a.txt", false),
        ] {
            let filter = filter(&[], &[pattern]);
            assert_eq!(
                filter.leaves_out_file(Path::new(path)),
                matched,
                "{pattern} {path}"
            );
        }
    }

    #[test]
    fn folders_are_left_out_whole() {
        for (pattern, path, matched) in [
            ("old", "x/old", true),
            ("old/", "x/old", true),
            ("old/**", "old", true),
            ("old/**", "x/old", false),
            ("x/old/**", "x/old", true),
            ("**/old/**", "x/old", true),
            ("**", "x", true),
            ("*.tmp", "x", false),
            ("none", ".snapshot", true),
            ("none", "deep/$Recycle.bin", true),
        ] {
            let filter = filter(&[], &[pattern]);
            assert_eq!(
                filter.leaves_out_folder(Path::new(path)),
                matched,
                "{pattern} {path}"
            );
        }
    }

    #[test]
    fn only_included_files_stay() {
        let filter = filter(&["*.docx", "hr/"], &["hr/old/"]);
        assert!(!filter.leaves_out_file(Path::new("x/a.docx")));
        assert!(filter.leaves_out_file(Path::new("x/a.txt")));
        assert!(!filter.leaves_out_file(Path::new("hr/a.txt")));
        assert!(filter.leaves_out_file(Path::new("hr/old/a.txt")));
        assert!(
            !filter.leaves_out_folder(Path::new("x")),
            "folders are always looked into"
        );
    }

    #[test]
    fn a_broken_glob_is_named() {
        let error = Filter::new(&[], &["[a".to_owned()]).unwrap_err();
        assert_eq!(error.to_string(), "`[a` is not a valid glob");
    }
}
