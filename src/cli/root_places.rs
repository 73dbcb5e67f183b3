//! Where the roots of an inventory lie on disk, and with them the files: as the newest run that had a root
//! knew it, unless a person says otherwise.

use std::path::{Path, PathBuf};

#[cfg(unix)]
use super::message::Refusal;
use super::report::path_of;
use crate::inventory::{ObjectRow, Reader};

/// Labels of roots with their places. A root that was scanned in several places is there several times,
/// the newest one first.
pub(super) struct RootPlaces(Vec<(String, PathBuf)>);

impl RootPlaces {
    pub(super) fn of(inventory: &Reader) -> anyhow::Result<Self> {
        let runs = inventory.runs()?.into_iter();
        let roots = runs.flat_map(|run| run.roots);
        let places = roots.map(|(label, path, _)| (label, path_of(&path)));
        Ok(Self(places.collect()))
    }

    /// With places of roots as they were typed, `LABEL=PATH`, before all others.
    ///
    /// # Errors
    /// What was typed is not of this form, or its path cannot be reached.
    #[cfg(unix)]
    pub(super) fn moved(self, typed: &[String]) -> anyhow::Result<Self> {
        let mut places = Vec::new();
        for typed in typed {
            let (label, path) = typed
                .split_once('=')
                .ok_or_else(|| Refusal::new(format!("`--root {typed}` is not `LABEL=PATH`")))?;
            let path = std::fs::canonicalize(path)
                .map_err(|_| Refusal::new(format!("`{path}` cannot be reached")))?;
            places.push((label.to_owned(), path));
        }
        places.extend(self.0);
        Ok(Self(places))
    }

    /// All places, with their labels.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &Path)> {
        let places = self.0.iter();
        places.map(|(label, path)| (label.as_str(), path.as_path()))
    }

    /// The folder that the path of an object's file is relative to: the root, or the folder that a root lies
    /// in which is a file itself. None where the root is not known.
    pub(super) fn folder(&self, row: &ObjectRow) -> Option<PathBuf> {
        let (_, root) = self.0.iter().find(|(label, _)| *label == row.root)?;
        if root.is_file() {
            return root.parent().map(Path::to_path_buf);
        }
        Some(root.clone())
    }

    /// Where the file of an object lies. None where its root is not known.
    pub(super) fn file(&self, row: &ObjectRow) -> Option<PathBuf> {
        Some(self.folder(row)?.join(path_of(&row.relative)))
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use crate::model::Outcome;

    fn row(root: &str, relative: &str) -> ObjectRow {
        ObjectRow {
            id: 1,
            top: 1,
            root: root.to_owned(),
            relative: relative.as_bytes().to_vec(),
            path: relative.to_owned(),
            depth: 0,
            outcome: Outcome::Scanned,
            format: None,
            bytes: 0,
            stat: None,
            content_digest: None,
            class: None,
            facts: Vec::new(),
            findings: Vec::new(),
        }
    }

    #[test]
    fn a_file_lies_below_the_newest_place_of_its_root_or_is_the_root() {
        let folder = tempfile::tempdir().unwrap();
        let base = folder.path().canonicalize().unwrap();
        std::fs::write(base.join("one.txt"), "x").unwrap();
        let places = RootPlaces(vec![
            ("a".to_owned(), base.join("new")),
            ("a".to_owned(), base.join("old")),
            ("b".to_owned(), base.join("one.txt")),
        ]);
        let lies = |root, relative| places.file(&row(root, relative));
        assert_eq!(lies("a", "hr/x.txt"), Some(base.join("new/hr/x.txt")));
        assert_eq!(lies("b", "one.txt"), Some(base.join("one.txt")));
        assert_eq!(places.folder(&row("b", "one.txt")), Some(base.clone()));
        assert_eq!(lies("c", "x"), None);
        assert_eq!(places.iter().count(), 3);
        let typed = format!("a={}", base.display());
        let places = places.moved(&[typed]).unwrap();
        assert_eq!(places.file(&row("a", "x")), Some(base.join("x")));
        let none = RootPlaces(Vec::new());
        assert!(none.moved(&["a".to_owned()]).is_err());
    }
}
