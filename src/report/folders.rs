//! The folders of an inventory as a tree with counts, of bounded size, and which of them to begin
//! with.

use std::collections::{BTreeMap, HashMap};

use super::JudgedObject;

/// Folders that are told apart; what lies in further ones counts in the nearest that is.
const MOST: usize = 30_000;

/// Folders this near to the root are told apart even so, up to twice as many.
const ALWAYS: usize = 2;

/// A folder gives way to those in it where they hold at least this share of its work, in percent.
const NARROW: u64 = 60;

/// Folders as deep as this do not give way.
const DEEPEST: usize = 3;

/// One folder. Counts are of what lies in it directly.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Folder {
    /// Its name; empty for the root of all.
    pub name: String,
    /// Place of the folder it lies in; its own for the root of all.
    pub parent: usize,
    /// Objects, members of containers included.
    pub objects: u64,
    /// Bytes of files, members not counted again.
    pub bytes: u64,
    /// Objects in which something was found.
    pub found: u64,
    /// Objects that are due or in violation.
    pub overdue: u64,
    /// Objects with special categories or criminal records.
    pub special: u64,
    /// Objects that were not read.
    pub unread: u64,
    /// Objects by who is responsible; empty for nobody.
    pub owners: BTreeMap<String, u64>,
}

/// A folder to begin with, with all that is below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Urgent {
    /// Its place in the tree.
    pub at: usize,
    /// Its path.
    pub path: String,
    /// Its counts, with those of all folders below.
    pub total: Folder,
}

/// All folders; a folder comes after the one it lies in.
#[derive(Clone, Debug)]
pub struct FolderTree {
    folders: Vec<Folder>,
    by_name: HashMap<(usize, String), usize>,
    last: (String, usize),
}

impl Default for FolderTree {
    fn default() -> Self {
        Self {
            folders: vec![Folder::default()],
            by_name: HashMap::new(),
            last: (String::new(), 0),
        }
    }
}

impl FolderTree {
    /// Counts an object, `outer` where it is a file of its own, and tells where its folder stands
    /// and what remains of its path below it.
    pub(super) fn add(&mut self, object: &JudgedObject, outer: bool) -> usize {
        let (at, _) = self.place(&object.shown);
        let Some(folder) = self.folders.get_mut(at) else {
            return 0;
        };
        folder.objects += 1;
        folder.bytes += if outer { object.bytes } else { 0 };
        folder.found += u64::from(!object.findings.is_empty());
        folder.overdue += u64::from(object.is_overdue());
        folder.special += u64::from(object.is_special());
        folder.unread += u64::from(object.unread);
        let owner = object.owner.as_deref().unwrap_or_default();
        match folder.owners.get_mut(owner) {
            Some(count) => *count += 1,
            None => drop(folder.owners.insert(owner.to_owned(), 1)),
        }
        at
    }

