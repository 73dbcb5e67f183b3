//! Which names mean the same thing on disk: hard links of one file, and folders that contain
//! themselves.

use std::collections::HashMap;

use crate::model::{FileStat, ObjectPath};

/// The files with several names that were met so far.
#[derive(Debug, Default)]
pub(super) struct HardLinks {
    met: HashMap<(u64, u64), Met>,
}

#[derive(Debug)]
struct Met {
    first: ObjectPath,
    /// Names that may still come. At zero the entry is dropped, so that memory is bounded by the
    /// files whose other names lie elsewhere.
    left: u64,
}

impl HardLinks {
    /// Whether a file has names elsewhere, as far as the system says.
    pub(super) fn may_have_other_names(stat: &FileStat) -> bool {
        stat.links > 1 && stat.inode != 0
    }

    /// The first name under which this file was met, or `None` where `object` is the first.
    pub(super) fn first(&mut self, object: &ObjectPath, stat: &FileStat) -> Option<ObjectPath> {
        if !Self::may_have_other_names(stat) {
            return None;
        }
        let identity = (stat.device, stat.inode);
        if let Some(met) = self.met.get_mut(&identity) {
            met.left = met.left.saturating_sub(1);
            let first = met.first.clone();
            if met.left == 0 {
                self.met.remove(&identity);
            }
            return Some(first);
        }
        let first = object.clone();
        let left = stat.links - 1;
        self.met.insert(identity, Met { first, left });
        None
    }
}

/// The folders that enclose the current entry.
#[derive(Debug, Default)]
pub(super) struct Ancestors(Vec<FileStat>);

impl Ancestors {
    /// Enters the folder at `depth` (the root's is 0) and tells whether it is one of those that
    /// enclose it: a mount can make a folder contain itself.
    ///
    /// Some network file systems repeat inode numbers, so the times must agree as well.
    pub(super) fn enter(&mut self, depth: usize, folder: FileStat) -> bool {
        self.0.truncate(depth);
        let same = |above: &FileStat| {
            (above.device, above.inode) == (folder.device, folder.inode)
                && (above.ctime_ns, above.mtime_ns) == (folder.ctime_ns, folder.mtime_ns)
        };
        let known = folder.inode != 0 && self.0.iter().any(same);
        self.0.push(folder);
        known
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stat(inode: u64, links: u64) -> FileStat {
        FileStat {
            bytes: 0,
            mtime_ns: 0,
            ctime_ns: 0,
            device: 1,
            inode,
            mode: 0,
            uid: 0,
            gid: 0,
            links,
        }
    }

    #[test]
    fn the_first_name_is_the_file() {
        let mut links = HardLinks::default();
        let name = |text: &str| ObjectPath::file("".into(), text.as_bytes());
        assert_eq!(links.first(&name("a"), &stat(7, 2)), None);
        assert_eq!(links.first(&name("other"), &stat(8, 1)), None);
        assert_eq!(links.first(&name("b"), &stat(7, 2)), Some(name("a")));
        assert!(links.met.is_empty(), "all names were met");
    }

    #[test]
    fn a_folder_in_itself_is_a_loop_and_its_sibling_is_not() {
        let mut ancestors = Ancestors::default();
        assert!(!ancestors.enter(0, stat(1, 2)));
        assert!(!ancestors.enter(1, stat(2, 2)));
        assert!(ancestors.enter(2, stat(1, 2)));
        assert!(!ancestors.enter(1, stat(2, 2)), "left and met again");
    }
}
