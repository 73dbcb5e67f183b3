//! What was not read before a scan, so that what is newly unread can be told from it.

use std::collections::HashSet;
use std::hash::{BuildHasher as _, RandomState};
use std::path::Path;

use super::report::{self, Reporting};
use crate::inventory::Reader;

/// The objects that an inventory had as unread. Eight bytes are kept of each: two paths fall together
/// once in many millions of scans.
pub(super) struct Unread {
    hasher: RandomState,
    paths: HashSet<u64>,
}

impl Unread {
    /// What `inventory` knows before a scan; nothing where it was just made.
    ///
    /// # Errors
    /// When the inventory cannot be read.
    pub(super) fn in_inventory(inventory: &Path) -> anyhow::Result<Self> {
        let hasher = RandomState::new();
        let mut paths = HashSet::new();
        report::open(inventory)?.for_each_problem(&mut |row| {
            if row.outcome.is_unread() {
                paths.insert(hasher.hash_one(&row.path));
            }
        })?;
        Ok(Self { hasher, paths })
    }

    /// Whether an object is unread now, accepted by nobody, that was read or not there before.
    ///
    /// # Errors
    /// When the inventory cannot be read.
    pub(super) fn is_exceeded(&self, now: &Reader, reporting: &Reporting) -> anyhow::Result<bool> {
        let mut exceeded = false;
        now.for_each_problem(&mut |row| {
            let known = self.paths.contains(&self.hasher.hash_one(&row.path));
            exceeded |= !known && reporting.is_unread(&row);
        })?;
        Ok(exceeded)
    }
}