    /// The folder of a path, made where there is room, and the rest of the path below it.
    pub(super) fn place<'p>(&mut self, path: &'p str) -> (usize, &'p str) {
        let file = path.split("!/").next().unwrap_or(path);
        let end = file.rfind('/').unwrap_or(0);
        let folder = path.get(..end).unwrap_or_default();
        let rest = path.get(end..).unwrap_or_default();
        let rest = rest.strip_prefix('/').unwrap_or(rest);
        if folder.is_empty() {
            return (0, path);
        }
        if self.last.0 == folder {
            return (self.last.1, rest);
        }
        let (mut at, mut begin) = (0, 0);
        for (depth, name) in folder.split('/').enumerate() {
            let Some(child) = self.child(at, name, depth) else {
                return (at, path.get(begin..).unwrap_or_default());
            };
            at = child;
            begin += name.len() + 1;
        }
        self.last = (folder.to_owned(), at);
        (at, rest)
    }

    fn child(&mut self, parent: usize, name: &str, depth: usize) -> Option<usize> {
        let key = (parent, name.to_owned());
        if let Some(known) = self.by_name.get(&key) {
            return Some(*known);
        }
        let room = if depth < ALWAYS { 2 * MOST } else { MOST };
        if self.folders.len() >= room {
            return None;
        }
        let at = self.folders.len();
        self.folders.push(Folder {
            name: key.1.clone(),
            parent,
            ..Folder::default()
        });
        self.by_name.insert(key, at);
        Some(at)
    }

    /// The folders.
    #[must_use]
    pub fn folders(&self) -> &[Folder] {
        &self.folders
    }

    /// Path of a folder; `.` for the root of all.
    #[must_use]
    pub fn path(&self, mut at: usize) -> String {
        let mut names = Vec::new();
        while let Some(folder) = self.folders.get(at).filter(|_| at != 0) {
            names.push(folder.name.as_str());
            at = folder.parent;
        }
        if names.is_empty() {
            return ".".to_owned();
        }
        names.reverse();
        names.join("/")
    }

    /// The folders to begin with, at most `count`, the one with the most work first. Work is what is
    /// overdue, and once more what is of a special category. A wide folder gives way to those in it,
    /// so that one person can work through each.
    #[must_use]
    pub fn urgent(&self, count: usize) -> Vec<Urgent> {
        let totals = self.totals();
        let mut children: Vec<Vec<usize>> = vec![Vec::new(); totals.len()];
        for (at, folder) in totals.iter().enumerate().skip(1) {
            if let Some(of) = children.get_mut(folder.parent).filter(|_| work(folder) > 0) {
                of.push(at);
            }
        }
        let work_of = |at: &usize| totals.get(*at).map_or(0, work);
        let mut chosen = vec![0_usize];
        let gives_way = |at: &usize, chosen: usize| {
            let below = children.get(*at).map(Vec::as_slice).unwrap_or_default();
            let held: u64 = below.iter().map(work_of).sum();
            let narrow = held * 100 < work_of(at) * NARROW;
            // Whoever holds more than two shares of the work is told apart in any case.
            let heavy = work_of(at) * count as u64 > 2 * work_of(&0);
            let room = heavy || below.len() == 1 || chosen + below.len() <= count + 1;
            *at == 0 || (!below.is_empty() && !narrow && room && self.depth(*at) < DEEPEST)
        };
        // Each round replaces a folder by folders below it, so it ends.
        loop {
            let wide = chosen.iter().filter(|at| gives_way(at, chosen.len()));
            let Some(widest) = wide.max_by_key(|at| work_of(at)).copied() else {
                break;
            };
            chosen.retain(|at| *at != widest);
            chosen.extend(children.get(widest).into_iter().flatten());
        }
        chosen.retain(|at| work_of(at) > 0);
        chosen.sort_by_key(|at| (std::cmp::Reverse(work_of(at)), *at));
        chosen.truncate(count);
        let urgent = chosen.into_iter().filter_map(|at| {
            let total = totals.get(at)?.clone();
            Some(Urgent {
                at,
                path: self.path(at),
                total,
            })
        });
        urgent.collect()
    }

    fn depth(&self, mut at: usize) -> usize {
        let mut depth = 0;
        while let Some(folder) = self.folders.get(at).filter(|_| at != 0) {
            depth += 1;
            at = folder.parent;
        }
        depth
    }

    /// Each folder with the counts of all that is below it.
    fn totals(&self) -> Vec<Folder> {
        let mut totals = self.folders.clone();
        for at in (1..totals.len()).rev() {
            let Some(below) = totals.get(at).cloned() else {
                continue;
            };
            if let Some(above) = totals.get_mut(below.parent) {
                above.objects += below.objects;
                above.bytes += below.bytes;
                above.found += below.found;
                above.overdue += below.overdue;
                above.special += below.special;
                above.unread += below.unread;
                for (owner, count) in below.owners {
                    *above.owners.entry(owner).or_default() += count;
                }
            }
        }
        totals
    }
}

impl Folder {
    /// Who is responsible for most of it.
    #[must_use]
    pub fn owner(&self) -> &str {
        let most = self
            .owners
            .iter()
            .max_by_key(|(name, count)| (**count, std::cmp::Reverse(*name)));
        most.map_or("", |(name, _)| name.as_str())
    }
}

fn work(folder: &Folder) -> u64 {
    folder.overdue + folder.special
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_placed_in_its_folder() {
        let mut tree = FolderTree::default();
        assert_eq!(tree.place("liste.csv"), (0, "liste.csv"));
        let (at, rest) = tree.place("hr/runde/a.zip!/x/cv.pdf");
        assert_eq!(
            (tree.path(at).as_str(), rest),
            ("hr/runde", "a.zip!/x/cv.pdf")
        );
        assert_eq!(tree.place("hr/runde/b.pdf"), (at, "b.pdf"));
        assert_eq!(tree.path(0), ".");
    }

    #[test]
    fn work_is_laid_out_in_folders_that_one_person_can_go_through() {
        let mut tree = FolderTree::default();
        for (path, overdue) in [
            ("hr/runder/1/a/x", 1),
            ("hr/runder/1/b/x", 1),
            ("hr/runder/2/x", 3),
            ("kurs/x", 1),
            ("logg/x", 0),
        ] {
            let (at, _) = tree.place(path);
            tree.folders[at].overdue += overdue;
        }
        let urgent = tree.urgent(10);
        let told: Vec<_> = urgent
            .iter()
            .map(|one| (one.path.as_str(), one.total.overdue))
            .collect();
        assert_eq!(told, [("hr/runder/2", 3), ("hr/runder/1", 2), ("kurs", 1)]);
        assert_eq!(tree.urgent(1).len(), 1);
    }
}
