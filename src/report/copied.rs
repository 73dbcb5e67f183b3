//! Trees whose file times a copy job made: there, a file's time says nothing of its document.

use std::collections::HashMap;

use crate::inventory::{Error, ObjectRow, Reader};
use crate::model::Lang;

/// How many files a tree must have before their times are compared.
const LEAST_FILES: u64 = 20;

/// Nanoseconds in a minute.
const MINUTE: i64 = 60_000_000_000;

/// For each tree (the first folder of a root) in which most files share a minute: that minute, how
/// many share it, and how many files there are. The share is that of retention model D.4: «most».
#[derive(Debug, Default)]
pub(super) struct CopiedTrees(HashMap<(String, Vec<u8>), (i64, u64, u64)>);

impl CopiedTrees {
    /// Looks through the times of all present files.
    ///
    /// # Errors
    /// When the inventory cannot be read.
    pub(super) fn of(inventory: &Reader) -> Result<Self, Error> {
        let mut trees: HashMap<(String, Vec<u8>), HashMap<i64, u64>> = HashMap::new();
        inventory.for_each_file_time(&mut |root, folder, mtime_ns| {
            let tree = (root.to_owned(), first_folder(folder).to_vec());
            *trees
                .entry(tree)
                .or_default()
                .entry(mtime_ns / MINUTE)
                .or_default() += 1;
        })?;
        let copied = trees.into_iter().filter_map(|(tree, minutes)| {
            let files: u64 = minutes.values().sum();
            let (minute, most) = minutes
                .into_iter()
                .max_by_key(|(minute, count)| (*count, *minute))?;
            (files >= LEAST_FILES && most * 2 > files).then_some((tree, (minute, most, files)))
        });
        Ok(Self(copied.collect()))
    }

    /// Why the file time of an object is not to be believed, where it is not.
    pub(super) fn suspect(&self, row: &ObjectRow, lang: Lang) -> Option<String> {
        let tree = (row.root.clone(), first_folder(&row.relative).to_vec());
        let (minute, most, files) = self.0.get(&tree)?;
        let own = row.stat?.mtime_ns / MINUTE;
        (own == *minute).then(|| match lang {
            Lang::Nb | Lang::Nn => {
                format!("{most} av {files} filer i dette treet deler dette minuttet")
            }
            Lang::En => format!("{most} of {files} files in this tree share this minute"),
        })
    }
}

/// The first component of a path, or nothing for a file that lies in the root itself.
fn first_folder(relative: &[u8]) -> &[u8] {
    let end = memchr::memchr(b'/', relative).unwrap_or(0);
    relative.get(..end).unwrap_or_default()
}
